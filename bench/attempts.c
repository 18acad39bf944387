/*
 * attempts.c - what counting an attempt to log in costs beside the hash of its password.
 *
 *   attempts FOLDER COUNT     counts in FOLDER/run/hexa, which is made, COUNT times
 *
 * Prints medians in milliseconds: of a child that does nothing, of an attempt's beginning and its
 * end (a child each), and of reading what is counted of everybody.  Each attempt is by another of
 * 1 000 users, from another place.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "accounts/child.h"
#include "accounts/lockout.h"
#include "bench/clock.h"

enum { COUNT_MAX = 100000, USERS = 1000, FIRST_UID = 65536, MILLISECONDS = 10000 };

enum { EMPTY, BEGIN, END, LIST, KINDS };

static const char *const kinds[KINDS] = {
    "a child that does nothing", "an attempt's beginning", "an attempt's end", "all users"};

static uint64_t times[KINDS][COUNT_MAX];

static void
nothing(void *memory)
{
	(void)memory;
}

static void
measure(const char *root, const struct settings *settings, unsigned i)
{
	char rhost[32];
	struct lockout_place place = {.uid = FIRST_UID + i % USERS, .name = "", .rhost = rhost};
	struct attempt attempt;
	uint64_t at[KINDS + 1];

	snprintf(rhost, sizeof(rhost), "192.0.%u.%u", i / 250 % 250, i % 250);
	at[EMPTY] = now_ns();
	child_run(nothing, NULL, MILLISECONDS);
	at[BEGIN] = now_ns();
	if (lockout_begin(root, settings, &place, lockout_uptime(), MILLISECONDS, &attempt, NULL) !=
	        FAULT_NONE || attempt.note[0] != '\0') {
		fprintf(stderr, "attempts: %s\n", attempt.note);
		exit(EXIT_FAILURE);
	}
	at[END] = now_ns();
	lockout_end(&attempt, false);
	at[LIST] = now_ns();
	lockouts_free(lockouts_read(root, settings, lockout_uptime()));
	at[KINDS] = now_ns();
	for (int kind = 0; kind < KINDS; kind++)
		times[kind][i] = at[kind + 1] - at[kind];
}

int
main(int argc, char **argv)
{
	static const struct settings settings = {
	    .lockout_failures = 5, .lockout_within = 900, .lockout_for = 900};
	unsigned long count = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	char run[256];

	if (count == 0 || count > COUNT_MAX || strlen(argv[1]) > sizeof(run) - sizeof("/run")) {
		fprintf(stderr, "usage: attempts FOLDER COUNT\n");
		return 2;
	}
	snprintf(run, sizeof(run), "%s/run", argv[1]);
	mkdir(run, 0755);
	for (unsigned i = 0; i < count; i++)
		measure(argv[1], &settings, i);
	for (int kind = 0; kind < KINDS; kind++)
		printf("%-28s %6.2f ms\n", kinds[kind],
		    (double)median_of(times[kind], count) / 1e6);
	return 0;
}
