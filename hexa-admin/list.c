/*
 * list.c - printing many things by pages.
 */
#include "hexa-admin/list.h"

#include <stdlib.h>
#include <string.h>

#include "hexa-admin/csv.h"

enum { PAGE_ROWS = 4096 };

bool
list_is_json(const struct list *list)
{
	return call_has(list->call, OPTION_JSON);
}

void
list_json(struct list *list, struct json *row)
{
	fputs(list->rows == 0 ? "[\n" : ",\n", list->page);
	if (json_print(row, true, list->page, NULL) != FAULT_NONE)
		list->memory_out = true;
	list->rows++;
}

/* Writes the newest row with --csv, and leaves an empty one. */
static void
end_row(struct list *list)
{
	if (list->has_row &&
	    !csv_print(list->page, (const char *const *)list->cell, list->columns))
		list->memory_out = true;
	list->has_row = false;
	for (size_t i = 0; list->cell != NULL && i < list->columns; i++) {
		free(list->cell[i]);
		list->cell[i] = NULL;
	}
}

void
list_row(struct list *list)
{
	if (list->cell != NULL) {
		end_row(list);
		list->has_row = true;
	} else if (!list->memory_out && !grid_row(list->grid)) {
		list->memory_out = true;
	}
	list->rows++;
}

void
list_cell(struct list *list, size_t column, const char *text)
{
	if (list->memory_out)
		return;
	if (list->cell == NULL) {
		list->memory_out = !grid_cell(list->grid, column, text);
		return;
	}
	free(list->cell[column]);
	list->cell[column] = strdup(text);
	list->memory_out = list->cell[column] == NULL;
}

/* ---- pages --------------------------------------------------------------------------------- */

static bool
grid_begin(struct list *list)
{
	list->grid = grid_open(!list->headed);
	if (list->grid == NULL)
		return false;
	for (size_t i = 0; i < list->columns; i++)
		if (!grid_column(list->grid, list->column[i].name, list->column[i].flags))
			return false;
	return true;
}

/* The names of the columns, and room for a row. */
static bool
csv_begin(struct list *list)
{
	if (list->cell == NULL)
		list->cell = calloc(list->columns + 1, sizeof(*list->cell));
	if (list->cell == NULL)
		return false;
	for (size_t i = 0; !list->headed && i < list->columns; i++)
		list_cell(list, i, list->column[i].name);
	list->has_row = !list->headed;
	end_row(list);
	return !list->memory_out;
}

/* An empty page.  False when memory is out. */
static bool
page_open(struct list *list)
{
	if (!call_has(list->call, OPTION_JSON) && !call_has(list->call, OPTION_CSV))
		return grid_begin(list);
	list->page = open_memstream(&list->text, &list->size);
	if (list->page == NULL)
		return false;
	return !call_has(list->call, OPTION_CSV) || csv_begin(list);
}

static void
page_close(struct list *list)
{
	if (list->page != NULL)
		fclose(list->page);
	free(list->text);
	grid_close(list->grid);
	list->page = NULL;
	list->text = NULL;
	list->grid = NULL;
}

static enum fault
page_print(struct list *list, struct why *why)
{
	end_row(list);
	if (list->memory_out)
		return why_memory(why);
	list->headed = true;
	if (list->grid != NULL)
		return grid_print(list->grid, why);
	if (fflush(list->page) != 0 || ferror(list->page))
		return why_memory(why);
	fwrite(list->text, 1, list->size, stdout);
	return FAULT_NONE;
}

/* One page's rows, as they stand in one moment.  FAULT_UNKNOWN: they were the last. */
static enum fault
page_fill(struct list *list, list_step *step, void *context, struct why *why)
{
	size_t end = list->rows + PAGE_ROWS;
	struct store *store = list->call->admin.store;
	struct txn *txn = NULL;
	enum fault fault = FAULT_NONE;

	/* What was asked of the helper is there already. */
	if (store != NULL)
		fault = store_read_begin(store, &txn, why);
	if (fault != FAULT_NONE)
		return fault == FAULT_UNKNOWN ? FAULT_UNAVAILABLE : fault;
	while (fault == FAULT_NONE && list->rows < end && !list->memory_out)
		fault = step(context, txn, list, why);
	store_end(txn);
	return fault;
}

enum fault
list_check(struct call *call, struct why *why)
{
	if (call_has(call, OPTION_CSV) && call_has(call, OPTION_JSON))
		return call_misuse(call, why, "--csv and --json are two ways to print it");
	return FAULT_NONE;
}

enum fault
list_all(struct call *call, const struct list_column *column, size_t columns, list_step *step,
    void *context, struct why *why)
{
	struct list list = {.call = call, .column = column, .columns = columns};
	enum fault fault = FAULT_NONE, printed = FAULT_NONE;

	if (list_check(call, why) != FAULT_NONE)
		return FAULT_INVALID;
	/* When nobody reads any more, main says so. */
	while (fault == FAULT_NONE && printed == FAULT_NONE && !ferror(stdout)) {
		fault = page_open(&list) ? page_fill(&list, step, context, why) : why_memory(why);
		if (fault == FAULT_NONE || fault == FAULT_UNKNOWN)
			printed = page_print(&list, why);
		page_close(&list);
	}
	list.has_row = false;
	end_row(&list);
	free(list.cell);
	if (printed != FAULT_NONE)
		return printed;
	if (fault != FAULT_NONE && fault != FAULT_UNKNOWN)
		return fault;
	if (call_has(call, OPTION_JSON))
		puts(list.rows == 0 ? "[]" : "\n]");
	return FAULT_NONE;
}
