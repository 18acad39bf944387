/*
 * json.c - values to be printed as JSON, over jansson.
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

enum fault
json_show(struct json *json, struct why *why)
{
	enum fault fault = json_print(json, false, stdout, why);

	putchar('\n');
	return fault;
}
