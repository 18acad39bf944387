/*
 * doctor_ids.c - the doctor's look at who else has the ids and groups that Hexa gives: subordinate
 * ids, the host's own groups, systemd's users, and the namespace that this host runs in.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/doctor_checks.h"
#include "accounts/hostfile.h"
#include "accounts/userdb.h"
#include "policy/bytes.h"
#include "policy/text.h"
#include "store/host_groups.h"

static const char check[] = "ids";

/* Bytes of a file that is looked through; findings that are told one by one. */
enum { FILE_BYTES = 4 * 1024 * 1024, TOLD_MAX = 10 };

struct ids {
	struct doctor *doctor;
	int clashes;
};

__attribute__((format(printf, 3, 4))) static void
clash(struct ids *ids, const char *mend, const char *format, ...)
{
	char text[384];
	va_list arguments;

	if (++ids->clashes > TOLD_MAX)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	report(ids->doctor, FINDING_ERROR, check, mend, "%s", text);
}

/* ---- subordinate ids ----------------------------------------------------------------------- */

/* "owner:first:count".  False for what is no such line. */
static bool
split_line(char *line, uint64_t *first, uint64_t *count)
{
	char *from = strchr(line, ':'), *ids = from == NULL ? NULL : strchr(from + 1, ':');

	if (ids == NULL)
		return false;
	*from++ = '\0';
	*ids++ = '\0';
	return text_to_number(from, UINT32_MAX, first) &&
	    text_to_number(ids, (uint64_t)UINT32_MAX + 1, count) && *count > 0;
}

/* Whoever is mapped to somebody's uid has all their files. */
static void
look_at_line(struct ids *ids, const char *path, char *line)
{
	char mend[WHY_MEND_MAX];
	struct bytes command = {0};
	struct user user = {0};
	uint64_t first, count;

	if (!split_line(line, &first, &count) || first == 0 ||
	    user_next(ids->doctor->txn, (uint32_t)first - 1, &user, NULL) != FAULT_NONE)
		return;
	if (user.uid - first < count && strcmp(user.name, line) != 0) {
		bytes_print(&command, "usermod --del-sub%s %" PRIu64 "-%" PRIu64 " ",
		    strstr(path, "gid") != NULL ? "gids" : "uids", first, first + count - 1);
		bytes_put_quoted(&command, line);
		bytes_take_into(&command, mend, sizeof(mend));
		clash(ids, mend,
		    "%s gives %.64s the id %lu of %s: in a user namespace they have all of that "
		    "user's "
		    "files", path, line, (unsigned long)user.uid, user.name);
	}
	user_clear(&user);
}

static void
look_at_subordinates(struct ids *ids, const char *path)
{
	char *text = NULL, *rest, *line;
	size_t size;

	if (hostfile_read(ids->doctor->root, path, FILE_BYTES, &text, &size, NULL) != FAULT_NONE)
		return;
	rest = text;
	while ((line = strsep(&rest, "\n")) != NULL)
		look_at_line(ids, path, line);
	free(text);
}

/* ---- the host's groups --------------------------------------------------------------------- */

/* Every user's own group has their uid and their name. */
static void
look_at_groups(struct ids *ids)
{
	struct host_groups groups = {0};
	struct user user = {0};

	if (host_groups_read(ids->doctor->root, &groups, NULL) != FAULT_NONE)
		return;
	for (size_t i = 0; i < groups.names.count; i++) {
		const char *name = groups.names.item[i];
		struct bytes command = {0};
		char mend[WHY_MEND_MAX];

		if (user_get(ids->doctor->txn, groups.gid[i], &user, NULL) == FAULT_NONE &&
		    user.gid == user.uid && strcmp(user.name, name) != 0) {
			bytes_print(&command, "groupmod --gid $(($(cut -d: -f3 /etc/group | "
			    "awk '$1 < 60000' | sort -n | tail -n 1) + 1)) ");
			bytes_put_quoted(&command, name);
			bytes_take_into(&command, mend, sizeof(mend));
			clash(ids, mend,
			    "the host's group %.64s has the gid %lu of %s's own group: its members "
			    "have "
			    "what that group may", name, (unsigned long)groups.gid[i], user.name);
		}
		user_clear(&user);
	}
	host_groups_clear(&groups);
}

/* ---- systemd's users ----------------------------------------------------------------------- */

/* Hexa's own ids are listed too, where nss-systemd shows other sources' users: by name. */
static bool
look_at_systemd(void *context, const char *name, const uint32_t *id)
{
	struct ids *ids = context;
	struct user user = {0};

	if (name != NULL && id != NULL &&
	    user_get(ids->doctor->txn, *id, &user, NULL) == FAULT_NONE &&
	    strcmp(user.name, name) != 0)
		clash(ids, NULL, "systemd knows the uid %lu of %s as %.64s", (unsigned long)*id,
		    user.name, name);
	user_clear(&user);
	return true;
}

