/*
 * user.c - the commands `hexa-admin user …`.
 */
#include "hexa-admin/command.h"

#include <stdio.h>
#include <stdlib.h>

#include "accounts/users.h"
#include "hexa-admin/ask.h"
#include "hexa-admin/show.h"

/* ---- seeing ------------------------------------------------------------------------------- */

/* As user_find(), in a transaction of its own, and whom the command's permission reaches. */
static enum fault
find(struct call *call, const char *who, struct user *user, struct why *why)
{
	struct txn *txn;
	enum fault fault = store_read_begin(call->admin.store, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = user_find(txn, who, user, why);
	if (fault == FAULT_NONE)
		fault = admin_needs_over(&call->admin, txn, call->command->permission, user, why);
	if (fault != FAULT_NONE)
		user_clear(user);
	store_end(txn);
	return fault;
}

struct user_cursor {
	uint32_t after;
	struct reach reach;
};

static enum fault
next_user(void *context, struct txn *txn, void *record, struct why *why)
{
	struct user_cursor *cursor = context;
	struct user *user = record;
	enum fault fault;

	do {
		user_clear(user);
		fault = user_next(txn, cursor->after, user, why);
		if (fault == FAULT_NONE)
			cursor->after = user->uid;
	} while (fault == FAULT_NONE && !reach_covers_user(&cursor->reach, user));
	return fault;
}

enum fault
run_user_list(struct call *call, struct why *why)
{
	struct user_cursor cursor = {0};
	enum fault fault = call_reach(call, &cursor.reach, why);

	if (fault == FAULT_NONE)
		fault = records_list(call, &user_table,
		    "uid,name,first-name,last-name,type,status,roles", next_user, &cursor, why);
	reach_clear(&cursor.reach);
	return fault;
}

enum fault
run_user_show(struct call *call, struct why *why)
{
	struct user user = {0};
	enum fault fault = find(call, call->word[0], &user, why);

	if (fault == FAULT_NONE)
		fault = record_show(call, &user_table, &user, why);
	user_clear(&user);
	return fault;
}

/* ---- making and changing ------------------------------------------------------------------ */

enum fault
run_user_add(struct call *call, struct why *why)
{
	const char *name = call->word_count > 0 ? call->word[0] : NULL;
	bool has_password = call_has(call, OPTION_PASSWORD_STDIN);
	struct edits edits = call_edits(call);
	struct secret secret = {{0}};
	struct user made = {0};
	enum fault fault = FAULT_NONE;

	if (has_password)
		fault = secret_read(&secret, why);
	if (fault == FAULT_NONE)
		fault = account_add(&call->admin, name, &edits, has_password ? secret.text : NULL,
		    &made, why);
	secret_clear(&secret);
	if (fault == FAULT_NONE && call_has(call, OPTION_JSON))
		fault = record_show(call, &user_table, &made, why);
	else if (fault == FAULT_NONE && name == NULL)
		puts(made.name);
	user_clear(&made);
	return fault;
}

static enum fault
edit_one(struct call *call, const char *who, struct why *why)
{
	struct edits edits = call_edits(call);

	return account_edit(&call->admin, who, &edits, why);
}

enum fault
run_user_edit(struct call *call, struct why *why)
{
	if (call->edit_count == 0)
		return call_misuse(call, why, "nothing to change was given");
	return call_each(call, edit_one, why);
}

enum fault
run_user_rename(struct call *call, struct why *why)
{
	return account_rename(&call->admin, call->word[0], call->word[1], why);
}

static enum fault
suspend_one(struct call *call, const char *who, struct why *why)
{
	return account_suspend(&call->admin, who, why);
}

enum fault
run_user_suspend(struct call *call, struct why *why)
{
	return call_each(call, suspend_one, why);
}

static enum fault
resume_one(struct call *call, const char *who, struct why *why)
{
	return account_resume(&call->admin, who, why);
}

enum fault
run_user_resume(struct call *call, struct why *why)
{
	return call_each(call, resume_one, why);
}

/* ---- deleting ----------------------------------------------------------------------------- */

static enum fault
delete_one(struct call *call, const char *who, struct why *why)
{
	char question[128], exactly[16];
	struct user user = {0};
	enum fault fault = find(call, who, &user, why);

	if (fault != FAULT_NONE)
		return fault;
	snprintf(question, sizeof(question), "Delete user %s (uid %lu)?", user.name,
	    (unsigned long)user.uid);
	/* Who is deleted is who was asked about, whatever name somebody else has come to have. */
	snprintf(exactly, sizeof(exactly), "uid:%lu", (unsigned long)user.uid);
	user_clear(&user);
	if (!call_has(call, OPTION_YES) && !ask_yes(question))
		return why_set(why, FAULT_RULE, "not deleted: %s", who);
	return account_delete(&call->admin, exactly, why);
}

enum fault
run_user_delete(struct call *call, struct why *why)
{
	enum fault fault = call_needs_answer(call, "deletes", why);

	return fault == FAULT_NONE ? call_each(call, delete_one, why) : fault;
}

/* ---- the password ------------------------------------------------------------------------- */

enum fault
run_user_password(struct call *call, struct why *why)
{
	struct secret secret = {{0}};
	struct user user = {0};
	enum fault fault = FAULT_NONE;

	if (!call_has(call, OPTION_PASSWORD_STDIN) && !ask_possible())
		return call_misuse(call, why, "no terminal to ask on; give --password-stdin");
	if (call_has(call, OPTION_PASSWORD_STDIN)) {
		fault = secret_read(&secret, why);
	} else {
		/* Nobody is to type a password for a user who is not there. */
		fault = find(call, call->word[0], &user, why);
		if (fault == FAULT_NONE)
			fault = secret_ask(user.name, &secret, why);
		user_clear(&user);
	}
	if (fault == FAULT_NONE)
		fault = account_password(&call->admin, call->word[0], secret.text, why);
	secret_clear(&secret);
	return fault;
}
