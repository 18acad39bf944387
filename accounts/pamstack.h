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

enum pamstack_asks { PAMSTACK_NO, PAMSTACK_YES, PAMSTACK_ELSEWHERE };

/* Bytes of a service's name, with the final NUL. */
enum { PAMSTACK_SERVICE_MAX = 64 };

/*
 * Whether a service's account lines come to Hexa: yes when they take in common-account or name
 * pam_hexa.so themselves.  Elsewhere: they take in another service's lines, the first of which is
 * named in `service`.
 */
enum pamstack_asks pamstack_asks_hexa(const char *text, size_t size,
    char service[PAMSTACK_SERVICE_MAX]);

/* "/etc/pam.d/common-auth" */
const char *pamstack_file(enum pamstack stack);

#endif
