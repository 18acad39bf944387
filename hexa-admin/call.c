/*
 * call.c - what commands ask of the invocation they are in.
 */
#include "hexa-admin/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "hexa-admin/ask.h"
#include "hexa-admin/events.h"
#include "hexa-admin/head.h"
#include "hexa-admin/print.h"
#include "policy/text.h"

enum fault
call_reach(struct call *call, struct reach *reach, struct why *why)
{
	struct txn *txn;
	enum fault fault = store_read_begin(call->admin.store, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = admin_reach(&call->admin, txn, call->command->permission, reach, why);
	store_end(txn);
	return fault;
}

void
call_tell_notices(struct call *call)
{
	struct names *notices = &call->admin.notices;

	for (size_t i = 0; !call_has(call, OPTION_QUIET) && i < notices->count; i++)
		print_notice(notices->item[i]);
	names_clear(notices);
}

void
call_hint(const struct call *call, const char *notice)
{
	if (!call_has(call, OPTION_QUIET) && isatty(STDERR_FILENO))
		print_notice(notice);
}

int
fault_exit_status(enum fault fault)
{
	static const unsigned char statuses[] = {
		[FAULT_NONE] = 0,
		[FAULT_RULE] = 1,
		[FAULT_UNKNOWN] = 3,
		[FAULT_DENIED] = 4,
		[FAULT_CONFLICT] = 5,
		[FAULT_INVALID] = 6,
		[FAULT_UNAVAILABLE] = 7,
	};

	return statuses[fault];
}

bool
call_has(const struct call *call, enum option_id option)
{
	return call->option[option] != NULL;
}

struct edits
call_edits(const struct call *call)
{
	return (struct edits){call->edit, call->edit_count};
}

enum fault
call_misuse(struct call *call, struct why *why, const char *format, ...)
{
	char text[WHY_TEXT_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	call->misused = true;
	return why_set(why, FAULT_INVALID, "%s", text);
}

enum fault
call_no(struct call *call)
{
	call->told = true;
	return FAULT_RULE;
}

void
call_log(struct call *call)
{
	unsigned char hash[CRYPTO_HASH_BYTES];
	char text[HASH_TEXT_BYTES];
	uint64_t before, sequence;

	if (!store_committed(call->admin.store, &before, &sequence, hash) ||
	    sequence == call->logged)
		return;
	call->logged = sequence;
	if (*call->root != '\0')
		return;
	events_tell(call->admin.store, before, sequence);
	hash_to_text(hash, text);
	syslog(LOG_AUTHPRIV | LOG_INFO, "activity %llu:%s by %s (uid %lu)",
	    (unsigned long long)sequence, text, call->admin.actor.name,
	    (unsigned long)call->admin.actor.uid);
}

/* What came of several users. */
struct tally {
	size_t done;
	enum fault first;
	struct names limits; /* that were in the way, each once */
};

/* "2 of 3 assigned; acme is full (5)" */
static void
tally_tell_part(const char *about, size_t done, size_t asked, const char *word,
    const struct names *limits)
{
	fputs("hexa-admin: ", stderr);
	if (about != NULL) {
		print_shown(stderr, about);
		fputs(": ", stderr);
	}
	fprintf(stderr, "%zu of %zu %s", done, asked, word);
	for (size_t i = 0; i < limits->count; i++) {
		fputs(i == 0 ? "; " : ", ", stderr);
		print_shown(stderr, limits->item[i]);
	}
	fputc('\n', stderr);
}

/* What a change that was made left undone; FAULT_NONE: nothing. */
static enum fault
tell_shortfall(struct call *call, const char *about)
{
	const struct shortfall *shortfall = &call->admin.shortfall;

	if (shortfall->asked == 0)
		return FAULT_NONE;
	call_tell_notices(call);
	tally_tell_part(about, shortfall->done, shortfall->asked, "assigned", &shortfall->limits);
	if (!call_has(call, OPTION_QUIET))
		print_mend(stderr, shortfall->mend);
	return FAULT_CONFLICT;
}

enum fault
call_shortfall(struct call *call)
{
	enum fault fault = tell_shortfall(call, NULL);

	call->told = fault != FAULT_NONE;
	return fault;
}

static size_t
parts_of(const struct call *call)
{
	return call->parts == 0 ? 1 : call->parts;
}

/* One that was changed, wholly or in part. */
static void
tally_done(struct call *call, struct tally *tally, const char *word)
{
	const struct shortfall *shortfall = &call->admin.shortfall;
	enum fault fault;

	call_tell_notices(call);
	fault = tell_shortfall(call, word);
	if (tally->first == FAULT_NONE)
		tally->first = fault;
	/* Where users are counted, and not what each is given, this is one of them. */
	tally->done += shortfall->asked == parts_of(call) ? shortfall->done : parts_of(call);
	/* One that memory is out for was told above. */
	for (size_t i = 0; i < shortfall->limits.count; i++)
		(void)names_insert(&tally->limits, shortfall->limits.item[i]);
}

/* It is named already, and not said twice. */
static bool
ends_in(const char *text, const char *word)
{
	size_t size = strlen(text), ending = strlen(word);

	return ending <= size && strcmp(text + size - ending, word) == 0;
}

static void
tally_failure(struct call *call, struct tally *tally, const char *word, enum fault fault,
    const struct why *why)
{
	print_fault(why, ends_in(why->text, word) ? NULL : word, !call_has(call, OPTION_QUIET));
	if (tally->first == FAULT_NONE)
		tally->first = fault;
	/* One that memory is out for was told above. */
	if (why->limit)
		(void)names_insert(&tally->limits, why->text);
}

static void
tally_tell(const struct call *call, const struct tally *tally, const char *done)
{
	if (tally->first == FAULT_NONE || call_has(call, OPTION_QUIET))
		return;
	tally_tell_part(NULL, tally->done, call->word_count * parts_of(call), done, &tally->limits);
}

enum fault
call_each(struct call *call, const char *done,
    enum fault (*one)(struct call *call, const char *word, struct why *why), struct why *why)
{
	struct tally tally = {0};

	if (call->word_count == 1) {
		enum fault fault = one(call, call->word[0], why);

		return fault == FAULT_NONE ? call_shortfall(call) : fault;
	}
	for (size_t i = 0; i < call->word_count; i++) {
		struct why one_why = {0};
		enum fault fault = one(call, call->word[i], &one_why);

		if (fault == FAULT_NONE)
			tally_done(call, &tally, call->word[i]);
		else
			tally_failure(call, &tally, call->word[i], fault, &one_why);
	}
	tally_tell(call, &tally, done);
	names_clear(&tally.limits);
	call->told = tally.first != FAULT_NONE;
	return tally.first;
}

enum fault
call_needs_answer(struct call *call, const char *what, struct why *why)
{
	if (call_has(call, OPTION_YES) || ask_possible())
		return FAULT_NONE;
	return call_misuse(call, why, "no terminal to ask on; --yes %s unasked", what);
}

enum fault
call_confirm(struct call *call, const char *noun, const char *name, struct why *why)
{
	char question[512];

	snprintf(question, sizeof(question), "Delete %s %s?", noun, name);
	if (call_has(call, OPTION_YES) || ask_yes(question))
		return FAULT_NONE;
	return why_set(why, FAULT_RULE, "not deleted: %s", name);
}

enum fault
call_time(struct call *call, enum option_id option, int64_t otherwise, int64_t *when,
    struct why *why)
{
	const char *text = call->option[option];

	if (text == NULL)
		*when = otherwise;
	else if (!text_to_time(text, when))
		return call_misuse(call, why,
		    "%.64s is no time: expected a date, or a time as 2026-11-21T09:30:00Z", text);
	return FAULT_NONE;
}

/* A moment that `read` takes, or a span back from now. */
static enum fault
read_past(struct call *call, const char *text, bool (*read)(const char *text, int64_t *seconds),
    int64_t *when, struct why *why)
{
	uint64_t span;

	if (read(text, when))
		return FAULT_NONE;
	if (!text_to_duration(text, TIME_LAST, &span))
		return call_misuse(call, why,
		    "%.64s is no time: expected a date, a time as 2026-11-21T09:30:00Z, or a span "
		    "back from now as 30m, 1h, 7d or 2w", text);
	*when = call->admin.now - (int64_t)span;
	return FAULT_NONE;
}

enum fault
call_since(struct call *call, int64_t *when, struct why *why)
{
	const char *text = call->option[OPTION_SINCE];

	if (text != NULL)
		return read_past(call, text, text_to_time, when, why);
	*when = INT64_MIN;
	return FAULT_NONE;
}

enum fault
call_until(struct call *call, int64_t *when, struct why *why)
{
	const char *text = call->option[OPTION_UNTIL];

	if (text != NULL)
		return read_past(call, text, text_to_end_time, when, why);
	*when = INT64_MAX;
	return FAULT_NONE;
}

enum fault
call_limit(struct call *call, uint64_t *limit, struct why *why)
{
	const char *text = call->option[OPTION_LIMIT];

	*limit = UINT64_MAX;
	if (text == NULL || text_to_number(text, UINT64_MAX, limit))
		return FAULT_NONE;
	return call_misuse(call, why, "--limit %.64s is no number", text);
}
