/*
 * ask.c - what is asked of a person, on the terminal or through stdin.
 */
#include "hexa-admin/ask.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>

#include "hexa-admin/print.h"

/* What a person's signals would do to a terminal that shows nothing: these wait until it does. */
static const int held_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};

enum { HELD_COUNT = sizeof(held_signals) / sizeof(held_signals[0]) };

void
secret_clear(struct secret *secret)
{
	crypto_wipe(secret, sizeof(*secret));
}

/* What reading a line came to. */
enum reading { READ_LINE, READ_NUL, READ_LONG, READ_FAILED };

/*
 * Byte by byte, so that what follows the line stays for whoever reads the stream next.  The whole
 * line is read even when it is too long: its rest is no answer to a later question.
 */
static enum reading
read_line(int fd, char *text, size_t room)
{
	enum reading result = READ_LINE;
	size_t size = 0;

	for (;;) {
		char byte = '\0';
		ssize_t got = read(fd, &byte, 1);

		if (got < 0)
			return READ_FAILED;
		if (got == 0 || byte == '\n')
			break;
		if (byte == '\0' && result == READ_LINE)
			result = READ_NUL;
		if (size + 1 < room)
			text[size++] = byte;
		else
			result = READ_LONG;
	}
	text[size] = '\0';
	return result;
}

static enum fault
secret_judge(enum reading reading, const struct secret *secret, struct why *why)
{
	if (reading == READ_FAILED)
		return why_set(why, FAULT_UNAVAILABLE, "the password could not be read");
	if (reading == READ_NUL)
		return why_set(why, FAULT_INVALID, "a password cannot hold a NUL byte");
	if (reading == READ_LONG || strlen(secret->text) > PASSWORD_BYTES)
		return why_set(why, FAULT_INVALID, "a password has at most %d bytes",
		    PASSWORD_BYTES);
	return FAULT_NONE;
}

enum fault
secret_read(struct secret *secret, struct why *why)
{
	enum reading reading = read_line(STDIN_FILENO, secret->text, sizeof(secret->text));

	return secret_judge(reading, secret, why);
}

static int
terminal_open(void)
{
	return open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
}

bool
ask_possible(void)
{
	int fd = terminal_open();

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/* A prompt that cannot be written is noticed by the answer that does not come. */
static void
prompt(int fd, const char *text)
{
	ssize_t written = write(fd, text, strlen(text));

	(void)written;
}

static volatile sig_atomic_t caught;

static void
note_signal(int number)
{
	caught = number;
}

/* Signals interrupt the read instead of ending the process, until signals_give_back(). */
static void
signals_hold(struct sigaction saved[HELD_COUNT])
{
	struct sigaction note = {.sa_handler = note_signal};

	caught = 0;
	sigemptyset(&note.sa_mask);
	for (int i = 0; i < HELD_COUNT; i++)
		sigaction(held_signals[i], &note, &saved[i]);
}

/* The signal that came meanwhile now does what it would have done. */
static void
signals_give_back(const struct sigaction saved[HELD_COUNT])
{
	int number = caught;

	for (int i = 0; i < HELD_COUNT; i++)
		sigaction(held_signals[i], &saved[i], NULL);
	if (number != 0)
		raise(number);
}

/* One line from the terminal with echo off. */
static enum reading
read_hidden(int fd, const char *question, struct secret *secret)
{
	struct sigaction saved[HELD_COUNT];
	enum reading reading = READ_FAILED;
	struct termios shown, hidden;

	if (tcgetattr(fd, &shown) != 0)
		return READ_FAILED;
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	hidden.c_lflag |= ICANON | ISIG;
	signals_hold(saved);
	if (tcsetattr(fd, TCSAFLUSH, &hidden) == 0) {
		prompt(fd, question);
		if (caught == 0)
			reading = read_line(fd, secret->text, sizeof(secret->text));
		tcsetattr(fd, TCSAFLUSH, &shown);
		prompt(fd, "\n");
	}
	signals_give_back(saved);
	return reading;
}

static enum fault
ask_twice(int fd, const char *who, struct secret *secret, struct why *why)
{
	struct secret again = {{0}};
	char question[128];
	enum fault fault;

	snprintf(question, sizeof(question), "New password for %s: ", who);
	fault = secret_judge(read_hidden(fd, question, secret), secret, why);
	if (fault == FAULT_NONE)
		fault = secret_judge(read_hidden(fd, "Again: ", &again), &again, why);
	if (fault == FAULT_NONE && strcmp(secret->text, again.text) != 0)
		fault = why_set(why, FAULT_INVALID, "the two passwords differ");
	secret_clear(&again);
	return fault;
}

enum fault
secret_ask(const char *who, struct secret *secret, struct why *why)
{
	int fd = terminal_open();
	enum fault fault;

	if (fd < 0)
		return why_set(why, FAULT_UNAVAILABLE, "there is no terminal to ask on");
	fault = ask_twice(fd, who, secret, why);
	close(fd);
	return fault;
}

bool
ask_yes(const char *question)
{
	char answer[8], *shown = text_shown(question);
	int fd = terminal_open();
	bool yes;

	if (fd < 0 || shown == NULL) {
		free(shown);
		return false;
	}
	prompt(fd, shown);
	prompt(fd, " [y/N] ");
	free(shown);
	yes = read_line(fd, answer, sizeof(answer)) == READ_LINE &&
	    (strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0);
	close(fd);
	return yes;
}
