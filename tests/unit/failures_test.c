/*
 * failures_test.c - which failed logins count, when the next attempt does, and when there were too
 * many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "policy/failures.h"

enum { START = 1000, MINUTE = 60, QUARTER = 15 * MINUTE };

static const struct settings five = {
    .lockout_failures = 5, .lockout_within = QUARTER, .lockout_for = QUARTER};

/* Seconds apart in which no back-off is on any more. */
enum { APART = 100 };

/* So many, `apart` seconds from one another; the moment of the last. */
static int64_t
fail_times(struct failures *failures, const struct settings *settings, int count, int apart)
{
	int64_t now = START;

	for (int i = 0; i < count; i++) {
		now = START + i * apart;
		failures_add(failures, settings, now);
	}
	return now;
}

static uint32_t
total_at(const struct failures *failures, const struct settings *settings, int64_t now)
{
	struct failures settled = *failures;

	failures_settle(&settled, settings, now);
	return failures_total(&settled);
}

static enum attempted
try_at(const struct failures *failures, const struct settings *settings, int64_t now)
{
	struct failures tried = *failures;

	return failures_add(&tried, settings, now);
}

/* ---- the window ---------------------------------------------------------------------------- */

static void
each_counts_for_as_long_as_the_policy_says(void **state)
{
	struct failures failures = {0};
	int64_t last = fail_times(&failures, &five, 4, APART);

	(void)state;
	assert_int_equal(total_at(&failures, &five, last), 4);
	assert_int_equal(total_at(&failures, &five, START + QUARTER - 1), 4);
	assert_int_equal(total_at(&failures, &five, START + QUARTER), 3);
	assert_int_equal(total_at(&failures, &five, START + APART + QUARTER), 2);
	assert_int_equal(total_at(&failures, &five, last + QUARTER - 1), 1);
	assert_int_equal(total_at(&failures, &five, last + QUARTER), 0);
}

/* Not five in the last quarter of an hour, and then five. */
static void
only_those_within_it_lock_out(void **state)
{
	struct failures failures = {0};

	(void)state;
	fail_times(&failures, &five, 4, APART);
	failures_add(&failures, &five, START + QUARTER);
	assert_false(failures_lock_out(&failures));
	failures_add(&failures, &five, START + QUARTER + APART - 1);
	assert_true(failures_lock_out(&failures));
}

/* ---- the back-off -------------------------------------------------------------------------- */

static void
the_wait_begins_at_half_and_doubles(void **state)
{
	static const struct settings ten = {
	    .lockout_failures = 10, .lockout_within = 24 * QUARTER, .lockout_for = 30};
	static const int wait[] = {0, 0, 0, 0, 5, 10, 20, 30, 30};
	struct failures failures = {0};
	int64_t now = START;

	(void)state;
	for (size_t i = 0; i < sizeof(wait) / sizeof(wait[0]); i++) {
		failures_add(&failures, &ten, now);
		if (wait[i] > 0)
			assert_int_equal(try_at(&failures, &ten, now + wait[i] - 1),
			    ATTEMPTED_TOO_SOON);
		assert_int_equal(try_at(&failures, &ten, now + wait[i]), ATTEMPTED_IN_TIME);
		now += wait[i];
	}
}

/* Of five, the third is half. */
static void
an_odd_limit_is_halved_upwards(void **state)
{
	struct failures failures = {0};

	(void)state;
	fail_times(&failures, &five, 2, 0);
	assert_int_equal(try_at(&failures, &five, START), ATTEMPTED_IN_TIME);
	fail_times(&failures, &five, 1, 0);
	assert_int_equal(try_at(&failures, &five, START + 4), ATTEMPTED_TOO_SOON);
	assert_int_equal(try_at(&failures, &five, START + 5), ATTEMPTED_IN_TIME);
}

static void
what_comes_too_soon_counts_and_makes_the_wait_longer(void **state)
{
	struct failures failures = {0};

	(void)state;
	fail_times(&failures, &five, 3, 0);
	assert_int_equal(failures_add(&failures, &five, START + 4), ATTEMPTED_TOO_SOON);
	assert_int_equal(failures_total(&failures), 4);
	assert_int_equal(try_at(&failures, &five, START + 4 + 9), ATTEMPTED_TOO_SOON);
	assert_int_equal(try_at(&failures, &five, START + 4 + 10), ATTEMPTED_IN_TIME);
}

