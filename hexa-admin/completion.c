/*
 * completion.c - the command `hexa-admin completion`: what makes a shell complete our commands, and
 * what it then asks.
 *
 * What may stand where is said by the rows of commands and fields; here is only what each of their
 * words for an argument means.
 */
#include "hexa-admin/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/offer.h"
#include "accounts/overview.h"
#include "hexa-admin/presets.h"
#include "hexa-admin/scripts.h"
#include "hexa-admin/typed.h"
#include "policy/user.h"

/* How the shell is to take what is offered. */
enum taking { TAKE_WORDS, TAKE_PARTS, TAKE_FILES, TAKE_FOLDERS };

/* What is being put together for one question. */
struct answer {
	const struct call *call;
	const struct typed *typed;
	const char *last;   /* the word that is typed, whole */
	const char *begun;  /* what of it the offered words begin with */
	enum taking taking;
	struct names words; /* without what stands before `begun` */
	struct names about; /* of each word; "" is nothing */
	struct why *why;
};

typedef enum fault offer(struct answer *answer);

static enum fault
put(struct answer *answer, const char *word, const char *about)
{
	if (strncmp(word, answer->begun, strlen(answer->begun)) != 0 || *word == '\0')
		return FAULT_NONE;
	if (!names_add(&answer->words, word) || !names_add(&answer->about, about))
		return why_memory(answer->why);
	return FAULT_NONE;
}

/* ---- names -------------------------------------------------------------------------------- */

static enum fault
put_names(struct answer *answer, enum offer what)
{
	const char *root = answer->typed->root;
	/* A tree may be of the making of who is behind sudo, with links to what root alone reads. */
	char *folder = root == NULL || answer->call->bound ? NULL : realpath(root, NULL);
	struct offering offering = {
	    .root = folder == NULL ? answer->call->root : strcmp(folder, "/") == 0 ? "" : folder,
	    /* The database that is open is the one of the tree that this command works on. */
	    .admin = root == NULL && answer->call->is_open
	        ? (struct admin *)(uintptr_t)&answer->call->admin : NULL,
	};
	struct names names = {0};
	bool cut = false;
	enum fault fault = FAULT_NONE;

	if (root == NULL || folder != NULL)
		fault = offer_names(&offering, what, answer->begun, &names, &cut, answer->why);
	for (size_t i = 0; fault == FAULT_NONE && i < names.count; i++)
		fault = put(answer, names.item[i], "");
	if (cut)
		answer->taking = TAKE_PARTS;
	names_clear(&names);
	free(folder);
	return fault;
}

static enum fault
users(struct answer *answer)
{
	return put_names(answer, OFFER_USERS);
}

static enum fault
roles(struct answer *answer)
{
	return put_names(answer, OFFER_ROLES);
}

static enum fault
clients(struct answer *answer)
{
	return put_names(answer, OFFER_CLIENTS);
}

static enum fault
sites(struct answer *answer)
{
	return put_names(answer, OFFER_SITES);
}

static enum fault
permissions(struct answer *answer)
{
	return put_names(answer, OFFER_PERMISSIONS);
}

static enum fault
services(struct answer *answer)
{
	return put_names(answer, OFFER_SERVICES);
}

static enum fault
shells(struct answer *answer)
{
	return put_names(answer, OFFER_SHELLS);
}

static enum fault
files(struct answer *answer)
{
	answer->taking = TAKE_FILES;
	return FAULT_NONE;
}

static enum fault
folders(struct answer *answer)
{
	answer->taking = TAKE_FOLDERS;
	return FAULT_NONE;
}

static enum fault
all_presets(struct answer *answer)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < preset_count; i++) {
		char about[PRESET_ABOUT_BYTES];

		preset_about(&presets[i], about);
		fault = put(answer, presets[i].name, about);
	}
	return fault;
}

/* ---- commands ----------------------------------------------------------------------------- */

static enum fault
nouns(struct answer *answer)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < command_count; i++)
		if (!names_have(&answer->words, commands[i].noun))
			fault = put(answer, commands[i].noun,
			    commands[i].verb == NULL ? commands[i].help : "");
	return fault;
}

