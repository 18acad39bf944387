/*
 * call.c - what all entry points have in common.
 */
#include "pam_hexa/call.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <syslog.h>
#include <unistd.h>

#include <security/pam_ext.h>
#include <security/pam_modutil.h>

#include "pam_hexa/ask.h"

/* ---- the options -------------------------------------------------------------------------- */

/*
 * What may stand on the module's line.  The last three are libpam's to follow, in
 * pam_get_authtok(); with those it never asks a second time, it is of no use to refuse and try
 * again.
 */
static const struct option {
	const char *name;
	bool debug;
	bool no_retry;
} options[] = {
	{"debug", true, false},
	{"try_first_pass", false, false},
	{"use_first_pass", false, true},
	{"use_authtok", false, true},
};

static const struct option *
find_option(const char *name)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (strcmp(options[i].name, name) == 0)
			return &options[i];
	return NULL;
}

/* False for an option that there is not: who mistyped a restriction must not get none. */
static bool
read_options(struct call *call, int argc, const char **argv)
{
	call->retry = true;
	for (int i = 0; i < argc; i++) {
		const struct option *option = find_option(argv[i]);

		if (option == NULL) {
			pam_syslog(call->pamh, LOG_ERR, "unknown option: %s", argv[i]);
			return false;
		}
		call->debug |= option->debug;
		call->retry &= !option->no_retry;
	}
	return true;
}

/* ---- beginning and ending ----------------------------------------------------------------- */

/* PAM_SUCCESS: the name stands in /etc/passwd; PAM_PERM_DENIED: it does not. */
static int
look_in_passwd(pam_handle_t *pamh, const char *user)
{
	/*
	 * What no local user can be called (LOGIN_NAME_MAX is 256 with its NUL) is nobody's, as any
	 * other name that nobody has; libpam would call it a fault.
	 */
	if (*user == '\0' || strlen(user) > MESSAGE_USER_MAX)
		return PAM_PERM_DENIED;
	return pam_modutil_check_user_in_passwd(pamh, user, NULL);
}

/* NULL when memory is out. */
static struct call *
new_call(pam_handle_t *pamh, int flags, const char *user)
{
	struct call *call = calloc(1, sizeof(*call));

	if (call == NULL)
		return NULL;
	call->pamh = pamh;
	call->flags = flags;
	call->user = strdup(user);
	if (asprintf(&call->proof_key, "pam_hexa:proof:%s", user) < 0)
		call->proof_key = NULL;
	if (call->user == NULL || call->proof_key == NULL) {
		call_end(call);
		return NULL;
	}
	return call;
}

int
call_begin(struct call **out, pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	const char *user = NULL;
	struct call *call;
	int result = pam_get_user(pamh, &user, NULL);

	if (result == PAM_CONV_AGAIN)
		return PAM_INCOMPLETE;
	if (result != PAM_SUCCESS || user == NULL)
		return PAM_SYSTEM_ERR;
	result = look_in_passwd(pamh, user);
	if (result != PAM_PERM_DENIED)
		return result == PAM_SUCCESS ? PAM_USER_UNKNOWN : PAM_SYSTEM_ERR;
	call = new_call(pamh, flags, user);
	if (call == NULL) {
		pam_syslog(pamh, LOG_CRIT, "out of memory");
		return PAM_SYSTEM_ERR;
	}
	if (!read_options(call, argc, argv)) {
		call_end(call);
		return PAM_SYSTEM_ERR;
	}
	*out = call;
	return PAM_SUCCESS;
}

void
call_end(struct call *call)
{
	if (call == NULL)
		return;
	question_wipe(&call->question);
	free(call->user);
	free(call->proof_key);
	free(call);
}

/* ---- asking ------------------------------------------------------------------------------- */

/* A text item; "" when PAM has none. */
static const char *
item(const struct call *call, int type)
{
	const void *value = NULL;

	if (pam_get_item(call->pamh, type, &value) != PAM_SUCCESS || value == NULL)
		return "";
	return value;
}

/* Copies what fits; false when that is not all of it. */
static bool
put_text(char *to, size_t room, const char *text)
{
	size_t size = strnlen(text, room);
	bool whole = size < room;

	if (!whole)
		size = room - 1;
	memcpy(to, text, size);
	to[size] = '\0';
	return whole;
}

