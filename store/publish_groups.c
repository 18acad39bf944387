/*
 * publish_groups.c - whether the host's groups that the directory says users are in are those that
 * /etc/group says by now.
 */
#include <stdlib.h>

#include "directory/directory.h"
#include "store/files.h"
#include "store/publish.h"
#include "store/published.h"

/* Below it are the host's own groups, which a user may be in (directory/served.h). */
enum { SERVED_ID_MIN = 1000 };

/* What is compared, and with whom: NSS's own reader, whose answers count. */
struct comparison {
	struct publication publication;
	struct directory directory;
	struct group_drift *drift;
};

static bool
add_gid(void *context, gid_t gid)
{
	struct gids *gids = context;
	uint32_t *more = reallocarray(gids->gid, gids->count + 1, sizeof(*more));

	if (more == NULL)
		return false;
	more[gids->count++] = gid;
	gids->gid = more;
	return true;
}

/* Is there one in `gids` that `others` have not?  What NSS serves to nobody is passed over. */
static bool
has_more(const struct gids *gids, const struct gids *others, uint32_t primary)
{
	for (size_t i = 0; i < gids->count; i++) {
		uint32_t gid = gids->gid[i];

		if (gid != primary && (gid < SERVED_ID_MIN || image_id_is_served(gid)) &&
			!gids_have(others, gid))
			return true;
	}
	return false;
}

/* Whoever is not published at all is another matter. */
static enum fault
compare_user(struct comparison *comparison, const struct user *user, struct why *why)
{
	struct group_drift *drift = comparison->drift;
	struct memberships now = {0};
	struct gids published = {0};
	bool is_astray, lacks;
	gid_t primary = 0;
	enum fault fault = memberships_of(&comparison->publication, user, &now, why);

	if (fault == FAULT_NONE && directory_groups_of(&comparison->directory, user->name, &primary,
					   add_gid, &published) == LOOKUP_FOUND) {
		is_astray = has_more(&published, &now.all, primary);
		lacks = has_more(&now.all, &published, primary);
		if ((is_astray && drift->astray == 0) ||
			(lacks && drift->astray + drift->lacking == 0))
			drift->uid = user->uid;
		drift->astray += is_astray;
		drift->lacking += lacks && !is_astray;
	}
	gids_clear(&published);
	memberships_clear(&now);
	return fault;
}

static enum fault
compare_all(struct comparison *comparison, struct why *why)
{
	struct user user = {0};
	enum fault fault;

	while ((fault = user_next(comparison->publication.txn, user.uid, &user, why)) ==
			FAULT_NONE &&
		(fault = compare_user(comparison, &user, why)) == FAULT_NONE)
		continue;
	user_clear(&user);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

enum fault
publish_compare_groups(struct txn *txn, int64_t now, struct group_drift *drift, struct why *why)
{
	struct group_drift found = {0};
	struct comparison comparison = {
		.publication = {.txn = txn, .now = now},
		.drift = &found,
	};
	char *path = path_under(txn->store->root, DIRECTORY_FILE);
	enum fault fault = path == NULL ? why_memory(why) : FAULT_NONE;

	comparison.directory.path = path;
	if (fault == FAULT_NONE)
		fault = publication_start(&comparison.publication, txn->store->root, why);
	if (fault == FAULT_NONE)
		fault = compare_all(&comparison, why);
	if (fault == FAULT_NONE)
		*drift = found;
	publication_clear(&comparison.publication);
	directory_close(&comparison.directory);
	free(path);
	return fault;
}
