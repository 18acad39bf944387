/*
 * roles.c - one role at a time: each operation changes one record and compiles what it reaches.
 */
#include "accounts/roles.h"

#include <stdio.h>
#include <string.h>

#include "accounts/change.h"
#include "accounts/policy.h"
#include "accounts/suggest.h"
#include "policy/test.h"

/* One operation on the policy in force: `alter` changes the document, from what is in *with. */
struct operation {
	const char *action;
	enum fault (*alter)(struct change *change, const struct document *before,
	    struct document *after, const char *name, const struct edits *edits, struct why *why);
};

/* Nothing is written before all of it was judged. */
static enum fault
judge(const struct change *change, const struct document *before, const struct document *after,
    struct why *why)
{
	const struct proposal proposal = {.admin = change->admin, .txn = change->txn,
	    .before = before, .after = after, .checks_actor = true};
	struct why refused = {0};
	enum fault fault = policy_judge(&proposal, NULL, &refused, why);

	if (fault != FAULT_NONE || refused.fault == FAULT_NONE)
		return fault;
	if (why != NULL)
		*why = refused;
	return refused.fault;
}

/* The text that the policy was applied from says no longer what is in force. */
static enum fault
drop_source(struct change *change, struct why *why)
{
	struct bytes yaml = {0};
	enum fault fault = source_get(change->txn, &yaml, why);

	bytes_clear(&yaml);
	if (fault == FAULT_UNKNOWN)
		return FAULT_NONE;
	if (fault == FAULT_NONE)
		fault = source_put(change->txn, NULL, 0, why);
	if (fault == FAULT_NONE && !names_add(&change->admin->notices,
	    "the policy's text is written anew, without its comments"))
		fault = why_memory(why);
	return fault;
}

static enum fault
save(struct change *change, const struct document *before, struct document *after,
    struct why *why)
{
	enum fault fault;

	if (policy_same_roles(before, after))
		return FAULT_NONE;
	fault = policy_save(change, before, after, why);
	if (fault == FAULT_NONE)
		fault = drop_source(change, why);
	if (fault == FAULT_NONE)
		fault = policy_notice_tests(change, before, after, why);
	return fault;
}

static enum fault
alter_and_save(struct change *change, const struct operation *operation, const char *name,
    const struct edits *edits, struct why *why)
{
	struct document before = {0}, after = {0};
	enum fault fault;

	fault = document_load(change->txn, &before, why);
	if (fault == FAULT_NONE)
		fault = document_copy(&after, &before, why);
	if (fault == FAULT_NONE)
		fault = operation->alter(change, &before, &after, name, edits, why);
	if (fault == FAULT_NONE)
		fault = roles_compile(&after.roles, &after.rules, NULL, why);
	if (fault == FAULT_NONE)
		fault = judge(change, &before, &after, why);
	if (fault == FAULT_NONE)
		fault = save(change, &before, &after, why);
	document_clear(&before);
	document_clear(&after);
	return fault;
}

static enum fault
operate(struct admin *admin, const struct operation *operation, const char *name,
    const struct edits *edits, struct why *why)
{
	struct change change = {0};
	enum fault fault;

	fault = change_begin(&change, admin, operation->action, "hexa.roles.edit", why);
	if (fault != FAULT_NONE)
		return fault;
	return change_finish(&change, alter_and_save(&change, operation, name, edits, why), why);
}

/* ---- making and editing ------------------------------------------------------------------- */

/* Compiling would find these too; here they are names on a command line, not lines in a file. */
static enum fault
names_are_known(const struct role *role, const struct document *document, struct why *why)
{
	size_t first;

	for (size_t i = 0; i < role->permissions.count; i++)
		if (rules_covered(&document->rules, role->permissions.item[i], &first) == 0)
			return suggest_permission(role->permissions.item[i], &document->rules, why);
	for (size_t i = 0; i < role->includes.count; i++)
		if (roles_find(&document->roles, role->includes.item[i]) == NULL)
			return suggest_role(role->includes.item[i], &document->roles, why);
	return FAULT_NONE;
}

