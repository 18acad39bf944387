/*
 * references_test.c - users who name other users: whom they name, lines without circles, and what
 * becomes of them when somebody is renamed or deleted who is named; and names that look alike.
 */
#include "tests/unit/accounts_fixture.h"

#include "accounts/references.h"
#include "policy/text.h"

#define ROLE "builder"

/* The rows are tried each: a field of this kind that is added is tried with them. */
enum { ROWS_MAX = 8 };
static const struct field *rows[ROWS_MAX];
static size_t row_count;

static int
setup(void **state)
{
	int result = fixture_setup(state);

	row_count = 0;
	for (size_t i = 0; i < user_table.count; i++)
		if (user_table.rows[i].kind == K_USER && row_count < ROWS_MAX)
			rows[row_count++] = &user_table.rows[i];
	add_role(*state, ROLE);
	return result;
}

static enum fault
name_in(struct fixture *fixture, const char *who, const struct field *row, const char *whom)
{
	const struct edit edit = {EDIT_SET, row, whom};

	return account_edit(&fixture->admin, who, &(struct edits){&edit, 1}, &fixture->why);
}

static void
people(struct fixture *fixture, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add_user(fixture, names[i], ROLE);
}

#define PEOPLE(fixture, ...) \
	people(fixture, (const char *const[]){__VA_ARGS__}, \
	    sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void
assert_named(struct fixture *fixture, const char *who, const struct field *row, const char *whom)
{
	assert_string_equal(user_text(fixture, who, row->name), whom);
}

/* The first notice of the newest change, which is gone then; "" is none. */
static void
assert_notice(struct fixture *fixture, const char *text)
{
	struct names *notices = &fixture->admin.notices;

	if (strcmp(notices->count == 0 ? "" : notices->item[0], text) != 0)
		fail_msg("\"%s\", not \"%s\"", notices->count == 0 ? "" : notices->item[0], text);
	if (notices->count > 0)
		assert_true(names_remove(notices, text));
}

/* Who names them is found by the index: without, whoever is named could not be renamed at all. */
static void
every_row_is_indexed(void **state)
{
	(void)state;
	assert_true(row_count >= 2 && row_count < ROWS_MAX);
	for (size_t i = 0; i < row_count; i++)
		assert_int_not_equal(rows[i]->rights & F_INDEXED, 0);
}

/* ---- whom they name ----------------------------------------------------------------------- */

static void
a_user_is_named_in_any_way(void **state)
{
	struct fixture *fixture = *state;
	char by_uid[32];
	const char *const ways[] = {"bob", by_uid, "BOB@Example.org", "+31612345678"};

	add_user(fixture, "anna", ROLE);
	snprintf(by_uid, sizeof(by_uid), "uid:%u", (unsigned)add_user(fixture, "bob", ROLE));
	assert_good(fixture, account_edit(&fixture->admin, "bob",
	    EDITS(USER_SET("email", "bob@example.org"), USER_SET("phone", "+31612345678")),
	    &fixture->why));
	for (size_t i = 0; i < row_count; i++) {
		for (size_t j = 0; j < sizeof(ways) / sizeof(ways[0]); j++) {
			assert_good(fixture, name_in(fixture, "anna", rows[i], ways[j]));
			assert_named(fixture, "anna", rows[i], "bob");
			assert_good(fixture, name_in(fixture, "anna", rows[i], ""));
			assert_named(fixture, "anna", rows[i], "");
		}
	}
}

static void
a_new_user_names_somebody(void **state)
{
	struct fixture *fixture = *state;
	struct user made = {0};

	add_user(fixture, "bob", ROLE);
	assert_good(fixture, account_edit(&fixture->admin, "bob",
	    EDITS(USER_SET("email", "bob@example.org")), &fixture->why));
	assert_good(fixture, account_add(&fixture->admin, "anna",
	    EDITS(PERSON("Anna", "Berg", ROLE), USER_SET("report-to", "bob@example.org")), NULL,
	    &made, &fixture->why));
	assert_string_equal(made.report_to, "bob");
	user_clear(&made);
	assert_named(fixture, "anna", user_field("report-to"), "bob");
	/* Not even the user who is being made. */
	assert_refused(fixture, FAULT_UNKNOWN, "report-to", account_add(&fixture->admin, "carl",
	    EDITS(PERSON("Carl", "Dahl", ROLE), USER_SET("report-to", "carl")), NULL, &made,
	    &fixture->why));
}

static void
whoever_is_named_exists(void **state)
{
	struct fixture *fixture = *state;
	static const char *const nobody[] = {"carl", "uid:1", "uid:0", "uid:4294967295",
	    "carl@example.org", "+31600000000", "painters", "root", "local", "grouped"};
	static const char *const nonsense[] = {"Bob", "uid:", "uid:x", "uid:-1", "uid:4294967296",
	    "a b", "../x", "@", "+", "0612345678", "a@b", "*", "bob ", "bob,carl", "bob\n"};

	PEOPLE(fixture, "anna", "bob");
	assert_good(fixture, role_create(&fixture->admin, "grouped", NO_EDITS, &fixture->why));
	for (size_t i = 0; i < row_count; i++) {
		for (size_t j = 0; j < sizeof(nobody) / sizeof(nobody[0]); j++) {
			assert_refused(fixture, FAULT_UNKNOWN, rows[i]->name,
			    name_in(fixture, "anna", rows[i], nobody[j]));
			assert_says(fixture, nobody[j]);
		}
		for (size_t j = 0; j < sizeof(nonsense) / sizeof(nonsense[0]); j++)
			assert_refused(fixture, FAULT_INVALID, rows[i]->name,
			    name_in(fixture, "anna", rows[i], nonsense[j]));
		assert_good(fixture, name_in(fixture, "anna", rows[i], "bob"));
	}
}

/* Whatever an operation forgets, the store lets nobody name who is not there. */
static void
the_store_asks_too(void **state)
{
	struct fixture *fixture = *state;
	struct user anna = {0};
	struct txn *txn;

	PEOPLE(fixture, "anna", "bob");
	assert_good(fixture, role_create(&fixture->admin, "grouped", NO_EDITS, &fixture->why));
	assert_good(fixture, store_write_begin(fixture->admin.store, &fixture->admin.actor, "test",
	    NOW, &txn, &fixture->why));
	assert_good(fixture, user_find(txn, "anna", &anna, &fixture->why));
	for (size_t i = 0; i < row_count; i++) {
		assert_int_equal(field_parse(rows[i], &anna, "carl", NULL), FAULT_NONE);
		assert_fault(fixture, FAULT_UNKNOWN, user_put(txn, &anna, &fixture->why));
		assert_about(fixture, rows[i]->name);
		assert_int_equal(field_parse(rows[i], &anna, "grouped", NULL), FAULT_NONE);
		assert_fault(fixture, FAULT_UNKNOWN, user_put(txn, &anna, &fixture->why));
		assert_int_equal(field_parse(rows[i], &anna, "uid:1", NULL), FAULT_NONE);
		assert_fault(fixture, FAULT_INVALID, user_put(txn, &anna, &fixture->why));
		assert_about(fixture, rows[i]->name);
		assert_int_equal(field_parse(rows[i], &anna, "bob", NULL), FAULT_NONE);
		assert_good(fixture, user_put(txn, &anna, &fixture->why));
	}
	user_clear(&anna);
	store_end(txn);
}

/* ---- circles ------------------------------------------------------------------------------ */

static void
no_line_is_a_circle(void **state)
{
	struct fixture *fixture = *state;

	PEOPLE(fixture, "anna", "bob", "carl");
	for (size_t i = 0; i < row_count; i++) {
		assert_refused(fixture, FAULT_RULE, rows[i]->name,
		    name_in(fixture, "anna", rows[i], "anna"));
		assert_says(fixture, "circle: anna, anna");
		assert_good(fixture, name_in(fixture, "anna", rows[i], "bob"));
		assert_refused(fixture, FAULT_RULE, rows[i]->name,
		    name_in(fixture, "bob", rows[i], "anna"));
		assert_says(fixture, "circle: bob, anna, bob");
		assert_good(fixture, name_in(fixture, "bob", rows[i], "carl"));
		assert_refused(fixture, FAULT_RULE, rows[i]->name,
		    name_in(fixture, "carl", rows[i], "anna"));
		assert_says(fixture, "circle: carl, anna, bob, carl");
		/* Whoever was in the way of it no longer is. */
		assert_good(fixture, name_in(fixture, "bob", rows[i], ""));
		assert_good(fixture, name_in(fixture, "carl", rows[i], "anna"));
		for (size_t j = 0; j < 3; j++)
			assert_good(fixture, name_in(fixture,
			    (const char *const[]){"anna", "bob", "carl"}[j], rows[i], ""));
	}
}

static void
each_field_has_lines_of_its_own(void **state)
{
	struct fixture *fixture = *state;

	PEOPLE(fixture, "anna", "bob");
	assert_good(fixture, name_in(fixture, "anna", rows[0], "bob"));
	for (size_t i = 1; i < row_count; i++)
		assert_good(fixture, name_in(fixture, "bob", rows[i], "anna"));
}

static void
person_name(char name[16], int number)
{
	snprintf(name, 16, "p%03d", number);
}

/* p001 names p000, p002 names p001, … */
static void
make_line(struct fixture *fixture, const struct field *row, int users)
{
	struct txn *txn;

	assert_good(fixture, store_write_begin(fixture->admin.store, &fixture->admin.actor, "test",
	    NOW, &txn, &fixture->why));
	for (int i = 0; i < users; i++) {
		struct user user = {.status = STATUS_ACTIVE};
		char name[16], boss[16];

		person_name(name, i);
		person_name(boss, i - 1);
		user.name = strdup(name);
		user.first_name = strdup("Ex");
		user.last_name = strdup("Ample");
		assert_true(names_add(&user.roles, ROLE));
		if (i > 0)
			assert_int_equal(field_parse(row, &user, boss, NULL), FAULT_NONE);
		assert_good(fixture, user_put(txn, &user, &fixture->why));
		user_clear(&user);
	}
	assert_good(fixture, store_commit(txn, NULL, &fixture->why));
}

static void
a_line_has_a_limit(void **state)
{
	struct fixture *fixture = *state;
	char last[16], beyond[16];

	make_line(fixture, rows[0], REFERENCE_LINE_MAX + 1);
	add_user(fixture, "anna", ROLE);
	person_name(last, REFERENCE_LINE_MAX - 1);
	person_name(beyond, REFERENCE_LINE_MAX);
	assert_refused(fixture, FAULT_RULE, rows[0]->name,
	    name_in(fixture, "anna", rows[0], beyond));
	assert_says(fixture, "100");
	assert_good(fixture, name_in(fixture, "anna", rows[0], last));
	/* A circle as long as a line may be is told in one sentence. */
	assert_refused(fixture, FAULT_RULE, rows[0]->name,
	    name_in(fixture, "p000", rows[0], last));
	assert_says(fixture,
	    "circle: p000, p099, p098, p097, p096, p095, p094, p093, p092, ..., p000");
}

/* What only damage brings about is found out in bounded time, and no more is built on it. */
static void
a_circle_that_stands_is_survived(void **state)
{
	struct fixture *fixture = *state;
	struct user user = {0};
	struct txn *txn;

	make_line(fixture, rows[0], 3);
	add_user(fixture, "anna", ROLE);
	assert_good(fixture, store_write_begin(fixture->admin.store, &fixture->admin.actor, "test",
	    NOW, &txn, &fixture->why));
	assert_good(fixture, user_find(txn, "p000", &user, &fixture->why));
	assert_int_equal(field_parse(rows[0], &user, "p002", NULL), FAULT_NONE);
	assert_good(fixture, user_put(txn, &user, &fixture->why));
	assert_good(fixture, store_commit(txn, NULL, &fixture->why));
	user_clear(&user);
	assert_refused(fixture, FAULT_RULE, rows[0]->name,
	    name_in(fixture, "anna", rows[0], "p001"));
	assert_good(fixture, name_in(fixture, "p001", rows[0], ""));
	assert_good(fixture, name_in(fixture, "anna", rows[0], "p001"));
}

/* ---- when somebody is renamed or deleted --------------------------------------------------- */

/* anna and carl name bob in every row; dora names anna. */
static void
all_name_bob(struct fixture *fixture)
{
	PEOPLE(fixture, "anna", "bob", "carl", "dora");
	for (size_t i = 0; i < row_count; i++) {
		assert_good(fixture, name_in(fixture, "anna", rows[i], "bob"));
		assert_good(fixture, name_in(fixture, "carl", rows[i], "bob"));
		assert_good(fixture, name_in(fixture, "dora", rows[i], "anna"));
	}
}

/* How many changes of this field the newest entry notes, from one value to the other. */
static unsigned
noted(struct fixture *fixture, const char *field, const char *before, const char *after)
{
	uint64_t head = journal_at(fixture);
	struct journal_entry entry = {0};
	unsigned count = 0;
	struct txn *txn;

	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, journal_next(txn, head - 1, &entry, &fixture->why));
	for (size_t i = 0; i < entry.count; i++)
		count += strcmp(entry.change[i].field, field) == 0 &&
		    strcmp(entry.change[i].before, before) == 0 &&
		    strcmp(entry.change[i].after, after) == 0;
	journal_entry_clear(&entry);
	store_end(txn);
	return count;
}

