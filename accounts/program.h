/*
 * program.h - running one of the host's own programs.
 */
#ifndef HEXA_ACCOUNTS_PROGRAM_H
#define HEXA_ACCOUNTS_PROGRAM_H

#include "policy/fault.h"

/* What a program said, in bytes with the final NUL; the rest is dropped. */
enum { PROGRAM_SAID_MAX = 256 };

/* Seconds after which it is ended. */
enum { PROGRAM_LIMIT = 120 };

/*
 * Runs argv[0], an absolute path, within `root` ("": this host; else after chroot), with nothing
 * of the caller's: a fixed environment, / as its folder, no descriptor but /dev/null to read and
 * a pipe to write to, default signals, a session of its own.  No shell has a part in it.
 *
 * FAULT_NONE: it exited with 0.  FAULT_UNAVAILABLE: it could not be run, said no, or took too long;
 * the reason has the first line it said.  What it did is the caller's to look at: an exit status is
 * only a program's word.
 */
enum fault program_run(const char *root, const char *const argv[], struct why *why);

#endif
