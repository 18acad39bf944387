/*
 * field.c - the operations that loop over a record's field table.  Each is one switch over the
 * shapes that members have; what a kind takes stands in the table of kinds.
 */
#include "policy/field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/assignment.h"
#include "policy/grant.h"
#include "policy/text.h"

/* The C type of a member. */
enum shape {
	SHAPE_TEXT = 1,
	SHAPE_U32,
	SHAPE_U64,
	SHAPE_BOOL,
	SHAPE_TIME,
	SHAPE_CHOICE,
	SHAPE_NAMES,
	SHAPE_UUID,
};

static bool
is_login(const char *text, size_t max)
{
	return text_is_login(text) && strlen(text) <= max;
}

/*
 * `no` is no group.  What others write for yes and no is refused: programs that read YAML and
 * write it again make `false` of our `no`, and taken as it stands it would be a group of that
 * name.
 */
static bool
is_group(const char *text, size_t max)
{
	static const char *const words[] = {"yes", "true", "on", "false", "off"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], text) == 0)
			return false;
	return is_login(text, max);
}

static bool
is_dotted(const char *text, size_t max)
{
	return text_is_dotted(text) && strlen(text) <= max;
}

static bool
is_pattern(const char *text, size_t max)
{
	return text_is_pattern(text) && strlen(text) <= max;
}

static bool
is_service(const char *text, size_t max)
{
	return text_is_service(text) && strlen(text) <= max;
}

static bool
is_email(const char *text, size_t max)
{
	return text_is_email(text) && strlen(text) <= max;
}

static bool
is_phone(const char *text, size_t max)
{
	return text_is_phone(text) && strlen(text) <= max;
}

static bool
is_assignment(const char *text, size_t max)
{
	struct assignment assignment;

	return assignment_parse(text, &assignment) && strlen(text) <= max;
}

static bool
is_grant(const char *text, size_t max)
{
	struct grant grant;

	return grant_parse(text, &grant) && strlen(text) <= max;
}

static bool
is_range(const char *text, size_t max)
{
	uint32_t first, last;

	return text_to_range(text, &first, &last) && strlen(text) <= max;
}

static bool
is_home(const char *text, size_t max)
{
	return text_is_home(text) && strlen(text) <= max;
}

/* What Hexa itself has put together; it is checked where it is used. */
static bool
is_compiled(const char *text, size_t max)
{
	return text_is_plain(text, max) && strchr(text, ':') != NULL;
}

/* What text_is_dotted() takes. */
#define DOTTED \
	"words joined by dots, each of a-z 0-9 _ -, beginning with a letter or _, at most 32 bytes"

