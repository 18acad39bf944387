/*
 * backup.c - writing a backup, and taking one up.
 */
#include "store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "store/attachments.h"
#include "store/backup_parts.h"
#include "store/contents.h"
#include "store/pages.h"
#include "store/paths.h"

enum { BACKUP_FORM = 1 }; /* of META_BACKUP's value */

/* ---- looking through a file ---------------------------------------------------------------- */

struct look {
	struct page_damage first;
	uint64_t found;
	bool is_backup;
};

static void
note_damage(void *context, const struct page_damage *damage)
{
	struct look *look = context;

	if (look->found++ == 0)
		look->first = *damage;
}

static void
note_word(void *context, const char *table, struct span key, struct span value)
{
	struct look *look = context;

	(void)value;
	look->is_backup |= strcmp(table, table_names[T_META]) == 0 &&
	    key.size == strlen(META_BACKUP) && memcmp(key.data, META_BACKUP, key.size) == 0;
}

enum fault
damage_fault(enum fault fault, const char *subject, const struct page_damage *first,
    uint64_t found, struct why *why)
{
	char text[PAGE_TEXT_BYTES];

	page_damage_text(first, text);
	why_set(why, fault, "%sis damaged: %s", subject, text);
	if (found > 1)
		why_add(why, " (and in %llu more places)", (unsigned long long)found - 1);
	return fault;
}

/* Every page and every seal; `as`: the fault of a damaged one, which begins with `subject`. */
static enum fault
look_through(int fd, enum fault as, const char *subject, struct why *why)
{
	struct look look = {.found = 0};
	const struct page_visit visit = {.damaged = note_damage, .seals = true, .context = &look};
	uint64_t found;
	enum fault fault = pages_check_file(fd, &visit, &found, why);

	return fault == FAULT_NONE && found > 0 ? damage_fault(as, subject, &look.first, found, why)
	                                        : fault;
}

bool
is_backup(int fd)
{
	struct look look = {.found = 0};
	const struct page_visit visit = {.damaged = note_damage,
	    .value = note_word,
	    .seals = true,
	    .only = table_names[T_META],
	    .context = &look};
	uint64_t found = 1;

	return pages_check_file(fd, &visit, &found, NULL) == FAULT_NONE && found == 0 &&
	    look.is_backup;
}

/* ---- turns --------------------------------------------------------------------------------- */

/* One at a time, so that each knows its files by their names. */
static enum fault
take_turn(const char *root, const char *file, const char *what, int *turn, struct why *why)
{
	char *path = path_under(root, file);
	enum fault fault = FAULT_NONE;
	int fd;

	if (path == NULL)
		return why_memory(why);
	fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		fault = system_fault(path, why);
	else if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		fault = why_set(why, FAULT_CONFLICT, "another %s is at work", what);
	if (fault == FAULT_NONE)
		*turn = fd;
	else if (fd >= 0)
		close(fd);
	free(path);
	return fault;
}

/* A new file in the private folder; what one that was killed has left there gives way. */
static enum fault
make_file(const char *path, int *fd, struct why *why)
{
	int made;

	if (unlink(path) != 0 && errno != ENOENT)
		return system_fault(path, why);
	made = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (made < 0)
		return system_fault(path, why);
	*fd = made;
	return FAULT_NONE;
}

static bool
is_at_work(const char *root, const char *turn)
{
	char *path = path_under(root, turn);
	int fd = path == NULL ? -1 : open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	bool is = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0;

	if (fd >= 0)
		close(fd);
	free(path);
	return is;
}

enum fault
backup_left(const char *root, struct names *left, struct why *why)
{
	static const struct {
		const char *file, *turn;
	} files[] = {
		{BACKUP_FILE, BACKUP_TURN_FILE},
		{COPY_FILE, TURN_FILE},
		{FRESH_FILE, TURN_FILE},
	};
	bool good = true;

	for (size_t i = 0; good && i < sizeof(files) / sizeof(files[0]); i++) {
		char *path = path_under(root, files[i].file);
		struct stat status;

		good = path != NULL && (lstat(path, &status) != 0 ||
		    is_at_work(root, files[i].turn) || names_add(left, path));
		free(path);
	}
	return good ? FAULT_NONE : why_memory(why);
}

