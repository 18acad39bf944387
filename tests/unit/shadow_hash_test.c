/*
 * shadow_hash_test.c - hashes that other programs have put into /etc/shadow: what is taken, what
 * fits, and what never does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "policy/text.h"
#include "store/crypto.h"
#include "store/shadow_hash.h"

#define PASSWORD "correct horse"

/* Made by passwd(1) of Debian 12, openssl-passwd(1) and htpasswd(1): not by the code under test. */
static const struct {
	const char *method;
	const char *hash; /* of "correct horse" */
} known[] = {
	{"yescrypt", "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$zwtVrjrUCmXcyLTs6oxLTQlzifSUkF8RHJ./tK5KU79"},
	{"yescrypt", "$y$j7T$F5Jx5fExrKuPp53xLKQ..1$Hfhe9Vnve8WEfkqSO9BG3zZuP1caSap6mYA04txmpI1"},
	{"gost-yescrypt",
	    "$gy$j7T$F5Jx5fExrKuPp53xLKQ..1$/MI5l3ff0eLNW8jAid/41NS6XIkxU"
	    "efjwM1sPqsBSU1"},
	{"scrypt",
	    "$7$BU..../....k2XAnEHBqQ1Ct2aMXFKNa/$Q5pezBy5hqudsV.XXg2wEgS"
	    "GmFoMyt44hmjNjKRIhF/"},
	{"bcrypt", "$2b$04$KBCwKxOzLha2MUDgW0PjXexGfB5dmDvvvgEVjeeXiTo87i0yXWYau"},
	{"bcrypt", "$2y$04$KBCwKxOzLha2MUDgW0PjXexGfB5dmDvvvgEVjeeXiTo87i0yXWYau"},
	{"bcrypt", "$2a$04$KBCwKxOzLha2MUDgW0PjXexGfB5dmDvvvgEVjeeXiTo87i0yXWYau"},
	{"SHA-512",
	    "$6$saltstring$.r0X7ub5wGR2v4Xz7svCIozfnlorFh19V89t8KC9Umd81u"
	    "GhFgsyTRNyzQDXDIm17fFcR9z3z7oBNdsyYBbtm/"},
	{"SHA-512",
	    "$6$rounds=1000$saltstring$YiR6NSM0LQXmu7vAhkMXfkdYk7qtFouVx1"
	    "Mdr3HmzXspT8kONjlpU3CsV7ezCB62uXJoAdaagsH4ck7/tB9js."},
	{"SHA-256", "$5$saltstring$vc6YOOogU4kWVvwga8e9zTFgKcy4tb5LaPxIiPJzqEC"},
};

/* Hashes of the same password, which crypt(3) would compare it with and Hexa does not. */
static const char *const refused[] = {
	"$1$saltsalt$NuzA7WTAelpl95xgBGWN60",
	"abhfCpXqd4GrI",
	"_J9..k2XAoIsVp/eP7zk",
	"$3$$cfc43211ba8dc470832267827cac1407",
	"$md5,rounds=45105$mA1BpMnB$$oUw5OxkTTGCSWpnVyMtSR0",
	"$sha1$1000$qI1BtUnB$krCWmXz283PucKMG5aw7kwaS6mA.",
	"$2x$04$KBCwKxOzLha2MUDgW0PjXexGfB5dmDvvvgEVjeeXiTo87i0yXWYau",
};

/* What stands in a shadow file and is no hash. */
static const char *const no_hashes[] = {
	"", "*", "!", "!!", "*0", "*1", "x", "NP", "*LK*", "$", "$$", "$6", "$6$", "$y$", "$y$j9T$",
	"$2b$", "$2b$04$", "$7$", "$9$abc$def", "$6$saltstring", "$6$saltstring$",
	"$6$rounds=$saltstring$x", "$6$rounds=-1$saltstring$x", "$6$rounds=1$saltstring$x",
	"$6$rounds=5000saltstring$x", "$y$zzz$abc$def", "$2b$99$KBCwKxOzLha2MUDgW0PjXe",
	"$argon2id$v=19$m=65536,t=2,p=1$aJn1hBLg2zWnGkTnYkPJmA$abc",
};

static bool
fits(const char *hash, const char *password)
{
	bool failed = false, right = shadow_hash_fits(hash, password, &failed);

	assert_false(failed);
	return right;
}

static void
assert_refused(const char *hash)
{
	struct why why = {0};

	if (shadow_hash_check(hash, &why) != FAULT_RULE)
		fail_msg("taken: %s", hash);
	assert_string_equal(why.field, "password");
	/* The sentence may be shown: nothing of the salt or the hash stands in it. */
	assert_null(strstr(why.text, "saltstring"));
	assert_true(text_is_plain(why.text, sizeof(why.text)));
}

static void
takes_what_others_have_made(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct why why = {0};

		if (shadow_hash_check(known[i].hash, &why) != FAULT_NONE)
			fail_msg("%s: %s", known[i].hash, why.text);
		assert_true(shadow_hash_is_one(known[i].hash));
		assert_string_equal(shadow_hash_method(known[i].hash), known[i].method);
		assert_true(fits(known[i].hash, PASSWORD));
	}
}

static void
no_other_password_fits(void **state)
{
	static const char *const others[] = {"", "correct hors", "correct horse ", "Correct horse",
	    "correct horse\n", "\b\n\r\177INCORRECT"};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		for (size_t j = 0; j < sizeof(others) / sizeof(others[0]); j++)
			assert_false(fits(known[i].hash, others[j]));
}

