/*
 * attachments.c - documents about users.
 */
#include "accounts/attachments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "accounts/change.h"
#include "store/attachments.h"
#include "store/contents.h"

static const char VIEW[] = "hexa.documents.view", EDIT[] = "hexa.documents.edit";

enum { DAY_SECONDS = 24 * 60 * 60 };

static const struct field *
row(const char *name)
{
	return field_find(&attachment_table, name);
}

/* ---- whose -------------------------------------------------------------------------------- */

/* The user, about whom the actor may keep documents. */
static enum fault
owner_find(const struct admin *admin, struct txn *txn, const char *who, struct user *user,
    struct why *why)
{
	enum fault fault = admin_find_user(admin, txn, EDIT, who, user, why);

	return fault == FAULT_NONE ? admin_needs_other(admin, user->uid, why) : fault;
}

enum fault
attachment_find(const struct admin *admin, struct txn *txn, const char *permission,
    uint32_t number, struct attachment *attachment, struct why *why)
{
	struct user user = {0};
	enum fault fault = attachment_get(txn, number, attachment, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = user_get(txn, attachment->uid, &user, why);
	if (fault == FAULT_NONE)
		fault = admin_needs_over(admin, txn, permission, &user, why);
	else if (fault == FAULT_UNKNOWN)
		fault = admin_needs_everywhere(admin, txn, permission, why);
	user_clear(&user);
	return fault;
}

/* ---- adding ------------------------------------------------------------------------------- */

/* The first choice is also what no choice looks like, so the edits say whether one was made. */
static enum fault
needs_kind(const struct edits *edits, struct why *why)
{
	const struct field *kind = row("kind");

	for (size_t i = 0; i < edits->count; i++)
		if (edits->edit[i].field == kind && edits->edit[i].act == EDIT_SET)
			return FAULT_NONE;
	why_field(why, FAULT_INVALID, "kind", "kind is required: one of");
	for (const char *const *choice = kind->choices; *choice != NULL; choice++)
		why_add(why, " %s", *choice);
	return FAULT_INVALID;
}

/* No path of somebody's host goes into the record. */
static enum fault
put_file(struct attachment *attachment, const char *file, struct why *why)
{
	const char *slash = strrchr(file, '/');

	return field_parse(row("file"), attachment, slash == NULL ? file : slash + 1, why);
}

/* The record as the command line states it. */
static enum fault
draft(const struct admin *admin, const struct edits *edits, const char *file,
    struct attachment *attachment, struct why *why)
{
	enum fault fault = needs_kind(edits, why);

	if (fault == FAULT_NONE)
		fault = edits_apply(edits, &attachment_table, attachment, false, why);
	if (fault == FAULT_NONE && attachment->date == 0)
		attachment->date = admin->now - admin->now % DAY_SECONDS;
	if (fault == FAULT_NONE && attachment->expires != 0 &&
	    attachment->expires < attachment->date)
		fault = why_field(why, FAULT_INVALID, "expires",
		    "expires: earlier than its date");
	if (fault == FAULT_NONE && file != NULL)
		fault = put_file(attachment, file, why);
	return fault;
}

/* Would it be refused?  Nobody is to give a content for nothing. */
static enum fault
may_create(const struct admin *admin, const char *who, struct why *why)
{
	struct user user = {0};
	struct txn *txn;
	enum fault fault = store_read_begin(admin->store, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = owner_find(admin, txn, who, &user, why);
	user_clear(&user);
	store_end(txn);
	return fault;
}

static enum fault
enter(struct change *change, const char *who, struct content *content,
    struct attachment *attachment, struct why *why)
{
	struct user user = {0};
	enum fault fault = owner_find(change->admin, change->txn, who, &user, why);

	if (fault == FAULT_NONE) {
		attachment->uid = user.uid;
		attachment->size = content_size(content);
		attachment->user = strdup(user.name);
		attachment->sha256 = strdup(content_sha256(content));
		if (attachment->user == NULL || attachment->sha256 == NULL)
			fault = why_memory(why);
	}
	user_clear(&user);
	if (fault == FAULT_NONE)
		fault = attachment_add(change->txn, attachment, why);
	return fault == FAULT_NONE ? content_keep(change->txn, content, why) : fault;
}

/*
 * Removes the content unless a record names it, which only another write transaction can tell: the
 * host's other writers may have added the same since the last commit.
 */
static enum fault
tidy(const struct admin *admin, const char *sha256, struct why *why)
{
	struct txn *txn;
	enum fault fault = store_write_begin(admin->store, &admin->actor, "document remove",
	    admin->now, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = content_drop(txn, sha256, why);
	store_end(txn);
	return fault;
}

static enum fault
add_staged(struct admin *admin, const char *who, struct content *content,
    struct attachment *attachment, struct why *why)
{
	struct change change = {0};
	enum fault fault = change_begin(&change, admin, "document add", EDIT, why);

	if (fault == FAULT_NONE)
		fault = change_finish(&change, enter(&change, who, content, attachment, why), why);
	/* What was kept for a commit that failed; that it stays is for the doctor to say. */
	if (fault != FAULT_NONE)
		(void)tidy(admin, content_sha256(content), NULL);
	return fault;
}

enum fault
attachment_create(struct admin *admin, const char *who, const struct edits *edits,
    const char *file, int fd, struct attachment *made, struct why *why)
{
	struct attachment attachment = {0};
	struct content *content = NULL;
	enum fault fault = may_create(admin, who, why);

	if (fault == FAULT_NONE)
		fault = draft(admin, edits, file, &attachment, why);
	if (fault == FAULT_NONE)
		fault = content_stage(admin->store, fd, &content, why);
	if (fault == FAULT_NONE)
		fault = add_staged(admin, who, content, &attachment, why);
	content_close(content);
	if (fault == FAULT_NONE) {
		attachment_clear(made);
		*made = attachment;
		attachment = (struct attachment){0};
	}
	attachment_clear(&attachment);
	return fault;
}

/* ---- removing ----------------------------------------------------------------------------- */

static enum fault
drop(struct change *change, uint32_t number, struct attachment *attachment, struct why *why)
{
	enum fault fault =
	    attachment_find(change->admin, change->txn, EDIT, number, attachment, why);

	if (fault == FAULT_NONE)
		fault = admin_needs_other(change->admin, attachment->uid, why);
	return fault == FAULT_NONE ? attachment_delete(change->txn, attachment, why) : fault;
}

enum fault
attachment_remove(struct admin *admin, uint32_t number, struct why *why)
{
	struct change change = {0};
	struct attachment attachment = {0};
	int held = -1;
	enum fault fault = change_begin(&change, admin, "document remove", EDIT, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = drop(&change, number, &attachment, why);
	if (fault == FAULT_NONE)
		held = content_hold(admin->store, &attachment);
	fault = change_finish(&change, fault, why);
	if (fault == FAULT_NONE && tidy(admin, attachment.sha256, NULL) != FAULT_NONE &&
	    !names_add(&admin->notices, "the document is removed, but its content could not be\n"
	                                "hexa-admin doctor"))
		fault = why_memory(why);
	if (held >= 0)
		close(held);
	attachment_clear(&attachment);
	return fault;
}

/* ---- seeing ------------------------------------------------------------------------------- */

/* "uid:N" of somebody who is there no more. */
static enum fault
find_gone(const struct attachments *attachments, struct txn *txn, const char *who, uint32_t *uid,
    struct why *why)
{
	static const char prefix[] = "uid:";
	uint64_t number = 0;
	bool given = false;
	enum fault fault;

	if (!attachments->reach.everywhere || strncmp(who, prefix, sizeof(prefix) - 1) != 0 ||
	    !text_to_number(who + sizeof(prefix) - 1, UINT32_MAX, &number))
		return FAULT_UNKNOWN;
	fault = id_was_given(txn, (uint32_t)number, &given, why);
	if (fault != FAULT_NONE || !given)
		return fault == FAULT_NONE ? FAULT_UNKNOWN : fault;
	*uid = (uint32_t)number;
	return FAULT_NONE;
}

static enum fault
whose(const struct admin *admin, struct attachments *attachments, struct txn *txn,
    const char *who, struct why *why)
{
	struct user user = {0};
	enum fault fault = admin_find_user(admin, txn, VIEW, who, &user, why);

	if (fault == FAULT_NONE)
		attachments->uid = user.uid;
	user_clear(&user);
	return fault != FAULT_UNKNOWN ? fault
	                              : find_gone(attachments, txn, who, &attachments->uid, why);
}

enum fault
attachments_begin(const struct admin *admin, const char *who, int64_t until,
    struct attachments *attachments, struct why *why)
{
	struct txn *txn;
	enum fault fault = store_read_begin(admin->store, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	attachments->until = until;
	fault = admin_reach(admin, txn, VIEW, &attachments->reach, why);
	if (fault == FAULT_NONE && who != NULL)
		fault = whose(admin, attachments, txn, who, why);
	store_end(txn);
	return fault;
}

void
attachments_end(struct attachments *attachments)
{
	reach_clear(&attachments->reach);
	*attachments = (struct attachments){0};
}

/* What the index knows is there, or the list would seem to end. */
static enum fault
get_indexed(struct txn *txn, uint32_t number, struct attachment *attachment, struct why *why)
{
	enum fault fault = attachment_get(txn, number, attachment, why);

	return fault != FAULT_UNKNOWN ? fault
	                              : why_set(why, FAULT_UNAVAILABLE,
	                                    "the database is damaged: document %lu is gone",
	                                    (unsigned long)number);
}

/* The next of one user. */
static enum fault
next_of_user(struct attachments *attachments, struct txn *txn, struct attachment *attachment,
    struct why *why)
{
	const struct attachment of = {.uid = attachments->uid};
	const struct field *field = row("uid");
	char *value = field_text(field, &of);
	enum fault fault = value == NULL
	    ? why_memory(why)
	    : attachment_with_next(txn, field, value, attachments->after, &attachments->after, why);

	free(value);
	return fault == FAULT_NONE ? get_indexed(txn, attachments->after, attachment, why) : fault;
}

/* Moves on to the next end at which something ends; FAULT_UNKNOWN: none by then. */
static enum fault
next_end(struct attachments *attachments, struct txn *txn, struct why *why)
{
	char *value = NULL;
	int64_t end = 0;
	enum fault fault =
	    attachment_value_next(txn, row("expires"), attachments->end, &value, why);

	if (fault == FAULT_NONE &&
	    (!text_to_time(value, &end) || strlen(value) >= sizeof(attachments->end)))
		fault = why_set(why, FAULT_UNAVAILABLE, "the database is damaged: documents");
	if (fault == FAULT_NONE && end > attachments->until)
		fault = FAULT_UNKNOWN;
	if (fault == FAULT_NONE) {
		snprintf(attachments->end, sizeof(attachments->end), "%s", value);
		attachments->after = 0;
	}
	free(value);
	return fault;
}

/* The next of all that end, the first to end first. */
static enum fault
next_ending(struct attachments *attachments, struct txn *txn, struct attachment *attachment,
    struct why *why)
{
	const struct field *field = row("expires");
	enum fault fault = FAULT_UNKNOWN;

	if (attachments->end[0] != '\0')
		fault = attachment_with_next(txn, field, attachments->end, attachments->after,
		    &attachments->after, why);
	while (fault == FAULT_UNKNOWN) {
		fault = next_end(attachments, txn, why);
		if (fault != FAULT_NONE)
			return fault;
		fault = attachment_with_next(txn, field, attachments->end, attachments->after,
		    &attachments->after, why);
	}
	return fault == FAULT_NONE ? get_indexed(txn, attachments->after, attachment, why) : fault;
}

static enum fault
next_any(struct attachments *attachments, struct txn *txn, struct attachment *attachment,
    struct why *why)
{
	enum fault fault;

	if (attachments->uid != 0)
		return next_of_user(attachments, txn, attachment, why);
	if (attachments->until != 0)
		return next_ending(attachments, txn, attachment, why);
	fault = attachment_next(txn, attachments->after, attachment, why);
	if (fault == FAULT_NONE)
		attachments->after = attachment->number;
	return fault;
}

/* May the actor see it?  Then it gets the name that its user has now. */
static enum fault
look(const struct attachments *attachments, struct txn *txn, struct attachment *attachment,
    bool *is_seen, struct why *why)
{
	struct user user = {0};
	enum fault fault = user_get(txn, attachment->uid, &user, why);

	if (fault == FAULT_UNKNOWN) {
		*is_seen = attachments->reach.everywhere;
		return FAULT_NONE;
	}
	if (fault != FAULT_NONE)
		return fault;
	*is_seen = reach_covers_user(&attachments->reach, &user);
	free(attachment->user);
	attachment->user = user.name;
	user.name = NULL;
	user_clear(&user);
	return FAULT_NONE;
}

enum fault
attachments_next(struct attachments *attachments, struct txn *txn,
    struct attachment *attachment, struct why *why)
{
	bool is_seen = false;
	enum fault fault;

	do {
		attachment_clear(attachment);
		fault = next_any(attachments, txn, attachment, why);
		if (fault != FAULT_NONE)
			return fault;
		if (attachments->until != 0 &&
		    (attachment->expires == 0 || attachment->expires > attachments->until))
			continue;
		fault = look(attachments, txn, attachment, &is_seen, why);
	} while (fault == FAULT_NONE && !is_seen);
	return fault;
}
