/*
 * roles_test.c - what an administrator does with roles, and with the policy as a whole.
 */
#include "tests/unit/accounts_fixture.h"

/* What most tests begin with: three permissions, and roles in a row of includes. */
#define HEAD "hexa-policy: 1\n"
#define PERMISSIONS \
	"permissions:\n" \
	"  shell.login: {title: Log in with a shell, services: [sshd, login]}\n" \
	"  shell.sudo: {services: [sudo]}\n" \
	"  feeds.push: {}\n"
#define ROLES \
	"roles:\n" \
	"  technician: {title: Technician, permissions: [shell.login], group: no}\n" \
	"  manager: {includes: [technician], permissions: [feeds.push], group: no}\n" \
	"  chief: {includes: [manager], group: no}\n" \
	"  reader: {permissions: [hexa.users.view], group: no}\n"

static int
setup(void **state)
{
	int result = fixture_setup(state);
	struct fixture *fixture = *state;

	assert_good(fixture, apply(fixture, HEAD PERMISSIONS ROLES));
	return result;
}

static enum fault
try_create(struct fixture *fixture, const char *name, const struct edits *edits)
{
	return role_create(&fixture->admin, name, edits, &fixture->why);
}

static enum fault
try_edit(struct fixture *fixture, const char *name, const struct edits *edits)
{
	return role_edit(&fixture->admin, name, edits, &fixture->why);
}

static enum fault
try_remove(struct fixture *fixture, const char *name)
{
	return role_remove(&fixture->admin, name, &fixture->why);
}

/* A field of a role, as text; until the next call. */
static const char *
role_text(struct fixture *fixture, const char *name, const char *field)
{
	static char text[4096];
	struct role role = {0};
	char *value;

	read_role(fixture, name, &role);
	value = field_text(role_field(field), &role);
	assert_non_null(value);
	snprintf(text, sizeof(text), "%s", value);
	free(value);
	role_clear(&role);
	return text;
}

static bool
role_exists(struct fixture *fixture, const char *name)
{
	struct role role = {0};
	struct txn *txn;
	enum fault fault;

	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	fault = role_get(txn, name, &role, &fixture->why);
	store_end(txn);
	role_clear(&role);
	assert_true(fault == FAULT_NONE || fault == FAULT_UNKNOWN);
	return fault == FAULT_NONE;
}

/* ---- one role ----------------------------------------------------------------------------- */

static void
a_new_role_is_compiled(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, try_create(fixture, "support",
	    EDITS(ROLE_SET("title", "Support"), ROLE_ADD("permissions", "shell.*"),
	    ROLE_ADD("includes", "reader"), ROLE_SET("group", "helpers"))));
	assert_journal(fixture, "role add");
	assert_string_equal(role_text(fixture, "support", "title"), "Support");
	assert_string_equal(role_text(fixture, "support", "closure"),
	    "hexa.users.view shell.login shell.sudo");
	assert_string_not_equal(role_text(fixture, "support", "gid"), "");
	assert_string_equal(role_text(fixture, "support", "version"), "1");
}

static void
a_role_without_permissions_gives_nothing(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, try_create(fixture, "guest", NO_EDITS));
	assert_string_equal(role_text(fixture, "guest", "closure"), "");
}

