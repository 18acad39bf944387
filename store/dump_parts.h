/*
 * dump_parts.h - what dump.c writes and load.c reads.  For these two alone.
 */
#ifndef HEXA_STORE_DUMP_PARTS_H
#define HEXA_STORE_DUMP_PARTS_H

#include "policy/attachment.h"
#include "store/dump.h"
#include "store/internal.h"

/* Objects that are no record of a field table. */
#define DUMP_DATABASE   "database"   /* the first one */
#define DUMP_SETTINGS   "settings"
#define DUMP_SERVICES   "services"
#define DUMP_CONSTRAINT "constraint"
#define DUMP_TEST       "test"
#define DUMP_SOURCE     "source"
#define DUMP_ID         "id"
#define DUMP_ENTRY      "entry"
#define DUMP_END        "end"        /* the last one: without it, what follows is missing */

/* A table of records, and the fields that make its keys. */
struct dump_kind {
	enum table_number number;
	const struct table *table;
	const char *word; /* a text; NULL: none */
	const char *id;   /* a number that stands before it; NULL: none */
};
enum { DUMP_KINDS = 7 };
extern const struct dump_kind dump_kinds[DUMP_KINDS];

/* Names that are kept back. */
struct dump_register {
	enum table_number number;
	const char *record;
};
enum { DUMP_REGISTERS = 3 };
extern const struct dump_register dump_registers[DUMP_REGISTERS];

/* Words for enum holder, by its numbers. */
extern const char *const dump_holders[HOLDER_HOST + 1];

/* Of a change in an entry: noun, name, uid, field, before, after. */
enum { CHANGE_TEXTS = 6 };

#endif
