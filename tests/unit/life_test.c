/*
 * life_test.c - a user's life after they were made: which status leads to which, who takes a place
 * of those that are limited, and who is known by an e-mail address.
 */
#include "tests/unit/accounts_fixture.h"

#include "accounts/clients.h"

static const char yaml[] =
	"hexa-policy: 1\n"
	"password: {" CHEAP "}\n"
	"permissions:\n"
	"  desk.view: {}\n"
	"  desk.close: {}\n"
	"roles:\n"
	"  clerk: {permissions: [desk.view], group: no}\n"
	"  closer: {permissions: [desk.close], group: no}\n"
	"  creator: {permissions: [hexa.users.create, desk.view], group: no}\n"
	"  editor: {permissions: [hexa.users.edit, desk.view], group: no}\n"
	"  keeper: {permissions: ['hexa.users.*', desk.view], group: no}\n"
	"  portal: {group: no}\n";

static int
setup(void **state)
{
	int result = fixture_setup(state);
	struct fixture *fixture = *state;

	assert_good(fixture, apply(fixture, yaml));
	return result;
}

static void
limit(struct fixture *fixture, const char *limits)
{
	char text[2048];

	snprintf(text, sizeof(text), "%slimits: {%s}\n", yaml, limits);
	assert_good(fixture, apply(fixture, text));
}

static void
add_client(struct fixture *fixture, const char *name)
{
	assert_good(fixture, client_create(&fixture->admin, name, NO_EDITS, &fixture->why));
}

static enum fault
try_edit(struct fixture *fixture, const char *who, const struct edits *edits)
{
	return account_edit(&fixture->admin, who, edits, &fixture->why);
}

/* What no operation gets somebody into. */
static void
put(struct fixture *fixture, const char *who, unsigned status, const char *roles)
{
	static const struct actor actor = {.name = "root", .login_uid = UINT32_MAX};
	struct user user = {0};
	struct txn *txn;

	assert_good(fixture, store_write_begin(fixture->admin.store, &actor, "user edit", NOW, &txn,
	    &fixture->why));
	assert_good(fixture, user_find(txn, who, &user, &fixture->why));
	user.status = status;
	if (roles != NULL)
		assert_good(fixture,
		    field_parse(user_field("roles"), &user, roles, &fixture->why));
	assert_good(fixture, user_put(txn, &user, &fixture->why));
	assert_good(fixture, store_commit(txn, NULL, &fixture->why));
	user_clear(&user);
}

static const char *
word(unsigned status)
{
	return user_field("status")->choices[status];
}

static void
assert_status(struct fixture *fixture, const char *who, unsigned status)
{
	assert_string_equal(user_text(fixture, who, "status"), word(status));
}

static void
assert_told(const struct fixture *fixture, const char *words)
{
	const struct names *notices = &fixture->admin.notices;

	for (size_t i = 0; i < notices->count; i++)
		if (strcmp(notices->item[i], words) == 0)
			return;
	fail_msg("nothing says \"%s\" (%zu notices, first: %s)", words, notices->count,
	    notices->count == 0 ? "" : notices->item[0]);
}

static uint64_t
count_users(struct fixture *fixture)
{
	uint64_t count = 0;
	struct txn *txn;

	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, user_count(txn, &count, &fixture->why));
	store_end(txn);
	return count;
}

/* ---- from one status to the next ----------------------------------------------------------- */

typedef enum fault operation(struct admin *admin, const char *who, struct why *why);

enum { STATUSES = STATUS_LEFT + 1, NEVER = STATUSES };

static const struct way {
	operation *operation;
	const char *action;
	unsigned to[STATUSES]; /* by the status before */
	const char *mend[STATUSES];
} ways[] = {
	{account_suspend, "user suspend",
	    {[STATUS_INVITED] = NEVER, [STATUS_ACTIVE] = STATUS_SUSPENDED,
	        [STATUS_SUSPENDED] = NEVER, [STATUS_REVOKED] = NEVER, [STATUS_LEFT] = NEVER},
	    {NULL}},
	{account_resume, "user resume",
	    {[STATUS_INVITED] = NEVER, [STATUS_ACTIVE] = NEVER, [STATUS_SUSPENDED] = STATUS_ACTIVE,
	        [STATUS_REVOKED] = NEVER, [STATUS_LEFT] = NEVER},
	    {[STATUS_REVOKED] = "hexa-admin user restore anna",
	        [STATUS_LEFT] = "hexa-admin user restore anna"}},
	{account_revoke, "user revoke",
	    {[STATUS_INVITED] = STATUS_REVOKED, [STATUS_ACTIVE] = STATUS_REVOKED,
	        [STATUS_SUSPENDED] = STATUS_REVOKED, [STATUS_REVOKED] = NEVER,
	        [STATUS_LEFT] = NEVER},
	    {NULL}},
	{account_restore, "user restore",
	    {[STATUS_INVITED] = NEVER, [STATUS_ACTIVE] = NEVER, [STATUS_SUSPENDED] = NEVER,
	        [STATUS_REVOKED] = STATUS_ACTIVE, [STATUS_LEFT] = STATUS_ACTIVE},
	    {[STATUS_SUSPENDED] = "hexa-admin user resume anna"}},
};

