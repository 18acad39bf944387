/*
 * turnstile.c - places that are bytes of a file, each held by a lock on its open file description.
 */
#include "accounts/turnstile.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include "accounts/runfile.h"

enum {
	ROOT_PLACES_MIN = 2, /* as many as processors, within these: more at once end no sooner */
	ROOT_PLACES_MAX = 16,
	OTHERS_PLACES = 2,
	OTHERS_FIRST = 64,   /* the byte at which the others' places begin */
	PAUSE_MICROSECONDS = 5000,
};

static int
count_places(enum turnstile_line line)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (line == TURNSTILE_OTHERS)
		return OTHERS_PLACES;
	if (processors < ROOT_PLACES_MIN)
		return ROOT_PLACES_MIN;
	return processors > ROOT_PLACES_MAX ? ROOT_PLACES_MAX : (int)processors;
}

/* One look at all places. */
static bool
take_any(int fd, enum turnstile_line line)
{
	int count = count_places(line);

	for (int i = 0; i < count; i++) {
		struct flock place = {.l_type = F_WRLCK,
		    .l_whence = SEEK_SET,
		    .l_start = i + (line == TURNSTILE_OTHERS ? OTHERS_FIRST : 0),
		    .l_len = 1};

		if (fcntl(fd, F_OFD_SETLK, &place) == 0)
			return true;
	}
	return false;
}

static int64_t
milliseconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct turnstile
turnstile_enter(const char *root, enum turnstile_line line, int milliseconds)
{
	static const struct timespec pause = {.tv_nsec = PAUSE_MICROSECONDS * 1000};
	struct turnstile turnstile = {.fd = runfile_open(root, "verifications")};
	int64_t deadline = milliseconds_now() + milliseconds;

	if (turnstile.fd < 0)
		return turnstile;
	/*
	 * Looking again and again, because the kernel can wait for one byte's lock but not for any
	 * of several, nor with an end but by a signal; a look is a microsecond beside a
	 * verification's 100 ms.
	 */
	while (!take_any(turnstile.fd, line)) {
		if (milliseconds_now() >= deadline) {
			turnstile_leave(&turnstile);
			turnstile.is_late = true;
			break;
		}
		nanosleep(&pause, NULL);
	}
	return turnstile;
}

void
turnstile_leave(struct turnstile *turnstile)
{
	if (turnstile->fd >= 0)
		close(turnstile->fd);
	turnstile->fd = -1;
}
