/*
 * unlock_test.c - failed logins as an administrator sees them, and forgets them.
 */
#include "tests/unit/accounts_fixture.h"

#include "accounts/invite.h"
#include "accounts/keys.h"
#include "accounts/lockout.h"
#include "accounts/login_facts.h"
#include "accounts/overview.h"
#include "accounts/review.h"
#include "accounts/unlock.h"

#define VIEW "hexa.users.view"

static const char policy[] =
    "hexa-policy: 1\n"
    "lockout: {failures: 5, within: 15m, for: 15m}\n"
    "permissions:\n"
    "  shell.login: {services: [sshd]}\n"
    "roles:\n"
    "  technician: {permissions: [shell.login], group: no}\n"
    "  viewer: {permissions: [shell.login, hexa.users.view], group: no}\n"
    "  keeper: {permissions: [shell.login, hexa.credentials.reset], group: no}\n"
    "  chief: {permissions: [shell.login, hexa.credentials.reset, hexa.users.view],"
    " group: no}\n";

static int
setup(void **state)
{
	static const char *const users[][2] = {{"anna", "technician"}, {"bob", "technician"},
	    {"vera", "viewer"}, {"kit", "keeper"}, {"cleo2", "chief"}};
	int result = fixture_setup(state);
	struct fixture *fixture = *state;

	make_folder(fixture->root, "/run");
	assert_good(fixture, apply(fixture, policy));
	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++)
		add_user(fixture, users[i][0], users[i][1]);
	return result;
}

static void
read_settings(struct fixture *fixture, struct settings *settings)
{
	struct txn *txn;

	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, settings_load(txn, settings, &fixture->why));
	store_end(txn);
}

static uint32_t
uid_of(struct fixture *fixture, const char *name)
{
	return (uint32_t)strtoul(user_text(fixture, name, "uid"), NULL, 10);
}

/* Wrong passwords, now. */
static void
fail_times(struct fixture *fixture, const char *name, const char *rhost, int count)
{
	const struct lockout_place place = {
	    .uid = uid_of(fixture, name), .name = name, .rhost = rhost};
	struct settings settings = {0};
	struct attempt attempt;

	read_settings(fixture, &settings);
	for (int i = 0; i < count; i++) {
		assert_good(fixture, lockout_begin(fixture->root, &settings, &place,
		                         lockout_uptime(), 1000, &attempt, &fixture->why));
		lockout_end(&attempt, false);
	}
	settings_clear(&settings);
}

static uint32_t
failures_of(struct fixture *fixture, const char *name)
{
	struct settings settings = {0};
	struct lockout_state counted;

	read_settings(fixture, &settings);
	lockout_get(fixture->root, &settings, uid_of(fixture, name), lockout_uptime(), &counted);
	settings_clear(&settings);
	return counted.failures;
}

/* ---- unlocking ------------------------------------------------------------------------------ */

static enum fault
unlock(struct fixture *fixture, const char *who)
{
	return account_unlock(&fixture->admin, who, &fixture->why);
}

static void
all_is_forgotten_and_stands_in_the_journal(void **state)
{
	struct fixture *fixture = *state;
	struct journal_entry entry = {0};
	struct txn *txn;

	fail_times(fixture, "anna", "192.0.2.7", 5);
	fail_times(fixture, "anna", "192.0.2.8", 2);
	fail_times(fixture, "bob", "192.0.2.7", 2);
	assert_good(fixture, unlock(fixture, "anna"));
	assert_int_equal(failures_of(fixture, "anna"), 0);
	assert_int_equal(failures_of(fixture, "bob"), 2);
	assert_journal(fixture, "user unlock");
	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture,
	    journal_next(txn, journal_at(fixture) - 1, &entry, &fixture->why));
	assert_int_equal(entry.count, 1);
	assert_string_equal(entry.change[0].noun, "user");
	assert_string_equal(entry.change[0].name, "anna");
	assert_string_equal(entry.change[0].field, "failures");
	assert_string_equal(entry.change[0].before, "7");
	assert_string_equal(entry.change[0].after, "0");
	journal_entry_clear(&entry);
	store_end(txn);
}

