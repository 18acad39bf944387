/*
 * login_lockout_test.c - that each password which a login verifies is counted, for whom and from
 * where, and what a lock-out refuses.  How it is counted: lockout_test.c.
 */
#include "tests/unit/login_fixture.h"

#include "accounts/lockout.h"

enum { FAILURES = 2, A_WHILE = 60, UPTIME = 10000 };

static int
setup_two_failures(void **state)
{
	int result = setup(state);

	with_settings(*state, "lockout: {failures: 2, within: 1h, for: 15m}\n");
	return result;
}

static struct login
login_from(const struct fixture *fixture, const char *user, const char *rhost)
{
	struct login login = login_of(fixture, user);

	login.rhost = login.from = rhost;
	login.uptime = UPTIME;
	return login;
}

/* One password, and time passes, so that no back-off is in its way. */
static struct login_answer
type(struct fixture *fixture, struct login *login, const char *password)
{
	struct login_answer answer = {0};

	assert_good(fixture, login_authenticate(login, password, &answer, &fixture->why));
	assert_string_equal(answer.note, "");
	login->uptime += A_WHILE;
	return answer;
}

#define ASSERT_TYPED(fixture, login, password, expected) \
	assert_int_equal(type(fixture, login, password).verdict, expected)

static void
fail_often(struct fixture *fixture, struct login *login)
{
	for (int i = 0; i < FAILURES; i++)
		ASSERT_TYPED(fixture, login, OTHER, VERDICT_NONE);
}

static void
too_many_are_locked_out_there(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_from(fixture, "anna", "192.0.2.7");
	struct login elsewhere = login_from(fixture, "anna", "192.0.2.8");
	struct login_answer answer;

	fail_often(fixture, &login);
	answer = type(fixture, &login, ANNAS);
	assert_int_equal(answer.verdict, VERDICT_LOCKED_OUT);
	assert_int_equal(answer.proof, PROOF_NOTHING);
	assert_string_equal(answer.name, "anna");
	assert_string_equal(answer.reason, "anna is locked out after too many failures");
	/* A wrong one is the same from here on: whether it was right, not even the log says. */
	answer = type(fixture, &login, OTHER);
	assert_int_equal(answer.verdict, VERDICT_LOCKED_OUT);
	assert_string_equal(answer.reason, "anna is locked out after too many failures");
	elsewhere.uptime = login.uptime;
	ASSERT_TYPED(fixture, &elsewhere, ANNAS, VERDICT_ALLOWED);
	login.uptime += 15 * 60;
	ASSERT_TYPED(fixture, &login, ANNAS, VERDICT_ALLOWED);
}

/* By whatever name somebody comes. */
static void
all_names_are_one_user(void **state)
{
	struct fixture *fixture = *state;
	struct login by_email = login_from(fixture, "Anna@example.org", "192.0.2.7");
	struct login by_name = login_from(fixture, "anna", "192.0.2.7");

	fail_often(fixture, &by_email);
	by_name.uptime = by_email.uptime;
	ASSERT_TYPED(fixture, &by_name, ANNAS, VERDICT_LOCKED_OUT);
}

/* What is refused for another reason says that; and nobody's name is nobody's, however often. */
static void
it_hides_no_other_reason(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_from(fixture, "anna", "192.0.2.7");
	struct login nobody = login_from(fixture, "bob", "192.0.2.7");

	fail_often(fixture, &login);
	AS_ADMIN(fixture, account_suspend(&fixture->admin, "anna", &fixture->why));
	ASSERT_TYPED(fixture, &login, ANNAS, VERDICT_NOT_ACTIVE);
	for (int i = 0; i <= FAILURES; i++)
		ASSERT_TYPED(fixture, &nobody, ANNAS, VERDICT_UNKNOWN_USER);
}

/* The right password of somebody who is refused is no guess. */
static void
who_is_refused_has_not_failed(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_from(fixture, "anna", "192.0.2.7");

	login.service = "sudo";
	for (int i = 0; i <= FAILURES; i++)
		ASSERT_TYPED(fixture, &login, ANNAS, VERDICT_SERVICE_NOT_PERMITTED);
	login.service = "sshd";
	ASSERT_TYPED(fixture, &login, ANNAS, VERDICT_ALLOWED);
}

/* Su is run by somebody: the places on this host are apart by whose program asks. */
static void
a_place_here_is_its_invokers(void **state)
{
	struct fixture *fixture = *state;
	struct login by_one = login_from(fixture, "anna", NULL);
	struct login by_other = login_from(fixture, "anna", "");

	by_one.from = "pts/1";
	by_one.invoker = 4242;
	by_other.invoker = 4243;
	fail_often(fixture, &by_one);
	by_other.uptime = by_one.uptime;
	ASSERT_TYPED(fixture, &by_one, ANNAS, VERDICT_LOCKED_OUT);
	ASSERT_TYPED(fixture, &by_other, ANNAS, VERDICT_ALLOWED);
}

/* What an ordinary user's program asks is counted for itself. */
static void
a_locker_locks_no_login_out(void **state)
{
	struct fixture *fixture = *state;
	struct login own = login_from(fixture, "anna", "192.0.2.7");
	struct login login = login_from(fixture, "anna", "192.0.2.7");

	own.caller = own.invoker = anna;
	fail_often(fixture, &own);
	ASSERT_TYPED(fixture, &own, ANNAS, VERDICT_LOCKED_OUT);
	login.uptime = own.uptime;
	ASSERT_TYPED(fixture, &login, ANNAS, VERDICT_ALLOWED);
}

