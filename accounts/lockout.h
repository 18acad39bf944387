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

#include "policy/failures.h"
#include "policy/fault.h"
#include "policy/settings.h"

/* The clock that failures are counted by: seconds since the host was started. */
int64_t lockout_uptime(void);

/*
 * Who is guessed at, and from where.  Where is `own`, else the remote host as text (of an IPv6
 * address the network, its first 64 bits, which is one subscriber's), else this host and `invoker`;
 * with lockout.scope everywhere all of these are one.
 */
struct lockout_place {
	uint32_t uid;      /* of the user; 0: what was typed is nobody's, and `name` counts */
	const char *name;  /* as typed */
	const char *rhost; /* PAM_RHOST, never resolved; "": from this host, by `invoker` */
	uint32_t invoker;  /* the real uid of the program that asks for the password */
	bool own;          /* an ordinary user's program asks, about its user: counted apart */
};

enum { LOCKOUT_KEY_BYTES = 24, LOCKOUT_NOTE_BYTES = 768 };

/* One password on its way through. */
struct attempt {
	bool locked;  /* refused, whatever the password is: too many failures, or too soon after one */
	uint32_t failures; /* that counted before this one */
	char note[LOCKOUT_NOTE_BYTES]; /* for the log, of the last call: that the file had to be
	                                  made anew, or that nothing is counted; "": nothing */
	/* lockout.c's own. */
	const char *root;
	unsigned char key[LOCKOUT_KEY_BYTES];
	int turn;
	bool counted;
	enum attempted attempted;
	uint32_t limit;
};

/*
 * Waits for this user's and place's turn, so that of many at once none slips through; counts a
 * failure, which lockout_end() takes back; and says whether the password counts at all.  Costs as
 * much for nobody's name as for a user's.  `uptime` is lockout_uptime() of now.  `root` must
 * outlive the attempt, `settings` need not.
 * FAULT_UNAVAILABLE: the turn did not come within `milliseconds`.  Nothing is counted then, and the
 * attempt is over.
 */
enum fault lockout_begin(const char *root, const struct settings *settings,
    const struct lockout_place *place, int64_t uptime, int milliseconds, struct attempt *attempt,
    struct why *why);

/*
 * `right`: it was the password.  Then the failures are forgotten, unless the attempt was locked:
 * then this one alone is not counted.  Costs the same either way, so that how long a refusal took
 * does not tell whether the password was right.
 */
void lockout_end(struct attempt *attempt, bool right);

/* Is this user locked out there now?  Not by a back-off.  Reads only; false: or not known. */
bool lockout_holds(const char *root, const struct settings *settings,
    const struct lockout_place *place, int64_t uptime);

/* What is counted of one user. */
struct lockout_state {
	uint32_t failures;  /* in all places together */
	int64_t until;      /* uptime at which the last lock-out ends; 0: nobody is locked out */
	uint32_t places;    /* that are locked out now */
	char from[64];      /* where the last is: a remote host, "everywhere", or "this host" */
};

/* All zero when nothing is known.  Reads only. */
void lockout_get(const char *root, const struct settings *settings, uint32_t uid, int64_t uptime,
    struct lockout_state *state);

/*
 * The same of all users, as it was in one moment: for lists.  NULL when nothing is known, of which
 * lockouts_get() says all zero; lockouts_free() takes it too.
 */
struct lockouts;
struct lockouts *lockouts_read(const char *root, const struct settings *settings, int64_t uptime);
void lockouts_get(const struct lockouts *lockouts, uint32_t uid, struct lockout_state *state);
void lockouts_free(struct lockouts *lockouts);

/*
 * Forgets all failures of a user in all places; *count is how many there were, those that counted
 * no more among them.  FAULT_UNAVAILABLE: it could not be done.
 */
enum fault lockout_forget(const char *root, uint32_t uid, uint32_t *count, struct why *why);

#endif
