/*
 * line.h - taking a command line apart: which command it is, its options and its arguments.
 */
#ifndef HEXA_ADMIN_LINE_H
#define HEXA_ADMIN_LINE_H

#include "hexa-admin/command.h"

/* An option that a command takes: one of the program's own, or what a record's row makes of it. */
struct flag {
	char name[64];         /* without the dashes */
	const char *argument;  /* what its value is called; NULL: it has none */
	enum option_id option;    /* OPTION_COUNT: a field's */
	enum edit_act act;     /* EDIT_CLEAR: the value names the field */
	const struct field *field;
	const char *help;
	bool repeats; /* it may be given again: its values are added up */
	bool unlisted; /* it is taken to be refused by who knows why: no help names it */
};

struct flags {
	struct flag *flag;
	size_t count;
};

/*
 * The options of a command, the global ones last; `command` NULL: only those.  False when memory is
 * out.  Freed by flags_clear().
 */
bool flags_of(const struct command *command, struct flags *flags);
void flags_clear(struct flags *flags);

/*
 * Finds out which command the line is, and fills in command, options, edits and words of *call (all
 * zero), which point into argv.  Options may stand anywhere and `--` ends them; an option's name is
 * never shortened, so that a script still means the same when more options exist.
 * A line that is no command's is a misuse, with the nearest command; `--help` and `-h` make it
 * `help`, `--version` makes it `version`.
 */
enum fault line_read(int argc, char **argv, struct call *call, struct why *why);

/* Frees what line_read() allocated. */
void line_clear(struct call *call);

#endif
