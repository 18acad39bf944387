/*
 * hostfile.h - the host's own configuration files: read with a bound, replaced whole.
 *
 * `root` is "" for this host, or the folder that stands in front of every path: a tree that plain
 * root named, and trusts as root's own.
 */
#ifndef HEXA_ACCOUNTS_HOSTFILE_H
#define HEXA_ACCOUNTS_HOSTFILE_H

#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>

#include "policy/fault.h"

/* root and path as one.  FAULT_INVALID when that is longer than a path may be. */
enum fault hostfile_path(const char *root, const char *path, char out[PATH_MAX], struct why *why);

/*
 * Opens a regular file for reading, by its whole path.  NULL with errno: EINVAL when it is
 * something else; never waits for a FIFO's other end.
 */
FILE *hostfile_open(const char *path);

/*
 * Reads a regular file of at most `max` bytes (a symbolic link to one, too) into *text, newly
 * allocated, with a NUL behind the *size bytes.  FAULT_UNKNOWN: there is none.  FAULT_UNAVAILABLE:
 * it is larger, not a regular file (never waits for a FIFO's other end), or cannot be read.
 */
enum fault hostfile_read(const char *root, const char *path, size_t max, char **text, size_t *size,
    struct why *why);

/*
 * Puts a file with this text into the place of root+path: written beside it, synced and renamed,
 * so that no reader ever sees half of it.  Owner, mode, access list and security label are the
 * old file's; of a file that was not there, root's and 0644.  FAULT_UNAVAILABLE, and the old file
 * stands: it is a symbolic link (whoever manages its target would not know of the change) or no
 * regular file, or it could not be written.
 */
enum fault hostfile_replace(const char *root, const char *path, const char *text, size_t size,
    struct why *why);

/*
 * The same, but with this mode, and the owner and all else of a new file, whatever stood there
 * before.
 */
enum fault hostfile_make(const char *root, const char *path, const char *text, size_t size,
    mode_t mode, struct why *why);

/* Takes root+path away, for good.  That there is none is FAULT_NONE. */
enum fault hostfile_remove(const char *root, const char *path, struct why *why);

#endif
