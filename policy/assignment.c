/*
 * assignment.c - roles with a scope.
 */
#include "policy/assignment.h"

#include <string.h>

#include "policy/user.h"

static const char CLIENT_PREFIX[] = "client:";

static bool
scope_parse(const char *text, struct scope *scope)
{
	if (text_is_unit(text, UNIT_BYTES)) {
		*scope = (struct scope){SCOPE_UNIT, text};
		return true;
	}
	if (strncmp(text, CLIENT_PREFIX, strlen(CLIENT_PREFIX)) != 0)
		return false;
	text += strlen(CLIENT_PREFIX);
	*scope = (struct scope){SCOPE_CLIENT, text};
	return text_is_login(text);
}

bool
assignment_parse(const char *text, struct assignment *assignment)
{
	size_t size = strcspn(text, "@");

	if (size > WORD_BYTES)
		return false;
	memcpy(assignment->role, text, size);
	assignment->role[size] = '\0';
	if (!text_is_dotted(assignment->role))
		return false;
	if (text[size] != '\0')
		return scope_parse(text + size + 1, &assignment->scope);
	assignment->scope = (struct scope){SCOPE_EVERYTHING, ""};
	return true;
}

bool
assignment_scope(const char *text, const char *role, struct scope *scope)
{
	size_t size = strlen(role);
	struct assignment assignment;

	/* Most texts are of another role: they are not taken apart. */
	if (strncmp(text, role, size) != 0 || !assignment_parse(text, &assignment) ||
	    strcmp(assignment.role, role) != 0)
		return false;
	*scope = assignment.scope;
	return true;
}

bool
assignment_is_of(const char *text, const char *role)
{
	struct scope scope;

	return assignment_scope(text, role, &scope);
}

/* Is this unit the other, or below it?  "/" is the whole organisation. */
static bool
unit_is_within(const char *unit, const char *outer)
{
	size_t size = strlen(outer);

	if (strcmp(outer, "/") == 0)
		return true;
	return strncmp(unit, outer, size) == 0 && (unit[size] == '\0' || unit[size] == '/');
}

bool
scope_covers(const struct scope *outer, const struct scope *inner)
{
	if (inner->kind == SCOPE_NOTHING || outer->kind == SCOPE_EVERYTHING)
		return true;
	if (outer->kind != inner->kind)
		return false;
	if (outer->kind == SCOPE_UNIT)
		return unit_is_within(inner->name, outer->name);
	return outer->kind == SCOPE_CLIENT && strcmp(outer->name, inner->name) == 0;
}

bool
scope_covers_user(const struct scope *scope, const struct user *user)
{
	switch (scope->kind) {
	case SCOPE_NOTHING:
		return false;
	case SCOPE_EVERYTHING:
		return true;
	case SCOPE_UNIT:
		return user->unit != NULL && unit_is_within(user->unit, scope->name);
	case SCOPE_CLIENT:
		for (size_t i = 0; i < user->clients.count; i++)
			if (strcmp(user->clients.item[i], scope->name) != 0)
				return false;
		return user->clients.count > 0;
	}
	return false;
}

bool
scope_counts_on(const struct scope *scope, const char *client)
{
	switch (scope->kind) {
	case SCOPE_NOTHING:
		return false;
	case SCOPE_EVERYTHING:
	case SCOPE_UNIT:
		return true;
	case SCOPE_CLIENT:
		return client == NULL || *client == '\0' || strcmp(client, scope->name) == 0;
	}
	return false;
}
