/*
 * journal.c - writing and proving the chain of changes.
 *
 * On disk an entry is its body and then its hash: BLAKE2b over the hash before it and the body.
 */
#include "store/journal.h"

#include <stdlib.h>
#include <string.h>

#include "store/internal.h"

enum {
	JOURNAL_SCHEMA = 2,
	JOURNAL_TEXT_MAX = 1 << 24,   /* bytes of one text: the largest list there can be */
	/*
	 * Changes of one entry: what changes more, as an import, is several entries in a row, so
	 * that nobody who reads the journal needs more memory for it.
	 */
	JOURNAL_CHANGES_MAX = 1 << 12,
};

/* ---- an entry in memory ------------------------------------------------------------------- */

void
journal_entry_clear(struct journal_entry *entry)
{
	for (size_t i = 0; i < entry->count; i++)
		free(entry->change[i].texts);
	free(entry->change);
	free(entry->texts);
	free(entry->action);
	*entry = (struct journal_entry){0};
}

/* Copies a text to *at, which moves beyond it. */
static char *
put_text(char **at, const char *text, size_t size)
{
	char *put = *at;

	memcpy(put, text, size);
	put[size] = '\0';
	*at += size + 1;
	return put;
}

static const char *
text_of(const char *text)
{
	return text == NULL ? "" : text;
}

/* All texts in one block: there are a million of them in an import. */
static bool
change_make(struct journal_change *change, const char *noun, const char *name,
    const char *field, const char *before, const char *after)
{
	const char *const text[] = {
	    text_of(noun), text_of(name), text_of(field), text_of(before), text_of(after)};
	char **const made[] = {
	    &change->noun, &change->name, &change->field, &change->before, &change->after};
	enum { TEXTS = sizeof(text) / sizeof(text[0]) };
	size_t size[TEXTS], sum = 0;
	char *at;

	for (size_t i = 0; i < TEXTS; i++) {
		size[i] = strlen(text[i]);
		sum += size[i] + 1;
	}
	at = change->texts = malloc(sum);
	for (size_t i = 0; at != NULL && i < TEXTS; i++)
		*made[i] = put_text(&at, text[i], size[i]);
	return at != NULL;
}

enum fault
journal_note(struct txn *txn, const char *noun, const char *name, uint32_t uid, const char *field,
    const char *before, const char *after, struct why *why)
{
	struct journal_entry *entry = &txn->entry;
	struct journal_change change = {.uid = uid};
	struct journal_change *all = entry->change;

	if (!change_make(&change, noun, name, field, before, after))
		return why_memory(why);
	/* Room is made in powers of two: an import notes a hundred thousand. */
	if ((entry->count & (entry->count - 1)) == 0)
		all = reallocarray(entry->change, entry->count == 0 ? 1 : entry->count * 2,
		    sizeof(*all));
	if (all == NULL) {
		free(change.texts);
		return why_memory(why);
	}
	entry->change = all;
	entry->change[entry->count++] = change;
	return FAULT_NONE;
}

/* When the entry is full it is written, and one like it begun. */
static enum fault
journal_make_room(struct txn *txn, struct why *why)
{
	struct journal_entry *entry = &txn->entry;
	enum fault fault;

	if (entry->count < JOURNAL_CHANGES_MAX)
		return FAULT_NONE;
	fault = journal_write(txn, why);
	for (size_t i = 0; i < entry->count; i++)
		free(entry->change[i].texts);
	free(entry->change);
	entry->change = NULL;
	entry->count = 0;
	return fault;
}

/* ---- what changed in a record ------------------------------------------------------------- */

/* The values of `list` that `other` lacks.  Both are sorted. */
static void
print_missing(const struct names *list, const struct names *other, struct bytes *out)
{
	size_t j = 0;

	for (size_t i = 0; i < list->count; i++) {
		int order = -1;

		while (j < other->count && (order = strcmp(other->item[j], list->item[i])) < 0)
			j++;
		if (j < other->count && order == 0)
			continue;
		bytes_print(out, "%s%s", out->size == 0 ? "" : " ", list->item[i]);
	}
}

static void
print_value(const struct field *field, const void *record, const void *other, bool is_new,
    struct bytes *out)
{
	static const struct names none;

	if (record == NULL)
		return;
	if (field->kind == K_SECRET) {
		if (!field_is_empty(field, record))
			bytes_print(out, "%s", is_new && other != NULL ? "changed" : "set");
	} else if (field_is_list(field) && (field->rights & F_HIDDEN)) {
		print_missing((const void *)((const char *)record + field->offset),
		    other == NULL ? &none : (const void *)((const char *)other + field->offset), out);
	} else {
		field_print(field, record, out);
	}
}

