/*
 * identity.c - which client's host this is, and which of its sites.
 */
#include <stdlib.h>
#include <string.h>

#include "store/internal.h"

static const char HOST[] = META_HOST;

void
host_clear(struct host *host)
{
	free(host->client);
	free(host->site);
	*host = (struct host){0};
}

enum { HOST_WORD_MAX = 256 };

enum fault
host_get(struct txn *txn, struct host *host, struct why *why)
{
	struct span value;
	struct reader reader;
	struct host read = {0};
	enum fault fault = table_get(txn->db, T_META, key_text(HOST), &value, why);

	if (fault == FAULT_UNKNOWN) {
		host_clear(host);
		return FAULT_NONE;
	}
	if (fault != FAULT_NONE)
		return fault;
	reader = reader_over(value.data, value.size);
	read.client = reader_text(&reader, HOST_WORD_MAX);
	read.site = reader_text(&reader, HOST_WORD_MAX);
	if (!reader_done(&reader)) {
		host_clear(&read);
		return why_set(why, FAULT_UNAVAILABLE, "the database is damaged: the host");
	}
	host_clear(host);
	*host = read;
	return FAULT_NONE;
}

static const char *
or_empty(const char *text)
{
	return text == NULL ? "" : text;
}

static enum fault
note_host_word(struct txn *txn, const char *word, const char *before, const char *after,
    struct why *why)
{
	if (strcmp(or_empty(before), or_empty(after)) == 0)
		return FAULT_NONE;
	return journal_note(txn, "host", "", 0, word, before, after, why);
}

enum fault
host_put(struct txn *txn, const struct host *host, struct why *why)
{
	struct host old = {0};
	struct bytes value = {0};
	enum fault fault = host_get(txn, &old, why);

	if (fault == FAULT_NONE)
		fault = note_host_word(txn, "client", old.client, host->client, why);
	if (fault == FAULT_NONE)
		fault = note_host_word(txn, "site", old.site, host->site, why);
	host_clear(&old);
	if (fault != FAULT_NONE)
		return fault;
	bytes_put_text(&value, host->client);
	bytes_put_text(&value, host->site);
	return table_put(txn->db, T_META, key_text(HOST), &value, why);
}
