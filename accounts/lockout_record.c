/*
 * lockout_record.c - the records of failed logins, and the room that they have.
 */
#include "accounts/lockout_parts.h"

#include <stdlib.h>
#include <string.h>

#include "policy/bytes.h"

enum { RECORD_SCHEMA = 1 };

static void
encode(const struct record *record, struct bytes *out)
{
	bytes_put_u8(out, RECORD_SCHEMA);
	bytes_put_u8(out, (uint8_t)record->kind);
	bytes_put_text(out, record->shown);
	failures_encode(&record->failures, out);
}

/* What is no record is as none, and is written over. */
static bool
decode(struct span value, struct record *record)
{
	struct reader reader = reader_over(value.data, value.size);
	bool known = reader_u8(&reader) == RECORD_SCHEMA;
	unsigned kind = reader_u8(&reader);
	char *shown = reader_text(&reader, sizeof(record->shown) - 1);
	bool good = known && shown != NULL && kind >= WHENCE_REMOTE && kind <= WHENCE_LOOPBACK &&
	    failures_decode(&reader, &record->failures);

	if (good) {
		record->kind = (enum whence_kind)kind;
		whence_show(record->kind, shown, record->shown);
	}
	free(shown);
	return good;
}

enum fault
record_get(struct db_txn *txn, const unsigned char key[LOCKOUT_KEY_BYTES], struct record *record,
    struct why *why)
{
	struct span value;
	enum fault fault =
	    db_get(txn, 0, (struct span){key, LOCKOUT_KEY_BYTES}, &value, why);

	if (fault == FAULT_NONE && !decode(value, record))
		fault = FAULT_UNKNOWN;
	return fault;
}

/* Is that what the file says now?  A head that is damaged may let a tree be read otherwise. */
static enum fault
check_put(struct db_txn *txn, struct span key, const struct bytes *bytes, struct why *why)
{
	struct span value;
	enum fault fault = db_get(txn, 0, key, &value, why);

	if (fault == FAULT_UNKNOWN || (fault == FAULT_NONE && (value.size != bytes->size ||
	        memcmp(value.data, bytes->data, value.size) != 0)))
		fault = why_set(why, FAULT_UNAVAILABLE, "it is damaged");
	return fault;
}

enum fault
record_put(struct db_txn *txn, const unsigned char key[LOCKOUT_KEY_BYTES],
    const struct record *record, struct why *why)
{
	const struct span at = {key, LOCKOUT_KEY_BYTES};
	struct bytes bytes = {0};
	enum fault fault;

	encode(record, &bytes);
	fault = bytes.failed ? why_memory(why)
	                     : db_put(txn, 0, at, (struct span){bytes.data, bytes.size}, why);
	if (fault == FAULT_NONE)
		fault = check_put(txn, at, &bytes, why);
	bytes_clear(&bytes);
	return fault;
}

/* A key is as long as it is, or the file is not what we wrote. */
static bool
is_key(struct span key)
{
	return key.size == LOCKOUT_KEY_BYTES;
}

enum fault
record_next(struct db_txn *txn, unsigned char key[LOCKOUT_KEY_BYTES], struct record *record,
    struct why *why)
{
	struct span at = {key, LOCKOUT_KEY_BYTES}, value;
	enum fault fault;

	while ((fault = db_seek(txn, 0, true, &at, &value, why)) == FAULT_NONE) {
		if (is_key(at))
			memcpy(key, at.data, LOCKOUT_KEY_BYTES);
		if (is_key(at) && decode(value, record))
			break;
	}
	return fault;
}

void
record_before(uint32_t uid, unsigned char key[LOCKOUT_KEY_BYTES])
{
	memset(key, 0xff, LOCKOUT_KEY_BYTES);
	key_put_u32(key, uid - 1);
}

enum fault
record_delete(struct db_txn *txn, const unsigned char key[LOCKOUT_KEY_BYTES], struct why *why)
{
	return db_delete(txn, 0, (struct span){key, LOCKOUT_KEY_BYTES}, why);
}

/* ---- room ---------------------------------------------------------------------------------- */

/*
 * So many records that a transaction which drops them all has room for what it writes: the pages of
 * the last one are used again by the next but one only, and are half empty at worst.
 */
size_t
records_most(const struct settings *settings)
{
	enum { PARTS = 6, KEY_AND_HEAD_BYTES = LOCKOUT_KEY_BYTES + 32 };
	const size_t bytes = KEY_AND_HEAD_BYTES + sizeof(((struct record *)0)->shown) +
	    2 * failures_bytes(settings->lockout_failures);

	return DB_ALONE_BYTES / PARTS / bytes;
}

/* Drops what says nothing any more, or with `locked_out` all but lock-outs. */
static enum fault
drop(struct db_txn *txn, const struct settings *settings, int64_t now, bool locked_out,
    struct why *why)
{
	unsigned char key[LOCKOUT_KEY_BYTES] = {0};
	struct record record;
	enum fault fault;

	while ((fault = record_next(txn, key, &record, why)) == FAULT_NONE) {
		failures_settle(&record.failures, settings, now);
		if (locked_out ? failures_lock_out(&record.failures)
		               : failures_total(&record.failures) > 0)
			continue;
		fault = record_delete(txn, key, why);
		if (fault != FAULT_NONE)
			return fault;
	}
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

enum fault
records_make_room(struct db_txn *txn, const struct settings *settings, int64_t now, struct why *why)
{
	const size_t most = records_most(settings);
	size_t count = 0;
	enum fault fault = db_count(txn, 0, &count, why);

	if (fault != FAULT_NONE || count < most)
		return fault;
	fault = drop(txn, settings, now, false, why);
	if (fault == FAULT_NONE)
		fault = db_count(txn, 0, &count, why);
	if (fault == FAULT_NONE && count >= most - most / 4)
		fault = drop(txn, settings, now, true, why);
	if (fault == FAULT_NONE)
		fault = db_count(txn, 0, &count, why);
	if (fault == FAULT_NONE && count >= most - most / 4)
		fault = db_empty(txn, 0, why);
	return fault;
}

