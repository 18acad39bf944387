/*
 * sheet_fuzz.c - any bytes as a file of users: each row has fields of the table, each once, and
 * every place is within the text, never before the one of the row before.  And as the objects of a
 * dump, of which the same is true.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "hexa-admin/json.h"
#include "hexa-admin/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool good)
{
	if (!good)
		abort();
}

struct text {
	const uint8_t *data;
	size_t size;
	size_t lines;
	unsigned last; /* the line of the row before */
};

static void
must_be_within(const struct text *text, unsigned line, unsigned column)
{
	must(line >= 1 && line <= text->lines && column >= 1 && column <= text->size + 1);
}

static enum fault
look_at_row(void *context, const struct import_row *row, struct why *why)
{
	struct text *text = context;

	(void)why;
	must_be_within(text, row->line, row->column);
	must(row->line >= text->last);
	text->last = row->line;
	for (size_t i = 0; i < row->count; i++) {
		const struct import_cell *cell = &row->cell[i];

		must(import_has_column(cell->field) && strlen(cell->text) <= text->size);
		must_be_within(text, cell->line, cell->column);
		for (size_t j = 0; j < i; j++)
			must(row->cell[j].field != cell->field);
	}
	return FAULT_NONE;
}

static enum fault
look_at_wrong(void *context, const struct why *wrong, struct why *why)
{
	const struct text *text = context;

	(void)why;
	must(wrong->fault == FAULT_INVALID && wrong->text[0] != '\0');
	must_be_within(text, wrong->line, wrong->column);
	return FAULT_NONE;
}

static enum fault
look_at_object(void *context, const struct json_member *member, size_t count, unsigned line,
    unsigned column, struct why *why)
{
	struct text *text = context;

	(void)why;
	must_be_within(text, line, column);
	must(line >= text->last && count <= OBJECT_MEMBERS);
	text->last = line;
	for (size_t i = 0; i < count; i++) {
		must_be_within(text, member[i].line, member[i].column);
		must(strlen(member[i].text) <= text->size);
		for (size_t j = 0; j < i; j++)
			must(strcmp(member[j].key, member[i].key) != 0);
	}
	return FAULT_NONE;
}

static void
read_objects(struct text *text)
{
	struct why why = {0};

	text->last = 1;
	if (json_read_objects(text->data, text->size, OBJECT_BYTES, look_at_object, text, &why) ==
	    FAULT_NONE)
		return;
	must(why.fault == FAULT_INVALID && why.text[0] != '\0');
	must_be_within(text, why.line, why.column);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = {.data = data, .size = size, .lines = 1};
	const struct sheet_sink sink = {&text, look_at_row, look_at_wrong};
	struct why why = {0};

	for (size_t i = 0; i < size; i++)
		text.lines += data[i] == '\n' || data[i] == '\r';
	must(sheet_read(data, size, &sink, &why) == FAULT_NONE);
	read_objects(&text);
	return 0;
}
