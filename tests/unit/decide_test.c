/*
 * decide_test.c - every verdict with its allowed twin, the order of the rules, and what counts for
 * whom, when and where.
 */
#include "tests/unit/world_fixture.h"

#define EXPECT(world, expected) \
	assert_string_equal(verdict_name(decision_of(world).verdict), verdict_name(expected))
#define EXPECT_PERMISSION(world, permission, expected) \
	assert_string_equal(verdict_name(permission_of(world, permission).verdict), \
	    verdict_name(expected))

/* ---- every verdict, with its allowed twin ------------------------------------------------- */

#define CLIENT_USER \
	{"type", "client"}, {"email", "anna@example.org"}, {"phone", "+31612345678"}

/* Anna with these changes, what becomes of her, and the least that lets her in again. */
static const struct row {
	struct change changes[CHANGES_MAX];
	enum verdict verdict;
	const char *field;
	struct change twin[CHANGES_MAX];
} table[] = {
	{{{"status", "invited"}}, VERDICT_NOT_ACTIVE, "status", {{"status", "active"}}},
	{{{"status", "suspended"}}, VERDICT_NOT_ACTIVE, "status", {{"status", "active"}}},
	{{{"status", "revoked"}}, VERDICT_NOT_ACTIVE, "status", {{"status", "active"}}},
	{{{"status", "left"}}, VERDICT_NOT_ACTIVE, "status", {{"status", "active"}}},

	{{{"valid-from", "2027-01-15T08:00:01Z"}}, VERDICT_NOT_YET_VALID, "valid-from",
	    {{"valid-from", "2027-01-15T08:00:00Z"}}},
	{{{"valid-until", "2027-01-15T07:59:59Z"}}, VERDICT_EXPIRED, "valid-until",
	    {{"valid-until", "2027-01-15T08:00:00Z"}}},
	{{{"valid-until", "2027-01-14"}}, VERDICT_EXPIRED, "valid-until",
	    {{"valid-until", "2027-01-15"}}},

	/* a type that no person logs in as: no password, and only what is meant for it by name */
	{{{"type", "system"}}, VERDICT_TYPE_CANNOT_LOG_IN, "type", {{"type", "employee"}}},
	{{{"type", "integration"}}, VERDICT_TYPE_CANNOT_LOG_IN, "type", {{"roles", "feeder"}}},
	{{{"type", "integration"}, {"roles", "feeder"}, {"phase", "auth"}},
	    VERDICT_TYPE_CANNOT_LOG_IN, "type", {{"phase", "account"}}},
	{{{"type", "system"}, {"roles", "feeder"}}, VERDICT_TYPE_CANNOT_LOG_IN, "type",
	    {{"type", "integration"}}},
	{{{"type", "system"}, {"roles", "robot"}, {"service", "cron"}, {"phase", "auth"}},
	    VERDICT_TYPE_CANNOT_LOG_IN, "type", {{"phase", "account"}}},
	{{{"type", "integration"}, {"roles", "everything"}, {"service", "at"}},
	    VERDICT_TYPE_CANNOT_LOG_IN, "type", {{"service", "cron"}}},
	{{{"type", "integration"}, {"roles", "everything"}, {"service", "sudo"}},
	    VERDICT_TYPE_CANNOT_LOG_IN, "type", {{"service", "sshd"}}},
	{{{"type", "integration"}, {"roles", "everything"}, {"service", NULL}},
	    VERDICT_TYPE_CANNOT_LOG_IN, "type", {{"service", "sshd"}}},
	{{{"type", "integration"}, {"roles", "nobody"}, {"grants", "feeds.push@2027-01-14"}},
	    VERDICT_TYPE_CANNOT_LOG_IN, "type", {{"grants", "feeds.*@2027-01-15"}}},

	{{{"type", "client"}, {"email", "anna@example.org"}}, VERDICT_NO_CONTACT, "phone",
	    {{"phone", "+31612345678"}}},
	{{{"type", "client"}, {"phone", "+31612345678"}}, VERDICT_NO_CONTACT, "email",
	    {{"email", "anna@example.org"}}},

	{{{"roles", ""}}, VERDICT_NO_ROLE, "roles", {{"roles", "technician"}}},
	{{{"roles", ""}, {"grants", "shell.login"}}, VERDICT_NO_ROLE, "roles",
	    {{"roles", "nobody"}}},
	{{{"roles", "gone"}}, VERDICT_NO_ROLE, "roles", {{"roles", "gone technician"}}},
	{{{"roles", "off"}}, VERDICT_ROLE_DISABLED, "roles", {{"roles", "off technician"}}},
	{{{"roles", "off"}, {"grants", "shell.login"}}, VERDICT_ROLE_DISABLED, "roles",
	    {{"roles", "off nobody"}}},

	{{{"roles", "nobody"}}, VERDICT_NO_PERMISSION, "roles", {{"grants", "shell.login"}}},
	{{{"roles", "nobody"}, {"service", "at"}}, VERDICT_NO_PERMISSION, "roles",
	    {{"grants", "dossiers.view"}}},
	{{{"roles", "nobody off"}}, VERDICT_NO_PERMISSION, "roles", {{"roles", "chief off"}}},
	{{{"roles", "feeder"}}, VERDICT_NO_PERMISSION, "roles", {{"type", "integration"}}},
	{{{"roles", "visitor"}, {"service", "at"}}, VERDICT_NO_PERMISSION, "roles", {CLIENT_USER}},
	{{{"roles", "nobody"}, {"grants", "shell.login@2027-01-15T07:59:59Z"}},
	    VERDICT_NO_PERMISSION, "roles", {{"grants", "shell.login@2027-01-15T08:00:00Z"}}},
	{{{"roles", "nobody"}, {"grants", "feeds.*"}}, VERDICT_NO_PERMISSION, "roles",
	    {{"grants", "feeds.* shell.*"}}},

	/* whose host it is */
	{{CLIENT_USER, {"clients", "acme"}}, VERDICT_WRONG_SITE, "clients",
	    {{"host's client", "acme"}}},
	{{CLIENT_USER, {"clients", "acme"}, {"host's client", ""}}, VERDICT_WRONG_SITE, "clients",
	    {{"host's client", "acme"}}},
	{{CLIENT_USER, {"clients", "acme"}, {"host's client", "beta"}}, VERDICT_WRONG_SITE,
	    "clients", {{"clients", "acme beta"}}},
	{{CLIENT_USER, {"clients", "acme"}, {"host's client", "beta"}}, VERDICT_WRONG_SITE,
	    "clients", {{"type", "employee"}}},
	{{CLIENT_USER, {"clients", "acme"}, {"sites", "north"}, {"host's client", "acme"}},
	    VERDICT_WRONG_SITE, "sites", {{"host's site", "north"}}},
	{{CLIENT_USER, {"clients", "acme"}, {"sites", "north"}, {"host's client", "acme"},
	     {"host's site", "south"}}, VERDICT_WRONG_SITE, "sites", {{"sites", ""}}},
	{{CLIENT_USER, {"clients", "acme"}, {"sites", "north"}, {"host's client", "beta"},
	     {"host's site", "north"}}, VERDICT_WRONG_SITE, "clients", {{"host's client", "acme"}}},
	{{{"roles", "technician@client:acme"}, {"host's client", "beta"}}, VERDICT_WRONG_SITE,
	    "roles", {{"host's client", ""}}},
	{{{"roles", "technician@client:acme chief@client:acme"}, {"host's client", "beta"}},
	    VERDICT_WRONG_SITE, "roles", {{"roles", "technician@client:acme chief@/sales"}}},
	{{{"roles", "technician@client:acme"}, {"host's client", "beta"}}, VERDICT_WRONG_SITE,
	    "roles", {{"grants", "shell.login"}}},
	{{{"type", "integration"}, {"roles", "feeder@client:acme"}, {"host's client", "beta"}},
	    VERDICT_WRONG_SITE, "roles", {{"host's client", "acme"}}},

	{{{"roles", "clerk"}}, VERDICT_SERVICE_NOT_PERMITTED, NULL,
	    {{"roles", "clerk technician"}}},
	{{{"roles", "clerk"}}, VERDICT_SERVICE_NOT_PERMITTED, NULL, {{"grants", "shell.*"}}},
	{{{"roles", "clerk"}}, VERDICT_SERVICE_NOT_PERMITTED, NULL, {{"service", "at"}}},
	{{{"service", "sudo"}}, VERDICT_SERVICE_NOT_PERMITTED, NULL, {{"roles", "chief"}}},
	{{{"service", "sudo"}}, VERDICT_SERVICE_NOT_PERMITTED, NULL, {{"grants", "shell.sudo"}}},
	{{{"service", "sudo"}, {"grants", "shell.sudo@2027-01-14"}}, VERDICT_SERVICE_NOT_PERMITTED,
	    NULL, {{"now", "2027-01-14T23:59:59Z"}}},
	{{{"roles", "clerk feeder"}}, VERDICT_SERVICE_NOT_PERMITTED, NULL,
	    {{"type", "integration"}}},
	{{{"roles", "clerk technician@client:acme"}, {"host's client", "beta"}},
	    VERDICT_SERVICE_NOT_PERMITTED, "roles", {{"host's client", "acme"}}},
	{{{"service", NULL}}, VERDICT_SERVICE_NOT_PERMITTED, NULL, {{"service", "login"}}},
	{{{"service", "at"}, {"login.other-services", "refuse"}}, VERDICT_SERVICE_NOT_PERMITTED,
	    "login.other-services", {{"login.other-services", "any-permission"}}},
	{{{"service", "at"}, {"login.other-services", "refuse"}}, VERDICT_SERVICE_NOT_PERMITTED,
	    "login.other-services", {{"service", "sshd"}}},

	/* who may act on Hexa comes to it through sudo, whatever the policy says of that */
	{{{"service", "sudo"}}, VERDICT_SERVICE_NOT_PERMITTED, NULL, {{"roles", "looker"}}},
	{{{"service", "sudo"}}, VERDICT_SERVICE_NOT_PERMITTED, NULL,
	    {{"grants", "hexa.users.view"}}},
	{{{"service", "sudo"}, {"grants", "hexa.users.*@2027-01-14"}},
	    VERDICT_SERVICE_NOT_PERMITTED, NULL, {{"now", "2027-01-14T23:59:59Z"}}},
	{{{"service", "sudo-i"}, {"login.other-services", "refuse"}},
	    VERDICT_SERVICE_NOT_PERMITTED, "login.other-services", {{"roles", "looker"}}},
	{{{"service", "sudo-i"}, {"login.other-services", "refuse"}},
	    VERDICT_SERVICE_NOT_PERMITTED, "login.other-services", {{"grants", "hexa.*"}}},
	{{{"service", "sudo-i"}, {"login.other-services", "refuse"}},
	    VERDICT_SERVICE_NOT_PERMITTED, "login.other-services",
	    {{"login.other-services", "any-permission"}}},
	{{{"service", "sudo"}, {"roles", "looker off"}, {"status", "suspended"}},
	    VERDICT_NOT_ACTIVE, "status", {{"status", "active"}}},
	{{{"roles", "looker"}}, VERDICT_SERVICE_NOT_PERMITTED, NULL, {{"service", "sudo"}}},
	{{{"roles", "looker"}, {"service", "su"}, {"login.other-services", "refuse"}},
	    VERDICT_SERVICE_NOT_PERMITTED, "login.other-services", {{"service", "sudo-i"}}},
	{{{"service", "sudo"}, {"roles", "technician looker@client:acme"},
	     {"host's client", "beta"}},
	    VERDICT_SERVICE_NOT_PERMITTED, "roles", {{"host's client", "acme"}}},
	{{{"service", "sudo-i"}, {"roles", "technician looker@client:acme"},
	     {"host's client", "beta"}, {"login.other-services", "refuse"}},
	    VERDICT_SERVICE_NOT_PERMITTED, "roles", {{"host's client", ""}}},
	{{{"type", "integration"}, {"roles", "looker"}, {"service", "sudo"}},
	    VERDICT_TYPE_CANNOT_LOG_IN, "type", {CLIENT_USER}},

	{{{"phase", "auth"}, {"locked-out", "yes"}}, VERDICT_LOCKED_OUT, NULL,
	    {{"locked-out", "no"}}},
	{{{"phase", "auth"}, {"locked-out", "yes"}}, VERDICT_LOCKED_OUT, NULL,
	    {{"phase", "account"}}},
	{{{"phase", "auth"}, {"proof", "code"}, {"locked-out", "yes"}}, VERDICT_LOCKED_OUT, NULL,
	    {{"locked-out", "no"}}},
	{{{"lockout.keys", "yes"}, {"proof", "key"}, {"locked-out", "yes"}}, VERDICT_LOCKED_OUT,
	    NULL, {{"lockout.keys", "no"}}},
	{{{"lockout.keys", "yes"}, {"proof", "nothing"}, {"locked-out", "yes"}},
	    VERDICT_LOCKED_OUT, NULL, {{"locked-out", "no"}}},
	{{{"lockout.keys", "yes"}, {"proof", "nothing"}, {"locked-out", "yes"}},
	    VERDICT_LOCKED_OUT, NULL, {{"proof", "password"}}},
	{{{"lockout.keys", "yes"}, {"proof", "code"}, {"locked-out", "yes"}},
	    VERDICT_MUST_CHANGE_PASSWORD, "must-change", {{"proof", "password"}}},

	{{{"must-change", "yes"}}, VERDICT_MUST_CHANGE_PASSWORD, "must-change",
	    {{"must-change", "no"}}},
	{{{"must-change", "yes"}}, VERDICT_MUST_CHANGE_PASSWORD, "must-change", {{"proof", "key"}}},
	{{{"must-change", "yes"}}, VERDICT_MUST_CHANGE_PASSWORD, "must-change",
	    {{"proof", "nothing"}}},
	{{{"must-change", "yes"}}, VERDICT_MUST_CHANGE_PASSWORD, "must-change",
	    {{"phase", "auth"}}},
	{{{"must-change", "yes"}}, VERDICT_MUST_CHANGE_PASSWORD, "must-change", {{"password", ""}}},
	{{{"proof", "code"}}, VERDICT_MUST_CHANGE_PASSWORD, "must-change", {{"proof", "password"}}},
	{{{"proof", "code"}, {"password", ""}}, VERDICT_MUST_CHANGE_PASSWORD, "must-change",
	    {{"phase", "auth"}}},
	{{{"password.max-age", "10d"}, {"password-set", "2027-01-05T08:00:00Z"}},
	    VERDICT_MUST_CHANGE_PASSWORD, "password-set",
	    {{"password-set", "2027-01-05T08:00:01Z"}}},
	{{{"password.max-age", "10d"}, {"password-set", ""}}, VERDICT_MUST_CHANGE_PASSWORD,
	    "password-set", {{"password.max-age", ""}}},
	{{{"password.max-age", "10d"}, {"password-set", "2026-01-01"}},
	    VERDICT_MUST_CHANGE_PASSWORD, "password-set", {{"proof", "key"}}},
};

