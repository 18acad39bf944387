/*
 * key_options.c - the options before a key: which are allowed, and what may stand in them.
 */
#include "policy/key_options.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "policy/bytes.h"
#include "policy/key.h"
#include "policy/text.h"

/* A piece of the line. */
struct piece {
	const char *at;
	size_t size;
};

static enum fault read_from(struct piece value, struct bytes *out, struct why *why);
static enum fault read_expiry(struct piece value, struct bytes *out, struct why *why);

/* What is allowed, in the canonical order. */
static const struct option {
	const char *name;
	/* Appends the value as it is to be written; NULL: there is none. */
	enum fault (*read)(struct piece value, struct bytes *out, struct why *why);
	bool on_token;
} allowed[] = {
	{"restrict", NULL, false},
	{"no-agent-forwarding", NULL, false},
	{"no-port-forwarding", NULL, false},
	{"no-pty", NULL, false},
	{"no-user-rc", NULL, false},
	{"no-X11-forwarding", NULL, false},
	{"verify-required", NULL, true},
	{"from", read_from, false},
	{"expiry-time", read_expiry, false},
};

enum { ALLOWED = sizeof(allowed) / sizeof(allowed[0]) };

/* What else sshd knows: named when it is refused; other words are not shown. */
static const char *const refused[] = {"agent-forwarding", "cert-authority", "command",
    "environment", "no-touch-required", "permitlisten", "permitopen", "port-forwarding",
    "principals", "pty", "tunnel", "user-rc", "X11-forwarding"};

static enum fault
invalid(struct why *why, const char *what)
{
	return why_field(why, FAULT_INVALID, "key", "key: %s", what);
}

static bool
is_word(struct piece piece, const char *word)
{
	return strlen(word) == piece.size && strncasecmp(piece.at, word, piece.size) == 0;
}

/* Cuts off what stands before the first `byte`, or all of it; false: nothing is left. */
static bool
cut(struct piece *rest, char byte, struct piece *part)
{
	const char *end;

	if (rest->at == NULL)
		return false;
	end = memchr(rest->at, byte, rest->size);
	*part = *rest;
	if (end == NULL) {
		*rest = (struct piece){0};
		return true;
	}
	part->size = (size_t)(end - rest->at);
	*rest = (struct piece){end + 1, rest->size - part->size - 1};
	return true;
}

/* ---- from="…": host names and addresses, with wildcards, and blocks of addresses ---------- */

/* A part of a pattern as text; false: it is no shorter than the buffer. */
static bool
copy(struct piece piece, char *text, size_t room)
{
	if (piece.size >= room)
		return false;
	memcpy(text, piece.at, piece.size);
	text[piece.size] = '\0';
	return true;
}

/* ADDRESS/BITS, without a bit set behind those: for one such sshd refuses the whole list. */
static bool
is_block(struct piece pattern)
{
	unsigned char address[sizeof(struct in6_addr)] = {0};
	char text[INET6_ADDRSTRLEN], count[4];
	struct piece part;
	uint64_t bits;
	size_t size = 4;

	if (!cut(&pattern, '/', &part) || !copy(part, text, sizeof(text)) ||
	    !copy(pattern, count, sizeof(count)))
		return false;
	if (inet_pton(AF_INET, text, address) != 1) {
		if (inet_pton(AF_INET6, text, address) != 1)
			return false;
		size = 16;
	}
	if (!text_to_number(count, size * 8, &bits))
		return false;
	for (size_t bit = bits; bit < size * 8; bit++)
		if ((address[bit / 8] & 0x80 >> bit % 8) != 0)
			return false;
	return true;
}

static bool
is_pattern(struct piece pattern)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                           "0123456789.:-_*?";

	if (pattern.size > 0 && memchr(pattern.at, '/', pattern.size) != NULL)
		return is_block(pattern);
	for (size_t i = 0; i < pattern.size; i++)
		if (memchr(good, pattern.at[i], sizeof(good) - 1) == NULL)
			return false;
	return pattern.size > 0;
}

static enum fault
read_from(struct piece value, struct bytes *out, struct why *why)
{
	struct piece pattern;
	bool any = false;

	for (size_t i = 0; i < value.size; i++) {
		char byte = value.at[i];

		if (byte >= 'A' && byte <= 'Z')
			byte = (char)(byte - 'A' + 'a');
		bytes_put(out, &byte, 1);
	}
	while (cut(&value, ',', &pattern)) {
		bool against = pattern.size > 0 && pattern.at[0] == '!';

		pattern.at += against;
		pattern.size -= against;
		any |= !against;
		if (!is_pattern(pattern))
			return invalid(why, "from= takes host names and addresses, with * and ?, "
			    "and blocks as 192.0.2.0/24, by commas");
	}
	return any ? FAULT_NONE
	           : invalid(why, "from= lets nobody in: every part of it begins with !");
}

/* ---- expiry-time="…": a day, or a day and the time, in the host's time zone or UTC ------ */

