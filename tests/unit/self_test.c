/*
 * self_test.c - what people may see and change of their own account, and nobody else's.
 */
#include "tests/unit/accounts_fixture.h"

#include "accounts/clients.h"
#include "accounts/pace.h"
#include "accounts/self.h"

static uint32_t anna, bob;

/* A change by root.  None has the database open while the helper works, as on a host. */
#define AS_ROOT(fixture, call) \
	do { \
		fixture_open(fixture, &plain_root); \
		assert_good(fixture, call); \
		admin_close(&(fixture)->admin); \
	} while (0)

static void
make_shell(struct fixture *fixture, const char *path)
{
	char full[256];

	write_file(fixture->root, path, "#!/bin/sh\n");
	snprintf(full, sizeof(full), "%s%s", fixture->root, path);
	assert_int_equal(chmod(full, 0755), 0);
}

/* anna is a technician with all that a record can have; bob is another. */
static int
setup(void **state)
{
	static const char yaml[] = "hexa-policy: 1\n"
				   "permissions:\n"
				   "  shell.login: {services: [sshd, passwd]}\n"
				   "  dossiers.view: {}\n"
				   "roles:\n"
				   "  technician: {permissions: [shell.login], group: no}\n";
	int result = fixture_setup(state);
	struct fixture *fixture = *state;
	struct user made = {0};

	make_folder(fixture->root, "/bin");
	make_folder(fixture->root, "/run");
	make_shell(fixture, "/bin/bash");
	make_shell(fixture, "/bin/dash");
	make_shell(fixture, "/bin/unlisted");
	make_shell(fixture, "/bin/commented");
	write_file(fixture->root, "/bin/no-program", "");
	write_file(fixture->root, "/etc/shells",
	    "# /etc/shells\n/bin/bash # the usual one\n  /bin/dash\n\n/bin/gone\n/bin/no-program\n"
	    "#/bin/commented\n");
	assert_good(fixture, apply(fixture, yaml));
	assert_good(fixture, account_add(&fixture->admin, "anna",
	    EDITS(PERSON("Anna", "Berg", "technician"), USER_SET("email", "anna@example.org"),
	        USER_SET("phone", "+46701234567"), USER_SET("shell", "/bin/bash"),
	        USER_SET("unit", "/sales"), USER_SET("profession", "Clerk")),
	    GOOD_PASSWORD, &made, &fixture->why));
	anna = made.uid;
	user_clear(&made);
	bob = add_user(fixture, "bob", "technician");
	assert_good(fixture, account_edit(&fixture->admin, "bob",
	    EDITS(USER_SET("email", "bob@example.org")), &fixture->why));
	admin_close(&fixture->admin);
	return result;
}

static int
teardown(void **state)
{
	struct fixture *fixture = *state;

	if (fixture->admin.store == NULL)
		fixture_open(fixture, &plain_root);
	return fixture_teardown(state);
}

static struct self
self_at(struct fixture *fixture, uint32_t uid, int64_t now)
{
	return (struct self){.root = fixture->root,
	    .uid = uid,
	    .login_uid = 4242,
	    .from = "pts/7",
	    .now = now};
}

/* What came of it, for the test to look at and to clear. */
static struct self_edited edited;

static enum fault
edit_at(struct fixture *fixture, uint32_t uid, int64_t now, const struct edits *edits)
{
	const struct self self = self_at(fixture, uid, now);

	names_clear(&edited.notices);
	edited = (struct self_edited){0};
	return self_edit(&self, edits, &edited, &fixture->why);
}

static enum fault
edit(struct fixture *fixture, uint32_t uid, const struct edits *edits)
{
	return edit_at(fixture, uid, NOW, edits);
}

static uint64_t
head(struct fixture *fixture)
{
	uint64_t sequence;

	fixture_open(fixture, &plain_root);
	sequence = journal_at(fixture);
	admin_close(&fixture->admin);
	return sequence;
}

static const char *
text_of(struct fixture *fixture, const char *who, const char *field)
{
	const char *text;

	fixture_open(fixture, &plain_root);
	text = user_text(fixture, who, field);
	admin_close(&fixture->admin);
	return text;
}

