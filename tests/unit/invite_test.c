/*
 * invite_test.c - who is given a one-time code and by whom, how long it is good, and what voids it.
 */
#include "tests/unit/accounts_fixture.h"

#include "accounts/clients.h"
#include "accounts/import.h"
#include "accounts/invite.h"
#include "accounts/lockout.h"
#include "store/paths.h"

enum { HOUR = 60 * 60 };

static const char yaml[] =
	"hexa-policy: 1\n"
	"password: {" CHEAP "}\n"
	"permissions:\n"
	"  desk.view: {}\n"
	"  desk.close: {}\n"
	"roles:\n"
	"  clerk: {permissions: [desk.view], group: no}\n"
	"  closer: {permissions: [desk.close, desk.view], group: no}\n"
	"  creator: {permissions: [hexa.users.create, hexa.users.view, desk.view], group: no}\n"
	"  resetter: {permissions: [hexa.credentials.reset, desk.view], group: no}\n"
	"  keeper: {permissions: [hexa.users.create, hexa.users.view, hexa.credentials.reset,\n"
	"    desk.view], group: no}\n";

static int
setup(void **state)
{
	int result = fixture_setup(state);
	struct fixture *fixture = *state;

	assert_good(fixture, apply(fixture, yaml));
	add_user(fixture, "anna", "clerk");
	return result;
}

static void
apply_with(struct fixture *fixture, const char *settings)
{
	char text[2048];

	snprintf(text, sizeof(text), "%s%s", yaml, settings);
	assert_good(fixture, apply(fixture, text));
}

static void
edit(struct fixture *fixture, const char *who, const struct edits *edits)
{
	assert_good(fixture, account_edit(&fixture->admin, who, edits, &fixture->why));
}

static enum fault
try_invite(struct fixture *fixture, const char *who)
{
	struct invitation made = {0};
	enum fault fault = account_invite(&fixture->admin, who, &made, &fixture->why);

	invitation_clear(&made);
	return fault;
}

static enum fault
try_add(struct fixture *fixture, const struct edits *edits, bool by_mail,
    struct invitation *invitation)
{
	struct user made = {0};
	enum fault fault;

	invitation->by_mail = by_mail;
	fault = account_add_invited(&fixture->admin, NULL, edits, invitation, &made,
	    &fixture->why);
	user_clear(&made);
	return fault;
}

static bool
has_code(struct fixture *fixture, const char *who)
{
	struct user user = {0};
	bool has;

	read_user(fixture, who, &user);
	has = user.code != NULL;
	/* All of it, or nothing. */
	assert_int_equal(has, user.code_made != 0);
	assert_int_equal(has, user.code_until != 0);
	assert_int_equal(has, user.code_mark != 0);
	user_clear(&user);
	return has;
}

static void
assert_fits(struct fixture *fixture, const char *who, const char *code, bool fits)
{
	struct user user = {0};

	read_user(fixture, who, &user);
	assert_int_equal(code_fits(&user, code), fits);
	user_clear(&user);
}

static void
assert_told(const struct fixture *fixture, const char *words, bool told)
{
	const struct names *notices = &fixture->admin.notices;
	bool is_told = false;

	for (size_t i = 0; i < notices->count; i++)
		is_told |= strstr(notices->item[i], words) != NULL;
	if (is_told != told)
		fail_msg("\"%s\" is %stold (%zu notices, first: %s)", words, told ? "not " : "",
		    notices->count, notices->count == 0 ? "" : notices->item[0]);
}

/* ---- giving one ---------------------------------------------------------------------------- */

