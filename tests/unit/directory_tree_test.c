/*
 * directory_tree_test.c - the walker finds in random files what liblmdb finds there: every key,
 * every gap between keys, every run from a key on; at every page size that liblmdb can write.
 */
#include "tests/unit/directory_fixture.h"

#include <dlfcn.h>

#include "directory/tree.h"

/* liblmdb asks for the page size when it makes a file; here it is told another. */
static long page_size_shown;

long
sysconf(int name)
{
	static long (*real)(int);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "sysconf");
	return name == _SC_PAGE_SIZE && page_size_shown != 0 ? page_size_shown : real(name);
}

/* ---- what is compared ---------------------------------------------------------------------- */

/* A key to look for, and what liblmdb has there or next. */
struct question {
	MDB_txn *txn;
	MDB_dbi dbi;
	MDB_cursor *oracle;
	const unsigned char *key;
	size_t size;
	unsigned steps; /* how far to go on from there */
	/* Counted, since a failed assertion would jump out of a view_reader. */
	unsigned differences;
};

static bool
same_bytes(struct view *view, uint64_t at, size_t size, const MDB_val *expected)
{
	unsigned char *copy = malloc(size + 1);
	bool same = false;

	if (copy && size == expected->mv_size) {
		view_copy(view, at, copy, size);
		same = memcmp(copy, expected->mv_data, size) == 0;
	}
	free(copy);
	return same;
}

static void
compare_find(struct view *view, struct question *question)
{
	MDB_val key = {question->size, (void *)(uintptr_t)question->key}, value;
	struct item item;
	int found = mdb_get(question->txn, question->dbi, &key, &value);
	enum lookup lookup = tree_find(view, question->key, question->size, &item);

	if (found == MDB_NOTFOUND)
		question->differences += lookup != LOOKUP_NONE;
	else if (found != 0 || lookup != LOOKUP_FOUND ||
		 !same_bytes(view, item.value, item.value_size, &value) ||
		 !same_bytes(view, item.key, item.key_size, &key))
		question->differences++;
}

static void
compare_run(struct view *view, struct question *question)
{
	MDB_val key = {question->size, (void *)(uintptr_t)question->key}, value;
	struct cursor cursor;
	struct item item;
	MDB_cursor_op move = MDB_SET_RANGE;
	enum lookup lookup = cursor_seek(&cursor, view, question->key, question->size);

	question->differences += lookup == LOOKUP_UNAVAILABLE;
	for (unsigned i = 0; i < question->steps; i++) {
		int found = mdb_cursor_get(question->oracle, &key, &value, move);

		move = MDB_NEXT;
		lookup = cursor_next(&cursor, &item);
		if (found == MDB_NOTFOUND) {
			question->differences += lookup != LOOKUP_NONE;
			break;
		}
		if (found != 0 || lookup != LOOKUP_FOUND ||
			!same_bytes(view, item.value, item.value_size, &value) ||
			!same_bytes(view, item.key, item.key_size, &key)) {
			question->differences++;
			break;
		}
	}
}

static enum lookup
compare(struct view *view, void *context)
{
	struct question *question = context;

	question->differences = 0;
	compare_find(view, question);
	compare_run(view, question);
	return LOOKUP_FOUND;
}

/* ---- random files -------------------------------------------------------------------------- */

enum { KEYS = 600 };

/* Keys of many lengths with long common beginnings, and neighbours of keys that are there. */
static size_t
random_key(uint64_t *seed, unsigned char *key, size_t longest)
{
	uint32_t number = next_random(seed) % KEYS;
	size_t size = 1 + number * 7919 % longest;

	memset(key, 'a' + (int)(number % 3), size);
	for (size_t i = 0; i < 4 && i < size; i++)
		key[size - 1 - i] = (unsigned char)(number >> 8 * i);
	return size;
}

static size_t
random_size(uint64_t *seed)
{
	uint32_t kind = next_random(seed) % 20;

	if (kind == 0)
		return next_random(seed) % 40000; /* many overflow pages */
	return kind < 4 ? next_random(seed) % 5000 : next_random(seed) % 100;
}

