/*
 * self.c - the commands `hexa-admin self …`, and `hexa-admin can` about oneself: what is asked of
 * the helper, and what its answer says.
 */
#include "hexa-admin/self.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hexa-admin/show.h"
#include "pam_hexa/ask.h"
#include "policy/text.h"
#include "policy/user.h"

/* One question with its answer; too large for a stack. */
struct talk {
	struct question question;
	struct answer answer;
};

static enum fault
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

/* The answer, if it is one to be read: a refusal is a fault. */
static enum fault
talk_ask(struct talk *talk, struct why *why)
{
	const struct answer *answer = &talk->answer;
	enum fault fault = helper_ask(&talk->question, &talk->answer, why);

	if (fault != FAULT_NONE)
		return fault;
	if (answer->outcome == OUTCOME_REFUSED)
		return why_set(why, answer->refusal, "%s", answer->tell);
	if (answer->outcome == OUTCOME_VERDICT && answer->verdict == VERDICT_UNKNOWN_USER)
		return why_set(why, FAULT_UNKNOWN, "you (uid %lu) are no user of Hexa's",
		    (unsigned long)getuid());
	if (answer->outcome == OUTCOME_DONE || answer->outcome == OUTCOME_VERDICT)
		return FAULT_NONE;
	return why_set(why, FAULT_UNAVAILABLE,
	    "the database could not be asked; the reason stands in this host's log");
}

static enum fault
not_understood(struct why *why)
{
	return why_set(why, FAULT_UNAVAILABLE, "the helper's answer cannot be understood");
}

/* Copies a text of the command line; FAULT_INVALID: longer than any that is right. */
static enum fault
put(char *to, size_t room, const char *text, const char *what, struct why *why)
{
	if (text == NULL)
		text = "";
	if (strlen(text) >= room)
		return why_set(why, FAULT_INVALID, "%s: longer than %zu bytes", what, room - 1);
	strcpy(to, text);
	return FAULT_NONE;
}

/* The value of a line "NAME=value", which message.h lets no other be. */
static const char *
value_of(const char *line)
{
	return strchr(line, '=') + 1;
}

static bool
is_named(const char *line, const char *name)
{
	size_t size = strlen(name);

	return strncmp(line, name, size) == 0 && line[size] == '=';
}

static enum fault
take_notice(struct call *call, const char *line, struct why *why)
{
	return names_add(&call->admin.notices, value_of(line)) ? FAULT_NONE : why_memory(why);
}

/* Root has no account of Hexa's, and behind sudo it is not the person who asks. */
static enum fault
needs_person(struct why *why)
{
	if (getuid() != 0)
		return FAULT_NONE;
	return why_set(why, FAULT_DENIED, "this is about one's own account: run it without sudo");
}

/* ---- self show ---------------------------------------------------------------------------- */

/* The helper tells the fields in the order of the rows, each at most once. */
static bool
take_field(struct user *user, const char *line, size_t *row)
{
	for (; *row < user_table.count; (*row)++) {
		const struct field *field = &user_table.rows[*row];

		if (!is_named(line, field->name))
			continue;
		(*row)++;
		return (field->rights & F_HIDDEN) == 0 &&
		    field_parse(field, user, value_of(line), NULL) == FAULT_NONE;
	}
	return false;
}

static enum fault
take_record(const struct answer *answer, struct user *user, struct why *why)
{
	const char *line = NULL;
	size_t row = 0;

	while ((line = answer_next_line(answer, line)) != NULL)
		if (!take_field(user, line, &row))
			return not_understood(why);
	return record_check(&user_table, user, false, NULL) == FAULT_NONE ? FAULT_NONE
	                                                                  : not_understood(why);
}

enum fault
run_self_show(struct call *call, struct why *why)
{
	struct user user = {0};
	struct talk *talk = NULL;
	enum fault fault = needs_person(why);

	if (fault == FAULT_NONE)
		fault = talk_begin(OPERATION_SHOW, &talk, why);
	if (fault == FAULT_NONE)
		fault = talk_ask(talk, why);
	if (fault == FAULT_NONE)
		fault = take_record(&talk->answer, &user, why);
	if (fault == FAULT_NONE)
		fault = record_show(call, &user_table, &user, why);
	user_clear(&user);
	free(talk);
	return fault;
}

/* ---- self edit ---------------------------------------------------------------------------- */

