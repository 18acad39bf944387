/*
 * pace_test.c - so many writes at once, then one in a while, for each user by themself.
 */
#include "accounts/pace.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { NOW = 1795253400, ANNA = 65536, BOB = 65537, LAST_UID = 2147352575 };

static char root[64];

static int
remove_entry(const char *path, const struct stat *stat, int kind, struct FTW *at)
{
	(void)stat;
	(void)kind;
	(void)at;
	return remove(path);
}

static int
setup(void **state)
{
	char run[128];

	(void)state;
	snprintf(root, sizeof(root), "/tmp/hexa-pace-XXXXXX");
	if (mkdtemp(root) == NULL)
		return -1;
	snprintf(run, sizeof(run), "%s/run", root);
	return mkdir(run, 0755);
}

static int
teardown(void **state)
{
	(void)state;
	return nftw(root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* How many may be written at this moment. */
static int
take_all_at(uint32_t uid, int64_t now)
{
	int count = 0;

	while (count < 1000 && pace_take(root, uid, now, NULL) == FAULT_NONE)
		count++;
	return count;
}

static void
a_few_at_once_then_one_in_a_while(void **state)
{
	(void)state;
	assert_int_equal(take_all_at(ANNA, NOW), PACE_BURST);
	assert_int_equal(take_all_at(ANNA, NOW + PACE_SECONDS - 1), 0);
	assert_int_equal(take_all_at(ANNA, NOW + PACE_SECONDS), 1);
	assert_int_equal(take_all_at(ANNA, NOW + 4 * PACE_SECONDS), 3);
	assert_int_equal(take_all_at(ANNA, NOW + 1000 * PACE_SECONDS), PACE_BURST);
}

/* Whoever asks again and again is not held up for longer by that. */
static void
a_refusal_says_from_when_and_counts_nothing(void **state)
{
	struct why why;

	(void)state;
	take_all_at(ANNA, NOW);
	for (int i = 0; i < 100; i++)
		assert_int_equal(pace_take(root, ANNA, NOW + 1, &why), FAULT_CONFLICT);
	assert_non_null(strstr(why.text, "2026-11-21T09:32:00Z"));
	assert_int_equal(take_all_at(ANNA, NOW + PACE_SECONDS), 1);
}

static void
each_has_their_own(void **state)
{
	(void)state;
	take_all_at(ANNA, NOW);
	assert_int_equal(take_all_at(BOB, NOW), PACE_BURST);
	assert_int_equal(take_all_at(LAST_UID, NOW), PACE_BURST);
	assert_int_equal(take_all_at(BOB, NOW), 0);
}

static void
a_clock_that_was_set_back_holds_nobody_up_for_long(void **state)
{
	const int64_t year = INT64_C(365) * 86400;

	(void)state;
	take_all_at(ANNA, NOW + year);
	assert_int_equal(take_all_at(ANNA, NOW), 0);
	assert_int_equal(take_all_at(ANNA, NOW + PACE_SECONDS), 1);
	assert_int_equal(take_all_at(ANNA, NOW + (PACE_BURST + 1) * PACE_SECONDS), PACE_BURST);
}

static int
open_file(void)
{
	return runfile_open(root, "self-edits");
}

/* What a full disk may have left. */
static void
half_a_number_is_a_full_bucket(void **state)
{
	int fd = open_file();

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, "\1\2\3", 3, place_of(ANNA)), 3);
	close(fd);
	assert_int_equal(take_all_at(ANNA, NOW), 0);
	assert_int_equal(take_all_at(ANNA, NOW + PACE_SECONDS), 1);
}

static void
any_bytes_are_a_number(void **state)
{
	static const int64_t numbers[] = {INT64_MAX, INT64_MIN, -1};
	static const int left[] = {0, PACE_BURST, PACE_BURST};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		int fd = open_file();

		assert_int_equal(pwrite(fd, &numbers[i], 8, place_of(ANNA)), 8);
		close(fd);
		assert_int_equal(take_all_at(ANNA, NOW), left[i]);
	}
}

/* How many of these many, who all begin at once, may write. */
static int
take_together(uint32_t uid)
{
	enum { MANY = 4 * PACE_BURST };
	int gate[2], taken = 0;
	char nothing;

	assert_int_equal(pipe(gate), 0);
	for (int i = 0; i < MANY; i++) {
		pid_t child = fork();

		if (child > 0)
			continue;
		close(gate[1]);
		_exit(child < 0 || read(gate[0], &nothing, 1) != 0 ||
		    pace_take(root, uid, NOW, NULL) != FAULT_NONE);
	}
	close(gate[0]);
	close(gate[1]);
	for (int i = 0; i < MANY; i++) {
		int status = -1;

		assert_true(wait(&status) > 0);
		taken += status == 0;
	}
	return taken;
}

/* Many at once get no more than one after another. */
static void
many_at_once_are_counted(void **state)
{
	(void)state;
	for (uint32_t uid = ANNA; uid < ANNA + 10; uid++)
		assert_int_equal(take_together(uid), PACE_BURST);
}

/* Not to know how often is as often as can be. */
static void
without_a_count_nothing_is_written(void **state)
{
	char folder[128], path[160];
	struct stat status;

	(void)state;
	snprintf(folder, sizeof(folder), "%s/run/hexa", root);
	snprintf(path, sizeof(path), "%s/self-edits", folder);
	assert_int_equal(pace_take("/nonexistent", ANNA, NOW, NULL), FAULT_UNAVAILABLE);
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_int_equal(pace_take(root, ANNA, NOW, NULL), FAULT_UNAVAILABLE);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(pace_take(root, ANNA, NOW, NULL), FAULT_UNAVAILABLE);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(pace_take(root, ANNA, NOW, NULL), FAULT_UNAVAILABLE);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(pace_take(root, ANNA, NOW, NULL), FAULT_NONE);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	/* Nearly all of it is a hole, however high the uid. */
	assert_int_equal(pace_take(root, LAST_UID, NOW, NULL), FAULT_NONE);
	assert_int_equal(stat(path, &status), 0);
	assert_in_range(status.st_blocks, 0, 256);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {TEST(a_few_at_once_then_one_in_a_while),
	    TEST(a_refusal_says_from_when_and_counts_nothing), TEST(each_has_their_own),
	    TEST(a_clock_that_was_set_back_holds_nobody_up_for_long),
	    TEST(half_a_number_is_a_full_bucket), TEST(any_bytes_are_a_number),
	    TEST(many_at_once_are_counted), TEST(without_a_count_nothing_is_written)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
