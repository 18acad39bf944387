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

#include "policy/text.h"
#include "policy/yaml.h"

struct checking {
	struct document *document;
	const char *yaml;
	size_t size;
};

/* ---- places ------------------------------------------------------------------------------- */

/*
 * In the list or map that begins next, finds the `nth` (from 1) text or key that is the last of the
 * NULL-ended `path`; the keys before it lead there.  False when memory is out.
 */
static bool
find_place(struct yaml *yaml, const char *const *path, unsigned nth, struct place *place)
{
	struct item within;
	struct item item;

	if (yaml_next(yaml, &within, NULL) != FAULT_NONE)
		return false;
	while (yaml_next(yaml, &item, NULL) == FAULT_NONE && item.kind != ITEM_END) {
		bool here = item.kind == ITEM_TEXT && strcmp(item.text, path[0]) == 0;

		if (here && path[1] && within.kind == ITEM_MAP)
			return find_place(yaml, path + 1, nth, place);
		if (here && !path[1] && --nth == 0) {
			*place = item.place;
			return true;
		}
		if (within.kind == ITEM_MAP && (yaml_next(yaml, &item, NULL) != FAULT_NONE ||
		    yaml_skip(yaml, &item, NULL) != FAULT_NONE))
			return false;
	}
	return false;
}

/* FAULT_INVALID with the place where the last name of the path stands for the `nth` time. */
static enum fault __attribute__((format(printf, 5, 6)))
refuse_at(const struct checking *checking, const char *const *path, unsigned nth, struct why *why,
    const char *format, ...)
{
	struct yaml *yaml = NULL;
	struct place place;
	char text[WHY_TEXT_MAX];
	va_list arguments;
	enum fault fault;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	fault = yaml_open(checking->yaml, checking->size, checking->size, &yaml, why);
	if (fault == FAULT_NONE && find_place(yaml, path, nth, &place))
		fault = yaml_refuse(yaml, place, why, "%s", text);
	else if (fault == FAULT_NONE)
		fault = why_memory(why);
	yaml_close(yaml);
	return fault;
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

	if (rules->count > 0)
		qsort(rules->permission, rules->count, sizeof(*rules->permission),
		    permission_order);
	for (size_t i = 1; i < rules->count; i++) {
		const char *name = rules->permission[i].name;

		if (strcmp(rules->permission[i - 1].name, name) == 0)
			return refuse_at(checking, (const char *[]){"permissions", name, NULL}, 2,
			    why,
			    "the permission %s stands here a second time", name);
	}
	return rules_add_builtin(rules, why);
}

static enum fault
sort_roles(const struct checking *checking, struct why *why)
{
	struct roles *roles = &checking->document->roles;

	if (roles->count > 0)
		qsort(roles->role, roles->count, sizeof(*roles->role), role_order);
	for (size_t i = 1; i < roles->count; i++) {
		const char *name = roles->role[i].name;

		if (strcmp(roles->role[i - 1].name, name) == 0)
			return refuse_at(checking, (const char *[]){"roles", name, NULL}, 2, why,
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
	return refuse_at(checking, (const char *[]){"roles", role->name, key, NULL}, 1, why,
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
		bool named = group != with[i]->name;

		if (strcmp(role_group(with[i - 1]), group) == 0)
			fault = refuse_at(checking,
			    (const char *[]){"roles", with[i]->name, named ? "group" : NULL, NULL},
			    1, why,
			    "the Unix group %s is that of the role %s already", group,
			    with[i - 1]->name);
	}
	free(with);
	return fault;
}

/* ---- permissions, includes, circles ------------------------------------------------------- */

/* The permission's or role's name that was perhaps meant; NULL when none is near. */
static const char *
nearest_name(const struct document *document, const struct misfit *misfit)
{
	bool roles = strcmp(misfit->key, "includes") == 0;
	size_t count = roles ? document->roles.count : document->rules.count;
	const char **names = calloc(count + 1, sizeof(*names));
	const char *nearest;

	if (names == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++)
		names[i] = roles ? document->roles.role[i].name
				 : document->rules.permission[i].name;
	nearest = text_nearest(misfit->name, names, count);
	free(names);
	return nearest;
}

static enum fault
compile(const struct checking *checking, struct why *why)
{
	struct document *document = checking->document;
	struct misfit misfit = {0};
	struct why inner = {0};
	enum fault fault = roles_compile(&document->roles, &document->rules, &misfit, &inner);
	const char *nearest;

	if (fault != FAULT_INVALID || misfit.name == NULL) {
		if (why != NULL && fault != FAULT_NONE)
			*why = inner;
		return fault;
	}
	nearest = nearest_name(document, &misfit);
	/* The nearest to a name that there is, is that name: the misfit is of another kind. */
	if (nearest != NULL && strcmp(nearest, misfit.name) == 0)
		nearest = NULL;
	return refuse_at(checking,
	    (const char *[]){"roles", misfit.role, misfit.key, misfit.name, NULL}, 1, why, "%s%s%s",
	    inner.text, nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "");
}

/* ---- the whole ---------------------------------------------------------------------------- */

enum fault
document_check(struct document *document, const char *yaml, size_t size, struct why *why)
{
	const struct checking checking = {.document = document, .yaml = yaml, .size = size};
	enum fault fault = sort_permissions(&checking, why);

	if (fault == FAULT_NONE)
		fault = sort_roles(&checking, why);
	if (fault == FAULT_NONE)
		fault = check_administrator(&checking, why);
	if (fault == FAULT_NONE)
		fault = check_groups(&checking, why);
	if (fault == FAULT_NONE)
		fault = compile(&checking, why);
	return fault;
}
