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

static void
only_who_is_let_in_nowhere_is_mended(void **state)
{
	struct fixture *fixture = *state;
	struct reviews reviews = {0};
	struct review review;

	assert_good(fixture,
	    review_logins(&fixture->admin, "anna", NULL, NOW, &reviews, &fixture->why));
	for (size_t i = 0; i < reviews.count; i++)
		assert_string_equal(reviews.review[i].mend, "");
	reviews_clear(&reviews);
	/* Asked about the one service, it is told; and so is all to who has none. */
	assert_string_equal(verdict_on(fixture, "anna", "sudo", &review), "service-not-permitted");
	assert_string_equal(review.mend, "hexa-admin user edit anna --grant shell.sudo");
	/* But nobody is made root for what was not asked about. */
	assert_good(fixture,
	    review_logins(&fixture->admin, "guest-bob", NULL, NOW, &reviews, &fixture->why));
	for (size_t i = 0; i < reviews.count; i++)
		assert_int_equal(reviews.review[i].mend[0] == '\0',
		    strcmp(reviews.review[i].service, "sudo") == 0);
	reviews_clear(&reviews);
}

/* What is said of what anna has to log in with; "" when nothing is. */
static const char *
lack_at(struct fixture *fixture, const char *service, bool *has_code)
{
	static char lacks[sizeof((struct credentials){0}.lacks)];
	struct reviews reviews = {0};

	assert_good(fixture,
	    review_logins(&fixture->admin, "anna", service, NOW, &reviews, &fixture->why));
	memcpy(lacks, reviews.credentials.lacks, sizeof(lacks));
	*has_code = reviews.credentials.code;
	reviews_clear(&reviews);
	return lacks;
}

/* As the login does that the code lets in. */
static void
use_code(struct fixture *fixture)
{
	struct user user = {0};
	struct txn *txn;

	assert_good(fixture, store_write_begin(fixture->admin.store, &fixture->admin.actor,
	    "code login", NOW, &txn, &fixture->why));
	assert_good(fixture, user_find(txn, "anna", &user, &fixture->why));
	user.code_used = NOW;
	assert_good(fixture, user_put(txn, &user, &fixture->why));
	assert_good(fixture, store_commit(txn, NULL, &fixture->why));
	user_clear(&user);
}

static void
a_code_that_was_used_is_no_credential(void **state)
{
	struct fixture *fixture = *state;
	struct invitation invitation = {0};
	bool has_code;

	assert_string_equal(lack_at(fixture, "sshd", &has_code),
	    "anna has no password, key or code, and cannot log in by themselves yet");
	/* Jobs are run without. */
	assert_string_equal(lack_at(fixture, "cron", &has_code), "");
	assert_good(fixture, account_invite(&fixture->admin, "anna", &invitation, &fixture->why));
	invitation_clear(&invitation);
	assert_string_equal(lack_at(fixture, "sshd", &has_code), "");
	assert_true(has_code);
	use_code(fixture);
	assert_string_equal(lack_at(fixture, "sshd", &has_code),
	    "anna has no password or key, and the one-time code was used for a login already");
	assert_false(has_code);
}

static void
assert_notice(struct fixture *fixture, const char *sentence)
{
	const struct names *notices = &fixture->admin.notices;

	assert_int_equal(notices->count, sentence == NULL ? 0 : 1);
	if (sentence != NULL)
		assert_string_equal(notices->item[0], sentence);
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

/* Whether somebody holds a permission, at NOW. */
static enum fault
ask(struct fixture *fixture, const char *who, const char *permission, const char *service,
    struct review *review)
{
	const struct question_of question = {permission, service, NOW, 0};

	return review_permission(&fixture->admin, who, &question, review, &fixture->why);
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
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    ask(fixture, "nobody-here", "shell.login", NULL, &review));
}

static const char *
holds(struct fixture *fixture, const char *who, const char *permission, const char *service)
{
	struct review review = {0};

	assert_good(fixture, ask(fixture, who, permission, service, &review));
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
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    ask(fixture, "anna", "dossiers.veiw", NULL, &review));
	assert_says(fixture, "did you mean dossiers.view");
	assert_refused(fixture, FAULT_UNKNOWN, NULL, ask(fixture, "anna", "*", NULL, &review));
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

/* ---- where the rule stands ---------------------------------------------------------------- */

