/*
 * directory_damage_test.c - files that are damaged, cut, of another format, or no files at all: the
 * answer is "not found" or "unavailable", or it is right; and the process lives.
 */
#include "tests/unit/directory_fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>

static struct place place;

static const struct image_user anna = {.uid = 70001, .gid = 70001, .name = "anna",
    .gecos = "Anna Berg", .home = "/home/anna", .shell = "/bin/sh",
    .gids = (const uint32_t[]){70100}, .gid_count = 1};

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
	gid_t primary;
	enum lookup lookup;

	directory_state(place.directory, &state);
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
	for (after = 0; directory_user_next(place.directory, &after, &user, buffer, sizeof(buffer)) ==
	    LOOKUP_FOUND;)
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
	unsigned char *bytes;
	size_t size = read_file(&bytes);

	(void)state;
	for (size_t cut = 0; cut <= size; cut += cut % 4096 == 4095 ? 1 : cut % 4096 == 0 ? 1 : 1023) {
		enum lookup lookup;

		write_file(bytes, cut);
		lookup = ask_everything();
		if (cut == size)
			assert_int_equal(lookup, LOOKUP_FOUND);
		else
			assert_true(lookup == LOOKUP_UNAVAILABLE || lookup == LOOKUP_FOUND);
		if (cut < 3 * 4096)
			assert_int_equal(lookup, LOOKUP_UNAVAILABLE);
	}
	free(bytes);
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
	    {16, 4, NULL}, {16, 4, "\0\0\0\0"}, {20, 4, "\x02\0\0\0"}, {20, 4, "\xe7\x03\0\0"},
	    {20, 4, "\0\0\0\0"}, {40, 4, "\0\0\0\0"}, {40, 4, "\0\x01\0\0"}, {40, 4, "\x01\x10\0\0"},
	    {40, 4, "\0\x20\0\0"}, {40, 4, "\0\0\x01\0"}, {40, 4, "\xff\xff\xff\xff"},
	    {92, 2, "\x04\0"}, {92, 2, "\x08\0"}, {92, 2, "\x02\0"},
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

/* The layout of a 32-bit liblmdb: numbers of four bytes, so that the second meta begins elsewhere. */
static void
a_meta_of_a_32_bit_host_is_unavailable(void **state)
{
	unsigned char *bytes;
	size_t size = read_file(&bytes);

	(void)state;
	for (size_t meta = 0; meta < 2; meta++) {
		unsigned char *page = bytes + meta * 4096;

		memmove(page + 12, page + 16, 8); /* a head of 12 bytes; magic and version behind it */
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

	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(symlink(i == 0 ? "/dev/tty" : "/dev/zero", place.file), 0);
		assert_int_equal(ask_everything(), LOOKUP_UNAVAILABLE);
		assert_int_equal(unlink(place.file), 0);
	}
	place.directory->path = "/dev/zero";
	assert_int_equal(ask_everything(), LOOKUP_UNAVAILABLE);
	place.directory->path = "/dev/ptmx";
	assert_int_equal(ask_everything(), LOOKUP_UNAVAILABLE);
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

static void *
walk(void *argument)
{
	while (!atomic_load(&stop)) {
		place_forget(argument);
		for (unsigned i = 0; i < 20; i++)
			ask_everything();
	}
	return argument;
}

/* A thread of its own reader each, since place_forget() is for one thread. */
static void *
look(void *argument)
{
	struct directory *directory = argument;
	static _Thread_local char buffer[8192];
	struct passwd user;
	struct group group;
	uint32_t after;
	unsigned groups = 0;
	gid_t primary;

	while (!atomic_load(&stop)) {
		if (directory_user_by_name(directory, "anna", &user, buffer, sizeof(buffer)) ==
			LOOKUP_FOUND && strcmp(user.pw_name, "anna") != 0)
			abort();
		directory_group_by_name(directory, "crew", &group, buffer, sizeof(buffer));
		directory_group_by_gid(directory, 70001, &group, buffer, sizeof(buffer));
		directory_groups_of(directory, "anna", &primary, count_one, &groups);
		for (after = 0; directory_user_next(directory, &after, &user, buffer,
			 sizeof(buffer)) == LOOKUP_FOUND;)
			if (!image_id_is_served(user.pw_uid))
				abort();
		for (after = 0; directory_group_next(directory, &after, &group, buffer,
			 sizeof(buffer)) == LOOKUP_FOUND;)
			if (!image_id_is_served(group.gr_gid))
				abort();
	}
	return argument;
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

static void
bytes_may_change_during_the_walk(void **state)
{
	static struct directory directory[WALKERS];
	pthread_t thread[WALKERS + 1];
	unsigned char *good, *file;
	struct passwd user;
	char buffer[256];
	size_t size;
	int fd;

	(void)state;
	place_write(&place); /* more of everything: branches, overflow pages */
	place_begin(&place);
	for (uint32_t i = 0; i < 400; i++) {
		struct numbered numbered;

		put_numbered(&place, i, 1);
		numbered_make(&numbered, i, 1);
		put_member(&place, 70100, numbered.name);
	}
	put(&place, "Large", 5, calloc(1, 10000), 10000);
	place_commit(&place);
	place_leave(&place);

	size = read_file(&good);
	fd = open(place.file, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	file = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(file != MAP_FAILED);
	close(fd);
	atomic_store(&stop, false);
	for (size_t i = 0; i < WALKERS; i++) {
		memset(&directory[i], 0, sizeof(directory[i]));
		directory[i].path = place.file;
		assert_int_equal(pthread_create(&thread[i], NULL, look, &directory[i]), 0);
	}
	assert_int_equal(pthread_create(&thread[WALKERS], NULL, walk, &place), 0);
	flip_for_a_while(file, good, size, 1, 2000);
	atomic_store(&stop, true);
	for (size_t i = 0; i <= WALKERS; i++)
		assert_int_equal(pthread_join(thread[i], NULL), 0);
	for (size_t i = 0; i < WALKERS; i++) {
		assert_int_equal(directory_user_by_name(&directory[i], "anna", &user, buffer,
		    sizeof(buffer)), LOOKUP_FOUND);
		directory_close(&directory[i]);
	}
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
	    TEST(another_format_is_unavailable),
	    TEST(a_meta_of_a_32_bit_host_is_unavailable),
	    TEST(the_installed_liblmdb_writes_our_format),
	    TEST(what_is_no_file_is_no_directory),
	    TEST(a_file_that_may_not_be_read_is_missing),
	    TEST(bytes_may_change_during_the_walk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
