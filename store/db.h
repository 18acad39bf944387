/*
 * db.h - the one file that knows liblmdb: an environment with named tables, transactions, and
 * values by key.  It knows nothing of users and roles.
 *
 * Faults are FAULT_UNKNOWN (no such key), FAULT_UNAVAILABLE with liblmdb's or the system's words,
 * and those named at a function.  With FAULT_UNAVAILABLE errno is the system's number, and 0 where
 * the system has none: then it is the file that does not do.  Ordinary LMDB locking; never
 * MDB_WRITEMAP (docs/format.md).
 */
#ifndef HEXA_STORE_DB_H
#define HEXA_STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "policy/fault.h"

struct db;
struct db_txn;

/* Bytes inside the map: they live until the transaction ends or writes. */
struct span {
	const void *data;
	size_t size;
};

enum {
	DB_CREATE = 1 << 0,       /* make the file when it is missing            */
	DB_READ_ONLY = 1 << 1,    /* no write transaction will be begun          */
	DB_LAZY_META = 1 << 2,    /* MDB_NOMETASYNC: a crash may lose the newest */
	DB_TIGHT = 1 << 3,        /* map little beyond the file: to see it grow  */
	DB_ALONE = 1 << 4,        /* a small file that a crash may take, below   */
	DB_UNLOCKED = 1 << 5,     /* nobody else knows the file: no lock file    */
};

/*
 * DB_ALONE: the caller keeps everybody else away while it is open, so there is no lock file; no
 * commit is waited for; and the file never has more than so many bytes.
 */
enum { DB_ALONE_BYTES = 1 << 24 };

enum { DB_TABLES_MAX = 24 };

/*
 * Opens the file `path` (its lock file stands beside it, `path`-lock).  `tables` names the tables,
 * in the order in which they are called by number; count 0 is the file's main table alone.
 * A new file is made with `mode`, the lock file always 0600.  Dead readers are cleared out.
 * Either of them that is there must be a regular file: no link is followed.
 * The map is several times the file's size, so that a transaction has room; a file that another
 * process has grown beyond it is mapped anew at the next transaction.
 */
enum fault db_open(const char *path, unsigned flags, mode_t mode, const char *const *tables,
    size_t count, struct db **db, struct why *why);
void db_close(struct db *db);

/* The descriptor of the data file, for fchmod(2) and fstat(2); it stays the database's. */
int db_descriptor(struct db *db);

/*
 * Writes a copy of what the newest commit left, without free pages, to `fd`, which is at its
 * beginning and stays the caller's; writers go on meanwhile.  FAULT_UNAVAILABLE: it cannot be
 * written, or the database is damaged, as far as that does not end the process
 * (db_end_on_damage()).
 */
enum fault db_copy(struct db *db, int fd, struct why *why);

enum fault db_begin(struct db *db, bool write, struct db_txn **txn, struct why *why);

/* The number of the commit that the transaction sees. */
uint64_t db_txn_number(struct db_txn *txn);

/* Ends the transaction, whatever comes of it. */
enum fault db_commit(struct db_txn *txn, struct why *why);
void db_abort(struct db_txn *txn);

/*
 * Lets go of the memory in which this process has a part of the file because the transaction, one
 * that only reads, has read it.  Spans stay good: what is read again comes back from the system's
 * cache.  For who walks through a table, and would otherwise grow to the file's size.
 */
void db_relax(struct db_txn *txn);

enum fault db_get(struct db_txn *txn, unsigned table, struct span key, struct span *value,
    struct why *why);
enum fault db_put(struct db_txn *txn, unsigned table, struct span key, struct span value,
    struct why *why);
enum fault db_delete(struct db_txn *txn, unsigned table, struct span key, struct why *why);

/* As db_put(), of a key that is behind all that are there: FAULT_CONFLICT when it is not. */
enum fault db_append(struct db_txn *txn, unsigned table, struct span key, struct span value,
    struct why *why);

/*
 * The first key that is not before `*key` in memcmp order (after it, with `beyond`), and its value.
 * An empty *key is the table's beginning.  FAULT_UNKNOWN at the end.
 */
enum fault db_seek(struct db_txn *txn, unsigned table, bool beyond, struct span *key,
    struct span *value, struct why *why);

enum fault db_count(struct db_txn *txn, unsigned table, size_t *count, struct why *why);

/* Empties a table. */
enum fault db_empty(struct db_txn *txn, unsigned table, struct why *why);

/*
 * ---- who else has it ----
 *
 * A lock file is the processes' that have the database open: whoever has one open in this process
 * too would let go of its locks.  So neither of these may be called while this process has the same
 * database open, and what db_claim() gave is given back after it was closed again.
 */

/*
 * Who has the database `path` open (*user), and who is in a write transaction of it (*writer), for
 * which others wait: process ids as this process sees them; 0: nobody, or -1: somebody of another
 * process namespace.  Of several users, one.  FAULT_UNAVAILABLE: the lock file cannot be read.
 */
enum fault db_lock_holder(const char *path, pid_t *user, pid_t *writer, struct why *why);

/*
 * Keeps everybody from the database `path`, which may be missing: who opens it waits until this
 * process has opened it (db_open(): it then is the first one, and the lock file is set up from the
 * file that stands there then) or has given the claim back.  Waits a few seconds for those who have
 * it open.  FAULT_UNAVAILABLE: they still have it, and the words name one.
 */
struct db_claim {
	int fd;
};
enum fault db_claim(const char *path, struct db_claim *claim, struct why *why);
void db_unclaim(struct db_claim *claim);

/* From here on it is the open database's, which gives it back when it is closed. */
void db_own_claim(struct db *db, struct db_claim *claim);

/* The version of the library that is linked, as "LMDB 0.9.24". */
const char *db_library(void);

/*
 * For programs of our own: from now on damage that liblmdb trips over (its assert, a bad address
 * or a missing page in its map) ends the process with one line on stderr and this exit status,
 * not with a core.  Not for anybody else's process.  `advice`, whole lines, is said after it (NULL:
 * none); both texts must outlive all work with databases.
 */
void db_end_on_damage(const char *program, int status, const char *advice);

#endif
