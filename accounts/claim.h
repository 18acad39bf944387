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

#endif
