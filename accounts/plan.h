/*
 * plan.h - what a change of the policy does to whom, worked out before it takes effect.
 */
#ifndef HEXA_ACCOUNTS_PLAN_H
#define HEXA_ACCOUNTS_PLAN_H

#include "accounts/admin.h"
#include "policy/document.h"

/* How all services that no permission names are called. */
#define PLAN_OTHER "other"

/* What somebody gains and loses.  Each list is sorted. */
struct plan_change {
	struct names services_gained; /* of users: PAM services that let them in, or PLAN_OTHER */
	struct names services_lost;
	struct names permissions_gained;
	struct names permissions_lost;
	struct names groups_gained;   /* Unix groups, the host's and those of roles */
	struct names groups_lost;
};

struct plan_role {
	char *name;
	bool is_new, is_gone;
	struct plan_change change;
};

/* Users who stand alike share one change. */
struct plan_user {
	uint32_t uid;
	char *name;
	const struct plan_change *change;
};

struct plan {
	char *difference;           /* the two policies' texts, as diff -u shows it; "": none */
	struct plan_role *role;     /* those that something becomes of, by name */
	size_t role_count;
	struct plan_user *user;     /* those who gain or lose something, by uid */
	size_t user_count;
	uint64_t users;             /* all that were looked at */
	uint64_t gain_login, lose_login;           /* on one service at least */
	uint64_t gain_permission, lose_permission; /* one at least */
	struct names root_equal;    /* "PERMISSION gives GROUP", of the policy that is to be */
	struct names warnings;      /* what is allowed and perhaps not meant, in sentences */
	struct plan_change **changes; /* what the users share; the plan's own */
	size_t changes_count;
};

void plan_clear(struct plan *plan);

/*
 * Who wants to see one user of each kind that stands alike (alike.h), with what becomes of them.
 * Any fault ends the plan.
 */
struct plan_watcher {
	enum fault (*look)(void *context, const struct user *user, const struct plan_change *change,
	    struct why *why);
	void *context;
};

/*
 * Works out what becomes of every user when `after` takes the place of `before`.  Both are
 * compiled.  Reads all users once: 100 000 in some seconds.  *plan must be all zero; a fault leaves
 * it to be cleared.  `watcher` may be NULL.
 */
enum fault plan_users(struct admin *admin, struct txn *txn, const struct document *before,
    const struct document *after, const struct plan_watcher *watcher, struct plan *plan,
    struct why *why);

/*
 * Adds the rest to it: the roles, the texts' difference, the Unix groups that are root's equal.
 * That the texts could not be compared is a warning, and the difference is then "".
 */
enum fault plan_texts(const struct document *before, const struct document *after,
    struct plan *plan, struct why *why);

/*
 * `diff -u` of what document_write() makes of the two; "" when that is the same.  Newly allocated.
 * FAULT_UNAVAILABLE too when diff cannot be run.
 */
enum fault plan_difference(const struct document *before, const struct document *after,
    char **difference, struct why *why);

#endif
