/*
 * assignment_test.c - roles with a scope: how they are written, and what a scope covers.
 */
#include "tests/unit/policy_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
assignments_are_taken_apart(void **state)
{
	static const struct {
		const char *text;
		const char *role;
		enum scope_kind kind;
		const char *name;
	} good[] = {
		{"administrator", "administrator", SCOPE_EVERYTHING, ""},
		{"a.b-c", "a.b-c", SCOPE_EVERYTHING, ""},
		{"administrator@/sales/north", "administrator", SCOPE_UNIT, "/sales/north"},
		{"administrator@/", "administrator", SCOPE_UNIT, "/"},
		{"technician@client:acme", "technician", SCOPE_CLIENT, "acme"},
	};
	static const char *const bad[] = {"", "@", "@/sales", "Admin", "admin@", "admin@sales",
	    "admin@/sales/", "admin@//", "admin@/Sales", "admin@client:", "admin@client:Acme",
	    "admin@client:a.b", "admin@CLIENT:acme", "admin@client:acme ", "admin@site:north",
	    "admin@@/sales", "admin@/sales@/north", "admin@/sales@client:acme", "admin @/sales",
	    "admin@client:acme@/x", "*@/sales", "admin.*", "admin@/\n"};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct assignment assignment = {0};

		assert_true(assignment_parse(good[i].text, &assignment));
		assert_string_equal(assignment.role, good[i].role);
		assert_int_equal(assignment.scope.kind, good[i].kind);
		assert_string_equal(assignment.scope.name, good[i].name);
		assert_true(assignment_is_of(good[i].text, good[i].role));
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct assignment assignment;

		if (assignment_parse(bad[i], &assignment))
			fail_msg("%s", bad[i]);
		assert_false(assignment_is_of(bad[i], "admin"));
	}
}

static void
assignments_have_a_longest(void **state)
{
	char text[WORD_BYTES + 1 + UNIT_BYTES + 2];
	struct assignment assignment;

	(void)state;
	memset(text, 'a', sizeof(text));
	text[31] = '.'; /* no word of a name is longer than a login name */
	text[WORD_BYTES] = '@';
	text[WORD_BYTES + 1] = '/';
	text[WORD_BYTES + 1 + UNIT_BYTES] = '\0';
	assert_int_equal(strlen(text), ASSIGNMENT_BYTES);
	assert_true(assignment_parse(text, &assignment));
	assert_int_equal(strlen(assignment.role), WORD_BYTES);
	assert_int_equal(strlen(assignment.scope.name), UNIT_BYTES);
	text[WORD_BYTES + 1 + UNIT_BYTES] = 'a';
	text[WORD_BYTES + 2 + UNIT_BYTES] = '\0';
	assert_false(assignment_parse(text, &assignment));
	memset(text, 'a', sizeof(text));
	text[31] = '.';
	text[WORD_BYTES + 1] = '\0';
	assert_false(assignment_parse(text, &assignment));
}

/* Not of a role whose name only begins like it, nor in a scope that is none. */
static void
whose_assignment_it_is(void **state)
{
	struct scope scope = {0};

	(void)state;
	assert_true(assignment_scope("tech@client:acme", "tech", &scope));
	assert_int_equal(scope.kind, SCOPE_CLIENT);
	assert_string_equal(scope.name, "acme");
	scope = (struct scope){0};
	assert_false(assignment_scope("technician", "tech", &scope));
	assert_false(assignment_scope("tech", "technician", &scope));
	assert_false(assignment_scope("tech.nician@/sales", "tech", &scope));
	assert_false(assignment_scope("tech@sales", "tech", &scope));
	assert_false(assignment_scope("tech@/sales", "tech@/sales", &scope));
	assert_false(assignment_scope("", "", &scope));
	assert_int_equal(scope.kind, SCOPE_NOTHING);
}

