/*
 * self.c - what people do with their own account.
 *
 * Behind the checks here the rules of every change are those that root stands under: the fields
 * that are let through are such as decide nothing, and nobody is asked for a permission to change
 * them.
 */
#include "accounts/self.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/host.h"
#include "accounts/pace.h"
#include "accounts/self_change.h"
#include "accounts/shells.h"
#include "policy/text.h"

/* ---- whose account it is ------------------------------------------------------------------ */

enum fault
self_find(struct txn *txn, const struct self *self, struct user *user, struct why *why)
{
	enum fault fault = user_get(txn, self->uid, user, why);
	char local[HOST_LOCAL_BYTES];

	if (fault == FAULT_UNKNOWN)
		return why_set(why, FAULT_UNKNOWN, "uid %lu is no user of Hexa's",
		    (unsigned long)self->uid);
	if (fault == FAULT_NONE)
		fault = host_local_user(self->root, user->name, self->uid, local, why);
	/* Who asks may be that one.  The own line of somebody who is adopted is theirs. */
	if (fault == FAULT_NONE && local[0] != '\0' && strcmp(local, user->name) != 0)
		fault = why_set(why, FAULT_UNKNOWN, "uid %lu is %s of /etc/passwd",
		    (unsigned long)self->uid, local);
	if (fault != FAULT_NONE)
		user_clear(user);
	return fault;
}

enum fault
self_read(const struct self *self, struct user *user, struct why *why)
{
	struct store *store = NULL;
	struct txn *txn = NULL;
	enum fault fault = store_open(self->root, STORE_READ_ONLY, &store, why);

	if (fault == FAULT_NONE)
		fault = store_read_begin(store, &txn, why);
	if (fault == FAULT_NONE)
		fault = self_find(txn, self, user, why);
	store_end(txn);
	store_close(store);
	return fault;
}

enum fault
self_show(const struct self *self, struct user *user, struct why *why)
{
	enum fault fault = self_read(self, user, why);

	for (size_t i = 0; fault == FAULT_NONE && i < user_table.count; i++)
		if ((user_table.rows[i].rights & F_HIDDEN) != 0)
			field_clear(&user_table.rows[i], user);
	return fault;
}

/* ---- one change --------------------------------------------------------------------------- */

enum fault
self_may_change(const struct user *user, int64_t now, struct why *why)
{
	const struct field *row = field_find(&user_table, "status");
	char *status;
	enum fault fault;

	if (user->status != STATUS_ACTIVE) {
		status = field_text(row, user);
		fault = why_field(why, FAULT_DENIED, row->name,
		    "your account is %s: somebody else must change it",
		    status == NULL ? "not active" : status);
		free(status);
		return fault;
	}
	if (user->valid_from != 0 && now < user->valid_from)
		return why_field(why, FAULT_DENIED, "valid-from",
		    "your account is not valid yet: somebody else must change it");
	if (user->valid_until != 0 && now > user->valid_until)
		return why_field(why, FAULT_DENIED, "valid-until",
		    "your account is not valid any more: somebody else must change it");
	return FAULT_NONE;
}

static enum fault
open_for(const struct self *self, const char *name, unsigned flags, struct admin *admin,
    struct why *why)
{
	const struct caller caller = {
	    .uid = self->uid, .login_uid = self->login_uid, .from = self->from};

	return admin_open_self(admin, self->root, &caller, name, flags, self->now, why);
}

static enum fault
change_self(const struct self *self, const struct self_change *what, struct admin *admin,
    struct why *why)
{
	struct change change = {0};
	struct user user = {0};
	enum fault fault = change_begin(&change, admin, what->action, "hexa.users.edit", why);

	if (fault != FAULT_NONE)
		return fault;
	fault = self_find(change.txn, self, &user, why);
	if (fault == FAULT_NONE)
		fault = self_may_change(&user, self->now, why);
	if (fault == FAULT_NONE)
		fault = what->alter(&change, &user, what->with, why);
	user_clear(&user);
	return change_finish(&change, fault, why);
}

