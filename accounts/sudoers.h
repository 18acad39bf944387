/*
 * sudoers.h - the drop-in by which sudo lets those who may act on Hexa run hexa-admin.
 *
 * It names one group (rules.h, ADMINS_GROUP) and one program, and is the same on every host; who is
 * in the group and what hexa-admin lets them do, the database says.  sudo passes over a file in
 * that folder whose name holds a dot or ends in a tilde, and refuses everybody when one cannot be
 * read (sudoers(5)).
 */
#ifndef HEXA_ACCOUNTS_SUDOERS_H
#define HEXA_ACCOUNTS_SUDOERS_H

#include <stdbool.h>

#include "policy/fault.h"
#include "policy/names.h"

#define SUDOERS_FILE "/etc/sudoers.d/hexa"

struct sudoers_state {
	bool sudo;     /* sudo and visudo are installed */
	bool there;    /* the drop-in is */
	bool changed;  /* and says something else than Hexa wrote, comments aside */
	bool trusted;  /* it is root's, and nobody else may write it: sudo takes it */
	bool strict;   /* its mode is 0440, as visudo wants it */
	bool included; /* /etc/sudoers, or a file that it includes, takes in the folder */
};

/* FAULT_UNAVAILABLE: one of the files cannot be read. */
enum fault sudoers_look(const char *root, struct sudoers_state *state, struct why *why);

/*
 * Writes the drop-in where sudo is installed: visudo is asked about the text before it stands
 * there, and about all of sudo's configuration when it does; what it then complains of takes the
 * drop-in away again (FAULT_UNAVAILABLE).  One that an administrator has changed is left as it is,
 * and where sudo's configuration is at fault already none is written: sentences in *notices tell.
 * FAULT_CONFLICT: the host has a group ADMINS_GROUP of its own, whose members would become root.
 */
enum fault sudoers_put(const char *root, struct names *notices, struct why *why);

/*
 * Takes it away.  One that an administrator has changed is kept beside it under a name that sudo
 * passes over, and a sentence in *notices tells.
 */
enum fault sudoers_remove(const char *root, struct names *notices, struct why *why);

/* FAULT_CONFLICT when the host has a group ADMINS_GROUP of its own; faults as host_has_group(). */
enum fault sudoers_group_is_free(const char *root, struct why *why);

#endif
