/*
 * plan_test.c - what a change of the policy does to whom, told before it is done; and that users
 * who stand alike are told the same as each would be alone.
 */
#include "tests/unit/accounts_fixture.h"

#include "policy/assignment.h"
#include "policy/grant.h"

#define HEAD "hexa-policy: 1\n"
#define PERMISSIONS \
	"permissions:\n" \
	"  shell.login: {services: [sshd, login]}\n" \
	"  shell.sudo: {services: [sudo], unix-groups: [painters]}\n" \
	"  feeds.push: {}\n"
#define ROLES \
	"roles:\n" \
	"  technician: {permissions: [shell.login], group: no}\n" \
	"  manager: {includes: [technician], permissions: [feeds.push], group: no}\n" \
	"  reader: {permissions: [feeds.push], group: no}\n"

static int
setup(void **state)
{
	int result = fixture_setup(state);
	struct fixture *fixture = *state;

	assert_good(fixture, apply(fixture, HEAD PERMISSIONS ROLES));
	add_user(fixture, "anna", "technician");
	add_user(fixture, "bob", "manager");
	add_user(fixture, "cleo-b", "reader");
	return result;
}

static enum fault
diff(struct fixture *fixture, const char *yaml, struct plan *plan, struct why *refused)
{
	*plan = (struct plan){0};
	return policy_diff(&fixture->admin, yaml, strlen(yaml), plan, refused, &fixture->why);
}

/* A plan against which nothing speaks. */
static void
plan_of(struct fixture *fixture, const char *yaml, struct plan *plan)
{
	struct why refused;

	assert_good(fixture, diff(fixture, yaml, plan, &refused));
	if (refused.fault != FAULT_NONE)
		fail_msg("refused: %s", refused.text);
}

/* The list as words between spaces; until the next call. */
static const char *
words(const struct names *names)
{
	static char text[4096];
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < names->count; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s",
		    i > 0 ? " " : "", names->item[i]);
	assert_true(used < sizeof(text));
	return text;
}

static const struct plan_change *
change_of(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->user_count; i++)
		if (strcmp(plan->user[i].name, name) == 0)
			return plan->user[i].change;
	return NULL;
}

static const struct plan_role *
role_of(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->role_count; i++)
		if (strcmp(plan->role[i].name, name) == 0)
			return &plan->role[i];
	return NULL;
}

static void
add_client(struct fixture *fixture, const char *name)
{
	struct client client = {.name = strdup(name)};
	struct txn *txn;

	assert_good(fixture, store_write_begin(fixture->admin.store, &fixture->admin.actor, "fill",
	    NOW, &txn, &fixture->why));
	assert_good(fixture, client_put(txn, &client, &fixture->why));
	assert_good(fixture, store_commit(txn, NULL, &fixture->why));
	client_clear(&client);
}

static void
set_host(struct fixture *fixture, const char *client)
{
	const struct host host = {.client = (char *)client};
	struct txn *txn;

	assert_good(fixture, store_write_begin(fixture->admin.store, &fixture->admin.actor, "fill",
	    NOW, &txn, &fixture->why));
	assert_good(fixture, host_put(txn, &host, &fixture->why));
	assert_good(fixture, store_commit(txn, NULL, &fixture->why));
}

/* ---- one change at a time ----------------------------------------------------------------- */

static void
the_same_policy_is_no_change(void **state)
{
	struct fixture *fixture = *state;
	struct plan plan;

	plan_of(fixture, HEAD "# said otherwise\n" ROLES PERMISSIONS, &plan);
	assert_string_equal(plan.difference, "");
	assert_int_equal(plan.role_count, 0);
	assert_int_equal(plan.user_count, 0);
	assert_int_equal(plan.users, 3);
	assert_int_equal(plan.gain_login + plan.lose_login, 0);
	assert_int_equal(plan.gain_permission + plan.lose_permission, 0);
	plan_clear(&plan);
	assert_null(plan.difference);
}

