/*
 * shells.h - the shells that this host lets people choose: shells(5).  For the operations of
 * accounts/ alone.
 */
#ifndef HEXA_ACCOUNTS_SHELLS_H
#define HEXA_ACCOUNTS_SHELLS_H

#include <stdbool.h>

#include "policy/fault.h"
#include "policy/names.h"

/*
 * Does /etc/shells have a line with this path?  A line is read as getusershell(3) does: from its
 * first slash to a space or a `#`.  Without the file, none is listed.  FAULT_UNAVAILABLE: it cannot
 * be read.
 */
enum fault shell_is_listed(const char *root, const char *shell, bool *listed, struct why *why);

/* All of them, sorted.  *shells must be empty, and is to be cleared whatever comes of it. */
enum fault shells_read(const char *root, struct names *shells, struct why *why);

/* Is it a program that can be run?  False also when that cannot be told. */
bool shell_is_program(const char *root, const char *shell);

#endif
