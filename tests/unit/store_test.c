/*
 * store_test.c - the database through its one seam: users, roles, names, ids, the journal, and what
 * it does with files that are not as they should be.  Each test has a folder of its own as root.
 */
#include "tests/unit/store_fixture.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "directory/image.h"

/* ---- users -------------------------------------------------------------------------------- */

static void
a_user_is_found_by_everything(void **state)
{
	struct place *place = *state;
	struct user user = person("anna"), read = {0};
	char by_uid[32];
	struct txn *txn;
	const char *who[] = {"anna", "Anna.Berg@Example.org", "anna.berg@EXAMPLE.ORG", "+31612345678",
	    by_uid};
	const char *nobody[] = {"ann", "ANNA", "", "uid:1", "uid:", "uid:x", "anna@", "+316123456789",
	    "berg@example.org", "technician", "uid:99999999999"};

	set(&user, "email", "Anna.Berg@example.org");
	set(&user, "phone", "+31612345678");
	snprintf(by_uid, sizeof(by_uid), "uid:%u", add(place, &user));
	txn = look(place);
	for (size_t i = 0; i < sizeof(who) / sizeof(who[0]); i++) {
		assert_int_equal(user_find(txn, who[i], &read, NULL), FAULT_NONE);
		assert_string_equal(read.name, "anna");
		assert_string_equal(read.email, "Anna.Berg@example.org");
		assert_int_equal(read.gid, read.uid);
		assert_int_equal(read.created, NOW);
		assert_int_equal(read.version, 1);
	}
	for (size_t i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++)
		assert_int_equal(user_find(txn, nobody[i], &read, NULL), FAULT_UNKNOWN);
	store_end(txn);
	user_clear(&user);
	user_clear(&read);
}

static void
names_emails_and_phones_are_unique(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna"), bob = person("bob");
	struct why why;
	struct txn *txn;

	set(&anna, "email", "a@example.org");
	set(&anna, "phone", "+31612345678");
	add(place, &anna);
	txn = begin(place);
	set(&bob, "name", "anna");
	assert_int_equal(user_put(txn, &bob, &why), FAULT_CONFLICT);
	assert_string_equal(why.field, "name");
	assert_int_equal(bob.uid, 0);
	store_end(txn);
	txn = begin(place);
	set(&bob, "name", "bob");
	set(&bob, "email", "A@example.org");
	assert_int_equal(user_put(txn, &bob, &why), FAULT_CONFLICT);
	assert_string_equal(why.field, "email");
	store_end(txn);
	txn = begin(place);
	set(&bob, "email", "b@example.org");
	set(&bob, "phone", "+31612345678");
	assert_int_equal(user_put(txn, &bob, &why), FAULT_CONFLICT);
	assert_string_equal(why.field, "phone");
	store_end(txn);
	set(&bob, "phone", "+31612345679");
	add(place, &bob);
	user_clear(&anna);
	user_clear(&bob);
}

static void
an_unknown_role_is_refused(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna");
	struct txn *txn = begin(place);
	struct why why;

	set(&anna, "roles", "no-such-role");
	assert_int_equal(user_put(txn, &anna, &why), FAULT_UNKNOWN);
	store_end(txn);
	set(&anna, "roles", ROLE_SYSTEM_ADMINISTRATOR);
	add(place, &anna);
	user_clear(&anna);
}

static void
a_stale_version_is_a_conflict(void **state)
{
	struct place *place = *state;
	struct user mine = {0}, theirs = {0};
	struct txn *txn;
	struct why why;

	add_person(place, "anna");
	txn = look(place);
	assert_int_equal(user_find_name(txn, "anna", &mine, NULL), FAULT_NONE);
	assert_int_equal(user_find_name(txn, "anna", &theirs, NULL), FAULT_NONE);
	store_end(txn);
	set(&theirs, "note", "theirs");
	add(place, &theirs);
	assert_int_equal(theirs.version, 2);
	set(&mine, "note", "mine");
	txn = begin(place);
	assert_int_equal(user_put(txn, &mine, &why), FAULT_CONFLICT);
	assert_int_equal(mine.version, 1);
	assert_int_equal(user_delete(txn, &mine, &why), FAULT_CONFLICT);
	store_end(txn);
	txn = begin(place);
	assert_int_equal(user_delete(txn, &theirs, &why), FAULT_NONE);
	commit(txn);
	txn = begin(place);
	assert_int_equal(user_put(txn, &theirs, &why), FAULT_CONFLICT);
	store_end(txn);
	user_clear(&mine);
	user_clear(&theirs);
}

static void
a_deleted_uid_stays_taken_and_the_name_waits(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna"), again = person("anna");
	uint32_t first = add(place, &anna);
	struct txn *txn = begin(place);
	struct why why = {0};
	bool given;

	assert_int_equal(user_delete(txn, &anna, &why), FAULT_NONE);
	commit(txn);
	txn = begin(place);
	assert_int_equal(user_put(txn, &again, &why), FAULT_CONFLICT);
	assert_string_equal(why.field, "name");
	assert_non_null(strstr(why.text, "--yes"));
	store_end(txn);
	txn = begin(place);
	store_insist(txn);
	assert_int_equal(user_put(txn, &again, &why), FAULT_NONE);
	assert_int_not_equal(again.uid, first);
	assert_int_equal(id_was_given(txn, first, &given, NULL), FAULT_NONE);
	assert_true(given);
	assert_int_equal(id_was_given(txn, first + 1000, &given, NULL), FAULT_NONE);
	assert_false(given);
	store_end(txn);
	/* An hour later it is anybody's. */
	assert_int_equal(store_write_begin(place->store, &root_actor, "test", NOW + NAME_KEPT_BACK, &txn,
	    NULL), FAULT_NONE);
	again.uid = 0;
	assert_int_equal(user_put(txn, &again, &why), FAULT_NONE);
	commit(txn);
	user_clear(&anna);
	user_clear(&again);
}

