/*
 * policy_test.c - the policy as a whole: its text, what speaks against one that is to take its
 * place, and what somebody may change who has not every permission.
 */
#include "tests/unit/accounts_fixture.h"

#include "accounts/change.h"

#define HEAD "hexa-policy: 1\n"
#define PERMISSIONS \
	"permissions:\n" \
	"  shell.login: {services: [sshd, login]}\n" \
	"  shell.sudo: {services: [sudo, polkit-1]}\n" \
	"  docs.read: {}\n" \
	"  docs.write: {}\n" \
	"  logs.read: {unix-groups: [painters]}\n"
/* What the delegate holds: everything but shell.sudo, logs.read and hexa.activity.view. */
#define KEEPER \
	"  keeper: {permissions: [shell.login, docs.*, hexa.policy.*, hexa.roles.*, " \
	"hexa.users.*], group: no}\n"
#define CLERK "  clerk: {permissions: [docs.read], group: no}\n"
#define AUDITOR "  auditor: {permissions: [hexa.activity.view], group: no}\n"
#define PAUSED "  paused: {permissions: [shell.sudo], group: no, disabled: yes}\n"
#define ROLES "roles:\n" KEEPER CLERK AUDITOR PAUSED
#define POLICY HEAD PERMISSIONS ROLES

static int
setup(void **state)
{
	int result = fixture_setup(state);
	struct fixture *fixture = *state;

	assert_good(fixture, apply(fixture, POLICY));
	add_user(fixture, "dana", "keeper");
	add_user(fixture, "bob", "clerk");
	return result;
}

static enum fault
try_edit(struct fixture *fixture, const char *name, const struct edits *edits)
{
	return role_edit(&fixture->admin, name, edits, &fixture->why);
}

static enum fault
try_create(struct fixture *fixture, const char *name, const struct edits *edits)
{
	return role_create(&fixture->admin, name, edits, &fixture->why);
}

static void
give(struct fixture *fixture, const char *who, const char *field, const char *value)
{
	assert_good(fixture, account_edit(&fixture->admin, who, EDITS(USER_ADD(field, value)),
	    &fixture->why));
}

/* The policy's text; the caller's to free. */
static char *
text_of(struct fixture *fixture)
{
	struct bytes yaml = {0};
	char *text;

	assert_good(fixture, policy_text(&fixture->admin, &yaml, &fixture->why));
	text = bytes_take_text(&yaml);
	assert_non_null(text);
	return text;
}

static void
assert_text(struct fixture *fixture, const char *expected)
{
	char *text = text_of(fixture);

	assert_string_equal(text, expected);
	free(text);
}

/* What is in force, in the one way in which it is written; the caller's to free. */
static char *
state_of(struct fixture *fixture)
{
	struct document document = {0};
	struct bytes yaml = {0};
	char *text;

	assert_good(fixture, policy_read(&fixture->admin, &document, &fixture->why));
	assert_good(fixture, document_write(&document, &yaml, &fixture->why));
	document_clear(&document);
	text = bytes_take_text(&yaml);
	assert_non_null(text);
	return text;
}

/* ---- the text ----------------------------------------------------------------------------- */

static void
the_text_is_kept_as_it_was_applied(void **state)
{
	struct fixture *fixture = *state;
	uint64_t before;

	assert_text(fixture, POLICY);
	before = journal_at(fixture);
	assert_good(fixture, apply(fixture, "# ours\n" POLICY));
	assert_text(fixture, "# ours\n" POLICY);
	assert_int_equal(journal_at(fixture), before + 1);
	assert_good(fixture, apply(fixture, "# ours\n" POLICY));
	assert_int_equal(journal_at(fixture), before + 1);
	assert_refused(fixture, FAULT_INVALID, NULL, apply(fixture, "# theirs\nhexa-policy: 2\n"));
	assert_text(fixture, "# ours\n" POLICY);
}

static void
a_role_command_leaves_no_text_that_lies(void **state)
{
	struct fixture *fixture = *state;
	char *text, *again;
	uint64_t before;

	assert_good(fixture, try_edit(fixture, "clerk", EDITS(ROLE_CLEAR("title"))));
	assert_text(fixture, POLICY);
	assert_int_equal(fixture->admin.notices.count, 0);
	assert_good(fixture, try_edit(fixture, "clerk", EDITS(ROLE_SET("title", "Clerk"))));
	assert_int_equal(fixture->admin.notices.count, 1);
	assert_string_equal(fixture->admin.notices.item[0],
	    "the policy's text is written anew, without its comments");
	text = text_of(fixture);
	assert_non_null(strstr(text, "title: Clerk"));
	before = journal_at(fixture);
	assert_good(fixture, apply(fixture, text));
	assert_int_equal(journal_at(fixture), before + 1);
	again = text_of(fixture);
	assert_string_equal(text, again);
	free(text);
	free(again);
	/* It was applied again, and so goes again; after that there is none. */
	assert_good(fixture, try_edit(fixture, "clerk", EDITS(ROLE_SET("title", "Clerks"))));
	assert_int_equal(fixture->admin.notices.count, 1);
	assert_good(fixture, try_edit(fixture, "clerk", EDITS(ROLE_SET("title", "Clerk"))));
	assert_int_equal(fixture->admin.notices.count, 0);
}

static void
a_whole_policy_comes_back_the_same(void **state)
{
	struct fixture *fixture = *state;
	char *state_before, *state_after, *text;

	assert_good(fixture, apply(fixture, HEAD
	    "login: {email: no, other-services: refuse}\n"
	    "password: {min-length: 16, history: 0, max-age: 365d}\n"
	    "limits: {users: 250}\n"
	    "accounts: {uid-range: [70000-80000], shell: /bin/sh}\n"
	    "permissions:\n"
	    "  shell.login: {title: 'Log in: with a shell', services: [sshd, login]}\n"
	    "  feeds.push: {services: [sshd], types: [integration, system]}\n"
	    "  shell.sudo: {services: [sudo, sudo-i], unix-groups: [sudo]}\n"
	    "roles:\n"
	    "  clerk: {permissions: [shell.login], group: no, access-back: 30}\n"
	    "  l20: {ladder: steps, level: 20, permissions: [shell.login], group: no}\n"
	    "  l80: {ladder: steps, level: 80, permissions: [shell.sudo], group: no}\n"
	    "  keeper: {permissions: ['*'], includes: [clerk], group: keepers}\n"
	    "  resting: {disabled: yes, group: no}\n"
	    "constraints:\n  - never-together: [l20, clerk]\n"
	    "tests:\n  - role l80 can log in via sshd\n  - role clerk cannot shell.sudo\n"
	    "  - bob can log in\n"));
	state_before = state_of(fixture);
	assert_good(fixture, try_edit(fixture, "resting", EDITS(ROLE_SET("title", "Resting"))));
	assert_good(fixture, try_edit(fixture, "resting", EDITS(ROLE_CLEAR("title"))));
	text = text_of(fixture);
	assert_good(fixture, apply(fixture, POLICY));
	assert_good(fixture, apply(fixture, text));
	state_after = state_of(fixture);
	assert_string_equal(state_before, state_after);
	free(state_before);
	free(state_after);
	free(text);
}

