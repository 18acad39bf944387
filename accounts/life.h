/*
 * life.h - a user's life after they were made: kept out for a while, without access, with it again,
 * gone.  One function per operation, in one transaction; faults as users.h.
 *
 * Only who is of one of the states on the left gets into the one on the right; of any other it is
 * FAULT_RULE, naming the state.  The record, its roles, clients and password stay as they are.
 */
#ifndef HEXA_ACCOUNTS_LIFE_H
#define HEXA_ACCOUNTS_LIFE_H

#include "accounts/admin.h"

/* active → suspended and back. */
enum fault account_suspend(struct admin *admin, const char *who, struct why *why);
enum fault account_resume(struct admin *admin, const char *who, struct why *why);

/* active, invited, suspended → revoked. */
enum fault account_revoke(struct admin *admin, const char *who, struct why *why);

/*
 * revoked, left → active.  Limits and constraints are asked as of a new user; FAULT_RULE as well
 * when a client user has no client any more (change.h).
 */
enum fault account_restore(struct admin *admin, const char *who, struct why *why);

/*
 * Gives somebody who is known by this e-mail address, and has no access, the roles (and grants,
 * clients, sites) of these edits, and makes them active: known.h, also for the faults.
 * FAULT_INVALID: no address.  *restored is the record as written.
 */
enum fault account_restore_known(struct admin *admin, const char *email,
    const struct edits *edits, struct user *restored, struct why *why);

/* The uid is never given again, and the journal and the documents stay. */
enum fault account_delete(struct admin *admin, const char *who, struct why *why);

#endif
