/*
 * accounts_memory_test.c - each operation of accounts/ when memory runs out, at each allocation in
 * turn: it says so, nothing is half done, nothing leaks (the sanitizer looks), and afterwards the
 * same operation succeeds.
 */
#include "tests/unit/accounts_fixture.h"

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
	return policy_apply(&fixture->admin, yaml, strlen(yaml), &fixture->why);
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

/* ---- failing them --------------------------------------------------------------------------- */

/* At each allocation in turn, for good or that `once`. */
static void
fail_at_each(struct fixture *fixture, enum fault (*operation)(struct fixture *fixture), bool once)
{
	unsigned at = 0;

	do {
		enum fault fault;

		snprintf(fresh, sizeof(fresh), "word%u-%d", at, once);
		arm(at++, once);
		fault = operation(fixture);
		armed = false;
		/* What is only said more nicely with memory may do without; no fault is another. */
		if (fault != FAULT_NONE)
			assert_int_equal(fault, FAULT_UNAVAILABLE);
		/* What was committed and not published would make the next one longer. */
		assert_good(fixture, publish(fixture->admin.store, &fixture->why));
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
FAILING(acting_as_somebody, become)

static int
setup(void **state)
{
	int result = fixture_setup(state);

	add_role(*state, "reader");
	add_user(*state, "anna", "reader");
	add_user(*state, "boss", ROLE_SYSTEM_ADMINISTRATOR);
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
	    TEST(acting_as_somebody),
	};

	return RUN_AS_ROOT(tests);
}
