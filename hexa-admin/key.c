/*
 * key.c - the commands `hexa-admin key …`, and `hexa-admin self keys`.
 */
#include "hexa-admin/command.h"

#include <stdlib.h>
#include <string.h>

#include "accounts/key_line.h"
#include "accounts/keys.h"
#include "hexa-admin/input.h"
#include "hexa-admin/show.h"
#include "hexa-admin/talk.h"

/* What a list shows if no columns are named. */
static const char columns[] = "fingerprint,type,bits,comment,options,added";

/* The key's line, and its end. */
enum { FILE_BYTES = KEY_LINE_BYTES + 2 };

/* ---- those of any user --------------------------------------------------------------------- */

enum fault
run_key_add(struct call *call, struct why *why)
{
	struct bytes text = {0};
	const char *name;
	enum fault fault = input_read(call, call->word[1], FILE_BYTES, &text, why);

	if (fault == FAULT_NONE) {
		/* From here on a fault is the FILE's only when it is the key that is wrong. */
		name = call->file;
		call->file = NULL;
		fault = account_key_add(&call->admin, call->word[0], text.data, text.size, why);
		if (fault == FAULT_INVALID)
			call->file = name;
	}
	bytes_clear(&text);
	return fault;
}

static enum fault
next_key(void *context, struct txn *txn, void *record, struct why *why)
{
	return key_list_next(context, txn, record, why);
}

enum fault
run_key_list(struct call *call, struct why *why)
{
	struct key_list list = {0};
	enum fault fault = key_list_begin(&call->admin, call->word[0], &list, why);

	if (fault == FAULT_NONE)
		fault = records_list(call, &key_table, columns, next_key, &list, why);
	return fault;
}

enum fault
run_key_remove(struct call *call, struct why *why)
{
	return account_key_remove(&call->admin, call->word[0], call->word[1], why);
}

/* ---- one's own, by the helper -------------------------------------------------------------- */

/* What the helper has told, in the order of fingerprints; `shown` of them are in the list. */
struct own {
	struct key *key;
	size_t count;
	size_t shown;
};

static void
own_clear(struct own *own)
{
	for (size_t i = 0; i < own->count; i++)
		key_clear(&own->key[i]);
	free(own->key);
}

static bool
add_empty(struct own *own)
{
	struct key *grown = reallocarray(own->key, own->count + 1, sizeof(*grown));

	if (grown == NULL)
		return false;
	own->key = grown;
	own->key[own->count++] = (struct key){0};
	return true;
}

/* Each key begins with its fingerprint; none has more keys than the helper lets them have. */
static enum fault
take_keys(const struct answer *answer, struct own *own, bool *more, struct why *why)
{
	const char *line = NULL;
	size_t row = 0, first = own->count;

	*more = false;
	while ((line = answer_next_line(answer, line)) != NULL) {
		if (*more)
			return talk_garbled(why);
		*more = talk_line_is(line, "more");
		if (*more)
			continue;
		if (talk_line_is(line, key_table.rows[0].name)) {
			if (own->count == KEYS_PER_USER)
				return talk_garbled(why);
			if (!add_empty(own))
				return why_memory(why);
			row = 0;
		}
		if (own->count == first ||
		    !talk_line_field(line, &key_table, &own->key[own->count - 1], &row))
			return talk_garbled(why);
	}
	return *more && own->count == first ? talk_garbled(why) : FAULT_NONE;
}

/* The next part of them, behind those that are there. */
static enum fault
ask_keys(struct own *own, bool *more, struct why *why)
{
	struct talk *talk = NULL;
	enum fault fault = talk_begin(OPERATION_KEY_LIST, &talk, why);

	if (fault == FAULT_NONE && own->count > 0)
		fault = talk_put(talk->question.key, sizeof(talk->question.key),
		    own->key[own->count - 1].fingerprint, "fingerprint", why);
	if (fault == FAULT_NONE)
		fault = talk_ask(talk, why);
	if (fault == FAULT_NONE)
		fault = take_keys(&talk->answer, own, more, why);
	talk_end(talk);
	return fault;
}

