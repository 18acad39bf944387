/*
 * admin_test.c - who is acting and what they may: plain root, root as somebody, and the person
 * behind sudo.  The last need /etc and /var to be the test's own, so the program sees them so: it
 * puts empty folders over them in a mount namespace of its own, which ends with it.
 */
#include "tests/unit/accounts_fixture.h"

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>

#include "accounts/clients.h"

static enum fault
try_open(struct fixture *fixture, const struct caller *caller)
{
	struct admin admin = {0};
	enum fault fault =
	    admin_open(&admin, fixture->root, caller, 0, NOW, &fixture->why);

	if (fault == FAULT_NONE)
		admin_close(&admin);
	else
		assert_null(admin.store);
	return fault;
}

/* ---- plain root, with --root --------------------------------------------------------------- */

static void
root_may_do_all(void **state)
{
	struct fixture *fixture = *state;

	assert_true(fixture->admin.is_root);
	assert_string_equal(fixture->admin.actor.name, "root");
	assert_int_equal(fixture->admin.actor.uid, 0);
	assert_good(fixture, admin_needs(&fixture->admin, "hexa.users.edit", &fixture->why));
	assert_good(fixture, admin_needs_other(&fixture->admin, 65537, &fixture->why));
}

static void
only_root_may_at_all(void **state)
{
	struct fixture *fixture = *state;
	struct caller caller = plain_root;

	caller.uid = 1000;
	assert_fault(fixture, FAULT_DENIED, try_open(fixture, &caller));
	assert_says(fixture, "run it with sudo");
	/* Whoever is not root cannot say who they are. */
	caller.sudo_uid = "0";
	assert_fault(fixture, FAULT_DENIED, try_open(fixture, &caller));
	caller.uid = 0;
	assert_good(fixture, try_open(fixture, &caller));
}

static void
junk_in_sudo_uid_is_nobody(void **state)
{
	struct fixture *fixture = *state;
	static const char *const junk[] = {"", " ", "abc", "-1", "+0", "0x0", "00", " 0", "0 ",
	    "1000x", "4294967295", "4294967296", "18446744073709551616", "0\n"};
	struct caller caller = plain_root;

	for (size_t i = 0; i < sizeof(junk) / sizeof(junk[0]); i++) {
		caller.sudo_uid = junk[i];
		assert_fault(fixture, FAULT_UNAVAILABLE, try_open(fixture, &caller));
	}
}

static void
another_root_is_for_root_itself(void **state)
{
	struct fixture *fixture = *state;
	struct caller caller = plain_root;

	caller.sudo_uid = "1000";
	assert_fault(fixture, FAULT_DENIED, try_open(fixture, &caller));
	assert_says(fixture, "--root");
}

static void
root_lays_its_rights_down(void **state)
{
	struct fixture *fixture = *state;
	uint32_t uid = add_user(fixture, "boss", ROLE_SYSTEM_ADMINISTRATOR);

	fixture_become(fixture, "boss");
	assert_false(fixture->admin.is_root);
	assert_int_equal(fixture->admin.self, uid);
	/* The journal goes on naming who it was. */
	assert_int_equal(fixture->admin.actor.uid, 0);
	assert_string_equal(fixture->admin.actor.name, "root");
	assert_good(fixture, admin_needs(&fixture->admin, "hexa.users.edit", &fixture->why));
	assert_fault(fixture, FAULT_DENIED,
	    admin_needs(&fixture->admin, "no.such", &fixture->why));
	assert_fault(fixture, FAULT_DENIED,
	    admin_needs_other(&fixture->admin, uid, &fixture->why));
	assert_good(fixture, admin_needs_other(&fixture->admin, uid + 1, &fixture->why));
}

