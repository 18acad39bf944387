/*
 * names_test.c - a list of strings that owns them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "policy/names.h"

static void
expect(const struct names *names, const char *joined)
{
	char text[256] = "";

	for (size_t i = 0; i < names->count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i ? " " : "",
		    names->item[i]);
	assert_string_equal(text, joined);
}

static void
a_list_keeps_its_order(void **state)
{
	struct names names = {0};
	char name[] = "b";

	(void)state;
	assert_false(names_have(&names, "a"));
	assert_false(names_remove(&names, "a"));
	assert_true(names_add(&names, name));
	name[0] = 'x'; /* the list has its own */
	assert_true(names_add(&names, "a"));
	assert_true(names_add(&names, "b"));
	expect(&names, "b a b");
	assert_true(names_have(&names, "a"));
	assert_false(names_have(&names, "A"));
	assert_false(names_have(&names, ""));
	assert_true(names_remove(&names, "b"));
	expect(&names, "a b");
	assert_true(names_remove(&names, "b"));
	assert_false(names_remove(&names, "b"));
	assert_true(names_add(&names, "c"));
	expect(&names, "a c");
	names_clear(&names);
	assert_int_equal(names.count, 0);
	assert_null(names.item);
	names_clear(&names);
}

static void
inserting_sorts_and_keeps_one(void **state)
{
	struct names names = {0};

	(void)state;
	for (size_t round = 0; round < 2; round++) {
		assert_true(names_insert(&names, "m"));
		assert_true(names_insert(&names, "z"));
		assert_true(names_insert(&names, "a"));
		assert_true(names_insert(&names, "mm"));
		assert_true(names_insert(&names, "\xc3\xa5"));
		assert_true(names_insert(&names, ""));
	}
	assert_int_equal(names.count, 6);
	for (size_t i = 1; i < names.count; i++)
		assert_true(strcmp(names.item[i - 1], names.item[i]) < 0);
	names_clear(&names);
}

static void
copies_are_apart(void **state)
{
	struct names a = {0};
	struct names b = {0};

	(void)state;
	assert_true(names_same(&a, &b));
	assert_true(names_add(&a, "x"));
	assert_true(names_add(&a, "y"));
	assert_true(names_add(&b, "old"));
	assert_false(names_same(&a, &b));
	assert_true(names_copy(&b, &a));
	assert_true(names_same(&a, &b));
	assert_true(a.item[0] != b.item[0]);
	assert_true(names_copy(&b, &b));
	expect(&b, "x y");
	assert_true(names_remove(&b, "x"));
	expect(&a, "x y");
	assert_true(names_add(&b, "x"));
	assert_false(names_same(&a, &b)); /* the order counts */
	names_clear(&a);
	assert_true(names_copy(&b, &a));
	assert_int_equal(b.count, 0);
	names_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_keeps_its_order),
		cmocka_unit_test(inserting_sorts_and_keeps_one),
		cmocka_unit_test(copies_are_apart),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
