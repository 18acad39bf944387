/*
 * matrix_test.c - no one gives more than they have: every actor by one permission on Hexa and its
 * scope, against every operation, every kind of target and every row of the records' tables.  What
 * is expected is computed here, from a statement of the rule that shares nothing with accounts/.
 */
#include "tests/unit/accounts_fixture.h"

#include "accounts/clients.h"
#include "accounts/identity.h"
#include "policy/assignment.h"

/* ---- who acts ------------------------------------------------------------------------------- */

enum where { EVERYWHERE, IN_SALES, AT_ACME, WHERES };

static const char *const suffixes[WHERES] = {"", "@/sales", "@client:acme"};

/* Everybody also has the permission desk.view, which some of what is given needs. */
struct actor_row {
	char name[16];
	char role[WORD_BYTES + 1];
	const char *permission; /* NULL: every one on Hexa */
	enum where where;
	bool has_all;           /* `*` */
};

enum { ACTORS_MAX = 64 };

static struct actor_row actors[ACTORS_MAX];
static size_t actor_count;
static struct rules builtin;
static char policy[8192];

/* One more, by a role that stands in the policy. */
static void
add_actor(const char *role, const char *permission, enum where where, bool has_all)
{
	struct actor_row *actor = &actors[actor_count];

	assert_in_range(actor_count, 0, ACTORS_MAX - 1);
	snprintf(actor->name, sizeof(actor->name), "actor%zu", actor_count++);
	snprintf(actor->role, sizeof(actor->role), "%s", role);
	actor->permission = permission;
	actor->where = where;
	actor->has_all = has_all;
}

static void
list_actors(void)
{
	struct why why;

	assert_int_equal(rules_add_builtin(&builtin, &why), FAULT_NONE);
	for (enum where where = EVERYWHERE; where < WHERES; where++) {
		for (size_t i = 0; i < builtin.count; i++) {
			char role[WORD_BYTES + 1];

			snprintf(role, sizeof(role), "by.%s", builtin.permission[i].name);
			add_actor(role, builtin.permission[i].name, where, false);
		}
		add_actor("all-of-hexa", NULL, where, false);
	}
	add_actor("owner", NULL, EVERYWHERE, true);
}

/* ---- the host they act on ------------------------------------------------------------------- */

#define SETTINGS "password: {argon2: {operations: 1, memory: 8MiB}}\n"
#define PERMISSIONS "permissions: {desk.view: {}, desk.close: {}}\n"

/* The policy, with other settings, and other lines for the role `empty`. */
static const char *
policy_with(const char *settings, const char *empty)
{
	struct bytes text = {0};
	char *made;

	bytes_print(&text, "hexa-policy: 1\n%s" PERMISSIONS "roles:\n"
	    "  all-of-hexa: {permissions: ['hexa.*', desk.view], group: no}\n"
	    "  owner: {permissions: ['*'], group: no}\n"
	    "  desk: {permissions: [desk.view], group: no}\n"
	    "  closer: {permissions: [desk.close], group: no, ladder: stairs, level: 1}\n"
	    "  closed: {permissions: [desk.close], group: no, disabled: yes}\n"
	    "  unheld: {permissions: [desk.view], group: no}\n"
	    "  empty: %s\n", settings, empty);
	for (size_t i = 0; i < builtin.count; i++)
		bytes_print(&text, "  by.%s: {permissions: [%s, desk.view], group: no}\n",
		    builtin.permission[i].name, builtin.permission[i].name);
	made = bytes_take_text(&text);
	assert_non_null(made);
	assert_in_range(snprintf(policy, sizeof(policy), "%s", made), 1, sizeof(policy) - 1);
	free(made);
	return policy;
}

#define BASE policy_with(SETTINGS, "{group: no}")

static void
place(struct fixture *fixture, const char *name, const char *roles, const char *unit,
    const char *clients)
{
	struct user made = {0};

	assert_good(fixture, account_add(&fixture->admin, name,
	    EDITS(USER_SET("first-name", "Ex"), USER_SET("last-name", "Ample"),
	        USER_SET("roles", roles), USER_SET("unit", unit), USER_SET("clients", clients)),
	    NULL, &made, &fixture->why));
	user_clear(&made);
}

/* Whom is acted on.  The equal one is made for each actor anew. */
enum target { SELF, EQUAL, LESSER, MORE, OUTSIDE, ADMINISTRATOR, TARGETS };

