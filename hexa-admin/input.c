/*
 * input.c - reading a FILE that the caller names.
 *
 * Behind sudo the caller is not root: root must not read for them what they could not read, and
 * must not hang or act on what they put in a file's place.
 */
#include "hexa-admin/input.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { CHUNK_BYTES = 65536 };

/* O_NONBLOCK: a FIFO that nobody writes to is empty, not a wait without end. */
static int
open_plainly(const char *file)
{
	return open(file, O_RDONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
}

static enum fault
open_file(const struct rights *rights, const char *file, bool pipes, int *fd, struct why *why)
{
	struct rights before = {0};
	struct statfs system;
	struct stat status;
	int opened, error;
	enum fault fault = rights_take(rights, &before, why);

	if (fault != FAULT_NONE)
		return fault;
	opened = open_plainly(file);
	error = errno;
	rights_return(&before);
	if (opened < 0)
		return why_set(why, FAULT_INVALID, "cannot be opened: %s", strerror(error));
	if (fstat(opened, &status) != 0 ||
	    (!S_ISREG(status.st_mode) && !(pipes && S_ISFIFO(status.st_mode)))) {
		close(opened);
		return why_set(why, FAULT_INVALID, "is %s",
		    pipes ? "neither a file nor a pipe" : "no regular file");
	}
	/* What a process may read there of itself is root's of this one: where its memory lies. */
	if (fstatfs(opened, &system) != 0 || system.f_type == PROC_SUPER_MAGIC) {
		close(opened);
		return why_set(why, FAULT_INVALID, "is no file of a disk");
	}
	/* Who is at the other end of a pipe may take their time. */
	fcntl(opened, F_SETFL, fcntl(opened, F_GETFL) & ~O_NONBLOCK);
	*fd = opened;
	return FAULT_NONE;
}

static enum fault
read_all(int fd, size_t max, struct bytes *out, struct why *why)
{
	char *chunk = malloc(CHUNK_BYTES);
	ssize_t got = 0;

	if (chunk == NULL)
		return why_memory(why);
	while (out->size <= max && (got = read(fd, chunk, CHUNK_BYTES)) > 0)
		bytes_put(out, chunk, (size_t)got);
	free(chunk);
	if (got < 0)
		return why_set(why, FAULT_INVALID, "cannot be read: %s", strerror(errno));
	if (out->size > max)
		return why_set(why, FAULT_INVALID, "has more than %zu bytes", max);
	return out->failed ? why_memory(why) : FAULT_NONE;
}

enum fault
input_read_as(const struct rights *rights, const char *file, size_t max, struct bytes *out,
    struct why *why)
{
	int fd;
	enum fault fault = open_file(rights, file, true, &fd, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = read_all(fd, max, out, why);
	close(fd);
	return fault;
}

/* With the status of what is read, where anybody wants it. */
static enum fault
read_open(int fd, size_t max, struct bytes *out, struct stat *status, struct why *why)
{
	struct stat found;

	if (fstat(fd, &found) != 0)
		return why_set(why, FAULT_INVALID, "cannot be read: %s", strerror(errno));
	/* Not read up to there first: holes cost whoever made them nothing. */
	if (S_ISREG(found.st_mode) && (uint64_t)found.st_size > max)
		return why_set(why, FAULT_INVALID, "has more than %zu bytes", max);
	if (status != NULL)
		*status = found;
	return read_all(fd, max, out, why);
}

enum fault
input_read_seen(struct call *call, const char *file, size_t max, struct bytes *out,
    struct stat *status, struct why *why)
{
	bool is_stdin = strcmp(file, "-") == 0;
	struct rights rights = {0};
	enum fault fault;
	int fd;

	call->file = is_stdin ? "stdin" : file;
	if (is_stdin)
		return read_open(STDIN_FILENO, max, out, status, why);
	fault = rights_of_actor(call, &rights, why);
	if (fault == FAULT_NONE)
		fault = open_file(&rights, file, true, &fd, why);
	if (fault == FAULT_NONE) {
		fault = read_open(fd, max, out, status, why);
		close(fd);
	}
	rights_clear(&rights);
	return fault;
}

enum fault
input_read(struct call *call, const char *file, size_t max, struct bytes *out, struct why *why)
{
	return input_read_seen(call, file, max, out, NULL, why);
}

/* Above those that a program has by itself, so that closing it closes none of them. */
static enum fault
stdin_copy(int *fd, struct why *why)
{
	int copy = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	if (copy < 0)
		return why_set(why, FAULT_INVALID, "cannot be read: %s", strerror(errno));
	*fd = copy;
	return FAULT_NONE;
}

enum fault
input_open(struct call *call, const char *file, int *fd, struct why *why)
{
	bool is_stdin = strcmp(file, "-") == 0;
	struct rights rights = {0};
	enum fault fault;

	call->file = is_stdin ? "stdin" : file;
	if (is_stdin)
		return stdin_copy(fd, why);
	fault = rights_of_actor(call, &rights, why);
	if (fault == FAULT_NONE)
		fault = open_file(&rights, file, false, fd, why);
	rights_clear(&rights);
	return fault;
}