static void
a_code_is_given_for_as_long_as_the_policy_says(void **state)
{
	struct fixture *fixture = *state;
	struct invitation first = {0}, reset = {0};

	assert_good(fixture, account_invite(&fixture->admin, "anna", &first, &fixture->why));
	assert_int_equal(first.kind, INVITE_FIRST);
	assert_int_equal(first.until, NOW + 72 * HOUR);
	assert_string_equal(first.name, "anna");
	assert_null(first.email);
	assert_journal(fixture, "user invite");
	assert_fits(fixture, "anna", first.code, true);

	assert_good(fixture, account_reset(&fixture->admin, "anna", &reset, &fixture->why));
	assert_int_equal(reset.kind, INVITE_RESET);
	assert_int_equal(reset.until, NOW + 2 * HOUR);
	assert_journal(fixture, "user reset");
	assert_fits(fixture, "anna", reset.code, true);
	assert_fits(fixture, "anna", first.code, false); /* the new one voids it */
	invitation_clear(&first);
	invitation_clear(&reset);

	apply_with(fixture, "tokens: {invite: 5m, reset: 60s}\n");
	assert_good(fixture, account_invite(&fixture->admin, "anna", &first, &fixture->why));
	assert_int_equal(first.until, NOW + 5 * 60);
	assert_good(fixture, account_reset(&fixture->admin, "anna", &reset, &fixture->why));
	assert_int_equal(reset.until, NOW + 60);
	invitation_clear(&first);
	invitation_clear(&reset);
}

/* The status, the password and what was said of it stay: until a new one is set it is theirs. */
static void
nothing_else_changes(void **state)
{
	struct fixture *fixture = *state;
	struct user before = {0}, after = {0};

	assert_good(fixture,
	    account_password(&fixture->admin, "anna", "quite another staple", &fixture->why));
	read_user(fixture, "anna", &before);
	assert_good(fixture, try_invite(fixture, "anna"));
	read_user(fixture, "anna", &after);
	for (size_t i = 0; i < user_table.count; i++) {
		const struct field *row = &user_table.rows[i];

		if (strncmp(row->name, "code", strlen("code")) != 0 &&
		    strcmp(row->name, "version") != 0 && !field_same(row, &before, &after))
			fail_msg("%s was changed", row->name);
	}
	user_clear(&before);
	user_clear(&after);
}

/* Who guessed wrong before is not kept from using what they were given. */
static void
failed_logins_are_forgotten(void **state)
{
	enum { UPTIME = 5000, MILLISECONDS = 60000 };
	static const struct settings settings = {
	    .lockout_failures = 5, .lockout_within = HOUR, .lockout_for = HOUR};
	struct fixture *fixture = *state;
	struct lockout_place place = {.name = "anna", .rhost = "192.0.2.7"};
	struct lockout_state failed = {0};
	struct invitation made = {0};
	struct user user = {0};

	make_folder(fixture->root, "/run");
	read_user(fixture, "anna", &user);
	place.uid = user.uid;
	user_clear(&user);
	for (int reset = 0; reset < 2; reset++) {
		struct attempt attempt;

		assert_good(fixture, lockout_begin(fixture->root, &settings, &place, UPTIME,
		    MILLISECONDS, &attempt, &fixture->why));
		lockout_end(&attempt, false);
		lockout_get(fixture->root, &settings, place.uid, UPTIME, &failed);
		assert_int_equal(failed.failures, 1);
		assert_good(fixture, reset
		        ? account_reset(&fixture->admin, "anna", &made, &fixture->why)
		        : account_invite(&fixture->admin, "anna", &made, &fixture->why));
		invitation_clear(&made);
		lockout_get(fixture->root, &settings, place.uid, UPTIME, &failed);
		assert_int_equal(failed.failures, 0);
	}
}

static void
a_new_user_is_invited(void **state)
{
	struct fixture *fixture = *state;
	struct invitation invitation = {0};

	assert_good(fixture, try_add(fixture, EDITS(PERSON("Bo", "Berg", "clerk")), false,
	    &invitation));
	assert_string_equal(invitation.name, "bberg"); /* as it was made */
	assert_int_equal(invitation.until, NOW + 72 * HOUR);
	assert_true(invitation.uid >= 65536);
	assert_string_equal(user_text(fixture, "bberg", "status"), "invited");
	assert_string_equal(user_text(fixture, "bberg", "password"), "");
	assert_fits(fixture, "bberg", invitation.code, true);
	assert_journal(fixture, "user add");
	invitation_clear(&invitation);
	/* Its twin, without. */
	add_user(fixture, "twin", "clerk");
	assert_string_equal(user_text(fixture, "twin", "status"), "active");
	assert_false(has_code(fixture, "twin"));
}

