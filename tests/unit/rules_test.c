/*
 * rules_test.c - sets of permissions and roles, and compiling beside a slow and obvious second
 * opinion.
 */
#include "tests/unit/policy_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
name_permission(struct rules *rules, const char *name)
{
	add_permission(rules, &(struct permission_text){.name = name});
}

static struct role *
name_role(struct roles *roles, const char *name)
{
	return add_role(roles, &(struct role_text){.name = name});
}

/* ---- sets ---- */

static void
permissions_stand_in_order(void **state)
{
	static const char *const names[] = {"m", "z", "a", "shell.login", "shell", "shell.sudo",
	    "b"};
	struct rules rules = {0};
	struct permission again = {.name = strdup("m")};

	(void)state;
	assert_null(rules_find(&rules, "m"));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		name_permission(&rules, names[i]);
	for (size_t i = 1; i < rules.count; i++)
		assert_true(strcmp(rules.permission[i - 1].name, rules.permission[i].name) < 0);
	for (size_t i = 0; i < rules.count; i++)
		assert_ptr_equal(rules_find(&rules, rules.permission[i].name),
		    &rules.permission[i]);
	assert_null(rules_find(&rules, "shell.l"));
	assert_null(rules_find(&rules, "zz"));
	assert_null(rules_find(&rules, ""));
	assert_int_equal(rules_add(&rules, &again, NULL), FAULT_CONFLICT);
	assert_non_null(again.name); /* still the caller's */
	permission_clear(&again);
	assert_int_equal(rules.count, 7);
	rules_clear(&rules);
	assert_null(rules.permission);
}

static void
roles_stand_in_order(void **state)
{
	struct roles roles = {0};
	struct role again = {.name = strdup("b")};

	(void)state;
	name_role(&roles, "b");
	name_role(&roles, "c");
	name_role(&roles, "a");
	assert_string_equal(roles.role[0].name, "a");
	assert_string_equal(roles.role[2].name, "c");
	assert_null(roles_find(&roles, "d"));
	assert_int_equal(roles_add(&roles, &again, NULL), FAULT_CONFLICT);
	assert_non_null(again.name);
	role_clear(&again);
	roles_clear(&roles);
	assert_int_equal(roles.count, 0);
}

static void
what_is_built_in(void **state)
{
	struct rules rules = {0};
	struct roles roles = {0};

	(void)state;
	assert_int_equal(rules_add_builtin(&rules, NULL), FAULT_NONE);
	for (size_t i = 0; i < rules.count; i++) {
		const struct permission *permission = &rules.permission[i];

		assert_true(rules_is_builtin(permission->name));
		assert_true(text_is_dotted(permission->name));
		assert_true(strncmp(permission->name, "hexa.", 5) == 0);
		assert_true(permission->title != NULL && permission->title[0] != '\0');
		assert_int_equal(permission->services.count + permission->unix_groups.count, 0);
	}
	assert_non_null(rules_find(&rules, "hexa.users.create"));
	assert_false(rules_is_builtin("hexa.users"));
	assert_false(rules_is_builtin("hexa.users.*"));
	assert_int_equal(rules_add_builtin(&rules, NULL), FAULT_CONFLICT);

	assert_int_equal(roles_add_builtin(&roles, NULL), FAULT_NONE);
	assert_int_equal(roles_compile(&roles, &rules, NULL, NULL), FAULT_NONE);
	assert_int_equal(roles.role[0].closure.count, rules.count);
	assert_null(role_group(&roles.role[0]));
	roles_clear(&roles);
	rules_clear(&rules);
}

static void
services_that_are_named(void **state)
{
	struct rules rules = {0};
	struct permission permission = {.name = strdup("p")};

	(void)state;
	assert_true(names_add(&permission.services, "sshd"));
	assert_true(names_add(&permission.services, "su"));
	assert_false(rules_name_service(&rules, "sshd"));
	assert_int_equal(rules_add(&rules, &permission, NULL), FAULT_NONE);
	name_permission(&rules, "q");
	assert_true(rules_name_service(&rules, "su"));
	assert_false(rules_name_service(&rules, "su-l"));
	assert_false(rules_name_service(&rules, "ssh"));
	assert_false(rules_name_service(&rules, ""));
	rules_clear(&rules);
}

