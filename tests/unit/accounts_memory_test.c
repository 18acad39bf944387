/*
 * accounts_memory_test.c - each operation of accounts/ when memory runs out, at each allocation in
 * turn: it says so, nothing is half done, nothing leaks (the sanitizer looks), and afterwards the
 * same operation succeeds.
 */
#include "tests/unit/accounts_fixture.h"

#include "accounts/clients.h"
#include "accounts/identity.h"
#include "accounts/login.h"
#include "accounts/review.h"
#include "store/publish.h"
#include "tests/unit/memory_fixture.h"

/* ---- the operations: each can be done again and again --------------------------------------- */

/* Every time another note, title or name, so that there is something to write. */
static char fresh[32];

/* A name is made of the last name, and that of the fresh word, its digits as letters. */
static enum fault
add(struct fixture *fixture)
{
	struct user made = {0};
	char last[sizeof(fresh)];
	enum fault fault;

	for (size_t i = 0; i < sizeof(last); i++)
		last[i] = fresh[i] >= '0' && fresh[i] <= '9' ? (char)(fresh[i] - '0' + 'a')
		                                             : fresh[i];
	fault = account_add(&fixture->admin, NULL, EDITS(PERSON("Cy", last, "reader")), NULL, &made,
	    &fixture->why);
	user_clear(&made);
	return fault;
}

static enum fault
edit(struct fixture *fixture)
{
	return account_edit(&fixture->admin, "anna", EDITS(USER_SET("note", fresh)), &fixture->why);
}

static enum fault
change_roles(struct fixture *fixture)
{
	return role_edit(&fixture->admin, "reader", EDITS(ROLE_SET("title", fresh)), &fixture->why);
}

static enum fault
apply_policy(struct fixture *fixture)
{
	char yaml[256];

	snprintf(yaml, sizeof(yaml), "hexa-policy: 1\npermissions:\n  %s.x: {}\n"
	    "roles:\n  reader: {title: %s, permissions: [%s.x], group: no}\n"
	    "  %s: {includes: [reader], group: no}\n", fresh, fresh, fresh, fresh);
	return apply(fixture, yaml);
}

static enum fault
review(struct fixture *fixture)
{
	struct reviews reviews = {0};
	enum fault fault =
	    review_logins(&fixture->admin, "anna", NULL, NOW, &reviews, &fixture->why);

	reviews_clear(&reviews);
	return fault;
}

static enum fault
plan(struct fixture *fixture)
{
	static const char yaml[] = "hexa-policy: 1\n"
	    "permissions:\n  shell.login: {services: [sshd]}\n  shell.sudo: {unix-groups: [sudo]}\n"
	    "roles:\n  reader: {permissions: [shell.*], group: no}\n  crew: {group: no}\n"
	    "constraints:\n  - never-together: [reader, crew]\n"
	    "tests:\n  - anna can shell.login\n  - role crew can log in\n";
	struct plan made = {0};
	struct why refused;
	enum fault fault = policy_diff(&fixture->admin, yaml, strlen(yaml), &made, &refused,
	    &fixture->why);

	plan_clear(&made);
	return fault;
}

static enum fault
test_policy(struct fixture *fixture)
{
	struct test_results results = {0};
	enum fault fault = policy_test(&fixture->admin, &results, &fixture->why);

	test_results_clear(&results);
	return fault;
}

static enum fault
draw(struct fixture *fixture)
{
	struct origins tree = {0};
	enum fault fault = permission_tree(&fixture->admin, &tree, &fixture->why);

	origins_clear(&tree);
	if (fault == FAULT_NONE)
		fault = role_origins(&fixture->admin, "reader", &tree, &fixture->why);
	origins_clear(&tree);
	return fault;
}

static enum fault
found(void *context, const struct holder_of *holder, struct why *why)
{
	(void)context;
	(void)holder;
	(void)why;
	return FAULT_NONE;
}

static enum fault
search(struct fixture *fixture)
{
	static const struct question_of question = {"hexa.users.view", NULL, NOW, 0};

	return review_holders(&fixture->admin, &question, found, NULL, &fixture->why);
}

