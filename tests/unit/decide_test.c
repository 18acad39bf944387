/*
 * decide_test.c - every verdict, the order in which they are reached, and that a permission given
 * never takes a login away.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "policy/explain.h"

static const int64_t NOW = 1800000000;

/* ---- a small policy and its people -------------------------------------------------------- */

struct world {
	struct rules rules;
	struct roles roles; /* all of them */
	struct roles held;  /* by the user */
	struct user user;
	struct request request;
};

static void
add_permission(struct world *world, const char *name, const char *service)
{
	struct permission permission = {.name = strdup(name)};

	if (service != NULL)
		assert_true(names_add(&permission.services, service));
	assert_int_equal(rules_add(&world->rules, &permission, NULL), FAULT_NONE);
}

static void
add_role(struct world *world, const char *name, const char *permission, const char *includes)
{
	struct role role = {.name = strdup(name)};

	if (permission != NULL)
		assert_true(names_add(&role.permissions, permission));
	if (includes != NULL)
		assert_true(names_add(&role.includes, includes));
	assert_int_equal(roles_add(&world->roles, &role, NULL), FAULT_NONE);
}

static void
hold(struct world *world, const char *name)
{
	struct role copy = {0};

	assert_int_equal(record_copy(&role_table, &copy, roles_find(&world->roles, name), NULL),
	    FAULT_NONE);
	assert_int_equal(roles_add(&world->held, &copy, NULL), FAULT_NONE);
	assert_true(names_add(&world->user.roles, name));
}

static int
setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));

	add_permission(world, "shell.login", "sshd");
	add_permission(world, "shell.sudo", "sudo");
	add_permission(world, "dossiers.view", NULL);
	add_role(world, "technician", "shell.login", NULL);
	add_role(world, "clerk", "dossiers.view", NULL);
	add_role(world, "chief", "shell.sudo", "technician");
	add_role(world, "nobody", NULL, NULL);
	assert_int_equal(roles_compile(&world->roles, &world->rules, NULL, NULL), FAULT_NONE);
	world->user.name = strdup("anna");
	world->user.status = STATUS_ACTIVE;
	world->user.password = strdup("$argon2id$x");
	world->request = (struct request){
	    .service = "sshd",
	    .host = "host",
	    .now = NOW,
	    .phase = PHASE_ACCOUNT,
	    .proof = PROOF_PASSWORD,
	};
	*state = world;
	return 0;
}

static int
teardown(void **state)
{
	struct world *world = *state;

	rules_clear(&world->rules);
	roles_clear(&world->roles);
	roles_clear(&world->held);
	user_clear(&world->user);
	free(world);
	return 0;
}

static enum verdict
verdict_of(struct world *world)
{
	return decide(&world->user, &world->held, &world->rules, &world->request).verdict;
}

#define EXPECT(world, verdict) \
	assert_string_equal(verdict_name(verdict_of(world)), verdict_name(verdict))

/* ---- every verdict, with its allowed twin ------------------------------------------------- */

static void
the_zero_value_denies(void **state)
{
	struct decision nothing = {0};

	(void)state;
	assert_false(verdict_allows(nothing.verdict));
	for (int verdict = VERDICT_NONE; verdict <= VERDICT_ALLOWED; verdict++)
		assert_int_equal(verdict_allows((enum verdict)verdict), verdict == VERDICT_ALLOWED);
}

static void
unknown_user(void **state)
{
	struct world *world = *state;

	assert_int_equal(decide(NULL, &world->held, &world->rules, &world->request).verdict,
	    VERDICT_UNKNOWN_USER);
}

static void
allowed_names_what_allowed(void **state)
{
	struct world *world = *state;
	struct decision decision;

	hold(world, "chief");
	decision = decide(&world->user, &world->held, &world->rules, &world->request);
	assert_int_equal(decision.verdict, VERDICT_ALLOWED);
	assert_string_equal(decision.role, "chief");
	assert_string_equal(decision.permission, "shell.login");
}