static void
only_who_has_a_right_on_hexa_is_acted_as(void **state)
{
	struct fixture *fixture = *state;
	struct caller caller = plain_root;

	assert_good(fixture, role_create(&fixture->admin, "viewer",
	    EDITS(ROLE_SET("group", "no"), ROLE_SET("permissions", "hexa.users.view")),
	    &fixture->why));
	add_role(fixture, "builder");
	add_user(fixture, "anna", "builder");
	add_user(fixture, "boss", "viewer");
	caller.as = "anna";
	assert_fault(fixture, FAULT_DENIED, try_open(fixture, &caller));
	assert_says(fixture, "no-permission");
	caller.as = "nobody-here";
	assert_fault(fixture, FAULT_UNKNOWN, try_open(fixture, &caller));
	caller.as = "boss";
	assert_good(fixture, try_open(fixture, &caller));
	assert_good(fixture, account_suspend(&fixture->admin, "boss", &fixture->why));
	assert_fault(fixture, FAULT_DENIED, try_open(fixture, &caller));
	assert_good(fixture, account_resume(&fixture->admin, "boss", &fixture->why));
	assert_good(fixture, account_edit(&fixture->admin, "boss",
	    EDITS(USER_SET("valid-until", "2026-11-20")), &fixture->why));
	assert_fault(fixture, FAULT_DENIED, try_open(fixture, &caller));
	assert_good(fixture, account_edit(&fixture->admin, "boss",
	    EDITS(USER_CLEAR("valid-until")), &fixture->why));
	assert_good(fixture, try_open(fixture, &caller));
	assert_good(fixture, role_disable(&fixture->admin, "viewer", &fixture->why));
	assert_fault(fixture, FAULT_DENIED, try_open(fixture, &caller));
	assert_says(fixture, "role-disabled");
	/* A grant is a right too, while it lasts, and with an enabled role. */
	assert_good(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_ADD("grants", "hexa.users.edit@2026-11-20")), &fixture->why));
	caller.as = "anna";
	assert_fault(fixture, FAULT_DENIED, try_open(fixture, &caller));
	assert_good(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_ADD("grants", "hexa.*@2026-11-22")), &fixture->why));
	assert_good(fixture, try_open(fixture, &caller));
	assert_good(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_SET("type", "system")), &fixture->why));
	assert_fault(fixture, FAULT_DENIED, try_open(fixture, &caller));
}

/* ---- how far a right reaches ---------------------------------------------------------------- */

/* A user as yet unwritten, somewhere. */
static struct user
somebody(const char *unit, const char *clients)
{
	struct user user = {0};

	assert_int_equal(field_parse(user_field("unit"), &user, unit, NULL), FAULT_NONE);
	assert_int_equal(field_parse(user_field("clients"), &user, clients, NULL), FAULT_NONE);
	return user;
}

static bool
reaches(struct fixture *fixture, const char *permission, const char *unit, const char *clients)
{
	struct user user = somebody(unit, clients);
	struct txn *txn;
	bool may = false, seen = false;
	enum fault fault;

	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	fault = admin_needs_over(&fixture->admin, txn, permission, &user, &fixture->why);
	may = fault == FAULT_NONE;
	if (!may)
		assert_int_equal(fault, FAULT_DENIED);
	/* What is shown is told by the same scopes. */
	fault = admin_may_see(&fixture->admin, txn, permission, &user, &seen, &fixture->why);
	assert_int_equal(fault == FAULT_NONE && seen, may);
	store_end(txn);
	user_clear(&user);
	return may;
}

static enum fault
asks(struct fixture *fixture,
    enum fault (*needs)(const struct admin *admin, struct txn *txn, const char *permission,
        struct why *why), const char *permission)
{
	struct txn *txn;
	enum fault fault;

	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	fault = needs(&fixture->admin, txn, permission, &fixture->why);
	store_end(txn);
	return fault;
}

static enum fault
needs_all(const struct admin *admin, struct txn *txn, const char *permission, struct why *why)
{
	(void)permission;
	return admin_needs_all(admin, txn, why);
}

static enum fault
needs_over_acme(const struct admin *admin, struct txn *txn, const char *permission,
    struct why *why)
{
	return admin_needs_over_client(admin, txn, permission, "acme", why);
}

#define AS(fixture, name, roles) \
	do { \
		fixture_become(fixture, NULL); \
		assert_good(fixture, account_edit(&(fixture)->admin, name, \
		    EDITS(USER_SET("roles", roles), USER_CLEAR("grants")), &(fixture)->why)); \
		fixture_become(fixture, name); \
	} while (0)

