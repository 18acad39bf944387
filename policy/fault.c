/*
 * fault.c - recording a failure for a person to read.
 */
#include "policy/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A name that came from outside must not forge a line or move a cursor. */
static void
neutralise(char *text)
{
	for (unsigned char *at = (unsigned char *)text; *at != '\0'; at++)
		if (*at < 0x20 || *at == 0x7f)
			*at = '?';
}

static void
why_print(struct why *why, enum fault fault, const char *format, va_list arguments)
{
	memset(why, 0, sizeof(*why));
	why->fault = fault;
	vsnprintf(why->text, sizeof(why->text), format, arguments);
	neutralise(why->text);
}

enum fault
why_set(struct why *why, enum fault fault, const char *format, ...)
{
	if (why != NULL) {
		va_list arguments;

		va_start(arguments, format);
		why_print(why, fault, format, arguments);
		va_end(arguments);
	}
	return fault;
}

enum fault
why_field(struct why *why, enum fault fault, const char *field, const char *format, ...)
{
	if (why != NULL) {
		va_list arguments;

		va_start(arguments, format);
		why_print(why, fault, format, arguments);
		va_end(arguments);
		snprintf(why->field, sizeof(why->field), "%s", field);
	}
	return fault;
}

enum fault
why_place(struct why *why, enum fault fault, unsigned line, unsigned column, const char *format, ...)
{
	if (why != NULL) {
		va_list arguments;

		va_start(arguments, format);
		why_print(why, fault, format, arguments);
		va_end(arguments);
		why->line = line;
		why->column = column;
	}
	return fault;
}

void
why_mend(struct why *why, const char *format, ...)
{
	va_list arguments;

	if (why == NULL)
		return;
	va_start(arguments, format);
	vsnprintf(why->mend, sizeof(why->mend), format, arguments);
	va_end(arguments);
	neutralise(why->mend);
}

enum fault
why_memory(struct why *why)
{
	return why_set(why, FAULT_UNAVAILABLE, "out of memory");
}
