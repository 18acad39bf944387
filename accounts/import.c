/*
 * import.c - many users made and changed in one transaction.
 */
#include "accounts/import.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/change.h"
#include "accounts/make.h"
#include "policy/array.h"
#include "policy/text.h"

/* A user whom a row was about. */
struct seen {
	uint32_t uid;
	unsigned line;
};

/* A value that names a user of a later row. */
struct later {
	uint32_t uid; /* whose it is */
	const struct field *field;
	char *text;
	unsigned line, column;
};

struct import {
	struct admin *admin;
	struct change change;
	bool update;
	struct reach view;   /* whom the actor sees */
	struct why *fault;
	size_t faults;
	uint64_t more;
	struct names failed; /* the names of rows that came to nothing */
	struct later *later;
	size_t laters;
	void *seen;          /* a tree of struct seen, by uid */
	struct seen *step;   /* who is made or changed, in the order of the file */
	size_t steps;
	struct names made;
	struct import_counts counts;
};

/* ---- columns ------------------------------------------------------------------------------ */

static const struct field *
user_row(const char *name)
{
	return field_find(&user_table, name);
}

static bool
is_row(const struct field *field, const char *name)
{
	return strcmp(field->name, name) == 0;
}

bool
import_has_column(const struct field *field)
{
	return (field->rights & (F_HIDDEN | F_KEPT)) == 0 || is_row(field, "name") ||
	    is_row(field, "status");
}

static enum fault
unknown_column(const char *name, struct why *why)
{
	const char **names = calloc(user_table.count, sizeof(*names));
	const char *nearest;
	size_t count = 0;

	if (names == NULL)
		return why_memory(why);
	for (size_t i = 0; i < user_table.count; i++)
		if (import_has_column(&user_table.rows[i]))
			names[count++] = user_table.rows[i].name;
	nearest = text_nearest(name, names, count);
	free(names);
	if (nearest != NULL)
		return why_set(why, FAULT_INVALID, "a user has no field %s: did you mean %s?", name,
		    nearest);
	return why_set(why, FAULT_INVALID, "a user has no field %s", name);
}

enum fault
import_column(const char *name, const struct field **field, struct why *why)
{
	const struct field *found = user_row(name);

	if (strcmp(name, "password") == 0)
		return why_set(why, FAULT_INVALID,
		    "no password is imported: set it with hexa-admin user password");
	if (found == NULL || (found->rights & F_HIDDEN) != 0)
		return unknown_column(name, why);
	if (!import_has_column(found))
		return why_set(why, FAULT_INVALID,
		    "%s is not imported: Hexa sets it by itself; leave the column out", name);
	*field = found;
	return FAULT_NONE;
}

/* ---- what is wrong ------------------------------------------------------------------------ */

enum fault
import_wrong(struct import *import, const struct why *wrong, struct why *why)
{
	if (import->faults == IMPORT_FAULTS_MAX) {
		import->more++;
		return FAULT_NONE;
	}
	if (!array_grow((void **)&import->fault, import->faults, sizeof(*import->fault)))
		return why_memory(why);
	import->fault[import->faults++] = *wrong;
	return FAULT_NONE;
}

static enum fault
wrong_at(struct import *import, const struct why *what, unsigned line, unsigned column,
    struct why *why)
{
	struct why wrong = *what;

	wrong.line = line;
	wrong.column = column;
	return import_wrong(import, &wrong, why);
}

static enum fault
wrong_row(struct import *import, const struct import_row *row, const struct why *what,
    struct why *why)
{
	return wrong_at(import, what, row->line, row->column, why);
}

static int
compare_faults(const void *a, const void *b)
{
	const struct why *one = a, *other = b;

	if (one->line != other->line)
		return one->line < other->line ? -1 : 1;
	if (one->column != other->column)
		return one->column < other->column ? -1 : 1;
	return 0;
}

struct import_faults
import_faults(const struct import *import)
{
	return (struct import_faults){import->fault, import->faults, import->more};
}

/* ---- who was in a row --------------------------------------------------------------------- */

static int
compare_seen(const void *a, const void *b)
{
	uint32_t one = ((const struct seen *)a)->uid, other = ((const struct seen *)b)->uid;

	return one < other ? -1 : one > other;
}

/* The line that was about this user; 0: none was. */
static unsigned
line_about(const struct import *import, uint32_t uid)
{
	const struct seen wanted = {.uid = uid};
	struct seen *const *found = tfind(&wanted, &import->seen, compare_seen);

	return found == NULL ? 0 : (*found)->line;
}

