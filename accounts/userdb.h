/*
 * userdb.h - systemd's users and groups (userdbd(8), nss-systemd(8)) as a list: each of its answers
 * about a single name or id costs what the whole list does.  For host_view.c.
 *
 * nss-systemd knows users and groups of two kinds, and asks for each at every question: records, of
 * which each is a file that is found by its name; and what the services with a socket in
 * /run/systemd/userdb answer.  The records' names are read here, and nss-systemd is asked for all
 * that it lists.
 */
#ifndef HEXA_ACCOUNTS_USERDB_H
#define HEXA_ACCOUNTS_USERDB_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/fault.h"

/* Names that are taken; beyond, they are asked for one by one. */
enum { USERDB_LISTED_MAX = 65536 };

enum userdb_kind { USERDB_USERS, USERDB_GROUPS };

/* Is given a name or NULL, and an id or NULL; some of them twice.  False: memory is out. */
typedef bool userdb_take(void *context, const char *name, const uint32_t *id);

/*
 * Gives all that is known.  *whole is false when there may be more, and what was not given is to be
 * asked for: a service that is not known to list its users is there, nss-systemd cannot be asked,
 * or says more than USERDB_LISTED_MAX.  What systemd always knows is not given: root and nobody.
 * `root` stands in front of the folders; with any but "" nss-systemd, which is this host's, is not
 * asked.  FAULT_UNAVAILABLE: memory is out.
 */
enum fault userdb_list(const char *root, enum userdb_kind kind, userdb_take *take, void *context,
    bool *whole, struct why *why);

#endif