/* A refusal: this fault, about this field, and nothing was written. */
static void
refused(struct fixture *fixture, enum fault expected, const char *about, uint32_t uid,
    const struct edits *edits)
{
	uint64_t before = head(fixture);

	assert_fault(fixture, expected, edit(fixture, uid, edits));
	assert_about(fixture, about);
	assert_int_equal(edited.sequence, 0);
	assert_int_equal(head(fixture), before);
}

/* ---- seeing ------------------------------------------------------------------------------- */

static void
the_record_is_shown_without_what_is_hidden(void **state)
{
	struct fixture *fixture = *state;
	const struct self self = self_at(fixture, anna, NOW);
	struct user user = {0};

	assert_good(fixture, self_show(&self, &user, &fixture->why));
	assert_int_equal(user.uid, anna);
	assert_string_equal(user.name, "anna");
	assert_string_equal(user.email, "anna@example.org");
	for (size_t i = 0; i < user_table.count; i++)
		if ((user_table.rows[i].rights & F_HIDDEN) != 0)
			assert_true(field_is_empty(&user_table.rows[i], &user));
	user_clear(&user);
}

static void
who_is_no_user_is_shown_nothing(void **state)
{
	struct fixture *fixture = *state;
	const uint32_t strangers[] = {0, 1000, 4242, UINT32_MAX, bob + 1};

	for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
		const struct self self = self_at(fixture, strangers[i], NOW);
		struct user user = {0};

		assert_fault(fixture, FAULT_UNKNOWN, self_show(&self, &user, &fixture->why));
		assert_null(user.name);
		refused(fixture, FAULT_UNKNOWN, NULL, strangers[i],
		    EDITS(USER_SET("profession", "x")));
		assert_string_equal(edited.name, "");
	}
}

/* A local user with anna's uid may be the one who asks.  Her own line, when she was adopted, is hers. */
static void
who_has_the_uid_of_a_local_user_is_nobody(void **state)
{
	struct fixture *fixture = *state;
	const struct self self = self_at(fixture, anna, NOW);
	struct user user = {0};
	char line[64];

	snprintf(line, sizeof(line), "lars:x:%lu:100::/:/bin/sh\n", (unsigned long)anna);
	write_file(fixture->root, "/etc/passwd", line);
	assert_fault(fixture, FAULT_UNKNOWN, self_show(&self, &user, &fixture->why));
	assert_null(user.name);
	refused(fixture, FAULT_UNKNOWN, NULL, anna, EDITS(USER_SET("profession", "x")));
	assert_good(fixture, edit(fixture, bob, EDITS(USER_SET("profession", "x"))));
	snprintf(line, sizeof(line), "anna:x:%lu:100::/:/bin/sh\n", (unsigned long)anna);
	write_file(fixture->root, "/etc/passwd", line);
	assert_good(fixture, self_show(&self, &user, &fixture->why));
	user_clear(&user);
	assert_good(fixture, edit(fixture, anna, EDITS(USER_SET("profession", "x"))));
}

/* That one is suspended, and until when one was valid, is no secret from oneself. */
static void
who_is_not_let_in_is_shown_their_record(void **state)
{
	struct fixture *fixture = *state;
	const struct self self = self_at(fixture, anna, NOW);
	struct user user = {0};

	AS_ROOT(fixture, account_suspend(&fixture->admin, "anna", &fixture->why));
	assert_good(fixture, self_show(&self, &user, &fixture->why));
	assert_int_equal(user.status, STATUS_SUSPENDED);
	user_clear(&user);
}

/* ---- changing ----------------------------------------------------------------------------- */

