/*
 * message_test.c - the question and the answer go round, and nothing but a whole one is taken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "pam_hexa/message.c"

static struct question question, back;
static struct answer answer, returned;

/* Each test begins with a question and an answer that are good. */
static int
setup(void **state)
{
	(void)state;
	question = (struct question){.operation = OPERATION_CHANGE,
	    .proof = PROOF_PASSWORD,
	    .account = 65536,
	    .invoker = 1000,
	    .service = "sshd",
	    .user = "anna",
	    .rhost = "192.0.2.7",
	    .tty = "ssh",
	    .password = "old one",
	    .fresh = "new one"};
	answer = (struct answer){.operation = OPERATION_SESSION, .outcome = OUTCOME_DONE};
	strcpy(answer.tell, "Grüße");
	strcpy(answer.log, "a line");
	assert_true(answer_add_line(&answer, "HEXA_ROLES=a b"));
	assert_true(answer_add_line(&answer, "HEXA_ACCESS_BACK=30"));
	memset(&back, 0x55, sizeof(back));
	memset(&returned, 0x55, sizeof(returned));
	return 0;
}

static struct bytes
encoded_question(void)
{
	struct bytes bytes = {0};

	question_encode(&question, &bytes);
	assert_false(bytes.failed);
	assert_in_range(bytes.size, 1, MESSAGE_QUESTION_MAX);
	return bytes;
}

static struct bytes
encoded_answer(void)
{
	struct bytes bytes = {0};

	answer_encode(&answer, &bytes);
	assert_false(bytes.failed);
	assert_in_range(bytes.size, 1, MESSAGE_ANSWER_MAX);
	return bytes;
}

/* From a block of exactly this size, so that a sanitizer sees a read behind its end. */
static bool
takes_question(const void *data, size_t size)
{
	void *copy = malloc(size == 0 ? 1 : size);
	bool taken;

	assert_non_null(copy);
	memcpy(copy, data, size);
	taken = question_decode(copy, size, &back);
	free(copy);
	return taken;
}

static bool
takes_answer(const void *data, size_t size)
{
	void *copy = malloc(size == 0 ? 1 : size);
	bool taken;

	assert_non_null(copy);
	memcpy(copy, data, size);
	taken = answer_decode(copy, size, &returned);
	free(copy);
	return taken;
}

static bool
question_goes_round(void)
{
	struct bytes bytes = encoded_question();
	bool taken = takes_question(bytes.data, bytes.size);

	bytes_clear(&bytes);
	return taken;
}

static bool
answer_goes_round(void)
{
	struct bytes bytes = encoded_answer();
	bool taken = takes_answer(bytes.data, bytes.size);

	bytes_clear(&bytes);
	return taken;
}

static bool
is_zero(const void *data, size_t size)
{
	const unsigned char *at = data;

	while (size > 0 && *at == 0)
		at++, size--;
	return size == 0;
}

static void
test_question_round(void **state)
{
	(void)state;
	assert_true(question_goes_round());
	assert_int_equal(back.operation, OPERATION_CHANGE);
	assert_int_equal(back.proof, PROOF_PASSWORD);
	assert_int_equal(back.account, 65536);
	assert_int_equal(back.invoker, 1000);
	assert_string_equal(back.service, "sshd");
	assert_string_equal(back.user, "anna");
	assert_string_equal(back.rhost, "192.0.2.7");
	assert_string_equal(back.tty, "ssh");
	assert_string_equal(back.password, "old one");
	assert_string_equal(back.fresh, "new one");
}

static void
test_answer_round(void **state)
{
	const char *variable;

	(void)state;
	assert_true(answer_goes_round());
	assert_int_equal(returned.operation, OPERATION_SESSION);
	assert_int_equal(returned.outcome, OUTCOME_DONE);
	assert_int_equal(returned.verdict, VERDICT_NONE);
	assert_string_equal(returned.tell, "Grüße");
	assert_string_equal(returned.log, "a line");
	variable = answer_next_line(&returned, NULL);
	assert_string_equal(variable, "HEXA_ROLES=a b");
	variable = answer_next_line(&returned, variable);
	assert_string_equal(variable, "HEXA_ACCESS_BACK=30");
	assert_null(answer_next_line(&returned, variable));
}

