/*
 * rules.h - the policy in force: every permission there is, sorted by name, and what follows.
 */
#ifndef HEXA_POLICY_RULES_H
#define HEXA_POLICY_RULES_H

#include "policy/role.h"

/* All zero: no permission at all, so nobody may log in. */
struct rules {
	struct permission *permission; /* sorted by name, built-in `hexa.*` ones among them */
	size_t count;
};

void rules_clear(struct rules *rules);

/* Moves *permission into the rules, keeping the order.  FAULT_CONFLICT when the name is there. */
enum fault rules_add(struct rules *rules, struct permission *permission, struct why *why);

/* The built-in permissions on Hexa itself (`hexa.users.view` …): always there, with titles. */
enum fault rules_add_builtin(struct rules *rules, struct why *why);

/* True for a name that rules_add_builtin() adds. */
bool rules_is_builtin(const char *name);

const struct permission *rules_find(const struct rules *rules, const char *name);

/* True when some permission names this service. */
bool rules_name_service(const struct rules *rules, const char *service);

/* True when `pattern` (a name, `*`, or `word.*`) covers the permission `name`. */
bool permission_matches(const char *pattern, const char *name);

/*
 * How many permissions of the rules a pattern covers; 0 for none.  They stand side by side, from
 * *first on.
 */
size_t rules_covered(const struct rules *rules, const char *pattern, size_t *first);

/*
 * A set of roles, as the policy's document or the database holds them: sorted by name.
 */
struct roles {
	struct role *role;
	size_t count;
};

void roles_clear(struct roles *roles);
struct role *roles_find(const struct roles *roles, const char *name);

/* Moves *role into the set.  FAULT_CONFLICT when the name is there. */
enum fault roles_add(struct roles *roles, struct role *role, struct why *why);

/* The role that always exists, ROLE_SYSTEM_ADMINISTRATOR: every permission, no Unix group. */
enum fault roles_add_builtin(struct roles *roles, struct why *why);

/* How deep roles may include one another: beyond what a person follows, well within the stack. */
enum { INCLUDE_DEPTH_MAX = 64 };

/* How many names all closures together may have, so that no policy takes all memory. */
enum { CLOSURES_MAX = 4 * 1024 * 1024 };

/*
 * The name that compiling failed at, as it stands in the list `key` of `role`.  Lives as the
 * roles.
 */
struct misfit {
	const char *role;
	const char *key; /* "permissions" or "includes" */
	const char *name;
};

/*
 * Compiles: fills in each role's closure, from its own permissions and those of the roles it
 * includes, up to INCLUDE_DEPTH_MAX deep; an included role that is disabled gives nothing.
 * FAULT_INVALID for an unknown permission (or a pattern that covers none), an unknown role, a
 * circle of includes or one that is too deep, with the name in *misfit (which may be NULL); and
 * for closures beyond CLOSURES_MAX, with no misfit.  The roles' closures are then as they were.
 * The system administrator's closure is every permission, whatever the record says.
 * Linear in roles plus includes plus the size of the closures.
 */
enum fault roles_compile(struct roles *roles, const struct rules *rules, struct misfit *misfit,
    struct why *why);

#endif