static enum fault
next_own(void *context, struct txn *txn, void *record, struct why *why)
{
	struct own *own = context;

	(void)txn;
	if (own->shown == own->count)
		return why_set(why, FAULT_UNKNOWN, "there is no further key");
	return record_copy(&key_table, record, &own->key[own->shown++], why);
}

static enum fault
list_own(struct call *call, struct why *why)
{
	struct own own = {0};
	bool more = true;
	enum fault fault = FAULT_NONE;

	while (fault == FAULT_NONE && more)
		fault = ask_keys(&own, &more, why);
	if (fault == FAULT_NONE)
		fault = records_list(call, &key_table, columns, next_own, &own, why);
	own_clear(&own);
	return fault;
}

static enum fault
ask_change(struct call *call, enum operation operation, const char *text, struct why *why)
{
	struct talk *talk = NULL;
	enum fault fault = talk_begin(operation, &talk, why);

	if (fault == FAULT_NONE)
		fault = talk_put(talk->question.key, sizeof(talk->question.key), text, "key", why);
	if (fault == FAULT_NONE)
		fault = talk_ask(talk, why);
	if (fault == FAULT_NONE)
		fault = talk_take_notices(call, talk, why);
	call_tell_notices(call);
	talk_end(talk);
	return fault;
}

/* What is wrong with the FILE is found here, so that no private key goes to another process. */
static enum fault
read_line(struct call *call, const char *file, char **line, struct why *why)
{
	struct bytes text = {0}, written = {0};
	struct key key = {0};
	enum fault fault = input_read(call, file, FILE_BYTES, &text, why);

	if (fault == FAULT_NONE)
		fault = key_parse((const char *)text.data, text.size, &key, why);
	if (fault == FAULT_NONE) {
		call->file = NULL;
		bytes_print(&written, "%s%s%s %s%s%s", key.options == NULL ? "" : key.options,
		    key.options == NULL ? "" : " ", key.type, key.blob,
		    key.comment == NULL ? "" : " ", key.comment == NULL ? "" : key.comment);
		*line = bytes_take_text(&written);
		fault = *line == NULL ? why_memory(why) : FAULT_NONE;
	}
	bytes_clear(&text);
	key_clear(&key);
	return fault;
}

static enum fault
add_own(struct call *call, struct why *why)
{
	char *line = NULL;
	enum fault fault = read_line(call, call->word[1], &line, why);

	if (fault == FAULT_NONE)
		fault = ask_change(call, OPERATION_KEY_ADD, line, why);
	free(line);
	return fault;
}

static enum fault
remove_own(struct call *call, struct why *why)
{
	char fingerprint[KEY_FINGERPRINT_BYTES];

	if (!key_fingerprint_read(call->word[1], fingerprint))
		return key_no_fingerprint(why);
	return ask_change(call, OPERATION_KEY_REMOVE, fingerprint, why);
}

enum fault
run_self_keys(struct call *call, struct why *why)
{
	const char *what = call->word_count > 0 ? call->word[0] : NULL;
	bool adds = what != NULL && strcmp(what, "add") == 0;
	bool lists = what != NULL && strcmp(what, "list") == 0;
	bool removes = what != NULL && strcmp(what, "remove") == 0;
	enum fault fault = talk_needs_person(why);

	if (fault != FAULT_NONE)
		return fault;
	if (what == NULL || lists)
		return call->word_count > 1 ? call_misuse(call, why, "one argument too many: %.64s",
		                                  call->word[1])
		                            : list_own(call, why);
	if (!adds && !removes)
		return call_misuse(call, why, "expected list, add or remove, not %.64s", what);
	if (call->word_count < 2)
		return call_misuse(call, why, "%s what?", what);
	return adds ? add_own(call, why) : remove_own(call, why);
}
