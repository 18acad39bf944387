/*
 * password.h - a user's lasting password: what it may be, how long it is good, and putting it into
 * the record.  For the operations of accounts/ alone.
 */
#ifndef HEXA_ACCOUNTS_PASSWORD_H
#define HEXA_ACCOUNTS_PASSWORD_H

#include "policy/settings.h"
#include "policy/user.h"
#include "store/crypto.h"

/*
 * May this be a password, whoever sets it?  `user` is whose it is to be, NULL: not known yet.
 * FAULT_INVALID, with a sentence for the person that has nothing of the password: shorter than the
 * policy's minimum (in characters), longer than PASSWORD_BYTES, not plain text, or one that
 * everybody tries (password_weak.h).  Costs no Argon2.
 */
enum fault password_check(const char *password, const struct user *user,
    const struct settings *settings, struct why *why);

/*
 * Is it another than the user's current one and their last settings->password_history?  For who
 * changes their own: what an administrator sets is not judged by it.  FAULT_INVALID, saying which
 * it is; FAULT_UNAVAILABLE: no memory to find out.
 *
 * Costs one Argon2 for each of these, one after the other, so take a turn (turnstile.h) and hold no
 * transaction.  The current one is always compared with, the earlier ones, newest first, as far as
 * SETTINGS_HISTORY_WORK goes, which a policy keeps to: about 17 s in the worst case (at 1.2 GiB/s);
 * 6 x 0.08 s with the shipped policy.
 */
enum fault password_is_new(const char *fresh, const struct user *user,
    const struct settings *settings, struct why *why);

/* What the policy has Argon2 cost. */
struct crypto_cost password_cost(const struct settings *settings);

/*
 * Checks the password (password_check()) and makes the string to store of it, newly allocated in
 * *hash; costs one Argon2, so call it before the host's one writer is taken.  Free it with
 * password_free().
 */
enum fault password_hash(const char *password, const struct user *user,
    const struct settings *settings, char **hash, struct why *why);

/* Wipes and frees; NULL is allowed. */
void password_free(char *hash);

/* True for the types of user that may have one. */
bool password_is_for(const struct user *user);

/*
 * Is this hash another than the policy would have made: by other Argon2 parameters, or one of
 * /etc/shadow that an adopted user still has?  NULL is none.
 */
bool password_needs_rehash(const char *hash, const struct settings *settings);

/*
 * Within how many days, begun ones counted, the password has to be changed, when that is near
 * enough to be said (settings->password_warn).  0: nothing to say: it has no end or one far off,
 * there is no password (who logs in by key only is never warned), or its time is up.
 */
uint32_t password_days_left(const struct user *user, const struct settings *settings,
    int64_t now);

/*
 * Puts a copy of the hash into the record, as set at `now` and lasting.  The one that was there
 * goes to the user's history, of which the newest settings->password_history are kept; a one-time
 * code goes.  FAULT_RULE: the user's type never has a password.
 */
enum fault password_put(struct user *user, const char *hash, const struct settings *settings,
    int64_t now, struct why *why);

/* Takes the password out of the record, and the earlier ones. */
void password_drop(struct user *user);

#endif
