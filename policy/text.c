/*
 * text.c - what may stand in a field.  The character classes are written out because those of
 * <ctype.h> follow the locale of whatever program this runs in.
 */
#include "policy/text.h"

#include <string.h>

/* RFC 5321 section 4.5.3.1.1 and RFC 1035 section 2.3.4. */
enum { LOCAL_PART_BYTES = 64, HOST_LABEL_BYTES = 63 };

static bool
is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return is_lower(c) || (c >= 'A' && c <= 'Z');
}

static bool
is_login_start(char c)
{
	return is_lower(c) || c == '_';
}

static bool
is_login_byte(char c)
{
	return is_login_start(c) || is_digit(c) || c == '-';
}

/* One word of `size` bytes: what text_is_login() says of a whole string. */
static bool
is_login_word(const char *word, size_t size)
{
	bool letter = false;

	if (size == 0 || size > LOGIN_NAME_BYTES || !is_login_start(word[0]))
		return false;
	for (size_t i = 0; i < size; i++) {
		if (!is_login_byte(word[i]))
			return false;
		letter = letter || is_lower(word[i]);
	}
	return letter;
}

/* `size` bytes of words joined by single dots. */
static bool
is_dotted_words(const char *text, size_t size)
{
	if (size > WORD_BYTES)
		return false;
	for (size_t start = 0;;) {
		const char *dot = memchr(text + start, '.', size - start);
		size_t end = dot ? (size_t)(dot - text) : size;

		if (!is_login_word(text + start, end - start))
			return false;
		if (dot == NULL)
			return true;
		start = end + 1;
	}
}

bool
text_is_login(const char *text)
{
	return is_login_word(text, strnlen(text, LOGIN_NAME_BYTES + 1));
}

bool
text_is_dotted(const char *text)
{
	return is_dotted_words(text, strnlen(text, WORD_BYTES + 1));
}

bool
text_is_pattern(const char *text)
{
	size_t size = strnlen(text, WORD_BYTES + 1);

	if (strcmp(text, "*") == 0)
		return true;
	if (size > WORD_BYTES)
		return false;
	if (size > 2 && memcmp(text + size - 2, ".*", 2) == 0)
		size -= 2;
	return is_dotted_words(text, size);
}

bool
text_is_service(const char *text)
{
	size_t size = strnlen(text, SERVICE_BYTES + 1);

	if (size == 0 || size > SERVICE_BYTES || text[0] == '.' || text[0] == '-')
		return false;
	for (size_t i = 0; i < size; i++) {
		if (!is_login_byte(text[i]) && text[i] != '.')
			return false;
	}
	return true;
}

/* RFC 3629 section 4: what a character's first byte says of it. */
static const struct utf8_lead {
	unsigned char first;
	unsigned char last;
	unsigned char mask; /* the bits of the code point in it */
	size_t size;
	uint32_t least; /* a smaller code point has a shorter form, so that this one is forged */
} utf8_leads[] = {
	{0x00, 0x7f, 0x7f, 1, 0x0000},
	{0xc2, 0xdf, 0x1f, 2, 0x0080},
	{0xe0, 0xef, 0x0f, 3, 0x0800},
	{0xf0, 0xf4, 0x07, 4, 0x10000},
};

static const struct utf8_lead *
lead_of(unsigned char byte)
{
	for (size_t i = 0; i < sizeof(utf8_leads) / sizeof(utf8_leads[0]); i++) {
		if (byte >= utf8_leads[i].first && byte <= utf8_leads[i].last)
			return &utf8_leads[i];
	}
	return NULL;
}

