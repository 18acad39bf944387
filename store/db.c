/*
 * db.c - liblmdb, wrapped.
 */
#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { READERS_MAX = 4096 };
enum { MAP_TRIES = 3 };

/* The map's size in bytes: ROOM beyond the file's own size times FACTOR; never below LEAST. */
#if SIZE_MAX > UINT32_MAX
static const size_t MAP_ROOM = (size_t)1 << 33; /* an import of a million in one go takes 2 GiB */
#else
static const size_t MAP_ROOM = (size_t)1 << 27;
#endif
static const size_t MAP_LEAST = (size_t)1 << 24;
enum { MAP_FACTOR = 4 };
enum { MAP_TIGHT = 1 << 18 };

struct db {
	MDB_env *env;
	bool read_only;
	bool tight;
	bool alone;
	struct db_claim claim;
	size_t count;
	MDB_dbi table[DB_TABLES_MAX];
};

struct db_txn {
	struct db *db;
	MDB_txn *txn;
	bool reads;         /* only: every span it gives is inside the map */
	uintptr_t low, end; /* what they lay between; 0: none yet */
};

/* ---- faults ------------------------------------------------------------------------------- */

static enum fault
db_fault(int error, struct why *why)
{
	if (error != MDB_SUCCESS)
		errno = error > 0 ? error : 0; /* liblmdb's own are negative */
	switch (error) {
	case MDB_SUCCESS:
		return FAULT_NONE;
	case MDB_NOTFOUND:
		return why_set(why, FAULT_UNKNOWN, "not found");
	case MDB_VERSION_MISMATCH:
		return why_set(why, FAULT_UNAVAILABLE,
		    "the database was written in another LMDB format");
	case MDB_INVALID:
		return why_set(why, FAULT_UNAVAILABLE, "the file is not a database");
	case MDB_CORRUPTED:
	case MDB_PAGE_NOTFOUND:
	case MDB_PANIC:
		return why_set(why, FAULT_UNAVAILABLE, "the database is damaged: %s",
		    mdb_strerror(error));
	case EIO: /* liblmdb's word for a write that was cut short, too */
		return why_set(why, FAULT_UNAVAILABLE,
		    "the database cannot be written: %s, as on a full disk", mdb_strerror(error));
	default:
		return why_set(why, FAULT_UNAVAILABLE, "the database cannot be used: %s",
		    mdb_strerror(error));
	}
}

static const char *damage_program = "hexa";
static int damage_status = 7;
static const char *damage_advice = "";

static void
end_damaged(void)
{
	static const char text[] = ": the database is damaged\n";

	if (write(STDERR_FILENO, damage_program, strlen(damage_program)) < 0 ||
	    write(STDERR_FILENO, text, sizeof(text) - 1) < 0 ||
	    write(STDERR_FILENO, damage_advice, strlen(damage_advice)) < 0)
		_exit(damage_status);
	_exit(damage_status);
}

static void
end_on_assert(MDB_env *env, const char *text)
{
	(void)env;
	(void)text;
	end_damaged();
}

/*
 * An address in the first pages is a null pointer's: a mistake of the program's, not of the file.
 */
enum { NULL_AREA = 1 << 16 };

static void
end_on_signal(int number, siginfo_t *info, void *context)
{
	(void)context;
	if (number != SIGSEGV || (uintptr_t)info->si_addr >= NULL_AREA)
		end_damaged();
	signal(number, SIG_DFL); /* and meet it again */
}

void
db_end_on_damage(const char *program, int status, const char *advice)
{
	static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE};
	struct sigaction action = {.sa_sigaction = end_on_signal, .sa_flags = SA_SIGINFO};

	damage_program = program;
	damage_status = status;
	damage_advice = advice == NULL ? "" : advice;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
}

/* ---- opening ------------------------------------------------------------------------------ */

static size_t
map_size_for(const struct db *db, off_t file_size)
{
	size_t size = MAP_LEAST;

	if (db->alone)
		return DB_ALONE_BYTES;
	if (db->tight)
		return (size_t)file_size + MAP_TIGHT;
	if (file_size > 0 && (uintmax_t)file_size < (SIZE_MAX - MAP_ROOM) / MAP_FACTOR)
		size = (size_t)file_size * MAP_FACTOR;
	return size + MAP_ROOM;
}