enum fault
self_write(const struct self *self, const struct self_change *what, struct self_edited *edited,
    struct why *why)
{
	struct admin admin = {0};
	uint64_t from;
	enum fault fault = open_for(self, edited->name, 0, &admin, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = change_self(self, what, &admin, why);
	/* What was committed stands; who comes next to it as root publishes it. */
	edited->unpublished =
	    store_committed(admin.store, &from, &edited->sequence, edited->hash) &&
	    fault == FAULT_UNAVAILABLE;
	if (edited->unpublished)
		fault = FAULT_NONE;
	edited->notices = admin.notices;
	admin.notices = (struct names){0};
	admin_close(&admin);
	return fault;
}

/* ---- what is theirs to change ------------------------------------------------------------- */

static bool
is_own(const struct field *field)
{
	return (field->rights & (F_NOT_SELF | F_FIXED | F_KEPT | F_HIDDEN)) == 0;
}

static enum fault
refuse_field(const struct field *field, struct why *why)
{
	return why_field(why, FAULT_DENIED, field->name,
	    "%s: nobody changes this of their own account; somebody else must", field->name);
}

/* As chsh(1): who was given a shell that nobody may choose cannot choose another. */
static enum fault
check_shell(const struct self *self, const struct user *user, const char *shell, struct why *why)
{
	/* passwd(5): an empty field is /bin/sh. */
	const char *before = user->shell == NULL ? "/bin/sh" : user->shell;
	bool listed = false;
	enum fault fault = shell_is_listed(self->root, before, &listed, why);

	if (fault == FAULT_NONE && !listed)
		return why_field(why, FAULT_DENIED, "shell",
		    "shell: /etc/shells does not list yours, %s: somebody else must change it",
		    before);
	if (fault == FAULT_NONE)
		fault = shell_is_listed(self->root, shell, &listed, why);
	if (fault == FAULT_NONE && !listed)
		return why_field(why, FAULT_INVALID, "shell", "shell: /etc/shells does not list %s",
		    *shell == '\0' ? "none" : shell);
	if (fault == FAULT_NONE && !shell_is_program(self->root, shell))
		return why_field(why, FAULT_INVALID, "shell", "shell: this host has no %s", shell);
	return fault;
}

static enum fault
check_edit(const struct self *self, const struct user *user, const struct edit *edit,
    struct why *why)
{
	const char *value = edit->value == NULL ? "" : edit->value;

	if (!is_own(edit->field))
		return refuse_field(edit->field, why);
	if (edit->field->kind == K_USER && *value != '\0' && !text_is_login(value))
		return why_field(why, FAULT_INVALID, edit->field->name, "%s: expected a login name",
		    edit->field->name);
	if (strcmp(edit->field->name, "shell") == 0)
		return check_shell(self, user, value, why);
	return FAULT_NONE;
}

/* The names of what the two records differ in; FAULT_DENIED when that is not all their own. */
static enum fault
list_changes(const struct user *before, const struct user *after, char *fields, size_t size,
    struct why *why)
{
	fields[0] = '\0';
	for (size_t i = 0; i < user_table.count; i++) {
		const struct field *field = &user_table.rows[i];
		size_t have = strlen(fields);

		if (field_same(field, before, after))
			continue;
		if (!is_own(field))
			return refuse_field(field, why);
		snprintf(fields + have, size - have, "%s%s", have == 0 ? "" : ",", field->name);
	}
	return FAULT_NONE;
}

/* The record as it is to be, *after, all zero before. */
static enum fault
draft(const struct self *self, const struct user *before, const struct edits *edits,
    struct user *after, struct self_edited *edited, struct why *why)
{
	enum fault fault = self_may_change(before, self->now, why);

	snprintf(edited->name, sizeof(edited->name), "%s", before->name);
	for (size_t i = 0; fault == FAULT_NONE && i < edits->count; i++)
		fault = check_edit(self, before, &edits->edit[i], why);
	if (fault == FAULT_NONE)
		fault = record_copy(&user_table, after, before, why);
	if (fault == FAULT_NONE)
		fault = edits_apply(edits, &user_table, after, true, why);
	if (fault == FAULT_NONE)
		fault = list_changes(before, after, edited->fields, sizeof(edited->fields), why);
	/* Before anything is counted: a mistake costs nothing. */
	if (fault == FAULT_NONE)
		fault = record_check(&user_table, after, false, why);
	return fault;
}

/* What would be written, without taking the host's one writer for it. */
static enum fault
try_edit(const struct self *self, const struct edits *edits, struct self_edited *edited,
    struct why *why)
{
	struct user before = {0}, after = {0};
	enum fault fault = self_read(self, &before, why);