static const char *const target_names[TARGETS] = {
	[EQUAL] = "equal", [LESSER] = "lesser", [MORE] = "more", [OUTSIDE] = "outside",
	[ADMINISTRATOR] = "boss",
};

static const char *
target_name(const struct actor_row *actor, enum target target)
{
	return target == SELF ? actor->name : target_names[target];
}

static void
place_target(struct fixture *fixture, const struct actor_row *actor, enum target target)
{
	static const char *const roles[TARGETS] = {[LESSER] = "desk@client:acme",
	    [MORE] = "desk@client:acme closer@client:acme", [OUTSIDE] = "desk@client:acme",
	    [ADMINISTRATOR] = ROLE_SYSTEM_ADMINISTRATOR};
	const char *name = target_name(actor, target);
	char equal[ASSIGNMENT_BYTES + 1];

	snprintf(equal, sizeof(equal), "%s%s", actor->role, suffixes[actor->where]);
	if (target == OUTSIDE)
		place(fixture, name, roles[target], "/hr", "brill");
	else
		place(fixture, name, target == SELF || target == EQUAL ? equal : roles[target],
		    "/sales", "acme");
}

/* Plain root, beside whoever has the database open. */
static struct fixture
as_root(const struct fixture *fixture)
{
	struct fixture root = *fixture;

	root.admin.is_root = true;
	root.admin.insist = true;
	root.admin.self = 0;
	root.admin.notices = (struct names){0};
	return root;
}

static int
group_setup(void **state)
{
	struct fixture *fixture;

	if (fixture_setup(state) != 0)
		return -1;
	fixture = *state;
	list_actors();
	assert_good(fixture, apply(fixture, BASE));
	assert_good(fixture, client_create(&fixture->admin, "acme", NO_EDITS, &fixture->why));
	assert_good(fixture, client_create(&fixture->admin, "brill", NO_EDITS, &fixture->why));
	assert_good(fixture, site_create(&fixture->admin, "gate",
	    EDITS({EDIT_SET, field_find(&site_table, "client"), "acme"}), &fixture->why));
	place(fixture, "chief", ROLE_SYSTEM_ADMINISTRATOR, "", "");
	for (size_t i = 0; i < actor_count; i++)
		place_target(fixture, &actors[i], SELF);
	place_target(fixture, &actors[0], LESSER);
	place_target(fixture, &actors[0], MORE);
	place_target(fixture, &actors[0], OUTSIDE);
	place_target(fixture, &actors[0], ADMINISTRATOR);
	return 0;
}

static int
group_teardown(void **state)
{
	rules_clear(&builtin);
	actor_count = 0;
	return fixture_teardown(state);
}

/* ---- the rule, stated once more ------------------------------------------------------------- */

/* What a change gives, or where it takes somebody. */
enum {
	GIVES_NOTHING = 0,
	GIVES_DESK = 1 << 0,    /* desk.view, everywhere */
	GIVES_VIEW = 1 << 1,    /* hexa.users.view, everywhere */
	GIVES_MORE = 1 << 2,    /* what nobody has but by `*` */
	LEAVES_SALES = 1 << 3,
	LEAVES_ACME = 1 << 4,
};

static bool
holds(const struct actor_row *actor, const char *permission)
{
	return actor->permission == NULL || strcmp(actor->permission, permission) == 0;
}

/* May this be given, to whom it is done? */
static bool
has_to_give(const struct actor_row *actor, unsigned gives)
{
	if (actor->has_all)
		return true;
	if ((gives & GIVES_MORE) != 0)
		return false;
	if ((gives & GIVES_DESK) != 0 && actor->where == AT_ACME)
		return false;
	if ((gives & GIVES_VIEW) != 0 &&
	    (actor->where != EVERYWHERE || !holds(actor, "hexa.users.view")))
		return false;
	if ((gives & LEAVES_SALES) != 0 && actor->where == IN_SALES)
		return false;
	return (gives & LEAVES_ACME) == 0 || actor->where != AT_ACME;
}

static bool
may_to_user(const struct actor_row *actor, const char *permission, enum target target,
    unsigned gives)
{
	if (target == SELF || !holds(actor, permission))
		return false;
	if (target == OUTSIDE && actor->where != EVERYWHERE)
		return false;
	if ((target == MORE || target == ADMINISTRATOR) && !actor->has_all)
		return false;
	return has_to_give(actor, gives);
}

