/*
 * pages.c - walks the pages of an LMDB 0.9 file: the tree of free pages, the tree of tables, and
 * the tree of each table.
 *
 * Every page up to the last one belongs to exactly one of them.  A page that says its own number,
 * whose nodes fill it to its end, whose keys stand in order and within what the page above says,
 * and whose counts add up to what the table's record says, is what liblmdb wrote.
 */
#include "store/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/table.h"

/* ---- the format ---------------------------------------------------------------------------- */

enum {
	HEADER_BYTES = 16,  /* of a page: number u64, pad u16, flags u16, lower u16, upper u16 */
	NODE_BYTES = 8,     /* of a node: size or page u16 u16, flags u16, size of the key u16 */
	TREE_BYTES = 48,    /* of a tree's record */
	META_BYTES = 136,
	PAGE_LEAST = 512, PAGE_MOST = 32768,
	DEPTH_MOST = 32,
	MAGIC = (int)0xBEEFC0DE, FORMAT = 1,
};
/* Of a tree, among other flags: REVERSEKEY, DUPSORT and their like.  Free pages go by numbers. */
enum { KEY_FLAGS = 0x7f, KEY_NUMBERS = 0x08 };
enum { PAGE_BRANCH = 0x01, PAGE_LEAF = 0x02, PAGE_OVERFLOW = 0x04, PAGE_META = 0x08 };
enum { NODE_BIG = 0x01, NODE_TREE = 0x02 };
#define NO_PAGE UINT64_MAX

struct tree {
	uint32_t pad;
	uint16_t flags, depth;
	uint64_t branches, leaves, overflows, entries, root;
};

struct meta {
	int32_t magic;
	uint32_t version;
	uint64_t address, map_size;
	struct tree free, main;
	uint64_t last_page, number;
};

_Static_assert(sizeof(struct tree) == TREE_BYTES, "a tree's record as it is on disk");
_Static_assert(sizeof(struct meta) == META_BYTES, "a meta as it is on disk");

