/*
 * property_test.c - random policies, and what is true of each: that a slow second evaluation over
 * the policy as it is written says the same; that giving takes nothing away; that compiling tells
 * nothing of orders and names.
 *
 * Each policy comes of a number of its own, which is named where something is wrong:
 *   HEXA_TEST_SEED=NUMBER HEXA_TEST_ROUNDS=1 property_test
 */
#include "tests/unit/policy_fixture.h"

#include <inttypes.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { ROUNDS = 4000, REQUESTS = 120 };
static uint64_t first_seed = 20270115;
static uint64_t rounds = ROUNDS;

static const int64_t NOW = 1800000000;
enum { DAY = 24 * 60 * 60 };

/* ---- a policy as it is written ------------------------------------------------------------ */

static const char *const permission_names[] = {"a.b.z", "a.x", "a.y", "ab.x", "b.x", "c",
    "hexa.users.edit", "hexa.users.view"};
static const char *const patterns[] = {"a.b.z", "a.x", "a.y", "ab.x", "b.x", "c", "a.*", "a.b.*",
    "b.*", "*", "hexa.*", "hexa.users.view"};
static const char *const services[] = {"sshd", "sudo", "cron", "ssh", "at", "sudo-i", NULL};
static const char *const groups[] = {"adm", "video", "hexa-admins"};
static const char *const clients[] = {"acme", "beta"};
static const char *const sites[] = {"north", "south"};
static const char *const ladders[] = {NULL, "field", "office"};
static const char *const scopes[] = {"", "@/sales", "@client:acme", "@client:beta"};

/*
 * "at" and "sudo-i" are services that no permission may name, and hexa-admins is such a group; NULL
 * is what a request without a service says.  The last permissions are built in.
 */
enum { PERMISSIONS = 8, OWN_PERMISSIONS = 6, PATTERNS = 12, NAMED_SERVICES = 4, SERVICES = 7,
	NAMED_GROUPS = 2, GROUPS = 3, CLIENTS = 2, LADDERS = 3, SCOPES = 4, ROLES = 7, USERS = 3,
	ASSIGNED = 4, GRANTS = 3 };
enum { ADMINISTRATOR = 0 }; /* the role that always has everything */
enum { NONE = -1 };         /* of a client, a site */

/* Lists are bits: of services, groups, types, patterns, roles, clients and sites. */
struct raw_permission {
	bool there;
	unsigned services;
	unsigned groups;
	unsigned types;
};

struct raw_role {
	bool there;
	bool disabled;
	unsigned patterns;
	unsigned includes;
	unsigned ladder;
	unsigned level;
};

struct raw_user {
	unsigned type;
	unsigned status;
	int64_t valid_from, valid_until;
	bool email, phone, password, must_change;
	int64_t password_set;
	unsigned clients, sites;
	struct {
		unsigned role; /* ROLES: of a role that is gone */
		unsigned scope;
	} assigned[ASSIGNED];
	unsigned assigned_count;
	struct {
		unsigned pattern;
		int64_t end;
	} grants[GRANTS];
	unsigned grants_count;
};

struct raw {
	struct raw_permission permission[PERMISSIONS];
	struct raw_role role[ROLES];
	struct raw_user user[USERS];
	bool any_permission; /* is enough for other services */
	int64_t max_age;
	bool lockout_keys;
};

struct raw_request {
	unsigned user;
	unsigned service;
	int client, site;
	int64_t now;
	enum phase phase;
	enum proof proof;
	bool locked_out;
};

/* ---- chance ------------------------------------------------------------------------------- */

static uint64_t state_of_chance;

static unsigned
roll(unsigned sides)
{
	/* SplitMix64 (Steele, Lea and Flood, 2014): neighbouring seeds have nothing in common. */
	uint64_t z = state_of_chance += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (unsigned)((z ^ (z >> 31)) >> 16) % sides;
}

static bool
one_in(unsigned sides)
{
	return roll(sides) == 0;
}

/* Each of so many bits, one in so many times. */
static unsigned
some(unsigned bits, unsigned sides)
{
	unsigned set = 0;

	for (unsigned i = 0; i < bits; i++)
		set |= (unsigned)one_in(sides) << i;
	return set;
}

static int64_t
about(int64_t time)
{
	static const int64_t apart[] = {-DAY, -1, 0, 1, DAY};

	return time + apart[roll(COUNT(apart))];
}

static struct raw_role
on_ladder(const struct raw_role *role)
{
	struct raw_role higher = *role;

	higher.ladder = 1 + roll(LADDERS - 1);
	higher.level = 1 + roll(4);
	return higher;
}

static void
roll_role(struct raw *raw, unsigned at)
{
	struct raw_role *role = &raw->role[at];

	role->there = at == ADMINISTRATOR || !one_in(5);
	role->disabled = at != ADMINISTRATOR && one_in(5);
	role->patterns = one_in(8) ? 1u << (PATTERNS - 1) : some(PATTERNS - 1, 8);
	role->includes = one_in(4) ? some(ROLES, 5) : some(ROLES, 12);
	if (at != ADMINISTRATOR && one_in(2))
		*role = on_ladder(role);
}