static void
the_deciding_line_is_told(void **state)
{
	struct fixture *fixture = *state;
	struct review review;

	verdict_on(fixture, "anna", "sshd", &review);
	assert_int_equal(review.line, 3); /* the permission that names it */
	verdict_on(fixture, "anna", "sudo", &review);
	assert_int_equal(review.line, 4);
	verdict_on(fixture, "anna", "cron", &review);
	assert_int_equal(review.line, 7); /* the role */
	verdict_on(fixture, "guest-bob", "sshd", &review);
	assert_int_equal(review.line, 9);
	verdict_on(fixture, "paused-bob", "sshd", &review);
	assert_int_equal(review.line, 10);
	assert_good(fixture, account_suspend(&fixture->admin, "anna", &fixture->why));
	verdict_on(fixture, "anna", "sshd", &review);
	assert_int_equal(review.line, 0); /* no word of the policy decided */
	ask(fixture, "clerk-bob", "dossiers.view", NULL, &review);
	assert_int_equal(review.line, 8);
	ask(fixture, "clerk-bob", "shell.sudo", NULL, &review);
	assert_int_equal(review.line, 8);
}

/* The line is one of the text that `policy show` prints then. */
static void
lines_are_those_of_the_text(void **state)
{
	struct fixture *fixture = *state;
	struct bytes yaml = {0};
	struct review review;
	char *text, *line;

	assert_good(fixture, role_edit(&fixture->admin, "clerk",
	    EDITS(ROLE_SET("title", "Clerk")), &fixture->why));
	assert_good(fixture, policy_text(&fixture->admin, &yaml, &fixture->why));
	text = bytes_take_text(&yaml);
	assert_non_null(text);
	verdict_on(fixture, "anna", "sshd", &review);
	line = text;
	for (unsigned i = 1; i < review.line; i++)
		line = strchr(line, '\n') + 1;
	assert_memory_equal(line, "  shell.login:", 14);
	free(text);
}

static void
settings_decide_on_their_line(void **state)
{
	struct fixture *fixture = *state;
	struct reviews reviews = {0};
	struct review review;
	char yaml[2048];

	snprintf(yaml, sizeof(yaml), "%s%s", policy, "login: {other-services: refuse}\n");
	assert_good(fixture, apply(fixture, yaml));
	assert_string_equal(verdict_on(fixture, "clerk-bob", "cron", &review),
	    "service-not-permitted");
	assert_int_equal(review.line, 11);
	snprintf(yaml, sizeof(yaml), "%s%s", policy, "password: {max-age: 30d}\n");
	assert_good(fixture, apply(fixture, yaml));
	assert_good(fixture, account_password(&fixture->admin, "anna", GOOD_PASSWORD,
	    &fixture->why));
	assert_string_equal(verdict_on(fixture, "anna", "sshd", &review), "allowed");
	assert_good(fixture, review_logins(&fixture->admin, "anna", "sshd", NOW + 40 * 86400,
	    &reviews, &fixture->why));
	assert_string_equal(verdict_name(reviews.review[0].verdict), "must-change-password");
	assert_int_equal(reviews.review[0].line, 11);
	reviews_clear(&reviews);
}

/* ---- this host ---------------------------------------------------------------------------- */

static void
add_client(struct fixture *fixture, const char *name)
{
	struct client client = {.name = strdup(name)};
	struct txn *txn;

	assert_good(fixture, store_write_begin(fixture->admin.store, &fixture->admin.actor, "fill",
	    NOW, &txn, &fixture->why));
	assert_good(fixture, client_put(txn, &client, &fixture->why));
	assert_good(fixture, store_commit(txn, NULL, &fixture->why));
	client_clear(&client);
}

static void
set_host(struct fixture *fixture, const char *client)
{
	const struct host host = {.client = (char *)client};
	struct txn *txn;

	assert_good(fixture, store_write_begin(fixture->admin.store, &fixture->admin.actor, "fill",
	    NOW, &txn, &fixture->why));
	assert_good(fixture, host_put(txn, &host, &fixture->why));
	assert_good(fixture, store_commit(txn, NULL, &fixture->why));
}