/* A field's values as text, each ended by a NUL; kept from field to field. */
struct values {
	struct bytes before;
	struct bytes after;
};

static enum fault
note_field(struct txn *txn, const struct table *table, const struct field *field, const char *name,
    uint32_t uid, const void *old, const void *new, struct values *values, struct why *why)
{
	values->before.size = values->after.size = 0;
	print_value(field, old, new, false, &values->before);
	print_value(field, new, old, true, &values->after);
	bytes_put_u8(&values->before, 0);
	bytes_put_u8(&values->after, 0);
	if (values->before.failed || values->after.failed)
		return why_memory(why);
	return journal_note(txn, table->noun, name, uid, field->name,
	    (const char *)values->before.data, (const char *)values->after.data, why);
}

enum fault
journal_note_record(struct txn *txn, const struct table *table, const char *name, uint32_t uid,
    const void *old, const void *new, struct why *why)
{
	struct values values = {{0}, {0}};
	/* Before the first of them: what became of one record stands together. */
	enum fault fault = journal_make_room(txn, why);

	if (fault == FAULT_NONE && (old == NULL || new == NULL))
		fault = journal_note(txn, table->noun, name, uid, "", old == NULL ? "" : name,
		    new == NULL ? "" : name, why);
	for (size_t i = 0; fault == FAULT_NONE && i < table->count; i++) {
		const struct field *field = &table->rows[i];

		if (field->rights & F_SILENT)
			continue;
		if (old != NULL && new != NULL ? field_same(field, old, new)
		                               : field_is_empty(field, old != NULL ? old : new))
			continue;
		fault = note_field(txn, table, field, name, uid, old, new, &values, why);
	}
	bytes_clear(&values.before);
	bytes_clear(&values.after);
	return fault;
}

/* ---- on disk ------------------------------------------------------------------------------ */

static void
encode_body(const struct journal_entry *entry, struct bytes *out)
{
	bytes_put_u16(out, JOURNAL_SCHEMA);
	bytes_put_u64(out, entry->sequence);
	bytes_put_u64(out, (uint64_t)entry->when);
	bytes_put_u32(out, entry->actor.uid);
	bytes_put_text(out, entry->actor.name);
	bytes_put_u32(out, entry->actor.login_uid);
	bytes_put_text(out, entry->actor.from);
	bytes_put_text(out, entry->action);
	bytes_put_u32(out, (uint32_t)entry->count);
	for (size_t i = 0; i < entry->count; i++) {
		const struct journal_change *change = &entry->change[i];

		bytes_put_text(out, change->noun);
		bytes_put_text(out, change->name);
		bytes_put_u32(out, change->uid);
		bytes_put_text(out, change->field);
		bytes_put_text(out, change->before);
		bytes_put_text(out, change->after);
	}
}

/* A text, copied to *at. */
static char *
decode_text(struct reader *reader, char **at)
{
	uint32_t size = reader_u32(reader);
	const void *data = size > JOURNAL_TEXT_MAX ? NULL : reader_bytes(reader, size);

	if (data == NULL || memchr(data, '\0', size) != NULL) {
		reader->failed = true;
		return NULL;
	}
	return put_text(at, data, size);
}

/* *at has room for the texts: where they are read, a length stands in the place of each NUL. */
static bool
decode_change(struct reader *reader, struct journal_change *change, char **at)
{
	change->noun = decode_text(reader, at);
	change->name = decode_text(reader, at);
	change->uid = reader_u32(reader);
	change->field = decode_text(reader, at);
	change->before = decode_text(reader, at);
	change->after = decode_text(reader, at);
	return !reader->failed;
}

static void
decode_short(struct reader *reader, char *out, size_t size)
{
	char *text = reader_text(reader, size - 1);

	if (text != NULL)
		strcpy(out, text); /* reader_text() bounds it */
	free(text);
}

enum { CHANGE_LEAST = 5 * 4 + 4 }; /* bytes of a change whose texts are empty */