/* Of what stands in no scope. */
static bool
may_everywhere(const struct actor_row *actor, const char *permission, unsigned gives)
{
	return holds(actor, permission) && actor->where == EVERYWHERE && has_to_give(actor, gives);
}

static bool
may_to_client(const struct actor_row *actor, const char *client)
{
	if (!holds(actor, "hexa.clients.edit"))
		return false;
	return actor->where == EVERYWHERE ||
	    (actor->where == AT_ACME && client != NULL && strcmp(client, "acme") == 0);
}

/* ---- asserting ------------------------------------------------------------------------------ */

static struct head {
	uint64_t sequence;
	unsigned char hash[CRYPTO_HASH_BYTES];
}
head(struct fixture *fixture)
{
	struct head head = {0};
	struct txn *txn;

	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, journal_head(txn, &head.sequence, head.hash, &fixture->why));
	store_end(txn);
	return head;
}

static unsigned long allowed_count, denied_count;

/*
 * Whoever may not is denied; whoever may gets `if_may`.  A refusal leaves the journal's head where
 * it stood.  True when something was done.
 */
static bool
assert_verdict(struct fixture *fixture, const struct head *before, const struct actor_row *actor,
    const char *what, const char *target, bool may, enum fault if_may, enum fault fault)
{
	struct head after = head(fixture);
	bool same = after.sequence == before->sequence &&
	    memcmp(after.hash, before->hash, sizeof(after.hash)) == 0;

	if (may && fault != if_may)
		fail_msg("%s (%s%s) may: %s %s: fault %d, %s", actor->name, actor->role,
		    suffixes[actor->where], what, target, (int)fault, fixture->why.text);
	if (!may && fault != FAULT_DENIED)
		fail_msg("%s (%s%s) may not: %s %s: fault %d", actor->name, actor->role,
		    suffixes[actor->where], what, target, (int)fault);
	if (fault != FAULT_NONE && !same)
		fail_msg("%s %s was refused, and something was written", what, target);
	*(may ? &allowed_count : &denied_count) += 1;
	return fault == FAULT_NONE;
}

/* ---- users ---------------------------------------------------------------------------------- */

/* What is done to a row: by its name, else by its kind. */
struct attempt {
	const char *field; /* NULL: any other row of that kind */
	enum kind kind;
	enum edit_act act;
	const char *value; /* a %u in it is another number each time; NULL: one of the choices */
	unsigned gives;
};

