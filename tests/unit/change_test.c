/*
 * change_test.c - the rules that every change of a user stands under: whom an actor reaches, what
 * they may give, which names there must be, and what the policy limits.
 */
#include "tests/unit/accounts_fixture.h"

#include "accounts/clients.h"
#include "accounts/identity.h"

static const char yaml[] =
	"hexa-policy: 1\n"
	"password: {" CHEAP "}\n"
	"permissions:\n"
	"  desk.view: {}\n"
	"  desk.close: {services: [desk]}\n"
	"  host.build: {unix-groups: [painters]}\n"
	"  portal.open: {services: [portal], types: [client]}\n"
	"  shell.login: {services: [sshd]}\n"
	"roles:\n"
	"  accountant: {group: no}\n"
	"  administrator: {includes: [participant], permissions: [hexa.users.*,\n"
	"    hexa.credentials.reset, hexa.clients.edit], group: no}\n"
	"  auditor: {group: no}\n"
	"  builder: {permissions: [host.build], group: no}\n"
	"  closer: {permissions: [desk.close], group: no}\n"
	"  grouped: {permissions: [desk.view], group: grouped}\n"
	"  head-accountant: {includes: [accountant], group: no}\n"
	"  guest: {permissions: [portal.open], group: no}\n"
	"  participant: {permissions: [desk.view, shell.login], group: no}\n"
	"  host-keeper: {includes: [administrator, guest], group: no}\n"
	"constraints:\n"
	"  - never-together: [accountant, auditor]\n";

static enum fault
try_add(struct fixture *fixture, const char *name, const struct edits *edits)
{
	struct user made = {0};
	enum fault fault = account_add(&fixture->admin, name, edits, NULL, &made, &fixture->why);

	user_clear(&made);
	return fault;
}

static enum fault
try_edit(struct fixture *fixture, const char *who, const struct edits *edits)
{
	return account_edit(&fixture->admin, who, edits, &fixture->why);
}

/* By root. */
static void
place(struct fixture *fixture, const char *name, const char *roles, const char *unit,
    const char *clients)
{
	assert_good(fixture, try_add(fixture, name, EDITS(USER_SET("first-name", "Ex"),
	    USER_SET("last-name", "Ample"), USER_SET("roles", roles), USER_SET("unit", unit),
	    USER_SET("clients", clients))));
}

static void
add_client(struct fixture *fixture, const char *name)
{
	assert_good(fixture, client_create(&fixture->admin, name, NO_EDITS, &fixture->why));
}

static void
add_site(struct fixture *fixture, const char *name, const char *client)
{
	assert_good(fixture, site_create(&fixture->admin, name,
	    EDITS({EDIT_SET, field_find(&site_table, "client"), client}), &fixture->why));
}

static int
setup(void **state)
{
	int result = fixture_setup(state);
	struct fixture *fixture = *state;

	assert_good(fixture, apply(fixture, yaml));
	add_client(fixture, "acme");
	add_client(fixture, "brill");
	add_site(fixture, "gate", "acme");
	add_site(fixture, "yard", "brill");
	return result;
}

/* Each operation on a user who is there, none of which changes what they have. */
static enum fault
operate(struct fixture *fixture, unsigned which, const char *who)
{
	struct admin *admin = &fixture->admin;
	struct why *why = &fixture->why;

	switch (which) {
	case 0:
		return try_edit(fixture, who, EDITS(USER_SET("note", "x")));
	case 1:
		return account_suspend(admin, who, why);
	case 2:
		return account_resume(admin, who, why);
	case 3:
		return account_password(admin, who, GOOD_PASSWORD, why);
	case 4:
		return account_rename(admin, who, "renamed", why);
	case 5:
		return account_delete(admin, who, why);
	default:
		return FAULT_UNAVAILABLE;
	}
}

enum { OPERATIONS = 6 };

static void
assert_may_nothing_to(struct fixture *fixture, const char *who)
{
	for (unsigned i = 0; i < OPERATIONS; i++)
		assert_refused(fixture, FAULT_DENIED, NULL, operate(fixture, i, who));
}

/* bob is gone afterwards. */
static void
assert_may_all_to_bob(struct fixture *fixture)
{
	for (unsigned i = 0; i < OPERATIONS; i++)
		assert_good(fixture, operate(fixture, i, i + 1 == OPERATIONS ? "renamed" : "bob"));
}

/* ---- whom ---------------------------------------------------------------------------------- */

