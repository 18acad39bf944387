/*
 * doctor_database.c - the doctor's look at what is in the database: whether it is whole, published,
 * and at peace with the host's own users and groups.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "accounts/adopt.h"
#include "accounts/doctor_checks.h"
#include "accounts/hostfile.h"
#include "policy/text.h"
#include "store/host_groups.h"
#include "store/journal.h"
#include "store/pages.h"
#include "store/paths.h"
#include "store/publish.h"

/* Findings of one check that are told one by one; the others are counted. */
enum { TOLD_MAX = 10 };

/* ---- whole and published ------------------------------------------------------------------- */

static void
tell_damage(void *context, const struct page_damage *damage)
{
	struct doctor *doctor = context;
	char text[PAGE_TEXT_BYTES];

	page_damage_text(damage, text);
	report(doctor, FINDING_ERROR, "pages", RESTORE,
	    "the database is damaged: %s; put a backup in its place", text);
}

/* Before it is opened: liblmdb ends the process that meets damage, and does not say where. */
void
check_pages(struct doctor *doctor)
{
	const struct page_visit visit = {
	    .damaged = tell_damage,
	    .seals = true,
	    .at_work = doctor_at_work,
	    .context = doctor,
	};
	char path[PATH_MAX];
	struct why why = { 0 };
	uint64_t found = 0;
	enum fault fault;

	if (hostfile_path(doctor->root, DATABASE_FILE, path, NULL) != FAULT_NONE)
		return;
	fault = pages_check_path(path, &visit, &found, &why);
	/* That it is missing, or none, is told when it is opened. */
	if (fault == FAULT_UNAVAILABLE)
		report_fault(doctor, FINDING_ERROR, "pages", &why);
	else if (fault == FAULT_NONE && found == 0)
		report(doctor, FINDING_GOOD, "pages", NULL, "no page of the database is damaged");
}

void
check_journal(struct doctor *doctor)
{
	struct why why = { 0 };
	uint64_t count = 0;

	doctor_at_work();
	if (journal_verify(doctor->txn, 0, NULL, &count, &why) != FAULT_NONE)
		report_fault(doctor, FINDING_ERROR, "journal", &why);
	else
		report(doctor, FINDING_GOOD, "journal", NULL,
		    "all of its %" PRIu64 " entries fit the one before", count);
	doctor_at_work();
}

/* Seconds by which a clock may be set back without a word: daylight and leap seconds do not. */
enum { CLOCK_SLACK = 60 };

void
check_clock(struct doctor *doctor)
{
	const int64_t now = (int64_t)time(NULL);
	char marked[TIME_TEXT_BYTES];
	struct why why = { 0 };
	int64_t mark = 0;

	if (clock_mark(doctor->txn, &mark, &why) != FAULT_NONE) {
		report_fault(doctor, FINDING_ERROR, "clock", &why);
	} else if (mark <= now || mark - now <= CLOCK_SLACK) {
		report(doctor, FINDING_GOOD, "clock", NULL, "it is not behind the newest change");
	} else {
		text_from_time(mark, marked);
		report(doctor, FINDING_WARNING, "clock", "timedatectl set-ntp true",
		    "this host's clock is behind the newest change, which was at %s: what has "
		    "ended "
		    "by then stays so, and one-time codes made now may not be good", marked);
	}
}

void
check_current(struct doctor *doctor)
{
	struct why why = { 0 };
	bool current = false;

	if (publish_is_current(doctor->store, (int64_t)time(NULL), &current, &why) != FAULT_NONE)
		report_fault(doctor, FINDING_ERROR, "directory-current", &why);
	else if (!current)
		report(doctor, FINDING_ERROR, "directory-current", PUBLISH,
		    "the directory stands behind the database: programs still see users and groups "
		    "as "
		    "they were (the next command of hexa-admin's publishes it)");
	else
		report(doctor, FINDING_GOOD, "directory-current", NULL,
		    "the directory stands where the database does");
}

/* ---- what roles give ----------------------------------------------------------------------- */

/* An edited database; or this Hexa has other permissions of its own than the one before. */
void
check_compiled(struct doctor *doctor)
{
	static const char check[] = "roles";
	struct roles stale = { 0 };
	struct why why = { 0 };

	if (roles_find_stale(doctor->txn, &stale, &why) != FAULT_NONE)
		report_fault(doctor, FINDING_ERROR, check, &why);
	else if (stale.count == 0)
		report(doctor, FINDING_GOOD, check, NULL, "each gives what its permissions say");
	for (size_t i = 0; i < stale.count && i < TOLD_MAX; i++)
		report(doctor, FINDING_ERROR, check,
		    "hexa-admin policy show | hexa-admin policy apply -",
		    "the role %s gives something else than its permissions say, which no command "
		    "shows",
		    stale.role[i].name);
	if (stale.count > TOLD_MAX)
		report(doctor, FINDING_ERROR, check, NULL, "and %zu more",
		    stale.count - TOLD_MAX);
	roles_clear(&stale);
}