static void
each_status_leads_to_some(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "anna", "clerk");
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		for (unsigned from = 0; from < STATUSES; from++) {
			const struct way *way = &ways[i];

			put(fixture, "anna", from, NULL);
			if (way->to[from] != NEVER) {
				assert_good(fixture,
				    way->operation(&fixture->admin, "anna", &fixture->why));
				assert_journal(fixture, way->action);
				assert_status(fixture, "anna", way->to[from]);
				continue;
			}
			assert_refused(fixture, FAULT_RULE, "status",
			    way->operation(&fixture->admin, "anna", &fixture->why));
			assert_says(fixture, word(from));
			assert_string_equal(fixture->why.mend,
			    way->mend[from] == NULL ? "" : way->mend[from]);
		}
}

static void
nothing_but_the_status_goes(void **state)
{
	struct fixture *fixture = *state;
	uint32_t uid;

	add_client(fixture, "acme");
	uid = add_user(fixture, "anna", "clerk");
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_SET("type", "client"),
	    USER_ADD("clients", "acme"), USER_ADD("grants", "desk.close"))));
	assert_good(fixture,
	    account_password(&fixture->admin, "anna", GOOD_PASSWORD, &fixture->why));
	assert_good(fixture, account_revoke(&fixture->admin, "anna", &fixture->why));
	for (int round = 0; round < 2; round++) {
		struct user user = {0};

		read_user(fixture, "anna", &user);
		assert_int_equal(user.uid, uid);
		assert_string_equal(user.roles.item[0], "clerk");
		assert_string_equal(user.clients.item[0], "acme");
		assert_string_equal(user.grants.item[0], "desk.close");
		assert_non_null(user.password);
		user_clear(&user);
		if (round == 0)
			assert_good(fixture,
			    account_restore(&fixture->admin, "anna", &fixture->why));
	}
}

static void
the_last_administrator_is_not_revoked(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "boss", ROLE_SYSTEM_ADMINISTRATOR);
	assert_refused(fixture, FAULT_RULE, NULL,
	    account_revoke(&fixture->admin, "boss", &fixture->why));
	assert_says(fixture, "last active");
	add_user(fixture, "second", ROLE_SYSTEM_ADMINISTRATOR);
	assert_good(fixture, account_revoke(&fixture->admin, "boss", &fixture->why));
	/* Who is revoked is no other one. */
	assert_refused(fixture, FAULT_RULE, NULL,
	    account_revoke(&fixture->admin, "second", &fixture->why));
	assert_good(fixture, account_restore(&fixture->admin, "boss", &fixture->why));
	assert_good(fixture, account_revoke(&fixture->admin, "second", &fixture->why));
}

/* ---- places -------------------------------------------------------------------------------- */

#define assert_full(fixture, text_, setting, call) \
	do { \
		assert_refused(fixture, FAULT_CONFLICT, NULL, call); \
		assert_string_equal((fixture)->why.text, text_); \
		assert_string_equal((fixture)->why.mend, "hexa-admin policy edit # " setting); \
		assert_true((fixture)->why.limit); \
	} while (0)

static enum fault
try_add(struct fixture *fixture, const char *name, const char *role)
{
	struct user made = {0};
	enum fault fault = account_add(&fixture->admin, name, EDITS(PERSON("Ex", "Ample", role)),
	    NULL, &made, &fixture->why);

	user_clear(&made);
	return fault;
}

static void
who_is_revoked_takes_no_place(void **state)
{
	struct fixture *fixture = *state;

	limit(fixture, "users: 2");
	add_user(fixture, "anna", "clerk");
	add_user(fixture, "bob", "clerk");
	/* For a while is not for good. */
	assert_good(fixture, account_suspend(&fixture->admin, "anna", &fixture->why));
	assert_full(fixture, "this host is full (2)", "limits.users",
	    try_add(fixture, "carl", "clerk"));
	assert_good(fixture, account_resume(&fixture->admin, "anna", &fixture->why));
	assert_good(fixture, account_revoke(&fixture->admin, "anna", &fixture->why));
	assert_good(fixture, try_add(fixture, "carl", "clerk"));
	/* Whoever comes back needs one again. */
	assert_full(fixture, "this host is full (2)", "limits.users",
	    account_restore(&fixture->admin, "anna", &fixture->why));
	assert_status(fixture, "anna", STATUS_REVOKED);
	put(fixture, "bob", STATUS_LEFT, NULL);
	assert_good(fixture, account_restore(&fixture->admin, "anna", &fixture->why));
	assert_full(fixture, "this host is full (2)", "limits.users",
	    account_restore(&fixture->admin, "bob", &fixture->why));
	/* Who sits stays, whatever the limit comes to be. */
	limit(fixture, "users: 1");
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_ADD("roles", "closer"))));
	assert_good(fixture, account_suspend(&fixture->admin, "anna", &fixture->why));
	assert_good(fixture, account_resume(&fixture->admin, "anna", &fixture->why));
}

static const struct edits *
of_acme(void)
{
	static struct edit edit[2];
	static const struct edits edits = {edit, 2};

	edit[0] = (struct edit)USER_SET("type", "client");
	edit[1] = (struct edit)USER_SET("clients", "acme");
	return &edits;
}

