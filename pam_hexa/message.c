/*
 * message.c - the question and the answer, as bytes and back.
 */
#include "pam_hexa/message.h"

#include <string.h>

/* The first word of each, the last digit its version: module and helper are replaced together. */
enum { QUESTION_WORD = 0x48585135, ANSWER_WORD = 0x48584135 };

/* Every variable of a session begins so: nothing that a database says may become LD_PRELOAD. */
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

static void
read_stamp(struct reader *reader, unsigned char stamp[CRYPTO_HASH_BYTES])
{
	const void *from = reader_bytes(reader, CRYPTO_HASH_BYTES);

	if (from != NULL)
		memcpy(stamp, from, CRYPTO_HASH_BYTES);
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

/* What a proof is of stands beside it where something is done by it alone. */
static bool
has_stamp(const struct question *question)
{
	return question->operation == OPERATION_RESET && question->proof != PROOF_NOTHING;
}

void
question_encode(const struct question *question, struct bytes *out)
{
	bytes_put_u32(out, QUESTION_WORD);
	bytes_put_u8(out, (uint8_t)question->operation);
	bytes_put_u8(out, (uint8_t)question->proof);
	bytes_put_u32(out, question->account);
	bytes_put_u32(out, question->invoker);
	bytes_put_text(out, question->service);
	bytes_put_text(out, question->user);
	bytes_put_text(out, question->rhost);
	bytes_put_text(out, question->tty);
	bytes_put_text(out, question->password);
	bytes_put_text(out, question->fresh);
	if (has_stamp(question))
		bytes_put(out, question->stamp, sizeof(question->stamp));
	bytes_put_u8(out, (uint8_t)question->edits);
	for (size_t i = 0; i < question->edits; i++) {
		bytes_put_u8(out, (uint8_t)question->edit[i].act);
		bytes_put_text(out, question->edit[i].field);
		bytes_put_text(out, question->edit[i].value);
	}
	bytes_put_text(out, question->permission);
	bytes_put_u64(out, (uint64_t)question->at);
	bytes_put_u64(out, (uint64_t)question->dated);
	bytes_put_text(out, question->key);
}

static void
read_edits(struct reader *reader, struct question *question)
{
	unsigned count = read_choice(reader, MESSAGE_EDITS_MAX);

	while (count-- > 0 && !reader->failed) {
		struct question_edit *edit = &question->edit[question->edits++];

		edit->act = (enum edit_act)read_choice(reader, EDIT_REMOVE);
		read_text(reader, edit->field, sizeof(edit->field), ONE_LINE);
		read_text(reader, edit->value, sizeof(edit->value), ANY_TEXT);
		if (edit->act == 0 || edit->field[0] == '\0' ||
		    (edit->act == EDIT_CLEAR && edit->value[0] != '\0'))
			reader->failed = true;
	}
}

/* What belongs to one operation stands in a question of that one alone. */
static bool
question_fits(const struct question *question)
{
	bool is_can = question->operation == OPERATION_CAN;
	bool is_list = question->operation == OPERATION_KEY_LIST;
	bool has_key = question->operation == OPERATION_KEY_ADD ||
	    question->operation == OPERATION_KEY_REMOVE;

	if (question->operation == OPERATION_NONE)
		return false;
	return (question->edits > 0) == (question->operation == OPERATION_EDIT) &&
	    (is_list || (question->key[0] != '\0') == has_key) &&
	    (is_can || (question->permission[0] == '\0' && question->at == 0 &&
	        question->dated == 0));
}

bool
question_decode(const void *data, size_t size, struct question *question)
{
	struct reader reader = reader_over(data, size);

	question_wipe(question);
	if (reader_u32(&reader) != QUESTION_WORD)
		return false;
	question->operation = (enum operation)read_choice(&reader, OPERATION_KEY_REMOVE);
	question->proof = (enum proof)read_choice(&reader, PROOF_KEY);
	question->account = reader_u32(&reader);
	question->invoker = reader_u32(&reader);
	read_text(&reader, question->service, sizeof(question->service), ANY_TEXT);
	read_text(&reader, question->user, sizeof(question->user), ANY_TEXT);
	read_text(&reader, question->rhost, sizeof(question->rhost), ANY_TEXT);
	read_text(&reader, question->tty, sizeof(question->tty), ANY_TEXT);
	read_text(&reader, question->password, sizeof(question->password), ANY_TEXT);
	read_text(&reader, question->fresh, sizeof(question->fresh), ANY_TEXT);
	if (has_stamp(question))
		read_stamp(&reader, question->stamp);
	read_edits(&reader, question);
	read_text(&reader, question->permission, sizeof(question->permission), ANY_TEXT);
	question->at = (int64_t)reader_u64(&reader);
	question->dated = (int64_t)reader_u64(&reader);
	read_text(&reader, question->key, sizeof(question->key), ONE_LINE);
	if (reader_done(&reader) && question_fits(question))
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
	bytes_put_u8(out, (uint8_t)answer->proof);
	bytes_put_u8(out, answer->has_code);
	bytes_put_u8(out, (uint8_t)answer->refusal);
	if (answer->proof != PROOF_NOTHING)
		bytes_put(out, answer->stamp, sizeof(answer->stamp));
	bytes_put_text(out, answer->tell);
	bytes_put_text(out, answer->log);
	bytes_put_u16(out, (uint16_t)answer->lines);
	for (const char *at = answer_next_line(answer, NULL); at != NULL;
	     at = answer_next_line(answer, at))
		bytes_put_text(out, at);
}

/* NAME=value; of a session's variable, a name that no database can make LD_PRELOAD of. */
static bool
is_line(const char *line, enum operation operation)
{
	static const char name[] = "abcdefghijklmnopqrstuvwxyz-";
	size_t size = strspn(line, name);

	if (operation == OPERATION_SESSION)
		return strncmp(line, variable_prefix, strlen(variable_prefix)) == 0 &&
		    strchr(line, '=') != NULL;
	return size > 0 && line[size] == '=';
}

/* Reads the lines to where they will stand, one after another. */
static void
read_lines(struct reader *reader, struct answer *answer)
{
	unsigned count = reader_u16(reader);

	if (count > MESSAGE_LINES_MAX)
		reader->failed = true;
	while (count-- > 0 && !reader->failed) {
		char *to = answer->texts + answer->texts_size;
		size_t room = sizeof(answer->texts) - answer->texts_size;

		read_text(reader, to, room, ONE_LINE);
		if (reader->failed)
			return;
		reader->failed = !is_line(to, answer->operation);
		answer->texts_size += strlen(to) + 1;
		answer->lines++;
	}
}

/* What an answer to each operation may be, beside a fault and, but for NONE, unknown-user. */
static const struct {
	bool verdict; /* any, where the others have a done */
	bool wrong;
	bool refused;
	bool kind;    /* a refusal says of which kind it is */
	bool proof;   /* a yes says what was typed */
	enum outcome lines; /* the outcome that may have some; OUTCOME_FAULT: none */
} answers[] = {
    [OPERATION_NONE] = {0},
    [OPERATION_AUTHENTICATE] = {.verdict = true, .wrong = true, .proof = true},
    [OPERATION_ACCOUNT] = {.verdict = true},
    [OPERATION_SESSION] = {.lines = OUTCOME_DONE},
    [OPERATION_VERIFY] = {.wrong = true, .proof = true},
    [OPERATION_CHANGE] = {.wrong = true, .refused = true, .kind = true},
    [OPERATION_RESET] = {.wrong = true, .refused = true, .kind = true},
    [OPERATION_SHOW] = {.lines = OUTCOME_DONE},
    [OPERATION_EDIT] = {.refused = true, .kind = true, .lines = OUTCOME_DONE},
    [OPERATION_CAN] = {.verdict = true, .refused = true, .kind = true, .lines = OUTCOME_VERDICT},
    [OPERATION_KEY_LIST] = {.lines = OUTCOME_DONE},
    [OPERATION_KEY_ADD] = {.refused = true, .kind = true, .lines = OUTCOME_DONE},
    [OPERATION_KEY_REMOVE] = {.refused = true, .kind = true, .lines = OUTCOME_DONE},
};

/* A yes without a proof would let somebody in who has shown nothing. */
static bool
proof_fits(const struct answer *answer)
{
	bool yes = answer->outcome == OUTCOME_DONE ||
	    (answer->outcome == OUTCOME_VERDICT && (answer->verdict == VERDICT_ALLOWED ||
	        answer->verdict == VERDICT_MUST_CHANGE_PASSWORD));

	return (answer->proof != PROOF_NOTHING) == (yes && answers[answer->operation].proof);
}

/* What the details of an answer must be, once its outcome belongs to its operation. */
static bool
details_fit(const struct answer *answer)
{
	bool has_kind = answer->outcome == OUTCOME_REFUSED && answers[answer->operation].kind;

	if ((answer->verdict != VERDICT_NONE) != (answer->outcome == OUTCOME_VERDICT) ||
	    (answer->refusal != FAULT_NONE) != has_kind ||
	    (answer->has_code && (answer->operation != OPERATION_ACCOUNT ||
	        answer->outcome != OUTCOME_VERDICT || answer->verdict == VERDICT_UNKNOWN_USER)))
		return false;
	return answer->lines == 0 || (answer->outcome == answers[answer->operation].lines &&
	    answer->outcome != OUTCOME_FAULT && answer->verdict != VERDICT_UNKNOWN_USER);
}

/* What may be said to what was asked: a yes to another question is none. */
static bool
answer_fits(const struct answer *answer)
{
	if (answer->operation == OPERATION_NONE || !details_fit(answer) || !proof_fits(answer))
		return false;
	switch (answer->outcome) {
	case OUTCOME_FAULT:
		return true;
	case OUTCOME_VERDICT:
		return answers[answer->operation].verdict ||
		    answer->verdict == VERDICT_UNKNOWN_USER;
	case OUTCOME_WRONG:
		return answers[answer->operation].wrong;
	case OUTCOME_REFUSED:
		return answers[answer->operation].refused;
	case OUTCOME_DONE:
		return !answers[answer->operation].verdict;
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
	answer->operation = (enum operation)read_choice(&reader, OPERATION_KEY_REMOVE);
	answer->outcome = (enum outcome)read_choice(&reader, OUTCOME_DONE);
	answer->verdict = (enum verdict)read_choice(&reader, VERDICT_ALLOWED);
	answer->proof = (enum proof)read_choice(&reader, PROOF_CODE);
	answer->has_code = read_choice(&reader, 1) != 0;
	/* What kept the helper from an answer is no refusal. */
	answer->refusal = (enum fault)read_choice(&reader, FAULT_INVALID);
	if (answer->proof != PROOF_NOTHING)
		read_stamp(&reader, answer->stamp);
	read_text(&reader, answer->tell, sizeof(answer->tell), ONE_LINE);
	read_text(&reader, answer->log, sizeof(answer->log), ONE_LINE);
	read_lines(&reader, answer);
	if (reader_done(&reader) && answer_fits(answer))
		return true;
	*answer = (struct answer){0};
	return false;
}

bool
answer_add_line(struct answer *answer, const char *line)
{
	size_t size = strlen(line) + 1;

	if (answer->lines >= MESSAGE_LINES_MAX || size > sizeof(answer->texts) - answer->texts_size)
		return false;
	memcpy(answer->texts + answer->texts_size, line, size);
	answer->texts_size += size;
	answer->lines++;
	return true;
}

const char *
answer_next_line(const struct answer *answer, const char *line)
{
	const char *end = answer->texts + answer->texts_size;
	const char *next = line == NULL ? answer->texts : line + strlen(line) + 1;

	return next < end ? next : NULL;
}
