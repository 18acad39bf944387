/*
 * known.h - somebody whom Hexa knows by an e-mail address and who has no access: they are given it
 * again, and never a second record.  For the operations of accounts/ alone.
 */
#ifndef HEXA_ACCOUNTS_KNOWN_H
#define HEXA_ACCOUNTS_KNOWN_H

#include "accounts/change.h"

/*
 * Whose e-mail address this is, in any case of its letters: somebody without access (`revoked` or
 * `left`, or without a role and not suspended) whom the actor may change.  Beside what change_may()
 * refuses: FAULT_CONFLICT, with their name, when they have access; of a client user the mend then
 * gives them those of `clients`, which whoever asks meant them to have, that they lack.  Of whom
 * the actor may neither see nor change, nothing is told: FAULT_UNKNOWN, as of an address that is
 * nobody's.
 */
enum fault known_find(struct change *change, const char *email, const struct names *clients,
    struct user *user, struct why *why);

/*
 * Gives somebody of known_find()'s the roles, grants, clients and sites of these edits, beside
 * those that they have, and makes them active (who is invited stays so).  *after, all zero, is the
 * record as written, by the rules of change_user().  The admin's notices name roles that they hold
 * besides.
 */
enum fault known_restore(struct change *change, const struct user *before,
    const struct edits *edits, struct user *after, struct why *why);

/* Is this one of the fields that known_restore() heeds? */
bool known_takes(const struct field *field);

#endif