/* `before` is the role as it is in force; NULL for a new one. */
static enum fault
role_is_good(struct change *change, const struct role *role, const struct role *before,
    const struct document *document, struct why *why)
{
	const char *group = role_group(role);
	const char *had = before == NULL ? NULL : role_group(before);
	enum fault fault;

	fault = names_are_known(role, document, why);
	if (fault != FAULT_NONE || group == NULL || (had != NULL && strcmp(group, had) == 0))
		return fault;
	fault = policy_check_group(change->admin, change->txn, role, before, FAULT_CONFLICT, why);
	if (fault == FAULT_INVALID)
		why_add(why, "; --group NAME is for another group, --group no for none");
	return fault;
}

static enum fault
alter_create(struct change *change, const struct document *before, struct document *after,
    const char *name, const struct edits *edits, struct why *why)
{
	struct role role = {0};
	enum fault fault;

	(void)before;
	fault = field_parse(field_find(&role_table, "name"), &role, name, why);
	if (fault == FAULT_NONE && role.name == NULL)
		fault = why_field(why, FAULT_INVALID, "name", "name is required");
	if (fault == FAULT_NONE && roles_find(&after->roles, name) != NULL)
		fault = why_field(why, FAULT_CONFLICT, "name", "the role %s is there already",
		    name);
	if (fault == FAULT_NONE)
		fault = edits_apply(edits, &role_table, &role, false, why);
	if (fault == FAULT_NONE)
		fault = role_is_good(change, &role, NULL, after, why);
	if (fault == FAULT_NONE)
		fault = roles_add(&after->roles, &role, why);
	role_clear(&role);
	return fault;
}

enum fault
role_create(struct admin *admin, const char *name, const struct edits *edits, struct why *why)
{
	static const struct operation create = {"role add", alter_create};

	return operate(admin, &create, name, edits, why);
}

static enum fault
alter_edit(struct change *change, const struct document *before, struct document *after,
    const char *name, const struct edits *edits, struct why *why)
{
	struct role *role = roles_find(&after->roles, name);
	enum fault fault;

	if (role == NULL)
		return suggest_role(name, &after->roles, why);
	fault = edits_apply(edits, &role_table, role, true, why);
	if (fault == FAULT_NONE)
		fault = role_is_good(change, role, roles_find(&before->roles, name), after, why);
	return fault;
}

enum fault
role_edit(struct admin *admin, const char *name, const struct edits *edits, struct why *why)
{
	static const struct operation edit = {"role edit", alter_edit};

	return operate(admin, &edit, name, edits, why);
}

/* ---- taking away -------------------------------------------------------------------------- */

static enum fault
refuse_included(const char *name, const struct roles *roles, struct why *why)
{
	for (size_t i = 0; i < roles->count; i++) {
		if (!names_have(&roles->role[i].includes, name))
			continue;
		why_set(why, FAULT_RULE, "the role %s is included by %s", name,
		    roles->role[i].name);
		why_mend(why, "hexa-admin role edit %s --remove-include %s",
		    roles->role[i].name, name);
		return FAULT_RULE;
	}
	return FAULT_NONE;
}

/* What names the role in the policy's other parts would mean nobody. */
static enum fault
refuse_named(const char *name, const struct document *document, struct why *why)
{
	for (size_t i = 0; i < document->constraint_count; i++)
		if (names_have(&document->constraint[i].never_together, name))
			return why_set(why, FAULT_RULE, "a constraint names the role %s", name);
	for (size_t i = 0; i < document->tests.count; i++) {
		struct test test = {0};
		enum fault fault = test_parse(document->tests.item[i], &test, why);
		bool names = fault == FAULT_NONE && test.is_role && strcmp(test.subject, name) == 0;

		test_clear(&test);
		if (fault == FAULT_NONE && names)
			fault = why_set(why, FAULT_RULE,
			    "a test of the policy names the role: `%s`", document->tests.item[i]);
		if (fault != FAULT_NONE)
			return fault;
	}
	return FAULT_NONE;
}