/* The largest of everything still fits in a datagram. */
static void
test_largest(void **state)
{
	(void)state;
	question.operation = OPERATION_EDIT;
	for (question.edits = 0; question.edits < MESSAGE_EDITS_MAX; question.edits++) {
		struct question_edit *edit = &question.edit[question.edits];

		edit->act = EDIT_SET;
		memset(edit->field, 'f', MESSAGE_FIELD_MAX);
		memset(edit->value, 'v', MESSAGE_VALUE_MAX);
	}
	memset(question.service, 's', MESSAGE_SERVICE_MAX);
	memset(question.user, 'u', MESSAGE_USER_MAX);
	memset(question.rhost, 'r', MESSAGE_PLACE_MAX);
	memset(question.tty, 't', MESSAGE_PLACE_MAX);
	memset(question.password, 'p', PASSWORD_BYTES);
	memset(question.fresh, 'f', PASSWORD_BYTES);
	assert_true(question_goes_round());
	assert_int_equal(strlen(back.password), PASSWORD_BYTES);
	assert_int_equal(back.edits, MESSAGE_EDITS_MAX);
	assert_int_equal(strlen(back.edit[MESSAGE_EDITS_MAX - 1].value), MESSAGE_VALUE_MAX);

	question.operation = OPERATION_KEY_ADD;
	question.edits = 0;
	memset(question.key, 'k', MESSAGE_KEY_MAX);
	assert_true(question_goes_round());
	assert_int_equal(strlen(back.key), MESSAGE_KEY_MAX);

	answer = (struct answer){.operation = OPERATION_SESSION, .outcome = OUTCOME_DONE};
	memset(answer.tell, 't', MESSAGE_TEXT_MAX);
	memset(answer.log, 'l', MESSAGE_LOG_MAX);
	answer.lines = 1;
	answer.texts_size = MESSAGE_TEXTS_MAX;
	memset(answer.texts, 'v', MESSAGE_TEXTS_MAX - 1);
	memcpy(answer.texts, "HEXA_V=", 7);
	assert_true(answer_goes_round());
	assert_int_equal(strlen(returned.texts), MESSAGE_TEXTS_MAX - 1);
}

static void
test_truncated(void **state)
{
	struct bytes bytes = encoded_question();

	(void)state;
	for (size_t size = 0; size < bytes.size; size++) {
		assert_false(takes_question(bytes.data, size));
		assert_true(is_zero(&back, sizeof(back)));
	}
	bytes_clear(&bytes);
	bytes = encoded_answer();
	for (size_t size = 0; size < bytes.size; size++) {
		assert_false(takes_answer(bytes.data, size));
		assert_true(is_zero(&returned, sizeof(returned)));
	}
	bytes_clear(&bytes);
}

static void
test_trailing(void **state)
{
	struct bytes bytes = encoded_question();

	(void)state;
	bytes_put_u8(&bytes, 0);
	assert_false(takes_question(bytes.data, bytes.size));
	assert_true(is_zero(&back, sizeof(back)));
	bytes_clear(&bytes);
	bytes = encoded_answer();
	bytes_put_u8(&bytes, 0);
	assert_false(takes_answer(bytes.data, bytes.size));
	assert_true(is_zero(&returned, sizeof(returned)));
	bytes_clear(&bytes);
}

/* Wherever a length stands, another one is never taken for it. */
static void
test_lengths(void **state)
{
	static const uint32_t lengths[] = {256, 513, 65536, INT32_MAX, UINT32_MAX};
	struct bytes bytes = encoded_question();
	size_t first = 4 + 1 + 1 + 4 + 4; /* word, operation, proof, account, invoker */

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		for (size_t byte = 0; byte < 4; byte++)
			bytes.data[first + byte] = (unsigned char)(lengths[i] >> (8 * byte));
		assert_false(takes_question(bytes.data, bytes.size));
	}
	bytes_clear(&bytes);
	bytes = encoded_answer();
	first = 4 + 6; /* word, operation, outcome, verdict, proof, code, refusal */
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		for (size_t byte = 0; byte < 4; byte++)
			bytes.data[first + byte] = (unsigned char)(lengths[i] >> (8 * byte));
		assert_false(takes_answer(bytes.data, bytes.size));
	}
	bytes_clear(&bytes);
}

