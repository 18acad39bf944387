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
	struct id_source others;
	uint64_t committed; /* the sequence of this process's newest commit; 0: none */
	uint64_t committed_before; /* the journal's head before that */
	unsigned char committed_hash[CRYPTO_HASH_BYTES];
};

/* Where ids are taken from, in ascending order. */
struct id_ranges {
	struct id_range *range;
	size_t count;
};

struct txn {
	struct store *store;
	struct db_txn *db;
	bool write;
	bool insist;
	bool written; /* an entry of it stands in the journal already */
	bool unnoted; /* something was written that is in no journal: kept all the same */
	struct id_ranges ranges; /* none: not looked at yet, or no longer as they were */
	struct journal_entry entry; /* what this transaction will have done, as far as it is not
	                               in an entry that it has written */
	uint64_t before;            /* the journal's head when it began */
};

/* Of what the transaction sees; FAULT_UNKNOWN: a database that is being made has none yet. */
enum fault txn_generation(struct txn *txn, unsigned char generation[GENERATION_BYTES],
    struct why *why);

/* FAULT_UNAVAILABLE unless the transaction may write. */
enum fault txn_must_write(const struct txn *txn, struct why *why);

/* ---- opening (store.c) ---- */

/* Words of T_META. */
#define META_SCHEMA        "schema"
#define META_GENERATION    "generation"
#define META_NEXT_ID       "next-id"
#define META_ADMINS_GID    "admins-gid"
#define META_HEAD          "journal-head"
#define META_HOST          "host"
#define META_CLOCK         "clock"
#define META_LAST_DOCUMENT "last-document"
#define META_BACKUP        "backup" /* of backups alone: what made it, and when */

/* A store whose database is not open yet; ended by store_close(). */
enum fault store_begin(const char *root, unsigned flags, struct store **store, struct why *why);

/* Opens its database, with flags of db.h. */
enum fault store_open_file(struct store *store, const char *path, unsigned db_flags,
    struct why *why);

/* The schema that the database says it has; FAULT_UNKNOWN when it says nothing. */
enum fault store_schema(struct db_txn *txn, uint32_t *schema, struct why *why);

/* Takes the generation of what the transaction sees, whose schema must be this Hexa's. */
enum fault store_check_schema(struct store *store, struct db_txn *txn, struct why *why);

/* FAULT_UNAVAILABLE, with what to do, when what is at `path` is of another schema; else `fault`. */
enum fault store_explain_schema(const char *path, unsigned db_flags, enum fault fault,
    struct why *why);

/* store_commit(), of what is not published yet. */
enum fault store_commit_alone(struct txn *txn, bool *saved, struct why *why);

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

/*
 * Writes the transaction's entry as it stands, which comes from a dump.  FAULT_INVALID: it does not
 * follow the head, or carries another hash than it comes to.
 */
enum fault journal_take(struct txn *txn, struct why *why);

/* Moves clock_mark() on to the transaction's time, if that is later. */
enum fault clock_note(struct txn *txn, struct why *why);

/* ---- a word → the users who have it in their records (index.c) ---- */

/* The first of them with a uid above `after`; FAULT_UNKNOWN at the end. */
enum fault index_next(struct txn *txn, enum table_number table, const char *word, uint32_t after,
    uint32_t *uid, struct why *why);

/* The first word after this one in memcmp order, newly allocated; FAULT_UNKNOWN at the end. */
enum fault index_word_next(struct txn *txn, enum table_number table, const char *after,
    char **word, struct why *why);

/* How many there are. */
enum fault index_count(struct txn *txn, enum table_number table, const char *word, uint64_t *count,
    struct why *why);

/* Bytes of a word, of which the longest is a unit behind its field's id; within TABLE_KEY_MAX. */
enum { INDEX_WORD_BYTES = 320 };

/* A key of an index: an entry, or its word alone with how many entries it is said to have. */
struct index_item {
	char word[INDEX_WORD_BYTES + 1];
	bool is_count;
	uint32_t uid;   /* of an entry */
	uint64_t count; /* of a word */
};

/* The one after *item (all zero: the first): a word comes before its entries.  FAULT_UNKNOWN. */
enum fault index_item_next(struct txn *txn, enum table_number table, struct index_item *item,
    struct why *why);

/* Does the user stand under the word? */
enum fault index_has(struct txn *txn, enum table_number table, const char *word, uint32_t uid,
    bool *has, struct why *why);

/* The words, sorted, under which a user stands in T_MEMBERS, T_CLIENT_USERS, T_SITE_USERS or
   T_FIELDS, and a document in T_ATTACHMENT_FIELDS.  False: memory is out. */
bool user_words(enum table_number table, const struct user *user, struct names *words);
struct attachment;
bool attachment_words(const struct attachment *attachment, struct names *words);

/* The user stood under the words of `from` and now stands under those of `to`.  Both are sorted. */
enum fault index_move(struct txn *txn, enum table_number table, uint32_t uid,
    const struct names *from, const struct names *to, struct why *why);

/* What stands before a client's name in T_MEMBERS: the holders of a role for that client alone. */
#define SCOPE_PREFIX "@client:"

/* ---- fields that name other users (references.c): the K_USER rows of user_table ---- */

/* FAULT_UNKNOWN, naming the field, unless whom the record names are users. */
enum fault references_check(struct txn *txn, const struct user *user, struct why *why);

/*
 * Whoever names the user who was `old` names `new` from now on, or with "" nobody: changes like any
 * other, in their versions and in the journal.
 */
enum fault references_move(struct txn *txn, const char *old, const char *new, struct why *why);

/* ---- SSH keys (keys.c) ---- */

/* Deletes all of a user who goes. */
enum fault keys_delete(struct txn *txn, uint32_t uid, struct why *why);

