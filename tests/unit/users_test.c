/*
 * users_test.c - what an administrator does with users, and everything that is refused.
 */
#include "tests/unit/accounts_fixture.h"
#include "tests/unit/samples.h"

#include "accounts/clients.h"
#include "accounts/lockout.h"

#define BUILDER "builder"

enum { UPTIME = 5000 };

static int
setup(void **state)
{
	int result = fixture_setup(state);

	add_role(*state, BUILDER);
	add_role(*state, "other");
	return result;
}

static enum fault
try_add(struct fixture *fixture, const char *name, const struct edits *edits)
{
	struct user made = {0};
	enum fault fault = account_add(&fixture->admin, name, edits, NULL, &made, &fixture->why);

	/* Out-parameters are written on success alone. */
	if (fault != FAULT_NONE)
		assert_null(made.name);
	user_clear(&made);
	return fault;
}

static enum fault
try_edit(struct fixture *fixture, const char *who, const struct edits *edits)
{
	return account_edit(&fixture->admin, who, edits, &fixture->why);
}

static bool
fits(const struct user *user, const char *password)
{
	return crypto_password_verify(user->password, &crypto_cost_default, password, NULL);
}

/* ---- making ------------------------------------------------------------------------------- */

static void
a_new_user_is_complete(void **state)
{
	struct fixture *fixture = *state;
	struct user made = {0}, read = {0};

	assert_good(fixture, account_add(&fixture->admin, "anna",
	    EDITS(PERSON("Anna", "Berg", BUILDER), USER_SET("email", "anna@example.org")),
	    GOOD_PASSWORD, &made, &fixture->why));
	assert_journal(fixture, "user add");
	read_user(fixture, "anna", &read);
	for (size_t i = 0; i < user_table.count; i++)
		assert_true(field_same(&user_table.rows[i], &made, &read));
	assert_int_equal(read.status, STATUS_ACTIVE);
	assert_int_equal(read.type, USER_EMPLOYEE);
	assert_string_equal(read.shell, "/bin/bash");
	assert_string_equal(read.home, "/home/anna");
	assert_int_equal(read.gid, read.uid);
	assert_int_equal(read.created, NOW);
	assert_int_equal(read.password_set, NOW);
	assert_int_equal(read.version, 1);
	assert_true(fits(&read, GOOD_PASSWORD));
	assert_false(fits(&read, "another long password"));
	user_clear(&made);
	user_clear(&read);
}

static void
what_is_stated_is_kept(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, try_add(fixture, "anna", EDITS(PERSON("Anna", "Berg", BUILDER),
	    USER_SET("type", "client"), USER_SET("shell", "/bin/zsh"),
	    USER_SET("home", "/srv/anna"))));
	assert_string_equal(user_text(fixture, "anna", "type"), "client");
	assert_string_equal(user_text(fixture, "anna", "shell"), "/bin/zsh");
	assert_string_equal(user_text(fixture, "anna", "home"), "/srv/anna");
}

static void
required_fields_are_asked_for(void **state)
{
	struct fixture *fixture = *state;
	struct edit all[] = {PERSON("Anna", "Berg", BUILDER)};
	static const char *const fields[] = {"first-name", "last-name", "roles"};

	for (size_t left_out = 0; left_out < 3; left_out++) {
		struct edit some[2] = {all[left_out == 0 ? 1 : 0], all[left_out == 2 ? 1 : 2]};
		struct edits edits = {some, 2};

		assert_refused(fixture, FAULT_INVALID, fields[left_out],
		    try_add(fixture, "anna", &edits));
		assert_refused(fixture, FAULT_INVALID, fields[left_out],
		    try_add(fixture, NULL, &edits));
	}
	assert_good(fixture, try_add(fixture, "anna", &(struct edits){all, 3}));
}

static void
a_role_must_exist(void **state)
{
	struct fixture *fixture = *state;

	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    try_add(fixture, "anna", EDITS(PERSON("Anna", "Berg", "bulider"))));
	assert_says(fixture, "did you mean builder");
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    try_add(fixture, "anna", EDITS(PERSON("Anna", "Berg", "zzz"))));
	assert_good(fixture, try_add(fixture, "anna", EDITS(PERSON("Anna", "Berg", BUILDER))));
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    try_edit(fixture, "anna", EDITS(USER_ADD("roles", "bulider"))));
}

/* ---- names -------------------------------------------------------------------------------- */

static void
bad_names_are_refused(void **state)
{
	struct fixture *fixture = *state;
	static const char *const bad[] = {"", "-", "-rf", "1", "123", ".", "..", "~", "a b", "a:b",
	    "a\nb", "a,b", "a/b", "../x", "a$", "Anna", "\xc3\xa5sa", "a.b", "a\x1b[31m", "a=b",
	    "0x1f", ";id;", "$(id)", "a\x80", "abcdefghijklmnopqrstuvwxyz0123456"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_refused(fixture, FAULT_INVALID, "name",
		    try_add(fixture, bad[i], EDITS(PERSON("Anna", "Berg", BUILDER))));
	add_user(fixture, "anna", BUILDER);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_refused(fixture, FAULT_INVALID, "name",
		    account_rename(&fixture->admin, "anna", bad[i], &fixture->why));
}

/* One rule for every spelling: Anna is not anna, and is told which name there can be. */
static void
capitals_are_refused_and_mended(void **state)
{
	static const struct {
		const char *typed, *meant;
	} table[] = {{"Anna", "anna"}, {"ANNA", "anna"}, {"aNna_B-2", "anna_b-2"}, {"R00T", "r00t"}};
	static const char *const hopeless[] = {"Anna Berg", "\xc3\x85sa", "1Anna", "ANNA.BERG", "-A",
	    "Abcdefghijklmnopqrstuvwxyz0123456"};
	struct fixture *fixture = *state;
	char words[64];

	add_user(fixture, "bob", BUILDER);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		snprintf(words, sizeof(words), "did you mean %s?", table[i].meant);
		assert_refused(fixture, FAULT_INVALID, "name",
		    try_add(fixture, table[i].typed, EDITS(PERSON("Anna", "Berg", BUILDER))));
		assert_says(fixture, words);
		assert_refused(fixture, FAULT_INVALID, "name",
		    account_rename(&fixture->admin, "bob", table[i].typed, &fixture->why));
		assert_says(fixture, words);
		assert_refused(fixture, FAULT_INVALID, "report-to",
		    try_edit(fixture, "bob", EDITS(USER_SET("report-to", table[i].typed))));
		assert_says(fixture, words);
	}
	for (size_t i = 0; i < sizeof(hopeless) / sizeof(hopeless[0]); i++) {
		assert_refused(fixture, FAULT_INVALID, "name",
		    try_add(fixture, hopeless[i], EDITS(PERSON("Anna", "Berg", BUILDER))));
		assert_null(strstr(fixture->why.text, "did you mean"));
	}
	assert_good(fixture, try_add(fixture, "anna", EDITS(PERSON("Anna", "Berg", BUILDER))));
}