static void
a_unit_is_as_far_as_it_goes(void **state)
{
	struct fixture *fixture = *state;

	place(fixture, "anna", "administrator@/sales", "/sales", "");
	place(fixture, "bob", "participant", "/sales", "");
	place(fixture, "carl", "participant", "/salesmen", "");
	place(fixture, "dora", "participant", "", "");
	place(fixture, "emil", "auditor", "", "");
	fixture_become(fixture, "anna");
	assert_may_nothing_to(fixture, "carl");
	assert_may_nothing_to(fixture, "dora");
	/* Both ends: neither out of one's unit nor into it. */
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "bob", EDITS(USER_SET("unit", "/salesmen"))));
	assert_says(fixture, "would not reach bob any more");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "bob", EDITS(USER_CLEAR("unit"))));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "carl", EDITS(USER_SET("unit", "/sales"))));
	assert_says(fixture, "does not reach this user");
	assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_SET("unit", "/sales/north"))));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_add(fixture, "fred", EDITS(PERSON("Fred", "Fox", "participant"))));
	assert_refused(fixture, FAULT_DENIED, NULL, try_add(fixture, "fred",
	    EDITS(PERSON("Fred", "Fox", "participant"), USER_SET("unit", "/hr"))));
	/* A name that is taken is no matter for who may not. */
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_add(fixture, "bob", EDITS(PERSON("Fred", "Fox", "participant"))));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_add(fixture, "local", EDITS(PERSON("Fred", "Fox", "participant"))));
	assert_good(fixture, try_add(fixture, "fred",
	    EDITS(PERSON("Fred", "Fox", "participant"), USER_SET("unit", "/sales"))));
	assert_may_all_to_bob(fixture);
}

static void
a_client_is_as_far_as_it_goes(void **state)
{
	struct fixture *fixture = *state;

	place(fixture, "anna", "administrator@client:acme", "", "");
	place(fixture, "bob", "participant@client:acme", "", "acme");
	place(fixture, "carl", "auditor", "", "acme brill");
	place(fixture, "dora", "auditor", "", "brill");
	place(fixture, "emil", "auditor", "", "");
	fixture_become(fixture, "anna");
	assert_may_nothing_to(fixture, "carl");
	assert_may_nothing_to(fixture, "dora");
	assert_may_nothing_to(fixture, "emil");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "bob", EDITS(USER_ADD("clients", "brill"))));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "bob", EDITS(USER_CLEAR("clients"))));
	assert_may_all_to_bob(fixture);
}

static void
ones_own_account_is_for_somebody_else(void **state)
{
	struct fixture *fixture = *state;

	place(fixture, "anna", "administrator", "", "");
	place(fixture, "bob", "administrator", "", "");
	fixture_become(fixture, "anna");
	assert_may_nothing_to(fixture, "anna");
	assert_may_all_to_bob(fixture);
}

/* ---- what ---------------------------------------------------------------------------------- */

/* Who has one thing that the actor has not is not theirs to change, by any operation. */
static void
who_has_more_is_out_of_reach(void **state)
{
	static const char *const more[] = {"system-administrator", "closer", "builder", "grouped",
	    "closer@client:acme", "administrator@client:acme closer"};
	struct fixture *fixture = *state;
	char name[16];

	place(fixture, "anna", "administrator", "", "");
	place(fixture, "bob", "administrator@/sales participant@client:acme", "", "");
	place(fixture, "granted", "participant", "", "");
	assert_good(fixture, try_edit(fixture, "granted",
	    EDITS(USER_ADD("grants", "host.build@2026-11-22"))));
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		snprintf(name, sizeof(name), "more%zu", i);
		place(fixture, name, more[i], "", "");
	}
	fixture_become(fixture, "anna");
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		snprintf(name, sizeof(name), "more%zu", i);
		assert_may_nothing_to(fixture, name);
		assert_says(fixture, "which you have not");
	}
	assert_may_nothing_to(fixture, "granted");
	assert_says(fixture, "host.build");
	assert_may_all_to_bob(fixture);
	/* Once the grant has ended it is nothing. */
	fixture->admin.now = NOW + 3 * 24 * 60 * 60;
	assert_good(fixture, try_edit(fixture, "granted", EDITS(USER_SET("note", "x"))));
}

