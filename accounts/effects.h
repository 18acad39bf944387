/*
 * effects.h - everything that somebody comes to have: the measure of the rule that no one gives
 * more than they have.  For the operations of accounts/ alone.
 */
#ifndef HEXA_ACCOUNTS_EFFECTS_H
#define HEXA_ACCOUNTS_EFFECTS_H

#include "accounts/admin.h"
#include "policy/assignment.h"
#include "policy/decide.h"
#include "policy/document.h"

enum effect_kind {
	EFFECT_PERMISSION = 1, /* by name, in a scope */
	EFFECT_SERVICE,        /* a PAM service, or EFFECT_OTHER for those that nothing names */
	EFFECT_GROUP,          /* one of the host's Unix groups */
	EFFECT_ROLE_GROUP,     /* a role's own Unix group, by the role's name: that may be renamed */
};

/* Stands for every service that no permission names: no service is called that. */
#define EFFECT_OTHER "(other)"

/*
 * The permission of whoever has every one that there is or will be, because a role or a grant of
 * theirs is written `*`.  Beside it stand those that there are.  Held everywhere it covers every
 * effect of any kind: who may write any policy can have everything.
 */
#define EFFECT_ALL "*"

struct effect {
	enum effect_kind kind;
	char *name;
	enum scope_kind scope_kind; /* where; of all but a permission everywhere, or for a client */
	char *scope;                /* the scope's name; "" of SCOPE_EVERYTHING */
};

/* Sorted by kind, name and scope; all zero is nothing. */
struct effects {
	struct effect *effect;
	size_t count;
};

void effects_clear(struct effects *effects);

/*
 * What a user comes to have by roles and grants, whatever their status and validity: a role that is
 * disabled counts too (who may enable it gives it), a grant whose end has passed at `now` does not.
 * A permission counts when it works for users of this type, and when it works for no employee:
 * whoever carries such a one can only pass it on.  A service or group counts when it is this type's
 * to have.  `hexa.*` permissions stand in the scope of their assignment; what else a role carries
 * is narrowed by a client's scope alone, and for a client user by their few clients, if need be.
 * `host_groups` are the groups of /etc/group that list them (host_memberships(), below), or NULL.
 * The document is compiled.  *effects must be all zero, or cleared.
 */
enum fault effects_of_user(const struct document *document, const struct user *user,
    const struct names *host_groups, int64_t now, struct effects *effects, struct why *why);

/*
 * What a role gives an employee, and what it gives users of other types.  Its own Unix group is
 * left out: that is nothing until the role is given to somebody.
 */
enum fault effects_of_role(const struct document *document, const struct role *role,
    struct effects *effects, struct why *why);

/*
 * What whoever is acting has to give, now: as effects_of_user() with the groups of /etc/group, and
 * with the own groups of roles that theirs inherit; but nothing of roles that are disabled, or of
 * grants that end.  Plain root's is EFFECT_ALL.
 */
enum fault effects_of_actor(const struct admin *admin, struct txn *txn,
    const struct document *document, struct effects *effects, struct why *why);

/* The first effect of `some` that `all` has not, in a scope that covers it; NULL: none. */
const struct effect *effects_beyond(const struct effects *some, const struct effects *all);

/* "the permission hexa.users.edit within /sales", "the Unix group docker". */
void effect_explain(const struct effect *effect, char *text, size_t size);

/*
 * The groups of /etc/group under `root` that list this login name, as they stand there.  A missing
 * file has none; FAULT_UNAVAILABLE: it cannot be read.
 */
enum fault host_memberships(const char *root, const char *name, struct names *groups,
    struct why *why);

#endif
