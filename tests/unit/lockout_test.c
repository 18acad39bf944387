/*
 * lockout_test.c - failed logins are counted exactly, by whom they are meant for and where they
 * come from, however many come at once and whatever has become of the file; and nothing but too
 * many of them refuses anybody.
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
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "accounts/child.h"
#include "accounts/lockout.h"
#include "accounts/lockout_parts.h"

enum { ANNA = 65536, BOB = 65537, NOBODY = 0 };
enum { NOW = 5000, QUARTER = 15 * 60, APART = 100, LONG_MILLISECONDS = 60000 };

static const struct settings five = {
    .lockout_failures = 5, .lockout_within = QUARTER, .lockout_for = QUARTER};
static const struct settings five_everywhere = {.lockout_failures = 5,
    .lockout_within = QUARTER, .lockout_for = QUARTER, .lockout_scope = LOCKOUT_EVERYWHERE};

static const struct lockout_place anna_far = {
    .uid = ANNA, .name = "anna", .rhost = "192.0.2.7"};
static const struct lockout_place anna_near = {
    .uid = ANNA, .name = "anna", .rhost = "", .invoker = 70000};
static const struct lockout_place bob_far = {.uid = BOB, .name = "bob", .rhost = "192.0.2.7"};

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
	snprintf(root, sizeof(root), "/tmp/hexa-lockout-XXXXXX");
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

static const char *
path_of(const char *name)
{
	static char path[4][192];
	static unsigned next;

	next = (next + 1) % 4;
	snprintf(path[next], sizeof(path[next]), "%s/run/hexa/%s", root, name);
	return path[next];
}

/* ---- shorthand ------------------------------------------------------------------------------ */

/* One attempt; true when the password counts. */
static bool
attempt_by(const struct settings *settings, const struct lockout_place *place, int64_t now,
    bool right)
{
	struct attempt attempt;
	struct why why = {0};
	bool counts;

	assert_int_equal(lockout_begin(root, settings, place, now, LONG_MILLISECONDS, &attempt,
	                     &why), FAULT_NONE);
	assert_string_equal(attempt.note, "");
	counts = !attempt.locked;
	lockout_end(&attempt, right);
	assert_string_equal(attempt.note, "");
	return counts;
}

static bool
right_at(const struct lockout_place *place, int64_t now)
{
	return attempt_by(&five, place, now, true);
}

static bool
wrong_at(const struct lockout_place *place, int64_t now)
{
	return attempt_by(&five, place, now, false);
}

static uint32_t
failures_at(uint32_t uid, int64_t now)
{
	struct lockout_state counted;

	lockout_get(root, &five, uid, now, &counted);
	return counted.failures;
}

/* Wrong ones until there is a lock-out; the moment of the last. */
static int64_t
lock_out(const struct settings *settings, const struct lockout_place *place)
{
	int64_t now = NOW;

	for (int i = 0; i < 5; i++)
		attempt_by(settings, place, now = NOW + i * APART, false);
	return now;
}

/* ---- one after another ---------------------------------------------------------------------- */

static void
wrong_ones_count_and_a_right_one_forgets_them(void **state)
{
	(void)state;
	assert_int_equal(failures_at(ANNA, NOW), 0);
	assert_true(wrong_at(&anna_far, NOW));
	assert_true(wrong_at(&anna_far, NOW + 1));
	assert_int_equal(failures_at(ANNA, NOW + 1), 2);
	assert_true(right_at(&anna_far, NOW + 2));
	assert_int_equal(failures_at(ANNA, NOW + 2), 0);
	assert_true(right_at(&anna_far, NOW + 2));
}

static void
what_counted_before_is_said(void **state)
{
	struct attempt attempt;

	(void)state;
	for (uint32_t i = 0; i < 4; i++) {
		assert_int_equal(lockout_begin(root, &five, &anna_far, NOW, LONG_MILLISECONDS,
		                     &attempt, NULL), FAULT_NONE);
		assert_int_equal(attempt.failures, i);
		/* The one after the third comes too soon. */
		assert_int_equal(attempt.locked, i == 3);
		lockout_end(&attempt, false);
	}
}

/* Whose it is has not been found out when they are killed. */
static void
who_does_not_come_to_an_end_has_failed(void **state)
{
	struct attempt attempt;

	(void)state;
	lockout_begin(root, &five, &anna_far, NOW, LONG_MILLISECONDS, &attempt, NULL);
	assert_int_equal(failures_at(ANNA, NOW), 1);
	close(attempt.turn);
	assert_true(wrong_at(&anna_far, NOW));
	assert_int_equal(failures_at(ANNA, NOW), 2);
}

