/*
 * remains.c - what is left of a database that is gone: the users and groups that the directory
 * still shows.  Their ids stay theirs, because files on the host are.
 */
#include <stdlib.h>
#include <sys/stat.h>

#include "directory/directory.h"
#include "store/internal.h"
#include "store/paths.h"

enum { BUFFER_LEAST = 1 << 16, BUFFER_MOST = 1 << 26 }; /* bytes: of a group with all its members */

/* A look through the directory of another time. */
struct remains {
	struct directory directory;
	char *path;
	char *buffer;
	size_t size;
	uint32_t after;
};

static void
remains_close(struct remains *remains)
{
	directory_close(&remains->directory);
	free(remains->path);
	free(remains->buffer);
}

static enum fault
remains_open(struct remains *remains, const char *root, struct why *why)
{
	*remains = (struct remains){.size = BUFFER_LEAST};
	remains->path = path_under(root, DIRECTORY_FILE);
	remains->buffer = malloc(remains->size);
	remains->directory.path = remains->path;
	if (remains->path != NULL && remains->buffer != NULL)
		return FAULT_NONE;
	remains_close(remains);
	return why_memory(why);
}

/* Doubles the buffer; what would not fit in the largest ends the look, as damage does. */
static bool
enlarge(struct remains *remains)
{
	char *buffer = remains->size >= BUFFER_MOST ? NULL : malloc(remains->size * 2);

	if (buffer == NULL)
		return false;
	free(remains->buffer);
	remains->buffer = buffer;
	remains->size *= 2;
	return true;
}

static bool
next_user(struct remains *remains, uint32_t *id)
{
	struct passwd user;

	if (directory_user_next(&remains->directory, &remains->after, &user, remains->buffer,
	        remains->size) != LOOKUP_FOUND)
		return false;
	*id = user.pw_uid;
	return true;
}

/* Users' own groups, which come after the roles', are met as well: they may have other gids. */
static bool
next_group(struct remains *remains, uint32_t *id)
{
	struct group group;
	enum lookup lookup;

	do
		lookup = directory_group_next(&remains->directory, &remains->after, &group,
		    remains->buffer, remains->size);
	while (lookup == LOOKUP_SMALL && enlarge(remains));
	if (lookup != LOOKUP_FOUND)
		return false;
	*id = group.gr_gid;
	return true;
}

enum fault
store_lost_users(const char *root, uint64_t *count, struct why *why)
{
	char *database = path_under(root, DATABASE_FILE);
	struct remains remains;
	struct stat status;
	uint64_t users = 0;
	uint32_t uid;
	enum fault fault = database == NULL ? why_memory(why) : FAULT_NONE;

	if (fault == FAULT_NONE && (lstat(database, &status) != 0 || status.st_size == 0)) {
		fault = remains_open(&remains, root, why);
		if (fault == FAULT_NONE) {
			while (next_user(&remains, &uid))
				users++;
			remains_close(&remains);
		}
	}
	free(database);
	if (fault == FAULT_NONE)
		*count = users;
	return fault;
}

/* `anew`: nobody has any of them yet. */
static enum fault
note(struct txn *txn, uint32_t id, enum holder holder, bool anew, struct why *why)
{
	enum holder found;
	enum fault fault = anew ? FAULT_UNKNOWN : id_holder(txn, id, &found, why);

	return fault == FAULT_UNKNOWN ? id_note_given(txn, id, anew ? holder : HOLDER_GONE, why)
	                              : fault;
}

static enum fault
note_all(struct txn *txn, bool anew, uint32_t *highest, struct why *why)
{
	struct remains remains;
	uint32_t id, most = 0;
	enum fault fault = remains_open(&remains, txn->store->root, why);

	if (fault != FAULT_NONE)
		return fault;
	for (enum holder holder = HOLDER_USER; holder <= HOLDER_GROUP; holder++) {
		remains.after = 0;
		while (fault == FAULT_NONE &&
		    (holder == HOLDER_USER ? next_user : next_group)(&remains, &id)) {
			fault = note(txn, id, holder, anew, why);
			most = id > most ? id : most;
		}
	}
	remains_close(&remains);
	if (fault == FAULT_NONE)
		*highest = most;
	return fault;
}

enum fault
remains_note(struct txn *txn, uint32_t *highest, struct why *why)
{
	return note_all(txn, true, highest, why);
}

enum fault
remains_keep(struct txn *txn, uint32_t *highest, struct why *why)
{
	return note_all(txn, false, highest, why);
}
