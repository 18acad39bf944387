/*
 * child_test.c - work in a process of its own comes to its end, is ended, or is done here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "accounts/child.h"

enum { LONG_MILLISECONDS = 60000, SHORT_MILLISECONDS = 50 };

struct answer {
	pid_t by;
	int word;
};

static void
work_well(void *memory)
{
	struct answer *answer = memory;

	answer->by = getpid();
	answer->word = 42;
}

static void
work_badly(void *memory)
{
	work_well(memory);
	raise(SIGKILL);
}

static void
work_to_an_early_end(void *memory)
{
	work_well(memory);
	_exit(EXIT_SUCCESS);
}

static void
work_without_an_end(void *memory)
{
	work_well(memory);
	for (;;)
		pause();
}

static void
what_a_child_says_counts_when_it_came_to_its_end(void **state)
{
	static const struct {
		void (*work)(void *memory);
		int milliseconds;
		bool done;
	} cases[] = {
		{work_well, LONG_MILLISECONDS, true},
		{work_badly, LONG_MILLISECONDS, false},
		{work_to_an_early_end, LONG_MILLISECONDS, false},
		{work_without_an_end, SHORT_MILLISECONDS, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct answer *answer = child_memory(sizeof(*answer));

		assert_non_null(answer);
		assert_int_equal(answer->word, 0);
		assert_int_equal(child_run(cases[i].work, answer, cases[i].milliseconds),
		    cases[i].done);
		if (cases[i].done) {
			assert_int_equal(answer->word, 42);
			assert_int_not_equal(answer->by, getpid());
		}
		child_memory_free(answer, sizeof(*answer));
		/* None is left behind. */
		assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	}
	child_memory_free(NULL, 0);
}

/* As a program that wants no word of its children. */
static void
who_ignores_its_children_is_answered(void **state)
{
	struct answer *answer = child_memory(sizeof(*answer));

	(void)state;
	signal(SIGCHLD, SIG_IGN);
	assert_true(child_run(work_well, answer, LONG_MILLISECONDS));
	assert_false(child_run(work_badly, answer, LONG_MILLISECONDS));
	signal(SIGCHLD, SIG_DFL);
	child_memory_free(answer, sizeof(*answer));
}

/* Signals that are blocked, as the helper's all are, do not keep a child from ending. */
static void
blocked_signals_keep_no_child(void **state)
{
	struct answer *answer = child_memory(sizeof(*answer));
	sigset_t all, before;

	(void)state;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	assert_true(child_run(work_well, answer, LONG_MILLISECONDS));
	assert_false(child_run(work_without_an_end, answer, SHORT_MILLISECONDS));
	sigprocmask(SIG_SETMASK, &before, NULL);
	child_memory_free(answer, sizeof(*answer));
}

/* No user's limit is root's: somebody else tries it. */
static void
without_a_process_it_is_done_here(void **state)
{
	struct answer *answer = child_memory(sizeof(*answer));
	const struct rlimit none = {0, 0};
	pid_t pid = fork();
	int status = -1;

	(void)state;
	if (pid == 0) {
		if (setrlimit(RLIMIT_NPROC, &none) != 0 || (getuid() == 0 && setuid(65534) != 0))
			_exit(2);
		_exit(child_run(work_well, answer, LONG_MILLISECONDS) &&
		            answer->by == getpid() ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	child_memory_free(answer, sizeof(*answer));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_child_says_counts_when_it_came_to_its_end),
		cmocka_unit_test(who_ignores_its_children_is_answered),
		cmocka_unit_test(blocked_signals_keep_no_child),
		cmocka_unit_test(without_a_process_it_is_done_here)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
