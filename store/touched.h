/*
 * touched.h - whom a publication has to do with: what the entries since the last one touched, and
 * what has ended meanwhile.
 */
#ifndef HEXA_STORE_TOUCHED_H
#define HEXA_STORE_TOUCHED_H

#include "store/published.h"

/* All zero: nobody.  A user may stand in it more than once. */
struct touched {
	uint32_t *uid;
	size_t count;
	struct names roles;   /* whose groups are, each once */
	struct names holders; /* whose holders are too: touched_holders() adds them */
	bool everybody;       /* and all who are there, beside those */
};

void touched_clear(struct touched *touched);

/* What the journal's entries after this one touched. */
enum fault touched_since(struct txn *txn, uint64_t after, struct touched *touched,
    struct why *why);

/* Those for whom something has ended by the publication's clock. */
enum fault touched_ended(struct publication *publication, struct touched *touched,
    struct why *why);

/* The holders of the roles whose holders are touched. */
enum fault touched_holders(struct txn *txn, struct touched *touched, struct why *why);

#endif
