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
 * Plain root's (FAULT_DENIED).  FAULT_INVALID: a name that is none, or a site without a client,
 * which could be anybody's.
 */
enum fault identity_set(struct admin *admin, const struct identity *identity, struct why *why);

#endif