static enum verdict
verified(struct fixture *fixture, struct login *login, const char *password)
{
	struct login_answer answer = {0};

	assert_good(fixture, login_verify_password(login, password, &answer, &fixture->why));
	login->uptime += A_WHILE;
	return answer.verdict;
}

static enum fault
changed(struct fixture *fixture, struct login *login, const char *old,
    struct login_answer *answer)
{
	struct actor actor = {.login_uid = UINT32_MAX};

	login->uptime += A_WHILE;
	return login_change_password(login, &actor, old, OTHER, answer, &fixture->why);
}

/* passwd(1) is no way round it. */
static void
other_verifications_count(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_from(fixture, "anna", "192.0.2.7");
	struct login_answer answer = {0};

	assert_int_equal(verified(fixture, &login, OTHER), VERDICT_NONE);
	assert_int_equal(changed(fixture, &login, OTHER, &answer), FAULT_DENIED);
	assert_int_equal(answer.verdict, VERDICT_NONE);
	assert_int_equal(verified(fixture, &login, ANNAS), VERDICT_LOCKED_OUT);
	assert_int_equal(changed(fixture, &login, ANNAS, &answer), FAULT_DENIED);
	assert_int_equal(answer.verdict, VERDICT_LOCKED_OUT);
	assert_string_equal(answer.name, "anna");
	ASSERT_TYPED(fixture, &login, ANNAS, VERDICT_LOCKED_OUT);
	login.rhost = "192.0.2.8";
	assert_int_equal(verified(fixture, &login, ANNAS), VERDICT_ALLOWED);
	assert_good(fixture, changed(fixture, &login, ANNAS, &answer));
}

/* What root sets is to be of use at once; what people set for themselves says nothing of others. */
static void
roots_new_password_forgets_them(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_from(fixture, "anna", "192.0.2.7");
	struct login elsewhere = login_from(fixture, "anna", "192.0.2.8");
	struct login_answer answer = {0};

	fail_often(fixture, &login);
	elsewhere.uptime = login.uptime;
	assert_good(fixture, changed(fixture, &elsewhere, ANNAS, &answer));
	ASSERT_TYPED(fixture, &login, OTHER, VERDICT_LOCKED_OUT);
	assert_good(fixture, changed(fixture, &elsewhere, NULL, &answer));
	ASSERT_TYPED(fixture, &login, OTHER, VERDICT_ALLOWED);
}

/* ---- who comes by a key ------------------------------------------------------------------- */

static enum verdict
account(struct fixture *fixture, struct login login, enum proof proof)
{
	struct login_answer answer = {0};

	login.proof = proof;
	assert_good(fixture, login_account(&login, &answer, &fixture->why));
	return answer.verdict;
}

static void
keys_go_on(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_from(fixture, "anna", "192.0.2.7");

	fail_often(fixture, &login);
	ASSERT_TYPED(fixture, &login, ANNAS, VERDICT_LOCKED_OUT);
	assert_int_equal(account(fixture, login, PROOF_NOTHING), VERDICT_ALLOWED);
	assert_int_equal(account(fixture, login, PROOF_KEY), VERDICT_ALLOWED);
}

static void
keys_are_refused_where_the_policy_says_so(void **state)
{
	struct fixture *fixture = *state;
	struct login login = login_from(fixture, "anna", "192.0.2.7");
	struct login here = login_from(fixture, "anna", "");

	with_settings(fixture, "lockout: {failures: 2, within: 1h, for: 15m, keys: yes}\n");
	assert_int_equal(account(fixture, login, PROOF_NOTHING), VERDICT_ALLOWED);
	fail_often(fixture, &login);
	assert_int_equal(account(fixture, login, PROOF_NOTHING), VERDICT_LOCKED_OUT);
	assert_int_equal(account(fixture, login, PROOF_KEY), VERDICT_LOCKED_OUT);
	assert_int_equal(account(fixture, login, PROOF_PASSWORD), VERDICT_ALLOWED);
	login.rhost = "192.0.2.8";
	assert_int_equal(account(fixture, login, PROOF_NOTHING), VERDICT_ALLOWED);
	login.rhost = "192.0.2.7";
	login.uptime += 15 * 60;
	assert_int_equal(account(fixture, login, PROOF_NOTHING), VERDICT_ALLOWED);
	/* On the host itself there are no keys, and cron(8) goes on. */
	fail_often(fixture, &here);
	ASSERT_TYPED(fixture, &here, ANNAS, VERDICT_LOCKED_OUT);
	assert_int_equal(account(fixture, here, PROOF_NOTHING), VERDICT_ALLOWED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_two_failures, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {TEST(too_many_are_locked_out_there),
	    TEST(all_names_are_one_user), TEST(it_hides_no_other_reason),
	    TEST(who_is_refused_has_not_failed), TEST(a_place_here_is_its_invokers),
	    TEST(a_locker_locks_no_login_out), TEST(other_verifications_count),
	    TEST(roots_new_password_forgets_them), TEST(keys_go_on),
	    TEST(keys_are_refused_where_the_policy_says_so)};

	return RUN_AS_ROOT(tests);
}
