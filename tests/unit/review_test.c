/*
 * review_test.c - the questions, and that their answers are those of the decision.
 */
#include "tests/unit/accounts_fixture.h"

#include "accounts/review.h"

static const char policy[] =
    "hexa-policy: 1\n"
    "permissions:\n"
    "  shell.login: {services: [sshd, login]}\n"
    "  shell.sudo: {services: [sudo]}\n"
    "  dossiers.view: {}\n"
    "roles:\n"
    "  technician: {permissions: [shell.login, dossiers.view], group: no}\n"
    "  clerk: {permissions: [dossiers.view], group: no}\n"
    "  guest: {group: no}\n"
    "  paused: {permissions: [shell.login], group: no, disabled: yes}\n";

static int
setup(void **state)
{
	int result = fixture_setup(state);
	struct fixture *fixture = *state;

	assert_good(fixture, apply(fixture, policy));
	add_user(fixture, "anna", "technician");
	add_user(fixture, "clerk-bob", "clerk");
	add_user(fixture, "guest-bob", "guest");
	add_user(fixture, "paused-bob", "paused");
	return result;
}

/* The verdict on one service, with *review for more. */
static const char *
verdict_on(struct fixture *fixture, const char *who, const char *service, struct review *review)
{
	struct reviews reviews = {0};

	assert_good(fixture,
	    review_logins(&fixture->admin, who, service, NOW, &reviews, &fixture->why));
	assert_int_equal(reviews.count, 1);
	*review = reviews.review[0];
	reviews_clear(&reviews);
	assert_string_equal(review->service, service);
	assert_string_not_equal(review->reason, "");
	return verdict_name(review->verdict);
}

static void
one_service_is_judged(void **state)
{
	struct fixture *fixture = *state;
	struct review review;

	assert_string_equal(verdict_on(fixture, "anna", "sshd", &review), "allowed");
	assert_string_equal(review.role, "technician");
	assert_string_equal(review.permission, "shell.login");
	assert_string_equal(review.mend, "");
	assert_string_equal(verdict_on(fixture, "anna", "sudo", &review), "service-not-permitted");
	assert_non_null(strstr(review.reason, "sudo"));
	assert_non_null(strstr(review.mend, "hexa-admin"));
	/* A service that no permission names asks for any permission. */
	assert_string_equal(verdict_on(fixture, "clerk-bob", "cron", &review), "allowed");
	assert_string_equal(verdict_on(fixture, "clerk-bob", "sshd", &review),
	    "service-not-permitted");
	assert_string_equal(verdict_on(fixture, "guest-bob", "sshd", &review), "no-permission");
	assert_string_equal(verdict_on(fixture, "guest-bob", "cron", &review), "no-permission");
	assert_string_equal(verdict_on(fixture, "paused-bob", "sshd", &review), "role-disabled");
}

static void
every_service_is_judged(void **state)
{
	struct fixture *fixture = *state;
	static const char *const services[] = {"login", "sshd", "sudo", "other"};
	static const char *const verdicts[] = {"allowed", "allowed", "service-not-permitted",
	    "allowed"};
	struct reviews reviews = {0};

	assert_good(fixture,
	    review_logins(&fixture->admin, "anna", NULL, NOW, &reviews, &fixture->why));
	assert_int_equal(reviews.count, 4);
	for (size_t i = 0; i < reviews.count; i++) {
		assert_string_equal(reviews.review[i].service, services[i]);
		assert_string_equal(verdict_name(reviews.review[i].verdict), verdicts[i]);
	}
	reviews_clear(&reviews);
	assert_int_equal(reviews.count, 0);
}

/* PAM has a service of this very name: naming it must not change what is said of the others. */
static void
a_service_called_other_is_one_like_all(void **state)
{
	struct fixture *fixture = *state;
	struct reviews reviews = {0};

	assert_good(fixture, apply(fixture,
	    "hexa-policy: 1\n"
	    "permissions:\n  shell.login: {services: [other]}\n  dossiers.view: {}\n"
	    "roles:\n  technician: {permissions: [dossiers.view], group: no}\n"
	    "  clerk: {permissions: [shell.login], group: no}\n"
	    "  guest: {group: no}\n  paused: {group: no}\n"));
	assert_good(fixture,
	    review_logins(&fixture->admin, "anna", NULL, NOW, &reviews, &fixture->why));
	assert_int_equal(reviews.count, 2);
	assert_string_equal(verdict_name(reviews.review[0].verdict), "service-not-permitted");
	assert_string_equal(verdict_name(reviews.review[1].verdict), "allowed");
	reviews_clear(&reviews);
}

