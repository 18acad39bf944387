/*
 * shadow_hash.c - libxcrypt, wrapped.
 */
#include "store/shadow_hash.h"

#include <crypt.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/crypto.h"

/* ---- what is taken ------------------------------------------------------------------------ */

/* How a hash says what it costs. */
enum cost_form {
	COST_SETTING, /* in words of the method's own, which crypt_gensalt(3) writes */
	COST_ROUNDS,  /* as rounds=N$, or not at all: the default */
};

/* Each at its highest cost takes about a second and at most 256 MiB, on a processor of 2020. */
static const struct method {
	const char *prefix;
	const char *name;
	enum cost_form form;
	unsigned long least, most;
} methods[] = {
	{"$y$", "yescrypt", COST_SETTING, 1, 9},
	{"$gy$", "gost-yescrypt", COST_SETTING, 1, 9},
	{"$7$", "scrypt", COST_SETTING, 6, 9},
	{"$2b$", "bcrypt", COST_SETTING, 4, 13},
	{"$2y$", "bcrypt", COST_SETTING, 4, 13},
	{"$2a$", "bcrypt", COST_SETTING, 4, 13},
	{"$6$", "SHA-512", COST_ROUNDS, 1000, 2000000},
	{"$5$", "SHA-256", COST_ROUNDS, 1000, 2000000},
};

static const struct method *
method_of(const char *hash)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (strncmp(hash, methods[i].prefix, strlen(methods[i].prefix)) == 0)
			return &methods[i];
	return NULL;
}

/* The salt itself is left out: what stands before it is the method and its cost. */
enum { SALT_BYTES = 16 };

/*
 * Does the hash begin as one of this cost does?  Two settings that differ in their salt alone have
 * the words of the cost in common, and nothing behind them.
 */
static bool
begins_as(const struct method *method, unsigned long cost, const char *hash)
{
	char one[CRYPT_GENSALT_OUTPUT_SIZE], other[CRYPT_GENSALT_OUTPUT_SIZE];
	char salt[SALT_BYTES];
	size_t same = 0;

	memset(salt, 0x00, sizeof(salt));
	if (crypt_gensalt_rn(method->prefix, cost, salt, sizeof(salt), one, sizeof(one)) == NULL)
		return false;
	memset(salt, 0xff, sizeof(salt));
	if (crypt_gensalt_rn(method->prefix, cost, salt, sizeof(salt), other,
	        sizeof(other)) == NULL)
		return false;
	while (one[same] != '\0' && one[same] == other[same])
		same++;
	return strncmp(hash, one, same) == 0;
}

static bool
cost_is_bounded(const struct method *method, const char *hash)
{
	static const char word[] = "rounds=";
	const char *at = hash + strlen(method->prefix);
	unsigned long rounds;
	char *end;

	if (method->form == COST_ROUNDS) {
		if (strncmp(at, word, strlen(word)) != 0)
			return true;
		at += strlen(word);
		rounds = strtoul(at, &end, 10);
		return *at >= '1' && *at <= '9' && *end == '$' && rounds >= method->least &&
		    rounds <= method->most;
	}
	for (unsigned long cost = method->least; cost <= method->most; cost++)
		if (begins_as(method, cost, hash))
			return true;
	return false;
}

/* libxcrypt calls SHA-256 a method of the past, as it does DES; the table above is what counts. */
static bool
is_implemented(const char *hash)
{
	switch (crypt_checksalt(hash)) {
	case CRYPT_SALT_OK:
	case CRYPT_SALT_METHOD_LEGACY:
		return true;
	default:
		return false;
	}
}

bool
shadow_hash_is_one(const char *hash)
{
	const struct method *method = hash == NULL ? NULL : method_of(hash);

	return method != NULL && strnlen(hash, SHADOW_HASH_BYTES + 1) <= SHADOW_HASH_BYTES &&
	    is_implemented(hash) && cost_is_bounded(method, hash);
}

const char *
shadow_hash_method(const char *hash)
{
	const struct method *method = hash == NULL ? NULL : method_of(hash);

	return method == NULL ? "" : method->name;
}

/* ---- comparing ---------------------------------------------------------------------------- */

/*
 * What crypt(3) makes of a password by the setting of `hash`; NULL: nothing (*failed: for want of
 * memory).  It stands in *data, to be wiped by data_free().
 */
static const char *
hash_by(const char *hash, const char *password, struct crypt_data **data, bool *failed)
{
	const char *made;

	*data = calloc(1, sizeof(**data));
	if (*data == NULL) {
		*failed = true;
		return NULL;
	}
	errno = 0;
	made = crypt_r(password, hash, *data);
	if (made != NULL && made[0] != '*')
		return made;
	*failed = errno == ENOMEM;
	return NULL;
}

static void
data_free(struct crypt_data *data)
{
	if (data != NULL)
		crypto_wipe(data, sizeof(*data));
	free(data);
}

bool
shadow_hash_fits(const char *hash, const char *password, bool *failed)
{
	struct crypt_data *data;
	const char *made;
	bool fits;

	if (!shadow_hash_is_one(hash))
		return false;
	made = hash_by(hash, password, &data, failed);
	fits = made != NULL && strlen(made) == strlen(hash) &&
	    crypto_same(made, hash, strlen(hash));
	data_free(data);
	return fits;
}

/* True when both are as long, and differ behind the last `$` alone, in bcrypt's salt at most. */
static bool
is_of_one_shape(const char *made, const char *hash)
{
	static const char digits[] = "./0123456789"
	                             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	size_t head = (size_t)(strrchr(made, '$') - made) + 1;

	return strlen(made) == strlen(hash) && strncmp(made, hash, head) == 0 &&
	    hash[head + strspn(hash + head, digits)] == '\0';
}

enum fault
shadow_hash_check(const char *hash, struct why *why)
{
	const struct method *method = method_of(hash);
	struct crypt_data *data;
	const char *made;
	bool failed = false, good;

	if (method == NULL || !is_implemented(hash))
		return why_field(why, FAULT_RULE, "password",
		    "the password's hash is of a method that is not taken: expected yescrypt, "
		    "scrypt, bcrypt, SHA-512 or SHA-256");
	if (!cost_is_bounded(method, hash))
		return why_field(why, FAULT_RULE, "password",
		    "the password's hash (%s) costs too much: whoever guesses at it could hold "
		    "every login up", method->name);
	made = hash_by(hash, "", &data, &failed);
	good = made != NULL && is_of_one_shape(made, hash) && shadow_hash_is_one(hash);
	data_free(data);
	if (failed)
		return why_set(why, FAULT_UNAVAILABLE, "no memory to try a password's hash");
	return good ? FAULT_NONE : why_field(why, FAULT_RULE, "password",
	    "the password's hash (%s) is damaged: no password fits it", method->name);
}

bool
shadow_hash_make(const char *prefix, unsigned long cost, const char *password,
    char out[SHADOW_HASH_BYTES + 1])
{
	char setting[CRYPT_GENSALT_OUTPUT_SIZE];
	struct crypt_data *data;
	const char *made;
	bool failed = false;

	if (crypt_gensalt_rn(prefix, cost, NULL, 0, setting, sizeof(setting)) == NULL)
		return false;
	made = hash_by(setting, password, &data, &failed);
	if (made != NULL)
		snprintf(out, SHADOW_HASH_BYTES + 1, "%s", made);
	data_free(data);
	return made != NULL;
}