/* Each name and pattern, looked for among names that share their beginnings. */
static void
patterns_cover_neighbours(void **state)
{
	static const char *const names[] = {"a", "a-b", "a.b", "a.b.c", "a.b.d", "a.bc", "a_b",
	    "ab", "b"};
	static const char *const patterns[] = {"*", "a", "a.*", "a.b", "a.b.*", "a.bc", "a.bc.*",
	    "b", "b.*",
		"c", "c.*", "", ".*", "a*", "**", "a.b*"};
	struct rules rules = {0};
	size_t first;

	(void)state;
	assert_false(permission_matches("a.*", "a."));
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		assert_int_equal(rules_covered(&rules, patterns[i], &first), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		name_permission(&rules, names[i]);
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		size_t count = rules_covered(&rules, patterns[i], &first);

		for (size_t j = 0; j < rules.count; j++)
			assert_int_equal(permission_matches(patterns[i], rules.permission[j].name),
			    count > 0 && j >= first && j - first < count);
	}
	rules_clear(&rules);
}

/* ---- compiling ---- */

static uint32_t seed = 1;

static size_t
roll(size_t sides)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 16) % sides;
}

/* The second opinion: from each role, whatever a walk along its includes can reach. */
static bool
carries(const struct roles *roles, const struct role *role, const char *permission, unsigned depth)
{
	if (strcmp(role->name, ROLE_SYSTEM_ADMINISTRATOR) == 0)
		return true;
	for (size_t i = 0; i < role->permissions.count; i++)
		if (permission_matches(role->permissions.item[i], permission))
			return true;
	for (size_t i = 0; depth > 0 && i < role->includes.count; i++) {
		const struct role *included = roles_find(roles, role->includes.item[i]);

		if (!included->disabled && carries(roles, included, permission, depth - 1))
			return true;
	}
	return false;
}

static void
random_policy(struct rules *rules, struct roles *roles)
{
	static const char *const patterns[] = {"a.x", "a.y", "b.x", "b.y", "c", "a.*", "b.*", "*"};
	const char *names[] = {"r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7"};
	size_t count = 1 + roll(8);

	for (size_t i = 7; i > 0; i--) {
		size_t other = roll(i + 1);
		const char *name = names[i];

		names[i] = names[other];
		names[other] = name;
	}
	for (size_t i = 0; i < 5; i++)
		name_permission(rules, patterns[i]);
	assert_int_equal(roles_add_builtin(roles, NULL), FAULT_NONE);
	for (size_t i = 0; i < count; i++)
		name_role(roles, names[i])->disabled = roll(6) == 0;
	for (size_t i = 0; i < count; i++) {
		struct role *role = roles_find(roles, names[i]);

		for (size_t j = roll(3); j > 0; j--)
			assert_true(names_insert(&role->permissions, patterns[roll(7)]));
		/* Only later ones, so that there is no circle; names tell nothing of the order. */
		for (size_t j = roll(3); j > 0 && i + 1 < count; j--)
			assert_true(names_insert(&role->includes,
			    names[i + 1 + roll(count - i - 1)]));
		if (roll(20) == 0)
			assert_true(names_insert(&role->includes, ROLE_SYSTEM_ADMINISTRATOR));
	}
}