/* ---- the lock ------------------------------------------------------------------------------ */

static void
the_lock_is_from_the_last_failure_on_and_gets_no_longer(void **state)
{
	struct failures failures = {0};
	int64_t last = fail_times(&failures, &five, 5, APART);

	(void)state;
	assert_true(failures_lock_out(&failures));
	for (int i = 1; i <= 7; i++)
		assert_int_equal(failures_add(&failures, &five, last + i * MINUTE),
		    ATTEMPTED_LOCKED_OUT);
	assert_int_equal(failures_total(&failures), 12);
	assert_int_equal(try_at(&failures, &five, last + QUARTER - 1), ATTEMPTED_LOCKED_OUT);
	assert_int_equal(failures_add(&failures, &five, last + QUARTER), ATTEMPTED_IN_TIME);
	assert_int_equal(failures_total(&failures), 1);
	assert_false(failures_lock_out(&failures));
}

/* It lasts also where what led to it is older than what counts. */
static void
a_lock_outlasts_the_window(void **state)
{
	static const struct settings long_lock = {
	    .lockout_failures = 5, .lockout_within = MINUTE, .lockout_for = QUARTER};
	struct failures failures = {0};

	(void)state;
	fail_times(&failures, &long_lock, 5, 0);
	assert_int_equal(try_at(&failures, &long_lock, START + QUARTER - 1), ATTEMPTED_LOCKED_OUT);
	assert_int_equal(total_at(&failures, &long_lock, START + QUARTER - 1), 5);
	assert_int_equal(try_at(&failures, &long_lock, START + QUARTER), ATTEMPTED_IN_TIME);
}

static void
one_may_be_too_many(void **state)
{
	static const struct settings one = {
	    .lockout_failures = 1, .lockout_within = QUARTER, .lockout_for = QUARTER};
	struct failures failures = {0};

	(void)state;
	assert_int_equal(failures_add(&failures, &one, START), ATTEMPTED_IN_TIME);
	assert_int_equal(failures_add(&failures, &one, START), ATTEMPTED_LOCKED_OUT);
}

static void
the_count_ends_at_its_most(void **state)
{
	struct failures failures = {0};

	(void)state;
	fail_times(&failures, &five, 5, 0);
	failures.more = UINT32_MAX - 6;
	assert_int_equal(failures_total(&failures), UINT32_MAX - 1);
	for (int i = 0; i < 10; i++)
		failures_add(&failures, &five, START);
	assert_int_equal(failures_total(&failures), UINT32_MAX);
	assert_int_equal(failures.more, UINT32_MAX);
}

/* ---- taking back --------------------------------------------------------------------------- */

static void
assert_same(const struct failures *a, const struct failures *b)
{
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->more, b->more);
	assert_int_equal(a->until, b->until);
	assert_memory_equal(a->time, b->time, a->count * sizeof(a->time[0]));
}

/* However many there are, and whether it is in time, too soon, or locked out. */
static void
taking_back_leaves_what_was(void **state)
{
	(void)state;
	for (int count = 0; count < 8; count++) {
		for (int later = 0; later <= APART; later += APART) {
			struct failures failures = {0}, before;
			int64_t now = fail_times(&failures, &five, count, 0) + later;

			before = failures;
			failures_take_back(&failures, failures_add(&failures, &five, now), 5);
			assert_same(&failures, &before);
		}
	}
}

/* ---- clocks and policies ------------------------------------------------------------------- */

/* Who began to wait earlier may come later. */
static void
a_turn_that_came_late_counts_as_now(void **state)
{
	struct failures failures = {0};

	(void)state;
	failures_add(&failures, &five, START + 30);
	assert_int_equal(failures_add(&failures, &five, START), ATTEMPTED_IN_TIME);
	assert_int_equal(failures_total(&failures), 2);
	assert_int_equal(total_at(&failures, &five, START + 30 + QUARTER - 1), 2);
	assert_int_equal(total_at(&failures, &five, START + 30 + QUARTER), 0);
}

/* Where /run outlives a boot. */
static void
what_is_of_another_boot_counts_for_nothing(void **state)
{
	struct failures failures = {0};

	(void)state;
	fail_times(&failures, &five, 5, 0);
	assert_int_equal(try_at(&failures, &five, 10), ATTEMPTED_IN_TIME);
	assert_int_equal(total_at(&failures, &five, START - FAILURES_AHEAD_SECONDS), 5);
	assert_int_equal(total_at(&failures, &five, START - FAILURES_AHEAD_SECONDS - 1), 0);
}