/* None of ours has any: one that is damaged would be read in another order. */
static int
check_flags(MDB_txn *txn, MDB_dbi table)
{
	unsigned flags = 0;
	int error = mdb_dbi_flags(txn, table, &flags);

	return error == 0 && flags != 0 ? MDB_CORRUPTED : error;
}

static int
open_tables(struct db *db, const char *const *tables, bool create)
{
	MDB_txn *txn;
	int error = mdb_txn_begin(db->env, NULL, create ? 0 : MDB_RDONLY, &txn);

	if (error != 0)
		return error;
	if (db->count == 0) {
		error = mdb_dbi_open(txn, NULL, 0, &db->table[0]);
		if (error == 0)
			error = check_flags(txn, db->table[0]);
	}
	for (size_t i = 0; error == 0 && i < db->count; i++) {
		error = mdb_dbi_open(txn, tables[i], create ? MDB_CREATE : 0, &db->table[i]);
		if (error == 0)
			error = check_flags(txn, db->table[i]);
	}
	if (error == 0)
		return mdb_txn_commit(txn);
	mdb_txn_abort(txn);
	return error;
}

static int
open_env(struct db *db, const char *path, unsigned flags)
{
	unsigned env_flags = MDB_NOSUBDIR | MDB_NOTLS; /* readers beside a writer in one thread */
	struct stat status;
	size_t size;
	int error, dead;

	if (flags & DB_LAZY_META)
		env_flags |= MDB_NOMETASYNC;
	if (flags & DB_ALONE)
		env_flags |= MDB_NOLOCK | MDB_NOSYNC;
	if (flags & DB_UNLOCKED)
		env_flags |= MDB_NOLOCK;
	size = map_size_for(db, stat(path, &status) == 0 ? status.st_size : 0);
	for (;;) {
		error = mdb_env_create(&db->env);
		if (error != 0)
			return error;
		mdb_env_set_assert(db->env, end_on_assert);
		error = mdb_env_set_maxreaders(db->env, READERS_MAX);
		if (error == 0)
			error = mdb_env_set_maxdbs(db->env, DB_TABLES_MAX);
		if (error == 0)
			error = mdb_env_set_mapsize(db->env, size);
		if (error == 0)
			error = mdb_env_open(db->env, path, env_flags, 0600);
		if (error != ENOMEM || size <= MAP_LEAST)
			break;
		/* A limit on address space (ulimit -v) is no reason to be unavailable. */
		mdb_env_close(db->env);
		size /= 2;
	}
	if (error == 0)
		error = mdb_reader_check(db->env, &dead);
	return error;
}

/*
 * What liblmdb is to open must be a regular file, or not there: it would follow a link and write
 * at its other end.  It also makes a database of whatever file is empty; that is for those who ask
 * for one.
 */
static enum fault
check_file(const char *path, bool needed, struct why *why)
{
	struct stat status;

	if (lstat(path, &status) != 0)
		return errno == ENOENT && !needed ? FAULT_NONE
		    : why_set(why, FAULT_UNAVAILABLE, "%s: %s", path, strerror(errno));
	errno = 0;
	if (!S_ISREG(status.st_mode))
		return why_set(why, FAULT_UNAVAILABLE, "%s is not a regular file", path);
	if (needed && status.st_size == 0)
		return why_set(why, FAULT_UNAVAILABLE, "%s: the file is not a database", path);
	return FAULT_NONE;
}

static enum fault
check_files(const char *path, bool create, struct why *why)
{
	enum fault fault = check_file(path, !create, why);
	char *lock;

	if (fault != FAULT_NONE)
		return fault;
	if (asprintf(&lock, "%s-lock", path) < 0)
		return why_memory(why);
	fault = check_file(lock, false, why);
	free(lock);
	return fault;
}

/* Of a lock file: its mutexes, and the slots of 250 readers at once. */
enum { LOCK_BYTES = 16 * 1024 };

/*
 * liblmdb makes its lock file with a hole for a content and writes through a map: where the disk is
 * full that is a signal, as a damaged database is.  A file that has blocks is in use, and not opened
 * here: closing it would give up what this process has locked.  ENOSPC, EDQUOT and ENOMEM alone are told:
 * what else stands in the way is liblmdb's to judge, which reads without a lock file where nothing can
 * be written.
 */
