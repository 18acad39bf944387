/*
 * init.h - a host's new database, with a policy in force from its first moment or with none.
 */
#ifndef HEXA_ACCOUNTS_INIT_H
#define HEXA_ACCOUNTS_INIT_H

#include "accounts/admin.h"

struct beginning {
	struct actor actor; /* plain root, as the caller has found it */
	int64_t now;
	bool insist;        /* begin anew, whomever the directory still shows */
	const char *yaml;   /* the policy's text; NULL: none */
	size_t size;
};

/*
 * Makes the database under `root` and applies the policy to it, all or nothing: when it cannot be
 * applied here, no database is left.  FAULT_RULE: the directory still shows users of a database
 * that is gone, whom a new one would take from the host's eyes.  Otherwise as store_create() and
 * policy_apply().
 */
enum fault init_database(const char *root, const struct beginning *beginning, struct why *why);

#endif
