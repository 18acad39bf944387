/*
 * presets.c - the policies that come with Hexa, and `hexa-admin policy presets`.
 */
#include "hexa-admin/presets.h"

#include <stdlib.h>
#include <string.h>

#include "hexa-admin/command.h"
#include "hexa-admin/grid.h"
#include "hexa-admin/json.h"
#include "policy/document.h"
#include "policy/text.h"

static const char *
nearest_preset(const char *name)
{
	const char **names = calloc(preset_count + 1, sizeof(*names));
	const char *nearest;

	for (size_t i = 0; names != NULL && i < preset_count; i++)
		names[i] = presets[i].name;
	nearest = names == NULL ? NULL : text_nearest(name, names, preset_count);
	free(names);
	return nearest;
}

enum fault
preset_find(const char *name, const struct preset **preset, struct why *why)
{
	const char *nearest;

	for (size_t i = 0; i < preset_count; i++) {
		if (strcmp(presets[i].name, name) == 0) {
			*preset = &presets[i];
			return FAULT_NONE;
		}
	}
	nearest = nearest_preset(name);
	why_set(why, FAULT_UNKNOWN, "there is no preset %.64s%s%s%s", name,
	    nearest == NULL ? "" : ": did you mean ", nearest == NULL ? "" : nearest,
	    nearest == NULL ? "" : "?");
	why_mend(why, "hexa-admin policy presets");
	return FAULT_UNKNOWN;
}

/* Passes over what a line begins with. */
static const char *
after(const char *text, const char *beginning)
{
	size_t size = strlen(beginning);

	return strncmp(text, beginning, size) == 0 ? text + size : text;
}

void
preset_about(const struct preset *preset, char about[PRESET_ABOUT_BYTES])
{
	char line[PRESET_ABOUT_BYTES];
	const char *text;
	size_t size = 0;

	while (size < preset->size && size < sizeof(line) - 1 && preset->yaml[size] != '\n')
		size++;
	memcpy(line, preset->yaml, size);
	line[size] = '\0';
	about[0] = '\0';
	if (line[0] != '#')
		return;
	text = after(line + 1, " ");
	text = after(after(text, preset->name), " - ");
	memcpy(about, text, strlen(text) + 1);
}

/* ---- the command ---------------------------------------------------------------------------- */

/* The roles that a preset makes. */
static enum fault
roles_of(const struct preset *preset, struct names *roles, struct why *why)
{
	struct document document = {0};
	enum fault fault = document_read((const char *)preset->yaml, preset->size, &document, why);

	for (size_t i = 0; fault == FAULT_NONE && i < document.roles.count; i++) {
		const char *name = document.roles.role[i].name;

		if (strcmp(name, ROLE_SYSTEM_ADMINISTRATOR) != 0 && !names_add(roles, name))
			fault = why_memory(why);
	}
	document_clear(&document);
	return fault;
}

static struct json *
preset_json(const struct preset *preset, const char *about, const struct names *roles)
{
	struct json *map = json_map();

	json_put_text(map, "name", preset->name);
	json_put_word(map, "about", about);
	json_put_names(map, "roles", roles);
	return map;
}

enum { C_NAME, C_ABOUT, C_ROLES };

static enum fault
put_row(struct grid *grid, const struct preset *preset, const char *about,
    const struct names *roles, struct why *why)
{
	struct bytes joined = {0};
	char *text;
	bool good;

	for (size_t i = 0; i < roles->count; i++)
		bytes_print(&joined, "%s%s", i == 0 ? "" : " ", roles->item[i]);
	text = bytes_take_text(&joined);
	good = text != NULL && grid_row(grid) && grid_cell(grid, C_NAME, preset->name) &&
	    grid_cell(grid, C_ABOUT, about) && grid_cell(grid, C_ROLES, text);
	free(text);
	return good ? FAULT_NONE : why_memory(why);
}

/* Adds one to the table or, when there is one, to the list. */
static enum fault
put_preset(const struct preset *preset, struct grid *grid, struct json *list, struct why *why)
{
	char about[PRESET_ABOUT_BYTES];
	struct names roles = {0};
	enum fault fault = roles_of(preset, &roles, why);

	preset_about(preset, about);
	if (fault == FAULT_NONE && list != NULL)
		json_add(list, preset_json(preset, about, &roles));
	else if (fault == FAULT_NONE)
		fault = put_row(grid, preset, about, &roles, why);
	names_clear(&roles);
	return fault;
}

static enum fault
list_presets(struct call *call, struct why *why)
{
	struct grid *grid = grid_open(true);
	struct json *list = call_has(call, OPTION_JSON) ? json_list() : NULL;
	enum fault fault = FAULT_NONE;

	if (grid == NULL || !grid_column(grid, "name", 0) ||
	    !grid_column(grid, "about", GRID_SHORT) || !grid_column(grid, "roles", GRID_SHORT) ||
	    (call_has(call, OPTION_JSON) && list == NULL))
		fault = why_memory(why);
	for (size_t i = 0; fault == FAULT_NONE && i < preset_count; i++)
		fault = put_preset(&presets[i], grid, list, why);
	if (fault == FAULT_NONE && list != NULL)
		fault = json_show(list, why);
	else if (fault == FAULT_NONE)
		fault = grid_print(grid, why);
	else
		json_free(list);
	grid_close(grid);
	return fault;
}

static enum fault
print_preset(struct call *call, const struct preset *preset, struct why *why)
{
	struct json *map;
	struct bytes yaml = {0};
	char *text;
	enum fault fault;

	if (!call_has(call, OPTION_JSON)) {
		fwrite(preset->yaml, 1, preset->size, stdout);
		return FAULT_NONE;
	}
	bytes_put(&yaml, preset->yaml, preset->size);
	text = bytes_take_text(&yaml);
	map = json_map();
	json_put_text(map, "name", preset->name);
	json_put(map, "yaml", json_lines(text));
	fault = text == NULL ? why_memory(why) : json_show(map, why);
	free(text);
	return fault;
}

enum fault
run_policy_presets(struct call *call, struct why *why)
{
	const struct preset *preset;
	enum fault fault;

	if (call->word_count == 0)
		return list_presets(call, why);
	fault = preset_find(call->word[0], &preset, why);
	return fault == FAULT_NONE ? print_preset(call, preset, why) : fault;
}
