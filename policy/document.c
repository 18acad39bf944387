/*
 * document.c - the policy as YAML: a row for each key says what may stand there and what reads it.
 * What can be judged where it stands is judged there; what needs the whole (names, circles, groups)
 * is judged by document_check.c.
 */
#include "policy/document.h"

#include <stdlib.h>
#include <string.h>

#include "policy/document_check.h"
#include "policy/text.h"
#include "policy/yaml.h"

#define FORMAT_VERSION "1"

/* Keys of one mapping: as many as an unsigned has bits to note them in. */
enum { KEYS_MAX = 32 };

struct reading {
	struct yaml *yaml;
	struct document document;
	bool has_version;
};

/* The value of a key: where it stands, and the record that it is a part of. */
struct value {
	const struct mapping *mapping;
	const struct key *key;
	struct item item;
	void *record;
};

/* What may stand behind a key, and what reads it. */
struct key {
	const char *name; /* of a record: the field's name as well */
	enum item_kind kind;
	bool may_be_empty; /* of a list: whether `[]` says something that cannot be misread */
	enum fault (*read)(struct reading *reading, const struct value *value, struct why *why);
};

/* Keys that stand together. */
struct mapping {
	const char *what; /* for messages: "a role" */
	const struct key *keys;
	size_t count;
	const struct table *table; /* of a record's fields; NULL: no record */
	enum fault (*keep)(struct reading *reading, void *record, struct place place,
	    struct why *why);
};

static enum fault read_version(struct reading *, const struct value *, struct why *);
static enum fault read_permissions(struct reading *, const struct value *, struct why *);
static enum fault read_roles(struct reading *, const struct value *, struct why *);
static enum fault read_text(struct reading *, const struct value *, struct why *);
static enum fault read_list(struct reading *, const struct value *, struct why *);
static enum fault keep_permission(struct reading *, void *, struct place, struct why *);
static enum fault keep_role(struct reading *, void *, struct place, struct why *);

#define KEYS(keys) (keys), sizeof(keys) / sizeof((keys)[0])

static const struct key document_keys[] = {
	{"hexa-policy", ITEM_TEXT, false, read_version},
	{"permissions", ITEM_MAP, false, read_permissions},
	{"roles", ITEM_MAP, false, read_roles},
};

/* An empty `services` could be read as "none" and as "every": it is refused, not guessed. */
static const struct key permission_keys[] = {
	{"title", ITEM_TEXT, false, read_text},
	{"services", ITEM_LIST, false, read_list},
	{"unix-groups", ITEM_LIST, false, read_list},
};

static const struct key role_keys[] = {
	{"title", ITEM_TEXT, false, read_text},
	{"permissions", ITEM_LIST, true, read_list},
	{"includes", ITEM_LIST, true, read_list},
	{"group", ITEM_TEXT, false, read_text},
	{"disabled", ITEM_TEXT, false, read_text},
};

static const struct mapping document_mapping = {
	"a policy", KEYS(document_keys), NULL, NULL,
};
static const struct mapping permission_mapping = {
	"a permission", KEYS(permission_keys), &permission_table, keep_permission,
};
static const struct mapping role_mapping = {
	"a role", KEYS(role_keys), &role_table, keep_role,
};

/* ---- keys --------------------------------------------------------------------------------- */

static enum fault
refuse_key(struct reading *reading, const struct mapping *mapping, const struct item *item,
    struct why *why)
{
	const char *names[KEYS_MAX];
	const char *nearest;

	for (size_t i = 0; i < mapping->count; i++)
		names[i] = mapping->keys[i].name;
	nearest = text_nearest(item->text, names, mapping->count);
	return yaml_refuse(reading->yaml, item->place, why, "%s has no key %s%s%s", mapping->what,
	    item->text, nearest ? "; did you mean " : "", nearest ? nearest : "");
}

/* The row of a key, which may stand once in its mapping. */
static enum fault
find_key(struct reading *reading, const struct mapping *mapping, const struct item *item,
    unsigned *seen, const struct key **key, struct why *why)
{
	if (item->kind != ITEM_TEXT)
		return yaml_refuse(reading->yaml, item->place, why, "expected a key of %s",
		    mapping->what);
	for (size_t i = 0; i < mapping->count; i++) {
		if (strcmp(mapping->keys[i].name, item->text) != 0)
			continue;
		if (*seen & 1u << i)
			return yaml_refuse(reading->yaml, item->place, why,
			    "the key %s stands here a second time", item->text);
		*seen |= 1u << i;
		*key = &mapping->keys[i];
		return FAULT_NONE;
	}
	return refuse_key(reading, mapping, item, why);
}

