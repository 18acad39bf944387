/*
 * settings.h - what a policy says besides permissions and roles: how people log in, what passwords
 * are like, limits, and what a new account looks like.
 *
 * A row's name is its place in the document: `password.min-length` is the key `min-length` of the
 * section `password`, `password.argon2.memory` one section deeper.  The document's reader, its
 * writer, the database and `policy show` loop over the table; a new setting is a member, a row, and
 * its default.
 */
#ifndef HEXA_POLICY_SETTINGS_H
#define HEXA_POLICY_SETTINGS_H

#include "policy/field.h"

/* What a service that no permission names asks of a user.  The zero value denies. */
enum other_services { OTHER_REFUSE, OTHER_ANY_PERMISSION };

/* Where somebody with too many failures is locked out: there where they failed, or everywhere. */
enum lockout_scope { LOCKOUT_REMOTE_HOST, LOCKOUT_EVERYWHERE };

enum { LOCKOUT_FAILURES_MOST = 1000 }; /* that a policy may allow */

/*
 * The most that a policy may have Argon2 do for one change of a password: bytes of memory times
 * operations times earlier passwords.  The five of the shipped policy at libsodium's costliest
 * setting (4 operations over 1 GiB) are just within.
 */
#define SETTINGS_HISTORY_WORK (UINT64_C(20) << 30)

struct settings {
	bool login_email;            /* an e-mail address is a name to log in by */
	bool login_phone;
	unsigned other_services;     /* enum other_services */
	uint32_t password_min_length;  /* characters */
	uint32_t password_history;     /* so many earlier passwords are refused */
	uint32_t password_max_age;     /* seconds; 0: it never expires */
	uint32_t password_warn;        /* seconds before that in which a login says so */
	uint32_t argon2_operations;
	uint64_t argon2_memory;        /* bytes */
	uint32_t lockout_failures;     /* 0: nobody is locked out */
	uint32_t lockout_within;       /* seconds */
	uint32_t lockout_for;          /* seconds */
	unsigned lockout_scope;        /* enum lockout_scope */
	bool lockout_keys;             /* a lock-out refuses whoever comes by key, too */
	uint32_t token_invite;         /* seconds that a one-time code is good */
	uint32_t token_reset;
	uint32_t limit_users;          /* 0: no limit */
	uint32_t limit_users_per_client;
	struct names uid_ranges;       /* empty: Hexa's own (store/register.c) */
	char *home;                    /* of a new account; %u is the login name */
	char *shell;
	uint32_t group_members;        /* a group with more is published without its list */
	bool mail_client_added;        /* a user is told by mail of a client that they are given */
	char *mail_from;               /* whom such mails come from; NULL: the mail program says */
};

extern const struct table settings_table;

void settings_clear(struct settings *settings);

/* Fills in what holds where a policy says nothing.  *settings must be all zero, or cleared. */
enum fault settings_default(struct settings *settings, struct why *why);

/*
 * What the rows alone cannot say: a lock-out has all of its three numbers, or none; ranges of ids
 * ascend, and hold none that the host gives out by itself.  FAULT_INVALID names the field.
 */
enum fault settings_check(const struct settings *settings, struct why *why);

/*
 * The setting that PAM's modules and login.defs(5) call `word`, in any case: "lockout.failures"
 * for pam_faillock's deny.  NULL when it is none of their words.
 */
const char *settings_meant(const char *word);

#endif
