/*
 * sshd.h - the drop-in by which sshd asks for the keys of Hexa's users.
 *
 * It sets AuthorizedKeysCommand and its user, and nothing else: who may log in, and by what, stays
 * as it was.  sshd has room for one such command; one that the host has already is run by Hexa's
 * (--chain) when it is given nothing but the user's name, for all users as before.
 */
#ifndef HEXA_ACCOUNTS_SSHD_H
#define HEXA_ACCOUNTS_SSHD_H

#include <stdbool.h>

#include "accounts/sshd_config.h"
#include "policy/fault.h"
#include "policy/names.h"

#define SSHD_FILE   "/etc/ssh/sshd_config.d/hexa.conf"
#define SSHD_RELOAD "systemctl reload ssh"

struct sshd_state {
	bool sshd;    /* sshd is installed */
	bool there;   /* the drop-in is */
	bool changed; /* and says something else than Hexa writes, comments aside */
	bool trusted; /* it is root's, and nobody else may write it */
};

/* FAULT_UNAVAILABLE: the drop-in cannot be read. */
enum fault sshd_look(const char *root, struct sshd_state *state, struct why *why);

/* Is this AuthorizedKeysCommand Hexa's program, with whatever arguments? */
bool sshd_command_is_ours(const char *command);

/*
 * Can Hexa's program run this one in its turn: a path, and of arguments none but the user's name?
 * *program, of SSHD_COMMAND_MAX bytes, is then the path.
 */
bool sshd_command_chains(const char *command, char program[SSHD_COMMAND_MAX]);

/*
 * Writes the drop-in where sshd is installed: sshd is asked about the text before it stands there,
 * and about all of its configuration when it does; what it then finds fault with takes the drop-in
 * away again (FAULT_UNAVAILABLE).  sshd itself is left alone: it reads its configuration when it is
 * reloaded.  None is written, and sentences in *notices tell, where sshd finds fault already, does
 * not ask PAM (whoever has a key would then be in), has a command that cannot be chained, or would
 * not come to read it.  One that an administrator has changed is left as it is.
 */
enum fault sshd_put(const char *root, struct names *notices, struct why *why);

/*
 * Takes it away.  One that an administrator has changed is kept beside it under a name that sshd
 * passes over, and a sentence in *notices tells.
 */
enum fault sshd_remove(const char *root, struct names *notices, struct why *why);

#endif
