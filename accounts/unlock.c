/*
 * unlock.c - forgetting somebody's failed logins.
 */
#include "accounts/unlock.h"

#include <stdio.h>

#include "accounts/change.h"
#include "accounts/lockout.h"
#include "policy/text.h"

/* That there is nothing to do is no success to be silent about: it may be another's account. */
static enum fault
tell_nothing(struct admin *admin, const struct user *user, struct why *why)
{
	char text[WHY_TEXT_MAX];

	snprintf(text, sizeof(text), "%s has no failed logins that count, and is not locked out",
	    user->name);
	return names_add(&admin->notices, text) ? FAULT_NONE : why_memory(why);
}

/* Notes it, when there is something to forget, if this actor may. */
static enum fault
note(struct change *change, const char *who, uint32_t *uid, struct why *why)
{
	struct admin *admin = change->admin;
	struct settings settings = {0};
	struct lockout_state counted = {0};
	struct user user = {0};
	enum fault fault =
	    admin_find_user(admin, change->txn, change->permission, who, &user, why);

	if (fault == FAULT_NONE)
		fault = change_may(change, &user, why);
	if (fault == FAULT_NONE)
		fault = settings_load(change->txn, &settings, why);
	if (fault == FAULT_NONE)
		lockout_get(admin->root, &settings, user.uid, lockout_uptime(), &counted);
	if (fault == FAULT_NONE)
		fault = counted.failures == 0
		    ? tell_nothing(admin, &user, why)
		    : user_note_unlocked(change->txn, &user, counted.failures, why);
	if (fault == FAULT_NONE)
		*uid = user.uid;
	settings_clear(&settings);
	user_clear(&user);
	return fault;
}

static uint64_t
newest_commit(const struct admin *admin)
{
	uint64_t before, sequence;
	unsigned char hash[32];

	store_committed(admin->store, &before, &sequence, hash);
	return sequence;
}

enum fault
account_unlock(struct admin *admin, const char *who, struct why *why)
{
	struct change change = {0};
	const uint64_t before = newest_commit(admin);
	uint32_t uid = 0, count;
	enum fault fault, forgotten = FAULT_NONE;

	fault = change_begin(&change, admin, "user unlock", "hexa.credentials.reset", why);
	if (fault != FAULT_NONE)
		return fault;
	fault = change_finish(&change, note(&change, who, &uid, why), why);
	/* Whatever has become of the directory: what the journal says is to be so. */
	if (fault == FAULT_NONE || newest_commit(admin) != before)
		forgotten = lockout_forget(admin->root, uid, &count,
		    fault == FAULT_NONE ? why : NULL);
	return fault == FAULT_NONE ? forgotten : fault;
}

void
locked_out_get(const struct admin *admin, const struct settings *settings, const struct user *user,
    struct locked_out *locked)
{
	const int64_t uptime = lockout_uptime();
	struct lockout_state counted;
	char until[TIME_TEXT_BYTES], others[48] = "";

	*locked = (struct locked_out){0};
	lockout_get(admin->root, settings, user->uid, uptime, &counted);
	if (counted.until == 0)
		return;
	snprintf(locked->from, sizeof(locked->from), "%s", counted.from);
	locked->until = admin->now + (counted.until - uptime);
	locked->failures = counted.failures;
	locked->places = counted.places;
	text_from_time(locked->until, until);
	if (counted.places > 1)
		snprintf(others, sizeof(others), " and from %lu other place%s, the last",
		    (unsigned long)counted.places - 1, counted.places > 2 ? "s" : "");
	snprintf(locked->told, sizeof(locked->told),
	    "%s is locked out %s%s%s until %s, after %lu failed logins", user->name,
	    settings->lockout_scope == LOCKOUT_EVERYWHERE ? "" : "from ", counted.from, others,
	    until, (unsigned long)counted.failures);
	snprintf(locked->mend, sizeof(locked->mend), "hexa-admin user unlock %s", user->name);
}
