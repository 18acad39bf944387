/*
 * client.c - the commands `hexa-admin client …` and `hexa-admin site …`.
 */
#include "accounts/clients.h"

#include <stdio.h>

#include "hexa-admin/show.h"

/* ---- seeing ------------------------------------------------------------------------------- */

struct name_cursor {
	char after[LOGIN_NAME_BYTES + 1];
	struct reach reach;
};

static enum fault
next_client(void *context, struct txn *txn, void *record, struct why *why)
{
	struct name_cursor *cursor = context;
	struct client *client = record;
	enum fault fault;

	do {
		client_clear(client);
		fault = client_next(txn, cursor->after, client, why);
		if (fault == FAULT_NONE)
			snprintf(cursor->after, sizeof(cursor->after), "%s", client->name);
	} while (fault == FAULT_NONE && !reach_covers_client(&cursor->reach, client->name));
	return fault;
}

static enum fault
next_site(void *context, struct txn *txn, void *record, struct why *why)
{
	struct name_cursor *cursor = context;
	struct site *site = record;
	enum fault fault;

	do {
		site_clear(site);
		fault = site_next(txn, cursor->after, site, why);
		if (fault == FAULT_NONE)
			snprintf(cursor->after, sizeof(cursor->after), "%s", site->name);
	} while (fault == FAULT_NONE && !reach_covers_client(&cursor->reach, site->client));
	return fault;
}

static enum fault
list(struct call *call, const struct table *table, const char *columns, record_next *next,
    struct why *why)
{
	struct name_cursor cursor = {0};
	enum fault fault = call_reach(call, &cursor.reach, why);

	if (fault == FAULT_NONE)
		fault = records_list(call, table, columns, next, &cursor, why);
	reach_clear(&cursor.reach);
	return fault;
}

enum fault
run_client_list(struct call *call, struct why *why)
{
	return list(call, &client_table, "name,title", next_client, why);
}

enum fault
run_site_list(struct call *call, struct why *why)
{
	return list(call, &site_table, "name,client,title", next_site, why);
}

/* As client_known(), in a transaction of its own, and one that the command's permission reaches. */
static enum fault
find_client(struct call *call, const char *name, struct client *client, struct why *why)
{
	struct txn *txn;
	enum fault fault = store_read_begin(call->admin.store, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = client_known(txn, name, client, why);
	/* That it could be made is no help to whoever wants to see or delete it. */
	if (fault == FAULT_UNKNOWN)
		why_mend(why, "%s", "");
	if (fault == FAULT_NONE)
		fault = admin_needs_over_client(&call->admin, txn, call->command->permission, name,
		    why);
	if (fault != FAULT_NONE)
		client_clear(client);
	store_end(txn);
	return fault;
}

enum fault
run_client_show(struct call *call, struct why *why)
{
	struct client client = {0};
	enum fault fault = find_client(call, call->word[0], &client, why);

	if (fault == FAULT_NONE)
		fault = record_show(call, &client_table, &client, why);
	client_clear(&client);
	return fault;
}

/* ---- changing ----------------------------------------------------------------------------- */

enum fault
run_client_add(struct call *call, struct why *why)
{
	struct edits edits = call_edits(call);

	return client_create(&call->admin, call->word[0], &edits, why);
}

enum fault
run_client_edit(struct call *call, struct why *why)
{
	struct edits edits = call_edits(call);

	if (edits.count == 0)
		return call_misuse(call, why, "nothing to change was given");
	return client_edit(&call->admin, call->word[0], &edits, why);
}

enum fault
run_client_delete(struct call *call, struct why *why)
{
	const char *name = call->word[0];
	struct client client = {0};
	enum fault fault = call_needs_answer(call, "deletes", why);

	if (fault == FAULT_NONE)
		fault = find_client(call, name, &client, why);
	client_clear(&client);
	if (fault == FAULT_NONE)
		fault = call_confirm(call, "client", name, why);
	return fault == FAULT_NONE ? client_remove(&call->admin, name, why) : fault;
}

enum fault
run_site_add(struct call *call, struct why *why)
{
	struct edits edits = call_edits(call);

	return site_create(&call->admin, call->word[0], &edits, why);
}

enum fault
run_site_delete(struct call *call, struct why *why)
{
	const char *name = call->word[0];
	struct site site = {0};
	struct txn *txn = NULL;
	enum fault fault = call_needs_answer(call, "deletes", why);

	if (fault == FAULT_NONE)
		fault = store_read_begin(call->admin.store, &txn, why);
	if (fault == FAULT_NONE)
		fault = site_known(txn, name, &site, why);
	if (fault == FAULT_UNKNOWN)
		why_mend(why, "%s", "");
	if (fault == FAULT_NONE)
		fault = admin_needs_over_client(&call->admin, txn, call->command->permission,
		    site.client, why);
	store_end(txn);
	site_clear(&site);
	if (fault == FAULT_NONE)
		fault = call_confirm(call, "site", name, why);
	return fault == FAULT_NONE ? site_remove(&call->admin, name, why) : fault;
}
