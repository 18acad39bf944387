/*
 * array.c - arrays that grow by one at a time.
 */
#include "policy/array.h"

#include <stdlib.h>

bool
array_grow(void **array, size_t count, size_t size)
{
	void *larger;

	if ((count & (count - 1)) != 0)
		return true;
	larger = reallocarray(*array, count == 0 ? 1 : 2 * count, size);
	if (larger == NULL)
		return false;
	*array = larger;
	return true;
}
