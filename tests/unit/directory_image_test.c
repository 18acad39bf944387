/*
 * directory_image_test.c - keys, packed images, and what may be served at all.
 */
#include "tests/unit/directory_fixture.h"

#include "directory/layout.h"
#include "directory/served.h"

static void
keys_sort_as_their_numbers_and_texts(void **state)
{
	unsigned char a[IMAGE_KEY_MAX], b[IMAGE_KEY_MAX];

	(void)state;
	assert_int_equal(image_key_id(a, 'U', 255), 5);
	assert_int_equal(image_key_id(b, 'U', 256), 5);
	assert_true(memcmp(a, b, 5) < 0);
	assert_int_equal(image_key_member(a, 70000, "anna"), 9);
	assert_int_equal(image_key_member(b, 70000, "bob"), 8);
	assert_memory_equal(a,
		"M\x00\x01\x11\x70"
		"anna",
		9);
	assert_true(memcmp(a, b, 8) < 0);
	assert_int_equal(image_key_state(a), 1);
	assert_int_equal(a[0], 'S');
}

static void
ends_sort_as_times_and_are_read_back(void **state)
{
	static const uint64_t ends[] = {
		0, 255, 256, 1803945599, UINT32_MAX, UINT64_C(1) << 32, UINT64_MAX};
	unsigned char a[IMAGE_KEY_MAX], b[IMAGE_KEY_MAX];
	uint64_t end = 0;
	uint32_t uid = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		assert_int_equal(image_key_end(a, ends[i], 70001), 13);
		assert_true(image_unpack_end(a, 13, &end, &uid));
		assert_true(end == ends[i] && uid == 70001);
		if (i > 0)
			assert_true(memcmp(b, a, 13) < 0);
		image_key_end(b, ends[i], 70002);
		assert_true(memcmp(a, b, 13) < 0);
	}
	end = 7;
	assert_false(image_unpack_end(a, 12, &end, &uid));
	assert_false(image_unpack_end(a, 14, &end, &uid));
	assert_false(image_unpack_end(a, 0, &end, &uid));
	a[0] = 'W';
	assert_false(image_unpack_end(a, 13, &end, &uid));
	assert_true(end == 7);
}

static void
a_key_has_a_text_that_fits(void **state)
{
	unsigned char key[IMAGE_KEY_MAX];
	char text[IMAGE_KEY_MAX + 1];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[IMAGE_KEY_MAX - 1] = '\0';
	assert_int_equal(image_key_text(key, 'E', text), IMAGE_KEY_MAX);
	text[IMAGE_KEY_MAX - 1] = 'x';
	text[IMAGE_KEY_MAX] = '\0';
	assert_int_equal(image_key_text(key, 'E', text), 0);
	assert_int_equal(image_key_text(key, 'E', ""), 0);
	text[IMAGE_KEY_MAX - 5] = '\0';
	assert_int_equal(image_key_member(key, 1000, text), IMAGE_KEY_MAX);
	text[IMAGE_KEY_MAX - 5] = 'x';
	text[IMAGE_KEY_MAX - 4] = '\0';
	assert_int_equal(image_key_member(key, 1000, text), 0);
}

static void
a_user_packs_as_documented(void **state)
{
	static const uint32_t gids[] = {4, 70001};
	static const unsigned char expected[] = "\x71\x11\x01\x00"
						"\x72\x11\x01\x00"
						"\x05\x00"
						"\x0f\x00"
						"\x1a\x00"
						"\x22\x00"
						"\x02\x00\x00\x00"
						"anna\0"
						"Anna Berg\0"
						"/home/anna\0"
						"/bin/sh\0"
						"\x04\x00\x00\x00"
						"\x71\x11\x01";
	const struct image_user user = {.uid = 70001,
		.gid = 70002,
		.name = "anna",
		.gecos = "Anna Berg",
		.home = "/home/anna",
		.shell = "/bin/sh",
		.gids = gids,
		.gid_count = 2};
	unsigned char out[128];

	(void)state;
	memset(out, 0xee, sizeof(out));
	assert_int_equal(image_pack_user(&user, NULL, 0), sizeof(expected));
	assert_int_equal(image_pack_user(&user, out, sizeof(expected) - 1), sizeof(expected));
	assert_int_equal(out[0], 0xee);
	assert_int_equal(image_pack_user(&user, out, sizeof(expected)), sizeof(expected));
	assert_memory_equal(out, expected, sizeof(expected));
	assert_int_equal(out[sizeof(expected)], 0xee);
}

static void
what_cannot_be_packed_is_said_so(void **state)
{
	char *text = malloc(UINT16_MAX + 1);
	struct image_user user = {.name = "a", .gecos = "", .home = "", .shell = ""};
	size_t room = UINT16_MAX - 2 - 1 - 1 - 1;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', UINT16_MAX);
	text[room + 1] = '\0'; /* the four strings and their NULs come to one byte too many */
	user.gecos = text;
	assert_int_equal(image_pack_user(&user, NULL, 0), 0);
	text[room] = '\0';
	assert_int_equal(image_pack_user(&user, NULL, 0), USER_TEXT + UINT16_MAX);
	user.gid_count = IMAGE_GIDS_MAX + 1;
	assert_int_equal(image_pack_user(&user, NULL, 0), 0);
	free(text);
}

