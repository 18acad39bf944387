/*
 * matrix.h - for matrix_test.c: who acts on whom, on which host; what is done to each row of a
 * table; and how what came of it is judged.
 */
#ifndef HEXA_TESTS_MATRIX_H
#define HEXA_TESTS_MATRIX_H

#include "tests/unit/stage.h"

#include "tests/unit/samples.h"

#include "accounts/keys.h"
#include "hexa-admin/command.h"

/* ---- who acts ------------------------------------------------------------------------------- */

static const char *const suffixes[] = {"", "@/sales", "@client:acme"};

/* Each has a twin, who holds the same. */
struct actor_row {
	char name[8], twin[8];
	char roles[2 * WORD_BYTES];
	const char *field, *value; /* of the record, besides; NULL: nothing */
};

enum { ACTORS_MAX = 32 };

static struct actor_row actors[ACTORS_MAX];
static size_t actor_count;
static struct rules builtin;

/* Those who are on the host together: of all of them at once each look at it would take long. */
enum group { ACT_EVERYWHERE, ACT_IN_A_UNIT, ACT_FOR_A_CLIENT, ACT_OTHERWISE };

static void
add_actor(const char *role, const char *suffix, const char *field, const char *value)
{
	struct actor_row *actor = &actors[actor_count];

	assert_in_range(actor_count, 0, ACTORS_MAX - 1);
	snprintf(actor->name, sizeof(actor->name), "a%zu", actor_count);
	snprintf(actor->twin, sizeof(actor->twin), "b%zu", actor_count);
	snprintf(actor->roles, sizeof(actor->roles), "%s%s", role, suffix);
	actor->field = field;
	actor->value = value;
	actor_count++;
}

/* One permission on Hexa alone, beside what their desk gives them; or all of them. */
static void
list_holders(const char *suffix)
{
	for (size_t i = 0; i < builtin.count; i++) {
		char role[WORD_BYTES + 1];

		snprintf(role, sizeof(role), "by.%s", builtin.permission[i].name);
		add_actor(role, suffix, NULL, NULL);
	}
	add_actor("all-of-hexa", suffix, NULL, NULL);
}

static void
list_actors(enum group group)
{
	struct why why;

	assert_int_equal(rules_add_builtin(&builtin, &why), FAULT_NONE);
	actor_count = 0;
	if (group != ACT_OTHERWISE) {
		list_holders(suffixes[group]);
		return;
	}
	add_actor("all-of-hexa", "", NULL, NULL);
	add_actor("owner", "", NULL, NULL);
	add_actor("all-of-hexa crew", "", NULL, NULL);
	add_actor("by.hexa.users.view resting", "", NULL, NULL);
	add_actor("desk", "", "grants", "hexa.*");
	add_actor("desk", "", "grants", "hexa.*@2027-12-31");
	add_actor("all-of-hexa", "", "access-back", "30");
	add_actor("all-of-hexa", "@client:acme", "type", "client");
}

/* ---- the host they act on ------------------------------------------------------------------- */

/* desk.view is everybody's; who has desk.close has more than any but an owner. */
static void
write_policy(struct bytes *text)
{
	bytes_print(text, "hexa-policy: 1\n"
	    "password: {argon2: {operations: 1, memory: 8MiB}}\n"
	    "lockout: {failures: 0}\n"
	    "permissions:\n"
	    "  desk.view: {services: [sshd]}\n"
	    "  desk.close: {services: [cron], unix-groups: [painters]}\n"
	    "  feeds.push: {types: [integration]}\n"
	    "roles:\n"
	    "  all-of-hexa: {permissions: ['hexa.*', desk.view], group: no}\n"
	    "  owner: {permissions: ['*'], group: no}\n"
	    "  desk: {permissions: [desk.view], group: no}\n"
	    "  crew: {permissions: [desk.view]}\n"
	    "  closer: {permissions: [desk.close], group: no, ladder: stairs, level: 1}\n"
	    "  closed: {permissions: [desk.close], group: no, disabled: yes}\n"
	    "  resting: {permissions: ['hexa.*'], group: no, disabled: yes}\n"
	    "  lately: {permissions: [desk.view], group: no, access-back: 20}\n"
	    "  feeder: {permissions: [feeds.push], group: no}\n"
	    "  unheld: {permissions: [desk.view], group: no}\n"
	    "  empty: {group: no}\n");
	for (size_t i = 0; i < builtin.count; i++)
		bytes_print(text, "  by.%s: {permissions: [%s, desk.view], group: no}\n",
		    builtin.permission[i].name, builtin.permission[i].name);
}