static uint64_t
count_naming(struct fixture *fixture, const struct field *row, const char *name)
{
	uint64_t count = 0;
	struct txn *txn;

	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, user_with_count(txn, row, name, &count, &fixture->why));
	store_end(txn);
	return count;
}

static void
a_rename_is_followed(void **state)
{
	struct fixture *fixture = *state;
	uint64_t before;
	char said[WHY_TEXT_MAX], version[16];

	all_name_bob(fixture);
	snprintf(version, sizeof(version), "%zu", 1 + row_count + 1);
	before = journal_at(fixture);
	assert_good(fixture,
	    account_rename(&fixture->admin, "bob", "robert", &fixture->why));
	assert_int_equal(journal_at(fixture), before + 1); /* in one transaction */
	for (size_t i = 0; i < row_count; i++) {
		assert_named(fixture, "anna", rows[i], "robert");
		assert_named(fixture, "carl", rows[i], "robert");
		assert_named(fixture, "dora", rows[i], "anna");
		assert_int_equal(noted(fixture, rows[i]->name, "bob", "robert"), 2);
		assert_int_equal(count_naming(fixture, rows[i], "bob"), 0);
		assert_int_equal(count_naming(fixture, rows[i], "robert"), 2);
		snprintf(said, sizeof(said), "the %s of 2 users was bob, and is robert now",
		    rows[i]->name);
		assert_notice(fixture, said);
	}
	assert_notice(fixture, "");
	assert_string_equal(user_text(fixture, "anna", "version"), version);
	/* The line is one still. */
	assert_refused(fixture, FAULT_RULE, rows[0]->name,
	    name_in(fixture, "robert", rows[0], "dora"));
}

