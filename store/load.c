/*
 * load.c - from objects to a database.
 */
#include <stdlib.h>
#include <string.h>

#include "directory/image.h"
#include "policy/text.h"
#include "store/dump_parts.h"
#include "store/indexes.h"

struct load {
	struct backup *backup;
	struct txn *txn;           /* the backup's */
	struct document document;  /* constraints and tests; its settings */
	bool has_database, has_settings, has_services, has_end;
};

/* ---- what is read -------------------------------------------------------------------------- */

/* At the object, or at one of its members. */
static enum fault
refuse(const struct dump_object *object, const struct dump_member *member, struct why *why,
    const char *what)
{
	return why_place(why, FAULT_INVALID, member == NULL ? object->line : member->line,
	    member == NULL ? object->column : member->column, "%s", what);
}

static enum fault
refuse_member(const struct dump_object *object, const struct dump_member *member, struct why *why)
{
	return why_place(why, FAULT_INVALID, member->line, member->column,
	    "%s: not of what a record `%s` takes", member->key, object->record);
}

/* What a field says against a value, at its place. */
static enum fault
place_fault(enum fault fault, const struct dump_member *member, struct why *why)
{
	if (fault != FAULT_INVALID && fault != FAULT_CONFLICT)
		return fault;
	if (why != NULL) {
		why->fault = FAULT_INVALID;
		why->line = member->line;
		why->column = member->column;
	}
	return FAULT_INVALID;
}

static const struct dump_member *
find(const struct dump_object *object, const char *key)
{
	for (size_t i = 0; i < object->count; i++)
		if (strcmp(object->member[i].key, key) == 0)
			return &object->member[i];
	return NULL;
}

/* All members that it has must be among these, and each of these be there. */
static enum fault
check_members(const struct dump_object *object, const char *const *keys, size_t count,
    struct why *why)
{
	for (size_t i = 0; i < object->count; i++) {
		size_t j = 0;

		while (j < count && strcmp(keys[j], object->member[i].key) != 0)
			j++;
		if (j == count)
			return refuse_member(object, &object->member[i], why);
	}
	for (size_t j = 0; j < count; j++)
		if (find(object, keys[j]) == NULL)
			return why_place(why, FAULT_INVALID, object->line, object->column,
			    "a record `%s` without `%s`", object->record, keys[j]);
	return FAULT_NONE;
}

/* Of a member that is there (check_members()). */
static enum fault
get_number(const struct dump_object *object, const char *key, uint64_t most, uint64_t *number,
    struct why *why)
{
	const struct dump_member *member = find(object, key);

	if (member->type != DUMP_NUMBER || !text_to_number(member->text, most, number))
		return refuse(object, member, why, "expected a whole number");
	return FAULT_NONE;
}

static enum fault
get_id(const struct dump_object *object, const char *key, uint32_t *id, struct why *why)
{
	uint64_t number = 0;
	enum fault fault = get_number(object, key, UINT32_MAX, &number, why);

	if (fault == FAULT_NONE)
		*id = (uint32_t)number;
	return fault;
}

static enum fault
get_text(const struct dump_object *object, const char *key, const char **text, struct why *why)
{
	const struct dump_member *member = find(object, key);

	if (member->type != DUMP_TEXT)
		return refuse(object, member, why, "expected a text");
	*text = member->text;
	return FAULT_NONE;
}

static enum fault
get_time(const struct dump_object *object, const char *key, int64_t *when, struct why *why)
{
	const struct dump_member *member = find(object, key);

	if (member->type != DUMP_TEXT || !text_to_time(member->text, when))
		return refuse(object, member, why, "expected a time as 2026-11-21T09:30:00Z");
	return FAULT_NONE;
}

static enum fault
get_list(const struct dump_object *object, const char *key, const struct names **list,
    struct why *why)
{
	const struct dump_member *member = find(object, key);

	if (member->type != DUMP_LIST)
		return refuse(object, member, why, "expected a list of texts");
	*list = member->list;
	return FAULT_NONE;
}

static bool
hex_bytes(const char *text, struct bytes *out)
{
	static const char digits[] = "0123456789abcdef";

	for (; *text != '\0'; text += 2) {
		const char *high = strchr(digits, text[0]);
		const char *low = text[1] == '\0' ? NULL : strchr(digits, text[1]);

		if (high == NULL || low == NULL)
			return false;
		bytes_put_u8(out, (uint8_t)((high - digits) << 4 | (low - digits)));
	}
	return !out->failed;
}

