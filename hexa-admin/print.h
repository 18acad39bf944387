/*
 * print.h - what reaches a terminal: text without a control byte, messages, and a stdout that is
 * known to have arrived.
 */
#ifndef HEXA_ADMIN_PRINT_H
#define HEXA_ADMIN_PRINT_H

#include <stdbool.h>
#include <stdio.h>

#include "policy/bytes.h"
#include "policy/fault.h"

/*
 * Appends `text` fit to be shown: bytes that are not plain text (text_is_plain()) as \xNN.  Records
 * hold plain text only; what is shown may come from a damaged one, or from the command line.
 */
void bytes_put_shown(struct bytes *out, const char *text);

/* The same, newly allocated; NULL when memory is out. */
char *text_shown(const char *text);

/* Prints `text` as bytes_put_shown() would, by pieces: it cannot fail for want of memory. */
void print_shown(FILE *stream, const char *text);

/*
 * From here on the commands that mend something are said as they work on the tree under `root`,
 * which must outlive all printing; "" is this host.
 */
void print_for_root(const char *root);

/*
 * The command that mends something, as it must be typed here, to act on the tree alone:
 * `hexa-admin` has the --root that this one has; files below /etc that another command names are
 * that tree's; what acts on this host, whatever it is given, is run by chroot(8); and what tells
 * something that runs is left out, for nothing runs in a tree: "" when that was all.  Newly
 * allocated; NULL when memory is out.
 */
char *mend_shown(const char *mend);

/* Prints it behind `try:`; nothing when it is empty. */
void print_mend(FILE *stream, const char *mend);

/* Says a notice (accounts/admin.h) on stderr: what stands behind a line end is what mends it. */
void print_notice(const char *notice);

/* Is the fault one of the FILE's that was read, as against the database's or the actor's? */
bool why_is_of_file(const struct why *why);

/*
 * Says on stderr what went wrong, once: `hexa-admin: [ABOUT[:LINE:COLUMN]: ]TEXT`, and then the
 * command that mends it, if there is one and `hints` is true.  `about`: the FILE, or the one of
 * several arguments, that the fault is about; NULL: neither.
 */
void print_fault(const struct why *why, const char *about, bool hints);

/*
 * Flushes and closes stdout.  FAULT_UNAVAILABLE when what was printed did not arrive; without words
 * when the reader of a pipe left, who knows.
 */
enum fault print_close(struct why *why);

#endif
