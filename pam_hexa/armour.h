/*
 * armour.h - what a setuid program does before it looks at anything: whoever starts it chooses its
 * environment, limits, signals, descriptors and folder.
 */
#ifndef HEXA_PAM_HEXA_ARMOUR_H
#define HEXA_PAM_HEXA_ARMOUR_H

#include <stdbool.h>

/*
 * Leaves nothing of the caller's: no environment, descriptors 0-2 open (those that were closed on
 * /dev/null), folder /, umask 077, root's own limits, no core and no tracing, root in all ids and
 * no other group, so that the caller can neither stop nor trace it while it holds a lock; all
 * signals blocked but SIGALRM, which ends it after `seconds`. False: it does not run as root, or
 * something could not be had, as limits that root without CAP_SYS_RESOURCE cannot raise to what
 * the work needs.
 */
bool armour_put_on(unsigned seconds);

#endif