static void
each_verdict_and_its_twin(void **state)
{
	bool seen[VERDICT_ALLOWED + 1] = {false};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct world world;
		struct decision decision;

		world_make(&world);
		change_all(&world, table[i].changes);
		decision = decision_of(&world);
		if (decision.verdict != table[i].verdict)
			fail_msg("row %zu: %s, not %s", i, verdict_name(decision.verdict),
			    verdict_name(table[i].verdict));
		if (table[i].field == NULL)
			assert_null(decision.field);
		else
			assert_string_equal(decision.field, table[i].field);
		seen[decision.verdict] = true;
		change_all(&world, table[i].twin);
		decision = decision_of(&world);
		if (!verdict_allows(decision.verdict))
			fail_msg("row %zu: the twin is %s", i, verdict_name(decision.verdict));
		world_clear(&world);
	}
	/* The two that are left: without a user, and with a request that is not whole. */
	for (enum verdict verdict = VERDICT_NOT_ACTIVE; verdict < VERDICT_ALLOWED; verdict++)
		if (!seen[verdict])
			fail_msg("%s is in no row", verdict_name(verdict));
}

static void
the_zero_value_denies(void **state)
{
	struct decision nothing = {0};

	(void)state;
	assert_false(verdict_allows(nothing.verdict));
	for (enum verdict verdict = VERDICT_NONE; verdict <= VERDICT_ALLOWED; verdict++) {
		assert_int_equal(verdict_allows(verdict), verdict == VERDICT_ALLOWED);
		assert_int_equal(verdict_find(verdict_name(verdict)), verdict);
	}
	assert_int_equal(verdict_find("allow"), VERDICT_NONE);
	assert_int_equal(verdict_find(""), VERDICT_NONE);
}