static bool
note_seen(struct import *import, uint32_t uid, unsigned line)
{
	struct seen *seen = malloc(sizeof(*seen));

	if (seen == NULL)
		return false;
	*seen = (struct seen){uid, line};
	if (tsearch(seen, &import->seen, compare_seen) != NULL)
		return true;
	free(seen);
	return false;
}

static bool
note_step(struct import *import, uint32_t uid, unsigned line)
{
	if (!array_grow((void **)&import->step, import->steps, sizeof(*import->step)))
		return false;
	import->step[import->steps++] = (struct seen){uid, line};
	return true;
}

/* ---- a row ------------------------------------------------------------------------------- */

/* What has become of a value. */
enum fate {
	FATE_STATED = 0,
	FATE_WRONG,   /* it was told, and the row is looked at without it */
	FATE_WAITS,   /* it names somebody of a later row, and stands for nobody until then */
};

/* A row that is being looked at, and the user as they are: uid 0 is a new one. */
struct attempt {
	struct import *import;
	const struct import_row *row;
	const struct user *before;
	enum fate *fate;  /* of each value */
	bool values_only; /* nothing comes of the row: its values are looked at, each for itself */
};

static const struct import_cell *
cell_of(const struct import_row *row, const char *name)
{
	for (size_t i = 0; i < row->count; i++)
		if (is_row(row->cell[i].field, name))
			return &row->cell[i];
	return NULL;
}

/* "" when the row has none. */
static const char *
text_of(const struct import_row *row, const char *name)
{
	const struct import_cell *cell = cell_of(row, name);

	return cell == NULL ? "" : cell->text;
}

static enum fault
state_status(struct user *after, const struct import_cell *cell, struct why *why)
{
	unsigned before = after->status;
	enum fault fault = field_parse(cell->field, after, cell->text, why);

	if (fault == FAULT_NONE && after->status == STATUS_INVITED && before != STATUS_INVITED)
		fault = why_field(why, FAULT_INVALID, cell->field->name,
		    "%s: only user add --invite makes somebody invited", cell->field->name);
	return fault;
}

/* What is set once, at creation, may be said again. */
static enum fault
state_fixed(const struct user *before, struct user *after, const struct import_cell *cell,
    struct why *why)
{
	enum fault fault = field_parse(cell->field, after, cell->text, why);

	if (fault == FAULT_NONE && !field_same(cell->field, before, after))
		fault = why_field(why, FAULT_INVALID, cell->field->name,
		    "%s is set once, when a user is made", cell->field->name);
	return fault;
}

static enum fault
state_cell(const struct attempt *attempt, struct user *after, size_t at, struct why *why)
{
	const struct import_cell *cell = &attempt->row->cell[at];
	bool is_new = attempt->before->uid == 0;

	switch (attempt->fate[at]) {
	case FATE_STATED:
		break;
	case FATE_WRONG:
		return FAULT_NONE;
	case FATE_WAITS:
		return field_parse(cell->field, after, "", why);
	}
	if (*cell->text == '\0' && (is_new || cell->field->kind == K_CHOICE))
		return FAULT_NONE;
	if (is_row(cell->field, "name"))
		return is_new ? user_name_parse(after, cell->text, why) : FAULT_NONE;
	if (is_row(cell->field, "status"))
		return state_status(after, cell, why);
	if (!is_new && (cell->field->rights & F_FIXED) != 0)
		return state_fixed(attempt->before, after, cell, why);
	return field_parse(cell->field, after, cell->text, why);
}

/* The user as the row has them. */
static enum fault
draft(const struct attempt *attempt, struct user *after, struct why *why)
{
	enum fault fault = FAULT_NONE;

	if (attempt->before->uid != 0)
		fault = record_copy(&user_table, after, attempt->before, why);
	else
		after->status = STATUS_ACTIVE;
	for (size_t i = 0; fault == FAULT_NONE && i < attempt->row->count; i++)
		fault = state_cell(attempt, after, i, why);
	return fault;
}

static bool
is_same(const struct user *a, const struct user *b)
{
	for (size_t i = 0; i < user_table.count; i++)
		if (!field_same(&user_table.rows[i], a, b))
			return false;
	return true;
}

/* Who may neither see nor change somebody is not told either that a row is right about them. */
static enum fault
may_compare(struct import *import, const struct user *user, struct why *why)
{
	const struct admin *admin = import->admin;

	if (admin->is_root || admin->self == user->uid || reach_covers_user(&import->view, user))
		return FAULT_NONE;
	return change_may(&import->change, user, why);
}

