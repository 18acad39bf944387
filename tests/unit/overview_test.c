/*
 * overview_test.c - lists of users: that an index, a sort and a limit give what looking at
 * everybody gives, and only what the actor may see.
 */
#include "tests/unit/accounts_fixture.h"

#include <malloc.h>

#include "accounts/clients.h"
#include "accounts/overview.h"
#include "accounts/ranking.h"
#include "accounts/source.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define VIEW         "hexa.users.view"

enum { PEOPLE = 250, QUESTIONS = 300, LISTED_MAX = PEOPLE + 16 };

/* ---- chance -------------------------------------------------------------------------------- */

static uint64_t chance = 20261121;

/* SplitMix64 (Steele, Lea and Flood, 2014). */
static unsigned
pick(unsigned below)
{
	uint64_t mixed = chance += 0x9e3779b97f4a7c15;

	mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
	mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
	return (unsigned)((mixed ^ mixed >> 31) % below);
}

#define ONE_OF(list) ((list)[pick(COUNT(list))])

/* ---- people -------------------------------------------------------------------------------- */

static const char *const units[] = {"", "", "/", "/sales", "/sales/north", "/sales/north/oslo",
    "/sales-x", "/sales0", "/it", "/it/db"};
static const char *const roles[] = {"guest", "guest", "builder", "builder@/sales",
    "builder@client:acme", "rare", "guest builder"};
static const char *const clients[] = {"", "", "", "acme", "brill", "acme brill"};
static const char *const sites[] = {"", "", "", "gate", "yard"};
static const char *const statuses[] = {"active", "active", "active", "suspended", "revoked",
    "left", "invited"};
static const char *const firsts[] = {"Anna", "anna", "Åsa", "åsa", "Bob", "Éva", "Zoë"};
static const char *const lasts[] = {"Berg", "Öberg", "Ångström", "van Dam", "berg"};

static void
set(struct fixture *fixture, struct user *user, const char *field, const char *value)
{
	assert_good(fixture, field_parse(user_field(field), user, value, &fixture->why));
}

static void
add_person(struct fixture *fixture, struct txn *txn, unsigned number)
{
	struct user user = {0};
	char text[64];

	snprintf(text, sizeof(text), "p%u", number * 7919 % 1000);
	set(fixture, &user, "name", text);
	set(fixture, &user, "first-name", ONE_OF(firsts));
	set(fixture, &user, "last-name", ONE_OF(lasts));
	set(fixture, &user, "roles", ONE_OF(roles));
	set(fixture, &user, "unit", ONE_OF(units));
	set(fixture, &user, "clients", ONE_OF(clients));
	set(fixture, &user, "sites", ONE_OF(sites));
	set(fixture, &user, "status", ONE_OF(statuses));
	set(fixture, &user, "access-back", pick(2) == 0 ? "" : "30");
	set(fixture, &user, "report-to", pick(3) == 0 ? "boss" : "");
	set(fixture, &user, "home", "/home/p");
	set(fixture, &user, "shell", "/bin/sh");
	snprintf(text, sizeof(text), "P%u@Example.org", number);
	set(fixture, &user, "email", pick(2) == 0 ? text : "");
	snprintf(text, sizeof(text), "+3161234%04u", number);
	set(fixture, &user, "phone", pick(2) == 0 ? text : "");
	assert_good(fixture, user_put(txn, &user, &fixture->why));
	user_clear(&user);
}

static void
add_people(struct fixture *fixture)
{
	struct txn *txn;

	assert_good(fixture, store_write_begin(fixture->admin.store, &fixture->admin.actor, "test",
	                         NOW, &txn, &fixture->why));
	for (unsigned i = 0; i < PEOPLE; i++)
		add_person(fixture, txn, i);
	assert_good(fixture, store_commit(txn, NULL, &fixture->why));
}

static void
add_viewer(struct fixture *fixture, const char *name, const char *assignments)
{
	struct user made = {0};

	assert_good(fixture, account_add(&fixture->admin, name,
	                         EDITS(USER_SET("first-name", "Ex"), USER_SET("last-name", "Ample"),
	                             USER_SET("roles", assignments)),
	                         NULL, &made, &fixture->why));
	user_clear(&made);
}