/* An expired code stays so when the clock is set back: what the database has seen counts. */
static void
the_highest_time_is_noted(void **state)
{
	struct fixture *fixture = *state;
	struct user user = {0};

	fixture->admin.now = NOW + 1000 * HOUR;
	edit(fixture, "anna", EDITS(USER_SET("profession", "Painter")));
	fixture->admin.now = NOW;
	assert_good(fixture, try_invite(fixture, "anna"));
	read_user(fixture, "anna", &user);
	assert_int_equal(user.code_made, NOW);
	assert_int_equal(user.code_mark, NOW + 1000 * HOUR);
	user_clear(&user);
}

/* In no file: not as it is typed, and not without its dashes. */
static void
the_code_is_not_kept(void **state)
{
	struct fixture *fixture = *state;
	struct invitation made = {0};
	static char file[8 * 1024 * 1024];
	char path[128], bare[CODE_TEXT_BYTES] = "";
	size_t size, count = 0;
	FILE *database;

	assert_good(fixture, account_invite(&fixture->admin, "anna", &made, &fixture->why));
	for (size_t i = 0; made.code[i] != '\0'; i++)
		if (made.code[i] != '-')
			bare[count++] = made.code[i];
	assert_int_equal(count, 16);
	snprintf(path, sizeof(path), "%s" DATABASE_FILE, fixture->root);
	database = fopen(path, "re");
	assert_non_null(database);
	size = fread(file, 1, sizeof(file), database);
	assert_int_equal(fclose(database), 0);
	assert_non_null(memmem(file, size, "$code1$", strlen("$code1$"))); /* what is kept */
	assert_null(memmem(file, size, made.code, strlen(made.code)));
	assert_null(memmem(file, size, bare, strlen(bare)));
	invitation_clear(&made);
	assert_string_equal(made.code, "");
}

/* ---- who is refused ------------------------------------------------------------------------ */

static void
set_status(struct fixture *fixture, const char *who, unsigned status)
{
	static const struct actor actor = {.name = "root", .login_uid = UINT32_MAX};
	struct user user = {0};
	struct txn *txn;

	assert_good(fixture, store_write_begin(fixture->admin.store, &actor, "user edit", NOW, &txn,
	    &fixture->why));
	assert_good(fixture, user_find(txn, who, &user, &fixture->why));
	user.status = status;
	assert_good(fixture, user_put(txn, &user, &fixture->why));
	assert_good(fixture, store_commit(txn, NULL, &fixture->why));
	user_clear(&user);
}

static void
who_could_not_use_it_gets_none(void **state)
{
	static const struct {
		unsigned status;
		enum fault fault;
		const char *mend;
	} statuses[] = {
	    {STATUS_INVITED, FAULT_NONE, ""},
	    {STATUS_ACTIVE, FAULT_NONE, ""},
	    {STATUS_SUSPENDED, FAULT_RULE, "hexa-admin user resume anna"},
	    {STATUS_REVOKED, FAULT_RULE, "hexa-admin user restore anna"},
	    {STATUS_LEFT, FAULT_RULE, "hexa-admin user restore anna"},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		set_status(fixture, "anna", statuses[i].status);
		if (statuses[i].fault == FAULT_NONE) {
			assert_good(fixture, try_invite(fixture, "anna"));
			continue;
		}
		assert_refused(fixture, statuses[i].fault, "status", try_invite(fixture, "anna"));
		assert_string_equal(fixture->why.mend, statuses[i].mend);
	}
	set_status(fixture, "anna", STATUS_ACTIVE);
	edit(fixture, "anna", EDITS(USER_CLEAR("roles")));
	assert_refused(fixture, FAULT_RULE, "roles", try_invite(fixture, "anna"));
	assert_string_equal(fixture->why.mend, "hexa-admin user edit anna --add-role ROLE");
	assert_refused(fixture, FAULT_UNKNOWN, NULL, try_invite(fixture, "nobody"));
}

