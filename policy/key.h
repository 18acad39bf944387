/*
 * key.h - an SSH public key by which a user logs in: one line of authorized_keys(5), taken apart.
 */
#ifndef HEXA_POLICY_KEY_H
#define HEXA_POLICY_KEY_H

#include "policy/field.h"

enum {
	KEY_LINE_BYTES = 16384,   /* the longest line: an RSA key of 16384 bits takes 2800 */
	KEY_COMMENT_BYTES = 128,
	KEY_OPTIONS_BYTES = 1024,
	KEYS_PER_USER = 512,
};

struct key {
	uint64_t version;
	uint32_t uid;      /* whose it is */
	char *fingerprint; /* SHA256:… as ssh-keygen(1) shows it */
	char *type;        /* ssh-ed25519, … */
	uint32_t bits;
	char *options;     /* of the allowed ones, in their canonical form; NULL: none */
	char *blob;        /* the key itself, in base64 */
	char *comment;
	int64_t added;
};

extern const struct table key_table;

void key_clear(struct key *key);

/*
 * Appends the line that sshd is given: options, type and key, and a newline.  Not the comment,
 * which is often an e-mail address: what is published everybody on the host can read.
 */
void key_print(const struct key *key, struct bytes *out);

#endif
