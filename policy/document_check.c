/*
 * document_check.c - names against one another.  A name's place is looked up in the text only once
 * something is wrong with it: the text has been read whole by then, so it is found where it stood.
 */
#include "policy/document_check.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/document_place.h"
#include "policy/separation.h"
#include "policy/test.h"
#include "policy/text.h"

struct checking {
	struct document *document;
	const char *yaml;
	size_t size;
};

/* FAULT_INVALID at the place to which the path leads. */
static enum fault __attribute__((format(printf, 4, 5)))
refuse_at(const struct checking *checking, const struct step *path, struct why *why,
    const char *format, ...)
{
	char words[WHY_TEXT_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	return place_refuse(checking->yaml, checking->size, path, words, why);
}

/* ---- order, and names that stand twice ---------------------------------------------------- */

static int
permission_order(const void *a, const void *b)
{
	return strcmp(((const struct permission *)a)->name, ((const struct permission *)b)->name);
}

static int
role_order(const void *a, const void *b)
{
	return strcmp(((const struct role *)a)->name, ((const struct role *)b)->name);
}

static enum fault
sort_permissions(const struct checking *checking, struct why *why)
{
	struct rules *rules = &checking->document->rules;
	enum fault fault;

	if (rules->count > 0)
		qsort(rules->permission, rules->count, sizeof(*rules->permission),
		    permission_order);
	for (size_t i = 1; i < rules->count; i++) {
		const char *name = rules->permission[i].name;
		const struct step path[] = {{"permissions", 1}, {name, 2}, {NULL, 0}};

		if (strcmp(rules->permission[i - 1].name, name) == 0)
			return refuse_at(checking, path, why,
			    "the permission %s stands here a second time", name);
	}
	fault = rules_add_builtin(rules, why);
	return fault == FAULT_NONE ? rules_index(rules, why) : fault;
}

static enum fault
sort_roles(const struct checking *checking, struct why *why)
{
	struct roles *roles = &checking->document->roles;

	if (roles->count > 0)
		qsort(roles->role, roles->count, sizeof(*roles->role), role_order);
	for (size_t i = 1; i < roles->count; i++) {
		const char *name = roles->role[i].name;
		const struct step path[] = {{"roles", 1}, {name, 2}, {NULL, 0}};

		if (strcmp(roles->role[i - 1].name, name) == 0)
			return refuse_at(checking, path, why,
			    "the role %s stands here a second time", name);
	}
	if (roles_find(roles, ROLE_SYSTEM_ADMINISTRATOR))
		return FAULT_NONE;
	return roles_add_builtin(roles, why);
}

/* ---- the system administrator ------------------------------------------------------------- */

static enum fault
check_administrator(const struct checking *checking, struct why *why)
{
	const struct role *role = roles_find(&checking->document->roles, ROLE_SYSTEM_ADMINISTRATOR);
	const char *key = NULL;

	if (!names_have(&role->permissions, "*"))
		key = "permissions";
	else if (role->disabled)
		key = "disabled";
	if (!key)
		return FAULT_NONE;
	return refuse_at(checking,
	    (const struct step[]){{"roles", 1}, {role->name, 1}, {key, 1}, {NULL, 0}}, why,
	    "the role %s always has every permission (`*`) and is never disabled", role->name);
}

/* ---- Unix groups -------------------------------------------------------------------------- */

static int
group_order(const void *a, const void *b)
{
	const struct role *one = *(const struct role *const *)a;
	const struct role *other = *(const struct role *const *)b;
	int order = strcmp(role_group(one), role_group(other));

	return order != 0 ? order : strcmp(one->name, other->name);
}

static enum fault
check_groups(const struct checking *checking, struct why *why)
{
	const struct roles *roles = &checking->document->roles;
	const struct role **with = calloc(roles->count, sizeof(const struct role *));
	enum fault fault = FAULT_NONE;
	size_t count = 0;

	if (with == NULL)
		return why_memory(why);
	for (size_t i = 0; i < roles->count; i++) {
		if (role_group(&roles->role[i]))
			with[count++] = &roles->role[i];
	}
	qsort(with, count, sizeof(const struct role *), group_order);
	for (size_t i = 1; fault == FAULT_NONE && i < count; i++) {
		const char *group = role_group(with[i]);
		const struct step path[] = {{"roles", 1}, {with[i]->name, 1},
		    {"group", group != with[i]->name}, {NULL, 0}};

		if (strcmp(role_group(with[i - 1]), group) == 0)
			fault = refuse_at(checking, path, why,
			    "the Unix group %s is that of the role %s already", group,
			    with[i - 1]->name);
	}
	free(with);
	return fault;
}

/* Who is in Hexa's own group, Hexa says. */
static enum fault
check_host_groups(const struct checking *checking, struct why *why)
{
	const struct rules *rules = &checking->document->rules;

	for (size_t i = 0; i < rules->count; i++) {
		const struct permission *permission = &rules->permission[i];
		const struct step path[] = {{"permissions", 1}, {permission->name, 1},
		    {"unix-groups", 1}, {ADMINS_GROUP, 1}, {NULL, 0}};

		if (names_have(&permission->unix_groups, ADMINS_GROUP))
			return refuse_at(checking, path, why,
			    "unix-groups: %s is Hexa's own: whoever holds a hexa.* permission is "
			    "in it, and nobody else", ADMINS_GROUP);
	}
	return FAULT_NONE;
}

/* ---- settings ----------------------------------------------------------------------------- */

static enum fault
check_settings(const struct checking *checking, struct why *why)
{
	struct step path[STEPS_MAX] = {{NULL, 0}};
	struct why inner = {0};
	char *rest = inner.field;

	if (settings_check(&checking->document->rules.settings, &inner) == FAULT_NONE)
		return FAULT_NONE;
	for (size_t i = 0; rest != NULL && i < STEPS_MAX - 1; i++)
		path[i] = (struct step){strsep(&rest, "."), 1};
	return refuse_at(checking, path, why, "%s", inner.text);
}

/* ---- names that there are not ------------------------------------------------------------- */

/* The nearest of the roles' names, or of the permissions' and `also`; NULL when none is near. */
static const char *
nearest_name(const struct document *document, bool roles, const char *also, const char *name)
{
	size_t count = roles ? document->roles.count : document->rules.count;
	const char **names = calloc(count + 1, sizeof(*names));
	const char *nearest;

	if (names == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++)
		names[i] = roles ? document->roles.role[i].name
				 : document->rules.permission[i].name;
	if (also != NULL)
		names[count++] = also;
	nearest = text_nearest(name, names, count);
	free(names);
	/* The nearest to a name that there is, is that name: something else is wrong with it. */
	return nearest != NULL && strcmp(nearest, name) == 0 ? NULL : nearest;
}

/* The dot in the name that is the nth, from 1; NULL when there are fewer. */
static const char *
nth_dot(const char *name, size_t nth)
{
	const char *dot = strchr(name, '.');

	for (; nth > 1 && dot != NULL; nth--)
		dot = strchr(dot + 1, '.');
	return dot;
}

/*
 * The nearest of the branches that permissions stand in, as deep as the pattern: `orders.*` for
 * `order.*`; *room keeps it.  NULL when none is near.
 */
static const char *
nearest_branch(const struct document *document, const char *pattern, struct names *room)
{
	size_t depth = 0;

	while (nth_dot(pattern, depth + 1) != NULL)
		depth++;
	for (size_t i = 0; i < document->rules.count; i++) {
		const char *name = document->rules.permission[i].name;
		const char *dot = nth_dot(name, depth);
		char branch[WORD_BYTES + sizeof(".*")];

		if (dot == NULL)
			continue;
		snprintf(branch, sizeof(branch), "%.*s.*", (int)(dot - name), name);
		if (!names_insert(room, branch))
			return NULL;
	}
	return text_nearest(pattern, (const char *const *)room->item, room->count);
}

static bool
is_branch(const char *name)
{
	size_t size = strlen(name);

	return size > 2 && strcmp(name + size - 2, ".*") == 0;
}

/* FAULT_INVALID at the path, with what was perhaps meant. */
static enum fault
refuse_name(const struct checking *checking, const struct step *path, const char *words,
    const char *nearest, struct why *why)
{
	return refuse_at(checking, path, why, "%s%s%s", words,
	    nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "");
}

/* ---- permissions, includes, ladders, circles ---------------------------------------------- */

static enum fault
compile(const struct checking *checking, struct why *why)
{
	struct document *document = checking->document;
	struct misfit misfit = {0};
	struct why inner = {0};
	struct names branches = {0};
	enum fault fault = roles_compile(&document->roles, &document->rules, &misfit, &inner);
	const char *nearest = NULL;

	if (fault != FAULT_INVALID || misfit.role == NULL) {
		if (why != NULL && fault != FAULT_NONE)
			*why = inner;
		return fault;
	}
	if (misfit.name != NULL && is_branch(misfit.name))
		nearest = nearest_branch(document, misfit.name, &branches);
	else if (misfit.name != NULL)
		nearest = nearest_name(document, strcmp(misfit.key, "includes") == 0, NULL,
		    misfit.name);
	fault = refuse_name(checking,
	    (const struct step[]){{"roles", 1}, {misfit.role, 1}, {misfit.key, 1},
	    {misfit.name, misfit.name != NULL}, {NULL, 0}}, inner.text, nearest, why);
	names_clear(&branches);
	return fault;
}

/* ---- constraints -------------------------------------------------------------------------- */

/* Every role of the constraint is one that there is. */
static enum fault
check_constraint(const struct checking *checking, size_t at, struct why *why)
{
	const struct document *document = checking->document;
	const struct names *names = &document->constraint[at].never_together;

	for (size_t i = 0; i < names->count; i++) {
		const char *name = names->item[i];
		const struct step path[] = {{"constraints", 1}, {NULL, at + 1},
		    {"never-together", 1}, {name, 1}, {NULL, 0}};
		char words[WHY_TEXT_MAX];

		if (roles_find(&document->roles, name) != NULL)
			continue;
		snprintf(words, sizeof(words), "never-together names %s, which is no role", name);
		return refuse_name(checking, path, words,
		    nearest_name(document, true, NULL, name), why);
	}
	return FAULT_NONE;
}

static enum fault
check_constraints(const struct checking *checking, struct why *why)
{
	const struct document *document = checking->document;
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < document->constraint_count; i++)
		fault = check_constraint(checking, i, why);
	for (size_t i = 0; fault == FAULT_NONE && i < document->roles.count; i++) {
		const struct role *role = &document->roles.role[i];
		const struct step path[] = {{"roles", 1}, {role->name, 1}, {NULL, 0}};
		char whom[WORD_BYTES + sizeof("the role ")], words[WHY_TEXT_MAX];
		struct breach breach;

		if (!separation_broken_by_role(document, role, &breach))
			continue;
		snprintf(whom, sizeof(whom), "the role %s", role->name);
		breach_explain(&breach, whom, words, sizeof(words));
		fault = refuse_at(checking, path, why, "%s", words);
	}
	return fault;
}

