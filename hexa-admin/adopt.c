/*
 * adopt.c - the command `hexa-admin user adopt`.
 */
#include "hexa-admin/command.h"

enum fault
run_user_adopt(struct call *call, struct why *why)
{
	(void)call;
	return why_set(why, FAULT_UNAVAILABLE, "not built yet");
}
