/*
 * directory.c - the look-ups: which keys each asks for, in one snapshot.
 */
#include "directory/directory.h"

#include <stdlib.h>
#include <string.h>

#include "directory/layout.h"
#include "directory/record.h"
#include "directory/served.h"
#include "directory/tree.h"

/* What is asked, by name or (NULL) by id, and the answer as it stands in the buffer. */
struct query {
	const char *name;
	uint32_t id;
	char *buffer;
	size_t size;
	struct user_copy user;
	struct group_copy group;
	bool own; /* the group is a user's own */
};

static bool
is_login(const char *name)
{
	return served_name(name, strnlen(name, SERVED_NAME_BYTES + 1));
}

static enum lookup
find(struct view *view, const struct query *query, char by_name, char by_id, struct item *item)
{
	unsigned char key[IMAGE_KEY_MAX];
	size_t size = query->name ? image_key_text(key, by_name, query->name)
				  : image_key_id(key, by_id, query->id);

	return tree_find(view, key, size, item);
}

static enum lookup
read_user(struct view *view, void *context)
{
	struct query *query = context;
	struct item item;
	enum lookup lookup;

	if (!record_is_known(view))
		return LOOKUP_UNAVAILABLE;
	lookup = find(view, query, 'N', 'U', &item);
	if (lookup == LOOKUP_FOUND)
		lookup = record_user(
			view, &item, query->name, &query->user, query->buffer, query->size);
	if (lookup == LOOKUP_FOUND && !query->name && query->user.uid != query->id)
		lookup = LOOKUP_UNAVAILABLE;
	return lookup;
}

static enum lookup
user_by(struct directory *directory, struct query *query, struct passwd *out)
{
	enum lookup lookup = view_read(directory, read_user, query);

	if (lookup == LOOKUP_FOUND)
		record_user_point(&query->user, query->buffer, out);
	return lookup;
}

enum lookup
directory_user_by_name(struct directory *directory, const char *name, struct passwd *out,
	char *buffer, size_t size)
{
	struct query query = {.name = name, .buffer = buffer, .size = size};

	return is_login(name) ? user_by(directory, &query, out) : LOOKUP_NONE;
}

enum lookup
directory_user_by_uid(
	struct directory *directory, uid_t uid, struct passwd *out, char *buffer, size_t size)
{
	struct query query = {.id = uid, .buffer = buffer, .size = size};

	return image_id_is_served(uid) ? user_by(directory, &query, out) : LOOKUP_NONE;
}

/* A role group first: a user's own group is what is left when there is none of the name or gid. */
static enum lookup
read_group(struct view *view, void *context)
{
	struct query *query = context;
	struct item item;
	enum lookup lookup;

	if (!record_is_known(view))
		return LOOKUP_UNAVAILABLE;
	lookup = find(view, query, 'H', 'G', &item);
	if (lookup == LOOKUP_FOUND) {
		lookup = record_group(view, &item, &query->group, query->buffer, query->size);
	} else if (lookup == LOOKUP_NONE) {
		lookup = find(view, query, 'N', 'U', &item);
		if (lookup == LOOKUP_FOUND)
			lookup = record_own_group(
				view, &item, &query->group, query->buffer, query->size);
	}
	if (lookup != LOOKUP_FOUND)
		return lookup;
	/* A record that stands under another's key is damage. */
	if (query->name ? strcmp(query->buffer, query->name) != 0 : query->group.gid != query->id)
		return LOOKUP_UNAVAILABLE;
	return record_members(view, &query->group, query->buffer);
}

static enum lookup
group_by(struct directory *directory, struct query *query, struct group *out)
{
	enum lookup lookup = view_read(directory, read_group, query);

	if (lookup == LOOKUP_FOUND)
		record_group_point(&query->group, query->buffer, out);
	return lookup;
}

enum lookup
directory_group_by_name(
	struct directory *directory, const char *name, struct group *out, char *buffer, size_t size)
{
	struct query query = {.name = name, .buffer = buffer, .size = size};

