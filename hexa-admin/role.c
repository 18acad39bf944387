/*
 * role.c - the commands `hexa-admin role …`.
 */
#include "hexa-admin/command.h"

#include <stdio.h>

#include "accounts/roles.h"
#include "hexa-admin/overview.h"
#include "hexa-admin/show.h"
#include "hexa-admin/tree.h"

/* As role_get(), in a transaction of its own. */
static enum fault
find(struct call *call, const char *name, struct role *role, struct why *why)
{
	struct txn *txn;
	enum fault fault = store_read_begin(call->admin.store, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = role_get(txn, name, role, why);
	store_end(txn);
	return fault;
}

/* ---- seeing ------------------------------------------------------------------------------- */

struct role_cursor {
	char after[256]; /* more than a role's name has bytes */
};

static enum fault
next_role(void *context, struct txn *txn, void *record, struct why *why)
{
	struct role_cursor *cursor = context;
	struct role *role = record;
	enum fault fault = role_next(txn, cursor->after, role, why);

	if (fault == FAULT_NONE)
		snprintf(cursor->after, sizeof(cursor->after), "%s", role->name);
	return fault;
}

enum fault
run_role_list(struct call *call, struct why *why)
{
	struct role_cursor cursor = {""};

	return records_list(call, &role_table, "name,title,permissions,includes,group", next_role,
	    &cursor, why);
}

/* The record, and what is below the role in the tree of its origins. */
static struct json *
role_json(const struct role *role, const struct origins *origins)
{
	static const char key[] = "permissions-from";
	struct json *map = record_json(&role_table, role);
	size_t at = 1;

	json_put(map, key, tree_json(origins, &at, 1, key));
	return map;
}

static enum fault
show_role(struct call *call, const struct role *role, const struct origins *origins,
    struct why *why)
{
	enum fault fault;

	if (call_has(call, OPTION_JSON))
		return json_show(role_json(role, origins), why);
	fault = record_show(call, &role_table, role, why);
	if (fault == FAULT_NONE && origins->count > 1) {
		putchar('\n');
		fault = tree_print(origins, why);
	}
	return fault;
}

enum fault
run_role_show(struct call *call, struct why *why)
{
	struct origins origins = {0};
	struct role role = {0};
	enum fault fault = find(call, call->word[0], &role, why);

	if (fault == FAULT_NONE)
		fault = role_origins(&call->admin, role.name, &origins, why);
	if (fault == FAULT_NONE)
		fault = show_role(call, &role, &origins, why);
	origins_clear(&origins);
	role_clear(&role);
	return fault;
}

enum fault
run_role_members(struct call *call, struct why *why)
{
	const struct filter holders = {field_find(&user_table, "roles"), call->word[0]};
	const struct question question = {.filter = &holders, .filters = 1};
	struct role role = {0};
	enum fault fault = find(call, call->word[0], &role, why);

	role_clear(&role);
	if (fault == FAULT_NONE)
		fault = users_list(call, &question, "uid,name,first-name,last-name,type,status",
		    why);
	return fault;
}

/* ---- changing ----------------------------------------------------------------------------- */

enum fault
run_role_add(struct call *call, struct why *why)
{
	struct edits edits = call_edits(call);

	return role_create(&call->admin, call->word[0], &edits, why);
}

enum fault
run_role_edit(struct call *call, struct why *why)
{
	struct edits edits = call_edits(call);

	if (edits.count == 0)
		return call_misuse(call, why, "nothing to change was given");
	return role_edit(&call->admin, call->word[0], &edits, why);
}

enum fault
run_role_enable(struct call *call, struct why *why)
{
	return role_enable(&call->admin, call->word[0], why);
}

enum fault
run_role_disable(struct call *call, struct why *why)
{
	return role_disable(&call->admin, call->word[0], why);
}

enum fault
run_role_delete(struct call *call, struct why *why)
{
	const char *name = call->word[0];
	struct role role = {0};
	enum fault fault = call_needs_answer(call, "deletes", why);

	if (fault == FAULT_NONE)
		fault = find(call, name, &role, why);
	role_clear(&role);
	if (fault == FAULT_NONE)
		fault = call_confirm(call, "role", name, why);
	return fault == FAULT_NONE ? role_remove(&call->admin, name, why) : fault;
}
