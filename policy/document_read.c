/*
 * document_read.c - the policy as YAML, read: the records' field tables become tables of keys, and
 * each key knows what may stand behind it and what reads it.  What can be judged where it stands is
 * judged there; what needs the whole (names, circles, groups) is judged by document_check.c.
 */
#include "policy/document.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/document_check.h"
#include "policy/document_parts.h"
#include "policy/test.h"
#include "policy/text.h"
#include "policy/yaml.h"

/* Keys of one mapping: as many as an unsigned has bits to note them in. */
enum { KEYS_MAX = 32 };

/* A field's whole name in bytes, with its final NUL. */
enum { PATH_BYTES = 64 };

struct reading {
	struct yaml *yaml;
	struct document document;
	struct document_faults *faults; /* NULL: the first is the last */
	size_t wrong;                   /* so much was found wrong, and gone past */
	bool is_partial;                /* something that names are defined in was left out */
};

/* The value of a key: where it stands, and the record that it is a part of. */
struct value {
	const struct key *key;
	struct item item;
	void *record;
};

typedef enum fault reader(struct reading *reading, const struct value *value, struct why *why);

/* What may stand behind a key, and what reads it. */
struct key {
	char path[PATH_BYTES];     /* the key behind the sections that it stands in */
	const char *name;          /* the key itself: the end of its path */
	const struct field *field; /* that it sets; NULL: more stands below it */
	enum item_kind kind;
	reader *read;
};

/* Keys that stand together. */
struct mapping {
	const char *what; /* for messages: "a role" */
	const struct table *table;
	struct key key[KEYS_MAX];
	size_t count;
};

static reader read_section, read_text, read_list, read_together;

/* ---- tables of keys ----------------------------------------------------------------------- */

static void
add_key(struct mapping *mapping, const char *path, size_t size, const struct field *field,
    enum item_kind kind, reader *read)
{
	struct key *key = &mapping->key[mapping->count];
	const char *dot;

	/* Beyond, a key would be unknown: its first test notices a table that grew so large. */
	if (mapping->count == KEYS_MAX)
		return;
	snprintf(key->path, sizeof(key->path), "%.*s", (int)size, path);
	dot = strrchr(key->path, '.');
	key->name = dot == NULL ? key->path : dot + 1;
	key->field = field;
	key->kind = kind;
	key->read = read;
	mapping->count++;
}

static void
add_plain_key(struct mapping *mapping, const char *name, enum item_kind kind, reader *read)
{
	add_key(mapping, name, strlen(name), NULL, kind, read);
}

/* The key of a section, unless it is there: its fields stand side by side in their table. */
static void
add_section(struct mapping *mapping, const char *path, size_t size)
{
	const char *last = mapping->count == 0 ? "" : mapping->key[mapping->count - 1].path;

	if (strncmp(last, path, size) != 0 || last[size] != '\0')
		add_key(mapping, path, size, NULL, ITEM_MAP, read_section);
}

/* A key for each field of the section that a document states, and for each section below. */
static void
add_fields(struct mapping *mapping, const char *section)
{
	const struct table *table = mapping->table;
	size_t within = strlen(section);

	for (size_t i = 0; i < table->count; i++) {
		const struct field *field = &table->rows[i];
		bool list = field_is_list(field);
		size_t size;

		if (!document_states(table, field) || strncmp(field->name, section, within) != 0)
			continue;
		size = within + strcspn(field->name + within, ".");
		if (field->name[size] != '\0')
			add_section(mapping, field->name, size);
		else
			add_key(mapping, field->name, size, field, list ? ITEM_LIST : ITEM_TEXT,
			    list ? read_list : read_text);
	}
}

/* ---- what is wrong ------------------------------------------------------------------------ */

/*
 * What can be gone past: faults_keep().  Whoever is told FAULT_NONE goes on behind it, in the text and
 * in what is made of it.  What can not is for yaml_refuse().
 */