static void
a_deleted_user_is_named_no_more(void **state)
{
	struct fixture *fixture = *state;
	uint64_t before;
	char said[WHY_TEXT_MAX];

	all_name_bob(fixture);
	before = journal_at(fixture);
	assert_good(fixture, account_delete(&fixture->admin, "bob", &fixture->why));
	assert_int_equal(journal_at(fixture), before + 1);
	for (size_t i = 0; i < row_count; i++) {
		assert_named(fixture, "anna", rows[i], "");
		assert_named(fixture, "carl", rows[i], "");
		assert_named(fixture, "dora", rows[i], "anna");
		assert_int_equal(noted(fixture, rows[i]->name, "bob", ""), 2);
		snprintf(said, sizeof(said), "the %s of 2 users was bob, and is nobody now",
		    rows[i]->name);
		assert_notice(fixture, said);
	}
	assert_notice(fixture, "");
	/* Whoever has the name next is nobody's. */
	fixture->admin.insist = true;
	add_user(fixture, "bob", ROLE);
	assert_named(fixture, "anna", rows[0], "");
	assert_good(fixture, account_delete(&fixture->admin, "anna", &fixture->why));
	snprintf(said, sizeof(said), "the %s of 1 user was anna, and is nobody now", rows[0]->name);
	assert_notice(fixture, said);
	/* Nothing is said of whom nobody names. */
	assert_good(fixture, account_delete(&fixture->admin, "dora", &fixture->why));
	assert_notice(fixture, "");
}

