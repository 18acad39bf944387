/*
 * alike.h - users who stand alike: whom no policy can treat differently on this host.  What a
 * policy does is then worked out once for each kind of users, and not for each user.  For the
 * operations of accounts/ alone.
 */
#ifndef HEXA_ACCOUNTS_ALIKE_H
#define HEXA_ACCOUNTS_ALIKE_H

#include "policy/user.h"

struct alike;

/* NULL when memory is out. */
struct alike *alike_begin(void);

/* NULL is allowed.  What the kinds hold is the caller's. */
void alike_end(struct alike *alike);

/*
 * The place of what belongs to this user's kind at `now`: **of is NULL for the first of the kind,
 * who puts something there.  Two users are of one kind when decide() and decide_permission() see no
 * difference between them, a password to be changed apart: type, status, validity, contact, roles,
 * grants that still count, clients and sites.
 * Valid until the next call.
 */
enum fault alike_find(struct alike *alike, const struct user *user, int64_t now, void ***of,
    struct why *why);

#endif
