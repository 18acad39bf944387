/*
 * world_fixture.h - a small policy, a user, a request, and how a table says what is changed.
 */
#ifndef HEXA_TESTS_WORLD_FIXTURE_H
#define HEXA_TESTS_WORLD_FIXTURE_H

#include "tests/unit/policy_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const int64_t NOW = 1800000000; /* 2027-01-15T08:00:00Z */

static const struct permission_text permissions[] = {
	{"shell.login", "sshd login", NULL, NULL},
	{"shell.sudo", "sudo", "sudo", NULL},
	{"dossiers.view", NULL, NULL, NULL},
	{"feeds.push", "sshd", NULL, "integration"},
	{"jobs.run", "cron", NULL, "system integration"},
	{"portal.view", NULL, NULL, "client"},
	{"hexa.users.view", NULL, NULL, NULL},
};

static const struct role_text roles[] = {
	{.name = "technician", .permissions = "shell.login"},
	{.name = "clerk", .permissions = "dossiers.view"},
	{.name = "chief", .permissions = "shell.sudo", .includes = "technician"},
	{.name = "nobody"},
	{.name = "off", .permissions = "shell.login", .disabled = true},
	{.name = "feeder", .permissions = "feeds.push"},
	{.name = "robot", .permissions = "jobs.run"},
	{.name = "visitor", .permissions = "portal.view"},
	{.name = "everything", .permissions = "*"},
	{.name = "looker", .permissions = "hexa.users.view"},
	{.name = "lately", .permissions = "dossiers.view", .access_back = 30},
	{.name = "long-ago", .permissions = "dossiers.view", .access_back = 400},
	{.name = "long-off", .disabled = true, .access_back = 4000},
};

struct world {
	struct rules rules;
	struct roles roles; /* all of them */
	struct roles held;  /* by the user */
	struct user user;
	struct request request;
};

/* Anna, a technician, after her password, at sshd on a host of no client: she is let in. */
static inline void
world_make(struct world *world)
{
	*world = (struct world){0};
	assert_int_equal(settings_default(&world->rules.settings, NULL), FAULT_NONE);
	for (size_t i = 0; i < COUNT(permissions); i++)
		add_permission(&world->rules, &permissions[i]);
	for (size_t i = 0; i < COUNT(roles); i++)
		add_role(&world->roles, &roles[i]);
	assert_int_equal(roles_compile(&world->roles, &world->rules, NULL, NULL), FAULT_NONE);
	set(&user_table, &world->user, "name", "anna");
	set(&user_table, &world->user, "status", "active");
	set(&user_table, &world->user, "password", "$argon2id$x");
	set(&user_table, &world->user, "roles", "technician");
	world->user.password_set = NOW;
	world->request = (struct request){
	    .service = "sshd",
	    .host = "host",
	    .now = NOW,
	    .phase = PHASE_ACCOUNT,
	    .proof = PROOF_PASSWORD,
	};
}

static inline void
world_clear(struct world *world)
{
	rules_clear(&world->rules);
	roles_clear(&world->roles);
	roles_clear(&world->held);
	user_clear(&world->user);
}

static inline int
setup(void **state)
{
	*state = calloc(1, sizeof(struct world));
	world_make(*state);
	return 0;
}

static inline int
teardown(void **state)
{
	world_clear(*state);
	free(*state);
	return 0;
}

static inline struct decision
decision_of(struct world *world)
{
	load_held(&world->user, &world->roles, &world->held);
	return decide(&world->user, &world->held, &world->rules, &world->request);
}

static inline struct decision
permission_of(struct world *world, const char *permission)
{
	load_held(&world->user, &world->roles, &world->held);
	return decide_permission(&world->user, &world->held, &world->rules, &world->request,
	    permission);
}

/* ---- what a row of the tables changes ----------------------------------------------------- */

/* What of the world, by name: a field of the user, a setting, or a part of the request. */
struct change {
	const char *what;
	const char *value;
};

static inline bool
change_request(struct request *request, const struct change *change)
{
	static const char *const proofs[] = {"nothing", "password", "code", "key"};

	if (strcmp(change->what, "service") == 0) {
		request->service = change->value;
	} else if (strcmp(change->what, "host's client") == 0) {
		request->client = change->value;
	} else if (strcmp(change->what, "host's site") == 0) {
		request->site = change->value;
	} else if (strcmp(change->what, "phase") == 0) {
		request->phase = strcmp(change->value, "auth") == 0 ? PHASE_AUTH : PHASE_ACCOUNT;
	} else if (strcmp(change->what, "locked-out") == 0) {
		request->locked_out = strcmp(change->value, "yes") == 0;
	} else if (strcmp(change->what, "now") == 0) {
		assert_true(text_to_time(change->value, &request->now));
	} else if (strcmp(change->what, "proof") == 0) {
		for (unsigned i = 0; i < COUNT(proofs); i++)
			if (strcmp(change->value, proofs[i]) == 0)
				request->proof = i;
	} else {
		return false;
	}
	return true;
}

static inline void
change_world(struct world *world, const struct change *change)
{
	if (change_request(&world->request, change))
		return;
	if (field_find(&settings_table, change->what) != NULL)
		set(&settings_table, &world->rules.settings, change->what, change->value);
	else
		set(&user_table, &world->user, change->what, change->value);
}

enum { CHANGES_MAX = 8 };

static inline void
change_all(struct world *world, const struct change *changes)
{
	for (size_t i = 0; i < CHANGES_MAX && changes[i].what != NULL; i++)
		change_world(world, &changes[i]);
}

#endif