static const struct kind_row {
	enum shape shape;
	bool (*fits)(const char *text, size_t max); /* of a text, or of each name in a list */
	const char *expected;
	bool (*typed)(const char *text); /* what a person may write, where more than is kept */
} kinds[] = {
	[K_TEXT] = {SHAPE_TEXT, text_is_plain, "plain text without control characters"},
	[K_GECOS] = {SHAPE_TEXT, text_is_gecos,
	    "plain text without : , = & or control characters"},
	[K_LOGIN] = {SHAPE_TEXT, is_login,
	    "a name: a-z 0-9 _ -, beginning with a letter or _"},
	[K_GROUP] = {SHAPE_TEXT, is_group,
	    "a group name: a-z 0-9 _ -, beginning with a letter or _; or `no`"},
	[K_USER] = {SHAPE_TEXT, is_login,
	    "a user: a login name, uid:N, an e-mail address or a phone number",
	    text_is_user_argument},
	[K_WORD] = {SHAPE_TEXT, is_dotted, "a name: " DOTTED},
	[K_EMAIL] = {SHAPE_TEXT, is_email, "an e-mail address, as anna@example.org"},
	[K_PHONE] = {SHAPE_TEXT, is_phone, "a phone number with its country code, as +31612345678"},
	[K_PATH] = {SHAPE_TEXT, text_is_path, "an absolute path"},
	[K_UNIT] = {SHAPE_TEXT, text_is_unit, "an organisational unit, as /sales/north"},
	[K_SECRET] = {SHAPE_TEXT, text_is_plain, "a password hash"},
	[K_ID] = {SHAPE_U32, NULL, "a whole number"},
	[K_NUMBER] = {SHAPE_U32, NULL, "a whole number"},
	[K_VERSION] = {SHAPE_U64, NULL, "a whole number"},
	[K_BOOL] = {SHAPE_BOOL, NULL, "yes or no"},
	[K_TIME] = {SHAPE_TIME, NULL, "a date, or a time as 2026-11-21T09:30:00Z"},
	[K_END] = {SHAPE_TIME, NULL, "a date, or a time as 2026-11-21T09:30:00Z"},
	[K_CHOICE] = {SHAPE_CHOICE, NULL, "one of"},
	[K_LOGINS] = {SHAPE_NAMES, is_login,
	    "a name: a-z 0-9 _ -, beginning with a letter or _, at most 32 bytes"},
	[K_PATTERNS] = {SHAPE_NAMES, is_pattern, "a permission: " DOTTED "; a last * for all below"},
	[K_WORDS] = {SHAPE_NAMES, is_dotted, "a name: " DOTTED},
	[K_SERVICES] = {SHAPE_NAMES, is_service, "PAM services, as sshd"},
	[K_ASSIGNMENTS] = {SHAPE_NAMES, is_assignment,
	    "a role, as technician, administrator@/sales or technician@client:acme"},
	[K_GRANTS] = {SHAPE_NAMES, is_grant,
	    "a permission, or PERMISSION@END, as logs.read@2026-12-31"},
	[K_CHOICES] = {SHAPE_NAMES, NULL, "some of"},
	[K_RANGES] = {SHAPE_NAMES, is_range, "ranges of ids, as 65536-99999, from 1000 on"},
	[K_COMPILED] = {SHAPE_NAMES, is_compiled, "words joined by colons"},
	[K_HOME] = {SHAPE_TEXT, is_home,
	    "an absolute path with %u for the login name, as /home/%u"},
	[K_DURATION] = {SHAPE_U32, NULL, "a time as 90s, 15m, 72h or 365d"},
	[K_SIZE] = {SHAPE_U64, NULL, "a size as 512KiB, 64MiB or 1GiB"},
	[K_UUID] = {SHAPE_UUID, NULL, "a UUID"},
};

static enum shape
shape_of(const struct field *field)
{
	return kinds[field->kind].shape;
}

static void *
member(const struct field *field, void *record)
{
	return (char *)record + field->offset;
}

static const void *
member_of(const struct field *field, const void *record)
{
	return (const char *)record + field->offset;
}

size_t
field_size(const struct field *field)
{
	switch (shape_of(field)) {
	case SHAPE_TEXT:
		return sizeof(char *);
	case SHAPE_U32:
		return sizeof(uint32_t);
	case SHAPE_U64:
		return sizeof(uint64_t);
	case SHAPE_BOOL:
		return sizeof(bool);
	case SHAPE_TIME:
		return sizeof(int64_t);
	case SHAPE_CHOICE:
		return sizeof(unsigned);
	case SHAPE_NAMES:
		return sizeof(struct names);
	case SHAPE_UUID:
		return sizeof(struct uuid);
	}
	return 0;
}

bool
field_is_list(const struct field *field)
{
	return shape_of(field) == SHAPE_NAMES;
}

const struct field *
field_find(const struct table *table, const char *name)
{
	for (size_t i = 0; i < table->count; i++)
		if (strcmp(table->rows[i].name, name) == 0)
			return &table->rows[i];
	return NULL;
}

