/*
 * image.c - packs the images that the published directory serves.  Only the writer links this.
 */
#include "directory/image.h"

#include <string.h>

#include "directory/layout.h"

/* Adds a string with its NUL to *size; false when the text outgrows its 16-bit offsets. */
static bool
measure(const char *text, size_t *size)
{
	size_t length = strnlen(text, UINT16_MAX);

	if (length >= UINT16_MAX - *size)
		return false;
	*size += length + 1;
	return true;
}

size_t
image_pack_user(const struct image_user *user, unsigned char *out, size_t room)
{
	const char *string[4] = {user->name, user->gecos, user->home, user->shell};
	size_t start[4];
	size_t text = 0;
	size_t need;

	for (size_t i = 0; i < 4; i++) {
		start[i] = text;
		if (!measure(string[i], &text))
			return 0;
	}
	if (user->gid_count > IMAGE_GIDS_MAX)
		return 0;
	need = USER_TEXT + text + 4 * user->gid_count;
	if (need > room)
		return need;

	layout_put_u32(out + USER_UID, user->uid);
	layout_put_u32(out + USER_GID, user->gid);
	layout_put_u16(out + USER_GECOS, (uint16_t)start[1]);
	layout_put_u16(out + USER_HOME, (uint16_t)start[2]);
	layout_put_u16(out + USER_SHELL, (uint16_t)start[3]);
	layout_put_u16(out + USER_TEXT_SIZE, (uint16_t)text);
	layout_put_u32(out + USER_GID_COUNT, (uint32_t)user->gid_count);
	for (size_t i = 0; i < 4; i++)
		memcpy(out + USER_TEXT + start[i], string[i], strlen(string[i]) + 1);
	for (size_t i = 0; i < user->gid_count; i++)
		layout_put_u32(out + USER_TEXT + text + 4 * i, user->gids[i]);
	return need;
}

size_t
image_pack_group(const struct image_group *group, unsigned char *out, size_t room)
{
	size_t text = 0;
	size_t need;

	if (!measure(group->name, &text))
		return 0;
	need = GROUP_TEXT + text;
	if (need > room)
		return need;

	layout_put_u32(out + GROUP_GID, group->gid);
	layout_put_u16(out + GROUP_FLAGS, group->members_listed ? GROUP_LISTED : 0);
	layout_put_u16(out + GROUP_TEXT_SIZE, (uint16_t)text);
	memcpy(out + GROUP_TEXT, group->name, text);
	return need;
}

size_t
image_pack_keys(const struct image_keys *keys, unsigned char *out, size_t room)
{
	if (keys->size == 0 || keys->size > IMAGE_KEYS_MAX)
		return 0;
	if (room < KEYS_TEXT + keys->size)
		return KEYS_TEXT + keys->size;
	layout_put_u32(out + KEYS_UID, keys->uid);
	layout_put_u64(out + KEYS_FROM, (uint64_t)keys->valid_from);
	layout_put_u64(out + KEYS_UNTIL, (uint64_t)keys->valid_until);
	memcpy(out + KEYS_TEXT, keys->lines, keys->size);
	return KEYS_TEXT + keys->size;
}

size_t
image_pack_state(const struct image_state *state, unsigned char *out, size_t room)
{
	if (room < STATE_SIZE)
		return STATE_SIZE;
	layout_put_u32(out + STATE_VERSION, IMAGE_VERSION);
	memcpy(out + STATE_GENERATION, state->generation, sizeof(state->generation));
	layout_put_u64(out + STATE_SEQUENCE, state->sequence);
	return STATE_SIZE;
}

size_t
image_pack_alias(uint32_t uid, unsigned char *out, size_t room)
{
	if (room < ALIAS_SIZE)
		return ALIAS_SIZE;
	layout_put_u32(out + ALIAS_UID, uid);
	return ALIAS_SIZE;
}
