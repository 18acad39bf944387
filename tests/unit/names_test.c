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

static void
sorted_lists_are_searched(void **state)
{
	static const char *const sorted[] = {"b", "d", "d.e", "d:x", "f"};
	static const struct {
		const char *name;
		size_t place;
		const char *with_prefix;
	} table[] = {
		{"a", 5, NULL}, {"b", 0, "b"}, {"c", 5, NULL}, {"d", 1, "d"}, {"d.", 5, "d.e"},
		{"d.e", 2, "d.e"}, {"d:", 5, "d:x"}, {"d:x", 3, "d:x"}, {"d:y", 5, NULL},
		{"f", 4, "f"}, {"ff", 5, NULL}, {"z", 5, NULL}, {"", 5, "b"},
	};
	struct names names = {0};

	(void)state;
	assert_int_equal(names_place(&names, "a"), 0);
	assert_false(names_have_sorted(&names, "a"));
	assert_null(names_with_prefix(&names, ""));
	for (size_t i = 0; i < 5; i++)
		assert_true(names_add(&names, sorted[i]));
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const char *found = names_with_prefix(&names, table[i].name);

		assert_int_equal(names_place(&names, table[i].name), table[i].place);
		assert_int_equal(names_have_sorted(&names, table[i].name), table[i].place < 5);
		if (table[i].with_prefix == NULL)
			assert_null(found);
		else
			assert_string_equal(found, table[i].with_prefix);
	}
	names_clear(&names);
}

/* Longer and shorter and longer again, across the lengths at which the list moves. */
static void
lists_grow_and_shrink(void **state)
{
	struct names names = {0};
	size_t count = 0;
	char name[24];

	(void)state;
	for (size_t most = 1; most <= 40; most++) {
		for (; count < most; count++) {
			snprintf(name, sizeof(name), "n%02zu", count);
			assert_true(count % 2 ? names_add(&names, name)
			                      : names_insert(&names, name));
		}
		for (size_t i = 0; i < most / 2; i++) {
			snprintf(name, sizeof(name), "n%02zu", --count);
			assert_true(names_remove(&names, name));
		}
		assert_int_equal(names.count, count);
		for (size_t i = 0; i < count; i++) {
			snprintf(name, sizeof(name), "n%02zu", i);
			assert_int_equal(names_place(&names, name), i);
		}
	}
	names_clear(&names);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_keeps_its_order),
		cmocka_unit_test(inserting_sorts_and_keeps_one),
		cmocka_unit_test(copies_are_apart),
		cmocka_unit_test(sorted_lists_are_searched),
		cmocka_unit_test(lists_grow_and_shrink),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
