/*
 * json.c - values to be printed as JSON, and read, over jansson.
 */
#include "hexa-admin/json.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "hexa-admin/print.h"
#include "policy/text.h"

struct json {
	json_t *value;
	bool failed;
};

enum { INDENT = 2 };

static struct json *
wrap(json_t *value)
{
	struct json *json = calloc(1, sizeof(*json));

	if (json == NULL || value == NULL) {
		json_decref(value);
		free(json);
		return NULL;
	}
	json->value = value;
	return json;
}

struct json *
json_map(void)
{
	return wrap(json_object());
}

struct json *
json_list(void)
{
	return wrap(json_array());
}

void
json_free(struct json *json)
{
	if (json == NULL)
		return;
	json_decref(json->value);
	free(json);
}

/* jansson takes valid UTF-8 only, and leaves DEL, C1 and bidirectional controls as they are. */
static json_t *
string(const char *text)
{
	json_t *value;
	char *shown;

	if (text_is_plain(text, strlen(text)))
		return json_string(text);
	shown = text_shown(text);
	value = shown == NULL ? NULL : json_string(shown);
	free(shown);
	return value;
}

/* The setters below take NULL values as failures, and own what they are given. */
static void
put(struct json *map, const char *key, json_t *value)
{
	if (map == NULL)
		json_decref(value);
	else if (json_object_set_new(map->value, key, value) != 0)
		map->failed = true;
}

void
json_put_text(struct json *map, const char *key, const char *text)
{
	put(map, key, string(text));
}

void
json_put_number(struct json *map, const char *key, uint64_t number)
{
	/* JSON's numbers here end at 2^63-1; no counter of Hexa's comes near. */
	put(map, key, number > INT64_MAX ? NULL : json_integer((json_int_t)number));
}

void
json_put_bool(struct json *map, const char *key, bool truth)
{
	put(map, key, json_boolean(truth));
}

void
json_put_null(struct json *map, const char *key)
{
	put(map, key, json_null());
}

struct json *
json_word(const char *text)
{
	return wrap(text == NULL || *text == '\0' ? json_null() : string(text));
}

struct json *
json_lines(const char *text)
{
	struct bytes shown = {0};
	struct json *json;
	char *whole;

	if (text == NULL || *text == '\0')
		return json_word(NULL);
	while (*text != '\0') {
		size_t size = strcspn(text, "\n\t");
		char *line = strndup(text, size);

		if (line == NULL)
			shown.failed = true;
		else
			bytes_put_shown(&shown, line);
		free(line);
		text += size;
		if (*text != '\0')
			bytes_put(&shown, text++, 1);
	}
	whole = bytes_take_text(&shown);
	json = whole == NULL ? NULL : wrap(json_string(whole));
	free(whole);
	return json;
}

void
json_put_word(struct json *map, const char *key, const char *text)
{
	json_put(map, key, json_word(text));
}

void
json_put_mend(struct json *map, const char *key, const char *mend)
{
	char *shown = mend_shown(mend);

	if (shown == NULL)
		put(map, key, NULL);
	else
		json_put_word(map, key, shown);
	free(shown);
}

/* Takes the jansson value out of its wrapper; NULL when building it failed. */
static json_t *
unwrap(struct json *json)
{
	json_t *value = json == NULL || json->failed ? NULL : json_incref(json->value);

	json_free(json);
	return value;
}

void
json_put(struct json *map, const char *key, struct json *value)
{
	put(map, key, unwrap(value));
}

static void
add(struct json *list, json_t *value)
{
	if (list == NULL)
		json_decref(value);
	else if (json_array_append_new(list->value, value) != 0)
		list->failed = true;
}

void
json_add_text(struct json *list, const char *text)
{
	add(list, string(text));
}

void
json_add(struct json *list, struct json *value)
{
	add(list, unwrap(value));
}

struct json *
json_names(const struct names *names)
{
	struct json *list = json_list();

	for (size_t i = 0; i < names->count; i++)
		json_add_text(list, names->item[i]);
	return list;
}

void
json_put_names(struct json *map, const char *key, const struct names *names)
{
	json_put(map, key, json_names(names));
}

