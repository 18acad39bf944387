/*
 * published.h - putting one user or one role's group into the published files, and taking it out.
 *
 * Beside the images each keeps a note of what it put there (map R and Q of aliases.mdb), so that
 * the next time exactly that is taken away again: the database no longer knows an old name.
 */
#ifndef HEXA_STORE_PUBLISHED_H
#define HEXA_STORE_PUBLISHED_H

#include "store/host_groups.h"
#include "store/internal.h"

/* What a role gives its holders in the directory. */
struct role_facts {
	char *name;
	uint32_t gid;     /* of its group; 0: none, or the role is disabled */
	uint32_t *unix_gid;
	size_t unix_count;
};

/*
 * One publication under way: a snapshot of the database, and a transaction on each published
 * file.
 */
struct publication {
	struct txn *txn;
	struct db_txn *directory;
	struct db_txn *aliases;
	struct host_groups groups;
	struct rules rules;
	struct role_facts *facts; /* of the roles met so far, by name */
	size_t facts_count;
	bool changed;             /* something in the directory is other than it was */
};

/* Reads what every record needs.  Cleared by publication_clear(), also after a failure. */
enum fault publication_start(struct publication *publication, const char *root, struct why *why);
void publication_clear(struct publication *publication);

/* Brings one user up to the database: a user who is gone is taken out. */
enum fault publish_user(struct publication *publication, uint32_t uid, struct why *why);

/* The same for one role's group, not for its holders. */
enum fault publish_role(struct publication *publication, const char *role, struct why *why);

/* Groups with more members are published without their list (0: none has a list). */
enum { GROUP_MEMBERS_MAX = 1000 };

#endif
