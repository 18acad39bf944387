/*
 * grant_test.c - permissions given to one user: how they are written, and until when they count.
 */
#include "tests/unit/policy_fixture.h"

#include "policy/grant.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
grants_have_one_form(void **state)
{
	static const struct {
		const char *text;
		const char *kept;
	} good[] = {
		{"logs.read", "logs.read"},
		{"logs.*", "logs.*"},
		{"*", "*"},
		{"logs.read@2026-12-31", "logs.read@2026-12-31T23:59:59Z"},
		{"logs.read@2026-12-31T00:00:00Z", "logs.read@2026-12-31T00:00:00Z"},
		{"logs.read@2026-12-31T01:30:00+02:00", "logs.read@2026-12-30T23:30:00Z"},
		{"*@9999-12-31", "*@9999-12-31T23:59:59Z"},
	};
	static const char *const bad[] = {"", "@", "@2026-12-31", "logs.read@", "Logs", "logs.",
	    "*.logs", "logs*", "logs.read@2026", "logs.read@2026-02-30", "logs.read@tomorrow",
	    "logs.read@2026-12-31@2027-01-01", "logs.read@2026-12-31 ", "logs.read@client:acme",
	    "logs.read@/sales", "logs.read@2026-12-31T09:00:00"};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		char text[GRANT_BYTES + 1];
		struct grant grant;

		assert_true(grant_parse(good[i].text, &grant));
		grant_print(&grant, text);
		assert_string_equal(text, good[i].kept);
		assert_true(grant_parse(text, &grant));
		grant_print(&grant, text);
		assert_string_equal(text, good[i].kept);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct grant grant;

		if (grant_parse(bad[i], &grant))
			fail_msg("%s", bad[i]);
	}
}

/* The longest there is fits, and one byte more is none. */
static void
grants_have_a_longest(void **state)
{
	char text[WORD_BYTES + 32], kept[GRANT_BYTES + 1];
	struct grant grant;

	(void)state;
	memset(text, 'p', sizeof(text));
	text[31] = '.';
	strcpy(text + WORD_BYTES, "@9999-12-31");
	assert_true(grant_parse(text, &grant));
	grant_print(&grant, kept);
	assert_string_equal(kept + WORD_BYTES, "@9999-12-31T23:59:59Z");
	memset(text, 'p', sizeof(text));
	text[31] = '.';
	strcpy(text + WORD_BYTES + 1, "@9999-12-31");
	assert_false(grant_parse(text, &grant));
}

static void
grants_count_to_their_last_second(void **state)
{
	struct grant grant;
	int64_t end;

	(void)state;
	assert_true(text_to_time("2026-12-31T23:59:59Z", &end));
	assert_true(grant_parse("logs.read@2026-12-31", &grant));
	assert_true(grant_counts(&grant, 1));
	assert_true(grant_counts(&grant, end));
	assert_false(grant_counts(&grant, end + 1));
	assert_false(grant_counts(&grant, INT64_MAX));
	assert_true(grant_parse("logs.read", &grant));
	assert_true(grant_counts(&grant, INT64_MAX));
}

static void
one_grant_of_each_permission(void **state)
{
	struct names grants = {0};
	struct grant grant;
	char text[256];

	(void)state;
	assert_false(grants_have(&grants, "a"));
	assert_false(grants_remove(&grants, "a"));
	for (size_t i = 0; i < 4; i++) {
		assert_true(grant_parse((const char *[]){"a.b", "a", "a.*", "a@2026-12-31"}[i],
		    &grant));
		assert_true(grants_put(&grants, &grant));
	}
	assert_string_equal(joined(&grants, text, sizeof(text)),
	    "a.b a@2026-12-31T23:59:59Z a.*");
	assert_true(grants_have(&grants, "a"));
	assert_true(grants_have(&grants, "a@2030-01-01"));
	assert_false(grants_have(&grants, "a."));
	assert_false(grants_have(&grants, "a.c")); /* covered by one, but none of its own */
	assert_false(grants_remove(&grants, "a."));
	assert_false(grants_remove(&grants, ""));
	assert_true(grants_remove(&grants, "a"));
	assert_false(grants_remove(&grants, "a"));
	assert_string_equal(joined(&grants, text, sizeof(text)), "a.b a.*");
	names_clear(&grants);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grants_have_one_form),
		cmocka_unit_test(grants_have_a_longest),
		cmocka_unit_test(grants_count_to_their_last_second),
		cmocka_unit_test(one_grant_of_each_permission),
	};

	return cmocka_run_group_tests_name("grants", tests, NULL, NULL);
}