static void
whose_host_it_is_counts(void **state)
{
	struct fixture *fixture = *state;
	struct review review;

	add_client(fixture, "acme");
	add_client(fixture, "blue");
	add_user(fixture, "carla", "technician@client:acme");
	assert_string_equal(verdict_on(fixture, "carla", "sshd", &review), "allowed");
	set_host(fixture, "acme");
	assert_string_equal(verdict_on(fixture, "carla", "sshd", &review), "allowed");
	set_host(fixture, "blue");
	assert_string_equal(verdict_on(fixture, "carla", "sshd", &review), "wrong-site");
	assert_int_equal(review.line, 0);
	assert_string_equal(verdict_on(fixture, "anna", "sshd", &review), "allowed");
	assert_string_equal(holds(fixture, "carla", "shell.login", "sshd"), "wrong-site");
	assert_string_equal(holds(fixture, "carla", "shell.login", NULL), "allowed");
}

/* ---- how far back, and when --------------------------------------------------------------- */

static const char *
holds_of(struct fixture *fixture, const char *who, int64_t dated, struct review *review)
{
	const struct question_of question = {"dossiers.view", NULL, NOW, dated};

	assert_good(fixture, review_permission(&fixture->admin, who, &question, review,
	    &fixture->why));
	return verdict_name(review->verdict);
}

static void
a_permission_reaches_so_far_back(void **state)
{
	struct fixture *fixture = *state;
	struct review review = {0};
	const int64_t old = NOW - 31 * 86400, newer = NOW - 30 * 86400;

	assert_string_equal(holds_of(fixture, "clerk-bob", old, &review), "allowed");
	assert_good(fixture, role_edit(&fixture->admin, "clerk",
	    EDITS(ROLE_SET("access-back", "30")), &fixture->why));
	assert_string_equal(holds_of(fixture, "clerk-bob", newer, &review), "allowed");
	assert_string_equal(holds_of(fixture, "clerk-bob", old, &review), "no-permission");
	assert_string_equal(review.field, "access-back");
	assert_int_not_equal(review.line, 0);
	assert_good(fixture, account_edit(&fixture->admin, "clerk-bob",
	    EDITS(USER_SET("access-back", "31")), &fixture->why));
	assert_string_equal(holds_of(fixture, "clerk-bob", old, &review), "allowed");
	assert_string_equal(holds_of(fixture, "clerk-bob", old - 86400, &review), "no-permission");
	assert_int_equal(review.line, 0); /* it is the user's own */
}

/* ---- who holds it ------------------------------------------------------------------------- */

struct found {
	char text[512];
	size_t stop_at; /* ends the search at this one; 0: never */
	size_t count;
	uint32_t last;
};

static enum fault
note(void *context, const struct holder_of *holder, struct why *why)
{
	struct found *found = context;
	size_t used = strlen(found->text);

	assert_true(holder->uid > found->last);
	found->last = holder->uid;
	snprintf(found->text + used, sizeof(found->text) - used, "%s%s:%s", used > 0 ? " " : "",
	    holder->name, holder->role);
	found->count++;
	return found->count == found->stop_at ? why_set(why, FAULT_RULE, "enough") : FAULT_NONE;
}

static enum fault
search(struct fixture *fixture, const char *permission, const char *service, int64_t when,
    struct found *found)
{
	const struct question_of question = {permission, service, when, 0};

	*found = (struct found){.stop_at = found->stop_at};
	return review_holders(&fixture->admin, &question, note, found, &fixture->why);
}

static void
everybody_who_holds_it_is_found(void **state)
{
	struct fixture *fixture = *state;
	struct found found = {.text = ""};

	assert_good(fixture, account_edit(&fixture->admin, "guest-bob",
	    EDITS(USER_ADD("grants", "dossiers.*@2026-11-22")), &fixture->why));
	assert_good(fixture, search(fixture, "dossiers.view", NULL, NOW, &found));
	assert_string_equal(found.text, "anna:technician clerk-bob:clerk guest-bob:");
	assert_good(fixture, search(fixture, "dossiers.view", NULL, NOW + 3 * 86400, &found));
	assert_string_equal(found.text, "anna:technician clerk-bob:clerk");
	assert_good(fixture, search(fixture, "dossiers.view", "sshd", NOW, &found));
	assert_string_equal(found.text, "anna:technician");
	assert_good(fixture, search(fixture, "shell.sudo", NULL, NOW, &found));
	assert_string_equal(found.text, "");
	assert_good(fixture, account_suspend(&fixture->admin, "anna", &fixture->why));
	assert_good(fixture, search(fixture, "dossiers.view", NULL, NOW, &found));
	assert_string_equal(found.text, "clerk-bob:clerk guest-bob:");
	found.stop_at = 1;
	assert_refused(fixture, FAULT_RULE, NULL,
	    search(fixture, "dossiers.view", NULL, NOW, &found));
	assert_string_equal(found.text, "clerk-bob:clerk");
	found.stop_at = 0;
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    search(fixture, "dossiers.veiw", NULL, NOW, &found));
	assert_says(fixture, "did you mean dossiers.view");
	assert_refused(fixture, FAULT_INVALID, "service",
	    search(fixture, "dossiers.view", "SSHD", NOW, &found));
}