static void
too_many_lock_out_and_it_ends(void **state)
{
	int64_t last = lock_out(&five, &anna_far), end = last + QUARTER;
	struct lockout_state counted;

	(void)state;
	assert_false(right_at(&anna_far, last + APART));
	assert_false(wrong_at(&anna_far, last + APART));
	assert_false(right_at(&anna_far, end - 1));
	lockout_get(root, &five, ANNA, end - 1, &counted);
	assert_int_equal(counted.failures, 6); /* the right ones were none */
	assert_int_equal(counted.until, end);
	assert_string_equal(counted.from, "192.0.2.7");
	assert_int_equal(failures_at(ANNA, end), 0);
	assert_true(right_at(&anna_far, end));
	assert_int_equal(failures_at(ANNA, end), 0);
}

/* It was refused as the wrong one that it might have been, and is not held against anybody. */
static void
a_right_one_that_comes_too_soon_is_not_counted(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++)
		assert_true(wrong_at(&anna_far, NOW));
	for (int i = 0; i < 10; i++)
		assert_false(right_at(&anna_far, NOW + 1));
	assert_int_equal(failures_at(ANNA, NOW + 1), 3);
	assert_true(right_at(&anna_far, NOW + 5));
	assert_int_equal(failures_at(ANNA, NOW + 5), 0);
}

/* The one that would have locked out. */
static void
the_last_before_too_many_may_be_right(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++)
		assert_true(wrong_at(&anna_far, NOW + i * APART));
	assert_true(right_at(&anna_far, NOW + 4 * APART));
	assert_true(right_at(&anna_far, NOW + 4 * APART));
}

static void
no_limit_counts_nothing(void **state)
{
	static const struct settings none = {.lockout_within = QUARTER, .lockout_for = QUARTER};

	(void)state;
	for (int i = 0; i < 20; i++)
		assert_true(attempt_by(&none, &anna_far, NOW, false));
	assert_int_not_equal(access(path_of("logins.mdb"), F_OK), 0);
	assert_false(lockout_holds(root, &none, &anna_far, NOW));
}

/* ---- where from ----------------------------------------------------------------------------- */

static void
each_place_and_each_user_is_apart(void **state)
{
	static const struct lockout_place others[] = {
		{.uid = ANNA, .name = "anna", .rhost = "192.0.2.8"},
		{.uid = ANNA, .name = "anna", .rhost = "a-host.example"},
		{.uid = ANNA, .name = "anna", .rhost = "2001:db8::7"},
		{.uid = ANNA, .name = "anna", .rhost = ""},
		{.uid = ANNA, .name = "anna", .rhost = "", .invoker = 70000},
		{.uid = ANNA, .name = "anna", .rhost = "", .own = true},
		{.uid = BOB, .name = "bob", .rhost = "192.0.2.7"},
	};

	(void)state;
	lock_out(&five, &anna_far);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		int64_t last = NOW + 4 * APART;

		assert_true(right_at(&others[i], last));
		assert_false(lockout_holds(root, &five, &others[i], last));
		lock_out(&five, &others[i]);
		assert_false(right_at(&others[i], last));
		assert_true(lockout_holds(root, &five, &others[i], last));
	}
	assert_false(right_at(&anna_far, NOW + 4 * APART));
	assert_int_equal(failures_at(ANNA, NOW + 4 * APART), 35);
	assert_int_equal(failures_at(BOB, NOW + 4 * APART), 5);
}

