/*
 * turnstile.c - places that are bytes of a file, each held by a lock on its open file description.
 */
#include "accounts/turnstile.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

#include "accounts/runfile.h"
#include "accounts/waiting.h"

enum {
	ROOT_PLACES_MIN = 2, /* as many as processors, within these: more at once end no sooner */
	ROOT_PLACES_MAX = 16,
	OTHERS_PLACES = 2,
	OTHERS_FIRST = 64,   /* the byte at which the others' places begin */
	OWN_FIRST = 128,     /* the same of each person's own, in the order of uids */
	PAUSE_MICROSECONDS = 5000,
	/* As long as all who wait in the line need for a look, with some to spare. */
	COURTESY_MICROSECONDS = 4 * PAUSE_MICROSECONDS,
};

/* Bytes of the file, each of which is a place. */
struct places {
	off_t first;
	int count;
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

static struct places
places_of_line(enum turnstile_line line)
{
	return (struct places){line == TURNSTILE_OTHERS ? OTHERS_FIRST : 0, count_places(line)};
}

static struct places
places_of_person(uint32_t person)
{
	return (struct places){OWN_FIRST + (off_t)person * TURNSTILE_OWN_PLACES,
	    TURNSTILE_OWN_PLACES};
}

/* One look at all places. */
static bool
take_any(int fd, struct places places)
{
	for (int i = 0; i < places.count; i++) {
		struct flock place = {.l_type = F_WRLCK,
		    .l_whence = SEEK_SET,
		    .l_start = places.first + i,
		    .l_len = 1};

		if (fcntl(fd, F_OFD_SETLK, &place) == 0)
			return true;
	}
	return false;
}

/*
 * False: none came free in time.  Looking again and again, because the kernel can wait for one
 * byte's lock but not for any of several, nor with an end but by a signal; a look is a microsecond
 * beside a verification's 100 ms.
 */
static bool
wait_for_any(int fd, struct places places, int64_t deadline)
{
	while (!take_any(fd, places)) {
		if (milliseconds_now() >= deadline)
			return false;
		pause_for(PAUSE_MICROSECONDS);
	}
	return true;
}

struct turnstile
turnstile_enter(const char *root, enum turnstile_line line, uint32_t person, int milliseconds)
{
	struct turnstile turnstile = {.fd = runfile_open(root, "verifications")};
	int64_t deadline = milliseconds_now() + milliseconds;
	bool entered = true;

	if (turnstile.fd < 0)
		return turnstile;
	/* One descriptor holds both places, and closing it gives both back. */
	if (person != 0) {
		entered = wait_for_any(turnstile.fd, places_of_person(person), deadline);
		/*
		 * Of hundreds who look for the person's place one is there as soon as the last has
		 * left, before anybody else has looked for the other that became free with it.
		 */
		if (entered)
			pause_for(COURTESY_MICROSECONDS);
	}
	if (!entered || !wait_for_any(turnstile.fd, places_of_line(line), deadline)) {
		turnstile_leave(&turnstile);
		turnstile.is_late = true;
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