static const struct attempt attempts[] = {
	{"roles", K_ASSIGNMENTS, EDIT_ADD, "desk", GIVES_DESK},
	{"roles", K_ASSIGNMENTS, EDIT_ADD, "desk@/sales/x", GIVES_DESK},
	{"roles", K_ASSIGNMENTS, EDIT_ADD, "unheld@client:acme", GIVES_NOTHING},
	{"roles", K_ASSIGNMENTS, EDIT_ADD, "closer", GIVES_MORE},
	{"roles", K_ASSIGNMENTS, EDIT_ADD, "closer@client:brill", GIVES_MORE},
	{"roles", K_ASSIGNMENTS, EDIT_ADD, "closed", GIVES_MORE},
	{"roles", K_ASSIGNMENTS, EDIT_ADD, "by.hexa.users.view", GIVES_DESK | GIVES_VIEW},
	{"roles", K_ASSIGNMENTS, EDIT_ADD, ROLE_SYSTEM_ADMINISTRATOR, GIVES_MORE},
	{"roles", K_ASSIGNMENTS, EDIT_CLEAR, NULL, GIVES_NOTHING},
	{"grants", K_GRANTS, EDIT_ADD, "desk.view", GIVES_DESK},
	{"grants", K_GRANTS, EDIT_ADD, "desk.close@2026-11-22", GIVES_MORE},
	{"grants", K_GRANTS, EDIT_ADD, "hexa.users.view", GIVES_VIEW},
	{"grants", K_GRANTS, EDIT_ADD, "*", GIVES_MORE},
	{"clients", K_LOGINS, EDIT_ADD, "brill", LEAVES_ACME},
	{"clients", K_LOGINS, EDIT_CLEAR, NULL, LEAVES_ACME},
	{"sites", K_LOGINS, EDIT_CLEAR, NULL, GIVES_NOTHING},
	{"unit", K_UNIT, EDIT_SET, "/hr", LEAVES_SALES},
	{"unit", K_UNIT, EDIT_SET, "/sales/north", GIVES_NOTHING},
	{"unit", K_UNIT, EDIT_CLEAR, NULL, LEAVES_SALES},
	{"type", K_CHOICE, EDIT_SET, "integration", GIVES_NOTHING},
	{"type", K_CHOICE, EDIT_SET, "client", GIVES_NOTHING},
	/* A row that is none of these is tried by its kind, of those in which nothing is given. */
	{NULL, K_TEXT, EDIT_SET, "text %u", GIVES_NOTHING},
	{NULL, K_GECOS, EDIT_SET, "Text %u", GIVES_NOTHING},
	{NULL, K_EMAIL, EDIT_SET, "matrix%u@example.org", GIVES_NOTHING},
	{NULL, K_PHONE, EDIT_SET, "+316%08u", GIVES_NOTHING},
	{NULL, K_PATH, EDIT_SET, "/srv/%u", GIVES_NOTHING},
	{NULL, K_NUMBER, EDIT_SET, "%u", GIVES_NOTHING},
	{NULL, K_TIME, EDIT_SET, "2026-01-31", GIVES_NOTHING},
	{NULL, K_END, EDIT_SET, "2036-01-31", GIVES_NOTHING},
	{NULL, K_USER, EDIT_SET, "chief", GIVES_NOTHING}, /* who is out of most actors' reach */
	{NULL, K_LOGIN, EDIT_SET, "name%u", GIVES_NOTHING},
	{NULL, K_WORD, EDIT_SET, "word%u", GIVES_NOTHING},
	{NULL, K_BOOL, EDIT_SET, "yes", GIVES_NOTHING},
	{NULL, K_CHOICE, EDIT_SET, NULL, GIVES_NOTHING},
	{NULL, K_DURATION, EDIT_SET, "%us", GIVES_NOTHING},
	{NULL, K_SIZE, EDIT_SET, "%uKiB", GIVES_NOTHING},
};

static const unsigned row_kept = F_KEPT | F_HIDDEN;

/* The editable rows have an attempt each, so that a new one is not left out. */
static void
every_row_is_tried(void **state)
{
	(void)state;
	for (size_t i = 0; i < user_table.count; i++) {
		const struct field *row = &user_table.rows[i];
		bool tried = (row->rights & row_kept) != 0;

		for (size_t j = 0; !tried && j < sizeof(attempts) / sizeof(attempts[0]); j++)
			tried = attempts[j].field == NULL
			    ? attempts[j].kind == row->kind
			    : strcmp(attempts[j].field, row->name) == 0;
		if (!tried)
			fail_msg("the row %s is not tried", row->name);
	}
}

static bool
is_for(const struct attempt *attempt, const struct field *row)
{
	if (attempt->field != NULL)
		return strcmp(attempt->field, row->name) == 0;
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
		if (attempts[i].field != NULL && strcmp(attempts[i].field, row->name) == 0)
			return false;
	return attempt->kind == row->kind;
}

/* Puts the target back as it was, whatever was done to it. */
static void
restore_target(struct fixture *fixture, const struct actor_row *actor, enum target target)
{
	struct fixture root = as_root(fixture);

	assert_good(&root, account_delete(&root.admin, target_name(actor, target), &root.why));
	place_target(&root, actor, target);
	names_clear(&root.admin.notices);
}

static void
try_attempt(struct fixture *fixture, const struct actor_row *actor, enum target target,
    const struct field *row, const struct attempt *attempt)
{
	static unsigned number = 1;
	const char *name = target_name(actor, target);
	struct head before = head(fixture);
	struct edit edit = {attempt->act, row, NULL};
	/* What they have already cannot be added: whoever may is told so. */
	const bool has_it = attempt->act == EDIT_ADD &&
	    ((target == ADMINISTRATOR && strcmp(attempt->value, ROLE_SYSTEM_ADMINISTRATOR) == 0) ||
	        (target == OUTSIDE && strcmp(attempt->value, "brill") == 0));
	char value[128] = "";
	enum fault fault;

	if (attempt->value != NULL) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(value, sizeof(value), attempt->value, number++ % ACCESS_BACK_DAYS_MAX);
#pragma GCC diagnostic pop
		edit.value = value;
	} else if (attempt->act == EDIT_SET) {
		edit.value = row->choices[1];
	}
	fault = account_edit(&fixture->admin, name, &(struct edits){&edit, 1}, &fixture->why);
	if (assert_verdict(fixture, &before, actor, row->name, name,
	        may_to_user(actor, "hexa.users.edit", target, attempt->gives),
	        has_it ? FAULT_CONFLICT : FAULT_NONE, fault))
		restore_target(fixture, actor, target);
}

