/*
 * explain_test.c - each decision in words, and the command that changes it: that it is this one,
 * and that it does what it says.
 */
#include "tests/unit/world_fixture.h"

#include "policy/explain.h"

enum { TEXT_BYTES = 512, MEND_BYTES = 256 };

#define CLIENT_USER \
	{"type", "client"}, {"email", "anna@example.org"}, {"phone", "+31612345678"}

/* ---- words and commands ------------------------------------------------------------------- */

/* Anna with these changes; why she may or may not, and what to do about it. */
static const struct {
	struct change changes[CHANGES_MAX];
	const char *why;
	const char *mend;
} logins[] = {
	{{{"status", "invited"}}, "anna is invited", "hexa-admin user invite anna"},
	{{{"status", "suspended"}}, "anna is suspended", "hexa-admin user resume anna"},
	{{{"status", "revoked"}}, "anna is revoked", "hexa-admin user restore anna"},
	{{{"status", "left"}}, "anna has left", "hexa-admin user restore anna"},
	{{{"valid-from", "2028-01-01"}}, "anna may not log in before 2028-01-01T00:00:00Z",
	    "hexa-admin user edit anna --clear valid-from"},
	{{{"valid-until", "2026-01-01"}}, "anna may not log in after 2026-01-01T23:59:59Z",
	    "hexa-admin user edit anna --clear valid-until"},

	{{{"type", "system"}, {"phase", "auth"}},
	    "anna is a system user, whom no password lets in", ""},
	/* no permission opens sshd to a system: the policy has to say so first */
	{{{"type", "system"}},
	    "anna is a system user, and no permission of theirs opens the service sshd to such",
	    "hexa-admin policy edit"},
	{{{"type", "integration"}},
	    "anna is an integration user, and no permission of theirs opens the service sshd to "
	    "such",
	    "hexa-admin user edit anna --add-role feeder"},
	{{{"type", "integration"}, {"service", "sudo"}},
	    "anna is an integration user, and no permission of theirs opens the service sudo to "
	    "such",
	    "hexa-admin policy edit"},
	{{{"type", "integration"}, {"service", "at"}},
	    "anna is an integration user, and no permission of theirs opens the service at to "
	    "such",
	    "hexa-admin policy edit"},
	{{{"type", "integration"}, {"roles", ""}, {"service", "cron"}},
	    "anna is an integration user, and no permission of theirs opens the service cron to "
	    "such",
	    "hexa-admin user edit anna --add-role robot"},

	{{{"type", "client"}}, "anna is a client without a valid e-mail address",
	    "hexa-admin user edit anna --email ADDRESS --phone NUMBER"},
	{{{"type", "client"}, {"email", "anna@example.org"}},
	    "anna is a client without a valid phone number",
	    "hexa-admin user edit anna --phone NUMBER"},

	{{{"roles", ""}}, "anna holds no role", "hexa-admin user edit anna --add-role ROLE"},
	{{{"roles", "off"}}, "every role that anna holds is disabled",
	    "hexa-admin role enable off"},

	{{{"roles", "nobody"}}, "no role of anna carries any permission that works for an employee",
	    "hexa-admin user edit anna --add-role technician"},
	{{{"roles", "nobody"}, {"service", "at"}},
	    "no role of anna carries any permission that works for an employee",
	    "hexa-admin user edit anna --add-role clerk"},
	{{{"roles", "nobody"}, {"service", "at"}, {"login.other-services", "refuse"}},
	    "no role of anna carries any permission that works for an employee",
	    "hexa-admin policy edit"},
	{{{"roles", "nobody"}, {"service", "cron"}},
	    "no role of anna carries any permission that works for an employee",
	    "hexa-admin policy edit"},
	{{{"roles", "feeder"}, {"grants", "jobs.run"}},
	    "no role and no grant of anna carries any permission that works for an employee",
	    "hexa-admin user edit anna --add-role technician"},

	{{CLIENT_USER, {"clients", "acme gamma"}},
	    "this host belongs to no client, and anna only to others",
	    "hexa-admin host set --client acme"},
	{{CLIENT_USER, {"clients", "acme gamma"}, {"host's client", "beta"}},
	    "this host belongs to beta, and anna only to others",
	    ""},
	{{CLIENT_USER, {"clients", "acme"}, {"sites", "north"}, {"host's client", "beta"},
	     {"host's site", "south"}},
	    "this host belongs to beta, and anna only to others",
	    ""},
	{{CLIENT_USER, {"clients", "acme"}, {"sites", "north"}, {"host's client", "acme"},
	     {"host's site", "south"}},
	    "this host stands at south, and anna is kept to other sites",
	    "hexa-admin user edit anna --add-site south"},
	{{CLIENT_USER, {"clients", "acme"}, {"sites", "north"}, {"host's client", "acme"}},
	    "this host stands at no site, and anna is kept to other sites",
	    "hexa-admin user edit anna --clear sites"},
	{{{"roles", "technician@client:acme"}, {"host's client", "beta"}},
	    "all that gives anna anything is for another client, and this host belongs to beta",
	    ""},

	{{{"roles", "clerk"}},
	    "no role of anna carries a permission for the service sshd that works for an employee",
	    "hexa-admin user edit anna --add-role technician"},
	{{{"roles", "nobody"}, {"grants", "dossiers.view"}},
	    "no role and no grant of anna carries a permission for the service sshd that works for "
	    "an employee", "hexa-admin user edit anna --add-role technician"},
	{{{"service", "cron"}},
	    "no role of anna carries a permission for the service cron that works for an employee",
	    "hexa-admin policy edit"},
	{{{"roles", "everything"}, {"service", "cron"}},
	    "no role of anna carries a permission for the service cron that works for an employee",
	    "hexa-admin policy edit"},
	{{{"roles", "clerk technician@client:acme"}, {"host's client", "beta"}},
	    "all that opens the service sshd to anna is for another client, and this host belongs "
	    "to beta", ""},
	{{{"service", "at"}, {"login.other-services", "refuse"}},
	    "no permission names the service at, and the policy refuses what none names",
	    "hexa-admin policy edit"},
	{{{"service", "sudo-i"}, {"login.other-services", "refuse"}},
	    "no permission names the service sudo-i, and the policy refuses what none names, but "
	    "to who may act on Hexa", "hexa-admin policy edit"},
	{{{"service", "(other)"}, {"login.other-services", "refuse"}},
	    "no permission names any other service, and the policy refuses what none names",
	    "hexa-admin policy edit"},

	{{{"phase", "auth"}, {"locked-out", "yes"}}, "anna is locked out after too many failures",
	    "hexa-admin user unlock anna"},
	{{{"must-change", "yes"}}, "anna must change the password first, and does at their next "
	    "login", ""},

	{{{"roles", "chief"}}, "anna may: the role chief carries shell.login", ""},
	{{{"roles", "nobody"}, {"grants", "shell.login"}},
	    "anna may: shell.login is granted to them", ""},
	{{{"roles", "nobody"}, {"grants", "shell.login@2027-01-01 shell.*@2027-01-31 *"}},
	    "anna may: shell.login is granted to them until 2027-01-31T23:59:59Z", ""},
	{{{"roles", "nobody"}, {"grants", "jobs.run@2027-01-20 * shell.login@2027-01-31"},
	     {"service", "at"}}, "anna may: dossiers.view is granted to them", ""},
	{{{"roles", "looker"}, {"service", "sudo"}},
	    "anna may: the role looker carries hexa.users.view, and who may act on Hexa may use "
	    "sudo for it", ""},
	{{{"grants", "hexa.users.view@2027-01-31"}, {"service", "sudo-i"},
	     {"login.other-services", "refuse"}},
	    "anna may: hexa.users.view is granted to them until 2027-01-31T23:59:59Z, and who may "
	    "act on Hexa may use sudo for it", ""},
	{{{"roles", "looker"}, {"service", "at"}},
	    "anna may: the role looker carries hexa.users.view", ""},
};

