/*
 * backup_file.c - where the FILE of a backup may stand, and how it comes there.
 *
 * Its path is typed by a person.  Whoever may change one of its folders could put a link or a file
 * of theirs in the place of root's at any moment.  So each of them must be root's alone, and a file
 * outside of the private folder is only ever read and written by its descriptor, by code of ours.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/backup_parts.h"

enum { CHUNK_BYTES = 1 << 20 };

enum fault
copy_bytes(int from, int to, const char *path, uint64_t most, struct why *why)
{
	char *chunk = malloc(CHUNK_BYTES);
	enum fault fault = chunk == NULL ? why_memory(why) : FAULT_NONE;
	ssize_t got = 0, put = 0;

	while (fault == FAULT_NONE && most > 0 &&
	    (got = read(from, chunk, most < CHUNK_BYTES ? (size_t)most : CHUNK_BYTES)) > 0) {
		most -= (uint64_t)got;
		for (ssize_t at = 0; fault == FAULT_NONE && at < got; at += put) {
			put = write(to, chunk + at, (size_t)(got - at));
			if (put <= 0)
				fault = system_fault(path, why);
		}
	}
	if (fault == FAULT_NONE && got < 0)
		fault = why_set(why, FAULT_INVALID, "cannot be read: %s", strerror(errno));
	free(chunk);
	return fault;
}

/* ---- the folders --------------------------------------------------------------------------- */

/* In a sticky folder, as /tmp is, nobody moves or removes what is root's but the folder's owner. */
static bool
is_roots(const struct stat *status)
{
	return status->st_uid == 0 &&
	    ((status->st_mode & 022) == 0 || (status->st_mode & S_ISVTX) != 0);
}

static enum fault
refuse(int folder, struct why *why)
{
	char link[64], name[PATH_MAX];
	ssize_t size;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", folder);
	size = readlink(link, name, sizeof(name) - 1);
	name[size < 0 ? 0 : size] = '\0';
	why_set(why, FAULT_INVALID,
	    "others than root may write to the folder %.300s, and put something else in its place; "
	    "name a folder that only root may write to", name);
	why_mend(why, "hexa-admin backup /root/hexa.backup");
	return FAULT_INVALID;
}

static enum fault
open_fault(struct why *why)
{
	return why_set(why, FAULT_INVALID, "cannot be made: %s", strerror(errno));
}

/* This folder and all in which it lies. */
static enum fault
check_upwards(int folder, struct why *why)
{
	int at = fcntl(folder, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	enum fault fault = FAULT_NONE;
	bool is_top = false;
	struct stat here, above;

	while (fault == FAULT_NONE && !is_top) {
		int up = at < 0 ? -1 : openat(at, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);

		if (up < 0 || fstat(at, &here) != 0 || fstat(up, &above) != 0)
			fault = open_fault(why);
		else if (!is_roots(&here))
			fault = refuse(at, why);
		else
			is_top = here.st_dev == above.st_dev && here.st_ino == above.st_ino;
		if (at >= 0)
			close(at);
		at = up;
	}
	if (at >= 0)
		close(at);
	return fault;
}

static enum fault
check_folder(const char *path, struct why *why)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	enum fault fault = fd < 0 ? open_fault(why) : check_upwards(fd, why);

	if (fd >= 0)
		close(fd);
	return fault;
}

/*
 * Each folder that the path goes through, from its beginning on, so that what comes next stands
 * still: where one is a link, that in which the link lies, and that to which it leads.
 */
static enum fault
check_path(const char *path, struct why *why)
{
	char *copy = strdup(path), *at = copy;
	enum fault fault =
	    copy == NULL ? why_memory(why) : check_folder(*path == '/' ? "/" : ".", why);

	while (fault == FAULT_NONE && (at = strchr(at + 1, '/')) != NULL) {
		*at = '\0';
		fault = check_folder(copy, why);
		*at = '/';
	}
	free(copy);
	return fault;
}

/* Nothing may stand in a folder of Hexa's own but what Hexa puts there. */
static bool
is_own_folder(const char *root, int folder)
{
	static const char *const folders[] = {PRIVATE_FOLDER, DIRECTORY_FOLDER, DOCUMENTS_FOLDER};
	bool is = false;

	for (size_t i = 0; !is && i < sizeof(folders) / sizeof(folders[0]); i++) {
		char *own = path_under(root, folders[i]);
		struct stat one, other;

		is = own == NULL || (stat(own, &one) == 0 && fstat(folder, &other) == 0 &&
		    one.st_dev == other.st_dev && one.st_ino == other.st_ino);
		free(own);
	}
	return is;
}