static void
unknown_user(void **state)
{
	struct world *world = *state;

	EXPECT(world, VERDICT_ALLOWED);
	assert_int_equal(decide(NULL, &world->held, &world->rules, &world->request).verdict,
	    VERDICT_UNKNOWN_USER);
	assert_int_equal(decide_permission(NULL, &world->held, &world->rules, &world->request,
	    "shell.login").verdict, VERDICT_UNKNOWN_USER);
	world->request.service = NULL;
	assert_int_equal(decide_permission(NULL, &world->held, &world->rules, &world->request,
	    "shell.login").verdict, VERDICT_UNKNOWN_USER);
}

/*
 * A lock-out is judged in the one phase and an old password in the other: a request must say
 * which.
 */
static void
a_request_that_is_not_filled_in(void **state)
{
	struct world *world = *state;
	const struct request whole = world->request;

	EXPECT(world, VERDICT_ALLOWED);
	world->request.phase = 0;
	EXPECT(world, VERDICT_NONE);
	world->request.phase = PHASE_ACCOUNT + 1;
	EXPECT(world, VERDICT_NONE);
	world->request = whole;
	world->request.now = 0;
	EXPECT(world, VERDICT_NONE);
	world->request.now = -1;
	EXPECT(world, VERDICT_NONE);
	world->request = whole;
	world->request.dated = -1;
	EXPECT_PERMISSION(world, "shell.login", VERDICT_NONE);
	world->request = (struct request){0};
	EXPECT(world, VERDICT_NONE);
	EXPECT_PERMISSION(world, "shell.login", VERDICT_NONE);
	assert_int_equal(decide(NULL, &world->held, &world->rules, &world->request).verdict,
	    VERDICT_NONE);
}