/* Whom is acted on, beside oneself and one's twin. */
static const struct person {
	const char *name, *roles, *unit, *clients;
	const char *field, *value;
} people[] = {
    {"chief", ROLE_SYSTEM_ADMINISTRATOR, "", "", NULL, NULL}, /* the last one */
    {"boss", ROLE_SYSTEM_ADMINISTRATOR, "/sales", "acme", "status", "suspended"},
    {"less", "desk@client:acme", "/sales", "acme", NULL, NULL},
    {"more", "desk@client:acme closer@client:acme", "/sales", "acme", NULL, NULL},
    {"outside", "desk@client:acme", "/hr", "brill", NULL, NULL},
    {"crewman", "crew@client:acme", "/sales", "acme", NULL, NULL},
    {"sleeper", "desk@client:acme closed@client:acme", "/sales", "acme", NULL, NULL},
    {"granted", "desk@client:acme", "/sales", "acme", "grants", "desk.close"},
    {"listed", "desk@client:acme", "/sales", "acme", NULL, NULL},
    {"patron", "desk", "/sales", "acme", "type", "client"},
    {"blank", "desk", "/sales", "acme", "roles", ""},
};

/* Deleted, with a document that stays; and never there. */
#define GONE "gone"
#define STRANGER "stranger"

/* Everybody logs in by the same password and the same key; and another key that nobody has. */
#define A_KEY \
	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICBJ4PBeRNaRebKJVSxCVRq/Q6pob4GXCVZdtsXksaT3"
#define A_FINGERPRINT "SHA256:PKgK8XUuJrUZMM3DpKoWIXu3rVMERGGIh0qS7v4GpHQ"
#define ANOTHER_KEY \
	"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAomQKcO5LGH5kPSbH1JX3aSjlQ+ZPMvbZHYIkCji4PQ"

static struct scene *active, *suspended, *revoked, *left;

static void
place(struct fixture *fixture, const char *name, const struct person *person)
{
	static unsigned number;
	struct user made = {0};
	char email[64], phone[16];

	snprintf(email, sizeof(email), "%s@example.org", name);
	snprintf(phone, sizeof(phone), "+3161%07u", number++);
	assert_good(fixture, account_add(&fixture->admin, name,
	    EDITS(USER_SET("first-name", "Ex"), USER_SET("last-name", "Ample"),
	        USER_SET("roles", person->roles), USER_SET("unit", person->unit),
	        USER_SET("clients", person->clients), USER_SET("email", email),
	        USER_SET("phone", phone)), GOOD_PASSWORD, &made, &fixture->why));
	user_clear(&made);
	assert_good(fixture, account_key_add(&fixture->admin, name, A_KEY, strlen(A_KEY),
	    &fixture->why));
	add_document(fixture, name);
	if (person->field != NULL)
		put_field(fixture, name, person->field, person->value);
}

static void
place_all(struct fixture *fixture)
{
	for (size_t i = 0; i < COUNT(people); i++)
		place(fixture, people[i].name, &people[i]);
	place(fixture, GONE, &people[2]);
	assert_good(fixture, account_delete(&fixture->admin, GONE, &fixture->why));
	for (size_t i = 0; i < actor_count; i++) {
		const struct person person = {NULL, actors[i].roles, "/sales", "acme",
		    actors[i].field, actors[i].value};

		place(fixture, actors[i].name, &person);
		place(fixture, actors[i].twin, &person);
	}
}

/* The same host, with another status of all but the actors and the last administrator. */
static struct scene *
with_status(const char *status)
{
	play(active, NULL);
	for (size_t i = 1; i < COUNT(people); i++)
		put_field(stage.fixture, people[i].name, "status", status);
	for (size_t i = 0; i < actor_count; i++)
		put_field(stage.fixture, actors[i].twin, "status", status);
	return scene_keep();
}

