/*
 * ranking.c - the order of a sorted list.
 */
#include "accounts/ranking.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 1024, FIRST_TEXT_ROOM = 16 * 1024 };

static struct rank
rank_of(const struct ranking *ranking, const struct ranked *ranked)
{
	return ranking->is_number ? (struct rank){ranked->key, ""}
	                          : (struct rank){0, ranking->text + ranked->key};
}

/* Below 0: the one stands before the other. */
static int
compare_ranks(const struct ranking *ranking, const struct rank *one, uint32_t one_uid,
    const struct rank *other, uint32_t other_uid)
{
	int order = ranking->is_number
	    ? (one->number > other->number) - (one->number < other->number)
	    : strcmp(one->text, other->text);

	if (order != 0)
		return ranking->descending ? -order : order;
	return (one_uid > other_uid) - (one_uid < other_uid);
}

static int
compare(const void *one, const void *other, void *context)
{
	const struct ranked *a = one, *b = other;
	const struct rank a_rank = rank_of(context, a), b_rank = rank_of(context, b);

	return compare_ranks(context, &a_rank, a->uid, &b_rank, b->uid);
}

/* The texts of those that are left, side by side again. */
static enum fault
gather_texts(struct ranking *ranking, struct why *why)
{
	char *text;
	size_t size = 0;

	for (size_t i = 0; i < ranking->count; i++)
		size += strlen(ranking->text + ranking->ranked[i].key) + 1;
	text = malloc(size + 1);
	if (text == NULL)
		return why_memory(why);
	size = 0;
	for (size_t i = 0; i < ranking->count; i++) {
		const char *from = ranking->text + ranking->ranked[i].key;
		size_t one = strlen(from) + 1;

		memcpy(text + size, from, one);
		ranking->ranked[i].key = size;
		size += one;
	}
	free(ranking->text);
	ranking->text = text;
	ranking->text_size = size;
	ranking->text_room = size + 1;
	return FAULT_NONE;
}

enum fault
ranking_order(struct ranking *ranking, struct why *why)
{
	if (ranking->in_order || ranking->count == 0)
		return FAULT_NONE;
	qsort_r(ranking->ranked, ranking->count, sizeof(*ranking->ranked), compare, ranking);
	ranking->in_order = true;
	if (ranking->limit == 0 || ranking->count <= ranking->limit)
		return FAULT_NONE;
	ranking->count = (size_t)ranking->limit;
	ranking->was_cut = true;
	return ranking->is_number ? FAULT_NONE : gather_texts(ranking, why);
}

static bool
room_for_one(struct ranking *ranking)
{
	size_t room = ranking->room == 0 ? FIRST_ROOM : 2 * ranking->room;
	struct ranked *ranked;

	if (ranking->count < ranking->room)
		return true;
	ranked = reallocarray(ranking->ranked, room, sizeof(*ranked));
	if (ranked == NULL)
		return false;
	ranking->ranked = ranked;
	ranking->room = room;
	return true;
}

static bool
room_for_text(struct ranking *ranking, size_t size)
{
	size_t room = ranking->text_room == 0 ? FIRST_TEXT_ROOM : ranking->text_room;
	char *text;

	if (size <= ranking->text_room - ranking->text_size)
		return true;
	while (room - ranking->text_size < size)
		room *= 2;
	text = realloc(ranking->text, room);
	if (text == NULL)
		return false;
	ranking->text = text;
	ranking->text_room = room;
	return true;
}

/* Beyond the last who was left when they were put in order. */
static bool
is_beyond(const struct ranking *ranking, const struct rank *rank, uint32_t uid)
{
	struct rank last;

	if (!ranking->was_cut)
		return false;
	last = rank_of(ranking, &ranking->ranked[ranking->limit - 1]);
	return compare_ranks(ranking, rank, uid, &last,
	           ranking->ranked[ranking->limit - 1].uid) > 0;
}

/* So many that those beyond the limit are to go. */
static bool
is_full(const struct ranking *ranking)
{
	return ranking->limit != 0 && ranking->limit < SIZE_MAX / 4 &&
	    ranking->count >= 2 * (size_t)ranking->limit + RANKING_SPARE;
}

enum fault
ranking_add(struct ranking *ranking, const struct rank *rank, uint32_t uid, struct why *why)
{
	size_t size = ranking->is_number ? 0 : strlen(rank->text) + 1;
	enum fault fault = FAULT_NONE;

	if (is_beyond(ranking, rank, uid))
		return FAULT_NONE;
	if (is_full(ranking))
		fault = ranking_order(ranking, why);
	if (fault != FAULT_NONE)
		return fault;
	if (!room_for_one(ranking) || !room_for_text(ranking, size))
		return why_memory(why);
	if (size > 0)
		memcpy(ranking->text + ranking->text_size, rank->text, size);
	ranking->ranked[ranking->count++] = (struct ranked){
	    .key = ranking->is_number ? rank->number : ranking->text_size, .uid = uid};
	ranking->text_size += size;
	ranking->in_order = false;
	return FAULT_NONE;
}

void
ranking_clear(struct ranking *ranking)
{
	free(ranking->ranked);
	free(ranking->text);
	*ranking = (struct ranking){0};
}