static void
the_hosts_own_names_are_refused(void **state)
{
	struct fixture *fixture = *state;
	static const char *const taken[] = {"local", "outsider", "painters", /* reserved: */ "root",
	    "sudo", "wheel", "admin", "adm", "docker", "operator", "backup"};

	add_user(fixture, "anna", BUILDER);
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		assert_refused(fixture, FAULT_CONFLICT, "name",
		    try_add(fixture, taken[i], EDITS(PERSON("Anna", "Berg", BUILDER))));
		assert_refused(fixture, FAULT_CONFLICT, "name",
		    account_rename(&fixture->admin, "anna", taken[i], &fixture->why));
	}
	/* Insisting does not help. */
	fixture->admin.insist = true;
	assert_refused(fixture, FAULT_CONFLICT, "name",
	    try_add(fixture, "wheel", EDITS(PERSON("Anna", "Berg", BUILDER))));
	assert_refused(fixture, FAULT_CONFLICT, "name",
	    try_add(fixture, "local", EDITS(PERSON("Anna", "Berg", BUILDER))));
}

static void
a_name_in_sudoers_needs_insistence(void **state)
{
	struct fixture *fixture = *state;

	assert_refused(fixture, FAULT_CONFLICT, "name",
	    try_add(fixture, "cleo", EDITS(PERSON("Cleo", "Dahl", BUILDER))));
	assert_says(fixture, "sudoers");
	assert_says(fixture, "--yes");
	fixture->admin.insist = true;
	assert_good(fixture, try_add(fixture, "cleo", EDITS(PERSON("Cleo", "Dahl", BUILDER))));
}

/* A local user was removed, and a group's line was forgotten. */
static void
a_member_of_the_hosts_groups_needs_insistence(void **state)
{
	struct fixture *fixture = *state;

	write_file(fixture->root, "/etc/group", "root:x:0:\nsudo:x:27:dora,emil\nempty:x:28:\n");
	assert_refused(fixture, FAULT_CONFLICT, "name",
	    try_add(fixture, "emil", EDITS(PERSON("Emil", "Dahl", BUILDER))));
	assert_says(fixture, "/etc/group");
	assert_good(fixture, try_add(fixture, "emi", EDITS(PERSON("Emi", "Dahl", BUILDER))));
	assert_refused(fixture, FAULT_CONFLICT, "name",
	    account_rename(&fixture->admin, "emi", "dora", &fixture->why));
	fixture->admin.insist = true;
	assert_good(fixture, account_rename(&fixture->admin, "emi", "dora", &fixture->why));
}

static void
only_root_insists(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "boss", ROLE_SYSTEM_ADMINISTRATOR);
	fixture_become(fixture, "boss");
	fixture->admin.insist = true;
	assert_refused(fixture, FAULT_CONFLICT, "name",
	    try_add(fixture, "cleo", EDITS(PERSON("Cleo", "Dahl", BUILDER))));
	assert_good(fixture, try_add(fixture, "clea", EDITS(PERSON("Cleo", "Dahl", BUILDER))));
}

static void
what_one_user_has_no_other_gets(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, try_add(fixture, "anna", EDITS(PERSON("Anna", "Berg", BUILDER),
	    USER_SET("email", "anna@example.org"), USER_SET("phone", "+31612345678"))));
	assert_refused(fixture, FAULT_CONFLICT, "name",
	    try_add(fixture, "anna", EDITS(PERSON("Bob", "Bell", BUILDER))));
	assert_refused(fixture, FAULT_CONFLICT, "email", try_add(fixture, "bob",
	    EDITS(PERSON("Bob", "Bell", BUILDER), USER_SET("email", "ANNA@Example.org"))));
	assert_refused(fixture, FAULT_CONFLICT, "phone", try_add(fixture, "bob",
	    EDITS(PERSON("Bob", "Bell", BUILDER), USER_SET("phone", "+31612345678"))));
	assert_good(fixture, try_add(fixture, "bob", EDITS(PERSON("Bob", "Bell", BUILDER),
	    USER_SET("email", "bob@example.org"), USER_SET("phone", "+31612345679"))));
	assert_refused(fixture, FAULT_CONFLICT, "email",
	    try_edit(fixture, "bob", EDITS(USER_SET("email", "anna@example.org"))));
	/* One's own is no conflict. */
	assert_good(fixture,
	    try_edit(fixture, "anna", EDITS(USER_SET("email", "Anna@Example.org"))));
}