/*
 * Whatever a role was compiled to open: rules that are all zero, as when they could not be read,
 * let nobody in, and rules that name no service no one who is no person.
 */
static void
roles_open_nothing_without_the_rules(void **state)
{
	static const char *const types[] = {"employee", "client", "system", "integration"};
	static const char *const services[] = {"sshd", "at", "", "cron"};
	struct world *world = *state;
	const struct rules none = {0}, unnamed = {.settings.other_services = OTHER_ANY_PERMISSION};

	set(&user_table, &world->user, "roles", "everything");
	set(&user_table, &world->user, "grants", "*");
	set(&user_table, &world->user, "email", "anna@example.org");
	set(&user_table, &world->user, "phone", "+31612345678");
	EXPECT(world, VERDICT_ALLOWED);
	for (size_t i = 0; i < COUNT(types); i++) {
		for (size_t j = 0; j < COUNT(services); j++) {
			set(&user_table, &world->user, "type", types[i]);
			world->request.service = services[j];
			assert_false(verdict_allows(decide(&world->user, &world->held, &none,
			    &world->request).verdict));
			assert_false(verdict_allows(decide_permission(&world->user, &world->held,
			    &none, &world->request, "shell.login").verdict));
			assert_int_equal(verdict_allows(decide(&world->user, &world->held, &unnamed,
			    &world->request).verdict), i < 2);
		}
	}
}

/* ---- the order ---------------------------------------------------------------------------- */

/* What of the world a fault needs for itself: two that need the same cannot stand together. */
enum { TYPE = 1, ROLES = 2, PHASE = 4, SERVICE = 8, CLIENT = 16, STATUS = 32, FROM = 64,
	UNTIL = 128 };

static const struct ordered {
	enum verdict verdict;
	unsigned needs;
	struct change changes[CHANGES_MAX];
} order[] = {
	{VERDICT_NOT_ACTIVE, STATUS, {{"status", "suspended"}}},
	{VERDICT_NOT_YET_VALID, FROM, {{"valid-from", "2028-01-01"}}},
	{VERDICT_EXPIRED, UNTIL, {{"valid-until", "2026-01-01"}}},
	{VERDICT_TYPE_CANNOT_LOG_IN, TYPE, {{"type", "system"}}},
	{VERDICT_NO_CONTACT, TYPE, {{"type", "client"}}},
	{VERDICT_NO_ROLE, ROLES, {{"roles", ""}}},
	{VERDICT_ROLE_DISABLED, ROLES, {{"roles", "off"}}},
	{VERDICT_NO_PERMISSION, ROLES, {{"roles", "nobody"}}},
	{VERDICT_NO_PERMISSION, ROLES, {{"roles", "feeder"}}},
	{VERDICT_WRONG_SITE, TYPE | CLIENT,
	    {CLIENT_USER, {"clients", "acme"}, {"host's client", "beta"}}},
	{VERDICT_WRONG_SITE, ROLES | CLIENT,
	    {{"roles", "chief@client:acme"}, {"host's client", "beta"}}},
	{VERDICT_SERVICE_NOT_PERMITTED, SERVICE, {{"service", "sudo"}}},
	{VERDICT_SERVICE_NOT_PERMITTED, SERVICE,
	    {{"service", "at"}, {"login.other-services", "refuse"}}},
	{VERDICT_SERVICE_NOT_PERMITTED, SERVICE, {{"service", NULL}}},
	{VERDICT_LOCKED_OUT, PHASE, {{"phase", "auth"}, {"locked-out", "yes"}}},
	{VERDICT_MUST_CHANGE_PASSWORD, PHASE, {{"must-change", "yes"}}},
};

