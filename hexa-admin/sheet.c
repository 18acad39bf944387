/*
 * sheet.c - a file of users as rows.
 */
#include "hexa-admin/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "hexa-admin/csv.h"
#include "hexa-admin/json.h"
#include "policy/text.h"

/* Keys that no user has, of which each is told once; what more there are, each time. */
enum { KEYS_TOLD = 64 };

struct sheet {
	const struct sheet_sink *sink;
	const struct field **column; /* of a CSV file; NULL before its head */
	size_t columns;
	struct import_cell *cell; /* the row's */
	size_t cells;
	size_t room;
	struct names told; /* keys */
	bool ended;  /* nothing more is to be read, and why was told */
	bool failed; /* what is returned is the sink's fault, or memory's */
};

/* ---- faults ------------------------------------------------------------------------------- */

/* A fault of ours: it goes up through the reader. */
static enum fault
fail(struct sheet *sheet, enum fault fault)
{
	sheet->failed |= fault != FAULT_NONE;
	return fault;
}

static enum fault
tell(struct sheet *sheet, struct why *wrong, unsigned line, unsigned column, struct why *why)
{
	wrong->line = line;
	wrong->column = column;
	return fail(sheet, sheet->sink->wrong(sheet->sink->context, wrong, why));
}

static enum fault
give(struct sheet *sheet, unsigned line, unsigned column, bool partial, struct why *why)
{
	const struct import_row row = {.line = line, .column = column, .cell = sheet->cell,
	    .count = sheet->cells, .partial = partial};

	return fail(sheet, sheet->sink->row(sheet->sink->context, &row, why));
}

static enum fault
need_cells(struct sheet *sheet, size_t count, struct why *why)
{
	struct import_cell *cell;

	sheet->cells = 0;
	if (count <= sheet->room)
		return FAULT_NONE;
	cell = reallocarray(sheet->cell, count, sizeof(*cell));
	if (cell == NULL)
		return fail(sheet, why_memory(why));
	sheet->cell = cell;
	sheet->room = count;
	return FAULT_NONE;
}

/* ---- CSV ---------------------------------------------------------------------------------- */

/* What separates the columns of a head that looks like a single one. */
static const char *
other_separator(const char *head)
{
	if (strchr(head, ';') != NULL)
		return "semicolons";
	return strchr(head, '\t') != NULL ? "tabs" : NULL;
}

static bool
has_column(const struct sheet *sheet, const struct field *field)
{
	for (size_t i = 0; i < sheet->columns; i++)
		if (sheet->column[i] == field)
			return true;
	return false;
}

static enum fault
take_column(struct sheet *sheet, const struct csv_cell *cell, bool alone, struct why *why)
{
	const char *separator = alone ? other_separator(cell->text) : NULL;
	const struct field *field = NULL;
	struct why wrong = {0};
	enum fault fault = FAULT_INVALID;

	if (separator != NULL)
		why_set(&wrong, FAULT_INVALID, "the columns stand apart by %s, and should by commas",
		    separator);
	else
		fault = import_column(cell->text, &field, &wrong);
	if (fault == FAULT_NONE && has_column(sheet, field))
		fault = why_set(&wrong, FAULT_INVALID, "the column %s stands here twice",
		    field->name);
	if (fault == FAULT_NONE) {
		sheet->column[sheet->columns++] = field;
		return FAULT_NONE;
	}
	sheet->ended = true;
	return tell(sheet, &wrong, cell->line, cell->column, why);
}

static enum fault
take_head(struct sheet *sheet, const struct csv_cell *cell, size_t count, struct why *why)
{
	enum fault fault = FAULT_NONE;

	sheet->column = calloc(count + 1, sizeof(*sheet->column));
	if (sheet->column == NULL)
		return fail(sheet, why_memory(why));
	for (size_t i = 0; fault == FAULT_NONE && i < count; i++)
		fault = take_column(sheet, &cell[i], count == 1, why);
	/* The reader is to go no further. */
	return fault == FAULT_NONE && sheet->ended ? FAULT_INVALID : fault;
}