static enum fault
verbs(struct answer *answer, const char *noun)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < command_count; i++)
		if (strcmp(commands[i].noun, noun) == 0 && commands[i].verb != NULL)
			fault = put(answer, commands[i].verb, commands[i].help);
	return fault;
}

/* As arguments of `help`. */
static enum fault
topics(struct answer *answer)
{
	return answer->typed->nth == 0 ? nouns(answer) : verbs(answer, answer->typed->word[0]);
}

/* ---- fields ------------------------------------------------------------------------------- */

/* What is typed is the part behind `at`: what stands before it stays. */
static void
begin_behind(struct answer *answer, const char *at)
{
	answer->begun = at;
}

static enum fault
put_rows(struct answer *answer, const struct table *table, unsigned refused, const char *end)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < table->count; i++) {
		char word[96];

		snprintf(word, sizeof(word), "%s%s", table->rows[i].name, end);
		if ((table->rows[i].rights & refused) == 0)
			fault = put(answer, word, table->rows[i].help);
	}
	return fault;
}

/* The fields of what is listed, and what is listed of users beside their record. */
static enum fault
put_fields(struct answer *answer, const char *end)
{
	const struct table *table = answer->typed->command->table;
	enum fault fault = put_rows(answer, table, F_HIDDEN, end);

	if (fault == FAULT_NONE && table == &user_table)
		fault = put_rows(answer, &listed_table, F_HIDDEN, end);
	return fault;
}

static enum fault
clearable(struct answer *answer)
{
	return put_rows(answer, answer->typed->command->table, F_HIDDEN | F_KEPT, "");
}

/* FIELD,FIELD…: the last of them. */
static enum fault
columns(struct answer *answer)
{
	const char *comma = strrchr(answer->begun, ',');

	if (comma != NULL)
		begin_behind(answer, comma + 1);
	return put_fields(answer, "");
}

static enum fault
order(struct answer *answer)
{
	return put_fields(answer, strchr(answer->begun, ':') == NULL ? "" : ":desc");
}

static enum fault field_values(struct answer *answer, const struct field *field);

/* FIELD=V */
static enum fault
filter(struct answer *answer)
{
	const char *equals = strchr(answer->begun, '=');
	char name[64];

	if (equals == NULL) {
		answer->taking = TAKE_PARTS;
		return put_fields(answer, "=");
	}
	snprintf(name, sizeof(name), "%.*s", (int)(equals - answer->begun), answer->begun);
	begin_behind(answer, equals + 1);
	return field_values(answer, field_find(answer->typed->command->table, name));
}

/* ---- what words and rows mean ------------------------------------------------------------- */

/* Words that stand in an argument's own name: csv|json. */
static enum fault
alternatives(struct answer *answer, const char *argument)
{
	enum fault fault = FAULT_NONE;

	while (fault == FAULT_NONE && *argument != '\0') {
		char word[64];
		size_t size = strcspn(argument, "|");

		snprintf(word, sizeof(word), "%.*s", (int)size, argument);
		fault = put(answer, word, "");
		argument += size + (argument[size] == '|');
	}
	return fault;
}

static enum fault
field_values(struct answer *answer, const struct field *field)
{
	static offer *const by_kind[] = {
		[K_USER] = users,
		[K_ASSIGNMENTS] = roles,
		[K_GRANTS] = permissions,
		[K_PATTERNS] = permissions,
		[K_SERVICES] = services,
		[K_UUID] = NULL,
	};
	static const struct {
		const char *name;
		offer *offer;
	} by_name[] = {{"client", clients}, {"clients", clients}, {"sites", sites},
	    {"includes", roles}, {"shell", shells}, {"home", folders}};
	enum fault fault = FAULT_NONE;

	if (field == NULL)
		return FAULT_NONE;
	for (size_t i = 0; i < sizeof(by_name) / sizeof(by_name[0]); i++)
		if (strcmp(by_name[i].name, field->name) == 0)
			return by_name[i].offer(answer);
	if (by_kind[field->kind] != NULL)
		return by_kind[field->kind](answer);
	if (field->kind == K_BOOL)
		return alternatives(answer, "yes|no");
	for (size_t i = 0; fault == FAULT_NONE && field->choices != NULL && field->choices[i]; i++)
		fault = put(answer, field->choices[i], "");
	return fault;
}

