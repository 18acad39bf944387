/*
 * last_access_test.c - the last system administrator, and the access of whoever is acting: every
 * way there is to take them away is refused, whoever goes it, and is open where another is left.
 */
#include "tests/unit/stage.h"

#include "accounts/identity.h"
#include "accounts/import.h"

/* ---- the host ------------------------------------------------------------------------------- */

#define HEAD "hexa-policy: 1\n"
#define REFUSES "login: {other-services: refuse}\n"
#define PERMISSIONS "permissions: {shell.login: {services: [sshd]}, desk.view: {}}\n"
#define ROLES(owner, team) \
	"roles:\n" \
	"  owner: {permissions: [" owner "], group: no}\n" \
	"  team: {permissions: [" team "], group: no}\n" \
	"  helper: {permissions: ['hexa.*', shell.login], group: no}\n" \
	"  desk: {permissions: [desk.view], group: no}\n"
#define OWNER "'*'"
#define TEAM "'hexa.*', shell.login, desk.view"

static const char open_host[] = HEAD PERMISSIONS ROLES(OWNER, TEAM);
static const char strict_host[] = HEAD REFUSES PERMISSIONS ROLES(OWNER, TEAM);

/*
 * chief is the only system administrator, and olga owns everything by another role; with another
 * beside them, second is an administrator too, and olga a helper.
 */
static struct scene *alone, *joined;

/* The same where a permission must name what is used; tom acts by the role `team`. */
static struct scene *strict_alone, *strict_joined;

/* chief is a client user of acme's, at the gate, and so is the host. */
static struct scene *client_alone, *client_joined;

static void
place(const char *name, const char *role)
{
	struct user made = {0};
	char email[64];

	snprintf(email, sizeof(email), "%s@example.org", name);
	assert_good(stage.fixture, account_add(&stage.fixture->admin, name,
	    EDITS(PERSON("Ex", "Ample", role), USER_SET("email", email)), NULL, &made,
	    &stage.fixture->why));
	user_clear(&made);
}

static void
set(const char *name, const char *field, const char *value)
{
	put_field(stage.fixture, name, field, value);
}

static void
place_client_administrator(void)
{
	struct fixture *fixture = stage.fixture;
	const struct edit of_acme = {EDIT_SET, field_find(&site_table, "client"), "acme"};
	const struct identity here = {.client = "acme", .site = "gate"};

	assert_good(fixture, client_create(&fixture->admin, "acme", NO_EDITS, &fixture->why));
	assert_good(fixture, client_create(&fixture->admin, "brill", NO_EDITS, &fixture->why));
	assert_good(fixture, site_create(&fixture->admin, "gate", &(struct edits){&of_acme, 1},
	    &fixture->why));
	set("chief", "phone", "+31612345678");
	set("chief", "clients", "acme");
	set("chief", "type", "client");
	assert_good(fixture, identity_set(&fixture->admin, &here, &fixture->why));
}

/* A fresh look at the scene that was kept, for another one to be made of it. */
static struct scene *
but(struct scene *scene, void (*differ)(void))
{
	play(scene, NULL);
	differ();
	return scene_keep();
}

static void
add_second(void)
{
	place("second", ROLE_SYSTEM_ADMINISTRATOR);
	set("olga", "roles", "owner helper");
	set("tom", "roles", "team helper");
}

static void
be_strict(void)
{
	assert_good(stage.fixture, apply(stage.fixture, strict_host));
}

static int
group_setup(void **state)
{
	struct fixture *fixture;
	char path[128];

	if (fixture_setup(state) != 0)
		return -1;
	fixture = *state;
	stage.fixture = fixture;
	make_folder(fixture->root, "/run");
	make_folder(fixture->root, "/run/hexa");
	snprintf(path, sizeof(path), "%s" DATABASE_FILE, fixture->root);
	stage.database = open(path, O_RDONLY | O_CLOEXEC);
	assert_good(fixture, apply(fixture, open_host));
	place("chief", ROLE_SYSTEM_ADMINISTRATOR);
	place("olga", "owner");
	place("tom", "team");
	alone = scene_keep();
	joined = but(alone, add_second);
	strict_alone = but(alone, be_strict);
	strict_joined = but(strict_alone, add_second);
	client_alone = but(alone, place_client_administrator);
	client_joined = but(client_alone, add_second);
	return 0;
}

