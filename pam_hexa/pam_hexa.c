/*
 * pam_hexa.c - the six entry points.  They translate between PAM and the helper and decide nothing;
 * whatever goes wrong is a refusal, and never PAM_IGNORE.
 */
#include <stddef.h>

#include <security/pam_ext.h>
#include <security/pam_modules.h>

#include "pam_hexa/call.h"
#include "pam_hexa/password.h"

/* What a module exports.  libpam's header declares the six, but not as visible. */
#define ENTRY __attribute__((visibility("default")))

/*
 * After a refused password, as pam_unix waits, give or take half: guessing is slow on every
 * service.
 */
enum { FAIL_DELAY = 2000000 }; /* microseconds */

/* ---- auth --------------------------------------------------------------------------------- */

/*
 * Whom the account phase would refuse is refused here too, because some programs never ask it, and
 * is told apart from a wrong password by nobody but the log.
 */
static int
auth_result(const struct call *call)
{
	switch (call->answer.verdict) {
	case VERDICT_ALLOWED:
	case VERDICT_MUST_CHANGE_PASSWORD: /* for the account phase to say */
		return PAM_SUCCESS;
	case VERDICT_UNKNOWN_USER:
		return call_has_account(call) ? PAM_USER_UNKNOWN : PAM_AUTH_ERR;
	case VERDICT_NONE:
	case VERDICT_NOT_ACTIVE:
	case VERDICT_NOT_YET_VALID:
	case VERDICT_EXPIRED:
	case VERDICT_TYPE_CANNOT_LOG_IN:
	case VERDICT_NO_CONTACT:
	case VERDICT_NO_ROLE:
	case VERDICT_ROLE_DISABLED:
	case VERDICT_NO_PERMISSION:
	case VERDICT_WRONG_SITE:
	case VERDICT_SERVICE_NOT_PERMITTED:
	case VERDICT_LOCKED_OUT:
		break;
	}
	return PAM_AUTH_ERR;
}

static int
authenticate(struct call *call)
{
	const char *password = NULL;
	int result = pam_get_authtok(call->pamh, PAM_AUTHTOK, &password, NULL);
	bool typed;

	if (result == PAM_CONV_AGAIN)
		return PAM_INCOMPLETE;
	pam_fail_delay(call->pamh, FAIL_DELAY);
	/* A handle may authenticate again: what an earlier password proved is over. */
	if (!call_set_proof(call, NULL))
		return PAM_SYSTEM_ERR;
	if (result != PAM_SUCCESS || password == NULL)
		return PAM_AUTH_ERR;
	typed = call_put_password(call->question.password, password);
	if (!call_ask(call, OPERATION_AUTHENTICATE))
		return PAM_AUTHINFO_UNAVAIL;
	if (call->answer.outcome != OUTCOME_VERDICT)
		result = PAM_AUTH_ERR;
	else
		result = auth_result(call);
	if (result == PAM_SUCCESS && !call_set_proof(call, &call->answer))
		result = PAM_SYSTEM_ERR;
	if (typed && result != PAM_USER_UNKNOWN)
		call_log(call);
	return result;
}

ENTRY int
pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct call *call = NULL;
	int result = call_begin(&call, pamh, flags, argc, argv);

	if (result == PAM_SUCCESS)
		result = authenticate(call);
	call_end(call);
	return result;
}

/*
 * There are no credentials to set, and so there is nothing to ask.  After an authentication libpam
 * walks the way that was taken then: to Hexa's users this must be PAM_SUCCESS, and for others it
 * does not count.  Without one (cron, a login by key) the same pam.d line is judged by this value,
 * and what it surely lets by is what authentication says to users who are not Hexa's; PAM_IGNORE
 * falls under its `default=die`, and took root's cron jobs with it when it was tried.
 */
ENTRY int
pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct call *call = NULL;
	int result = call_begin(&call, pamh, flags, argc, argv);

	call_end(call);
	return result;
}

/* ---- account ------------------------------------------------------------------------------ */

static int
account_result(const struct call *call)
{
	switch (call->answer.verdict) {
	case VERDICT_ALLOWED:
		return PAM_SUCCESS;
	case VERDICT_MUST_CHANGE_PASSWORD:
		return PAM_NEW_AUTHTOK_REQD;
	case VERDICT_UNKNOWN_USER:
		return PAM_USER_UNKNOWN;
	case VERDICT_NOT_YET_VALID:
	case VERDICT_EXPIRED:
		return PAM_ACCT_EXPIRED;
	case VERDICT_NONE:
	case VERDICT_NOT_ACTIVE:
	case VERDICT_TYPE_CANNOT_LOG_IN:
	case VERDICT_NO_CONTACT:
	case VERDICT_NO_ROLE:
	case VERDICT_ROLE_DISABLED:
	case VERDICT_NO_PERMISSION:
	case VERDICT_WRONG_SITE:
	case VERDICT_SERVICE_NOT_PERMITTED:
	case VERDICT_LOCKED_OUT:
		break;
	}
	return PAM_PERM_DENIED;
}

static int
check_account(struct call *call)
{
	call_put_proof(call);
	if (!call_ask(call, OPERATION_ACCOUNT) || call->answer.outcome != OUTCOME_VERDICT)
		return PAM_AUTHINFO_UNAVAIL;
	call_log(call);
	call_tell(call);
	return account_result(call);
}

ENTRY int
pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct call *call = NULL;
	int result = call_begin(&call, pamh, flags, argc, argv);

	if (result == PAM_SUCCESS)
		result = check_account(call);
	call_end(call);
	return result;
}

/* ---- session ------------------------------------------------------------------------------ */

static int
open_session(struct call *call)
{
	const char *variable = NULL;

	if (!call_ask(call, OPERATION_SESSION))
		return PAM_SYSTEM_ERR;
	if (call->answer.outcome == OUTCOME_VERDICT)
		return PAM_IGNORE; /* another source's user */
	if (call->answer.outcome != OUTCOME_DONE)
		return PAM_SYSTEM_ERR;
	while ((variable = answer_next_line(&call->answer, variable)) != NULL)
		if (pam_putenv(call->pamh, variable) != PAM_SUCCESS)
			return PAM_SYSTEM_ERR;
	return PAM_SUCCESS;
}

/* The session stack has further modules to run for everybody: a local user is left to them. */
static int
session_result(int result)
{
	return result == PAM_USER_UNKNOWN ? PAM_IGNORE : result;
}

ENTRY int
pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct call *call = NULL;
	int result = call_begin(&call, pamh, flags, argc, argv);

	if (result == PAM_SUCCESS)
		result = open_session(call);
	call_end(call);
	return session_result(result);
}

/* Nothing was begun that has to be ended. */
ENTRY int
pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct call *call = NULL;
	int result = call_begin(&call, pamh, flags, argc, argv);

	call_end(call);
	return session_result(result);
}

/* ---- password ----------------------------------------------------------------------------- */

static int
change_password(struct call *call)
{
	if ((call->flags & PAM_PRELIM_CHECK) != 0)
		return password_check_old(call);
	if ((call->flags & PAM_UPDATE_AUTHTOK) != 0)
		return password_set_new(call);
	return PAM_SYSTEM_ERR;
}

ENTRY int
pam_sm_chauthtok(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct call *call = NULL;
	int result = call_begin(&call, pamh, flags, argc, argv);

	if (result == PAM_SUCCESS)
		result = change_password(call);
	call_end(call);
	return result;
}
