/*
 * doctor_ranges.c - the doctor's look at the ids that are still to be given: whether this host
 * gives the same ones to others, by its own configuration, and how many are left.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/doctor_checks.h"
#include "accounts/hostfile.h"
#include "policy/text.h"

static const char check[] = "uid-range", mend[] = "hexa-admin policy edit";

#define LOGIN_DEFS "/etc/login.defs"

/* Bytes of a file that is looked through; ranges that are looked at; ids that are few. */
enum { FILE_BYTES = 4 * 1024 * 1024, RANGES = 64, FEW_LEFT = 100 };

/* Below this one Hexa's own ranges begin in a container alone, for which it has no other ids. */
enum { HOST_FIRST = 65536 };

struct ranges {
	struct doctor *doctor;
	struct id_range range[RANGES];
	size_t count;
	bool are_stated; /* by the policy */
	bool found;      /* something was told */
};

/* Told once for all of the ranges: the first that shares ids with these. */
__attribute__((format(printf, 4, 5))) static bool
compare(struct ranges *ranges, uint64_t first, uint64_t last, const char *format, ...)
{
	char by[256];
	va_list arguments;

	for (size_t i = 0; i < ranges->count; i++) {
		const struct id_range *range = &ranges->range[i];

		if (range->last < first || range->first > last ||
			(!ranges->are_stated && range->first < HOST_FIRST))
			continue;
		va_start(arguments, format);
		vsnprintf(by, sizeof(by), format, arguments);
		va_end(arguments);
		report(ranges->doctor, FINDING_WARNING, check, mend,
			"Hexa takes ids from %lu-%lu, and %s: whoever has the id of a user of "
			"Hexa's, or "
			"of one who is gone, has their files; have `accounts: uid-range` name "
			"others",
			(unsigned long)range->first, (unsigned long)range->last, by);
		ranges->found = true;
		return true;
	}
	return false;
}

/* ---- subordinate ids ----------------------------------------------------------------------- */

/* "owner:first:count".  The first line of a file that shares ids is told of. */
static bool
compare_line(struct ranges *ranges, const char *path, char *line)
{
	char *from = strchr(line, ':'), *ids = from == NULL ? NULL : strchr(from + 1, ':');
	uint64_t first, count;

	if (ids == NULL)
		return false;
	*from++ = '\0';
	*ids++ = '\0';
	return text_to_number(from, UINT32_MAX, &first) &&
	       text_to_number(ids, (uint64_t)UINT32_MAX + 1, &count) && count > 0 &&
	       compare(ranges, first, first + count - 1,
		       "%s gives %.64s those from %" PRIu64 " to %" PRIu64 " (user namespaces)",
		       path, line, first, first + count - 1);
}

static void
compare_subordinates(struct ranges *ranges, const char *path)
{
	char *text = NULL, *rest, *line;
	size_t size;

	if (hostfile_read(ranges->doctor->root, path, FILE_BYTES, &text, &size, NULL) != FAULT_NONE)
		return;
	rest = text;
	while ((line = strsep(&rest, "\n")) != NULL && !compare_line(ranges, path, line))
		continue;
	free(text);
}

/* ---- login.defs ---------------------------------------------------------------------------- */

/* What useradd(8) and groupadd(8) take; the numbers are login.defs(5)'s own. */
static const struct given {
	const char *least, *most;
	uint64_t first, last; /* where the file does not say */
	const char *to;
} givens[] = {
	{"UID_MIN", "UID_MAX", 1000, 60000, "new local users"},
	{"GID_MIN", "GID_MAX", 1000, 60000, "new local groups"},
	{"SYS_UID_MIN", "SYS_UID_MAX", 101, 999, "new system users"},
	{"SYS_GID_MIN", "SYS_GID_MAX", 101, 999, "new system groups"},
	{"SUB_UID_MIN", "SUB_UID_MAX", 100000, 600100000, "user namespaces of new local users"},
	{"SUB_GID_MIN", "SUB_GID_MAX", 100000, 600100000, "user namespaces of new local users"},
};

/* The last line with the word counts.  Another value than a decimal number is passed over. */
static void
read_number(const char *text, const char *word, uint64_t *number)
{
	size_t size = strlen(word);

	for (const char *at = text; at != NULL && *at != '\0'; at = strchr(at, '\n')) {
		char value[16];
		uint64_t read;

		at += strspn(at, "\n \t");
		if (strncmp(at, word, size) != 0 || strspn(at + size, " \t") == 0)
			continue;
		at += size + strspn(at + size, " \t");
		snprintf(value, sizeof(value), "%.*s", (int)strcspn(at, " \t\r\n"), at);
		if (text_to_number(value, UINT32_MAX, &read))
			*number = read;
	}
}

static void
compare_login_defs(struct ranges *ranges)
{
	char *text = NULL;
	size_t size;

	if (hostfile_read(ranges->doctor->root, LOGIN_DEFS, FILE_BYTES, &text, &size, NULL) !=
		FAULT_NONE)
		text = NULL;
	for (size_t i = 0; i < sizeof(givens) / sizeof(givens[0]); i++) {
		const struct given *given = &givens[i];
		uint64_t first = given->first, last = given->last;

		read_number(text, given->least, &first);
		read_number(text, given->most, &last);
		compare(ranges, first, last,
			"%s gives %s those from %" PRIu64 " to %" PRIu64 " (%s)", LOGIN_DEFS,
			given->to, first, last, given->most);
	}
	free(text);
}

/* ---- the check ----------------------------------------------------------------------------- */

static enum fault
load(struct ranges *ranges, uint64_t *left, struct why *why)
{
	struct settings settings = {0};
	enum fault fault = settings_load(ranges->doctor->txn, &settings, why);

	ranges->are_stated = settings.uid_ranges.count > 0;
	settings_clear(&settings);
	return fault != FAULT_NONE ? fault
				   : id_ranges_here(ranges->doctor->txn, ranges->range, RANGES,
					     &ranges->count, left, why);
}

void
check_ranges(struct doctor *doctor)
{
	struct ranges ranges = {.doctor = doctor};
	struct why why = {0};
	uint64_t left = 0;

	if (load(&ranges, &left, &why) != FAULT_NONE) {
		report_fault(doctor, FINDING_ERROR, check, &why);
		return;
	}
	compare_subordinates(&ranges, "/etc/subuid");
	compare_subordinates(&ranges, "/etc/subgid");
	compare_login_defs(&ranges);
	if (left < FEW_LEFT)
		report(doctor, FINDING_WARNING, check, mend,
			"%" PRIu64
			" ids are left for new users and groups, and none is given twice; have "
			"`accounts: uid-range` name more",
			left);
	else if (!ranges.found)
		report(doctor, FINDING_GOOD, check, NULL,
			"nobody else is given ids of Hexa's ranges, of which %" PRIu64 " are left",
			left);
}
