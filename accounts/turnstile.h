/*
 * turnstile.h - how many passwords a host verifies at once.  Each takes the policy's memory (64
 * MiB), so a flood of attempts would otherwise push everything else out; the rest wait their turn.
 */
#ifndef HEXA_ACCOUNTS_TURNSTILE_H
#define HEXA_ACCOUNTS_TURNSTILE_H

#include <stdbool.h>
#include <stdint.h>

/* Who comes: ordinary users have places of their own, so that none of them can hold a login up. */
enum turnstile_line { TURNSTILE_ROOT, TURNSTILE_OTHERS };

/* So many of one ordinary user's stand in a line at once, by whatever program. */
enum { TURNSTILE_OWN_PLACES = 2 };

/* A place that is held; -1: none, which is no reason not to go on. */
struct turnstile {
	int fd;
	bool is_late; /* there are places, and none came free in time */
};

/*
 * Waits for a place in the line, for at most `milliseconds`, and goes on without one then, or when
 * the file that the places are in (RUN_FOLDER/verifications) cannot be had: this limits memory and
 * never refuses a login.  The caller may refuse whoever is late.  A missing RUN_FOLDER is made,
 * mode 0700.  A holder that dies gives its place back, because the kernel does.
 *
 * `person` is the uid of the ordinary user whose doing it is, 0: nobody's.  A person's have to come
 * by one of the person's own places first, and hold it as long, and then let those go first who
 * wait already: however many there are of them, others get their turn.
 */
struct turnstile turnstile_enter(const char *root, enum turnstile_line line, uint32_t person,
    int milliseconds);

/* Gives the place back; harmless without one. */
void turnstile_leave(struct turnstile *turnstile);

#endif
