/*
 * memberships.c - the groups that a user is in: those of their roles, and the host's own and that
 * of Hexa's administrators (rules.h) that their roles and grants carry.
 */
#include <stdlib.h>
#include <string.h>

#include "directory/image.h"
#include "policy/assignment.h"
#include "policy/grant.h"
#include "store/published.h"

/* ---- gids --------------------------------------------------------------------------------- */

bool
gids_have(const struct gids *gids, uint32_t gid)
{
	for (size_t i = 0; i < gids->count; i++)
		if (gids->gid[i] == gid)
			return true;
	return false;
}

/* Adds a gid once.  gid 0 is root's group and never given. */
static enum fault
gids_add(struct gids *gids, uint32_t gid, struct why *why)
{
	uint32_t *more;

	if (gid == 0 || gids_have(gids, gid))
		return FAULT_NONE;
	more = reallocarray(gids->gid, gids->count + 1, sizeof(*more));
	if (more == NULL)
		return why_memory(why);
	more[gids->count++] = gid;
	gids->gid = more;
	return FAULT_NONE;
}

void
gids_clear(struct gids *gids)
{
	free(gids->gid);
	*gids = (struct gids){0};
}

/* ---- what a role gives -------------------------------------------------------------------- */

void
role_facts_clear(struct role_facts *facts)
{
	free(facts->name);
	for (unsigned type = 0; type < USER_TYPES; type++)
		gids_clear(&facts->host[type]);
	*facts = (struct role_facts){0};
}

static uint32_t
gid_of(const struct publication *publication, const char *group)
{
	return strcmp(group, ADMINS_GROUP) == 0 ? publication->admins
	                                        : host_groups_gid(&publication->groups, group);
}

/* "TYPE:GROUP", as the role's record has it. */
static enum fault
add_compiled(struct publication *publication, const char *compiled, struct role_facts *facts,
    struct why *why)
{
	size_t size = strcspn(compiled, ":");

	for (unsigned type = 0; compiled[size] != '\0' && type < USER_TYPES; type++)
		if (strlen(user_types[type]) == size &&
		    strncmp(user_types[type], compiled, size) == 0)
			return gids_add(&facts->host[type],
			    gid_of(publication, compiled + size + 1), why);
	return FAULT_NONE;
}

static enum fault
facts_make(struct publication *publication, const char *name, struct role_facts *facts,
    struct why *why)
{
	struct role role = {0};
	enum fault fault = role_get(publication->txn, name, &role, why);

	if (fault == FAULT_UNKNOWN)
		fault = FAULT_NONE;
	else if (fault == FAULT_NONE && !role.disabled) {
		facts->enabled = true;
		/* One of the system's, which no Hexa gives, would make members of a host's group. */
		facts->gid = role_group(&role) != NULL && image_id_is_served(role.gid) ? role.gid : 0;
		for (size_t i = 0; fault == FAULT_NONE && i < role.groups.count; i++)
			fault = add_compiled(publication, role.groups.item[i], facts, why);
	}
	role_clear(&role);
	if (fault == FAULT_NONE && (facts->name = strdup(name)) == NULL)
		fault = why_memory(why);
	return fault;
}

/* The facts of a role, read once in a publication; sorted by name. */
static enum fault
facts_of(struct publication *publication, const char *name, const struct role_facts **facts,
    struct why *why)
{
	size_t low = 0, high = publication->facts_count;
	struct role_facts fresh = {0}, *all;
	enum fault fault;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(publication->facts[middle].name, name);

		if (order == 0) {
			*facts = &publication->facts[middle];
			return FAULT_NONE;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	fault = facts_make(publication, name, &fresh, why);
	all = fault != FAULT_NONE ? NULL
	    : reallocarray(publication->facts, publication->facts_count + 1, sizeof(*all));
	if (all == NULL) {
		role_facts_clear(&fresh);
		return fault != FAULT_NONE ? fault : why_memory(why);
	}
	memmove(all + low + 1, all + low, (publication->facts_count - low) * sizeof(*all));
	all[low] = fresh;
	publication->facts = all;
	publication->facts_count++;
	*facts = &all[low];
	return FAULT_NONE;
}

static enum fault
add_role(struct publication *publication, const struct user *user, const char *text, bool *enabled,
    struct memberships *memberships, struct why *why)
{
	struct assignment assignment;
	const struct role_facts *facts = NULL;
	enum fault fault;

