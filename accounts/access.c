/*
 * access.c - an actor's own access, before a change and after it.
 */
#include "accounts/access.h"

#include <stdlib.h>

#include "accounts/standing.h"

/* Asked of each built-in permission: whichever they hold, by it they act. */
static bool
may_act(const struct document *document, const struct user *user, const struct roles *held,
    const struct request *at)
{
	const struct rules *rules = &document->rules;
	struct request request = *at;

	request.service = NULL;
	for (size_t i = 0; i < rules->count; i++) {
		const char *name = rules->permission[i].name;

		if (rules_is_builtin(name) && verdict_allows(
		    decide_permission(user, held, rules, &request, name).verdict))
			return true;
	}
	return false;
}

enum fault
access_under(const struct document *document, const struct user *user, const struct request *at,
    struct access *access, struct why *why)
{
	struct access found = {0};
	struct roles held = {0};
	enum fault fault = roles_held(&document->roles, user, &held, why);

	if (fault != FAULT_NONE)
		return fault;
	found.acts = may_act(document, user, &held, at);
	free(held.role);
	fault = standing_lets_in(document, user, at, &found.lets_in, why);
	if (fault == FAULT_NONE)
		*access = found;
	return fault;
}

/* What decides about one user alone: their roles, what is granted to them, the settings. */
static enum fault
load_part(struct txn *txn, const struct user *user, struct document *part, struct why *why)
{
	enum fault fault = roles_load_held(txn, user, &part->roles, why);

	if (fault == FAULT_NONE)
		fault = rules_load_login(txn, user, &part->rules, why);
	/* Where nothing is granted the built-in permissions were not needed. */
	if (fault == FAULT_NONE && part->rules.count == 0)
		fault = rules_add_builtin(&part->rules, why);
	return fault;
}

enum fault
access_of_actor(const struct admin *admin, struct txn *txn, struct access *access,
    struct why *why)
{
	struct document part = {0};
	struct user user = {0};
	struct host host = {0};
	struct request at;
	enum fault fault;

	if (admin->is_root) {
		*access = (struct access){true, true};
		return FAULT_NONE;
	}
	fault = user_get(txn, admin->self, &user, why);
	if (fault == FAULT_UNKNOWN) {
		*access = (struct access){0};
		return FAULT_NONE;
	}
	if (fault == FAULT_NONE)
		fault = load_part(txn, &user, &part, why);
	if (fault == FAULT_NONE)
		fault = request_here(txn, admin->now, &host, &at, why);
	if (fault == FAULT_NONE)
		fault = access_under(&part, &user, &at, access, why);
	host_clear(&host);
	document_clear(&part);
	user_clear(&user);
	return fault;
}

enum fault
access_is_kept(const struct access *before, const struct access *after, struct why *why)
{
	if (before->lets_in && !after->lets_in)
		return why_set(why, FAULT_RULE,
		    "this would take your own access away: no service of this host would let you "
		    "in any more");
	if (before->acts && !after->acts)
		return why_set(why, FAULT_RULE,
		    "this would take your own last permission on Hexa (hexa.*) away");
	return FAULT_NONE;
}
