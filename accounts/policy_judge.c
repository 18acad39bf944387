/*
 * policy_judge.c - what speaks against a policy: each refusal is found before anything is written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/gains.h"
#include "accounts/policy.h"
#include "accounts/standing.h"
#include "policy/grant.h"
#include "policy/separation.h"

enum { HOLDERS_NAMED = 5 }; /* so many are named; the others are counted */

/* A proposal, and the first of each kind that came up among its users. */
struct judging {
	const struct proposal *proposal;
	struct gains gains;
	bool checks_actor;      /* and the actor is not root */
	bool checks_separation; /* constraints, or what roles inherit, are others */
	bool checks_grants;     /* permissions go */
	struct why gained;
	struct why separated;
	struct why granted;
};

typedef enum fault check(struct judging *judging, struct why *why);

/* ---- what the policy itself must be ------------------------------------------------------- */

/* No document can say otherwise; a role's edits could. */
static enum fault
keeps_administrator(struct judging *judging, struct why *why)
{
	const struct role *role =
	    roles_find(&judging->proposal->after->roles, ROLE_SYSTEM_ADMINISTRATOR);

	if (role == NULL || role->disabled || !names_have(&role->permissions, "*"))
		return why_set(why, FAULT_RULE, "the role %s always has every permission (`*`)",
		    ROLE_SYSTEM_ADMINISTRATOR);
	if (role->access_back != 0)
		return why_field(why, FAULT_RULE, "access-back",
		    "access-back: the role %s always sees all", ROLE_SYSTEM_ADMINISTRATOR);
	return FAULT_NONE;
}

/* Where a role's group stands in the FILE: the key, or the role that lacks it. */
static void
place_group(const struct proposal *proposal, const struct role *role, struct why *why)
{
	const char *const key[] = {"roles", role->name, "group", NULL};
	const char *const name[] = {"roles", role->name, NULL};
	unsigned line, column;

	if (why == NULL || !(document_place(proposal->yaml, proposal->size, key, &line, &column) ||
	    document_place(proposal->yaml, proposal->size, name, &line, &column)))
		return;
	why->line = line;
	why->column = column;
}

/*
 * Is the name of the group that the role newly takes nobody's, and nobody's of late?  That no two
 * share one, document_read() has seen to: a role of Hexa's that has it is to give it up now.
 */
static enum fault
group_is_free(const struct proposal *proposal, const struct role *role, const struct role *before,
    struct why *why)
{
	const struct admin *admin = proposal->admin;
	const struct roles *roles = &proposal->before->roles;
	const char *group = role_group(role);
	const char *had = before == NULL ? NULL : role_group(before);

	if (group == NULL || (had != NULL && strcmp(had, group) == 0) ||
	    (admin->is_root && admin->insist))
		return FAULT_NONE;
	for (size_t i = 0; i < roles->count; i++) {
		const char *given_up = role_group(&roles->role[i]);

		if (given_up == NULL || strcmp(given_up, group) != 0)
			continue;
		return why_field(why, FAULT_CONFLICT, "group",
		    "group: the role %s gives %s up, and it is free an hour later; root may insist "
		    "with --yes", roles->role[i].name, group);
	}
	return group_name_is_free(proposal->txn, group, before == NULL ? 0 : before->gid,
	    admin->now, why);
}

static enum fault
groups_can_be_had(struct judging *judging, struct why *why)
{
	const struct proposal *proposal = judging->proposal;
	const struct roles *roles = &proposal->after->roles;
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; proposal->yaml != NULL && i < roles->count; i++) {
		const struct role *role = &roles->role[i];
		const struct role *before = roles_find(&proposal->before->roles, role->name);

		fault = policy_check_group(proposal->admin, proposal->txn, role, before,
		    FAULT_INVALID, why);
		if (fault == FAULT_NONE)
			fault = group_is_free(proposal, role, before, why);
		if (fault == FAULT_NONE)
			continue;
		if (fault == FAULT_INVALID)
			why_add(why, "; write `group: NAME` or `group: no` into the role %s",
			    role->name);
		if (fault != FAULT_UNAVAILABLE)
			place_group(proposal, role, why);
		break;
	}
	return fault;
}

