/*
 * directory_damage_test.c - files that are damaged, cut, of another format, or no files at all: the
 * answer is "not found" or "unavailable", or it is right; and the process lives.
 */
#include "tests/unit/directory_fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "directory/format.h"
#include "directory/tree.h"

static struct place place;

static const struct image_user anna = {.uid = 70001,
	.gid = 70001,
	.name = "anna",
	.gecos = "Anna Berg",
	.home = "/home/anna",
	.shell = "/bin/sh",
	.gids = (const uint32_t[]){70100},
	.gid_count = 1};

static const char lines[] = "restrict ssh-ed25519 AAAA\nssh-ed25519 BBBB\n";

static int
make_directory(void **state)
{
	(void)state;
	place_make(&place);
	place_begin(&place);
	put_state(&place, 1);
	put_user(&place, &anna);
	put_group(&place, &(struct image_group){70100, "crew", true});
	put_member(&place, 70100, "anna");
	put_keys(&place, anna.uid, &(struct image_keys){.uid = anna.uid, .valid_from = 1000,
		.valid_until = 2000, .lines = lines, .size = strlen(lines)});
	place_commit(&place);
	place_leave(&place);
	return 0;
}

static int
remove_directory(void **state)
{
	(void)state;
	place_remove(&place);
	return 0;
}

/* ---- whole files --------------------------------------------------------------------------- */

static size_t
read_file(unsigned char **bytes)
{
	int fd = open(place.file, O_RDONLY | O_CLOEXEC);
	struct stat st;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	*bytes = malloc((size_t)st.st_size);
	assert_non_null(*bytes);
	assert_int_equal(read(fd, *bytes, (size_t)st.st_size), st.st_size);
	close(fd);
	return (size_t)st.st_size;
}

