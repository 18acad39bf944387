/*
 * pages.h - a look at every page of a database file, and at every value's seal, without liblmdb,
 * which ends the process that meets damage: here it is told which page it is, of which table, and
 * by which key one comes to it.  What was found whole liblmdb can be given.
 *
 * Every byte is distrusted; there is nothing in a file that crashes this, and no file takes longer
 * than its pages.  The file must be one of a machine with this byte order and with the layout of
 * 64 bits, which directory/ reads too (docs/format.md).
 */
#ifndef HEXA_STORE_PAGES_H
#define HEXA_STORE_PAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

enum { PAGE_KEY_BYTES = 96 };

struct page_damage {
	uint64_t page;            /* its number */
	char table[32];           /* "free pages", "tables" (the list of them), or a table's name */
	char key[PAGE_KEY_BYTES]; /* fit to be shown; "": not known, or the table's beginning */
	bool from;                /* the damage is of the page's keys, from this one on */
	const char *what;         /* as words: "keys are out of order" */
};

struct page_visit {
	/* Is told each damage; what hangs below it is not looked at, and the rest is. */
	void (*damaged)(void *context, const struct page_damage *damage);
	/* With seals, each value whose seal fits, without it; NULL: nobody wants them. */
	void (*value)(void *context, const char *table, struct span key, struct span value);
	bool seals;            /* look at values too */
	const char *only;      /* look at this table alone; NULL: at all of the file */
	void (*at_work)(void); /* called now and then; NULL: nobody waits */
	void *context;
};

/* As a sentence without a full stop: "page 17, table users, key 65540: …". */
enum { PAGE_TEXT_BYTES = 256 };
void page_damage_text(const struct page_damage *damage, char text[PAGE_TEXT_BYTES]);

/*
 * How many bytes a file has by its own word, of which the first PAGES_HEAD_BYTES are enough here.
 * FAULT_INVALID: it is no database at all.
 */
enum { PAGES_HEAD_BYTES = 1 << 16 };
enum fault pages_size(int fd, uint64_t *size, struct why *why);

/*
 * A file that nobody writes to meanwhile; fd stays the caller's.  *found damages were told.
 * FAULT_INVALID: it is no database at all; FAULT_UNAVAILABLE: it cannot be read, memory is out.
 */
enum fault pages_check_file(int fd, const struct page_visit *visit, uint64_t *found,
    struct why *why);

/*
 * The same of a database that is open, as the newest commit left it; writers go on meanwhile.  A
 * process that has one open does not open it again (db.h).
 */
enum fault pages_check_open(struct db *db, const struct page_visit *visit, uint64_t *found,
    struct why *why);

/*
 * The same of one that is not open in this process, opened only as far as no damage in its tables
 * matters.  FAULT_UNKNOWN: there is none.
 */
enum fault pages_check_path(const char *path, const struct page_visit *visit, uint64_t *found,
    struct why *why);

#endif
