/*
 * plan_show.c - printing what a change of the policy does to whom.
 *
 * A line each, and never cut: what stands here is read before it takes effect.  There may be a line
 * for each of 100 000 users, so that nothing is built of them as a whole.
 */
#include "hexa-admin/plan_show.h"

#include <stdio.h>
#include <string.h>

#include "hexa-admin/json.h"
#include "hexa-admin/print.h"
#include "policy/text.h"

/* The lists of a change, as the words of a line and the keys of JSON. */
static const struct {
	const char *words;
	const char *key;
	size_t offset;
} lists[] = {
	{"gains login by", "services-gained", offsetof(struct plan_change, services_gained)},
	{"loses login by", "services-lost", offsetof(struct plan_change, services_lost)},
	{"gains", "permissions-gained", offsetof(struct plan_change, permissions_gained)},
	{"loses", "permissions-lost", offsetof(struct plan_change, permissions_lost)},
	{"joins the group", "groups-gained", offsetof(struct plan_change, groups_gained)},
	{"leaves the group", "groups-lost", offsetof(struct plan_change, groups_lost)},
};

/* The first of them are of users alone. */
enum { SERVICE_LISTS = 2, LISTS = sizeof(lists) / sizeof(lists[0]) };

static const struct names *
list_of(const struct plan_change *change, size_t list)
{
	return (const struct names *)((const char *)change + lists[list].offset);
}

/* ---- for a person --------------------------------------------------------------------------- */

static void
print_names(const struct names *names)
{
	for (size_t i = 0; i < names->count; i++) {
		fputs(i == 0 ? " " : ", ", stdout);
		print_shown(stdout, names->item[i]);
	}
}

/* `first` is what stands before: NULL, or the first clause of the line. */
static void
print_change(const char *name, int width, const char *first, const struct plan_change *change)
{
	const char *between = "  ";

	printf("%-*s", width, name);
	if (first != NULL) {
		printf("%s%s", between, first);
		between = "; ";
	}
	for (size_t i = 0; i < LISTS; i++) {
		const struct names *names = list_of(change, i);

		if (names->count == 0)
			continue;
		printf("%s%s", between, lists[i].words);
		print_names(names);
		between = "; ";
	}
	putchar('\n');
}

static void
print_roles(const struct plan *plan)
{
	int width = 0;

	for (size_t i = 0; i < plan->role_count; i++)
		if ((int)strlen(plan->role[i].name) > width)
			width = (int)strlen(plan->role[i].name);
	if (plan->role_count > 0)
		puts("\nroles:");
	for (size_t i = 0; i < plan->role_count; i++) {
		const struct plan_role *role = &plan->role[i];
		const char *first = role->is_new ? "is new" : role->is_gone ? "goes" : NULL;

		print_change(role->name, width, first, &role->change);
	}
}

static void
print_users(const struct plan *plan)
{
	int width = 0;

	for (size_t i = 0; i < plan->user_count; i++)
		if ((int)strlen(plan->user[i].name) > width)
			width = (int)strlen(plan->user[i].name);
	if (plan->user_count > 0)
		puts("\nusers:");
	for (size_t i = 0; i < plan->user_count && !ferror(stdout); i++)
		print_change(plan->user[i].name, width, NULL, plan->user[i].change);
}

static void
print_lines(const char *heading, const struct names *lines)
{
	if (lines->count > 0)
		printf("\n%s:\n", heading);
	for (size_t i = 0; i < lines->count; i++) {
		print_shown(stdout, lines->item[i]);
		putchar('\n');
	}
}

/* The texts, whose lines are kept apart whatever else stands in them. */
static void
print_difference(const char *difference)
{
	char line[4096];

	if (*difference != '\0')
		putchar('\n');
	while (*difference != '\0' && !ferror(stdout)) {
		size_t size = strcspn(difference, "\n");
		size_t taken = size < sizeof(line) - 1 ? size : sizeof(line) - 1;

		memcpy(line, difference, taken);
		line[taken] = '\0';
		print_shown(stdout, line);
		difference += taken;
		if (taken < size)
			continue;
		putchar('\n');
		difference += *difference == '\n';
	}
}

static void
print_summary(const struct plan *plan)
{
	printf("of %llu user%s: %llu gaining a login, %llu losing one; ",
	    (unsigned long long)plan->users, plan->users == 1 ? "" : "s",
	    (unsigned long long)plan->gain_login, (unsigned long long)plan->lose_login);
	printf("%llu gaining a permission, %llu losing one\n",
	    (unsigned long long)plan->gain_permission, (unsigned long long)plan->lose_permission);
}

