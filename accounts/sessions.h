/*
 * sessions.h - ending what a user runs on this host: sessions, jobs, and what these left behind.
 */
#ifndef HEXA_ACCOUNTS_SESSIONS_H
#define HEXA_ACCOUNTS_SESSIONS_H

#include <stddef.h>
#include <stdint.h>

#include "policy/fault.h"

/*
 * Milliseconds in which a process may end by itself; and in which one that was killed must be gone,
 * so many times over.
 */
enum { SESSIONS_GRACE_MS = 3000, SESSIONS_KILL_MS = 1000, SESSIONS_KILL_ROUNDS = 5 };

/* No uid below this one is anybody's whose processes are ended. */
enum { SESSIONS_UID_MIN = 1000 };

struct sessions {
	size_t ended;  /* processes that were found, and are gone */
	size_t spared; /* that this process runs under, or that are the first one; and itself */
};

/*
 * Ends every process with this uid as its real, effective, saved or file system uid, and every one
 * that has it as audit login uid and has a controlling terminal (what was begun by su or sudo in
 * their session): asks first (SIGTERM; SIGHUP those who ignore that, as shells do), kills who does
 * not heed it, and looks again until none is left.  What runs under another uid and without a
 * terminal, as in containers with subordinate uids, is not found.
 *
 * Each signal goes through a pidfd, and nothing but their processes gets one.  A zombie is no
 * process any more.
 *
 * To be called as root, when the user can start nothing anew.  FAULT_RULE: the uid is a system
 * account's.  FAULT_UNAVAILABLE: /proc is missing or another PID namespace's, and nothing was done;
 * or some could not be ended, which says how many, and why.
 */
enum fault sessions_end(uint32_t uid, struct sessions *sessions, struct why *why);

#endif
