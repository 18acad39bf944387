/*
 * show.h - records as people and programs see them: every field that is not hidden, by its row.
 */
#ifndef HEXA_ADMIN_SHOW_H
#define HEXA_ADMIN_SHOW_H

#include "hexa-admin/command.h"
#include "hexa-admin/json.h"

/*
 * The record with its fields' names as keys: lists as arrays, numbers and truths as such, all else
 * as text; what is empty is null, or an empty array.
 */
struct json *record_json(const struct table *table, const void *record);

/* One field of it, under its name. */
void json_put_field(struct json *map, const struct field *field, const void *record);

/* Prints one record: a line for each field that is not empty, or with --json all of them. */
enum fault record_show(struct call *call, const struct table *table, const void *record,
    struct why *why);

/* Reads the next record, all zero, of a list.  FAULT_UNKNOWN: there is no more. */
typedef enum fault record_next(void *context, struct txn *txn, void *record, struct why *why);

/* What a list shows. */
struct listing {
	const struct table *table;
	const struct table *more; /* columns that are no fields of the record; NULL: none */
	size_t size;              /* of what `next` fills in, in bytes */
	const char *columns;      /* if none are named; with --json every field */
	record_next *next;
	void *context;
};

/* Prints the records that `next` gives, at most --limit: the columns that --columns names. */
enum fault records_print(struct call *call, const struct listing *listing, struct why *why);

/* The same of a table that has no more columns. */
enum fault records_list(struct call *call, const struct table *table, const char *columns,
    record_next *next, void *context, struct why *why);

/*
 * For what takes long to begin: the misuses of records_print(), before it.  *limit is that of
 * --limit, or UINT64_MAX.
 */
enum fault records_check(struct call *call, const struct listing *listing, uint64_t *limit,
    struct why *why);

/*
 * The row that is named, of either table (`more` may be NULL).  A misuse, about the option, when
 * there is none or it is hidden, with the nearest.
 */
enum fault column_named(struct call *call, const struct table *table, const struct table *more,
    const char *option, const char *name, const struct field **field, struct why *why);

#endif