static const char edit[] = "hexa.users.edit", view[] = "hexa.users.view";

/* boss, with the role editor, and another role. */
static void
add_boss(struct fixture *fixture)
{
	assert_good(fixture, client_create(&fixture->admin, "acme", NO_EDITS, &fixture->why));
	assert_good(fixture, role_create(&fixture->admin, "editor",
	    EDITS(ROLE_SET("group", "no"), ROLE_SET("permissions", "hexa.users.*")),
	    &fixture->why));
	assert_good(fixture, role_create(&fixture->admin, "viewer",
	    EDITS(ROLE_SET("group", "no"), ROLE_SET("permissions", "hexa.users.view")),
	    &fixture->why));
	add_user(fixture, "boss", "editor");
}

static void
a_scope_narrows_whom_a_right_reaches(void **state)
{
	struct fixture *fixture = *state;

	add_boss(fixture);
	assert_true(reaches(fixture, edit, "", ""));
	AS(fixture, "boss", "editor");
	assert_true(reaches(fixture, edit, "", ""));
	assert_good(fixture, asks(fixture, admin_needs_everywhere, edit));
	AS(fixture, "boss", "editor@/sales viewer");
	assert_true(reaches(fixture, edit, "/sales", ""));
	assert_true(reaches(fixture, edit, "/sales/north", "acme"));
	assert_false(reaches(fixture, edit, "/salesmen", ""));
	assert_false(reaches(fixture, edit, "/", ""));
	assert_false(reaches(fixture, edit, "", ""));
	assert_true(reaches(fixture, view, "", ""));
	assert_good(fixture, asks(fixture, admin_needs_within, edit));
	assert_fault(fixture, FAULT_DENIED, asks(fixture, admin_needs_everywhere, edit));
	assert_says(fixture, "editor@/sales");
	assert_fault(fixture, FAULT_DENIED, asks(fixture, needs_over_acme, edit));
	AS(fixture, "boss", "editor@/sales editor@client:acme");
	assert_true(reaches(fixture, edit, "/sales", ""));
	assert_true(reaches(fixture, edit, "", "acme"));
	assert_false(reaches(fixture, edit, "", "acme brill"));
	assert_false(reaches(fixture, edit, "", ""));
	assert_good(fixture, asks(fixture, needs_over_acme, edit));
	assert_false(reaches(fixture, "hexa.users.import-not", "/sales", ""));
	AS(fixture, "boss", "editor@/");
	assert_true(reaches(fixture, edit, "/any", ""));
	assert_false(reaches(fixture, edit, "", ""));
}

static void
a_grant_is_held_everywhere(void **state)
{
	struct fixture *fixture = *state;

	add_boss(fixture);
	assert_good(fixture, account_edit(&fixture->admin, "boss",
	    EDITS(USER_SET("roles", "viewer@/sales"), USER_ADD("grants", edit)), &fixture->why));
	fixture_become(fixture, "boss");
	assert_true(reaches(fixture, edit, "", ""));
	assert_false(reaches(fixture, view, "", ""));
}

static void
what_is_disabled_reaches_nobody(void **state)
{
	struct fixture *fixture = *state;

	add_boss(fixture);
	assert_good(fixture, role_disable(&fixture->admin, "viewer", &fixture->why));
	assert_good(fixture, account_edit(&fixture->admin, "boss",
	    EDITS(USER_SET("roles", "viewer editor@/sales")), &fixture->why));
	fixture_become(fixture, "boss");
	assert_true(reaches(fixture, view, "/sales", ""));
	assert_false(reaches(fixture, view, "", ""));
}

static int64_t
sees_since(struct fixture *fixture)
{
	struct txn *txn;
	int64_t since = 0;

	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, admin_sees_since(&fixture->admin, txn, &since, &fixture->why));
	store_end(txn);
	return since;
}