static void
roll_user(struct raw_user *user)
{
	*user = (struct raw_user){
		.type = one_in(40) ? 4 + roll(90) : roll(USER_TYPES),
		.status = one_in(12) ? roll(6) : STATUS_ACTIVE,
		.valid_from = one_in(8) ? about(NOW) : 0,
		.valid_until = one_in(8) ? about(NOW) : 0,
		.email = !one_in(8),
		.phone = !one_in(8),
		.password = !one_in(4),
		.must_change = one_in(6),
		.password_set = one_in(4) ? 0 : about(NOW - DAY),
		.clients = some(CLIENTS, 3),
		.sites = some(COUNT(sites), 4),
		.assigned_count = roll(ASSIGNED),
		.grants_count = roll(GRANTS),
	};
	for (unsigned i = 0; i < user->assigned_count; i++) {
		user->assigned[i].role = 1 + roll(ROLES); /* few hold everything */
		user->assigned[i].scope = one_in(2) ? 0 : roll(SCOPES);
		if (user->assigned[i].role == ROLES && one_in(3))
			user->assigned[i].role = ADMINISTRATOR;
	}
	for (unsigned i = 0; i < user->grants_count; i++) {
		user->grants[i].pattern = (roll(PATTERNS / 2) + i * PATTERNS / 2) % PATTERNS;
		user->grants[i].end = one_in(2) ? 0 : about(NOW);
	}
}

static bool covers(const struct raw *raw, unsigned pattern);
static bool is_sound(const struct raw *raw);

/* Takes out what the policy would be refused for. */
static void
mend_policy(struct raw *raw)
{
	for (unsigned i = 0; i < ROLES; i++) {
		for (unsigned j = 0; j < PATTERNS; j++)
			if (!covers(raw, j))
				raw->role[i].patterns &= ~(1u << j);
		for (unsigned j = 0; j < ROLES; j++)
			if (!raw->role[j].there || j >= i)
				raw->role[i].includes &= ~(1u << j);
	}
	for (unsigned i = 0; i < ROLES && !is_sound(raw); i++)
		raw->role[i].includes = 0; /* the way round goes along ladders */
}

static void
roll_policy(struct raw *raw)
{
	*raw = (struct raw){.any_permission = !one_in(3),
	    .max_age = one_in(3) ? DAY : 0,
	    .lockout_keys = one_in(2)};
	for (unsigned i = 0; i < OWN_PERMISSIONS; i++)
		raw->permission[i] = (struct raw_permission){
			.there = !one_in(5),
			.services = some(NAMED_SERVICES, 4),
			.groups = some(NAMED_GROUPS, 3),
			.types = one_in(2) ? 0 : some(USER_TYPES, 3),
		};
	for (unsigned i = OWN_PERMISSIONS; i < PERMISSIONS; i++)
		raw->permission[i].there = true;
	raw->permission[0].there = true;
	for (unsigned i = 0; i < ROLES; i++)
		roll_role(raw, i);
	if (!one_in(8))
		mend_policy(raw);
	for (unsigned i = 0; i < USERS; i++)
		roll_user(&raw->user[i]);
}

static struct raw_request
roll_request(void)
{
	return (struct raw_request){
		.user = roll(USERS),
		.service = one_in(30) ? SERVICES - 1 : roll(SERVICES - 1),
		.client = (int)roll(CLIENTS + 1) - 1,
		.site = (int)roll(COUNT(sites) + 1) - 1,
		.now = about(NOW),
		.phase = one_in(3) ? PHASE_AUTH : PHASE_ACCOUNT,
		.proof = roll(PROOF_KEY + 1),
		.locked_out = one_in(6),
	};
}

/* ---- the second evaluation ---------------------------------------------------------------- */

static bool
has_bit(unsigned bits, int bit)
{
	return bit >= 0 && (bits >> bit & 1) != 0;
}

/* `*` is everything; `word.*` all that begins with `word.`; anything else is itself. */
static bool
pattern_means(const char *pattern, const char *name)
{
	size_t stem = strlen(pattern) - 1;

	if (pattern[stem] != '*')
		return strcmp(pattern, name) == 0;
	return strncmp(pattern, name, stem) == 0;
}

static bool
means(unsigned pattern, unsigned permission)
{
	return pattern_means(patterns[pattern], permission_names[permission]);
}

/* Does the role have the other's permissions by what it says itself: an include, a higher rung? */
static bool
comes_before(const struct raw *raw, unsigned role, unsigned other)
{
	const struct raw_role *one = &raw->role[role], *two = &raw->role[other];

	if (!two->there)
		return false;
	return has_bit(one->includes, (int)other) ||
	    (one->ladder != 0 && one->ladder == two->ladder && two->level < one->level);
}