/* A question whose texts have these lengths. */
static bool
takes_lengths(const size_t lengths[6])
{
	struct bytes bytes = {0};
	bool taken;

	bytes_put_u32(&bytes, QUESTION_WORD);
	bytes_put_u8(&bytes, OPERATION_ACCOUNT);
	bytes_put_u8(&bytes, PROOF_NOTHING);
	bytes_put_u32(&bytes, MESSAGE_NO_ACCOUNT);
	bytes_put_u32(&bytes, 0);
	for (size_t i = 0; i < 6; i++) {
		bytes_put_u32(&bytes, (uint32_t)lengths[i]);
		for (size_t j = 0; j < lengths[i]; j++)
			bytes_put_u8(&bytes, 'x');
	}
	bytes_put_u8(&bytes, 0);
	bytes_put_u32(&bytes, 0);
	bytes_put_u64(&bytes, 0);
	bytes_put_u64(&bytes, 0);
	bytes_put_u32(&bytes, 0);
	taken = takes_question(bytes.data, bytes.size);
	bytes_clear(&bytes);
	return taken;
}

/* Each text up to its limit, and none a byte beyond. */
static void
test_limits(void **state)
{
	size_t lengths[6] = {MESSAGE_SERVICE_MAX, MESSAGE_USER_MAX, MESSAGE_PLACE_MAX,
	    MESSAGE_PLACE_MAX, PASSWORD_BYTES, PASSWORD_BYTES};

	(void)state;
	assert_true(takes_lengths(lengths));
	for (size_t i = 0; i < 6; i++) {
		lengths[i]++;
		assert_false(takes_lengths(lengths));
		assert_true(is_zero(&back, sizeof(back)));
		lengths[i]--;
	}
}

/* Any single byte may be anything: never a crash, and a word of another version never passes. */
static void
test_every_byte(void **state)
{
	struct bytes asked = encoded_question(), said = encoded_answer();

	(void)state;
	for (size_t at = 0; at < asked.size; at++) {
		unsigned char kept = asked.data[at];

		for (unsigned value = 0; value < 256; value += 5) {
			bool same = value == kept;

			asked.data[at] = (unsigned char)value;
			assert_true(!takes_question(asked.data, asked.size) || same || at >= 4);
		}
		asked.data[at] = kept;
	}
	for (size_t at = 0; at < said.size; at++) {
		unsigned char kept = said.data[at];

		for (unsigned value = 0; value < 256; value += 5) {
			bool same = value == kept;

			said.data[at] = (unsigned char)value;
			assert_true(!takes_answer(said.data, said.size) || same || at >= 4);
		}
		said.data[at] = kept;
	}
	bytes_clear(&asked);
	bytes_clear(&said);
}

static void
test_numbers(void **state)
{
	(void)state;
	question.operation = OPERATION_NONE;
	assert_false(question_goes_round());
	question.operation = (enum operation)(OPERATION_KEY_REMOVE + 1);
	assert_false(question_goes_round());
	question.operation = OPERATION_RESET;
	assert_true(question_goes_round());
	question.proof = (enum proof)(PROOF_KEY + 1);
	assert_false(question_goes_round());
	answer.outcome = (enum outcome)(OUTCOME_DONE + 1);
	assert_false(answer_goes_round());
}

/* A NUL inside would end a name early: root and one more byte is not root. */
static void
test_nul_inside(void **state)
{
	struct bytes bytes = encoded_question();
	unsigned char *user = memmem(bytes.data, bytes.size, "anna", 4);

	(void)state;
	assert_non_null(user);
	user[2] = '\0';
	assert_false(takes_question(bytes.data, bytes.size));
	bytes_clear(&bytes);
}

