/*
 * access.h - what nobody takes away from themselves: that they are let in on this host, and that
 * they may act on Hexa.  For the operations of accounts/ alone.
 */
#ifndef HEXA_ACCOUNTS_ACCESS_H
#define HEXA_ACCOUNTS_ACCESS_H

#include "accounts/admin.h"
#include "policy/decide.h"
#include "policy/document.h"

/* All zero: neither. */
struct access {
	bool lets_in; /* by a service, as standing_lets_in() has it */
	bool acts;    /* any permission on Hexa itself is theirs */
};

/* A user's under a policy that is compiled, at `at` (its service is not looked at). */
enum fault access_under(const struct document *document, const struct user *user,
    const struct request *at, struct access *access, struct why *why);

/*
 * The actor's as the database has it, at the cost of a login.  Neither when nobody is called so any
 * more; both, always, of plain root.
 */
enum fault access_of_actor(const struct admin *admin, struct txn *txn, struct access *access,
    struct why *why);

/* FAULT_RULE when the actor would lose what they had. */
enum fault access_is_kept(const struct access *before, const struct access *after,
    struct why *why);

#endif
