/*
 * gates.h - what else on this host says no to a login that Hexa allows: modules of PAM's that stand
 * on a service's lines beside Hexa's, and sshd's lists of users and groups.  For the operations of
 * accounts/ alone.
 *
 * A gate is judged by what the host's files say of a person.  What a module would ask of a session
 * (from where, on which terminal, at what time) is not known here: then it is taken to let them in.
 */
#ifndef HEXA_ACCOUNTS_GATES_H
#define HEXA_ACCOUNTS_GATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "accounts/sshd_config.h"
#include "policy/fault.h"
#include "policy/names.h"

enum gate_kind {
	GATE_NOLOGIN = 1, /* pam_nologin(8), while its file is there */
	GATE_ACCESS,      /* pam_access(8) */
	GATE_SUCCEED_IF,  /* pam_succeed_if(8) */
	GATE_LISTFILE,    /* pam_listfile(8) */
	GATE_SHELLS,      /* pam_shells(8) */
	GATE_SSHD,        /* AllowUsers and the like */
};

struct gate {
	enum gate_kind kind;
	struct names services; /* that come through it */
	char place[160];       /* where it stands: "/etc/pam.d/sshd, line 4"; "" of sshd's */
	char arguments[512];
	char file[160];        /* that it goes by, without the root; "": none */
	char *text;            /* what that says; NULL: nothing */
};

struct gates {
	const char *root;
	struct gate *gate;
	size_t count;
	struct sshd_access sshd;
	struct sshd_settings settings; /* of sshd; all zero where it could not be asked */
	bool has_sshd;                 /* it could */
};

/* Who comes to it.  The strings and the list stay the caller's. */
struct person {
	const char *name;
	uint32_t uid;
	uint32_t gid;
	const char *shell;          /* NULL: none */
	const char *home;           /* NULL: none */
	const struct names *groups; /* by name, sorted */
};

/*
 * Finds the gates of these services that could refuse somebody; of sshd's, those that hold for
 * `user` (NULL: for one whom no line names).  *gates must be all zero, and is to be cleared
 * whatever comes of it.  `root` must outlive them.  A file that cannot be read has no gate: other
 * checks tell.
 */
enum fault gates_read(const char *root, const struct names *services, const char *user,
    struct gates *gates, struct why *why);
void gates_clear(struct gates *gates);

/* What a file is changed with that a person must look at. */
#define EDITOR "${EDITOR:-vi}"

/* Why, in words that go on from "… by", and the command that would open it, or "". */
struct refusal {
	char by[512];
	char mend[WHY_MEND_MAX];
};

/* COMMAND FILE into `mend`; "" when it does not fit. */
void gate_mend(const char *command, const char *file, char mend[WHY_MEND_MAX]);

/* The same with the file of a place, "FILE, line N"; "" too when the place was cut before that. */
void gate_mend_place(const char *command, const char *place, char mend[WHY_MEND_MAX]);

/* *refusal is filled in when it does. */
bool gate_refuses(const struct gates *gates, const struct gate *gate,
    const struct person *person, struct refusal *refusal);

/*
 * Is Hexa asked about accounts of this service, with nothing before it that could end the stack
 * with a yes?  And about passwords?  What lets in local users and root alone (pam_localuser,
 * pam_rootok) does not count.
 */
struct service_lines {
	bool there;         /* PAM has such a service */
	bool asks;          /* its account lines come to Hexa */
	bool asks_password; /* its auth lines do, or it has none of its own */
	char passed[160];   /* the account line that can pass Hexa by; "": none */
};

void service_lines_look(const char *root, const char *service, struct service_lines *lines);

#endif
