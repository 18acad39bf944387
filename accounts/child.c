/*
 * child.c - a process for one piece of work.
 */
#include "accounts/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "accounts/waiting.h"

void *
child_memory(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

void
child_memory_free(void *memory, size_t size)
{
	if (memory != NULL)
		munmap(memory, size);
}

/* ---- the child ----------------------------------------------------------------------------- */

/* One that has no room for its work would end as if what it reads were damaged. */
static void
take_stack(void)
{
	enum { STACK_BYTES = 1 << 23 };
	struct rlimit limit;

	if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur >= STACK_BYTES)
		return;
	limit.rlim_cur = STACK_BYTES;
	if (limit.rlim_max < STACK_BYTES)
		limit.rlim_max = STACK_BYTES;
	if (setrlimit(RLIMIT_STACK, &limit) == 0 || getrlimit(RLIMIT_STACK, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_STACK, &limit);
}

/*
 * Whoever made it may die before it: then it ends by itself.  Its last words, and what comes in by
 * the descriptors of the process that it is a copy of, are nobody's.
 */
static void
be_by_oneself(int milliseconds)
{
	static const int damage[] = {SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGALRM};
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t unblocked;

	sigemptyset(&unblocked);
	for (size_t i = 0; i < sizeof(damage) / sizeof(damage[0]); i++) {
		signal(damage[i], SIG_DFL);
		sigaddset(&unblocked, damage[i]);
	}
	sigprocmask(SIG_UNBLOCK, &unblocked, NULL);
	take_stack();
	alarm((unsigned)(milliseconds / 1000 + 2));
	for (int fd = STDIN_FILENO; null >= 0 && fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
}

/* ---- who waits for it ---------------------------------------------------------------------- */

/* Until the other end is closed, which the child's death does. */
static bool
wait_for_end(int fd, int milliseconds)
{
	const int64_t deadline = milliseconds_now() + milliseconds;
	struct pollfd end = {.fd = fd};
	int64_t left = milliseconds;
	int count = -1;

	while (left >= 0) {
		count = poll(&end, 1, (int)left);
		if (count >= 0 || errno != EINTR)
			break;
		left = deadline - milliseconds_now();
	}
	return count > 0;
}

/* What it said when it was done; one that was ended says nothing. */
static bool
is_done(int fd)
{
	char word = 0;

	return read(fd, &word, 1) == 1;
}

static void
reap(pid_t pid)
{
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

static _Noreturn void
be_child(void (*work)(void *memory), void *memory, int milliseconds, int end)
{
	be_by_oneself(milliseconds);
	work(memory);
	_exit(write(end, "!", 1) == 1 ? EXIT_SUCCESS : EXIT_FAILURE);
}

bool
child_run(void (*work)(void *memory), void *memory, int milliseconds)
{
	int ends[2] = {-1, -1};
	pid_t pid = pipe2(ends, O_CLOEXEC) == 0 ? fork() : -1;
	bool done;

	if (pid == 0)
		be_child(work, memory, milliseconds, ends[1]);
	close(ends[1]);
	if (pid > 0) {
		done = wait_for_end(ends[0], milliseconds) && is_done(ends[0]);
		if (!done)
			kill(pid, SIGKILL);
		reap(pid);
	} else {
		work(memory);
		done = true;
	}
	close(ends[0]);
	return done;
}
