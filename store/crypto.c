/*
 * crypto.c - libsodium, wrapped.
 */
#include "store/crypto.h"

#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct crypto_cost crypto_cost_default = {
    .operations = 2,
    .memory = (size_t)64 << 20,
};

enum fault
crypto_start(struct why *why)
{
	if (sodium_init() < 0)
		return why_set(why, FAULT_UNAVAILABLE, "libsodium cannot start");
	return FAULT_NONE;
}

void
crypto_random(void *out, size_t size)
{
	randombytes_buf(out, size);
}

void
crypto_uuid(struct uuid *out)
{
	randombytes_buf(out->byte, sizeof(out->byte));
	out->byte[6] = (unsigned char)((out->byte[6] & 0x0f) | 0x40); /* version 4 */
	out->byte[8] = (unsigned char)((out->byte[8] & 0x3f) | 0x80); /* RFC 4122 variant */
}

void
crypto_digest(const void *first, size_t first_size, const void *second, size_t second_size,
    unsigned char out[CRYPTO_HASH_BYTES])
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, CRYPTO_HASH_BYTES);
	crypto_generichash_update(&state, first, first_size);
	if (second_size > 0)
		crypto_generichash_update(&state, second, second_size);
	crypto_generichash_final(&state, out, CRYPTO_HASH_BYTES);
}

struct crypto_sha256 {
	crypto_hash_sha256_state state;
};

struct crypto_sha256 *
crypto_sha256_begin(void)
{
	struct crypto_sha256 *sum = malloc(sizeof(*sum));

	if (sum != NULL)
		crypto_hash_sha256_init(&sum->state);
	return sum;
}

void
crypto_sha256_add(struct crypto_sha256 *sum, const void *data, size_t size)
{
	crypto_hash_sha256_update(&sum->state, data, size);
}

void
crypto_sha256_end(struct crypto_sha256 *sum, char text[65])
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	text[0] = '\0';
	if (sum == NULL)
		return;
	crypto_hash_sha256_final(&sum->state, hash);
	sodium_bin2hex(text, 2 * sizeof(hash) + 1, hash, sizeof(hash));
	free(sum);
}

void
crypto_fingerprint(const void *data, size_t size, char text[CRYPTO_FINGERPRINT_BYTES])
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, data, size);
	sodium_bin2base64(text, CRYPTO_FINGERPRINT_BYTES, hash, sizeof(hash),
	    sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
}

bool
crypto_base64_decode(const char *text, size_t size, void *out, size_t room, size_t *used)
{
	/* libsodium 1.0.18 takes bytes beyond ASCII for digits. */
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)text[i] > 0x7f)
			return false;
	return sodium_base642bin(out, room, text, size, NULL, used, NULL,
	    sodium_base64_VARIANT_ORIGINAL) == 0;
}

enum fault
crypto_password_hash(const char *password, const struct crypto_cost *cost, char **hash,
    struct why *why)
{
	char text[crypto_pwhash_STRBYTES];
	char *copy = NULL;

	if (crypto_pwhash_str(text, password, strlen(password), cost->operations, cost->memory) == 0)
		copy = strdup(text);
	sodium_memzero(text, sizeof(text));
	if (copy == NULL)
		return why_set(why, FAULT_UNAVAILABLE, "no memory to hash a password");
	*hash = copy;
	return FAULT_NONE;
}

/* How a hash begins; behind it stands its memory in KiB. */
static const char memory_prefix[] = "$argon2id$v=19$m=";

/*
 * What a user without a password is compared against: a well-formed hash whose password was random
 * and is known to nobody, so that the answer costs the same and is always no.
 */
static void
make_dummy(const struct crypto_cost *cost, char text[crypto_pwhash_STRBYTES])
{
	snprintf(text, crypto_pwhash_STRBYTES, "%s%zu,t=%llu,p=1$aJn1hBLg2zWnGkTnYkPJmA$"
	    "A4LzYw3m2nBqOaW0Zg5yTtq2b5o3oB1d1l8mM8y2k1s", memory_prefix, cost->memory / 1024,
	    cost->operations);
}

/*
 * libsodium 1.0.18 calls a want of memory a mismatch; so whether it was one is asked right after.
 */
static bool
is_memory_out(const char *text)
{
	size_t kibibytes = 0;
	void *probe;
	bool out;

	if (strncmp(text, memory_prefix, strlen(memory_prefix)) == 0)
		kibibytes = strtoul(text + strlen(memory_prefix), NULL, 10);
	if (kibibytes > SIZE_MAX / 1024)
		return false;
	probe = malloc(kibibytes * 1024);
	out = probe == NULL && kibibytes > 0;
	free(probe);
	return out;
}

/* A hash that libsodium takes, by its head alone; and no longer than one. */
static bool
is_own(const char *hash)
{
	return hash != NULL && strlen(hash) < crypto_pwhash_STRBYTES &&
	    strncmp(hash, crypto_pwhash_STRPREFIX, strlen(crypto_pwhash_STRPREFIX)) == 0;
}

bool
crypto_password_is_of_cost(const char *hash, const struct crypto_cost *cost)
{
	return is_own(hash) &&
	    crypto_pwhash_str_needs_rehash(hash, cost->operations, cost->memory) == 0;
}

uint64_t
crypto_password_work(const char *hash)
{
	static const char between[] = ",t=";
	uint64_t kibibytes, operations;
	char *end;

	if (!is_own(hash) || strncmp(hash, memory_prefix, strlen(memory_prefix)) != 0)
		return 0;
	kibibytes = strtoul(hash + strlen(memory_prefix), &end, 10);
	if (strncmp(end, between, strlen(between)) != 0)
		return 0;
	operations = strtoul(end + strlen(between), NULL, 10);
	if (kibibytes > UINT64_MAX / 1024 ||
	    (operations != 0 && kibibytes * 1024 > UINT64_MAX / operations))
		return UINT64_MAX;
	return kibibytes * 1024 * operations;
}

bool
crypto_password_verify(const char *hash, const struct crypto_cost *cost, const char *password,
    bool *failed)
{
	bool known = is_own(hash);
	char text[crypto_pwhash_STRBYTES] = {0};
	bool fits;

	if (known)
		memcpy(text, hash, strlen(hash));
	else
		make_dummy(cost, text);
	fits = crypto_pwhash_str_verify(text, password, strlen(password)) == 0;
	if (failed != NULL)
		*failed = !fits && is_memory_out(text);
	sodium_memzero(text, sizeof(text));
	return known && fits;
}

bool
crypto_same(const void *a, const void *b, size_t size)
{
	return sodium_memcmp(a, b, size) == 0;
}

void
crypto_wipe(void *data, size_t size)
{
	sodium_memzero(data, size);
}

const char *
crypto_library(void)
{
	return sodium_version_string();
}
