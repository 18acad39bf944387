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
#include "store/journal.h"
#include "store/publish.h"

/* Where Debian has what every session goes through, and how large it may be, in bytes. */
#define SESSION_STACK "/etc/pam.d/common-session"
enum { STACK_BYTES = 64 * 1024 };

/* Findings of one check that are told one by one; the others are counted. */
enum { TOLD_MAX = 10 };

/* ---- whole and published ------------------------------------------------------------------- */

void
check_journal(struct doctor *doctor)
{
	unsigned char hash[CRYPTO_HASH_BYTES];
	struct why why = { 0 };
	uint64_t sequence = 0;

	if (journal_head(doctor->txn, &sequence, hash, &why) != FAULT_NONE)
		report_fault(doctor, FINDING_ERROR, "journal", &why);
	else
		report(doctor, FINDING_GOOD, "journal", NULL, "its newest entry is %" PRIu64,
		    sequence);
}

void
check_current(struct doctor *doctor)
{
	struct why why = { 0 };
	bool current = false;

	if (publish_is_current(doctor->store, (int64_t)time(NULL), &current, &why) != FAULT_NONE)
		report_fault(doctor, FINDING_ERROR, "directory-current", &why);
	else if (!current)
		report(doctor, FINDING_ERROR, "directory-current", "hexa-admin user list",
		    "the directory stands behind the database: programs still see users and groups as "
		    "they were (the next command of hexa-admin's publishes it)");
	else
		report(doctor, FINDING_GOOD, "directory-current", NULL,
		    "the directory stands where the database does");
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
	bool same_name =
	    user_find_name(doctor->txn, local->pw_name, &by_name, NULL) == FAULT_NONE;
	bool same_uid = user_get(doctor->txn, local->pw_uid, &by_uid, NULL) == FAULT_NONE;

	if (same_name && by_name.uid == local->pw_uid)
		report_adopted(doctor, &by_name);
	else if (same_name)
		report(doctor, FINDING_ERROR, "local-users", NULL,
		    "%s is a user of /etc/passwd (uid %u) and one of Hexa's (uid %u): the first alone "
		    "can log in",
		    by_name.name, (unsigned)local->pw_uid, (unsigned)by_name.uid);
	else if (same_uid)
		report(doctor, FINDING_ERROR, "local-users", NULL,
		    "a user of /etc/passwd has the uid %u of %s, and so all of their files",
		    (unsigned)local->pw_uid, by_uid.name);
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

/* ---- homes and shells ---------------------------------------------------------------------- */

/* Who lacks what: a count, and the first names. */
struct lacking {
	unsigned long count;
	char names[160];
};

static void
lacking_add(struct lacking *lacking, const char *name)
{
	size_t have = strlen(lacking->names);

	lacking->count++;
	if (sizeof(lacking->names) - have > strlen(name) + 3)
		snprintf(lacking->names + have, sizeof(lacking->names) - have, "%s%s",
		    have > 0 ? ", " : "", name);
}

/* Never waits for an automounter: a home that is not mounted is taken for there. */
static bool
is_there(const char *root, const char *path)
{
	char full[PATH_MAX];
	struct stat st;

	if (hostfile_path(root, path, full, NULL) != FAULT_NONE)
		return false;
	return fstatat(AT_FDCWD, full, &st, AT_NO_AUTOMOUNT) == 0 ||
	    (errno != ENOENT && errno != ENOTDIR);
}

static void
check_home(struct doctor *doctor, const struct user *user, struct lacking *homes,
    struct lacking *shells)
{
	if (user->status != STATUS_ACTIVE)
		return;
	if (user->home != NULL && !is_there(doctor->root, user->home))
		lacking_add(homes, user->name);
	if (user->shell != NULL && !is_there(doctor->root, user->shell))
		lacking_add(shells, user->name);
}

static void
report_lacking(struct doctor *doctor, const char *check, const struct lacking *lacking,
    const char *mend, const char *what)
{
	if (lacking->count == 0)
		report(doctor, FINDING_GOOD, check, NULL, "every active user has one");
	else
		report(doctor, FINDING_WARNING, check, mend, "%lu %s (%s%s)", lacking->count, what,
		    lacking->names, lacking->count > 1 ? ", …" : "");
}

/* Does the stack of every session make the home of whoever has none?  A comment says nothing. */
static bool
homes_are_made(const char *root)
{
	static const char *const modules[] = {"pam_mkhomedir.so", "pam_oddjob_mkhomedir.so"};
	char *text = NULL, *rest, *line;
	size_t size = 0;
	bool made = false;

	if (hostfile_read(root, SESSION_STACK, STACK_BYTES, &text, &size, NULL) != FAULT_NONE)
		return false;
	rest = text;
	while (!made && (line = strsep(&rest, "\n")) != NULL) {
		line[strcspn(line, "#")] = '\0';
		for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
			made |= strstr(line, modules[i]) != NULL;
	}
	free(text);
	return made;
}

static void
report_homes(struct doctor *doctor, const struct lacking *homes)
{
	if (homes->count > 0 && homes_are_made(doctor->root))
		report(doctor, FINDING_GOOD, "homes", NULL,
		    "%lu will be made at a first login (pam_mkhomedir)", homes->count);
	else
		report_lacking(doctor, "homes", homes, "pam-auth-update --enable mkhomedir",
		    "active users without a home yet: they would begin in /");
}

void
check_homes(struct doctor *doctor)
{
	struct lacking homes = { 0 }, shells = { 0 };
	struct user user = { 0 };
	struct why why = { 0 };
	enum fault fault;
	uint32_t uid = 0;

	while ((fault = user_next(doctor->txn, uid, &user, &why)) == FAULT_NONE) {
		uid = user.uid;
		check_home(doctor, &user, &homes, &shells);
		user_clear(&user);
	}
	if (fault != FAULT_UNKNOWN) {
		report_fault(doctor, FINDING_ERROR, "users", &why);
		return;
	}
	report_homes(doctor, &homes);
	report_lacking(doctor, "shells", &shells, NULL,
	    "active users with a shell that is not on this host: they cannot log in");
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
		report(doctor, FINDING_ERROR, check, NULL,
		    "%s: no keys of the user's are published, nor what else has changed; put a "
		    "backup in its place", why.text);
	else if (lost > 0)
		report(doctor, FINDING_WARNING, check, NULL,
		    "%" PRIu64 " SSH keys are of users who are gone: they let nobody in", lost);
	else
		report(doctor, FINDING_GOOD, check, NULL, "each can be read, and is a user's");
}
