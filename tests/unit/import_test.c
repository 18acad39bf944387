/*
 * import_test.c - many users in one transaction: what is made and changed, what is refused and
 * where that is told, and that nothing is kept unless all is.
 */
#include "tests/unit/accounts_fixture.h"

#include "accounts/clients.h"
#include "accounts/import.h"
#include "accounts/policy.h"

#define BUILDER "builder"

static int
setup(void **state)
{
	int result = fixture_setup(state);

	add_role(*state, BUILDER);
	add_role(*state, "other");
	return result;
}

/* ---- a file ------------------------------------------------------------------------------- */

enum { VALUES_MAX = 12, COLUMN = 10 };

/* Line 2 is the first row; the value I of a row stands in column 10 * (I + 1). */
struct file {
	struct fixture *fixture;
	struct import *import;
	unsigned line;
};

static struct file
begin(struct fixture *fixture, bool update)
{
	struct file file = {.fixture = fixture, .line = 1};

	assert_good(fixture, import_begin(&fixture->admin, update, &file.import, &fixture->why));
	return file;
}

/* Pairs of a field and a value, NULL-ended. */
static void
put_row(struct file *file, ...)
{
	struct import_cell cell[VALUES_MAX];
	struct import_row row = {.line = ++file->line, .column = 1, .cell = cell};
	const char *name;
	va_list values;

	va_start(values, file);
	while ((name = va_arg(values, const char *)) != NULL) {
		assert_in_range(row.count, 0, VALUES_MAX - 1);
		cell[row.count] = (struct import_cell){user_field(name),
		    va_arg(values, const char *), file->line, COLUMN * ((unsigned)row.count + 1)};
		row.count++;
	}
	va_end(values);
	assert_good(file->fixture, import_row(file->import, &row, &file->fixture->why));
}

#define ROW(...) put_row(&file, __VA_ARGS__, NULL)

/* Somebody with all that is needed, and then more values. */
#define PERSON_ROW(name, ...) \
	ROW("name", name, "first-name", "Anna", "last-name", "Berg", "roles", BUILDER, __VA_ARGS__)

static void
finish(struct file *file)
{
	import_end(file->import);
	file->import = NULL;
}

static enum fault
commit(struct file *file)
{
	enum fault fault = import_settle(file->import, &file->fixture->why);

	return fault == FAULT_NONE ? import_commit(file->import, &file->fixture->why) : fault;
}

static void
settle_good(struct file *file)
{
	enum fault fault = import_settle(file->import, &file->fixture->why);

	if (import_faults(file->import).count > 0)
		fail_msg("%s", import_faults(file->import).why[0].text);
	assert_good(file->fixture, fault);
}

static void
commit_good(struct file *file)
{
	settle_good(file);
	assert_good(file->fixture, import_commit(file->import, &file->fixture->why));
	finish(file);
}

static void
assert_counts(const struct file *file, uint64_t made, uint64_t changed, uint64_t same)
{
	struct import_counts counts = import_counts(file->import);

	assert_int_equal(counts.made, made);
	assert_int_equal(counts.changed, changed);
	assert_int_equal(counts.same, same);
}

/* The fault I stands there and says this. */
static void
assert_told(const struct file *file, size_t i, unsigned line, unsigned column, const char *words)
{
	struct import_faults faults = import_faults(file->import);

	assert_in_range(i, 0, faults.count - 1);
	if (faults.why[i].line != line || faults.why[i].column != column ||
	    strstr(faults.why[i].text, words) == NULL)
		fail_msg("fault %zu: %u:%u: %s", i, faults.why[i].line, faults.why[i].column,
		    faults.why[i].text);
}

/* Exactly this is wrong with the file, and nothing of it is kept. */
static void
refuse(struct file *file, unsigned line, unsigned column, const char *words)
{
	uint64_t before = journal_at(file->fixture);

	assert_fault(file->fixture, FAULT_INVALID, commit(file));
	assert_told(file, 0, line, column, words);
	assert_int_equal(import_faults(file->import).count, 1);
	finish(file);
	assert_int_equal(journal_at(file->fixture), before);
}

