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

static enum fault
find_days(struct gains *gains, struct txn *txn, struct why *why)
{
	struct user user = {0};
	enum fault fault = FAULT_NONE;

	if (!gains->admin->is_root)
		fault = user_get(txn, gains->admin->self, &user, why);
	if (fault == FAULT_NONE)
		gains->days = access_back(&user, &gains->before->roles);
	user_clear(&user);
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
	return fault == FAULT_NONE ? find_days(gains, txn, why) : fault;
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

/* ---- services that are lost --------------------------------------------------------------- */

/* Beside what may have everything there will be stands what it has: that comes first, by its name. */
static struct effects
without_all(const struct effects *effects)
{
	struct effects rest = *effects;

	while (rest.count > 0 && strcmp(rest.effect->name, EFFECT_ALL) == 0) {
		rest.effect++;
		rest.count--;
	}
	return rest;
}

/* As had(), of the policy that is to be. */
static bool
keeps(const struct gains *gains, const struct effects *after, const struct effect *service)
{
	struct effect other = *service;

	if (has_exactly(after, service))
		return true;
	if (rules_name_service(&gains->after->rules, service->name))
		return false;
	other.name = (char *)EFFECT_OTHER;
	return has_exactly(after, &other);
}

/* *lost is then of the policies, and of `before`. */
static bool
find_loss(const struct gains *gains, const struct effects *before, const struct effects *after,
    struct effect *lost)
{
	for (size_t i = 0; i < before->count; i++) {
		*lost = before->effect[i];
		if (lost->kind == EFFECT_SERVICE && !keeps(gains, after, lost))
			return true;
	}
	return false;
}

/* What of it the actor has not; NULL: it has no more.  The groups of roles make nobody stronger. */
static const struct effect *
find_strength(const struct gains *gains, const struct effects *effects)
{
	for (size_t i = 0; i < effects->count; i++)
		if (effects->effect[i].kind != EFFECT_ROLE_GROUP &&
		    !had(gains, &gains->actor, &effects->effect[i]))
			return &effects->effect[i];
	return NULL;
}

/*
 * The holders of a role that has more are not shut out: not by what it inherits, nor by what a
 * permission opens.  What else a role within the actor's own gives it the actor may take back.
 */
static enum fault
check_loss(const struct gains *gains, const char *role, const struct effects *before,
    const struct effects *after, struct why *why)
{
	const struct effect *strength = find_strength(gains, before);
	const struct effects old = without_all(before), new = without_all(after);
	char more[WHY_TEXT_MAX / 3], less[WHY_TEXT_MAX / 3];
	struct effect lost = {0};

	if (strength == NULL || !find_loss(gains, &old, &new, &lost))
		return FAULT_NONE;
	effect_explain(strength, more, sizeof(more));
	effect_explain(&lost, less, sizeof(less));
	return why_set(why, FAULT_DENIED, "the role %s has %s, which you have not, and would lose %s",
	    role, more, less);
}

/* ---- roles -------------------------------------------------------------------------------- */

/* Roles that give the same in both need not be looked at. */
static bool
gives_the_same(const struct role *before, const struct role *after)
{
	return before->disabled == after->disabled &&
	    names_same(&before->permissions, &after->permissions) &&
	    names_same(&before->inherits, &after->inherits) &&
	    names_same(&before->closure, &after->closure) &&
	    names_same(&before->services, &after->services) &&
	    names_same(&before->works, &after->works) &&
	    names_same(&before->groups, &after->groups);
}

static bool
actor_has_group_of(const struct gains *gains, const struct role *role)
{
	const struct effect group = {
	    .kind = EFFECT_ROLE_GROUP,
	    .name = role->name,
	    .scope_kind = SCOPE_EVERYTHING,
	    .scope = (char *)"",
	};

	return role_group(role) == NULL || has_exactly(&gains->actor, &group);
}

/*
 * Whoever holds a role is credited with the groups of its juniors, and may give them: so to make a
 * role inherit another is to give that one's group.
 */
static enum fault
check_juniors(const struct gains *gains, const struct role *before, const struct role *role,
    struct why *why)
{
	for (size_t i = 0; i < role->inherits.count; i++) {
		const char *name = role->inherits.item[i];
		const struct role *junior = roles_find(&gains->before->roles, name);

		if (junior == NULL || actor_has_group_of(gains, junior) ||
		    (before != NULL && names_have_sorted(&before->inherits, name)))
			continue;
		return why_set(why, FAULT_DENIED,
		    "the role %s would inherit %s, whose Unix group you have not", role->name, name);
	}
	return FAULT_NONE;
}

/* What is switched on puts its holders into its group. */
static enum fault
check_enabled(const struct gains *gains, struct txn *txn, const struct role *before,
    const struct role *role, struct why *why)
{
	uint32_t uid;
	enum fault fault;

	if (before == NULL || !before->disabled || role->disabled || actor_has_group_of(gains, role))
		return FAULT_NONE;
	fault = role_member_next(txn, role->name, 0, &uid, why);
	if (fault == FAULT_UNKNOWN)
		return FAULT_NONE;
	return fault != FAULT_NONE ? fault : why_set(why, FAULT_DENIED,
	    "the holders of %s would be in its Unix group, in which you are not", role->name);
}

/* A role that says nothing of it sets no limit: to take a number away is to widen it. */
static enum fault
check_access_back(const struct gains *gains, const struct role *before, const struct role *role,
    struct why *why)
{
	uint32_t was = before == NULL ? 0 : before->access_back;

	if (gains->days == 0 || role->access_back == was ||
	    (role->access_back != 0 && role->access_back <= gains->days))
		return FAULT_NONE;
	return why_field(why, FAULT_DENIED, "access-back",
	    "access-back: you may see %u days back, and let no role see further", gains->days);
}

static enum fault
gain_of_role(const struct gains *gains, struct txn *txn, const struct role *role, struct why *why)
{
	const struct role *before = roles_find(&gains->before->roles, role->name);
	const struct role *promised = roles_find(&gains->promised->roles, role->name);
	struct effects old = {0}, new = {0};
	const struct effect *gain;
	enum fault fault = FAULT_NONE;

	fault = check_access_back(gains, before, role, why);
	if (fault != FAULT_NONE || (before != NULL && gives_the_same(before, role)))
		return fault;
	fault = check_juniors(gains, before, role, why);
	if (fault == FAULT_NONE)
		fault = check_enabled(gains, txn, before, role, why);
	if (fault != FAULT_NONE)
		return fault;
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

/* ---- what is stronger than the actor ------------------------------------------------------ */

/* What is written of two records; not what Hexa keeps and compiles, but whether it is disabled. */
static bool
written_the_same(const struct table *table, const void *before, const void *after)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct field *field = &table->rows[i];
		bool written = (field->rights & (F_KEPT | F_HIDDEN)) == 0 || field->kind == K_BOOL;

		if (written && !field_same(field, before, after))
			return false;
	}
	return true;
}