static void
print_refused(const struct call *call, const struct why *refused)
{
	if (refused->fault == FAULT_NONE)
		return;
	fputs("\napplying it is refused: ", stdout);
	if (call->file != NULL && refused->line > 0) {
		print_shown(stdout, call->file);
		printf(":%u:%u: ", refused->line, refused->column);
	}
	print_shown(stdout, refused->text);
	putchar('\n');
	if (!call_has(call, OPTION_QUIET))
		print_mend(stdout, refused->mend);
}

/* ---- for a program -------------------------------------------------------------------------- */

/* From one of the lists on. */
static void
put_change(struct json *map, const struct plan_change *change, size_t first)
{
	for (size_t i = first; i < LISTS; i++)
		json_put_names(map, lists[i].key, list_of(change, i));
}

static struct json *
role_json(const struct plan *plan, size_t at)
{
	const struct plan_role *role = &plan->role[at];
	struct json *map = json_map();

	json_put_text(map, "name", role->name);
	json_put_bool(map, "new", role->is_new);
	json_put_bool(map, "gone", role->is_gone);
	put_change(map, &role->change, SERVICE_LISTS);
	return map;
}

static struct json *
user_json(const struct plan *plan, size_t at)
{
	const struct plan_user *user = &plan->user[at];
	struct json *map = json_map();

	json_put_number(map, "uid", user->uid);
	json_put_text(map, "name", user->name);
	put_change(map, user->change, 0);
	return map;
}

static struct json *
counts_json(const struct plan *plan)
{
	struct json *map = json_map();

	json_put_number(map, "users", plan->users);
	json_put_number(map, "gain-login", plan->gain_login);
	json_put_number(map, "lose-login", plan->lose_login);
	json_put_number(map, "gain-permission", plan->gain_permission);
	json_put_number(map, "lose-permission", plan->lose_permission);
	return map;
}

static void
put_place(struct json *map, const char *key, unsigned place)
{
	if (place == 0)
		json_put_null(map, key);
	else
		json_put_number(map, key, place);
}

static struct json *
refused_json(const struct why *refused)
{
	struct json *map;

	if (refused->fault == FAULT_NONE)
		return json_word("");
	map = json_map();
	json_put_number(map, "exit", fault_exit_status(refused->fault));
	json_put_text(map, "reason", refused->text);
	put_place(map, "line", refused->line);
	put_place(map, "column", refused->column);
	json_put_mend(map, "mend", refused->mend);
	return map;
}

/* Of "PERMISSION gives GROUP" (plan.h). */
static struct json *
root_equal_json(const struct names *root_equal)
{
	static const char gives[] = " gives ";
	struct json *list = json_list();

	for (size_t i = 0; i < root_equal->count; i++) {
		const char *text = root_equal->item[i], *end = strstr(text, gives);
		char permission[WORD_BYTES + 1];
		struct json *map = json_map();

		if (end == NULL)
			end = text + strlen(text);
		snprintf(permission, sizeof(permission), "%.*s", (int)(end - text), text);
		json_put_text(map, "permission", permission);
		json_put_word(map, "group", *end == '\0' ? "" : end + strlen(gives));
		json_add(list, map);
	}
	return list;
}

/* A member of the object that is being printed; takes the value. */
static enum fault
print_member(const char *key, struct json *value, struct why *why)
{
	printf(",\n\"%s\": ", key);
	return json_print(value, true, stdout, why);
}

/* An array of many values, a line each: `one` makes the one at an index. */
static enum fault
print_array(const char *key, size_t count, struct json *(*one)(const struct plan *plan, size_t at),
    const struct plan *plan, struct why *why)
{
	enum fault fault = FAULT_NONE;

	printf(",\n\"%s\": [", key);
	for (size_t i = 0; fault == FAULT_NONE && i < count && !ferror(stdout); i++) {
		fputs(i == 0 ? "\n" : ",\n", stdout);
		fault = json_print(one(plan, i), true, stdout, why);
	}
	fputs(count == 0 ? "]" : "\n]", stdout);
	return fault;
}

