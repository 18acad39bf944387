/*
 * overview.h - the users that somebody asks for and may see, one after another.
 */
#ifndef HEXA_ACCOUNTS_OVERVIEW_H
#define HEXA_ACCOUNTS_OVERVIEW_H

#include "accounts/admin.h"
#include "policy/match.h"

struct overview;

/* Beside the question itself. */
struct overview_wish {
	struct question question;
	bool has_limit;
	uint64_t limit;  /* no more users than that will be asked for */
	bool display;    /* what of struct listed_user is to be filled in, besides what */
	bool last_login; /* the question needs, and code_until */
	bool failures;   /* and locked_until */
};

/*
 * Makes ready a list of the users whom the actor's permission reaches (FAULT_DENIED: it reaches
 * nobody) and the question is about.
 *
 * Memory: by uid none of them is kept, however many they are, but for four bytes for each user of
 * the units that a filter or the actor's reach is for.  Sorted, it is what ranking.h says and then
 * four bytes for each; a place in the order is that of the moment of this call.
 *
 * Where a filter, or the actor's reach, leads to no more than half of all users by an index of
 * the store (status, unit and other F_INDEXED fields, roles, clients, sites, name, uid, e-mail,
 * phone), only those are looked at; the answer is the same.
 *
 * The value of a filter for another user may be written as any user argument.  Who sees everybody
 * is told when a filter names a role, client, site or other user that there is not
 * (FAULT_UNKNOWN); for others it is what nobody has.
 * FAULT_INVALID as match_make() says.
 */
enum fault overview_open(struct admin *admin, const char *permission,
    const struct overview_wish *wish, struct overview **overview, struct why *why);

/*
 * The next of them, as the transaction sees them, which may be another each time: who is gone or
 * is no longer asked for is left out.  *listed must be all zero, or cleared; FAULT_UNKNOWN: there
 * is no more.
 */
enum fault overview_next(struct overview *overview, struct txn *txn, struct listed_user *listed,
    struct why *why);

void overview_close(struct overview *overview);

#endif
