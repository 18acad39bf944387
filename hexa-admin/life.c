/*
 * life.c - the commands of a user's life: suspend, resume, revoke, restore, delete.
 */
#include "hexa-admin/command.h"

enum fault
run_user_revoke(struct call *call, struct why *why)
{
	(void)call;
	return why_set(why, FAULT_UNAVAILABLE, "not built yet");
}

enum fault
run_user_restore(struct call *call, struct why *why)
{
	(void)call;
	return why_set(why, FAULT_UNAVAILABLE, "not built yet");
}
