/*
 * store_clients_test.c - clients and sites in the database, who belongs to them, and what keeps
 * them there.
 */
#include "tests/unit/store_fixture.h"

/* ---- records ------------------------------------------------------------------------------ */

static void
a_client_is_kept_as_written(void **state)
{
	struct place *place = *state;
	struct client acme = {.name = strdup("acme"), .title = strdup("Acme Ltd")}, read = {0};
	struct txn *txn = begin(place);

	assert_int_equal(client_put(txn, &acme, NULL), FAULT_NONE);
	assert_int_equal(acme.version, 1);
	commit(txn);
	assert_true(journal_says(place, "client", "acme", "", "", "acme"));
	assert_true(journal_says(place, "client", "acme", "title", "", "Acme Ltd"));
	add_client(place, "beta");
	txn = look(place);
	assert_int_equal(client_get(txn, "acme", &read, NULL), FAULT_NONE);
	assert_string_equal(read.title, "Acme Ltd");
	assert_string_equal(read.origin, "local");
	assert_int_equal(read.created, NOW);
	assert_memory_equal(&read.uuid, &acme.uuid, sizeof(read.uuid));
	assert_int_equal(client_get(txn, "acm", &read, NULL), FAULT_UNKNOWN);
	assert_int_equal(client_get(txn, "", &read, NULL), FAULT_UNKNOWN);
	assert_int_equal(client_next(txn, "", &read, NULL), FAULT_NONE);
	assert_string_equal(read.name, "acme");
	assert_int_equal(client_next(txn, "acme", &read, NULL), FAULT_NONE);
	assert_string_equal(read.name, "beta");
	assert_int_equal(client_next(txn, "beta", &read, NULL), FAULT_UNKNOWN);
	store_end(txn);
	client_clear(&acme);
	client_clear(&read);
}

static void
a_stale_client_is_a_conflict(void **state)
{
	struct place *place = *state;
	struct client mine = {0}, theirs = {0}, again = {.name = strdup("acme")};
	struct txn *txn;
	struct why why;

	add_client(place, "acme");
	txn = begin(place);
	assert_int_equal(client_put(txn, &again, &why), FAULT_CONFLICT);
	assert_string_equal(why.field, "name");
	assert_int_equal(again.version, 0);
	assert_int_equal(client_get(txn, "acme", &mine, NULL), FAULT_NONE);
	assert_int_equal(client_get(txn, "acme", &theirs, NULL), FAULT_NONE);
	theirs.title = strdup("Acme");
	assert_int_equal(client_put(txn, &theirs, NULL), FAULT_NONE);
	assert_int_equal(theirs.version, 2);
	assert_int_equal(client_put(txn, &mine, &why), FAULT_CONFLICT);
	assert_int_equal(mine.version, 1);
	assert_int_equal(client_delete(txn, &mine, &why), FAULT_CONFLICT);
	assert_int_equal(client_delete(txn, &theirs, &why), FAULT_NONE);
	assert_int_equal(client_put(txn, &theirs, &why), FAULT_CONFLICT);
	commit(txn);
	assert_true(journal_says(place, "client", "acme", "", "acme", ""));
	client_clear(&mine);
	client_clear(&theirs);
	client_clear(&again);
}

static void
names_and_readers_are_refused(void **state)
{
	struct place *place = *state;
	struct client bad = {.name = strdup("Acme Ltd")}, nameless = {0}, good = {0};
	struct txn *txn = begin(place);
	struct why why;

	assert_int_equal(client_put(txn, &bad, &why), FAULT_INVALID);
	assert_string_equal(why.field, "name");
	assert_int_equal(client_put(txn, &nameless, &why), FAULT_INVALID);
	store_end(txn);
	good.name = strdup("acme");
	txn = look(place);
	assert_int_equal(client_put(txn, &good, &why), FAULT_UNAVAILABLE);
	store_end(txn);
	txn = begin(place);
	assert_int_equal(client_put(txn, &good, &why), FAULT_NONE);
	store_end(txn);
	client_clear(&bad);
	client_clear(&good);
}