static void
another_policy_is_for_what_was_counted_too(void **state)
{
	static const struct settings milder = {
	    .lockout_failures = 20, .lockout_within = QUARTER, .lockout_for = MINUTE};
	static const struct settings harder = {
	    .lockout_failures = 2, .lockout_within = QUARTER, .lockout_for = QUARTER};
	struct failures failures = {0};

	(void)state;
	fail_times(&failures, &five, 4, 0);
	assert_int_equal(try_at(&failures, &harder, START + APART), ATTEMPTED_IN_TIME);
	failures_add(&failures, &harder, START + APART);
	assert_true(failures_lock_out(&failures));
	assert_int_equal(try_at(&failures, &milder, START + APART + MINUTE - 1),
	    ATTEMPTED_LOCKED_OUT);
	assert_int_equal(try_at(&failures, &milder, START + APART + MINUTE), ATTEMPTED_IN_TIME);
}

/* ---- on disk ------------------------------------------------------------------------------- */

static void
what_is_written_is_read(void **state)
{
	static const int count[] = {0, 1, 5, LOCKOUT_FAILURES_MOST};
	static const struct settings most = {.lockout_failures = LOCKOUT_FAILURES_MOST,
	    .lockout_within = QUARTER, .lockout_for = QUARTER};

	(void)state;
	for (size_t i = 0; i < sizeof(count) / sizeof(count[0]); i++) {
		struct failures failures = {0}, read = {0};
		struct bytes bytes = {0};
		struct reader reader;

		fail_times(&failures, &most, count[i], 0);
		failures.more = (uint32_t)i;
		failures_encode(&failures, &bytes);
		assert_false(bytes.failed);
		assert_in_range(bytes.size, 1, failures_bytes((uint32_t)count[i]));
		reader = reader_over(bytes.data, bytes.size);
		assert_true(failures_decode(&reader, &read));
		assert_same(&read, &failures);
		for (size_t size = 0; size < bytes.size; size++) {
			reader = reader_over(bytes.data, size);
			assert_false(failures_decode(&reader, &read));
		}
		bytes_clear(&bytes);
	}
}

/* Any byte may be another: it is no record, or one that can be counted on. */
static void
each_byte_may_be_wrong(void **state)
{
	struct failures failures = {0};
	struct bytes bytes = {0};

	(void)state;
	fail_times(&failures, &five, 5, APART);
	failures_encode(&failures, &bytes);
	for (size_t at = 0; at < bytes.size; at++) {
		for (int bit = 0; bit < 8; bit++) {
			struct failures read = {0};
			struct reader reader = reader_over(bytes.data, bytes.size);

			bytes.data[at] ^= (unsigned char)(1 << bit);
			if (failures_decode(&reader, &read)) {
				failures_add(&read, &five, START + 4 * APART);
				assert_in_range(read.count, 0, LOCKOUT_FAILURES_MOST);
				assert_true(read.until <= START + 5 * QUARTER ||
				    read.until <= read.time[read.count - 1] + QUARTER);
			}
			bytes.data[at] ^= (unsigned char)(1 << bit);
		}
	}
	bytes_clear(&bytes);
}

#define TEST(name) cmocka_unit_test(name)

int
main(void)
{
	const struct CMUnitTest tests[] = {TEST(each_counts_for_as_long_as_the_policy_says),
		TEST(only_those_within_it_lock_out), TEST(the_wait_begins_at_half_and_doubles),
		TEST(an_odd_limit_is_halved_upwards),
		TEST(what_comes_too_soon_counts_and_makes_the_wait_longer),
		TEST(the_lock_is_from_the_last_failure_on_and_gets_no_longer),
		TEST(a_lock_outlasts_the_window), TEST(one_may_be_too_many),
		TEST(the_count_ends_at_its_most), TEST(taking_back_leaves_what_was),
		TEST(a_turn_that_came_late_counts_as_now),
		TEST(what_is_of_another_boot_counts_for_nothing),
		TEST(another_policy_is_for_what_was_counted_too), TEST(what_is_written_is_read),
		TEST(each_byte_may_be_wrong)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
