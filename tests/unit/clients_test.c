/*
 * clients_test.c - what an administrator does with clients and sites, and what a host is told that
 * it is.
 */
#include "tests/unit/accounts_fixture.h"

#include "accounts/clients.h"
#include "accounts/identity.h"

#define TITLE(table, value) {EDIT_SET, field_find(&(table), "title"), value}
#define OF(client)          {EDIT_SET, field_find(&site_table, "client"), client}

static enum fault
set_host(struct fixture *fixture, bool clear, const char *client, const char *site)
{
	const struct identity identity = {.clear = clear, .client = client, .site = site};

	return identity_set(&fixture->admin, &identity, &fixture->why);
}

/* Two clients, each with a site. */
static int
setup(void **state)
{
	int result = fixture_setup(state);
	struct fixture *fixture = *state;
	struct admin *admin = &fixture->admin;

	add_role(fixture, "builder");
	assert_good(fixture, client_create(admin, "acme", NO_EDITS, &fixture->why));
	assert_good(fixture, client_create(admin, "brill", NO_EDITS, &fixture->why));
	assert_good(fixture, site_create(admin, "gate", EDITS(OF("acme")), &fixture->why));
	assert_good(fixture, site_create(admin, "yard", EDITS(OF("brill")), &fixture->why));
	return result;
}

static void
read_client(struct fixture *fixture, const char *name, struct client *client)
{
	struct txn *txn;

	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, client_get(txn, name, client, &fixture->why));
	store_end(txn);
}

/* ---- clients and sites --------------------------------------------------------------------- */

static void
a_client_is_made_edited_and_removed(void **state)
{
	struct fixture *fixture = *state;
	struct admin *admin = &fixture->admin;
	struct client client = {0};

	assert_good(fixture, client_create(admin, "calm", EDITS(TITLE(client_table, "Calm Ltd")),
	    &fixture->why));
	assert_journal(fixture, "client add");
	read_client(fixture, "calm", &client);
	assert_string_equal(client.title, "Calm Ltd");
	assert_int_equal(client.created, NOW);
	client_clear(&client);
	assert_refused(fixture, FAULT_CONFLICT, "name",
	    client_create(admin, "calm", NO_EDITS, &fixture->why));
	assert_good(fixture, client_edit(admin, "calm", EDITS(TITLE(client_table, "Calm")),
	    &fixture->why));
	assert_journal(fixture, "client edit");
	read_client(fixture, "calm", &client);
	assert_string_equal(client.title, "Calm");
	client_clear(&client);
	assert_good(fixture, client_remove(admin, "calm", &fixture->why));
	assert_journal(fixture, "client delete");
	assert_refused(fixture, FAULT_UNKNOWN, "client",
	    client_edit(admin, "calm", NO_EDITS, &fixture->why));
	assert_refused(fixture, FAULT_UNKNOWN, "client",
	    client_remove(admin, "acm", &fixture->why));
	assert_says(fixture, "did you mean acme");
}

static void
names_are_names(void **state)
{
	static const char *const bad[] = {"", "-x", "a b", "A", "a/b", "client:x", "a\n"};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_refused(fixture, FAULT_INVALID, "name",
		    client_create(&fixture->admin, bad[i], NO_EDITS, &fixture->why));
		assert_refused(fixture, FAULT_INVALID, "name", site_create(&fixture->admin, bad[i],
		    EDITS(OF("acme")), &fixture->why));
	}
	assert_refused(fixture, FAULT_INVALID, "title", client_edit(&fixture->admin, "acme",
	    EDITS(TITLE(client_table, "two\nlines")), &fixture->why));
}

static void
a_site_belongs_to_a_client(void **state)
{
	struct fixture *fixture = *state;
	struct admin *admin = &fixture->admin;

	assert_refused(fixture, FAULT_INVALID, "client",
	    site_create(admin, "dock", NO_EDITS, &fixture->why));
	assert_refused(fixture, FAULT_UNKNOWN, "client",
	    site_create(admin, "dock", EDITS(OF("acmee")), &fixture->why));
	assert_says(fixture, "did you mean acme");
	assert_refused(fixture, FAULT_CONFLICT, "name",
	    site_create(admin, "gate", EDITS(OF("brill")), &fixture->why));
	assert_good(fixture, site_create(admin, "dock", EDITS(OF("brill")), &fixture->why));
	assert_journal(fixture, "site add");
	assert_good(fixture, site_remove(admin, "dock", &fixture->why));
	assert_journal(fixture, "site delete");
	assert_refused(fixture, FAULT_UNKNOWN, "site",
	    site_remove(admin, "gat", &fixture->why));
	assert_says(fixture, "did you mean gate");
}