/* Does a walk of at most so many steps lead from the one to the other? */
static bool
leads_to(const struct raw *raw, unsigned role, unsigned other, unsigned steps)
{
	for (unsigned i = 0; steps > 0 && i < ROLES; i++)
		if (comes_before(raw, role, i) &&
		    (i == other || leads_to(raw, i, other, steps - 1)))
			return true;
	return false;
}

/* A disabled role gives nothing to who has what it has. */
static bool
carries(const struct raw *raw, unsigned role, unsigned permission)
{
	if (role == ADMINISTRATOR)
		return true;
	for (unsigned i = 0; i < PATTERNS; i++)
		if (has_bit(raw->role[role].patterns, (int)i) && means(i, permission))
			return true;
	for (unsigned i = 0; i < ROLES; i++)
		if (comes_before(raw, role, i) && !raw->role[i].disabled &&
		    carries(raw, i, permission))
			return true;
	return false;
}

static bool
covers(const struct raw *raw, unsigned pattern)
{
	for (unsigned i = 0; i < PERMISSIONS; i++)
		if (raw->permission[i].there && means(pattern, i))
			return true;
	return false;
}

/* May this policy be? */
static bool
is_sound(const struct raw *raw)
{
	for (unsigned i = 0; i < ROLES; i++) {
		if (!raw->role[i].there)
			continue;
		for (unsigned j = 0; j < PATTERNS; j++)
			if (has_bit(raw->role[i].patterns, (int)j) && !covers(raw, j))
				return false;
		for (unsigned j = 0; j < ROLES; j++)
			if (has_bit(raw->role[i].includes, (int)j) && !raw->role[j].there)
				return false;
		if (leads_to(raw, i, i, ROLES))
			return false;
	}
	return true;
}

/* Without types: for employees and clients. */
static bool
works(const struct raw *raw, unsigned permission, unsigned type)
{
	unsigned types = raw->permission[permission].types;

	if (types == 0)
		return type == USER_EMPLOYEE || type == USER_CLIENT;
	return type < USER_TYPES && has_bit(types, (int)type);
}

/* A client's scope keeps a role from the hosts of other clients; of NONE there is no other. */
static bool
scope_reaches(unsigned scope, int client)
{
	return scope < 2 || client == NONE || (unsigned)client == scope - 2;
}

/* Whether a permission that works for them is in what they hold; `client`: whose host it is. */
static bool
has(const struct raw *raw, const struct raw_request *request, unsigned permission, int client)
{
	const struct raw_user *user = &raw->user[request->user];

	if (!raw->permission[permission].there || !works(raw, permission, user->type))
		return false;
	for (unsigned i = 0; i < user->assigned_count; i++) {
		unsigned role = user->assigned[i].role;

		if (role < ROLES && raw->role[role].there && !raw->role[role].disabled &&
		    scope_reaches(user->assigned[i].scope, client) &&
		    carries(raw, role, permission))
			return true;
	}
	for (unsigned i = 0; i < user->grants_count; i++)
		if ((user->grants[i].end == 0 || request->now <= user->grants[i].end) &&
		    means(user->grants[i].pattern, permission))
			return true;
	return false;
}

/* Through sudo come those who have any of the built-in ones. */
static bool
is_for_admins(unsigned service)
{
	return services[service] != NULL && strncmp(services[service], "sudo", 4) == 0;
}

static bool
opens(const struct raw *raw, unsigned permission, unsigned service)
{
	return permission >= OWN_PERMISSIONS ? is_for_admins(service)
	                                     : has_bit(raw->permission[permission].services,
	                                           (int)service);
}

/* Is any of what they hold for this service, or with NONE, is there any? */
static bool
has_for(const struct raw *raw, const struct raw_request *request, int service, int client)
{
	for (unsigned i = 0; i < PERMISSIONS; i++)
		if (has(raw, request, i, client) &&
		    (service == NONE || opens(raw, i, (unsigned)service)))
			return true;
	return false;
}

static bool
is_named(const struct raw *raw, unsigned service)
{
	for (unsigned i = 0; i < PERMISSIONS; i++)
		if (raw->permission[i].there && has_bit(raw->permission[i].services, (int)service))
			return true;
	return false;
}

static bool
is_person(unsigned type)
{
	return type == USER_EMPLOYEE || type == USER_CLIENT;
}

/* What stands before what they hold: the account. */
static enum verdict
judge_account(const struct raw_user *user, const struct raw_request *request)
{
	if (user->status != STATUS_ACTIVE)
		return VERDICT_NOT_ACTIVE;
	if (user->valid_from != 0 && request->now < user->valid_from)
		return VERDICT_NOT_YET_VALID;
	if (user->valid_until != 0 && request->now > user->valid_until)
		return VERDICT_EXPIRED;
	return VERDICT_ALLOWED;
}

