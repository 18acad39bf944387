/*
 * record.c - unpacks images.
 */
#include "directory/record.h"

#include <string.h>

#include "directory/layout.h"
#include "directory/served.h"

bool
image_unpack_state(const unsigned char *value, size_t size, struct image_state *state)
{
	if (size != STATE_SIZE || layout_u32(value + STATE_VERSION) != IMAGE_VERSION)
		return false;
	memcpy(state->generation, value + STATE_GENERATION, sizeof(state->generation));
	state->sequence = layout_u64(value + STATE_SEQUENCE);
	return true;
}

enum lookup
record_state(struct view *view, struct image_state *state)
{
	unsigned char key[IMAGE_KEY_MAX];
	unsigned char value[STATE_SIZE];
	struct item item;
	enum lookup lookup = tree_find(view, key, image_key_state(key), &item);

	if (lookup != LOOKUP_FOUND)
		return lookup;
	if (item.value_size != sizeof(value))
		return LOOKUP_UNAVAILABLE;
	view_copy(view, item.value, value, sizeof(value));
	return image_unpack_state(value, sizeof(value), state) ? LOOKUP_FOUND : LOOKUP_UNAVAILABLE;
}

/* Looked up once in each mapping: another layout always comes as another file. */
bool
record_is_known(struct view *view)
{
	struct image_state state;

	if (!view->known)
		view->known = record_state(view, &state) == LOOKUP_FOUND;
	return view->known;
}

/* The head of a user's image; false when the image is not as its own sizes say. */
static bool
user_head(struct view *view, const struct item *item, struct user_copy *copy)
{
	unsigned char head[USER_TEXT];
	uint32_t rest;

	if (item->value_size < sizeof(head))
		return false;
	view_copy(view, item->value, head, sizeof(head));
	copy->uid = layout_u32(head + USER_UID);
	copy->gid = layout_u32(head + USER_GID);
	copy->gecos = layout_u16(head + USER_GECOS);
	copy->home = layout_u16(head + USER_HOME);
	copy->shell = layout_u16(head + USER_SHELL);
	copy->text_size = layout_u16(head + USER_TEXT_SIZE);
	copy->gid_count = layout_u32(head + USER_GID_COUNT);
	rest = item->value_size - USER_TEXT;
	if (copy->text_size > rest || copy->gid_count > IMAGE_GIDS_MAX)
		return false;
	copy->gids = item->value + USER_TEXT + copy->text_size;
	return rest - copy->text_size == 4 * copy->gid_count && copy->gecos > 0 &&
	       copy->home > copy->gecos && copy->shell > copy->home &&
	       copy->text_size > copy->shell;
}

/* text[from..to) is a string of servable text and its NUL. */
static bool
is_served_string(const char *text, uint32_t from, uint32_t to)
{
	return served_text(text + from, to - from - 1);
}

enum lookup
record_user(struct view *view, const struct item *item, const char *name, struct user_copy *copy,
	char *buffer, size_t size)
{
	if (!user_head(view, item, copy))
		return LOOKUP_UNAVAILABLE;
	if (size < sizeof("*") || copy->text_size > size - sizeof("*"))
		return LOOKUP_SMALL;
	view_copy(view, item->value + USER_TEXT, buffer, copy->text_size);
	if (buffer[copy->gecos - 1] != '\0' || buffer[copy->home - 1] != '\0' ||
		buffer[copy->shell - 1] != '\0' || buffer[copy->text_size - 1] != '\0')
		return LOOKUP_UNAVAILABLE;
	if (name && strcmp(name, buffer) != 0)
		return LOOKUP_UNAVAILABLE;
	memcpy(buffer + copy->text_size, "*", sizeof("*"));
	if (!image_id_is_served(copy->uid) || !image_id_is_served(copy->gid) ||
		(!name && !served_name(buffer, copy->gecos - 1)) ||
		!is_served_string(buffer, copy->gecos, copy->home) ||
		!is_served_string(buffer, copy->home, copy->shell) ||
		!is_served_string(buffer, copy->shell, copy->text_size))
		return LOOKUP_NONE;
	return LOOKUP_FOUND;
}

void
record_user_point(const struct user_copy *copy, char *buffer, struct passwd *out)
{
	out->pw_name = buffer;
	out->pw_passwd = buffer + copy->text_size;
	out->pw_uid = copy->uid;
	out->pw_gid = copy->gid;
	out->pw_gecos = buffer + copy->gecos;
	out->pw_dir = buffer + copy->home;
	out->pw_shell = buffer + copy->shell;
}

/* Finds out how much text the buffer holds beside the pointer that ends the members. */
static bool
group_room(struct group_copy *copy, const char *buffer, size_t size)
{
	size_t astray = ((uintptr_t)buffer + size) % _Alignof(char *);

	if (size < astray || size - astray < sizeof(char *))
		return false;
	copy->room = size - astray - sizeof(char *);
	copy->used = 0;
	copy->members = 0;
	return true;
}

/* Puts a name of `size` bytes and a NUL behind the text. */
static bool
group_put(struct view *view, struct group_copy *copy, uint64_t at, size_t size, char *buffer)
{
	if (size >= copy->room - copy->used)
		return false;
	view_copy(view, at, buffer + copy->used, size);
	copy->used += size;
	buffer[copy->used++] = '\0';
	return true;
}

