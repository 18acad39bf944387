/*
 * image.h - what stands in the published directory: its files, its keys, and the packed images
 * that are their values.  The writer (store/publish.c) packs with these functions; the reader
 * (directory.c) checks and unpacks with them; nobody else knows a byte of the layout.
 *
 * Keys begin with a letter for their map and are compared as memcmp does; numbers in keys are
 * big-endian.  Values are little-endian and of fixed width.
 *
 *   U uid        user image                   N name       the same image
 *   G gid        role group image             H name       the same image
 *   K uid        SSH keys image, of an active user who has any
 *   M gid name   empty: a member of a group   S            the state
 *   E e-mail     uid (aliases.mdb alone)      P phone      uid (aliases.mdb alone)
 *
 * Both files carry the state: without it, or with another version in it, nothing is served.
 * E-mail addresses are keyed in ASCII lower case, phone numbers with their '+'.
 *
 *   R uid        what stands published for a user, Q role the same for a role: the publisher's
 *                own notes (aliases.mdb alone, which only root reads; store/published.c)
 *   X end uid    empty: after this second the user is in fewer groups (aliases.mdb alone)
 *
 * A user's own primary group (gid = uid, name = login name) has no record: it is answered from
 * the user's image.  Where gid differs from uid, or stands in the image's list too, the primary
 * group is one of the host's, and the host's to answer.
 */
#ifndef HEXA_DIRECTORY_IMAGE_H
#define HEXA_DIRECTORY_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Tests compile the module with paths of their own; it takes none from its surroundings. */
#ifndef DIRECTORY_FILE
#define DIRECTORY_FILE "/var/lib/hexa/directory/directory.mdb"
#define ALIASES_FILE   "/var/lib/hexa/private/aliases.mdb"
#endif

/* The layout's version, in the state; a reader answers "unavailable" to another. */
enum { IMAGE_VERSION = 1 };

enum { IMAGE_KEY_MAX = 300 };    /* bytes of the longest key: a letter and an e-mail address */
enum { IMAGE_GIDS_MAX = 65536 }; /* groups of one user, as the kernel's NGROUPS_MAX */

struct image_user {
	uint32_t uid;
	uint32_t gid;
	const char *name;
	const char *gecos;
	const char *home;
	const char *shell;
	/*
	 * Every group besides the primary one, ascending; and that one as well where the host has
	 * it under another name: it is then not answered as the user's own.
	 */
	const uint32_t *gids;
	size_t gid_count;
};

struct image_group {
	uint32_t gid;
	const char *name;
	bool members_listed; /* false: published without its member list */
};

/* A user's SSH keys; only of a user who is active, for there is nothing else to see it by. */
struct image_keys {
	uint32_t uid;
	int64_t valid_from;  /* seconds since 1970, as the user's record has them; 0: no bound */
	int64_t valid_until; /* the last second */
	const char *lines;   /* as sshd takes them, each with its newline */
	size_t size;         /* of the lines: 1 to IMAGE_KEYS_MAX bytes */
};

enum { IMAGE_KEYS_MAX = 4 << 20 };

struct image_state {
	unsigned char generation[16]; /* the database's: another one means another history */
	uint64_t sequence;            /* the newest journal entry that is published */
};

/*
 * Each writes a key into `key` (IMAGE_KEY_MAX bytes) and returns its length; 0: the text is empty
 * or too long.
 */
size_t image_key_id(unsigned char *key, char map, uint32_t id);
size_t image_key_text(unsigned char *key, char map, const char *text);
size_t image_key_member(unsigned char *key, uint32_t gid, const char *name);
size_t image_key_state(unsigned char *key);
size_t image_key_end(unsigned char *key, uint64_t end, uint32_t uid);

/* What image_key_end() wrote; false for another key, and nothing is written then. */
bool image_unpack_end(const unsigned char *key, size_t size, uint64_t *end, uint32_t *uid);

/*
 * Each writes the packed value into out[0..room) and returns the size it needs; when that is more
 * than `room`, nothing was written.  0: it cannot be packed (the strings of one record come to 64
 * KiB, there are more than IMAGE_GIDS_MAX gids, or no line of keys or too many).
 */
size_t image_pack_user(const struct image_user *user, unsigned char *out, size_t room);
size_t image_pack_group(const struct image_group *group, unsigned char *out, size_t room);
size_t image_pack_keys(const struct image_keys *keys, unsigned char *out, size_t room);
size_t image_pack_state(const struct image_state *state, unsigned char *out, size_t room);
size_t image_pack_alias(uint32_t uid, unsigned char *out, size_t room);

/* Reads a packed state; false when it is none, or of another version.  *state is then untouched. */
bool image_unpack_state(const unsigned char *value, size_t size, struct image_state *state);

/*
 * What NSS may serve at all (nobody's policy can widen it): not below 1000, not 61184-65519
 * (systemd's dynamic users), not 65534, 65535, nor above 2^31-1.
 */
bool image_id_is_served(uint32_t id);

#endif