static void
no_one_gives_more_than_they_have(void **state)
{
	struct fixture *fixture = *state;
	static const char *const more[] = {"system-administrator", "closer", "builder", "grouped",
	    "closer@client:acme", "closer@/sales"};
	static const char *const enough[] = {"participant", "administrator", "accountant",
	    "participant@client:acme", "administrator@/sales"};

	place(fixture, "anna", "administrator", "", "");
	place(fixture, "bob", "accountant", "", "");
	fixture_become(fixture, "anna");
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		assert_refused(fixture, FAULT_DENIED, NULL,
		    try_edit(fixture, "bob", EDITS(USER_SET("roles", more[i]))));
		assert_says(fixture, "bob would have");
		assert_refused(fixture, FAULT_DENIED, NULL,
		    try_add(fixture, "cleo2", EDITS(PERSON("Cleo", "Dahl", more[i]))));
	}
	for (size_t i = 0; i < sizeof(enough) / sizeof(enough[0]); i++)
		assert_good(fixture,
		    try_edit(fixture, "bob", EDITS(USER_SET("roles", enough[i]))));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "bob", EDITS(USER_ADD("grants", "desk.close"))));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "bob", EDITS(USER_ADD("grants", "desk.*"))));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "bob", EDITS(USER_ADD("grants", "*@2026-11-22"))));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "bob", EDITS(USER_ADD("grants", "hexa.*"))));
	assert_good(fixture, try_edit(fixture, "bob",
	    EDITS(USER_ADD("grants", "desk.view@2026-11-22"),
	        USER_ADD("grants", "hexa.users.*"))));
}

/* What is granted is granted everywhere: who has it in a unit has less. */
static void
a_scope_is_not_given_away(void **state)
{
	struct fixture *fixture = *state;

	place(fixture, "anna", "administrator@/sales", "", "");
	place(fixture, "bob", "participant", "/sales", "");
	fixture_become(fixture, "anna");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "bob", EDITS(USER_SET("roles", "administrator"))));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "bob", EDITS(USER_SET("roles", "administrator@/"))));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "bob", EDITS(USER_SET("roles", "administrator@client:acme"))));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "bob", EDITS(USER_ADD("grants", "hexa.users.view"))));
	assert_good(fixture,
	    try_edit(fixture, "bob", EDITS(USER_SET("roles", "administrator@/sales/north"))));
	assert_good(fixture,
	    try_edit(fixture, "bob", EDITS(USER_SET("roles", "administrator@/sales"))));
	/* A unit does not narrow what is not about Hexa: that one has, and gives. */
	assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_SET("roles", "participant"))));
	assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_ADD("grants", "desk.view"))));
}

/* A client user is nowhere but at their clients, so a role is theirs no further. */
static void
a_clients_people_are_made_by_who_has_the_client(void **state)
{
	struct fixture *fixture = *state;
	static const char client[] = "client";

	place(fixture, "anna", "host-keeper@client:acme", "", "");
	fixture_become(fixture, "anna");
	assert_good(fixture, try_add(fixture, "bob", EDITS(PERSON("Bob", "Bell", "participant"),
	    USER_SET("type", client), USER_SET("clients", "acme"))));
	/* Of more clients, of none, or as somebody who is everywhere: no. */
	assert_refused(fixture, FAULT_DENIED, NULL, try_add(fixture, "carl",
	    EDITS(PERSON("Carl", "Bell", "participant"), USER_SET("type", client),
	        USER_SET("clients", "acme brill"))));
	assert_refused(fixture, FAULT_DENIED, NULL, try_add(fixture, "carl",
	    EDITS(PERSON("Carl", "Bell", "participant"), USER_SET("type", client))));
	assert_refused(fixture, FAULT_DENIED, NULL, try_add(fixture, "carl",
	    EDITS(PERSON("Carl", "Bell", "participant"), USER_SET("clients", "acme"))));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "bob", EDITS(USER_SET("type", "employee"))));
	assert_good(fixture, try_add(fixture, "carl",
	    EDITS(PERSON("Carl", "Bell", "participant@client:acme"),
	        USER_SET("clients", "acme"))));
	/* What is about Hexa stands in the scope in which it is given. */
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "bob", EDITS(USER_SET("roles", "administrator"))));
	assert_good(fixture,
	    try_edit(fixture, "bob", EDITS(USER_SET("roles", "administrator@client:acme"))));
}