/* 30 days back from NOW, the 21st of November, is the 22nd of October, from its beginning. */
static void
nobody_sees_further_back_than_they_may(void **state)
{
	struct fixture *fixture = *state;

	enum { TODAY = NOW - NOW % SECONDS_PER_DAY };

	add_boss(fixture);
	assert_int_equal(sees_since(fixture), INT64_MIN);
	fixture_become(fixture, "boss");
	assert_int_equal(sees_since(fixture), INT64_MIN);
	fixture_become(fixture, NULL);
	assert_good(fixture, role_edit(&fixture->admin, "editor",
	    EDITS(ROLE_SET("access-back", "7")), &fixture->why));
	assert_int_equal(sees_since(fixture), INT64_MIN);
	fixture_become(fixture, "boss");
	assert_int_equal(sees_since(fixture), TODAY - 7 * SECONDS_PER_DAY);
	fixture_become(fixture, NULL);
	assert_good(fixture, account_edit(&fixture->admin, "boss",
	    EDITS(USER_SET("access-back", "30")), &fixture->why));
	fixture_become(fixture, "boss");
	assert_int_equal(sees_since(fixture), TODAY - 30 * SECONDS_PER_DAY);
}

static void
only_who_is_written_all_has_all(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		const char *roles;
		bool all;
	} rows[] = {
	    {"system-administrator", true}, {"owner", true}, {"partner", true}, {"by-name", false},
	    {"owner@/sales by-name", false}, {"former by-name", false},
	};

	assert_good(fixture, role_create(&fixture->admin, "owner",
	    EDITS(ROLE_SET("group", "no"), ROLE_SET("permissions", "*")), &fixture->why));
	assert_good(fixture, role_create(&fixture->admin, "partner",
	    EDITS(ROLE_SET("group", "no"), ROLE_ADD("includes", "owner")), &fixture->why));
	assert_good(fixture, role_create(&fixture->admin, "former",
	    EDITS(ROLE_SET("group", "no"), ROLE_SET("permissions", "*")), &fixture->why));
	assert_good(fixture, role_create(&fixture->admin, "by-name",
	    EDITS(ROLE_SET("group", "no"), ROLE_SET("permissions", "hexa.*")), &fixture->why));
	assert_good(fixture, role_disable(&fixture->admin, "former", &fixture->why));
	assert_good(fixture, asks(fixture, needs_all, NULL));
	add_user(fixture, "boss", "owner");
	add_user(fixture, "chief", ROLE_SYSTEM_ADMINISTRATOR);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AS(fixture, "boss", rows[i].roles);
		assert_fault(fixture, rows[i].all ? FAULT_NONE : FAULT_DENIED,
		    asks(fixture, needs_all, NULL));
	}
	fixture_become(fixture, NULL);
	assert_good(fixture, account_edit(&fixture->admin, "boss",
	    EDITS(USER_ADD("grants", "*")), &fixture->why));
	fixture_become(fixture, "boss");
	assert_good(fixture, asks(fixture, needs_all, NULL));
}

/* ---- behind sudo, on a host of the test's own ---------------------------------------------- */

/* Acts behind sudo as `uid`; *admin is open on FAULT_NONE. */
static enum fault
open_behind_sudo(struct fixture *fixture, uint32_t uid, struct admin *admin)
{
	struct caller caller = {.login_uid = uid};
	char text[16];

	snprintf(text, sizeof(text), "%lu", (unsigned long)uid);
	caller.sudo_uid = text;
	return admin_open(admin, "", &caller, 0, NOW, &fixture->why);
}

static enum fault
try_behind_sudo(struct fixture *fixture, uint32_t uid)
{
	struct admin admin = {0};
	enum fault fault = open_behind_sudo(fixture, uid, &admin);

	if (fault == FAULT_NONE)
		admin_close(&admin);
	return fault;
}

static void
local_people_act_as_root(void **state)
{
	struct fixture *fixture = *state;
	struct admin admin = {0};
	struct caller caller = {.sudo_uid = "1000", .as = "local"};

	assert_good(fixture, open_behind_sudo(fixture, 1000, &admin));
	assert_true(admin.is_root);
	assert_string_equal(admin.actor.name, "local");
	assert_int_equal(admin.actor.uid, 1000);
	assert_int_equal(admin.actor.login_uid, 1000);
	assert_good(fixture, admin_needs(&admin, "hexa.users.edit", &fixture->why));
	admin_close(&admin);
	assert_fault(fixture, FAULT_DENIED, try_open(fixture, &caller));
	assert_says(fixture, "--as");
}