/* Rows that are nobody's to edit: who may edit the user is told so, and others nothing. */
static void
try_kept(struct fixture *fixture, const struct actor_row *actor, enum target target,
    const struct field *row)
{
	const char *name = target_name(actor, target);
	const struct edit edit = {EDIT_CLEAR, row, NULL};
	struct head before = head(fixture);
	enum fault fault =
	    account_edit(&fixture->admin, name, &(struct edits){&edit, 1}, &fixture->why);

	assert_false(assert_verdict(fixture, &before, actor, row->name, name,
	    may_to_user(actor, "hexa.users.edit", target, GIVES_NOTHING), FAULT_INVALID, fault));
}

static void
try_rows(struct fixture *fixture, const struct actor_row *actor, enum target target)
{
	for (size_t i = 0; i < user_table.count; i++) {
		const struct field *row = &user_table.rows[i];

		if ((row->rights & row_kept) != 0)
			try_kept(fixture, actor, target, row);
		for (size_t j = 0; j < sizeof(attempts) / sizeof(attempts[0]); j++)
			if ((row->rights & row_kept) == 0 && is_for(&attempts[j], row))
				try_attempt(fixture, actor, target, row, &attempts[j]);
	}
}

/* ---- the other operations on users ---------------------------------------------------------- */

/* Another one each time: a name that was given up is kept back. */
static char new_name[32];

static enum fault
rename_it(struct fixture *fixture, const char *name)
{
	static unsigned number;

	snprintf(new_name, sizeof(new_name), "renamed%u", number++);
	return account_rename(&fixture->admin, name, new_name, &fixture->why);
}

static enum fault
suspend_it(struct fixture *fixture, const char *name)
{
	return account_suspend(&fixture->admin, name, &fixture->why);
}

static enum fault
resume_it(struct fixture *fixture, const char *name)
{
	return account_resume(&fixture->admin, name, &fixture->why);
}

static enum fault
set_its_password(struct fixture *fixture, const char *name)
{
	return account_password(&fixture->admin, name, GOOD_PASSWORD, &fixture->why);
}

static enum fault
delete_it(struct fixture *fixture, const char *name)
{
	return account_delete(&fixture->admin, name, &fixture->why);
}

static const struct operation {
	const char *what;
	const char *permission;
	enum fault (*operate)(struct fixture *fixture, const char *name);
	enum fault if_may;
} operations[] = {
	{"rename", "hexa.users.edit", rename_it, FAULT_NONE},
	{"suspend", "hexa.users.edit", suspend_it, FAULT_NONE},
	{"resume", "hexa.users.edit", resume_it, FAULT_RULE}, /* they are active */
	{"password", "hexa.credentials.reset", set_its_password, FAULT_NONE},
	{"delete", "hexa.users.delete", delete_it, FAULT_NONE},
};

static void
try_operation(struct fixture *fixture, const struct actor_row *actor, enum target target,
    const struct operation *operation)
{
	const char *name = target_name(actor, target);
	struct head before = head(fixture);
	enum fault fault = operation->operate(fixture, name);

	if (!assert_verdict(fixture, &before, actor, operation->what, name,
	        may_to_user(actor, operation->permission, target, GIVES_NOTHING),
	        operation->if_may, fault))
		return;
	if (operation->operate == rename_it) {
		struct fixture root = as_root(fixture);

		assert_good(&root,
		    account_rename(&root.admin, new_name, name, &root.why));
	}
	if (operation->operate != delete_it) {
		restore_target(fixture, actor, target);
	} else {
		struct fixture root = as_root(fixture);

		place_target(&root, actor, target);
	}
}