static enum fault
put_edits(struct call *call, struct question *question, struct why *why)
{
	enum fault fault = FAULT_NONE;

	if (call->edit_count == 0)
		return call_misuse(call, why, "nothing to change was given");
	if (call->edit_count > MESSAGE_EDITS_MAX)
		return call_misuse(call, why, "more than %d changes at once", MESSAGE_EDITS_MAX);
	for (size_t i = 0; fault == FAULT_NONE && i < call->edit_count; i++) {
		const struct edit *edit = &call->edit[i];
		struct question_edit *asked = &question->edit[question->edits++];

		asked->act = edit->act;
		fault = put(asked->field, sizeof(asked->field), edit->field->name, "field", why);
		if (fault == FAULT_NONE)
			fault = put(asked->value, sizeof(asked->value), edit->value,
			    edit->field->name, why);
	}
	return fault;
}

static enum fault
take_notices(struct call *call, const struct answer *answer, struct why *why)
{
	const char *line = NULL;
	enum fault fault = FAULT_NONE;

	while (fault == FAULT_NONE && (line = answer_next_line(answer, line)) != NULL)
		fault = is_named(line, "notice") ? take_notice(call, line, why)
		                                 : not_understood(why);
	return fault;
}

enum fault
run_self_edit(struct call *call, struct why *why)
{
	struct talk *talk = NULL;
	enum fault fault = needs_person(why);

	if (fault == FAULT_NONE)
		fault = talk_begin(OPERATION_EDIT, &talk, why);
	if (fault == FAULT_NONE)
		fault = put_edits(call, &talk->question, why);
	if (fault == FAULT_NONE)
		fault = talk_ask(talk, why);
	if (fault == FAULT_NONE)
		fault = take_notices(call, &talk->answer, why);
	call_tell_notices(call);
	free(talk);
	return fault;
}

/* ---- can ---------------------------------------------------------------------------------- */

/* The texts of a review, by the name of their line. */
static const struct part {
	const char *name;
	size_t offset;
	size_t size;
} parts[] = {
    {"service", offsetof(struct review, service), sizeof(((struct review *)0)->service)},
    {"role", offsetof(struct review, role), sizeof(((struct review *)0)->role)},
    {"permission", offsetof(struct review, permission), sizeof(((struct review *)0)->permission)},
    {"field", offsetof(struct review, field), sizeof(((struct review *)0)->field)},
    {"reason", offsetof(struct review, reason), sizeof(((struct review *)0)->reason)},
};

static bool
take_part(struct review *review, const char *line)
{
	uint64_t number = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!is_named(line, parts[i].name))
			continue;
		return put((char *)review + parts[i].offset, parts[i].size, value_of(line), "",
		    NULL) == FAULT_NONE;
	}
	if (!is_named(line, "line") || !text_to_number(value_of(line), UINT32_MAX, &number))
		return false;
	review->line = (unsigned)number;
	return true;
}

static enum fault
take_review(struct call *call, const struct answer *answer, struct review *review,
    struct why *why)
{
	const char *line = NULL;
	enum fault fault = FAULT_NONE;

	review->verdict = answer->verdict;
	while (fault == FAULT_NONE && (line = answer_next_line(answer, line)) != NULL) {
		if (is_named(line, "notice"))
			fault = take_notice(call, line, why);
		else if (!take_part(review, line))
			fault = not_understood(why);
	}
	return fault;
}

static enum fault
put_question(const char *who, const struct question_of *question, struct question *asked,
    struct why *why)
{
	enum fault fault = put(asked->user, sizeof(asked->user), who, "USER", why);

	if (fault == FAULT_NONE)
		fault = put(asked->permission, sizeof(asked->permission), question->permission,
		    "PERMISSION", why);
	if (fault == FAULT_NONE)
		fault = put(asked->service, sizeof(asked->service), question->service, "--service",
		    why);
	asked->at = question->when;
	asked->dated = question->dated;
	return fault;
}

enum fault
self_can_ask(struct call *call, const char *who, const struct question_of *question,
    struct review *review, struct why *why)
{
	struct talk *talk = NULL;
	struct review read = {0};
	enum fault fault = talk_begin(OPERATION_CAN, &talk, why);

	if (fault == FAULT_NONE)
		fault = put_question(who, question, &talk->question, why);
	if (fault == FAULT_NONE)
		fault = talk_ask(talk, why);
	if (fault == FAULT_NONE)
		fault = take_review(call, &talk->answer, &read, why);
	if (fault == FAULT_NONE)
		*review = read;
	free(talk);
	return fault;
}

/* ---- the password ------------------------------------------------------------------------- */

enum fault
run_self_password(struct call *call, struct why *why)
{
	(void)call;
	return why_set(why, FAULT_UNAVAILABLE, "not built yet");
}
