/*
 * role.h - roles and permissions: the records that an administrator's policy is made of.
 */
#ifndef HEXA_POLICY_ROLE_H
#define HEXA_POLICY_ROLE_H

#include "policy/field.h"
#include "policy/text.h"
#include "policy/user.h"

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
	char *ladder;             /* has all that lower levels of its ladder have; empty: none */
	uint32_t level;           /* its place there; 0 without a ladder */
	uint32_t access_back;     /* how many days back its holders may see; 0: it says nothing */
	int64_t created;

	/* Compiled by roles_compile(); each list is sorted. */
	struct names closure;     /* every permission it carries, by its own name */
	struct names inherits;    /* every role whose permissions it has too, near and far */
	struct names works;       /* TYPE:PERMISSION, one for each type of user it gives anything */
	struct names services;    /* TYPE:SERVICE:PERMISSION, one for each type and service */
	struct names groups;      /* TYPE:GROUP: the host's groups that holders are in */
};

/* The longest of the compiled words in bytes. */
enum { COMPILED_BYTES = 16 + SERVICE_BYTES + 1 + WORD_BYTES };

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
	struct names types;       /* the types of user it works for; empty: employee and client */
};

/* True when the permission works for users of this type. */
bool permission_works_for(const struct permission *permission, enum user_type type);

/* True when it names this type itself: what a type that no person logs in as must have. */
bool permission_names_type(const struct permission *permission, enum user_type type);

extern const struct table permission_table;

void permission_clear(struct permission *permission);

#endif