static enum fault
expect(struct reading *reading, const char *name, enum item_kind kind, const struct item *item,
    struct why *why)
{
	static const char *const expected[] = {
		[ITEM_NOTHING] = "nothing",
		[ITEM_TEXT] = "a text",
		[ITEM_LIST] = "a list, as [one, two]",
		[ITEM_MAP] = "keys with their values, or {} for none",
		[ITEM_END] = "an end",
	};

	if (item->kind == kind)
		return FAULT_NONE;
	if (item->kind == ITEM_NOTHING)
		return yaml_refuse(reading->yaml, item->place, why,
		    "%s: nothing stands here; expected %s", name, expected[kind]);
	return yaml_refuse(reading->yaml, item->place, why, "%s: expected %s", name,
	    expected[kind]);
}

/* Reads the keys of a mapping that has begun, up to its end. */
static enum fault
read_keys(struct reading *reading, const struct mapping *mapping, void *record, struct why *why)
{
	struct value value = {.mapping = mapping, .record = record};
	unsigned seen = 0;
	enum fault fault;

	for (;;) {
		fault = yaml_next(reading->yaml, &value.item, why);
		if (fault != FAULT_NONE || value.item.kind == ITEM_END)
			return fault;
		fault = find_key(reading, mapping, &value.item, &seen, &value.key, why);
		if (fault == FAULT_NONE)
			fault = yaml_next(reading->yaml, &value.item, why);
		if (fault == FAULT_NONE)
			fault = expect(reading, value.key->name, value.key->kind, &value.item, why);
		if (fault == FAULT_NONE)
			fault = value.key->read(reading, &value, why);
		if (fault != FAULT_NONE)
			return fault;
	}
}

/* ---- values ------------------------------------------------------------------------------- */

/* What a field says of a value, said with the value's place. */
static enum fault
place_fault(struct reading *reading, struct place place, enum fault fault,
    const struct why *inner, struct why *why)
{
	if (fault == FAULT_NONE)
		return FAULT_NONE;
	if (fault == FAULT_UNAVAILABLE)
		return why_memory(why);
	return yaml_refuse(reading->yaml, place, why, "%s", inner->text);
}

static enum fault
set_field(struct reading *reading, const struct table *table, const char *name, void *record,
    const struct item *item, struct why *why)
{
	struct why inner = {0};
	enum fault fault;

	/* To a field an empty text is "take it away". */
	if (item->text[0] == '\0')
		return yaml_refuse(reading->yaml, item->place, why,
		    "%s: an empty text says nothing", name);
	fault = field_parse(field_find(table, name), record, item->text, &inner);
	return place_fault(reading, item->place, fault, &inner, why);
}

static enum fault
read_text(struct reading *reading, const struct value *value, struct why *why)
{
	return set_field(reading, value->mapping->table, value->key->name, value->record,
	    &value->item, why);
}

static enum fault
read_list(struct reading *reading, const struct value *value, struct why *why)
{
	const struct field *field = field_find(value->mapping->table, value->key->name);
	bool empty = true;

	field_clear(field, value->record);
	for (;; empty = false) {
		struct why inner = {0};
		struct item item;
		enum fault fault = yaml_next(reading->yaml, &item, why);

		if (fault == FAULT_NONE && item.kind == ITEM_END) {
			if (!empty || value->key->may_be_empty)
				return FAULT_NONE;
			return yaml_refuse(reading->yaml, value->item.place, why,
			    "%s: an empty list says nothing; leave the key out", value->key->name);
		}
		if (fault == FAULT_NONE)
			fault = expect(reading, value->key->name, ITEM_TEXT, &item, why);
		if (fault != FAULT_NONE)
			return fault;
		fault = field_add(field, value->record, item.text, &inner);
		fault = place_fault(reading, item.place, fault, &inner, why);
		if (fault != FAULT_NONE)
			return fault;
	}
}

static enum fault
read_version(struct reading *reading, const struct value *value, struct why *why)
{
	if (strcmp(value->item.text, FORMAT_VERSION) != 0)
		return yaml_refuse(reading->yaml, value->item.place, why,
		    "hexa-policy: this Hexa reads version " FORMAT_VERSION);
	reading->has_version = true;
	return FAULT_NONE;
}

/* ---- records ------------------------------------------------------------------------------ */

/* Room for one more at the end; there is twice as much each time the count is a power of two. */
static enum fault
make_room(void **all, size_t count, size_t size, struct why *why)
{
	void *larger;

	if ((count & (count - 1)) != 0)
		return FAULT_NONE;
	larger = reallocarray(*all, count == 0 ? 1 : 2 * count, size);
	if (larger == NULL)
		return why_memory(why);
	*all = larger;
	return FAULT_NONE;
}

