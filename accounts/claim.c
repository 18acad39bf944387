/*
 * claim.c - what the host says about a name that Hexa is to give.
 */
#include "accounts/claim.h"

#include "accounts/host.h"

enum fault
claim_check_host(const struct admin *admin, const char *name, const char *field,
    enum fault taken, struct why *why)
{
	bool has = false;
	enum fault fault;

	if (host_name_is_reserved(name))
		return why_field(why, taken, field,
		    "%s: %s is reserved: on some hosts that name is root's equal, or a daemon's",
		    field, name);
	fault = host_has_user(admin->root, name, &has, why);
	if (fault == FAULT_NONE && has)
		fault = why_field(why, taken, field, "%s: this host has a user %s of its own",
		    field, name);
	if (fault == FAULT_NONE)
		fault = host_has_group(admin->root, name, &has, why);
	if (fault == FAULT_NONE && has)
		fault = why_field(why, taken, field, "%s: this host has a group %s of its own",
		    field, name);
	return fault;
}

enum fault
claim_name(const struct admin *admin, const char *name, const char *field, enum fault taken,
    struct why *why)
{
	bool mentioned = false;
	enum fault fault;

	fault = claim_check_host(admin, name, field, taken, why);
	if (fault != FAULT_NONE || (admin->is_root && admin->insist))
		return fault;
	fault = host_mentions(admin->root, name, &mentioned, why);
	if (fault != FAULT_NONE || !mentioned)
		return fault;
	why_field(why, FAULT_CONFLICT, field,
	    "%s: sudoers or sshd_config mention %s, and would mean whoever gets that name", field,
	    name);
	if (admin->is_root)
		why_mend(why, "the same command with --yes, if that is meant");
	return FAULT_CONFLICT;
}