static void
write_host(const char *root)
{
	write_file(root, "/etc/group",
	    "root:x:0:\nlocal:x:1000:\npainters:x:1001:listed,spectre\n");
	write_file(root, "/etc/shadow",
	    "root:*:19000:0:99999:7:::\nlocal:!:19000:0:99999:7:::\n");
	write_file(root, "/etc/shells", "/bin/bash\n/bin/dash\n");
	make_folder(root, "/run");
	make_folder(root, "/run/hexa");
	make_folder(root, "/bin");
	write_file(root, "/bin/bash", "#!\n");
	write_file(root, "/bin/dash", "#!\n");
}

static void
open_database_file(const char *root)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/bin/dash", root);
	assert_int_equal(chmod(path, 0755), 0);
	snprintf(path, sizeof(path), "%s/run/hexa", root);
	assert_int_equal(chmod(path, 0700), 0);
	snprintf(path, sizeof(path), "%s" DATABASE_FILE, root);
	stage.database = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(stage.database >= 0);
}

static void list_edits(void);

static char *yaml_in_force;

/* The initial state is the group of actors. */
static int
matrix_setup(void **state)
{
	const enum group *group = *state;
	const struct edit of_acme = {EDIT_SET, field_find(&site_table, "client"), "acme"};
	struct bytes policy = {0};
	struct fixture *fixture;
	char *yaml;

	if (fixture_setup(state) != 0)
		return -1;
	fixture = *state;
	stage.fixture = fixture;
	fixture->admin.insist = true;
	list_actors(*group);
	list_edits();
	write_host(fixture->root);
	open_database_file(fixture->root);
	write_policy(&policy);
	yaml = bytes_take_text(&policy);
	assert_good(fixture, apply(fixture, yaml));
	yaml_in_force = yaml;
	assert_good(fixture, client_create(&fixture->admin, "acme", NO_EDITS, &fixture->why));
	assert_good(fixture, client_create(&fixture->admin, "brill", NO_EDITS, &fixture->why));
	assert_good(fixture, client_create(&fixture->admin, "calm", NO_EDITS, &fixture->why));
	assert_good(fixture, site_create(&fixture->admin, "gate", &(struct edits){&of_acme, 1},
	    &fixture->why));
	place_all(fixture);
	active = scene_keep();
	suspended = with_status("suspended");
	revoked = with_status("revoked");
	left = with_status("left");
	play(active, NULL);
	return 0;
}

static int
matrix_teardown(void **state)
{
	scene_free(active);
	scene_free(suspended);
	scene_free(revoked);
	scene_free(left);
	effects_clear(&stage.gives);
	close(stage.database);
	rules_clear(&builtin);
	free(yaml_in_force);
	return fixture_teardown(state);
}

/* ---- what is done to a row ------------------------------------------------------------------ */

