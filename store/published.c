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

/* ---- roles' facts ------------------------------------------------------------------------- */

static bool
has_gid(const uint32_t *gid, size_t count, uint32_t wanted)
{
	for (size_t i = 0; i < count; i++)
		if (gid[i] == wanted)
			return true;
	return false;
}

/* Adds a gid once.  gid 0 is root's group and never given. */
static enum fault
add_gid(uint32_t **gid, size_t *count, uint32_t wanted, struct why *why)
{
	uint32_t *more;

	if (wanted == 0 || has_gid(*gid, *count, wanted))
		return FAULT_NONE;
	more = reallocarray(*gid, *count + 1, sizeof(*more));
	if (more == NULL)
		return why_memory(why);
	more[(*count)++] = wanted;
	*gid = more;
	return FAULT_NONE;
}

static enum fault
gather_unix_gids(struct publication *publication, const struct role *role,
    struct role_facts *facts, struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; i < role->closure.count; i++) {
		const struct permission *permission =
		    rules_find(&publication->rules, role->closure.item[i]);

		for (size_t j = 0; fault == FAULT_NONE && permission != NULL &&
		    j < permission->unix_groups.count; j++)
			fault = add_gid(&facts->unix_gid, &facts->unix_count,
			    host_groups_gid(&publication->groups, permission->unix_groups.item[j]),
			    why);
	}
	return fault;
}

static void
facts_clear(struct role_facts *facts)
{
	free(facts->name);
	free(facts->unix_gid);
	*facts = (struct role_facts){0};
}

static enum fault
facts_make(struct publication *publication, const char *name, struct role_facts *facts,
    struct why *why)
{
	struct role role = {0};
	enum fault fault = role_get(publication->txn, name, &role, why);

	if (fault == FAULT_UNKNOWN)
		fault = FAULT_NONE;
	else if (fault == FAULT_NONE && !role.disabled) {
		facts->gid = role_group(&role) == NULL ? 0 : role.gid;
		fault = gather_unix_gids(publication, &role, facts, why);
	}
	role_clear(&role);
	if (fault == FAULT_NONE && (facts->name = strdup(name)) == NULL)
		fault = why_memory(why);
	return fault;
}

/* The facts of a role, read once in a publication; sorted by name. */
static enum fault
facts_of(struct publication *publication, const char *name, const struct role_facts **facts,
    struct why *why)
{
	size_t low = 0, high = publication->facts_count;
	struct role_facts fresh = {0}, *all;
	enum fault fault;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(publication->facts[middle].name, name);

