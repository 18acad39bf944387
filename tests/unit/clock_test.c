/*
 * clock_test.c - the highest time that a write ever had goes on and never back.
 */
#include "tests/unit/store_fixture.h"

static int64_t
mark_of(struct place *place)
{
	struct txn *txn = look(place);
	int64_t mark = -1;

	assert_int_equal(clock_mark(txn, &mark, NULL), FAULT_NONE);
	store_end(txn);
	return mark;
}

/* A write at this time, which changes something or nothing, and is kept or not. */
static void
write_at(struct place *place, int64_t now, bool changes, bool keeps)
{
	static unsigned written;
	char client[16];
	const struct host host = {.client = client};
	struct txn *txn = NULL;

	snprintf(client, sizeof(client), "c%u", written++);

	assert_int_equal(store_write_begin(place->store, &root_actor, "test", now, &txn, NULL),
	    FAULT_NONE);
	if (changes)
		assert_int_equal(host_put(txn, &host, NULL), FAULT_NONE);
	if (keeps)
		assert_int_equal(store_commit(txn, NULL, NULL), FAULT_NONE);
	else
		store_end(txn);
}

static void
test_goes_on(void **state)
{
	struct place *place = *state;

	assert_int_equal(mark_of(place), NOW); /* when the database was made */
	write_at(place, NOW + 10, true, true);
	assert_int_equal(mark_of(place), NOW + 10);
	write_at(place, NOW + 5, true, true);
	assert_int_equal(mark_of(place), NOW + 10);
	write_at(place, 0, true, true);
	write_at(place, -1, true, true);
	assert_int_equal(mark_of(place), NOW + 10);
	write_at(place, NOW + 11, true, true);
	assert_int_equal(mark_of(place), NOW + 11);
}

static void
test_what_is_not_kept(void **state)
{
	struct place *place = *state;

	write_at(place, NOW + 10, true, false);
	write_at(place, NOW + 20, false, true);
	assert_int_equal(mark_of(place), NOW);
}

/* A database from before there was a mark. */
static void
test_none_yet(void **state)
{
	struct place *place = *state;
	struct db_txn *txn = NULL;

	assert_int_equal(db_begin(place->store->db, true, &txn, NULL), FAULT_NONE);
	assert_int_equal(db_delete(txn, T_META, key_text("clock"), NULL), FAULT_NONE);
	assert_int_equal(db_commit(txn, NULL), FAULT_NONE);
	assert_int_equal(mark_of(place), 0);
	write_at(place, NOW - 1, true, true);
	assert_int_equal(mark_of(place), NOW - 1);
}

static void
put_raw(struct place *place, const char *bytes, size_t size)
{
	struct db_txn *txn = NULL;
	struct bytes value = {0};

	bytes_put(&value, bytes, size);
	assert_int_equal(db_begin(place->store->db, true, &txn, NULL), FAULT_NONE);
	assert_int_equal(table_put(txn, T_META, key_text("clock"), &value, NULL), FAULT_NONE);
	assert_int_equal(db_commit(txn, NULL), FAULT_NONE);
}

/* What is no time is no reason to believe in any. */
static void
test_damaged(void **state)
{
	struct place *place = *state;
	struct txn *txn;
	struct why why;
	int64_t mark = 7;

	put_raw(place, "\0\0\0\0\0\0\0\x80", 8);
	txn = look(place);
	assert_int_equal(clock_mark(txn, &mark, &why), FAULT_UNAVAILABLE);
	store_end(txn);
	put_raw(place, "\0\0\0", 3);
	txn = look(place);
	assert_int_equal(clock_mark(txn, &mark, &why), FAULT_UNAVAILABLE);
	store_end(txn);
	assert_int_equal(mark, 7);
	put_raw(place, "\1\0\0\0\0\0\0\0", 8);
	assert_int_equal(mark_of(place), 1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(goes_on), TEST(what_is_not_kept), TEST(none_yet), TEST(damaged)};

	if (geteuid() != 0) {
		puts("1..0 # SKIP needs root: the database must belong to root");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
