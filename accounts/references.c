/*
 * references.c - fields that name another user: whom they name, and that no line of them is a
 * circle.
 */
#include "accounts/references.h"

#include <stdio.h>
#include <string.h>

#include "policy/text.h"

/* ---- whom they name ----------------------------------------------------------------------- */

/* Names and uids every program on the host shows; whose an address or a number is, it does not. */
static enum fault
may_be_told(struct change *change, const struct field *field, const char *typed,
    const struct user *named, struct why *why)
{
	bool may = change->admin->is_root;
	enum fault fault = FAULT_NONE;

	if (may || (strchr(typed, '@') == NULL && typed[0] != '+'))
		return FAULT_NONE;
	fault = admin_may_see(change->admin, change->txn, change->permission, named, &may, why);
	if (fault == FAULT_NONE && !may)
		fault = why_field(why, FAULT_DENIED, field->name,
		    "%s: name somebody whom your %s does not reach by login name", field->name,
		    change->permission);
	return fault;
}

static enum fault
settle_name(struct change *change, const struct field *field, struct user *user, struct why *why)
{
	const char *typed = field_string(field, user);
	struct user named = {0};
	bool is_name = text_is_login(typed);
	enum fault fault = is_name ? user_name_known(change->txn, typed, why)
	                           : user_find(change->txn, typed, &named, why);

	if (fault == FAULT_UNKNOWN)
		return why_field(why, FAULT_UNKNOWN, field->name, "%s: there is no user %s",
		    field->name, typed);
	if (fault == FAULT_NONE && !is_name)
		fault = may_be_told(change, field, typed, &named, why);
	if (fault == FAULT_NONE && !is_name)
		fault = field_parse(field, user, named.name, why);
	user_clear(&named);
	return fault;
}

/* ---- lines without circles ---------------------------------------------------------------- */

/* Who is named where a circle is refused, at most: a sentence is no place for a hundred. */
enum { CIRCLE_TOLD = 8 };

/* Whom somebody names is in their record: for whoever may see that. */
static bool
are_seen(const struct change *change, const struct names *line)
{
	bool may = true;

	for (size_t i = 0; may && !change->admin->is_root && i < line->count; i++) {
		struct user user = {0};

		may = user_find_name(change->txn, line->item[i], &user, NULL) == FAULT_NONE &&
		    admin_may_see(change->admin, change->txn, change->permission, &user, &may,
		        NULL) == FAULT_NONE && may;
		user_clear(&user);
	}
	return may;
}

static enum fault
refuse_circle(const struct change *change, const struct field *field, const char *name,
    const struct names *line, struct why *why)
{
	if (!are_seen(change, line))
		return why_field(why, FAULT_RULE, field->name,
		    "%s: this would be a circle, through users whom your %s does not reach",
		    field->name, change->permission);
	why_field(why, FAULT_RULE, field->name, "%s: this would be a circle: %s", field->name,
	    name);
	for (size_t i = 0; i < line->count; i++) {
		if (i < CIRCLE_TOLD || i + 1 == line->count)
			why_add(why, ", %s", line->item[i]);
		else if (i == CIRCLE_TOLD)
			why_add(why, ", ...");
	}
	return FAULT_RULE;
}

/* Goes along the line until it ends; *line is whom it goes through. */
static enum fault
follow(const struct change *change, const struct field *field, const struct user *user,
    struct names *line, struct why *why)
{
	const char *next = field_string(field, user);
	struct user at = {0};
	enum fault fault = FAULT_NONE;

	while (fault == FAULT_NONE && next != NULL) {
		if (line->count == REFERENCE_LINE_MAX) {
			fault = why_field(why, FAULT_RULE, field->name,
			    "%s: the line from %s on goes through more than %d users",
			    field->name, user->name, REFERENCE_LINE_MAX);
			break;
		}
		if (!names_add(line, next))
			fault = why_memory(why);
		user_clear(&at);
		if (fault == FAULT_NONE)
			fault = user_find_name(change->txn, line->item[line->count - 1], &at, why);
		if (fault == FAULT_NONE && at.uid == user->uid)
			fault = refuse_circle(change, field, user->name, line, why);
		next = field_string(field, &at);
	}
	user_clear(&at);
	return fault;
}

/* Nobody names a new user yet. */
static enum fault
has_an_end(struct change *change, const struct field *field, const struct user *user,
    struct why *why)
{
	struct names line = {0};
	enum fault fault = user->uid == 0 ? FAULT_NONE
	                                  : follow(change, field, user, &line, why);

	names_clear(&line);
	return fault;
}

enum fault
references_settle(struct change *change, const struct user *before, struct user *after,
    struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < user_table.count; i++) {
		const struct field *field = &user_table.rows[i];

		if (field->kind != K_USER || field_is_empty(field, after) ||
		    field_same(field, before, after))
			continue;
		fault = settle_name(change, field, after, why);
		if (fault == FAULT_NONE)
			fault = has_an_end(change, field, after, why);
	}
	return fault;
}

/* ---- when somebody goes who is named ------------------------------------------------------- */

static enum fault
tell_row(struct change *change, const struct field *field, const char *old, const char *new,
    struct why *why)
{
	char text[WHY_TEXT_MAX];
	uint64_t count = 0;
	enum fault fault = user_with_count(change->txn, field, old, &count, why);

	if (fault != FAULT_NONE || count == 0)
		return fault;
	snprintf(text, sizeof(text), "the %s of %llu user%s was %s, and is %s now", field->name,
	    (unsigned long long)count, count == 1 ? "" : "s", old, new == NULL ? "nobody" : new);
	return names_add(&change->admin->notices, text) ? FAULT_NONE : why_memory(why);
}

enum fault
references_tell(struct change *change, const struct user *before, const struct user *after,
    struct why *why)
{
	enum fault fault = FAULT_NONE;

	if (before == NULL || (after != NULL && strcmp(before->name, after->name) == 0))
		return FAULT_NONE;
	for (size_t i = 0; fault == FAULT_NONE && i < user_table.count; i++)
		if (user_table.rows[i].kind == K_USER)
			fault = tell_row(change, &user_table.rows[i], before->name,
			    after == NULL ? NULL : after->name, why);
	return fault;
}
