/*
 * change.h - one change by one administrator, for the operations of accounts/ alone: a write
 * transaction that has looked at the actor's right, and that never takes the last system
 * administrator away.
 */
#ifndef HEXA_ACCOUNTS_CHANGE_H
#define HEXA_ACCOUNTS_CHANGE_H

#include "accounts/admin.h"

/*
 * How well the host is provided with system administrators: people who hold the role and would be
 * let in now.  One whose account has an end counts for less than one whose account has none.
 */
enum provision { PROVISION_NONE, PROVISION_ENDING, PROVISION_LASTING };

struct change {
	struct admin *admin;
	struct txn *txn;
	enum provision before;
};

/*
 * Begins the host's one write transaction, `action` being the journal's word for it.  FAULT_DENIED
 * unless the actor holds `permission`.  *change must be ended by change_commit() or change_end().
 */
enum fault change_begin(struct change *change, struct admin *admin, const char *action,
    const char *permission, struct why *why);

/*
 * From here on plain root, if it insists, may take a name that was given up a short while ago: for
 * names that were typed, not for one that Hexa makes.
 */
void change_insist(struct change *change);

/*
 * FAULT_RULE, and nothing kept, when the host would be worse provided with system administrators
 * than before.  Otherwise as store_commit().  The transaction is ended in any case.
 */
enum fault change_commit(struct change *change, struct why *why);

/* Ends the change without keeping it; harmless after change_commit(), or on an all-zero change. */
void change_end(struct change *change);

/* Finishes an operation: commits when `fault` is none, else ends; returns what came of it. */
enum fault change_finish(struct change *change, enum fault fault, struct why *why);

#endif
