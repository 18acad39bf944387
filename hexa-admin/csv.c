/*
 * csv.c - comma-separated values, over libcsv.
 */
#include "hexa-admin/csv.h"

#include <stdlib.h>
#include <string.h>

#include <csv.h>

#include "hexa-admin/print.h"
#include "policy/bytes.h"
#include "policy/text.h"

/* ---- writing ------------------------------------------------------------------------------ */

static bool
needs_quotes(const char *text, bool alone)
{
	size_t size = strlen(text);

	if (size == 0)
		return alone; /* an empty line would be no row */
	return text[0] == ' ' || text[size - 1] == ' ' || text[strcspn(text, ",\"\r\n")] != '\0';
}

static bool
write_cell(FILE *stream, const char *text, bool alone)
{
	bool plain = text_is_plain(text, strlen(text));
	char *shown = plain ? NULL : text_shown(text);
	const char *cell = plain ? text : shown;

	if (cell == NULL)
		return false;
	if (needs_quotes(cell, alone))
		csv_fwrite(stream, cell, strlen(cell));
	else
		fputs(cell, stream);
	free(shown);
	return true;
}

bool
csv_print(FILE *stream, const char *const *cell, size_t count)
{
	bool good = true;

	for (size_t i = 0; good && i < count; i++) {
		if (i > 0)
			fputc(',', stream);
		good = write_cell(stream, cell[i] == NULL ? "" : cell[i], count == 1);
	}
	fputc('\n', stream);
	return good;
}

/* ---- reading ------------------------------------------------------------------------------ */

struct reading {
	csv_row *row;
	void *context;
	const unsigned char *data;
	size_t size;
	size_t at;    /* how far it was given to libcsv */
	unsigned line; /* where that is */
	size_t line_begins;
	size_t begins; /* the cell that is being read */
	struct csv_cell place;
	struct bytes text; /* of the row's cells, each with its NUL */
	struct csv_cell *cell;
	size_t *offset; /* of each cell's text */
	size_t count;
	size_t room;
	bool ended; /* a cell has ended in what was given last */
	enum fault fault;
	struct why *why;
};

static bool
is_blank(unsigned char c)
{
	return c == ' ' || c == '\t';
}

/* A cell begins here, or behind the blanks that are here. */
static void
cell_begin(struct reading *reading)
{
	reading->begins = reading->at;
	reading->place = (struct csv_cell){
	    .line = reading->line, .column = (unsigned)(reading->at - reading->line_begins) + 1};
}

static enum fault
refuse(struct reading *reading, const char *what)
{
	size_t blanks = 0;

	while (reading->begins + blanks < reading->size &&
	    is_blank(reading->data[reading->begins + blanks]))
		blanks++;
	reading->fault = why_place(reading->why, FAULT_INVALID, reading->place.line,
	    reading->place.column + (unsigned)blanks, "%s", what);
	return reading->fault;
}

static bool
make_room(struct reading *reading)
{
	size_t room = reading->room == 0 ? 64 : 2 * reading->room;
	struct csv_cell *cell;
	size_t *offset;

	if (reading->count < reading->room)
		return true;
	cell = reallocarray(reading->cell, room, sizeof(*cell));
	if (cell != NULL)
		reading->cell = cell;
	offset = reallocarray(reading->offset, room, sizeof(*offset));
	if (offset != NULL)
		reading->offset = offset;
	if (cell == NULL || offset == NULL)
		return false;
	reading->room = room;
	return true;
}

static void
end_cell(void *text, size_t size, void *context)
{
	struct reading *reading = context;
	struct csv_cell place = reading->place;

	reading->ended = true;
	if (reading->fault != FAULT_NONE)
		return;
	if (memchr(text, '\0', size) != NULL) {
		refuse(reading, "a NUL byte: this is no text");
		return;
	}
	if (reading->count == CSV_CELLS) {
		refuse(reading, "the line has too many cells");
		return;
	}
	if (!make_room(reading)) {
		reading->fault = why_memory(reading->why);
		return;
	}
	for (size_t i = reading->begins; i < reading->size && is_blank(reading->data[i]); i++)
		place.column++;
	reading->offset[reading->count] = reading->text.size;
	reading->cell[reading->count++] = place;
	bytes_put(&reading->text, text, size);
	bytes_put_u8(&reading->text, 0);
}