static bool
decode_body(struct reader *reader, struct journal_entry *entry)
{
	uint32_t count;
	char *at;

	if (reader_u16(reader) != JOURNAL_SCHEMA)
		return false;
	entry->sequence = reader_u64(reader);
	entry->when = (int64_t)reader_u64(reader);
	entry->actor.uid = reader_u32(reader);
	decode_short(reader, entry->actor.name, sizeof(entry->actor.name));
	entry->actor.login_uid = reader_u32(reader);
	decode_short(reader, entry->actor.from, sizeof(entry->actor.from));
	entry->action = reader_text(reader, JOURNAL_TEXT_MAX);
	count = reader_u32(reader);
	if (reader->failed || count > reader->left / CHANGE_LEAST)
		return false;
	entry->change = calloc((size_t)count + 1, sizeof(*entry->change));
	at = entry->texts = malloc(reader->left + 1);
	if (entry->change == NULL || at == NULL)
		return false;
	while (entry->count < count)
		if (!decode_change(reader, &entry->change[entry->count++], &at))
			return false;
	return reader_done(reader);
}

/* The stored value, taken apart: a body and its hash. */
static bool
split(struct span value, struct span *body, const unsigned char **hash)
{
	if (value.size < CRYPTO_HASH_BYTES)
		return false;
	*body = (struct span){value.data, value.size - CRYPTO_HASH_BYTES};
	*hash = (const unsigned char *)value.data + body->size;
	return true;
}

static enum fault
damaged(struct why *why)
{
	return why_set(why, FAULT_UNAVAILABLE, "the database is damaged: the journal");
}

/* ---- the head ----------------------------------------------------------------------------- */

/*
 * The newest entry's sequence and hash stand in T_META too: who asks only how far the journal
 * goes, as each login does, must not pay for an entry of a hundred thousand changes.
 */
static const char HEAD[] = META_HEAD;

enum fault
journal_head(struct txn *txn, uint64_t *sequence, unsigned char hash[CRYPTO_HASH_BYTES],
    struct why *why)
{
	struct span value;
	struct reader reader;
	const void *bytes;
	uint64_t read;
	enum fault fault = table_get(txn->db, T_META, key_text(HEAD), &value, why);

	if (fault == FAULT_UNKNOWN) {
		*sequence = 0;
		memset(hash, 0, CRYPTO_HASH_BYTES);
		return FAULT_NONE;
	}
	if (fault != FAULT_NONE)
		return fault;
	reader = reader_over(value.data, value.size);
	read = reader_u64(&reader);
	bytes = reader_bytes(&reader, CRYPTO_HASH_BYTES);
	if (!reader_done(&reader))
		return damaged(why);
	*sequence = read;
	memcpy(hash, bytes, CRYPTO_HASH_BYTES);
	return FAULT_NONE;
}

static enum fault
put_head(struct txn *txn, const struct journal_entry *entry, struct why *why)
{
	struct bytes value = {0};

	bytes_put_u64(&value, entry->sequence);
	bytes_put(&value, entry->hash, sizeof(entry->hash));
	return table_put(txn->db, T_META, key_text(HEAD), &value, why);
}

enum fault
journal_write(struct txn *txn, struct why *why)
{
	struct journal_entry *entry = &txn->entry;
	unsigned char previous[CRYPTO_HASH_BYTES], buffer[8];
	struct bytes value = {0};
	enum fault fault = journal_head(txn, &entry->sequence, previous, why);

	if (fault != FAULT_NONE)
		return fault;
	if (!txn->written)
		txn->before = entry->sequence;
	txn->written = true;
	entry->sequence++;
	encode_body(entry, &value);
	if (value.failed) {
		bytes_clear(&value);
		return why_memory(why);
	}
	crypto_digest(previous, sizeof(previous), value.data, value.size, entry->hash);
	bytes_put(&value, entry->hash, sizeof(entry->hash));
	fault = table_put(txn->db, T_JOURNAL, key_u64(buffer, entry->sequence), &value, why);
	return fault == FAULT_NONE ? put_head(txn, entry, why) : fault;
}

enum fault
journal_take(struct txn *txn, struct why *why)
{
	const struct journal_entry *entry = &txn->entry;
	unsigned char previous[CRYPTO_HASH_BYTES], computed[CRYPTO_HASH_BYTES], buffer[8];
	struct bytes value = {0};
	uint64_t sequence = 0;
	enum fault fault = journal_head(txn, &sequence, previous, why);

	if (fault != FAULT_NONE)
		return fault;
	encode_body(entry, &value);
	if (value.failed) {
		bytes_clear(&value);
		return why_memory(why);
	}
	crypto_digest(previous, sizeof(previous), value.data, value.size, computed);
	if (entry->sequence != sequence + 1 ||
	    memcmp(computed, entry->hash, sizeof(computed)) != 0) {
		bytes_clear(&value);
		return why_set(why, FAULT_INVALID, "the chain is broken at entry %llu",
		    (unsigned long long)sequence + 1);
	}
	bytes_put(&value, entry->hash, sizeof(entry->hash));
	fault = table_put(txn->db, T_JOURNAL, key_u64(buffer, entry->sequence), &value, why);
	return fault == FAULT_NONE ? put_head(txn, entry, why) : fault;
}

