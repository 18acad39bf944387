/*
 * attempts.h - the file that failed logins are counted in, RUN_FOLDER/logins.mdb: one process at a
 * time has it open, in a child of its own (child.h).  For lockout.c alone.
 *
 * It is on tmpfs and may be lost.  What cannot be used is moved aside, and made anew; not so when
 * the system has not what the work takes, because whoever asks may have seen to that.
 */
#ifndef HEXA_ACCOUNTS_ATTEMPTS_H
#define HEXA_ACCOUNTS_ATTEMPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "store/db.h"

/* Which file it is, whatever it is called. */
struct attempts_identity {
	dev_t device;
	ino_t inode;
};

/* Why it was not done. */
enum attempts_cause {
	CAUSE_UNKNOWN, /* the child was ended: by what it read, or by something else */
	CAUSE_SYSTEM,  /* no memory, descriptor, or room; no other file would do better */
	CAUSE_FILE,
};

/*
 * Something to be done with the file; the first member of what is in child_memory(), in which the
 * rest is an answer.
 */
struct attempts_job {
	const char *root;
	bool write; /* the file is made when it is missing; else there is nothing to do then */
	/* In the child, in one transaction, which is kept when there is no fault. */
	enum fault (*work)(struct attempts_job *job, struct db_txn *txn, struct why *why);
	/* attempts.c's own. */
	struct attempts_identity file; /* what was opened */
	struct attempts_identity bad;  /* what is to be moved aside first; all zero: nothing */
	bool moved;
	enum attempts_cause cause;
	struct why why;
};

/* Is there something of whatever kind, but an empty file? */
bool attempts_are_there(const char *root);

/*
 * Does it.  What is to be written is tried once more with a new file where the one that is there
 * does not do: damage, also when two children have been ended in turn; more in it than it may have;
 * or somebody who does not let it go; that is logins.mdb.bad then.
 * *note says for the log what became of it, in one sentence, or is "".  False: it was not done, and
 * the answer counts for nothing.
 */
bool attempts_do(struct attempts_job *job, char *note, size_t note_size);

#endif