/* However it is written, and whatever else is said beside it. */
static void
places_that_are_one(void **state)
{
	static const struct lockout_place pairs[][2] = {
		/* A network is one subscriber's; who asks there has no say in it. */
		{{.rhost = "2001:db8:1:2::1", .invoker = 1}, {.rhost = "2001:DB8:1:2:ffff::9"}},
		{{.rhost = "fe80::1%eth0"}, {.rhost = "fe80::2%eth1"}},
		{{.rhost = "::ffff:192.0.2.9"}, {.rhost = "192.0.2.9"}},
		/* Everybody on this host has all of its loopback addresses. */
		{{.rhost = "127.0.0.1"}, {.rhost = "127.254.3.2", .invoker = 7}},
		{{.rhost = "127.0.0.1"}, {.rhost = "::1"}},
		{{.rhost = "::ffff:127.0.0.9"}, {.rhost = "localhost"}},
		{{.rhost = "", .own = true}, {.rhost = "they-say", .own = true, .invoker = 7}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct lockout_place one = pairs[i][0], other = pairs[i][1];

		one.uid = other.uid = ANNA + (uint32_t)i;
		one.name = "one";
		other.name = "other"; /* the same user, by an address */
		lock_out(&five, &one);
		assert_false(right_at(&other, NOW + 4 * APART));
	}
}

static void
networks_beside_one_another_are_two(void **state)
{
	static const struct lockout_place one = {
	    .uid = ANNA, .name = "anna", .rhost = "2001:db8:1:2::1"};
	static const struct lockout_place other = {
	    .uid = ANNA, .name = "anna", .rhost = "2001:db8:1:3::1"};
	struct lockout_state counted;

	(void)state;
	lock_out(&five, &one);
	assert_true(right_at(&other, NOW + 4 * APART));
	lockout_get(root, &five, ANNA, NOW + 4 * APART, &counted);
	assert_string_equal(counted.from, "2001:db8:1:2::/64");
}

static void
everywhere_is_one_place(void **state)
{
	static const struct lockout_place own = {
	    .uid = ANNA, .name = "anna", .rhost = "", .own = true};
	int64_t last = lock_out(&five_everywhere, &anna_far);
	struct lockout_state counted;

	(void)state;
	assert_false(attempt_by(&five_everywhere, &anna_near, last, true));
	assert_false(attempt_by(&five_everywhere, &own, last, true));
	assert_true(attempt_by(&five_everywhere, &bob_far, last, true));
	lockout_get(root, &five_everywhere, ANNA, last, &counted);
	assert_int_equal(counted.failures, 5);
	assert_string_equal(counted.from, "everywhere");
	/* Another policy has its own counts, and what is shown is what it goes by. */
	assert_true(right_at(&anna_far, last));
	assert_int_equal(failures_at(ANNA, last), 0);
}

static void
loopback_is_this_host_and_nothing_beside_it(void **state)
{
	static const struct lockout_place here = {
	    .uid = ANNA, .name = "anna", .rhost = "127.3.2.1"};
	static const char *const others[] = {
	    "128.0.0.1", "126.255.255.255", "::2", "::ffff:128.0.0.1", "1::1", "localhost.example"};
	struct lockout_state counted;

	(void)state;
	lock_out(&five, &here);
	lockout_get(root, &five, ANNA, NOW + 4 * APART, &counted);
	assert_string_equal(counted.from, "this host");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct lockout_place other = here;

		other.rhost = others[i];
		assert_true(right_at(&other, NOW + 4 * APART));
	}
}

/* What a place is called comes from outside, and is shown to administrators. */
static void
a_place_forges_no_line(void **state)
{
	static const struct lockout_place place = {.uid = ANNA, .name = "anna",
	    .rhost = "evil\n\033[2J\302\205 user \"root\" a name that is far too long to be shown"};
	struct lockout_state counted;

	(void)state;
	lock_out(&five, &place);
	lockout_get(root, &five, ANNA, NOW + 4 * APART, &counted);
	assert_int_equal(strncmp(counted.from, "evil??[2J", 9), 0);
	for (const char *at = counted.from; *at != '\0'; at++)
		assert_true(*at > ' ' && *at < 0x7f);
	assert_false(right_at(&place, NOW + 4 * APART));
}

/* ---- names of nobody ------------------------------------------------------------------------ */

/* Is this text anywhere in what is kept? */
static bool
is_kept(const char *text)
{
	static const char *const names[] = {"logins.mdb", "attempts"};
	bool found = false;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		static char data[1 << 20];
		int fd = open(path_of(names[i]), O_RDONLY);
		ssize_t size = fd < 0 ? 0 : read(fd, data, sizeof(data));

		assert_true(size > 0);
		found = found || memmem(data, (size_t)size, text, strlen(text)) != NULL;
		close(fd);
	}
	return found;
}

static void
nobodys_names_count_alike_and_are_not_kept(void **state)
{
	static const struct lockout_place stranger = {
	    .uid = NOBODY, .name = "my-Password-typed-as-a-name", .rhost = "192.0.2.7"};
	int64_t last = lock_out(&five, &stranger);
	struct lockout_state counted;

	(void)state;
	assert_false(right_at(&stranger, last));
	assert_true(lockout_holds(root, &five, &stranger, last));
	assert_true(right_at(&anna_far, last));
	assert_true(is_kept("192.0.2.7"));
	assert_false(is_kept(stranger.name));
	lockout_get(root, &five, NOBODY, last, &counted);
	assert_int_equal(counted.failures, 0);
	assert_int_equal(lockout_forget(root, NOBODY, &counted.failures, NULL), FAULT_NONE);
	assert_int_equal(counted.failures, 0);
}

/* ---- who looks ------------------------------------------------------------------------------ */

