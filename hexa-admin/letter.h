/*
 * letter.h - what Hexa writes to people: a one-time code, and clients that they were given.
 *
 * A letter is short, in plain ASCII, and says which host it is about.  All of them fail as
 * mail_send() does.
 */
#ifndef HEXA_ADMIN_LETTER_H
#define HEXA_ADMIN_LETTER_H

#include "accounts/admin.h"
#include "accounts/invite.h"

/* The code, what to do with it and until when it is good; `clients` are named if there are any. */
enum fault letter_code(const struct invitation *invitation, const struct names *clients,
    struct why *why);

/* Which clients somebody was given. */
enum fault letter_assigned(const struct assigned *assigned, struct why *why);

#endif
