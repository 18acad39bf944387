/*
 * overview.c - the commands `hexa-admin user list` and `user show`, and every other list of users.
 */
#include "hexa-admin/overview.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/login_facts.h"
#include "accounts/overview.h"
#include "hexa-admin/document.h"
#include "hexa-admin/show.h"

enum fault
user_in_reach(struct call *call, const char *who, struct user *user, struct why *why)
{
	struct txn *txn;
	enum fault fault = store_read_begin(call->admin.store, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = admin_find_user(&call->admin, txn, call->command->permission, who, user, why);
	store_end(txn);
	return fault;
}

/* ---- what the line asks for ---------------------------------------------------------------- */

/* The row of what a user is listed by. */
static enum fault
field_named(struct call *call, const char *option, const char *name, const struct field **field,
    struct why *why)
{
	return column_named(call, &user_table, &listed_table, option, name, field, why);
}

/* FIELD=VALUE: the value is what stands behind the first `=`. */
static enum fault
read_filter(struct call *call, const char *text, struct filter *filter, struct why *why)
{
	const char *equals = strchr(text, '=');
	char *name;
	enum fault fault;

	if (equals == NULL)
		return call_misuse(call, why,
		    "--filter %.64s: expected FIELD=VALUE, or FIELD= for who has none", text);
	name = strndup(text, (size_t)(equals - text));
	if (name == NULL)
		return why_memory(why);
	fault = field_named(call, "--filter", name, &filter->field, why);
	filter->value = equals + 1;
	free(name);
	return fault;
}

static enum fault
read_sort(struct call *call, struct question *question, struct why *why)
{
	static const char down[] = ":desc";
	const char *text = call->option[OPTION_SORT], *colon;
	char *name;
	enum fault fault;

	if (text == NULL)
		return FAULT_NONE;
	colon = strchr(text, ':');
	if (colon != NULL && strcmp(colon, down) != 0)
		return call_misuse(call, why, "--sort %.64s: expected FIELD, or FIELD:desc", text);
	name = strndup(text, strcspn(text, ":"));
	if (name == NULL)
		return why_memory(why);
	fault = field_named(call, "--sort", name, &question->sort, why);
	question->descending = colon != NULL;
	free(name);
	return fault;
}

/* *filter has room for every --filter of the line. */
static enum fault
read_question(struct call *call, struct filter *filter, struct question *question,
    struct why *why)
{
	const struct values *filters = &call->values[OPTION_FILTER];
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < filters->count; i++)
		fault = read_filter(call, filters->value[i], &filter[i], why);
	question->search = call->option[OPTION_SEARCH];
	question->filter = filter;
	question->filters = filters->count;
	return fault == FAULT_NONE ? read_sort(call, question, why) : fault;
}

/* ---- user list ----------------------------------------------------------------------------- */

static enum fault
next_listed(void *context, struct txn *txn, void *record, struct why *why)
{
	return overview_next(context, txn, record, why);
}

/* Does --columns name it?  A longer name that holds it does no harm. */
static bool
is_column(const struct call *call, const char *name)
{
	const char *columns = call->option[OPTION_COLUMNS];

	return columns != NULL && strstr(columns, name) != NULL;
}

enum fault
users_list(struct call *call, const struct question *question, const char *columns,
    struct why *why)
{
	struct overview_wish wish = {
		.question = *question,
		.has_limit = call_has(call, OPTION_LIMIT),
		.display = is_column(call, "display"),
		.last_login = is_column(call, "last-login"),
		.failures = is_column(call, "failures") || is_column(call, "locked-until"),
	};
	struct listing listing = {
		.table = &user_table,
		.more = &listed_table,
		.size = listed_table.size,
		.columns = columns,
		.next = next_listed,
	};
	struct overview *overview = NULL;
	enum fault fault = records_check(call, &listing, &wish.limit, why);

	if (fault == FAULT_NONE)
		fault = overview_open(&call->admin, call->command->permission, &wish, &overview,
		    why);
	listing.context = overview;
	if (fault == FAULT_NONE)
		fault = records_print(call, &listing, why);
	overview_close(overview);
	return fault;
}

enum fault
run_user_list(struct call *call, struct why *why)
{
	struct filter *filter = calloc(call->values[OPTION_FILTER].count + 1, sizeof(*filter));
	struct question question = {0};
	enum fault fault = filter == NULL ? why_memory(why)
	                                  : read_question(call, filter, &question, why);

	if (fault == FAULT_NONE)
		fault = users_list(call, &question,
		    "uid,name,first-name,last-name,type,status,roles", why);
	free(filter);
	return fault;
}

/* ---- user show ----------------------------------------------------------------------------- */

/* A table of its own below the record, when there is any. */
static enum fault
facts_show(struct call *call, const struct login_facts *facts, struct why *why)
{
	const struct table *table = &login_facts_table;
	bool has = false;

	for (size_t i = 0; i < table->count; i++)
		has |= !field_is_empty(&table->rows[i], facts);
	if (!has)
		return FAULT_NONE;
	putchar('\n');
	return record_show(call, table, facts, why);
}

/* The record, and what is kept about the user beside it. */
static enum fault
show_text(struct call *call, const struct user *user, const struct login_facts *facts,
    struct why *why)
{
	enum fault fault = record_show(call, &user_table, user, why);

	if (fault == FAULT_NONE)
		fault = facts_show(call, facts, why);
	return fault == FAULT_NONE ? documents_show(call, user, why) : fault;
}

/* The same as one map. */
static enum fault
show_json(struct call *call, const struct user *user, const struct login_facts *facts,
    struct why *why)
{
	struct json *map = record_json(&user_table, user), *documents = NULL;
	enum fault fault = documents_json(call, user, &documents, why);

	if (fault != FAULT_NONE) {
		json_free(map);
		return fault;
	}
	for (size_t i = 0; i < login_facts_table.count; i++)
		json_put_field(map, &login_facts_table.rows[i], facts);
	json_put(map, "documents", documents);
	return json_show(map, why);
}

enum fault
run_user_show(struct call *call, struct why *why)
{
	struct login_facts facts = {0};
	struct user user = {0};
	enum fault fault = user_in_reach(call, call->word[0], &user, why);

	if (fault == FAULT_NONE)
		fault = login_facts_get(&call->admin, &user, &facts, why);
	if (fault == FAULT_NONE)
		fault = call_has(call, OPTION_JSON) ? show_json(call, &user, &facts, why)
		                                    : show_text(call, &user, &facts, why);
	login_facts_clear(&facts);
	user_clear(&user);
	return fault;
}
