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

#include "hexa-admin/ask.h"
#include "hexa-admin/show.h"
#include "hexa-admin/talk.h"
#include "policy/text.h"
#include "policy/user.h"

/* ---- self show ---------------------------------------------------------------------------- */

static enum fault
take_record(const struct answer *answer, struct user *user, struct why *why)
{
	const char *line = NULL;
	size_t row = 0;

	while ((line = answer_next_line(answer, line)) != NULL)
		if (!talk_line_field(line, &user_table, user, &row))
			return talk_garbled(why);
	return record_check(&user_table, user, false, NULL) == FAULT_NONE ? FAULT_NONE
	                                                                  : talk_garbled(why);
}

enum fault
run_self_show(struct call *call, struct why *why)
{
	struct user user = {0};
	struct talk *talk = NULL;
	enum fault fault = talk_needs_person(why);

	if (fault == FAULT_NONE)
		fault = talk_begin(OPERATION_SHOW, &talk, why);
	if (fault == FAULT_NONE)
		fault = talk_ask(talk, why);
	if (fault == FAULT_NONE)
		fault = take_record(&talk->answer, &user, why);
	if (fault == FAULT_NONE)
		fault = record_show(call, &user_table, &user, why);
	user_clear(&user);
	talk_end(talk);
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
		fault = talk_put(asked->field, sizeof(asked->field), edit->field->name, "field",
		    why);
		if (fault == FAULT_NONE)
			fault = talk_put(asked->value, sizeof(asked->value), edit->value,
			    edit->field->name, why);
	}
	return fault;
}

enum fault
run_self_edit(struct call *call, struct why *why)
{
	struct talk *talk = NULL;
	enum fault fault = talk_needs_person(why);

	if (fault == FAULT_NONE)
		fault = talk_begin(OPERATION_EDIT, &talk, why);
	if (fault == FAULT_NONE)
		fault = put_edits(call, &talk->question, why);
	if (fault == FAULT_NONE)
		fault = talk_ask(talk, why);
	if (fault == FAULT_NONE)
		fault = talk_take_notices(call, talk, why);
	call_tell_notices(call);
	talk_end(talk);
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
		if (!talk_line_is(line, parts[i].name))
			continue;
		return talk_put((char *)review + parts[i].offset, parts[i].size,
		    talk_line_value(line), "", NULL) == FAULT_NONE;
	}
	if (!talk_line_is(line, "line") ||
	    !text_to_number(talk_line_value(line), UINT32_MAX, &number))
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
		if (talk_line_is(line, "notice"))
			fault = talk_line_notice(call, line, why);
		else if (!take_part(review, line))
			fault = talk_garbled(why);
	}
	return fault;
}

static enum fault
put_question(const char *who, const struct question_of *question, struct question *asked,
    struct why *why)
{
	enum fault fault = talk_put(asked->user, sizeof(asked->user), who, "USER", why);

	if (fault == FAULT_NONE)
		fault = talk_put(asked->permission, sizeof(asked->permission),
		    question->permission, "PERMISSION", why);
	if (fault == FAULT_NONE)
		fault = talk_put(asked->service, sizeof(asked->service), question->service,
		    "--service", why);
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
	talk_end(talk);
	return fault;
}

/* ---- the password ------------------------------------------------------------------------- */

/* The two passwords of a change, and whose they are. */
struct renewal {
	struct secret current;
	struct secret fresh;
	char *name;
};

/* Whoever asks, by their login name; FAULT_UNKNOWN: no user of Hexa's. */
static enum fault
ask_name(char **name, struct why *why)
{
	struct user user = {0};
	struct talk *talk = NULL;
	enum fault fault = talk_begin(OPERATION_SHOW, &talk, why);

	if (fault == FAULT_NONE)
		fault = talk_ask(talk, why);
	if (fault == FAULT_NONE)
		fault = take_record(&talk->answer, &user, why);
	if (fault == FAULT_NONE) {
		*name = user.name;
		user.name = NULL;
	}
	user_clear(&user);
	talk_end(talk);
	return fault;
}

/* A question about the passwords: is the current one right, or make the new one of it. */
static enum fault
ask_about(enum operation operation, const struct renewal *renewal, struct why *why)
{
	struct talk *talk = NULL;
	struct question *question;
	enum fault fault = talk_begin(operation, &talk, why);

	if (fault != FAULT_NONE)
		return fault;
	question = &talk->question;
	fault = talk_put(question->user, sizeof(question->user), renewal->name, "name", why);
	if (fault == FAULT_NONE)
		fault = talk_put(question->service, sizeof(question->service), "hexa-admin", "",
		    why);
	if (fault == FAULT_NONE)
		fault = talk_put(question->password, sizeof(question->password),
		    renewal->current.text, "password", why);
	if (fault == FAULT_NONE && operation == OPERATION_CHANGE)
		fault = talk_put(question->fresh, sizeof(question->fresh), renewal->fresh.text,
		    "password", why);
	if (fault == FAULT_NONE)
		fault = talk_ask(talk, why);
	talk_end(talk);
	return fault;
}

/* Who is wrong about the current one is told before a new one is thought of. */
static enum fault
ask_passwords(struct renewal *renewal, struct why *why)
{
	enum fault fault = secret_ask_current(renewal->name, &renewal->current, why);

	if (fault == FAULT_NONE)
		fault = ask_about(OPERATION_VERIFY, renewal, why);
	if (fault == FAULT_NONE)
		fault = secret_ask(renewal->name, &renewal->fresh, why);
	return fault;
}

static enum fault
read_passwords(struct renewal *renewal, struct why *why)
{
	enum fault fault = secret_read(&renewal->current, why);

	if (fault == FAULT_NONE)
		fault = secret_read(&renewal->fresh, why);
	if (fault == FAULT_NONE && renewal->fresh.text[0] == '\0')
		fault = why_set(why, FAULT_INVALID, "--password-stdin reads two lines here: the "
		    "current password, and the new one");
	return fault;
}

enum fault
run_self_password(struct call *call, struct why *why)
{
	bool is_read = call_has(call, OPTION_PASSWORD_STDIN);
	struct renewal renewal = {0};
	enum fault fault = talk_needs_person(why);

	if (fault == FAULT_NONE && !is_read && !ask_possible())
		return call_misuse(call, why, "no terminal to ask on; give --password-stdin");
	if (fault == FAULT_NONE)
		fault = ask_name(&renewal.name, why);
	if (fault == FAULT_NONE)
		fault = is_read ? read_passwords(&renewal, why) : ask_passwords(&renewal, why);
	if (fault == FAULT_NONE)
		fault = ask_about(OPERATION_CHANGE, &renewal, why);
	secret_clear(&renewal.current);
	secret_clear(&renewal.fresh);
	free(renewal.name);
	return fault;
}
