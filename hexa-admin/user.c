/*
 * user.c - the commands `hexa-admin user …`.
 */
#include "hexa-admin/command.h"

#include <stdio.h>
#include <stdlib.h>

#include "accounts/users.h"
#include "hexa-admin/ask.h"
#include "hexa-admin/credentials.h"
#include "hexa-admin/overview.h"
#include "hexa-admin/show.h"

/* ---- making and changing ------------------------------------------------------------------ */

/* The name of who was made, where it is the only thing that is printed. */
static bool
name_is_news(const struct call *call, const struct user *made)
{
	return call->word_count == 0 || made->version > 1; /* made, or of who was known */
}

/*
 * A code stands alone on stdout: a name that was made is said beside it.  Who was known is named by
 * account_add()'s notice.
 */
static enum fault
show_invited(struct call *call, const struct user *made, const struct invitation *invitation,
    struct why *why)
{
	bool is_plain = !call_has(call, OPTION_JSON);
	bool is_mailed = call_has(call, OPTION_MAIL);
	char text[WHY_TEXT_MAX];

	if (is_plain && is_mailed && name_is_news(call, made))
		puts(made->name);
	snprintf(text, sizeof(text), "the login name is %s", made->name);
	if (is_plain && !is_mailed && call->word_count == 0 && made->version == 1 &&
	    !names_add(&call->admin.notices, text))
		return why_memory(why);
	return code_hand_over(call, invitation, why);
}

static enum fault
add_invited(struct call *call, const char *name, const struct edits *edits, struct why *why)
{
	struct invitation invitation = {.by_mail = call_has(call, OPTION_MAIL)};
	struct user made = {0};
	enum fault fault =
	    account_add_invited(&call->admin, name, edits, &invitation, &made, why);

	if (fault == FAULT_NONE)
		fault = show_invited(call, &made, &invitation, why);
	user_clear(&made);
	invitation_clear(&invitation);
	return fault;
}

static enum fault
add(struct call *call, const char *name, const struct edits *edits, struct why *why)
{
	bool has_password = call_has(call, OPTION_PASSWORD_STDIN);
	struct secret secret = {{0}};
	struct user made = {0};
	enum fault fault = FAULT_NONE;

	if (has_password)
		fault = secret_read(&secret, why);
	if (fault == FAULT_NONE)
		fault = account_add(&call->admin, name, edits, has_password ? secret.text : NULL,
		    &made, why);
	secret_clear(&secret);
	if (fault == FAULT_NONE && call_has(call, OPTION_JSON))
		fault = record_show(call, &user_table, &made, why);
	else if (fault == FAULT_NONE && name_is_news(call, &made))
		puts(made.name);
	user_clear(&made);
	return fault;
}

enum fault
run_user_add(struct call *call, struct why *why)
{
	const char *name = call->word_count > 0 ? call->word[0] : NULL;
	bool is_invited = call_has(call, OPTION_INVITE);
	struct edits edits = call_edits(call);
	enum fault fault;

	if (is_invited && call_has(call, OPTION_PASSWORD_STDIN))
		return call_misuse(call, why, "give either --password-stdin or --invite");
	if (!is_invited && call_has(call, OPTION_MAIL))
		return call_misuse(call, why, "--mail goes with --invite");
	fault = mail_possible(call, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = is_invited ? add_invited(call, name, &edits, why) : add(call, name, &edits, why);
	if (fault == FAULT_NONE) {
		mail_assigned(call);
		fault = call_shortfall(call);
	}
	return call_unmailed(call, fault);
}

static enum fault
edit_one(struct call *call, const char *who, struct why *why)
{
	struct edits edits = call_edits(call);
	enum fault fault = account_edit(&call->admin, who, &edits, why);

	if (fault == FAULT_NONE)
		mail_assigned(call);
	return fault;
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
		return call_unmailed(call, call_each(call, "changed", edit_one, why));
	call->parts = clients_added(call); /* each may be full, and the others not */
	return call_unmailed(call, call_each(call, "assigned", edit_one, why));
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