static enum fault
open_folder(const char *root, const char *path, struct backup_place *place, struct why *why)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == NULL ? strdup(".")
	    : strndup(path, slash == path ? 1 : (size_t)(slash - path));
	enum fault fault = folder == NULL ? why_memory(why) : FAULT_NONE;

	if (fault == FAULT_NONE) {
		place->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (place->folder < 0)
			fault = open_fault(why);
		else if (is_own_folder(root, place->folder))
			fault = why_set(why, FAULT_INVALID, "lies in a folder of Hexa's own");
	}
	if (fault == FAULT_NONE)
		fault = check_path(path, why);
	if (fault == FAULT_NONE)
		fault = check_upwards(place->folder, why);
	free(folder);
	return fault;
}

/* ---- the file ------------------------------------------------------------------------------ */

static enum fault
check_there(const struct backup_place *place, bool replace, struct why *why)
{
	struct stat status;
	int fd;
	bool is;

	if (fstatat(place->folder, place->name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? FAULT_NONE
		                       : why_set(why, FAULT_INVALID, "%s", strerror(errno));
	if (!S_ISREG(status.st_mode))
		return why_set(why, FAULT_INVALID, "is not a regular file");
	if (replace)
		return FAULT_NONE;
	fd = openat(place->folder, place->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	is = fd >= 0 && is_backup(fd);
	if (fd >= 0)
		close(fd);
	return is ? FAULT_NONE
	          : why_set(why, FAULT_CONFLICT, "is there, and is no backup; --yes replaces it");
}

enum fault
backup_place_open(const char *root, const char *path, bool replace, struct backup_place *place,
    struct why *why)
{
	const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
	struct backup_place fresh = {.path = path, .folder = -1, .fd = -1};
	enum fault fault = FAULT_NONE;

	if (name[0] == '\0')
		return why_set(why, FAULT_INVALID, "is not the name of a file");
	fresh.name = strdup(name);
	if (asprintf(&fresh.fresh, "%s.hexa-new", name) < 0)
		fresh.fresh = NULL;
	if (fresh.name == NULL || fresh.fresh == NULL)
		fault = why_memory(why);
	if (fault == FAULT_NONE)
		fault = open_folder(root, path, &fresh, why);
	if (fault == FAULT_NONE)
		fault = check_there(&fresh, replace, why);
	if (fault == FAULT_NONE)
		*place = fresh;
	else
		backup_place_close(&fresh);
	return fault;
}

enum fault
backup_place_copy(struct backup_place *place, int from, struct why *why)
{
	/* What one that was killed has left. */
	if (unlinkat(place->folder, place->fresh, 0) != 0 && errno != ENOENT)
		return open_fault(why);
	place->fd = openat(place->folder, place->fresh,
	    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (place->fd < 0)
		return open_fault(why);
	if (fchmod(place->fd, 0600) != 0 || lseek(from, 0, SEEK_SET) != 0)
		return system_fault(place->path, why);
	return copy_bytes(from, place->fd, place->path, UINT64_MAX, why);
}

/* Is the name still that of the file that was written? */
static bool
is_ours(const struct backup_place *place)
{
	struct stat one, other;

	return fstat(place->fd, &one) == 0 &&
	    fstatat(place->folder, place->fresh, &other, AT_SYMLINK_NOFOLLOW) == 0 &&
	    one.st_dev == other.st_dev && one.st_ino == other.st_ino && one.st_nlink == 1;
}

enum fault
backup_place_end(struct backup_place *place, struct why *why)
{
	if (fsync(place->fd) != 0)
		return system_fault(place->path, why);
	if (!is_ours(place))
		return why_set(why, FAULT_CONFLICT, "somebody else is at work in its folder");
	if (renameat(place->folder, place->fresh, place->folder, place->name) != 0 ||
	    fsync(place->folder) != 0)
		return system_fault(place->path, why);
	return FAULT_NONE;
}

void
backup_place_close(struct backup_place *place)
{
	if (place->fd >= 0 && is_ours(place))
		unlinkat(place->folder, place->fresh, 0);
	if (place->fd >= 0)
		close(place->fd);
	if (place->folder >= 0)
		close(place->folder);
	free(place->name);
	free(place->fresh);
	*place = (struct backup_place){.folder = -1, .fd = -1};
}