/* A hash that is not whole, or that is written otherwise, is another one. */
static void
a_hash_that_was_changed_never_fits(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const char *hash = known[i].hash;
		size_t size = strlen(hash);
		char *changed = strdup(hash);

		changed[size - 1] = '\0';
		assert_false(fits(changed, PASSWORD));
		assert_refused(changed);
		changed[size - 1] = hash[size - 1] == 'z' ? 'y' : 'z';
		assert_false(fits(changed, PASSWORD));
		memcpy(changed, hash, size + 1);
		for (char *at = strrchr(changed, '$'); *at != '\0'; at++)
			if (*at >= 'a' && *at <= 'z') {
				*at = (char)(*at - 'a' + 'A');
				break;
			}
		assert_string_not_equal(changed, hash);
		assert_false(fits(changed, PASSWORD));
		free(changed);
		changed = malloc(size + 2);
		snprintf(changed, size + 2, "%s.", hash);
		assert_false(fits(changed, PASSWORD));
		assert_refused(changed);
		snprintf(changed, size + 2, "!%s", hash);
		assert_false(fits(changed, PASSWORD));
		assert_refused(changed);
		free(changed);
	}
}

static void
weak_methods_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		assert_refused(refused[i]);
		assert_false(shadow_hash_is_one(refused[i]));
		assert_string_equal(shadow_hash_method(refused[i]), "");
		assert_false(fits(refused[i], PASSWORD));
	}
}

static void
what_is_no_hash_fits_nothing(void **state)
{
	(void)state;
	assert_false(shadow_hash_is_one(NULL));
	assert_false(fits(NULL, ""));
	assert_string_equal(shadow_hash_method(NULL), "");
	for (size_t i = 0; i < sizeof(no_hashes) / sizeof(no_hashes[0]); i++) {
		assert_refused(no_hashes[i]);
		assert_false(fits(no_hashes[i], ""));
		assert_false(fits(no_hashes[i], no_hashes[i]));
		assert_false(fits(no_hashes[i], PASSWORD));
	}
}

/* Whoever wrote these wanted a guess to take minutes, or a gibibyte: it would be ours to spend. */
static void
what_costs_too_much_is_refused_unread(void **state)
{
	static const char *const costly[] = {
		"$6$rounds=2000001$saltstring$x", "$6$rounds=999999999$saltstring$x",
		"$5$rounds=999999999$saltstring$x", "$6$rounds=99999999999999999999$saltstring$x",
		"$2b$14$KBCwKxOzLha2MUDgW0PjXexGfB5dmDvvvgEVjeeXiTo87i0yXWYau",
		"$2b$31$KBCwKxOzLha2MUDgW0PjXexGfB5dmDvvvgEVjeeXiTo87i0yXWYau",
		"$y$jFT$F5Jx5fExrKuPp53xLKQ..1$zwtVrjrUCmXcyLTs6oxLTQlzifSUkF8RHJ./tK5KU79",
		"$y$jzT$F5Jx5fExrKuPp53xLKQ..1$zwtVrjrUCmXcyLTs6oxLTQlzifSUkF8RHJ./tK5KU79",
		"$7$GU..../....k2XAnEHBqQ1Ct2aMXFKNa/$Q5pezBy5hqudsV.XXg2wEgSGmFoMyt44hmjNjKRIhF/",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(costly) / sizeof(costly[0]); i++) {
		struct why why = {0};

		assert_int_equal(shadow_hash_check(costly[i], &why), FAULT_RULE);
		assert_non_null(strstr(why.text, "too much"));
		assert_false(shadow_hash_is_one(costly[i]));
		/* This would not come back before the test's time is up. */
		assert_false(fits(costly[i], PASSWORD));
	}
}

/* The twin: what distributions make by default, and a little more, is taken. */
static void
ordinary_costs_are_taken(void **state)
{
	static const struct {
		const char *prefix;
		unsigned long cost;
	} ordinary[] = {
		{"$y$", 0}, {"$y$", 6}, {"$gy$", 0}, {"$7$", 6}, {"$2b$", 0}, {"$2b$", 10},
		{"$6$", 0}, {"$6$", 100000}, {"$5$", 0}, {"$5$", 5000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ordinary) / sizeof(ordinary[0]); i++) {
		char hash[SHADOW_HASH_BYTES + 1];
		struct why why = {0};

		assert_true(shadow_hash_make(ordinary[i].prefix, ordinary[i].cost, PASSWORD, hash));
		if (shadow_hash_check(hash, &why) != FAULT_NONE)
			fail_msg("%s: %s", hash, why.text);
		assert_true(fits(hash, PASSWORD));
		assert_false(fits(hash, "another"));
	}
}

static void
what_is_longer_than_any_is_refused(void **state)
{
	char hash[SHADOW_HASH_BYTES + 64] = "$6$saltstring$";

	(void)state;
	memset(hash + strlen(hash), 'x', SHADOW_HASH_BYTES);
	assert_refused(hash);
	assert_false(shadow_hash_is_one(hash));
	assert_false(fits(hash, PASSWORD));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_others_have_made),
		cmocka_unit_test(no_other_password_fits),
		cmocka_unit_test(a_hash_that_was_changed_never_fits),
		cmocka_unit_test(weak_methods_are_refused),
		cmocka_unit_test(what_is_no_hash_fits_nothing),
		cmocka_unit_test(what_costs_too_much_is_refused_unread),
		cmocka_unit_test(ordinary_costs_are_taken),
		cmocka_unit_test(what_is_longer_than_any_is_refused),
	};

	if (crypto_start(NULL) != FAULT_NONE)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
