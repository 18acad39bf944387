/*
 * matrix_test.c - every actor, every command, every kind of target, every row of the records'
 * tables.  What is to be expected of each cell is worked out by oracle.h from the tables and the
 * records; and whatever comes of it, a refusal has written nothing, and what was allowed has given
 * nobody what the actor has not.
 *
 * A new row of a table is tried by its kind.  A new command is met by a test that asks for its line
 * in operations[].
 */
#include "tests/unit/matrix_credentials.h"
#include "tests/unit/matrix_policy.h"
#include "tests/unit/matrix_rest.h"
#include "tests/unit/matrix_users.h"

/* ---- all of it ------------------------------------------------------------------------------ */

/* Of every command that may write.  `lives`: it is about the status of somebody. */
static const struct operation {
	const char *noun, *verb;
	void (*try)(const struct command *command); /* NULL: it changes nothing */
	bool lives;
} operations[] = {
    {"init", NULL, try_roots_own, false},
    {"backup", NULL, try_roots_own, false},
    {"restore", NULL, try_roots_own, false},
    {"load", NULL, try_roots_own, false},
    {"host", "set", try_host_set, false},
    {"host", "enable", try_roots_own, false},
    {"host", "disable", try_roots_own, false},
    {"user", "add", try_user_add, true},
    {"user", "edit", try_user_edit, false},
    {"user", "rename", try_user_rename, true},
    {"user", "suspend", try_step, true},
    {"user", "resume", try_step, true},
    {"user", "revoke", try_step, true},
    {"user", "restore", try_user_restore, true},
    {"user", "delete", try_user_delete, true},
    {"user", "password", try_user_password, true},
    {"user", "invite", try_user_code, true},
    {"user", "reset", try_user_code, true},
    {"user", "unlock", try_user_unlock, true},
    {"user", "import", try_user_import, true},
    {"user", "adopt", try_user_adopt, false},
    {"role", "add", try_role_add, false},
    {"role", "edit", try_role_edit, false},
    {"role", "enable", try_switch, false},
    {"role", "disable", try_switch, false},
    {"role", "delete", try_role_delete, false},
    {"policy", "apply", try_policy, false},
    {"policy", "edit", try_policy, false},
    {"policy", "presets", NULL, false},
    {"client", "add", try_client_add, false},
    {"client", "edit", try_client_edit, false},
    {"client", "delete", try_client_delete, false},
    {"site", "add", try_site_add, false},
    {"site", "delete", try_site_delete, false},
    {"key", "add", try_key_add, true},
    {"key", "remove", try_key_remove, true},
    {"document", "add", try_document_add, false},
    {"document", "remove", try_document_remove, false},
    {"self", "show", NULL, false},
    {"self", "edit", try_self_edit, true},
    {"self", "password", try_self_password, true},
    {"self", "keys", try_self_keys, true},
    {"doctor", NULL, try_roots_own, false},
    {"completion", NULL, NULL, false},
    {"version", NULL, NULL, false},
    {"help", NULL, NULL, false},
};

static bool
is_same_word(const char *one, const char *other)
{
	return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
}

static const struct operation *
operation_of(const struct command *command)
{
	for (size_t i = 0; i < COUNT(operations); i++)
		if (is_same_word(operations[i].noun, command->noun) &&
		    is_same_word(operations[i].verb, command->verb))
			return &operations[i];
	return NULL;
}

/* What has the database to read alone is opened so by main.c. */
static void
every_command_is_tried(void **state)
{
	(void)state;
	for (size_t i = 0; i < command_count; i++) {
		const struct command *command = &commands[i];

		if (command->need != NEED_READ && operation_of(command) == NULL)
			fail_msg("no operation is known for the command `%s`: give it a line in "
			         "operations[] of matrix_test.c", command_text(command));
		if (command->need == NEED_WRITE && command->permission == NULL &&
		    !command->root_only)
			fail_msg("the command `%s` writes, and needs no permission",
			    command_text(command));
	}
	for (size_t i = 0; i < COUNT(operations); i++) {
		bool is_there = false;

		for (size_t j = 0; j < command_count; j++)
			is_there |= operation_of(&commands[j]) == &operations[i];
		if (!is_there)
			fail_msg("there is no command `%s %s`", operations[i].noun,
			    operations[i].verb == NULL ? "" : operations[i].verb);
	}
}

/* `lives`: only what is about somebody's status. */
static void
try_commands(bool lives)
{
	for (size_t i = 0; i < command_count; i++) {
		const struct operation *operation = operation_of(&commands[i]);

		if (operation != NULL && operation->try != NULL && (operation->lives || !lives))
			operation->try(&commands[i]);
	}
}

