/*
 * attempts.c - the file of failed logins: having it alone, and making it anew.
 *
 * It is kept by a lock on the open file and not by liblmdb's own, whose lock file could be damaged
 * too, and waited for without an end.
 */
#include "accounts/attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts/child.h"
#include "accounts/runfile.h"
#include "accounts/waiting.h"
#include "store/paths.h"

#define FILE_NAME "logins.mdb"
#define BAD_NAME  "logins.mdb.bad"

enum {
	PATH_BYTES = 4096,
	HELD_MILLISECONDS = 3000,  /* how long others may have the file: each has it for one */
	CHILD_MILLISECONDS = 5000, /* and for all of it */
	MEND_MILLISECONDS = 500,
	PAUSE_MICROSECONDS = 500,
};

static bool
put_path(char path[PATH_BYTES], const char *root, const char *name)
{
	int size = snprintf(path, PATH_BYTES, "%s%s%s", root, RUN_FOLDER, name);

	return size >= 0 && size < PATH_BYTES;
}

/* What is at the file's path now, whatever it is; all zero: nothing. */
static struct attempts_identity
look(const char *root)
{
	char path[PATH_BYTES];
	struct stat status;

	if (!put_path(path, root, "/" FILE_NAME) || lstat(path, &status) != 0)
		return (struct attempts_identity){0};
	return (struct attempts_identity){status.st_dev, status.st_ino};
}

static bool
is_same(struct attempts_identity a, struct attempts_identity b)
{
	return a.device == b.device && a.inode == b.inode;
}

bool
attempts_are_there(const char *root)
{
	char path[PATH_BYTES];
	struct stat status;

	return put_path(path, root, "/" FILE_NAME) && lstat(path, &status) == 0 &&
	    !(S_ISREG(status.st_mode) && status.st_size == 0);
}

/* ---- having it alone ----------------------------------------------------------------------- */

/* Tries until it succeeds, or so long. */
static bool
await(bool (*try)(const struct attempts_job *job, int fd), const struct attempts_job *job, int fd,
    int milliseconds)
{
	const int64_t deadline = milliseconds_now() + milliseconds;

	while (!try(job, fd)) {
		if (milliseconds_now() >= deadline)
			return false;
		pause_for(PAUSE_MICROSECONDS);
	}
	return true;
}

static bool
lock_file(const struct attempts_job *job, int fd)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	(void)job;
	return fcntl(fd, F_OFD_SETLK, &whole) == 0;
}

/* Something else that stands where the file is to be. */
static bool
is_no_file(const char *root)
{
	char path[PATH_BYTES];
	struct stat status;

	return put_path(path, root, "/" FILE_NAME) && lstat(path, &status) == 0 &&
	    !S_ISREG(status.st_mode);
}

/* -1, with *why: it cannot be had.  Who waited may find that it is not the file any more. */
static int
hold(struct attempts_job *job, struct why *why)
{
	for (;;) {
		int fd = runfile_open(job->root, FILE_NAME);
		struct stat status;

		job->file = look(job->root);
		if (fd < 0) {
			why_set(why, FAULT_UNAVAILABLE, "%m");
			job->cause = is_no_file(job->root) ? CAUSE_FILE : CAUSE_SYSTEM;
			return -1;
		}
		if (fstat(fd, &status) == 0)
			job->file = (struct attempts_identity){status.st_dev, status.st_ino};
		if (!await(lock_file, job, fd, HELD_MILLISECONDS)) {
			why_set(why, FAULT_UNAVAILABLE, "another process does not let it go");
			job->cause = CAUSE_FILE;
			close(fd);
			return -1;
		}
		if (is_same(job->file, look(job->root)))
			return fd;
		close(fd);
	}
}

/* ---- making it anew ------------------------------------------------------------------------ */

/* Whatever it is, and whatever is where it goes, which is what went there before. */
static bool
put_aside(const struct attempts_job *job)
{
	char path[PATH_BYTES], bad[PATH_BYTES];

	if (!put_path(path, job->root, "/" FILE_NAME) || !put_path(bad, job->root, "/" BAD_NAME))
		return false;
	return rename(path, bad) == 0 || (remove(bad) == 0 && rename(path, bad) == 0);
}

static bool
is_gone(const struct attempts_job *job)
{
	return !is_same(job->bad, look(job->root));
}

static bool
lock_folder_or_gone(const struct attempts_job *job, int fd)
{
	return is_gone(job) || flock(fd, LOCK_EX | LOCK_NB) == 0;
}

static bool
lock_file_or_gone(const struct attempts_job *job, int fd)
{
	return is_gone(job) || lock_file(job, fd);
}

/* To lock it; -1: it is no file, or another by now. */
static int
open_bad(const struct attempts_job *job)
{
	char path[PATH_BYTES];
	struct stat status;
	int fd;

	if (is_no_file(job->root) || !put_path(path, job->root, "/" FILE_NAME))
		return -1;
	fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd >= 0 && (fstat(fd, &status) != 0 ||
	        !is_same(job->bad, (struct attempts_identity){status.st_dev, status.st_ino}))) {
		close(fd);
		return -1;
	}
	return fd;
}

/*
 * One at a time: of two who found it bad, the second must not move aside what the first has made.
 * And not while somebody has it, who would open by its path what is another file by then.
 */
