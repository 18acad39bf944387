/*
 * gate_rules.c - access.conf, the conditions of pam_succeed_if, and the lists of pam_listfile.
 */
#include "accounts/gate_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/text.h"

/* Bytes of a line that is judged; what is longer is passed over. */
enum { LINE_BYTES = 1024 };

bool
rule_argument(const char *arguments, const char *key, char *value, size_t room)
{
	size_t size = strlen(key);

	for (const char *at = arguments; *at != '\0'; at += strspn(at, " ")) {
		size_t word = strcspn(at, " ");

		if (strncmp(at, key, size) == 0 && word - size < room) {
			snprintf(value, room, "%.*s", (int)(word - size), at + size);
			return true;
		}
		at += word;
	}
	return false;
}

static bool
has_word(const char *arguments, const char *word)
{
	char rest[2];

	/* A word by itself has nothing behind it. */
	return rule_argument(arguments, word, rest, 1);
}

static bool
is_in_group(const struct person *person, const char *group)
{
	return names_have_sorted(person->groups, group);
}

/* The next line of a text; false at its end, or when it does not fit. */
static bool
next_line(const char **text, unsigned *number, char line[LINE_BYTES])
{
	size_t size;

	do {
		if (*text == NULL || **text == '\0')
			return false;
		size = strcspn(*text, "\n");
		snprintf(line, LINE_BYTES, "%.*s", size < LINE_BYTES ? (int)size : 0, *text);
		*text += size + ((*text)[size] == '\n');
		*number += 1;
	} while (size >= LINE_BYTES);
	return true;
}

/* ---- pam_access ---------------------------------------------------------------------------- */

#define SEPARATORS " ,\t"

static bool
token_fits(const char *token, const struct person *person, bool groups_in_brackets)
{
	size_t size = strlen(token);
	char group[256];

	if (strcmp(token, "ALL") == 0 || strcmp(token, person->name) == 0)
		return true;
	if (token[0] == '(' && token[size - 1] == ')') {
		snprintf(group, sizeof(group), "%.*s", (int)size - 2, token + 1);
		return is_in_group(person, group);
	}
	return !groups_in_brackets && is_in_group(person, token);
}

/* `LIST EXCEPT LIST`: each EXCEPT takes from all that stands before it. */
static bool
users_fit(char *list, const struct person *person, bool groups_in_brackets)
{
	bool fits = false, taken = false;
	char *token;

	while ((token = strsep(&list, SEPARATORS)) != NULL) {
		if (*token == '\0' || (fits && taken))
			continue;
		if (strcmp(token, "EXCEPT") == 0) {
			if (!fits)
				return false;
			/* What stands behind it is a list like the first, and decides alike. */
			return !users_fit(list, person, groups_in_brackets);
		}
		fits |= token_fits(token, person, groups_in_brackets);
	}
	return fits;
}

/* From wherever?  Else only from some places, which is for a session to show. */
static bool
is_from_all(const char *origins)
{
	const char *at = origins + strspn(origins, SEPARATORS);
	size_t size = strcspn(at, SEPARATORS "\r");

	return size == 3 && strncmp(at, "ALL", 3) == 0 && strstr(origins, "EXCEPT") == NULL;
}

/* "+ : users : origins".  Origins may hold colons: addresses. */
static bool
split_rule(char *line, char **sign, char **users, char **origins)
{
	*sign = line + strspn(line, " \t");
	if (**sign != '+' && **sign != '-')
		return false;
	*users = strchr(*sign, ':');
	*origins = *users == NULL ? NULL : strchr(*users + 1, ':');
	if (*origins == NULL)
		return false;
	*(*users)++ = '\0';
	*(*origins)++ = '\0';
	return true;
}

bool
access_refuses(const char *text, const char *arguments, const struct person *person,
    unsigned *line)
{
	bool in_brackets = has_word(arguments, "nodefgroup");
	char rule[LINE_BYTES], value[32], *sign, *users, *origins;
	unsigned number = 0;

	if (rule_argument(arguments, "fieldsep=", value, sizeof(value)) ||
	    rule_argument(arguments, "listsep=", value, sizeof(value)))
		return false;
	while (next_line(&text, &number, rule)) {
		rule[strcspn(rule, "#")] = '\0';
		if (!split_rule(rule, &sign, &users, &origins) ||
		    !users_fit(users, person, in_brackets))
			continue;
		if (*sign == '+')
			return false;
		if (is_from_all(origins)) {
			*line = number;
			return true;
		}
	}
	return false;
}

/* ---- pam_succeed_if ------------------------------------------------------------------------ */

/* One condition, `field test value`. */
struct condition {
	const char *field, *test, *value;
};