static void
a_policy_edited_meanwhile_is_not_overwritten(void **state)
{
	struct fixture *fixture = *state;
	static const char yaml[] = POLICY "  crew: {group: no}\n";
	char *began = text_of(fixture);
	struct policy_application application = {.yaml = yaml, .size = strlen(yaml),
	    .began_from = began, .began_size = strlen(began)};

	assert_good(fixture, try_edit(fixture, "clerk", EDITS(ROLE_SET("title", "Clerk"))));
	assert_refused(fixture, FAULT_CONFLICT, NULL,
	    policy_apply(&fixture->admin, &application, NULL, &fixture->why));
	free(began);
	began = text_of(fixture);
	application.began_from = began;
	application.began_size = strlen(began);
	assert_good(fixture,
	    policy_apply(&fixture->admin, &application, NULL, &fixture->why));
	/* The same policy with another comment is another text. */
	assert_refused(fixture, FAULT_CONFLICT, NULL,
	    policy_apply(&fixture->admin, &application, NULL, &fixture->why));
	free(began);
}

/* ---- what speaks against it --------------------------------------------------------------- */

/* Neither applied, nor found good by who only asks. */
#define assert_no_policy(fixture, expected, yaml) \
	do { \
		assert_refused(fixture, expected, NULL, apply(fixture, yaml)); \
		assert_refused(fixture, expected, NULL, check(fixture, yaml)); \
	} while (0)

static enum fault
check(struct fixture *fixture, const char *yaml)
{
	return policy_check(&fixture->admin, yaml, strlen(yaml), NULL, &fixture->why);
}

static void
what_is_granted_does_not_go(void **state)
{
	struct fixture *fixture = *state;
	static const char without[] = HEAD
	    "permissions:\n  shell.login: {services: [sshd, login]}\n"
	    "  shell.sudo: {services: [sudo, polkit-1]}\n  docs.read: {}\n  docs.write: {}\n" ROLES;

	give(fixture, "bob", "grants", "logs.read@2026-11-21T09:29:59Z");
	assert_good(fixture, check(fixture, without)); /* it has ended */
	give(fixture, "bob", "grants", "logs.*@2027-01-01");
	assert_no_policy(fixture, FAULT_RULE, without);
	assert_says(fixture, "logs.*");
	assert_says(fixture, "bob");
	assert_string_equal(fixture->why.mend, "hexa-admin user edit bob --ungrant logs.*");
	assert_good(fixture, account_edit(&fixture->admin, "bob",
	    EDITS(USER_CLEAR("grants"), USER_ADD("grants", "logs.read")), &fixture->why));
	assert_no_policy(fixture, FAULT_RULE, without);
	assert_good(fixture, account_edit(&fixture->admin, "bob",
	    EDITS(USER_CLEAR("grants"), USER_ADD("grants", "docs.*")), &fixture->why));
	assert_good(fixture, apply(fixture, without));
}

#define SEPARATE "constraints:\n  - never-together: [clerk, auditor]\n"

static void
nobody_comes_to_break_a_constraint(void **state)
{
	struct fixture *fixture = *state;

	give(fixture, "bob", "roles", "auditor@/sales");
	assert_no_policy(fixture, FAULT_RULE, POLICY SEPARATE);
	assert_says(fixture, "bob");
	assert_says(fixture, "clerk");
	assert_says(fixture, "auditor");
	assert_good(fixture, account_edit(&fixture->admin, "bob",
	    EDITS(USER_REMOVE("roles", "auditor@/sales")), &fixture->why));
	assert_good(fixture, apply(fixture, POLICY SEPARATE));
	/* Nor by what a role comes to inherit, a disabled one too. */
	give(fixture, "dana", "roles", "auditor");
	assert_refused(fixture, FAULT_RULE, NULL,
	    try_edit(fixture, "keeper", EDITS(ROLE_ADD("includes", "clerk"))));
	assert_says(fixture, "dana");
	assert_good(fixture, try_edit(fixture, "paused", EDITS(ROLE_ADD("includes", "clerk"))));
	assert_refused(fixture, FAULT_RULE, NULL,
	    try_edit(fixture, "paused", EDITS(ROLE_ADD("includes", "auditor"))));
	assert_says(fixture, "paused");
	assert_refused(fixture, FAULT_RULE, NULL, try_create(fixture, "both",
	    EDITS(ROLE_SET("group", "no"), ROLE_ADD("includes", "auditor"),
	    ROLE_ADD("includes", "paused"))));
	assert_good(fixture, try_create(fixture, "one",
	    EDITS(ROLE_SET("group", "no"), ROLE_ADD("includes", "auditor"))));
}

static void
its_own_tests_must_pass(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		const char *test;
		bool passes;
	} tests[] = {
	    {"role clerk can docs.read", true},
	    {"role clerk can docs.write", false},
	    {"role clerk cannot docs.read", false},
	    {"role keeper can log in via sshd", true},
	    {"role clerk can log in via sshd", false},
	    {"bob can docs.read", true},
	    {"bob cannot log in via sudo", true},
	    {"bob can log in via sudo", false},
	    {"nobody-here cannot docs.read", false},
	};

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		char yaml[2048];

		snprintf(yaml, sizeof(yaml),
		    POLICY "tests:\n  - role clerk can docs.read\n  - %s\n", tests[i].test);
		if (tests[i].passes) {
			assert_good(fixture, check(fixture, yaml));
			assert_good(fixture, apply(fixture, yaml));
			continue;
		}
		assert_no_policy(fixture, FAULT_RULE, yaml);
		assert_says(fixture, tests[i].test);
		assert_int_equal(fixture->why.line, 15);
		assert_int_equal(fixture->why.column, 5);
	}
}

