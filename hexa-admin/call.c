/*
 * call.c - what commands ask of the invocation they are in.
 */
#include "hexa-admin/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <syslog.h>

#include "hexa-admin/head.h"
#include "hexa-admin/print.h"
#include "policy/text.h"

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
	uint64_t sequence;

	if (!store_committed(call->admin.store, &sequence, hash) || sequence == call->logged)
		return;
	call->logged = sequence;
	if (*call->root != '\0')
		return;
	hash_to_text(hash, text);
	syslog(LOG_AUTHPRIV | LOG_INFO, "hexa-admin: activity %llu:%s by %s (uid %lu)",
	    (unsigned long long)sequence, text, call->admin.actor.name,
	    (unsigned long)call->admin.actor.uid);
}

enum fault
call_each(struct call *call,
    enum fault (*one)(struct call *call, const char *word, struct why *why), struct why *why)
{
	enum fault first = FAULT_NONE;
	size_t done = 0;

	if (call->word_count == 1)
		return one(call, call->word[0], why);
	for (size_t i = 0; i < call->word_count; i++) {
		struct why one_why = {0};
		enum fault fault = one(call, call->word[i], &one_why);

		call_log(call);
		if (fault == FAULT_NONE) {
			done++;
			continue;
		}
		print_fault(&one_why, call->word[i], !call_has(call, OPTION_QUIET));
		if (first == FAULT_NONE)
			first = fault;
	}
	if (first != FAULT_NONE && !call_has(call, OPTION_QUIET))
		fprintf(stderr, "hexa-admin: %zu of %zu done\n", done, call->word_count);
	call->told = first != FAULT_NONE;
	return first;
}

enum fault
call_time(struct call *call, enum option_id option, int64_t otherwise, int64_t *when,
    struct why *why)
{
	const char *text = call->option[option];

	if (text == NULL) {
		*when = otherwise;
		return FAULT_NONE;
	}
	if (!text_to_time(text, when))
		return call_misuse(call, why,
		    "%.64s is no time: expected a date, or a time as 2026-11-21T09:30:00Z", text);
	return FAULT_NONE;
}
