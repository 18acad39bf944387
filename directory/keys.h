/*
 * keys.h - the SSH keys in the published directory: for the program that sshd asks.
 */
#ifndef HEXA_DIRECTORY_KEYS_H
#define HEXA_DIRECTORY_KEYS_H

#include "directory/directory.h"

/*
 * The lines that sshd is to be given for this user, each with its newline, in buffer[0..*used): no
 * NUL ends them.  *uid, unless NULL, is whose they are: sshd asks by a name, which another source
 * of the host's may have for somebody else.  `now` is in seconds since 1970.  As the other
 * look-ups: one snapshot, every byte distrusted, and nothing less than the whole answer.
 *
 * LOOKUP_NONE: there is no such user, or they are not active, outside of their validity, or without
 * a key.  LOOKUP_SMALL: a buffer of at most IMAGE_KEYS_MAX bytes would do.
 */
enum lookup directory_keys_of(struct directory *directory, const char *name, int64_t now,
	char *buffer, size_t size, size_t *used, uid_t *uid);

#endif