	if (fault == FAULT_NONE)
		fault = draft(self, &before, edits, &after, edited, why);
	user_clear(&before);
	user_clear(&after);
	return fault;
}

/* A line that is a circle goes through whom others name, which is not theirs to be told. */
static void
withhold_line(struct why *why)
{
	const struct field *field = why == NULL ? NULL : field_find(&user_table, why->field);

	if (field != NULL && field->kind == K_USER && why->fault == FAULT_RULE)
		why_field(why, FAULT_RULE, field->name,
		    "%s: the line that begins so is too long, or comes back to you", field->name);
}

/* What is to be changed, and what came of it. */
struct wish {
	const struct self *self;
	const struct edits *edits;
	struct self_edited *edited;
};

/* The same again, on the record as it then is. */
static enum fault
alter(struct change *change, const struct user *before, void *with, struct why *why)
{
	const struct wish *wish = with;
	struct user after = {0};
	enum fault fault = draft(wish->self, before, wish->edits, &after, wish->edited, why);

	/* It may have come to stand so meanwhile. */
	if (fault == FAULT_NONE && wish->edited->fields[0] != '\0')
		fault = change_user(change, before, &after, why);
	if (fault == FAULT_RULE)
		withhold_line(why);
	user_clear(&after);
	return fault;
}

enum fault
self_edit(const struct self *self, const struct edits *edits, struct self_edited *edited,
    struct why *why)
{
	struct wish wish = {self, edits, edited};
	const struct self_change what = {.action = "self edit", .alter = alter, .with = &wish};
	enum fault fault = try_edit(self, edits, edited, why);

	if (fault != FAULT_NONE || edited->fields[0] == '\0')
		return fault;
	fault = pace_take(self->root, self->uid, self->now, why);
	return fault == FAULT_NONE ? self_write(self, &what, edited, why) : fault;
}

/* ---- what they may do --------------------------------------------------------------------- */

/* As user_find() takes a user argument; nobody else is looked for. */
static bool
is_called(const struct user *user, const char *who)
{
	char uid[16];

	snprintf(uid, sizeof(uid), "uid:%lu", (unsigned long)user->uid);
	return strcmp(who, user->name) == 0 || strcmp(who, uid) == 0 ||
	    (user->email != NULL && strcasecmp(who, user->email) == 0) ||
	    (user->phone != NULL && strcmp(who, user->phone) == 0);
}

static enum fault
ask_about(const struct self *self, const char *name, const struct question_of *question,
    struct review *review, struct names *notices, struct why *why)
{
	struct admin admin = {0};
	char uid[16];
	enum fault fault = open_for(self, name, STORE_READ_ONLY, &admin, why);

	if (fault != FAULT_NONE)
		return fault;
	snprintf(uid, sizeof(uid), "uid:%lu", (unsigned long)self->uid);
	fault = review_permission(&admin, uid, question, review, why);
	if (fault == FAULT_NONE) {
		*notices = admin.notices;
		admin.notices = (struct names){0};
	}
	admin_close(&admin);
	return fault;
}

enum fault
self_can(const struct self *self, const char *who, const struct question_of *question,
    bool *is_user, struct review *review, struct names *notices, struct why *why)
{
	struct user user = {0};
	enum fault fault = self_read(self, &user, why);

	*is_user = fault == FAULT_NONE;
	if (fault == FAULT_NONE && !is_called(&user, who))
		fault = why_set(why, FAULT_DENIED, "without sudo this is about yourself alone: %s",
		    user.name);
	if (fault == FAULT_NONE)
		fault = ask_about(self, user.name, question, review, notices, why);
	user_clear(&user);
	return fault;
}