static const char *
made_name(struct fixture *fixture, const char *first, const char *last)
{
	static char name[64];
	struct user made = {0};

	assert_good(fixture, account_add(&fixture->admin, NULL, EDITS(PERSON(first, last, BUILDER)),
	    NULL, &made, &fixture->why));
	snprintf(name, sizeof(name), "%s", made.name);
	user_clear(&made);
	return name;
}

static void
a_name_is_made(void **state)
{
	struct fixture *fixture = *state;

	assert_string_equal(made_name(fixture, "\xc3\x85sa", "\xc3\x96" "berg"), "aoberg");
	assert_string_equal(made_name(fixture, "Anders", "Oberg"), "aoberg2");
	assert_string_equal(made_name(fixture, "Alva", "Oberg"), "aoberg3");
}

static void
a_made_name_steps_aside(void **state)
{
	struct fixture *fixture = *state;

	assert_string_equal(made_name(fixture, "L", "Ocal"), "local2");
	assert_string_equal(made_name(fixture, "R", "Oot"), "root2");
	assert_string_equal(made_name(fixture, "D", "Ocker"), "docker2");
	assert_string_equal(made_name(fixture, "C", "Leo"), "cleo2");
	/* Insisting is for a name that was typed. */
	fixture->admin.insist = true;
	assert_string_equal(made_name(fixture, "C", "Leo"), "cleo3");
	assert_refused(fixture, FAULT_INVALID, "name",
	    try_add(fixture, NULL, EDITS(PERSON("\xe6\x9d\x8e", "\xe5\xb0\x8f", BUILDER))));
	assert_says(fixture, "give one");
	assert_refused(fixture, FAULT_INVALID, "name",
	    try_add(fixture, NULL, EDITS(PERSON("4", "44", BUILDER))));
	assert_says(fixture, "give one");
}

/* ---- ids ---------------------------------------------------------------------------------- */

enum { USERS = 200 };

static void
ids_are_given_once(void **state)
{
	struct fixture *fixture = *state;
	uint32_t last = 0;

	for (int i = 0; i < USERS; i++) {
		char name[16];
		uint32_t uid;

		snprintf(name, sizeof(name), "user%d", i);
		uid = add_user(fixture, name, BUILDER);
		assert_true(uid > last);
		assert_int_not_equal(uid, 65537); /* is outsider's, in /etc/passwd */
		last = uid;
	}
	for (int i = 0; i < USERS; i++) {
		char name[16];

		snprintf(name, sizeof(name), "user%d", i);
		assert_good(fixture, account_delete(&fixture->admin, name, &fixture->why));
	}
	assert_true(add_user(fixture, "later", BUILDER) > last);
}

static void
ids_are_nobodys_to_set(void **state)
{
	struct fixture *fixture = *state;
	static const char *const kept[] = {"uid", "gid", "name", "status", "created", "origin",
	    "uuid", "version", "password", "password-set", "must-change"};

	add_user(fixture, "anna", BUILDER);
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		const struct edit set = {EDIT_SET, user_field(kept[i]), "1"};
		const struct edit clear = {EDIT_CLEAR, user_field(kept[i]), NULL};

		assert_refused(fixture, FAULT_INVALID, kept[i],
		    try_edit(fixture, "anna", &(struct edits){&set, 1}));
		assert_refused(fixture, FAULT_INVALID, kept[i],
		    try_edit(fixture, "anna", &(struct edits){&clear, 1}));
		assert_refused(fixture, FAULT_INVALID, kept[i],
		    try_add(fixture, "bob", &(struct edits){&set, 1}));
	}
}

/* ---- editing ------------------------------------------------------------------------------ */

/* As sample(), of what there must be on the host. */
static const char *
good_sample(const struct field *field)
{
	if (field->kind == K_ASSIGNMENTS)
		return BUILDER "@/sales";
	if (field->kind == K_GRANTS)
		return "hexa.users.view@2027-01-31";
	if (field->kind == K_LOGINS)
		return "acme"; /* a client, and a site of it */
	if (field->kind == K_USER)
		return "bob";
	return sample(field);
}

static void
every_field_takes_good_and_refuses_bad(void **state)
{
	struct fixture *fixture = *state;
	uint32_t uid = add_user(fixture, "anna", "other");

	add_user(fixture, "bob", "other");
	assert_good(fixture, client_create(&fixture->admin, "acme", NO_EDITS, &fixture->why));
	assert_good(fixture, site_create(&fixture->admin, "acme",
	    EDITS({EDIT_SET, field_find(&site_table, "client"), "acme"}), &fixture->why));
	for (size_t i = 0; i < user_table.count; i++) {
		const struct field *field = &user_table.rows[i];
		struct edit edit = {EDIT_SET, field, bad_sample(field)};

		if ((field->rights & (F_KEPT | F_HIDDEN)) != 0)
			continue;
		assert_refused(fixture, FAULT_INVALID, field->name,
		    try_edit(fixture, "anna", &(struct edits){&edit, 1}));
		edit.value = good_sample(field);
		assert_good(fixture, try_edit(fixture, "anna", &(struct edits){&edit, 1}));
		assert_journal(fixture, "user edit");
		assert_string_not_equal(user_text(fixture, "anna", field->name), "");
		/* Whatever is edited, identity stays. */
		assert_string_equal(user_text(fixture, "anna", "name"), "anna");
		{
			struct user user = {0};

			read_user(fixture, "anna", &user);
			assert_int_equal(user.uid, uid);
			assert_int_equal(user.gid, uid);
			user_clear(&user);
		}
	}
}

static void
an_edit_is_all_or_nothing(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "anna", BUILDER);
	assert_refused(fixture, FAULT_INVALID, "email", try_edit(fixture, "anna",
	    EDITS(USER_SET("note", "new"), USER_SET("email", "nonsense"))));
	assert_string_equal(user_text(fixture, "anna", "note"), "");
}

