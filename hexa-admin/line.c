/*
 * line.c - taking a command line apart with getopt_long().
 *
 * Which options take a value depends on the command, and the command's words may stand behind
 * options.  So the line is read once for each command, with that command's options, and is the
 * command's whose own words then come first.
 */
#include "hexa-admin/line.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "policy/text.h"

/* One reading of the line, with one command's options. */
struct reading {
	struct call *call;
	struct flags flags;
	struct option *longs;
	struct why problem; /* the first one; fault FAULT_NONE: none */
	bool memory_out;
};

/* The codes of getopt_long() for an option are its place in `flags`, counted from here. */
enum { CODE_FLAG = 256, CODE_WORD = 1, CODE_HELP = 'h' };

static void
problem(struct reading *reading, const struct why *why)
{
	if (reading->problem.fault == FAULT_NONE)
		reading->problem = *why;
}

/* Both the name of a list and that of one of its values. */
static bool
names_field(const struct field *field, const char *word)
{
	size_t size = strlen(word);

	return strncmp(field->name, word, size) == 0 &&
	    (field->name[size] == '\0' || strcmp(field->name + size, "s") == 0);
}

/*
 * What a list's flag is called here: --role where a user is made is --add-role where one is
 * changed.
 */
static const char *
sister_flag(const struct flags *flags, const char *name)
{
	static const char add[] = "add-", remove[] = "remove-";
	enum edit_act act = EDIT_ADD;

	if (strncmp(name, add, strlen(add)) == 0) {
		name += strlen(add);
	} else if (strncmp(name, remove, strlen(remove)) == 0) {
		name += strlen(remove);
		act = EDIT_REMOVE;
	}
	for (size_t i = 0; i < flags->count; i++)
		if (flags->flag[i].act == act && flags->flag[i].field != NULL &&
		    names_field(flags->flag[i].field, name))
			return flags->flag[i].name;
	return NULL;
}

static const char *
nearest_flag(const struct flags *flags, const char *name)
{
	const char **names = calloc(flags->count, sizeof(*names));
	const char *nearest = NULL;

	if (names == NULL)
		return NULL;
	for (size_t i = 0; i < flags->count; i++)
		names[i] = flags->flag[i].name;
	nearest = text_nearest(name, names, flags->count);
	free(names);
	return nearest;
}

/* What stands between the dashes and a `=`. */
static void
option_name(const char *word, char *name, size_t room)
{
	size_t size;

	for (int dashes = 0; dashes < 2 && *word == '-'; dashes++)
		word++;
	size = strcspn(word, "=");
	if (size > room - 1)
		size = room - 1;
	memcpy(name, word, size);
	name[size] = '\0';
}

/* Says the option's name and not its value, which may be a secret that somebody mistyped. */
static void
unknown_option(struct reading *reading, const char *word, const struct flag *meant)
{
	const char *dashes = strncmp(word, "--", 2) == 0 ? "--" : "-";
	const char *nearest;
	char name[64];
	struct why why;

	option_name(word, name, sizeof(name));
	if (strlen(dashes) == 1)
		name[1] = '\0';
	nearest = meant != NULL ? meant->name : sister_flag(&reading->flags, name);
	if (nearest == NULL)
		nearest = nearest_flag(&reading->flags, name);
	if (nearest != NULL)
		why_set(&why, FAULT_INVALID, "unknown option %s%s; did you mean --%s?", dashes,
		    name, nearest);
	else
		why_set(&why, FAULT_INVALID, "unknown option %s%s", dashes, name);
	problem(reading, &why);
}

static struct flag *
flag_named(const struct flags *flags, const char *word)
{
	char name[64];

	option_name(word, name, sizeof(name));
	for (size_t i = 0; i < flags->count; i++)
		if (strcmp(flags->flag[i].name, name) == 0)
			return &flags->flag[i];
	return NULL;
}

/* getopt_long() has said '?' or ':' about this word. */
static void
bad_option(struct reading *reading, int code, const char *word)
{
	const struct flag *flag = strncmp(word, "--", 2) == 0
	    ? flag_named(&reading->flags, word) : NULL;
	struct why why;

	if (flag == NULL) {
		unknown_option(reading, word, NULL);
		return;
	}
	if (code == ':')
		why_set(&why, FAULT_INVALID, "--%s needs a value: %s", flag->name, flag->argument);
	else
		why_set(&why, FAULT_INVALID, "--%s takes no value", flag->name);
	problem(reading, &why);
}

