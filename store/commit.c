/*
 * commit.c - the end of a write: the journal's entry, the commit, and then the directory.
 */
#include <string.h>

#include "store/internal.h"
#include "store/publish.h"

static enum fault
commit_unnoted(struct txn *txn, bool *saved, struct why *why)
{
	enum fault fault = clock_note(txn, why);

	if (fault == FAULT_NONE) {
		fault = db_commit(txn->db, why);
		txn->db = NULL;
	}
	store_end(txn);
	if (saved != NULL)
		*saved = fault == FAULT_NONE;
	return fault;
}

enum fault
store_commit_alone(struct txn *txn, bool *saved, struct why *why)
{
	struct store *store = txn->store;
	uint64_t before = 0, sequence = 0;
	unsigned char hash[CRYPTO_HASH_BYTES];
	enum fault fault = txn_must_write(txn, why);

	if (saved != NULL)
		*saved = false;
	if (fault == FAULT_NONE && txn->entry.count == 0 && txn->unnoted)
		return commit_unnoted(txn, saved, why);
	if (fault != FAULT_NONE || txn->entry.count == 0) {
		store_end(txn);
		return fault;
	}
	fault = clock_note(txn, why);
	if (fault == FAULT_NONE)
		fault = journal_write(txn, why);
	before = txn->before;
	sequence = txn->entry.sequence;
	memcpy(hash, txn->entry.hash, sizeof(hash));
	if (fault == FAULT_NONE) {
		fault = db_commit(txn->db, why);
		txn->db = NULL;
	}
	store_end(txn);
	if (fault != FAULT_NONE)
		return fault;
	store->committed_before = before;
	store->committed = sequence;
	memcpy(store->committed_hash, hash, sizeof(hash));
	if (saved != NULL)
		*saved = true;
	return FAULT_NONE;
}

enum fault
store_commit(struct txn *txn, bool *saved, struct why *why)
{
	struct store *store = txn->store;
	const int64_t now = txn_now(txn);
	const uint64_t before = store->committed;
	enum fault fault = store_commit_alone(txn, saved, why);

	/* What is in no journal is not published either. */
	if (fault != FAULT_NONE || store->committed == before)
		return fault;
	fault = publish(store, now, why);
	if (fault != FAULT_NONE && why != NULL) {
		struct why first = *why;

		why_set(why, fault, "saved, but not published yet: %s", first.text);
		why_mend(why, "hexa-admin doctor");
	}
	return fault;
}

bool
store_committed(const struct store *store, uint64_t *before, uint64_t *sequence,
    unsigned char hash[32])
{
	*before = store->committed_before;
	*sequence = store->committed;
	memcpy(hash, store->committed_hash, CRYPTO_HASH_BYTES);
	return store->committed != 0;
}
