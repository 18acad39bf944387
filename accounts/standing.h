/*
 * standing.h - what one user comes to under a policy on this host: which services let them in,
 * which permissions they hold, which Unix groups they are in.  For the operations of accounts/
 * alone.
 */
#ifndef HEXA_ACCOUNTS_STANDING_H
#define HEXA_ACCOUNTS_STANDING_H

#include "policy/decide.h"
#include "policy/document.h"
#include "store/store.h"

/*
 * A request of the account phase on this host, at `now`: for a service that the caller sets.
 * Nothing was proved, so that an overdue password makes no difference.  *host holds its words, and
 * is to be cleared by host_clear() whatever comes of it.
 */
enum fault request_here(struct txn *txn, int64_t now, struct host *host, struct request *request,
    struct why *why);

/* Borrowed strings. */
struct words {
	const char **item;
	size_t count;
	size_t room;
};

bool words_add(struct words *words, const char *word);

/* Into strcmp order, each once. */
void words_sort(struct words *words);

/* Of words that are sorted. */
bool words_have(const struct words *words, const char *word);
void words_clear(struct words *words);

/* Each list is sorted; the strings are the document's and those of the services asked about. */
struct standing {
	struct words services;
	struct words permissions;
	struct words groups;
};

void standing_clear(struct standing *standing);

/*
 * The records of `all` that the user holds, in the order in which they hold them.  They go on
 * belonging to `all`: held->role is to be freed and nothing in it.
 */
enum fault roles_held(const struct roles *all, const struct user *user, struct roles *held,
    struct why *why);

/*
 * Works it out at `at` (its service is not looked at), for the services that are asked about; one
 * that no permission names stands for all such.  A permission is held if it is in whatever scope
 * and at whichever client; a group, the host's own or a role's, only where the role counts on this
 * host.  *standing must be all zero, and the document compiled.
 */
enum fault standing_of(const struct document *document, const struct user *user,
    const struct names *services, const struct request *at, struct standing *standing,
    struct why *why);

/*
 * Is the user let in at `at` (its service is not looked at) by any service at all: one that the
 * policy names, or one that it does not?  By sudo nobody comes in who is not in already, so that
 * does not count.  The document is compiled.
 */
enum fault standing_lets_in(const struct document *document, const struct user *user,
    const struct request *at, bool *lets_in, struct why *why);

/* What a role gives whoever holds it, of whatever type: nothing while it is disabled. */
enum fault standing_of_role(const struct role *role, struct standing *standing, struct why *why);

#endif
