/*
 * claim.c - what the host says about a name that Hexa is to give.
 */
#include "accounts/claim.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "accounts/host.h"
#include "accounts/hostfile.h"
#include "accounts/make.h"

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
	if (fault != FAULT_NONE || (!mentioned && !host_name_is_a_services(name)))
		return fault;
	if (mentioned)
		why_field(why, FAULT_CONFLICT, field,
		    "%s: " HOST_SPEAKERS " mention %s, and would mean whoever gets that name", field,
		    name);
	else
		why_field(why, FAULT_CONFLICT, field,
		    "%s: packages have a user %s for a service of theirs, and would take this one for it",
		    field, name);
	if (admin->is_root)
		why_add(why, "; --yes insists");
	return FAULT_CONFLICT;
}

/* Where a name alone says whose a file is, each %u being the name. */
struct leftover {
	const char *form;
	const char *what;
};

/* FAULT_CONFLICT: somebody else's stands there, somebody's whom Hexa knew. */
static enum fault
claim_place(const struct admin *admin, struct txn *txn, const struct leftover *leftover,
    const char *name, uint32_t uid, struct why *why)
{
	char *place = user_home_of(leftover->form, name), path[PATH_MAX];
	struct stat status;
	bool left = false;
	enum fault fault = place == NULL ? why_memory(why)
	                                 : hostfile_path(admin->root, place, path, why);

	/* What is one for all of them is nobody's. */
	if (fault == FAULT_NONE && strstr(leftover->form, "%u") != NULL &&
	    lstat(path, &status) == 0 && status.st_uid != uid)
		fault = id_was_given(txn, status.st_uid, &left, why);
	if (fault == FAULT_NONE && left)
		fault = why_field(why, FAULT_CONFLICT, "name",
		    "name: %s is the %s of whoever had the name %s before", place, leftover->what,
		    name);
	free(place);
	return fault;
}

static enum fault
claim_places(const struct admin *admin, struct txn *txn, const char *name, uint32_t uid,
    struct why *why)
{
	struct settings settings = {0};
	enum fault fault = settings_load(txn, &settings, why);
	const struct leftover leftovers[] = {
	    {settings.home == NULL ? "" : settings.home, "home directory"},
	    {"/home/%u", "home directory"},
	    {"/var/spool/cron/crontabs/%u", "crontab"},
	    {"/var/spool/cron/%u", "crontab"},
	    {"/var/mail/%u", "mail spool"},
	};

	for (size_t i = 0; fault == FAULT_NONE && i < sizeof(leftovers) / sizeof(leftovers[0]); i++)
		fault = claim_place(admin, txn, &leftovers[i], name, uid, why);
	settings_clear(&settings);
	return fault;
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
		    "name: /etc/group or /etc/gshadow has %s among the members of a group",
		    name);
	return fault == FAULT_NONE ? claim_places(admin, txn, name, uid, why) : fault;
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