static void
test_control_bytes(void **state)
{
	(void)state;
	strcpy(answer.log, "a line\nand a forged one");
	assert_false(answer_goes_round());
	strcpy(answer.log, "a line");
	strcpy(answer.tell, "\033[2J");
	assert_false(answer_goes_round());
	answer.tell[0] = '\0';
	assert_true(answer_goes_round());
	/* A name may hold anything: it is nobody's then. */
	strcpy(question.user, "an\nna\177");
	assert_true(question_goes_round());
}

static void
test_variables(void **state)
{
	static const char *const bad[] = {"LD_PRELOAD=/tmp/x", "HEXA_ROLES", "", "HEXA=1",
	    "hexa_roles=a", "PATH=HEXA_=", "HEXA_A=\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		answer = (struct answer){.operation = OPERATION_SESSION, .outcome = OUTCOME_DONE};
		assert_true(answer_add_line(&answer, bad[i]));
		assert_false(answer_goes_round());
	}
	answer = (struct answer){.operation = OPERATION_SESSION, .outcome = OUTCOME_DONE};
	for (size_t i = 0; i < MESSAGE_LINES_MAX; i++)
		assert_true(answer_add_line(&answer, "HEXA_A="));
	assert_false(answer_add_line(&answer, "HEXA_A="));
	assert_true(answer_goes_round());
}

static void
test_environment_full(void **state)
{
	static char large[MESSAGE_TEXTS_MAX + 1];

	(void)state;
	answer = (struct answer){.operation = OPERATION_SESSION, .outcome = OUTCOME_DONE};
	memset(large, 'x', MESSAGE_TEXTS_MAX);
	memcpy(large, "HEXA_X=", 7);
	assert_false(answer_add_line(&answer, large));
	assert_int_equal(answer.lines, 0);
	large[MESSAGE_TEXTS_MAX - 1] = '\0';
	assert_true(answer_add_line(&answer, large));
	assert_false(answer_add_line(&answer, "HEXA_A="));
	assert_true(answer_goes_round());
}

/* What was proved stands in a yes to a password, and in nothing else. */
static enum proof
proof_of(const struct answer *of)
{
	if (of->operation == OPERATION_AUTHENTICATE && of->outcome == OUTCOME_VERDICT &&
	    of->verdict == VERDICT_ALLOWED)
		return PROOF_PASSWORD;
	return of->operation == OPERATION_VERIFY && of->outcome == OUTCOME_DONE ? PROOF_CODE
	                                                                        : PROOF_NOTHING;
}

