/*
 * directory_lookup_test.c - what the look-ups answer, how much buffer they want for it, and what
 * they never answer whatever the file says.
 */
#include "tests/unit/directory_fixture.h"

#include "directory/layout.h"
#include "directory/names.h"

static struct place place;
static struct passwd user;
static struct group group;
static char buffer[4096];

static const struct image_user anna = {.uid = 70001,
	.gid = 70001,
	.name = "anna",
	.gecos = "Anna \xc3\x85"
		 "berg",
	.home = "/home/anna",
	.shell = "/bin/sh",
	.gids = (const uint32_t[]){0, 4, 4, 65534, 65535, 70100, 70200, 70150},
	.gid_count = 8};
/* Her uid happens to be the gid of a group of the host's, and that is her primary group. */
static const struct image_user cleo = {.uid = 70003,
	.gid = 70003,
	.name = "cleo",
	.gecos = "",
	.home = "",
	.shell = "",
	.gids = (const uint32_t[]){4, 70003, 70100},
	.gid_count = 3};
static const struct image_user bob = {
	.uid = 70002, .gid = 70100, .name = "bob", .gecos = "", .home = "", .shell = ""};

static int
make_directory(void **state)
{
	(void)state;
	place_make(&place);
	place_begin(&place);
	put_state(&place, 42);
	put_user(&place, &anna);
	put_user(&place, &bob);
	put_group(&place, &(struct image_group){70100, "crew", true});
	put_member(&place, 70100, "bob");
	put_member(&place, 70100, "anna");
	put_group(&place, &(struct image_group){70200, "crowd", false});
	put_member(&place, 70200, "anna");
	put_group(&place, &(struct image_group){70300, "nobodies", true});
	place_commit(&place);
	return 0;
}

static int
remove_directory(void **state)
{
	(void)state;
	place_remove(&place);
	return 0;
}

static enum lookup
by_name(const char *name)
{
	return directory_user_by_name(place.directory, name, &user, buffer, sizeof(buffer));
}

static enum lookup
by_uid(uint32_t uid)
{
	return directory_user_by_uid(place.directory, uid, &user, buffer, sizeof(buffer));
}

static enum lookup
group_by_name(const char *name)
{
	return directory_group_by_name(place.directory, name, &group, buffer, sizeof(buffer));
}

static enum lookup
group_by_gid(uint32_t gid)
{
	return directory_group_by_gid(place.directory, gid, &group, buffer, sizeof(buffer));
}

static void
assert_is_anna(void)
{
	assert_string_equal(user.pw_name, "anna");
	assert_string_equal(user.pw_passwd, "*");
	assert_int_equal(user.pw_uid, 70001);
	assert_int_equal(user.pw_gid, 70001);
	assert_string_equal(user.pw_gecos, anna.gecos);
	assert_string_equal(user.pw_dir, "/home/anna");
	assert_string_equal(user.pw_shell, "/bin/sh");
}

static void
users_are_found_by_name_and_uid(void **state)
{
	(void)state;
	assert_int_equal(by_name("anna"), LOOKUP_FOUND);
	assert_is_anna();
	memset(&user, 0, sizeof(user));
	assert_int_equal(by_uid(70001), LOOKUP_FOUND);
	assert_is_anna();
	assert_int_equal(by_name("bob"), LOOKUP_FOUND);
	assert_int_equal(user.pw_gid, 70100);
	assert_string_equal(user.pw_gecos, "");
	assert_string_equal(user.pw_shell, "");
}

static void
whoever_is_not_there_is_not_found(void **state)
{
	(void)state;
	user.pw_uid = 1;
	assert_int_equal(by_name("ann"), LOOKUP_NONE);
	assert_int_equal(by_name("annaa"), LOOKUP_NONE);
	assert_int_equal(by_uid(70003), LOOKUP_NONE);
	assert_int_equal(group_by_name("cre"), LOOKUP_NONE);
	assert_int_equal(group_by_gid(70101), LOOKUP_NONE);
	assert_int_equal(user.pw_uid, 1);
}

static void
groups_have_their_members_in_order(void **state)
{
	(void)state;
	assert_int_equal(group_by_name("crew"), LOOKUP_FOUND);
	assert_int_equal(group.gr_gid, 70100);
	assert_string_equal(group.gr_passwd, "*");
	assert_string_equal(group.gr_mem[0], "anna");
	assert_string_equal(group.gr_mem[1], "bob");
	assert_null(group.gr_mem[2]);
	assert_int_equal(group_by_gid(70300), LOOKUP_FOUND);
	assert_string_equal(group.gr_name, "nobodies");
	assert_null(group.gr_mem[0]);
}

