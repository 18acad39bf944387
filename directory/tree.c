/*
 * tree.c - walks branch, leaf and overflow pages.
 */
#include "directory/tree.h"

#include <endian.h>

struct page {
	uint64_t at; /* where it begins in the file */
	bool leaf;
	unsigned count; /* of nodes; each fits the page's head, none has been looked at */
};

struct node {
	uint64_t key; /* where it begins in the file */
	uint32_t key_size;
	uint32_t room; /* bytes on the page behind the key */
	uint64_t head;
};

static uint32_t
page_size(const struct view *view)
{
	return UINT32_C(1) << view->page_shift;
}

/* The second half of a page's head, or a node's head, is loaded at once; these take it apart. */
static uint64_t
head_child(uint64_t head)
{
#if __BYTE_ORDER == __LITTLE_ENDIAN
	return head & UINT64_C(0xffffffffffff);
#else
	return head >> 32 | (head >> 16 & 0xffff) << 32;
#endif
}

static uint32_t
head_value_size(uint64_t head)
{
#if __BYTE_ORDER == __LITTLE_ENDIAN
	return (uint32_t)head;
#else
	return (uint32_t)(head >> 32);
#endif
}

static uint64_t
head_span(uint64_t head)
{
#if __BYTE_ORDER == __LITTLE_ENDIAN
	return head >> 32;
#else
	return (uint32_t)head;
#endif
}

/* The u16 at byte offset `at` of eight bytes that were loaded as one number. */
static uint16_t
head_u16(uint64_t head, unsigned at)
{
#if __BYTE_ORDER == __LITTLE_ENDIAN
	return (uint16_t)(head >> 8 * at);
#else
	return (uint16_t)(head >> (48 - 8 * at));
#endif
}

static bool
page_enter(struct view *view, uint64_t number, struct page *page)
{
	uint64_t head;
	unsigned kind, lower;

	if (view->pages_left == 0 || !view_page(view, number, &page->at))
		return false;
	view->pages_left--;
	if (view_u64(view, page->at + PAGE_NUMBER) != number)
		return false;
	head = view_u64(view, page->at + 8);
	kind = head_u16(head, PAGE_FLAGS - 8) & PAGE_KINDS;
	lower = head_u16(head, PAGE_LOWER - 8);
	if (kind != PAGE_LEAF && kind != PAGE_BRANCH)
		return false;
	if (lower < PAGE_HEAD || lower > page_size(view))
		return false;
	page->leaf = kind == PAGE_LEAF;
	page->count = (lower - PAGE_HEAD) / 2;
	return true;
}

/* `index` is below the page's count. */
static inline bool
node_enter(struct view *view, uint64_t page, unsigned index, struct node *node)
{
	unsigned at = view_u16(view, page + PAGE_HEAD + 2 * (uint64_t)index);
	uint32_t room;

	if (at < PAGE_HEAD || at > page_size(view) - NODE_HEAD)
		return false;
	node->head = view_u64(view, page + at);
	node->key = page + at + NODE_HEAD;
	node->key_size = head_u16(node->head, 6);
	room = page_size(view) - NODE_HEAD - at;
	if (node->key_size > room)
		return false;
	node->room = room - node->key_size;
	return true;
}

static inline int
node_compare(struct view *view, const struct node *node, const void *key, size_t size)
{
	size_t common = size < node->key_size ? size : node->key_size;
	int order = view_compare(view, node->key, key, common);

	return order != 0 ? order : (size > node->key_size) - (size < node->key_size);
}

/*
 * The first node from `low` on whose key is not less than `key`, or the page's count; *exact: it is
 * the key.
 */
static bool
page_search(struct view *view, const struct page *page, unsigned low, const void *key, size_t size,
	unsigned *index, bool *exact)
{
	unsigned high = page->count;
	struct node node;
	int order;

	*exact = false;
	while (low < high) {
		unsigned middle = (low + high) / 2;

		if (!node_enter(view, page->at, middle, &node))
			return false;
		order = node_compare(view, &node, key, size);
		if (order == 0) {
			*index = middle;
			*exact = true;
			return true;
		}
		if (order > 0)
			low = middle + 1;
		else
			high = middle;
	}
	*index = low;
	return true;
}

static bool
node_child(struct view *view, uint64_t page, unsigned index, uint64_t *number)
{
	struct node node;

	if (!node_enter(view, page, index, &node))
		return false;
	*number = head_child(node.head);
	return true;
}

/* A value on overflow pages; the node holds the number of the first. */
static bool
value_large(struct view *view, const struct node *node, struct item *item)
{
	uint64_t number, at, head, span;

	if (node->room < sizeof(number))
		return false;
	number = view_u64(view, node->key + node->key_size);
	if (!view_page(view, number, &at) || view_u64(view, at + PAGE_NUMBER) != number)
		return false;
	head = view_u64(view, at + 8);
	if ((head_u16(head, PAGE_FLAGS - 8) & PAGE_KINDS) != PAGE_OVERFLOW)
		return false;
	span = head_span(head);
	if (span == 0 || item->value_size > (span << view->page_shift) - PAGE_HEAD)
		return false;
	if (item->value_size > view->size - at - PAGE_HEAD) {
		view->beyond = true;
		return false;
	}
	item->value = at + PAGE_HEAD;
	return true;
}

