/*
 * adopt.h - taking over accounts that the host itself has: from /etc/passwd and /etc/shadow into
 * the database, with everything by which the host knows them.
 */
#ifndef HEXA_ACCOUNTS_ADOPT_H
#define HEXA_ACCOUNTS_ADOPT_H

#include "accounts/admin.h"

/* What adopting somebody did, or would do. */
struct adoption {
	struct user user;     /* the record as written, or as it would be, without uuid and version */
	char method[32];      /* of the password's hash, as "yescrypt"; "": there is no password */
	char group[64];       /* the primary group's name; "": it has none */
	struct names groups;  /* of /etc/group, besides: they go on listing the name */
	char removal[256];    /* the command that takes the local lines away */
	bool is_renewal;      /* they were adopted before */
};

void adoption_clear(struct adoption *adoption);

/*
 * Takes over an account of /etc/passwd, with its uid, primary group, home, shell, names, password
 * hash (shadow_hash.h) and the day on which it ends, and with what `edits` say: its roles.  A group
 * below 1000 is replaced by one of the user's own.  Who is locked, with a `!` before the hash, is
 * suspended; who has no hash has no password.  While the local line stands it is asked first, and
 * nothing changes for anybody; adoption->removal takes it away.  With `dry` nothing is written.
 *
 * The admin's notices say what is not as it was, which of the account's groups are root's equal,
 * and what sudoers and sshd_config say of it.
 *
 * Plain root's (FAULT_DENIED).  FAULT_UNKNOWN: no account of that name, no such role.
 * FAULT_INVALID: a name or a path that no user of Hexa's can have, no role.  FAULT_CONFLICT: the
 * name or uid is Hexa's, or was; the account stands there twice; the uid is another account's as
 * well, another source's under another name, or among somebody's subordinate ids; the group that
 * would be the user's own is another's.  FAULT_RULE: a system account, a reserved name or id, a
 * `+NAME` or `-NAME` line, no password at all, a hash that is not taken; and what change_user()
 * refuses.  *adoption, all zero, is to be cleared whatever comes of it.
 *
 * Of whoever is adopted already, and whose line still stands with their uid, the password is taken
 * anew, with its day: that line is the one that people log in by, so a password that is changed,
 * taken away or locked there is not to come back when it goes.  Whoever is locked there now, or has
 * ended, is suspended, or ends; nobody comes back by this, for it cannot be told who suspended
 * them.  A password that Hexa was given meanwhile gives way to one of the host's, and stays where
 * the host has none.  All else stays as it is in the record, and where nothing changed nothing is
 * written.
 * FAULT_CONFLICT: with any edits; and as above, when the line is gone, or has another uid.
 */
enum fault account_adopt(struct admin *admin, const char *name, const struct edits *edits, bool dry,
    struct adoption *adoption, struct why *why);

/* An adoption whose local line still stands. */
struct unfinished {
	bool is_outdated; /* account_adopt() would change the record: mend has to be run */
	char told[192];   /* a sentence that says so */
	char mend[256];   /* what takes the line away; of an outdated one, what takes it over anew */
};

/*
 * True of a user whose account still stands in /etc/passwd, with the same uid: that line is asked
 * first, and Hexa's word does not count for them.  `now`: in seconds.  Nothing is said when the
 * file cannot be read.
 */
bool adoption_is_unfinished(const char *root, const struct user *user, int64_t now,
    struct unfinished *unfinished);

#endif
