/*
 * separation.c - static separation of duty.
 */
#include "policy/separation.h"

#include <stdio.h>
#include <string.h>

#include "policy/assignment.h"

/*
 * Goes on with one constraint by what one assigned role brings: `by` itself and what it inherits.
 * *breach has the first role that was found, and is whole at a second one: true.
 */
static bool
brings(const struct names *apart, const char *by, const struct names *inherits,
    struct breach *breach)
{
	for (size_t i = 0; i < apart->count; i++) {
		const char *name = apart->item[i];

		if (strcmp(by, name) != 0 && !names_have_sorted(inherits, name))
			continue;
		if (breach->one == NULL) {
			breach->one = name;
			breach->by_one = by;
		} else if (strcmp(breach->one, name) != 0) {
			breach->other = name;
			breach->by_other = by;
			return true;
		}
	}
	return false;
}

/* A role that there is no more counts by its name. */
static bool
brings_assigned(const struct document *document, const struct names *apart, const char *text,
    struct breach *breach)
{
	static const struct names nothing;
	struct assignment assignment;
	const struct role *role;

	if (!assignment_parse(text, &assignment))
		return false;
	role = roles_find(&document->roles, assignment.role);
	if (role != NULL)
		return brings(apart, role->name, &role->inherits, breach);
	for (size_t i = 0; i < apart->count; i++)
		if (strcmp(apart->item[i], assignment.role) == 0)
			return brings(apart, apart->item[i], &nothing, breach);
	return false;
}

bool
separation_broken(const struct document *document, const struct names *assignments,
    struct breach *breach)
{
	for (size_t i = 0; i < document->constraint_count; i++) {
		const struct names *apart = &document->constraint[i].never_together;
		struct breach found = {.constraint = i};

		for (size_t j = 0; j < assignments->count; j++) {
			if (!brings_assigned(document, apart, assignments->item[j], &found))
				continue;
			*breach = found;
			return true;
		}
	}
	return false;
}

bool
separation_broken_by_role(const struct document *document, const struct role *role,
    struct breach *breach)
{
	/* By itself it is one role, and it takes two. */
	for (size_t i = 0; i < document->constraint_count && role->inherits.count > 0; i++) {
		struct breach found = {.constraint = i};

		if (brings(&document->constraint[i].never_together, role->name, &role->inherits,
		    &found)) {
			*breach = found;
			return true;
		}
	}
	return false;
}

/* " (through ROLE)", where that is another role, and not the one that all is about. */
static void
print_through(const char *role, const char *by, const char *whom, char *text, size_t size)
{
	char itself[WORD_BYTES + sizeof("the role ")];

	snprintf(itself, sizeof(itself), "the role %s", by);
	if (strcmp(role, by) == 0 || strcmp(whom, itself) == 0)
		*text = '\0';
	else
		snprintf(text, size, " (through %s)", by);
}

void
breach_explain(const struct breach *breach, const char *whom, char *text, size_t size)
{
	char one[WORD_BYTES + sizeof(" (through )")], other[sizeof(one)];

	print_through(breach->one, breach->by_one, whom, one, sizeof(one));
	print_through(breach->other, breach->by_other, whom, other, sizeof(other));
	snprintf(text, size, "%s comes to hold %s%s and %s%s, which are never together", whom,
	    breach->one, one, breach->other, other);
}
