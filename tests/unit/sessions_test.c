/*
 * sessions_test.c - ending what a user runs: real processes, which heed, ignore, fork and hide.
 */
#include "accounts/sessions.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <pthread.h>
#include <pty.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utmp.h>

#include <cmocka.h>

/* Ids that nobody on the machine has. */
enum { THEIRS = 2111222333, SOMEBODY_ELSE = 2111222334 };
enum { WAIT_MS = 60000, HEEDED = 7, MANY = 300, RUNNERS = 16 };

/* ---- processes ----------------------------------------------------------------------------- */

struct ids {
	uid_t real, effective, saved, files;
};

static const struct ids theirs = {THEIRS, THEIRS, THEIRS, THEIRS};

/*
 * A process and all that it begins.  `alive` is readable, with nothing to read, when the last of
 * them has ended.
 */
struct guest {
	pid_t pid;
	int alive;
};

static int ready = -1; /* in a guest: where it says that it is what it was to become */

static void
say_ready(void)
{
	if (write(ready, "r", 1) != 1)
		_exit(99);
}

static void
become(const struct ids *ids)
{
	if (setresuid(ids->real, ids->effective, ids->saved) != 0)
		_exit(98);
	setfsuid(ids->files);
	/* Nobody outlives a test that failed. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static struct guest
guest_begin(const struct ids *ids, void (*live)(void))
{
	struct guest guest;
	int pipe_fds[2];
	char byte;

	assert_int_equal(pipe2(pipe_fds, O_CLOEXEC), 0);
	guest.pid = fork();
	assert_true(guest.pid >= 0);
	if (guest.pid == 0) {
		close(pipe_fds[0]);
		ready = pipe_fds[1];
		become(ids);
		live();
		_exit(0);
	}
	close(pipe_fds[1]);
	guest.alive = pipe_fds[0];
	assert_int_equal(read(guest.alive, &byte, 1), 1);
	return guest;
}

static bool
is_alive(const struct guest *guest, int wait_ms)
{
	struct pollfd end = {.fd = guest->alive, .events = POLLIN};
	char bytes[64];

	while (poll(&end, 1, wait_ms) > 0)
		if (read(guest->alive, bytes, sizeof(bytes)) == 0)
			return false;
	return true;
}

static int
guest_status(const struct guest *guest)
{
	int status = 0;

	assert_false(is_alive(guest, WAIT_MS));
	assert_int_equal(waitpid(guest->pid, &status, 0), guest->pid);
	close(guest->alive);
	return status;
}

static void
assert_killed_by(const struct guest *guest, int number)
{
	int status = guest_status(guest);

	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), number);
}

static void
assert_left(const struct guest *guest)
{
	assert_true(is_alive(guest, 0));
	assert_int_equal(kill(guest->pid, SIGKILL), 0);
	guest_status(guest);
}

static void
assert_ended(size_t ended, size_t spared)
{
	struct sessions sessions = {99, 99};
	struct why why = {0};

	if (sessions_end(THEIRS, &sessions, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	assert_int_equal(sessions.ended, ended);
	assert_int_equal(sessions.spared, spared);
}

/* ---- ways to live -------------------------------------------------------------------------- */

static void
idle(void)
{
	say_ready();
	for (;;)
		pause();
}

static void
heed(int number)
{
	(void)number;
	_exit(HEEDED);
}

static void
live_heeding(void)
{
	signal(SIGTERM, heed);
	idle();
}

static void
live_as_a_shell(void)
{
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, heed);
	idle();
}

static void
live_deaf(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	idle();
}

/* The parent hears of it when it waits: that is when it is stopped. */
static void
live_stopped(void)
{
	say_ready();
	raise(SIGSTOP);
	idle();
}

static void *
live_on(void *nothing)
{
	(void)nothing;
	idle();
	return NULL;
}

/* The first thread ends, and /proc shows a zombie. */
static void
live_headless(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, live_on, NULL) != 0)
		_exit(97);
	pthread_exit(NULL);
}

