/*
 * lockout_list.c - what is counted: of one user in one place, of one, of all; and forgetting it.
 */
#include "accounts/lockout.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "accounts/child.h"
#include "accounts/lockout_parts.h"
#include "policy/bytes.h"

/* ---- looking ------------------------------------------------------------------------------- */

/* Does a record of this kind count, by the policy in force? */
static bool
is_in_force(enum whence_kind kind, const struct settings *settings)
{
	return (kind == WHENCE_EVERYWHERE) == (settings->lockout_scope == LOCKOUT_EVERYWHERE);
}

struct holds_job {
	struct attempts_job job;
	const struct settings *settings;
	const struct attempt *attempt;
	int64_t now;
	bool held; /* the answer */
};

static enum fault
work_holds(struct attempts_job *job, struct db_txn *txn, struct why *why)
{
	struct holds_job *holds = (struct holds_job *)job;
	struct record record = {0};
	enum fault fault = record_get(txn, holds->attempt->key, &record, why);

	if (fault == FAULT_NONE) {
		failures_settle(&record.failures, holds->settings, holds->now);
		holds->held = failures_lock_out(&record.failures);
	}
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

bool
lockout_holds(const char *root, const struct settings *settings, const struct lockout_place *place,
    int64_t uptime)
{
	struct attempt attempt = {.root = root};
	struct holds_job *holds;
	struct whence whence;
	off_t turn = 0;
	bool held = false;
	int fd;

	if (settings->lockout_failures == 0 || !attempts_are_there(root))
		return false;
	whence_of(place, settings, &whence);
	fd = whence_open(root, place, &whence, attempt.key, &turn, attempt.note);
	holds = fd < 0 ? NULL : child_memory(sizeof(*holds));
	if (holds != NULL) {
		holds->job = (struct attempts_job){.root = root, .work = work_holds};
		holds->settings = settings;
		holds->attempt = &attempt;
		holds->now = uptime;
		held = attempts_do(&holds->job, attempt.note, sizeof(attempt.note)) && holds->held;
		child_memory_free(holds, sizeof(*holds));
	}
	if (fd >= 0)
		close(fd);
	return held;
}

struct lockout_of {
	uint32_t uid;
	struct lockout_state state;
};

/* What is counted of all users, or of one; in child_memory(). */
struct lockouts {
	struct attempts_job job;
	const struct settings *settings;
	int64_t now;
	uint32_t only; /* 0: all */
	size_t room, count;
	struct lockout_of user[]; /* by uid */
};

static void
add_record(struct lockouts *lockouts, uint32_t uid, struct record *record)
{
	struct lockout_of *user = lockouts->user + lockouts->count;
	uint32_t total;

	failures_settle(&record->failures, lockouts->settings, lockouts->now);
	total = failures_total(&record->failures);
	if (total == 0 || !is_in_force(record->kind, lockouts->settings))
		return;
	if (lockouts->count > 0 && user[-1].uid == uid)
		user--;
	else
		lockouts->count++;
	user->uid = uid;
	user->state.failures += total < UINT32_MAX - user->state.failures
	    ? total : UINT32_MAX - user->state.failures;
	user->state.places += record->failures.until != 0;
	if (record->failures.until > user->state.until) {
		user->state.until = record->failures.until;
		strcpy(user->state.from, record->shown);
	}
}

static enum fault
work_list(struct attempts_job *job, struct db_txn *txn, struct why *why)
{
	struct lockouts *lockouts = (struct lockouts *)job;
	unsigned char key[LOCKOUT_KEY_BYTES];
	struct record record;
	enum fault fault = FAULT_NONE;

	/* Behind all of nobody's, whose uid is 0. */
	record_before(lockouts->only == 0 ? 1 : lockouts->only, key);
	while (fault == FAULT_NONE && lockouts->count < lockouts->room) {
		fault = record_next(txn, key, &record, why);
		if (fault == FAULT_NONE && lockouts->only != 0 &&
		    key_get_u32(key) != lockouts->only)
			break;
		if (fault == FAULT_NONE)
			add_record(lockouts, key_get_u32(key), &record);
	}
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

static size_t
lockouts_size(size_t room)
{
	return sizeof(struct lockouts) + room * sizeof(struct lockout_of);
}

static struct lockouts *
read_some(const char *root, const struct settings *settings, uint32_t only, int64_t uptime)
{
	/* One more than there can be of one, so that the last record of it is looked at. */
	const size_t room = only == 0 ? records_most(settings) + 1 : 2;
	struct lockouts *lockouts;
	char note[LOCKOUT_NOTE_BYTES];

	if (settings->lockout_failures == 0 || !attempts_are_there(root))
		return NULL;
	lockouts = child_memory(lockouts_size(room));
	if (lockouts == NULL)
		return NULL;
	lockouts->job = (struct attempts_job){.root = root, .work = work_list};
	lockouts->settings = settings;
	lockouts->now = uptime;
	lockouts->only = only;
	lockouts->room = room;
	if (!attempts_do(&lockouts->job, note, sizeof(note)))
		lockouts->count = 0;
	return lockouts;
}

struct lockouts *
lockouts_read(const char *root, const struct settings *settings, int64_t uptime)
{
	return read_some(root, settings, 0, uptime);
}

void
lockouts_free(struct lockouts *lockouts)
{
	if (lockouts != NULL)
		child_memory_free(lockouts, lockouts_size(lockouts->room));
}

static int
compare_uid(const void *key, const void *item)
{
	const uint32_t uid = *(const uint32_t *)key;
	const uint32_t other = ((const struct lockout_of *)item)->uid;

	return (uid > other) - (uid < other);
}

void
lockouts_get(const struct lockouts *lockouts, uint32_t uid, struct lockout_state *state)
{
	const struct lockout_of *found = lockouts == NULL ? NULL
	    : bsearch(&uid, lockouts->user, lockouts->count, sizeof(lockouts->user[0]),
	          compare_uid);

	*state = (struct lockout_state){0};
	if (found != NULL)
		*state = found->state;
}

void
lockout_get(const char *root, const struct settings *settings, uint32_t uid, int64_t uptime,
    struct lockout_state *state)
{
	struct lockouts *lockouts = uid == 0 ? NULL : read_some(root, settings, uid, uptime);

	lockouts_get(lockouts, uid, state);
	lockouts_free(lockouts);
}

/* ---- forgetting ---------------------------------------------------------------------------- */

struct forget_job {
	struct attempts_job job;
	uint32_t uid;
	/* The answer. */
	bool any;
	uint32_t count;
};

/* Drops the user's records, or only looks for them. */
static enum fault
work_forget(struct attempts_job *job, struct db_txn *txn, struct why *why)
{
	struct forget_job *forget = (struct forget_job *)job;
	unsigned char key[LOCKOUT_KEY_BYTES];
	struct record record;
	enum fault fault;

	forget->count = 0;
	forget->any = false;
	record_before(forget->uid, key);
	while ((fault = record_next(txn, key, &record, why)) == FAULT_NONE &&
	    key_get_u32(key) == forget->uid) {
		forget->any = true;
		forget->count += failures_total(&record.failures);
		if (job->write)
			fault = record_delete(txn, key, why);
		if (fault != FAULT_NONE)
			return fault;
	}
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

static bool
forget_do(struct forget_job *forget, const char *root, bool write)
{
	char note[LOCKOUT_NOTE_BYTES];

	forget->job = (struct attempts_job){.root = root, .write = write, .work = work_forget};
	return attempts_do(&forget->job, note, sizeof(note));
}

enum fault
lockout_forget(const char *root, uint32_t uid, uint32_t *count, struct why *why)
{
	struct forget_job *forget;
	enum fault fault = FAULT_NONE;
	uint32_t forgotten = 0;

	if (uid == 0 || !attempts_are_there(root)) {
		*count = 0;
		return FAULT_NONE;
	}
	forget = child_memory(sizeof(*forget));
	if (forget == NULL)
		return why_memory(why);
	forget->uid = uid;
	/* Who has none needs no room to have them forgotten. */
	if (!forget_do(forget, root, false) || forget->any) {
		if (forget_do(forget, root, true))
			forgotten = forget->count;
		else
			fault = why_set(why, FAULT_UNAVAILABLE,
			    "failed logins cannot be forgotten: %s", forget->job.why.text);
	}
	child_memory_free(forget, sizeof(*forget));
	if (fault == FAULT_NONE)
		*count = forgotten;
	return fault;
}