/* Whoever could lessen a role could lessen its holders, whom they may not edit. */
static enum fault
check_stronger_role(const struct gains *gains, const struct role *before, struct why *why)
{
	const struct role *after = roles_find(&gains->after->roles, before->name);
	struct effects effects = {0};
	const struct effect *beyond;
	char what[WHY_TEXT_MAX / 2];
	enum fault fault;

	if (after != NULL && written_the_same(&role_table, before, after))
		return FAULT_NONE;
	fault = effects_of_role(gains->before, before, &effects, why);
	beyond = fault == FAULT_NONE ? effects_beyond(&effects, &gains->actor) : NULL;
	if (beyond != NULL) {
		effect_explain(beyond, what, sizeof(what));
		fault = why_set(why, FAULT_DENIED, "the role %s has %s, which you have not",
		    before->name, what);
	}
	effects_clear(&effects);
	return fault;
}

static enum fault
check_stronger_permission(const struct gains *gains, const struct permission *before,
    struct why *why)
{
	const struct permission *after = rules_find(&gains->after->rules, before->name);
	const struct effect held = {
	    .kind = EFFECT_PERMISSION,
	    .name = before->name,
	    .scope_kind = SCOPE_EVERYTHING,
	    .scope = (char *)"",
	};

	if ((after != NULL && written_the_same(&permission_table, before, after)) ||
	    has_exactly(&gains->actor, &held))
		return FAULT_NONE;
	return why_set(why, FAULT_DENIED, "the permission %s would change, which you have not",
	    before->name);
}

/* By what it inherits, or by what a permission opens. */
static enum fault
check_lessened_role(const struct gains *gains, const struct role *before, struct why *why)
{
	const struct role *after = roles_find(&gains->after->roles, before->name);
	struct effects old = {0}, new = {0};
	enum fault fault;

	if (after == NULL || gives_the_same(before, after))
		return FAULT_NONE;
	fault = effects_of_role(gains->before, before, &old, why);
	if (fault == FAULT_NONE)
		fault = effects_of_role(gains->after, after, &new, why);
	if (fault == FAULT_NONE)
		fault = check_loss(gains, before->name, &old, &new, why);
	effects_clear(&old);
	effects_clear(&new);
	return fault;
}

enum fault
gains_of_stronger(const struct gains *gains, struct why *why)
{
	const struct document *before = gains->before;
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < before->rules.count; i++)
		fault = check_stronger_permission(gains, &before->rules.permission[i], why);
	for (size_t i = 0; fault == FAULT_NONE && i < before->roles.count; i++)
		fault = check_stronger_role(gains, &before->roles.role[i], why);
	for (size_t i = 0; fault == FAULT_NONE && i < before->roles.count; i++)
		fault = check_lessened_role(gains, &before->roles.role[i], why);
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

/* A permission that newly works for a type of user: whoever carries it, has it then. */
static const char *
widened_permission(const struct gains *gains)
{
	const struct rules *after = &gains->after->rules;

	for (size_t i = 0; i < after->count; i++) {
		const struct permission *permission = &after->permission[i];
		const struct permission *before =
		    rules_find(&gains->before->rules, permission->name);

		for (unsigned type = 0; before != NULL && type < USER_TYPES; type++)
			if (permission_works_for(permission, type) &&
			    !permission_works_for(before, type))
				return permission->name;
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
	const char *widened = widened_permission(gains);

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
	else if (widened != NULL)
		snprintf(what, size, "the types of user that the permission %s works for", widened);
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
		fault = gain_of_role(gains, txn, &roles->role[i], why);
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
	case EFFECT_ROLE_GROUP: /* gain_of_role() asks about what is switched on */
		return false;
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