static void
closures_are_what_can_be_reached(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 2000; round++) {
		struct rules rules = {0};
		struct roles roles = {0};
		struct misfit misfit = {0};

		random_policy(&rules, &roles);
		assert_int_equal(roles_compile(&roles, &rules, &misfit, NULL), FAULT_NONE);
		assert_null(misfit.name);
		for (size_t i = 0; i < roles.count; i++) {
			const struct role *role = &roles.role[i];

			for (size_t j = 1; j < role->closure.count; j++)
				assert_true(strcmp(role->closure.item[j - 1],
				    role->closure.item[j]) < 0);
			for (size_t j = 0; j < rules.count; j++)
				assert_int_equal(
				    names_have(&role->closure, rules.permission[j].name),
				    carries(&roles, role, rules.permission[j].name, 9));
		}
		roles_clear(&roles);
		rules_clear(&rules);
	}
}

static void
circles_are_found_wherever_they_begin(void **state)
{
	static const char *const names[] = {"a", "b", "c", "d", "e"};
	enum { ROLES = 5 };

	(void)state;
	/* A chain through all in each rotation, closed by each of its roles in turn or by none. */
	for (size_t turn = 0; turn < ROLES; turn++) {
		for (size_t back = 0; back <= ROLES; back++) {
			struct rules rules = {0};
			struct roles roles = {0};
			struct misfit misfit = {0};
			struct why why = {0};
			enum fault fault;

			for (size_t i = 0; i < ROLES; i++)
				name_role(&roles, names[i]);
			for (size_t i = 0; i + 1 < ROLES; i++)
				assert_true(names_add(&roles.role[(turn + i) % ROLES].includes,
				    names[(turn + i + 1) % ROLES]));
			if (back < ROLES)
				assert_true(names_add(&roles.role[(turn + ROLES - 1) % ROLES].includes,
				    names[(turn + back) % ROLES]));
			fault = roles_compile(&roles, &rules, &misfit, &why);
			assert_int_equal(fault, back < ROLES ? FAULT_INVALID : FAULT_NONE);
			if (back < ROLES) {
				const struct role *role = roles_find(&roles, misfit.role);

				assert_non_null(strstr(why.text, "circle"));
				assert_string_equal(misfit.key, "includes");
				assert_true(names_have(&role->includes, misfit.name));
			}
			roles_clear(&roles);
		}
	}
}

static void
a_refusal_changes_no_closure(void **state)
{
	struct rules rules = {0};
	struct roles roles = {0};
	struct misfit misfit;
	struct why why;

	(void)state;
	name_permission(&rules, "p");
	name_permission(&rules, "q");
	assert_true(names_add(&name_role(&roles, "a")->permissions, "p"));
	assert_true(names_add(&name_role(&roles, "b")->includes, "a"));
	assert_int_equal(roles_compile(&roles, &rules, NULL, NULL), FAULT_NONE);
	assert_true(names_add(&roles.role[0].permissions, "q"));
	assert_true(names_add(&roles.role[1].includes, "nobody"));
	assert_int_equal(roles_compile(&roles, &rules, &misfit, &why), FAULT_INVALID);
	assert_string_equal(misfit.role, "b");
	assert_string_equal(misfit.key, "includes");
	assert_string_equal(misfit.name, "nobody");
	assert_string_equal(why.field, "includes");
	assert_int_equal(roles.role[0].closure.count, 1);
	assert_int_equal(roles.role[1].closure.count, 1);
	assert_true(names_remove(&roles.role[1].includes, "nobody"));
	assert_int_equal(roles_compile(&roles, &rules, &misfit, &why), FAULT_NONE);
	assert_int_equal(roles.role[1].closure.count, 2);
	roles_clear(&roles);
	rules_clear(&rules);
}

/* Each role includes every later one: a walk that forgets where it was would take 2^40 steps. */
static void
shared_includes_are_walked_once(void **state)
{
	enum { ROLES = 40 };
	struct rules rules = {0};
	struct roles roles = {0};

	(void)state;
	name_permission(&rules, "p");
	for (unsigned i = 0; i < ROLES; i++) {
		char name[8];

		snprintf(name, sizeof(name), "r%02u", i);
		name_role(&roles, name);
	}
	for (size_t i = 0; i < ROLES; i++)
		for (size_t j = i + 1; j < ROLES; j++)
			assert_true(names_add(&roles.role[i].includes, roles.role[j].name));
	assert_true(names_add(&roles.role[ROLES - 1].permissions, "p"));
	assert_int_equal(roles_compile(&roles, &rules, NULL, NULL), FAULT_NONE);
	assert_int_equal(roles.role[0].closure.count, 1);
	roles_clear(&roles);
	rules_clear(&rules);
}

