/*
 * fault.c - recording a failure for a person to read.
 */
#include "policy/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policy/text.h"

/*
 * A name that came from outside must not forge a line, move a cursor or turn the order of what is
 * read; nor may the cut at the end leave half a character.
 */
static void
neutralise(char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		uint32_t code;
		size_t size;

		if (*text >= ' ' && *text <= '~') { /* most of it */
			text++;
			left--;
			continue;
		}
		size = text_character(text, left, &code);
		if (size == 0 || !text_is_plain_character(code)) {
			size = size > 0 ? size : 1;
			memset(text, '?', size);
		}
		text += size;
		left -= size;
	}
}

static void
why_print(struct why *why, enum fault fault, const char *format, va_list arguments)
{
	memset(why, 0, sizeof(*why));
	why->fault = fault;
	/* Words of our own are as they are: an import hears a million times that a name is free. */
	if (strchr(format, '%') == NULL && strlen(format) < sizeof(why->text)) {
		memcpy(why->text, format, strlen(format));
		return;
	}
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
why_add(struct why *why, const char *format, ...)
{
	va_list arguments;
	size_t used;

	if (why == NULL)
		return;
	used = strlen(why->text);
	va_start(arguments, format);
	vsnprintf(why->text + used, sizeof(why->text) - used, format, arguments);
	va_end(arguments);
	neutralise(why->text);
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

void
why_limit(struct why *why)
{
	if (why != NULL)
		why->limit = true;
}

enum fault
why_memory(struct why *why)
{
	return why_set(why, FAULT_UNAVAILABLE, "out of memory");
}
