/*
 * claim.c - what the host says about a name that Hexa is to give.
 */
#include "accounts/claim.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

#include "accounts/host.h"
#include "accounts/hostfile.h"

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
	fault = host_view_has_user(admin->host, name, &has, why);
	if (fault == FAULT_NONE && has)
		fault = why_field(why, taken, field, "%s: this host has a user %s of its own",
		    field, name);
	if (fault == FAULT_NONE)
		fault = host_view_has_group(admin->host, name, &has, why);
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
	fault = host_view_mentions(admin->host, name, &mentioned, why);
	if (fault != FAULT_NONE || !mentioned)
		return fault;
	why_field(why, FAULT_CONFLICT, field,
	    "%s: sudoers or sshd_config mention %s, and would mean whoever gets that name", field,
	    name);
	if (admin->is_root)
		why_add(why, "; --yes insists");
	return FAULT_CONFLICT;
}

/* Where a name alone says whose a file is. */
static const struct leftover {
	const char *folder;
	const char *what;
} leftovers[] = {
	{"/home/", "home directory"},
	{"/var/spool/cron/crontabs/", "crontab"},
	{"/var/mail/", "mail spool"},
};

/* Does somebody else's leftover stand there, somebody's whom Hexa knew? */
static enum fault
is_left_behind(const struct admin *admin, struct txn *txn, const char *folder, const char *name,
    uint32_t uid, bool *left, struct why *why)
{
	char place[PATH_MAX], path[PATH_MAX];
	struct stat status;
	enum fault fault;

	snprintf(place, sizeof(place), "%s%s", folder, name);
	fault = hostfile_path(admin->root, place, path, why);
	*left = false;
	if (fault != FAULT_NONE || lstat(path, &status) != 0 || status.st_uid == uid)
		return fault;
	return id_was_given(txn, status.st_uid, left, why);
}

/* What the host's files hold ready for whoever is called so. */
static enum fault
claim_inheritance(const struct admin *admin, struct txn *txn, const char *name, uint32_t uid,
    struct why *why)
{
	struct user holder = {0};
	bool has = false;
	enum fault fault = user_find_name(txn, name, &holder, why);

	user_clear(&holder);
	/* FAULT_NONE: it is somebody's, and user_put() says so. */
	if (fault != FAULT_UNKNOWN)
		return fault;
	fault = host_view_lists_member(admin->host, name, &has, why);
	if (fault == FAULT_NONE && has)
		return why_field(why, FAULT_CONFLICT, "name",
		    "name: /etc/group has %s among the members of a group", name);
	for (size_t i = 0; fault == FAULT_NONE && i < sizeof(leftovers) / sizeof(leftovers[0]); i++) {
		fault = is_left_behind(admin, txn, leftovers[i].folder, name, uid, &has, why);
		if (fault == FAULT_NONE && has)
			return why_field(why, FAULT_CONFLICT, "name",
			    "name: %s%s is the %s of whoever had the name %s before",
			    leftovers[i].folder, name, leftovers[i].what, name);
	}
	return fault;
}

enum fault
claim_login(const struct admin *admin, struct txn *txn, const char *name, uint32_t uid,
    struct why *why)
{
	enum fault fault = claim_name(admin, name, "name", FAULT_CONFLICT, why);

	if (fault != FAULT_NONE || (admin->is_root && admin->insist))
		return fault;
	fault = claim_inheritance(admin, txn, name, uid, why);
	if (fault == FAULT_CONFLICT && admin->is_root)
		why_add(why, "; --yes insists");
	return fault;
}
