/*
 * users.c - what an administrator does with users.
 */
#include "accounts/users.h"

#include <stdlib.h>
#include <string.h>

#include "accounts/claim.h"
#include "accounts/known.h"
#include "accounts/make.h"
#include "accounts/operation.h"
#include "accounts/password.h"

/* ---- making ------------------------------------------------------------------------------- */

/* The record as the command line states it; nothing here looks at the database. */
static enum fault
user_draft(const char *name, const struct edits *edits, struct user *user, struct why *why)
{
	enum fault fault;

	user->type = USER_EMPLOYEE;
	user->status = STATUS_ACTIVE;
	fault = name == NULL ? FAULT_NONE : user_name_parse(user, name, why);
	if (fault == FAULT_NONE)
		fault = edits_apply(edits, &user_table, user, false, why);
	if (fault == FAULT_NONE)
		fault = user_is_whole(user, true, why);
	return fault;
}

/*
 * A password that somebody with this permission sets, and the policy in force.  The hash is made
 * before the change is begun: the host's one writer is not held for it.
 */
struct renewal {
	const char *permission;
	struct settings settings;
	struct user user; /* whose it is to be, when they are in the database */
	char *hash;
};

static void
renewal_clear(struct renewal *renewal)
{
	settings_clear(&renewal->settings);
	user_clear(&renewal->user);
	password_free(renewal->hash);
}

