/*
 * claim.h - may a name be given on this host?  Users and role groups share one name space with the
 * host's own users and groups.  For the operations of accounts/ alone.
 */
#ifndef HEXA_ACCOUNTS_CLAIM_H
#define HEXA_ACCOUNTS_CLAIM_H

#include "accounts/admin.h"

/*
 * Asks the host about a name that is to be given.  `taken` is returned, naming `field`, when the
 * name is reserved, or that of a user or group of the host's own; FAULT_CONFLICT when sudoers or
 * sshd_config mention it, unless plain root insists.  Whether Hexa itself has given it to somebody
 * is the store's to say.
 */
enum fault claim_name(const struct admin *admin, const char *name, const char *field,
    enum fault taken, struct why *why);

/*
 * Only the first half of claim_name(): for a name that was claimed before, which the host may have
 * come to have meanwhile.
 */
enum fault claim_check_host(const struct admin *admin, const char *name, const char *field,
    enum fault taken, struct why *why);

/*
 * claim_name() for a login name that is to be `uid`'s (0: a new user's).  FAULT_CONFLICT as well,
 * unless plain root insists: while a group of the host's own lists the name as a member's, since
 * whoever gets the name would be in it; and while somebody whom Hexa once gave a uid has left a
 * home directory (where the policy has homes, or in /home), a crontab or a mail spool behind under
 * that name.
 */
enum fault claim_login(const struct admin *admin, struct txn *txn, const char *name, uint32_t uid,
    struct why *why);

#endif
