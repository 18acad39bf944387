/*
 * dump.h - a database as objects of named members, in an order that is the same each time: for a
 * text that is kept under version control, and that a database can be made of again.
 *
 * Everything is in it but what follows from it (indexes) and the contents of documents; secrets
 * too.  First what there is one of, then records by their kinds and keys, then the register (ids
 * and given-up names), then the journal, so that a later dump differs in what was changed and in the
 * entries at its end.
 *
 * Unless said otherwise each function may fail with FAULT_UNAVAILABLE, as store.h says.
 */
#ifndef HEXA_STORE_DUMP_H
#define HEXA_STORE_DUMP_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/names.h"
#include "store/backup.h"

enum { DUMP_FORM = 1 };

enum member_type { DUMP_TEXT = 1, DUMP_NUMBER, DUMP_BOOL, DUMP_LIST };

struct dump_member {
	const char *key;
	enum member_type type;
	const char *text;         /* of all but a list; `yes` or `no` */
	const struct names *list; /* of a list */
	size_t width;             /* of a list: how many stand in a line; 0: all of them */
	unsigned line, column;    /* where it was read */
};

/* One record.  `record` says of what kind: "user", "entry". */
struct dump_object {
	const char *record;
	const struct dump_member *member;
	size_t count;
	unsigned line, column;
};

/* Calls `put` with each object, as the transaction sees the database, until that says a fault. */
enum fault dump_all(struct txn *txn,
    enum fault (*put)(void *context, const struct dump_object *object, struct why *why),
    void *context, struct why *why);

/*
 * Makes a database of objects, to be put in the place of the one there is (backup_restore()).  All
 * are given to load_take() in the order of dump_all(); load_end() then writes what follows from
 * them, proves the journal's chain, and gives *backup, which is the caller's.  load_drop() ends one
 * that failed; NULL is allowed.
 * FAULT_INVALID, with the place: no object that there is, a member that the record does not have or
 * that is missing, or a value that its field does not take; the chain is broken, with the entry.
 */
struct load;
enum fault load_begin(const char *root, const struct actor *actor, int64_t now, struct load **load,
    struct why *why);
enum fault load_take(struct load *load, const struct dump_object *object, struct why *why);
enum fault load_end(struct load *load, struct backup **backup, struct why *why);
void load_drop(struct load *load);

#endif
