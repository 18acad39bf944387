/*
 * oracle.h - the rule that no one gives more than they have, stated once more for the tests: from
 * the records as they are written, sharing nothing with accounts/ and nothing with what decide()
 * and roles_compile() come to.
 *
 * Who holds what is a list of things had, each in a scope.  A change is allowed when the actor has
 * the command's permission in a scope that reaches the user before and after it, has all that the
 * user has and is to have, and is not the user.
 */
#ifndef HEXA_TESTS_ORACLE_H
#define HEXA_TESTS_ORACLE_H

#include <stdlib.h>
#include <string.h>

#include "policy/assignment.h"
#include "policy/document.h"
#include "policy/grant.h"
#include "policy/user.h"

/* ---- what is written ------------------------------------------------------------------------ */

/* A role or a permission of a document, by a walk: of compiled order nothing is assumed. */
static inline const struct role *
oracle_role(const struct document *policy, const char *name)
{
	for (size_t i = 0; i < policy->roles.count; i++)
		if (strcmp(policy->roles.role[i].name, name) == 0)
			return &policy->roles.role[i];
	return NULL;
}

static inline const struct permission *
oracle_permission(const struct document *policy, const char *name)
{
	for (size_t i = 0; i < policy->rules.count; i++)
		if (strcmp(policy->rules.permission[i].name, name) == 0)
			return &policy->rules.permission[i];
	return NULL;
}

static inline bool
oracle_is_listed(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->item[i], name) == 0)
			return true;
	return false;
}

/* `*`, a name, or the words before a last `.*`. */
static inline bool
oracle_matches(const char *pattern, const char *name)
{
	size_t size = strlen(pattern);

	if (strcmp(pattern, "*") == 0 || strcmp(pattern, name) == 0)
		return true;
	return size > 2 && strcmp(pattern + size - 2, ".*") == 0 &&
	    strncmp(pattern, name, size - 1) == 0;
}

/* Roles include one another no deeper here: beyond, a test has made a circle. */
enum { ORACLE_DEPTH = 8 };

/* Does `senior` have what `junior` has, by including it or from a higher step of its ladder? */
static inline bool
oracle_is_next(const struct role *senior, const struct role *junior)
{
	return oracle_is_listed(&senior->includes, junior->name) ||
	    (senior->ladder != NULL && junior->ladder != NULL &&
	        strcmp(senior->ladder, junior->ladder) == 0 && junior->level < senior->level);
}

/* Does the role carry the permission?  "*": every one there is or will be. */
static inline bool
oracle_carries(const struct document *policy, const struct role *role, const char *permission,
    unsigned depth)
{
	if (strcmp(role->name, ROLE_SYSTEM_ADMINISTRATOR) == 0)
		return true;
	for (size_t i = 0; i < role->permissions.count; i++)
		if (oracle_matches(role->permissions.item[i], permission))
			return true;
	for (size_t i = 0; depth < ORACLE_DEPTH && i < policy->roles.count; i++) {
		const struct role *other = &policy->roles.role[i];

		if (!other->disabled && oracle_is_next(role, other) &&
		    oracle_carries(policy, other, permission, depth + 1))
			return true;
	}
	return false;
}

static inline bool
oracle_inherits(const struct document *policy, const struct role *senior,
    const struct role *junior, unsigned depth)
{
	if (oracle_is_next(senior, junior))
		return true;
	for (size_t i = 0; depth < ORACLE_DEPTH && i < policy->roles.count; i++) {
		const struct role *between = &policy->roles.role[i];

		if (!between->disabled && oracle_is_next(senior, between) &&
		    oracle_inherits(policy, between, junior, depth + 1))
			return true;
	}
	return false;
}

static inline bool
oracle_is_hexas(const char *permission)
{
	return strncmp(permission, "hexa.", 5) == 0;
}

static inline bool
oracle_is_person(unsigned type)
{
	return type == USER_EMPLOYEE || type == USER_CLIENT;
}

static inline bool
oracle_works_for(const struct permission *permission, unsigned type)
{
	if (permission->types.count == 0)
		return oracle_is_person(type);
	return oracle_is_listed(&permission->types, user_types[type]);
}

/* ---- scopes --------------------------------------------------------------------------------- */

static inline bool
oracle_is_below(const char *unit, const char *outer)
{
	size_t size = strlen(outer);

	return strcmp(outer, "/") == 0 ||
	    (strncmp(unit, outer, size) == 0 && (unit[size] == '/' || unit[size] == '\0'));
}