/* ---- a container --------------------------------------------------------------------------- */

/* user_namespaces(7): "inside outside count"; the first id behind all that are mapped. */
static uint64_t
ids_end(void)
{
	FILE *file = fopen("/proc/self/uid_map", "re");
	unsigned long inside, outside, count;
	uint64_t end = 0;

	while (file != NULL && fscanf(file, "%lu %lu %lu", &inside, &outside, &count) == 3)
		if (inside + count > end)
			end = inside + count;
	if (file != NULL)
		fclose(file);
	return end;
}

static void
look_at_namespace(struct ids *ids)
{
	uint64_t end = ids_end();
	struct user user = {0};

	if (ids->doctor->root[0] != '\0' || end == 0 || end > UINT32_MAX ||
	    user_next(ids->doctor->txn, (uint32_t)end - 1, &user, NULL) != FAULT_NONE)
		return;
	clash(ids, NULL,
	    "%s has the uid %lu, and this host (a container) has no ids from %" PRIu64
	    " on: no session of theirs can begin; have more ids mapped to it", user.name,
	    (unsigned long)user.uid, end);
	user_clear(&user);
}

void
check_ids(struct doctor *doctor)
{
	struct ids ids = {.doctor = doctor};
	bool whole;

	look_at_subordinates(&ids, "/etc/subuid");
	look_at_subordinates(&ids, "/etc/subgid");
	look_at_groups(&ids);
	look_at_namespace(&ids);
	userdb_list(doctor->root, USERDB_USERS, look_at_systemd, &ids, &whole, NULL);
	if (ids.clashes > TOLD_MAX)
		report(doctor, FINDING_ERROR, check, NULL, "and %d more", ids.clashes - TOLD_MAX);
	if (ids.clashes == 0)
		report(doctor, FINDING_GOOD, check, NULL, "nobody else has an id that Hexa gave");
}

/* ---- unix-groups --------------------------------------------------------------------------- */

/* "TYPE:GROUP" of a role that somebody holds. */
static bool
group_is_well(struct doctor *doctor, const struct host_groups *groups, const struct role *role,
    const char *compiled)
{
	const char *group = strchr(compiled, ':');
	char mend[WHY_MEND_MAX];

	if (group == NULL || strcmp(++group, ADMINS_GROUP) == 0 ||
	    host_groups_gid(groups, group) > 0)
		return true;
	for (size_t i = 0; i < groups->names.count; i++)
		if (strcmp(groups->names.item[i], group) == 0) {
			report(doctor, FINDING_WARNING, "unix-groups", NULL,
			    "role %s gives the group %.64s, whose gid here is 0: Hexa puts nobody "
			    "in it",
			    role->name, group);
			return false;
		}
	snprintf(mend, sizeof(mend), "groupadd --system %.64s && hexa-admin user list --limit 1",
	    group);
	report(doctor, FINDING_WARNING, "unix-groups", mend,
	    "role %s gives the group %.64s, which this host has not: its holders go without what "
	    "that "
	    "group may", role->name, group);
	return false;
}

void
check_unix_groups(struct doctor *doctor)
{
	struct host_groups groups = {0};
	struct roles roles = {0};
	struct names told = {0};
	struct why why = {0};
	bool good = true;
	enum fault fault = host_groups_read(doctor->root, &groups, &why);

	if (fault == FAULT_NONE)
		fault = roles_load(doctor->txn, &roles, &why);
	for (size_t i = 0; fault == FAULT_NONE && i < roles.count; i++) {
		const struct role *role = &roles.role[i];
		uint64_t holders = 0;

		if (role->groups.count == 0 || role->disabled)
			continue;
		fault = role_member_count(doctor->txn, role->name, &holders, &why);
		for (size_t j = 0; holders > 0 && j < role->groups.count; j++) {
			const char *group = strchr(role->groups.item[j], ':');

			/* Once for each, whatever the roles and types that it is given to. */
			if (group == NULL || names_have(&told, group) || !names_add(&told, group))
				continue;
			good &= group_is_well(doctor, &groups, role, role->groups.item[j]);
		}
	}
	if (fault != FAULT_NONE)
		report_fault(doctor, FINDING_ERROR, "unix-groups", &why);
	else if (good)
		report(doctor, FINDING_GOOD, "unix-groups", NULL,
		    "the host has every group that somebody is to be in");
	names_clear(&told);
	roles_clear(&roles);
	host_groups_clear(&groups);
}