static void
who_never_has_a_password_gets_none(void **state)
{
	static const struct {
		const char *type;
		enum fault fault;
	} types[] = {{"employee", FAULT_NONE}, {"client", FAULT_NONE}, {"system", FAULT_RULE},
	    {"integration", FAULT_RULE}};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct invitation made = {0};
		enum fault fault;
		uint64_t before;

		edit(fixture, "anna", EDITS(USER_SET("type", types[i].type)));
		assert_fault(fixture, types[i].fault, try_invite(fixture, "anna"));
		before = journal_at(fixture);
		fault = try_add(fixture, EDITS(PERSON("New", types[i].type, "clerk"),
		    USER_SET("type", types[i].type)), false, &made);
		assert_int_equal(fault, types[i].fault);
		assert_int_equal(made.code[0] != '\0', fault == FAULT_NONE);
		assert_int_equal(journal_at(fixture) != before, fault == FAULT_NONE);
		if (fault != FAULT_NONE)
			assert_about(fixture, "type");
		invitation_clear(&made);
	}
}

static void
nothing_is_mailed_to_nowhere(void **state)
{
	struct fixture *fixture = *state;
	struct invitation made = {.by_mail = true}, added = {0};

	apply_with(fixture, "mail: {from: hexa@example.org}\n");
	assert_refused(fixture, FAULT_RULE, "email",
	    account_invite(&fixture->admin, "anna", &made, &fixture->why));
	assert_string_equal(fixture->why.mend, "hexa-admin user edit anna --email ADDRESS");
	assert_refused(fixture, FAULT_RULE, "email",
	    account_reset(&fixture->admin, "anna", &made, &fixture->why));
	assert_refused(fixture, FAULT_RULE, "email",
	    try_add(fixture, EDITS(PERSON("Bo", "Berg", "clerk")), true, &added));
	assert_false(has_code(fixture, "anna"));

	edit(fixture, "anna", EDITS(USER_SET("email", "anna@example.org")));
	assert_good(fixture, account_invite(&fixture->admin, "anna", &made, &fixture->why));
	assert_string_equal(made.email, "anna@example.org");
	assert_string_equal(made.from, "hexa@example.org");
	assert_good(fixture, try_add(fixture, EDITS(PERSON("Bo", "Berg", "clerk"),
	    USER_SET("email", "bo@example.org")), true, &added));
	assert_string_equal(added.email, "bo@example.org");
	invitation_clear(&made);
	invitation_clear(&added);
}

/* ---- who was known ------------------------------------------------------------------------- */

/* Somebody whose access was taken away, with a password that they may remember. */
static void
add_known(struct fixture *fixture, const char *name, const char *email, const char *role)
{
	add_user(fixture, name, role);
	edit(fixture, name, EDITS(USER_SET("email", email)));
	assert_good(fixture, account_revoke(&fixture->admin, name, &fixture->why));
}

static void
who_was_known_gets_a_code_with_the_access(void **state)
{
	struct fixture *fixture = *state;
	struct invitation made = {0};

	add_known(fixture, "bob", "bob@example.org", "clerk");
	assert_good(fixture, try_add(fixture, EDITS(PERSON("Bob", "Again", "closer"),
	    USER_SET("email", "bob@example.org")), false, &made));
	assert_string_equal(made.name, "bob");
	assert_fits(fixture, "bob", made.code, true);
	assert_string_equal(user_text(fixture, "bob", "status"), "active");
	assert_string_equal(user_text(fixture, "bob", "roles"), "clerk closer");
	assert_told(fixture, "bob was known by that e-mail address", true);
	invitation_clear(&made);
	/* With access: a second record there is never, and no code. */
	assert_refused(fixture, FAULT_CONFLICT, "email", try_add(fixture,
	    EDITS(PERSON("Bob", "Again", "closer"), USER_SET("email", "bob@example.org")), false,
	    &made));
	assert_says(fixture, "bob");
}

