/*
 * call.h - one call of one of the module's entry points: whose it is, what its line in pam.d says,
 * what is asked of the helper, and what is said to the person and to the log.
 */
#ifndef HEXA_PAM_HEXA_CALL_H
#define HEXA_PAM_HEXA_CALL_H

#include <stdbool.h>

#include <security/pam_modules.h>

#include "pam_hexa/message.h"

struct call {
	pam_handle_t *pamh;
	int flags;
	bool debug;
	bool retry; /* a new password that was refused may be asked for again */
	char *user; /* as typed; a copy, because PAM's own may change in a conversation */
	/*
	 * Where a proof is kept.  With the name in it, because an application may change PAM_USER.
	 */
	char *proof_key;
	struct question question;
	struct answer answer;
};

/*
 * Begins.  PAM_SUCCESS: *out is to be ended by call_end().  PAM_USER_UNKNOWN: the user stands in
 * /etc/passwd and is not Hexa's; that is found out before all else, so that root and local users
 * are let through whatever is wrong with Hexa or with its line.  PAM_INCOMPLETE: the application
 * wants to be asked again.  PAM_SYSTEM_ERR: a fault, or an option that there is not.
 */
int call_begin(struct call **out, pam_handle_t *pamh, int flags, int argc, const char **argv);

/* Wipes and frees; NULL is allowed. */
void call_end(struct call *call);

/*
 * Asks the helper about the user; call->answer is the answer.  False: a fault, which is logged.
 * The answer's line for the log is not written here.
 */
bool call_ask(struct call *call, enum operation operation);

/*
 * Puts a password where the helper gets it.  One that is nobody's (longer than PASSWORD_BYTES, or
 * what sshd makes up for users it does not know) is sent as none: that is never right, and takes as
 * long. False when it was one of these.
 */
bool call_put_password(char to[PASSWORD_BYTES + 1], const char *password);

/*
 * Writes the answer's line to the log; says its text to the person unless PAM_SILENT, beside a yes
 * as information and else as an error.
 */
void call_log(const struct call *call);
void call_tell(const struct call *call);

/* Does any source know an account of this name? */
bool call_has_account(const struct call *call);

/*
 * Remembers in this PAM handle, and for this user's name alone, what the answer says was verified:
 * their password, or a one-time code, and its stamp; never what was typed.  An answer without a
 * proof, or NULL, ends what is remembered.  False: no memory.
 */
bool call_set_proof(const struct call *call, const struct answer *answer);
enum proof call_proof(const struct call *call);

/* Puts what is remembered into the question. */
void call_put_proof(struct call *call);

#endif
