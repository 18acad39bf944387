/*
 * matrix_policy.h - for matrix_test.c: the rule about roles and the policy, and the commands that
 * change them.
 */
#ifndef HEXA_TESTS_MATRIX_POLICY_H
#define HEXA_TESTS_MATRIX_POLICY_H

#include "tests/unit/matrix.h"

/* ---- roles and the policy ------------------------------------------------------------------- */

/* Did this come to be, of what a role or somebody has?  What nobody named was open as such. */
static bool
is_new_to(const struct having *one, const struct havings *before)
{
	struct having other = *one;

	if (oracle_has(before, one))
		return false;
	if (one->thing != A_SERVICE ||
	    oracle_is_listed(&stage.scene->policy.rules.services, one->name))
		return true;
	other.name = "";
	return !oracle_has(before, &other);
}

static bool
gains_beyond_actor(const struct havings *after, const struct havings *before)
{
	for (size_t i = 0; i < after->count; i++)
		if (is_new_to(&after->having[i], before) &&
		    is_new_to(&after->having[i], &stage.has))
			return true;
	return false;
}

/* Is what is written of it another?  Of what Hexa keeps of it, whether it is switched off. */
static bool
is_written_otherwise(const struct table *table, const void *before, const void *after)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct field *row = &table->rows[i];

		if (((row->rights & (F_KEPT | F_HIDDEN)) == 0 || row->kind == K_BOOL) &&
		    !field_same(row, before, after))
			return true;
	}
	return false;
}

static bool
is_held(const char *role)
{
	for (size_t i = 0; i < stage.scene->users; i++)
		for (size_t j = 0; j < stage.scene->user[i].roles.count; j++)
			if (assignment_is_of(stage.scene->user[i].roles.item[j], role))
				return true;
	return false;
}

/* Of what is new in it: groups of juniors, its own when it is switched on, and how far back. */
static bool
widens_role(const struct document *policy, const struct role *before, const struct role *after)
{
	const struct document *old = &stage.scene->policy;
	uint32_t own = oracle_days(old, stage.actor);
	uint32_t was = before == NULL ? 0 : before->access_back;

	if (own != 0 && after->access_back != was &&
	    (after->access_back == 0 || after->access_back > own))
		return true;
	if (before != NULL && before->disabled && !after->disabled && oracle_has_group(after) &&
	    is_held(after->name) && !oracle_has_everywhere(&stage.has, A_ROLES_GROUP, after->name))
		return true;
	for (size_t i = 0; i < policy->roles.count; i++) {
		const struct role *junior = oracle_role(old, policy->roles.role[i].name);

		if (junior != NULL && oracle_has_group(junior) &&
		    oracle_inherits(policy, after, &policy->roles.role[i], 0) &&
		    !(before != NULL && oracle_inherits(old, before, junior, 0)) &&
		    !oracle_has_everywhere(&stage.has, A_ROLES_GROUP, junior->name))
			return true;
	}
	return false;
}

static bool
may_have_roles(const struct document *policy)
{
	static struct havings was, is;
	const struct document *old = &stage.scene->policy;

	for (size_t i = 0; i < old->roles.count; i++) {
		const struct role *before = &old->roles.role[i];
		const struct role *after = oracle_role(policy, before->name);

		if (after != NULL && !is_written_otherwise(&role_table, before, after))
			continue;
		oracle_count_role(old, before, &was);
		if (oracle_beyond(&was, &stage.has) != NULL)
			return false;
	}
	for (size_t i = 0; i < policy->roles.count; i++) {
		const struct role *after = &policy->roles.role[i];
		const struct role *before = oracle_role(old, after->name);

		was.count = 0;
		if (before != NULL && (!before->disabled || after->disabled))
			oracle_count_role(old, before, &was);
		oracle_count_role(policy, after, &is);
		if (gains_beyond_actor(&is, &was) || widens_role(policy, before, after))
			return false;
	}
	return true;
}

