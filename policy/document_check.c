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

#include "policy/document_parts.h"
#include "policy/document_place.h"
#include "policy/separation.h"
#include "policy/test.h"
#include "policy/text.h"

struct checking {
	struct document *document;
	const char *yaml;
	size_t size;
	struct document_faults *faults; /* NULL: the first is the last */
};

/* What is wrong at the place to which the path leads: faults_keep(). */
static enum fault __attribute__((format(printf, 4, 5)))
refuse_at(const struct checking *checking, const struct step *path, struct why *why,
    const char *format, ...)
{
	struct why wrong = {0};
	char words[WHY_TEXT_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	place_refuse(checking->yaml, checking->size, path, words, &wrong);
	return faults_keep(checking->faults, &wrong, why);
}

/* Nothing was found wrong so far. */
static bool
is_sound(const struct checking *checking)
{
	return checking->faults == NULL || checking->faults->count == 0;
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

typedef int compare(const void *a, const void *b);

/* Puts the records of a section in order; of each name the first is kept. */
static enum fault
sort_records(const struct checking *checking, const struct table *table, const char *section,
    compare *by_name, void *records, size_t *count, struct why *why)
{
	const struct field *field = field_find(table, "name");
	size_t size = table->size, nth = 1;
	char *all = records;
	enum fault fault = FAULT_NONE;

	if (*count > 0)
		qsort(all, *count, size, by_name);
	for (size_t i = 1; fault == FAULT_NONE && i < *count;) {
		char *record = all + i * size;
		const char *name = *(char *const *)(void *)(record + field->offset);
		const struct step path[] = {{section, 1}, {name, nth + 1}, {NULL, 0}};

		if (by_name(record - size, record) != 0) {
			nth = 1;
			i++;
			continue;
		}
		fault = refuse_at(checking, path, why, "the %s %s stands here a second time",
		    table->noun, name);
		nth++;
		record_clear(table, record);
		memmove(record, record + size, (--*count - i) * size);
	}
	return fault;
}

static enum fault
sort_permissions(const struct checking *checking, struct why *why)
{
	struct rules *rules = &checking->document->rules;
	enum fault fault = sort_records(checking, &permission_table, "permissions",
	    permission_order, rules->permission, &rules->count, why);

	if (fault == FAULT_NONE)
		fault = rules_add_builtin(rules, why);
	return fault == FAULT_NONE ? rules_index(rules, why) : fault;
}

static enum fault
sort_roles(const struct checking *checking, struct why *why)
{
	struct roles *roles = &checking->document->roles;
	enum fault fault = sort_records(checking, &role_table, "roles", role_order, roles->role,
	    &roles->count, why);

	if (fault != FAULT_NONE || roles_find(roles, ROLE_SYSTEM_ADMINISTRATOR))
		return fault;
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
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < rules->count; i++) {
		const struct permission *permission = &rules->permission[i];
		const struct step path[] = {{"permissions", 1}, {permission->name, 1},
		    {"unix-groups", 1}, {ADMINS_GROUP, 1}, {NULL, 0}};

		if (names_have(&permission->unix_groups, ADMINS_GROUP))
			fault = refuse_at(checking, path, why,
			    "unix-groups: %s is Hexa's own: whoever holds a hexa.* permission is "
			    "in it, and nobody else", ADMINS_GROUP);
	}
	return fault;
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

/* As refuse_at(), with what was perhaps meant. */
static enum fault
refuse_name(const struct checking *checking, const struct step *path, const char *words,
    const char *nearest, struct why *why)
{
	return refuse_at(checking, path, why, "%s%s%s", words,
	    nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "");
}

/* ---- permissions, includes, ladders, circles ---------------------------------------------- */

static enum fault
refuse_misfit(const struct checking *checking, const struct misfit *misfit, const char *words,
    struct why *why)
{
	const struct document *document = checking->document;
	struct names branches = {0};
	const char *nearest = NULL;
	enum fault fault;

	if (misfit->name != NULL && is_branch(misfit->name))
		nearest = nearest_branch(document, misfit->name, &branches);
	else if (misfit->name != NULL)
		nearest = nearest_name(document, strcmp(misfit->key, "includes") == 0, NULL,
		    misfit->name);
	fault = refuse_name(checking,
	    (const struct step[]){{"roles", 1}, {misfit->role, 1}, {misfit->key, 1},
	    {misfit->name, misfit->name != NULL}, {NULL, 0}}, words, nearest, why);
	names_clear(&branches);
	return fault;
}

/* Takes out what was said, so that what else there is comes to light. */
static void
drop_misfit(struct roles *roles, const struct misfit *misfit)
{
	struct role *role = roles_find(roles, misfit->role);
	bool include = strcmp(misfit->key, "includes") == 0;

	if (misfit->name != NULL) {
		names_remove(include ? &role->includes : &role->permissions, misfit->name);
		return;
	}
	field_clear(field_find(&role_table, "ladder"), role);
	field_clear(field_find(&role_table, "level"), role);
}

static enum fault
compile(const struct checking *checking, struct why *why)
{
	struct document *document = checking->document;

	for (;;) {
		struct misfit misfit = {0};
		struct why inner = {0};
		enum fault fault =
		    roles_compile(&document->roles, &document->rules, &misfit, &inner);

		if (fault != FAULT_INVALID || misfit.role == NULL) {
			if (why != NULL && fault != FAULT_NONE)
				*why = inner;
			return fault;
		}
		fault = refuse_misfit(checking, &misfit, inner.text, why);
		if (fault != FAULT_NONE)
			return fault;
		drop_misfit(&document->roles, &misfit);
	}
}

/* ---- constraints -------------------------------------------------------------------------- */

/* Every role of the constraint is one that there is. */
static enum fault
check_constraint(const struct checking *checking, size_t at, struct why *why)
{
	const struct document *document = checking->document;
	const struct names *names = &document->constraint[at].never_together;
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < names->count; i++) {
		const char *name = names->item[i];
		const struct step path[] = {{"constraints", 1}, {NULL, at + 1},
		    {"never-together", 1}, {name, 1}, {NULL, 0}};
		char words[WHY_TEXT_MAX];

		if (roles_find(&document->roles, name) != NULL)
			continue;
		snprintf(words, sizeof(words), "never-together names %s, which is no role", name);
		fault = refuse_name(checking, path, words,
		    nearest_name(document, true, NULL, name), why);
	}
	return fault;
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

	/* What is no test was said where it stands. */
	if (fault == FAULT_INVALID && checking->faults != NULL)
		return FAULT_NONE;
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
document_check(struct document *document, const char *yaml, size_t size,
    struct document_faults *faults, struct why *why)
{
	/* `of_whole`: what was refused before may be why it does not hold. */
	static const struct {
		enum fault (*check)(const struct checking *checking, struct why *why);
		bool of_whole;
	} checks[] = {
		{sort_permissions, false}, {sort_roles, false}, {check_settings, true},
		{check_administrator, false}, {check_groups, true}, {check_host_groups, false},
		{compile, false}, {check_constraints, false}, {check_tests, false},
	};
	const struct checking checking = {document, yaml, size, faults};
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < sizeof(checks) / sizeof(checks[0]); i++)
		if (!checks[i].of_whole || is_sound(&checking))
			fault = checks[i].check(&checking, why);
	return fault;
}