/* The command for her, who asked about a service by its name. */
static void
propose(const struct world *world, const struct decision *decision, char *text, size_t size)
{
	const struct choice choice = {&world->rules, &world->roles, true};

	decision_mend(decision, &world->user, &choice, &world->request, text, size);
}

static void
expect_words(struct world *world, const struct decision *decision, const char *why,
    const char *mend)
{
	char text[TEXT_BYTES], command[MEND_BYTES];

	decision_explain(decision, &world->user, &world->request, text, sizeof(text));
	assert_string_equal(text, why);
	propose(world, decision, command, sizeof(command));
	assert_string_equal(command, mend);
}

static void
each_login_is_explained(void **state)
{
	bool seen[VERDICT_ALLOWED + 1] = {false};

	(void)state;
	for (size_t i = 0; i < COUNT(logins); i++) {
		struct world world;
		struct decision decision;

		world_make(&world);
		change_all(&world, logins[i].changes);
		decision = decision_of(&world);
		seen[decision.verdict] = true;
		expect_words(&world, &decision, logins[i].why, logins[i].mend);
		world_clear(&world);
	}
	for (enum verdict verdict = VERDICT_NOT_ACTIVE; verdict <= VERDICT_ALLOWED; verdict++)
		if (!seen[verdict])
			fail_msg("%s is in no row", verdict_name(verdict));
}