size_t
text_character(const char *text, size_t left, uint32_t *code)
{
	const struct utf8_lead *lead = left > 0 ? lead_of((unsigned char)text[0]) : NULL;
	uint32_t value;

	if (lead == NULL || lead->size > left)
		return 0;
	value = (unsigned char)text[0] & lead->mask;
	for (size_t i = 1; i < lead->size; i++) {
		unsigned char next = (unsigned char)text[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (next & 0x3f);
	}
	if (value < lead->least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*code = value;
	return lead->size;
}

/* Code points that print nothing of their own and change how a line around them is read. */
static const struct {
	uint32_t first;
	uint32_t last;
} not_plain[] = {
	{0x0000, 0x001f}, /* C0 controls                          */
	{0x007f, 0x009f}, /* DEL and C1 controls                  */
	{0x061c, 0x061c}, /* Arabic letter mark                   */
	{0x200e, 0x200f}, /* left-to-right, right-to-left marks   */
	{0x2028, 0x202e}, /* separators, embeddings and overrides */
	{0x2066, 0x2069}, /* isolates                             */
	{0xfdd0, 0xfdef}, /* noncharacters                        */
};

bool
text_is_plain_character(uint32_t code)
{
	for (size_t i = 0; i < sizeof(not_plain) / sizeof(not_plain[0]); i++) {
		if (code >= not_plain[i].first && code <= not_plain[i].last)
			return false;
	}
	return (code & 0xfffe) != 0xfffe;
}

bool
text_is_plain(const char *text, size_t max)
{
	size_t left = strnlen(text, max);
	uint32_t code;

	if (text[left] != '\0')
		return false;
	while (left > 0) {
		size_t size = text_character(text, left, &code);

		if (size == 0 || !text_is_plain_character(code))
			return false;
		text += size;
		left -= size;
	}
	return true;
}

bool
text_is_gecos(const char *text, size_t max)
{
	return text_is_plain(text, max) && !strpbrk(text, ":,=&");
}

bool
text_is_path(const char *text, size_t max)
{
	if (text[0] != '/' || !text_is_plain(text, max))
		return false;
	for (const char *at = text; *at != '\0'; at++) {
		if (*at == ':')
			return false;
		if (*at != '/')
			continue;
		if (at[1] == '/')
			return false;
		if (at[1] == '.' && at[2] == '.' && (at[3] == '/' || at[3] == '\0'))
			return false;
	}
	return true;
}

bool
text_is_unit(const char *text, size_t max)
{
	size_t size = strnlen(text, max);

	if (text[0] != '/' || text[size] != '\0')
		return false;
	for (size_t i = 1; i < size; i++) {
		bool starts = text[i - 1] == '/';

		if (text[i] == '/' && starts)
			return false;
		if (text[i] != '/' && (!is_login_byte(text[i]) || (starts && text[i] == '-')))
			return false;
	}
	return size == 1 || text[size - 1] != '/';
}

/* RFC 5322 section 3.2.3: dot-atom. */
static bool
is_local_part(const char *text, size_t size)
{
	/* A leading dash would read as an option on somebody's command line. */
	if (size == 0 || size > LOCAL_PART_BYTES || text[0] == '-' || text[0] == '.' ||
	    text[size - 1] == '.')
		return false;
	for (size_t i = 0; i < size; i++) {
		if (text[i] == '.' && text[i - 1] == '.')
			return false;
		if (!is_letter(text[i]) && !is_digit(text[i]) &&
		    !strchr(".!#$%&'*+-/=?^_`{|}~", text[i]))
			return false;
	}
	return true;
}

static bool
is_host_label(const char *text, size_t size)
{
	if (size == 0 || size > HOST_LABEL_BYTES || text[0] == '-' || text[size - 1] == '-')
		return false;
	for (size_t i = 0; i < size; i++) {
		if (!is_letter(text[i]) && !is_digit(text[i]) && text[i] != '-')
			return false;
	}
	return true;
}

/* At least two labels; the last begins with a letter, so that no IPv4 address passes for a name. */
static bool
is_host_name(const char *text)
{
	const char *dot;

	for (bool first = true;; first = false, text = dot + 1) {
		dot = strchr(text, '.');
		if (dot == NULL)
			return !first && is_letter(text[0]) && is_host_label(text, strlen(text));
		if (!is_host_label(text, (size_t)(dot - text)))
			return false;
	}
}

bool
text_is_email(const char *text)
{
	const char *at;

	if (strnlen(text, EMAIL_BYTES + 1) > EMAIL_BYTES)
		return false;
	at = strchr(text, '@');
	return at && is_local_part(text, (size_t)(at - text)) && is_host_name(at + 1);
}

bool
text_is_phone(const char *text)
{
	size_t size = strnlen(text, PHONE_BYTES + 1);

	if (size < PHONE_LEAST_BYTES || size > PHONE_BYTES || text[0] != '+' || text[1] == '0')
		return false;
	for (size_t i = 1; i < size; i++) {
		if (!is_digit(text[i]))
			return false;
	}
	return true;
}

char *
text_lower(const char *text)
{
	char *lower = strdup(text);

	for (char *at = lower; at && *at != '\0'; at++) {
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	}
	return lower;
}
