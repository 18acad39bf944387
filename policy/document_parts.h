/*
 * document_parts.h - what reading, writing and copying a document share.  For document*.c alone.
 */
#ifndef HEXA_POLICY_DOCUMENT_PARTS_H
#define HEXA_POLICY_DOCUMENT_PARTS_H

#include "policy/document.h"

/* The value of hexa-policy. */
#define DOCUMENT_FORMAT "1"

/* The fields of a permission, or a role, that a document states; the rest is the database's own. */
bool document_states(const struct table *table, const struct field *field);

/* What a constraint states: one row, of struct constraint. */
extern const struct table constraint_table;

/* Names that begin so are Hexa's own, now and later. */
bool document_reserves(const char *permission);

/*
 * Room for one more of `size` bytes behind `count` of them; there is twice as much each time that
 * `count` is a power of two.  Everything at *all must have grown so.
 */
enum fault document_make_room(void **all, size_t count, size_t size, struct why *why);

/*
 * What was found wrong.  Without `faults` it is all that is said: in *why, and FAULT_INVALID.  Else it
 * is kept, and FAULT_NONE has the reader go on; FAULT_INVALID when there is no room for it.
 */
enum fault faults_keep(struct document_faults *faults, const struct why *wrong, struct why *why);

/* By line and column; of one place in the order in which they were found. */
void faults_sort(struct document_faults *faults);

#endif
