/*
 * attachment.h - a document that is kept about a user: what it is, whose, and until when.  Its
 * content stands beside the database, under its SHA-256.  The rows are in attachment.c.
 */
#ifndef HEXA_POLICY_ATTACHMENT_H
#define HEXA_POLICY_ATTACHMENT_H

#include "policy/field.h"

enum attachment_kind {
	ATTACHMENT_OTHER,
	ATTACHMENT_CERTIFICATE,
	ATTACHMENT_LICENCE,
	ATTACHMENT_AUTHORISATION,
	ATTACHMENT_INSURANCE,
	ATTACHMENT_DOSSIER,
};

struct attachment {
	struct uuid uuid;
	uint64_t version;
	uint32_t number;  /* counted over all documents, never reused */
	uint32_t uid;     /* whose */
	char *user;       /* their login name when it was added */
	unsigned kind;    /* enum attachment_kind */
	char *title;
	int64_t date;     /* of the document itself */
	int64_t expires;
	char *file;       /* the name that it came under */
	uint64_t size;    /* bytes */
	char *sha256;     /* of the content, 64 hexadecimal digits */
	char *added_by;   /* the actor's name */
	int64_t added;
};

extern const struct table attachment_table;

void attachment_clear(struct attachment *attachment);

#endif