static inline bool
oracle_covers(const struct scope *outer, const struct scope *inner)
{
	if (outer->kind == SCOPE_EVERYTHING)
		return true;
	if (outer->kind != inner->kind)
		return false;
	return outer->kind == SCOPE_UNIT ? oracle_is_below(inner->name, outer->name)
	                                 : strcmp(outer->name, inner->name) == 0;
}

static inline bool
oracle_reaches(const struct scope *scope, const struct user *user)
{
	if (scope->kind == SCOPE_UNIT)
		return user->unit != NULL && oracle_is_below(user->unit, scope->name);
	for (size_t i = 0; scope->kind == SCOPE_CLIENT && i < user->clients.count; i++)
		if (strcmp(user->clients.item[i], scope->name) != 0)
			return false;
	return scope->kind == SCOPE_EVERYTHING || user->clients.count > 0;
}

/* ---- what somebody has ---------------------------------------------------------------------- */

enum thing { A_PERMISSION = 1, A_SERVICE, A_GROUP, A_ROLES_GROUP };

/* Borrowed words.  The permission `*` covers all; the service "" is any that nothing names. */
struct having {
	enum thing thing;
	const char *name;
	struct scope scope;
};

enum { HAVINGS_MAX = 1024 };

struct havings {
	struct having having[HAVINGS_MAX];
	size_t count;
};

/* Whose things are counted, and how. */
struct counting {
	const struct document *policy;
	const struct user *user; /* NULL: what a role gives, to users of this type */
	unsigned type;
	bool to_give;            /* what an actor has to give: nothing disabled, nothing that ends */
	int64_t now;
	struct havings *havings;
};

static inline void
oracle_have(struct counting *counting, enum thing thing, const char *name, struct scope scope)
{
	struct havings *havings = counting->havings;

	assert_in_range(havings->count, 0, HAVINGS_MAX - 1);
	havings->having[havings->count++] = (struct having){thing, name, scope};
}

static const struct scope oracle_everywhere = {SCOPE_EVERYTHING, ""};

/* What is no permission on Hexa: a unit narrows it not, and a client user is at their clients. */
static inline void
oracle_have_here(struct counting *counting, enum thing thing, const char *name,
    struct scope scope)
{
	const struct user *user = counting->user;

	if (scope.kind == SCOPE_CLIENT) {
		oracle_have(counting, thing, name, scope);
	} else if (user == NULL || counting->to_give || user->type != USER_CLIENT ||
	    user->clients.count == 0 || user->clients.count > 8) {
		oracle_have(counting, thing, name, oracle_everywhere);
	} else {
		for (size_t i = 0; i < user->clients.count; i++)
			oracle_have(counting, thing, name,
			    (struct scope){SCOPE_CLIENT, user->clients.item[i]});
	}
}

/* What this one permission lets its holder have. */
static inline void
oracle_have_permission(struct counting *counting, const struct permission *permission,
    struct scope scope)
{
	const bool works = oracle_works_for(permission, counting->type);
	const bool is_hexas = oracle_is_hexas(permission->name);

	/* Who cannot use it, and whom nobody could give it for use, can still pass it on. */
	if (!works && oracle_works_for(permission, USER_EMPLOYEE) && counting->user != NULL)
		return;
	if (is_hexas)
		oracle_have(counting, A_PERMISSION, permission->name, scope);
	else
		oracle_have_here(counting, A_PERMISSION, permission->name, scope);
	if (!works)
		return;
	for (size_t i = 0; i < permission->services.count; i++)
		oracle_have_here(counting, A_SERVICE, permission->services.item[i], scope);
	for (size_t i = 0; i < permission->unix_groups.count; i++)
		oracle_have_here(counting, A_GROUP, permission->unix_groups.item[i], scope);
	if (is_hexas) {
		oracle_have_here(counting, A_SERVICE, "sudo", scope);
		oracle_have_here(counting, A_SERVICE, "sudo-i", scope);
		oracle_have_here(counting, A_GROUP, "hexa-admins", scope);
	}
	if (oracle_is_person(counting->type) &&
	    counting->policy->rules.settings.other_services == OTHER_ANY_PERMISSION)
		oracle_have_here(counting, A_SERVICE, "", scope);
}

