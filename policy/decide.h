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
	const char *client;  /* the client that this host belongs to; NULL or "": none */
	const char *site;    /* the site that it stands at; NULL or "": none */
	int64_t now;         /* seconds since 1970 */
	int64_t dated;       /* of when what is asked about is; 0: of now (decide_permission()) */
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
	VERDICT_WRONG_SITE,
	VERDICT_SERVICE_NOT_PERMITTED,
	VERDICT_LOCKED_OUT,
	VERDICT_MUST_CHANGE_PASSWORD, /* allowed after a change */
	VERDICT_ALLOWED,
};

/*
 * What decided.  The strings point into the arguments of decide() and live as long as those.
 *
 * Of a yes, `role` is what carries `permission`, or NULL with the field "grants".  Of a no, `role`
 * is one that would do with another permission, or in another state or scope; the field tells apart
 *   wrong-site             "clients", "sites", or "roles": all they have is for another client
 *   service-not-permitted  "login.other-services", "roles": what opens it is for another client,
 *                          or NULL: they have none that opens it
 *   no-permission          as decide_permission() says
 */
struct decision {
	enum verdict verdict;
	const char *field;      /* the user's field or the setting that decided, or NULL */
	const char *role;
	const char *permission; /* the permission that decided, or NULL */
};

/*
 * May this user log in?  In PHASE_AUTH an overdue password change is not judged: it is no reason
 * to refuse a password, and the account phase asks for it, always of who came with a one-time code.
 * In PHASE_ACCOUNT a lock-out is not judged: it stops guessing, not people who were let in; but
 * with lockout.keys it is, of who has verified neither a password nor a code.
 * `roles` are the records of the roles that user->roles assign (a role that is gone is simply
 * absent), each compiled; one that is not assigned counts for nothing.  `rules` are whole, or what
 * rules.h says of a login.  `user` NULL: unknown-user.  A request without a phase or a time is
 * VERDICT_NONE.
 */
struct decision decide(const struct user *user, const struct roles *roles,
    const struct rules *rules, const struct request *request);

/*
 * Does this user hold the permission, here and now?  As decide(); when request->service is NULL,
 * without the rules about the user's type, contact, site and service.  VERDICT_NO_PERMISSION with
 * the field "roles" when no role and no grant of theirs carries it, "type" when it does not work
 * for their type, and "access-back" when they have it, but what is asked about is of more days
 * before request->now than access_back() lets them see.  `rules` must be whole.
 */
struct decision decide_permission(const struct user *user, const struct roles *roles,
    const struct rules *rules, const struct request *request, const char *permission);

/*
 * How many days back this user may see: their own number, else the largest of their enabled roles';
 * 0: no limit was set.
 */
uint32_t access_back(const struct user *user, const struct roles *roles);

/* How many days before the request what is asked about is of: the days of UTC, whole. */
int64_t days_back(const struct request *request);

/*
 * From when on the user's password has to be changed for its age; INT64_MAX: never.  A password of
 * which nobody knows when it was set has to be at once: INT64_MIN.  Whether they have one is not
 * asked.
 */
int64_t password_end(const struct user *user, const struct settings *settings);

/* The verdict's name in documents and output: "no-permission". */
const char *verdict_name(enum verdict verdict);

/* The verdict of that name; VERDICT_NONE for what is none. */
enum verdict verdict_find(const char *name);

/* True for VERDICT_ALLOWED alone: must-change-password is not yet a yes. */
bool verdict_allows(enum verdict verdict);

#endif