static void
a_site_stays_with_its_client(void **state)
{
	struct place *place = *state;
	struct site site = {.name = strdup("north"), .client = strdup("acme")}, read = {0};
	struct txn *txn = begin(place);
	struct why why;

	assert_int_equal(site_put(txn, &site, &why), FAULT_UNKNOWN);
	assert_string_equal(why.field, "client");
	store_end(txn);
	add_client(place, "acme");
	add_client(place, "beta");
	txn = begin(place);
	assert_int_equal(site_put(txn, &site, &why), FAULT_NONE);
	free(site.client);
	site.client = strdup("beta");
	assert_int_equal(site_put(txn, &site, &why), FAULT_RULE);
	free(site.client);
	site.client = NULL;
	assert_int_equal(site_put(txn, &site, &why), FAULT_INVALID);
	site.client = strdup("acme");
	site.title = strdup("North");
	assert_int_equal(site_put(txn, &site, &why), FAULT_NONE);
	commit(txn);
	assert_true(journal_says(place, "site", "north", "client", "", "acme"));
	assert_true(journal_says(place, "site", "north", "title", "", "North"));
	txn = look(place);
	assert_int_equal(site_get(txn, "north", &read, NULL), FAULT_NONE);
	assert_string_equal(read.client, "acme");
	assert_int_equal(site_next(txn, "", &read, NULL), FAULT_NONE);
	assert_int_equal(site_next(txn, "north", &read, NULL), FAULT_UNKNOWN);
	store_end(txn);
	/* Two sites share no name, whoever's they are. */
	free(read.client);
	read.client = strdup("beta");
	read.version = 0;
	txn = begin(place);
	assert_int_equal(site_put(txn, &read, &why), FAULT_CONFLICT);
	store_end(txn);
	site_clear(&site);
	site_clear(&read);
}

/* ---- who belongs to them ------------------------------------------------------------------ */

static void
assert_count(struct place *place, const char *client, uint64_t expected)
{
	struct txn *txn = look(place);
	uint64_t count = UINT64_MAX;

	assert_int_equal(client_user_count(txn, client, &count, NULL), FAULT_NONE);
	assert_int_equal(count, expected);
	store_end(txn);
}

static void
users_are_found_by_client_and_site(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna"), bob = person("bob");
	struct txn *txn;
	uint32_t uid = 0;

	add_client(place, "acme");
	add_client(place, "acme-north");
	add_site(place, "north", "acme");
	set(&anna, "clients", "acme acme-north");
	set(&anna, "sites", "north");
	add(place, &anna);
	set(&bob, "clients", "acme");
	add(place, &bob);
	txn = look(place);
	assert_int_equal(client_user_next(txn, "acme", 0, &uid, NULL), FAULT_NONE);
	assert_int_equal(uid, anna.uid);
	assert_int_equal(client_user_next(txn, "acme", uid, &uid, NULL), FAULT_NONE);
	assert_int_equal(uid, bob.uid);
	assert_int_equal(client_user_next(txn, "acme", uid, &uid, NULL), FAULT_UNKNOWN);
	assert_int_equal(client_user_next(txn, "acm", 0, &uid, NULL), FAULT_UNKNOWN);
	assert_int_equal(site_user_next(txn, "north", 0, &uid, NULL), FAULT_NONE);
	assert_int_equal(uid, anna.uid);
	assert_int_equal(site_user_next(txn, "north", uid, &uid, NULL), FAULT_UNKNOWN);
	store_end(txn);
	assert_count(place, "acme", 2);
	assert_count(place, "acme-north", 1);
	assert_count(place, "acm", 0);
	set(&anna, "clients", "acme-north");
	set(&anna, "sites", "");
	add(place, &anna);
	assert_count(place, "acme", 1);
	txn = begin(place);
	assert_int_equal(site_user_next(txn, "north", 0, &uid, NULL), FAULT_UNKNOWN);
	assert_int_equal(client_user_next(txn, "acme", 0, &uid, NULL), FAULT_NONE);
	assert_int_equal(uid, bob.uid);
	assert_int_equal(user_delete(txn, &bob, NULL), FAULT_NONE);
	commit(txn);
	assert_count(place, "acme", 0);
	assert_count(place, "acme-north", 1);
	user_clear(&anna);
	user_clear(&bob);
}