static void
a_clients_places_are_its_own(void **state)
{
	struct fixture *fixture = *state;

	limit(fixture, "users-per-client: 1");
	add_client(fixture, "acme");
	add_client(fixture, "brill");
	add_user(fixture, "anna", "clerk");
	add_user(fixture, "bob", "clerk");
	add_user(fixture, "carl", "clerk");
	assert_good(fixture, try_edit(fixture, "anna", of_acme()));
	assert_full(fixture, "acme is full (1)", "limits.users-per-client",
	    try_edit(fixture, "bob", of_acme()));
	assert_about(fixture, "clients");
	assert_good(fixture, account_revoke(&fixture->admin, "anna", &fixture->why));
	assert_good(fixture, try_edit(fixture, "bob", of_acme()));
	/* While she has no place, none is counted for her: of another client, or type. */
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_ADD("clients", "brill"))));
	assert_good(fixture, try_edit(fixture, "carl",
	    EDITS(USER_SET("type", "client"), USER_ADD("clients", "brill"))));
	assert_full(fixture, "acme is full (1)", "limits.users-per-client",
	    account_restore(&fixture->admin, "anna", &fixture->why));
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_REMOVE("clients", "acme"))));
	assert_full(fixture, "brill is full (1)", "limits.users-per-client",
	    account_restore(&fixture->admin, "anna", &fixture->why));
	assert_good(fixture, try_edit(fixture, "carl", EDITS(USER_SET("type", "employee"))));
	assert_good(fixture, account_restore(&fixture->admin, "anna", &fixture->why));
	assert_full(fixture, "brill is full (1)", "limits.users-per-client",
	    try_edit(fixture, "carl", EDITS(USER_SET("type", "client"))));
}

static void
constraints_are_asked_again(void **state)
{
	struct fixture *fixture = *state;
	char text[2048];

	add_user(fixture, "anna", "clerk");
	snprintf(text, sizeof(text), "%sconstraints:\n  - never-together: [clerk, closer]\n", yaml);
	assert_good(fixture, apply(fixture, text));
	put(fixture, "anna", STATUS_REVOKED, "clerk closer");
	assert_refused(fixture, FAULT_RULE, "roles",
	    account_restore(&fixture->admin, "anna", &fixture->why));
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_REMOVE("roles", "closer"))));
	assert_good(fixture, account_restore(&fixture->admin, "anna", &fixture->why));
}

/* ---- the last client ----------------------------------------------------------------------- */

static void
without_a_client_there_is_no_way_back(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "anna", "clerk");
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_SET("type", "client"))));
	/* Where nobody has clients, nobody is kept to some. */
	assert_good(fixture, account_revoke(&fixture->admin, "anna", &fixture->why));
	assert_good(fixture, account_restore(&fixture->admin, "anna", &fixture->why));
	add_client(fixture, "acme");
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_ADD("clients", "acme"))));
	assert_good(fixture, account_suspend(&fixture->admin, "anna", &fixture->why));
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_REMOVE("clients", "acme"))));
	assert_told(fixture, "anna is revoked: that was their last client");
	assert_status(fixture, "anna", STATUS_REVOKED);
	assert_refused(fixture, FAULT_RULE, "clients",
	    account_restore(&fixture->admin, "anna", &fixture->why));
	assert_says(fixture, "every host");
	assert_string_equal(fixture->why.mend, "hexa-admin user edit anna --add-client CLIENT && "
	    "hexa-admin user restore anna");
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_ADD("clients", "acme"))));
	assert_status(fixture, "anna", STATUS_REVOKED);
	assert_good(fixture, account_restore(&fixture->admin, "anna", &fixture->why));
	/* Of who is revoked already nothing is told. */
	assert_good(fixture, account_revoke(&fixture->admin, "anna", &fixture->why));
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_REMOVE("clients", "acme"))));
	assert_int_equal(fixture->admin.notices.count, 0);
	fixture->admin.insist = true;
	assert_good(fixture, account_restore(&fixture->admin, "anna", &fixture->why));
}

static void
an_employee_needs_no_client(void **state)
{
	struct fixture *fixture = *state;

	add_client(fixture, "acme");
	add_user(fixture, "anna", "clerk");
	assert_good(fixture, account_revoke(&fixture->admin, "anna", &fixture->why));
	assert_good(fixture, account_restore(&fixture->admin, "anna", &fixture->why));
}

/* ---- known by an e-mail address ------------------------------------------------------------ */

#define EMAIL "anna@example.org"

/* anna, of /sales, with this status and these roles. */
static void
add_anna(struct fixture *fixture, unsigned status, const char *roles)
{
	add_user(fixture, "anna", "clerk");
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_SET("email", EMAIL),
	    USER_SET("unit", "/sales"))));
	put(fixture, "anna", status, roles);
}

static enum fault
by_email(struct fixture *fixture, const char *email, const char *role)
{
	struct user restored = {0};
	enum fault fault = account_restore_known(&fixture->admin, email,
	    EDITS(USER_ADD("roles", role)), &restored, &fixture->why);

	if (fault == FAULT_NONE)
		assert_string_equal(restored.name, "anna");
	user_clear(&restored);
	return fault;
}

/* As by `user add`, of somebody of /sales, whose name is to be made. */
static enum fault
by_add(struct fixture *fixture, const char *email, const char *role)
{
	struct user made = {0};
	enum fault fault = account_add(&fixture->admin, NULL, EDITS(PERSON("Anja", "Ample", role),
	    USER_SET("email", email), USER_SET("unit", "/sales")), NULL, &made, &fixture->why);

	if (fault == FAULT_NONE)
		assert_string_equal(made.name, "anna");
	user_clear(&made);
	return fault;
}

static enum fault (*const by[])(struct fixture *, const char *, const char *) = {by_email, by_add};
enum { BY = 2 };