/* Which permission of the policy is newly a way to be root, or works for more types. */
static bool
widens_permission(const struct permission *before, const struct permission *after)
{
	static const char *const equals[] = {"sudo", "docker", "disk", "wheel", "admin"};

	for (size_t i = 0; i < COUNT(equals); i++)
		if (oracle_is_listed(&after->unix_groups, equals[i]) &&
		    (before == NULL || !oracle_is_listed(&before->unix_groups, equals[i])))
			return true;
	for (unsigned type = 0; before != NULL && type < USER_TYPES; type++)
		if (oracle_works_for(after, type) && !oracle_works_for(before, type))
			return true;
	return false;
}

/* What is nobody's but who has everything. */
static bool
needs_everything(const struct document *policy)
{
	const struct document *old = &stage.scene->policy;

	if (!is_same_record(&settings_table, &old->rules.settings, &policy->rules.settings) ||
	    old->constraint_count != policy->constraint_count ||
	    old->tests.count != policy->tests.count)
		return true;
	for (size_t i = 0; i < policy->rules.count; i++) {
		const struct permission *after = &policy->rules.permission[i];

		if (widens_permission(oracle_permission(old, after->name), after))
			return true;
	}
	return false;
}

static bool
may_have_permissions(const struct document *policy)
{
	const struct rules *old = &stage.scene->policy.rules;

	for (size_t i = 0; i < old->count; i++) {
		const struct permission *before = &old->permission[i];
		const struct permission *after = oracle_permission(policy, before->name);

		if ((after == NULL ||
		        is_written_otherwise(&permission_table, before, after)) &&
		    !oracle_has_everywhere(&stage.has, A_PERMISSION, before->name))
			return false;
	}
	for (size_t i = 0; i < old->services.count; i++)
		if (!oracle_is_listed(&policy->rules.services, old->services.item[i]) &&
		    policy->rules.settings.other_services == OTHER_ANY_PERMISSION &&
		    !oracle_has_everywhere(&stage.has, A_SERVICE, old->services.item[i]))
			return false;
	return true;
}

/* Nobody comes to have by it what they lacked and the actor lacks. */
static bool
may_have_users(const struct document *policy)
{
	static struct havings was, is;
	const struct document *old = &stage.scene->policy;

	for (size_t i = 0; i < stage.scene->users; i++) {
		const struct user *user = &stage.scene->user[i];

		oracle_count_user(old, user, NULL, false, NOW, &was);
		oracle_count_user(policy, user, NULL, false, NOW, &is);
		if (gains_beyond_actor(&is, &was))
			return false;
	}
	return true;
}

static bool
may_have(const struct document *policy)
{
	if (stage.as == NULL)
		return true;
	if (needs_everything(policy) && !oracle_has_everywhere(&stage.has, A_PERMISSION, "*"))
		return false;
	return may_have_roles(policy) && may_have_permissions(policy) && may_have_users(policy);
}

/* A role that is held stays, the actor goes on acting and being let in, and so does somebody. */
static bool
breaks_policy_rule(const struct document *policy)
{
	const struct document *old = &stage.scene->policy;
	const struct user *chief = find_user("chief");

	for (size_t i = 0; i < old->roles.count; i++)
		if (oracle_role(policy, old->roles.role[i].name) == NULL &&
		    is_held(old->roles.role[i].name))
			return true;
	if (!oracle_is_let_in(policy, chief, NOW))
		return true;
	return stage.actor != NULL &&
	    ((oracle_acts(old, stage.actor, NOW) && !oracle_acts(policy, stage.actor, NOW)) ||
	        (oracle_is_let_in(old, stage.actor, NOW) &&
	            !oracle_is_let_in(policy, stage.actor, NOW)));
}

/* The administrators' role is what it is. */
static bool
reduces_administrator(const struct document *policy)
{
	const struct role *role = oracle_role(policy, ROLE_SYSTEM_ADMINISTRATOR);

	return role == NULL || role->disabled || role->access_back != 0 ||
	    !oracle_is_listed(&role->permissions, "*");
}