static bool
is_there(struct fixture *fixture, const char *name)
{
	struct user user = {0};
	struct txn *txn;
	enum fault fault;

	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	fault = user_find_name(txn, name, &user, &fixture->why);
	store_end(txn);
	user_clear(&user);
	return fault == FAULT_NONE;
}

/* ---- making ------------------------------------------------------------------------------- */

static void
users_are_made(void **state)
{
	struct fixture *fixture = *state;
	struct file file = begin(fixture, false);

	PERSON_ROW("anna", "email", "anna@example.org", "note", "");
	PERSON_ROW("", "status", "suspended");
	ROW("first-name", "Bo", "last-name", "Ek", "roles", "builder other", "shell", "/bin/sh");
	PERSON_ROW("jobs", "type", "system", "shell", "", "status", "");
	settle_good(&file);
	assert_counts(&file, 4, 0, 0);
	assert_int_equal(import_made_names(file.import)->count, 2);
	assert_string_equal(import_made_names(file.import)->item[0], "aberg");
	assert_string_equal(import_made_names(file.import)->item[1], "bek");
	assert_false(is_there(fixture, "anna"));
	commit_good(&file);
	assert_journal(fixture, "user import");
	assert_string_equal(user_text(fixture, "anna", "status"), "active");
	assert_string_equal(user_text(fixture, "anna", "home"), "/home/anna");
	assert_string_equal(user_text(fixture, "anna", "shell"), "/bin/bash");
	assert_string_equal(user_text(fixture, "aberg", "status"), "suspended");
	assert_string_equal(user_text(fixture, "bek", "roles"), "builder other");
	assert_string_equal(user_text(fixture, "bek", "shell"), "/bin/sh");
	assert_string_equal(user_text(fixture, "jobs", "shell"), "/usr/sbin/nologin");
}

static void
nothing_is_kept_uncommitted(void **state)
{
	struct fixture *fixture = *state;
	struct file file = begin(fixture, false);
	uint64_t before = journal_at(fixture);

	PERSON_ROW("anna", "email", "anna@example.org");
	settle_good(&file);
	finish(&file);
	assert_int_equal(journal_at(fixture), before);
	assert_false(is_there(fixture, "anna"));
}

static void
columns_are_the_fields(void **state)
{
	const struct field *field = NULL;
	struct why why = {0};

	(void)state;
	for (size_t i = 0; i < user_table.count; i++) {
		const struct field *row = &user_table.rows[i];
		enum fault fault = import_column(row->name, &field, &why);

		assert_int_equal(fault == FAULT_NONE, import_has_column(row));
		if (fault == FAULT_NONE)
			assert_ptr_equal(field, row);
	}
	assert_int_equal(import_column("name", &field, &why), FAULT_NONE);
	assert_int_equal(import_column("status", &field, &why), FAULT_NONE);
	assert_int_equal(import_column("uid", &field, &why), FAULT_INVALID);
	assert_int_equal(import_column("password", &field, &why), FAULT_INVALID);
	assert_non_null(strstr(why.text, "user password"));
	assert_int_equal(import_column("first-nam", &field, &why), FAULT_INVALID);
	assert_non_null(strstr(why.text, "did you mean first-name"));
}

/* ---- what is wrong ------------------------------------------------------------------------ */

