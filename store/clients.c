/*
 * clients.c - client and site records.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/text.h"
#include "store/internal.h"

static const char ORIGIN[] = "local";

/* What the two kinds of record have in common, and where it stands in each. */
struct form {
	enum table_number number;
	const struct table *table;
	const char *field; /* by which a user's record names it */
	size_t uuid, version, origin, name, created;
};

#define MEMBERS(type) offsetof(struct type, uuid), offsetof(struct type, version), \
	offsetof(struct type, origin), offsetof(struct type, name), offsetof(struct type, created)

static const struct form CLIENT = {T_CLIENTS, &client_table, "clients", MEMBERS(client)};
static const struct form SITE = {T_SITES, &site_table, "sites", MEMBERS(site)};

static const char *
name_of(const struct form *form, const void *record)
{
	return *(char *const *)((const char *)record + form->name);
}

static uint64_t *
version_of(const struct form *form, void *record)
{
	return (uint64_t *)((char *)record + form->version);
}

/* ---- reading ------------------------------------------------------------------------------ */

/*
 * The record must be of the name that it stands under: a list goes on from there, and would never
 * end.
 */
static enum fault
decode(const struct form *form, struct span key, struct span value, void *record, struct why *why)
{
	union {
		struct client client;
		struct site site;
	} read;
	enum fault fault;

	memset(&read, 0, sizeof(read));
	fault = record_decode(form->table, &read, value.data, value.size, why);
	if (fault != FAULT_NONE)
		return fault;
	if (record_check(form->table, &read, false, NULL) != FAULT_NONE ||
	    strlen(name_of(form, &read)) != key.size ||
	    memcmp(name_of(form, &read), key.data, key.size) != 0) {
		record_clear(form->table, &read);
		return why_set(why, FAULT_UNAVAILABLE, "a %s record is damaged", form->table->noun);
	}
	record_clear(form->table, record);
	memcpy(record, &read, form->table->size);
	return FAULT_NONE;
}

static enum fault
get(const struct form *form, struct txn *txn, const char *name, void *record, struct why *why)
{
	struct span value;
	enum fault fault = table_get(txn->db, form->number, key_text(name), &value, why);

	if (fault == FAULT_UNKNOWN)
		return why_field(why, FAULT_UNKNOWN, form->field, "there is no %s %s",
		    form->table->noun, name);
	return fault == FAULT_NONE ? decode(form, key_text(name), value, record, why) : fault;
}

static enum fault
next(const struct form *form, struct txn *txn, const char *after, void *record, struct why *why)
{
	struct span key = key_text(after), value;
	enum fault fault = table_seek(txn->db, form->number, true, &key, &value, why);

	return fault == FAULT_NONE ? decode(form, key, value, record, why) : fault;
}

enum fault
client_get(struct txn *txn, const char *name, struct client *client, struct why *why)
{
	return get(&CLIENT, txn, name, client, why);
}

enum fault
client_next(struct txn *txn, const char *after, struct client *client, struct why *why)
{
	return next(&CLIENT, txn, after, client, why);
}

enum fault
site_get(struct txn *txn, const char *name, struct site *site, struct why *why)
{
	return get(&SITE, txn, name, site, why);
}

enum fault
site_next(struct txn *txn, const char *after, struct site *site, struct why *why)
{
	return next(&SITE, txn, after, site, why);
}

/* ---- writing ------------------------------------------------------------------------------ */

/* The record as it stands; an all-zero one for what is new. */
static enum fault
read_old(const struct form *form, struct txn *txn, void *record, void *old, struct why *why)
{
	const char *name = name_of(form, record);
	uint64_t version = *version_of(form, record);
	enum fault fault = get(form, txn, name, old, why);

	if (version == 0) {
		if (fault == FAULT_NONE)
			return why_field(why, FAULT_CONFLICT, "name", "there is a %s %s already",
			    form->table->noun, name);
		return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
	}
	if (fault == FAULT_UNKNOWN || (fault == FAULT_NONE && *version_of(form, old) != version))
		return why_set(why, FAULT_CONFLICT,
		    "the %s %s was changed by somebody else meanwhile; look again and repeat",
		    form->table->noun, name);
	return fault;
}