static int
setup(void **state)
{
	static const struct field *of;
	int result = fixture_setup(state);
	struct fixture *fixture = *state;
	struct admin *admin = &fixture->admin;

	assert_good(fixture, apply(fixture, "hexa-policy: 1\n"
	    "permissions:\n  shell.login: {services: [sshd]}\n"
	    "roles:\n"
	    "  guest: {permissions: [shell.login], group: no}\n"
	    "  builder: {permissions: [shell.login], group: no}\n"
	    "  rare: {permissions: [shell.login], group: no}\n"
	    "  nobodys: {permissions: [shell.login], group: no}\n"
	    "  viewer: {permissions: [hexa.users.view], group: no}\n"));
	of = field_find(&site_table, "client");
	assert_good(fixture, client_create(admin, "acme", NO_EDITS, &fixture->why));
	assert_good(fixture, client_create(admin, "brill", NO_EDITS, &fixture->why));
	assert_good(fixture, client_create(admin, "calm", NO_EDITS, &fixture->why));
	assert_good(fixture, site_create(admin, "gate", EDITS({EDIT_SET, of, "acme"}),
	                         &fixture->why));
	assert_good(fixture, site_create(admin, "yard", EDITS({EDIT_SET, of, "brill"}),
	                         &fixture->why));
	add_viewer(fixture, "boss", "guest");
	add_viewer(fixture, "all", "viewer");
	add_viewer(fixture, "north", "viewer@/sales/north");
	add_viewer(fixture, "sales", "viewer@/sales");
	add_viewer(fixture, "both", "viewer@/it viewer@client:acme viewer@/it/db");
	add_viewer(fixture, "none", "viewer@client:calm");
	return result;
}

static int
setup_people(void **state)
{
	int result = setup(state);

	add_people(*state);
	return result;
}

/* ---- asking -------------------------------------------------------------------------------- */

struct listed {
	uint32_t uid[LISTED_MAX];
	size_t count;
};

static enum fault
ask(struct fixture *fixture, const struct overview_wish *wish, struct listed *out)
{
	struct overview *overview = NULL;
	struct listed_user listed = {0};
	struct txn *txn;
	enum fault fault = overview_open(&fixture->admin, VIEW, wish, &overview, &fixture->why);

	out->count = 0;
	if (fault != FAULT_NONE)
		return fault;
	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	while ((fault = overview_next(overview, txn, &listed, &fixture->why)) == FAULT_NONE) {
		assert_true(out->count < LISTED_MAX);
		out->uid[out->count++] = listed.user.uid;
		listed_clear(&listed);
	}
	store_end(txn);
	overview_close(overview);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

struct stand {
	uint32_t uid;
	uint64_t number;
	char text[256];
};

static bool descending;

static int
compare_stands(const void *one, const void *other)
{
	const struct stand *a = one, *b = other;
	int order = a->number != b->number ? (a->number < b->number ? -1 : 1)
	                                   : strcmp(a->text, b->text);

	if (order != 0)
		return descending ? -order : order;
	return a->uid < b->uid ? -1 : 1;
}

/* The same by looking at everybody, and putting all in order. */
static void
ask_everybody(struct fixture *fixture, const struct overview_wish *wish, struct listed *out)
{
	static struct stand stand[LISTED_MAX];
	struct listed_user listed = {0};
	struct match *match = NULL;
	struct reach reach = {0};
	struct txn *txn;
	uint32_t after = 0;
	size_t count = 0;

	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, admin_reach(&fixture->admin, txn, VIEW, &reach, &fixture->why));
	assert_good(fixture, match_make(&wish->question, &match, &fixture->why));
	while (user_next(txn, after, &listed.user, &fixture->why) == FAULT_NONE) {
		bool has = false;
		struct rank rank;

		after = listed.user.uid;
		listed.display = listed_display(&listed.user);
		assert_good(fixture, match_has(match, &listed, &has, &fixture->why));
		if (has && reach_covers_user(&reach, &listed.user)) {
			assert_good(fixture, match_rank(match, &listed, &rank, &fixture->why));
			stand[count].uid = after;
			stand[count].number = rank.number;
			snprintf(stand[count++].text, sizeof(stand[0].text), "%s", rank.text);
		}
		listed_clear(&listed);
	}
	store_end(txn);
	match_free(match);
	reach_clear(&reach);
	descending = wish->question.descending;
	qsort(stand, count, sizeof(stand[0]), compare_stands);
	if (wish->has_limit && count > wish->limit)
		count = (size_t)wish->limit;
	for (size_t i = 0; i < count; i++)
		out->uid[i] = stand[i].uid;
	out->count = count;
}