static void
what_there_is_not_is_nobodys(void **state)
{
	static const char *const wrong[][2] = {{"clients", "acme beta"}, {"sites", "north south"},
	    {"roles", "technician@client:beta"}, {"roles", "nobody@client:acme"}};
	struct place *place = *state;
	struct user anna = person("anna");
	struct txn *txn;
	struct why why;

	add_client(place, "acme");
	add_site(place, "north", "acme");
	add_role(place, "technician");
	set(&anna, "clients", "acme");
	set(&anna, "sites", "north");
	set(&anna, "roles", "technician@client:acme technician@/sales");
	add(place, &anna);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const struct field *field = field_find(&user_table, wrong[i][0]);
		char *was = field_text(field, &anna);

		set(&anna, wrong[i][0], wrong[i][1]);
		txn = begin(place);
		assert_int_equal(user_put(txn, &anna, &why), FAULT_UNKNOWN);
		assert_string_equal(why.field, wrong[i][0]);
		store_end(txn);
		set(&anna, wrong[i][0], was);
		free(was);
	}
	add(place, &anna);
	user_clear(&anna);
}

/* ---- deleting ----------------------------------------------------------------------------- */

/* The client as it stands is not deleted, and why. */
static void
assert_kept(struct place *place, const char *name, const char *by)
{
	struct client client = {0};
	struct txn *txn = begin(place);
	struct why why = {0};

	assert_int_equal(client_get(txn, name, &client, NULL), FAULT_NONE);
	assert_int_equal(client_delete(txn, &client, &why), FAULT_RULE);
	if (strstr(why.text, by) == NULL)
		fail_msg("%s: expected %s", why.text, by);
	store_end(txn);
	client_clear(&client);
}

static void
a_client_that_something_names_stays(void **state)
{
	struct place *place = *state;
	struct client client = {0};
	struct site site = {0};
	struct host host = {.client = strdup("acme")};
	struct user anna = person("anna");
	struct txn *txn;

	add_client(place, "acme");
	add_role(place, "technician");
	set(&anna, "clients", "acme");
	add(place, &anna);
	assert_kept(place, "acme", "anna belongs to");
	set(&anna, "clients", "");
	set(&anna, "roles", "technician@client:acme");
	add(place, &anna);
	assert_kept(place, "acme", "anna holds a role for");
	set(&anna, "roles", "technician");
	add(place, &anna);
	add_site(place, "north", "acme");
	assert_kept(place, "acme", "the site north");
	txn = begin(place);
	assert_int_equal(site_get(txn, "north", &site, NULL), FAULT_NONE);
	assert_int_equal(site_delete(txn, &site, NULL), FAULT_NONE);
	assert_int_equal(host_put(txn, &host, NULL), FAULT_NONE);
	commit(txn);
	assert_kept(place, "acme", "this host");
	host_clear(&host);
	txn = begin(place);
	assert_int_equal(host_put(txn, &host, NULL), FAULT_NONE);
	assert_int_equal(client_get(txn, "acme", &client, NULL), FAULT_NONE);
	assert_int_equal(client_delete(txn, &client, NULL), FAULT_NONE);
	commit(txn);
	user_clear(&anna);
	site_clear(&site);
	client_clear(&client);
}

static void
a_site_that_something_names_stays(void **state)
{
	struct place *place = *state;
	struct site site = {0};
	struct host host = {.client = strdup("acme"), .site = strdup("north")};
	struct user anna = person("anna");
	struct txn *txn;
	struct why why;

	add_client(place, "acme");
	add_site(place, "north", "acme");
	set(&anna, "clients", "acme");
	set(&anna, "sites", "north");
	add(place, &anna);
	txn = begin(place);
	assert_int_equal(site_get(txn, "north", &site, NULL), FAULT_NONE);
	assert_int_equal(site_delete(txn, &site, &why), FAULT_RULE);
	assert_non_null(strstr(why.text, "anna"));
	set(&anna, "sites", "");
	assert_int_equal(user_put(txn, &anna, NULL), FAULT_NONE);
	assert_int_equal(host_put(txn, &host, NULL), FAULT_NONE);
	assert_int_equal(site_delete(txn, &site, &why), FAULT_RULE);
	assert_non_null(strstr(why.text, "this host"));
	host_clear(&host);
	assert_int_equal(host_put(txn, &host, NULL), FAULT_NONE);
	assert_int_equal(site_delete(txn, &site, &why), FAULT_NONE);
	assert_int_equal(site_delete(txn, &site, &why), FAULT_CONFLICT);
	commit(txn);
	site_clear(&site);
	user_clear(&anna);
}

