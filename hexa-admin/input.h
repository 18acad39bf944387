/*
 * input.h - reading a FILE that the caller names, with no more rights than theirs.
 */
#ifndef HEXA_ADMIN_INPUT_H
#define HEXA_ADMIN_INPUT_H

#include <sys/stat.h>

#include "hexa-admin/command.h"
#include "hexa-admin/rights.h"
#include "policy/bytes.h"

/*
 * Appends the whole FILE to *out; `-` is stdin.  The file is opened with the actor's uid, gid and
 * groups, and call->file then names it in messages.
 * FAULT_INVALID: it cannot be opened or read, is neither a file nor a pipe, or has more than `max`
 * bytes.
 */
enum fault input_read(struct call *call, const char *file, size_t max, struct bytes *out,
    struct why *why);

/* The same, and what it was that was read, whatever has its name now; *status may be NULL. */
enum fault input_read_seen(struct call *call, const char *file, size_t max, struct bytes *out,
    struct stat *status, struct why *why);

/*
 * Opens FILE for what is read by pieces; *fd is the caller's to close.  A regular file alone, or
 * stdin, whatever that is; else as input_read().
 */
enum fault input_open(struct call *call, const char *file, int *fd, struct why *why);

/* The same with anybody's rights, and without a name for messages; `-` is a file like any other. */
enum fault input_read_as(const struct rights *rights, const char *file, size_t max,
    struct bytes *out, struct why *why);

#endif