static void
all_users_are_listed(void **state)
{
	int64_t last = lock_out(&five, &bob_far);
	struct lockout_state counted;
	struct lockouts *lockouts;

	(void)state;
	wrong_at(&anna_far, last);
	wrong_at(&anna_near, last);
	lockouts = lockouts_read(root, &five, last);
	assert_non_null(lockouts);
	lockouts_get(lockouts, ANNA, &counted);
	assert_int_equal(counted.failures, 2);
	assert_int_equal(counted.until, 0);
	assert_string_equal(counted.from, "");
	lockouts_get(lockouts, BOB, &counted);
	assert_int_equal(counted.failures, 5);
	assert_int_equal(counted.until, last + QUARTER);
	lockouts_get(lockouts, BOB + 1, &counted);
	assert_int_equal(counted.failures, 0);
	lockouts_free(lockouts);
	assert_null(lockouts_read("/nonexistent", &five, last));
	lockouts_get(NULL, ANNA, &counted);
	assert_int_equal(counted.failures, 0);
	lockouts_free(NULL);
}

static void
looking_makes_nothing(void **state)
{
	struct lockout_state counted;
	uint32_t count = 7;

	(void)state;
	lockout_get(root, &five, ANNA, NOW, &counted);
	assert_null(lockouts_read(root, &five, NOW));
	assert_false(lockout_holds(root, &five, &anna_far, NOW));
	assert_int_equal(lockout_forget(root, ANNA, &count, NULL), FAULT_NONE);
	assert_int_equal(count, 0);
	assert_int_not_equal(access(path_of(""), F_OK), 0);
}

static void
forgetting_is_for_one_user_everywhere(void **state)
{
	int64_t last = lock_out(&five, &anna_far);
	uint32_t count = 0;

	(void)state;
	lock_out(&five, &anna_near);
	lock_out(&five, &bob_far);
	assert_int_equal(lockout_forget(root, ANNA, &count, NULL), FAULT_NONE);
	assert_int_equal(count, 10);
	assert_true(right_at(&anna_far, last));
	assert_true(right_at(&anna_near, last));
	assert_false(right_at(&bob_far, last));
	assert_int_equal(lockout_forget(root, ANNA, &count, NULL), FAULT_NONE);
	assert_int_equal(count, 0);
}

/* Between an attempt's beginning and its end. */
static void
what_was_forgotten_does_not_come_back(void **state)
{
	struct attempt attempt;
	uint32_t count = 0;

	(void)state;
	for (int right = 0; right < 2; right++) {
		lockout_begin(root, &five, &anna_far, NOW, LONG_MILLISECONDS, &attempt, NULL);
		assert_int_equal(lockout_forget(root, ANNA, &count, NULL), FAULT_NONE);
		assert_int_equal(count, 1);
		lockout_end(&attempt, right == 1);
		assert_int_equal(failures_at(ANNA, NOW), 0);
	}
}

/* ---- many at once --------------------------------------------------------------------------- */

enum { MANY = 50 };

/* So many processes, all at once; how many of them the password counted for. */
static int
try_at_once(int processes, const struct lockout_place *place, bool right)
{
	int start[2], let = 0;
	char word;

	assert_int_equal(pipe(start), 0);
	for (int i = 0; i < processes; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0) {
			close(start[1]);
			_exit(read(start[0], &word, 1) == 0 &&
			            attempt_by(&five, place, NOW, right) ? 0 : 1);
		}
	}
	close(start[0]);
	close(start[1]);
	for (int i = 0; i < processes; i++) {
		int status = -1;

		assert_true(wait(&status) > 0);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
		let += status == 0;
	}
	return let;
}

static void
many_wrong_ones_at_once_count_each(void **state)
{
	(void)state;
	assert_in_range(try_at_once(MANY, &anna_far, false), 1, five.lockout_failures);
	assert_int_equal(failures_at(ANNA, NOW), MANY);
	assert_false(right_at(&anna_far, NOW));
}

static void
right_ones_at_once_all_pass(void **state)
{
	(void)state;
	assert_int_equal(try_at_once(10, &anna_far, true), 10);
	assert_int_equal(failures_at(ANNA, NOW), 0);
}

/* One turn of a user's and place's at a time; others do not wait for it. */
static void
a_turn_that_does_not_come_counts_nothing(void **state)
{
	struct attempt first, second;
	struct why why;

	(void)state;
	lockout_begin(root, &five, &anna_far, NOW, LONG_MILLISECONDS, &first, NULL);
	assert_int_equal(lockout_begin(root, &five, &anna_far, NOW, 0, &second, &why),
	    FAULT_UNAVAILABLE);
	assert_int_equal(failures_at(ANNA, NOW), 1);
	assert_int_equal(lockout_begin(root, &five, &anna_near, NOW, 0, &second, &why), FAULT_NONE);
	lockout_end(&second, true);
	assert_int_equal(lockout_begin(root, &five, &bob_far, NOW, 0, &second, &why), FAULT_NONE);
	lockout_end(&second, true);
	lockout_end(&first, true);
	assert_true(right_at(&anna_far, NOW));
}

/* ---- damage --------------------------------------------------------------------------------- */