static int
group_teardown(void **state)
{
	struct scene *const scenes[] = {alone, joined, strict_alone, strict_joined, client_alone,
	    client_joined};

	for (size_t i = 0; i < COUNT(scenes); i++)
		scene_free(scenes[i]);
	effects_clear(&stage.gives);
	close(stage.database);
	return fixture_teardown(state);
}

/* ---- ways ----------------------------------------------------------------------------------- */

static struct admin *
admin(void)
{
	return &stage.fixture->admin;
}

static struct why *
why(void)
{
	return &stage.fixture->why;
}

/* One way, with what it takes. */
struct way {
	const char *what;
	enum fault (*go)(const struct way *way);
	const char *who;   /* the user or role it is about */
	const char *field, *value;
	enum fault alone, joined;
};

static enum fault
edits_user(const struct way *way)
{
	const struct edit edit = {EDIT_SET, user_field(way->field), way->value};

	return account_edit(admin(), way->who, &(struct edits){&edit, 1}, why());
}

static enum fault
becomes_client_user(const struct way *way)
{
	return account_edit(admin(), way->who, EDITS(USER_SET("type", "client"),
	    USER_SET("phone", "+31612345678"), USER_SET("clients", way->value)), why());
}

static enum fault
imports_user(const struct way *way)
{
	const struct import_cell cells[] = {{user_field("name"), way->who, 2, 1},
	    {user_field(way->field), way->value, 2, 2}};
	const struct import_row row = {.line = 2, .column = 1, .cell = cells, .count = 2};
	struct import *import = NULL;
	enum fault fault = import_begin(admin(), true, &import, why());

	if (fault != FAULT_NONE)
		return fault;
	assert_int_equal(import_row(import, &row, why()), FAULT_NONE);
	fault = import_settle(import, why());
	if (import_faults(import).count > 0)
		fault = import_faults(import).why[0].fault;
	if (fault == FAULT_NONE)
		fault = import_commit(import, why());
	import_end(import);
	return fault;
}

static enum fault
suspends(const struct way *way)
{
	return account_suspend(admin(), way->who, why());
}

static enum fault
revokes(const struct way *way)
{
	return account_revoke(admin(), way->who, why());
}

static enum fault
deletes(const struct way *way)
{
	return account_delete(admin(), way->who, why());
}

static enum fault
renames(const struct way *way)
{
	return account_rename(admin(), way->who, way->value, why());
}

/* Somebody who is known has no second record, and is told of by name. */
static enum fault
adds_known(const struct way *way)
{
	struct user made = {0};
	enum fault fault = account_add(admin(), NULL, EDITS(PERSON("Ex", "Ample", "desk"),
	    USER_SET("email", way->value)), NULL, &made, why());

	user_clear(&made);
	return fault;
}

static enum fault
restores_known(const struct way *way)
{
	struct user restored = {0};
	enum fault fault = account_restore_known(admin(), way->value,
	    EDITS(USER_ADD("roles", "desk")), &restored, why());

	user_clear(&restored);
	return fault;
}

static enum fault
edits_role(const struct way *way)
{
	const struct edit edit = {EDIT_SET, role_field(way->field), way->value};

	return role_edit(admin(), way->who, &(struct edits){&edit, 1}, why());
}

static enum fault
disables_role(const struct way *way)
{
	return role_disable(admin(), way->who, why());
}

static enum fault
deletes_role(const struct way *way)
{
	return role_remove(admin(), way->who, why());
}

static enum fault
applies(const struct way *way)
{
	return apply(stage.fixture, way->value);
}

