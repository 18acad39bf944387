/*
 * document_limits_test.c - large policies, policies beyond the limits, and much of one thing.
 */
#include "tests/unit/document_fixture.h"

/* ---- limits ---- */

/* `count` times the format with a number in it, between a beginning and an end. */
static char *
repeat(const char *begin, const char *format, unsigned count, const char *end, size_t *size)
{
	struct bytes text = {0};
	char *made;

	bytes_print(&text, "%s", begin);
	for (unsigned i = 0; i < count; i++) {
		char line[256];
		int length;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		length = snprintf(line, sizeof(line), format, i, i, i);
#pragma GCC diagnostic pop
		assert_true(length > 0 && (size_t)length < sizeof(line));
		bytes_put(&text, line, (size_t)length);
	}
	bytes_print(&text, "%s", end);
	*size = text.size;
	made = bytes_take_text(&text);
	assert_non_null(made);
	return made;
}

static enum fault
read_repeated(const char *begin, const char *format, unsigned count, const char *end,
    struct document *document, struct why *why)
{
	size_t size;
	char *text = repeat(begin, format, count, end, &size);
	enum fault fault = document_read(text, size, document, why);

	free(text);
	return fault;
}

static void
ten_thousand_roles(void **state)
{
	struct document document;
	struct document again;
	struct why why = {0};
	char *text;

	(void)state;
	assert_int_equal(read_repeated(HEAD "permissions: {p: {}}\nroles:\n"
	    "  base: {permissions: [p]}\n",
	    "  role-%05u: {title: Role %u, includes: [base], group: g%u}\n", 10000, "", &document,
	    &why),
	    FAULT_NONE);
	assert_int_equal(document.roles.count, 10002);
	assert_string_equal(roles_find(&document.roles, "role-09999")->closure.item[0], "p");
	text = written(&document);
	read_good(text, &again);
	assert_true(same(&document, &again));
	free(text);
	document_clear(&document);
	document_clear(&again);
}

static void
records_have_a_limit(void **state)
{
	struct document document;
	struct why why = {0};

	(void)state;
	assert_int_equal(read_repeated(HEAD "permissions:\n", " p%u: {}\n", DOCUMENT_RECORDS_MAX,
	    "",
	    &document, &why), FAULT_NONE);
	document_clear(&document);
	assert_int_equal(read_repeated(HEAD "permissions:\n", " p%u: {}\n",
	    DOCUMENT_RECORDS_MAX + 1, "",
	    &document, &why), FAULT_INVALID);
	assert_int_equal(why.line, DOCUMENT_RECORDS_MAX + 3);
	assert_int_equal(why.column, 2);
	assert_int_equal(read_repeated(HEAD "roles:\n", " r%u: {}\n", DOCUMENT_RECORDS_MAX, "",
	    &document, &why), FAULT_NONE);
	document_clear(&document);
	assert_int_equal(read_repeated(HEAD "roles:\n", " r%u: {}\n", DOCUMENT_RECORDS_MAX + 1, "",
	    &document, &why), FAULT_INVALID);
	assert_int_equal(why.line, DOCUMENT_RECORDS_MAX + 3);
}

static void
closures_have_a_limit(void **state)
{
	struct document document;
	struct why why = {0};
	size_t size;
	char *begin = repeat(HEAD "permissions:\n", " p%u: {}\n", 4096, "roles:\n", &size);

	(void)state;
	assert_int_equal(read_repeated(begin, " r%u: {permissions: ['*']}\n", 1100, "", &document,
	    &why),
	    FAULT_INVALID);
	assert_non_null(strstr(why.text, "come to more than"));
	assert_int_equal(read_repeated(begin, " r%u: {permissions: ['*']}\n", 110, "", &document,
	    &why),
	    FAULT_NONE);
	document_clear(&document);
	free(begin);
}

static void
lists_have_a_limit(void **state)
{
	struct document document;
	struct why why = {0};

	(void)state;
	assert_int_equal(read_repeated(HEAD "permissions: {p: {services: [", "s%u,", 256, "]}}",
	    &document, &why), FAULT_NONE);
	document_clear(&document);
	assert_int_equal(read_repeated(HEAD "permissions: {p: {services: [", "s%u,", 257, "]}}",
	    &document, &why), FAULT_INVALID);
	assert_non_null(strstr(why.text, "more than 256 values"));
	assert_int_equal(why.line, 2);
}

