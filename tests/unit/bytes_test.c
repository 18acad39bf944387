/*
 * bytes_test.c - what is put in comes out again, and what is not whole is refused.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "policy/bytes.h"

static void
put_all(struct bytes *bytes)
{
	bytes_put_u8(bytes, 0xfe);
	bytes_put_u16(bytes, 0x1234);
	bytes_put_u32(bytes, 0x89abcdef);
	bytes_put_u64(bytes, UINT64_C(0x8877665544332211));
	bytes_put_text(bytes, "anna");
	bytes_put_text(bytes, NULL);
	bytes_put(bytes, "xyz", 3);
}

/* Reads what put_all() wrote; true when all of it was there and right. */
static bool
get_all(struct reader *reader)
{
	bool good = reader_u8(reader) == 0xfe && reader_u16(reader) == 0x1234 &&
	    reader_u32(reader) == 0x89abcdef && reader_u64(reader) == UINT64_C(0x8877665544332211);
	char *name = reader_text(reader, 4);
	char *empty = reader_text(reader, 0);
	const void *rest = reader_bytes(reader, 3);

	good = good && name != NULL && strcmp(name, "anna") == 0 && empty != NULL &&
	    empty[0] == '\0' && rest != NULL && memcmp(rest, "xyz", 3) == 0 && reader_done(reader);
	free(name);
	free(empty);
	return good;
}

static void
what_goes_in_comes_out(void **state)
{
	static const unsigned char expected[] = {0xfe, 0x34, 0x12, 0xef, 0xcd, 0xab, 0x89, 0x11,
	    0x22,
		0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 4, 0, 0, 0, 'a', 'n', 'n', 'a', 0, 0, 0, 0, 'x',
		    'y',
		'z'};
	struct bytes bytes = {0};
	struct reader reader;

	(void)state;
	put_all(&bytes);
	assert_false(bytes.failed);
	assert_int_equal(bytes.size, sizeof(expected));
	assert_memory_equal(bytes.data, expected, sizeof(expected));
	reader = reader_over(bytes.data, bytes.size);
	assert_true(get_all(&reader));
	bytes_clear(&bytes);
	assert_null(bytes.data);
	assert_int_equal(bytes.size, 0);
}

/* At each length but the whole; each read looks at an allocation of that length. */
static void
what_is_cut_is_refused(void **state)
{
	struct bytes bytes = {0};

	(void)state;
	put_all(&bytes);
	for (size_t size = 0; size < bytes.size; size++) {
		unsigned char *cut = malloc(size + !size);
		struct reader reader;

		assert_non_null(cut);
		memcpy(cut, bytes.data, size);
		reader = reader_over(cut, size);
		assert_false(get_all(&reader));
		assert_true(reader.failed);
		assert_false(reader_done(&reader));
		/* Once failed, it gives nothing more. */
		assert_int_equal(reader_u8(&reader), 0);
		assert_null(reader_bytes(&reader, 0));
		assert_null(reader_text(&reader, 99));
		free(cut);
	}
	bytes_put_u8(&bytes, 0);
	{
		struct reader reader = reader_over(bytes.data, bytes.size);

		assert_false(get_all(&reader));
		assert_int_equal(reader.left, 1);
	}
	bytes_clear(&bytes);
}

static void
texts_are_bounded(void **state)
{
	static const unsigned char nul_inside[] = {3, 0, 0, 0, 'a', 0, 'b'};
	static const unsigned char endless[] = {0xff, 0xff, 0xff, 0xff, 'a'};
	static const unsigned char three[] = {3, 0, 0, 0, 'a', 'b', 'c'};
	struct reader reader = reader_over(nul_inside, sizeof(nul_inside));
	char *text;

	(void)state;
	assert_null(reader_text(&reader, 99));
	assert_true(reader.failed);
	reader = reader_over(endless, sizeof(endless));
	assert_null(reader_text(&reader, SIZE_MAX));
	assert_true(reader.failed);
	reader = reader_over(three, sizeof(three));
	assert_null(reader_text(&reader, 2));
	assert_true(reader.failed);
	reader = reader_over(three, sizeof(three));
	text = reader_text(&reader, 3);
	assert_string_equal(text, "abc");
	assert_true(reader_done(&reader));
	free(text);
}