static void
every_fault_is_told(void **state)
{
	struct fixture *fixture = *state;
	struct file file;
	uint64_t before;

	add_user(fixture, "bob", BUILDER);
	before = journal_at(fixture);
	file = begin(fixture, false);
	ROW("name", "Anna", "first-name", "A:", "email", "x", "phone", "12"); /* 2: four */
	PERSON_ROW("anna", "note", "good");
	PERSON_ROW("bob", "note", "");                                         /* 4 */
	ROW("name", "carla", "first-name", "C", "last-name", "D", "roles", "bulider", "email",
	    "c@d", "unit", "x");                                               /* 5: three */
	PERSON_ROW("anna", "note", "again");                                   /* 6 */
	PERSON_ROW("root", "note", "");                                        /* 7 */
	ROW("name", "dora", "first-name", "D");                                /* 8 */
	PERSON_ROW("eva", "status", "invited");                                /* 9 */
	assert_fault(fixture, FAULT_INVALID, commit(&file));
	assert_told(&file, 0, 2, 10, "name:");
	assert_told(&file, 1, 2, 20, "first-name:");
	assert_told(&file, 2, 2, 30, "email:");
	assert_told(&file, 3, 2, 40, "phone:");
	assert_told(&file, 4, 4, 10, "--update");
	assert_told(&file, 5, 5, 40, "did you mean builder");
	assert_told(&file, 6, 5, 50, "email:");
	assert_told(&file, 7, 5, 60, "unit:");
	assert_told(&file, 8, 6, 10, "line 3");
	assert_told(&file, 9, 7, 10, "reserved");
	assert_told(&file, 10, 8, 1, "required");
	assert_told(&file, 11, 9, 50, "invite");
	assert_int_equal(import_faults(file.import).count, 12);
	finish(&file);
	assert_int_equal(journal_at(fixture), before);
	assert_false(is_there(fixture, "anna"));
}

/* What is wrong with one value leaves no other value of the row behind, taken by nobody. */
static void
a_refused_row_takes_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct file file = begin(fixture, false);

	PERSON_ROW("anna", "email", "a@example.org", "phone", "+31600000001");
	PERSON_ROW("bob", "phone", "+31600000001", "email", "a@example.org");
	assert_fault(fixture, FAULT_INVALID, commit(&file));
	assert_told(&file, 0, 3, 50, "phone:");
	assert_told(&file, 1, 3, 60, "email:");
	assert_int_equal(import_faults(file.import).count, 2);
	finish(&file);
}

static void
faults_beyond_the_most_are_counted(void **state)
{
	struct fixture *fixture = *state;
	struct file file = begin(fixture, false);

	for (unsigned i = 0; i < IMPORT_FAULTS_MAX + 7; i++)
		ROW("name", "-");
	assert_fault(fixture, FAULT_INVALID, commit(&file));
	assert_int_equal(import_faults(file.import).count, IMPORT_FAULTS_MAX);
	assert_int_equal(import_faults(file.import).more, 7);
	finish(&file);
}

static void
the_host_is_asked(void **state)
{
	static const struct {
		const char *name, *words;
	} names[] = {
	    {"local", "this host has a user"},
	    {"painters", "this host has a group"},
	    {"cleo", "mention"},
	    {"sudo", "reserved"},
	    {"member", "among the members"},
	};
	struct fixture *fixture = *state;
	struct file file;

	write_file(fixture->root, "/etc/group", "root:x:0:\npainters:x:1001:member,other\n");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		file = begin(fixture, false);
		PERSON_ROW(names[i].name, "note", "");
		refuse(&file, 2, 10, names[i].words);
	}
	file = begin(fixture, false);
	PERSON_ROW("nobodys", "note", "");
	commit_good(&file);
	/* What came into a file since the last change is seen. */
	write_file(fixture->root, "/etc/group", "root:x:0:\nlater:x:1002:\n");
	file = begin(fixture, false);
	PERSON_ROW("later", "note", "");
	refuse(&file, 2, 10, "this host has a group");
}

/* ---- changing ----------------------------------------------------------------------------- */

