/*
 * file.h - the published file as the system shows it: every system call on it but mmap(2).
 */
#ifndef HEXA_DIRECTORY_FILE_H
#define HEXA_DIRECTORY_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "directory/lookup.h"

struct file {
	int fd; /* -1: not open */
	uint64_t device;
	uint64_t inode;
	uint64_t size;      /* bytes */
	uint32_t changed;   /* of the modification time; only good for comparing */
	uint32_t page_size; /* bytes; only when it was opened, as is: */
	uint32_t txn;       /* of the newest commit; only good for comparing */
};

/*
 * Opens a regular file that begins as a published one does.  Never waits and never acquires a
 * terminal, whatever stands there.  The caller has blocked cancellation and closes soon.
 * LOOKUP_FOUND, LOOKUP_MISSING, LOOKUP_AGAIN (no descriptor left), or LOOKUP_UNAVAILABLE.
 */
enum lookup file_open(struct file *file, const char *path);

void file_close(struct file *file);

/* What stands at the path now, unopened.  False when it is nothing that could be opened. */
bool file_look(struct file *file, const char *path);

bool file_is_same(const struct file *a, const struct file *b);

/* Reads exactly `size` bytes at `at`; false at the file's end or on an error. */
bool file_read(const struct file *file, uint64_t at, void *to, size_t size);

#endif