static void
an_edit_that_changes_nothing_writes_nothing(void **state)
{
	struct fixture *fixture = *state;
	uint64_t before;

	add_user(fixture, "anna", BUILDER);
	before = journal_at(fixture);
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_SET("first-name", "Ex"))));
	assert_good(fixture, try_edit(fixture, "anna", NO_EDITS));
	assert_int_equal(journal_at(fixture), before);
	assert_string_equal(user_text(fixture, "anna", "version"), "1");
}

static void
lists_are_added_to_and_taken_from(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "anna", BUILDER);
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_ADD("roles", "other"))));
	assert_string_equal(user_text(fixture, "anna", "roles"), "builder other");
	assert_refused(fixture, FAULT_CONFLICT, "roles",
	    try_edit(fixture, "anna", EDITS(USER_ADD("roles", "other"))));
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_REMOVE("roles", BUILDER))));
	assert_refused(fixture, FAULT_UNKNOWN, "roles",
	    try_edit(fixture, "anna", EDITS(USER_REMOVE("roles", BUILDER))));
	assert_refused(fixture, FAULT_INVALID, "note",
	    try_edit(fixture, "anna", EDITS(USER_ADD("note", "more"))));
	/* The last role may go: the user then may do nothing. */
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_CLEAR("roles"))));
	assert_refused(fixture, FAULT_INVALID, "first-name",
	    try_edit(fixture, "anna", EDITS(USER_CLEAR("first-name"))));
}

static void
whoever_is_meant_is_found(void **state)
{
	static const char *const nobody[] = {"", "bob", "uid:", "uid:1", "uid:x", "uid:4294967296",
	    "b@example.org", "@", "+", "+3161", "\n", "a b"};
	struct fixture *fixture = *state;
	char by_uid[32], endless[65536] = {0};
	uint32_t uid;

	uid = add_user(fixture, "anna", BUILDER);
	snprintf(by_uid, sizeof(by_uid), "uid:%lu", (unsigned long)uid);
	assert_good(fixture, try_edit(fixture, by_uid, EDITS(USER_SET("email", "a@example.org"))));
	assert_good(fixture,
	    try_edit(fixture, "A@example.org", EDITS(USER_SET("phone", "+31612345678"))));
	assert_good(fixture, try_edit(fixture, "+31612345678", EDITS(USER_SET("note", "found"))));
	assert_string_equal(user_text(fixture, "anna", "note"), "found");
	memset(endless, 'a', sizeof(endless) - 1);
	for (size_t i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++)
		assert_refused(fixture, FAULT_UNKNOWN, NULL,
		    try_edit(fixture, nobody[i], EDITS(USER_SET("note", "x"))));
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    try_edit(fixture, endless, EDITS(USER_SET("note", "x"))));
	endless[0] = '+';
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    try_edit(fixture, endless, EDITS(USER_SET("note", "x"))));
	endless[1] = '@';
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    try_edit(fixture, endless, EDITS(USER_SET("note", "x"))));
}

static void
of_two_editors_one_is_told(void **state)
{
	struct fixture *fixture = *state;
	struct user stale = {0};
	struct txn *txn;

	add_user(fixture, "anna", BUILDER);
	read_user(fixture, "anna", &stale);
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_SET("note", "first"))));
	assert_good(fixture, field_parse(user_field("note"), &stale, "second", &fixture->why));
	assert_good(fixture, store_write_begin(fixture->admin.store, &fixture->admin.actor,
	    "user edit", NOW, &txn, &fixture->why));
	assert_fault(fixture, FAULT_CONFLICT, user_put(txn, &stale, &fixture->why));
	store_end(txn);
	assert_string_equal(user_text(fixture, "anna", "note"), "first");
	user_clear(&stale);
	/* Read anew, it goes through. */
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_SET("note", "second"))));
}

/* ---- renaming, suspending, deleting ------------------------------------------------------- */

static void
a_rename_keeps_all_but_the_name(void **state)
{
	struct fixture *fixture = *state;
	struct user before = {0}, after = {0};

	add_user(fixture, "anna", BUILDER);
	add_user(fixture, "bob", BUILDER);
	read_user(fixture, "anna", &before);
	assert_refused(fixture, FAULT_CONFLICT, "name",
	    account_rename(&fixture->admin, "anna", "bob", &fixture->why));
	assert_refused(fixture, FAULT_CONFLICT, "name",
	    account_rename(&fixture->admin, "anna", "cleo", &fixture->why));
	assert_good(fixture, account_rename(&fixture->admin, "anna", "annika", &fixture->why));
	assert_journal(fixture, "user rename");
	read_user(fixture, "annika", &after);
	assert_int_equal(after.uid, before.uid);
	assert_string_equal(after.home, before.home);
	assert_memory_equal(&after.uuid, &before.uuid, sizeof(after.uuid));
	user_clear(&before);
	user_clear(&after);
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    account_rename(&fixture->admin, "anna", "andrea", &fixture->why));
}

static void
an_old_name_is_kept_back_for_an_hour(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "anna", BUILDER);
	assert_good(fixture, account_rename(&fixture->admin, "anna", "annika", &fixture->why));
	assert_refused(fixture, FAULT_CONFLICT, "name",
	    try_add(fixture, "anna", EDITS(PERSON("Anna", "Berg", BUILDER))));
	fixture->admin.now = NOW + 3601;
	assert_good(fixture, try_add(fixture, "anna",
	    EDITS(PERSON("Anna", "Berg", BUILDER), USER_SET("home", "/home/anna-berg"))));
	assert_good(fixture, account_delete(&fixture->admin, "anna", &fixture->why));
	assert_refused(fixture, FAULT_CONFLICT, "name",
	    try_add(fixture, "anna", EDITS(PERSON("Anna", "Berg", BUILDER))));
	fixture->admin.insist = true;
	assert_good(fixture, try_add(fixture, "anna", EDITS(PERSON("Anna", "Berg", BUILDER))));
}