/* Exactly these pairs of a question and what was found out belong together. */
static void
test_answer_fits(void **state)
{
	static const char *const fits[] = {
	    /*
	     * by operation: F fault, V verdict allowed, U unknown-user, W wrong, K refused with
	     * its kind, D done
	     */
	    [OPERATION_NONE] = "",
	    [OPERATION_AUTHENTICATE] = "FVUW",
	    [OPERATION_ACCOUNT] = "FVU",
	    [OPERATION_SESSION] = "FUD",
	    [OPERATION_VERIFY] = "FUWD",
	    [OPERATION_CHANGE] = "FUWKD",
	    [OPERATION_RESET] = "FUWKD",
	    [OPERATION_SHOW] = "FUD",
	    [OPERATION_EDIT] = "FUKD",
	    [OPERATION_CAN] = "FVUK",
	    [OPERATION_KEY_LIST] = "FUD",
	    [OPERATION_KEY_ADD] = "FUKD",
	    [OPERATION_KEY_REMOVE] = "FUKD",
	};
	static const struct {
		char letter;
		enum outcome outcome;
		enum verdict verdict;
		enum fault refusal;
	} cases[] = {{'F', OUTCOME_FAULT, VERDICT_NONE, 0},
	    {'V', OUTCOME_VERDICT, VERDICT_ALLOWED, 0},
	    {'U', OUTCOME_VERDICT, VERDICT_UNKNOWN_USER, 0}, {'W', OUTCOME_WRONG, VERDICT_NONE, 0},
	    {'-', OUTCOME_REFUSED, VERDICT_NONE, 0},
	    {'K', OUTCOME_REFUSED, VERDICT_NONE, FAULT_DENIED},
	    {'D', OUTCOME_DONE, VERDICT_NONE, 0}, {'-', OUTCOME_VERDICT, VERDICT_NONE, 0},
	    {'-', OUTCOME_FAULT, VERDICT_ALLOWED, 0}, {'-', OUTCOME_WRONG, VERDICT_ALLOWED, 0},
	    {'-', OUTCOME_REFUSED, VERDICT_ALLOWED, 0},
	    {'-', OUTCOME_REFUSED, VERDICT_ALLOWED, FAULT_RULE},
	    {'-', OUTCOME_DONE, VERDICT_ALLOWED, 0}, {'-', OUTCOME_DONE, VERDICT_NONE, FAULT_RULE},
	    {'-', OUTCOME_FAULT, VERDICT_NONE, FAULT_RULE},
	    {'-', OUTCOME_VERDICT, VERDICT_ALLOWED, FAULT_DENIED},
	    {'-', OUTCOME_WRONG, VERDICT_NONE, FAULT_DENIED},
	    {'-', OUTCOME_REFUSED, VERDICT_NONE, FAULT_UNAVAILABLE}};

	(void)state;
	for (size_t operation = 0; operation <= OPERATION_KEY_REMOVE; operation++) {
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			answer = (struct answer){.operation = (enum operation)operation,
			    .outcome = cases[i].outcome,
			    .verdict = cases[i].verdict,
			    .refusal = cases[i].refusal};
			answer.proof = proof_of(&answer);
			assert_int_equal(answer_goes_round(),
			    strchr(fits[operation], cases[i].letter) != NULL);
		}
	}
	answer = (struct answer){
	    .operation = OPERATION_VERIFY, .outcome = OUTCOME_DONE, .proof = PROOF_PASSWORD};
	assert_true(answer_goes_round());
	assert_true(answer_add_line(&answer, "HEXA_A=1"));
	assert_false(answer_goes_round());
}

/* That a code stands for the password is said of somebody who is known, and asked about. */
static void
test_has_code(void **state)
{
	(void)state;
	answer = (struct answer){.operation = OPERATION_ACCOUNT,
	    .outcome = OUTCOME_VERDICT,
	    .verdict = VERDICT_NOT_ACTIVE,
	    .has_code = true};
	assert_true(answer_goes_round());
	assert_true(returned.has_code);
	answer.verdict = VERDICT_UNKNOWN_USER;
	assert_false(answer_goes_round());
	answer.outcome = OUTCOME_FAULT;
	answer.verdict = VERDICT_NONE;
	assert_false(answer_goes_round());
	answer = (struct answer){.operation = OPERATION_CAN,
	    .outcome = OUTCOME_VERDICT,
	    .verdict = VERDICT_NOT_ACTIVE,
	    .has_code = true};
	assert_false(answer_goes_round());
	answer.has_code = false;
	assert_true(answer_goes_round());
}

/* A yes without a proof is none, and a proof without a yes is nobody's; no key is typed. */
static void
test_proofs(void **state)
{
	static const struct {
		enum operation operation;
		enum outcome outcome;
		enum verdict verdict;
		bool proved;
	} cases[] = {
	    {OPERATION_AUTHENTICATE, OUTCOME_VERDICT, VERDICT_ALLOWED, true},
	    {OPERATION_AUTHENTICATE, OUTCOME_VERDICT, VERDICT_MUST_CHANGE_PASSWORD, true},
	    {OPERATION_AUTHENTICATE, OUTCOME_VERDICT, VERDICT_LOCKED_OUT, false},
	    {OPERATION_AUTHENTICATE, OUTCOME_VERDICT, VERDICT_UNKNOWN_USER, false},
	    {OPERATION_AUTHENTICATE, OUTCOME_WRONG, 0, false},
	    {OPERATION_AUTHENTICATE, OUTCOME_FAULT, 0, false},
	    {OPERATION_VERIFY, OUTCOME_DONE, 0, true},
	    {OPERATION_VERIFY, OUTCOME_WRONG, 0, false},
	    {OPERATION_ACCOUNT, OUTCOME_VERDICT, VERDICT_ALLOWED, false},
	    {OPERATION_CHANGE, OUTCOME_DONE, 0, false},
	    {OPERATION_RESET, OUTCOME_DONE, 0, false},
	    {OPERATION_SESSION, OUTCOME_DONE, 0, false}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (int proof = PROOF_NOTHING; proof <= PROOF_KEY; proof++) {
			bool proved = proof == PROOF_PASSWORD || proof == PROOF_CODE;

			answer = (struct answer){.operation = cases[i].operation,
			    .outcome = cases[i].outcome,
			    .verdict = cases[i].verdict,
			    .proof = (enum proof)proof};
			assert_int_equal(answer_goes_round(),
			    cases[i].proved ? proved : proof == PROOF_NOTHING);
			assert_int_equal(returned.proof, cases[i].proved && proved ? proof : 0);
		}
	}
}