/* Of any two faults that one user can have at once, the one that comes first is named. */
static void
the_earlier_of_two_is_named(void **state)
{
	unsigned pairs = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(order); i++) {
		for (size_t j = i + 1; j < COUNT(order); j++) {
			struct world world;
			enum verdict verdict;

			if ((order[i].needs & order[j].needs) != 0 ||
			    order[i].verdict == order[j].verdict)
				continue;
			for (unsigned turned = 0; turned < 2; turned++) {
				world_make(&world);
				change_all(&world, order[turned ? j : i].changes);
				change_all(&world, order[turned ? i : j].changes);
				verdict = decision_of(&world).verdict;
				if (verdict != order[i].verdict)
					fail_msg("%s and %s: %s", verdict_name(order[i].verdict),
					    verdict_name(order[j].verdict), verdict_name(verdict));
				world_clear(&world);
			}
			pairs++;
		}
	}
	assert_true(pairs > 70);
}

/* All at once; mending one after the other walks down the list in its order. */
static void
mending_one_by_one_walks_down_the_order(void **state)
{
	static const struct {
		struct change mend;
		enum verdict next;
	} walk[] = {
		{{"status", "active"}, VERDICT_NOT_YET_VALID},
		{{"valid-from", ""}, VERDICT_EXPIRED},
		{{"valid-until", ""}, VERDICT_TYPE_CANNOT_LOG_IN},
		{{"type", "client"}, VERDICT_NO_CONTACT},
		{{"email", "anna@example.org"}, VERDICT_NO_CONTACT},
		{{"phone", "+31612345678"}, VERDICT_NO_ROLE},
		{{"roles", "off"}, VERDICT_ROLE_DISABLED},
		{{"roles", "off nobody"}, VERDICT_NO_PERMISSION},
		{{"roles", "off nobody clerk@client:acme"}, VERDICT_WRONG_SITE},
		{{"clients", "acme beta"}, VERDICT_WRONG_SITE},
		{{"sites", ""}, VERDICT_WRONG_SITE},
		{{"roles", "off nobody clerk"}, VERDICT_SERVICE_NOT_PERMITTED},
		{{"roles", "technician"}, VERDICT_LOCKED_OUT},
		{{"phase", "account"}, VERDICT_MUST_CHANGE_PASSWORD},
		{{"must-change", "no"}, VERDICT_ALLOWED},
	};
	static const struct change wrong[] = {{"status", "suspended"}, {"valid-from", "2028-01-01"},
	    {"valid-until", "2026-01-01"}, {"type", "system"}, {"roles", ""}, {"clients", "acme"},
	    {"sites", "north"}, {"host's client", "beta"}, {"locked-out", "yes"}, {"phase", "auth"},
	    {"must-change", "yes"}};
	struct world *world = *state;

	for (size_t i = 0; i < COUNT(wrong); i++)
		change_world(world, &wrong[i]);
	EXPECT(world, VERDICT_NOT_ACTIVE);
	for (size_t i = 0; i < COUNT(walk); i++) {
		change_world(world, &walk[i].mend);
		EXPECT(world, walk[i].next);
	}
}

/* ---- what counts -------------------------------------------------------------------------- */

static void
allowed_names_what_allowed(void **state)
{
	struct world *world = *state;
	struct decision decision;

	set(&user_table, &world->user, "roles", "chief");
	decision = decision_of(world);
	assert_int_equal(decision.verdict, VERDICT_ALLOWED);
	assert_string_equal(decision.role, "chief");
	assert_string_equal(decision.permission, "shell.login");
	assert_null(decision.field);
	world->request.service = "at";
	assert_string_equal(decision_of(world).permission, "shell.login"); /* the first of any */
	set(&user_table, &world->user, "roles", "nobody");
	set(&user_table, &world->user, "grants", "dossiers.view shell.*");
	world->request.service = "sudo";
	decision = decision_of(world);
	assert_int_equal(decision.verdict, VERDICT_ALLOWED);
	assert_null(decision.role);
	assert_string_equal(decision.permission, "shell.sudo");
	assert_string_equal(decision.field, "grants");
}

static void
validity_stands_far_off_numbers(void **state)
{
	static const int64_t extremes[] = {INT64_MIN, -1, INT64_MAX};
	struct world *world = *state;

	for (size_t i = 0; i < COUNT(extremes); i++) {
		world->user.valid_from = 0;
		world->user.valid_until = extremes[i];
		EXPECT(world, extremes[i] > 0 ? VERDICT_ALLOWED : VERDICT_EXPIRED);
		world->user.valid_until = 0;
		world->user.valid_from = extremes[i];
		EXPECT(world, extremes[i] > 0 ? VERDICT_NOT_YET_VALID : VERDICT_ALLOWED);
	}
}

/* The age of a password is counted without running over, wherever its date stands. */
static void
passwords_of_any_date(void **state)
{
	struct world *world = *state;

	set(&settings_table, &world->rules.settings, "password.max-age", "1d");
	world->user.password_set = INT64_MIN;
	EXPECT(world, VERDICT_MUST_CHANGE_PASSWORD);
	world->user.password_set = INT64_MAX; /* set while the clock was wrong */
	EXPECT(world, VERDICT_ALLOWED);
	world->request.now = INT64_MAX;
	world->user.password_set = 1;
	EXPECT(world, VERDICT_MUST_CHANGE_PASSWORD);
}

/* A status or a type that no record can hold is nobody's. */
static void
numbers_that_stand_for_nothing(void **state)
{
	static const unsigned wrong[] = {USER_TYPES, 99, UINT32_MAX};
	struct world *world = *state;

	set(&user_table, &world->user, "roles", "everything");
	set(&user_table, &world->user, "grants", "*");
	EXPECT(world, VERDICT_ALLOWED);
	for (size_t i = 0; i < COUNT(wrong); i++) {
		world->user.status = wrong[i];
		EXPECT(world, VERDICT_NOT_ACTIVE);
		world->user.status = STATUS_ACTIVE;
		world->user.type = wrong[i];
		EXPECT(world, VERDICT_TYPE_CANNOT_LOG_IN);
		world->request.service = NULL;
		EXPECT_PERMISSION(world, "shell.login", VERDICT_NO_PERMISSION);
		world->request.service = "sshd";
		world->user.type = USER_EMPLOYEE;
	}
	EXPECT(world, VERDICT_ALLOWED);
}

