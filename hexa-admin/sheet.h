/*
 * sheet.h - a file of users, CSV or JSON, as the rows of an import.
 */
#ifndef HEXA_ADMIN_SHEET_H
#define HEXA_ADMIN_SHEET_H

#include "accounts/import.h"

/* Whom the rows are for: import_row() and import_wrong(). */
struct sheet_sink {
	void *context;
	enum fault (*row)(void *context, const struct import_row *row, struct why *why);
	enum fault (*wrong)(void *context, const struct why *wrong, struct why *why);
};

/*
 * Reads a whole file: JSON, one array of objects, when its first byte that is no space is `[` or
 * `{`; else CSV, whose first line names the columns.  Columns and keys are import_column()'s,
 * each once, in any order.  In JSON a list is an array of texts, or a text as a cell; a number is
 * one; null is the empty cell.
 *
 * What is wrong is given to `wrong`, with its place: a whole file at once, but that behind a wrong
 * head, or behind what is no CSV or JSON, nothing is read.  A fault is the sink's own, or memory's.
 * A file that is not UTF-8, or has a NUL, is told once, at the first such byte, and nothing of it
 * is read.  A key that no user has is told where it stands first.
 */
enum fault sheet_read(const void *data, size_t size, const struct sheet_sink *sink,
    struct why *why);

#endif
