/*
 * login_view.h - a login's look into the database: whom it finds under the name, and what the
 * policy says of them.  For the files login*.c alone.
 */
#ifndef HEXA_ACCOUNTS_LOGIN_VIEW_H
#define HEXA_ACCOUNTS_LOGIN_VIEW_H

#include "accounts/lockout.h"
#include "accounts/login.h"

/* One look: one transaction, the policy's settings, and the user it found. */
struct view {
	struct store *store;
	struct txn *txn;
	struct settings settings;
	struct user user;
	bool known;
	int64_t mark; /* clock_mark() */
};

/* On a fault there is nothing to close. */
enum fault view_open(struct view *view, const struct login *login, struct why *why);
void view_close(struct view *view);

/* The answer before anything was decided: who it is about, or that it is about nobody. */
struct login_answer view_answer(const struct view *view);

/*
 * Who is guessed at, and from where: for lockout.h.  Its texts are the login's.  `uid` 0: nobody.
 * An ordinary user's program guesses at them alone, whatever name it gives: it fills no file with
 * names.
 */
struct lockout_place place_of(const struct login *login, uint32_t uid);

/* What is to be decided. */
struct judging {
	enum phase phase; /* 0: nothing but that it is theirs, whatever the policy says of them */
	enum proof proof;
	bool locked_out;
};

/*
 * *answer has the verdict and its reason, VERDICT_ALLOWED in phase 0.  Costs the same whoever the
 * user is, up to what the policy has on them.
 */
enum fault view_judge(const struct view *view, const struct login *login,
    const struct judging *judging, struct login_answer *answer, struct why *why);

/* Makes the answer that they are locked out, of a known user. */
void answer_locked_out(const struct user *user, struct login_answer *answer);

/* What a decision is about, and by: the user's part of the policy, and what this host is. */
struct matter {
	struct roles roles;
	struct rules rules;
	struct host host;
};

/* *matter must be all zero; it is to be cleared after a fault too. */
enum fault matter_load(const struct view *view, struct matter *matter, struct why *why);
void matter_clear(struct matter *matter);

#endif