static void
try_adding(struct fixture *fixture, const struct actor_row *actor)
{
	static const struct {
		const char *roles, *unit, *clients;
		unsigned gives;
	} rows[] = {
	    {"desk@client:acme", "/sales", "acme", GIVES_NOTHING},
	    {"desk@client:acme", "/hr", "acme", LEAVES_SALES},
	    {"desk@client:acme", "/sales", "", LEAVES_ACME},
	    {"desk", "/sales", "acme", GIVES_DESK},
	    {"closer@client:acme", "/sales", "acme", GIVES_MORE},
	    {ROLE_SYSTEM_ADMINISTRATOR, "/sales", "acme", GIVES_MORE},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct head before = head(fixture);
		struct fixture root = as_root(fixture);
		struct user made = {0};
		enum fault fault = account_add(&fixture->admin, NULL,
		    EDITS(USER_SET("first-name", "Made"), USER_SET("last-name", "Up"),
		        USER_SET("roles", rows[i].roles), USER_SET("unit", rows[i].unit),
		        USER_SET("clients", rows[i].clients)), NULL, &made, &fixture->why);

		if (assert_verdict(fixture, &before, actor, "add", rows[i].roles,
		        holds(actor, "hexa.users.create") && has_to_give(actor, rows[i].gives),
		        FAULT_NONE, fault))
			assert_good(&root, account_delete(&root.admin, made.name, &root.why));
		user_clear(&made);
	}
}

/* ---- roles ---------------------------------------------------------------------------------- */

static const struct attempt role_attempts[] = {
	{"title", K_TEXT, EDIT_SET, "Title", GIVES_NOTHING},
	{"permissions", K_PATTERNS, EDIT_ADD, "desk.view", GIVES_DESK},
	{"permissions", K_PATTERNS, EDIT_ADD, "desk.close", GIVES_MORE},
	{"permissions", K_PATTERNS, EDIT_ADD, "desk.*", GIVES_MORE},
	{"permissions", K_PATTERNS, EDIT_ADD, "hexa.users.view", GIVES_VIEW},
	{"permissions", K_PATTERNS, EDIT_ADD, "*", GIVES_MORE},
	{"includes", K_WORDS, EDIT_ADD, "desk", GIVES_DESK},
	{"includes", K_WORDS, EDIT_ADD, "closer", GIVES_MORE},
	{"includes", K_WORDS, EDIT_ADD, ROLE_SYSTEM_ADMINISTRATOR, GIVES_MORE},
	{"group", K_GROUP, EDIT_SET, "writers", GIVES_NOTHING}, /* to nobody yet */
	{"ladder", K_WORD, EDIT_SET, "stairs", GIVES_MORE},
	{"ladder", K_WORD, EDIT_SET, "apart", GIVES_NOTHING},
	{"level", K_NUMBER, EDIT_SET, "1", GIVES_NOTHING},
	{"access-back", K_NUMBER, EDIT_SET, "30", GIVES_NOTHING},
};

static void
every_row_of_a_role_is_tried(void **state)
{
	(void)state;
	for (size_t i = 0; i < role_table.count; i++) {
		const struct field *row = &role_table.rows[i];
		bool tried = (row->rights & row_kept) != 0;

		for (size_t j = 0; j < sizeof(role_attempts) / sizeof(role_attempts[0]); j++)
			tried |= strcmp(role_attempts[j].field, row->name) == 0;
		if (!tried)
			fail_msg("the row %s is not tried", row->name);
	}
}

/* The policy as it was, by root. */
static void
restore_policy(struct fixture *fixture)
{
	struct fixture root = as_root(fixture);

	assert_good(&root, apply(&root, BASE));
}

static void
try_role(struct fixture *fixture, const struct actor_row *actor, const struct attempt *attempt)
{
	const bool on_ladder = strcmp(attempt->field, "ladder") == 0;
	const bool at_level = strcmp(attempt->field, "level") == 0;
	/* A ladder and a level come together. */
	const struct edit edits[] = {
	    {attempt->act, role_field(attempt->field), attempt->value},
	    {EDIT_SET, role_field(at_level ? "ladder" : "level"), at_level ? "apart" : "9"}};
	struct head before = head(fixture);
	enum fault fault = role_edit(&fixture->admin, "empty",
	    &(struct edits){edits, on_ladder || at_level ? 2 : 1}, &fixture->why);

	if (assert_verdict(fixture, &before, actor, attempt->field, "empty",
	        may_everywhere(actor, "hexa.roles.edit", attempt->gives), FAULT_NONE, fault))
		restore_policy(fixture);
}

