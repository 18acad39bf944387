/*
 * manual.c - fills a manual's lists in from the tables, so that no page says otherwise than the
 * program:
 *
 *   manual PAGE > FILLED
 *
 * prints PAGE, mdoc(7), with the entries of a list in the place of each line
 *
 *   .\" fields: NOUN VERB…   fields that may be set; NOUN is a record's, and each VERB a command
 *                            that takes its fields: add, edit
 *   .\" commands             all of them, each in a sentence
 *   .\" keys: NOUN           what a policy states of a permission or a role
 *   .\" settings: SECTION    the settings that stand in a section of a policy
 *   .\" permissions          the built-in ones
 *   .\" limits               how much one policy may state
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hexa-admin/command.h"
#include "hexa-admin/line.h"
#include "policy/attachment.h"
#include "policy/client.h"
#include "policy/document_parts.h"
#include "policy/role.h"
#include "policy/test.h"
#include "policy/user.h"

static const struct table *const tables[] = {&user_table, &role_table, &permission_table,
    &client_table, &site_table, &attachment_table};

static const struct {
	const char *verb;
	enum use use;
} verbs[] = {{"add", USE_CREATE}, {"edit", USE_EDIT}};

enum { VERBS = sizeof(verbs) / sizeof(verbs[0]), LINE_BYTES = 512, TEXT_COLUMNS = 78 };

/* Which verbs a line of the page names, as a set. */
struct place {
	const struct table *table;
	bool has[VERBS];
};

/* ---- text -------------------------------------------------------------------------------- */

/* A word as it is to be read: a backslash is no escape, and a line begins no macro. */
static void
put_word(const char *word, size_t size, size_t *column)
{
	if (*column > 0 && *column + 1 + size > TEXT_COLUMNS) {
		putchar('\n');
		*column = 0;
	}
	if (*column > 0)
		putchar(' ');
	else if (*word == '.' || *word == '\'')
		fputs("\\&", stdout);
	*column += size + (*column > 0);
	for (size_t i = 0; i < size; i++)
		fputs(word[i] == '\\' ? "\\e" : (char[]){word[i], '\0'}, stdout);
}

/* A sentence made of a row's help: with a capital, and a full stop. */
static void
put_sentence(const char *help)
{
	char text[LINE_BYTES];
	size_t column = 0;

	snprintf(text, sizeof(text), "%s.", help);
	if (text[0] >= 'a' && text[0] <= 'z')
		text[0] = (char)(text[0] - 'a' + 'A');
	for (const char *word = text; *word != '\0';) {
		size_t size = strcspn(word, " ");

		put_word(word, size, &column);
		word += size + strspn(word + size, " ");
	}
	putchar('\n');
}

static void
put_choices(const struct field *field)
{
	const char *const *choices = field->choices;

	if (choices == NULL)
		return;
	puts(field_is_list(field) ? "Some of" : "One of");
	for (size_t i = 0; choices[i] != NULL; i++)
		printf(".Li %s%s\n", choices[i],
		    choices[i + 1] == NULL ? " ." : choices[i + 2] == NULL ? "\nor" : " ,");
}

/* ---- entries ------------------------------------------------------------------------------ */

/* Appends the option to an entry's first line, unless it stands there. */
static bool
put_flag(const struct flag *flag, const struct flag *const *before, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(before[i]->name, flag->name) == 0)
			return false;
	printf("%s Fl -%s", count == 0 ? ".It" : " ,", flag->name);
	if (flag->argument != NULL)
		printf(" Ar %s", flag->argument);
	return true;
}

static void
put_rest(const struct table *table, const struct field *field, const struct place *place)
{
	put_sentence(field->help);
	put_choices(field);
	if ((field->rights & F_UNIQUE) != 0)
		printf("No two %ss share it.\n", table->noun);
	if ((field->rights & (F_REQUIRED | F_ASKED)) != 0)
		puts("Required with\n.Cm add .");
	if ((field->rights & F_FIXED) != 0 && place->has[1])
		puts("It is set once.");
	if (table == &user_table && (field->rights & (F_NOT_SELF | F_FIXED)) == 0)
		puts("Also an option of\n.Cm self edit .");
}

static void
put_field(const struct place *place, const struct field *field, const struct flags *flags)
{
	const struct flag *shown[VERBS * 2];
	size_t count = 0;

	for (size_t i = 0; i < VERBS; i++) {
		for (size_t j = 0; place->has[i] && j < flags[i].count; j++) {
			const struct flag *flag = &flags[i].flag[j];

			if (flag->field == field && put_flag(flag, shown, count))
				shown[count++] = flag;
		}
	}
	if (count == 0)
		return;
	putchar('\n');
	put_rest(place->table, field, place);
}