/* Who comes into it first has the other run what they wrote there. */
static void
a_home_is_one_users(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "anna", BUILDER);
	add_user(fixture, "carl", BUILDER);
	assert_good(fixture, account_rename(&fixture->admin, "anna", "annika", &fixture->why));
	fixture->admin.now = NOW + 3601;
	assert_refused(fixture, FAULT_CONFLICT, "home",
	    try_add(fixture, "anna", EDITS(PERSON("Anna", "Berg", BUILDER))));
	assert_says(fixture, "/home/anna is the home of annika");
	assert_refused(fixture, FAULT_CONFLICT, "home",
	    try_edit(fixture, "carl", EDITS(USER_SET("home", "/home/anna"))));
	assert_refused(fixture, FAULT_CONFLICT, "home",
	    try_edit(fixture, "annika", EDITS(USER_SET("home", "/home/carl"))));
	/* However it is spelled. */
	assert_refused(fixture, FAULT_CONFLICT, "home",
	    try_edit(fixture, "annika", EDITS(USER_SET("home", "/home/carl/"))));
	assert_refused(fixture, FAULT_CONFLICT, "home",
	    try_edit(fixture, "carl", EDITS(USER_SET("home", "/home/./anna"))));
	assert_good(fixture, try_edit(fixture, "annika", EDITS(USER_SET("note", "kept"))));
	fixture->admin.insist = true;
	assert_good(fixture, try_edit(fixture, "carl", EDITS(USER_SET("home", "/home/anna"))));
	fixture->admin.insist = false;
	/* It is free when both have left it. */
	assert_good(fixture, try_edit(fixture, "annika", EDITS(USER_SET("home", "/home/annika"))));
	assert_refused(fixture, FAULT_CONFLICT, "home",
	    try_add(fixture, "anna", EDITS(PERSON("Anna", "Berg", BUILDER))));
	assert_good(fixture, try_edit(fixture, "carl", EDITS(USER_SET("home", "/home/carl"))));
	assert_good(fixture, try_add(fixture, "anna", EDITS(PERSON("Anna", "Berg", BUILDER))));
}

/* What stands for none is nobody's. */
static void
homes_of_none_are_shared(void **state)
{
	static const char *const none[] = {"/", "/nonexistent", "/nonexistent/"};
	struct fixture *fixture = *state;

	add_user(fixture, "anna", BUILDER);
	add_user(fixture, "carl", BUILDER);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_SET("home", none[i]))));
		assert_good(fixture, try_edit(fixture, "carl", EDITS(USER_SET("home", none[i]))));
	}
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_SET("home", "/srv/anna/."))));
	assert_refused(fixture, FAULT_CONFLICT, "home",
	    try_edit(fixture, "carl", EDITS(USER_SET("home", "/srv/anna"))));
}

/* Nor is anybody told whose it is who may not know of them. */
static void
a_delegate_gives_nobody_anothers_home(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "boss", ROLE_SYSTEM_ADMINISTRATOR);
	add_user(fixture, "anna", BUILDER);
	assert_good(fixture, account_rename(&fixture->admin, "anna", "annika", &fixture->why));
	fixture_become(fixture, "boss");
	fixture->admin.now = NOW + 3601;
	fixture->admin.insist = true;
	assert_refused(fixture, FAULT_CONFLICT, "home",
	    try_add(fixture, "anna", EDITS(PERSON("Anna", "Berg", BUILDER))));
	assert_null(strstr(fixture->why.text, "annika"));
}

/* anna's home after she is gone: whoever is called so next would come into it. */
static void
what_was_left_behind_keeps_the_name_back(void **state)
{
	struct fixture *fixture = *state;
	char home[256];
	uid_t uid = add_user(fixture, "anna", BUILDER);

	make_folder(fixture->root, "/home");
	make_folder(fixture->root, "/home/anna");
	assert_in_range(snprintf(home, sizeof(home), "%s/home/anna", fixture->root), 1,
	    sizeof(home) - 1);
	assert_int_equal(lchown(home, uid, uid), 0);
	assert_good(fixture, account_delete(&fixture->admin, "anna", &fixture->why));
	fixture->admin.now = NOW + 3601;
	assert_refused(fixture, FAULT_CONFLICT, "name",
	    try_add(fixture, "anna", EDITS(PERSON("Anna", "Berg", BUILDER))));
	assert_says(fixture, "/home/anna");
	/* A folder of root's, or of a stranger to Hexa, is nobody's whom she would be taken for. */
	assert_int_equal(lchown(home, 0, 0), 0);
	assert_good(fixture, try_add(fixture, "anna", EDITS(PERSON("Anna", "Berg", BUILDER))));
	assert_int_equal(lchown(home, uid, uid), 0);
	add_user(fixture, "bob", BUILDER);
	assert_good(fixture, account_delete(&fixture->admin, "anna", &fixture->why));
	fixture->admin.now = NOW + 7202;
	assert_refused(fixture, FAULT_CONFLICT, "name",
	    account_rename(&fixture->admin, "bob", "anna", &fixture->why));
	fixture->admin.insist = true;
	assert_good(fixture, account_rename(&fixture->admin, "bob", "anna", &fixture->why));
}

