/*
 * pace.c - a leaking bucket for each uid: eight bytes of a file in the place that the uid says.
 * Nearly all of the file is a hole.
 *
 * Kept is the moment at which the bucket will be empty, which says how full it is now.
 */
#include "accounts/pace.h"

#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

#include "accounts/runfile.h"
#include "policy/text.h"

static off_t
place_of(uint32_t uid)
{
	return (off_t)uid * (off_t)sizeof(int64_t);
}

/* Waits for another writer of the same user's; the lock ends with the descriptor. */
static bool
lock(int fd, uint32_t uid)
{
	struct flock place = {.l_type = F_WRLCK,
	    .l_whence = SEEK_SET,
	    .l_start = place_of(uid),
	    .l_len = sizeof(int64_t)};

	return fcntl(fd, F_OFD_SETLKW, &place) == 0;
}

/*
 * What was never written is a hole, or behind the end: an empty bucket.  Half of a number, or one
 * from before the clock was set back, is a full one.
 */
static bool
read_empty_at(int fd, uint32_t uid, int64_t now, int64_t *empty_at)
{
	const int64_t full = now + (int64_t)PACE_BURST * PACE_SECONDS;
	ssize_t size = pread(fd, empty_at, sizeof(*empty_at), place_of(uid));

	if (size == 0 || (size == (ssize_t)sizeof(*empty_at) && *empty_at < now))
		*empty_at = now;
	else if (size != (ssize_t)sizeof(*empty_at) || *empty_at > full)
		*empty_at = full;
	return size >= 0;
}

static enum fault
too_soon(int64_t from, struct why *why)
{
	char text[TIME_TEXT_BYTES];

	text_from_time(from, text);
	return why_set(why, FAULT_CONFLICT,
	    "too many changes of your own account in a short time; the next one from %s on", text);
}

static enum fault
take(int fd, uint32_t uid, int64_t now, struct why *why)
{
	/* Where one more has no room. */
	const int64_t last = now + (int64_t)(PACE_BURST - 1) * PACE_SECONDS;
	int64_t empty_at;
	bool has_room;

	if (!lock(fd, uid) || !read_empty_at(fd, uid, now, &empty_at))
		return why_set(why, FAULT_UNAVAILABLE, "cannot read how often was written: %m");
	has_room = empty_at <= last;
	if (has_room)
		empty_at += PACE_SECONDS;
	if (pwrite(fd, &empty_at, sizeof(empty_at), place_of(uid)) != (ssize_t)sizeof(empty_at))
		return why_set(why, FAULT_UNAVAILABLE, "cannot note how often was written: %m");
	return has_room ? FAULT_NONE : too_soon(now + (empty_at - last), why);
}

enum fault
pace_take(const char *root, uint32_t uid, int64_t now, struct why *why)
{
	int fd = runfile_open(root, "self-edits");
	enum fault fault;

	if (fd < 0)
		return why_set(why, FAULT_UNAVAILABLE, "cannot count how often is written: %m");
	fault = take(fd, uid, now, why);
	close(fd);
	return fault;
}
