/*
 * bytes.h - a growing byte buffer, and the strict little-endian reader that stands against it.
 * Records, journal entries and helper messages are built with the one and taken apart with the
 * other.
 */
#ifndef HEXA_POLICY_BYTES_H
#define HEXA_POLICY_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero is the empty buffer.  Once memory ran out `failed` stays set and nothing is added. */
struct bytes {
	unsigned char *data;
	size_t size;
	size_t room;
	bool failed;
};

void bytes_put(struct bytes *bytes, const void *data, size_t size);
void bytes_put_u8(struct bytes *bytes, uint8_t value);
void bytes_put_u16(struct bytes *bytes, uint16_t value);
void bytes_put_u32(struct bytes *bytes, uint32_t value);
void bytes_put_u64(struct bytes *bytes, uint64_t value);

/* A 32-bit length and then the bytes; NULL is written as the empty string. */
void bytes_put_text(struct bytes *bytes, const char *text);

/* printf into the buffer, without a final NUL. */
void bytes_print(struct bytes *bytes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A word as a shell takes it back: in single quotes unless it is plain. */
void bytes_put_quoted(struct bytes *bytes, const char *word);

/*
 * Ends the buffer with a NUL (not counted in size) and returns it as a string owned by the caller;
 * the buffer is empty again.  NULL when memory ran out anywhere on the way.
 */
char *bytes_take_text(struct bytes *bytes);

/*
 * The same into `out`, of `room` bytes with the final NUL.  False, and `out` is "", when it does
 * not fit or memory ran out: half of a command is another one.
 */
bool bytes_take_into(struct bytes *bytes, char *out, size_t room);

/* Wipes and frees: the buffer may have held a secret. */
void bytes_clear(struct bytes *bytes);

/*
 * Reads what bytes_put_*() wrote.  Every byte is distrusted: a read past the end gives zero (or
 * NULL) and sets `failed`, which the caller looks at once, at the end.
 */
struct reader {
	const unsigned char *at;
	size_t left;
	bool failed;
};

struct reader reader_over(const void *data, size_t size);
uint8_t reader_u8(struct reader *reader);
uint16_t reader_u16(struct reader *reader);
uint32_t reader_u32(struct reader *reader);
uint64_t reader_u64(struct reader *reader);

/* The next `size` bytes, inside the buffer that is read; NULL and failed when there are fewer. */
const void *reader_bytes(struct reader *reader, size_t size);

/*
 * A string that bytes_put_text() wrote, newly allocated.  Longer than `max` bytes, with a NUL
 * inside, or memory out: NULL and failed.
 */
char *reader_text(struct reader *reader, size_t max);

/* True when all was read well and nothing is left over. */
bool reader_done(const struct reader *reader);

/* Big-endian key bytes, so that keys sort as numbers do in memcmp order. */
void key_put_u32(unsigned char key[4], uint32_t value);
void key_put_u64(unsigned char key[8], uint64_t value);
uint32_t key_get_u32(const unsigned char key[4]);
uint64_t key_get_u64(const unsigned char key[8]);

#endif