/* ---- an index gives what looking at everybody gives ------------------------------------------ */

static const char *const filters[] = {"status=active", "status=left", "status=invited",
    "status=revoked", "type=employee", "roles=guest", "roles=builder", "roles=rare",
    "roles=nobodys", "roles=builder@/sales", "roles=builder@client:acme", "roles=rare@/it",
    "roles=", "clients=acme", "clients=brill", "clients=calm", "clients=", "sites=gate", "sites=",
    "unit=/", "unit=/sales", "unit=/sales/north", "unit=/sales-x", "unit=/it", "unit=/none", "unit=",
    "report-to=boss", "report-to=", "name=p7", "name=boss", "name=P7", "name=guest", "name=nobody",
    "email=p7@EXAMPLE.org", "email=p7", "email=", "phone=+31612340007", "phone=7", "phone=",
    "uid=65600", "uid=1", "first-name=Åsa", "last-name=berg", "access-back=30", "access-back=",
    "display=Bob Berg <p7> [employee:local]", "created=2026-11-21", "created=2026-11-22"};
static const char *const sorts[] = {"uid", "name", "first-name", "last-name", "status", "unit",
    "email", "roles", "access-back", "created", "display", "clients"};
static const char *const searches[] = {"å", "BERG", "p7", "anna v", "@example", "+3161", "zz"};

static struct filter
filter_of(const char *text)
{
	char name[32];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(text, "="), text);
	return (struct filter){listed_field(name), strchr(text, '=') + 1};
}

static void
assert_same(struct fixture *fixture, const struct overview_wish *wish)
{
	static struct listed one, other;

	assert_good(fixture, ask(fixture, wish, &one));
	ask_everybody(fixture, wish, &other);
	if (one.count == other.count &&
	    memcmp(one.uid, other.uid, one.count * sizeof(one.uid[0])) == 0)
		return;
	for (size_t i = 0; i < wish->question.filters; i++)
		print_message("%s=%s\n", wish->question.filter[i].field->name,
		    wish->question.filter[i].value);
	fail_msg("%zu users, not %zu; search %s, sort %s%s, limit %d %llu, for %s", one.count,
	    other.count, wish->question.search == NULL ? "-" : wish->question.search,
	    wish->question.sort == NULL ? "-" : wish->question.sort->name,
	    wish->question.descending ? ":desc" : "", wish->has_limit,
	    (unsigned long long)wish->limit, fixture->admin.actor.name);
}

static void
ask_at_random(struct fixture *fixture, unsigned rounds)
{
	for (unsigned round = 0; round < rounds; round++) {
		struct filter filter[3];
		struct overview_wish wish = {.has_limit = pick(3) == 0, .limit = pick(40)};

		wish.question.filter = filter;
		wish.question.filters = pick(COUNT(filter) + 1);
		for (size_t i = 0; i < wish.question.filters; i++)
			filter[i] = filter_of(ONE_OF(filters));
		wish.question.search = pick(4) == 0 ? ONE_OF(searches) : NULL;
		wish.question.sort = pick(2) == 0 ? listed_field(ONE_OF(sorts)) : NULL;
		wish.question.descending = wish.question.sort != NULL && pick(2) == 0;
		assert_same(fixture, &wish);
	}
}

