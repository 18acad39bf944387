/*
 * list.h - printing many things, by pages: a table; with --csv comma-separated values below the
 * columns' names; with --json one array.
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
	struct grid *grid; /* the page's rows; NULL with --json and --csv */
	char **cell;       /* the newest row with --csv; NULL without */
	bool has_row;      /* it is still to be written */
	FILE *page;        /* the page's text with --json and --csv */
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

/*
 * Adds the next row, and moves on.  FAULT_UNKNOWN: there is no more.  The transaction is NULL in a
 * command that has no database open.
 */
typedef enum fault list_step(void *context, struct txn *txn, struct list *list, struct why *why);

/*
 * Prints everything that `step` adds.  The columns are those of the table.  Of nothing, a table has
 * not even headings, CSV has them, and the array is [].  --csv with --json is a misuse.
 */
enum fault list_all(struct call *call, const struct list_column *column, size_t columns,
    list_step *step, void *context, struct why *why);

/* The misuse of list_all(), before it. */
enum fault list_check(struct call *call, struct why *why);

/* For a step: with --json list_json() once for each row, else list_row() and its cells. */
bool list_is_json(const struct list *list);
void list_json(struct list *list, struct json *row);
void list_row(struct list *list);
void list_cell(struct list *list, size_t column, const char *text);

#endif