static void
only_active_users_log_in(void **state)
{
	struct world *world = *state;

	hold(world, "technician");
	for (unsigned status = STATUS_INVITED; status <= STATUS_LEFT; status++) {
		world->user.status = status;
		EXPECT(world, status == STATUS_ACTIVE ? VERDICT_ALLOWED : VERDICT_NOT_ACTIVE);
	}
	world->user.status = 77;
	EXPECT(world, VERDICT_NOT_ACTIVE);
}

static void
validity_has_two_ends(void **state)
{
	struct world *world = *state;
	const int64_t extremes[] = {INT64_MIN, -1, INT64_MAX};

	hold(world, "technician");
	world->user.valid_from = NOW + 1;
	EXPECT(world, VERDICT_NOT_YET_VALID);
	world->user.valid_from = NOW;
	EXPECT(world, VERDICT_ALLOWED);
	world->user.valid_until = NOW - 1;
	EXPECT(world, VERDICT_EXPIRED);
	world->user.valid_until = NOW;
	EXPECT(world, VERDICT_ALLOWED);
	for (size_t i = 0; i < 3; i++) {
		world->user.valid_from = 0;
		world->user.valid_until = extremes[i];
		EXPECT(world, extremes[i] > 0 ? VERDICT_ALLOWED : VERDICT_EXPIRED);
		world->user.valid_until = 0;
		world->user.valid_from = extremes[i];
		EXPECT(world, extremes[i] > 0 ? VERDICT_NOT_YET_VALID : VERDICT_ALLOWED);
	}
}

static void
system_and_integration_users_do_not(void **state)
{
	struct world *world = *state;

	hold(world, "technician");
	world->user.type = USER_SYSTEM;
	EXPECT(world, VERDICT_TYPE_CANNOT_LOG_IN);
	world->user.type = USER_INTEGRATION;
	EXPECT(world, VERDICT_TYPE_CANNOT_LOG_IN);
	world->user.type = 99;
	EXPECT(world, VERDICT_TYPE_CANNOT_LOG_IN);
	world->user.type = USER_EMPLOYEE;
	EXPECT(world, VERDICT_ALLOWED);
}

static void
a_client_needs_both_contacts(void **state)
{
	struct world *world = *state;

	hold(world, "technician");
	world->user.type = USER_CLIENT;
	EXPECT(world, VERDICT_NO_CONTACT);
	world->user.email = strdup("anna@example.org");
	EXPECT(world, VERDICT_NO_CONTACT);
	world->user.phone = strdup("+31612345678");
	EXPECT(world, VERDICT_ALLOWED);
	free(world->user.email);
	world->user.email = strdup("anna@");
	EXPECT(world, VERDICT_NO_CONTACT);
}

static void
roles_decide(void **state)
{
	struct world *world = *state;

	EXPECT(world, VERDICT_NO_ROLE);
	hold(world, "nobody");
	EXPECT(world, VERDICT_NO_PERMISSION);
	hold(world, "technician");
	EXPECT(world, VERDICT_ALLOWED);
	for (size_t i = 0; i < world->held.count; i++)
		world->held.role[i].disabled = true;
	EXPECT(world, VERDICT_ROLE_DISABLED);
	roles_find(&world->held, "nobody")->disabled = false;
	EXPECT(world, VERDICT_NO_PERMISSION);
}

static void
a_named_service_needs_its_permission(void **state)
{
	struct world *world = *state;

	hold(world, "clerk");
	EXPECT(world, VERDICT_SERVICE_NOT_PERMITTED);
	world->request.service = "login"; /* nobody names it: any one permission will do */
	EXPECT(world, VERDICT_ALLOWED);
	world->request.service = NULL;
	EXPECT(world, VERDICT_SERVICE_NOT_PERMITTED);
	world->request.service = "sudo";
	EXPECT(world, VERDICT_SERVICE_NOT_PERMITTED);
	hold(world, "chief");
	EXPECT(world, VERDICT_ALLOWED);
	roles_find(&world->held, "chief")->disabled = true;
	EXPECT(world, VERDICT_SERVICE_NOT_PERMITTED);
}

