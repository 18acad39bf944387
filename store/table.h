/*
 * table.h - the tables of hexa.mdb, and sealed values: each value ends in a checksum over its
 * table, its key and itself, so that a flipped byte or a value that strayed is noticed before it
 * is used.  It is a checksum against damage, not a signature against whoever can write the file.
 */
#ifndef HEXA_STORE_TABLE_H
#define HEXA_STORE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/bytes.h"
#include "store/db.h"

/* The numbers are this program's; on disk a table is known by its name (table.c). */
enum table_number {
	T_META,        /* word → schema, generation, id counter, journal head, host, clock */
	T_USERS,       /* uid → user record                                        */
	T_ROLES,       /* role name → role record                                  */
	T_PERMISSIONS, /* permission name → permission record                      */
	T_NAMES,       /* login or group name → who has it, or had it              */
	T_EMAILS,      /* lower-cased e-mail → the same                            */
	T_PHONES,      /* phone → the same                                         */
	T_IDS,         /* uid or gid → whom it was ever given to                   */
	T_MEMBERS,     /* role name or @client:NAME, NUL, uid → nothing (index.c)  */
	T_JOURNAL,     /* sequence → entry                                         */
	T_POLICY,      /* word → the policy besides roles and permissions          */
	T_CLIENTS,     /* client name → client record                              */
	T_SITES,       /* site name → site record                                  */
	T_CLIENT_USERS, /* client name, NUL, uid → nothing                         */
	T_SITE_USERS,  /* site name, NUL, uid → nothing                            */
	T_FIELDS,      /* a field's id, =, value, NUL, uid → nothing (users.c)     */
	T_ATTACHMENTS, /* number → a user's document                               */
	T_ATTACHMENT_FIELDS, /* a field's id, =, value, NUL, number → nothing (attachments.c) */
	T_KEYS,        /* uid, fingerprint → a user's SSH key                      */
	TABLE_COUNT,
	T_CONTENTS = TABLE_COUNT, /* of backups alone: SHA-256 as text → a document's content */
	BACKUP_TABLE_COUNT,
};

extern const char *const table_names[BACKUP_TABLE_COUNT];

/* On disk in T_META; a database with another one was written by another Hexa and is refused. */
enum { SCHEMA_VERSION = 5 };

enum { TABLE_KEY_MAX = 511 }; /* bytes: liblmdb's limit */

/* Keys. */
struct span key_text(const char *text);
struct span key_u32(unsigned char buffer[4], uint32_t value);
struct span key_u64(unsigned char buffer[8], uint64_t value);

/*
 * Does the seal at the end of this value fit the table of this name, the key and the value?  *value
 * is then without it.
 */
bool table_unseal(const char *table, struct span key, struct span *value);

/* The value without its seal.  FAULT_UNKNOWN; FAULT_UNAVAILABLE when the seal does not fit. */
enum fault table_get(struct db_txn *txn, enum table_number table, struct span key,
    struct span *value, struct why *why);

/* Seals and writes what is in `value`, which is then empty. */
enum fault table_put(struct db_txn *txn, enum table_number table, struct span key,
    struct bytes *value, struct why *why);

/* As db_seek(), unsealed. */
enum fault table_seek(struct db_txn *txn, enum table_number table, bool beyond, struct span *key,
    struct span *value, struct why *why);

#endif
