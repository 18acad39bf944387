/*
 * attachments.c - the records of documents, and the index by which a user's are found, those of one
 * content, and those that end.
 */
#include "store/attachments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/internal.h"

/* ---- reading ------------------------------------------------------------------------------ */

static enum fault
damaged(struct why *why)
{
	return why_set(why, FAULT_UNAVAILABLE, "a document's record is damaged");
}

/*
 * The record must be of the number that it stands under: a list goes on from there.  And its hash
 * must be one: it becomes a file's name.
 */
static enum fault
decode(struct span key, struct span value, struct attachment *attachment, struct why *why)
{
	struct attachment read = {0};
	enum fault fault =
	    record_decode(&attachment_table, &read, value.data, value.size, why);

	if (fault != FAULT_NONE)
		return fault;
	if (key.size != 4 || read.number != key_get_u32(key.data) ||
	    record_check(&attachment_table, &read, false, NULL) != FAULT_NONE ||
	    !text_is_sha256(read.sha256)) {
		attachment_clear(&read);
		return damaged(why);
	}
	attachment_clear(attachment);
	*attachment = read;
	return FAULT_NONE;
}

enum fault
attachment_get(struct txn *txn, uint32_t number, struct attachment *attachment, struct why *why)
{
	unsigned char buffer[4];
	struct span key = key_u32(buffer, number), value;
	enum fault fault = table_get(txn->db, T_ATTACHMENTS, key, &value, why);

	if (fault == FAULT_UNKNOWN)
		return why_set(why, FAULT_UNKNOWN, "there is no document %lu",
		    (unsigned long)number);
	return fault == FAULT_NONE ? decode(key, value, attachment, why) : fault;
}

enum fault
attachment_next(struct txn *txn, uint32_t after, struct attachment *attachment, struct why *why)
{
	unsigned char buffer[4];
	struct span key = key_u32(buffer, after), value;
	enum fault fault = table_seek(txn->db, T_ATTACHMENTS, true, &key, &value, why);

	return fault == FAULT_NONE ? decode(key, value, attachment, why) : fault;
}

/* ---- the index ---------------------------------------------------------------------------- */

static char *
word_of(const struct field *field, const char *value)
{
	char *word;

	return asprintf(&word, "%u=%s", field->id, value) < 0 ? NULL : word;
}

bool
attachment_words(const struct attachment *attachment, struct names *words)
{
	bool good = true;

	for (size_t i = 0; good && i < attachment_table.count; i++) {
		const struct field *field = &attachment_table.rows[i];
		char *value, *word;

		if ((field->rights & F_INDEXED) == 0 || field_is_empty(field, attachment))
			continue;
		value = field_text(field, attachment);
		word = value == NULL ? NULL : word_of(field, value);
		good = word != NULL && names_insert(words, word);
		free(value);
		free(word);
	}
	return good;
}

enum fault
attachment_with_next(struct txn *txn, const struct field *field, const char *value,
    uint32_t after, uint32_t *number, struct why *why)
{
	char *word = word_of(field, value);
	enum fault fault = word == NULL
	    ? why_memory(why)
	    : index_next(txn, T_ATTACHMENT_FIELDS, word, after, number, why);

	free(word);
	return fault;
}

enum fault
attachment_with_count(struct txn *txn, const struct field *field, const char *value,
    uint64_t *count, struct why *why)
{
	char *word = word_of(field, value);
	enum fault fault = word == NULL
	    ? why_memory(why)
	    : index_count(txn, T_ATTACHMENT_FIELDS, word, count, why);

	free(word);
	return fault;
}

enum fault
attachment_value_next(struct txn *txn, const struct field *field, const char *after,
    char **value, struct why *why)
{
	char *word = word_of(field, after), *next = NULL;
	size_t size = word == NULL ? 0 : strlen(word) - strlen(after);
	enum fault fault = word == NULL
	    ? why_memory(why)
	    : index_word_next(txn, T_ATTACHMENT_FIELDS, word, &next, why);

	if (fault == FAULT_NONE && strncmp(next, word, size) != 0)
		fault = why_set(why, FAULT_UNKNOWN, "no further value");
	if (fault == FAULT_NONE) {
		memmove(next, next + size, strlen(next + size) + 1);
		*value = next;
		next = NULL;
	}
	free(next);
	free(word);
	return fault;
}