static void
gains_and_losses_are_told(void **state)
{
	struct fixture *fixture = *state;
	const struct plan_change *change;
	struct plan plan;

	plan_of(fixture, HEAD PERMISSIONS
	    "roles:\n"
	    "  technician: {permissions: [shell.sudo], group: no}\n"
	    "  manager: {includes: [technician], permissions: [feeds.push], group: no}\n"
	    "  reader: {permissions: [feeds.push], group: no}\n", &plan);
	assert_int_equal(plan.user_count, 2);
	assert_int_equal(plan.gain_login, 2);
	assert_int_equal(plan.lose_login, 2);
	assert_int_equal(plan.gain_permission, 2);
	assert_int_equal(plan.lose_permission, 2);
	assert_true(plan.user[0].uid < plan.user[1].uid);
	change = change_of(&plan, "anna");
	assert_non_null(change);
	assert_string_equal(words(&change->services_gained), "sudo");
	assert_string_equal(words(&change->services_lost), "login sshd");
	assert_string_equal(words(&change->permissions_gained), "shell.sudo");
	assert_string_equal(words(&change->permissions_lost), "shell.login");
	assert_string_equal(words(&change->groups_gained), "painters");
	assert_string_equal(words(&change->groups_lost), "");
	assert_non_null(change_of(&plan, "bob"));
	assert_null(change_of(&plan, "cleo-b"));
	plan_clear(&plan);
}

static void
other_services_are_told_as_one(void **state)
{
	struct fixture *fixture = *state;
	const struct plan_change *change;
	struct plan plan;

	plan_of(fixture, HEAD "login: {other-services: refuse}\n" PERMISSIONS ROLES, &plan);
	assert_int_equal(plan.user_count, 3);
	assert_int_equal(plan.lose_login, 3);
	assert_int_equal(plan.lose_permission, 0);
	change = change_of(&plan, "anna");
	assert_string_equal(words(&change->services_lost), "other");
	plan_clear(&plan);
	/* A service that is no longer named is one of the others. */
	plan_of(fixture, HEAD "permissions:\n  shell.login: {services: [login]}\n"
	    "  shell.sudo: {services: [sudo], unix-groups: [painters]}\n  feeds.push: {}\n" ROLES,
	    &plan);
	assert_int_equal(plan.user_count, 1);
	assert_string_equal(words(&change_of(&plan, "cleo-b")->services_gained), "sshd");
	plan_clear(&plan);
}

static void
roles_are_told(void **state)
{
	struct fixture *fixture = *state;
	const struct plan_role *role;
	struct plan plan;

	assert_good(fixture, account_delete(&fixture->admin, "cleo-b", &fixture->why));
	plan_of(fixture, HEAD PERMISSIONS
	    "roles:\n"
	    "  technician: {permissions: [shell.login, shell.sudo], group: no}\n"
	    "  manager: {includes: [technician], permissions: [feeds.push], group: no, "
	    "disabled: yes}\n"
	    "  auditor: {permissions: [feeds.push], group: no}\n", &plan);
	assert_int_equal(plan.role_count, 4);
	assert_string_equal(plan.role[0].name, "auditor");
	assert_true(plan.role[0].is_new);
	assert_string_equal(words(&plan.role[0].change.permissions_gained), "feeds.push");
	role = role_of(&plan, "technician");
	assert_false(role->is_new || role->is_gone);
	assert_string_equal(words(&role->change.permissions_gained), "shell.sudo");
	assert_string_equal(words(&role->change.groups_gained), "painters");
	/* What is switched off gives nothing. */
	role = role_of(&plan, "manager");
	assert_string_equal(words(&role->change.permissions_lost), "feeds.push shell.login");
	assert_string_equal(words(&role->change.permissions_gained), "");
	role = role_of(&plan, "reader");
	assert_true(role->is_gone);
	assert_string_equal(words(&role->change.permissions_lost), "feeds.push");
	assert_null(role_of(&plan, ROLE_SYSTEM_ADMINISTRATOR));
	plan_clear(&plan);
}