static void
a_group_published_without_a_list_has_none(void **state)
{
	(void)state;
	assert_int_equal(group_by_name("crowd"), LOOKUP_FOUND);
	assert_null(group.gr_mem[0]);
}

static void
users_have_groups_of_their_own(void **state)
{
	(void)state;
	assert_int_equal(group_by_name("anna"), LOOKUP_FOUND);
	assert_string_equal(group.gr_name, "anna");
	assert_int_equal(group.gr_gid, 70001);
	assert_string_equal(group.gr_passwd, "*");
	assert_null(group.gr_mem[0]);
	assert_int_equal(group_by_gid(70001), LOOKUP_FOUND);
	assert_string_equal(group.gr_name, "anna");
	/* bob's primary group is another one */
	assert_int_equal(group_by_name("bob"), LOOKUP_NONE);
	assert_int_equal(group_by_gid(70002), LOOKUP_NONE);
}

static void
a_primary_group_of_the_hosts_is_not_answered(void **state)
{
	static const gid_t gids[][3] = {{70003}, {4, 70003}, {70002, 70003, 70004}, {70004}, {4}};
	static const struct {
		size_t count;
		enum lookup lookup;
	} rows[] = {{1, LOOKUP_NONE}, {2, LOOKUP_NONE}, {3, LOOKUP_NONE}, {1, LOOKUP_FOUND},
		{1, LOOKUP_FOUND}};
	struct image_user image = cleo;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned listed = 0;
		uint32_t after = 0;

		image.gids = gids[i];
		image.gid_count = rows[i].count;
		place_begin(&place);
		put_user(&place, &image);
		place_commit(&place);
		assert_int_equal(by_name("cleo"), LOOKUP_FOUND);
		assert_int_equal(user.pw_gid, 70003);
		assert_int_equal(group_by_name("cleo"), rows[i].lookup);
		assert_int_equal(group_by_gid(70003), rows[i].lookup);
		while (directory_group_next(
			       place.directory, &after, &group, buffer, sizeof(buffer)) == LOOKUP_FOUND)
			listed += group.gr_gid == 70003;
		assert_int_equal(listed, rows[i].lookup == LOOKUP_FOUND);
	}
}

/* ---- groups of a user ---------------------------------------------------------------------- */

struct gids {
	size_t count;
	size_t room;
	gid_t gid[8];
};

static bool
collect(void *context, gid_t gid)
{
	struct gids *gids = context;

	if (gids->count == gids->room)
		return false;
	gids->gid[gids->count++] = gid;
	return true;
}

static void
a_users_groups_are_listed_once(void **state)
{
	static const gid_t expected[] = {4, 70100, 70200};
	struct gids gids = {.room = 8};
	gid_t primary = 0;

	(void)state;
	assert_int_equal(directory_groups_of(place.directory, "anna", &primary, collect, &gids),
		LOOKUP_FOUND);
	assert_int_equal(primary, 70001);
	assert_int_equal(gids.count, 3);
	assert_memory_equal(gids.gid, expected, sizeof(expected));
	gids.count = 0;
	assert_int_equal(directory_groups_of(place.directory, "bob", &primary, collect, &gids),
		LOOKUP_FOUND);
	assert_int_equal(primary, 70100);
	assert_int_equal(gids.count, 0);
	place_begin(&place);
	put_user(&place, &cleo);
	place_commit(&place);
	assert_int_equal(directory_groups_of(place.directory, "cleo", &primary, collect, &gids),
		LOOKUP_FOUND);
	assert_int_equal(primary, 70003);
	assert_int_equal(gids.count, 2);
	assert_int_equal(gids.gid[0], 4);
	assert_int_equal(gids.gid[1], 70100);
	assert_int_equal(
		directory_groups_of(place.directory, "eve", &primary, collect, &gids), LOOKUP_NONE);
}

static void
a_list_of_groups_may_be_stopped(void **state)
{
	struct gids gids = {.room = 2};
	gid_t primary;

	(void)state;
	assert_int_equal(directory_groups_of(place.directory, "anna", &primary, collect, &gids),
		LOOKUP_AGAIN);
	assert_int_equal(gids.count, 2);
}