static enum fault
get_hex(const struct dump_object *object, const char *key, size_t size, void *out,
    struct why *why)
{
	const struct dump_member *member = find(object, key);
	struct bytes bytes = {0};
	enum fault fault = FAULT_NONE;

	if (member->type != DUMP_TEXT || !hex_bytes(member->text, &bytes) || bytes.size != size)
		fault = refuse(object, member, why, "expected bytes in hexadecimal digits");
	else
		memcpy(out, bytes.data, size);
	bytes_clear(&bytes);
	return fault;
}

/* A uid or gid that is the system's, or nobody's, on every host. */
static const char NOT_SERVED[] = "not an id that a host has for people and their groups";

/* ---- records ------------------------------------------------------------------------------- */

static enum fault
take_field(const struct table *table, const struct dump_object *object,
    const struct dump_member *member, void *record, struct why *why)
{
	const struct field *field = field_find(table, member->key);
	enum fault fault = FAULT_NONE;

	if (field == NULL || field_is_list(field) != (member->type == DUMP_LIST))
		return refuse_member(object, member, why);
	/* A number that is none is written as one. */
	if (member->type != DUMP_LIST)
		return place_fault(field_parse(field, record,
		    member->type == DUMP_NUMBER && strcmp(member->text, "0") == 0 ? ""
		        : member->text, why), member, why);
	fault = field_parse(field, record, "", why);
	for (size_t i = 0; fault == FAULT_NONE && i < member->list->count; i++)
		fault = field_add(field, record, member->list->item[i], why);
	return place_fault(fault, member, why);
}

static enum fault
take_fields(const struct table *table, const struct dump_object *object, void *record,
    struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < object->count; i++)
		fault = take_field(table, object, &object->member[i], record, why);
	return fault;
}

static struct span
key_of(const struct dump_kind *kind, const void *record, unsigned char key[TABLE_KEY_MAX])
{
	const struct field *id = kind->id == NULL ? NULL : field_find(kind->table, kind->id);
	const struct field *word = kind->word == NULL ? NULL : field_find(kind->table, kind->word);
	const char *text = word == NULL ? NULL : field_string(word, record);
	uint32_t number;
	size_t size = 0, length = text == NULL ? 0 : strnlen(text, TABLE_KEY_MAX - 4);

	if (id != NULL) {
		memcpy(&number, (const char *)record + id->offset, sizeof(number));
		key_put_u32(key, number);
		size = 4;
	}
	memcpy(key + size, text == NULL ? "" : text, length);
	return (struct span){key, size + length};
}

static enum fault
put_record(struct load *load, const struct dump_kind *kind, const struct dump_object *object,
    const void *record, struct why *why)
{
	unsigned char buffer[TABLE_KEY_MAX];
	const struct span key = key_of(kind, record, buffer);
	struct bytes value = {0};
	struct span there;
	enum fault fault = table_get(load->txn->db, kind->number, key, &there, why);

	if (fault == FAULT_NONE)
		return refuse(object, NULL, why, "a record that stands here twice");
	if (fault != FAULT_UNKNOWN)
		return fault;
	record_encode(kind->table, record, &value);
	return table_put(load->txn->db, kind->number, key, &value, why);
}

/* What no field says of its value: ids below 1000 are the system's, a hash is a file's name. */
static enum fault
check_served(const struct dump_kind *kind, const struct dump_object *object, const void *record,
    struct why *why)
{
	static const struct {
		const struct table *table;
		const char *field;
	} ids[] = {{&user_table, "uid"}, {&user_table, "gid"}, {&role_table, "gid"}};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		const struct field *field = field_find(ids[i].table, ids[i].field);
		const char *at = (const char *)record + field->offset;
		uint32_t id = 0;

		if (ids[i].table == kind->table)
			memcpy(&id, at, sizeof(id));
		if (id != 0 && !image_id_is_served(id))
			return refuse(object, find(object, field->name), why, NOT_SERVED);
	}
	if (kind->table != &attachment_table ||
	    text_is_sha256(((const struct attachment *)record)->sha256))
		return FAULT_NONE;
	return refuse(object, find(object, "sha256"), why, "sha256: expected 64 hexadecimal digits");
}