static enum fault
refuse_many(struct reading *reading, struct place place, const char *what, struct why *why)
{
	return yaml_refuse(reading->yaml, place, why, "a policy has at most %d %s",
	    DOCUMENT_RECORDS_MAX, what);
}

/* Names that begin so are Hexa's own, now and later. */
static bool
is_reserved(const char *name)
{
	return strcmp(name, "hexa") == 0 || strncmp(name, "hexa.", 5) == 0;
}

static enum fault
keep_permission(struct reading *reading, void *record, struct place place, struct why *why)
{
	struct permission *permission = record;
	struct rules *rules = &reading->document.rules;
	void *all = rules->permission;
	enum fault fault;

	if (is_reserved(permission->name))
		return yaml_refuse(reading->yaml, place, why,
		    "the permissions hexa.* are built in: a policy cannot define %s",
		    permission->name);
	if (rules->count >= DOCUMENT_RECORDS_MAX)
		return refuse_many(reading, place, "permissions", why);
	fault = make_room(&all, rules->count, sizeof(*permission), why);
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
	enum fault fault;

	if (role_group(role) && !text_is_login(role_group(role)))
		return yaml_refuse(reading->yaml, place, why,
		    "%s is no name for a Unix group: the role needs `group: NAME` or `group: no`",
		    role->name);
	if (roles->count >= DOCUMENT_RECORDS_MAX)
		return refuse_many(reading, place, "roles", why);
	fault = make_room(&all, roles->count, sizeof(*role), why);
	if (fault != FAULT_NONE)
		return fault;
	roles->role = all;
	roles->role[roles->count++] = *role;
	*role = (struct role){0};
	return FAULT_NONE;
}

/* One record, whose name is the last item. */
static enum fault
read_record(struct reading *reading, const struct mapping *mapping, const struct item *name,
    void *record, struct why *why)
{
	struct item item;
	enum fault fault;

	if (name->kind != ITEM_TEXT)
		return yaml_refuse(reading->yaml, name->place, why, "expected the name of %s",
		    mapping->what);
	fault = set_field(reading, mapping->table, "name", record, name, why);
	/* What the policy does not say of the system administrator's permissions stays as it is. */
	if (fault == FAULT_NONE && mapping == &role_mapping &&
	    strcmp(name->text, ROLE_SYSTEM_ADMINISTRATOR) == 0 &&
	    !names_add(&((struct role *)record)->permissions, "*"))
		fault = why_memory(why);
	if (fault == FAULT_NONE)
		fault = yaml_next(reading->yaml, &item, why);
	if (fault == FAULT_NONE)
		fault = expect(reading, mapping->what, ITEM_MAP, &item, why);
	if (fault == FAULT_NONE)
		fault = read_keys(reading, mapping, record, why);
	return fault;
}

/* Reads records by their names, up to the end of the mapping that has begun. */
static enum fault
read_records(struct reading *reading, const struct mapping *mapping, struct why *why)
{
	union {
		struct permission permission;
		struct role role;
	} record;

	for (;;) {
		struct item name;
		enum fault fault = yaml_next(reading->yaml, &name, why);

		if (fault != FAULT_NONE || name.kind == ITEM_END)
			return fault;
		memset(&record, 0, sizeof(record));
		fault = read_record(reading, mapping, &name, &record, why);
		if (fault == FAULT_NONE)
			fault = mapping->keep(reading, &record, name.place, why);
		record_clear(mapping->table, &record);
		if (fault != FAULT_NONE)
			return fault;
	}
}

static enum fault
read_permissions(struct reading *reading, const struct value *value, struct why *why)
{
	(void)value;
	return read_records(reading, &permission_mapping, why);
}

static enum fault
read_roles(struct reading *reading, const struct value *value, struct why *why)
{
	(void)value;
	return read_records(reading, &role_mapping, why);
}

/* ---- the whole ---------------------------------------------------------------------------- */

static enum fault
read_document(struct reading *reading, struct why *why)
{
	struct item item;
	enum fault fault;

	fault = yaml_next(reading->yaml, &item, why);
	if (fault == FAULT_NONE && item.kind != ITEM_MAP)
		return yaml_refuse(reading->yaml, item.place, why,
		    "expected a policy, which begins with `hexa-policy: " FORMAT_VERSION "`");
	if (fault == FAULT_NONE)
		fault = read_keys(reading, &document_mapping, NULL, why);
	if (fault == FAULT_NONE && !reading->has_version)
		return yaml_refuse(reading->yaml, item.place, why,
		    "a policy needs the key hexa-policy: " FORMAT_VERSION);
	if (fault == FAULT_NONE)
		fault = yaml_next(reading->yaml, &item, why);
	return fault;
}

