/*
 * effects_test.c - what somebody comes to have, and whether one has all that another has.
 */
#include "tests/unit/accounts_fixture.h"

#include "accounts/effects.h"

static const char yaml[] =
	"hexa-policy: 1\n"
	"password: {" CHEAP "}\n"
	"permissions:\n"
	"  desk.view: {}\n"
	"  feeds.push: {services: [sshd], types: [integration]}\n"
	"  nights.close: {types: [employee]}\n"
	"  portal.open: {services: [portal], types: [client]}\n"
	"  shell.login: {services: [sshd, login]}\n"
	"  shell.sudo: {services: [sudo], unix-groups: [sudo]}\n"
	"roles:\n"
	"  clerk: {permissions: [desk.view], group: clerks}\n"
	"  operator-role: {includes: [clerk], permissions: [shell.*], group: no}\n"
	"  chief: {permissions: [hexa.users.*, desk.view], group: no}\n"
	"  owner: {permissions: ['*'], group: no}\n"
	"  partner: {includes: [owner], group: no}\n"
	"  former: {includes: [owner], group: no, disabled: yes}\n"
	"  heir: {includes: [former, clerk], group: no}\n"
	"  feeder: {permissions: [feeds.push], group: no}\n"
	"  guest: {permissions: [portal.open, nights.close], group: no}\n"
	"  empty: {group: no}\n";

struct state {
	struct document document;
	struct user user;
	struct effects effects;
};

static int
setup(void **state)
{
	struct state *made = calloc(1, sizeof(*made));
	struct why why = {0};

	assert_non_null(made);
	if (document_read(yaml, strlen(yaml), &made->document, &why) != FAULT_NONE)
		fail_msg("document_read: %s", why.text);
	*state = made;
	return 0;
}

static int
teardown(void **state)
{
	struct state *made = *state;

	document_clear(&made->document);
	user_clear(&made->user);
	effects_clear(&made->effects);
	free(made);
	return 0;
}

static void
set(struct user *user, const char *field, const char *value)
{
	struct why why = {0};

	if (field_parse(user_field(field), user, value, &why) != FAULT_NONE)
		fail_msg("%s: %s", field, why.text);
}

/* Of a user with these roles; "" is none. */
static const struct effects *
of(struct state *state, const char *type, const char *roles, const char *grants)
{
	struct why why = {0};

	set(&state->user, "type", type);
	set(&state->user, "roles", roles);
	set(&state->user, "grants", grants);
	effects_clear(&state->effects);
	if (effects_of_user(&state->document, &state->user, NULL, NOW, &state->effects, &why) !=
	    FAULT_NONE)
		fail_msg("effects_of_user: %s", why.text);
	return &state->effects;
}

static bool
has(const struct effects *effects, enum effect_kind kind, const char *name,
    enum scope_kind scope_kind, const char *scope)
{
	for (size_t i = 0; i < effects->count; i++) {
		const struct effect *effect = &effects->effect[i];

		if (effect->kind == kind && strcmp(effect->name, name) == 0 &&
		    effect->scope_kind == scope_kind && strcmp(effect->scope, scope) == 0)
			return true;
	}
	return false;
}

#define HAS(effects, kind, name) has(effects, kind, name, SCOPE_EVERYTHING, "")

/* ---- what one has ------------------------------------------------------------------------- */

static void
roles_give_permissions_services_and_groups(void **state)
{
	const struct effects *effects = of(*state, "employee", "operator-role", "");

	assert_true(HAS(effects, EFFECT_PERMISSION, "desk.view"));
	assert_true(HAS(effects, EFFECT_PERMISSION, "shell.login"));
	assert_true(HAS(effects, EFFECT_PERMISSION, "shell.sudo"));
	assert_true(HAS(effects, EFFECT_SERVICE, "sshd"));
	assert_true(HAS(effects, EFFECT_SERVICE, "login"));
	assert_true(HAS(effects, EFFECT_SERVICE, "sudo"));
	assert_true(HAS(effects, EFFECT_SERVICE, EFFECT_OTHER));
	assert_true(HAS(effects, EFFECT_GROUP, "sudo"));
	assert_int_equal(effects->count, 8);
	/* A role's own group is its holders', not that of those who include it. */
	effects = of(*state, "employee", "clerk", "");
	assert_true(HAS(effects, EFFECT_ROLE_GROUP, "clerk"));
	assert_int_equal(effects->count, 3);
	effects = of(*state, "employee", "empty", "");
	assert_int_equal(effects->count, 0);
}

