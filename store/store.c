/*
 * store.c - making and opening the database, transactions, and the host's own identity.
 */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/internal.h"
#include "store/paths.h"
#include "store/publish.h"

static const char SCHEMA[] = "schema";
static const char GENERATION[] = "generation";
static const char HOST[] = "host";

char *
path_under(const char *root, const char *path)
{
	char *whole;

	return asprintf(&whole, "%s%s", root, path) < 0 ? NULL : whole;
}

/* ---- files -------------------------------------------------------------------------------- */

static enum fault
system_fault(const char *path, struct why *why)
{
	return why_set(why, FAULT_UNAVAILABLE, "%s: %s", path, strerror(errno));
}

/* Makes a folder with exactly this mode, whatever the umask; one that is there keeps its own. */
static enum fault
make_folder(const char *root, const char *folder, mode_t mode, struct why *why)
{
	char *path = path_under(root, folder);
	enum fault fault = FAULT_NONE;

	if (path == NULL)
		return why_memory(why);
	if (mkdir(path, 0700) == 0) {
		if (chmod(path, mode) != 0)
			fault = system_fault(path, why);
	} else if (errno != EEXIST) {
		fault = system_fault(path, why);
	}
	free(path);
	return fault;
}

static enum fault
make_folders(const char *root, struct why *why)
{
	static const struct {
		const char *path;
		mode_t mode;
	} folders[] = {
	    {"/var", 0755},
	    {"/var/lib", 0755},
	    {STATE_FOLDER, 0755},
	    {PRIVATE_FOLDER, 0700},
	    {DIRECTORY_FOLDER, 0755},
	};

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		enum fault fault = make_folder(root, folders[i].path, folders[i].mode, why);

		if (fault != FAULT_NONE)
			return fault;
	}
	return FAULT_NONE;
}

/* Root's, and nobody else's to read: a database that others can write decides nothing. */
static enum fault
check_private(const char *path, mode_t type, struct why *why)
{
	struct stat status;
	enum fault fault;

	if (lstat(path, &status) != 0) {
		fault = errno == ENOENT
		    ? why_set(why, FAULT_UNAVAILABLE, "%s is missing", path)
		    : system_fault(path, why);
		if (errno == ENOENT)
			why_mend(why, "hexa-admin init");
		return fault;
	}
	if ((status.st_mode & S_IFMT) != type)
		return why_set(why, FAULT_UNAVAILABLE, "%s is not a %s", path,
		    type == S_IFDIR ? "folder" : "regular file");
	if (status.st_uid != 0) {
		fault = why_set(why, FAULT_UNAVAILABLE, "%s does not belong to root", path);
		why_mend(why, "chown root:root %s", path);
		return fault;
	}
	if ((status.st_mode & 077) != 0) {
		fault = why_set(why, FAULT_UNAVAILABLE, "%s is open to others (mode %04o)", path,
		    (unsigned)(status.st_mode & 07777));
		why_mend(why, "chmod go= %s", path);
		return fault;
	}
	return FAULT_NONE;
}

static enum fault
check_files(const char *root, const char *database, struct why *why)
{
	char *folder = path_under(root, PRIVATE_FOLDER);
	enum fault fault;

	if (folder == NULL)
		return why_memory(why);
	fault = check_private(folder, S_IFDIR, why);
	if (fault == FAULT_NONE)
		fault = check_private(database, S_IFREG, why);
	free(folder);
	return fault;
}

/* ---- opening ------------------------------------------------------------------------------ */

static enum fault
read_schema(struct db_txn *txn, uint32_t *schema, struct why *why)
{
	struct span value;
	struct reader reader;
	enum fault fault = table_get(txn, T_META, key_text(SCHEMA), &value, why);

	if (fault != FAULT_NONE)
		return fault;
	reader = reader_over(value.data, value.size);
	*schema = reader_u32(&reader);
	return reader_done(&reader) ? FAULT_NONE
	    : why_set(why, FAULT_UNAVAILABLE, "the database is damaged: schema");
}

