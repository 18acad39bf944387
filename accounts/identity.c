/*
 * identity.c - what this host is.
 */
#include "accounts/identity.h"

#include <stdlib.h>
#include <string.h>

#include "accounts/change.h"
#include "accounts/clients.h"

/* Replaces one word of the record. */
static enum fault
set_word(char **word, const char *value, struct why *why)
{
	char *copy;

	if (value == NULL)
		return FAULT_NONE;
	copy = strdup(value);
	if (copy == NULL)
		return why_memory(why);
	free(*word);
	*word = copy;
	return FAULT_NONE;
}

static bool
is_empty(const char *word)
{
	return word == NULL || *word == '\0';
}

/* A host of another client's than its site would let in the people of both. */
static enum fault
site_fits(struct txn *txn, const struct host *host, struct why *why)
{
	struct site site = {0};
	enum fault fault;

	if (is_empty(host->site))
		return FAULT_NONE;
	if (is_empty(host->client))
		return why_field(why, FAULT_INVALID, "site",
		    "site: a site belongs to a client: give both");
	fault = site_known(txn, host->site, &site, why);
	if (fault == FAULT_NONE && strcmp(site.client, host->client) != 0) {
		fault = why_field(why, FAULT_INVALID, "site", "site: %s is a site of %s, not of %s",
		    host->site, site.client, host->client);
		why_mend(why, "hexa-admin host set --clear --client %s --site SITE", host->client);
	}
	site_clear(&site);
	return fault;
}

static enum fault
set_identity(struct txn *txn, const struct identity *identity, struct host *host, struct why *why)
{
	enum fault fault = host_get(txn, host, why);

	if (fault != FAULT_NONE)
		return fault;
	if (identity->clear)
		host_clear(host);
	fault = set_word(&host->client, identity->client, why);
	if (fault == FAULT_NONE)
		fault = set_word(&host->site, identity->site, why);
	if (fault == FAULT_NONE && !is_empty(host->client))
		fault = client_known(txn, host->client, NULL, why);
	if (fault == FAULT_NONE)
		fault = site_fits(txn, host, why);
	return fault == FAULT_NONE ? host_put(txn, host, why) : fault;
}

enum fault
identity_set(struct admin *admin, const struct identity *identity, struct why *why)
{
	struct change change = {0};
	struct host host = {0};
	enum fault fault = admin_needs_root(admin, why);

	if (fault == FAULT_NONE)
		fault = change_begin(&change, admin, "host set", "hexa.clients.edit", why);
	if (fault != FAULT_NONE)
		return fault;
	fault = change_finish(&change, set_identity(change.txn, identity, &host, why), why);
	host_clear(&host);
	return fault;
}
