/*
 * asks_fake.c - pam_hexa/ask.c as the module's tests want it: which helper it runs and how long it
 * waits come from the environment, and so does the system call that shall fail.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#undef HEXA_HELPER
#define HEXA_HELPER              getenv("HEXA_TEST_HELPER")
#define HEXA_HELPER_MILLISECONDS atoi(getenv("HEXA_TEST_LIMIT"))

/* The calls that can fail in the parent, with what they fail with. */
static bool
fails(const char *call, int error)
{
	const char *chosen = getenv("HEXA_TEST_FAIL");

	if (chosen == NULL || strcmp(chosen, call) != 0)
		return false;
	errno = error;
	return true;
}

/* "late": the helper has come and gone before it is asked. */
static bool
helper_is_late(void)
{
	siginfo_t end;

	if (fails("late", 0))
		while (waitid(P_ALL, 0, &end, WEXITED | WNOWAIT) != 0 && errno == EINTR)
			;
	return false;
}

/* What a host may write to must never be what the helper is spoken to by. */
static bool
is_standard(int fd)
{
	return fd <= STDERR_FILENO;
}

static bool
fails_pidfd(long number)
{
	return number == SYS_pidfd_open && fails("pidfd_open", EMFILE);
}

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

#define malloc(size)            (fails("malloc", ENOMEM) ? NULL : malloc(size))
#define socketpair(a, b, c, d)  (fails("socketpair", EMFILE) ? -1 : socketpair(a, b, c, d))
#define fork()                  (fails("fork", EAGAIN) ? -1 : fork())
#define send(a, b, c, d) \
	(is_standard(a) || helper_is_late() || fails("send", ENOBUFS) ? -1 : send(a, b, c, d))
#define recv(a, b, c, d)        (fails("recv", ENOMEM) ? -1 : recv(a, b, c, d))
#define poll(a, b, c)           (fails("poll", ENOMEM) ? -1 : poll(a, b, c))
#define waitid(a, b, c, d)      (fails("waitid", EINVAL) ? -1 : waitid(a, b, c, d))
#define syscall(number, ...)    (fails_pidfd(number) ? -1 : syscall(number, __VA_ARGS__))

#include "pam_hexa/ask.c"
