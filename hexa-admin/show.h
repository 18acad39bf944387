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

/* Prints one record: a line for each field that is not empty, or with --json all of them. */
enum fault record_show(struct call *call, const struct table *table, const void *record,
    struct why *why);

/* Reads the next record, all zero, of a list.  FAULT_UNKNOWN: there is no more. */
typedef enum fault record_next(void *context, struct txn *txn, void *record, struct why *why);

/*
 * Prints the records that `next` gives, at most --limit: the columns that --columns names, else
 * `columns` (with --json: every field).
 */
enum fault records_list(struct call *call, const struct table *table, const char *columns,
    record_next *next, void *context, struct why *why);

#endif
