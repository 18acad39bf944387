/*
 * talk.c - asking the helper about oneself.
 */
#include "hexa-admin/talk.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pam_hexa/ask.h"

enum fault
talk_needs_person(struct why *why)
{
	if (getuid() != 0)
		return FAULT_NONE;
	return why_set(why, FAULT_DENIED, "this is about one's own account: run it without sudo");
}

enum fault
talk_begin(enum operation operation, struct talk **talk, struct why *why)
{
	struct talk *begun = calloc(1, sizeof(*begun));

	if (begun == NULL)
		return why_memory(why);
	begun->question.operation = operation;
	begun->question.account = MESSAGE_NO_ACCOUNT;
	*talk = begun;
	return FAULT_NONE;
}

void
talk_end(struct talk *talk)
{
	if (talk != NULL)
		crypto_wipe(talk, sizeof(*talk));
	free(talk);
}

enum fault
talk_put(char *to, size_t room, const char *text, const char *what, struct why *why)
{
	size_t size = text == NULL ? 0 : strlen(text);

	if (size >= room)
		return why_set(why, FAULT_INVALID, "%s: longer than %zu bytes", what, room - 1);
	memcpy(to, text == NULL ? "" : text, size + 1);
	return FAULT_NONE;
}

/* What is wrong with a new password needs no kind: it is the value that is. */
static enum fault
refusal_of(const struct answer *answer)
{
	return answer->refusal == FAULT_NONE ? FAULT_INVALID : answer->refusal;
}

enum fault
talk_ask(struct talk *talk, struct why *why)
{
	const struct answer *answer = &talk->answer;
	enum fault fault = helper_ask(&talk->question, &talk->answer, why);

	if (fault != FAULT_NONE)
		return fault;
	if (answer->outcome == OUTCOME_REFUSED)
		return why_set(why, refusal_of(answer), "%s", answer->tell);
	if (answer->outcome == OUTCOME_WRONG)
		return why_set(why, FAULT_DENIED, "that is not your current password");
	if (answer->outcome == OUTCOME_VERDICT && answer->verdict == VERDICT_UNKNOWN_USER)
		return why_set(why, FAULT_UNKNOWN, "you (uid %lu) are no user of Hexa's",
		    (unsigned long)getuid());
	if (answer->outcome == OUTCOME_DONE || answer->outcome == OUTCOME_VERDICT)
		return FAULT_NONE;
	return why_set(why, FAULT_UNAVAILABLE,
	    "the database could not be asked; the reason stands in this host's log");
}

/* ---- the lines ---------------------------------------------------------------------------- */

bool
talk_line_is(const char *line, const char *name)
{
	size_t size = strlen(name);

	return strncmp(line, name, size) == 0 && line[size] == '=';
}

/* message.h lets no line be without. */
const char *
talk_line_value(const char *line)
{
	return strchr(line, '=') + 1;
}

bool
talk_line_field(const char *line, const struct table *table, void *record, size_t *row)
{
	for (; *row < table->count; (*row)++) {
		const struct field *field = &table->rows[*row];

		if (!talk_line_is(line, field->name))
			continue;
		(*row)++;
		return (field->rights & F_HIDDEN) == 0 &&
		    field_parse(field, record, talk_line_value(line), NULL) == FAULT_NONE;
	}
	return false;
}

enum fault
talk_line_notice(struct call *call, const char *line, struct why *why)
{
	return names_add(&call->admin.notices, talk_line_value(line)) ? FAULT_NONE
	                                                              : why_memory(why);
}

enum fault
talk_garbled(struct why *why)
{
	return why_set(why, FAULT_UNAVAILABLE, "the helper's answer cannot be understood");
}

enum fault
talk_take_notices(struct call *call, const struct talk *talk, struct why *why)
{
	const char *line = NULL;
	enum fault fault = FAULT_NONE;

	while (fault == FAULT_NONE && (line = answer_next_line(&talk->answer, line)) != NULL)
		fault = talk_line_is(line, "notice") ? talk_line_notice(call, line, why)
		                                : talk_garbled(why);
	return fault;
}
