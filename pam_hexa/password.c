/*
 * password.c - the two passes of a password change.
 */
#include "pam_hexa/password.h"

#include <string.h>
#include <unistd.h>

#include <security/pam_ext.h>

enum { TRIES = 3 };

/*
 * The helper believes root's word that the old password was verified, nobody else's: an ordinary
 * user's process sends it along each time.
 */
static bool
old_was_verified(const struct call *call)
{
	return geteuid() == 0 && call_proof(call) != PROOF_NOTHING;
}

static bool
needs_old(const struct call *call)
{
	if (getuid() == 0 && (call->flags & PAM_CHANGE_EXPIRED_AUTHTOK) == 0)
		return false;
	return !old_was_verified(call);
}

/*
 * PAM's own copy of the old password, asked for when it has none yet: by libpam's prompt, unless
 * what they came in with may have been a code.
 */
static int
put_old(struct call *call)
{
	const char *prompt =
	    call->answer.has_code ? "Current password or one-time code: " : NULL;
	const char *old = NULL;
	int result = pam_get_authtok(call->pamh, PAM_OLDAUTHTOK, &old, prompt);

	if (result == PAM_CONV_AGAIN)
		return PAM_INCOMPLETE;
	if (result != PAM_SUCCESS || old == NULL)
		return PAM_AUTHTOK_RECOVERY_ERR;
	call_put_password(call->question.password, old);
	return PAM_SUCCESS;
}

/* Their answer is no login's, and says nothing to the log but that a password was wrong. */
static int
wrong(const struct call *call)
{
	call_log(call);
	return PAM_AUTH_ERR;
}

static int
verify_old(struct call *call)
{
	int result = put_old(call);

	if (result != PAM_SUCCESS)
		return result;
	if (!call_ask(call, OPERATION_VERIFY))
		return PAM_AUTHINFO_UNAVAIL;
	switch (call->answer.outcome) {
	case OUTCOME_DONE:
		return call_set_proof(call, &call->answer) ? PAM_SUCCESS : PAM_SYSTEM_ERR;
	case OUTCOME_WRONG:
		return wrong(call);
	case OUTCOME_VERDICT:
		return PAM_USER_UNKNOWN;
	case OUTCOME_REFUSED:
	case OUTCOME_FAULT:
		break;
	}
	return PAM_AUTHINFO_UNAVAIL;
}

int
password_check_old(struct call *call)
{
	/* Whose they are comes first: another source's users are not asked by us. */
	if (!call_ask(call, OPERATION_ACCOUNT))
		return PAM_AUTHINFO_UNAVAIL;
	if (call->answer.verdict == VERDICT_UNKNOWN_USER)
		return PAM_USER_UNKNOWN;
	return needs_old(call) ? verify_old(call) : PAM_SUCCESS;
}

/*
 * One try at a new password; PAM_TRY_AGAIN: it was refused, or typed differently the second time.
 */
static int
try_new(struct call *call, enum operation operation)
{
	const char *fresh = NULL;
	int result = pam_get_authtok(call->pamh, PAM_AUTHTOK, &fresh, NULL);

	if (result == PAM_CONV_AGAIN)
		return PAM_INCOMPLETE;
	if (result == PAM_TRY_AGAIN)
		return PAM_TRY_AGAIN;
	if (result != PAM_SUCCESS || fresh == NULL)
		return PAM_AUTHTOK_ERR;
	/* A program that answers always the same will not do better the next time. */
	if (*fresh != '\0' && strcmp(call->question.fresh, fresh) == 0)
		return PAM_AUTHTOK_ERR;
	call_put_password(call->question.fresh, fresh);
	if (!call_ask(call, operation))
		return PAM_AUTHINFO_UNAVAIL;
	switch (call->answer.outcome) {
	case OUTCOME_DONE:
		/* The next change in this handle begins with this password. */
		return call_set_proof(call, NULL) ? PAM_SUCCESS : PAM_SYSTEM_ERR;
	case OUTCOME_REFUSED:
		call_tell(call);
		pam_set_item(call->pamh, PAM_AUTHTOK, NULL);
		return PAM_TRY_AGAIN;
	case OUTCOME_WRONG:
		/* Nor does what was verified before stand any longer. */
		call_set_proof(call, NULL);
		return wrong(call);
	case OUTCOME_VERDICT:
		return PAM_USER_UNKNOWN;
	case OUTCOME_FAULT:
		break;
	}
	return PAM_AUTHINFO_UNAVAIL;
}

/*
 * A module before has asked for the new password, and judged it: one that is asked for here instead
 * would pass it by.
 */
static bool
was_given(const struct call *call)
{
	const void *token = NULL;

	return pam_get_item(call->pamh, PAM_AUTHTOK, &token) == PAM_SUCCESS && token != NULL;
}

int
password_set_new(struct call *call)
{
	bool retry = call->retry && !was_given(call);
	enum operation operation = OPERATION_RESET;
	int result = PAM_SUCCESS;

	call_put_proof(call);
	if (needs_old(call)) {
		operation = OPERATION_CHANGE;
		result = put_old(call);
	}
	if (result != PAM_SUCCESS)
		return result;
	result = PAM_TRY_AGAIN;
	for (int i = 0; i < TRIES && result == PAM_TRY_AGAIN; i++) {
		result = try_new(call, operation);
		if (!retry)
			break;
	}
	return result == PAM_TRY_AGAIN ? PAM_AUTHTOK_ERR : result;
}
