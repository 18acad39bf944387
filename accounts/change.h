/*
 * change.h - one change by one administrator, for the operations of accounts/ alone: a write
 * transaction that has looked at the actor's right, and that never takes the last system
 * administrator away, nor the actor's own access.
 */
#ifndef HEXA_ACCOUNTS_CHANGE_H
#define HEXA_ACCOUNTS_CHANGE_H

#include "accounts/access.h"
#include "accounts/admin.h"
#include "accounts/effects.h"

/*
 * How well the host is provided with system administrators: people who hold the role and would be
 * let in now.  One whose account has an end counts for less than one whose account has none.
 */
enum provision { PROVISION_NONE, PROVISION_ENDING, PROVISION_LASTING };

/* How well it is at `now`, as the transaction sees it. */
enum fault change_provision(struct txn *txn, int64_t now, enum provision *provision,
    struct why *why);

struct change {
	struct admin *admin;
	struct txn *txn;
	const char *permission; /* that the actor needs, in a scope that reaches what is changed */
	enum provision before;
	struct access own;      /* the actor's, before it */
	/*
	 * Set by an operation that does what can be done: of several clients that a user is newly
	 * given, those that are full are passed over, with the sites that were given of them, and
	 * admin->shortfall says so.  Else, as in what is all or nothing, one that is full refuses.
	 * Whom it gives clients is to be told, if the policy says so: admin->assigned.
	 */
	bool passes_over;
	bool is_loaded;           /* the rest is there: change_load() */
	struct document document; /* the policy in force */
	struct effects actor;     /* what whoever is acting has */
	struct user person;       /* who that is; all zero of plain root */
};

/*
 * Begins the host's one write transaction, `action` being the journal's word for it.  FAULT_DENIED
 * unless the actor holds `permission`: of what changes the policy, everywhere; of all else in some
 * scope, and whom it reaches is asked for each.  *change must be ended by change_commit() or
 * change_end().
 */
enum fault change_begin(struct change *change, struct admin *admin, const char *action,
    const char *permission, struct why *why);

/* Reads the policy in force and the actor's rights into the change, once. */
enum fault change_load(struct change *change, struct why *why);

/*
 * FAULT_DENIED unless this actor may change the user who stands so: the change's permission reaches
 * them, it is not the actor's own account, and they have nothing (effects.h), nor are let in on a
 * host, that the actor has not or is not.
 */
enum fault change_may(struct change *change, const struct user *user, struct why *why);

/*
 * Writes a user, or with `after` NULL deletes one; `before` NULL: a new one.  The rules that every
 * change of a user stands under, whatever command asks for it:
 *   FAULT_DENIED   change_may() of the user before and after, and of what they would come to have;
 *                  another home than the policy's, but by who holds every permission; a client user
 *                  would be one no longer
 *   FAULT_UNKNOWN  a role, permission, client or site that there is not, with the nearest; a user
 *   FAULT_INVALID  system-administrator with a scope; a site of another client than the user's;
 *                  an end before the beginning
 *   FAULT_RULE     a constraint would be broken (separation.h); a circle of users who name one
 *                  another (references.h); somebody whose last client went
 *                  would come back without one; a client user's e-mail would be another
 *   FAULT_CONFLICT a limit of the policy is reached, by somebody who newly takes one of the places
 *                  (user_has_seat()): who is made, comes back, gets a client, or becomes a client
 *                  user; why->limit is true.  With passes_over only when no client that is newly
 *                  given has room, or when without the sites that are passed over the user would
 *                  be at all sites of the other clients'; or `home`: it is new, and another user's,
 *                  unless plain root insists
 * and as user_put() and user_delete().  Plain root stands under all but the first.  A client user
 * whose last client goes is `revoked`, whoever becomes `system` or `integration` loses the
 * password, and whoever could be given no one-time code any more (invite_allows()) loses the one
 * they have: the admin's notices say so, and when a grant that is added has ended already, when
 * others name somebody who goes or is renamed, and when a new name looks like another user's.
 */
enum fault change_user(struct change *change, const struct user *before, struct user *after,
    struct why *why);

/* The rules alone, with nothing written: for who has more to ask yet, as what name to make. */
enum fault change_allows(struct change *change, const struct user *before, struct user *after,
    struct why *why);

/*
 * From here on plain root, if it insists, may take a name that was given up a short while ago: for
 * names that were typed, not for one that Hexa makes.
 */
void change_insist(struct change *change);

/* What change_commit() would refuse now, with nothing ended: for what is only tried. */
enum fault change_check(struct change *change, struct why *why);

/*
 * FAULT_RULE, and nothing kept, when the host would be worse provided with system administrators
 * than before, or the actor would lose what access.h names.  Otherwise as store_commit().  The
 * transaction is ended in any case.
 */
enum fault change_commit(struct change *change, struct why *why);

/* Ends the change without keeping it; harmless after change_commit(), or on an all-zero change. */
void change_end(struct change *change);

/* Finishes an operation: commits when `fault` is none, else ends; returns what came of it. */
enum fault change_finish(struct change *change, enum fault fault, struct why *why);

#endif