static void
end_row(int byte, void *context)
{
	struct reading *reading = context;

	(void)byte;
	if (reading->fault == FAULT_NONE && reading->text.failed)
		reading->fault = why_memory(reading->why);
	for (size_t i = 0; reading->fault == FAULT_NONE && i < reading->count; i++)
		reading->cell[i].text = (const char *)reading->text.data + reading->offset[i];
	if (reading->fault == FAULT_NONE)
		reading->fault = reading->row(reading->context, reading->cell, reading->count,
		    reading->why);
	reading->count = 0;
	reading->text.size = 0;
}

/*
 * Behind the next byte at which a cell may end: what comes after it is the next cell's.  No further
 * than a cell may be long, so that libcsv is never given more than that to keep.
 */
static size_t
piece_end(const struct reading *reading)
{
	size_t end = reading->at, left = reading->size - end;
	size_t last = end + (left < CSV_CELL_BYTES ? left : CSV_CELL_BYTES);

	while (end < last && reading->data[end] != ',' && reading->data[end] != '\n' &&
	    reading->data[end] != '\r')
		end++;
	return end < reading->size ? end + 1 : end;
}

/* A line without a cell. */
static bool
is_empty_line(const struct reading *reading, size_t end)
{
	for (size_t i = reading->begins; i < end; i++)
		if (!is_blank(reading->data[i]) && reading->data[i] != '\n' &&
		    reading->data[i] != '\r')
			return false;
	return reading->count == 0;
}

/* Counts the lines up to `end`, the last byte before which may end one. */
static void
move_to(struct reading *reading, size_t end)
{
	unsigned char last = reading->data[end - 1];
	bool follows = end > 1 && reading->data[end - 2] == '\r';

	if (last == '\r' || (last == '\n' && !follows))
		reading->line++;
	if (last == '\r' || last == '\n')
		reading->line_begins = end;
	reading->at = end;
}

static enum fault
refuse_byte(struct reading *reading, struct csv_parser *parser, size_t at)
{
	if (csv_error(parser) != CSV_EPARSE)
		return reading->fault = why_memory(reading->why);
	return reading->fault = why_place(reading->why, FAULT_INVALID, reading->line,
	           (unsigned)(at - reading->line_begins) + 1, "%s", reading->data[at] == '"'
	               ? "a quote in a cell that does not begin with one"
	               : "something stands behind a closing quote");
}

static void
read_piece(struct reading *reading, struct csv_parser *parser)
{
	size_t end = piece_end(reading), size = end - reading->at, done;

	reading->ended = false;
	done = csv_parse(parser, reading->data + reading->at, size, end_cell, end_row, reading);
	if (reading->fault != FAULT_NONE)
		return;
	if (done != size) {
		refuse_byte(reading, parser, reading->at + done);
		return;
	}
	if (!reading->ended && end - reading->begins > CSV_CELL_BYTES) {
		refuse(reading, "the cell is too long: is its quote not closed?");
		return;
	}
	reading->ended |= is_empty_line(reading, end);
	move_to(reading, end);
	if (reading->ended)
		cell_begin(reading);
}

enum fault
csv_read(const void *data, size_t size, csv_row *row, void *context, struct why *why)
{
	static const unsigned char mark[] = {0xef, 0xbb, 0xbf};
	struct reading reading = {
	    .row = row, .context = context, .data = data, .size = size, .line = 1, .why = why};
	struct csv_parser parser;

	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0)
		return why_memory(why);
	csv_set_blk_size(&parser, 4096);
	if (size >= sizeof(mark) && memcmp(data, mark, sizeof(mark)) == 0)
		reading.at = reading.line_begins = sizeof(mark);
	cell_begin(&reading);
	while (reading.fault == FAULT_NONE && reading.at < size)
		read_piece(&reading, &parser);
	if (reading.fault == FAULT_NONE && csv_fini(&parser, end_cell, end_row, &reading) != 0)
		refuse(&reading, "the quote is never closed");
	csv_free(&parser);
	bytes_clear(&reading.text);
	free(reading.cell);
	free(reading.offset);
	return reading.fault;
}
