/*
 * show.c - records as people and programs see them.
 */
#include "hexa-admin/show.h"

#include <stdlib.h>
#include <string.h>

#include "hexa-admin/grid.h"
#include "hexa-admin/list.h"
#include "policy/text.h"

static bool
is_shown(const struct field *field)
{
	return (field->rights & F_HIDDEN) == 0;
}

/* ---- JSON --------------------------------------------------------------------------------- */

enum form { FORM_TEXT = 1, FORM_NUMBER, FORM_BOOL, FORM_LIST };

static enum form
form_of(const struct field *field)
{
	switch (field->kind) {
	case K_TEXT:
	case K_GECOS:
	case K_LOGIN:
	case K_GROUP:
	case K_USER:
	case K_WORD:
	case K_EMAIL:
	case K_PHONE:
	case K_PATH:
	case K_UNIT:
	case K_SECRET:
	case K_TIME:
	case K_END:
	case K_CHOICE:
	case K_HOME:
	case K_DURATION:
	case K_SIZE:
	case K_UUID:
		return FORM_TEXT;
	case K_ID:
	case K_NUMBER:
	case K_VERSION:
		return FORM_NUMBER;
	case K_BOOL:
		return FORM_BOOL;
	case K_LOGINS:
	case K_PATTERNS:
	case K_WORDS:
	case K_SERVICES:
	case K_ASSIGNMENTS:
	case K_GRANTS:
	case K_CHOICES:
	case K_RANGES:
	case K_COMPILED:
		return FORM_LIST;
	}
	return FORM_TEXT;
}

static void
put_scalar(struct json *map, const struct field *field, const void *record)
{
	char *text = field_text(field, record);
	uint64_t number = 0;

	if (text == NULL)
		json_put(map, field->name, NULL);
	else if (form_of(field) == FORM_NUMBER && text_to_number(text, UINT64_MAX, &number))
		json_put_number(map, field->name, number);
	else
		json_put_text(map, field->name, text);
	free(text);
}

void
json_put_field(struct json *map, const struct field *field, const void *record)
{
	const void *member = (const char *)record + field->offset;

	if (form_of(field) == FORM_LIST)
		json_put_names(map, field->name, member);
	else if (form_of(field) == FORM_BOOL)
		json_put_bool(map, field->name, !field_is_empty(field, record));
	else if (field->kind != K_CHOICE && (field->rights & F_ZERO) == 0 &&
	    field_is_empty(field, record))
		json_put_null(map, field->name);
	else
		put_scalar(map, field, record);
}

struct json *
record_json(const struct table *table, const void *record)
{
	struct json *map = json_map();

	for (size_t i = 0; i < table->count; i++)
		if (is_shown(&table->rows[i]))
			json_put_field(map, &table->rows[i], record);
	return map;
}

/* ---- one record --------------------------------------------------------------------------- */

static bool
fill_grid(struct grid *grid, const struct table *table, const void *record)
{
	bool good = grid_column(grid, "field", 0) && grid_column(grid, "value", 0);

	for (size_t i = 0; good && i < table->count; i++) {
		const struct field *field = &table->rows[i];
		char *text;

		if (!is_shown(field) || (field->kind != K_CHOICE && field_is_empty(field, record)))
			continue;
		text = field_text(field, record);
		good = text != NULL && grid_row(grid) && grid_cell(grid, 0, field->name) &&
		    grid_cell(grid, 1, text);
		free(text);
	}
	return good;
}

enum fault
record_show(struct call *call, const struct table *table, const void *record, struct why *why)
{
	struct grid *grid;
	enum fault fault;

	if (call_has(call, OPTION_JSON))
		return json_show(record_json(table, record), why);
	grid = grid_open(false);
	if (grid == NULL || !fill_grid(grid, table, record))
		fault = why_memory(why);
	else
		fault = grid_print(grid, why);
	grid_close(grid);
	return fault;
}

/* ---- many records ------------------------------------------------------------------------- */

struct records {
	const struct listing *listing;
	const struct field **field; /* of each column */
	struct list_column *column;
	size_t columns;
	size_t most; /* columns */
	uint64_t limit;
	void *record;
};

static void
put_row(const struct records *records, struct list *list)
{
	struct json *map;

	if (list_is_json(list)) {
		map = json_map();
		for (size_t i = 0; i < records->columns; i++)
			json_put_field(map, records->field[i], records->record);
		list_json(list, map);
		return;
	}
	list_row(list);
	for (size_t i = 0; i < records->columns; i++) {
		char *text = field_text(records->field[i], records->record);

		if (text == NULL)
			list->memory_out = true;
		else
			list_cell(list, i, text);
		free(text);
	}
}

static enum fault
step(void *context, struct txn *txn, struct list *list, struct why *why)
{
	struct records *records = context;
	const struct listing *listing = records->listing;
	enum fault fault;

	if (list->rows >= records->limit)
		return FAULT_UNKNOWN;
	fault = listing->next(listing->context, txn, records->record, why);
	if (fault == FAULT_NONE)
		put_row(records, list);
	record_clear(listing->table, records->record);
	if (listing->more != NULL)
		record_clear(listing->more, records->record);
	return fault;
}

/* What is typed again as it was read is never cut: a name, an address, a number, a time. */
static unsigned
flags_of_column(const struct field *field)
{
	if (form_of(field) == FORM_NUMBER)
		return GRID_RIGHT;
	/* By its fingerprint a key is removed. */
	if (strcmp(field->name, "fingerprint") == 0)
		return 0;
	if (form_of(field) == FORM_LIST || field->kind == K_TEXT || field->kind == K_GECOS)
		return GRID_SHORT;
	return 0;
}