static void
nobody_and_nothing_are_explained(void **state)
{
	struct world *world = *state;
	struct decision decision = decide(NULL, &world->held, &world->rules, &world->request);
	char text[TEXT_BYTES], command[MEND_BYTES];

	decision_explain(&decision, NULL, &world->request, text, sizeof(text));
	assert_string_equal(text, "there is no such user");
	decision_mend(&decision, NULL, &(struct choice){.rules = &world->rules}, &world->request,
	    command, sizeof(command));
	assert_string_equal(command, "");
	world->request.phase = 0;
	decision = decision_of(world);
	expect_words(world, &decision, "no decision was reached", "");
}

/* Anna with these changes, asked about a permission, and of when. */
static const struct {
	struct change changes[CHANGES_MAX];
	const char *permission;
	const char *dated;
	const char *why;
	const char *mend;
} questions[] = {
	{{{"service", NULL}}, "shell.login", NULL,
	    "anna may: the role technician carries shell.login", ""},
	{{{"service", NULL}}, "shell.sudo", NULL,
	    "no role of anna carries the permission shell.sudo",
	    "hexa-admin user edit anna --add-role chief"},
	{{{"service", NULL}, {"grants", "jobs.run"}}, "shell.sudo", NULL,
	    "no role and no grant of anna carries the permission shell.sudo",
	    "hexa-admin user edit anna --add-role chief"},
	{{{"roles", "nobody"}, {"grants", "shell.login"}}, "shell.sudo", NULL,
	    "no role and no grant of anna carries the permission shell.sudo",
	    "hexa-admin user edit anna --add-role chief"},
	{{{"service", NULL}, {"roles", "everything"}}, "feeds.push", NULL,
	    "the permission feeds.push does not work for an employee, which anna is",
	    "hexa-admin policy edit"},
	{{{"service", NULL}}, "no.such", NULL, "no role of anna carries the permission no.such",
	    "hexa-admin policy edit"},
	{{{"service", NULL}}, "shell.*", NULL, "no role of anna carries the permission shell.*",
	    "hexa-admin policy edit"},
	{{{"service", NULL}, {"roles", "lately"}}, "dossiers.view", "2026-01-15",
	    "no role of anna lets them see 365 days back",
	    "hexa-admin user edit anna --access-back 365"},
	{{{"service", NULL}, {"roles", "clerk"}, {"access-back", "10"}}, "dossiers.view",
	    "2027-01-04", "anna may see 10 days back, and this is 11 days back",
	    "hexa-admin user edit anna --access-back 11"},
	{{{"service", NULL}, {"roles", "clerk"}, {"access-back", "10"}, {"now", "2099-01-01"}},
	    "dossiers.view", "1970-01-02", "anna may see 10 days back, and this is 47116 days back",
	    ""},
	{{{"service", NULL}, {"roles", "nobody"}, {"grants", "dossiers.view@2027-02-01"}},
	    "dossiers.view", NULL,
	    "anna may: dossiers.view is granted to them until 2027-02-01T23:59:59Z", ""},
	{{{"service", "sudo"}}, "shell.login", NULL,
	    "no role of anna carries a permission for the service sudo that works for an employee",
	    "hexa-admin user edit anna --add-role chief"},
};

static void
each_permission_is_explained(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(questions); i++) {
		struct world world;
		struct decision decision;

		world_make(&world);
		change_all(&world, questions[i].changes);
		if (questions[i].dated != NULL)
			assert_true(text_to_time(questions[i].dated, &world.request.dated));
		decision = permission_of(&world, questions[i].permission);
		expect_words(&world, &decision, questions[i].why, questions[i].mend);
		world_clear(&world);
	}
}

/* ---- what goes into a log and onto a terminal --------------------------------------------- */