static enum fault
every_second_is_taken(void *context, uint32_t id, bool *taken, struct why *why)
{
	(void)context;
	(void)why;
	*taken = id % 2 == 0;
	return FAULT_NONE;
}

static enum fault
cannot_tell(void *context, uint32_t id, bool *taken, struct why *why)
{
	(void)context;
	(void)id;
	(void)taken;
	return why_set(why, FAULT_UNAVAILABLE, "cannot tell");
}

static void
ids_of_others_are_left_alone(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna");
	struct txn *txn;

	store_ask_ids(place->store, &(struct id_source){every_second_is_taken, NULL});
	assert_int_equal(add_person(place, "bob") % 2, 1);
	assert_int_equal(add_person(place, "carl") % 2, 1);
	store_ask_ids(place->store, &(struct id_source){cannot_tell, NULL});
	txn = begin(place);
	assert_int_equal(user_put(txn, &anna, NULL), FAULT_UNAVAILABLE);
	store_end(txn);
	user_clear(&anna);
}

static void
uids_are_served_and_in_range(void **state)
{
	struct place *place = *state;
	uint32_t last = 0;

	for (int i = 0; i < 50; i++) {
		char name[16];
		uint32_t uid;

		snprintf(name, sizeof(name), "user%d", i);
		uid = add_person(place, name);
		assert_true(uid > last);
		assert_true((uid >= 65536 && uid <= 99999) || (uid >= 20000 && uid <= 59999));
		last = uid;
	}
}

