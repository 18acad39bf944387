/*
 * users.h - what an administrator does with users: one function per operation, with its rules, in
 * one transaction.  Suspending, revoking and deleting stand in life.h.
 *
 * `who` is a login name, `uid:N`, an e-mail address or a phone number.  Beside what store.h says,
 * each returns FAULT_UNKNOWN when `who` is nobody, FAULT_INVALID for a value that its field does
 * not take, what change_user() refuses (change.h: the actor may not, a name that there is not, a
 * constraint, a limit), and FAULT_RULE when it would leave the host without a system administrator
 * who can act, or with none but such as have an end.
 */
#ifndef HEXA_ACCOUNTS_USERS_H
#define HEXA_ACCOUNTS_USERS_H

#include "accounts/admin.h"
#include "accounts/invite.h"

/*
 * Makes a user.  `name` NULL: one is made of first and last name, with a number when it is taken.
 * Refused: no role, first or last name (FAULT_INVALID); a name that /etc/passwd, /etc/group or
 * another NSS source has, that is reserved, or that sudoers or sshd_config mention (FAULT_CONFLICT;
 * plain root may insist on the last); a name, e-mail or phone that is taken (FAULT_CONFLICT).
 * `password` NULL: none yet.  Home and shell, where not stated, are the policy's.  *made is the
 * record as written.
 *
 * Whoever is known by the e-mail address and has no access (known.h) gets it again instead, with
 * the roles, grants, clients and sites of the edits; all else is left as it was, and the admin's
 * notices say so.  made->version is then above 1.
 *
 * Of several clients those that are full are passed over: change.h, passes_over.
 */
enum fault account_add(struct admin *admin, const char *name, const struct edits *edits,
    const char *password, struct user *made, struct why *why);

/*
 * The same, with a one-time code in the place of a password: whoever is made is `invited`, until
 * that code lets them in.  *invitation as account_invite() has it (invite.h).  Whoever was known
 * has a code too, for which the actor needs hexa.credentials.reset over them (FAULT_DENIED).
 */
enum fault account_add_invited(struct admin *admin, const char *name, const struct edits *edits,
    struct invitation *invitation, struct user *made, struct why *why);

/*
 * Beside what is edited: whoever becomes `system` or `integration` loses the password, and a client
 * user who loses the last client is revoked; the admin's notices then say so.  Whoever becomes
 * `system` loses the shell that the policy gave, and has it again when they are one no longer.
 * Of several clients that are added those that are full are passed over: change.h, passes_over.
 */
enum fault account_edit(struct admin *admin, const char *who, const struct edits *edits,
    struct why *why);

/* The uid, the files and the journal stay; the old name is kept back for an hour. */
enum fault account_rename(struct admin *admin, const char *who, const char *name,
    struct why *why);

/*
 * Sets a lasting password, and forgets the user's failed logins; that these could not be forgotten
 * the admin's notices say.  FAULT_INVALID: password_check() refuses it; FAULT_RULE: the user's type
 * never has one.  The one before goes into the history, by which this one is not judged.
 */
enum fault account_password(struct admin *admin, const char *who, const char *password,
    struct why *why);

#endif