/* `--clear FIELD`: the row that the value names. */
static const struct field *
field_to_clear(struct reading *reading, const char *name)
{
	const struct field *field = field_find(reading->call->command->table, name);
	struct why why;

	if (field != NULL && (field->rights & (F_HIDDEN | F_KEPT)) == 0)
		return field;
	why_set(&why, FAULT_INVALID, "--clear %.64s: there is no such field to clear", name);
	problem(reading, &why);
	return NULL;
}

static void
take_edit(struct reading *reading, const struct flag *flag, const char *value)
{
	struct call *call = reading->call;
	struct edit edit = {flag->act, flag->field, value};

	if (flag->act == EDIT_CLEAR) {
		edit.field = field_to_clear(reading, value);
		edit.value = NULL;
	}
	if (edit.field != NULL)
		call->edit[call->edit_count++] = edit;
}

static void
take_value(struct reading *reading, const struct flag *flag, const char *value)
{
	struct values *values = &reading->call->values[flag->option];
	const char **all = reallocarray(values->value, values->count + 1, sizeof(*all));

	if (all == NULL) {
		reading->memory_out = true;
		return;
	}
	values->value = all;
	all[values->count++] = value;
}

static void
take_option(struct reading *reading, const struct flag *flag, const char *value)
{
	struct why why = {0};

	if (flag->option == OPTION_COUNT) {
		take_edit(reading, flag, value);
		return;
	}
	/* A field may be given as nothing, which empties it; an option may not. */
	if (flag->argument != NULL && *value == '\0')
		why_set(&why, FAULT_INVALID, "--%s needs a value: %s", flag->name, flag->argument);
	else if (flag->argument != NULL && !flag->repeats &&
	    reading->call->option[flag->option] != NULL)
		why_set(&why, FAULT_INVALID, "--%s was given twice", flag->name);
	problem(reading, &why);
	reading->call->option[flag->option] = value == NULL ? "" : value;
	if (flag->repeats)
		take_value(reading, flag, value);
}

/* One step of getopt_long(), which has looked at `word`. */
static void
take(struct reading *reading, int code, const char *word)
{
	struct call *call = reading->call;
	const struct flag *flag;

	if (code == CODE_WORD) {
		call->word[call->word_count++] = optarg;
		return;
	}
	if (code == CODE_HELP) {
		call->option[OPTION_HELP] = "";
		return;
	}
	if (code < CODE_FLAG) {
		bad_option(reading, code, word);
		return;
	}
	flag = &reading->flags.flag[code - CODE_FLAG];
	/* getopt_long() takes any unique beginning of a name; we do not. */
	if (flag_named(&reading->flags, word) != flag)
		unknown_option(reading, word, flag);
	else
		take_option(reading, flag, optarg);
}

static struct option *
longs_of(const struct flags *flags)
{
	struct option *longs = calloc(flags->count + 1, sizeof(*longs));

	for (size_t i = 0; longs != NULL && i < flags->count; i++) {
		longs[i].name = flags->flag[i].name;
		longs[i].has_arg =
		    flags->flag[i].argument != NULL ? required_argument : no_argument;
		longs[i].val = CODE_FLAG + (int)i;
	}
	return longs;
}

/*
 * Reads the line as if it were the command's; what is wrong with it stands in reading->problem.
 * False when memory is out.
 */
static bool
read_as(struct reading *reading, const struct command *command, int argc, char **argv)
{
	struct call *call = reading->call;
	int code, at = 1;

	call->command = command;
	call->word = calloc((size_t)argc + 1, sizeof(*call->word));
	call->edit = calloc((size_t)argc + 1, sizeof(*call->edit));
	if (!flags_of(command, &reading->flags) || call->word == NULL || call->edit == NULL ||
	    (reading->longs = longs_of(&reading->flags)) == NULL)
		return false;
	opterr = 0;
	optind = 0; /* GNU's way to begin anew */
	/* '-': words come in their order and argv stays as it is; ':': we tell a missing value. */
	while ((code = getopt_long(argc, argv, "-:h", reading->longs, NULL)) != -1) {
		take(reading, code, argv[at]);
		at = optind;
	}
	for (int i = optind; i < argc; i++)
		call->word[call->word_count++] = argv[i];
	return !reading->memory_out;
}