static void
what_is_ones_own_is_changed(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, edit(fixture, anna,
	    EDITS(USER_SET("first-name", "Ann"), USER_SET("profession", "Carpenter"),
	        USER_SET("route-to", "bob"), USER_SET("shell", "/bin/dash"))));
	assert_string_equal(edited.name, "anna");
	assert_string_equal(edited.fields, "first-name,profession,route-to,shell");
	assert_string_equal(text_of(fixture, "anna", "first-name"), "Ann");
	assert_string_equal(text_of(fixture, "anna", "profession"), "Carpenter");
	assert_string_equal(text_of(fixture, "anna", "route-to"), "bob");
	assert_string_equal(text_of(fixture, "anna", "shell"), "/bin/dash");
	assert_good(fixture, edit(fixture, anna, EDITS(USER_CLEAR("profession"))));
	assert_string_equal(text_of(fixture, "anna", "profession"), "");
}

static void
the_journal_names_the_person(void **state)
{
	struct fixture *fixture = *state;
	struct journal_entry entry = {0};
	struct txn *txn;

	assert_good(fixture, edit(fixture, anna, EDITS(USER_SET("profession", "Carpenter"))));
	fixture_open(fixture, &plain_root);
	assert_int_equal(journal_at(fixture), edited.sequence);
	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, journal_next(txn, edited.sequence - 1, &entry, &fixture->why));
	store_end(txn);
	assert_string_equal(entry.action, "self edit");
	assert_string_equal(entry.actor.name, "anna");
	assert_int_equal(entry.actor.uid, anna);
	assert_int_equal(entry.actor.login_uid, 4242);
	assert_string_equal(entry.actor.from, "pts/7");
	assert_memory_equal(entry.hash, edited.hash, sizeof(entry.hash));
	journal_entry_clear(&entry);
}

/* Any act on any field that is not one's own: by the rows, so that a new one is asked about. */
static void
what_is_somebody_elses_to_change_is_refused(void **state)
{
	static const enum edit_act acts[] = {EDIT_SET, EDIT_CLEAR, EDIT_ADD, EDIT_REMOVE};
	struct fixture *fixture = *state;
	size_t refusals = 0, own = 0;

	for (size_t i = 0; i < user_table.count; i++) {
		const struct field *field = &user_table.rows[i];
		const unsigned others = F_NOT_SELF | F_FIXED | F_KEPT | F_HIDDEN;

		own += (field->rights & others) == 0;
		for (size_t j = 0; (field->rights & others) != 0 && j < 4; j++) {
			const struct edit one = {acts[j], field, "x"};

			refused(fixture, FAULT_DENIED, field->name, anna,
			    &(const struct edits){&one, 1});
			assert_says(fixture, "somebody else must");
			refusals++;
		}
	}
	assert_true(refusals >= 4 * 20);
	assert_true(own >= 5);
}

/* Not even as what it is already, nor among what is one's own. */
static void
one_wrong_field_spoils_all(void **state)
{
	struct fixture *fixture = *state;

	refused(fixture, FAULT_DENIED, "email", anna,
	    EDITS(USER_SET("profession", "Carpenter"), USER_SET("email", "anna@example.org")));
	refused(fixture, FAULT_DENIED, "roles", anna,
	    EDITS(USER_SET("profession", "Carpenter"), USER_ADD("roles", "system-administrator")));
	assert_string_equal(text_of(fixture, "anna", "profession"), "Clerk");
}

static void
values_are_those_of_the_field(void **state)
{
	struct fixture *fixture = *state;

	refused(fixture, FAULT_INVALID, "first-name", anna, EDITS(USER_CLEAR("first-name")));
	refused(fixture, FAULT_INVALID, "first-name", anna, EDITS(USER_SET("first-name", "a:b")));
	refused(fixture, FAULT_INVALID, "profession", anna,
	    EDITS(USER_SET("profession", "a\nb")));
	refused(fixture, FAULT_INVALID, "profession", anna, EDITS(USER_ADD("profession", "a")));
}

/* Names are for all to see; whose an address is, is not. */
static void
others_are_named_by_login_name_alone(void **state)
{
	static const char *const other[] = {"bob@example.org", "nobody@example.org",
	    "+46701234567", "uid:1000", "Bob"};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		refused(fixture, FAULT_INVALID, "route-to", anna,
		    EDITS(USER_SET("route-to", other[i])));
	refused(fixture, FAULT_UNKNOWN, "route-to", anna, EDITS(USER_SET("route-to", "carl")));
	assert_string_equal(edited.name, "anna"); /* it is the other who is unknown */
}

