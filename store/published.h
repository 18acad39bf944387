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

struct gids {
	uint32_t *gid;
	size_t count;
};

bool gids_have(const struct gids *gids, uint32_t gid);
void gids_clear(struct gids *gids);

/* What a role gives its holders in the directory. */
struct role_facts {
	char *name;
	bool enabled;
	uint32_t gid;                  /* of its group; 0: none that is served, or it is disabled */
	struct gids host[USER_TYPES];  /* the host's groups, for each type of user */
};

void role_facts_clear(struct role_facts *facts);

/*
 * One publication under way: a snapshot of the database, and a transaction on each published
 * file.
 */
struct publication {
	struct txn *txn;
	int64_t now; /* in seconds: the clock that grants end by */
	struct db_txn *directory;
	struct db_txn *aliases;
	struct host_groups groups;
	struct host host;
	uint32_t admins;          /* the gid of ADMINS_GROUP; 0: none that is served */
	bool admins_moved;        /* somebody came into it, or left */
	bool emails;              /* addresses are names to log in by */
	bool phones;
	uint32_t group_members;   /* a group with more is published without its list; 0: all are */
	struct rules rules;       /* once has_rules is set */
	bool has_rules;
	struct role_facts *facts; /* of the roles met so far, by name */
	size_t facts_count;
	bool changed;             /* something in the directory is other than it was */
	bool gave_up;             /* a user's name, address or membership was taken out */
};

/* Reads what every record needs.  Cleared by publication_clear(), also after a failure. */
enum fault publication_start(struct publication *publication, const char *root, struct why *why);
void publication_clear(struct publication *publication);

/* The groups that a user is in besides the primary one; and that one, where it is the host's. */
struct memberships {
	struct gids roles; /* of role groups, and of ADMINS_GROUP */
	struct gids all;   /* those and the host's, ascending */
	int64_t end;       /* the last second in which all of that holds; 0: no end is known */
};

/* *memberships, which is not looked at, is released by memberships_clear(). */
enum fault memberships_of(struct publication *publication, const struct user *user,
    struct memberships *memberships, struct why *why);
void memberships_clear(struct memberships *memberships);

/* Brings one user up to the database: a user who is gone is taken out. */
enum fault publish_user(struct publication *publication, uint32_t uid, struct why *why);

/* The same for one role's group, not for its holders. */
enum fault publish_role(struct publication *publication, const char *name, struct why *why);

/* The same for ADMINS_GROUP, when those who are in it are published. */
enum fault publish_admins(struct publication *publication, struct why *why);

/* Is there an end that has passed?  *uid is then whose; it is not met again. */
enum fault publish_ended(struct publication *publication, bool *ended, uint32_t *uid,
    struct why *why);

#endif