/* Processes that are others each time they are looked for. */
static void
live_on_the_run(void)
{
	signal(SIGCHLD, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	for (int i = 0; i < RUNNERS && fork() > 0; i++)
		;
	say_ready();
	for (;;)
		if (fork() > 0)
			_exit(0);
}

/* As many as there can be, each beginning others. */
static void
live_as_a_bomb(void)
{
	const struct rlimit most = {60, 60};

	signal(SIGCHLD, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	setrlimit(RLIMIT_NPROC, &most);
	say_ready();
	for (;;)
		fork();
}

/* ---- who is ended, and how ----------------------------------------------------------------- */

static void
who_runs_nothing_has_nothing_ended(void **state)
{
	struct guest other = guest_begin(
	    &(struct ids){SOMEBODY_ELSE, SOMEBODY_ELSE, SOMEBODY_ELSE, SOMEBODY_ELSE}, idle);

	(void)state;
	assert_ended(0, 0);
	assert_left(&other);
}

static void
whoever_heeds_ends_by_itself(void **state)
{
	struct guest guest = guest_begin(&theirs, live_heeding);
	struct guest shell = guest_begin(&theirs, live_as_a_shell);
	int status;

	(void)state;
	assert_ended(2, 0);
	status = guest_status(&guest);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == HEEDED);
	status = guest_status(&shell);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == HEEDED);
}

static void
whoever_does_not_is_killed(void **state)
{
	struct guest deaf = guest_begin(&theirs, live_deaf);

	(void)state;
	assert_ended(1, 0);
	assert_killed_by(&deaf, SIGKILL);
}

static void
each_of_the_four_ids_counts(void **state)
{
	static const struct ids some[] = {
	    {THEIRS, 0, 0, 0}, {0, THEIRS, 0, 0}, {0, 0, THEIRS, 0}, {0, 0, 0, THEIRS}};
	struct guest other = guest_begin(&(struct ids){SOMEBODY_ELSE, 0, 0, SOMEBODY_ELSE}, idle);
	struct guest root = guest_begin(&(struct ids){0, 0, 0, 0}, idle);

	(void)state;
	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		struct guest guest = guest_begin(&some[i], idle);

		assert_ended(1, 0);
		assert_killed_by(&guest, SIGTERM);
	}
	assert_left(&other);
	assert_left(&root);
}

static void
a_stopped_one_is_asked_too(void **state)
{
	struct guest guest = guest_begin(&theirs, live_stopped);
	int status = 0;

	(void)state;
	assert_int_equal(waitpid(guest.pid, &status, WUNTRACED), guest.pid);
	assert_true(WIFSTOPPED(status));
	assert_ended(1, 0);
	assert_killed_by(&guest, SIGTERM);
}

static void
a_zombie_is_no_process(void **state)
{
	struct guest guest = guest_begin(&theirs, say_ready);
	siginfo_t end;

	(void)state;
	assert_int_equal(waitid(P_PID, (id_t)guest.pid, &end, WEXITED | WNOWAIT), 0);
	assert_ended(0, 0);
	guest_status(&guest);
}

static bool
shows_a_zombie(pid_t pid)
{
	char path[64], line[256];
	bool is = false;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file) != NULL)
		is = is || strncmp(line, "State:\tZ", 8) == 0;
	fclose(file);
	return is;
}

static void
what_looks_like_a_zombie_and_runs_is_ended(void **state)
{
	struct guest guest = guest_begin(&theirs, live_headless);

	(void)state;
	while (!shows_a_zombie(guest.pid))
		sched_yield();
	assert_ended(1, 0);
	assert_killed_by(&guest, SIGTERM);
}

static void
nobody_runs_away_by_forking(void **state)
{
	struct guest guest = guest_begin(&theirs, live_on_the_run);
	struct sessions sessions;
	struct why why;

	(void)state;
	/* What was seen of it, before it was another one, is chance. */
	assert_int_equal(sessions_end(THEIRS, &sessions, &why), FAULT_NONE);
	guest_status(&guest);
}

static void
nor_by_being_many(void **state)
{
	struct guest guest = guest_begin(&theirs, live_as_a_bomb);
	struct sessions sessions;
	struct why why;

	(void)state;
	assert_int_equal(sessions_end(THEIRS, &sessions, &why), FAULT_NONE);
	assert_true(sessions.ended > 0);
	guest_status(&guest);
}

