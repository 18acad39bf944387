/*
 * list.h - printing many things: a table, or with --json one array, by pages.
 *
 * Memory stays flat however long the list is, and no transaction is open while a page waits for
 * whoever reads it.  A list longer than a page is therefore several moments of the database.
 */
#ifndef HEXA_ADMIN_LIST_H
#define HEXA_ADMIN_LIST_H

#include "hexa-admin/command.h"
#include "hexa-admin/grid.h"
#include "hexa-admin/json.h"

struct list {
	const struct call *call;
	struct grid *grid; /* the page's rows; NULL with --json */
	FILE *page;        /* the page's text with --json */
	char *text;
	size_t size;
	size_t rows; /* of all pages */
	bool memory_out;
	bool headed; /* the first page was printed */

	const struct list_column *column;
	size_t columns;
};

struct list_column {
	const char *name;
	unsigned flags; /* GRID_* */
};

/* Adds the next row, and moves on.  FAULT_UNKNOWN: there is no more. */
typedef enum fault list_step(void *context, struct txn *txn, struct list *list, struct why *why);

/* Prints everything that `step` adds.  The columns are those of the table. */
enum fault list_all(struct call *call, const struct list_column *column, size_t columns,
    list_step *step, void *context, struct why *why);

/* For a step: with --json list_json() once for each row, else list_row() and its cells. */
bool list_is_json(const struct list *list);
void list_json(struct list *list, struct json *row);
void list_row(struct list *list);
void list_cell(struct list *list, size_t column, const char *text);

#endif
