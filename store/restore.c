/*
 * restore.c - a backup in the place of the database.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "policy/text.h"
#include "store/attachments.h"
#include "store/backup_parts.h"
#include "store/contents.h"
#include "store/publish.h"

void
restored_clear(struct restored *restored)
{
	free(restored->kept);
	names_clear(&restored->lost);
	names_clear(&restored->mended);
	*restored = (struct restored){0};
}

/* One restore under way. */
struct work {
	struct backup *backup;
	const struct actor *actor;
	const char *action;
	int64_t now;
	char *path;        /* of the database */
	bool ids_alone;    /* of what is looked through */
	bool is_there;     /* something stands at that path */
	bool is_moved;     /* the new file has its place */
	bool is_whole;     /* and it is a database, without a damage */
	struct stat was;   /* of what stands there */
	struct txn *into;
	struct restored *done;
	struct why *why;   /* of what is found in callbacks, with its fault */
	enum fault fault;
};

/* ---- what stands there --------------------------------------------------------------------- */

static void
note_first(void *context, const struct page_damage *damage)
{
	struct work *work = context;

	if (work->done->was.fault == FAULT_NONE)
		damage_fault(FAULT_UNAVAILABLE, "it ", damage, 1, &work->done->was);
}

/* Is it a database of this Hexa's, in which liblmdb meets no damage? */
static bool
is_whole(struct work *work)
{
	const struct page_visit visit = {.damaged = note_first, .context = work};
	struct store *store = NULL;
	struct why *was = &work->done->was;
	uint64_t found = 0;
	bool is;

	if (pages_check_path(work->path, &visit, &found, was) != FAULT_NONE || found > 0)
		return false;
	is = store_open(work->backup->root, 0, &store, was) == FAULT_NONE;
	store_close(store);
	return is;
}

static enum fault
look_at_old(struct work *work, struct why *why)
{
	enum fault fault;

	if (lstat(work->path, &work->was) != 0)
		return errno == ENOENT ? FAULT_NONE : system_fault(work->path, why);
	work->is_there = true;
	if (!S_ISREG(work->was.st_mode))
		return why_set(why, FAULT_UNAVAILABLE, "%s is not a regular file", work->path);
	fault = files_check(work->backup->root, work->path, why);
	if (fault == FAULT_NONE)
		work->is_whole = is_whole(work);
	return fault;
}

/* ---- records ------------------------------------------------------------------------------- */

