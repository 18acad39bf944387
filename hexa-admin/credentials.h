/*
 * credentials.h - what commands of several files do with a one-time code and with mails.
 */
#ifndef HEXA_ADMIN_CREDENTIALS_H
#define HEXA_ADMIN_CREDENTIALS_H

#include "accounts/invite.h"
#include "hexa-admin/command.h"

/* FAULT_INVALID, a misuse: --mail, and mails are this host's, not those of --root. */
enum fault mail_possible(struct call *call, struct why *why);

/*
 * Prints a code alone on a line, or with --mail mails it and prints nothing; with --json an object
 * with the name, the code or the address that it was mailed to (null: it was not), and until when
 * it is good.
 */
enum fault code_hand_over(struct call *call, const struct invitation *invitation,
    struct why *why);

/*
 * Mails whom the newest change has given clients, if they are to be told.  That it could not be
 * sent is said, and changes nothing of what comes of the command.
 */
void mail_assigned(struct call *call);

/*
 * What comes of a command whose --mail could not be sent, which was said: everything else was
 * done, and `fault` is what came of that.
 */
enum fault call_unmailed(struct call *call, enum fault fault);

#endif