/* `altered`: what is wrong with the change itself, of which whoever may change roles is told. */
static enum fault
policy_verdict(const struct document *policy, enum fault altered)
{
	if (altered != FAULT_NONE)
		return altered;
	if (reduces_administrator(policy))
		return FAULT_RULE;
	if (!may_have(policy))
		return FAULT_DENIED;
	return breaks_policy_rule(policy) ? FAULT_RULE : FAULT_NONE;
}

/* ---- the commands on roles ------------------------------------------------------------------ */

enum { ROLES_FOR_ALL = 11 };

/* The one that the actor acts by comes last. */
static const char *
target_role(size_t at)
{
	static const char *const roles[ROLES_FOR_ALL] = {"empty", "unheld", "desk", "crew",
	    "closer", "closed", "resting", "lately", "owner", ROLE_SYSTEM_ADMINISTRATOR, STRANGER};
	static char own[ASSIGNMENT_BYTES + 1];

	if (at < ROLES_FOR_ALL)
		return roles[at];
	if (at > ROLES_FOR_ALL || stage.actor == NULL || stage.actor->roles.count == 0)
		return NULL;
	snprintf(own, sizeof(own), "%s", stage.actor->roles.item[0]);
	own[strcspn(own, "@")] = '\0';
	return own;
}

static struct role *
role_of(struct document *policy, const char *name)
{
	return (struct role *)(uintptr_t)oracle_role(policy, name);
}

static struct document *
copy_policy(struct document *copy)
{
	*copy = (struct document){0};
	assert_int_equal(document_copy(copy, &stage.scene->policy, why()), FAULT_NONE);
	return copy;
}

static bool
are_known(const struct document *policy, const struct role *role)
{
	for (size_t i = 0; i < role->includes.count; i++)
		if (oracle_role(policy, role->includes.item[i]) == NULL)
			return false;
	return true;
}

/* What is wrong with a role as it would be, whoever wants it so. */
static enum fault
role_fault(struct document *policy, const struct role *role)
{
	if (!are_known(policy, role))
		return FAULT_UNKNOWN;
	return roles_compile(&policy->roles, &policy->rules, NULL, why());
}

static enum fault
alter_role(struct document *policy, const char *name, const struct edit *edit)
{
	struct role *role = role_of(policy, name);
	enum fault fault = role == NULL ? FAULT_UNKNOWN : alter(edit, role, true);

	return fault == FAULT_NONE ? role_fault(policy, role) : fault;
}

/* The rule is worked out for those whom it is about: all others may not. */
static bool
may_begin(const struct command *command)
{
	return holds(command->permission, WHOM_EVERYWHERE, NULL);
}

static enum fault
edit_verdict(const char *name, const struct edit *edit)
{
	struct document policy;
	enum fault altered = alter_role(copy_policy(&policy), name, edit);
	enum fault fault = policy_verdict(&policy, altered);

	document_clear(&policy);
	return fault;
}

static void
try_role_edit(const struct command *command)
{
	const bool may = may_begin(command);
	const char *name;

	for (size_t t = 0; (name = target_role(t)) != NULL; t++)
		for (size_t i = 0; i < role_edits.count; i++) {
			const struct edit *edit = &role_edits.edit[i];

			judge(command, name, edit_text(edit),
			    ONE(may ? edit_verdict(name, edit) : FAULT_DENIED),
			    role_edit(admin(), name, &(struct edits){edit, 1}, why()));
		}
}

static enum fault
make_role(struct document *policy, const struct edit *edit)
{
	struct role role = {.name = strdup("fresh"), .group = strdup(ROLE_NO_GROUP)};
	enum fault fault = alter(edit, &role, false);

	if (fault == FAULT_NONE)
		fault = roles_add(&policy->roles, &role, why());
	role_clear(&role);
	return fault == FAULT_NONE ? role_fault(policy, oracle_role(policy, "fresh")) : fault;
}

static enum fault
add_verdict(const struct edit *edit)
{
	struct document policy;
	enum fault altered = make_role(copy_policy(&policy), edit);
	enum fault fault = policy_verdict(&policy, altered);

	document_clear(&policy);
	return fault;
}