/* As `policy edit`: with the text that it began from. */
static enum fault
edits_policy(const struct way *way)
{
	const struct policy_application application = {.yaml = way->value,
	    .size = strlen(way->value),
	    .began_from = open_host,
	    .began_size = sizeof(open_host) - 1};

	return policy_apply(admin(), &application, NULL, why());
}

static enum fault
moves_host(const struct way *way)
{
	const struct identity there = {.clear = true, .client = way->value};

	return identity_set(admin(), &there, why());
}

static enum fault
deletes_client(const struct way *way)
{
	return client_remove(admin(), way->who, why());
}

static enum fault
deletes_site(const struct way *way)
{
	return site_remove(admin(), way->who, why());
}

/* ---- trying them ---------------------------------------------------------------------------- */

static void
try_way(struct scene *scene, const char *as, const struct way *way, enum fault expected)
{
	enum fault fault;

	play(scene, as);
	fault = way->go(way);
	snprintf(stage.cell, sizeof(stage.cell), "%s: %s %s %s", as == NULL ? "root" : as,
	    way->what, way->who, way->value == NULL ? "" : way->value);
	if (fault != expected)
		tell_red("%s: fault %d, not %d: %s", stage.cell, (int)fault, (int)expected,
		    fault == FAULT_NONE ? "" : why()->text);
	if (fault != FAULT_NONE && !is_untouched())
		tell_red("%s: refused, and something was written", stage.cell);
	assert_nobody_gained();
}

static void
try_ways(const struct way *ways, size_t count, struct scene *first, struct scene *second,
    const char *as)
{
	stage.red = 0;
	for (size_t i = 0; i < count; i++) {
		try_way(first, as, &ways[i], ways[i].alone);
		try_way(second, as, &ways[i], ways[i].joined);
	}
	assert_int_equal(stage.red, 0);
}

#define CHIEF "chief", NULL, NULL
#define NO_ONE_ELSE FAULT_RULE, FAULT_NONE
#define NEVER FAULT_RULE, FAULT_RULE

/* By whoever may all, and by plain root. */
static void
the_last_system_administrator_stays(void **state)
{
	static const struct way ways[] = {
	    {"delete", deletes, CHIEF, NO_ONE_ELSE},
	    {"revoke", revokes, CHIEF, NO_ONE_ELSE},
	    {"suspend", suspends, CHIEF, NO_ONE_ELSE},
	    {"edit: other roles", edits_user, "chief", "roles", "desk owner", NO_ONE_ELSE},
	    {"edit: no role", edits_user, "chief", "roles", "", NO_ONE_ELSE},
	    {"edit: type", edits_user, "chief", "type", "system", NO_ONE_ELSE},
	    {"edit: type", edits_user, "chief", "type", "integration", NO_ONE_ELSE},
	    {"edit: type, no phone", edits_user, "chief", "type", "client", NO_ONE_ELSE},
	    {"edit: ended", edits_user, "chief", "valid-until", "2026-01-31", NO_ONE_ELSE},
	    {"edit: ends", edits_user, "chief", "valid-until", "2036-01-31", NO_ONE_ELSE},
	    {"edit: not yet", edits_user, "chief", "valid-from", "2036-01-31", NO_ONE_ELSE},
	    {"edit: in a scope", edits_user, "chief", "roles", "system-administrator@/sales",
	        FAULT_INVALID, FAULT_INVALID},
	    {"edit: access back", edits_user, "chief", "access-back", "30", FAULT_NONE,
	        FAULT_NONE},
	    {"import: suspended", imports_user, "chief", "status", "suspended", NO_ONE_ELSE},
	    {"import: revoked", imports_user, "chief", "status", "revoked", NO_ONE_ELSE},
	    {"import: left", imports_user, "chief", "status", "left", NO_ONE_ELSE},
	    {"import: no role", imports_user, "chief", "roles", "", NO_ONE_ELSE},
	    {"import: other roles", imports_user, "chief", "roles", "desk", NO_ONE_ELSE},
	    {"import: type", imports_user, "chief", "type", "system", NO_ONE_ELSE},
	    {"import: ended", imports_user, "chief", "valid-until", "2026-01-31", NO_ONE_ELSE},
	    {"import: ends", imports_user, "chief", "valid-until", "2036-01-31", NO_ONE_ELSE},
	    {"import: not yet", imports_user, "chief", "valid-from", "2036-01-31", NO_ONE_ELSE},
	    {"rename", renames, "chief", NULL, "captain", FAULT_NONE, FAULT_NONE},
	    {"add: known", adds_known, "chief", NULL, "chief@example.org", FAULT_CONFLICT,
	        FAULT_CONFLICT},
	    {"restore: known", restores_known, "chief", NULL, "chief@example.org",
	        FAULT_CONFLICT, FAULT_CONFLICT},
	    {"role edit", edits_role, ROLE_SYSTEM_ADMINISTRATOR, "permissions", "", NEVER},
	    {"role edit", edits_role, ROLE_SYSTEM_ADMINISTRATOR, "permissions", "hexa.*", NEVER},
	    {"role edit", edits_role, ROLE_SYSTEM_ADMINISTRATOR, "access-back", "30", NEVER},
	    {"role disable", disables_role, ROLE_SYSTEM_ADMINISTRATOR, NULL, NULL, NEVER},
	    {"role delete", deletes_role, ROLE_SYSTEM_ADMINISTRATOR, NULL, NULL, NEVER},
	    {"policy apply: nobody is let in", applies, "", NULL,
	        HEAD REFUSES "permissions: {shell.login: {}, desk.view: {}}\n" ROLES(OWNER, TEAM),
	        NEVER},
	};

	(void)state;
	try_ways(ways, COUNT(ways), alone, joined, "olga");
	try_ways(ways, COUNT(ways), alone, joined, NULL);
}