static enum fault
change_known(const struct attempt *attempt, struct user *after, struct why *why)
{
	struct import *import = attempt->import;
	enum fault fault = may_compare(import, attempt->before, why);

	if (fault != FAULT_NONE || is_same(attempt->before, after))
		return fault;
	fault = user_shell_follows(&import->change, attempt->before->type, after, why);
	change_insist(&import->change);
	if (fault == FAULT_NONE)
		fault = change_user(&import->change, attempt->before, after, why);
	return fault;
}

/*
 * What a new user lacks is told of a row that should change somebody as what it is: nobody is there
 * by the name that it has.  A value that was told as wrong is not missed as well.
 */
static enum fault
tell_unknown(const struct attempt *attempt, struct why *why)
{
	const struct import_row *row = attempt->row;
	const struct import_cell *missed = cell_of(row, why->field);
	const char *by = *text_of(row, "name") != '\0' ? "name" : "email";

	if (!attempt->import->update ||
	    (missed != NULL && attempt->fate[missed - row->cell] != FATE_STATED))
		return why->fault;
	return why_field(why, FAULT_INVALID, by, "%s: there is no user %s; a new one needs roles, "
	    "first-name and last-name", by, text_of(row, by));
}

/* *after is what was written, if anything is to be. */
static enum fault
try_row(const struct attempt *attempt, struct user *after, struct why *why)
{
	enum fault fault = draft(attempt, after, why);

	if (fault != FAULT_NONE || attempt->values_only)
		return fault;
	if (attempt->before->uid != 0)
		return change_known(attempt, after, why);
	if (user_is_whole(after, false, why) != FAULT_NONE)
		return tell_unknown(attempt, why);
	return user_enter(&attempt->import->change, after, why);
}

/* What was said of a change that did not come about is not to be told. */
static void
forget_notices(struct names *notices, size_t count)
{
	while (notices->count > count)
		names_remove(notices, notices->item[notices->count - 1]);
}

/* May it be that the user stands in a later row, or that a later row undoes the circle? */
static bool
may_wait(const struct import_cell *cell, enum fault fault)
{
	return cell->field->kind == K_USER && (fault == FAULT_UNKNOWN || fault == FAULT_RULE);
}

/*
 * What to make of a fault: it is told, and the row looked at again without the value that it is
 * about, so that all that is wrong with the row is told at once.  *again is false when it is about
 * none, or follows from what was told.
 */
static enum fault
judge(struct attempt *attempt, const struct why *wrong, bool *again, struct why *why)
{
	const struct import_row *row = attempt->row;
	const struct import_cell *cell = cell_of(row, wrong->field);
	size_t at = cell == NULL ? 0 : (size_t)(cell - row->cell);

	*again = false;
	if (cell == NULL)
		return wrong_row(attempt->import, row, wrong, why);
	if (attempt->fate[at] == FATE_WRONG)
		return FAULT_NONE;
	*again = true;
	attempt->values_only |= is_row(cell->field, "name");
	if (attempt->fate[at] == FATE_STATED && may_wait(cell, wrong->fault)) {
		attempt->fate[at] = FATE_WAITS;
		return FAULT_NONE;
	}
	attempt->fate[at] = FATE_WRONG;
	return wrong_at(attempt->import, wrong, cell->line, cell->column, why);
}

/* A fault of ours, not of the row's. */
static bool
is_own(enum fault fault)
{
	return fault == FAULT_UNAVAILABLE;
}

/* Tries until it goes or nothing more can be said.  FAULT_INVALID: told, and nothing written. */
static enum fault
enter_row(struct attempt *attempt, struct user *after, struct why *why)
{
	struct names *notices = &attempt->import->admin->notices;
	size_t told = notices->count;
	struct why wrong = {0};
	bool again = true;
	enum fault fault = FAULT_NONE;

	while (again) {
		user_clear(after);
		fault = try_row(attempt, after, &wrong);
		if (fault == FAULT_NONE)
			return attempt->values_only ? FAULT_INVALID : FAULT_NONE;
		forget_notices(notices, told);
		if (is_own(fault)) {
			*why = wrong;
			return fault;
		}
		fault = judge(attempt, &wrong, &again, why);
		if (fault != FAULT_NONE)
			return fault;
	}
	return FAULT_INVALID;
}

/* ---- whom a row is about ------------------------------------------------------------------- */

static enum fault
wrong_cell(struct import *import, const struct import_row *row, const char *name,
    const struct why *what, struct why *why)
{
	const struct import_cell *cell = cell_of(row, name);

	return wrong_at(import, what, cell->line, cell->column, why);
}

