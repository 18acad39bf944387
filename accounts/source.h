/*
 * source.h - where the users of a list come from: all of them, or those whom an index leads to.
 * For the operations of accounts/ alone.
 */
#ifndef HEXA_ACCOUNTS_SOURCE_H
#define HEXA_ACCOUNTS_SOURCE_H

#include "accounts/admin.h"
#include "policy/match.h"

enum from {
	FROM_NOWHERE = 0,
	FROM_ALL,  /* everybody, by uid                       */
	FROM_WORD, /* those who stand under a word of an index */
	FROM_LIST, /* those whose uids stand in a list         */
};

/* A word, and the index it stands in. */
struct word {
	const struct word_index *index; /* NULL: that of an F_INDEXED field */
	const struct field *field;
	const char *text;
};

/* All zero: nobody. */
struct source {
	enum from from;
	struct word word;
	char *text;     /* the word's; the source's own */
	uint32_t *uid;  /* of a list, in its order */
	size_t count;
	size_t room;
	size_t at;      /* in the list */
	uint32_t after; /* the newest by uid */
};

/*
 * Chooses what leads to the fewest users among the filters and the reach: nobody who passes all of
 * these is left out, others may be among them.  Where an index would save less than half of them,
 * it is everybody.  Users of units are gathered in a list, four bytes each.
 */
enum fault source_choose(struct source *source, struct txn *txn, const struct filter *filter,
    size_t filters, const struct reach *reach, struct why *why);

/* Adds to a list. */
enum fault source_add(struct source *list, uint32_t uid, struct why *why);

/*
 * The next user, as they stand in this transaction; FAULT_UNKNOWN: there is no more.  *user must be
 * all zero, or cleared.
 */
enum fault source_next(struct source *source, struct txn *txn, struct user *user,
    struct why *why);

void source_clear(struct source *source);

#endif