/* The group's name, which ends in a NUL in the image, and "*". */
static enum lookup
group_start(struct view *view, struct group_copy *copy, uint64_t at, size_t text_size, char *buffer,
	size_t size)
{
	if (!group_room(copy, buffer, size) || !group_put(view, copy, at, text_size - 1, buffer) ||
		copy->room - copy->used < sizeof("*"))
		return LOOKUP_SMALL;
	memcpy(buffer + copy->used, "*", sizeof("*"));
	copy->used += sizeof("*");
	if (!image_id_is_served(copy->gid) || !served_name(buffer, text_size - 1))
		return LOOKUP_NONE;
	return LOOKUP_FOUND;
}

enum lookup
record_group(struct view *view, const struct item *item, struct group_copy *copy, char *buffer,
	size_t size)
{
	unsigned char head[GROUP_TEXT];
	uint32_t text_size;

	if (item->value_size < sizeof(head))
		return LOOKUP_UNAVAILABLE;
	view_copy(view, item->value, head, sizeof(head));
	copy->gid = layout_u32(head + GROUP_GID);
	copy->listed = layout_u16(head + GROUP_FLAGS) & GROUP_LISTED;
	text_size = layout_u16(head + GROUP_TEXT_SIZE);
	if (text_size == 0 || text_size != item->value_size - GROUP_TEXT)
		return LOOKUP_UNAVAILABLE;
	return group_start(view, copy, item->value + GROUP_TEXT, text_size, buffer, size);
}

/*
 * Does the list hold the primary gid too?  It ascends; where a damaged one does not, the answer is
 * one of the two all the same.
 */
static bool
lists_primary(struct view *view, const struct user_copy *user)
{
	uint32_t low = 0, high = user->gid_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2, gid;
		unsigned char bytes[4];

		view_copy(view, user->gids + 4 * (uint64_t)middle, bytes, sizeof(bytes));
		gid = layout_u32(bytes);
		if (gid == user->gid)
			return true;
		if (gid < user->gid)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

enum lookup
record_own_group(struct view *view, const struct item *item, struct group_copy *copy, char *buffer,
	size_t size)
{
	struct user_copy user;

	if (!user_head(view, item, &user))
		return LOOKUP_UNAVAILABLE;
	if (user.gid != user.uid || lists_primary(view, &user))
		return LOOKUP_NONE;
	copy->gid = user.gid;
	copy->listed = false;
	return group_start(view, copy, item->value + USER_TEXT, user.gecos, buffer, size);
}

/* A member that may not be served is passed over. */
static enum lookup
group_add_member(struct view *view, struct group_copy *copy, uint64_t at, size_t size, char *buffer)
{
	char *name = buffer + copy->used;

	if (size == 0 || size > SERVED_NAME_BYTES)
		return LOOKUP_FOUND;
	if (copy->room - copy->used < sizeof(char *))
		return LOOKUP_SMALL;
	copy->room -= sizeof(char *);
	if (!group_put(view, copy, at, size, buffer))
		return LOOKUP_SMALL;
	if (served_name(name, size)) {
		copy->members++;
	} else {
		copy->room += sizeof(char *);
		copy->used -= size + 1;
	}
	return LOOKUP_FOUND;
}

enum lookup
record_members(struct view *view, struct group_copy *copy, char *buffer)
{
	unsigned char start[IMAGE_KEY_MAX];
	size_t start_size = image_key_id(start, 'M', copy->gid);
	struct cursor cursor;
	struct item item;
	enum lookup lookup;

	if (!copy->listed)
		return LOOKUP_FOUND;
	lookup = cursor_seek(&cursor, view, start, start_size);
	if (lookup == LOOKUP_UNAVAILABLE)
		return lookup;
	while ((lookup = cursor_next(&cursor, &item)) == LOOKUP_FOUND) {
		if (item.key_size < start_size ||
			view_compare(view, item.key, start, start_size) != 0)
			return LOOKUP_FOUND;
		lookup = group_add_member(
			view, copy, item.key + start_size, item.key_size - start_size, buffer);
		if (lookup != LOOKUP_FOUND)
			return lookup;
	}
	return lookup == LOOKUP_NONE ? LOOKUP_FOUND : lookup;
}

void
record_group_point(const struct group_copy *copy, char *buffer, struct group *out)
{
	char *next = buffer + strlen(buffer) + 1;

	out->gr_name = buffer;
	out->gr_passwd = next;
	out->gr_gid = copy->gid;
	out->gr_mem = (char **)(void *)(buffer + copy->room);
	for (size_t i = 0; i < copy->members; i++) {
		next += strlen(next) + 1;
		out->gr_mem[i] = next;
	}
	out->gr_mem[copy->members] = NULL;
}

enum lookup
record_gids(struct view *view, const struct item *item, const char *name, struct user_copy *copy)
{
	if (!user_head(view, item, copy) || copy->gecos != strlen(name) + 1 ||
		view_compare(view, item->value + USER_TEXT, name, copy->gecos) != 0)
		return LOOKUP_UNAVAILABLE;
	if (!image_id_is_served(copy->uid) || !image_id_is_served(copy->gid))
		return LOOKUP_NONE;
	return LOOKUP_FOUND;
}

enum lookup
record_alias(struct view *view, const struct item *item, uint32_t *uid)
{
	unsigned char value[ALIAS_SIZE];

	if (item->value_size != sizeof(value))
		return LOOKUP_UNAVAILABLE;
	view_copy(view, item->value, value, sizeof(value));
	*uid = layout_u32(value + ALIAS_UID);
	return LOOKUP_FOUND;
}