static void
an_index_gives_what_looking_at_everybody_gives(void **state)
{
	static const char *const actors[] = {NULL, "all", "north", "sales", "both", "none"};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT(filters); i++) {
		const struct filter filter = filter_of(filters[i]);

		assert_same(fixture, &(struct overview_wish){.question = {.filter = &filter,
		                          .filters = 1}});
	}
	for (size_t i = 0; i < COUNT(actors); i++) {
		fixture_become(fixture, actors[i]);
		assert_same(fixture, &(struct overview_wish){.has_limit = false});
		ask_at_random(fixture, QUESTIONS / COUNT(actors));
	}
}

/* Few are looked at where few are asked for. */
static void
an_index_leads_to_few(void **state)
{
	static const struct {
		const char *filter;
		enum from from;
	} expected[] = {
		{"status=left", FROM_WORD},
		{"report-to=boss", FROM_WORD},
		{"roles=rare", FROM_WORD},
		{"roles=rare@/sales", FROM_WORD},
		{"clients=acme", FROM_WORD},
		{"sites=gate", FROM_WORD},
		{"unit=/it", FROM_LIST},
		{"name=p7", FROM_LIST},
		{"email=p7@example.org", FROM_LIST},
		{"phone=+31612340007", FROM_LIST},
		{"uid=65600", FROM_LIST},
		{"type=employee", FROM_ALL},
		{"roles=", FROM_ALL},
		{"note=x", FROM_ALL},
		{"unit=/", FROM_ALL},
	};
	struct fixture *fixture = *state;
	const struct reach reach = {.everywhere = true};
	struct reach narrow = {.everywhere = false};
	struct source source = {0};
	struct txn *txn;

	assert_true(names_add(&narrow.assignments, "viewer@/it"));
	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	for (size_t i = 0; i < COUNT(expected); i++) {
		const struct filter filter = filter_of(expected[i].filter);

		assert_good(fixture,
		    source_choose(&source, txn, &filter, 1, &reach, &fixture->why));
		if (source.from != expected[i].from)
			fail_msg("%s: from %d", expected[i].filter, (int)source.from);
		source_clear(&source);
	}
	assert_good(fixture, source_choose(&source, txn, NULL, 0, &narrow, &fixture->why));
	assert_int_equal(source.from, FROM_LIST);
	assert_in_range(source.count, 1, PEOPLE / 2);
	source_clear(&source);
	store_end(txn);
	names_clear(&narrow.assignments);
}

/* ---- who is seen, and what is told ----------------------------------------------------------- */

static enum fault
ask_by(struct fixture *fixture, const char *text, struct listed *out)
{
	const struct filter filter = filter_of(text);

	return ask(fixture, &(struct overview_wish){.question = {.filter = &filter, .filters = 1}},
	    out);
}

static void
a_name_that_is_nobodys_is_told_to_who_sees_everybody(void **state)
{
	static const char *const bad[] = {"roles=gest", "roles=gest@/sales", "clients=acm",
	    "sites=gat", "report-to=bos", "report-to=nobody@example.org"};
	struct fixture *fixture = *state;
	struct listed listed;

	for (size_t i = 0; i < COUNT(bad); i++)
		assert_fault(fixture, FAULT_UNKNOWN, ask_by(fixture, bad[i], &listed));
	assert_fault(fixture, FAULT_UNKNOWN, ask_by(fixture, "roles=gest", &listed));
	assert_says(fixture, "did you mean guest?");
	assert_good(fixture, ask_by(fixture, "name=nobody", &listed));
	assert_int_equal(listed.count, 0);
	fixture_become(fixture, "sales");
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_good(fixture, ask_by(fixture, bad[i], &listed));
		assert_int_equal(listed.count, 0);
	}
}

static void
another_user_may_be_named_by_any_argument(void **state)
{
	struct fixture *fixture = *state;
	struct listed listed, by_name;
	char by_uid[64];
	struct user boss = {0};

	read_user(fixture, "boss", &boss);
	snprintf(by_uid, sizeof(by_uid), "report-to=uid:%u", boss.uid);
	user_clear(&boss);
	assert_good(fixture, ask_by(fixture, "report-to=boss", &by_name));
	assert_in_range(by_name.count, 1, PEOPLE);
	assert_good(fixture, ask_by(fixture, by_uid, &listed));
	assert_int_equal(listed.count, by_name.count);
	/* To who does not see boss, that number is nobody's. */
	fixture_become(fixture, "sales");
	assert_good(fixture, ask_by(fixture, by_uid, &listed));
	assert_int_equal(listed.count, 0);
	assert_good(fixture, ask_by(fixture, "report-to=boss", &listed));
	assert_in_range(listed.count, 1, PEOPLE);
}