/* ---- at peace with the host ---------------------------------------------------------------- */

static void
check_role(struct doctor *doctor, const struct role *role, int *clashes)
{
	const char *group = role_group(role);
	bool name_taken = false, id_taken = false;
	struct why why = { 0 };
	char mend[WHY_MEND_MAX];
	enum fault fault;

	if (group == NULL)
		return;
	fault = host_has_group(doctor->root, group, &name_taken, &why);
	if (fault == FAULT_NONE)
		fault = host_has_id(doctor->root, role->gid, &id_taken, &why);
	if (fault == FAULT_NONE && !name_taken && !id_taken)
		return;
	*clashes += 1;
	if (*clashes > TOLD_MAX)
		return;
	snprintf(mend, sizeof(mend), "hexa-admin role edit %.64s --group no", role->name);
	if (fault != FAULT_NONE)
		report_fault(doctor, FINDING_ERROR, "role-groups", &why);
	else if (name_taken)
		report(doctor, FINDING_ERROR, "role-groups", mend,
		    "role %s: this host has a group %s of its own, which its members are not in",
		    role->name, group);
	else
		report(doctor, FINDING_ERROR, "role-groups", mend,
		    "role %s: this host has given the gid %u of group %s to another", role->name,
		    (unsigned)role->gid, group);
}

static void
report_rest(struct doctor *doctor, const char *check, int found, const char *good)
{
	if (found == 0)
		report(doctor, FINDING_GOOD, check, NULL, "%s", good);
	else if (found > TOLD_MAX)
		report(doctor, FINDING_ERROR, check, NULL, "and %d more", found - TOLD_MAX);
}

void
check_roles(struct doctor *doctor)
{
	struct roles roles = { 0 };
	struct why why = { 0 };
	int clashes = 0;

	if (roles_load(doctor->txn, &roles, &why) != FAULT_NONE) {
		report_fault(doctor, FINDING_ERROR, "role-groups", &why);
		return;
	}
	for (size_t i = 0; i < roles.count; i++)
		check_role(doctor, &roles.role[i], &clashes);
	report_rest(doctor, "role-groups", clashes, "no role's group is also the host's own");
	roles_clear(&roles);
}

static void
check_role_name(struct doctor *doctor, const struct role *role, int *found)
{
	const char *group = role_group(role);
	char mend[WHY_MEND_MAX];

	if (group == NULL || !host_name_is_reserved(group) || (*found += 1) > TOLD_MAX)
		return;
	snprintf(mend, sizeof(mend), "hexa-admin role edit %.64s --group no", role->name);
	report(doctor, FINDING_ERROR, "reserved-names", mend,
	    "the role %s has the group %s: on some hosts whoever is in that is root's equal, or a "
	    "daemon",
	    role->name, group);
}

/* sudo, and others, go by the name of the group that has a user's gid, whoever has that name too. */
static void
check_user_name(struct doctor *doctor, const struct host_groups *groups, const struct user *user,
    int *found)
{
	const uint32_t gid = host_groups_gid(groups, user->name);
	const bool is_groups = gid != 0 && gid != user->gid;
	char mend[WHY_MEND_MAX];

	if ((!is_groups && !host_name_is_reserved(user->name)) || (*found += 1) > TOLD_MAX)
		return;
	snprintf(mend, sizeof(mend), "hexa-admin user rename %.64s NEW", user->name);
	report(doctor, FINDING_ERROR, "reserved-names", mend, is_groups
	        ? "a user is called %s, as a group of this host's own: what it lets that group do it "
	          "may let them do too"
	        : "a user is called %s: on some hosts whoever is called so is root's equal, or a "
	          "daemon",
	    user->name);
}

/* Which no command gives; a restore or a load brings what it has. */
void
check_reserved_names(struct doctor *doctor)
{
	struct host_groups groups = { 0 };
	struct roles roles = { 0 };
	struct user user = { 0 };
	struct why why = { 0 };
	int found = 0;
	enum fault fault = host_groups_read(doctor->root, &groups, &why);

	if (fault == FAULT_NONE)
		fault = roles_load(doctor->txn, &roles, &why);
	for (size_t i = 0; fault == FAULT_NONE && i < roles.count; i++)
		check_role_name(doctor, &roles.role[i], &found);
	while (fault == FAULT_NONE &&
	    (fault = user_next(doctor->txn, user.uid, &user, &why)) == FAULT_NONE)
		check_user_name(doctor, &groups, &user, &found);
	if (fault != FAULT_UNKNOWN)
		report_fault(doctor, FINDING_ERROR, "reserved-names", &why);
	else
		report_rest(doctor, "reserved-names", found,
		    "no user or role has a name that is root's equal somewhere, or this host's");
	host_groups_clear(&groups);
	roles_clear(&roles);
	user_clear(&user);
}