static void
who_is_there_is_changed(void **state)
{
	struct fixture *fixture = *state;
	struct file file;

	add_user(fixture, "anna", BUILDER);
	assert_good(fixture, account_edit(&fixture->admin, "anna", EDITS(USER_SET("note", "old"),
	    USER_SET("profession", "Carpenter"), USER_SET("email", "anna@example.org")),
	    &fixture->why));
	add_user(fixture, "bob", BUILDER);
	file = begin(fixture, true);
	ROW("name", "anna", "note", "", "type", "", "status", "", "license", "B");
	ROW("name", "bob", "first-name", "Ex");
	PERSON_ROW("carla", "note", "new");
	settle_good(&file);
	assert_counts(&file, 1, 1, 1);
	commit_good(&file);
	assert_string_equal(user_text(fixture, "anna", "note"), "");
	assert_string_equal(user_text(fixture, "anna", "license"), "B");
	assert_string_equal(user_text(fixture, "anna", "profession"), "Carpenter");
	assert_string_equal(user_text(fixture, "anna", "status"), "active");
	assert_true(is_there(fixture, "carla"));
	/* By the address, where there is no name; which changes no name. */
	file = begin(fixture, true);
	ROW("email", "Anna@Example.org", "name", "", "note", "by address");
	ROW("email", "new@example.org", "first-name", "N", "last-name", "Ew", "roles", BUILDER);
	settle_good(&file);
	assert_counts(&file, 1, 1, 0);
	assert_string_equal(import_made_names(file.import)->item[0], "new");
	commit_good(&file);
	assert_string_equal(user_text(fixture, "anna", "note"), "by address");
	/* A name that is nobody's is a new user's, whose the address may be. */
	file = begin(fixture, true);
	PERSON_ROW("dora", "email", "anna@example.org");
	refuse(&file, 2, 50, "anna@example.org already");
	file = begin(fixture, true);
	ROW("first-name", "N", "last-name", "Ew", "roles", BUILDER);
	refuse(&file, 2, 1, "whom it is about");
	file = begin(fixture, true);
	ROW("name", "anna", "note", "1");
	ROW("name", "", "email", "anna@example.org", "note", "2");
	refuse(&file, 3, 20, "line 2");
	file = begin(fixture, true);
	ROW("name", "anna", "first-name", "");
	refuse(&file, 2, 20, "required");
	/* Nobody is there: what a new user lacks is not what is wrong. */
	file = begin(fixture, true);
	ROW("name", "ana", "note", "1");
	refuse(&file, 2, 10, "there is no user ana; a new one needs roles");
	file = begin(fixture, true);
	ROW("name", "", "roles", "", "email", "nobody@example.org");
	refuse(&file, 2, 30, "there is no user nobody@example.org");
	file = begin(fixture, true);
	ROW("name", "ana", "first-name", "A:", "last-name", "B", "roles", BUILDER);
	refuse(&file, 2, 20, "first-name: expected");
}

static void
the_same_again_changes_nothing(void **state)
{
	struct fixture *fixture = *state;
	uint64_t before;
	struct file file;

	add_user(fixture, "anna", BUILDER);
	before = journal_at(fixture);
	file = begin(fixture, true);
	ROW("name", "anna", "first-name", "Ex", "last-name", "Ample", "roles", BUILDER, "note", "",
	    "home", "/home/anna", "status", "active", "type", "employee");
	settle_good(&file);
	assert_counts(&file, 0, 0, 1);
	commit_good(&file);
	assert_int_equal(journal_at(fixture), before);
}

static void
a_status_goes_by_the_rules(void **state)
{
	struct fixture *fixture = *state;
	struct file file;

	assert_good(fixture, apply(fixture, "hexa-policy: 1\nlimits: {users: 2}\nroles:\n"
	                                    "  builder: {group: no}\n  other: {group: no}\n"));
	add_user(fixture, "anna", BUILDER);
	file = begin(fixture, true);
	ROW("name", "anna", "status", "revoked");
	PERSON_ROW("bob", "note", "");
	PERSON_ROW("carla", "note", "");
	commit_good(&file);
	assert_string_equal(user_text(fixture, "anna", "status"), "revoked");
	file = begin(fixture, true);
	ROW("name", "anna", "status", "active");
	refuse(&file, 2, 1, "this host is full (2)");
	file = begin(fixture, true);
	ROW("name", "bob", "status", "left");
	ROW("name", "anna", "status", "active");
	commit_good(&file);
	assert_string_equal(user_text(fixture, "anna", "status"), "active");
	file = begin(fixture, true);
	ROW("name", "anna", "status", "invited");
	refuse(&file, 2, 20, "invite");
	/* The shell goes with the type, as with user edit. */
	file = begin(fixture, true);
	ROW("name", "anna", "type", "system");
	commit_good(&file);
	assert_string_equal(user_text(fixture, "anna", "shell"), "/usr/sbin/nologin");
}