static void
bad_roles_are_refused(void **state)
{
	struct fixture *fixture = *state;
	static const char *const bad[] = {"", "-x", "Role", "a b", "a/b", "a..b", ".a", "a\n",
	    "a:b", "*"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_refused(fixture, FAULT_INVALID, "name",
		    try_create(fixture, bad[i], NO_EDITS));
	assert_refused(fixture, FAULT_CONFLICT, "name", try_create(fixture, "reader", NO_EDITS));
	assert_refused(fixture, FAULT_INVALID, "gid",
	    try_create(fixture, "writer", EDITS(ROLE_SET("gid", "0"))));
	assert_refused(fixture, FAULT_INVALID, "closure",
	    try_edit(fixture, "reader", EDITS(ROLE_SET("closure", "shell.sudo"))));
	assert_refused(fixture, FAULT_INVALID, "name",
	    try_edit(fixture, "reader", EDITS(ROLE_SET("name", "other"))));
	assert_refused(fixture, FAULT_INVALID, "title",
	    try_edit(fixture, "reader", EDITS(ROLE_SET("title", "two\nlines"))));
	assert_good(fixture, try_create(fixture, "writer", NO_EDITS));
}

static void
unknown_names_are_told(void **state)
{
	struct fixture *fixture = *state;

	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    try_create(fixture, "writer", EDITS(ROLE_ADD("permissions", "shell.logni"))));
	assert_says(fixture, "did you mean shell.login");
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    try_create(fixture, "writer", EDITS(ROLE_ADD("permissions", "nothing.*"))));
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    try_create(fixture, "writer", EDITS(ROLE_ADD("includes", "raeder"))));
	assert_says(fixture, "did you mean reader");
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    try_edit(fixture, "reader", EDITS(ROLE_ADD("permissions", "shell.logni"))));
	assert_refused(fixture, FAULT_UNKNOWN, NULL, try_edit(fixture, "raeder", NO_EDITS));
	assert_says(fixture, "did you mean reader");
	assert_refused(fixture, FAULT_UNKNOWN, NULL, try_remove(fixture, "raeder"));
	assert_refused(fixture, FAULT_CONFLICT, "permissions",
	    try_edit(fixture, "reader", EDITS(ROLE_ADD("permissions", "hexa.users.view"))));
	assert_refused(fixture, FAULT_UNKNOWN, "permissions",
	    try_edit(fixture, "reader", EDITS(ROLE_REMOVE("permissions", "feeds.push"))));
}

static void
a_change_reaches_whoever_includes_it(void **state)
{
	struct fixture *fixture = *state;

	assert_string_equal(role_text(fixture, "chief", "closure"), "feeds.push shell.login");
	assert_good(fixture,
	    try_edit(fixture, "technician", EDITS(ROLE_ADD("permissions", "shell.sudo"))));
	assert_journal(fixture, "role edit");
	assert_string_equal(role_text(fixture, "technician", "closure"), "shell.login shell.sudo");
	assert_string_equal(role_text(fixture, "manager", "closure"),
	    "feeds.push shell.login shell.sudo");
	assert_string_equal(role_text(fixture, "chief", "closure"),
	    "feeds.push shell.login shell.sudo");
	/* Nobody else was written. */
	assert_string_equal(role_text(fixture, "chief", "version"), "2");
	assert_string_equal(role_text(fixture, "reader", "version"), "1");
	assert_string_equal(role_text(fixture, ROLE_SYSTEM_ADMINISTRATOR, "permissions"), "*");
	assert_good(fixture,
	    try_edit(fixture, "technician", EDITS(ROLE_CLEAR("permissions"))));
	assert_string_equal(role_text(fixture, "chief", "closure"), "feeds.push");
}

static void
a_title_is_nobody_elses_matter(void **state)
{
	struct fixture *fixture = *state;
	uint64_t before;

	assert_good(fixture, try_edit(fixture, "technician", EDITS(ROLE_SET("title", "Fitter"))));
	assert_string_equal(role_text(fixture, "technician", "version"), "2");
	assert_string_equal(role_text(fixture, "manager", "version"), "1");
	before = journal_at(fixture);
	assert_good(fixture, try_edit(fixture, "technician", EDITS(ROLE_SET("title", "Fitter"))));
	assert_int_equal(journal_at(fixture), before);
}

static void
circles_are_refused(void **state)
{
	struct fixture *fixture = *state;

	assert_refused(fixture, FAULT_INVALID, "includes",
	    try_edit(fixture, "technician", EDITS(ROLE_ADD("includes", "chief"))));
	assert_refused(fixture, FAULT_INVALID, "includes",
	    try_edit(fixture, "reader", EDITS(ROLE_ADD("includes", "reader"))));
	assert_good(fixture, try_edit(fixture, "reader", EDITS(ROLE_ADD("includes", "chief"))));
}