static enum fault
take_record(struct load *load, const struct dump_kind *kind, const struct dump_object *object,
    struct why *why)
{
	void *record = calloc(1, kind->table->size);
	enum fault fault = record == NULL ? why_memory(why)
	                                  : take_fields(kind->table, object, record, why);

	if (fault == FAULT_NONE) {
		fault = record_check(kind->table, record, false, why);
		if (fault == FAULT_INVALID && why != NULL) {
			why->line = object->line;
			why->column = object->column;
		}
	}
	if (fault == FAULT_NONE)
		fault = check_served(kind, object, record, why);
	if (fault == FAULT_NONE)
		fault = put_record(load, kind, object, record, why);
	if (record != NULL)
		record_clear(kind->table, record);
	free(record);
	return fault;
}

/* ---- what there is one of ------------------------------------------------------------------ */

static enum fault
put_meta(struct load *load, const char *word, struct bytes *value, struct why *why)
{
	return table_put(load->txn->db, T_META, key_text(word), value, why);
}

static enum fault
put_host(struct load *load, const struct dump_object *object, struct why *why)
{
	const char *client = "", *site = "";
	struct bytes value = {0};
	enum fault fault = get_text(object, "client", &client, why);

	if (fault == FAULT_NONE)
		fault = get_text(object, "site", &site, why);
	if (fault != FAULT_NONE || (*client == '\0' && *site == '\0'))
		return fault;
	bytes_put_text(&value, client);
	bytes_put_text(&value, site);
	return put_meta(load, META_HOST, &value, why);
}

static enum fault
put_clock(struct load *load, const struct dump_object *object, struct why *why)
{
	struct bytes value = {0};
	int64_t clock = 0;
	enum fault fault = get_time(object, "clock", &clock, why);

	if (fault != FAULT_NONE || clock <= 0)
		return fault;
	bytes_put_u64(&value, (uint64_t)clock);
	return put_meta(load, META_CLOCK, &value, why);
}

static enum fault
put_numbers(struct load *load, const struct dump_object *object, struct why *why)
{
	static const char *const words[] = {META_NEXT_ID, META_ADMINS_GID, META_LAST_DOCUMENT};
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < sizeof(words) / sizeof(words[0]); i++) {
		uint32_t id = 0;

		fault = get_id(object, words[i], &id, why);
		if (fault == FAULT_NONE && strcmp(words[i], META_ADMINS_GID) == 0 &&
		    !image_id_is_served(id))
			fault = refuse(object, find(object, words[i]), why, NOT_SERVED);
		if (fault == FAULT_NONE && strcmp(words[i], META_NEXT_ID) == 0 && id == 0)
			fault = refuse(object, find(object, words[i]), why, "expected an id");
		if (fault == FAULT_NONE && id != 0)
			fault = meta_id_put(load->txn, words[i], id, why);
	}
	return fault;
}

static enum fault
check_form(const struct dump_object *object, struct why *why)
{
	uint64_t form = 0, schema = 0;
	enum fault fault = get_number(object, "form", UINT32_MAX, &form, why);

	if (fault == FAULT_NONE)
		fault = get_number(object, "schema", UINT32_MAX, &schema, why);
	if (fault != FAULT_NONE || (form == DUMP_FORM && schema == SCHEMA_VERSION))
		return fault;
	return why_place(why, FAULT_INVALID, object->line, object->column,
	    "a dump of form %llu with schema %llu; this Hexa takes form %d with schema %d",
	    (unsigned long long)form, (unsigned long long)schema, DUMP_FORM, SCHEMA_VERSION);
}

static enum fault
take_database(struct load *load, const struct dump_object *object, struct why *why)
{
	static const char *const keys[] = {"form", "schema", "generation", META_NEXT_ID,
	    META_ADMINS_GID, META_LAST_DOCUMENT, "clock", "client", "site"};
	unsigned char generation[GENERATION_BYTES];
	struct bytes schema = {0}, value = {0};
	enum fault fault = check_members(object, keys, sizeof(keys) / sizeof(keys[0]), why);

	if (fault == FAULT_NONE && load->has_database)
		fault = refuse(object, NULL, why, "a second record `database`");
	if (fault == FAULT_NONE)
		fault = check_form(object, why);
	if (fault == FAULT_NONE)
		fault = get_hex(object, "generation", sizeof(generation), generation, why);
	if (fault != FAULT_NONE)
		return fault;
	load->has_database = true;
	bytes_put_u32(&schema, SCHEMA_VERSION);
	bytes_put(&value, generation, sizeof(generation));
	fault = put_meta(load, META_SCHEMA, &schema, why);
	if (fault == FAULT_NONE)
		fault = put_meta(load, META_GENERATION, &value, why);
	bytes_clear(&value);
	if (fault == FAULT_NONE)
		fault = put_numbers(load, object, why);
	if (fault == FAULT_NONE)
		fault = put_clock(load, object, why);
	return fault == FAULT_NONE ? put_host(load, object, why) : fault;
}

