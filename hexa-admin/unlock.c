/*
 * unlock.c - the command `hexa-admin user unlock`.
 */
#include "accounts/unlock.h"

#include "hexa-admin/command.h"

enum fault
run_user_unlock(struct call *call, struct why *why)
{
	return account_unlock(&call->admin, call->word[0], why);
}