static void
a_hostile_service_is_not_repeated(void **state)
{
	static const char *const hostile[] = {"x\nanna may", "\x1b]0;x\x07", "a b", "$(id)", "%s%n",
	    "", "s\xc3\xa5hd"};
	struct world *world = *state;
	char text[TEXT_BYTES];

	set(&settings_table, &world->rules.settings, "login.other-services", "refuse");
	for (size_t i = 0; i < COUNT(hostile); i++) {
		struct decision decision;

		world->request.service = hostile[i];
		decision = decision_of(world);
		decision_explain(&decision, &world->user, &world->request, text, sizeof(text));
		assert_string_equal(text,
		    "no permission names any other service, and the policy refuses what none "
		    "names");
	}
}

/* A name that a shell would read as more than a name makes no command, whoever wrote it. */
static void
no_command_means_more_to_a_shell(void **state)
{
	static const char *const hostile[] = {"beta;id", "beta id'", "$(id)", "`id`", "beta\nid",
	    "be*ta", "beta&", "\xc3\xa5"};
	struct world *world = *state;
	char command[MEND_BYTES];
	struct decision decision;

	change_all(world, (const struct change[CHANGES_MAX]){CLIENT_USER, {"clients", "acme"},
	    {"sites", "north"}, {"host's client", "acme"}, {"host's site", "south"}});
	decision = decision_of(world);
	propose(world, &decision, command, sizeof(command));
	assert_true(command[0] != '\0');
	for (size_t i = 0; i < COUNT(hostile); i++) {
		world->request.site = hostile[i];
		decision = decision_of(world);
		assert_int_equal(decision.verdict, VERDICT_WRONG_SITE);
		propose(world, &decision, command, sizeof(command));
		assert_string_equal(command, "");
	}
}

/* A cut sentence is still one; half a command is none. */
static void
what_is_too_long_for_its_place(void **state)
{
	char text[TEXT_BYTES], whole[MEND_BYTES];

	(void)state;
	for (size_t i = 0; i < COUNT(logins); i++) {
		struct world world;
		struct decision decision;

		world_make(&world);
		change_all(&world, logins[i].changes);
		decision = decision_of(&world);
		propose(&world, &decision, whole, sizeof(whole));
		for (size_t size = 1; size < sizeof(text); size += 1 + size / 128) {
			char *exact = malloc(size); /* for the sanitizer: not a byte over */

			decision_explain(&decision, &world.user, &world.request, exact, size);
			assert_true(strlen(exact) < size);
			propose(&world, &decision, exact, size);
			assert_string_equal(exact, size > strlen(whole) ? whole : "");
			free(exact);
		}
		world_clear(&world);
	}
}

/* ---- that it changes what it says --------------------------------------------------------- */

/* --FLAG VALUE of `user edit anna`. */
static void
run_flag(struct world *world, const char *flag, const char *value)
{
	static const struct {
		const char *flag;
		const char *list;
	} adding[] = {{"--add-role", "roles"}, {"--add-site", "sites"}, {"--grant", "grants"}};
	static const struct change examples[] = {{"ROLE", "technician"},
	    {"ADDRESS", "anna@example.org"}, {"NUMBER", "+31612345678"}};

	for (size_t i = 0; i < COUNT(examples); i++)
		if (strcmp(value, examples[i].what) == 0)
			value = examples[i].value;
	if (strcmp(flag, "--clear") == 0) {
		set(&user_table, &world->user, value, "");
		return;
	}
	for (size_t i = 0; i < COUNT(adding); i++) {
		if (strcmp(flag, adding[i].flag) != 0)
			continue;
		assert_int_equal(field_add(field_find(&user_table, adding[i].list), &world->user,
		    value, NULL), FAULT_NONE);
		return;
	}
	set(&user_table, &world->user, flag + 2, value);
}

static void
run_role(struct world *world, char **word)
{
	assert_string_equal(word[2], "enable");
	roles_find(&world->roles, word[3])->disabled = false;
	assert_int_equal(roles_compile(&world->roles, &world->rules, NULL, NULL), FAULT_NONE);
}