static void
a_circle_does_not_say_through_whom(void **state)
{
	struct fixture *fixture = *state;

	fixture_open(fixture, &plain_root);
	add_user(fixture, "secretary", "technician");
	assert_good(fixture, account_edit(&fixture->admin, "secretary",
	    EDITS(USER_SET("route-to", "anna")), &fixture->why));
	assert_good(fixture, account_edit(&fixture->admin, "bob",
	    EDITS(USER_SET("route-to", "secretary")), &fixture->why));
	admin_close(&fixture->admin);
	refused(fixture, FAULT_RULE, "route-to", anna, EDITS(USER_SET("route-to", "bob")));
	assert_null(strstr(fixture->why.text, "secretary"));
}

/* ---- the shell ---------------------------------------------------------------------------- */

static void
a_shell_is_one_that_the_host_lists(void **state)
{
	static const char *const refused_ones[] = {"/bin/unlisted", "/bin/gone", "/bin/no-program",
	    "/bin/commented", "/bin", "/bin/bash # the usual one", "/", "/bin/bas", "bash", ""};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(refused_ones) / sizeof(refused_ones[0]); i++)
		refused(fixture, FAULT_INVALID, "shell", anna,
		    EDITS(USER_SET("shell", refused_ones[i])));
	refused(fixture, FAULT_INVALID, "shell", anna, EDITS(USER_CLEAR("shell")));
	assert_good(fixture, edit(fixture, anna, EDITS(USER_SET("shell", "/bin/dash"))));
	assert_good(fixture, edit(fixture, anna, EDITS(USER_SET("shell", "/bin/bash"))));
}

/* As chsh(1): who was given such a shell is kept to it. */
static void
who_has_an_unlisted_shell_keeps_it(void **state)
{
	struct fixture *fixture = *state;

	AS_ROOT(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_SET("shell", "/bin/unlisted")), &fixture->why));
	refused(fixture, FAULT_DENIED, "shell", anna, EDITS(USER_SET("shell", "/bin/bash")));
	refused(fixture, FAULT_DENIED, "shell", anna, EDITS(USER_SET("shell", "/bin/unlisted")));
	assert_good(fixture, edit(fixture, anna, EDITS(USER_SET("profession", "Carpenter"))));
}

static void
without_a_list_no_shell_is_chosen(void **state)
{
	struct fixture *fixture = *state;
	char path[256];

	snprintf(path, sizeof(path), "%s/etc/shells", fixture->root);
	assert_int_equal(unlink(path), 0);
	refused(fixture, FAULT_DENIED, "shell", anna, EDITS(USER_SET("shell", "/bin/bash")));
	assert_int_equal(mkdir(path, 0755), 0);
	refused(fixture, FAULT_UNAVAILABLE, NULL, anna, EDITS(USER_SET("shell", "/bin/bash")));
}

/* ---- who may ------------------------------------------------------------------------------ */

static void
only_who_is_active_edits(void **state)
{
	struct fixture *fixture = *state;

	AS_ROOT(fixture, account_suspend(&fixture->admin, "anna", &fixture->why));
	refused(fixture, FAULT_DENIED, "status", anna, EDITS(USER_SET("profession", "x")));
	assert_says(fixture, "suspended");
	AS_ROOT(fixture, account_resume(&fixture->admin, "anna", &fixture->why));
	assert_good(fixture, edit(fixture, anna, EDITS(USER_SET("profession", "x"))));
}

static void
only_who_is_valid_edits(void **state)
{
	struct fixture *fixture = *state;
	const int64_t day = 86400;

	AS_ROOT(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_SET("valid-from", "2026-11-22T09:30:00Z"),
	        USER_SET("valid-until", "2026-11-23T09:30:00Z")), &fixture->why));
	assert_fault(fixture, FAULT_DENIED,
	    edit_at(fixture, anna, NOW, EDITS(USER_SET("profession", "x"))));
	assert_about(fixture, "valid-from");
	assert_fault(fixture, FAULT_DENIED,
	    edit_at(fixture, anna, NOW + 2 * day + 1, EDITS(USER_SET("profession", "x"))));
	assert_about(fixture, "valid-until");
	assert_good(fixture,
	    edit_at(fixture, anna, NOW + day, EDITS(USER_SET("profession", "x"))));
	assert_good(fixture,
	    edit_at(fixture, anna, NOW + 2 * day, EDITS(USER_SET("profession", "y"))));
}

