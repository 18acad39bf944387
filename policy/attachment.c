/*
 * attachment.c - the rows of a document's record.  Ids are on disk: never renumber one, never reuse
 * one.
 */
#include "policy/attachment.h"

#include <string.h>

#include "policy/text.h"

static const char *const kinds[] = {"other", "certificate", "licence", "authorisation",
    "insurance", "dossier", NULL};

enum { TITLE_BYTES = 256, FILE_BYTES = 255, NAME_BYTES = 64 };

#define TEXT(member)   .offset = FIELD_TEXT(struct attachment, member)
#define U32(member)    .offset = FIELD_U32(struct attachment, member)
#define U64(member)    .offset = FIELD_U64(struct attachment, member)
#define TIME(member)   .offset = FIELD_TIME(struct attachment, member)
#define CHOICE(member) .offset = FIELD_CHOICE(struct attachment, member)
#define UUID(member)   .offset = FIELD_UUID(struct attachment, member)

static const struct field rows[] = {
	{"id", 3, K_NUMBER, F_REQUIRED | F_KEPT | F_FIXED, U32(number), .min = 1,
	    .help = "the document's number"},
	{"user", 5, K_TEXT, F_REQUIRED | F_KEPT, TEXT(user), .max = LOGIN_NAME_BYTES,
	    .help = "whose document it is"},
	{"uid", 4, K_ID, F_REQUIRED | F_KEPT | F_INDEXED, U32(uid), .max = INT32_MAX,
	    .help = "and their uid"},
	{"kind", 6, K_CHOICE, 0, CHOICE(kind), .choices = kinds, .help = "what it is; required"},
	{"title", 7, K_TEXT, 0, TEXT(title), .max = TITLE_BYTES, .help = "what it is called"},
	{"date", 8, K_TIME, 0, TIME(date), .help = "the day that it bears; if not given, today"},
	{"expires", 9, K_END, F_INDEXED, TIME(expires), .help = "until when it is good"},
	{"file", 10, K_TEXT, F_KEPT, TEXT(file), .max = FILE_BYTES,
	    .help = "the name that the file came under"},
	{"size", 11, K_NUMBER, F_REQUIRED | F_KEPT, U32(size), .max = ATTACHMENT_BYTES,
	    .help = "bytes of its content"},
	{"sha256", 12, K_TEXT, F_REQUIRED | F_KEPT | F_INDEXED, TEXT(sha256),
	    .max = SHA256_TEXT_BYTES - 1, .help = "the SHA-256 of its content"},
	{"added", 14, K_TIME, F_KEPT, TIME(added), .help = "when it was added"},
	{"added-by", 13, K_TEXT, F_KEPT, TEXT(added_by), .max = NAME_BYTES,
	    .help = "who added it"},
	{"uuid", 1, K_UUID, F_REQUIRED | F_KEPT, UUID(uuid), .help = "identity, never reused"},
	{"version", 2, K_VERSION, F_REQUIRED | F_KEPT | F_SILENT, U64(version),
	    .help = "counts the changes"},
};

const struct table attachment_table = {
	.noun = "document",
	.schema = 1,
	.size = sizeof(struct attachment),
	.rows = rows,
	.count = sizeof(rows) / sizeof(rows[0]),
};

void
attachment_clear(struct attachment *attachment)
{
	record_clear(&attachment_table, attachment);
}

bool
text_is_sha256(const char *text)
{
	return strspn(text, "0123456789abcdef") == SHA256_TEXT_BYTES - 1 &&
	    text[SHA256_TEXT_BYTES - 1] == '\0';
}