/* What the command would do to the world.  False for `policy edit`, which nobody does for us. */
static bool
run(struct world *world, char *command)
{
	static char client[32];
	char *word[12] = {NULL};
	size_t count = 0;

	for (char *at = strtok(command, " "); at != NULL; at = strtok(NULL, " "))
		word[count++] = at;
	assert_string_equal(word[0], "hexa-admin");
	if (strcmp(word[1], "policy") == 0)
		return false;
	if (strcmp(word[1], "host") == 0) {
		assert_string_equal(word[3], "--client");
		world->request.client = strcpy(client, word[4]);
	} else if (strcmp(word[1], "role") == 0) {
		run_role(world, word);
	} else if (strcmp(word[2], "edit") == 0) {
		for (size_t i = 4; i < count; i += 2)
			run_flag(world, word[i], word[i + 1]);
	} else if (strcmp(word[2], "unlock") == 0) {
		world->request.locked_out = false;
	} else {
		set(&user_table, &world->user, "status", "active");
	}
	return true;
}

/* One command after the other: each changes the verdict, and in the end she is let in. */
static void
each_command_changes_the_verdict(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(logins); i++) {
		struct world world;
		struct decision decision;
		char command[MEND_BYTES];

		world_make(&world);
		change_all(&world, logins[i].changes);
		decision = decision_of(&world);
		for (unsigned steps = 0; !verdict_allows(decision.verdict); steps++) {
			struct decision before = decision;

			propose(&world, &decision, command, sizeof(command));
			if (command[0] == '\0' || !run(&world, command))
				break;
			decision = decision_of(&world);
			if (decision.verdict == before.verdict)
				fail_msg("%s: still %s", logins[i].mend,
				    verdict_name(before.verdict));
			assert_true(decision.verdict > before.verdict);
			assert_true(steps < VERDICT_ALLOWED);
		}
		world_clear(&world);
	}
}

/* ---- which permission is given ------------------------------------------------------------ */

/*
 * What each row adds to the policy, the one that is then proposed for the service, and to whom: no
 * role has these.
 */
static const struct {
	struct permission_text added[3];
	struct change changes[CHANGES_MAX];
	const char *permission;
} choices[] = {
	/* no Unix group, although it comes later and opens more */
	{{{"a.run", "at", "adm", NULL}, {"b.run", "at cron login", NULL, NULL}},
	    {{"service", "at"}}, "b.run"},
	/* the fewest services; of as many the first by name */
	{{{"a.run", "at cron", NULL, NULL}, {"b.run", "at", NULL, NULL},
	     {"c.run", "at", NULL, NULL}},
	    {{"service", "at"}}, "b.run"},
	/* where all have groups, the fewest services again */
	{{{"a.run", "at cron", "adm", NULL}, {"b.run", "at", "adm users", NULL}},
	    {{"service", "at"}}, "b.run"},
	/* only what works for such a user */
	{{{"a.run", "at", NULL, "system"}, {"b.run", "at cron", "adm", NULL}},
	    {{"service", "at"}}, "b.run"},
	/* any permission would do: the one that opens nothing else, and none on Hexa itself */
	{{{"a.run", NULL, "adm", NULL}, {"hexa.activity.view", NULL, NULL, NULL}},
	    {{"service", "at"}, {"roles", "nobody"}}, "dossiers.view"},
	/* none that makes root's equal, where another does */
	{{{"a.run", "at", "docker", NULL}, {"b.run", "at cron login", "adm", NULL},
	     {"c.run", "at sudo", NULL, NULL}},
	    {{"service", "at"}}, "b.run"},
};

static void
the_permission_that_gives_the_least_is_proposed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(choices); i++) {
		struct world world;
		struct decision decision;
		char command[MEND_BYTES], expected[MEND_BYTES];

		world_make(&world);
		for (size_t j = 0; j < COUNT(choices[i].added); j++)
			if (choices[i].added[j].name != NULL)
				add_permission(&world.rules, &choices[i].added[j]);
		assert_int_equal(roles_compile(&world.roles, &world.rules, NULL, NULL), FAULT_NONE);
		change_all(&world, choices[i].changes);
		decision = decision_of(&world);
		decision_mend(&decision, &world.user, &(struct choice){.rules = &world.rules},
		    &world.request, command, sizeof(command));
		snprintf(expected, sizeof(expected), "hexa-admin user edit anna --grant %s",
		    choices[i].permission);
		assert_string_equal(command, expected);
		assert_true(run(&world, command));
		decision = decision_of(&world);
		assert_int_equal(decision.verdict, VERDICT_ALLOWED);
		world_clear(&world);
	}
}

/* ---- which role is given ------------------------------------------------------------------ */

/*
 * What each row adds to the policy, and what is then proposed to whom; is the service not named,
 * and does it make root's equal?
 */
