/*
 * source.c - where the users of a list come from.
 */
#include "accounts/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/assignment.h"
#include "policy/text.h"

/* ---- words of indexes ---------------------------------------------------------------------- */

/* An index that leads from a word to users, besides those of the F_INDEXED fields. */
struct word_index {
	const char *field;
	enum fault (*next)(struct txn *txn, const char *word, uint32_t after, uint32_t *uid,
	    struct why *why);
	enum fault (*count)(struct txn *txn, const char *word, uint64_t *count, struct why *why);
};

static const struct word_index word_indexes[] = {
	{"roles", role_member_next, role_member_count},
	{"clients", client_user_next, client_user_count},
	{"sites", site_user_next, site_user_count},
};

static const struct word_index *
index_of(const struct field *field)
{
	for (size_t i = 0; i < sizeof(word_indexes) / sizeof(word_indexes[0]); i++)
		if (field == field_find(&user_table, word_indexes[i].field))
			return &word_indexes[i];
	return NULL;
}

static enum fault
word_next(struct txn *txn, const struct word *word, uint32_t after, uint32_t *uid,
    struct why *why)
{
	if (word->index != NULL)
		return word->index->next(txn, word->text, after, uid, why);
	return user_with_next(txn, word->field, word->text, after, uid, why);
}

static enum fault
word_count(struct txn *txn, const struct word *word, uint64_t *count, struct why *why)
{
	if (word->index != NULL)
		return word->index->count(txn, word->text, count, why);
	return user_with_count(txn, word->field, word->text, count, why);
}

void
source_clear(struct source *source)
{
	free(source->text);
	free(source->uid);
	*source = (struct source){0};
}

enum fault
source_add(struct source *list, uint32_t uid, struct why *why)
{
	if (list->count == list->room) {
		size_t room = list->room == 0 ? 64 : 2 * list->room;
		uint32_t *grown = reallocarray(list->uid, room, sizeof(*grown));

		if (grown == NULL)
			return why_memory(why);
		list->uid = grown;
		list->room = room;
	}
	list->uid[list->count++] = uid;
	return FAULT_NONE;
}