static void
reading_clear(struct reading *reading)
{
	flags_clear(&reading->flags);
	free(reading->longs);
	reading->longs = NULL;
}

void
line_clear(struct call *call)
{
	for (int i = 0; i < OPTION_COUNT; i++) {
		free(call->values[i].value);
		call->values[i] = (struct values){0};
	}
	free(call->word);
	free(call->edit);
	call->word = NULL;
	call->edit = NULL;
	call->word_count = call->edit_count = 0;
}

/* How many of the first words are the command's own; 0: it is another command. */
static size_t
own_words(const struct call *call)
{
	const struct command *command = call->command;

	if (call->word_count < 1 || strcmp(call->word[0], command->noun) != 0)
		return 0;
	if (command->verb == NULL)
		return 1;
	return call->word_count > 1 && strcmp(call->word[1], command->verb) == 0 ? 2 : 0;
}

static void
drop_words(struct call *call, size_t count)
{
	call->word_count -= count;
	memmove(call->word, call->word + count, (call->word_count + 1) * sizeof(*call->word));
}

/* What is wrong with the number of words. */
static void
check_words(struct reading *reading)
{
	const struct call *call = reading->call;
	const struct command *command = call->command;
	struct why why;

	if (call->word_count > command->most)
		why_set(&why, FAULT_INVALID, "one argument too many: %.64s",
		    call->word[command->most]);
	else if (call->word_count < command->least)
		why_set(&why, FAULT_INVALID, "an argument is missing");
	else
		return;
	problem(reading, &why);
}

/* How well a line is a command's. */
enum fit { FIT_NONE, FIT_WORDS, FIT_WHOLE };

/* Reads the line as one command's.  With FIT_WORDS *why says what is wrong with the rest of it. */
static enum fault
try_command(const struct command *command, int argc, char **argv, struct call *call,
    enum fit *fit, struct why *why)
{
	struct reading reading = {.call = call};
	size_t own;

	*fit = FIT_NONE;
	if (!read_as(&reading, command, argc, argv)) {
		reading_clear(&reading);
		return why_memory(why);
	}
	own = own_words(call);
	if (own > 0) {
		drop_words(call, own);
		check_words(&reading);
		*fit = reading.problem.fault == FAULT_NONE ? FIT_WHOLE : FIT_WORDS;
		*why = reading.problem;
	}
	reading_clear(&reading);
	return FAULT_NONE;
}

/*
 * Reads the line as each command's.  *call is the one whose line it is; else the first one whose
 * words come first, and *why what is wrong; else call->command is NULL.
 */
static enum fault
find_command(int argc, char **argv, struct call *call, struct why *why)
{
	enum fit best = FIT_NONE;

	for (size_t i = 0; i < command_count && best != FIT_WHOLE; i++) {
		struct call trial = {0};
		struct why problem = {0};
		enum fit fit;
		enum fault fault = try_command(&commands[i], argc, argv, &trial, &fit, &problem);

		if (fault == FAULT_NONE && fit > best) {
			line_clear(call);
			*call = trial;
			*why = problem;
			best = fit;
			continue;
		}
		line_clear(&trial);
		if (fault != FAULT_NONE)
			return why_memory(why);
	}
	return best == FIT_WORDS ? why->fault : FAULT_NONE;
}

/* ---- a line that is no command's ---------------------------------------------------------- */

/* Every noun, or (`noun` not NULL) every verb of one. */
static size_t
names_of(const char *noun, const char **names)
{
	size_t count = 0;

	for (size_t i = 0; i < command_count; i++) {
		const struct command *command = &commands[i];

		if (noun == NULL)
			names[count++] = command->noun;
		else if (strcmp(noun, command->noun) == 0 && command->verb != NULL)
			names[count++] = command->verb;
	}
	return count;
}

/*
 * What other programs call a verb of ours: by the letters alone the nearest is often another, or
 * the opposite.
 */
