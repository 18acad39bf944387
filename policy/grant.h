/*
 * grant.h - a permission given to one user beside their roles, with an end or without:
 *
 *   calendar.room-2.edit
 *   logs.read@2026-12-31T23:59:59Z
 */
#ifndef HEXA_POLICY_GRANT_H
#define HEXA_POLICY_GRANT_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/names.h"
#include "policy/text.h"

enum { GRANT_BYTES = WORD_BYTES + 1 + TIME_TEXT_BYTES };

struct grant {
	char permission[WORD_BYTES + 1]; /* a name or a pattern */
	int64_t end;                     /* the last second in which it counts; 0: none */
};

/* Takes a grant apart.  A bare date ends with its day.  False for what is none. */
bool grant_parse(const char *text, struct grant *grant);

/* The one way in which it is kept: the end as text_from_time() writes it. */
void grant_print(const struct grant *grant, char out[GRANT_BYTES + 1]);

/* True until its end has passed. */
bool grant_counts(const struct grant *grant, int64_t now);

/*
 * Adds a grant, in the place of one of the same permission when there is one.  False when memory
 * is out; the list is then as it was.
 */
bool grants_put(struct names *grants, const struct grant *grant);

/* True when this permission, written like that, is granted, with whatever end. */
bool grants_have(const struct names *grants, const char *permission);

/*
 * Takes the grant of this permission (with or without `@END`, which is not looked at) out.  False
 * when it was not there.
 */
bool grants_remove(struct names *grants, const char *permission);

#endif
