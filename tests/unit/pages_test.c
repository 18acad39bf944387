/*
 * pages_test.c - the look at every page of a database: what liblmdb wrote is whole, whatever came
 * and went in it; and whatever is done to such a file is met without a crash, and named.
 */
#include "tests/unit/store_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "store/pages.h"

static const char *const names[] = {"one", "two", "three"};
enum { TABLES = 3 };

static uint64_t seed;

static unsigned
below(unsigned most)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(seed >> 33) % most;
}

/* ---- shorthand ---------------------------------------------------------------------------- */

struct seen {
	struct page_damage first;
	uint64_t count;
	uint64_t values;
};

static void
see_damage(void *context, const struct page_damage *damage)
{
	struct seen *seen = context;

	if (seen->count++ == 0)
		seen->first = *damage;
}

static void
see_value(void *context, const char *table, struct span key, struct span value)
{
	struct seen *seen = context;

	(void)table;
	(void)key;
	(void)value;
	seen->values++;
}

static enum fault
look_at(int fd, bool seals, struct seen *seen)
{
	const struct page_visit visit = {
	    .damaged = see_damage, .value = see_value, .seals = seals, .context = seen};
	uint64_t found = 0;
	enum fault fault;

	*seen = (struct seen){.count = 0};
	fault = pages_check_file(fd, &visit, &found, NULL);
	if (fault == FAULT_NONE)
		assert_int_equal(found, seen->count);
	return fault;
}

static void
assert_whole(struct db *db)
{
	struct seen seen = {.count = 0};
	const struct page_visit visit = {.damaged = see_damage, .context = &seen};
	uint64_t found = 1;
	char text[PAGE_TEXT_BYTES];

	assert_int_equal(pages_check_open(db, &visit, &found, NULL), FAULT_NONE);
	if (found == 0)
		return;
	page_damage_text(&seen.first, text);
	fail_msg("%s", text);
}

/* ---- what liblmdb writes ------------------------------------------------------------------- */

static void
put_some(struct db_txn *txn, unsigned table)
{
	static unsigned char bytes[20000];
	unsigned char key[300];
	const size_t sizes[] = {1, 40, 300, 1500, 2040, 5000, 16384};
	struct span value = {bytes, sizes[below(7)] - below(2)};
	struct span where = {key, 1 + below(sizeof(key) - 1)};

	for (size_t i = 0; i < where.size; i++)
		key[i] = (unsigned char)below(i < 3 ? 6 : 256);
	assert_int_equal(db_put(txn, table, where, value, NULL), FAULT_NONE);
}

static void
delete_some(struct db_txn *txn, unsigned table)
{
	unsigned char byte = (unsigned char)below(6);
	struct span key = {&byte, 1}, value;

	if (db_seek(txn, table, false, &key, &value, NULL) == FAULT_NONE) {
		unsigned char copy[300];

		memcpy(copy, key.data, key.size);
		assert_int_equal(db_delete(txn, table, (struct span){copy, key.size}, NULL),
		    FAULT_NONE);
	}
}

static void
whatever_comes_and_goes_is_whole(void **state)
{
	struct place *place = *state;
	struct db *db = NULL;
	char path[128];

	snprintf(path, sizeof(path), "%s/any.mdb", place->root);
	seed = 11;
	assert_int_equal(db_open(path, DB_CREATE | DB_UNLOCKED, 0600, names, TABLES, &db, NULL),
	    FAULT_NONE);
	assert_whole(db);
	for (int round = 0; round < 40; round++) {
		const bool shrinks = round % 20 > 10;
		struct db_txn *txn = NULL;

		assert_int_equal(db_begin(db, true, &txn, NULL), FAULT_NONE);
		for (int i = 0; i < 60; i++)
			(below(10) < (shrinks ? 2u : 7u) ? put_some : delete_some)(txn,
			    below(TABLES));
		if (round % 15 == 14)
			assert_int_equal(db_empty(txn, below(TABLES), NULL), FAULT_NONE);
		assert_int_equal(db_commit(txn, NULL), FAULT_NONE);
		assert_whole(db);
	}
	db_close(db);
}

/* liblmdb leaves it the pages that it had. */
static void
a_value_that_was_made_shorter_is_whole(void **state)
{
	static const unsigned char bytes[20000];
	struct place *place = *state;
	const struct span key = {"key", 3};
	struct db_txn *txn = NULL;
	struct db *db = NULL;
	char path[128];

	snprintf(path, sizeof(path), "%s/any.mdb", place->root);
	assert_int_equal(db_open(path, DB_CREATE | DB_UNLOCKED, 0600, names, TABLES, &db, NULL),
	    FAULT_NONE);
	assert_int_equal(db_begin(db, true, &txn, NULL), FAULT_NONE);
	assert_int_equal(db_put(txn, 0, key, (struct span){bytes, 20000}, NULL), FAULT_NONE);
	assert_int_equal(db_put(txn, 0, key, (struct span){bytes, 5000}, NULL), FAULT_NONE);
	assert_int_equal(db_commit(txn, NULL), FAULT_NONE);
	assert_whole(db);
	db_close(db);
}