/* As they stand, sealed, in their order. */
static enum fault
copy_table(struct txn *from, struct txn *to, enum table_number table, struct why *why)
{
	struct span key = {0}, value;
	enum fault fault = db_empty(to->db, table, why);

	while (fault == FAULT_NONE &&
	    (fault = db_seek(from->db, table, true, &key, &value, why)) == FAULT_NONE)
		fault = db_append(to->db, table, key, value, why);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

static enum fault
drop_mark(struct txn *txn, struct why *why)
{
	enum fault fault = db_delete(txn->db, T_META, key_text(META_BACKUP), why);

	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

static enum fault
put_generation(struct txn *txn, struct why *why)
{
	struct bytes value = {0};

	crypto_random(txn->store->generation, GENERATION_BYTES);
	bytes_put(&value, txn->store->generation, GENERATION_BYTES);
	return table_put(txn->db, T_META, key_text(META_GENERATION), &value, why);
}

static enum fault
copy_records(struct work *work, struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (int table = 0; fault == FAULT_NONE && table < TABLE_COUNT; table++)
		fault = copy_table(work->backup->txn, work->into, (enum table_number)table, why);
	if (fault == FAULT_NONE)
		fault = drop_mark(work->into, why);
	return fault == FAULT_NONE ? put_generation(work->into, why) : fault;
}

/* ---- what outlives what stood there -------------------------------------------------------- */

/* The higher of what stands there now and this. */
static enum fault
raise_id(struct txn *txn, const char *word, struct span value, struct why *why)
{
	struct reader reader = reader_over(value.data, value.size);
	uint32_t old = reader_u32(&reader), new = 0;

	if (!reader_done(&reader))
		return FAULT_NONE;
	if (meta_id_get(txn, word, &new, NULL) == FAULT_NONE && new >= old)
		return FAULT_NONE;
	return meta_id_put(txn, word, old, why);
}

/* Unless there cannot have been so many. */
static enum fault
raise_document(struct txn *txn, struct span value, struct why *why)
{
	unsigned char hash[CRYPTO_HASH_BYTES];
	struct reader reader = reader_over(value.data, value.size);
	const uint32_t last = reader_u32(&reader);
	uint64_t sequence = 0;
	enum fault fault = journal_head(txn, &sequence, hash, why);

	if (fault != FAULT_NONE || !document_is_likely(last, sequence))
		return fault;
	return raise_id(txn, META_LAST_DOCUMENT, value, why);
}

/* Unless it stood where no clock can have been: the backup's is not before its newest entry. */
static enum fault
raise_clock(struct txn *txn, struct span value, struct why *why)
{
	struct reader reader = reader_over(value.data, value.size);
	struct bytes put = {0};
	uint64_t old = reader_u64(&reader);
	int64_t new = 0;
	enum fault fault = clock_mark(txn, &new, why);

	if (fault != FAULT_NONE || !reader_done(&reader) || old > INT64_MAX ||
	    (int64_t)old <= new || !clock_is_likely((int64_t)old, txn_now(txn), new))
		return fault;
	bytes_put_u64(&put, old);
	return table_put(txn->db, T_META, key_text(META_CLOCK), &put, why);
}

static void
note_head(struct restored *done, struct span value)
{
	struct reader reader = reader_over(value.data, value.size);
	uint64_t sequence = reader_u64(&reader);
	const void *hash = reader_bytes(&reader, CRYPTO_HASH_BYTES);

	if (!reader_done(&reader))
		return;
	done->head_known = true;
	done->sequence = sequence;
	memcpy(done->hash, hash, CRYPTO_HASH_BYTES);
}

static bool
is_word(struct span key, const char *word)
{
	return key.size == strlen(word) && memcmp(key.data, word, key.size) == 0;
}

static enum fault
outlive_word(struct work *work, struct span key, struct span value)
{
	if (is_word(key, META_NEXT_ID))
		return raise_id(work->into, META_NEXT_ID, value, work->why);
	if (is_word(key, META_LAST_DOCUMENT))
		return raise_document(work->into, value, work->why);
	if (is_word(key, META_CLOCK))
		return raise_clock(work->into, value, work->why);
	if (is_word(key, META_HEAD) && !work->ids_alone)
		note_head(work->done, value);
	return FAULT_NONE;
}

/* An id that the backup does not know was given to somebody who is not there now. */
static enum fault
outlive_id(struct work *work, struct span key, struct span value)
{
	struct reader reader = reader_over(value.data, value.size);
	const enum holder old = (enum holder)reader_u8(&reader);
	enum holder new;
	uint32_t id;
	enum fault fault;

	if (key.size != 4)
		return FAULT_NONE;
	id = key_get_u32(key.data);
	fault = id_holder(work->into, id, &new, work->why);
	if (fault != FAULT_UNKNOWN)
		return fault;
	return id_note_given(work->into, id, old == HOLDER_HOST ? HOLDER_HOST : HOLDER_GONE,
	    work->why);
}

/* Files of whoever had the uid are now somebody else's. */
static enum fault
count_other(struct work *work, struct span key, struct span value)
{
	struct user old = {0}, new = {0};
	struct span there;
	enum fault fault = key.size != 4 ? FAULT_UNKNOWN
	    : table_get(work->into->db, T_USERS, key, &there, work->why);

	if (fault != FAULT_NONE)
		return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
	if (there.size == value.size && memcmp(there.data, value.data, value.size) == 0)
		return FAULT_NONE;
	fault = user_get(work->into, key_get_u32(key.data), &new, work->why);
	if (fault == FAULT_NONE && record_decode(&user_table, &old, value.data, value.size,
	    NULL) == FAULT_NONE)
		work->done->others += memcmp(&old.uuid, &new.uuid, sizeof(old.uuid)) != 0;
	user_clear(&old);
	user_clear(&new);
	return fault;
}

/* A name that the backup does not have, or has as one given up earlier, is given up now. */
static enum fault
outlive_name(struct work *work, enum table_number table, struct span key, struct span value)
{
	char name[TABLE_KEY_MAX + 1];
	struct hold old, new = {0};
	struct span there;
	enum fault fault;

	if (!hold_read(value, &old) || key.size > TABLE_KEY_MAX ||
	    memchr(key.data, '\0', key.size) != NULL)
		return FAULT_NONE;
	if (old.holder != HOLDER_GONE)
		old.until = work->now + NAME_KEPT_BACK;
	if (old.until <= work->now)
		return FAULT_NONE;
	memcpy(name, key.data, key.size);
	name[key.size] = '\0';
	fault = table_get(work->into->db, table, key, &there, work->why);
	if (fault != FAULT_NONE && fault != FAULT_UNKNOWN)
		return fault;
	if (fault == FAULT_NONE && hold_read(there, &new) &&
	    (new.holder != HOLDER_GONE || new.until >= old.until))
		return FAULT_NONE;
	old.holder = HOLDER_GONE;
	return hold_write(work->into, table, name, &old, work->why);
}

static void
outlive(void *context, const char *table, struct span key, struct span value)
{
	static const enum table_number names[] = {T_NAMES, T_EMAILS, T_PHONES};
	struct work *work = context;

	if (work->fault != FAULT_NONE)
		return;
	if (strcmp(table, table_names[T_META]) == 0)
		work->fault = outlive_word(work, key, value);
	else if (strcmp(table, table_names[T_IDS]) == 0)
		work->fault = outlive_id(work, key, value);
	else if (strcmp(table, table_names[T_USERS]) == 0 && !work->ids_alone)
		work->fault = count_other(work, key, value);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (work->fault == FAULT_NONE && !work->ids_alone &&
		    strcmp(table, table_names[names[i]]) == 0)
			work->fault = outlive_name(work, names[i], key, value);
}

static void
outlive_file(struct work *work, const char *path)
{
	const struct page_visit visit = {.value = outlive, .seals = true, .context = work};
	uint64_t found;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)pages_check_file(fd, &visit, &found, NULL);
	close(fd);
}

static int
is_database(const struct dirent *entry)
{
	const size_t size = strlen(entry->d_name);

	return strncmp(entry->d_name, "hexa-", 5) == 0 && size > 4 &&
	    strcmp(entry->d_name + size - 4, ".mdb") == 0;
}

/*
 * As far as it can be read, without liblmdb; of a whole one, of the moment before this transaction.
 * What of it is damaged says nothing, and was told.
 */
static enum fault
outlive_old(struct work *work, struct why *why)
{
	const struct page_visit visit = {.value = outlive, .seals = true, .context = work};
	uint64_t found;
	enum fault fault = FAULT_NONE;

	work->why = why;
	if (work->is_whole)
		fault = pages_check_open(work->into->store->db, &visit, &found, why);
	else if (work->is_there)
		outlive_file(work, work->path);
	return fault == FAULT_NONE ? work->fault : fault;
}

/* What restores have kept, which may be newer than the backup is. */
static enum fault
outlive_kept(struct work *work, struct why *why)
{
	char *folder = path_under(work->backup->root, PRIVATE_FOLDER);
	struct dirent **entry = NULL;
	int count = folder == NULL ? -1 : scandir(folder, &entry, is_database, alphasort);

	work->ids_alone = true;
	for (int i = 0; i < count; i++) {
		char *path = NULL;

		if (asprintf(&path, "%s/%s", folder, entry[i]->d_name) >= 0)
			outlive_file(work, path);
		free(path);
		free(entry[i]);
	}
	free(entry);
	free(folder);
	return count < 0 ? why_memory(why) : work->fault;
}

/* And where a database is lost, what is left of it elsewhere: there, and in the directory. */
static enum fault
outlive_remains(struct work *work, struct why *why)
{
	uint32_t highest = 0, next = 0;
	enum fault fault = FAULT_NONE;

	if (work->is_whole)
		return FAULT_NONE;
	fault = outlive_kept(work, why);
	if (fault == FAULT_NONE)
		fault = remains_keep(work->into, &highest, why);
	if (fault == FAULT_NONE)
		fault = meta_id_get(work->into, META_NEXT_ID, &next, why);
	if (fault == FAULT_NONE && highest >= next)
		fault = meta_id_put(work->into, META_NEXT_ID, highest + 1, why);
	return fault;
}

/* ---- contents of documents ----------------------------------------------------------------- */

static bool
is_here(struct store *store, const struct attachment *attachment)
{
	int fd = -1;
	bool is = content_open(store, attachment, &fd, NULL) == FAULT_NONE &&
	    content_read(fd, attachment, NULL, NULL, NULL) == FAULT_NONE;

	if (fd >= 0)
		close(fd);
	return is;
}

/* A file without a name that has these bytes. */
static int
file_of(struct span value)
{
	int fd = memfd_create("content", MFD_CLOEXEC);
	size_t have = 0;

	while (fd >= 0 && have < value.size) {
		ssize_t put = write(fd, (const char *)value.data + have, value.size - have);

		if (put <= 0)
			break;
		have += (size_t)put;
	}
	if (fd < 0 || (have == value.size && lseek(fd, 0, SEEK_SET) == 0))
		return fd;
	close(fd);
	return -1;
}

static enum fault
put_content(struct work *work, const struct attachment *attachment, struct span value,
    struct why *why)
{
	struct content *content = NULL;
	int fd = file_of(value);
	enum fault fault = fd < 0 ? why_set(why, FAULT_UNAVAILABLE, "a document: %s",
	                                strerror(errno))
	                          : content_stage(work->into->store, fd, &content, why);

	if (fault == FAULT_NONE && strcmp(content_sha256(content), attachment->sha256) != 0)
		fault = why_set(why, FAULT_INVALID, "the content of document %lu is another's",
		    (unsigned long)attachment->number);
	if (fault == FAULT_NONE)
		fault = content_keep(work->into, content, why);
	content_close(content);
	if (fd >= 0)
		close(fd);
	work->done->contents += fault == FAULT_NONE;
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
need_content(struct work *work, const struct attachment *attachment, struct why *why)
{
	struct span value;
	enum fault fault = FAULT_UNKNOWN;

	if (is_here(work->into->store, attachment))
		return FAULT_NONE;
	if (work->backup->has_contents)
		fault = table_get(work->backup->txn->db, T_CONTENTS,
		    key_text(attachment->sha256), &value, why);
	if (fault == FAULT_NONE)
		return put_content(work, attachment, value, why);
	return fault == FAULT_UNKNOWN ? note_lost(&work->done->lost, attachment, why) : fault;
}

static enum fault
put_contents(struct work *work, struct why *why)
{
	struct attachment attachment = {0};
	uint32_t number = 0;
	enum fault fault = FAULT_NONE;

	while (fault == FAULT_NONE && (fault = attachment_next(work->backup->txn, number,
	    &attachment, why)) == FAULT_NONE) {
		number = attachment.number;
		fault = need_content(work, &attachment, why);
	}
	attachment_clear(&attachment);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

/* ---- the transaction ----------------------------------------------------------------------- */

enum { HEAD_TEXT = 24 + 2 * CRYPTO_HASH_BYTES };

static void
head_text(uint64_t sequence, const unsigned char hash[CRYPTO_HASH_BYTES], char text[HEAD_TEXT])
{
	char *end = text + snprintf(text, HEAD_TEXT, "%llu:", (unsigned long long)sequence);

	for (size_t i = 0; i < CRYPTO_HASH_BYTES; i++)
		end += snprintf(end, 3, "%02x", hash[i]);
}

/* The head that was replaced, and the one that the backup brought. */
static enum fault
note_heads(struct work *work, struct why *why)
{
	const struct restored *done = work->done;
	char before[HEAD_TEXT] = "", after[HEAD_TEXT] = "", made[TIME_TEXT_BYTES] = "";
	unsigned char hash[CRYPTO_HASH_BYTES];
	uint64_t sequence = 0;
	enum fault fault = journal_head(work->into, &sequence, hash, why);

	if (fault != FAULT_NONE)
		return fault;
	if (done->head_known)
		head_text(done->sequence, done->hash, before);
	head_text(sequence, hash, after);
	fault = journal_note(work->into, "database", "", 0, "journal-head", before, after, why);
	if (fault == FAULT_NONE && work->backup->made != 0) {
		text_from_time(work->backup->made, made);
		fault = journal_note(work->into, "database", "", 0, "backup-of", "", made, why);
	}
	return fault;
}

static enum fault
fill(struct work *work, struct why *why)
{
	enum fault fault = copy_records(work, why);

	if (fault == FAULT_NONE)
		fault = roles_mend(work->into, &work->done->mended, why);
	if (fault == FAULT_NONE)
		fault = outlive_old(work, why);
	if (fault == FAULT_NONE)
		fault = outlive_remains(work, why);
	if (fault == FAULT_NONE)
		fault = put_contents(work, why);
	return fault == FAULT_NONE ? note_heads(work, why) : fault;
}

/* ---- what is kept -------------------------------------------------------------------------- */

enum { DATE_BYTES = 24 };

static void
date_text(int64_t when, char text[DATE_BYTES])
{
	struct tm parts = {0};
	time_t seconds = (time_t)when;

	gmtime_r(&seconds, &parts);
	strftime(text, DATE_BYTES, "%Y%m%dT%H%M%SZ", &parts);
}

/* hexa-DATE.mdb, or hexa-damaged-DATE.mdb; with a number when there is one already. */
static char *
kept_path(const struct work *work, int number)
{
	char date[DATE_BYTES], suffix[16] = "", *path = NULL;

	date_text(work->now, date);
	if (number > 0)
		snprintf(suffix, sizeof(suffix), "_%d", number);
	return asprintf(&path, "%s%s/hexa-%s%s%s.mdb", work->backup->root, PRIVATE_FOLDER,
	           work->is_whole ? "" : "damaged-", date, suffix) < 0 ? NULL : path;
}

/* Gives what is at `path` a second name, under which it is kept. */
static enum fault
keep(struct work *work, const char *path, struct why *why)
{
	enum { NAMES_MOST = 100 };

	for (int number = 0; number < NAMES_MOST; number++) {
		char *kept = kept_path(work, number);
		enum fault fault = FAULT_NONE;

		if (kept == NULL)
			return why_memory(why);
		if (link(path, kept) == 0) {
			work->done->kept = kept;
			return sync_folder_of(kept, why);
		}
		if (errno != EEXIST)
			fault = system_fault(kept, why);
		free(kept);
		if (fault != FAULT_NONE)
			return fault;
	}
	return why_set(why, FAULT_UNAVAILABLE, "there is no name for what is kept");
}

/* A copy of it as it was before this transaction, which nobody else can write in meanwhile. */
static enum fault
keep_copy(struct work *work, struct why *why)
{
	char *path = path_under(work->backup->root, FRESH_FILE);
	enum fault fault = FAULT_NONE;
	int fd = -1;

	if (path == NULL)
		return why_memory(why);
	if (unlink(path) != 0 && errno != ENOENT)
		fault = system_fault(path, why);
	if (fault == FAULT_NONE)
		fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fault == FAULT_NONE && fd < 0)
		fault = system_fault(path, why);
	if (fault == FAULT_NONE)
		fault = db_copy(work->into->store->db, fd, why);
	if (fault == FAULT_NONE && fsync(fd) != 0)
		fault = system_fault(path, why);
	if (fault == FAULT_NONE)
		fault = keep(work, path, why);
	if (fd >= 0) {
		close(fd);
		unlink(path);
	}
	free(path);
	return fault;
}

/* What was kept for nothing goes again. */
static void
let_go(struct work *work)
{
	if (work->done->kept != NULL)
		unlink(work->done->kept);
	free(work->done->kept);
	work->done->kept = NULL;
}

static int
is_kept(const struct dirent *entry)
{
	static const char form[] = "hexa-########T######Z";
	const char *name = entry->d_name;

	for (size_t i = 0; form[i] != '\0'; i++)
		if (form[i] == '#' ? name[i] < '0' || name[i] > '9' : name[i] != form[i])
			return 0;
	return strlen(name) > 4 && strcmp(name + strlen(name) - 4, ".mdb") == 0;
}

/* The names are dates: the oldest come first. */
static void
thin_out(struct work *work)
{
	char *folder = path_under(work->backup->root, PRIVATE_FOLDER);
	struct dirent **entry = NULL;
	int count = folder == NULL ? -1 : scandir(folder, &entry, is_kept, alphasort);

	for (int i = 0; i < count; i++) {
		char *path = NULL;

		if (i + KEPT_MAX < count &&
		    asprintf(&path, "%s/%s", folder, entry[i]->d_name) >= 0) {
			unlink(path);
			free(path);
		}
		free(entry[i]);
	}
	free(entry);
	free(folder);
}

/* ---- a whole one --------------------------------------------------------------------------- */

static enum fault
replace_records(struct work *work, struct store **store, struct why *why)
{
	struct store *open = NULL;
	struct why unpublished = {0};
	bool saved = false;
	enum fault fault = store_open(work->backup->root, 0, &open, why);

	if (fault == FAULT_NONE)
		fault = store_write_begin(open, work->actor, work->action, work->now, &work->into,
		    why);
	if (fault == FAULT_NONE)
		fault = keep_copy(work, why);
	if (fault == FAULT_NONE)
		fault = fill(work, why);
	if (fault == FAULT_NONE) {
		fault = store_commit(work->into, &saved, &unpublished);
		work->into = NULL;
		if (fault != FAULT_NONE && !saved && why != NULL)
			*why = unpublished;
	}
	if (fault != FAULT_NONE && saved) {
		work->done->unpublished = unpublished;
		fault = FAULT_NONE;
	}
	store_end(work->into);
	work->into = NULL;
	if (fault == FAULT_NONE)
		*store = open;
	else
		store_close(open);
	return fault;
}

/* ---- one that is missing or damaged -------------------------------------------------------- */

/* The new file, whole and on disk, under its own name. */
static enum fault
make_fresh(struct work *work, const char *path, struct store *fresh, struct why *why)
{
	enum fault fault = FAULT_NONE;

	if (unlink(path) != 0 && errno != ENOENT)
		fault = system_fault(path, why);
	if (fault == FAULT_NONE)
		fault = store_open_file(fresh, path, DB_UNLOCKED | DB_CREATE, why);
	if (fault == FAULT_NONE)
		fault = store_write_begin(fresh, work->actor, work->action, work->now, &work->into,
		    why);
	if (fault == FAULT_NONE)
		fault = fill(work, why);
	if (fault == FAULT_NONE) {
		fault = store_commit_alone(work->into, NULL, why);
		work->into = NULL;
	}
	store_end(work->into);
	work->into = NULL;
	return fault;
}

/* What was looked at must be what is replaced. */
static enum fault
check_same(const struct work *work, struct why *why)
{
	struct stat now;
	bool is_there = lstat(work->path, &now) == 0;

	if (is_there == work->is_there && (!is_there || (now.st_ino == work->was.st_ino &&
	    now.st_dev == work->was.st_dev && now.st_size == work->was.st_size &&
	    now.st_mtim.tv_sec == work->was.st_mtim.tv_sec &&
	    now.st_mtim.tv_nsec == work->was.st_mtim.tv_nsec)))
		return FAULT_NONE;
	return why_set(why, FAULT_CONFLICT, "%s has changed meanwhile; look again and repeat",
	    work->path);
}

/* Nobody has it open, and who waits to open it finds the new one, with its own lock file. */
static enum fault
move_in(struct work *work, const char *path, struct store **store, struct why *why)
{
	struct db_claim claim = {.fd = -1};
	struct store *open = NULL;
	enum fault fault = db_claim(work->path, &claim, why);

	if (fault == FAULT_NONE)
		fault = check_same(work, why);
	if (fault == FAULT_NONE && work->is_there)
		fault = keep(work, work->path, why);
	if (fault == FAULT_NONE && rename(path, work->path) != 0)
		fault = system_fault(work->path, why);
	if (fault == FAULT_NONE) {
		work->is_moved = true;
		fault = sync_folder_of(work->path, why);
	}
	if (fault == FAULT_NONE)
		fault = store_open(work->backup->root, 0, &open, why);
	if (fault != FAULT_NONE) {
		db_unclaim(&claim);
		return fault;
	}
	db_own_claim(open->db, &claim);
	*store = open;
	return FAULT_NONE;
}

static enum fault
replace_file(struct work *work, struct store **store, struct why *why)
{
	char *path = path_under(work->backup->root, FRESH_FILE);
	struct store *fresh = NULL, *open = NULL;
	enum fault fault = path == NULL ? why_memory(why)
	                                : store_begin(work->backup->root, 0, &fresh, why);

	if (fault == FAULT_NONE)
		fault = make_fresh(work, path, fresh, why);
	if (fault == FAULT_NONE) {
		db_close(fresh->db);
		fresh->db = NULL;
		fault = move_in(work, path, &open, why);
	}
	if (fault == FAULT_NONE) {
		open->committed = fresh->committed;
		open->committed_before = fresh->committed_before;
		memcpy(open->committed_hash, fresh->committed_hash, CRYPTO_HASH_BYTES);
		if (publish(open, work->now, &work->done->unpublished) == FAULT_NONE)
			work->done->unpublished = (struct why){0};
		*store = open;
	}
	store_close(fresh);
	if (path != NULL)
		unlink(path); /* it is there when it was not moved */
	free(path);
	return fault;
}

/* ---- either -------------------------------------------------------------------------------- */

enum fault
backup_restore(struct backup *backup, const struct actor *actor, const char *action, int64_t now,
    struct restored *restored, struct store **store, struct why *why)
{
	struct restored done = {0};
	struct work work = {.backup = backup, .actor = actor, .action = action, .now = now,
	    .path = path_under(backup->root, DATABASE_FILE), .done = &done};
	enum fault fault = work.path == NULL ? why_memory(why) : look_at_old(&work, why);

	if (fault == FAULT_NONE)
		fault = (work.is_whole ? replace_records : replace_file)(&work, store, why);
	if (fault == FAULT_NONE)
		thin_out(&work);
	else if (!work.is_moved)
		let_go(&work);
	free(work.path);
	done.was_whole = work.is_whole;
	if (fault == FAULT_NONE)
		*restored = done;
	else
		restored_clear(&done);
	return fault;
}
