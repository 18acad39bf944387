/*
 * indexes.h - the tables by which records are found, against the records: what doctor asks, and
 * what writes them anew.  The records have the last word; nothing in an index is not in them, but
 * names that were given up and ids of who is gone.
 */
#ifndef HEXA_STORE_INDEXES_H
#define HEXA_STORE_INDEXES_H

#include "store/store.h"

/* names, emails, phones, ids, members, client-users, site-users, fields, attachment-fields. */
enum { INDEXES = 9 };

struct index_state {
	const char *table;   /* its name, as docs/format.md has it */
	uint64_t entries;    /* that the records ask for */
	uint64_t missing;    /* of these: not there, or somebody else's */
	uint64_t astray;     /* lead to nobody, or to somebody who does not have the value */
	uint64_t miscounted; /* values of which another number is noted than there are entries */
	char first[256];     /* the first that is wrong, as a sentence */
	struct why unread;   /* .fault: it could not be read to its end, and the numbers are too low */
	bool from_records;   /* indexes_write() makes it whatever is in it, damage too */
};

struct index_states {
	struct index_state of[INDEXES];
};

/*
 * Compares all of them with the records of users, roles and documents, both ways.  In memory that
 * does not grow with them; for a transaction that only reads (txn_relax()).  `at_work` is called
 * again and again meanwhile.  FAULT_UNAVAILABLE: records cannot be read.
 */
enum fault indexes_check(struct txn *txn, struct index_states *states, void (*at_work)(void),
    struct why *why);

/* True: nothing is wrong. */
bool index_is_well(const struct index_state *state);

/*
 * Writes them from the records, in a transaction that writes, and notes that in the journal.
 * Given-up names stay kept back, and an id that was ever given stays given.  What is published is
 * to be published anew afterwards (publish_rebuild()).  FAULT_CONFLICT: two have one name, address
 * or number; FAULT_UNAVAILABLE: something that is no index is damaged.
 */
enum fault indexes_write(struct txn *txn, struct why *why);

#endif