/* Not refused; `noted` when the log may say something. */
static void
assert_let(const char *what, bool noted)
{
	struct attempt attempt;
	struct why why = {0};

	if (lockout_begin(root, &five, &bob_far, NOW, LONG_MILLISECONDS, &attempt, &why) !=
	        FAULT_NONE || attempt.locked)
		fail_msg("%s: refused: %s", what, why.text);
	if (!noted && attempt.note[0] != '\0')
		fail_msg("%s: once more: %s", what, attempt.note);
	lockout_end(&attempt, false);
}

/*
 * Whatever stands there: nobody is refused for it.  A head that is wrong may lose a count; after
 * that each is counted.
 */
static void
assert_goes_on(const char *what)
{
	struct lockout_state counted;
	uint32_t count;

	lockout_get(root, &five, ANNA, NOW, &counted);
	lockouts_free(lockouts_read(root, &five, NOW));
	assert_let(what, true);
	assert_let(what, false);
	assert_int_equal(lockout_forget(root, BOB, &count, NULL), FAULT_NONE);
	assert_let(what, false);
	assert_let(what, false);
	if (failures_at(BOB, NOW) != 2)
		fail_msg("%s: %u counted", what, failures_at(BOB, NOW));
	assert_true(right_at(&bob_far, NOW));
}

static size_t
read_file(const char *name, char **data)
{
	struct stat status;
	int fd = open(path_of(name), O_RDONLY);

	assert_true(fd >= 0 && fstat(fd, &status) == 0);
	*data = malloc((size_t)status.st_size);
	assert_int_equal(read(fd, *data, (size_t)status.st_size), status.st_size);
	close(fd);
	return (size_t)status.st_size;
}

static void
write_file(const char *name, const char *data, size_t size)
{
	int fd = open(path_of(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, size), size);
	close(fd);
}

/* Each page, each half page, and the two heads byte by byte as far as they say something. */
static void
a_file_may_be_cut_or_wrong_anywhere(void **state)
{
	char *data, what[64];
	size_t size;

	(void)state;
	lock_out(&five, &anna_far);
	wrong_at(&anna_near, NOW);
	size = read_file("logins.mdb", &data);
	for (size_t cut = 0; cut < size; cut += 2048) {
		snprintf(what, sizeof(what), "cut at %zu", cut);
		write_file("logins.mdb", data, cut);
		assert_goes_on(what);
	}
	for (size_t at = 0; at < size; at += at % 4096 < 160 ? 8 : 500) {
		char *bad = malloc(size);

		memcpy(bad, data, size);
		memset(bad + at, 0xff, size - at < 8 ? size - at : 8);
		snprintf(what, sizeof(what), "wrong at %zu", at);
		write_file("logins.mdb", bad, size);
		assert_goes_on(what);
		free(bad);
	}
	free(data);
}

/* The file that is in the way is kept for whoever wants to know, and the log says so. */
static void
what_is_no_file_is_moved_aside(void **state)
{
	struct attempt attempt;
	struct stat status;

	(void)state;
	wrong_at(&anna_far, NOW);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(unlink(path_of("logins.mdb")), 0);
		if (i == 0)
			write_file("logins.mdb", "no database", 11);
		else if (i == 1)
			assert_int_equal(mkfifo(path_of("logins.mdb"), 0600), 0);
		else if (i == 2)
			assert_int_equal(mkdir(path_of("logins.mdb"), 0700), 0);
		else
			assert_int_equal(symlink("/etc/passwd", path_of("logins.mdb")), 0);
		assert_int_equal(lockout_begin(root, &five, &anna_far, NOW, LONG_MILLISECONDS,
		                     &attempt, NULL), FAULT_NONE);
		assert_false(attempt.locked);
		assert_non_null(strstr(attempt.note, "counted anew: /run/hexa/logins.mdb is "
		                                     "logins.mdb.bad now"));
		lockout_end(&attempt, false);
		assert_string_equal(attempt.note, "");
		assert_int_equal(lstat(path_of("logins.mdb.bad"), &status), 0);
		assert_int_equal(lstat(path_of("logins.mdb"), &status), 0);
		assert_true(S_ISREG(status.st_mode) && (status.st_mode & 07777) == 0600);
		assert_int_equal(failures_at(ANNA, NOW), 1);
	}
}

/* One of those who find it bad makes it anew, and all count in that. */
static void
many_find_it_bad_at_once(void **state)
{
	struct lockout_state counted;

	(void)state;
	for (int i = 0; i < 10; i++) {
		int status = -1;

		wrong_at(&bob_far, NOW);
		write_file("logins.mdb", "no database", 11);
		for (uint32_t uid = ANNA; uid < ANNA + 10; uid++) {
			const struct lockout_place place = {.uid = uid, .name = "", .rhost = "far"};
			struct attempt attempt;

			if (fork() != 0)
				continue;
			lockout_begin(root, &five, &place, NOW, LONG_MILLISECONDS, &attempt, NULL);
			lockout_end(&attempt, false);
			_exit(0);
		}
		while (wait(&status) > 0)
			assert_int_equal(status, 0);
		for (uint32_t uid = ANNA; uid < ANNA + 10; uid++) {
			lockout_get(root, &five, uid, NOW, &counted);
			assert_int_equal(counted.failures, 1);
		}
	}
}

