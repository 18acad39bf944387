/*
 * users.c - what an administrator does with users.
 */
#include "accounts/users.h"

#include <stdlib.h>
#include <string.h>

#include "accounts/change.h"
#include "accounts/claim.h"
#include "accounts/make.h"
#include "accounts/password.h"

static const struct field *
user_row(const char *name)
{
	return field_find(&user_table, name);
}

/* ---- what every edit shares --------------------------------------------------------------- */

/* One operation on one user who is there; `alter` changes the record, by what is in *with. */
struct operation {
	const char *action;
	const char *permission;
	enum fault (*alter)(struct change *change, struct user *user, const void *with,
	    struct why *why);
};

static enum fault
operate(struct admin *admin, const struct operation *operation, const char *who,
    const void *with, struct why *why)
{
	struct change change = {0};
	struct user before = {0}, after = {0};
	enum fault fault;

	fault = change_begin(&change, admin, operation->action, operation->permission, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = user_find(change.txn, who, &before, why);
	/* Whoever may not change them is told nothing else about them. */
	if (fault == FAULT_NONE)
		fault = change_may(&change, &before, why);
	if (fault == FAULT_NONE)
		fault = record_copy(&user_table, &after, &before, why);
	if (fault == FAULT_NONE)
		fault = operation->alter(&change, &after, with, why);
	change_insist(&change);
	if (fault == FAULT_NONE)
		fault = change_user(&change, &before, &after, why);
	user_clear(&before);
	user_clear(&after);
	return change_finish(&change, fault, why);
}

/* ---- making ------------------------------------------------------------------------------- */

/* The record as the command line states it; nothing here looks at the database. */
static enum fault
user_draft(const struct admin *admin, const char *name, const struct edits *edits,
    const char *hash, struct user *user, struct why *why)
{
	enum fault fault;

	user->type = USER_EMPLOYEE;
	user->status = STATUS_ACTIVE;
	fault = name == NULL ? FAULT_NONE : user_name_parse(user, name, why);
	if (fault == FAULT_NONE)
		fault = edits_apply(edits, &user_table, user, false, why);
	if (fault == FAULT_NONE)
		fault = user_is_whole(user, why);
	if (fault == FAULT_NONE && hash != NULL)
		fault = password_put(user, hash, admin->now, why);
	return fault;
}

/*
 * The hash of a password that somebody with this permission sets, by the policy in force.  Made
 * before the change is begun: the host's one writer is not held for it.
 */
static enum fault
hash_for(struct admin *admin, const char *permission, const char *password, char **hash,
    struct why *why)
{
	struct settings settings = {0};
	struct txn *txn;
	enum fault fault = store_read_begin(admin->store, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = admin_needs_within(admin, txn, permission, why);
	if (fault == FAULT_NONE)
		fault = settings_load(txn, &settings, why);
	store_end(txn);
	if (fault == FAULT_NONE)
		fault = password_hash(password, &settings, hash, why);
	settings_clear(&settings);
	return fault;
}

enum fault
account_add(struct admin *admin, const char *name, const struct edits *edits,
    const char *password, struct user *made, struct why *why)
{
	struct change change = {0};
	struct user user = {0};
	char *hash = NULL;
	enum fault fault = FAULT_NONE;

	if (password != NULL)
		fault = hash_for(admin, "hexa.users.create", password, &hash, why);
	if (fault == FAULT_NONE)
		fault = user_draft(admin, name, edits, hash, &user, why);
	if (fault == FAULT_NONE)
		fault = change_begin(&change, admin, "user add", "hexa.users.create", why);
	if (fault != FAULT_NONE)
		goto out;
	fault = change_finish(&change, user_enter(&change, &user, why), why);
	if (fault != FAULT_NONE)
		goto out;
	*made = user;
	user = (struct user){0};
out:
	user_clear(&user);
	password_free(hash);
	return fault;
}

/* ---- changing ----------------------------------------------------------------------------- */

/* A shell that nobody chose goes by the type, as for a new account. */
static enum fault
shell_follows(struct change *change, unsigned was, struct user *user, struct why *why)
{
	struct settings settings = {0};
	const char *shell, *other;
	enum fault fault;

	if ((was == USER_SYSTEM) == (user->type == USER_SYSTEM) || user->shell == NULL)
		return FAULT_NONE;
	fault = settings_load(change->txn, &settings, why);
	if (fault != FAULT_NONE)
		return fault;
	shell = settings.shell == NULL ? "" : settings.shell;
	other = was == USER_SYSTEM ? NO_SHELL : shell;
	if (strcmp(user->shell, other) == 0)
		fault = field_parse(user_row("shell"), user,
		    was == USER_SYSTEM ? shell : NO_SHELL, why);
	settings_clear(&settings);
	return fault;
}

static enum fault
alter_fields(struct change *change, struct user *user, const void *with, struct why *why)
{
	const struct edits *edits = with;
	unsigned was = user->type;
	enum fault fault = edits_apply(edits, &user_table, user, true, why);

	return fault == FAULT_NONE ? shell_follows(change, was, user, why) : fault;
}

enum fault
account_edit(struct admin *admin, const char *who, const struct edits *edits, struct why *why)
{
	static const struct operation edit = {"user edit", "hexa.users.edit", alter_fields};

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
	static const struct operation rename = {"user rename", "hexa.users.edit", alter_name};

	return operate(admin, &rename, who, name, why);
}

/* From one status to the next. */
struct step {
	enum user_status from;
	enum user_status to;
};

static enum fault
alter_status(struct change *change, struct user *user, const void *with, struct why *why)
{
	const struct step *step = with;
	char *status;
	enum fault fault;

	(void)change;
	if (user->status == step->from) {
		user->status = step->to;
		return FAULT_NONE;
	}
	status = field_text(user_row("status"), user);
	fault = why_field(why, FAULT_RULE, "status", "%s is %s", user->name,
	    status == NULL ? "in another state" : status);
	free(status);
	return fault;
}

enum fault
account_suspend(struct admin *admin, const char *who, struct why *why)
{
	static const struct operation suspend = {"user suspend", "hexa.users.edit", alter_status};
	static const struct step step = {STATUS_ACTIVE, STATUS_SUSPENDED};

	return operate(admin, &suspend, who, &step, why);
}

enum fault
account_resume(struct admin *admin, const char *who, struct why *why)
{
	static const struct operation resume = {"user resume", "hexa.users.edit", alter_status};
	static const struct step step = {STATUS_SUSPENDED, STATUS_ACTIVE};

	return operate(admin, &resume, who, &step, why);
}

enum fault
account_delete(struct admin *admin, const char *who, struct why *why)
{
	struct change change = {0};
	struct user user = {0};
	enum fault fault;

	fault = change_begin(&change, admin, "user delete", "hexa.users.delete", why);
	if (fault != FAULT_NONE)
		return fault;
	fault = user_find(change.txn, who, &user, why);
	if (fault == FAULT_NONE)
		fault = change_user(&change, &user, NULL, why);
	user_clear(&user);
	return change_finish(&change, fault, why);
}

/* ---- the password ------------------------------------------------------------------------- */

static enum fault
alter_password(struct change *change, struct user *user, const void *with, struct why *why)
{
	return password_put(user, with, change->admin->now, why);
}

enum fault
account_password(struct admin *admin, const char *who, const char *password, struct why *why)
{
	static const struct operation set = {
	    "user password", "hexa.credentials.reset", alter_password};
	char *hash = NULL;
	enum fault fault;

	fault = hash_for(admin, set.permission, password, &hash, why);
	if (fault == FAULT_NONE)
		fault = operate(admin, &set, who, hash, why);
	password_free(hash);
	return fault;
}