static enum verdict
judge_roles(const struct raw *raw, const struct raw_user *user)
{
	enum verdict verdict = VERDICT_NO_ROLE;

	for (unsigned i = 0; i < user->assigned_count; i++) {
		unsigned role = user->assigned[i].role;

		if (role >= ROLES || !raw->role[role].there)
			continue;
		if (!raw->role[role].disabled)
			return VERDICT_ALLOWED;
		verdict = VERDICT_ROLE_DISABLED;
	}
	return verdict;
}

static bool
is_at_site(const struct raw *raw, const struct raw_request *request)
{
	const struct raw_user *user = &raw->user[request->user];

	if (user->type == USER_CLIENT && user->clients != 0) {
		if (!has_bit(user->clients, request->client))
			return false;
		if (user->sites != 0 && !has_bit(user->sites, request->site))
			return false;
	}
	return has_for(raw, request, NONE, request->client);
}

static bool
is_permitted(const struct raw *raw, const struct raw_request *request)
{
	if (services[request->service] == NULL)
		return false;
	if ((is_named(raw, request->service) || is_for_admins(request->service)) &&
	    has_for(raw, request, (int)request->service, request->client))
		return true;
	return !is_named(raw, request->service) && raw->any_permission &&
	    is_person(raw->user[request->user].type);
}

static bool
must_change(const struct raw *raw, const struct raw_request *request)
{
	const struct raw_user *user = &raw->user[request->user];

	if (request->phase != PHASE_ACCOUNT)
		return false;
	if (request->proof == PROOF_CODE)
		return true;
	if (request->proof != PROOF_PASSWORD || !user->password)
		return false;
	return user->must_change || (raw->max_age != 0 && (user->password_set == 0 ||
	    request->now - user->password_set >= raw->max_age));
}

static enum verdict
judge(const struct raw *raw, const struct raw_request *request)
{
	const struct raw_user *user = &raw->user[request->user];
	enum verdict verdict = judge_account(user, request);

	if (verdict != VERDICT_ALLOWED)
		return verdict;
	if (!is_person(user->type) &&
	    (request->phase == PHASE_AUTH || services[request->service] == NULL ||
	    !has_for(raw, request, (int)request->service, NONE)))
		return VERDICT_TYPE_CANNOT_LOG_IN;
	if (user->type == USER_CLIENT && (!user->email || !user->phone))
		return VERDICT_NO_CONTACT;
	verdict = judge_roles(raw, user);
	if (verdict != VERDICT_ALLOWED)
		return verdict;
	if (!has_for(raw, request, NONE, NONE))
		return VERDICT_NO_PERMISSION;
	if (!is_at_site(raw, request))
		return VERDICT_WRONG_SITE;
	if (!is_permitted(raw, request))
		return VERDICT_SERVICE_NOT_PERMITTED;
	if (request->locked_out && (request->phase == PHASE_AUTH || (raw->lockout_keys &&
	    request->proof != PROOF_PASSWORD && request->proof != PROOF_CODE)))
		return VERDICT_LOCKED_OUT;
	return must_change(raw, request) ? VERDICT_MUST_CHANGE_PASSWORD : VERDICT_ALLOWED;
}

/* `can`: without a service, the account, its roles and the permission alone. */
static enum verdict
judge_permission(const struct raw *raw, const struct raw_request *request, unsigned permission)
{
	bool anywhere = services[request->service] == NULL;
	const struct raw_user *user = &raw->user[request->user];
	enum verdict verdict = anywhere ? judge_account(user, request) : judge(raw, request);

	if (verdict == VERDICT_ALLOWED && anywhere)
		verdict = judge_roles(raw, user);
	if (verdict != VERDICT_ALLOWED)
		return verdict;
	return has(raw, request, permission, anywhere ? NONE : request->client)
	           ? VERDICT_ALLOWED : VERDICT_NO_PERMISSION;
}

/* ---- the same as records ------------------------------------------------------------------ */

struct built {
	struct rules rules;
	struct roles roles;
	struct user user[USERS];
	struct roles held[USERS];
	bool turned; /* all lists in another order, and the roles, by having other names */
};

static const char *
role_name(const struct built *built, unsigned role, char name[32])
{
	if (role == ADMINISTRATOR)
		return ROLE_SYSTEM_ADMINISTRATOR;
	snprintf(name, 32, "r%u", built->turned ? 90 - role : 10 + role);
	return name;
}

static void
add_names(const struct built *built, const struct table *table, void *record, const char *field,
    const char *const *names, unsigned count, unsigned bits)
{
	for (unsigned i = 0; i < count; i++) {
		unsigned at = built->turned ? count - 1 - i : i;

		if (has_bit(bits, (int)at))
			assert_int_equal(field_add(field_find(table, field), record, names[at],
			    NULL), FAULT_NONE);
	}
}

static void
build_permission(struct built *built, const struct raw_permission *raw, const char *name)
{
	struct permission permission = {0};

	set(&permission_table, &permission, "name", name);
	add_names(built, &permission_table, &permission, "services", services, NAMED_SERVICES,
	    raw->services);
	add_names(built, &permission_table, &permission, "unix-groups", groups, NAMED_GROUPS,
	    raw->groups);
	add_names(built, &permission_table, &permission, "types", user_types, USER_TYPES,
	    raw->types);
	assert_int_equal(rules_add(&built->rules, &permission, NULL), FAULT_NONE);
}

