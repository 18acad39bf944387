/*
 * doctor.h - what is wrong with this host's Hexa, why it matters, and the command that mends it.
 */
#ifndef HEXA_ACCOUNTS_DOCTOR_H
#define HEXA_ACCOUNTS_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/fault.h"
#include "store/store.h"

enum severity { FINDING_GOOD, FINDING_WARNING, FINDING_ERROR };

struct finding {
	enum severity severity;
	char check[64];   /* a stable word: "database-mode", "nsswitch", "pam-order" */
	char text[512];   /* what was found, and why it matters */
	char mend[256];   /* the command that mends it, or "" */
	char service[65]; /* the PAM service that it is about; "": every one */
};

/* Runs every check, calling `tell` with each finding in turn.  FAULT_NONE: the checks ran. */
enum fault doctor_run(const char *root, void (*tell)(void *context, const struct finding *),
    void *context, struct why *why);

/* Whose login is asked about. */
struct doctor_login {
	const char *root;
	struct store *store;
	const struct user *user;
	const struct names *services; /* by which Hexa lets them in, sorted */
	int64_t now;
	bool for_root;                /* plain root asks: where links in a home lead is told */
};

/*
 * What this host has to say of it beside Hexa's rules, as far as it is not good: what is switched
 * off or wrong on the way, what else refuses them there, and their home, shell and name.  Where
 * Hexa is switched off, this alone is told, and of another tree than this host's nothing.
 */
enum fault doctor_look(const struct doctor_login *login,
    void (*tell)(void *context, const struct finding *), void *context, struct why *why);

/*
 * Has the user keys in the file of their own that sshd looks into?  One behind a link is found only
 * `for_root`.
 */
bool doctor_finds_keys(const char *root, bool for_root, const struct user *user);

/*
 * Writes the database's indexes (store/indexes.h) anew from its records, and the directory too.  That
 * the actor is plain root is the caller's to know.  FAULT_CONFLICT: two users have one name, address
 * or number.
 */
enum fault doctor_mend(const char *root, const struct actor *actor, int64_t now, struct why *why);

#endif
