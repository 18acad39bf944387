/*
 * events.h - telling the system what became of accounts: a line of the log and an audit event for
 * each user and each group that a command has made, changed or deleted.
 */
#ifndef HEXA_ADMIN_EVENTS_H
#define HEXA_ADMIN_EVENTS_H

#include "store/store.h"

/*
 * How many accounts one command tells of one by one.  What a longer import has done is told in one
 * line with the journal's entries, so that it floods neither the log nor the kernel.
 */
enum { EVENTS_MAX = 1000 };

/*
 * Tells what stands in the journal after the entry `after`, up to the entry `last`.  The lines name
 * the account, its id and the fields that were changed, never a value: those are in the journal,
 * for who may see them.  Not being able to tell stops nobody.
 */
void events_tell(struct store *store, uint64_t after, uint64_t last);

#endif
