/*
 * hostfile.c - reading and replacing single files of the host's configuration.
 */
#include "accounts/hostfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

/* Bytes of all names, and of one value, of the extended attributes that are carried over. */
enum { ATTRIBUTES_MAX = 4096, ATTRIBUTE_MAX = 65536 };

/* What of a path is put behind the name while the new file is being written. */
#define BESIDE ".hexa-XXXXXX"

enum fault
hostfile_path(const char *root, const char *path, char out[PATH_MAX], struct why *why)
{
	/* What is written beside the file must fit as well. */
	if (strlen(root) + strlen(path) + sizeof(BESIDE) > PATH_MAX)
		return why_set(why, FAULT_INVALID, "the path %s under the --root folder is too long",
		    path);
	snprintf(out, PATH_MAX, "%s%s", root, path);
	return FAULT_NONE;
}

FILE *
hostfile_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat status;
	FILE *file = NULL;
	int error;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &status) == 0 && !S_ISREG(status.st_mode))
		errno = EINVAL;
	else
		file = fdopen(fd, "r");
	error = errno;
	if (file == NULL)
		close(fd);
	errno = error;
	return file;
}

static enum fault
failed(struct why *why, const char *path, const char *what)
{
	return why_set(why, FAULT_UNAVAILABLE, "%s cannot be %s: %s", path, what, strerror(errno));
}

/* ---- reading ------------------------------------------------------------------------------- */

/* Reads at most `size` bytes; less only at the end of the file.  -1 with errno. */
static ssize_t
read_up_to(int fd, char *to, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t part = read(fd, to + done, size - done);

		if (part < 0 && errno == EINTR)
			continue;
		if (part < 0)
			return -1;
		if (part == 0)
			break;
		done += (size_t)part;
	}
	return (ssize_t)done;
}

/*
 * To its end, wherever that is: a file may have grown since it was measured, and one of /proc says
 * 0.  At most max + 1 bytes, of which the last shows that there are too many.  *buffer, with room
 * for a NUL behind what there is of max, is the caller's to free even after a fault.
 */
static enum fault
read_whole(int fd, const char *path, size_t expected, size_t max, char **buffer, size_t *have,
    struct why *why)
{
	size_t room = expected;

	for (;;) {
		char *larger = realloc(*buffer, room + 1);
		ssize_t got;

		if (larger == NULL)
			return why_memory(why);
		*buffer = larger;
		got = read_up_to(fd, larger + *have, room + 1 - *have);
		if (got < 0)
			return failed(why, path, "read");
		*have += (size_t)got;
		if (*have <= room || room == max)
			return FAULT_NONE;
		room = room < max / 2 ? 2 * room + 1 : max;
	}
}

static enum fault
read_open(int fd, const char *path, size_t max, char **text, size_t *size, struct why *why)
{
	struct stat st;
	char *buffer = NULL;
	size_t have = 0;
	enum fault fault;

	if (fstat(fd, &st) < 0)
		return failed(why, path, "read");
	if (!S_ISREG(st.st_mode))
		return why_set(why, FAULT_UNAVAILABLE, "%s is not a regular file", path);
	if (st.st_size < 0 || (size_t)st.st_size > max)
		return why_set(why, FAULT_UNAVAILABLE, "%s is larger than %zu bytes", path, max);
	fault = read_whole(fd, path, (size_t)st.st_size, max, &buffer, &have, why);
	if (fault == FAULT_NONE && have > max)
		fault = why_set(why, FAULT_UNAVAILABLE, "%s is larger than %zu bytes", path, max);
	if (fault != FAULT_NONE) {
		free(buffer);
		return fault;
	}
	buffer[have] = '\0';
	*text = buffer;
	*size = have;
	return FAULT_NONE;
}

enum fault
hostfile_read(const char *root, const char *path, size_t max, char **text, size_t *size,
    struct why *why)
{
	char full[PATH_MAX];
	enum fault fault = hostfile_path(root, path, full, why);
	int fd;

