/*
 * policy.h - the policy in force: reading it whole, and replacing it with a changed one.  For the
 * operations of accounts/ alone.
 */
#ifndef HEXA_ACCOUNTS_POLICY_H
#define HEXA_ACCOUNTS_POLICY_H

#include "accounts/change.h"
#include "policy/document.h"

/* Every permission and role that is in force.  *document must be all zero, or cleared. */
enum fault policy_load(struct txn *txn, struct document *document, struct why *why);

enum fault policy_copy(struct document *to, const struct document *from, struct why *why);

/*
 * Writes what stands otherwise in `after` than in `before`, which is in force, and nothing else.
 * The roles of `after` are compiled, and carry the identity of those in force of the same name.
 * FAULT_RULE: a role that `after` lacks is built in or held (holders named), or the system
 * administrator would be reduced.
 */
enum fault policy_save(struct change *change, const struct document *before,
    struct document *after, struct why *why);

/*
 * May this role have its Unix group on this host?  `before` is the role as it is in force, or NULL:
 * a group that it has already is not asked about in sudoers and sshd_config again.  `taken` is
 * returned when a user of Hexa's has the name; FAULT_INVALID when it is none, or the host's own.
 */
enum fault policy_check_group(const struct admin *admin, struct txn *txn, const struct role *role,
    const struct role *before, enum fault taken, struct why *why);

#endif
