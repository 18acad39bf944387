/*
 * store_memory_test.c - the database's operations when memory runs out, at each allocation in turn:
 * they say so, nothing of them is kept, nothing leaks (the sanitizer looks), and afterwards the
 * same operation succeeds.
 */
#include "tests/unit/store_fixture.h"

#include "accounts/key_line.h"
#include "store/attachments.h"
#include "tests/unit/memory_fixture.h"

/* Every time another word, so that there is something to write. */
static unsigned turn;

/* ---- the operations ----------------------------------------------------------------------- */

static enum fault
read_all(struct txn *txn)
{
	struct document document = {0};
	struct user anna = {0};
	struct rules part = {0};
	struct roles roles = {0};
	struct bytes source = {0};
	enum fault fault = document_load(txn, &document, NULL);

	if (fault == FAULT_NONE)
		fault = user_find_name(txn, "anna", &anna, NULL);
	if (fault == FAULT_NONE)
		fault = rules_load_login(txn, &anna, &part, NULL);
	if (fault == FAULT_NONE)
		fault = roles_load_held(txn, &anna, &roles, NULL);
	if (fault == FAULT_NONE)
		fault = source_get(txn, &source, NULL);
	bytes_clear(&source);
	roles_clear(&roles);
	rules_clear(&part);
	user_clear(&anna);
	document_clear(&document);
	return fault;
}

/* Each of its parts is another one: a limit, a service, a constraint, a test and the text. */
static bool
alter(struct document *document, const char *word)
{
	struct permission *logs = &document->rules.permission[document->rules.count - 1];
	struct names roles = {0};
	bool good;

	document->rules.settings.limit_users = turn;
	names_clear(&logs->services);
	names_clear(&document->tests);
	good = names_add(&logs->services, word) && names_add(&document->tests, word) &&
	    names_add(&roles, "one") && names_add(&roles, word);
	for (size_t i = 0; i < document->constraint_count; i++)
		names_clear(&document->constraint[i].never_together);
	document->constraint_count = 0;
	good = good && document_add_constraint(document, &roles, NULL) == FAULT_NONE;
	names_clear(&roles);
	return good;
}

static enum fault
save_policy(struct txn *txn)
{
	struct document document = {0};
	char word[32];
	enum fault fault = document_load(txn, &document, NULL);

	snprintf(word, sizeof(word), "word%u", turn);
	if (fault == FAULT_NONE && !alter(&document, word))
		fault = FAULT_UNAVAILABLE;
	if (fault == FAULT_NONE)
		fault = rules_save(txn, &document.rules, NULL);
	if (fault == FAULT_NONE)
		fault = extras_save(txn, &document, NULL);
	if (fault == FAULT_NONE)
		fault = source_put(txn, word, strlen(word), NULL);
	document_clear(&document);
	return fault;
}

static enum fault
save_records(struct txn *txn)
{
	struct client client = {0};
	struct site site = {0};
	struct user anna = {0};
	char title[32];
	enum fault fault = client_get(txn, "acme", &client, NULL);

	snprintf(title, sizeof(title), "turn %u", turn);
	if (fault == FAULT_NONE)
		fault = field_parse(field_find(&client_table, "title"), &client, title, NULL);
	if (fault == FAULT_NONE)
		fault = client_put(txn, &client, NULL);
	if (fault == FAULT_NONE)
		fault = site_get(txn, "north", &site, NULL);
	if (fault == FAULT_NONE)
		fault = field_parse(field_find(&site_table, "title"), &site, title, NULL);
	if (fault == FAULT_NONE)
		fault = site_put(txn, &site, NULL);
	if (fault == FAULT_NONE)
		fault = user_find_name(txn, "anna", &anna, NULL);
	if (fault == FAULT_NONE)
		fault = field_parse(field_find(&user_table, "roles"), &anna, turn % 2 == 0
		    ? "technician@client:acme" : "technician@/sales technician@client:acme", NULL);
	if (fault == FAULT_NONE)
		fault = field_parse(field_find(&user_table, "clients"), &anna,
		    turn % 2 == 0 ? "acme" : "", NULL);
	if (fault == FAULT_NONE)
		fault = user_put(txn, &anna, NULL);
	client_clear(&client);
	site_clear(&site);
	user_clear(&anna);
	return fault;
}

/* Makes a role and takes it away again. */
static enum fault
make_and_delete(struct txn *txn)
{
	struct role role = {0};
	struct roles gone = {0};
	enum fault fault;

	role.name = strdup("brief");
	role.group = strdup(ROLE_NO_GROUP); /* whose name would be kept back */
	if (role.name == NULL || role.group == NULL || !names_add(&role.includes, "technician"))
		fault = FAULT_UNAVAILABLE;
	else
		fault = role_put(txn, &role, NULL);
	if (fault == FAULT_NONE)
		fault = roles_add(&gone, &role, NULL);
	if (fault == FAULT_NONE)
		fault = roles_delete(txn, &gone, NULL);
	role_clear(&role);
	roles_clear(&gone);
	return fault;
}

/* Keeps a document, finds it, and takes it away again. */
static enum fault
keep_and_remove(struct txn *txn)
{
	struct attachment document = {.uid = 70000, .size = 1, .expires = NOW}, found = {0};
	uint32_t number = 0;
	enum fault fault = FAULT_UNAVAILABLE;

	document.user = strdup("anna");
	document.sha256 = strdup(
	    "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed");
	if (document.user != NULL && document.sha256 != NULL)
		fault = attachment_add(txn, &document, NULL);
	if (fault == FAULT_NONE)
		fault = attachment_with_next(txn, field_find(&attachment_table, "uid"), "70000", 0,
		    &number, NULL);
	if (fault == FAULT_NONE)
		fault = attachment_get(txn, number, &found, NULL);
	if (fault == FAULT_NONE)
		fault = attachment_delete(txn, &found, NULL);
	attachment_clear(&document);
	attachment_clear(&found);
	return fault;
}

