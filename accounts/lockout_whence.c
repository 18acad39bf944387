/*
 * lockout_whence.c - where an attempt comes from, and whose turn it is.
 *
 * A key is the uid and a hash of the place, so that one user's places stand together; the hash is
 * keyed by what is drawn anew at each boot, because which byte is locked stands in /proc/locks for
 * everybody.
 */
#include "accounts/lockout_parts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "accounts/place.h"
#include "accounts/runfile.h"
#include "accounts/waiting.h"
#include "policy/bytes.h"
#include "store/crypto.h"
#include "store/paths.h"

#define TURNS_NAME "attempts"

enum {
	SECRET_BYTES = 32,          /* the beginning of TURNS_NAME */
	TURNS_FIRST = 4096,         /* from here on a byte is locked by who has its turn */
	TURN_BITS = 40,
	PAUSE_MICROSECONDS = 5000,
	SECRET_MILLISECONDS = 1000, /* for another who is drawing it */
	/*
	 * Names of nobody share so many counts: whose they are is no matter, as nobody is let in by
	 * them, and however many are tried, users' counts keep their room.
	 */
	NOBODY_KEYS = 4096,
};

static const char this_host[] = "this host", everywhere[] = "everywhere";

/* ---- where from ---------------------------------------------------------------------------- */

static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/* Of its addresses everybody on this host picks one as they like, 2^24 of them: they are one. */
static bool
is_loopback(const char *rhost)
{
	enum { LOOPBACK_NET = 127 };
	static const unsigned char one[16] = {[15] = 1};
	unsigned char address[16];

	if (inet_pton(AF_INET, rhost, address) == 1)
		return address[0] == LOOPBACK_NET;
	if (inet_pton(AF_INET6, rhost, address) == 1)
		return memcmp(address, one, sizeof(one)) == 0 ||
		    (memcmp(address, mapped, sizeof(mapped)) == 0 &&
		        address[sizeof(mapped)] == LOOPBACK_NET);
	return strcasecmp(rhost, "localhost") == 0;
}

/* The network of an IPv6 address, whose rest each host of it picks as it likes; else the host. */
static void
put_remote(struct whence *whence, const char *rhost)
{
	char text[INET6_ADDRSTRLEN] = "";
	unsigned char address[16];

	/* A scope (fe80::1%eth0) is no part of the network. */
	snprintf(text, sizeof(text), "%.*s", (int)strcspn(rhost, "%"), rhost);
	if (inet_pton(AF_INET6, text, address) != 1) {
		whence->text = rhost;
		place_put(whence->shown, sizeof(whence->shown), rhost);
		return;
	}
	if (memcmp(address, mapped, sizeof(mapped)) == 0) {
		inet_ntop(AF_INET, address + sizeof(mapped), whence->shown, sizeof(whence->shown));
	} else {
		memset(address + 8, 0, 8);
		inet_ntop(AF_INET6, address, text, sizeof(text));
		snprintf(whence->shown, sizeof(whence->shown), "%s/64", text);
	}
	whence->text = whence->shown;
}

void
whence_of(const struct lockout_place *place, const struct settings *settings,
    struct whence *whence)
{
	*whence = (struct whence){.kind = WHENCE_REMOTE, .text = ""};
	if (settings->lockout_scope == LOCKOUT_EVERYWHERE)
		whence->kind = WHENCE_EVERYWHERE;
	else if (place->own)
		whence->kind = WHENCE_OWN;
	else if (*place->rhost == '\0')
		whence->kind = WHENCE_HERE;
	else if (is_loopback(place->rhost))
		whence->kind = WHENCE_LOOPBACK;
	else
		put_remote(whence, place->rhost);
}

void
whence_show(enum whence_kind kind, const char *shown, char out[WHENCE_BYTES])
{
	switch (kind) {
	case WHENCE_REMOTE:
		place_put(out, WHENCE_BYTES, shown);
		return;
	case WHENCE_HERE:
	case WHENCE_OWN:
	case WHENCE_LOOPBACK:
		strcpy(out, this_host);
		return;
	case WHENCE_EVERYWHERE:
		strcpy(out, everywhere);
		return;
	}
	out[0] = '\0';
}

/* All that tells one whence from another. */
static void
put_whence(struct bytes *bytes, const struct whence *whence, uint32_t invoker)
{
	bytes_put_u8(bytes, (uint8_t)whence->kind);
	bytes_put_u32(bytes, whence->kind == WHENCE_HERE ? invoker : 0);
	bytes_put_text(bytes, whence->text);
}