/* Who is let in at some clients' hosts lets nobody in at others. */
static void
a_client_users_hosts_are_as_far_as_it_goes(void **state)
{
	struct fixture *fixture = *state;
	const struct edits *all_of_acme =
	    EDITS(PERSON("Bob", "Bell", "participant"), USER_SET("type", "client"),
	        USER_SET("clients", "acme"));
	const struct edits *the_gate =
	    EDITS(PERSON("Bob", "Bell", "participant"), USER_SET("type", "client"),
	        USER_SET("clients", "acme"), USER_SET("sites", "gate"));

	place(fixture, "anna", "administrator", "", "acme");
	place(fixture, "emil", "participant", "", "acme");
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_SET("type", "client"))));
	fixture_become(fixture, "anna");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_add(fixture, "bob", EDITS(PERSON("Bob", "Bell", "participant"))));
	assert_refused(fixture, FAULT_DENIED, NULL, try_add(fixture, "bob",
	    EDITS(PERSON("Bob", "Bell", "participant"), USER_SET("type", "client"))));
	assert_refused(fixture, FAULT_DENIED, NULL, try_add(fixture, "bob",
	    EDITS(PERSON("Bob", "Bell", "participant"), USER_SET("type", "client"),
	        USER_SET("clients", "acme brill"))));
	assert_refused(fixture, FAULT_DENIED, NULL, account_suspend(&fixture->admin, "emil",
	    &fixture->why));
	assert_says(fixture, "hosts");
	assert_good(fixture, try_add(fixture, "bob", all_of_acme));
	fixture_become(fixture, NULL);
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_SET("sites", "gate"))));
	fixture_become(fixture, "anna");
	assert_refused(fixture, FAULT_DENIED, NULL, try_add(fixture, "carl", all_of_acme));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "bob", EDITS(USER_SET("note", "x"))));
	assert_good(fixture, try_add(fixture, "carl", the_gate));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "carl", EDITS(USER_CLEAR("sites"))));
}

static void
a_disabled_role_gives_nothing_to_give(void **state)
{
	struct fixture *fixture = *state;

	place(fixture, "anna", "administrator closer", "", "");
	place(fixture, "bob", "closer", "", "");
	fixture_become(fixture, "anna");
	assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_SET("note", "x"))));
	fixture_become(fixture, NULL);
	assert_good(fixture, role_disable(&fixture->admin, "closer", &fixture->why));
	fixture_become(fixture, "anna");
	/* bob has it as soon as somebody enables it again; anna has not, now. */
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "bob", EDITS(USER_SET("note", "y"))));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_add(fixture, "carl", EDITS(PERSON("Carl", "Bell", "closer"))));
}

/* Whoever holds a senior role may give its juniors, their groups too; no other role's. */
static void
what_one_has_for_a_while_is_not_given(void **state)
{
	struct fixture *fixture = *state;

	place(fixture, "wanda", "administrator", "", "");
	place(fixture, "bob", "participant", "", "");
	assert_good(fixture, try_edit(fixture, "wanda",
	    EDITS(USER_ADD("grants", "desk.close@2030-01-01"))));
	fixture_become(fixture, "wanda");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "bob", EDITS(USER_ADD("grants", "desk.close"))));
	assert_says(fixture, "desk.close");
	fixture_become(fixture, NULL);
	assert_good(fixture, try_edit(fixture, "wanda", EDITS(USER_ADD("grants", "desk.close"))));
	fixture_become(fixture, "wanda");
	assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_ADD("grants", "desk.close"))));
}

static void
a_senior_gives_its_juniors(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, role_create(&fixture->admin, "head",
	    EDITS(ROLE_SET("group", "no"), ROLE_ADD("includes", "grouped"),
	        ROLE_ADD("includes", "administrator")), &fixture->why));
	place(fixture, "anna", "head@/sales", "", "");
	place(fixture, "bob", "grouped", "/sales", "");
	place(fixture, "carl", "participant", "/sales", "");
	fixture_become(fixture, "anna");
	assert_good(fixture, try_edit(fixture, "carl", EDITS(USER_ADD("roles", "grouped"))));
	assert_may_all_to_bob(fixture);
	fixture_become(fixture, NULL);
	assert_good(fixture, role_edit(&fixture->admin, "head",
	    EDITS(ROLE_REMOVE("includes", "grouped"), ROLE_ADD("permissions", "desk.view")),
	    &fixture->why));
	fixture_become(fixture, "anna");
	assert_may_nothing_to(fixture, "carl");
	assert_says(fixture, "the Unix group of the role grouped");
}

static void
the_hosts_groups_count(void **state)
{
	struct fixture *fixture = *state;

	place(fixture, "anna", "administrator", "", "");
	place(fixture, "bob", "participant", "", "");
	write_file(fixture->root, "/etc/group", "root:x:0:\nlabels:x:990:bob,ulla\n");
	fixture_become(fixture, "anna");
	assert_may_nothing_to(fixture, "bob");
	assert_says(fixture, "the Unix group labels");
	write_file(fixture->root, "/etc/group", "root:x:0:\nlabels:x:990:bob,ulla,anna\n");
	assert_may_all_to_bob(fixture);
}

/* ---- where homes stand ---------------------------------------------------------------------- */