bool
field_is_empty(const struct field *field, const void *record)
{
	static const struct uuid no_uuid;
	const void *at = member_of(field, record);

	switch (shape_of(field)) {
	case SHAPE_TEXT: {
		const char *text = *(char *const *)at;

		return text == NULL || *text == '\0';
	}
	case SHAPE_U32:
		return *(const uint32_t *)at == 0;
	case SHAPE_U64:
		return *(const uint64_t *)at == 0;
	case SHAPE_BOOL:
		return !*(const bool *)at;
	case SHAPE_TIME:
		return *(const int64_t *)at == 0;
	case SHAPE_CHOICE:
		return *(const unsigned *)at == 0;
	case SHAPE_NAMES:
		return ((const struct names *)at)->count == 0;
	case SHAPE_UUID:
		return memcmp(at, &no_uuid, sizeof(no_uuid)) == 0;
	}
	return true;
}

/* ---- from text ---------------------------------------------------------------------------- */

static enum fault
refuse(const struct field *field, struct why *why)
{
	struct bytes choices = {0};
	enum fault fault;

	for (const char *const *choice = field->choices; choice != NULL && *choice != NULL;
	    choice++)
		bytes_print(&choices, " %s", *choice);
	bytes_put_u8(&choices, 0);
	fault = why_field(why, FAULT_INVALID, field->name, "%s: expected %s%s", field->name,
	    kinds[field->kind].expected, choices.failed ? "" : (const char *)choices.data);
	bytes_clear(&choices);
	return fault;
}

static bool
may_be_typed(const struct field *field, const char *text)
{
	const struct kind_row *kind = &kinds[field->kind];

	return kind->fits(text, field->max) || (kind->typed != NULL && kind->typed(text));
}

/* Logins are compared byte by byte everywhere: one in capitals is not taken for another. */
static enum fault
refuse_text(const struct field *field, const char *text, struct why *why)
{
	char *lower;

	if (strlen(text) > field->max)
		return why_field(why, FAULT_INVALID, field->name, "%s: longer than %zu bytes",
		    field->name, field->max);
	refuse(field, why);
	lower = text_lower(text);
	if (lower != NULL && text_is_login(lower) && kinds[field->kind].fits(lower, field->max))
		why_add(why, "; did you mean %s?", lower);
	free(lower);
	return FAULT_INVALID;
}

static enum fault
parse_text(const struct field *field, char **member, const char *text, struct why *why)
{
	char *copy = NULL;

	if (*text != '\0') {
		if (!may_be_typed(field, text))
			return refuse_text(field, text, why);
		copy = strdup(text);
		if (copy == NULL)
			return why_memory(why);
	}
	if (*member != NULL && field->kind == K_SECRET)
		explicit_bzero(*member, strlen(*member));
	free(*member);
	*member = copy;
	return FAULT_NONE;
}

/* A number of this kind as it is written; a plain one where the kind has no other way. */
static void
print_number(const struct field *field, uint64_t number, struct bytes *out)
{
	char text[MEASURE_TEXT_BYTES];

	if (field->kind == K_DURATION)
		text_from_duration(number, text);
	else if (field->kind == K_SIZE)
		text_from_size(number, text);
	else
		snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
	bytes_print(out, "%s", text);
}

/* `most` is the largest that the member can hold. */
static enum fault
refuse_number(const struct field *field, uint64_t most, struct why *why)
{
	struct bytes limits = {0};
	enum fault fault;

	if (field->min > 0) {
		bytes_print(&limits, " from ");
		print_number(field, field->min, &limits);
	}
	bytes_print(&limits, " up to ");
	print_number(field, field->max != 0 && field->max < most ? field->max : most, &limits);
	bytes_put_u8(&limits, 0);
	fault = why_field(why, FAULT_INVALID, field->name, "%s: expected %s%s", field->name,
	    kinds[field->kind].expected, limits.failed ? "" : (const char *)limits.data);
	bytes_clear(&limits);
	return fault;
}

static bool
number_fits(const struct field *field, uint64_t number)
{
	return number >= field->min && (field->max == 0 || number <= field->max);
}

static bool
read_number(const struct field *field, const char *text, uint64_t most, uint64_t *number)
{
	if (field->kind == K_DURATION)
		return text_to_duration(text, most, number);
	if (field->kind == K_SIZE)
		return text_to_size(text, most, number);
	return text_to_number(text, most, number);
}

static enum fault
parse_number(const struct field *field, uint64_t most, const char *text, uint64_t *number,
    struct why *why)
{
	uint64_t read = 0;