/* ---- Unix groups -------------------------------------------------------------------------- */

static void
a_group_of_the_hosts_own_is_refused(void **state)
{
	struct fixture *fixture = *state;
	static const char *const taken[] = {"painters", "local", "root", "sudo", "wheel", "docker"};

	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		/* By the role's own name, by a group's, and by an edit. */
		assert_refused(fixture, FAULT_INVALID, "group",
		    try_create(fixture, taken[i], NO_EDITS));
		assert_says(fixture, "--group no");
		assert_refused(fixture, FAULT_INVALID, "group",
		    try_create(fixture, "crew", EDITS(ROLE_SET("group", taken[i]))));
		assert_refused(fixture, FAULT_INVALID, "group",
		    try_edit(fixture, "reader", EDITS(ROLE_SET("group", taken[i]))));
	}
	assert_good(fixture, try_create(fixture, "painters", EDITS(ROLE_SET("group", "no"))));
	assert_good(fixture, try_create(fixture, "sudo", EDITS(ROLE_SET("group", "hexa-sudo"))));
}

static void
a_group_in_sshd_config_needs_insistence(void **state)
{
	struct fixture *fixture = *state;

	assert_refused(fixture, FAULT_CONFLICT, "group",
	    try_create(fixture, "mentioned", NO_EDITS));
	fixture->admin.insist = true;
	assert_good(fixture, try_create(fixture, "mentioned", NO_EDITS));
	/* Once given, it is not asked about again. */
	fixture->admin.insist = false;
	assert_good(fixture, try_edit(fixture, "mentioned", EDITS(ROLE_SET("title", "Named"))));
}

static void
users_and_groups_share_their_names(void **state)
{
	struct fixture *fixture = *state;
	struct user made = {0};

	add_user(fixture, "anna", "reader");
	assert_refused(fixture, FAULT_CONFLICT, "group", try_create(fixture, "anna", NO_EDITS));
	assert_good(fixture, try_create(fixture, "crew", NO_EDITS));
	assert_refused(fixture, FAULT_CONFLICT, "group",
	    try_create(fixture, "team", EDITS(ROLE_SET("group", "crew"))));
	assert_refused(fixture, FAULT_CONFLICT, "name", account_add(&fixture->admin, "crew",
	    EDITS(PERSON("C", "Rew", "reader")), NULL, &made, &fixture->why));
	assert_good(fixture, try_create(fixture, "team", NO_EDITS));
}

static void
a_dotted_role_must_name_its_group(void **state)
{
	struct fixture *fixture = *state;

	assert_refused(fixture, FAULT_INVALID, "group",
	    try_create(fixture, "l20.viewer", NO_EDITS));
	assert_says(fixture, "--group");
	assert_good(fixture,
	    try_create(fixture, "l20.viewer", EDITS(ROLE_SET("group", "viewers"))));
	assert_good(fixture, try_create(fixture, "l30.viewer", EDITS(ROLE_SET("group", "no"))));
}

/* ---- taking roles away -------------------------------------------------------------------- */

static void
a_role_in_use_stays(void **state)
{
	struct fixture *fixture = *state;
	char name[16];

	for (int i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "user%d", i);
		add_user(fixture, name, "reader");
	}
	assert_refused(fixture, FAULT_RULE, NULL, try_remove(fixture, "reader"));
	assert_says(fixture, "user0, user1, user2, user3, user4 and 3 more");
	assert_refused(fixture, FAULT_RULE, NULL, try_remove(fixture, "technician"));
	assert_says(fixture, "manager");
	for (int i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "user%d", i);
		assert_good(fixture, account_delete(&fixture->admin, name, &fixture->why));
	}
	assert_good(fixture, try_remove(fixture, "reader"));
	assert_journal(fixture, "role delete");
	assert_good(fixture,
	    try_edit(fixture, "manager", EDITS(ROLE_REMOVE("includes", "technician"))));
	assert_good(fixture, try_remove(fixture, "technician"));
	assert_false(role_exists(fixture, "technician"));
	assert_true(role_exists(fixture, "manager"));
}

