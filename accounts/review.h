/*
 * review.h - the questions: may this user log in, may they do this, and why.
 */
#ifndef HEXA_ACCOUNTS_REVIEW_H
#define HEXA_ACCOUNTS_REVIEW_H

#include "accounts/admin.h"
#include "accounts/doctor.h"
#include "accounts/unlock.h"
#include "policy/decide.h"
#include "policy/text.h"

/* One answer, with its words. */
struct review {
	char service[SERVICE_BYTES + 1]; /* "sshd", or "other" for any service that nothing names */
	enum verdict verdict;
	char role[WORD_BYTES + 1]; /* the role, permission and field that decided; "" for none */
	char permission[WORD_BYTES + 1];
	char field[WHY_FIELD_MAX];
	unsigned line;    /* of policy_text() where what decided stands; 0: it does not */
	char reason[512]; /* one sentence for an administrator */
	char mend[256];   /* the one command that would change it, or "" */
	char warning[96]; /* what else that command does, to be said with it; or "" */
};

/* What somebody can show who they are by. */
struct credentials {
	bool password;
	bool code;        /* one that is good now, and was used for no login yet */
	bool key;         /* of Hexa's, or in the file of their own that sshd looks into */
	char lacks[128];  /* a sentence, of whom Hexa lets in and who has none; else "".  cron and
	                     at ask for none */
	char mend[96];
};

struct reviews {
	struct review *review;
	size_t count;
	struct credentials credentials; /* now, as what follows */
	struct finding *host; /* what this host says of the services that let them in (doctor.h) */
	size_t hosts;
	struct locked_out locked; /* now, whenever the question is about: it is part of no verdict */
};

void reviews_clear(struct reviews *reviews);

/*
 * Would this user be let in, at `when`, on this host?  One answer for `service`, or, with NULL, one
 * for every service that some permission names, one for each of sudo's that lets them in though
 * nothing names it and others like it do not, and one for "other"; with what would mend it only
 * when they are let in by none but sudo, which nobody comes in by.  FAULT_UNKNOWN: no such user.
 * FAULT_INVALID: what no PAM service is called; that this host has no such service is a notice
 * (admin.h), here and below.
 */
enum fault review_logins(struct admin *admin, const char *who, const char *service, int64_t when,
    struct reviews *reviews, struct why *why);

/* Does somebody hold a permission? */
struct question_of {
	const char *permission;
	const char *service; /* NULL: the rules about services and sites are left out */
	int64_t when;
	int64_t dated;       /* what it is about is of this time; 0: of `when` */
};

/* FAULT_UNKNOWN: no such user, no such permission. */
enum fault review_permission(struct admin *admin, const char *who,
    const struct question_of *question, struct review *review, struct why *why);

/* Somebody who holds it, and how. */
struct holder_of {
	uint32_t uid;
	char name[LOGIN_NAME_BYTES + 1];
	char role[WORD_BYTES + 1]; /* "": by a grant */
};

/*
 * Everybody who holds it, by uid: `each` is called once for each and ends the search with any other
 * fault than FAULT_NONE.  FAULT_UNKNOWN: no such permission.
 */
enum fault review_holders(struct admin *admin, const struct question_of *question,
    enum fault (*each)(void *context, const struct holder_of *holder, struct why *why),
    void *context, struct why *why);

#endif