	if (*text != '\0' &&
	    (!read_number(field, text, most, &read) || !number_fits(field, read)))
		return refuse_number(field, most, why);
	*number = read;
	return FAULT_NONE;
}

static enum fault
parse_bool(const struct field *field, bool *member, const char *text, struct why *why)
{
	if (strcmp(text, "yes") == 0 || strcmp(text, "true") == 0)
		*member = true;
	else if (*text == '\0' || strcmp(text, "no") == 0 || strcmp(text, "false") == 0)
		*member = false;
	else
		return refuse(field, why);
	return FAULT_NONE;
}

static enum fault
parse_time(const struct field *field, int64_t *member, const char *text, struct why *why)
{
	int64_t seconds = 0;
	bool good = *text == '\0' || (field->kind == K_END ? text_to_end_time(text, &seconds)
	                                                   : text_to_time(text, &seconds));

	if (!good)
		return refuse(field, why);
	*member = seconds;
	return FAULT_NONE;
}

static enum fault
parse_choice(const struct field *field, unsigned *member, const char *text, struct why *why)
{
	for (unsigned i = 0; field->choices[i] != NULL; i++) {
		if (strcmp(field->choices[i], text) == 0) {
			*member = i;
			return FAULT_NONE;
		}
	}
	return refuse(field, why);
}

static bool
is_choice(const struct field *field, const char *text)
{
	for (const char *const *choice = field->choices; *choice != NULL; choice++)
		if (strcmp(*choice, text) == 0)
			return true;
	return false;
}

/* May this stand in the list? */
static bool
fits_list(const struct field *field, const char *text)
{
	if (field->kind == K_CHOICES)
		return is_choice(field, text);
	return kinds[field->kind].fits(text, field->max);
}

static enum fault
refuse_more(const struct field *field, struct why *why)
{
	return why_field(why, FAULT_INVALID, field->name, "%s: more than %zu values", field->name,
	    field->max_count);
}

/* A grant of the same permission gives way. */
static enum fault
append_grant(const struct field *field, struct names *names, const char *text, struct why *why)
{
	struct grant grant;

	if (!grant_parse(text, &grant))
		return refuse(field, why);
	if (names->count >= field->max_count && !grants_have(names, grant.permission))
		return refuse_more(field, why);
	return grants_put(names, &grant) ? FAULT_NONE : why_memory(why);
}

/* One value of a list, checked and appended. */
static enum fault
append(const struct field *field, struct names *names, const char *text, struct why *why)
{
	if (field->kind == K_GRANTS)
		return append_grant(field, names, text, why);
	if (!fits_list(field, text))
		return refuse(field, why);
	if (names_have(names, text))
		return why_field(why, FAULT_CONFLICT, field->name, "%s: %s is there already",
		    field->name, text);
	if (names->count >= field->max_count)
		return refuse_more(field, why);
	return names_add(names, text) ? FAULT_NONE : why_memory(why);
}

static enum fault
parse_names(const struct field *field, struct names *member, const char *text, struct why *why)
{
	struct names names = {0};
	enum fault fault = FAULT_NONE;

	while (fault == FAULT_NONE && *text != '\0') {
		size_t size = strcspn(text, ", ");
		char *word = size == 0 ? NULL : strndup(text, size);

		if (size > 0 && word == NULL)
			fault = why_memory(why);
		else if (size > 0 && !names_have(&names, word))
			fault = append(field, &names, word, why);
		free(word);
		text += size + (text[size] != '\0');
	}
	if (fault != FAULT_NONE) {
		names_clear(&names);
		return fault;
	}
	names_clear(member);
	*member = names;
	return FAULT_NONE;
}

static int
hex_digit(char digit)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = digit == '\0' ? NULL : strchr(digits, digit);

	return at == NULL ? -1 : (int)(at - digits);
}

