/*
 * lockout.c - one attempt after another: counted before its password is verified, and taken back
 * when it was the right one.
 */
#include "accounts/lockout.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "accounts/child.h"
#include "accounts/lockout_parts.h"

int64_t
lockout_uptime(void)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec;
}

/* ---- an attempt ---------------------------------------------------------------------------- */

struct begin_job {
	struct attempts_job job;
	const struct settings *settings;
	const struct attempt *attempt;
	const struct whence *whence;
	int64_t now;
	/* The answer. */
	enum attempted attempted;
	uint32_t failures;
};

static enum fault
work_begin(struct attempts_job *job, struct db_txn *txn, struct why *why)
{
	struct begin_job *begin = (struct begin_job *)job;
	struct record record = {0};
	enum fault fault = record_get(txn, begin->attempt->key, &record, why);

	if (fault == FAULT_UNKNOWN) {
		record = (struct record){0};
		fault = records_make_room(txn, begin->settings, begin->now, why);
	}
	if (fault != FAULT_NONE)
		return fault;
	failures_settle(&record.failures, begin->settings, begin->now);
	begin->failures = failures_total(&record.failures);
	begin->attempted = failures_add(&record.failures, begin->settings, begin->now);
	record.kind = begin->whence->kind;
	memcpy(record.shown, begin->whence->shown, sizeof(record.shown));
	return record_put(txn, begin->attempt->key, &record, why);
}

/* Counts it, in its turn. */
static void
count(struct attempt *attempt, const struct settings *settings, const struct whence *whence,
    int64_t now)
{
	struct begin_job *begin = child_memory(sizeof(*begin));

	if (begin == NULL) {
		snprintf(attempt->note, sizeof(attempt->note),
		    "failed logins cannot be counted: out of memory");
		return;
	}
	begin->job = (struct attempts_job){
	    .root = attempt->root, .write = true, .work = work_begin};
	begin->settings = settings;
	begin->attempt = attempt;
	begin->whence = whence;
	begin->now = now;
	attempt->counted = attempts_do(&begin->job, attempt->note, sizeof(attempt->note));
	if (attempt->counted) {
		attempt->attempted = begin->attempted;
		attempt->locked = begin->attempted != ATTEMPTED_IN_TIME;
		attempt->failures = begin->failures;
	}
	child_memory_free(begin, sizeof(*begin));
}

enum fault
lockout_begin(const char *root, const struct settings *settings, const struct lockout_place *place,
    int64_t uptime, int milliseconds, struct attempt *attempt, struct why *why)
{
	const int64_t began = lockout_uptime();
	struct attempt begun = {
	    .root = root, .turn = -1, .limit = settings->lockout_failures};
	struct whence whence;
	off_t turn = 0;

	if (settings->lockout_failures == 0) {
		*attempt = begun;
		return FAULT_NONE;
	}
	whence_of(place, settings, &whence);
	begun.turn = whence_open(root, place, &whence, begun.key, &turn, begun.note);
	if (begun.turn >= 0 && !whence_wait(begun.turn, turn, milliseconds)) {
		close(begun.turn);
		return why_set(why, FAULT_UNAVAILABLE,
		    "too many passwords are being tried for one user from one place");
	}
	if (begun.turn >= 0)
		count(&begun, settings, &whence, uptime + lockout_uptime() - began);
	*attempt = begun;
	return FAULT_NONE;
}

struct end_job {
	struct attempts_job job;
	const struct attempt *attempt;
	bool right;
};

/* A wrong one is as it was counted: it is written all the same, so that it costs the same. */
static enum fault
work_end(struct attempts_job *job, struct db_txn *txn, struct why *why)
{
	const struct end_job *end = (const struct end_job *)job;
	const struct attempt *attempt = end->attempt;
	struct record record = {0};
	enum fault fault = record_get(txn, attempt->key, &record, why);

	if (fault != FAULT_NONE)
		return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
	if (end->right && attempt->locked)
		failures_take_back(&record.failures, attempt->attempted, attempt->limit);
	if (end->right && (!attempt->locked || failures_total(&record.failures) == 0))
		return record_delete(txn, attempt->key, why);
	return record_put(txn, attempt->key, &record, why);
}

void
lockout_end(struct attempt *attempt, bool right)
{
	struct end_job *end = attempt->counted ? child_memory(sizeof(*end)) : NULL;

	attempt->note[0] = '\0';
	if (end != NULL) {
		end->job = (struct attempts_job){
		    .root = attempt->root, .write = true, .work = work_end};
		end->attempt = attempt;
		end->right = right;
		attempts_do(&end->job, attempt->note, sizeof(attempt->note));
		child_memory_free(end, sizeof(*end));
	}
	if (attempt->turn >= 0)
		close(attempt->turn);
	attempt->turn = -1;
	attempt->counted = false;
}
