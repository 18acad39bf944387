/*
 * nscd.c - invalidating nscd.
 */
#include "store/nscd.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char NOWHERE[] = "/dev/null";
static const char NSCD[] = "/usr/sbin/nscd";
static const char NSCD_SOCKET[] = "/run/nscd/socket";

/* An nscd that hangs must not keep whoever changed something: its answers expire by themselves. */
enum { PATIENCE_MILLISECONDS = 5000 };

/* False when the child did not end by itself in time. */
static bool
await(pid_t child)
{
	struct pollfd end = {.fd = (int)syscall(SYS_pidfd_open, child, 0), .events = POLLIN};
	int ready = 1;

	/* A kernel without it: then it is waited for. */
	if (end.fd >= 0) {
		do
			ready = poll(&end, 1, PATIENCE_MILLISECONDS);
		while (ready < 0 && errno == EINTR);
		close(end.fd);
	}
	if (ready == 0)
		kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	return ready != 0;
}

static bool
forget(const char *table)
{
	char *const arguments[] = {(char *)"nscd", (char *)"-i", (char *)table, NULL};
	char *const environment[] = {NULL};
	posix_spawn_file_actions_t actions;
	bool ended = false;
	pid_t child;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return false;
	if (posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, NOWHERE, O_WRONLY, 0) == 0 &&
	    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, NOWHERE, O_WRONLY, 0) == 0 &&
	    posix_spawn(&child, NSCD, &actions, NULL, arguments, environment) == 0)
		ended = await(child);
	posix_spawn_file_actions_destroy(&actions);
	return ended;
}

void
nscd_forget(void)
{
	if (access(NSCD_SOCKET, F_OK) != 0 || access(NSCD, X_OK) != 0)
		return;
	if (forget("passwd"))
		forget("group");
}
