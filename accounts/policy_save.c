/*
 * policy_save.c - turning the policy in force into another: only what differs is written, in an
 * order in which no step breaks a rule of the store's.
 */
#include "accounts/policy.h"

/* ---- comparing ---------------------------------------------------------------------------- */

static bool
record_same(const struct table *table, const void *a, const void *b)
{
	for (size_t i = 0; i < table->count; i++)
		if (!field_same(&table->rows[i], a, b))
			return false;
	return true;
}

bool
policy_same_roles(const struct document *before, const struct document *after)
{
	if (before->roles.count != after->roles.count)
		return false;
	for (size_t i = 0; i < before->roles.count; i++)
		if (!record_same(&role_table, &before->roles.role[i], &after->roles.role[i]))
			return false;
	return true;
}

bool
policy_same_constraints(const struct document *before, const struct document *after)
{
	if (before->constraint_count != after->constraint_count)
		return false;
	for (size_t i = 0; i < before->constraint_count; i++)
		if (!names_same(&before->constraint[i].never_together,
		        &after->constraint[i].never_together))
			return false;
	return true;
}

/* ---- writing ------------------------------------------------------------------------------ */

/* Those that are to go, as copies. */
static enum fault
find_gone(const struct document *before, const struct document *after, struct roles *gone,
    struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < before->roles.count; i++) {
		const struct role *old = &before->roles.role[i];
		struct role role = {0};

		if (roles_find(&after->roles, old->name) != NULL)
			continue;
		fault = record_copy(&role_table, &role, old, why);
		if (fault == FAULT_NONE)
			fault = roles_add(gone, &role, why);
		role_clear(&role);
	}
	return fault;
}

/* The changed ones among the roles that are in force already, or (fresh) those that are not. */
static enum fault
put_roles(struct txn *txn, const struct document *before, struct document *after, bool fresh,
    struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < after->roles.count; i++) {
		struct role *role = &after->roles.role[i];
		const struct role *old = roles_find(&before->roles, role->name);

		if (fresh != (old == NULL))
			continue;
		if (old == NULL || !record_same(&role_table, role, old))
			fault = role_put(txn, role, why);
	}
	return fault;
}

static bool
rules_same(const struct rules *a, const struct rules *b)
{
	if (a->count != b->count || !record_same(&settings_table, &a->settings, &b->settings))
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!record_same(&permission_table, &a->permission[i], &b->permission[i]))
			return false;
	return true;
}

static bool
extras_same(const struct document *a, const struct document *b)
{
	return policy_same_constraints(a, b) && names_same(&a->tests, &b->tests);
}

/*
 * Roles that stay are written before roles go, because those that stay may not include them any
 * longer; new ones come last, because they may take a group's name from one that went.
 */
enum fault
policy_save(struct change *change, const struct document *before, struct document *after,
    struct why *why)
{
	struct roles gone = {0};
	enum fault fault;

	change_insist(change);
	fault = find_gone(before, after, &gone, why);
	if (fault == FAULT_NONE && !rules_same(&before->rules, &after->rules))
		fault = rules_save(change->txn, &after->rules, why);
	if (fault == FAULT_NONE)
		fault = put_roles(change->txn, before, after, false, why);
	if (fault == FAULT_NONE)
		fault = roles_delete(change->txn, &gone, why);
	if (fault == FAULT_NONE)
		fault = put_roles(change->txn, before, after, true, why);
	if (fault == FAULT_NONE && !extras_same(before, after))
		fault = extras_save(change->txn, after, why);
	roles_clear(&gone);
	return fault;
}