/* A permission that a role was compiled with and that is no more names no service. */
static void
a_stale_closure_gives_no_service(void **state)
{
	struct world *world = *state;

	hold(world, "clerk");
	assert_true(names_insert(&world->held.role[0].closure, "gone.permission"));
	EXPECT(world, VERDICT_SERVICE_NOT_PERMITTED);
}

/* Nor does it let anybody in where any permission does: with no rules at all, nobody gets in. */
static void
a_stale_closure_gives_nothing(void **state)
{
	struct world *world = *state;
	const struct rules none = {0};

	world->request.service = "cron";
	hold(world, "clerk");
	EXPECT(world, VERDICT_ALLOWED);
	assert_int_equal(decide(&world->user, &world->held, &none, &world->request).verdict,
	    VERDICT_NO_PERMISSION);
	names_clear(&world->held.role[0].closure);
	assert_true(names_insert(&world->held.role[0].closure, "gone.permission"));
	EXPECT(world, VERDICT_NO_PERMISSION);
}

/*
 * A lock-out is judged in the one phase and an old password in the other: a request must say
 * which.
 */
static void
a_request_that_is_not_filled_in(void **state)
{
	struct world *world = *state;
	struct request whole = world->request;
	struct decision decision;

	hold(world, "technician");
	EXPECT(world, VERDICT_ALLOWED);
	world->request.phase = 0;
	EXPECT(world, VERDICT_NONE);
	world->request.phase = PHASE_ACCOUNT + 1;
	EXPECT(world, VERDICT_NONE);
	world->request = whole;
	world->request.now = 0;
	EXPECT(world, VERDICT_NONE);
	world->request.now = -1;
	EXPECT(world, VERDICT_NONE);
	world->request = (struct request){0};
	EXPECT(world, VERDICT_NONE);
	decision = decide_permission(&world->user, &world->held, &world->rules, &world->request,
	    "shell.login");
	assert_int_equal(decision.verdict, VERDICT_NONE);
	world->request = whole;
	world->request.service = NULL;
	EXPECT(world, VERDICT_SERVICE_NOT_PERMITTED);
}

static void
a_lock_out_stops_guessing_not_people(void **state)
{
	struct world *world = *state;

	hold(world, "technician");
	world->request.locked_out = true;
	EXPECT(world, VERDICT_ALLOWED);
	world->request.phase = PHASE_AUTH;
	EXPECT(world, VERDICT_LOCKED_OUT);
	world->request.locked_out = false;
	EXPECT(world, VERDICT_ALLOWED);
}

static void
a_change_is_asked_of_those_who_typed_a_password(void **state)
{
	struct world *world = *state;

	hold(world, "technician");
	world->user.must_change = true;
	EXPECT(world, VERDICT_MUST_CHANGE_PASSWORD);
	world->request.proof = PROOF_CODE;
	EXPECT(world, VERDICT_MUST_CHANGE_PASSWORD);
	world->request.proof = PROOF_KEY;
	EXPECT(world, VERDICT_ALLOWED);
	world->request.proof = PROOF_NOTHING;
	EXPECT(world, VERDICT_ALLOWED);
	world->request.proof = PROOF_PASSWORD;
	world->request.phase = PHASE_AUTH;
	EXPECT(world, VERDICT_ALLOWED);
	world->request.phase = PHASE_ACCOUNT;
	free(world->user.password);
	world->user.password = NULL;
	EXPECT(world, VERDICT_ALLOWED);
}