/* Values that give something, take somebody somewhere, or are a choice between more than two. */
static const struct special {
	const char *field;
	enum edit_act act;
	const char *value;
} user_specials[] = {
    {"roles", EDIT_ADD, "desk"},
    {"roles", EDIT_ADD, "desk@/sales/x"},
    {"roles", EDIT_ADD, "unheld@client:acme"},
    {"roles", EDIT_ADD, "closer"},
    {"roles", EDIT_ADD, "closer@client:brill"},
    {"roles", EDIT_ADD, "closed"},
    {"roles", EDIT_ADD, "crew@client:acme"},
    {"roles", EDIT_ADD, "lately@client:acme"},
    {"roles", EDIT_ADD, "feeder@client:acme"},
    {"roles", EDIT_ADD, "by.hexa.users.view"},
    {"roles", EDIT_ADD, "by.hexa.users.view@/sales"},
    {"roles", EDIT_ADD, ROLE_SYSTEM_ADMINISTRATOR},
    {"roles", EDIT_REMOVE, "desk@client:acme"},
    {"roles", EDIT_SET, "desk@client:acme"},
    {"roles", EDIT_CLEAR, NULL},
    {"grants", EDIT_ADD, "desk.view"},
    {"grants", EDIT_ADD, "desk.close@2026-11-22"},
    {"grants", EDIT_ADD, "hexa.users.view"},
    {"grants", EDIT_ADD, "desk.*"},
    {"grants", EDIT_ADD, "*"},
    {"grants", EDIT_REMOVE, "desk.close"},
    {"grants", EDIT_CLEAR, NULL},
    {"clients", EDIT_ADD, "brill"},
    {"clients", EDIT_SET, "calm"},
    {"clients", EDIT_CLEAR, NULL},
    {"sites", EDIT_ADD, "gate"},
    {"sites", EDIT_CLEAR, NULL},
    {"unit", EDIT_SET, "/hr"},
    {"unit", EDIT_SET, "/sales/north"},
    {"unit", EDIT_CLEAR, NULL},
    {"access-back", EDIT_SET, "12"},
    {"access-back", EDIT_SET, "400"},
    {"access-back", EDIT_CLEAR, NULL},
    {"valid-from", EDIT_SET, "2026-01-31"},
    {"valid-from", EDIT_SET, "2036-01-31"},
    {"valid-from", EDIT_CLEAR, NULL},
    {"valid-until", EDIT_SET, "2026-01-31"},
    {"valid-until", EDIT_SET, "2036-01-31"},
    {"valid-until", EDIT_CLEAR, NULL},
    {"shell", EDIT_SET, "/bin/dash"},
};

static const struct special role_specials[] = {
    {"permissions", EDIT_ADD, "desk.view"},
    {"permissions", EDIT_ADD, "desk.close"},
    {"permissions", EDIT_ADD, "desk.*"},
    {"permissions", EDIT_ADD, "feeds.push"},
    {"permissions", EDIT_ADD, "hexa.users.view"},
    {"permissions", EDIT_ADD, "*"},
    {"permissions", EDIT_REMOVE, "desk.view"},
    {"permissions", EDIT_CLEAR, NULL},
    {"includes", EDIT_ADD, "desk"},
    {"includes", EDIT_ADD, "closer"},
    {"includes", EDIT_ADD, "crew"},
    {"includes", EDIT_ADD, ROLE_SYSTEM_ADMINISTRATOR},
    {"includes", EDIT_CLEAR, NULL},
    {"access-back", EDIT_SET, "12"},
    {"access-back", EDIT_SET, "400"},
    {"access-back", EDIT_CLEAR, NULL},
    {"group", EDIT_SET, "writers"},
    {"group", EDIT_SET, "no"},
};

enum { EDITS_MAX = 160 };

struct edit_list {
	struct edit edit[EDITS_MAX];
	size_t count;
};

static struct edit_list user_edits, role_edits;

static void
list_edit(struct edit_list *list, enum edit_act act, const struct field *field, const char *value)
{
	assert_in_range(list->count, 0, EDITS_MAX - 1);
	list->edit[list->count++] = (struct edit){act, field, value};
}

/* What any row of this kind takes: a new one is tried so by itself. */
static void
list_by_kind(struct edit_list *list, const struct field *row)
{
	for (size_t i = 0; row->kind == K_CHOICE && row->choices[i] != NULL; i++)
		list_edit(list, EDIT_SET, row, row->choices[i]);
	if (row->kind != K_CHOICE)
		list_edit(list, EDIT_SET, row, row->kind == K_USER ? "chief" : sample(row));
	list_edit(list, EDIT_CLEAR, row, NULL);
}

static void
list_rows(struct edit_list *list, const struct table *table, const struct special *specials,
    size_t count)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct field *row = &table->rows[i];
		bool is_special = false;

		for (size_t j = 0; j < count; j++) {
			if (strcmp(specials[j].field, row->name) != 0)
				continue;
			is_special = true;
			list_edit(list, specials[j].act, row, specials[j].value);
		}
		if (!is_special)
			list_by_kind(list, row);
	}
}

static void
list_edits(void)
{
	user_edits.count = role_edits.count = 0;
	list_rows(&user_edits, &user_table, user_specials, COUNT(user_specials));
	list_rows(&role_edits, &role_table, role_specials, COUNT(role_specials));
}

