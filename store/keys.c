/*
 * keys.c - SSH keys: the records, and what is published of a user's.
 */
#include <stdlib.h>
#include <string.h>

#include "directory/image.h"
#include "store/internal.h"

/* ---- reading ------------------------------------------------------------------------------ */

enum { KEY_ROOM = TABLE_KEY_MAX };

/* The uid and then the fingerprint, so that a user's keys stand together. */
static struct span
place_of(unsigned char buffer[KEY_ROOM], uint32_t uid, const char *fingerprint)
{
	size_t size = strnlen(fingerprint, KEY_ROOM - 4);

	key_put_u32(buffer, uid);
	memcpy(buffer + 4, fingerprint, size);
	return (struct span){buffer, 4 + size};
}

/*
 * The record must be of the user and the fingerprint that it stands under: who logs in by it is
 * told by those, and a list goes on from there.
 */
static enum fault
decode(struct span place, struct span value, struct key *key, struct why *why)
{
	unsigned char buffer[KEY_ROOM];
	struct key read = {0};
	struct span expected = {0};
	enum fault fault = record_decode(&key_table, &read, value.data, value.size, why);

	if (fault != FAULT_NONE)
		return fault;
	if (record_check(&key_table, &read, false, NULL) == FAULT_NONE)
		expected = place_of(buffer, read.uid, read.fingerprint);
	if (expected.size != place.size || memcmp(expected.data, place.data, place.size) != 0) {
		key_clear(&read);
		return why_set(why, FAULT_UNAVAILABLE, "the record of an SSH key is damaged");
	}
	key_clear(key);
	*key = read;
	return FAULT_NONE;
}

enum fault
key_get(struct txn *txn, uint32_t uid, const char *fingerprint, struct key *key, struct why *why)
{
	unsigned char buffer[KEY_ROOM];
	struct span place = place_of(buffer, uid, fingerprint), value;
	enum fault fault = table_get(txn->db, T_KEYS, place, &value, why);

	if (fault == FAULT_UNKNOWN)
		return why_field(why, FAULT_UNKNOWN, "key", "there is no key %s", fingerprint);
	return fault == FAULT_NONE ? decode(place, value, key, why) : fault;
}

/* The place after this one, if it is the same user's. */
static enum fault
seek(struct txn *txn, uint32_t uid, struct span *place, struct span *value, struct why *why)
{
	enum fault fault = table_seek(txn->db, T_KEYS, true, place, value, why);

	if (fault == FAULT_NONE && (place->size < 4 || key_get_u32(place->data) != uid))
		fault = FAULT_UNKNOWN;
	return fault == FAULT_UNKNOWN
	    ? why_field(why, FAULT_UNKNOWN, "key", "there is no further key") : fault;
}

enum fault
key_next(struct txn *txn, uint32_t uid, const char *after, struct key *key, struct why *why)
{
	unsigned char buffer[KEY_ROOM];
	struct span place = place_of(buffer, uid, after), value;
	enum fault fault = seek(txn, uid, &place, &value, why);

	return fault == FAULT_NONE ? decode(place, value, key, why) : fault;
}

enum fault
keys_next(struct txn *txn, struct key *key, struct why *why)
{
	unsigned char buffer[KEY_ROOM];
	struct span place = place_of(buffer, key->uid,
	    key->fingerprint == NULL ? "" : key->fingerprint), value;
	enum fault fault = table_seek(txn->db, T_KEYS, true, &place, &value, why);

	return fault == FAULT_NONE ? decode(place, value, key, why) : fault;
}

enum fault
key_count(struct txn *txn, uint32_t uid, uint64_t *count, struct why *why)
{
	unsigned char buffer[KEY_ROOM];
	struct span place = place_of(buffer, uid, ""), value;
	uint64_t counted = 0;
	enum fault fault;

	while ((fault = seek(txn, uid, &place, &value, why)) == FAULT_NONE)
		counted++;
	if (fault != FAULT_UNKNOWN)
		return fault;
	*count = counted;
	return FAULT_NONE;
}

/* ---- writing ------------------------------------------------------------------------------ */

static enum fault
changed_meanwhile(const struct key *key, struct why *why)
{
	return why_field(why, FAULT_CONFLICT, "key",
	    "the key %s was changed by somebody else meanwhile; look again and repeat",
	    key->fingerprint);
}

/* The record as it stands, whose version must be the one that was read. */
static enum fault
read_old(struct txn *txn, const struct key *key, struct key *old, struct why *why)
{
	enum fault fault = key_get(txn, key->uid, key->fingerprint, old, why);

	if (fault == FAULT_UNKNOWN || (fault == FAULT_NONE && old->version != key->version))
		return changed_meanwhile(key, why);
	return fault;
}