static enum fault
take_settings(struct load *load, const struct dump_object *object, struct why *why)
{
	struct settings *settings = &load->document.rules.settings;
	enum fault fault = FAULT_NONE;

	if (load->has_settings)
		return refuse(object, NULL, why, "a second record `settings`");
	load->has_settings = true;
	fault = settings_default(settings, why);
	if (fault == FAULT_NONE)
		fault = take_fields(&settings_table, object, settings, why);
	if (fault == FAULT_NONE) {
		fault = settings_check(settings, why);
		if (fault == FAULT_INVALID && why != NULL)
			why->line = object->line, why->column = object->column;
	}
	return fault == FAULT_NONE ? settings_write(load->txn, settings, why) : fault;
}

static enum fault
take_services(struct load *load, const struct dump_object *object, struct why *why)
{
	static const char *const keys[] = {"services"};
	const struct names *services = NULL;
	enum fault fault = check_members(object, keys, 1, why);

	if (fault == FAULT_NONE)
		fault = get_list(object, "services", &services, why);
	load->has_services = true;
	return fault == FAULT_NONE ? services_put(load->txn, services, why) : fault;
}

static enum fault
take_constraint(struct load *load, const struct dump_object *object, struct why *why)
{
	static const char *const keys[] = {"never-together"};
	const struct names *roles = NULL;
	enum fault fault = check_members(object, keys, 1, why);

	if (fault == FAULT_NONE)
		fault = get_list(object, "never-together", &roles, why);
	return fault == FAULT_NONE ? document_add_constraint(&load->document, roles, why) : fault;
}

static enum fault
take_test(struct load *load, const struct dump_object *object, struct why *why)
{
	static const char *const keys[] = {"test"};
	const char *test = "";
	enum fault fault = check_members(object, keys, 1, why);

	if (fault == FAULT_NONE)
		fault = get_text(object, "test", &test, why);
	if (fault == FAULT_NONE && !names_add(&load->document.tests, test))
		fault = why_memory(why);
	return fault;
}

static void
join_lines(const struct names *lines, struct bytes *out)
{
	for (size_t i = 0; i < lines->count; i++)
		bytes_print(out, "%s%s", i == 0 ? "" : "\n", lines->item[i]);
}

static enum fault
take_source(struct load *load, const struct dump_object *object, struct why *why)
{
	const char *key = find(object, "hex") != NULL ? "hex" : "lines", *hex = "";
	const struct names *lines = NULL;
	struct bytes value = {0};
	enum fault fault = check_members(object, &key, 1, why);

	if (fault == FAULT_NONE && strcmp(key, "hex") == 0)
		fault = get_text(object, key, &hex, why);
	else if (fault == FAULT_NONE)
		fault = get_list(object, key, &lines, why);
	if (fault != FAULT_NONE)
		return fault;
	if (lines != NULL)
		join_lines(lines, &value);
	else if (!hex_bytes(hex, &value))
		fault = refuse(object, find(object, key), why, "expected hexadecimal digits");
	if (fault == FAULT_NONE)
		fault = table_put(load->txn->db, T_POLICY, key_text("source"), &value, why);
	bytes_clear(&value);
	return fault;
}

/* ---- the register -------------------------------------------------------------------------- */

static enum fault
take_kept(struct load *load, const struct dump_register *row, const struct dump_object *object,
    struct why *why)
{
	static const char *const keys[] = {"name", "id", "until"};
	struct hold hold = {.holder = HOLDER_GONE};
	const char *name = "";
	enum fault fault = check_members(object, keys, sizeof(keys) / sizeof(keys[0]), why);