/* False: memory is out. */
static bool
make_key(const unsigned char secret[SECRET_BYTES], const struct lockout_place *place,
    const struct whence *whence, unsigned char key[LOCKOUT_KEY_BYTES])
{
	unsigned char hash[CRYPTO_HASH_BYTES];
	struct bytes bytes = {0};
	bool made;

	put_whence(&bytes, whence, place->invoker);
	bytes_put_text(&bytes, place->uid == 0 ? place->name : "");
	crypto_digest(secret, SECRET_BYTES, bytes.data, bytes.size, hash);
	made = !bytes.failed;
	bytes_clear(&bytes);
	key_put_u32(key, place->uid);
	memcpy(key + 4, hash, LOCKOUT_KEY_BYTES - 4);
	if (place->uid == 0) {
		uint32_t which = key_get_u32(hash) % NOBODY_KEYS;

		memset(key + 4, 0, LOCKOUT_KEY_BYTES - 4);
		key_put_u32(key + 4, which);
	}
	return made;
}

/* ---- turns --------------------------------------------------------------------------------- */

/*
 * Waits for these bytes of the file, which stay locked until it is closed.  Looking again and again
 * because the kernel's own waiting ends by a signal alone.
 */
static bool
lock_bytes(int fd, off_t first, off_t size, int milliseconds)
{
	const int64_t deadline = milliseconds_now() + milliseconds;
	struct flock place = {
	    .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = first, .l_len = size};

	while (fcntl(fd, F_OFD_SETLK, &place) != 0) {
		if (milliseconds_now() >= deadline)
			return false;
		pause_for(PAUSE_MICROSECONDS);
	}
	return true;
}

static void
unlock_bytes(int fd, off_t first, off_t size)
{
	struct flock place = {
	    .l_type = F_UNLCK, .l_whence = SEEK_SET, .l_start = first, .l_len = size};

	fcntl(fd, F_OFD_SETLK, &place);
}

static bool
read_secret(int fd, unsigned char secret[SECRET_BYTES])
{
	return pread(fd, secret, SECRET_BYTES, 0) == SECRET_BYTES;
}

/*
 * The key of the hashes; who comes first draws it.  One that cannot be kept is the same for all: a
 * count that everybody finds is worth more than who may guess at it.
 */
static void
get_secret(int fd, unsigned char secret[SECRET_BYTES])
{
	if (read_secret(fd, secret))
		return;
	lock_bytes(fd, 0, SECRET_BYTES, SECRET_MILLISECONDS);
	if (!read_secret(fd, secret)) {
		crypto_random(secret, SECRET_BYTES);
		if (pwrite(fd, secret, SECRET_BYTES, 0) != SECRET_BYTES)
			memset(secret, 0, SECRET_BYTES);
	}
	unlock_bytes(fd, 0, SECRET_BYTES);
}

static off_t
turn_of(const unsigned char secret[SECRET_BYTES], const unsigned char key[LOCKOUT_KEY_BYTES])
{
	unsigned char hash[CRYPTO_HASH_BYTES];

	crypto_digest(secret, SECRET_BYTES, key, LOCKOUT_KEY_BYTES, hash);
	return TURNS_FIRST +
	    (off_t)(key_get_u64(hash) & ((UINT64_C(1) << TURN_BITS) - 1));
}

bool
whence_wait(int fd, off_t turn, int milliseconds)
{
	return lock_bytes(fd, turn, 1, milliseconds);
}

int
whence_open(const char *root, const struct lockout_place *place, const struct whence *whence,
    unsigned char key[LOCKOUT_KEY_BYTES], off_t *turn, char note[LOCKOUT_NOTE_BYTES])
{
	unsigned char secret[SECRET_BYTES];
	int fd = runfile_open(root, TURNS_NAME);
	int error = errno;

	if (fd >= 0 && crypto_start(NULL) == FAULT_NONE) {
		get_secret(fd, secret);
		if (make_key(secret, place, whence, key)) {
			*turn = turn_of(secret, key);
			return fd;
		}
		error = ENOMEM;
	}
	snprintf(note, LOCKOUT_NOTE_BYTES,
	    "failed logins cannot be counted: " RUN_FOLDER "/" TURNS_NAME ": %s", strerror(error));
	if (fd >= 0)
		close(fd);
	return -1;
}