static void
the_state_of_the_account_counts(void **state)
{
	struct fixture *fixture = *state;
	struct review review;
	struct reviews reviews = {0};

	assert_good(fixture, account_suspend(&fixture->admin, "anna", &fixture->why));
	assert_string_equal(verdict_on(fixture, "anna", "sshd", &review), "not-active");
	assert_string_equal(review.field, "status");
	assert_string_equal(review.mend, "hexa-admin user resume anna");
	assert_good(fixture, account_resume(&fixture->admin, "anna", &fixture->why));
	assert_good(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_SET("valid-until", "2026-12-31")), &fixture->why));
	assert_string_equal(verdict_on(fixture, "anna", "sshd", &review), "allowed");
	assert_good(fixture, review_logins(&fixture->admin, "anna", "sshd", NOW + 60 * 86400,
	    &reviews, &fixture->why));
	assert_string_equal(verdict_name(reviews.review[0].verdict), "expired");
	reviews_clear(&reviews);
	assert_good(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_CLEAR("roles")), &fixture->why));
	assert_string_equal(verdict_on(fixture, "anna", "sshd", &review), "no-role");
}

static void
nobody_is_unknown(void **state)
{
	struct fixture *fixture = *state;
	struct reviews reviews = {0};
	struct review review = {0};

	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    review_logins(&fixture->admin, "nobody-here", NULL, NOW, &reviews, &fixture->why));
	assert_null(reviews.review);
	assert_refused(fixture, FAULT_UNKNOWN, NULL, review_permission(&fixture->admin,
	    "nobody-here", "shell.login", NULL, NOW, &review, &fixture->why));
}

static const char *
holds(struct fixture *fixture, const char *who, const char *permission, const char *service)
{
	struct review review = {0};

	assert_good(fixture, review_permission(&fixture->admin, who, permission, service, NOW,
	    &review, &fixture->why));
	return verdict_name(review.verdict);
}

static void
a_permission_is_judged(void **state)
{
	struct fixture *fixture = *state;
	struct review review = {0};

	assert_string_equal(holds(fixture, "anna", "dossiers.view", NULL), "allowed");
	assert_string_equal(holds(fixture, "anna", "shell.sudo", NULL), "no-permission");
	assert_string_equal(holds(fixture, "clerk-bob", "dossiers.view", NULL), "allowed");
	assert_string_equal(holds(fixture, "clerk-bob", "dossiers.view", "cron"), "allowed");
	assert_string_equal(holds(fixture, "clerk-bob", "dossiers.view", "sshd"),
	    "service-not-permitted");
	assert_string_equal(holds(fixture, "guest-bob", "dossiers.view", NULL), "no-permission");
	assert_string_equal(holds(fixture, "paused-bob", "shell.login", NULL), "role-disabled");
	assert_refused(fixture, FAULT_UNKNOWN, NULL, review_permission(&fixture->admin, "anna",
	    "dossiers.veiw", NULL, NOW, &review, &fixture->why));
	assert_says(fixture, "did you mean dossiers.view");
	assert_refused(fixture, FAULT_UNKNOWN, NULL, review_permission(&fixture->admin, "anna",
	    "*", NULL, NOW, &review, &fixture->why));
}

static void
asking_needs_the_right(void **state)
{
	struct fixture *fixture = *state;
	struct reviews reviews = {0};
	struct admin root;

	add_user(fixture, "boss", ROLE_SYSTEM_ADMINISTRATOR);
	add_user(fixture, "other-boss", ROLE_SYSTEM_ADMINISTRATOR);
	fixture_become(fixture, "boss");
	assert_string_equal(holds(fixture, "anna", "dossiers.view", NULL), "allowed");
	root = fixture->admin;
	root.is_root = true;
	assert_good(fixture, account_suspend(&root, "boss", &fixture->why));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    review_logins(&fixture->admin, "anna", NULL, NOW, &reviews, &fixture->why));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(one_service_is_judged),
	    TEST(every_service_is_judged),
	    TEST(a_service_called_other_is_one_like_all),
	    TEST(the_state_of_the_account_counts),
	    TEST(nobody_is_unknown),
	    TEST(a_permission_is_judged),
	    TEST(asking_needs_the_right),
	};

	return RUN_AS_ROOT(tests);
}