static void
try_role_add(const struct command *command)
{
	const bool may = may_begin(command);

	for (size_t i = 0; i < role_edits.count; i++) {
		const struct edit edits[] = {ROLE_SET("group", "no"), role_edits.edit[i]};

		judge(command, "a new one", edit_text(&role_edits.edit[i]),
		    ONE(may ? add_verdict(&role_edits.edit[i]) : FAULT_DENIED),
		    role_create(admin(), "fresh", &(struct edits){edits, 2}, why()));
	}
}

static enum fault
switch_verdict(const char *name, bool disable)
{
	struct document policy;
	struct role *role = role_of(copy_policy(&policy), name);
	enum fault fault;

	if (role != NULL)
		role->disabled = disable;
	fault = policy_verdict(&policy, role == NULL ? FAULT_UNKNOWN : FAULT_NONE);
	document_clear(&policy);
	return fault;
}

static void
try_switch(const struct command *command)
{
	const bool may = may_begin(command);
	const bool disable = strcmp(command->verb, "disable") == 0;
	const char *name;

	for (size_t t = 0; (name = target_role(t)) != NULL; t++)
		judge(command, name, "", ONE(may ? switch_verdict(name, disable) : FAULT_DENIED),
		    disable ? role_disable(admin(), name, why())
		            : role_enable(admin(), name, why()));
}

static void
drop_role(struct document *policy, struct role *role)
{
	struct role *last = &policy->roles.role[policy->roles.count - 1];

	role_clear(role);
	memmove(role, role + 1, (size_t)(last - role) * sizeof(*role));
	*last = (struct role){0};
	policy->roles.count--;
}

static enum fault
delete_verdict(const char *name)
{
	struct document policy;
	struct role *role = role_of(copy_policy(&policy), name);
	enum fault altered = role == NULL ? FAULT_UNKNOWN : FAULT_NONE, fault;

	if (role != NULL)
		drop_role(&policy, role);
	fault = policy_verdict(&policy, altered);
	document_clear(&policy);
	return fault;
}

static void
try_role_delete(const struct command *command)
{
	const bool may = may_begin(command);
	const char *name;

	for (size_t t = 0; (name = target_role(t)) != NULL; t++)
		judge(command, name, "", ONE(may ? delete_verdict(name) : FAULT_DENIED),
		    role_remove(admin(), name, why()));
}

/* ---- the policy as a whole ------------------------------------------------------------------ */

/* A FILE: the policy in force, with something in it otherwise. */
struct variant {
	char what[512];
	bool is_of_role;
	char *yaml;
	struct document policy; /* as it is read */
	enum fault altered;     /* why it cannot be, which is told to anybody */
};

enum { VARIANTS_MAX = 640 };

static struct variant variants[VARIANTS_MAX];
static size_t variant_count;

static void
variants_clear(void)
{
	for (size_t i = 0; i < variant_count; i++) {
		document_clear(&variants[i].policy);
		free(variants[i].yaml);
		variants[i] = (struct variant){0};
	}
	variant_count = 0;
}

static void
add_variant(const char *whose, const char *what, bool is_of_role, const struct document *policy)
{
	struct variant *variant = &variants[variant_count];
	struct bytes text = {0};

	assert_in_range(variant_count++, 0, VARIANTS_MAX - 1);
	snprintf(variant->what, sizeof(variant->what), "%s %s", whose, what);
	variant->is_of_role = is_of_role;
	assert_int_equal(document_write(policy, &text, why()), FAULT_NONE);
	variant->yaml = bytes_take_text(&text);
	variant->altered =
	    document_read(variant->yaml, strlen(variant->yaml), &variant->policy, why());
}

static void *
settings_of(struct document *policy, const char *name)
{
	(void)name;
	return &policy->rules.settings;
}

static void *
permission_of(struct document *policy, const char *name)
{
	return (void *)(uintptr_t)oracle_permission(policy, name);
}