static void
rules_of_the_policy_hold(void **state)
{
	struct fixture *fixture = *state;
	struct file file;

	assert_good(fixture, apply(fixture,
	    "hexa-policy: 1\nlimits: {users-per-client: 1}\n"
	    "roles:\n  builder: {group: no}\n  other: {group: no}\n"
	    "constraints:\n  - never-together: [builder, other]\n"));
	assert_good(fixture, client_create(&fixture->admin, "acme", NO_EDITS, &fixture->why));
	file = begin(fixture, false);
	ROW("name", "anna", "first-name", "A", "last-name", "B", "roles", "builder other");
	refuse(&file, 2, 40, "never");
	file = begin(fixture, false);
	PERSON_ROW("anna", "type", "client", "clients", "acme", "email", "a@example.org");
	PERSON_ROW("bob", "type", "client", "clients", "acme");
	refuse(&file, 3, 60, "acme is full (1)");
	file = begin(fixture, false);
	PERSON_ROW("anna", "type", "client", "clients", "acmee");
	refuse(&file, 2, 60, "did you mean acme");
	file = begin(fixture, false);
	PERSON_ROW("anna", "type", "client", "clients", "acme", "email", "a@example.org");
	commit_good(&file);
	file = begin(fixture, true);
	ROW("name", "anna", "email", "b@example.org");
	refuse(&file, 2, 20, "is not changed");
}

/* ---- users who name users ----------------------------------------------------------------- */

static void
later_rows_are_named(void **state)
{
	struct fixture *fixture = *state;
	struct file file = begin(fixture, false);

	PERSON_ROW("anna", "report-to", "bob", "route-to", "carla@example.org");
	PERSON_ROW("bob", "report-to", "carla");
	PERSON_ROW("carla", "email", "carla@example.org");
	commit_good(&file);
	assert_string_equal(user_text(fixture, "anna", "report-to"), "bob");
	assert_string_equal(user_text(fixture, "anna", "route-to"), "carla");
	assert_string_equal(user_text(fixture, "bob", "report-to"), "carla");
	/* Turned round: no circle on the way, in whatever order. */
	file = begin(fixture, true);
	ROW("name", "carla", "report-to", "bob");
	ROW("name", "bob", "report-to", "anna");
	ROW("name", "anna", "report-to", "");
	settle_good(&file);
	assert_counts(&file, 0, 3, 0);
	commit_good(&file);
	assert_string_equal(user_text(fixture, "carla", "report-to"), "bob");
	assert_string_equal(user_text(fixture, "bob", "report-to"), "anna");
	assert_string_equal(user_text(fixture, "anna", "report-to"), "");
	file = begin(fixture, true);
	ROW("name", "anna", "report-to", "carla");
	refuse(&file, 2, 20, "circle");
	file = begin(fixture, false);
	PERSON_ROW("dora", "report-to", "nobody");
	refuse(&file, 2, 50, "there is no user nobody");
	/* Why eva is not there is told once. */
	file = begin(fixture, false);
	PERSON_ROW("dora", "report-to", "eva");
	PERSON_ROW("eva", "unit", "x");
	refuse(&file, 3, 50, "unit:");
	file = begin(fixture, false);
	PERSON_ROW("dora", "report-to", "eva");
	PERSON_ROW("eva", "report-to", "dora");
	refuse(&file, 2, 50, "circle");
	file = begin(fixture, false);
	PERSON_ROW("self", "report-to", "self");
	refuse(&file, 2, 50, "circle");
}

/* ---- administrators ----------------------------------------------------------------------- */