static void
state_ranges(struct place *place, const char *ranges)
{
	struct rules rules = {0};
	struct txn *txn = begin(place);
	struct why why = {0};

	assert_int_equal(rules_load(txn, &rules, NULL), FAULT_NONE);
	assert_int_equal(field_parse(field_find(&settings_table, "accounts.uid-range"),
	    &rules.settings, ranges, NULL), FAULT_NONE);
	if (rules_save(txn, &rules, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	commit(txn);
	rules_clear(&rules);
}

static enum fault
try_person(struct place *place, const char *name, uint32_t *uid, struct why *why)
{
	struct user user = person(name);
	struct txn *txn = begin(place);
	enum fault fault = user_put(txn, &user, why);

	*uid = user.uid;
	if (fault == FAULT_NONE)
		commit(txn);
	else
		store_end(txn);
	user_clear(&user);
	return fault;
}

static void
ids_come_from_the_ranges_that_are_stated(void **state)
{
	struct place *place = *state;
	uint32_t before = add_person(place, "zoe"), uid;
	struct user read = {0};
	struct txn *txn;
	struct why why;

	/* Above and below those that were given; the ids between two ranges are nobody's. */
	state_ranges(place, "30000-30001 200000-200001");
	assert_int_equal(add_person(place, "a"), 200000);
	assert_int_equal(add_person(place, "b"), 200001);
	assert_int_equal(add_person(place, "c"), 30000);
	assert_int_equal(add_person(place, "d"), 30001);
	assert_int_equal(try_person(place, "e", &uid, &why), FAULT_CONFLICT);
	assert_string_equal(why.text, "every id of the uid ranges is taken");
	assert_int_equal(uid, 0);
	/* A role's group takes one too. */
	state_ranges(place, "30000-30002");
	add_role(place, "technician");
	assert_int_equal(try_person(place, "e", &uid, &why), FAULT_CONFLICT);
	/* Ids already given stay. */
	txn = look(place);
	assert_int_equal(user_get(txn, before, &read, NULL), FAULT_NONE);
	assert_string_equal(read.name, "zoe");
	store_end(txn);
	state_ranges(place, "");
	assert_true(add_person(place, "e") > before);
	user_clear(&read);
}

/* Also for what is made in the transaction that states them, as an apply makes roles. */
static void
ranges_hold_from_where_they_are_stated(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna"), bob = person("bob");
	struct rules rules = {0};
	struct txn *txn = begin(place);

	assert_int_equal(user_put(txn, &anna, NULL), FAULT_NONE);
	assert_int_equal(rules_load(txn, &rules, NULL), FAULT_NONE);
	assert_int_equal(field_parse(field_find(&settings_table, "accounts.uid-range"),
	    &rules.settings, "200000-299999", NULL), FAULT_NONE);
	assert_int_equal(rules_save(txn, &rules, NULL), FAULT_NONE);
	assert_int_equal(user_put(txn, &bob, NULL), FAULT_NONE);
	assert_int_equal(bob.uid, 200000);
	assert_true(anna.uid < bob.uid);
	commit(txn);
	rules_clear(&rules);
	user_clear(&anna);
	user_clear(&bob);
}

/* The last id there is: what comes after it wraps to nothing, and to nobody's id. */
static void
the_end_of_a_range_does_not_wrap(void **state)
{
	struct place *place = *state;
	struct why why;
	uint32_t uid;

	state_ranges(place, "2147483646-2147483647");
	assert_int_equal(add_person(place, "a"), 2147483646);
	assert_int_equal(add_person(place, "b"), 2147483647);
	assert_int_equal(try_person(place, "c", &uid, &why), FAULT_CONFLICT);
	state_ranges(place, "1000-1001 2147483647-2147483647");
	assert_int_equal(add_person(place, "c"), 1000);
	assert_int_equal(add_person(place, "d"), 1001);
	assert_int_equal(try_person(place, "e", &uid, &why), FAULT_CONFLICT);
}

/* What was passed over because somebody had it is come back to when the range ends. */
static uint32_t foreign;

static enum fault
one_is_taken(void *context, uint32_t id, bool *taken, struct why *why)
{
	(void)context;
	(void)why;
	*taken = id == foreign;
	return FAULT_NONE;
}

static void
an_id_that_came_free_is_found_at_the_end(void **state)
{
	struct place *place = *state;
	struct why why;
	uint32_t uid;

	state_ranges(place, "5000-5002");
	store_ask_ids(place->store, &(struct id_source){one_is_taken, NULL});
	foreign = 5001;
	assert_int_equal(add_person(place, "a"), 5000);
	assert_int_equal(add_person(place, "b"), 5002);
	assert_int_equal(try_person(place, "c", &uid, &why), FAULT_CONFLICT);
	foreign = 0;
	assert_int_equal(add_person(place, "c"), 5001);
}

/* Ids that NSS never serves are not given, whatever a database says that they may be. */
static void
ids_that_are_not_served_are_passed_over(void **state)
{
	static const struct id_range ranges[] = {{61183, 65534}, {65533, 65537}};
	static const struct id_ranges all = {(struct id_range *)ranges, 2};

	(void)state;
	assert_int_equal(ranges_next(&all, 0), 61183);
	assert_int_equal(ranges_next(&all, 61184), 65520);
	assert_int_equal(ranges_next(&all, 65534), 65536);
	assert_int_equal(ranges_next(&all, 65537), 65537);
	assert_int_equal(ranges_next(&all, 65538), 0);
}

/* Runs in a child that has the ids below `count` alone, as a container has; false: it may not. */
static bool
in_container(unsigned count, int (*run)(struct place *place), struct place *place, int *result)
{
	int ready[2], go[2], status = 0;
	char path[64], line[64], byte = 0;
	bool mapped = false;
	pid_t child;
	int file;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(go), 0);
	fflush(NULL);
	child = fork();
	if (child == 0) {
		byte = unshare(CLONE_NEWUSER) == 0;
		if (write(ready[1], &byte, 1) != 1 || read(go[0], &byte, 1) != 1 || byte == 0)
			_exit(77);
		_exit(run(place));
	}
	if (read(ready[0], &byte, 1) == 1 && byte != 0) {
		snprintf(path, sizeof(path), "/proc/%d/uid_map", (int)child);
		snprintf(line, sizeof(line), "0 0 %u\n", count);
		file = open(path, O_WRONLY);
		mapped = file >= 0 && write(file, line, strlen(line)) == (ssize_t)strlen(line);
		close(file);
	}
	byte = mapped;
	assert_int_equal(write(go[1], &byte, 1), 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	close(ready[0]);
	close(ready[1]);
	close(go[0]);
	close(go[1]);
	*result = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	return mapped;
}

/* Where the ids begin that the database gives in this process, in thousands; 0: a fault. */
static int
first_thousand(struct place *place)
{
	struct id_ranges ranges = {0};
	struct store *store = NULL;
	struct txn *txn = NULL;
	uint32_t first = 0;

	if (store_open(place->root, STORE_READ_ONLY, &store, NULL) == FAULT_NONE &&
	    store_read_begin(store, &txn, NULL) == FAULT_NONE &&
	    ranges_load(txn, &ranges, NULL) == FAULT_NONE)
		first = ranges_next(&ranges, 0);
	ranges_clear(&ranges);
	store_end(txn);
	store_close(store);
	return (int)(first / 1000);
}

static void
a_container_gives_ids_that_it_has(void **state)
{
	struct place *place = *state;
	int thousand;

	if (!in_container(65536, first_thousand, place, &thousand)) {
		print_message("no user namespace may be made here: not tried\n");
		return;
	}
	assert_int_equal(thousand, 20);
	state_ranges(place, "30000-39999");
	assert_true(in_container(65536, first_thousand, place, &thousand));
	assert_int_equal(thousand, 30);
	state_ranges(place, "30000-39999 100000-199999");
	assert_true(in_container(65536, first_thousand, place, &thousand));
	assert_int_equal(thousand, 20);
	assert_true(in_container(1000000, first_thousand, place, &thousand));
	assert_int_equal(thousand, 30);
	/* The last id of a range must be there as well. */
	state_ranges(place, "30000-40000");
	assert_true(in_container(40000, first_thousand, place, &thousand));
	assert_int_equal(thousand, 20);
	assert_true(in_container(40001, first_thousand, place, &thousand));
	assert_int_equal(thousand, 30);
}

/* ---- roles -------------------------------------------------------------------------------- */

static void
a_role_has_a_group_in_the_one_name_space(void **state)
{
	struct place *place = *state;
	struct role role = role_named("technician"), taken = role_named("anna"), read = {0};
	struct user user = person("technician");
	struct txn *txn;
	struct why why;
	uint32_t gid;

	add_person(place, "anna");
	txn = begin(place);
	assert_int_equal(role_put(txn, &role, &why), FAULT_NONE);
	assert_int_not_equal(role.gid, 0);
	gid = role.gid;
	commit(txn);
	txn = begin(place);
	assert_int_equal(role_put(txn, &taken, &why), FAULT_CONFLICT);
	assert_string_equal(why.field, "group");
	assert_int_equal(user_put(txn, &user, &why), FAULT_CONFLICT);
	assert_string_equal(why.field, "name");
	store_end(txn);
	/* With another group, or none, the role may have that name. */
	txn = begin(place);
	taken.group = strdup("annas");
	assert_int_equal(role_put(txn, &taken, &why), FAULT_NONE);
	free(role.group);
	role.group = strdup("technicians");
	assert_int_equal(role_put(txn, &role, &why), FAULT_NONE);
	commit(txn);
	txn = look(place);
	assert_int_equal(role_get(txn, "technician", &read, NULL), FAULT_NONE);
	assert_int_equal(read.gid, gid);
	assert_string_equal(role_group(&read), "technicians");
	store_end(txn);
	role_clear(&role);
	role_clear(&taken);
	role_clear(&read);
	user_clear(&user);
}

static void
a_held_role_is_not_deleted(void **state)
{
	struct place *place = *state;
	struct role role = role_named("technician");
	struct user anna = person("anna");
	struct txn *txn = begin(place);
	struct why why;
	uint32_t uid;

	assert_int_equal(role_put(txn, &role, &why), FAULT_NONE);
	commit(txn);
	set(&anna, "roles", "technician");
	add(place, &anna);
	txn = begin(place);
	assert_int_equal(role_member_next(txn, "technician", 0, &uid, &why), FAULT_NONE);
	assert_int_equal(uid, anna.uid);
	assert_int_equal(role_member_next(txn, "technician", uid, &uid, &why), FAULT_UNKNOWN);
	assert_int_equal(role_member_next(txn, "tech", 0, &uid, &why), FAULT_UNKNOWN);
	assert_int_equal(role_delete(txn, &role, &why), FAULT_RULE);
	names_clear(&anna.roles);
	assert_int_equal(user_put(txn, &anna, &why), FAULT_NONE);
	assert_int_equal(role_delete(txn, &role, &why), FAULT_NONE);
	commit(txn);
	user_clear(&anna);
	role_clear(&role);
}

static void
the_system_administrator_stays(void **state)
{
	struct place *place = *state;
	struct role role = {0};
	struct txn *txn = begin(place);
	struct why why;

	assert_int_equal(role_get(txn, ROLE_SYSTEM_ADMINISTRATOR, &role, &why), FAULT_NONE);
	assert_true(names_have(&role.closure, "hexa.users.edit"));
	assert_int_equal(role_delete(txn, &role, &why), FAULT_RULE);
	store_end(txn);
	role_clear(&role);
}

/* Held twice in different scopes, it is held once; and it is held as long as one of them stands. */
static void
a_role_is_held_once_in_however_many_scopes(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna");
	struct roles held = {0};
	struct txn *txn;
	uint64_t count;
	uint32_t uid;

	add_client(place, "acme");
	add_role(place, "technician");
	set(&anna, "roles", "technician@/sales technician@client:acme technician "
	    ROLE_SYSTEM_ADMINISTRATOR "");
	add(place, &anna);
	for (int scopes = 3; scopes > 0; scopes--) {
		txn = look(place);
		assert_int_equal(role_member_next(txn, "technician", 0, &uid, NULL), FAULT_NONE);
		assert_int_equal(uid, anna.uid);
		assert_int_equal(role_member_next(txn, "technician", uid, &uid, NULL),
		    FAULT_UNKNOWN);
		assert_int_equal(index_count(txn, T_MEMBERS, "technician", &count, NULL),
		    FAULT_NONE);
		assert_int_equal(count, 1);
		assert_int_equal(roles_load_held(txn, &anna, &held, NULL), FAULT_NONE);
		assert_int_equal(held.count, 2);
		assert_non_null(roles_find(&held, "technician"));
		store_end(txn);
		free(anna.roles.item[0]);
		memmove(anna.roles.item, anna.roles.item + 1,
		    --anna.roles.count * sizeof(*anna.roles.item));
		add(place, &anna);
	}
	txn = look(place);
	assert_int_equal(role_member_next(txn, "technician", 0, &uid, NULL), FAULT_UNKNOWN);
	assert_int_equal(role_member_next(txn, ROLE_SYSTEM_ADMINISTRATOR, 0, &uid, NULL),
	    FAULT_NONE);
	assert_int_equal(roles_load_held(txn, &anna, &held, NULL), FAULT_NONE);
	assert_int_equal(held.count, 1);
	store_end(txn);
	roles_clear(&held);
	user_clear(&anna);
}

static void
grants_stand_in_the_record(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna"), read = {0};
	struct txn *txn;

	set(&anna, "grants", "logs.read@2027-03-01 calendar.*");
	add(place, &anna);
	assert_true(journal_says(place, "user", "anna", "grants", "",
	    "logs.read@2027-03-01T23:59:59Z calendar.*"));
	txn = look(place);
	assert_int_equal(user_find_name(txn, "anna", &read, NULL), FAULT_NONE);
	assert_true(names_same(&read.grants, &anna.grants));
	store_end(txn);
	user_clear(&anna);
	user_clear(&read);
}

/* ---- many roles at once ------------------------------------------------------------------- */

static void
roles_go_together_in_any_order(void **state)
{
	struct place *place = *state;
	struct role low = role_named("low"), middle = role_named("middle"), top = role_named("top");
	struct roles gone = {0};
	struct role read = {0};
	struct txn *txn = begin(place);
	struct why why;

	assert_true(names_add(&middle.includes, "low"));
	assert_true(names_add(&top.includes, "middle"));
	assert_int_equal(role_put(txn, &low, NULL), FAULT_NONE);
	assert_int_equal(role_put(txn, &middle, NULL), FAULT_NONE);
	assert_int_equal(role_put(txn, &top, NULL), FAULT_NONE);
	commit(txn);
	txn = begin(place);
	assert_int_equal(role_delete(txn, &low, &why), FAULT_RULE);
	assert_string_equal(why.text, "the role middle includes low");
	assert_int_equal(role_get(txn, "low", &read, NULL), FAULT_NONE);
	assert_int_equal(roles_add(&gone, &low, NULL), FAULT_NONE);
	assert_int_equal(roles_add(&gone, &middle, NULL), FAULT_NONE);
	assert_int_equal(roles_delete(txn, &gone, &why), FAULT_RULE);
	assert_string_equal(why.text, "the role top includes middle");
	store_end(txn);
	assert_int_equal(roles_add(&gone, &top, NULL), FAULT_NONE);
	txn = begin(place);
	assert_int_equal(roles_delete(txn, &gone, &why), FAULT_NONE);
	commit(txn);
	assert_true(journal_says(place, "role", "low", "", "low", ""));
	assert_true(journal_says(place, "role", "top", "", "top", ""));
	txn = look(place);
	assert_int_equal(role_get(txn, "low", &read, NULL), FAULT_UNKNOWN);
	assert_int_equal(role_get(txn, "top", &read, NULL), FAULT_UNKNOWN);
	store_end(txn);
	roles_clear(&gone);
	role_clear(&read);
}

/* ---- the journal -------------------------------------------------------------------------- */

static bool
has_change(const struct journal_entry *entry, const char *field, const char *before,
    const char *after)
{
	for (size_t i = 0; i < entry->count; i++)
		if (strcmp(entry->change[i].field, field) == 0 &&
		    strcmp(entry->change[i].before, before) == 0 &&
		    strcmp(entry->change[i].after, after) == 0)
			return true;
	return false;
}

static void
the_journal_says_what_changed_and_keeps_secrets(void **state)
{
	struct place *place = *state;
	struct user anna = person("anna");
	struct journal_entry entry = {0};
	struct txn *txn;
	uint64_t count;

	anna.password = strdup("$argon2id$canary");
	add(place, &anna);
	free(anna.password);
	anna.password = strdup("$argon2id$canary2");
	set(&anna, "note", "hello");
	add(place, &anna);
	txn = look(place);
	assert_int_equal(journal_next(txn, 1, &entry, NULL), FAULT_NONE);
	assert_int_equal(entry.sequence, 2);
	assert_string_equal(entry.actor.name, "root");
	assert_true(has_change(&entry, "name", "", "anna"));
	assert_true(has_change(&entry, "password", "", "set"));
	assert_int_equal(journal_next(txn, 2, &entry, NULL), FAULT_NONE);
	assert_true(has_change(&entry, "note", "", "hello"));
	assert_true(has_change(&entry, "password", "set", "changed"));
	assert_int_equal(entry.count, 2);
	assert_int_equal(journal_next(txn, 3, &entry, NULL), FAULT_UNKNOWN);
	assert_int_equal(journal_verify(txn, 0, NULL, &count, NULL), FAULT_NONE);
	assert_int_equal(count, 3);
	store_end(txn);
	journal_entry_clear(&entry);
	user_clear(&anna);
}

/* Whoever reads the journal needs no more memory for a long change than for a short one. */
static void
a_long_change_is_several_entries(void **state)
{
	struct place *place = *state;
	struct journal_entry entry = {0};
	struct txn *txn = begin(place);
	uint64_t sequence = 0, count = 0, made = 0;
	char name[32];

	enum { MANY = 2000, CHANGES_MAX = 4096 + 64 };

	for (int i = 0; i < MANY; i++) {
		struct user user;

		snprintf(name, sizeof(name), "u%d", i);
		user = person(name);
		assert_int_equal(user_put(txn, &user, NULL), FAULT_NONE);
		user_clear(&user);
	}
	commit(txn);
	txn = look(place);
	while (journal_next(txn, sequence, &entry, NULL) == FAULT_NONE) {
		sequence = entry.sequence;
		assert_true(entry.count < CHANGES_MAX);
		for (size_t i = 0; i < entry.count; i++)
			made += strcmp(entry.change[i].noun, "user") == 0 &&
			    *entry.change[i].field == '\0';
		/* What became of one user stands together. */
		assert_string_equal(entry.change[0].field, "");
	}
	assert_int_equal(made, MANY);
	assert_true(sequence > 2);
	assert_int_equal(journal_verify(txn, 0, NULL, &count, NULL), FAULT_NONE);
	assert_int_equal(count, sequence);
	store_end(txn);
	journal_entry_clear(&entry);
}

static void
nothing_changed_is_no_entry(void **state)
{
	struct place *place = *state;
	uint64_t sequence;
	unsigned char hash[CRYPTO_HASH_BYTES];
	struct txn *txn = begin(place);

	commit(txn);
	txn = look(place);
	assert_int_equal(journal_head(txn, &sequence, hash, NULL), FAULT_NONE);
	assert_int_equal(sequence, 1);
	store_end(txn);
}

/* Rewrites entry `sequence` with a good seal, as somebody who can write the file would. */
static void
forge(struct place *place, uint64_t sequence, size_t at)
{
	unsigned char buffer[8];
	struct span value;
	struct bytes copy = {0};
	struct txn *txn = begin(place);

	assert_int_equal(table_get(txn->db, T_JOURNAL, key_u64(buffer, sequence), &value, NULL),
	    FAULT_NONE);
	bytes_put(&copy, value.data, value.size);
	copy.data[at < copy.size ? at : copy.size - 1] ^= 1;
	assert_int_equal(table_put(txn->db, T_JOURNAL, key_u64(buffer, sequence), &copy, NULL),
	    FAULT_NONE);
	assert_int_equal(db_commit(txn->db, NULL), FAULT_NONE);
	txn->db = NULL;
	store_end(txn);
}

static void
a_forged_or_cut_journal_shows(void **state)
{
	struct place *place = *state;
	struct journal_entry entry = {0};
	unsigned char hash[CRYPTO_HASH_BYTES], buffer[8];
	struct txn *txn;
	struct why why;
	uint64_t sequence, count;

	add_person(place, "anna");
	add_person(place, "bob");
	txn = look(place);
	assert_int_equal(journal_head(txn, &sequence, hash, NULL), FAULT_NONE);
	assert_int_equal(sequence, 3);
	assert_int_equal(journal_verify(txn, 3, hash, &count, &why), FAULT_NONE);
	assert_int_equal(count, 0);
	hash[0] ^= 1;
	assert_int_equal(journal_verify(txn, 3, hash, &count, &why), FAULT_RULE);
	hash[0] ^= 1;
	store_end(txn);
	forge(place, 2, 20);
	txn = look(place);
	assert_int_equal(journal_verify(txn, 0, NULL, &count, &why), FAULT_RULE);
	assert_string_equal(why.text, "the chain is broken at entry 2");
	store_end(txn);
	forge(place, 2, 20);
	txn = look(place);
	assert_int_equal(journal_verify(txn, 0, NULL, &count, &why), FAULT_NONE);
	store_end(txn);
	/* The newest entry cut off: the head shows it, and whoever noted an older head sees more. */
	txn = begin(place);
	assert_int_equal(db_delete(txn->db, T_JOURNAL, key_u64(buffer, 3), NULL), FAULT_NONE);
	assert_int_equal(journal_verify(txn, 0, NULL, &count, &why), FAULT_RULE);
	assert_string_equal(why.text, "entry 3 is missing");
	assert_int_equal(db_delete(txn->db, T_META, key_text("journal-head"), NULL), FAULT_NONE);
	assert_int_equal(journal_verify(txn, 0, NULL, &count, &why), FAULT_RULE);
	assert_int_equal(journal_verify(txn, 3, hash, &count, &why), FAULT_RULE);
	assert_string_equal(why.text, "entry 3 is missing");
	store_end(txn);
	journal_entry_clear(&entry);
}

static void
a_flipped_value_is_damage_not_data(void **state)
{
	struct place *place = *state;
	unsigned char buffer[4];
	uint32_t uid = add_person(place, "anna");
	struct user read = {0};
	struct span value;
	struct bytes copy = {0};
	struct txn *txn = begin(place);
	struct why why;

	assert_int_equal(db_get(txn->db, T_USERS, key_u32(buffer, uid), &value, NULL), FAULT_NONE);
	bytes_put(&copy, value.data, value.size);
	copy.data[copy.size / 2] ^= 4;
	assert_int_equal(db_put(txn->db, T_USERS, key_u32(buffer, uid),
	    (struct span){copy.data, copy.size}, NULL), FAULT_NONE);
	assert_int_equal(user_get(txn, uid, &read, &why), FAULT_UNAVAILABLE);
	assert_int_equal(user_find_name(txn, "anna", &read, &why), FAULT_UNAVAILABLE);
	assert_null(read.name);
	store_end(txn);
	bytes_clear(&copy);
}

/* ---- files -------------------------------------------------------------------------------- */

static char *
file_of(struct place *place, const char *path)
{
	char *whole = path_under(place->root, path);

	assert_non_null(whole);
	return whole;
}

static enum fault
reopen(struct place *place, struct why *why)
{
	struct store *store = NULL;
	enum fault fault = store_open(place->root, 0, &store, why);

	store_close(store);
	return fault;
}

static void
files_open_to_others_are_refused(void **state)
{
	struct place *place = *state;
	char *database = file_of(place, DATABASE_FILE), *folder = file_of(place, PRIVATE_FOLDER);
	struct stat status;
	struct why why;

	assert_int_equal(stat(database, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_equal(stat(folder, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0700);
	assert_int_equal(reopen(place, &why), FAULT_NONE);
	chmod(database, 0640);
	assert_int_equal(reopen(place, &why), FAULT_UNAVAILABLE);
	assert_string_not_equal(why.mend, "");
	chmod(database, 0600);
	chmod(folder, 0755);
	assert_int_equal(reopen(place, &why), FAULT_UNAVAILABLE);
	chmod(folder, 0700);
	assert_int_equal(chown(database, 65534, 0), 0);
	assert_int_equal(reopen(place, &why), FAULT_UNAVAILABLE);
	assert_int_equal(chown(database, 0, 0), 0);
	assert_int_equal(reopen(place, &why), FAULT_NONE);
	free(database);
	free(folder);
}

static void
what_is_no_database_is_refused(void **state)
{
	struct place *place = *state;
	char *database = file_of(place, DATABASE_FILE);
	struct stat status;
	struct why why;
	int file;

	store_close(place->store);
	place->store = NULL;
	assert_int_equal(truncate(database, 0), 0);
	assert_int_equal(reopen(place, &why), FAULT_UNAVAILABLE);
	assert_int_equal(stat(database, &status), 0);
	assert_int_equal(status.st_size, 0);
	file = open(database, O_WRONLY);
	assert_int_equal(write(file, "root:x:0:0:root", 15), 15);
	assert_int_equal(ftruncate(file, 8192), 0);
	close(file);
	assert_int_equal(reopen(place, &why), FAULT_UNAVAILABLE);
	assert_int_equal(store_create(place->root, NULL, &root_actor, NOW, &why), FAULT_UNAVAILABLE);
	unlink(database);
	assert_int_equal(mkfifo(database, 0600), 0);
	assert_int_equal(reopen(place, &why), FAULT_UNAVAILABLE);
	unlink(database);
	assert_int_equal(symlink("/etc/passwd", database), 0);
	assert_int_equal(reopen(place, &why), FAULT_UNAVAILABLE);
	unlink(database);
	assert_int_equal(reopen(place, &why), FAULT_UNAVAILABLE);
	assert_string_equal(why.mend, "hexa-admin init");
	assert_int_equal(store_create(place->root, NULL, &root_actor, NOW, &why), FAULT_NONE);
	free(database);
}

static void
a_second_init_is_a_conflict(void **state)
{
	struct place *place = *state;
	struct why why;

	add_person(place, "anna");
	assert_int_equal(store_create(place->root, NULL, &root_actor, NOW, &why), FAULT_CONFLICT);
	assert_int_equal(reopen(place, &why), FAULT_NONE);
}

static void
a_newer_schema_is_refused(void **state)
{
	struct place *place = *state;
	struct bytes value = {0};
	struct txn *txn = begin(place);
	struct why why;

	bytes_put_u32(&value, SCHEMA_VERSION + 1);
	assert_int_equal(table_put(txn->db, T_META, key_text("schema"), &value, NULL), FAULT_NONE);
	assert_int_equal(db_commit(txn->db, NULL), FAULT_NONE);
	txn->db = NULL;
	store_end(txn);
	assert_int_equal(reopen(place, &why), FAULT_UNAVAILABLE);
	assert_non_null(strstr(why.text, "newer"));
}

/* It lacks tables of ours; what is said is not that it is damaged. */
static void
an_older_schema_is_refused(void **state)
{
	static const char *const older[] = {"meta", "users", "roles"};
	struct place *place = *state;
	char *path = file_of(place, DATABASE_FILE);
	unsigned char schema[] = {1, 0, 0, 0};
	struct bytes value = {0};
	struct db *db = NULL;
	struct db_txn *txn;
	struct why why;

	store_close(place->store);
	place->store = NULL;
	unlink(path);
	assert_int_equal(db_open(path, DB_CREATE, 0600, older, 3, &db, NULL), FAULT_NONE);
	assert_int_equal(db_begin(db, true, &txn, NULL), FAULT_NONE);
	bytes_put(&value, schema, sizeof(schema));
	assert_int_equal(table_put(txn, T_META, key_text("schema"), &value, NULL), FAULT_NONE);
	assert_int_equal(db_commit(txn, NULL), FAULT_NONE);
	db_close(db);
	assert_int_equal(reopen(place, &why), FAULT_UNAVAILABLE);
	assert_non_null(strstr(why.text, "schema 1, older"));
	assert_non_null(strstr(why.text, "hexa-admin init"));
	free(path);
}

/* ---- a database that is gone -------------------------------------------------------------- */

static void
a_lost_databases_ids_are_not_given_again(void **state)
{
	struct place *place = *state;
	char *path = file_of(place, DATABASE_FILE);
	uint32_t anna, bob, fresh;
	struct role role = {0};
	struct txn *txn;
	uint64_t count = 7;
	bool given;

	add_role(place, "technician");
	anna = add_person(place, "anna");
	state_ranges(place, "40000-49999");
	bob = add_person(place, "bob");
	txn = look(place);
	assert_int_equal(role_get(txn, "technician", &role, NULL), FAULT_NONE);
	store_end(txn);
	assert_int_equal(store_lost_users(place->root, &count, NULL), FAULT_NONE);
	assert_int_equal(count, 0);
	store_close(place->store);
	place->store = NULL;
	unlink(path);
	assert_int_equal(store_lost_users(place->root, &count, NULL), FAULT_NONE);
	assert_int_equal(count, 2);
	assert_int_equal(store_create(place->root, NULL, &root_actor, NOW, NULL), FAULT_NONE);
	assert_int_equal(store_open(place->root, 0, &place->store, NULL), FAULT_NONE);
	fresh = add_person(place, "anna");
	assert_true(fresh > anna && fresh > bob && fresh > role.gid);
	txn = look(place);
	assert_int_equal(id_was_given(txn, bob, &given, NULL), FAULT_NONE);
	assert_true(given);
	assert_int_equal(id_was_given(txn, role.gid, &given, NULL), FAULT_NONE);
	assert_true(given);
	store_end(txn);
	/* Nor when the ranges say so. */
	state_ranges(place, "40000-49999");
	assert_int_equal(add_person(place, "carl"), bob + 1);
	role_clear(&role);
	free(path);
}

/* There is nothing to be learnt from it: the new database is made all the same. */
static void
a_damaged_directory_stops_no_new_database(void **state)
{
	struct place *place = *state;
	char *path = file_of(place, DATABASE_FILE), *directory = file_of(place, DIRECTORY_FILE);
	uint64_t count = 7;
	int file;

	add_person(place, "anna");
	store_close(place->store);
	place->store = NULL;
	unlink(path);
	file = open(directory, O_WRONLY);
	assert_int_equal(pwrite(file, "garbage", 7, 16), 7);
	assert_int_equal(pwrite(file, "garbage", 7, 4096 + 16), 7);
	close(file);
	assert_int_equal(store_lost_users(place->root, &count, NULL), FAULT_NONE);
	assert_int_equal(count, 0);
	assert_int_equal(store_create(place->root, NULL, &root_actor, NOW, NULL), FAULT_NONE);
	free(path);
	free(directory);
}

/* Two processes have the file open; one grows it far beyond the other's map. */
static void
the_map_grows_under_another_process(void **state)
{
	struct place *place = *state;
	char *path = file_of(place, "/grown.mdb");
	unsigned char block[4000] = {1}, buffer[4];
	struct span value = {block, sizeof(block)}, read;
	struct db *db = NULL;
	struct db_txn *txn;
	pid_t child;
	int status;

	assert_int_equal(db_open(path, DB_CREATE | DB_TIGHT, 0600, NULL, 0, &db, NULL), FAULT_NONE);
	fflush(NULL);
	child = fork();
	if (child == 0) {
		struct db *mine = NULL;
		enum fault fault = db_open(path, DB_TIGHT, 0600, NULL, 0, &mine, NULL);

		for (uint32_t i = 0; fault == FAULT_NONE && i < 1000; i++) {
			fault = db_begin(mine, true, &txn, NULL);
			if (fault == FAULT_NONE)
				fault = db_put(txn, 0, key_u32(buffer, i), value, NULL);
			if (fault == FAULT_NONE)
				fault = db_commit(txn, NULL);
		}
		db_close(mine);
		_exit(fault == FAULT_NONE ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(db_begin(db, false, &txn, NULL), FAULT_NONE);
	assert_int_equal(db_get(txn, 0, key_u32(buffer, 999), &read, NULL), FAULT_NONE);
	assert_int_equal(read.size, sizeof(block));
	db_abort(txn);
	assert_int_equal(db_begin(db, true, &txn, NULL), FAULT_NONE);
	assert_int_equal(db_put(txn, 0, key_u32(buffer, 1000), value, NULL), FAULT_NONE);
	assert_int_equal(db_commit(txn, NULL), FAULT_NONE);
	db_close(db);
	free(path);
}

static void
last_logins_are_kept_apart(void **state)
{
	struct place *place = *state;
	char *path = file_of(place, LAST_LOGIN_FILE);
	struct last_login last = {0};

	assert_int_equal(last_login_put(place->root, 65536, NOW, "192.0.2.1", "sshd", NULL), FAULT_NONE);
	assert_int_equal(last_login_get(place->root, 65536, &last, NULL), FAULT_NONE);
	assert_int_equal(last.when, NOW);
	assert_string_equal(last.from, "192.0.2.1");
	assert_int_equal(last_login_get(place->root, 65537, &last, NULL), FAULT_NONE);
	assert_int_equal(last.when, 0);
	assert_int_equal(truncate(path, 100), 0);
	assert_int_equal(last_login_put(place->root, 65536, NOW + 1, NULL, NULL, NULL), FAULT_NONE);
	assert_int_equal(last_login_get(place->root, 65536, &last, NULL), FAULT_NONE);
	assert_int_equal(last.when, NOW + 1);
	free(path);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_user_is_found_by_everything),
	    TEST(names_emails_and_phones_are_unique),
	    TEST(an_unknown_role_is_refused),
	    TEST(a_stale_version_is_a_conflict),
	    TEST(a_deleted_uid_stays_taken_and_the_name_waits),
	    TEST(ids_of_others_are_left_alone),
	    TEST(uids_are_served_and_in_range),
	    TEST(ids_come_from_the_ranges_that_are_stated),
	    TEST(ranges_hold_from_where_they_are_stated),
	    TEST(the_end_of_a_range_does_not_wrap),
	    TEST(an_id_that_came_free_is_found_at_the_end),
	    TEST(ids_that_are_not_served_are_passed_over),
	    TEST(a_container_gives_ids_that_it_has),
	    TEST(a_role_has_a_group_in_the_one_name_space),
	    TEST(a_held_role_is_not_deleted),
	    TEST(the_system_administrator_stays),
	    TEST(a_role_is_held_once_in_however_many_scopes),
	    TEST(grants_stand_in_the_record),
	    TEST(roles_go_together_in_any_order),
	    TEST(the_journal_says_what_changed_and_keeps_secrets),
	    TEST(a_long_change_is_several_entries),
	    TEST(nothing_changed_is_no_entry),
	    TEST(a_forged_or_cut_journal_shows),
	    TEST(a_flipped_value_is_damage_not_data),
	    TEST(files_open_to_others_are_refused),
	    TEST(what_is_no_database_is_refused),
	    TEST(a_second_init_is_a_conflict),
	    TEST(a_newer_schema_is_refused),
	    TEST(an_older_schema_is_refused),
	    TEST(a_lost_databases_ids_are_not_given_again),
	    TEST(a_damaged_directory_stops_no_new_database),
	    TEST(the_map_grows_under_another_process),
	    TEST(last_logins_are_kept_apart),
	};

	if (geteuid() != 0) {
		puts("1..0 # SKIP needs root: the database must belong to root");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
