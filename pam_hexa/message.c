/*
 * message.c - the question and the answer, as bytes and back.
 */
#include "pam_hexa/message.h"

#include <string.h>

/* The first word of each, the last digit its version: module and helper are replaced together. */
enum { QUESTION_WORD = 0x48585132, ANSWER_WORD = 0x48584132 };

/* Every variable begins so: nothing that a database says may become LD_PRELOAD. */
static const char variable_prefix[] = "HEXA_";

enum text_rule { ANY_TEXT, ONE_LINE };

/* Reads a text into out[0..room), the NUL included. */
static void
read_text(struct reader *reader, char *out, size_t room, enum text_rule rule)
{
	uint32_t size = reader_u32(reader);
	const unsigned char *text;

	if (size >= room) {
		reader->failed = true;
		return;
	}
	text = reader_bytes(reader, size);
	for (size_t i = 0; text != NULL && i < size; i++)
		if (text[i] == '\0' || (rule == ONE_LINE && (text[i] < 0x20 || text[i] == 0x7f)))
			reader->failed = true;
	if (reader->failed)
		return;
	memcpy(out, text, size);
	out[size] = '\0';
}

/* A number of an enum: 0..last. */
static unsigned
read_choice(struct reader *reader, unsigned last)
{
	uint8_t value = reader_u8(reader);

	if (value > last)
		reader->failed = true;
	return reader->failed ? 0 : value;
}

void
question_encode(const struct question *question, struct bytes *out)
{
	bytes_put_u32(out, QUESTION_WORD);
	bytes_put_u8(out, (uint8_t)question->operation);
	bytes_put_u8(out, (uint8_t)question->proof);
	bytes_put_u32(out, question->account);
	bytes_put_text(out, question->service);
	bytes_put_text(out, question->user);
	bytes_put_text(out, question->rhost);
	bytes_put_text(out, question->tty);
	bytes_put_text(out, question->password);
	bytes_put_text(out, question->fresh);
}

bool
question_decode(const void *data, size_t size, struct question *question)
{
	struct reader reader = reader_over(data, size);

	question_wipe(question);
	if (reader_u32(&reader) != QUESTION_WORD)
		return false;
	question->operation = (enum operation)read_choice(&reader, OPERATION_RESET);
	question->proof = (enum proof)read_choice(&reader, PROOF_KEY);
	question->account = reader_u32(&reader);
	read_text(&reader, question->service, sizeof(question->service), ANY_TEXT);
	read_text(&reader, question->user, sizeof(question->user), ANY_TEXT);
	read_text(&reader, question->rhost, sizeof(question->rhost), ANY_TEXT);
	read_text(&reader, question->tty, sizeof(question->tty), ANY_TEXT);
	read_text(&reader, question->password, sizeof(question->password), ANY_TEXT);
	read_text(&reader, question->fresh, sizeof(question->fresh), ANY_TEXT);
	if (reader_done(&reader) && question->operation != OPERATION_NONE)
		return true;
	question_wipe(question);
	return false;
}

void
question_wipe(struct question *question)
{
	explicit_bzero(question, sizeof(*question));
}

void
answer_encode(const struct answer *answer, struct bytes *out)
{
	bytes_put_u32(out, ANSWER_WORD);
	bytes_put_u8(out, (uint8_t)answer->operation);
	bytes_put_u8(out, (uint8_t)answer->outcome);
	bytes_put_u8(out, (uint8_t)answer->verdict);
	bytes_put_text(out, answer->tell);
	bytes_put_text(out, answer->log);
	bytes_put_u8(out, (uint8_t)answer->variables);
	for (const char *at = answer_next_variable(answer, NULL); at != NULL;
	     at = answer_next_variable(answer, at))
		bytes_put_text(out, at);
}

/* Reads the variables to where they will stand, one after another. */
static void
read_environment(struct reader *reader, struct answer *answer)
{
	unsigned count = read_choice(reader, MESSAGE_VARIABLES_MAX);

	while (count-- > 0 && !reader->failed) {
		char *to = answer->environment + answer->environment_size;
		size_t room = sizeof(answer->environment) - answer->environment_size;

		read_text(reader, to, room, ONE_LINE);
		if (reader->failed)
			return;
		if (strncmp(to, variable_prefix, strlen(variable_prefix)) != 0 ||
		    strchr(to, '=') == NULL)
			reader->failed = true;
		answer->environment_size += strlen(to) + 1;
		answer->variables++;
	}
}

/* What may be said to what was asked: a yes to another question is none. */
static bool
answer_fits(const struct answer *answer)
{
	bool asks_verdict = answer->operation == OPERATION_AUTHENTICATE ||
	    answer->operation == OPERATION_ACCOUNT;

	if (answer->operation == OPERATION_NONE)
		return false;
	if (answer->variables > 0 &&
	    (answer->operation != OPERATION_SESSION || answer->outcome != OUTCOME_DONE))
		return false;
	switch (answer->outcome) {
	case OUTCOME_FAULT:
		return answer->verdict == VERDICT_NONE;
	case OUTCOME_VERDICT:
		return asks_verdict ? answer->verdict != VERDICT_NONE
		                    : answer->verdict == VERDICT_UNKNOWN_USER;
	case OUTCOME_WRONG:
		return answer->verdict == VERDICT_NONE && answer->operation != OPERATION_ACCOUNT &&
		    answer->operation != OPERATION_SESSION;
	case OUTCOME_REFUSED:
		return answer->verdict == VERDICT_NONE && (answer->operation == OPERATION_CHANGE ||
		    answer->operation == OPERATION_RESET);
	case OUTCOME_DONE:
		return answer->verdict == VERDICT_NONE && !asks_verdict;
	}
	return false;
}

bool
answer_decode(const void *data, size_t size, struct answer *answer)
{
	struct reader reader = reader_over(data, size);

	*answer = (struct answer){0};
	if (reader_u32(&reader) != ANSWER_WORD)
		return false;
	answer->operation = (enum operation)read_choice(&reader, OPERATION_RESET);
	answer->outcome = (enum outcome)read_choice(&reader, OUTCOME_DONE);
	answer->verdict = (enum verdict)read_choice(&reader, VERDICT_ALLOWED);
	read_text(&reader, answer->tell, sizeof(answer->tell), ONE_LINE);
	read_text(&reader, answer->log, sizeof(answer->log), ONE_LINE);
	read_environment(&reader, answer);
	if (reader_done(&reader) && answer_fits(answer))
		return true;
	*answer = (struct answer){0};
	return false;
}

bool
answer_add_variable(struct answer *answer, const char *variable)
{
	size_t size = strlen(variable) + 1;

	if (answer->variables >= MESSAGE_VARIABLES_MAX ||
	    size > sizeof(answer->environment) - answer->environment_size)
		return false;
	memcpy(answer->environment + answer->environment_size, variable, size);
	answer->environment_size += size;
	answer->variables++;
	return true;
}

const char *
answer_next_variable(const struct answer *answer, const char *variable)
{
	const char *end = answer->environment + answer->environment_size;
	const char *next = variable == NULL ? answer->environment : variable + strlen(variable) + 1;

	return next < end ? next : NULL;
}