static void
nothing_to_forget_is_no_change(void **state)
{
	struct fixture *fixture = *state;
	const struct names *notices = &fixture->admin.notices;
	uint64_t before = journal_at(fixture);

	fail_times(fixture, "bob", "192.0.2.7", 5);
	assert_good(fixture, unlock(fixture, "anna"));
	assert_int_equal(notices->count, 1);
	assert_string_equal(notices->item[0],
	    "anna has no failed logins that count, and is not locked out");
	assert_int_equal(journal_at(fixture), before);
	assert_int_equal(failures_of(fixture, "bob"), 5);
	assert_good(fixture, unlock(fixture, "bob"));
	assert_int_equal(notices->count, 0);
}

/* As user password: matrix_test.c tries everybody. */
static void
who_may_not_changes_nothing(void **state)
{
	struct fixture *fixture = *state;

	fail_times(fixture, "anna", "192.0.2.7", 5);
	fail_times(fixture, "cleo2", "192.0.2.7", 5);
	assert_refused(fixture, FAULT_UNKNOWN, NULL, unlock(fixture, "nobody"));
	fixture_become(fixture, "vera");
	assert_refused(fixture, FAULT_DENIED, NULL, unlock(fixture, "anna"));
	fixture_become(fixture, "kit");
	/* Who has more, and oneself. */
	assert_refused(fixture, FAULT_DENIED, NULL, unlock(fixture, "cleo2"));
	assert_refused(fixture, FAULT_DENIED, NULL, unlock(fixture, "kit"));
	assert_int_equal(failures_of(fixture, "anna"), 5);
	assert_int_equal(failures_of(fixture, "cleo2"), 5);
	assert_good(fixture, unlock(fixture, "anna"));
	assert_int_equal(failures_of(fixture, "anna"), 0);
}

/* ---- seeing --------------------------------------------------------------------------------- */

/* Are they said to be locked out?  What is said is in fixture->why. */
static bool
ask_about(struct fixture *fixture, const char *who)
{
	struct reviews reviews = {0};
	bool locked;

	admin_forget(&fixture->admin);
	assert_good(fixture, review_logins(&fixture->admin, who, "sshd", NOW, &reviews, &fixture->why));
	assert_int_equal(reviews.review[0].verdict, VERDICT_ALLOWED);
	locked = reviews.locked.until != 0;
	snprintf(fixture->why.text, sizeof(fixture->why.text), "%s\n%s", reviews.locked.told,
	    reviews.locked.mend);
	if (locked) {
		assert_true(reviews.locked.until > NOW);
	}
	reviews_clear(&reviews);
	return locked;
}

static void
a_lock_out_is_told_with_what_ends_it(void **state)
{
	struct fixture *fixture = *state;

	fail_times(fixture, "anna", "2001:db8::7", 2);
	assert_false(ask_about(fixture, "anna"));
	fail_times(fixture, "anna", "2001:db8::7", 3);
	assert_true(ask_about(fixture, "anna"));
	assert_says(fixture, "anna is locked out from 2001:db8::/64 until 2026-11-21T09:4");
	assert_says(fixture, ", after 5 failed logins\nhexa-admin user unlock anna");
	/* What counts elsewhere without locking anybody out is no other place. */
	fail_times(fixture, "anna", "192.0.2.8", 1);
	assert_true(ask_about(fixture, "anna"));
	assert_says(fixture, "from 2001:db8::/64 until ");
	fail_times(fixture, "anna", "192.0.2.8", 4);
	fail_times(fixture, "anna", "192.0.2.9", 5);
	assert_true(ask_about(fixture, "anna"));
	assert_says(fixture, " and from 2 other places, the last until 2026-11-21T09:4");
	assert_false(ask_about(fixture, "bob"));
	assert_good(fixture, unlock(fixture, "anna"));
	assert_false(ask_about(fixture, "anna"));
}

static void
everywhere_is_told_as_that(void **state)
{
	struct fixture *fixture = *state;
	char text[sizeof(policy) + 32];
	const char *rest = strchr(policy, '\n') + 1;

	snprintf(text, sizeof(text), "hexa-policy: 1\nlockout: {scope: everywhere%s",
	    strstr(rest, ", within"));
	assert_good(fixture, apply(fixture, text));
	fail_times(fixture, "anna", "192.0.2.7", 5);
	assert_true(ask_about(fixture, "anna"));
	assert_says(fixture, "anna is locked out everywhere until ");
}

