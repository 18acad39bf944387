/*
 * last_login.c - when each user last logged in: a file of its own beside the database, so that a
 * login never waits for an administrator.  Its newest entries may be lost in a crash, and a damaged
 * file is made anew: it is a convenience, never a reason to refuse.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/internal.h"
#include "store/paths.h"

enum { LAST_LOGIN_SCHEMA = 1 };

static enum fault
open_file(const char *root, unsigned flags, struct db **db, struct why *why)
{
	char *path = path_under(root, LAST_LOGIN_FILE);
	enum fault fault;

	if (path == NULL)
		return why_memory(why);
	fault = db_open(path, flags | DB_LAZY_META, 0600, NULL, 0, db, why);
	free(path);
	return fault;
}

static void
encode(int64_t now, const char *from, const char *service, struct bytes *out)
{
	struct last_login last = {.when = now};

	snprintf(last.from, sizeof(last.from), "%s", from == NULL ? "" : from);
	snprintf(last.service, sizeof(last.service), "%s", service == NULL ? "" : service);
	bytes_put_u16(out, LAST_LOGIN_SCHEMA);
	bytes_put_u64(out, (uint64_t)last.when);
	bytes_put_text(out, last.from);
	bytes_put_text(out, last.service);
}

static enum fault
put_login(const char *root, uint32_t uid, struct span value, struct why *why)
{
	unsigned char buffer[4];
	struct db_txn *txn;
	struct db *db = NULL;
	enum fault fault = open_file(root, DB_CREATE, &db, why);
	int error;

	if (fault == FAULT_NONE)
		fault = db_begin(db, true, &txn, why);
	if (fault == FAULT_NONE) {
		fault = db_put(txn, 0, key_u32(buffer, uid), value, why);
		if (fault == FAULT_NONE)
			fault = db_commit(txn, why);
		else
			db_abort(txn);
	}
	error = errno;
	db_close(db);
	errno = error;
	return fault;
}

/* By errno: what is in the way of writing stands in the way of any file here. */
static bool
is_of_system(int error)
{
	switch (error) {
	case EACCES:
	case EDQUOT:
	case EIO: /* a full disk too (db.c) */
	case EMFILE:
	case ENFILE:
	case ENOSPC:
	case EPERM:
	case EROFS:
		return true;
	default:
		return false;
	}
}

/* A file that cannot be used is kept under another name, for whoever wants to know. */
static void
move_aside(const char *root)
{
	char *path = path_under(root, LAST_LOGIN_FILE);
	char *aside = path == NULL ? NULL : path_under(path, ".damaged");

	if (aside != NULL)
		rename(path, aside);
	free(aside);
	free(path);
}

enum fault
last_login_put(const char *root, uint32_t uid, int64_t now, const char *from, const char *service,
    struct why *why)
{
	struct bytes value = {0};
	struct span span;
	enum fault fault;

	encode(now, from, service, &value);
	if (value.failed) {
		bytes_clear(&value);
		return why_memory(why);
	}
	span = (struct span){value.data, value.size};
	errno = 0;
	fault = put_login(root, uid, span, why);
	if (fault != FAULT_NONE && !is_of_system(errno)) {
		move_aside(root);
		fault = put_login(root, uid, span, why);
	}
	bytes_clear(&value);
	return fault;
}

static bool
decode(struct span value, struct last_login *last)
{
	struct reader reader = reader_over(value.data, value.size);
	bool known = reader_u16(&reader) == LAST_LOGIN_SCHEMA;
	int64_t when = (int64_t)reader_u64(&reader);
	char *from = reader_text(&reader, sizeof(last->from) - 1);
	char *service = reader_text(&reader, sizeof(last->service) - 1);
	bool good = known && reader_done(&reader);

	if (good) {
		last->when = when;
		strcpy(last->from, from); /* reader_text() bounds both */
		strcpy(last->service, service);
	}
	free(from);
	free(service);
	return good;
}

/* The file, open for reading. */
struct last_logins {
	struct db *db;
};

enum fault
last_logins_open(const char *root, struct last_logins **logins, struct why *why)
{
	struct last_logins *opened = calloc(1, sizeof(*opened));
	enum fault fault = opened == NULL ? why_memory(why)
	                                  : open_file(root, DB_READ_ONLY, &opened->db, why);

	if (fault == FAULT_NONE)
		*logins = opened;
	else
		free(opened);
	return fault;
}

void
last_logins_close(struct last_logins *logins)
{
	if (logins == NULL)
		return;
	db_close(logins->db);
	free(logins);
}

enum fault
last_logins_get(struct last_logins *logins, uint32_t uid, struct last_login *last,
    struct why *why)
{
	unsigned char buffer[4];
	struct last_login found = {0};
	struct span value;
	struct db_txn *txn;
	enum fault fault = db_begin(logins->db, false, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = db_get(txn, 0, key_u32(buffer, uid), &value, why);
	if (fault == FAULT_NONE && !decode(value, &found))
		fault = why_set(why, FAULT_UNAVAILABLE, "the last logins are damaged");
	if (fault == FAULT_UNKNOWN)
		fault = FAULT_NONE;
	db_abort(txn);
	if (fault == FAULT_NONE)
		*last = found;
	return fault;
}

enum fault
last_login_get(const char *root, uint32_t uid, struct last_login *last, struct why *why)
{
	struct last_logins *logins = NULL;
	enum fault fault = last_logins_open(root, &logins, why);

	if (fault == FAULT_NONE)
		fault = last_logins_get(logins, uid, last, why);
	last_logins_close(logins);
	return fault;
}