/* What the proof is of goes with it, and with a reset by it; and nothing else has one. */
static void
test_stamps(void **state)
{
	(void)state;
	memset(question.stamp, 0x5a, sizeof(question.stamp));
	assert_true(question_goes_round()); /* a change is by the old password */
	assert_true(is_zero(back.stamp, sizeof(back.stamp)));
	question.operation = OPERATION_RESET;
	assert_true(question_goes_round());
	assert_memory_equal(back.stamp, question.stamp, sizeof(back.stamp));
	question.proof = PROOF_NOTHING;
	assert_true(question_goes_round());
	assert_true(is_zero(back.stamp, sizeof(back.stamp)));
	answer = (struct answer){.operation = OPERATION_VERIFY, .outcome = OUTCOME_DONE};
	memset(answer.stamp, 0xa5, sizeof(answer.stamp));
	assert_false(answer_goes_round());
	answer.proof = PROOF_CODE;
	assert_true(answer_goes_round());
	assert_memory_equal(returned.stamp, answer.stamp, sizeof(returned.stamp));
	answer.outcome = OUTCOME_WRONG;
	answer.proof = PROOF_NOTHING;
	assert_true(answer_goes_round());
	assert_true(is_zero(returned.stamp, sizeof(returned.stamp)));
}

/* ---- what people ask about their own account ---- */

static void
put_edit(enum edit_act act, const char *field, const char *value)
{
	struct question_edit *edit = &question.edit[question.edits++];

	edit->act = act;
	strcpy(edit->field, field);
	strcpy(edit->value, value);
}

static void
test_edits_round(void **state)
{
	(void)state;
	question = (struct question){.operation = OPERATION_EDIT, .account = MESSAGE_NO_ACCOUNT};
	put_edit(EDIT_SET, "profession", "Carpenter\n: a control byte is the field's to refuse");
	put_edit(EDIT_CLEAR, "route-to", "");
	put_edit(EDIT_ADD, "roles", "x");
	put_edit(EDIT_REMOVE, "roles", "");
	assert_true(question_goes_round());
	assert_int_equal(back.edits, 4);
	assert_int_equal(back.edit[0].act, EDIT_SET);
	assert_string_equal(back.edit[0].field, "profession");
	assert_string_equal(back.edit[0].value, question.edit[0].value);
	assert_int_equal(back.edit[1].act, EDIT_CLEAR);
	assert_string_equal(back.edit[1].field, "route-to");
	assert_int_equal(back.edit[2].act, EDIT_ADD);
	assert_int_equal(back.edit[3].act, EDIT_REMOVE);
}

/* An edit that is none, and each that has one thing wrong. */
static void
test_edits_that_are_none(void **state)
{
	static const struct question_edit bad[] = {
	    {0, "profession", "x"}, {(enum edit_act)(EDIT_REMOVE + 1), "profession", "x"},
	    {EDIT_SET, "", "x"}, {EDIT_SET, "pro\nfession", "x"}, {EDIT_CLEAR, "profession", "x"}};
	const struct question_edit good = {EDIT_SET, "profession", "x"};

	(void)state;
	question = (struct question){.operation = OPERATION_EDIT};
	assert_false(question_goes_round());
	question.edits = 1;
	question.edit[0] = good;
	assert_true(question_goes_round());
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		question.edits = 2;
		question.edit[1] = bad[i];
		assert_false(question_goes_round());
		assert_true(is_zero(&back, sizeof(back)));
	}
}