/* Whoever holds a role is in its Unix group. */
static void
a_roles_own_group_is_told(void **state)
{
	struct fixture *fixture = *state;
	struct plan plan;

	plan_of(fixture, HEAD PERMISSIONS "roles:\n"
	    "  technician: {permissions: [shell.login]}\n"
	    "  manager: {includes: [technician], permissions: [feeds.push], group: no}\n"
	    "  reader: {permissions: [feeds.push], group: readers, disabled: yes}\n", &plan);
	assert_string_equal(words(&change_of(&plan, "anna")->groups_gained), "technician");
	assert_string_equal(words(&role_of(&plan, "technician")->change.groups_gained),
	    "technician");
	/* Not by what a role includes, nor while it is disabled. */
	assert_null(change_of(&plan, "bob"));
	assert_null(role_of(&plan, "manager"));
	assert_string_equal(words(&change_of(&plan, "cleo-b")->groups_gained), "");
	assert_string_equal(words(&role_of(&plan, "reader")->change.groups_gained), "");
	plan_clear(&plan);
	assert_good(fixture, role_edit(&fixture->admin, "technician",
	    EDITS(ROLE_SET("group", "hands")), &fixture->why));
	plan_of(fixture, HEAD PERMISSIONS ROLES, &plan);
	assert_string_equal(words(&change_of(&plan, "anna")->groups_lost), "hands");
	assert_string_equal(words(&role_of(&plan, "technician")->change.groups_lost), "hands");
	plan_clear(&plan);
	plan_of(fixture, HEAD PERMISSIONS "roles:\n"
	    "  technician: {permissions: [shell.login], group: fingers}\n"
	    "  manager: {includes: [technician], permissions: [feeds.push], group: no}\n"
	    "  reader: {permissions: [feeds.push], group: no}\n", &plan);
	assert_string_equal(words(&change_of(&plan, "anna")->groups_lost), "hands");
	assert_string_equal(words(&change_of(&plan, "anna")->groups_gained), "fingers");
	plan_clear(&plan);
	/* On another client's host, the assignment for a client gives none. */
	add_client(fixture, "acme");
	add_client(fixture, "blue");
	assert_good(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_SET("roles", "technician@client:acme")), &fixture->why));
	for (unsigned i = 0; i < 2; i++) {
		set_host(fixture, i == 0 ? "blue" : "acme");
		plan_of(fixture, HEAD PERMISSIONS ROLES, &plan);
		assert_int_equal(change_of(&plan, "anna") != NULL, i == 1);
		plan_clear(&plan);
	}
}

static void
who_cannot_log_in_gains_permissions_alone(void **state)
{
	struct fixture *fixture = *state;
	const struct plan_change *change;
	struct plan plan;

	assert_good(fixture, account_suspend(&fixture->admin, "anna", &fixture->why));
	plan_of(fixture, HEAD PERMISSIONS
	    "roles:\n"
	    "  technician: {permissions: [shell.login, shell.sudo], group: no}\n"
	    "  manager: {includes: [technician], permissions: [feeds.push], group: no}\n"
	    "  reader: {permissions: [feeds.push], group: no}\n", &plan);
	change = change_of(&plan, "anna");
	assert_string_equal(words(&change->services_gained), "");
	assert_string_equal(words(&change->permissions_gained), "shell.sudo");
	assert_string_equal(words(&change_of(&plan, "bob")->services_gained), "sudo");
	assert_int_equal(plan.gain_login, 1);
	assert_int_equal(plan.gain_permission, 2);
	plan_clear(&plan);
}

static void
the_texts_are_compared(void **state)
{
	struct fixture *fixture = *state;
	struct plan plan;

	plan_of(fixture, HEAD PERMISSIONS ROLES "  crew: {permissions: [feeds.push], group: no}\n",
	    &plan);
	if (strncmp(plan.difference, "--- in force\n+++ FILE\n@@ ", 25) != 0 ||
	    strstr(plan.difference, "\n+") == NULL || strstr(plan.difference, "crew") == NULL ||
	    strstr(plan.difference, "\n-") != NULL)
		fail_msg("%s", plan.difference);
	plan_clear(&plan);
}