/* The homes that an actor tries to give, by making somebody and by changing bob. */
static void
assert_homes(struct fixture *fixture, const char *prefix, enum fault expected)
{
	static const char *const homes[] = {"/etc/systemd/system/cron.service.d", "/root", "/home",
	    "/home/ann", "/home/bob/x", "/home/bob0", "/home/bobby"};

	for (size_t i = 0; i < sizeof(homes) / sizeof(homes[0]); i++) {
		char name[16];

		assert_fault(fixture, expected,
		    try_edit(fixture, "bob", EDITS(USER_SET("home", homes[i]))));
		assert_about(fixture, expected == FAULT_NONE ? NULL : "home");
		assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_CLEAR("home"))));
		snprintf(name, sizeof(name), "%s%zu", prefix, i);
		assert_fault(fixture, expected, try_add(fixture, name,
		    EDITS(PERSON("New", "Comer", "participant"), USER_SET("home", homes[i]))));
		assert_about(fixture, expected == FAULT_NONE ? NULL : "home");
		if (expected == FAULT_NONE)
			assert_good(fixture, try_edit(fixture, name, EDITS(USER_CLEAR("home"))));
	}
}

static void
a_delegate_gives_no_home_but_the_policys(void **state)
{
	struct fixture *fixture = *state;

	place(fixture, "anna", "administrator", "", "");
	place(fixture, "bob", "participant", "", "");
	fixture_become(fixture, "anna");
	assert_homes(fixture, "new", FAULT_DENIED);
	assert_says(fixture, "the policy's");
	/* What the policy makes of the name; what stands; and none. */
	assert_good(fixture, try_add(fixture, "carl", EDITS(PERSON("Carl", "Bell", "participant"),
	    USER_SET("home", "/home/carl"))));
	assert_good(fixture, try_add(fixture, NULL, EDITS(PERSON("Dora", "Bell", "participant"),
	    USER_SET("home", "/home/dbell"))));
	assert_refused(fixture, FAULT_DENIED, "home", try_add(fixture, NULL,
	    EDITS(PERSON("Emil", "Bell", "participant"), USER_SET("home", "/home/carl"))));
	assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_CLEAR("home"))));
	assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_SET("home", "/home/bob"))));
	assert_good(fixture, account_rename(&fixture->admin, "bob", "bobby", &fixture->why));
	assert_refused(fixture, FAULT_DENIED, "home",
	    try_edit(fixture, "bobby", EDITS(USER_SET("home", "/home/carl"))));
	assert_good(fixture, try_edit(fixture, "bobby", EDITS(USER_SET("home", "/home/bob"))));
	fixture_become(fixture, NULL);
	assert_good(fixture, try_edit(fixture, "bobby", EDITS(USER_SET("home", "/srv/bob"))));
	fixture_become(fixture, "anna");
	/* One that root gave is left alone. */
	assert_good(fixture, try_edit(fixture, "bobby", EDITS(USER_SET("note", "x"))));
}

/* Whoever logs in, or is become by root, runs it. */
static void
a_delegate_gives_no_shell_but_the_hosts(void **state)
{
	struct fixture *fixture = *state;
	const struct edits unlisted = *EDITS(USER_SET("shell", "/home/anna/sh"));

	write_file(fixture->root, "/etc/shells", "/bin/sh\n/bin/dash\n");
	place(fixture, "anna", "administrator", "", "");
	place(fixture, "boss", "system-administrator", "", "");
	place(fixture, "bob", "participant", "", "");
	fixture_become(fixture, "anna");
	assert_refused(fixture, FAULT_DENIED, "shell", try_edit(fixture, "bob", &unlisted));
	assert_refused(fixture, FAULT_DENIED, "shell", try_add(fixture, "carl",
	    EDITS(PERSON("Carl", "Bell", "participant"), USER_SET("shell", "/home/anna/sh"))));
	assert_good(fixture, try_add(fixture, "carl",
	    EDITS(PERSON("Carl", "Bell", "participant"), USER_SET("shell", "/bin/dash"))));
	assert_good(fixture, try_edit(fixture, "carl", EDITS(USER_SET("shell", "/usr/sbin/nologin"))));
	fixture_become(fixture, "boss");
	assert_good(fixture, try_edit(fixture, "bob", &unlisted));
	fixture_become(fixture, "anna");
	/* One that stands is left alone. */
	assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_SET("note", "x"))));
	fixture_become(fixture, NULL);
	assert_good(fixture, try_edit(fixture, "carl", &unlisted));
}

static void
root_and_who_has_all_give_any_home(void **state)
{
	struct fixture *fixture = *state;

	place(fixture, "anna", "system-administrator", "", "");
	place(fixture, "bob", "participant", "", "");
	assert_homes(fixture, "one", FAULT_NONE);
	fixture_become(fixture, "anna");
	assert_homes(fixture, "other", FAULT_NONE);
}

/* ---- names that there must be --------------------------------------------------------------- */

