/*
 * key.c - the commands `hexa-admin key …`.
 */
#include "hexa-admin/command.h"

enum fault
run_key_add(struct call *call, struct why *why)
{
	(void)call;
	return why_set(why, FAULT_UNAVAILABLE, "not built yet");
}

enum fault
run_key_list(struct call *call, struct why *why)
{
	(void)call;
	return why_set(why, FAULT_UNAVAILABLE, "not built yet");
}

enum fault
run_key_remove(struct call *call, struct why *why)
{
	(void)call;
	return why_set(why, FAULT_UNAVAILABLE, "not built yet");
}

enum fault
run_self_keys(struct call *call, struct why *why)
{
	(void)call;
	return why_set(why, FAULT_UNAVAILABLE, "not built yet");
}