static void
the_list_is_sorted_and_has_nothing_twice(void **state)
{
	const struct effects *effects =
	    of(*state, "employee", "operator-role clerk owner operator-role@/x", "desk.view");

	for (size_t i = 1; i < effects->count; i++) {
		const struct effect *a = &effects->effect[i - 1], *b = &effects->effect[i];
		int order = a->kind != b->kind ? (int)a->kind - (int)b->kind
		                               : strcmp(a->name, b->name);

		if (order == 0)
			order = a->scope_kind != b->scope_kind
			    ? (int)a->scope_kind - (int)b->scope_kind : strcmp(a->scope, b->scope);
		assert_true(order < 0);
	}
}

static void
other_services_are_open_where_the_policy_says_so(void **state)
{
	struct state *made = *state;

	made->document.rules.settings.other_services = OTHER_REFUSE;
	assert_false(HAS(of(made, "employee", "clerk", ""), EFFECT_SERVICE, EFFECT_OTHER));
	assert_false(HAS(of(made, "employee", "", "desk.view"), EFFECT_SERVICE, EFFECT_OTHER));
	made->document.rules.settings.other_services = OTHER_ANY_PERMISSION;
	assert_true(HAS(of(made, "employee", "clerk", ""), EFFECT_SERVICE, EFFECT_OTHER));
	assert_true(HAS(of(made, "employee", "", "desk.view"), EFFECT_SERVICE, EFFECT_OTHER));
	/* To whom nothing works, nothing is open; and no person logs in as an integration. */
	assert_false(HAS(of(made, "employee", "feeder", ""), EFFECT_SERVICE, EFFECT_OTHER));
	assert_false(HAS(of(made, "integration", "feeder", ""), EFFECT_SERVICE, EFFECT_OTHER));
}

static void
types_have_their_own(void **state)
{
	const struct effects *effects = of(*state, "employee", "guest feeder", "");

	/* Whoever carries what no employee can use may pass it on; the service is not theirs. */
	assert_true(HAS(effects, EFFECT_PERMISSION, "portal.open"));
	assert_true(HAS(effects, EFFECT_PERMISSION, "feeds.push"));
	assert_true(HAS(effects, EFFECT_PERMISSION, "nights.close"));
	assert_false(HAS(effects, EFFECT_SERVICE, "portal"));
	assert_false(HAS(effects, EFFECT_SERVICE, "sshd"));
	effects = of(*state, "client", "guest feeder", "");
	assert_true(HAS(effects, EFFECT_PERMISSION, "portal.open"));
	assert_true(HAS(effects, EFFECT_SERVICE, "portal"));
	/* What works for employees alone is not a client's to pass on. */
	assert_false(HAS(effects, EFFECT_PERMISSION, "nights.close"));
	effects = of(*state, "integration", "feeder", "");
	assert_true(HAS(effects, EFFECT_SERVICE, "sshd"));
	effects = of(*state, "integration", "", "feeds.push shell.login");
	assert_true(HAS(effects, EFFECT_SERVICE, "sshd"));
	assert_false(HAS(effects, EFFECT_SERVICE, "login"));
}