static void
the_system_administrator_is_not_reduced(void **state)
{
	struct fixture *fixture = *state;
	static const char *const role = ROLE_SYSTEM_ADMINISTRATOR;

	assert_refused(fixture, FAULT_RULE, NULL, try_remove(fixture, role));
	assert_refused(fixture, FAULT_RULE, NULL,
	    try_edit(fixture, role, EDITS(ROLE_CLEAR("permissions"))));
	assert_refused(fixture, FAULT_RULE, NULL,
	    try_edit(fixture, role, EDITS(ROLE_SET("permissions", "shell.*"))));
	assert_refused(fixture, FAULT_RULE, NULL,
	    try_edit(fixture, role, EDITS(ROLE_REMOVE("permissions", "*"))));
	assert_good(fixture, try_edit(fixture, role, EDITS(ROLE_SET("title", "Keeper"))));
	assert_good(fixture, try_edit(fixture, role, EDITS(ROLE_ADD("permissions", "shell.*"))));
}

static void
a_ladder_is_climbed_by_edits(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, try_edit(fixture, "technician",
	    EDITS(ROLE_SET("ladder", "steps"), ROLE_SET("level", "20"))));
	assert_refused(fixture, FAULT_INVALID, "ladder",
	    try_edit(fixture, "reader", EDITS(ROLE_SET("ladder", "steps"))));
	assert_refused(fixture, FAULT_INVALID, "level",
	    try_edit(fixture, "reader", EDITS(ROLE_SET("level", "40"))));
	assert_refused(fixture, FAULT_INVALID, "level", try_edit(fixture, "reader",
	    EDITS(ROLE_SET("ladder", "steps"), ROLE_SET("level", "1001"))));
	assert_good(fixture, try_edit(fixture, "reader",
	    EDITS(ROLE_SET("ladder", "steps"), ROLE_SET("level", "40"))));
	assert_string_equal(role_text(fixture, "reader", "closure"), "hexa.users.view shell.login");
	assert_string_equal(role_text(fixture, "technician", "closure"), "shell.login");
	assert_good(fixture, try_edit(fixture, "technician", EDITS(ROLE_SET("level", "40"))));
	assert_string_equal(role_text(fixture, "reader", "closure"), "hexa.users.view");
	assert_good(fixture, try_edit(fixture, "reader",
	    EDITS(ROLE_CLEAR("ladder"), ROLE_CLEAR("level"))));
}

static void
access_back_is_edited(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, try_edit(fixture, "reader", EDITS(ROLE_SET("access-back", "365"))));
	assert_string_equal(role_text(fixture, "reader", "access-back"), "365");
	assert_refused(fixture, FAULT_INVALID, "access-back",
	    try_edit(fixture, "reader", EDITS(ROLE_SET("access-back", "36501"))));
	assert_good(fixture, try_edit(fixture, "reader", EDITS(ROLE_CLEAR("access-back"))));
}

/* ---- where permissions come from ---------------------------------------------------------- */

/* A tree, a line for each: its depth as dots, what it is, and its note. */
static void
assert_drawn(struct origins *drawn, const char *expected)
{
	struct bytes text = {0};
	char *is;

	for (size_t i = 0; i < drawn->count; i++) {
		const struct origin *origin = &drawn->origin[i];

		for (unsigned depth = 0; depth < origin->depth; depth++)
			bytes_print(&text, ".");
		bytes_print(&text, "%s%s%s%s%s%s%s\n", origin->is_role ? "role " : "",
		    origin->name, origin->is_disabled ? " disabled" : "",
		    origin->is_repeated ? " repeated" : "", *origin->title == '\0' ? " -" : "",
		    *origin->note == '\0' ? "" : ": ", origin->note);
	}
	is = bytes_take_text(&text);
	assert_non_null(is);
	assert_string_equal(is, expected);
	free(is);
	origins_clear(drawn);
	assert_null(drawn->origin);
}

