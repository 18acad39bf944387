/*
 * change.c - beginning and ending a change, with the rules that every change stands under: the
 * actor's right, a system administrator who can act, and the actor's own access.
 */
#include "accounts/change.h"

#include <string.h>

/* What decides whether somebody is a system administrator who can act on this host. */
struct office {
	struct roles roles; /* the role */
	struct rules rules; /* the built-in ones: they name no service, and each opens all others */
	struct host host;
};

/* Would this holder of the role be let in?  decide() says, so that no second opinion can differ. */
static enum provision
provision_by(const struct user *user, const struct office *office, int64_t now)
{
	const struct request request = {
	    .service = "",
	    .host = "",
	    .client = office->host.client,
	    .site = office->host.site,
	    .now = now,
	    .phase = PHASE_ACCOUNT,
	    .proof = PROOF_NOTHING,
	};

	if (!verdict_allows(decide(user, &office->roles, &office->rules, &request).verdict))
		return PROVISION_NONE;
	return user->valid_until == 0 ? PROVISION_LASTING : PROVISION_ENDING;
}

static enum fault
provision_of(struct txn *txn, const struct office *office, int64_t now,
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
		by = provision_by(&user, office, now);
		if (by > best)
			best = by;
		user_clear(&user);
	}
	if (fault != FAULT_NONE && fault != FAULT_UNKNOWN)
		return fault;
	*provision = best;
	return FAULT_NONE;
}

/* By a role that is taken over, and by this host as it is. */
static enum fault
provision_with(struct txn *txn, struct role *role, int64_t now, enum provision *provision,
    struct why *why)
{
	struct office office = {.rules.settings.other_services = OTHER_ANY_PERMISSION};
	enum fault fault = roles_add(&office.roles, role, why);

	if (fault == FAULT_NONE)
		fault = rules_add_builtin(&office.rules, why);
	if (fault == FAULT_NONE)
		fault = host_get(txn, &office.host, why);
	if (fault == FAULT_NONE)
		fault = provision_of(txn, &office, now, provision, why);
	host_clear(&office.host);
	rules_clear(&office.rules);
	roles_clear(&office.roles);
	return fault;
}

enum fault
change_provision(struct txn *txn, int64_t now, enum provision *provision, struct why *why)
{
	struct role role = {0};
	enum fault fault = role_get(txn, ROLE_SYSTEM_ADMINISTRATOR, &role, why);

	if (fault == FAULT_UNKNOWN)
		return why_set(why, FAULT_UNAVAILABLE,
		    "the database is damaged: the role %s is gone", ROLE_SYSTEM_ADMINISTRATOR);
	if (fault == FAULT_NONE)
		fault = provision_with(txn, &role, now, provision, why);
	role_clear(&role);
	return fault;
}

/*
 * The actor's right to begin.  A user or a client stands in a scope, or not, which is asked when it
 * is known who is changed; the policy stands in none, so a right in some scope does not reach it.
 */
static enum fault
may_begin(const struct change *change, struct why *why)
{
	static const char *const unscoped[] = {"hexa.policy.apply", "hexa.roles.edit"};

	for (size_t i = 0; i < sizeof(unscoped) / sizeof(unscoped[0]); i++)
		if (strcmp(change->permission, unscoped[i]) == 0)
			return admin_needs_everywhere(change->admin, change->txn,
			    change->permission, why);
	return admin_needs_within(change->admin, change->txn, change->permission, why);
}

enum fault
change_begin(struct change *change, struct admin *admin, const char *action,
    const char *permission, struct why *why)
{
	struct change begun = {.admin = admin, .permission = permission};
	enum fault fault;

	admin_forget(admin);
	host_view_forget(admin->host);
	fault = store_write_begin(admin->store, &admin->actor, action, admin->now, &begun.txn, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = may_begin(&begun, why);
	if (fault == FAULT_NONE)
		fault = change_provision(begun.txn, admin->now, &begun.before, why);
	if (fault == FAULT_NONE)
		fault = access_of_actor(admin, begun.txn, &begun.own, why);
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
change_check(struct change *change, struct why *why)
{
	enum provision after = PROVISION_NONE;
	struct access own = {0};
	enum fault fault;

	fault = change_provision(change->txn, change->admin->now, &after, why);
	if (fault == FAULT_NONE && after < change->before)
		return why_set(why, FAULT_RULE, after == PROVISION_NONE
		        ? "this would take the last active %s away"
		        : "this would give the last active %s an end",
		    ROLE_SYSTEM_ADMINISTRATOR);
	if (fault == FAULT_NONE)
		fault = access_of_actor(change->admin, change->txn, &own, why);
	return fault == FAULT_NONE ? access_is_kept(&change->own, &own, why) : fault;
}

enum fault
change_commit(struct change *change, struct why *why)
{
	struct admin *admin;
	bool saved = false;
	struct txn *txn;
	enum fault fault = change_check(change, why);

	if (fault != FAULT_NONE) {
		change_end(change);
		return fault;
	}
	txn = change->txn;
	change->txn = NULL;
	admin = change->admin;
	change_end(change);
	fault = store_commit(txn, &saved, why);
	if (saved && admin->committed != NULL)
		admin->committed(admin->committed_context);
	return fault;
}

void
change_end(struct change *change)
{
	store_end(change->txn);
	document_clear(&change->document);
	effects_clear(&change->actor);
	user_clear(&change->person);
	*change = (struct change){0};
}

enum fault
change_finish(struct change *change, enum fault fault, struct why *why)
{
	if (fault == FAULT_NONE)
		return change_commit(change, why);
	change_end(change);
	return fault;
}
