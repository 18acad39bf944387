/*
 * import.h - many users made and changed in one transaction, all or none, by what a file says.
 *
 * Whoever reads the file hands over its rows one after another, each with the place of every value;
 * what is wrong with a row is kept, with its place, and the rest is looked at all the same.  Every
 * rule of change.h holds for every row, with the permission hexa.users.import.
 *
 *   import_begin() import_row()… import_settle() [import_plan()] [import_commit()] import_end()
 */
#ifndef HEXA_ACCOUNTS_IMPORT_H
#define HEXA_ACCOUNTS_IMPORT_H

#include "accounts/admin.h"

/* Bytes of the largest file: two million rows of a usual length. */
enum { IMPORT_BYTES_MAX = 512 * 1024 * 1024 };

/* Faults that are kept; beyond, they are counted. */
enum { IMPORT_FAULTS_MAX = 1000 };

/*
 * True of a column that a file may have and an export has: every field that may be edited, the name
 * and the status.
 */
bool import_has_column(const struct field *field);

/*
 * The field of a column with this name.  FAULT_INVALID, with the nearest, when there is none, or
 * none that is imported, and then why not.
 */
enum fault import_column(const char *name, const struct field **field, struct why *why);

/* One value of a row, "" for none. */
struct import_cell {
	const struct field *field;
	const char *text;      /* as field_parse() takes it; lives for the call */
	unsigned line, column; /* 1-based, in the file */
};

/* What a file says about one user.  No field stands in it twice. */
struct import_row {
	unsigned line, column;
	const struct import_cell *cell;
	size_t count;
	bool partial; /* something of it could not be read: its values alone are judged */
};

struct import;

/*
 * Begins the host's one write transaction.  `update`: who is there already is changed; otherwise
 * that is a fault of the row.  FAULT_DENIED: the actor may import nowhere.
 */
enum fault import_begin(struct admin *admin, bool update, struct import **import, struct why *why);

/*
 * Makes or changes one user.  Each value states the field's, and what has no value in the row stays
 * as it is; an empty one clears the field of somebody who is there, and leaves what every new user
 * has by default to a new one; an empty choice (type, status) says nothing.  The status of a new
 * user is `active` unless stated, and may be any but `invited`.
 *
 * With `update` the user is who has the row's name, or, in a row without a name, its e-mail
 * address: so no name is changed.  A row of somebody who is there, and stands as it says, changes
 * nothing; that takes no right beyond seeing them.  No user may stand in two rows.
 *
 * The fields that name users (K_USER) may name users of later rows: import_settle() looks again.
 *
 * Whatever is wrong with the row is kept (import_faults()), and is no fault here: FAULT_UNAVAILABLE
 * alone is.
 */
enum fault import_row(struct import *import, const struct import_row *row, struct why *why);

/* Keeps what whoever reads the file has found wrong. */
enum fault import_wrong(struct import *import, const struct why *wrong, struct why *why);

/*
 * When all rows are in: sets what names users of later rows, and looks whether the host would keep
 * its administrators (change_check()).  FAULT_INVALID, without words, when anything was found wrong
 * in the file.
 */
enum fault import_settle(struct import *import, struct why *why);

/* What was found wrong, in the order of the file; `more` were not kept. */
struct import_faults {
	const struct why *why;
	size_t count;
	uint64_t more;
};

struct import_faults import_faults(const struct import *import);

/* How many users are made, changed, and stand as the file says. */
struct import_counts {
	uint64_t made;
	uint64_t changed;
	uint64_t same;
};

struct import_counts import_counts(const struct import *import);

/*
 * The names that were made, of rows that state none, in the order of the file.  They outlive
 * import_commit(), as the counts do, and end with import_end().
 */
const struct names *import_made_names(const struct import *import);

/* Is given a user who is made (`before` NULL) or changed, and the line of the row. */
typedef enum fault import_step(void *context, unsigned line, const struct user *before,
    const struct user *after, struct why *why);

/* Gives all of them, in the order of the file.  After import_settle() alone. */
enum fault import_plan(struct import *import, import_step *step, void *context, struct why *why);

/* Commits (change_commit()), and ends the transaction in any case. */
enum fault import_commit(struct import *import, struct why *why);

/*
 * Ends the transaction, if it is open, with nothing kept: before anything is told, since whoever
 * reads it may take their time, and nobody else changes anything meanwhile.  Faults, counts and
 * made names stay.
 */
void import_let_go(struct import *import);

/* As import_let_go(), and frees.  NULL is allowed. */
void import_end(struct import *import);

#endif
