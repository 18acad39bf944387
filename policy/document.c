/*
 * document.c - the policy as a whole in memory: copying, adding to, freeing it; what of a record its
 * text states; and the list of what is wrong with one.
 */
#include "policy/document.h"

#include <stdlib.h>
#include <string.h>

#include "policy/document_parts.h"
#include "policy/text.h"

static const struct field constraint_rows[] = {
	{"never-together", 1, K_WORDS, F_REQUIRED,
	    .offset = FIELD_NAMES(struct constraint, never_together), .max = WORD_BYTES,
	    .max_count = CONSTRAINT_ROLES_MAX, .help = "roles that nobody holds two of"},
};

const struct table constraint_table = {
	.noun = "constraint",
	.schema = 1,
	.size = sizeof(struct constraint),
	.rows = constraint_rows,
	.count = sizeof(constraint_rows) / sizeof(constraint_rows[0]),
};

static bool
is_one_of(const char *name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

bool
document_states(const struct table *table, const struct field *field)
{
	static const char *const of_permission[] = {
		"title", "services", "unix-groups", "types", NULL,
	};
	static const char *const of_role[] = {
		"title", "permissions", "includes", "group", "disabled", "ladder", "level",
		"access-back", NULL,
	};

	if (table == &permission_table)
		return is_one_of(field->name, of_permission);
	return table != &role_table || is_one_of(field->name, of_role);
}

bool
document_reserves(const char *permission)
{
	return strcmp(permission, "hexa") == 0 || strncmp(permission, "hexa.", 5) == 0;
}

enum fault
document_make_room(void **all, size_t count, size_t size, struct why *why)
{
	void *larger;

	if ((count & (count - 1)) != 0)
		return FAULT_NONE;
	larger = reallocarray(*all, count == 0 ? 1 : 2 * count, size);
	if (larger == NULL)
		return why_memory(why);
	*all = larger;
	return FAULT_NONE;
}

/* ---- what was found wrong ----------------------------------------------------------------- */

enum fault
faults_keep(struct document_faults *faults, const struct why *wrong, struct why *why)
{
	if (faults == NULL) {
		if (why != NULL)
			*why = *wrong;
		return wrong->fault;
	}
	if (faults->count == DOCUMENT_FAULTS_MAX) {
		faults->more = true;
		return wrong->fault;
	}
	faults->why[faults->count++] = *wrong;
	return FAULT_NONE;
}

static bool
is_behind(const struct why *why, const struct why *other)
{
	return why->line > other->line ||
	    (why->line == other->line && why->column > other->column);
}

void
faults_sort(struct document_faults *faults)
{
	for (size_t i = 1; i < faults->count; i++)
		for (size_t j = i; j > 0 && is_behind(&faults->why[j - 1], &faults->why[j]); j--) {
			struct why behind = faults->why[j - 1];

			faults->why[j - 1] = faults->why[j];
			faults->why[j] = behind;
		}
}

/* ---- copying and freeing ------------------------------------------------------------------ */

void
document_clear(struct document *document)
{
	rules_clear(&document->rules);
	roles_clear(&document->roles);
	for (size_t i = 0; i < document->constraint_count; i++)
		names_clear(&document->constraint[i].never_together);
	free(document->constraint);
	names_clear(&document->tests);
	*document = (struct document){0};
}

enum fault
document_add_constraint(struct document *document, const struct names *roles, struct why *why)
{
	struct constraint constraint = {0};
	void *all = document->constraint;
	size_t named = roles->count;
	enum fault fault;

	for (size_t i = 0; i < document->constraint_count; i++)
		named += document->constraint[i].never_together.count;
	if (document->constraint_count >= CONSTRAINTS_MAX)
		return why_set(why, FAULT_INVALID, "a policy has at most %d constraints",
		    CONSTRAINTS_MAX);
	if (roles->count < 2 || roles->count > CONSTRAINT_ROLES_MAX)
		return why_set(why, FAULT_INVALID,
		    "a constraint names two roles at least, and %d at most", CONSTRAINT_ROLES_MAX);
	if (named > CONSTRAINED_ROLES_MAX)
		return why_set(why, FAULT_INVALID, "all constraints together name at most %d roles",
		    CONSTRAINED_ROLES_MAX);
	/* Copied first: the names may be those of a constraint here. */
	if (!names_copy(&constraint.never_together, roles))
		return why_memory(why);
	fault = document_make_room(&all, document->constraint_count, sizeof(constraint), why);
	if (fault != FAULT_NONE) {
		names_clear(&constraint.never_together);
		return fault;
	}
	document->constraint = all;
	document->constraint[document->constraint_count++] = constraint;
	return FAULT_NONE;
}

/* Copies into `to`, which has room for all and keeps count of what has come. */
static enum fault
copy_records(const struct table *table, void *to, size_t *copied, const void *from, size_t count,
    struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (; fault == FAULT_NONE && *copied < count; ++*copied) {
		size_t at = *copied * table->size;

		fault = record_copy(table, (char *)to + at, (const char *)from + at, why);
		if (fault != FAULT_NONE) {
			record_clear(table, (char *)to + at);
			break;
		}
	}
	return fault;
}

static enum fault
copy_rules(struct rules *to, const struct rules *from, struct why *why)
{
	enum fault fault;

	to->permission = calloc(from->count + 1, sizeof(*to->permission));
	if (to->permission == NULL || !names_copy(&to->services, &from->services))
		return why_memory(why);
	fault = record_copy(&settings_table, &to->settings, &from->settings, why);
	if (fault == FAULT_NONE)
		fault = copy_records(&permission_table, to->permission, &to->count,
		    from->permission, from->count, why);
	return fault;
}

static enum fault
copy_roles(struct roles *to, const struct roles *from, struct why *why)
{
	to->role = calloc(from->count + 1, sizeof(*to->role));
	if (to->role == NULL)
		return why_memory(why);
	return copy_records(&role_table, to->role, &to->count, from->role, from->count, why);
}

enum fault
document_copy(struct document *to, const struct document *from, struct why *why)
{
	struct document copy = {0};
	enum fault fault = copy_rules(&copy.rules, &from->rules, why);

	if (fault == FAULT_NONE)
		fault = copy_roles(&copy.roles, &from->roles, why);
	for (size_t i = 0; fault == FAULT_NONE && i < from->constraint_count; i++)
		fault = document_add_constraint(&copy, &from->constraint[i].never_together, why);
	if (fault == FAULT_NONE && !names_copy(&copy.tests, &from->tests))
		fault = why_memory(why);
	if (fault == FAULT_NONE)
		*to = copy;
	else
		document_clear(&copy);
	return fault;
}
