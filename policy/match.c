/*
 * match.c - which users a list is about, and in what order they stand.
 */
#include "policy/match.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "policy/assignment.h"
#include "policy/grant.h"
#include "policy/text.h"

/* ---- what lists show beside the record ----------------------------------------------------- */

static const struct field rows[] = {
	{"display", 1, K_TEXT, F_KEPT, FIELD_TEXT(struct listed_user, display),
	    .help = "name, login name, type and origin, as Anna Berg <anna> [employee:local]"},
	{"last-login", 2, K_TIME, F_KEPT, FIELD_TIME(struct listed_user, last_login),
	    .help = "when the user last logged in on this host"},
	{"failures", 3, K_NUMBER, F_KEPT | F_ZERO,
	    FIELD_U32(struct listed_user, failures), .max = UINT32_MAX,
	    .help = "how many failed logins count against the user now"},
	{"locked-until", 4, K_TIME, F_KEPT, FIELD_TIME(struct listed_user, locked_until),
	    .help = "until when nobody is let in as the user, for too many of them"},
	{"code-until", 5, K_TIME, F_KEPT, FIELD_TIME(struct listed_user, code_until),
	    .help = "until when a one-time code is good"},
};

const struct table listed_table = {
	.noun = "user",
	.size = sizeof(struct listed_user),
	.rows = rows,
	.count = sizeof(rows) / sizeof(rows[0]),
};

const struct field *
listed_field(const char *name)
{
	const struct field *field = field_find(&user_table, name);

	if (field == NULL || (field->rights & F_HIDDEN) != 0)
		field = field_find(&listed_table, name);
	return field;
}

char *
listed_display(const struct user *user)
{
	struct bytes out = {0};
	const char *type = user->type < USER_TYPES ? user_types[user->type] : "";

	bytes_print(&out, "%s %s <%s> [%s:%s]", user->first_name == NULL ? "" : user->first_name,
	    user->last_name == NULL ? "" : user->last_name, user->name == NULL ? "" : user->name,
	    type, user->origin == NULL ? "" : user->origin);
	return bytes_take_text(&out);
}

void
listed_clear(struct listed_user *listed)
{
	user_clear(&listed->user);
	record_clear(&listed_table, listed);
}

/* ---- a question made ready ----------------------------------------------------------------- */

/* How a value is compared. */
enum how {
	HOW_EMPTY = 1, /* there is nothing in the field         */
	HOW_TEXT,      /* the same text                         */
	HOW_CASELESS,  /* but for the case of ASCII letters     */
	HOW_UNIT,      /* the unit, or below it                 */
	HOW_WITHIN,    /* a time from `from` to `to`            */
	HOW_SAME,      /* the same member as in `one`           */
	HOW_ROLE,      /* an assignment of this role            */
	HOW_GRANT,     /* a grant of this permission            */
	HOW_LISTED,    /* the same text in the list             */
};

struct sieve {
	const struct field *field;
	enum how how;
	char *value;
	int64_t from, to;
	struct listed_user one; /* with the value in the field */
};

struct match {
	locale_t locale; /* 0: there is none, and ASCII alone has two cases */
	struct bytes needle; /* the search in lower case; size 0: everybody */
	struct bytes hay;    /* of the user who is looked at */
	struct sieve *sieve;
	size_t sieves;
	const struct field *sort;
};

