/*
 * import.c - the commands `hexa-admin user import` and `user export`.
 */
#include "hexa-admin/command.h"

enum fault
run_user_import(struct call *call, struct why *why)
{
	(void)call;
	return why_set(why, FAULT_UNAVAILABLE, "not built yet");
}

enum fault
run_user_export(struct call *call, struct why *why)
{
	(void)call;
	return why_set(why, FAULT_UNAVAILABLE, "not built yet");
}