static void
groups_that_are_roots_equal_are_named(void **state)
{
	struct fixture *fixture = *state;
	struct plan plan;

	plan_of(fixture, HEAD "permissions:\n  shell.login: {unix-groups: [painters, docker]}\n"
	    "  feeds.push: {unix-groups: [sudo]}\n" ROLES, &plan);
	assert_string_equal(words(&plan.root_equal),
	    "feeds.push gives sudo shell.login gives docker");
	plan_clear(&plan);
}

static bool
is_warned(const struct plan *plan, const char *sentence)
{
	for (size_t i = 0; i < plan->warnings.count; i++)
		if (strstr(plan->warnings.item[i], sentence) != NULL)
			return true;
	return false;
}

static void
assert_warned(const struct plan *plan, const char *sentence)
{
	for (size_t i = 0; i < plan->warnings.count; i++)
		if (strcmp(plan->warnings.item[i], sentence) == 0)
			return;
	fail_msg("not \"%s\" but: %s", sentence, words(&plan->warnings));
}

static void
what_is_perhaps_not_meant_is_said(void **state)
{
	struct fixture *fixture = *state;
	struct names warnings = {0};
	struct plan plan;
	static const char yaml[] = HEAD "limits: {users: 2}\n"
	    "permissions:\n"
	    "  shell.login: {services: [login, shdd]}\n"
	    "  shell.su: {services: [su, sudo, atd]}\n"
	    "  feeds.push: {unix-groups: [painters, plumbers]}\n" ROLES;

	make_folder(fixture->root, "/etc/pam.d");
	make_folder(fixture->root, "/usr");
	make_folder(fixture->root, "/usr/lib");
	make_folder(fixture->root, "/usr/lib/pam.d");
	write_file(fixture->root, "/etc/pam.d/sshd", "");
	write_file(fixture->root, "/etc/pam.d/su", "");
	write_file(fixture->root, "/usr/lib/pam.d/login", "");
	plan_of(fixture, yaml, &plan);
	assert_warned(&plan, "the permission shell.sudo goes");
	assert_warned(&plan,
	    "this host has no PAM service atd, shdd (did you mean sshd?) or sudo");
	assert_warned(&plan,
	    "no role but system-administrator opens the services atd, su or sudo");
	assert_warned(&plan, "this host has no group plumbers");
	assert_true(is_warned(&plan, "limits.users: 2"));
	assert_int_equal(plan.warnings.count, 5);
	assert_good(fixture, policy_check(&fixture->admin, yaml, strlen(yaml), &warnings,
	    &fixture->why));
	assert_true(names_same(&warnings, &plan.warnings));
	names_clear(&warnings);
	plan_clear(&plan);
	plan_of(fixture, HEAD "limits: {users: 3}\nlogin: {other-services: refuse}\n" ROLES
	    "permissions:\n  shell.login: {}\n  feeds.push: {}\n", &plan);
	assert_true(is_warned(&plan, "nobody can log in"));
	assert_false(is_warned(&plan, "limits.users"));
	plan_clear(&plan);
	plan_of(fixture, HEAD PERMISSIONS ROLES, &plan);
	assert_false(is_warned(&plan, "goes"));
	assert_false(is_warned(&plan, "nobody can log in"));
	plan_clear(&plan);
}

/* ---- what is refused is told as well ------------------------------------------------------ */

static void
a_refusal_comes_with_its_plan(void **state)
{
	struct fixture *fixture = *state;
	static const char yaml[] = HEAD PERMISSIONS
	    "roles:\n  technician: {group: no}\n  manager: {group: no}\n";
	const struct policy_application application = {.yaml = yaml, .size = strlen(yaml)};
	struct why refused;
	struct plan plan;

	assert_good(fixture, diff(fixture, yaml, &plan, &refused));
	assert_int_equal(refused.fault, FAULT_RULE);
	assert_non_null(strstr(refused.text, "reader is held by cleo-b"));
	assert_string_equal(refused.mend, "hexa-admin role members reader");
	assert_int_equal(plan.user_count, 3);
	plan_clear(&plan);
	plan = (struct plan){0};
	assert_refused(fixture, FAULT_RULE, NULL,
	    policy_apply(&fixture->admin, &application, &plan, &fixture->why));
	assert_int_equal(plan.user_count, 3);
	assert_int_equal(plan.lose_permission, 3);
	plan_clear(&plan);
}