static void
a_group_that_cannot_be_had_is_placed(void **state)
{
	struct fixture *fixture = *state;

	assert_no_policy(fixture, FAULT_INVALID, POLICY "  painters: {}\n");
	assert_int_equal(fixture->why.line, 13);
	assert_int_equal(fixture->why.column, 3);
	assert_no_policy(fixture, FAULT_INVALID, POLICY "  crew: {group: painters}\n");
	assert_int_equal(fixture->why.line, 13);
	assert_int_equal(fixture->why.column, 10);
	assert_no_policy(fixture, FAULT_INVALID, POLICY "  crew:\n    group: bob\n");
	assert_int_equal(fixture->why.line, 14);
	assert_good(fixture, check(fixture, POLICY "  crew: {group: hands}\n"));
}

/* The clock is the fixture's. */
static void
a_group_given_up_of_late_is_not_free(void **state)
{
	struct fixture *fixture = *state;
	static const char yaml[] = POLICY "  crew: {group: hands}\n";
	static const char moved[] = POLICY "  crew: {group: no}\n  team: {group: hands}\n";
	struct why refused;
	struct plan plan = {0};

	assert_good(fixture, apply(fixture, yaml));
	assert_no_policy(fixture, FAULT_CONFLICT, moved);
	assert_says(fixture, "crew gives hands up");
	assert_good(fixture, apply(fixture, POLICY "  crew: {group: no}\n"));
	/* Its own it may have back, and nobody else of Hexa's. */
	assert_good(fixture, check(fixture, yaml));
	assert_no_policy(fixture, FAULT_CONFLICT, moved);
	assert_says(fixture, "hands");
	assert_int_equal(fixture->why.line, 14);
	assert_good(fixture, policy_diff(&fixture->admin, moved, strlen(moved), &plan, &refused,
	    &fixture->why));
	assert_int_equal(refused.fault, FAULT_CONFLICT);
	plan_clear(&plan);
	/* Root may insist, and after an hour there is nothing to insist on. */
	fixture->admin.insist = true;
	assert_good(fixture, check(fixture, moved));
	fixture->admin.insist = false;
	fixture->admin.now += 3599;
	assert_no_policy(fixture, FAULT_CONFLICT, moved);
	fixture->admin.now += 1;
	assert_good(fixture, check(fixture, moved));
	assert_good(fixture, apply(fixture, moved));
}

#define TWO_ROLES \
	"roles:\n  keeper: {permissions: [docs.read], group: no}\n" CLERK

/* Nobody could log in and write another. */
static void
somebody_with_every_permission_gets_in(void **state)
{
	struct fixture *fixture = *state;
	static const char clients_only[] = HEAD "login: {other-services: refuse}\n"
	    "permissions:\n  docs.read: {}\n"
	    "  shell.login: {services: [sshd], types: [client]}\n" TWO_ROLES;
	static const char no_services[] = HEAD "login: {other-services: refuse}\n"
	    "permissions:\n  docs.read: {}\n" TWO_ROLES;
	static const char console[] = HEAD "login: {other-services: refuse}\n"
	    "permissions:\n  docs.read: {}\n  console.use: {services: [login]}\n" TWO_ROLES;
	static const char others[] = HEAD "permissions:\n"
	    "  shell.login: {services: [sshd], types: [client]}\n  docs.read: {}\n" TWO_ROLES;

	/* Where there is nobody yet, nobody is shut out. */
	assert_good(fixture, apply(fixture, clients_only));
	assert_good(fixture, apply(fixture, POLICY));
	add_user(fixture, "boss", ROLE_SYSTEM_ADMINISTRATOR);
	assert_no_policy(fixture, FAULT_RULE, clients_only);
	assert_says(fixture, ROLE_SYSTEM_ADMINISTRATOR);
	assert_int_equal(fixture->why.line, 2);
	assert_no_policy(fixture, FAULT_RULE, no_services);
	assert_good(fixture, apply(fixture, console));
	assert_good(fixture, apply(fixture, others));
	/* One who is let in is enough; one who is not active is none. */
	add_user(fixture, "carl", ROLE_SYSTEM_ADMINISTRATOR);
	assert_good(fixture, account_edit(&fixture->admin, "carl", EDITS(USER_SET("type", "client"),
	    USER_SET("email", "carl@example.org"), USER_SET("phone", "+4612345678")),
	    &fixture->why));
	assert_good(fixture, account_suspend(&fixture->admin, "carl", &fixture->why));
	assert_no_policy(fixture, FAULT_RULE, clients_only);
	assert_good(fixture, account_resume(&fixture->admin, "carl", &fixture->why));
	assert_good(fixture, apply(fixture, clients_only));
	/* The other is out now: what keeps them so shuts nobody out. */
	assert_good(fixture, account_delete(&fixture->admin, "carl", &fixture->why));
	assert_good(fixture, apply(fixture, no_services));
	assert_good(fixture, apply(fixture, console));
	assert_no_policy(fixture, FAULT_RULE, no_services);
}

static void
warnings_come_with_a_refusal(void **state)
{
	struct fixture *fixture = *state;
	static const char passes[] = POLICY "tests:\n  - role clerk can log in via ssh\n"
	    "  - role keeper can log in via sshd\n";
	static const char fails[] = POLICY "tests:\n  - role clerk cannot log in via ssh\n";
	const struct policy_application good = {.yaml = passes, .size = strlen(passes)};
	const struct policy_application bad = {.yaml = fails, .size = strlen(fails)};
	static const char no_ssh[] = "this host has no PAM service ssh (did you mean sshd?)";
	struct names warnings = {0};
	struct plan plan = {0};

	make_folder(fixture->root, "/etc/pam.d");
	write_file(fixture->root, "/etc/pam.d/sshd", "");
	write_file(fixture->root, "/etc/pam.d/login", "");
	write_file(fixture->root, "/etc/pam.d/sudo", "");
	write_file(fixture->root, "/etc/pam.d/polkit-1", "");
	assert_refused(fixture, FAULT_RULE, NULL, policy_check(&fixture->admin, fails,
	    strlen(fails), &warnings, &fixture->why));
	assert_true(names_have(&warnings, no_ssh));
	names_clear(&warnings);
	assert_refused(fixture, FAULT_RULE, NULL,
	    policy_apply(&fixture->admin, &bad, &plan, &fixture->why));
	assert_true(names_have(&plan.warnings, no_ssh));
	plan_clear(&plan);
	assert_good(fixture, policy_apply(&fixture->admin, &good, &plan, &fixture->why));
	assert_true(names_have(&plan.warnings, no_ssh));
	plan_clear(&plan);
	/* A text that says nothing leaves nothing. */
	assert_refused(fixture, FAULT_INVALID, NULL, policy_check(&fixture->admin, "hexa-policy: 2",
	    strlen("hexa-policy: 2"), &warnings, &fixture->why));
	assert_int_equal(warnings.count, 0);
	assert_good(fixture, apply(fixture, POLICY));
	assert_good(fixture, policy_check(&fixture->admin, POLICY, strlen(POLICY), &warnings,
	    &fixture->why));
	assert_false(names_have(&warnings, no_ssh));
	names_clear(&warnings);
}

