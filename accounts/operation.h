/*
 * operation.h - one operation on one user who is there, in one transaction.  For the operations of
 * accounts/ alone.
 */
#ifndef HEXA_ACCOUNTS_OPERATION_H
#define HEXA_ACCOUNTS_OPERATION_H

#include "accounts/change.h"

struct operation {
	const char *action;     /* the journal's word */
	const char *permission; /* that the actor needs over them, before and after */
	bool passes_over;       /* clients that are full (change.h) */
	/* Changes the record, by what is in *with. */
	enum fault (*alter)(struct change *change, struct user *user, const void *with,
	    struct why *why);
};

/*
 * Finds the user, alters them, and writes what came of it by the rules of change_user().  Whoever
 * may not change them is told nothing else about them.  FAULT_UNKNOWN when `who` is nobody.
 */
enum fault operate(struct admin *admin, const struct operation *operation, const char *who,
    const void *with, struct why *why);

#endif
