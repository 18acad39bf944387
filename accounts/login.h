/*
 * login.h - what the PAM helper asks: is this the password, may they in, has their login begun.
 */
#ifndef HEXA_ACCOUNTS_LOGIN_H
#define HEXA_ACCOUNTS_LOGIN_H

#include "policy/decide.h"
#include "policy/names.h"
#include "store/store.h"

struct login {
	const char *root;    /* "" for this host */
	const char *user;    /* as typed: a login name, an e-mail address or a phone number */
	const char *service; /* the PAM service */
	const char *from;    /* PAM_RHOST or PAM_TTY, for the record only: never trusted, never resolved */
	int64_t now;
	enum proof proof;    /* of the account phase: what this PAM transaction verified */
};

/* What came of it.  The zero value denies. */
struct login_answer {
	enum verdict verdict;
	uint32_t uid;      /* of the user, when they are known */
	char name[64];     /* their login name; "" when unknown */
	char reason[512];  /* for the log; holds no secret, and no name of nobody */
};

/*
 * Verifies the password and then decides as the account phase would.  Always costs one Argon2:
 * unknown, password-less and refused users included.  The database's transaction is ended before.
 * A wrong password is VERDICT_NONE with FAULT_NONE: denied, and nothing more is told.
 */
enum fault login_authenticate(const struct login *login, const char *password,
    struct login_answer *answer, struct why *why);

/* The decision alone. */
enum fault login_account(const struct login *login, struct login_answer *answer,
    struct why *why);

/*
 * Notes the last login and gives the session's variables as NAME=value: HEXA_ROLES,
 * HEXA_ACCESS_BACK.
 */
enum fault login_open_session(const struct login *login, struct login_answer *answer,
    struct names *environment, struct why *why);

/*
 * Sets a new password.  `old` NULL: the caller is root and need not know it; otherwise FAULT_DENIED
 * when it is wrong.  FAULT_INVALID: the new one is refused, with the reason for the person.
 * FAULT_UNKNOWN: not a user of Hexa's.
 */
enum fault login_change_password(const struct login *login, const struct actor *actor,
    const char *old, const char *fresh, struct login_answer *answer, struct why *why);

#endif
