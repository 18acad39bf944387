/*
 * lookalike.c - the notice that a name is easily taken for another one.
 */
#include "accounts/lookalike.h"

#include <stdio.h>
#include <string.h>

enum fault
lookalike_tell(struct change *change, const struct user *before, const struct user *after,
    struct why *why)
{
	char text[WHY_TEXT_MAX];
	struct user other = {0};
	enum fault fault;

	if (after == NULL || (before != NULL && strcmp(before->name, after->name) == 0))
		return FAULT_NONE;
	fault = user_lookalike(change->txn, after->name, after->uid, &other, why);
	if (fault == FAULT_NONE) {
		snprintf(text, sizeof(text), "%s is easily taken for %s, another user",
		    after->name, other.name);
		if (!names_add(&change->admin->notices, text))
			fault = why_memory(why);
	}
	user_clear(&other);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}