static bool
count_one(void *context, gid_t gid)
{
	(void)gid;
	++*(size_t *)context;
	return true;
}

static void
a_user_may_have_as_many_groups_as_the_kernel_takes(void **state)
{
	uint32_t *gids = malloc(IMAGE_GIDS_MAX * sizeof(*gids));
	struct image_user many = anna;
	size_t count = 0;
	gid_t primary;

	(void)state;
	assert_non_null(gids);
	for (uint32_t i = 0; i < IMAGE_GIDS_MAX; i++)
		gids[i] = 100000 + i;
	many.gids = gids;
	many.gid_count = IMAGE_GIDS_MAX;
	place_begin(&place);
	put_user(&place, &many);
	place_commit(&place);
	assert_int_equal(directory_groups_of(place.directory, "anna", &primary, count_one, &count),
		LOOKUP_FOUND);
	assert_int_equal(count, IMAGE_GIDS_MAX);
	assert_int_equal(by_name("anna"), LOOKUP_FOUND);
	assert_is_anna();
	free(gids);
}

/* ---- aliases ------------------------------------------------------------------------------- */

static void
aliases_lead_to_the_user(void **state)
{
	static const char *const none[] = {"anna@example.net", "@", "+", "+46", "anna",
		"46701234567", "+4670123456x", "anna@example.org ", "anna\t@example.org",
		"\xc3\xa5@example.org"};
	char path[96];
	struct directory aliases = {.path = path};
	struct place other = place;

	(void)state;
	snprintf(path, sizeof(path), "%s/aliases.mdb", place.folder);
	strcpy(other.file, path);
	place_write(&other);
	place_begin(&other);
	put_state(&other, 42);
	put_alias(&other, 'E', "anna@example.org", 70001);
	put_alias(&other, 'P', "+46701234567", 70001);
	put_alias(&other, 'E', "gone@example.org", 70009);
	put_alias(&other, 'E', "root@example.org", 0);
	place_commit(&other);
	place_leave(&other);

	assert_int_equal(directory_user_by_alias(&aliases, place.directory, "Anna@EXAMPLE.org",
				 &user, buffer, sizeof(buffer)),
		LOOKUP_FOUND);
	assert_is_anna();
	memset(&user, 0, sizeof(user));
	assert_int_equal(directory_user_by_alias(&aliases, place.directory, "+46701234567", &user,
				 buffer, sizeof(buffer)),
		LOOKUP_FOUND);
	assert_is_anna();
	assert_int_equal(directory_user_by_alias(
				 &aliases, place.directory, "+46701234567", &user, buffer, 10),
		LOOKUP_SMALL);
	assert_int_equal(directory_user_by_alias(&aliases, place.directory, "gone@example.org",
				 &user, buffer, sizeof(buffer)),
		LOOKUP_NONE);
	assert_int_equal(directory_user_by_alias(&aliases, place.directory, "root@example.org",
				 &user, buffer, sizeof(buffer)),
		LOOKUP_NONE);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(directory_user_by_alias(&aliases, place.directory, none[i], &user,
					 buffer, sizeof(buffer)),
			LOOKUP_NONE);
	directory_close(&aliases);
}

/* ---- enumeration --------------------------------------------------------------------------- */

static void
users_are_enumerated_by_uid(void **state)
{
	uint32_t after = 0;

	(void)state;
	assert_int_equal(
		directory_user_next(place.directory, &after, &user, buffer, 20), LOOKUP_SMALL);
	assert_int_equal(after, 0);
	assert_int_equal(
		directory_user_next(place.directory, &after, &user, buffer, sizeof(buffer)),
		LOOKUP_FOUND);
	assert_is_anna();
	assert_int_equal(
		directory_user_next(place.directory, &after, &user, buffer, sizeof(buffer)),
		LOOKUP_FOUND);
	assert_string_equal(user.pw_name, "bob");
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(
			directory_user_next(place.directory, &after, &user, buffer, sizeof(buffer)),
			LOOKUP_NONE);
		assert_int_equal(after, 70002);
	}
}

static void
role_groups_are_enumerated_then_own_ones(void **state)
{
	static const char *const expected[] = {"crew", "crowd", "nobodies", "anna"};
	uint32_t after = 0;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(directory_group_next(place.directory, &after, &group, buffer, 8),
			LOOKUP_SMALL);
		assert_int_equal(directory_group_next(
					 place.directory, &after, &group, buffer, sizeof(buffer)),
			LOOKUP_FOUND);
		assert_string_equal(group.gr_name, expected[i]);
		assert_int_equal(group.gr_mem[0] != NULL, i == 0);
	}
	assert_int_equal(
		directory_group_next(place.directory, &after, &group, buffer, sizeof(buffer)),
		LOOKUP_NONE);
}