static void
groups_states_and_aliases_pack_as_documented(void **state)
{
	const struct image_group group = {.gid = 70001, .name = "crew", .members_listed = true};
	const struct image_state written = {
		.generation = {1, 2, 3}, .sequence = 0x1122334455667788};
	struct image_state read = {.sequence = 9};
	unsigned char out[64];

	(void)state;
	assert_int_equal(image_pack_group(&group, out, sizeof(out)), 13);
	assert_memory_equal(out,
		"\x71\x11\x01\x00"
		"\x01\x00"
		"\x05\x00"
		"crew",
		13);
	assert_int_equal(image_pack_alias(70001, out, sizeof(out)), 4);
	assert_memory_equal(out, "\x71\x11\x01\x00", 4);

	assert_int_equal(image_pack_state(&written, out, sizeof(out)), STATE_SIZE);
	assert_true(image_unpack_state(out, STATE_SIZE, &read));
	assert_memory_equal(read.generation, written.generation, sizeof(read.generation));
	assert_int_equal(read.sequence, written.sequence);
}

static void
a_state_of_another_version_or_size_is_none(void **state)
{
	const struct image_state written = {.sequence = 5};
	struct image_state read = {.sequence = 9};
	unsigned char out[64];

	(void)state;
	image_pack_state(&written, out, sizeof(out));
	assert_false(image_unpack_state(out, STATE_SIZE - 1, &read));
	assert_false(image_unpack_state(out, STATE_SIZE + 1, &read));
	out[STATE_VERSION]++;
	assert_false(image_unpack_state(out, STATE_SIZE, &read));
	assert_int_equal(read.sequence, 9);
	out[STATE_VERSION]--;
	assert_true(image_unpack_state(out, STATE_SIZE, &read));
}

static void
ids_of_the_host_are_not_served(void **state)
{
	static const uint32_t refused[] = {
		0, 1, 999, 61184, 65519, 65534, 65535, 0x80000000, 0xfffffffe, 0xffffffff};
	static const uint32_t served[] = {1000, 61183, 65520, 65533, 65536, 0x7fffffff};

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_false(image_id_is_served(refused[i]));
	for (size_t i = 0; i < sizeof(served) / sizeof(served[0]); i++)
		assert_true(image_id_is_served(served[i]));
	assert_false(served_gid_in_list(0));
	assert_true(served_gid_in_list(1));
	assert_true(served_gid_in_list(999));
	assert_false(served_gid_in_list(65534));
}

static void
names_are_logins(void **state)
{
	static const char *const refused[] = {"", "-a", "1a", "a.b", "a$", "Anna", "a b", "a:b",
		"_", "_1", "\xc3\xa5sa", "../x", "a\n", "+46701", "anna@x.se",
		"abcdefghijklmnopqrstuvwxyzabcdefg"};
	static const char *const served[] = {
		"a", "_a", "a-1", "a_b", "a1", "abcdefghijklmnopqrstuvwxyzabcdef"};

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		assert_false(served_name(refused[i], strlen(refused[i])));
	for (size_t i = 0; i < sizeof(served) / sizeof(served[0]); i++)
		assert_true(served_name(served[i], strlen(served[i])));
	assert_false(served_name("a\0b", 3));
}

/* Each character stands at every place of a text that is otherwise good. */
static bool
served_anywhere(const char *character, size_t size)
{
	char text[32];
	size_t served = 0;

	for (size_t before = 0; before <= 17; before++) {
		memset(text, 'x', sizeof(text));
		memcpy(text + before, character, size);
		served += served_text(text, 17 + size);
	}
	assert_true(served == 0 || served == 18);
	return served != 0;
}

static void
text_is_printable(void **state)
{
	static const struct {
		const char *character;
		bool served;
	} rows[] = {
		{"\xc2\x80", false},
		{"\xc2\x9f", false},
		{"\xc2\xa0", true},
		{"\xc3\x85", true},
		{"\xd8\x9c", false},
		{"\xd8\x9d", true},
		{"\xe2\x80\x8d", true},
		{"\xe2\x80\x8e", false},
		{"\xe2\x80\xa7", true},
		{"\xe2\x80\xa8", false},
		{"\xe2\x80\xae", false},
		{"\xe2\x81\xa6", false},
		{"\xe2\x81\xa9", false},
		{"\xe2\x82\xac", true},
		{"\xf0\x9f\x99\x82", true},
		{"\xf4\x8f\xbf\xbd", true},
		/* not UTF-8: lone, cut, too long a form, a surrogate, beyond the last */
		{"\x80", false},
		{"\xc3", false},
		{"\xc0\xaf", false},
		{"\xc1\xbf", false},
		{"\xe0\x9f\xbf", false},
		{"\xe2\x82", false},
		{"\xed\xa0\x80", false},
		{"\xf0\x8f\xbf\xbf", false},
		{"\xf4\x90\x80\x80", false},
		{"\xf5\x80\x80\x80", false},
		{"\xff", false},
	};

	(void)state;
	for (unsigned byte = 0; byte < 0x80; byte++) {
		const char character = (char)byte;

		assert_int_equal(served_anywhere(&character, 1),
			byte >= 0x20 && byte != 0x7f && byte != ':');
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(served_anywhere(rows[i].character, strlen(rows[i].character)),
			rows[i].served);
	assert_false(served_text("x\xc3\xa5", 2)); /* ends within a character */
	assert_true(served_text("x\xc3\xa5", 3));
	assert_true(served_text("", 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_sort_as_their_numbers_and_texts),
		cmocka_unit_test(ends_sort_as_times_and_are_read_back),
		cmocka_unit_test(a_key_has_a_text_that_fits),
		cmocka_unit_test(a_user_packs_as_documented),
		cmocka_unit_test(what_cannot_be_packed_is_said_so),
		cmocka_unit_test(groups_states_and_aliases_pack_as_documented),
		cmocka_unit_test(a_state_of_another_version_or_size_is_none),
		cmocka_unit_test(ids_of_the_host_are_not_served),
		cmocka_unit_test(names_are_logins),
		cmocka_unit_test(text_is_printable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