/* Each row of a record of the document, which `record_of` finds in a copy. */
static void
list_variants_of(const struct table *table, const char *name,
    void *(*record_of)(struct document *policy, const char *name))
{
	for (size_t i = 0; i < table->count; i++) {
		const struct field *row = &table->rows[i];
		const struct edit edit = {EDIT_SET, row, sample(row)};
		struct document policy;

		if ((row->rights & (F_KEPT | F_HIDDEN)) != 0)
			continue;
		(void)alter(&edit, record_of(copy_policy(&policy), name), false);
		add_variant(name, edit_text(&edit), false, &policy);
		document_clear(&policy);
	}
}

static void
list_variants_of_role(const char *name)
{
	for (size_t i = 0; i < role_edits.count; i++) {
		const struct edit *edit = &role_edits.edit[i];
		struct document policy;
		struct role *role = role_of(copy_policy(&policy), name);

		if (role != NULL && alter(edit, role, false) == FAULT_NONE)
			add_variant(name, edit_text(edit), true, &policy);
		document_clear(&policy);
	}
}

static void
list_variant_without(const char *name)
{
	struct document policy;
	struct role *role = role_of(copy_policy(&policy), name);

	if (role != NULL && strcmp(name, ROLE_SYSTEM_ADMINISTRATOR) != 0) {
		drop_role(&policy, role);
		add_variant("without", name, false, &policy);
	}
	document_clear(&policy);
}

/* Another constraint, another test. */
static void
list_variants_with_more(void)
{
	static char one[] = "unheld", other[] = "empty";
	static char *apart[] = {one, other};
	struct document policy;

	assert_int_equal(document_add_constraint(copy_policy(&policy),
	    &(struct names){apart, COUNT(apart)}, why()), FAULT_NONE);
	add_variant("another", "constraint", false, &policy);
	document_clear(&policy);
	assert_true(names_add(&copy_policy(&policy)->tests, "role desk can desk.view"));
	add_variant("another", "test", false, &policy);
	document_clear(&policy);
	add_variant("the", "same", false, &stage.scene->policy);
}

static void
list_variants(void)
{
	const char *name;

	list_variants_of(&settings_table, "settings", settings_of);
	list_variants_of(&permission_table, "desk.view", permission_of);
	list_variants_of(&permission_table, "desk.close", permission_of);
	list_variants_of(&permission_table, "feeds.push", permission_of);
	list_variants_with_more();
	for (size_t t = 0; t < ROLES_FOR_ALL && (name = target_role(t)) != NULL; t++) {
		list_variant_without(name);
		list_variants_of_role(name);
	}
}

static void
try_variant(const struct command *command, const struct variant *variant, bool may)
{
	const bool edits = strcmp(command->verb, "edit") == 0;
	const struct policy_application application = {.yaml = variant->yaml,
	    .size = strlen(variant->yaml),
	    .began_from = edits ? yaml_in_force : NULL,
	    .began_size = edits ? strlen(yaml_in_force) : 0};
	unsigned expected = ONE(FAULT_DENIED);

	if (variant->altered != FAULT_NONE)
		expected |= ONE(variant->altered);
	else if (may)
		expected = ONE(policy_verdict(&variant->policy, FAULT_NONE));
	judge(command, "", variant->what, expected,
	    policy_apply(admin(), &application, NULL, why()));
}

/*
 * `policy edit` is the same with the policy that it began from, so its roles are not all tried once
 * more; and of who may not begin some are enough, for nothing of a FILE is looked at.
 */
static void
try_policy(const struct command *command)
{
	const bool may = may_begin(command), edits = strcmp(command->verb, "edit") == 0;
	const char *own = target_role(ROLES_FOR_ALL);
	size_t common;

	if (variant_count == 0)
		list_variants();
	common = variant_count;
	for (size_t i = 0; i < common; i += may ? 1 : 7)
		if (!edits || !variants[i].is_of_role)
			try_variant(command, &variants[i], may);
	if (!may || own == NULL)
		return;
	list_variants_of_role(own);
	for (; variant_count > common; variant_count--) {
		struct variant *last = &variants[variant_count - 1];

		try_variant(command, last, may);
		document_clear(&last->policy);
		free(last->yaml);
		*last = (struct variant){0};
	}
}

#endif