static void
what_is_only_tried_changes_nothing(void **state)
{
	struct fixture *fixture = *state;
	static const char yaml[] = HEAD PERMISSIONS ROLES "  crew: {}\n";
	struct policy_application application = {
	    .yaml = yaml, .size = strlen(yaml), .dry_run = true};
	uint64_t before = journal_at(fixture);
	struct plan plan = {0};

	assert_good(fixture,
	    policy_apply(&fixture->admin, &application, &plan, &fixture->why));
	assert_true(role_of(&plan, "crew")->is_new);
	assert_int_equal(journal_at(fixture), before);
	plan_clear(&plan);
	application.dry_run = false;
	assert_good(fixture,
	    policy_apply(&fixture->admin, &application, NULL, &fixture->why));
	assert_int_equal(journal_at(fixture), before + 1);
}

/* ---- users who stand alike ---------------------------------------------------------------- */

static void
who_stands_alike_shares_a_change(void **state)
{
	struct fixture *fixture = *state;
	struct plan plan;

	add_user(fixture, "dora", "technician");
	add_user(fixture, "emil", "technician");
	assert_good(fixture, account_edit(&fixture->admin, "emil",
	    EDITS(USER_ADD("grants", "feeds.push@2026-01-01"), USER_SET("note", "left")),
	    &fixture->why));
	add_user(fixture, "fritz", "technician");
	assert_good(fixture, account_edit(&fixture->admin, "fritz",
	    EDITS(USER_ADD("grants", "feeds.push")), &fixture->why));
	plan_of(fixture, HEAD PERMISSIONS
	    "roles:\n"
	    "  technician: {group: no}\n  manager: {group: no}\n  reader: {group: no}\n", &plan);
	assert_int_equal(plan.user_count, 6);
	assert_ptr_equal(change_of(&plan, "anna"), change_of(&plan, "dora"));
	assert_ptr_equal(change_of(&plan, "anna"), change_of(&plan, "emil"));
	assert_ptr_not_equal(change_of(&plan, "anna"), change_of(&plan, "bob"));
	assert_ptr_not_equal(change_of(&plan, "anna"), change_of(&plan, "fritz"));
	plan_clear(&plan);
}

static void
a_client_who_cannot_be_reached_is_told_apart(void **state)
{
	struct fixture *fixture = *state;
	struct plan plan;

	add_user(fixture, "dora", "technician");
	assert_good(fixture, account_edit(&fixture->admin, "dora", EDITS(USER_SET("type", "client"),
	    USER_SET("email", "dora@example.org"), USER_SET("phone", "+4612345678")),
	    &fixture->why));
	add_user(fixture, "emil", "technician");
	assert_good(fixture, account_edit(&fixture->admin, "emil", EDITS(USER_SET("type", "client"),
	    USER_SET("email", "emil@example.org")), &fixture->why));
	plan_of(fixture, HEAD PERMISSIONS
	    "roles:\n  technician: {permissions: [shell.*], group: no}\n"
	    "  manager: {group: no}\n  reader: {group: no}\n", &plan);
	assert_string_equal(words(&change_of(&plan, "dora")->services_gained), "sudo");
	assert_string_equal(words(&change_of(&plan, "emil")->services_gained), "");
	plan_clear(&plan);
}

/* ---- random policies and people ----------------------------------------------------------- */

static uint32_t seed;