static void
a_refused_policy_leaves_everything(void **state)
{
	struct fixture *fixture = *state;
	char *before, *after;

	give(fixture, "bob", "roles", "auditor");
	before = state_of(fixture);
	/* All of it is otherwise, and only one thing is wrong. */
	assert_refused(fixture, FAULT_RULE, NULL, apply(fixture, HEAD
	    "password: {min-length: 20}\n"
	    "permissions:\n  new.one: {services: [cron]}\n"
	    "roles:\n  keeper: {group: no}\n  clerk: {permissions: [new.one], group: no}\n"
	    "  auditor: {group: no}\n  crew: {group: hands}\n" SEPARATE));
	after = state_of(fixture);
	assert_string_equal(before, after);
	assert_text(fixture, POLICY);
	free(before);
	free(after);
}

/* ---- the tests of the policy in force ----------------------------------------------------- */

static void
tests_are_run_at_any_time(void **state)
{
	struct fixture *fixture = *state;
	struct test_results results = {0};
	char line[32];
	static const char yaml[] = POLICY
	    "tests:\n"
	    "  - role clerk can docs.read\n"
	    "  - role clerk cannot shell.sudo\n"
	    "  - bob can docs.read\n";

	assert_good(fixture, policy_test(&fixture->admin, &results, &fixture->why));
	assert_int_equal(results.count, 0);
	test_results_clear(&results);
	assert_good(fixture, apply(fixture, yaml));
	assert_good(fixture, policy_test(&fixture->admin, &results, &fixture->why));
	assert_int_equal(results.count, 3);
	assert_int_equal(results.failed, 0);
	assert_string_equal(results.result[1].test, "role clerk cannot shell.sudo");
	assert_int_equal(results.result[1].line, 15);
	assert_string_equal(results.result[1].reason, "");
	test_results_clear(&results);
	assert_null(results.result);
	/* An edit of a role may break them: that is told, and not refused. */
	assert_good(fixture, try_edit(fixture, "clerk", EDITS(ROLE_SET("title", "Clerk"))));
	assert_int_equal(fixture->admin.notices.count, 1); /* of the text */
	assert_good(fixture, try_edit(fixture, "clerk", EDITS(ROLE_SET("title", "Clerks"))));
	assert_int_equal(fixture->admin.notices.count, 0);
	assert_good(fixture,
	    try_edit(fixture, "clerk", EDITS(ROLE_SET("permissions", "docs.write"))));
	assert_int_equal(fixture->admin.notices.count, 2);
	assert_non_null(strstr(fixture->admin.notices.item[0], "`role clerk can docs.read`"));
	assert_good(fixture,
	    try_edit(fixture, "clerk", EDITS(ROLE_SET("permissions", "shell.sudo"))));
	assert_int_equal(fixture->admin.notices.count, 1); /* the others failed before */
	assert_non_null(strstr(fixture->admin.notices.item[0], "`role clerk cannot shell.sudo`"));
	assert_good(fixture, policy_test(&fixture->admin, &results, &fixture->why));
	assert_int_equal(results.failed, 3);
	assert_non_null(strstr(results.result[2].reason, "bob"));
	snprintf(line, sizeof(line), "(line %u)", results.result[1].line);
	assert_non_null(strstr(fixture->admin.notices.item[0], line));
	test_results_clear(&results);
}

static void
what_the_policy_names_stays(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture,
	    apply(fixture, POLICY SEPARATE "tests:\n  - role paused cannot log in\n"));
	assert_refused(fixture, FAULT_RULE, NULL,
	    role_remove(&fixture->admin, "auditor", &fixture->why));
	assert_says(fixture, "constraint");
	assert_string_equal(fixture->why.mend, "hexa-admin policy edit");
	assert_refused(fixture, FAULT_RULE, NULL,
	    role_remove(&fixture->admin, "paused", &fixture->why));
	assert_says(fixture, "test");
	assert_string_equal(fixture->why.mend, "hexa-admin policy edit");
	assert_good(fixture, apply(fixture, POLICY));
	assert_good(fixture, role_remove(&fixture->admin, "auditor", &fixture->why));
	assert_good(fixture, role_remove(&fixture->admin, "paused", &fixture->why));
}

/* ---- one's own access --------------------------------------------------------------------- */

#define OWN_ROLES(mine) \
	"hexa-policy: 1\nlogin: {other-services: refuse}\n" \
	"permissions:\n  shell.login: {services: [sshd]}\n  shell.sudo: {services: [sudo]}\n" \
	"roles:\n" \
	"  mine: " mine "\n" \
	"  theirs: {permissions: [shell.login, hexa.policy.*, hexa.roles.*], group: no}\n" \
	"  remote: {permissions: [hexa.policy.*, hexa.roles.*], group: no}\n" \
	"  clerk: {group: no}\n  keeper: {group: no}\n"

static const char own_policy[] =
    OWN_ROLES("{permissions: [shell.login, hexa.policy.*, hexa.roles.*], group: no}");

