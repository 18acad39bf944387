/*
 * policy_fixture.h - policies and people written as text, for the tests of policy/.
 */
#ifndef HEXA_TESTS_POLICY_FIXTURE_H
#define HEXA_TESTS_POLICY_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/assignment.h"
#include "policy/decide.h"

/* Sets a field as a person would. */
static inline void
set(const struct table *table, void *record, const char *name, const char *text)
{
	struct why why = {0};

	assert_non_null(field_find(table, name));
	if (field_parse(field_find(table, name), record, text, &why) != FAULT_NONE)
		fail_msg("%s: %s", name, why.text);
}

/* A permission; NULL for what it does not say. */
struct permission_text {
	const char *name;
	const char *services;
	const char *groups;
	const char *types;
};

static inline void
add_permission(struct rules *rules, const struct permission_text *text)
{
	struct permission permission = {0};

	set(&permission_table, &permission, "name", text->name);
	set(&permission_table, &permission, "services", text->services ? text->services : "");
	set(&permission_table, &permission, "unix-groups", text->groups ? text->groups : "");
	set(&permission_table, &permission, "types", text->types ? text->types : "");
	assert_int_equal(rules_add(rules, &permission, NULL), FAULT_NONE);
	assert_null(permission.name); /* moved */
}

/* A role; NULL and 0 for what it does not say. */
struct role_text {
	const char *name;
	const char *permissions;
	const char *includes;
	const char *ladder;
	unsigned level;
	bool disabled;
	unsigned access_back;
};

static inline struct role *
add_role(struct roles *roles, const struct role_text *text)
{
	struct role role = {
	    .level = text->level, .disabled = text->disabled, .access_back = text->access_back};

	set(&role_table, &role, "name", text->name);
	set(&role_table, &role, "permissions", text->permissions ? text->permissions : "");
	set(&role_table, &role, "includes", text->includes ? text->includes : "");
	set(&role_table, &role, "ladder", text->ladder ? text->ladder : "");
	assert_int_equal(roles_add(roles, &role, NULL), FAULT_NONE);
	assert_null(role.name);
	return roles_find(roles, text->name);
}

/* The records of the roles that the user is assigned, as the database would give them. */
static inline void
load_held(const struct user *user, const struct roles *all, struct roles *held)
{
	roles_clear(held);
	for (size_t i = 0; i < all->count; i++) {
		struct role copy = {0};
		bool is_held = false;

		for (size_t j = 0; j < user->roles.count; j++)
			is_held |= assignment_is_of(user->roles.item[j], all->role[i].name);
		if (!is_held)
			continue;
		assert_int_equal(record_copy(&role_table, &copy, &all->role[i], NULL), FAULT_NONE);
		assert_int_equal(roles_add(held, &copy, NULL), FAULT_NONE);
	}
}

/* A list as one text, by spaces. */
static inline const char *
joined(const struct names *names, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < names->count; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s", i == 0 ? "" : " ",
		    names->item[i]);
	return text;
}

#endif