static enum fault
make_identity(const struct form *form, struct txn *txn, void *record, struct why *why)
{
	char **origin = (char **)((char *)record + form->origin);

	if (*origin == NULL)
		*origin = strdup(ORIGIN);
	if (*origin == NULL)
		return why_memory(why);
	crypto_uuid((struct uuid *)((char *)record + form->uuid));
	*(int64_t *)((char *)record + form->created) = txn->entry.when;
	return FAULT_NONE;
}

static enum fault
write_record(const struct form *form, struct txn *txn, const void *record, struct why *why)
{
	struct bytes value = {0};

	record_encode(form->table, record, &value);
	return table_put(txn->db, form->number, key_text(name_of(form, record)), &value, why);
}

/* `old` is all zero, and cleared by the caller. */
static enum fault
put(const struct form *form, struct txn *txn, void *record, void *old, struct why *why)
{
	const char *name = name_of(form, record);
	uint64_t *version = version_of(form, record), was = *version;
	bool made = was == 0;
	enum fault fault = txn_must_write(txn, why);

	if (fault == FAULT_NONE && (name == NULL || !text_is_login(name)))
		fault = why_field(why, FAULT_INVALID, "name", "the %s needs a name: a-z 0-9 _ -",
		    form->table->noun);
	if (fault == FAULT_NONE)
		fault = read_old(form, txn, record, old, why);
	if (fault == FAULT_NONE && made)
		fault = make_identity(form, txn, record, why);
	if (fault == FAULT_NONE) {
		(*version)++;
		fault = record_check(form->table, record, made, why);
	}
	if (fault == FAULT_NONE)
		fault = journal_note_record(txn, form->table, name, 0, made ? NULL : old, record,
		    why);
	if (fault == FAULT_NONE)
		fault = write_record(form, txn, record, why);
	if (fault != FAULT_NONE)
		*version = was;
	return fault;
}

/* The record as it was read must still stand; then it goes. */
static enum fault
take_away(const struct form *form, struct txn *txn, void *record, void *old, struct why *why)
{
	const char *name = name_of(form, record);
	enum fault fault = read_old(form, txn, record, old, why);

	if (fault == FAULT_NONE)
		fault = journal_note_record(txn, form->table, name, 0, old, NULL, why);
	return fault == FAULT_NONE ? db_delete(txn->db, form->number, key_text(name), why) : fault;
}

enum fault
client_put(struct txn *txn, struct client *client, struct why *why)
{
	struct client old = {0};
	enum fault fault = put(&CLIENT, txn, client, &old, why);

	client_clear(&old);
	return fault;
}

/* A site moves to no other client: users of the one would come to stand at the other. */
static enum fault
check_client(struct txn *txn, const struct site *site, struct why *why)
{
	struct client client = {0};
	struct site old = {0};
	enum fault fault = FAULT_NONE;

	if (site->name != NULL && site->version != 0)
		fault = site_get(txn, site->name, &old, why);
	if (fault == FAULT_NONE && old.client != NULL && site->client != NULL &&
	    strcmp(old.client, site->client) != 0)
		fault = why_field(why, FAULT_RULE, "client", "the site %s is %s's and stays so",
		    site->name, old.client);
	if (fault == FAULT_UNKNOWN) /* the version says so better */
		fault = FAULT_NONE;
	if (fault == FAULT_NONE && site->client != NULL)
		fault = client_get(txn, site->client, &client, why);
	if (fault == FAULT_UNKNOWN)
		fault = why_field(why, FAULT_UNKNOWN, "client", "there is no client %s",
		    site->client);
	client_clear(&client);
	site_clear(&old);
	return fault;
}

