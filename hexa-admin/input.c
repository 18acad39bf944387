/*
 * input.c - reading a FILE that the caller names.
 *
 * Behind sudo the caller is not root: root must not read for them what they could not read, and
 * must not hang or act on what they put in a file's place.
 */
#include "hexa-admin/input.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What this process may, before it lays that down and after it takes it up again. */
struct rights {
	uid_t uid;
	gid_t gid;
	gid_t *groups;
	int count;
};

enum { CHUNK_BYTES = 65536 };

/* The groups that getgrouplist(3) knows, the record's own gid among them. */
static bool
groups_of(const struct user *user, struct rights *rights)
{
	int count = 64;

	do {
		gid_t *grown = reallocarray(rights->groups, (size_t)count, sizeof(*grown));

		if (grown == NULL)
			return false;
		rights->groups = grown;
		rights->count = count;
	} while (getgrouplist(user->name, user->gid, rights->groups, &count) < 0 &&
	    count > rights->count);
	rights->count = count;
	return true;
}

/* What the person whose rights count may do. */
static enum fault
rights_of_actor(struct call *call, struct rights *rights, struct why *why)
{
	struct user user = {0};
	struct txn *txn;
	enum fault fault;

	fault = store_read_begin(call->admin.store, &txn, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = user_get(txn, call->admin.self, &user, why);
	store_end(txn);
	if (fault == FAULT_NONE && !groups_of(&user, rights))
		fault = why_memory(why);
	rights->uid = user.uid;
	rights->gid = user.gid;
	user_clear(&user);
	return fault;
}

static bool
rights_now(struct rights *rights)
{
	rights->uid = geteuid();
	rights->gid = getegid();
	rights->count = getgroups(0, NULL);
	if (rights->count < 0)
		return false;
	rights->groups = calloc((size_t)rights->count + 1, sizeof(*rights->groups));
	return rights->groups != NULL && getgroups(rights->count, rights->groups) == rights->count;
}

/* Needs an effective root before, and leaves one only if `rights` are root's. */
static bool
rights_take(const struct rights *rights)
{
	return setgroups((size_t)rights->count, rights->groups) == 0 &&
	    setegid(rights->gid) == 0 && seteuid(rights->uid) == 0;
}

/* Back to root, whose real uid this process never lost; half a way back is no way to go on. */
static void
rights_return(const struct rights *rights)
{
	if (seteuid(rights->uid) != 0 || setegid(rights->gid) != 0 ||
	    setgroups((size_t)rights->count, rights->groups) != 0)
		abort();
}

/* O_NONBLOCK: a FIFO that nobody writes to is empty, not a wait without end. */
static int
open_plainly(const char *file)
{
	return open(file, O_RDONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
}

static enum fault
open_as_actor(struct call *call, const char *file, int *fd, int *error, struct why *why)
{
	struct rights root = {0}, actor = {0};
	enum fault fault = rights_of_actor(call, &actor, why);

	if (fault == FAULT_NONE && !rights_now(&root))
		fault = why_memory(why);
	if (fault == FAULT_NONE) {
		*fd = rights_take(&actor) ? open_plainly(file) : -1;
		*error = errno;
		rights_return(&root);
	}
	free(actor.groups);
	free(root.groups);
	return fault;
}

static enum fault
open_file(struct call *call, const char *file, int *fd, struct why *why)
{
	enum fault fault = FAULT_NONE;
	struct stat status;
	int opened = -1, error = 0;

	if (call->admin.is_root) {
		opened = open_plainly(file);
		error = errno;
	} else {
		fault = open_as_actor(call, file, &opened, &error, why);
	}
	if (fault != FAULT_NONE)
		return fault;
	if (opened < 0)
		return why_set(why, FAULT_INVALID, "cannot be opened: %s", strerror(error));
	if (fstat(opened, &status) != 0 ||
	    (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))) {
		close(opened);
		return why_set(why, FAULT_INVALID, "is neither a file nor a pipe");
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
input_read(struct call *call, const char *file, size_t max, struct bytes *out, struct why *why)
{
	bool is_stdin = strcmp(file, "-") == 0;
	int fd = STDIN_FILENO;
	enum fault fault = FAULT_NONE;

	call->file = is_stdin ? "stdin" : file;
	if (!is_stdin)
		fault = open_file(call, file, &fd, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = read_all(fd, max, out, why);
	if (!is_stdin)
		close(fd);
	return fault;
}
