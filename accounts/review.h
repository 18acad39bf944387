/*
 * review.h - the questions: may this user log in, may they do this, and why.
 */
#ifndef HEXA_ACCOUNTS_REVIEW_H
#define HEXA_ACCOUNTS_REVIEW_H

#include "accounts/admin.h"
#include "policy/decide.h"

/* One answer, with its words. */
struct review {
	char service[64]; /* "sshd", or "other" for any service that no permission names */
	enum verdict verdict;
	char role[64];       /* the role, permission and field that decided; "" for none */
	char permission[128];
	char field[64];
	char reason[512]; /* one sentence for an administrator */
	char mend[256];   /* the one command that would change it, or "" */
};

struct reviews {
	struct review *review;
	size_t count;
};

void reviews_clear(struct reviews *reviews);

/*
 * Would this user be let in, at `when`?  One answer for `service`, or, with NULL, one for every
 * service that some permission names and one for "other".  FAULT_UNKNOWN: no such user.
 * FAULT_INVALID: what no PAM service is called.
 */
enum fault review_logins(struct admin *admin, const char *who, const char *service, int64_t when,
    struct reviews *reviews, struct why *why);

/*
 * Does this user hold the permission?  FAULT_UNKNOWN: no such user, no such permission.
 * `service` NULL: service rules are left out.
 */
enum fault review_permission(struct admin *admin, const char *who, const char *permission,
    const char *service, int64_t when, struct review *review, struct why *why);

#endif