static void
who_has_no_access_gets_it_again(void **state)
{
	static const struct {
		unsigned before;
		const char *roles;
		unsigned after;
		const char *then;
	} cases[] = {
	    {STATUS_REVOKED, "clerk", STATUS_ACTIVE, "clerk closer"},
	    {STATUS_REVOKED, "closer", STATUS_ACTIVE, "closer"},
	    {STATUS_REVOKED, "", STATUS_ACTIVE, "closer"},
	    {STATUS_LEFT, "clerk", STATUS_ACTIVE, "clerk closer"},
	    {STATUS_ACTIVE, "", STATUS_ACTIVE, "closer"},
	    /* That the code is still to be used is not for somebody else to say. */
	    {STATUS_INVITED, "", STATUS_INVITED, "closer"},
	};
	struct fixture *fixture = *state;

	add_anna(fixture, STATUS_ACTIVE, NULL);
	for (size_t i = 0; i < BY * sizeof(cases) / sizeof(cases[0]); i++) {
		put(fixture, "anna", cases[i / BY].before, cases[i / BY].roles);
		assert_good(fixture, by[i % BY](fixture, "Anna@Example.ORG", "closer"));
		assert_journal(fixture, i % BY == 0 ? "user restore" : "user add");
		assert_status(fixture, "anna", cases[i / BY].after);
		assert_string_equal(user_text(fixture, "anna", "roles"), cases[i / BY].then);
		if (strcmp(cases[i / BY].then, "closer") != 0)
			assert_told(fixture, "anna still holds clerk");
	}
	assert_int_equal(count_users(fixture), 1);
}

static void
who_has_access_is_told_of_by_name(void **state)
{
	struct fixture *fixture = *state;

	add_anna(fixture, STATUS_ACTIVE, NULL);
	for (size_t i = 0; i < BY; i++) {
		put(fixture, "anna", STATUS_ACTIVE, "clerk");
		assert_refused(fixture, FAULT_CONFLICT, "email", by[i](fixture, EMAIL, "closer"));
		assert_string_equal(fixture->why.text, "email: anna has " EMAIL " already");
		put(fixture, "anna", STATUS_INVITED, "clerk");
		assert_refused(fixture, FAULT_CONFLICT, "email", by[i](fixture, EMAIL, "closer"));
		/* What was done for a while is not undone by the way, with a role or without. */
		put(fixture, "anna", STATUS_SUSPENDED, i == 0 ? "" : "clerk");
		assert_refused(fixture, FAULT_CONFLICT, "email", by[i](fixture, EMAIL, "closer"));
		assert_says(fixture, "suspended");
		assert_string_equal(fixture->why.mend, "hexa-admin user resume anna");
	}
}

static void
what_is_asked_of_all_is_asked_of_them(void **state)
{
	struct fixture *fixture = *state;

	limit(fixture, "users: 1");
	add_anna(fixture, STATUS_REVOKED, NULL);
	for (size_t i = 0; i < BY; i++) {
		assert_refused(fixture, FAULT_UNKNOWN, NULL, by[i](fixture, EMAIL, "closr"));
		assert_says(fixture, "did you mean closer");
	}
	add_user(fixture, "bob", "clerk");
	for (size_t i = 0; i < BY; i++)
		assert_full(fixture, "this host is full (1)", "limits.users",
		    by[i](fixture, EMAIL, "closer"));
	assert_good(fixture, account_revoke(&fixture->admin, "bob", &fixture->why));
	assert_good(fixture, by_add(fixture, EMAIL, "closer"));
}

static void
an_address_is_one(void **state)
{
	static const char *const bad[] = {"", "anna", "anna@", "+31612345678", "uid:65538",
	    "anna@example.org\n", "a b@example.org"};
	struct fixture *fixture = *state;

	add_anna(fixture, STATUS_REVOKED, NULL);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_refused(fixture, FAULT_INVALID, "email",
		    by_email(fixture, bad[i], "clerk"));
	assert_refused(fixture, FAULT_UNKNOWN, "email",
	    by_email(fixture, "nobody@example.org", "clerk"));
	assert_good(fixture, by_email(fixture, EMAIL, "clerk"));
}

static void
only_access_is_given(void **state)
{
	struct fixture *fixture = *state;
	struct user made = {0};

	add_client(fixture, "acme");
	assert_good(fixture, site_create(&fixture->admin, "gate",
	    EDITS({EDIT_SET, field_find(&site_table, "client"), "acme"}), &fixture->why));
	add_anna(fixture, STATUS_REVOKED, NULL);
	assert_good(fixture, account_add(&fixture->admin, "other",
	    EDITS(PERSON("Anja", "Ample", "closer"), USER_SET("email", EMAIL),
	        USER_SET("note", "again"), USER_SET("type", "client"), USER_ADD("clients", "acme"),
	        USER_ADD("sites", "gate"), USER_ADD("grants", "desk.close")),
	    GOOD_PASSWORD, &made, &fixture->why));
	assert_told(fixture, "anna was known by that e-mail address, and has access again; "
	    "left as it was: name, first-name, note, type, password");
	assert_string_equal(made.name, "anna");
	assert_true(made.version > 1);
	assert_string_equal(made.first_name, "Ex");
	assert_string_equal(made.clients.item[0], "acme");
	assert_string_equal(made.sites.item[0], "gate");
	assert_string_equal(made.grants.item[0], "desk.close");
	assert_int_equal(made.type, USER_EMPLOYEE);
	assert_null(made.note);
	assert_null(made.password);
	user_clear(&made);
	assert_int_equal(count_users(fixture), 1);
	/* What is as it was said to be is not spoken of. */
	put(fixture, "anna", STATUS_REVOKED, "clerk");
	assert_good(fixture, account_add(&fixture->admin, "anna",
	    EDITS(PERSON("Ex", "Ample", "clerk"), USER_SET("email", EMAIL)), NULL, &made,
	    &fixture->why));
	assert_told(fixture, "anna was known by that e-mail address, and has access again");
	assert_int_equal(fixture->admin.notices.count, 1);
	user_clear(&made);
}

