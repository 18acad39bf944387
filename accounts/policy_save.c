/*
 * policy_save.c - turning the policy in force into another: only what differs is written, in an
 * order in which no step breaks a rule of the store's.
 */
#include "accounts/policy.h"

#include <stdlib.h>

enum { HOLDERS_NAMED = 5 }; /* so many are named; the others are counted */

/* ---- what would be lost ------------------------------------------------------------------- */

/* FAULT_RULE, naming holders, when somebody holds the role. */
static enum fault
refuse_held(struct txn *txn, const char *role, struct why *why)
{
	struct bytes holders = {0};
	uint64_t count = 0;
	uint32_t uid = 0;
	enum fault fault;
	char *text;

	while ((fault = role_member_next(txn, role, uid, &uid, why)) == FAULT_NONE) {
		struct user user = {0};

		if (count++ >= HOLDERS_NAMED)
			continue;
		fault = user_get(txn, uid, &user, why);
		if (fault == FAULT_NONE)
			bytes_print(&holders, "%s%s", count == 1 ? "" : ", ", user.name);
		user_clear(&user);
		if (fault != FAULT_NONE)
			break;
	}
	if (count > HOLDERS_NAMED)
		bytes_print(&holders, " and %llu more", (unsigned long long)count - HOLDERS_NAMED);
	text = bytes_take_text(&holders);
	if (fault == FAULT_UNKNOWN && count == 0)
		fault = FAULT_NONE;
	else if (fault == FAULT_UNKNOWN)
		fault = why_set(why, FAULT_RULE, "the role %s is held by %s", role,
		    text == NULL ? "somebody" : text);
	free(text);
	return fault;
}

/* The roles that go, as copies: FAULT_RULE when one may not. */
static enum fault
find_gone(struct txn *txn, const struct document *before, const struct document *after,
    struct roles *gone, struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < before->roles.count; i++) {
		const struct role *old = &before->roles.role[i];
		struct role role = {0};

		if (roles_find(&after->roles, old->name) != NULL)
			continue;
		fault = refuse_held(txn, old->name, why);
		if (fault == FAULT_NONE)
			fault = record_copy(&role_table, &role, old, why);
		if (fault == FAULT_NONE)
			fault = roles_add(gone, &role, why);
		role_clear(&role);
	}
	return fault;
}

/* ---- taking roles away: one that others include goes after those that include it ------------- */

struct removal {
	struct txn *txn;
	struct roles gone;
	size_t *includers; /* of each: how many that are still there include it */
	size_t *ready;     /* those that nobody includes any more */
	size_t ready_count;
};

/* Each role that `at` includes has one includer more, or one less and then perhaps none. */
static void
count_includes(struct removal *removal, size_t at, bool more)
{
	const struct role *role = &removal->gone.role[at];

	for (size_t i = 0; i < role->includes.count; i++) {
		const struct role *included = roles_find(&removal->gone, role->includes.item[i]);
		size_t other;

		if (included == NULL)
			continue;
		other = (size_t)(included - removal->gone.role);
		if (more)
			removal->includers[other]++;
		else if (--removal->includers[other] == 0)
			removal->ready[removal->ready_count++] = other;
	}
}

static enum fault
remove_in_order(struct removal *removal, struct why *why)
{
	size_t count = removal->gone.count;
	size_t removed = 0;

	for (size_t i = 0; i < count; i++)
		count_includes(removal, i, true);
	for (size_t i = 0; i < count; i++)
		if (removal->includers[i] == 0)
			removal->ready[removal->ready_count++] = i;
	for (; removed < removal->ready_count; removed++) {
		size_t at = removal->ready[removed];
		enum fault fault = role_delete(removal->txn, &removal->gone.role[at], why);

		if (fault != FAULT_NONE)
			return fault;
		count_includes(removal, at, false);
	}
	if (removed != count)
		return why_set(why, FAULT_UNAVAILABLE,
		    "the database is damaged: roles that include one another in a circle");
	return FAULT_NONE;
}

/* Takes *gone over. */
static enum fault
remove_roles(struct txn *txn, struct roles *gone, struct why *why)
{
	struct removal removal = {
	    .txn = txn,
	    .gone = *gone,
	    .includers = calloc(gone->count + 1, sizeof(size_t)),
	    .ready = calloc(gone->count + 1, sizeof(size_t)),
	};
	enum fault fault;

	*gone = (struct roles){0};
	if (removal.includers == NULL || removal.ready == NULL)
		fault = why_memory(why);
	else
		fault = remove_in_order(&removal, why);
	roles_clear(&removal.gone);
	free(removal.includers);
	free(removal.ready);
	return fault;
}

/* ---- writing ------------------------------------------------------------------------------ */

static bool
record_same(const struct table *table, const void *a, const void *b)
{
	for (size_t i = 0; i < table->count; i++)
		if (!field_same(&table->rows[i], a, b))
			return false;
	return true;
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
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!record_same(&permission_table, &a->permission[i], &b->permission[i]))
			return false;
	return true;
}

/* No document can say otherwise; a role's edits could. */
static enum fault
keeps_administrator(const struct document *document, struct why *why)
{
	const struct role *role = roles_find(&document->roles, ROLE_SYSTEM_ADMINISTRATOR);

	if (role != NULL && !role->disabled && names_have(&role->permissions, "*"))
		return FAULT_NONE;
	return why_set(why, FAULT_RULE, "the role %s always has every permission (`*`)",
	    ROLE_SYSTEM_ADMINISTRATOR);
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
	fault = keeps_administrator(after, why);
	if (fault == FAULT_NONE)
		fault = find_gone(change->txn, before, after, &gone, why);
	if (fault == FAULT_NONE && !rules_same(&before->rules, &after->rules))
		fault = rules_save(change->txn, &after->rules, why);
	if (fault == FAULT_NONE)
		fault = put_roles(change->txn, before, after, false, why);
	if (fault == FAULT_NONE)
		fault = remove_roles(change->txn, &gone, why);
	if (fault == FAULT_NONE)
		fault = put_roles(change->txn, before, after, true, why);
	roles_clear(&gone);
	return fault;
}