/* The number of edits is believed no further than there is room. */
static void
test_too_many_edits(void **state)
{
	struct bytes bytes = {0};
	const size_t counted = 4 + 1 + 1 + 4 + 4 + 6 * 4;

	(void)state;
	question = (struct question){.operation = OPERATION_EDIT};
	for (size_t i = 0; i < MESSAGE_EDITS_MAX; i++)
		put_edit(EDIT_SET, "profession", "x");
	bytes = encoded_question();
	assert_int_equal(bytes.data[counted], MESSAGE_EDITS_MAX);
	assert_true(takes_question(bytes.data, bytes.size));
	for (unsigned count = 0; count < 256; count++) {
		bytes.data[counted] = (unsigned char)count;
		assert_int_equal(takes_question(bytes.data, bytes.size),
		    count == MESSAGE_EDITS_MAX);
	}
	bytes_clear(&bytes);
}

static void
test_can_round(void **state)
{
	(void)state;
	question = (struct question){.operation = OPERATION_CAN,
	    .user = "anna",
	    .permission = "dossiers.view",
	    .at = INT64_MAX,
	    .dated = -1};
	assert_true(question_goes_round());
	assert_string_equal(back.permission, "dossiers.view");
	assert_int_equal(back.at, INT64_MAX);
	assert_int_equal(back.dated, -1);
	question = (struct question){.operation = OPERATION_CAN};
	assert_true(question_goes_round());
}

/* What belongs to one operation stands in no other's question. */
static void
test_question_fits(void **state)
{
	(void)state;
	for (int operation = OPERATION_AUTHENTICATE; operation <= OPERATION_KEY_REMOVE;
	     operation++) {
		bool is_can = operation == OPERATION_CAN, is_edit = operation == OPERATION_EDIT;
		bool is_key = operation == OPERATION_KEY_ADD || operation == OPERATION_KEY_REMOVE;

		question = (struct question){.operation = (enum operation)operation};
		assert_int_equal(question_goes_round(), !is_edit && !is_key);
		strcpy(question.key, "ssh-ed25519 AAAA");
		/* A list may go on behind one. */
		assert_int_equal(question_goes_round(),
		    is_key || operation == OPERATION_KEY_LIST);
		strcpy(question.key, is_key ? "ssh-ed25519\nAAAA" : "");
		assert_int_equal(question_goes_round(), !is_edit && !is_key);
		strcpy(question.key, is_key ? "k" : "");
		put_edit(EDIT_SET, "profession", "x");
		assert_int_equal(question_goes_round(), is_edit);
		question.edits = is_edit;
		question.at = 1;
		assert_int_equal(question_goes_round(), is_can);
		question.at = 0;
		question.dated = 1;
		assert_int_equal(question_goes_round(), is_can);
		question.dated = 0;
		strcpy(question.permission, "a");
		assert_int_equal(question_goes_round(), is_can);
	}
}