static void
a_copy_is_whole_and_has_no_free_page(void **state)
{
	struct place *place = *state;
	struct seen seen;
	char path[128], name[16];
	int fd;

	for (int i = 0; i < 30; i++) {
		snprintf(name, sizeof(name), "user%d", i);
		add_person(place, name);
	}
	snprintf(path, sizeof(path), "%s/copy", place->root);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	assert_int_equal(db_copy(place->store->db, fd, NULL), FAULT_NONE);
	assert_int_equal(look_at(fd, true, &seen), FAULT_NONE);
	assert_int_equal(seen.count, 0);
	assert_true(seen.values > 30 * 5); /* record, name, id, index, entry */
	close(fd);
}

/* ---- what is not as it was written --------------------------------------------------------- */

/* A copy of the database, in memory and as a file. */
struct copy {
	int fd;
	unsigned char *bytes;
	size_t size;
};

static struct copy
copy_of(struct place *place)
{
	struct copy copy;
	struct stat status;
	char path[128], name[16];

	for (int i = 0; i < 12; i++) {
		snprintf(name, sizeof(name), "user%d", i);
		add_person(place, name);
	}
	snprintf(path, sizeof(path), "%s/copy", place->root);
	copy.fd = open(path, O_RDWR | O_CREAT, 0600);
	assert_int_equal(db_copy(place->store->db, copy.fd, NULL), FAULT_NONE);
	assert_int_equal(fstat(copy.fd, &status), 0);
	copy.size = (size_t)status.st_size;
	copy.bytes = malloc(copy.size);
	assert_int_equal(pread(copy.fd, copy.bytes, copy.size, 0), copy.size);
	return copy;
}

static void
copy_end(struct copy *copy)
{
	free(copy->bytes);
	close(copy->fd);
}

static void
put_byte(struct copy *copy, size_t at, unsigned char byte)
{
	assert_int_equal(pwrite(copy->fd, &byte, 1, (off_t)at), 1);
}

/* Of a page's header every byte: all but what nobody reads is noticed. */
static void
a_byte_of_a_header_is_noticed(void **state)
{
	struct copy copy = copy_of(*state);
	struct seen seen;

	for (size_t page = 2; page < copy.size / 4096; page += 2)
		for (size_t i = 0; i < 16; i++) {
			const size_t at = page * 4096 + i;

			if (i == 8 || i == 9)
				continue; /* padding */
			put_byte(&copy, at, (unsigned char)(copy.bytes[at] ^ 0x11));
			assert_int_equal(look_at(copy.fd, true, &seen), FAULT_NONE);
			if (seen.count == 0)
				fail_msg("page %zu, byte %zu", page, i);
			put_byte(&copy, at, copy.bytes[at]);
		}
	assert_int_equal(look_at(copy.fd, true, &seen), FAULT_NONE);
	assert_int_equal(seen.count, 0);
	copy_end(&copy);
}

/* And each byte of a value or a key; what nobody wrote, in the middle of a page, is nobody's. */
static void
a_byte_anywhere_is_noticed_or_nobodys(void **state)
{
	struct copy copy = copy_of(*state);
	struct seen seen;
	unsigned unnoticed = 0, tried = 0;

	for (size_t at = 2 * 4096 + 16; at < copy.size; at += 37) {
		const unsigned char *page = copy.bytes + at / 4096 * 4096;
		const size_t lower = page[12] | page[13] << 8, upper = page[14] | page[15] << 8;
		const bool is_nobodys =
		    (page[10] & 4) == 0 && at % 4096 >= lower && at % 4096 < upper;

		put_byte(&copy, at, (unsigned char)(copy.bytes[at] ^ 0x40));
		assert_int_equal(look_at(copy.fd, true, &seen), FAULT_NONE);
		put_byte(&copy, at, copy.bytes[at]);
		if (is_nobodys)
			assert_int_equal(seen.count, 0);
		tried += !is_nobodys;
		unnoticed += !is_nobodys && seen.count == 0;
	}
	/* What fills a node up to an even size is nobody's either. */
	assert_true(tried > 300);
	assert_in_range(unnoticed, 0, tried / 20);
	copy_end(&copy);
}

