/*
 * clients.h - what an administrator does with clients and their sites.
 *
 * Beside what store.h says each operation returns FAULT_DENIED when the actor may not
 * (hexa.clients.edit; an actor whose permission is for some clients only changes those and makes
 * none), FAULT_INVALID for a value that its field does not take, and FAULT_UNKNOWN for a client or
 * site that there is not, with the nearest there is.
 */
#ifndef HEXA_ACCOUNTS_CLIENTS_H
#define HEXA_ACCOUNTS_CLIENTS_H

#include "accounts/admin.h"

/* FAULT_CONFLICT: the name is there already. */
enum fault client_create(struct admin *admin, const char *name, const struct edits *edits,
    struct why *why);
enum fault client_edit(struct admin *admin, const char *name, const struct edits *edits,
    struct why *why);

/* FAULT_RULE, naming one: it has sites or users, a role is held for it, or this host is its. */
enum fault client_remove(struct admin *admin, const char *name, struct why *why);

/* FAULT_CONFLICT: the name is there already, at whatever client. */
enum fault site_create(struct admin *admin, const char *name, const struct edits *edits,
    struct why *why);

/* FAULT_RULE, naming one: it has users, or this host stands there. */
enum fault site_remove(struct admin *admin, const char *name, struct why *why);

/*
 * For the operations of accounts/ alone: the record (which may be NULL: only whether it is there;
 * else all zero, or cleared).  FAULT_UNKNOWN names the nearest client, or site, that there is.
 */
enum fault client_known(struct txn *txn, const char *name, struct client *client, struct why *why);
enum fault site_known(struct txn *txn, const char *name, struct site *site, struct why *why);

#endif