static void
an_enumeration_sees_each_of_many_once(void **state)
{
	uint32_t after = 0;

	(void)state;
	place_begin(&place);
	for (uint32_t i = 0; i < 3000; i++)
		put_numbered(&place, i, 1);
	place_commit(&place);
	by_name("anna");
	for (unsigned i = 0; i < 2; i++) /* anna and bob have lower uids */
		directory_user_next(place.directory, &after, &user, buffer, sizeof(buffer));
	for (uint32_t i = 0; i < 3000; i++) {
		assert_int_equal(
			directory_user_next(place.directory, &after, &user, buffer, sizeof(buffer)),
			LOOKUP_FOUND);
		assert_int_equal(numbered_round(&user, i), 1);
	}
	assert_int_equal(
		directory_user_next(place.directory, &after, &user, buffer, sizeof(buffer)),
		LOOKUP_NONE);
}

/* ---- the buffer ---------------------------------------------------------------------------- */

/* Fills the buffer's surroundings with a pattern, which must still be there afterwards. */
static void
assert_untouched(const unsigned char *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		assert_int_equal(at[i], 0xa5);
}

typedef enum lookup asker(char *at, size_t size);

static enum lookup
ask_user(char *at, size_t size)
{
	return directory_user_by_uid(place.directory, 70001, &user, at, size);
}

static enum lookup
ask_group(char *at, size_t size)
{
	return directory_group_by_gid(place.directory, 70100, &group, at, size);
}

static enum lookup
ask_own_group(char *at, size_t size)
{
	return directory_group_by_name(place.directory, "anna", &group, at, size);
}

/* Every size at every alignment: too small until it is `need`, and then found; nothing outside. */
static void
sweep(asker *ask, size_t need, size_t align)
{
	static unsigned char all[2048];

	for (size_t skew = 0; skew < 16; skew++) {
		size_t lost = (align - ((uintptr_t)all + 64 + skew + need) % align) % align;

		for (size_t size = 0; size < 512; size++) {
			enum lookup lookup;

			memset(all, 0xa5, sizeof(all));
			lookup = ask((char *)all + 64 + skew, size);
			assert_int_equal(lookup, size < need + lost ? LOOKUP_SMALL : LOOKUP_FOUND);
			assert_untouched(all, 64 + skew);
			assert_untouched(all + 64 + skew + size, 64);
		}
	}
}

static void
a_buffer_is_too_small_until_it_is_not(void **state)
{
	size_t pointer = sizeof(char *);

	(void)state;
	sweep(ask_user,
		sizeof("anna") + strlen(anna.gecos) + 1 + sizeof("/home/anna") + sizeof("/bin/sh") +
			sizeof("*"),
		1);
	sweep(ask_group,
		sizeof("crew") + sizeof("*") + sizeof("anna") + sizeof("bob") + 3 * pointer,
		pointer);
	sweep(ask_own_group, sizeof("anna") + sizeof("*") + pointer, pointer);
}

static void
pointers_lie_aligned_in_the_buffer(void **state)
{
	(void)state;
	for (size_t skew = 0; skew < 16; skew++) {
		assert_int_equal(ask_group(buffer + skew, 200), LOOKUP_FOUND);
		assert_int_equal((uintptr_t)group.gr_mem % sizeof(char *), 0);
		assert_true((char *)group.gr_mem >= buffer + skew);
		assert_true((char *)(group.gr_mem + 3) <= buffer + skew + 200);
		assert_string_equal(group.gr_mem[1], "bob");
	}
}

/* ---- what is never served ------------------------------------------------------------------ */

static void
put_raw_user(const struct image_user *image, const char *name, uint32_t uid)
{
	unsigned char key[IMAGE_KEY_MAX], value[512];
	size_t size = image_pack_user(image, value, sizeof(value));

	place_begin(&place);
	put(&place, key, image_key_text(key, 'N', name), value, size);
	put(&place, key, image_key_id(key, 'U', uid), value, size);
	place_commit(&place);
}