static void
what_is_named_must_be_there(void **state)
{
	struct fixture *fixture = *state;

	place(fixture, "bob", "participant", "", "");
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    try_edit(fixture, "bob", EDITS(USER_ADD("roles", "participnt@/sales"))));
	assert_says(fixture, "did you mean participant");
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    try_edit(fixture, "bob", EDITS(USER_ADD("grants", "desk.veiw@2027-01-01"))));
	assert_says(fixture, "did you mean desk.view");
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    try_edit(fixture, "bob", EDITS(USER_ADD("grants", "nothing.*"))));
	assert_refused(fixture, FAULT_UNKNOWN, "clients",
	    try_edit(fixture, "bob", EDITS(USER_ADD("clients", "acmee"))));
	assert_says(fixture, "did you mean acme");
	assert_refused(fixture, FAULT_UNKNOWN, "roles",
	    try_edit(fixture, "bob", EDITS(USER_ADD("roles", "closer@client:nobody"))));
	assert_non_null(strstr(fixture->why.mend, "client add nobody"));
	assert_refused(fixture, FAULT_UNKNOWN, "sites", try_edit(fixture, "bob",
	    EDITS(USER_ADD("clients", "acme"), USER_ADD("sites", "gatee"))));
	assert_says(fixture, "did you mean gate");
	assert_good(fixture, try_edit(fixture, "bob",
	    EDITS(USER_ADD("roles", "closer@client:brill"), USER_ADD("grants", "desk.*"),
	        USER_ADD("clients", "acme"), USER_ADD("sites", "gate"))));
}

static void
a_site_is_one_of_a_client_of_theirs(void **state)
{
	struct fixture *fixture = *state;

	place(fixture, "bob", "participant", "", "acme brill");
	assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_SET("sites", "gate"))));
	assert_refused(fixture, FAULT_INVALID, "sites",
	    try_edit(fixture, "bob", EDITS(USER_REMOVE("clients", "acme"))));
	assert_says(fixture, "gate is a site of acme");
	assert_refused(fixture, FAULT_INVALID, "sites", try_add(fixture, "carl",
	    EDITS(PERSON("Carl", "Bell", "participant"), USER_SET("clients", "acme"),
	        USER_SET("sites", "gate yard"))));
	assert_good(fixture, try_edit(fixture, "bob",
	    EDITS(USER_REMOVE("clients", "acme"), USER_REMOVE("sites", "gate"))));
}

static void
a_system_administrator_is_one_everywhere(void **state)
{
	struct fixture *fixture = *state;

	place(fixture, "bob", "participant", "", "");
	assert_refused(fixture, FAULT_INVALID, "roles", try_edit(fixture, "bob",
	    EDITS(USER_ADD("roles", ROLE_SYSTEM_ADMINISTRATOR "@/sales"))));
	assert_refused(fixture, FAULT_INVALID, "roles", try_edit(fixture, "bob",
	    EDITS(USER_ADD("roles", ROLE_SYSTEM_ADMINISTRATOR "@client:acme"))));
	assert_good(fixture, try_edit(fixture, "bob",
	    EDITS(USER_ADD("roles", ROLE_SYSTEM_ADMINISTRATOR))));
}

static void
an_account_begins_before_it_ends(void **state)
{
	struct fixture *fixture = *state;

	place(fixture, "bob", "participant", "", "");
	assert_refused(fixture, FAULT_INVALID, "valid-until", try_edit(fixture, "bob",
	    EDITS(USER_SET("valid-from", "2027-01-02"), USER_SET("valid-until", "2027-01-01"))));
	assert_good(fixture, try_edit(fixture, "bob",
	    EDITS(USER_SET("valid-from", "2027-01-01"), USER_SET("valid-until", "2027-01-01"))));
	assert_refused(fixture, FAULT_INVALID, "valid-until",
	    try_edit(fixture, "bob", EDITS(USER_SET("valid-from", "2027-01-02"))));
	assert_refused(fixture, FAULT_INVALID, "valid-until", try_add(fixture, "carl",
	    EDITS(PERSON("Carl", "Bell", "participant"), USER_SET("valid-from", "2027-01-02"),
	        USER_SET("valid-until", "2027-01-01"))));
}

/* ---- rules of the policy -------------------------------------------------------------------- */

