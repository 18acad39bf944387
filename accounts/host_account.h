/*
 * host_account.h - an account of the host's own files: what /etc/passwd, /etc/shadow and /etc/group
 * say of it.  For the operations of accounts/ alone.
 */
#ifndef HEXA_ACCOUNTS_HOST_ACCOUNT_H
#define HEXA_ACCOUNTS_HOST_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/fault.h"
#include "policy/names.h"

/* A day that the shadow file does not state. */
enum { DAY_NONE = -1 };

/* All zero: nothing was read. */
struct host_account {
	char *name;
	uint32_t uid;
	uint32_t gid;
	char *gecos;
	char *home;
	char *shell;
	char *hash;           /* the password field that counts; "*" where shadow has no line; secret */
	bool is_unshadowed;   /* it stands in /etc/passwd itself */
	long changed;         /* days since 1970 as shadow(5) has them, or DAY_NONE: of the password */
	long expires;         /* the first day on which nobody logs in any more */
	unsigned lines;       /* how often its name stands in /etc/passwd; and in /etc/shadow */
	unsigned shadow_lines;
	bool is_compat;       /* a `+NAME` or `-NAME` speaks of another source's account (NIS) */
	char *twin;           /* another account with this uid; NULL: none */
	char *group;          /* the primary group's name in /etc/group; NULL: it has none */
	struct names groups;  /* the groups that list the account as a member's, as they stand there */
	bool owns_group;      /* the primary group is its own: see below */
	bool has_gshadow;     /* there is an /etc/gshadow */
};

/*
 * Reads what the files under `root` say of the account, skipping lines that libc would skip.
 * FAULT_UNKNOWN: there is none.  FAULT_UNAVAILABLE: a file cannot be read.  *account must be all
 * zero, and is to be cleared whatever comes of it.
 *
 * A primary group is the account's own when it has its name and uid for a gid, lists nobody else,
 * and is no other account's primary group.
 */
enum fault host_account_read(const char *root, const char *name, struct host_account *account,
    struct why *why);

/* Wipes what is secret. */
void host_account_clear(struct host_account *account);

/*
 * The command that takes the password of this moment over (adopt.h), and then the account's lines
 * away, with those of its own group: neither files nor anybody else's groups, as userdel(8) would.
 * Whoever runs it, and when, the password that was the account's last is the one that stays.  The
 * name must be a login name: it stands in a pattern.
 */
void host_account_removal(const struct host_account *account, char *command, size_t size);

/*
 * Does a group of /etc/group have this gid, under another name than `name`; or this name, with
 * another gid?  *other (WHY_FIELD_MAX bytes) is then the group that is in the way, "" otherwise.
 */
enum fault host_group_clashes(const char *root, const char *name, uint32_t gid, char *other,
    struct why *why);

/*
 * Is the id among the subordinate ids of anybody but `name` (/etc/subuid, /etc/subgid)?  *owner, as
 * *other above.
 */
enum fault host_subordinate_id(const char *root, const char *name, uint32_t id, char *owner,
    struct why *why);

/*
 * Does one of this host's sources of users besides its files and Hexa know the uid under another
 * name, or the name with another uid?  `root` other than "": nobody is asked.  *other is then "the
 * source's name for it", as above.  FAULT_UNAVAILABLE: a source could not be asked.
 */
enum fault host_others_know(const char *root, const char *name, uint32_t uid, char *other,
    struct why *why);

#endif
