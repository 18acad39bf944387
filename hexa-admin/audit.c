/*
 * audit.c - libaudit.
 */
#include "hexa-admin/audit.h"

#include <arpa/inet.h>
#include <libaudit.h>
#include <stddef.h>
#include <unistd.h>

/* libaudit(3): what each event is called in the kernel. */
static const int types[] = {
	[AUDIT_EVENT_USER_ADDED] = AUDIT_ADD_USER,
	[AUDIT_EVENT_USER_DELETED] = AUDIT_DEL_USER,
	[AUDIT_EVENT_USER_CHANGED] = AUDIT_USER_MGMT,
	[AUDIT_EVENT_PASSWORD_CHANGED] = AUDIT_USER_CHAUTHTOK,
	[AUDIT_EVENT_GROUP_ADDED] = AUDIT_ADD_GROUP,
	[AUDIT_EVENT_GROUP_DELETED] = AUDIT_DEL_GROUP,
	[AUDIT_EVENT_GROUP_CHANGED] = AUDIT_GRP_MGMT,
};

int
audit_begin(void)
{
	return audit_open();
}

void
audit_end(int fd)
{
	if (fd >= 0)
		close(fd);
}

static bool
is_address(const char *text)
{
	unsigned char address[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
}

void
audit_send(int fd, enum audit_event event, const char *doing, const char *name, const char *from)
{
	if (fd < 0 || event == AUDIT_EVENT_NONE)
		return;
	(void)audit_log_acct_message(fd, types[event], NULL, doing, name, (unsigned)-1, NULL,
	    is_address(from) ? from : NULL, NULL, 1);
}