enum fault
json_print(struct json *json, bool compact, FILE *stream, struct why *why)
{
	json_t *value = unwrap(json);
	bool good;

	if (value == NULL)
		return why_memory(why);
	good = json_dumpf(value, stream,
	           JSON_ENCODE_ANY | (compact ? 0 : JSON_INDENT(INDENT))) == 0;
	json_decref(value);
	if (!good && !ferror(stream))
		return why_memory(why);
	return FAULT_NONE;
}

bool
json_print_text(const char *text, FILE *stream)
{
	json_t *value = json_string(text);
	bool good = value != NULL && json_dumpf(value, stream, JSON_ENCODE_ANY) == 0;

	json_decref(value);
	return good;
}

enum fault
json_show(struct json *json, struct why *why)
{
	enum fault fault = json_print(json, false, stdout, why);

	putchar('\n');
	return fault;
}

/* ---- reading ------------------------------------------------------------------------------ */

/*
 * jansson says what the values are, and whether it is JSON at all; where they stand is found by
 * looking through what it has taken.
 */
struct text {
	const char *data;
	size_t size;
	size_t most; /* bytes of an object */
	size_t at;
	unsigned line; /* of what stands at `at` */
	size_t line_begins;
};

static void
move_to(struct text *text, size_t end)
{
	for (; text->at < end; text->at++) {
		if (text->data[text->at] != '\n')
			continue;
		text->line++;
		text->line_begins = text->at + 1;
	}
}

