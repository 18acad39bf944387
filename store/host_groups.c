/*
 * host_groups.c - reading /etc/group.
 */
#include "store/host_groups.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "store/files.h"

static const char GROUP_FILE[] = "/etc/group";

static enum fault
add_group(struct host_groups *groups, const struct group *group, struct why *why)
{
	uint32_t *gid = reallocarray(groups->gid, groups->names.count + 1, sizeof(*gid));

	if (gid == NULL)
		return why_memory(why);
	groups->gid = gid;
	gid[groups->names.count] = group->gr_gid;
	return names_add(&groups->names, group->gr_name) ? FAULT_NONE : why_memory(why);
}

enum fault
host_groups_read(const char *root, struct host_groups *groups, struct why *why)
{
	struct host_groups read = {0};
	char *path = path_under(root, GROUP_FILE);
	FILE *file = path == NULL ? NULL : fopen(path, "re");
	const struct group *group;
	enum fault fault = FAULT_NONE;

	if (path == NULL)
		return why_memory(why);
	if (file == NULL && errno != ENOENT)
		fault = why_set(why, FAULT_UNAVAILABLE, "%s: %s", path, strerror(errno));
	while (file != NULL && fault == FAULT_NONE && (group = fgetgrent(file)) != NULL)
		fault = add_group(&read, group, why);
	if (file != NULL)
		fclose(file);
	free(path);
	if (fault != FAULT_NONE) {
		host_groups_clear(&read);
		return fault;
	}
	host_groups_clear(groups);
	*groups = read;
	return FAULT_NONE;
}

uint32_t
host_groups_gid(const struct host_groups *groups, const char *name)
{
	for (size_t i = 0; i < groups->names.count; i++)
		if (strcmp(groups->names.item[i], name) == 0)
			return groups->gid[i];
	return 0;
}

bool
host_groups_have_other(const struct host_groups *groups, uint32_t gid, const char *name)
{
	bool others = false;

	for (size_t i = 0; i < groups->names.count; i++) {
		if (groups->gid[i] != gid)
			continue;
		if (strcmp(groups->names.item[i], name) == 0)
			return false;
		others = true;
	}
	return others;
}

uint64_t
host_groups_changed(const char *root)
{
	char *path = path_under(root, GROUP_FILE);
	struct stat status;
	uint64_t changed = 0;

	if (path != NULL && stat(path, &status) == 0)
		changed = (uint64_t)status.st_mtim.tv_sec * 1000000000u +
		    (uint64_t)status.st_mtim.tv_nsec;
	free(path);
	return changed;
}

void
host_groups_clear(struct host_groups *groups)
{
	names_clear(&groups->names);
	free(groups->gid);
	*groups = (struct host_groups){0};
}
