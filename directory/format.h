/*
 * format.h - the file format of LMDB 0.9 (data version 1) as 64-bit hosts write it, as far as the
 * reader needs it.  Numbers are in the host's byte order.  A file is an array of pages; pages 0 and
 * 1 each hold a meta, and commit T writes the meta of page T % 2.
 */
#ifndef HEXA_DIRECTORY_FORMAT_H
#define HEXA_DIRECTORY_FORMAT_H

#include <stdint.h>

enum { PAGE_SIZE_MIN = 512, PAGE_SIZE_MAX = 32768 };

/* The head of every page.  Behind it: a meta, or the node offsets (u16 each), or a large value. */
enum {
	PAGE_NUMBER = 0, /* u64: its own number */
	PAGE_FLAGS = 10, /* u16 */
	PAGE_LOWER = 12, /* u16: the end of the node offsets */
	PAGE_SPAN = 12,  /* u32, of an overflow page: how many pages the value takes */
	PAGE_HEAD = 16,
};

enum {
	PAGE_BRANCH = 0x01,
	PAGE_LEAF = 0x02,
	PAGE_OVERFLOW = 0x04,
	PAGE_KINDS = 0x6f, /* with those that never stand in our tree: meta, sorted duplicates */
};

/*
 * A node, at an even offset in its page: four u16 (value size or child page in two or three of
 * them, flags, key size), the key, the value.
 */
enum { NODE_HEAD = 8 };
enum { NODE_LARGE = 0x01 }; /* the value is the u64 number of the overflow page that holds it */

/* Where the root of an empty tree would be. */
#define PAGE_NONE UINT64_MAX

/* The deepest tree that LMDB itself would walk. */
enum { TREE_DEPTH = 32 };

#define META_MAGIC UINT32_C(0xbeefc0de)
enum { META_VERSION = 1 };

struct meta_tree {
	uint32_t pad; /* of the tree of free pages: the page size */
	uint16_t flags;
	uint16_t depth;
	uint64_t branches;
	uint64_t leaves;
	uint64_t overflows;
	uint64_t entries;
	uint64_t root;
};

struct meta {
	uint32_t magic;
	uint32_t version;
	uint64_t address;
	uint64_t map_size;
	struct meta_tree free;
	struct meta_tree main;
	uint64_t last_page;
	uint64_t txn;
};

_Static_assert(sizeof(struct meta) == 136, "the meta is as a 64-bit host writes it");

#endif
