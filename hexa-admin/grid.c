/*
 * grid.c - tables, over libsmartcols.
 */
#include "hexa-admin/grid.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libsmartcols/libsmartcols.h>

#include "hexa-admin/print.h"

struct grid {
	struct libscols_table *table;
	struct libscols_line *row; /* the newest */
	struct libscols_line *branch[GRID_DEEPEST + 1]; /* the newest of each depth up to its own */
	unsigned depth;
};

static bool draws_unicode;

void
grid_draw(bool unicode)
{
	draws_unicode = unicode && isatty(STDOUT_FILENO) == 1;
}

struct grid *
grid_open(bool headings)
{
	struct grid *grid = calloc(1, sizeof(*grid));

	if (grid == NULL)
		return NULL;
	grid->table = scols_new_table();
	if (grid->table == NULL) {
		free(grid);
		return NULL;
	}
	scols_table_enable_noheadings(grid->table, !headings);
	scols_table_enable_minout(grid->table, 1);
	/* The cells are escaped already, by a stricter rule than the library's. */
	scols_table_enable_noencoding(grid->table, 1);
	scols_table_enable_ascii(grid->table, !draws_unicode);
	return grid;
}

void
grid_close(struct grid *grid)
{
	if (grid == NULL)
		return;
	scols_unref_table(grid->table);
	free(grid);
}

bool
grid_column(struct grid *grid, const char *name, unsigned flags)
{
	int scols = 0;

	if ((flags & GRID_RIGHT) != 0)
		scols |= SCOLS_FL_RIGHT;
	if ((flags & GRID_SHORT) != 0)
		scols |= SCOLS_FL_TRUNC;
	if ((flags & GRID_TREE) != 0)
		scols |= SCOLS_FL_TREE;
	return scols_table_new_column(grid->table, name, 0, scols) != NULL;
}

bool
grid_row(struct grid *grid)
{
	grid->row = scols_table_new_line(grid->table, NULL);
	return grid->row != NULL;
}

bool
grid_branch(struct grid *grid, unsigned depth)
{
	if (depth > GRID_DEEPEST || (grid->row == NULL ? depth > 0 : depth > grid->depth + 1))
		return false;
	grid->row = scols_table_new_line(grid->table, depth == 0 ? NULL : grid->branch[depth - 1]);
	grid->branch[depth] = grid->row;
	grid->depth = depth;
	return grid->row != NULL;
}

bool
grid_cell(struct grid *grid, size_t column, const char *text)
{
	char *shown = text_shown(text);

	if (shown == NULL || scols_line_refer_data(grid->row, column, shown) != 0) {
		free(shown);
		return false;
	}
	return true;
}

/* So wide is a column at least: what may not be cut as it is, all else as its heading. */
static size_t
least_width(struct libscols_column *column)
{
	const char *heading = scols_cell_get_data(scols_column_get_header(column));

	if (scols_column_is_trunc(column))
		return heading == NULL ? 0 : strlen(heading);
	return scols_column_get_width(column);
}

/*
 * The library cuts other columns, too, when to cut those of GRID_SHORT is not enough.  It is told
 * of a terminal that has the room, and the real one then breaks the lines.  False when memory is
 * out.
 */
static bool
keep_whole(struct grid *grid)
{
	struct libscols_table *table = grid->table;
	size_t columns = scols_table_get_ncols(table), width = columns;
	char *text = NULL;
	bool printed;

	/* How wide the columns are stands there when they were printed. */
	scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER);
	printed = scols_print_table_to_string(table, &text) == 0;
	scols_table_set_termforce(table, SCOLS_TERMFORCE_AUTO);
	free(text);
	for (size_t i = 0; i < columns; i++)
		width += least_width(scols_table_get_column(table, i));
	if (width > scols_table_get_termwidth(table))
		scols_table_set_termwidth(table, width);
	return printed;
}

enum fault
grid_print(struct grid *grid, struct why *why)
{
	if (scols_table_is_empty(grid->table))
		return FAULT_NONE;
	if (isatty(STDOUT_FILENO) == 1 && !keep_whole(grid))
		return why_memory(why);
	return scols_print_table(grid->table) == 0 ? FAULT_NONE : why_memory(why);
}
