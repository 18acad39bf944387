/*
 * document_place.c - where a word of a policy's text stands.  No place is kept from reading: a word
 * is looked up in the text only once something is to be said of it.
 */
#include "policy/document_place.h"

#include <string.h>

#include "policy/document.h"
#include "policy/yaml.h"

/* In the list or map that *within, the last item, began. */
static bool
follow(struct yaml *yaml, const struct item *within, const struct step *path, struct place *place)
{
	size_t left = path->nth;
	struct item item;

	if (within->kind != ITEM_LIST && within->kind != ITEM_MAP)
		return false;
	while (yaml_next(yaml, &item, NULL) == FAULT_NONE && item.kind != ITEM_END) {
		bool fits = path->text == NULL ||
		    (item.kind == ITEM_TEXT && strcmp(item.text, path->text) == 0);
		bool here = fits && --left == 0;

		if (here && path[1].nth == 0) {
			*place = item.place;
			return true;
		}
		if (within->kind == ITEM_MAP && (yaml_skip(yaml, &item, NULL) != FAULT_NONE ||
		    yaml_next(yaml, &item, NULL) != FAULT_NONE))
			return false;
		if (here)
			return follow(yaml, &item, path + 1, place);
		if (yaml_skip(yaml, &item, NULL) != FAULT_NONE)
			return false;
	}
	return false;
}

/* The place, said as yaml_refuse() says it.  False when it is not found. */
static bool
find(const char *text, size_t size, const struct step *path, const char *words, struct why *why)
{
	struct yaml *yaml = NULL;
	struct item whole;
	struct place place;
	bool found;

	if (path->nth == 0 || yaml_open(text, size, size, &yaml, NULL) != FAULT_NONE)
		return false;
	found = yaml_next(yaml, &whole, NULL) == FAULT_NONE && follow(yaml, &whole, path, &place);
	if (found)
		yaml_refuse(yaml, place, why, "%s", words);
	yaml_close(yaml);
	return found;
}

enum fault
place_refuse(const char *yaml, size_t size, const struct step *path, const char *words,
    struct why *why)
{
	struct step part[STEPS_MAX] = {{NULL, 0}};
	size_t count = 0;

	for (; count < STEPS_MAX - 1 && path[count].nth > 0; count++)
		part[count] = path[count];
	for (; count > 0; part[--count].nth = 0)
		if (find(yaml, size, part, words, why))
			return FAULT_INVALID;
	return why_set(why, FAULT_INVALID, "%s", words);
}

bool
document_place(const char *yaml, size_t size, const char *const *path, unsigned *line,
    unsigned *column)
{
	struct step steps[STEPS_MAX] = {{NULL, 0}};
	struct why why = {0};
	size_t count = 0;

	for (; path[count] != NULL; count++) {
		if (count == STEPS_MAX - 1)
			return false;
		steps[count] = (struct step){path[count], 1};
	}
	if (!find(yaml, size, steps, "", &why))
		return false;
	*line = why.line;
	*column = why.column;
	return true;
}

unsigned
document_line(const char *yaml, size_t size, const char *const *path)
{
	unsigned line, column;

	return document_place(yaml, size, path, &line, &column) ? line : 0;
}
