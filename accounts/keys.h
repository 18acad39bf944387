/*
 * keys.h - what an administrator does with users' SSH keys.  One's own are in self.h.
 *
 * Adding and removing needs hexa.credentials.reset over the user, and all that change_may() asks,
 * as setting their password does; seeing needs hexa.users.view.  `who` is what user_find() takes.
 * Beside what store.h says each returns FAULT_UNKNOWN when `who` is nobody, and FAULT_DENIED.
 */
#ifndef HEXA_ACCOUNTS_KEYS_H
#define HEXA_ACCOUNTS_KEYS_H

#include "accounts/admin.h"
#include "policy/key.h"

/* "SHA256:" and 43 characters, with the final NUL. */
enum { KEY_FINGERPRINT_BYTES = 51 };

/*
 * Takes a key that key_parse() understands.  FAULT_INVALID as that says; FAULT_CONFLICT, field
 * "key": the user has it already, or has KEYS_PER_USER.
 */
enum fault account_key_add(struct admin *admin, const char *who, const void *line, size_t size,
    struct why *why);

/* Field "key": FAULT_UNKNOWN: the user has no such key; FAULT_INVALID: it is no fingerprint. */
enum fault account_key_remove(struct admin *admin, const char *who, const char *fingerprint,
    struct why *why);

/* The fingerprint, written with or without "SHA256:", as it is kept; false: it is none. */
bool key_fingerprint_read(const char *text, char fingerprint[KEY_FINGERPRINT_BYTES]);

/* FAULT_INVALID, field "key": it was none. */
enum fault key_no_fingerprint(struct why *why);

/* The key of this user, by a fingerprint as key_fingerprint_read() takes it.  Faults as above. */
enum fault key_find(struct txn *txn, const struct user *user, const char *fingerprint,
    struct key *key, struct why *why);

/* A user's keys, one after the other, in the order of their fingerprints. */
struct key_list {
	uint32_t uid;
	char after[KEY_FINGERPRINT_BYTES]; /* the one it has come to; "": none */
};

enum fault key_list_begin(const struct admin *admin, const char *who, struct key_list *list,
    struct why *why);

/* The next one, as any transaction has it.  FAULT_UNKNOWN at the end. */
enum fault key_list_next(struct key_list *list, struct txn *txn, struct key *key,
    struct why *why);

#endif
