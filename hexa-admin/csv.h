/*
 * csv.h - the one file that knows libcsv: comma-separated values (RFC 4180) in UTF-8, with line
 * feeds for line ends.
 */
#ifndef HEXA_ADMIN_CSV_H
#define HEXA_ADMIN_CSV_H

#include <stdbool.h>
#include <stdio.h>

#include "policy/fault.h"

/*
 * Writes one row: its cells in their order.  A cell stands in quotes where it would read as
 * something else without: what holds a comma, a quote or a line end, begins or ends with a space,
 * or is the empty cell of a row that has no other.  NULL is an empty cell.  Bytes that are not
 * plain text are written as \xNN.  False when memory is out; whether it arrived is the stream's to
 * tell (ferror(3)).
 */
bool csv_print(FILE *stream, const char *const *cell, size_t count);

/* Where a cell stands in the text that it was read from. */
struct csv_cell {
	const char *text; /* without its quotes; ended by a NUL, and holds none; lives for the call */
	unsigned line;    /* 1-based place of its first byte, a quote too */
	unsigned column;  /* in bytes */
};

/* Is given a row; a fault ends the reading. */
typedef enum fault csv_row(void *context, const struct csv_cell *cell, size_t count,
    struct why *why);

/* Bytes of the longest cell, and cells of the longest row. */
enum { CSV_CELL_BYTES = 65536, CSV_CELLS = 4096 };

/*
 * Reads a whole text, a row at a time; a UTF-8 byte order mark at its beginning and empty lines are
 * left out, and a line ends with LF, CR LF or CR.  Blanks around a cell that stands in no quotes
 * are not part of it.
 * FAULT_INVALID, with the place: a quote inside a cell without quotes, something behind a closing
 * quote, a quote that is never closed, a NUL, or a longer cell or row than the above.
 */
enum fault csv_read(const void *data, size_t size, csv_row *row, void *context, struct why *why);

#endif