static void
ids_of_the_host_stay_the_hosts(void **state)
{
	static const uint32_t ids[] = {
		0, 1, 999, 61184, 65519, 65534, 65535, 0x80000000, 0xffffffff};

	(void)state;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct image_user bad = anna;
		uint32_t after = 0;

		bad.uid = ids[i];
		put_raw_user(&bad, "anna", ids[i]);
		assert_int_equal(by_name("anna"), LOOKUP_NONE);
		assert_int_equal(by_uid(ids[i]), LOOKUP_NONE);
		assert_int_equal(group_by_gid(ids[i]), LOOKUP_NONE);

		bad = anna;
		bad.gid = ids[i];
		put_raw_user(&bad, "anna", 70001);
		assert_int_equal(by_name("anna"), LOOKUP_NONE);
		assert_int_equal(by_uid(70001), LOOKUP_NONE);
		/* and an enumeration goes on behind it */
		assert_int_equal(
			directory_user_next(place.directory, &after, &user, buffer, sizeof(buffer)),
			LOOKUP_FOUND);
		assert_string_equal(user.pw_name, "bob");

		place_begin(&place);
		put_group(&place, &(struct image_group){ids[i], "crew", true});
		place_commit(&place);
		assert_int_equal(group_by_name("crew"), LOOKUP_NONE);
		assert_int_equal(group_by_gid(ids[i]), LOOKUP_NONE);
	}
	put_raw_user(&anna, "anna", 70001);
	assert_int_equal(by_name("anna"), LOOKUP_FOUND);
}

static void
no_field_is_served_that_would_forge_a_line(void **state)
{
	static const char *const texts[] = {"x\ny", "x:y", "x\x1b[2J", "x\x7f", "\xc2\x85", "\xff"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		for (unsigned field = 0; field < 3; field++) {
			struct image_user bad = anna;
			const char **text = field == 0   ? &bad.gecos
					    : field == 1 ? &bad.home
							 : &bad.shell;

			*text = texts[i];
			put_raw_user(&bad, "anna", 70001);
			assert_int_equal(by_name("anna"), LOOKUP_NONE);
			assert_int_equal(by_uid(70001), LOOKUP_NONE);
		}
	}
}

static void
no_name_is_served_that_is_no_login(void **state)
{
	static const char *const names[] = {"", "An", "a b", "-a", "a:b", "a\n", "\xc3\xa5",
		"abcdefghijklmnopqrstuvwxyzabcdefgh"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct image_user bad = anna;
		struct image_group crew = {70100, names[i], true};
		unsigned char key[IMAGE_KEY_MAX], value[64];
		size_t size;

		bad.name = names[i];
		put_raw_user(&bad, "anna", 70001);
		assert_int_equal(by_uid(70001), LOOKUP_NONE);
		assert_int_equal(group_by_gid(70001), LOOKUP_NONE);
		place_begin(&place);
		size = image_pack_group(&crew, value, sizeof(value));
		put(&place, key, image_key_id(key, 'G', 70100), value, size);
		place_commit(&place);
		assert_int_equal(group_by_gid(70100), LOOKUP_NONE);
	}
}

static void
members_that_are_no_logins_are_left_out(void **state)
{
	(void)state;
	place_begin(&place);
	put_member(&place, 70100, "Anna");
	put_member(&place, 70100, "b:c");
	put_member(&place, 70100, "abcdefghijklmnopqrstuvwxyzabcdefgh");
	put_member(&place, 70101, "eve");
	place_commit(&place);
	assert_int_equal(group_by_name("crew"), LOOKUP_FOUND);
	assert_string_equal(group.gr_mem[0], "anna");
	assert_string_equal(group.gr_mem[1], "bob");
	assert_null(group.gr_mem[2]);
}

static void
a_record_under_anothers_key_is_damage(void **state)
{
	unsigned char key[IMAGE_KEY_MAX], value[64];
	size_t size;
	gid_t primary;
	struct gids gids = {.room = 8};

	(void)state;
	put_raw_user(&anna, "eve", 70066);
	assert_int_equal(by_name("eve"), LOOKUP_UNAVAILABLE);
	assert_int_equal(by_uid(70066), LOOKUP_UNAVAILABLE);
	assert_int_equal(group_by_name("eve"), LOOKUP_UNAVAILABLE);
	assert_int_equal(directory_groups_of(place.directory, "eve", &primary, collect, &gids),
		LOOKUP_UNAVAILABLE);
	place_begin(&place);
	size = image_pack_group(&(struct image_group){70100, "crew", true}, value, sizeof(value));
	put(&place, key, image_key_text(key, 'H', "sudoers"), value, size);
	put(&place, key, image_key_id(key, 'G', 70166), value, size);
	place_commit(&place);
	assert_int_equal(group_by_name("sudoers"), LOOKUP_UNAVAILABLE);
	assert_int_equal(group_by_gid(70166), LOOKUP_UNAVAILABLE);
	assert_int_equal(by_name("anna"), LOOKUP_FOUND);
}