static void
begin(void)
{
	stage.red = 0;
	allowed_count = refused_count = 0;
}

/* Each test has cells of both kinds, and none that goes wrong. */
static void
end(void)
{
	print_message("# %lu allowed, %lu refused\n", allowed_count, refused_count);
	assert_int_equal(stage.red, 0);
	assert_true(allowed_count > 0 && refused_count > 0);
}

static void
try_all_as(const char *name)
{
	struct scene *const others[] = {suspended, revoked, left};

	play(active, name);
	try_commands(false);
	/* Who is suspended, revoked or gone is changed under the same rule as who is not. */
	for (size_t i = 0; i < COUNT(others); i++) {
		play(others[i], name);
		try_commands(true);
	}
}

/* Under a sanitizer some actors are enough: it is memory that is looked at then. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { ACTOR_STEP = 5 };
#else
enum { ACTOR_STEP = 1 };
#endif

static void
everybody_may_what_the_rule_says(void **state)
{
	(void)state;
	begin();
	for (size_t i = 0; i < actor_count; i += ACTOR_STEP)
		try_all_as(actors[i].name);
	end();
}

static void
plain_root_may_all_but_what_nobody_may(void **state)
{
	(void)state;
	begin();
	try_all_as(NULL);
	end();
}

/* ---- who may no more ------------------------------------------------------------------------ */

static void
is_gone(const char *name)
{
	struct fixture root = as_root(stage.fixture);

	assert_good(&root, account_delete(&root.admin, name, &root.why));
}

static void
is_suspended(const char *name)
{
	put_field(stage.fixture, name, "status", "suspended");
}

static void
has_ended(const char *name)
{
	put_field(stage.fixture, name, "valid-until", "2026-01-31");
}

static void
has_lost_the_role(const char *name)
{
	put_field(stage.fixture, name, "roles", "desk");
}

static void
has_a_role_that_is_off(const char *name)
{
	struct fixture root = as_root(stage.fixture);

	(void)name;
	assert_good(&root, role_disable(&root.admin, "all-of-hexa", &root.why));
}

static void (*const losses[])(const char *name) = {
    is_gone, is_suspended, has_ended, has_lost_the_role, has_a_role_that_is_off};

/*
 * What they were when they began is not what counts: they have the database open as somebody who
 * may all, and no cell is allowed; nor does anybody open it for them.
 */
static void
whoever_lost_their_right_may_nothing(void **state)
{
	const char *name = actors[0].name; /* who may all on Hexa */

	(void)state;
	begin();
	for (size_t i = 0; i < COUNT(losses); i++) {
		struct admin opened = {0};
		struct caller caller = plain_root;
		struct scene *scene;

		play(active, name);
		losses[i](name);
		scene = scene_keep();
		stage.scene = scene;
		stage.actor = find_user(name);
		for (size_t j = 0; j < command_count; j++)
			if (commands[j].need == NEED_WRITE)
				operation_of(&commands[j])->try(&commands[j]);
		caller.as = name;
		admin_close(admin());
		assert_int_not_equal(admin_open(&opened, stage.fixture->root, &caller, 0, NOW, why()),
		    FAULT_NONE);
		stage.scene = active;
		scene_free(scene);
	}
	assert_int_equal(stage.red, 0);
	assert_true(refused_count > 0);
}

static int
teardown(void **state)
{
	variants_clear();
	return matrix_teardown(state);
}

static enum group groups[] = {ACT_EVERYWHERE, ACT_IN_A_UNIT, ACT_FOR_A_CLIENT, ACT_OTHERWISE};

#define TEST(name, test, who) {name, test, matrix_setup, teardown, &groups[who]}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_command_is_tried),
	    TEST("who_holds_a_right_everywhere", everybody_may_what_the_rule_says,
	        ACT_EVERYWHERE),
	    TEST("who_holds_a_right_in_a_unit", everybody_may_what_the_rule_says,
	        ACT_IN_A_UNIT),
	    TEST("who_holds_a_right_for_a_client", everybody_may_what_the_rule_says,
	        ACT_FOR_A_CLIENT),
	    TEST("who_holds_more_or_less", everybody_may_what_the_rule_says, ACT_OTHERWISE),
	    TEST("plain_root", plain_root_may_all_but_what_nobody_may, ACT_OTHERWISE),
	    TEST("whoever_lost_their_right", whoever_lost_their_right_may_nothing,
	        ACT_OTHERWISE),
	};

	return RUN_AS_ROOT(tests);
}