/* Roles in hand that the user is not assigned, as when a caller has loaded too many. */
static void
roles_that_are_not_assigned(void **state)
{
	struct world *world = *state;
	struct decision decision;

	set(&user_table, &world->user, "roles", "nobody");
	decision = decide(&world->user, &world->roles, &world->rules, &world->request);
	assert_int_equal(decision.verdict, VERDICT_NO_PERMISSION);
	assert_string_equal(decision.role, "nobody");
	assert_int_equal(access_back(&world->user, &world->roles), 0);
	set(&user_table, &world->user, "roles", "technicia technicians nobody");
	decision = decide(&world->user, &world->roles, &world->rules, &world->request);
	assert_int_equal(decision.verdict, VERDICT_NO_PERMISSION);
	set(&user_table, &world->user, "roles", "technician");
	decision = decide(&world->user, &world->roles, &world->rules, &world->request);
	assert_int_equal(decision.verdict, VERDICT_ALLOWED);
}

/* A program may say anything of the service it is; nothing of it reaches further than its name. */
static void
services_of_any_name(void **state)
{
	static const char *const strange[] = {"", ":", "sshd:", "sshd:shell.login", "employee:sshd",
	    "employee:sshd:shell.login", "SSHD", "sshd ", " sshd", "ssh", "sshdd", "sshd\n", "%s%n",
	    "../sshd", "*", "sshd*", "shell.login", "\xff\xfe", "s\xc3\xa5hd"};
	struct world *world = *state;
	char endless[5000];

	memset(endless, 'a', sizeof(endless) - 1);
	endless[sizeof(endless) - 1] = '\0';
	set(&user_table, &world->user, "roles", "everything");
	for (size_t i = 0; i <= COUNT(strange); i++) {
		world->request.service = i < COUNT(strange) ? strange[i] : endless;
		set(&settings_table, &world->rules.settings, "login.other-services", "refuse");
		EXPECT(world, VERDICT_SERVICE_NOT_PERMITTED);
		set(&user_table, &world->user, "type", "integration");
		EXPECT(world, VERDICT_TYPE_CANNOT_LOG_IN);
		set(&user_table, &world->user, "type", "employee");
		/* It is a service that nobody names, and no more. */
		set(&settings_table, &world->rules.settings, "login.other-services",
		    "any-permission");
		EXPECT(world, VERDICT_ALLOWED);
	}
}

/* The longest names there can be fit where they are put together. */
static void
the_longest_names(void **state)
{
	struct world *world = *state;
	char service[SERVICE_BYTES + 2], permission[WORD_BYTES + 1];

	memset(service, 'x', sizeof(service));
	service[SERVICE_BYTES] = '\0';
	memset(permission, 'p', sizeof(permission));
	permission[WORD_BYTES] = permission[31] = '\0';
	permission[31] = '.';
	add_permission(&world->rules, &(struct permission_text){permission, service, NULL,
	    "integration"});
	assert_int_equal(roles_compile(&world->roles, &world->rules, NULL, NULL), FAULT_NONE);
	set(&user_table, &world->user, "type", "integration");
	set(&user_table, &world->user, "roles", "everything");
	world->request.service = service;
	EXPECT(world, VERDICT_ALLOWED);
	assert_string_equal(decision_of(world).permission, permission);
	service[SERVICE_BYTES] = 'x';
	service[SERVICE_BYTES + 1] = '\0';
	EXPECT(world, VERDICT_TYPE_CANNOT_LOG_IN);
}

/* A unit narrows whom `hexa.*` reaches, and neither a login nor a permission. */
static void
scopes_of_units_narrow_no_login(void **state)
{
	struct world *world = *state;

	set(&user_table, &world->user, "roles", "chief@/sales/north");
	set(&user_table, &world->user, "unit", "/accounts");
	world->request.client = "beta";
	EXPECT(world, VERDICT_ALLOWED);
	EXPECT_PERMISSION(world, "shell.sudo", VERDICT_ALLOWED);
	world->request.service = NULL;
	EXPECT_PERMISSION(world, "shell.sudo", VERDICT_ALLOWED);
}

/* One role held for two clients counts on the hosts of both, and on no third's. */
static void
a_role_held_in_two_scopes(void **state)
{
	struct world *world = *state;

	set(&user_table, &world->user, "roles", "technician@client:acme technician@client:beta");
	world->request.client = "acme";
	EXPECT(world, VERDICT_ALLOWED);
	world->request.client = "beta";
	EXPECT(world, VERDICT_ALLOWED);
	world->request.client = "gamma";
	EXPECT(world, VERDICT_WRONG_SITE);
	assert_string_equal(decision_of(world).role, "technician");
	world->request.client = NULL;
	EXPECT(world, VERDICT_ALLOWED);
	/* Whoever asks for no service asks for no host's rules. */
	world->request.client = "gamma";
	world->request.service = NULL;
	EXPECT_PERMISSION(world, "shell.login", VERDICT_ALLOWED);
	world->request.service = "at";
	EXPECT_PERMISSION(world, "shell.login", VERDICT_WRONG_SITE);
}

/* ---- a login's part of the rules ---------------------------------------------------------- */