/* By whichever command; sudo, which whoever may act on Hexa may use, is no way in. */
static void
ones_own_access_is_not_ones_to_take(void **state)
{
	struct fixture *fixture = *state;
	static const char shut[] =
	    OWN_ROLES("{permissions: [hexa.policy.*, hexa.roles.*], group: no}");
	static const char idle[] = OWN_ROLES("{permissions: [shell.login], group: no}");
	const struct policy_application tried = {
	    .yaml = shut, .size = strlen(shut), .dry_run = true};
	struct plan plan = {0};
	struct why refused;

	assert_good(fixture, apply(fixture, own_policy));
	add_user(fixture, "mia", "mine");
	add_user(fixture, "theo", "theirs");
	fixture_become(fixture, "mia");
	assert_refused(fixture, FAULT_RULE, NULL,
	    try_edit(fixture, "mine", EDITS(ROLE_REMOVE("permissions", "shell.login"))));
	assert_says(fixture, "your own access");
	assert_refused(fixture, FAULT_RULE, NULL, try_edit(fixture, "mine",
	    EDITS(ROLE_REMOVE("permissions", "hexa.policy.*"),
	        ROLE_REMOVE("permissions", "hexa.roles.*"))));
	assert_says(fixture, "your own last permission");
	assert_refused(fixture, FAULT_RULE, NULL,
	    role_disable(&fixture->admin, "mine", &fixture->why));
	assert_refused(fixture, FAULT_RULE, NULL,
	    policy_apply(&fixture->admin, &tried, &plan, &fixture->why));
	plan_clear(&plan);
	assert_good(fixture, policy_diff(&fixture->admin, shut, strlen(shut), &plan, &refused,
	    &fixture->why));
	assert_int_equal(refused.fault, FAULT_RULE);
	assert_non_null(strstr(refused.text, "your own access"));
	plan_clear(&plan);
	assert_good(fixture, policy_diff(&fixture->admin, idle, strlen(idle), &plan, &refused,
	    &fixture->why));
	assert_int_equal(refused.fault, FAULT_RULE);
	assert_non_null(strstr(refused.text, "your own last permission"));
	plan_clear(&plan);
	assert_refused(fixture, FAULT_RULE, NULL, apply(fixture, idle));
	/* Somebody else's, and one of several of one's own. */
	assert_good(fixture, role_disable(&fixture->admin, "theirs", &fixture->why));
	assert_good(fixture, role_enable(&fixture->admin, "theirs", &fixture->why));
	assert_good(fixture,
	    try_edit(fixture, "mine", EDITS(ROLE_REMOVE("permissions", "hexa.policy.*"))));
	fixture_become(fixture, "theo");
	assert_good(fixture, role_disable(&fixture->admin, "mine", &fixture->why));
}

/* Root has no access of Hexa's, and who is not let in anyway loses none. */
static void
what_one_never_had_is_not_lost(void **state)
{
	struct fixture *fixture = *state;
	static const char idle[] = OWN_ROLES("{permissions: [shell.login], group: no}");

	assert_good(fixture, apply(fixture, own_policy));
	add_user(fixture, "mia", "mine");
	add_user(fixture, "rene", "remote");
	assert_good(fixture, apply(fixture, idle));
	assert_good(fixture, apply(fixture, own_policy));
	fixture_become(fixture, "rene");
	assert_good(fixture,
	    try_edit(fixture, "remote", EDITS(ROLE_REMOVE("permissions", "hexa.policy.*"))));
	assert_refused(fixture, FAULT_RULE, NULL,
	    role_disable(&fixture->admin, "remote", &fixture->why));
	fixture_become(fixture, NULL);
	assert_good(fixture, role_disable(&fixture->admin, "remote", &fixture->why));
}

/* Takes a role from a user in the middle of a change, as whatever command might. */
static void
take_role(struct fixture *fixture, struct change *change, const char *name)
{
	struct user user = {0};

	assert_good(fixture, user_find_name(change->txn, name, &user, &fixture->why));
	names_clear(&user.roles);
	assert_good(fixture, user_put(change->txn, &user, &fixture->why));
	user_clear(&user);
}

/* The seam itself, whatever was asked before it. */
static void
no_change_takes_ones_own_access(void **state)
{
	struct fixture *fixture = *state;
	struct admin *admin = &fixture->admin;
	struct change change = {0};

	assert_good(fixture, apply(fixture, own_policy));
	add_user(fixture, "mia", "mine");
	add_user(fixture, "rene", "remote");
	fixture_become(fixture, "mia");
	assert_good(fixture, change_begin(&change, admin, "test", "hexa.roles.edit", &fixture->why));
	take_role(fixture, &change, "rene");
	assert_good(fixture, change_check(&change, &fixture->why));
	take_role(fixture, &change, "mia");
	assert_fault(fixture, FAULT_RULE, change_check(&change, &fixture->why));
	assert_says(fixture, "your own access");
	assert_fault(fixture, FAULT_RULE, change_commit(&change, &fixture->why));
	/* Whom no service lets in anyway, the last permission is left to. */
	fixture_become(fixture, "rene");
	assert_good(fixture, change_begin(&change, admin, "test", "hexa.roles.edit", &fixture->why));
	take_role(fixture, &change, "rene");
	assert_fault(fixture, FAULT_RULE, change_commit(&change, &fixture->why));
	assert_says(fixture, "your own last permission");
	fixture_become(fixture, NULL);
	assert_good(fixture, change_begin(&change, admin, "test", "hexa.roles.edit", &fixture->why));
	take_role(fixture, &change, "mia");
	assert_good(fixture, change_commit(&change, &fixture->why));
}

/* ---- who has not every permission --------------------------------------------------------- */

static void
a_delegate_changes_what_is_within_their_own(void **state)
{
	struct fixture *fixture = *state;

	fixture_become(fixture, "dana");
	assert_good(fixture, try_edit(fixture, "clerk", EDITS(ROLE_ADD("permissions", "docs.write"),
	    ROLE_ADD("permissions", "shell.login"))));
	assert_good(fixture, try_edit(fixture, "clerk", EDITS(ROLE_CLEAR("permissions"))));
	assert_good(fixture, try_create(fixture, "writer",
	    EDITS(ROLE_SET("group", "no"), ROLE_ADD("permissions", "docs.*"))));
	assert_good(fixture, role_disable(&fixture->admin, "writer", &fixture->why));
	assert_good(fixture, role_enable(&fixture->admin, "writer", &fixture->why));
	assert_good(fixture, role_remove(&fixture->admin, "writer", &fixture->why));
	assert_good(fixture, apply(fixture, HEAD PERMISSIONS "roles:\n" KEEPER AUDITOR PAUSED
	    "  clerk: {permissions: [docs.write, hexa.users.edit], group: no}\n"));
}