static void
random_commit(struct place *place, uint64_t *seed, size_t longest)
{
	static unsigned char value[40000];
	unsigned char key[512];
	unsigned changes = 1 + next_random(seed) % 60;

	place_begin(place);
	for (unsigned i = 0; i < changes; i++) {
		size_t size = random_key(seed, key, longest);
		MDB_val k = {size, key};

		if (next_random(seed) % 3 != 0) {
			size_t length = random_size(seed);

			memset(value, (int)next_random(seed), length);
			put(place, key, size, value, length);
		} else {
			int deleted = mdb_del(place->txn, place->dbi, &k, NULL);

			assert_true(deleted == 0 || deleted == MDB_NOTFOUND);
		}
	}
	place_commit(place);
}

static void
ask_everything(struct place *place, uint64_t *seed, size_t longest)
{
	unsigned char key[512];
	struct question question = {.dbi = place->dbi, .key = key};

	assert_int_equal(mdb_txn_begin(place->env, NULL, MDB_RDONLY, &question.txn), 0);
	assert_int_equal(mdb_cursor_open(question.txn, question.dbi, &question.oracle), 0);
	for (unsigned i = 0; i < 60; i++) {
		question.size = random_key(seed, key, longest);
		if (next_random(seed) % 4 == 0) /* a key beside one, seldom there */
			key[question.size - 1]++;
		question.steps = next_random(seed) % 40;
		assert_int_equal(view_read(place->directory, compare, &question), LOOKUP_FOUND);
		assert_int_equal(question.differences, 0);
	}
	key[0] = 0;
	question.size = 1;
	question.steps = UINT32_MAX;
	assert_int_equal(view_read(place->directory, compare, &question), LOOKUP_FOUND);
	mdb_cursor_close(question.oracle);
	mdb_txn_abort(question.txn);
	assert_int_equal(question.differences, 0);
}

static void
compare_random_files(size_t page_size, unsigned commits)
{
	/* liblmdb wants two nodes on a page, and has keys of at most 511 bytes. */
	size_t longest = page_size / 2 - 80 < 511 ? page_size / 2 - 80 : 511;
	struct place place;

	for (uint64_t file = 1; file <= 4; file++) {
		uint64_t seed = file;

		page_size_shown = (long)page_size;
		place_make(&place);
		page_size_shown = 0;
		for (unsigned i = 0; i < commits; i++) {
			random_commit(&place, &seed, longest);
			ask_everything(&place, &seed, longest);
		}
		place_remove(&place);
	}
}

static void
finds_what_liblmdb_finds(void **state)
{
	(void)state;
	compare_random_files(4096, 50);
}

static void
finds_it_on_pages_of_other_sizes(void **state)
{
	(void)state;
	for (size_t size = PAGE_SIZE_MIN; size <= PAGE_SIZE_MAX; size *= 2)
		compare_random_files(size, 12);
}

/* The same walks where every mapping was lost to threads that never came back. */
static void
finds_it_without_a_mapping(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 2; seed++) {
		struct place place;

		place_make(&place);
		for (size_t i = 0; i < MAPS; i++)
			place.directory->map[i].uses = 1;
		for (unsigned i = 0; i < 12; i++) {
			random_commit(&place, &seed, 511);
			ask_everything(&place, &seed, 511);
			assert_int_equal(place.directory->current, 0);
		}
		place_remove(&place);
	}
}

static void
a_tree_may_be_deep(void **state)
{
	struct place place;
	unsigned char key[200];
	uint64_t seed = 3;

	(void)state;
	page_size_shown = PAGE_SIZE_MIN;
	place_make(&place);
	page_size_shown = 0;
	place_begin(&place);
	for (unsigned i = 0; i < 3000; i++) {
		memset(key, 'k', sizeof(key));
		snprintf((char *)key, sizeof(key), "%08x", next_random(&seed));
		put(&place, key, 176, &i, sizeof(i));
	}
	place_commit(&place);
	ask_everything(&place, &seed, 176);
	place_remove(&place);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_liblmdb_finds),
		cmocka_unit_test(finds_it_on_pages_of_other_sizes),
		cmocka_unit_test(finds_it_without_a_mapping),
		cmocka_unit_test(a_tree_may_be_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