static enum fault
check_schema(struct store *store, struct db_txn *txn, struct why *why)
{
	struct span value;
	uint32_t schema = 0;
	enum fault fault = read_schema(txn, &schema, why);

	if (fault == FAULT_UNKNOWN)
		return why_set(why, FAULT_UNAVAILABLE, "the file is not a database of Hexa's");
	if (fault != FAULT_NONE)
		return fault;
	if (schema != SCHEMA_VERSION)
		return why_set(why, FAULT_UNAVAILABLE,
		    "the database has schema %lu; this Hexa knows %d: install the newer Hexa",
		    (unsigned long)schema, SCHEMA_VERSION);
	fault = table_get(txn, T_META, key_text(GENERATION), &value, why);
	if (fault != FAULT_NONE || value.size != GENERATION_BYTES)
		return why_set(why, FAULT_UNAVAILABLE, "the database is damaged: generation");
	memcpy(store->generation, value.data, GENERATION_BYTES);
	return FAULT_NONE;
}

static enum fault
open_database(struct store *store, const char *path, unsigned db_flags, struct why *why)
{
	return db_open(path, db_flags, 0600, table_names, TABLE_COUNT, &store->db, why);
}

static enum fault
store_new(const char *root, unsigned flags, struct store **store, struct why *why)
{
	struct store *fresh;
	enum fault fault = crypto_start(why);

	if (fault != FAULT_NONE)
		return fault;
	fresh = calloc(1, sizeof(*fresh));
	if (fresh == NULL)
		return why_memory(why);
	fresh->root = strdup(root);
	fresh->read_only = (flags & STORE_READ_ONLY) != 0;
	if (fresh->root == NULL) {
		free(fresh);
		return why_memory(why);
	}
	*store = fresh;
	return FAULT_NONE;
}

enum fault
store_open(const char *root, unsigned flags, struct store **store, struct why *why)
{
	char *path = path_under(root, DATABASE_FILE);
	struct store *fresh = NULL;
	struct db_txn *txn = NULL;
	enum fault fault = path == NULL ? why_memory(why) : check_files(root, path, why);

	if (fault == FAULT_NONE)
		fault = store_new(root, flags, &fresh, why);
	if (fault == FAULT_NONE)
		fault = open_database(fresh, path, fresh->read_only ? DB_READ_ONLY : 0, why);
	if (fault == FAULT_NONE)
		fault = db_begin(fresh->db, false, &txn, why);
	if (fault == FAULT_NONE)
		fault = check_schema(fresh, txn, why);
	db_abort(txn);
	free(path);
	if (fault == FAULT_NONE)
		*store = fresh;
	else
		store_close(fresh);
	return fault;
}

void
store_close(struct store *store)
{
	if (store == NULL)
		return;
	db_close(store->db);
	free(store->root);
	free(store);
}

void
store_ask_ids(struct store *store,
    enum fault (*taken)(void *context, uint32_t id, bool *is_taken, struct why *why),
    void *context)
{
	store->id_taken = taken;
	store->id_context = context;
}

/* ---- transactions ------------------------------------------------------------------------- */

enum fault
store_read_begin(struct store *store, struct txn **txn, struct why *why)
{
	struct txn *fresh = calloc(1, sizeof(*fresh));
	enum fault fault;

	if (fresh == NULL)
		return why_memory(why);
	fresh->store = store;
	fault = db_begin(store->db, false, &fresh->db, why);
	if (fault == FAULT_NONE)
		*txn = fresh;
	else
		free(fresh);
	return fault;
}

enum fault
store_write_begin(struct store *store, const struct actor *actor, const char *action, int64_t now,
    struct txn **txn, struct why *why)
{
	struct txn *fresh = calloc(1, sizeof(*fresh));
	enum fault fault;