/* More than one entry of the journal holds. */
enum { MANY = 3000 };

static void
many_go_along(void **state)
{
	struct fixture *fixture = *state;
	unsigned char hash[CRYPTO_HASH_BYTES] = {0};
	uint64_t proved = 0;
	struct txn *txn;

	add_user(fixture, "bob", ROLE);
	assert_good(fixture, store_write_begin(fixture->admin.store, &fixture->admin.actor, "test",
	    NOW, &txn, &fixture->why));
	for (int i = 0; i < MANY; i++) {
		struct user user = {.status = STATUS_ACTIVE};
		char name[16];

		snprintf(name, sizeof(name), "u%d", i);
		user.name = strdup(name);
		user.first_name = strdup("Ex");
		user.last_name = strdup("Ample");
		assert_true(names_add(&user.roles, ROLE));
		for (size_t j = 0; j < row_count; j++)
			assert_int_equal(field_parse(rows[j], &user, "bob", NULL), FAULT_NONE);
		assert_good(fixture, user_put(txn, &user, &fixture->why));
		user_clear(&user);
	}
	assert_good(fixture, store_commit(txn, NULL, &fixture->why));
	assert_good(fixture, account_rename(&fixture->admin, "bob", "robert", &fixture->why));
	for (size_t j = 0; j < row_count; j++) {
		assert_int_equal(count_naming(fixture, rows[j], "bob"), 0);
		assert_int_equal(count_naming(fixture, rows[j], "robert"), MANY);
	}
	assert_named(fixture, "u2999", rows[row_count - 1], "robert");
	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, journal_verify(txn, 0, hash, &proved, &fixture->why));
	store_end(txn);
	assert_good(fixture, account_delete(&fixture->admin, "robert", &fixture->why));
	assert_int_equal(count_naming(fixture, rows[0], "robert"), 0);
}

