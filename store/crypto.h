/*
 * crypto.h - the one file that knows libsodium: password hashes, BLAKE2b, random bytes, wiping.
 */
#ifndef HEXA_STORE_CRYPTO_H
#define HEXA_STORE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/fault.h"
#include "policy/field.h"

enum { CRYPTO_HASH_BYTES = 32 };

/*
 * The largest password in bytes, as linux-pam's PAM_MAX_RESP_SIZE; longer ones are refused
 * unread.
 */
enum { PASSWORD_BYTES = 512 };

/* Argon2id's cost: how often it passes over how much memory. */
struct crypto_cost {
	unsigned long long operations;
	size_t memory; /* bytes */
};

/* The cost of the shipped policy: 2 operations over 64 MiB (libsodium's "interactive"). */
extern const struct crypto_cost crypto_cost_default;

/* Must be called once before the others.  FAULT_UNAVAILABLE when libsodium cannot start. */
enum fault crypto_start(struct why *why);

void crypto_random(void *out, size_t size);

/* A new random UUID (RFC 4122 version 4). */
void crypto_uuid(struct uuid *out);

/* BLAKE2b-256 over `first` and then `second`. */
void crypto_digest(const void *first, size_t first_size, const void *second, size_t second_size,
    unsigned char out[CRYPTO_HASH_BYTES]);

/* SHA-256 over bytes that come by pieces. */
struct crypto_sha256;

/* NULL when memory is out. */
struct crypto_sha256 *crypto_sha256_begin(void);
void crypto_sha256_add(struct crypto_sha256 *sum, const void *data, size_t size);

/* The sum in lower-case hexadecimal, 64 digits and a NUL; frees.  NULL is allowed, and gives "". */
void crypto_sha256_end(struct crypto_sha256 *sum, char text[65]);

/* SHA-256 in base64 without padding, as ssh-keygen(1) shows it. */
enum { CRYPTO_FINGERPRINT_BYTES = 44 }; /* with the final NUL */
void crypto_fingerprint(const void *data, size_t size, char text[CRYPTO_FINGERPRINT_BYTES]);

/*
 * Base64 (RFC 4648 section 4) of at most `room` bytes.  False unless it is in the one form that
 * there is for them: with its padding, without unused bits set, and nothing else in it.
 */
bool crypto_base64_decode(const char *text, size_t size, void *out, size_t room, size_t *used);

/*
 * The password as a string to store ($argon2id$…), newly allocated in *hash.  FAULT_UNAVAILABLE
 * when the memory for it cannot be had.
 */
enum fault crypto_password_hash(const char *password, const struct crypto_cost *cost, char **hash,
    struct why *why);

/*
 * True when the password fits the hash.  A NULL, empty or unknown hash is compared against a dummy
 * of this cost, which no password fits, so that having no password takes as long as having another
 * that was hashed at the same cost.  *failed (may be NULL) is set when the answer could not be
 * reached for want of memory; the result is then false.
 */
bool crypto_password_verify(const char *hash, const struct crypto_cost *cost,
    const char *password, bool *failed);

/* Is this a hash of crypto_password_hash() that was made at this cost? */
bool crypto_password_is_of_cost(const char *hash, const struct crypto_cost *cost);

/*
 * How much comparing with it takes: its memory in bytes, times its operations; 0: no hash of
 * crypto_password_hash(), UINT64_MAX: more than can be counted.
 */
uint64_t crypto_password_work(const char *hash);

/* Are these the same bytes?  Takes as long whatever they are. */
bool crypto_same(const void *a, const void *b, size_t size);

/* Wipes memory in a way the compiler keeps. */
void crypto_wipe(void *data, size_t size);

/* The version of the library that is linked. */
const char *crypto_library(void);

#endif