/* ---- damage ------------------------------------------------------------------------------- */

static void
damaged_records_and_indexes_are_damage(void **state)
{
	struct place *place = *state;
	struct client client = {0};
	struct site site = {0};
	struct user anna = person("anna");
	struct bytes record = {0};
	unsigned char entry[5 + 4];
	struct span value;
	struct txn *txn;
	struct why why;
	uint64_t count;

	add_client(place, "acme");
	add_site(place, "north", "acme");
	set(&anna, "clients", "acme");
	add(place, &anna);
	/* A good record of the wrong kind, one under another's name, and a bad one. */
	txn = look(place);
	assert_int_equal(table_get(txn->db, T_CLIENTS, key_text("acme"), &value, NULL), FAULT_NONE);
	bytes_put(&record, value.data, value.size);
	store_end(txn);
	plant(place, T_SITES, key_text("acme"), record.data, record.size);
	plant(place, T_CLIENTS, key_text("zeta"), record.data, record.size);
	plant(place, T_CLIENTS, key_text("yota"), "\x01\0\0\0", 4);
	txn = look(place);
	assert_int_equal(site_get(txn, "acme", &site, &why), FAULT_UNAVAILABLE);
	assert_int_equal(site_next(txn, "", &site, &why), FAULT_UNAVAILABLE);
	assert_int_equal(client_get(txn, "zeta", &client, &why), FAULT_UNAVAILABLE);
	assert_int_equal(client_next(txn, "yota", &client, &why), FAULT_UNAVAILABLE);
	assert_int_equal(client_get(txn, "yota", &client, &why), FAULT_UNAVAILABLE);
	assert_int_equal(client_get(txn, "acme", &client, &why), FAULT_NONE);
	store_end(txn);
	/* The count, then the entry itself: both are met when the user leaves. */
	plant(place, T_CLIENT_USERS, (struct span){"acme\0", 5}, "x", 1);
	txn = begin(place);
	assert_int_equal(client_user_count(txn, "acme", &count, &why), FAULT_UNAVAILABLE);
	set(&anna, "clients", "");
	assert_int_equal(user_put(txn, &anna, &why), FAULT_UNAVAILABLE);
	store_end(txn);
	plant(place, T_CLIENT_USERS, (struct span){"acme\0", 5}, "\x01\0\0\0\0\0\0\0", 8);
	memcpy(entry, "acme\0", 5);
	key_put_u32(entry + 5, anna.uid);
	txn = begin(place);
	assert_int_equal(db_delete(txn->db, T_CLIENT_USERS,
	    (struct span){entry, sizeof(entry)}, NULL), FAULT_NONE);
	assert_int_equal(user_put(txn, &anna, &why), FAULT_UNAVAILABLE);
	store_end(txn);
	txn = begin(place);
	assert_int_equal(user_put(txn, &anna, &why), FAULT_NONE);
	commit(txn);
	bytes_clear(&record);
	client_clear(&client);
	user_clear(&anna);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_client_is_kept_as_written),
	    TEST(a_stale_client_is_a_conflict),
	    TEST(names_and_readers_are_refused),
	    TEST(a_site_stays_with_its_client),
	    TEST(users_are_found_by_client_and_site),
	    TEST(what_there_is_not_is_nobodys),
	    TEST(a_client_that_something_names_stays),
	    TEST(a_site_that_something_names_stays),
	    TEST(damaged_records_and_indexes_are_damage),
	};

	if (geteuid() != 0) {
		puts("1..0 # SKIP needs root: the database must belong to root");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
