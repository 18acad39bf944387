/*
 * gains.c - the rule that no one gives more than they have, for changes of the policy.
 */
#include "accounts/gains.h"

#include <stdio.h>
#include <string.h>

#include "accounts/policy.h"

/* ---- what the actor has ------------------------------------------------------------------- */

/* A name and the types it works for: what else the new permission does is no promise. */
static enum fault
promise(struct document *promised, const struct permission *added, struct why *why)
{
	struct permission permission = {0};
	enum fault fault;

	permission.name = strdup(added->name);
	if (permission.name == NULL || !names_copy(&permission.types, &added->types))
		fault = why_memory(why);
	else
		fault = rules_add(&promised->rules, &permission, why);
	permission_clear(&permission);
	return fault;
}

/* A new permission is promised to whoever has the branch on which it stands. */
static enum fault
promise_all(struct gains *gains, struct why *why)
{
	const struct rules *before = &gains->before->rules, *after = &gains->after->rules;
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < after->count; i++) {
		if (rules_find(before, after->permission[i].name) != NULL)
			continue;
		if (gains->promised == gains->before)
			fault = document_copy(&gains->widened, gains->before, why);
		gains->promised = &gains->widened;
		if (fault == FAULT_NONE)
			fault = promise(&gains->widened, &after->permission[i], why);
	}
	if (fault == FAULT_NONE && gains->promised != gains->before)
		fault = roles_compile(&gains->widened.roles, &gains->widened.rules, NULL, why);
	return fault;
}

enum fault
gains_begin(struct gains *gains, const struct admin *admin, struct txn *txn,
    const struct document *before, const struct document *after, struct why *why)
{
	enum fault fault;

	*gains = (struct gains){
	    .admin = admin, .before = before, .after = after, .promised = before};
	fault = promise_all(gains, why);
	if (fault == FAULT_NONE)
		fault = effects_of_actor(admin, txn, gains->promised, &gains->actor, why);
	return fault;
}

void
gains_end(struct gains *gains)
{
	document_clear(&gains->widened);
	effects_clear(&gains->actor);
	*gains = (struct gains){0};
}

/* ---- comparing ---------------------------------------------------------------------------- */

static bool
has_exactly(const struct effects *all, const struct effect *effect)
{
	struct effect one = *effect;

	return effects_beyond(&(struct effects){&one, 1}, all) == NULL;
}

/* Before the change, a service that nothing named was one of the others. */
static bool
had(const struct gains *gains, const struct effects *all, const struct effect *effect)
{
	struct effect other = *effect;

	if (has_exactly(all, effect))
		return true;
	if (effect->kind != EFFECT_SERVICE ||
	    rules_name_service(&gains->before->rules, effect->name))
		return false;
	other.name = (char *)EFFECT_OTHER;
	return has_exactly(all, &other);
}

static enum fault
deny(const char *noun, const char *name, const struct effect *effect, struct why *why)
{
	char what[WHY_TEXT_MAX];

	effect_explain(effect, what, sizeof(what));
	return why_set(why, FAULT_DENIED, "the %s %s would come to have %s, which you have not",
	    noun, name, what);
}

static const struct effect *
find_gain(const struct gains *gains, const struct effects *before, const struct effects *after)
{
	for (size_t i = 0; i < after->count; i++)
		if (!had(gains, before, &after->effect[i]) &&
		    !had(gains, &gains->actor, &after->effect[i]))
			return &after->effect[i];
	return NULL;
}

/* ---- roles -------------------------------------------------------------------------------- */

/* Roles that give the same in both need not be looked at. */
static bool
gives_the_same(const struct role *before, const struct role *after)
{
	return before->disabled == after->disabled &&
	    names_same(&before->closure, &after->closure) &&
	    names_same(&before->services, &after->services) &&
	    names_same(&before->works, &after->works) &&
	    names_same(&before->groups, &after->groups);
}

static enum fault
gain_of_role(const struct gains *gains, const struct role *role, struct why *why)
{
	const struct role *before = roles_find(&gains->before->roles, role->name);
	const struct role *promised = roles_find(&gains->promised->roles, role->name);
	struct effects old = {0}, new = {0};
	const struct effect *gain;
	enum fault fault = FAULT_NONE;

	if (before != NULL && gives_the_same(before, role))
		return FAULT_NONE;
	/* What is switched on is given. */
	if (promised != NULL && (!promised->disabled || role->disabled))
		fault = effects_of_role(gains->promised, promised, &old, why);
	if (fault == FAULT_NONE)
		fault = effects_of_role(gains->after, role, &new, why);
	gain = fault == FAULT_NONE ? find_gain(gains, &old, &new) : NULL;
	if (gain != NULL)
		fault = deny("role", role->name, gain, why);
	effects_clear(&old);
	effects_clear(&new);
	return fault;
}

/* ---- what needs every permission ---------------------------------------------------------- */

static const char *
changed_setting(const struct settings *before, const struct settings *after)
{
	for (size_t i = 0; i < settings_table.count; i++)
		if (!field_same(&settings_table.rows[i], before, after))
			return settings_table.rows[i].name;
	return NULL;
}