/* ---- delegates ---------------------------------------------------------------------------- */

static void
place(struct fixture *fixture, const char *name, const char *role, const char *unit)
{
	struct user made = {0};
	char email[64];

	snprintf(email, sizeof(email), "%s@example.org", name);
	assert_good(fixture, account_add(&fixture->admin, name,
	    EDITS(PERSON("Ex", "Ample", role), USER_SET("unit", unit), USER_SET("email", email)),
	    NULL, &made, &fixture->why));
	user_clear(&made);
}

static void
delegates_name_whom_they_like(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, role_create(&fixture->admin, "keeper", EDITS(ROLE_SET("group", "no"),
	    ROLE_SET("permissions", "hexa.users.edit hexa.users.delete")), &fixture->why));
	place(fixture, "keeper1", "keeper@/sales", "/sales");
	place(fixture, "anna", ROLE, "/sales");
	place(fixture, "carl", ROLE, "/sales");
	place(fixture, "boss", ROLE, "/board");
	assert_good(fixture, name_in(fixture, "boss", rows[1], "carl"));
	fixture_become(fixture, "keeper1");
	/* An ordinary edit, of somebody in reach; whom they name need not be. */
	assert_good(fixture, name_in(fixture, "anna", rows[0], "boss"));
	assert_refused(fixture, FAULT_DENIED, NULL, name_in(fixture, "boss", rows[0], "anna"));
	/* Whose an address is, nobody is told whom it does not concern. */
	assert_refused(fixture, FAULT_DENIED, rows[1]->name,
	    name_in(fixture, "anna", rows[1], "boss@example.org"));
	assert_null(strstr(fixture->why.text, "boss"));
	assert_good(fixture, name_in(fixture, "anna", rows[1], "carl@example.org"));
	/* Nor whom somebody names: a circle is refused, and named where all of it is in reach. */
	assert_refused(fixture, FAULT_RULE, rows[1]->name,
	    name_in(fixture, "carl", rows[1], "anna"));
	assert_says(fixture, "circle: carl, anna, carl");
	assert_refused(fixture, FAULT_RULE, rows[1]->name,
	    name_in(fixture, "carl", rows[1], "boss"));
	assert_says(fixture, "circle, through users whom your hexa.users.edit does not reach");
	/* What follows for others is no edit of theirs. */
	assert_good(fixture, account_rename(&fixture->admin, "carl", "karl", &fixture->why));
	assert_named(fixture, "boss", rows[1], "karl");
	assert_good(fixture, account_delete(&fixture->admin, "karl", &fixture->why));
	assert_named(fixture, "boss", rows[1], "");
	assert_named(fixture, "anna", rows[1], "");
}

