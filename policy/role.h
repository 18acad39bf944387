/*
 * role.h - roles and permissions: the records that an administrator's policy is made of.
 */
#ifndef HEXA_POLICY_ROLE_H
#define HEXA_POLICY_ROLE_H

#include "policy/field.h"

/* The role that always exists, has every permission and cannot be reduced or deleted. */
#define ROLE_SYSTEM_ADMINISTRATOR "system-administrator"

/* Instead of a group's name: the role has no Unix group. */
#define ROLE_NO_GROUP "no"

struct role {
	struct uuid uuid;
	uint64_t version;
	char *origin;
	char *name;
	char *title;              /* empty: the name */
	struct names permissions; /* as written, patterns among them */
	struct names includes;    /* other roles whose permissions this one has too */
	char *group;              /* the Unix group: empty for the role's name, or `no` */
	uint32_t gid;             /* of that group; 0 without one */
	bool disabled;            /* a disabled role gives nothing */
	int64_t created;
	struct names closure;     /* compiled: every permission it carries, by its own name, sorted */
};

extern const struct table role_table;

void role_clear(struct role *role);

/*
 * The name of the role's Unix group; NULL when it has none.  A role whose own name is no group
 * name (it holds a dot, or is longer) must name its group or say `no`: whoever writes the role
 * checks it.
 */
const char *role_group(const struct role *role);

struct permission {
	char *name;
	char *title;              /* empty: the name */
	struct names services;    /* PAM services that it names; empty: none in particular */
	struct names unix_groups; /* the host's groups that its holders are in */
};

extern const struct table permission_table;

void permission_clear(struct permission *permission);

#endif
