/*
 * store_policy_test.c - the policy in the database: settings, permissions and the services that
 * they name, constraints, tests and source, and what a login reads of all that.
 */
#include "tests/unit/store_fixture.h"

/* ---- shorthand ---------------------------------------------------------------------------- */

static void
state(struct settings *settings, const char *name, const char *text)
{
	struct why why = {0};

	if (field_parse(field_find(&settings_table, name), settings, text, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
}

static void
assert_setting(struct place *place, const char *name, const char *expected)
{
	struct settings settings = {0};
	struct txn *txn = look(place);
	struct why why = {0};
	char *text;

	if (settings_load(txn, &settings, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	text = field_text(field_find(&settings_table, name), &settings);
	assert_string_equal(text, expected);
	free(text);
	settings_clear(&settings);
	store_end(txn);
}

/* Adds a permission; each list is words with spaces, or NULL. */
static void
put(struct rules *rules, const char *name, const char *services, const char *types)
{
	struct permission permission = {.name = strdup(name)};

	if (services != NULL)
		assert_int_equal(field_parse(field_find(&permission_table, "services"), &permission,
		    services, NULL), FAULT_NONE);
	if (types != NULL)
		assert_int_equal(field_parse(field_find(&permission_table, "types"), &permission,
		    types, NULL), FAULT_NONE);
	assert_int_equal(rules_add(rules, &permission, NULL), FAULT_NONE);
}

/* The rules as they stand, to be changed and saved. */
static struct rules
load(struct place *place)
{
	struct rules rules = {0};
	struct txn *txn = look(place);

	assert_int_equal(rules_load(txn, &rules, NULL), FAULT_NONE);
	store_end(txn);
	return rules;
}

static void
save(struct place *place, struct rules *rules)
{
	struct txn *txn = begin(place);
	struct why why = {0};

	if (rules_save(txn, rules, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	commit(txn);
	rules_clear(rules);
}

static uint64_t
head_of(struct place *place)
{
	unsigned char hash[CRYPTO_HASH_BYTES];
	struct txn *txn = look(place);
	uint64_t sequence = 0;

	assert_int_equal(journal_head(txn, &sequence, hash, NULL), FAULT_NONE);
	store_end(txn);
	return sequence;
}

/* ---- settings ----------------------------------------------------------------------------- */

static void
a_fresh_database_has_the_defaults(void **state_)
{
	struct place *place = *state_;
	struct settings settings = {0}, defaults = {0};
	struct rules rules = load(place);
	struct txn *txn = look(place);

	assert_int_equal(settings_default(&defaults, NULL), FAULT_NONE);
	assert_int_equal(settings_load(txn, &settings, NULL), FAULT_NONE);
	for (size_t i = 0; i < settings_table.count; i++) {
		const struct field *field = &settings_table.rows[i];

		assert_true(field_same(field, &settings, &defaults));
		assert_true(field_same(field, &rules.settings, &defaults));
	}
	store_end(txn);
	rules_clear(&rules);
	settings_clear(&settings);
	settings_clear(&defaults);
}

/* Each kind of setting, and zero and emptied ones, where the default is something else. */
static void
settings_are_kept_as_they_were_stated(void **state_)
{
	static const struct {
		const char *name, *text;
	} stated[] = {
	    {"login.email", "no"},
	    {"login.other-services", "refuse"},
	    {"password.min-length", "16"},
	    {"password.history", "0"},
	    {"password.max-age", "90d"},
	    {"password.argon2.memory", "128MiB"},
	    {"lockout.failures", "0"},
	    {"accounts.uid-range", "200000-299999 400000-499999"},
	    {"accounts.home", "/srv/home/%u"},
	    {"accounts.shell", ""},
	    {"directory.group-members", "0"},
	};
	struct place *place = *state_;
	struct rules rules = load(place);

	for (size_t i = 0; i < sizeof(stated) / sizeof(stated[0]); i++)
		state(&rules.settings, stated[i].name, stated[i].text);
	save(place, &rules);
	for (size_t i = 0; i < sizeof(stated) / sizeof(stated[0]); i++)
		assert_setting(place, stated[i].name, stated[i].text);
	assert_setting(place, "login.phone", "yes");
	assert_setting(place, "tokens.reset", "2h");
	assert_true(journal_says(place, "setting", "", "password.min-length", "12", "16"));
	assert_true(journal_says(place, "setting", "", "lockout.failures", "5", "0"));
	/* And back. */
	rules = load(place);
	settings_clear(&rules.settings);
	assert_int_equal(settings_default(&rules.settings, NULL), FAULT_NONE);
	save(place, &rules);
	assert_setting(place, "lockout.failures", "5");
	assert_setting(place, "accounts.shell", "/bin/bash");
	assert_true(journal_says(place, "setting", "", "password.min-length", "16", "12"));
}

static void
settings_out_of_bounds_are_refused(void **state_)
{
	struct place *place = *state_;
	struct rules rules = load(place);
	struct txn *txn = begin(place);
	struct why why;

	rules.settings.password_min_length = 3;
	assert_int_equal(rules_save(txn, &rules, &why), FAULT_INVALID);
	assert_string_equal(why.field, "password.min-length");
	rules.settings.password_min_length = 12;
	rules.settings.lockout_for = 0;
	assert_int_equal(rules_save(txn, &rules, &why), FAULT_INVALID);
	rules.settings.lockout_for = 60;
	assert_int_equal(rules_save(txn, &rules, &why), FAULT_NONE);
	commit(txn);
	rules_clear(&rules);
}

/* What is damaged is never a default: somebody may have stated otherwise. */
static void
damaged_settings_are_no_settings(void **state_)
{
	static const char *const damages[] = {
	    "\x05\0\0\0login\x01\0\0\0x",                       /* no such setting */
	    "\x14\0\0\0login.other-services\x05\0\0\0maybe",    /* no such value */
	    "\x14\0\0\0login.other-services\x07\0\0\0refuse",   /* too short */
	    "\x14\0\0\0login.other-services",                   /* half of it */
	    "\x0b\0\0\0lockout.for\0\0\0\0",                    /* half of a lock-out */
	};
	static const size_t sizes[] = {14, 33, 34, 24, 19};
	struct place *place = *state_;
	struct settings settings = {0};
	struct rules rules = {0};
	struct user nobody = {0};
	struct why why;
	struct txn *txn;

	for (size_t i = 0; i <= sizeof(damages) / sizeof(damages[0]); i++) {
		if (i < sizeof(damages) / sizeof(damages[0]))
			plant(place, T_POLICY, key_text("settings"), damages[i], sizes[i]);
		else
			uproot(place, T_POLICY, key_text("settings"));
		txn = look(place);
		assert_int_equal(settings_load(txn, &settings, &why), FAULT_UNAVAILABLE);
		assert_string_equal(why.text, "the database is damaged: the policy's settings");
		assert_int_equal(rules_load(txn, &rules, &why), FAULT_UNAVAILABLE);
		assert_int_equal(rules_load_login(txn, &nobody, &rules, &why), FAULT_UNAVAILABLE);
		assert_null(settings.home);
		assert_int_equal(rules.count, 0);
		store_end(txn);
	}
	plant(place, T_POLICY, key_text("settings"),
	    "\x14\0\0\0login.other-services\x06\0\0\0refuse", 34);
	assert_setting(place, "login.other-services", "refuse");
}

/* ---- services ----------------------------------------------------------------------------- */

static void
a_login_knows_every_service_that_is_named(void **state_)
{
	struct place *place = *state_;
	struct rules rules = load(place), part = {0};
	struct user nobody = {0};
	struct txn *txn;

	put(&rules, "shell.login", "sshd login", NULL);
	put(&rules, "desk.login", "gdm login", NULL);
	names_clear(&rules.services); /* what the caller's list says is not asked */
	save(place, &rules);
	txn = look(place);
	assert_int_equal(rules_load_login(txn, &nobody, &part, NULL), FAULT_NONE);
	assert_int_equal(part.count, 0);
	assert_int_equal(part.services.count, 3);
	assert_true(rules_name_service(&part, "gdm"));
	assert_true(rules_name_service(&part, "login"));
	assert_true(rules_name_service(&part, "sshd"));
	store_end(txn);
	rules = load(place);
	for (size_t i = 0; i < rules.count; i++)
		if (strcmp(rules.permission[i].name, "shell.login") == 0)
			names_clear(&rules.permission[i].services);
	save(place, &rules);
	txn = look(place);
	assert_int_equal(rules_load_login(txn, &nobody, &part, NULL), FAULT_NONE);
	assert_false(rules_name_service(&part, "sshd"));
	assert_true(rules_name_service(&part, "login"));
	store_end(txn);
	rules_clear(&part);
}

/* A list that lost a service would let in whoever has any permission at all. */
static void
a_damaged_list_of_services_opens_nothing(void **state_)
{
	struct place *place = *state_;
	struct rules rules = load(place);
	struct user nobody = {0};
	struct why why;
	struct txn *txn;

	put(&rules, "shell.login", "login sshd", NULL);
	save(place, &rules);
	for (int damage = 0; damage < 4; damage++) {
		switch (damage) {
		case 0:
			uproot(place, T_POLICY, key_text("services"));
			break;
		case 1:
			plant(place, T_POLICY, key_text("services"),
			    "\x02\0\0\0\x04\0\0\0sshd\x05\0\0\0login", 21);
			break;
		case 2:
			plant(place, T_POLICY, key_text("services"),
			    "\x02\0\0\0\x05\0\0\0login", 13);
			break;
		case 3:
			plant(place, T_POLICY, key_text("services"), "", 0);
			break;
		}
		txn = look(place);
		assert_int_equal(rules_load_login(txn, &nobody, &rules, &why), FAULT_UNAVAILABLE);
		assert_int_equal(rules_load(txn, &rules, &why), FAULT_UNAVAILABLE);
		store_end(txn);
	}
	/* Well written, but not what the permissions say: whoever reads both sees it. */
	plant(place, T_POLICY, key_text("services"), "\x01\0\0\0\x05\0\0\0login", 13);
	txn = look(place);
	assert_int_equal(rules_load(txn, &rules, &why), FAULT_UNAVAILABLE);
	store_end(txn);
	plant(place, T_POLICY, key_text("services"), "\x02\0\0\0\x05\0\0\0login\x04\0\0\0sshd", 21);
	txn = look(place);
	assert_int_equal(rules_load(txn, &rules, &why), FAULT_NONE);
	store_end(txn);
	rules_clear(&rules);
}

/* ---- what a login reads, and what everybody else does ------------------------------------- */

enum { PERMISSIONS = 12 };

/* A small generator, the same each time. */
static uint32_t seed;

static uint32_t
any(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

static const char *const services[] = {"login", "sshd", "gdm", "cron"};

/* A random policy of permissions that stand side by side under their patterns and beside them. */
static void
put_random_policy(struct place *place)
{
	static const char *const names[PERMISSIONS] = {"a", "a.b", "a.b-c", "a.b.c", "a.b.d",
	    "a-b.c", "b", "b.c", "logs.read", "logs.read.all", "shell.login", "z"};
	struct rules rules = {0};

	assert_int_equal(settings_default(&rules.settings, NULL), FAULT_NONE);
	if (any(2) == 0)
		state(&rules.settings, "login.other-services", "refuse");
	for (size_t i = 0; i < PERMISSIONS; i++)
		if (any(4) != 0)
			put(&rules, names[i], any(3) == 0 ? services[any(3)] : NULL,
			    any(3) == 0 ? user_types[any(USER_TYPES)] : NULL);
	save(place, &rules);
}

static struct user
random_user(void)
{
	static const char *const grants[] = {"*", "a.*", "a.b.*", "a.b", "a", "a-b.*", "logs.*",
	    "logs.read", "shell.login@2020-01-01", "b.*@2040-01-01", "z", "hexa.*",
	    "hexa.users.view", "none.*", "none"};
	struct user user = person("anna");

	user.type = any(USER_TYPES);
	set(&user, "roles", "empty");
	set(&user, "email", "a@example.org");
	set(&user, "phone", "+31612345678");
	for (uint32_t i = any(4); i > 0; i--)
		(void)field_add(field_find(&user_table, "grants"), &user,
		    grants[any(sizeof(grants) / sizeof(grants[0]))], NULL);
	return user;
}

static void
a_login_is_answered_as_the_whole_policy_does(void **state_)
{
	struct place *place = *state_;
	struct role empty = {.name = strdup("empty")};
	unsigned yes = 0, no = 0;
	struct txn *txn = begin(place);

	assert_int_equal(role_put(txn, &empty, NULL), FAULT_NONE);
	commit(txn);
	role_clear(&empty);
	for (seed = 1; seed != 0 && yes + no < 4000;) {
		struct roles roles = {0};
		struct rules whole = {0}, part = {0};

		put_random_policy(place);
		txn = look(place);
		assert_int_equal(rules_load(txn, &whole, NULL), FAULT_NONE);
		for (int i = 0; i < 20; i++) {
			struct user user = random_user();
			struct request request = {.service = services[any(4)], .now = NOW,
			    .phase = any(2) ? PHASE_AUTH : PHASE_ACCOUNT};
			struct decision one, other;

			assert_int_equal(roles_load_held(txn, &user, &roles, NULL), FAULT_NONE);
			assert_int_equal(rules_load_login(txn, &user, &part, NULL), FAULT_NONE);
			one = decide(&user, &roles, &whole, &request);
			other = decide(&user, &roles, &part, &request);
			assert_string_equal(verdict_name(one.verdict), verdict_name(other.verdict));
			assert_string_equal(one.permission ? one.permission : "",
			    other.permission ? other.permission : "");
			yes += verdict_allows(one.verdict);
			no += !verdict_allows(one.verdict);
			user_clear(&user);
		}
		store_end(txn);
		roles_clear(&roles);
		rules_clear(&whole);
		rules_clear(&part);
	}
	assert_true(yes > 400 && no > 400);
}

/* One grant brings what it covers, however much there is besides. */
static void
a_login_reads_no_more_than_is_granted(void **state_)
{
	struct place *place = *state_;
	struct rules rules = load(place), part = {0};
	struct user anna = person("anna");
	struct txn *txn;
	size_t builtin = rules.count;

	for (int i = 0; i < 500; i++) {
		char name[32];

		snprintf(name, sizeof(name), "area%d.door%d", i / 10, i % 10);
		put(&rules, name, NULL, NULL);
	}
	save(place, &rules);
	txn = look(place);
	assert_int_equal(rules_load_login(txn, &anna, &part, NULL), FAULT_NONE);
	assert_int_equal(part.count, 0);
	set(&anna, "grants", "area7.* area7.door3 area9.door1");
	assert_int_equal(rules_load_login(txn, &anna, &part, NULL), FAULT_NONE);
	assert_int_equal(part.count, builtin + 11);
	set(&anna, "grants", "*");
	assert_int_equal(rules_load_login(txn, &anna, &part, NULL), FAULT_NONE);
	assert_int_equal(part.count, builtin + 500);
	store_end(txn);
	rules_clear(&part);
	user_clear(&anna);
}

/* ---- constraints, tests, and the text ----------------------------------------------------- */

static void
constrain(struct document *document, const char *one, const char *other)
{
	struct names roles = {0};

	assert_true(names_add(&roles, one) && names_add(&roles, other));
	assert_int_equal(document_add_constraint(document, &roles, NULL), FAULT_NONE);
	names_clear(&roles);
}

static void
constraints_and_tests_keep_their_order(void **state_)
{
	struct place *place = *state_;
	struct document document = {0}, read = {0};
	struct txn *txn = begin(place);

	constrain(&document, "clerk", "auditor");
	constrain(&document, "buyer", "approver");
	assert_true(names_add(&document.tests, "role clerk can log in"));
	assert_true(names_add(&document.tests, "anna cannot hexa.users.edit"));
	assert_int_equal(extras_save(txn, &document, NULL), FAULT_NONE);
	commit(txn);
	assert_true(journal_says(place, "constraint", "clerk auditor", "", "", "clerk auditor"));
	assert_true(journal_says(place, "test", "role clerk can log in", "", "",
	    "role clerk can log in"));
	txn = look(place);
	assert_int_equal(document_load(txn, &read, NULL), FAULT_NONE);
	assert_int_equal(read.constraint_count, 2);
	assert_string_equal(read.constraint[0].never_together.item[0], "clerk");
	assert_string_equal(read.constraint[1].never_together.item[1], "approver");
	assert_true(names_same(&read.tests, &document.tests));
	assert_non_null(roles_find(&read.roles, ROLE_SYSTEM_ADMINISTRATOR));
	assert_non_null(rules_find(&read.rules, "hexa.users.edit"));
	assert_int_equal(read.rules.settings.password_min_length, 12);
	store_end(txn);
	document_clear(&document);
	document_clear(&read);
	/* One of each goes. */
	constrain(&document, "buyer", "approver");
	assert_true(names_add(&document.tests, "anna cannot hexa.users.edit"));
	txn = begin(place);
	assert_int_equal(extras_save(txn, &document, NULL), FAULT_NONE);
	commit(txn);
	assert_true(journal_says(place, "constraint", "clerk auditor", "", "clerk auditor", ""));
	assert_false(journal_says(place, "constraint", "buyer approver", "", "", "buyer approver"));
	assert_true(journal_says(place, "test", "role clerk can log in", "",
	    "role clerk can log in", ""));
	document_clear(&document);
}

/* In another order they are the same to the journal, and other ones to whoever reads them. */
static void
another_order_is_kept_without_an_entry(void **state_)
{
	struct place *place = *state_;
	struct document document = {0}, read = {0};
	struct txn *txn = begin(place);
	uint64_t head;
	bool saved = false;

	assert_true(names_add(&document.tests, "one") && names_add(&document.tests, "two"));
	assert_int_equal(extras_save(txn, &document, NULL), FAULT_NONE);
	commit(txn);
	head = head_of(place);
	assert_true(names_remove(&document.tests, "one") && names_add(&document.tests, "one"));
	txn = begin(place);
	assert_int_equal(extras_save(txn, &document, NULL), FAULT_NONE);
	assert_int_equal(store_commit(txn, &saved, NULL), FAULT_NONE);
	assert_true(saved);
	assert_int_equal(head_of(place), head);
	txn = look(place);
	assert_int_equal(document_load(txn, &read, NULL), FAULT_NONE);
	assert_string_equal(read.tests.item[0], "two");
	store_end(txn);
	document_clear(&document);
	document_clear(&read);
}

static void
damaged_constraints_and_tests_are_damage(void **state_)
{
	static const struct {
		const char *word, *data;
		size_t size;
	} damages[] = {
	    {"constraints", "\x01\0\0\0", 4},
	    {"constraints", "\xff\xff\xff\xff", 4},
	    {"constraints", "\x00\0\0\0x", 5},
	    {"constraints", "\x01\0\0\0\xff\xff\xff\x7f", 8},
	    {"constraints", "", 0},
	    {"constraints", NULL, 0},
	    {"tests", "\x01\0\0\0", 4},
	    {"tests", "\xff\xff\xff\xff", 4},
	    {"tests", "\x01\0\0\0\x02\0\0\0a\0", 10},
	    {"tests", "\x00\0\0\0x", 5},
	    {"tests", NULL, 0},
	};
	struct place *place = *state_;
	struct document document = {0};
	struct why why;
	struct txn *txn;

	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		struct span key = key_text(damages[i].word);

		if (damages[i].data == NULL)
			uproot(place, T_POLICY, key);
		else
			plant(place, T_POLICY, key, damages[i].data, damages[i].size);
		txn = look(place);
		assert_int_equal(document_load(txn, &document, &why), FAULT_UNAVAILABLE);
		assert_non_null(strstr(why.text, damages[i].word));
		assert_int_equal(document.roles.count, 0);
		store_end(txn);
		plant(place, T_POLICY, key, "\0\0\0\0", 4);
	}
	txn = look(place);
	assert_int_equal(document_load(txn, &document, &why), FAULT_NONE);
	store_end(txn);
	document_clear(&document);
}

static void
the_text_is_kept_as_it_was(void **state_)
{
	static const char yaml[] = "# hello\nhexa-policy: 1\n";
	struct place *place = *state_;
	struct bytes read = {0};
	struct txn *txn = look(place);
	uint64_t head = head_of(place);
	bool saved = false;

	assert_int_equal(source_get(txn, &read, NULL), FAULT_UNKNOWN);
	store_end(txn);
	txn = begin(place);
	assert_int_equal(source_put(txn, yaml, strlen(yaml), NULL), FAULT_NONE);
	/* By itself it changes nobody's rights, and stands in the journal all the same; once. */
	assert_int_equal(store_commit(txn, &saved, NULL), FAULT_NONE);
	assert_true(saved);
	assert_int_equal(head_of(place), head + 1);
	txn = begin(place);
	assert_int_equal(source_put(txn, yaml, strlen(yaml), NULL), FAULT_NONE);
	commit(txn);
	assert_int_equal(head_of(place), head + 1);
	txn = look(place);
	assert_int_equal(source_get(txn, &read, NULL), FAULT_NONE);
	assert_int_equal(read.size, strlen(yaml));
	assert_memory_equal(read.data, yaml, read.size);
	store_end(txn);
	txn = begin(place);
	assert_int_equal(source_put(txn, yaml, (size_t)DOCUMENT_MAX + 1, NULL), FAULT_INVALID);
	assert_int_equal(source_put(txn, NULL, 0, NULL), FAULT_NONE);
	assert_int_equal(source_put(txn, NULL, 0, NULL), FAULT_NONE);
	commit(txn);
	txn = look(place);
	assert_int_equal(source_get(txn, &read, NULL), FAULT_UNKNOWN);
	assert_int_equal(source_put(txn, yaml, strlen(yaml), NULL), FAULT_UNAVAILABLE);
	store_end(txn);
	bytes_clear(&read);
}

static void
a_permission_under_anothers_name_is_damage(void **state_)
{
	struct place *place = *state_;
	struct rules rules = load(place);
	struct user anna = person("anna");
	struct bytes copy = {0};
	struct span value;
	struct txn *txn;
	struct why why;

	put(&rules, "logs.read", NULL, NULL);
	save(place, &rules);
	txn = look(place);
	assert_int_equal(table_get(txn->db, T_PERMISSIONS, key_text("logs.read"), &value, NULL),
	    FAULT_NONE);
	bytes_put(&copy, value.data, value.size);
	store_end(txn);
	plant(place, T_PERMISSIONS, key_text("logs.write"), copy.data, copy.size);
	txn = look(place);
	set(&anna, "grants", "logs.*");
	assert_int_equal(rules_load_login(txn, &anna, &rules, &why), FAULT_UNAVAILABLE);
	assert_int_equal(rules_load(txn, &rules, &why), FAULT_UNAVAILABLE);
	set(&anna, "grants", "logs.read");
	assert_int_equal(rules_load_login(txn, &anna, &rules, &why), FAULT_NONE);
	store_end(txn);
	bytes_clear(&copy);
	rules_clear(&rules);
	user_clear(&anna);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_fresh_database_has_the_defaults),
	    TEST(settings_are_kept_as_they_were_stated),
	    TEST(settings_out_of_bounds_are_refused),
	    TEST(damaged_settings_are_no_settings),
	    TEST(a_login_knows_every_service_that_is_named),
	    TEST(a_damaged_list_of_services_opens_nothing),
	    TEST(a_login_is_answered_as_the_whole_policy_does),
	    TEST(a_login_reads_no_more_than_is_granted),
	    TEST(constraints_and_tests_keep_their_order),
	    TEST(another_order_is_kept_without_an_entry),
	    TEST(damaged_constraints_and_tests_are_damage),
	    TEST(the_text_is_kept_as_it_was),
	    TEST(a_permission_under_anothers_name_is_damage),
	};

	if (geteuid() != 0) {
		puts("1..0 # SKIP needs root: the database must belong to root");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
