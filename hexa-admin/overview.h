/*
 * overview.h - seeing users: which of them a command reaches, and how they are listed.
 */
#ifndef HEXA_ADMIN_OVERVIEW_H
#define HEXA_ADMIN_OVERVIEW_H

#include "hexa-admin/command.h"
#include "policy/match.h"

/*
 * As user_find(), in a transaction of its own, and whom the command's permission reaches
 * (FAULT_DENIED as admin_needs_over()).  *user must be all zero, or cleared.
 */
enum fault user_in_reach(struct call *call, const char *who, struct user *user, struct why *why);

/*
 * Prints the users whom the command's permission reaches and the question is about, with what is
 * listed of them beside their fields; `columns` if none are named.  The limit is the line's.
 */
enum fault users_list(struct call *call, const struct question *question, const char *columns,
    struct why *why);

#endif