/* A key comes, or goes; one stays. */
static enum fault
change_keys(struct txn *txn)
{
	static const char *const lines[] = {
	    "no-pty,from=\"A.example\" ssh-ed25519 "
	    "AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA anna@laptop",
	    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	};
	struct user anna = {0};
	enum fault fault = user_find_name(txn, "anna", &anna, NULL);

	for (size_t i = 0; fault == FAULT_NONE && i < 2; i++) {
		struct key key = {0}, old = {0};

		fault = key_parse(lines[i], strlen(lines[i]), &key, NULL);
		key.uid = anna.uid;
		if (fault == FAULT_NONE)
			fault = key_get(txn, anna.uid, key.fingerprint, &old, NULL);
		if (fault == FAULT_UNKNOWN)
			fault = key_put(txn, &key, NULL);
		else if (fault == FAULT_NONE && i == 0)
			fault = key_delete(txn, &old, NULL);
		key_clear(&key);
		key_clear(&old);
	}
	user_clear(&anna);
	return fault;
}

/* ---- failing them ------------------------------------------------------------------------- */

static enum fault
run(struct place *place, enum fault (*operation)(struct txn *txn))
{
	struct txn *txn = NULL;
	bool saved = false;
	enum fault fault =
	    store_write_begin(place->store, &root_actor, "test", NOW, &txn, NULL);

	if (fault != FAULT_NONE)
		return fault;
	fault = operation(txn);
	if (fault != FAULT_NONE) {
		store_end(txn);
		return fault;
	}
	fault = store_commit(txn, &saved, NULL);
	return saved ? FAULT_NONE : fault;
}

static void
fail_at_each(struct place *place, enum fault (*operation)(struct txn *txn), bool once)
{
	unsigned at = 0;

	do {
		bool current = false;
		enum fault fault;

		turn++;
		arm(at++, once);
		fault = run(place, operation);
		armed = false;
		if (fault != FAULT_NONE)
			assert_int_equal(fault, FAULT_UNAVAILABLE);
		assert_int_equal(publish_is_current(place->store, NOW, &current, NULL), FAULT_NONE);
		if (!current)
			assert_int_equal(publish(place->store, NOW, NULL), FAULT_NONE);
	} while (failed);
	turn++;
	assert_int_equal(run(place, operation), FAULT_NONE);
}

/* A publication in which everybody is gone through, grants and their ends among them. */
static void
publishing_everything(void **state)
{
	struct place *place = *state;
	enum fault fault = FAULT_UNAVAILABLE;
	bool current = false;

	for (unsigned at = 0; fault != FAULT_NONE; at++) {
		arm(at, false);
		fault = publish_rebuild(place->store, NOW, NULL);
		armed = false;
	}
	assert_int_equal(publish_is_current(place->store, NOW, &current, NULL), FAULT_NONE);
	assert_true(current);
}

#define FAILING(name, operation) \
	static void name(void **state) \
	{ \
		fail_at_each(*state, operation, true); \
		fail_at_each(*state, operation, false); \
	}

FAILING(reading_the_policy, read_all)
FAILING(saving_the_policy, save_policy)
FAILING(saving_records, save_records)
FAILING(deleting_roles, make_and_delete)
FAILING(keeping_documents, keep_and_remove)
FAILING(changing_keys, change_keys)

static int
setup_all(void **state)
{
	int result = setup(state);
	struct place *place = *state;
	struct user anna = person("anna");
	struct permission logs = {.name = strdup("logs.read")};
	struct document document = {0};
	struct txn *txn;

	add_client(place, "acme");
	add_site(place, "north", "acme");
	add_role(place, "technician");
	txn = begin(place);
	assert_int_equal(document_load(txn, &document, NULL), FAULT_NONE);
	assert_true(names_add(&logs.services, "sshd") && names_add(&logs.unix_groups, "adm"));
	assert_int_equal(rules_add(&document.rules, &logs, NULL), FAULT_NONE);
	document.rules.settings.password_min_length = 16;
	assert_int_equal(field_parse(field_find(&settings_table, "accounts.uid-range"),
	    &document.rules.settings, "100000-199999", NULL), FAULT_NONE);
	assert_int_equal(rules_save(txn, &document.rules, NULL), FAULT_NONE);
	assert_true(names_add(&document.tests, "role technician can log in"));
	assert_int_equal(extras_save(txn, &document, NULL), FAULT_NONE);
	assert_int_equal(source_put(txn, "# text", 6, NULL), FAULT_NONE);
	commit(txn);
	set(&anna, "roles", "technician technician@client:acme");
	set(&anna, "grants", "logs.* hexa.users.view@2040-01-01 logs.read@2040-01-01");
	add(place, &anna);
	document_clear(&document);
	user_clear(&anna);
	return result;
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_all, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(reading_the_policy),
	    TEST(saving_the_policy),
	    TEST(saving_records),
	    TEST(deleting_roles),
	    TEST(keeping_documents),
	    TEST(changing_keys),
	    TEST(publishing_everything),
	};

	if (geteuid() != 0) {
		puts("1..0 # SKIP needs root: the database must belong to root");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