/* Sets one number of anna's image. */
static void
put_damaged(size_t at, size_t width, uint32_t number)
{
	unsigned char key[IMAGE_KEY_MAX], value[512];
	size_t size = image_pack_user(&anna, value, sizeof(value));

	if (width == 2)
		layout_put_u16(value + at, (uint16_t)number);
	else
		layout_put_u32(value + at, number);
	place_begin(&place);
	put(&place, key, image_key_text(key, 'N', "anna"), value, size);
	place_commit(&place);
}

static void
offsets_that_do_not_fit_are_damage(void **state)
{
	static const struct {
		size_t at;
		size_t width;
		uint32_t number;
	} rows[] = {
		{USER_GECOS, 2, 0},
		{USER_GECOS, 2, 4},
		{USER_GECOS, 2, 6},
		{USER_GECOS, 2, 0xffff},
		{USER_HOME, 2, 0},
		{USER_HOME, 2, 5},
		{USER_HOME, 2, 0xffff},
		{USER_SHELL, 2, 0},
		{USER_SHELL, 2, 20},
		{USER_SHELL, 2, 0xffff},
		{USER_TEXT_SIZE, 2, 0},
		{USER_TEXT_SIZE, 2, 1},
		{USER_TEXT_SIZE, 2, 0xffff},
		{USER_GID_COUNT, 4, 0},
		{USER_GID_COUNT, 4, 9},
		{USER_GID_COUNT, 4, 0xffffffff},
		{USER_GID_COUNT, 4, 0x40000008},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put_damaged(rows[i].at, rows[i].width, rows[i].number);
		assert_int_equal(by_name("anna"), LOOKUP_UNAVAILABLE);
	}
	put_damaged(USER_GID_COUNT, 4, 8);
	assert_int_equal(by_name("anna"), LOOKUP_FOUND);
}

static void
strings_without_an_end_are_damage(void **state)
{
	static const size_t ends[] = {4, 16, 27, 35}; /* of anna's four strings in the text */

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		unsigned char key[IMAGE_KEY_MAX], value[512];
		size_t size = image_pack_user(&anna, value, sizeof(value));

		assert_int_equal(value[USER_TEXT + ends[i]], 0);
		value[USER_TEXT + ends[i]] = 'x';
		place_begin(&place);
		put(&place, key, image_key_id(key, 'U', 70001), value, size);
		place_commit(&place);
		assert_int_equal(by_uid(70001), LOOKUP_UNAVAILABLE);
	}
}

static void
strings_with_an_end_within_are_not_served(void **state)
{
	static const size_t within[] = {2, 8, 20, 30};

	(void)state;
	for (size_t i = 0; i < sizeof(within) / sizeof(within[0]); i++) {
		unsigned char key[IMAGE_KEY_MAX], value[512];
		size_t size = image_pack_user(&anna, value, sizeof(value));

		value[USER_TEXT + within[i]] = 0;
		place_begin(&place);
		put(&place, key, image_key_id(key, 'U', 70001), value, size);
		place_commit(&place);
		assert_int_equal(by_uid(70001), LOOKUP_NONE);
	}
}

/* ---- the file as a whole ------------------------------------------------------------------- */

static void
the_state_is_read(void **state)
{
	struct image_state read;

	(void)state;
	assert_int_equal(directory_state(place.directory, &read), LOOKUP_FOUND);
	assert_int_equal(read.sequence, 42);
	assert_int_equal(read.generation[0], 7);
}

