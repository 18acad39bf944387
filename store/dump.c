/*
 * dump.c - from a database to objects.
 */
#include "store/dump.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/text.h"
#include "store/dump_parts.h"

typedef enum fault put_object(void *context, const struct dump_object *object, struct why *why);

/* ---- an object ----------------------------------------------------------------------------- */

struct making {
	struct txn *txn;
	put_object *put;
	void *context;
	struct dump_member *member;
	char **text; /* of each member that has one; the member's */
	size_t count, room;
	bool failed;
};

static void
making_empty(struct making *making)
{
	for (size_t i = 0; i < making->count; i++)
		if (making->text[i] != NULL) {
			explicit_bzero(making->text[i], strlen(making->text[i]));
			free(making->text[i]);
		}
	making->count = 0;
}

static struct dump_member *
add_member(struct making *making, const char *key, enum member_type type)
{
	if (making->count == making->room) {
		size_t room = making->room == 0 ? 64 : making->room * 2;
		struct dump_member *member =
		    reallocarray(making->member, room, sizeof(*member));
		char **text = reallocarray(making->text, room, sizeof(*text));

		making->member = member == NULL ? making->member : member;
		making->text = text == NULL ? making->text : text;
		making->failed |= member == NULL || text == NULL;
		if (making->failed)
			return NULL;
		making->room = room;
	}
	making->text[making->count] = NULL;
	making->member[making->count] =
	    (struct dump_member){.key = key, .type = type, .text = ""};
	return &making->member[making->count++];
}

/* `text` is the member's from here on; NULL: memory was out. */
static void
add_made(struct making *making, const char *key, enum member_type type, char *text)
{
	struct dump_member *member = text == NULL ? NULL : add_member(making, key, type);

	if (member == NULL) {
		making->failed = true;
		free(text);
		return;
	}
	making->text[making->count - 1] = text;
	member->text = text;
}

static void
add_text(struct making *making, const char *key, const char *text)
{
	add_made(making, key, DUMP_TEXT, strdup(text));
}

static void
add_number(struct making *making, const char *key, uint64_t number)
{
	char *text;

	add_made(making, key, DUMP_NUMBER,
	    asprintf(&text, "%llu", (unsigned long long)number) < 0 ? NULL : text);
}

static void
add_time(struct making *making, const char *key, int64_t when)
{
	char text[TIME_TEXT_BYTES];

	text_from_time(when, text);
	add_text(making, key, text);
}

static void
add_hex(struct making *making, const char *key, const void *data, size_t size)
{
	const unsigned char *byte = data;
	char *text = malloc(2 * size + 1);

	for (size_t i = 0; text != NULL && i < size; i++)
		snprintf(text + 2 * i, 3, "%02x", byte[i]);
	if (text != NULL)
		text[2 * size] = '\0';
	add_made(making, key, DUMP_TEXT, text);
}

static void
add_list(struct making *making, const char *key, const struct names *list, size_t width)
{
	struct dump_member *member = add_member(making, key, DUMP_LIST);

	if (member == NULL)
		return;
	member->list = list;
	member->width = width;
}

/* Hands it on, and begins the next. */
static enum fault
put(struct making *making, const char *record, struct why *why)
{
	const struct dump_object object = {
	    .record = record, .member = making->member, .count = making->count};
	enum fault fault = making->failed ? why_memory(why)
	                                  : making->put(making->context, &object, why);

	making_empty(making);
	return fault;
}

/* ---- records ------------------------------------------------------------------------------- */

static enum member_type
type_of(const struct field *field)
{
	switch (field->kind) {
	case K_ID:
	case K_NUMBER:
	case K_VERSION:
		return DUMP_NUMBER;
	case K_BOOL:
		return DUMP_BOOL;
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
		return DUMP_TEXT;
	case K_LOGINS:
	case K_PATTERNS:
	case K_WORDS:
	case K_SERVICES:
	case K_ASSIGNMENTS:
	case K_GRANTS:
	case K_CHOICES:
	case K_RANGES:
	case K_COMPILED:
		return DUMP_LIST;
	}
	return DUMP_TEXT;
}

/* What reads JSON need not know numbers beyond 2^63. */
enum { NUMBER_DIGITS = 18 };

