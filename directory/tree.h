/*
 * tree.h - finds keys in the tree of one snapshot, in memcmp order, without believing anything that
 * stands on a page.
 */
#ifndef HEXA_DIRECTORY_TREE_H
#define HEXA_DIRECTORY_TREE_H

#include "directory/view.h"

/* A key and its value: offsets for view_copy() and sizes, within the file. */
struct item {
	uint64_t key;
	uint64_t value;
	uint32_t key_size;
	uint32_t value_size;
};

/* A place in the tree: for each level the page, and which of its nodes. */
struct cursor {
	struct view *view;
	unsigned depth;
	struct {
		uint64_t at; /* where the page begins */
		uint16_t index;
		uint16_t count;
	} step[TREE_DEPTH];
};

/*
 * Goes to `key`: LOOKUP_FOUND; or, when there is none such, to the next greater: LOOKUP_NONE.
 * LOOKUP_UNAVAILABLE: damage.
 */
enum lookup cursor_seek(struct cursor *cursor, struct view *view, const void *key, size_t size);

/*
 * The item that the cursor stands on; then it stands on the next one.  LOOKUP_NONE at the end;
 * LOOKUP_UNAVAILABLE: damage.  The items of a hostile file may come in any order, but do end.
 */
enum lookup cursor_next(struct cursor *cursor, struct item *item);

/* The item of exactly this key: LOOKUP_FOUND, LOOKUP_NONE, or LOOKUP_UNAVAILABLE. */
enum lookup tree_find(struct view *view, const void *key, size_t size, struct item *item);

#endif