static enum fault
parse_uuid(const struct field *field, struct uuid *member, const char *text, struct why *why)
{
	struct uuid uuid = {{0}};
	size_t at = 0;

	for (size_t i = 0; *text != '\0' && i < sizeof(uuid.byte); i++) {
		int high, low;

		if (i == 4 || i == 6 || i == 8 || i == 10)
			if (text[at++] != '-')
				return refuse(field, why);
		high = hex_digit(text[at]);
		low = high < 0 ? -1 : hex_digit(text[at + 1]);
		if (low < 0)
			return refuse(field, why);
		uuid.byte[i] = (unsigned char)(high << 4 | low);
		at += 2;
	}
	if (text[at] != '\0')
		return refuse(field, why);
	*member = uuid;
	return FAULT_NONE;
}

enum fault
field_parse(const struct field *field, void *record, const char *text, struct why *why)
{
	void *at = member(field, record);
	uint64_t number;
	enum fault fault;

	switch (shape_of(field)) {
	case SHAPE_TEXT:
		return parse_text(field, at, text, why);
	case SHAPE_U32:
		fault = parse_number(field, UINT32_MAX, text, &number, why);
		if (fault == FAULT_NONE)
			*(uint32_t *)at = (uint32_t)number;
		return fault;
	case SHAPE_U64:
		fault = parse_number(field, UINT64_MAX, text, &number, why);
		if (fault == FAULT_NONE)
			*(uint64_t *)at = number;
		return fault;
	case SHAPE_BOOL:
		return parse_bool(field, at, text, why);
	case SHAPE_TIME:
		return parse_time(field, at, text, why);
	case SHAPE_CHOICE:
		return parse_choice(field, at, text, why);
	case SHAPE_NAMES:
		return parse_names(field, at, text, why);
	case SHAPE_UUID:
		return parse_uuid(field, at, text, why);
	}
	return refuse(field, why);
}

static enum fault
refuse_list(const struct field *field, struct why *why)
{
	return why_field(why, FAULT_INVALID, field->name, "%s holds one value", field->name);
}

enum fault
field_add(const struct field *field, void *record, const char *text, struct why *why)
{
	if (!field_is_list(field))
		return refuse_list(field, why);
	return append(field, member(field, record), text, why);
}

enum fault
field_remove(const struct field *field, void *record, const char *text, struct why *why)
{
	bool removed;

	if (!field_is_list(field))
		return refuse_list(field, why);
	removed = field->kind == K_GRANTS ? grants_remove(member(field, record), text)
	                                  : names_remove(member(field, record), text);
	if (!removed)
		return why_field(why, FAULT_UNKNOWN, field->name, "%s: %s is not there",
		    field->name, text);
	return FAULT_NONE;
}

/* ---- to text ------------------------------------------------------------------------------ */

static void
put_text(struct bytes *out, const char *text)
{
	bytes_put(out, text, strlen(text));
}

static void
print_names(const struct names *names, struct bytes *out)
{
	for (size_t i = 0; i < names->count; i++) {
		bytes_put(out, " ", i > 0);
		put_text(out, names->item[i]);
	}
}

void
uuid_to_text(const struct uuid *uuid, char out[UUID_TEXT_BYTES])
{
	static const char digits[] = "0123456789abcdef";
	size_t at = 0;

	for (size_t i = 0; i < sizeof(uuid->byte); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			out[at++] = '-';
		out[at++] = digits[uuid->byte[i] >> 4];
		out[at++] = digits[uuid->byte[i] & 0xf];
	}
	out[at] = '\0';
}

static void
print_choice(const struct field *field, unsigned choice, struct bytes *out)
{
	unsigned i = 0;

	while (i < choice && field->choices[i] != NULL)
		i++;
	if (field->choices[i] != NULL)
		put_text(out, field->choices[i]);
}

/* Has the kind's nothing a text of its own? */
static bool
empty_is_said(const struct field *field)
{
	return shape_of(field) == SHAPE_BOOL || shape_of(field) == SHAPE_CHOICE ||
	    (field->rights & F_ZERO) != 0;
}

