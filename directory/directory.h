/*
 * directory.h - the published directory's reader.  It runs inside other people's processes, so it
 * links libc only, allocates nothing that outlives a call but its mappings, takes no lock, keeps no
 * descriptor, leaves errno as it was, and treats every byte of the file as hostile and as changing
 * while it is read.  Why it is not liblmdb: docs/format.md.
 *
 * A `struct directory` stands for one path, which outlives it; all else in it is zero at first.
 * Where it is static it needs no closing.  Any number of threads may use it, also after fork().
 */
#ifndef HEXA_DIRECTORY_DIRECTORY_H
#define HEXA_DIRECTORY_DIRECTORY_H

#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "directory/image.h"
#include "directory/lookup.h"
#include "directory/map.h"

/*
 * Each look-up is about one path's directory, DIRECTORY_FILE's or ALIASES_FILE's (image.h):
 *	static struct directory directory = {.path = DIRECTORY_FILE};
 *
 * They answer as getpwnam_r(3) and its kin do: pointers into the buffer, `pw_passwd` is "*"; *out
 *is written only on LOOKUP_FOUND.  LOOKUP_SMALL says that a larger buffer would do, and nothing
 *less than the whole answer is ever given.  What may not be served at all (served.h) is
 *LOOKUP_NONE, by the asked name or id already before the file is touched.
 */
enum lookup directory_user_by_name(struct directory *directory, const char *name,
	struct passwd *out, char *buffer, size_t size);
enum lookup directory_user_by_uid(
	struct directory *directory, uid_t uid, struct passwd *out, char *buffer, size_t size);

/*
 * The user that an e-mail address or phone number leads to, in `aliases`; their own name comes
 * back. An address is compared without regard to ASCII case.
 */
enum lookup directory_user_by_alias(struct directory *aliases, struct directory *directory,
	const char *alias, struct passwd *out, char *buffer, size_t size);

/* A role group, or a user's own primary group. */
enum lookup directory_group_by_name(struct directory *directory, const char *name,
	struct group *out, char *buffer, size_t size);
enum lookup directory_group_by_gid(
	struct directory *directory, gid_t gid, struct group *out, char *buffer, size_t size);

/*
 * The next in an enumeration, the first when *after is 0; *after is then where to go on from.
 * Users come in uid order; groups: role groups in gid order, then users' own groups.
 * *after moves only with LOOKUP_FOUND: a record that is too large for the buffer comes again.
 */
enum lookup directory_user_next(struct directory *directory, uint32_t *after, struct passwd *out,
	char *buffer, size_t size);
enum lookup directory_group_next(
	struct directory *directory, uint32_t *after, struct group *out, char *buffer, size_t size);

/*
 * The user's groups besides the primary one: calls `add` with each, once.  `add` returns false to
 * stop (LOOKUP_AGAIN is then returned).  It is called after the list was read and checked as one
 * snapshot.  Of the host's own groups there may be some, with gids below 1000 but never 0.
 */
enum lookup directory_groups_of(struct directory *directory, const char *name, gid_t *primary,
	bool (*add)(void *context, gid_t gid), void *context);

/*
 * Which history the file stands in and how far it goes: for the publisher, who must not trust a
 * damaged file to liblmdb.  LOOKUP_NONE: well, but without a state.
 */
enum lookup directory_state(struct directory *directory, struct image_state *state);

/*
 * The first second, of all that are noted in the aliases, after which somebody is in fewer groups;
 * for the publisher as well.  LOOKUP_NONE: none is noted.
 */
enum lookup directory_first_end(struct directory *aliases, uint64_t *end);

/*
 * The number that stands in the aliases under this key, which the publisher has noted there for
 * itself, most significant byte first.  LOOKUP_NONE: none does.
 */
enum lookup directory_note(struct directory *aliases, const char *key, uint64_t *number);

/* Unmaps, for a directory that is not static.  No other thread uses it any more. */
void directory_close(struct directory *directory);

#endif