static enum fault
option_value(struct answer *answer, const struct flag *flag)
{
	static offer *const by_option[OPTION_COUNT] = {
		[OPTION_ROOT] = folders,
		[OPTION_AS] = users,
		[OPTION_USER] = users,
		[OPTION_ACTOR] = users,
		[OPTION_SERVICE] = services,
		[OPTION_CLIENT] = clients,
		[OPTION_SITE] = sites,
		[OPTION_ROLE] = roles,
		[OPTION_PRESET] = all_presets,
		[OPTION_COLUMNS] = columns,
		[OPTION_SORT] = order,
		[OPTION_FILTER] = filter,
	};
	const struct command *command = answer->typed->command;

	if (flag == NULL)
		return FAULT_NONE;
	if (flag->act == EDIT_CLEAR)
		return clearable(answer);
	if (flag->option == OPTION_COUNT)
		return field_values(answer, flag->field);
	if (strchr(flag->argument, '|') != NULL)
		return alternatives(answer, flag->argument);
	/* `activity list` has columns of its own, and no table of them. */
	if (by_option[flag->option] == NULL ||
	    (flag->option == OPTION_COLUMNS && command->table == NULL))
		return FAULT_NONE;
	return by_option[flag->option](answer);
}

/* NAME is that of a record of the noun's, unless the command is about to make it. */
static enum fault
names_of_noun(struct answer *answer)
{
	static const struct {
		const char *noun;
		offer *offer;
	} by_noun[] = {{"user", users}, {"role", roles}, {"client", clients}, {"site", sites},
	    {"policy", all_presets}};
	const struct command *command = answer->typed->command;

	if (command->use == USE_CREATE || command->run == run_user_adopt)
		return FAULT_NONE;
	for (size_t i = 0; i < sizeof(by_noun) / sizeof(by_noun[0]); i++)
		if (strcmp(by_noun[i].noun, command->noun) == 0)
			return by_noun[i].offer(answer);
	return FAULT_NONE;
}

static enum fault
argument_named(struct answer *answer, const char *name)
{
	static const struct {
		const char *name;
		offer *offer;
	} by_name[] = {{"USER", users}, {"OLD", users}, {"NAME", names_of_noun}, {"FILE", files},
	    {"PERMISSION", permissions}, {"COMMAND", topics}};

	for (size_t i = 0; i < sizeof(by_name) / sizeof(by_name[0]); i++)
		if (strcmp(by_name[i].name, name) == 0)
			return by_name[i].offer(answer);
	return strchr(name, '|') == NULL ? FAULT_NONE : alternatives(answer, name);
}

/* ---- arguments ---------------------------------------------------------------------------- */

/*
 * Copies the word at `nth` of what a row says of its arguments, without brackets, or the last one.
 */
static void
argument_at(const char *arguments, size_t nth, char word[64])
{
	static const char more[] = "…";

	word[0] = '\0';
	for (size_t i = 0; arguments != NULL && i <= nth; i++) {
		size_t size;

		arguments += strspn(arguments, " []");
		size = strcspn(arguments, " ]");
		if (size > 0)
			snprintf(word, 64, "%.*s", (int)size, arguments);
		arguments += size;
	}
	if (strstr(word, more) != NULL)
		*strstr(word, more) = '\0';
}

/* `[list | add FILE | remove FINGERPRINT]`: what begins each, and what then follows. */
static enum fault
branches(struct answer *answer, const char *arguments)
{
	const struct typed *typed = answer->typed;
	enum fault fault = FAULT_NONE;

	while (fault == FAULT_NONE && arguments != NULL) {
		const char *bar = strstr(arguments, " | ");
		char branch[128], first[64], second[64];

		snprintf(branch, sizeof(branch), "%.*s",
		    bar == NULL ? (int)strlen(arguments) : (int)(bar - arguments), arguments);
		argument_at(branch, 0, first);
		argument_at(branch, 1, second);
		if (typed->nth == 0)
			fault = put(answer, first, "");
		else if (typed->nth == 1 && strcmp(typed->word[0], first) == 0)
			fault = argument_named(answer, second);
		arguments = bar == NULL ? NULL : bar + 3;
	}
	return fault;
}