/* ---- who may ------------------------------------------------------------------------------- */

/* All that can be said of an address by who may neither see nor change the one whose it is. */
static void
assert_taken_and_no_more(struct fixture *fixture)
{
	assert_refused(fixture, FAULT_CONFLICT, "email", by_add(fixture, EMAIL, "clerk"));
	assert_string_equal(fixture->why.text, "email: a user has " EMAIL " already");
	assert_string_equal(fixture->why.mend, "");
}

static void
who_makes_users_gives_access_within_their_reach(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "cara", "creator@/sales");
	assert_good(fixture, try_edit(fixture, "cara", EDITS(USER_ADD("roles", "clerk"))));
	add_anna(fixture, STATUS_REVOKED, NULL);
	fixture_become(fixture, "cara");
	assert_good(fixture, by_add(fixture, EMAIL, "clerk"));
	assert_status(fixture, "anna", STATUS_ACTIVE);
	/* She may see nobody, so is told nobody's name. */
	assert_taken_and_no_more(fixture);
	put(fixture, "anna", STATUS_SUSPENDED, NULL);
	assert_taken_and_no_more(fixture);
	/* Nor does she give more than she has, or touch who has more. */
	put(fixture, "anna", STATUS_REVOKED, NULL);
	assert_refused(fixture, FAULT_DENIED, NULL, by_add(fixture, EMAIL, "closer"));
	put(fixture, "anna", STATUS_REVOKED, "closer");
	assert_taken_and_no_more(fixture);
	put(fixture, "anna", STATUS_REVOKED, ROLE_SYSTEM_ADMINISTRATOR);
	assert_taken_and_no_more(fixture);
	put(fixture, "anna", STATUS_REVOKED, "clerk");
	assert_good(fixture, by_add(fixture, EMAIL, "clerk"));
}

static void
whom_they_do_not_reach_they_learn_nothing_of(void **state)
{
	static const unsigned statuses[] = {STATUS_ACTIVE, STATUS_REVOKED, STATUS_LEFT};
	struct fixture *fixture = *state;

	add_user(fixture, "cara", "creator@/sales");
	add_user(fixture, "edda", "editor@/sales");
	add_user(fixture, "kim", "keeper@/sales");
	for (int i = 0; i < 3; i++)
		assert_good(fixture, try_edit(fixture, ((const char *[]){"cara", "edda", "kim"})[i],
		    EDITS(USER_ADD("roles", "clerk"))));
	add_anna(fixture, STATUS_REVOKED, NULL);
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_SET("unit", "/stores"))));
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		put(fixture, "anna", statuses[i], NULL);
		fixture_become(fixture, "cara");
		assert_taken_and_no_more(fixture);
		fixture_become(fixture, "kim");
		assert_taken_and_no_more(fixture);
		fixture_become(fixture, "edda");
		assert_refused(fixture, FAULT_UNKNOWN, "email", by_email(fixture, EMAIL, "clerk"));
		assert_string_equal(fixture->why.text, "no user has the e-mail address " EMAIL);
		assert_null(strstr(fixture->why.text, "anna is"));
	}
	fixture_become(fixture, NULL);
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_SET("unit", "/sales"))));
	fixture_become(fixture, "edda");
	assert_good(fixture, by_email(fixture, EMAIL, "clerk"));
}

static void
whom_they_see_they_are_told_of(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "kim", "keeper@/sales");
	assert_good(fixture, try_edit(fixture, "kim", EDITS(USER_ADD("roles", "clerk"))));
	add_anna(fixture, STATUS_ACTIVE, NULL);
	fixture_become(fixture, "kim");
	assert_refused(fixture, FAULT_CONFLICT, "email", by_add(fixture, EMAIL, "clerk"));
	assert_says(fixture, "anna has " EMAIL);
	put(fixture, "anna", STATUS_REVOKED, "closer");
	assert_refused(fixture, FAULT_DENIED, NULL, by_add(fixture, EMAIL, "clerk"));
	assert_says(fixture, "anna has the permission desk.close");
	assert_refused(fixture, FAULT_DENIED, NULL,
	    account_restore(&fixture->admin, "anna", &fixture->why));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    account_restore(&fixture->admin, "kim", &fixture->why));
	assert_refused(fixture, FAULT_DENIED, NULL,
	    account_revoke(&fixture->admin, "kim", &fixture->why));
	put(fixture, "anna", STATUS_REVOKED, "clerk");
	assert_good(fixture, account_restore(&fixture->admin, "anna", &fixture->why));
	assert_good(fixture, account_revoke(&fixture->admin, "anna", &fixture->why));
	assert_good(fixture, by_add(fixture, EMAIL, "clerk"));
}

/* ---- clients that are full ----------------------------------------------------------------- */

