/*
 * password.h - a user's lasting password: what it may be, and putting it into the record.  For
 * the operations of accounts/ alone.
 */
#ifndef HEXA_ACCOUNTS_PASSWORD_H
#define HEXA_ACCOUNTS_PASSWORD_H

#include "policy/user.h"

/*
 * Checks the password and makes the string to store of it, newly allocated in *hash; costs one
 * Argon2, so call it before the host's one writer is taken.  Free it with password_free().
 */
enum fault password_hash(const char *password, char **hash, struct why *why);

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
