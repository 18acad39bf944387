/*
 * pace.h - how often an ordinary user may write to the database of everybody.  For the operations
 * of accounts/ alone.
 *
 * Each write takes the host's one writer and adds to a journal that nothing is ever taken out of.
 * Somebody who sits down and puts their account in order is not held up; somebody who lets a
 * program do it is.
 */
#ifndef HEXA_ACCOUNTS_PACE_H
#define HEXA_ACCOUNTS_PACE_H

#include <stdint.h>

#include "policy/fault.h"

/* So many at once, and then one in so many seconds. */
enum { PACE_BURST = 10, PACE_SECONDS = 120 };

/*
 * Counts one write by this uid at `now`.  FAULT_CONFLICT: it comes too soon, and is not counted;
 * the sentence says from when on.  FAULT_UNAVAILABLE: the count (RUN_FOLDER/self-edits) cannot be
 * had; not to know how often is as often as can be.  A clock that was set back holds nobody up for
 * longer than PACE_BURST * PACE_SECONDS.
 */
enum fault pace_take(const char *root, uint32_t uid, int64_t now, struct why *why);

#endif
