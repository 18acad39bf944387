/*
 * lockout_parts.h - what the files of the lock-out share: where an attempt comes from, whose turn
 * it is, and the records.  For lockout*.c alone.
 */
#ifndef HEXA_ACCOUNTS_LOCKOUT_PARTS_H
#define HEXA_ACCOUNTS_LOCKOUT_PARTS_H

#include "accounts/attempts.h"
#include "accounts/lockout.h"

/* ---- where from (lockout_whence.c) ---- */

/* On disk. */
enum whence_kind {
	WHENCE_REMOTE = 1,
	WHENCE_HERE,
	WHENCE_OWN,
	WHENCE_EVERYWHERE,
	WHENCE_LOOPBACK,
};

enum { WHENCE_BYTES = 64 }; /* of a place as it is shown, with its NUL */

struct whence {
	enum whence_kind kind;
	const char *text; /* to tell them apart; may be the caller's, and need not be plain */
	char shown[WHENCE_BYTES];
};

/* *whence must stay where it is, and place->rhost live as long. */
void whence_of(const struct lockout_place *place, const struct settings *settings,
    struct whence *whence);

/* The words for a place of this kind that has `shown` in its record; plain, whatever that is. */
void whence_show(enum whence_kind kind, const char *shown, char out[WHENCE_BYTES]);

/*
 * Opens the file of turns, RUN_FOLDER/attempts, and finds the key of this user and place, and which
 * byte of the file is locked by who has its turn.  -1, with a note: nothing can be counted.
 */
int whence_open(const char *root, const struct lockout_place *place, const struct whence *whence,
    unsigned char key[LOCKOUT_KEY_BYTES], off_t *turn, char note[LOCKOUT_NOTE_BYTES]);

/* Waits so long for the turn, which lasts until the file is closed.  False: it did not come. */
bool whence_wait(int fd, off_t turn, int milliseconds);

/* ---- records (lockout_record.c) ---- */

/* What is on disk of one key. */
struct record {
	enum whence_kind kind;
	char shown[WHENCE_BYTES];
	struct failures failures;
};

/* FAULT_UNKNOWN: there is none, or what is no record, which is as none and is written over. */
enum fault record_get(struct db_txn *txn, const unsigned char key[LOCKOUT_KEY_BYTES],
    struct record *record, struct why *why);

/*
 * The record after *key, which that of the one found takes the place of.  FAULT_UNKNOWN: there is
 * no more.  What is no record is passed over.
 */
enum fault record_next(struct db_txn *txn, unsigned char key[LOCKOUT_KEY_BYTES],
    struct record *record, struct why *why);

/* A key before all records of a user, and behind all others' with a lower uid; uid is not 0. */
void record_before(uint32_t uid, unsigned char key[LOCKOUT_KEY_BYTES]);

enum fault record_put(struct db_txn *txn, const unsigned char key[LOCKOUT_KEY_BYTES],
    const struct record *record, struct why *why);
enum fault record_delete(struct db_txn *txn, const unsigned char key[LOCKOUT_KEY_BYTES],
    struct why *why);

/* How many of them the file is to have at most. */
size_t records_most(const struct settings *settings);

/* For one more: when there are as many, what says least goes first, and never a part of a count. */
enum fault records_make_room(struct db_txn *txn, const struct settings *settings, int64_t now,
    struct why *why);

#endif
