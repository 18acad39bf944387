/*
 * view.h - one look at one snapshot of a published file.
 *
 * The writer goes on meanwhile and knows nothing of us.  A reader therefore works on a snapshot
 * that cannot have been overwritten if the file's metas, looked at again afterwards, have not moved
 * too far: the writer of commit W uses only pages that commit W-2 or an earlier one gave up, so
 * snapshot T stands until T+3 begins, which is after T+2 replaced T's meta.  Until that second look
 * every byte that was read may be of no snapshot at all, and must be good for nothing worse than a
 * wrong answer that is thrown away.
 */
#ifndef HEXA_DIRECTORY_VIEW_H
#define HEXA_DIRECTORY_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "directory/format.h"
#include "directory/lookup.h"
#include "directory/map.h"

/* What tells one commit's meta from another's. */
struct stamp {
	uint64_t root;
	uint64_t txn;
};

/* Open while a view_reader runs. */
struct view {
	uint64_t root;       /* page of the tree's root; PAGE_NONE: the tree is empty */
	uint64_t pages_left; /* how many a reader may enter: more, and it goes in circles */
	unsigned page_shift; /* the page size, as a power of two */
	bool known;          /* the snapshot is of our layout; a reader that finds so sets it */
	/* The rest is view.c's and the accessors'. */
	bool beyond;               /* a page was asked for that this view's file does not have */
	bool failed;               /* a read failed, and zeros stand where its bytes would */
	unsigned chosen;           /* the meta of this snapshot */
	uint32_t began;            /* in ms */
	const unsigned char *base; /* the mapping; NULL: reads go to the file */
	uint64_t size;             /* bytes that may be read */
	struct directory *directory;
	struct map *map;
	struct file file; /* when nothing is mapped: open for this look alone */
	int cancel;       /* the thread's cancel state, blocked while the file is open */
	struct stamp stamp[2];
};

/*
 * Finds out something in one snapshot: an answer in *context that is good only when view_read() has
 * returned.  May be called many times; the last call counts.  LOOKUP_UNAVAILABLE: damage was met.
 */
typedef enum lookup view_reader(struct view *view, void *context);

/*
 * Runs `read` until a snapshot has stood still under it, and returns what it returned.  Otherwise
 * LOOKUP_AGAIN after 100 ms (and 16 tries), or LOOKUP_MISSING or LOOKUP_UNAVAILABLE, the file being
 * so.  Keeps errno.
 */
enum lookup view_read(struct directory *directory, view_reader *read, void *context);

/*
 * Where page `number` begins; false when it is not (whole) in the file.  The accessors below take
 * offsets inside of pages that this has let through, and check nothing.
 */
static inline bool
view_page(struct view *view, uint64_t number, uint64_t *at)
{
	if (number >= view->size >> view->page_shift) {
		view->beyond = true;
		return false;
	}
	*at = number << view->page_shift;
	return true;
}

/* The slow ways, for a file that is not mapped. */
int view_read_compare(struct view *view, uint64_t at, const void *bytes, size_t size);
void view_read_copy(struct view *view, uint64_t at, void *to, size_t size);

/* One load from memory that changes under us, at any alignment. */
struct view_u64 {
	uint64_t value;
} __attribute__((packed, may_alias));

struct view_u32 {
	uint32_t value;
} __attribute__((packed, may_alias));

struct view_u16 {
	uint16_t value;
} __attribute__((packed, may_alias));

static inline uint64_t
view_u64(struct view *view, uint64_t at)
{
	uint64_t value;

	if (view->base)
		return ((const volatile struct view_u64 *)(view->base + at))->value;
	view_read_copy(view, at, &value, sizeof(value));
	return value;
}

static inline uint32_t
view_u32(struct view *view, uint64_t at)
{
	uint32_t value;

	if (view->base)
		return ((const volatile struct view_u32 *)(view->base + at))->value;
	view_read_copy(view, at, &value, sizeof(value));
	return value;
}

static inline uint16_t
view_u16(struct view *view, uint64_t at)
{
	uint16_t value;

	if (view->base)
		return ((const volatile struct view_u16 *)(view->base + at))->value;
	view_read_copy(view, at, &value, sizeof(value));
	return value;
}

/* memcmp() of `bytes` and what stands at `at`. */
static inline int
view_compare(struct view *view, uint64_t at, const void *bytes, size_t size)
{
	if (!view->base)
		return view_read_compare(view, at, bytes, size);
	return memcmp(bytes, view->base + at, size);
}

static inline void
view_copy(struct view *view, uint64_t at, void *to, size_t size)
{
	if (view->base)
		memcpy(to, view->base + at, size);
	else
		view_read_copy(view, at, to, size);
}

#endif
