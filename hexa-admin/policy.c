/*
 * policy.c - the commands `hexa-admin policy …`.
 */
#include "hexa-admin/command.h"

#include <stdio.h>

#include "accounts/roles.h"
#include "hexa-admin/input.h"
#include "hexa-admin/plan_show.h"
#include "hexa-admin/print.h"
#include "hexa-admin/show.h"
#include "hexa-admin/tree.h"

/* ---- show --------------------------------------------------------------------------------- */

static struct json *
constraints_json(const struct document *document)
{
	struct json *list = json_list();

	for (size_t i = 0; i < document->constraint_count; i++) {
		struct json *map = json_map();

		json_put_names(map, "never-together", &document->constraint[i].never_together);
		json_add(list, map);
	}
	return list;
}

static struct json *
document_json(const struct document *document)
{
	struct json *map = json_map(), *permissions = json_list(), *roles = json_list();

	for (size_t i = 0; i < document->rules.count; i++)
		if (!rules_is_builtin(document->rules.permission[i].name))
			json_add(permissions,
			    record_json(&permission_table, &document->rules.permission[i]));
	for (size_t i = 0; i < document->roles.count; i++)
		json_add(roles, record_json(&role_table, &document->roles.role[i]));
	json_put(map, "settings", record_json(&settings_table, &document->rules.settings));
	json_put(map, "permissions", permissions);
	json_put(map, "roles", roles);
	json_put(map, "constraints", constraints_json(document));
	json_put_names(map, "tests", &document->tests);
	return map;
}

static enum fault
show_document(struct call *call, struct why *why)
{
	struct document document = {0};
	enum fault fault = policy_read(&call->admin, &document, why);

	if (fault == FAULT_NONE)
		fault = json_show(document_json(&document), why);
	document_clear(&document);
	return fault;
}

static enum fault
show_text(struct call *call, struct why *why)
{
	struct bytes yaml = {0};
	enum fault fault = policy_text(&call->admin, &yaml, why);

	/* Nothing is escaped here: it must apply again.  A policy holds no control character. */
	if (fault == FAULT_NONE)
		fwrite(yaml.data, 1, yaml.size, stdout);
	bytes_clear(&yaml);
	return fault;
}

static enum fault
show_tree(struct call *call, struct why *why)
{
	struct origins tree = {0};
	size_t at = 0;
	enum fault fault = permission_tree(&call->admin, &tree, why);

	if (fault == FAULT_NONE && call_has(call, OPTION_JSON))
		fault = json_show(tree_json(&tree, &at, 0, "below"), why);
	else if (fault == FAULT_NONE)
		fault = tree_print(&tree, why);
	origins_clear(&tree);
	return fault;
}

enum fault
run_policy_show(struct call *call, struct why *why)
{
	if (call_has(call, OPTION_TREE))
		return show_tree(call, why);
	return call_has(call, OPTION_JSON) ? show_document(call, why) : show_text(call, why);
}

/* ---- a FILE: check, diff, apply ------------------------------------------------------------- */

/* What a command does with a FILE's text. */
typedef enum fault use_text(struct call *call, const char *yaml, size_t size, struct why *why);

static enum fault
with_file(struct call *call, use_text *use, struct why *why)
{
	struct bytes yaml = {0};
	const char *text;
	enum fault fault = input_read(call, call->word[0], DOCUMENT_MAX, &yaml, why);

	text = yaml.size == 0 ? "" : (const char *)yaml.data;
	if (fault == FAULT_NONE)
		fault = use(call, text, yaml.size, why);
	/* The file is named only where the fault is in it: not when the database is at fault. */
	if (fault != FAULT_NONE && !why_is_of_file(why)) {
		call->file = NULL;
	} else if (fault != FAULT_NONE) {
		wrongs_tell(call, call->file, text, yaml.size, why);
		call->told = true;
	}
	bytes_clear(&yaml);
	return fault;
}

static enum fault
check(struct call *call, const char *yaml, size_t size, struct why *why)
{
	struct names warnings = {0};
	struct json *map;
	enum fault fault = policy_check(&call->admin, yaml, size, &warnings, why);

	/* What is refused may have been warned of: somebody misspelt a name. */
	if (fault != FAULT_NONE || !call_has(call, OPTION_JSON)) {
		warnings_print(call, &warnings);
	} else {
		map = json_map();
		json_put_names(map, "warnings", &warnings);
		fault = json_show(map, why);
	}
	names_clear(&warnings);
	return fault;
}