enum fault
key_is_new(struct txn *txn, const struct key *key, struct why *why)
{
	struct user user = {0};
	struct key twin = {0};
	uint64_t count = 0;
	enum fault fault = user_get(txn, key->uid, &user, why);

	if (fault == FAULT_NONE) {
		fault = key_get(txn, key->uid, key->fingerprint, &twin, why);
		if (fault == FAULT_NONE)
			fault = why_field(why, FAULT_CONFLICT, "key", "%s has the key %s already",
			    user.name, key->fingerprint);
		else if (fault == FAULT_UNKNOWN)
			fault = key_count(txn, key->uid, &count, why);
	}
	if (fault == FAULT_NONE && count >= KEYS_PER_USER) {
		fault = why_field(why, FAULT_CONFLICT, "key", "%s has %d keys; there are no more",
		    user.name, KEYS_PER_USER);
		why_mend(why, "hexa-admin key remove %s FINGERPRINT", user.name);
	}
	key_clear(&twin);
	user_clear(&user);
	return fault;
}

static enum fault
write_record(struct txn *txn, const struct key *key, struct why *why)
{
	unsigned char buffer[KEY_ROOM];
	struct bytes value = {0};

	record_encode(&key_table, key, &value);
	return table_put(txn->db, T_KEYS, place_of(buffer, key->uid, key->fingerprint), &value,
	    why);
}

enum fault
key_put(struct txn *txn, struct key *key, struct why *why)
{
	const uint64_t version = key->version;
	const int64_t added = key->added;
	struct key old = {0};
	enum fault fault = txn_must_write(txn, why);

	if (fault == FAULT_NONE && key->fingerprint == NULL)
		fault = why_field(why, FAULT_INVALID, "fingerprint", "a key needs its fingerprint");
	if (fault == FAULT_NONE)
		fault = version == 0 ? key_is_new(txn, key, why) : read_old(txn, key, &old, why);
	if (fault == FAULT_NONE) {
		key->version++;
		if (version == 0)
			key->added = txn->entry.when;
		fault = record_check(&key_table, key, version == 0, why);
	}
	if (fault == FAULT_NONE)
		fault = journal_note_record(txn, &key_table, key->fingerprint, key->uid,
		    version == 0 ? NULL : &old, key, why);
	if (fault == FAULT_NONE)
		fault = write_record(txn, key, why);
	if (fault != FAULT_NONE) {
		key->version = version;
		key->added = added;
	}
	key_clear(&old);
	return fault;
}

/* The record that stands there goes. */
static enum fault
take_away(struct txn *txn, const struct key *old, struct why *why)
{
	unsigned char buffer[KEY_ROOM];
	enum fault fault = journal_note_record(txn, &key_table, old->fingerprint, old->uid, old,
	    NULL, why);

	return fault == FAULT_NONE
	    ? db_delete(txn->db, T_KEYS, place_of(buffer, old->uid, old->fingerprint), why) : fault;
}

enum fault
key_delete(struct txn *txn, const struct key *key, struct why *why)
{
	struct key old = {0};
	enum fault fault = txn_must_write(txn, why);

	if (fault == FAULT_NONE)
		fault = read_old(txn, key, &old, why);
	if (fault == FAULT_NONE)
		fault = take_away(txn, &old, why);
	key_clear(&old);
	return fault;
}

enum fault
keys_delete(struct txn *txn, uint32_t uid, struct why *why)
{
	struct key key = {0};
	enum fault fault;

	while ((fault = key_next(txn, uid, "", &key, why)) == FAULT_NONE &&
	    (fault = take_away(txn, &key, why)) == FAULT_NONE)
		;
	key_clear(&key);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

/* ---- publishing --------------------------------------------------------------------------- */

static enum fault
print_keys(struct txn *txn, uint32_t uid, struct bytes *lines, struct why *why)
{
	struct key key = {0};
	char *after = strdup("");
	enum fault fault = after == NULL ? why_memory(why) : FAULT_NONE;

	while (fault == FAULT_NONE &&
	    (fault = key_next(txn, uid, after, &key, why)) == FAULT_NONE) {
		key_print(&key, lines);
		free(after);
		after = strdup(key.fingerprint);
		if (after == NULL || lines->failed)
			fault = why_memory(why);
	}
	free(after);
	key_clear(&key);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

enum fault
keys_image(struct txn *txn, const struct user *user, struct bytes *image, struct why *why)
{
	struct image_keys keys = {
	    .uid = user->uid, .valid_from = user->valid_from, .valid_until = user->valid_until};
	struct bytes lines = {0};
	size_t size;
	enum fault fault = FAULT_NONE;

	if (user->status == STATUS_ACTIVE)
		fault = print_keys(txn, user->uid, &lines, why);
	keys.lines = (const char *)lines.data;
	keys.size = lines.size;
	if (fault == FAULT_NONE && lines.size > 0) {
		size = image_pack_keys(&keys, NULL, 0);
		image->data = size == 0 ? NULL : malloc(size);
		if (image->data == NULL) {
			fault = why_memory(why);
		} else {
			image->room = size;
			image->size = image_pack_keys(&keys, image->data, size);
		}
	}
	bytes_clear(&lines);
	return fault;
}
