/*
 * directory_keys_test.c - what the directory's reader says of SSH keys, and what it never says
 * whatever the file holds.
 */
#include "tests/unit/directory_fixture.h"

#include "directory/layout.h"

static struct place place;
static char buffer[4096];
static size_t used;

static const struct image_user anna = {.uid = 70001,
	.gid = 70001,
	.name = "anna",
	.gecos = "Anna Berg",
	.home = "/home/anna",
	.shell = "/bin/sh"};
static const struct image_user bob = {
	.uid = 70002, .gid = 70002, .name = "bob", .gecos = "", .home = "", .shell = ""};

static const char lines[] = "restrict ssh-ed25519 AAAA\nssh-ed25519 BBBB\n";

static int
make_directory(void **state)
{
	(void)state;
	place_make(&place);
	place_begin(&place);
	put_state(&place, 42);
	put_user(&place, &anna);
	put_user(&place, &bob);
	place_commit(&place);
	memset(buffer, '?', sizeof(buffer));
	used = 7;
	return 0;
}

static int
remove_directory(void **state)
{
	(void)state;
	place_remove(&place);
	return 0;
}

static void
publish(uint32_t under, const struct image_keys *keys)
{
	place_begin(&place);
	put_keys(&place, under, keys);
	place_commit(&place);
}

/* Any bytes as anna's keys. */
static void
publish_bytes(const void *bytes, size_t size)
{
	unsigned char key[IMAGE_KEY_MAX];

	place_begin(&place);
	put(&place, key, image_key_id(key, 'K', anna.uid), bytes, size);
	place_commit(&place);
}

static void
publish_lines(const char *text, size_t size)
{
	publish(anna.uid, &(struct image_keys){.uid = anna.uid, .lines = text, .size = size});
}

static enum lookup
ask(const char *name, int64_t now, size_t size)
{
	used = 7;
	return directory_keys_of(place.directory, name, now, buffer, size, &used, NULL);
}

static enum lookup
ask_anna(void)
{
	return ask("anna", 1500, sizeof(buffer));
}

static void
the_lines_come_as_they_are(void **state)
{
	(void)state;
	assert_int_equal(ask_anna(), LOOKUP_NONE);
	publish_lines(lines, strlen(lines));
	assert_int_equal(ask_anna(), LOOKUP_FOUND);
	assert_int_equal(used, strlen(lines));
	assert_memory_equal(buffer, lines, used);
	assert_int_equal(buffer[used], '?');
	assert_int_equal(ask("bob", 1500, sizeof(buffer)), LOOKUP_NONE);
	assert_int_equal(used, 7);
}