static int
claim_blocks(const char *path)
{
	struct stat status;
	char *lock;
	int fd, error = 0;

	if (asprintf(&lock, "%s-lock", path) < 0)
		return ENOMEM;
	if (lstat(lock, &status) != 0 || status.st_blocks == 0) {
		fd = open(lock, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
		error = fd < 0 ? 0 : posix_fallocate(fd, 0, LOCK_BYTES);
		if (fd >= 0)
			close(fd);
	}
	free(lock);
	return error == ENOSPC || error == EDQUOT ? error : 0;
}

enum fault
db_open(const char *path, unsigned flags, mode_t mode, const char *const *tables, size_t count,
    struct db **db, struct why *why)
{
	bool create = (flags & DB_CREATE) != 0;
	enum fault fault = check_files(path, create, why);
	struct db *fresh;
	int error;

	if (fault != FAULT_NONE)
		return fault;
	fresh = calloc(1, sizeof(*fresh));
	if (fresh == NULL)
		return why_memory(why);
	fresh->count = count;
	fresh->claim.fd = -1;
	fresh->read_only = (flags & DB_READ_ONLY) != 0;
	fresh->tight = (flags & DB_TIGHT) != 0;
	fresh->alone = (flags & DB_ALONE) != 0;
	error = (flags & (DB_ALONE | DB_UNLOCKED)) != 0 ? 0 : claim_blocks(path);
	if (error == 0)
		error = open_env(fresh, path, flags);
	if (error == 0 && create && fchmod(db_descriptor(fresh), mode) != 0)
		error = errno;
	if (error == 0)
		error = open_tables(fresh, tables, create);
	if (error == MDB_NOTFOUND)
		error = MDB_INVALID;
	if (error != 0) {
		db_close(fresh);
		return db_fault(error, why);
	}
	*db = fresh;
	return FAULT_NONE;
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	if (db->env != NULL)
		mdb_env_close(db->env);
	db_unclaim(&db->claim);
	free(db);
}

int
db_descriptor(struct db *db)
{
	mdb_filehandle_t descriptor = -1;

	mdb_env_get_fd(db->env, &descriptor);
	return descriptor;
}

enum fault
db_copy(struct db *db, int fd, struct why *why)
{
	return db_fault(mdb_env_copyfd2(db->env, fd, MDB_CP_COMPACT), why);
}

const char *
db_library(void)
{
	return mdb_version(NULL, NULL, NULL);
}

/* ---- transactions ------------------------------------------------------------------------- */

/* Before a write: when the used part has come near the map's end, map more. */
static int
make_room(struct db *db)
{
	MDB_envinfo info;
	MDB_stat stat;
	size_t used;
	int error = mdb_env_info(db->env, &info);

	if (error == 0)
		error = mdb_env_stat(db->env, &stat);
	if (error != 0 || db->alone)
		return error;
	used = (info.me_last_pgno + 1) * stat.ms_psize;
	if (db->tight ? used + MAP_TIGHT / 2 < info.me_mapsize : used < info.me_mapsize / 2)
		return 0;
	return mdb_env_set_mapsize(db->env, map_size_for(db, (off_t)used));
}

enum fault
db_begin(struct db *db, bool write, struct db_txn **txn, struct why *why)
{
	struct db_txn *fresh = calloc(1, sizeof(*fresh));
	int error = 0;

	if (fresh == NULL)
		return why_memory(why);
	fresh->db = db;
	fresh->reads = !write;
	if (write)
		error = db->read_only ? EROFS : make_room(db);
	for (int try = 0; error == 0 && try < MAP_TRIES; try++) {
		error = mdb_txn_begin(db->env, NULL, write ? 0 : MDB_RDONLY, &fresh->txn);
		if (error != MDB_MAP_RESIZED)
			break;
		error = mdb_env_set_mapsize(db->env, 0);
	}
	if (error == 0 && fresh->txn == NULL)
		error = MDB_MAP_RESIZED;
	/* Behind the last number there is: what is written under the next would never be seen. */
	if (error == 0 && write && mdb_txn_id(fresh->txn) == 0) {
		mdb_txn_abort(fresh->txn);
		error = MDB_CORRUPTED;
	}
	if (error != 0) {
		free(fresh);
		return db_fault(error, why);
	}
	*txn = fresh;
	return FAULT_NONE;
}

enum fault
db_commit(struct db_txn *txn, struct why *why)
{
	int error = mdb_txn_commit(txn->txn);

	free(txn);
	return db_fault(error, why);
}

void
db_abort(struct db_txn *txn)
{
	if (txn == NULL)
		return;
	mdb_txn_abort(txn->txn);
	free(txn);
}

/* ---- values ------------------------------------------------------------------------------- */

static MDB_val
val(struct span span)
{
	return (MDB_val){.mv_size = span.size, .mv_data = (void *)(uintptr_t)span.data};
}

static struct span
span(MDB_val value)
{
	return (struct span){value.mv_data, value.mv_size};
}

/* Notes where in the map it was read. */
static struct span
span_of(struct db_txn *txn, MDB_val value)
{
	uintptr_t at = (uintptr_t)value.mv_data;

	if (txn->reads && value.mv_size > 0) {
		if (txn->end == 0 || at < txn->low)
			txn->low = at;
		if (at + value.mv_size > txn->end)
			txn->end = at + value.mv_size;
	}
	return span(value);
}

uint64_t
db_txn_number(struct db_txn *txn)
{
	return mdb_txn_id(txn->txn);
}

void
db_relax(struct db_txn *txn)
{
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	const uintptr_t low = txn->low - txn->low % page;

	/* A file's pages that were only read come back from the file. */
	if (txn->end != 0)
		madvise((void *)low, txn->end - low, MADV_DONTNEED);
}

enum fault
db_get(struct db_txn *txn, unsigned table, struct span key, struct span *value, struct why *why)
{
	MDB_val name = val(key), found;
	int error = mdb_get(txn->txn, txn->db->table[table], &name, &found);

	if (error == 0)
		*value = span_of(txn, found);
	return db_fault(error, why);
}

enum fault
db_put(struct db_txn *txn, unsigned table, struct span key, struct span value, struct why *why)
{
	MDB_val name = val(key), data = val(value);

	return db_fault(mdb_put(txn->txn, txn->db->table[table], &name, &data, 0), why);
}

enum fault
db_delete(struct db_txn *txn, unsigned table, struct span key, struct why *why)
{
	MDB_val name = val(key);

	return db_fault(mdb_del(txn->txn, txn->db->table[table], &name, NULL), why);
}

enum fault
db_append(struct db_txn *txn, unsigned table, struct span key, struct span value, struct why *why)
{
	MDB_val name = val(key), data = val(value);
	int error = mdb_put(txn->txn, txn->db->table[table], &name, &data, MDB_APPEND);

	return error == MDB_KEYEXIST ? why_set(why, FAULT_CONFLICT, "keys are out of order")
	                             : db_fault(error, why);
}

/* Is this the key we stood on, so that `beyond` it means one further? */
static bool
is_key(MDB_val found, struct span key)
{
	return found.mv_size == key.size && memcmp(found.mv_data, key.data, key.size) == 0;
}

enum fault
db_seek(struct db_txn *txn, unsigned table, bool beyond, struct span *key, struct span *value,
    struct why *why)
{
	MDB_val name = val(*key), found;
	MDB_cursor *cursor;
	int error = mdb_cursor_open(txn->txn, txn->db->table[table], &cursor);

	if (error != 0)
		return db_fault(error, why);
	error = mdb_cursor_get(cursor, &name, &found, key->size == 0 ? MDB_FIRST : MDB_SET_RANGE);
	if (error == 0 && beyond && key->size > 0 && is_key(name, *key))
		error = mdb_cursor_get(cursor, &name, &found, MDB_NEXT);
	mdb_cursor_close(cursor);
	if (error == 0) {
		*key = span(name);
		*value = span_of(txn, found);
	}
	return db_fault(error, why);
}

enum fault
db_count(struct db_txn *txn, unsigned table, size_t *count, struct why *why)
{
	MDB_stat stat;
	int error = mdb_stat(txn->txn, txn->db->table[table], &stat);

	if (error == 0)
		*count = stat.ms_entries;
	return db_fault(error, why);
}

enum fault
db_empty(struct db_txn *txn, unsigned table, struct why *why)
{
	return db_fault(mdb_drop(txn->txn, txn->db->table[table], 0), why);
}

/* ---- who else has it ----------------------------------------------------------------------- */

/* The lock of whoever has the database open: liblmdb's is a shared one on the first byte. */
static struct flock
first_byte(short type)
{
	return (struct flock){.l_type = type, .l_whence = SEEK_SET, .l_len = 1};
}

static enum fault
open_lock_file(const char *path, int flags, int *fd, struct why *why)
{
	enum fault fault = FAULT_NONE;
	char *lock;
	int opened;

	if (asprintf(&lock, "%s-lock", path) < 0)
		return why_memory(why);
	opened = open(lock, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	if (opened >= 0)
		*fd = opened;
	else if (errno == ENOENT)
		fault = why_set(why, FAULT_UNKNOWN, "%s is missing", lock);
	else
		fault = why_set(why, FAULT_UNAVAILABLE, "%s: %s", lock, strerror(errno));
	free(lock);
	return fault;
}

static pid_t
user_of(int fd)
{
	struct flock lock = first_byte(F_WRLCK);

	if (fcntl(fd, F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK)
		return 0;
	return lock.l_pid > 0 ? lock.l_pid : -1;
}

/*
 * In the lock file: the magic first, and at the second cache line the writers' mutex, a robust one,
 * whose first word is the thread that has it.  (MDB_txninfo in liblmdb's mdb.c, and glibc's robust
 * mutexes; a kernel of another kind would say something else, so it is only ever told, never acted
 * upon.)
 */
enum { LOCK_MAGIC = (int)0xBEEFC0DE, LOCK_MUTEX = 64, LOCK_THREAD = 0x3fffffff };

static pid_t
writer_of(int fd)
{
	int32_t magic = 0;
	uint32_t word = 0;

	if (pread(fd, &magic, sizeof(magic), 0) != sizeof(magic) || magic != LOCK_MAGIC ||
	    pread(fd, &word, sizeof(word), LOCK_MUTEX) != sizeof(word))
		return 0;
	return (pid_t)(word & LOCK_THREAD);
}

enum fault
db_lock_holder(const char *path, pid_t *user, pid_t *writer, struct why *why)
{
	int fd = -1;
	enum fault fault = open_lock_file(path, O_RDONLY, &fd, why);

	if (fault != FAULT_NONE && fault != FAULT_UNKNOWN)
		return fault;
	*user = fd < 0 ? 0 : user_of(fd);
	/* What a process has left there that is gone counts for nothing. */
	*writer = *user == 0 ? 0 : writer_of(fd);
	if (fd >= 0)
		close(fd);
	return FAULT_NONE;
}

enum { CLAIM_TRIES = 250, CLAIM_PAUSE = 20 }; /* milliseconds: five seconds in all */

enum fault
db_claim(const char *path, struct db_claim *claim, struct why *why)
{
	const struct timespec pause = {.tv_nsec = CLAIM_PAUSE * 1000000L};
	struct flock lock = first_byte(F_WRLCK);
	int fd = -1, result = -1;
	pid_t user;
	enum fault fault = open_lock_file(path, O_RDWR | O_CREAT, &fd, why);

	if (fault != FAULT_NONE)
		return fault;
	for (int try = 0; try < CLAIM_TRIES; try++) {
		result = fcntl(fd, F_SETLK, &lock);
		if (result == 0 || (errno != EAGAIN && errno != EACCES))
			break;
		nanosleep(&pause, NULL);
	}
	if (result == 0) {
		claim->fd = fd;
		return FAULT_NONE;
	}
	user = user_of(fd);
	fault = user > 0 ? why_set(why, FAULT_UNAVAILABLE,
	                       "%s is open in process %ld; end it, and repeat", path, (long)user)
	                 : why_set(why, FAULT_UNAVAILABLE, "%s is open in another process", path);
	if (user > 0)
		why_mend(why, "ps -fp %ld", (long)user);
	close(fd);
	return fault;
}

void
db_unclaim(struct db_claim *claim)
{
	if (claim->fd >= 0)
		close(claim->fd);
	claim->fd = -1;
}

void
db_own_claim(struct db *db, struct db_claim *claim)
{
	db->claim = *claim;
	claim->fd = -1;
}
