/*
 * view.c - takes snapshots, and decides when to look at the path again.
 */
#include "directory/view.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <time.h>

enum { TRIES = 16, PATIENCE_MS = 100 }; /* both must be used up */
enum { LOOK_MS = 1000 };                /* at most this long after a replacement it is noticed */
enum { PAGES_SPARE = 256 };             /* small files are walked several times in one look */

int
view_read_compare(struct view *view, uint64_t at, const void *bytes, size_t size)
{
	const unsigned char *next = bytes;
	unsigned char part[64];
	int order = 0;

	while (size > 0 && order == 0) {
		size_t some = size < sizeof(part) ? size : sizeof(part);

		view_read_copy(view, at, part, some);
		order = memcmp(next, part, some);
		next += some;
		at += some;
		size -= some;
	}
	return order;
}

void
view_read_copy(struct view *view, uint64_t at, void *to, size_t size)
{
	if (!file_read(&view->file, at, to, size)) {
		memset(to, 0, size);
		view->failed = true;
	}
}

static uint32_t
now_ms(void)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (uint32_t)now.tv_sec * 1000 + (uint32_t)(now.tv_nsec / 1000000);
}

static uint64_t
meta_at(const struct view *view, unsigned which)
{
	return ((uint64_t)which << view->page_shift) + PAGE_HEAD;
}

static void
stamp_read(struct view *view, unsigned which, struct stamp *stamp)
{
	uint64_t at = meta_at(view, which);

	stamp->root = view_u64(view, at + offsetof(struct meta, main.root));
	stamp->txn = view_u64(view, at + offsetof(struct meta, txn));
}

/* True when the meta still is as we saw it. */
static bool
stamp_stands(struct view *view, unsigned which)
{
	struct stamp now;

	stamp_read(view, which, &now);
	return now.root == view->stamp[which].root && now.txn == view->stamp[which].txn;
}

/* What no commit changes. */
static bool
meta_is_ours(struct view *view, unsigned which)
{
	uint64_t at = meta_at(view, which);

	return view_u32(view, at + offsetof(struct meta, magic)) == META_MAGIC &&
	       view_u32(view, at + offsetof(struct meta, version)) == META_VERSION &&
	       view_u32(view, at + offsetof(struct meta, free.pad)) ==
		       UINT32_C(1) << view->page_shift &&
	       view_u16(view, at + offsetof(struct meta, main.flags)) == 0;
}

/* Both metas twice, so that one that is just being written is not taken for a snapshot. */
static bool
snapshot_take(struct view *view)
{
	stamp_read(view, 0, &view->stamp[0]);
	stamp_read(view, 1, &view->stamp[1]);
	atomic_thread_fence(memory_order_acquire);
	if (!stamp_stands(view, 0) || !stamp_stands(view, 1))
		return false;
	view->chosen = view->stamp[0].txn < view->stamp[1].txn;
	return true;
}

/* The last act on a file that was replaced is a commit that empties it. */
static bool
snapshot_is_retired(const struct view *view)
{
	return view->stamp[view->chosen].root == PAGE_NONE;
}

/* True when nothing that was read since snapshot_take() can have been overwritten. */
static bool
snapshot_stood(struct view *view)
{
	uint64_t chosen = view->stamp[view->chosen].txn;
	uint64_t other;

	atomic_thread_fence(memory_order_acquire);
	if (!stamp_stands(view, view->chosen))
		return false;
	other = view_u64(view, meta_at(view, view->chosen ^ 1) + offsetof(struct meta, txn));
	return other <= chosen || other - chosen == 1;
}

static bool
hold_current(struct view *view)
{
	struct map *map = map_hold(view->directory);

	if (!map)
		return false;
	view->map = map;
	view->base = map->base;
	view->size = atomic_load(&map->size);
	view->page_shift = (unsigned)__builtin_ctz(map->file.page_size);
	view->known = atomic_load_explicit(&map->known, memory_order_relaxed);
	return true;
}

/*
 * Reads the file by its descriptor; the thread is not cancelled until view_close() has closed it.
 */
static void
read_unmapped(struct view *view, const struct file *file, int cancel)
{
	view->file = *file;
	view->cancel = cancel;
	view->size = file->size;
	view->page_shift = (unsigned)__builtin_ctz(file->page_size);
	view->known = false;
}

/*
 * Opens the path, and makes what stands there current, or reads it as long as this look takes.
 * What was made current just now may be gone again: another thread has met the next file, and had
 * no room to map it.
 */
static enum lookup
open_path(struct view *view, bool anew)
{
	struct directory *directory = view->directory;
	struct file file;
	enum lookup lookup;
	int cancel;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
	lookup = file_open(&file, directory->path);
	atomic_store(&directory->looked, now_ms());
	if (lookup == LOOKUP_FOUND && !(map_adopt(directory, &file, anew) && hold_current(view))) {
		read_unmapped(view, &file, cancel);
		return LOOKUP_FOUND;
	}
	if (lookup == LOOKUP_FOUND)
		file_close(&file);
	pthread_setcancelstate(cancel, NULL);
	/* What we have is better than nothing, when the path has nothing. */
	return lookup == LOOKUP_FOUND || hold_current(view) ? LOOKUP_FOUND : lookup;
}

