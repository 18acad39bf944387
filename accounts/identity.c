/*
 * identity.c - what this host is.
 */
#include "accounts/identity.h"

#include <stdlib.h>
#include <string.h>

#include "policy/text.h"

/* Replaces one word of the record. */
static enum fault
set_word(char **word, const char *field, const char *value, struct why *why)
{
	char *copy;

	if (value == NULL)
		return FAULT_NONE;
	if (*value != '\0' && !text_is_login(value))
		return why_field(why, FAULT_INVALID, field, "%s: expected a name: a-z 0-9 _ -",
		    field);
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

static enum fault
apply(const struct identity *identity, struct host *host, struct why *why)
{
	enum fault fault;

	if (identity->clear)
		host_clear(host);
	fault = set_word(&host->client, "client", identity->client, why);
	if (fault == FAULT_NONE)
		fault = set_word(&host->site, "site", identity->site, why);
	if (fault == FAULT_NONE && !is_empty(host->site) && is_empty(host->client))
		fault = why_field(why, FAULT_INVALID, "site",
		    "site: a site belongs to a client: give both");
	return fault;
}

enum fault
identity_set(struct admin *admin, const struct identity *identity, struct why *why)
{
	struct host host = {0};
	struct txn *txn;
	enum fault fault = admin_needs_root(admin, why);

	if (fault == FAULT_NONE)
		fault = store_write_begin(admin->store, &admin->actor, "host set", admin->now, &txn,
		    why);
	if (fault != FAULT_NONE)
		return fault;
	fault = host_get(txn, &host, why);
	if (fault == FAULT_NONE)
		fault = apply(identity, &host, why);
	if (fault == FAULT_NONE)
		fault = host_put(txn, &host, why);
	host_clear(&host);
	if (fault == FAULT_NONE)
		return store_commit(txn, NULL, why);
	store_end(txn);
	return fault;
}