/* ---- tests -------------------------------------------------------------------------------- */

/* The names in a test are known: but a user's, who may come and go. */
static enum fault
check_test(const struct checking *checking, size_t at, struct why *why)
{
	const struct document *document = checking->document;
	const struct step path[] = {{"tests", 1}, {NULL, at + 1}, {NULL, 0}};
	char words[WHY_TEXT_MAX];
	const char *nearest = NULL;
	struct test test;
	bool good = true;
	enum fault fault = test_parse(document->tests.item[at], &test, why);

	if (fault != FAULT_NONE)
		return fault;
	if (test.is_role && roles_find(&document->roles, test.subject) == NULL) {
		good = false;
		snprintf(words, sizeof(words), "the test is of %s, which is no role", test.subject);
		nearest = nearest_name(document, true, NULL, test.subject);
	} else if (!test.login && rules_find(&document->rules, test.permission) == NULL) {
		good = false;
		snprintf(words, sizeof(words), "the test asks for %s, which is no permission",
		    test.permission);
		nearest = nearest_name(document, false, "log in", test.permission);
	}
	if (!good)
		fault = refuse_name(checking, path, words, nearest, why);
	test_clear(&test);
	return fault;
}

static enum fault
check_tests(const struct checking *checking, struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < checking->document->tests.count; i++)
		fault = check_test(checking, i, why);
	return fault;
}

/* ---- the whole ---------------------------------------------------------------------------- */

enum fault
document_check(struct document *document, const char *yaml, size_t size, struct why *why)
{
	static enum fault (*const checks[])(const struct checking *checking, struct why *why) = {
		sort_permissions, sort_roles, check_settings, check_administrator, check_groups,
		check_host_groups,
		compile, check_constraints, check_tests,
	};
	const struct checking checking = {.document = document, .yaml = yaml, .size = size};
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < sizeof(checks) / sizeof(checks[0]); i++)
		fault = checks[i](&checking, why);
	return fault;
}