static void
what_lies_within_what(void **state)
{
	static const struct scope nothing, everything = {SCOPE_EVERYTHING, ""};
	static const struct scope whole = {SCOPE_UNIT, "/"}, sales = {SCOPE_UNIT, "/sales"};
	static const struct scope north = {SCOPE_UNIT, "/sales/north"};
	static const struct scope salesx = {SCOPE_UNIT, "/salesx"};
	static const struct scope acme = {SCOPE_CLIENT, "acme"}, beta = {SCOPE_CLIENT, "beta"};
	static const struct {
		const struct scope *outer;
		const struct scope *inner;
		bool covers;
	} rows[] = {
		{&everything, &everything, true}, {&everything, &whole, true},
		{&everything, &acme, true}, {&everything, &nothing, true},
		{&nothing, &nothing, true}, {&nothing, &acme, false}, {&nothing, &whole, false},
		{&nothing, &everything, false},
		{&whole, &whole, true}, {&whole, &sales, true}, {&whole, &everything, false},
		{&whole, &acme, false},
		{&sales, &sales, true}, {&sales, &north, true}, {&sales, &salesx, false},
		{&sales, &whole, false}, {&north, &sales, false}, {&salesx, &sales, false},
		{&acme, &acme, true}, {&acme, &beta, false}, {&acme, &everything, false},
		{&acme, &sales, false}, {&acme, &nothing, true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (scope_covers(rows[i].outer, rows[i].inner) != rows[i].covers)
			fail_msg("row %zu", i);
}

static void
who_stands_within(void **state)
{
	static const struct {
		const char *unit;
		const char *clients;
		bool in_all;
		bool in_whole;
		bool in_sales;
		bool in_acme;
	} rows[] = {
		{"", "", true, false, false, false},
		{"/", "", true, true, false, false},
		{"/sales", "", true, true, true, false},
		{"/sales/north/east", "acme", true, true, true, true},
		{"/salesx", "acme beta", true, true, false, false},
		{"/north/sales", "beta", true, true, false, false},
	};
	static const struct scope nothing, everything = {SCOPE_EVERYTHING, ""};
	static const struct scope whole = {SCOPE_UNIT, "/"}, sales = {SCOPE_UNIT, "/sales"};
	static const struct scope acme = {SCOPE_CLIENT, "acme"};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct user user = {0};

		set(&user_table, &user, "unit", rows[i].unit);
		set(&user_table, &user, "clients", rows[i].clients);
		assert_false(scope_covers_user(&nothing, &user));
		assert_int_equal(scope_covers_user(&everything, &user), rows[i].in_all);
		assert_int_equal(scope_covers_user(&whole, &user), rows[i].in_whole);
		assert_int_equal(scope_covers_user(&sales, &user), rows[i].in_sales);
		assert_int_equal(scope_covers_user(&acme, &user), rows[i].in_acme);
		user_clear(&user);
	}
}

static void
on_whose_hosts_it_counts(void **state)
{
	static const struct scope nothing, everything = {SCOPE_EVERYTHING, ""};
	static const struct scope sales = {SCOPE_UNIT, "/sales"}, acme = {SCOPE_CLIENT, "acme"};
	static const char *const clients[] = {NULL, "", "acme", "beta", "acm", "acmee"};

	(void)state;
	for (size_t i = 0; i < COUNT(clients); i++) {
		assert_false(scope_counts_on(&nothing, clients[i]));
		assert_true(scope_counts_on(&everything, clients[i]));
		assert_true(scope_counts_on(&sales, clients[i]));
		assert_int_equal(scope_counts_on(&acme, clients[i]), i < 3);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(assignments_are_taken_apart),
		cmocka_unit_test(assignments_have_a_longest),
		cmocka_unit_test(whose_assignment_it_is),
		cmocka_unit_test(what_lies_within_what),
		cmocka_unit_test(who_stands_within),
		cmocka_unit_test(on_whose_hosts_it_counts),
	};

	return cmocka_run_group_tests_name("assignments", tests, NULL, NULL);
}
