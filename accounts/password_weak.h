/*
 * password_weak.h - passwords that everybody tries first: the common ones, keys in a row,
 * repetitions, years, and what is known of whose password it is.  For password.c alone.
 */
#ifndef HEXA_ACCOUNTS_PASSWORD_WEAK_H
#define HEXA_ACCOUNTS_PASSWORD_WEAK_H

#include "policy/user.h"

/*
 * Measured is what is left to guess when all such pieces are taken for what they are, one choice
 * among a few; so what is put before, between or behind them counts as what it is, and neither
 * capitals nor digits in the place of letters make a common word another one.  Refused is only what
 * comes to less than eight digits thrown by dice: how long a password is, is the policy's to say.
 *
 * FAULT_INVALID, saying which kind of piece it is mostly made of and nothing of the password.
 * `password` is at most PASSWORD_BYTES long; `user` NULL: whose it is to be is not known.
 * FAULT_UNAVAILABLE: no memory.  Takes some milliseconds at most.
 */
enum fault password_weak_check(const char *password, const struct user *user, struct why *why);

#endif
