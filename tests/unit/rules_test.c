/*
 * rules_test.c - sets of permissions and roles, and compiling beside a slow and obvious second
 * opinion.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/rules.h"
#include "policy/text.h"

static void
add_permission(struct rules *rules, const char *name)
{
	struct permission permission = {.name = strdup(name)};

	assert_int_equal(rules_add(rules, &permission, NULL), FAULT_NONE);
	assert_null(permission.name); /* moved */
}

static struct role *
add_role(struct roles *roles, const char *name)
{
	struct role role = {.name = strdup(name)};

	assert_int_equal(roles_add(roles, &role, NULL), FAULT_NONE);
	assert_null(role.name);
	return roles_find(roles, name);
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
		add_permission(&rules, names[i]);
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
	add_role(&roles, "b");
	add_role(&roles, "c");
	add_role(&roles, "a");
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
	add_permission(&rules, "q");
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
		add_permission(&rules, names[i]);
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
		add_permission(rules, patterns[i]);
	assert_int_equal(roles_add_builtin(roles, NULL), FAULT_NONE);
	for (size_t i = 0; i < count; i++)
		add_role(roles, names[i])->disabled = roll(6) == 0;
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
		struct misfit misfit;

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
				add_role(&roles, names[i]);
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
	add_permission(&rules, "p");
	add_permission(&rules, "q");
	assert_true(names_add(&add_role(&roles, "a")->permissions, "p"));
	assert_true(names_add(&add_role(&roles, "b")->includes, "a"));
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
	add_permission(&rules, "p");
	for (unsigned i = 0; i < ROLES; i++) {
		char name[8];

		snprintf(name, sizeof(name), "r%02u", i);
		add_role(&roles, name);
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
	};

	return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