/* An administrator's right to edit others is none to edit what is not theirs of themselves. */
static void
administrators_are_no_others(void **state)
{
	struct fixture *fixture = *state;

	AS_ROOT(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_ADD("roles", "system-administrator")), &fixture->why));
	refused(fixture, FAULT_DENIED, "note", anna, EDITS(USER_SET("note", "x")));
	assert_good(fixture, edit(fixture, anna, EDITS(USER_SET("profession", "x"))));
}

/* ---- how often ---------------------------------------------------------------------------- */

static void
what_changes_nothing_writes_nothing(void **state)
{
	struct fixture *fixture = *state;
	uint64_t before = head(fixture);

	for (int i = 0; i < 3 * PACE_BURST; i++) {
		assert_good(fixture, edit(fixture, anna,
		    EDITS(USER_SET("profession", "x"), USER_SET("profession", "Clerk"))));
		assert_int_equal(edited.sequence, 0);
	}
	assert_int_equal(head(fixture), before);
	assert_good(fixture, edit(fixture, anna, EDITS(USER_SET("profession", "x"))));
}

static enum fault
set_profession(struct fixture *fixture, uint32_t uid, int number, int64_t now)
{
	char text[32];

	snprintf(text, sizeof(text), "number %d", number);
	return edit_at(fixture, uid, now, EDITS(USER_SET("profession", text)));
}

static void
the_journal_grows_at_a_pace(void **state)
{
	struct fixture *fixture = *state;
	uint64_t before;

	for (int i = 0; i < PACE_BURST; i++)
		assert_good(fixture, set_profession(fixture, anna, i, NOW));
	before = head(fixture);
	for (int i = 0; i < PACE_BURST; i++)
		assert_fault(fixture, FAULT_CONFLICT, set_profession(fixture, anna, 99, NOW + 1));
	assert_int_equal(head(fixture), before);
	assert_good(fixture, set_profession(fixture, bob, 99, NOW + 1));
	assert_good(fixture, set_profession(fixture, anna, 99, NOW + PACE_SECONDS));
}

/* What is refused before the writer is taken is not counted; what is refused after is. */
static void
a_mistake_costs_nothing(void **state)
{
	struct fixture *fixture = *state;

	for (int i = 0; i < 3 * PACE_BURST; i++) {
		refused(fixture, FAULT_INVALID, "first-name", anna,
		    EDITS(USER_SET("first-name", ":")));
		refused(fixture, FAULT_DENIED, "email", anna, EDITS(USER_CLEAR("email")));
	}
	for (int i = 0; i < PACE_BURST; i++)
		refused(fixture, FAULT_UNKNOWN, "route-to", anna,
		    EDITS(USER_SET("route-to", "carl")));
	refused(fixture, FAULT_CONFLICT, NULL, anna, EDITS(USER_SET("route-to", "carl")));
}

/* ---- asking ------------------------------------------------------------------------------- */

static enum fault
can(struct fixture *fixture, uint32_t uid, const char *who, const char *permission,
    struct review *review)
{
	const struct self self = self_at(fixture, uid, NOW);
	const struct question_of question = {.permission = permission, .when = NOW};
	struct names notices = {0};
	bool is_user = false;
	enum fault fault = self_can(
	    &self, who, &question, &is_user, review, &notices, &fixture->why);

	assert_int_equal(is_user, uid == anna || uid == bob);
	names_clear(&notices);
	return fault;
}

