/*
 * manual.c - fills a manual's list of fields in from the tables, so that no page says otherwise
 * than the program:
 *
 *   manual PAGE > FILLED
 *
 * prints PAGE, mdoc(7), with an entry for each field that may be set in the place of each line
 *
 *   .\" fields: NOUN VERB…
 *
 * NOUN is a record's, and each VERB a command that takes its fields: add, edit.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hexa-admin/line.h"
#include "policy/attachment.h"
#include "policy/client.h"
#include "policy/role.h"
#include "policy/user.h"

static const struct table *const tables[] = {
    &user_table, &role_table, &client_table, &site_table, &attachment_table};

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
fill(FILE *page, const char *name)
{
	static const char mark[] = ".\\\" fields:";
	char line[LINE_BYTES];

	while (fgets(line, sizeof(line), page) != NULL) {
		struct place place = {0};

		if (strncmp(line, mark, sizeof(mark) - 1) != 0) {
			fputs(line, stdout);
		} else if (!read_place(line + sizeof(mark) - 1, &place) || !put_fields(&place)) {
			fprintf(stderr, "%s: no fields for%s", name, line + sizeof(mark) - 1);
			return false;
		}
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
