/*
 * register.c - names and ids, each given to one holder at a time, and ids never a second time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/text.h"
#include "store/internal.h"

enum { IDS_TRIED_MAX = 100000 }; /* how many ids in a row may be somebody else's */

/* ---- names -------------------------------------------------------------------------------- */

bool
hold_read(struct span value, struct hold *hold)
{
	struct reader reader = reader_over(value.data, value.size);
	struct hold read;

	read.holder = (enum holder)reader_u8(&reader);
	read.id = reader_u32(&reader);
	read.until = (int64_t)reader_u64(&reader);
	if (!reader_done(&reader) || read.holder < HOLDER_USER || read.holder > HOLDER_GONE)
		return false;
	*hold = read;
	return true;
}

static enum fault
hold_decode(enum table_number table, struct span value, struct hold *hold, struct why *why)
{
	return hold_read(value, hold)
	    ? FAULT_NONE
	    : why_set(why, FAULT_UNAVAILABLE, "the database is damaged: table %s",
	          table_names[table]);
}

static enum fault
hold_get(struct txn *txn, enum table_number table, const char *name, struct hold *hold,
    struct why *why)
{
	struct span value;
	enum fault fault = table_get(txn->db, table, key_text(name), &value, why);

	return fault == FAULT_NONE ? hold_decode(table, value, hold, why) : fault;
}

enum fault
hold_write(struct txn *txn, enum table_number table, const char *name, const struct hold *hold,
    struct why *why)
{
	struct bytes value = {0};

	bytes_put_u8(&value, (uint8_t)hold->holder);
	bytes_put_u32(&value, hold->id);
	bytes_put_u64(&value, (uint64_t)hold->until);
	return table_put(txn->db, table, key_text(name), &value, why);
}

enum fault
name_holder(struct txn *txn, enum table_number table, const char *name, enum holder *holder,
    uint32_t *id, struct why *why)
{
	struct hold hold;
	enum fault fault = hold_get(txn, table, name, &hold, why);

	if (fault != FAULT_NONE)
		return fault;
	if (hold.holder == HOLDER_GONE)
		return why_set(why, FAULT_UNKNOWN, "not found");
	*holder = hold.holder;
	*id = hold.id;
	return FAULT_NONE;
}

enum fault
name_next(struct txn *txn, enum table_number table, char name[TABLE_KEY_MAX + 1],
    enum holder *holder, uint32_t *id, struct why *why)
{
	struct span key = key_text(name), value;
	struct hold hold;
	enum fault fault = table_seek(txn->db, table, true, &key, &value, why);

	if (fault == FAULT_NONE)
		fault = hold_decode(table, value, &hold, why);
	if (fault != FAULT_NONE)
		return fault;
	if (key.size > TABLE_KEY_MAX || memchr(key.data, '\0', key.size) != NULL)
		return why_set(why, FAULT_UNAVAILABLE, "the database is damaged: table %s",
		    table_names[table]);
	memcpy(name, key.data, key.size);
	name[key.size] = '\0';
	*holder = hold.holder;
	*id = hold.id;
	return FAULT_NONE;
}

/* Is it free for this id (0: for somebody new) at `now`? */
static enum fault
name_check(struct txn *txn, enum table_number table, const char *field, const char *name,
    uint32_t id, int64_t now, bool insist, struct why *why)
{
	char when[TIME_TEXT_BYTES];
	struct hold hold;
	enum fault fault = hold_get(txn, table, name, &hold, why);

	if (fault == FAULT_UNKNOWN)
		return FAULT_NONE;
	if (fault != FAULT_NONE)
		return fault;
	if (hold.id == id && id != 0)
		return FAULT_NONE;
	switch (hold.holder) {
	case HOLDER_USER:
		return why_field(why, FAULT_CONFLICT, field, "%s: a user has %s already", field, name);
	case HOLDER_GROUP:
		return why_field(why, FAULT_CONFLICT, field, "%s: %s is %s", field, name,
		    strcmp(name, ADMINS_GROUP) == 0 ? "Hexa's own group"
		                                    : "the group of a role");
	case HOLDER_GONE:
	case HOLDER_HOST: /* of no name */
		break;
	}
	if (hold.until <= now || insist)
		return FAULT_NONE;
	text_from_time(hold.until, when);
	return why_field(why, FAULT_CONFLICT, field,
	    "%s: %s was given up a short while ago, and is free from %s; root may insist with "
	    "--yes", field, name, when);
}

