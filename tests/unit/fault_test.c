/*
 * fault_test.c - what a failure says, and that a hostile name in it cannot say something else.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "policy/fault.h"
#include "policy/text.h"

static void
each_call_says_its_own(void **state)
{
	struct why why;

	(void)state;
	memset(&why, 0xaa, sizeof(why));
	assert_int_equal(why_place(&why, FAULT_INVALID, 3, 7, "no %s here", "x"), FAULT_INVALID);
	assert_int_equal(why.fault, FAULT_INVALID);
	assert_int_equal(why.line, 3);
	assert_int_equal(why.column, 7);
	assert_string_equal(why.text, "no x here");
	assert_string_equal(why.field, "");
	assert_string_equal(why.mend, "");
	why_mend(&why, "hexa-admin user edit %s", "anna");
	assert_string_equal(why.mend, "hexa-admin user edit anna");
	assert_string_equal(why.text, "no x here");
	why_add(&why, "; %s", "or\x1b not");
	assert_string_equal(why.text, "no x here; or? not");
	assert_string_equal(why.mend, "hexa-admin user edit anna");

	/* What stood there before is gone. */
	assert_int_equal(why_field(&why, FAULT_CONFLICT, "email", "taken"), FAULT_CONFLICT);
	assert_int_equal(why.line + why.column, 0);
	assert_string_equal(why.field, "email");
	assert_string_equal(why.text, "taken");
	assert_string_equal(why.mend, "");
	assert_int_equal(why_set(&why, FAULT_RULE, "%s", ""), FAULT_RULE);
	assert_string_equal(why.field, "");
	assert_int_equal(why_memory(&why), FAULT_UNAVAILABLE);
	assert_string_equal(why.text, "out of memory");
}

static void
nobody_has_to_listen(void **state)
{
	(void)state;
	assert_int_equal(why_set(NULL, FAULT_DENIED, "x"), FAULT_DENIED);
	assert_int_equal(why_field(NULL, FAULT_UNKNOWN, "f", "x"), FAULT_UNKNOWN);
	assert_int_equal(why_place(NULL, FAULT_INVALID, 1, 1, "x"), FAULT_INVALID);
	assert_int_equal(why_memory(NULL), FAULT_UNAVAILABLE);
	why_mend(NULL, "x");
	why_add(NULL, "x");
}

static void
names_forge_nothing(void **state)
{
	static const struct {
		const char *name;
		const char *said;
	} table[] = {
		{"anna", "anna"},
		{"a\nb", "a?b"},
		{"a\r\nres=success", "a??res=success"},
		{"\x1b[2J", "?[2J"},
		{"a\x7f", "a?"},
		{"a\xc2\x9b" "31m", "a??31m"},
		{"a\xe2\x80\xae" "b", "a???b"},
		{"a\xe2\x80\xa8" "b", "a???b"},
		{"a\xff" "b", "a?b"},
		{"a\xc3", "a?"},
		{"\xc0\xaf", "??"},
		{"Åsa", "Åsa"},
		{"%s%n", "%s%n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct why why;

		why_set(&why, FAULT_UNKNOWN, "%s", table[i].name);
		assert_string_equal(why.text, table[i].said);
		why_mend(&why, "%s", table[i].name);
		assert_string_equal(why.mend, table[i].said);
	}
}

/* Cut at each place of a two-byte character, never overrun. */
static void
long_texts_are_cut(void **state)
{
	char name[WHY_TEXT_MAX + 100];
	struct why why;

	(void)state;
	for (size_t start = 0; start < 3; start++) {
		memset(name, 'a', sizeof(name));
		for (size_t i = start; i + 1 < sizeof(name) - 1; i += 2)
			memcpy(name + i, "\xc3\xa5", 2);
		name[sizeof(name) - 1] = '\0';
		why_field(&why, FAULT_INVALID, name, "%s", name);
		why_mend(&why, "%s", name);
		assert_int_equal(strlen(why.text), WHY_TEXT_MAX - 1);
		assert_int_equal(strlen(why.field), WHY_FIELD_MAX - 1);
		assert_int_equal(strlen(why.mend), WHY_MEND_MAX - 1);
		assert_true(text_is_plain(why.text, WHY_TEXT_MAX));
		assert_true(text_is_plain(why.mend, WHY_MEND_MAX));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_call_says_its_own),
		cmocka_unit_test(nobody_has_to_listen),
		cmocka_unit_test(names_forge_nothing),
		cmocka_unit_test(long_texts_are_cut),
	};

	return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