static void
scopes_narrow_what_they_narrow(void **state)
{
	struct state *made = *state;
	const struct effects *effects =
	    of(made, "employee", "chief@/sales operator-role@/sales", "");

	assert_true(has(effects, EFFECT_PERMISSION, "hexa.users.edit", SCOPE_UNIT, "/sales"));
	assert_false(HAS(effects, EFFECT_PERMISSION, "hexa.users.edit"));
	/* Only what is about Hexa is narrowed by a unit. */
	assert_true(HAS(effects, EFFECT_PERMISSION, "shell.login"));
	assert_true(HAS(effects, EFFECT_SERVICE, "sshd"));
	effects = of(made, "employee", "chief@client:acme operator-role@client:acme", "");
	assert_true(has(effects, EFFECT_PERMISSION, "hexa.users.edit", SCOPE_CLIENT, "acme"));
	assert_true(has(effects, EFFECT_PERMISSION, "shell.login", SCOPE_CLIENT, "acme"));
	assert_true(has(effects, EFFECT_SERVICE, "sshd", SCOPE_CLIENT, "acme"));
	assert_false(HAS(effects, EFFECT_SERVICE, "sshd"));
	assert_true(has(effects, EFFECT_GROUP, "sudo", SCOPE_CLIENT, "acme"));
	assert_false(HAS(effects, EFFECT_GROUP, "sudo"));
	assert_true(HAS(of(made, "employee", "operator-role@/sales", ""), EFFECT_GROUP, "sudo"));
	/* A client user is on their clients' hosts alone. */
	set(&made->user, "clients", "acme brill");
	effects = of(made, "client", "operator-role", "");
	assert_true(has(effects, EFFECT_SERVICE, "sshd", SCOPE_CLIENT, "acme"));
	assert_true(has(effects, EFFECT_SERVICE, "sshd", SCOPE_CLIENT, "brill"));
	assert_false(HAS(effects, EFFECT_SERVICE, "sshd"));
	assert_true(HAS(of(made, "employee", "operator-role", ""), EFFECT_SERVICE, "sshd"));
	set(&made->user, "clients", "a b c d e f g h i");
	assert_true(HAS(of(made, "client", "operator-role", ""), EFFECT_SERVICE, "sshd"));
}

static void
grants_count_until_their_end(void **state)
{
	const struct effects *effects;

	effects = of(*state, "employee", "", "shell.*@2026-11-21 desk.view@2026-11-20");
	assert_true(HAS(effects, EFFECT_PERMISSION, "shell.login"));
	assert_true(HAS(effects, EFFECT_PERMISSION, "shell.sudo"));
	assert_true(HAS(effects, EFFECT_SERVICE, "sudo"));
	assert_true(HAS(effects, EFFECT_GROUP, "sudo"));
	assert_false(HAS(effects, EFFECT_PERMISSION, "desk.view"));
	effects = of(*state, "employee", "", "*@2026-11-20");
	assert_int_equal(effects->count, 0);
}

static void
a_disabled_role_counts_for_whom_it_may_be_enabled(void **state)
{
	struct state *made = *state;

	roles_find(&made->document.roles, "clerk")->disabled = true;
	assert_true(HAS(of(made, "employee", "clerk", ""), EFFECT_PERMISSION, "desk.view"));
}

static void
the_hosts_groups_count(void **state)
{
	struct state *made = *state;
	struct names groups = {0};
	struct why why;

	assert_true(names_add(&groups, "docker"));
	assert_int_equal(effects_of_user(&made->document, &made->user, &groups, NOW,
	    &made->effects, &why), FAULT_NONE);
	assert_int_equal(made->effects.count, 1);
	assert_true(HAS(&made->effects, EFFECT_GROUP, "docker"));
	names_clear(&groups);
}