/* False: PAM's service is not one that could be asked about. */
static bool
fill_question(struct call *call)
{
	struct question *question = &call->question;
	const struct passwd *account = NULL;

	put_text(question->rhost, sizeof(question->rhost), item(call, PAM_RHOST));
	put_text(question->tty, sizeof(question->tty), item(call, PAM_TTY));
	/* Nobody of Hexa's is called so: ask about nobody, at the cost of anybody. */
	if (!put_text(question->user, sizeof(question->user), call->user))
		question->user[0] = '\0';
	if (question->user[0] != '\0')
		account = pam_modutil_getpwnam(call->pamh, question->user);
	question->invoker = getuid();
	question->account = account == NULL ? MESSAGE_NO_ACCOUNT : account->pw_uid;
	/* The service is what the decision is about, and is never cut. */
	return put_text(question->service, sizeof(question->service), item(call, PAM_SERVICE));
}

bool
call_ask(struct call *call, enum operation operation)
{
	const struct answer *answer = &call->answer;
	struct why why;

	call->question.operation = operation;
	if (!fill_question(call)) {
		pam_syslog(call->pamh, LOG_ERR, "the service's name is too long");
		return false;
	}
	if (helper_ask(&call->question, &call->answer, &why) != FAULT_NONE) {
		pam_syslog(call->pamh, LOG_ERR, "%s", why.text);
		return false;
	}
	if (call->debug)
		pam_syslog(call->pamh, LOG_DEBUG, "operation %d: outcome %d, verdict %d",
		    (int)operation, (int)answer->outcome, (int)answer->verdict);
	if (answer->outcome != OUTCOME_FAULT)
		return true;
	pam_syslog(call->pamh, LOG_ERR, "%s",
	    answer->log[0] != '\0' ? answer->log : "no answer; why is said to root alone");
	return false;
}

/*
 * What sshd gives for a password where none may be right (fake_password() in its auth-pam.c): this,
 * over and over, as long as what was typed.
 */
static bool
is_made_up(const char *password)
{
	static const char pattern[] = "\b\n\r\177INCORRECT";
	size_t at = 0;

	while (password[at] != '\0' && password[at] == pattern[at % (sizeof(pattern) - 1)])
		at++;
	return at > 0 && password[at] == '\0';
}

bool
call_put_password(char to[PASSWORD_BYTES + 1], const char *password)
{
	if (!is_made_up(password) && put_text(to, PASSWORD_BYTES + 1, password))
		return true;
	explicit_bzero(to, PASSWORD_BYTES + 1);
	return false;
}

bool
call_has_account(const struct call *call)
{
	return call->question.account != MESSAGE_NO_ACCOUNT;
}

/* ---- saying ------------------------------------------------------------------------------- */

void
call_log(const struct call *call)
{
	if (call->answer.log[0] != '\0')
		pam_syslog(call->pamh, LOG_NOTICE, "%s", call->answer.log);
}

void
call_tell(const struct call *call)
{
	const char *tell = call->answer.tell;

	if (tell[0] == '\0' || (call->flags & PAM_SILENT) != 0)
		return;
	if (call->answer.verdict == VERDICT_ALLOWED)
		pam_info(call->pamh, "%s", tell);
	else
		pam_error(call->pamh, "%s", tell);
}

/* ---- remembering -------------------------------------------------------------------------- */

struct remembered {
	enum proof proof;
	unsigned char stamp[CRYPTO_HASH_BYTES];
};

/* libpam calls it when the handle ends, or remembers another. */
static void
forget(pam_handle_t *pamh, void *data, int status)
{
	(void)pamh;
	(void)status;
	if (data == NULL)
		return;
	explicit_bzero(data, sizeof(struct remembered));
	free(data);
}

/* NULL: nothing. */
static const struct remembered *
remembered(const struct call *call)
{
	const void *data = NULL;

	return pam_get_data(call->pamh, call->proof_key, &data) == PAM_SUCCESS ? data : NULL;
}

bool
call_set_proof(const struct call *call, const struct answer *answer)
{
	struct remembered *data = NULL;

	if (answer != NULL && answer->proof != PROOF_NOTHING) {
		data = malloc(sizeof(*data));
		if (data == NULL)
			return false;
		data->proof = answer->proof;
		memcpy(data->stamp, answer->stamp, sizeof(data->stamp));
	}
	if (pam_set_data(call->pamh, call->proof_key, data, forget) == PAM_SUCCESS)
		return true;
	forget(call->pamh, data, 0);
	return false;
}

enum proof
call_proof(const struct call *call)
{
	const struct remembered *data = remembered(call);

	return data == NULL ? PROOF_NOTHING : data->proof;
}

void
call_put_proof(struct call *call)
{
	const struct remembered *data = remembered(call);

	call->question.proof = call_proof(call);
	if (data != NULL)
		memcpy(call->question.stamp, data->stamp, sizeof(data->stamp));
}
