/*
 * backup.c - the commands `hexa-admin backup`, `restore`, `dump` and `load`.
 */
#include "hexa-admin/command.h"

enum fault
run_backup(struct call *call, struct why *why)
{
	(void)call;
	return why_set(why, FAULT_UNAVAILABLE, "not there yet");
}

enum fault
run_restore(struct call *call, struct why *why)
{
	(void)call;
	return why_set(why, FAULT_UNAVAILABLE, "not there yet");
}

enum fault
run_dump(struct call *call, struct why *why)
{
	(void)call;
	return why_set(why, FAULT_UNAVAILABLE, "not there yet");
}

enum fault
run_load(struct call *call, struct why *why)
{
	(void)call;
	return why_set(why, FAULT_UNAVAILABLE, "not there yet");
}