static enum how
how_of(const struct field *field, const char *value)
{
	const bool at = strchr(value, '@') != NULL;

	switch (field->kind) {
	case K_TEXT:
	case K_GECOS:
	case K_LOGIN:
	case K_GROUP:
	case K_USER:
	case K_WORD:
	case K_PHONE:
	case K_PATH:
	case K_HOME:
	case K_SECRET:
		return HOW_TEXT;
	case K_EMAIL:
		return HOW_CASELESS;
	case K_UNIT:
		return HOW_UNIT;
	case K_TIME:
	case K_END:
		return HOW_WITHIN;
	case K_ID:
	case K_NUMBER:
	case K_VERSION:
	case K_BOOL:
	case K_CHOICE:
	case K_DURATION:
	case K_SIZE:
	case K_UUID:
		return HOW_SAME;
	case K_ASSIGNMENTS:
		return at ? HOW_LISTED : HOW_ROLE;
	case K_GRANTS:
		return at ? HOW_LISTED : HOW_GRANT;
	case K_LOGINS:
	case K_PATTERNS:
	case K_WORDS:
	case K_SERVICES:
	case K_CHOICES:
	case K_RANGES:
	case K_COMPILED:
		return HOW_LISTED;
	}
	return HOW_TEXT;
}

/* A bare date is its day. */
static enum fault
parse_within(struct sieve *sieve, struct why *why)
{
	enum fault fault = field_parse(sieve->field, &sieve->one, sieve->value, why);

	if (fault == FAULT_NONE && (!text_to_time(sieve->value, &sieve->from) ||
	        !text_to_end_time(sieve->value, &sieve->to)))
		fault = why_field(why, FAULT_INVALID, sieve->field->name, "%s: expected a date",
		    sieve->field->name);
	return fault;
}

/* A grant stands in the list in one way of writing, whatever the way that was typed. */
static enum fault
parse_listed(struct sieve *sieve, struct why *why)
{
	char kept[GRANT_BYTES + 1];
	struct grant grant;
	char *value;

	if (sieve->field->kind != K_GRANTS || !grant_parse(sieve->value, &grant))
		return FAULT_NONE;
	grant_print(&grant, kept);
	value = strdup(kept);
	if (value == NULL)
		return why_memory(why);
	free(sieve->value);
	sieve->value = value;
	return FAULT_NONE;
}

static enum fault
sieve_make(const struct filter *filter, struct sieve *sieve, struct why *why)
{
	const struct field *field = filter->field;

	if ((field->rights & F_HIDDEN) != 0)
		return why_field(why, FAULT_INVALID, field->name, "%s is nobody's to look for",
		    field->name);
	if (!text_is_plain(filter->value, SIZE_MAX))
		return why_field(why, FAULT_INVALID, field->name,
		    "%s: expected plain text without control characters", field->name);
	sieve->field = field;
	sieve->value = strdup(filter->value);
	if (sieve->value == NULL)
		return why_memory(why);
	sieve->how = *filter->value == '\0' && field->kind != K_CHOICE && field->kind != K_BOOL
	    ? HOW_EMPTY : how_of(field, filter->value);
	switch (sieve->how) {
	case HOW_WITHIN:
		return parse_within(sieve, why);
	case HOW_LISTED:
		return parse_listed(sieve, why);
	case HOW_UNIT:
	case HOW_SAME:
		return field_parse(field, &sieve->one, sieve->value, why);
	case HOW_EMPTY:
	case HOW_TEXT:
	case HOW_CASELESS:
	case HOW_ROLE:
	case HOW_GRANT:
		break;
	}
	return FAULT_NONE;
}

/* ---- lower case ---------------------------------------------------------------------------- */

/* UTF-8 (RFC 3629) of a code point that text_character() gave. */
static void
put_character(struct bytes *out, uint32_t code)
{
	if (code < 0x80) {
		bytes_put_u8(out, (uint8_t)code);
		return;
	}
	if (code < 0x800) {
		bytes_put_u8(out, (uint8_t)(0xc0 | code >> 6));
	} else if (code < 0x10000) {
		bytes_put_u8(out, (uint8_t)(0xe0 | code >> 12));
		bytes_put_u8(out, (uint8_t)(0x80 | (code >> 6 & 0x3f)));
	} else {
		bytes_put_u8(out, (uint8_t)(0xf0 | code >> 18));
		bytes_put_u8(out, (uint8_t)(0x80 | (code >> 12 & 0x3f)));
		bytes_put_u8(out, (uint8_t)(0x80 | (code >> 6 & 0x3f)));
	}
	bytes_put_u8(out, (uint8_t)(0x80 | (code & 0x3f)));
}

