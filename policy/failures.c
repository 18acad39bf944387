/*
 * failures.c - the window, the back-off and the lock.
 */
#include "policy/failures.h"

#include <string.h>

/* ---- what counts --------------------------------------------------------------------------- */

static void
drop_oldest(struct failures *failures, uint32_t count)
{
	failures->count -= count;
	memmove(failures->time, failures->time + count, failures->count * sizeof(failures->time[0]));
}

static int64_t
newest(const struct failures *failures)
{
	return failures->count == 0 ? 0 : failures->time[failures->count - 1];
}

void
failures_settle(struct failures *failures, const struct settings *settings, int64_t now)
{
	const int64_t longest = newest(failures) + settings->lockout_for;
	uint32_t old = 0;

	/* A policy that has become milder is so for who is locked out already. */
	if (failures->until > longest)
		failures->until = longest;
	if (failures->count == 0 || newest(failures) > now + FAILURES_AHEAD_SECONDS ||
	    (failures->until != 0 && failures->until <= now)) {
		*failures = (struct failures){0};
		return;
	}
	if (failures->until != 0)
		return;
	while (old < failures->count && failures->time[old] <= now - settings->lockout_within)
		old++;
	drop_oldest(failures, old);
}

/* From when on the next attempt counts, of settled failures and no lock-out. */
static int64_t
next_time(const struct failures *failures, const struct settings *settings)
{
	const uint32_t free = (settings->lockout_failures + 1) / 2;
	int64_t wait = BACK_OFF_SECONDS;

	if (failures->count < free || failures->count == 0)
		return 0;
	for (uint32_t i = free; i < failures->count && wait < settings->lockout_for; i++)
		wait *= 2;
	return newest(failures) + (wait < settings->lockout_for ? wait : settings->lockout_for);
}

/* ---- counting ------------------------------------------------------------------------------ */

enum attempted
failures_add(struct failures *failures, const struct settings *settings, int64_t now)
{
	enum attempted attempted = ATTEMPTED_IN_TIME;

	failures_settle(failures, settings, now);
	/* Who waited for less long than the one before: the order is that of the turns. */
	if (now < newest(failures))
		now = newest(failures);
	if (failures->until != 0) {
		failures->more += failures->more < UINT32_MAX;
		return ATTEMPTED_LOCKED_OUT;
	}
	if (now < next_time(failures, settings))
		attempted = ATTEMPTED_TOO_SOON;
	if (failures->count == LOCKOUT_FAILURES_MOST)
		drop_oldest(failures, 1);
	failures->time[failures->count++] = now;
	if (failures->count >= settings->lockout_failures)
		failures->until = now + settings->lockout_for;
	return attempted;
}

void
failures_take_back(struct failures *failures, enum attempted attempted, uint32_t limit)
{
	if (attempted == ATTEMPTED_LOCKED_OUT) {
		failures->more -= failures->more > 0;
		return;
	}
	failures->count -= failures->count > 0;
	if (failures->count < limit)
		failures->until = 0;
}

uint32_t
failures_total(const struct failures *failures)
{
	return failures->more > UINT32_MAX - failures->count ? UINT32_MAX
	                                                     : failures->more + failures->count;
}

bool
failures_lock_out(const struct failures *failures)
{
	return failures->until != 0;
}

/* ---- on disk ------------------------------------------------------------------------------- */

void
failures_encode(const struct failures *failures, struct bytes *out)
{
	bytes_put_u32(out, failures->more);
	bytes_put_u64(out, (uint64_t)failures->until);
	bytes_put_u16(out, (uint16_t)failures->count);
	for (uint32_t i = 0; i < failures->count; i++)
		bytes_put_u32(out, (uint32_t)failures->time[i]);
}

bool
failures_decode(struct reader *reader, struct failures *failures)
{
	struct failures read = {.more = reader_u32(reader)};

	read.until = (int64_t)reader_u64(reader);
	read.count = reader_u16(reader);
	if (reader->failed || read.count > LOCKOUT_FAILURES_MOST || read.until < 0)
		return false;
	for (uint32_t i = 0; i < read.count; i++) {
		read.time[i] = reader_u32(reader);
		if (i > 0 && read.time[i] < read.time[i - 1])
			return false;
	}
	if (!reader_done(reader))
		return false;
	*failures = read;
	return true;
}

uint32_t
failures_bytes(uint32_t limit)
{
	enum { HEAD_BYTES = 4 + 8 + 2 };

	return HEAD_BYTES + 4 * limit;
}
