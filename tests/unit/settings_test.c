/*
 * settings_test.c - what a policy says besides permissions and roles.
 */
#include "tests/unit/policy_fixture.h"

#include "policy/settings.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What holds where a policy says nothing, as docs and presets may rely on it. */
static void
what_holds_without_a_word(void **state)
{
	static const struct {
		const char *name;
		const char *text;
	} rows[] = {
		{"login.email", "yes"},
		{"login.phone", "yes"},
		{"login.other-services", "any-permission"},
		{"password.min-length", "12"},
		{"password.history", "5"},
		{"password.max-age", ""},
		{"password.warn", "7d"},
		{"password.argon2.operations", "2"},
		{"password.argon2.memory", "64MiB"},
		{"lockout.failures", "5"},
		{"lockout.within", "15m"},
		{"lockout.for", "15m"},
		{"lockout.scope", "remote-host"},
		{"lockout.keys", "no"},
		{"tokens.invite", "3d"},
		{"tokens.reset", "2h"},
		{"limits.users", ""},
		{"limits.users-per-client", ""},
		{"accounts.uid-range", ""},
		{"accounts.home", "/home/%u"},
		{"accounts.shell", "/bin/bash"},
		{"directory.group-members", "1000"},
		{"mail.client-added", "no"},
		{"mail.from", ""},
	};
	struct settings settings = {0};

	(void)state;
	assert_int_equal(settings_default(&settings, NULL), FAULT_NONE);
	assert_int_equal(settings_check(&settings, NULL), FAULT_NONE);
	assert_int_equal(record_check(&settings_table, &settings, true, NULL), FAULT_NONE);
	assert_int_equal(settings_table.count, COUNT(rows));
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *text = field_text(field_find(&settings_table, rows[i].name), &settings);

		assert_string_equal(text, rows[i].text);
		free(text);
	}
	settings_clear(&settings);
}

/* All zero is stricter than any policy needs to be: no service but the named, no other name. */
static void
the_zero_value_denies(void **state)
{
	static const struct settings nothing;

	(void)state;
	assert_int_equal(nothing.other_services, OTHER_REFUSE);
	assert_false(nothing.login_email);
	assert_false(nothing.login_phone);
}

/* Whatever may stand in a row is written as it is read, nothing of its own among it. */
static void
each_row_goes_round_from_each_value(void **state)
{
	static const char *const values[] = {"", "0", "1", "8", "12", "64", "100", "yes", "no",
	    "refuse", "any-permission", "1m", "36h", "1d", "365d", "8MiB", "1GiB", "65536-99999",
	    "/home/%u", "/bin/sh"};
	unsigned taken = 0;

	(void)state;
	for (size_t i = 0; i < settings_table.count; i++) {
		const struct field *field = &settings_table.rows[i];

		for (size_t j = 0; j < COUNT(values); j++) {
			struct settings one = {0}, other = {0};
			char *text;

			assert_int_equal(settings_default(&other, NULL), FAULT_NONE);
			if (field_parse(field, &one, values[j], NULL) == FAULT_NONE) {
				text = field_text(field, &one);
				assert_int_equal(field_parse(field, &other, text, NULL),
				    FAULT_NONE);
				assert_true(field_same(field, &one, &other));
				free(text);
				taken++;
			}
			settings_clear(&one);
			settings_clear(&other);
		}
	}
	assert_true(taken > 60);
}

static void
what_the_rows_alone_do_not_say(void **state)
{
	static const struct {
		const char *name;
		const char *wrong;
		const char *right;
	} rows[] = {
		{"lockout.for", "", "1h"},
		{"lockout.within", "", "1h"},
		{"accounts.uid-range", "70000-80000 65536-69999", "65536-69999 70000-80000"},
		{"accounts.uid-range", "65536-70000 70000-80000", "65536-70000 70001-80000"},
		{"accounts.uid-range", "65536-90000 70000-80000", "65536-90000"},
		{"accounts.uid-range", "20000-61184", "20000-61183"},
		{"accounts.uid-range", "65535-70000", "65536-70000"},
		{"accounts.uid-range", "62000-63000", "61000-61001"},
		{"accounts.uid-range", "1000-100000", "1000-1999"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct settings settings = {0};
		struct why why = {0};

		assert_int_equal(settings_default(&settings, NULL), FAULT_NONE);
		set(&settings_table, &settings, rows[i].name, rows[i].wrong);
		if (settings_check(&settings, &why) != FAULT_INVALID)
			fail_msg("row %zu", i);
		assert_non_null(field_find(&settings_table, why.field));
		set(&settings_table, &settings, rows[i].name, rows[i].right);
		assert_int_equal(settings_check(&settings, &why), FAULT_NONE);
		settings_clear(&settings);
	}
}

/* A change that compares with all of them ends within the time that it has. */
static void
earlier_passwords_and_their_cost(void **state)
{
	static const struct {
		const char *history;
		const char *operations;
		const char *memory;
		enum fault fault;
		const char *field;
	} rows[] = {
		{"100", "2", "64MiB", FAULT_NONE, ""},
		{"5", "4", "1GiB", FAULT_NONE, ""},
		{"6", "4", "1GiB", FAULT_INVALID, "password.history"},
		{"100", "4", "64MiB", FAULT_INVALID, "password.history"},
		{"80", "4", "64MiB", FAULT_NONE, ""},
		{"0", "20", "1GiB", FAULT_NONE, ""},
		{"1", "20", "1GiB", FAULT_NONE, ""},
		{"0", "21", "1GiB", FAULT_INVALID, "password.argon2.operations"},
		{"100", "64", "8MiB", FAULT_INVALID, "password.history"},
		{"40", "64", "8MiB", FAULT_NONE, ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct settings settings = {0};
		struct why why = {0};

		assert_int_equal(settings_default(&settings, NULL), FAULT_NONE);
		set(&settings_table, &settings, "password.history", rows[i].history);
		set(&settings_table, &settings, "password.argon2.operations", rows[i].operations);
		set(&settings_table, &settings, "password.argon2.memory", rows[i].memory);
		if (settings_check(&settings, &why) != rows[i].fault)
			fail_msg("row %zu: %s", i, why.text);
		if (rows[i].fault != FAULT_NONE)
			assert_string_equal(why.field, rows[i].field);
		settings_clear(&settings);
	}
}

/* Without a number of failures nobody is locked out, and the others say nothing. */
static void
no_lock_out_at_all(void **state)
{
	struct settings settings = {0};

	(void)state;
	assert_int_equal(settings_default(&settings, NULL), FAULT_NONE);
	set(&settings_table, &settings, "lockout.failures", "0");
	set(&settings_table, &settings, "lockout.for", "");
	assert_int_equal(settings_check(&settings, NULL), FAULT_NONE);
	settings_clear(&settings);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_holds_without_a_word),
		cmocka_unit_test(the_zero_value_denies),
		cmocka_unit_test(each_row_goes_round_from_each_value),
		cmocka_unit_test(what_the_rows_alone_do_not_say),
		cmocka_unit_test(earlier_passwords_and_their_cost),
		cmocka_unit_test(no_lock_out_at_all),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