/* And where the policy has homes elsewhere. */
static void
what_was_left_behind_elsewhere_too(void **state)
{
	struct fixture *fixture = *state;
	static const char head[] = "hexa-policy: 1\n";
	struct bytes text = {0}, yaml = {0};
	char home[256], *all, *moved;
	uid_t uid = add_user(fixture, "anna", BUILDER);

	assert_good(fixture, policy_text(&fixture->admin, &text, &fixture->why));
	all = bytes_take_text(&text);
	assert_int_equal(strncmp(all, head, strlen(head)), 0);
	bytes_print(&yaml, "%saccounts: {home: /srv/%%u/in}\n%s", head, all + strlen(head));
	moved = bytes_take_text(&yaml);
	assert_good(fixture, apply(fixture, moved));
	free(all);
	free(moved);
	make_folder(fixture->root, "/srv");
	make_folder(fixture->root, "/srv/anna");
	make_folder(fixture->root, "/srv/anna/in");
	assert_in_range(snprintf(home, sizeof(home), "%s/srv/anna/in", fixture->root), 1,
	    sizeof(home) - 1);
	assert_int_equal(lchown(home, uid, uid), 0);
	assert_good(fixture, account_delete(&fixture->admin, "anna", &fixture->why));
	fixture->admin.now = NOW + 3601;
	assert_refused(fixture, FAULT_CONFLICT, "name",
	    try_add(fixture, "anna", EDITS(PERSON("Anna", "Berg", BUILDER))));
	assert_says(fixture, "/srv/anna/in");
	assert_int_equal(lchown(home, 0, 0), 0);
	assert_good(fixture, try_add(fixture, "anna", EDITS(PERSON("Anna", "Berg", BUILDER))));
}

static void
suspending_and_back(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "anna", BUILDER);
	assert_refused(fixture, FAULT_RULE, "status",
	    account_resume(&fixture->admin, "anna", &fixture->why));
	assert_says(fixture, "active");
	assert_good(fixture, account_suspend(&fixture->admin, "anna", &fixture->why));
	assert_journal(fixture, "user suspend");
	assert_string_equal(user_text(fixture, "anna", "status"), "suspended");
	assert_refused(fixture, FAULT_RULE, "status",
	    account_suspend(&fixture->admin, "anna", &fixture->why));
	assert_says(fixture, "suspended");
	assert_good(fixture, account_resume(&fixture->admin, "anna", &fixture->why));
	assert_journal(fixture, "user resume");
	assert_string_equal(user_text(fixture, "anna", "status"), "active");
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    account_suspend(&fixture->admin, "nobody-here", &fixture->why));
}

static void
a_deleted_user_is_gone(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "anna", BUILDER);
	assert_good(fixture, account_delete(&fixture->admin, "anna", &fixture->why));
	assert_journal(fixture, "user delete");
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    account_delete(&fixture->admin, "anna", &fixture->why));
}

/* ---- the last administrator --------------------------------------------------------------- */

/* Each thing that would take boss's administration away, or give it an end. */
static enum fault
take_away(struct fixture *fixture, unsigned how)
{
	switch (how) {
	case 0:
		return account_delete(&fixture->admin, "boss", &fixture->why);
	case 1:
		return account_suspend(&fixture->admin, "boss", &fixture->why);
	case 2:
		return try_edit(fixture, "boss",
		    EDITS(USER_REMOVE("roles", ROLE_SYSTEM_ADMINISTRATOR)));
	case 3:
		return try_edit(fixture, "boss", EDITS(USER_SET("roles", BUILDER)));
	case 4:
		return try_edit(fixture, "boss", EDITS(USER_CLEAR("roles")));
	case 5:
		return try_edit(fixture, "boss", EDITS(USER_SET("type", "integration")));
	case 6:
		return try_edit(fixture, "boss", EDITS(USER_SET("valid-until", "2026-11-20")));
	case 7:
		return try_edit(fixture, "boss", EDITS(USER_SET("valid-until", "2027-11-20")));
	case 8:
		return try_edit(fixture, "boss", EDITS(USER_SET("valid-from", "2027-11-20")));
	case 9: /* a client without e-mail and phone does not log in */
		return try_edit(fixture, "boss", EDITS(USER_SET("type", "client")));
	default:
		return FAULT_UNAVAILABLE;
	}
}

enum { WAYS_TO_TAKE_AWAY = 10 };

static void
the_last_administrator_stays(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "boss", ROLE_SYSTEM_ADMINISTRATOR);
	for (unsigned how = 0; how < WAYS_TO_TAKE_AWAY; how++) {
		assert_refused(fixture, FAULT_RULE, NULL, take_away(fixture, how));
		assert_says(fixture, "last active");
	}
	/* What takes nothing away is allowed. */
	assert_good(fixture, try_edit(fixture, "boss", EDITS(USER_SET("note", "the last"))));
	assert_good(fixture, account_rename(&fixture->admin, "boss", "chief", &fixture->why));
}

static void
with_another_administrator_one_may_go(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "second", ROLE_SYSTEM_ADMINISTRATOR);
	for (unsigned how = 0; how < WAYS_TO_TAKE_AWAY; how++) {
		fixture->admin.now = NOW;
		add_user(fixture, "boss", ROLE_SYSTEM_ADMINISTRATOR);
		assert_good(fixture, take_away(fixture, how));
		if (how > 0)
			assert_good(fixture,
			    account_delete(&fixture->admin, "boss", &fixture->why));
		fixture->admin.insist = true; /* the name again at once */
	}
}

static void
one_who_cannot_act_is_no_other_administrator(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "boss", ROLE_SYSTEM_ADMINISTRATOR);
	add_user(fixture, "away", ROLE_SYSTEM_ADMINISTRATOR);
	assert_good(fixture, account_suspend(&fixture->admin, "away", &fixture->why));
	assert_refused(fixture, FAULT_RULE, NULL,
	    account_delete(&fixture->admin, "boss", &fixture->why));
	assert_good(fixture, account_resume(&fixture->admin, "away", &fixture->why));
	assert_good(fixture, account_delete(&fixture->admin, "boss", &fixture->why));
}

/* ---- whose account ------------------------------------------------------------------------ */