/* ---- writing one --------------------------------------------------------------------------- */

struct writing {
	struct store *store;
	const struct actor *actor;
	int64_t now;
	char *path; /* of the file under construction */
	int fd;
	struct names *lost;
	bool again; /* a document went while it was copied: its record must not be in it */
};

static enum fault
file_fault(const struct writing *writing, struct why *why)
{
	return why_set(why, FAULT_UNAVAILABLE, "%s: %s", writing->path, strerror(errno));
}

static void
put_made(const struct writing *writing, struct bytes *value)
{
	bytes_put_u16(value, BACKUP_FORM);
	bytes_put_u64(value, (uint64_t)writing->now);
	bytes_put_text(value, HEXA_VERSION);
}

static bool
take_content(void *content, const void *data, size_t size)
{
	struct bytes *bytes = content;

	bytes_put(bytes, data, size);
	return !bytes->failed;
}

/* Does the database still have a document with this content? */
static enum fault
is_still_named(struct store *store, const char *sha256, bool *is, struct why *why)
{
	struct txn *txn = NULL;
	uint64_t count = 0;
	enum fault fault = store_read_begin(store, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = attachment_with_count(txn, field_find(&attachment_table, "sha256"), sha256, &count,
	    why);
	store_end(txn);
	if (fault == FAULT_NONE)
		*is = count > 0;
	return fault;
}

static enum fault
note_lost(struct names *lost, const struct attachment *attachment, struct why *why)
{
	char *text = NULL;
	bool good = asprintf(&text, "document %lu of %s", (unsigned long)attachment->number,
	                attachment->user) >= 0 && names_add(lost, text);

	free(text);
	return good ? FAULT_NONE : why_memory(why);
}

static enum fault
put_content(struct writing *writing, struct txn *into, const struct attachment *attachment,
    struct why *why)
{
	const struct span key = key_text(attachment->sha256);
	struct bytes content = {0};
	struct span there;
	bool is_named = true;
	int fd = -1;
	enum fault fault = table_get(into->db, T_CONTENTS, key, &there, why);

	if (fault != FAULT_UNKNOWN)
		return fault;
	fault = content_open(writing->store, attachment, &fd, why);
	if (fault == FAULT_NONE) {
		fault = content_read(fd, attachment, take_content, &content, why);
		close(fd);
	}
	if (fault == FAULT_NONE)
		return table_put(into->db, T_CONTENTS, key, &content, why);
	bytes_clear(&content);
	if (content.failed)
		return why_memory(why);
	fault = is_still_named(writing->store, attachment->sha256, &is_named, why);
	if (fault != FAULT_NONE || is_named)
		return fault == FAULT_NONE ? note_lost(writing->lost, attachment, why) : fault;
	writing->again = true;
	return FAULT_NONE;
}

/* What is put in one go: as much memory as it takes. */
enum { STEP_BYTES = 1 << 26 };

static enum fault
fill_step(struct writing *writing, struct store *file, uint32_t *number, bool *more,
    struct why *why)
{
	struct attachment attachment = {0};
	struct txn *txn = NULL;
	size_t size = 0;
	enum fault fault =
	    store_write_begin(file, writing->actor, "backup", writing->now, &txn, why);

	*more = false;
	while (fault == FAULT_NONE && !*more && !writing->again &&
	    (fault = attachment_next(txn, *number, &attachment, why)) == FAULT_NONE) {
		*number = attachment.number;
		size += attachment.size;
		*more = size >= STEP_BYTES;
		fault = put_content(writing, txn, &attachment, why);
	}
	if (fault == FAULT_UNKNOWN)
		fault = FAULT_NONE;
	if (fault == FAULT_NONE) {
		fault = db_commit(txn->db, why);
		txn->db = NULL;
	}
	attachment_clear(&attachment);
	store_end(txn);
	return fault;
}

static enum fault
put_mark(struct writing *writing, struct store *file, struct why *why)
{
	struct bytes made = {0};
	struct txn *txn = NULL;
	enum fault fault =
	    store_write_begin(file, writing->actor, "backup", writing->now, &txn, why);

	put_made(writing, &made);
	if (fault == FAULT_NONE)
		fault = table_put(txn->db, T_META, key_text(META_BACKUP), &made, why);
	bytes_clear(&made);
	if (fault == FAULT_NONE) {
		fault = db_commit(txn->db, why);
		txn->db = NULL;
	}
	store_end(txn);
	return fault;
}

/* The contents of the documents that the copy has. */
static enum fault
fill(struct writing *writing, struct why *why)
{
	struct store *file = NULL;
	uint32_t number = 0;
	bool more = true;
	enum fault fault = store_begin(writing->store->root, 0, &file, why);

	if (fault == FAULT_NONE)
		fault = db_open(writing->path, DB_UNLOCKED | DB_CREATE, 0600, table_names,
		    BACKUP_TABLE_COUNT, &file->db, why);
	if (fault == FAULT_NONE)
		fault = put_mark(writing, file, why);
	while (fault == FAULT_NONE && more && !writing->again)
		fault = fill_step(writing, file, &number, &more, why);
	store_close(file);
	return fault;
}

static enum fault
check_whole(struct store *store, struct why *why)
{
	struct look look = {.found = 0};
	const struct page_visit visit = {.damaged = note_damage, .context = &look};
	uint64_t found = 0;
	enum fault fault = pages_check_open(store->db, &visit, &found, why);

	if (fault == FAULT_INVALID && why != NULL)
		why->fault = fault = FAULT_UNAVAILABLE;
	if (fault != FAULT_NONE || found == 0)
		return fault;
	damage_fault(FAULT_UNAVAILABLE, "the database ", &look.first, found, why);
	why_mend(why, "hexa-admin doctor");
	return FAULT_UNAVAILABLE;
}

static enum fault
write_once(struct writing *writing, struct why *why)
{
	enum fault fault = FAULT_NONE;

	writing->again = false;
	names_clear(writing->lost);
	if (ftruncate(writing->fd, 0) != 0 || lseek(writing->fd, 0, SEEK_SET) != 0)
		return file_fault(writing, why);
	errno = 0;
	fault = db_copy(writing->store->db, writing->fd, why);
	if (fault == FAULT_NONE)
		fault = fill(writing, why);
	/* What the system refused is the file's; the database was looked through. */
	return fault == FAULT_UNAVAILABLE && errno != 0 ? file_fault(writing, why) : fault;
}

/*
 * First while others write.  Whoever removes a document meanwhile takes its content away, and then
 * it is done once more with writers waiting.
 */
static enum fault
write_whole(struct writing *writing, struct why *why)
{
	struct txn *turn = NULL;
	enum fault fault = check_whole(writing->store, why);

	if (fault == FAULT_NONE)
		fault = write_once(writing, why);
	if (fault == FAULT_NONE && writing->again) {
		fault = store_write_begin(writing->store, writing->actor, "backup", writing->now,
		    &turn, why);
		if (fault == FAULT_NONE)
			fault = write_once(writing, why);
		store_end(turn);
	}
	return fault;
}

enum fault
sync_folder_of(const char *path, struct why *why)
{
	char *copy = strdup(path);
	enum fault fault = FAULT_NONE;
	int fd;

	if (copy == NULL)
		return why_memory(why);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0)
		fault = system_fault(path, why);
	if (fd >= 0)
		close(fd);
	free(copy);
	return fault;
}

