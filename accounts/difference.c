/*
 * difference.c - two policies as texts, beside one another: diff(1) does it.
 */
#include <stdlib.h>
#include <string.h>

#include "accounts/plan.h"
#include "accounts/program.h"

#define DIFF "/usr/bin/diff"

/* What diff exits with. */
enum { DIFF_SAME = 0, DIFF_OTHER = 1 };

/* Each line of both, and as much again for what diff adds. */
enum { DIFFERENCE_MAX = 3 * DOCUMENT_MAX };

static enum fault
run_diff(struct program_text text[2], char **difference, struct why *why)
{
	const char *const argv[] = {DIFF, "-u", "--label", "in force", "--label", "FILE", "--",
	    text[0].path, text[1].path, NULL};
	struct bytes output = {0};
	int status = -1;
	enum fault fault;

	fault = program_output("", argv, text, 2, DIFFERENCE_MAX, &output, &status, why);
	if (fault == FAULT_NONE && status != DIFF_SAME && status != DIFF_OTHER) {
		char *said = bytes_take_text(&output);

		fault = why_set(why, FAULT_UNAVAILABLE, DIFF " failed: %s",
		    said == NULL ? "" : said);
		free(said);
	}
	if (fault == FAULT_NONE) {
		*difference = bytes_take_text(&output);
		fault = *difference == NULL ? why_memory(why) : FAULT_NONE;
	}
	bytes_clear(&output);
	return fault;
}

static enum fault
compare(const struct bytes *before, const struct bytes *after, char **difference,
    struct why *why)
{
	struct program_text text[2] = {{.data = before->data, .size = before->size},
	    {.data = after->data, .size = after->size}};
	enum fault fault;

	if (before->size == after->size && memcmp(before->data, after->data, after->size) == 0) {
		*difference = strdup("");
		return *difference == NULL ? why_memory(why) : FAULT_NONE;
	}
	fault = program_text_open(&text[0], why);
	if (fault == FAULT_NONE)
		fault = program_text_open(&text[1], why);
	if (fault == FAULT_NONE)
		fault = run_diff(text, difference, why);
	program_text_close(&text[0]);
	program_text_close(&text[1]);
	return fault;
}

enum fault
plan_difference(const struct document *before, const struct document *after, char **difference,
    struct why *why)
{
	struct bytes old = {0}, new = {0};
	enum fault fault = document_write(before, &old, why);

	if (fault == FAULT_NONE)
		fault = document_write(after, &new, why);
	if (fault == FAULT_NONE)
		fault = compare(&old, &new, difference, why);
	bytes_clear(&old);
	bytes_clear(&new);
	return fault;
}
