/*
 * table.c - the tables' names and the seal on their values.
 */
#include "store/table.h"

#include <string.h>

#include "store/crypto.h"

const char *const table_names[BACKUP_TABLE_COUNT] = {
    [T_META] = "meta",
    [T_USERS] = "users",
    [T_ROLES] = "roles",
    [T_PERMISSIONS] = "permissions",
    [T_NAMES] = "names",
    [T_EMAILS] = "emails",
    [T_PHONES] = "phones",
    [T_IDS] = "ids",
    [T_MEMBERS] = "members",
    [T_JOURNAL] = "journal",
    [T_POLICY] = "policy",
    [T_CLIENTS] = "clients",
    [T_SITES] = "sites",
    [T_CLIENT_USERS] = "client-users",
    [T_SITE_USERS] = "site-users",
    [T_FIELDS] = "fields",
    [T_ATTACHMENTS] = "attachments",
    [T_ATTACHMENT_FIELDS] = "attachment-fields",
    [T_KEYS] = "keys",
    [T_CONTENTS] = "contents",
};

enum { SEAL_BYTES = 16 };

struct span
key_text(const char *text)
{
	return (struct span){text, strlen(text)};
}

struct span
key_u32(unsigned char buffer[4], uint32_t value)
{
	key_put_u32(buffer, value);
	return (struct span){buffer, 4};
}

struct span
key_u64(unsigned char buffer[8], uint64_t value)
{
	key_put_u64(buffer, value);
	return (struct span){buffer, 8};
}

/* The table's name and the key are part of it, so that a good value under another key shows too. */
static void
seal_of(const char *table, struct span key, const void *value, size_t size,
    unsigned char seal[CRYPTO_HASH_BYTES])
{
	unsigned char place[32 + TABLE_KEY_MAX] = {0};
	size_t name_size = strnlen(table, 31) + 1;
	size_t key_size = key.size < TABLE_KEY_MAX ? key.size : TABLE_KEY_MAX;

	memcpy(place, table, name_size - 1);
	memcpy(place + name_size, key.data, key_size);
	crypto_digest(place, name_size + key_size, value, size, seal);
}

bool
table_unseal(const char *table, struct span key, struct span *value)
{
	unsigned char seal[CRYPTO_HASH_BYTES];
	size_t size;

	if (value->size < SEAL_BYTES)
		return false;
	size = value->size - SEAL_BYTES;
	seal_of(table, key, value->data, size, seal);
	if (memcmp((const char *)value->data + size, seal, SEAL_BYTES) != 0)
		return false;
	value->size = size;
	return true;
}

static enum fault
unseal(enum table_number table, struct span key, struct span *value, struct why *why)
{
	return table_unseal(table_names[table], key, value)
	    ? FAULT_NONE
	    : why_set(why, FAULT_UNAVAILABLE, "the database is damaged: table %s",
	          table_names[table]);
}

enum fault
table_get(struct db_txn *txn, enum table_number table, struct span key, struct span *value,
    struct why *why)
{
	struct span sealed;
	enum fault fault;

	if (key.size == 0 || key.size > TABLE_KEY_MAX)
		return why_set(why, FAULT_UNKNOWN, "not found");
	fault = db_get(txn, table, key, &sealed, why);
	if (fault == FAULT_NONE)
		fault = unseal(table, key, &sealed, why);
	if (fault == FAULT_NONE)
		*value = sealed;
	return fault;
}

enum fault
table_put(struct db_txn *txn, enum table_number table, struct span key, struct bytes *value,
    struct why *why)
{
	unsigned char seal[CRYPTO_HASH_BYTES];
	enum fault fault;

	if (value->failed) {
		bytes_clear(value);
		return why_memory(why);
	}
	seal_of(table_names[table], key, value->data, value->size, seal);
	bytes_put(value, seal, SEAL_BYTES);
	if (value->failed)
		fault = why_memory(why);
	else
		fault = db_put(txn, table, key, (struct span){value->data, value->size}, why);
	bytes_clear(value);
	return fault;
}

enum fault
table_seek(struct db_txn *txn, enum table_number table, bool beyond, struct span *key,
    struct span *value, struct why *why)
{
	struct span found = *key, sealed;
	enum fault fault = db_seek(txn, table, beyond, &found, &sealed, why);

	if (fault == FAULT_NONE)
		fault = unseal(table, found, &sealed, why);
	if (fault == FAULT_NONE) {
		*key = found;
		*value = sealed;
	}
	return fault;
}