/* A new file in place of the old one, and a reader that has seen neither. */
static void
write_file(const unsigned char *bytes, size_t size)
{
	int fd;

	assert_true(unlink(place.file) == 0 || errno == ENOENT);
	fd = open(place.file, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	close(fd);
	place_forget(&place);
}

static bool
count_one(void *context, gid_t gid)
{
	(void)gid;
	++*(unsigned *)context;
	return true;
}

/* Whatever is given, it is lines of text. */
static void
ask_keys(void)
{
	char buffer[256];
	size_t used = 0;

	if (directory_keys_of(place.directory, "anna", 1500, buffer, sizeof(buffer), &used, NULL) !=
		LOOKUP_FOUND)
		return;
	assert_in_range(used, 1, sizeof(buffer));
	assert_int_equal(buffer[used - 1], '\n');
	for (size_t i = 0; i < used; i++)
		assert_true(buffer[i] == '\n' || (buffer[i] >= ' ' && buffer[i] <= '~'));
}

/* Every look-up there is: none may mislead. */
static enum lookup
ask_everything(void)
{
	static char buffer[4096];
	struct passwd user;
	struct group group;
	struct image_state state;
	unsigned groups = 0;
	uint32_t after;
	uint64_t end;
	gid_t primary;
	enum lookup lookup;

	directory_state(place.directory, &state);
	directory_first_end(place.directory, &end);
	ask_keys();
	if (directory_user_by_uid(place.directory, 70001, &user, buffer, sizeof(buffer)) ==
		LOOKUP_FOUND)
		assert_int_equal(user.pw_uid, 70001);
	if (directory_group_by_name(place.directory, "crew", &group, buffer, sizeof(buffer)) ==
		LOOKUP_FOUND)
		assert_string_equal(group.gr_name, "crew");
	if (directory_group_by_gid(place.directory, 70001, &group, buffer, sizeof(buffer)) ==
		LOOKUP_FOUND)
		assert_int_equal(group.gr_gid, 70001);
	directory_groups_of(place.directory, "anna", &primary, count_one, &groups);
	for (after = 0; directory_user_next(place.directory, &after, &user, buffer,
				sizeof(buffer)) == LOOKUP_FOUND;)
		assert_true(image_id_is_served(user.pw_uid) && image_id_is_served(user.pw_gid));
	for (after = 0; directory_group_next(place.directory, &after, &group, buffer,
				sizeof(buffer)) == LOOKUP_FOUND;)
		assert_true(image_id_is_served(group.gr_gid));
	lookup = directory_user_by_name(place.directory, "anna", &user, buffer, sizeof(buffer));
	if (lookup == LOOKUP_FOUND) {
		assert_string_equal(user.pw_name, "anna");
		assert_true(user.pw_shell < buffer + sizeof(buffer));
		assert_true(image_id_is_served(user.pw_uid) && image_id_is_served(user.pw_gid));
	}
	return lookup;
}

static void
each_byte_may_be_wrong(void **state)
{
	static const unsigned char masks[] = {0x01, 0x80, 0xff};
	unsigned unavailable = 0, none = 0;
	unsigned char *bytes;
	size_t size = read_file(&bytes);
	int fd;

	(void)state;
	/* One file, written over: a flip is seen through the mapping. */
	assert_int_equal(ask_everything(), LOOKUP_FOUND);
	fd = open(place.file, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	for (size_t at = 0; at < size; at++) {
		for (size_t i = 0; i < sizeof(masks); i++) {
			unsigned char flipped = bytes[at] ^ masks[i];
			enum lookup lookup;

			assert_int_equal(pwrite(fd, &flipped, 1, (off_t)at), 1);
			lookup = ask_everything();
			unavailable += lookup == LOOKUP_UNAVAILABLE;
			none += lookup == LOOKUP_NONE;
			/* And by a reader who meets the file like this. */
			place_forget(&place);
			ask_everything();
		}
		assert_int_equal(pwrite(fd, &bytes[at], 1, (off_t)at), 1);
	}
	close(fd);
	assert_int_equal(ask_everything(), LOOKUP_FOUND);
	assert_true(unavailable > 0 && none > 0);
	free(bytes);
}

static void
a_file_may_be_cut_anywhere(void **state)
{
	static const int beside[] = {-1000, -1, 0, 1, 15, 16, 152, 153, 2048};
	unsigned char *bytes;
	size_t size = read_file(&bytes);

	(void)state;
	for (size_t page = 0; page <= size; page += 4096) {
		for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
			size_t cut = page + (size_t)beside[i];
			enum lookup lookup;

			if (cut > size)
				continue;
			write_file(bytes, cut);
			lookup = ask_everything();
			if (cut == size)
				assert_int_equal(lookup, LOOKUP_FOUND);
			else if (cut < size - 4096) /* the tree is near the end */
				assert_int_equal(lookup, LOOKUP_UNAVAILABLE);
		}
	}
	free(bytes);
}

/* ---- pages built by hand ------------------------------------------------------------------- */

enum { SMALL_PAGE = 512, ROOT = 2, WIDE = 8 };

static unsigned char built[64 * SMALL_PAGE];

struct page {
	unsigned char byte[SMALL_PAGE];
	size_t nodes;
	size_t end;
};

static void
page_begin(struct page *page, uint64_t number, uint16_t flags)
{
	memset(page, 0, sizeof(*page));
	page->end = SMALL_PAGE;
	memcpy(page->byte, &number, sizeof(number));
	memcpy(page->byte + 10, &flags, sizeof(flags));
}

/* Nodes grow down from the page's end, their offsets up from its head.  Returns where it stands. */
static unsigned char *
page_add(struct page *page, uint64_t head, const void *key, size_t size, const void *value,
	size_t value_size)
{
	uint16_t key_size = (uint16_t)size, lower, at;

	page->end -= (8 + size + value_size + 1) & ~(size_t)1;
	at = (uint16_t)page->end;
	memcpy(page->byte + at, &head, 6);
	memcpy(page->byte + at + 6, &key_size, 2);
	memcpy(page->byte + at + 8, key, size);
	memcpy(page->byte + at + 8 + size, value, value_size);
	memcpy(page->byte + 16 + 2 * page->nodes++, &at, 2);
	lower = (uint16_t)(16 + 2 * page->nodes);
	memcpy(page->byte + 12, &lower, 2);
	assert_true(lower <= page->end);
	return page->byte + at;
}

static void
page_end(const struct page *page, size_t number)
{
	memcpy(built + number * SMALL_PAGE, page->byte, SMALL_PAGE);
}

/* With the metas of a file whose tree's root is page ROOT, and which ends with page `last`. */
static void
write_built(size_t last)
{
	struct meta meta = {.magic = META_MAGIC,
		.version = META_VERSION,
		.free = {.pad = SMALL_PAGE, .root = PAGE_NONE},
		.main = {.root = ROOT},
		.txn = 1};

	memcpy(built + 16, &meta, sizeof(meta));
	memcpy(built + SMALL_PAGE + 16, &meta, sizeof(meta));
	write_file(built, (last + 1) * SMALL_PAGE);
}

static enum lookup
look_up_state(void)
{
	struct image_state read;

	return directory_state(place.directory, &read);
}

static enum lookup
look_up_crew(void)
{
	struct group group;
	char buffer[256];

	return directory_group_by_gid(place.directory, 70100, &group, buffer, sizeof(buffer));
}

/* Only that the tree has a first item, whatever it says. */
static enum lookup
first_item(struct view *view, void *context)
{
	struct cursor cursor;

	if (cursor_seek(&cursor, view, "", 0) == LOOKUP_UNAVAILABLE)
		return LOOKUP_UNAVAILABLE;
	return cursor_next(&cursor, context);
}

static enum lookup
look_at_first(void)
{
	struct item item;

	return view_read(place.directory, first_item, &item);
}

static size_t
pack_state(unsigned char value[64])
{
	return image_pack_state(&(struct image_state){.sequence = 1}, value, 64);
}

/* A leaf with the state alone, whose node stands last on the file's last page. */
static unsigned char *
begin_state_leaf(struct page *page)
{
	unsigned char value[64];
	size_t size = pack_state(value);

	page_begin(page, ROOT, PAGE_LEAF);
	return page_add(page, size, "S", 1, value, size);
}

/* One u16 is wrong, and no other. */
static void
each_number_of_a_page_is_checked(void **state)
{
	static const struct {
		bool of_node;
		size_t at;
		uint16_t number;
	} rows[] = {
		{false, 0, 3}, {false, 2, 1}, {false, 6, 1}, /* the page's own number */
		{false, 10, 0}, {false, 10, PAGE_BRANCH}, {false, 10, PAGE_OVERFLOW},
		{false, 10, 0x08}, {false, 10, PAGE_LEAF | 0x20},
		{false, 10, PAGE_LEAF | PAGE_BRANCH}, {false, 12, 15}, {false, 12, SMALL_PAGE + 2},
		{false, 12, 0xffff}, {false, 16, 0}, {false, 16, 15}, {false, 16, SMALL_PAGE - 7},
		{false, 16, 0xffff}, {true, 0, 30}, {true, 0, 0xffff},
		{true, 2, 1}, /* the value's size */
		{true, 4, 2}, {true, 4, 4}, {true, 4, 0xffff}, {true, 6, 0xffff},
		{true, 6, 31}, /* the key's size */
	};
	struct page page;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned char *node = begin_state_leaf(&page);

		page_end(&page, ROOT);
		write_built(ROOT);
		assert_int_equal(look_at_first(), LOOKUP_FOUND);
		memcpy((rows[i].of_node ? node : page.byte) + rows[i].at, &rows[i].number, 2);
		page_end(&page, ROOT);
		write_built(ROOT);
		assert_int_equal(look_at_first(), LOOKUP_UNAVAILABLE);
		assert_int_not_equal(look_up_state(), LOOKUP_FOUND);
	}
}