/* A row of another length may stand for anything: none of it is looked at. */
static enum fault
refuse_length(struct sheet *sheet, const struct csv_cell *cell, size_t count, struct why *why)
{
	const struct csv_cell *at = count > sheet->columns ? &cell[sheet->columns] : &cell[0];
	struct why wrong = {0};

	why_set(&wrong, FAULT_INVALID, "%zu cell%s here, and %zu column%s in the head", count,
	    count == 1 ? "" : "s", sheet->columns, sheet->columns == 1 ? "" : "s");
	return tell(sheet, &wrong, at->line, at->column, why);
}

static enum fault
take_csv_row(void *context, const struct csv_cell *cell, size_t count, struct why *why)
{
	struct sheet *sheet = context;
	enum fault fault;

	if (sheet->column == NULL)
		return take_head(sheet, cell, count, why);
	if (count != sheet->columns)
		return refuse_length(sheet, cell, count, why);
	fault = need_cells(sheet, count, why);
	if (fault != FAULT_NONE)
		return fault;
	for (size_t i = 0; i < count; i++)
		sheet->cell[sheet->cells++] = (struct import_cell){
		    sheet->column[i], cell[i].text, cell[i].line, cell[i].column};
	return give(sheet, cell[0].line, cell[0].column, false, why);
}

/* ---- JSON --------------------------------------------------------------------------------- */

static bool
is_number(const struct field *field)
{
	return field->kind == K_NUMBER || field->kind == K_ID || field->kind == K_VERSION;
}

/* What may stand under the key of this field. */
static const char *
expected(const struct field *field)
{
	if (field_is_list(field))
		return "an array of texts";
	if (is_number(field))
		return "a number";
	return field->kind == K_BOOL ? "true or false" : "a text";
}

static bool
fits(const struct field *field, enum member_kind kind)
{
	switch (kind) {
	case MEMBER_NULL:
	case MEMBER_TEXT:
		return true;
	case MEMBER_NUMBER:
		return is_number(field);
	case MEMBER_BOOL:
		return field->kind == K_BOOL;
	case MEMBER_LIST:
		return field_is_list(field);
	case MEMBER_OTHER:
		return false;
	}
	return false;
}

/* As a cell has it; false when a value is none, or would be two. */
static bool
join(const struct names *list, struct bytes *out)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->item[i][strcspn(list->item[i], ", ")] != '\0' || *list->item[i] == '\0')
			return false;
		bytes_print(out, "%s%s", i == 0 ? "" : " ", list->item[i]);
	}
	bytes_put_u8(out, 0);
	return true;
}

/* True but for the first time that the key is told; also when memory is out, for what is known. */
static bool
was_told(struct sheet *sheet, const char *key)
{
	if (names_have(&sheet->told, key))
		return true;
	if (sheet->told.count < KEYS_TOLD)
		(void)names_add(&sheet->told, key);
	return false;
}

/* *wrong is where and why it is not taken; without a place where that was told already. */
static enum fault
take_member(struct sheet *sheet, const struct json_member *member, struct bytes *text,
    struct why *wrong)
{
	struct import_cell cell = {.text = member->text, .line = member->line,
	    .column = member->column};
	enum fault fault = import_column(member->key, &cell.field, wrong);

	if (fault != FAULT_NONE) {
		if (fault == FAULT_UNAVAILABLE || was_told(sheet, member->key))
			return fault;
		wrong->line = member->key_line;
		wrong->column = member->key_column;
		return fault;
	}
	if (!fits(cell.field, member->kind))
		return why_place(wrong, FAULT_INVALID, member->line, member->column,
		    "%s: expected %s", cell.field->name, expected(cell.field));
	if (member->kind == MEMBER_LIST) {
		if (!join(&member->list, text))
			return why_place(wrong, FAULT_INVALID, member->line, member->column,
			    "%s: a value in the array is empty, or holds a space or comma",
			    cell.field->name);
		if (text->failed)
			return why_memory(wrong);
		cell.text = (const char *)text->data;
	}
	sheet->cell[sheet->cells++] = cell;
	return FAULT_NONE;
}

/* `text` has room for the list of each member. */
static enum fault
take_members(struct sheet *sheet, const struct json_member *member, size_t count,
    struct bytes *text, bool *partial, struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < count; i++) {
		struct why wrong = {0};

		fault = take_member(sheet, &member[i], &text[i], &wrong);
		if (fault == FAULT_NONE)
			continue;
		if (fault == FAULT_UNAVAILABLE)
			return fail(sheet, why_memory(why));
		*partial = true;
		fault = wrong.line == 0 ? FAULT_NONE
		                        : tell(sheet, &wrong, wrong.line, wrong.column, why);
	}
	return fault;
}