/* Only these answers have lines, and only such lines. */
static void
test_lines(void **state)
{
	static const char *const bad[] = {"", "=x", "name", "Name=x", "na me=x", "name=\n", "a_b=x",
	    "HEXA_A=x"};
	static const struct {
		enum operation operation;
		enum outcome outcome;
		enum verdict verdict;
		enum fault refusal;
		bool may;
	} cases[] = {
	    {OPERATION_SHOW, OUTCOME_DONE, 0, 0, true}, {OPERATION_EDIT, OUTCOME_DONE, 0, 0, true},
	    {OPERATION_CAN, OUTCOME_VERDICT, VERDICT_NOT_ACTIVE, 0, true},
	    {OPERATION_KEY_LIST, OUTCOME_DONE, 0, 0, true},
	    {OPERATION_KEY_REMOVE, OUTCOME_REFUSED, 0, FAULT_UNKNOWN, false},
	    {OPERATION_CAN, OUTCOME_VERDICT, VERDICT_UNKNOWN_USER, 0, false},
	    {OPERATION_CAN, OUTCOME_REFUSED, 0, FAULT_DENIED, false},
	    {OPERATION_EDIT, OUTCOME_REFUSED, 0, FAULT_DENIED, false},
	    {OPERATION_SHOW, OUTCOME_FAULT, 0, 0, false},
	    {OPERATION_SHOW, OUTCOME_VERDICT, VERDICT_UNKNOWN_USER, 0, false},
	    {OPERATION_VERIFY, OUTCOME_DONE, 0, 0, false},
	    {OPERATION_ACCOUNT, OUTCOME_VERDICT, VERDICT_ALLOWED, 0, false}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		answer = (struct answer){.operation = cases[i].operation,
		    .outcome = cases[i].outcome,
		    .verdict = cases[i].verdict,
		    .refusal = cases[i].refusal};
		answer.proof = proof_of(&answer);
		assert_true(answer_goes_round());
		assert_true(answer_add_line(&answer, "first-name=Anna = B"));
		assert_int_equal(answer_goes_round(), cases[i].may);
		assert_true(!cases[i].may ||
		    strcmp(answer_next_line(&returned, NULL), "first-name=Anna = B") == 0);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		answer = (struct answer){.operation = OPERATION_SHOW, .outcome = OUTCOME_DONE};
		assert_true(answer_add_line(&answer, bad[i]));
		assert_false(answer_goes_round());
	}
}

/* However much somebody has, it can be shown to them; and whatever they may set can be asked. */
static void
test_the_longest_record(void **state)
{
	size_t lines = 0, texts = 0;

	(void)state;
	for (size_t i = 0; i < user_table.count; i++) {
		const struct field *field = &user_table.rows[i];

		if ((field->rights & F_HIDDEN) != 0)
			continue;
		lines++;
		texts += strlen(field->name) + 2;
		if (field_is_list(field))
			texts += field->max_count * (field->max + 1);
		else
			texts += field_size(field) == sizeof(char *) && field->max > 64
			    ? field->max : 64;
		assert_true(strlen(field->name) <= MESSAGE_FIELD_MAX);
		assert_true(field_is_list(field) || field->max <= MESSAGE_VALUE_MAX ||
		    field->kind == K_ID || field->kind == K_NUMBER);
	}
	assert_in_range(lines, 1, MESSAGE_LINES_MAX);
	assert_in_range(texts, 1, MESSAGE_TEXTS_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_question_round, setup),
	    cmocka_unit_test_setup(test_answer_round, setup),
	    cmocka_unit_test_setup(test_largest, setup),
	    cmocka_unit_test_setup(test_truncated, setup),
	    cmocka_unit_test_setup(test_trailing, setup),
	    cmocka_unit_test_setup(test_lengths, setup),
	    cmocka_unit_test_setup(test_limits, setup),
	    cmocka_unit_test_setup(test_every_byte, setup),
	    cmocka_unit_test_setup(test_numbers, setup),
	    cmocka_unit_test_setup(test_nul_inside, setup),
	    cmocka_unit_test_setup(test_control_bytes, setup),
	    cmocka_unit_test_setup(test_variables, setup),
	    cmocka_unit_test_setup(test_environment_full, setup),
	    cmocka_unit_test_setup(test_answer_fits, setup),
	    cmocka_unit_test_setup(test_proofs, setup),
	    cmocka_unit_test_setup(test_stamps, setup),
	    cmocka_unit_test_setup(test_has_code, setup),
	    cmocka_unit_test_setup(test_edits_round, setup),
	    cmocka_unit_test_setup(test_edits_that_are_none, setup),
	    cmocka_unit_test_setup(test_too_many_edits, setup),
	    cmocka_unit_test_setup(test_can_round, setup),
	    cmocka_unit_test_setup(test_question_fits, setup),
	    cmocka_unit_test_setup(test_lines, setup),
	    cmocka_unit_test_setup(test_the_longest_record, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
