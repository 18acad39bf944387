/*
 * test.c - the tests that a policy carries.
 */
#include "policy/test.h"

#include <stdlib.h>
#include <string.h>

#include "policy/assignment.h"
#include "policy/text.h"

/* ---- from text ---------------------------------------------------------------------------- */

/* No test has more words; one more is noticed, what follows it is not looked at. */
enum { WORDS_MAX = 8 };

static bool
is_word(const char *word, const char *wanted)
{
	return word != NULL && strcmp(word, wanted) == 0;
}

static bool
is_verb(const char *word)
{
	return is_word(word, "can") || is_word(word, "cannot");
}

/* "not WORD", or what to say where the test ends. */
static enum fault
refuse(const char *expected, const char *word, struct why *why)
{
	if (word == NULL)
		return why_set(why, FAULT_INVALID, "expected %s; the test ends there", expected);
	return why_set(why, FAULT_INVALID, "expected %s, not %s", expected, word);
}

static enum fault
keep(char **member, const char *word, struct why *why)
{
	*member = strdup(word);
	return *member == NULL ? why_memory(why) : FAULT_NONE;
}

/* SUBJECT can|cannot; *word then stands behind it.  A user may be called role, and a role can. */
static enum fault
parse_subject(char *const **word, struct test *test, struct why *why)
{
	const char *name;

	test->is_role = is_word((*word)[0], "role") &&
	    (!is_verb((*word)[1]) || is_verb((*word)[2]));
	*word += test->is_role;
	name = *(*word)++;
	if (test->is_role && (name == NULL || !text_is_dotted(name)))
		return refuse("a role's name after `role`", name, why);
	if (name == NULL || (!test->is_role && !text_is_user_argument(name)))
		return refuse("a user, or `role` and a role's name", name, why);
	if (!is_verb(**word))
		return refuse("`can` or `cannot` after the subject", **word, why);
	/* With nothing behind it, it may be a permission of that name. */
	if (is_word((*word)[0], "can") && is_word((*word)[1], "not") && (*word)[2] != NULL)
		return why_set(why, FAULT_INVALID, "`can not` is written `cannot`");
	test->can = is_word(*(*word)++, "can");
	return keep(&test->subject, name, why);
}

/* What stands behind `log in`. */
static enum fault
parse_service(char *const *word, struct test *test, struct why *why)
{
	if (word[0] == NULL)
		return FAULT_NONE;
	if (!is_word(word[0], "via"))
		return refuse("`via` and a service after `log in`, or nothing", word[0], why);
	if (word[1] == NULL || !text_is_service(word[1]))
		return refuse("a PAM service after `via`, as sshd", word[1], why);
	if (word[2] != NULL)
		return refuse("nothing after the service", word[2], why);
	return keep(&test->service, word[1], why);
}

static enum fault
parse_words(char *const *word, struct test *test, struct why *why)
{
	enum fault fault = parse_subject(&word, test, why);

	if (fault != FAULT_NONE)
		return fault;
	test->login = is_word(word[0], "log") && is_word(word[1], "in");
	if (test->login)
		return parse_service(word + 2, test, why);
	if (word[0] == NULL || !text_is_dotted(word[0]))
		return refuse("one permission, or `log in`", word[0], why);
	if (word[1] != NULL)
		return refuse("nothing after the permission", word[1], why);
	return keep(&test->permission, word[0], why);
}

enum fault
test_parse(const char *text, struct test *test, struct why *why)
{
	char copy[TEST_BYTES + 1], *word[WORDS_MAX + 1] = {NULL}, *rest = copy;
	struct test parsed = {0};
	size_t size = strlen(text);
	enum fault fault;

	if (size > TEST_BYTES)
		return why_set(why, FAULT_INVALID, "a test is at most %d bytes long", TEST_BYTES);
	memcpy(copy, text, size + 1);
	for (size_t i = 0; i < WORDS_MAX; i++)
		word[i] = strtok_r(i == 0 ? copy : NULL, " ", &rest);
	fault = parse_words(word, &parsed, why);
	if (fault == FAULT_NONE)
		*test = parsed;
	else
		test_clear(&parsed);
	return fault;
}

void
test_clear(struct test *test)
{
	free(test->subject);
	free(test->permission);
	free(test->service);
	*test = (struct test){0};
}

/* ---- running ------------------------------------------------------------------------------ */

/* A service that no permission can name: it is no service's name. */
#define UNNAMED_SERVICE "(other)"

/* Of any service: where the service alone is wrong, another one may be right. */
static struct decision
log_in_somewhere(const struct user *user, const struct roles *roles, const struct rules *rules,
    struct request *request)
{
	struct decision first;

	request->service = UNNAMED_SERVICE;
	first = decide(user, roles, rules, request);
	if (first.verdict != VERDICT_SERVICE_NOT_PERMITTED &&
	    first.verdict != VERDICT_TYPE_CANNOT_LOG_IN)
		return first;
	for (size_t i = 0; i < rules->services.count; i++) {
		struct decision decision;

		request->service = rules->services.item[i];
		decision = decide(user, roles, rules, request);
		if (verdict_allows(decision.verdict))
			return decision;
	}
	return first;
}

/* `roles` are those of the user. */
static void
run(const struct test *test, const struct user *user, const struct roles *roles,
    const struct rules *rules, struct request request, bool *passed, struct decision *decision)
{
	request.phase = PHASE_ACCOUNT;
	request.proof = PROOF_KEY;
	request.dated = 0;
	request.service = test->service;
	if (!test->login)
		*decision = decide_permission(user, roles, rules, &request, test->permission);
	else if (test->service != NULL)
		*decision = decide(user, roles, rules, &request);
	else
		*decision = log_in_somewhere(user, roles, rules, &request);
	*passed = decision->verdict != VERDICT_NONE &&
	    verdict_allows(decision->verdict) == test->can;
}

enum fault
test_run_role(const struct test *test, const struct document *document, int64_t now,
    bool *passed, struct decision *decision, struct why *why)
{
	struct role *role = roles_find(&document->roles, test->subject);
	const struct roles held = {.role = role, .count = 1};
	struct user user = {.status = STATUS_ACTIVE, .type = USER_EMPLOYEE, .password_set = now};

	if (role == NULL) {
		*passed = false;
		*decision = (struct decision){VERDICT_NO_ROLE, "roles", NULL, NULL};
		return FAULT_NONE;
	}
	if (!names_add(&user.roles, role->name))
		return why_memory(why);
	run(test, &user, &held, &document->rules, (struct request){.now = now}, passed, decision);
	names_clear(&user.roles);
	return FAULT_NONE;
}

enum fault
test_run_user(const struct test *test, const struct user *user, const struct document *document,
    const struct request *at, bool *passed, struct decision *decision, struct why *why)
{
	struct roles held = {0};

	if (user == NULL) {
		*passed = false;
		*decision = (struct decision){.verdict = VERDICT_UNKNOWN_USER};
		return FAULT_NONE;
	}
	held.role = calloc(user->roles.count + 1, sizeof(*held.role));
	if (held.role == NULL)
		return why_memory(why);
	/* The records stay the document's: what is here is freed without what they hold. */
	for (size_t i = 0; i < user->roles.count; i++) {
		struct assignment assignment;
		const struct role *role = NULL;

		if (assignment_parse(user->roles.item[i], &assignment))
			role = roles_find(&document->roles, assignment.role);
		if (role != NULL)
			held.role[held.count++] = *role;
	}
	run(test, user, &held, &document->rules, *at, passed, decision);
	free(held.role);
	return FAULT_NONE;
}
