/*
 * separation.h - static separation of duty (ANSI INCITS 359): roles that nobody holds together.
 * A role is held when it is assigned, in whatever scope, or inherited by one that is; whether it is
 * disabled makes no difference.
 */
#ifndef HEXA_POLICY_SEPARATION_H
#define HEXA_POLICY_SEPARATION_H

#include "policy/document.h"

/* Two roles that must not come together, and the constraint that says so. */
struct breach {
	size_t constraint;  /* its index in the document */
	const char *one;    /* as the constraint names them; live as the document */
	const char *other;
	const char *by_one; /* the assigned role that brings it: itself, or one that inherits it */
	const char *by_other;
};

/* Do these assignments break a constraint?  The document's roles are compiled. */
bool separation_broken(const struct document *document, const struct names *assignments,
    struct breach *breach);

/* Does the role by itself?  What it inherits counts. */
bool separation_broken_by_role(const struct document *document, const struct role *role,
    struct breach *breach);

/* One sentence: which two, through what.  `whom` is a user's or "the role NAME". */
void breach_explain(const struct breach *breach, const char *whom, char *text, size_t size);

#endif
