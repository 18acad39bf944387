/*
 * ask.h - what is asked of a person: a password, a yes.
 */
#ifndef HEXA_ADMIN_ASK_H
#define HEXA_ADMIN_ASK_H

#include <stdbool.h>

#include "policy/fault.h"
#include "store/crypto.h"

/* A password on its way from a person to its hash; wiped by secret_clear(). */
struct secret {
	char text[PASSWORD_BYTES + 2]; /* a byte too many shows that it is too long; and the NUL */
};

void secret_clear(struct secret *secret);

/*
 * Reads one line from stdin, and not a byte after it; its newline is dropped.  FAULT_INVALID:
 * longer than PASSWORD_BYTES, or with a NUL inside.
 */
enum fault secret_read(struct secret *secret, struct why *why);

/* True when there is somebody to ask: a terminal that controls this process. */
bool ask_possible(void);

/* Asks for the one that is in use, once; as secret_ask() in all else. */
enum fault secret_ask_current(const char *who, struct secret *secret, struct why *why);

/*
 * Asks for a new password twice on the terminal, without showing it.  FAULT_INVALID: the two
 * differ, or as secret_read(); FAULT_UNAVAILABLE: no terminal, or a signal ended it.  The terminal
 * is then as it was, also when the signal ends the process.
 */
enum fault secret_ask(const char *who, struct secret *secret, struct why *why);

/* Asks a question on the terminal; true for y or yes alone. */
bool ask_yes(const char *question);

/*
 * Asks on the terminal until one of these words (NULL-ended) or its first letter is the answer, in
 * small letters or capitals, and returns that letter.  '\0': the end of the input, no terminal, or
 * a signal that is held (signals.h).
 */
char ask_word(const char *question, const char *const *words);

#endif