/* Everything is wrong at once; mending one after the other walks down the list in its order. */
static void
the_order_is_the_order_of_the_verdicts(void **state)
{
	struct world *world = *state;
	struct user *user = &world->user;

	user->status = STATUS_SUSPENDED;
	user->valid_from = NOW + 1;
	user->valid_until = NOW - 1;
	user->type = USER_SYSTEM;
	user->must_change = true;
	world->request.locked_out = true;
	world->request.phase = PHASE_AUTH;
	EXPECT(world, VERDICT_NOT_ACTIVE);
	user->status = STATUS_ACTIVE;
	EXPECT(world, VERDICT_NOT_YET_VALID);
	user->valid_from = 0;
	EXPECT(world, VERDICT_EXPIRED);
	user->valid_until = 0;
	EXPECT(world, VERDICT_TYPE_CANNOT_LOG_IN);
	user->type = USER_CLIENT;
	EXPECT(world, VERDICT_NO_CONTACT);
	user->type = USER_EMPLOYEE;
	EXPECT(world, VERDICT_NO_ROLE);
	hold(world, "nobody");
	world->held.role[0].disabled = true;
	EXPECT(world, VERDICT_ROLE_DISABLED);
	world->held.role[0].disabled = false;
	EXPECT(world, VERDICT_NO_PERMISSION);
	hold(world, "clerk");
	EXPECT(world, VERDICT_SERVICE_NOT_PERMITTED);
	hold(world, "technician");
	EXPECT(world, VERDICT_LOCKED_OUT);
	world->request.phase = PHASE_ACCOUNT;
	EXPECT(world, VERDICT_MUST_CHANGE_PASSWORD);
	user->must_change = false;
	EXPECT(world, VERDICT_ALLOWED);
}

static void
a_permission_is_held_or_not(void **state)
{
	struct world *world = *state;
	struct request *request = &world->request;
	struct decision decision;

	request->service = NULL;
	hold(world, "clerk");
#define HOLDS(permission) \
	(decision = decide_permission(&world->user, &world->held, &world->rules, request, permission), \
	    verdict_allows(decision.verdict))
	assert_true(HOLDS("dossiers.view"));
	assert_string_equal(decision.role, "clerk");
	assert_false(HOLDS("shell.login"));
	assert_int_equal(decision.verdict, VERDICT_NO_PERMISSION);
	assert_string_equal(decision.permission, "shell.login");
	assert_false(HOLDS("dossiers"));
	assert_false(HOLDS("dossiers.view.all"));
	request->service = "sshd";
	assert_false(HOLDS("dossiers.view"));
	assert_int_equal(decision.verdict, VERDICT_SERVICE_NOT_PERMITTED);
	request->service = NULL;
	world->user.status = STATUS_SUSPENDED;
	assert_false(HOLDS("dossiers.view"));
	world->user.status = STATUS_ACTIVE;
	world->held.role[0].disabled = true;
	assert_false(HOLDS("dossiers.view"));
	assert_int_equal(decision.verdict, VERDICT_ROLE_DISABLED);
}

/* Each no says why in a sentence with the name, and how it is changed. */
static void
each_no_is_explained_and_mended(void **state)
{
	struct world *world = *state;
	struct decision decision = {.field = "email", .role = "clerk"};
	char text[512], mend[256];

	for (int verdict = VERDICT_NONE; verdict <= VERDICT_ALLOWED; verdict++) {
		decision.verdict = (enum verdict)verdict;
		world->user.status = verdict == VERDICT_NOT_ACTIVE ? STATUS_SUSPENDED : STATUS_ACTIVE;
		decision_explain(&decision, &world->user, &world->request, text, sizeof(text));
		decision_mend(&decision, &world->user, &world->rules, &world->request, mend,
		    sizeof(mend));
		assert_true(strlen(text) > 10);
		assert_int_equal(mend[0] == '\0', verdict == VERDICT_ALLOWED);
	}
}

/* ---- giving never takes, taking never gives ----------------------------------------------- */

static unsigned seed = 12345;

static unsigned
roll(unsigned sides)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 16) % sides;
}