static void
a_role_gives_what_it_gives_any_type(void **state)
{
	struct state *made = *state;
	struct why why;

	assert_int_equal(effects_of_role(&made->document,
	    roles_find(&made->document.roles, "guest"), &made->effects, &why), FAULT_NONE);
	assert_true(HAS(&made->effects, EFFECT_PERMISSION, "portal.open"));
	assert_true(HAS(&made->effects, EFFECT_PERMISSION, "nights.close"));
	assert_true(HAS(&made->effects, EFFECT_SERVICE, "portal"));
	effects_clear(&made->effects);
	assert_int_equal(effects_of_role(&made->document,
	    roles_find(&made->document.roles, "operator-role"), &made->effects, &why), FAULT_NONE);
	assert_true(HAS(&made->effects, EFFECT_GROUP, "sudo"));
	effects_clear(&made->effects);
	/* Its own group is its holders'. */
	assert_int_equal(effects_of_role(&made->document,
	    roles_find(&made->document.roles, "clerk"), &made->effects, &why), FAULT_NONE);
	assert_false(HAS(&made->effects, EFFECT_ROLE_GROUP, "clerk"));
}

/* ---- comparing ---------------------------------------------------------------------------- */

/* What does a user with these have that one with those has not?  NULL: nothing. */
static const char *
beyond(struct state *state, const char *roles, const char *grants, const char *others,
    const char *other_grants)
{
	static char text[WHY_TEXT_MAX];
	struct effects some = {0};
	const struct effect *found;

	of(state, "employee", roles, grants);
	some = state->effects;
	state->effects = (struct effects){0};
	found = effects_beyond(&some, of(state, "employee", others, other_grants));
	if (found != NULL)
		effect_explain(found, text, sizeof(text));
	effects_clear(&some);
	return found == NULL ? NULL : text;
}

static void
equals_and_more_have_all(void **state)
{
	static const char *const enough[][4] = {
	    {"", "", "", ""},
	    {"clerk", "", "clerk", ""},
	    {"", "desk.view", "clerk", ""},
	    {"chief@/sales", "", "chief", ""},
	    {"chief@/sales/north", "", "chief@/sales", ""},
	    {"chief@client:acme", "", "chief", ""},
	    {"chief@/sales", "", "chief@/", ""},
	    {"operator-role", "", "owner", ""},
	    {"operator-role clerk guest feeder chief", "", "partner", ""},
	    {"operator-role clerk", "", "", "*"},
	    {"owner", "", "system-administrator", ""},
	    {"", "*", "partner", ""},
	};

	for (size_t i = 0; i < sizeof(enough) / sizeof(enough[0]); i++) {
		const char *more = beyond(*state, enough[i][0], enough[i][1], enough[i][2],
		    enough[i][3]);

		if (more != NULL)
			fail_msg("%zu: %s", i, more);
	}
}

static void
who_has_more_has_something_that_is_named(void **state)
{
	static const char *const more[][5] = {
	    {"clerk", "", "", "", "the permission desk.view"},
	    {"operator-role", "", "clerk", "", "the permission shell.login"},
	    {"chief", "", "chief@/sales", "", "the permission hexa.users.create"},
	    {"chief@/", "", "chief@/sales", "", "the permission hexa.users.create within /"},
	    {"chief@/sales", "", "chief@client:acme clerk", "",
	        "the permission hexa.users.create within /sales"},
	    {"clerk", "", "chief@client:acme", "", "the permission desk.view"},
	    {"chief@client:acme", "", "chief@client:brill", "",
	        "the permission desk.view for the client acme"},
	    {"chief@/salesmen", "", "chief@/sales", "",
	        "the permission hexa.users.create within /salesmen"},
	    {"owner", "", "operator-role clerk chief guest feeder", "", "every permission (`*`)"},
	    {"", "*", "owner@/sales", "", "every permission (`*`)"},
	    {"clerk", "", "", "desk.view", "the Unix group of the role clerk"},
	};

	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		const char *text = beyond(*state, more[i][0], more[i][1], more[i][2], more[i][3]);

		assert_non_null(text);
		assert_string_equal(text, more[i][4]);
	}
}