static void
nobody_changes_their_own_account(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "boss", ROLE_SYSTEM_ADMINISTRATOR);
	add_user(fixture, "equal", ROLE_SYSTEM_ADMINISTRATOR);
	fixture_become(fixture, "boss");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "boss", EDITS(USER_SET("note", "x"))));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    account_rename(&fixture->admin, "boss", "chief", &fixture->why));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    account_suspend(&fixture->admin, "boss", &fixture->why));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    account_resume(&fixture->admin, "boss", &fixture->why));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    account_delete(&fixture->admin, "boss", &fixture->why));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    account_password(&fixture->admin, "boss", GOOD_PASSWORD, &fixture->why));
	/* An equal's is allowed. */
	assert_good(fixture, try_edit(fixture, "equal", EDITS(USER_SET("note", "x"))));
	assert_good(fixture, account_rename(&fixture->admin, "equal", "peer", &fixture->why));
	assert_good(fixture, account_suspend(&fixture->admin, "peer", &fixture->why));
	assert_good(fixture, account_resume(&fixture->admin, "peer", &fixture->why));
	assert_good(fixture,
	    account_password(&fixture->admin, "peer", GOOD_PASSWORD, &fixture->why));
	assert_good(fixture, account_delete(&fixture->admin, "peer", &fixture->why));
}

static void
rights_are_looked_at_when_it_is_done(void **state)
{
	struct fixture *fixture = *state;
	struct admin root;

	add_user(fixture, "boss", ROLE_SYSTEM_ADMINISTRATOR);
	add_user(fixture, "other-boss", ROLE_SYSTEM_ADMINISTRATOR);
	add_user(fixture, "anna", BUILDER);
	fixture_become(fixture, "boss");
	root = fixture->admin;
	root.is_root = true;
	assert_good(fixture, account_suspend(&root, "boss", &fixture->why));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_edit(fixture, "anna", EDITS(USER_SET("note", "x"))));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    try_add(fixture, "bob", EDITS(PERSON("Bob", "Bell", BUILDER))));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    account_delete(&fixture->admin, "anna", &fixture->why));
	assert_good(fixture, account_resume(&root, "boss", &fixture->why));
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_SET("note", "x"))));
}

/* ---- passwords ---------------------------------------------------------------------------- */

static void
a_password_is_set(void **state)
{
	struct fixture *fixture = *state;
	struct user user = {0};

	add_user(fixture, "anna", BUILDER);
	fixture->admin.now = NOW + 60;
	assert_good(fixture,
	    account_password(&fixture->admin, "anna", GOOD_PASSWORD, &fixture->why));
	assert_journal(fixture, "user password");
	read_user(fixture, "anna", &user);
	assert_true(fits(&user, GOOD_PASSWORD));
	assert_int_equal(user.password_set, NOW + 60);
	assert_false(user.must_change);
	user_clear(&user);
	assert_refused(fixture, FAULT_INVALID, "password",
	    account_password(&fixture->admin, "anna", "short", &fixture->why));
	/* An administrator's is no easier to guess, and the user's name is nobody's password. */
	assert_refused(fixture, FAULT_INVALID, "password",
	    account_password(&fixture->admin, "anna", "password1234", &fixture->why));
	assert_refused(fixture, FAULT_INVALID, "password",
	    account_password(&fixture->admin, "anna", "anna.anna.anna", &fixture->why));
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    account_password(&fixture->admin, "nobody-here", GOOD_PASSWORD, &fixture->why));
	read_user(fixture, "anna", &user);
	assert_true(fits(&user, GOOD_PASSWORD));
	user_clear(&user);
}

static uint32_t
failures_of(const struct fixture *fixture, uint32_t uid)
{
	static const struct settings counts = {
	    .lockout_failures = 5, .lockout_within = 900, .lockout_for = 900};
	struct lockout_state state;

	lockout_get(fixture->root, &counts, uid, UPTIME, &state);
	return state.failures;
}

/* Whoever is told a new password is not to wait until the wrong ones before it are forgotten. */
static void
failures_are_forgotten_with_a_new_password(void **state)
{
	static const struct settings counts = {
	    .lockout_failures = 5, .lockout_within = 900, .lockout_for = 900};
	struct fixture *fixture = *state;
	struct user user = {0};
	struct attempt attempt;

	make_folder(fixture->root, "/run");
	add_user(fixture, "anna", BUILDER);
	read_user(fixture, "anna", &user);
	const struct lockout_place place = {.uid = user.uid, .name = "anna", .rhost = "192.0.2.7"};

	assert_good(fixture, lockout_begin(fixture->root, &counts, &place, UPTIME, 60000, &attempt,
	    &fixture->why));
	lockout_end(&attempt, false);
	assert_int_equal(failures_of(fixture, user.uid), 1);
	assert_refused(fixture, FAULT_INVALID, "password",
	    account_password(&fixture->admin, "anna", "short", &fixture->why));
	assert_int_equal(failures_of(fixture, user.uid), 1);
	assert_good(fixture,
	    account_password(&fixture->admin, "anna", GOOD_PASSWORD, &fixture->why));
	assert_int_equal(failures_of(fixture, user.uid), 0);
	user_clear(&user);
}

static void
a_new_user_is_not_their_own_password(void **state)
{
	struct fixture *fixture = *state;
	struct user made = {0};

	assert_refused(fixture, FAULT_INVALID, "password",
	    account_add(&fixture->admin, NULL, EDITS(PERSON("Annabel", "Lindqvist", BUILDER)),
	    "AnnabelLindqvist", &made, &fixture->why));
	assert_null(strstr(fixture->why.text, "Lindqvist"));
	assert_good(fixture, account_add(&fixture->admin, NULL,
	    EDITS(PERSON("Annabel", "Lindqvist", BUILDER)), GOOD_PASSWORD, &made,
	    &fixture->why));
	assert_true(fits(&made, GOOD_PASSWORD));
	user_clear(&made);
}