void
field_print(const struct field *field, const void *record, struct bytes *out)
{
	const void *at = member_of(field, record);
	char time[TIME_TEXT_BYTES], uuid[UUID_TEXT_BYTES];

	if (field_is_empty(field, record) && !empty_is_said(field))
		return;
	switch (shape_of(field)) {
	case SHAPE_TEXT:
		put_text(out, field->kind == K_SECRET ? "set" : *(char *const *)at);
		return;
	case SHAPE_U32:
		print_number(field, *(const uint32_t *)at, out);
		return;
	case SHAPE_U64:
		print_number(field, *(const uint64_t *)at, out);
		return;
	case SHAPE_BOOL:
		put_text(out, *(const bool *)at ? "yes" : "no");
		return;
	case SHAPE_TIME:
		text_from_time(*(const int64_t *)at, time);
		put_text(out, time);
		return;
	case SHAPE_CHOICE:
		print_choice(field, *(const unsigned *)at, out);
		return;
	case SHAPE_NAMES:
		print_names(at, out);
		return;
	case SHAPE_UUID:
		uuid_to_text(at, uuid);
		put_text(out, uuid);
		return;
	}
}

char *
field_text(const struct field *field, const void *record)
{
	struct bytes text = {0};

	field_print(field, record, &text);
	return bytes_take_text(&text);
}

const char *
field_string(const struct field *field, const void *record)
{
	if (shape_of(field) != SHAPE_TEXT || field->kind == K_SECRET ||
	    field_is_empty(field, record))
		return NULL;
	return *(char *const *)member_of(field, record);
}

/* ---- whole members ------------------------------------------------------------------------ */

static bool
same_text(const char *a, const char *b)
{
	return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) == 0;
}

bool
field_same(const struct field *field, const void *a, const void *b)
{
	const void *one = member_of(field, a), *other = member_of(field, b);

	switch (shape_of(field)) {
	case SHAPE_TEXT:
		return same_text(*(char *const *)one, *(char *const *)other);
	case SHAPE_NAMES:
		return names_same(one, other);
	case SHAPE_U32:
	case SHAPE_U64:
	case SHAPE_BOOL:
	case SHAPE_TIME:
	case SHAPE_CHOICE:
	case SHAPE_UUID:
		return memcmp(one, other, field_size(field)) == 0;
	}
	return false;
}

enum fault
field_copy(const struct field *field, void *to, const void *from, struct why *why)
{
	void *there = member(field, to);
	const void *here = member_of(field, from);
	char *copy = NULL;

	switch (shape_of(field)) {
	case SHAPE_TEXT:
		if (*(char *const *)here != NULL) {
			copy = strdup(*(char *const *)here);
			if (copy == NULL)
				return why_memory(why);
		}
		field_clear(field, to);
		*(char **)there = copy;
		return FAULT_NONE;
	case SHAPE_NAMES:
		return names_copy(there, here) ? FAULT_NONE : why_memory(why);
	case SHAPE_U32:
	case SHAPE_U64:
	case SHAPE_BOOL:
	case SHAPE_TIME:
	case SHAPE_CHOICE:
	case SHAPE_UUID:
		memmove(there, here, field_size(field));
		return FAULT_NONE;
	}
	return refuse(field, why);
}

void
field_clear(const struct field *field, void *record)
{
	void *at = member(field, record);

	switch (shape_of(field)) {
	case SHAPE_TEXT: {
		char **text = at;

		if (*text != NULL && field->kind == K_SECRET)
			explicit_bzero(*text, strlen(*text));
		free(*text);
		*text = NULL;
		return;
	}
	case SHAPE_NAMES:
		names_clear(at);
		return;
	case SHAPE_U32:
	case SHAPE_U64:
	case SHAPE_BOOL:
	case SHAPE_TIME:
	case SHAPE_CHOICE:
	case SHAPE_UUID:
		memset(at, 0, field_size(field));
		return;
	}
}

/* ---- whole records ------------------------------------------------------------------------ */

enum fault
record_copy(const struct table *table, void *to, const void *from, struct why *why)
{
	for (size_t i = 0; i < table->count; i++) {
		enum fault fault = field_copy(&table->rows[i], to, from, why);

		if (fault != FAULT_NONE)
			return fault;
	}
	return FAULT_NONE;
}

