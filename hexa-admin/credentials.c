/*
 * credentials.c - the commands `hexa-admin user invite, reset, unlock …`.
 */
#include "hexa-admin/command.h"

enum fault
run_user_invite(struct call *call, struct why *why)
{
	(void)call;
	return why_set(why, FAULT_UNAVAILABLE, "not built yet");
}

enum fault
run_user_reset(struct call *call, struct why *why)
{
	(void)call;
	return why_set(why, FAULT_UNAVAILABLE, "not built yet");
}

enum fault
run_user_unlock(struct call *call, struct why *why)
{
	(void)call;
	return why_set(why, FAULT_UNAVAILABLE, "not built yet");
}
