/*
 * terminal_fixture.h - a process with a terminal of its own, whose other end is read until what is
 * awaited stands there and only then answered.
 */
#ifndef HEXA_TESTS_TERMINAL_FIXTURE_H
#define HEXA_TESTS_TERMINAL_FIXTURE_H

#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { WAIT_MS = 120000, SCREEN_BYTES = 16384 };

struct terminal {
	int fd;
	pid_t pid;
	char screen[SCREEN_BYTES]; /* all that was shown so far */
	size_t size;
};

static inline void
terminal_open_for(struct terminal *terminal, int (*what)(void))
{
	memset(terminal, 0, sizeof(*terminal));
	terminal->pid = forkpty(&terminal->fd, NULL, NULL, NULL);
	assert_true(terminal->pid >= 0);
	if (terminal->pid == 0)
		_exit(what());
}

/* Reads what is shown until `text` stands there. */
static inline void
await(struct terminal *terminal, const char *text)
{
	struct pollfd poll_fd = {.fd = terminal->fd, .events = POLLIN};

	while (strstr(terminal->screen, text) == NULL) {
		ssize_t got;

		assert_int_equal(poll(&poll_fd, 1, WAIT_MS), 1);
		got = read(terminal->fd, terminal->screen + terminal->size,
		    sizeof(terminal->screen) - 1 - terminal->size);
		assert_true(got > 0);
		terminal->size += (size_t)got;
	}
}

static inline void
type(struct terminal *terminal, const char *text)
{
	assert_int_equal(write(terminal->fd, text, strlen(text)), (ssize_t)strlen(text));
}

/* Waits for the end, reading what is still shown so that the process never waits for us. */
static inline int
finish(struct terminal *terminal)
{
	struct pollfd poll_fd = {.fd = terminal->fd, .events = POLLIN};
	ssize_t got;
	int status;

	do {
		assert_int_equal(poll(&poll_fd, 1, WAIT_MS), 1);
		got = read(terminal->fd, terminal->screen + terminal->size,
		    sizeof(terminal->screen) - 1 - terminal->size);
		if (got > 0)
			terminal->size += (size_t)got;
	} while (got > 0);
	assert_int_equal(waitpid(terminal->pid, &status, 0), terminal->pid);
	close(terminal->fd);
	return status;
}

#endif