static enum fault
alter_remove(struct change *change, const struct document *before, struct document *after,
    const char *name, const struct edits *edits, struct why *why)
{
	struct role *role = roles_find(&after->roles, name);
	struct role *last;
	enum fault fault;

	(void)change;
	(void)before;
	(void)edits;
	if (role == NULL)
		return suggest_role(name, &after->roles, why);
	fault = refuse_included(name, &after->roles, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = refuse_named(name, after, why);
	if (fault == FAULT_RULE)
		why_mend(why, "hexa-admin policy edit");
	if (fault != FAULT_NONE)
		return fault;
	last = &after->roles.role[after->roles.count - 1];
	role_clear(role);
	memmove(role, role + 1, (size_t)(last - role) * sizeof(*role));
	*last = (struct role){0};
	after->roles.count--;
	return FAULT_NONE;
}

enum fault
role_remove(struct admin *admin, const char *name, struct why *why)
{
	static const struct operation remove = {"role delete", alter_remove};

	return operate(admin, &remove, name, NULL, why);
}

/* ---- switching off and on ----------------------------------------------------------------- */

static enum fault
switch_role(struct document *after, const char *name, bool disabled, struct why *why)
{
	struct role *role = roles_find(&after->roles, name);

	if (role == NULL)
		return suggest_role(name, &after->roles, why);
	if (disabled && strcmp(name, ROLE_SYSTEM_ADMINISTRATOR) == 0)
		return why_set(why, FAULT_RULE, "the role %s cannot be disabled", name);
	role->disabled = disabled;
	return FAULT_NONE;
}

static enum fault
alter_enable(struct change *change, const struct document *before, struct document *after,
    const char *name, const struct edits *edits, struct why *why)
{
	(void)change;
	(void)before;
	(void)edits;
	return switch_role(after, name, false, why);
}

/* Does this user come to have the role, by one that they hold? */
static bool
inherits(const struct user *user, const struct roles *roles, const char *name)
{
	for (size_t i = 0; i < user->roles.count; i++) {
		struct assignment assignment;
		const struct role *role;

		if (!assignment_parse(user->roles.item[i], &assignment))
			continue;
		role = roles_find(roles, assignment.role);
		if (role != NULL && (strcmp(role->name, name) == 0 ||
		    names_have_sorted(&role->inherits, name)))
			return true;
	}
	return false;
}

/* What a disabled role gave nobody has any more who had it by that role alone. */
static enum fault
tell_own_loss(struct change *change, const char *name, struct why *why)
{
	char text[WHY_TEXT_MAX];
	enum fault fault = change->admin->is_root ? FAULT_NONE : change_load(change, why);

	if (fault != FAULT_NONE || change->admin->is_root ||
	    !inherits(&change->person, &change->document.roles, name))
		return fault;
	snprintf(text, sizeof(text), "you have %s yourself: to enable it again takes somebody who "
	    "has all that it gives otherwise", name);
	return names_add(&change->admin->notices, text) ? FAULT_NONE : why_memory(why);
}

static enum fault
alter_disable(struct change *change, const struct document *before, struct document *after,
    const char *name, const struct edits *edits, struct why *why)
{
	enum fault fault = switch_role(after, name, true, why);

	(void)before;
	(void)edits;
	return fault == FAULT_NONE ? tell_own_loss(change, name, why) : fault;
}

enum fault
role_enable(struct admin *admin, const char *name, struct why *why)
{
	static const struct operation enable = {"role enable", alter_enable};

	return operate(admin, &enable, name, NULL, why);
}

enum fault
role_disable(struct admin *admin, const char *name, struct why *why)
{
	static const struct operation disable = {"role disable", alter_disable};

	return operate(admin, &disable, name, NULL, why);
}