/* A large value on page 3, which the node says to be `number`, the page itself `own`. */
static enum lookup
look_at_large(uint64_t number, uint64_t own, uint16_t flags, uint32_t span, uint32_t size)
{
	struct page page, large;
	unsigned char value[64];

	page_begin(&page, ROOT, PAGE_LEAF);
	page_add(&page, (uint64_t)NODE_LARGE << 32 | size, "S", 1, &number, sizeof(number));
	page_end(&page, ROOT);
	page_begin(&large, own, flags);
	memcpy(large.byte + 12, &span, sizeof(span));
	memcpy(large.byte + 16, value, pack_state(value));
	page_end(&large, 3);
	write_built(3);
	return look_at_first();
}

static void
each_number_of_a_large_value_is_checked(void **state)
{
	enum { SIZE = 28, WHOLE = SMALL_PAGE - 16 };

	(void)state;
	assert_int_equal(look_at_large(3, 3, PAGE_OVERFLOW, 1, SIZE), LOOKUP_FOUND);
	assert_int_equal(look_at_large(4, 4, PAGE_OVERFLOW, 1, SIZE), LOOKUP_UNAVAILABLE);
	assert_int_equal(look_at_large(UINT64_MAX, 3, PAGE_OVERFLOW, 1, SIZE), LOOKUP_UNAVAILABLE);
	assert_int_equal(look_at_large(3, 4, PAGE_OVERFLOW, 1, SIZE), LOOKUP_UNAVAILABLE);
	assert_int_equal(look_at_large(3, 3, PAGE_LEAF, 1, SIZE), LOOKUP_UNAVAILABLE);
	assert_int_equal(look_at_large(3, 3, PAGE_OVERFLOW, 0, SIZE), LOOKUP_UNAVAILABLE);
	assert_int_equal(look_at_large(3, 3, PAGE_OVERFLOW, 1, WHOLE), LOOKUP_FOUND);
	assert_int_equal(look_at_large(3, 3, PAGE_OVERFLOW, 1, WHOLE + 1), LOOKUP_UNAVAILABLE);
	assert_int_equal(look_at_large(3, 3, PAGE_OVERFLOW, 2, WHOLE + 1), LOOKUP_UNAVAILABLE);
	assert_int_equal(
		look_at_large(3, 3, PAGE_OVERFLOW, UINT32_MAX, UINT32_MAX), LOOKUP_UNAVAILABLE);
}