/* All of what the policy has a say in. */
static enum fault
edit_all(struct fixture *fixture)
{
	return account_edit(&fixture->admin, "anna", EDITS(USER_SET("note", fresh),
	    USER_SET("roles", "reader reader@/sales reader@client:acme"),
	    USER_SET("grants", "hexa.users.view@2027-01-01"), USER_SET("clients", "acme"),
	    USER_SET("sites", "gate")), &fixture->why);
}

/* A client and a site, and one that there is not, which is suggested instead. */
static enum fault
keep_clients(struct fixture *fixture)
{
	struct admin *admin = &fixture->admin;
	const struct edit of = {EDIT_SET, field_find(&site_table, "client"), "acme"};
	const struct edit title = {EDIT_SET, field_find(&client_table, "title"), fresh};
	enum fault fault =
	    client_edit(admin, "acme", &(struct edits){&title, 1}, &fixture->why);

	if (fault == FAULT_NONE)
		fault = site_create(admin, fresh, &(struct edits){&of, 1}, &fixture->why);
	if (fault == FAULT_NONE)
		fault = client_remove(admin, "acmee", &fixture->why);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

static enum fault
name_host(struct fixture *fixture)
{
	const struct identity acme = {.client = "acme", .site = "gate"}, none = {.clear = true};
	enum fault fault = identity_set(&fixture->admin, &acme, &fixture->why);

	return fault == FAULT_NONE ? identity_set(&fixture->admin, &none, &fixture->why) : fault;
}

/* A login opens the database itself: nobody else has it open in this process. */
static enum fault
log_in(struct fixture *fixture)
{
	const struct login login = {.root = fixture->root, .account = LOGIN_NO_ACCOUNT,
	    .user = "anna", .service = "sshd", .from = "", .now = NOW, .proof = PROOF_KEY};
	struct login_answer answer = {0};
	struct names environment = {0};
	bool fails = armed;
	enum fault fault;

	armed = false;
	admin_close(&fixture->admin);
	armed = fails;
	fault = login_account(&login, &answer, &fixture->why);
	if (fault == FAULT_NONE)
		fault = login_open_session(&login, &answer, &environment, &fixture->why);
	names_clear(&environment);
	armed = false;
	fixture_open(fixture, &plain_root);
	return fault;
}

static enum fault
become(struct fixture *fixture)
{
	struct caller caller = plain_root;
	struct admin admin = {0};
	enum fault fault;

	caller.as = "boss";
	fault = admin_open(&admin, fixture->root, &caller, 0, NOW, &fixture->why);
	if (fault == FAULT_NONE) {
		assert_false(admin.is_root);
		admin_close(&admin);
	}
	return fault;
}

static char named[32];

/* Somebody whom others name, and who looks like one of them. */
static enum fault
rename_named(struct fixture *fixture)
{
	enum fault fault = account_edit(&fixture->admin, "anna",
	    EDITS(USER_SET("report-to", named), USER_SET("route-to", "boss")), &fixture->why);

	if (fault == FAULT_NONE)
		fault = account_rename(&fixture->admin, named, fresh, &fixture->why);
	if (fault == FAULT_NONE)
		fault = account_rename(&fixture->admin, named, "b0ss", &fixture->why);
	return fault;
}

/* ---- failing them --------------------------------------------------------------------------- */

/* At each allocation in turn that `once`, or at every third for good. */
static void
fail_at_each(struct fixture *fixture, enum fault (*operation)(struct fixture *fixture), bool once)
{
	uint64_t published = 0;
	unsigned at = 0;

	do {
		enum fault fault;

		snprintf(fresh, sizeof(fresh), "word%u-%d", at, once);
		arm(at, once);
		at += once ? 1 : 3;
		fault = operation(fixture);
		armed = false;
		/* What is only said more nicely with memory may do without; no fault is another. */
		if (fault != FAULT_NONE)
			assert_int_equal(fault, FAULT_UNAVAILABLE);
		/* What was committed and not published would make the next one longer. */
		if (journal_at(fixture) != published)
			assert_good(fixture, publish(fixture->admin.store, NOW, &fixture->why));
		published = journal_at(fixture);
	} while (failed);
	snprintf(fresh, sizeof(fresh), "last-%d", once);
	assert_good(fixture, operation(fixture));
}

#define FAILING(name, operation) \
	static void name(void **state) \
	{ \
		fail_at_each(*state, operation, true); \
		fail_at_each(*state, operation, false); \
	}

FAILING(adding_a_user, add)
FAILING(editing_a_user, edit)
FAILING(editing_a_role, change_roles)
FAILING(applying_a_policy, apply_policy)
FAILING(reviewing_logins, review)
FAILING(planning_a_policy, plan)
FAILING(drawing_trees, draw)
FAILING(looking_for_holders, search)
FAILING(acting_as_somebody, become)
FAILING(keeping_clients, keep_clients)
FAILING(naming_the_host, name_host)
FAILING(logging_in, log_in)

static void
testing_a_policy(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, apply(fixture,
	    "hexa-policy: 1\nroles:\n  reader: {permissions: [hexa.users.view], group: no}\n"
	    "tests:\n  - anna can hexa.users.view\n  - role reader can log in via cron\n"));
	fail_at_each(fixture, test_policy, true);
	fail_at_each(fixture, test_policy, false);
}

