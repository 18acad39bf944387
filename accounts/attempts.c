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
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "accounts/child.h"
#include "accounts/runfile.h"
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

static int64_t
milliseconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Tries until it succeeds, or so long. */
static bool
await(bool (*try)(int fd), int fd, int milliseconds)
{
	static const struct timespec pause = {.tv_nsec = PAUSE_MICROSECONDS * 1000};
	const int64_t deadline = milliseconds_now() + milliseconds;

	while (!try(fd)) {
		if (milliseconds_now() >= deadline)
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}

static bool
lock_file(int fd)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	return fcntl(fd, F_OFD_SETLK, &whole) == 0;
}

static bool
lock_folder(int fd)
{
	return flock(fd, LOCK_EX | LOCK_NB) == 0;
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
			return -1;
		}
		if (fstat(fd, &status) == 0)
			job->file = (struct attempts_identity){status.st_dev, status.st_ino};
		if (!await(lock_file, fd, HELD_MILLISECONDS)) {
			why_set(why, FAULT_UNAVAILABLE, "another process does not let it go");
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

/*
 * One at a time: of two who found it bad, the second must not move aside what the first has made.
 */
static void
mend(struct attempts_job *job)
{
	char path[PATH_BYTES];
	int folder = put_path(path, job->root, "")
	    ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW) : -1;

	if (folder < 0)
		return;
	await(lock_folder, folder, MEND_MILLISECONDS);
	if (is_same(job->bad, look(job->root)))
		job->moved = put_aside(job);
	close(folder);
}

/* ---- the work ------------------------------------------------------------------------------ */

static enum fault
work_within(struct attempts_job *job, struct db *db, struct why *why)
{
	struct db_txn *txn = NULL;
	enum fault fault = db_begin(db, job->write, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = job->work(job, txn, why);
	if (fault == FAULT_NONE && job->write)
		return db_commit(txn, why);
	db_abort(txn);
	return fault;
}

static void
run(void *memory)
{
	struct attempts_job *job = memory;
	const unsigned flags = DB_ALONE | (job->write ? DB_CREATE : DB_READ_ONLY);
	char path[PATH_BYTES];
	struct db *db = NULL;
	struct why why = {0};
	enum fault fault;
	int fd;

	if (job->bad.inode != 0)
		mend(job);
	why_set(&job->why, FAULT_UNAVAILABLE, "it is damaged");
	fd = hold(job, &job->why);
	if (fd < 0)
		return;
	put_path(path, job->root, "/" FILE_NAME);
	fault = db_open(path, flags, 0600, NULL, 0, &db, &why);
	if (fault == FAULT_NONE)
		fault = work_within(job, db, &why);
	db_close(db);
	close(fd);
	job->why = why;
	job->why.fault = fault;
}

static bool
try(struct attempts_job *job)
{
	why_set(&job->why, FAULT_UNAVAILABLE, "it is damaged");
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
	snprintf(was, sizeof(was), "%s", job->why.text);
	if (job->write) {
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