/* All permissions there are, each by its name, are not every permission there will be. */
static void
all_by_name_is_not_all(void **state)
{
	assert_string_equal(beyond(*state, "owner", "", "",
	    "desk.view feeds.push nights.close portal.open shell.* hexa.*"),
	    "every permission (`*`)");
	/* Through a role that is disabled nothing comes, whatever that one includes. */
	assert_string_equal(beyond(*state, "owner", "", "heir", ""), "every permission (`*`)");
	assert_string_equal(beyond(*state, "chief", "", "heir", ""),
	    "the permission hexa.users.create");
}

/* Every permission for one client is no service there that is not theirs. */
static void
all_for_a_client_is_not_all(void **state)
{
	struct state *made = *state;
	struct effects guest = {0};
	const struct effects *owner;

	of(made, "client", "guest@client:acme", "");
	guest = made->effects;
	made->effects = (struct effects){0};
	assert_true(has(&guest, EFFECT_SERVICE, "portal", SCOPE_CLIENT, "acme"));
	owner = of(made, "employee", "owner@client:acme", "");
	assert_non_null(effects_beyond(&guest, owner));
	assert_string_equal(effects_beyond(&guest, owner)->name, "portal");
	assert_null(effects_beyond(&guest, of(made, "employee", "owner", "")));
	effects_clear(&guest);
}

/* ---- the host's groups -------------------------------------------------------------------- */

static void
root_equal_groups_are_known(void **state)
{
	static const char *const equals[] = {"sudo", "wheel", "admin", "docker", "lxd", "libvirt",
	    "disk", "shadow", "kmem", "root"};
	static const char *const others[] = {
	    "", "adm", "systemd-journal", "clerks", "sud", "sudoo"};

	(void)state;
	for (size_t i = 0; i < sizeof(equals) / sizeof(equals[0]); i++)
		assert_true(group_is_root_equal(equals[i]));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(group_is_root_equal(others[i]));
}

static void
memberships_are_read_from_the_hosts_file(void **state)
{
	char root[64] = "/tmp/hexa-effects-XXXXXX", path[128];
	struct names groups = {0};
	struct why why;

	(void)state;
	assert_non_null(mkdtemp(root));
	assert_int_equal(host_memberships(root, "anna", &groups, &why), FAULT_NONE);
	assert_int_equal(groups.count, 0);
	make_folder(root, "/etc");
	write_file(root, "/etc/group", "sudo:x:27:bob,anna\n# anna\n\n+\nann:x:5:annabel\n"
	    "docker:x:999:anna\nlast:x:7:ann,hanna");
	assert_int_equal(host_memberships(root, "anna", &groups, &why), FAULT_NONE);
	assert_int_equal(groups.count, 2);
	assert_true(names_have(&groups, "sudo"));
	assert_true(names_have(&groups, "docker"));
	assert_int_equal(host_memberships(root, "hanna", &groups, &why), FAULT_NONE);
	assert_int_equal(groups.count, 1);
	/* What cannot be read is not "in no group". */
	snprintf(path, sizeof(path), "%s/etc/group", root);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(host_memberships(root, "anna", &groups, &why), FAULT_UNAVAILABLE);
	assert_int_equal(groups.count, 1);
	names_clear(&groups);
	nftw(root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(roles_give_permissions_services_and_groups),
	    TEST(the_list_is_sorted_and_has_nothing_twice),
	    TEST(other_services_are_open_where_the_policy_says_so),
	    TEST(types_have_their_own),
	    TEST(scopes_narrow_what_they_narrow),
	    TEST(grants_count_until_their_end),
	    TEST(a_disabled_role_counts_for_whom_it_may_be_enabled),
	    TEST(the_hosts_groups_count),
	    TEST(a_role_gives_what_it_gives_any_type),
	    TEST(equals_and_more_have_all),
	    TEST(who_has_more_has_something_that_is_named),
	    TEST(all_by_name_is_not_all),
	    TEST(all_for_a_client_is_not_all),
	    cmocka_unit_test(root_equal_groups_are_known),
	    cmocka_unit_test(memberships_are_read_from_the_hosts_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