void
record_clear(const struct table *table, void *record)
{
	for (size_t i = 0; i < table->count; i++)
		field_clear(&table->rows[i], record);
}

static enum fault
check_names(const struct field *field, const struct names *names, struct why *why)
{
	if (names->count > field->max_count)
		return refuse_more(field, why);
	for (size_t i = 0; i < names->count; i++)
		if (!fits_list(field, names->item[i]))
			return refuse(field, why);
	return FAULT_NONE;
}

/* The limits of a row, on a member that is not empty. */
static enum fault
check_value(const struct field *field, const void *record, struct why *why)
{
	const void *at = member_of(field, record);
	unsigned choice = 0;
	bool good = true;

	switch (shape_of(field)) {
	case SHAPE_TEXT:
		good = kinds[field->kind].fits(*(char *const *)at, field->max);
		break;
	case SHAPE_U32:
		if (!number_fits(field, *(const uint32_t *)at))
			return refuse_number(field, UINT32_MAX, why);
		break;
	case SHAPE_CHOICE:
		while (choice < *(const unsigned *)at && field->choices[choice] != NULL)
			choice++;
		good = field->choices[choice] != NULL;
		break;
	case SHAPE_NAMES:
		return check_names(field, at, why);
	case SHAPE_TIME:
		good = *(const int64_t *)at > 0 && *(const int64_t *)at <= TIME_LAST;
		break;
	case SHAPE_U64:
		if (!number_fits(field, *(const uint64_t *)at))
			return refuse_number(field, UINT64_MAX, why);
		break;
	case SHAPE_BOOL:
	case SHAPE_UUID:
		break;
	}
	return good ? FAULT_NONE : refuse(field, why);
}

enum fault
record_check(const struct table *table, const void *record, bool creating, struct why *why)
{
	const unsigned needed = F_REQUIRED | (creating ? F_ASKED : 0);

	for (size_t i = 0; i < table->count; i++) {
		const struct field *field = &table->rows[i];
		enum fault fault;

		if (field_is_empty(field, record)) {
			if ((field->rights & needed) != 0 && shape_of(field) != SHAPE_CHOICE)
				return why_field(why, FAULT_INVALID, field->name, "%s is required",
				    field->name);
			continue;
		}
		fault = check_value(field, record, why);
		if (fault != FAULT_NONE)
			return fault;
	}
	return FAULT_NONE;
}

/* ---- on disk ------------------------------------------------------------------------------ */

static void
encode_value(const struct field *field, const void *record, struct bytes *out)
{
	const void *at = member_of(field, record);

	switch (shape_of(field)) {
	case SHAPE_TEXT:
		bytes_put(out, *(char *const *)at, strlen(*(char *const *)at));
		return;
	case SHAPE_U32:
		bytes_put_u32(out, *(const uint32_t *)at);
		return;
	case SHAPE_U64:
		bytes_put_u64(out, *(const uint64_t *)at);
		return;
	case SHAPE_BOOL:
		bytes_put_u8(out, *(const bool *)at);
		return;
	case SHAPE_TIME:
		bytes_put_u64(out, (uint64_t)*(const int64_t *)at);
		return;
	case SHAPE_CHOICE:
		bytes_put_u32(out, *(const unsigned *)at);
		return;
	case SHAPE_NAMES:
		for (size_t i = 0; i < ((const struct names *)at)->count; i++)
			bytes_put_text(out, ((const struct names *)at)->item[i]);
		return;
	case SHAPE_UUID:
		bytes_put(out, at, sizeof(struct uuid));
		return;
	}
}

static void
encode_field(const struct field *field, const void *record, struct bytes *out)
{
	struct bytes value = {0};

	encode_value(field, record, &value);
	if (value.failed || value.size > UINT32_MAX)
		out->failed = true;
	bytes_put_u16(out, field->id);
	bytes_put_u32(out, (uint32_t)value.size);
	bytes_put(out, value.data, value.size);
	bytes_clear(&value);
}