	if (fresh == NULL)
		return why_memory(why);
	fresh->store = store;
	fresh->write = true;
	fresh->entry.actor = *actor;
	fresh->entry.when = now;
	fresh->entry.action = strdup(action);
	fault = fresh->entry.action == NULL ? why_memory(why)
	                                    : db_begin(store->db, true, &fresh->db, why);
	if (fault == FAULT_NONE)
		*txn = fresh;
	else
		store_end(fresh);
	return fault;
}

void
store_end(struct txn *txn)
{
	if (txn == NULL)
		return;
	db_abort(txn->db);
	journal_entry_clear(&txn->entry);
	free(txn);
}

enum fault
store_commit(struct txn *txn, bool *saved, struct why *why)
{
	struct store *store = txn->store;
	uint64_t sequence = 0;
	unsigned char hash[CRYPTO_HASH_BYTES];
	enum fault fault = txn_must_write(txn, why);

	if (saved != NULL)
		*saved = false;
	if (fault != FAULT_NONE || txn->entry.count == 0) {
		store_end(txn);
		return fault;
	}
	fault = journal_write(txn, why);
	sequence = txn->entry.sequence;
	memcpy(hash, txn->entry.hash, sizeof(hash));
	if (fault == FAULT_NONE) {
		fault = db_commit(txn->db, why);
		txn->db = NULL;
	}
	store_end(txn);
	if (fault != FAULT_NONE)
		return fault;
	store->committed = sequence;
	memcpy(store->committed_hash, hash, sizeof(hash));
	if (saved != NULL)
		*saved = true;
	fault = publish(store, why);
	if (fault != FAULT_NONE && why != NULL) {
		struct why first = *why;

		why_set(why, fault, "saved, but not published yet: %s", first.text);
		why_mend(why, "hexa-admin doctor");
	}
	return fault;
}

bool
store_committed(const struct store *store, uint64_t *sequence, unsigned char hash[32])
{
	*sequence = store->committed;
	memcpy(hash, store->committed_hash, CRYPTO_HASH_BYTES);
	return store->committed != 0;
}

void
store_insist(struct txn *txn)
{
	txn->insist = true;
}

int64_t
txn_now(const struct txn *txn)
{
	return txn->entry.when;
}

enum fault
txn_must_write(const struct txn *txn, struct why *why)
{
	return txn->write ? FAULT_NONE
	                  : why_set(why, FAULT_UNAVAILABLE, "not a write transaction");
}

/* ---- a new database ----------------------------------------------------------------------- */

static enum fault
put_meta(struct txn *txn, const char *word, const void *data, size_t size, struct why *why)
{
	struct bytes value = {0};

	bytes_put(&value, data, size);
	return table_put(txn->db, T_META, key_text(word), &value, why);
}

static enum fault
put_administrator(struct txn *txn, struct why *why)
{
	struct roles roles = {0};
	struct rules rules = {0};
	enum fault fault = rules_add_builtin(&rules, why);

	if (fault == FAULT_NONE)
		fault = roles_add_builtin(&roles, why);
	if (fault == FAULT_NONE)
		fault = roles_compile(&roles, &rules, NULL, why);
	if (fault == FAULT_NONE)
		fault = role_put(txn, &roles.role[0], why);
	roles_clear(&roles);
	rules_clear(&rules);
	return fault;
}