static void
more_than_can_be_waited_for_at_once(void **state)
{
	struct guest guests[MANY];
	struct rlimit before, few = {16 + MANY, 16 + MANY};

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		guests[i] = guest_begin(&theirs, i % 10 == 0 ? live_deaf : idle);
	/* Nor is there always a descriptor for each. */
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few.rlim_max = before.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_ended(MANY, 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	for (size_t i = 0; i < MANY; i++)
		assert_killed_by(&guests[i], i % 10 == 0 ? SIGKILL : SIGTERM);
}

/* ---- who is not ---------------------------------------------------------------------------- */

/* What `then` says in a process of its own, with root's rights, below one that `does`. */
static int
below(void (*does)(void), int (*then)(void))
{
	int status = 0;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		pid_t inner;

		does();
		inner = fork();
		if (inner == 0)
			_exit(then());
		if (inner < 0 || waitpid(inner, &status, 0) != inner || !WIFEXITED(status))
			_exit(99);
		_exit(WEXITSTATUS(status));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* 10 for each that was ended, and 1 for each that was spared; 90 and the fault, if it was one. */
static int
end_and_count(void)
{
	struct sessions sessions;
	struct why why;
	enum fault fault;

	if (setresuid(0, 0, 0) != 0)
		return 98;
	fault = sessions_end(THEIRS, &sessions, &why);
	return fault != FAULT_NONE ? 90 + (int)fault
	                           : (int)(10 * sessions.ended + sessions.spared);
}

/* As su(1) is, which waits for the shell that it has begun. */
static void
run_as_su(void)
{
	if (setresuid(THEIRS, 0, 0) != 0)
		_exit(98);
}

static void
what_it_runs_under_is_spared(void **state)
{
	struct guest guest = guest_begin(&theirs, idle);

	(void)state;
	assert_int_equal(below(run_as_su, end_and_count), 11);
	assert_killed_by(&guest, SIGTERM);
	assert_int_equal(below(run_as_su, end_and_count), 1);
}

static void
a_system_account_keeps_its_processes(void **state)
{
	static const uint32_t uids[] = {0, 1, 999, (uint32_t)INT32_MAX + 1, UINT32_MAX};
	struct guest system = guest_begin(&(struct ids){999, 999, 999, 999}, idle);
	struct sessions sessions;
	struct why why;

	(void)state;
	for (size_t i = 0; i < sizeof(uids) / sizeof(uids[0]); i++)
		assert_int_equal(sessions_end(uids[i], &sessions, &why), FAULT_RULE);
	assert_left(&system);
}

/* ---- their terminal ------------------------------------------------------------------------ */

static bool
log_in(void)
{
	char text[16];
	int fd = open("/proc/self/loginuid", O_WRONLY | O_CLOEXEC);
	int size = snprintf(text, sizeof(text), "%d", THEIRS);
	bool good = fd >= 0 && write(fd, text, (size_t)size) == size;

	if (fd >= 0)
		close(fd);
	return good;
}

static void
live_logged_in(void)
{
	if (!log_in())
		_exit(96);
	idle();
}

static void
live_on_a_terminal(void)
{
	int terminal, other;

	if (!log_in() || openpty(&terminal, &other, NULL, NULL, NULL) != 0 || login_tty(other) != 0)
		_exit(96);
	idle();
}

static int
try_to_log_in(void)
{
	return log_in() ? 0 : 1;
}

static void
nothing(void)
{
}

static void
what_root_runs_on_their_terminal_is_ended(void **state)
{
	static const struct ids root = {0, 0, 0, 0};
	struct guest daemon, shell;

	(void)state;
	if (below(nothing, try_to_log_in) != 0)
		skip(); /* a kernel without audit, or a container that keeps it to itself */
	daemon = guest_begin(&root, live_logged_in);
	shell = guest_begin(&root, live_on_a_terminal);
	assert_ended(1, 0);
	guest_status(&shell);
	assert_left(&daemon);
}

/* ---- when it cannot be done ---------------------------------------------------------------- */

static void
lose(unsigned gone)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct rights[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, rights) != 0)
		_exit(98);
	rights[0].effective &= ~gone;
	rights[0].permitted = rights[0].effective;
	if (syscall(SYS_capset, &header, rights) != 0)
		_exit(98);
}