enum fault
run_policy_check(struct call *call, struct why *why)
{
	return with_file(call, check, why);
}

/* Prints the plan, and what is perhaps not meant. */
static enum fault
show_plan(struct call *call, const struct plan *plan, const struct why *refused, struct why *why)
{
	if (!call_has(call, OPTION_JSON))
		warnings_print(call, &plan->warnings);
	return plan_show(call, plan, refused, why);
}

static enum fault
diff(struct call *call, const char *yaml, size_t size, struct why *why)
{
	struct plan plan = {0};
	struct why refused = {0};
	enum fault fault = policy_diff(&call->admin, yaml, size, &plan, &refused, why);

	if (fault == FAULT_NONE)
		fault = show_plan(call, &plan, &refused, why);
	plan_clear(&plan);
	return fault;
}

enum fault
run_policy_diff(struct call *call, struct why *why)
{
	return with_file(call, diff, why);
}

static enum fault
apply(struct call *call, const char *yaml, size_t size, struct why *why)
{
	const struct policy_application application = {
	    .yaml = yaml,
	    .size = size,
	    .dry_run = call_has(call, OPTION_DRY_RUN),
	};
	struct plan plan = {0};
	struct why refused = {0}, unshown = {0};
	enum fault fault = policy_apply(&call->admin, &application, &plan, why), shown = FAULT_NONE;

	/* Why not is told at the end, as ever; a program finds it in the object. */
	if (fault != FAULT_NONE && call_has(call, OPTION_JSON))
		refused = *why;
	if (application.dry_run && plan.difference != NULL)
		shown = show_plan(call, &plan, &refused, &unshown);
	else if (fault == FAULT_NONE)
		plan_tell(call, &plan);
	else
		warnings_print(call, &plan.warnings);
	plan_clear(&plan);
	if (fault != FAULT_NONE || shown == FAULT_NONE)
		return fault;
	*why = unshown;
	return shown;
}

enum fault
run_policy_apply(struct call *call, struct why *why)
{
	return with_file(call, apply, why);
}

/* ---- test ----------------------------------------------------------------------------------- */

static struct json *
result_json(const struct test_result *result)
{
	struct json *map = json_map();

	json_put_text(map, "test", result->test);
	if (result->line == 0)
		json_put_null(map, "line");
	else
		json_put_number(map, "line", result->line);
	json_put_bool(map, "passed", result->passed);
	json_put_word(map, "reason", result->reason);
	return map;
}

static void
print_result(const struct test_result *result)
{
	fputs(result->passed ? "ok     " : "FAILED ", stdout);
	if (result->line != 0)
		printf("line %u: ", result->line);
	print_shown(stdout, result->test);
	putchar('\n');
	if (result->passed || *result->reason == '\0')
		return;
	fputs("  because ", stdout);
	print_shown(stdout, result->reason);
	putchar('\n');
}

static enum fault
print_results(struct call *call, const struct test_results *results, struct why *why)
{
	struct json *list;

	if (call_has(call, OPTION_JSON)) {
		list = json_list();
		for (size_t i = 0; i < results->count; i++)
			json_add(list, result_json(&results->result[i]));
		return json_show(list, why);
	}
	for (size_t i = 0; i < results->count; i++)
		print_result(&results->result[i]);
	if (results->count == 0 && !call_has(call, OPTION_QUIET))
		fputs("hexa-admin: the policy has no tests\n", stderr);
	return FAULT_NONE;
}

enum fault
run_policy_test(struct call *call, struct why *why)
{
	struct test_results results = {0};
	enum fault fault = policy_test(&call->admin, &results, why);

	if (fault == FAULT_NONE)
		fault = print_results(call, &results, why);
	if (fault == FAULT_NONE && results.failed > 0)
		fault = why_set(why, FAULT_RULE, "of %zu tests %zu failed", results.count,
		    results.failed);
	test_results_clear(&results);
	return fault;
}