/*
 * What is published of a user's keys: an image that image_pack_keys() made; nothing is put into
 * *image when there is nothing to publish, as of whoever is not active.
 */
enum fault keys_image(struct txn *txn, const struct user *user, struct bytes *image,
    struct why *why);

/* ---- the policy besides roles (policy.c) ---- */

/* Writes the policy of a new database: every setting its default, and nothing else. */
enum fault policy_start(struct txn *txn, struct why *why);

/* Notes what differs, and writes it.  FAULT_INVALID as record_check() and settings_check(). */
enum fault settings_save(struct txn *txn, const struct settings *old, const struct settings *new,
    struct why *why);

/* The services that some permission names, sorted: what a login goes by. */
enum fault services_get(struct txn *txn, struct names *services, struct why *why);
enum fault services_put(struct txn *txn, const struct names *services, struct why *why);

/* The same without a journal, whatever was there before. */
enum fault settings_write(struct txn *txn, const struct settings *settings, struct why *why);
enum fault extras_write(struct txn *txn, const struct document *document, struct why *why);

/* ---- names and ids (register.c) ---- */

/*
 * HOLDER_HOST is of ids alone: a group of the host's own that a user who was adopted has as their
 * primary one.  It is not given out, also when the host has forgotten it; but Hexa never gave it.
 */
enum holder { HOLDER_USER = 1, HOLDER_GROUP, HOLDER_GONE, HOLDER_HOST };

/*
 * How long a given-up name, e-mail or phone is kept back, in seconds (DESIGN: nothing is reused).
 */
enum { NAME_KEPT_BACK = 60 * 60 };

/* Whom a name of T_NAMES, T_EMAILS or T_PHONES leads to; FAULT_UNKNOWN for a given-up one. */
enum fault name_holder(struct txn *txn, enum table_number table, const char *name,
    enum holder *holder, uint32_t *id, struct why *why);

/*
 * A row of T_NAMES, T_EMAILS or T_PHONES as it stands there: who has the name, or had it and until
 * when it is kept back.
 */
struct hold {
	enum holder holder;
	uint32_t id;
	int64_t until; /* of HOLDER_GONE */
};
bool hold_read(struct span value, struct hold *hold);
enum fault hold_write(struct txn *txn, enum table_number table, const char *name,
    const struct hold *hold, struct why *why);

/*
 * The name after `name` ("": the first) in memcmp order, in its place, with who has it or had it.
 * FAULT_UNKNOWN at the end.
 */
enum fault name_next(struct txn *txn, enum table_number table, char name[TABLE_KEY_MAX + 1],
    enum holder *holder, uint32_t *id, struct why *why);

/*
 * Gives a name to an id.  FAULT_CONFLICT, naming the field, when another has it or had it just
 * now.
 */
enum fault name_take(struct txn *txn, enum table_number table, const char *field,
    const char *name, enum holder holder, uint32_t id, struct why *why);

/* The two halves of name_take(): whether it may be taken, and taking it without a question. */
enum fault name_may_take(struct txn *txn, enum table_number table, const char *field,
    const char *name, uint32_t id, struct why *why);
enum fault name_hold(struct txn *txn, enum table_number table, const char *name,
    enum holder holder, uint32_t id, struct why *why);

/* Gives it up: kept back for NAME_KEPT_BACK from whoever else asks. */
enum fault name_give_up(struct txn *txn, enum table_number table, const char *name,
    struct why *why);

/*
 * The next free id, taken for ever.  FAULT_CONFLICT when there is none.  Ids go up, and around when
 * the ranges' end is reached.
 */
enum fault id_take(struct txn *txn, enum holder holder, uint32_t *id, struct why *why);

/*
 * Takes a uid and primary gid that the host gave (adopted users').  FAULT_CONFLICT, naming the
 * field: Hexa ever gave this uid, or the gid is a role's group.
 */
enum fault id_take_given(struct txn *txn, uint32_t uid, uint32_t gid, struct why *why);

/* Whom an id was ever given to; FAULT_UNKNOWN: to nobody. */
enum fault id_holder(struct txn *txn, uint32_t id, enum holder *holder, struct why *why);

/* Notes that an id is taken for ever. */
enum fault id_note_given(struct txn *txn, uint32_t id, enum holder holder, struct why *why);

/* Writes the counter of a new database: ids above this one come first. */
enum fault id_start(struct txn *txn, uint32_t above, struct why *why);

/* A number that stands in T_META. */
enum fault meta_id_get(struct txn *txn, const char *word, uint32_t *id, struct why *why);
enum fault meta_id_put(struct txn *txn, const char *word, uint32_t id, struct why *why);

/* Gives a new database the group ADMINS_GROUP: its gid and its name.  And the gid that it has. */
enum fault admins_start(struct txn *txn, struct why *why);
enum fault admins_gid(struct txn *txn, uint32_t *gid, struct why *why);

/* ---- what a database that is gone has left (remains.c) ---- */

/* Notes as given every id that the published directory shows; *highest is 0 when it shows none. */
enum fault remains_note(struct txn *txn, uint32_t *highest, struct why *why);

/* The same of those that nobody has in the database: as of somebody who is gone. */
enum fault remains_keep(struct txn *txn, uint32_t *highest, struct why *why);

/* ---- where ids come from (ranges.c) ---- */

/*
 * The ranges that the policy states, else Hexa's own.  Where few ids are mapped (in a container)
 * stated ones count only if all of them are mapped.
 */
enum fault ranges_load(struct txn *txn, struct id_ranges *ranges, struct why *why);
void ranges_clear(struct id_ranges *ranges);

/* The first id that is not before `id`, stands in a range and may be served; 0: there is none. */
uint32_t ranges_next(const struct id_ranges *ranges, uint32_t id);

#endif
