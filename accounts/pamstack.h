/*
 * pamstack.h - the common-* files of PAM that pam-auth-update writes: where pam_hexa.so stands in
 * them, and whether it can decide from there.  Works on texts: this file opens nothing.
 *
 * Hexa stands before pam_unix in auth and account: pam_unix's account phase says yes to every user
 * whose passwd field is `*`, and its `success=N` would jump over a Hexa line that comes later.  In
 * password it stands after pam_unix, which would otherwise take the new password from the module
 * before it and never ask for a local user's.
 */
#ifndef HEXA_ACCOUNTS_PAMSTACK_H
#define HEXA_ACCOUNTS_PAMSTACK_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/fault.h"

/* Bytes of the largest PAM file that is read. */
enum { PAMSTACK_MAX = 64 * 1024 };

enum pamstack {
	PAMSTACK_AUTH,
	PAMSTACK_ACCOUNT,
	PAMSTACK_SESSION,
	PAMSTACK_NONINTERACTIVE,
	PAMSTACK_PASSWORD,
	PAMSTACKS
};

/* Where Hexa stands in one file.  The zero value: not at all. */
struct pamstack_state {
	unsigned lines;  /* that name pam_hexa.so: 1 when it is on, 0 when it is off */
	bool local;      /* pam_unix.so stands there: root and local users log in by it */
	bool control;    /* Hexa's control is what its profile gives it */
	bool order;      /* no line before Hexa can jump over it, or end the stack with a yes */
	bool jumps;      /* every jump of this stack lands on a line of it, and not on pam_deny.so */
};

/* What keeps Hexa from deciding in this stack, or local users from it, as words; NULL: nothing. */
const char *pamstack_problem(const struct pamstack_state *state);

/* FAULT_INVALID, with the line, for what libpam would not read either. */
enum fault pamstack_look(enum pamstack stack, const char *text, size_t size,
    struct pamstack_state *state, struct why *why);

/*
 * Writes all of these files anew, with their profiles, and asks nobody.  What was changed by hand
 * between pam-auth-update's marks goes; FILE.pam-old has it.
 */
#define PAMSTACK_ANEW "pam-auth-update --force --enable unix hexa hexa-password"

/*
 * Does a line outside pam-auth-update's marks, which PAMSTACK_ANEW leaves as it is, stand in Hexa's
 * way: one that names pam_hexa.so, or one before it that can jump or end the stack with a yes?
 */
bool pamstack_is_kept(const char *text, size_t size);

/* Bytes of a service's name, with the final NUL. */
enum { PAMSTACK_SERVICE_MAX = 64 };

/*
 * One line of a service's file.  What takes in another service's lines has that one's name as its
 * module, and "include" as its control; `@include` does so for lines of every type, and has no type.
 */
struct pam_line {
	unsigned number;
	char type[16];                     /* "auth", "account", "password", "session" */
	char control[128];                 /* as it is written, brackets too */
	char module[PAMSTACK_SERVICE_MAX]; /* the file's name, without its folder */
	char arguments[512];               /* separated by single spaces */
};

/*
 * Takes the next line off a text; false at its end.  *number counts the lines from 0 on.  What does
 * not fit is cut, and what libpam would not read either comes as an empty module.
 */
bool pamstack_next(const char **text, const char *end, unsigned *number, struct pam_line *line);

/* Can this line's own no end a login? */
bool pam_line_refuses(const struct pam_line *line);

/* Can this line's yes end the stack, or jump over others? */
bool pam_line_passes(const struct pam_line *line);

/* "/etc/pam.d/common-auth" */
const char *pamstack_file(enum pamstack stack);

#endif
