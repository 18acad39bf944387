/*
 * host_sources.c - asking NSS about a name or an id, and leaving out what Hexa itself answers.
 */
#include "accounts/host_sources.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/hostfile.h"
#include "accounts/nsswitch.h"
#include "directory/directory.h"
#include "directory/image.h"

/* What is asked for: a name, or (NULL) an id. */
struct wanted {
	const char *name;
	unsigned id;
};

/*
 * Bytes for one record: most fit into the first, and a group of a hundred thousand members into the
 * last.
 */
enum { RECORD_FIRST = 4096, RECORD_MAX = 4 * 1024 * 1024 };

struct record {
	char *buffer;
	size_t size;
};

static bool
record_grow(struct record *record)
{
	size_t size = record->size == 0 ? RECORD_FIRST : record->size * 4;
	char *larger;

	if (record->size >= RECORD_MAX)
		return false;
	larger = realloc(record->buffer, size);
	if (larger == NULL)
		return false;
	record->buffer = larger;
	record->size = size;
	return true;
}

/* Returns 0 and *found, or an errno; ERANGE asks for a larger record. */
typedef int look(const struct wanted *wanted, struct record *record, bool *found);

static enum fault
look_up(look *where, const struct wanted *wanted, bool *found, struct why *why)
{
	struct record record = {0};
	int error = ERANGE;

	while (error == ERANGE && record_grow(&record))
		error = where(wanted, &record, found);
	free(record.buffer);
	if (error == 0)
		return FAULT_NONE;
	return why_set(why, FAULT_UNAVAILABLE, "the host's users and groups cannot be read: %s",
	    strerror(error));
}

/* ---- what is Hexa's own -------------------------------------------------------------------- */

/* Hexa's own directory, which is one of nsswitch.conf's sources, and is not to count. */
static struct directory published = {.path = DIRECTORY_FILE};

static bool
is_own_user(const struct passwd *entry, struct record *record)
{
	struct passwd own;
	uid_t uid = entry->pw_uid;
	gid_t gid = entry->pw_gid;
	char name[256];

	/* The answer stands in the buffer that the next one needs. */
	if (snprintf(name, sizeof(name), "%s", entry->pw_name) >= (int)sizeof(name))
		return false;
	return directory_user_by_name(&published, name, &own, record->buffer, record->size) ==
	    LOOKUP_FOUND &&
	    own.pw_uid == uid && own.pw_gid == gid;
}

static bool
is_own_group(const struct group *entry, struct record *record)
{
	struct group own;
	gid_t gid = entry->gr_gid;
	char name[256];

	if (snprintf(name, sizeof(name), "%s", entry->gr_name) >= (int)sizeof(name))
		return false;
	return directory_group_by_name(&published, name, &own, record->buffer, record->size) ==
	    LOOKUP_FOUND &&
	    own.gr_gid == gid;
}

/*
 * What getpwnam_r(3) and its kin return for somebody whom no source knows is no error.  The last
 * source's failure is the whole answer's: Hexa is last, and its own failure, `own`, says nothing
 * here.
 */
static int
real_error(int error, enum lookup own)
{
	if (error == ENOENT || error == ESRCH)
		return 0;
	if ((own == LOOKUP_UNAVAILABLE && error == EIO) || (own == LOOKUP_AGAIN && error == EAGAIN))
		return 0;
	return error;
}

static int
real_user_error(int error, const struct wanted *wanted, struct record *record)
{
	struct passwd own;

	if (wanted->name != NULL)
		return real_error(error, directory_user_by_name(&published, wanted->name, &own,
		                             record->buffer, record->size));
	return real_error(error,
	    directory_user_by_uid(&published, wanted->id, &own, record->buffer, record->size));
}

static int
real_group_error(int error, const struct wanted *wanted, struct record *record)
{
	struct group own;

	if (wanted->name != NULL)
		return real_error(error, directory_group_by_name(&published, wanted->name, &own,
		                             record->buffer, record->size));
	return real_error(error,
	    directory_group_by_gid(&published, wanted->id, &own, record->buffer, record->size));
}

/* ---- the questions ------------------------------------------------------------------------- */

static int
look_for_user(const struct wanted *wanted, struct record *record, bool *found)
{
	struct passwd entry, *answer = NULL;
	int error;

	if (wanted->name != NULL)
		error = getpwnam_r(wanted->name, &entry, record->buffer, record->size, &answer);
	else
		error = getpwuid_r(wanted->id, &entry, record->buffer, record->size, &answer);
	*found = error == 0 && answer != NULL && !is_own_user(&entry, record);
	return error == 0 ? 0 : real_user_error(error, wanted, record);
}

static int
look_for_group(const struct wanted *wanted, struct record *record, bool *found)
{
	struct group entry, *answer = NULL;
	int error;

	if (wanted->name != NULL)
		error = getgrnam_r(wanted->name, &entry, record->buffer, record->size, &answer);
	else
		error = getgrgid_r(wanted->id, &entry, record->buffer, record->size, &answer);
	*found = error == 0 && answer != NULL && !is_own_group(&entry, record);
	return error == 0 ? 0 : real_group_error(error, wanted, record);
}

enum fault
host_sources_have_user(const char *name, unsigned id, bool *has, struct why *why)
{
	return look_up(look_for_user, &(struct wanted){name, id}, has, why);
}

enum fault
host_sources_have_group(const char *name, unsigned id, bool *has, struct why *why)
{
	return look_up(look_for_group, &(struct wanted){name, id}, has, why);
}

enum fault
host_sources_look(struct host_sources *sources, struct why *why)
{
	struct nsswitch_state state[NSSWITCH_MAPS] = {{0}};
	char *text = NULL;
	size_t size = 0;
	enum fault fault = hostfile_read("", NSSWITCH_FILE, NSSWITCH_MAX, &text, &size, why);

	if (fault == FAULT_NONE)
		fault = nsswitch_look(text, size, state, why);
	free(text);
	/* glibc makes do with a line that it cannot read, and without the file. */
	if (fault == FAULT_INVALID)
		*sources = (struct host_sources){.of_users = true, .of_groups = true};
	else if (fault == FAULT_NONE || fault == FAULT_UNKNOWN)
		*sources = (struct host_sources){
		    .of_users = state[NSSWITCH_PASSWD].others,
		    .of_groups = state[NSSWITCH_GROUP].others,
		    .systemd_users = state[NSSWITCH_PASSWD].systemd,
		    .systemd_groups = state[NSSWITCH_GROUP].systemd};
	return fault == FAULT_INVALID || fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}