enum fault
name_is_free(struct txn *txn, const char *name, struct why *why)
{
	return name_check(txn, T_NAMES, "name", name, 0, txn->entry.when, false, why);
}

enum fault
group_name_is_free(struct txn *txn, const char *name, uint32_t gid, int64_t now, struct why *why)
{
	return name_check(txn, T_NAMES, "group", name, gid, now, txn->insist, why);
}

enum fault
name_may_take(struct txn *txn, enum table_number table, const char *field, const char *name,
    uint32_t id, struct why *why)
{
	return name_check(txn, table, field, name, id, txn->entry.when, txn->insist, why);
}

enum fault
name_hold(struct txn *txn, enum table_number table, const char *name, enum holder holder,
    uint32_t id, struct why *why)
{
	const struct hold hold = {.holder = holder, .id = id};

	return hold_write(txn, table, name, &hold, why);
}

enum fault
name_take(struct txn *txn, enum table_number table, const char *field, const char *name,
    enum holder holder, uint32_t id, struct why *why)
{
	enum fault fault = name_may_take(txn, table, field, name, id, why);

	return fault == FAULT_NONE ? name_hold(txn, table, name, holder, id, why) : fault;
}

enum fault
name_give_up(struct txn *txn, enum table_number table, const char *name, struct why *why)
{
	struct hold hold;
	enum fault fault = hold_get(txn, table, name, &hold, why);

	if (fault == FAULT_UNKNOWN)
		return FAULT_NONE;
	if (fault != FAULT_NONE)
		return fault;
	hold.holder = HOLDER_GONE;
	hold.until = txn->entry.when + NAME_KEPT_BACK;
	return hold_write(txn, table, name, &hold, why);
}

/* ---- ids ---------------------------------------------------------------------------------- */

/* An id that stands in T_META. */
enum fault
meta_id_get(struct txn *txn, const char *word, uint32_t *id, struct why *why)
{
	struct span value;
	struct reader reader;
	uint32_t read;
	enum fault fault = table_get(txn->db, T_META, key_text(word), &value, why);

	if (fault != FAULT_NONE)
		return fault == FAULT_UNKNOWN
		    ? why_set(why, FAULT_UNAVAILABLE, "the database is damaged: no %s", word)
		    : fault;
	reader = reader_over(value.data, value.size);
	read = reader_u32(&reader);
	if (!reader_done(&reader))
		return why_set(why, FAULT_UNAVAILABLE, "the database is damaged: %s", word);
	*id = read;
	return FAULT_NONE;
}

enum fault
meta_id_put(struct txn *txn, const char *word, uint32_t id, struct why *why)
{
	struct bytes value = {0};

	bytes_put_u32(&value, id);
	return table_put(txn->db, T_META, key_text(word), &value, why);
}

enum fault
id_start(struct txn *txn, uint32_t above, struct why *why)
{
	return meta_id_put(txn, META_NEXT_ID, above + 1, why);
}

enum fault
id_holder(struct txn *txn, uint32_t id, enum holder *holder, struct why *why)
{
	unsigned char buffer[4];
	struct span value;
	struct reader reader;
	enum holder read;
	enum fault fault = table_get(txn->db, T_IDS, key_u32(buffer, id), &value, why);

	if (fault != FAULT_NONE)
		return fault;
	reader = reader_over(value.data, value.size);
	read = (enum holder)reader_u8(&reader);
	if (!reader_done(&reader))
		return why_set(why, FAULT_UNAVAILABLE, "the database is damaged: table %s",
		    table_names[T_IDS]);
	*holder = read;
	return FAULT_NONE;
}

enum fault
id_was_given(struct txn *txn, uint32_t id, bool *given, struct why *why)
{
	enum holder holder = HOLDER_HOST;
	enum fault fault = id_holder(txn, id, &holder, why);

	if (fault != FAULT_NONE && fault != FAULT_UNKNOWN)
		return fault;
	*given = holder != HOLDER_HOST;
	return FAULT_NONE;
}

