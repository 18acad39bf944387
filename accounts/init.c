/*
 * init.c - a host's new database.
 */
#include "accounts/init.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "accounts/host.h"
#include "accounts/roles.h"
#include "accounts/sudoers.h"
#include "directory/image.h"
#include "store/paths.h"

static enum fault
refuse_lost_users(const char *root, struct why *why)
{
	uint64_t count = 0;
	enum fault fault = store_lost_users(root, &count, why);

	if (fault != FAULT_NONE || count == 0)
		return fault;
	why_set(why, FAULT_RULE,
	    "the directory still shows %llu user%s of a database that is gone, which a backup may "
	    "bring back; --yes begins anew, and gives none of their ids out",
	    (unsigned long long)count, count == 1 ? "" : "s");
	return FAULT_RULE;
}

/* Root's work, in the journal under the name of who is there. */
static enum fault
apply(const char *root, const struct beginning *beginning, struct why *why)
{
	const struct policy_application application = {
	    .yaml = beginning->yaml, .size = beginning->size};
	const struct caller caller = {.login_uid = beginning->actor.login_uid};
	struct admin admin = {0};
	enum fault fault = admin_open(&admin, root, &caller, 0, beginning->now, why);

	if (fault != FAULT_NONE)
		return fault;
	admin.actor = beginning->actor;
	fault = policy_apply(&admin, &application, NULL, why);
	admin_close(&admin);
	return fault;
}

/* What store_create() has just made; the folders may stay. */
static void
take_back(const char *root)
{
	static const char *const made[] = {DATABASE_FILE, DATABASE_FILE "-lock", ALIASES_FILE,
	    ALIASES_FILE "-lock", DIRECTORY_FILE, DIRECTORY_FILE "-lock"};

	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		char *path;

		if (asprintf(&path, "%s%s", root, made[i]) < 0)
			continue;
		unlink(path);
		free(path);
	}
}

enum fault
init_database(const char *root, const struct beginning *beginning, struct why *why)
{
	struct document document = {0};
	enum fault fault = FAULT_NONE;

	if (beginning->yaml != NULL)
		fault = document_read(beginning->yaml, beginning->size, &document, why);
	document_clear(&document);
	if (fault == FAULT_NONE && !beginning->insist)
		fault = refuse_lost_users(root, why);
	if (fault == FAULT_NONE)
		fault = sudoers_group_is_free(root, why);
	if (fault == FAULT_NONE)
		fault = store_create(root, &(struct id_source){host_id_is_taken, (void *)root},
		    &beginning->actor, beginning->now, why);
	if (fault != FAULT_NONE || beginning->yaml == NULL)
		return fault;
	fault = apply(root, beginning, why);
	if (fault != FAULT_NONE)
		take_back(root);
	return fault;
}