/* ---- names that look alike ----------------------------------------------------------------- */

static void
looks(void **state)
{
	static const struct {
		const char *name, *look;
	} table[] = {
	    {"anna", "anna"}, {"o0o", "ooo"}, {"i1l", "lll"}, {"bernd", "bemd"}, {"bemd", "bemd"},
	    {"rrn", "rm"}, {"rnrn", "mm"}, {"vvill", "wlll"}, {"vv", "w"}, {"v", "v"},
	    {"a_b-c", "a-b-c"}, {"", ""}, {"rn", "m"}, {"r", "r"}, {"n", "n"},
	    {"abcdefghijklmnopqrstuvwxyz0123456789", "abcdefghljklmnopqrstuvwxyzol2345"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char look[LOGIN_NAME_BYTES + 1], again[LOGIN_NAME_BYTES + 1];

		text_look(table[i].name, look);
		assert_string_equal(look, table[i].look);
		text_look(look, again);
		assert_string_equal(again, look);
	}
}

static void
a_name_like_anothers_is_told(void **state)
{
	static const struct {
		const char *there, *new;
		bool alike;
	} table[] = {
	    {"clea", "c1ea", true}, {"w1lma", "wilma", true}, {"bernd", "bemd", true},
	    {"zemon", "zernon", true}, {"d0ra", "dora", true},
	    {"al-b", "al_b", true}, {"erik", "erika", false}, {"tom", "tim", false},
	    {"jan", "jan2", false}, {"hanna", "hana", false},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char said[WHY_TEXT_MAX] = "";

		add_user(fixture, table[i].there, ROLE);
		assert_notice(fixture, "");
		add_user(fixture, table[i].new, ROLE);
		if (table[i].alike)
			snprintf(said, sizeof(said), "%s is easily taken for %s, another user",
			    table[i].new, table[i].there);
		assert_notice(fixture, said);
	}
}

static void
ones_own_name_is_no_others(void **state)
{
	struct fixture *fixture = *state;

	fixture->admin.insist = true;
	PEOPLE(fixture, "lena", "milo");
	assert_good(fixture, account_rename(&fixture->admin, "milo", "mi1o", &fixture->why));
	assert_notice(fixture, "");
	assert_good(fixture, account_rename(&fixture->admin, "mi1o", "milo", &fixture->why));
	assert_notice(fixture, "");
	assert_good(fixture, account_rename(&fixture->admin, "milo", "mllo", &fixture->why));
	assert_notice(fixture, "");
	assert_good(fixture, account_rename(&fixture->admin, "mllo", "milo", &fixture->why));
	assert_notice(fixture, "");
	/* Nor is one that is given up. */
	assert_good(fixture, account_delete(&fixture->admin, "milo", &fixture->why));
	add_user(fixture, "mi1o", ROLE);
	assert_notice(fixture, "");
	assert_good(fixture, account_rename(&fixture->admin, "lena", "m1lo", &fixture->why));
	assert_notice(fixture, "m1lo is easily taken for mi1o, another user");
	/* An edit is no reason to say it again. */
	assert_good(fixture, account_edit(&fixture->admin, "m1lo",
	    EDITS(USER_SET("note", "new")), &fixture->why));
	assert_notice(fixture, "");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(every_row_is_indexed),
	    TEST(a_user_is_named_in_any_way),
	    TEST(a_new_user_names_somebody),
	    TEST(whoever_is_named_exists),
	    TEST(the_store_asks_too),
	    TEST(no_line_is_a_circle),
	    TEST(each_field_has_lines_of_its_own),
	    TEST(a_line_has_a_limit),
	    TEST(a_circle_that_stands_is_survived),
	    TEST(a_rename_is_followed),
	    TEST(a_deleted_user_is_named_no_more),
	    TEST(many_go_along),
	    TEST(delegates_name_whom_they_like),
	    cmocka_unit_test(looks),
	    TEST(a_name_like_anothers_is_told),
	    TEST(ones_own_name_is_no_others),
	};

	return RUN_AS_ROOT(tests);
}
