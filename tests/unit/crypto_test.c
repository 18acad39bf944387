/*
 * crypto_test.c - passwords against hashes: what fits, what never does, and what memory has to do
 * with it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "store/crypto.h"

/* Small, so that many can be tried: the cost is the hash's own to say. */
static const struct crypto_cost cheap = {.operations = 1, .memory = 8192};

static char *
hash_of(const char *password)
{
	char *hash = NULL;

	assert_int_equal(crypto_password_hash(password, &cheap, &hash, NULL), FAULT_NONE);
	return hash;
}

static void
the_right_password_fits_and_no_other(void **state)
{
	const char *others[] = {"", "correct hors", "correct horse ", "Correct horse", "correct horse\n"};
	char *hash = hash_of("correct horse"), *again = hash_of("correct horse");

	(void)state;
	assert_true(crypto_password_verify(hash, &cheap, "correct horse", NULL));
	assert_true(crypto_password_verify(again, &cheap, "correct horse", NULL));
	assert_string_not_equal(hash, again);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(crypto_password_verify(hash, &cheap, others[i], NULL));
	free(hash);
	free(again);
}

/* Every length up to a few dozen bytes, so that a sanitizer sees a read beyond a short password. */
static void
short_passwords_are_read_within(void **state)
{
	(void)state;
	for (size_t size = 0; size < 24; size++) {
		char *password = calloc(1, size + 1);
		char *hash;

		memset(password, 'x', size);
		hash = hash_of(password);
		assert_true(crypto_password_verify(hash, &cheap, password, NULL));
		assert_false(crypto_password_verify(hash, &cheap, "y", NULL));
		free(password);
		free(hash);
	}
}

/* None of these is a hash, and nothing fits what is none: not even itself, or nothing. */
static void
what_is_no_hash_fits_nothing(void **state)
{
	char *good = hash_of("correct horse"), *cut = strdup(good), *lower = strdup(good);
	const char *hashes[] = {NULL, "", "*", "*0", "!", "!x", "x", "correct horse", "$9$x", "$1$a$b",
	    "$argon2id$", "$argon2id$v=19$m=65536,t=2,p=1$", cut, lower};

	(void)state;
	cut[strlen(cut) - 1] = '\0';
	lower[strlen(lower) - 2] ^= 0x20;
	for (size_t i = 0; i < sizeof(hashes) / sizeof(hashes[0]); i++) {
		assert_false(crypto_password_verify(hashes[i], &cheap, "correct horse", NULL));
		assert_false(crypto_password_verify(hashes[i], &cheap, "", NULL));
		if (hashes[i] != NULL)
			assert_false(crypto_password_verify(hashes[i], &cheap, hashes[i], NULL));
	}
	assert_true(crypto_password_verify(good, &cheap, "correct horse", NULL));
	free(good);
	free(cut);
	free(lower);
}

/* In a child with little address space: a no, and told apart from a wrong password. */
static void
want_of_memory_is_told(void **state)
{
	const struct rlimit little = {64u << 20, 64u << 20};
	char *hash = NULL;
	bool failed = true;
	pid_t child;
	int status;

	(void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	skip(); /* a sanitizer's own address space is beyond any limit */
#endif
	assert_int_equal(crypto_password_hash("correct horse", &crypto_cost_default, &hash, NULL),
	    FAULT_NONE);
	assert_false(crypto_password_verify(hash, &cheap, "wrong", &failed));
	assert_false(failed);
	child = fork();
	if (child == 0) {
		if (setrlimit(RLIMIT_AS, &little) != 0)
			_exit(2);
		failed = false;
		_exit(!crypto_password_verify(hash, &cheap, "correct horse", &failed) && failed ? 0
		                                                                               : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	/* Who has no password costs what is said: much does not fit in there, and little does. */
	child = fork();
	if (child == 0) {
		bool much = false, less = true;

		if (setrlimit(RLIMIT_AS, &little) != 0)
			_exit(2);
		(void)crypto_password_verify(NULL, &crypto_cost_default, "correct horse", &much);
		(void)crypto_password_verify(NULL, &cheap, "correct horse", &less);
		_exit(much && !less ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	free(hash);
}

static void
identities_differ_and_are_version_4(void **state)
{
	struct uuid one, other;
	char text[UUID_TEXT_BYTES];

	(void)state;
	crypto_uuid(&one);
	crypto_uuid(&other);
	assert_memory_not_equal(&one, &other, sizeof(one));
	uuid_to_text(&one, text);
	assert_int_equal(text[14], '4');
	assert_non_null(strchr("89ab", text[19]));
}

/* The vector of RFC 7693 for BLAKE2b is for 512 bits; this is libsodium's for 256 over "abc". */
static void
a_digest_is_over_both_parts(void **state)
{
	unsigned char whole[CRYPTO_HASH_BYTES], parts[CRYPTO_HASH_BYTES], other[CRYPTO_HASH_BYTES];

	(void)state;
	crypto_digest("abc", 3, "", 0, whole);
	crypto_digest("a", 1, "bc", 2, parts);
	crypto_digest("abd", 3, "", 0, other);
	assert_memory_equal(whole, parts, sizeof(whole));
	assert_memory_not_equal(whole, other, sizeof(whole));
	assert_int_equal(whole[0], 0xbd);
	assert_int_equal(whole[1], 0xdd);
}

static int
start(void **state)
{
	(void)state;
	return crypto_start(NULL) == FAULT_NONE ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_right_password_fits_and_no_other),
	    cmocka_unit_test(short_passwords_are_read_within),
	    cmocka_unit_test(what_is_no_hash_fits_nothing),
	    cmocka_unit_test(want_of_memory_is_told),
	    cmocka_unit_test(identities_differ_and_are_version_4),
	    cmocka_unit_test(a_digest_is_over_both_parts),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
