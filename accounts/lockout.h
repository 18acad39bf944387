/*
 * lockout.h - failed logins, and who is locked out for them (/run/hexa/logins.mdb: on tmpfs, gone
 * with the next boot).  For the operations of accounts/ alone.
 *
 * Counted is each password that is verified, by whom it is meant for and where it comes from, so
 * that guessing from one place keeps its owner out of no other.  Nothing here is ever a reason to
 * refuse: a file that is missing, damaged or full is moved aside and made anew, and what cannot be
 * counted is not.
 */
#ifndef HEXA_ACCOUNTS_LOCKOUT_H
#define HEXA_ACCOUNTS_LOCKOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/fault.h"
#include "policy/settings.h"

/* Who is guessed at, and from where. */
struct lockout_place {
	uint32_t uid;      /* of the user; 0: what was typed is nobody's, and `name` counts */
	const char *name;  /* as typed */
	const char *rhost; /* PAM_RHOST, never resolved; "": from this host, by `invoker` */
	uint32_t invoker;  /* the real uid of the program that asks for the password */
	bool own;          /* an ordinary user's program asks, about its user: counted apart */
};

enum { LOCKOUT_KEY_BYTES = 24, LOCKOUT_NOTE_BYTES = 256 };

/* One password on its way through. */
struct attempt {
	bool locked;  /* refused, whatever the password is: too many failures, or too soon after one */
	uint32_t failures; /* that counted before this one */
	char note[LOCKOUT_NOTE_BYTES]; /* for the log: that the file had to be made anew; "": nothing */
	/* lockout.c's own. */
	const char *root;
	unsigned char key[LOCKOUT_KEY_BYTES];
	int turn;
	int64_t uptime;
};

/*
 * Waits for this user's and place's turn, so that of many at once none slips through; counts a
 * failure, which lockout_end() takes back; and says whether the password counts at all.  Costs as
 * much for nobody's name as for a user's.  `uptime` is CLOCK_BOOTTIME in seconds: no clock that is
 * set opens or lengthens a lock-out.  `root` must outlive the attempt.
 * FAULT_UNAVAILABLE: the turn did not come within `milliseconds`.  Nothing is counted then, and the
 * attempt is over.
 */
enum fault lockout_begin(const char *root, const struct settings *settings,
    const struct lockout_place *place, int64_t uptime, int milliseconds, struct attempt *attempt,
    struct why *why);

/*
 * `right`: it was the password.  Then the failures are forgotten, unless the attempt was locked:
 * then this one alone is not counted.
 */
void lockout_end(struct attempt *attempt, bool right);

/* What is counted of one user. */
struct lockout_state {
	uint32_t failures;  /* in all places together */
	int64_t until;      /* uptime at which the last lock-out ends; 0: nobody is locked out */
	char from[64];      /* where it is: a remote host, "everywhere", or "this host" */
};

/* All zero when nothing is known.  Reads only. */
void lockout_get(const char *root, const struct settings *settings, uint32_t uid, int64_t uptime,
    struct lockout_state *state);

/* Forgets all failures of a user in all places; *count is how many there were. */
enum fault lockout_forget(const char *root, uint32_t uid, uint32_t *count, struct why *why);

#endif