/* Does anybody have it, in the database or outside? */
static enum fault
id_is_taken(struct txn *txn, uint32_t id, bool *taken, struct why *why)
{
	struct store *store = txn->store;
	enum holder holder;
	enum fault fault = id_holder(txn, id, &holder, why);

	if (fault != FAULT_NONE && fault != FAULT_UNKNOWN)
		return fault;
	*taken = fault == FAULT_NONE;
	if (*taken || store->others.taken == NULL)
		return FAULT_NONE;
	return store->others.taken(store->others.context, id, taken, why);
}

enum fault
id_note_given(struct txn *txn, uint32_t id, enum holder holder, struct why *why)
{
	unsigned char buffer[4];
	struct bytes value = {0};

	bytes_put_u8(&value, (uint8_t)holder);
	return table_put(txn->db, T_IDS, key_u32(buffer, id), &value, why);
}

/*
 * The first id from `next` on that nobody has.  Behind the last range it goes on at the beginning,
 * where ids are that were passed over, or that ranges stated since then have brought.
 */
static enum fault
find_free(struct txn *txn, uint32_t next, uint32_t *id, struct why *why)
{
	bool around = false;

	for (unsigned tried = 0; tried < IDS_TRIED_MAX; tried++, next++) {
		bool taken = true;
		enum fault fault;

		next = ranges_next(&txn->ranges, next);
		if (next == 0 && !around) {
			around = true;
			next = ranges_next(&txn->ranges, 0);
		}
		if (next == 0)
			return why_set(why, FAULT_CONFLICT, "every id of the uid ranges is taken");
		fault = id_is_taken(txn, next, &taken, why);
		if (fault != FAULT_NONE)
			return fault;
		if (!taken) {
			*id = next;
			return FAULT_NONE;
		}
	}
	return why_set(why, FAULT_CONFLICT, "%d ids in a row belong to somebody else",
	    IDS_TRIED_MAX);
}

enum fault
id_take(struct txn *txn, enum holder holder, uint32_t *id, struct why *why)
{
	uint32_t next = 0, found = 0;
	enum fault fault = meta_id_get(txn, META_NEXT_ID, &next, why);

	if (fault == FAULT_NONE && txn->ranges.count == 0)
		fault = ranges_load(txn, &txn->ranges, why);
	if (fault == FAULT_NONE)
		fault = find_free(txn, next, &found, why);
	if (fault == FAULT_NONE)
		fault = id_note_given(txn, found, holder, why);
	if (fault == FAULT_NONE)
		fault = meta_id_put(txn, META_NEXT_ID, found + 1, why);
	if (fault == FAULT_NONE)
		*id = found;
	return fault;
}

enum fault
id_take_given(struct txn *txn, uint32_t uid, uint32_t gid, struct why *why)
{
	enum holder holder = HOLDER_HOST;
	bool given = false;
	enum fault fault = id_was_given(txn, uid, &given, why);

	if (fault == FAULT_NONE && given)
		fault = why_field(why, FAULT_CONFLICT, "uid",
		    "uid: Hexa has given %lu before, and files of whoever had it may be left",
		    (unsigned long)uid);
	if (fault == FAULT_NONE)
		fault = id_note_given(txn, uid, HOLDER_USER, why);
	if (fault != FAULT_NONE || gid == uid)
		return fault;
	fault = id_holder(txn, gid, &holder, why);
	if (fault == FAULT_UNKNOWN)
		return id_note_given(txn, gid, HOLDER_HOST, why);
	if (fault == FAULT_NONE && holder == HOLDER_GROUP)
		fault = why_field(why, FAULT_CONFLICT, "gid",
		    "gid: %lu is the group of a role, or was", (unsigned long)gid);
	return fault;
}

/* ---- the group of those who may act on Hexa ------------------------------------------------ */

enum fault
admins_start(struct txn *txn, struct why *why)
{
	uint32_t gid = 0;
	enum fault fault = id_take(txn, HOLDER_GROUP, &gid, why);

	if (fault == FAULT_NONE)
		fault = name_take(txn, T_NAMES, "group", ADMINS_GROUP, HOLDER_GROUP, gid, why);
	return fault == FAULT_NONE ? meta_id_put(txn, META_ADMINS_GID, gid, why) : fault;
}

enum fault
admins_gid(struct txn *txn, uint32_t *gid, struct why *why)
{
	return meta_id_get(txn, META_ADMINS_GID, gid, why);
}
