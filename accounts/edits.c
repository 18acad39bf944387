/*
 * edits.c - what the flags of a command line do to a record, whatever its table.
 */
#include "accounts/admin.h"

static enum fault
edit_apply(const struct edit *edit, void *record, struct why *why)
{
	switch (edit->act) {
	case EDIT_SET:
		return field_parse(edit->field, record, edit->value, why);
	case EDIT_CLEAR:
		return field_parse(edit->field, record, "", why);
	case EDIT_ADD:
		return field_add(edit->field, record, edit->value, why);
	case EDIT_REMOVE:
		return field_remove(edit->field, record, edit->value, why);
	}
	return why_field(why, FAULT_INVALID, edit->field->name, "%s: not an edit",
	    edit->field->name);
}

enum fault
edits_apply(const struct edits *edits, const struct table *table, void *record, bool created,
    struct why *why)
{
	const unsigned refused = F_KEPT | F_HIDDEN | (created ? F_FIXED : 0);

	for (size_t i = 0; i < edits->count; i++) {
		const struct edit *edit = &edits->edit[i];
		enum fault fault;

		if ((edit->field->rights & refused) != 0)
			return why_field(why, FAULT_INVALID, edit->field->name,
			    "%s: a %s's %s is not edited", edit->field->name, table->noun,
			    edit->field->name);
		fault = edit_apply(edit, record, why);
		if (fault != FAULT_NONE)
			return fault;
	}
	return FAULT_NONE;
}