/* In the private folder, where nobody but root can touch what liblmdb has open. */
static enum fault
write_here(struct writing *writing, struct why *why)
{
	enum fault fault = make_file(writing->path, &writing->fd, why);

	return fault == FAULT_NONE ? write_whole(writing, why) : fault;
}

static enum fault
write_there(struct writing *writing, struct backup_place *place, struct why *why)
{
	enum fault fault = backup_place_copy(place, writing->fd, why);

	if (fault == FAULT_NONE)
		fault = look_through(place->fd, FAULT_UNAVAILABLE, "what was written ", why);
	return fault == FAULT_NONE ? backup_place_end(place, why) : fault;
}

enum fault
backup_write(struct store *store, const char *path, bool replace, const struct actor *actor,
    int64_t now, struct names *lost, struct why *why)
{
	struct writing writing = {.store = store, .actor = actor, .now = now, .fd = -1,
	    .lost = lost};
	struct backup_place place;
	int turn = -1;
	enum fault fault = backup_place_open(store->root, path, replace, &place, why);

	if (fault != FAULT_NONE)
		return fault;
	writing.path = path_under(store->root, BACKUP_FILE);
	fault = writing.path == NULL ? why_memory(why)
	    : take_turn(store->root, BACKUP_TURN_FILE, "backup", &turn, why);
	if (fault == FAULT_NONE)
		fault = write_here(&writing, why);
	if (fault == FAULT_NONE)
		fault = write_there(&writing, &place, why);
	if (writing.fd >= 0) {
		unlink(writing.path);
		close(writing.fd);
	}
	if (turn >= 0)
		close(turn);
	backup_place_close(&place);
	free(writing.path);
	return fault;
}