enum fault
journal_next(struct txn *txn, uint64_t after, struct journal_entry *entry, struct why *why)
{
	unsigned char buffer[8];
	struct span key = key_u64(buffer, after), value, body;
	struct journal_entry read = {0};
	const unsigned char *hash;
	struct reader reader;
	enum fault fault = table_seek(txn->db, T_JOURNAL, true, &key, &value, why);

	if (fault != FAULT_NONE)
		return fault;
	if (!split(value, &body, &hash))
		return damaged(why);
	reader = reader_over(body.data, body.size);
	if (key.size != 8 || !decode_body(&reader, &read) ||
	    read.sequence != key_get_u64(key.data)) {
		journal_entry_clear(&read);
		return damaged(why);
	}
	memcpy(read.hash, hash, CRYPTO_HASH_BYTES);
	journal_entry_clear(entry);
	*entry = read;
	return FAULT_NONE;
}

/* ---- proving it --------------------------------------------------------------------------- */

static enum fault
broken(uint64_t sequence, struct why *why)
{
	return why_set(why, FAULT_RULE, "the chain is broken at entry %llu",
	    (unsigned long long)sequence);
}

/* Entry `from` must carry the hash that was noted for it. */
static enum fault
verify_start(struct txn *txn, uint64_t from, const unsigned char hash[CRYPTO_HASH_BYTES],
    struct why *why)
{
	unsigned char buffer[8];
	const unsigned char *found;
	struct span value, body;
	enum fault fault = table_get(txn->db, T_JOURNAL, key_u64(buffer, from), &value, why);

	if (fault == FAULT_UNKNOWN)
		return why_set(why, FAULT_RULE, "entry %llu is missing", (unsigned long long)from);
	if (fault != FAULT_NONE)
		return fault;
	if (!split(value, &body, &found) || memcmp(found, hash, CRYPTO_HASH_BYTES) != 0)
		return broken(from, why);
	return FAULT_NONE;
}

/* The last entry that was met must be the one that the head says. */
static enum fault
verify_end(struct txn *txn, uint64_t last, const unsigned char hash[CRYPTO_HASH_BYTES],
    struct why *why)
{
	unsigned char head[CRYPTO_HASH_BYTES];
	uint64_t sequence = 0;
	enum fault fault = journal_head(txn, &sequence, head, why);

	if (fault != FAULT_NONE)
		return fault;
	if (sequence > last)
		return why_set(why, FAULT_RULE, "entry %llu is missing",
		    (unsigned long long)last + 1);
	if (sequence < last || memcmp(head, hash, sizeof(head)) != 0)
		return broken(last, why);
	return FAULT_NONE;
}

enum fault
journal_verify(struct txn *txn, uint64_t from, const unsigned char hash[CRYPTO_HASH_BYTES],
    uint64_t *count, struct why *why)
{
	unsigned char previous[CRYPTO_HASH_BYTES] = {0}, computed[CRYPTO_HASH_BYTES], buffer[8];
	uint64_t proved = 0;
	enum fault fault = FAULT_NONE;

	if (from != 0) {
		fault = verify_start(txn, from, hash, why);
		memcpy(previous, hash, sizeof(previous));
	}
	while (fault == FAULT_NONE) {
		uint64_t expected = from + proved + 1;
		struct span key = key_u64(buffer, from + proved), value, body;
		const unsigned char *found;

		/* Unsealed here: the chain is stronger than the seal, and says which entry. */
		fault = db_seek(txn->db, T_JOURNAL, true, &key, &value, why);
		if (fault != FAULT_NONE)
			break;
		if (key.size != 8 || key_get_u64(key.data) != expected)
			return broken(expected, why);
		fault = table_get(txn->db, T_JOURNAL, key, &value, why);
		if (fault != FAULT_NONE || !split(value, &body, &found))
			return broken(expected, why);
		crypto_digest(previous, sizeof(previous), body.data, body.size, computed);
		if (memcmp(computed, found, sizeof(computed)) != 0)
			return broken(expected, why);
		memcpy(previous, computed, sizeof(previous));
		proved++;
	}
	if (fault == FAULT_UNKNOWN)
		fault = verify_end(txn, from + proved, previous, why);
	if (fault == FAULT_NONE)
		*count = proved;
	return fault;
}
