/*
 * clients.c - clients and their sites.
 */
#include "accounts/clients.h"

#include <string.h>

#include "accounts/change.h"
#include "policy/text.h"

static const char PERMISSION[] = "hexa.clients.edit";

/* ---- looking ------------------------------------------------------------------------------ */

/* FAULT_UNKNOWN, with the nearest of the names that there are. */
static enum fault
suggest(const char *noun, const char *name, const struct names *names, struct why *why)
{
	const char *nearest =
	    text_nearest(name, (const char *const *)names->item, names->count);

	if (nearest != NULL)
		why_field(why, FAULT_UNKNOWN, noun, "there is no %s %s: did you mean %s?", noun,
		    name, nearest);
	else
		why_field(why, FAULT_UNKNOWN, noun, "there is no %s %s", noun, name);
	/* A name that could never be given is no typing mistake that a command would mend. */
	if (text_is_login(name))
		why_mend(why, "hexa-admin %s add %s %s--title TITLE", noun, name,
		    strcmp(noun, "site") == 0 ? "--client CLIENT " : "");
	return FAULT_UNKNOWN;
}

static enum fault
client_names(struct txn *txn, struct names *names, struct why *why)
{
	struct client client = {0};
	enum fault fault = client_next(txn, "", &client, why);

	while (fault == FAULT_NONE && names_add(names, client.name))
		fault = client_next(txn, names->item[names->count - 1], &client, why);
	client_clear(&client);
	if (fault == FAULT_NONE)
		return why_memory(why);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

static enum fault
site_names(struct txn *txn, struct names *names, struct why *why)
{
	struct site site = {0};
	enum fault fault = site_next(txn, "", &site, why);

	while (fault == FAULT_NONE && names_add(names, site.name))
		fault = site_next(txn, names->item[names->count - 1], &site, why);
	site_clear(&site);
	if (fault == FAULT_NONE)
		return why_memory(why);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

enum fault
client_known(struct txn *txn, const char *name, struct client *client, struct why *why)
{
	struct client found = {0};
	struct names names = {0};
	enum fault fault = client_get(txn, name, client == NULL ? &found : client, why);

	client_clear(&found);
	if (fault != FAULT_UNKNOWN)
		return fault;
	fault = client_names(txn, &names, why);
	if (fault == FAULT_NONE)
		fault = suggest("client", name, &names, why);
	names_clear(&names);
	return fault;
}

enum fault
site_known(struct txn *txn, const char *name, struct site *site, struct why *why)
{
	struct site found = {0};
	struct names names = {0};
	enum fault fault = site_get(txn, name, site == NULL ? &found : site, why);

	site_clear(&found);
	if (fault != FAULT_UNKNOWN)
		return fault;
	fault = site_names(txn, &names, why);
	if (fault == FAULT_NONE)
		fault = suggest("site", name, &names, why);
	names_clear(&names);
	return fault;
}

/* The record's own name, which is typed apart from its fields. */
static enum fault
name_parse(const struct table *table, void *record, const char *name, struct why *why)
{
	if (*name == '\0')
		return why_field(why, FAULT_INVALID, "name", "name is required");
	return field_parse(field_find(table, "name"), record, name, why);
}

/* ---- clients ------------------------------------------------------------------------------ */

static enum fault
make_client(struct change *change, const char *name, const struct edits *edits, struct why *why)
{
	struct client client = {0};
	enum fault fault;

	/* A permission for some clients is for none that is to come. */
	fault = admin_needs_everywhere(change->admin, change->txn, PERMISSION, why);
	if (fault == FAULT_NONE)
		fault = name_parse(&client_table, &client, name, why);
	if (fault == FAULT_NONE)
		fault = edits_apply(edits, &client_table, &client, false, why);
	if (fault == FAULT_NONE)
		fault = client_put(change->txn, &client, why);
	client_clear(&client);
	return fault;
}

enum fault
client_create(struct admin *admin, const char *name, const struct edits *edits, struct why *why)
{
	struct change change = {0};
	enum fault fault = change_begin(&change, admin, "client add", PERMISSION, why);

	if (fault != FAULT_NONE)
		return fault;
	return change_finish(&change, make_client(&change, name, edits, why), why);
}

static enum fault
alter_client(struct change *change, const char *name, const struct edits *edits, struct why *why)
{
	struct client client = {0};
	enum fault fault;

	fault = admin_needs_over_client(change->admin, change->txn, PERMISSION, name, why);
	if (fault == FAULT_NONE)
		fault = client_known(change->txn, name, &client, why);
	if (fault == FAULT_NONE)
		fault = edits_apply(edits, &client_table, &client, true, why);
	if (fault == FAULT_NONE)
		fault = client_put(change->txn, &client, why);
	client_clear(&client);
	return fault;
}

enum fault
client_edit(struct admin *admin, const char *name, const struct edits *edits, struct why *why)
{
	struct change change = {0};
	enum fault fault = change_begin(&change, admin, "client edit", PERMISSION, why);

	if (fault != FAULT_NONE)
		return fault;
	return change_finish(&change, alter_client(&change, name, edits, why), why);
}

static enum fault
drop_client(struct change *change, const char *name, struct why *why)
{
	struct client client = {0};
	enum fault fault;

	fault = admin_needs_over_client(change->admin, change->txn, PERMISSION, name, why);
	if (fault == FAULT_NONE)
		fault = client_known(change->txn, name, &client, why);
	if (fault == FAULT_NONE)
		fault = client_delete(change->txn, &client, why);
	client_clear(&client);
	return fault;
}

enum fault
client_remove(struct admin *admin, const char *name, struct why *why)
{
	struct change change = {0};
	enum fault fault = change_begin(&change, admin, "client delete", PERMISSION, why);

	if (fault != FAULT_NONE)
		return fault;
	return change_finish(&change, drop_client(&change, name, why), why);
}

/* ---- sites -------------------------------------------------------------------------------- */

static enum fault
make_site(struct change *change, const char *name, const struct edits *edits, struct why *why)
{
	struct site site = {0};
	enum fault fault;

	fault = name_parse(&site_table, &site, name, why);
	if (fault == FAULT_NONE)
		fault = edits_apply(edits, &site_table, &site, false, why);
	if (fault == FAULT_NONE && site.client == NULL)
		fault = why_field(why, FAULT_INVALID, "client", "client is required");
	if (fault == FAULT_NONE)
		fault = admin_needs_over_client(change->admin, change->txn, PERMISSION,
		    site.client, why);
	if (fault == FAULT_NONE)
		fault = client_known(change->txn, site.client, NULL, why);
	if (fault == FAULT_NONE)
		fault = site_put(change->txn, &site, why);
	site_clear(&site);
	return fault;
}

enum fault
site_create(struct admin *admin, const char *name, const struct edits *edits, struct why *why)
{
	struct change change = {0};
	enum fault fault = change_begin(&change, admin, "site add", PERMISSION, why);

	if (fault != FAULT_NONE)
		return fault;
	return change_finish(&change, make_site(&change, name, edits, why), why);
}

static enum fault
drop_site(struct change *change, const char *name, struct why *why)
{
	struct site site = {0};
	enum fault fault;

	fault = site_known(change->txn, name, &site, why);
	if (fault == FAULT_NONE)
		fault = admin_needs_over_client(change->admin, change->txn, PERMISSION,
		    site.client, why);
	if (fault == FAULT_NONE)
		fault = site_delete(change->txn, &site, why);
	site_clear(&site);
	return fault;
}

enum fault
site_remove(struct admin *admin, const char *name, struct why *why)
{
	struct change change = {0};
	enum fault fault = change_begin(&change, admin, "site delete", PERMISSION, why);

	if (fault != FAULT_NONE)
		return fault;
	return change_finish(&change, drop_site(&change, name, why), why);
}
