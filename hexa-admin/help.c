/*
 * help.c - help, printed from the rows of commands and fields.
 */
#include "hexa-admin/help.h"

#include <stdlib.h>
#include <string.h>

#include "hexa-admin/grid.h"
#include "hexa-admin/line.h"
#include "hexa-admin/print.h"

static bool
has_options(const struct command *command)
{
	return command->options != 0 || command->use != USE_NONE;
}

/* "user add [NAME] [OPTION…]" */
static void
put_synopsis(struct bytes *out, const struct command *command)
{
	bytes_print(out, "%s", command->noun);
	if (command->verb != NULL)
		bytes_print(out, " %s", command->verb);
	if (command->arguments != NULL)
		bytes_print(out, " %s", command->arguments);
	if (has_options(command))
		bytes_print(out, " [OPTION…]");
}

void
help_synopsis(FILE *stream, const struct command *command)
{
	struct bytes out = {0};
	char *text;

	put_synopsis(&out, command);
	text = bytes_take_text(&out);
	if (text != NULL)
		fprintf(stream, "hexa-admin %s", text);
	free(text);
}

/* A row of two texts; takes the first one's bytes. */
static bool
two_cells(struct grid *grid, struct bytes *first, struct bytes *second)
{
	char *left = bytes_take_text(first), *right = bytes_take_text(second);
	bool good = left != NULL && right != NULL && grid_row(grid) && grid_cell(grid, 0, left) &&
	    grid_cell(grid, 1, right);

	free(left);
	free(right);
	return good;
}

static struct grid *
two_columns(void)
{
	struct grid *grid = grid_open(false);

	if (grid != NULL && grid_column(grid, "", 0) && grid_column(grid, "", GRID_SHORT))
		return grid;
	grid_close(grid);
	return NULL;
}

/* ---- the commands ------------------------------------------------------------------------- */

/* Where the help of a command begins, and a line ends, in characters. */
enum { SYNOPSIS_WIDTH = 30, LINE_WIDTH = 80 };