static uint16_t
get_u16(const unsigned char *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static uint64_t
get_u64(const unsigned char *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

/* ---- a walk -------------------------------------------------------------------------------- */

struct walk {
	const struct page_visit *visit;
	int fd;
	size_t page_size;
	uint64_t pages;          /* that there may be: the last one's number and one */
	uint64_t there;          /* that are in the file */
	unsigned char *used;     /* a bit for each page that was met */
	uint64_t met, found;
	bool memory_out;
};

/* Where in which tree one is. */
struct way {
	const char *table;
	const struct tree *tree;
	struct tree counted;
	struct span key; /* that leads there */
};

static bool
is_plain_byte(unsigned char byte)
{
	return byte > ' ' && byte < 0x7f;
}

static size_t
plain_bytes(struct span key)
{
	const unsigned char *at = key.data;
	size_t count = 0;

	while (count < key.size && is_plain_byte(at[count]))
		count++;
	return count;
}

/*
 * A word; a number; a word, a NUL and a number; a number and a word: what keys are.  Anything else
 * in hexadecimal digits.
 */
static void
show_key(struct span key, char out[PAGE_KEY_BYTES])
{
	const unsigned char *at = key.data;
	size_t plain = plain_bytes(key);
	char *end = out;

	*out = '\0';
	if (plain == key.size)
		snprintf(out, PAGE_KEY_BYTES, "%.*s", (int)plain, (const char *)at);
	else if (key.size == 8)
		snprintf(out, PAGE_KEY_BYTES, "%llu", (unsigned long long)key_get_u64(at));
	else if (plain > 0 && at[plain] == '\0' && key.size - plain == 5)
		snprintf(out, PAGE_KEY_BYTES, "%.*s %lu", (int)plain, (const char *)at,
		    (unsigned long)key_get_u32(at + plain + 1));
	else if (key.size >= 4 &&
	    plain_bytes((struct span){at + 4, key.size - 4}) == key.size - 4)
		snprintf(out, PAGE_KEY_BYTES, "%lu%s%.*s", (unsigned long)key_get_u32(at),
		    key.size > 4 ? " " : "", (int)(key.size - 4), (const char *)at + 4);
	else
		for (size_t i = 0; i < key.size && end - out < PAGE_KEY_BYTES - 3; i++)
			end += snprintf(end, 3, "%02x", at[i]);
}

static void
tell(struct walk *walk, const struct way *way, uint64_t page, struct span key, bool from,
    const char *what)
{
	struct page_damage damage = {.page = page, .from = from, .what = what};

	walk->found++;
	if (walk->visit->damaged == NULL)
		return;
	snprintf(damage.table, sizeof(damage.table), "%s", way->table);
	if (key.data != NULL)
		show_key(key, damage.key);
	walk->visit->damaged(walk->visit->context, &damage);
}

void
page_damage_text(const struct page_damage *damage, char text[PAGE_TEXT_BYTES])
{
	bool is_table = strcmp(damage->table, "free pages") != 0 &&
	    strcmp(damage->table, "tables") != 0;

	snprintf(text, PAGE_TEXT_BYTES, "page %llu, %s%s%s%s%s: %s",
	    (unsigned long long)damage->page, is_table ? "table " : "the list of ", damage->table,
	    *damage->key == '\0' ? "" : damage->from ? ", from key " : ", key ", damage->key,
	    *damage->key != '\0' && damage->from ? " on" : "", damage->what);
}

/* Reads `count` pages from `number` on; a cause in *what when it cannot. */
static bool
read_pages(struct walk *walk, uint64_t number, uint64_t count, unsigned char *out,
    const char **what)
{
	size_t have = 0, size = count * walk->page_size;

	while (have < size) {
		ssize_t got = pread(walk->fd, out + have, size - have,
		    (off_t)(number * walk->page_size + have));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			*what = got < 0 ? "it cannot be read" : "the file ends before it";
			return false;
		}
		have += (size_t)got;
	}
	return true;
}

/* Notes that pages belong to somebody; false: they cannot, and *what is why. */
static bool
take_pages(struct walk *walk, uint64_t number, uint64_t count, const char **what)
{
	if (number < 2 || number >= walk->pages || count > walk->pages - number) {
		*what = "there is no such page";
		return false;
	}
	for (uint64_t i = number; i < number + count; i++) {
		if ((walk->used[i / 8] >> (i % 8) & 1) != 0) {
			*what = "it belongs to something else as well";
			return false;
		}
		walk->used[i / 8] |= (unsigned char)(1 << (i % 8));
	}
	walk->met += count;
	if (walk->visit->at_work != NULL)
		walk->visit->at_work();
	return true;
}

/* ---- nodes --------------------------------------------------------------------------------- */

struct node {
	struct span key;
	const unsigned char *data;
	uint32_t size;
	uint16_t flags;
	uint64_t page; /* of a branch: the one below */
};

/* Its room in the page, with what it is filled up with. */
static size_t
room_of(const struct node *node, bool is_leaf)
{
	size_t room = NODE_BYTES + node->key.size;

	if (is_leaf)
		room += (node->flags & NODE_BIG) != 0 ? sizeof(uint64_t) : node->size;
	return room + (room & 1);
}

static bool
read_node(const struct walk *walk, const unsigned char *page, unsigned index, bool is_leaf,
    struct node *node)
{
	const size_t lower = get_u16(page + 12), size = walk->page_size;
	const size_t at = get_u16(page + HEADER_BYTES + 2 * index);
	size_t left, wanted;

	if (at < lower || at > size - NODE_BYTES || at % 2 != 0)
		return false;
	left = size - at - NODE_BYTES;
	node->flags = get_u16(page + at + 4);
	node->size = get_u16(page + at) | (uint32_t)get_u16(page + at + 2) << 16;
	node->page = node->size | (uint64_t)node->flags << 32;
	node->key = (struct span){page + at + NODE_BYTES, get_u16(page + at + 6)};
	if (node->key.size > TABLE_KEY_MAX || node->key.size > left)
		return false;
	if (!is_leaf)
		return true;
	node->data = (const unsigned char *)node->key.data + node->key.size;
	wanted = (node->flags & NODE_BIG) != 0 ? sizeof(uint64_t) : node->size;
	return (node->flags & ~(NODE_BIG | NODE_TREE)) == 0 && wanted <= left - node->key.size;
}

static int
compare(struct span a, struct span b)
{
	size_t size = a.size < b.size ? a.size : b.size;
	int order = size == 0 ? 0 : memcmp(a.data, b.data, size);

	return order != 0 ? order : a.size < b.size ? -1 : a.size > b.size;
}

/* Keys of the tree of free pages are numbers in this machine's order. */
static int
compare_numbers(struct span a, struct span b)
{
	uint64_t one, other;

	if (a.size != 8 || b.size != 8)
		return compare(a, b);
	memcpy(&one, a.data, sizeof(one));
	memcpy(&other, b.data, sizeof(other));
	return one < other ? -1 : one > other;
}

/* ---- a tree -------------------------------------------------------------------------------- */

static void check_value(struct walk *walk, struct way *way, uint64_t page,
    const struct node *node, struct span value);

/*
 * A value that has pages of its own: as many as it says, which may be more than it takes, when it
 * was made shorter in the transaction that wrote it.
 */
static const char *
take_big(struct walk *walk, struct way *way, const struct node *node, uint64_t number)
{
	const uint64_t needed = (HEADER_BYTES - 1 + (uint64_t)node->size) / walk->page_size + 1;
	unsigned char header[HEADER_BYTES];
	const char *what = NULL;
	uint32_t count;

	if (number < 2 || number >= walk->pages)
		return "there is no such page";
	if (pread(walk->fd, header, sizeof(header), (off_t)(number * walk->page_size)) !=
	    (ssize_t)sizeof(header))
		return "it cannot be read, or the file ends before it";
	memcpy(&count, header + 12, sizeof(count));
	if (get_u64(header) != number || get_u16(header + 10) != PAGE_OVERFLOW || count < needed)
		return "it is not the page of a value";
	if (!take_pages(walk, number, count, &what))
		return what;
	way->counted.overflows += count;
	return NULL;
}

static void
check_big(struct walk *walk, struct way *way, const struct node *node)
{
	const uint64_t count = (HEADER_BYTES - 1 + (uint64_t)node->size) / walk->page_size + 1;
	const uint64_t number = get_u64(node->data);
	const char *what = take_big(walk, way, node, number);
	unsigned char *pages = what != NULL ? NULL : malloc(count * walk->page_size);

	if (what == NULL && pages == NULL)
		walk->memory_out = true;
	else if (what != NULL || !read_pages(walk, number, count, pages, &what))
		tell(walk, way, number, node->key, false, what);
	else
		check_value(walk, way, number, node,
		    (struct span){pages + HEADER_BYTES, node->size});
	free(pages);
}

/* Between what, and how deep, a page must be. */
struct bounds {
	struct span from, below; /* data NULL: no bound */
	unsigned depth;
};

static bool
is_free_tree(const struct way *way)
{
	return strcmp(way->table, "free pages") == 0;
}

static bool
is_within(const struct way *way, struct span key, struct span last, const struct bounds *bounds)
{
	int (*order)(struct span, struct span) = is_free_tree(way) ? compare_numbers : compare;

	return (last.data == NULL || order(last, key) < 0) &&
	    (bounds->from.data == NULL || order(bounds->from, key) <= 0) &&
	    (bounds->below.data == NULL || order(key, bounds->below) < 0);
}

/* What is wrong with a page of nodes as such; NULL: nothing. */
static const char *
judge_page(const struct walk *walk, const unsigned char *page, uint64_t number,
    const struct bounds *bounds, const struct way *way)
{
	const uint16_t flags = get_u16(page + 10);
	const size_t lower = get_u16(page + 12), upper = get_u16(page + 14);
	const bool is_leaf = flags == PAGE_LEAF;
	const size_t count = (lower - HEADER_BYTES) / 2;
	struct span last = {0};
	size_t room = 0;

	if (get_u64(page) != number)
		return "it does not say its own number";
	if (!is_leaf && flags != PAGE_BRANCH)
		return "it is of no kind that there is";
	if (is_leaf != (bounds->depth == way->tree->depth))
		return "it stands in another depth than it should";
	if (lower < HEADER_BYTES || lower % 2 != 0 || upper < lower || upper > walk->page_size)
		return "its bounds are wrong";
	if (count < (is_leaf || is_free_tree(way) ? 1 : 2))
		return "it has too few keys";
	for (unsigned i = 0; i < count; i++) {
		struct node node;

		if (!read_node(walk, page, i, is_leaf, &node))
			return "a key or value lies beyond it";
		room += room_of(&node, is_leaf);
		if (!is_leaf && i == 0)
			continue; /* has the key of all before the second, which nobody reads */
		if (node.key.size == 0 || !is_within(way, node.key, last, bounds))
			return "keys are out of order";
		last = node.key;
	}
	return room == walk->page_size - upper ? NULL : "its keys and values do not fill it";
}

static void check_page(struct walk *walk, struct way *way, uint64_t number,
    const struct bounds *bounds);

static void
check_branch(struct walk *walk, struct way *way, const unsigned char *page,
    const struct bounds *bounds)
{
	const unsigned count = (get_u16(page + 12) - HEADER_BYTES) / 2u;
	struct node node, next;

	way->counted.branches++;
	for (unsigned i = 0; i < count && read_node(walk, page, i, false, &node); i++) {
		struct bounds below = {.from = i == 0 ? bounds->from : node.key,
		    .below = bounds->below,
		    .depth = bounds->depth + 1};

		if (i + 1 < count && read_node(walk, page, i + 1, false, &next))
			below.below = next.key;
		check_page(walk, way, node.page, &below);
	}
}

static void
check_leaf(struct walk *walk, struct way *way, const unsigned char *page, uint64_t number)
{
	const unsigned count = (get_u16(page + 12) - HEADER_BYTES) / 2u;
	struct node node;

	way->counted.leaves++;
	for (unsigned i = 0; i < count && read_node(walk, page, i, true, &node); i++) {
		way->counted.entries++;
		if ((node.flags & NODE_BIG) != 0)
			check_big(walk, way, &node);
		else
			check_value(walk, way, number, &node,
			    (struct span){node.data, node.size});
	}
}

static void
check_page(struct walk *walk, struct way *way, uint64_t number, const struct bounds *bounds)
{
	const char *what = NULL;
	unsigned char *page;

	if (bounds->depth > way->tree->depth)
		what = "it stands deeper than it should";
	else
		(void)take_pages(walk, number, 1, &what);
	if (what != NULL) {
		tell(walk, way, number, bounds->from, true, what);
		return;
	}
	page = malloc(walk->page_size);
	if (page == NULL) {
		walk->memory_out = true;
		return;
	}
	if (read_pages(walk, number, 1, page, &what))
		what = judge_page(walk, page, number, bounds, way);
	if (what != NULL)
		tell(walk, way, number, bounds->from, true, what);
	else if (get_u16(page + 10) == PAGE_BRANCH)
		check_branch(walk, way, page, bounds);
	else
		check_leaf(walk, way, page, number);
	free(page);
}

/* A tree's record stands in `page`. */
static void
check_tree(struct walk *walk, const char *table, const struct tree *tree, uint64_t page)
{
	struct way way = {.table = table, .tree = tree};
	const struct bounds bounds = {.depth = 1};
	const uint64_t before = walk->found;

	if (tree->root == NO_PAGE ? tree->depth != 0
	                          : tree->depth == 0 || tree->depth > DEPTH_MOST) {
		tell(walk, &way, page, (struct span){0}, false, "its root is none");
		return;
	}
	if (tree->root != NO_PAGE)
		check_page(walk, &way, tree->root, &bounds);
	/* What damage has hidden is not counted as well. */
	if (walk->found == before && !walk->memory_out &&
	    (way.counted.branches != tree->branches || way.counted.leaves != tree->leaves ||
	        way.counted.overflows != tree->overflows || way.counted.entries != tree->entries))
		tell(walk, &way, page, (struct span){0}, false,
		    "it has another number of keys or pages than its record says");
}

/* ---- values -------------------------------------------------------------------------------- */

/* The pages that a commit gave up: their number, and then they, from the highest on. */
static void
check_free(struct walk *walk, struct way *way, uint64_t page, struct span key, struct span value)
{
	const unsigned char *at = value.data;
	uint64_t count = value.size < 8 ? NO_PAGE : get_u64(at), last = NO_PAGE;
	const char *what = NULL;

	if (key.size != 8 || value.size % 8 != 0 || count > value.size / 8 - 1) {
		tell(walk, way, page, key, false, "it is no list of pages");
		return;
	}
	for (uint64_t i = 1; i <= count; i++) {
		uint64_t number = get_u64(at + 8 * i);

		if (number >= last || !take_pages(walk, number, 1, &what)) {
			tell(walk, way, page, key, false,
			    what != NULL ? what : "it is no list of pages");
			return;
		}
		last = number;
	}
}

/* A table's record, under its name. */
static void
check_table(struct walk *walk, struct way *way, uint64_t page, const struct node *node)
{
	struct tree tree;
	char name[32] = "";

	if (node->size != TREE_BYTES || node->flags != NODE_TREE ||
	    node->key.size >= sizeof(name)) {
		tell(walk, way, page, node->key, false, "it is no table");
		return;
	}
	memcpy(&tree, node->data, sizeof(tree));
	memcpy(name, node->key.data, node->key.size);
	if (walk->visit->only != NULL && strcmp(walk->visit->only, name) != 0)
		return;
	if (tree.flags != 0)
		tell(walk, way, page, node->key, false, "it is a table of another kind");
	else
		check_tree(walk, name, &tree, page);
}

static void
check_value(struct walk *walk, struct way *way, uint64_t page, const struct node *node,
    struct span value)
{
	if (is_free_tree(way)) {
		check_free(walk, way, page, node->key, value);
		return;
	}
	if (strcmp(way->table, "tables") == 0) {
		check_table(walk, way, page, node);
		return;
	}
	if ((node->flags & NODE_TREE) != 0) {
		tell(walk, way, page, node->key, false, "it is a table within a table");
		return;
	}
	if (!walk->visit->seals)
		return;
	if (!table_unseal(way->table, node->key, &value))
		tell(walk, way, page, node->key, false, "the value is not what was written");
	else if (walk->visit->value != NULL)
		walk->visit->value(walk->visit->context, way->table, node->key, value);
}

/* ---- the file ------------------------------------------------------------------------------ */

static bool
read_meta(int fd, size_t page_size, unsigned which, struct meta *meta)
{
	unsigned char page[HEADER_BYTES + META_BYTES];

	if (pread(fd, page, sizeof(page), (off_t)(which * page_size)) != (ssize_t)sizeof(page))
		return false;
	memcpy(meta, page + HEADER_BYTES, sizeof(*meta));
	return get_u64(page) == which && (get_u16(page + 10) & PAGE_META) != 0 &&
	    meta->magic == MAGIC && meta->version == FORMAT;
}

static bool
is_page_size(uint32_t size)
{
	return size >= PAGE_LEAST && size <= PAGE_MOST && (size & (size - 1)) == 0;
}

/*
 * Both metas, of which one is being written perhaps; what is looked at here never changes, and
 * liblmdb trusts it.  FAULT_INVALID.
 */
static enum fault
read_metas(int fd, struct meta meta[2], struct why *why)
{
	if (!read_meta(fd, 0, 0, &meta[0]))
		return why_set(why, FAULT_INVALID, "is not a database, or page 0 is damaged");
	if (!is_page_size(meta[0].free.pad))
		return why_set(why, FAULT_INVALID, "page 0 is damaged: the size of pages");
	if (!read_meta(fd, meta[0].free.pad, 1, &meta[1]) || meta[1].free.pad != meta[0].free.pad)
		return why_set(why, FAULT_INVALID, "page 1 is damaged");
	return FAULT_NONE;
}

/* Pages that belong to nothing are lost, and in the way of a compacted copy. */
static void
check_lost(struct walk *walk)
{
	const struct way way = {.table = "free pages"};
	uint64_t number = 2;

	if (walk->visit->only != NULL || walk->found > 0 || walk->memory_out ||
	    walk->met + 2 >= walk->pages)
		return;
	while ((walk->used[number / 8] >> (number % 8) & 1) != 0)
		number++;
	tell(walk, &way, number, (struct span){0}, false, "it belongs to nothing");
}

static enum fault
walk_from(int fd, const struct meta *meta, const struct page_visit *visit, uint64_t *found,
    struct why *why)
{
	struct walk walk = {.visit = visit, .fd = fd, .page_size = meta->free.pad};
	const struct way way = {.table = "tables"};
	struct stat status;
	uint64_t most;

	if (fstat(fd, &status) != 0)
		return why_set(why, FAULT_UNAVAILABLE, "%s", strerror(errno));
	walk.there = (uint64_t)status.st_size / walk.page_size;
	walk.pages = meta->last_page + 1;
	/* A file may be shorter, by pages that are free; numbers take no more memory than it. */
	most = walk.there * 4 + (1 << 20);
	if (walk.pages < 2 || walk.pages > most) {
		tell(&walk, &way, meta->number % 2, (struct span){0}, false,
		    "the number of pages is wrong");
		*found = walk.found;
		return FAULT_NONE;
	}
	walk.used = calloc(walk.pages / 8 + 1, 1);
	if (walk.used == NULL)
		return why_memory(why);
	if ((meta->free.flags & KEY_FLAGS) != KEY_NUMBERS || meta->main.flags != 0)
		tell(&walk, &way, meta->number % 2, (struct span){0}, false, "its flags are wrong");
	check_tree(&walk, "free pages", &meta->free, meta->number % 2);
	check_tree(&walk, "tables", &meta->main, meta->number % 2);
	check_lost(&walk);
	free(walk.used);
	if (walk.memory_out)
		return why_memory(why);
	*found = walk.found;
	return FAULT_NONE;
}

_Static_assert(PAGES_HEAD_BYTES >= 2 * PAGE_MOST, "both metas");

enum fault
pages_size(int fd, uint64_t *size, struct why *why)
{
	struct meta meta[2];
	enum fault fault = read_metas(fd, meta, why);
	uint64_t last;

	if (fault != FAULT_NONE)
		return fault;
	last = meta[meta[1].number > meta[0].number].last_page;
	*size = last < INT64_MAX / PAGE_MOST ? (last + 1) * meta[0].free.pad : INT64_MAX;
	return FAULT_NONE;
}

enum fault
pages_check_file(int fd, const struct page_visit *visit, uint64_t *found, struct why *why)
{
	struct meta meta[2];
	enum fault fault = read_metas(fd, meta, why);

	return fault == FAULT_NONE
	    ? walk_from(fd, &meta[meta[1].number > meta[0].number], visit, found, why)
	    : fault;
}

enum { SNAPSHOT_TRIES = 100 };

enum fault
pages_check_open(struct db *db, const struct page_visit *visit, uint64_t *found, struct why *why)
{
	const int fd = db_descriptor(db);
	enum fault fault = FAULT_NONE;

	for (int try = 0; try < SNAPSHOT_TRIES; try++) {
		struct meta meta[2];
		struct db_txn *txn = NULL;
		uint64_t number;

		fault = db_begin(db, false, &txn, why);
		if (fault != FAULT_NONE)
			return fault;
		number = db_txn_number(txn);
		fault = read_metas(fd, meta, why);
		for (int i = 0; fault == FAULT_NONE && i < 2; i++) {
			if (meta[i].number != number)
				continue;
			fault = walk_from(fd, &meta[i], visit, found, why);
			db_abort(txn);
			return fault;
		}
		db_abort(txn);
		if (fault != FAULT_NONE)
			return fault;
	}
	return why_set(why, FAULT_UNAVAILABLE, "writers are at work, and no moment was found");
}

enum fault
pages_check_path(const char *path, const struct page_visit *visit, uint64_t *found,
    struct why *why)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct meta meta[2];
	struct db *db = NULL;
	enum fault fault;

	if (fd < 0)
		return why_set(why, errno == ENOENT ? FAULT_UNKNOWN : FAULT_UNAVAILABLE, "%s: %s",
		    path, strerror(errno));
	fault = read_metas(fd, meta, why);
	if (fault == FAULT_NONE)
		fault = db_open(path, DB_READ_ONLY, 0600, NULL, 0, &db, why);
	if (fault == FAULT_NONE)
		fault = pages_check_open(db, visit, found, why);
	db_close(db);
	close(fd);
	return fault;
}
