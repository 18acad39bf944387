/*
 * code_test.c - one-time codes: how they are written, which text fits, and when one is good.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/code.h"
#include "store/crypto.h"

enum { NOW = 1795253400, HOUR = 3600 };

static struct user user;
static char text[CODE_TEXT_BYTES];

/* Each test begins with a code that was made now, and is good for an hour. */
static int
setup(void **state)
{
	(void)state;
	return code_put(&user, NOW, NOW, HOUR, text, NULL) == FAULT_NONE ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	user_clear(&user);
	return 0;
}

static void
test_text(void **state)
{
	bool letter[128] = {false};
	unsigned letters = 0;

	(void)state;
	for (int round = 0; round < 200; round++) {
		struct user other = {0};

		assert_int_equal(code_put(&other, NOW, 0, HOUR, text, NULL), FAULT_NONE);
		assert_int_equal(strlen(text), CODE_TEXT_BYTES - 1);
		for (size_t i = 0; i < CODE_TEXT_BYTES - 1; i++) {
			assert_int_equal(text[i] == '-', i % 5 == 4);
			assert_true(text[i] == '-' || isupper(text[i]) || isdigit(text[i]));
			letter[(unsigned char)text[i]] = true;
		}
		user_clear(&other);
	}
	for (int i = 0; i < 128; i++)
		letters += letter[i];
	assert_int_equal(letters, 32 + 1); /* five bits each, and the dash */
	assert_false(letter['I'] || letter['O'] || letter['0'] || letter['1']);
}

/* What is kept tells nothing of the code, and two records nothing of one another. */
static void
test_kept(void **state)
{
	char *first = strdup(user.code);
	char letters[17] = {0};

	(void)state;
	for (size_t i = 0, at = 0; i < CODE_TEXT_BYTES - 1; i++)
		if (text[i] != '-')
			letters[at++] = text[i];
	assert_null(strstr(user.code, text));
	assert_null(strstr(user.code, letters));
	assert_null(strcasestr(user.code, letters));
	assert_int_equal(code_put(&user, NOW, NOW, HOUR, text, NULL), FAULT_NONE);
	assert_string_not_equal(user.code, first);
	free(first);
}

static void
test_typed(void **state)
{
	char typed[64];

	(void)state;
	assert_true(code_fits(&user, text));
	for (size_t i = 0; i <= strlen(text); i++)
		typed[i] = (char)tolower((unsigned char)text[i]);
	assert_true(code_fits(&user, typed));
	snprintf(typed, sizeof(typed), " %.4s %.4s%.4s -- %.4s ", text, text + 5, text + 10,
	    text + 15);
	assert_true(code_fits(&user, typed));
}

/* Nothing that is a letter less, more, or another. */
static void
test_not_it(void **state)
{
	static const char *const others[] = {"", "-", "AAAA-AAAA-AAAA-AAAA", "0000-0000-0000-0000",
	    "annas very long password", "\xc3\x85\xc3\x85\xc3\x85\xc3\x85"};
	char typed[64];

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(code_fits(&user, others[i]));
	for (size_t i = 0; i < strlen(text); i++) {
		strcpy(typed, text);
		if (typed[i] == '-')
			continue;
		typed[i] = typed[i] == 'A' ? 'B' : 'A';
		assert_false(code_fits(&user, typed));
		strcpy(typed, text);
		memmove(typed + i, typed + i + 1, strlen(typed + i));
		assert_false(code_fits(&user, typed));
	}
	snprintf(typed, sizeof(typed), "%sA", text);
	assert_false(code_fits(&user, typed));
	snprintf(typed, sizeof(typed), "%s\t", text);
	assert_false(code_fits(&user, typed));
	assert_true(code_fits(&user, text));
}

static void
test_none(void **state)
{
	struct user nobody = {0};

	(void)state;
	assert_false(code_fits(&nobody, text));
	assert_false(code_fits(&nobody, ""));
	assert_false(code_is_good(&nobody, NOW, NOW));
	code_drop(&user);
	assert_null(user.code);
	assert_int_equal(user.code_made | user.code_until | user.code_used | user.code_mark, 0);
	assert_false(code_fits(&user, text));
	assert_false(code_is_good(&user, NOW, NOW));
}

/* A hash that is not whole, or another's, fits nothing: not even what it was made of. */
static void
test_damaged(void **state)
{
	char *kept = strdup(user.code);

	(void)state;
	for (size_t i = 0; i < strlen(kept); i++) {
		char was = user.code[i];

		user.code[i] = was == '3' ? '4' : '3';
		assert_false(code_fits(&user, text));
		user.code[i] = '\0';
		assert_false(code_fits(&user, text));
		user.code[i] = was;
	}
	assert_true(code_fits(&user, text));
	for (size_t i = strlen("$code1$"); i < strlen(kept); i++)
		user.code[i] = (char)toupper((unsigned char)user.code[i]);
	assert_false(code_fits(&user, text));
	free(kept);
}

static void
test_new_one_voids(void **state)
{
	char first[CODE_TEXT_BYTES];

	(void)state;
	strcpy(first, text);
	user.code_used = NOW;
	assert_int_equal(code_put(&user, NOW + 1, NOW, HOUR, text, NULL), FAULT_NONE);
	assert_int_equal(user.code_used, 0);
	assert_false(code_fits(&user, first));
	assert_true(code_fits(&user, text));
}

static void
test_time(void **state)
{
	(void)state;
	assert_true(code_is_good(&user, NOW, NOW));
	assert_true(code_is_good(&user, NOW + HOUR - 1, NOW));
	assert_false(code_is_good(&user, NOW + HOUR, NOW));
	assert_false(code_is_good(&user, INT64_MAX, NOW));
	assert_false(code_is_good(&user, NOW - 1, NOW));
	assert_false(code_is_good(&user, 0, NOW));
	assert_true(code_is_good(&user, NOW, NOW + HOUR - 1));
}

/* Once something was written after its end, no clock brings it back. */
static void
test_clock_set_back(void **state)
{
	(void)state;
	assert_false(code_is_good(&user, NOW, NOW + HOUR));
	assert_false(code_is_good(&user, NOW + 1, INT64_MAX));
	/* A clock that was wrong before the code was made says nothing of the code. */
	assert_int_equal(
	    code_put(&user, NOW, NOW + 10 * HOUR, HOUR, text, NULL), FAULT_NONE);
	assert_true(code_is_good(&user, NOW, NOW + 10 * HOUR));
	assert_false(code_is_good(&user, NOW + HOUR, NOW + 10 * HOUR));
	assert_false(code_is_good(&user, NOW, NOW + 10 * HOUR + 1));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)
	const struct CMUnitTest tests[] = {TEST(text), TEST(kept), TEST(typed), TEST(not_it),
	    TEST(none), TEST(damaged), TEST(new_one_voids), TEST(time), TEST(clock_set_back)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
