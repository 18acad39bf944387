/*
 * publish_test.c - what stands in the database stands in the directory, after every commit and
 * after every accident.
 */
#include <fcntl.h>
#include <grp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "directory/directory.h"
#include "store/internal.h"
#include "store/paths.h"
#include "store/publish.h"
#include "store/published.h"

static const struct actor root_actor = {.uid = 0, .name = "root", .login_uid = UINT32_MAX};
static int64_t now = 1800000000;

struct place {
	char root[64];
	struct store *store;
	char *file;               /* the directory's path */
	char *alias_file;
	struct directory *directory; /* opened once and kept, as a long-running program does */
	struct directory *aliases;
};

static int
setup(void **state)
{
	struct place *place = calloc(1, sizeof(*place));
	char *group, *folder;
	FILE *file;

	strcpy(place->root, "/tmp/hexa-publish.XXXXXX");
	assert_non_null(mkdtemp(place->root));
	folder = path_under(place->root, "/etc");
	group = path_under(place->root, "/etc/group");
	mkdir(folder, 0755);
	file = fopen(group, "w");
	fputs("root:x:0:\nadm:x:4:\nlogs:x:990:\n", file);
	fclose(file);
	free(folder);
	free(group);
	assert_int_equal(store_create(place->root, NULL, &root_actor, now, NULL), FAULT_NONE);
	assert_int_equal(store_open(place->root, 0, &place->store, NULL), FAULT_NONE);
	place->file = path_under(place->root, DIRECTORY_FILE);
	place->alias_file = path_under(place->root, ALIASES_FILE);
	place->directory = calloc(1, sizeof(*place->directory));
	place->directory->path = place->file;
	place->aliases = calloc(1, sizeof(*place->aliases));
	place->aliases->path = place->alias_file;
	*state = place;
	return 0;
}

static int
teardown(void **state)
{
	struct place *place = *state;
	char command[128];

	store_close(place->store);
	directory_close(place->directory);
	directory_close(place->aliases);
	free(place->directory);
	free(place->aliases);
	free(place->file);
	free(place->alias_file);
	snprintf(command, sizeof(command), "rm -rf '%s'", place->root);
	assert_int_equal(system(command), 0);
	free(place);
	return 0;
}

/* ---- shorthand ---------------------------------------------------------------------------- */

static struct txn *
begin(struct place *place)
{
	struct txn *txn = NULL;

	assert_int_equal(store_write_begin(place->store, &root_actor, "test", now, &txn, NULL),
	    FAULT_NONE);
	return txn;
}