/* Nor is the host taken from under them. */
static void
the_last_administrator_stays_at_their_client(void **state)
{
	static const struct way ways[] = {
	    {"host set", moves_host, "", NULL, "brill", NO_ONE_ELSE},
	    {"host clear", moves_host, "", NULL, NULL, NO_ONE_ELSE},
	    {"edit: another client", edits_user, "chief", "clients", "brill", NO_ONE_ELSE},
	    {"edit: the last client goes", edits_user, "chief", "clients", "", NO_ONE_ELSE},
	    {"edit: no phone", edits_user, "chief", "phone", "", NO_ONE_ELSE},
	    {"import: another client", imports_user, "chief", "clients", "brill", NO_ONE_ELSE},
	    {"edit: at the gate", edits_user, "chief", "sites", "gate", FAULT_NONE, FAULT_NONE},
	    {"client delete", deletes_client, "acme", NULL, NULL, NEVER},
	    {"site delete", deletes_site, "gate", NULL, NULL, NEVER},
	};

	(void)state;
	try_ways(ways, COUNT(ways), client_alone, client_joined, NULL);
}

static void
an_employee_is_no_client_user_elsewhere(void **state)
{
	static const struct way way = {"edit: a client user", becomes_client_user, "chief", NULL,
	    "brill", NO_ONE_ELSE};

	(void)state;
	stage.red = 0;
	play(client_alone, NULL);
	set("chief", "type", "employee");
	set("chief", "clients", "");
	assert_int_equal(way.go(&way), way.alone);
	play(client_joined, NULL);
	set("chief", "type", "employee");
	set("chief", "clients", "");
	assert_int_equal(way.go(&way), way.joined);
}

#define OWN FAULT_DENIED, FAULT_DENIED