enum fault
document_read(const char *yaml, size_t size, struct document *document, struct why *why)
{
	struct reading reading = {0};
	enum fault fault;

	*document = (struct document){0};
	fault = yaml_open(yaml, size, DOCUMENT_MAX, &reading.yaml, why);
	if (fault == FAULT_NONE)
		fault = read_document(&reading, why);
	if (fault == FAULT_NONE)
		fault = document_check(&reading.document, yaml, size, why);
	yaml_close(reading.yaml);
	if (fault == FAULT_NONE)
		*document = reading.document;
	else
		document_clear(&reading.document);
	return fault;
}

void
document_clear(struct document *document)
{
	rules_clear(&document->rules);
	roles_clear(&document->roles);
}

/* ---- writing ------------------------------------------------------------------------------ */

static enum fault
write_field(struct yaml_writer *writer, const struct field *field, const void *record,
    struct why *why)
{
	const struct names *names = (const void *)((const char *)record + field->offset);
	char *text;

	yaml_put_word(writer, field->name);
	if (field_is_list(field)) {
		yaml_put_texts(writer, (const char *const *)names->item, names->count);
		return FAULT_NONE;
	}
	text = field_text(field, record);
	if (text == NULL)
		return why_memory(why);
	if (field->kind == K_BOOL ||
	    (field->kind == K_GROUP && strcmp(text, ROLE_NO_GROUP) == 0))
		yaml_put_word(writer, text);
	else
		yaml_put_text(writer, text);
	free(text);
	return FAULT_NONE;
}

static enum fault
write_record(struct yaml_writer *writer, const struct mapping *mapping, const char *name,
    const void *record, struct why *why)
{
	enum fault fault = FAULT_NONE;

	yaml_put_text(writer, name);
	yaml_put_map(writer);
	for (size_t i = 0; fault == FAULT_NONE && i < mapping->count; i++) {
		const struct field *field = field_find(mapping->table, mapping->keys[i].name);

		if (!field_is_empty(field, record))
			fault = write_field(writer, field, record, why);
	}
	yaml_put_map_end(writer);
	return fault;
}

static enum fault
write_permissions(struct yaml_writer *writer, const struct rules *rules, struct why *why)
{
	enum fault fault = FAULT_NONE;

	yaml_put_word(writer, "permissions");
	yaml_put_map(writer);
	for (size_t i = 0; fault == FAULT_NONE && i < rules->count; i++) {
		const struct permission *permission = &rules->permission[i];

		if (!is_reserved(permission->name))
			fault = write_record(writer, &permission_mapping, permission->name,
			    permission, why);
	}
	yaml_put_map_end(writer);
	return fault;
}

/* True when a document that leaves the role out makes the same one. */
static bool
is_unchanged(const struct role *role, const struct roles *builtin)
{
	const struct role *made = roles_find(builtin, role->name);

	for (size_t i = 0; made && i < role_mapping.count; i++) {
		if (!field_same(field_find(&role_table, role_keys[i].name), role, made))
			return false;
	}
	return made != NULL;
}

static enum fault
write_roles(struct yaml_writer *writer, const struct roles *roles, struct why *why)
{
	struct roles builtin = {0};
	enum fault fault = roles_add_builtin(&builtin, why);

	yaml_put_word(writer, "roles");
	yaml_put_map(writer);
	for (size_t i = 0; fault == FAULT_NONE && i < roles->count; i++) {
		const struct role *role = &roles->role[i];

		if (!is_unchanged(role, &builtin))
			fault = write_record(writer, &role_mapping, role->name, role, why);
	}
	yaml_put_map_end(writer);
	roles_clear(&builtin);
	return fault;
}

enum fault
document_write(const struct document *document, struct bytes *out, struct why *why)
{
	struct yaml_writer *writer = NULL;
	enum fault fault = yaml_writer_new(&writer, why);

	if (fault != FAULT_NONE)
		return fault;
	yaml_put_map(writer);
	yaml_put_word(writer, document_keys[0].name);
	yaml_put_word(writer, FORMAT_VERSION);
	fault = write_permissions(writer, &document->rules, why);
	if (fault == FAULT_NONE)
		fault = write_roles(writer, &document->roles, why);
	yaml_put_map_end(writer);
	if (fault == FAULT_NONE)
		fault = yaml_writer_finish(writer, out, why);
	yaml_writer_free(writer);
	return fault;
}
