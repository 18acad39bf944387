/*
 * invite.h - giving somebody a one-time code (code.h): to who was just made, to who has to set
 * their first password, to who has forgotten theirs.  Faults as users.h.
 *
 * The code is typed where the password is asked for, lets in once, and then has a new password set.
 * A new one voids the one before; and whoever comes to be suspended, revoked, gone, of a type that
 * has no password, or without a role, loses theirs (change_user()).
 */
#ifndef HEXA_ACCOUNTS_INVITE_H
#define HEXA_ACCOUNTS_INVITE_H

#include "accounts/admin.h"
#include "accounts/change.h"
#include "accounts/code.h"

enum invite_kind { INVITE_RESET, INVITE_FIRST };

/* A code on its way to whose it is. */
struct invitation {
	bool by_mail; /* asked for: who has no e-mail address is refused */
	enum invite_kind kind;
	char code[CODE_TEXT_BYTES]; /* the only place where it stands */
	int64_t until; /* good until then */
	uint32_t uid;
	char *name;  /* the login name */
	char *email; /* NULL: there is none */
	char *from;  /* the policy's mail.from; NULL: none */
};

/* Frees and wipes; what was asked for is forgotten too. */
void invitation_clear(struct invitation *invitation);

/*
 * May this user have a code?  FAULT_RULE, naming the status, the type or the roles, with what mends
 * it: not `active` or `invited`, `system` or `integration`, without a role.
 */
enum fault invite_allows(const struct user *user, struct why *why);

/*
 * Gives somebody a new code, good for as long as the policy says (tokens.invite, tokens.reset), and
 * forgets their failed logins; that these could not be forgotten the admin's notices say.  Neither
 * the status nor the password change.  *invitation, all zero but for by_mail, is filled in on
 * success.  FAULT_RULE: invite_allows(); by_mail, and there is no e-mail address.
 */
enum fault account_invite(struct admin *admin, const char *who, struct invitation *invitation,
    struct why *why);
enum fault account_reset(struct admin *admin, const char *who, struct invitation *invitation,
    struct why *why);

/*
 * What the user was given is to be of use at once: forgets their failed logins, or says in the
 * admin's notices that it could not.
 */
void invite_forgets_failures(struct admin *admin, uint32_t uid, const char *name);

/* ---- for account_add_invited() alone; *invitation is filled in as far as it came ---- */

/* As user_enter() (make.h), of somebody who is `invited`, with a code. */
enum fault invite_new(struct change *change, struct user *user, struct invitation *invitation,
    struct why *why);

/*
 * Gives a code to somebody who was known by the e-mail address and has just been given access
 * again: for that the actor needs hexa.credentials.reset over them.  *user is the record as
 * written.
 */
enum fault invite_known(struct change *change, struct user *user, struct invitation *invitation,
    struct why *why);

#endif