static void
each_permission_has_an_origin(void **state)
{
	struct fixture *fixture = *state;
	struct origins origins = {0};

	assert_good(fixture, apply(fixture, HEAD
	    "permissions:\n"
	    "  shell.login: {title: Log in, services: [sshd, login]}\n"
	    "  shell.sudo: {services: [sudo], unix-groups: [painters], types: [system]}\n"
	    "  feeds.push: {}\n"
	    "roles:\n"
	    "  l20: {ladder: steps, level: 20, permissions: [feeds.push], group: no}\n"
	    "  l40: {ladder: steps, level: 40, permissions: [shell.login], group: no}\n"
	    "  l60: {ladder: steps, level: 60, permissions: [shell.sudo], "
	    "includes: [l20, off-duty], group: no}\n"
	    "  off-duty: {permissions: [shell.login], group: no, disabled: yes}\n"
	    "  all: {permissions: [shell.*, feeds.push], includes: [l40], group: no}\n"));
	assert_good(fixture, role_origins(&fixture->admin, "l60", &origins, &fixture->why));
	assert_drawn(&origins,
	    "role l60\n"
	    ".shell.sudo: services sudo; groups painters; types system\n"
	    ".role l20: included\n"
	    "..feeds.push\n"
	    ".role off-duty disabled: included\n"
	    ".role l40: ladder steps 40\n"
	    "..shell.login: services sshd, login\n"
	    ".role l20 repeated: ladder steps 20\n");
	assert_good(fixture, role_origins(&fixture->admin, "all", &origins, &fixture->why));
	assert_drawn(&origins,
	    "role all\n"
	    ".shell.login: by shell.*\n"
	    ".shell.sudo: by shell.*\n"
	    ".feeds.push\n"
	    ".role l40: included\n"
	    "..shell.login: services sshd, login\n"
	    "..role l20: ladder steps 20\n"
	    "...feeds.push\n");
	assert_good(fixture, role_origins(&fixture->admin, "off-duty", &origins, &fixture->why));
	assert_string_equal(origins.origin[1].title, "Log in");
	assert_drawn(&origins, "role off-duty disabled\n.shell.login: services sshd, login\n");
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    role_origins(&fixture->admin, "l61", &origins, &fixture->why));
	assert_says(fixture, "did you mean l60");
}

static void
names_make_a_tree(void **state)
{
	struct fixture *fixture = *state;
	struct origins tree = {0};
	size_t count;

	assert_good(fixture, apply(fixture, HEAD
	    "permissions:\n"
	    "  a: {}\n  a-b: {}\n  a-c.d: {}\n  a.b.c: {}\n"
	    "  a.b.d: {services: [sshd]}\n  b: {}\n"));
	assert_good(fixture, permission_tree(&fixture->admin, &tree, &fixture->why));
	for (count = 0; strcmp(tree.origin[count].name, "hexa") != 0; count++)
		continue;
	assert_int_equal(tree.origin[count].depth, 0);
	assert_string_equal(tree.origin[count].title, "");
	for (size_t i = count; i < tree.count; i++) {
		free(tree.origin[i].name);
		free(tree.origin[i].title);
		free(tree.origin[i].note);
	}
	tree.count = count;
	assert_drawn(&tree,
	    "a\n"
	    ".a.b -\n"
	    "..a.b.c\n"
	    "..a.b.d: services sshd\n"
	    "a-b\n"
	    "a-c -\n"
	    ".a-c.d\n"
	    "b\n");
}

/* ---- the policy as a whole ---------------------------------------------------------------- */

