/*
 * signals.h - a person's signals, held back while something must not be left as it is: a terminal
 * that shows nothing, a copy of the policy in /tmp.
 */
#ifndef HEXA_ADMIN_SIGNALS_H
#define HEXA_ADMIN_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/* How many are held, and how many of these end the process; the other is ^Z's. */
enum { SIGNALS_ENDING = 4, SIGNALS_HELD = 5 };

struct signals {
	struct sigaction saved[SIGNALS_HELD];
	int outer; /* what a holding around this one has caught */
	int count;
};

/*
 * From here on these signals interrupt what waits instead of ending the process, and are noted;
 * with `stops` ^Z too.  Holdings nest.
 */
void signals_hold(struct signals *signals, bool stops);

/* The signal that came last since it was held; 0: none. */
int signals_caught(void);

/*
 * Blocks them all until signals_unblock(), which is given the mask of before: for a wait that looks
 * at signals_caught(), and then lets them through with ppoll(2), so that none comes in between.
 */
void signals_block(sigset_t *before);
void signals_unblock(const sigset_t *before);

/* As it was before: a signal that came meanwhile now does what it would have done. */
void signals_give_back(const struct signals *signals);

#endif
