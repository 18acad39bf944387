/*
 * user.c - the commands `hexa-admin user …`.
 */
#include "hexa-admin/command.h"

#include <stdio.h>
#include <stdlib.h>

#include "accounts/users.h"
#include "hexa-admin/ask.h"
#include "hexa-admin/overview.h"
#include "hexa-admin/show.h"

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
	else if (fault == FAULT_NONE && (name == NULL || made.version > 1))
		puts(made.name); /* one that was made, or of who was known */
	user_clear(&made);
	return fault == FAULT_NONE ? call_shortfall(call) : fault;
}

static enum fault
edit_one(struct call *call, const char *who, struct why *why)
{
	struct edits edits = call_edits(call);

	return account_edit(&call->admin, who, &edits, why);
}

/* Roles, clients, sites, grants: nothing but given. */
static bool
only_gives(const struct call *call)
{
	for (size_t i = 0; i < call->edit_count; i++)
		if (call->edit[i].act != EDIT_ADD)
			return false;
	return true;
}

static size_t
clients_added(const struct call *call)
{
	const struct field *clients = field_find(&user_table, "clients");
	size_t count = 0;

	for (size_t i = 0; i < call->edit_count; i++)
		count += call->edit[i].act == EDIT_ADD && call->edit[i].field == clients;
	return count;
}

enum fault
run_user_edit(struct call *call, struct why *why)
{
	if (call->edit_count == 0)
		return call_misuse(call, why, "nothing to change was given");
	if (!only_gives(call))
		return call_each(call, "changed", edit_one, why);
	call->parts = clients_added(call); /* each may be full, and the others not */
	return call_each(call, "assigned", edit_one, why);
}

enum fault
run_user_rename(struct call *call, struct why *why)
{
	return account_rename(&call->admin, call->word[0], call->word[1], why);
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
		fault = user_in_reach(call, call->word[0], &user, why);
		if (fault == FAULT_NONE)
			fault = secret_ask(user.name, &secret, why);
		user_clear(&user);
	}
	if (fault == FAULT_NONE)
		fault = account_password(&call->admin, call->word[0], secret.text, why);
	secret_clear(&secret);
	return fault;
}
