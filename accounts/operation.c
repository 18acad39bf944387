/*
 * operation.c - what every change of one user has in common.
 */
#include "accounts/operation.h"

enum fault
operate(struct admin *admin, const struct operation *operation, const char *who, const void *with,
    struct why *why)
{
	struct change change = {0};
	struct user before = {0}, after = {0};
	enum fault fault;

	fault = change_begin(&change, admin, operation->action, operation->permission, why);
	if (fault != FAULT_NONE)
		return fault;
	change.passes_over = operation->passes_over;
	fault = admin_find_user(admin, change.txn, operation->permission, who, &before, why);
	if (fault == FAULT_NONE)
		fault = change_may(&change, &before, why);
	if (fault == FAULT_NONE)
		fault = record_copy(&user_table, &after, &before, why);
	if (fault == FAULT_NONE)
		fault = operation->alter(&change, &after, with, why);
	change_insist(&change);
	if (fault == FAULT_NONE)
		fault = change_user(&change, &before, &after, why);
	user_clear(&before);
	user_clear(&after);
	return change_finish(&change, fault, why);
}