static enum fault
take_json_row(void *context, const struct json_member *member, size_t count, unsigned line,
    unsigned column, struct why *why)
{
	struct sheet *sheet = context;
	struct bytes *text = calloc(count + 1, sizeof(*text));
	bool partial = false;
	enum fault fault = text == NULL ? fail(sheet, why_memory(why))
	                                : need_cells(sheet, count, why);

	if (fault == FAULT_NONE)
		fault = take_members(sheet, member, count, text, &partial, why);
	if (fault == FAULT_NONE)
		fault = give(sheet, line, column, partial, why);
	for (size_t i = 0; text != NULL && i < count; i++)
		bytes_clear(&text[i]);
	free(text);
	return fault;
}

/* ---- a file ------------------------------------------------------------------------------- */

static bool
is_json(const unsigned char *data, size_t size)
{
	static const unsigned char mark[] = {0xef, 0xbb, 0xbf};
	size_t at = size >= sizeof(mark) && memcmp(data, mark, sizeof(mark)) == 0 ? sizeof(mark) : 0;

	while (at < size && memchr(" \t\r\n", data[at], 4) != NULL)
		at++;
	return at < size && (data[at] == '[' || data[at] == '{');
}

static enum fault
refuse_empty(struct sheet *sheet, struct why *why)
{
	struct why wrong = {0};

	why_set(&wrong, FAULT_INVALID,
	    "the file is empty: expected a line that names the columns, or a JSON array");
	return tell(sheet, &wrong, 1, 1, why);
}

/* The first byte that is no UTF-8, or a NUL, which no text has and UTF-16 much of; `size`: none. */
static size_t
find_foreign(const char *data, size_t size)
{
	size_t at = 0, step = 1;
	uint32_t code;

	while (at < size && data[at] != '\0' && step > 0) {
		step = text_character(data + at, size - at, &code);
		at += step;
	}
	return at;
}

static bool
is_utf_16(const unsigned char *data, size_t size, size_t at)
{
	return data[at] == '\0' || (size > 1 && ((data[0] == 0xff && data[1] == 0xfe) ||
	    (data[0] == 0xfe && data[1] == 0xff)));
}

/* Lines end here as the readers have them: for JSON a CR ends none. */
static enum fault
refuse_foreign(struct sheet *sheet, const char *data, size_t size, size_t at, bool json,
    struct why *why)
{
	const bool marked = size > 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0;
	size_t begins = marked ? 3 : 0;
	unsigned line = 1;
	struct why wrong = {0};

	for (size_t i = begins; i < at; i++) {
		bool cr = !json && data[i] == '\r' && (i + 1 == at || data[i + 1] != '\n');

		if (data[i] != '\n' && !cr)
			continue;
		line++;
		begins = i + 1;
	}
	why_set(&wrong, FAULT_INVALID, "this is not UTF-8%s: save the file as UTF-8",
	    is_utf_16((const unsigned char *)data, size, at) ? " (UTF-16?)" : "");
	return tell(sheet, &wrong, line, (unsigned)(at - begins) + 1, why);
}

static enum fault
read_all(struct sheet *sheet, const void *data, size_t size, struct why *why)
{
	struct why wrong = {0};
	bool json = is_json(data, size);
	enum fault fault = json ? json_read(data, size, take_json_row, sheet, &wrong)
	                        : csv_read(data, size, take_csv_row, sheet, &wrong);

	if (sheet->failed || fault == FAULT_UNAVAILABLE) {
		*why = wrong;
		return fault;
	}
	if (fault != FAULT_NONE && !sheet->ended)
		return tell(sheet, &wrong, wrong.line, wrong.column, why);
	return !json && sheet->column == NULL ? refuse_empty(sheet, why) : FAULT_NONE;
}

enum fault
sheet_read(const void *data, size_t size, const struct sheet_sink *sink, struct why *why)
{
	struct sheet sheet = {.sink = sink};
	size_t foreign = find_foreign(data, size);
	enum fault fault = foreign == size
	    ? read_all(&sheet, data, size, why)
	    : refuse_foreign(&sheet, data, size, foreign, is_json(data, size), why);

	names_clear(&sheet.told);
	free(sheet.column);
	free(sheet.cell);
	return fault;
}
