/*
 * fault.h - how Hexa's library code fails: an enum that says what kind of failure it was, and a
 * `struct why` that says where and why, for a person.
 *
 * Every function that can fail returns enum fault and takes a `struct why *` as its last argument
 * (NULL: the caller does not want the words).  Library code prints nothing; the door that called
 * it says it once, in its own language.  Out-parameters are written only on success.
 */
#ifndef HEXA_POLICY_FAULT_H
#define HEXA_POLICY_FAULT_H

#include <stdbool.h>

enum fault {
	FAULT_NONE = 0,
	FAULT_RULE,        /* the answer is no, or a rule refuses this to anyone          */
	FAULT_UNKNOWN,     /* no such user, role, permission                              */
	FAULT_DENIED,      /* this actor may not; somebody else may                       */
	FAULT_CONFLICT,    /* exists already, a limit is reached, or it changed meanwhile */
	FAULT_INVALID,     /* the input is wrong: field, or line and column               */
	FAULT_UNAVAILABLE, /* the database is missing, damaged, full; or no memory        */
};

/* Sizes in bytes, the final NUL included; longer texts are cut, never overrun. */
enum { WHY_FIELD_MAX = 64, WHY_TEXT_MAX = 512, WHY_MEND_MAX = 256 };

struct why {
	enum fault fault;
	unsigned line;             /* 1-based place in a FILE; 0: not about a place */
	unsigned column;           /* 1-based, in bytes */
	char field[WHY_FIELD_MAX]; /* the field's name; empty: not about a field */
	char text[WHY_TEXT_MAX];   /* one sentence without a final full stop; holds no secret */
	char mend[WHY_MEND_MAX];   /* the one command that mends it; empty: none */
	bool limit;                /* a limit is reached: in the way of others as well */
};

/*
 * Records a failure in *why (which may be NULL), clearing what stood there, and returns `fault`, so
 * that `return why_set(why, FAULT_INVALID, "...")` reads as one step.  Control bytes that came in
 * through the arguments are shown as '?', so that a hostile name cannot forge a second line.
 */
enum fault why_set(struct why *why, enum fault fault, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As why_set(), naming the field the failure is about. */
enum fault why_field(struct why *why, enum fault fault, const char *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* As why_set(), with the place in the FILE that was being read. */
enum fault why_place(struct why *why, enum fault fault, unsigned line, unsigned column,
    const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Adds words to the end of the sentence in *why (which may be NULL). */
void why_add(struct why *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Adds the mending command to what is recorded in *why (which may be NULL): one that can be typed
 * as it stands, but for words in capitals.  What is no command belongs into the sentence.
 */
void why_mend(struct why *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Notes in *why (which may be NULL) that what stands in the way is a limit of the policy. */
void why_limit(struct why *why);

/* FAULT_UNAVAILABLE, "out of memory". */
enum fault why_memory(struct why *why);

#endif
