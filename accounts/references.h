/*
 * references.h - fields that name another user (K_USER): from what was typed to a login name, lines
 * without circles, and what is said when somebody goes who is named.  For the operations of
 * accounts/ alone.
 *
 * Each such field makes lines of its own: somebody may report to whom their own work is routed to.
 */
#ifndef HEXA_ACCOUNTS_REFERENCES_H
#define HEXA_ACCOUNTS_REFERENCES_H

#include "accounts/change.h"

/* The most users that a line goes through, so that what it costs to look along it has an end. */
enum { REFERENCE_LINE_MAX = 100 };

/*
 * Puts login names in the place of what was typed in *after, where it is otherwise than in *before
 * (all zero of a new user).  Each fault names the field:
 *   FAULT_UNKNOWN  there is no such user
 *   FAULT_DENIED   an e-mail address or a phone number of somebody whom the change's permission
 *                  does not reach: whose it is would be told
 *   FAULT_RULE     a circle, which is named where the permission reaches all of it; or a line of
 *                  more than REFERENCE_LINE_MAX users
 */
enum fault references_settle(struct change *change, const struct user *before, struct user *after,
    struct why *why);

/*
 * A notice for each field in which others name a user whose name changes, or who goes (`after`
 * NULL).  The store writes their records.  Nothing of a new user (`before` NULL).
 */
enum fault references_tell(struct change *change, const struct user *before,
    const struct user *after, struct why *why);

#endif