/* The settings, the services that are named, and the permissions that the grants cover. */
static void
a_login_reads_a_part_of_the_rules(void **state)
{
	struct world *world = *state;
	struct rules part = {0};
	struct decision whole, login;

	assert_int_equal(settings_default(&part.settings, NULL), FAULT_NONE);
	assert_true(names_copy(&part.services, &world->rules.services));
	add_permission(&part, &permissions[1]);
	set(&user_table, &world->user, "roles", "clerk");
	set(&user_table, &world->user, "grants", "shell.sudo");
	for (size_t i = 0; i < 4; i++) {
		world->request.service = (const char *[]){"sshd", "sudo", "at", "cron"}[i];
		whole = decision_of(world);
		login = decide(&world->user, &world->held, &part, &world->request);
		assert_int_equal(login.verdict, whole.verdict);
		assert_int_equal(whole.verdict, i == 0 || i == 3 ? VERDICT_SERVICE_NOT_PERMITTED
		                                                 : VERDICT_ALLOWED);
	}
	rules_clear(&part);
}

/* ---- permissions -------------------------------------------------------------------------- */

static void
a_permission_is_held_or_not(void **state)
{
	struct world *world = *state;
	struct decision decision;

	world->request.service = NULL;
	set(&user_table, &world->user, "roles", "clerk");
	decision = permission_of(world, "dossiers.view");
	assert_int_equal(decision.verdict, VERDICT_ALLOWED);
	assert_string_equal(decision.role, "clerk");
	assert_string_equal(decision.permission, "dossiers.view");
	decision = permission_of(world, "shell.login");
	assert_int_equal(decision.verdict, VERDICT_NO_PERMISSION);
	assert_string_equal(decision.permission, "shell.login");
	assert_string_equal(decision.role, "clerk");
	assert_string_equal(decision.field, "roles");
	set(&user_table, &world->user, "grants", "shell.*");
	decision = permission_of(world, "shell.login");
	assert_int_equal(decision.verdict, VERDICT_ALLOWED);
	assert_null(decision.role);
	assert_string_equal(decision.field, "grants");
	/* A name that is none, though a grant's pattern would cover it. */
	EXPECT_PERMISSION(world, "shell.logout", VERDICT_NO_PERMISSION);
	EXPECT_PERMISSION(world, "shell.*", VERDICT_NO_PERMISSION);
	EXPECT_PERMISSION(world, "*", VERDICT_NO_PERMISSION);
	EXPECT_PERMISSION(world, "dossiers", VERDICT_NO_PERMISSION);
	EXPECT_PERMISSION(world, "dossiers.view.all", VERDICT_NO_PERMISSION);
	EXPECT_PERMISSION(world, "", VERDICT_NO_PERMISSION);
}

static void
permissions_of_another_type(void **state)
{
	struct world *world = *state;
	struct decision decision;

	world->request.service = NULL;
	set(&user_table, &world->user, "roles", "everything");
	set(&user_table, &world->user, "grants", "*");
	decision = permission_of(world, "feeds.push");
	assert_int_equal(decision.verdict, VERDICT_NO_PERMISSION);
	assert_string_equal(decision.field, "type");
	EXPECT_PERMISSION(world, "portal.view", VERDICT_NO_PERMISSION);
	set(&user_table, &world->user, "type", "client"); /* without contact: not asked about */
	EXPECT_PERMISSION(world, "portal.view", VERDICT_ALLOWED);
	set(&user_table, &world->user, "type", "integration");
	EXPECT_PERMISSION(world, "feeds.push", VERDICT_ALLOWED);
	EXPECT_PERMISSION(world, "dossiers.view", VERDICT_NO_PERMISSION);
}

/* Without a service only the rules about the account and its roles stand before the permission. */
static void
a_permission_without_a_service(void **state)
{
	static const struct {
		struct change change;
		enum verdict verdict;
	} rows[] = {
		{{"status", "suspended"}, VERDICT_NOT_ACTIVE},
		{{"valid-from", "2028-01-01"}, VERDICT_NOT_YET_VALID},
		{{"valid-until", "2026-01-01"}, VERDICT_EXPIRED},
		{{"roles", ""}, VERDICT_NO_ROLE},
		{{"roles", "off"}, VERDICT_ROLE_DISABLED},
		{{"roles", "nobody"}, VERDICT_NO_PERMISSION},
		{{"type", "client"}, VERDICT_ALLOWED},
		{{"must-change", "yes"}, VERDICT_ALLOWED},
		{{"locked-out", "yes"}, VERDICT_ALLOWED},
		{{"host's client", "acme"}, VERDICT_ALLOWED},
		{{"login.other-services", "refuse"}, VERDICT_ALLOWED},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct world world;

		world_make(&world);
		world.request.service = NULL;
		EXPECT_PERMISSION(&world, "shell.login", VERDICT_ALLOWED);
		change_world(&world, &rows[i].change);
		EXPECT_PERMISSION(&world, "shell.login", rows[i].verdict);
		world_clear(&world);
	}
}

/* With one, whoever may not use it has none of their permissions there. */
static void
a_permission_with_a_service(void **state)
{
	struct world *world = *state;

	set(&user_table, &world->user, "roles", "clerk");
	EXPECT_PERMISSION(world, "dossiers.view", VERDICT_SERVICE_NOT_PERMITTED);
	world->request.service = "at";
	EXPECT_PERMISSION(world, "dossiers.view", VERDICT_ALLOWED);
	EXPECT_PERMISSION(world, "shell.sudo", VERDICT_NO_PERMISSION);
	/* A role that counts for another client's hosts brings nothing here. */
	set(&user_table, &world->user, "roles", "clerk chief@client:acme");
	world->request.client = "beta";
	EXPECT_PERMISSION(world, "dossiers.view", VERDICT_ALLOWED);
	EXPECT_PERMISSION(world, "shell.sudo", VERDICT_NO_PERMISSION);
	world->request.client = "acme";
	EXPECT_PERMISSION(world, "shell.sudo", VERDICT_ALLOWED);
}

