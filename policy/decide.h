/*
 * decide.h - who may do what, here and now.  Pure: reads nothing but its arguments, so that PAM,
 * `user check`, `can` and the tests get the same answer from the same function.
 */
#ifndef HEXA_POLICY_DECIDE_H
#define HEXA_POLICY_DECIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/rules.h"
#include "policy/user.h"

enum phase { PHASE_AUTH = 1, PHASE_ACCOUNT };

/* What has shown that the person is who they say. */
enum proof { PROOF_NOTHING, PROOF_PASSWORD, PROOF_CODE, PROOF_KEY };

struct request {
	const char *service; /* the PAM service: "sshd", "sudo", "login" */
	const char *host;    /* this host's name */
	int64_t now;         /* seconds since 1970 */
	enum phase phase;
	enum proof proof;
	bool locked_out;     /* too many failures: counted elsewhere, judged here */
};

/* The zero value denies.  The order is the order in which they are looked at. */
enum verdict {
	VERDICT_NONE = 0, /* no decision was reached: a fault.  Denies. */
	VERDICT_UNKNOWN_USER,
	VERDICT_NOT_ACTIVE,
	VERDICT_NOT_YET_VALID,
	VERDICT_EXPIRED,
	VERDICT_TYPE_CANNOT_LOG_IN,
	VERDICT_NO_CONTACT,
	VERDICT_NO_ROLE,
	VERDICT_ROLE_DISABLED,
	VERDICT_NO_PERMISSION,
	VERDICT_SERVICE_NOT_PERMITTED,
	VERDICT_LOCKED_OUT,
	VERDICT_MUST_CHANGE_PASSWORD, /* allowed after a change */
	VERDICT_ALLOWED,
};

/* What decided.  The strings point into the arguments of decide() and live as long as those. */
struct decision {
	enum verdict verdict;
	const char *field;      /* the user's field that decided, by its row's name, or NULL */
	const char *role;       /* the role that decided, or NULL */
	const char *permission; /* the permission that decided, or NULL */
};

/*
 * May this user log in?  In PHASE_AUTH an overdue password change is not judged: it is no reason
 * to refuse a password, and the account phase asks for it.  In PHASE_ACCOUNT a lock-out is not
 * judged: it stops guessing, not people who were let in.  `roles` are the records of the roles
 * the user holds (a role that is gone is simply absent), each compiled; what they carry counts as
 * far as `rules` know it.  `user` NULL: unknown-user.  A request without a phase or a time is
 * VERDICT_NONE.
 */
struct decision decide(const struct user *user, const struct roles *roles,
    const struct rules *rules, const struct request *request);

/*
 * Does this user hold the permission, here and now?  As decide() with the service rules left out
 * when request->service is NULL; VERDICT_NO_PERMISSION when none of their roles carries it.
 */
struct decision decide_permission(const struct user *user, const struct roles *roles,
    const struct rules *rules, const struct request *request, const char *permission);

/* The verdict's name in documents and output: "no-permission". */
const char *verdict_name(enum verdict verdict);

/* True for VERDICT_ALLOWED alone: must-change-password is not yet a yes. */
bool verdict_allows(enum verdict verdict);

#endif