static void
the_first_end_is_the_earliest(void **state)
{
	unsigned char key[IMAGE_KEY_MAX], large[IMAGE_KEY_MAX + 100] = "X";
	uint64_t end = 7;

	(void)state;
	assert_int_equal(directory_first_end(place.directory, &end), LOOKUP_NONE);
	/* Neighbours are no ends, nor what has the letter alone. */
	place_begin(&place);
	put(&place, "W/etc/group", 11, "12345678", 8);
	put(&place, "Y/etc/group/", 13, "", 0);
	place_commit(&place);
	assert_int_equal(directory_first_end(place.directory, &end), LOOKUP_NONE);
	assert_true(end == 7);
	place_begin(&place);
	put(&place, key, image_key_end(key, 2000, 70001), "", 0);
	put(&place, key, image_key_end(key, 1000, 70002), "", 0);
	put(&place, key, image_key_end(key, UINT64_C(1) << 33, 70001), "", 0);
	place_commit(&place);
	assert_int_equal(directory_first_end(place.directory, &end), LOOKUP_FOUND);
	assert_true(end == 1000);
	/* What is none of ours in an end's place is damage: ends behind it are not passed over. */
	place_begin(&place);
	put(&place, "X\0\0", 3, "", 0);
	place_commit(&place);
	assert_int_equal(directory_first_end(place.directory, &end), LOOKUP_UNAVAILABLE);
	place_begin(&place);
	put(&place, large, sizeof(large), "", 0);
	place_commit(&place);
	assert_int_equal(directory_first_end(place.directory, &end), LOOKUP_UNAVAILABLE);
	assert_true(end == 1000);
}

static void
nothing_is_served_without_a_state_of_our_version(void **state)
{
	unsigned char key[IMAGE_KEY_MAX];
	struct image_state read;
	MDB_val k = {image_key_state(key), key};
	gid_t primary;
	struct gids gids = {.room = 8};
	uint32_t after = 0;
	uint64_t end;

	(void)state;
	place_begin(&place);
	assert_int_equal(mdb_del(place.txn, place.dbi, &k, NULL), 0);
	place_commit(&place);
	assert_int_equal(directory_state(place.directory, &read), LOOKUP_NONE);
	for (unsigned version = 0; version < 2; version++) {
		assert_int_equal(by_name("anna"), LOOKUP_UNAVAILABLE);
		assert_int_equal(by_name("nobody-here"), LOOKUP_UNAVAILABLE);
		assert_int_equal(by_uid(70001), LOOKUP_UNAVAILABLE);
		assert_int_equal(group_by_name("crew"), LOOKUP_UNAVAILABLE);
		assert_int_equal(
			directory_first_end(place.directory, &end), LOOKUP_UNAVAILABLE);
		assert_int_equal(
			directory_groups_of(place.directory, "anna", &primary, collect, &gids),
			LOOKUP_UNAVAILABLE);
		assert_int_equal(
			directory_user_next(place.directory, &after, &user, buffer, sizeof(buffer)),
			LOOKUP_UNAVAILABLE);
		assert_int_equal(directory_group_next(
					 place.directory, &after, &group, buffer, sizeof(buffer)),
			LOOKUP_UNAVAILABLE);
		place_begin(&place);
		put(&place, key, 1, "\x02\0\0\0aaaaaaaaaaaaaaaabbbbbbbb", 28);
		place_commit(&place);
		assert_int_equal(directory_state(place.directory, &read), LOOKUP_UNAVAILABLE);
	}
	place_begin(&place);
	put_state(&place, 43);
	place_commit(&place);
	assert_int_equal(by_name("anna"), LOOKUP_FOUND);
}

static void
what_cannot_be_asked_is_answered_without_the_file(void **state)
{
	struct directory nowhere = {.path = "/nonexistent/directory.mdb"};

	(void)state;
	assert_int_equal(directory_user_by_name(&nowhere, "Anna", &user, buffer, sizeof(buffer)),
		LOOKUP_NONE);
	assert_int_equal(
		directory_user_by_name(&nowhere, "", &user, buffer, sizeof(buffer)), LOOKUP_NONE);
	assert_int_equal(
		directory_user_by_uid(&nowhere, 0, &user, buffer, sizeof(buffer)), LOOKUP_NONE);
	assert_int_equal(directory_group_by_name(&nowhere, "~*", &group, buffer, sizeof(buffer)),
		LOOKUP_NONE);
	assert_int_equal(
		directory_group_by_gid(&nowhere, 999, &group, buffer, sizeof(buffer)), LOOKUP_NONE);
	assert_int_equal(directory_user_by_name(&nowhere, "anna", &user, buffer, sizeof(buffer)),
		LOOKUP_MISSING);
}