/* The names of those listed, with a space behind each. */
static const char *
list(struct fixture *fixture, const struct overview_wish *wish)
{
	static char names[256];
	struct listed_user listed = {0};
	struct overview *overview = NULL;
	struct txn *txn;

	names[0] = '\0';
	assert_good(fixture,
	    overview_open(&fixture->admin, VIEW, wish, &overview, &fixture->why));
	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	while (overview_next(overview, txn, &listed, &fixture->why) == FAULT_NONE) {
		size_t size = strlen(names);

		snprintf(names + size, sizeof(names) - size, "%s:%u ", listed.user.name,
		    (unsigned)listed.failures);
		listed_clear(&listed);
	}
	store_end(txn);
	overview_close(overview);
	return names;
}

static void
failures_are_listed_sorted_and_looked_for(void **state)
{
	struct fixture *fixture = *state;
	const struct filter two = {listed_field("failures"), "2"};
	const struct filter none = {listed_field("failures"), "0"};
	const struct overview_wish shown = {.failures = true};
	const struct overview_wish sorted = {.question = {.sort = listed_field("failures"),
	    .descending = true}, .has_limit = true, .limit = 2};
	const struct overview_wish filtered = {.question = {.filter = &two, .filters = 1}};
	const struct overview_wish blameless = {.question = {.filter = &none, .filters = 1}};

	assert_string_equal(list(fixture, &shown), "anna:0 bob:0 vera:0 kit:0 cleo2:0 ");
	fail_times(fixture, "bob", "192.0.2.7", 1);
	fail_times(fixture, "bob", "", 1);
	fail_times(fixture, "kit", "192.0.2.7", 7);
	assert_string_equal(list(fixture, &shown), "anna:0 bob:2 vera:0 kit:7 cleo2:0 ");
	assert_string_equal(list(fixture, &sorted), "kit:7 bob:2 ");
	assert_string_equal(list(fixture, &filtered), "bob:2 ");
	assert_string_equal(list(fixture, &blameless), "anna:0 vera:0 cleo2:0 ");
	/* Who does not ask has none read. */
	assert_string_equal(list(fixture, &(struct overview_wish){.has_limit = true, .limit = 2}),
	    "anna:0 bob:0 ");
}

static void
who_is_locked_out_is_listed_and_looked_for(void **state)
{
	struct fixture *fixture = *state;
	const struct filter none = {listed_field("locked-until"), ""};
	const struct overview_wish latest = {.question = {.sort = listed_field("locked-until"),
	    .descending = true}, .has_limit = true, .limit = 1};
	const struct overview_wish let_in = {.question = {.filter = &none, .filters = 1}};
	struct listed_user listed = {0};
	struct overview *overview = NULL;
	struct txn *txn;

	fail_times(fixture, "bob", "192.0.2.7", 4);
	fail_times(fixture, "kit", "192.0.2.7", 5);
	assert_string_equal(list(fixture, &let_in), "anna:0 bob:4 vera:0 cleo2:0 ");
	assert_string_equal(list(fixture, &latest), "kit:5 ");
	assert_good(fixture,
	    overview_open(&fixture->admin, VIEW, &latest, &overview, &fixture->why));
	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, overview_next(overview, txn, &listed, &fixture->why));
	assert_in_range(listed.locked_until, NOW + 14 * 60, NOW + 15 * 60);
	listed_clear(&listed);
	store_end(txn);
	overview_close(overview);
}

/* As user show tells it: a code whose time is up is none, whatever the record says. */
static void
whose_code_is_good_is_listed_and_looked_for(void **state)
{
	struct fixture *fixture = *state;
	const struct filter none = {listed_field("code-until"), ""};
	const struct filter then = {listed_field("code-until"), "2026-11-24"};
	const struct overview_wish without = {.question = {.filter = &none, .filters = 1}};
	const struct overview_wish until = {.question = {.filter = &then, .filters = 1}};
	const struct overview_wish latest = {.question = {.sort = listed_field("code-until"),
	    .descending = true}, .has_limit = true, .limit = 1};
	struct invitation invitation = {0};

	assert_string_equal(list(fixture, &until), "");
	assert_good(fixture,
	    account_invite(&fixture->admin, "kit", &invitation, &fixture->why));
	invitation_clear(&invitation);
	assert_string_equal(list(fixture, &until), "kit:0 ");
	assert_string_equal(list(fixture, &latest), "kit:0 ");
	assert_string_equal(list(fixture, &without), "anna:0 bob:0 vera:0 cleo2:0 ");
	fixture->admin.now = NOW + 3 * 86400;
	assert_string_equal(list(fixture, &until), "");
	assert_string_equal(list(fixture, &without), "anna:0 bob:0 vera:0 kit:0 cleo2:0 ");
}

