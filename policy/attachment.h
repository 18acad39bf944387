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

/* The largest content in bytes: a scanned dossier, not a film. */
enum { ATTACHMENT_BYTES = 64 << 20 };

/* A SHA-256 as text, with its final NUL. */
enum { SHA256_TEXT_BYTES = 65 };

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
	char *file;       /* the name that it came under, without a folder; NULL: none */
	uint32_t size;    /* bytes, up to ATTACHMENT_BYTES */
	char *sha256;     /* of the content, 64 hexadecimal digits */
	char *added_by;   /* the actor's name */
	int64_t added;
};

extern const struct table attachment_table;

void attachment_clear(struct attachment *attachment);

/* True for 64 hexadecimal digits in lower case: what may become a file's name. */
bool text_is_sha256(const char *text);

#endif