/* What an administrator sets is not judged by it, and goes into it. */
static void
earlier_passwords_are_kept(void **state)
{
	static const char *const set[] = {GOOD_PASSWORD, "another good one", GOOD_PASSWORD,
	    GOOD_PASSWORD, "a third of them", "a fourth of them", "a fifth of them"};
	struct fixture *fixture = *state;
	struct user user = {0};
	size_t spaces = 0;

	add_user(fixture, "anna", BUILDER);
	for (size_t i = 0; i < sizeof(set) / sizeof(set[0]); i++)
		assert_good(fixture,
		    account_password(&fixture->admin, "anna", set[i], &fixture->why));
	read_user(fixture, "anna", &user);
	for (const char *at = user.history; *at != '\0'; at++)
		spaces += *at == ' ';
	assert_int_equal(spaces, 4); /* five, by the policy of a new database */
	assert_null(strstr(user.history, user.password));
	user_clear(&user);
	/* Neither who sees the record nor who reads the journal sees one. */
	assert_string_equal(user_text(fixture, "anna", "history"), "set");
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_SET("type", "system"))));
	assert_string_equal(user_text(fixture, "anna", "history"), "");
}

static void
some_types_never_have_a_password(void **state)
{
	struct fixture *fixture = *state;
	static const char *const types[] = {"system", "integration"};
	static const char *const names[] = {"cleaner", "feeder"};
	struct user made = {0};

	for (size_t i = 0; i < 2; i++) {
		assert_refused(fixture, FAULT_RULE, "password",
		    account_add(&fixture->admin, names[i],
		    EDITS(PERSON("Ma", "Chine", BUILDER), USER_SET("type", types[i])),
		    GOOD_PASSWORD, &made, &fixture->why));
		assert_good(fixture, try_add(fixture, names[i],
		    EDITS(PERSON("Ma", "Chine", BUILDER), USER_SET("type", types[i]))));
		assert_refused(fixture, FAULT_RULE, "password",
		    account_password(&fixture->admin, names[i], GOOD_PASSWORD, &fixture->why));
	}
}

static void
who_becomes_such_a_type_loses_the_password(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "anna", BUILDER);
	assert_good(fixture,
	    account_password(&fixture->admin, "anna", GOOD_PASSWORD, &fixture->why));
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_SET("type", "client"))));
	assert_string_equal(user_text(fixture, "anna", "password"), "set");
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_SET("type", "integration"))));
	assert_string_equal(user_text(fixture, "anna", "password"), "");
	assert_string_equal(user_text(fixture, "anna", "password-set"), "");
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_SET("type", "employee"))));
	assert_string_equal(user_text(fixture, "anna", "password"), "");
}

/* ---- when the host cannot answer ----------------------------------------------------------- */

static void
an_error_is_never_a_yes(void **state)
{
	struct fixture *fixture = *state;
	char passwd[128];

	/* A folder where the file should be: it opens, and reading it fails. */
	snprintf(passwd, sizeof(passwd), "%s/etc/passwd", fixture->root);
	assert_int_equal(unlink(passwd), 0);
	assert_int_equal(mkdir(passwd, 0755), 0);
	assert_refused(fixture, FAULT_UNAVAILABLE, NULL,
	    try_add(fixture, "anna", EDITS(PERSON("Anna", "Berg", BUILDER))));
	assert_int_equal(rmdir(passwd), 0);
	write_file(fixture->root, "/etc/passwd", "root:x:0:0:root:/root:/bin/bash\n");
	assert_good(fixture, try_add(fixture, "anna", EDITS(PERSON("Anna", "Berg", BUILDER))));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_new_user_is_complete),
	    TEST(what_is_stated_is_kept),
	    TEST(required_fields_are_asked_for),
	    TEST(a_role_must_exist),
	    TEST(bad_names_are_refused),
	    TEST(capitals_are_refused_and_mended),
	    TEST(the_hosts_own_names_are_refused),
	    TEST(a_name_in_sudoers_needs_insistence),
	    TEST(a_member_of_the_hosts_groups_needs_insistence),
	    TEST(only_root_insists),
	    TEST(what_one_user_has_no_other_gets),
	    TEST(a_name_is_made),
	    TEST(a_made_name_steps_aside),
	    TEST(ids_are_given_once),
	    TEST(ids_are_nobodys_to_set),
	    TEST(every_field_takes_good_and_refuses_bad),
	    TEST(an_edit_is_all_or_nothing),
	    TEST(an_edit_that_changes_nothing_writes_nothing),
	    TEST(lists_are_added_to_and_taken_from),
	    TEST(whoever_is_meant_is_found),
	    TEST(of_two_editors_one_is_told),
	    TEST(a_rename_keeps_all_but_the_name),
	    TEST(an_old_name_is_kept_back_for_an_hour),
	    TEST(a_home_is_one_users),
	    TEST(homes_of_none_are_shared),
	    TEST(a_delegate_gives_nobody_anothers_home),
	    TEST(what_was_left_behind_keeps_the_name_back),
	    TEST(what_was_left_behind_elsewhere_too),
	    TEST(suspending_and_back),
	    TEST(a_deleted_user_is_gone),
	    TEST(the_last_administrator_stays),
	    TEST(with_another_administrator_one_may_go),
	    TEST(one_who_cannot_act_is_no_other_administrator),
	    TEST(nobody_changes_their_own_account),
	    TEST(rights_are_looked_at_when_it_is_done),
	    TEST(a_password_is_set),
	    TEST(failures_are_forgotten_with_a_new_password),
	    TEST(a_new_user_is_not_their_own_password),
	    TEST(earlier_passwords_are_kept),
	    TEST(some_types_never_have_a_password),
	    TEST(who_becomes_such_a_type_loses_the_password),
	    TEST(an_error_is_never_a_yes),
	};

	return RUN_AS_ROOT(tests);
}