static unsigned
chance(unsigned below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

enum { PERMISSION_COUNT = 8, ROLE_COUNT = 6, PEOPLE = 96, ROUNDS = 12 };

static const char *const services[] = {"sshd", "login", "sudo", "cron"};
static const char *const groups[] = {"painters", "wardens", "docker"};

static void
put_some(struct bytes *yaml, const char *key, const char *const *words, unsigned count)
{
	bool any = false;

	for (unsigned i = 0; i < count; i++) {
		if (chance(3) > 0)
			continue;
		bytes_print(yaml, "%s%s", any ? ", " : key, words[i]);
		any = true;
	}
	bytes_print(yaml, "%s", any ? "], " : "");
}

static void
put_role(struct bytes *yaml, unsigned role)
{
	bytes_print(yaml, "  role-%u: {group: no, ", role);
	if (chance(5) == 0)
		bytes_print(yaml, "disabled: yes, ");
	if (chance(4) == 0)
		bytes_print(yaml, "ladder: steps, level: %u, ", role + 1);
	bytes_print(yaml, "permissions: [");
	for (unsigned i = 0; i < PERMISSION_COUNT; i++)
		if (chance(5) == 0)
			bytes_print(yaml, "p%u.do, ", i);
	if (chance(12) == 0)
		bytes_print(yaml, "'*', ");
	bytes_print(yaml, "], includes: [");
	for (unsigned i = 0; i < role; i++)
		if (chance(5) == 0)
			bytes_print(yaml, "role-%u, ", i);
	bytes_print(yaml, "]}\n");
}

static char *
random_policy(void)
{
	struct bytes yaml = {0};
	char *text;

	bytes_print(&yaml, HEAD "login: {other-services: %s}\npermissions:\n",
	    chance(2) == 0 ? "refuse" : "any-permission");
	for (unsigned i = 0; i < PERMISSION_COUNT; i++) {
		bytes_print(&yaml, "  p%u.do: {", i);
		put_some(&yaml, "services: [", services, 4);
		put_some(&yaml, "unix-groups: [", groups, 3);
		if (chance(3) == 0)
			put_some(&yaml, "types: [", user_types, USER_TYPES);
		bytes_print(&yaml, "}\n");
	}
	bytes_print(&yaml, "roles:\n");
	for (unsigned i = 0; i < ROLE_COUNT; i++)
		put_role(&yaml, i);
	text = bytes_take_text(&yaml);
	assert_non_null(text);
	return text;
}

static void
add_word(struct fixture *fixture, struct user *user, const char *field, const char *format, ...)
{
	char text[128];
	va_list arguments;
	enum fault fault;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	fault = field_add(user_field(field), user, text, &fixture->why);
	if (fault != FAULT_CONFLICT)
		assert_good(fixture, fault);
}

static void
describe(struct fixture *fixture, struct user *user, unsigned person)
{
	static const char *const scopes[] = {"", "", "", "@/sales", "@client:acme", "@client:blue"};
	char name[32];

	snprintf(name, sizeof(name), "person-%u", person);
	assert_good(fixture, field_parse(user_field("name"), user, name, &fixture->why));
	assert_good(fixture, field_parse(user_field("first-name"), user, "Ex", &fixture->why));
	assert_good(fixture, field_parse(user_field("last-name"), user, "Ample", &fixture->why));
	user->type = chance(2) == 0 ? chance(USER_TYPES) : USER_CLIENT;
	user->status = chance(6) == 0 ? STATUS_SUSPENDED : STATUS_ACTIVE;
	user->valid_from = chance(8) == 0 ? NOW + 10 : 0;
	user->valid_until = chance(8) == 0 ? NOW - 10 + (int64_t)chance(3) * 10 : 0;
	if (user->type == USER_CLIENT && chance(6) > 0) {
		add_word(fixture, user, "clients", "%s", chance(2) == 0 ? "acme" : "blue");
		snprintf(name, sizeof(name), "person-%u@example.org", person);
		assert_good(fixture, field_parse(user_field("email"), user, name, &fixture->why));
		snprintf(name, sizeof(name), "+4612345%u", 100 + person);
		if (chance(4) > 0)
			assert_good(fixture,
			    field_parse(user_field("phone"), user, name, &fixture->why));
	}
	for (unsigned more = 1 + chance(2); more > 0; more--)
		add_word(fixture, user, "roles", "role-%u%s", chance(ROLE_COUNT),
		    scopes[chance(6)]);
	if (chance(3) == 0)
		add_word(fixture, user, "grants", "p%u.do%s", chance(PERMISSION_COUNT),
		    chance(2) == 0 ? "@2026-11-21T09:29:59Z" : "");
	if (chance(8) == 0)
		add_word(fixture, user, "grants", "p%u.*@2027-01-01", chance(PERMISSION_COUNT));
}

/* One thing about them is otherwise, or nothing. */
static void
differ(struct fixture *fixture, struct user *user, unsigned how)
{
	switch (how) {
	case 0:
		user->type = user->type == USER_CLIENT ? USER_EMPLOYEE : USER_CLIENT;
		return;
	case 1:
		user->status = user->status == STATUS_ACTIVE ? STATUS_SUSPENDED : STATUS_ACTIVE;
		return;
	case 2:
		user->valid_from = user->valid_from == 0 ? NOW + 1 : 0;
		return;
	case 3:
		user->valid_until = user->valid_until == 0 ? NOW - 1 : 0;
		return;
	case 4:
		field_clear(user_field("phone"), user);
		return;
	case 5:
		field_clear(user_field("email"), user);
		return;
	case 6:
		field_clear(user_field("clients"), user);
		return;
	case 7:
		field_clear(user_field("clients"), user);
		add_word(fixture, user, "clients", "acme");
		return;
	case 8:
		field_clear(user_field("grants"), user);
		return;
	default:
		return;
	}
}

/* Two of each kind, or nearly of one. */
static void
add_people(struct fixture *fixture)
{
	uint32_t kind = seed;
	struct txn *txn;

	assert_good(fixture, store_write_begin(fixture->admin.store, &fixture->admin.actor, "fill",
	    NOW, &txn, &fixture->why));
	for (unsigned i = 0; i < PEOPLE; i++) {
		struct user user = {0};

		if (i % 2 == 1)
			seed = kind;
		kind = seed;
		describe(fixture, &user, i);
		if (i % 2 == 1)
			differ(fixture, &user, i / 2 % 12);
		assert_good(fixture, user_put(txn, &user, &fixture->why));
		user_clear(&user);
	}
	assert_good(fixture, store_commit(txn, NULL, &fixture->why));
}

/* ---- each user alone ---------------------------------------------------------------------- */

static bool
logs_in(const struct document *document, const struct user *user, const char *service,
    const char *client)
{
	const struct request request = {.service = service, .host = "", .client = client,
	    .now = NOW, .phase = PHASE_ACCOUNT, .proof = PROOF_KEY};

	return verdict_allows(
	    decide(user, &document->roles, &document->rules, &request).verdict);
}

/* By whoever is active and valid with the same roles and grants. */
static bool
holds(const struct document *document, const struct user *user, const char *permission)
{
	const struct request request = {
	    .host = "", .now = NOW, .phase = PHASE_ACCOUNT, .proof = PROOF_KEY};
	struct user active = *user;

	active.status = STATUS_ACTIVE;
	active.valid_from = active.valid_until = 0;
	return verdict_allows(decide_permission(&active, &document->roles, &document->rules,
	    &request, permission).verdict);
}

/* By a grant, or by a role of theirs that counts on a host of this client. */
static bool
has_from(const struct document *document, const struct user *user,
    const struct permission *permission, const char *client)
{
	bool enabled = false, granted = false, here = false;

	for (size_t i = 0; i < user->roles.count; i++) {
		struct assignment assignment;
		const struct role *role;

		assert_true(assignment_parse(user->roles.item[i], &assignment));
		role = roles_find(&document->roles, assignment.role);
		if (role->disabled)
			continue;
		enabled = true;
		here |= names_have(&role->closure, permission->name) &&
		    (assignment.scope.kind != SCOPE_CLIENT || client == NULL ||
		        strcmp(assignment.scope.name, client) == 0);
	}
	for (size_t i = 0; i < user->grants.count; i++) {
		struct grant grant;

		assert_true(grant_parse(user->grants.item[i], &grant));
		granted |= (grant.end == 0 || grant.end >= NOW) &&
		    permission_matches(grant.permission, permission->name);
	}
	return permission_works_for(permission, user->type) && (here || (granted && enabled));
}

static bool
is_in(const struct document *document, const struct user *user, const char *group,
    const char *client)
{
	for (size_t i = 0; i < document->rules.count; i++) {
		const struct permission *permission = &document->rules.permission[i];

		if (names_have(&permission->unix_groups, group) &&
		    has_from(document, user, permission, client))
			return true;
	}
	return false;
}

/* The plan's lists say of `word` what was found out. */
static void
assert_told(const struct names *gained, const struct names *lost, const char *word, bool before,
    bool after)
{
	assert_int_equal(names_have(gained, word), !before && after);
	assert_int_equal(names_have(lost, word), before && !after);
}

static void
compare_user(const struct document *before, const struct document *after,
    const struct user *user, const char *client, const struct plan_change *change)
{
	static const struct plan_change nothing;

	if (change == NULL)
		change = &nothing;
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		assert_told(&change->services_gained, &change->services_lost, services[i],
		    logs_in(before, user, services[i], client),
		    logs_in(after, user, services[i], client));
	assert_told(&change->services_gained, &change->services_lost, "other",
	    logs_in(before, user, "atd", client), logs_in(after, user, "atd", client));
	for (size_t i = 0; i < after->rules.count; i++) {
		const char *name = after->rules.permission[i].name;

		assert_told(&change->permissions_gained, &change->permissions_lost, name,
		    holds(before, user, name), holds(after, user, name));
	}
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		assert_told(&change->groups_gained, &change->groups_lost, groups[i],
		    is_in(before, user, groups[i], client), is_in(after, user, groups[i], client));
}

static size_t
compare_all(struct fixture *fixture, const struct document *before,
    const struct document *after, const char *client, const struct plan *plan)
{
	struct user user = {0};
	struct txn *txn;
	uint32_t uid = 0;
	size_t found = 0;

	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	while (user_next(txn, uid, &user, &fixture->why) == FAULT_NONE) {
		uid = user.uid;
		compare_user(before, after, &user, client, change_of(plan, user.name));
		found++;
	}
	user_clear(&user);
	store_end(txn);
	return found;
}

static void
the_plan_is_what_each_would_be_told_alone(void **state)
{
	struct fixture *fixture = *state;
	static const char *const clients[] = {NULL, "acme", "blue"};
	size_t changed = 0, shared = 0;

	add_client(fixture, "acme");
	add_client(fixture, "blue");
	for (unsigned round = 0; round < ROUNDS; round++) {
		const char *client = clients[round % 3];
		char *old, *new;
		struct document before = {0}, after = {0};
		struct why refused;
		struct plan plan;

		seed = 1 + round;
		old = random_policy();
		new = random_policy();
		set_host(fixture, client);
		assert_good(fixture, apply(fixture, old));
		if (round == 0)
			add_people(fixture);
		assert_good(fixture, document_read(old, strlen(old), &before, &fixture->why));
		assert_good(fixture, document_read(new, strlen(new), &after, &fixture->why));
		assert_good(fixture, diff(fixture, new, &plan, &refused));
		assert_int_equal(compare_all(fixture, &before, &after, client, &plan), PEOPLE);
		assert_int_equal(plan.users, PEOPLE);
		changed += plan.user_count;
		shared += plan.changes_count;
		plan_clear(&plan);
		document_clear(&before);
		document_clear(&after);
		free(old);
		free(new);
	}
	/* It was a test of something. */
	assert_true(changed > ROUNDS * PEOPLE / 2);
	assert_true(shared < ROUNDS * PEOPLE);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_same_policy_is_no_change),
	    TEST(gains_and_losses_are_told),
	    TEST(other_services_are_told_as_one),
	    TEST(roles_are_told),
	    TEST(a_roles_own_group_is_told),
	    TEST(who_cannot_log_in_gains_permissions_alone),
	    TEST(the_texts_are_compared),
	    TEST(groups_that_are_roots_equal_are_named),
	    TEST(what_is_perhaps_not_meant_is_said),
	    TEST(a_refusal_comes_with_its_plan),
	    TEST(what_is_only_tried_changes_nothing),
	    TEST(who_stands_alike_shares_a_change),
	    TEST(a_client_who_cannot_be_reached_is_told_apart),
	    cmocka_unit_test_setup_teardown(the_plan_is_what_each_would_be_told_alone,
	        fixture_setup, fixture_teardown),
	};

	return RUN_AS_ROOT(tests);
}
