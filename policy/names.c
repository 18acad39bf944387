/*
 * names.c - a list of strings, owned by the list.
 */
#include "policy/names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool
names_have(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->item[i], name) == 0)
			return true;
	return false;
}

/* Opens a place at `index` and puts a copy of `name` there. */
static bool
names_put(struct names *names, size_t index, const char *name)
{
	char *copy = strdup(name);
	char **item = NULL;

	if (copy != NULL && names->count < SIZE_MAX / sizeof(*item) - 1)
		item = realloc(names->item, (names->count + 1) * sizeof(*item));
	if (item == NULL) {
		free(copy);
		return false;
	}
	memmove(item + index + 1, item + index, (names->count - index) * sizeof(*item));
	item[index] = copy;
	names->item = item;
	names->count++;
	return true;
}

bool
names_add(struct names *names, const char *name)
{
	return names_put(names, names->count, name);
}

bool
names_insert(struct names *names, const char *name)
{
	size_t low = 0, high = names->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(names->item[middle], name);

		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return names_put(names, low, name);
}

bool
names_remove(struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->item[i], name) != 0)
			continue;
		free(names->item[i]);
		names->count--;
		memmove(names->item + i, names->item + i + 1,
		    (names->count - i) * sizeof(*names->item));
		return true;
	}
	return false;
}

bool
names_copy(struct names *to, const struct names *from)
{
	struct names copy = {0};

	if (to == from)
		return true;
	for (size_t i = 0; i < from->count; i++) {
		if (!names_add(&copy, from->item[i])) {
			names_clear(&copy);
			return false;
		}
	}
	names_clear(to);
	*to = copy;
	return true;
}

bool
names_same(const struct names *a, const struct names *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->item[i], b->item[i]) != 0)
			return false;
	return true;
}

void
names_clear(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->item[i]);
	free(names->item);
	*names = (struct names){0};
}