/* A group whose members run on into pages that the caller makes, from page 5 on. */
static void
build_crew(void)
{
	unsigned char key[IMAGE_KEY_MAX], value[64];
	struct image_group crew = {70100, "crew", true};
	size_t size = image_pack_group(&crew, value, sizeof(value));
	struct page page;

	page_begin(&page, ROOT, PAGE_BRANCH);
	page_add(&page, 3, "", 0, "", 0);
	page_add(&page, 5, key, image_key_member(key, 70100, "B"), "", 0);
	page_add(&page, 4, "S", 1, "", 0);
	page_end(&page, ROOT);
	page_begin(&page, 3, PAGE_LEAF);
	page_add(&page, size, key, image_key_id(key, 'G', 70100), value, size);
	page_add(&page, 0, key, image_key_member(key, 70100, "A"), "", 0);
	page_end(&page, 3);
	size = pack_state(value);
	page_begin(&page, 4, PAGE_LEAF);
	page_add(&page, size, "S", 1, value, size);
	page_end(&page, 4);
}

/* `count` branches with `width` ways each to the next page, and a leaf with a bad name. */
static void
build_chain(size_t count, size_t width)
{
	unsigned char key[IMAGE_KEY_MAX];
	struct page page;

	for (size_t number = 5; number < 5 + count; number++) {
		page_begin(&page, number, PAGE_BRANCH);
		for (size_t i = 0; i < width; i++)
			page_add(&page, number + 1, "M", 1, "", 0);
		page_end(&page, number);
	}
	page_begin(&page, 5 + count, PAGE_LEAF);
	page_add(&page, 0, key, image_key_member(key, 70100, "B"), "", 0);
	page_end(&page, 5 + count);
	build_crew();
	write_built(5 + count);
}

static void
a_walk_in_circles_ends(void **state)
{
	(void)state;
	build_chain(1, 1);
	assert_int_equal(look_up_crew(), LOOKUP_FOUND);
	build_chain(20, WIDE);
	assert_int_equal(look_up_state(), LOOKUP_FOUND);
	assert_int_equal(look_up_crew(), LOOKUP_UNAVAILABLE);
}