static bool
put_fields(const struct place *place)
{
	struct flags flags[VERBS] = {{0}};
	bool good = true;

	for (size_t i = 0; good && i < VERBS; i++) {
		const struct command command = {.table = place->table, .use = verbs[i].use};

		good = flags_of(&command, &flags[i]);
	}
	for (size_t i = 0; good && i < place->table->count; i++)
		put_field(place, &place->table->rows[i], flags);
	for (size_t i = 0; i < VERBS; i++)
		flags_clear(&flags[i]);
	return good;
}

/* ---- a policy's keys ---------------------------------------------------------------------- */

/* What stands behind a key of this kind. */
static const char *const values[] = {
	[K_TEXT] = "TEXT",
	[K_GROUP] = "NAME",
	[K_WORD] = "NAME",
	[K_EMAIL] = "EMAIL",
	[K_PATH] = "PATH",
	[K_NUMBER] = "N",
	[K_BOOL] = "yes|no",
	[K_CHOICE] = "WORD",
	[K_LOGINS] = "NAME",
	[K_PATTERNS] = "PERMISSION",
	[K_WORDS] = "ROLE",
	[K_SERVICES] = "SERVICE",
	[K_CHOICES] = "TYPE",
	[K_RANGES] = "FIRST-LAST",
	[K_HOME] = "PATH",
	[K_DURATION] = "TIME",
	[K_SIZE] = "SIZE",
	[K_UUID] = NULL,
};

/* A number as the document has it: 8MiB, 15m.  NULL: the kind has none, or memory is out. */
static char *
number_text(const struct table *table, const struct field *field, uint64_t number)
{
	char *record = calloc(1, table->size), *text = NULL;
	uint32_t small = (uint32_t)number;

	if (record != NULL && (field->kind == K_NUMBER || field->kind == K_DURATION))
		memcpy(record + field->offset, &small, sizeof(small));
	else if (record != NULL && field->kind == K_SIZE)
		memcpy(record + field->offset, &number, sizeof(number));
	if (record != NULL && number != 0)
		text = field_text(field, record);
	free(record);
	return text;
}

static void
put_limits_of(const struct table *table, const struct field *field)
{
	char *least = number_text(table, field, field->min);
	bool number = field->kind == K_NUMBER || field->kind == K_DURATION || field->kind == K_SIZE;
	char *most = number ? number_text(table, field, field->max) : NULL;

	if (least != NULL && *least != '\0' && most != NULL)
		printf("From %s to %s.\n", least, most);
	else if (most != NULL && field->max < INT32_MAX)
		printf("At most %s.\n", most);
	if (field->kind == K_TEXT)
		printf("At most %zu bytes.\n", field->max);
	if (field_is_list(field) && field->choices == NULL)
		printf("At most %zu of them.\n", field->max_count);
	free(least);
	free(most);
}

/* `record`: what holds where nothing is said; NULL: nothing does. */
static void
put_key(const struct table *table, const struct field *field, const void *record)
{
	const char *dot = strrchr(field->name, '.');
	bool list = field_is_list(field);
	char *text = record == NULL ? NULL : field_text(field, record);

	printf(".It Cm %s %sAr %s%s\n", dot == NULL ? field->name : dot + 1, list ? "Bo " : "",
	    values[field->kind], list ? " , No ... Bc" : "");
	put_sentence(field->help);
	put_choices(field);
	put_limits_of(table, field);
	if (text != NULL && *text != '\0')
		printf("Left out:\n.Li %s .\n", text);
	free(text);
}

static bool
put_keys(char *words)
{
	const char *noun = strtok(words, " \n");
	const struct table *table = NULL;

	for (size_t i = 0; noun != NULL && i < sizeof(tables) / sizeof(tables[0]); i++)
		if (strcmp(tables[i]->noun, noun) == 0)
			table = tables[i];
	for (size_t i = 0; table != NULL && i < table->count; i++)
		if (document_states(table, &table->rows[i]))
			put_key(table, &table->rows[i], NULL);
	return table != NULL;
}

/* How many settings the page has told of: it leaves none out. */
static size_t settings_put;

static bool
put_settings(char *words)
{
	const char *section = strtok(words, " \n");
	size_t size = section == NULL ? 0 : strlen(section);
	struct settings settings = {0};
	bool any = false;

	if (size == 0 || settings_default(&settings, NULL) != FAULT_NONE)
		return false;
	for (size_t i = 0; i < settings_table.count; i++) {
		const struct field *field = &settings_table.rows[i];

		if (strncmp(field->name, section, size) != 0 || field->name[size] != '.' ||
		    strchr(field->name + size + 1, '.') != NULL)
			continue;
		put_key(&settings_table, field, &settings);
		settings_put++;
		any = true;
	}
	settings_clear(&settings);
	return any;
}