static void
only_within_validity(void **state)
{
	static const struct {
		int64_t from, until, now;
		enum lookup lookup;
	} times[] = {
		{0, 0, 0, LOOKUP_FOUND},
		{0, 0, INT64_MAX, LOOKUP_FOUND},
		{1000, 0, 999, LOOKUP_NONE},
		{1000, 0, 1000, LOOKUP_FOUND},
		{0, 2000, 2000, LOOKUP_FOUND},
		{0, 2000, 2001, LOOKUP_NONE},
		{1000, 2000, 0, LOOKUP_NONE},
		{1000, 2000, 1500, LOOKUP_FOUND},
		{0, 0, -1, LOOKUP_NONE},
		{-1, 0, 1500, LOOKUP_UNAVAILABLE},
		{0, -1, 1500, LOOKUP_UNAVAILABLE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		publish(anna.uid, &(struct image_keys){.uid = anna.uid,
			.valid_from = times[i].from, .valid_until = times[i].until,
			.lines = lines, .size = strlen(lines)});
		assert_int_equal(ask("anna", times[i].now, sizeof(buffer)), times[i].lookup);
	}
}

static void
every_buffer_size_is_answered(void **state)
{
	const size_t size = strlen(lines);

	(void)state;
	publish_lines(lines, size);
	for (size_t room = 0; room < size; room++) {
		assert_int_equal(ask("anna", 1500, room), LOOKUP_SMALL);
		assert_int_equal(used, 7);
		assert_int_equal(buffer[0], '?');
	}
	assert_int_equal(ask("anna", 1500, size), LOOKUP_FOUND);
	assert_int_equal(buffer[size], '?');
}

static void
names_that_are_none_are_not_asked_for(void **state)
{
	static const char *const names[] = {"", "Anna", "anna\n", "an na", "../anna", "70001",
		"anna@example.org", "+491234567", "-anna", "annaannaannaannaannaannaannaannaa"};

	(void)state;
	publish_lines(lines, strlen(lines));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(ask(names[i], 1500, sizeof(buffer)), LOOKUP_NONE);
	assert_int_equal(ask_anna(), LOOKUP_FOUND);
}

/* A key of somebody else's would be their way in under this name. */
static void
keys_under_anothers_uid_are_damage(void **state)
{
	(void)state;
	publish(anna.uid, &(struct image_keys){.uid = bob.uid, .lines = lines,
		.size = strlen(lines)});
	assert_int_equal(ask_anna(), LOOKUP_UNAVAILABLE);
	assert_int_equal(ask("bob", 1500, sizeof(buffer)), LOOKUP_NONE);
}

static void
who_is_not_served_has_no_keys(void **state)
{
	static const struct image_user root = {
		.uid = 0, .gid = 0, .name = "toor", .gecos = "", .home = "", .shell = ""};
	static const struct image_user daemon = {.uid = 70003, .gid = 4, .name = "daemon",
		.gecos = "", .home = "", .shell = ""};

	(void)state;
	place_begin(&place);
	put_user(&place, &root);
	put_user(&place, &daemon);
	put_keys(&place, 0, &(struct image_keys){.uid = 0, .lines = lines,
		.size = strlen(lines)});
	put_keys(&place, 70003, &(struct image_keys){.uid = 70003, .lines = lines,
		.size = strlen(lines)});
	place_commit(&place);
	assert_int_equal(ask("toor", 1500, sizeof(buffer)), LOOKUP_NONE);
	assert_int_equal(ask("daemon", 1500, sizeof(buffer)), LOOKUP_NONE);
}

static void
what_is_no_line_is_damage(void **state)
{
	static const char *const texts[] = {"x", "ssh-ed25519 AAAA", "\n", "a\n\n", "\na\n",
		"a\n\nb\n", "a\rb\n", "a\tb\n", "a\x1b[2Jb\n", "a\x7f\n", "a\xc3\xa5\n", "a\x80\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		publish_lines(texts[i], strlen(texts[i]));
		assert_int_equal(ask_anna(), LOOKUP_UNAVAILABLE);
		assert_int_equal(used, 7);
	}
	publish_lines("a\0b\n", 4);
	assert_int_equal(ask_anna(), LOOKUP_UNAVAILABLE);
	publish_lines("a b~\n", 5);
	assert_int_equal(ask_anna(), LOOKUP_FOUND);
}

static void
what_is_no_image_is_damage(void **state)
{
	unsigned char bytes[KEYS_TEXT + 1] = {0};

	(void)state;
	layout_put_u32(bytes + KEYS_UID, anna.uid);
	bytes[KEYS_TEXT] = '\n';
	for (size_t size = 0; size <= sizeof(bytes); size++) {
		publish_bytes(bytes, size);
		assert_int_equal(ask_anna(), LOOKUP_UNAVAILABLE);
	}
}

/* Values of many pages, up to the largest that is taken. */
static void
large_values_are_bounded(void **state)
{
	static const size_t sizes[] = {4000, 4096, 70000, IMAGE_KEYS_MAX, IMAGE_KEYS_MAX + 1};
	unsigned char *bytes = malloc(KEYS_TEXT + IMAGE_KEYS_MAX + 1);
	char *room = malloc(IMAGE_KEYS_MAX + 2);

	(void)state;
	memset(bytes, 'a', KEYS_TEXT + IMAGE_KEYS_MAX + 1);
	memset(bytes, 0, KEYS_TEXT);
	layout_put_u32(bytes + KEYS_UID, anna.uid);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		bytes[KEYS_TEXT + sizes[i] - 1] = '\n';
		publish_bytes(bytes, KEYS_TEXT + sizes[i]);
		used = 7;
		assert_int_equal(directory_keys_of(place.directory, "anna", 1500, room,
					 IMAGE_KEYS_MAX + 2, &used, NULL),
			sizes[i] > IMAGE_KEYS_MAX ? LOOKUP_UNAVAILABLE : LOOKUP_FOUND);
		assert_int_equal(used, sizes[i] > IMAGE_KEYS_MAX ? 7 : sizes[i]);
		bytes[KEYS_TEXT + sizes[i] - 1] = 'a';
	}
	assert_int_equal(image_pack_keys(&(struct image_keys){.uid = 70001, .lines = room,
				 .size = IMAGE_KEYS_MAX + 1}, NULL, 0), 0);
	assert_int_equal(image_pack_keys(&(struct image_keys){.uid = 70001, .lines = ""}, NULL, 0),
		0);
	free(room);
	free(bytes);
}

static void
a_file_that_is_none(void **state)
{
	struct directory nowhere = {.path = "/nonexistent/directory.mdb"};

	(void)state;
	assert_int_equal(directory_keys_of(&nowhere, "anna", 1500, buffer, sizeof(buffer), &used, NULL),
		LOOKUP_MISSING);
	assert_int_equal(used, 7);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_directory, remove_directory)
	const struct CMUnitTest tests[] = {
		TEST(the_lines_come_as_they_are),
		TEST(only_within_validity),
		TEST(every_buffer_size_is_answered),
		TEST(names_that_are_none_are_not_asked_for),
		TEST(keys_under_anothers_uid_are_damage),
		TEST(who_is_not_served_has_no_keys),
		TEST(what_is_no_line_is_damage),
		TEST(what_is_no_image_is_damage),
		TEST(large_values_are_bounded),
		TEST(a_file_that_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
