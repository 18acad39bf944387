/*
 * keys.c - the look-up of a user's SSH keys.
 */
#include "directory/keys.h"

#include <string.h>

#include "directory/layout.h"
#include "directory/record.h"
#include "directory/served.h"
#include "directory/tree.h"

struct query {
	const char *name;
	int64_t now;
	char *buffer;
	size_t size;
	size_t used;
	uid_t uid;
};

/* Lines of text, each ended: what would begin another line or hide one is not let through. */
static bool
are_lines(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char byte = (unsigned char)text[i];

		if (byte == '\n' ? i == 0 || text[i - 1] == '\n' : byte < ' ' || byte > '~')
			return false;
	}
	return text[size - 1] == '\n';
}

static enum lookup
copy_keys(struct view *view, const struct item *item, uint32_t uid, struct query *query)
{
	unsigned char head[KEYS_TEXT];
	int64_t from, until;
	size_t size;

	if (item->value_size <= sizeof(head) || item->value_size - sizeof(head) > IMAGE_KEYS_MAX)
		return LOOKUP_UNAVAILABLE;
	size = item->value_size - sizeof(head);
	view_copy(view, item->value, head, sizeof(head));
	from = (int64_t)layout_u64(head + KEYS_FROM);
	until = (int64_t)layout_u64(head + KEYS_UNTIL);
	if (layout_u32(head + KEYS_UID) != uid || from < 0 || until < 0)
		return LOOKUP_UNAVAILABLE;
	if (query->now < from || (until != 0 && query->now > until))
		return LOOKUP_NONE;
	if (size > query->size)
		return LOOKUP_SMALL;
	view_copy(view, item->value + sizeof(head), query->buffer, size);
	query->used = size;
	query->uid = uid;
	return are_lines(query->buffer, size) ? LOOKUP_FOUND : LOOKUP_UNAVAILABLE;
}

static enum lookup
read_keys(struct view *view, void *context)
{
	struct query *query = context;
	unsigned char key[IMAGE_KEY_MAX];
	struct user_copy user;
	struct item item;
	enum lookup lookup;

	if (!record_is_known(view))
		return LOOKUP_UNAVAILABLE;
	lookup = tree_find(view, key, image_key_text(key, 'N', query->name), &item);
	if (lookup == LOOKUP_FOUND)
		lookup = record_gids(view, &item, query->name, &user);
	if (lookup == LOOKUP_FOUND)
		lookup = tree_find(view, key, image_key_id(key, 'K', user.uid), &item);
	return lookup == LOOKUP_FOUND ? copy_keys(view, &item, user.uid, query) : lookup;
}

enum lookup
directory_keys_of(struct directory *directory, const char *name, int64_t now, char *buffer,
	size_t size, size_t *used, uid_t *uid)
{
	struct query query = {.name = name, .now = now, .buffer = buffer, .size = size};
	enum lookup lookup;

	if (!served_name(name, strnlen(name, SERVED_NAME_BYTES + 1)))
		return LOOKUP_NONE;
	lookup = view_read(directory, read_keys, &query);
	if (lookup == LOOKUP_FOUND)
		*used = query.used;
	if (lookup == LOOKUP_FOUND && uid != NULL)
		*uid = query.uid;
	return lookup;
}