/* Until the line goes: whether it can, or what was changed there would be undone by it. */
static void
report_adopted(struct doctor *doctor, const struct user *user)
{
	struct unfinished unfinished;
	bool known =
	    adoption_is_unfinished(doctor->root, user, (int64_t)time(NULL), &unfinished);

	if (known && unfinished.is_outdated)
		report(doctor, FINDING_WARNING, "local-users", unfinished.mend, "%s",
		    unfinished.told);
	else
		report(doctor, FINDING_WARNING, "local-users", known ? unfinished.mend : NULL,
		    "%s is adopted, and still stands in /etc/passwd, which is asked first: Hexa's "
		    "roles and passwords do not count for them until that line goes",
		    user->name);
}

/* One line of /etc/passwd against the database.  True when they clash. */
static bool
local_user_clashes(struct doctor *doctor, const struct passwd *local)
{
	struct user by_name = { 0 }, by_uid = { 0 };
	char mend[WHY_MEND_MAX];
	bool same_name =
	    user_find_name(doctor->txn, local->pw_name, &by_name, NULL) == FAULT_NONE;
	bool same_uid = user_get(doctor->txn, local->pw_uid, &by_uid, NULL) == FAULT_NONE;

	if (same_name && by_name.uid == local->pw_uid)
		report_adopted(doctor, &by_name);
	else if (same_name) {
		mend_by_rename(doctor, by_name.name, mend);
		report(doctor, FINDING_ERROR, "local-users", mend,
		    "%s is a user of /etc/passwd (uid %u) and one of Hexa's (uid %u): the first "
		    "alone "
		    "can log in",
		    by_name.name, (unsigned)local->pw_uid, (unsigned)by_name.uid);
	} else if (same_uid) {
		mend_by_uid(doctor, local->pw_name, mend);
		report(doctor, FINDING_ERROR, "local-users", mend,
		    "%.64s of /etc/passwd has the uid %u of %s, and so all of their files, and they "
		    "theirs.  usermod takes the home along, and no other: find / -uid %u finds those",
		    local->pw_name, (unsigned)local->pw_uid, by_uid.name,
		    (unsigned)local->pw_uid);
	}
	user_clear(&by_name);
	user_clear(&by_uid);
	return same_name || same_uid;
}

void
check_local_users(struct doctor *doctor)
{
	char path[PATH_MAX], buffer[16384];
	struct passwd entry, *next;
	FILE *file = NULL;
	int clashes = 0;

	if (hostfile_path(doctor->root, "/etc/passwd", path, NULL) == FAULT_NONE)
		file = fopen(path, "re");
	if (file == NULL) {
		report(doctor, errno == ENOENT ? FINDING_WARNING : FINDING_ERROR, "local-users",
		    NULL, "%s: %s", path, strerror(errno));
		return;
	}
	while (clashes < TOLD_MAX &&
	    fgetpwent_r(file, &entry, buffer, sizeof(buffer), &next) == 0)
		clashes += local_user_clashes(doctor, &entry);
	if (clashes == 0)
		report(doctor, FINDING_GOOD, "local-users", NULL,
		    "no user of Hexa's is also the host's own");
	fclose(file);
}

/* ---- SSH keys ----------------------------------------------------------------------------- */

void
check_keys(struct doctor *doctor)
{
	static const char check[] = "keys";
	struct key key = {0};
	struct user user = {0};
	struct why why = {0};
	uint32_t uid = 0; /* whose user was looked for */
	uint64_t lost = 0;
	bool there = false;
	enum fault fault;

	while ((fault = keys_next(doctor->txn, &key, &why)) == FAULT_NONE) {
		if (key.uid != uid) {
			uid = key.uid;
			there = user_get(doctor->txn, uid, &user, NULL) != FAULT_UNKNOWN;
		}
		lost += !there;
	}
	key_clear(&key);
	user_clear(&user);
	if (fault != FAULT_UNKNOWN)
		report(doctor, FINDING_ERROR, check, RESTORE,
		    "%s: no keys of the user's are published, nor what else has changed; put a "
		    "backup in its place", why.text);
	else if (lost > 0)
		report(doctor, FINDING_WARNING, check, NULL,
		    "%" PRIu64 " SSH keys are of users who are gone: they let nobody in, and "
		    "nothing need be done", lost);
	else
		report(doctor, FINDING_GOOD, check, NULL, "each can be read, and is a user's");
}