static void
the_last_administrator_stays(void **state)
{
	struct fixture *fixture = *state;
	uint64_t before;
	struct file file;

	add_user(fixture, "boss", ROLE_SYSTEM_ADMINISTRATOR);
	before = journal_at(fixture);
	file = begin(fixture, true);
	ROW("name", "boss", "status", "suspended");
	/* Said before anything is committed: a dry run says it too. */
	assert_fault(fixture, FAULT_RULE, import_settle(file.import, &fixture->why));
	assert_int_equal(import_faults(file.import).count, 0);
	assert_fault(fixture, FAULT_RULE, import_commit(file.import, &fixture->why));
	finish(&file);
	assert_int_equal(journal_at(fixture), before);
	/* Another one comes in the same file. */
	file = begin(fixture, true);
	ROW("name", "boss", "status", "suspended");
	ROW("name", "new", "first-name", "N", "last-name", "Ew", "roles",
	    ROLE_SYSTEM_ADMINISTRATOR);
	commit_good(&file);
	assert_string_equal(user_text(fixture, "boss", "status"), "suspended");
}

#define DELEGATES \
	"hexa-policy: 1\nroles:\n" \
	"  builder: {group: no}\n" \
	"  other: {group: no, permissions: [hexa.policy.view]}\n" \
	"  clerk: {group: no, permissions: [hexa.users.import, hexa.users.view]}\n" \
	"  viewer: {group: no, permissions: [hexa.users.view]}\n"

static void
delegates_keep_to_their_own(void **state)
{
	struct fixture *fixture = *state;
	struct user made = {0};
	struct file file;

	assert_good(fixture, apply(fixture, DELEGATES));
	assert_good(fixture, account_add(&fixture->admin, "clerk", EDITS(PERSON("C", "K",
	    "clerk@/sales"), USER_SET("unit", "/sales")), NULL, &made, &fixture->why));
	user_clear(&made);
	add_user(fixture, "viewer", "viewer");
	add_user(fixture, "far", BUILDER);
	assert_good(fixture, account_edit(&fixture->admin, "far",
	    EDITS(USER_SET("unit", "/hr"), USER_SET("note", "secret")), &fixture->why));
	fixture_become(fixture, "clerk");
	file = begin(fixture, true);
	PERSON_ROW("anna", "unit", "/sales/north");
	/* One's own account may stand in what was exported, as it is. */
	ROW("name", "clerk", "unit", "/sales", "first-name", "C");
	commit_good(&file);
	file = begin(fixture, true);
	PERSON_ROW("bob", "unit", "/hr");
	refuse(&file, 2, 1, "does not reach");
	file = begin(fixture, true);
	ROW("name", "anna", "unit", "/hr");
	refuse(&file, 2, 1, "would not reach");
	file = begin(fixture, true);
	ROW("name", "clerk", "profession", "Boss");
	refuse(&file, 2, 1, "your own account");
	file = begin(fixture, true);
	ROW("name", "anna", "roles", "other");
	refuse(&file, 2, 1, "hexa.policy.view");
	/* Nor is it told whether a row is right about somebody out of reach. */
	file = begin(fixture, true);
	ROW("name", "far", "note", "secret");
	refuse(&file, 2, 1, "does not reach");
	file = begin(fixture, true);
	ROW("name", "far", "note", "guess");
	refuse(&file, 2, 1, "does not reach");
	fixture_become(fixture, "viewer");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    import_begin(&fixture->admin, false, &file.import, &fixture->why));
}

