/*
 * assignment.h - a role as a user holds it: everywhere, or within a scope.
 *
 *   administrator                 wherever the role reaches
 *   administrator@/sales          the unit /sales and what is below it
 *   technician@client:acme        the client acme
 *
 * A scope narrows whom the permissions on Hexa (`hexa.*`) reach: users of that unit, or users all
 * of whose clients are that one.  A client's scope also keeps the role to hosts that do not belong
 * to another client.  The rest of what a role carries is not narrowed by a unit.
 */
#ifndef HEXA_POLICY_ASSIGNMENT_H
#define HEXA_POLICY_ASSIGNMENT_H

#include <stdbool.h>

#include "policy/text.h"

enum scope_kind { SCOPE_NOTHING = 0, SCOPE_EVERYTHING, SCOPE_UNIT, SCOPE_CLIENT };

/* Where something counts.  All zero: nowhere. */
struct scope {
	enum scope_kind kind;
	const char *name; /* the unit's path or the client's name; "" of SCOPE_EVERYTHING */
};

/* The longest organisational unit in bytes, and the longest assignment. */
enum { UNIT_BYTES = 256 };
enum { ASSIGNMENT_BYTES = WORD_BYTES + 1 + UNIT_BYTES };

struct assignment {
	char role[WORD_BYTES + 1];
	struct scope scope; /* its name points into the text that was parsed */
};

/* Takes an assignment apart.  False for what is none; *assignment is then undefined. */
bool assignment_parse(const char *text, struct assignment *assignment);

/* True when the text assigns this role, in whatever scope. */
bool assignment_is_of(const char *text, const char *role);

/* True when it does; *scope says where, and its name points into the text. */
bool assignment_scope(const char *text, const char *role, struct scope *scope);

/* True when all that stands within `inner` stands within `outer`. */
bool scope_covers(const struct scope *outer, const struct scope *inner);

struct user;

/* True when the user stands within the scope: by unit, or by every one of their clients. */
bool scope_covers_user(const struct scope *scope, const struct user *user);

/* True when what is held in this scope counts on a host of this client (NULL or "": of none). */
bool scope_counts_on(const struct scope *scope, const char *client);

#endif
