/*
 * credentials.c - the commands `hexa-admin user invite` and `reset`: a one-time code, printed or
 * mailed.
 */
#include "hexa-admin/credentials.h"

#include <stdio.h>

#include "hexa-admin/json.h"
#include "hexa-admin/letter.h"
#include "hexa-admin/mail.h"
#include "hexa-admin/print.h"
#include "policy/text.h"

/* ---- by mail ------------------------------------------------------------------------------ */

enum fault
mail_possible(struct call *call, struct why *why)
{
	if (call_has(call, OPTION_MAIL) && *call->root != '\0')
		return call_misuse(call, why, "--mail is for this host, not for --root");
	return FAULT_NONE;
}

/* The change stands, whatever comes of a mail; that one did not go out is said at once. */
static void
tell_unmailed(struct call *call, const struct why *told)
{
	call_tell_notices(call);
	print_fault(told, NULL, !call_has(call, OPTION_QUIET));
}

enum fault
call_unmailed(struct call *call, enum fault fault)
{
	if (fault != FAULT_NONE || !call->unmailed)
		return fault;
	call_tell_notices(call);
	call->told = true;
	return FAULT_UNAVAILABLE;
}

static void
mail_code(struct call *call, const struct invitation *invitation)
{
	struct assigned *assigned = &call->admin.assigned;
	struct why why = {0}, told = {0};
	enum fault fault = letter_code(invitation, &assigned->clients, &why);

	/* The letter names them: no other is needed. */
	names_clear(&assigned->clients);
	if (fault == FAULT_NONE)
		return;
	why_set(&told, fault, "%s has a new one-time code, which could not be mailed: %s",
	    invitation->name, why.text);
	why_mend(&told, "hexa-admin user %s %s",
	    invitation->kind == INVITE_FIRST ? "invite" : "reset", invitation->name);
	tell_unmailed(call, &told);
	call->unmailed = true;
}

static void
notice_untold(struct call *call, const char *reason)
{
	struct assigned *assigned = &call->admin.assigned;
	char text[WHY_TEXT_MAX];

	snprintf(text, sizeof(text), "%s was not told by mail: %s", assigned->name, reason);
	/* One that memory is out for changes nothing. */
	(void)names_add(&call->admin.notices, text);
}

/* Nobody asked for this mail on the line: without it the command is done all the same. */
void
mail_assigned(struct call *call)
{
	struct assigned *assigned = &call->admin.assigned;
	struct why why = {0}, told = {0};
	enum fault fault;

	if (assigned->clients.count == 0)
		return;
	if (*call->root != '\0') {
		notice_untold(call, "mails are this host's, not those of --root");
		return;
	}
	if (assigned->email == NULL) {
		notice_untold(call, "there is no e-mail address");
		return;
	}
	fault = letter_assigned(assigned, &why);
	if (fault == FAULT_NONE)
		return;
	why_set(&told, fault,
	    "the clients of %s are changed, but they could not be told by mail: %s",
	    assigned->name, why.text);
	if (!mail_has_program())
		why_mend(&told, "hexa-admin policy edit # mail.client-added");
	tell_unmailed(call, &told);
}

/* ---- a code ------------------------------------------------------------------------------- */

static enum fault
show_json(struct call *call, const struct invitation *invitation, struct why *why)
{
	struct json *map = json_map();
	char until[TIME_TEXT_BYTES];

	text_from_time(invitation->until, until);
	json_put_text(map, "name", invitation->name);
	if (call_has(call, OPTION_MAIL))
		json_put_word(map, "mailed-to", call->unmailed ? NULL : invitation->email);
	else
		json_put_text(map, "code", invitation->code);
	json_put_text(map, "code-until", until);
	return json_show(map, why);
}

enum fault
code_hand_over(struct call *call, const struct invitation *invitation, struct why *why)
{
	if (call_has(call, OPTION_MAIL))
		mail_code(call, invitation);
	if (call_has(call, OPTION_JSON))
		return show_json(call, invitation, why);
	if (!call_has(call, OPTION_MAIL))
		puts(invitation->code);
	return FAULT_NONE;
}

static enum fault
give_code(struct call *call,
    enum fault (*give)(struct admin *admin, const char *who, struct invitation *invitation,
        struct why *why),
    struct why *why)
{
	struct invitation invitation = {.by_mail = call_has(call, OPTION_MAIL)};
	enum fault fault = mail_possible(call, why);

	if (fault == FAULT_NONE)
		fault = give(&call->admin, call->word[0], &invitation, why);
	if (fault == FAULT_NONE)
		fault = code_hand_over(call, &invitation, why);
	invitation_clear(&invitation);
	return call_unmailed(call, fault);
}

enum fault
run_user_invite(struct call *call, struct why *why)
{
	return give_code(call, account_invite, why);
}

enum fault
run_user_reset(struct call *call, struct why *why)
{
	return give_code(call, account_reset, why);
}