/* ---- taking one up ------------------------------------------------------------------------- */

/* The folder alone; the database may have every fault. */
static enum fault
check_folder(const char *root, struct why *why)
{
	enum fault fault = files_make_folders(root, why);

	return fault == FAULT_NONE ? files_check_folder(root, why) : fault;
}

static enum fault
begin(const char *root, struct backup **backup, struct why *why)
{
	struct backup *fresh = calloc(1, sizeof(*fresh));
	enum fault fault;

	if (fresh == NULL)
		return why_memory(why);
	fresh->turn = fresh->fd = -1;
	fresh->root = strdup(root);
	fresh->path = path_under(root, COPY_FILE);
	fault = fresh->root == NULL || fresh->path == NULL ? why_memory(why)
	                                                   : check_folder(root, why);
	if (fault == FAULT_NONE)
		fault = take_turn(root, TURN_FILE, "restore or load", &fresh->turn, why);
	if (fault == FAULT_NONE)
		fault = make_file(fresh->path, &fresh->fd, why);
	if (fault == FAULT_NONE)
		fault = store_begin(root, 0, &fresh->store, why);
	if (fault == FAULT_NONE)
		*backup = fresh;
	else
		backup_close(fresh);
	return fault;
}

void
backup_close(struct backup *backup)
{
	if (backup == NULL)
		return;
	store_end(backup->txn);
	store_close(backup->store);
	if (backup->fd >= 0) {
		unlink(backup->path);
		close(backup->fd);
	}
	if (backup->turn >= 0)
		close(backup->turn);
	free(backup->path);
	free(backup->root);
	free(backup);
}

/* As much room as the copy is going to take: a hole in a file is none in the copy. */
static enum fault
check_room(const struct backup *backup, int from, uint64_t needed, struct why *why)
{
	struct stat status;
	struct statvfs system;
	uint64_t room;

	if (fstat(from, &status) == 0 && S_ISREG(status.st_mode) &&
	    (uint64_t)status.st_size < needed)
		needed = (uint64_t)status.st_size;
	if (fstatvfs(backup->fd, &system) != 0)
		return system_fault(backup->path, why);
	room = (uint64_t)system.f_bavail * system.f_frsize;
	if (needed <= room)
		return FAULT_NONE;
	return why_set(why, FAULT_UNAVAILABLE, "%s: no room: %" PRIu64 " MiB are needed, and %" PRIu64
	    " are free", backup->path, needed >> 20, room >> 20);
}

/* No more than the pages that it says it has, whatever follows them. */
static enum fault
copy_in(struct backup *backup, int from, struct why *why)
{
	uint64_t size = 0;
	enum fault fault = copy_bytes(from, backup->fd, backup->path, PAGES_HEAD_BYTES, why);

	if (fault == FAULT_NONE)
		fault = pages_size(backup->fd, &size, why);
	if (fault != FAULT_NONE || size <= PAGES_HEAD_BYTES)
		return fault;
	fault = check_room(backup, from, size, why);
	return fault == FAULT_NONE ? copy_bytes(from, backup->fd, backup->path,
	                                 size - PAGES_HEAD_BYTES, why) : fault;
}