/* A permission that newly makes its holders root's equals; *group is by which. */
static const char *
root_equal_permission(const struct gains *gains, const char **group)
{
	const struct rules *after = &gains->after->rules;

	for (size_t i = 0; i < after->count; i++) {
		const struct permission *permission = &after->permission[i];
		const struct permission *before =
		    rules_find(&gains->before->rules, permission->name);

		for (size_t j = 0; j < permission->unix_groups.count; j++) {
			*group = permission->unix_groups.item[j];
			if (group_is_root_equal(*group) &&
			    (before == NULL || !names_have(&before->unix_groups, *group)))
				return permission->name;
		}
	}
	return NULL;
}

/* Names what it is about; false: nothing. */
static bool
needs_all(const struct gains *gains, char *what, size_t size)
{
	const char *group = "";
	const char *setting = changed_setting(&gains->before->rules.settings,
	    &gains->after->rules.settings);
	const char *permission = root_equal_permission(gains, &group);

	if (setting != NULL)
		snprintf(what, size, "the setting %s", setting);
	else if (!policy_same_constraints(gains->before, gains->after))
		snprintf(what, size, "the constraints");
	else if (!names_same(&gains->before->tests, &gains->after->tests))
		snprintf(what, size, "the tests");
	else if (permission != NULL)
		snprintf(what, size,
		    "the Unix group %s of the permission %s, which is root's equal", group,
		    permission);
	else
		return false;
	return true;
}

static enum fault
check_all(const struct gains *gains, struct txn *txn, struct why *why)
{
	char what[WHY_TEXT_MAX];
	enum fault fault;

	if (!needs_all(gains, what, sizeof(what)))
		return FAULT_NONE;
	fault = admin_needs_all(gains->admin, txn, why);
	if (fault == FAULT_DENIED)
		fault = why_set(why, FAULT_DENIED,
		    "this changes %s: only somebody with every permission may", what);
	return fault;
}

/* ---- services that come to be anybody's --------------------------------------------------- */

static enum fault
check_opened(const struct gains *gains, struct why *why)
{
	const struct rules *before = &gains->before->rules, *after = &gains->after->rules;

	if (after->settings.other_services != OTHER_ANY_PERMISSION)
		return FAULT_NONE;
	for (size_t i = 0; i < before->services.count; i++) {
		const struct effect opened = {
		    .kind = EFFECT_SERVICE,
		    .name = before->services.item[i],
		    .scope_kind = SCOPE_EVERYTHING,
		    .scope = (char *)"",
		};

		if (rules_name_service(after, opened.name) || has_exactly(&gains->actor, &opened))
			continue;
		return why_set(why, FAULT_DENIED,
		    "no permission would name the service %s any longer, and it would be open to "
		    "whoever has any permission: you may not use it yourself", opened.name);
	}
	return FAULT_NONE;
}

enum fault
gains_of_policy(const struct gains *gains, struct txn *txn, struct why *why)
{
	const struct roles *roles = &gains->after->roles;
	enum fault fault = check_all(gains, txn, why);

	if (fault == FAULT_NONE)
		fault = check_opened(gains, why);
	for (size_t i = 0; fault == FAULT_NONE && i < roles->count; i++)
		fault = gain_of_role(gains, &roles->role[i], why);
	return fault;
}

/* ---- users -------------------------------------------------------------------------------- */

/* Is this among what becomes of them? */
static bool
is_gained(const struct plan_change *change, const struct effect *effect)
{
	switch (effect->kind) {
	case EFFECT_PERMISSION:
		return names_have_sorted(&change->permissions_gained, effect->name);
	case EFFECT_SERVICE:
		return names_have_sorted(&change->services_gained,
		    strcmp(effect->name, EFFECT_OTHER) == 0 ? PLAN_OTHER : effect->name);
	case EFFECT_GROUP:
		return names_have_sorted(&change->groups_gained, effect->name);
	}
	return false;
}

/*
 * Beside the effects it counts what becomes of them here and now: that a role is switched on makes
 * their grants count, which are the same as before.
 */
static const struct effect *
find_users_gain(const struct gains *gains, const struct effects *before,
    const struct effects *after, const struct plan_change *change)
{
	for (size_t i = 0; i < after->count; i++) {
		const struct effect *effect = &after->effect[i];

		if ((!had(gains, before, effect) || is_gained(change, effect)) &&
		    !had(gains, &gains->actor, effect))
			return effect;
	}
	return NULL;
}

enum fault
gains_of_user(const struct gains *gains, const struct user *user,
    const struct plan_change *change, struct why *why)
{
	struct effects before = {0}, after = {0};
	const struct effect *gain;
	enum fault fault;

	fault = effects_of_user(gains->promised, user, NULL, gains->admin->now, &before, why);
	if (fault == FAULT_NONE)
		fault = effects_of_user(gains->after, user, NULL, gains->admin->now, &after, why);
	gain = fault == FAULT_NONE ? find_users_gain(gains, &before, &after, change) : NULL;
	if (gain != NULL)
		fault = deny("user", user->name, gain, why);
	effects_clear(&before);
	effects_clear(&after);
	return fault;
}