static enum fault
print_json(const struct plan *plan, const struct why *refused, struct why *why)
{
	enum fault fault;

	fputs("{\n\"counts\": ", stdout);
	fault = json_print(counts_json(plan), true, stdout, why);
	if (fault == FAULT_NONE)
		fault = print_array("roles", plan->role_count, role_json, plan, why);
	if (fault == FAULT_NONE)
		fault = print_array("users", plan->user_count, user_json, plan, why);
	if (fault == FAULT_NONE)
		fault = print_member("root-equal", root_equal_json(&plan->root_equal), why);
	if (fault == FAULT_NONE)
		fault = print_member("warnings", json_names(&plan->warnings), why);
	if (fault == FAULT_NONE)
		fault = print_member("difference", json_lines(plan->difference), why);
	if (fault == FAULT_NONE)
		fault = print_member("refused", refused_json(refused), why);
	puts("\n}");
	return fault;
}

/* ---- both ----------------------------------------------------------------------------------- */

static const char *
difference_of(const struct plan *plan)
{
	return plan->difference == NULL ? "" : plan->difference;
}

enum fault
plan_show(struct call *call, const struct plan *plan, const struct why *refused, struct why *why)
{
	if (call_has(call, OPTION_JSON))
		return print_json(plan, refused, why);
	print_summary(plan);
	print_lines("equal to root", &plan->root_equal);
	print_roles(plan);
	print_users(plan);
	print_difference(difference_of(plan));
	print_refused(call, refused);
	return FAULT_NONE;
}

/* *why is one of what is wrong with the text, and not with reading it or with what this host has. */
static bool
is_among(const struct document_faults *faults, const struct why *why)
{
	size_t i = 0;

	while (i < faults->count && strcmp(faults->why[i].text, why->text) != 0)
		i++;
	return i < faults->count;
}

void
wrongs_tell(const struct call *call, const char *file, const char *yaml, size_t size,
    const struct why *why)
{
	bool of_file = why_is_of_file(why), hints = !call_has(call, OPTION_QUIET);
	struct document_faults faults;

	if (!of_file || document_faults(yaml, size, &faults, NULL) != FAULT_NONE ||
	    !is_among(&faults, why)) {
		print_fault(why, of_file ? file : NULL, hints);
		return;
	}
	for (size_t i = 0; i < faults.count; i++)
		print_fault(&faults.why[i], file, hints);
	if (faults.more)
		fputs("hexa-admin: and more\n", stderr);
}

void
warnings_print(const struct call *call, const struct names *warnings)
{
	for (size_t i = 0; !call_has(call, OPTION_QUIET) && i < warnings->count; i++) {
		fputs("hexa-admin: warning: ", stderr);
		print_shown(stderr, warnings->item[i]);
		fputc('\n', stderr);
	}
}

/* Begins the line, or a further part of it. */
static void
tell_part(bool *begun, const char *words)
{
	fprintf(stderr, "%s%s", *begun ? "; " : "hexa-admin: warning: ", words);
	*begun = true;
}

static void
tell_name(bool *begun, size_t *count, const char *words, const char *name)
{
	if ((*count)++ == 0)
		tell_part(begun, words);
	fputs(*count == 1 ? " " : ", ", stderr);
	print_shown(stderr, name);
}

void
plan_tell(const struct call *call, const struct plan *plan)
{
	size_t roles = 0, permissions = 0;
	bool begun = false;

	if (call_has(call, OPTION_QUIET))
		return;
	for (size_t i = 0; i < plan->role_count; i++)
		if (plan->role[i].is_gone)
			tell_name(&begun, &roles, "roles removed:", plan->role[i].name);
	/* Who has every permission loses those that are no more. */
	for (size_t i = 0; i < plan->role_count; i++) {
		const struct names *lost = &plan->role[i].change.permissions_lost;

		if (strcmp(plan->role[i].name, ROLE_SYSTEM_ADMINISTRATOR) != 0)
			continue;
		for (size_t j = 0; j < lost->count; j++)
			tell_name(&begun, &permissions, "permissions removed:", lost->item[j]);
	}
	if (plan->gain_login + plan->lose_login > 0) {
		tell_part(&begun, "");
		fprintf(stderr, "of %llu user%s %llu gained a login and %llu lost one",
		    (unsigned long long)plan->users, plan->users == 1 ? "" : "s",
		    (unsigned long long)plan->gain_login, (unsigned long long)plan->lose_login);
	}
	if (begun)
		fputc('\n', stderr);
}