static void
add_field(struct making *making, const struct field *field, const void *record)
{
	const void *member = (const char *)record + field->offset;
	char *text;

	if (field_is_list(field)) {
		add_list(making, field->name, member, 0);
		return;
	}
	if (field->kind == K_SECRET)
		text = *(char *const *)member == NULL ? strdup("") : strdup(*(char *const *)member);
	else
		text = field_text(field, record);
	/* A number of nothing has no text. */
	if (text != NULL && *text == '\0' && type_of(field) == DUMP_NUMBER) {
		free(text);
		text = strdup("0");
	}
	add_made(making, field->name,
	    text != NULL && strlen(text) > NUMBER_DIGITS ? DUMP_TEXT : type_of(field), text);
}

static enum fault
put_record(struct making *making, const struct dump_kind *kind, struct span value, void *record,
    struct why *why)
{
	enum fault fault = record_decode(kind->table, record, value.data, value.size, why);

	if (fault != FAULT_NONE)
		return fault;
	for (size_t i = 0; i < kind->table->count; i++) {
		const struct field *field = &kind->table->rows[i];

		if (field->kind == K_CHOICE || !field_is_empty(field, record))
			add_field(making, field, record);
	}
	fault = put(making, kind->table->noun, why);
	record_clear(kind->table, record);
	return fault;
}

static enum fault
put_kind(struct making *making, const struct dump_kind *kind, struct why *why)
{
	void *record = calloc(1, kind->table->size);
	struct span key = {0}, value;
	enum fault fault = record == NULL ? why_memory(why) : FAULT_NONE;

	while (fault == FAULT_NONE && (fault = table_seek(making->txn->db, kind->number, true, &key,
	    &value, why)) == FAULT_NONE)
		fault = put_record(making, kind, value, record, why);
	free(record);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

const struct dump_kind dump_kinds[DUMP_KINDS] = {
    {T_PERMISSIONS, &permission_table, "name", NULL},
    {T_ROLES, &role_table, "name", NULL},
    {T_CLIENTS, &client_table, "name", NULL},
    {T_SITES, &site_table, "name", NULL},
    {T_USERS, &user_table, NULL, "uid"},
    {T_KEYS, &key_table, "fingerprint", "uid"},
    {T_ATTACHMENTS, &attachment_table, NULL, "id"},
};

static enum fault
put_records(struct making *making, struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < DUMP_KINDS; i++)
		fault = put_kind(making, &dump_kinds[i], why);
	return fault;
}

/* ---- what there is one of ------------------------------------------------------------------ */

static enum fault
put_database(struct making *making, struct why *why)
{
	unsigned char generation[GENERATION_BYTES];
	uint32_t next = 0, gid = 0, last = 0;
	struct host host = {0};
	int64_t clock = 0;
	enum fault fault = txn_generation(making->txn, generation, why);

	if (fault == FAULT_NONE)
		fault = meta_id_get(making->txn, META_NEXT_ID, &next, why);
	if (fault == FAULT_NONE)
		fault = admins_gid(making->txn, &gid, why);
	if (fault == FAULT_NONE)
		fault = clock_mark(making->txn, &clock, why);
	if (fault == FAULT_NONE)
		fault = host_get(making->txn, &host, why);
	if (fault == FAULT_NONE) {
		(void)meta_id_get(making->txn, META_LAST_DOCUMENT, &last, NULL); /* 0: none yet */
		add_number(making, "form", DUMP_FORM);
		add_number(making, "schema", SCHEMA_VERSION);
		add_hex(making, "generation", generation, sizeof(generation));
		add_number(making, "next-id", next);
		add_number(making, "admins-gid", gid);
		add_number(making, "last-document", last);
		add_time(making, "clock", clock);
		add_text(making, "client", host.client == NULL ? "" : host.client);
		add_text(making, "site", host.site == NULL ? "" : host.site);
		fault = put(making, DUMP_DATABASE, why);
	}
	host_clear(&host);
	return fault;
}

