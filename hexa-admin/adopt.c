/*
 * adopt.c - the command `hexa-admin user adopt`.
 */
#include "accounts/adopt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/users.h"
#include "hexa-admin/grid.h"
#include "hexa-admin/print.h"
#include "hexa-admin/show.h"

/* What was adopted so far, or would be, with --json. */
static struct json *adopted;

/* ---- JSON ---------------------------------------------------------------------------------- */

/* Without the commands that mend what they say. */
static struct json *
sentences_json(const struct names *notices)
{
	struct json *list = json_list();

	for (size_t i = 0; i < notices->count; i++) {
		char *sentence = strndup(notices->item[i], strcspn(notices->item[i], "\n"));

		json_add(list, sentence == NULL ? NULL : json_word(sentence));
		free(sentence);
	}
	return list;
}

static void
add_json(struct call *call, const struct adoption *adoption)
{
	struct json *map = json_map();

	if (adopted == NULL)
		adopted = json_list();
	json_put(map, "user", record_json(&user_table, &adoption->user));
	json_put_word(map, "password", adoption->method);
	json_put_word(map, "group", adoption->group);
	json_put_names(map, "groups", &adoption->groups);
	json_put(map, "notices", sentences_json(&call->admin.notices));
	json_put_mend(map, "removal", adoption->removal);
	json_add(adopted, map);
	names_clear(&call->admin.notices);
}

/* ---- text ---------------------------------------------------------------------------------- */

/* What Hexa makes up itself is no part of a plan. */
static bool
is_planned(const struct field *field, const struct user *user)
{
	static const char *const made[] = {"created", "origin", "uuid", "version"};

	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		if (strcmp(made[i], field->name) == 0)
			return false;
	return (field->rights & F_HIDDEN) == 0 &&
	    (field->kind == K_CHOICE || !field_is_empty(field, user));
}

static bool
put_line(struct grid *grid, const char *name, const char *value)
{
	return grid_row(grid) && grid_cell(grid, 0, name) && grid_cell(grid, 1, value);
}

static bool
put_record(struct grid *grid, const struct user *user)
{
	bool good = true;

	for (size_t i = 0; good && i < user_table.count; i++) {
		const struct field *field = &user_table.rows[i];
		char *text;

		if (!is_planned(field, user))
			continue;
		text = field_text(field, user);
		good = text != NULL && put_line(grid, field->name, text);
		free(text);
	}
	return good;
}

static bool
put_groups(struct grid *grid, const struct names *groups)
{
	struct bytes text = {0};
	char *line;
	bool good;

	if (groups->count == 0)
		return true;
	for (size_t i = 0; i < groups->count; i++)
		bytes_print(&text, "%s%s", i == 0 ? "" : " ", groups->item[i]);
	line = bytes_take_text(&text);
	good = line != NULL && put_line(grid, "groups", line);
	free(line);
	return good;
}

static enum fault
print_grid(const struct adoption *adoption, struct why *why)
{
	struct grid *grid = grid_open(false);
	bool good = grid != NULL && grid_column(grid, "field", 0) &&
	    grid_column(grid, "value", 0) && put_record(grid, &adoption->user);
	enum fault fault;

	good = good && put_line(grid, "password",
	    adoption->method[0] == '\0' ? "none" : adoption->method);
	good = good && (adoption->group[0] == '\0' || put_line(grid, "group", adoption->group));
	good = good && put_groups(grid, &adoption->groups);
	fault = good ? grid_print(grid, why) : why_memory(why);
	grid_close(grid);
	return fault;
}

static enum fault
print_plan(struct call *call, const struct adoption *adoption, struct why *why)
{
	struct names *notices = &call->admin.notices;
	static bool again;
	enum fault fault;

	if (again)
		putchar('\n');
	again = true;
	fault = print_grid(adoption, why);
	for (size_t i = 0; fault == FAULT_NONE && i < notices->count; i++) {
		char *sentence = strndup(notices->item[i], strcspn(notices->item[i], "\n"));

		if (sentence == NULL)
			fault = why_memory(why);
		else
			print_shown(stdout, sentence);
		putchar('\n');
		free(sentence);
	}
	if (fault == FAULT_NONE && !call_has(call, OPTION_QUIET)) {
		puts("once that is done, this takes the local lines away:");
		print_mend(stdout, adoption->removal);
	}
	names_clear(notices);
	return fault;
}

/* ---- the command --------------------------------------------------------------------------- */

/* What was done, in a word on stderr: the local line, which is asked first. */
static enum fault
tell_done(struct call *call, const struct adoption *adoption, struct why *why)
{
	char text[WHY_TEXT_MAX];

	/* That is a step of the command which takes the line away, and says what it has changed. */
	if (adoption->is_renewal)
		return FAULT_NONE;
	snprintf(text, sizeof(text),
	    "%s is adopted; the local line is asked first until it goes\n%s", adoption->user.name,
	    adoption->removal);
	return names_add(&call->admin.notices, text) ? FAULT_NONE : why_memory(why);
}

static enum fault
adopt_one(struct call *call, const char *name, struct why *why)
{
	const struct values *roles = &call->values[OPTION_ROLE];
	const struct field *field = field_find(&user_table, "roles");
	struct edit *edit = calloc(roles->count + 1, sizeof(*edit));
	const struct edits edits = {edit, roles->count};
	struct adoption adoption = {0};
	bool dry = call_has(call, OPTION_DRY_RUN);
	enum fault fault;

	if (edit == NULL)
		return why_memory(why);
	for (size_t i = 0; i < roles->count; i++)
		edit[i] = (struct edit){EDIT_ADD, field, roles->value[i]};
	fault = account_adopt(&call->admin, name, &edits, dry, &adoption, why);
	if (fault == FAULT_NONE && call_has(call, OPTION_JSON))
		add_json(call, &adoption);
	else if (fault == FAULT_NONE)
		fault = dry ? print_plan(call, &adoption, why) : tell_done(call, &adoption, why);
	adoption_clear(&adoption);
	free(edit);
	return fault;
}

enum fault
run_user_adopt(struct call *call, struct why *why)
{
	bool dry = call_has(call, OPTION_DRY_RUN);
	enum fault fault, shown = FAULT_NONE;

	fault = call_each(call, dry ? "would be adopted" : "adopted", adopt_one, why);
	if (adopted != NULL)
		shown = json_show(adopted, fault == FAULT_NONE ? why : NULL);
	adopted = NULL;
	return fault == FAULT_NONE ? shown : fault;
}
