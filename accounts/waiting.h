/*
 * waiting.h - the clock that limits of waiting are counted by, and a pause between two looks.  For the
 * operations of accounts/ alone.
 */
#ifndef HEXA_ACCOUNTS_WAITING_H
#define HEXA_ACCOUNTS_WAITING_H

#include <stdint.h>

/* Of a clock that nobody sets (CLOCK_MONOTONIC), from a beginning that means nothing. */
int64_t milliseconds_now(void);

/* Shorter than a second; a signal may end it before. */
void pause_for(long microseconds);

#endif
