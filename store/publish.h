/*
 * publish.h - brings the published directory and the aliases up to the database.
 */
#ifndef HEXA_STORE_PUBLISH_H
#define HEXA_STORE_PUBLISH_H

#include "store/store.h"

/*
 * Publishes what changed since the directory was last published, and takes away what ended until
 * `now` (seconds: a grant with Unix groups); rebuilds it whole when it is missing, damaged, of
 * another layout, or of another generation.  Takes the directory's writer first and reads the
 * database then, so that two publishers cannot go back in time.
 */
enum fault publish(struct store *store, int64_t now, struct why *why);

/* True when the directory stands where the database does at `now`: nothing to publish. */
enum fault publish_is_current(struct store *store, int64_t now, bool *current, struct why *why);

/*
 * True when something that is published has ended before `now`, or /etc/group is not the one that
 * unix-groups were resolved by.  A login has it published before it is answered, because the
 * session's groups are looked up right after: nothing else runs then.
 */
bool publish_is_overdue(struct store *store, int64_t now);

/* Users who by the directory are in other groups of the host's than by /etc/group. */
struct group_drift {
	uint64_t astray;  /* in one that they are not in by now: whoever has its gid has them in it */
	uint64_t lacking; /* and those who only lack one */
	uint32_t uid;     /* the first of those who are astray, else of all; 0: there is none */
};

/*
 * Compares the groups that are published with those that unix-groups come to by /etc/group of this
 * moment, of everybody: a tenth of a second for each ten thousand.  Whoever is not published is
 * passed over.
 */
enum fault publish_compare_groups(struct txn *txn, int64_t now, struct group_drift *drift,
    struct why *why);

/* Publishes everything anew into a new file that replaces the old one. */
enum fault publish_rebuild(struct store *store, int64_t now, struct why *why);

#endif
