/*
 * text_login.c - from what people write to what is meant: what names a user, the login name made
 * from a person's name, what a name is taken for, and the word that a mistyped one stood for.
 */
#include "policy/text.h"

#include <string.h>

/* A longer word is nobody's typing mistake; the edit distance is quadratic. */
enum { NEAREST_BYTES = 64 };

/*
 * What accented letters are without the accent: one byte for each code point from `first` on, '.'
 * where there is nothing to keep, a capital where it takes two letters (latin_pairs).
 */
static const struct {
	uint32_t first;
	const char *plain;
} latin[] = {
	{0x00c0, /* Latin-1 Supplement */
	    "aaaaaaAceeeeiiiidnooooo.ouuuuyTSaaaaaaAceeeeiiiidnooooo.ouuuuyTy"},
	{0x0100, /* Latin Extended-A */
	    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiIIjjkkklllllll"
	    "lllnnnnnnnnnooooooOOrrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"},
	{0x01a0, /* Latin Extended-B: o and u with a horn */
	    "oo.............uu"},
	{0x01c4, /* Latin Extended-B: carons and digraphs */
	    "ZZZLLLNNNaaiioouuuuuuuuuueaaaaAAggggkkoooo..jZZZgg"},
	{0x01f8, /* Latin Extended-B: commas below, graves, dots */
	    "nnaaAAooaaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy"},
	{0x1e00, /* Latin Extended Additional, Vietnamese among it */
	    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
	    "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
	    "wwwwwwwwwwxxxxyyzzzzzzhtwyas..S.aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
	    "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy"},
};

static const struct {
	char code;
	const char *plain;
} latin_pairs[] = {
	{'A', "ae"},
	{'I', "ij"},
	{'L', "lj"},
	{'N', "nj"},
	{'O', "oe"},
	{'S', "ss"},
	{'T', "th"},
	{'Z', "dz"},
};

/* The letters a-z that stand for one character; "" when none does. */
static const char *
plain_letters(uint32_t code, char single[2])
{
	single[0] = single[1] = '\0';
	if (code >= 'a' && code <= 'z')
		single[0] = (char)code;
	else if (code >= 'A' && code <= 'Z')
		single[0] = (char)(code - 'A' + 'a');
	for (size_t i = 0; i < sizeof(latin) / sizeof(latin[0]); i++) {
		if (code >= latin[i].first && code - latin[i].first < strlen(latin[i].plain))
			single[0] = latin[i].plain[code - latin[i].first];
	}
	for (size_t i = 0; i < sizeof(latin_pairs) / sizeof(latin_pairs[0]); i++) {
		if (single[0] == latin_pairs[i].code)
			return latin_pairs[i].plain;
	}
	if (!(single[0] >= 'a' && single[0] <= 'z'))
		single[0] = '\0';
	return single;
}

/* Appends at most `max` letters of `name` to the string in `out`, which has `room` bytes. */
static void
add_plain(char *out, size_t room, const char *name, size_t max)
{
	size_t left = strlen(name);
	size_t used = strlen(out);
	char single[2];
	uint32_t code;

	while (left > 0) {
		size_t size = text_character(name, left, &code);
		const char *letters = size > 0 ? plain_letters(code, single) : "";

		for (; *letters != '\0' && max > 0 && used < room - 1; max--)
			out[used++] = *letters++;
		size = size > 0 ? size : 1;
		name += size;
		left -= size;
	}
	out[used] = '\0';
}

char *
text_make_login(const char *first, const char *last)
{
	char login[LOGIN_NAME_BYTES - MADE_LOGIN_SPARE + 1] = "";

	add_plain(login, sizeof(login), first, 1);
	add_plain(login, sizeof(login), last, sizeof(login));
	return login[0] != '\0' ? strdup(login) : NULL;
}

bool
text_is_user_argument(const char *text)
{
	static const char uid_prefix[] = "uid:";
	uint64_t uid;

	if (strncmp(text, uid_prefix, sizeof(uid_prefix) - 1) == 0)
		return text_to_number(text + sizeof(uid_prefix) - 1, UINT32_MAX, &uid);
	return text_is_login(text) || text_is_email(text) || text_is_phone(text);
}

/* What is confused in the fonts that terminals have. */
static const struct {
	const char *written;
	char seen;
} looks[] = {
	{"rn", 'm'},
	{"vv", 'w'},
	{"0", 'o'},
	{"1", 'l'},
	{"i", 'l'},
	{"_", '-'},
};

/* How many bytes at `name` are seen as one that is another, *seen; 0: the byte is what it is. */
static size_t
confused(const char *name, char *seen)
{
	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		size_t size = strlen(looks[i].written);

		if (strncmp(name, looks[i].written, size) == 0) {
			*seen = looks[i].seen;
			return size;
		}
	}
	return 0;
}

void
text_look(const char *name, char out[LOGIN_NAME_BYTES + 1])
{
	size_t used = 0;

	while (*name != '\0' && used < LOGIN_NAME_BYTES) {
		char seen = *name;
		size_t size = confused(name, &seen);

		out[used++] = seen;
		name += size > 0 ? size : 1;
	}
	out[used] = '\0';
}

static size_t
smallest(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

/* Bytes added, left out, changed, or swapped with their neighbour; each once. */
static size_t
edit_distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
	size_t rows[3][NEAREST_BYTES + 1];
	size_t *before = rows[0];
	size_t *above = rows[1];
	size_t *row = rows[2];

	for (size_t j = 0; j <= b_size; j++)
		above[j] = before[j] = j;
	for (size_t i = 1; i <= a_size; i++) {
		size_t *reused = before;

		row[0] = i;
		for (size_t j = 1; j <= b_size; j++) {
			row[j] = smallest(above[j] + 1, row[j - 1] + 1,
			    above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = smallest(row[j], before[j - 2] + 1, row[j]);
		}
		before = above;
		above = row;
		row = reused;
	}
	return above[b_size];
}

const char *
text_nearest(const char *word, const char *const *candidates, size_t count)
{
	size_t size = strnlen(word, NEAREST_BYTES + 1);
	size_t best = (size + 2) / 3 + 1; /* a mistake in three bytes is one;
	    more is another word */
	const char *nearest = NULL;

	if (size > NEAREST_BYTES)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t other = strnlen(candidates[i], NEAREST_BYTES + 1);
		size_t distance;

		if (other > NEAREST_BYTES)
			continue;
		distance = edit_distance(word, size, candidates[i], other);
		if (distance < best && distance < size) {
			best = distance;
			nearest = candidates[i];
		}
	}
	return nearest;
}
