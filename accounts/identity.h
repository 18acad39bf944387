/*
 * identity.h - what this host is: the client it belongs to and the site it stands at.
 */
#ifndef HEXA_ACCOUNTS_IDENTITY_H
#define HEXA_ACCOUNTS_IDENTITY_H

#include "accounts/admin.h"

/* What `host set` is told; NULL: left as it is. */
struct identity {
	bool clear; /* forget both first */
	const char *client;
	const char *site;
};

/*
 * Plain root's (FAULT_DENIED).  FAULT_UNKNOWN: a client or site that there is not, with the nearest
 * there is; FAULT_INVALID: a site of another client than the host's, or without a client;
 * FAULT_RULE: no system administrator would be let in here any more.
 */
enum fault identity_set(struct admin *admin, const struct identity *identity, struct why *why);

#endif
