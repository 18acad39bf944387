/*
 * host_sources.h - what this host's NSS sources besides its own files say about a name or an id:
 * LDAP, systemd and others.  For host_view.c.
 */
#ifndef HEXA_ACCOUNTS_HOST_SOURCES_H
#define HEXA_ACCOUNTS_HOST_SOURCES_H

#include <stdbool.h>

#include "policy/fault.h"

/*
 * Is there any source besides `files` and Hexa that has to be asked for each name?  And is there
 * systemd, whose users can be listed (userdb.h)?  All zero: neither.
 */
struct host_sources {
	bool of_users;
	bool of_groups;
	bool systemd_users;
	bool systemd_groups;
};

/* As nsswitch.conf has it; one that cannot be made out may name any. */
enum fault host_sources_look(struct host_sources *sources, struct why *why);

/*
 * Does any source have the name, or (`name` NULL) the id?  What Hexa's own directory answers with
 * does not count.  FAULT_UNAVAILABLE: a source cannot be asked.
 */
enum fault host_sources_have_user(const char *name, unsigned id, bool *has, struct why *why);
enum fault host_sources_have_group(const char *name, unsigned id, bool *has, struct why *why);

#endif
