/*
 * backup.h - the whole of a database in one file, and such a file in the place of a database.
 *
 * A backup is itself an LMDB database: a copy without free pages (what was overwritten is not in
 * it) of one moment's tables, the table `contents` with the contents of documents, and a word of
 * T_META that says what it is.  A copy that was kept by a restore is one without contents.
 *
 * Unless said otherwise each function may fail with FAULT_UNAVAILABLE, as store.h says.
 */
#ifndef HEXA_STORE_BACKUP_H
#define HEXA_STORE_BACKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/names.h"
#include "store/crypto.h"
#include "store/store.h"

/* ---- making one ---- */

/*
 * Writes a backup of an open database to the file `path`, which comes to be whole or not at all;
 * mode 0600, on disk when this returns, and read once more before it takes its place.  It is made
 * in the private folder, which needs room for it too, and copied from there.  Others write
 * meanwhile; only where documents are being removed do they wait.  Each document whose content is
 * missing or damaged on this host comes into *lost (all zero) as "document 7 of anna"; its record
 * is in the backup all the same.
 * FAULT_CONFLICT: something stands at `path` that is no backup, and `replace` is not set; another
 * backup is at work.
 * FAULT_INVALID: what stands there is no regular file, or Hexa's own; the file cannot be made;
 * others than root may write to a folder of its path (but for one of root's that is sticky).
 * FAULT_UNAVAILABLE: the database is damaged (the words say where), or the disk is full.
 */
enum fault backup_write(struct store *store, const char *path, bool replace,
    const struct actor *actor, int64_t now, struct names *lost, struct why *why);

/*
 * Adds to *left the paths of what backups, restores and loads that were killed have left in the
 * private folder, with password hashes in it: the next one takes them away.  Of one that is at work
 * there are none.
 */
enum fault backup_left(const char *root, struct names *left, struct why *why);

/* ---- taking one up ---- */

/* A database in the private folder that nobody else knows; it is gone when it is closed. */
struct backup;

/*
 * Copies what can be read from `fd` into the private folder, which is made when it is missing, and
 * looks at all of it: every page, every seal, the schema, and that each record can be read.
 * No more is copied than the database in it has, whatever follows.
 * FAULT_INVALID: it is no database of Hexa's, damaged (where is in the words), or of another
 * schema; FAULT_CONFLICT: another restore or load is at work; FAULT_UNAVAILABLE: there is no room.
 */
enum fault backup_open(const char *root, int fd, struct backup **backup, struct why *why);

/*
 * The same for one that is to be filled, in a transaction that writes (backup_txn()); ended by
 * backup_end(), after which it stands as one that was opened.
 */
enum fault backup_begin(const char *root, const struct actor *actor, int64_t now,
    struct backup **backup, struct why *why);
enum fault backup_end(struct backup *backup, struct why *why);

void backup_close(struct backup *backup);

/* A transaction that sees it; the backup's own. */
struct txn *backup_txn(struct backup *backup);

/* When it was made, in seconds; 0: it does not say. */
int64_t backup_made(const struct backup *backup);

/* ---- putting it in the place of the database ---- */

struct restored {
	char *kept;      /* the file in which what stood there is kept; NULL: nothing stood there */
	bool was_whole;  /* of that: it was a database */
	struct why was;  /* of one that was not whole: what was found first */
	bool head_known; /* the replaced journal's head */
	uint64_t sequence;
	unsigned char hash[CRYPTO_HASH_BYTES];
	uint64_t contents;   /* of documents, that were put back */
	uint64_t others;     /* users whose uid was another person's in what stood there: by the UUID */
	struct names lost;   /* documents whose content is neither in the backup nor on this host */
	struct names mended; /* roles that gave something else than their permissions do (role.h) */
	struct why unpublished; /* .fault: it stands, and the directory does not show it yet */
};

void restored_clear(struct restored *restored);

/*
 * Puts it in the place of the database of `root`, all or nothing, and publishes the directory
 * whole.  `action` is the journal's word ("restore").  *store is then the open database; its newest
 * entry (store_committed()) names the head of the journal that was replaced.
 *
 * A whole database is replaced in one transaction of its own, so that whoever has it open goes on:
 * who reads sees the one or the other, and who began to change what they had read is refused
 * (FAULT_CONFLICT of store_write_begin()).  One that is missing or damaged is replaced by a new
 * file, for which nobody may have it open (db_claim()).
 *
 * What was there is kept beside it, the newest KEPT_MAX of whole ones, and all that were not.  From
 * what was there, as far as it can be read, and from the directory: no id is given again that was
 * ever given, no document's number, and names that the backup does not have are kept back as ones
 * that were given up.  Contents of documents come from the backup before the records do; none is
 * removed.  What is compiled of roles is compiled anew (roles_mend()): what they give follows from
 * what is written, and from nothing else.
 *
 * FAULT_CONFLICT: what stands there came only now; FAULT_UNAVAILABLE: somebody has it open, no
 * room, wrong owner or mode of the folder.  Nothing is changed then.
 */
enum { KEPT_MAX = 3 };
enum fault backup_restore(struct backup *backup, const struct actor *actor, const char *action,
    int64_t now, struct restored *restored, struct store **store, struct why *why);

/* ---- for dump.c ---- */

/* Proves the journal's chain.  FAULT_INVALID names the first entry that does not fit. */
enum fault backup_verify(struct backup *backup, struct why *why);

#endif
