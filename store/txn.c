/*
 * txn.c - transactions: one snapshot to read, or the host's one writer at work.
 */
#include <stdlib.h>
#include <string.h>

#include "store/internal.h"

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
txn_generation(struct txn *txn, unsigned char generation[GENERATION_BYTES], struct why *why)
{
	struct span value;
	enum fault fault = table_get(txn->db, T_META, key_text(META_GENERATION), &value, why);

	if (fault != FAULT_NONE)
		return fault;
	if (value.size != GENERATION_BYTES)
		return why_set(why, FAULT_UNAVAILABLE, "the database is damaged: generation");
	memcpy(generation, value.data, GENERATION_BYTES);
	return FAULT_NONE;
}

/* What was read before a restore has versions that say nothing about what stands there now. */
static enum fault
check_generation(struct txn *txn, struct why *why)
{
	static const unsigned char none[GENERATION_BYTES];
	unsigned char generation[GENERATION_BYTES];
	enum fault fault;

	if (memcmp(txn->store->generation, none, sizeof(none)) == 0)
		return FAULT_NONE; /* a new database */
	fault = txn_generation(txn, generation, why);
	if (fault == FAULT_NONE && memcmp(generation, txn->store->generation, sizeof(none)) != 0)
		fault = why_set(why, FAULT_CONFLICT,
		    "another database was put in the place of this one meanwhile; look again and "
		    "repeat");
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
		fault = check_generation(fresh, why);
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
	ranges_clear(&txn->ranges);
	free(txn);
}

void
store_insist(struct txn *txn)
{
	txn->insist = true;
}

void
txn_relax(struct txn *txn)
{
	db_relax(txn->db);
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