/* ---- ladders and depth ---- */

/* A rank of a ladder or a chain, as a name that sorts in that order or against it. */
static const char *
numbered(char name[24], size_t number, bool turned)
{
	snprintf(name, 24, "r%04zu", turned ? 9999 - number : number);
	return name;
}

/* Roles on as many levels of one ladder, the walk beginning at the lowest or at the highest. */
static enum fault
compile_ladder(size_t count, bool turned, struct roles *roles, const struct rules *rules,
    struct misfit *misfit)
{
	char name[24];

	for (size_t i = 0; i < count; i++)
		add_role(roles, &(struct role_text){.name = numbered(name, i, turned),
		    .ladder = "long", .level = (unsigned)i + 1,
		    .permissions = i == 0 ? "p" : NULL});
	return roles_compile(roles, rules, misfit, NULL);
}

static void
a_ladder_is_as_high_as_it_may_have_roles(void **state)
{
	struct rules rules = {0};

	(void)state;
	name_permission(&rules, "p");
	for (unsigned turned = 0; turned < 2; turned++) {
		struct roles roles = {0};
		struct misfit misfit = {0};
		char name[24];

		assert_int_equal(compile_ladder(LADDER_ROLES_MAX, turned, &roles, &rules, &misfit),
		    FAULT_NONE);
		assert_null(misfit.role);
		for (size_t i = 0; i < LADDER_ROLES_MAX; i++) {
			const struct role *role = roles_find(&roles, numbered(name, i, turned));

			assert_int_equal(role->inherits.count, i);
			assert_int_equal(role->closure.count, 1);
		}
		roles_clear(&roles);
		assert_int_equal(compile_ladder(LADDER_ROLES_MAX + 1, turned, &roles, &rules,
		    &misfit), FAULT_INVALID);
		assert_non_null(roles_find(&roles, misfit.role));
		assert_string_equal(misfit.key, "ladder");
		assert_null(misfit.name);
		roles_clear(&roles);
	}
	rules_clear(&rules);
}

static const struct permission_text rung_permissions[] = {{.name = "a"}, {.name = "b"},
    {.name = "c"}, {.name = "d"}, {.name = "e"}, {.name = "f"}};
static const struct role_text rungs[] = {
	{.name = "l10", .permissions = "a", .ladder = "one", .level = 10},
	{.name = "l20", .permissions = "b", .ladder = "one", .level = 20},
	{.name = "l20-too", .permissions = "c", .ladder = "one", .level = 20},
	{.name = "l30-off", .permissions = "d", .ladder = "one", .level = 30,
	    .disabled = true},
	{.name = "l40", .ladder = "one", .level = 40, .includes = "aside"},
	{.name = "aside", .permissions = "e"},
	{.name = "other", .permissions = "f", .ladder = "two", .level = 1},
	{.name = "other-top", .ladder = "two", .level = 1000},
};
static const struct {
	const char *role;
	const char *closure;
	const char *inherits;
} rungs_compiled[] = {
	{"l10", "a", ""},
	{"l20", "a b", "l10"},
	{"l20-too", "a c", "l10"},
	{"l30-off", "a b c d", "l10 l20 l20-too"},
	{"l40", "a b c e", "aside l10 l20 l20-too l30-off"},
	{"other", "f", ""},
	{"other-top", "f", "other"},
};

