/*
 * message.h - what pam_hexa.so asks its helper, and what the helper answers: one datagram each way
 * over a socket pair.  Libc only, because it also runs in the programs that call PAM.
 *
 * Either side distrusts the other: the helper is setuid root and anyone may start it; the module
 * believes an answer only when it is whole and answers what was asked.
 */
#ifndef HEXA_PAM_HEXA_MESSAGE_H
#define HEXA_PAM_HEXA_MESSAGE_H

#include "policy/bytes.h"
#include "policy/decide.h"
#include "store/crypto.h"

enum operation {
	OPERATION_NONE = 0,
	OPERATION_AUTHENTICATE, /* is this the password, and may they in?                      */
	OPERATION_ACCOUNT,      /* may they in?                                                */
	OPERATION_SESSION,      /* their session begins                                        */
	OPERATION_VERIFY,       /* is this the password?  Nothing else is looked at.           */
	OPERATION_CHANGE,       /* the password is this; make it that                          */
	OPERATION_RESET,        /* make the password that: root does, or a proof was given     */
};

/* Lengths in bytes, without the final NUL. */
enum {
	MESSAGE_SERVICE_MAX = 255,        /* a PAM service is a file name */
	MESSAGE_USER_MAX = 255,           /* nobody's is longer: an e-mail address has 254 */
	MESSAGE_PLACE_MAX = 255,          /* PAM_RHOST and PAM_TTY; what is longer is cut */
	MESSAGE_TEXT_MAX = 511,
	MESSAGE_LOG_MAX = 1023,
	MESSAGE_VARIABLES_MAX = 8,        /* of the environment */
	MESSAGE_ENVIRONMENT_MAX = 53248,  /* all of them together, each with its NUL: the most roles
	                                     and clients that one user has */
	MESSAGE_QUESTION_MAX = 4096,       /* a datagram */
	MESSAGE_ANSWER_MAX = 57344,
};

/* No source of users knows the name.  No account has this uid: it is (uid_t)-1. */
#define MESSAGE_NO_ACCOUNT UINT32_MAX

/* All zero asks for nothing.  The strings end with a NUL; what is not said is empty. */
struct question {
	enum operation operation;
	enum proof proof; /* of ACCOUNT and RESET: what this PAM transaction has verified */
	uint32_t account; /* the uid that this name has on the host, or MESSAGE_NO_ACCOUNT */
	char service[MESSAGE_SERVICE_MAX + 1];
	char user[MESSAGE_USER_MAX + 1];
	char rhost[MESSAGE_PLACE_MAX + 1];
	char tty[MESSAGE_PLACE_MAX + 1];
	char password[PASSWORD_BYTES + 1]; /* AUTHENTICATE, VERIFY, CHANGE */
	char fresh[PASSWORD_BYTES + 1];    /* CHANGE, RESET: the new one */
};

enum outcome {
	OUTCOME_FAULT = 0, /* nothing was found out            */
	OUTCOME_VERDICT,   /* of AUTHENTICATE and ACCOUNT, and unknown-user of all others */
	OUTCOME_WRONG,     /* that is not their password       */
	OUTCOME_REFUSED,   /* the new password: `tell` is why  */
	OUTCOME_DONE,      /* of all but AUTHENTICATE and ACCOUNT */
};

/* All zero is a fault, which denies. */
struct answer {
	enum operation operation;           /* the one that was asked for */
	enum outcome outcome;
	enum verdict verdict;               /* with OUTCOME_VERDICT; otherwise none */
	char tell[MESSAGE_TEXT_MAX + 1];    /* for the person, one line; empty: nothing to say */
	char log[MESSAGE_LOG_MAX + 1];      /* for the log, one line; empty unless root asked */
	size_t variables;                   /* of SESSION: HEXA_NAME=value, one after another, */
	size_t environment_size;            /* each with its NUL                               */
	char environment[MESSAGE_ENVIRONMENT_MAX];
};

/*
 * Appends to `out`, whose `failed` says that memory ran out.  A question goes in whole: it holds
 * what fits.
 */
void question_encode(const struct question *question, struct bytes *out);
void answer_encode(const struct answer *answer, struct bytes *out);

/*
 * Strict: another version, an unknown number, a text that is too long or holds a NUL, or a byte
 * left over is false.  So is an answer whose outcome does not belong to its operation, whose
 * verdict stands without OUTCOME_VERDICT, whose text holds a control byte, or with a variable that
 * is not HEXA_…. On false *question is wiped and *answer is all zero.
 */
bool question_decode(const void *data, size_t size, struct question *question);
bool answer_decode(const void *data, size_t size, struct answer *answer);

/* Appends NAME=value to the answer's environment; false: it has no room, and is as it was. */
bool answer_add_variable(struct answer *answer, const char *variable);

/* The variable after `variable` (NULL: the first); NULL at the end. */
const char *answer_next_variable(const struct answer *answer, const char *variable);

void question_wipe(struct question *question);

#endif