	return is_login(name) ? group_by(directory, &query, out) : LOOKUP_NONE;
}

enum lookup
directory_group_by_gid(
	struct directory *directory, gid_t gid, struct group *out, char *buffer, size_t size)
{
	struct query query = {.id = gid, .buffer = buffer, .size = size};

	return image_id_is_served(gid) ? group_by(directory, &query, out) : LOOKUP_NONE;
}

/* Goes to the first record of a map behind `id`. */
static enum lookup
seek_behind(struct cursor *cursor, struct view *view, char map, uint32_t id)
{
	unsigned char key[IMAGE_KEY_MAX];

	if (!record_is_known(view))
		return LOOKUP_UNAVAILABLE;
	return cursor_seek(cursor, view, key, image_key_id(key, map, id + 1));
}

/*
 * The next record of the map, and the id in its key, which is beyond *id: otherwise a damaged file
 * would lead an enumeration in circles.  LOOKUP_NONE behind the map's last one.
 */
static enum lookup
next_of(struct cursor *cursor, struct view *view, char map, struct item *item, uint32_t *id)
{
	unsigned char key[5];
	enum lookup lookup = cursor_next(cursor, item);
	uint32_t next;

	if (lookup != LOOKUP_FOUND)
		return lookup;
	if (item->key_size != sizeof(key))
		return LOOKUP_NONE;
	view_copy(view, item->key, key, sizeof(key));
	if (key[0] != (unsigned char)map)
		return LOOKUP_NONE;
	next = (uint32_t)key[1] << 24 | (uint32_t)key[2] << 16 | (uint32_t)key[3] << 8 | key[4];
	if (next <= *id)
		return LOOKUP_UNAVAILABLE;
	*id = next;
	return LOOKUP_FOUND;
}

static enum lookup
read_next_user(struct view *view, void *context)
{
	struct query *query = context;
	struct cursor cursor;
	struct item item;
	uint32_t uid = query->id;
	enum lookup lookup = seek_behind(&cursor, view, 'U', uid);

	if (lookup == LOOKUP_UNAVAILABLE)
		return lookup;
	do {
		lookup = next_of(&cursor, view, 'U', &item, &uid);
		if (lookup != LOOKUP_FOUND)
			return lookup;
		lookup = record_user(view, &item, NULL, &query->user, query->buffer, query->size);
	} while (lookup == LOOKUP_NONE);
	if (lookup == LOOKUP_FOUND && uid != query->user.uid)
		lookup = LOOKUP_UNAVAILABLE;
	return lookup;
}

enum lookup
directory_user_next(
	struct directory *directory, uint32_t *after, struct passwd *out, char *buffer, size_t size)
{
	struct query query = {.id = *after, .buffer = buffer, .size = size};
	enum lookup lookup = view_read(directory, read_next_user, &query);

	if (lookup == LOOKUP_FOUND) {
		record_user_point(&query.user, buffer, out);
		*after = query.user.uid;
	}
	return lookup;
}

typedef enum lookup group_reader(struct view *view, const struct item *item,
	struct group_copy *copy, char *buffer, size_t size);

static enum lookup
next_group_of(struct view *view, struct query *query, char map, uint32_t after, group_reader *read)
{
	struct cursor cursor;
	struct item item;
	uint32_t gid = after;
	enum lookup lookup = seek_behind(&cursor, view, map, after);

	if (lookup == LOOKUP_UNAVAILABLE)
		return lookup;
	do {
		lookup = next_of(&cursor, view, map, &item, &gid);
		if (lookup != LOOKUP_FOUND)
			return lookup;
		lookup = read(view, &item, &query->group, query->buffer, query->size);
	} while (lookup == LOOKUP_NONE);
	if (lookup == LOOKUP_FOUND && gid != query->group.gid)
		return LOOKUP_UNAVAILABLE;
	return lookup == LOOKUP_FOUND ? record_members(view, &query->group, query->buffer) : lookup;
}

/* Ids that are served leave the top bit free: in *after it says that the own groups have begun. */
#define OWN_GROUPS UINT32_C(0x80000000)