static void
strangers_do_not(void **state)
{
	struct fixture *fixture = *state;

	assert_fault(fixture, FAULT_DENIED, try_behind_sudo(fixture, 1234));
	assert_fault(fixture, FAULT_DENIED, try_behind_sudo(fixture, 70000));
	assert_fault(fixture, FAULT_DENIED, try_behind_sudo(fixture, 4294967294));
}

static void
hexas_own_need_a_right(void **state)
{
	struct fixture *fixture = *state;
	struct admin admin = {0};
	uint32_t boss, anna;

	add_role(fixture, "builder");
	anna = add_user(fixture, "anna", "builder");
	boss = add_user(fixture, "boss", ROLE_SYSTEM_ADMINISTRATOR);
	add_user(fixture, "other-boss", ROLE_SYSTEM_ADMINISTRATOR);
	assert_fault(fixture, FAULT_DENIED, try_behind_sudo(fixture, anna));
	assert_good(fixture, open_behind_sudo(fixture, boss, &admin));
	assert_false(admin.is_root);
	assert_int_equal(admin.self, boss);
	assert_int_equal(admin.actor.uid, boss);
	assert_string_equal(admin.actor.name, "boss");
	assert_fault(fixture, FAULT_DENIED, account_suspend(&admin, "boss", &fixture->why));
	admin_close(&admin);
	assert_good(fixture, account_suspend(&fixture->admin, "boss", &fixture->why));
	assert_fault(fixture, FAULT_DENIED, try_behind_sudo(fixture, boss));
	assert_good(fixture, account_delete(&fixture->admin, "boss", &fixture->why));
	assert_fault(fixture, FAULT_DENIED, try_behind_sudo(fixture, boss));
	assert_says(fixture, "gone");
}

/* A line in /etc/passwd does not make root of whom Hexa knows, or knew. */
static void
a_local_line_does_not_lift_hexas_own(void **state)
{
	struct fixture *fixture = *state;
	char line[128];
	uint32_t anna;

	add_role(fixture, "builder");
	anna = add_user(fixture, "anna", "builder");
	snprintf(line, sizeof(line), "root:x:0:0::/root:/bin/sh\nlocal:x:1000:1000::/:/bin/sh\n"
	    "sly:x:%lu:1000::/:/bin/sh\n", (unsigned long)anna);
	write_file("", "/etc/passwd", line);
	assert_fault(fixture, FAULT_DENIED, try_behind_sudo(fixture, anna));
	assert_good(fixture, try_behind_sudo(fixture, 1000));
	assert_good(fixture, account_delete(&fixture->admin, "anna", &fixture->why));
	assert_fault(fixture, FAULT_DENIED, try_behind_sudo(fixture, anna));
}

/* Nor does Hexa's user lend their rights to whoever has their uid; an adopted one has it by right. */
static void
a_local_user_is_not_hexas_by_uid(void **state)
{
	struct fixture *fixture = *state;
	uint32_t boss = add_user(fixture, "boss", ROLE_SYSTEM_ADMINISTRATOR);
	char line[64];

	assert_good(fixture, try_behind_sudo(fixture, boss));
	snprintf(line, sizeof(line), "sly:x:%lu:100::/:/bin/sh\n", (unsigned long)boss);
	write_file("", "/etc/passwd", line);
	assert_fault(fixture, FAULT_DENIED, try_behind_sudo(fixture, boss));
	assert_says(fixture, "sly");
	snprintf(line, sizeof(line), "boss:x:%lu:100::/:/bin/sh\n", (unsigned long)boss);
	write_file("", "/etc/passwd", line);
	assert_good(fixture, try_behind_sudo(fixture, boss));
}

static void
an_unreadable_passwd_is_nobody(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(unlink("/etc/passwd"), 0);
	assert_fault(fixture, FAULT_UNAVAILABLE, try_behind_sudo(fixture, 1000));
	assert_int_equal(mkdir("/etc/passwd", 0755), 0);
	assert_fault(fixture, FAULT_UNAVAILABLE, try_behind_sudo(fixture, 1000));
	assert_int_equal(rmdir("/etc/passwd"), 0);
	write_file("", "/etc/passwd", "");
	assert_fault(fixture, FAULT_DENIED, try_behind_sudo(fixture, 1000));
	/* Junk before the line that counts. */
	write_file("", "/etc/passwd",
	    "+\n\n#x\nbroken:line\n:::::::\nlocal:x:1000:1000::/:/bin/sh");
	assert_good(fixture, try_behind_sudo(fixture, 1000));
}

