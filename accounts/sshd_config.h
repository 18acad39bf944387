/*
 * sshd_config.h - what sshd's configuration says: its lines, in sshd's order, and what sshd itself
 * makes of them.  Nothing is written here.
 */
#ifndef HEXA_ACCOUNTS_SSHD_CONFIG_H
#define HEXA_ACCOUNTS_SSHD_CONFIG_H

#include <stdbool.h>

#include "policy/fault.h"
#include "policy/names.h"

#define SSHD_CONFIG "/etc/ssh/sshd_config"

/* One line that says something. */
struct sshd_line {
	const char *file;    /* without the root */
	unsigned number;
	bool is_matched;     /* it is a Match, or stands behind one: it holds for some alone */
	const char *keyword; /* as it is written; sshd makes no difference of capitals */
	char *rest;          /* for sshd_word() */
};

/* Takes the next word off a line: at spaces or `=`, or whole within quotes.  NULL at its end. */
char *sshd_word(char **rest);

/*
 * Calls `visit` with each line, those of included files in their place, until it says false.  Of
 * what sets a value the first line counts.  An included file that cannot be read is passed over:
 * sshd would not start with it.  FAULT_UNKNOWN: there is no SSHD_CONFIG; FAULT_UNAVAILABLE: it
 * cannot be read.
 */
enum fault sshd_config_walk(const char *root,
    bool (*visit)(void *context, const struct sshd_line *line), void *context, struct why *why);

/* Where a line stands, in words: "/etc/ssh/sshd_config, line 7"; "" for nowhere. */
struct sshd_place {
	char text[160];
};

/* Where the line stands that says this for everybody: the first, for that is the one that counts. */
void sshd_config_find(const char *root, const char *keyword, struct sshd_place *place);

/* Bytes, the final NUL included; what is longer is cut, and no command of Hexa's. */
enum { SSHD_COMMAND_MAX = 1024, SSHD_USER_MAX = 256 };

/* What holds for a user whom no line names, from an address that none does. */
struct sshd_settings {
	bool pam;                       /* it asks PAM, and its account phase */
	bool password;                  /* it takes passwords */
	bool keyboard;                  /* and asks for them as PAM wants it */
	char command[SSHD_COMMAND_MAX]; /* AuthorizedKeysCommand; "": none */
	char user[SSHD_USER_MAX];       /* AuthorizedKeysCommandUser; "": none */
};

/* sshd and its configuration are installed. */
bool sshd_is_there(const char *root);

/* Has sshd read this file as its configuration.  FAULT_UNAVAILABLE, in its words: it is wrong. */
enum fault sshd_check(const char *root, const char *file, struct why *why);

/* Asks sshd what its configuration comes to.  FAULT_UNAVAILABLE as sshd_check(). */
enum fault sshd_ask(const char *root, struct sshd_settings *settings, struct why *why);

/* Whom sshd lets in, whatever else lets them in: patterns, as its configuration has them. */
struct sshd_access {
	struct names allow_users, deny_users, allow_groups, deny_groups;
};

void sshd_access_clear(struct sshd_access *access);

/*
 * As sshd_ask(), of the user who logs in by this name (NULL: one whom no line names), and with whom
 * sshd then lets in.  *access must be all zero, and is to be cleared whatever comes of it.
 */
enum fault sshd_ask_about(const char *root, const char *user, struct sshd_settings *settings,
    struct sshd_access *access, struct why *why);

/*
 * The keyword by which sshd refuses this user of these groups (sorted), from wherever they come;
 * NULL: by none.  A pattern that names a host too is taken to let them in, and to refuse nobody.
 */
const char *sshd_refuses(const struct sshd_access *access, const char *user,
    const struct names *groups);

#endif
