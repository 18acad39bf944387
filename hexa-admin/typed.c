/*
 * typed.c - an unfinished line, taken apart.
 *
 * Which options have values depends on the command, and the command may stand behind options: so
 * the line is gone through twice, at first with the options of all commands.
 */
#include "hexa-admin/typed.h"

#include <stdlib.h>
#include <string.h>

/* The option that a word names; NULL: it is none.  *size is that of its name. */
static const struct flag *
flag_of(const struct flags *flags, const char *word, size_t *size)
{
	if (strncmp(word, "--", 2) != 0)
		return NULL;
	*size = strcspn(word + 2, "=");
	for (size_t i = 0; i < flags->count; i++)
		if (strlen(flags->flag[i].name) == *size &&
		    strncmp(flags->flag[i].name, word + 2, *size) == 0)
			return &flags->flag[i];
	return NULL;
}

/* Has the option a value in some command?  Where there are both, as of --clear, most have. */
static bool
takes_value_somewhere(const char *word, bool *takes)
{
	size_t size;

	for (size_t i = 0; i < command_count; i++) {
		struct flags flags = {0};
		const struct flag *flag;

		if (!flags_of(&commands[i], &flags))
			return false;
		flag = flag_of(&flags, word, &size);
		if (flag != NULL && flag->argument != NULL)
			*takes = true;
		flags_clear(&flags);
		if (*takes)
			break;
	}
	return true;
}

/* ---- one way through the line ------------------------------------------------------------- */

/* What a way through all words but the last has found. */
struct way {
	size_t count;             /* of words that are no options, in typed->all */
	const struct flag *waits; /* the last word but one, which wants a value */
	bool value;               /* the last word is a value, of whichever option */
};

/* Takes one word that may be an option; *value: the next one is its value.  False: no memory. */
static bool
take_option(struct typed *typed, const char *word, struct way *way)
{
	size_t size;

	way->waits = NULL;
	way->value = false;
	if (strchr(word, '=') != NULL)
		return true;
	if (typed->command == NULL)
		return takes_value_somewhere(word, &way->value);
	way->waits = flag_of(&typed->flags, word, &size);
	if (way->waits != NULL && way->waits->argument == NULL)
		way->waits = NULL;
	way->value = way->waits != NULL;
	return true;
}

static bool
go_through(struct typed *typed, const char *const *words, size_t count, struct way *way)
{
	*way = (struct way){0};
	typed->ended = false;
	for (size_t i = 0; i + 1 < count; i++) {
		if (way->value) {
			way->value = false;
			way->waits = NULL;
		} else if (typed->ended || words[i][0] != '-' || words[i][1] == '\0') {
			typed->all[way->count++] = words[i];
		} else if (strcmp(words[i], "--") == 0) {
			typed->ended = true;
		} else if (!take_option(typed, words[i], way)) {
			return false;
		}
	}
	return true;
}

/* ---- the command -------------------------------------------------------------------------- */

static void
find_command(struct typed *typed, size_t count)
{
	const char *noun = count > 0 ? typed->all[0] : NULL;
	const char *verb = count > 1 ? typed->all[1] : NULL;

	typed->noun = noun;
	for (size_t i = 0; noun != NULL && i < command_count; i++) {
		const struct command *command = &commands[i];

		if (strcmp(command->noun, noun) != 0)
			continue;
		if (command->verb == NULL ||
		    (verb != NULL && strcmp(command->verb, verb) == 0))
			typed->command = command;
	}
}

/* The value of --root, wherever it stands; the last one counts. */
static void
find_root(struct typed *typed, const char *const *words, size_t count)
{
	static const char name[] = "--root";

	for (size_t i = 0; i + 1 < count && strcmp(words[i], "--") != 0; i++) {
		if (strcmp(words[i], name) == 0 && i + 2 < count)
			typed->root = words[i + 1];
		else if (strncmp(words[i], "--root=", sizeof(name)) == 0)
			typed->root = words[i] + sizeof(name);
	}
}

/* ---- the last word ------------------------------------------------------------------------ */

static void
place_word(struct typed *typed, const char *last, const struct way *way)
{
	size_t own = typed->command == NULL || typed->command->verb == NULL ? 1 : 2, size;
	const struct flag *flag = typed->ended ? NULL : flag_of(&typed->flags, last, &size);

	typed->begun = last;
	typed->word = typed->all + own;
	if (way->value) {
		typed->place = TYPED_VALUE;
		typed->flag = way->waits;
	} else if (flag != NULL && flag->argument != NULL && last[2 + size] == '=') {
		typed->place = TYPED_VALUE;
		typed->flag = flag;
		typed->begun = last + 2 + size + 1;
	} else if (!typed->ended && last[0] == '-') {
		typed->place = TYPED_OPTION;
	} else if (typed->command != NULL && way->count >= own) {
		typed->place = TYPED_ARGUMENT;
		typed->nth = way->count - own;
	} else if (way->count < 2) {
		typed->place = way->count == 0 ? TYPED_NOUN : TYPED_VERB;
	} else {
		typed->place = TYPED_VALUE; /* of a command that there is not */
	}
}

bool
typed_read(const char *const *words, size_t count, struct typed *typed)
{
	struct way way;

	*typed = (struct typed){0};
	typed->all = calloc(count + 2, sizeof(*typed->all));
	if (typed->all == NULL || !go_through(typed, words, count, &way))
		return false;
	find_command(typed, way.count);
	if (!flags_of(typed->command, &typed->flags))
		return false;
	if (typed->command != NULL && !go_through(typed, words, count, &way))
		return false;
	/* While the command is not known the option may be a global one. */
	if (typed->command == NULL && way.value) {
		size_t size;

		way.waits = flag_of(&typed->flags, words[count - 2], &size);
	}
	find_root(typed, words, count);
	place_word(typed, words[count - 1], &way);
	return true;
}

bool
typed_has(const char *const *words, size_t count, const struct flag *flag)
{
	const struct flags one = {.flag = (struct flag *)(uintptr_t)flag, .count = 1};
	size_t size;

	for (size_t i = 0; i + 1 < count; i++)
		if (flag_of(&one, words[i], &size) != NULL)
			return true;
	return false;
}

void
typed_clear(struct typed *typed)
{
	flags_clear(&typed->flags);
	free(typed->all);
	typed->all = NULL;
}