static void
the_damaged_value_is_named(void **state)
{
	struct place *place = *state;
	struct copy copy = copy_of(place);
	struct seen seen;
	char text[PAGE_TEXT_BYTES], key[PAGE_KEY_BYTES + 8];
	unsigned char *at = memmem(copy.bytes, copy.size, "Anna", 4);

	assert_non_null(at);
	put_byte(&copy, (size_t)(at - copy.bytes), 'H');
	assert_int_equal(look_at(copy.fd, false, &seen), FAULT_NONE);
	assert_int_equal(seen.count, 0);
	assert_int_equal(look_at(copy.fd, true, &seen), FAULT_NONE);
	assert_int_equal(seen.count, 1);
	assert_int_equal(seen.first.page, (size_t)(at - copy.bytes) / 4096);
	page_damage_text(&seen.first, text);
	/* It stands in the journal, or in a user's record. */
	assert_true(strcmp(seen.first.table, "users") == 0 ||
	    strcmp(seen.first.table, "journal") == 0);
	snprintf(key, sizeof(key), "key %s", seen.first.key);
	assert_non_null(strstr(text, key));
	assert_true(seen.first.key[0] >= '1' && seen.first.key[0] <= '9');
	copy_end(&copy);
}

static void
a_page_of_another_is_named(void **state)
{
	struct copy copy = copy_of(*state);
	struct seen seen;

	/* The one page is overwritten with the other, as by a write that went astray. */
	assert_int_equal(pwrite(copy.fd, copy.bytes + 3 * 4096, 4096, 2 * 4096), 4096);
	assert_int_equal(look_at(copy.fd, true, &seen), FAULT_NONE);
	assert_true(seen.count > 0);
	assert_int_equal(seen.first.page, 2);
	assert_string_equal(seen.first.what, "it does not say its own number");
	copy_end(&copy);
}

static void
what_is_no_database_is_refused(void **state)
{
	struct copy copy = copy_of(*state);
	struct seen seen;

	assert_int_equal(ftruncate(copy.fd, 4096), 0);
	assert_int_equal(look_at(copy.fd, true, &seen), FAULT_INVALID);
	assert_int_equal(ftruncate(copy.fd, 0), 0);
	assert_int_equal(look_at(copy.fd, true, &seen), FAULT_INVALID);
	assert_int_equal(pwrite(copy.fd, copy.bytes, copy.size, 0), copy.size);
	put_byte(&copy, 16, 'x');
	assert_int_equal(look_at(copy.fd, true, &seen), FAULT_INVALID);
	put_byte(&copy, 16, copy.bytes[16]);
	assert_int_equal(look_at(copy.fd, true, &seen), FAULT_NONE);
	copy_end(&copy);
}

/* Cut anywhere: said, and not fallen over. */
static void
a_file_that_ends_early_is_noticed(void **state)
{
	struct copy copy = copy_of(*state);
	struct seen seen;

	for (size_t size = copy.size - 1; size > 2 * 4096; size -= 4096) {
		assert_int_equal(ftruncate(copy.fd, (off_t)size), 0);
		assert_int_equal(look_at(copy.fd, true, &seen), FAULT_NONE);
		assert_true(seen.count > 0);
	}
	copy_end(&copy);
}

/* Any bytes, many at once: whatever is said, it comes to an end. */
static void
any_bytes_are_survived(void **state)
{
	struct copy copy = copy_of(*state);
	struct seen seen;

	seed = 5;
	for (int round = 0; round < 120; round++) {
		for (int i = 0; i < 1 + round % 40; i++)
			put_byte(&copy, below((unsigned)copy.size), (unsigned char)below(256));
		look_at(copy.fd, true, &seen);
		if (round % 10 == 9)
			assert_int_equal(pwrite(copy.fd, copy.bytes, copy.size, 0), copy.size);
	}
	copy_end(&copy);
}

/* ---- while it is in use -------------------------------------------------------------------- */

static void
a_writer_is_not_in_the_way(void **state)
{
	struct place *place = *state;
	struct txn *txn = begin(place);
	struct user user = person("anna");

	assert_int_equal(user_put(txn, &user, NULL), FAULT_NONE);
	assert_whole(place->store->db);
	commit(txn);
	assert_whole(place->store->db);
	user_clear(&user);
}

static void
a_path_is_looked_at(void **state)
{
	struct place *place = *state;
	struct seen seen = {.count = 0};
	const struct page_visit visit = {.damaged = see_damage, .seals = true, .context = &seen};
	uint64_t found = 1;
	char path[128];

	add_person(place, "anna");
	store_close(place->store);
	place->store = NULL;
	snprintf(path, sizeof(path), "%s%s", place->root, DATABASE_FILE);
	assert_int_equal(pages_check_path(path, &visit, &found, NULL), FAULT_NONE);
	assert_int_equal(found, 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(pages_check_path(path, &visit, &found, NULL), FAULT_UNKNOWN);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(whatever_comes_and_goes_is_whole),
		TEST(a_value_that_was_made_shorter_is_whole),
		TEST(a_copy_is_whole_and_has_no_free_page),
		TEST(a_byte_of_a_header_is_noticed),
		TEST(a_byte_anywhere_is_noticed_or_nobodys),
		TEST(the_damaged_value_is_named),
		TEST(a_page_of_another_is_named),
		TEST(what_is_no_database_is_refused),
		TEST(a_file_that_ends_early_is_noticed),
		TEST(any_bytes_are_survived),
		TEST(a_writer_is_not_in_the_way),
		TEST(a_path_is_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