static const struct {
	const char *said;
	const char *verb;
} synonyms[] = {
	{"lock", "suspend"},
	{"disable", "suspend"},
	{"enable", "resume"},
	{"unsuspend", "resume"},
	{"unrevoke", "restore"},
	{"remove", "delete"},
	{"rm", "delete"},
	{"del", "delete"},
	{"delete", "remove"},
	{"rm", "remove"},
	{"del", "remove"},
	{"mod", "edit"},
	{"modify", "edit"},
	{"create", "add"},
	{"new", "add"},
	{"info", "show"},
	{"get", "show"},
};

/* The verb that somebody means by another; NULL when none of the `count` is near. */
static const char *
verb_meant(const char *said, const char *const *verbs, size_t count)
{
	for (size_t i = 0; i < sizeof(synonyms) / sizeof(synonyms[0]); i++)
		for (size_t j = 0; strcmp(synonyms[i].said, said) == 0 && j < count; j++)
			if (strcmp(verbs[j], synonyms[i].verb) == 0)
				return verbs[j];
	return text_nearest(said, verbs, count);
}

static enum fault
unknown_command(struct call *call, struct why *why)
{
	const char *const word =
	    call->word_count > 0 && *call->word[0] != '\0' ? call->word[0] : NULL;
	const char *const verb = call->word_count > 1 ? call->word[1] : NULL;
	const char **names = calloc(command_count, sizeof(*names));
	const char *nearest;
	size_t count;

	if (names == NULL)
		return why_memory(why);
	count = word == NULL ? 0 : names_of(word, names);
	if (word == NULL) {
		call_misuse(call, why, "which command?");
	} else if (count > 0 && verb == NULL) {
		call_misuse(call, why, "%s: which command?", word);
	} else if (count > 0) {
		nearest = verb_meant(verb, names, count);
		if (nearest == NULL)
			call_misuse(call, why, "unknown command %s %.64s", word, verb);
		else
			call_misuse(call, why, "unknown command %s %.64s; did you mean %s %s?",
			    word, verb, word, nearest);
	} else {
		nearest = text_nearest(word, names, names_of(NULL, names));
		if (nearest == NULL)
			call_misuse(call, why, "unknown command %.64s", word);
		else
			call_misuse(call, why, "unknown command %.64s; did you mean %s?", word,
			    nearest);
	}
	why_mend(why, "hexa-admin help%s%s", count > 0 ? " " : "", count > 0 ? word : "");
	free(names);
	return FAULT_INVALID;
}

/* Makes the line another command's, whose words and edits it keeps. */
static enum fault
turn_to(struct call *call, enum fault (*run)(struct call *call, struct why *why))
{
	for (size_t i = 0; i < command_count; i++)
		if (commands[i].run == run)
			call->command = &commands[i];
	return FAULT_NONE;
}

/* `--help` turns a line into `help` with the words that the line began with. */
static enum fault
turn_to_help(struct call *call)
{
	if (call->command != NULL) {
		call->word[0] = call->command->noun;
		call->word[1] = call->command->verb;
		call->word_count = call->command->verb == NULL ? 1 : 2;
	}
	return turn_to(call, run_help);
}

/* The options of a line that is no command's, and its words, as far as they can be told. */
static enum fault
read_unknown(int argc, char **argv, struct call *call, struct why *why)
{
	struct reading reading = {.call = call};
	enum fault fault;

	if (!read_as(&reading, NULL, argc, argv))
		fault = why_memory(why);
	else if (call_has(call, OPTION_HELP))
		fault = turn_to_help(call);
	else if (call_has(call, OPTION_VERSION))
		fault = turn_to(call, run_version);
	else
		fault = unknown_command(call, why);
	reading_clear(&reading);
	return fault;
}

enum fault
line_read(int argc, char **argv, struct call *call, struct why *why)
{
	enum fault fault = find_command(argc, argv, call, why);

	if (call->command == NULL)
		return fault != FAULT_NONE ? fault : read_unknown(argc, argv, call, why);
	if (call_has(call, OPTION_HELP))
		return turn_to_help(call);
	if (call_has(call, OPTION_VERSION))
		return turn_to(call, run_version);
	call->misused = fault == FAULT_INVALID;
	return fault;
}