/* The row with the smallest id above `after`; NULL at the end. */
static const struct field *
next_by_id(const struct table *table, uint32_t after)
{
	const struct field *next = NULL;

	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].id > after && (next == NULL || table->rows[i].id < next->id))
			next = &table->rows[i];
	return next;
}

void
record_encode(const struct table *table, const void *record, struct bytes *out)
{
	uint16_t count = 0;

	for (size_t i = 0; i < table->count; i++)
		count += !field_is_empty(&table->rows[i], record);
	bytes_put_u16(out, table->schema);
	bytes_put_u16(out, count);
	for (const struct field *field = next_by_id(table, 0); field != NULL;
	    field = next_by_id(table, field->id))
		if (!field_is_empty(field, record))
			encode_field(field, record, out);
}

static void
decode_text(struct reader *value, char **text)
{
	size_t size = value->left;
	const char *data = reader_bytes(value, size);

	if (data == NULL || memchr(data, '\0', size) != NULL ||
	    (*text = strndup(data, size)) == NULL)
		value->failed = true;
}

static void
decode_names(const struct field *field, struct reader *value, struct names *names)
{
	while (!value->failed && value->left > 0) {
		char *name = reader_text(value, field->max);

		if (name != NULL && (names->count >= field->max_count || !names_add(names, name)))
			value->failed = true;
		free(name);
	}
}

static bool
decode_value(const struct field *field, void *record, struct reader *value)
{
	void *at = member(field, record);
	const void *bytes;
	uint8_t flag;

	switch (shape_of(field)) {
	case SHAPE_TEXT:
		decode_text(value, at);
		break;
	case SHAPE_U32:
		*(uint32_t *)at = reader_u32(value);
		break;
	case SHAPE_U64:
		*(uint64_t *)at = reader_u64(value);
		break;
	case SHAPE_BOOL:
		flag = reader_u8(value);
		*(bool *)at = flag == 1;
		value->failed |= flag > 1;
		break;
	case SHAPE_TIME:
		*(int64_t *)at = (int64_t)reader_u64(value);
		break;
	case SHAPE_CHOICE:
		*(unsigned *)at = reader_u32(value);
		break;
	case SHAPE_NAMES:
		decode_names(field, value, at);
		break;
	case SHAPE_UUID:
		bytes = reader_bytes(value, sizeof(struct uuid));
		if (bytes != NULL)
			memcpy(at, bytes, sizeof(struct uuid));
		break;
	}
	/* What is empty is never written: an empty value here is a second spelling of nothing. */
	return reader_done(value) && !field_is_empty(field, record) &&
	    check_value(field, record, NULL) == FAULT_NONE;
}

static const struct field *
field_by_id(const struct table *table, uint16_t id)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].id == id)
			return &table->rows[i];
	return NULL;
}

static bool
decode_fields(const struct table *table, void *record, struct reader *reader)
{
	uint16_t count, last = 0;

	if (reader_u16(reader) != table->schema)
		return false;
	count = reader_u16(reader);
	for (uint16_t i = 0; i < count && !reader->failed; i++) {
		uint16_t id = reader_u16(reader);
		uint32_t size = reader_u32(reader);
		const void *data = reader_bytes(reader, size);
		const struct field *field = id > last ? field_by_id(table, id) : NULL;
		struct reader value;

		if (data == NULL || field == NULL)
			return false;
		value = reader_over(data, size);
		if (!decode_value(field, record, &value))
			return false;
		last = id;
	}
	return reader_done(reader);
}

enum fault
record_decode(const struct table *table, void *record, const void *data, size_t size,
    struct why *why)
{
	struct reader reader = reader_over(data, size);
	void *fresh = calloc(1, table->size);
	enum fault fault = FAULT_NONE;

	if (fresh == NULL)
		return why_memory(why);
	if (decode_fields(table, fresh, &reader)) {
		record_clear(table, record);
		memcpy(record, fresh, table->size);
	} else {
		record_clear(table, fresh);
		fault = why_set(why, FAULT_UNAVAILABLE, "a %s record is damaged", table->noun);
	}
	free(fresh);
	return fault;
}
