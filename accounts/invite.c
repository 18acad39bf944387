/*
 * invite.c - who is given a one-time code, and how long it is good.
 */
#include "accounts/invite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/lockout.h"
#include "accounts/make.h"
#include "accounts/operation.h"
#include "accounts/password.h"
#include "store/crypto.h"

static const char RESETS[] = "hexa.credentials.reset";

void
invitation_clear(struct invitation *invitation)
{
	crypto_wipe(invitation->code, sizeof(invitation->code));
	free(invitation->name);
	free(invitation->email);
	free(invitation->from);
	*invitation = (struct invitation){0};
}

/* ---- who may have one --------------------------------------------------------------------- */

static enum fault
refuse_status(const struct user *user, struct why *why)
{
	static const char *const verbs[] = {
		[STATUS_INVITED] = NULL,
		[STATUS_ACTIVE] = NULL,
		[STATUS_SUSPENDED] = "resume",
		[STATUS_REVOKED] = "restore",
		[STATUS_LEFT] = "restore",
	};
	const char *word = field_find(&user_table, "status")->choices[user->status];

	why_field(why, FAULT_RULE, "status", "%s %s %s, and is given no one-time code", user->name,
	    user->status == STATUS_LEFT ? "has" : "is", word);
	why_mend(why, "hexa-admin user %s %s", verbs[user->status], user->name);
	return FAULT_RULE;
}

enum fault
invite_allows(const struct user *user, struct why *why)
{
	if (!password_is_for(user))
		return why_field(why, FAULT_RULE, "type",
		    "a user of this type never has a password, and is given no one-time code");
	if (user->status != STATUS_ACTIVE && user->status != STATUS_INVITED)
		return refuse_status(user, why);
	if (user->roles.count > 0)
		return FAULT_NONE;
	why_field(why, FAULT_RULE, "roles", "%s holds no role, and is given no one-time code",
	    user->name);
	why_mend(why, "hexa-admin user edit %s --add-role ROLE", user->name);
	return FAULT_RULE;
}

static enum fault
refuse_unmailable(const struct user *user, struct why *why)
{
	/* None is there yet, for `user edit` to change. */
	if (user->version == 0)
		return why_field(why, FAULT_RULE, "email",
		    "the new user has no e-mail address to mail a code to: "
		    "give --email ADDRESS, or leave --mail out");
	why_field(why, FAULT_RULE, "email", "%s has no e-mail address to mail a code to",
	    user->name);
	why_mend(why, "hexa-admin user edit %s --email ADDRESS", user->name);
	return FAULT_RULE;
}

/* ---- giving it ---------------------------------------------------------------------------- */

static bool
copy(char **to, const char *text)
{
	*to = text == NULL ? NULL : strdup(text);
	return text == NULL || *to != NULL;
}

/* The mails' sender is the policy's to say; whom they go to is said when the record is written. */
static enum fault
put(struct change *change, struct user *user, enum invite_kind kind, struct invitation *made,
    struct why *why)
{
	struct settings settings = {0};
	int64_t mark = 0;
	enum fault fault = invite_allows(user, why);

	made->kind = kind;
	if (fault == FAULT_NONE && made->by_mail && user->email == NULL)
		fault = refuse_unmailable(user, why);
	if (fault == FAULT_NONE)
		fault = settings_load(change->txn, &settings, why);
	if (fault == FAULT_NONE)
		fault = clock_mark(change->txn, &mark, why);
	if (fault == FAULT_NONE && !copy(&made->from, settings.mail_from))
		fault = why_memory(why);
	if (fault == FAULT_NONE)
		fault = code_put(user, change->admin->now, mark, kind == INVITE_FIRST
		        ? settings.token_invite : settings.token_reset, made->code, why);
	settings_clear(&settings);
	return fault;
}

static enum fault
address(const struct user *user, struct invitation *made, struct why *why)
{
	made->uid = user->uid;
	made->until = user->code_until;
	return copy(&made->name, user->name) && copy(&made->email, user->email)
	    ? FAULT_NONE : why_memory(why);
}

/* What comes of an operation stands where its caller can read it (operation.h). */
struct to_give {
	enum invite_kind kind;
	struct invitation *made;
};

static enum fault
alter_code(struct change *change, struct user *user, const void *with, struct why *why)
{
	const struct to_give *give = with;
	enum fault fault = put(change, user, give->kind, give->made, why);

	return fault == FAULT_NONE ? address(user, give->made, why) : fault;
}

/* What has been done stands whatever comes of this. */
void
invite_forgets_failures(struct admin *admin, uint32_t uid, const char *name)
{
	char text[WHY_TEXT_MAX];
	struct why why = {0};
	uint32_t count = 0;

	if (lockout_forget(admin->root, uid, &count, &why) == FAULT_NONE)
		return;
	snprintf(text, sizeof(text), "failed logins of %s are still counted: %.*s", name,
	    WHY_TEXT_MAX / 2, why.text);
	(void)names_add(&admin->notices, text);
}

static enum fault
give(struct admin *admin, const struct operation *operation, const char *who,
    enum invite_kind kind, struct invitation *invitation, struct why *why)
{
	struct invitation made = {.by_mail = invitation->by_mail};
	const struct to_give to_give = {kind, &made};
	enum fault fault = operate(admin, operation, who, &to_give, why);

	if (fault == FAULT_NONE) {
		invite_forgets_failures(admin, made.uid, made.name);
		*invitation = made;
		made = (struct invitation){0};
	}
	invitation_clear(&made);
	return fault;
}

enum fault
account_invite(struct admin *admin, const char *who, struct invitation *invitation,
    struct why *why)
{
	static const struct operation invite = {
	    .action = "user invite", .permission = RESETS, .alter = alter_code};

	return give(admin, &invite, who, INVITE_FIRST, invitation, why);
}

enum fault
account_reset(struct admin *admin, const char *who, struct invitation *invitation,
    struct why *why)
{
	static const struct operation reset = {
	    .action = "user reset", .permission = RESETS, .alter = alter_code};

	return give(admin, &reset, who, INVITE_RESET, invitation, why);
}

/* ---- with a new user ---------------------------------------------------------------------- */

enum fault
invite_new(struct change *change, struct user *user, struct invitation *invitation,
    struct why *why)
{
	enum fault fault;

	user->status = STATUS_INVITED;
	fault = put(change, user, INVITE_FIRST, invitation, why);
	if (fault == FAULT_NONE)
		fault = user_enter(change, user, why);
	return fault == FAULT_NONE ? address(user, invitation, why) : fault;
}

enum fault
invite_known(struct change *change, struct user *user, struct invitation *invitation,
    struct why *why)
{
	const char *permission = change->permission;
	struct user after = {0};
	enum fault fault = record_copy(&user_table, &after, user, why);

	if (fault == FAULT_NONE)
		fault = put(change, &after, INVITE_FIRST, invitation, why);
	change->permission = RESETS;
	if (fault == FAULT_NONE)
		fault = change_user(change, user, &after, why);
	change->permission = permission;
	if (fault == FAULT_NONE)
		fault = address(&after, invitation, why);
	if (fault == FAULT_NONE) {
		user_clear(user);
		*user = after;
		after = (struct user){0};
	}
	user_clear(&after);
	return fault;
}