static void
giving_a_permission_never_takes_a_login(void **state)
{
	struct world *world = *state;
	const char *services[] = {"sshd", "sudo", "login", "cron"};
	const char *roles[] = {"technician", "clerk", "chief", "nobody"};
	const char *permissions[] = {"shell.login", "shell.sudo", "dossiers.view"};

	for (int round = 0; round < 2000; round++) {
		struct role *role;
		bool before, after;

		roles_clear(&world->held);
		names_clear(&world->user.roles);
		for (size_t i = 0; i < 4; i++)
			if (roll(2))
				hold(world, roles[i]);
		if (world->held.count == 0)
			continue;
		role = &world->held.role[roll((unsigned)world->held.count)];
		role->disabled = roll(4) == 0;
		world->request.service = services[roll(4)];
		before = verdict_allows(verdict_of(world));
		assert_true(names_insert(&role->closure, permissions[roll(3)]));
		after = verdict_allows(verdict_of(world));
		assert_true(after || !before);
		names_remove(&role->closure, permissions[roll(3)]);
		assert_true(after || !verdict_allows(verdict_of(world)));
	}
}

/* ---- patterns and compiling --------------------------------------------------------------- */

static void
patterns_cover_what_is_below(void **state)
{
	(void)state;
	assert_true(permission_matches("*", "shell.login"));
	assert_true(permission_matches("shell.login", "shell.login"));
	assert_true(permission_matches("hexa.users.*", "hexa.users.edit"));
	assert_true(permission_matches("hexa.*", "hexa.users.edit"));
	assert_false(permission_matches("hexa.users.*", "hexa.users"));
	assert_false(permission_matches("hexa.users.*", "hexa.usersx.edit"));
	assert_false(permission_matches("shell.login", "shell.login2"));
	assert_false(permission_matches("shell.login2", "shell.login"));
	assert_false(permission_matches("", "shell.login"));
}

static void
compiling_refuses_and_keeps(void **state)
{
	struct world *world = *state;
	struct why why;
	struct role *clerk;

	add_role(world, "stray", "no.such", NULL);
	assert_int_equal(roles_compile(&world->roles, &world->rules, NULL, &why), FAULT_INVALID);
	clerk = roles_find(&world->roles, "clerk");
	assert_int_equal(clerk->closure.count, 1);
	names_clear(&roles_find(&world->roles, "stray")->permissions);
	assert_true(names_add(&roles_find(&world->roles, "stray")->permissions, "nothing.*"));
	assert_int_equal(roles_compile(&world->roles, &world->rules, NULL, &why), FAULT_INVALID);
	names_clear(&roles_find(&world->roles, "stray")->permissions);
	assert_true(names_add(&roles_find(&world->roles, "stray")->includes, "stray"));
	assert_int_equal(roles_compile(&world->roles, &world->rules, NULL, &why), FAULT_INVALID);
	names_clear(&roles_find(&world->roles, "stray")->includes);
	assert_true(names_add(&roles_find(&world->roles, "stray")->includes, "chief"));
	assert_int_equal(roles_compile(&world->roles, &world->rules, NULL, &why), FAULT_NONE);
	assert_int_equal(roles_find(&world->roles, "stray")->closure.count, 2);
	assert_true(names_add(&roles_find(&world->roles, "technician")->includes, "stray"));
	assert_int_equal(roles_compile(&world->roles, &world->rules, NULL, &why), FAULT_INVALID);
	assert_non_null(strstr(why.text, "circle"));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(the_zero_value_denies),
	    TEST(unknown_user),
	    TEST(allowed_names_what_allowed),
	    TEST(only_active_users_log_in),
	    TEST(validity_has_two_ends),
	    TEST(system_and_integration_users_do_not),
	    TEST(a_client_needs_both_contacts),
	    TEST(roles_decide),
	    TEST(a_named_service_needs_its_permission),
	    TEST(a_stale_closure_gives_no_service),
	    TEST(a_stale_closure_gives_nothing),
	    TEST(a_request_that_is_not_filled_in),
	    TEST(a_lock_out_stops_guessing_not_people),
	    TEST(a_change_is_asked_of_those_who_typed_a_password),
	    TEST(the_order_is_the_order_of_the_verdicts),
	    TEST(a_permission_is_held_or_not),
	    TEST(each_no_is_explained_and_mended),
	    TEST(giving_a_permission_never_takes_a_login),
	    TEST(patterns_cover_what_is_below),
	    TEST(compiling_refuses_and_keeps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
