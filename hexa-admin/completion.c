/*
 * completion.c - the command `hexa-admin completion`.
 */
#include "hexa-admin/command.h"

enum fault
run_completion(struct call *call, struct why *why)
{
	(void)call;
	return why_set(why, FAULT_UNAVAILABLE, "not there yet");
}
