/*
 * signals.c - a person's signals, held back for a while.
 */
#include "hexa-admin/signals.h"

#include <stddef.h>

static const int held[SIGNALS_HELD] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};

static volatile sig_atomic_t caught;

static void
note_signal(int number)
{
	caught = number;
}

void
signals_hold(struct signals *signals, bool stops)
{
	struct sigaction note = {.sa_handler = note_signal};

	sigemptyset(&note.sa_mask);
	signals->outer = caught;
	signals->count = stops ? SIGNALS_HELD : SIGNALS_ENDING;
	caught = 0;
	for (int i = 0; i < signals->count; i++)
		sigaction(held[i], &note, &signals->saved[i]);
}

int
signals_caught(void)
{
	return caught;
}

void
signals_block(sigset_t *before)
{
	sigset_t blocked;

	sigemptyset(&blocked);
	for (int i = 0; i < SIGNALS_HELD; i++)
		sigaddset(&blocked, held[i]);
	sigprocmask(SIG_BLOCK, &blocked, before);
}

void
signals_unblock(const sigset_t *before)
{
	sigprocmask(SIG_SETMASK, before, NULL);
}

void
signals_give_back(const struct signals *signals)
{
	int number = caught;

	caught = signals->outer;
	for (int i = 0; i < signals->count; i++)
		sigaction(held[i], &signals->saved[i], NULL);
	if (number != 0)
		raise(number);
}