/* The record as it would be.  A row that is Hexa's own is nobody's to edit. */
static enum fault
alter(const struct edit *edit, void *record, bool is_there)
{
	const unsigned refused = F_KEPT | F_HIDDEN | (is_there ? F_FIXED : 0);
	struct why why;

	if ((edit->field->rights & refused) != 0)
		return FAULT_INVALID;
	switch (edit->act) {
	case EDIT_SET:
		return field_parse(edit->field, record, edit->value, &why);
	case EDIT_CLEAR:
		return field_parse(edit->field, record, "", &why);
	case EDIT_ADD:
		return field_add(edit->field, record, edit->value, &why);
	case EDIT_REMOVE:
		return field_remove(edit->field, record, edit->value, &why);
	}
	return FAULT_INVALID;
}

/* "roles+closer", for who reads what went wrong; until the next call. */
static const char *
edit_text(const struct edit *edit)
{
	static const char *const acts[] = {[EDIT_SET] = "=", [EDIT_CLEAR] = " cleared",
	    [EDIT_ADD] = "+", [EDIT_REMOVE] = "-"};
	static char text[256];

	snprintf(text, sizeof(text), "%s%s%s", edit->field->name, acts[edit->act],
	    edit->value == NULL ? "" : edit->value);
	return text;
}

/* ---- a cell --------------------------------------------------------------------------------- */

static unsigned long allowed_count, refused_count;

#define ONE(fault) (1u << (fault))

static const char *
command_text(const struct command *command)
{
	static char text[64];

	snprintf(text, sizeof(text), "%s%s%s", command->noun, command->verb == NULL ? "" : " ",
	    command->verb == NULL ? "" : command->verb);
	return text;
}

/* What came of it is among `expected`; a refusal wrote nothing; and nobody gained. */
static void
judge(const struct command *command, const char *target, const char *how, unsigned expected,
    enum fault fault)
{
	bool untouched = is_untouched();

	if ((ONE(fault) & expected) == 0)
		tell_red("%s: %s %s %s: fault %d, not of %#x: %s", actor_text(),
		    command_text(command), target, how, (int)fault, expected,
		    fault == FAULT_NONE ? "" : stage.fixture->why.text);
	else if (fault != FAULT_NONE && !untouched)
		tell_red("%s: %s %s %s: refused, and something was written", actor_text(),
		    command_text(command), target, how);
	*(fault == FAULT_NONE ? &allowed_count : &refused_count) += 1;
	if (untouched)
		return;
	snprintf(stage.cell, sizeof(stage.cell), "%s: %s %s %s", actor_text(),
	    command_text(command), target, how);
	assert_nobody_gained();
	play(stage.scene, stage.as);
}

/* ---- targets -------------------------------------------------------------------------------- */

/* Root holds what there is; a command that names no permission is nobody else's. */
static bool
holds(const char *permission, enum whom whom, const void *which)
{
	if (stage.as == NULL)
		return true;
	return permission != NULL && stage.actor != NULL &&
	    oracle_holds(&stage.scene->policy, stage.actor, NOW, permission, whom, which);
}

/* Everybody, one's twin, and oneself, if one is there. */
static const char *
target_name(size_t at)
{
	static char twin[8];

	if (at < COUNT(people))
		return people[at].name;
	if (stage.as == NULL)
		return NULL;
	snprintf(twin, sizeof(twin), "b%s", stage.as + 1);
	if (at == COUNT(people))
		return twin;
	return at == COUNT(people) + 1 && stage.actor != NULL ? stage.as : NULL;
}

typedef enum fault user_operation(const char *name, const void *with);

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

static struct user *
copy_of(const struct user *user, struct user *copy)
{
	assert_int_equal(record_copy(&user_table, copy, user, why()), FAULT_NONE);
	return copy;
}

/* Whom there is not: who may do it at all is told so. */
static void
try_nobody(const struct command *command, user_operation *operation, const void *with)
{
	static const char *const nobody[] = {GONE, STRANGER};

	for (size_t i = 0; i < COUNT(nobody); i++)
		judge(command, nobody[i], "", ONE(holds(command->permission, WHOM_ANY, NULL)
		        ? FAULT_UNKNOWN : FAULT_DENIED), operation(nobody[i], with));
}

#endif
