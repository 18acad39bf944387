/*
 * create.c - a new database.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "store/internal.h"
#include "store/paths.h"

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
	uint32_t found, highest;
	struct txn *txn = NULL;
	enum fault fault = store_write_begin(store, actor, "init", now, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = store_schema(txn->db, &found, why);
	if (fault != FAULT_UNKNOWN) {
		store_end(txn);
		return fault == FAULT_NONE
		    ? why_set(why, FAULT_CONFLICT, "there is a database already")
		    : fault;
	}
	crypto_random(store->generation, sizeof(store->generation));
	fault = put_meta(txn, META_SCHEMA, schema, sizeof(schema), why);
	if (fault == FAULT_NONE)
		fault = put_meta(txn, META_GENERATION, store->generation, GENERATION_BYTES, why);
	if (fault == FAULT_NONE)
		fault = remains_note(txn, &highest, why);
	if (fault == FAULT_NONE)
		fault = id_start(txn, highest, why);
	if (fault == FAULT_NONE)
		fault = policy_start(txn, why);
	if (fault == FAULT_NONE)
		fault = admins_start(txn, why);
	if (fault == FAULT_NONE)
		fault = put_administrator(txn, why);
	if (fault == FAULT_NONE)
		return store_commit(txn, NULL, why);
	store_end(txn);
	return fault;
}

/*
 * What an `init` that was killed may have left: a file without tables, or with tables and no
 * schema.  That is gone on with.  Any other file is opened as it is, without making tables in it:
 * it may be somebody's.
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
		return store_open_file(store, path, DB_CREATE, why);
	fault = files_check(store->root, path, why);
	if (fault != FAULT_NONE)
		return fault;
	return store_open_file(store, path, is_unfinished(path) ? DB_CREATE : 0, why);
}

enum fault
store_create(const char *root, const struct id_source *others, const struct actor *actor,
    int64_t now, struct why *why)
{
	char *path = path_under(root, DATABASE_FILE);
	struct store *store = NULL;
	enum fault fault = path == NULL ? why_memory(why) : files_make_folders(root, why);

	if (fault == FAULT_NONE)
		fault = store_begin(root, 0, &store, why);
	if (fault == FAULT_NONE) {
		store_ask_ids(store, others);
		fault = open_to_fill(store, path, why);
	}
	if (fault == FAULT_NONE)
		fault = fill_database(store, actor, now, why);
	store_close(store);
	free(path);
	return fault;
}
