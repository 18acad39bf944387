/*
 * ask.c - what is asked of a person, on the terminal or through stdin.
 */
#include "hexa-admin/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>

#include "hexa-admin/print.h"
#include "hexa-admin/signals.h"

void
secret_clear(struct secret *secret)
{
	crypto_wipe(secret, sizeof(*secret));
}

/* What reading a line came to. */
enum reading { READ_LINE, READ_END, READ_NUL, READ_LONG, READ_FAILED };

/* Waits until there is something to read.  False: a signal that is held came first. */
static bool
wait_for_input(int fd, const sigset_t *awake)
{
	struct pollfd input = {.fd = fd, .events = POLLIN};

	while (awake != NULL) {
		if (signals_caught() != 0)
			return false;
		if (ppoll(&input, 1, NULL, awake) > 0 || errno != EINTR)
			break;
	}
	return true;
}

/*
 * Byte by byte, so that what follows the line stays for whoever reads the stream next.  The whole
 * line is read even when it is too long: its rest is no answer to a later question.  `awake` is
 * what signals_block() has given; NULL: nothing is blocked.
 */
static enum reading
read_line(int fd, const sigset_t *awake, char *text, size_t room)
{
	enum reading result = READ_LINE;
	size_t size = 0;

	for (;;) {
		char byte = '\0';
		ssize_t got = wait_for_input(fd, awake) ? read(fd, &byte, 1) : -1;

		if (got < 0)
			return READ_FAILED;
		if (got == 0 && size == 0 && result == READ_LINE)
			result = READ_END;
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
	enum reading reading = read_line(STDIN_FILENO, NULL, secret->text, sizeof(secret->text));

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

/* Asks, and reads a line: a signal that is held ends either. */
static enum reading
read_answer(int fd, const char *question, char *text, size_t room)
{
	enum reading reading;
	sigset_t awake;

	signals_block(&awake);
	prompt(fd, question);
	reading = read_line(fd, &awake, text, room);
	signals_unblock(&awake);
	return reading;
}

/* One line from the terminal with echo off. */
static enum reading
read_hidden(int fd, const char *question, struct secret *secret)
{
	struct signals signals;
	enum reading reading = READ_FAILED;
	struct termios shown, hidden;

	if (tcgetattr(fd, &shown) != 0)
		return READ_FAILED;
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	hidden.c_lflag |= ICANON | ISIG;
	/* What these would do to a terminal that shows nothing waits until it does again. */
	signals_hold(&signals, true);
	if (tcsetattr(fd, TCSAFLUSH, &hidden) == 0) {
		reading = read_answer(fd, question, secret->text, sizeof(secret->text));
		tcsetattr(fd, TCSAFLUSH, &shown);
		prompt(fd, "\n");
	}
	signals_give_back(&signals);
	return reading;
}

static enum fault
ask_once(int fd, const char *which, const char *who, struct secret *secret, struct why *why)
{
	char question[128];

	snprintf(question, sizeof(question), "%s password for %s: ", which, who);
	return secret_judge(read_hidden(fd, question, secret), secret, why);
}

static enum fault
ask_twice(int fd, const char *who, struct secret *secret, struct why *why)
{
	struct secret again = {{0}};
	enum fault fault = ask_once(fd, "New", who, secret, why);

	if (fault == FAULT_NONE)
		fault = secret_judge(read_hidden(fd, "New password again: ", &again), &again, why);
	if (fault == FAULT_NONE && strcmp(secret->text, again.text) != 0)
		fault = why_set(why, FAULT_INVALID, "the two passwords differ");
	secret_clear(&again);
	return fault;
}

static enum fault
no_terminal(struct why *why)
{
	return why_set(why, FAULT_UNAVAILABLE, "there is no terminal to ask on");
}

enum fault
secret_ask_current(const char *who, struct secret *secret, struct why *why)
{
	int fd = terminal_open();
	enum fault fault;

	if (fd < 0)
		return no_terminal(why);
	fault = ask_once(fd, "Current", who, secret, why);
	close(fd);
	return fault;
}

enum fault
secret_ask(const char *who, struct secret *secret, struct why *why)
{
	int fd = terminal_open();
	enum fault fault;

	if (fd < 0)
		return no_terminal(why);
	fault = ask_twice(fd, who, secret, why);
	close(fd);
	return fault;
}

bool
ask_yes(const char *question)
{
	char answer[8], *whole = NULL, *shown = text_shown(question);
	int fd = terminal_open();
	bool yes = false;

	if (fd >= 0 && shown != NULL && asprintf(&whole, "%s [y/N] ", shown) >= 0)
		yes = read_answer(fd, whole, answer, sizeof(answer)) == READ_LINE &&
		    (strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0);
	else
		whole = NULL;
	if (fd >= 0)
		close(fd);
	free(whole);
	free(shown);
	return yes;
}

/* The first letter of the word that the answer is; '\0': none. */
static char
letter_of(const char *answer, const char *const *words)
{
	for (; *words != NULL; words++) {
		const char letter[] = {(*words)[0], '\0'};

		if (strcasecmp(answer, letter) == 0 || strcasecmp(answer, *words) == 0)
			return *letter;
	}
	return '\0';
}

char
ask_word(const char *question, const char *const *words)
{
	char answer[8], letter = '\0';
	int fd = terminal_open();
	enum reading reading;

	while (fd >= 0 && letter == '\0') {
		reading = read_answer(fd, question, answer, sizeof(answer));
		/* The end is all that comes from a terminal that is gone. */
		if (reading == READ_FAILED || reading == READ_END)
			break;
		if (reading == READ_LINE)
			letter = letter_of(answer, words);
	}
	if (fd >= 0)
		close(fd);
	return letter;
}
