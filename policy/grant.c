/*
 * grant.c - permissions given to one user.
 */
#include "policy/grant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
grant_parse(const char *text, struct grant *grant)
{
	size_t size = strcspn(text, "@");

	if (size > WORD_BYTES)
		return false;
	memcpy(grant->permission, text, size);
	grant->permission[size] = '\0';
	grant->end = 0;
	return text_is_pattern(grant->permission) &&
	    (text[size] == '\0' || text_to_end_time(text + size + 1, &grant->end));
}

void
grant_print(const struct grant *grant, char out[GRANT_BYTES + 1])
{
	char end[TIME_TEXT_BYTES];

	if (grant->end == 0) {
		snprintf(out, GRANT_BYTES + 1, "%s", grant->permission);
		return;
	}
	text_from_time(grant->end, end);
	snprintf(out, GRANT_BYTES + 1, "%s@%s", grant->permission, end);
}

bool
grant_counts(const struct grant *grant, int64_t now)
{
	return grant->end == 0 || now <= grant->end;
}

/* The place of the grant of this permission; the count when there is none. */
static size_t
grants_find(const struct names *grants, const char *permission)
{
	size_t size = strcspn(permission, "@"), at = 0;

	while (at < grants->count && (strcspn(grants->item[at], "@") != size ||
	    strncmp(grants->item[at], permission, size) != 0))
		at++;
	return at;
}

bool
grants_have(const struct names *grants, const char *permission)
{
	return grants_find(grants, permission) < grants->count;
}

bool
grants_put(struct names *grants, const struct grant *grant)
{
	size_t at = grants_find(grants, grant->permission);
	char text[GRANT_BYTES + 1];
	char *copy;

	grant_print(grant, text);
	if (at == grants->count)
		return names_add(grants, text);
	copy = strdup(text);
	if (copy == NULL)
		return false;
	free(grants->item[at]);
	grants->item[at] = copy;
	return true;
}

bool
grants_remove(struct names *grants, const char *permission)
{
	size_t at = grants_find(grants, permission);

	return at < grants->count && names_remove(grants, grants->item[at]);
}