static void
apply_read(struct fixture *fixture)
{
	struct document document = {0};
	struct bytes yaml = {0};

	assert_good(fixture, policy_read(&fixture->admin, &document, &fixture->why));
	assert_good(fixture, document_write(&document, &yaml, &fixture->why));
	bytes_put_u8(&yaml, 0);
	assert_false(yaml.failed);
	assert_good(fixture, apply(fixture, (const char *)yaml.data));
	bytes_clear(&yaml);
	document_clear(&document);
}

static void
applying_what_stands_changes_nothing(void **state)
{
	struct fixture *fixture = *state;
	uint64_t before = journal_at(fixture);

	/* Nothing but that its text is kept from now on; and that but once. */
	apply_read(fixture);
	assert_int_equal(journal_at(fixture), before + 1);
	apply_read(fixture);
	assert_int_equal(journal_at(fixture), before + 1);
	assert_good(fixture, try_create(fixture, "crew",
	    EDITS(ROLE_SET("group", "hands"), ROLE_ADD("permissions", "*"))));
	assert_good(fixture, try_edit(fixture, ROLE_SYSTEM_ADMINISTRATOR,
	    EDITS(ROLE_SET("title", "Keeper of keys"))));
	before = journal_at(fixture);
	/* Nothing but that its text is kept from now on; and that but once. */
	apply_read(fixture);
	assert_int_equal(journal_at(fixture), before + 1);
	apply_read(fixture);
	assert_int_equal(journal_at(fixture), before + 1);
	assert_string_equal(role_text(fixture, ROLE_SYSTEM_ADMINISTRATOR, "title"),
	    "Keeper of keys");
}

static void
a_new_database_takes_its_own_policy(void **state)
{
	struct fixture *fixture = *state;
	uint64_t before = journal_at(fixture);

	/* Nothing but that its text is kept from now on; and that but once. */
	apply_read(fixture);
	assert_int_equal(journal_at(fixture), before + 1);
	apply_read(fixture);
	assert_int_equal(journal_at(fixture), before + 1);
}

static void
roles_keep_their_identity(void **state)
{
	struct fixture *fixture = *state;
	struct role before = {0}, after = {0};

	assert_good(fixture, try_create(fixture, "crew", NO_EDITS));
	read_role(fixture, "crew", &before);
	fixture->admin.now = NOW + 100;
	assert_good(fixture, apply(fixture, HEAD PERMISSIONS
	    ROLES "  crew: {permissions: [shell.login], group: hands}\n"));
	assert_journal(fixture, "policy apply");
	read_role(fixture, "crew", &after);
	assert_memory_equal(&after.uuid, &before.uuid, sizeof(after.uuid));
	assert_int_equal(after.gid, before.gid);
	assert_int_equal(after.created, before.created);
	assert_int_equal(after.version, before.version + 1);
	assert_string_equal(after.group, "hands");
	role_clear(&before);
	role_clear(&after);
	assert_string_equal(role_text(fixture, "reader", "version"), "1");
}

static void
a_policy_replaces_what_stood(void **state)
{
	struct fixture *fixture = *state;

	/* Three that include one another go, and a permission with them. */
	assert_good(fixture, apply(fixture, HEAD
	    "permissions:\n  shell.login: {services: [sshd]}\n  door.open: {}\n"
	    "roles:\n  reader: {permissions: [door.open], includes: [porter], group: no}\n"
	    "  porter: {permissions: [shell.login], group: no}\n"));
	assert_false(role_exists(fixture, "technician"));
	assert_false(role_exists(fixture, "manager"));
	assert_false(role_exists(fixture, "chief"));
	assert_string_equal(role_text(fixture, "reader", "closure"), "door.open shell.login");
	assert_string_equal(role_text(fixture, "porter", "version"), "1");
	assert_refused(fixture, FAULT_UNKNOWN, NULL,
	    try_edit(fixture, "porter", EDITS(ROLE_ADD("permissions", "feeds.push"))));
	assert_non_null(
	    strstr(role_text(fixture, ROLE_SYSTEM_ADMINISTRATOR, "closure"), "door.open"));
}