static void
a_delegate_gives_no_more_than_they_have(void **state)
{
	struct fixture *fixture = *state;

	fixture_become(fixture, "dana");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "clerk", EDITS(ROLE_ADD("permissions", "shell.sudo"))));
	assert_says(fixture, "clerk");
	assert_says(fixture, "shell.sudo");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "clerk", EDITS(ROLE_ADD("permissions", "*"))));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "keeper", EDITS(ROLE_ADD("permissions", "logs.read"))));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "clerk", EDITS(ROLE_ADD("includes", "auditor"))));
	assert_refused(fixture, FAULT_DENIED, NULL, try_create(fixture, "spy",
	    EDITS(ROLE_SET("group", "no"), ROLE_ADD("permissions", "hexa.activity.view"))));
	/* A disabled role gives nothing yet: whoever enables it gives. */
	assert_refused(fixture, FAULT_DENIED, NULL,
	    role_enable(&fixture->admin, "paused", &fixture->why));
	assert_refused(fixture, FAULT_DENIED, NULL, apply(fixture, HEAD PERMISSIONS
	    "roles:\n" KEEPER CLERK AUDITOR "  paused: {permissions: [shell.sudo], group: no}\n"));
	fixture_become(fixture, NULL);
	assert_good(fixture, try_edit(fixture, "paused",
	    EDITS(ROLE_SET("permissions", "docs.read"))));
	fixture_become(fixture, "dana");
	assert_good(fixture, role_enable(&fixture->admin, "paused", &fixture->why));
	/* A role's own group is its holders', and so far there are none. */
	assert_good(fixture, try_create(fixture, "crew", NO_EDITS));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "clerk", EDITS(ROLE_SET("group", "hands"))));
	assert_says(fixture, "bob");
}

static void
a_delegate_opens_no_service_that_is_closed_to_them(void **state)
{
	struct fixture *fixture = *state;

	fixture_become(fixture, "dana");
	/* Unnamed, it would be open to whoever has any permission. */
	assert_refused(fixture, FAULT_DENIED, NULL, apply(fixture, HEAD
	    "permissions:\n  shell.login: {services: [sshd, login]}\n  shell.sudo: {}\n"
	    "  docs.read: {}\n  docs.write: {}\n  logs.read: {unix-groups: [painters]}\n" ROLES));
	assert_says(fixture, "polkit-1");
	assert_refused(fixture, FAULT_DENIED, NULL, apply(fixture, HEAD
	    "permissions:\n  shell.login: {services: [sshd, login]}\n"
	    "  shell.sudo: {services: [sudo, polkit-1]}\n  docs.read: {services: [polkit-1]}\n"
	    "  docs.write: {}\n  logs.read: {unix-groups: [painters]}\n" ROLES));
	/* One of their own they may give up, and one that is open to them they may name. */
	assert_good(fixture, apply(fixture, HEAD
	    "permissions:\n  shell.login: {services: [sshd]}\n"
	    "  shell.sudo: {services: [sudo, polkit-1]}\n"
	    "  docs.read: {services: [cron]}\n  docs.write: {}\n"
	    "  logs.read: {unix-groups: [painters]}\n" ROLES));
}

static void
a_delegate_adds_to_branches_that_they_hold(void **state)
{
	struct fixture *fixture = *state;

	fixture_become(fixture, "dana");
	assert_refused(fixture, FAULT_DENIED, NULL, apply(fixture, HEAD PERMISSIONS
	    "  logs.clear: {}\n"
	    "roles:\n" KEEPER AUDITOR PAUSED "  clerk: {permissions: [logs.clear], group: no}\n"));
	assert_refused(fixture, FAULT_DENIED, NULL, apply(fixture, HEAD PERMISSIONS
	    "  docs.print: {services: [polkit-1]}\n" ROLES));
	assert_refused(fixture, FAULT_DENIED, NULL, apply(fixture, HEAD PERMISSIONS
	    "  docs.print: {unix-groups: [painters]}\n" ROLES));
	assert_good(fixture, apply(fixture, HEAD PERMISSIONS
	    "  docs.print: {services: [sshd]}\n"
	    "roles:\n" KEEPER AUDITOR PAUSED "  clerk: {permissions: [docs.print], group: no}\n"));
}

static void
a_grant_that_comes_to_count_is_a_gain(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, try_edit(fixture, "paused", EDITS(ROLE_CLEAR("permissions"))));
	add_user(fixture, "paul", "paused");
	give(fixture, "paul", "grants", "logs.read");
	fixture_become(fixture, "dana");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    role_enable(&fixture->admin, "paused", &fixture->why));
	assert_says(fixture, "paul");
	fixture_become(fixture, NULL);
	assert_good(fixture, account_edit(&fixture->admin, "paul",
	    EDITS(USER_CLEAR("grants"), USER_ADD("grants", "docs.write")), &fixture->why));
	fixture_become(fixture, "dana");
	assert_good(fixture, role_enable(&fixture->admin, "paused", &fixture->why));
}

/* No role carries it, and no plan tells of somebody who is suspended. */
static void
a_grant_that_comes_to_do_more_is_a_gain(void **state)
{
	struct fixture *fixture = *state;
	static const char format[] = HEAD
	    "permissions:\n  shell.login: {services: [sshd, login]}\n"
	    "  shell.sudo: {services: [sudo, polkit-1]}\n  docs.read: {}\n  docs.write: {}\n"
	    "  logs.read: {unix-groups: [painters], services: [%s]}\n" ROLES;
	char polkit[2048], sshd[2048];

	snprintf(polkit, sizeof(polkit), format, "polkit-1");
	snprintf(sshd, sizeof(sshd), format, "sshd");
	give(fixture, "bob", "grants", "logs.read");
	for (unsigned round = 0; round < 2; round++) {
		fixture_become(fixture, "dana");
		assert_refused(fixture, FAULT_DENIED, NULL, apply(fixture, polkit));
		assert_says(fixture, "bob");
		assert_says(fixture, "polkit-1");
		fixture_become(fixture, NULL);
		if (round == 0)
			assert_good(fixture,
			    account_suspend(&fixture->admin, "bob", &fixture->why));
	}
	/* It is not hers, so that she may not change it in whatever way; root may. */
	fixture_become(fixture, "dana");
	assert_refused(fixture, FAULT_DENIED, NULL, apply(fixture, sshd));
	assert_says(fixture, "logs.read");
	fixture_become(fixture, NULL);
	assert_good(fixture, apply(fixture, sshd));
}