static void
errno_is_kept(void **state)
{
	struct directory nowhere = {.path = "/nonexistent/directory.mdb"};

	(void)state;
	errno = EDOM;
	by_name("anna");
	assert_int_equal(errno, EDOM);
	place_forget(&place);
	by_name("eve");
	assert_int_equal(errno, EDOM);
	directory_user_by_name(&nowhere, "anna", &user, buffer, sizeof(buffer));
	assert_int_equal(errno, EDOM);
}

static enum lookup
name_next(enum directory_names which, const char *after, char name[SERVED_NAME_BYTES + 1])
{
	return directory_name_next(place.directory, which, after, name);
}

static void
names_come_in_their_order(void **state)
{
	char name[SERVED_NAME_BYTES + 1] = "";

	(void)state;
	assert_int_equal(name_next(DIRECTORY_USERS, "", name), LOOKUP_FOUND);
	assert_string_equal(name, "anna");
	assert_int_equal(name_next(DIRECTORY_USERS, "ann", name), LOOKUP_FOUND);
	assert_string_equal(name, "anna");
	assert_int_equal(name_next(DIRECTORY_USERS, "anna", name), LOOKUP_FOUND);
	assert_string_equal(name, "bob");
	assert_int_equal(name_next(DIRECTORY_USERS, "bob", name), LOOKUP_NONE);
	assert_string_equal(name, "bob");
	assert_int_equal(name_next(DIRECTORY_ROLE_GROUPS, "", name), LOOKUP_FOUND);
	assert_string_equal(name, "crew");
	assert_int_equal(name_next(DIRECTORY_ROLE_GROUPS, "crowd", name), LOOKUP_FOUND);
	assert_string_equal(name, "nobodies");
	assert_int_equal(name_next(DIRECTORY_ROLE_GROUPS, "nobodies", name), LOOKUP_NONE);
}

/* A key of a map as somebody who can write the file would have it. */
static void
put_name(char map, const char *name)
{
	unsigned char key[IMAGE_KEY_MAX];

	put(&place, key, image_key_text(key, map, name), "", 0);
}

static void
only_names_come_that_may_be_served(void **state)
{
	static const char *const never[] = {"anna $(reboot)", "anna\n", "annb\x1b[2J", "0",
		"ANNA", "an-name-of-more-than-the-32-bytes-that-one-has"};
	char name[SERVED_NAME_BYTES + 1];

	(void)state;
	place_begin(&place);
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		put_name('N', never[i]);
	put(&place, "N", 1, "", 0);
	place_commit(&place);
	assert_int_equal(name_next(DIRECTORY_USERS, "", name), LOOKUP_FOUND);
	assert_string_equal(name, "anna");
	assert_int_equal(name_next(DIRECTORY_USERS, "anna", name), LOOKUP_FOUND);
	assert_string_equal(name, "bob");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_directory, remove_directory)
	const struct CMUnitTest tests[] = {
		TEST(users_are_found_by_name_and_uid),
		TEST(whoever_is_not_there_is_not_found),
		TEST(groups_have_their_members_in_order),
		TEST(a_group_published_without_a_list_has_none),
		TEST(users_have_groups_of_their_own),
		TEST(a_primary_group_of_the_hosts_is_not_answered),
		TEST(a_users_groups_are_listed_once),
		TEST(a_list_of_groups_may_be_stopped),
		TEST(a_user_may_have_as_many_groups_as_the_kernel_takes),
		TEST(aliases_lead_to_the_user),
		TEST(users_are_enumerated_by_uid),
		TEST(role_groups_are_enumerated_then_own_ones),
		TEST(an_enumeration_sees_each_of_many_once),
		TEST(a_buffer_is_too_small_until_it_is_not),
		TEST(pointers_lie_aligned_in_the_buffer),
		TEST(ids_of_the_host_stay_the_hosts),
		TEST(no_field_is_served_that_would_forge_a_line),
		TEST(no_name_is_served_that_is_no_login),
		TEST(members_that_are_no_logins_are_left_out),
		TEST(a_record_under_anothers_key_is_damage),
		TEST(offsets_that_do_not_fit_are_damage),
		TEST(strings_without_an_end_are_damage),
		TEST(strings_with_an_end_within_are_not_served),
		TEST(the_state_is_read),
		TEST(the_first_end_is_the_earliest),
		TEST(nothing_is_served_without_a_state_of_our_version),
		TEST(what_cannot_be_asked_is_answered_without_the_file),
		TEST(errno_is_kept),
		TEST(names_come_in_their_order),
		TEST(only_names_come_that_may_be_served),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