static inline void
oracle_have_role(struct counting *counting, const struct role *role, struct scope scope)
{
	const struct rules *rules = &counting->policy->rules;

	if (oracle_carries(counting->policy, role, "*", 0))
		oracle_have(counting, A_PERMISSION, "*", scope);
	for (size_t i = 0; i < rules->count; i++)
		if (oracle_carries(counting->policy, role, rules->permission[i].name, 0))
			oracle_have_permission(counting, &rules->permission[i], scope);
}

static inline bool
oracle_has_group(const struct role *role)
{
	return role->group == NULL || strcmp(role->group, ROLE_NO_GROUP) != 0;
}

/* An actor has the groups of the roles that theirs inherit to give, too. */
static inline void
oracle_have_roles_groups(struct counting *counting, const struct role *role, struct scope scope)
{
	const struct roles *roles = &counting->policy->roles;

	if (oracle_has_group(role))
		oracle_have_here(counting, A_ROLES_GROUP, role->name, scope);
	for (size_t i = 0; counting->to_give && i < roles->count; i++)
		if (!roles->role[i].disabled && oracle_has_group(&roles->role[i]) &&
		    oracle_inherits(counting->policy, role, &roles->role[i], 0))
			oracle_have_here(counting, A_ROLES_GROUP, roles->role[i].name, scope);
}

static inline void
oracle_have_grant(struct counting *counting, const struct grant *grant)
{
	const struct rules *rules = &counting->policy->rules;

	if (!grant_counts(grant, counting->now) || (counting->to_give && grant->end != 0))
		return;
	if (strcmp(grant->permission, "*") == 0)
		oracle_have(counting, A_PERMISSION, "*", oracle_everywhere);
	for (size_t i = 0; i < rules->count; i++)
		if (oracle_matches(grant->permission, rules->permission[i].name))
			oracle_have_permission(counting, &rules->permission[i],
			    oracle_everywhere);
}

/* `host_group`: the one of /etc/group that lists this name, or NULL. */
static inline void
oracle_count_user(const struct document *policy, const struct user *user, const char *host_group,
    bool to_give, int64_t now, struct havings *havings)
{
	struct counting counting = {policy, user, user->type, to_give, now, havings};

	havings->count = 0;
	for (size_t i = 0; i < user->roles.count; i++) {
		struct assignment held;
		const struct role *role;

		if (!assignment_parse(user->roles.item[i], &held))
			continue;
		role = oracle_role(policy, held.role);
		if (role == NULL || (to_give && role->disabled))
			continue;
		/* The name of the scope is to outlive the parsed text: it is in the record. */
		oracle_have_role(&counting, role, held.scope);
		oracle_have_roles_groups(&counting, role, held.scope);
	}
	for (size_t i = 0; i < user->grants.count; i++) {
		struct grant grant;

		if (grant_parse(user->grants.item[i], &grant))
			oracle_have_grant(&counting, &grant);
	}
	if (host_group != NULL)
		oracle_have(&counting, A_GROUP, host_group, oracle_everywhere);
}

/* What a role gives users of any type, whether it is disabled or not. */
static inline void
oracle_count_role(const struct document *policy, const struct role *role, struct havings *havings)
{
	havings->count = 0;
	for (unsigned type = 0; type < USER_TYPES; type++) {
		struct counting counting = {policy, NULL, type, false, 0, havings};

		oracle_have_role(&counting, role, oracle_everywhere);
	}
}

static inline bool
oracle_has(const struct havings *all, const struct having *one)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct having *having = &all->having[i];
		const bool is_all = having->thing == A_PERMISSION &&
		    strcmp(having->name, "*") == 0 && having->scope.kind == SCOPE_EVERYTHING;

		if (is_all || (having->thing == one->thing &&
		                  strcmp(having->name, one->name) == 0 &&
		                  oracle_covers(&having->scope, &one->scope)))
			return true;
	}
	return false;
}

/* Of `some` one that `all` has not; NULL: there is none. */
static inline const struct having *
oracle_beyond(const struct havings *some, const struct havings *all)
{
	for (size_t i = 0; i < some->count; i++)
		if (!oracle_has(all, &some->having[i]))
			return &some->having[i];
	return NULL;
}

static inline bool
oracle_has_everywhere(const struct havings *all, enum thing thing, const char *name)
{
	return oracle_has(all, &(struct having){thing, name, oracle_everywhere});
}

/* ---- who may act ---------------------------------------------------------------------------- */

