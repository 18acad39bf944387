/*
 * audit.h - account events for the kernel's audit, as the shadow utilities send them.
 */
#ifndef HEXA_ADMIN_AUDIT_H
#define HEXA_ADMIN_AUDIT_H

#include <stdbool.h>
#include <stdint.h>

enum audit_event {
	AUDIT_EVENT_NONE = 0,
	AUDIT_EVENT_USER_ADDED,
	AUDIT_EVENT_USER_DELETED,
	AUDIT_EVENT_USER_CHANGED,
	AUDIT_EVENT_PASSWORD_CHANGED,
	AUDIT_EVENT_GROUP_ADDED,
	AUDIT_EVENT_GROUP_DELETED,
	AUDIT_EVENT_GROUP_CHANGED,
};

/* The descriptor to send by; -1: this kernel has no audit, or we may not.  Ended by audit_end(). */
int audit_begin(void);
void audit_end(int fd);

/*
 * Sends one event: what was done (`doing`, as "changing-roles") to the account of this name.
 * `from` is where the actor came from: it is sent when it is an address, for libaudit would ask the
 * DNS about anything else.  What cannot be sent is lost: the journal has it.
 */
void audit_send(int fd, enum audit_event event, const char *doing, const char *name,
    const char *from);

#endif