static void
a_delegate_imports_no_home_but_the_policys(void **state)
{
	struct fixture *fixture = *state;
	struct file file;

	assert_good(fixture, apply(fixture, DELEGATES));
	add_user(fixture, "clerk", "clerk");
	add_user(fixture, "bob", BUILDER);
	fixture_become(fixture, "clerk");
	file = begin(fixture, true);
	PERSON_ROW("anna", "home", "/etc/systemd/system/cron.service.d");
	refuse(&file, 2, 5 * COLUMN, "home");
	file = begin(fixture, true);
	ROW("name", "bob", "home", "/root");
	refuse(&file, 2, 2 * COLUMN, "home");
	file = begin(fixture, true);
	PERSON_ROW("anna", "home", "/home/anna");
	ROW("name", "bob", "home", "/home/bob", "note", "x");
	commit_good(&file);
	fixture_become(fixture, NULL);
	file = begin(fixture, true);
	ROW("name", "bob", "home", "/srv/bob");
	commit_good(&file);
}

static void
no_full_client_is_passed_over(void **state)
{
	struct fixture *fixture = *state;
	struct file file;

	assert_good(fixture, apply(fixture, "hexa-policy: 1\nroles: {builder: {group: no}}\n"
	    "limits: {users-per-client: 1}\n"));
	for (int i = 0; i < 2; i++)
		assert_good(fixture, client_create(&fixture->admin,
		    ((const char *[]){"acme", "bolt"})[i], NO_EDITS, &fixture->why));
	file = begin(fixture, false);
	PERSON_ROW("anna", "type", "client", "clients", "acme");
	commit_good(&file);
	file = begin(fixture, false);
	PERSON_ROW("bob", "type", "client", "clients", "acme bolt");
	refuse(&file, 2, 6 * COLUMN, "acme is full (1)");
	file = begin(fixture, false);
	PERSON_ROW("bob", "type", "client", "clients", "bolt");
	commit_good(&file);
}

/* ---- the plan ----------------------------------------------------------------------------- */

struct seen {
	unsigned lines[4];
	bool is_new[4];
	char note[4][16];
	size_t count;
};

static enum fault
note_step(void *context, unsigned line, const struct user *before, const struct user *after,
    struct why *why)
{
	struct seen *seen = context;

	(void)why;
	seen->lines[seen->count] = line;
	seen->is_new[seen->count] = before == NULL;
	snprintf(seen->note[seen->count], sizeof(seen->note[0]), "%s>%s",
	    before == NULL || before->note == NULL ? "" : before->note,
	    after->note == NULL ? "" : after->note);
	seen->count++;
	return FAULT_NONE;
}

static void
the_plan_is_what_would_be(void **state)
{
	struct fixture *fixture = *state;
	struct seen seen = {.count = 0};
	struct file file;

	add_user(fixture, "anna", BUILDER);
	add_user(fixture, "bob", BUILDER);
	file = begin(fixture, true);
	ROW("name", "anna", "note", "x");
	ROW("name", "bob", "note", "");
	PERSON_ROW("carla", "note", "y");
	settle_good(&file);
	assert_good(fixture, import_plan(file.import, note_step, &seen, &fixture->why));
	assert_int_equal(seen.count, 2);
	assert_int_equal(seen.lines[0], 2);
	assert_false(seen.is_new[0]);
	assert_string_equal(seen.note[0], ">x");
	assert_int_equal(seen.lines[1], 4);
	assert_true(seen.is_new[1]);
	assert_string_equal(seen.note[1], ">y");
	finish(&file);
	assert_false(is_there(fixture, "carla"));
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(users_are_made),
	    TEST(nothing_is_kept_uncommitted),
	    cmocka_unit_test(columns_are_the_fields),
	    TEST(every_fault_is_told),
	    TEST(a_refused_row_takes_nothing),
	    TEST(faults_beyond_the_most_are_counted),
	    TEST(the_host_is_asked),
	    TEST(who_is_there_is_changed),
	    TEST(the_same_again_changes_nothing),
	    TEST(a_status_goes_by_the_rules),
	    TEST(rules_of_the_policy_hold),
	    TEST(later_rows_are_named),
	    TEST(the_last_administrator_stays),
	    TEST(delegates_keep_to_their_own),
	    TEST(a_delegate_imports_no_home_but_the_policys),
	    TEST(no_full_client_is_passed_over),
	    TEST(the_plan_is_what_would_be),
	};

	return RUN_AS_ROOT(tests);
}