	if (fault == FAULT_NONE)
		fault = get_text(object, "name", &name, why);
	if (fault == FAULT_NONE)
		fault = get_id(object, "id", &hold.id, why);
	if (fault == FAULT_NONE)
		fault = get_time(object, "until", &hold.until, why);
	if (fault == FAULT_NONE && (*name == '\0' || strlen(name) > TABLE_KEY_MAX))
		fault = refuse(object, find(object, "name"), why, "no name");
	return fault == FAULT_NONE ? hold_write(load->txn, row->number, name, &hold, why) : fault;
}

static enum fault
take_id(struct load *load, const struct dump_object *object, struct why *why)
{
	static const char *const keys[] = {"id", "holder"};
	int holder = HOLDER_HOST;
	const char *word = "";
	uint32_t id = 0;
	enum fault fault = check_members(object, keys, sizeof(keys) / sizeof(keys[0]), why);

	if (fault == FAULT_NONE)
		fault = get_id(object, "id", &id, why);
	if (fault == FAULT_NONE)
		fault = get_text(object, "holder", &word, why);
	while (holder >= HOLDER_USER && strcmp(dump_holders[holder], word) != 0)
		holder--;
	if (fault == FAULT_NONE && holder < HOLDER_USER)
		fault = refuse(object, find(object, "holder"), why,
		    "expected user, group, gone or host");
	return fault == FAULT_NONE ? id_note_given(load->txn, id, (enum holder)holder, why) : fault;
}

/* ---- the journal --------------------------------------------------------------------------- */

static enum fault
take_changes(struct load *load, const struct dump_object *object, struct why *why)
{
	const struct names *list = NULL;
	enum fault fault = get_list(object, "changes", &list, why);

	if (fault == FAULT_NONE && list->count % CHANGE_TEXTS != 0)
		fault = refuse(object, find(object, "changes"), why,
		    "expected noun, name, uid, field, before and after of each change");
	for (size_t i = 0; fault == FAULT_NONE && i < list->count; i += CHANGE_TEXTS) {
		char **text = &list->item[i];
		uint64_t uid = 0;

		fault = text_to_number(text[2], UINT32_MAX, &uid)
		    ? journal_note(load->txn, text[0], text[1], (uint32_t)uid, text[3], text[4],
		          text[5], why)
		    : refuse(object, find(object, "changes"), why, "a uid that is no number");
	}
	return fault;
}

static bool
copy_short(char *out, size_t size, const char *text)
{
	size_t length = strlen(text);

	if (length >= size)
		return false;
	memcpy(out, text, length + 1);
	return true;
}

static enum fault
take_actor(const struct dump_object *object, struct actor *actor, struct why *why)
{
	const char *name = "", *from = "";
	enum fault fault = get_id(object, "uid", &actor->uid, why);

	if (fault == FAULT_NONE)
		fault = get_id(object, "login-uid", &actor->login_uid, why);
	if (fault == FAULT_NONE)
		fault = get_text(object, "actor", &name, why);
	if (fault == FAULT_NONE)
		fault = get_text(object, "from", &from, why);
	if (fault == FAULT_NONE && (!copy_short(actor->name, sizeof(actor->name), name) ||
	    !copy_short(actor->from, sizeof(actor->from), from)))
		fault = refuse(object, NULL, why, "the actor's name or place is too long");
	return fault;
}

static enum fault
read_entry(struct load *load, const struct dump_object *object, struct why *why)
{
	struct journal_entry *entry = &load->txn->entry;
	const char *action = "";
	enum fault fault = get_number(object, "sequence", UINT64_MAX, &entry->sequence, why);

	if (fault == FAULT_NONE)
		fault = get_time(object, "when", &entry->when, why);
	if (fault == FAULT_NONE)
		fault = take_actor(object, &entry->actor, why);
	if (fault == FAULT_NONE)
		fault = get_text(object, "action", &action, why);
	if (fault == FAULT_NONE && (entry->action = strdup(action)) == NULL)
		fault = why_memory(why);
	if (fault == FAULT_NONE)
		fault = take_changes(load, object, why);
	return fault == FAULT_NONE
	    ? get_hex(object, "hash", sizeof(entry->hash), entry->hash, why) : fault;
}