enum fault
site_put(struct txn *txn, struct site *site, struct why *why)
{
	struct site old = {0};
	enum fault fault = check_client(txn, site, why);

	if (fault == FAULT_NONE)
		fault = put(&SITE, txn, site, &old, why);
	site_clear(&old);
	return fault;
}

/* ---- deleting ----------------------------------------------------------------------------- */

/* FAULT_RULE, naming them, when somebody stands under the word. */
static enum fault
refuse_user(struct txn *txn, enum table_number table, const char *word, const char *how,
    const char *name, struct why *why)
{
	struct user user = {0};
	uint32_t uid;
	enum fault fault = index_next(txn, table, word, 0, &uid, why);

	if (fault == FAULT_UNKNOWN)
		return FAULT_NONE;
	if (fault == FAULT_NONE)
		fault = user_get(txn, uid, &user, why);
	if (fault == FAULT_NONE)
		fault = why_set(why, FAULT_RULE, "%s %s %s", user.name, how, name);
	user_clear(&user);
	return fault;
}

static enum fault
refuse_host(struct txn *txn, const struct form *form, const char *name, struct why *why)
{
	struct host host = {0};
	const char *own;
	enum fault fault = host_get(txn, &host, why);

	if (fault != FAULT_NONE)
		return fault;
	own = form == &CLIENT ? host.client : host.site;
	if (own != NULL && strcmp(own, name) == 0) {
		fault = why_set(why, FAULT_RULE, "this host belongs to the %s %s",
		    form->table->noun, name);
		why_mend(why, "hexa-admin host set --clear");
	}
	host_clear(&host);
	return fault;
}

static enum fault
refuse_site(struct txn *txn, const char *client, struct why *why)
{
	struct site site = {0};
	enum fault fault = FAULT_NONE;
	char *after = strdup("");

	if (after == NULL)
		return why_memory(why);
	while (fault == FAULT_NONE && (fault = site_next(txn, after, &site, why)) == FAULT_NONE) {
		free(after);
		after = strdup(site.name);
		if (after == NULL)
			fault = why_memory(why);
		else if (strcmp(site.client, client) == 0) {
			fault = why_set(why, FAULT_RULE, "the client %s has the site %s", client,
			    site.name);
			why_mend(why, "hexa-admin site delete %s", site.name);
		}
	}
	free(after);
	site_clear(&site);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

enum fault
client_delete(struct txn *txn, const struct client *client, struct why *why)
{
	char scope[sizeof(SCOPE_PREFIX) + LOGIN_NAME_BYTES];
	struct client given = *client, old = {0};
	enum fault fault = txn_must_write(txn, why);

	snprintf(scope, sizeof(scope), SCOPE_PREFIX "%s", client->name);
	if (fault == FAULT_NONE)
		fault = refuse_user(txn, T_CLIENT_USERS, client->name, "belongs to the client",
		    client->name, why);
	if (fault == FAULT_NONE)
		fault = refuse_user(txn, T_MEMBERS, scope, "holds a role for the client",
		    client->name, why);
	if (fault == FAULT_NONE)
		fault = refuse_site(txn, client->name, why);
	if (fault == FAULT_NONE)
		fault = refuse_host(txn, &CLIENT, client->name, why);
	if (fault == FAULT_NONE)
		fault = take_away(&CLIENT, txn, &given, &old, why);
	client_clear(&old);
	return fault;
}

enum fault
site_delete(struct txn *txn, const struct site *site, struct why *why)
{
	struct site given = *site, old = {0};
	enum fault fault = txn_must_write(txn, why);

	if (fault == FAULT_NONE)
		fault = refuse_user(txn, T_SITE_USERS, site->name, "is kept to the site",
		    site->name, why);
	if (fault == FAULT_NONE)
		fault = refuse_host(txn, &SITE, site->name, why);
	if (fault == FAULT_NONE)
		fault = take_away(&SITE, txn, &given, &old, why);
	site_clear(&old);
	return fault;
}