static const struct {
	struct permission_text permission;
	struct role_text added[3];
	struct change changes[CHANGES_MAX];
	bool unnamed;
	const char *mend; /* behind `hexa-admin user edit anna ` */
	bool is_root;
} proposals[] = {
	/* the fewest permissions; of as many the first by name; and none that is disabled */
	{{"at.run", "at", NULL, NULL},
	    {{.name = "a", .permissions = "at.run shell.login"},
	        {.name = "b", .permissions = "at.run", .disabled = true},
	        {.name = "c", .permissions = "at.run"}},
	    {{"service", "at"}}, false, "--add-role c", false},
	{{"at.run", "at", NULL, NULL},
	    {{.name = "a", .permissions = "at.run"}, {.name = "b", .permissions = "at.run"}},
	    {{"service", "at"}}, true, "--add-role a", false},
	/* a grant where each role with it has all, acts on Hexa, or makes root's equal */
	{{"at.run", "at", NULL, NULL},
	    {{.name = "a", .permissions = "at.run shell.sudo"},
	        {.name = "b", .permissions = "at.run hexa.users.view"}},
	    {{"service", "at"}}, false, "--grant at.run", false},
	/* what makes root's equal only to who asked about the service by name */
	{{"at.run", "at", NULL, NULL}, {{NULL}}, {{"service", "sudo"}}, false, "--add-role chief",
	    true},
	{{"at.run", "at", NULL, NULL}, {{NULL}}, {{"service", "sudo"}}, true, "", false},
	{{"su.run", "su", "docker", NULL}, {{NULL}}, {{"service", "su"}}, false, "--grant su.run",
	    true},
	{{"su.run", "su", "docker", NULL}, {{NULL}}, {{"service", "su"}}, true, "", false},
	{{"at.run", "at", "docker", NULL}, {{.name = "a", .permissions = "at.run"}},
	    {{"service", "at"}}, false, "--add-role a", true},
	{{"at.run", "at", "docker", NULL}, {{.name = "a", .permissions = "at.run"}},
	    {{"service", "at"}}, true, "", false},
	/* and nothing less opens it: not with more permissions, nor without a role */
	{{"su.run", "su", NULL, NULL},
	    {{.name = "a", .permissions = "shell.sudo su.run"},
	        {.name = "b", .permissions = "su.run shell.login dossiers.view"}},
	    {{"service", "su"}}, false, "--add-role b", false},
	{{"su.run", "su", NULL, NULL}, {{.name = "a", .permissions = "shell.sudo su.run"}},
	    {{"service", "su"}}, false, "--grant su.run", false},
	/* no role that acts on Hexa besides */
	{{"at.run", "at", "docker", NULL},
	    {{.name = "a", .permissions = "at.run hexa.users.view"}},
	    {{"service", "at"}}, false, "--grant at.run", true},
};

static void
the_role_that_gives_the_least_is_proposed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(proposals); i++) {
		struct world world;
		struct decision decision;
		char command[MEND_BYTES], expected[MEND_BYTES] = "";

		world_make(&world);
		add_permission(&world.rules, &proposals[i].permission);
		for (size_t j = 0; j < COUNT(proposals[i].added); j++)
			if (proposals[i].added[j].name != NULL)
				add_role(&world.roles, &proposals[i].added[j]);
		assert_int_equal(roles_compile(&world.roles, &world.rules, NULL, NULL), FAULT_NONE);
		change_all(&world, proposals[i].changes);
		decision = decision_of(&world);
		assert_int_equal(decision_mend(&decision, &world.user,
		                     &(struct choice){&world.rules, &world.roles,
		                         !proposals[i].unnamed},
		                     &world.request, command, sizeof(command)),
		    proposals[i].is_root);
		if (proposals[i].mend[0] != '\0')
			snprintf(expected, sizeof(expected), "hexa-admin user edit anna %s",
			    proposals[i].mend);
		assert_string_equal(command, expected);
		world_clear(&world);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(each_login_is_explained),
		TEST(nobody_and_nothing_are_explained),
		TEST(each_permission_is_explained),
		TEST(the_permission_that_gives_the_least_is_proposed),
		TEST(the_role_that_gives_the_least_is_proposed),
		TEST(a_hostile_service_is_not_repeated),
		TEST(no_command_means_more_to_a_shell),
		TEST(what_is_too_long_for_its_place),
		TEST(each_command_changes_the_verdict),
	};

	return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
