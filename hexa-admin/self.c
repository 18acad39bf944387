/*
 * self.c - the commands `hexa-admin self …`: one's own account, without sudo.
 */
#include "hexa-admin/command.h"

enum fault
run_self_show(struct call *call, struct why *why)
{
	(void)call;
	return why_set(why, FAULT_UNAVAILABLE, "not built yet");
}

enum fault
run_self_edit(struct call *call, struct why *why)
{
	(void)call;
	return why_set(why, FAULT_UNAVAILABLE, "not built yet");
}