static enum fault
make_role(struct fixture *fixture, const char *permissions)
{
	return role_create(&fixture->admin, "fresh", EDITS(ROLE_SET("group", "no"),
	    ROLE_SET("permissions", permissions)), &fixture->why);
}

static void
try_roles(struct fixture *fixture, const struct actor_row *actor)
{
	struct admin *admin = &fixture->admin;
	struct why *why = &fixture->why;

	for (size_t i = 0; i < sizeof(role_attempts) / sizeof(role_attempts[0]); i++)
		try_role(fixture, actor, &role_attempts[i]);

#define TRY(what, gives, call) \
	do { \
		struct head before_ = head(fixture); \
		enum fault fault_ = (call); \
		if (assert_verdict(fixture, &before_, actor, what, "role", \
		        may_everywhere(actor, "hexa.roles.edit", gives), FAULT_NONE, fault_)) \
			restore_policy(fixture); \
	} while (0)
	TRY("add", GIVES_DESK, make_role(fixture, "desk.view"));
	TRY("add", GIVES_MORE, make_role(fixture, "desk.close"));
	TRY("enable", GIVES_MORE, role_enable(admin, "closed", why));
	TRY("disable", GIVES_NOTHING, role_disable(admin, "unheld", why));
	TRY("delete", GIVES_NOTHING, role_remove(admin, "unheld", why));
#undef TRY
}

static void
try_policies(struct fixture *fixture, const struct actor_row *actor)
{
	static const struct {
		const char *settings, *empty;
		unsigned gives;
	} rows[] = {
	    {SETTINGS, "{title: Title, group: no}", GIVES_NOTHING},
	    {SETTINGS, "{permissions: [desk.view], group: no}", GIVES_DESK},
	    {SETTINGS, "{permissions: [desk.close], group: no}", GIVES_MORE},
	    {SETTINGS, "{includes: [owner], group: no}", GIVES_MORE},
	    {SETTINGS "limits: {users: 1000}\n", "{group: no}", GIVES_MORE},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct head before = head(fixture);
		enum fault fault = apply(fixture, policy_with(rows[i].settings, rows[i].empty));

		if (assert_verdict(fixture, &before, actor, "policy apply", rows[i].empty,
		        may_everywhere(actor, "hexa.policy.apply", rows[i].gives), FAULT_NONE,
		        fault))
			restore_policy(fixture);
	}
}

/* ---- clients and the host ------------------------------------------------------------------- */

static void
try_clients(struct fixture *fixture, const struct actor_row *actor)
{
	static const char *const clients[] = {"acme", "brill"};
	const struct field *client = field_find(&site_table, "client");
	struct fixture root = as_root(fixture);
	struct why *why = &fixture->why;
	struct head before = head(fixture);
	enum fault fault = client_create(&fixture->admin, "calm", NO_EDITS, why);

	if (assert_verdict(fixture, &before, actor, "client add", "calm",
	        may_to_client(actor, NULL), FAULT_NONE, fault))
		assert_good(&root, client_remove(&root.admin, "calm", &root.why));
	for (size_t i = 0; i < 2; i++) {
		const struct edit title = {EDIT_SET, field_find(&client_table, "title"), "Title"};
		const struct edit none = {EDIT_CLEAR, title.field, NULL};
		bool may = may_to_client(actor, clients[i]);

		before = head(fixture);
		fault = client_edit(&fixture->admin, clients[i], &(struct edits){&title, 1}, why);
		if (assert_verdict(fixture, &before, actor, "client edit", clients[i], may,
		        FAULT_NONE, fault))
			assert_good(&root, client_edit(&root.admin, clients[i],
			    &(struct edits){&none, 1}, &root.why));
		before = head(fixture);
		fault = site_create(&fixture->admin, "dock", EDITS({EDIT_SET, client, clients[i]}),
		    why);
		if (assert_verdict(fixture, &before, actor, "site add", clients[i], may,
		        FAULT_NONE, fault))
			assert_good(&root, site_remove(&root.admin, "dock", &root.why));
		before = head(fixture);
		/* Both are in use: whoever may is told so. */
		fault = client_remove(&fixture->admin, clients[i], why);
		assert_false(assert_verdict(fixture, &before, actor, "client delete", clients[i],
		    may, FAULT_RULE, fault));
	}
	before = head(fixture);
	fault = identity_set(&fixture->admin, &(struct identity){.client = "acme"}, why);
	assert_false(assert_verdict(fixture, &before, actor, "host set", "acme", false,
	    FAULT_NONE, fault));
}

