/*
 * key_line.h - from the line of a public key, as ssh-keygen(1) writes it and authorized_keys(5)
 * has it, to a key record.  Whoever can add a key can get in by it, and what stands in a line is
 * obeyed by sshd: so nothing is taken that is not understood to its last byte.
 */
#ifndef HEXA_ACCOUNTS_KEY_LINE_H
#define HEXA_ACCOUNTS_KEY_LINE_H

#include "policy/key.h"

/*
 * Takes `size` bytes apart, which come from a file or an argument and are bounded by nothing: one
 * key in one line, with options before it and a comment behind it or not.  One line end (LF or CR
 * LF) may follow.  *key must be all zero, or cleared; fingerprint, type, bits, options (in their
 * canonical form), blob and comment are then set, and the rest is the caller's.
 *
 * FAULT_INVALID, with field "key", and nothing of the bytes in the words: no text, too long, more
 * than one line, a private key, a key in another form, a type or size that is not allowed, a key
 * that is not what its type says to the last byte, an option that is not allowed or not well
 * formed, a comment with control characters or above KEY_COMMENT_BYTES.  FAULT_UNAVAILABLE: no
 * memory.
 */
enum fault key_parse(const char *line, size_t size, struct key *key, struct why *why);

/* Is this how a fingerprint is written: "SHA256:" and 43 characters of base64? */
bool key_is_fingerprint(const char *text);

#endif