static void
a_walk_into_the_depth_ends(void **state)
{
	(void)state;
	build_chain(TREE_DEPTH - 2, 1);
	assert_int_equal(look_up_crew(), LOOKUP_FOUND);
	for (size_t more = 1; more < 8; more++) {
		build_chain(TREE_DEPTH - 2 + more, 1);
		assert_int_equal(look_up_crew(), LOOKUP_UNAVAILABLE);
	}
}

static void
add_user(struct page *page, uint32_t uid)
{
	unsigned char key[IMAGE_KEY_MAX], value[128];
	struct image_user user = anna;
	size_t size;

	user.uid = uid;
	size = image_pack_user(&user, value, sizeof(value));
	page_add(page, size, key, image_key_id(key, 'U', uid), value, size);
}

/* The second leaf's uids are below the first one's, so that what is beyond 70005 is 70001. */
static void
an_enumeration_never_goes_back(void **state)
{
	unsigned char key[IMAGE_KEY_MAX], value[64];
	size_t size = pack_state(value);
	uint32_t after = 0;
	struct passwd user;
	struct page page;
	char buffer[256];

	(void)state;
	page_begin(&page, ROOT, PAGE_BRANCH);
	page_add(&page, 3, "", 0, "", 0);
	page_add(&page, 4, key, image_key_id(key, 'U', 80000), "", 0);
	page_end(&page, ROOT);
	page_begin(&page, 3, PAGE_LEAF);
	page_add(&page, size, "S", 1, value, size);
	add_user(&page, 70005);
	page_end(&page, 3);
	page_begin(&page, 4, PAGE_LEAF);
	add_user(&page, 70001);
	page_end(&page, 4);
	write_built(4);
	assert_int_equal(
		directory_user_next(place.directory, &after, &user, buffer, sizeof(buffer)),
		LOOKUP_FOUND);
	assert_int_equal(after, 70005);
	assert_int_equal(
		directory_user_next(place.directory, &after, &user, buffer, sizeof(buffer)),
		LOOKUP_UNAVAILABLE);
	assert_int_equal(after, 70005);
}

/* ---- other formats ------------------------------------------------------------------------- */

static void
swap(unsigned char *at, size_t size)
{
	for (size_t i = 0; i < size / 2; i++) {
		unsigned char byte = at[i];

		at[i] = at[size - 1 - i];
		at[size - 1 - i] = byte;
	}
}

static void
another_format_is_unavailable(void **state)
{
	static const struct {
		size_t at;
		size_t size;
		const char *bytes; /* NULL: as another byte order has it */
	} rows[] = {
		{16, 4, NULL},
		{16, 4, "\0\0\0\0"},
		{20, 4, "\x02\0\0\0"},
		{20, 4, "\xe7\x03\0\0"},
		{20, 4, "\0\0\0\0"},
		{40, 4, "\0\0\0\0"},
		{40, 4, "\0\x01\0\0"},
		{40, 4, "\x01\x10\0\0"},
		{40, 4, "\0\x20\0\0"},
		{40, 4, "\0\0\x01\0"},
		{40, 4, "\xff\xff\xff\xff"},
		{92, 2, "\x04\0"},
		{92, 2, "\x08\0"},
		{92, 2, "\x02\0"},
	};
	unsigned char *bytes, *changed;
	size_t size = read_file(&bytes);

	(void)state;
	changed = malloc(size);
	assert_non_null(changed);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (unsigned metas = 1; metas < 4; metas++) { /* one, the other, both */
			memcpy(changed, bytes, size);
			for (size_t meta = 0; meta < 2; meta++) {
				unsigned char *at = changed + meta * 4096 + rows[i].at;

				if (!(metas & 1U << meta))
					continue;
				if (rows[i].bytes)
					memcpy(at, rows[i].bytes, rows[i].size);
				else
					swap(at, rows[i].size);
			}
			write_file(changed, size);
			assert_int_equal(ask_everything(), LOOKUP_UNAVAILABLE);
		}
	}
	write_file(bytes, size);
	assert_int_equal(ask_everything(), LOOKUP_FOUND);
	free(changed);
	free(bytes);
}