		if (order == 0) {
			*facts = &publication->facts[middle];
			return FAULT_NONE;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	fault = facts_make(publication, name, &fresh, why);
	all = fault != FAULT_NONE ? NULL
	    : reallocarray(publication->facts, publication->facts_count + 1, sizeof(*all));
	if (all == NULL) {
		facts_clear(&fresh);
		return fault != FAULT_NONE ? fault : why_memory(why);
	}
	memmove(all + low + 1, all + low, (publication->facts_count - low) * sizeof(*all));
	all[low] = fresh;
	publication->facts = all;
	publication->facts_count++;
	*facts = &all[low];
	return FAULT_NONE;
}

enum fault
publication_start(struct publication *publication, const char *root, struct why *why)
{
	enum fault fault = host_groups_read(root, &publication->groups, why);

	return fault == FAULT_NONE ? rules_load(publication->txn, &publication->rules, why) : fault;
}

void
publication_clear(struct publication *publication)
{
	for (size_t i = 0; i < publication->facts_count; i++)
		facts_clear(&publication->facts[i]);
	free(publication->facts);
	rules_clear(&publication->rules);
	host_groups_clear(&publication->groups);
	*publication = (struct publication){0};
}

/* ---- notes: what was put there ------------------------------------------------------------ */

enum { NOTE_SCHEMA = 1 };

/* A user's: the names and role groups under which they stand.  All zero: nowhere. */
struct note {
	char *name;
	char *email; /* lower-cased */
	char *phone;
	uint32_t *gid; /* of role groups whose member they are */
	size_t count;
};

static void
note_clear(struct note *note)
{
	free(note->name);
	free(note->email);
	free(note->phone);
	free(note->gid);
	*note = (struct note){0};
}

static void
note_encode(const struct note *note, struct bytes *out)
{
	bytes_put_u16(out, NOTE_SCHEMA);
	bytes_put_text(out, note->name);
	bytes_put_text(out, note->email);
	bytes_put_text(out, note->phone);
	bytes_put_u32(out, (uint32_t)note->count);
	for (size_t i = 0; i < note->count; i++)
		bytes_put_u32(out, note->gid[i]);
}

static bool
note_decode(struct span value, struct note *note)
{
	struct reader reader = reader_over(value.data, value.size);
	bool known = reader_u16(&reader) == NOTE_SCHEMA;
	uint32_t count;

	note->name = reader_text(&reader, LOGIN_NAME_BYTES);
	note->email = reader_text(&reader, EMAIL_BYTES);
	note->phone = reader_text(&reader, PHONE_BYTES);
	count = reader_u32(&reader);
	if (!known || reader.failed || reader.left / 4 != count)
		return false;
	note->gid = calloc((size_t)count + 1, sizeof(*note->gid));
	if (note->gid == NULL)
		return false;
	for (; note->count < count; note->count++)
		note->gid[note->count] = reader_u32(&reader);
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

/* ---- a user ------------------------------------------------------------------------------- */

/* Takes out of the files what the note says and `now` does not say any more. */
static enum fault
take_out(struct publication *publication, const struct note *was, const struct note *now,
    struct why *why)
{
	bool *changed = &publication->changed, aliases = false;
	bool renamed = was->name != NULL && (now->name == NULL || strcmp(was->name, now->name) != 0);
	enum fault fault = FAULT_NONE;
	struct slot slot;

	for (size_t i = 0; fault == FAULT_NONE && i < was->count; i++) {
		if (!renamed && has_gid(now->gid, now->count, was->gid[i]))
			continue;
		slot = slot_member(publication->directory, was->gid[i], was->name);
		fault = slot_delete(&slot, changed, why);
	}
	if (fault == FAULT_NONE && renamed) {
		slot = slot_text(publication->directory, 'N', was->name);
		fault = slot_delete(&slot, changed, why);
	}
	if (fault == FAULT_NONE && was->email != NULL && *was->email != '\0' &&
	    (now->email == NULL || strcmp(was->email, now->email) != 0)) {
		slot = slot_text(publication->aliases, 'E', was->email);
		fault = slot_delete(&slot, &aliases, why);
	}
	if (fault == FAULT_NONE && was->phone != NULL && *was->phone != '\0' &&
	    (now->phone == NULL || strcmp(was->phone, now->phone) != 0)) {
		slot = slot_text(publication->aliases, 'P', was->phone);
		fault = slot_delete(&slot, &aliases, why);
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
	for (size_t i = 0; fault == FAULT_NONE && i < now->count; i++) {
		slot = slot_member(publication->directory, now->gid[i], now->name);
		fault = slot_put(&slot, (struct span){"", 0}, &publication->changed, why);
	}
	if (fault == FAULT_NONE)
		fault = put_alias(publication, 'E', now->email, uid, why);
	if (fault == FAULT_NONE)
		fault = put_alias(publication, 'P', now->phone, uid, why);
	return fault;
}

/* Role groups into the note, those and the host's groups into *gids. */
static enum fault
gather_groups(struct publication *publication, const struct user *user, struct note *note,
    uint32_t **gids, size_t *count, struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < user->roles.count; i++) {
		const struct role_facts *facts = NULL;

		fault = facts_of(publication, user->roles.item[i], &facts, why);
		if (fault == FAULT_NONE)
			fault = add_gid(&note->gid, &note->count, facts->gid, why);
		if (fault == FAULT_NONE)
			fault = add_gid(gids, count, facts->gid, why);
		for (size_t j = 0; fault == FAULT_NONE && j < facts->unix_count; j++)
			fault = add_gid(gids, count, facts->unix_gid[j], why);
	}
	return fault;
}

static int
compare_gids(const void *a, const void *b)
{
	uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;

	return one < other ? -1 : one > other;
}

static enum fault
pack_user(const struct user *user, const uint32_t *gids, size_t count, struct bytes *out,
    struct why *why)
{
	char *gecos = NULL;
	struct image_user image = {
	    .uid = user->uid,
	    .gid = user->gid,
	    .name = user->name,
	    .home = user->home == NULL ? "" : user->home,
	    .shell = user->shell == NULL ? "" : user->shell,
	    .gids = gids,
	    .gid_count = count,
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

static enum fault
put_user(struct publication *publication, const struct user *user, const struct note *was,
    struct why *why)
{
	struct note now = {
	    .name = strdup(user->name),
	    .email = text_lower(user->email == NULL ? "" : user->email),
	    .phone = strdup(user->phone == NULL ? "" : user->phone),
	};
	uint32_t *gids = NULL;
	size_t count = 0;
	struct bytes image = {0};
	enum fault fault = FAULT_NONE;

	if (now.name == NULL || now.email == NULL || now.phone == NULL)
		fault = why_memory(why);
	if (fault == FAULT_NONE)
		fault = gather_groups(publication, user, &now, &gids, &count, why);
	if (fault == FAULT_NONE && count > 0)
		qsort(gids, count, sizeof(*gids), compare_gids);
	if (fault == FAULT_NONE)
		fault = pack_user(user, gids, count, &image, why);
	if (fault == FAULT_NONE)
		fault = take_out(publication, was, &now, why);
	if (fault == FAULT_NONE)
		fault = put_in(publication, user->uid, &now, (struct span){image.data, image.size},
		    why);
	if (fault == FAULT_NONE)
		fault = note_write(publication, user->uid, &now, why);
	bytes_clear(&image);
	free(gids);
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

	if (fault == FAULT_NONE)
		fault = take_out(publication, was, &nowhere, why);
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

/* Counts holders no further than the limit. */
static enum fault
members_are_listed(struct publication *publication, const char *role, bool *listed,
    struct why *why)
{
	uint32_t uid = 0;
	unsigned count = 0;
	enum fault fault = FAULT_NONE;

	while (count <= GROUP_MEMBERS_MAX &&
	    (fault = role_member_next(publication->txn, role, uid, &uid, why)) == FAULT_NONE)
		count++;
	if (fault != FAULT_NONE && fault != FAULT_UNKNOWN)
		return fault;
	*listed = count <= GROUP_MEMBERS_MAX;
	return FAULT_NONE;
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
group_put_in(struct publication *publication, const char *role, const struct group_note *now,
    struct why *why)
{
	unsigned char value[64 + LOGIN_NAME_BYTES];
	struct image_group image = {.gid = now->gid, .name = now->name};
	struct slot slot;
	struct span packed = {value, 0};
	enum fault fault = members_are_listed(publication, role, &image.members_listed, why);

	if (fault != FAULT_NONE)
		return fault;
	packed.size = image_pack_group(&image, value, sizeof(value));
	slot = slot_id(publication->directory, 'G', now->gid);
	fault = slot_put(&slot, packed, &publication->changed, why);
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
	enum fault fault = group_note_read(publication, name, &was, why);

	if (fault == FAULT_NONE) {
		fault = role_get(publication->txn, name, &role, why);
		if (fault == FAULT_UNKNOWN)
			fault = FAULT_NONE;
		else if (fault == FAULT_NONE && role_group(&role) != NULL) {
			now.gid = role.gid;
			now.name = strdup(role_group(&role));
			fault = now.name == NULL ? why_memory(why) : FAULT_NONE;
		}
	}
	if (fault == FAULT_NONE)
		fault = group_take_out(publication, &was, &now, why);
	if (fault == FAULT_NONE && now.name != NULL)
		fault = group_put_in(publication, name, &now, why);
	if (fault == FAULT_NONE)
		fault = group_note_write(publication, name, &now, why);
	role_clear(&role);
	free(was.name);
	free(now.name);
	return fault;
}
