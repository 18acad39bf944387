/*
 * names.c - the published names in their order.
 */
#include "directory/names.h"

#include <string.h>

#include "directory/record.h"
#include "directory/tree.h"

struct step_on {
	char map;
	const char *after;
	char name[SERVED_NAME_BYTES + 1];
};

/* The name in an item's key; "" when the key is longer than one.  False: it is another map's. */
static bool
name_in(struct view *view, const struct item *item, char map, char name[SERVED_NAME_BYTES + 1])
{
	char letter;

	if (item->key_size == 0)
		return false;
	view_copy(view, item->key, &letter, 1);
	if (letter != map)
		return false;
	name[0] = '\0';
	if (item->key_size - 1 <= SERVED_NAME_BYTES) {
		view_copy(view, item->key + 1, name, item->key_size - 1);
		name[item->key_size - 1] = '\0';
	}
	return true;
}

static enum lookup
read_next_name(struct view *view, void *context)
{
	struct step_on *step = context;
	unsigned char key[IMAGE_KEY_MAX] = {(unsigned char)step->map};
	size_t size = image_key_text(key, step->map, step->after);
	struct cursor cursor;
	struct item item;
	enum lookup lookup;

	if (!record_is_known(view))
		return LOOKUP_UNAVAILABLE;
	/* The map's letter alone stands before all of its names. */
	lookup = cursor_seek(&cursor, view, key, size == 0 ? 1 : size);
	if (lookup == LOOKUP_UNAVAILABLE)
		return lookup;
	do {
		lookup = cursor_next(&cursor, &item);
		if (lookup == LOOKUP_FOUND && !name_in(view, &item, step->map, step->name))
			lookup = LOOKUP_NONE;
		/* In a damaged file they may stand in another order: none is to come twice. */
	} while (lookup == LOOKUP_FOUND &&
		(strcmp(step->name, step->after) <= 0 ||
			!served_name(step->name, strlen(step->name))));
	return lookup;
}

enum lookup
directory_name_next(struct directory *directory, enum directory_names which, const char *after,
	char name[SERVED_NAME_BYTES + 1])
{
	struct step_on step = {.map = which == DIRECTORY_USERS ? 'N' : 'H', .after = after};
	enum lookup lookup;

	if (strnlen(after, IMAGE_KEY_MAX) == IMAGE_KEY_MAX)
		return LOOKUP_NONE;
	lookup = view_read(directory, read_next_name, &step);
	if (lookup == LOOKUP_FOUND)
		memcpy(name, step.name, sizeof(step.name));
	return lookup;
}