/* ---- all of it ------------------------------------------------------------------------------ */

static void
try_all(struct fixture *fixture, const struct actor_row *actor)
{
	struct fixture root;

	fixture_become(fixture, actor->name);
	root = as_root(fixture);
	place_target(&root, actor, EQUAL);
	for (enum target target = SELF; target < TARGETS; target++) {
		try_rows(fixture, actor, target);
		for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
			try_operation(fixture, actor, target, &operations[i]);
	}
	try_adding(fixture, actor);
	try_roles(fixture, actor);
	try_policies(fixture, actor);
	try_clients(fixture, actor);
	assert_good(&root, account_delete(&root.admin, "equal", &root.why));
	fixture_become(fixture, NULL);
}

static void
try_those(struct fixture *fixture, enum where where, bool has_all)
{
	allowed_count = denied_count = 0;
	for (size_t i = 0; i < actor_count; i++)
		if (actors[i].where == where && actors[i].has_all == has_all)
			try_all(fixture, &actors[i]);
	assert_true(allowed_count > 0 && denied_count > 0);
}

static void
who_holds_a_right_everywhere(void **state)
{
	try_those(*state, EVERYWHERE, false);
}

static void
who_holds_a_right_in_a_unit(void **state)
{
	try_those(*state, IN_SALES, false);
}

static void
who_holds_a_right_for_a_client(void **state)
{
	try_those(*state, AT_ACME, false);
}

static void
who_holds_everything(void **state)
{
	try_those(*state, EVERYWHERE, true);
}

/* ---- a right to look is none to write ------------------------------------------------------- */

static void
digest_database(const struct fixture *fixture, unsigned char hash[CRYPTO_HASH_BYTES])
{
	static unsigned char data[16 * 1024 * 1024];
	char path[256];
	size_t size;
	FILE *file;

	snprintf(path, sizeof(path), "%s/var/lib/hexa/private/hexa.mdb", fixture->root);
	file = fopen(path, "re");
	assert_non_null(file);
	size = fread(data, 1, sizeof(data), file);
	assert_in_range(size, 1, sizeof(data) - 1);
	fclose(file);
	crypto_digest(data, size, NULL, 0, hash);
}

static bool
is_to_look(const char *permission)
{
	size_t size = permission == NULL ? 0 : strlen(permission);

	return size > 5 && strcmp(permission + size - 5, ".view") == 0;
}

/* Not a byte of the database is another after all that such a one tries. */
static void
a_right_to_look_is_none_to_write(void **state)
{
	unsigned char before[CRYPTO_HASH_BYTES], after[CRYPTO_HASH_BYTES];
	struct fixture *fixture = *state;
	unsigned tried = 0;

	for (size_t i = 0; i < actor_count; i++) {
		if (!is_to_look(actors[i].permission))
			continue;
		fixture_become(fixture, actors[i].name);
		digest_database(fixture, before);
		allowed_count = 0;
		for (enum target target = SELF; target < TARGETS; target++) {
			if (target == EQUAL)
				continue; /* made for each actor, elsewhere */
			try_rows(fixture, &actors[i], target);
			for (size_t j = 0; j < sizeof(operations) / sizeof(operations[0]); j++)
				try_operation(fixture, &actors[i], target, &operations[j]);
		}
		try_adding(fixture, &actors[i]);
		try_roles(fixture, &actors[i]);
		try_policies(fixture, &actors[i]);
		try_clients(fixture, &actors[i]);
		assert_int_equal(allowed_count, 0);
		digest_database(fixture, after);
		assert_memory_equal(before, after, sizeof(before));
		tried++;
	}
	/* activity, clients, documents, policy, roles, users */
	assert_int_equal(tried, 6 * WHERES);
	fixture_become(fixture, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_row_is_tried),
	    cmocka_unit_test(every_row_of_a_role_is_tried),
	    cmocka_unit_test(a_right_to_look_is_none_to_write),
	    cmocka_unit_test(who_holds_a_right_everywhere),
	    cmocka_unit_test(who_holds_a_right_in_a_unit),
	    cmocka_unit_test(who_holds_a_right_for_a_client),
	    cmocka_unit_test(who_holds_everything),
	};

	if (geteuid() != 0)
		return RUN_AS_ROOT(tests);
	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
