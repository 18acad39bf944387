/*
 * alike.c - users who stand alike: a hash table from what decides about a user to their kind.
 */
#include "accounts/alike.h"

#include <stdlib.h>
#include <string.h>

#include "policy/grant.h"
#include "policy/text.h"

/* The bytes that describe a kind, and what its first user put there. */
struct kind_of {
	unsigned char *key;
	size_t size;
	uint64_t hash;
	void *of;
};

/* Open addressing: never more than half full. */
struct alike {
	struct kind_of *slot;
	size_t slots; /* a power of two */
	size_t count;
};

enum { SLOTS_FIRST = 64 };

struct alike *
alike_begin(void)
{
	struct alike *alike = calloc(1, sizeof(*alike));
	struct kind_of *slot = calloc(SLOTS_FIRST, sizeof(*slot));

	if (alike == NULL || slot == NULL) {
		free(alike);
		free(slot);
		return NULL;
	}
	*alike = (struct alike){.slot = slot, .slots = SLOTS_FIRST};
	return alike;
}

void
alike_end(struct alike *alike)
{
	if (alike == NULL)
		return;
	for (size_t i = 0; i < alike->slots; i++)
		free(alike->slot[i].key);
	free(alike->slot);
	free(alike);
}

/* ---- the key ------------------------------------------------------------------------------ */

static int
text_order(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In whatever order they stand in the record, they mean the same. */
static void
put_sorted(struct bytes *key, const char **item, size_t count)
{
	qsort(item, count, sizeof(*item), text_order);
	bytes_put_u32(key, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		bytes_put_text(key, item[i]);
}

static bool
put_list(struct bytes *key, const struct names *names)
{
	const char **item = calloc(names->count + 1, sizeof(*item));

	if (item == NULL)
		return false;
	for (size_t i = 0; i < names->count; i++)
		item[i] = names->item[i];
	put_sorted(key, item, names->count);
	free(item);
	return true;
}

/* Those that still count, without their ends. */
static bool
put_grants(struct bytes *key, const struct names *grants, int64_t now)
{
	struct grant *grant = calloc(grants->count + 1, sizeof(*grant));
	const char **item = calloc(grants->count + 1, sizeof(*item));
	size_t count = 0;

	for (size_t i = 0; grant != NULL && item != NULL && i < grants->count; i++) {
		if (!grant_parse(grants->item[i], &grant[count]) ||
		    !grant_counts(&grant[count], now))
			continue;
		item[count] = grant[count].permission;
		count++;
	}
	if (item != NULL)
		put_sorted(key, item, count);
	free(item);
	free(grant);
	return grant != NULL && item != NULL;
}

static bool
put_key(struct bytes *key, const struct user *user, int64_t now)
{
	bool client = user->type == USER_CLIENT;

	bytes_put_u8(key, (uint8_t)user->type);
	bytes_put_u8(key, (uint8_t)user->status);
	bytes_put_u8(key, user->valid_from != 0 && now < user->valid_from);
	bytes_put_u8(key, user->valid_until != 0 && now > user->valid_until);
	bytes_put_u8(key, client && user->email != NULL && text_is_email(user->email));
	bytes_put_u8(key, client && user->phone != NULL && text_is_phone(user->phone));
	return put_list(key, &user->roles) && put_grants(key, &user->grants, now) &&
	    put_list(key, &user->clients) && put_list(key, &user->sites) && !key->failed;
}

/* FNV-1a, 64 bits wide. */
static uint64_t
hash_of(const unsigned char *data, size_t size)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ data[i]) * UINT64_C(1099511628211);
	return hash;
}

/* ---- the table ---------------------------------------------------------------------------- */

/* Where the key stands, or would. */
static struct kind_of *
place_of(struct kind_of *slot, size_t slots, uint64_t hash, const void *key, size_t size)
{
	size_t at = (size_t)hash & (slots - 1);

	while (slot[at].key != NULL && (slot[at].hash != hash || slot[at].size != size ||
	    memcmp(slot[at].key, key, size) != 0))
		at = (at + 1) & (slots - 1);
	return &slot[at];
}

static bool
grow(struct alike *alike)
{
	size_t slots = alike->slots * 2;
	struct kind_of *slot = calloc(slots, sizeof(*slot));

	if (slot == NULL)
		return false;
	for (size_t i = 0; i < alike->slots; i++) {
		struct kind_of *old = &alike->slot[i];

		if (old->key != NULL)
			*place_of(slot, slots, old->hash, old->key, old->size) = *old;
	}
	free(alike->slot);
	alike->slot = slot;
	alike->slots = slots;
	return true;
}

enum fault
alike_find(struct alike *alike, const struct user *user, int64_t now, void ***of,
    struct why *why)
{
	struct bytes key = {0};
	struct kind_of *found;
	uint64_t hash;

	if (!put_key(&key, user, now) || (alike->count >= alike->slots / 2 && !grow(alike))) {
		bytes_clear(&key);
		return why_memory(why);
	}
	hash = hash_of(key.data, key.size);
	found = place_of(alike->slot, alike->slots, hash, key.data, key.size);
	if (found->key == NULL) {
		*found = (struct kind_of){key.data, key.size, hash, NULL};
		alike->count++;
	} else {
		bytes_clear(&key);
	}
	*of = &found->of;
	return FAULT_NONE;
}
