/*
 * policy_groups.c - the Unix groups of roles: may they be had on this host?
 */
#include <string.h>

#include "accounts/claim.h"
#include "accounts/policy.h"
#include "policy/text.h"

/* FAULT_NONE when no user of Hexa's has the name. */
static enum fault
group_is_no_user(struct txn *txn, const char *group, enum fault taken, struct why *why)
{
	struct user user = {0};
	enum fault fault = user_find_name(txn, group, &user, why);

	user_clear(&user);
	if (fault == FAULT_UNKNOWN)
		return FAULT_NONE;
	if (fault == FAULT_NONE)
		return why_field(why, taken, "group", "group: %s is a user's name", group);
	return fault;
}

enum fault
policy_check_group(const struct admin *admin, struct txn *txn, const struct role *role,
    const struct role *before, enum fault taken, struct why *why)
{
	const char *group = role_group(role);
	const char *had = before == NULL ? NULL : role_group(before);
	enum fault fault;

	if (group == NULL)
		return FAULT_NONE;
	if (!text_is_login(group))
		fault = why_field(why, FAULT_INVALID, "group", "group: %s is no group's name",
		    group);
	else if (had != NULL && strcmp(had, group) == 0)
		fault = claim_check_host(admin, group, "group", FAULT_INVALID, why);
	else
		fault = claim_name(admin, group, "group", FAULT_INVALID, why);
	if (fault == FAULT_NONE)
		fault = group_is_no_user(txn, group, taken, why);
	return fault;
}