static void
who_stands_higher_has_what_the_lower_have(void **state)
{
	struct rules rules = {0};
	struct roles roles = {0};
	char text[256];

	(void)state;
	for (size_t i = 0; i < COUNT(rung_permissions); i++)
		add_permission(&rules, &rung_permissions[i]);
	for (size_t i = 0; i < COUNT(rungs); i++)
		add_role(&roles, &rungs[i]);
	assert_int_equal(roles_compile(&roles, &rules, NULL, NULL), FAULT_NONE);
	for (size_t i = 0; i < COUNT(rungs_compiled); i++) {
		const struct role *role = roles_find(&roles, rungs_compiled[i].role);

		assert_string_equal(joined(&role->closure, text, sizeof(text)),
		    rungs_compiled[i].closure);
		assert_string_equal(joined(&role->inherits, text, sizeof(text)),
		    rungs_compiled[i].inherits);
	}
	roles_clear(&roles);
	rules_clear(&rules);
}

/* What is wrong about one role, and the twin in which it is not. */
static const struct {
	struct role_text wrong[3];
	struct misfit misfit;
	struct role_text right[3];
} wrong_ladders[] = {
	{{{.name = "a", .ladder = "x"}}, {"a", "ladder", NULL},
	    {{.name = "a", .ladder = "x", .level = 1}}},
	{{{.name = "a", .level = 1}}, {"a", "level", NULL}, {{.name = "a"}}},
	/* a circle: the lower includes the higher, or something that does */
	{{{.name = "a", .ladder = "x", .level = 1, .includes = "b"},
	     {.name = "b", .ladder = "x", .level = 2}}, {"b", "ladder", NULL},
	    {{.name = "a", .ladder = "x", .level = 2, .includes = "b"},
	     {.name = "b", .ladder = "x", .level = 2}}},
	{{{.name = "b", .ladder = "x", .level = 1, .includes = "c"},
	     {.name = "a", .ladder = "x", .level = 2}, {.name = "c", .includes = "a"}},
	    {"c", "includes", "a"},
	    {{.name = "b", .ladder = "x", .level = 1, .includes = "c"},
	     {.name = "a", .ladder = "x", .level = 2}, {.name = "c"}}},
};

static void
what_is_wrong_with_a_ladder(void **state)
{

	(void)state;
	for (size_t i = 0; i < COUNT(wrong_ladders); i++) {
		struct rules rules = {0};
		struct roles roles = {0};
		struct misfit misfit = {0};
		struct why why = {0};

		for (size_t j = 0; j < 3 && wrong_ladders[i].wrong[j].name != NULL; j++)
			add_role(&roles, &wrong_ladders[i].wrong[j]);
		assert_int_equal(roles_compile(&roles, &rules, &misfit, &why), FAULT_INVALID);
		assert_string_equal(misfit.role, wrong_ladders[i].misfit.role);
		assert_string_equal(misfit.key, wrong_ladders[i].misfit.key);
		assert_string_equal(why.field, misfit.key);
		if (wrong_ladders[i].misfit.name == NULL)
			assert_null(misfit.name);
		else
			assert_string_equal(misfit.name, wrong_ladders[i].misfit.name);
		roles_clear(&roles);
		for (size_t j = 0; j < 3 && wrong_ladders[i].right[j].name != NULL; j++)
			add_role(&roles, &wrong_ladders[i].right[j]);
		assert_int_equal(roles_compile(&roles, &rules, NULL, NULL), FAULT_NONE);
		roles_clear(&roles);
	}
}