static void
build_role(struct built *built, const struct raw_role *raw, unsigned at)
{
	struct role role = {.disabled = raw->disabled, .level = raw->level};
	char names[ROLES][32], name[32];
	const char *all[ROLES];

	for (unsigned i = 0; i < ROLES; i++)
		all[i] = role_name(built, i, names[i]);
	set(&role_table, &role, "name", role_name(built, at, name));
	add_names(built, &role_table, &role, "permissions", patterns, PATTERNS, raw->patterns);
	add_names(built, &role_table, &role, "includes", all, ROLES, raw->includes);
	if (raw->ladder != 0)
		set(&role_table, &role, "ladder", ladders[raw->ladder]);
	assert_int_equal(roles_add(&built->roles, &role, NULL), FAULT_NONE);
}

static void
build_lists(struct built *built, const struct raw_user *raw, struct user *user)
{
	char text[128], name[32], end[TIME_TEXT_BYTES];

	add_names(built, &user_table, user, "clients", clients, CLIENTS, raw->clients);
	add_names(built, &user_table, user, "sites", sites, COUNT(sites), raw->sites);
	for (unsigned i = 0; i < raw->assigned_count; i++) {
		snprintf(text, sizeof(text), "%s%s", role_name(built, raw->assigned[i].role, name),
		    scopes[raw->assigned[i].scope]);
		field_add(field_find(&user_table, "roles"), user, text, NULL); /* once is enough */
	}
	for (unsigned i = 0; i < raw->grants_count; i++) {
		text_from_time(raw->grants[i].end, end);
		snprintf(text, sizeof(text), "%s%s%s", patterns[raw->grants[i].pattern],
		    raw->grants[i].end != 0 ? "@" : "", raw->grants[i].end != 0 ? end : "");
		assert_int_equal(field_add(field_find(&user_table, "grants"), user, text, NULL),
		    FAULT_NONE);
	}
}

static void
build_user(struct built *built, const struct raw_user *raw, struct user *user)
{
	set(&user_table, user, "name", "anna");
	set(&user_table, user, "email", raw->email ? "anna@example.org" : "");
	set(&user_table, user, "phone", raw->phone ? "+31612345678" : "");
	set(&user_table, user, "password", raw->password ? "$argon2id$x" : "");
	user->type = raw->type;
	user->status = raw->status;
	user->valid_from = raw->valid_from;
	user->valid_until = raw->valid_until;
	user->must_change = raw->must_change;
	user->password_set = raw->password_set;
	build_lists(built, raw, user);
}

/* True when the policy may be; *built is to be cleared in any case. */
static bool
build(struct built *built, const struct raw *raw, bool turned)
{
	struct misfit misfit = {0};
	enum fault fault;

	*built = (struct built){.turned = turned};
	built->rules.settings.other_services =
	    raw->any_permission ? OTHER_ANY_PERMISSION : OTHER_REFUSE;
	built->rules.settings.password_max_age = (uint32_t)raw->max_age;
	built->rules.settings.lockout_keys = raw->lockout_keys;
	for (unsigned i = 0; i < PERMISSIONS; i++)
		if (raw->permission[i].there)
			build_permission(built, &raw->permission[i], permission_names[i]);
	for (unsigned i = 0; i < ROLES; i++)
		if (raw->role[i].there)
			build_role(built, &raw->role[i], i);
	fault = roles_compile(&built->roles, &built->rules, &misfit, NULL);
	assert_true(fault == FAULT_NONE || fault == FAULT_INVALID);
	assert_int_equal(fault == FAULT_INVALID, misfit.role != NULL);
	for (unsigned i = 0; i < USERS && fault == FAULT_NONE; i++) {
		build_user(built, &raw->user[i], &built->user[i]);
		load_held(&built->user[i], &built->roles, &built->held[i]);
	}
	return fault == FAULT_NONE;
}

static void
built_clear(struct built *built)
{
	rules_clear(&built->rules);
	roles_clear(&built->roles);
	for (unsigned i = 0; i < USERS; i++) {
		user_clear(&built->user[i]);
		roles_clear(&built->held[i]);
	}
}

static struct request
request_of(const struct raw_request *raw)
{
	const char *none = raw->now % 2 != 0 ? NULL : "";

	return (struct request){
		.service = services[raw->service],
		.host = "host",
		.client = raw->client == NONE ? none : clients[raw->client],
		.site = raw->site == NONE ? none : sites[raw->site],
		.now = raw->now,
		.phase = raw->phase,
		.proof = raw->proof,
		.locked_out = raw->locked_out,
	};
}

static struct decision
decision_on(const struct built *built, const struct raw_request *raw)
{
	const struct request request = request_of(raw);

	return decide(&built->user[raw->user], &built->held[raw->user], &built->rules, &request);
}