/* Sizes around each doubling; the text of 100 000 bytes is one print. */
static void
it_grows(void **state)
{
	struct bytes bytes = {0};
	char *text;

	(void)state;
	for (size_t i = 0; i < 5000; i++) {
		bytes_put_u8(&bytes, (uint8_t)('a' + i % 26));
		assert_true(bytes.size == i + 1 && bytes.room >= bytes.size);
	}
	for (size_t i = 0; i < 5000; i++)
		assert_int_equal(bytes.data[i], 'a' + i % 26);
	bytes_print(&bytes, "%100000s|%d", "x", 7);
	assert_int_equal(bytes.size, 5000 + 100000 + 2);
	text = bytes_take_text(&bytes);
	assert_int_equal(strlen(text), 5000 + 100000 + 2);
	assert_string_equal(text + 5000 + 99999, "x|7");
	free(text);
	/* Taken, it is empty and good for more. */
	assert_int_equal(bytes.size, 0);
	text = bytes_take_text(&bytes);
	assert_string_equal(text, "");
	free(text);
}

/* More than there is: it fails, keeps nothing half, and stays failed until it is cleared. */
static void
too_much_fails_and_stays_failed(void **state)
{
	struct bytes bytes = {0};

	(void)state;
	bytes_put(&bytes, "ab", 2);
	bytes_put(&bytes, "x", SIZE_MAX - 1);
	assert_true(bytes.failed);
	bytes_put_u8(&bytes, 1);
	bytes_print(&bytes, "%s", "more");
	assert_int_equal(bytes.size, 2);
	assert_null(bytes_take_text(&bytes));
	assert_false(bytes.failed);
	assert_null(bytes.data);
	bytes_put_u8(&bytes, 1);
	assert_int_equal(bytes.size, 1);
	bytes_clear(&bytes);
}

static void
keys_sort_as_numbers(void **state)
{
	static const uint64_t numbers[] = {0, 1, 255, 256, 65535, 65536, 0x7fffffff, 0x80000000,
		0xffffffff, UINT64_C(0x100000000), UINT64_MAX / 2 + 1, UINT64_MAX};
	unsigned char before[8];
	unsigned char key[8];

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		key_put_u64(key, numbers[i]);
		assert_true(key_get_u64(key) == numbers[i]);
		if (i > 0)
			assert_true(memcmp(before, key, 8) < 0);
		memcpy(before, key, 8);
	}
	for (size_t i = 0; numbers[i] <= UINT32_MAX; i++) {
		key_put_u32(key, (uint32_t)numbers[i]);
		assert_int_equal(key_get_u32(key), numbers[i]);
		if (i > 0)
			assert_true(memcmp(before, key, 4) < 0);
		memcpy(before, key, 4);
	}
}

/* What a shell makes of it is looked at in doctor_test.c. */
static void
words_are_quoted(void **state)
{
	static const char *const words[][2] = {
		{ "/home/anna", "/home/anna" },
		{ "a-B.9_+/", "a-B.9_+/" },
		{ "", "''" },
		{ "a b", "'a b'" },
		{ "~", "'~'" },
		{ "$(id)", "'$(id)'" },
		{ "it's", "'it'\\''s'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct bytes bytes = { 0 };
		char out[64];

		bytes_put_quoted(&bytes, words[i][0]);
		assert_true(bytes_take_into(&bytes, out, sizeof(out)));
		assert_string_equal(out, words[i][1]);
	}
}

static void
what_does_not_fit_is_nothing(void **state)
{
	struct bytes bytes = { 0 };
	char out[5] = "old";

	(void)state;
	bytes_print(&bytes, "rm a");
	assert_true(bytes_take_into(&bytes, out, sizeof(out)));
	assert_string_equal(out, "rm a");
	bytes_print(&bytes, "rm ab");
	assert_false(bytes_take_into(&bytes, out, sizeof(out)));
	assert_string_equal(out, "");
	assert_true(bytes_take_into(&bytes, out, sizeof(out)));
	bytes.failed = true;
	assert_false(bytes_take_into(&bytes, out, sizeof(out)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_goes_in_comes_out),
		cmocka_unit_test(what_is_cut_is_refused),
		cmocka_unit_test(texts_are_bounded),
		cmocka_unit_test(it_grows),
		cmocka_unit_test(too_much_fails_and_stays_failed),
		cmocka_unit_test(keys_sort_as_numbers),
		cmocka_unit_test(words_are_quoted),
		cmocka_unit_test(what_does_not_fit_is_nothing),
	};

	return cmocka_run_group_tests_name("bytes", tests, NULL, NULL);
}
