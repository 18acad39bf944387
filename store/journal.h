/*
 * journal.h - who changed what, when: a chain in which each entry carries the hash of the one
 * before.
 */
#ifndef HEXA_STORE_JOURNAL_H
#define HEXA_STORE_JOURNAL_H

#include "store/crypto.h"
#include "store/store.h"

struct journal_change {
	char *noun;   /* a record's (its table says); "setting", "constraint", "test", "host" */
	char *name;   /* the record's name when it was changed; of a setting and the host: empty */
	uint32_t uid; /* of a user, and of whom a document is about; else 0 */
	char *field;  /* the row's name; empty: the record itself was made or deleted */
	char *before; /* as text; a secret is "set" */
	char *after;
	char *texts;  /* what these stand in; NULL: the entry's */
};

struct journal_entry {
	uint64_t sequence; /* 1, 2, 3 … without a gap */
	int64_t when;
	struct actor actor;
	char *action; /* "user edit" */
	struct journal_change *change;
	size_t count;
	char *texts; /* of its changes, when it was read */
	unsigned char hash[CRYPTO_HASH_BYTES]; /* over the entry and the hash before it */
};

void journal_entry_clear(struct journal_entry *entry);

/* The first entry with a sequence above `after`; FAULT_UNKNOWN at the end. */
enum fault journal_next(struct txn *txn, uint64_t after, struct journal_entry *entry,
    struct why *why);

/* The newest entry's sequence and hash; sequence 0 when there is none. */
enum fault journal_head(struct txn *txn, uint64_t *sequence,
    unsigned char hash[CRYPTO_HASH_BYTES], struct why *why);

/*
 * Proves the chain from the entry after `from` (0: from the beginning; otherwise entry `from` must
 * carry `hash`).  FAULT_RULE names the first entry that does not fit.  *count entries were proved.
 */
enum fault journal_verify(struct txn *txn, uint64_t from,
    const unsigned char hash[CRYPTO_HASH_BYTES], uint64_t *count, struct why *why);

#endif
