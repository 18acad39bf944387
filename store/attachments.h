/*
 * attachments.h - the records of documents.  Their content is in contents.h.
 *
 * Faults as store.h says; FAULT_UNKNOWN when there is none.
 */
#ifndef HEXA_STORE_ATTACHMENTS_H
#define HEXA_STORE_ATTACHMENTS_H

#include "policy/attachment.h"
#include "store/store.h"

/* *attachment must be all zero, or cleared. */
enum fault attachment_get(struct txn *txn, uint32_t number, struct attachment *attachment,
    struct why *why);

/* The first with a number above `after`. */
enum fault attachment_next(struct txn *txn, uint32_t after, struct attachment *attachment,
    struct why *why);

/*
 * By a row of attachment_table that is F_INDEXED: the first document with a number above `after`
 * that has this value, as field_text() writes it; how many have it; and the value after `after` in
 * memcmp order ("" before the first), newly allocated, of those that any has.  Times stand in their
 * own order so.
 */
enum fault attachment_with_next(struct txn *txn, const struct field *field, const char *value,
    uint32_t after, uint32_t *number, struct why *why);
enum fault attachment_with_count(struct txn *txn, const struct field *field, const char *value,
    uint64_t *count, struct why *why);
enum fault attachment_value_next(struct txn *txn, const struct field *field, const char *after,
    char **value, struct why *why);

/*
 * Writes a new document, whose content is kept (content_keep()) before the commit.  It gets the
 * next number, which no document ever had, a UUID, version 1, the time and the actor's name, all
 * set in *attachment.  FAULT_INVALID as record_check(); FAULT_CONFLICT: every number is taken.
 */
enum fault attachment_add(struct txn *txn, struct attachment *attachment, struct why *why);

/* Deletes a document.  FAULT_CONFLICT: it is not there any more. */
enum fault attachment_delete(struct txn *txn, const struct attachment *attachment,
    struct why *why);

#endif