static enum fault
fill_database(struct store *store, const struct actor *actor, int64_t now, struct why *why)
{
	unsigned char schema[4] = {SCHEMA_VERSION, 0, 0, 0};
	uint32_t found;
	struct txn *txn = NULL;
	enum fault fault = store_write_begin(store, actor, "init", now, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = read_schema(txn->db, &found, why);
	if (fault != FAULT_UNKNOWN) {
		store_end(txn);
		return fault == FAULT_NONE
		    ? why_set(why, FAULT_CONFLICT, "there is a database already")
		    : fault;
	}
	crypto_random(store->generation, sizeof(store->generation));
	fault = put_meta(txn, SCHEMA, schema, sizeof(schema), why);
	if (fault == FAULT_NONE)
		fault = put_meta(txn, GENERATION, store->generation, GENERATION_BYTES, why);
	if (fault == FAULT_NONE)
		fault = id_start(txn, why);
	if (fault == FAULT_NONE)
		fault = put_administrator(txn, why);
	if (fault == FAULT_NONE)
		return store_commit(txn, NULL, why);
	store_end(txn);
	return fault;
}

/*
 * What an `init` that was killed may have left: a file without tables, or with tables and no schema.
 * That is gone on with.  Any other file is opened as it is, without making tables in it: it may be
 * somebody's.
 */
static bool
is_unfinished(const char *path)
{
	struct db *db = NULL;
	struct db_txn *txn = NULL;
	size_t entries = 1;

	if (db_open(path, 0, 0600, NULL, 0, &db, NULL) == FAULT_NONE &&
	    db_begin(db, false, &txn, NULL) == FAULT_NONE)
		(void)db_count(txn, 0, &entries, NULL);
	db_abort(txn);
	db_close(db);
	return entries == 0;
}

static enum fault
open_to_fill(struct store *store, const char *path, struct why *why)
{
	struct stat status;
	enum fault fault;

	if (lstat(path, &status) != 0 || status.st_size == 0)
		return open_database(store, path, DB_CREATE, why);
	fault = check_files(store->root, path, why);
	if (fault != FAULT_NONE)
		return fault;
	return open_database(store, path, is_unfinished(path) ? DB_CREATE : 0, why);
}

enum fault
store_create(const char *root, const struct actor *actor, int64_t now, struct why *why)
{
	char *path = path_under(root, DATABASE_FILE);
	struct store *store = NULL;
	enum fault fault = path == NULL ? why_memory(why) : make_folders(root, why);

	if (fault == FAULT_NONE)
		fault = store_new(root, 0, &store, why);
	if (fault == FAULT_NONE)
		fault = open_to_fill(store, path, why);
	if (fault == FAULT_NONE)
		fault = fill_database(store, actor, now, why);
	store_close(store);
	free(path);
	return fault;
}

/* ---- the host's identity ------------------------------------------------------------------ */

void
host_clear(struct host *host)
{
	free(host->client);
	free(host->site);
	*host = (struct host){0};
}

enum { HOST_WORD_MAX = 256 };

enum fault
host_get(struct txn *txn, struct host *host, struct why *why)
{
	struct span value;
	struct reader reader;
	struct host read = {0};
	enum fault fault = table_get(txn->db, T_META, key_text(HOST), &value, why);

	if (fault == FAULT_UNKNOWN) {
		host_clear(host);
		return FAULT_NONE;
	}
	if (fault != FAULT_NONE)
		return fault;
	reader = reader_over(value.data, value.size);
	read.client = reader_text(&reader, HOST_WORD_MAX);
	read.site = reader_text(&reader, HOST_WORD_MAX);
	if (!reader_done(&reader)) {
		host_clear(&read);
		return why_set(why, FAULT_UNAVAILABLE, "the database is damaged: the host");
	}
	host_clear(host);
	*host = read;
	return FAULT_NONE;
}

static const char *
or_empty(const char *text)
{
	return text == NULL ? "" : text;
}

static enum fault
note_host_word(struct txn *txn, const char *word, const char *before, const char *after,
    struct why *why)
{
	if (strcmp(or_empty(before), or_empty(after)) == 0)
		return FAULT_NONE;
	return journal_note(txn, "host", "", 0, word, before, after, why);
}

enum fault
host_put(struct txn *txn, const struct host *host, struct why *why)
{
	struct host old = {0};
	struct bytes value = {0};
	enum fault fault = host_get(txn, &old, why);

	if (fault == FAULT_NONE)
		fault = note_host_word(txn, "client", old.client, host->client, why);
	if (fault == FAULT_NONE)
		fault = note_host_word(txn, "site", old.site, host->site, why);
	host_clear(&old);
	if (fault != FAULT_NONE)
		return fault;
	bytes_put_text(&value, host->client);
	bytes_put_text(&value, host->site);
	return table_put(txn->db, T_META, key_text(HOST), &value, why);
}