/* Appends the text in lower case; a byte that is no character stays what it is. */
static void
put_lower(const struct match *match, struct bytes *out, const char *text)
{
	size_t left = text == NULL ? 0 : strlen(text);

	while (left > 0) {
		uint32_t code = (unsigned char)*text;
		size_t size = code < 0x80 ? 1 : text_character(text, left, &code);

		if (code >= 'A' && code <= 'Z')
			bytes_put_u8(out, (uint8_t)(code - 'A' + 'a'));
		else if (size <= 1 || match->locale == (locale_t)0)
			bytes_put(out, text, size == 0 ? 1 : size);
		else
			put_character(out, (uint32_t)towlower_l((wint_t)code, match->locale));
		text += size == 0 ? 1 : size;
		left -= size == 0 ? 1 : size;
	}
}

/* ---- making and freeing -------------------------------------------------------------------- */

void
match_free(struct match *match)
{
	if (match == NULL)
		return;
	for (size_t i = 0; i < match->sieves; i++) {
		free(match->sieve[i].value);
		listed_clear(&match->sieve[i].one);
	}
	free(match->sieve);
	bytes_clear(&match->needle);
	bytes_clear(&match->hay);
	if (match->locale != (locale_t)0)
		freelocale(match->locale);
	free(match);
}

static enum fault
take_search(struct match *match, const char *search, struct why *why)
{
	if (search == NULL)
		return FAULT_NONE;
	if (!text_is_plain(search, SIZE_MAX))
		return why_set(why, FAULT_INVALID,
		    "what to search for: expected plain text without control characters");
	put_lower(match, &match->needle, search);
	return match->needle.failed ? why_memory(why) : FAULT_NONE;
}

enum fault
match_make(const struct question *question, struct match **match, struct why *why)
{
	struct match *made = calloc(1, sizeof(*made));
	enum fault fault;

	if (made == NULL)
		return why_memory(why);
	made->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	made->sort = question->sort;
	made->sieve = calloc(question->filters + 1, sizeof(*made->sieve));
	fault = made->sieve == NULL ? why_memory(why) : take_search(made, question->search, why);
	for (size_t i = 0; fault == FAULT_NONE && i < question->filters; i++)
		fault = sieve_make(&question->filter[i], &made->sieve[made->sieves++], why);
	if (fault == FAULT_NONE && made->sort != NULL && (made->sort->rights & F_HIDDEN) != 0)
		fault = why_field(why, FAULT_INVALID, made->sort->name,
		    "%s is nobody's to sort by", made->sort->name);
	if (fault == FAULT_NONE)
		*match = made;
	else
		match_free(made);
	return fault;
}

/* ---- asking -------------------------------------------------------------------------------- */

static const char *
text_of(const struct field *field, const struct listed_user *listed)
{
	const char *text = *(char *const *)((const char *)listed + field->offset);

	return text == NULL ? "" : text;
}

static bool
is_within(const struct sieve *sieve, const struct listed_user *listed)
{
	int64_t time = *(const int64_t *)((const char *)listed + sieve->field->offset);

	return time >= sieve->from && time <= sieve->to;
}

static bool
is_below(const char *unit, const char *outer)
{
	return *unit != '\0' &&
	    scope_covers(&(struct scope){SCOPE_UNIT, outer}, &(struct scope){SCOPE_UNIT, unit});
}

static bool
holds_role(const struct names *assignments, const char *role)
{
	for (size_t i = 0; i < assignments->count; i++)
		if (assignment_is_of(assignments->item[i], role))
			return true;
	return false;
}