/* The layout of a 32-bit liblmdb: page numbers of four bytes. */
static void
a_meta_of_a_32_bit_host_is_unavailable(void **state)
{
	unsigned char *bytes;
	size_t size = read_file(&bytes);

	(void)state;
	for (size_t meta = 0; meta < 2; meta++) {
		unsigned char *page = bytes + meta * 4096;

		memmove(page + 12, page + 16, 8); /* magic and version behind a head of 12 bytes */
		memset(page + 20, 0, 140);
		memcpy(page + 28, "\0\x10\0\0", 4);
	}
	write_file(bytes, size);
	assert_int_equal(ask_everything(), LOOKUP_UNAVAILABLE);
	free(bytes);
}

static void
the_installed_liblmdb_writes_our_format(void **state)
{
	(void)state;
	assert_int_equal(ask_everything(), LOOKUP_FOUND);
}

/* ---- no files at all ----------------------------------------------------------------------- */

static void
what_is_no_file_is_no_directory(void **state)
{
	(void)state;
	assert_int_equal(unlink(place.file), 0);
	assert_int_equal(ask_everything(), LOOKUP_MISSING);

	assert_int_equal(mkfifo(place.file, 0666), 0);
	assert_int_equal(ask_everything(), LOOKUP_UNAVAILABLE);
	assert_int_equal(unlink(place.file), 0);

	assert_int_equal(mkdir(place.file, 0755), 0);
	assert_int_equal(ask_everything(), LOOKUP_UNAVAILABLE);
	assert_int_equal(rmdir(place.file), 0);

	assert_int_equal(symlink("/dev/tty", place.file), 0);
	assert_int_equal(ask_everything(), LOOKUP_UNAVAILABLE);
}

static void
a_link_to_a_directory_is_none(void **state)
{
	char other[96];

	(void)state;
	snprintf(other, sizeof(other), "%s/new.mdb", place.folder);
	assert_int_equal(rename(place.file, other), 0);
	assert_int_equal(symlink(other, place.file), 0);
	assert_int_equal(ask_everything(), LOOKUP_UNAVAILABLE);
	assert_int_equal(unlink(place.file), 0);
	assert_int_equal(link(other, place.file), 0);
	assert_int_equal(ask_everything(), LOOKUP_FOUND);
}

static void
a_terminal_is_not_acquired(void **state)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	int status;
	pid_t child;

	(void)state;
	if (terminal < 0)
		skip();
	assert_int_equal(grantpt(terminal), 0);
	assert_int_equal(unlockpt(terminal), 0);
	place.directory->path = ptsname(terminal);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		setsid();
		_exit(ask_everything() == LOOKUP_UNAVAILABLE && open("/dev/tty", O_RDONLY) < 0 ? 0
											       : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	close(terminal);
}

static void
a_file_that_may_not_be_read_is_missing(void **state)
{
	int status;
	pid_t child;

	(void)state;
	assert_int_equal(chmod(place.file, 0600), 0);
	if (geteuid() != 0)
		skip();
	assert_int_equal(chmod(place.folder, 0755), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(seteuid(65534) == 0 ? (int)ask_everything() : 99);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), LOOKUP_MISSING);
}

/* ---- bytes that change during the walk ----------------------------------------------------- */

enum { WALKERS = 3 };

static _Atomic bool stop;

/* No assertions: those belong to the first thread. */
static void
must(bool right)
{
	if (!right)
		abort();
}

static void
walk_everything(struct directory *directory)
{
	char buffer[8192];
	struct passwd user;
	struct group group;
	unsigned groups = 0;
	uint32_t after;
	gid_t primary;

	if (directory_user_by_name(directory, "anna", &user, buffer, sizeof(buffer)) ==
		LOOKUP_FOUND)
		must(strcmp(user.pw_name, "anna") == 0);
	if (directory_group_by_name(directory, "crew", &group, buffer, sizeof(buffer)) ==
		LOOKUP_FOUND)
		must(strcmp(group.gr_name, "crew") == 0);
	if (directory_group_by_gid(directory, 70001, &group, buffer, sizeof(buffer)) ==
		LOOKUP_FOUND)
		must(group.gr_gid == 70001);
	directory_groups_of(directory, "anna", &primary, count_one, &groups);
	for (after = 0; directory_user_next(directory, &after, &user, buffer, sizeof(buffer)) ==
			LOOKUP_FOUND;)
		must(image_id_is_served(user.pw_uid) && image_id_is_served(user.pw_gid));
	for (after = 0; directory_group_next(directory, &after, &group, buffer, sizeof(buffer)) ==
			LOOKUP_FOUND;)
		must(image_id_is_served(group.gr_gid));
}