/* acme is full; bolt and cole are not.  gate is a site of acme's, yard one of bolt's. */
static void
fill_acme(struct fixture *fixture)
{
	limit(fixture, "users-per-client: 2");
	for (int i = 0; i < 3; i++)
		add_client(fixture, ((const char *[]){"acme", "bolt", "cole"})[i]);
	assert_good(fixture, site_create(&fixture->admin, "gate",
	    EDITS({EDIT_SET, field_find(&site_table, "client"), "acme"}), &fixture->why));
	assert_good(fixture, site_create(&fixture->admin, "yard",
	    EDITS({EDIT_SET, field_find(&site_table, "client"), "bolt"}), &fixture->why));
	for (int i = 0; i < 2; i++) {
		const char *name = ((const char *[]){"una", "dua"})[i];

		add_user(fixture, name, "portal");
		assert_good(fixture, try_edit(fixture, name, EDITS(USER_SET("type", "client"),
		    USER_ADD("clients", "acme"))));
	}
}

/* A client user of cole. */
static void
add_kim(struct fixture *fixture)
{
	add_user(fixture, "kim", "portal");
	assert_good(fixture, try_edit(fixture, "kim", EDITS(USER_SET("type", "client"),
	    USER_ADD("clients", "cole"))));
}

static enum fault
try_make(struct fixture *fixture, const char *name, const struct edits *edits)
{
	struct user made = {0};
	enum fault fault = account_add(&fixture->admin, name, edits, NULL, &made, &fixture->why);

	user_clear(&made);
	return fault;
}

#define PORTAL_USER(name) PERSON(name, "Ample", "portal"), USER_SET("type", "client")

static void
assert_short(const struct fixture *fixture, size_t done, size_t asked, const char *limit)
{
	const struct shortfall *shortfall = &fixture->admin.shortfall;

	assert_int_equal(shortfall->done, done);
	assert_int_equal(shortfall->asked, asked);
	assert_int_equal(shortfall->limits.count, 1);
	assert_string_equal(shortfall->limits.item[0], limit);
	assert_string_equal(shortfall->mend, "hexa-admin policy edit # limits.users-per-client");
}

static void
a_full_client_is_passed_over(void **state)
{
	struct fixture *fixture = *state;

	fill_acme(fixture);
	assert_good(fixture, try_make(fixture, "anna", EDITS(PORTAL_USER("Anna"),
	    USER_ADD("clients", "acme"), USER_ADD("clients", "bolt"),
	    USER_ADD("clients", "cole"))));
	assert_short(fixture, 2, 3, "acme is full (2)");
	assert_string_equal(user_text(fixture, "anna", "clients"), "bolt cole");
	add_kim(fixture);
	assert_int_equal(fixture->admin.shortfall.asked, 0);
	assert_int_equal(fixture->admin.shortfall.limits.count, 0);
	/* All else that was asked is done. */
	assert_good(fixture, try_edit(fixture, "kim", EDITS(USER_ADD("clients", "acme"),
	    USER_ADD("clients", "bolt"), USER_SET("note", "x"))));
	assert_short(fixture, 1, 2, "acme is full (2)");
	assert_string_equal(user_text(fixture, "kim", "clients"), "cole bolt");
	assert_string_equal(user_text(fixture, "kim", "note"), "x");
	/* With room nothing is left undone. */
	assert_good(fixture, account_revoke(&fixture->admin, "una", &fixture->why));
	assert_good(fixture, try_edit(fixture, "kim", EDITS(USER_ADD("clients", "acme"))));
	assert_int_equal(fixture->admin.shortfall.asked, 0);
}

static void
when_none_has_room_nothing_is_done(void **state)
{
	struct fixture *fixture = *state;

	fill_acme(fixture);
	add_kim(fixture);
	assert_full(fixture, "acme is full (2)", "limits.users-per-client",
	    try_edit(fixture, "kim", EDITS(USER_ADD("clients", "acme"), USER_SET("note", "x"))));
	assert_good(fixture, try_edit(fixture, "dua", EDITS(USER_ADD("clients", "bolt"))));
	assert_good(fixture, try_make(fixture, "anna",
	    EDITS(PORTAL_USER("Anna"), USER_ADD("clients", "bolt"))));
	assert_full(fixture, "acme is full (2)", "limits.users-per-client",
	    try_edit(fixture, "kim",
	        EDITS(USER_ADD("clients", "acme"), USER_ADD("clients", "bolt"))));
	assert_full(fixture, "acme is full (2)", "limits.users-per-client",
	    try_make(fixture, "emil", EDITS(PORTAL_USER("Emil"), USER_ADD("clients", "acme"),
	        USER_ADD("clients", "bolt"))));
	assert_good(fixture, try_make(fixture, "emil",
	    EDITS(PORTAL_USER("Emil"), USER_ADD("clients", "cole"))));
}

static void
its_sites_are_passed_over_too(void **state)
{
	struct fixture *fixture = *state;

	fill_acme(fixture);
	add_kim(fixture);
	assert_good(fixture, try_make(fixture, "anna", EDITS(PORTAL_USER("Anna"),
	    USER_ADD("clients", "acme"), USER_ADD("clients", "bolt"), USER_ADD("sites", "gate"),
	    USER_ADD("sites", "yard"))));
	assert_short(fixture, 1, 2, "acme is full (2)");
	assert_string_equal(user_text(fixture, "anna", "sites"), "yard");
	/* Who was to be at the gate alone is not let in at all of bolt's and cole's instead. */
	assert_full(fixture, "acme is full (2)", "limits.users-per-client",
	    try_make(fixture, "emil", EDITS(PORTAL_USER("Emil"), USER_ADD("clients", "acme"),
	        USER_ADD("clients", "bolt"), USER_ADD("sites", "gate"))));
	assert_full(fixture, "acme is full (2)", "limits.users-per-client",
	    try_edit(fixture, "kim", EDITS(USER_ADD("clients", "acme"),
	        USER_ADD("clients", "bolt"), USER_ADD("sites", "gate"))));
	assert_string_equal(user_text(fixture, "kim", "clients"), "cole");
}