/* Giving access back is one right, and giving credentials another. */
static void
a_code_for_who_was_known_takes_the_right_to_it(void **state)
{
	const struct edits *bob = EDITS(PERSON("Bob", "Again", "clerk"),
	    USER_SET("email", "bob@example.org"));
	struct fixture *fixture = *state;
	struct invitation made = {0};

	add_known(fixture, "bob", "bob@example.org", "clerk");
	add_user(fixture, "carla", "creator");
	add_user(fixture, "kim", "keeper");
	fixture_become(fixture, "carla");
	assert_refused(fixture, FAULT_DENIED, NULL, try_add(fixture, bob, false, &made));
	assert_says(fixture, "hexa.credentials.reset");
	assert_string_equal(user_text(fixture, "bob", "status"), "revoked");
	/* Of whom she makes she gives the first. */
	assert_good(fixture, try_add(fixture, EDITS(PERSON("New", "One", "clerk")), false, &made));
	invitation_clear(&made);
	fixture_become(fixture, "kim");
	assert_good(fixture, try_add(fixture, bob, false, &made));
	assert_fits(fixture, "bob", made.code, true);
	invitation_clear(&made);
}

/* ---- by whom ------------------------------------------------------------------------------- */

static void
a_delegate_gives_codes_to_who_has_no_more(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "rita", "resetter");
	add_user(fixture, "equal", "resetter");
	add_user(fixture, "more", "closer");
	add_user(fixture, "clara", "clerk");
	fixture_become(fixture, "rita");
	assert_good(fixture, try_invite(fixture, "anna"));
	assert_good(fixture, try_invite(fixture, "equal"));
	assert_refused(fixture, FAULT_DENIED, NULL, try_invite(fixture, "more"));
	assert_says(fixture, "desk.close");
	/* With a code for their own account they would be in it whatever the password is. */
	assert_refused(fixture, FAULT_DENIED, NULL, try_invite(fixture, "rita"));
	fixture_become(fixture, NULL);
	assert_good(fixture, try_invite(fixture, "rita"));
	assert_good(fixture, try_invite(fixture, "more"));
}

/* ---- what voids it ------------------------------------------------------------------------- */

static enum fault
suspend_her(struct fixture *fixture)
{
	return account_suspend(&fixture->admin, "anna", &fixture->why);
}

static enum fault
revoke_her(struct fixture *fixture)
{
	return account_revoke(&fixture->admin, "anna", &fixture->why);
}

static enum fault
to_system(struct fixture *fixture)
{
	return account_edit(&fixture->admin, "anna", EDITS(USER_SET("type", "system")),
	    &fixture->why);
}

static enum fault
to_integration(struct fixture *fixture)
{
	return account_edit(&fixture->admin, "anna", EDITS(USER_SET("type", "integration")),
	    &fixture->why);
}

static enum fault
last_role(struct fixture *fixture)
{
	return account_edit(&fixture->admin, "anna", EDITS(USER_REMOVE("roles", "clerk")),
	    &fixture->why);
}

static enum fault
all_roles(struct fixture *fixture)
{
	return account_edit(&fixture->admin, "anna", EDITS(USER_CLEAR("roles")), &fixture->why);
}

static enum fault
set_password(struct fixture *fixture)
{
	return account_password(&fixture->admin, "anna", "quite another staple", &fixture->why);
}

static enum fault
rename_her(struct fixture *fixture)
{
	return account_rename(&fixture->admin, "anna", "annabel", &fixture->why);
}

static enum fault
another_role(struct fixture *fixture)
{
	return account_edit(&fixture->admin, "anna",
	    EDITS(USER_ADD("roles", "closer"), USER_REMOVE("roles", "clerk")), &fixture->why);
}

static enum fault
to_client(struct fixture *fixture)
{
	return account_edit(&fixture->admin, "anna", EDITS(USER_SET("type", "client")),
	    &fixture->why);
}

static enum fault
profession(struct fixture *fixture)
{
	return account_edit(&fixture->admin, "anna", EDITS(USER_SET("profession", "Painter")),
	    &fixture->why);
}

/* By a file, as well as by a command. */
static enum fault
leave(struct fixture *fixture)
{
	const struct import_cell cells[] = {{user_field("name"), "anna", 2, 1},
	    {user_field("status"), "left", 2, 6}};
	const struct import_row row = {.line = 2, .column = 1, .cell = cells, .count = 2};
	struct import *import = NULL;
	enum fault fault = import_begin(&fixture->admin, true, &import, &fixture->why);

	if (fault == FAULT_NONE)
		fault = import_row(import, &row, &fixture->why);
	if (fault == FAULT_NONE)
		fault = import_settle(import, &fixture->why);
	if (fault == FAULT_NONE)
		fault = import_commit(import, &fixture->why);
	import_end(import);
	return fault;
}