/* What a test of numbers comes to; false in *known: it is no such test. */
static bool
number_holds(uint64_t left, const char *test, const char *value, bool *known)
{
	uint64_t right;

	*known = text_to_number(value, UINT32_MAX, &right);
	if (!*known)
		return true;
	if (strcmp(test, "lt") == 0)
		return left < right;
	if (strcmp(test, "le") == 0)
		return left <= right;
	if (strcmp(test, "eq") == 0)
		return left == right;
	if (strcmp(test, "ge") == 0)
		return left >= right;
	if (strcmp(test, "gt") == 0)
		return left > right;
	if (strcmp(test, "ne") == 0)
		return left != right;
	*known = false;
	return true;
}

/* "a:b:c" */
static bool
list_has(const char *list, const char *word)
{
	size_t size = strlen(word);

	for (const char *at = list; *at != '\0'; at += strspn(at, ":")) {
		size_t item = strcspn(at, ":");

		if (item == size && strncmp(at, word, size) == 0)
			return true;
		at += item;
	}
	return false;
}

static bool
word_holds(const char *left, const char *test, const char *value)
{
	if (strcmp(test, "=") == 0)
		return strcmp(left, value) == 0;
	if (strcmp(test, "!=") == 0)
		return strcmp(left, value) != 0;
	if (strcmp(test, "in") == 0)
		return list_has(value, left);
	if (strcmp(test, "notin") == 0)
		return !list_has(value, left);
	return true;
}

/* "a:b": one of them does. */
static bool
is_in_groups(const struct person *person, const char *list)
{
	for (size_t i = 0; i < person->groups->count; i++)
		if (list_has(list, person->groups->item[i]))
			return true;
	return false;
}

static bool
id_holds(uint32_t id, const struct condition *condition)
{
	char text[16];
	bool known, holds = number_holds(id, condition->test, condition->value, &known);

	if (known)
		return holds;
	snprintf(text, sizeof(text), "%lu", (unsigned long)id);
	return word_holds(text, condition->test, condition->value);
}

static bool
service_holds(const struct names *services, const struct condition *condition)
{
	for (size_t i = 0; i < services->count; i++)
		if (word_holds(services->item[i], condition->test, condition->value))
			return true;
	return false;
}

static bool
condition_holds(const struct condition *condition, const struct person *person,
    const struct names *services)
{
	if (strcmp(condition->field, "uid") == 0)
		return id_holds(person->uid, condition);
	if (strcmp(condition->field, "gid") == 0)
		return id_holds(person->gid, condition);
	if (strcmp(condition->field, "shell") == 0 && person->shell != NULL)
		return word_holds(person->shell, condition->test, condition->value);
	if (strcmp(condition->field, "home") == 0 && person->home != NULL)
		return word_holds(person->home, condition->test, condition->value);
	if (strcmp(condition->field, "service") == 0)
		return service_holds(services, condition);
	if (strcmp(condition->field, "user") != 0)
		return true;
	if (strcmp(condition->test, "ingroup") == 0)
		return is_in_groups(person, condition->value);
	if (strcmp(condition->test, "notingroup") == 0)
		return !is_in_groups(person, condition->value);
	return word_holds(person->name, condition->test, condition->value);
}

static bool
is_flag(const char *word)
{
	static const char *const flags[] = {
	    "debug", "audit", "quiet", "quiet_success", "quiet_fail"};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (strcmp(flags[i], word) == 0)
			return true;
	return false;
}

bool
succeeds_if(const char *arguments, const struct person *person, const struct names *services)
{
	char text[LINE_BYTES], *rest = text, *word;
	struct condition condition = {0};

	if (has_word(arguments, "use_uid") || strlen(arguments) >= sizeof(text))
		return true;
	strcpy(text, arguments);
	while ((word = strsep(&rest, " ")) != NULL) {
		if (condition.field == NULL) {
			if (!is_flag(word))
				condition.field = word;
		} else if (condition.test == NULL) {
			condition.test = word;
		} else {
			condition.value = word;
			if (!condition_holds(&condition, person, services))
				return false;
			condition = (struct condition){0};
		}
	}
	return true;
}

/* ---- pam_listfile -------------------------------------------------------------------------- */

static bool
item_fits(const char *item, const char *line, const struct person *person)
{
	if (strcmp(item, "user") == 0)
		return strcmp(line, person->name) == 0;
	if (strcmp(item, "group") == 0)
		return is_in_group(person, line);
	return person->shell != NULL && strcmp(line, person->shell) == 0;
}

bool
listfile_refuses(const char *text, const char *arguments, const struct person *person)
{
	char item[16], sense[16], line[LINE_BYTES];
	unsigned number = 0;
	bool fits = false;

	if (!rule_argument(arguments, "item=", item, sizeof(item)) ||
	    !rule_argument(arguments, "sense=", sense, sizeof(sense)) ||
	    (strcmp(item, "user") != 0 && strcmp(item, "group") != 0 && strcmp(item, "shell") != 0))
		return false;
	while (!fits && next_line(&text, &number, line)) {
		line[strcspn(line, " \t\r")] = '\0';
		fits = item_fits(item, line, person);
	}
	return strcmp(sense, "deny") == 0 ? fits : strcmp(sense, "allow") == 0 && !fits;
}