static void
what_is_in_use_stays(void **state)
{
	struct fixture *fixture = *state;
	struct admin *admin = &fixture->admin;

	add_user(fixture, "bob", "builder");
	assert_refused(fixture, FAULT_RULE, NULL, client_remove(admin, "acme", &fixture->why));
	assert_says(fixture, "gate");
	assert_good(fixture, account_edit(admin, "bob",
	    EDITS(USER_ADD("clients", "acme"), USER_ADD("sites", "gate")), &fixture->why));
	assert_refused(fixture, FAULT_RULE, NULL, site_remove(admin, "gate", &fixture->why));
	assert_says(fixture, "bob");
	assert_good(fixture,
	    account_edit(admin, "bob", EDITS(USER_CLEAR("sites")), &fixture->why));
	assert_good(fixture, site_remove(admin, "gate", &fixture->why));
	assert_refused(fixture, FAULT_RULE, NULL, client_remove(admin, "acme", &fixture->why));
	assert_says(fixture, "bob");
	assert_good(fixture, account_edit(admin, "bob",
	    EDITS(USER_CLEAR("clients"), USER_ADD("roles", "builder@client:acme")),
	    &fixture->why));
	assert_refused(fixture, FAULT_RULE, NULL, client_remove(admin, "acme", &fixture->why));
	assert_says(fixture, "bob");
	assert_good(fixture, account_edit(admin, "bob",
	    EDITS(USER_REMOVE("roles", "builder@client:acme")), &fixture->why));
	assert_good(fixture, set_host(fixture, false, "acme", NULL));
	assert_refused(fixture, FAULT_RULE, NULL, client_remove(admin, "acme", &fixture->why));
	assert_good(fixture, set_host(fixture, true, NULL, NULL));
	assert_good(fixture, client_remove(admin, "acme", &fixture->why));
}

/* ---- whose ---------------------------------------------------------------------------------- */

/* Whoever may for one client changes that one, and makes none. */
static void
a_right_for_some_clients_is_for_these(void **state)
{
	struct fixture *fixture = *state;
	struct admin *admin = &fixture->admin;
	const struct edits *title = EDITS(TITLE(client_table, "New"));

	assert_good(fixture, role_create(admin, "keeper", EDITS(ROLE_SET("group", "no"),
	    ROLE_SET("permissions", "hexa.clients.edit")), &fixture->why));
	assert_good(fixture, role_create(admin, "viewer", EDITS(ROLE_SET("group", "no"),
	    ROLE_SET("permissions", "hexa.clients.view hexa.users.*")), &fixture->why));
	add_user(fixture, "anna", "keeper@client:acme");
	add_user(fixture, "emil", "keeper@/sales");
	add_user(fixture, "vera", "viewer");
	add_user(fixture, "kim", "keeper");
	fixture_become(fixture, "anna");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    client_create(admin, "calm", NO_EDITS, &fixture->why));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    client_edit(admin, "brill", title, &fixture->why));
	assert_refused(fixture, FAULT_DENIED, NULL, client_remove(admin, "brill", &fixture->why));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    site_create(admin, "dock", EDITS(OF("brill")), &fixture->why));
	assert_refused(fixture, FAULT_DENIED, NULL, site_remove(admin, "yard", &fixture->why));
	assert_good(fixture, client_edit(admin, "acme", title, &fixture->why));
	assert_good(fixture, site_create(admin, "dock", EDITS(OF("acme")), &fixture->why));
	assert_good(fixture, site_remove(admin, "gate", &fixture->why));
	/* A unit has no clients, and seeing is not editing. */
	fixture_become(fixture, "emil");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    client_edit(admin, "acme", title, &fixture->why));
	fixture_become(fixture, "vera");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    client_edit(admin, "acme", title, &fixture->why));
	fixture_become(fixture, "kim");
	assert_good(fixture, client_create(admin, "calm", NO_EDITS, &fixture->why));
	assert_good(fixture, client_remove(admin, "calm", &fixture->why));
}

