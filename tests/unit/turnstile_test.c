/*
 * turnstile_test.c - places are few, come back when their holder dies, and never keep anybody out
 * for good.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "accounts/turnstile.h"

enum { MOST = 64, FLOOD = 40 };

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
	snprintf(root, sizeof(root), "/tmp/hexa-turnstile-XXXXXX");
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

/* Takes places until there is none; how many there were. */
static int
take_all(enum turnstile_line line, uint32_t person, struct turnstile taken[MOST])
{
	int count = 0;

	while (count < MOST) {
		taken[count] = turnstile_enter(root, line, person, 0);
		if (taken[count].fd < 0)
			break;
		count++;
	}
	return count;
}

static void
leave_all(struct turnstile *taken, int count)
{
	while (count-- > 0)
		turnstile_leave(&taken[count]);
}

static void
end(pid_t child)
{
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void
places_are_few(void **state)
{
	struct turnstile first[MOST], again[MOST];
	int count = take_all(TURNSTILE_ROOT, 0, first);

	(void)state;
	assert_in_range(count, 2, 16);
	turnstile_leave(&first[0]);
	first[0] = turnstile_enter(root, TURNSTILE_ROOT, 0, 0);
	assert_true(first[0].fd >= 0);
	leave_all(first, count);
	assert_int_equal(take_all(TURNSTILE_ROOT, 0, again), count);
	leave_all(again, count);
}

/* However many ordinary users come, root's places stay free. */
static void
lines_are_two(void **state)
{
	struct turnstile others[MOST], roots[MOST];
	int count = take_all(TURNSTILE_OTHERS, 0, others);
	int free_count;

	(void)state;
	assert_int_equal(count, 2);
	free_count = take_all(TURNSTILE_ROOT, 0, roots);
	assert_in_range(free_count, 2, 16);
	leave_all(roots, free_count);
	leave_all(others, count);
}

/* A person's are two in any line, and each of another's finds as many. */
static void
a_persons_are_two(void **state)
{
	const enum turnstile_line lines[] = {TURNSTILE_ROOT, TURNSTILE_OTHERS};
	struct turnstile taken[MOST], again[MOST];
	int count;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		count = take_all(lines[i], 1000, taken);
		assert_int_equal(count, 2);
		assert_true(taken[count].is_late);
		leave_all(taken, count);
		count = take_all(lines[i], 1000, again);
		assert_int_equal(count, 2);
		leave_all(again, count);
	}
}

/* By su(1) and by the helper of their own: it is one person. */
static void
a_persons_are_two_in_both_lines(void **state)
{
	struct turnstile taken[2], late, other;

	(void)state;
	taken[0] = turnstile_enter(root, TURNSTILE_ROOT, 1000, 0);
	taken[1] = turnstile_enter(root, TURNSTILE_OTHERS, 1000, 0);
	assert_true(taken[0].fd >= 0 && taken[1].fd >= 0);
	late = turnstile_enter(root, TURNSTILE_ROOT, 1000, 0);
	assert_true(late.fd < 0 && late.is_late);
	for (uint32_t person = 999; person <= 1001; person += 2) {
		other = turnstile_enter(root, TURNSTILE_OTHERS, person, 0);
		assert_true(other.fd >= 0 && !other.is_late);
		turnstile_leave(&other);
	}
	other = turnstile_enter(root, TURNSTILE_ROOT, UINT32_MAX - 1, 0);
	assert_true(other.fd >= 0);
	turnstile_leave(&other);
	leave_all(taken, 2);
}

/* Who finds no place in the line gives their own back. */
static void
the_late_keep_no_place_of_their_own(void **state)
{
	struct turnstile roots[MOST], late, after;
	int count = take_all(TURNSTILE_ROOT, 0, roots);

	(void)state;
	for (int i = 0; i < 3; i++) {
		late = turnstile_enter(root, TURNSTILE_ROOT, 1000, 0);
		assert_true(late.fd < 0 && late.is_late);
	}
	turnstile_leave(&roots[--count]);
	after = turnstile_enter(root, TURNSTILE_ROOT, 1000, 0);
	assert_true(after.fd >= 0 && !after.is_late);
	turnstile_leave(&after);
	leave_all(roots, count);
}