static void
duties_stay_apart(void **state)
{
	struct fixture *fixture = *state;

	place(fixture, "bob", "accountant", "", "");
	assert_refused(fixture, FAULT_RULE, "roles",
	    try_edit(fixture, "bob", EDITS(USER_ADD("roles", "auditor"))));
	assert_says(fixture, "accountant");
	assert_says(fixture, "auditor");
	/* Neither by a scope, nor by what includes the one, nor from the beginning. */
	assert_refused(fixture, FAULT_RULE, "roles",
	    try_edit(fixture, "bob", EDITS(USER_SET("roles", "accountant@/a auditor@/b"))));
	assert_refused(fixture, FAULT_RULE, "roles",
	    try_edit(fixture, "bob", EDITS(USER_SET("roles", "auditor head-accountant"))));
	assert_refused(fixture, FAULT_RULE, "roles", try_add(fixture, "carl",
	    EDITS(PERSON("Carl", "Bell", "accountant"), USER_ADD("roles", "auditor"))));
	assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_SET("roles", "auditor"))));
	assert_good(fixture,
	    try_edit(fixture, "bob", EDITS(USER_SET("roles", "accountant head-accountant"))));
}

static void
a_full_host_takes_nobody(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, apply(fixture, "hexa-policy: 1\nlimits: {users: 2}\n"
	    "roles: {participant: {group: no}}\n"));
	add_user(fixture, "bob", "participant");
	add_user(fixture, "carl", "participant");
	assert_refused(fixture, FAULT_CONFLICT, NULL,
	    try_add(fixture, "dora", EDITS(PERSON("Dora", "Bell", "participant"))));
	assert_says(fixture, "full (2)");
	assert_string_equal(fixture->why.mend, "hexa-admin policy edit # limits.users");
	assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_SET("note", "x"))));
	assert_good(fixture, account_delete(&fixture->admin, "bob", &fixture->why));
	add_user(fixture, "dora", "participant");
}

static void
a_full_client_takes_nobody(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, apply(fixture, "hexa-policy: 1\nlimits: {users-per-client: 1}\n"
	    "roles: {participant: {group: no}}\n"));
	place(fixture, "bob", "participant", "", "");
	place(fixture, "carl", "participant", "", "");
	place(fixture, "dora", "participant", "", "brill");
	assert_good(fixture, try_edit(fixture, "bob",
	    EDITS(USER_SET("type", "client"), USER_ADD("clients", "acme"))));
	assert_refused(fixture, FAULT_CONFLICT, NULL, try_edit(fixture, "carl",
	    EDITS(USER_SET("type", "client"), USER_SET("clients", "acme"))));
	assert_says(fixture, "acme is full (1)");
	assert_refused(fixture, FAULT_CONFLICT, NULL, try_add(fixture, "emil",
	    EDITS(PERSON("Emil", "Bell", "participant"), USER_SET("type", "client"),
	        USER_SET("clients", "acme"))));
	/* Who is in stays in, and may be edited; an employee takes no place of their own type's. */
	assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_SET("note", "x"))));
	assert_good(fixture, try_edit(fixture, "dora", EDITS(USER_SET("type", "client"))));
	assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_REMOVE("clients", "acme"))));
	assert_good(fixture, try_edit(fixture, "carl",
	    EDITS(USER_SET("type", "client"), USER_SET("clients", "acme"))));
}

/* ---- what follows --------------------------------------------------------------------------- */

static void
assert_notice(const struct fixture *fixture, const char *words)
{
	const struct names *notices = &fixture->admin.notices;

	if (words == NULL) {
		assert_int_equal(notices->count, 0);
		return;
	}
	assert_int_equal(notices->count, 1);
	assert_non_null(strstr(notices->item[0], words));
}

static void
without_a_client_a_client_user_is_revoked(void **state)
{
	struct fixture *fixture = *state;

	place(fixture, "bob", "participant", "", "acme brill");
	place(fixture, "carl", "participant", "", "acme");
	assert_good(fixture, try_edit(fixture, "bob",
	    EDITS(USER_SET("type", "client"), USER_SET("sites", "gate"))));
	assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_REMOVE("clients", "brill"))));
	assert_string_equal(user_text(fixture, "bob", "status"), "active");
	assert_notice(fixture, NULL);
	assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_REMOVE("clients", "acme"))));
	assert_string_equal(user_text(fixture, "bob", "status"), "revoked");
	assert_string_equal(user_text(fixture, "bob", "sites"), "");
	assert_notice(fixture, "bob is revoked");
	/* An employee has access without. */
	assert_good(fixture, try_edit(fixture, "carl", EDITS(USER_REMOVE("clients", "acme"))));
	assert_string_equal(user_text(fixture, "carl", "status"), "active");
	assert_notice(fixture, NULL);
}