static void
a_missing_database_is_nobody(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(rename("/var/lib/hexa", "/var/lib/hexa-away"), 0);
	assert_fault(fixture, FAULT_UNAVAILABLE, try_behind_sudo(fixture, 1000));
	assert_fault(fixture, FAULT_UNAVAILABLE, try_behind_sudo(fixture, 0));
	assert_int_equal(rename("/var/lib/hexa-away", "/var/lib/hexa"), 0);
	assert_good(fixture, try_behind_sudo(fixture, 0));
}

/* ---- what only root does, database or none ------------------------------------------------- */

static enum fault
is_root(struct fixture *fixture, const char *root, const char *sudo_uid, const char *as,
    struct actor *actor)
{
	const struct caller caller = {.sudo_uid = sudo_uid, .as = as, .login_uid = 1000};

	return admin_is_root(root, &caller, NOW, actor, &fixture->why);
}

static void
root_needs_no_database(void **state)
{
	struct fixture *fixture = *state;
	struct actor actor = {0};
	char boss[16];

	snprintf(boss, sizeof(boss), "%lu",
	    (unsigned long)add_user(fixture, "boss", ROLE_SYSTEM_ADMINISTRATOR));
	assert_good(fixture, is_root(fixture, "", NULL, NULL, &actor));
	assert_string_equal(actor.name, "root");
	assert_int_equal(actor.login_uid, 1000);
	assert_good(fixture, is_root(fixture, "", "1000", NULL, &actor));
	assert_string_equal(actor.name, "local");
	assert_int_equal(actor.uid, 1000);
	/* Holding every permission is not being root. */
	assert_fault(fixture, FAULT_DENIED, is_root(fixture, "", boss, NULL, &actor));
	assert_fault(fixture, FAULT_DENIED, is_root(fixture, "", NULL, "boss", &actor));
	assert_fault(fixture, FAULT_DENIED, is_root(fixture, "/x", "1000", NULL, &actor));
	assert_fault(fixture, FAULT_UNAVAILABLE, is_root(fixture, "", "x", NULL, &actor));
	assert_int_equal(rename("/var/lib/hexa", "/var/lib/hexa-away"), 0);
	assert_good(fixture, is_root(fixture, "", NULL, NULL, &actor));
	assert_good(fixture, is_root(fixture, "", "1000", NULL, &actor));
	assert_fault(fixture, FAULT_DENIED, is_root(fixture, "", boss, NULL, &actor));
	/* What cannot be looked for is not missing. */
	write_file("", "/var/lib/hexa", "");
	assert_fault(fixture, FAULT_UNAVAILABLE, is_root(fixture, "", "1000", NULL, &actor));
	assert_good(fixture, is_root(fixture, "", NULL, NULL, &actor));
	assert_int_equal(unlink("/var/lib/hexa"), 0);
	assert_int_equal(rename("/var/lib/hexa-away", "/var/lib/hexa"), 0);
}

static void
a_damaged_database_tells_nobody(void **state)
{
	struct fixture *fixture = *state;
	struct actor actor = {0};

	admin_close(&fixture->admin);
	write_file("", "/var/lib/hexa/private/hexa.mdb", "not a database at all");
	assert_fault(fixture, FAULT_UNAVAILABLE, is_root(fixture, "", "1000", NULL, &actor));
	assert_fault(fixture, FAULT_UNAVAILABLE, try_behind_sudo(fixture, 1000));
	assert_fault(fixture, FAULT_UNAVAILABLE, try_behind_sudo(fixture, 0));
	assert_good(fixture, is_root(fixture, "", NULL, NULL, &actor));
}

/* ---- edits -------------------------------------------------------------------------------- */

