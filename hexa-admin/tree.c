/*
 * tree.c - printing where permissions come from, and how they hang together.
 */
#include "hexa-admin/tree.h"

#include <stdlib.h>
#include <string.h>

#include "hexa-admin/grid.h"

enum { C_NAME, C_TITLE, C_NOTE };

static const char *
or_empty(const char *text)
{
	return text == NULL ? "" : text;
}

/* What is to be said of a place besides its name and title. */
static char *
note_of(const struct origin *origin)
{
	struct bytes note = {0};

	bytes_print(&note, "%s", or_empty(origin->note));
	if (origin->is_disabled)
		bytes_print(&note, "%sdisabled", note.size == 0 ? "" : ", ");
	if (origin->is_repeated)
		bytes_print(&note, "%sas above", note.size == 0 ? "" : ", ");
	return bytes_take_text(&note);
}

/* A title that says nothing new is left out. */
static const char *
title_of(const struct origin *origin)
{
	const char *title = or_empty(origin->title);

	return strcmp(title, or_empty(origin->name)) == 0 ? "" : title;
}

/* The inner words of permissions' names are no permissions, and have no title. */
static const char *
kind_of(const struct origin *origin)
{
	if (origin->is_role)
		return "role";
	return *or_empty(origin->title) == '\0' ? "word" : "permission";
}

static bool
put_origin(struct grid *grid, const struct origin *origin)
{
	char *note = note_of(origin);
	bool good = note != NULL && grid_branch(grid, origin->depth) &&
	    grid_cell(grid, C_NAME, or_empty(origin->name)) &&
	    grid_cell(grid, C_TITLE, title_of(origin)) && grid_cell(grid, C_NOTE, note);

	free(note);
	return good;
}

enum fault
tree_print(const struct origins *tree, struct why *why)
{
	struct grid *grid = grid_open(false);
	bool good = grid != NULL && grid_column(grid, "name", GRID_TREE) &&
	    grid_column(grid, "title", GRID_SHORT) && grid_column(grid, "note", GRID_SHORT);
	enum fault fault;

	for (size_t i = 0; good && i < tree->count; i++)
		good = put_origin(grid, &tree->origin[i]);
	fault = good ? grid_print(grid, why) : why_memory(why);
	grid_close(grid);
	return fault;
}

struct json *
tree_json(const struct origins *tree, size_t *at, unsigned depth, const char *key)
{
	struct json *list = json_list();

	while (*at < tree->count && tree->origin[*at].depth == depth) {
		const struct origin *origin = &tree->origin[(*at)++];
		struct json *map = json_map();

		json_put_text(map, "name", or_empty(origin->name));
		json_put_text(map, "kind", kind_of(origin));
		json_put_word(map, "title", origin->title);
		json_put_word(map, "note", origin->note);
		json_put_bool(map, "disabled", origin->is_disabled);
		json_put_bool(map, "repeated", origin->is_repeated);
		json_put(map, key, tree_json(tree, at, depth + 1, key));
		json_add(list, map);
	}
	return list;
}
