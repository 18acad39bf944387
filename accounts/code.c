/*
 * code.c - one-time codes.
 */
#include "accounts/code.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/crypto.h"

enum {
	LETTERS = 16,
	BITS_OF_LETTER = 5,
	RANDOM_BYTES = LETTERS * BITS_OF_LETTER / 8,
	GROUP = 4, /* letters between two dashes */
	SALT_BYTES = 16,
	HEX_BYTES = 2 * (SALT_BYTES + CRYPTO_HASH_BYTES),
};

/* None that is taken for another: no I, O, 0, 1. */
static const char alphabet[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/* A kept hash: the scheme, then salt and digest in hexadecimal. */
static const char scheme[] = "$code1$";

static void
put_hex(char *out, const unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

static int
hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

static bool
get_hex(const char *text, unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		int high = hex_value(text[2 * i]);
		int low = high < 0 ? -1 : hex_value(text[2 * i + 1]);

		if (low < 0)
			return false;
		bytes[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

static void
make_letters(char letters[LETTERS])
{
	unsigned char random[RANDOM_BYTES];
	unsigned bits = 0, count = 0;
	size_t at = 0;

	crypto_random(random, sizeof(random));
	for (size_t i = 0; i < LETTERS; i++) {
		if (count < BITS_OF_LETTER) {
			bits = bits << 8 | random[at++];
			count += 8;
		}
		count -= BITS_OF_LETTER;
		letters[i] = alphabet[bits >> count & 0x1f];
	}
	crypto_wipe(random, sizeof(random));
	crypto_wipe(&bits, sizeof(bits));
}

enum fault
code_put(struct user *user, int64_t now, int64_t mark, uint32_t seconds,
    char text[CODE_TEXT_BYTES], struct why *why)
{
	unsigned char kept[SALT_BYTES + CRYPTO_HASH_BYTES];
	char letters[LETTERS];
	char *hash = calloc(1, sizeof(scheme) + HEX_BYTES);
	enum fault fault = crypto_start(why);

	if (hash == NULL)
		fault = why_memory(why);
	if (fault != FAULT_NONE) {
		free(hash);
		return fault;
	}
	make_letters(letters);
	crypto_random(kept, SALT_BYTES);
	crypto_digest(kept, SALT_BYTES, letters, sizeof(letters), kept + SALT_BYTES);
	strcpy(hash, scheme);
	put_hex(hash + strlen(scheme), kept, sizeof(kept));
	code_drop(user);
	user->code = hash;
	user->code_made = now;
	user->code_until = now + seconds;
	user->code_mark = mark > now ? mark : now;
	snprintf(text, CODE_TEXT_BYTES, "%.4s-%.4s-%.4s-%.4s", letters, letters + GROUP,
	    letters + 2 * GROUP, letters + 3 * GROUP);
	crypto_wipe(letters, sizeof(letters));
	return FAULT_NONE;
}

void
code_drop(struct user *user)
{
	field_clear(field_find(&user_table, "code"), user);
	user->code_made = user->code_until = user->code_used = user->code_mark = 0;
}

bool
code_is_good(const struct user *user, int64_t now, int64_t mark)
{
	if (user->code == NULL || now < user->code_made || now >= user->code_until)
		return false;
	return mark <= user->code_mark || mark < user->code_until;
}

/* What was typed, in capitals and without what does not count; what is too long or short is none. */
static bool
read_letters(const char *typed, char letters[LETTERS])
{
	size_t count = 0;

	for (; *typed != '\0'; typed++) {
		char letter = *typed;

		if (letter >= 'a' && letter <= 'z')
			letter = (char)(letter - 'a' + 'A');
		if (letter == ' ' || letter == '-')
			continue;
		if (count == LETTERS || strchr(alphabet, letter) == NULL)
			return false;
		letters[count++] = letter;
	}
	return count == LETTERS;
}

bool
code_fits(const struct user *user, const char *typed)
{
	unsigned char kept[SALT_BYTES + CRYPTO_HASH_BYTES] = {0}, made[CRYPTO_HASH_BYTES];
	char letters[LETTERS] = {0};
	const char *hash = user->code;
	size_t size = strlen(scheme);
	bool is_code = read_letters(typed, letters);
	bool has_code = hash != NULL && strlen(hash) == size + HEX_BYTES &&
	    memcmp(hash, scheme, size) == 0 && get_hex(hash + size, kept, sizeof(kept));
	bool fits;

	crypto_digest(kept, SALT_BYTES, letters, sizeof(letters), made);
	fits = crypto_same(made, kept + SALT_BYTES, sizeof(made));
	crypto_wipe(letters, sizeof(letters));
	crypto_wipe(made, sizeof(made));
	return fits && is_code && has_code;
}
