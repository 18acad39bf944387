/*
 * ask.h - runs hexa-pam-helper once, from inside whatever program has called PAM.
 *
 * A guest's manners: no signal handler, disposition or mask is changed, no SIGPIPE can be raised,
 * no descriptor is left open or inherited, the environment is neither read nor passed on, and any
 * number of threads may ask at once.  The host may ignore SIGCHLD or reap every child of its own
 * accord. Needs Linux 5.4 (pidfd_open(2), and waitid(2) by it).
 */
#ifndef HEXA_PAM_HEXA_ASK_H
#define HEXA_PAM_HEXA_ASK_H

#include "pam_hexa/message.h"
#include "policy/fault.h"

/*
 * Asks and waits for the answer, at most about as long as an overloaded host needs for it.
 * FAULT_UNAVAILABLE: the helper could not be run, ended otherwise than with exit status 0, took too
 * long, or did not answer what was asked, whole and alone; *answer is then not written.
 */
enum fault helper_ask(const struct question *question, struct answer *answer, struct why *why);

#endif