/* Each includes the next; with `ladders` each stands also above a role that includes the next. */
static enum fault
compile_chain(size_t count, bool turned, bool ladders)
{
	struct rules rules = {0};
	struct roles roles = {0};
	char name[24], next[24], ladder[32], foot[32];
	struct misfit found = {0};
	enum fault fault;

	for (size_t i = 0; i < count; i++) {
		struct role_text text = {.name = numbered(name, i, turned)};
		struct role_text low = {.name = foot};

		snprintf(foot, sizeof(foot), "%s-foot", name);
		snprintf(ladder, sizeof(ladder), "ladder%zu", i);
		if (ladders) {
			text.ladder = low.ladder = ladder;
			text.level = 2;
			low.level = 1;
		}
		if (i + 1 < count)
			(ladders ? &low : &text)->includes = numbered(next, i + 1, turned);
		add_role(&roles, &text);
		if (ladders)
			add_role(&roles, &low);
	}
	fault = roles_compile(&roles, &rules, &found, NULL);
	if (fault != FAULT_NONE) {
		assert_string_equal(found.key, "includes");
		assert_true(names_have(&roles_find(&roles, found.role)->includes, found.name));
	}
	roles_clear(&roles);
	return fault;
}

static void
includes_are_so_deep_and_no_deeper(void **state)
{
	(void)state;
	for (unsigned turned = 0; turned < 2; turned++) {
		for (unsigned ladders = 0; ladders < 2; ladders++) {
			assert_int_equal(compile_chain(INCLUDE_DEPTH_MAX + 1, turned, ladders),
			    FAULT_NONE);
			assert_int_equal(compile_chain(INCLUDE_DEPTH_MAX + 2, turned, ladders),
			    FAULT_INVALID);
			assert_int_equal(compile_chain(500, turned, ladders), FAULT_INVALID);
		}
	}
}

/* ---- what a login reads ---- */

static const struct permission_text login_permissions[] = {
	{"a.login", "sshd login", "adm", NULL},
	{"b.login", "sshd sshd-x", "adm video", "client"},
	{"c.feed", "sshd cron", "audio", "integration system"},
	{"d.view", NULL, NULL, "employee"},
};
static const struct role_text login_roles[] = {
	{.name = "all", .permissions = "*"},
	{.name = "client-only", .permissions = "b.login"},
	{.name = "feeds", .permissions = "c.*"},
	{.name = "heir", .permissions = "d.view", .includes = "feeds"},
	{.name = "none"},
	{.name = "view", .permissions = "d.view"},
};
static const struct {
	const char *role;
	const char *works;
	const char *services;
	const char *groups;
} login_compiled[] = {
	{"all", "client:a.login employee:a.login integration:c.feed system:c.feed",
	    "client:login:a.login client:sshd-x:b.login client:sshd:a.login "
	    "employee:login:a.login employee:sshd:a.login "
	    "integration:cron:c.feed integration:sshd:c.feed "
	    "system:cron:c.feed system:sshd:c.feed",
	    "client:adm client:video employee:adm integration:audio system:audio"},
	{"client-only", "client:b.login", "client:sshd-x:b.login client:sshd:b.login",
	    "client:adm client:video"},
	{"feeds", "integration:c.feed system:c.feed",
	    "integration:cron:c.feed integration:sshd:c.feed "
	    "system:cron:c.feed system:sshd:c.feed", "integration:audio system:audio"},
	{"heir", "employee:d.view integration:c.feed system:c.feed",
	    "integration:cron:c.feed integration:sshd:c.feed "
	    "system:cron:c.feed system:sshd:c.feed", "integration:audio system:audio"},
	{"none", "", "", ""},
	{"view", "employee:d.view", "", ""},
};

static void
what_comes_of_a_role(void **state)
{
	struct rules rules = {0};
	struct roles roles = {0};
	char text[512];

	(void)state;
	for (size_t i = 0; i < COUNT(login_permissions); i++)
		add_permission(&rules, &login_permissions[i]);
	for (size_t i = 0; i < COUNT(login_roles); i++)
		add_role(&roles, &login_roles[i]);
	assert_int_equal(roles_compile(&roles, &rules, NULL, NULL), FAULT_NONE);
	for (size_t i = 0; i < COUNT(login_compiled); i++) {
		const struct role *role = roles_find(&roles, login_compiled[i].role);

		assert_string_equal(joined(&role->works, text, sizeof(text)),
		    login_compiled[i].works);
		assert_string_equal(joined(&role->services, text, sizeof(text)),
		    login_compiled[i].services);
		assert_string_equal(joined(&role->groups, text, sizeof(text)),
		    login_compiled[i].groups);
		/* Each list is one that can be searched by halves. */
		for (size_t j = 0; j < role->services.count; j++)
			assert_true(names_have_sorted(&role->services, role->services.item[j]));
	}
	roles_clear(&roles);
	rules_clear(&rules);
}

