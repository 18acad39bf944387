/*
 * backup_parts.h - what the files that take a backup up and put it in a database's place share.
 * For backup*.c, restore.c and records.c alone.
 */
#ifndef HEXA_STORE_BACKUP_PARTS_H
#define HEXA_STORE_BACKUP_PARTS_H

#include "store/backup.h"
#include "store/internal.h"
#include "store/pages.h"
#include "store/paths.h"

/* Of the one restore or load at work; those of another that was killed give way. */
#define TURN_FILE  PRIVATE_FOLDER "/restore.lock"
#define COPY_FILE  PRIVATE_FOLDER "/restore.copy"
#define FRESH_FILE PRIVATE_FOLDER "/restore.new"

/* The same of the one backup at work. */
#define BACKUP_TURN_FILE PRIVATE_FOLDER "/backup.lock"
#define BACKUP_FILE      PRIVATE_FOLDER "/backup.new"

struct backup {
	char *root;
	char *path;          /* of the copy */
	int fd;              /* of the copy */
	int turn;            /* the lock of the one at work */
	struct store *store; /* the copy, open */
	struct txn *txn;
	bool has_contents;
	int64_t made;
};

/* `fault`, with `subject` and the first damage that was met in it, of `found`. */
enum fault damage_fault(enum fault fault, const char *subject, const struct page_damage *first,
    uint64_t found, struct why *why);

/* Is it a backup, of which at least T_META is whole? */
bool is_backup(int fd);

/*
 * Copies what `from` still has, at most so many bytes, to `to`, which `path` is in words.
 * FAULT_INVALID: it cannot be read; FAULT_UNAVAILABLE: it cannot be written.  (backup_file.c)
 */
enum fault copy_bytes(int from, int to, const char *path, uint64_t most, struct why *why);

/* ---- where the FILE of a backup is to stand (backup_file.c) ---- */

struct backup_place {
	const char *path; /* the caller's, in words */
	int folder;
	char *name;       /* in the folder */
	char *fresh;      /* of the file under construction, beside it */
	int fd;           /* of that file; -1: there is none */
};

/*
 * Opens the folder of `path`.  FAULT_INVALID: there is none; it is one of Hexa's own; others than
 * root may write to it, or to one that leads there, and it is not root's and sticky as /tmp is;
 * what stands at `path` is no regular file.  FAULT_CONFLICT: it is no backup, and `replace` is not
 * set.
 */
enum fault backup_place_open(const char *root, const char *path, bool replace,
    struct backup_place *place, struct why *why);

/*
 * Copies all of `from` into a new file beside `path`, whose descriptor is place->fd.
 * FAULT_INVALID: it cannot be made; FAULT_UNAVAILABLE: the disk is full.
 */
enum fault backup_place_copy(struct backup_place *place, int from, struct why *why);

/*
 * Gives that file its name; it is on disk when this returns.  FAULT_CONFLICT: what has the name of
 * the new file is another one.
 */
enum fault backup_place_end(struct backup_place *place, struct why *why);

/* The new file goes where it was not given its name. */
void backup_place_close(struct backup_place *place);

/* ---- */

/* What has come into or gone from the folder of this file is on disk when it returns. */
enum fault sync_folder_of(const char *path, struct why *why);

/*
 * Every record, the policy, the register and the words of T_META can be read, and say where they
 * stand: what a login or a command would trip over is found before it is anybody's database.
 * (records.c)
 */
enum fault check_records(struct txn *txn, struct why *why);

/*
 * Words of T_META which only ever rise, so that one that never was could not be taken back.  A clock
 * (clock_mark()) that can be written as text, and is at most a day beyond `now` or beyond `newest`,
 * the highest time of an entry; and a document's number, of which there are far fewer than the
 * journal's entries (`sequence`) and this many.  (records.c)
 */
enum { DOCUMENTS_BEYOND = 1 << 24 };
bool clock_is_likely(int64_t clock, int64_t now, int64_t newest);
bool document_is_likely(uint32_t number, uint64_t sequence);

#endif