static enum fault
read_expiry(struct piece value, struct bytes *out, struct why *why)
{
	/* As text_to_time() wants it, with the digits put into their places. */
	char text[] = "....-..-..T00:00:00Z";
	static const unsigned char place[] = {0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18};
	size_t digits = value.size;
	int64_t seconds;

	if (digits > 0 && (value.at[digits - 1] == 'Z' || value.at[digits - 1] == 'z'))
		digits--;
	if (digits == 8 || digits == 12 || digits == 14)
		for (size_t i = 0; i < digits; i++)
			text[place[i]] = value.at[i];
	if (!text_to_time(text, &seconds))
		return invalid(why, "expiry-time= takes YYYYMMDD or YYYYMMDDHHMM[SS], with a Z "
		    "behind it for UTC");
	bytes_put(out, value.at, digits);
	if (digits < value.size)
		bytes_print(out, "Z");
	return FAULT_NONE;
}

/* ---- the list ----------------------------------------------------------------------------- */

size_t
key_options_size(const char *line, size_t size)
{
	bool quoted = false;
	size_t i = 0;

	for (; i < size && (quoted || (line[i] != ' ' && line[i] != '\t')); i++)
		if (line[i] == '\\' && size - i > 1 && line[i + 1] == '"')
			i++;
		else if (line[i] == '"')
			quoted = !quoted;
	return quoted ? 0 : i;
}

/* Takes the next option apart: a name, and what stands in the quotes behind its `=`. */
static bool
take_option(struct piece *rest, struct piece *name, struct piece *value)
{
	size_t end = 0;

	while (end < rest->size && rest->at[end] != ',' && rest->at[end] != '=')
		end++;
	*name = (struct piece){rest->at, end};
	*value = (struct piece){0};
	if (end < rest->size && rest->at[end] == '=') {
		const char *open = rest->at + end + 1, *close;
		size_t left = rest->size - end - 1;

		if (left < 2 || *open != '"' || (close = memchr(open + 1, '"', left - 1)) == NULL)
			return false;
		*value = (struct piece){open + 1, (size_t)(close - open) - 1};
		end += 1 + value->size + 2;
	}
	if (end == rest->size)
		*rest = (struct piece){0};
	else if (rest->at[end] == ',')
		*rest = (struct piece){rest->at + end + 1, rest->size - end - 1};
	else
		return false;
	return true;
}

static enum fault
refuse(struct piece name, struct why *why)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (is_word(name, refused[i]))
			return why_field(why, FAULT_INVALID, "key",
			    "key: the option %s is not allowed; allowed are those that keep a "
			    "login from something: restrict, no-…, from=, expiry-time=, "
			    "verify-required",
			    refused[i]);
	return invalid(why, "it begins neither with a type of key that is allowed nor with options "
	    "that are");
}

/* Which of the allowed ones it is; ALLOWED: none. */
static size_t
option_find(struct piece name)
{
	size_t i = 0;

	while (i < ALLOWED && !is_word(name, allowed[i].name))
		i++;
	return i;
}

/* Notes the option as it is to be written, in *out, which is empty unless it was there before. */
static enum fault
read_option(const struct option *option, struct piece value, bool on_token, struct bytes *out,
    struct why *why)
{
	if (out->size > 0)
		return why_field(why, FAULT_INVALID, "key", "key: the option %s stands twice",
		    option->name);
	if ((value.at != NULL) != (option->read != NULL))
		return why_field(why, FAULT_INVALID, "key", "key: the option %s takes %s value",
		    option->name, option->read != NULL ? "a" : "no");
	if (option->on_token && !on_token)
		return why_field(why, FAULT_INVALID, "key",
		    "key: %s is for the keys of security keys (sk-…); of this one it asks "
		    "nothing",
		    option->name);
	bytes_print(out, "%s", option->name);
	if (option->read != NULL) {
		enum fault fault;

		bytes_print(out, "=\"");
		fault = option->read(value, out, why);
		if (fault != FAULT_NONE)
			return fault;
		bytes_print(out, "\"");
	}
	return out->failed ? why_memory(why) : FAULT_NONE;
}

/* All that were noted, in their order. */
static enum fault
join(const struct bytes part[ALLOWED], char **options, struct why *why)
{
	struct bytes all = {0};
	char *text;

	for (size_t i = 0; i < ALLOWED; i++) {
		if (part[i].size == 0)
			continue;
		if (all.size > 0)
			bytes_put(&all, ",", 1);
		bytes_put(&all, part[i].data, part[i].size);
	}
	if (all.size > KEY_OPTIONS_BYTES) {
		bytes_clear(&all);
		return why_field(why, FAULT_INVALID, "key",
		    "key: its options are longer than %d bytes", KEY_OPTIONS_BYTES);
	}
	text = bytes_take_text(&all);
	if (text == NULL)
		return why_memory(why);
	*options = text;
	return FAULT_NONE;
}

enum fault
key_options_read(const char *text, size_t size, bool on_token, char **options, struct why *why)
{
	struct bytes part[ALLOWED] = {0};
	struct piece rest = {text, size}, name, value;
	enum fault fault = FAULT_NONE;

	while (fault == FAULT_NONE && rest.at != NULL) {
		bool formed = take_option(&rest, &name, &value);
		size_t which = option_find(name);

		if (which == ALLOWED)
			fault = refuse(name, why);
		else if (!formed)
			fault = invalid(why, "its options are not well formed: NAME or "
			    "NAME=\"VALUE\", by commas");
		else
			fault = read_option(&allowed[which], value, on_token, &part[which], why);
	}
	if (fault == FAULT_NONE)
		fault = join(part, options, why);
	for (size_t i = 0; i < ALLOWED; i++)
		bytes_clear(&part[i]);
	return fault;
}
