/*
 * text_measure.c - durations, sizes and ranges of ids as text.
 */
#include "policy/text.h"

#include <stdio.h>
#include <string.h>

struct unit {
	const char *name;
	uint64_t worth;
};

/* Ascending, so that the largest that divides a number is the last that does. */
static const struct unit durations[] = {
	{"s", 1}, {"m", 60}, {"h", 60 * 60}, {"d", 24 * 60 * 60}, {"w", 7 * 24 * 60 * 60},
};
static const struct unit sizes[] = {
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30},
};

#define COUNT(units) (sizeof(units) / sizeof((units)[0]))

/* A whole number and the name of a unit, without anything between. */
static bool
to_measure(const char *text, const struct unit *units, size_t count, uint64_t max, uint64_t *value)
{
	size_t digits = strspn(text, "0123456789");
	char number[MEASURE_TEXT_BYTES];
	uint64_t read;

	if (digits == 0 || digits >= sizeof(number))
		return false;
	memcpy(number, text, digits);
	number[digits] = '\0';
	for (size_t i = 0; i < count; i++) {
		if (strcmp(units[i].name, text + digits) != 0)
			continue;
		if (!text_to_number(number, max / units[i].worth, &read))
			return false;
		*value = read * units[i].worth;
		return true;
	}
	return false;
}

static void
from_measure(uint64_t value, const struct unit *units, size_t count, char out[MEASURE_TEXT_BYTES])
{
	const struct unit *unit = &units[0];

	for (size_t i = 1; i < count; i++)
		if (value % units[i].worth == 0)
			unit = &units[i];
	snprintf(out, MEASURE_TEXT_BYTES, "%llu%s", (unsigned long long)(value / unit->worth),
	    unit->name);
}

bool
text_to_duration(const char *text, uint64_t max, uint64_t *seconds)
{
	return to_measure(text, durations, COUNT(durations), max, seconds);
}

void
text_from_duration(uint64_t seconds, char out[MEASURE_TEXT_BYTES])
{
	/* Weeks are read, and printed as days: what was written by a version without them stays. */
	from_measure(seconds, durations, COUNT(durations) - 1, out);
}

bool
text_to_size(const char *text, uint64_t max, uint64_t *bytes)
{
	return to_measure(text, sizes, COUNT(sizes), max, bytes);
}

void
text_from_size(uint64_t bytes, char out[MEASURE_TEXT_BYTES])
{
	from_measure(bytes, sizes, COUNT(sizes), out);
}

bool
text_to_range(const char *text, uint32_t *first, uint32_t *last)
{
	size_t digits = strspn(text, "0123456789");
	char number[MEASURE_TEXT_BYTES];
	uint64_t low, high;

	if (digits == 0 || digits >= sizeof(number) || text[digits] != '-')
		return false;
	memcpy(number, text, digits);
	number[digits] = '\0';
	if (!text_to_number(number, INT32_MAX, &low) ||
	    !text_to_number(text + digits + 1, INT32_MAX, &high) || low < ID_LEAST || high < low)
		return false;
	*first = (uint32_t)low;
	*last = (uint32_t)high;
	return true;
}

bool
text_is_home(const char *text)
{
	bool named = false;

	if (!text_is_path(text, strlen(text)))
		return false;
	for (; *text != '\0'; text++) {
		if (*text != '%')
			continue;
		if (*++text != 'u')
			return false;
		named = true;
	}
	return named;
}