/* Active, within their time, and with a role that is not switched off. */
static inline bool
oracle_is_live(const struct document *policy, const struct user *user, int64_t now)
{
	bool has_role = false;

	for (size_t i = 0; i < user->roles.count; i++) {
		struct assignment held;
		const struct role *role = assignment_parse(user->roles.item[i], &held)
		    ? oracle_role(policy, held.role) : NULL;

		has_role |= role != NULL && !role->disabled;
	}
	return has_role && user->uid != 0 && user->status == STATUS_ACTIVE &&
	    now >= user->valid_from && (user->valid_until == 0 || now <= user->valid_until);
}

/*
 * Does the permission on Hexa count for what this user does to `whom`?  NULL: to anybody at all.
 * `client`: to this client, instead.  What is done everywhere is done to nobody in a scope.
 */
enum whom { WHOM_ANY, WHOM_USER, WHOM_CLIENT, WHOM_EVERYWHERE };

static inline bool
oracle_scope_is_of(const struct scope *scope, enum whom whom, const void *which)
{
	switch (whom) {
	case WHOM_ANY:
		return true;
	case WHOM_USER:
		return oracle_reaches(scope, which);
	case WHOM_CLIENT:
		return oracle_covers(scope, &(struct scope){SCOPE_CLIENT, which});
	case WHOM_EVERYWHERE:
		break;
	}
	return scope->kind == SCOPE_EVERYTHING;
}

static inline bool
oracle_holds(const struct document *policy, const struct user *actor, int64_t now,
    const char *permission, enum whom whom, const void *which)
{
	if (!oracle_is_live(policy, actor, now) || !oracle_is_person(actor->type))
		return false;
	for (size_t i = 0; i < actor->roles.count; i++) {
		struct assignment held;
		const struct role *role = assignment_parse(actor->roles.item[i], &held)
		    ? oracle_role(policy, held.role) : NULL;

		if (role != NULL && !role->disabled &&
		    oracle_carries(policy, role, permission, 0) &&
		    oracle_scope_is_of(&held.scope, whom, which))
			return true;
	}
	for (size_t i = 0; i < actor->grants.count; i++) {
		struct grant grant;

		if (grant_parse(actor->grants.item[i], &grant) && grant_counts(&grant, now) &&
		    oracle_matches(grant.permission, permission))
			return true;
	}
	return false;
}

/* Any permission on Hexa at all. */
static inline bool
oracle_acts(const struct document *policy, const struct user *user, int64_t now)
{
	for (size_t i = 0; i < policy->rules.count; i++) {
		const char *name = policy->rules.permission[i].name;

		if (oracle_is_hexas(name) &&
		    oracle_holds(policy, user, now, name, WHOM_ANY, NULL))
			return true;
	}
	return false;
}

/* Let in by any service, on a host of no client: by something else than sudo. */
static inline bool
oracle_is_let_in(const struct document *policy, const struct user *user, int64_t now)
{
	static struct havings havings;

	if (!oracle_is_live(policy, user, now) || (user->type == USER_CLIENT &&
	    (user->email == NULL || user->phone == NULL || user->clients.count > 0)))
		return false;
	oracle_count_user(policy, user, NULL, false, now, &havings);
	for (size_t i = 0; i < havings.count; i++)
		if (havings.having[i].thing == A_SERVICE &&
		    strncmp(havings.having[i].name, "sudo", 4) != 0)
			return true;
	return false;
}

/* How many days back they see; 0: all. */
static inline uint32_t
oracle_days(const struct document *policy, const struct user *user)
{
	uint32_t most = 0;

	for (size_t i = 0; i < user->roles.count; i++) {
		struct assignment held;
		const struct role *role = assignment_parse(user->roles.item[i], &held)
		    ? oracle_role(policy, held.role) : NULL;

		if (role != NULL && !role->disabled && role->access_back > most)
			most = role->access_back;
	}
	return user->access_back != 0 ? user->access_back : most;
}

/*
 * How well a user provides the host with a system administrator: 0 not at all, 1 with one who has
 * an end, 2 for good.  On a host of no client.
 */
static inline unsigned
oracle_provides(const struct user *user, int64_t now)
{
	if (!oracle_is_listed(&user->roles, ROLE_SYSTEM_ADMINISTRATOR) ||
	    user->status != STATUS_ACTIVE || !oracle_is_person(user->type) ||
	    now < user->valid_from || (user->valid_until != 0 && now > user->valid_until))
		return 0;
	if (user->type == USER_CLIENT &&
	    (user->email == NULL || user->phone == NULL || user->clients.count > 0))
		return 0;
	return user->valid_until == 0 ? 2 : 1;
}

#endif