static enum fault
flags(struct answer *answer, bool global)
{
	const struct typed *typed = answer->typed;
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < typed->flags.count; i++) {
		const struct flag *flag = &typed->flags.flag[i];
		char word[72];

		snprintf(word, sizeof(word), "--%s", flag->name);
		if (!flag->unlisted && (global || flag->option >= OPTION_GLOBAL_COUNT))
			fault = put(answer, word, flag->help);
	}
	return fault;
}

static enum fault
argument(struct answer *answer)
{
	const struct typed *typed = answer->typed;
	const char *arguments = typed->command->arguments;
	char name[64];
	enum fault fault = FAULT_NONE;

	argument_at(arguments, typed->nth, name);
	if (arguments != NULL && strstr(arguments, " | ") != NULL)
		fault = branches(answer, arguments);
	else if (typed->nth < typed->command->most)
		fault = argument_named(answer, name);
	/* Where nothing more need stand, or a name that only they know, options are left. */
	if (fault == FAULT_NONE && answer->words.count == 0 && answer->taking == TAKE_WORDS &&
	    *answer->begun == '\0' && !typed->ended)
		fault = flags(answer, false);
	return fault;
}

/* ---- answering ---------------------------------------------------------------------------- */

static enum fault
find_words(struct answer *answer)
{
	const struct typed *typed = answer->typed;

	switch (typed->place) {
	case TYPED_NOUN:
		return nouns(answer);
	case TYPED_VERB:
		return verbs(answer, typed->noun);
	case TYPED_OPTION:
		return flags(answer, true);
	case TYPED_VALUE:
		return option_value(answer, typed->flag);
	case TYPED_ARGUMENT:
		return argument(answer);
	}
	return FAULT_NONE;
}

/* zsh divides a word from what it means at a colon. */
static void
print_word(const char *text, bool colons)
{
	for (; *text != '\0'; text++) {
		if (*text == ':' && colons)
			putchar('\\');
		putchar(*text);
	}
}

static bool
start_is_plain(const char *start)
{
	char text[256];
	size_t size = 0;

	for (; *start != '\0'; start++)
		if (*start != '=' && *start != ',')
			text[size++] = *start;
	text[size] = '\0';
	return offer_is_plain(text);
}

static void
print_answer(const struct answer *answer, const char *shell)
{
	static const char *const takings[] = {"words", "parts", "files", "folders"};
	bool zsh = strcmp(shell, "zsh") == 0, bash = strcmp(shell, "bash") == 0;
	char start[256];

	snprintf(start, sizeof(start), "%.*s", (int)(answer->begun - answer->last), answer->last);
	puts(takings[answer->taking]);
	/* Before a value stand options, fields and commas; in what else does, no shell agrees. */
	for (size_t i = 0; start_is_plain(start) && i < answer->words.count; i++) {
		print_word(start, zsh);
		print_word(answer->words.item[i], zsh);
		if (!bash && *answer->about.item[i] != '\0')
			printf("%s%s", zsh ? ":" : "\t", answer->about.item[i]);
		putchar('\n');
	}
}

static enum fault
answer_shell(struct call *call, struct why *why)
{
	const char *const *words = call->word + 1;
	size_t count = call->word_count - 1;
	struct typed typed;
	struct answer answer = {.call = call, .typed = &typed, .last = words[count - 1],
	    .why = why};
	enum fault fault = typed_read(words, count, &typed) ? FAULT_NONE : why_memory(why);

	answer.begun = typed.begun;
	if (fault == FAULT_NONE)
		fault = find_words(&answer);
	if (fault == FAULT_NONE)
		print_answer(&answer, call->word[0]);
	names_clear(&answer.words);
	names_clear(&answer.about);
	typed_clear(&typed);
	return fault;
}

enum fault
run_completion(struct call *call, struct why *why)
{
	for (size_t i = 0; i < script_count; i++) {
		if (strcmp(scripts[i].name, call->word[0]) != 0)
			continue;
		if (call->word_count > 1)
			return answer_shell(call, why);
		fwrite(scripts[i].text, 1, scripts[i].size, stdout);
		return FAULT_NONE;
	}
	return call_misuse(call, why, "there is no completion for %.64s: bash, zsh or fish",
	    call->word[0]);
}
