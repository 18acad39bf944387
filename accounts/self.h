/*
 * self.h - what people do with their own account, whoever they are and without sudo: see it, change
 * what is theirs to change, and ask what they may do.
 *
 * All of it is about the user whose uid is given, and no other: the door says which uid that is
 * from what the kernel says of its caller, and believes no word of theirs about it.  root is nobody
 * here.
 */
#ifndef HEXA_ACCOUNTS_SELF_H
#define HEXA_ACCOUNTS_SELF_H

#include "accounts/admin.h"
#include "accounts/review.h"
#include "policy/key.h"
#include "store/crypto.h"

struct self {
	const char *root;   /* "" for this host */
	uint32_t uid;       /* the real uid of who asks */
	uint32_t login_uid; /* the audit login uid; 4294967295: none */
	const char *from;   /* the remote host or the terminal, for the journal; NULL: not known */
	int64_t now;
};

/*
 * The record, without what is hidden (F_HIDDEN): whatever its status is, since nothing in it is
 * news to whose it is.  FAULT_UNKNOWN: the uid is no user's.  *user must be all zero, or cleared.
 */
enum fault self_show(const struct self *self, struct user *user, struct why *why);

/* What came of an edit, for the person and for the log. */
struct self_edited {
	char name[64];        /* whose account it is; "": nobody's */
	char fields[256];     /* what was changed, by commas; cut when it is longer */
	uint64_t sequence;    /* the journal's new head; 0: nothing was written */
	unsigned char hash[CRYPTO_HASH_BYTES];
	bool unpublished;     /* done, and the directory does not show it yet: *why says why */
	struct names notices; /* as admin.h has them */
};

/*
 * Changes fields, in one transaction; the journal has the person as the actor of a "self edit".
 * What leaves the record as it is writes nothing.
 *   FAULT_UNKNOWN   the uid is no user's; the user that a field names is not there
 *   FAULT_DENIED    they are not active or not within their validity; the field is kept by Hexa,
 *                   fixed, or not changed on one's own account (F_NOT_SELF); they have a shell
 *                   that /etc/shells does not list, as who is not to have another has
 *   FAULT_INVALID   a value that its field does not take; a shell that /etc/shells does not list or
 *                   the host has not; another user by anything but a login name, which would tell
 *                   whose an address or a number is
 *   FAULT_CONFLICT  too many in a short time (pace.h): before the writer is taken
 * and what change_user() refuses anybody.  *edited, all zero before, is written whatever comes of
 * it, and its notices are the caller's to clear.
 */
enum fault self_edit(const struct self *self, const struct edits *edits,
    struct self_edited *edited, struct why *why);

/*
 * The SSH keys after this fingerprint ("": all), in the order of fingerprints, given to `take` until
 * it says false: whatever the user's status is.  FAULT_UNKNOWN: the uid is no user's.
 */
enum fault self_keys(const struct self *self, const char *after,
    bool (*take)(void *context, const struct key *key), void *context, struct why *why);

/*
 * Adds a key, or removes the one of this fingerprint (with or without "SHA256:"), in one
 * transaction; the journal has the person as the actor of a "self key add" or "self key remove".
 *   FAULT_UNKNOWN   the uid is no user's; there is no such key of theirs (then edited->name is set)
 *   FAULT_DENIED    they are not active or not within their validity
 *   FAULT_INVALID   it is no key that key_parse() takes
 *   FAULT_CONFLICT  they have it already, or KEYS_PER_USER; too many in a short time (pace.h)
 * What is refused counts nothing and writes nothing.  *edited as self_edit().
 */
enum fault self_key_add(const struct self *self, const void *line, size_t size,
    struct self_edited *edited, struct why *why);
enum fault self_key_remove(const struct self *self, const char *fingerprint,
    struct self_edited *edited, struct why *why);

/*
 * As review_permission(), about oneself.  `who` is what the person calls themself: their login
 * name, uid:N, e-mail address or phone number; anybody else is FAULT_DENIED, whether they are there or
 * not.  FAULT_UNKNOWN: the uid is no user's (then *is_user is false), or there is no such
 * permission.  *notices gets what is to be said beside the answer.
 */
enum fault self_can(const struct self *self, const char *who, const struct question_of *question,
    bool *is_user, struct review *review, struct names *notices, struct why *why);

#endif