/* What is not as it is where nothing was said. */
static enum fault
put_settings(struct making *making, struct why *why)
{
	struct settings defaults = {0}, settings = {0};
	enum fault fault = settings_default(&defaults, why);

	if (fault == FAULT_NONE)
		fault = settings_load(making->txn, &settings, why);
	for (size_t i = 0; fault == FAULT_NONE && i < settings_table.count; i++)
		if (!field_same(&settings_table.rows[i], &settings, &defaults))
			add_field(making, &settings_table.rows[i], &settings);
	if (fault == FAULT_NONE)
		fault = put(making, DUMP_SETTINGS, why);
	settings_clear(&defaults);
	settings_clear(&settings);
	return fault;
}

static enum fault
put_extras(struct making *making, struct why *why)
{
	struct document document = {0};
	struct names services = {0};
	enum fault fault = services_get(making->txn, &services, why);

	if (fault == FAULT_NONE) {
		add_list(making, "services", &services, 0);
		fault = put(making, DUMP_SERVICES, why);
	}
	if (fault == FAULT_NONE)
		fault = document_load(making->txn, &document, why);
	for (size_t i = 0; fault == FAULT_NONE && i < document.constraint_count; i++) {
		add_list(making, "never-together", &document.constraint[i].never_together, 0);
		fault = put(making, DUMP_CONSTRAINT, why);
	}
	for (size_t i = 0; fault == FAULT_NONE && i < document.tests.count; i++) {
		add_text(making, "test", document.tests.item[i]);
		fault = put(making, DUMP_TEST, why);
	}
	document_clear(&document);
	names_clear(&services);
	return fault;
}

/* Its lines; the last one is what stands behind the last line end. */
static bool
split_lines(const struct bytes *text, struct names *lines)
{
	const char *at = (const char *)text->data, *end = at + text->size;
	bool good = true;

	while (good) {
		const char *newline = at == end ? NULL : memchr(at, '\n', (size_t)(end - at));
		const char *line_end = newline == NULL ? end : newline;
		char *line = at == NULL ? strdup("") : strndup(at, (size_t)(line_end - at));

		good = line != NULL && names_add(lines, line);
		free(line);
		if (newline == NULL)
			break;
		at = newline + 1;
	}
	return good;
}

static bool
is_text(const struct bytes *bytes)
{
	const char *at = (const char *)bytes->data;
	size_t left = bytes->size, size;
	uint32_t code = 1;

	for (; left > 0; at += size, left -= size) {
		size = text_character(at, left, &code);
		if (size == 0 || code == 0)
			return false;
	}
	return true;
}

static enum fault
put_source(struct making *making, struct why *why)
{
	struct names lines = {0};
	struct bytes yaml = {0};
	enum fault fault = source_get(making->txn, &yaml, why);

	if (fault != FAULT_NONE)
		return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
	/* YAML may be written in another encoding than text is here. */
	if (!is_text(&yaml))
		add_hex(making, "hex", yaml.data, yaml.size);
	else if (split_lines(&yaml, &lines))
		add_list(making, "lines", &lines, 1);
	else
		making->failed = true;
	fault = put(making, DUMP_SOURCE, why);
	names_clear(&lines);
	bytes_clear(&yaml);
	return fault;
}

/* ---- the register -------------------------------------------------------------------------- */

const struct dump_register dump_registers[DUMP_REGISTERS] = {
    {T_NAMES, "kept-name"}, {T_EMAILS, "kept-email"}, {T_PHONES, "kept-phone"}};

