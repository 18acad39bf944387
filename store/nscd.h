/*
 * nscd.h - telling glibc's name service cache that users and groups changed.
 */
#ifndef HEXA_STORE_NSCD_H
#define HEXA_STORE_NSCD_H

/*
 * Runs `nscd -i passwd` and `nscd -i group` when nscd is running, and waits for them, as shadow-
 * utils do, but for no more than five seconds.  Without nscd it does nothing; a failure is not
 * told: the cache expires by itself.
 */
void nscd_forget(void);

#endif
