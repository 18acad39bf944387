/*
 * nscd.c - invalidating nscd.
 */
#include "store/nscd.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const char NSCD[] = "/usr/sbin/nscd";
static const char NSCD_SOCKET[] = "/run/nscd/socket";

static void
forget(const char *table)
{
	char *const arguments[] = {(char *)"nscd", (char *)"-i", (char *)table, NULL};
	char *const environment[] = {NULL};
	posix_spawn_file_actions_t actions;
	pid_t child;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return;
	if (posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
	    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
	    posix_spawn(&child, NSCD, &actions, NULL, arguments, environment) == 0)
		waitpid(child, NULL, 0);
	posix_spawn_file_actions_destroy(&actions);
}

void
nscd_forget(void)
{
	if (access(NSCD_SOCKET, F_OK) != 0 || access(NSCD, X_OK) != 0)
		return;
	forget("passwd");
	forget("group");
}
