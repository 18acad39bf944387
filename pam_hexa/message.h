/*
 * message.h - what pam_hexa.so, and hexa-admin for an ordinary user, ask the helper, and what it
 * answers: one datagram each way over a socket pair.  Libc only, because it also runs in the
 * programs that call PAM.
 *
 * Either side distrusts the other: the helper is setuid root and anyone may start it; who asks
 * believes an answer only when it is whole and answers what was asked.
 */
#ifndef HEXA_PAM_HEXA_MESSAGE_H
#define HEXA_PAM_HEXA_MESSAGE_H

#include "accounts/admin.h"
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
	OPERATION_SHOW,         /* what is kept about whoever asks?                            */
	OPERATION_EDIT,         /* change fields of whoever asks                               */
	OPERATION_CAN,          /* may whoever asks do this?                                   */
	OPERATION_KEY_LIST,     /* which SSH keys has whoever asks?                            */
	OPERATION_KEY_ADD,      /* another key of theirs                                       */
	OPERATION_KEY_REMOVE,   /* one of their keys goes                                      */
};

/* Lengths in bytes, without the final NUL. */
enum {
	MESSAGE_SERVICE_MAX = 255,        /* a PAM service is a file name */
	MESSAGE_USER_MAX = 255,           /* nobody's is longer: an e-mail address has 254 */
	MESSAGE_PLACE_MAX = 255,          /* PAM_RHOST and PAM_TTY; what is longer is cut */
	MESSAGE_TEXT_MAX = 511,
	MESSAGE_LOG_MAX = 1023,
	MESSAGE_EDITS_MAX = 16,
	MESSAGE_FIELD_MAX = 63,
	MESSAGE_VALUE_MAX = 1024,         /* what the longest text of a record has */
	MESSAGE_PERMISSION_MAX = 255,
	MESSAGE_KEY_MAX = 16384,          /* a line of authorized_keys(5), or a fingerprint */
	MESSAGE_LINES_MAX = 640,
	MESSAGE_TEXTS_MAX = 180224,       /* all lines together, each with its NUL: the longest
	                                     record, with the most roles and clients of one user */
	MESSAGE_QUESTION_MAX = 24576,      /* a datagram */
	MESSAGE_ANSWER_MAX = 184320,       /* the same: net.core.wmem_default lets 212992 through */
};

/* No source of users knows the name.  No account has this uid: it is (uid_t)-1. */
#define MESSAGE_NO_ACCOUNT UINT32_MAX

/* One change of EDIT: a field option of the command line. */
struct question_edit {
	enum edit_act act;
	char field[MESSAGE_FIELD_MAX + 1];
	char value[MESSAGE_VALUE_MAX + 1]; /* empty with EDIT_CLEAR */
};

/* All zero asks for nothing.  The strings end with a NUL; what is not said is empty. */
struct question {
	enum operation operation;
	enum proof proof; /* of ACCOUNT and RESET: what this PAM transaction has verified */
	unsigned char stamp[CRYPTO_HASH_BYTES]; /* of RESET by a proof: its answer's; else unsent */
	uint32_t account; /* the uid that this name has on the host, or MESSAGE_NO_ACCOUNT */
	uint32_t invoker; /* the real uid of the program that has called PAM; believed of root's */
	char service[MESSAGE_SERVICE_MAX + 1]; /* of CAN empty: whatever the service is */
	char user[MESSAGE_USER_MAX + 1];       /* of CAN: whom it is about; of SHOW, EDIT unread */
	char rhost[MESSAGE_PLACE_MAX + 1];
	char tty[MESSAGE_PLACE_MAX + 1];
	char password[PASSWORD_BYTES + 1]; /* AUTHENTICATE, VERIFY, CHANGE */
	char fresh[PASSWORD_BYTES + 1];    /* CHANGE, RESET: the new one */
	size_t edits;                      /* EDIT: at least one; else none */
	struct question_edit edit[MESSAGE_EDITS_MAX];
	char permission[MESSAGE_PERMISSION_MAX + 1]; /* CAN; else empty */
	int64_t at;                        /* CAN: as of then; 0: now */
	int64_t dated;                     /* CAN: about what is of that time; 0: of `at` */
	char key[MESSAGE_KEY_MAX + 1];     /* KEY_ADD: the line; KEY_REMOVE: a fingerprint; KEY_LIST:
	                                      the one after which it goes on, or empty */
};

enum outcome {
	OUTCOME_FAULT = 0, /* nothing was found out            */
	OUTCOME_VERDICT,   /* of AUTHENTICATE, ACCOUNT and CAN, and unknown-user of all others */
	OUTCOME_WRONG,     /* that is not their password       */
	OUTCOME_REFUSED,   /* the new password, the edit or the question: `tell` is why */
	OUTCOME_DONE,      /* of all but AUTHENTICATE, ACCOUNT and CAN */
};

/* All zero is a fault, which denies. */
struct answer {
	enum operation operation;           /* the one that was asked for */
	enum outcome outcome;
	enum verdict verdict;               /* with OUTCOME_VERDICT; otherwise none */
	enum proof proof;                   /* of AUTHENTICATE that lets in, and VERIFY that is done:
	                                       what was typed; otherwise nothing */
	unsigned char stamp[CRYPTO_HASH_BYTES]; /* with a proof: for RESET, which is by it */
	bool has_code;                      /* of ACCOUNT: a one-time code stands for the password */
	enum fault refusal;                 /* with OUTCOME_REFUSED; otherwise none */
	char tell[MESSAGE_TEXT_MAX + 1];    /* for the person, one line; empty: nothing to say */
	char log[MESSAGE_LOG_MAX + 1];      /* for the log, one line; empty unless root asked */
	/*
	 * NAME=value, one after another, each with its NUL: the variables of a SESSION that is
	 * done, HEXA_…; the fields of SHOW and KEY_LIST; what CAN has found out beside its verdict,
	 * and notices.
	 */
	size_t lines;
	size_t texts_size;
	char texts[MESSAGE_TEXTS_MAX];
};

/*
 * Appends to `out`, whose `failed` says that memory ran out.  A question goes in whole: it holds
 * what fits.
 */
void question_encode(const struct question *question, struct bytes *out);
void answer_encode(const struct answer *answer, struct bytes *out);

/*
 * Strict: another version, an unknown number, a text that is too long or holds a NUL, or a byte
 * left over is false.  So is a question with what is not its operation's, an answer whose outcome
 * does not belong to its operation, whose verdict stands without OUTCOME_VERDICT, whose text holds
 * a control byte, or with a line that is not NAME=value, of SESSION HEXA_….  On false *question is
 * wiped and *answer is all zero.
 */
bool question_decode(const void *data, size_t size, struct question *question);
bool answer_decode(const void *data, size_t size, struct answer *answer);

/* Appends NAME=value to the answer's lines; false: it has no room, and is as it was. */
bool answer_add_line(struct answer *answer, const char *line);

/* The line after `line` (NULL: the first); NULL at the end. */
const char *answer_next_line(const struct answer *answer, const char *line);

void question_wipe(struct question *question);

#endif