static void
edits_are_applied_in_order(void **state)
{
	struct user user = {0};
	struct why why;

	(void)state;
	assert_int_equal(edits_apply(EDITS(USER_SET("note", "one"), USER_SET("note", "two"),
	    USER_ADD("roles", "a"), USER_ADD("roles", "b"), USER_REMOVE("roles", "a")), &user_table,
	    &user, true, &why), FAULT_NONE);
	assert_string_equal(user.note, "two");
	assert_int_equal(user.roles.count, 1);
	assert_string_equal(user.roles.item[0], "b");
	assert_int_equal(edits_apply(EDITS(USER_CLEAR("note"), USER_CLEAR("roles")), &user_table,
	    &user, true, &why), FAULT_NONE);
	assert_null(user.note);
	assert_int_equal(user.roles.count, 0);
	assert_int_equal(edits_apply(EDITS({(enum edit_act)0, user_field("note"), "x"}),
	    &user_table, &user, true, &why), FAULT_INVALID);
	user_clear(&user);
}

/* ---- a host of the test's own --------------------------------------------------------------- */

static const char *const covered[] = {"/etc", "/var", "/run"};

enum { COVERED = sizeof(covered) / sizeof(covered[0]) };

/* From here on nothing that is mounted is seen by anybody else. */
static bool
be_alone(void)
{
	return unshare(CLONE_NEWNS) == 0 &&
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

/* Only ever called once be_alone(): empty folders over the real ones. */
static void
cover(void)
{
	for (size_t i = 0; i < COVERED; i++)
		assert_int_equal(
		    mount("hexa-test", covered[i], "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755"), 0);
}

static void
uncover(void)
{
	for (size_t i = 0; i < COVERED; i++)
		assert_int_equal(umount2(covered[i], MNT_DETACH), 0);
}

static int
host_setup(void **state)
{
	static const struct actor actor = {.name = "root", .login_uid = UINT32_MAX};
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	cover();
	assert_int_equal(access("/etc/passwd", F_OK), -1);
	write_file("", "/etc/nsswitch.conf", "passwd: files\ngroup: files\n");
	fixture_files("");
	if (store_create("", NULL, &actor, NOW, &fixture->why) != FAULT_NONE)
		fail_msg("store_create: %s", fixture->why.text);
	fixture_open(fixture, &plain_root);
	*state = fixture;
	return 0;
}

static int
host_teardown(void **state)
{
	struct fixture *fixture = *state;

	admin_close(&fixture->admin);
	free(fixture);
	uncover();
	return 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)
#define HOST_TEST(function) cmocka_unit_test_setup_teardown(function, host_setup, host_teardown)

static int
run_on_own_host(void)
{
	const struct CMUnitTest tests[] = {
	    HOST_TEST(local_people_act_as_root),
	    HOST_TEST(strangers_do_not),
	    HOST_TEST(hexas_own_need_a_right),
	    HOST_TEST(a_local_line_does_not_lift_hexas_own),
	    HOST_TEST(a_local_user_is_not_hexas_by_uid),
	    HOST_TEST(an_unreadable_passwd_is_nobody),
	    HOST_TEST(a_missing_database_is_nobody),
	    HOST_TEST(root_needs_no_database),
	    HOST_TEST(a_damaged_database_tells_nobody),
	};

	if (geteuid() != 0)
		return 0;
	if (!be_alone()) {
		printf("left out: who is behind sudo needs a mount namespace: %s\n",
		    strerror(errno));
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(root_may_do_all),
	    TEST(only_root_may_at_all),
	    TEST(junk_in_sudo_uid_is_nobody),
	    TEST(another_root_is_for_root_itself),
	    TEST(root_lays_its_rights_down),
	    TEST(only_who_has_a_right_on_hexa_is_acted_as),
	    TEST(a_scope_narrows_whom_a_right_reaches),
	    TEST(a_grant_is_held_everywhere),
	    TEST(what_is_disabled_reaches_nobody),
	    TEST(nobody_sees_further_back_than_they_may),
	    TEST(only_who_is_written_all_has_all),
	    cmocka_unit_test(edits_are_applied_in_order),
	};

	return RUN_AS_ROOT(tests) + run_on_own_host();
}