/* An attempt whose file went between its beginning and its end. */
static void
an_end_meets_a_damaged_file(void **state)
{
	struct attempt attempt;

	(void)state;
	lockout_begin(root, &five, &anna_far, NOW, LONG_MILLISECONDS, &attempt, NULL);
	write_file("logins.mdb", "no database", 11);
	lockout_end(&attempt, true);
	assert_non_null(strstr(attempt.note, "counted anew"));
	lockout_begin(root, &five, &anna_far, NOW, LONG_MILLISECONDS, &attempt, NULL);
	assert_int_equal(unlink(path_of("logins.mdb")), 0);
	lockout_end(&attempt, false);
	assert_string_equal(attempt.note, "");
	assert_int_equal(failures_at(ANNA, NOW), 0);
}

/* Counts where nothing can be: nobody is refused, and the log says why it was not counted. */
static void
assert_not_counted(const char *where)
{
	struct attempt attempt;
	struct why why;

	for (int i = 0; i < 20; i++) {
		assert_int_equal(lockout_begin(where, &five, &anna_far, NOW, LONG_MILLISECONDS,
		                     &attempt, &why), FAULT_NONE);
		assert_false(attempt.locked);
		assert_non_null(strstr(attempt.note, "failed logins cannot be counted: "));
		lockout_end(&attempt, i % 2 == 0);
	}
	assert_false(lockout_holds(where, &five, &anna_far, NOW));
}

static void
where_nothing_can_be_written_nobody_is_refused(void **state)
{
	char folder[128];
	uint32_t count;

	(void)state;
	snprintf(folder, sizeof(folder), "%s/run/hexa", root);
	assert_not_counted("/nonexistent");
	assert_not_counted("/proc"); /* not even root makes a folder there */
	assert_int_equal(symlink("/nonexistent", folder), 0);
	assert_not_counted(root);
	assert_int_equal(lockout_forget(root, ANNA, &count, NULL), FAULT_NONE);
	assert_int_equal(unlink(folder), 0);
	assert_true(wrong_at(&anna_far, NOW));
	assert_int_equal(unlink(path_of("attempts")), 0);
	assert_int_equal(mkdir(path_of("attempts"), 0700), 0);
	assert_not_counted(root);
	assert_int_equal(rmdir(path_of("attempts")), 0);
	assert_true(wrong_at(&anna_far, NOW));
}

/* A file system without room: nothing may be written beyond so many bytes. */
static void
a_full_disk_refuses_nobody(void **state)
{
	pid_t pid;
	int status = -1;

	(void)state;
	wrong_at(&anna_far, NOW);
	pid = fork();
	if (pid == 0) {
		const struct rlimit little = {4096, 4096};

		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &little);
		assert_not_counted(root);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_goes_on("after a full disk");
}