static struct decision
permission_on(const struct built *built, const struct raw_request *raw, unsigned permission)
{
	const struct request request = request_of(raw);

	return decide_permission(&built->user[raw->user], &built->held[raw->user], &built->rules,
	    &request, permission_names[permission]);
}

/* ---- the rounds --------------------------------------------------------------------------- */

static uint64_t seed;

/* Asserts, and says with which policy it is not so. */
static void
holds(const char *what, bool is_so, int line)
{
	if (!is_so)
		fail_msg("line %d: %s: repeat with HEXA_TEST_SEED=%" PRIu64 " HEXA_TEST_ROUNDS=1",
		    line, what, seed);
}

#define HOLDS(what, condition) holds(what, condition, __LINE__)

/* Runs it on each policy that may be. */
static void
on_each_policy(void (*look)(const struct raw *raw))
{
	uint64_t sound = 0;

	for (uint64_t round = 0; round < rounds; round++) {
		struct raw raw;

		seed = state_of_chance = first_seed + round;
		roll_policy(&raw);
		if (!is_sound(&raw))
			continue;
		sound++;
		look(&raw);
	}
	if (rounds >= ROUNDS)
		assert_true(sound > rounds / 2);
}

/* ---- the compiled says what the written does ---------------------------------------------- */

static unsigned reached[VERDICT_ALLOWED + 1];

/* What decided does decide: they have it, it is for the service, and the role carries it. */
static void
check_deciders(const struct raw *raw, const struct built *built, const struct raw_request *request,
    const struct decision *decision)
{
	char name[32];
	unsigned at = 0, role = 0;

	while (at < PERMISSIONS && strcmp(permission_names[at], decision->permission) != 0)
		at++;
	HOLDS("deciding permission", at < PERMISSIONS && has(raw, request, at, request->client));
	HOLDS("its service", !is_named(raw, request->service) ||
	    opens(raw, at, request->service));
	if (decision->role == NULL)
		return;
	while (role < ROLES && strcmp(role_name(built, role, name), decision->role) != 0)
		role++;
	HOLDS("deciding role", role < ROLES && carries(raw, role, at));
}

static void
compare(const struct raw *raw)
{
	struct built built;

	HOLDS("a sound policy compiles", build(&built, raw, one_in(2)));
	for (unsigned i = 0; i < REQUESTS; i++) {
		const struct raw_request request = roll_request();
		unsigned permission = roll(PERMISSIONS);
		struct decision decision = decision_on(&built, &request);
		enum verdict verdict = judge(raw, &request);

		if (decision.verdict != verdict)
			print_error("%s, by what is written %s\n", verdict_name(decision.verdict),
			    verdict_name(verdict));
		HOLDS("the second evaluation", decision.verdict == verdict);
		reached[verdict]++;
		if (verdict_allows(verdict))
			check_deciders(raw, &built, &request, &decision);
		HOLDS("the second evaluation of a permission",
		    permission_on(&built, &request, permission).verdict ==
		    judge_permission(raw, &request, permission));
	}
	built_clear(&built);
}

static void
the_written_policy_says_the_same(void **state)
{
	(void)state;
	on_each_policy(compare);
	for (enum verdict verdict = VERDICT_NOT_ACTIVE; verdict <= VERDICT_ALLOWED; verdict++)
		if (rounds >= ROUNDS && reached[verdict] < 100)
			fail_msg("%s was reached %u times only", verdict_name(verdict),
			    reached[verdict]);
}

static void
what_may_not_be_is_refused(void **state)
{
	unsigned refused = 0;

	(void)state;
	for (uint64_t round = 0; round < rounds; round++) {
		struct built built;
		struct raw raw;

		seed = state_of_chance = first_seed + round;
		roll_policy(&raw);
		HOLDS("soundness", build(&built, &raw, one_in(2)) == is_sound(&raw));
		refused += !is_sound(&raw);
		built_clear(&built);
	}
	if (rounds >= ROUNDS)
		assert_true(refused > rounds / 20);
}

static bool
leads_into(const struct raw *raw, unsigned permission, unsigned group)
{
	return permission >= OWN_PERMISSIONS ? group >= NAMED_GROUPS
	                                     : has_bit(raw->permission[permission].groups,
	                                           (int)group);
}

/* Who inherits from whom, and who comes into which of the host's groups. */
static void
compare_lists(const struct raw *raw)
{
	struct built built;
	char name[32], other[32], word[64];

	assert_true(build(&built, raw, one_in(2)));
	for (unsigned i = 0; i < ROLES; i++) {
		const struct role *role = roles_find(&built.roles, role_name(&built, i, name));

		for (unsigned j = 0; role != NULL && j < ROLES; j++)
			HOLDS("inherits", leads_to(raw, i, j, ROLES) == names_have_sorted(
			    &role->inherits, role_name(&built, j, other)));
		for (unsigned j = 0; role != NULL && j < GROUPS * USER_TYPES; j++) {
			bool in = false;

			for (unsigned k = 0; k < PERMISSIONS; k++)
				in |= raw->permission[k].there && carries(raw, i, k) &&
				    works(raw, k, j % USER_TYPES) &&
				    leads_into(raw, k, j / USER_TYPES);
			snprintf(word, sizeof(word), "%s:%s", user_types[j % USER_TYPES],
			    groups[j / USER_TYPES]);
			HOLDS("groups", in == names_have_sorted(&role->groups, word));
		}
	}
	built_clear(&built);
}