static void
without_the_permission_nobody_is_listed(void **state)
{
	struct fixture *fixture = *state;
	struct overview *overview = NULL;

	fixture_become(fixture, "all");
	assert_fault(fixture, FAULT_DENIED, overview_open(&fixture->admin, "hexa.users.edit",
	                                        &(struct overview_wish){.has_limit = false},
	                                        &overview, &fixture->why));
	assert_null(overview);
}

/* ---- several moments ------------------------------------------------------------------------- */

static size_t
count_rest(struct fixture *fixture, struct overview *overview)
{
	struct listed_user listed = {0};
	struct txn *txn;
	size_t count = 0;

	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	while (overview_next(overview, txn, &listed, &fixture->why) == FAULT_NONE) {
		count++;
		listed_clear(&listed);
	}
	store_end(txn);
	overview_close(overview);
	return count;
}

static void
who_is_gone_or_changed_meanwhile_is_left_out(void **state)
{
	static const char *const names[] = {"ann", "ben", "cas", "dan"};
	const struct filter active = {user_field("roles"), "rare"};
	const struct overview_wish wishes[] = {
		{.question = {.filter = &active, .filters = 1}},
		{.question = {.filter = &active, .filters = 1, .sort = user_field("name")}},
	};
	struct fixture *fixture = *state;
	struct overview *overview[2] = {NULL, NULL};

	for (size_t i = 0; i < COUNT(names); i++)
		add_user(fixture, names[i], "rare");
	for (size_t i = 0; i < COUNT(wishes); i++)
		assert_good(fixture, overview_open(&fixture->admin, VIEW, &wishes[i], &overview[i],
		                         &fixture->why));
	assert_good(fixture, account_delete(&fixture->admin, "ben", &fixture->why));
	assert_good(fixture, account_edit(&fixture->admin, "cas",
	                         EDITS(USER_ADD("roles", "guest"), USER_REMOVE("roles", "rare")),
	                         &fixture->why));
	for (size_t i = 0; i < COUNT(wishes); i++)
		assert_int_equal(count_rest(fixture, overview[i]), 2);
}

static void
what_is_beside_the_record_is_filled_in_when_asked(void **state)
{
	struct fixture *fixture = *state;
	const struct filter boss = {user_field("name"), "boss"};
	const struct filter on_a_day = {listed_field("last-login"), "2026-11-21"};
	const struct filter never = {listed_field("last-login"), ""};
	const struct question by_name = {.filter = &boss, .filters = 1};
	struct listed_user listed = {0};
	struct overview *overview = NULL;
	struct listed found;
	struct user user = {0};
	struct txn *txn;

	read_user(fixture, "boss", &user);
	assert_good(fixture, ask(fixture, &(struct overview_wish){.question = {.filter = &never,
	                         .filters = 1}}, &found));
	assert_int_equal(found.count, 6);
	assert_good(fixture, last_login_put(fixture->root, user.uid, NOW, "host", "sshd",
	                         &fixture->why));
	assert_good(fixture, overview_open(&fixture->admin, VIEW,
	                         &(struct overview_wish){.question = by_name, .display = true,
	                             .last_login = true}, &overview, &fixture->why));
	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, overview_next(overview, txn, &listed, &fixture->why));
	assert_string_equal(listed.display, "Ex Ample <boss> [employee:local]");
	assert_int_equal(listed.last_login, NOW);
	listed_clear(&listed);
	assert_fault(fixture, FAULT_UNKNOWN,
	    overview_next(overview, txn, &listed, &fixture->why));
	store_end(txn);
	overview_close(overview);
	assert_good(fixture, ask(fixture, &(struct overview_wish){.question = {.filter = &on_a_day,
	                         .filters = 1}}, &found));
	assert_int_equal(found.count, 1);
	assert_int_equal(found.uid[0], user.uid);
	assert_good(fixture, ask(fixture, &(struct overview_wish){.question = {.filter = &never,
	                         .filters = 1}}, &found));
	assert_int_equal(found.count, 5);
	user_clear(&user);
}