	if (fault != FAULT_NONE)
		return fault;
	fd = open(full, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return why_set(why, FAULT_UNKNOWN, "%s is not there", full);
	if (fd < 0)
		return failed(why, full, "opened");
	fault = read_open(fd, full, max, text, size, why);
	close(fd);
	return fault;
}

/* ---- replacing ----------------------------------------------------------------------------- */

static bool
write_all(int fd, const char *text, size_t size)
{
	while (size > 0) {
		ssize_t part = write(fd, text, size);

		if (part < 0 && errno == EINTR)
			continue;
		if (part < 0)
			return false;
		text += part;
		size -= (size_t)part;
	}
	return true;
}

/*
 * The access list and the security label among them.  A file system without any has nothing to
 * lose.
 */
static bool
copy_attributes(int from, int to)
{
	char names[ATTRIBUTES_MAX];
	char *value;
	ssize_t size = flistxattr(from, names, sizeof(names));
	bool done = true;

	if (size <= 0)
		return size == 0 || errno == ENOTSUP || errno == ENOSYS;
	value = malloc(ATTRIBUTE_MAX);
	if (value == NULL)
		return false;
	for (const char *name = names; name < names + size && done; name += strlen(name) + 1) {
		ssize_t length;

		/* Signatures over the old bytes; the kernel makes its own. */
		if (strcmp(name, "security.ima") == 0 || strcmp(name, "security.evm") == 0)
			continue;
		length = fgetxattr(from, name, value, ATTRIBUTE_MAX);
		done = length >= 0 && fsetxattr(to, name, value, (size_t)length, 0) == 0;
	}
	free(value);
	return done;
}

/*
 * Owner, mode and attributes of `old` for `fd`; -1: there is none, and the mode alone is wanted.
 * The owner first: chown clears mode bits.
 */
static bool
dress(int fd, int old, const struct stat *st)
{
	if (old < 0)
		return fchmod(fd, st->st_mode) == 0;
	return fchown(fd, st->st_uid, st->st_gid) == 0 && fchmod(fd, st->st_mode & 07777) == 0 &&
	    copy_attributes(old, fd);
}

/* The rename is in the folder: it has to reach the disk too. */
static bool
sync_folder(const char *path)
{
	char folder[PATH_MAX];
	char *slash;
	bool done;
	int fd;

	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash == NULL)
		return false;
	slash[1] = '\0';
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	done = fsync(fd) == 0;
	close(fd);
	return done;
}

static enum fault
write_beside(const char *path, int old, const struct stat *st, const char *text, size_t size,
    struct why *why)
{
	char beside[PATH_MAX];
	enum fault fault = FAULT_NONE;
	int fd;

	snprintf(beside, sizeof(beside), "%.*s%s", PATH_MAX - (int)sizeof(BESIDE), path, BESIDE);
	fd = mkostemp(beside, O_CLOEXEC);
	if (fd < 0)
		return failed(why, path, "written beside");
	if (!write_all(fd, text, size) || !dress(fd, old, st) || fsync(fd) < 0)
		fault = failed(why, beside, "written");
	if (close(fd) < 0 && fault == FAULT_NONE)
		fault = failed(why, beside, "written");
	if (fault == FAULT_NONE && rename(beside, path) < 0)
		fault = failed(why, path, "replaced");
	if (fault != FAULT_NONE)
		unlink(beside);
	else if (!sync_folder(path))
		fault = failed(why, path, "synced");
	return fault;
}

/* `mode` 0: the old file's, or 0644. */
static enum fault
put(const char *root, const char *path, const char *text, size_t size, mode_t mode,
    struct why *why)
{
	char full[PATH_MAX];
	enum fault fault = hostfile_path(root, path, full, why);
	struct stat st = { .st_mode = 0644 };
	int old;

	if (fault != FAULT_NONE)
		return fault;
	old = open(full, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
	if (old < 0 && errno == ELOOP)
		return why_set(why, FAULT_UNAVAILABLE,
		    "%s is a symbolic link: whoever manages its target would not know of the change",
		    full);
	if (old < 0 && errno != ENOENT)
		return failed(why, full, "opened");
	if (old >= 0 && (fstat(old, &st) < 0 || !S_ISREG(st.st_mode)))
		fault = why_set(why, FAULT_UNAVAILABLE, "%s is not a regular file", full);
	if (mode != 0)
		st.st_mode = mode;
	if (fault == FAULT_NONE)
		fault = write_beside(full, mode != 0 ? -1 : old, &st, text, size, why);
	if (old >= 0)
		close(old);
	return fault;
}

enum fault
hostfile_replace(const char *root, const char *path, const char *text, size_t size,
    struct why *why)
{
	return put(root, path, text, size, 0, why);
}

enum fault
hostfile_make(const char *root, const char *path, const char *text, size_t size, mode_t mode,
    struct why *why)
{
	return put(root, path, text, size, mode, why);
}

enum fault
hostfile_remove(const char *root, const char *path, struct why *why)
{
	char full[PATH_MAX];
	enum fault fault = hostfile_path(root, path, full, why);

	if (fault != FAULT_NONE)
		return fault;
	if (unlink(full) < 0 && errno != ENOENT)
		return failed(why, full, "removed");
	return sync_folder(full) ? FAULT_NONE : failed(why, full, "synced");
}