static void
a_held_role_cannot_be_left_out(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "anna", "reader");
	add_user(fixture, "bob", "reader");
	assert_refused(fixture, FAULT_RULE, NULL, apply(fixture, HEAD PERMISSIONS
	    "roles:\n  technician: {permissions: [shell.sudo], group: no}\n"));
	assert_says(fixture, "reader");
	assert_says(fixture, "anna, bob");
	/* Nothing of it was done. */
	assert_true(role_exists(fixture, "chief"));
	assert_string_equal(role_text(fixture, "technician", "permissions"), "shell.login");
	assert_good(fixture, apply(fixture, HEAD PERMISSIONS "roles:\n  reader: {group: no}\n"));
	assert_string_equal(role_text(fixture, "reader", "closure"), "");
}

static void
the_administrator_cannot_be_applied_away(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "boss", ROLE_SYSTEM_ADMINISTRATOR);
	assert_int_not_equal(apply(fixture, HEAD PERMISSIONS ROLES
	    "  system-administrator: {permissions: [shell.login], group: no}\n"), FAULT_NONE);
	assert_int_not_equal(apply(fixture, HEAD PERMISSIONS ROLES
	    "  system-administrator: {permissions: ['*'], disabled: yes, group: no}\n"),
	    FAULT_NONE);
	assert_string_equal(role_text(fixture, ROLE_SYSTEM_ADMINISTRATOR, "permissions"), "*");
	assert_string_equal(role_text(fixture, ROLE_SYSTEM_ADMINISTRATOR, "disabled"), "no");
	assert_good(fixture, apply(fixture, HEAD "permissions: {}\nroles: {}\n"));
	assert_true(role_exists(fixture, ROLE_SYSTEM_ADMINISTRATOR));
}

static void
a_disabled_role_is_a_documents_matter(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, apply(fixture, HEAD PERMISSIONS
	    "roles:\n  reader: {group: no, disabled: yes}\n"));
	assert_string_equal(role_text(fixture, "reader", "disabled"), "yes");
	assert_good(fixture, apply(fixture, HEAD PERMISSIONS "roles:\n  reader: {group: no}\n"));
	assert_string_equal(role_text(fixture, "reader", "disabled"), "no");
}

static enum fault
check(struct fixture *fixture, const char *yaml)
{
	return policy_check(&fixture->admin, yaml, strlen(yaml), NULL, &fixture->why);
}

static void
mistakes_in_a_file_are_placed(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		const char *yaml;
		unsigned line;
	} bad[] = {
	    {"", 0},
	    {"hexa-policy: 2\n", 1},
	    {HEAD PERMISSIONS "roles:\n  a: {permissions: [shell.logni], group: no}\n", 7},
	    {HEAD PERMISSIONS "roles:\n  a: {includes: [nobody], group: no}\n", 7},
	    {HEAD PERMISSIONS "roles:\n  a: {includes: [a], group: no}\n", 7},
	    {HEAD "roles:\n  crew: {group: hands}\n  team: {group: hands}\n", 4},
	    {HEAD "permissions: null\n", 2},
	    {HEAD "roles:\n  a: [\n", 0},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_refused(fixture, FAULT_INVALID, NULL, check(fixture, bad[i].yaml));
		assert_refused(fixture, FAULT_INVALID, NULL, apply(fixture, bad[i].yaml));
		if (bad[i].line != 0)
			assert_int_equal(fixture->why.line, bad[i].line);
	}
	assert_good(fixture, check(fixture, HEAD PERMISSIONS ROLES));
}

