/*
 * password.h - a user's lasting password: what it may be, and putting it into the record.  For
 * the operations of accounts/ alone.
 */
#ifndef HEXA_ACCOUNTS_PASSWORD_H
#define HEXA_ACCOUNTS_PASSWORD_H

#include "policy/settings.h"
#include "policy/user.h"
#include "store/crypto.h"

/*
 * FAULT_INVALID: shorter than the policy's minimum (in characters), longer than PASSWORD_BYTES, or
 * not plain text.
 */
enum fault password_check(const char *password, const struct settings *settings, struct why *why);

/* What the policy has Argon2 cost. */
struct crypto_cost password_cost(const struct settings *settings);

/*
 * Checks the password and makes the string to store of it, newly allocated in *hash; costs one
 * Argon2, so call it before the host's one writer is taken.  Free it with password_free().
 */
enum fault password_hash(const char *password, const struct settings *settings, char **hash,
    struct why *why);

/* Wipes and frees; NULL is allowed. */
void password_free(char *hash);

/* True for the types of user that may have one. */
bool password_is_for(const struct user *user);

/*
 * Puts a copy of the hash into the record, as set at `now` and lasting.  FAULT_RULE: the user's
 * type never has a password.
 */
enum fault password_put(struct user *user, const char *hash, int64_t now, struct why *why);

/* Takes the password out of the record. */
void password_drop(struct user *user);

#endif