static enum lookup
read_next_group(struct view *view, void *context)
{
	struct query *query = context;
	uint32_t after = query->id & ~OWN_GROUPS;
	enum lookup lookup;

	query->own = false;
	if (!(query->id & OWN_GROUPS)) {
		lookup = next_group_of(view, query, 'G', after, record_group);
		if (lookup != LOOKUP_NONE)
			return lookup;
		after = 0;
	}
	query->own = true;
	return next_group_of(view, query, 'U', after, record_own_group);
}

enum lookup
directory_group_next(
	struct directory *directory, uint32_t *after, struct group *out, char *buffer, size_t size)
{
	struct query query = {.id = *after, .buffer = buffer, .size = size};
	enum lookup lookup = view_read(directory, read_next_group, &query);

	if (lookup == LOOKUP_FOUND) {
		record_group_point(&query.group, buffer, out);
		*after = query.group.gid | (query.own ? OWN_GROUPS : 0);
	}
	return lookup;
}

enum { GIDS_FEW = 256 }; /* more than that need memory from the heap */

struct gids {
	const char *name;
	uint32_t primary;
	uint32_t count;
	uint32_t room;
	unsigned char *list; /* little-endian; `few`, or allocated */
	unsigned char few[4 * GIDS_FEW];
};

static void
gids_clear(struct gids *gids)
{
	if (gids->list != gids->few)
		free(gids->list);
	gids->list = gids->few;
	gids->room = GIDS_FEW;
}

static bool
gids_reserve(struct gids *gids, uint32_t count)
{
	unsigned char *list;

	if (count <= gids->room)
		return true;
	list = malloc(4 * (size_t)count);
	if (!list)
		return false;
	gids_clear(gids);
	gids->list = list;
	gids->room = count;
	return true;
}

static enum lookup
read_gids(struct view *view, void *context)
{
	struct gids *gids = context;
	struct query query = {.name = gids->name};
	struct item item;
	enum lookup lookup;

	if (!record_is_known(view))
		return LOOKUP_UNAVAILABLE;
	lookup = find(view, &query, 'N', 'U', &item);
	if (lookup == LOOKUP_FOUND)
		lookup = record_gids(view, &item, gids->name, &query.user);
	if (lookup != LOOKUP_FOUND)
		return lookup;
	if (!gids_reserve(gids, query.user.gid_count))
		return LOOKUP_AGAIN;
	gids->primary = query.user.gid;
	gids->count = query.user.gid_count;
	view_copy(view, query.user.gids, gids->list, 4 * (size_t)gids->count);
	return LOOKUP_FOUND;
}

enum lookup
directory_groups_of(struct directory *directory, const char *name, gid_t *primary,
	bool (*add)(void *context, gid_t gid), void *context)
{
	struct gids gids = {.name = name, .room = GIDS_FEW};
	uint32_t before = 0;
	enum lookup lookup;

	if (!is_login(name))
		return LOOKUP_NONE;
	gids.list = gids.few;
	lookup = view_read(directory, read_gids, &gids);
	if (lookup == LOOKUP_FOUND)
		*primary = gids.primary;
	for (uint32_t i = 0; lookup == LOOKUP_FOUND && i < gids.count; i++) {
		uint32_t gid = layout_u32(gids.list + 4 * (size_t)i);

		/* Ascending, so that none comes twice. */
		if (gid <= before || gid == gids.primary || !served_gid_in_list(gid))
			continue;
		before = gid;
		if (!add(context, gid))
			lookup = LOOKUP_AGAIN;
	}
	gids_clear(&gids);
	return lookup;
}

/* The key of what looks like an e-mail address or a phone number; 0: it looks like neither. */
static size_t
alias_key(unsigned char *key, const char *alias)
{
	bool mail = strchr(alias, '@') != NULL;
	size_t size = image_key_text(key, mail ? 'E' : 'P', alias);

	if (size < 2 || (!mail && key[1] != '+'))
		return 0;
	for (size_t i = 1; i < size; i++) {
		if (key[i] <= ' ' || key[i] > '~')
			return 0;
		if (!mail && i > 1 && (key[i] < '0' || key[i] > '9'))
			return 0;
		if (key[i] >= 'A' && key[i] <= 'Z')
			key[i] += 'a' - 'A';
	}
	return size;
}

