/*
 * failures.h - the failed logins of one user from one place: which of them still count, when the
 * next attempt does, and when there were too many.  Arithmetic alone: it reads no clock.
 *
 * Times are seconds since the host was started, so that no clock that is set moves them.
 */
#ifndef HEXA_POLICY_FAILURES_H
#define HEXA_POLICY_FAILURES_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/bytes.h"
#include "policy/settings.h"

enum {
	/*
	 * What the first attempt waits that comes after half of the failures; each further one
	 * twice as long.
	 */
	BACK_OFF_SECONDS = 5,
	/*
	 * A time so far ahead is of another boot and counts for nothing.  Not so a shorter one: who
	 * began earlier may come to their turn later.
	 */
	FAILURES_AHEAD_SECONDS = 300,
};

/* All zero: none. */
struct failures {
	uint32_t count; /* of the times that are kept, the oldest first */
	uint32_t more;  /* that came during the lock-out, and are only counted */
	int64_t until;  /* when the lock-out ends; 0: there is none */
	int64_t time[LOCKOUT_FAILURES_MOST];
};

/* What counting made of an attempt. */
enum attempted {
	ATTEMPTED_IN_TIME = 1, /* the password counts                                */
	ATTEMPTED_TOO_SOON,    /* it does not: the back-off of the last one was on   */
	ATTEMPTED_LOCKED_OUT,  /* it does not: there were too many before it         */
};

/*
 * Forgets what does not count any more at `now`: a lock-out that has ended with all that led to
 * it, else the failures that are lockout.within old.
 */
void failures_settle(struct failures *failures, const struct settings *settings, int64_t now);

/*
 * Counts one, and what it is worth, when `settings` has a limit (lockout.failures above 0).  The
 * one that reaches the limit begins a lock-out of lockout.for; those that come during it are
 * counted, and do not make it longer.
 */
enum attempted failures_add(struct failures *failures, const struct settings *settings,
    int64_t now);

/*
 * It was none: takes back what failures_add() has counted just before and said of it, with the
 * lock-out that it has begun.  `limit` is the lockout.failures of then.
 */
void failures_take_back(struct failures *failures, enum attempted attempted, uint32_t limit);

/* How many there are.  To be asked, as the next, of settled ones. */
uint32_t failures_total(const struct failures *failures);

bool failures_lock_out(const struct failures *failures);

/* On disk: the moments as 32 bits each. */
void failures_encode(const struct failures *failures, struct bytes *out);

/* False, and nothing is counted: it is no such record. */
bool failures_decode(struct reader *reader, struct failures *failures);

/* The most bytes that a policy of this limit makes of them. */
uint32_t failures_bytes(uint32_t limit);

#endif
