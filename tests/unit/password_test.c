/*
 * password_test.c - what a password may be, which earlier ones it may not be, how long it is good,
 * and what becomes of the record.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "accounts/password.h"
#include "policy/decide.h"
#include "store/shadow_hash.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A member that nobody frees here. */
#define TEXT(member, text) .member = (char *)(text)

enum { NOW = 1795253400, DAY = 24 * 60 * 60 };

/* Argon2 at its cheapest: how often it is asked is what counts here. */
static struct settings
cheap(uint32_t history)
{
	return (struct settings){.password_min_length = 8,
	    .password_history = history,
	    .argon2_operations = 1,
	    .argon2_memory = 8192};
}

/* ---- what it may be ----------------------------------------------------------------------- */

static void
length_and_text_are_checked(void **state)
{
	const struct settings policy = {.password_min_length = 12};
	const struct settings longer = {.password_min_length = 30};
	struct why why;

	(void)state;
	assert_int_equal(password_check("twelve bytes", NULL, &policy, &why), FAULT_NONE);
	assert_int_equal(password_check("twelve byte", NULL, &policy, &why), FAULT_INVALID);
	assert_string_equal(why.field, "password");
	assert_int_equal(password_check("twelve bytes", NULL, &longer, &why), FAULT_INVALID);
	assert_non_null(strstr(why.text, "30"));
	/* Eleven characters in more bytes, then twelve. */
	assert_int_equal(password_check("bl\xc3\xa5tt \xc3\xb8l \xc3\xa6\xc3\xb8", NULL, &policy,
	    &why), FAULT_INVALID);
	assert_int_equal(password_check("bl\xc3\xa5tt \xc3\xb8l \xc3\xa6\xc3\xb8y", NULL, &policy,
	    &why), FAULT_NONE);
	assert_int_equal(password_check("a password\nwith two lines", NULL, &policy, &why),
	    FAULT_INVALID);
	assert_null(strstr(why.text, "with two lines"));
	assert_int_equal(password_check("not utf-8 at all \xff\xfe", NULL, &policy, &why),
	    FAULT_INVALID);
	/* What sshd(8) gives for somebody whom it does not know. */
	assert_int_equal(password_check("\b\n\r\177INCORRECT\b\n\r\177INCORRECT\b\n\r", NULL, &policy,
	    &why), FAULT_INVALID);
}

/* Of each length in memory of its own, so that a sanitizer sees a look beyond the end. */
static void
every_length_is_read_within(void **state)
{
	static const size_t longer[] = {511, 512, 513, 1024, 65536, 1 << 20};
	const struct settings policy = {.password_min_length = 12};
	const struct user user = {TEXT(name, "b"), TEXT(first_name, "Bo"), TEXT(last_name, "Li")};

	(void)state;
	for (size_t i = 0; i < 32 + COUNT(longer); i++) {
		size_t size = i < 32 ? i : longer[i - 32];
		bool good = size >= 12 && size <= PASSWORD_BYTES;
		char *password = malloc(size + 1);

		assert_non_null(password);
		for (size_t at = 0; at < size; at++)
			password[at] = (char)('!' + at * at * 31 % 94);
		password[size] = '\0';
		assert_int_equal(password_check(password, NULL, &policy, NULL),
		    good ? FAULT_NONE : FAULT_INVALID);
		assert_int_equal(password_check(password, &user, &policy, NULL),
		    good ? FAULT_NONE : FAULT_INVALID);
		/* Worst for whoever measures: everything repeats everything. */
		memset(password, 'x', size);
		assert_int_equal(password_check(password, &user, &policy, NULL), FAULT_INVALID);
		free(password);
	}
}

/* What is said of it has nothing of it. */
static void
assert_weak(const char *password, const struct user *user, const char *said)
{
	const struct settings policy = cheap(0);
	struct why why = {0};

	if (password_check(password, user, &policy, &why) != FAULT_INVALID)
		fail_msg("taken: %s", password);
	assert_string_equal(why.field, "password");
	if (strstr(why.text, said) == NULL)
		fail_msg("%s: %s", password, why.text);
	assert_true(strstr(why.text, password) == NULL || strcmp(password, "password") == 0);
	assert_null(strchr(why.text, '\n'));
}