static void
inherited_roles_and_groups(void **state)
{
	(void)state;
	on_each_policy(compare_lists);
}

/* What a login reads of the rules is enough: settings, services, and what the grants cover. */
static void
compare_part(const struct raw *raw)
{
	struct built built;

	assert_true(build(&built, raw, false));
	for (unsigned user = 0; user < USERS; user++) {
		struct rules whole = built.rules, part = {.settings = whole.settings,
		    .services = whole.services};

		for (unsigned i = 0; i < PERMISSIONS; i++) {
			bool granted = false;

			for (unsigned j = 0; j < raw->user[user].grants_count; j++)
				granted |= means(raw->user[user].grants[j].pattern, i);
			if (!granted || !raw->permission[i].there)
				continue;
			part.permission = reallocarray(part.permission, part.count + 1,
			    sizeof(*part.permission));
			part.permission[part.count++] = *rules_find(&whole, permission_names[i]);
		}
		for (unsigned i = 0; i < REQUESTS / USERS; i++) {
			struct raw_request request = roll_request();
			struct decision one, other;

			request.user = user;
			one = decision_on(&built, &request);
			built.rules = part;
			other = decision_on(&built, &request);
			built.rules = whole;
			HOLDS("a part of the rules", one.verdict == other.verdict &&
			    one.role == other.role && one.field == other.field);
		}
		free(part.permission);
	}
	built_clear(&built);
}

static void
a_login_reads_enough_of_the_rules(void **state)
{
	(void)state;
	on_each_policy(compare_part);
}

/* ---- giving never takes, taking never gives ----------------------------------------------- */

/*
 * What may be given.  Not among it: a permission that comes to name a service, which then asks for
 * more than it did; a level, which puts one role above others that stood above it; a role with an
 * access-back, which limits who had none.
 */
enum gift { GIVE_PATTERN, GIVE_INCLUDE, GIVE_ENABLED, GIVE_LADDER, GIVE_ROLE, GIVE_GRANT,
	GIVE_LONGER, GIVE_SCOPE, GIVE_TYPE, GIVE_OTHER_SERVICES, GIFTS };

static unsigned given[GIFTS];

static bool
give_to_role(struct raw *raw, enum gift gift)
{
	struct raw_role *role = &raw->role[1 + roll(ROLES - 1)];
	struct raw_role before = *role;

	if (!role->there)
		return false;
	if (gift == GIVE_PATTERN)
		role->patterns |= 1u << roll(PATTERNS);
	else if (gift == GIVE_INCLUDE)
		role->includes |= 1u << roll(ROLES);
	else if (gift == GIVE_ENABLED)
		role->disabled = false;
	else if (role->ladder == 0)
		*role = on_ladder(role);
	return memcmp(&before, role, sizeof(before)) != 0 && is_sound(raw);
}

static bool
give_to_user(struct raw *raw, enum gift gift)
{
	struct raw_user *user = &raw->user[roll(USERS)];
	unsigned at;

	if (gift == GIVE_ROLE) {
		if (user->assigned_count == ASSIGNED)
			return false;
		at = user->assigned_count++;
		user->assigned[at].role = roll(ROLES);
		user->assigned[at].scope = roll(SCOPES);
		return true;
	}
	if (gift == GIVE_SCOPE) {
		at = user->assigned_count == 0 ? 0 : roll(user->assigned_count);
		user->assigned[at].scope = 0;
		return user->assigned_count != 0;
	}
	if (gift == GIVE_LONGER) {
		at = user->grants_count == 0 ? 0 : roll(user->grants_count);
		user->grants[at].end = one_in(2) || user->grants[at].end == 0
		    ? 0 : user->grants[at].end + 1;
		return user->grants_count != 0;
	}
	if (user->grants_count == GRANTS)
		return false;
	at = user->grants_count++;
	user->grants[at].pattern = roll(PATTERNS);
	user->grants[at].end = one_in(2) ? 0 : about(NOW);
	for (unsigned i = 0; i < at; i++)
		if (user->grants[i].pattern == user->grants[at].pattern)
			return false; /* that would be another end, which may be an earlier one */
	return true;
}