/* ---- whom one may ask about --------------------------------------------------------------- */

static void
nobody_out_of_reach_is_asked_about(void **state)
{
	struct fixture *fixture = *state;
	struct reviews reviews = {0};
	struct found found = {.text = ""};
	struct review review;
	char yaml[2048];

	snprintf(yaml, sizeof(yaml), "%s%s", policy,
	    "  viewer: {permissions: [hexa.users.view], group: no}\n");
	assert_good(fixture, apply(fixture, yaml));
	add_user(fixture, "vera", "viewer@/sales");
	assert_good(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_SET("unit", "/sales/north")), &fixture->why));
	fixture_become(fixture, "vera");
	assert_string_equal(verdict_on(fixture, "anna", "sshd", &review), "allowed");
	assert_refused(fixture, FAULT_DENIED, NULL, review_logins(&fixture->admin, "clerk-bob",
	    NULL, NOW, &reviews, &fixture->why));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    ask(fixture, "clerk-bob", "dossiers.view", NULL, &review));
	assert_good(fixture, search(fixture, "dossiers.view", NULL, NOW, &found));
	assert_string_equal(found.text, "anna:technician");
	fixture_become(fixture, NULL);
	assert_good(fixture, search(fixture, "dossiers.view", NULL, NOW, &found));
	assert_string_equal(found.text, "anna:technician clerk-bob:clerk");
}

/* ---- what PAM has here -------------------------------------------------------------------- */

static void
a_service_that_is_not_there_is_told(void **state)
{
	static const char no_ssh[] = "this host has no PAM service ssh (did you mean sshd?)";
	struct fixture *fixture = *state;
	struct found found = {.text = ""};
	struct reviews reviews = {0};
	struct review review;

	make_folder(fixture->root, "/etc/pam.d");
	write_file(fixture->root, "/etc/pam.d/sshd", "");
	verdict_on(fixture, "anna", "ssh", &review);
	assert_notice(fixture, no_ssh);
	verdict_on(fixture, "anna", "sshd", &review);
	assert_notice(fixture, NULL);
	assert_good(fixture, ask(fixture, "anna", "dossiers.view", "ssh", &review));
	assert_notice(fixture, no_ssh);
	assert_good(fixture, ask(fixture, "anna", "dossiers.view", NULL, &review));
	assert_notice(fixture, NULL);
	assert_good(fixture, search(fixture, "dossiers.view", "polkit-1", NOW, &found));
	assert_notice(fixture, "this host has no PAM service polkit-1");
	assert_good(fixture,
	    review_logins(&fixture->admin, "anna", NULL, NOW, &reviews, &fixture->why));
	assert_notice(fixture, NULL);
	reviews_clear(&reviews);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(one_service_is_judged),
	    TEST(every_service_is_judged),
	    TEST(only_who_is_let_in_nowhere_is_mended),
	    TEST(a_code_that_was_used_is_no_credential),
	    TEST(a_service_called_other_is_one_like_all),
	    TEST(the_state_of_the_account_counts),
	    TEST(nobody_is_unknown),
	    TEST(a_permission_is_judged),
	    TEST(asking_needs_the_right),
	    TEST(the_deciding_line_is_told),
	    TEST(lines_are_those_of_the_text),
	    TEST(settings_decide_on_their_line),
	    TEST(whose_host_it_is_counts),
	    TEST(a_permission_reaches_so_far_back),
	    TEST(everybody_who_holds_it_is_found),
	    TEST(nobody_out_of_reach_is_asked_about),
	    TEST(a_service_that_is_not_there_is_told),
	};

	return RUN_AS_ROOT(tests);
}
