/*
 * import.c - the commands `hexa-admin user import` and `user export`.
 */
#include "hexa-admin/command.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "accounts/import.h"
#include "hexa-admin/input.h"
#include "hexa-admin/overview.h"
#include "hexa-admin/print.h"
#include "hexa-admin/sheet.h"
#include "hexa-admin/show.h"
#include "hexa-admin/signals.h"

/* ---- progress ----------------------------------------------------------------------------- */

/* Rows between two looks at the clock. */
enum { PROGRESS_ROWS = 1000 };

struct progress {
	bool shown; /* stderr is a terminal, and --quiet was not said */
	uint64_t rows;
	time_t told;
};

static time_t
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return now.tv_sec;
}

static void
progress_begin(struct progress *progress, const struct call *call)
{
	*progress = (struct progress){
	    .shown = isatty(STDERR_FILENO) && !call_has(call, OPTION_QUIET), .told = seconds()};
}

/* A terminal that was stopped (^S) takes nothing, and the host's one writer waits for none. */
static bool
terminal_takes(void)
{
	struct pollfd terminal = {.fd = STDERR_FILENO, .events = POLLOUT};

	return poll(&terminal, 1, 0) == 1 && (terminal.revents & POLLOUT) != 0;
}

/* Where progress is shown, so is its end; else a command that did what it should says nothing. */
static void
progress_sum(const struct progress *progress, struct import_counts counts)
{
	if (progress->shown)
		fprintf(stderr, "hexa-admin: %llu made, %llu changed, %llu the same\n",
		    (unsigned long long)counts.made, (unsigned long long)counts.changed,
		    (unsigned long long)counts.same);
}

/* Not within the first second, and once a second. */
static void
progress_step(struct progress *progress)
{
	if (!progress->shown || seconds() == progress->told || !terminal_takes())
		return;
	progress->told = seconds();
	fprintf(stderr, "\r%llu rows ", (unsigned long long)progress->rows);
}

static void
progress_end(const struct progress *progress)
{
	if (progress->shown && terminal_takes())
		fprintf(stderr, "\r%*s\r", 32, "");
}

/* ---- the plan ------------------------------------------------------------------------------ */

/* What is printed when the transaction has ended: nobody waits for who reads it. */
struct plan {
	FILE *stream;
	char *text;
	size_t size;
	bool json;
	bool memory_out;
	uint64_t users;
};

static bool
plan_open(struct plan *plan, const struct call *call)
{
	*plan = (struct plan){.json = call_has(call, OPTION_JSON)};
	plan->stream = open_memstream(&plan->text, &plan->size);
	return plan->stream != NULL;
}

static void
plan_close(struct plan *plan)
{
	if (plan->stream != NULL)
		fclose(plan->stream);
	free(plan->text);
}

static void
plan_begin(struct plan *plan, struct import_counts counts)
{
	fprintf(plan->stream,
	    plan->json ? "{\n\"made\": %llu,\n\"changed\": %llu,\n\"same\": %llu,\n\"users\": ["
	               : "made %llu, changed %llu, same %llu\n",
	    (unsigned long long)counts.made, (unsigned long long)counts.changed,
	    (unsigned long long)counts.same);
}

static void
plan_end(struct plan *plan)
{
	if (plan->json)
		fputs(plan->users == 0 ? "]\n}\n" : "\n]\n}\n", plan->stream);
}

/* Is it a column whose value becomes another? */
static bool
is_changed(const struct field *field, const struct user *before, const struct user *after)
{
	static const struct user nobody;

	if (!import_has_column(field) || strcmp(field->name, "name") == 0)
		return false;
	if (before == NULL)
		return field->kind == K_CHOICE || !field_same(field, &nobody, after);
	return !field_same(field, before, after);
}

static bool
print_value(FILE *stream, const struct field *field, const struct user *user)
{
	char *text = field_text(field, user);

	if (text != NULL)
		print_shown(stream, *text == '\0' ? "(none)" : text);
	free(text);
	return text != NULL;
}

