/*
 * host_groups.h - the host's own groups, for `unix-groups`: names to gids, from /etc/group itself.
 */
#ifndef HEXA_STORE_HOST_GROUPS_H
#define HEXA_STORE_HOST_GROUPS_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/fault.h"
#include "policy/names.h"

/* All zero: not read yet. */
struct host_groups {
	struct names names; /* sorted as the file is; gid[i] belongs to names.item[i] */
	uint32_t *gid;
};

/* Reads /etc/group under `root`.  A missing file has no groups. */
enum fault host_groups_read(const char *root, struct host_groups *groups, struct why *why);

/* The gid of a group; 0, which is never given to anybody, when there is none. */
uint32_t host_groups_gid(const struct host_groups *groups, const char *name);

/* True when a group of another name has this gid, and none of this name does. */
bool host_groups_have_other(const struct host_groups *groups, uint32_t gid, const char *name);

/* When the file last changed, in nanoseconds since 1970; 0: it is missing. */
uint64_t host_groups_changed(const char *root);

void host_groups_clear(struct host_groups *groups);

#endif