static void
view_close(struct view *view)
{
	if (view->map)
		map_drop(view->map);
	if (view->file.fd >= 0) {
		file_close(&view->file);
		pthread_setcancelstate(view->cancel, NULL);
	}
	view->map = NULL;
	view->base = NULL;
}

/*
 * Looks for a better file at the path.  LOOKUP_FOUND: the view now has one; LOOKUP_NONE: it has
 * what it had; otherwise it has nothing.
 */
static enum lookup
view_reopen(struct view *view, bool anew)
{
	struct file had = view->map ? view->map->file : view->file;
	const struct file *has;
	uint64_t size = view->size;
	enum lookup lookup;

	view_close(view);
	lookup = open_path(view, anew);
	if (lookup != LOOKUP_FOUND)
		return lookup;
	has = view->map ? &view->map->file : &view->file;
	return file_is_same(has, &had) && view->size == size ? LOOKUP_NONE : LOOKUP_FOUND;
}

/* True when the path shows another file than is mapped, or one written over in place. */
static bool
path_has_moved(struct view *view)
{
	struct map *map = view->map;
	struct file file;
	struct stamp stamp[2];
	uint32_t newest;

	if (!file_look(&file, view->directory->path))
		return false;
	if (!file_is_same(&file, &map->file))
		return true;
	if (file.changed == atomic_load(&map->changed))
		return false;
	stamp_read(view, 0, &stamp[0]);
	stamp_read(view, 1, &stamp[1]);
	newest = (uint32_t)(stamp[0].txn < stamp[1].txn ? stamp[1].txn : stamp[0].txn);
	if (newest == atomic_load(&map->txn))
		return true;
	atomic_store(&map->changed, file.changed);
	atomic_store(&map->txn, newest);
	return false;
}

/* One thread a second looks; `looked` only moves by whoever does. */
static bool
look_is_due(struct view *view)
{
	uint32_t looked = atomic_load_explicit(&view->directory->looked, memory_order_relaxed);

	return view->began - looked >= LOOK_MS &&
	       atomic_compare_exchange_strong(&view->directory->looked, &looked, view->began);
}

static enum lookup
view_open(struct view *view)
{
	enum lookup lookup;

	if (!hold_current(view))
		return open_path(view, false);
	if (!look_is_due(view) || !path_has_moved(view))
		return LOOKUP_FOUND;
	lookup = view_reopen(view, true);
	return lookup == LOOKUP_NONE ? LOOKUP_FOUND : lookup;
}

/*
 * The mark of a replaced file is its newest snapshot; the one before it still stands, since nobody
 * writes there any more.
 */
static void
snapshot_go_back(struct view *view)
{
	const struct stamp *before = &view->stamp[view->chosen ^ 1];

	if (before->root != PAGE_NONE && view->stamp[view->chosen].txn - before->txn == 1)
		view->chosen ^= 1;
}

/* One try.  False: the snapshot moved, or a better file was found. */
static bool
view_try(struct view *view, view_reader *read, void *context, enum lookup *answer)
{
	*answer = LOOKUP_UNAVAILABLE;
	if (!snapshot_take(view))
		return false;
	if (!meta_is_ours(view, 0) || !meta_is_ours(view, 1))
		return true;
	if (snapshot_is_retired(view)) {
		enum lookup opened = view_reopen(view, false);

		if (opened != LOOKUP_NONE) {
			*answer = opened;
			return opened != LOOKUP_FOUND;
		}
		snapshot_go_back(view);
	}
	view->root = view->stamp[view->chosen].root;
	view->known = view->map && atomic_load_explicit(&view->map->known, memory_order_relaxed);
	view->pages_left = (view->size >> view->page_shift) + PAGES_SPARE;
	view->beyond = false;
	view->failed = false;
	*answer = read(view, context);
	if (!snapshot_stood(view))
		return false;
	if (view->failed)
		*answer = LOOKUP_UNAVAILABLE;
	if (view->beyond) {
		enum lookup opened = view_reopen(view, false);

		*answer = opened == LOOKUP_NONE ? LOOKUP_UNAVAILABLE : opened;
		return opened != LOOKUP_FOUND;
	}
	if (view->known && view->map)
		atomic_store_explicit(&view->map->known, true, memory_order_relaxed);
	return true;
}

enum lookup
view_read(struct directory *directory, view_reader *read, void *context)
{
	struct view view;
	enum lookup answer;
	int saved = errno;

	view.directory = directory;
	view.map = NULL;
	view.base = NULL;
	view.file.fd = -1;
	view.began = now_ms();
	answer = view_open(&view);
	if (answer == LOOKUP_FOUND) {
		for (unsigned tries = 1; !view_try(&view, read, context, &answer); tries++) {
			if (tries >= TRIES && now_ms() - view.began > PATIENCE_MS) {
				answer = LOOKUP_AGAIN;
				break;
			}
		}
	}
	view_close(&view);
	errno = saved;
	return answer;
}