static void
plan_print(struct plan *plan, unsigned line, const struct user *before, const struct user *after)
{
	bool good = true;

	fprintf(plan->stream, "\nline %u: %s %s\n", line, before == NULL ? "make" : "change",
	    after->name);
	for (size_t i = 0; good && i < user_table.count; i++) {
		const struct field *field = &user_table.rows[i];

		if (!is_changed(field, before, after))
			continue;
		fprintf(plan->stream, "  %s: ", field->name);
		if (before != NULL) {
			good = print_value(plan->stream, field, before);
			fputs(" -> ", plan->stream);
		}
		good = good && print_value(plan->stream, field, after);
		fputc('\n', plan->stream);
	}
	plan->memory_out |= !good;
}

static struct json *
changed_json(const struct user *before, const struct user *after, const struct user *user)
{
	struct json *map = json_map();

	for (size_t i = 0; i < user_table.count; i++)
		if (is_changed(&user_table.rows[i], before, after))
			json_put_field(map, &user_table.rows[i], user);
	return map;
}

static void
plan_json(struct plan *plan, unsigned line, const struct user *before, const struct user *after)
{
	struct json *map = json_map();

	json_put_text(map, "name", after->name);
	json_put_number(map, "line", line);
	if (before == NULL)
		json_put_null(map, "before");
	else
		json_put(map, "before", changed_json(before, after, before));
	json_put(map, "after", changed_json(before, after, after));
	fputs(plan->users == 0 ? "\n" : ",\n", plan->stream);
	plan->memory_out |= json_print(map, true, plan->stream, NULL) != FAULT_NONE;
}

static enum fault
plan_step(void *context, unsigned line, const struct user *before, const struct user *after,
    struct why *why)
{
	struct plan *plan = context;

	if (plan->json)
		plan_json(plan, line, before, after);
	else
		plan_print(plan, line, before, after);
	plan->users++;
	return plan->memory_out || ferror(plan->stream) ? why_memory(why) : FAULT_NONE;
}

static enum fault
plan_make(struct plan *plan, struct import *import, struct why *why)
{
	enum fault fault;

	plan_begin(plan, import_counts(import));
	fault = import_plan(import, plan_step, plan, why);
	if (fault != FAULT_NONE)
		return fault;
	plan_end(plan);
	return fflush(plan->stream) == 0 && !ferror(plan->stream) ? FAULT_NONE : why_memory(why);
}

/* ---- import -------------------------------------------------------------------------------- */

/* Notices that are told; an import may bring one for each user. */
enum { NOTICES_TOLD = 20 };

struct work {
	struct call *call;
	struct import *import;
	struct progress progress;
	struct plan plan;
};

static enum fault
take_row(void *context, const struct import_row *row, struct why *why)
{
	struct work *work = context;
	int signal;

	if (++work->progress.rows % PROGRESS_ROWS == 0) {
		signal = signals_caught();
		if (signal != 0 && signal != SIGTSTP)
			return why_set(why, FAULT_RULE, "interrupted: nothing was changed");
		progress_step(&work->progress);
	}
	return import_row(work->import, row, why);
}

static enum fault
take_wrong(void *context, const struct why *wrong, struct why *why)
{
	struct work *work = context;

	return import_wrong(work->import, wrong, why);
}

static void
tell_faults(const struct work *work)
{
	const struct import_faults faults = import_faults(work->import);
	bool hints = !call_has(work->call, OPTION_QUIET);

	for (size_t i = 0; i < faults.count; i++)
		print_fault(&faults.why[i], work->call->file, false);
	if (faults.more > 0)
		fprintf(stderr, "hexa-admin: and %llu more\n", (unsigned long long)faults.more);
	if (hints && !call_has(work->call, OPTION_DRY_RUN))
		fputs("hexa-admin: nothing was changed\n", stderr);
}

static void
tell_notices(struct call *call)
{
	struct names *notices = &call->admin.notices;
	size_t told = notices->count > NOTICES_TOLD ? NOTICES_TOLD : notices->count;

	for (size_t i = 0; !call_has(call, OPTION_QUIET) && i < told; i++)
		print_notice(notices->item[i]);
	if (!call_has(call, OPTION_QUIET) && notices->count > told)
		fprintf(stderr, "hexa-admin: and %zu more notices\n", notices->count - told);
	names_clear(notices);
}

