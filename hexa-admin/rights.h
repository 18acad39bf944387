/*
 * rights.h - what a process may: laid down for what a person names or runs, and taken up again.
 *
 * Behind sudo the caller is not root: root must not read, write or run for them what they could
 * not.
 */
#ifndef HEXA_ADMIN_RIGHTS_H
#define HEXA_ADMIN_RIGHTS_H

#include <sys/types.h>

#include "hexa-admin/command.h"

/* All zero: those that this process has, whichever they are. */
struct rights {
	uid_t uid;
	gid_t gid;
	gid_t *groups;
	int count;
	char *name;
	char *home;
};

void rights_clear(struct rights *rights);

/* Of the user of Hexa's whose rights count; all zero, as *rights must be, for who acts as root. */
enum fault rights_of_actor(struct call *call, struct rights *rights, struct why *why);

/*
 * Of the person who is there: the actor, or a user of this host's own who acts as root behind sudo;
 * root's where nobody is behind it.  FAULT_UNAVAILABLE: this host does not know them.
 */
enum fault rights_of_person(struct call *call, struct rights *rights, struct why *why);

/*
 * Takes them on until rights_return(), which is given what rights_take() has written to *before.
 * The real uid stays root's, so that nobody may signal or trace this process meanwhile.
 * FAULT_UNAVAILABLE: it could not be done, and nothing is changed.
 */
enum fault rights_take(const struct rights *rights, struct rights *before, struct why *why);
void rights_return(struct rights *before);

/* Takes them on for good, in a child that is to run a program.  False: it could not be done. */
bool rights_become(const struct rights *rights);

#endif