/* Everybody under the word. */
static enum fault
list_add_word(struct txn *txn, const struct word *word, struct source *list, struct why *why)
{
	uint32_t uid = 0;
	enum fault fault;

	while ((fault = word_next(txn, word, uid, &uid, why)) == FAULT_NONE) {
		fault = source_add(list, uid, why);
		if (fault != FAULT_NONE)
			return fault;
	}
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

static int
compare_uids(const void *one, const void *other)
{
	uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;

	return (a > b) - (a < b);
}

/* By uid, each once. */
static void
list_sort(struct source *list)
{
	size_t kept = 0;

	if (list->count == 0)
		return;
	qsort(list->uid, list->count, sizeof(*list->uid), compare_uids);
	for (size_t i = 1; i < list->count; i++)
		if (list->uid[i] != list->uid[kept])
			list->uid[++kept] = list->uid[i];
	list->count = kept + 1;
}

/* ---- the users of a unit and of those below it --------------------------------------------- */

/* Is asked about each value that some user has. */
typedef enum fault with_word(struct txn *txn, const struct word *word, void *context,
    struct why *why);

static enum fault
add_count(struct txn *txn, const struct word *word, void *context, struct why *why)
{
	uint64_t *total = context, count = 0;
	enum fault fault = word_count(txn, word, &count, why);

	if (fault == FAULT_NONE)
		*total += count;
	return fault;
}

static enum fault
add_users(struct txn *txn, const struct word *word, void *context, struct why *why)
{
	return list_add_word(txn, word, context, why);
}

/* What is below stands behind "/sales/", and "/sales-north" may stand between that and "/sales". */
static enum fault
each_unit(struct txn *txn, const struct field *field, const char *unit, with_word *each,
    void *context, struct why *why)
{
	const struct word own = {.field = field, .text = unit};
	char *prefix = NULL, *value;
	size_t size;
	enum fault fault = each(txn, &own, context, why);

	if (fault != FAULT_NONE)
		return fault;
	if (asprintf(&prefix, "%s/", strcmp(unit, "/") == 0 ? "" : unit) < 0)
		return why_memory(why);
	size = strlen(prefix);
	value = strdup(prefix);
	fault = value == NULL ? why_memory(why) : FAULT_NONE;
	while (fault == FAULT_NONE) {
		char *next = NULL;

		fault = user_value_next(txn, field, value, &next, why);
		if (fault == FAULT_NONE && strncmp(next, prefix, size) != 0)
			fault = FAULT_UNKNOWN;
		if (fault == FAULT_NONE)
			fault = each(txn, &(struct word){.field = field, .text = next}, context,
			    why);
		free(value);
		value = next;
	}
	free(value);
	free(prefix);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

/* ---- the users within a reach -------------------------------------------------------------- */

/* Of everybody whom a reach that is not everywhere may cover. */
static enum fault
each_within(struct txn *txn, const struct reach *reach, with_word *each, void *context,
    struct why *why)
{
	const struct field *unit = field_find(&user_table, "unit");
	const struct field *clients = field_find(&user_table, "clients");
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < reach->assignments.count; i++) {
		struct assignment assignment;

		if (!assignment_parse(reach->assignments.item[i], &assignment))
			continue;
		if (assignment.scope.kind == SCOPE_UNIT)
			fault = each_unit(txn, unit, assignment.scope.name, each, context, why);
		else if (assignment.scope.kind == SCOPE_CLIENT)
			fault = each(txn,
			    &(struct word){index_of(clients), clients, assignment.scope.name},
			    context, why);
	}
	return fault;
}

/* ---- the users of a filter ----------------------------------------------------------------- */

/* What leads to those who pass a filter. */
enum route {
	ROUTE_NONE = 0,
	ROUTE_ONE,  /* a unique value: at most one user   */
	ROUTE_UNIT, /* the words of a unit and those below */
	ROUTE_WORD, /* a word                              */
};

static enum route
route_of(const struct filter *filter)
{
	const struct field *field = filter->field;

	if (*filter->value == '\0' || field->kind == K_TIME || field->kind == K_END)
		return ROUTE_NONE;
	if ((field->rights & F_UNIQUE) != 0)
		return ROUTE_ONE;
	if ((field->rights & F_INDEXED) != 0)
		return field->kind == K_UNIT ? ROUTE_UNIT : ROUTE_WORD;
	return index_of(field) != NULL ? ROUTE_WORD : ROUTE_NONE;
}

/* A role is found under its name, whatever the scope. */
static enum fault
take_word(struct source *source, const struct filter *filter, struct why *why)
{
	const char *end = filter->field->kind == K_ASSIGNMENTS ? strchr(filter->value, '@') : NULL;

	source->text = end == NULL ? strdup(filter->value)
	                           : strndup(filter->value, (size_t)(end - filter->value));
	if (source->text == NULL)
		return why_memory(why);
	source->from = FROM_WORD;
	source->word = (struct word){index_of(filter->field), filter->field, source->text};
	return FAULT_NONE;
}

/* By a value that no two have.  One that reads as another kind of user argument is nobody's. */
static enum fault
take_one(struct source *source, struct txn *txn, const struct filter *filter, struct why *why)
{
	struct user user = {0};
	char uid[32];
	enum fault fault = FAULT_UNKNOWN;

	if (filter->field->kind == K_LOGIN) {
		fault = user_find_name(txn, filter->value, &user, why);
	} else if (filter->field->kind == K_ID) {
		snprintf(uid, sizeof(uid), "uid:%.20s", filter->value);
		fault = user_find(txn, uid, &user, why);
	} else if ((filter->field->kind == K_EMAIL && text_is_email(filter->value)) ||
	    (filter->field->kind == K_PHONE && text_is_phone(filter->value))) {
		fault = user_find(txn, filter->value, &user, why);
	}
	source->from = FROM_LIST;
	if (fault == FAULT_NONE)
		fault = source_add(source, user.uid, why);
	user_clear(&user);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

/* *count: to how many it leads; UINT64_MAX: it leads nowhere. */
static enum fault
filter_count(struct txn *txn, const struct filter *filter, uint64_t *count, struct why *why)
{
	struct source source = {0};
	enum fault fault = FAULT_NONE;

	*count = UINT64_MAX;
	switch (route_of(filter)) {
	case ROUTE_NONE:
		return FAULT_NONE;
	case ROUTE_ONE:
		*count = 1;
		return FAULT_NONE;
	case ROUTE_UNIT:
		*count = 0;
		return each_unit(txn, filter->field, filter->value, add_count, count, why);
	case ROUTE_WORD:
		fault = take_word(&source, filter, why);
		if (fault == FAULT_NONE)
			fault = word_count(txn, &source.word, count, why);
		source_clear(&source);
		return fault;
	}
	return FAULT_NONE;
}

static enum fault
take_filter(struct source *source, struct txn *txn, const struct filter *filter, struct why *why)
{
	switch (route_of(filter)) {
	case ROUTE_NONE:
		break;
	case ROUTE_ONE:
		return take_one(source, txn, filter, why);
	case ROUTE_UNIT:
		source->from = FROM_LIST;
		return each_unit(txn, filter->field, filter->value, add_users, source, why);
	case ROUTE_WORD:
		return take_word(source, filter, why);
	}
	source->from = FROM_ALL;
	return FAULT_NONE;
}

/* ---- choosing, and going on ---------------------------------------------------------------- */

enum fault
source_choose(struct source *source, struct txn *txn, const struct filter *filter, size_t filters,
    const struct reach *reach, struct why *why)
{
	const struct filter *best = NULL;
	struct source chosen = {.from = FROM_ALL};
	uint64_t users = 0, least = UINT64_MAX, count = 0;
	enum fault fault = user_count(txn, &users, why);

	if (fault == FAULT_NONE && !reach->everywhere) {
		least = 0;
		fault = each_within(txn, reach, add_count, &least, why);
	}
	for (size_t i = 0; fault == FAULT_NONE && i < filters; i++) {
		fault = filter_count(txn, &filter[i], &count, why);
		if (fault == FAULT_NONE && count < least) {
			least = count;
			best = &filter[i];
		}
	}
	if (fault == FAULT_NONE && (best != NULL || !reach->everywhere) && least <= users / 2) {
		chosen.from = FROM_LIST;
		fault = best != NULL ? take_filter(&chosen, txn, best, why)
		                     : each_within(txn, reach, add_users, &chosen, why);
	}
	if (fault != FAULT_NONE) {
		source_clear(&chosen);
		return fault;
	}
	list_sort(&chosen);
	*source = chosen;
	return FAULT_NONE;
}

static enum fault
next_under_word(struct source *source, struct txn *txn, struct user *user, struct why *why)
{
	enum fault fault = word_next(txn, &source->word, source->after, &source->after, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = user_get(txn, source->after, user, why);
	/* FAULT_UNKNOWN would be the end. */
	if (fault == FAULT_UNKNOWN)
		fault = why_set(why, FAULT_UNAVAILABLE,
		    "the database is damaged: %s leads to uid %lu, who is not there", source->text,
		    (unsigned long)source->after);
	return fault;
}

enum fault
source_next(struct source *source, struct txn *txn, struct user *user, struct why *why)
{
	enum fault fault = FAULT_UNKNOWN;

	switch (source->from) {
	case FROM_NOWHERE:
		break;
	case FROM_ALL:
		fault = user_next(txn, source->after, user, why);
		if (fault == FAULT_NONE)
			source->after = user->uid;
		return fault;
	case FROM_WORD:
		return next_under_word(source, txn, user, why);
	case FROM_LIST:
		/* Who is gone since the list was made is left out. */
		while (fault == FAULT_UNKNOWN && source->at < source->count)
			fault = user_get(txn, source->uid[source->at++], user, why);
		return fault;
	}
	return fault;
}