/* All rows, and what they come to. */
static enum fault
take_all(struct work *work, const struct bytes *text, struct why *why)
{
	const struct sheet_sink sink = {work, take_row, take_wrong};
	struct call *call = work->call;
	enum fault fault;

	progress_begin(&work->progress, call);
	fault = sheet_read(text->data, text->size, &sink, why);
	if (fault == FAULT_NONE)
		fault = import_settle(work->import, why);
	if (fault == FAULT_NONE && (call_has(call, OPTION_DRY_RUN) || call_has(call, OPTION_JSON)))
		fault = plan_make(&work->plan, work->import, why);
	if (fault == FAULT_NONE && !call_has(call, OPTION_DRY_RUN))
		fault = import_commit(work->import, why);
	progress_end(&work->progress);
	return fault;
}

/* ^Z would stop us with the host's one writer in hand; and nothing is told before it is let go. */
static enum fault
take_and_let_go(struct work *work, const struct bytes *text, struct why *why)
{
	struct call *call = work->call;
	struct signals signals;
	enum fault fault;

	signals_hold(&signals, true);
	fault = import_begin(&call->admin, call_has(call, OPTION_UPDATE), &work->import, why);
	if (fault == FAULT_NONE) {
		fault = take_all(work, text, why);
		import_let_go(work->import);
	}
	signals_give_back(&signals);
	return fault;
}

/* The plan if it was asked for; else, as `user add` does, the names that were made. */
static void
show_result(const struct work *work)
{
	const struct names *made = import_made_names(work->import);

	if (call_has(work->call, OPTION_DRY_RUN) || call_has(work->call, OPTION_JSON)) {
		fwrite(work->plan.text, 1, work->plan.size, stdout);
		return;
	}
	for (size_t i = 0; i < made->count; i++)
		puts(made->item[i]);
}

static enum fault
import_text(struct call *call, const struct bytes *text, struct why *why)
{
	struct work work = {.call = call};
	enum fault fault = plan_open(&work.plan, call) ? take_and_let_go(&work, text, why)
	                                               : why_memory(why);

	if (fault == FAULT_INVALID && work.import != NULL &&
	    import_faults(work.import).count > 0) {
		tell_faults(&work);
		call->told = true;
	} else if (fault == FAULT_NONE) {
		tell_notices(call);
		show_result(&work);
		if (!call_has(call, OPTION_DRY_RUN))
			progress_sum(&work.progress, import_counts(work.import));
	}
	import_end(work.import);
	plan_close(&work.plan);
	return fault;
}

enum fault
run_user_import(struct call *call, struct why *why)
{
	struct bytes text = {0};
	enum fault fault = input_read(call, call->word[0], IMPORT_BYTES_MAX, &text, why);

	if (fault == FAULT_NONE) {
		fault = import_text(call, &text, why);
		/* Rows were told with their places; what else there is is not the file's. */
		call->file = NULL;
	}
	bytes_clear(&text);
	return fault;
}

/* ---- export -------------------------------------------------------------------------------- */

static char *
export_columns(void)
{
	struct bytes columns = {0};

	for (size_t i = 0; i < user_table.count; i++)
		if (import_has_column(&user_table.rows[i]))
			bytes_print(&columns, "%s%s", columns.size == 0 ? "" : ",",
			    user_table.rows[i].name);
	return bytes_take_text(&columns);
}

/* --json is another way to say --format json. */
static enum fault
choose_format(struct call *call, struct why *why)
{
	const char *format = call->option[OPTION_FORMAT];

	if (format == NULL)
		format = call_has(call, OPTION_JSON) ? "json" : "csv";
	if (strcmp(format, "csv") != 0 && strcmp(format, "json") != 0)
		return call_misuse(call, why, "--format %.64s: expected csv or json", format);
	if (strcmp(format, "csv") == 0 && call_has(call, OPTION_JSON))
		return call_misuse(call, why, "--format csv and --json are two ways to print it");
	call->option[strcmp(format, "csv") == 0 ? OPTION_CSV : OPTION_JSON] = "";
	return FAULT_NONE;
}

enum fault
run_user_export(struct call *call, struct why *why)
{
	const struct question everybody = {0};
	char *columns = export_columns();
	enum fault fault = columns == NULL ? why_memory(why) : choose_format(call, why);

	call->option[OPTION_COLUMNS] = columns;
	if (fault == FAULT_NONE)
		fault = users_list(call, &everybody, NULL, why);
	call->option[OPTION_COLUMNS] = NULL;
	free(columns);
	return fault;
}