/* What was wrong with the file is the file's fault here. */
static enum fault
as_invalid(enum fault fault, struct why *why)
{
	if (fault != FAULT_UNAVAILABLE)
		return fault;
	if (why != NULL) {
		why->fault = FAULT_INVALID;
		why->mend[0] = '\0';
	}
	return FAULT_INVALID;
}

/* With the contents, or one that has none. */
static enum fault
open_copy(struct backup *backup, struct why *why)
{
	struct store *store = backup->store;
	enum fault fault = db_open(backup->path, DB_UNLOCKED, 0600, table_names, BACKUP_TABLE_COUNT,
	    &store->db, why);

	backup->has_contents = fault == FAULT_NONE;
	if (fault != FAULT_NONE)
		fault = store_open_file(store, backup->path, DB_UNLOCKED, why);
	if (fault != FAULT_NONE) {
		why_set(why, fault, "is not a database of Hexa's");
		fault = store_explain_schema(backup->path, DB_UNLOCKED, fault, why);
	}
	if (fault == FAULT_NONE)
		fault = store_read_begin(store, &backup->txn, why);
	if (fault == FAULT_NONE)
		fault = store_check_schema(store, backup->txn->db, why);
	return fault;
}

static enum fault
read_mark(struct backup *backup, struct why *why)
{
	struct span value;
	struct reader reader;
	enum fault fault = table_get(backup->txn->db, T_META, key_text(META_BACKUP), &value, why);

	if (fault != FAULT_NONE)
		return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
	reader = reader_over(value.data, value.size);
	if (reader_u16(&reader) != BACKUP_FORM)
		return why_set(why, FAULT_INVALID, "is a backup of a newer Hexa's");
	backup->made = (int64_t)reader_u64(&reader);
	return FAULT_NONE;
}

enum fault
backup_open(const char *root, int fd, struct backup **backup, struct why *why)
{
	struct backup *fresh = NULL;
	enum fault fault = begin(root, &fresh, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = copy_in(fresh, fd, why);
	if (fault == FAULT_NONE)
		fault = look_through(fresh->fd, FAULT_INVALID, "", why);
	if (fault == FAULT_NONE)
		fault = as_invalid(open_copy(fresh, why), why);
	if (fault == FAULT_NONE)
		fault = read_mark(fresh, why);
	if (fault == FAULT_NONE)
		fault = as_invalid(check_records(fresh->txn, why), why);
	if (fault == FAULT_NONE)
		*backup = fresh;
	else
		backup_close(fresh);
	return fault;
}

enum fault
backup_begin(const char *root, const struct actor *actor, int64_t now, struct backup **backup,
    struct why *why)
{
	struct backup *fresh = NULL;
	enum fault fault = begin(root, &fresh, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = store_open_file(fresh->store, fresh->path, DB_UNLOCKED | DB_CREATE, why);
	if (fault == FAULT_NONE)
		fault = store_write_begin(fresh->store, actor, "load", now, &fresh->txn, why);
	if (fault == FAULT_NONE)
		*backup = fresh;
	else
		backup_close(fresh);
	return fault;
}

enum fault
backup_end(struct backup *backup, struct why *why)
{
	enum fault fault = db_commit(backup->txn->db, why);

	backup->txn->db = NULL;
	store_end(backup->txn);
	backup->txn = NULL;
	if (fault == FAULT_NONE)
		fault = store_read_begin(backup->store, &backup->txn, why);
	if (fault == FAULT_NONE)
		fault = as_invalid(store_check_schema(backup->store, backup->txn->db, why), why);
	return fault == FAULT_NONE ? as_invalid(check_records(backup->txn, why), why) : fault;
}

struct txn *
backup_txn(struct backup *backup)
{
	return backup->txn;
}

int64_t
backup_made(const struct backup *backup)
{
	return backup->made;
}

enum fault
backup_verify(struct backup *backup, struct why *why)
{
	unsigned char none[CRYPTO_HASH_BYTES] = {0};
	uint64_t count = 0;
	enum fault fault = journal_verify(backup->txn, 0, none, &count, why);

	if (fault != FAULT_RULE)
		return fault;
	if (why != NULL)
		why->fault = FAULT_INVALID;
	return FAULT_INVALID;
}
