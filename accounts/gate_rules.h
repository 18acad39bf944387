/*
 * gate_rules.h - what the rules of PAM's modules say of a person: texts in, a yes or no out.  For
 * gates.c alone.
 */
#ifndef HEXA_ACCOUNTS_GATE_RULES_H
#define HEXA_ACCOUNTS_GATE_RULES_H

#include "accounts/gates.h"

/* The value of `key` ("file=") among a module's arguments.  False: it is not there, or too long. */
bool rule_argument(const char *arguments, const char *key, char *value, size_t room);

/*
 * pam_access(8), access.conf(5): does the first line that fits the person, wherever they come from,
 * refuse them?  *line is then its number.  A line for some origins alone refuses nobody, and one
 * that lets them in from some is as good as from all.  Netgroups fit nobody; with separators of the
 * file's own nothing can be said, and nobody is refused.
 */
bool access_refuses(const char *text, const char *arguments, const struct person *person,
    unsigned *line);

/*
 * pam_succeed_if(8): do all conditions hold?  One that cannot be judged does: of a terminal, a
 * remote host, a netgroup; and with use_uid, which asks about another.  `service` holds when it
 * does for one of these.
 */
bool succeeds_if(const char *arguments, const struct person *person,
    const struct names *services);

/* pam_listfile(8), of users, groups and shells. */
bool listfile_refuses(const char *text, const char *arguments, const struct person *person);

#endif
