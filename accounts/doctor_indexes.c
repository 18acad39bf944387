/*
 * doctor_indexes.c - the doctor's look at the tables by which users, groups and documents are
 * found: that they say what the records say.  And what writes them anew.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "accounts/doctor_checks.h"
#include "store/indexes.h"
#include "store/publish.h"

static const char check[] = "indexes", mend[] = "hexa-admin doctor --mend";

/* What comes of a table that is wrong. */
static const struct {
	const char *table;
	const char *means;
} meanings[] = {
	{"names", "somebody is not found by their name, or a second one can be given it"},
	{"emails", "somebody is not found by their address, or a second one can be given it"},
	{"phones", "somebody is not found by their number, or a second one can be given it"},
	{"ids", "an id can be given to a second one, who would have all files of the first"},
	{"members", "a role's holders are not all known: among them the last administrator, and who is "
	            "in its group when it changes"},
	{"client-users", "a client's users are not all known"},
	{"site-users", "a site's users are not all known"},
	{"fields", "users are not found by their fields, and places are counted wrongly"},
	{"attachment-fields", "documents are not found, and a content may be taken for nobody's"},
};

static const char *
meaning_of(const char *table)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (strcmp(meanings[i].table, table) == 0)
			return meanings[i].means;
	return "records are not found";
}

/* What cannot be read and is made from more than records is a backup's to mend. */
static void
report_unread(struct doctor *doctor, const struct index_state *state)
{
	if (state->from_records)
		report(doctor, FINDING_ERROR, check, mend, "%s: %s", state->unread.text,
		    meaning_of(state->table));
	else
		report(doctor, FINDING_ERROR, check, RESTORE, "%s: %s; put a backup in its place",
		    state->unread.text, meaning_of(state->table));
}

static void
report_state(struct doctor *doctor, const struct index_state *state)
{
	if (state->unread.fault != FAULT_NONE) {
		report_unread(doctor, state);
		return;
	}
	report(doctor, FINDING_ERROR, check, mend,
	    "table %s: of %" PRIu64 " entries %" PRIu64 " are missing, %" PRIu64
	    " more lead to whom they should not, %" PRIu64 " numbers are wrong (first: %s): %s%s",
	    state->table, state->entries, state->missing, state->astray, state->miscounted,
	    state->first, meaning_of(state->table),
	    state->from_records ? ", and who is concerned cannot be changed" : "");
}

void
check_indexes(struct doctor *doctor)
{
	struct index_states states;
	struct why why = {0};
	bool all_well = true;

	if (indexes_check(doctor->txn, &states, doctor_at_work, &why) != FAULT_NONE) {
		report_fault(doctor, FINDING_ERROR, check, &why);
		return;
	}
	for (size_t i = 0; i < INDEXES; i++) {
		if (index_is_well(&states.of[i]))
			continue;
		all_well = false;
		report_state(doctor, &states.of[i]);
	}
	if (all_well)
		report(doctor, FINDING_GOOD, check, NULL, "all lead to where the records say");
}

/* ---- the mend ------------------------------------------------------------------------------ */

enum fault
doctor_mend(const char *root, const struct actor *actor, int64_t now, struct why *why)
{
	struct store *store = NULL;
	struct txn *txn = NULL;
	enum fault fault = store_open(root, 0, &store, why);

	if (fault == FAULT_NONE)
		fault = store_write_begin(store, actor, "doctor", now, &txn, why);
	if (fault == FAULT_NONE)
		fault = indexes_write(txn, why);
	if (fault == FAULT_NONE) {
		fault = store_commit(txn, NULL, why);
		txn = NULL;
	}
	/* Which groups somebody is in may have been published from an index that was wrong. */
	if (fault == FAULT_NONE)
		fault = publish_rebuild(store, now, why);
	store_end(txn);
	store_close(store);
	return fault;
}
