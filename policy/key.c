/*
 * key.c - the rows of the key record.  Ids are on disk: never renumber one, never reuse one.
 */
#include "policy/key.h"

enum { TYPE_BYTES = 64, FINGERPRINT_BYTES = 64 };

#define TEXT(member) .offset = FIELD_TEXT(struct key, member)

static const struct field rows[] = {
	{"fingerprint", 1, K_TEXT, F_REQUIRED | F_KEPT, TEXT(fingerprint),
	    .max = FINGERPRINT_BYTES, .help = "SHA-256 of the key, as ssh-keygen shows it"},
	{"type", 2, K_TEXT, F_REQUIRED | F_KEPT, TEXT(type), .max = TYPE_BYTES,
	    .help = "what kind of key it is"},
	{"bits", 3, K_NUMBER, F_KEPT, .offset = FIELD_U32(struct key, bits), .max = 16384,
	    .help = "its length"},
	{"comment", 4, K_TEXT, F_KEPT, TEXT(comment), .max = KEY_COMMENT_BYTES,
	    .help = "what its owner calls it"},
	{"options", 5, K_TEXT, F_KEPT, TEXT(options), .max = KEY_OPTIONS_BYTES,
	    .help = "what it is kept from, as sshd(8) has it"},
	{"added", 6, K_TIME, F_KEPT, .offset = FIELD_TIME(struct key, added),
	    .help = "when it was added"},
	{"blob", 7, K_TEXT, F_REQUIRED | F_HIDDEN | F_SILENT, TEXT(blob), .max = KEY_LINE_BYTES,
	    .help = "the key"},
	{"uid", 8, K_ID, F_REQUIRED | F_HIDDEN | F_SILENT, .offset = FIELD_U32(struct key, uid),
	    .max = INT32_MAX, .help = "whose it is"},
	{"version", 9, K_VERSION, F_REQUIRED | F_HIDDEN | F_SILENT,
	    .offset = FIELD_U64(struct key, version), .help = "counts the changes"},
};

const struct table key_table = {
	.noun = "key",
	.schema = 1,
	.size = sizeof(struct key),
	.rows = rows,
	.count = sizeof(rows) / sizeof(rows[0]),
};

void
key_clear(struct key *key)
{
	record_clear(&key_table, key);
}

void
key_print(const struct key *key, struct bytes *out)
{
	if (key->options != NULL && *key->options != '\0')
		bytes_print(out, "%s ", key->options);
	bytes_print(out, "%s %s\n", key->type, key->blob);
}