/* In a process of its own; the file is the same after it, with what is counted in it. */
static void
assert_file_stays(void (*with)(size_t much), size_t much)
{
	struct stat before, after;
	pid_t pid;
	int status = -1;

	assert_int_equal(stat(path_of("logins.mdb"), &before), 0);
	pid = fork();
	if (pid == 0) {
		struct attempt attempt;

		signal(SIGXFSZ, SIG_IGN);
		with(much);
		if (lockout_begin(root, &five, &bob_far, NOW, LONG_MILLISECONDS, &attempt, NULL) ==
		        FAULT_NONE)
			lockout_end(&attempt, true);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(stat(path_of("logins.mdb"), &after), 0);
	assert_true(before.st_ino == after.st_ino);
	assert_int_not_equal(access(path_of("logins.mdb.bad"), F_OK), 0);
	assert_int_equal(failures_at(ANNA, NOW + 4 * APART), 5);
}

static void
limit_to(int which, size_t much)
{
	const struct rlimit limit = {much, much};

	if (setrlimit(which, &limit) != 0)
		_exit(2);
}

static void
with_files(size_t much)
{
	limit_to(RLIMIT_NOFILE, much);
}

static void
with_bytes(size_t much)
{
	limit_to(RLIMIT_FSIZE, much);
}

#ifndef __SANITIZE_ADDRESS__ /* it takes all addresses there are */
static void
with_stack(size_t much)
{
	limit_to(RLIMIT_STACK, much);
}

/* So much more than there is by now. */
static void
with_memory(size_t much)
{
	unsigned long pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");

	if (file == NULL || fscanf(file, "%lu", &pages) != 1)
		_exit(2);
	fclose(file);
	limit_to(RLIMIT_AS, pages * 4096 + much);
}
#endif

/* Or whoever is locked out would take away what others need, and begin anew. */
static void
who_has_too_little_of_anything_wipes_no_counts(void **state)
{
	(void)state;
	lock_out(&five, &anna_far);
	for (size_t files = 0; files < 20; files++)
		assert_file_stays(with_files, files);
	for (size_t bytes = 0; bytes < 20000; bytes += 4000)
		assert_file_stays(with_bytes, bytes);
#ifndef __SANITIZE_ADDRESS__
	for (size_t kibibytes = 24; kibibytes < 100; kibibytes += 8)
		assert_file_stays(with_stack, kibibytes << 10);
	for (size_t mebibytes = 0; mebibytes < 24; mebibytes += 2)
		assert_file_stays(with_memory, mebibytes << 20);
#endif
	assert_false(right_at(&anna_far, NOW + 4 * APART));
}

struct killed {
	struct attempts_job job;
	int times; /* that it is to be killed */
};

static enum fault
work_killed(struct attempts_job *job, struct db_txn *txn, struct why *why)
{
	struct killed *killed = (struct killed *)job;

	(void)txn;
	(void)why;
	if (killed->times-- > 0)
		raise(SIGKILL);
	return FAULT_NONE;
}

/* A child that was ended is no proof of damage; two in turn are. */
static void
one_killed_child_moves_nothing(void **state)
{
	(void)state;
	lock_out(&five, &anna_far);
	for (int times = 0; times <= 2; times++) {
		struct killed *killed = child_memory(sizeof(*killed));
		char note[LOCKOUT_NOTE_BYTES];

		assert_non_null(killed);
		killed->job = (struct attempts_job){
		    .root = root, .write = true, .work = work_killed};
		killed->times = times;
		assert_true(attempts_do(&killed->job, note, sizeof(note)));
		assert_int_equal(strstr(note, "counted anew") != NULL, times == 2);
		assert_int_equal(access(path_of("logins.mdb.bad"), F_OK) == 0, times == 2);
		assert_int_equal(failures_at(ANNA, NOW + 4 * APART),
		    times == 2 ? 0 : 5);
		child_memory_free(killed, sizeof(*killed));
	}
}

/* As one that was frozen in the midst of its work: it has the file, and does not let it go. */
static void
a_file_that_is_held_is_left_to_its_holder(void **state)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	struct attempt attempt;
	int fd;

	(void)state;
	wrong_at(&anna_far, NOW);
	fd = open(path_of("logins.mdb"), O_RDWR | O_CLOEXEC);
	assert_int_equal(fcntl(fd, F_OFD_SETLK, &whole), 0);
	assert_int_equal(lockout_begin(root, &five, &anna_far, NOW, LONG_MILLISECONDS, &attempt,
	                     NULL), FAULT_NONE);
	assert_false(attempt.locked);
	assert_non_null(strstr(attempt.note, "does not let it go"));
	lockout_end(&attempt, false);
	assert_int_equal(failures_at(ANNA, NOW), 1);
	close(fd);
}

/* What the keys are made with is drawn anew: what was counted is not found, and that is all. */
static void
another_secret_counts_anew(void **state)
{
	char *secret;

	(void)state;
	lock_out(&five, &anna_far);
	assert_int_equal(read_file("attempts", &secret), 32);
	write_file("attempts", secret, 11);
	free(secret);
	assert_true(wrong_at(&anna_far, NOW + 4 * APART));
	assert_true(wrong_at(&anna_far, NOW + 4 * APART));
	assert_int_equal(read_file("attempts", &secret), 32);
	free(secret);
	assert_int_equal(failures_at(ANNA, NOW + 4 * APART), 7);
}

/* ---- room ----------------------------------------------------------------------------------- */

/* Records of users who are no matter, as if each had failed so often at `now`. */
static void
fill(size_t count, int failed, int64_t now)
{
	struct db *db = NULL;
	struct db_txn *txn = NULL;
	struct record record = {.kind = WHENCE_REMOTE, .shown = "2001:db8:1111:2222::/64"};

	for (int i = 0; i < failed; i++)
		failures_add(&record.failures, &five, now);
	assert_int_equal(db_open(path_of("logins.mdb"), DB_ALONE, 0600, NULL, 0, &db, NULL),
	    FAULT_NONE);
	assert_int_equal(db_begin(db, true, &txn, NULL), FAULT_NONE);
	for (size_t i = 0; i < count; i++) {
		unsigned char key[LOCKOUT_KEY_BYTES] = {0};

		/* Scattered, as hashes are. */
		key_put_u32(key, 1000000 + (uint32_t)(i * 2654435761u % 100000000));
		key_put_u32(key + 4, (uint32_t)i);
		assert_int_equal(record_put(txn, key, &record, NULL), FAULT_NONE);
	}
	assert_int_equal(db_commit(txn, NULL), FAULT_NONE);
	db_close(db);
}