/* What they had is asked for as one: who comes back has all of it, or nothing. */
static void
who_comes_back_has_all_or_nothing(void **state)
{
	struct fixture *fixture = *state;

	fill_acme(fixture);
	add_kim(fixture);
	assert_good(fixture, try_edit(fixture, "kim", EDITS(USER_SET("email", EMAIL))));
	assert_good(fixture, account_revoke(&fixture->admin, "kim", &fixture->why));
	/* Those that are given besides are new: one that is full is passed over. */
	assert_good(fixture, try_make(fixture, NULL, EDITS(PORTAL_USER("Kim"),
	    USER_SET("email", EMAIL), USER_ADD("clients", "acme"), USER_ADD("clients", "bolt"))));
	assert_short(fixture, 1, 2, "acme is full (2)");
	assert_string_equal(user_text(fixture, "kim", "clients"), "cole bolt");
	assert_status(fixture, "kim", STATUS_ACTIVE);
	assert_good(fixture, account_revoke(&fixture->admin, "una", &fixture->why));
	assert_good(fixture, try_edit(fixture, "una", EDITS(USER_ADD("clients", "cole"))));
	assert_good(fixture, try_edit(fixture, "kim", EDITS(USER_ADD("clients", "acme"))));
	assert_full(fixture, "acme is full (2)", "limits.users-per-client",
	    account_restore(&fixture->admin, "una", &fixture->why));
	/* Nor does somebody come to have less by being called a client user. */
	add_user(fixture, "emil", "portal");
	assert_good(fixture, try_edit(fixture, "emil",
	    EDITS(USER_ADD("clients", "acme"), USER_ADD("clients", "bolt"))));
	assert_full(fixture, "acme is full (2)", "limits.users-per-client",
	    try_edit(fixture, "emil",
	        EDITS(USER_SET("type", "client"), USER_ADD("clients", "cole"))));
	assert_good(fixture, account_revoke(&fixture->admin, "kim", &fixture->why));
	assert_good(fixture, account_restore(&fixture->admin, "una", &fixture->why));
	assert_status(fixture, "una", STATUS_ACTIVE);
}

/* What is left must be the actor's to give as well. */
static void
what_is_left_is_asked_of_the_actor(void **state)
{
	struct fixture *fixture = *state;
	const struct edits *both = EDITS(PORTAL_USER("Anna"), USER_ADD("clients", "acme"),
	    USER_ADD("clients", "bolt"));

	fill_acme(fixture);
	add_user(fixture, "mats", "keeper@client:bolt");
	assert_good(fixture, try_edit(fixture, "mats", EDITS(USER_ADD("roles", "portal"))));
	fixture_become(fixture, "mats");
	/* Whether acme is full is not told to who has nothing to do with it. */
	assert_refused(fixture, FAULT_DENIED, NULL, try_make(fixture, "anna", both));
	assert_null(strstr(fixture->why.text, "full"));
	fixture_become(fixture, NULL);
	assert_good(fixture, try_edit(fixture, "mats",
	    EDITS(USER_REMOVE("roles", "keeper@client:bolt"), USER_ADD("roles", "keeper"))));
	fixture_become(fixture, "mats");
	assert_good(fixture, try_make(fixture, "anna", both));
	assert_short(fixture, 1, 2, "acme is full (2)");
}

/* ---- a client user of another client ------------------------------------------------------- */

static enum fault
add_again(struct fixture *fixture, const char *one, const char *other)
{
	return try_make(fixture, NULL, EDITS(PORTAL_USER("Kim"), USER_SET("email", EMAIL),
	    USER_ADD("clients", one), USER_ADD("clients", other)));
}

static void
assert_mended(struct fixture *fixture, const char *mend, enum fault fault)
{
	assert_fault(fixture, FAULT_CONFLICT, fault);
	assert_about(fixture, "email");
	assert_string_equal(fixture->why.mend, mend);
}

static void
another_client_is_added_to_who_is_there(void **state)
{
	struct fixture *fixture = *state;

	for (int i = 0; i < 3; i++)
		add_client(fixture, ((const char *[]){"acme", "bolt", "cole"})[i]);
	add_kim(fixture);
	assert_good(fixture, try_edit(fixture, "kim", EDITS(USER_SET("email", EMAIL))));
	assert_mended(fixture, "hexa-admin user edit kim --add-client acme --add-client bolt",
	    add_again(fixture, "acme", "bolt"));
	assert_mended(fixture, "hexa-admin user edit kim --add-client bolt",
	    add_again(fixture, "cole", "bolt"));
	/* Of what there is not, or is there already, there is nothing to mend. */
	assert_mended(fixture, "hexa-admin user edit kim --add-client bolt",
	    add_again(fixture, "nobody", "bolt"));
	assert_mended(fixture, "", try_make(fixture, NULL, EDITS(PORTAL_USER("Kim"),
	    USER_SET("email", EMAIL), USER_ADD("clients", "cole"))));
	assert_good(fixture, account_suspend(&fixture->admin, "kim", &fixture->why));
	assert_mended(fixture, "hexa-admin user resume kim", add_again(fixture, "cole", "bolt"));
	/* Who makes users and sees none is told of nobody. */
	assert_good(fixture, account_resume(&fixture->admin, "kim", &fixture->why));
	add_user(fixture, "cara", "creator");
	assert_good(fixture, try_edit(fixture, "cara", EDITS(USER_ADD("roles", "portal"))));
	fixture_become(fixture, "cara");
	assert_mended(fixture, "", add_again(fixture, "cole", "bolt"));
	assert_null(strstr(fixture->why.text, "kim"));
	fixture_become(fixture, NULL);
	assert_good(fixture, try_edit(fixture, "kim", EDITS(USER_ADD("clients", "bolt"))));
}

