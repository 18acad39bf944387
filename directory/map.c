/*
 * map.c - holds, drops and replaces mappings with atomic counts.
 *
 * Being current counts as one use.  A thread counts itself in and looks again whether the mapping
 * is still current: only then was it certainly mapped when the count went up.  A count that passes
 * over a free or busy slot in between does no harm.
 */
#include "directory/map.h"

#include <sys/mman.h>

#define MAP_LIVE UINT32_C(0x80000000) /* base, room and file are valid */
#define MAP_BUSY UINT32_C(0x40000000) /* one thread is mapping or unmapping */

/* The least address space of a mapping, so that a small file does not grow out of it at once. */
enum { ROOM_MIN = 256 * 1024 };

struct map *
map_hold(struct directory *directory)
{
	for (;;) {
		uint32_t current = atomic_load(&directory->current);
		struct map *map;

		if (current == 0)
			return NULL;
		map = &directory->map[current - 1];
		atomic_fetch_add(&map->uses, 1);
		if (atomic_load(&directory->current) == current)
			return map;
		map_drop(map);
	}
}

void
map_drop(struct map *map)
{
	uint32_t left = atomic_fetch_sub(&map->uses, 1) - 1;

	if (left != MAP_LIVE || !atomic_compare_exchange_strong(&map->uses, &left, MAP_BUSY))
		return;
	munmap((void *)(uintptr_t)map->base, map->room);
	atomic_fetch_and(&map->uses, ~MAP_BUSY);
}

static struct map *
map_claim(struct directory *directory)
{
	for (size_t i = 0; i < MAPS; i++) {
		uint32_t free = 0;

		if (atomic_compare_exchange_strong(&directory->map[i].uses, &free, MAP_BUSY))
			return &directory->map[i];
	}
	return NULL;
}

/* The next power of two, so that a growing file is mapped anew only each time it has doubled. */
static size_t
room_for(size_t size)
{
	size_t room = ROOM_MIN;

	while (room < size)
		room *= 2;
	return room;
}

/* Maps the file into a claimed slot, which is then live and has one use; or frees the slot. */
static bool
map_fill(struct map *map, const struct file *file)
{
	void *base = MAP_FAILED;
	size_t room = 0;

	if (file->size <= SIZE_MAX / 2) {
		room = room_for((size_t)file->size);
		base = mmap(NULL, room, PROT_READ, MAP_SHARED, file->fd, 0);
		if (base == MAP_FAILED) { /* little address space is left */
			room = (size_t)file->size;
			base = mmap(NULL, room, PROT_READ, MAP_SHARED, file->fd, 0);
		}
	}
	if (base == MAP_FAILED) {
		atomic_fetch_and(&map->uses, ~MAP_BUSY);
		return false;
	}
	map->base = base;
	map->room = room;
	map->file = *file;
	map->file.fd = -1;
	atomic_store(&map->size, (size_t)file->size);
	atomic_store(&map->known, false);
	atomic_store(&map->changed, file->changed);
	atomic_store(&map->txn, file->txn);
	atomic_fetch_add(&map->uses, MAP_LIVE - MAP_BUSY + 1);
	return true;
}

/* Another thread that found the same file larger may have been first. */
static void
map_extend(struct map *map, size_t size)
{
	size_t known = atomic_load(&map->size);

	while (known < size && !atomic_compare_exchange_weak(&map->size, &known, size))
		;
}

static uint32_t
index_of(const struct directory *directory, const struct map *map)
{
	return map ? (uint32_t)(map - directory->map) + 1 : 0;
}

/* Puts `map` (NULL: none) in place of `held`, which the caller holds, if that is still current. */
static bool
map_replace(struct directory *directory, struct map *held, struct map *map)
{
	uint32_t seen = index_of(directory, held);

	if (!atomic_compare_exchange_strong(&directory->current, &seen, index_of(directory, map)))
		return false;
	if (held)
		map_drop(held);
	return true;
}

void
map_forget(struct directory *directory)
{
	uint32_t current = atomic_exchange(&directory->current, 0);

	if (current != 0)
		map_drop(&directory->map[current - 1]);
}

bool
map_adopt(struct directory *directory, const struct file *file, bool anew)
{
	struct map *held = map_hold(directory);
	bool same = held && !anew && file_is_same(&held->file, file);
	struct map *map;
	bool mapped = true;

	if (same && file->size <= held->room) {
		map_extend(held, (size_t)file->size);
		map_drop(held);
		return true;
	}
	map = map_claim(directory);
	if (map && map_fill(map, file)) {
		if (!map_replace(directory, held, map))
			map_drop(map); /* another thread was first: go on with its mapping */
	} else {
		mapped = false;
		if (held && !same) /* better none than an old one */
			map_replace(directory, held, NULL);
	}
	if (held)
		map_drop(held);
	return mapped;
}