/* A group that one is not in is given in no two steps, and by switching nothing on. */
static void
a_delegate_comes_by_no_group_of_a_role(void **state)
{
	struct fixture *fixture = *state;
	static const char with[] = HEAD PERMISSIONS "roles:\n" KEEPER CLERK AUDITOR PAUSED
	    "  treasury: {permissions: [shell.login]}\n"
	    "  vault: {permissions: [shell.login], disabled: yes}\n"
	    "  crew: {permissions: [docs.read]}\n"
	    "  chief: {includes: [crew], permissions: [shell.login, docs.*, hexa.*]}\n";

	assert_good(fixture, apply(fixture, with));
	add_user(fixture, "zoe", "chief");
	add_user(fixture, "eve", "vault");
	fixture_become(fixture, "zoe");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "chief", EDITS(ROLE_ADD("includes", "treasury"))));
	assert_says(fixture, "treasury");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "clerk", EDITS(ROLE_ADD("includes", "treasury"))));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    role_enable(&fixture->admin, "vault", &fixture->why));
	assert_says(fixture, "vault");
	assert_good(fixture, try_edit(fixture, "clerk", EDITS(ROLE_ADD("includes", "crew"))));
	fixture_become(fixture, NULL);
	assert_good(fixture, role_enable(&fixture->admin, "vault", &fixture->why));
}

static void
a_delegate_widens_no_type_and_no_sight(void **state)
{
	struct fixture *fixture = *state;
	static const char format[] = HEAD "permissions:\n  shell.login: {services: [sshd, login]}\n"
	    "  keys.rotate: {types: [%s]}\n"
	    "roles:\n  base: {permissions: [shell.login, keys.rotate], group: no, access-back: %u}\n"
	    "  chief: {includes: [base], permissions: [hexa.*], group: no, access-back: 30}\n"
	    "  dana: {group: no}\n  keeper: {group: no}\n  clerk: {group: no}\n";
	char first[1024], wide[1024], far[1024], near[1024];

	snprintf(first, sizeof(first), format, "integration", 30);
	snprintf(wide, sizeof(wide), format, "integration, employee", 30);
	snprintf(far, sizeof(far), format, "integration", 31);
	snprintf(near, sizeof(near), format, "integration", 29);
	assert_good(fixture, apply(fixture, first));
	add_user(fixture, "zoe", "chief");
	fixture_become(fixture, "zoe");
	assert_refused(fixture, FAULT_DENIED, NULL, apply(fixture, wide));
	assert_says(fixture, "keys.rotate");
	assert_refused(fixture, FAULT_DENIED, "access-back", apply(fixture, far));
	assert_refused(fixture, FAULT_DENIED, "access-back",
	    try_edit(fixture, "base", EDITS(ROLE_CLEAR("access-back"))));
	assert_refused(fixture, FAULT_DENIED, "access-back", account_edit(&fixture->admin, "bob",
	    EDITS(USER_SET("access-back", "31")), &fixture->why));
	assert_good(fixture, account_edit(&fixture->admin, "bob",
	    EDITS(USER_SET("access-back", "30")), &fixture->why));
	assert_good(fixture, apply(fixture, near));
	fixture_become(fixture, NULL);
	assert_good(fixture, apply(fixture, far));
	assert_refused(fixture, FAULT_RULE, "access-back", try_edit(fixture,
	    "system-administrator", EDITS(ROLE_SET("access-back", "1"))));
}

/* Nobody but who has it writes `*`, were it only all that they have one by one. */
static void
a_delegate_writes_no_star(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, apply(fixture, HEAD "permissions:\n  docs.read: {}\n"
	    "roles:\n  keeper: {group: no}\n  clerk: {group: no}\n"
	    "  every: {permissions: [docs.read, hexa.*], group: no}\n"));
	add_user(fixture, "zoe", "every");
	fixture_become(fixture, "zoe");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "every", EDITS(ROLE_ADD("permissions", "*"))));
	assert_good(fixture,
	    try_edit(fixture, "clerk", EDITS(ROLE_ADD("permissions", "docs.read"))));
	fixture_become(fixture, NULL);
	assert_good(fixture, try_edit(fixture, "every", EDITS(ROLE_ADD("permissions", "*"))));
}

static void
a_delegate_does_not_lessen_who_is_stronger(void **state)
{
	struct fixture *fixture = *state;

	fixture_become(fixture, "dana");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "auditor", EDITS(ROLE_CLEAR("permissions"))));
	assert_says(fixture, "auditor");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "auditor", EDITS(ROLE_SET("title", "Nobody"))));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    role_disable(&fixture->admin, "auditor", &fixture->why));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    role_remove(&fixture->admin, "auditor", &fixture->why));
	assert_refused(fixture, FAULT_DENIED, NULL, apply(fixture, HEAD PERMISSIONS
	    "roles:\n" KEEPER CLERK PAUSED));
	assert_good(fixture, role_disable(&fixture->admin, "clerk", &fixture->why));
	assert_good(fixture, try_edit(fixture, "clerk", EDITS(ROLE_CLEAR("permissions"))));
	fixture_become(fixture, NULL);
	assert_good(fixture, role_disable(&fixture->admin, "auditor", &fixture->why));
}

/* Not by what a role of theirs includes, nor by what a permission opens. */
static void
a_delegate_shuts_nobody_out_who_is_stronger(void **state)
{
#define CALLER "  caller: {permissions: [shell.login, docs.read], group: no}\n"
	static const char included[] = HEAD PERMISSIONS ROLES CALLER
	    "  guard: {includes: [caller], permissions: [logs.read], group: no}\n";
	static const char apart[] = POLICY CALLER;
	static const char closed[] = HEAD "login: {other-services: refuse}\n" PERMISSIONS ROLES CALLER;
	static const char narrow[] = HEAD "login: {other-services: refuse}\npermissions:\n"
	    "  shell.login: {services: [login]}\n  shell.sudo: {services: [sudo, polkit-1]}\n"
	    "  docs.read: {}\n  docs.write: {}\n  logs.read: {unix-groups: [painters]}\n" ROLES CALLER;
	struct fixture *fixture = *state;

	assert_good(fixture, apply(fixture, included));
	fixture_become(fixture, "dana");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "caller", EDITS(ROLE_REMOVE("permissions", "shell.login"))));
	assert_says(fixture, "guard");
	assert_says(fixture, "the service login");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    role_disable(&fixture->admin, "caller", &fixture->why));
	/* What else they may give they may take back. */
	assert_good(fixture,
	    try_edit(fixture, "caller", EDITS(ROLE_REMOVE("permissions", "docs.read"))));
	/* Where no role that has more includes it they may take all. */
	fixture_become(fixture, NULL);
	assert_good(fixture, apply(fixture, apart));
	fixture_become(fixture, "dana");
	assert_good(fixture,
	    try_edit(fixture, "caller", EDITS(ROLE_REMOVE("permissions", "shell.login"))));
	assert_good(fixture, role_disable(&fixture->admin, "caller", &fixture->why));
	/* Nor from the system administrator, who has everything there is. */
	fixture_become(fixture, NULL);
	assert_good(fixture, apply(fixture, closed));
	fixture_become(fixture, "dana");
	assert_refused(fixture, FAULT_DENIED, NULL, apply(fixture, narrow));
	assert_says(fixture, "sshd");
}