/* A command that is cut short would be another. */
static void
a_mend_is_whole_or_none(void **state)
{
	struct fixture *fixture = *state;
	struct edit edit[16] = {PERSON("Kim", "Ample", "portal"), USER_SET("type", "client"),
	    USER_SET("email", EMAIL)};
	char names[10][LOGIN_NAME_BYTES + 1];

	add_client(fixture, "cole");
	add_kim(fixture);
	assert_good(fixture, try_edit(fixture, "kim", EDITS(USER_SET("email", EMAIL))));
	for (size_t i = 0; i < 10; i++) {
		snprintf(names[i], sizeof(names[i]), "client-with-a-long-name-%zu", i);
		add_client(fixture, names[i]);
		edit[5 + i] = (struct edit)USER_ADD("clients", names[i]);
	}
	for (size_t count = 1; count <= 10; count++) {
		size_t length;

		assert_fault(fixture, FAULT_CONFLICT,
		    try_make(fixture, NULL, &(const struct edits){edit, 5 + count}));
		length = strlen(fixture->why.mend);
		if (length == 0)
			assert_true(count > 5);
		else
			assert_string_equal(fixture->why.mend + length - strlen(names[0]),
			    names[count - 1]);
		if (count == 10)
			assert_int_equal(length, 0);
	}
}

/* ---- a client user's address --------------------------------------------------------------- */

static void
a_client_users_address_stays(void **state)
{
	struct fixture *fixture = *state;

	add_user(fixture, "anna", "portal");
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_SET("type", "client"))));
	/* Whoever has none may be given one. */
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_SET("email", EMAIL))));
	assert_refused(fixture, FAULT_RULE, "email",
	    try_edit(fixture, "anna", EDITS(USER_SET("email", "a@example.org"))));
	assert_refused(fixture, FAULT_RULE, "email",
	    try_edit(fixture, "anna", EDITS(USER_CLEAR("email"))));
	assert_good(fixture, try_edit(fixture, "anna",
	    EDITS(USER_SET("email", EMAIL), USER_SET("phone", "+31612345678"))));
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_SET("phone", "+31612345679"))));
	add_user(fixture, "bob", "clerk");
	assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_SET("email", "b@example.org"))));
	assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_SET("email", "c@example.org"))));
}

/* Called something else meanwhile, they would have an address that can be changed. */
static void
a_client_user_stays_one(void **state)
{
	static const char *const types[] = {"employee", "system", "integration"};
	struct fixture *fixture = *state;

	add_client(fixture, "acme");
	add_user(fixture, "mats", "keeper");
	assert_good(fixture, try_edit(fixture, "mats", EDITS(USER_ADD("roles", "portal"))));
	add_user(fixture, "anna", "portal");
	add_user(fixture, "bob", "portal");
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_SET("type", "client"),
	    USER_ADD("clients", "acme"), USER_SET("email", EMAIL))));
	fixture_become(fixture, "mats");
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		assert_refused(fixture, FAULT_DENIED, "type",
		    try_edit(fixture, "anna", EDITS(USER_SET("type", types[i]))));
		assert_says(fixture, "only root");
		assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_SET("type", types[i]))));
	}
	assert_good(fixture, try_edit(fixture, "anna",
	    EDITS(USER_SET("type", "client"), USER_SET("note", "x"))));
	assert_good(fixture, try_edit(fixture, "bob", EDITS(USER_SET("type", "client"))));
	assert_refused(fixture, FAULT_DENIED, "type",
	    try_edit(fixture, "bob", EDITS(USER_SET("type", "employee"))));
	fixture_become(fixture, NULL);
	assert_good(fixture, try_edit(fixture, "anna", EDITS(USER_SET("type", "employee"))));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(each_status_leads_to_some),
	    TEST(nothing_but_the_status_goes),
	    TEST(the_last_administrator_is_not_revoked),
	    TEST(who_is_revoked_takes_no_place),
	    TEST(a_clients_places_are_its_own),
	    TEST(constraints_are_asked_again),
	    TEST(without_a_client_there_is_no_way_back),
	    TEST(an_employee_needs_no_client),
	    TEST(who_has_no_access_gets_it_again),
	    TEST(who_has_access_is_told_of_by_name),
	    TEST(what_is_asked_of_all_is_asked_of_them),
	    TEST(an_address_is_one),
	    TEST(only_access_is_given),
	    TEST(who_makes_users_gives_access_within_their_reach),
	    TEST(whom_they_do_not_reach_they_learn_nothing_of),
	    TEST(whom_they_see_they_are_told_of),
	    TEST(a_full_client_is_passed_over),
	    TEST(when_none_has_room_nothing_is_done),
	    TEST(its_sites_are_passed_over_too),
	    TEST(who_comes_back_has_all_or_nothing),
	    TEST(what_is_left_is_asked_of_the_actor),
	    TEST(another_client_is_added_to_who_is_there),
	    TEST(a_mend_is_whole_or_none),
	    TEST(a_client_users_address_stays),
	    TEST(a_client_user_stays_one),
	};

	return RUN_AS_ROOT(tests);
}
