/*
 * test.h - the tests that a policy carries: sentences about who can what, which must stay true.
 *
 *   SUBJECT can PERMISSION             SUBJECT cannot PERMISSION
 *   SUBJECT can log in                 SUBJECT cannot log in
 *   SUBJECT can log in via SERVICE     SUBJECT cannot log in via SERVICE
 *
 * SUBJECT is `role NAME`, meaning an imagined active employee who holds that one role on a host of
 * no client, or what user_find() takes for a user.  Words stand apart by spaces.  That a password
 * is due to be changed makes no difference: no policy could do anything about it.
 */
#ifndef HEXA_POLICY_TEST_H
#define HEXA_POLICY_TEST_H

#include "policy/decide.h"
#include "policy/document.h"

struct test {
	bool is_role;
	bool can;           /* as against cannot */
	bool login;         /* log in, as against a permission */
	char *subject;      /* the role's or user's name, as written */
	char *permission;   /* NULL with `login` */
	char *service;      /* of `via`; NULL: any */
};

/*
 * Takes a test apart; whether there is such a role, permission or user is not looked at.
 * FAULT_INVALID, saying what was expected.  *test is released by test_clear().
 */
enum fault test_parse(const char *text, struct test *test, struct why *why);
void test_clear(struct test *test);

/*
 * Runs a test of a role against a document that is compiled.  *passed: it came out as it says;
 * *decision: what it came to, with strings of the test and the document.  A test of a role that
 * there is not fails, whatever it says.  `log in` without `via`: on any service that some
 * permission names, or on any other.  FAULT_UNAVAILABLE: no memory.
 */
enum fault test_run_role(const struct test *test, const struct document *document, int64_t now,
    bool *passed, struct decision *decision, struct why *why);

/*
 * The same for a user, on the host and at the time of *at; the rest of *at is not looked at.
 * `user` NULL: there is none, and the test fails.
 */
enum fault test_run_user(const struct test *test, const struct user *user,
    const struct document *document, const struct request *at, bool *passed,
    struct decision *decision, struct why *why);

#endif