static void
mend(struct attempts_job *job)
{
	char path[PATH_BYTES];
	int folder = put_path(path, job->root, "")
	    ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW) : -1;
	int bad;

	if (folder < 0)
		return;
	await(lock_folder_or_gone, job, folder, MEND_MILLISECONDS);
	bad = open_bad(job);
	if (bad >= 0)
		await(lock_file_or_gone, job, bad, MEND_MILLISECONDS);
	if (!is_gone(job))
		job->moved = put_aside(job);
	if (bad >= 0)
		close(bad);
	close(folder);
}

/* ---- the work ------------------------------------------------------------------------------ */

/* Is there as much as a whole file takes?  What a damaged one asks for has no measure. */
static bool
has_memory(int fd)
{
	enum { WORK_BYTES = 1 << 23 }; /* liblmdb's own for a transaction, twice */
	void *map = mmap(NULL, DB_ALONE_BYTES, PROT_READ, MAP_SHARED, fd, 0);
	void *work = malloc(WORK_BYTES);
	bool has = map != MAP_FAILED && work != NULL;

	free(work);
	if (map != MAP_FAILED)
		munmap(map, DB_ALONE_BYTES);
	return has;
}

static bool
may_write_all(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur >= DB_ALONE_BYTES;
}

static enum attempts_cause
cause_of(int error, int fd)
{
	switch (error) {
	case EACCES:
	case EDQUOT:
	case EIO:
	case EMFILE:
	case ENFILE:
	case ENOSPC:
	case EPERM:
	case EROFS:
		return CAUSE_SYSTEM;
	case EFBIG:
		return may_write_all() ? CAUSE_FILE : CAUSE_SYSTEM;
	case ENOMEM:
		return has_memory(fd) ? CAUSE_FILE : CAUSE_SYSTEM;
	default:
		return CAUSE_FILE;
	}
}

/* With a fault, errno is the system's part in it (db.h). */
static enum fault
work_within(struct attempts_job *job, struct db *db, struct why *why)
{
	int error;
	struct db_txn *txn = NULL;
	enum fault fault = db_begin(db, job->write, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	errno = 0;
	fault = job->work(job, txn, why);
	if (fault == FAULT_NONE && job->write)
		return db_commit(txn, why);
	error = errno;
	db_abort(txn);
	errno = error;
	return fault;
}

/* Held, and open; -1, with *why: not.  By its path another may have come in its place. */
static int
open_held(struct attempts_job *job, struct db **db, struct why *why)
{
	const unsigned flags = DB_ALONE | (job->write ? DB_CREATE : DB_READ_ONLY);
	char path[PATH_BYTES];
	struct stat status;

	put_path(path, job->root, "/" FILE_NAME);
	for (;;) {
		int fd = hold(job, why), error;
		bool same;

		if (fd < 0)
			return -1;
		if (db_open(path, flags, 0600, NULL, 0, db, why) == FAULT_NONE) {
			same = fstat(db_descriptor(*db), &status) == 0 && is_same(job->file,
			    (struct attempts_identity){status.st_dev, status.st_ino});
			if (same)
				return fd;
			db_close(*db);
			*db = NULL;
		} else {
			error = errno;
			same = is_same(job->file, look(job->root));
			if (same)
				job->cause = cause_of(error, fd);
		}
		close(fd);
		if (same)
			return -1;
	}
}

static void
run(void *memory)
{
	struct attempts_job *job = memory;
	struct db *db = NULL;
	struct why why = {0};
	enum fault fault;
	int fd;

	if (job->bad.inode != 0)
		mend(job);
	fd = open_held(job, &db, &why);
	fault = fd < 0 ? FAULT_UNAVAILABLE : work_within(job, db, &why);
	if (fd >= 0 && fault != FAULT_NONE)
		job->cause = cause_of(errno, fd);
	db_close(db);
	if (fd >= 0)
		close(fd);
	job->why = why;
	job->why.fault = fault;
}

static bool
try(struct attempts_job *job)
{
	why_set(&job->why, FAULT_UNAVAILABLE, "it is damaged");
	job->cause = CAUSE_UNKNOWN;
	return child_run(run, job, CHILD_MILLISECONDS) && job->why.fault == FAULT_NONE;
}

bool
attempts_do(struct attempts_job *job, char *note, size_t note_size)
{
	char was[WHY_TEXT_MAX];

	*note = '\0';
	job->bad = (struct attempts_identity){0};
	job->moved = false;
	if (!job->write && !attempts_are_there(job->root))
		return false;
	if (try(job))
		return true;
	/* What has ended one child may have been no matter of the file's. */
	if (job->write && job->cause == CAUSE_UNKNOWN && try(job))
		return true;
	snprintf(was, sizeof(was), "%s", job->why.text);
	if (job->write && job->cause != CAUSE_SYSTEM) {
		job->bad = job->file;
		if (try(job)) {
			if (job->moved)
				snprintf(note, note_size,
				    "failed logins are counted anew: %s/" FILE_NAME " is " BAD_NAME
				    " now: %s", RUN_FOLDER, was);
			return true;
		}
	}
	snprintf(note, note_size, "failed logins cannot be counted: %s/" FILE_NAME ": %s",
	    RUN_FOLDER, job->why.text);
	return false;
}