/* One fact as it is shown; "" for none. */
static const char *
fact(struct fixture *fixture, const char *who, const char *name)
{
	static char text[64];
	struct login_facts facts = {0};
	struct user user = {0};
	char *shown;

	read_user(fixture, who, &user);
	assert_good(fixture, login_facts_get(&fixture->admin, &user, &facts, &fixture->why));
	shown = field_text(field_find(&login_facts_table, name), &facts);
	snprintf(text, sizeof(text), "%s", shown);
	free(shown);
	login_facts_clear(&facts);
	user_clear(&user);
	return text;
}

/* As the login does that the code lets in. */
static void
use_code(struct fixture *fixture, const char *who)
{
	struct user user = {0};
	struct txn *txn;

	assert_good(fixture, store_write_begin(fixture->admin.store, &fixture->admin.actor,
	    "code login", NOW, &txn, &fixture->why));
	assert_good(fixture, user_find(txn, who, &user, &fixture->why));
	user.code_used = NOW;
	assert_good(fixture, user_put(txn, &user, &fixture->why));
	assert_good(fixture, store_commit(txn, NULL, &fixture->why));
	user_clear(&user);
}

static void
how_somebody_logs_in_is_told(void **state)
{
	static const char key[] = "ssh-ed25519 "
	    "AAAAC3NzaC1lZDI1NTE5AAAAICBJ4PBeRNaRebKJVSxCVRq/Q6pob4GXCVZdtsXksaT3 anna";
	struct fixture *fixture = *state;
	struct invitation invitation = {0};

	for (size_t i = 0; i < login_facts_table.count; i++)
		if ((login_facts_table.rows[i].rights & F_ZERO) == 0)
			assert_string_equal(fact(fixture, "bob", login_facts_table.rows[i].name), "");
	assert_string_equal(fact(fixture, "bob", "keys"), "0");
	assert_good(fixture,
	    account_key_add(&fixture->admin, "anna", key, strlen(key), &fixture->why));
	assert_good(fixture,
	    account_invite(&fixture->admin, "anna", &invitation, &fixture->why));
	assert_good(fixture, last_login_put(fixture->root, uid_of(fixture, "anna"), NOW - 60,
	                         "192.0.2.7", "sshd", &fixture->why));
	fail_times(fixture, "anna", "192.0.2.9", 5);
	assert_string_equal(fact(fixture, "anna", "keys"), "1");
	assert_string_equal(fact(fixture, "anna", "last-login"), "2026-11-21T09:29:00Z");
	assert_string_equal(fact(fixture, "anna", "last-from"), "192.0.2.7");
	assert_string_equal(fact(fixture, "anna", "failures"), "5");
	assert_string_equal(fact(fixture, "anna", "locked-from"), "192.0.2.9");
	assert_string_equal(fact(fixture, "anna", "password-set"), "");
	assert_string_equal(fact(fixture, "anna", "code-until"), "2026-11-24T09:30:00Z");
	assert_string_equal(fact(fixture, "anna", "code-used"), "");
	use_code(fixture, "anna");
	assert_string_equal(fact(fixture, "anna", "code-used"), "2026-11-21T09:30:00Z");
	/* A code whose time is up is none. */
	fixture->admin.now = NOW + 4 * 86400;
	assert_string_equal(fact(fixture, "anna", "code-until"), "");
	invitation_clear(&invitation);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {TEST(all_is_forgotten_and_stands_in_the_journal),
		TEST(nothing_to_forget_is_no_change), TEST(who_may_not_changes_nothing),
		TEST(a_lock_out_is_told_with_what_ends_it), TEST(everywhere_is_told_as_that),
		TEST(failures_are_listed_sorted_and_looked_for),
		TEST(who_is_locked_out_is_listed_and_looked_for),
		TEST(whose_code_is_good_is_listed_and_looked_for),
		TEST(how_somebody_logs_in_is_told)};

	return RUN_AS_ROOT(tests);
}
