/*
 * ranking.h - the order of a sorted list, kept apart from the records: a key and a uid for each
 * user, or for as many as will be shown.  For the operations of accounts/ alone.
 *
 * Memory: 16 bytes for each user kept and, where it is no number, the text it is sorted by with its
 * NUL; while they are put in order, 16 bytes more.  With a limit no more users are kept at any time
 * than twice the limit and RANKING_SPARE.
 */
#ifndef HEXA_ACCOUNTS_RANKING_H
#define HEXA_ACCOUNTS_RANKING_H

#include "policy/match.h"

struct ranked {
	uint64_t key; /* the number, or where in `text` the text begins */
	uint32_t uid;
};

/* All zero: nobody, and no limit of how many. */
struct ranking {
	bool is_number; /* what it is sorted by */
	bool descending;
	uint64_t limit; /* 0: none */
	struct ranked *ranked;
	size_t count;
	size_t room;
	char *text;
	size_t text_size;
	size_t text_room;
	bool in_order;  /* and no more than the limit */
	bool was_cut;   /* the first `limit` are those who were left, in order */
};

enum { RANKING_SPARE = 4096 };

/* Adds a user: by number, or by text.  FAULT_UNAVAILABLE: memory is out. */
enum fault ranking_add(struct ranking *ranking, const struct rank *rank, uint32_t uid,
    struct why *why);

/*
 * Puts them in order, and lets go of who stands beyond the limit.  The same rank stands by uid,
 * whichever the direction.
 */
enum fault ranking_order(struct ranking *ranking, struct why *why);

void ranking_clear(struct ranking *ranking);

#endif
