/*
 * unlock.h - forgetting somebody's failed logins, before they are forgotten by themselves.
 */
#ifndef HEXA_ACCOUNTS_UNLOCK_H
#define HEXA_ACCOUNTS_UNLOCK_H

#include "accounts/admin.h"

/*
 * Forgets them in all places, so that nobody is locked out as this user any more.  Faults as
 * users.h, for `hexa.credentials.reset`.  When there were any it stands in the journal, which is
 * written first: who is stopped in between has unlocked nobody and is said to have.
 * When there were none a notice says so.
 */
enum fault account_unlock(struct admin *admin, const char *who, struct why *why);

/* That somebody is locked out now: where it is that ends last, until when, and after how many. */
struct locked_out {
	uint32_t places;        /* how many */
	char from[64];          /* a remote host, "everywhere", or "this host" */
	int64_t until;          /* 0: they are not locked out, and all else is empty */
	uint32_t failures;      /* in all places together */
	char told[256];         /* one sentence for an administrator */
	char mend[64];          /* the command that ends it */
};

void locked_out_get(const struct admin *admin, const struct settings *settings,
    const struct user *user, struct locked_out *locked);

#endif