static enum fault
may_actor(struct judging *judging, struct why *why)
{
	if (!judging->checks_actor)
		return FAULT_NONE;
	return gains_of_policy(&judging->gains, judging->proposal->txn, why);
}

static enum fault
leaves_stronger(struct judging *judging, struct why *why)
{
	return judging->checks_actor ? gains_of_stronger(&judging->gains, why) : FAULT_NONE;
}

/* ---- somebody must get in ----------------------------------------------------------------- */

/* Would some holder of the role that has every permission be let in, by any service? */
static enum fault
lets_administrators_in(const struct proposal *proposal, const struct document *document,
    const struct request *at, bool *lets_in, struct why *why)
{
	enum fault fault = FAULT_NONE;
	bool found = false;
	uint32_t uid = 0;

	while (fault == FAULT_NONE && !found) {
		struct user user = {0};

		fault = role_member_next(proposal->txn, ROLE_SYSTEM_ADMINISTRATOR, uid, &uid, why);
		if (fault != FAULT_NONE)
			break;
		fault = user_get(proposal->txn, uid, &user, why);
		if (fault == FAULT_NONE)
			fault = standing_lets_in(document, &user, at, &found, why);
		user_clear(&user);
	}
	if (fault != FAULT_NONE && fault != FAULT_UNKNOWN)
		return fault;
	*lets_in = found;
	return FAULT_NONE;
}

static enum fault
refuse_lock_out(const struct proposal *proposal, struct why *why)
{
	const char *const key[] = {"login", "other-services", NULL};
	unsigned line = 0, column = 0;

	if (proposal->yaml != NULL)
		document_place(proposal->yaml, proposal->size, key, &line, &column);
	return why_place(why, FAULT_RULE, line, column,
	    "no service would let any %s in; name one, as login, in a permission that works for "
	    "them, or write `login: {other-services: any-permission}`",
	    ROLE_SYSTEM_ADMINISTRATOR);
}

/* A policy under which nobody could log in and write another. */
static enum fault
administrators_get_in(struct judging *judging, struct why *why)
{
	const struct proposal *proposal = judging->proposal;
	bool before = false, after = false;
	struct host host = {0};
	struct request at;
	enum fault fault =
	    request_here(proposal->txn, proposal->admin->now, &host, &at, why);

	if (fault == FAULT_NONE)
		fault = lets_administrators_in(proposal, proposal->after, &at, &after, why);
	if (fault == FAULT_NONE && !after)
		fault = lets_administrators_in(proposal, proposal->before, &at, &before, why);
	host_clear(&host);
	return fault == FAULT_NONE && before && !after ? refuse_lock_out(proposal, why) : fault;
}

/* The same of whoever wants it so. */
static enum fault
actor_keeps_access(struct judging *judging, struct why *why)
{
	const struct proposal *proposal = judging->proposal;
	struct access before = {0}, after = {0};
	struct user user = {0};
	struct host host = {0};
	struct request at;
	enum fault fault;

	if (!judging->checks_actor)
		return FAULT_NONE;
	fault = user_get(proposal->txn, proposal->admin->self, &user, why);
	if (fault == FAULT_NONE)
		fault = request_here(proposal->txn, proposal->admin->now, &host, &at, why);
	if (fault == FAULT_NONE)
		fault = access_under(proposal->before, &user, &at, &before, why);
	if (fault == FAULT_NONE)
		fault = access_under(proposal->after, &user, &at, &after, why);
	host_clear(&host);
	user_clear(&user);
	return fault == FAULT_NONE ? access_is_kept(&before, &after, why) : fault;
}

/* ---- roles that go ------------------------------------------------------------------------ */

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
	if (fault == FAULT_RULE)
		why_mend(why, "hexa-admin role members %s", role);
	free(text);
	return fault;
}

static enum fault
nobody_holds_what_goes(struct judging *judging, struct why *why)
{
	const struct proposal *proposal = judging->proposal;
	const struct roles *before = &proposal->before->roles;
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < before->count; i++)
		if (roles_find(&proposal->after->roles, before->role[i].name) == NULL)
			fault = refuse_held(proposal->txn, before->role[i].name, why);
	return fault;
}

