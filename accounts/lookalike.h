/*
 * lookalike.h - login names that are easily taken for one another.  For the operations of accounts/
 * alone.
 */
#ifndef HEXA_ACCOUNTS_LOOKALIKE_H
#define HEXA_ACCOUNTS_LOOKALIKE_H

#include "accounts/change.h"

/*
 * A notice when a new user, or one with a new name, would look like another one (text_look()):
 * told, and refused to nobody.  `before` NULL: a new user; `after` NULL: one who goes, which says
 * nothing.
 */
enum fault lookalike_tell(struct change *change, const struct user *before,
    const struct user *after, struct why *why);

#endif
