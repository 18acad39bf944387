/*
 * often.c - runs a command many times: often [--processor|--memory] RUNS COMMAND ARG…
 * An @ in an argument stands for the number of the run; of two words with | between them the first
 * is meant in every other run.  Prints the median in microseconds, from before the process is made
 * until it has ended; with --processor, only what its process got of the processor; with --memory,
 * instead, the most memory in KiB that was resident.  It must end with exit status 0 each time.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/clock.h"

enum { RUNS_MAX = 10000, ARGS_MAX = 32, ARG_ROOM = 256 };

static char texts[ARGS_MAX][ARG_ROOM];
static char *args[ARGS_MAX + 1];

/* What stands for this argument in this run. */
static char *
arg_of(char *from, char text[ARG_ROOM], long run)
{
	const char *at = strchr(from, '@'), *bar = strchr(from, '|');

	if (at)
		snprintf(text, ARG_ROOM, "%.*s%ld%s", (int)(at - from), from, run, at + 1);
	else if (bar && run % 2 == 0)
		snprintf(text, ARG_ROOM, "%.*s", (int)(bar - from), from);
	else if (bar)
		snprintf(text, ARG_ROOM, "%s", bar + 1);
	else
		return from;
	return text;
}

static uint64_t
processor_ns(const struct rusage *usage)
{
	uint64_t seconds = (uint64_t)usage->ru_utime.tv_sec + (uint64_t)usage->ru_stime.tv_sec;
	uint64_t more = (uint64_t)usage->ru_utime.tv_usec + (uint64_t)usage->ru_stime.tv_usec;

	return seconds * 1000000000 + more * 1000;
}

enum what { WHAT_TIME, WHAT_PROCESSOR, WHAT_MEMORY };

static enum what
what_of(const char *option)
{
	if (strcmp(option, "--processor") == 0)
		return WHAT_PROCESSOR;
	return strcmp(option, "--memory") == 0 ? WHAT_MEMORY : WHAT_TIME;
}

/* In nanoseconds; of memory, a thousand for each KiB, so that the same division tells them. */
static uint64_t
run_once(const posix_spawn_file_actions_t *actions, enum what what)
{
	uint64_t began = now_ns();
	struct rusage usage;
	int status;
	pid_t child;

	errno = posix_spawnp(&child, args[0], actions, NULL, args, environ);
	if (errno != 0 || wait4(child, &status, 0, &usage) != child)
		err(1, "%s", args[0]);
	if (status != 0)
		errx(1, "%s ended with wait status %#x", args[0], (unsigned)status);
	if (what == WHAT_MEMORY)
		return (uint64_t)usage.ru_maxrss * 1000;
	return what == WHAT_PROCESSOR ? processor_ns(&usage) : now_ns() - began;
}

int
main(int argc, char **argv)
{
	static uint64_t times[RUNS_MAX];
	posix_spawn_file_actions_t actions;
	enum what what = argc > 1 ? what_of(argv[1]) : WHAT_TIME;
	long runs;

	argc -= what != WHAT_TIME;
	argv += what != WHAT_TIME;
	runs = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
	if (runs < 1 || runs > RUNS_MAX || argc - 2 > ARGS_MAX)
		errx(2, "usage: often [--processor|--memory] RUNS COMMAND ARG...");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	for (long run = 0; run < runs; run++) {
		for (int i = 0; i < argc - 2; i++)
			args[i] = arg_of(argv[i + 2], texts[i], run);
		times[run] = run_once(&actions, what);
	}
	printf("%.1f\n", (double)median_of(times, (size_t)runs) / 1000);
	return 0;
}
