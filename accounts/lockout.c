/*
 * lockout.c - failed logins, and who is locked out for them.
 */
#include "accounts/lockout.h"

#include <string.h>

enum fault
lockout_begin(const char *root, const struct settings *settings, const struct lockout_place *place,
    int64_t uptime, int milliseconds, struct attempt *attempt, struct why *why)
{
	(void)settings;
	(void)place;
	(void)milliseconds;
	(void)why;
	*attempt = (struct attempt){.root = root, .uptime = uptime, .turn = -1};
	return FAULT_NONE;
}

void
lockout_end(struct attempt *attempt, bool right)
{
	(void)attempt;
	(void)right;
}

void
lockout_get(const char *root, const struct settings *settings, uint32_t uid, int64_t uptime,
    struct lockout_state *state)
{
	(void)root;
	(void)settings;
	(void)uid;
	(void)uptime;
	*state = (struct lockout_state){0};
}

enum fault
lockout_forget(const char *root, uint32_t uid, uint32_t *count, struct why *why)
{
	(void)root;
	(void)uid;
	(void)why;
	*count = 0;
	return FAULT_NONE;
}