/* False when there was nothing to give; *raw is then spoilt. */
static bool
give(struct raw *raw, enum gift gift)
{
	struct raw_permission *permission = &raw->permission[roll(OWN_PERMISSIONS)];

	switch (gift) {
	case GIVE_PATTERN:
	case GIVE_INCLUDE:
	case GIVE_ENABLED:
	case GIVE_LADDER:
		return give_to_role(raw, gift);
	case GIVE_ROLE:
	case GIVE_GRANT:
	case GIVE_LONGER:
	case GIVE_SCOPE:
		return give_to_user(raw, gift);
	case GIVE_TYPE:
		if (permission->types == 0)
			permission->types = 1u << USER_EMPLOYEE | 1u << USER_CLIENT;
		permission->types |= 1u << roll(USER_TYPES);
		return true;
	case GIVE_OTHER_SERVICES:
		raw->any_permission = true;
		return true;
	case GIFTS:
		return false;
	}
	return false;
}

static bool
is_let_in(const struct decision *decision)
{
	return decision->verdict == VERDICT_ALLOWED ||
	    decision->verdict == VERDICT_MUST_CHANGE_PASSWORD;
}

/* Whoever had less before was let in nowhere else; the same is so of who has less afterwards. */
static void
compare_gift(const struct raw *raw)
{
	struct raw more;
	struct built less_built, more_built;
	enum gift gift;

	do {
		more = *raw;
		gift = roll(GIFTS);
	} while (!give(&more, gift));
	given[gift]++;
	assert_true(build(&less_built, raw, false));
	HOLDS("what was given compiles", build(&more_built, &more, false));
	for (unsigned i = 0; i < REQUESTS; i++) {
		const struct raw_request request = roll_request();
		struct decision before = decision_on(&less_built, &request);
		struct decision after = decision_on(&more_built, &request);
		unsigned permission = roll(PERMISSIONS);

		HOLDS("a login", is_let_in(&after) || !is_let_in(&before));
		before = permission_on(&less_built, &request, permission);
		after = permission_on(&more_built, &request, permission);
		HOLDS("a permission", is_let_in(&after) || !is_let_in(&before));
	}
	built_clear(&less_built);
	built_clear(&more_built);
}

static void
giving_never_takes_and_taking_never_gives(void **state)
{
	(void)state;
	on_each_policy(compare_gift);
	for (unsigned i = 0; i < GIFTS; i++)
		if (rounds >= ROUNDS && given[i] < 50)
			fail_msg("gift %u was given %u times only", i, given[i]);
}

/* ---- compiling ---------------------------------------------------------------------------- */

static void
same_words(const struct role *one, const struct role *other)
{
	HOLDS("closure", names_same(&one->closure, &other->closure));
	HOLDS("works", names_same(&one->works, &other->works));
	HOLDS("services", names_same(&one->services, &other->services));
	HOLDS("groups", names_same(&one->groups, &other->groups));
}

/* Once more, and with all in another order and roles by other names. */
static void
compile_otherwise(const struct raw *raw)
{
	struct built built, turned;

	assert_true(build(&built, raw, false));
	assert_true(build(&turned, raw, true));
	for (unsigned i = 0; i < ROLES; i++) {
		char name[32];
		const struct role *one = roles_find(&built.roles, role_name(&built, i, name));
		const struct role *other = roles_find(&turned.roles, role_name(&turned, i, name));

		if (one == NULL)
			continue;
		same_words(one, other);
		HOLDS("inherits", one->inherits.count == other->inherits.count);
	}
	assert_int_equal(roles_compile(&turned.roles, &turned.rules, NULL, NULL), FAULT_NONE);
	roles_clear(&turned.roles);
	built_clear(&turned);
	assert_true(build(&turned, raw, false));
	assert_int_equal(roles_compile(&turned.roles, &turned.rules, NULL, NULL), FAULT_NONE);
	for (size_t i = 0; i < built.roles.count; i++) {
		same_words(&built.roles.role[i], &turned.roles.role[i]);
		HOLDS("inherits", names_same(&built.roles.role[i].inherits,
		    &turned.roles.role[i].inherits));
	}
	built_clear(&built);
	built_clear(&turned);
}

static void
compiling_knows_no_order_and_changes_nothing_twice(void **state)
{
	(void)state;
	on_each_policy(compile_otherwise);
}

static void
read_number(const char *name, uint64_t *number)
{
	const char *text = getenv(name);

	if (text != NULL && !text_to_number(text, UINT64_MAX / 2, number))
		print_error("%s is no number\n", name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_written_policy_says_the_same),
		cmocka_unit_test(what_may_not_be_is_refused),
		cmocka_unit_test(inherited_roles_and_groups),
		cmocka_unit_test(a_login_reads_enough_of_the_rules),
		cmocka_unit_test(giving_never_takes_and_taking_never_gives),
		cmocka_unit_test(compiling_knows_no_order_and_changes_nothing_twice),
	};

	read_number("HEXA_TEST_SEED", &first_seed);
	read_number("HEXA_TEST_ROUNDS", &rounds);
	print_message("HEXA_TEST_SEED=%" PRIu64 " HEXA_TEST_ROUNDS=%" PRIu64 "\n", first_seed,
	    rounds);
	return cmocka_run_group_tests_name("properties", tests, NULL, NULL);
}
