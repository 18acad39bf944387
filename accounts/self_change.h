/*
 * self_change.h - one change that people make of their own account, in one transaction.  For
 * self*.c alone.
 */
#ifndef HEXA_ACCOUNTS_SELF_CHANGE_H
#define HEXA_ACCOUNTS_SELF_CHANGE_H

#include "accounts/change.h"
#include "accounts/self.h"

struct self_change {
	const char *action; /* the journal's word */
	/* Does it, by what is in *with; `user` is the record as it stands then. */
	enum fault (*alter)(struct change *change, const struct user *user, void *with,
	    struct why *why);
	void *with;
};

/* The record of whose uid it is, in a look of its own at the database.  Faults as self_show(). */
enum fault self_read(const struct self *self, struct user *user, struct why *why);

/* The same as this transaction has it. */
enum fault self_find(struct txn *txn, const struct self *self, struct user *user,
    struct why *why);

/* FAULT_DENIED: they are not active, or not within their validity: nothing is theirs to change. */
enum fault self_may_change(const struct user *user, int64_t now, struct why *why);

/*
 * Takes the host's one writer, looks again whose it is and that they may, and alters it.  What came
 * of it stands in *edited, whose name and fields are the caller's to write; when the change stood
 * and publishing failed, that is FAULT_NONE with edited->unpublished.
 */
enum fault self_write(const struct self *self, const struct self_change *what,
    struct self_edited *edited, struct why *why);

#endif