static void
a_grant_that_has_ended_is_told(void **state)
{
	struct fixture *fixture = *state;

	place(fixture, "bob", "participant", "", "");
	assert_good(fixture, try_edit(fixture, "bob",
	    EDITS(USER_ADD("grants", "desk.view@2026-11-21"))));
	assert_notice(fixture, NULL);
	assert_good(fixture, try_edit(fixture, "bob",
	    EDITS(USER_ADD("grants", "desk.close@2020-01-01"))));
	assert_notice(fixture, "desk.close ended on 2020-01-01 already");
	/* Once: what stands there is no news. */
	assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_ADD("grants", "host.build"))));
	assert_notice(fixture, NULL);
	assert_good(fixture, try_add(fixture, "carl", EDITS(PERSON("Carl", "Dahl", "participant"),
	    USER_ADD("grants", "desk.*@2026-11-20"))));
	assert_notice(fixture, "desk.* ended on 2026-11-20 already");
}

static void
a_dropped_password_is_told(void **state)
{
	struct fixture *fixture = *state;

	place(fixture, "bob", "participant", "", "");
	assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_SET("type", "system"))));
	assert_notice(fixture, NULL);
	assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_SET("type", "employee"))));
	assert_good(fixture, account_password(&fixture->admin, "bob", GOOD_PASSWORD,
	    &fixture->why));
	assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_SET("type", "system"))));
	assert_notice(fixture, "bob has no password");
	assert_string_equal(user_text(fixture, "bob", "password"), "");
}

static void
the_policy_says_what_a_new_account_is_like(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, apply(fixture, "hexa-policy: 1\n"
	    "accounts: {home: /srv/%u/home-of-%u, shell: /bin/zsh}\n"
	    "password: {min-length: 30}\n"
	    "roles: {participant: {group: no}}\n"));
	add_user(fixture, "bob", "participant");
	assert_string_equal(user_text(fixture, "bob", "home"), "/srv/bob/home-of-bob");
	assert_string_equal(user_text(fixture, "bob", "shell"), "/bin/zsh");
	assert_good(fixture, try_add(fixture, "carl", EDITS(PERSON("Carl", "Bell", "participant"),
	    USER_SET("home", "/home/carl"), USER_SET("shell", "/bin/sh"))));
	assert_string_equal(user_text(fixture, "carl", "home"), "/home/carl");
	assert_string_equal(user_text(fixture, "carl", "shell"), "/bin/sh");
	assert_good(fixture, try_add(fixture, "nightly", EDITS(PERSON("Nightly", "Jobs",
	    "participant"), USER_SET("type", "system"))));
	assert_string_equal(user_text(fixture, "nightly", "shell"), "/usr/sbin/nologin");
	assert_good(fixture, try_edit(fixture, "nightly", EDITS(USER_SET("type", "integration"))));
	assert_string_equal(user_text(fixture, "nightly", "shell"), "/bin/zsh");
	assert_good(fixture, try_edit(fixture, "carl", EDITS(USER_SET("type", "system"))));
	assert_string_equal(user_text(fixture, "carl", "shell"), "/bin/sh");
	assert_refused(fixture, FAULT_INVALID, "password",
	    account_password(&fixture->admin, "bob", GOOD_PASSWORD, &fixture->why));
	assert_good(fixture, account_password(&fixture->admin, "bob",
	    "a password of more than thirty bytes", &fixture->why));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_unit_is_as_far_as_it_goes),
	    TEST(a_client_is_as_far_as_it_goes),
	    TEST(ones_own_account_is_for_somebody_else),
	    TEST(who_has_more_is_out_of_reach),
	    TEST(no_one_gives_more_than_they_have),
	    TEST(a_scope_is_not_given_away),
	    TEST(a_clients_people_are_made_by_who_has_the_client),
	    TEST(a_client_users_hosts_are_as_far_as_it_goes),
	    TEST(a_disabled_role_gives_nothing_to_give),
	    TEST(what_one_has_for_a_while_is_not_given),
	    TEST(a_senior_gives_its_juniors),
	    TEST(the_hosts_groups_count),
	    TEST(a_delegate_gives_no_home_but_the_policys),
	    TEST(a_delegate_gives_no_shell_but_the_hosts),
	    TEST(root_and_who_has_all_give_any_home),
	    TEST(what_is_named_must_be_there),
	    TEST(a_site_is_one_of_a_client_of_theirs),
	    TEST(a_system_administrator_is_one_everywhere),
	    TEST(an_account_begins_before_it_ends),
	    TEST(duties_stay_apart),
	    TEST(a_full_host_takes_nobody),
	    TEST(a_full_client_takes_nobody),
	    TEST(without_a_client_a_client_user_is_revoked),
	    TEST(a_grant_that_has_ended_is_told),
	    TEST(a_dropped_password_is_told),
	    TEST(the_policy_says_what_a_new_account_is_like),
	};

	return RUN_AS_ROOT(tests);
}
