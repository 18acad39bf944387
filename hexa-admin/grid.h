/*
 * grid.h - the one file that knows libsmartcols: a table of cells, fitted to the terminal, plain
 * when it goes elsewhere.
 */
#ifndef HEXA_ADMIN_GRID_H
#define HEXA_ADMIN_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/fault.h"

struct grid;

enum {
	GRID_RIGHT = 1 << 0, /* a number: aligned to the right */
	GRID_SHORT = 1 << 1, /* long text: cut where the terminal is too narrow */
	GRID_TREE = 1 << 2,  /* drawn as a tree of the rows' depths */
};

/* Trees are drawn in ASCII, or, with `unicode`, with Unicode's lines on a terminal. */
void grid_draw(bool unicode);

/* An empty table; `headings` false: no line of column names.  NULL when memory is out. */
struct grid *grid_open(bool headings);
void grid_close(struct grid *grid);

/* All columns, before the first row.  False when memory is out, as below. */
bool grid_column(struct grid *grid, const char *name, unsigned flags);

/* A new row, and the text of a cell of the newest row; control bytes are shown as \xNN. */
bool grid_row(struct grid *grid);

/*
 * A new row of a tree: below the newest one of the depth before; 0 is the top.  At most one deeper
 * than the newest, and GRID_DEEPEST.
 */
enum { GRID_DEEPEST = 255 };
bool grid_branch(struct grid *grid, unsigned depth);
bool grid_cell(struct grid *grid, size_t column, const char *text);

/*
 * Prints the table to stdout.  An empty one prints nothing.  On a terminal that is too narrow for
 * what is not GRID_SHORT the lines are longer than it: nothing of that is cut.
 */
enum fault grid_print(struct grid *grid, struct why *why);

#endif
