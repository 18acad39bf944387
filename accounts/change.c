/*
 * change.c - beginning and ending a change, with the two rules that every change stands under.
 */
#include "accounts/change.h"

/* Would this holder of the role be let in?  decide() says, so that no second opinion can differ. */
static enum provision
provision_by(const struct user *user, const struct roles *roles, const struct rules *rules,
    int64_t now)
{
	const struct request request = {
	    .service = "",
	    .host = "",
	    .now = now,
	    .phase = PHASE_ACCOUNT,
	    .proof = PROOF_NOTHING,
	};

	if (!verdict_allows(decide(user, roles, rules, &request).verdict))
		return PROVISION_NONE;
	return user->valid_until == 0 ? PROVISION_LASTING : PROVISION_ENDING;
}

static enum fault
provision_of(struct txn *txn, const struct roles *roles, const struct rules *rules,
    enum provision *provision, struct why *why)
{
	enum provision best = PROVISION_NONE;
	enum fault fault = FAULT_NONE;
	uint32_t uid = 0;

	while (best < PROVISION_LASTING) {
		struct user user = {0};
		enum provision by;

		fault = role_member_next(txn, ROLE_SYSTEM_ADMINISTRATOR, uid, &uid, why);
		if (fault != FAULT_NONE)
			break;
		fault = user_get(txn, uid, &user, why);
		if (fault == FAULT_UNKNOWN)
			return why_set(why, FAULT_UNAVAILABLE,
			    "the database is damaged: a holder of %s is gone",
			    ROLE_SYSTEM_ADMINISTRATOR);
		if (fault != FAULT_NONE)
			return fault;
		by = provision_by(&user, roles, rules, txn_now(txn));
		if (by > best)
			best = by;
		user_clear(&user);
	}
	if (fault != FAULT_NONE && fault != FAULT_UNKNOWN)
		return fault;
	*provision = best;
	return FAULT_NONE;
}

static enum fault
administrators(struct txn *txn, enum provision *provision, struct why *why)
{
	struct roles roles = {0};
	struct rules rules = {0}; /* the built-in ones, which name no service */
	struct role role = {0};
	enum fault fault;

	fault = role_get(txn, ROLE_SYSTEM_ADMINISTRATOR, &role, why);
	if (fault == FAULT_UNKNOWN)
		return why_set(why, FAULT_UNAVAILABLE,
		    "the database is damaged: the role %s is gone", ROLE_SYSTEM_ADMINISTRATOR);
	if (fault == FAULT_NONE)
		fault = roles_add(&roles, &role, why);
	if (fault == FAULT_NONE)
		fault = rules_add_builtin(&rules, why);
	if (fault == FAULT_NONE)
		fault = provision_of(txn, &roles, &rules, provision, why);
	rules_clear(&rules);
	role_clear(&role);
	roles_clear(&roles);
	return fault;
}

enum fault
change_begin(struct change *change, struct admin *admin, const char *action,
    const char *permission, struct why *why)
{
	struct change begun = {.admin = admin};
	enum fault fault;

	fault = store_write_begin(admin->store, &admin->actor, action, admin->now, &begun.txn, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = admin_needs_within(admin, begun.txn, permission, why);
	if (fault == FAULT_NONE)
		fault = administrators(begun.txn, &begun.before, why);
	if (fault == FAULT_NONE)
		*change = begun;
	else
		store_end(begun.txn);
	return fault;
}

void
change_insist(struct change *change)
{
	if (change->admin->is_root && change->admin->insist)
		store_insist(change->txn);
}

enum fault
change_commit(struct change *change, struct why *why)
{
	enum provision after = PROVISION_NONE;
	struct txn *txn;
	enum fault fault;

	fault = administrators(change->txn, &after, why);
	if (fault == FAULT_NONE && after < change->before)
		fault = why_set(why, FAULT_RULE, after == PROVISION_NONE
		        ? "this would take the last active %s away"
		        : "this would give the last active %s an end",
		    ROLE_SYSTEM_ADMINISTRATOR);
	if (fault != FAULT_NONE) {
		change_end(change);
		return fault;
	}
	txn = change->txn;
	change->txn = NULL;
	return store_commit(txn, NULL, why);
}

void
change_end(struct change *change)
{
	store_end(change->txn);
	change->txn = NULL;
}

enum fault
change_finish(struct change *change, enum fault fault, struct why *why)
{
	if (fault == FAULT_NONE)
		return change_commit(change, why);
	change_end(change);
	return fault;
}