/* `who` NULL: `draft` is a user who is to be made; otherwise one of the database, in reach. */
static enum fault
renewal_make(struct renewal *renewal, struct admin *admin, const char *who,
    const struct user *draft, const char *password, struct why *why)
{
	struct txn *txn;
	enum fault fault = store_read_begin(admin->store, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = admin_needs_within(admin, txn, renewal->permission, why);
	if (fault == FAULT_NONE)
		fault = settings_load(txn, &renewal->settings, why);
	if (fault == FAULT_NONE && who != NULL)
		fault = admin_find_user(admin, txn, renewal->permission, who,
		    &renewal->user, why);
	store_end(txn);
	if (fault != FAULT_NONE)
		return fault;
	return password_hash(password, who == NULL ? draft : &renewal->user, &renewal->settings,
	    &renewal->hash, why);
}

/* What was stated, stands otherwise in the record, and is left as it is there. */
static enum fault
tell_left(struct admin *admin, const struct user *draft, const struct edits *edits,
    const struct user *known, struct why *why)
{
	struct names left = {0};
	struct bytes text = {0};
	char *notice;
	bool good = draft->name == NULL || strcmp(draft->name, known->name) == 0 ||
	    names_add(&left, "name");

	for (size_t i = 0; good && i < edits->count; i++) {
		const struct field *field = edits->edit[i].field;

		if (!known_takes(field) && !field_same(field, draft, known) &&
		    !names_have(&left, field->name))
			good = names_add(&left, field->name);
	}
	if (good && draft->password != NULL)
		good = names_add(&left, "password");
	bytes_print(&text, "%s was known by that e-mail address, and has access again",
	    known->name);
	for (size_t i = 0; i < left.count; i++)
		bytes_print(&text, "%s%s", i == 0 ? "; left as it was: " : ", ", left.item[i]);
	notice = bytes_take_text(&text);
	good = good && notice != NULL && names_add(&admin->notices, notice);
	free(notice);
	names_clear(&left);
	return good ? FAULT_NONE : why_memory(why);
}

/* A new user; or, never a second record, whoever is known by the e-mail address. */
static enum fault
enter(struct change *change, const struct edits *edits, struct user *user,
    struct invitation *invitation, struct why *why)
{
	struct user before = {0}, after = {0};
	enum fault fault = FAULT_UNKNOWN;

	if (user->email != NULL)
		fault = known_find(change, user->email, &user->clients, &before, why);
	if (fault == FAULT_UNKNOWN)
		return invitation == NULL ? user_enter(change, user, why)
		                          : invite_new(change, user, invitation, why);
	if (fault == FAULT_NONE)
		fault = tell_left(change->admin, user, edits, &before, why);
	if (fault == FAULT_NONE)
		fault = known_restore(change, &before, edits, &after, why);
	if (fault == FAULT_NONE && invitation != NULL)
		fault = invite_known(change, &after, invitation, why);
	if (fault == FAULT_NONE) {
		user_clear(user);
		*user = after;
		after = (struct user){0};
	}
	user_clear(&before);
	user_clear(&after);
	return fault;
}

/* With a password, or an invitation, or neither: NULL. */
static enum fault
add(struct admin *admin, const char *name, const struct edits *edits, const char *password,
    struct invitation *invitation, struct user *made, struct why *why)
{
	struct change change = {0};
	struct renewal renewal = {.permission = "hexa.users.create"};
	struct user user = {0};
	enum fault fault = user_draft(name, edits, &user, why);

	if (fault == FAULT_NONE && password != NULL)
		fault = renewal_make(&renewal, admin, NULL, &user, password, why);
	if (fault == FAULT_NONE && password != NULL)
		fault = password_put(&user, renewal.hash, &renewal.settings, admin->now, why);
	if (fault == FAULT_NONE)
		fault = change_begin(&change, admin, "user add", "hexa.users.create", why);
	if (fault != FAULT_NONE)
		goto out;
	change.passes_over = true;
	fault = change_finish(&change, enter(&change, edits, &user, invitation, why), why);
	if (fault != FAULT_NONE)
		goto out;
	*made = user;
	user = (struct user){0};
out:
	user_clear(&user);
	renewal_clear(&renewal);
	return fault;
}

enum fault
account_add(struct admin *admin, const char *name, const struct edits *edits,
    const char *password, struct user *made, struct why *why)
{
	return add(admin, name, edits, password, NULL, made, why);
}

enum fault
account_add_invited(struct admin *admin, const char *name, const struct edits *edits,
    struct invitation *invitation, struct user *made, struct why *why)
{
	struct invitation given = {.by_mail = invitation->by_mail};
	enum fault fault = add(admin, name, edits, NULL, &given, made, why);

	if (fault == FAULT_NONE) {
		*invitation = given;
		given = (struct invitation){0};
	}
	invitation_clear(&given);
	return fault;
}

/* ---- changing ----------------------------------------------------------------------------- */

static enum fault
alter_fields(struct change *change, struct user *user, const void *with, struct why *why)
{
	const struct edits *edits = with;
	unsigned was = user->type;
	enum fault fault = edits_apply(edits, &user_table, user, true, why);

	return fault == FAULT_NONE ? user_shell_follows(change, was, user, why) : fault;
}

enum fault
account_edit(struct admin *admin, const char *who, const struct edits *edits, struct why *why)
{
	static const struct operation edit = {
	    .action = "user edit",
	    .permission = "hexa.users.edit",
	    .passes_over = true,
	    .alter = alter_fields,
	};

	return operate(admin, &edit, who, edits, why);
}

static enum fault
alter_name(struct change *change, struct user *user, const void *with, struct why *why)
{
	const char *name = with;
	enum fault fault;

	if (strcmp(user->name, name) == 0)
		return FAULT_NONE;
	fault = user_name_parse(user, name, why);
	if (fault != FAULT_NONE)
		return fault;
	return claim_login(change->admin, change->txn, user->name, user->uid, why);
}

enum fault
account_rename(struct admin *admin, const char *who, const char *name, struct why *why)
{
	static const struct operation rename = {
	    .action = "user rename",
	    .permission = "hexa.users.edit",
	    .alter = alter_name,
	};

	return operate(admin, &rename, who, name, why);
}

/* ---- the password ------------------------------------------------------------------------- */

static enum fault
alter_password(struct change *change, struct user *user, const void *with, struct why *why)
{
	const struct renewal *renewal = with;

	return password_put(user, renewal->hash, &renewal->settings, change->admin->now, why);
}

enum fault
account_password(struct admin *admin, const char *who, const char *password, struct why *why)
{
	static const struct operation set = {
	    .action = "user password",
	    .permission = "hexa.credentials.reset",
	    .alter = alter_password,
	};
	struct renewal renewal = {.permission = set.permission};
	enum fault fault = renewal_make(&renewal, admin, who, NULL, password, why);

	if (fault == FAULT_NONE)
		fault = operate(admin, &set, who, &renewal, why);
	if (fault == FAULT_NONE)
		invite_forgets_failures(admin, renewal.user.uid, renewal.user.name);
	renewal_clear(&renewal);
	return fault;
}
