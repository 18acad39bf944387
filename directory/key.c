/*
 * key.c - the keys of the published directory: a letter for the map, then a number or a text.
 */
#include "directory/image.h"

#include <string.h>

static void
put_id(unsigned char *at, uint32_t id)
{
	at[0] = (unsigned char)(id >> 24);
	at[1] = (unsigned char)(id >> 16);
	at[2] = (unsigned char)(id >> 8);
	at[3] = (unsigned char)id;
}

/* Puts `text` behind the first `used` bytes; 0 when it is empty or does not fit. */
static size_t
put_text(unsigned char *key, size_t used, const char *text)
{
	size_t size = strnlen(text, IMAGE_KEY_MAX);

	if (size == 0 || size > IMAGE_KEY_MAX - used)
		return 0;
	memcpy(key + used, text, size);
	return used + size;
}

size_t
image_key_id(unsigned char *key, char map, uint32_t id)
{
	key[0] = (unsigned char)map;
	put_id(key + 1, id);
	return 5;
}

size_t
image_key_text(unsigned char *key, char map, const char *text)
{
	key[0] = (unsigned char)map;
	return put_text(key, 1, text);
}

size_t
image_key_member(unsigned char *key, uint32_t gid, const char *name)
{
	return put_text(key, image_key_id(key, 'M', gid), name);
}

enum { END_KEY = 1 + 8 + 4 };

size_t
image_key_end(unsigned char *key, uint64_t end, uint32_t uid)
{
	key[0] = 'X';
	put_id(key + 1, (uint32_t)(end >> 32));
	put_id(key + 5, (uint32_t)end);
	put_id(key + 9, uid);
	return END_KEY;
}

static uint32_t
get_id(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

bool
image_unpack_end(const unsigned char *key, size_t size, uint64_t *end, uint32_t *uid)
{
	if (size != END_KEY || key[0] != 'X')
		return false;
	*end = (uint64_t)get_id(key + 1) << 32 | get_id(key + 5);
	*uid = get_id(key + 9);
	return true;
}

size_t
image_key_state(unsigned char *key)
{
	key[0] = 'S';
	return 1;
}
