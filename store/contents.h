/*
 * contents.h - the content of documents: files beside the database, each under its SHA-256, so that
 * the same content stands there once however many documents have it.
 *
 * What a record names is always there: content is on disk before the commit that names it, and goes
 * only after the commit by which the last record let go of it.  Files come and go within a write
 * transaction alone, of which the host has one at a time; so what a crash leaves is at most a file
 * that no record names.
 *
 * Unless said otherwise each function may fail with FAULT_UNAVAILABLE.
 */
#ifndef HEXA_STORE_CONTENTS_H
#define HEXA_STORE_CONTENTS_H

#include "policy/attachment.h"
#include "store/store.h"

/* How the name of a file begins that has not become content yet. */
#define CONTENT_NEW "new-"

struct content;

/*
 * Copies what can be read from `fd`, by pieces, into a new file that is on disk when this returns;
 * fd stays the caller's.  No transaction need be open: whoever gives may take their time.  The
 * folder is made when it is missing.  Ended by content_close().
 * FAULT_INVALID, about the field "file": it cannot be read, is empty, or has more than
 * ATTACHMENT_BYTES.
 */
enum fault content_stage(struct store *store, int fd, struct content **content, struct why *why);

/* What was copied; the text is the content's. */
const char *content_sha256(const struct content *content);
uint32_t content_size(const struct content *content);

/*
 * Puts it in its place, on disk, before a record that names it is committed.  A file that is there
 * already gives way: it is the same, or it is damaged.
 */
enum fault content_keep(struct txn *txn, struct content *content, struct why *why);

/* Ends it; a file that was not kept is removed.  NULL is allowed. */
void content_close(struct content *content);

/*
 * Holds the content that is about to go, so that the doctor passes it over: a descriptor, to be
 * closed when it is gone; -1: there is nothing to hold.
 */
int content_hold(const struct store *store, const struct attachment *attachment);

/*
 * Removes the content with this hash unless a record names it, as this write transaction sees them:
 * one that was begun after the commit that let go of it.
 */
enum fault content_drop(struct txn *txn, const char *sha256, struct why *why);

/*
 * Opens the content of a document to be read; *fd is the caller's to close.  FAULT_UNAVAILABLE: it
 * is missing, or has another size.
 */
enum fault content_open(const struct store *store, const struct attachment *attachment, int *fd,
    struct why *why);

/*
 * Reads all of it, by pieces, and gives each to `take` (NULL: nobody), until that says false.
 * FAULT_UNAVAILABLE: it is not what the record says, which is known when all was given.
 */
enum fault content_read(int fd, const struct attachment *attachment,
    bool (*take)(void *context, const void *data, size_t size), void *context, struct why *why);

#endif
