/*
 * internal.h - what the files of store/ share and nobody else sees: the open database, a
 * transaction under way, the journal's pen, and the register of names and ids.
 */
#ifndef HEXA_STORE_INTERNAL_H
#define HEXA_STORE_INTERNAL_H

#include "store/files.h"
#include "store/journal.h"
#include "store/store.h"
#include "store/table.h"

enum { GENERATION_BYTES = 16 };

struct store {
	struct db *db;
	char *root;
	bool read_only;
	unsigned char generation[GENERATION_BYTES];
	enum fault (*id_taken)(void *context, uint32_t id, bool *is_taken, struct why *why);
	void *id_context;
	uint64_t committed; /* the sequence of this process's newest commit; 0: none */
	unsigned char committed_hash[CRYPTO_HASH_BYTES];
};

struct txn {
	struct store *store;
	struct db_txn *db;
	bool write;
	bool insist;
	struct journal_entry entry; /* what this transaction will have done */
};

/* FAULT_UNAVAILABLE unless the transaction may write. */
enum fault txn_must_write(const struct txn *txn, struct why *why);

/* ---- opening (store.c) ---- */

/* Words of T_META. */
#define META_SCHEMA     "schema"
#define META_GENERATION "generation"

/* A store whose database is not open yet; ended by store_close(). */
enum fault store_begin(const char *root, unsigned flags, struct store **store, struct why *why);

/* Opens its database, with flags of db.h. */
enum fault store_open_file(struct store *store, const char *path, unsigned db_flags,
    struct why *why);

/* The schema that the database says it has; FAULT_UNKNOWN when it says nothing. */
enum fault store_schema(struct db_txn *txn, uint32_t *schema, struct why *why);

/* ---- the journal's pen (journal.c) ---- */

/* Notes one change.  before and after may be NULL. */
enum fault journal_note(struct txn *txn, const char *noun, const char *name, uint32_t uid,
    const char *field, const char *before, const char *after, struct why *why);

/*
 * Notes each field in which the two records differ; `old` NULL: the record was made, `new` NULL:
 * deleted.  Secrets appear as "set" and "changed", long hidden lists as what left and what came.
 */
enum fault journal_note_record(struct txn *txn, const struct table *table, const char *name,
    uint32_t uid, const void *old, const void *new, struct why *why);

/* Writes the entry and links it to the chain. */
enum fault journal_write(struct txn *txn, struct why *why);

/* ---- names and ids (register.c) ---- */

enum holder { HOLDER_USER = 1, HOLDER_GROUP, HOLDER_GONE };

/*
 * How long a given-up name, e-mail or phone is kept back, in seconds (DESIGN: nothing is reused).
 */
enum { NAME_KEPT_BACK = 60 * 60 };

/* Whom a name of T_NAMES, T_EMAILS or T_PHONES leads to; FAULT_UNKNOWN for a given-up one. */
enum fault name_holder(struct txn *txn, enum table_number table, const char *name,
    enum holder *holder, uint32_t *id, struct why *why);

/*
 * Gives a name to an id.  FAULT_CONFLICT, naming the field, when another has it or had it just
 * now.
 */
enum fault name_take(struct txn *txn, enum table_number table, const char *field,
    const char *name, enum holder holder, uint32_t id, struct why *why);

/* Gives it up: kept back for NAME_KEPT_BACK from whoever else asks. */
enum fault name_give_up(struct txn *txn, enum table_number table, const char *name,
    struct why *why);

/* The next free id, taken for ever. */
enum fault id_take(struct txn *txn, enum holder holder, uint32_t *id, struct why *why);

/* Writes the counter of a new database. */
enum fault id_start(struct txn *txn, struct why *why);

#endif