static enum fault
put_kept(struct making *making, const struct dump_register *row, struct why *why)
{
	struct span key = {0}, value;
	enum fault fault;

	while ((fault = table_seek(making->txn->db, row->number, true, &key, &value, why)) ==
	    FAULT_NONE) {
		struct hold hold;
		char name[TABLE_KEY_MAX + 1];

		if (!hold_read(value, &hold) || key.size > TABLE_KEY_MAX)
			return why_set(why, FAULT_UNAVAILABLE, "the database is damaged: table %s",
			    table_names[row->number]);
		if (hold.holder != HOLDER_GONE)
			continue;
		memcpy(name, key.data, key.size);
		name[key.size] = '\0';
		add_text(making, "name", name);
		add_number(making, "id", hold.id);
		add_time(making, "until", hold.until);
		fault = put(making, row->record, why);
		if (fault != FAULT_NONE)
			return fault;
	}
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

const char *const dump_holders[] = {
    [HOLDER_USER] = "user", [HOLDER_GROUP] = "group", [HOLDER_GONE] = "gone",
    [HOLDER_HOST] = "host"};

/* A user's own is in their record. */
static bool
is_of_record(struct txn *txn, struct span key, enum holder holder)
{
	struct span value;

	return holder == HOLDER_USER && db_get(txn->db, T_USERS, key, &value, NULL) == FAULT_NONE;
}

static enum fault
damaged_ids(struct why *why)
{
	return why_set(why, FAULT_UNAVAILABLE, "the database is damaged: table ids");
}

static enum fault
put_ids(struct making *making, struct why *why)
{
	struct span key = {0}, value;
	enum fault fault;

	while ((fault = table_seek(making->txn->db, T_IDS, true, &key, &value, why)) ==
	    FAULT_NONE) {
		enum holder holder;

		if (key.size != 4)
			return damaged_ids(why);
		fault = id_holder(making->txn, key_get_u32(key.data), &holder, why);
		if (fault != FAULT_NONE)
			return fault;
		if (is_of_record(making->txn, key, holder))
			continue;
		if (holder < HOLDER_USER || holder > HOLDER_HOST)
			return damaged_ids(why);
		add_number(making, "id", key_get_u32(key.data));
		add_text(making, "holder", dump_holders[holder]);
		fault = put(making, DUMP_ID, why);
		if (fault != FAULT_NONE)
			return fault;
	}
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

/* ---- the journal --------------------------------------------------------------------------- */

static bool
list_change(const struct journal_change *change, struct names *list)
{
	char uid[16];

	snprintf(uid, sizeof(uid), "%lu", (unsigned long)change->uid);
	return names_add(list, change->noun) && names_add(list, change->name) &&
	    names_add(list, uid) && names_add(list, change->field) &&
	    names_add(list, change->before) && names_add(list, change->after);
}

static enum fault
put_entry(struct making *making, const struct journal_entry *entry, struct why *why)
{
	struct names changes = {0};
	enum fault fault;

	for (size_t i = 0; !making->failed && i < entry->count; i++)
		making->failed = !list_change(&entry->change[i], &changes);
	add_number(making, "sequence", entry->sequence);
	add_time(making, "when", entry->when);
	add_text(making, "actor", entry->actor.name);
	add_number(making, "uid", entry->actor.uid);
	add_number(making, "login-uid", entry->actor.login_uid);
	add_text(making, "from", entry->actor.from);
	add_text(making, "action", entry->action);
	add_list(making, "changes", &changes, CHANGE_TEXTS);
	add_hex(making, "hash", entry->hash, sizeof(entry->hash));
	fault = put(making, DUMP_ENTRY, why);
	names_clear(&changes);
	return fault;
}

static enum fault
put_journal(struct making *making, struct why *why)
{
	struct journal_entry entry = {0};
	uint64_t sequence = 0;
	enum fault fault = FAULT_NONE;

	while (fault == FAULT_NONE &&
	    (fault = journal_next(making->txn, sequence, &entry, why)) == FAULT_NONE) {
		sequence = entry.sequence;
		fault = put_entry(making, &entry, why);
	}
	journal_entry_clear(&entry);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

/* ---- all ----------------------------------------------------------------------------------- */

enum fault
dump_all(struct txn *txn, put_object *put_one, void *context, struct why *why)
{
	struct making making = {.txn = txn, .put = put_one, .context = context};
	enum fault fault = put_database(&making, why);

	if (fault == FAULT_NONE)
		fault = put_settings(&making, why);
	if (fault == FAULT_NONE)
		fault = put_extras(&making, why);
	if (fault == FAULT_NONE)
		fault = put_source(&making, why);
	if (fault == FAULT_NONE)
		fault = put_records(&making, why);
	for (size_t i = 0; fault == FAULT_NONE && i < DUMP_REGISTERS; i++)
		fault = put_kept(&making, &dump_registers[i], why);
	if (fault == FAULT_NONE)
		fault = put_ids(&making, why);
	if (fault == FAULT_NONE)
		fault = put_journal(&making, why);
	if (fault == FAULT_NONE)
		fault = put(&making, DUMP_END, why);
	making_empty(&making);
	free(making.member);
	free(making.text);
	return fault;
}
