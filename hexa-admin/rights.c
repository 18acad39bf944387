/*
 * rights.c - what a process may.
 */
#include "hexa-admin/rights.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
rights_clear(struct rights *rights)
{
	free(rights->groups);
	free(rights->name);
	free(rights->home);
	*rights = (struct rights){0};
}

/* ---- whose ---------------------------------------------------------------------------------- */

/* The groups that getgrouplist(3) knows, `gid` among them. */
static bool
find_groups(const char *name, gid_t gid, struct rights *rights)
{
	int count = 64;

	do {
		gid_t *grown = reallocarray(rights->groups, (size_t)count, sizeof(*grown));

		if (grown == NULL)
			return false;
		rights->groups = grown;
		rights->count = count;
	} while (getgrouplist(name, gid, rights->groups, &count) < 0 && count > rights->count);
	rights->count = count;
	return true;
}

static enum fault
rights_of(const char *name, uid_t uid, gid_t gid, const char *home, struct rights *rights,
    struct why *why)
{
	rights->uid = uid;
	rights->gid = gid;
	rights->name = strdup(name);
	rights->home = strdup(home == NULL || *home == '\0' ? "/" : home);
	if (rights->name == NULL || rights->home == NULL || !find_groups(name, gid, rights))
		return why_memory(why);
	return FAULT_NONE;
}

enum fault
rights_of_actor(struct call *call, struct rights *rights, struct why *why)
{
	struct user user = {0};
	struct txn *txn;
	enum fault fault;

	/* Who runs it without sudo has no rights but their own. */
	if (call->admin.is_root || getuid() != 0)
		return FAULT_NONE;
	fault = store_read_begin(call->admin.store, &txn, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = user_get(txn, call->admin.self, &user, why);
	store_end(txn);
	if (fault == FAULT_NONE)
		fault = rights_of(user.name, user.uid, user.gid, user.home, rights, why);
	user_clear(&user);
	return fault;
}

enum fault
rights_of_person(struct call *call, struct rights *rights, struct why *why)
{
	const struct passwd *line;

	if (!call->admin.is_root)
		return rights_of_actor(call, rights, why);
	if (call->admin.actor.uid == 0)
		return FAULT_NONE;
	line = getpwuid(call->admin.actor.uid);
	if (line == NULL)
		return why_set(why, FAULT_UNAVAILABLE, "this host does not know uid %lu",
		    (unsigned long)call->admin.actor.uid);
	return rights_of(line->pw_name, line->pw_uid, line->pw_gid, line->pw_dir, rights, why);
}

/* ---- changing them -------------------------------------------------------------------------- */

static enum fault
rights_now(struct rights *rights, struct why *why)
{
	int count = getgroups(0, NULL);

	rights->uid = geteuid();
	rights->gid = getegid();
	rights->groups = count < 0 ? NULL : calloc((size_t)count + 1, sizeof(*rights->groups));
	if (rights->groups == NULL)
		return why_memory(why);
	rights->count = getgroups(count, rights->groups);
	return rights->count == count ? FAULT_NONE
	                              : why_set(why, FAULT_UNAVAILABLE,
	                                    "the groups of this process: %s", strerror(errno));
}

/* True when there is nothing to change. */
static bool
are_own(const struct rights *rights)
{
	return rights->name == NULL;
}

enum fault
rights_take(const struct rights *rights, struct rights *before, struct why *why)
{
	enum fault fault = are_own(rights) ? FAULT_NONE : rights_now(before, why);

	if (fault != FAULT_NONE || are_own(rights))
		return fault;
	/* Where the groups cannot be changed, nothing has been. */
	if (setgroups((size_t)rights->count, rights->groups) == 0) {
		if (setegid(rights->gid) == 0 && seteuid(rights->uid) == 0)
			return FAULT_NONE;
		rights_return(before);
	}
	rights_clear(before);
	return why_set(why, FAULT_UNAVAILABLE, "the rights of %s cannot be taken on",
	    rights->name);
}

/* Half a way back is no way to go on. */
void
rights_return(struct rights *before)
{
	if (before->groups == NULL)
		return;
	if (seteuid(before->uid) != 0 || setegid(before->gid) != 0 ||
	    setgroups((size_t)before->count, before->groups) != 0)
		abort();
	rights_clear(before);
}

bool
rights_become(const struct rights *rights)
{
	return are_own(rights) ||
	    (setgroups((size_t)rights->count, rights->groups) == 0 &&
	        setresgid(rights->gid, rights->gid, rights->gid) == 0 &&
	        setresuid(rights->uid, rights->uid, rights->uid) == 0);
}