static size_t
count_records(void)
{
	struct db *db = NULL;
	struct db_txn *txn = NULL;
	size_t count = 0;

	assert_int_equal(db_open(path_of("logins.mdb"), DB_ALONE | DB_READ_ONLY, 0600, NULL, 0, &db,
	                     NULL), FAULT_NONE);
	assert_int_equal(db_begin(db, false, &txn, NULL), FAULT_NONE);
	assert_int_equal(db_count(txn, 0, &count, NULL), FAULT_NONE);
	db_abort(txn);
	db_close(db);
	return count;
}

static void
assert_size_is_bounded(void)
{
	struct stat status;

	assert_int_equal(stat(path_of("logins.mdb"), &status), 0);
	assert_in_range(status.st_size, 1, DB_ALONE_BYTES);
	assert_int_not_equal(access(path_of("logins.mdb.bad"), F_OK), 0);
}

/* What counts no more goes first, then what locks nobody out; a lock-out stays. */
static void
a_full_file_drops_what_says_least(void **state)
{
	const size_t most = records_most(&five);
	int64_t last = lock_out(&five, &anna_far);

	(void)state;
	assert_true(most > 10000);
	fill(most, 2, last - QUARTER);
	assert_true(wrong_at(&bob_far, last));
	assert_int_equal(count_records(), 2);
	fill(most, 2, last);
	assert_true(wrong_at(&anna_near, last));
	assert_int_equal(count_records(), 2);
	assert_false(right_at(&anna_far, last));
	assert_int_equal(failures_at(BOB, last), 0);
	assert_size_is_bounded();
	/* Somebody has locked out whomever there is: then all is forgotten. */
	fill(most, 5, last);
	assert_true(wrong_at(&bob_far, last));
	assert_int_equal(count_records(), 1);
	assert_size_is_bounded();
}

/* However many names are tried that are nobody's. */
static void
nobodys_names_take_little_room(void **state)
{
	char name[32];
	struct lockout_place place = {.name = name, .rhost = "192.0.2.7"};
	unsigned char key[LOCKOUT_KEY_BYTES];
	char note[LOCKOUT_NOTE_BYTES];
	struct whence whence;
	off_t turn;

	(void)state;
	whence_of(&place, &five, &whence);
	for (int i = 0; i < 300; i++) {
		int fd;

		snprintf(name, sizeof(name), "stranger-%d", i);
		fd = whence_open(root, &place, &whence, key, &turn, note);
		assert_true(fd >= 0);
		assert_int_equal(key_get_u32(key), 0);
		assert_in_range(key_get_u32(key + 4), 0, 4095);
		for (size_t at = 8; at < sizeof(key); at++)
			assert_int_equal(key[at], 0);
		close(fd);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {TEST(wrong_ones_count_and_a_right_one_forgets_them),
		TEST(what_counted_before_is_said), TEST(who_does_not_come_to_an_end_has_failed),
		TEST(too_many_lock_out_and_it_ends),
		TEST(a_right_one_that_comes_too_soon_is_not_counted),
		TEST(the_last_before_too_many_may_be_right), TEST(no_limit_counts_nothing),
		TEST(each_place_and_each_user_is_apart), TEST(places_that_are_one),
		TEST(networks_beside_one_another_are_two), TEST(everywhere_is_one_place),
		TEST(loopback_is_this_host_and_nothing_beside_it),
		TEST(a_place_forges_no_line), TEST(nobodys_names_count_alike_and_are_not_kept),
		TEST(all_users_are_listed), TEST(looking_makes_nothing),
		TEST(forgetting_is_for_one_user_everywhere),
		TEST(what_was_forgotten_does_not_come_back),
		TEST(many_wrong_ones_at_once_count_each), TEST(right_ones_at_once_all_pass),
		TEST(a_turn_that_does_not_come_counts_nothing),
		TEST(a_file_may_be_cut_or_wrong_anywhere), TEST(what_is_no_file_is_moved_aside),
		TEST(many_find_it_bad_at_once), TEST(an_end_meets_a_damaged_file),
		TEST(where_nothing_can_be_written_nobody_is_refused),
		TEST(a_full_disk_refuses_nobody),
		TEST(who_has_too_little_of_anything_wipes_no_counts),
		TEST(one_killed_child_moves_nothing), TEST(a_file_that_is_held_is_left_to_its_holder),
		TEST(another_secret_counts_anew), TEST(a_full_file_drops_what_says_least),
		TEST(nobodys_names_take_little_room)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
