/*
 * policy_tests.c - running the tests that a policy carries against the people of this host.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/policy.h"
#include "accounts/standing.h"
#include "policy/explain.h"
#include "policy/test.h"

enum { SUBJECT_BYTES = 128 };

/* ---- one test ----------------------------------------------------------------------------- */

/* Why it came out otherwise, of whom it is about: `user` NULL: nobody. */
static void
explain(const struct test *test, const struct user *user, const struct request *at,
    const struct decision *decision, char *reason, size_t size)
{
	struct request request = *at;

	request.service = test->service;
	if (user == NULL)
		snprintf(reason, size, "there is no %s %s", test->is_role ? "role" : "user",
		    test->subject);
	else
		decision_explain(decision, user, &request, reason, size);
}

static enum fault
run_of_role(const struct test *test, const struct document *document, const struct request *at,
    bool *passed, char *reason, size_t size, struct why *why)
{
	char name[SUBJECT_BYTES];
	const struct user somebody = {.name = name, .type = USER_EMPLOYEE,
	    .status = STATUS_ACTIVE};
	struct decision decision;
	enum fault fault = test_run_role(test, document, at->now, passed, &decision, why);

	if (fault != FAULT_NONE)
		return fault;
	snprintf(name, sizeof(name), "an employee with the role %s", test->subject);
	explain(test, roles_find(&document->roles, test->subject) == NULL ? NULL : &somebody, at,
	    &decision, reason, size);
	return FAULT_NONE;
}

static enum fault
run_of_user(struct txn *txn, const struct test *test, const struct document *document,
    const struct request *at, bool *passed, char *reason, size_t size, struct why *why)
{
	struct user found = {0};
	const struct user *user = &found;
	struct decision decision;
	enum fault fault = user_find(txn, test->subject, &found, why);

	if (fault == FAULT_UNKNOWN) {
		user = NULL;
		fault = FAULT_NONE;
	}
	if (fault == FAULT_NONE)
		fault = test_run_user(test, user, document, at, passed, &decision, why);
	if (fault == FAULT_NONE)
		explain(test, user, at, &decision, reason, size);
	user_clear(&found);
	return fault;
}

enum fault
policy_run_test(struct txn *txn, const struct document *document, const char *text,
    const struct request *at, bool *passed, char *reason, size_t size, struct why *why)
{
	struct test test = {0};
	enum fault fault = test_parse(text, &test, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = test.is_role ? run_of_role(&test, document, at, passed, reason, size, why)
	                     : run_of_user(txn, &test, document, at, passed, reason, size, why);
	test_clear(&test);
	if (fault == FAULT_NONE && *passed)
		reason[0] = '\0';
	return fault;
}

/* ---- tests that a command lets fail ------------------------------------------------------- */

/* Does it pass before and not after? */
static enum fault
is_broken(struct txn *txn, const struct document *before, const struct document *after,
    const char *test, const struct request *at, bool *broken, struct why *why)
{
	char reason[WHY_TEXT_MAX];
	bool passes = false, passed = false;
	enum fault fault =
	    policy_run_test(txn, after, test, at, &passes, reason, sizeof(reason), why);

	if (fault == FAULT_NONE && !passes)
		fault = policy_run_test(txn, before, test, at, &passed, reason, sizeof(reason),
		    why);
	*broken = passed;
	return fault;
}

/* The line is one of the text as it will be shown. */
static enum fault
notice(struct change *change, const struct document *after, const char *test, struct why *why)
{
	const char *const path[] = {"tests", test, NULL};
	char text[TEST_BYTES + 128];
	struct bytes yaml = {0};
	enum fault fault = document_write(after, &yaml, why);

	if (fault != FAULT_NONE)
		return fault;
	snprintf(text, sizeof(text),
	    "the policy's test `%s` (line %u) fails now\nhexa-admin policy edit", test,
	    document_line((const char *)yaml.data, yaml.size, path));
	bytes_clear(&yaml);
	return names_add(&change->admin->notices, text) ? FAULT_NONE : why_memory(why);
}

enum fault
policy_notice_tests(struct change *change, const struct document *before,
    const struct document *after, struct why *why)
{
	const struct names *tests = &after->tests;
	struct host host = {0};
	struct request at;
	enum fault fault = request_here(change->txn, change->admin->now, &host, &at, why);

	for (size_t i = 0; fault == FAULT_NONE && i < tests->count; i++) {
		bool broken = false;

		fault = is_broken(change->txn, before, after, tests->item[i], &at, &broken, why);
		if (fault == FAULT_NONE && broken)
			fault = notice(change, after, tests->item[i], why);
	}
	host_clear(&host);
	return fault;
}

/* ---- all of them -------------------------------------------------------------------------- */

void
test_results_clear(struct test_results *results)
{
	for (size_t i = 0; i < results->count; i++)
		free(results->result[i].test);
	free(results->result);
	*results = (struct test_results){0};
}

static enum fault
run_one(struct txn *txn, const struct document *document, const char *text,
    const struct bytes *yaml, const struct request *at, struct test_result *result,
    struct why *why)
{
	const char *const path[] = {"tests", text, NULL};

	result->test = strdup(text);
	if (result->test == NULL)
		return why_memory(why);
	result->line = document_line((const char *)yaml->data, yaml->size, path);
	return policy_run_test(txn, document, text, at, &result->passed, result->reason,
	    sizeof(result->reason), why);
}

static enum fault
run_all(struct txn *txn, const struct document *document, const struct bytes *yaml,
    const struct request *at, struct test_results *results, struct why *why)
{
	const struct names *tests = &document->tests;
	struct test_results run = {
	    .result = calloc(tests->count + 1, sizeof(*run.result)),
	};
	enum fault fault = run.result == NULL ? why_memory(why) : FAULT_NONE;

	for (; fault == FAULT_NONE && run.count < tests->count; run.count++) {
		struct test_result *result = &run.result[run.count];

		fault = run_one(txn, document, tests->item[run.count], yaml, at, result, why);
		run.failed += !result->passed;
	}
	if (fault == FAULT_NONE)
		*results = run;
	else
		test_results_clear(&run);
	return fault;
}

static enum fault
test_policy(struct admin *admin, struct txn *txn, struct test_results *results, struct why *why)
{
	struct document document = {0};
	struct bytes yaml = {0};
	struct host host = {0};
	struct request at;
	enum fault fault;

	fault = admin_needs_within(admin, txn, "hexa.policy.view", why);
	if (fault == FAULT_NONE)
		fault = document_load(txn, &document, why);
	if (fault == FAULT_NONE)
		fault = policy_source(txn, &yaml, why);
	if (fault == FAULT_NONE)
		fault = request_here(txn, admin->now, &host, &at, why);
	if (fault == FAULT_NONE)
		fault = run_all(txn, &document, &yaml, &at, results, why);
	host_clear(&host);
	bytes_clear(&yaml);
	document_clear(&document);
	return fault;
}

enum fault
policy_test(struct admin *admin, struct test_results *results, struct why *why)
{
	struct txn *txn;
	enum fault fault = store_read_begin(admin->store, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = test_policy(admin, txn, results, why);
	store_end(txn);
	return fault;
}
