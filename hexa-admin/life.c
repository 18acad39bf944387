/*
 * life.c - the commands of a user's life: suspend, resume, revoke, restore, delete.
 */
#include "accounts/life.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/sessions.h"
#include "hexa-admin/ask.h"
#include "hexa-admin/overview.h"
#include "hexa-admin/print.h"
#include "hexa-admin/show.h"

/* ---- what they run ------------------------------------------------------------------------ */

/* "uid:N": who is changed is who was found, whatever name somebody else has come to have. */
enum { EXACTLY_BYTES = sizeof("uid:4294967295") };

static void
say_exactly(const struct user *user, char text[EXACTLY_BYTES])
{
	snprintf(text, EXACTLY_BYTES, "uid:%lu", (unsigned long)user->uid);
}

static enum fault
tell_ended(struct call *call, const struct user *user, const struct sessions *sessions,
    struct why *why)
{
	char text[WHY_TEXT_MAX];

	snprintf(text, sizeof(text), sessions->ended == 1
	        ? "%zu process of %s was ended%s"
	        : "%zu processes of %s were ended%s",
	    sessions->ended, user->name,
	    sessions->spared == 0 ? "" : "; what this command runs under was left");
	return names_add(&call->admin.notices, text) ? FAULT_NONE : why_memory(why);
}

/* The change stands, whatever comes of this; that it did not all come off is said at once. */
static void
end_sessions(struct call *call, const struct user *user, const char *done)
{
	struct sessions sessions = {0};
	struct why why = {0}, told = {0};
	enum fault fault = sessions_end(user->uid, &sessions, &why);

	if (fault == FAULT_NONE)
		fault = tell_ended(call, user, &sessions, &why);
	if (fault == FAULT_NONE)
		return;
	why_set(&told, fault, "%s is %s, but still running: %s", user->name, done, why.text);
	print_fault(&told, NULL, !call_has(call, OPTION_QUIET));
	call->left_running = true;
}

/* Of a status, which is what somebody who was made so is called. */
static bool
is_already(const struct user *user, const char *done)
{
	char *status = field_text(field_find(&user_table, "status"), user);
	bool already = status != NULL && strcmp(status, done) == 0;

	free(status);
	return already;
}

/* Changes somebody, and then, with --kill, ends what they run here. */
static enum fault
change(struct call *call, const char *who, const char *done,
    enum fault (*operation)(struct admin *admin, const char *who, struct why *why),
    struct why *why)
{
	char exactly[EXACTLY_BYTES];
	struct user user = {0};
	enum fault fault;

	if (!call_has(call, OPTION_KILL))
		return operation(&call->admin, who, why);
	fault = user_in_reach(call, who, &user, why);
	if (fault != FAULT_NONE)
		return fault;
	say_exactly(&user, exactly);
	fault = operation(&call->admin, exactly, why);
	/* Whoever locks first and looks then finds the sessions: the rest is still to be done. */
	if (fault == FAULT_RULE && strcmp(why->field, "status") == 0 && is_already(&user, done))
		fault = FAULT_NONE;
	if (fault == FAULT_NONE)
		end_sessions(call, &user, done);
	user_clear(&user);
	return fault;
}

static enum fault
change_each(struct call *call, const char *done,
    enum fault (*one)(struct call *call, const char *word, struct why *why), struct why *why)
{
	enum fault fault;

	if (call_has(call, OPTION_KILL) && *call->root != '\0')
		return call_misuse(call, why, "--kill is for this host, not for --root");
	fault = call_each(call, done, one, why);
	if (fault != FAULT_NONE || !call->left_running)
		return fault;
	call_tell_notices(call);
	call->told = true;
	return FAULT_UNAVAILABLE;
}

/* ---- kept out, and in again --------------------------------------------------------------- */

static const char SUSPENDED[] = "suspended", REVOKED[] = "revoked", DELETED[] = "deleted";

static enum fault
suspend_one(struct call *call, const char *who, struct why *why)
{
	return change(call, who, SUSPENDED, account_suspend, why);
}

enum fault
run_user_suspend(struct call *call, struct why *why)
{
	return change_each(call, SUSPENDED, suspend_one, why);
}

static enum fault
resume_one(struct call *call, const char *who, struct why *why)
{
	return account_resume(&call->admin, who, why);
}

enum fault
run_user_resume(struct call *call, struct why *why)
{
	return call_each(call, "resumed", resume_one, why);
}

static enum fault
revoke_one(struct call *call, const char *who, struct why *why)
{
	return change(call, who, REVOKED, account_revoke, why);
}

enum fault
run_user_revoke(struct call *call, struct why *why)
{
	return change_each(call, REVOKED, revoke_one, why);
}

static enum fault
restore_one(struct call *call, const char *who, struct why *why)
{
	return account_restore(&call->admin, who, why);
}

/* Somebody of whom the e-mail address is known: prints who that is. */
static enum fault
restore_known(struct call *call, struct why *why)
{
	const struct values *roles = &call->values[OPTION_ROLE];
	const struct field *field = field_find(&user_table, "roles");
	struct edit *edit = calloc(roles->count, sizeof(*edit));
	struct user restored = {0};
	enum fault fault;

	if (edit == NULL)
		return why_memory(why);
	for (size_t i = 0; i < roles->count; i++)
		edit[i] = (struct edit){EDIT_ADD, field, roles->value[i]};
	fault = account_restore_known(&call->admin, call->option[OPTION_EMAIL],
	    &(struct edits){edit, roles->count}, &restored, why);
	if (fault == FAULT_NONE && call_has(call, OPTION_JSON))
		fault = record_show(call, &user_table, &restored, why);
	else if (fault == FAULT_NONE)
		puts(restored.name);
	user_clear(&restored);
	free(edit);
	return fault;
}

enum fault
run_user_restore(struct call *call, struct why *why)
{
	bool by_email = call_has(call, OPTION_EMAIL);

	if (by_email == (call->word_count > 0))
		return call_misuse(call, why, "give either names, or --email and --role");
	if (by_email != call_has(call, OPTION_ROLE))
		return call_misuse(call, why, "--email and --role go together");
	return by_email ? restore_known(call, why) : call_each(call, "restored", restore_one, why);
}

/* ---- gone --------------------------------------------------------------------------------- */

static enum fault
delete_one(struct call *call, const char *who, struct why *why)
{
	char question[128], exactly[EXACTLY_BYTES];
	struct user user = {0};
	enum fault fault = user_in_reach(call, who, &user, why);

	if (fault != FAULT_NONE)
		return fault;
	snprintf(question, sizeof(question), "Delete user %s (uid %lu)?", user.name,
	    (unsigned long)user.uid);
	say_exactly(&user, exactly);
	user_clear(&user);
	if (!call_has(call, OPTION_YES) && !ask_yes(question))
		return why_set(why, FAULT_RULE, "not deleted: %s", who);
	return change(call, exactly, DELETED, account_delete, why);
}

enum fault
run_user_delete(struct call *call, struct why *why)
{
	enum fault fault = call_needs_answer(call, "deletes", why);

	return fault == FAULT_NONE ? change_each(call, DELETED, delete_one, why) : fault;
}