static void
a_file_is_checked_against_the_host(void **state)
{
	struct fixture *fixture = *state;
	static const char *const bad[] = {
	    HEAD "roles:\n  painters: {permissions: [hexa.users.view]}\n",
	    HEAD "roles:\n  crew: {group: wheel}\n",
	    HEAD "roles:\n  crew: {group: local}\n",
	    HEAD "roles:\n  anna: {}\n",
	};

	assert_good(fixture, apply(fixture, HEAD "roles:\n  reader: {group: no}\n"));
	add_user(fixture, "anna", "reader");
	assert_good(fixture, account_delete(&fixture->admin, "anna", &fixture->why));
	fixture->admin.insist = true;
	assert_good(fixture, apply(fixture, HEAD "roles: {}\n"));
	fixture->admin.insist = false;
	assert_good(fixture, apply(fixture, HEAD "roles:\n  keeper: {group: no}\n"));
	fixture->admin.now = NOW + 7200;
	add_user(fixture, "anna", ROLE_SYSTEM_ADMINISTRATOR);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_refused(fixture, FAULT_INVALID, "group", check(fixture, bad[i]));
		assert_refused(fixture, FAULT_INVALID, "group", apply(fixture, bad[i]));
		assert_true(role_exists(fixture, "keeper"));
	}
	assert_good(fixture, check(fixture, HEAD "roles:\n  painters: {group: no}\n"));
	assert_refused(fixture, FAULT_CONFLICT, "group",
	    check(fixture, HEAD "roles:\n  mentioned: {}\n"));
	assert_true(role_exists(fixture, "keeper"));
}

static void
policy_needs_the_right(void **state)
{
	struct fixture *fixture = *state;
	struct document document = {0};
	struct admin root;

	add_user(fixture, "boss", ROLE_SYSTEM_ADMINISTRATOR);
	add_user(fixture, "other-boss", ROLE_SYSTEM_ADMINISTRATOR);
	fixture_become(fixture, "boss");
	assert_good(fixture, apply(fixture, HEAD PERMISSIONS ROLES "  crew: {}\n"));
	root = fixture->admin;
	root.is_root = true;
	assert_good(fixture, account_suspend(&root, "boss", &fixture->why));
	assert_refused(fixture, FAULT_DENIED, NULL, apply(fixture, HEAD "roles: {}\n"));
	assert_refused(fixture, FAULT_DENIED, NULL, check(fixture, HEAD "roles: {}\n"));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    policy_read(&fixture->admin, &document, &fixture->why));
	assert_refused(fixture, FAULT_DENIED, NULL, try_create(fixture, "team", NO_EDITS));
	assert_refused(fixture, FAULT_DENIED, NULL, try_edit(fixture, "crew", NO_EDITS));
	assert_refused(fixture, FAULT_DENIED, NULL, try_remove(fixture, "crew"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_new_role_is_compiled),
	    TEST(a_role_without_permissions_gives_nothing),
	    TEST(bad_roles_are_refused),
	    TEST(unknown_names_are_told),
	    TEST(a_change_reaches_whoever_includes_it),
	    TEST(a_title_is_nobody_elses_matter),
	    TEST(circles_are_refused),
	    TEST(a_group_of_the_hosts_own_is_refused),
	    TEST(a_group_in_sshd_config_needs_insistence),
	    TEST(users_and_groups_share_their_names),
	    TEST(a_dotted_role_must_name_its_group),
	    TEST(a_role_in_use_stays),
	    TEST(the_system_administrator_is_not_reduced),
	    TEST(a_ladder_is_climbed_by_edits),
	    TEST(access_back_is_edited),
	    TEST(each_permission_has_an_origin),
	    TEST(names_make_a_tree),
	    TEST(applying_what_stands_changes_nothing),
	    cmocka_unit_test_setup_teardown(a_new_database_takes_its_own_policy, fixture_setup,
	        fixture_teardown),
	    TEST(roles_keep_their_identity),
	    TEST(a_policy_replaces_what_stood),
	    TEST(a_held_role_cannot_be_left_out),
	    TEST(the_administrator_cannot_be_applied_away),
	    TEST(a_disabled_role_is_a_documents_matter),
	    TEST(mistakes_in_a_file_are_placed),
	    TEST(a_file_is_checked_against_the_host),
	    TEST(policy_needs_the_right),
	};

	return RUN_AS_ROOT(tests);
}