static bool
put_permissions(char *words)
{
	struct rules rules = {0};
	bool good = rules_add_builtin(&rules, NULL) == FAULT_NONE;

	(void)words;
	for (size_t i = 0; good && i < rules.count; i++) {
		printf(".It Li %s\n", rules.permission[i].name);
		put_sentence(rules.permission[i].title);
	}
	rules_clear(&rules);
	return good;
}

static bool
put_limits(char *words)
{
	static const struct {
		long most;
		const char *what;
	} limits[] = {
		{DOCUMENT_MAX >> 20, "MiB of text"},
		{DOCUMENT_RECORDS_MAX, "permissions"},
		{DOCUMENT_RECORDS_MAX, "roles"},
		{SERVICES_NAMED_MAX, "services that all permissions name together"},
		{GROUPS_NAMED_MAX, "Unix groups that they name together"},
		{INCLUDE_DEPTH_MAX, "roles that include one another, one below the other"},
		{LADDER_ROLES_MAX, "roles of one ladder"},
		{COMPILED_MAX, "permissions that all roles come to carry together"},
		{CONSTRAINTS_MAX, "constraints"},
		{CONSTRAINT_ROLES_MAX, "roles of one constraint"},
		{CONSTRAINED_ROLES_MAX, "roles that all constraints name together"},
		{TESTS_MAX, "tests"},
		{TEST_BYTES, "bytes of one test"},
		{WORD_BYTES, "bytes of the name of a role or a permission"},
		{SERVICE_BYTES, "bytes of the name of a service"},
		{LOGIN_NAME_BYTES, "bytes of the name of a Unix group"},
	};

	(void)words;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		printf(".It %ld\n%s\n", limits[i].most, limits[i].what);
	return true;
}

/* ---- the page ----------------------------------------------------------------------------- */

static bool
read_place(char *words, struct place *place)
{
	char *rest = NULL;
	const char *noun = strtok_r(words, " \n", &rest), *verb;

	for (size_t i = 0; noun != NULL && i < sizeof(tables) / sizeof(tables[0]); i++)
		if (strcmp(tables[i]->noun, noun) == 0)
			place->table = tables[i];
	if (place->table == NULL)
		return false;
	while ((verb = strtok_r(NULL, " \n", &rest)) != NULL) {
		size_t i = 0;

		while (i < VERBS && strcmp(verbs[i].verb, verb) != 0)
			i++;
		if (i == VERBS)
			return false;
		place->has[i] = true;
	}
	return true;
}

static bool
put_fields_of(char *words)
{
	struct place place = {0};

	return read_place(words, &place) && put_fields(&place);
}

/* Each command as `help` has it; what it takes and does in full stands under its subject. */
static bool
put_commands(char *words)
{
	(void)words;
	for (size_t i = 0; i < command_count; i++) {
		const struct command *command = &commands[i];

		printf(".It Ic %s%s%s", command->noun, command->verb == NULL ? "" : " ",
		    command->verb == NULL ? "" : command->verb);
		if (command->arguments != NULL)
			printf(" Ar %s\\&", command->arguments); /* which ends with no delimiter */
		putchar('\n');
		put_sentence(command->help);
	}
	return command_count > 0;
}

static const struct {
	const char *mark;
	bool (*put)(char *words);
} lists[] = {
	{".\\\" commands\n", put_commands},
	{".\\\" fields:", put_fields_of},
	{".\\\" keys:", put_keys},
	{".\\\" settings:", put_settings},
	{".\\\" permissions\n", put_permissions},
	{".\\\" limits\n", put_limits},
};

/* Prints the list that the line stands for; *is_list: it does. */
static bool
put_list(char *line, bool *is_list)
{
	*is_list = false;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (strncmp(line, lists[i].mark, strlen(lists[i].mark)) == 0) {
			*is_list = true;
			return lists[i].put(line + strlen(lists[i].mark));
		}
	}
	return true;
}

static bool
fill(FILE *page, const char *name)
{
	char line[LINE_BYTES], words[LINE_BYTES];
	bool is_list;

	while (fgets(line, sizeof(line), page) != NULL) {
		memcpy(words, line, sizeof(words));
		if (!put_list(words, &is_list)) {
			fprintf(stderr, "%s: nothing to fill in for %s", name, line);
			return false;
		}
		if (!is_list)
			fputs(line, stdout);
	}
	if (settings_put != 0 && settings_put != settings_table.count) {
		fprintf(stderr, "%s: a section of the settings is left out\n", name);
		return false;
	}
	return !ferror(page) && fflush(stdout) == 0;
}

int
main(int argc, char **argv)
{
	FILE *page = argc == 2 ? fopen(argv[1], "re") : NULL;
	bool good;

	if (page == NULL) {
		fprintf(stderr, "usage: manual PAGE > FILLED\n");
		return 2;
	}
	good = fill(page, argv[1]);
	fclose(page);
	return good ? 0 : 1;
}