static void
assert_taken(const char *password, const struct user *user)
{
	const struct settings policy = cheap(0);
	struct why why = {0};

	if (password_check(password, user, &policy, &why) != FAULT_NONE)
		fail_msg("%s: %s", password, why.text);
}

static void
what_everybody_tries_is_refused(void **state)
{
	static const struct {
		const char *password;
		const char *said;
	} rows[] = {
		{"password", "common"}, {"Password", "common"}, {"PASSWORD", "common"},
		{"P@ssw0rd", "common"}, {"pa55word", "common"}, {"Passw0rd!", "common"},
		{"password1", "common"}, {"password123", "common"}, {"123password", "common"},
		{"!!password!!", "common"}, {"Password2026!", "common"}, {"p4$$w0rd", "common"},
		{"passwordpassword", "common"}, {"password password", "common"},
		{"letmein12345", "common"}, {"Welcome@2026#1", "common"}, {"iloveyou!!!", "common"},
		{"$ecret$ecret", "common"}, {"administrator", "common"}, {"changeme1234", "common"},
		{"summer2026!!", "common"}, {"Dragon.Monkey", "common"}, {"password48151", "common"},
		{"contrase\303\261a", "common"}, {"L\303\226SENORD123", "common"},
		{"qwertyuiop", "row"}, {"qwertyuiop12", "row"}, {"poiuytrewq", "row"},
		{"1234567890", "row"}, {"123456789012", "row"}, {"0987654321", "row"},
		{"abcdefghijkl", "row"}, {"zyxwvutsrqpo", "row"}, {"1qaz2wsx3edc", "row"},
		{"!@#$%^&*()_+", "row"}, {"qazwsxedcrfv", "row"}, {"asdfghjkl123", "row"},
		{"q1w2e3r4t5y6", "row"}, {"azertyuiop", "row"},
		{"xxxxxxxxxxxx", "over and over"}, {"111111111111", "over and over"},
		{"abababababab", "over and over"}, {"Ab1!Ab1!Ab1!", "over and over"},
		{"haha haha haha ", "over and over"},
		{"\303\270\303\270\303\270\303\270\303\270\303\270\303\270\303\270", "over and over"},
		{"1985-04-12", "date"}, {"20011984", "date"},
		{"            ", "over and over"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_weak(rows[i].password, NULL, rows[i].said);
}

/* The twins: as many characters, and nothing that many would try. */
static void
what_is_hard_to_guess_is_taken(void **state)
{
	static const char *const passwords[] = {"kx9!vq2w", "tgbknuha", "72193846", "Zr4mopul",
	    "correct horse battery staple", "the rain in gothenburg", "sommarregn p\303\245 v\303\244gen",
	    "password of the old lighthouse", "letmein83920174663", "qwerty-hvalross-71",
	    "anna berg drives a tram", "1984 was a long book", "dragon flew over bremen",
	    "\320\264\320\276\320\266\320\264\321\214 \320\262 \320\264\320\276\320\274\320\265",
	    "\b"};

	(void)state;
	for (size_t i = 0; i + 1 < COUNT(passwords); i++)
		assert_taken(passwords[i], NULL);
}

static void
what_is_known_of_the_user_is_refused(void **state)
{
	const struct user anna = {TEXT(name, "aberg"), TEXT(first_name, "Anna-Lena"),
	    TEXT(last_name, "Lindqvist"), TEXT(email, "al.lindqvist@bolaget.example"),
	    TEXT(phone, "+46701936284")};
	const struct user oberg = {TEXT(name, "aoberg"), TEXT(first_name, "\303\205sa"),
	    TEXT(last_name, "\303\226berg")};
	const struct user bo = {TEXT(name, "bli"), TEXT(first_name, "Bo"), TEXT(last_name, "Li")};
	const struct user other = {TEXT(name, "carl"), TEXT(first_name, "Carl"),
	    TEXT(last_name, "Reed")};
	const struct {
		const struct user *user;
		const char *password;
	} rows[] = {
		{&anna, "annalindqvist"}, {&anna, "AnnaLindqvist1!"}, {&anna, "lindqvist.anna"},
		{&anna, "Anna-Lena Lindqvist"}, {&anna, "l1ndqv1st"}, {&anna, "aberg aberg"},
		{&anna, "al.lindqvist@bolaget.example"}, {&anna, "lindqvist@bolaget"},
		{&anna, "Bolaget2026!"}, {&anna, "+46701936284"}, {&anna, "0701936284"},
		{&anna, "lena0701936284"}, {&anna, "4701936284"},
		{&oberg, "\303\245sa\303\266berg"}, {&oberg, "\303\205SA \303\226BERG!"},
		{&oberg, "aoberg2026"}, {&bo, "boliboli"}, {&bo, "BoLi2026!"}, {&bo, "Libo.Libo"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct settings policy = cheap(0);
		struct why why = {0};

		if (password_check(rows[i].password, rows[i].user, &policy, &why) != FAULT_INVALID)
			fail_msg("taken: %s", rows[i].password);
		assert_null(strstr(why.text, rows[i].password));
	}
	assert_weak("annalindqvist", &anna, "own name");
	assert_weak("al.lindqvist@bolaget.example", &anna, "own name");
	/* Another's are as good as any word; and one's own do not spoil what is long enough. */
	assert_taken("annalindqvist", &other);
	assert_taken("0701936284", &other);
	assert_taken("anna lindqvist rows to hisingen", &anna);
}

/* ---- earlier ones ------------------------------------------------------------------------- */

static char *
hash_of(const char *password, const struct settings *settings)
{
	struct crypto_cost cost = password_cost(settings);
	char *hash = NULL;

	assert_int_equal(crypto_password_hash(password, &cost, &hash, NULL), FAULT_NONE);
	return hash;
}

static void
set(struct user *user, const char *password, const struct settings *settings)
{
	char *hash = hash_of(password, settings);

	assert_int_equal(password_put(user, hash, settings, NOW, NULL), FAULT_NONE);
	assert_string_equal(user->password, hash);
	password_free(hash);
}

static size_t
earlier(const struct user *user)
{
	size_t count = user->history != NULL;

	for (const char *at = user->history; at != NULL && *at != '\0'; at++)
		count += *at == ' ';
	return count;
}

static void
assert_new(const char *password, const struct user *user, const struct settings *settings)
{
	struct why why = {0};

	if (password_is_new(password, user, settings, &why) != FAULT_NONE)
		fail_msg("%s: %s", password, why.text);
}

static void
assert_old(const char *password, const struct user *user, const struct settings *settings,
    const char *said)
{
	struct why why = {0};

	if (password_is_new(password, user, settings, &why) != FAULT_INVALID)
		fail_msg("new: %s", password);
	assert_string_equal(why.field, "password");
	assert_non_null(strstr(why.text, said));
	assert_null(strstr(why.text, password));
}

static void
the_last_ones_are_kept_and_refused(void **state)
{
	const struct settings policy = cheap(3);
	struct user user = {.type = USER_EMPLOYEE};

	(void)state;
	assert_new("first one", &user, &policy);
	set(&user, "first one", &policy);
	assert_null(user.history);
	set(&user, "second one", &policy);
	set(&user, "third one", &policy);
	set(&user, "fourth one", &policy);
	assert_int_equal(earlier(&user), 3);
	assert_old("fourth one", &user, &policy, "in use");
	assert_old("third one", &user, &policy, "your last 4");
	assert_old("second one", &user, &policy, "your last 4");
	assert_old("first one", &user, &policy, "your last 4");
	assert_new("Fourth one", &user, &policy);
	assert_new("fifth one", &user, &policy);
	set(&user, "fifth one", &policy);
	assert_int_equal(earlier(&user), 3);
	assert_new("first one", &user, &policy);
	assert_old("second one", &user, &policy, "your last 4");
	user_clear(&user);
}

static void
a_policy_may_want_fewer_or_none(void **state)
{
	const struct settings three = cheap(3), one = cheap(1), none = cheap(0);
	struct user user = {.type = USER_CLIENT};

	(void)state;
	set(&user, "first one", &three);
	set(&user, "second one", &three);
	set(&user, "third one", &three);
	assert_old("first one", &user, &three, "your last 4");
	assert_old("second one", &user, &one, "your last 2");
	assert_new("first one", &user, &one);
	assert_new("second one", &user, &none);
	assert_old("third one", &user, &none, "in use");
	set(&user, "fourth one", &one);
	assert_int_equal(earlier(&user), 1);
	set(&user, "fifth one", &none);
	assert_null(user.history);
	set(&user, "sixth one", &three);
	assert_old("fifth one", &user, &three, "your last 4");
	user_clear(&user);
}

/* What a record cannot be without. */
static void
make_whole(struct user *user)
{
	static const char *const members[][2] = {{"name", "anna"}, {"uid", "65538"},
	    {"gid", "65538"}, {"first-name", "Anna"}, {"last-name", "Berg"}, {"roles", "builder"},
	    {"origin", "local"}, {"version", "1"}, {"home", "/home/anna"}, {"shell", "/bin/sh"},
	    {"uuid", "6f3dc1a5-3f2b-4c1d-9a59-0d8f1e6f2a10"}};

	for (size_t i = 0; i < COUNT(members); i++)
		assert_int_equal(field_parse(field_find(&user_table, members[i][0]), user,
		    members[i][1], NULL), FAULT_NONE);
}

/* A hundred of the longest, as the widest policy wants; and the record holds. */
static void
the_longest_history_fits(void **state)
{
	const struct settings policy = cheap(100);
	struct user user = {.type = USER_EMPLOYEE};
	char longest[SHADOW_HASH_BYTES + 2];

	(void)state;
	memset(longest, 'h', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	for (int i = 0; i < 103; i++)
		assert_int_equal(password_put(&user, longest, &policy, NOW, NULL), FAULT_NONE);
	assert_int_equal(earlier(&user), 100);
	make_whole(&user);
	assert_int_equal(record_check(&user_table, &user, false, NULL), FAULT_NONE);
	set(&user, "the one of today", &policy);
	assert_new("another one", &user, &policy);
	assert_old("the one of today", &user, &policy, "in use");
	user_clear(&user);
}

static void
put_history(struct user *user, const char *first, const char *second)
{
	field_clear(field_find(&user_table, "history"), user);
	user->history = malloc(strlen(first) + strlen(second) + 2);
	assert_non_null(user->history);
	sprintf(user->history, "%s %s", first, second);
}

/* What is no hash is nobody's password, and hides none that stands behind it. */
static void
what_is_no_hash_in_a_history_fits_nothing(void **state)
{
	const struct settings policy = cheap(5);
	static const char *const others[] = {"", " ", "*", "*0", "!x", "garbage", "$9$x", "$argon2id$",
	    "$argon2id$v=19$m=,t=,p=1$", "$argon2id$v=19$m=65536,t=2,p=1$", "$6$", "$y$"};
	struct user user = {.type = USER_EMPLOYEE};
	char *hash = hash_of("an earlier one", &policy), *cut = hash_of("a cut one", &policy);

	(void)state;
	cut[strlen(cut) - 1] = '\0';
	for (size_t i = 0; i < COUNT(others); i++) {
		put_history(&user, others[i], hash);
		assert_old("an earlier one", &user, &policy, "your last 6");
		assert_new("another one", &user, &policy);
		assert_new("", &user, &policy);
	}
	put_history(&user, cut, hash);
	assert_new("a cut one", &user, &policy);
	user_clear(&user);
	free(hash);
	free(cut);
}

/* One that would take a minute by itself is not compared with, nor what stands behind it. */
static void
an_earlier_one_that_costs_too_much_is_left(void **state)
{
	static const char costly[] = "$argon2id$v=19$m=1048576,t=64,p=1$aJn1hBLg2zWnGkTnYkPJmA$"
	                             "A4LzYw3m2nBqOaW0Zg5yTtq2b5o3oB1d1l8mM8y2k1s";
	const struct settings policy = cheap(5);
	struct user user = {.type = USER_EMPLOYEE};
	char *hash = hash_of("an earlier one", &policy);

	(void)state;
	put_history(&user, costly, hash);
	assert_new("an earlier one", &user, &policy);
	put_history(&user, hash, costly);
	assert_old("an earlier one", &user, &policy, "your last 6");
	user_clear(&user);
	free(hash);
}

/* The password that somebody brought along from /etc/shadow. */
static void
an_adopted_one_is_an_earlier_one_too(void **state)
{
	const struct settings policy = cheap(2);
	struct user user = {.type = USER_EMPLOYEE};
	char hash[SHADOW_HASH_BYTES + 1];

	(void)state;
	assert_true(shadow_hash_make("$5$", 1000, "brought along", hash));
	assert_int_equal(password_put(&user, hash, &policy, NOW, NULL), FAULT_NONE);
	assert_old("brought along", &user, &policy, "in use");
	set(&user, "a new one", &policy);
	assert_old("brought along", &user, &policy, "your last 3");
	assert_new("brought along 2", &user, &policy);
	user_clear(&user);
}

/* ---- the record --------------------------------------------------------------------------- */

static void
a_new_one_ends_what_was(void **state)
{
	const struct settings policy = cheap(5);
	struct user user = {.type = USER_EMPLOYEE, .must_change = true, .code_made = NOW - 60,
	    .code_until = NOW + 60, .code_used = NOW - 30, .code_mark = NOW - 60};

	(void)state;
	user.code = strdup("$code1$00");
	set(&user, "a new one", &policy);
	assert_false(user.must_change);
	assert_int_equal(user.password_set, NOW);
	assert_null(user.code);
	assert_int_equal(user.code_made, 0);
	assert_int_equal(user.code_until, 0);
	assert_int_equal(user.code_used, 0);
	set(&user, "a newer one", &policy);
	password_drop(&user);
	assert_null(user.password);
	assert_null(user.history);
	assert_int_equal(user.password_set, 0);
	user_clear(&user);
}

static void
some_types_never_have_one(void **state)
{
	const struct settings policy = cheap(5);
	struct user user = {.type = USER_SYSTEM};
	struct why why;

	(void)state;
	assert_int_equal(password_put(&user, "$argon2id$", &policy, NOW, &why), FAULT_RULE);
	user.type = USER_INTEGRATION;
	assert_int_equal(password_put(&user, "$argon2id$", &policy, NOW, &why), FAULT_RULE);
	assert_null(user.password);
	user.type = USER_CLIENT;
	assert_int_equal(password_put(&user, "$argon2id$", &policy, NOW, &why), FAULT_NONE);
	user_clear(&user);
}

static void
another_cost_wants_another_hash(void **state)
{
	const struct settings policy = cheap(5);
	struct settings other = policy;
	char *hash = hash_of("a password", &policy);
	char adopted[SHADOW_HASH_BYTES + 1];

	(void)state;
	assert_false(password_needs_rehash(hash, &policy));
	other.argon2_operations = 2;
	assert_true(password_needs_rehash(hash, &other));
	other = policy;
	other.argon2_memory = 16384;
	assert_true(password_needs_rehash(hash, &other));
	other.argon2_memory = 8192 + 1023; /* Argon2 counts whole KiB */
	assert_false(password_needs_rehash(hash, &other));
	assert_false(password_needs_rehash(NULL, &policy));
	assert_false(password_needs_rehash("", &policy));
	assert_true(shadow_hash_make("$5$", 1000, "brought along", adopted));
	assert_true(password_needs_rehash(adopted, &policy));
	assert_int_equal(crypto_password_work(hash), 8192);
	assert_int_equal(crypto_password_work(adopted), 0);
	assert_int_equal(crypto_password_work("$argon2id$v=19$m=8,t=3,p=1$x"), 3 * 8192);
	assert_int_equal(crypto_password_work("$argon2id$v=19$m=8"), 0);
	assert_true(crypto_password_work("$argon2id$v=19$m=99999999999999999999,t=1,p=1$") ==
	    UINT64_MAX);
	assert_true(crypto_password_work("$argon2id$v=19$m=4294967295,t=4294967295,p=1$") ==
	    UINT64_MAX);
	free(hash);
}

/* ---- how long it is good ------------------------------------------------------------------ */

static void
the_end_is_said_in_time(void **state)
{
	const struct settings policy = {.password_max_age = 30 * DAY, .password_warn = 7 * DAY};
	static const struct {
		int64_t age;
		uint32_t days;
	} rows[] = {
		{0, 0}, {22 * DAY, 0}, {23 * DAY - 1, 0}, {23 * DAY, 7}, {23 * DAY + 1, 7},
		{24 * DAY - 1, 7}, {24 * DAY, 6}, {29 * DAY - 1, 2}, {29 * DAY, 1}, {30 * DAY - 1, 1},
		{30 * DAY, 0}, {31 * DAY, 0}, {-DAY, 0},
	};
	struct user user = {.type = USER_EMPLOYEE, TEXT(password, "$argon2id$"), .password_set = NOW};
	struct settings without = policy;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(password_days_left(&user, &policy, NOW + rows[i].age), rows[i].days);
	without.password_warn = 0;
	assert_int_equal(password_days_left(&user, &without, NOW + 30 * DAY - 1), 0);
	without.password_warn = policy.password_warn;
	without.password_max_age = 0;
	assert_int_equal(password_days_left(&user, &without, NOW + 30 * DAY - 1), 0);
	/* Who logs in by key only has none that could end. */
	user.password = NULL;
	assert_int_equal(password_days_left(&user, &policy, NOW + 29 * DAY), 0);
}

/* A day is as long as any, whatever clocks are put forward or back; 2038 is a year as others. */
static void
no_time_is_too_far_off(void **state)
{
	static const int64_t times[] = {INT64_MIN, INT64_MIN + 1, -INT64_C(4294967296), -DAY, -1, 0, 1,
	    DAY, NOW, INT32_MAX - INT64_C(1), INT32_MAX, INT32_MAX + INT64_C(1), UINT32_MAX,
	    INT64_C(253402300799), INT64_MAX - UINT32_MAX, INT64_MAX - 1, INT64_MAX};
	static const uint32_t ages[] = {0, 1, DAY, 365 * DAY, INT32_MAX, UINT32_MAX};

	(void)state;
	for (size_t set_at = 0; set_at < COUNT(times); set_at++) {
		for (size_t now = 0; now < COUNT(times); now++) {
			for (size_t i = 0; i < COUNT(ages); i++) {
				const struct user user = {TEXT(password, "x"),
				    .password_set = times[set_at]};
				const struct settings policy = {.password_max_age = ages[i],
				    .password_warn = ages[i]};
				/* The reference has bits enough for any sum. */
				__int128 end = (__int128)times[set_at] + ages[i];
				bool over = ages[i] != 0 && (times[set_at] <= 0 || times[now] >= end ||
				    times[now] == INT64_MAX);
				bool soon = ages[i] != 0 && !over && end - times[now] <= ages[i] &&
				    end <= INT64_MAX;

				if (ages[i] != 0)
					assert_int_equal(times[now] >= password_end(&user, &policy), over);
				else
					assert_true(password_end(&user, &policy) == INT64_MAX);
				if (end <= INT64_MAX || over)
					assert_int_equal(password_days_left(&user, &policy, times[now]) > 0,
					    soon);
			}
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(length_and_text_are_checked),
	    cmocka_unit_test(every_length_is_read_within),
	    cmocka_unit_test(what_everybody_tries_is_refused),
	    cmocka_unit_test(what_is_hard_to_guess_is_taken),
	    cmocka_unit_test(what_is_known_of_the_user_is_refused),
	    cmocka_unit_test(the_last_ones_are_kept_and_refused),
	    cmocka_unit_test(a_policy_may_want_fewer_or_none),
	    cmocka_unit_test(the_longest_history_fits),
	    cmocka_unit_test(what_is_no_hash_in_a_history_fits_nothing),
	    cmocka_unit_test(an_earlier_one_that_costs_too_much_is_left),
	    cmocka_unit_test(an_adopted_one_is_an_earlier_one_too),
	    cmocka_unit_test(a_new_one_ends_what_was),
	    cmocka_unit_test(some_types_never_have_one),
	    cmocka_unit_test(another_cost_wants_another_hash),
	    cmocka_unit_test(the_end_is_said_in_time),
	    cmocka_unit_test(no_time_is_too_far_off),
	};

	if (crypto_start(NULL) != FAULT_NONE)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
