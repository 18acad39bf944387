/*
 * test_test.c - the tests that a policy carries: the sentences that are taken, and what comes out
 * of each.
 */
#include "tests/unit/document_fixture.h"

/* ---- sentences ---- */

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
sentences(void **state)
{
	static const struct {
		const char *text;
		bool is_role;
		bool can;
		const char *subject;
		const char *permission; /* NULL: it asks for a login */
		const char *service;
	} table[] = {
		{"bob can log in", false, true, "bob", NULL, NULL},
		{"bob cannot log in", false, false, "bob", NULL, NULL},
		{"bob can log in via sshd", false, true, "bob", NULL, "sshd"},
		{"bob cannot log in via sudo-i", false, false, "bob", NULL, "sudo-i"},
		{"bob can shell.sudo", false, true, "bob", "shell.sudo", NULL},
		{"bob cannot shell.sudo", false, false, "bob", "shell.sudo", NULL},
		{"  bob   can  log  in ", false, true, "bob", NULL, NULL},
		{"bob can log", false, true, "bob", "log", NULL},
		{"bob can via", false, true, "bob", "via", NULL},
		{"bob can not", false, true, "bob", "not", NULL},
		{"bob can log in via via", false, true, "bob", NULL, "via"},
		{"uid:70000 can log in", false, true, "uid:70000", NULL, NULL},
		{"Bob@example.org can log in", false, true, "Bob@example.org", NULL, NULL},
		{"+31612345678 can log in", false, true, "+31612345678", NULL, NULL},
		{"role technician can log in", true, true, "technician", NULL, NULL},
		{"role a.b cannot p", true, false, "a.b", "p", NULL},
		/* A user called role, and roles called as the words are. */
		{"role can log in", false, true, "role", NULL, NULL},
		{"role cannot p", false, false, "role", "p", NULL},
		{"role can can p", true, true, "can", "p", NULL},
		{"role role cannot log in", true, false, "role", NULL, NULL},
		{"can can can", false, true, "can", "can", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct why why = {0};
		struct test test;

		if (test_parse(table[i].text, &test, &why) != FAULT_NONE)
			fail_msg("%s: %s", table[i].text, why.text);
		if (test.is_role != table[i].is_role || test.can != table[i].can ||
		    test.login != (table[i].permission == NULL) ||
		    strcmp(test.subject, table[i].subject) != 0 ||
		    !same_text(test.permission, table[i].permission) ||
		    !same_text(test.service, table[i].service))
			fail_msg("%s", table[i].text);
		test_clear(&test);
		assert_null(test.subject);
	}
}

static void
no_sentences(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} table[] = {
		{"", "expected a user, or `role` and a role's name; the test ends there"},
		{"   ", "expected a user, or `role` and a role's name; the test ends there"},
		{"Bob can p", "expected a user, or `role` and a role's name, not Bob"},
		{"uid:-1 can p", "expected a user, or `role` and a role's name, not uid:-1"},
		{"* can p", "expected a user, or `role` and a role's name, not *"},
		{"role", "expected a role's name after `role`; the test ends there"},
		{"role * can p", "expected a role's name after `role`, not *"},
		{"role a@/b can p", "expected a role's name after `role`, not a@/b"},
		{"bob", "expected `can` or `cannot` after the subject; the test ends there"},
		{"bob may p", "expected `can` or `cannot` after the subject, not may"},
		{"bob Can p", "expected `can` or `cannot` after the subject, not Can"},
		{"bob can't p", "expected `can` or `cannot` after the subject, not can't"},
		{"bob can not p", "`can not` is written `cannot`"},
		{"role a can not log in", "`can not` is written `cannot`"},
		{"role a", "expected `can` or `cannot` after the subject; the test ends there"},
		{"role a b can p", "expected `can` or `cannot` after the subject, not b"},
		{"bob can", "expected one permission, or `log in`; the test ends there"},
		{"role can", "expected one permission, or `log in`; the test ends there"},
		{"bob can p.*", "expected one permission, or `log in`, not p.*"},
		{"bob can *", "expected one permission, or `log in`, not *"},
		{"bob can p q", "expected nothing after the permission, not q"},
		{"bob can p via sshd", "expected nothing after the permission, not via"},
		{"bob can log out", "expected nothing after the permission, not out"},
		{"bob can log in by sshd",
		    "expected `via` and a service after `log in`, or nothing, not by"},
		{"bob can log in via",
		    "expected a PAM service after `via`, as sshd; the test ends there"},
		{"bob can log in via SSHD",
		    "expected a PAM service after `via`, as sshd, not SSHD"},
		{"bob can log in via sshd now", "expected nothing after the service, not now"},
		{"role bob can log in via sshd or su",
		    "expected nothing after the service, not or"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct test test = {.subject = NULL};
		struct why why = {0};

		assert_int_equal(test_parse(table[i].text, &test, &why), FAULT_INVALID);
		assert_string_equal(why.text, table[i].says);
		assert_null(test.subject);
	}
}

/* ---- what comes out ---- */

static const char office[] = HEAD
    "login: {other-services: refuse}\n"
    "password: {max-age: 1d}\n"
    "permissions:\n"
    "  shell.login: {services: [sshd, login]}\n"
    "  shell.sudo: {services: [sudo]}\n"
    "  portal.use: {services: [portal], types: [client]}\n"
    "  dossiers.view: {}\n"
    "roles:\n"
    "  technician: {permissions: [shell.login, dossiers.view]}\n"
    "  reader: {permissions: [dossiers.view]}\n"
    "  customer: {permissions: [portal.use]}\n"
    "  resting: {permissions: [shell.login], disabled: yes}\n"
    "  l10: {ladder: l, level: 10, permissions: [shell.sudo]}\n"
    "  l20: {ladder: l, level: 20}\n"
    "  nothing: {}\n";

struct outcome {
	const char *test;
	bool passed;
	enum verdict verdict;
};

static const struct outcome of_roles[] = {
	{"role technician can log in via sshd", true, VERDICT_ALLOWED},
	{"role technician cannot log in via sshd", false, VERDICT_ALLOWED},
	{"role technician can log in via sudo", false, VERDICT_SERVICE_NOT_PERMITTED},
	{"role technician cannot log in via sudo", true, VERDICT_SERVICE_NOT_PERMITTED},
	{"role technician cannot log in via cron", true, VERDICT_SERVICE_NOT_PERMITTED},
	{"role technician can log in", true, VERDICT_ALLOWED},
	{"role technician can dossiers.view", true, VERDICT_ALLOWED},
	{"role technician can shell.sudo", false, VERDICT_NO_PERMISSION},
	{"role technician cannot shell.sudo", true, VERDICT_NO_PERMISSION},
	{"role reader can dossiers.view", true, VERDICT_ALLOWED},
	{"role reader can log in", false, VERDICT_SERVICE_NOT_PERMITTED},
	{"role reader cannot log in", true, VERDICT_SERVICE_NOT_PERMITTED},
	{"role customer cannot log in via portal", true, VERDICT_NO_PERMISSION},
	{"role customer cannot portal.use", true, VERDICT_NO_PERMISSION},
	{"role resting cannot log in", true, VERDICT_ROLE_DISABLED},
	{"role resting can shell.login", false, VERDICT_ROLE_DISABLED},
	{"role l20 can log in via sudo", true, VERDICT_ALLOWED},
	{"role l20 can shell.sudo", true, VERDICT_ALLOWED},
	{"role nothing cannot log in", true, VERDICT_NO_PERMISSION},
	{"role nothing can log in", false, VERDICT_NO_PERMISSION},
	{"role system-administrator can shell.sudo", true, VERDICT_ALLOWED},
	/* A role that there is not fails either way. */
	{"role nobody can log in", false, VERDICT_NO_ROLE},
	{"role nobody cannot log in", false, VERDICT_NO_ROLE},
};

static enum fault
run(const char *text, const struct user *user, const struct document *document, bool *passed,
    enum verdict *verdict)
{
	const struct request at = {.now = 1000000, .client = "acme", .proof = PROOF_PASSWORD,
	    .phase = PHASE_AUTH, .service = "sudo", .locked_out = true, .dated = 1};
	struct decision decision;
	struct why why = {0};
	struct test test;
	enum fault fault;

	assert_int_equal(test_parse(text, &test, &why), FAULT_NONE);
	if (test.is_role)
		fault = test_run_role(&test, document, 1000000, passed, &decision, &why);
	else
		fault = test_run_user(&test, user, document, &at, passed, &decision, &why);
	*verdict = decision.verdict;
	test_clear(&test);
	return fault;
}

static void
expect(const struct outcome *outcomes, size_t count, const struct user *user, const char *yaml)
{
	struct document document;

	read_good(yaml, &document);
	for (size_t i = 0; i < count; i++) {
		enum verdict verdict;
		bool passed;

		assert_int_equal(run(outcomes[i].test, user, &document, &passed, &verdict),
		    FAULT_NONE);
		if (passed != outcomes[i].passed || verdict != outcomes[i].verdict)
			fail_msg("%s: %s", outcomes[i].test, verdict_name(verdict));
	}
	document_clear(&document);
}

static void
roles_pass_or_fail(void **state)
{
	(void)state;
	expect(of_roles, COUNT(of_roles), NULL, office);
}

/* With other services open, whoever has anything can log in by one that nobody named. */
static void
any_other_service(void **state)
{
	static const struct outcome open[] = {
		{"role reader can log in", true, VERDICT_ALLOWED},
		{"role reader can log in via cron", true, VERDICT_ALLOWED},
		{"role reader cannot log in via sshd", true, VERDICT_SERVICE_NOT_PERMITTED},
	};
	char *yaml = strdup(office);

	(void)state;
	assert_non_null(yaml);
	memcpy(strstr(yaml, "login: {other-services: refuse}"), "#", 1);
	expect(open, COUNT(open), NULL, yaml);
	free(yaml);
}

static void
a_user_who_is_not_there(void **state)
{
	static const struct outcome missing[] = {
		{"bob can log in", false, VERDICT_UNKNOWN_USER},
		{"bob cannot log in", false, VERDICT_UNKNOWN_USER},
		{"bob cannot shell.sudo", false, VERDICT_UNKNOWN_USER},
	};

	(void)state;
	expect(missing, COUNT(missing), NULL, office);
}

static void
make_bob(struct user *user, unsigned type, unsigned status, const char *role, const char *other)
{
	*user = (struct user){.name = strdup("bob"), .type = type, .status = status,
	    .password = strdup("*"), .must_change = true, .access_back = 1};
	assert_true(names_add(&user->roles, role));
	assert_true(names_add(&user->roles, other));
}

/* A password that is due, or a lock-out, is nothing that the policy could mend. */
static void
a_user_who_is_there(void **state)
{
	static const struct outcome held[] = {
		{"bob can log in via sshd", true, VERDICT_ALLOWED},
		{"bob can log in", true, VERDICT_ALLOWED},
		{"bob cannot log in via sudo", true, VERDICT_SERVICE_NOT_PERMITTED},
		{"bob can dossiers.view", true, VERDICT_ALLOWED},
		{"bob cannot shell.sudo", true, VERDICT_NO_PERMISSION},
	};
	static const struct outcome suspended[] = {
		{"bob cannot log in via sshd", true, VERDICT_NOT_ACTIVE},
		{"bob can dossiers.view", false, VERDICT_NOT_ACTIVE},
	};
	static const struct outcome elsewhere[] = {
		{"bob cannot log in", true, VERDICT_WRONG_SITE},
	};
	struct user user;

	(void)state;
	make_bob(&user, USER_EMPLOYEE, STATUS_ACTIVE, "technician@/north", "technician@/south");
	expect(held, COUNT(held), &user, office);
	user.status = STATUS_SUSPENDED;
	expect(suspended, COUNT(suspended), &user, office);
	user_clear(&user);
	make_bob(&user, USER_EMPLOYEE, STATUS_ACTIVE, "technician@client:bolt", "gone");
	expect(elsewhere, COUNT(elsewhere), &user, office);
	user_clear(&user);
}

static void
a_grant_counts(void **state)
{
	static const struct outcome granted[] = {
		{"bob can log in via sudo", true, VERDICT_ALLOWED},
		{"bob can log in", true, VERDICT_ALLOWED},
		{"bob can shell.sudo", true, VERDICT_ALLOWED},
	};
	struct user user;

	(void)state;
	make_bob(&user, USER_EMPLOYEE, STATUS_ACTIVE, "reader", "nothing");
	assert_true(names_add(&user.grants, "shell.*"));
	expect(granted, COUNT(granted), &user, office);
	user_clear(&user);
}

/* An integration gets in where its type is named, and there alone. */
static void
a_type_that_cannot_log_in(void **state)
{
	static const struct outcome feeds[] = {
		{"bob can log in", true, VERDICT_ALLOWED},
		{"bob can log in via sshd", true, VERDICT_ALLOWED},
		{"bob cannot log in via cron", true, VERDICT_TYPE_CANNOT_LOG_IN},
	};
	struct user user;

	(void)state;
	make_bob(&user, USER_INTEGRATION, STATUS_ACTIVE, "feed", "gone");
	expect(feeds, COUNT(feeds), &user, HEAD
	    "permissions: {push: {services: [sshd], types: [integration]}, any: {services: "
	    "[cron]}}\n"
	    "roles: {feed: {permissions: ['*']}}\n");
	user_clear(&user);
}

/* Without a time there is no decision, and nothing passes. */
static void
no_decision_passes_no_test(void **state)
{
	struct document document;
	struct decision decision;
	struct test test;
	bool passed = true;

	(void)state;
	read_good(office, &document);
	assert_int_equal(test_parse("role nothing cannot log in", &test, NULL), FAULT_NONE);
	assert_int_equal(test_run_role(&test, &document, 0, &passed, &decision, NULL), FAULT_NONE);
	assert_false(passed);
	assert_int_equal(decision.verdict, VERDICT_NONE);
	assert_int_equal(test_run_role(&test, &document, 1, &passed, &decision, NULL), FAULT_NONE);
	assert_true(passed);
	test_clear(&test);
	document_clear(&document);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentences),
		cmocka_unit_test(no_sentences),
		cmocka_unit_test(roles_pass_or_fail),
		cmocka_unit_test(any_other_service),
		cmocka_unit_test(a_user_who_is_not_there),
		cmocka_unit_test(a_user_who_is_there),
		cmocka_unit_test(a_grant_counts),
		cmocka_unit_test(a_type_that_cannot_log_in),
		cmocka_unit_test(no_decision_passes_no_test),
	};

	return cmocka_run_group_tests_name("tests of a policy", tests, NULL, NULL);
}