static unsigned
column_of(const struct text *text)
{
	return (unsigned)(text->at - text->line_begins) + 1;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The byte behind white space; NUL at the end. */
static char
next_byte(struct text *text)
{
	size_t at = text->at;

	while (at < text->size && is_space(text->data[at]))
		at++;
	move_to(text, at);
	if (at >= text->size)
		return '\0';
	return text->data[at];
}

static enum fault
refuse(const struct text *text, const char *what, struct why *why)
{
	return why_place(why, FAULT_INVALID, text->line, column_of(text), "%s", what);
}

/* Beyond a text, in what jansson has taken. */
static size_t
string_end(const struct text *text, size_t at)
{
	for (at++; at < text->size && text->data[at] != '"'; at++)
		if (text->data[at] == '\\')
			at++;
	return at + 1;
}

/* Beyond the value that begins here, likewise. */
static size_t
value_end(const struct text *text)
{
	size_t at = text->at;
	unsigned depth = 0;

	do {
		char c = text->data[at];

		if (c == '"') {
			at = string_end(text, at);
			continue;
		}
		depth += c == '{' || c == '[';
		depth -= c == '}' || c == ']';
		at++;
		/* A word or a number goes up to what can be none of it. */
		while (depth == 0 && c != '}' && c != ']' && at < text->size &&
		    strchr(",]} \t\r\n", text->data[at]) == NULL)
			at++;
	} while (depth > 0 && at < text->size);
	return at;
}

static bool
is_text_list(const json_t *value)
{
	for (size_t i = 0; i < json_array_size(value); i++)
		if (!json_is_string(json_array_get(value, i)))
			return false;
	return json_is_array(value);
}

/* `digits` holds a number's. */
static bool
take_value(struct json_member *member, const json_t *value, char digits[32])
{
	bool good = true;

	member->text = "";
	if (json_is_null(value)) {
		member->kind = MEMBER_NULL;
	} else if (json_is_string(value)) {
		member->kind = MEMBER_TEXT;
		member->text = json_string_value(value);
	} else if (json_is_integer(value) && json_integer_value(value) >= 0) {
		member->kind = MEMBER_NUMBER;
		snprintf(digits, 32, "%lld", (long long)json_integer_value(value));
		member->text = digits;
	} else if (json_is_boolean(value)) {
		member->kind = MEMBER_BOOL;
		member->text = json_is_true(value) ? "yes" : "no";
	} else if (is_text_list(value)) {
		member->kind = MEMBER_LIST;
		for (size_t i = 0; good && i < json_array_size(value); i++)
			good = names_add(&member->list,
			    json_string_value(json_array_get(value, i)));
	} else {
		member->kind = MEMBER_OTHER;
	}
	return good;
}

struct object {
	struct json_member *member;
	char (*digits)[32];
	size_t count;
};

static void
object_clear(struct object *object)
{
	for (size_t i = 0; i < object->count; i++)
		names_clear(&object->member[i].list);
	free(object->member);
	free(object->digits);
}

/* Goes through the object's text beside its members, which jansson keeps in their order. */
static enum fault
take_members(struct text *text, json_t *value, struct object *object, struct why *why)
{
	size_t size = json_object_size(value);
	const char *key;
	json_t *under;

	if (size > OBJECT_MEMBERS)
		return refuse(text, "the object has too many members", why);
	object->member = calloc(size + 1, sizeof(*object->member));
	object->digits = calloc(size + 1, sizeof(*object->digits));
	if (object->member == NULL || object->digits == NULL)
		return why_memory(why);
	move_to(text, text->at + 1);
	json_object_foreach(value, key, under) {
		struct json_member *member = &object->member[object->count];

		if (next_byte(text) == ',')
			move_to(text, text->at + 1);
		next_byte(text);
		member->key = key;
		member->key_line = text->line;
		member->key_column = column_of(text);
		move_to(text, string_end(text, text->at));
		next_byte(text); /* the colon */
		move_to(text, text->at + 1);
		next_byte(text);
		member->line = text->line;
		member->column = column_of(text);
		move_to(text, value_end(text));
		object->count++;
		if (!take_value(member, under, object->digits[object->count - 1]))
			return why_memory(why);
	}
	return FAULT_NONE;
}

/* What jansson says, at the last byte that it looked at. */
static enum fault
refuse_json(struct text *text, const json_error_t *error, struct why *why)
{
	size_t looked = error->position > 0 ? (size_t)error->position - 1 : 0;

	if (json_error_code(error) == json_error_out_of_memory)
		return why_memory(why);
	move_to(text, looked < text->size - text->at ? text->at + looked : text->size);
	return refuse(text, json_error_code(error) == json_error_null_character
	        ? "a NUL in a text" : error->text, why);
}

static enum fault
read_object(struct text *text, json_row *row, void *context, struct why *why)
{
	const unsigned line = text->line, column = column_of(text);
	struct object object = {0};
	size_t left = text->size - text->at;
	size_t size = left < text->most ? left : text->most;
	json_error_t error;
	json_t *value;
	size_t end;
	enum fault fault;

	if (text->at >= text->size || text->data[text->at] != '{')
		return refuse(text, "expected an object: {", why);
	value = json_loadb(text->data + text->at, size,
	    JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &error);
	if (value == NULL && size < left &&
	    json_error_code(&error) == json_error_premature_end_of_input)
		return refuse(text, "the object is too long", why);
	if (value == NULL)
		return refuse_json(text, &error, why);
	end = text->at + (size_t)error.position;
	fault = take_members(text, value, &object, why);
	move_to(text, end);
	if (fault == FAULT_NONE)
		fault = row(context, object.member, object.count, line, column, why);
	object_clear(&object);
	json_decref(value);
	return fault;
}

enum fault
json_read(const void *data, size_t size, json_row *row, void *context, struct why *why)
{
	static const unsigned char mark[] = {0xef, 0xbb, 0xbf};
	struct text text = {.data = data, .size = size, .most = OBJECT_BYTES, .line = 1};
	enum fault fault = FAULT_NONE;

	if (size >= sizeof(mark) && memcmp(data, mark, sizeof(mark)) == 0)
		text.at = text.line_begins = sizeof(mark);
	if (next_byte(&text) != '[')
		return refuse(&text, "expected an array of objects: [", why);
	move_to(&text, text.at + 1);
	if (next_byte(&text) != ']') {
		fault = read_object(&text, row, context, why);
		while (fault == FAULT_NONE && next_byte(&text) == ',') {
			move_to(&text, text.at + 1);
			next_byte(&text);
			fault = read_object(&text, row, context, why);
		}
	}
	if (fault != FAULT_NONE)
		return fault;
	if (next_byte(&text) != ']')
		return refuse(&text, "expected , or the end of the array: ]", why);
	move_to(&text, text.at + 1);
	next_byte(&text);
	return text.at == text.size ? FAULT_NONE
	                            : refuse(&text, "something stands behind the array", why);
}

enum fault
json_read_objects(const void *data, size_t size, size_t most, json_row *row, void *context,
    struct why *why)
{
	struct text text = {.data = data, .size = size, .most = most, .line = 1};
	enum fault fault = FAULT_NONE;

	next_byte(&text);
	while (fault == FAULT_NONE && text.at < text.size) {
		fault = read_object(&text, row, context, why);
		next_byte(&text);
	}
	return fault;
}