static void
what_is_no_ones_permission_needs_every_one(void **state)
{
	struct fixture *fixture = *state;
	static const char *const only_all[] = {
	    "password: {min-length: 20}\n" PERMISSIONS ROLES,
	    "login: {other-services: refuse}\n" PERMISSIONS ROLES,
	    PERMISSIONS ROLES "constraints:\n  - never-together: [clerk, auditor]\n",
	    PERMISSIONS ROLES "tests:\n  - role clerk can docs.read\n",
	    PERMISSIONS "  docker.use: {unix-groups: [docker]}\n" ROLES,
	};

	add_user(fixture, "boss", ROLE_SYSTEM_ADMINISTRATOR);
	for (size_t i = 0; i < sizeof(only_all) / sizeof(only_all[0]); i++) {
		char yaml[2048];

		snprintf(yaml, sizeof(yaml), HEAD "%s", only_all[i]);
		fixture_become(fixture, "dana");
		assert_refused(fixture, FAULT_DENIED, NULL, apply(fixture, yaml));
		assert_says(fixture, "every permission");
		assert_good(fixture, check(fixture, yaml)); /* it is good, for somebody else */
		fixture_become(fixture, "boss");
		assert_good(fixture, apply(fixture, yaml));
		assert_good(fixture, apply(fixture, POLICY));
	}
}

static void
a_right_within_a_scope_is_none_to_the_policy(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "sam", "keeper@/sales");
	fixture_become(fixture, "sam");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "clerk", EDITS(ROLE_SET("title", "Clerk"))));
	assert_refused(fixture, FAULT_DENIED, NULL, apply(fixture, POLICY));
	fixture_become(fixture, "dana");
	assert_good(fixture, try_edit(fixture, "clerk", EDITS(ROLE_SET("title", "Clerk"))));
}

static void
whoever_may_look_sees_the_plan(void **state)
{
	struct fixture *fixture = *state;
	static const char more[] = POLICY "  crew: {permissions: [docs.read], group: no}\n"
	    "  viewer: {permissions: [hexa.policy.view], group: no}\n";
	static const char same[] = POLICY
	    "  viewer: {permissions: [hexa.policy.view], group: no}\n";
	static const char too_much[] = POLICY
	    "  crew: {permissions: [shell.sudo], group: no}\n"
	    "  viewer: {permissions: [hexa.policy.view], group: no}\n";
	struct why refused;
	struct plan plan = {0};

	assert_good(fixture, try_create(fixture, "viewer",
	    EDITS(ROLE_SET("group", "no"), ROLE_ADD("permissions", "hexa.policy.view"))));
	add_user(fixture, "vera", "viewer");
	add_user(fixture, "otto", "auditor");
	fixture_become(fixture, "vera");
	assert_good(fixture, policy_diff(&fixture->admin, more, strlen(more), &plan, &refused,
	    &fixture->why));
	assert_int_equal(refused.fault, FAULT_DENIED);
	assert_int_equal(plan.role_count, 1);
	plan_clear(&plan);
	assert_good(fixture, policy_diff(&fixture->admin, same, strlen(same), &plan, &refused,
	    &fixture->why));
	assert_int_equal(refused.fault, FAULT_DENIED);
	plan_clear(&plan);
	assert_refused(fixture, FAULT_DENIED, NULL, apply(fixture, more));
	fixture_become(fixture, "otto");
	assert_refused(fixture, FAULT_DENIED, NULL, policy_diff(&fixture->admin, more,
	    strlen(more), &plan, &refused, &fixture->why));
	fixture_become(fixture, "dana");
	assert_good(fixture, policy_diff(&fixture->admin, too_much, strlen(too_much), &plan,
	    &refused, &fixture->why));
	assert_int_equal(refused.fault, FAULT_DENIED);
	plan_clear(&plan);
	assert_good(fixture, policy_diff(&fixture->admin, more, strlen(more), &plan, &refused,
	    &fixture->why));
	assert_int_equal(refused.fault, FAULT_NONE);
	plan_clear(&plan);
	assert_good(fixture, apply(fixture, more));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_text_is_kept_as_it_was_applied),
	    TEST(a_role_command_leaves_no_text_that_lies),
	    TEST(a_whole_policy_comes_back_the_same),
	    TEST(a_policy_edited_meanwhile_is_not_overwritten),
	    TEST(what_is_granted_does_not_go),
	    TEST(nobody_comes_to_break_a_constraint),
	    TEST(its_own_tests_must_pass),
	    TEST(a_group_that_cannot_be_had_is_placed),
	    TEST(a_group_given_up_of_late_is_not_free),
	    TEST(somebody_with_every_permission_gets_in),
	    TEST(warnings_come_with_a_refusal),
	    TEST(a_refused_policy_leaves_everything),
	    TEST(tests_are_run_at_any_time),
	    TEST(what_the_policy_names_stays),
	    TEST(ones_own_access_is_not_ones_to_take),
	    TEST(what_one_never_had_is_not_lost),
	    TEST(no_change_takes_ones_own_access),
	    TEST(a_delegate_changes_what_is_within_their_own),
	    TEST(a_delegate_gives_no_more_than_they_have),
	    TEST(a_delegate_opens_no_service_that_is_closed_to_them),
	    TEST(a_delegate_adds_to_branches_that_they_hold),
	    TEST(a_grant_that_comes_to_count_is_a_gain),
	    TEST(a_grant_that_comes_to_do_more_is_a_gain),
	    TEST(a_delegate_comes_by_no_group_of_a_role),
	    TEST(a_delegate_widens_no_type_and_no_sight),
	    TEST(a_delegate_writes_no_star),
	    TEST(a_delegate_does_not_lessen_who_is_stronger),
	    TEST(a_delegate_shuts_nobody_out_who_is_stronger),
	    TEST(what_is_no_ones_permission_needs_every_one),
	    TEST(a_right_within_a_scope_is_none_to_the_policy),
	    TEST(whoever_may_look_sees_the_plan),
	};

	return RUN_AS_ROOT(tests);
}
