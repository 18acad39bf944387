/*
 * policy.c - the commands `hexa-admin policy …`.
 */
#include "hexa-admin/command.h"

#include <stdio.h>

#include "accounts/roles.h"
#include "hexa-admin/input.h"
#include "hexa-admin/show.h"

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
	json_put(map, "permissions", permissions);
	json_put(map, "roles", roles);
	return map;
}

static enum fault
print_yaml(const struct document *document, struct why *why)
{
	struct bytes yaml = {0};
	enum fault fault = document_write(document, &yaml, why);

	/* Nothing is escaped here: it must apply again.  The writer quotes what is not plain. */
	if (fault == FAULT_NONE)
		fwrite(yaml.data, 1, yaml.size, stdout);
	bytes_clear(&yaml);
	return fault;
}

enum fault
run_policy_show(struct call *call, struct why *why)
{
	struct document document = {0};
	enum fault fault = policy_read(&call->admin, &document, why);

	if (fault == FAULT_NONE && call_has(call, OPTION_JSON)) {
		fault = json_print(document_json(&document), false, stdout, why);
		putchar('\n');
	} else if (fault == FAULT_NONE) {
		fault = print_yaml(&document, why);
	}
	document_clear(&document);
	return fault;
}

/* Both take a FILE's text. */
static enum fault
with_file(struct call *call,
    enum fault (*use)(struct admin *, const char *yaml, size_t size, struct why *), struct why *why)
{
	struct bytes yaml = {0};
	enum fault fault = input_read(call, call->word[0], DOCUMENT_MAX, &yaml, why);

	if (fault == FAULT_NONE)
		fault = use(&call->admin, yaml.size == 0 ? "" : (const char *)yaml.data, yaml.size,
		    why);
	/* The file is named only where the fault is in it: not when the database is at fault. */
	if (fault != FAULT_INVALID)
		call->file = NULL;
	bytes_clear(&yaml);
	return fault;
}

enum fault
run_policy_check(struct call *call, struct why *why)
{
	return with_file(call, policy_check, why);
}

enum fault
run_policy_apply(struct call *call, struct why *why)
{
	return with_file(call, policy_apply, why);
}
