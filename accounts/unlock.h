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
 */
enum fault account_unlock(struct admin *admin, const char *who, struct why *why);

/*
 * Adds to the admin's notices, with the command that ends it, that somebody is locked out, where,
 * and until when; nothing when they are not.
 */
enum fault lockout_notice(struct admin *admin, const struct settings *settings,
    const struct user *user, struct why *why);

#endif