/* Each role that is changed, and everybody who holds it, is measured by what this one has. */
static void
changing_roles_as_a_delegate(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, role_create(&fixture->admin, "keeper", EDITS(ROLE_SET("group", "no"),
	    ROLE_ADD("permissions", "hexa.roles.*")), &fixture->why));
	add_user(fixture, "dana", "keeper");
	fixture_become(fixture, "dana");
	fail_at_each(fixture, change_roles, true);
	fail_at_each(fixture, change_roles, false);
}

/* The name is the same again each time, which root may insist on. */
static void
renaming_who_is_named(void **state)
{
	struct fixture *fixture = *state;

	snprintf(named, sizeof(named), "uid:%u", (unsigned)add_user(fixture, "carl", "reader"));
	fixture->admin.insist = true;
	fail_at_each(fixture, rename_named, true);
	fail_at_each(fixture, rename_named, false);
	assert_string_equal(user_text(fixture, "anna", "report-to"), "b0ss");
	assert_string_equal(user_text(fixture, "anna", "route-to"), "boss");
}

/* And each user who is changed. */
static void
changing_users_as_a_delegate(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, role_create(&fixture->admin, "keeper", EDITS(ROLE_SET("group", "no"),
	    ROLE_ADD("permissions", "hexa.users.*")), &fixture->why));
	add_user(fixture, "dana", "keeper");
	fixture_become(fixture, "dana");
	fail_at_each(fixture, edit_all, true);
	fail_at_each(fixture, edit_all, false);
}

static int
setup(void **state)
{
	int result = fixture_setup(state);
	struct fixture *fixture = *state;
	const struct edit of = {EDIT_SET, field_find(&site_table, "client"), "acme"};

	add_role(fixture, "reader");
	add_user(fixture, "anna", "reader");
	add_user(fixture, "boss", ROLE_SYSTEM_ADMINISTRATOR);
	assert_good(fixture, client_create(&fixture->admin, "acme", NO_EDITS, &fixture->why));
	assert_good(fixture, site_create(&fixture->admin, "gate", &(struct edits){&of, 1},
	    &fixture->why));
	return result;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(adding_a_user),
	    TEST(editing_a_user),
	    TEST(editing_a_role),
	    TEST(applying_a_policy),
	    TEST(reviewing_logins),
	    TEST(planning_a_policy),
	    TEST(testing_a_policy),
	    TEST(drawing_trees),
	    TEST(looking_for_holders),
	    TEST(acting_as_somebody),
	    TEST(keeping_clients),
	    TEST(naming_the_host),
	    TEST(logging_in),
	    TEST(changing_roles_as_a_delegate),
	    TEST(changing_users_as_a_delegate),
	    TEST(renaming_who_is_named),
	};

	return RUN_AS_ROOT(tests);
}
