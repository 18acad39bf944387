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
	    .service = "sshd",
	    .user = "anna",
	    .rhost = "192.0.2.7",
	    .tty = "ssh",
	    .password = "old one",
	    .fresh = "new one"};
	answer = (struct answer){.operation = OPERATION_SESSION, .outcome = OUTCOME_DONE};
	strcpy(answer.tell, "Grüße");
	strcpy(answer.log, "a line");
	assert_true(answer_add_variable(&answer, "HEXA_ROLES=a b"));
	assert_true(answer_add_variable(&answer, "HEXA_ACCESS_BACK=30"));
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
	variable = answer_next_variable(&returned, NULL);
	assert_string_equal(variable, "HEXA_ROLES=a b");
	variable = answer_next_variable(&returned, variable);
	assert_string_equal(variable, "HEXA_ACCESS_BACK=30");
	assert_null(answer_next_variable(&returned, variable));
}

/* The largest of everything still fits in a datagram. */
static void
test_largest(void **state)
{
	(void)state;
	memset(question.service, 's', MESSAGE_SERVICE_MAX);
	memset(question.user, 'u', MESSAGE_USER_MAX);
	memset(question.rhost, 'r', MESSAGE_PLACE_MAX);
	memset(question.tty, 't', MESSAGE_PLACE_MAX);
	memset(question.password, 'p', PASSWORD_BYTES);
	memset(question.fresh, 'f', PASSWORD_BYTES);
	assert_true(question_goes_round());
	assert_int_equal(strlen(back.password), PASSWORD_BYTES);

	answer = (struct answer){.operation = OPERATION_SESSION, .outcome = OUTCOME_DONE};
	memset(answer.tell, 't', MESSAGE_TEXT_MAX);
	memset(answer.log, 'l', MESSAGE_LOG_MAX);
	answer.variables = 1;
	answer.environment_size = MESSAGE_ENVIRONMENT_MAX;
	memset(answer.environment, 'v', MESSAGE_ENVIRONMENT_MAX - 1);
	memcpy(answer.environment, "HEXA_V=", 7);
	assert_true(answer_goes_round());
	assert_int_equal(strlen(returned.environment), MESSAGE_ENVIRONMENT_MAX - 1);
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
	size_t first = 4 + 1 + 1 + 4; /* word, operation, proof, account */

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		for (size_t byte = 0; byte < 4; byte++)
			bytes.data[first + byte] = (unsigned char)(lengths[i] >> (8 * byte));
		assert_false(takes_question(bytes.data, bytes.size));
	}
	bytes_clear(&bytes);
	bytes = encoded_answer();
	first = 4 + 3;
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
	for (size_t i = 0; i < 6; i++) {
		bytes_put_u32(&bytes, (uint32_t)lengths[i]);
		for (size_t j = 0; j < lengths[i]; j++)
			bytes_put_u8(&bytes, 'x');
	}
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
	question.operation = (enum operation)(OPERATION_RESET + 1);
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
		assert_true(answer_add_variable(&answer, bad[i]));
		assert_false(answer_goes_round());
	}
	answer = (struct answer){.operation = OPERATION_SESSION, .outcome = OUTCOME_DONE};
	for (size_t i = 0; i < MESSAGE_VARIABLES_MAX; i++)
		assert_true(answer_add_variable(&answer, "HEXA_A="));
	assert_false(answer_add_variable(&answer, "HEXA_A="));
	assert_true(answer_goes_round());
}

static void
test_environment_full(void **state)
{
	static char large[MESSAGE_ENVIRONMENT_MAX + 1];

	(void)state;
	answer = (struct answer){.operation = OPERATION_SESSION, .outcome = OUTCOME_DONE};
	memset(large, 'x', MESSAGE_ENVIRONMENT_MAX);
	memcpy(large, "HEXA_X=", 7);
	assert_false(answer_add_variable(&answer, large));
	assert_int_equal(answer.variables, 0);
	large[MESSAGE_ENVIRONMENT_MAX - 1] = '\0';
	assert_true(answer_add_variable(&answer, large));
	assert_false(answer_add_variable(&answer, "HEXA_A="));
	assert_true(answer_goes_round());
}

/* Exactly these pairs of a question and what was found out belong together. */
static void
test_answer_fits(void **state)
{
	static const char *const fits[] = {
	    /*
	     * by operation: F fault, V verdict allowed, U unknown-user, W wrong, R refused, D done
	     */
	    [OPERATION_NONE] = "",
	    [OPERATION_AUTHENTICATE] = "FVUW",
	    [OPERATION_ACCOUNT] = "FVU",
	    [OPERATION_SESSION] = "FUD",
	    [OPERATION_VERIFY] = "FUWD",
	    [OPERATION_CHANGE] = "FUWRD",
	    [OPERATION_RESET] = "FUWRD",
	};
	static const struct {
		char letter;
		enum outcome outcome;
		enum verdict verdict;
	} cases[] = {{'F', OUTCOME_FAULT, VERDICT_NONE}, {'V', OUTCOME_VERDICT, VERDICT_ALLOWED},
	    {'U', OUTCOME_VERDICT, VERDICT_UNKNOWN_USER}, {'W', OUTCOME_WRONG, VERDICT_NONE},
	    {'R', OUTCOME_REFUSED, VERDICT_NONE}, {'D', OUTCOME_DONE, VERDICT_NONE},
	    {'-', OUTCOME_VERDICT, VERDICT_NONE}, {'-', OUTCOME_FAULT, VERDICT_ALLOWED},
	    {'-', OUTCOME_WRONG, VERDICT_ALLOWED}, {'-', OUTCOME_REFUSED, VERDICT_ALLOWED},
	    {'-', OUTCOME_DONE, VERDICT_ALLOWED}};

	(void)state;
	for (size_t operation = 0; operation <= OPERATION_RESET; operation++) {
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			answer = (struct answer){.operation = (enum operation)operation,
			    .outcome = cases[i].outcome,
			    .verdict = cases[i].verdict};
			assert_int_equal(answer_goes_round(),
			    strchr(fits[operation], cases[i].letter) != NULL);
		}
	}
	answer = (struct answer){.operation = OPERATION_VERIFY, .outcome = OUTCOME_DONE};
	assert_true(answer_add_variable(&answer, "HEXA_A=1"));
	assert_false(answer_goes_round());
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
