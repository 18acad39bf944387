/*
 * head.c - the journal's head as text.
 */
#include "hexa-admin/head.h"

#include <stdio.h>
#include <string.h>

#include "policy/text.h"

enum { NUMBER_BYTES = 24 }; /* the digits of 2^64, and the NUL */

void
hash_to_text(const unsigned char hash[CRYPTO_HASH_BYTES], char text[HASH_TEXT_BYTES])
{
	for (size_t i = 0; i < CRYPTO_HASH_BYTES; i++)
		snprintf(text + 2 * i, 3, "%02x", hash[i]);
}

/* -1: not a lower-case hexadecimal digit. */
static int
hex_value(char digit)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = digit == '\0' ? NULL : strchr(digits, digit);

	return at == NULL ? -1 : (int)(at - digits);
}

static bool
hash_from_text(const char *text, unsigned char hash[CRYPTO_HASH_BYTES])
{
	if (strlen(text) != HASH_TEXT_BYTES - 1)
		return false;
	for (size_t i = 0; i < CRYPTO_HASH_BYTES; i++) {
		int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		hash[i] = (unsigned char)(high * 16 + low);
	}
	return true;
}

bool
head_from_text(const char *text, uint64_t *sequence, unsigned char hash[CRYPTO_HASH_BYTES])
{
	unsigned char read[CRYPTO_HASH_BYTES];
	size_t digits = strcspn(text, ":");
	char number[NUMBER_BYTES];
	uint64_t value;

	if (text[digits] != ':' || digits >= sizeof(number))
		return false;
	memcpy(number, text, digits);
	number[digits] = '\0';
	if (!text_to_number(number, UINT64_MAX, &value) || value == 0 ||
	    !hash_from_text(text + digits + 1, read))
		return false;
	*sequence = value;
	memcpy(hash, read, sizeof(read));
	return true;
}