/* ---- memory ---------------------------------------------------------------------------------- */

/* What grows while users are shown, after the first of them, is not a user's record for each. */
static void
the_users_shown_are_not_kept(void **state)
{
	struct fixture *fixture = *state;
	const struct overview_wish wish = {.question = {.search = "b"}, .display = true};
	struct overview *overview = NULL;
	struct listed_user listed = {0};
	struct txn *txn;
	size_t first = 0, count = 0;

	assert_good(fixture, overview_open(&fixture->admin, VIEW, &wish, &overview, &fixture->why));
	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	while (overview_next(overview, txn, &listed, &fixture->why) == FAULT_NONE) {
		listed_clear(&listed);
		if (++count == 10)
			first = mallinfo2().uordblks;
		if (count > 10)
			assert_in_range(mallinfo2().uordblks, 0, first + 8 * 1024);
	}
	assert_in_range(count, 100, PEOPLE);
	store_end(txn);
	overview_close(overview);
}

/* ---- the order ------------------------------------------------------------------------------- */

/* `shown` of many, who come in any order. */
static void
rank_many(bool is_number, bool down, uint32_t many, uint64_t limit)
{
	struct ranking ranking = {.is_number = is_number, .descending = down, .limit = limit};
	struct why why;
	char text[32];

	for (uint32_t i = 0; i < many; i++) {
		uint32_t uid = (uint32_t)((uint64_t)i * 7919 % many), key = uid / 3;

		snprintf(text, sizeof(text), "%08u", key);
		assert_int_equal(ranking_add(&ranking,
		                     &(struct rank){is_number ? key : 0, is_number ? "" : text}, uid,
		                     &why),
		    FAULT_NONE);
		if (limit != 0 && limit < many)
			assert_in_range(ranking.count, 1, 2 * limit + RANKING_SPARE);
	}
	assert_int_equal(ranking_order(&ranking, &why), FAULT_NONE);
	assert_int_equal(ranking.count, limit != 0 && limit < many ? limit : many);
	for (uint32_t i = 0; i < ranking.count; i++) {
		uint32_t key = down ? (many - 1) / 3 - i / 3 : i / 3;

		assert_int_equal(ranking.ranked[i].uid, key * 3 + i % 3);
	}
	ranking_clear(&ranking);
}

static void
the_first_of_many_are_kept_in_order(void **state)
{
	static const uint64_t limits[] = {0, 1, 10, 5000, 20000, 30000, 40000, UINT64_MAX};

	(void)state;
	for (size_t i = 0; i < COUNT(limits); i++) {
		rank_many(false, false, 30000, limits[i]);
		rank_many(false, true, 30000, limits[i]);
		rank_many(true, false, 30000, limits[i]);
		rank_many(true, true, 30000, limits[i]);
	}
	rank_many(true, false, 0, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_index_gives_what_looking_at_everybody_gives,
		    setup_people, fixture_teardown),
		cmocka_unit_test_setup_teardown(an_index_leads_to_few, setup_people,
		    fixture_teardown),
		cmocka_unit_test_setup_teardown(
		    a_name_that_is_nobodys_is_told_to_who_sees_everybody, setup_people,
		    fixture_teardown),
		cmocka_unit_test_setup_teardown(another_user_may_be_named_by_any_argument,
		    setup_people, fixture_teardown),
		cmocka_unit_test_setup_teardown(without_the_permission_nobody_is_listed, setup,
		    fixture_teardown),
		cmocka_unit_test_setup_teardown(who_is_gone_or_changed_meanwhile_is_left_out, setup,
		    fixture_teardown),
		cmocka_unit_test_setup_teardown(what_is_beside_the_record_is_filled_in_when_asked,
		    setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(the_users_shown_are_not_kept, setup_people,
		    fixture_teardown),
		cmocka_unit_test(the_first_of_many_are_kept_in_order),
	};

	return RUN_AS_ROOT(tests);
}