static bool
passes(const struct sieve *sieve, const struct listed_user *listed)
{
	const struct field *field = sieve->field;
	const void *member = (const char *)listed + field->offset;

	switch (sieve->how) {
	case HOW_EMPTY:
		return field_is_empty(field, listed);
	case HOW_TEXT:
		return strcmp(text_of(field, listed), sieve->value) == 0;
	case HOW_CASELESS:
		return strcasecmp(text_of(field, listed), sieve->value) == 0;
	case HOW_UNIT:
		return is_below(text_of(field, listed), sieve->value);
	case HOW_WITHIN:
		return is_within(sieve, listed);
	case HOW_SAME:
		return field_same(field, listed, &sieve->one);
	case HOW_ROLE:
		return holds_role(member, sieve->value);
	case HOW_GRANT:
		return grants_have(member, sieve->value);
	case HOW_LISTED:
		return names_have(member, sieve->value);
	}
	return false;
}

/* What a search looks through; no search has a line end. */
static void
fill_hay(struct match *match, const struct user *user)
{
	match->hay.size = 0;
	put_lower(match, &match->hay, user->name);
	bytes_put_u8(&match->hay, '\n');
	put_lower(match, &match->hay, user->first_name);
	bytes_put_u8(&match->hay, ' ');
	put_lower(match, &match->hay, user->last_name);
	bytes_put_u8(&match->hay, '\n');
	put_lower(match, &match->hay, user->email);
	bytes_put_u8(&match->hay, '\n');
	put_lower(match, &match->hay, user->phone);
}

enum fault
match_has(struct match *match, const struct listed_user *listed, bool *has, struct why *why)
{
	bool passed = true;

	for (size_t i = 0; passed && i < match->sieves; i++)
		passed = passes(&match->sieve[i], listed);
	if (passed && match->needle.size > 0) {
		fill_hay(match, &listed->user);
		if (match->hay.failed)
			return why_memory(why);
		passed = memmem(match->hay.data, match->hay.size, match->needle.data,
		    match->needle.size) != NULL;
	}
	*has = passed;
	return FAULT_NONE;
}

/* Is the field sorted by its number?  Then that is *number, of a user. */
static bool
is_number(const struct field *field, const struct listed_user *listed, uint64_t *number)
{
	const void *member = (const char *)listed + field->offset;

	switch (field->kind) {
	case K_ID:
	case K_NUMBER:
	case K_DURATION:
		*number = *(const uint32_t *)member;
		return true;
	case K_VERSION:
	case K_SIZE:
		*number = *(const uint64_t *)member;
		return true;
	case K_TIME:
	case K_END:
		*number = (uint64_t)*(const int64_t *)member;
		return true;
	case K_BOOL:
		*number = *(const bool *)member;
		return true;
	case K_TEXT:
	case K_GECOS:
	case K_LOGIN:
	case K_GROUP:
	case K_USER:
	case K_WORD:
	case K_EMAIL:
	case K_PHONE:
	case K_PATH:
	case K_UNIT:
	case K_SECRET:
	case K_CHOICE:
	case K_LOGINS:
	case K_PATTERNS:
	case K_WORDS:
	case K_SERVICES:
	case K_ASSIGNMENTS:
	case K_GRANTS:
	case K_CHOICES:
	case K_RANGES:
	case K_COMPILED:
	case K_HOME:
	case K_UUID:
		return false;
	}
	return false;
}

bool
match_ranks_by_number(const struct match *match)
{
	static const struct listed_user nobody;
	uint64_t number;

	return match->sort == NULL || is_number(match->sort, &nobody, &number);
}

enum fault
match_rank(struct match *match, const struct listed_user *listed, struct rank *rank,
    struct why *why)
{
	struct rank found = {0, ""};
	char *text;

	if (match->sort == NULL) {
		found.number = listed->user.uid;
	} else if (!is_number(match->sort, listed, &found.number)) {
		text = field_text(match->sort, listed);
		match->hay.size = 0;
		put_lower(match, &match->hay, text);
		bytes_put_u8(&match->hay, 0);
		free(text);
		if (text == NULL || match->hay.failed)
			return why_memory(why);
		found.text = (const char *)match->hay.data;
	}
	*rank = found;
	return FAULT_NONE;
}
