/*
 * doctor_groups.c - the doctor's look at `unix-groups`: the host's groups that roles and grants
 * give, whether the host has them, and whether what is published is what they are.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "accounts/doctor_checks.h"
#include "policy/bytes.h"
#include "store/host_groups.h"
#include "store/publish.h"

static const char check[] = "unix-groups";

/* ---- what the host has --------------------------------------------------------------------- */

/* "TYPE:GROUP" of a role that somebody holds. */
static bool
group_is_well(struct doctor *doctor, const struct host_groups *groups, const struct role *role,
	const char *compiled)
{
	const char *group = strchr(compiled, ':');
	struct bytes command = {0};
	char mend[WHY_MEND_MAX];

	if (group == NULL || strcmp(++group, ADMINS_GROUP) == 0 ||
		host_groups_gid(groups, group) > 0)
		return true;
	for (size_t i = 0; i < groups->names.count; i++)
		if (strcmp(groups->names.item[i], group) == 0) {
			report(doctor, FINDING_WARNING, check, "hexa-admin policy edit",
				"role %s gives the group %.64s, whose gid here is 0: Hexa puts "
				"nobody "
				"in it, and no permission need name it",
				role->name, group);
			return false;
		}
	bytes_print(&command, "groupadd --system ");
	bytes_put_quoted(&command, group);
	bytes_print(&command, " && " PUBLISH);
	bytes_take_into(&command, mend, sizeof(mend));
	report(doctor, FINDING_WARNING, check, mend,
		"role %s gives the group %.64s, which this host has not: its holders go without "
		"what "
		"that "
		"group may",
		role->name, group);
	return false;
}

/* Once for each group, whatever the roles and types that it is given to. */
static enum fault
look_at_groups(struct doctor *doctor, const struct host_groups *groups, const struct roles *roles,
	bool *good, struct why *why)
{
	struct names told = {0};
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < roles->count; i++) {
		const struct role *role = &roles->role[i];
		uint64_t holders = 0;

		if (role->groups.count == 0 || role->disabled)
			continue;
		fault = role_member_count(doctor->txn, role->name, &holders, why);
		for (size_t j = 0; holders > 0 && j < role->groups.count; j++) {
			const char *group = strchr(role->groups.item[j], ':');

			if (group == NULL || names_have(&told, group) || !names_add(&told, group))
				continue;
			*good &= group_is_well(doctor, groups, role, role->groups.item[j]);
		}
	}
	names_clear(&told);
	return fault;
}

/* ---- what is published --------------------------------------------------------------------- */

/* The first one's name, and how many more there are. */
static void
name_first(struct doctor *doctor, const struct group_drift *drift, uint64_t count, char text[128])
{
	struct user user = {0};

	if (user_get(doctor->txn, drift->uid, &user, NULL) != FAULT_NONE)
		snprintf(text, 128, "uid %" PRIu32, drift->uid);
	else if (count > 1)
		snprintf(text, 128, "%.64s and %" PRIu64 " more", user.name, count - 1);
	else
		snprintf(text, 128, "%.64s", user.name);
	user_clear(&user);
}

/* True when nobody has. */
static bool
report_drift(struct doctor *doctor)
{
	struct group_drift drift = {0};
	struct why why = {0};
	char who[128];

	if (publish_compare_groups(doctor->txn, (int64_t)time(NULL), &drift, &why) != FAULT_NONE) {
		report_fault(doctor, FINDING_ERROR, check, &why);
		return false;
	}
	name_first(doctor, &drift, drift.astray > 0 ? drift.astray : drift.lacking, who);
	if (drift.astray > 0)
		report(doctor, FINDING_ERROR, check, PUBLISH,
			"programs still have %s in a group by a gid that is no longer its gid in "
			"/etc/group: they have what whoever is given that gid may",
			who);
	else if (drift.lacking > 0)
		report(doctor, FINDING_WARNING, check, PUBLISH,
			"/etc/group has changed, and programs do not see %s in a group that they "
			"are to "
			"be in yet",
			who);
	return drift.astray + drift.lacking == 0;
}

/* What is behind the database is told of as that; and with the same file nobody drifts. */
static bool
nobody_drifts(struct doctor *doctor)
{
	const int64_t now = (int64_t)time(NULL);
	bool current = false;

	return publish_is_current(doctor->store, now, &current, NULL) != FAULT_NONE || !current ||
	       !publish_is_overdue(doctor->store, now) || report_drift(doctor);
}

void
check_unix_groups(struct doctor *doctor)
{
	struct host_groups groups = {0};
	struct roles roles = {0};
	struct why why = {0};
	bool good = true;
	enum fault fault = host_groups_read(doctor->root, &groups, &why);

	if (fault == FAULT_NONE)
		fault = roles_load(doctor->txn, &roles, &why);
	if (fault == FAULT_NONE)
		fault = look_at_groups(doctor, &groups, &roles, &good, &why);
	if (fault != FAULT_NONE)
		report_fault(doctor, FINDING_ERROR, check, &why);
	else if (nobody_drifts(doctor) && good)
		report(doctor, FINDING_GOOD, check, NULL,
			"the host has every group that somebody is to be in, and they are in it");
	roles_clear(&roles);
	host_groups_clear(&groups);
}