static void
add_column(struct records *records, const struct field *field)
{
	records->field[records->columns] = field;
	records->column[records->columns].name = field->name;
	records->column[records->columns].flags = flags_of_column(field);
	records->columns++;
}

static const struct field *
find_shown(const struct table *table, const char *name)
{
	const struct field *field = table == NULL ? NULL : field_find(table, name);

	return field == NULL || !is_shown(field) ? NULL : field;
}

/* Adds the names of those that are shown. */
static size_t
add_names(const char **names, size_t count, const struct table *table)
{
	for (size_t i = 0; i < table->count; i++)
		if (is_shown(&table->rows[i]))
			names[count++] = table->rows[i].name;
	return count;
}

static enum fault
unknown_column(struct call *call, const struct table *table, const struct table *more,
    const char *option, const char *name, struct why *why)
{
	const char **names = calloc(table->count + (more == NULL ? 0 : more->count),
	    sizeof(*names));
	const char *nearest;
	size_t count;

	if (names == NULL)
		return why_memory(why);
	count = add_names(names, 0, table);
	if (more != NULL)
		count = add_names(names, count, more);
	nearest = text_nearest(name, names, count);
	free(names);
	if (*name == '\0')
		return call_misuse(call, why, "%s: a field's name is empty", option);
	if (nearest != NULL)
		return call_misuse(call, why, "%s: a %s has no field %.64s; did you mean %s?",
		    option, table->noun, name, nearest);
	return call_misuse(call, why, "%s: a %s has no field %.64s", option, table->noun, name);
}

enum fault
column_named(struct call *call, const struct table *table, const struct table *more,
    const char *option, const char *name, const struct field **field, struct why *why)
{
	const struct field *found = find_shown(table, name);

	if (found == NULL)
		found = find_shown(more, name);
	if (found == NULL)
		return unknown_column(call, table, more, option, name, why);
	*field = found;
	return FAULT_NONE;
}

/* Takes "name,uid" apart. */
static enum fault
add_named_columns(struct call *call, struct records *records, const char *names, struct why *why)
{
	const struct listing *listing = records->listing;
	char *copy = strdup(names), *rest = copy, *name;
	enum fault fault = copy == NULL ? why_memory(why) : FAULT_NONE;

	while (fault == FAULT_NONE && (name = strsep(&rest, ",")) != NULL) {
		const struct field *field = NULL;

		fault = column_named(call, listing->table, listing->more, "--columns", name,
		    &field, why);
		if (fault == FAULT_NONE && records->columns == records->most)
			fault = call_misuse(call, why, "--columns names too many fields");
		if (fault == FAULT_NONE)
			add_column(records, field);
	}
	free(copy);
	return fault;
}

static enum fault
choose_columns(struct call *call, struct records *records, struct why *why)
{
	const struct table *table = records->listing->table;
	const char *columns = records->listing->columns;

	if (call_has(call, OPTION_COLUMNS))
		columns = call->option[OPTION_COLUMNS];
	else if (call_has(call, OPTION_JSON))
		columns = NULL;
	if (columns != NULL)
		return add_named_columns(call, records, columns, why);
	for (size_t i = 0; i < table->count; i++)
		if (is_shown(&table->rows[i]))
			add_column(records, &table->rows[i]);
	return FAULT_NONE;
}

static enum fault
read_limit(struct call *call, uint64_t *limit, struct why *why)
{
	const char *text = call->option[OPTION_LIMIT];

	*limit = UINT64_MAX;
	if (text == NULL || text_to_number(text, UINT64_MAX, limit))
		return FAULT_NONE;
	return call_misuse(call, why, "--limit %.64s is no number", text);
}

static void
records_end(struct records *records)
{
	free(records->field);
	free(records->column);
	free(records->record);
}

/* What the line says of it.  Ended by records_end() whatever came of it. */
static enum fault
records_begin(struct call *call, const struct listing *listing, struct records *records,
    struct why *why)
{
	enum fault fault = list_check(call, why);

	records->listing = listing;
	records->most = listing->table->count + (listing->more == NULL ? 0 : listing->more->count);
	records->field = calloc(records->most, sizeof(*records->field));
	records->column = calloc(records->most, sizeof(*records->column));
	records->record = calloc(1, listing->size);
	if (records->field == NULL || records->column == NULL || records->record == NULL)
		fault = why_memory(why);
	if (fault == FAULT_NONE)
		fault = read_limit(call, &records->limit, why);
	if (fault == FAULT_NONE)
		fault = choose_columns(call, records, why);
	return fault;
}

enum fault
records_check(struct call *call, const struct listing *listing, uint64_t *limit, struct why *why)
{
	struct records records = {0};
	enum fault fault = records_begin(call, listing, &records, why);

	if (fault == FAULT_NONE)
		*limit = records.limit;
	records_end(&records);
	return fault;
}

enum fault
records_print(struct call *call, const struct listing *listing, struct why *why)
{
	struct records records = {0};
	enum fault fault = records_begin(call, listing, &records, why);

	if (fault == FAULT_NONE)
		fault = list_all(call, records.column, records.columns, step, &records, why);
	records_end(&records);
	return fault;
}

enum fault
records_list(struct call *call, const struct table *table, const char *columns,
    record_next *next, void *context, struct why *why)
{
	const struct listing listing = {.table = table, .size = table->size, .columns = columns,
	    .next = next, .context = context};

	return records_print(call, &listing, why);
}