static void
how_far_back(void **state)
{
	static const struct {
		const char *roles;
		const char *own;
		uint32_t days;
	} rows[] = {
		{"clerk", "", 0},
		{"lately", "", 30},
		{"lately clerk", "", 30},
		{"lately long-ago", "", 400},
		{"lately long-off", "", 30},
		{"lately long-ago@client:acme", "", 400},
		{"lately long-ago", "7", 7},
		{"clerk", "500", 500},
		{"", "", 0},
	};
	struct world *world = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		set(&user_table, &world->user, "roles", rows[i].roles);
		set(&user_table, &world->user, "access-back", rows[i].own);
		load_held(&world->user, &world->roles, &world->held);
		assert_int_equal(access_back(&world->user, &world->held), rows[i].days);
	}
}

/* Days of UTC: the whole of the first day may be seen, and nothing of the day before. */
static void
what_is_older_than_they_may_see(void **state)
{
	static const struct {
		const char *dated;
		enum verdict verdict;
	} rows[] = {
		{"2027-01-15T08:00:00Z", VERDICT_ALLOWED},
		{"2026-12-16T23:59:59Z", VERDICT_ALLOWED},
		{"2026-12-16T00:00:00Z", VERDICT_ALLOWED},
		{"2026-12-15T23:59:59Z", VERDICT_NO_PERMISSION},
		{"1970-01-01T00:00:01Z", VERDICT_NO_PERMISSION},
		{"2027-06-01", VERDICT_ALLOWED}, /* of what is to come there is no word */
		{"9999-12-31", VERDICT_ALLOWED},
	};
	struct world *world = *state;
	struct decision decision;

	world->request.service = NULL;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_true(text_to_time(rows[i].dated, &world->request.dated));
		set(&user_table, &world->user, "roles", "lately");
		decision = permission_of(world, "dossiers.view");
		assert_int_equal(decision.verdict, rows[i].verdict);
		if (!verdict_allows(decision.verdict)) {
			assert_string_equal(decision.field, "access-back");
			assert_string_equal(decision.permission, "dossiers.view");
		}
		set(&user_table, &world->user, "roles", "lately long-ago");
		set(&user_table, &world->user, "access-back", "36500");
		EXPECT_PERMISSION(world, "dossiers.view", VERDICT_ALLOWED);
		set(&user_table, &world->user, "access-back", "");
		/* What is not had at all is said first. */
		decision = permission_of(world, "shell.sudo");
		assert_string_equal(decision.field, "roles");
	}
	/* Nobody said how far: as far as there is. */
	set(&user_table, &world->user, "roles", "clerk");
	world->request.dated = 1;
	EXPECT_PERMISSION(world, "dossiers.view", VERDICT_ALLOWED);
}

/* ---- many roles --------------------------------------------------------------------------- */

/* As many roles as one may hold, each in a scope; the last is the one that counts. */
static void
as_many_roles_as_one_may_hold(void **state)
{
	enum { ROLES_HELD = 256 };
	struct world *world = *state;
	const struct field *field = field_find(&user_table, "roles");
	char assignment[64], name[16];

	set(&user_table, &world->user, "roles", "");
	for (unsigned i = 0; i < ROLES_HELD; i++) {
		snprintf(name, sizeof(name), "role%03u", i);
		add_role(&world->roles, &(struct role_text){.name = name,
		    .permissions = i + 1 < ROLES_HELD ? "dossiers.view" : "shell.login"});
		snprintf(assignment, sizeof(assignment), "%s@client:%s", name,
		    i + 1 < ROLES_HELD ? "acme" : "beta");
		assert_int_equal(field_add(field, &world->user, assignment, NULL), FAULT_NONE);
	}
	assert_int_equal(field_add(field, &world->user, "clerk", NULL), FAULT_INVALID);
	assert_int_equal(roles_compile(&world->roles, &world->rules, NULL, NULL), FAULT_NONE);
	world->request.client = "beta";
	EXPECT(world, VERDICT_ALLOWED);
	assert_string_equal(decision_of(world).role, "role255");
	world->request.client = "acme";
	EXPECT(world, VERDICT_SERVICE_NOT_PERMITTED);
	world->request.client = "gamma";
	EXPECT(world, VERDICT_WRONG_SITE);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(each_verdict_and_its_twin),
		TEST(the_zero_value_denies),
		TEST(unknown_user),
		TEST(a_request_that_is_not_filled_in),
		TEST(roles_open_nothing_without_the_rules),
		TEST(the_earlier_of_two_is_named),
		TEST(mending_one_by_one_walks_down_the_order),
		TEST(allowed_names_what_allowed),
		TEST(validity_stands_far_off_numbers),
		TEST(passwords_of_any_date),
		TEST(numbers_that_stand_for_nothing),
		TEST(roles_that_are_not_assigned),
		TEST(services_of_any_name),
		TEST(the_longest_names),
		TEST(scopes_of_units_narrow_no_login),
		TEST(a_role_held_in_two_scopes),
		TEST(a_login_reads_a_part_of_the_rules),
		TEST(a_permission_is_held_or_not),
		TEST(permissions_of_another_type),
		TEST(a_permission_without_a_service),
		TEST(a_permission_with_a_service),
		TEST(how_far_back),
		TEST(what_is_older_than_they_may_see),
		TEST(as_many_roles_as_one_may_hold),
	};

	return cmocka_run_group_tests_name("decide", tests, NULL, NULL);
}