static void *
walk(void *directory)
{
	while (!atomic_load(&stop))
		walk_everything(directory);
	return NULL;
}

static void *
walk_anew(void *path)
{
	while (!atomic_load(&stop)) {
		struct directory directory = {.path = path};

		for (unsigned i = 0; i < 4; i++)
			walk_everything(&directory);
		directory_close(&directory);
	}
	return NULL;
}

/* Flips a byte here and there, mostly where the structure is, and mends it again later. */
static void
flip_for_a_while(unsigned char *file, const unsigned char *good, size_t size, uint64_t seed,
	int64_t milliseconds)
{
	int64_t end = now_in_ms() + milliseconds;

	while (now_in_ms() < end) {
		size_t at[8];

		for (size_t i = 0; i < 8; i++) {
			size_t page = next_random(&seed) % (size / 4096) * 4096;
			size_t within = next_random(&seed) % (next_random(&seed) % 2 ? 160 : 4096);

			at[i] = page + within;
			file[at[i]] = (unsigned char)next_random(&seed);
		}
		for (unsigned spin = next_random(&seed) % 2000; spin > 0; spin--)
			atomic_signal_fence(memory_order_seq_cst);
		for (size_t i = 0; i < 8; i++)
			file[at[i]] = good[at[i]];
	}
}

/* More of everything: branches, members, overflow pages. */
static void
publish_many(void)
{
	static const char large[10000];

	place_write(&place);
	place_begin(&place);
	for (uint32_t i = 0; i < 400; i++) {
		struct numbered user;

		numbered_make(&user, i, 1);
		put_user(&place, &user.image);
		put_member(&place, 70100, user.name);
	}
	put(&place, "Large", 5, large, sizeof(large));
	place_commit(&place);
	place_leave(&place);
}

static void
bytes_may_change_during_the_walk(void **state)
{
	pthread_t thread[WALKERS];
	unsigned char *good, *file;
	size_t size;
	int fd;

	(void)state;
	publish_many();
	size = read_file(&good);
	fd = open(place.file, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	file = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(file != MAP_FAILED);
	close(fd);
	atomic_store(&stop, false);
	assert_int_equal(pthread_create(&thread[0], NULL, walk_anew, place.file), 0);
	for (size_t i = 1; i < WALKERS; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, walk, place.directory), 0);
	flip_for_a_while(file, good, size, 1, 2000);
	atomic_store(&stop, true);
	for (size_t i = 0; i < WALKERS; i++)
		assert_int_equal(pthread_join(thread[i], NULL), 0);
	assert_int_equal(ask_everything(), LOOKUP_FOUND);
	munmap(file, size);
	free(good);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_directory, remove_directory)
	const struct CMUnitTest tests[] = {
		TEST(each_byte_may_be_wrong),
		TEST(a_file_may_be_cut_anywhere),
		TEST(each_number_of_a_page_is_checked),
		TEST(each_number_of_a_large_value_is_checked),
		TEST(a_walk_in_circles_ends),
		TEST(a_walk_into_the_depth_ends),
		TEST(an_enumeration_never_goes_back),
		TEST(another_format_is_unavailable),
		TEST(a_meta_of_a_32_bit_host_is_unavailable),
		TEST(the_installed_liblmdb_writes_our_format),
		TEST(what_is_no_file_is_no_directory),
		TEST(a_link_to_a_directory_is_none),
		TEST(a_terminal_is_not_acquired),
		TEST(a_file_that_may_not_be_read_is_missing),
		TEST(bytes_may_change_during_the_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