static size_t
width_of(const char *text)
{
	size_t width = 0;

	for (; *text != '\0'; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

/* Words in lines of their own column; the first line is begun. */
static void
print_beside(const char *text)
{
	size_t used = SYNOPSIS_WIDTH;

	while (*text != '\0') {
		size_t size = strcspn(text, " ");

		if (used > SYNOPSIS_WIDTH && used + 1 + size > LINE_WIDTH) {
			printf("\n%*s", SYNOPSIS_WIDTH, "");
			used = SYNOPSIS_WIDTH;
		}
		used += (size_t)printf("%s%.*s", used > SYNOPSIS_WIDTH ? " " : "", (int)size, text);
		text += size + (text[size] == ' ');
	}
	putchar('\n');
}

/* A longer synopsis has a line to itself, so that one does not push aside what all others say. */
static bool
print_command(const struct command *command)
{
	struct bytes out = {0};
	char *synopsis;
	size_t width;

	put_synopsis(&out, command);
	synopsis = bytes_take_text(&out);
	if (synopsis == NULL)
		return false;
	width = 2 + width_of(synopsis);
	printf("  %s", synopsis);
	if (width + 2 <= SYNOPSIS_WIDTH)
		printf("%*s", (int)(SYNOPSIS_WIDTH - width), "");
	else
		printf("\n%*s", SYNOPSIS_WIDTH, "");
	print_beside(command->help);
	free(synopsis);
	return true;
}

static enum fault
print_commands(const char *noun, struct why *why)
{
	for (size_t i = 0; i < command_count; i++)
		if ((noun == NULL || strcmp(noun, commands[i].noun) == 0) &&
		    !print_command(&commands[i]))
			return why_memory(why);
	return FAULT_NONE;
}

/* ---- options ------------------------------------------------------------------------------ */

static void
put_flag_help(struct bytes *out, const struct flag *flag, enum use use)
{
	const struct field *field = flag->field;
	const unsigned needed = F_REQUIRED | F_ASKED;

	if (use == USE_EDIT && flag->act == EDIT_ADD)
		bytes_print(out, "one more of the ");
	if (flag->act == EDIT_REMOVE)
		bytes_print(out, "one less of the ");
	bytes_print(out, "%s", flag->help);
	if (use == USE_CREATE && flag->act == EDIT_ADD)
		bytes_print(out, "; may be repeated");
	if (use == USE_CREATE && field != NULL && (field->rights & needed) != 0)
		bytes_print(out, "; required");
	if (field == NULL || field->choices == NULL)
		return;
	for (size_t i = 0; field->choices[i] != NULL; i++)
		bytes_print(out, "%s%s", i == 0 ? ": " : ", ", field->choices[i]);
}

static bool
put_flags(struct grid *grid, const struct flags *flags, enum use use, bool global)
{
	bool good = true;

	for (size_t i = 0; good && i < flags->count; i++) {
		const struct flag *flag = &flags->flag[i];
		struct bytes left = {0}, right = {0};

		if (flag->unlisted || (flag->option < OPTION_GLOBAL_COUNT) != global)
			continue;
		bytes_print(&left, "  --%s%s%s", flag->name, flag->argument == NULL ? "" : " ",
		    flag->argument == NULL ? "" : flag->argument);
		put_flag_help(&right, flag, use);
		good = two_cells(grid, &left, &right);
	}
	return good;
}

static enum fault
print_flags(const struct command *command, bool global, struct why *why)
{
	struct grid *grid = two_columns();
	struct flags flags = {0};
	enum use use = command == NULL ? USE_NONE : command->use;
	enum fault fault;

	if (grid != NULL && flags_of(command, &flags) && put_flags(grid, &flags, use, global))
		fault = grid_print(grid, why);
	else
		fault = why_memory(why);
	flags_clear(&flags);
	grid_close(grid);
	return fault;
}

/* ---- pages -------------------------------------------------------------------------------- */

static enum fault
help_all(struct why *why)
{
	enum fault fault;

	puts("usage: hexa-admin [OPTION…] COMMAND\n");
	fault = print_commands(NULL, why);
	puts("\nOptions of every command, anywhere on the line; -- ends them:\n");
	if (fault == FAULT_NONE)
		fault = print_flags(NULL, true, why);
	puts("\nexit status: 0 done or yes, 1 no, 2 usage, 3 unknown name, 4 not permitted,\n"
	     "5 exists or changed meanwhile, 6 invalid input, 7 database unavailable");
	return fault;
}

static enum fault
help_noun(const char *noun, struct why *why)
{
	puts("usage: hexa-admin [OPTION…] COMMAND\n");
	return print_commands(noun, why);
}

/* Whose it is to run: what an administrator asks who is to hand it on. */
static void
print_right(const struct command *command)
{
	if (command->root_only)
		puts("\nneeds: root");
	else if (command->permission != NULL)
		printf("\nneeds: %s%s\n", command->permission,
		    command->by_self ? ", but of oneself nothing" : "");
}

static enum fault
help_command(const struct command *command, struct why *why)
{
	enum fault fault = FAULT_NONE;

	fputs("usage: ", stdout);
	help_synopsis(stdout, command);
	printf("\n\n%s\n", command->help);
	if (has_options(command)) {
		puts("");
		fault = print_flags(command, false, why);
	}
	print_right(command);
	printf("\nexample: %s\n", command->example);
	return fault;
}

static enum fault
unknown_topic(struct call *call, struct why *why)
{
	bool two = call->word_count > 1;

	call_misuse(call, why, "there is no command %.64s%s%.64s", call->word[0], two ? " " : "",
	    two ? call->word[1] : "");
	why_mend(why, "hexa-admin help");
	return FAULT_INVALID;
}

enum fault
run_help(struct call *call, struct why *why)
{
	const char *noun = call->word_count > 0 ? call->word[0] : NULL;
	const char *verb = call->word_count > 1 ? call->word[1] : NULL;
	bool known = false;

	if (noun == NULL)
		return help_all(why);
	for (size_t i = 0; i < command_count; i++) {
		const struct command *command = &commands[i];

		if (strcmp(command->noun, noun) != 0)
			continue;
		if (verb == NULL ? command->verb == NULL
		                 : command->verb != NULL && strcmp(command->verb, verb) == 0)
			return help_command(command, why);
		known = true;
	}
	return known && verb == NULL ? help_noun(noun, why) : unknown_topic(call, why);
}