/* By the name, or in a row without a name by the e-mail address.  FAULT_UNKNOWN: nobody yet. */
static enum fault
find_known(struct import *import, const struct import_row *row, struct user *known,
    struct why *why)
{
	const char *name = text_of(row, "name"), *email = text_of(row, "email");
	struct txn *txn = import->change.txn;

	if (*name != '\0')
		return user_find_name(txn, name, known, why);
	/* What is no address is told when the value is read. */
	if (import->update && strchr(email, '@') != NULL)
		return user_find(txn, email, known, why);
	return FAULT_UNKNOWN;
}

/* A row that would be about somebody new each time that the file is imported. */
static bool
says_nobody(const struct import *import, const struct import_row *row)
{
	return import->update && *text_of(row, "name") == '\0' && *text_of(row, "email") == '\0';
}

/*
 * *known: whom the row is about, uid 0 for a new user.  FAULT_INVALID: that is wrong, and was told.
 */
static enum fault
find_subject(struct import *import, const struct import_row *row, struct user *known,
    struct why *why)
{
	const char *by = *text_of(row, "name") != '\0' ? "name" : "email";
	struct why wrong = {0};
	unsigned line;
	enum fault fault;

	if (says_nobody(import, row)) {
		why_set(&wrong, FAULT_INVALID, "with --update a row says by name or by email whom "
		    "it is about");
		fault = wrong_row(import, row, &wrong, why);
		return fault == FAULT_NONE ? FAULT_INVALID : fault;
	}
	fault = find_known(import, row, known, why);
	if (fault != FAULT_NONE)
		return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
	line = line_about(import, known->uid);
	if (line != 0)
		why_field(&wrong, FAULT_CONFLICT, by, "%s: line %u is about %s already", by, line,
		    known->name);
	else if (!import->update)
		why_field(&wrong, FAULT_CONFLICT, by, "%s: there is a user %s already; --update "
		    "changes who is there", by, known->name);
	else
		return FAULT_NONE;
	fault = wrong_cell(import, row, by, &wrong, why);
	return fault == FAULT_NONE ? FAULT_INVALID : fault;
}

/* ---- a row and what it came to ------------------------------------------------------------- */

static bool
wait_for(struct import *import, uint32_t uid, const struct import_cell *cell)
{
	struct later later = {uid, cell->field, strdup(cell->text), cell->line, cell->column};

	if (later.text == NULL ||
	    !array_grow((void **)&import->later, import->laters, sizeof(later))) {
		free(later.text);
		return false;
	}
	import->later[import->laters++] = later;
	return true;
}

static enum fault
note_done(const struct attempt *attempt, const struct user *after, struct why *why)
{
	struct import *import = attempt->import;
	const struct import_row *row = attempt->row;
	bool is_new = attempt->before->uid == 0, waits = false, good;

	good = note_seen(import, after->uid, row->line);
	for (size_t i = 0; good && i < row->count; i++) {
		if (attempt->fate[i] != FATE_WAITS)
			continue;
		waits = true;
		good = wait_for(import, after->uid, &row->cell[i]);
	}
	if (!is_new && !waits && after->version == attempt->before->version) {
		import->counts.same++;
		return good ? FAULT_NONE : why_memory(why);
	}
	if (is_new)
		import->counts.made++;
	else
		import->counts.changed++;
	good = good && note_step(import, after->uid, row->line);
	if (good && is_new && *text_of(row, "name") == '\0')
		good = names_add(&import->made, after->name);
	return good ? FAULT_NONE : why_memory(why);
}

static enum fault
do_row(struct attempt *attempt, struct why *why)
{
	struct import *import = attempt->import;
	struct user before = {0}, after = {0};
	enum fault fault = find_subject(import, attempt->row, &before, why);

	attempt->before = &before;
	if (fault == FAULT_NONE)
		fault = enter_row(attempt, &after, why);
	if (fault == FAULT_NONE)
		fault = note_done(attempt, &after, why);
	else if (fault == FAULT_INVALID && *text_of(attempt->row, "name") != '\0')
		fault = names_add(&import->failed, text_of(attempt->row, "name"))
		    ? FAULT_INVALID : why_memory(why);
	attempt->before = NULL;
	user_clear(&before);
	user_clear(&after);
	return fault;
}

enum fault
import_row(struct import *import, const struct import_row *row, struct why *why)
{
	struct attempt attempt = {.import = import, .row = row, .values_only = row->partial};
	enum fault fault;

	attempt.fate = calloc(row->count + 1, sizeof(*attempt.fate));
	if (attempt.fate == NULL)
		return why_memory(why);
	fault = do_row(&attempt, why);
	free(attempt.fate);
	return fault == FAULT_INVALID ? FAULT_NONE : fault;
}