/* What the newest entry says of the code; NULL: nothing. */
static void
assert_journal_has_code(struct fixture *fixture, bool has)
{
	uint64_t head = journal_at(fixture);
	struct journal_entry entry = {0};
	bool found = false;
	struct txn *txn;

	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, journal_next(txn, head - 1, &entry, &fixture->why));
	for (size_t i = 0; i < entry.count; i++)
		found |= strcmp(entry.change[i].field, "code") == 0;
	journal_entry_clear(&entry);
	store_end(txn);
	assert_int_equal(found, has);
}

static void
a_code_ends_with_what_it_was_for(void **state)
{
	static const struct {
		const char *what;
		enum fault (*change)(struct fixture *fixture);
		bool voids, told;
		const char *name;
	} cases[] = {
	    {"suspended", suspend_her, true, true, "anna"},
	    {"revoked", revoke_her, true, true, "anna"},
	    {"left", leave, true, true, "anna"},
	    {"a system", to_system, true, true, "anna"},
	    {"an integration", to_integration, true, true, "anna"},
	    {"without the last role", last_role, true, true, "anna"},
	    {"without roles", all_roles, true, true, "anna"},
	    {"with a new password", set_password, true, false, "anna"},
	    {"with another name", rename_her, false, false, "annabel"},
	    {"with another role", another_role, false, false, "anna"},
	    {"a client", to_client, false, false, "anna"},
	    {"a painter", profession, false, false, "anna"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture *fixture;
		void *own = NULL;

		assert_int_equal(setup(&own), 0);
		fixture = own;
		assert_good(fixture, try_invite(fixture, "anna"));
		assert_true(has_code(fixture, "anna"));
		assert_good(fixture, cases[i].change(fixture));
		if (has_code(fixture, cases[i].name) == cases[i].voids)
			fail_msg("who is %s %s a code", cases[i].what,
			    cases[i].voids ? "has" : "has no");
		assert_journal_has_code(fixture, cases[i].voids);
		assert_told(fixture, "anna has no one-time code any more", cases[i].told);
		fixture_teardown(&own);
	}
	(void)state;
}

/* Who is let in again is not by what they were given before. */
static void
a_code_does_not_come_back(void **state)
{
	struct fixture *fixture = *state;
	struct invitation made = {0};

	assert_good(fixture, account_invite(&fixture->admin, "anna", &made, &fixture->why));
	assert_good(fixture, suspend_her(fixture));
	assert_good(fixture, account_resume(&fixture->admin, "anna", &fixture->why));
	assert_fits(fixture, "anna", made.code, false);
	invitation_clear(&made);
	assert_good(fixture, try_invite(fixture, "anna"));
}

/* One whose time is up is dropped as well; but it is nobody's loss. */
static void
an_old_code_goes_without_a_word(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, try_invite(fixture, "anna"));
	fixture->admin.now = NOW + 72 * HOUR;
	assert_good(fixture, suspend_her(fixture));
	assert_false(has_code(fixture, "anna"));
	assert_told(fixture, "code", false);
}

/* ---- who is told of clients ---------------------------------------------------------------- */

static void
setup_clients(struct fixture *fixture, const char *settings)
{
	static const char *const names[] = {"acme", "brill", "calm"};

	apply_with(fixture, settings);
	for (size_t i = 0; i < 3; i++)
		assert_good(fixture,
		    client_create(&fixture->admin, names[i], NO_EDITS, &fixture->why));
	edit(fixture, "anna", EDITS(USER_SET("type", "client"), USER_ADD("clients", "acme"),
	    USER_SET("email", "anna@example.org")));
}

static void
assert_assigned(const struct fixture *fixture, const char *clients)
{
	const struct assigned *assigned = &fixture->admin.assigned;
	char text[128] = "";

	for (size_t i = 0; i < assigned->clients.count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s",
		    i == 0 ? "" : " ", assigned->clients.item[i]);
	assert_string_equal(text, clients);
}

