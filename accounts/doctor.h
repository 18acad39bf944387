/*
 * doctor.h - what is wrong with this host's Hexa, why it matters, and the command that mends it.
 */
#ifndef HEXA_ACCOUNTS_DOCTOR_H
#define HEXA_ACCOUNTS_DOCTOR_H

#include <stddef.h>

#include "policy/fault.h"
#include "store/store.h"

enum severity { FINDING_GOOD, FINDING_WARNING, FINDING_ERROR };

struct finding {
	enum severity severity;
	char check[64];   /* a stable word: "database-mode", "nsswitch", "pam-order" */
	char text[512];   /* what was found, and why it matters */
	char mend[256];   /* the command that mends it, or "" */
};

/* Runs every check, calling `tell` with each finding in turn.  FAULT_NONE: the checks ran. */
enum fault doctor_run(const char *root, void (*tell)(void *context, const struct finding *),
    void *context, struct why *why);

/*
 * Writes the database's indexes (store/indexes.h) anew from its records, and the directory too.  That
 * the actor is plain root is the caller's to know.  FAULT_CONFLICT: two users have one name, address
 * or number.
 */
enum fault doctor_mend(const char *root, const struct actor *actor, int64_t now, struct why *why);

#endif
