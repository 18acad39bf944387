/*
 * separation_test.c - roles that are never together: by assignment, by what a role inherits, in
 * whatever scope, and how it is said.
 */
#include "tests/unit/document_fixture.h"

#include "policy/separation.h"

static const char office[] = HEAD
    "permissions: {p: {}}\n"
    "roles:\n"
    "  accountant: {permissions: [p]}\n"
    "  auditor: {disabled: yes}\n"
    "  cashier: {}\n"
    "  clerk: {}\n"
    "  chief: {includes: [lead]}\n"
    "  lead: {includes: [accountant], disabled: yes}\n"
    "  l10: {ladder: l, level: 10}\n"
    "  l20: {ladder: l, level: 20}\n"
    "  l20-other: {ladder: l, level: 20}\n"
    "constraints:\n"
    "- never-together: [accountant, auditor, cashier]\n"
    "- never-together: [l10, clerk]\n"
    "- never-together: [l20, l20-other]\n";

/* What a user is assigned; `one` NULL: it breaks nothing. */
static const struct {
	const char *assignments[4];
	size_t constraint;
	const char *one;
	const char *by_one;
	const char *other;
	const char *by_other;
} table[] = {
	{{NULL}, 0, NULL, NULL, NULL, NULL},
	{{"accountant"}, 0, NULL, NULL, NULL, NULL},
	{{"accountant", "clerk", "l20-other"}, 1, "clerk", "clerk", "l10", "l20-other"},
	{{"accountant", "clerk"}, 0, NULL, NULL, NULL, NULL},
	{{"accountant", "auditor"}, 0, "accountant", "accountant", "auditor", "auditor"},
	{{"auditor", "clerk", "accountant"}, 0, "auditor", "auditor", "accountant", "accountant"},
	{{"cashier", "auditor"}, 0, "cashier", "cashier", "auditor", "auditor"},
	/* by includes, through a role that is disabled */
	{{"chief", "auditor"}, 0, "accountant", "chief", "auditor", "auditor"},
	{{"chief", "accountant"}, 0, NULL, NULL, NULL, NULL},
	{{"chief", "lead"}, 0, NULL, NULL, NULL, NULL},
	/* by a ladder, which equals do not climb */
	{{"clerk", "l20"}, 1, "clerk", "clerk", "l10", "l20"},
	{{"l20", "l10"}, 0, NULL, NULL, NULL, NULL},
	{{"l10", "clerk"}, 1, "l10", "l10", "clerk", "clerk"},
	{{"l20", "l20-other"}, 2, "l20", "l20", "l20-other", "l20-other"},
	/* scopes make no difference; one role in two of them is one role */
	{{"accountant@/north", "auditor@/south"}, 0, "accountant", "accountant", "auditor",
	    "auditor"},
	{{"accountant@client:acme", "chief@client:bolt"}, 0, NULL, NULL, NULL, NULL},
	{{"accountant@client:acme", "cashier"}, 0, "accountant", "accountant", "cashier",
	    "cashier"},
	{{"accountant@/north", "accountant@/south"}, 0, NULL, NULL, NULL, NULL},
	/* roles that there are not, and what is no assignment */
	{{"gone", "accountant"}, 0, NULL, NULL, NULL, NULL},
	{{"system-administrator", "accountant"}, 0, NULL, NULL, NULL, NULL},
	{{"Accountant", "auditor"}, 0, NULL, NULL, NULL, NULL},
};

static void
fill(struct names *assignments, const char *const *from)
{
	for (; *from != NULL; from++)
		assert_true(names_add(assignments, *from));
}

static void
assignments(void **state)
{
	struct document document;

	(void)state;
	read_good(office, &document);
	for (size_t i = 0; i < COUNT(table); i++) {
		struct breach breach = {.constraint = 7};
		struct names held = {0};
		bool broken;

		fill(&held, table[i].assignments);
		broken = separation_broken(&document, &held, &breach);
		names_clear(&held);
		if (broken != (table[i].one != NULL))
			fail_msg("row %zu", i);
		if (!broken) {
			assert_int_equal(breach.constraint, 7);
			continue;
		}
		assert_int_equal(breach.constraint, table[i].constraint);
		assert_string_equal(breach.one, table[i].one);
		assert_string_equal(breach.by_one, table[i].by_one);
		assert_string_equal(breach.other, table[i].other);
		assert_string_equal(breach.by_other, table[i].by_other);
	}
	document_clear(&document);
}

/* A role that is gone still counts by its name, as long as a constraint has it. */
static void
a_role_that_is_gone(void **state)
{
	struct names apart = {0}, held = {0};
	struct document document;
	struct breach breach;

	(void)state;
	read_good(office, &document);
	fill(&apart, (const char *const[]){"ghost", "chief", NULL});
	fill(&held, (const char *const[]){"ghost@/north", "clerk", NULL});
	assert_int_equal(document_add_constraint(&document, &apart, NULL), FAULT_NONE);
	assert_false(separation_broken(&document, &held, &breach));
	assert_true(names_add(&held, "chief"));
	assert_true(separation_broken(&document, &held, &breach));
	assert_int_equal(breach.constraint, 3);
	assert_string_equal(breach.by_one, "ghost");
	names_clear(&apart);
	names_clear(&held);
	document_clear(&document);
}

/* A role as it would be, beside a document that does not have it so. */
static void
roles_themselves(void **state)
{
	struct document document;
	struct breach breach;
	struct role role = {0};

	(void)state;
	read_good(office, &document);
	for (size_t i = 0; i < document.roles.count; i++)
		assert_false(separation_broken_by_role(&document, &document.roles.role[i],
		    &breach));
	assert_int_equal(record_copy(&role_table, &role, roles_find(&document.roles, "auditor"),
	    NULL),
	    FAULT_NONE);
	assert_true(names_insert(&role.inherits, "clerk"));
	assert_false(separation_broken_by_role(&document, &role, &breach));
	assert_true(names_insert(&role.inherits, "cashier"));
	assert_true(separation_broken_by_role(&document, &role, &breach));
	assert_string_equal(breach.one, "auditor");
	assert_string_equal(breach.other, "cashier");
	assert_string_equal(breach.by_other, "auditor");
	role_clear(&role);
	document_clear(&document);
}

static void
in_words(void **state)
{
	static const struct {
		struct breach breach;
		const char *whom;
		const char *says;
	} words[] = {
		{{0, "accountant", "auditor", "accountant", "auditor"}, "anna",
		    "anna comes to hold accountant and auditor, which are never together"},
		{{0, "accountant", "auditor", "chief", "auditor"}, "anna",
		    "anna comes to hold accountant (through chief) and auditor, which are never "
		    "together"},
		{{0, "accountant", "auditor", "accountant", "boss"}, "chief",
		    "chief comes to hold accountant and auditor (through boss), which are never "
		    "together"},
		{{0, "accountant", "auditor", "chief", "chief"}, "the role chief",
		    "the role chief comes to hold accountant and auditor, which are never "
		    "together"},
	};
	char text[WHY_TEXT_MAX], small[8];

	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		breach_explain(&words[i].breach, words[i].whom, text, sizeof(text));
		assert_string_equal(text, words[i].says);
	}
	breach_explain(&words[0].breach, "anna", small, sizeof(small));
	assert_string_equal(small, "anna co");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(assignments),
		cmocka_unit_test(a_role_that_is_gone),
		cmocka_unit_test(roles_themselves),
		cmocka_unit_test(in_words),
	};

	return cmocka_run_group_tests_name("separation of duty", tests, NULL, NULL);
}
