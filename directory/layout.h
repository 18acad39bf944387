/*
 * layout.h - the bytes of the images: what image.c writes and record.c reads.  Numbers are
 * little-endian and unaligned; strings end in a NUL and stand back to back.  docs/format.md shows
 * the same as tables.
 */
#ifndef HEXA_DIRECTORY_LAYOUT_H
#define HEXA_DIRECTORY_LAYOUT_H

#include <stdint.h>

/* A user: the header, name gecos home shell, then gid_count gids of four bytes, ascending. */
enum {
	USER_UID = 0,
	USER_GID = 4,
	USER_GECOS = 8,      /* u16: where the string begins in the text; the name begins at 0 */
	USER_HOME = 10,      /* u16 */
	USER_SHELL = 12,     /* u16 */
	USER_TEXT_SIZE = 14, /* u16: of the four strings with their NULs */
	USER_GID_COUNT = 16, /* u32 */
	USER_TEXT = 20,
};

/* A group: the header, then its name. */
enum {
	GROUP_GID = 0,
	GROUP_FLAGS = 4,     /* u16: GROUP_LISTED */
	GROUP_TEXT_SIZE = 6, /* u16: of the name with its NUL */
	GROUP_TEXT = 8,
};

enum { GROUP_LISTED = 1 }; /* the members stand under M */

/* SSH keys: the header, then lines of text without a NUL. */
enum { KEYS_UID = 0, KEYS_FROM = 4, KEYS_UNTIL = 12, KEYS_TEXT = 20 };

enum { STATE_VERSION = 0, STATE_GENERATION = 4, STATE_SEQUENCE = 20, STATE_SIZE = 28 };

enum { ALIAS_UID = 0, ALIAS_SIZE = 4 };

static inline void
layout_put_u16(unsigned char *at, uint16_t value)
{
	at[0] = (unsigned char)value;
	at[1] = (unsigned char)(value >> 8);
}

static inline void
layout_put_u32(unsigned char *at, uint32_t value)
{
	layout_put_u16(at, (uint16_t)value);
	layout_put_u16(at + 2, (uint16_t)(value >> 16));
}

static inline void
layout_put_u64(unsigned char *at, uint64_t value)
{
	layout_put_u32(at, (uint32_t)value);
	layout_put_u32(at + 4, (uint32_t)(value >> 32));
}

static inline uint16_t
layout_u16(const unsigned char *at)
{
	return (uint16_t)(at[0] | at[1] << 8);
}

static inline uint32_t
layout_u32(const unsigned char *at)
{
	return layout_u16(at) | (uint32_t)layout_u16(at + 2) << 16;
}

static inline uint64_t
layout_u64(const unsigned char *at)
{
	return layout_u32(at) | (uint64_t)layout_u32(at + 4) << 32;
}

#endif