/* ---- when all rows are in ------------------------------------------------------------------ */

static enum fault
settle_one(struct import *import, const struct later *later, struct why *why)
{
	struct user before = {0}, after = {0};
	enum fault fault = user_get(import->change.txn, later->uid, &before, why);

	if (fault == FAULT_NONE)
		fault = record_copy(&user_table, &after, &before, why);
	if (fault == FAULT_NONE)
		fault = field_parse(later->field, &after, later->text, why);
	if (fault == FAULT_NONE)
		fault = change_user(&import->change, &before, &after, why);
	user_clear(&before);
	user_clear(&after);
	return fault;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum fault
settle_later(struct import *import, struct why *why)
{
	enum fault fault = FAULT_NONE;

	if (import->failed.count > 0)
		qsort(import->failed.item, import->failed.count, sizeof(char *), compare_names);
	for (size_t i = 0; fault == FAULT_NONE && i < import->laters; i++) {
		const struct later *later = &import->later[i];
		struct why wrong = {0};

		fault = settle_one(import, later, &wrong);
		if (fault == FAULT_NONE)
			continue;
		if (is_own(fault)) {
			*why = wrong;
			return fault;
		}
		/* Why there is no such user was told of that row. */
		if (fault == FAULT_UNKNOWN && names_have_sorted(&import->failed, later->text))
			fault = FAULT_NONE;
		else
			fault = wrong_at(import, &wrong, later->line, later->column, why);
	}
	return fault;
}

enum fault
import_settle(struct import *import, struct why *why)
{
	enum fault fault = settle_later(import, why);

	if (fault != FAULT_NONE)
		return fault;
	if (import->faults == 0)
		return change_check(&import->change, why);
	qsort(import->fault, import->faults, sizeof(*import->fault), compare_faults);
	return why_set(why, FAULT_INVALID, "%s", "");
}

struct import_counts
import_counts(const struct import *import)
{
	return import->counts;
}

const struct names *
import_made_names(const struct import *import)
{
	return &import->made;
}

/* As the user is now, and as they were when the import began, if they were there. */
static enum fault
give_step(struct import *import, struct txn *old, const struct seen *seen, import_step *step,
    void *context, struct why *why)
{
	struct user before = {0}, after = {0};
	enum fault found = user_get(old, seen->uid, &before, why), fault = found;

	if (found == FAULT_NONE || found == FAULT_UNKNOWN)
		fault = user_get(import->change.txn, seen->uid, &after, why);
	if (fault == FAULT_NONE)
		fault = step(context, seen->line, found == FAULT_NONE ? &before : NULL, &after, why);
	user_clear(&before);
	user_clear(&after);
	return fault;
}

enum fault
import_plan(struct import *import, import_step *step, void *context, struct why *why)
{
	struct txn *old;
	enum fault fault = store_read_begin(import->admin->store, &old, why);

	if (fault != FAULT_NONE)
		return fault;
	for (size_t i = 0; fault == FAULT_NONE && i < import->steps; i++)
		fault = give_step(import, old, &import->step[i], step, context, why);
	store_end(old);
	return fault;
}

/* ---- beginning and ending ------------------------------------------------------------------ */

/* Who may see nobody may import all the same. */
static enum fault
find_view(struct import *import, struct why *why)
{
	enum fault fault = admin_reach(import->admin, import->change.txn, "hexa.users.view",
	    &import->view, why);

	return fault == FAULT_DENIED ? FAULT_NONE : fault;
}

enum fault
import_begin(struct admin *admin, bool update, struct import **import, struct why *why)
{
	struct import *begun = calloc(1, sizeof(*begun));
	enum fault fault;

	if (begun == NULL)
		return why_memory(why);
	begun->admin = admin;
	begun->update = update;
	fault = change_begin(&begun->change, admin, "user import", "hexa.users.import", why);
	if (fault == FAULT_NONE)
		fault = find_view(begun, why);
	if (fault == FAULT_NONE)
		*import = begun;
	else
		import_end(begun);
	return fault;
}

enum fault
import_commit(struct import *import, struct why *why)
{
	return change_commit(&import->change, why);
}

void
import_let_go(struct import *import)
{
	change_end(&import->change);
}

void
import_end(struct import *import)
{
	if (import == NULL)
		return;
	import_let_go(import);
	reach_clear(&import->view);
	for (size_t i = 0; i < import->laters; i++)
		free(import->later[i].text);
	free(import->later);
	free(import->fault);
	free(import->step);
	tdestroy(import->seen, free);
	names_clear(&import->failed);
	names_clear(&import->made);
	free(import);
}