static void
commit(struct txn *txn)
{
	struct why why = {0};

	if (store_commit(txn, NULL, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
}

static void
set(struct user *user, const char *field, const char *value)
{
	assert_int_equal(field_parse(field_find(&user_table, field), user, value, NULL), FAULT_NONE);
}

static struct user
person(const char *name)
{
	struct user user = {.status = STATUS_ACTIVE};

	set(&user, "name", name);
	set(&user, "first-name", "Anna");
	set(&user, "last-name", "Berg");
	set(&user, "home", "/home/anna");
	set(&user, "shell", "/bin/bash");
	set(&user, "roles", ROLE_SYSTEM_ADMINISTRATOR);
	return user;
}

static void
save(struct place *place, struct user *user)
{
	struct txn *txn = begin(place);
	struct why why = {0};

	store_insist(txn);
	if (user_put(txn, user, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	commit(txn);
}

static void
save_role(struct place *place, struct role *role)
{
	struct txn *txn = begin(place);

	assert_int_equal(role_put(txn, role, NULL), FAULT_NONE);
	commit(txn);
}

static struct role
role_named(const char *name, const char *permission)
{
	struct role role = {.name = strdup(name)};

	assert_true(names_add(&role.permissions, permission));
	assert_true(names_add(&role.closure, permission));
	return role;
}

/* The uid that a name leads to; 0 when the directory is well and does not know it. */
static uint32_t
uid_of(struct place *place, const char *name)
{
	char buffer[1024];
	struct passwd entry;
	enum lookup lookup =
	    directory_user_by_name(place->directory, name, &entry, buffer, sizeof(buffer));

	if (lookup == LOOKUP_NONE)
		return 0;
	assert_int_equal(lookup, LOOKUP_FOUND);
	assert_string_equal(entry.pw_name, name);
	return entry.pw_uid;
}

static uint32_t
uid_of_alias(struct place *place, const char *alias)
{
	char buffer[1024];
	struct passwd entry;
	enum lookup lookup = directory_user_by_alias(place->aliases, place->directory, alias, &entry,
	    buffer, sizeof(buffer));

	if (lookup == LOOKUP_NONE)
		return 0;
	assert_int_equal(lookup, LOOKUP_FOUND);
	return entry.pw_uid;
}

/* The members of a group as one text; NULL: no such group. */
static const char *
members_of(struct place *place, const char *name)
{
	static char text[4096];
	static char buffer[65536];
	struct group entry;
	enum lookup lookup =
	    directory_group_by_name(place->directory, name, &entry, buffer, sizeof(buffer));

	if (lookup == LOOKUP_NONE)
		return NULL;
	assert_int_equal(lookup, LOOKUP_FOUND);
	text[0] = '\0';
	for (char **member = entry.gr_mem; *member != NULL; member++) {
		strcat(text, text[0] == '\0' ? "" : " ");
		strcat(text, *member);
	}
	return text;
}

struct collected {
	gid_t gid[64];
	size_t count;
};

static bool
collect(void *context, gid_t gid)
{
	struct collected *gids = context;

	gids->gid[gids->count++] = gid;
	return gids->count < 64;
}

static bool
in_group(struct place *place, const char *name, gid_t gid)
{
	struct collected gids = {.count = 0};
	gid_t primary;

	assert_int_equal(directory_groups_of(place->directory, name, &primary, collect, &gids),
	    LOOKUP_FOUND);
	for (size_t i = 0; i < gids.count; i++)
		if (gids.gid[i] == gid)
			return true;
	return false;
}

/* ---- tests -------------------------------------------------------------------------------- */

static void
a_user_is_published_as_written(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna");
	char buffer[1024];
	struct passwd entry;
	struct stat status;

	set(&anna, "email", "Anna@example.org");
	set(&anna, "phone", "+31612345678");
	assert_int_equal(uid_of(place, "anna"), 0);
	save(place, &anna);
	assert_int_equal(directory_user_by_uid(place->directory, anna.uid, &entry, buffer,
	    sizeof(buffer)), LOOKUP_FOUND);
	assert_string_equal(entry.pw_name, "anna");
	assert_string_equal(entry.pw_passwd, "*");
	assert_string_equal(entry.pw_gecos, "Anna Berg");
	assert_string_equal(entry.pw_dir, "/home/anna");
	assert_string_equal(entry.pw_shell, "/bin/bash");
	assert_int_equal(entry.pw_gid, anna.uid);
	assert_int_equal(uid_of_alias(place, "anna@EXAMPLE.org"), anna.uid);
	assert_int_equal(uid_of_alias(place, "+31612345678"), anna.uid);
	assert_int_equal(stat(place->file, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0644);
	assert_int_equal(stat(place->alias_file, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	user_clear(&anna);
}

static void
what_changes_changes_there(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna"), bob = person("bob");
	uint32_t uid;

	set(&anna, "email", "a@example.org");
	save(place, &anna);
	save(place, &bob);
	uid = anna.uid;
	set(&anna, "name", "anneke");
	set(&anna, "email", "b@example.org");
	save(place, &anna);
	assert_int_equal(uid_of(place, "anna"), 0);
	assert_int_equal(uid_of(place, "anneke"), uid);
	assert_int_equal(uid_of_alias(place, "a@example.org"), 0);
	assert_int_equal(uid_of_alias(place, "b@example.org"), uid);
	/* bob takes the name: anna's old one must not take his away. */
	set(&bob, "name", "anna");
	save(place, &bob);
	assert_int_equal(uid_of(place, "anna"), bob.uid);
	user_clear(&anna);
	user_clear(&bob);
}

/* Two renames in one transaction, so that both are published at once. */
static void
names_swapped_at_once(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna"), bob = person("bob");
	struct txn *txn;

	save(place, &anna);
	save(place, &bob);
	txn = begin(place);
	store_insist(txn);
	set(&anna, "name", "anneke");
	assert_int_equal(user_put(txn, &anna, NULL), FAULT_NONE);
	set(&bob, "name", "anna");
	assert_int_equal(user_put(txn, &bob, NULL), FAULT_NONE);
	set(&anna, "name", "bob");
	assert_int_equal(user_put(txn, &anna, NULL), FAULT_NONE);
	commit(txn);
	assert_int_equal(uid_of(place, "anna"), bob.uid);
	assert_int_equal(uid_of(place, "bob"), anna.uid);
	assert_int_equal(uid_of(place, "anneke"), 0);
	user_clear(&anna);
	user_clear(&bob);
}

static void
a_deleted_user_is_gone(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna");
	char buffer[1024];
	struct passwd entry;
	struct txn *txn;

	set(&anna, "phone", "+31612345678");
	save(place, &anna);
	txn = begin(place);
	assert_int_equal(user_delete(txn, &anna, NULL), FAULT_NONE);
	commit(txn);
	assert_int_equal(uid_of(place, "anna"), 0);
	assert_int_equal(uid_of_alias(place, "+31612345678"), 0);
	assert_int_equal(directory_user_by_uid(place->directory, anna.uid, &entry, buffer,
	    sizeof(buffer)), LOOKUP_NONE);
	user_clear(&anna);
}

static void
role_groups_have_their_holders(void **state)
{
	struct place *place = *state;
	struct role role = role_named("technician", "hexa.users.view");
	struct user anna = person("anna"), bob = person("bob");

	save_role(place, &role);
	assert_string_equal(members_of(place, "technician"), "");
	set(&anna, "roles", "technician");
	save(place, &anna);
	set(&bob, "roles", "technician");
	save(place, &bob);
	assert_string_equal(members_of(place, "technician"), "anna bob");
	assert_true(in_group(place, "anna", role.gid));
	set(&anna, "name", "zoe");
	save(place, &anna);
	assert_string_equal(members_of(place, "technician"), "bob zoe");
	set(&bob, "roles", "");
	save(place, &bob);
	assert_string_equal(members_of(place, "technician"), "zoe");
	assert_false(in_group(place, "bob", role.gid));
	free(role.group);
	role.group = strdup("techs");
	save_role(place, &role);
	assert_null(members_of(place, "technician"));
	assert_string_equal(members_of(place, "techs"), "zoe");
	role.disabled = true;
	save_role(place, &role);
	assert_string_equal(members_of(place, "techs"), "");
	assert_false(in_group(place, "zoe", role.gid));
	role.disabled = false;
	free(role.group);
	role.group = strdup(ROLE_NO_GROUP);
	save_role(place, &role);
	assert_null(members_of(place, "techs"));
	role_clear(&role);
	user_clear(&anna);
	user_clear(&bob);
}

/* Compiles every role anew and writes those that come to something else, as an apply does. */
static void
compile(struct txn *txn)
{
	const struct field *groups = field_find(&role_table, "groups-of");
	struct roles roles = {0}, old = {0};
	struct rules rules = {0};

	assert_int_equal(rules_load(txn, &rules, NULL), FAULT_NONE);
	assert_int_equal(roles_load(txn, &roles, NULL), FAULT_NONE);
	assert_int_equal(roles_load(txn, &old, NULL), FAULT_NONE);
	assert_int_equal(roles_compile(&roles, &rules, NULL, NULL), FAULT_NONE);
	for (size_t i = 0; i < roles.count; i++)
		if (!field_same(groups, &roles.role[i], &old.role[i]))
			assert_int_equal(role_put(txn, &roles.role[i], NULL), FAULT_NONE);
	rules_clear(&rules);
	roles_clear(&roles);
	roles_clear(&old);
}

/* Makes, or makes anew, a permission with a Unix group, for these types or (NULL) as is usual. */
static void
put_permission_for(struct place *place, const char *name, const char *group, const char *types)
{
	struct permission permission = {.name = strdup(name)};
	struct rules old = {0}, rules = {0};
	struct txn *txn = begin(place);

	assert_true(names_add(&permission.unix_groups, group));
	if (types != NULL)
		assert_int_equal(field_parse(field_find(&permission_table, "types"), &permission,
		    types, NULL), FAULT_NONE);
	assert_int_equal(rules_load(txn, &old, NULL), FAULT_NONE);
	for (size_t i = 0; i < old.count; i++)
		if (strcmp(old.permission[i].name, name) != 0)
			assert_int_equal(rules_add(&rules, &old.permission[i], NULL), FAULT_NONE);
		else
			permission_clear(&old.permission[i]);
	free(old.permission);
	old.permission = NULL;
	old.count = 0;
	rules.settings = old.settings;
	old.settings = (struct settings){0};
	assert_int_equal(rules_add(&rules, &permission, NULL), FAULT_NONE);
	assert_int_equal(rules_save(txn, &rules, NULL), FAULT_NONE);
	compile(txn);
	commit(txn);
	rules_clear(&old);
	rules_clear(&rules);
}

static void
put_permission(struct place *place, const char *name, const char *group)
{
	put_permission_for(place, name, group, NULL);
}

static void
state_group_members(struct place *place, uint32_t members)
{
	struct rules rules = {0};
	struct txn *txn = begin(place);

	assert_int_equal(rules_load(txn, &rules, NULL), FAULT_NONE);
	rules.settings.group_members = members;
	assert_int_equal(rules_save(txn, &rules, NULL), FAULT_NONE);
	commit(txn);
	rules_clear(&rules);
}

static void
state_logins(struct place *place, bool email, bool phone)
{
	struct rules rules = {0};
	struct txn *txn = begin(place);

	assert_int_equal(rules_load(txn, &rules, NULL), FAULT_NONE);
	rules.settings.login_email = email;
	rules.settings.login_phone = phone;
	assert_int_equal(rules_save(txn, &rules, NULL), FAULT_NONE);
	commit(txn);
	rules_clear(&rules);
}

/* An alias by which nobody may log in is nobody's: su would look it up by itself. */
static void
aliases_stand_as_the_policy_says(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna"), bob = person("bob");

	set(&anna, "email", "anna@example.org");
	set(&anna, "phone", "+46701234567");
	save(place, &anna);
	assert_int_equal(uid_of_alias(place, "anna@example.org"), anna.uid);
	assert_int_equal(uid_of_alias(place, "+46701234567"), anna.uid);
	state_logins(place, false, true);
	assert_int_equal(uid_of_alias(place, "anna@example.org"), 0);
	assert_int_equal(uid_of_alias(place, "+46701234567"), anna.uid);
	set(&bob, "email", "bob@example.org");
	save(place, &bob);
	assert_int_equal(uid_of_alias(place, "bob@example.org"), 0);
	state_logins(place, true, false);
	assert_int_equal(uid_of_alias(place, "anna@example.org"), anna.uid);
	assert_int_equal(uid_of_alias(place, "bob@example.org"), bob.uid);
	assert_int_equal(uid_of_alias(place, "+46701234567"), 0);
	assert_int_equal(publish_rebuild(place->store, now, NULL), FAULT_NONE);
	assert_int_equal(uid_of_alias(place, "anna@example.org"), anna.uid);
	assert_int_equal(uid_of_alias(place, "+46701234567"), 0);
	state_logins(place, true, true);
	assert_int_equal(uid_of_alias(place, "+46701234567"), anna.uid);
	user_clear(&anna);
	user_clear(&bob);
}

/* A role with this permission, compiled; the record is released here. */
static uint32_t
add_role(struct place *place, const char *name, const char *permission)
{
	struct role role = role_named(name, permission);
	struct txn *txn = begin(place);
	uint32_t gid;

	names_clear(&role.closure);
	assert_int_equal(role_put(txn, &role, NULL), FAULT_NONE);
	compile(txn);
	commit(txn);
	gid = role.gid;
	role_clear(&role);
	return gid;
}

static void
read_role(struct place *place, const char *name, struct role *role)
{
	struct txn *txn = NULL;

	assert_int_equal(store_read_begin(place->store, &txn, NULL), FAULT_NONE);
	assert_int_equal(role_get(txn, name, role, NULL), FAULT_NONE);
	store_end(txn);
}

static void
unix_groups_are_resolved_and_followed(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna");
	char *group = path_under(place->root, "/etc/group");
	struct timespec times[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
	FILE *file;

	put_permission(place, "logs.read", "logs");
	add_role(place, "reader", "logs.read");
	set(&anna, "roles", "reader");
	save(place, &anna);
	assert_true(in_group(place, "anna", 990));
	put_permission(place, "logs.read", "adm");
	assert_true(in_group(place, "anna", 4));
	assert_false(in_group(place, "anna", 990));
	/* root's group is never anybody's, whatever a policy says. */
	put_permission(place, "logs.read", "root");
	assert_false(in_group(place, "anna", 0));
	assert_false(in_group(place, "anna", 4));
	put_permission(place, "logs.read", "logs");
	assert_false(publish_is_overdue(place->store, now));
	file = fopen(group, "w");
	fputs("root:x:0:\nlogs:x:991:\n", file);
	fclose(file);
	assert_int_equal(utimensat(AT_FDCWD, group, times, 0), 0);
	assert_true(publish_is_overdue(place->store, now));
	assert_int_equal(publish(place->store, now, NULL), FAULT_NONE);
	assert_false(publish_is_overdue(place->store, now));
	assert_true(in_group(place, "anna", 991));
	assert_false(in_group(place, "anna", 990));
	free(group);
	user_clear(&anna);
}

enum { MEMBERS = 1000 }; /* how many have a list where the policy says nothing */

static void
large_groups_lose_their_list_and_get_it_back(void **state)
{
	struct place *place = *state;
	struct role role = role_named("crowd", "hexa.users.view");
	struct user user = {0};
	struct txn *txn;
	static char buffer[65536];
	struct group entry;
	char name[16];

	save_role(place, &role);
	txn = begin(place);
	for (int i = 0; i < MEMBERS + 1; i++) {
		user = person("x");
		snprintf(name, sizeof(name), "u%04d", i);
		set(&user, "name", name);
		set(&user, "roles", "crowd");
		assert_int_equal(user_put(txn, &user, NULL), FAULT_NONE);
		if (i < MEMBERS)
			user_clear(&user);
	}
	commit(txn);
	assert_int_equal(directory_group_by_name(place->directory, "crowd", &entry, buffer,
	    sizeof(buffer)), LOOKUP_FOUND);
	assert_null(entry.gr_mem[0]);
	assert_true(in_group(place, name, role.gid));
	set(&user, "roles", "");
	save(place, &user);
	assert_int_equal(directory_group_by_name(place->directory, "crowd", &entry, buffer,
	    sizeof(buffer)), LOOKUP_FOUND);
	assert_non_null(entry.gr_mem[0]);
	assert_string_equal(entry.gr_mem[MEMBERS - 1], "u0999");
	user_clear(&user);
	role_clear(&role);
}

/* ---- what a policy's types, scopes and grants do to it ------------------------------------ */

static void
host_groups_follow_the_type(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna");

	put_permission_for(place, "logs.read", "logs", "integration");
	put_permission_for(place, "logs.see", "adm", NULL);
	add_role(place, "reader", "logs.*");
	set(&anna, "roles", "reader");
	save(place, &anna);
	assert_false(in_group(place, "anna", 990));
	assert_true(in_group(place, "anna", 4));
	set(&anna, "type", "integration");
	save(place, &anna);
	assert_true(in_group(place, "anna", 990));
	assert_false(in_group(place, "anna", 4));
	user_clear(&anna);
}

/* A role that comes to carry them, by itself or through another, gives its holders groups. */
static void
what_a_role_comes_to_carry_is_given(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna");
	struct role inner = role_named("inner", "hexa.users.view");
	struct txn *txn;

	put_permission(place, "logs.read", "logs");
	save_role(place, &inner);
	add_role(place, "outer", "hexa.users.view");
	set(&anna, "roles", "outer");
	save(place, &anna);
	for (int step = 0; step < 3; step++) {
		struct role outer = {0};

		txn = begin(place);
		assert_int_equal(role_get(txn, "outer", &outer, NULL), FAULT_NONE);
		assert_int_equal(role_get(txn, "inner", &inner, NULL), FAULT_NONE);
		if (step == 0)
			assert_true(names_add(&outer.includes, "inner"));
		else if (step == 1)
			assert_true(names_add(&inner.permissions, "logs.read"));
		else
			names_clear(&outer.includes);
		assert_int_equal(role_put(txn, &outer, NULL), FAULT_NONE);
		assert_int_equal(role_put(txn, &inner, NULL), FAULT_NONE);
		compile(txn);
		commit(txn);
		assert_int_equal(in_group(place, "anna", 990), step == 1);
		role_clear(&outer);
	}
	role_clear(&inner);
	user_clear(&anna);
}

static void
set_host_client(struct place *place, const char *client)
{
	struct host host = {.client = client == NULL ? NULL : strdup(client)};
	struct txn *txn = begin(place);

	assert_int_equal(host_put(txn, &host, NULL), FAULT_NONE);
	commit(txn);
	host_clear(&host);
}

static void
add_client(struct place *place, const char *name)
{
	struct client client = {.name = strdup(name)};
	struct txn *txn = begin(place);

	assert_int_equal(client_put(txn, &client, NULL), FAULT_NONE);
	commit(txn);
	client_clear(&client);
}

/* A role for one client gives no groups on another's host; for a unit it gives them anywhere. */
static void
groups_follow_the_scope_and_the_hosts_client(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna"), bob = person("bob");
	uint32_t gid;

	add_client(place, "acme");
	add_client(place, "beta");
	put_permission(place, "logs.read", "logs");
	gid = add_role(place, "reader", "logs.read");
	set(&anna, "roles", "reader@client:acme");
	save(place, &anna);
	set(&bob, "roles", "reader@/sales");
	save(place, &bob);
	assert_true(in_group(place, "anna", gid));
	assert_true(in_group(place, "anna", 990));
	assert_string_equal(members_of(place, "reader"), "anna bob");
	set_host_client(place, "beta");
	assert_false(in_group(place, "anna", gid));
	assert_false(in_group(place, "anna", 990));
	assert_true(in_group(place, "bob", gid));
	assert_true(in_group(place, "bob", 990));
	assert_string_equal(members_of(place, "reader"), "bob");
	set_host_client(place, "acme");
	assert_true(in_group(place, "anna", gid));
	assert_true(in_group(place, "anna", 990));
	set_host_client(place, "beta");
	set(&anna, "roles", "reader@client:acme reader@client:beta");
	save(place, &anna);
	assert_true(in_group(place, "anna", gid));
	set(&anna, "roles", "reader@client:acme");
	save(place, &anna);
	assert_false(in_group(place, "anna", gid));
	set_host_client(place, NULL);
	assert_true(in_group(place, "anna", gid));
	user_clear(&anna);
	user_clear(&bob);
}

/* The limit is the policy's; 0: no group has a list, and everybody is in theirs all the same. */
static void
the_policy_says_how_large_a_list_may_be(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna"), bob = person("bob");
	uint32_t gid = add_role(place, "crowd", "hexa.users.view");

	set(&anna, "roles", "crowd");
	save(place, &anna);
	set(&bob, "roles", "crowd@/sales crowd@/north");
	save(place, &bob);
	assert_string_equal(members_of(place, "crowd"), "anna bob");
	state_group_members(place, 1);
	assert_string_equal(members_of(place, "crowd"), "");
	assert_true(in_group(place, "bob", gid));
	set(&bob, "roles", "");
	save(place, &bob);
	assert_string_equal(members_of(place, "crowd"), "anna");
	state_group_members(place, 0);
	assert_string_equal(members_of(place, "crowd"), "");
	state_group_members(place, 2);
	assert_string_equal(members_of(place, "crowd"), "anna");
	user_clear(&anna);
	user_clear(&bob);
}

static void
a_grant_gives_its_groups(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna");
	struct role role = {0};

	put_permission(place, "logs.read", "logs");
	put_permission_for(place, "logs.write", "adm", "system");
	add_role(place, "plain", "hexa.users.view");
	read_role(place, "plain", &role);
	set(&anna, "roles", "plain");
	set(&anna, "grants", "logs.*");
	save(place, &anna);
	assert_true(in_group(place, "anna", 990));
	assert_false(in_group(place, "anna", 4));
	/* The permission changes under the grant, and comes to work for others. */
	put_permission(place, "logs.read", "adm");
	assert_true(in_group(place, "anna", 4));
	assert_false(in_group(place, "anna", 990));
	put_permission_for(place, "logs.read", "adm", "system");
	assert_false(in_group(place, "anna", 4));
	put_permission(place, "logs.read", "logs");
	assert_true(in_group(place, "anna", 990));
	/* Without a role that is enabled a grant gives nothing. */
	role.disabled = true;
	save_role(place, &role);
	assert_false(in_group(place, "anna", 990));
	role.disabled = false;
	save_role(place, &role);
	assert_true(in_group(place, "anna", 990));
	set(&anna, "roles", "");
	save(place, &anna);
	assert_false(in_group(place, "anna", 990));
	set(&anna, "roles", "plain");
	set(&anna, "grants", "logs.write");
	save(place, &anna);
	assert_false(in_group(place, "anna", 990));
	role_clear(&role);
	user_clear(&anna);
}

static void
assert_current(struct place *place, bool expected)
{
	bool current = !expected;

	assert_int_equal(publish_is_current(place->store, now, &current, NULL), FAULT_NONE);
	assert_int_equal(current, expected);
}

static void
bring_up_to(struct place *place, int64_t when)
{
	now = when;
	assert_current(place, false);
	assert_true(publish_is_overdue(place->store, now));
	assert_int_equal(publish(place->store, now, NULL), FAULT_NONE);
	assert_false(publish_is_overdue(place->store, now));
	assert_current(place, true);
}

/* 2027-03-01T23:59:59Z is the last second of it. */
enum { MARCH_1_ENDS = 1803945599, DAY = 24 * 60 * 60 };

static void
a_groups_end_is_met_by_whoever_comes_next(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna"), bob = person("bob"), carl = person("carl");
	const int64_t began = now;

	put_permission(place, "logs.read", "logs");
	put_permission(place, "desk.use", "adm");
	add_role(place, "plain", "hexa.users.view");
	set(&anna, "roles", "plain");
	set(&anna, "grants", "logs.read@2027-03-01 desk.use@2027-03-03");
	save(place, &anna);
	set(&bob, "roles", "plain");
	set(&bob, "grants", "logs.read@2027-03-02");
	save(place, &bob);
	set(&carl, "roles", "plain");
	set(&carl, "grants", "logs.read hexa.users.edit@2027-03-01");
	save(place, &carl);
	now = MARCH_1_ENDS;
	assert_current(place, true);
	assert_true(in_group(place, "anna", 990));
	bring_up_to(place, MARCH_1_ENDS + 1);
	assert_false(in_group(place, "anna", 990));
	assert_true(in_group(place, "anna", 4));
	assert_true(in_group(place, "bob", 990));
	/* Two at once, of which one was said anew in the meantime. */
	set(&bob, "grants", "logs.read@2027-03-10");
	save(place, &bob);
	now = MARCH_1_ENDS + DAY + 1;
	assert_current(place, true);
	bring_up_to(place, MARCH_1_ENDS + 5 * DAY);
	assert_false(in_group(place, "anna", 4));
	assert_true(in_group(place, "bob", 990));
	bring_up_to(place, MARCH_1_ENDS + 20 * DAY);
	assert_false(in_group(place, "bob", 990));
	assert_true(in_group(place, "carl", 990));
	now = began;
	user_clear(&anna);
	user_clear(&bob);
	user_clear(&carl);
}

/* Whoever is deleted, or has the grant no more, leaves no end behind; a commit meets ends too. */
static void
ends_go_with_what_they_end(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna"), bob = person("bob"), carl = person("carl");
	const int64_t began = now;
	struct txn *txn;

	put_permission(place, "logs.read", "logs");
	add_role(place, "plain", "hexa.users.view");
	set(&anna, "roles", "plain");
	set(&anna, "grants", "logs.read@2027-03-01");
	save(place, &anna);
	txn = begin(place);
	assert_int_equal(user_delete(txn, &anna, NULL), FAULT_NONE);
	commit(txn);
	set(&bob, "roles", "plain");
	set(&bob, "grants", "logs.read@2027-03-01");
	save(place, &bob);
	set(&bob, "grants", "");
	save(place, &bob);
	now = MARCH_1_ENDS + 1;
	assert_current(place, true);
	now = began;
	set(&bob, "grants", "logs.read@2027-03-01");
	save(place, &bob);
	assert_true(in_group(place, "bob", 990));
	now = MARCH_1_ENDS + 1;
	set(&carl, "roles", "plain");
	save(place, &carl);
	assert_false(in_group(place, "bob", 990));
	assert_current(place, true);
	/* A rebuild knows them as well. */
	now = began;
	assert_int_equal(publish_rebuild(place->store, now, NULL), FAULT_NONE);
	assert_true(in_group(place, "bob", 990));
	bring_up_to(place, MARCH_1_ENDS + 1);
	assert_false(in_group(place, "bob", 990));
	now = began;
	user_clear(&anna);
	user_clear(&bob);
	user_clear(&carl);
}

/* ---- the group of those who may act on Hexa ------------------------------------------------ */

static uint32_t
gid_of_admins(struct place *place)
{
	char buffer[4096];
	struct group entry;

	assert_int_equal(directory_group_by_name(place->directory, ADMINS_GROUP, &entry, buffer,
	    sizeof(buffer)), LOOKUP_FOUND);
	return entry.gr_gid;
}

static void
assert_admins(struct place *place, const char *expected)
{
	assert_string_equal(members_of(place, ADMINS_GROUP), expected);
	assert_int_equal(in_group(place, "anna", gid_of_admins(place)),
	    strstr(expected, "anna") != NULL);
}

/* Gives the role these permissions, and compiles. */
static void
set_permissions(struct place *place, const char *name, const char *permissions)
{
	struct role role = {0};
	struct txn *txn;

	read_role(place, name, &role);
	assert_int_equal(field_parse(field_find(&role_table, "permissions"), &role, permissions,
	    NULL), FAULT_NONE);
	txn = begin(place);
	assert_int_equal(role_put(txn, &role, NULL), FAULT_NONE);
	compile(txn);
	commit(txn);
	role_clear(&role);
}

static void
disable(struct place *place, const char *name, bool disabled)
{
	struct role role = {0};

	read_role(place, name, &role);
	role.disabled = disabled;
	save_role(place, &role);
	role_clear(&role);
}

static void
who_may_act_follows_the_role(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna"), bob = person("bob");

	put_permission(place, "logs.read", "logs");
	add_role(place, "clerk", "hexa.users.view");
	add_role(place, "reader", "logs.read");
	set(&anna, "roles", "reader");
	save(place, &anna);
	set(&bob, "roles", "clerk@/sales");
	save(place, &bob);
	assert_admins(place, "bob");
	set(&anna, "roles", "reader clerk");
	save(place, &anna);
	assert_admins(place, "anna bob");
	/* One of several may go; with the last the holders are out. */
	set_permissions(place, "clerk", "hexa.users.view hexa.users.edit");
	set_permissions(place, "clerk", "hexa.users.edit logs.read");
	assert_admins(place, "anna bob");
	set_permissions(place, "clerk", "logs.read");
	assert_admins(place, "");
	set_permissions(place, "clerk", "*");
	assert_admins(place, "anna bob");
	disable(place, "clerk", true);
	assert_admins(place, "");
	disable(place, "clerk", false);
	assert_admins(place, "anna bob");
	set(&bob, "name", "zoe");
	save(place, &bob);
	assert_admins(place, "anna zoe");
	set(&anna, "roles", "reader");
	save(place, &anna);
	assert_admins(place, "zoe");
	user_clear(&anna);
	user_clear(&bob);
}

static void
who_may_act_follows_the_user(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna");
	const int64_t began = now;
	struct txn *txn;

	add_client(place, "acme");
	add_client(place, "beta");
	put_permission(place, "logs.read", "logs");
	add_role(place, "clerk", "hexa.users.view");
	add_role(place, "reader", "logs.read");
	set(&anna, "roles", "clerk@client:acme");
	save(place, &anna);
	assert_admins(place, "anna");
	set(&anna, "type", "integration");
	save(place, &anna);
	assert_admins(place, "");
	set(&anna, "type", "employee");
	save(place, &anna);
	set_host_client(place, "beta");
	assert_admins(place, "");
	set_host_client(place, "acme");
	assert_admins(place, "anna");
	set(&anna, "roles", "reader");
	set(&anna, "grants", "logs.read");
	save(place, &anna);
	assert_admins(place, "");
	set(&anna, "grants", "hexa.users.*@2027-03-01");
	save(place, &anna);
	assert_admins(place, "anna");
	bring_up_to(place, MARCH_1_ENDS + 1);
	assert_admins(place, "");
	now = began;
	/* Without an enabled role a grant is nothing. */
	set(&anna, "grants", "*");
	save(place, &anna);
	assert_admins(place, "anna");
	disable(place, "reader", true);
	assert_admins(place, "");
	disable(place, "reader", false);
	assert_admins(place, "anna");
	txn = begin(place);
	assert_int_equal(user_delete(txn, &anna, NULL), FAULT_NONE);
	commit(txn);
	assert_string_equal(members_of(place, ADMINS_GROUP), "");
	user_clear(&anna);
}

/* Like a role's group it has a list only up to the policy's limit, and who is in it is in it. */
static void
the_admins_group_lists_as_others_do(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna"), bob = person("bob");

	save(place, &anna);
	state_group_members(place, 1);
	assert_admins(place, "anna");
	save(place, &bob);
	assert_string_equal(members_of(place, ADMINS_GROUP), "");
	assert_true(in_group(place, "bob", gid_of_admins(place)));
	assert_int_equal(publish_rebuild(place->store, now, NULL), FAULT_NONE);
	assert_string_equal(members_of(place, ADMINS_GROUP), "");
	set(&bob, "roles", "");
	save(place, &bob);
	assert_admins(place, "anna");
	state_group_members(place, 0);
	assert_string_equal(members_of(place, ADMINS_GROUP), "");
	user_clear(&anna);
	user_clear(&bob);
}

/* Nobody and nothing else is called so; and another database's group is another one. */
static void
the_admins_group_is_hexas_own(void **state)
{
	struct place *place = *state;
	uint32_t gid = gid_of_admins(place);
	struct user anna = person(ADMINS_GROUP);
	struct role role = role_named(ADMINS_GROUP, "hexa.users.view");
	struct why why = {0};
	struct txn *txn = begin(place);
	char buffer[4096], *database = path_under(place->root, DATABASE_FILE);
	struct group entry;

	store_insist(txn);
	assert_int_equal(user_put(txn, &anna, &why), FAULT_CONFLICT);
	assert_string_equal(why.field, "name");
	assert_non_null(strstr(why.text, "Hexa's own group"));
	assert_int_equal(role_put(txn, &role, &why), FAULT_CONFLICT);
	assert_string_equal(why.field, "group");
	store_end(txn);
	store_close(place->store);
	place->store = NULL;
	assert_int_equal(unlink(database), 0);
	assert_int_equal(store_create(place->root, NULL, &root_actor, now, NULL), FAULT_NONE);
	assert_int_equal(store_open(place->root, 0, &place->store, NULL), FAULT_NONE);
	for (int i = 0; i < 300 && gid_of_admins(place) == gid; i++)
		usleep(10000); /* a reader looks at the path once a second */
	assert_int_not_equal(gid_of_admins(place), gid);
	assert_int_equal(directory_group_by_gid(place->directory, gid, &entry, buffer,
	    sizeof(buffer)), LOOKUP_NONE);
	free(database);
	role_clear(&role);
	user_clear(&anna);
}

/* ---- accidents ---------------------------------------------------------------------------- */

/* A commit of the database alone, as when the publisher is killed before it begins. */
static void
save_unpublished(struct place *place, struct user *user)
{
	struct txn *txn = begin(place);

	assert_int_equal(user_put(txn, user, NULL), FAULT_NONE);
	assert_int_equal(journal_write(txn, NULL), FAULT_NONE);
	assert_int_equal(db_commit(txn->db, NULL), FAULT_NONE);
	txn->db = NULL;
	store_end(txn);
}

static void
what_was_missed_is_published_next(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna");

	assert_current(place, true);
	save_unpublished(place, &anna);
	assert_current(place, false);
	assert_int_equal(uid_of(place, "anna"), 0);
	assert_int_equal(publish(place->store, now, NULL), FAULT_NONE);
	assert_current(place, true);
	assert_int_equal(uid_of(place, "anna"), anna.uid);
	user_clear(&anna);
}

/* Waits, as a reader does that looks at the path once a second, until the name is known. */
static void
await_name(struct place *place, const char *name, uint32_t uid)
{
	char buffer[1024];
	struct passwd entry;

	for (int i = 0; i < 300; i++) {
		if (directory_user_by_name(place->directory, name, &entry, buffer, sizeof(buffer)) ==
		    LOOKUP_FOUND && entry.pw_uid == uid)
			return;
		usleep(10000);
	}
	fail_msg("%s did not appear", name);
}

static void
begin_another_history(struct place *place)
{
	struct txn *txn = begin(place);
	struct bytes value = {0};

	crypto_random(place->store->generation, GENERATION_BYTES);
	bytes_put(&value, place->store->generation, GENERATION_BYTES);
	assert_int_equal(table_put(txn->db, T_META, key_text(META_GENERATION), &value, NULL),
	    FAULT_NONE);
	assert_int_equal(db_commit(txn->db, NULL), FAULT_NONE);
	txn->db = NULL;
	store_end(txn);
}

static void
every_accident_is_mended(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna");
	char *mark = path_under(place->root, PRIVATE_FOLDER "/publishing");
	int accidents = 7;

	save(place, &anna);
	for (int accident = 0; accident < accidents; accident++) {
		char name[16];
		int file;

		assert_int_equal(uid_of(place, anna.name), anna.uid);
		switch (accident) {
		case 0:
			unlink(place->file);
			break;
		case 1:
			unlink(place->alias_file);
			break;
		case 2: /* a publisher died at work */
			file = open(mark, O_CREAT | O_WRONLY, 0600);
			close(file);
			break;
		case 3:
			unlink(place->file);
			file = open(place->file, O_CREAT | O_WRONLY, 0644);
			assert_int_equal(write(file, "garbage", 7), 7);
			close(file);
			break;
		case 4:
			unlink(place->file);
			assert_int_equal(symlink("/etc/shadow", place->file), 0);
			break;
		case 5: /* of another history, as after a restore */
			begin_another_history(place);
			break;
		case 6:
			unlink(place->file);
			unlink(place->alias_file);
			break;
		}
		snprintf(name, sizeof(name), "anna%d", accident);
		set(&anna, "name", name);
		save(place, &anna);
		await_name(place, name, anna.uid);
		assert_current(place, true);
		assert_int_not_equal(access(mark, F_OK), 0);
	}
	free(mark);
	user_clear(&anna);
}

static void
a_rebuild_serves_the_same(void **state)
{
	struct place *place = *state;
	struct role role = role_named("technician", "hexa.users.view");
	struct user anna = person("anna"), bob = person("bob");

	save_role(place, &role);
	set(&anna, "roles", "technician");
	set(&anna, "email", "a@example.org");
	save(place, &anna);
	save(place, &bob);
	assert_int_equal(publish_rebuild(place->store, now, NULL), FAULT_NONE);
	assert_int_equal(uid_of(place, "anna"), anna.uid);
	assert_int_equal(uid_of(place, "bob"), bob.uid);
	assert_int_equal(uid_of_alias(place, "a@example.org"), anna.uid);
	assert_string_equal(members_of(place, "technician"), "anna");
	/* And it is gone on with. */
	set(&bob, "name", "robert");
	save(place, &bob);
	assert_int_equal(uid_of(place, "robert"), bob.uid);
	assert_int_equal(uid_of(place, "bob"), 0);
	user_clear(&anna);
	user_clear(&bob);
	role_clear(&role);
}

/* Ends that cannot be read are not passed over: the files are made anew, and have them. */
static void
damaged_ends_are_mended(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna");
	const int64_t began = now;
	struct db *db = NULL;
	struct db_txn *txn;

	put_permission(place, "logs.read", "logs");
	add_role(place, "plain", "hexa.users.view");
	set(&anna, "roles", "plain");
	set(&anna, "grants", "logs.read@2027-03-01");
	save(place, &anna);
	assert_current(place, true);
	assert_int_equal(db_open(place->alias_file, 0, 0600, NULL, 0, &db, NULL), FAULT_NONE);
	assert_int_equal(db_begin(db, true, &txn, NULL), FAULT_NONE);
	assert_int_equal(db_put(txn, 0, (struct span){"X\0", 2}, (struct span){"", 0}, NULL),
	    FAULT_NONE);
	assert_int_equal(db_commit(txn, NULL), FAULT_NONE);
	db_close(db);
	assert_current(place, false);
	assert_int_equal(publish(place->store, now, NULL), FAULT_NONE);
	assert_current(place, true);
	bring_up_to(place, MARCH_1_ENDS + 1);
	await_name(place, "anna", anna.uid);
	assert_false(in_group(place, "anna", 990));
	now = began;
	user_clear(&anna);
}

/* Writes a role's gid, or with NULL that of ADMINS_GROUP, past every check; and publishes all anew. */
static void
plant_gid(struct place *place, const char *name, uint32_t gid)
{
	struct role role = {0};
	struct bytes value = {0};
	struct txn *txn = begin(place);

	if (name == NULL) {
		assert_int_equal(meta_id_put(txn, META_ADMINS_GID, gid, NULL), FAULT_NONE);
	} else {
		assert_int_equal(role_get(txn, name, &role, NULL), FAULT_NONE);
		role.gid = gid;
		record_encode(&role_table, &role, &value);
		assert_int_equal(table_put(txn->db, T_ROLES, key_text(name), &value, NULL),
		    FAULT_NONE);
	}
	assert_int_equal(db_commit(txn->db, NULL), FAULT_NONE);
	txn->db = NULL;
	store_end(txn);
	role_clear(&role);
	assert_int_equal(publish_rebuild(place->store, now, NULL), FAULT_NONE);
}

/* The host's own are given by unix-groups alone, whatever gid a role came to have. */
static void
no_role_is_a_group_of_the_systems(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna");

	put_permission(place, "logs.read", "logs");
	add_role(place, "reader", "logs.read");
	set(&anna, "roles", "reader system-administrator");
	save(place, &anna);
	plant_gid(place, "reader", 4);
	assert_false(in_group(place, "anna", 4));
	assert_true(in_group(place, "anna", 990));
	assert_null(members_of(place, "reader"));
	plant_gid(place, "reader", 70001);
	assert_true(in_group(place, "anna", 70001));
	assert_string_equal(members_of(place, "reader"), "anna");
	assert_string_equal(members_of(place, ADMINS_GROUP), "anna");
	plant_gid(place, NULL, 4);
	assert_false(in_group(place, "anna", 4));
	assert_null(members_of(place, ADMINS_GROUP));
	plant_gid(place, NULL, 70002);
	assert_true(in_group(place, "anna", 70002));
	user_clear(&anna);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(aliases_stand_as_the_policy_says),
	    TEST(a_user_is_published_as_written),
	    TEST(what_changes_changes_there),
	    TEST(names_swapped_at_once),
	    TEST(a_deleted_user_is_gone),
	    TEST(role_groups_have_their_holders),
	    TEST(unix_groups_are_resolved_and_followed),
	    TEST(large_groups_lose_their_list_and_get_it_back),
	    TEST(host_groups_follow_the_type),
	    TEST(what_a_role_comes_to_carry_is_given),
	    TEST(groups_follow_the_scope_and_the_hosts_client),
	    TEST(the_policy_says_how_large_a_list_may_be),
	    TEST(a_grant_gives_its_groups),
	    TEST(a_groups_end_is_met_by_whoever_comes_next),
	    TEST(ends_go_with_what_they_end),
	    TEST(who_may_act_follows_the_role),
	    TEST(who_may_act_follows_the_user),
	    TEST(the_admins_group_lists_as_others_do),
	    TEST(the_admins_group_is_hexas_own),
	    TEST(no_role_is_a_group_of_the_systems),
	    TEST(what_was_missed_is_published_next),
	    TEST(every_accident_is_mended),
	    TEST(damaged_ends_are_mended),
	    TEST(a_rebuild_serves_the_same),
	};

	if (geteuid() != 0) {
		puts("1..0 # SKIP needs root: the database must belong to root");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
