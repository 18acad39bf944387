/*
 * suggest.c - "did you mean".
 */
#include "accounts/suggest.h"

#include <stdlib.h>

#include "policy/text.h"

static enum fault
suggest(const char *noun, const char *name, const char *const *names, size_t count,
    struct why *why)
{
	const char *nearest = text_nearest(name, names, count);

	if (nearest == NULL)
		return why_set(why, FAULT_UNKNOWN, "there is no %s %s", noun, name);
	return why_set(why, FAULT_UNKNOWN, "there is no %s %s: did you mean %s?", noun, name,
	    nearest);
}

enum fault
suggest_role(const char *name, const struct roles *roles, struct why *why)
{
	const char **names = calloc(roles->count + 1, sizeof(*names));
	enum fault fault;

	if (names == NULL)
		return why_memory(why);
	for (size_t i = 0; i < roles->count; i++)
		names[i] = roles->role[i].name;
	fault = suggest("role", name, names, roles->count, why);
	free(names);
	return fault;
}

enum fault
suggest_permission(const char *name, const struct rules *rules, struct why *why)
{
	const char **names = calloc(rules->count + 1, sizeof(*names));
	enum fault fault;

	if (names == NULL)
		return why_memory(why);
	for (size_t i = 0; i < rules->count; i++)
		names[i] = rules->permission[i].name;
	fault = suggest("permission", name, names, rules->count, why);
	free(names);
	return fault;
}