/* The document comes to stand under its words, or goes from there. */
static enum fault
move(struct txn *txn, const struct attachment *attachment, bool comes, struct why *why)
{
	static const struct names none;
	struct names words = {0};
	enum fault fault = FAULT_NONE;

	if (!attachment_words(attachment, &words))
		fault = why_memory(why);
	if (fault == FAULT_NONE)
		fault = index_move(txn, T_ATTACHMENT_FIELDS, attachment->number,
		    comes ? &none : &words, comes ? &words : &none, why);
	names_clear(&words);
	return fault;
}

/* ---- numbers ------------------------------------------------------------------------------ */

/* The newest number that was given; absent before the first. */
static const char LAST_NUMBER[] = META_LAST_DOCUMENT;

static enum fault
number_take(struct txn *txn, uint32_t *number, struct why *why)
{
	struct bytes put = {0};
	struct span value;
	uint32_t last = 0;
	enum fault fault = table_get(txn->db, T_META, key_text(LAST_NUMBER), &value, why);

	if (fault == FAULT_NONE) {
		struct reader reader = reader_over(value.data, value.size);

		last = reader_u32(&reader);
		if (!reader_done(&reader))
			return damaged(why);
	} else if (fault != FAULT_UNKNOWN) {
		return fault;
	}
	if (last == UINT32_MAX)
		return why_set(why, FAULT_CONFLICT, "every number for documents was given");
	bytes_put_u32(&put, last + 1);
	fault = table_put(txn->db, T_META, key_text(LAST_NUMBER), &put, why);
	if (fault == FAULT_NONE)
		*number = last + 1;
	return fault;
}

/* ---- writing ------------------------------------------------------------------------------ */

/* In the journal it goes by its number, and is its user's. */
static enum fault
note(struct txn *txn, const struct attachment *old, const struct attachment *new,
    struct why *why)
{
	const struct attachment *attachment = old != NULL ? old : new;
	char name[16];

	snprintf(name, sizeof(name), "%lu", (unsigned long)attachment->number);
	return journal_note_record(txn, &attachment_table, name, attachment->uid, old, new, why);
}

/* What Hexa itself sets in a new record. */
static enum fault
make_identity(struct txn *txn, struct attachment *attachment, struct why *why)
{
	char *added_by = strdup(txn->entry.actor.name);
	enum fault fault = added_by == NULL ? why_memory(why)
	                                    : number_take(txn, &attachment->number, why);

	if (fault != FAULT_NONE) {
		free(added_by);
		return fault;
	}
	free(attachment->added_by);
	attachment->added_by = added_by;
	attachment->added = txn->entry.when;
	attachment->version = 1;
	crypto_uuid(&attachment->uuid);
	return FAULT_NONE;
}

static enum fault
write_record(struct txn *txn, const struct attachment *attachment, struct why *why)
{
	unsigned char buffer[4];
	struct bytes value = {0};

	record_encode(&attachment_table, attachment, &value);
	return table_put(txn->db, T_ATTACHMENTS, key_u32(buffer, attachment->number), &value, why);
}

enum fault
attachment_add(struct txn *txn, struct attachment *attachment, struct why *why)
{
	enum fault fault = txn_must_write(txn, why);

	if (fault == FAULT_NONE)
		fault = make_identity(txn, attachment, why);
	if (fault == FAULT_NONE)
		fault = record_check(&attachment_table, attachment, true, why);
	if (fault == FAULT_NONE && !text_is_sha256(attachment->sha256))
		fault = why_field(why, FAULT_INVALID, "sha256", "sha256: expected 64 digits");
	if (fault == FAULT_NONE)
		fault = move(txn, attachment, true, why);
	if (fault == FAULT_NONE)
		fault = note(txn, NULL, attachment, why);
	return fault == FAULT_NONE ? write_record(txn, attachment, why) : fault;
}

enum fault
attachment_delete(struct txn *txn, const struct attachment *attachment, struct why *why)
{
	unsigned char buffer[4];
	struct span key = key_u32(buffer, attachment->number);
	struct attachment old = {0};
	enum fault fault = txn_must_write(txn, why);

	if (fault == FAULT_NONE)
		fault = attachment_get(txn, attachment->number, &old, why);
	if (fault == FAULT_UNKNOWN)
		fault = why_set(why, FAULT_CONFLICT,
		    "the document %lu was removed by somebody else meanwhile",
		    (unsigned long)attachment->number);
	if (fault == FAULT_NONE)
		fault = move(txn, &old, false, why);
	if (fault == FAULT_NONE)
		fault = note(txn, &old, NULL, why);
	if (fault == FAULT_NONE)
		fault = db_delete(txn->db, T_ATTACHMENTS, key, why);
	attachment_clear(&old);
	return fault;
}