/* Each of its rows: so many stand, one more is refused. */
static void
sections_have_a_limit(void **state)
{
	static const struct {
		const char *begin;
		const char *each;
		unsigned most;
		const char *end;
		const char *says;
	} table[] = {
		{HEAD "roles: {a: {}, b: {}}\nconstraints:\n", "- never-together: [a, b]\n",
		    CONSTRAINTS_MAX, "", "a policy has at most 1024 constraints"},
		{HEAD "tests:\n", "- bob can log in\n", TESTS_MAX, "",
		    "a policy has at most 16384 tests"},
		{HEAD "permissions: {p: {unix-groups: [", "g%u,", 256, "]}}",
		    "unix-groups: more than 256 values"},
		{HEAD "tests: ['bob can", " ", TEST_BYTES - 13, "log in']\n",
		    "a test is at most 512 bytes long"},
		{HEAD "accounts: {uid-range: [", "7%04u-7%04u,", 64, "]}\n",
		    "accounts.uid-range: more than 64 values"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct document document;
		struct why why = {0};

		assert_int_equal(read_repeated(table[i].begin, table[i].each, table[i].most,
		    table[i].end, &document, &why), FAULT_NONE);
		document_clear(&document);
		assert_int_equal(read_repeated(table[i].begin, table[i].each, table[i].most + 1,
		    table[i].end, &document, &why), FAULT_INVALID);
		assert_string_equal(why.text, table[i].says);
		assert_true(why.line > 0 && why.column > 0);
	}
}

/* In one constraint, and in all together. */
static void
constraints_have_a_size(void **state)
{
	struct document document;
	struct why why = {0};
	size_t size;
	char *roles = repeat(HEAD "roles:\n", " r%u: {}\n", 257, "constraints:\n", &size), *begin;

	(void)state;
	begin = repeat(roles, "", 0, "- never-together: [", &size);
	assert_int_equal(read_repeated(begin, "r%u,", 256, "]\n", &document, &why), FAULT_NONE);
	document_clear(&document);
	assert_int_equal(read_repeated(begin, "r%u,", 257, "]\n", &document, &why), FAULT_INVALID);
	assert_non_null(strstr(why.text, "never-together: more than 256 values"));
	free(begin);
	assert_int_equal(read_repeated(roles,
	    "- never-together: [r0, r1, r2, r3, r4, r5, r6, r7]\n",
	    CONSTRAINED_ROLES_MAX / 8, "", &document, &why), FAULT_NONE);
	document_clear(&document);
	assert_int_equal(read_repeated(roles,
	    "- never-together: [r0, r1, r2, r3, r4, r5, r6, r7]\n",
	    CONSTRAINED_ROLES_MAX / 8, "- never-together: [r0, r1]", &document, &why),
	    FAULT_INVALID);
	assert_non_null(strstr(why.text, "all constraints together name at most 4096 roles"));
	assert_int_equal(why.line, 1 + 1 + 257 + 1 + CONSTRAINED_ROLES_MAX / 8 + 1);
	free(roles);
}

/* As many as it may hold of everything; a list is as quickly read as it is long. */
static void
all_there_may_be(void **state)
{
	struct document document;
	struct why why = {0};
	struct bytes yaml = {0};

	(void)state;
	bytes_print(&yaml, HEAD "permissions:\n");
	for (unsigned i = 0; i < DOCUMENT_RECORDS_MAX; i++)
		bytes_print(&yaml, " p%u: {services: [s%u]}\n", i, i % 100);
	bytes_print(&yaml, "roles:\n");
	for (unsigned i = 0; i < 300; i++) {
		bytes_print(&yaml, " r%u: {permissions: [", i);
		for (unsigned j = 0; j < 1024; j++)
			bytes_print(&yaml, "p%u,", i * 50 + j);
		bytes_print(&yaml, "]}\n");
	}
	bytes_print(&yaml, "tests:\n");
	for (unsigned i = 0; i < TESTS_MAX; i++)
		bytes_print(&yaml, "- role r%u can p%u\n", i % 300, i % 300 * 50);
	assert_false(yaml.failed);
	assert_int_equal(document_read((const char *)yaml.data, yaml.size, &document, &why),
	    FAULT_NONE);
	assert_int_equal(document.roles.count, 301);
	assert_int_equal(roles_find(&document.roles, "r299")->closure.count, 1024);
	assert_int_equal(document.tests.count, TESTS_MAX);
	document_clear(&document);
	bytes_clear(&yaml);
}

static void
includes_have_a_depth(void **state)
{
	struct document document;
	struct why why = {0};
	char yaml[8192];

	(void)state;
	/* Upwards, downwards: which role comes first in the alphabet is no matter. */
	for (unsigned up = 0; up < 2; up++) {
		for (unsigned extra = 0; extra < 2; extra++) {
			unsigned last = INCLUDE_DEPTH_MAX + extra;
			size_t used = (size_t)snprintf(yaml, sizeof(yaml), HEAD "roles:\n");

			for (unsigned i = 0; i < last; i++)
				used += (size_t)snprintf(yaml + used, sizeof(yaml) - used,
				    "  r%02u: {includes: [r%02u]}\n", up ? i : last - i,
				    up ? i + 1 : last - i - 1);
			snprintf(yaml + used, sizeof(yaml) - used, "  r%02u: {}\n", up ? last : 0);
			assert_int_equal(read_bytes(yaml, strlen(yaml), &document, &why),
			    extra ? FAULT_INVALID : FAULT_NONE);
			if (extra) {
				assert_non_null(strstr(why.text, "64 deep, no deeper"));
				assert_int_equal(why.column, 20);
			}
			document_clear(&document);
		}
	}
}

/* A million of one thing, nested as deep as it will go. */
static void
much_of_one_thing(void **state)
{
	static const char *const things[] = {
		"[", "{", "- ", "? ", "a: ", ": ", "'", "\"", "a", "a ", "# x\n", "\n", " ", "\t",
		    "&a ", "! ",
		"!a", "*a ", "%Y 1\n", "---\n", "...\n", "a\n", ",", "a,", "|\n a\n", "]", "}",
		    "[]", "{}",
		"{a: ", "[a, ", "roles: {}\n", "hexa-policy: 1\n", "\\x", "<<: ", "\xc3\xa5",
	};
	enum { MANY = 256 * 1024 };
	char *text = malloc(MANY);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < COUNT(things); i++) {
		size_t size = strlen(things[i]);
		struct document document;
		struct why why;

		for (size_t at = 0; at < MANY; at++)
			text[at] = things[i][at % size];
		assert_int_equal(document_read(text, MANY / size * size, &document, &why),
		    FAULT_INVALID);
		assert_true(why.line > 0 && why.column > 0);
	}
	free(text);
}

static void
a_document_has_a_size(void **state)
{
	struct document document;
	struct why why = {0};
	char *text = malloc(DOCUMENT_MAX + 1);

	(void)state;
	assert_non_null(text);
	memset(text, '\n', DOCUMENT_MAX + 1);
	memcpy(text, HEAD, strlen(HEAD));
	assert_int_equal(document_read(text, DOCUMENT_MAX, &document, &why), FAULT_NONE);
	document_clear(&document);
	assert_int_equal(document_read(text, DOCUMENT_MAX + 1, &document, &why), FAULT_INVALID);
	assert_non_null(strstr(why.text, "larger than"));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ten_thousand_roles),
		cmocka_unit_test(records_have_a_limit),
		cmocka_unit_test(closures_have_a_limit),
		cmocka_unit_test(lists_have_a_limit),
		cmocka_unit_test(sections_have_a_limit),
		cmocka_unit_test(constraints_have_a_size),
		cmocka_unit_test(all_there_may_be),
		cmocka_unit_test(includes_have_a_depth),
		cmocka_unit_test(much_of_one_thing),
		cmocka_unit_test(a_document_has_a_size),
	};

	return cmocka_run_group_tests_name("document limits", tests, NULL, NULL);
}
