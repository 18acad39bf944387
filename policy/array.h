/*
 * array.h - arrays that grow by one at a time.
 */
#ifndef HEXA_POLICY_ARRAY_H
#define HEXA_POLICY_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Makes room for one more behind the `count` items, of `size` bytes each, that *array has; there is
 * twice as much room each time that the count is a power of two.  *array is NULL as long as nothing is
 * in it, and grows by this function alone; free() takes it.  False: memory is out, and *array is as it was.
 */
bool array_grow(void **array, size_t count, size_t size);

#endif
