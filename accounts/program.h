/*
 * program.h - running one of the host's own programs.
 */
#ifndef HEXA_ACCOUNTS_PROGRAM_H
#define HEXA_ACCOUNTS_PROGRAM_H

#include <stdbool.h>

#include "policy/bytes.h"
#include "policy/fault.h"

/* What a program said, in bytes with the final NUL; the rest is dropped. */
enum { PROGRAM_SAID_MAX = 256 };

/* Seconds after which it is ended. */
enum { PROGRAM_LIMIT = 120 };

/*
 * Runs argv[0], an absolute path, within `root` ("": this host; else after chroot), with nothing
 * of the caller's: a fixed environment, / as its folder, no descriptor but /dev/null to read and
 * a pipe to write to, default signals, a session of its own.  No shell has a part in it.
 *
 * FAULT_NONE: it exited with 0.  FAULT_UNAVAILABLE: it could not be run, said no, or took too long;
 * the reason has the first line it said.  What it did is the caller's to look at: an exit status is
 * only a program's word.
 */
enum fault program_run(const char *root, const char *const argv[], struct why *why);

/* Is there a program of this absolute path under `root`? */
bool program_is_there(const char *root, const char *path);

/* A text that a program is given to read, and where it will find it: "/proc/self/fd/9". */
struct program_text {
	const void *data;
	size_t size;
	int fd;        /* program_output()'s own */
	char path[32]; /* filled in by program_text_open() */
};

/* Puts the text where a program can read it.  FAULT_UNAVAILABLE; ended by program_text_close(). */
enum fault program_text_open(struct program_text *text, struct why *why);
void program_text_close(struct program_text *text);

/*
 * As program_run(), with `count` texts that are open, for a program whose answer is what it writes:
 * all of it, standard error too, comes into *output, which is to be empty.  *status is what it
 * exited with.  FAULT_UNAVAILABLE: it could not be run, was ended, took too long, or wrote more
 * than `max` bytes.
 */
enum fault program_output(const char *root, const char *const argv[],
    const struct program_text *text, size_t count, size_t max, struct bytes *output, int *status,
    struct why *why);

/*
 * As program_run() on this host, for a program that reads `size` bytes of data on its standard
 * input and may leave another at work.  It is ended after so many seconds.  What it was given to
 * read is wiped when it is done.
 */
enum fault program_feed(const char *const argv[], const void *data, size_t size, int seconds,
    struct why *why);

#endif