static void
lose_rights(void)
{
	lose(1U << CAP_KILL | 1U << CAP_SETUID);
}

static int
end_and_say(void)
{
	struct sessions sessions;
	struct why why;
	enum fault fault = sessions_end(THEIRS, &sessions, &why);

	return fault == FAULT_UNAVAILABLE &&
	    strcmp(why.text, "1 of 1 processes could not be ended: Operation not permitted") == 0
	    ? 0
	    : 1;
}

static void
who_may_not_end_them_is_told(void **state)
{
	struct guest guest = guest_begin(&theirs, idle);

	(void)state;
	assert_int_equal(below(lose_rights, end_and_say), 0);
	assert_left(&guest);
}

static void
see_no_proc(void)
{
	if (unshare(CLONE_NEWNS) != 0 ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    umount2("/proc", MNT_DETACH) != 0)
		_exit(98);
}

static void
see_outer_proc(void)
{
	if (unshare(CLONE_NEWPID) != 0)
		_exit(98);
}

static void
without_proc_nothing_is_done(void **state)
{
	struct guest guest = guest_begin(&theirs, idle);

	(void)state;
	assert_int_equal(below(see_no_proc, end_and_count), 90 + FAULT_UNAVAILABLE);
	assert_int_equal(below(see_outer_proc, end_and_count), 90 + FAULT_UNAVAILABLE);
	assert_left(&guest);
}

static void
see_own_proc(void)
{
	if (unshare(CLONE_NEWNS | CLONE_NEWPID) != 0 ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		_exit(98);
}

static int
end_inside(void)
{
	struct guest guest;
	int ended;

	if (mount("proc", "/proc", "proc", 0, NULL) != 0)
		return 98;
	guest = guest_begin(&theirs, idle);
	ended = end_and_count();
	return is_alive(&guest, 0) ? 97 : ended;
}

/* What cannot be looked through is killed unseen: a process with a uid is theirs all the same. */
static int
end_hidden(void)
{
	struct guest guest;
	int ended;

	if (mount("proc", "/proc", "proc", 0, "hidepid=2,gid=2111222334") != 0)
		return 98;
	guest = guest_begin(&theirs, idle);
	lose(1U << CAP_SYS_PTRACE);
	ended = end_and_count();
	return is_alive(&guest, WAIT_MS / 10) ? 97 : ended;
}

static void
whom_proc_hides_is_ended_too(void **state)
{
	struct guest outside = guest_begin(&theirs, idle);

	(void)state;
	assert_int_equal(below(see_own_proc, end_hidden), 0);
	assert_left(&outside);
}

static void
a_pid_namespace_is_a_world_of_its_own(void **state)
{
	struct guest outside = guest_begin(&theirs, idle);

	(void)state;
	assert_int_equal(below(see_own_proc, end_inside), 10);
	assert_left(&outside);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_runs_nothing_has_nothing_ended),
	    cmocka_unit_test(whoever_heeds_ends_by_itself),
	    cmocka_unit_test(whoever_does_not_is_killed),
	    cmocka_unit_test(each_of_the_four_ids_counts),
	    cmocka_unit_test(a_stopped_one_is_asked_too),
	    cmocka_unit_test(a_zombie_is_no_process),
	    cmocka_unit_test(what_looks_like_a_zombie_and_runs_is_ended),
	    cmocka_unit_test(nobody_runs_away_by_forking),
	    cmocka_unit_test(nor_by_being_many),
	    cmocka_unit_test(more_than_can_be_waited_for_at_once),
	    cmocka_unit_test(what_it_runs_under_is_spared),
	    cmocka_unit_test(a_system_account_keeps_its_processes),
	    cmocka_unit_test(what_root_runs_on_their_terminal_is_ended),
	    cmocka_unit_test(who_may_not_end_them_is_told),
	    cmocka_unit_test(without_proc_nothing_is_done),
	    cmocka_unit_test(a_pid_namespace_is_a_world_of_its_own),
	    cmocka_unit_test(whom_proc_hides_is_ended_too),
	};

	if (geteuid() != 0) {
		printf("left out: %s needs root, to be other people\n", __FILE__);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