/* What olga may do to anybody, she may not to herself; and by her role no more than is left. */
static void
ones_own_only_access_stays(void **state)
{
	static const struct way ways[] = {
	    {"delete", deletes, "olga", NULL, NULL, OWN},
	    {"revoke", revokes, "olga", NULL, NULL, OWN},
	    {"suspend", suspends, "olga", NULL, NULL, OWN},
	    {"rename", renames, "olga", NULL, "olga2", OWN},
	    {"edit: roles", edits_user, "olga", "roles", "desk", OWN},
	    {"edit: in a scope", edits_user, "olga", "roles", "owner@/sales", OWN},
	    {"edit: grants", edits_user, "olga", "grants", "*@2026-12-31", OWN},
	    {"edit: type", edits_user, "olga", "type", "system", OWN},
	    {"edit: ends", edits_user, "olga", "valid-until", "2026-12-31", OWN},
	    {"import: status", imports_user, "olga", "status", "left", OWN},
	    {"import: roles", imports_user, "olga", "roles", "desk", OWN},
	    {"role edit", edits_role, "owner", "permissions", "", NO_ONE_ELSE},
	    {"role edit", edits_role, "owner", "permissions", "desk.view", NO_ONE_ELSE},
	    {"role edit", edits_role, "owner", "permissions", "hexa.users.view", FAULT_NONE,
	        FAULT_NONE},
	    {"role disable", disables_role, "owner", NULL, NULL, NO_ONE_ELSE},
	    {"role delete", deletes_role, "owner", NULL, NULL, NEVER},
	    {"policy apply", applies, "", NULL, HEAD PERMISSIONS ROLES("desk.view", TEAM),
	        NO_ONE_ELSE},
	    {"policy edit", edits_policy, "", NULL, HEAD PERMISSIONS ROLES("desk.view", TEAM),
	        NO_ONE_ELSE},
	    {"policy apply: disabled", applies, "", NULL, HEAD PERMISSIONS ROLES(
	        "'*'], disabled: yes, includes: [", TEAM), NO_ONE_ELSE},
	};

	(void)state;
	try_ways(ways, COUNT(ways), alone, joined, "olga");
}

/* Where a service must be named, to act is not yet to be let in. */
static void
nobody_locks_themself_out(void **state)
{
	static const struct way ways[] = {
	    {"role edit", edits_role, "team", "permissions", "hexa.* desk.view", NO_ONE_ELSE},
	    {"role edit", edits_role, "team", "permissions", "shell.login", NO_ONE_ELSE},
	    {"role edit", edits_role, "team", "permissions", "hexa.users.* shell.login",
	        FAULT_NONE, FAULT_NONE},
	    {"role disable", disables_role, "team", NULL, NULL, NO_ONE_ELSE},
	    {"policy apply", applies, "", NULL,
	        HEAD REFUSES PERMISSIONS ROLES(OWNER, "'hexa.*'"), NO_ONE_ELSE},
	};

	(void)state;
	try_ways(ways, COUNT(ways), strict_alone, strict_joined, "tom");
}

/* Each own way that was refused is another's to go. */
static void
another_may(void **state)
{
	static const struct way ways[] = {
	    {"delete", deletes, "olga", NULL, NULL, FAULT_NONE, FAULT_NONE},
	    {"suspend", suspends, "olga", NULL, NULL, FAULT_NONE, FAULT_NONE},
	    {"edit: roles", edits_user, "olga", "roles", "desk", FAULT_NONE, FAULT_NONE},
	    {"import: status", imports_user, "olga", "status", "left", FAULT_NONE, FAULT_NONE},
	    {"role disable", disables_role, "owner", NULL, NULL, FAULT_NONE, FAULT_NONE},
	};

	(void)state;
	try_ways(ways, COUNT(ways), alone, joined, "chief");
	try_ways(ways, COUNT(ways), alone, joined, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_last_system_administrator_stays),
	    cmocka_unit_test(the_last_administrator_stays_at_their_client),
	    cmocka_unit_test(an_employee_is_no_client_user_elsewhere),
	    cmocka_unit_test(ones_own_only_access_stays),
	    cmocka_unit_test(nobody_locks_themself_out),
	    cmocka_unit_test(another_may),
	};

	if (geteuid() != 0)
		return RUN_AS_ROOT(tests);
	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
