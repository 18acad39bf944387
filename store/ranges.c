/*
 * ranges.c - where ids are taken from: the policy's ranges, else Hexa's own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "directory/image.h"
#include "policy/text.h"
#include "store/internal.h"

/*
 * Hexa's own: two ranges that systemd's published allocation leaves free and that are clear of
 * subordinate ids (useradd(8), SUB_UID_MIN).  Where the kernel maps only 65536 ids (a container), a
 * range below it.
 */
static const struct id_range host_ranges[] = {{65536, 99999}, {1879048192, 2147352575}};
static const struct id_range container_ranges[] = {{20000, 59999}};

enum { FEW_IDS = 65536 };

#define RANGES(ranges) (ranges), sizeof(ranges) / sizeof((ranges)[0])

/*
 * The first id that is not mapped here (user_namespaces(7): lines of "inside outside count");
 * UINT64_MAX when that cannot be read.
 */
static uint64_t
ids_end(void)
{
	FILE *file = fopen("/proc/self/uid_map", "re");
	uint64_t end = 0;
	char line[128];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		char *rest;
		uint64_t inside = strtoull(line, &rest, 10);
		uint64_t count;

		(void)strtoull(rest, &rest, 10);
		count = strtoull(rest, NULL, 10);
		if (inside <= UINT32_MAX && count <= UINT64_C(1) << 32 && inside + count > end)
			end = inside + count;
	}
	if (file != NULL)
		fclose(file);
	return end == 0 ? UINT64_MAX : end;
}

static int
compare_ranges(const void *a, const void *b)
{
	const struct id_range *one = a, *other = b;

	return one->first < other->first ? -1 : one->first > other->first;
}

/* The policy's ranges in ascending order.  False, and nothing is allocated, when memory is out. */
static bool
parse_ranges(const struct names *texts, struct id_ranges *ranges)
{
	struct id_range *range = calloc(texts->count, sizeof(*range));
	size_t count = 0;

	if (range == NULL)
		return false;
	for (size_t i = 0; i < texts->count; i++)
		if (text_to_range(texts->item[i], &range[count].first, &range[count].last))
			count++;
	qsort(range, count, sizeof(*range), compare_ranges);
	*ranges = (struct id_ranges){range, count};
	return true;
}

static bool
copy_ranges(const struct id_range *from, size_t count, struct id_ranges *ranges)
{
	struct id_range *range = calloc(count, sizeof(*range));

	if (range == NULL)
		return false;
	memcpy(range, from, count * sizeof(*range));
	*ranges = (struct id_ranges){range, count};
	return true;
}

/* An id beyond the map cannot be had here, whoever states it. */
static bool
fit(const struct id_ranges *ranges, uint64_t end)
{
	for (size_t i = 0; i < ranges->count; i++)
		if (ranges->range[i].last >= end)
			return false;
	return ranges->count > 0;
}

static bool
choose(const struct names *stated, struct id_ranges *ranges)
{
	uint64_t end = ids_end();

	if (stated->count > 0) {
		if (!parse_ranges(stated, ranges))
			return false;
		if (end > FEW_IDS || fit(ranges, end))
			return true;
		ranges_clear(ranges);
	}
	return end > FEW_IDS ? copy_ranges(RANGES(host_ranges), ranges)
	                     : copy_ranges(RANGES(container_ranges), ranges);
}

enum fault
ranges_load(struct txn *txn, struct id_ranges *ranges, struct why *why)
{
	struct settings settings = {0};
	struct id_ranges chosen = {0};
	enum fault fault = settings_load(txn, &settings, why);

	if (fault == FAULT_NONE && !choose(&settings.uid_ranges, &chosen))
		fault = why_memory(why);
	settings_clear(&settings);
	if (fault == FAULT_NONE) {
		ranges_clear(ranges);
		*ranges = chosen;
	}
	return fault;
}

void
ranges_clear(struct id_ranges *ranges)
{
	free(ranges->range);
	*ranges = (struct id_ranges){0};
}

uint32_t
ranges_next(const struct id_ranges *ranges, uint32_t id)
{
	for (size_t i = 0; i < ranges->count; i++) {
		const struct id_range *range = &ranges->range[i];

		if (id < range->first)
			id = range->first;
		while (id <= range->last && !image_id_is_served(id))
			id++;
		if (id <= range->last)
			return id;
	}
	return 0;
}

/* ---- how many are left --------------------------------------------------------------------- */

static bool
is_within(const struct id_ranges *ranges, uint32_t id)
{
	for (size_t i = 0; i < ranges->count; i++)
		if (id >= ranges->range[i].first && id <= ranges->range[i].last)
			return true;
	return false;
}

/* Those that were ever given to somebody. */
static enum fault
count_given(struct txn *txn, const struct id_ranges *ranges, uint64_t *given, struct why *why)
{
	struct span key = {"", 0}, value;
	uint64_t count = 0;
	enum fault fault;

	while ((fault = table_seek(txn->db, T_IDS, true, &key, &value, why)) == FAULT_NONE)
		count += key.size == 4 && is_within(ranges, key_get_u32(key.data));
	if (fault != FAULT_UNKNOWN)
		return fault;
	*given = count;
	return FAULT_NONE;
}

enum fault
id_ranges_here(struct txn *txn, struct id_range *ranges, size_t room, size_t *count,
    uint64_t *left, struct why *why)
{
	struct id_ranges all = {0};
	uint64_t given = 0, ids = 0;
	enum fault fault = ranges_load(txn, &all, why);

	if (fault == FAULT_NONE)
		fault = count_given(txn, &all, &given, why);
	if (fault == FAULT_NONE) {
		for (size_t i = 0; i < all.count; i++)
			ids += (uint64_t)all.range[i].last - all.range[i].first + 1;
		*count = all.count < room ? all.count : room;
		memcpy(ranges, all.range, *count * sizeof(*ranges));
		*left = ids > given ? ids - given : 0;
	}
	ranges_clear(&all);
	return fault;
}
