/*
 * attachments.h - what an administrator does with the documents that are kept about users.
 *
 * Adding and removing needs hexa.documents.edit, and seeing hexa.documents.view, in a scope that
 * the user stands in; nobody adds to or removes from their own account.  Documents outlive their
 * user: then only who has the permission everywhere reaches them.  Beside what store.h says each
 * operation returns FAULT_DENIED where that is not so.
 */
#ifndef HEXA_ACCOUNTS_ATTACHMENTS_H
#define HEXA_ACCOUNTS_ATTACHMENTS_H

#include "accounts/admin.h"
#include "policy/attachment.h"
#include "policy/text.h"

/*
 * Keeps what can be read from `fd` as a document about `who` (users.h).  `file` is the path it came
 * by, of which the last part is kept; NULL: none.  A date that is not stated is this day.  All that
 * can be refused without the content is refused before it is read, and no transaction waits for
 * whoever gives it.  *made (all zero, or cleared) is the record as written.
 * FAULT_UNKNOWN: `who` is nobody; FAULT_INVALID: no kind, a value that its field does not take, an
 * end before the date; and about the field "file": its name is not plain text, or what
 * content_stage() refuses.
 */
enum fault attachment_create(struct admin *admin, const char *who, const struct edits *edits,
    const char *file, int fd, struct attachment *made, struct why *why);

/*
 * Removes a document for good, and its content when no other has the same.  When that fails the
 * document is gone all the same, and the admin's notices say so.
 */
enum fault attachment_remove(struct admin *admin, uint32_t number, struct why *why);

/* One document, which the actor's permission reaches, as the database has it. */
enum fault attachment_find(const struct admin *admin, struct txn *txn, const char *permission,
    uint32_t number, struct attachment *attachment, struct why *why);

/* Many, one after the other: those that the actor may see. */
struct attachments {
	struct reach reach;
	uint32_t uid;                 /* whose; 0: everybody's */
	int64_t until;                /* only those that end by then; 0: all */
	uint32_t after;               /* the number it has come to */
	char end[TIME_TEXT_BYTES];    /* and, of everybody's that end, the end */
};

/*
 * Of `who` (NULL: everybody), and, with `until` other than 0, only those whose end comes by then or
 * is past.  In the order of their numbers; everybody's that end, in that of their ends.  Of a user
 * who was deleted, `uid:N` still tells, for who sees everywhere.  *attachments must be all zero,
 * and is ended by attachments_end() in any case.
 * FAULT_UNKNOWN: `who` is nobody, and was nobody.
 */
enum fault attachments_begin(const struct admin *admin, const char *who, int64_t until,
    struct attachments *attachments, struct why *why);

/*
 * The next one, as any transaction has it.  `user` is the login name that the user has now; of one
 * who was deleted, the name of then.  FAULT_UNKNOWN at the end.
 */
enum fault attachments_next(struct attachments *attachments, struct txn *txn,
    struct attachment *attachment, struct why *why);
void attachments_end(struct attachments *attachments);

#endif
