/*
 * user.h - the user record.  What each member means stands in its row in user.c.
 */
#ifndef HEXA_POLICY_USER_H
#define HEXA_POLICY_USER_H

#include "policy/field.h"

enum user_type { USER_EMPLOYEE, USER_CLIENT, USER_SYSTEM, USER_INTEGRATION };
enum user_status { STATUS_INVITED, STATUS_ACTIVE, STATUS_SUSPENDED, STATUS_REVOKED, STATUS_LEFT };

/* The most days of access back: a hundred years. */
enum { ACCESS_BACK_DAYS_MAX = 36500 };

struct user {
	struct uuid uuid;
	uint64_t version; /* counts the writes; what a writer read must still stand */
	char *origin;     /* where the record is kept: `local` */
	uint32_t uid;
	uint32_t gid;
	char *name;
	char *first_name;
	char *last_name;
	char *email;
	char *phone;
	unsigned type;   /* enum user_type */
	unsigned status; /* enum user_status */
	struct names roles;   /* assignments: assignment.h */
	struct names grants;  /* permissions of their own: grant.h */
	struct names clients; /* whose hosts a client user may be on */
	struct names sites;   /* of these; empty: every site of the clients */
	char *unit;
	char *profession;
	char *license;
	char *report_to;      /* a login name: whose person this is */
	char *route_to;       /* who gets their work when they are away */
	char *escalate_to;    /* who is next when nobody answers */
	uint32_t access_back; /* days */
	int64_t valid_from;
	int64_t valid_until;
	char *shell;
	char *home;
	char *note;
	int64_t created;
	char *password;       /* a crypto_pwhash_str() string; secret */
	int64_t password_set;
	bool must_change;
	char *history;        /* earlier password hashes, newest first, by spaces; secret */
	char *code;           /* the hash of a one-time code (accounts/code.h); secret */
	int64_t code_made;
	int64_t code_until;   /* good until then */
	int64_t code_used;    /* when it let somebody in; 0: not yet */
	int64_t code_mark;    /* the highest time that was ever seen, when it was made */
};

extern const struct table user_table;

/* The types' names, in the order of enum user_type, NULL-ended. */
extern const char *const user_types[];
enum { USER_TYPES = 4 };

/* Frees and wipes; the record is all zero, which is `invited`, a user who may do nothing. */
void user_clear(struct user *user);

#endif