/* ---- separation of duty ------------------------------------------------------------------- */

static bool
same_inheritance(const struct roles *before, const struct roles *after)
{
	for (size_t i = 0; i < after->count; i++) {
		const struct role *old = roles_find(before, after->role[i].name);

		if (after->role[i].inherits.count > 0 &&
		    (old == NULL || !names_same(&old->inherits, &after->role[i].inherits)))
			return false;
	}
	return true;
}

static enum fault
roles_are_separate(struct judging *judging, struct why *why)
{
	const struct document *after = judging->proposal->after;

	for (size_t i = 0; judging->checks_separation && i < after->roles.count; i++) {
		const struct role *role = &after->roles.role[i];
		struct breach breach;
		char whom[WORD_BYTES + 16], text[WHY_TEXT_MAX];

		if (!separation_broken_by_role(after, role, &breach))
			continue;
		snprintf(whom, sizeof(whom), "the role %s", role->name);
		breach_explain(&breach, whom, text, sizeof(text));
		return why_set(why, FAULT_RULE, "%s", text);
	}
	return FAULT_NONE;
}

static void
look_at_separation(struct judging *judging, const struct user *user)
{
	struct breach breach;
	char text[WHY_TEXT_MAX];

	if (!judging->checks_separation || judging->separated.fault != FAULT_NONE ||
	    !separation_broken(judging->proposal->after, &user->roles, &breach))
		return;
	breach_explain(&breach, user->name, text, sizeof(text));
	why_set(&judging->separated, FAULT_RULE, "%s", text);
}

/* ---- permissions that go ------------------------------------------------------------------ */

static bool
permissions_go(const struct rules *before, const struct rules *after)
{
	for (size_t i = 0; i < before->count; i++)
		if (rules_find(after, before->permission[i].name) == NULL)
			return true;
	return false;
}

/* A grant that still counts must cover something, as it does now. */
static void
look_at_grants(struct judging *judging, const struct user *user)
{
	const struct proposal *proposal = judging->proposal;

	if (!judging->checks_grants || judging->granted.fault != FAULT_NONE)
		return;
	for (size_t i = 0; i < user->grants.count; i++) {
		struct grant grant;
		size_t first;

		if (!grant_parse(user->grants.item[i], &grant) ||
		    !grant_counts(&grant, proposal->admin->now) ||
		    rules_covered(&proposal->before->rules, grant.permission, &first) == 0 ||
		    rules_covered(&proposal->after->rules, grant.permission, &first) > 0)
			continue;
		why_set(&judging->granted, FAULT_RULE,
		    "the permission %s, which would go, is granted to %s", grant.permission,
		    user->name);
		why_mend(&judging->granted, "hexa-admin user edit %s --ungrant %s", user->name,
		    grant.permission);
		return;
	}
}

/* ---- all users ---------------------------------------------------------------------------- */

static enum fault
look_at_gains(struct judging *judging, const struct user *user, const struct plan_change *change,
    struct why *why)
{
	struct why inner = {0};
	enum fault fault;

	if (!judging->checks_actor || judging->gained.fault != FAULT_NONE)
		return FAULT_NONE;
	fault = gains_of_user(&judging->gains, user, change, &inner);
	if (fault == FAULT_DENIED) {
		judging->gained = inner;
		return FAULT_NONE;
	}
	if (fault != FAULT_NONE && why != NULL)
		*why = inner;
	return fault;
}

/* One of each kind, as the plan comes by them. */
static enum fault
look(void *context, const struct user *user, const struct plan_change *change, struct why *why)
{
	struct judging *judging = context;

	look_at_separation(judging, user);
	look_at_grants(judging, user);
	return look_at_gains(judging, user, change, why);
}

static enum fault
look_at_users(struct judging *judging, struct plan *plan, struct why *why)
{
	const struct proposal *proposal = judging->proposal;
	const struct plan_watcher watcher = {look, judging};
	struct plan unwanted = {0};
	enum fault fault;

	if (plan == NULL && !judging->checks_actor && !judging->checks_separation &&
	    !judging->checks_grants)
		return FAULT_NONE;
	fault = plan_users(proposal->admin, proposal->txn, proposal->before, proposal->after,
	    &watcher, plan == NULL ? &unwanted : plan, why);
	plan_clear(&unwanted);
	return fault;
}

