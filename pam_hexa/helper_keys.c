/*
 * helper_keys.c - the helper's answers about people's own SSH keys.
 */
#include "pam_hexa/helper_keys.h"

#include <stdlib.h>
#include <string.h>

/* The bytes that no key needs more of: the longest options and comment, and all else. */
enum { KEY_ROOM = KEY_OPTIONS_BYTES + KEY_COMMENT_BYTES + 512 };

struct telling {
	struct answer *answer;
	bool failed; /* there is no memory, or what was thought to fit has not */
};

/* Lines for a key more, and the last one. */
static bool
has_room(const struct answer *answer)
{
	return answer->lines + key_table.count + 1 <= MESSAGE_LINES_MAX &&
	    answer->texts_size + KEY_ROOM <= sizeof(answer->texts);
}

static bool
tell_field(struct answer *answer, const struct field *field, const struct key *key)
{
	struct bytes line = {0};
	char *value, *text;
	bool told;

	if ((field->rights & F_HIDDEN) != 0 || field_is_empty(field, key))
		return true;
	value = field_text(field, key);
	bytes_print(&line, "%s=%s", field->name, value == NULL ? "" : value);
	text = bytes_take_text(&line);
	told = value != NULL && text != NULL && answer_add_line(answer, text);
	free(value);
	free(text);
	return told;
}

static bool
tell(void *context, const struct key *key)
{
	struct telling *telling = context;

	if (!has_room(telling->answer)) {
		telling->failed |= !answer_add_line(telling->answer, "more=yes");
		return false;
	}
	for (size_t i = 0; i < key_table.count && !telling->failed; i++)
		telling->failed = !tell_field(telling->answer, &key_table.rows[i], key);
	return !telling->failed;
}

static enum fault
list(const struct self *self, const char *after, struct answer *answer, struct why *why)
{
	struct telling telling = {.answer = answer};
	enum fault fault = self_keys(self, after, tell, &telling, why);

	if (fault == FAULT_NONE && telling.failed)
		fault = why_memory(why);
	/* Half a list is none. */
	if (fault != FAULT_NONE)
		answer->lines = answer->texts_size = 0;
	return fault;
}

enum fault
keys_answer(const struct self *self, const struct question *question, struct answer *answer,
    struct self_edited *edited, struct why *why)
{
	const char *key = question->key;

	if (question->operation == OPERATION_KEY_ADD)
		return self_key_add(self, key, strlen(key), edited, why);
	if (question->operation == OPERATION_KEY_REMOVE)
		return self_key_remove(self, key, edited, why);
	return list(self, key, answer, why);
}