static void
people_ask_about_themselves(void **state)
{
	static const char *const names[] = {"anna", "anna@example.org", "ANNA@example.org",
	    "+46701234567"};
	struct fixture *fixture = *state;
	struct review review = {0};
	char uid[32];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_good(fixture, can(fixture, anna, names[i], "shell.login", &review));
		assert_int_equal(review.verdict, VERDICT_ALLOWED);
		assert_string_equal(review.role, "technician");
	}
	snprintf(uid, sizeof(uid), "uid:%u", (unsigned)anna);
	assert_good(fixture, can(fixture, anna, uid, "dossiers.view", &review));
	assert_int_equal(review.verdict, VERDICT_NO_PERMISSION);
	assert_fault(fixture, FAULT_UNKNOWN, can(fixture, anna, "anna", "no.such", &review));
}

/* Whether they are there or not: the words are the same. */
static void
nobody_asks_about_others(void **state)
{
	static const char *const others[] = {"bob", "bob@example.org", "nobody", "uid:1000",
	    "uid:0", "root", "", "+46700000000", "nobody@example.org"};
	struct fixture *fixture = *state;
	struct review review = {0};
	char words[WHY_TEXT_MAX] = "";

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		assert_fault(fixture, FAULT_DENIED,
		    can(fixture, anna, others[i], "shell.login", &review));
		if (i > 0)
			assert_string_equal(fixture->why.text, words);
		strcpy(words, fixture->why.text);
	}
	assert_fault(fixture, FAULT_UNKNOWN, can(fixture, 0, "anna", "shell.login", &review));
	assert_fault(fixture, FAULT_UNKNOWN, can(fixture, 1000, "anna", "shell.login", &review));
	assert_int_equal(review.verdict, VERDICT_NONE);
}

static void
who_is_suspended_can_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct review review = {0};

	AS_ROOT(fixture, account_suspend(&fixture->admin, "anna", &fixture->why));
	assert_good(fixture, can(fixture, anna, "anna", "shell.login", &review));
	assert_int_equal(review.verdict, VERDICT_NOT_ACTIVE);
}

static void
without_a_database_there_is_no_answer(void **state)
{
	struct fixture *fixture = *state;
	const struct self self = {.root = "/nonexistent", .uid = anna, .now = NOW};
	const struct question_of question = {.permission = "shell.login", .when = NOW};
	struct review review = {0};
	struct names notices = {0};
	struct user user = {0};
	bool is_user = false;

	edited = (struct self_edited){0};
	assert_fault(fixture, FAULT_UNAVAILABLE, self_show(&self, &user, &fixture->why));
	assert_fault(fixture, FAULT_UNAVAILABLE,
	    self_edit(&self, EDITS(USER_SET("profession", "x")), &edited, &fixture->why));
	assert_fault(fixture, FAULT_UNAVAILABLE,
	    self_can(&self, "anna", &question, &is_user, &review, &notices, &fixture->why));
	assert_false(is_user);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_record_is_shown_without_what_is_hidden),
	    TEST(who_is_no_user_is_shown_nothing),
	    TEST(who_has_the_uid_of_a_local_user_is_nobody),
	    TEST(who_is_not_let_in_is_shown_their_record),
	    TEST(what_is_ones_own_is_changed),
	    TEST(the_journal_names_the_person),
	    TEST(what_is_somebody_elses_to_change_is_refused),
	    TEST(one_wrong_field_spoils_all),
	    TEST(values_are_those_of_the_field),
	    TEST(others_are_named_by_login_name_alone),
	    TEST(a_circle_does_not_say_through_whom),
	    TEST(a_shell_is_one_that_the_host_lists),
	    TEST(who_has_an_unlisted_shell_keeps_it),
	    TEST(without_a_list_no_shell_is_chosen),
	    TEST(only_who_is_active_edits),
	    TEST(only_who_is_valid_edits),
	    TEST(administrators_are_no_others),
	    TEST(what_changes_nothing_writes_nothing),
	    TEST(the_journal_grows_at_a_pace),
	    TEST(a_mistake_costs_nothing),
	    TEST(people_ask_about_themselves),
	    TEST(nobody_asks_about_others),
	    TEST(who_is_suspended_can_nothing),
	    TEST(without_a_database_there_is_no_answer),
	};

	return RUN_AS_ROOT(tests);
}
