/*
 * directory.h - the published directory's reader.  It runs inside other people's processes, so it
 * links libc only, allocates nothing that outlives a call but its mappings, takes no lock, keeps no
 * descriptor, leaves errno as it was, and treats every byte of the file as hostile and as changing
 * while it is read.  Why it is not liblmdb: docs/format.md.
 *
 * A `struct directory` stands for one path; it is static in its user, needs no closing, and any
 * number of threads may use it, also after fork().
 */
#ifndef HEXA_DIRECTORY_DIRECTORY_H
#define HEXA_DIRECTORY_DIRECTORY_H

#include <grp.h>
#include <pwd.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "directory/view.h"

/* What a look-up came to. */
enum lookup {
	LOOKUP_UNAVAILABLE = 0, /* no file, damaged, or of another format */
	LOOKUP_FOUND = 1,
	LOOKUP_NONE,            /* the directory is well and has no such record */
	LOOKUP_AGAIN,           /* a writer got in the way for 100 ms; or no memory */
	LOOKUP_SMALL,           /* the caller's buffer does not hold the answer */
};

/* Answers as getpwnam_r(3) and its kin do: pointers into the buffer, `pw_passwd` is "*". */
enum lookup directory_user_by_name(struct directory *directory, const char *name,
    struct passwd *out, char *buffer, size_t size);
enum lookup directory_user_by_uid(struct directory *directory, uid_t uid, struct passwd *out,
    char *buffer, size_t size);

/* The user that an e-mail address or phone number leads to, in `aliases`; their own name comes back. */
enum lookup directory_user_by_alias(struct directory *aliases, struct directory *directory,
    const char *alias, struct passwd *out, char *buffer, size_t size);

/* A role group, or a user's own primary group. */
enum lookup directory_group_by_name(struct directory *directory, const char *name,
    struct group *out, char *buffer, size_t size);
enum lookup directory_group_by_gid(struct directory *directory, gid_t gid, struct group *out,
    char *buffer, size_t size);

/*
 * The next in an enumeration, the first when *after is 0; *after is then where to go on from.
 * Users come in uid order; groups: role groups in gid order, then users' own groups.
 * A record that is too large for the buffer does not move *after.
 */
enum lookup directory_user_next(struct directory *directory, uint64_t *after, struct passwd *out,
    char *buffer, size_t size);
enum lookup directory_group_next(struct directory *directory, uint64_t *after, struct group *out,
    char *buffer, size_t size);

/*
 * The user's groups besides the primary one: calls `add` with each.  `add` returns false to stop
 * (LOOKUP_AGAIN is then returned).  It is called after the list was read and checked as one
 * snapshot.
 */
enum lookup directory_groups_of(struct directory *directory, const char *name, gid_t *primary,
    bool (*add)(void *context, gid_t gid), void *context);

#endif