static bool
node_item(struct view *view, const struct node *node, struct item *item)
{
	unsigned flags = head_u16(node->head, 4);

	item->key = node->key;
	item->key_size = node->key_size;
	item->value_size = head_value_size(node->head);
	if (flags == NODE_LARGE)
		return value_large(view, node, item);
	item->value = node->key + node->key_size;
	return flags == 0 && item->value_size <= node->room;
}

/*
 * From a page to the leaf where `key` is or would be, or to the child on the way there: the index
 * of its node.
 */
static bool
page_choose(struct view *view, uint64_t number, const void *key, size_t size, struct page *page,
	unsigned *index, bool *exact)
{
	if (!page_enter(view, number, page))
		return false;
	/* The first key of a branch stands for everything smaller and is not stored. */
	if (!page_search(view, page, page->leaf ? 0 : 1, key, size, index, exact))
		return false;
	if (!page->leaf && !*exact)
		--*index;
	return page->leaf || page->count > 0;
}

enum lookup
tree_find(struct view *view, const void *key, size_t size, struct item *item)
{
	uint64_t number = view->root;
	struct page page;
	struct node node;
	unsigned index;
	bool exact;

	if (number == PAGE_NONE)
		return LOOKUP_NONE;
	for (unsigned depth = 0; depth < TREE_DEPTH; depth++) {
		if (!page_choose(view, number, key, size, &page, &index, &exact))
			break;
		if (page.leaf && !exact)
			return LOOKUP_NONE;
		if (!node_enter(view, page.at, index, &node))
			break;
		if (page.leaf)
			return node_item(view, &node, item) ? LOOKUP_FOUND : LOOKUP_UNAVAILABLE;
		number = head_child(node.head);
	}
	return LOOKUP_UNAVAILABLE;
}

static void
cursor_push(struct cursor *cursor, const struct page *page, unsigned index)
{
	cursor->step[cursor->depth].at = page->at;
	cursor->step[cursor->depth].index = (uint16_t)index;
	cursor->step[cursor->depth].count = (uint16_t)page->count;
	cursor->depth++;
}

enum lookup
cursor_seek(struct cursor *cursor, struct view *view, const void *key, size_t size)
{
	uint64_t number = view->root;
	struct page page;
	unsigned index;
	bool exact;

	cursor->view = view;
	cursor->depth = 0;
	if (number == PAGE_NONE)
		return LOOKUP_NONE;
	while (cursor->depth < TREE_DEPTH &&
		page_choose(view, number, key, size, &page, &index, &exact)) {
		cursor_push(cursor, &page, index);
		if (page.leaf)
			return exact ? LOOKUP_FOUND : LOOKUP_NONE;
		if (!node_child(view, page.at, index, &number))
			break;
	}
	cursor->depth = 0;
	return LOOKUP_UNAVAILABLE;
}

/* From the end of a leaf to the beginning of the next one. */
static enum lookup
cursor_next_leaf(struct cursor *cursor)
{
	struct view *view = cursor->view;
	uint64_t number;
	struct page page;
	unsigned top;

	do {
		if (cursor->depth <= 1)
			return LOOKUP_NONE;
		cursor->depth--;
		top = cursor->depth - 1;
	} while (cursor->step[top].index + 1 >= cursor->step[top].count);
	cursor->step[top].index++;
	do {
		top = cursor->depth - 1;
		if (cursor->depth == TREE_DEPTH)
			return LOOKUP_UNAVAILABLE;
		if (!node_child(view, cursor->step[top].at, cursor->step[top].index, &number))
			return LOOKUP_UNAVAILABLE;
		if (!page_enter(view, number, &page) || page.count == 0)
			return LOOKUP_UNAVAILABLE;
		cursor_push(cursor, &page, 0);
	} while (!page.leaf);
	return LOOKUP_FOUND;
}

enum lookup
cursor_next(struct cursor *cursor, struct item *item)
{
	struct node node;
	unsigned top;

	if (cursor->depth == 0)
		return LOOKUP_NONE;
	top = cursor->depth - 1;
	if (cursor->step[top].index >= cursor->step[top].count) {
		enum lookup lookup = cursor_next_leaf(cursor);

		if (lookup != LOOKUP_FOUND)
			return lookup;
		top = cursor->depth - 1;
	}
	if (!node_enter(cursor->view, cursor->step[top].at, cursor->step[top].index, &node) ||
		!node_item(cursor->view, &node, item))
		return LOOKUP_UNAVAILABLE;
	cursor->step[top].index++;
	return LOOKUP_FOUND;
}
