/*
 * nsswitch.h - the lines of nsswitch.conf that Hexa stands on, as glibc reads them.  Text in, text
 * out: this file opens nothing.
 *
 * A line is `map: source [STATUS=action …] source …`.  Hexa stands last, because a source that
 * says "try again" before one that says "no such user" would read as "no such user".  An action
 * before Hexa may keep it from ever being asked (`[NOTFOUND=return]`); such a line is the
 * administrator's own decision, so it is refused, with its place, and never rewritten.
 */
#ifndef HEXA_ACCOUNTS_NSSWITCH_H
#define HEXA_ACCOUNTS_NSSWITCH_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/bytes.h"
#include "policy/fault.h"

#define NSSWITCH_FILE "/etc/nsswitch.conf"

/* Bytes of the largest nsswitch.conf that is read. */
enum { NSSWITCH_MAX = 64 * 1024 };

enum nsswitch_map { NSSWITCH_PASSWD, NSSWITCH_GROUP, NSSWITCH_INITGROUPS, NSSWITCH_MAPS };

/* How one map stands to Hexa.  A map with several lines is as good as the worst of them. */
struct nsswitch_state {
	bool present;   /* there is such a line; without one glibc asks `files` alone */
	bool local;     /* `files` or `compat` stands on it: root is found whatever else fails */
	bool systemd;   /* nss-systemd(8) stands on it */
	bool others;    /* a source stands on it that is none of `files`, `systemd` and `hexa` */
	bool on;        /* `hexa` stands on it */
	bool last;      /* … and nothing after it */
	bool reached;   /* no action before it keeps it from being asked for one it alone knows */
	bool always;    /* … nor does the failure of another source ([UNAVAIL=return]) */
	unsigned line;  /* the first line that is not as it should be, else the first; 0: none */
};

/*
 * Reads the whole text.  FAULT_INVALID with line and column: a line of one of the three maps that
 * glibc would not read either, or a NUL byte.
 */
enum fault nsswitch_look(const char *text, size_t size,
    struct nsswitch_state state[NSSWITCH_MAPS], struct why *why);

/*
 * Appends to `out` the text with `hexa` last on every passwd and group line, and on every
 * initgroups line where one stands; a passwd or group line that is missing is added, as `files
 * hexa`.  Whatever else stands there, comments and spaces too, stays byte for byte.
 *
 * On initgroups a source that knows the user ends the search, unless it says otherwise; there the
 * last source before Hexa gets `[SUCCESS=continue]`.
 *
 * FAULT_INVALID as nsswitch_look(), and when Hexa would never be asked on a line.
 */
enum fault nsswitch_add(const char *text, size_t size, struct bytes *out, struct why *why);

/*
 * Appends to `out` the text without `hexa` (and its actions) on those lines; a line of which
 * nothing is left becomes `files`.  Undoes nsswitch_add() byte for byte on a line that was there
 * before.
 */
enum fault nsswitch_remove(const char *text, size_t size, struct bytes *out, struct why *why);

/* "passwd" */
const char *nsswitch_map_name(enum nsswitch_map map);

#endif