/* However many of one person's wait, who comes after all of them gets a place of the line. */
static void
a_flood_denies_nobody(void **state)
{
	struct turnstile roots[MOST], turnstile;
	int count = take_all(TURNSTILE_ROOT, 0, roots);
	pid_t flood[FLOOD];

	(void)state;
	for (int i = 0; i < FLOOD; i++) {
		flood[i] = fork();
		assert_true(flood[i] >= 0);
		if (flood[i] > 0)
			continue;
		leave_all(roots, count);
		for (;;) {
			turnstile = turnstile_enter(root, TURNSTILE_ROOT, 1000, 60000);
			usleep(1000);
			turnstile_leave(&turnstile);
		}
	}
	leave_all(roots, count);
	for (uint32_t person = 0; person <= 1001; person += 1001) {
		turnstile = turnstile_enter(root, TURNSTILE_ROOT, person, 60000);
		assert_true(turnstile.fd >= 0);
		turnstile_leave(&turnstile);
	}
	for (int i = 0; i < FLOOD; i++)
		end(flood[i]);
}

static void
the_folder_is_roots_alone(void **state)
{
	struct turnstile turnstile = turnstile_enter(root, TURNSTILE_ROOT, 0, 0);
	char path[128];
	struct stat stat;

	(void)state;
	assert_true(turnstile.fd >= 0);
	assert_int_equal(fcntl(turnstile.fd, F_GETFD), FD_CLOEXEC);
	turnstile_leave(&turnstile);
	turnstile_leave(&turnstile);
	snprintf(path, sizeof(path), "%s/run/hexa", root);
	assert_int_equal(lstat(path, &stat), 0);
	assert_int_equal(stat.st_mode & 07777, 0700);
	snprintf(path, sizeof(path), "%s/run/hexa/verifications", root);
	assert_int_equal(lstat(path, &stat), 0);
	assert_int_equal(stat.st_mode & 07777, 0600);
}

/* A process that takes all places, says so, and waits to be killed. */
static pid_t
hold_all(void)
{
	struct turnstile taken[MOST];
	int said[2];
	char word;
	pid_t child;

	assert_int_equal(pipe(said), 0);
	child = fork();
	if (child == 0) {
		if (take_all(TURNSTILE_ROOT, 0, taken) < 2 || write(said[1], "!", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	assert_true(child > 0);
	close(said[1]);
	assert_int_equal(read(said[0], &word, 1), 1);
	close(said[0]);
	return child;
}

static void
the_dead_give_back(void **state)
{
	struct turnstile turnstile;
	pid_t holder = hold_all();

	(void)state;
	turnstile = turnstile_enter(root, TURNSTILE_ROOT, 0, 0);
	assert_int_equal(turnstile.fd, -1);
	assert_true(turnstile.is_late);
	end(holder);
	turnstile = turnstile_enter(root, TURNSTILE_ROOT, 0, 0);
	assert_true(turnstile.fd >= 0);
	assert_false(turnstile.is_late);
	turnstile_leave(&turnstile);
}

/* Who waits gets the place that becomes free. */
static void
waiting_ends_with_a_place(void **state)
{
	pid_t holder = hold_all(), waiter;
	int status = -1;

	(void)state;
	waiter = fork();
	if (waiter == 0)
		_exit(turnstile_enter(root, TURNSTILE_ROOT, 0, 60000).fd >= 0 ? 0 : 1);
	assert_int_equal(waitpid(waiter, &status, WNOHANG), 0);
	end(holder);
	assert_int_equal(waitpid(waiter, &status, 0), waiter);
	assert_int_equal(status, 0);
}

/* Whatever stands where the file or the folder should: one goes on, without a place. */
static void
nothing_stops_it(void **state)
{
	char folder[128], path[160];
	struct turnstile turnstile;

	(void)state;
	snprintf(folder, sizeof(folder), "%s/run/hexa", root);
	snprintf(path, sizeof(path), "%s/verifications", folder);
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	turnstile = turnstile_enter(root, TURNSTILE_ROOT, 0, 0);
	assert_int_equal(turnstile.fd, -1);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	turnstile = turnstile_enter(root, TURNSTILE_ROOT, 0, 0);
	assert_int_equal(turnstile.fd, -1);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	turnstile = turnstile_enter(root, TURNSTILE_ROOT, 0, 0);
	turnstile_leave(&turnstile);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
	close(open(folder, O_CREAT | O_WRONLY, 0600));
	turnstile = turnstile_enter(root, TURNSTILE_ROOT, 0, 0);
	assert_int_equal(turnstile.fd, -1);
	turnstile = turnstile_enter("/nonexistent", TURNSTILE_ROOT, 0, 0);
	assert_int_equal(turnstile.fd, -1);
	assert_false(turnstile.is_late); /* there is nothing to wait for */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {TEST(places_are_few), TEST(lines_are_two),
		TEST(a_persons_are_two), TEST(a_persons_are_two_in_both_lines),
		TEST(the_late_keep_no_place_of_their_own), TEST(a_flood_denies_nobody),
		TEST(the_folder_is_roots_alone), TEST(the_dead_give_back),
		TEST(waiting_ends_with_a_place), TEST(nothing_stops_it)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
