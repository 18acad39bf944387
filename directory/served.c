/*
 * served.c - what NSS serves at all, whatever the published file says.
 */
#include "directory/served.h"

#include <string.h>

#include "directory/image.h"

bool
image_id_is_served(uint32_t id)
{
	if (id < 1000 || id > INT32_MAX)
		return false;
	/* systemd's dynamic users; nobody; and the 16-bit -1. */
	return !(id >= 61184 && id <= 65519) && id != 65534 && id != 65535;
}

bool
served_gid_in_list(uint32_t gid)
{
	return image_id_is_served(gid) || (gid > 0 && gid < 1000);
}

/*
 * What a byte is in a login name; 0: it cannot stand in one.  A table, for every member of a
 * group.
 */
enum { LETTER = 1, UNDERSCORE = 2, FURTHER = 4 };

static const unsigned char name_byte[256] = {
    ['a' ... 'z'] = LETTER,
    ['_'] = UNDERSCORE,
    ['0' ... '9'] = FURTHER,
    ['-'] = FURTHER,
};

bool
served_name(const char *bytes, size_t size)
{
	unsigned seen = 0;

	if (size == 0 || size > SERVED_NAME_BYTES ||
		(name_byte[(unsigned char)bytes[0]] & (LETTER | UNDERSCORE)) == 0)
		return false;
	for (size_t i = 0; i < size; i++) {
		unsigned is = name_byte[(unsigned char)bytes[i]];

		if (is == 0)
			return false;
		seen |= is;
	}
	return (seen & LETTER) != 0;
}

/* Code points beyond ASCII that print nothing of their own and change how a line is read. */
static bool
is_plain(uint32_t code)
{
	return code > 0x9f && code != 0x061c && code != 0x200e && code != 0x200f &&
	       !(code >= 0x2028 && code <= 0x202e) && !(code >= 0x2066 && code <= 0x2069);
}

/* How many bytes the UTF-8 character beyond ASCII takes; 0: it is none, or not plain. */
static size_t
wide_character(const unsigned char *at, size_t left)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t size = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
	uint32_t code = at[0] & (0xff >> (size + 1));

	if (at[0] < 0xc2 || at[0] > 0xf4 || size > left)
		return 0;
	for (size_t i = 1; i < size; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (at[i] & 0x3f);
	}
	if (code < least[size] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return is_plain(code) ? size : 0;
}

/* Eight bytes at once: none is below ' ', above '~', or ':'.  Most text is so from end to end. */
static bool
is_ascii(const unsigned char *at)
{
	const uint64_t each = UINT64_C(0x0101010101010101), high = each << 7;
	uint64_t word, colon, delete;

	memcpy(&word, at, sizeof(word));
	colon = word ^ each * ':';
	delete = word ^ each * 0x7f;
	return (((word - each * ' ') | (colon - each) | (delete - each) | word) & high) == 0;
}

bool
served_text(const char *bytes, size_t size)
{
	const unsigned char *at = (const unsigned char *)bytes;
	size_t i = 0;
	size_t step;

	while (size - i >= 8 && is_ascii(at + i))
		i += 8;
	if (i > 0 && size - i < 8 && is_ascii(at + size - 8))
		return true;
	for (; i < size; i += step) {
		step = at[i] < 0x80 ? 1 : wide_character(at + i, size - i);
		if (step == 0 || at[i] < 0x20 || at[i] == 0x7f || at[i] == ':')
			return false;
	}
	return true;
}
