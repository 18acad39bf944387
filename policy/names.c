/*
 * names.c - a list of strings, owned by the list.
 */
#include "policy/names.h"

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

/* The index of the first item of a sorted list that does not sort before `name`. */
static size_t
names_lower_bound(const struct names *names, const char *name)
{
	size_t low = 0, high = names->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(names->item[middle], name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t
names_place(const struct names *names, const char *name)
{
	size_t at = names_lower_bound(names, name);

	return at < names->count && strcmp(names->item[at], name) == 0 ? at : names->count;
}

bool
names_have_sorted(const struct names *names, const char *name)
{
	return names_place(names, name) < names->count;
}

const char *
names_with_prefix(const struct names *names, const char *prefix)
{
	size_t at = names_lower_bound(names, prefix);

	if (at == names->count || strncmp(names->item[at], prefix, strlen(prefix)) != 0)
		return NULL;
	return names->item[at];
}

/* There is room for as many as the next power of two says, so that a long list is moved seldom. */
static bool
names_make_room(struct names *names)
{
	size_t room = names->count == 0 ? 1 : 2 * names->count;
	char **item;

	if ((names->count & (names->count - 1)) != 0)
		return true;
	item = reallocarray(names->item, room, sizeof(*item));
	if (item == NULL)
		return false;
	names->item = item;
	return true;
}

/* Opens a place at `index` and puts a copy of `name` there. */
static bool
names_put(struct names *names, size_t index, const char *name)
{
	char *copy = strdup(name);

	if (copy == NULL || !names_make_room(names)) {
		free(copy);
		return false;
	}
	memmove(names->item + index + 1, names->item + index,
	    (names->count - index) * sizeof(*names->item));
	names->item[index] = copy;
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
	return names_have_sorted(names, name) ||
	    names_put(names, names_lower_bound(names, name), name);
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
