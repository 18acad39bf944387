/*
 * life.c - from one status of a user to the next, and out.
 */
#include "accounts/life.h"

#include "accounts/known.h"
#include "accounts/operation.h"

/* ---- from one status to the next ---------------------------------------------------------- */

#define IS(status) (1u << (status))

struct step {
	unsigned from; /* IS() of each */
	enum user_status to;
};

/* Who is to be let in again, and cannot be so, is told by what else. */
static void
mend(const struct step *step, const struct user *user, struct why *why)
{
	static const char *const verbs[] = {
		[STATUS_INVITED] = NULL,
		[STATUS_ACTIVE] = NULL,
		[STATUS_SUSPENDED] = "resume",
		[STATUS_REVOKED] = "restore",
		[STATUS_LEFT] = "restore",
	};

	if (step->to == STATUS_ACTIVE && verbs[user->status] != NULL)
		why_mend(why, "hexa-admin user %s %s", verbs[user->status], user->name);
}

static enum fault
alter_status(struct change *change, struct user *user, const void *with, struct why *why)
{
	const struct step *step = with;
	const char *const *words = field_find(&user_table, "status")->choices;

	(void)change;
	if ((step->from & IS(user->status)) != 0) {
		user->status = step->to;
		return FAULT_NONE;
	}
	why_field(why, FAULT_RULE, "status", "%s %s %s", user->name,
	    user->status == STATUS_LEFT ? "has" : "is", words[user->status]);
	mend(step, user, why);
	return FAULT_RULE;
}

enum fault
account_suspend(struct admin *admin, const char *who, struct why *why)
{
	static const struct operation suspend = {
	    .action = "user suspend", .permission = "hexa.users.edit", .alter = alter_status};
	static const struct step step = {IS(STATUS_ACTIVE), STATUS_SUSPENDED};

	return operate(admin, &suspend, who, &step, why);
}

enum fault
account_resume(struct admin *admin, const char *who, struct why *why)
{
	static const struct operation resume = {
	    .action = "user resume", .permission = "hexa.users.edit", .alter = alter_status};
	static const struct step step = {IS(STATUS_SUSPENDED), STATUS_ACTIVE};

	return operate(admin, &resume, who, &step, why);
}

enum fault
account_revoke(struct admin *admin, const char *who, struct why *why)
{
	static const struct operation revoke = {
	    .action = "user revoke", .permission = "hexa.users.edit", .alter = alter_status};
	static const struct step step = {
	    IS(STATUS_ACTIVE) | IS(STATUS_INVITED) | IS(STATUS_SUSPENDED), STATUS_REVOKED};

	return operate(admin, &revoke, who, &step, why);
}

static const char RESTORE[] = "user restore";

enum fault
account_restore(struct admin *admin, const char *who, struct why *why)
{
	static const struct operation restore = {
	    .action = RESTORE, .permission = "hexa.users.edit", .alter = alter_status};
	static const struct step step = {IS(STATUS_REVOKED) | IS(STATUS_LEFT), STATUS_ACTIVE};

	return operate(admin, &restore, who, &step, why);
}

/* ---- by e-mail ---------------------------------------------------------------------------- */

/* The address as the field takes it. */
static enum fault
check_email(const char *email, struct why *why)
{
	struct user user = {0};
	enum fault fault;

	if (*email == '\0')
		return why_field(why, FAULT_INVALID, "email", "email is required");
	fault = field_parse(field_find(&user_table, "email"), &user, email, why);
	user_clear(&user);
	return fault;
}

enum fault
account_restore_known(struct admin *admin, const char *email, const struct edits *edits,
    struct user *restored, struct why *why)
{
	static const struct names none;
	struct change change = {0};
	struct user before = {0}, after = {0};
	enum fault fault = check_email(email, why);

	if (fault == FAULT_NONE)
		fault = change_begin(&change, admin, RESTORE, "hexa.users.edit", why);
	if (fault != FAULT_NONE)
		return fault;
	fault = known_find(&change, email, &none, &before, why);
	if (fault == FAULT_NONE)
		fault = known_restore(&change, &before, edits, &after, why);
	fault = change_finish(&change, fault, why);
	if (fault == FAULT_NONE) {
		*restored = after;
		after = (struct user){0};
	}
	user_clear(&before);
	user_clear(&after);
	return fault;
}

/* ---- out ---------------------------------------------------------------------------------- */

enum fault
account_delete(struct admin *admin, const char *who, struct why *why)
{
	struct change change = {0};
	struct user user = {0};
	enum fault fault;

	fault = change_begin(&change, admin, "user delete", "hexa.users.delete", why);
	if (fault != FAULT_NONE)
		return fault;
	fault = admin_find_user(admin, change.txn, change.permission, who, &user, why);
	if (fault == FAULT_NONE)
		fault = change_user(&change, &user, NULL, why);
	user_clear(&user);
	return change_finish(&change, fault, why);
}
