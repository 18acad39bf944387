/*
 * store.c - opening and closing the database.
 */
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

#include "store/internal.h"
#include "store/paths.h"

enum fault
store_schema(struct db_txn *txn, uint32_t *schema, struct why *why)
{
	struct span value;
	struct reader reader;
	enum fault fault = table_get(txn, T_META, key_text(META_SCHEMA), &value, why);

	if (fault != FAULT_NONE)
		return fault;
	reader = reader_over(value.data, value.size);
	*schema = reader_u32(&reader);
	return reader_done(&reader) ? FAULT_NONE
	    : why_set(why, FAULT_UNAVAILABLE, "the database is damaged: schema");
}

bool
store_tells_damage(const struct why *why)
{
	static const char *const words[] = {
	    "the database is damaged", "record is damaged", "the file is not a database"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (why->fault == FAULT_UNAVAILABLE && strstr(why->text, words[i]) != NULL)
			return true;
	return false;
}

static enum fault
refuse_schema(uint32_t schema, struct why *why)
{
	if (schema > SCHEMA_VERSION)
		return why_set(why, FAULT_UNAVAILABLE,
		    "the database has schema %lu; this Hexa knows %d: install the newer Hexa",
		    (unsigned long)schema, SCHEMA_VERSION);
	return why_set(why, FAULT_UNAVAILABLE,
	    "the database has schema %lu, older than what this Hexa reads (%d): list what is in "
	    "it with the Hexa that wrote it, move hexa.mdb away, and make a new one with "
	    "hexa-admin init",
	    (unsigned long)schema, SCHEMA_VERSION);
}

enum fault
store_check_schema(struct store *store, struct db_txn *txn, struct why *why)
{
	struct span value;
	uint32_t schema = 0;
	enum fault fault = store_schema(txn, &schema, why);

	if (fault == FAULT_UNKNOWN)
		return why_set(why, FAULT_UNAVAILABLE, "the file is not a database of Hexa's");
	if (fault != FAULT_NONE)
		return fault;
	if (schema != SCHEMA_VERSION)
		return refuse_schema(schema, why);
	fault = table_get(txn, T_META, key_text(META_GENERATION), &value, why);
	if (fault != FAULT_NONE || value.size != GENERATION_BYTES)
		return why_set(why, FAULT_UNAVAILABLE, "the database is damaged: generation");
	memcpy(store->generation, value.data, GENERATION_BYTES);
	return FAULT_NONE;
}

enum fault
store_open_file(struct store *store, const char *path, unsigned db_flags, struct why *why)
{
	return db_open(path, db_flags, 0600, table_names, TABLE_COUNT, &store->db, why);
}

/*
 * A file that lacks a table may be an older Hexa's, which had fewer, or a newer one's: that is then
 * said instead of what opening it came to.
 */
enum fault
store_explain_schema(const char *path, unsigned db_flags, enum fault fault, struct why *why)
{
	struct db *db = NULL;
	struct db_txn *txn = NULL;
	uint32_t schema = SCHEMA_VERSION;

	if (db_open(path, db_flags, 0600, table_names, T_META + 1, &db, NULL) == FAULT_NONE &&
	    db_begin(db, false, &txn, NULL) == FAULT_NONE &&
	    store_schema(txn, &schema, NULL) == FAULT_NONE && schema != SCHEMA_VERSION)
		fault = refuse_schema(schema, why);
	db_abort(txn);
	db_close(db);
	return fault;
}

enum fault
store_begin(const char *root, unsigned flags, struct store **store, struct why *why)
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
	enum fault fault = path == NULL ? why_memory(why) : files_check(root, path, why);

	if (fault == FAULT_NONE)
		fault = store_begin(root, flags, &fresh, why);
	if (fault == FAULT_NONE)
		fault = store_open_file(fresh, path, fresh->read_only ? DB_READ_ONLY : 0, why);
	if (fault != FAULT_NONE && fresh != NULL)
		fault = store_explain_schema(path, DB_READ_ONLY, fault, why);
	if (fault == FAULT_NONE)
		fault = db_begin(fresh->db, false, &txn, why);
	if (fault == FAULT_NONE)
		fault = store_check_schema(fresh, txn, why);
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
store_ask_ids(struct store *store, const struct id_source *others)
{
	store->others = (struct id_source){0};
	if (others != NULL)
		store->others = *others;
}