static enum fault __attribute__((format(printf, 4, 5)))
refuse(struct reading *reading, struct place place, struct why *why, const char *format, ...)
{
	struct why wrong = {0};
	char text[WHY_TEXT_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	yaml_refuse(reading->yaml, place, &wrong, "%s", text);
	reading->wrong++;
	return faults_keep(reading->faults, &wrong, why);
}

/* ---- keys --------------------------------------------------------------------------------- */

static enum fault
refuse_key(struct reading *reading, const struct mapping *mapping, const struct item *item,
    struct why *why)
{
	const char *names[KEYS_MAX];
	const char *nearest = mapping->table == &settings_table ? settings_meant(item->text) : NULL;

	for (size_t i = 0; i < mapping->count; i++)
		names[i] = mapping->key[i].name;
	if (nearest == NULL)
		nearest = text_nearest(item->text, names, mapping->count);
	return refuse(reading, item->place, why, "%s has no key %s%s%s", mapping->what, item->text,
	    nearest ? "; did you mean " : "", nearest ? nearest : "");
}

/* The row of a key, which may stand once in its mapping; *key stays as it is without one. */
static enum fault
find_key(struct reading *reading, const struct mapping *mapping, const struct item *item,
    unsigned *seen, const struct key **key, struct why *why)
{
	if (item->kind != ITEM_TEXT)
		return yaml_refuse(reading->yaml, item->place, why, "expected a key of %s",
		    mapping->what);
	for (size_t i = 0; i < mapping->count; i++) {
		if (strcmp(mapping->key[i].name, item->text) != 0)
			continue;
		if (*seen & 1u << i)
			return refuse(reading, item->place, why,
			    "the key %s stands here a second time", item->text);
		*seen |= 1u << i;
		*key = &mapping->key[i];
		return FAULT_NONE;
	}
	return refuse_key(reading, mapping, item, why);
}

static const char *
expected(enum item_kind kind, bool section)
{
	switch (kind) {
	case ITEM_NOTHING:
	case ITEM_END:
		break;
	case ITEM_TEXT:
		return "a text";
	case ITEM_LIST:
		return "a list, as [one, two]";
	case ITEM_MAP:
		return section ? "keys with their values"
		               : "keys with their values, or {} for none";
	}
	return "nothing";
}

/* Goes past what is of another kind. */
static enum fault
expect(struct reading *reading, const char *name, enum item_kind kind, bool section,
    const struct item *item, struct why *why)
{
	enum fault fault;

	if (item->kind == kind)
		return FAULT_NONE;
	fault = refuse(reading, item->place, why, "%s: %sexpected %s", name,
	    item->kind == ITEM_NOTHING ? "nothing stands here; " : "", expected(kind, section));
	return fault == FAULT_NONE ? yaml_skip(reading->yaml, item, why) : fault;
}

/* The value of the key that is the last item; what is no key has one too. */
static enum fault
read_value(struct reading *reading, struct value *value, struct why *why)
{
	const struct key *key = value->key;
	enum fault fault = yaml_next(reading->yaml, &value->item, why);

	if (fault == FAULT_NONE && key != NULL)
		fault = expect(reading, key->path, key->kind, key->read == read_section,
		    &value->item, why);
	else if (fault == FAULT_NONE)
		fault = yaml_skip(reading->yaml, &value->item, why);
	if (fault != FAULT_NONE)
		return fault;
	if (key != NULL && value->item.kind == key->kind)
		return key->read(reading, value, why);
	/* A whole section of the policy? */
	reading->is_partial |= value->record == NULL;
	return FAULT_NONE;
}

/* Reads the keys of a mapping that has begun, up to its end; a bit of *seen for each. */
static enum fault
read_keys(struct reading *reading, const struct mapping *mapping, void *record, unsigned *seen,
    struct why *why)
{
	struct value value = {.record = record};
	enum fault fault;

	*seen = 0;
	for (;;) {
		fault = yaml_next(reading->yaml, &value.item, why);
		if (fault != FAULT_NONE || value.item.kind == ITEM_END)
			return fault;
		value.key = NULL;
		fault = find_key(reading, mapping, &value.item, seen, &value.key, why);
		if (fault == FAULT_NONE)
			fault = read_value(reading, &value, why);
		if (fault != FAULT_NONE)
			return fault;
	}
}

/* A section of the settings: the keys below the one that leads here. */
static enum fault
read_section(struct reading *reading, const struct value *value, struct why *why)
{
	struct mapping mapping = {.what = value->key->path, .table = &settings_table};
	char section[PATH_BYTES + 1];
	size_t wrong = reading->wrong;
	unsigned seen;
	enum fault fault;

	snprintf(section, sizeof(section), "%s.", value->key->path);
	add_fields(&mapping, section);
	fault = read_keys(reading, &mapping, &reading->document.rules.settings, &seen, why);
	if (fault == FAULT_NONE && seen == 0 && reading->wrong == wrong)
		fault = refuse(reading, value->item.place, why,
		    "%s: an empty section says nothing; leave the key out", value->key->path);
	return fault;
}

/* ---- values ------------------------------------------------------------------------------- */

/* Does it look like a number that some readers of YAML take for octal or hexadecimal? */
static bool
is_octal(const struct field *field, const char *text)
{
	bool number = field->kind == K_NUMBER || field->kind == K_DURATION ||
	    field->kind == K_SIZE;

	return number && text[0] == '0' && text[1] != '\0' &&
	    strchr("0123456789_oOxX", text[1]) != NULL;
}

/* What else helps whoever wrote a value that its field does not take. */
static void
add_hint(const struct field *field, const char *text, struct why *why)
{
	size_t used = strlen(why->text);
	const char *nearest = NULL;
	size_t count = 0;

	while (field != NULL && field->choices != NULL && field->choices[count] != NULL)
		count++;
	if (count > 0)
		nearest = text_nearest(text, field->choices, count);
	if (nearest != NULL)
		snprintf(why->text + used, sizeof(why->text) - used, "; did you mean %s", nearest);
	else if (field != NULL && is_octal(field, text))
		snprintf(why->text + used, sizeof(why->text) - used,
		    "; a number begins with no zero: some readers of YAML take it for octal");
}

/* What a field, or NULL, has against the item's text, said with its place. */
static enum fault
place_fault(struct reading *reading, const struct field *field, const struct item *item,
    enum fault fault, struct why *inner, struct why *why)
{
	if (fault == FAULT_UNAVAILABLE)
		return why_memory(why);
	add_hint(field, item->text, inner);
	return refuse(reading, item->place, why, "%s", inner->text);
}

/*
 * A text that was taken as it stands, and is yes or no to others: a program that reads the policy
 * and writes it again makes `true` or `false` of it.
 */
static enum fault
refuse_truth(struct reading *reading, const struct field *field, const struct item *item,
    struct why *why)
{
	if (!item->is_truth || field->kind == K_BOOL ||
	    (field->kind == K_GROUP && strcmp(item->text, ROLE_NO_GROUP) == 0))
		return FAULT_NONE;
	return refuse(reading, item->place, why,
	    "%s: %s is yes or no to other readers of YAML: write '%s'", field->name, item->text,
	    item->text);
}

static enum fault
set_field(struct reading *reading, const struct field *field, void *record, const struct item *item,
    struct why *why)
{
	struct why inner = {0};
	enum fault fault;

	/* To a field an empty text is "take it away". */
	if (item->text[0] == '\0')
		return refuse(reading, item->place, why, "%s: an empty text says nothing",
		    field->name);
	fault = field_parse(field, record, item->text, &inner);
	if (fault != FAULT_NONE)
		return place_fault(reading, field, item, fault, &inner, why);
	return refuse_truth(reading, field, item, why);
}

static enum fault
read_text(struct reading *reading, const struct value *value, struct why *why)
{
	return set_field(reading, value->key->field, value->record, &value->item, why);
}

/* ---- lists -------------------------------------------------------------------------------- */

/* A list that is being read: its texts as they came, and the same in order, to see one again. */
struct list {
	struct names names;
	const char **sorted;
};

static void
list_clear(struct list *list)
{
	names_clear(&list->names);
	free(list->sorted);
	*list = (struct list){0};
}

/* Where the text belongs among the sorted ones; *there: it is among them. */
static size_t
list_find(const struct list *list, const char *text, bool *there)
{
	size_t low = 0, high = list->names.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(list->sorted[middle], text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*there = low < list->names.count && strcmp(list->sorted[low], text) == 0;
	return low;
}

static enum fault
list_put(struct list *list, size_t at, const char *text, struct why *why)
{
	size_t count = list->names.count;
	void *sorted = list->sorted;
	enum fault fault = document_make_room(&sorted, count, sizeof(char *), why);

	list->sorted = sorted;
	if (fault != FAULT_NONE)
		return fault;
	if (!names_add(&list->names, text))
		return why_memory(why);
	memmove(list->sorted + at + 1, list->sorted + at, (count - at) * sizeof(char *));
	list->sorted[at] = list->names.item[count];
	return FAULT_NONE;
}

/* What the field made of the item's text. */
static enum fault
put_text(struct reading *reading, const struct field *field, const struct item *item,
    const char *text, struct list *list, struct why *why)
{
	bool there;
	size_t at = list_find(list, text, &there);

	if (there)
		return refuse(reading, item->place, why, "%s: %s is there already", field->name,
		    text);
	if (list->names.count >= field->max_count)
		return yaml_refuse(reading->yaml, item->place, why, "%s: more than %zu values",
		    field->name, field->max_count);
	return list_put(list, at, text, why);
}

/* Lets the field judge the text alone, in the record's member, which is empty before and after. */
static enum fault
read_item(struct reading *reading, const struct value *value, const struct item *item,
    struct list *list, struct why *why)
{
	const struct field *field = value->key->field;
	const struct names *alone = (void *)((char *)value->record + field->offset);
	struct why inner = {0};
	enum fault fault;

	fault = field_add(field, value->record, item->text, &inner);
	if (fault != FAULT_NONE)
		return place_fault(reading, field, item, fault, &inner, why);
	fault = refuse_truth(reading, field, item, why);
	if (fault == FAULT_NONE)
		fault = put_text(reading, field, item, alone->item[0], list, why);
	field_clear(field, value->record);
	return fault;
}

/* `[]` says of a role's permissions and includes that there are none, and cannot be misread. */
static bool
may_be_empty(const struct field *field)
{
	return field == field_find(&role_table, "permissions") ||
	    field == field_find(&role_table, "includes");
}

static enum fault
read_items(struct reading *reading, const struct value *value, struct list *list, struct why *why)
{
	size_t wrong = reading->wrong;

	for (;;) {
		struct item item;
		enum fault fault = yaml_next(reading->yaml, &item, why);

		if (fault == FAULT_NONE && item.kind == ITEM_END)
			break;
		if (fault == FAULT_NONE)
			fault = expect(reading, value->key->path, ITEM_TEXT, false, &item, why);
		if (fault == FAULT_NONE && item.kind == ITEM_TEXT)
			fault = read_item(reading, value, &item, list, why);
		if (fault != FAULT_NONE)
			return fault;
	}
	if (list->names.count > 0 || may_be_empty(value->key->field) || reading->wrong > wrong)
		return FAULT_NONE;
	return refuse(reading, value->item.place, why,
	    "%s: an empty list says nothing; leave the %s out", value->key->path,
	    value->key->read == read_together ? "whole constraint" : "key");
}

static enum fault
read_list(struct reading *reading, const struct value *value, struct why *why)
{
	struct names *member = (void *)((char *)value->record + value->key->field->offset);
	struct list list = {0};
	enum fault fault;

	names_clear(member);
	fault = read_items(reading, value, &list, why);
	if (fault == FAULT_NONE) {
		*member = list.names;
		list.names = (struct names){0};
	}
	list_clear(&list);
	return fault;
}

/* ---- permissions and roles ---------------------------------------------------------------- */

static enum fault
refuse_many(struct reading *reading, struct place place, int most, const char *what,
    struct why *why)
{
	return yaml_refuse(reading->yaml, place, why, "a policy has at most %d %s", most, what);
}

static enum fault
keep_permission(struct reading *reading, void *record, struct place place, struct why *why)
{
	struct permission *permission = record;
	struct rules *rules = &reading->document.rules;
	void *all = rules->permission;
	enum fault fault;

	if (document_reserves(permission->name))
		return refuse(reading, place, why,
		    "the permissions hexa.* are built in: a policy cannot define %s",
		    permission->name);
	if (rules->count >= DOCUMENT_RECORDS_MAX)
		return refuse_many(reading, place, DOCUMENT_RECORDS_MAX, "permissions", why);
	fault = document_make_room(&all, rules->count, sizeof(*permission), why);
	if (fault != FAULT_NONE)
		return fault;
	rules->permission = all;
	rules->permission[rules->count++] = *permission;
	*permission = (struct permission){0};
	return FAULT_NONE;
}

static enum fault
keep_role(struct reading *reading, void *record, struct place place, struct why *why)
{
	struct role *role = record;
	struct roles *roles = &reading->document.roles;
	void *all = roles->role;
	enum fault fault = FAULT_NONE;

	if (role_group(role) && !text_is_login(role_group(role)))
		fault = refuse(reading, place, why,
		    "%s is no name for a Unix group (a-z 0-9 _ -, at most %d bytes): the role "
		    "needs `group: NAME` or `group: no`",
		    role->name, LOGIN_NAME_BYTES);
	if (fault != FAULT_NONE)
		return fault;
	if (roles->count >= DOCUMENT_RECORDS_MAX)
		return refuse_many(reading, place, DOCUMENT_RECORDS_MAX, "roles", why);
	fault = document_make_room(&all, roles->count, sizeof(*role), why);
	if (fault != FAULT_NONE)
		return fault;
	roles->role = all;
	roles->role[roles->count++] = *role;
	*role = (struct role){0};
	return FAULT_NONE;
}

/* One record, whose name is the last item; *named: it can be kept by that. */
static enum fault
read_record(struct reading *reading, const struct mapping *mapping, const struct item *name,
    void *record, bool *named, struct why *why)
{
	const struct field *field = field_find(mapping->table, "name");
	struct item item;
	unsigned seen;
	enum fault fault;

	if (name->kind != ITEM_TEXT)
		return yaml_refuse(reading->yaml, name->place, why, "expected the name of %s",
		    mapping->what);
	fault = set_field(reading, field, record, name, why);
	*named = !field_is_empty(field, record);
	/* What the policy does not say of the system administrator's permissions stays as it is. */
	if (fault == FAULT_NONE && mapping->table == &role_table &&
	    strcmp(name->text, ROLE_SYSTEM_ADMINISTRATOR) == 0 &&
	    !names_add(&((struct role *)record)->permissions, "*"))
		fault = why_memory(why);
	if (fault == FAULT_NONE)
		fault = yaml_next(reading->yaml, &item, why);
	if (fault == FAULT_NONE)
		fault = expect(reading, mapping->what, ITEM_MAP, false, &item, why);
	if (fault == FAULT_NONE && item.kind == ITEM_MAP)
		fault = read_keys(reading, mapping, record, &seen, why);
	return fault;
}

typedef enum fault keeper(struct reading *reading, void *record, struct place place,
    struct why *why);

/* Reads records by their names, up to the end of the map that has begun. */
static enum fault
read_records(struct reading *reading, const char *what, const struct table *table, keeper *keep,
    struct why *why)
{
	struct mapping mapping = {.what = what, .table = table};
	union {
		struct permission permission;
		struct role role;
	} record;

	add_fields(&mapping, "");
	for (;;) {
		struct item name;
		bool named = false;
		enum fault fault = yaml_next(reading->yaml, &name, why);

		if (fault != FAULT_NONE || name.kind == ITEM_END)
			return fault;
		memset(&record, 0, sizeof(record));
		fault = read_record(reading, &mapping, &name, &record, &named, why);
		if (fault == FAULT_NONE && named)
			fault = keep(reading, &record, name.place, why);
		reading->is_partial |= !named;
		record_clear(table, &record);
		if (fault != FAULT_NONE)
			return fault;
	}
}

static enum fault
read_permissions(struct reading *reading, const struct value *value, struct why *why)
{
	(void)value;
	return read_records(reading, "a permission", &permission_table, keep_permission, why);
}

static enum fault
read_roles(struct reading *reading, const struct value *value, struct why *why)
{
	(void)value;
	return read_records(reading, "a role", &role_table, keep_role, why);
}

/* ---- constraints -------------------------------------------------------------------------- */

static enum fault
read_together(struct reading *reading, const struct value *value, struct why *why)
{
	const struct constraint *constraint = value->record;
	size_t wrong = reading->wrong;
	enum fault fault = read_list(reading, value, why);

	if (fault == FAULT_NONE && constraint->never_together.count < 2 && reading->wrong == wrong)
		fault = refuse(reading, value->item.place, why, "%s: expected two roles at least",
		    value->key->path);
	return fault;
}

static enum fault
read_constraint(struct reading *reading, const struct mapping *mapping, const struct item *item,
    struct why *why)
{
	struct constraint constraint = {0};
	struct why inner = {0};
	size_t wrong = reading->wrong;
	unsigned seen = 0;
	enum fault fault = FAULT_NONE;

	if (item->kind == ITEM_MAP)
		fault = read_keys(reading, mapping, &constraint, &seen, why);
	if (fault == FAULT_NONE && seen == 0 && reading->wrong == wrong)
		fault = refuse(reading, item->place, why,
		    "%s: expected never-together: [one, two]", mapping->what);
	if (fault == FAULT_NONE && item->kind != ITEM_MAP)
		fault = yaml_skip(reading->yaml, item, why);
	if (fault == FAULT_NONE && reading->wrong == wrong) {
		fault = document_add_constraint(&reading->document, &constraint.never_together,
		    &inner);
		if (fault != FAULT_NONE)
			fault = place_fault(reading, NULL, item, fault, &inner, why);
	}
	/* The places of those behind it are counted. */
	reading->is_partial |= reading->wrong > wrong;
	names_clear(&constraint.never_together);
	return fault;
}

static enum fault
read_constraints(struct reading *reading, const struct value *value, struct why *why)
{
	struct mapping mapping = {.what = "a constraint", .table = &constraint_table};

	(void)value;
	add_fields(&mapping, "");
	mapping.key[0].read = read_together;
	for (;;) {
		struct item item;
		enum fault fault = yaml_next(reading->yaml, &item, why);

		if (fault != FAULT_NONE || item.kind == ITEM_END)
			return fault;
		fault = read_constraint(reading, &mapping, &item, why);
		if (fault != FAULT_NONE)
			return fault;
	}
}

/* ---- tests -------------------------------------------------------------------------------- */

static enum fault
read_test(struct reading *reading, const struct value *value, const struct item *item,
    struct why *why)
{
	struct names *tests = &reading->document.tests;
	struct why inner = {0};
	struct test test = {0};
	bool is_text = item->kind == ITEM_TEXT;
	enum fault fault = expect(reading, value->key->path, ITEM_TEXT, false, item, why);

	if (fault == FAULT_NONE && is_text)
		fault = test_parse(item->text, &test, &inner);
	if (inner.fault != FAULT_NONE)
		fault = place_fault(reading, NULL, item, fault, &inner, why);
	test_clear(&test);
	if (fault != FAULT_NONE)
		return fault;
	if (tests->count >= TESTS_MAX)
		return refuse_many(reading, item->place, TESTS_MAX, "tests", why);
	/* What is none has its place among them: the places of those behind it are counted. */
	return names_add(tests, is_text ? item->text : "") ? FAULT_NONE : why_memory(why);
}

static enum fault
read_tests(struct reading *reading, const struct value *value, struct why *why)
{
	for (;;) {
		struct item item;
		enum fault fault = yaml_next(reading->yaml, &item, why);

		if (fault != FAULT_NONE || item.kind == ITEM_END)
			return fault;
		fault = read_test(reading, value, &item, why);
		if (fault != FAULT_NONE)
			return fault;
	}
}

/* ---- the whole ---------------------------------------------------------------------------- */

static enum fault
read_version(struct reading *reading, const struct value *value, struct why *why)
{
	if (strcmp(value->item.text, DOCUMENT_FORMAT) != 0)
		return yaml_refuse(reading->yaml, value->item.place, why,
		    "hexa-policy: this Hexa reads version " DOCUMENT_FORMAT);
	return FAULT_NONE;
}

static enum fault
read_document(struct reading *reading, struct why *why)
{
	struct mapping mapping = {.what = "a policy", .table = &settings_table};
	struct item item;
	unsigned seen = 0;
	enum fault fault;

	add_plain_key(&mapping, "hexa-policy", ITEM_TEXT, read_version);
	add_fields(&mapping, "");
	add_plain_key(&mapping, "permissions", ITEM_MAP, read_permissions);
	add_plain_key(&mapping, "roles", ITEM_MAP, read_roles);
	add_plain_key(&mapping, "constraints", ITEM_LIST, read_constraints);
	add_plain_key(&mapping, "tests", ITEM_LIST, read_tests);
	fault = yaml_next(reading->yaml, &item, why);
	if (fault == FAULT_NONE && item.kind != ITEM_MAP)
		return yaml_refuse(reading->yaml, item.place, why,
		    "expected a policy, which begins with `hexa-policy: " DOCUMENT_FORMAT "`");
	if (fault == FAULT_NONE)
		fault = read_keys(reading, &mapping, NULL, &seen, why);
	if (fault == FAULT_NONE && (seen & 1u << 0) == 0)
		return yaml_refuse(reading->yaml, item.place, why,
		    "a policy needs the key hexa-policy: " DOCUMENT_FORMAT);
	if (fault == FAULT_NONE)
		fault = yaml_next(reading->yaml, &item, why);
	return fault;
}

/* The document is the caller's to clear in any case. */
static enum fault
read_whole(struct reading *reading, const char *yaml, size_t size, struct why *why)
{
	enum fault fault = yaml_open(yaml, size, DOCUMENT_MAX, &reading->yaml, why);

	if (fault == FAULT_NONE)
		fault = settings_default(&reading->document.rules.settings, why);
	if (fault == FAULT_NONE)
		fault = read_document(reading, why);
	/* Of names that are there nothing can be said where others were left out. */
	if (fault == FAULT_NONE && (reading->faults == NULL || !reading->is_partial))
		fault = document_check(&reading->document, yaml, size, reading->faults, why);
	yaml_close(reading->yaml);
	return fault;
}

enum fault
document_read(const char *yaml, size_t size, struct document *document, struct why *why)
{
	struct reading reading = {0};
	enum fault fault = read_whole(&reading, yaml, size, why);

	*document = (struct document){0};
	if (fault == FAULT_NONE)
		*document = reading.document;
	else
		document_clear(&reading.document);
	return fault;
}

enum fault
document_faults(const char *yaml, size_t size, struct document_faults *faults, struct why *why)
{
	struct document_faults *found = calloc(1, sizeof(*found));
	struct reading reading = {.faults = found};
	struct why last = {0};
	enum fault fault;

	if (found == NULL)
		return why_memory(why);
	fault = read_whole(&reading, yaml, size, &last);
	/* What could not be gone past; nothing, where there was no room for more. */
	if (fault == FAULT_INVALID && !found->more)
		faults_keep(found, &last, NULL);
	faults_sort(found);
	if (fault == FAULT_UNAVAILABLE && why != NULL)
		*why = last;
	else
		*faults = *found;
	document_clear(&reading.document);
	free(found);
	return fault == FAULT_UNAVAILABLE ? fault : FAULT_NONE;
}
