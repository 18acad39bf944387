/*
 * shadow_hash.h - the one file that knows libxcrypt: the hashes that the host's accounts have in
 * /etc/shadow, and that users who were adopted keep until their next login.
 *
 * Taken are the methods that are salted and made to be slow: yescrypt, gost-yescrypt, scrypt,
 * bcrypt, SHA-512 and SHA-256 (crypt(5)), at a cost of about a second and 256 MiB at most.  DES,
 * MD5, SunMD5, SHA-1 and NT are not: DES looks at eight characters, so whatever was typed behind
 * them would become the password; and all of them are guessed at a rate at which the database would
 * be the weakest copy of the password for as long as its owner stays away.
 */
#ifndef HEXA_STORE_SHADOW_HASH_H
#define HEXA_STORE_SHADOW_HASH_H

#include <stdbool.h>

#include "policy/fault.h"

/* Bytes of the longest one, without the NUL. */
enum { SHADOW_HASH_BYTES = 255 };

/*
 * True when this may be compared with a password: by its method and cost alone, at no cost.  NULL,
 * "", "*0", "!…" and a hash of Hexa's own are not.
 */
bool shadow_hash_is_one(const char *hash);

/*
 * FAULT_RULE, saying what is wrong with it, when passwords cannot be compared with this: another
 * method, too costly, or not a string that crypt(3) makes, which is tried at the cost of one
 * comparison.  FAULT_UNAVAILABLE: no memory to try.  The sentence has nothing of the hash but its
 * method.
 */
enum fault shadow_hash_check(const char *hash, struct why *why);

/* The method's name: "yescrypt"; "" of what is none. */
const char *shadow_hash_method(const char *hash);

/*
 * True when the password fits the hash; compared in constant time.  Never of what
 * shadow_hash_is_one() denies.  *failed is set when the answer could not be reached for want of
 * memory; the result is then false.
 */
bool shadow_hash_fits(const char *hash, const char *password, bool *failed);

/*
 * A new hash of this password by the method with this prefix ("$6$") at `cost` (0: its default), in
 * `out`: for tests and benches, Hexa keeps Argon2id's.  False: libxcrypt does not make such.
 */
bool shadow_hash_make(const char *prefix, unsigned long cost, const char *password,
    char out[SHADOW_HASH_BYTES + 1]);

#endif
