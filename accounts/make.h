/*
 * make.h - what every new user goes through, whichever command makes them.  For the operations of
 * accounts/ alone.
 */
#ifndef HEXA_ACCOUNTS_MAKE_H
#define HEXA_ACCOUNTS_MAKE_H

#include "accounts/change.h"

/* The shell of users who log in nowhere. */
#define NO_SHELL "/usr/sbin/nologin"

/* Sets the login name of a draft.  FAULT_INVALID also for "", which field_parse() would clear. */
enum fault user_name_parse(struct user *user, const char *name, struct why *why);

/*
 * The home that a policy's accounts.home makes of a login name: each %u is the name.  Newly
 * allocated; NULL when memory is out.
 */
char *user_home_of(const char *form, const char *name);

/*
 * FAULT_INVALID, naming all that is missing of roles, first and last name: `by_options` as the
 * command line has them, else as columns and fields are called.
 */
enum fault user_is_whole(const struct user *user, bool by_options, struct why *why);

/*
 * Writes a draft, whose uid is 0, as a new user: by the rules of change_user(), with a name made of
 * first and last name where it has none, and with the policy's home and shell where it states none.
 * What was made stands in *user.
 */
enum fault user_enter(struct change *change, struct user *user, struct why *why);

/*
 * A shell that nobody chose goes by the type, as for a new account: of a user who was of another
 * type.
 */
enum fault user_shell_follows(struct change *change, unsigned was, struct user *user,
    struct why *why);

#endif