struct alias {
	unsigned char key[IMAGE_KEY_MAX];
	size_t size;
	uint32_t uid;
};

static enum lookup
read_alias(struct view *view, void *context)
{
	struct alias *alias = context;
	struct item item;
	enum lookup lookup;

	if (!record_is_known(view))
		return LOOKUP_UNAVAILABLE;
	lookup = tree_find(view, alias->key, alias->size, &item);
	return lookup == LOOKUP_FOUND ? record_alias(view, &item, &alias->uid) : lookup;
}

enum lookup
directory_user_by_alias(struct directory *aliases, struct directory *directory, const char *alias,
	struct passwd *out, char *buffer, size_t size)
{
	struct alias found = {.size = 0};
	enum lookup lookup;

	found.size = alias_key(found.key, alias);
	if (found.size == 0)
		return LOOKUP_NONE;
	lookup = view_read(aliases, read_alias, &found);
	return lookup == LOOKUP_FOUND
		       ? directory_user_by_uid(directory, found.uid, out, buffer, size)
		       : lookup;
}

static enum lookup
read_state(struct view *view, void *context)
{
	return record_state(view, context);
}

enum lookup
directory_state(struct directory *directory, struct image_state *state)
{
	struct image_state found;
	enum lookup lookup = view_read(directory, read_state, &found);

	if (lookup == LOOKUP_FOUND)
		*state = found;
	return lookup;
}

static enum lookup
read_first_end(struct view *view, void *context)
{
	static const unsigned char first[] = {'X'};
	unsigned char key[IMAGE_KEY_MAX];
	struct cursor cursor;
	struct item item;
	uint32_t uid;
	enum lookup lookup;

	if (!record_is_known(view))
		return LOOKUP_UNAVAILABLE;
	lookup = cursor_seek(&cursor, view, first, sizeof(first));
	if (lookup != LOOKUP_UNAVAILABLE)
		lookup = cursor_next(&cursor, &item);
	if (lookup != LOOKUP_FOUND)
		return lookup;
	if (item.key_size == 0 || item.key_size > sizeof(key))
		return LOOKUP_UNAVAILABLE;
	view_copy(view, item.key, key, item.key_size);
	if (key[0] != first[0])
		return LOOKUP_NONE;
	return image_unpack_end(key, item.key_size, context, &uid) ? LOOKUP_FOUND
								   : LOOKUP_UNAVAILABLE;
}

enum lookup
directory_first_end(struct directory *aliases, uint64_t *end)
{
	uint64_t found;
	enum lookup lookup = view_read(aliases, read_first_end, &found);

	if (lookup == LOOKUP_FOUND)
		*end = found;
	return lookup;
}

struct note {
	const char *key;
	uint64_t number;
};

static enum lookup
read_note(struct view *view, void *context)
{
	struct note *note = context;
	unsigned char value[8];
	struct item item;
	enum lookup lookup;

	if (!record_is_known(view))
		return LOOKUP_UNAVAILABLE;
	lookup = tree_find(view, note->key, strlen(note->key), &item);
	if (lookup != LOOKUP_FOUND)
		return lookup;
	if (item.value_size != sizeof(value))
		return LOOKUP_UNAVAILABLE;
	view_copy(view, item.value, value, sizeof(value));
	note->number = 0;
	for (size_t i = 0; i < sizeof(value); i++)
		note->number = note->number << 8 | value[i];
	return LOOKUP_FOUND;
}

enum lookup
directory_note(struct directory *aliases, const char *key, uint64_t *number)
{
	struct note note = {.key = key};
	enum lookup lookup = view_read(aliases, read_note, &note);

	if (lookup == LOOKUP_FOUND)
		*number = note.number;
	return lookup;
}

void
directory_close(struct directory *directory)
{
	map_forget(directory);
}