static enum fault
take_entry(struct load *load, const struct dump_object *object, struct why *why)
{
	static const char *const keys[] = {"sequence", "when", "actor", "uid", "login-uid", "from",
	    "action", "changes", "hash"};
	struct txn *txn = load->txn;
	const struct journal_entry own = txn->entry;
	enum fault fault = check_members(object, keys, sizeof(keys) / sizeof(keys[0]), why);

	if (fault != FAULT_NONE)
		return fault;
	txn->entry = (struct journal_entry){0};
	fault = read_entry(load, object, why);
	if (fault == FAULT_NONE) {
		fault = journal_take(txn, why);
		if (fault == FAULT_INVALID && why != NULL)
			why->line = object->line, why->column = object->column;
	}
	journal_entry_clear(&txn->entry);
	txn->entry = own;
	return fault;
}

/* ---- all ----------------------------------------------------------------------------------- */

static enum fault
take_end(struct load *load, const struct dump_object *object, struct why *why)
{
	load->has_end = true;
	return check_members(object, NULL, 0, why);
}

enum fault
load_take(struct load *load, const struct dump_object *object, struct why *why)
{
	static const struct {
		const char *record;
		enum fault (*take)(struct load *load, const struct dump_object *object,
		    struct why *why);
	} others[] = {
	    {DUMP_DATABASE, take_database}, {DUMP_SETTINGS, take_settings},
	    {DUMP_SERVICES, take_services}, {DUMP_CONSTRAINT, take_constraint},
	    {DUMP_TEST, take_test}, {DUMP_SOURCE, take_source}, {DUMP_ID, take_id},
	    {DUMP_ENTRY, take_entry}, {DUMP_END, take_end},
	};

	if (load->has_end)
		return refuse(object, NULL, why, "something stands behind the end");
	if (!load->has_database && strcmp(object->record, DUMP_DATABASE) != 0)
		return refuse(object, NULL, why, "expected a record `database` first");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(others[i].record, object->record) == 0)
			return others[i].take(load, object, why);
	for (size_t i = 0; i < DUMP_KINDS; i++)
		if (strcmp(dump_kinds[i].table->noun, object->record) == 0)
			return take_record(load, &dump_kinds[i], object, why);
	for (size_t i = 0; i < DUMP_REGISTERS; i++)
		if (strcmp(dump_registers[i].record, object->record) == 0)
			return take_kept(load, &dump_registers[i], object, why);
	return why_place(why, FAULT_INVALID, object->line, object->column,
	    "there is no record `%s`", object->record);
}

enum fault
load_begin(const char *root, const struct actor *actor, int64_t now, struct load **load,
    struct why *why)
{
	struct load *fresh = calloc(1, sizeof(*fresh));
	enum fault fault = fresh == NULL ? why_memory(why)
	                                 : backup_begin(root, actor, now, &fresh->backup, why);

	if (fault != FAULT_NONE) {
		free(fresh);
		return fault;
	}
	fresh->txn = backup_txn(fresh->backup);
	*load = fresh;
	return FAULT_NONE;
}

void
load_drop(struct load *load)
{
	if (load == NULL)
		return;
	document_clear(&load->document);
	backup_close(load->backup);
	free(load);
}

/* Its head says how far the journal goes. */
static enum fault
finish(struct load *load, struct why *why)
{
	enum fault fault;

	if (!load->has_end || !load->has_settings || !load->has_services)
		return why_set(why, FAULT_INVALID, "the dump is not whole: it has no %s",
		    !load->has_end ? "end" : !load->has_settings ? "settings" : "services");
	fault = extras_write(load->txn, &load->document, why);
	if (fault == FAULT_NONE)
		fault = indexes_write(load->txn, why);
	if (fault == FAULT_CONFLICT && why != NULL)
		why->mend[0] = '\0';
	if (fault == FAULT_CONFLICT && why != NULL)
		why->fault = FAULT_INVALID;
	return fault == FAULT_CONFLICT ? FAULT_INVALID : fault;
}

enum fault
load_end(struct load *load, struct backup **backup, struct why *why)
{
	enum fault fault = finish(load, why);

	if (fault == FAULT_NONE)
		fault = backup_end(load->backup, why);
	if (fault == FAULT_NONE)
		fault = backup_verify(load->backup, why);
	if (fault != FAULT_NONE)
		return fault;
	*backup = load->backup;
	load->backup = NULL;
	load_drop(load);
	return FAULT_NONE;
}
