/*
 * bytes.c - a growing buffer and the strict reader against it.
 */
#include "policy/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 256 }; /* bytes */

/*
 * Makes room for `size` more bytes.  The old block is wiped, not handed to realloc(), because it
 * may hold a secret.
 */
static bool
bytes_reserve(struct bytes *bytes, size_t size)
{
	size_t room = bytes->room == 0 ? FIRST_ROOM : bytes->room;
	unsigned char *data;

	if (bytes->failed || size > SIZE_MAX / 2 - bytes->size) {
		bytes->failed = true;
		return false;
	}
	if (size <= bytes->room - bytes->size)
		return true;
	while (room - bytes->size < size)
		room *= 2;
	data = malloc(room);
	if (data == NULL) {
		bytes->failed = true;
		return false;
	}
	if (bytes->size > 0)
		memcpy(data, bytes->data, bytes->size);
	if (bytes->data != NULL)
		explicit_bzero(bytes->data, bytes->room);
	free(bytes->data);
	bytes->data = data;
	bytes->room = room;
	return true;
}

void
bytes_put(struct bytes *bytes, const void *data, size_t size)
{
	if (size == 0 || !bytes_reserve(bytes, size))
		return;
	memcpy(bytes->data + bytes->size, data, size);
	bytes->size += size;
}

static void
put_little(struct bytes *bytes, uint64_t value, size_t width)
{
	unsigned char little[8];

	for (size_t i = 0; i < width; i++)
		little[i] = (unsigned char)(value >> (8 * i));
	bytes_put(bytes, little, width);
}

void
bytes_put_u8(struct bytes *bytes, uint8_t value)
{
	put_little(bytes, value, 1);
}

void
bytes_put_u16(struct bytes *bytes, uint16_t value)
{
	put_little(bytes, value, 2);
}

void
bytes_put_u32(struct bytes *bytes, uint32_t value)
{
	put_little(bytes, value, 4);
}

void
bytes_put_u64(struct bytes *bytes, uint64_t value)
{
	put_little(bytes, value, 8);
}

void
bytes_put_text(struct bytes *bytes, const char *text)
{
	size_t size = text == NULL ? 0 : strlen(text);

	if (size > UINT32_MAX) {
		bytes->failed = true;
		return;
	}
	bytes_put_u32(bytes, (uint32_t)size);
	bytes_put(bytes, text, size);
}

void
bytes_print(struct bytes *bytes, const char *format, ...)
{
	va_list arguments;
	size_t left;
	int size;

	/* Most texts are short, and fit into what there is. */
	if (!bytes_reserve(bytes, 1))
		return;
	left = bytes->room - bytes->size;
	va_start(arguments, format);
	size = vsnprintf((char *)bytes->data + bytes->size, left, format, arguments);
	va_end(arguments);
	if (size >= 0 && (size_t)size >= left && bytes_reserve(bytes, (size_t)size + 1)) {
		va_start(arguments, format);
		size = vsnprintf((char *)bytes->data + bytes->size, (size_t)size + 1, format,
		    arguments);
		va_end(arguments);
	}
	if (size < 0)
		bytes->failed = true;
	else if (!bytes->failed)
		bytes->size += (size_t)size;
}

void
bytes_put_quoted(struct bytes *bytes, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                            "0123456789_./+-";

	if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
		bytes_put(bytes, word, strlen(word));
		return;
	}
	bytes_put(bytes, "'", 1);
	for (; *word != '\0'; word++) {
		if (*word == '\'')
			bytes_put(bytes, "'\\''", 4);
		else
			bytes_put(bytes, word, 1);
	}
	bytes_put(bytes, "'", 1);
}

char *
bytes_take_text(struct bytes *bytes)
{
	char *text;

	bytes_put_u8(bytes, 0);
	if (bytes->failed) {
		bytes_clear(bytes);
		return NULL;
	}
	text = (char *)bytes->data;
	*bytes = (struct bytes){0};
	return text;
}

bool
bytes_take_into(struct bytes *bytes, char *out, size_t room)
{
	bool fits = !bytes->failed && bytes->size < room;

	if (fits && bytes->size > 0)
		memcpy(out, bytes->data, bytes->size);
	out[fits ? bytes->size : 0] = '\0';
	bytes_clear(bytes);
	return fits;
}

void
bytes_clear(struct bytes *bytes)
{
	if (bytes->data != NULL)
		explicit_bzero(bytes->data, bytes->room);
	free(bytes->data);
	*bytes = (struct bytes){0};
}

struct reader
reader_over(const void *data, size_t size)
{
	return (struct reader){.at = data, .left = size};
}

const void *
reader_bytes(struct reader *reader, size_t size)
{
	const unsigned char *at = reader->at;

	if (reader->failed || size > reader->left) {
		reader->failed = true;
		return NULL;
	}
	reader->at += size;
	reader->left -= size;
	return at;
}

static uint64_t
get_little(struct reader *reader, size_t width)
{
	const unsigned char *little = reader_bytes(reader, width);
	uint64_t value = 0;

	for (size_t i = 0; little != NULL && i < width; i++)
		value |= (uint64_t)little[i] << (8 * i);
	return value;
}

uint8_t
reader_u8(struct reader *reader)
{
	return (uint8_t)get_little(reader, 1);
}

uint16_t
reader_u16(struct reader *reader)
{
	return (uint16_t)get_little(reader, 2);
}

uint32_t
reader_u32(struct reader *reader)
{
	return (uint32_t)get_little(reader, 4);
}

uint64_t
reader_u64(struct reader *reader)
{
	return get_little(reader, 8);
}

char *
reader_text(struct reader *reader, size_t max)
{
	uint32_t size = reader_u32(reader);
	const void *data = NULL;
	char *text = NULL;

	if (!reader->failed && size <= max)
		data = reader_bytes(reader, size);
	if (data != NULL && memchr(data, '\0', size) == NULL)
		text = strndup(data, size);
	if (text == NULL)
		reader->failed = true;
	return text;
}

bool
reader_done(const struct reader *reader)
{
	return !reader->failed && reader->left == 0;
}

void
key_put_u32(unsigned char key[4], uint32_t value)
{
	for (size_t i = 0; i < 4; i++)
		key[i] = (unsigned char)(value >> (24 - 8 * i));
}

void
key_put_u64(unsigned char key[8], uint64_t value)
{
	for (size_t i = 0; i < 8; i++)
		key[i] = (unsigned char)(value >> (56 - 8 * i));
}

uint32_t
key_get_u32(const unsigned char key[4])
{
	uint32_t value = 0;

	for (size_t i = 0; i < 4; i++)
		value = value << 8 | key[i];
	return value;
}

uint64_t
key_get_u64(const unsigned char key[8])
{
	uint64_t value = 0;

	for (size_t i = 0; i < 8; i++)
		value = value << 8 | key[i];
	return value;
}
