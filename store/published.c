/*
 * published.c - one user's and one role's place in the published files.
 */
#include "store/published.h"

#include <stdlib.h>
#include <string.h>

#include "directory/image.h"
#include "policy/text.h"

/* ---- what stands in a published file ------------------------------------------------------ */

struct slot {
	struct db_txn *txn;
	unsigned char key[IMAGE_KEY_MAX];
	size_t size;
};

static struct span
slot_key(const struct slot *slot)
{
	return (struct span){slot->key, slot->size};
}

/* Writes unless the same stands there already; sets *changed when it does not. */
static enum fault
slot_put(const struct slot *slot, struct span value, bool *changed, struct why *why)
{
	struct span found;
	enum fault fault = db_get(slot->txn, 0, slot_key(slot), &found, why);

	if (fault == FAULT_NONE && found.size == value.size &&
	    (value.size == 0 || memcmp(found.data, value.data, value.size) == 0))
		return FAULT_NONE;
	if (fault != FAULT_NONE && fault != FAULT_UNKNOWN)
		return fault;
	*changed = true;
	return db_put(slot->txn, 0, slot_key(slot), value, why);
}

static enum fault
slot_delete(const struct slot *slot, bool *changed, struct why *why)
{
	enum fault fault = db_delete(slot->txn, 0, slot_key(slot), why);

	if (fault == FAULT_NONE)
		*changed = true;
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

static struct slot
slot_id(struct db_txn *txn, char map, uint32_t id)
{
	struct slot slot = {.txn = txn};

	slot.size = image_key_id(slot.key, map, id);
	return slot;
}

static struct slot
slot_text(struct db_txn *txn, char map, const char *text)
{
	struct slot slot = {.txn = txn};

	slot.size = image_key_text(slot.key, map, text);
	return slot;
}

static struct slot
slot_member(struct db_txn *txn, uint32_t gid, const char *name)
{
	struct slot slot = {.txn = txn};

	slot.size = image_key_member(slot.key, gid, name);
	return slot;
}

/* ---- beginning and end -------------------------------------------------------------------- */

enum fault
publication_start(struct publication *publication, const char *root, struct why *why)
{
	struct settings settings = {0};
	enum fault fault = host_groups_read(root, &publication->groups, why);

	if (fault == FAULT_NONE)
		fault = host_get(publication->txn, &publication->host, why);
	if (fault == FAULT_NONE)
		fault = admins_gid(publication->txn, &publication->admins, why);
	if (fault == FAULT_NONE && !image_id_is_served(publication->admins))
		publication->admins = 0;
	if (fault == FAULT_NONE)
		fault = settings_load(publication->txn, &settings, why);
	if (fault == FAULT_NONE) {
		publication->group_members = settings.group_members;
		publication->emails = settings.login_email;
		publication->phones = settings.login_phone;
	}
	settings_clear(&settings);
	return fault;
}

void
publication_clear(struct publication *publication)
{
	for (size_t i = 0; i < publication->facts_count; i++)
		role_facts_clear(&publication->facts[i]);
	free(publication->facts);
	rules_clear(&publication->rules);
	host_clear(&publication->host);
	host_groups_clear(&publication->groups);
	*publication = (struct publication){0};
}

/* ---- notes: what was put there ------------------------------------------------------------ */

enum { NOTE_SCHEMA = 2 };

/* A user's: the names and role groups under which they stand.  All zero: nowhere. */
struct note {
	char *name;
	char *email; /* lower-cased */
	char *phone;
	struct gids gids; /* of Hexa's groups whose member they are */
	int64_t end;      /* as memberships have it */
};

static void
note_clear(struct note *note)
{
	free(note->name);
	free(note->email);
	free(note->phone);
	gids_clear(&note->gids);
	*note = (struct note){0};
}

static void
note_encode(const struct note *note, struct bytes *out)
{
	bytes_put_u16(out, NOTE_SCHEMA);
	bytes_put_text(out, note->name);
	bytes_put_text(out, note->email);
	bytes_put_text(out, note->phone);
	bytes_put_u64(out, (uint64_t)note->end);
	bytes_put_u32(out, (uint32_t)note->gids.count);
	for (size_t i = 0; i < note->gids.count; i++)
		bytes_put_u32(out, note->gids.gid[i]);
}

static bool
note_decode(struct span value, struct note *note)
{
	struct reader reader = reader_over(value.data, value.size);
	bool known = reader_u16(&reader) == NOTE_SCHEMA;
	struct gids *gids = &note->gids;
	uint32_t count;

	note->name = reader_text(&reader, LOGIN_NAME_BYTES);
	note->email = reader_text(&reader, EMAIL_BYTES);
	note->phone = reader_text(&reader, PHONE_BYTES);
	note->end = (int64_t)reader_u64(&reader);
	count = reader_u32(&reader);
	if (!known || reader.failed || reader.left / 4 != count)
		return false;
	gids->gid = calloc((size_t)count + 1, sizeof(*gids->gid));
	if (gids->gid == NULL)
		return false;
	for (; gids->count < count; gids->count++)
		gids->gid[gids->count] = reader_u32(&reader);
	return reader_done(&reader);
}

static enum fault
note_read(struct publication *publication, uint32_t uid, struct note *note, struct why *why)
{
	struct slot slot = slot_id(publication->aliases, 'R', uid);
	struct span value;
	enum fault fault = db_get(slot.txn, 0, slot_key(&slot), &value, why);

	if (fault == FAULT_UNKNOWN)
		return FAULT_NONE;
	if (fault == FAULT_NONE && !note_decode(value, note)) {
		note_clear(note);
		fault = why_set(why, FAULT_UNAVAILABLE, "the published aliases are damaged");
	}
	return fault;
}

static enum fault
note_write(struct publication *publication, uint32_t uid, const struct note *note, struct why *why)
{
	struct slot slot = slot_id(publication->aliases, 'R', uid);
	struct bytes value = {0};
	bool changed = false;
	enum fault fault;

	note_encode(note, &value);
	fault = value.failed ? why_memory(why)
	    : slot_put(&slot, (struct span){value.data, value.size}, &changed, why);
	bytes_clear(&value);
	return fault;
}

/* ---- ends --------------------------------------------------------------------------------- */

static struct slot
slot_end(struct db_txn *txn, int64_t end, uint32_t uid)
{
	struct slot slot = {.txn = txn};

	slot.size = image_key_end(slot.key, (uint64_t)end, uid);
	return slot;
}

static enum fault
move_end(struct publication *publication, uint32_t uid, int64_t was, int64_t now, struct why *why)
{
	bool aliases = false;
	enum fault fault = FAULT_NONE;
	struct slot slot;

	if (was != 0 && was != now) {
		slot = slot_end(publication->aliases, was, uid);
		fault = slot_delete(&slot, &aliases, why);
	}
	if (fault == FAULT_NONE && now != 0) {
		slot = slot_end(publication->aliases, now, uid);
		fault = slot_put(&slot, (struct span){"", 0}, &aliases, why);
	}
	return fault;
}

/* Taken out here, so that one which no user's note knows does not come again and again. */
enum fault
publish_ended(struct publication *publication, bool *ended, uint32_t *uid, struct why *why)
{
	struct slot slot = {.txn = publication->aliases, .key = {'X'}, .size = 1};
	struct span key = slot_key(&slot), value;
	bool aliases = false;
	uint64_t end;
	uint32_t whose;
	enum fault fault = db_seek(slot.txn, 0, false, &key, &value, why);

	*ended = false;
	if (fault == FAULT_UNKNOWN || (fault == FAULT_NONE && *(const char *)key.data != 'X'))
		return FAULT_NONE;
	if (fault == FAULT_NONE && !image_unpack_end(key.data, key.size, &end, &whose))
		fault = why_set(why, FAULT_UNAVAILABLE, "the published aliases are damaged");
	if (fault != FAULT_NONE || end >= (uint64_t)publication->now)
		return fault;
	slot = slot_end(slot.txn, (int64_t)end, whose);
	fault = slot_delete(&slot, &aliases, why);
	if (fault == FAULT_NONE) {
		*ended = true;
		*uid = whose;
	}
	return fault;
}

/* ---- SSH keys ----------------------------------------------------------------------------- */

/* nscd knows nothing of them: that one changed is nothing for it to forget. */
static enum fault
publish_keys(struct publication *publication, const struct user *user, struct why *why)
{
	struct slot slot = slot_id(publication->directory, 'K', user->uid);
	struct bytes image = {0};
	bool changed = false;
	enum fault fault = keys_image(publication->txn, user, &image, why);

	if (fault == FAULT_NONE)
		fault = image.size == 0
		    ? slot_delete(&slot, &changed, why)
		    : slot_put(&slot, (struct span){image.data, image.size}, &changed, why);
	bytes_clear(&image);
	return fault;
}

static enum fault
remove_keys(struct publication *publication, uint32_t uid, struct why *why)
{
	struct slot slot = slot_id(publication->directory, 'K', uid);
	bool changed = false;

	return slot_delete(&slot, &changed, why);
}

/* ---- a user ------------------------------------------------------------------------------- */

/* Takes out what stands under a name that somebody else may have come to have. */
static enum fault
give_up(struct publication *publication, const struct slot *slot, bool *changed, struct why *why)
{
	publication->gave_up = true;
	return slot_delete(slot, changed, why);
}

/* Takes out of the files what the note says and `now` does not say any more. */
static enum fault
take_out(struct publication *publication, const struct note *was, const struct note *now,
    struct why *why)
{
	bool *changed = &publication->changed, aliases = false;
	bool renamed = was->name != NULL && (now->name == NULL || strcmp(was->name, now->name) != 0);
	enum fault fault = FAULT_NONE;
	struct slot slot;

	for (size_t i = 0; fault == FAULT_NONE && i < was->gids.count; i++) {
		if (!renamed && gids_have(&now->gids, was->gids.gid[i]))
			continue;
		slot = slot_member(publication->directory, was->gids.gid[i], was->name);
		fault = give_up(publication, &slot, changed, why);
	}
	if (fault == FAULT_NONE && renamed) {
		slot = slot_text(publication->directory, 'N', was->name);
		fault = give_up(publication, &slot, changed, why);
	}
	if (fault == FAULT_NONE && was->email != NULL && *was->email != '\0' &&
	    (now->email == NULL || strcmp(was->email, now->email) != 0)) {
		slot = slot_text(publication->aliases, 'E', was->email);
		fault = give_up(publication, &slot, &aliases, why);
	}
	if (fault == FAULT_NONE && was->phone != NULL && *was->phone != '\0' &&
	    (now->phone == NULL || strcmp(was->phone, now->phone) != 0)) {
		slot = slot_text(publication->aliases, 'P', was->phone);
		fault = give_up(publication, &slot, &aliases, why);
	}
	return fault;
}

static enum fault
put_alias(struct publication *publication, char map, const char *alias, uint32_t uid,
    struct why *why)
{
	struct slot slot = slot_text(publication->aliases, map, alias);
	unsigned char value[16];
	bool changed = false;

	if (*alias == '\0')
		return FAULT_NONE;
	return slot_put(&slot, (struct span){value, image_pack_alias(uid, value, sizeof(value))},
	    &changed, why);
}

/* Under both keys, and as a member of each role group. */
static enum fault
put_in(struct publication *publication, uint32_t uid, const struct note *now, struct span image,
    struct why *why)
{
	struct slot slot = slot_id(publication->directory, 'U', uid);
	enum fault fault = slot_put(&slot, image, &publication->changed, why);

	if (fault == FAULT_NONE) {
		slot = slot_text(publication->directory, 'N', now->name);
		fault = slot_put(&slot, image, &publication->changed, why);
	}
	for (size_t i = 0; fault == FAULT_NONE && i < now->gids.count; i++) {
		slot = slot_member(publication->directory, now->gids.gid[i], now->name);
		fault = slot_put(&slot, (struct span){"", 0}, &publication->changed, why);
	}
	if (fault == FAULT_NONE)
		fault = put_alias(publication, 'E', now->email, uid, why);
	if (fault == FAULT_NONE)
		fault = put_alias(publication, 'P', now->phone, uid, why);
	return fault;
}

static enum fault
pack_user(const struct user *user, const struct gids *gids, struct bytes *out, struct why *why)
{
	char *gecos = NULL;
	struct image_user image = {
	    .uid = user->uid,
	    .gid = user->gid,
	    .name = user->name,
	    .home = user->home == NULL ? "" : user->home,
	    .shell = user->shell == NULL ? "" : user->shell,
	    .gids = gids->gid,
	    .gid_count = gids->count,
	};
	struct bytes text = {0};
	size_t size;

	bytes_print(&text, "%s %s", user->first_name, user->last_name);
	image.gecos = gecos = bytes_take_text(&text);
	if (gecos == NULL)
		return why_memory(why);
	size = image_pack_user(&image, NULL, 0);
	if (size != 0 && (out->data = malloc(size)) != NULL) {
		out->room = size;
		out->size = image_pack_user(&image, out->data, size);
	}
	free(gecos);
	return out->data != NULL ? FAULT_NONE : why_memory(why);
}

/* Does the user come into the group of those who may act on Hexa, or leave it? */
static void
note_admins(struct publication *publication, const struct note *was, const struct note *now)
{
	publication->admins_moved |= gids_have(&was->gids, publication->admins) !=
	    gids_have(&now->gids, publication->admins);
}

/*
 * An address or number by which nobody may log in leads nowhere: su(1) would look it up by itself,
 * and ask PAM about the login name.
 */
static const char *
alias_of(const char *value, bool counts)
{
	return value == NULL || !counts ? "" : value;
}

static enum fault
put_user(struct publication *publication, const struct user *user, const struct note *was,
    struct why *why)
{
	struct note now = {
	    .name = strdup(user->name),
	    .email = text_lower(alias_of(user->email, publication->emails)),
	    .phone = strdup(alias_of(user->phone, publication->phones)),
	};
	struct memberships memberships = {0};
	struct bytes image = {0};
	enum fault fault = FAULT_NONE;

	if (now.name == NULL || now.email == NULL || now.phone == NULL)
		fault = why_memory(why);
	if (fault == FAULT_NONE)
		fault = memberships_of(publication, user, &memberships, why);
	if (fault == FAULT_NONE) {
		now.gids = memberships.roles;
		memberships.roles = (struct gids){0};
		now.end = memberships.end;
		note_admins(publication, was, &now);
		fault = pack_user(user, &memberships.all, &image, why);
	}
	if (fault == FAULT_NONE)
		fault = take_out(publication, was, &now, why);
	if (fault == FAULT_NONE)
		fault = put_in(publication, user->uid, &now, (struct span){image.data, image.size},
		    why);
	if (fault == FAULT_NONE)
		fault = move_end(publication, user->uid, was->end, now.end, why);
	if (fault == FAULT_NONE)
		fault = publish_keys(publication, user, why);
	if (fault == FAULT_NONE)
		fault = note_write(publication, user->uid, &now, why);
	bytes_clear(&image);
	memberships_clear(&memberships);
	note_clear(&now);
	return fault;
}

static enum fault
remove_user(struct publication *publication, uint32_t uid, const struct note *was, struct why *why)
{
	static const struct note nowhere;
	struct slot slot = slot_id(publication->directory, 'U', uid);
	bool aliases = false;
	enum fault fault = slot_delete(&slot, &publication->changed, why);

	note_admins(publication, was, &nowhere);
	if (fault == FAULT_NONE)
		fault = remove_keys(publication, uid, why);
	if (fault == FAULT_NONE)
		fault = take_out(publication, was, &nowhere, why);
	if (fault == FAULT_NONE)
		fault = move_end(publication, uid, was->end, 0, why);
	if (fault == FAULT_NONE) {
		slot = slot_id(publication->aliases, 'R', uid);
		fault = slot_delete(&slot, &aliases, why);
	}
	return fault;
}

enum fault
publish_user(struct publication *publication, uint32_t uid, struct why *why)
{
	struct note was = {0};
	struct user user = {0};
	enum fault fault = note_read(publication, uid, &was, why);

	if (fault == FAULT_NONE) {
		fault = user_get(publication->txn, uid, &user, why);
		if (fault == FAULT_UNKNOWN)
			fault = remove_user(publication, uid, &was, why);
		else if (fault == FAULT_NONE)
			fault = put_user(publication, &user, &was, why);
	}
	user_clear(&user);
	note_clear(&was);
	return fault;
}

/* ---- a role's group ----------------------------------------------------------------------- */

static enum fault
members_are_listed(struct publication *publication, const char *role, bool *listed,
    struct why *why)
{
	uint64_t count = 0;
	enum fault fault = index_count(publication->txn, T_MEMBERS, role, &count, why);

	if (fault == FAULT_NONE)
		*listed = count <= publication->group_members;
	return fault;
}

/* A role's note: the gid and name of the group that it stands under. */
struct group_note {
	uint32_t gid;
	char *name;
};

static enum fault
group_note_read(struct publication *publication, const char *role, struct group_note *note,
    struct why *why)
{
	struct slot slot = slot_text(publication->aliases, 'Q', role);
	struct span value;
	struct reader reader;
	enum fault fault = db_get(slot.txn, 0, slot_key(&slot), &value, why);

	if (fault != FAULT_NONE)
		return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
	reader = reader_over(value.data, value.size);
	note->gid = reader_u32(&reader);
	note->name = reader_text(&reader, LOGIN_NAME_BYTES);
	if (reader_done(&reader))
		return FAULT_NONE;
	return why_set(why, FAULT_UNAVAILABLE, "the published aliases are damaged");
}

static enum fault
group_note_write(struct publication *publication, const char *role, const struct group_note *note,
    struct why *why)
{
	struct slot slot = slot_text(publication->aliases, 'Q', role);
	struct bytes value = {0};
	bool changed = false;
	enum fault fault;

	if (note->name == NULL)
		return slot_delete(&slot, &changed, why);
	bytes_put_u32(&value, note->gid);
	bytes_put_text(&value, note->name);
	fault = value.failed ? why_memory(why)
	    : slot_put(&slot, (struct span){value.data, value.size}, &changed, why);
	bytes_clear(&value);
	return fault;
}

static enum fault
group_take_out(struct publication *publication, const struct group_note *was,
    const struct group_note *now, struct why *why)
{
	enum fault fault = FAULT_NONE;
	struct slot slot;

	if (was->name == NULL)
		return FAULT_NONE;
	if (now->name == NULL || strcmp(was->name, now->name) != 0) {
		slot = slot_text(publication->directory, 'H', was->name);
		fault = slot_delete(&slot, &publication->changed, why);
	}
	if (fault == FAULT_NONE && now->name == NULL) {
		slot = slot_id(publication->directory, 'G', was->gid);
		fault = slot_delete(&slot, &publication->changed, why);
	}
	return fault;
}

static enum fault
group_put_in(struct publication *publication, const struct group_note *now, bool members_listed,
    struct why *why)
{
	unsigned char value[64 + LOGIN_NAME_BYTES];
	const struct image_group image = {
	    .gid = now->gid, .name = now->name, .members_listed = members_listed};
	struct span packed = {value, image_pack_group(&image, value, sizeof(value))};
	struct slot slot = slot_id(publication->directory, 'G', now->gid);
	enum fault fault = slot_put(&slot, packed, &publication->changed, why);

	if (fault == FAULT_NONE) {
		slot = slot_text(publication->directory, 'H', now->name);
		fault = slot_put(&slot, packed, &publication->changed, why);
	}
	return fault;
}

enum fault
publish_role(struct publication *publication, const char *name, struct why *why)
{
	struct role role = {0};
	struct group_note was = {0}, now = {0};
	bool listed = false;
	enum fault fault = group_note_read(publication, name, &was, why);

	if (fault == FAULT_NONE) {
		fault = role_get(publication->txn, name, &role, why);
		if (fault == FAULT_UNKNOWN)
			fault = FAULT_NONE;
		else if (fault == FAULT_NONE && role_group(&role) != NULL &&
		    image_id_is_served(role.gid)) {
			now.gid = role.gid;
			now.name = strdup(role_group(&role));
			fault = now.name == NULL ? why_memory(why) : FAULT_NONE;
		}
	}
	if (fault == FAULT_NONE)
		fault = group_take_out(publication, &was, &now, why);
	if (fault == FAULT_NONE && now.name != NULL)
		fault = members_are_listed(publication, name, &listed, why);
	if (fault == FAULT_NONE && now.name != NULL)
		fault = group_put_in(publication, &now, listed, why);
	if (fault == FAULT_NONE)
		fault = group_note_write(publication, name, &now, why);
	role_clear(&role);
	free(was.name);
	free(now.name);
	return fault;
}

/* ---- the group of those who may act on Hexa ------------------------------------------------ */

/* More members than are listed are not counted out. */
static enum fault
admins_are_listed(struct publication *publication, bool *listed, struct why *why)
{
	struct slot slot = slot_id(publication->directory, 'M', publication->admins);
	struct span key = slot_key(&slot), value;
	uint64_t count = 0;
	enum fault fault;

	while ((fault = db_seek(slot.txn, 0, count > 0, &key, &value, why)) == FAULT_NONE) {
		if (key.size < slot.size || memcmp(key.data, slot.key, slot.size) != 0)
			break;
		if (++count > publication->group_members)
			break;
	}
	if (fault != FAULT_NONE && fault != FAULT_UNKNOWN)
		return fault;
	*listed = count <= publication->group_members;
	return FAULT_NONE;
}

enum fault
publish_admins(struct publication *publication, struct why *why)
{
	static char name[] = ADMINS_GROUP;
	const struct group_note now = {.gid = publication->admins, .name = name};
	bool listed = false;
	enum fault fault;

	if (now.gid == 0)
		return FAULT_NONE;
	fault = admins_are_listed(publication, &listed, why);
	return fault == FAULT_NONE ? group_put_in(publication, &now, listed, why) : fault;
}