static void
whom_the_policy_says_is_told_of_new_clients(void **state)
{
	struct fixture *fixture = *state;

	setup_clients(fixture, "mail: {client-added: yes, from: hexa@example.org}\n");
	assert_assigned(fixture, "acme");
	assert_string_equal(fixture->admin.assigned.name, "anna");
	assert_string_equal(fixture->admin.assigned.email, "anna@example.org");
	assert_string_equal(fixture->admin.assigned.from, "hexa@example.org");
	edit(fixture, "anna", EDITS(USER_ADD("clients", "brill"), USER_ADD("clients", "calm")));
	assert_assigned(fixture, "brill calm");
	edit(fixture, "anna", EDITS(USER_REMOVE("clients", "brill")));
	assert_assigned(fixture, "");
	edit(fixture, "anna", EDITS(USER_SET("profession", "Painter")));
	assert_assigned(fixture, "");
	/* Who could not log in anyway is told nothing, and no employee. */
	assert_good(fixture, suspend_her(fixture));
	edit(fixture, "anna", EDITS(USER_ADD("clients", "brill")));
	assert_assigned(fixture, "");
	add_user(fixture, "bob", "clerk");
	edit(fixture, "bob", EDITS(USER_ADD("clients", "brill")));
	assert_assigned(fixture, "");
}

static void
nobody_is_told_when_the_policy_says_nothing(void **state)
{
	struct fixture *fixture = *state;

	setup_clients(fixture, "");
	assert_assigned(fixture, "");
	edit(fixture, "anna", EDITS(USER_ADD("clients", "brill")));
	assert_assigned(fixture, "");
}

/* A client that was full is none that they were given. */
static void
only_what_was_given_is_told(void **state)
{
	struct fixture *fixture = *state;

	setup_clients(fixture,
	    "mail: {client-added: yes}\nlimits: {users-per-client: 1}\n");
	add_user(fixture, "bob", "clerk");
	edit(fixture, "bob", EDITS(USER_SET("type", "client"), USER_ADD("clients", "brill")));
	edit(fixture, "anna", EDITS(USER_ADD("clients", "brill"), USER_ADD("clients", "calm")));
	assert_int_equal(fixture->admin.shortfall.done, 1);
	assert_assigned(fixture, "calm");
}

static void
a_new_client_user_is_told_too(void **state)
{
	const struct edits *new = EDITS(PERSON("Cora", "Customer", "clerk"),
	    USER_SET("type", "client"), USER_ADD("clients", "brill"));
	struct fixture *fixture = *state;
	struct invitation made = {0};

	setup_clients(fixture, "mail: {client-added: yes}\n");
	assert_good(fixture, try_add(fixture, new, false, &made));
	assert_assigned(fixture, "brill");
	assert_string_equal(fixture->admin.assigned.name, "ccustomer");
	assert_null(fixture->admin.assigned.email);
	invitation_clear(&made);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_code_is_given_for_as_long_as_the_policy_says),
	    TEST(nothing_else_changes),
	    TEST(failed_logins_are_forgotten),
	    TEST(a_new_user_is_invited),
	    TEST(the_highest_time_is_noted),
	    TEST(the_code_is_not_kept),
	    TEST(who_could_not_use_it_gets_none),
	    TEST(who_never_has_a_password_gets_none),
	    TEST(nothing_is_mailed_to_nowhere),
	    TEST(who_was_known_gets_a_code_with_the_access),
	    TEST(a_code_for_who_was_known_takes_the_right_to_it),
	    TEST(a_delegate_gives_codes_to_who_has_no_more),
	    TEST(a_code_ends_with_what_it_was_for),
	    TEST(a_code_does_not_come_back),
	    TEST(an_old_code_goes_without_a_word),
	    TEST(whom_the_policy_says_is_told_of_new_clients),
	    TEST(nobody_is_told_when_the_policy_says_nothing),
	    TEST(only_what_was_given_is_told),
	    TEST(a_new_client_user_is_told_too),
	};

	return RUN_AS_ROOT(tests);
}
