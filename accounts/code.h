/*
 * code.h - one-time codes: how a user who has no password, or has forgotten it, gets in once to set
 * one.  For the operations of accounts/ alone.
 *
 * A code is 80 random bits, written as sixteen letters and digits of which none looks like another,
 * and typed where the password is asked for.  Kept is a salted hash of it in the user's record, in
 * the members code and code_…: a new code voids the old one.  80 bits are beyond guessing, so the
 * hash need not be slow, and comparing costs next to nothing beside the password's Argon2.
 */
#ifndef HEXA_ACCOUNTS_CODE_H
#define HEXA_ACCOUNTS_CODE_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/fault.h"
#include "policy/user.h"

enum { CODE_TEXT_BYTES = 20 }; /* "ABCD-EFGH-JKLM-NPQR" with its NUL */

/*
 * Makes a new code for the record, good for `seconds` from `now`, and writes it into `text`, which
 * is the only place where it stands: wipe it.  `mark` is the highest time ever seen (clock_mark()).
 * FAULT_UNAVAILABLE: no memory.
 */
enum fault code_put(struct user *user, int64_t now, int64_t mark, uint32_t seconds,
    char text[CODE_TEXT_BYTES], struct why *why);

/* Takes the code out of the record. */
void code_drop(struct user *user);

/*
 * Is there a code whose time is not up?  Whether it was used is another question.  It ends at its
 * time even when the clock is set back after: by the mark that the database keeps, as far as that
 * moved since the code was made; and before its making no code is good.
 */
bool code_is_good(const struct user *user, int64_t now, int64_t mark);

/*
 * Is this what was typed for the user's code?  Spaces, dashes and case do not count.  Takes as long
 * whatever is typed and whether there is a code; its time is not looked at.
 */
bool code_fits(const struct user *user, const char *typed);

#endif
