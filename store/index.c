/*
 * index.c - from a word to the users who have it in their records: a role's holders, a client's and
 * a site's users, a field's value.  A key is the word, a NUL and the uid; it leads to nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "store/internal.h"

enum { INDEX_KEY_MAX = INDEX_WORD_BYTES + 1 + 4 };

static enum fault
damaged(enum table_number table, struct why *why)
{
	why_set(why, FAULT_UNAVAILABLE, "the database is damaged: table %s", table_names[table]);
	why_mend(why, "hexa-admin doctor");
	return FAULT_UNAVAILABLE;
}

static struct span
index_key(unsigned char buffer[INDEX_KEY_MAX], const char *word, uint32_t uid)
{
	size_t size = strnlen(word, INDEX_WORD_BYTES) + 1;

	memcpy(buffer, word, size - 1);
	buffer[size - 1] = '\0';
	key_put_u32(buffer + size, uid);
	return (struct span){buffer, size + 4};
}

enum fault
index_next(struct txn *txn, enum table_number table, const char *word, uint32_t after,
    uint32_t *uid, struct why *why)
{
	unsigned char buffer[INDEX_KEY_MAX];
	struct span key = index_key(buffer, word, after), value;
	size_t size = key.size;
	enum fault fault = table_seek(txn->db, table, true, &key, &value, why);

	if (fault != FAULT_NONE)
		return fault;
	if (key.size != size || memcmp(key.data, buffer, size - 4) != 0)
		return why_set(why, FAULT_UNKNOWN, "nobody further");
	*uid = key_get_u32((const unsigned char *)key.data + size - 4);
	return FAULT_NONE;
}

static enum fault
index_put(struct txn *txn, enum table_number table, const char *word, uint32_t uid,
    struct why *why)
{
	unsigned char buffer[INDEX_KEY_MAX];
	struct bytes nothing = {0};

	return table_put(txn->db, table, index_key(buffer, word, uid), &nothing, why);
}

static enum fault
index_delete(struct txn *txn, enum table_number table, const char *word, uint32_t uid,
    struct why *why)
{
	unsigned char buffer[INDEX_KEY_MAX];
	enum fault fault = db_delete(txn->db, table, index_key(buffer, word, uid), why);

	return fault == FAULT_UNKNOWN ? damaged(table, why) : fault;
}

/* ---- how many there are ------------------------------------------------------------------- */

/* Under the word and its NUL, before all of its keys: an import asks for a limit at each user. */
static struct span
count_key(unsigned char buffer[INDEX_KEY_MAX], const char *word)
{
	struct span key = index_key(buffer, word, 0);

	key.size -= 4;
	return key;
}

enum fault
index_word_next(struct txn *txn, enum table_number table, const char *after, char **word,
    struct why *why)
{
	unsigned char buffer[INDEX_KEY_MAX];
	struct span key = index_key(buffer, after, UINT32_MAX), value;
	char *found;
	enum fault fault = table_seek(txn->db, table, true, &key, &value, why);

	if (fault != FAULT_NONE)
		return fault;
	if (key.size < 2 || ((const char *)key.data)[key.size - 1] != '\0')
		return damaged(table, why);
	found = strndup(key.data, key.size);
	if (found == NULL)
		return why_memory(why);
	*word = found;
	return FAULT_NONE;
}

enum fault
index_count(struct txn *txn, enum table_number table, const char *word, uint64_t *count,
    struct why *why)
{
	unsigned char buffer[INDEX_KEY_MAX];
	struct span value;
	struct reader reader;
	uint64_t read;
	enum fault fault = table_get(txn->db, table, count_key(buffer, word), &value, why);

	if (fault == FAULT_UNKNOWN) {
		*count = 0;
		return FAULT_NONE;
	}
	if (fault != FAULT_NONE)
		return fault;
	reader = reader_over(value.data, value.size);
	read = reader_u64(&reader);
	if (!reader_done(&reader))
		return damaged(table, why);
	*count = read;
	return FAULT_NONE;
}

enum fault
index_has(struct txn *txn, enum table_number table, const char *word, uint32_t uid, bool *has,
    struct why *why)
{
	unsigned char buffer[INDEX_KEY_MAX];
	struct span value;
	enum fault fault = table_get(txn->db, table, index_key(buffer, word, uid), &value, why);

	if (fault != FAULT_NONE && fault != FAULT_UNKNOWN)
		return fault;
	*has = fault == FAULT_NONE;
	return FAULT_NONE;
}

/* The first NUL ends the word; behind it stands a uid, or nothing and the count as the value. */
static bool
item_decode(struct span key, struct span value, struct index_item *item)
{
	const char *end = memchr(key.data, '\0', key.size);
	size_t size = end == NULL ? 0 : (size_t)(end - (const char *)key.data);
	struct reader reader = reader_over(value.data, value.size);

	if (size == 0 || size > INDEX_WORD_BYTES)
		return false;
	memcpy(item->word, key.data, size + 1);
	item->is_count = key.size == size + 1;
	if (item->is_count)
		item->count = reader_u64(&reader);
	else if (key.size == size + 1 + 4)
		item->uid = key_get_u32((const unsigned char *)end + 1);
	else
		return false;
	return reader_done(&reader);
}

enum fault
index_item_next(struct txn *txn, enum table_number table, struct index_item *item,
    struct why *why)
{
	unsigned char buffer[INDEX_KEY_MAX];
	struct span key = {0}, value;
	enum fault fault;

	if (item->word[0] != '\0')
		key = item->is_count ? count_key(buffer, item->word)
		                     : index_key(buffer, item->word, item->uid);
	fault = table_seek(txn->db, table, true, &key, &value, why);
	if (fault != FAULT_NONE)
		return fault;
	return item_decode(key, value, item) ? FAULT_NONE : damaged(table, why);
}

static enum fault
count_on(struct txn *txn, enum table_number table, const char *word, bool more, struct why *why)
{
	unsigned char buffer[INDEX_KEY_MAX];
	struct bytes value = {0};
	uint64_t count;
	enum fault fault = index_count(txn, table, word, &count, why);

	if (fault != FAULT_NONE)
		return fault;
	if (!more && count == 0)
		return damaged(table, why);
	count += more ? 1 : UINT64_MAX;
	if (count == 0)
		return db_delete(txn->db, table, count_key(buffer, word), why);
	bytes_put_u64(&value, count);
	return table_put(txn->db, table, count_key(buffer, word), &value, why);
}

enum fault
index_move(struct txn *txn, enum table_number table, uint32_t uid, const struct names *from,
    const struct names *to, struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < from->count; i++) {
		if (names_have_sorted(to, from->item[i]))
			continue;
		fault = index_delete(txn, table, from->item[i], uid, why);
		if (fault == FAULT_NONE)
			fault = count_on(txn, table, from->item[i], false, why);
	}
	for (size_t i = 0; fault == FAULT_NONE && i < to->count; i++) {
		if (names_have_sorted(from, to->item[i]))
			continue;
		fault = index_put(txn, table, to->item[i], uid, why);
		if (fault == FAULT_NONE)
			fault = count_on(txn, table, to->item[i], true, why);
	}
	return fault;
}