	if (!assignment_parse(text, &assignment))
		return FAULT_NONE;
	fault = facts_of(publication, assignment.role, &facts, why);
	if (fault != FAULT_NONE)
		return fault;
	*enabled |= facts->enabled;
	if (!scope_counts_on(&assignment.scope, publication->host.client))
		return FAULT_NONE;
	fault = gids_add(&memberships->roles, facts->gid, why);
	if (fault == FAULT_NONE)
		fault = gids_add(&memberships->all, facts->gid, why);
	for (size_t i = 0; fault == FAULT_NONE && i < facts->host[user->type].count; i++)
		fault = gids_add(&memberships->all, facts->host[user->type].gid[i], why);
	return fault;
}

/* ---- what a grant gives ------------------------------------------------------------------- */

/* The groups of all the permissions that it covers; *gives when there is one at all. */
static enum fault
add_covered(struct publication *publication, const struct user *user, const struct grant *grant,
    bool *gives, struct gids *all, struct why *why)
{
	size_t first, count = rules_covered(&publication->rules, grant->permission, &first);
	enum fault fault = FAULT_NONE;

	for (size_t i = first; fault == FAULT_NONE && i < first + count; i++) {
		const struct permission *permission = &publication->rules.permission[i];
		const struct names *groups = permission_groups(permission);

		if (!permission_works_for(permission, user->type))
			continue;
		for (size_t j = 0; fault == FAULT_NONE && j < groups->count; j++) {
			*gives = true;
			fault = gids_add(all, gid_of(publication, groups->item[j]), why);
		}
	}
	return fault;
}

/* Few users have grants: the permissions are read when the first is met. */
static enum fault
need_rules(struct publication *publication, struct why *why)
{
	enum fault fault = FAULT_NONE;

	if (!publication->has_rules)
		fault = rules_load(publication->txn, &publication->rules, why);
	if (fault == FAULT_NONE)
		publication->has_rules = true;
	return fault;
}

static enum fault
add_grant(struct publication *publication, const struct user *user, const char *text,
    struct memberships *memberships, struct why *why)
{
	struct grant grant;
	bool gives = false;
	enum fault fault;

	if (!grant_parse(text, &grant) || !grant_counts(&grant, publication->now))
		return FAULT_NONE;
	fault = need_rules(publication, why);
	if (fault == FAULT_NONE)
		fault = add_covered(publication, user, &grant, &gives, &memberships->all, why);
	if (fault == FAULT_NONE && gives && grant.end != 0 &&
	    (memberships->end == 0 || grant.end < memberships->end))
		memberships->end = grant.end;
	return fault;
}

/* ---- both --------------------------------------------------------------------------------- */

static int
compare_gids(const void *a, const void *b)
{
	uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;

	return one < other ? -1 : one > other;
}

enum fault
memberships_of(struct publication *publication, const struct user *user,
    struct memberships *memberships, struct why *why)
{
	struct memberships made = {0};
	bool enabled = false;
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < user->roles.count; i++)
		fault = add_role(publication, user, user->roles.item[i], &enabled, &made, why);
	/* Grants add to roles: who has no role that is enabled has nothing of them. */
	for (size_t i = 0; fault == FAULT_NONE && enabled && i < user->grants.count; i++)
		fault = add_grant(publication, user, user->grants.item[i], &made, why);
	/* An adopted user's primary group may be the host's: this keeps it from being their own. */
	if (fault == FAULT_NONE &&
	    host_groups_have_other(&publication->groups, user->gid, user->name))
		fault = gids_add(&made.all, user->gid, why);
	/* This one lists its members, as those of roles do. */
	if (fault == FAULT_NONE && gids_have(&made.all, publication->admins))
		fault = gids_add(&made.roles, publication->admins, why);
	if (fault != FAULT_NONE) {
		memberships_clear(&made);
		return fault;
	}
	if (made.all.count > 0)
		qsort(made.all.gid, made.all.count, sizeof(*made.all.gid), compare_gids);
	*memberships = made;
	return FAULT_NONE;
}

void
memberships_clear(struct memberships *memberships)
{
	gids_clear(&memberships->roles);
	gids_clear(&memberships->all);
	memberships->end = 0;
}