static enum fault
found_among_users(const struct why *found, struct why *why)
{
	if (found->fault != FAULT_NONE && why != NULL)
		*why = *found;
	return found->fault;
}

static enum fault
no_user_gains(struct judging *judging, struct why *why)
{
	return found_among_users(&judging->gained, why);
}

static enum fault
nobody_was_granted_what_goes(struct judging *judging, struct why *why)
{
	return found_among_users(&judging->granted, why);
}

static enum fault
users_are_separate(struct judging *judging, struct why *why)
{
	return found_among_users(&judging->separated, why);
}

/* ---- the FILE's own tests ----------------------------------------------------------------- */

static enum fault
refuse_test(const struct proposal *proposal, const char *test, const char *reason,
    struct why *why)
{
	const char *const path[] = {"tests", test, NULL};
	unsigned line = 0, column = 0;

	document_place(proposal->yaml, proposal->size, path, &line, &column);
	return why_place(why, FAULT_RULE, line, column, "the test `%s` fails: %s", test, reason);
}

static enum fault
tests_pass(struct judging *judging, struct why *why)
{
	const struct proposal *proposal = judging->proposal;
	const struct names *tests = &proposal->after->tests;
	struct host host = {0};
	struct request at;
	enum fault fault = FAULT_NONE;

	if (proposal->yaml == NULL || tests->count == 0)
		return FAULT_NONE;
	fault = request_here(proposal->txn, proposal->admin->now, &host, &at, why);
	for (size_t i = 0; fault == FAULT_NONE && i < tests->count; i++) {
		char reason[WHY_TEXT_MAX / 2];
		bool passed = false;

		fault = policy_run_test(proposal->txn, proposal->after, tests->item[i], &at,
		    &passed, reason, sizeof(reason), why);
		if (fault == FAULT_NONE && !passed)
			fault = refuse_test(proposal, tests->item[i], reason, why);
	}
	host_clear(&host);
	return fault;
}

/* ---- the whole ---------------------------------------------------------------------------- */

/* The first that fails is the refusal. */
static enum fault
run_checks(struct judging *judging, struct why *refused, struct why *why)
{
	static check *const checks[] = {keeps_administrator, may_actor, no_user_gains,
	    leaves_stronger, administrators_get_in, actor_keeps_access, groups_can_be_had,
	    nobody_holds_what_goes, nobody_was_granted_what_goes, roles_are_separate,
	    users_are_separate, tests_pass};
	struct why said = {0};
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < sizeof(checks) / sizeof(checks[0]); i++)
		fault = checks[i](judging, &said);
	*refused = (struct why){0};
	if (fault == FAULT_UNAVAILABLE && why != NULL)
		*why = said;
	else if (fault != FAULT_NONE)
		*refused = said;
	return fault == FAULT_UNAVAILABLE ? fault : FAULT_NONE;
}

enum fault
policy_judge(const struct proposal *proposal, struct plan *plan, struct why *refused,
    struct why *why)
{
	const struct document *before = proposal->before, *after = proposal->after;
	struct judging judging = {
	    .proposal = proposal,
	    .checks_actor = proposal->checks_actor && !proposal->admin->is_root,
	    .checks_separation = after->constraint_count > 0 &&
	        (!policy_same_constraints(before, after) ||
	            !same_inheritance(&before->roles, &after->roles)),
	    .checks_grants = permissions_go(&before->rules, &after->rules),
	};
	enum fault fault = FAULT_NONE;

	if (judging.checks_actor)
		fault = gains_begin(&judging.gains, proposal->admin, proposal->txn, before, after,
		    why);
	if (fault == FAULT_NONE)
		fault = look_at_users(&judging, plan, why);
	if (fault == FAULT_NONE && plan != NULL)
		fault = plan_texts(before, after, plan, why);
	if (fault == FAULT_NONE)
		fault = run_checks(&judging, refused, why);
	gains_end(&judging.gains);
	return fault;
}
