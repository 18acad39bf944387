/*
 * rules.h - the policy in force: every permission there is, sorted by name, and what follows.
 */
#ifndef HEXA_POLICY_RULES_H
#define HEXA_POLICY_RULES_H

#include "policy/role.h"
#include "policy/settings.h"

/*
 * All zero: no permission at all, and no service is open.  For a login the store reads a part: all
 * settings and all of `services`, and of the permissions those that the user was granted
 * (store.h, rules_load_login()); nothing else of the rules is looked at then.
 */
struct rules {
	struct permission *permission; /* sorted by name, built-in `hexa.*` ones among them */
	size_t count;
	struct names services;         /* every service that some permission names, sorted */
	struct settings settings;
};

void rules_clear(struct rules *rules);

/* How many services all permissions of a policy name together, and how many Unix groups. */
enum { SERVICES_NAMED_MAX = 512, GROUPS_NAMED_MAX = 4096 };

/*
 * Fills in `services` from the permissions: for who has put these there without rules_add().
 * FAULT_INVALID for more than SERVICES_NAMED_MAX.
 */
enum fault rules_index(struct rules *rules, struct why *why);

/*
 * Moves *permission into the rules, keeping the order, and copies its services into `services`.
 * FAULT_CONFLICT when the name is there, FAULT_INVALID for more than SERVICES_NAMED_MAX; the
 * permission is then still the caller's.
 */
enum fault rules_add(struct rules *rules, struct permission *permission, struct why *why);

/* The built-in permissions on Hexa itself (`hexa.users.view` …): always there, with titles. */
enum fault rules_add_builtin(struct rules *rules, struct why *why);

/* True for a name that rules_add_builtin() adds. */
bool rules_is_builtin(const char *name);

/*
 * Whoever may act on Hexa does so through sudo: each built-in permission opens these services (sudo
 * and sudo-i, sorted) to its holders and puts them into this group, whatever the policy names.  The
 * group is Hexa's own, and the one that sudoers gives hexa-admin to.
 */
extern const struct names admins_services;
#define ADMINS_GROUP "hexa-admins"

/*
 * What a permission opens, and which Unix groups its holders are in: what it names, or of a
 * built-in one the above.  rules.services has only what is named: to others the services are what
 * they were.
 */
const struct names *permission_services(const struct permission *permission);
const struct names *permission_groups(const struct permission *permission);

/* Groups whose members can become root by them, on any host: sudo, docker, disk … */
bool group_is_root_equal(const char *group);

/* One that puts its holders into such a group, or names a service of sudo. */
bool permission_is_root_equal(const struct permission *permission);

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

/* The most roles of one ladder. */
enum { LADDER_ROLES_MAX = 256 };

/* How deep roles may include one another: beyond what a person follows, well within the stack. */
enum { INCLUDE_DEPTH_MAX = 64 };

/* How many words all that is compiled may have, so that no policy takes all memory. */
enum { COMPILED_MAX = 4 * 1024 * 1024 };

/*
 * The name that compiling failed at, as it stands in the list `key` of `role`.  Lives as the
 * roles.
 */
struct misfit {
	const char *role;
	const char *key;  /* "permissions", "includes", "ladder" or "level" */
	const char *name; /* NULL: it is the key itself */
};

/*
 * Compiles: fills in what role.h calls compiled, from the role's own permissions, those of the
 * roles it includes, up to INCLUDE_DEPTH_MAX deep, and those of all that stand lower on its ladder,
 * which is no deeper however high the ladder.  A disabled role gives nothing to who includes it or
 * stands above it, but is inherited in name.  The system administrator's closure is every
 * permission, whatever the record says.
 *
 * FAULT_INVALID for an unknown permission (or a pattern that covers none), an unknown role, a
 * circle of includes and ladders, includes that are too deep, a ladder without a level or the other
 * way round, more than LADDER_ROLES_MAX roles of one ladder, with the name in *misfit (which may be
 * NULL); and for more than COMPILED_MAX words or GROUPS_NAMED_MAX Unix groups, with no misfit.
 * What was compiled before is then as it was.
 *
 * Takes a bit for each pair of roles and each of role and permission; the time is that of going
 * once through the rows of bits for each include and each lower role of a ladder.
 */
enum fault roles_compile(struct roles *roles, const struct rules *rules, struct misfit *misfit,
    struct why *why);

#endif
