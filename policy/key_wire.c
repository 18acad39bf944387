/*
 * key_wire.c - the types of keys, and the bytes of each.
 */
#include "policy/key_wire.h"

#include <string.h>

static const struct key_type types[] = {
	{"ssh-ed25519", FORM_ED25519, 256, NULL, false},
	{"sk-ssh-ed25519@openssh.com", FORM_ED25519, 256, NULL, true},
	{"ecdsa-sha2-nistp256", FORM_ECDSA, 256, "nistp256", false},
	{"ecdsa-sha2-nistp384", FORM_ECDSA, 384, "nistp384", false},
	{"ecdsa-sha2-nistp521", FORM_ECDSA, 521, "nistp521", false},
	{"sk-ecdsa-sha2-nistp256@openssh.com", FORM_ECDSA, 256, "nistp256", true},
	{"ssh-rsa", FORM_RSA, 0, NULL, false},
};

enum {
	ED25519_BYTES = 32,
	UNCOMPRESSED = 4,       /* the first byte of a point that is written out (SEC 1, 2.3.3) */
	EXPONENT_BITS_MOST = 64, /* OpenSSL verifies with no larger one, for large keys */
	APPLICATION_BYTES = 255, /* of what a token's key is for, as "ssh:" */
};

const struct key_type *
key_type_find(const char *name, size_t size)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strlen(types[i].name) == size && memcmp(types[i].name, name, size) == 0)
			return &types[i];
	return NULL;
}

/* ---- strings and numbers ------------------------------------------------------------------ */

struct part {
	const unsigned char *data;
	size_t size;
};

/* The next string: its length in four bytes, big-endian, and as many bytes. */
static bool
take(struct part *rest, struct part *part)
{
	const unsigned char *at = rest->data;
	size_t size;

	if (rest->size < 4)
		return false;
	size = (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
	if (size > rest->size - 4)
		return false;
	*part = (struct part){at + 4, size};
	*rest = (struct part){at + 4 + size, rest->size - 4 - size};
	return true;
}

static bool
take_word(struct part *rest, const char *word)
{
	struct part part;

	return take(rest, &part) && part.size == strlen(word) &&
	    memcmp(part.data, word, part.size) == 0;
}

/* A number above zero, in the one way there is to write it (RFC 4251 section 5); then without its
   leading zero byte. */
static bool
take_number(struct part *rest, struct part *number)
{
	if (!take(rest, number) || number->size == 0 || number->data[0] >= 0x80)
		return false;
	if (number->data[0] != 0)
		return true;
	if (number->size == 1 || number->data[1] < 0x80)
		return false;
	number->data++;
	number->size--;
	return true;
}

static size_t
bits_of(const struct part *number)
{
	size_t bits = number->size * 8;

	for (unsigned char mask = 0x80; (number->data[0] & mask) == 0; mask >>= 1)
		bits--;
	return bits;
}

static bool
is_odd(const struct part *number)
{
	return (number->data[number->size - 1] & 1) != 0;
}

/* ---- each form ---------------------------------------------------------------------------- */

static bool
take_ed25519(struct part *rest)
{
	struct part point;

	return take(rest, &point) && point.size == ED25519_BYTES;
}

static bool
take_ecdsa(const struct key_type *type, struct part *rest)
{
	size_t coordinate = (type->bits + 7) / 8;
	struct part point;

	return take_word(rest, type->curve) && take(rest, &point) &&
	    point.size == 1 + 2 * coordinate && point.data[0] == UNCOMPRESSED;
}

static bool
take_application(struct part *rest)
{
	struct part application;

	if (!take(rest, &application) || application.size == 0 ||
	    application.size > APPLICATION_BYTES)
		return false;
	for (size_t i = 0; i < application.size; i++)
		if (application.data[i] <= ' ' || application.data[i] > '~')
			return false;
	return true;
}

static enum fault
malformed(const struct key_type *type, struct why *why)
{
	return why_field(why, FAULT_INVALID, "key", "key: it is not a whole key of the type %s",
	    type->name);
}

static enum fault
read_rsa(const struct key_type *type, struct part *rest, uint32_t *bits, struct why *why)
{
	struct part exponent, modulus;
	size_t length;

	if (!take_number(rest, &exponent) || !take_number(rest, &modulus) || rest->size != 0)
		return malformed(type, why);
	if (!is_odd(&exponent) || bits_of(&exponent) < 2 ||
	    bits_of(&exponent) > EXPONENT_BITS_MOST)
		return why_field(why, FAULT_INVALID, "key",
		    "key: its public exponent is not one that RSA works with");
	length = bits_of(&modulus);
	if (length < RSA_BITS_LEAST || length > RSA_BITS_MOST)
		return why_field(why, FAULT_INVALID, "key",
		    "key: an RSA key of %zu bits; allowed are %d to %d", length, RSA_BITS_LEAST,
		    RSA_BITS_MOST);
	if (!is_odd(&modulus))
		return malformed(type, why);
	*bits = (uint32_t)length;
	return FAULT_NONE;
}

enum fault
key_wire_read(const struct key_type *type, const void *data, size_t size, uint32_t *bits,
    struct why *why)
{
	struct part rest = {data, size};
	bool good = false;

	if (!take_word(&rest, type->name))
		return malformed(type, why);
	switch (type->form) {
	case FORM_RSA:
		return read_rsa(type, &rest, bits, why);
	case FORM_ED25519:
		good = take_ed25519(&rest);
		break;
	case FORM_ECDSA:
		good = take_ecdsa(type, &rest);
		break;
	}
	if (good && type->on_token)
		good = take_application(&rest);
	if (!good || rest.size != 0)
		return malformed(type, why);
	*bits = type->bits;
	return FAULT_NONE;
}
