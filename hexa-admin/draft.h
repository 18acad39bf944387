/*
 * draft.h - a text that a person edits: a file of theirs, in a private folder of its own.
 */
#ifndef HEXA_ADMIN_DRAFT_H
#define HEXA_ADMIN_DRAFT_H

#include "hexa-admin/rights.h"
#include "policy/bytes.h"

enum { DRAFT_PATH_BYTES = 128 };

struct draft {
	const struct rights *rights; /* of whose it is */
	char folder[DRAFT_PATH_BYTES];
	char file[DRAFT_PATH_BYTES];
};

/*
 * Makes /tmp/hexa-XXXXXX/NAME with this text, both closed to all others.  `rights` must outlive
 * *draft.  FAULT_UNAVAILABLE: it cannot be written; nothing is then left.
 */
enum fault draft_make(const struct rights *rights, const char *name, const void *text, size_t size,
    struct draft *draft, struct why *why);

/* Removes the folder with all the files that stand in it; harmless when there is none. */
void draft_remove(struct draft *draft);

#endif
