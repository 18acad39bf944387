/*
 * policy_edit.c - `hexa-admin policy edit`: a copy, an editor, a plan, a question, and only then
 * the policy in force.
 */
#include "hexa-admin/command.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "accounts/roles.h"
#include "hexa-admin/ask.h"
#include "hexa-admin/draft.h"
#include "hexa-admin/editor.h"
#include "hexa-admin/input.h"
#include "hexa-admin/plan_show.h"
#include "hexa-admin/print.h"
#include "hexa-admin/signals.h"

/* One edit, from the policy that it begins from to what becomes of it. */
struct editing {
	struct call *call;
	struct rights rights; /* the person's: of the copy, and of the editor */
	struct draft draft;
	struct bytes began;
	struct bytes text; /* as it was edited last */
	bool is_unwanted;  /* the person has given it up */
};

/* What is done next. */
enum step { STEP_STOP, STEP_EDIT, STEP_APPLY };

static const char *
text_of(const struct bytes *bytes)
{
	return bytes->size == 0 ? "" : (const char *)bytes->data;
}

static bool
is_unchanged(const struct editing *editing)
{
	return editing->text.size == editing->began.size &&
	    memcmp(text_of(&editing->text), text_of(&editing->began), editing->text.size) == 0;
}

/* ---- what the person decides ---------------------------------------------------------------- */

static enum step
ask_next(struct editing *editing, const char *question, const char *const *words)
{
	fflush(stdout);
	switch (ask_word(question, words)) {
	case 'y':
		return STEP_APPLY;
	case 'e':
		return STEP_EDIT;
	case 'n':
	case 'q':
		editing->is_unwanted = true;
		return STEP_STOP;
	}
	return STEP_STOP;
}

/* What is wrong with the text has its place in the copy. */
static void
tell(const struct editing *editing, const struct why *wrong)
{
	fflush(stdout);
	wrongs_tell(editing->call, editing->draft.file, text_of(&editing->text),
	    editing->text.size, wrong);
}

static enum step
ask_about_fault(struct editing *editing, const struct why *wrong)
{
	static const char *const words[] = {"edit", "quit", "no", NULL};

	tell(editing, wrong);
	return ask_next(editing, "(e)dit again or (q)uit? ", words);
}

/* Shows what the text would do, and asks.  FAULT_NONE whatever is wrong with the text itself. */
static enum fault
ask_about_plan(struct editing *editing, enum step *step, struct why *why)
{
	static const char *const words[] = {"yes", "edit", "quit", "no", NULL};
	struct call *call = editing->call;
	struct plan plan = {0};
	struct why refused = {0};
	enum fault fault = policy_diff(&call->admin, text_of(&editing->text), editing->text.size,
	    &plan, &refused, why);

	if (fault == FAULT_INVALID) {
		refused = *why;
		fault = FAULT_NONE;
	} else if (fault == FAULT_NONE) {
		const struct why unrefused = {0};

		warnings_print(call, &plan.warnings);
		fault = plan_show(call, &plan, &unrefused, why);
	}
	plan_clear(&plan);
	if (fault != FAULT_NONE)
		return fault;
	*step = refused.fault != FAULT_NONE
	    ? ask_about_fault(editing, &refused)
	    : ask_next(editing, "Apply this: (y)es, (e)dit again or (q)uit? ", words);
	return FAULT_NONE;
}

/* ---- steps ---------------------------------------------------------------------------------- */

static enum fault
edit_once(struct editing *editing, struct why *why)
{
	struct call *call = editing->call;
	const char *editor = call->visual != NULL && *call->visual != '\0' ? call->visual
	                                                                    : call->editor;
	enum fault fault = editor_run(editor, &editing->rights, editing->draft.file, why);

	/* Hours may have gone by: the journal says when the policy was applied. */
	call->admin.now = (int64_t)time(NULL);
	bytes_clear(&editing->text);
	if (fault != FAULT_NONE) {
		input_read_as(&editing->rights, editing->draft.file, DOCUMENT_MAX, &editing->text,
		    NULL);
		return fault;
	}
	return input_read_as(&editing->rights, editing->draft.file, DOCUMENT_MAX, &editing->text,
	    why);
}

static enum fault
apply(struct editing *editing, struct why *why)
{
	struct call *call = editing->call;
	const struct policy_application application = {
	    .yaml = text_of(&editing->text),
	    .size = editing->text.size,
	    .began_from = text_of(&editing->began),
	    .began_size = editing->began.size,
	};
	struct plan plan = {0};
	enum fault fault = policy_apply(&call->admin, &application, &plan, why);

	/* Who was asked has seen it. */
	if (fault == FAULT_NONE && call_has(call, OPTION_YES))
		plan_tell(call, &plan);
	else if (call_has(call, OPTION_YES))
		warnings_print(call, &plan.warnings);
	plan_clear(&plan);
	return fault;
}

/* From the first look at the copy until it is applied, or given up. */
static enum fault
edit_until_done(struct editing *editing, struct why *why)
{
	enum step step = STEP_EDIT;
	enum fault fault = FAULT_NONE;

	while (fault == FAULT_NONE && step == STEP_EDIT) {
		fault = edit_once(editing, why);
		if (fault == FAULT_NONE && signals_caught() != 0)
			step = STEP_STOP;
		else if (fault == FAULT_NONE && is_unchanged(editing))
			break;
		else if (fault == FAULT_NONE && call_has(editing->call, OPTION_YES))
			step = STEP_APPLY;
		else if (fault == FAULT_NONE)
			fault = ask_about_plan(editing, &step, why);
	}
	if (fault != FAULT_NONE)
		return fault;
	if (step == STEP_APPLY)
		return apply(editing, why);
	if (step == STEP_STOP)
		return why_set(why, FAULT_RULE, "not applied: the policy is as it was");
	if (!call_has(editing->call, OPTION_QUIET))
		fputs("hexa-admin: nothing was changed\n", stderr);
	return FAULT_NONE;
}

/* What was written and did not take effect is kept, unless it was given up. */
static void
put_away(struct editing *editing, enum fault fault)
{
	if (fault == FAULT_NONE || editing->is_unwanted || editing->text.size == 0 ||
	    is_unchanged(editing)) {
		draft_remove(&editing->draft);
		return;
	}
	fprintf(stderr, "hexa-admin: your text is kept in %s\n", editing->draft.file);
}

static enum fault
edit(struct editing *editing, struct why *why)
{
	struct signals signals;
	enum fault fault;

	/* A copy is put away before a signal ends this. */
	signals_hold(&signals, false);
	fault = draft_make(&editing->rights, "policy.yaml", text_of(&editing->began),
	    editing->began.size, &editing->draft, why);
	if (fault == FAULT_NONE)
		fault = edit_until_done(editing, why);
	if (fault != FAULT_NONE)
		tell(editing, why);
	editing->call->told = true;
	put_away(editing, fault);
	signals_give_back(&signals);
	return fault;
}

enum fault
run_policy_edit(struct call *call, struct why *why)
{
	struct editing editing = {.call = call};
	enum fault fault = call_needs_answer(call, "applies", why);

	if (fault == FAULT_NONE)
		fault = rights_of_person(call, &editing.rights, why);
	if (fault == FAULT_NONE)
		fault = policy_text(&call->admin, &editing.began, why);
	if (fault == FAULT_NONE)
		fault = edit(&editing, why);
	bytes_clear(&editing.began);
	bytes_clear(&editing.text);
	rights_clear(&editing.rights);
	return fault;
}