/* ---- the host ------------------------------------------------------------------------------- */

static void
assert_host(struct fixture *fixture, const char *client, const char *site)
{
	struct host host = {0};
	struct txn *txn;

	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, host_get(txn, &host, &fixture->why));
	store_end(txn);
	assert_string_equal(host.client == NULL ? "" : host.client, client);
	assert_string_equal(host.site == NULL ? "" : host.site, site);
	host_clear(&host);
}

static void
a_host_is_of_a_client_that_there_is(void **state)
{
	struct fixture *fixture = *state;

	assert_refused(fixture, FAULT_UNKNOWN, "client", set_host(fixture, false, "acmee", NULL));
	assert_says(fixture, "did you mean acme");
	assert_string_equal(fixture->why.mend, "hexa-admin client add acmee --title TITLE");
	assert_refused(fixture, FAULT_UNKNOWN, "client", set_host(fixture, false, "a b", NULL));
	assert_string_equal(fixture->why.mend, "");
	assert_refused(fixture, FAULT_UNKNOWN, "site", set_host(fixture, false, "acme", "gaet"));
	assert_says(fixture, "did you mean gate");
	assert_refused(fixture, FAULT_INVALID, "site", set_host(fixture, false, NULL, "gate"));
	assert_refused(fixture, FAULT_INVALID, "site", set_host(fixture, false, "acme", "yard"));
	assert_good(fixture, set_host(fixture, false, "acme", "gate"));
	assert_journal(fixture, "host set");
	assert_host(fixture, "acme", "gate");
	/* Another client's host does not stand at that site. */
	assert_refused(fixture, FAULT_INVALID, "site", set_host(fixture, false, "brill", NULL));
	assert_good(fixture, set_host(fixture, true, "brill", NULL));
	assert_host(fixture, "brill", "");
	assert_good(fixture, set_host(fixture, false, "acme", "gate"));
	assert_good(fixture, set_host(fixture, true, NULL, NULL));
	assert_host(fixture, "", "");
}

static void
a_host_is_roots_to_name(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "boss", ROLE_SYSTEM_ADMINISTRATOR);
	fixture_become(fixture, "boss");
	assert_refused(fixture, FAULT_DENIED, NULL, set_host(fixture, false, "acme", NULL));
	fixture_become(fixture, NULL);
	assert_good(fixture, set_host(fixture, false, "acme", NULL));
}

/* A system administrator who is a client user is one on their clients' hosts. */
static void
a_host_keeps_its_last_administrator(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, set_host(fixture, false, "acme", NULL));
	add_user(fixture, "boss", ROLE_SYSTEM_ADMINISTRATOR);
	add_user(fixture, "chief", ROLE_SYSTEM_ADMINISTRATOR);
	assert_good(fixture, account_edit(&fixture->admin, "boss",
	    EDITS(USER_SET("type", "client"), USER_SET("clients", "acme"),
	        USER_SET("email", "boss@example.org"), USER_SET("phone", "+31612345678")),
	    &fixture->why));
	assert_good(fixture, account_delete(&fixture->admin, "chief", &fixture->why));
	assert_refused(fixture, FAULT_RULE, NULL, set_host(fixture, false, "brill", NULL));
	assert_refused(fixture, FAULT_RULE, NULL, set_host(fixture, true, NULL, NULL));
	assert_refused(fixture, FAULT_RULE, NULL, account_edit(&fixture->admin, "boss",
	    EDITS(USER_SET("clients", "brill")), &fixture->why));
	assert_good(fixture, set_host(fixture, false, "acme", "gate"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_client_is_made_edited_and_removed),
	    TEST(names_are_names),
	    TEST(a_site_belongs_to_a_client),
	    TEST(what_is_in_use_stays),
	    TEST(a_right_for_some_clients_is_for_these),
	    TEST(a_host_is_of_a_client_that_there_is),
	    TEST(a_host_is_roots_to_name),
	    TEST(a_host_keeps_its_last_administrator),
	};

	return RUN_AS_ROOT(tests);
}