/* Permissions that name so many services, or groups, of their own. */
static void
name_many(struct rules *rules, const char *field, size_t count)
{
	char name[24];

	for (size_t i = 0; i < count;) {
		struct permission permission = {0};

		snprintf(name, sizeof(name), "p%zu", i);
		set(&permission_table, &permission, "name", name);
		for (size_t j = 0; j < 256 && i < count; j++, i++) {
			snprintf(name, sizeof(name), "n%zu", i);
			assert_int_equal(field_add(field_find(&permission_table, field),
			    &permission, name, NULL), FAULT_NONE);
		}
		rules->permission = reallocarray(rules->permission, rules->count + 1,
		    sizeof(permission));
		rules->permission[rules->count++] = permission;
	}
}

static void
so_many_services_and_groups_are_named(void **state)
{
	struct roles roles = {0};
	struct why why;

	(void)state;
	for (size_t more = 0; more < 2; more++) {
		enum fault fault = more ? FAULT_INVALID : FAULT_NONE;
		struct permission permission = {0};
		struct rules rules = {0};

		name_many(&rules, "services", SERVICES_NAMED_MAX + more);
		assert_int_equal(rules_index(&rules, &why), fault);
		permission.name = strdup("q");
		assert_int_equal(rules_add(&rules, &permission, &why), fault);
		permission_clear(&permission);
		assert_int_equal(roles_compile(&roles, &rules, NULL, &why), fault);
		if (more)
			assert_non_null(strstr(why.text, "services"));
		rules_clear(&rules);
		name_many(&rules, "unix-groups", GROUPS_NAMED_MAX + more);
		assert_int_equal(rules_index(&rules, &why), FAULT_NONE);
		assert_int_equal(roles_compile(&roles, &rules, NULL, &why), fault);
		if (more)
			assert_non_null(strstr(why.text, "Unix groups"));
		rules_clear(&rules);
	}
	roles_clear(&roles);
}

/* The index is made anew: what was there of other permissions is gone. */
static void
the_index_of_services(void **state)
{
	struct rules rules = {0};

	(void)state;
	add_permission(&rules, &(struct permission_text){"p", "sshd su", NULL, NULL});
	assert_true(rules_name_service(&rules, "su"));
	assert_true(names_remove(&rules.permission[0].services, "su"));
	assert_int_equal(rules_index(&rules, NULL), FAULT_NONE);
	assert_false(rules_name_service(&rules, "su"));
	assert_true(rules_name_service(&rules, "sshd"));
	rules_clear(&rules);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(permissions_stand_in_order),
		cmocka_unit_test(roles_stand_in_order),
		cmocka_unit_test(what_is_built_in),
		cmocka_unit_test(services_that_are_named),
		cmocka_unit_test(patterns_cover_neighbours),
		cmocka_unit_test(closures_are_what_can_be_reached),
		cmocka_unit_test(circles_are_found_wherever_they_begin),
		cmocka_unit_test(a_refusal_changes_no_closure),
		cmocka_unit_test(shared_includes_are_walked_once),
		cmocka_unit_test(a_ladder_is_as_high_as_it_may_have_roles),
		cmocka_unit_test(who_stands_higher_has_what_the_lower_have),
		cmocka_unit_test(what_is_wrong_with_a_ladder),
		cmocka_unit_test(includes_are_so_deep_and_no_deeper),
		cmocka_unit_test(what_comes_of_a_role),
		cmocka_unit_test(so_many_services_and_groups_are_named),
		cmocka_unit_test(the_index_of_services),
	};

	return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
