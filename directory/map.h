/*
 * map.h - the mappings of a published file that threads of this process read from.
 *
 * There is a small fixed set of them.  One is current; the others are being left by the threads
 * that still read in them, and the last one out unmaps.  No lock is taken: a thread that dies, is
 * cancelled or forks while it holds a mapping costs the process that mapping and nothing more.
 */
#ifndef HEXA_DIRECTORY_MAP_H
#define HEXA_DIRECTORY_MAP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "directory/file.h"

enum { MAPS = 8 };

struct map {
	_Atomic uint32_t uses; /* MAP_LIVE, MAP_BUSY, and how many hold it */
	_Atomic bool known;    /* a snapshot in it was seen to be of our layout */
	_Atomic(size_t) size;  /* bytes of the file behind it: what may be read */
	/* As of the last look at the path: tells a file written over in place from a commit. */
	_Atomic uint32_t changed;
	_Atomic uint32_t txn;
	/* Constant while it is held. */
	const unsigned char *base;
	size_t room; /* bytes of address space; more than `size`, so that a file can grow into it */
	struct file file;
};

/* One path.  Zero but for the path; directory.h says how it is used. */
struct directory {
	const char *path;
	_Atomic uint32_t current; /* 1 + index of the current mapping; 0: none */
	_Atomic uint32_t looked;  /* when the path was last looked at, in ms */
	struct map map[MAPS];
};

/* The current mapping, held; NULL when there is none. */
struct map *map_hold(struct directory *directory);

void map_drop(struct map *map);

/* Nothing is current afterwards; what is not held is unmapped. */
void map_forget(struct directory *directory);

/*
 * Makes the open file the current mapping, unless it is that already and has room (then its new
 * size is noted).  `anew`: map it again even so.  False when it cannot be mapped: nothing is
 * current then that is another file.
 */
bool map_adopt(struct directory *directory, const struct file *file, bool anew);

#endif
