/*
 * records.c - whether everything in a database can be read, and could have come to be.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "directory/image.h"
#include "policy/array.h"
#include "policy/text.h"
#include "store/attachments.h"
#include "store/backup_parts.h"

/* An id of the system's would make of users, or of a role's holders, what the host has under it. */
static enum fault
check_id(const char *field, uint32_t id, const char *whose, struct why *why)
{
	if (image_id_is_served(id))
		return FAULT_NONE;
	return why_field(why, FAULT_INVALID, field,
	    "%s: %lu of %s is not an id that a host has for people and their groups", field,
	    (unsigned long)id, whose);
}

/* ---- users --------------------------------------------------------------------------------- */

/* Whose UUID it is. */
struct identity {
	struct uuid uuid;
	uint32_t uid;
};

static int
compare_identities(const void *a, const void *b)
{
	return memcmp(&((const struct identity *)a)->uuid, &((const struct identity *)b)->uuid,
	    sizeof(struct uuid));
}

static enum fault
check_identities(struct identity *identity, size_t count, struct why *why)
{
	if (count > 1)
		qsort(identity, count, sizeof(*identity), compare_identities);
	for (size_t i = 1; i < count; i++)
		if (compare_identities(&identity[i - 1], &identity[i]) == 0)
			return why_field(why, FAULT_INVALID, "uuid", "uuid: %lu and %lu have the same",
			    (unsigned long)identity[i - 1].uid, (unsigned long)identity[i].uid);
	return FAULT_UNKNOWN;
}

/* Whose gids are no user's: those of roles' groups, and Hexa's own. */
struct groups {
	struct roles roles;
	uint32_t admins;
};

/* Of two users it may be one: who was adopted brings along the group that they were in. */
static enum fault
check_no_groups(const struct groups *groups, const struct user *user, struct why *why)
{
	const char *whose = user->uid == groups->admins || user->gid == groups->admins
	    ? ADMINS_GROUP : NULL;
	bool is_uid = user->uid == groups->admins;

	for (size_t i = 0; i < groups->roles.count && whose == NULL; i++) {
		const struct role *role = &groups->roles.role[i];

		is_uid = user->uid == role->gid;
		if (is_uid || user->gid == role->gid)
			whose = role->name;
	}
	if (whose == NULL)
		return FAULT_NONE;
	return why_field(why, FAULT_INVALID, is_uid ? "uid" : "gid", "%s: %lu is both %s's and %s's",
	    is_uid ? "uid" : "gid", (unsigned long)(is_uid ? user->uid : user->gid), user->name,
	    whose);
}

static enum fault
check_user(const struct groups *groups, const struct user *user, struct why *why)
{
	enum fault fault = check_id("uid", user->uid, user->name, why);

	if (fault == FAULT_NONE)
		fault = check_id("gid", user->gid, user->name, why);
	return fault == FAULT_NONE ? check_no_groups(groups, user, why) : fault;
}

static enum fault
read_users(struct txn *txn, struct why *why)
{
	struct groups groups = {0};
	struct user user = {0};
	void *all = NULL;
	size_t count = 0;
	enum fault fault = roles_load(txn, &groups.roles, why);

	if (fault == FAULT_NONE)
		fault = admins_gid(txn, &groups.admins, why);
	while (fault == FAULT_NONE &&
	    (fault = user_next(txn, count == 0 ? 0 : user.uid, &user, why)) == FAULT_NONE) {
		fault = array_grow(&all, count, sizeof(struct identity))
		    ? check_user(&groups, &user, why) : why_memory(why);
		if (fault != FAULT_NONE)
			break;
		((struct identity *)all)[count++] = (struct identity){user.uuid, user.uid};
	}
	if (fault == FAULT_UNKNOWN)
		fault = check_identities(all, count, why);
	roles_clear(&groups.roles);
	user_clear(&user);
	free(all);
	return fault;
}

/* ---- roles --------------------------------------------------------------------------------- */

/* Whose group it is decides who is in it: a gid that two have puts the holders of one into both. */
static enum fault
check_own(const struct roles *roles, uint32_t admins, const struct role *role, struct why *why)
{
	const struct role *other = NULL;

	for (size_t i = 0; i < roles->count && other == NULL; i++)
		if (&roles->role[i] != role && roles->role[i].gid == role->gid)
			other = &roles->role[i];
	if (other == NULL && role->gid != admins)
		return FAULT_NONE;
	return why_field(why, FAULT_INVALID, "gid", "gid: %lu is both %s's and %s's",
	    (unsigned long)role->gid, role->name, other == NULL ? ADMINS_GROUP : other->name);
}

static enum fault
check_gids(struct txn *txn, const struct roles *roles, struct why *why)
{
	uint32_t admins = 0;
	enum fault fault = admins_gid(txn, &admins, why);

	for (size_t i = 0; fault == FAULT_NONE && i < roles->count; i++) {
		const struct role *role = &roles->role[i];

		if (role->gid == 0 && role_group(role) == NULL)
			continue;
		fault = check_id("gid", role->gid, role->name, why);
		if (fault == FAULT_NONE)
			fault = check_own(roles, admins, role, why);
	}
	return fault;
}

/* Without it no change is possible, and none that would mend it. */
static enum fault
check_administrator(const struct roles *roles, struct why *why)
{
	const struct role *role = roles_find(roles, ROLE_SYSTEM_ADMINISTRATOR);

	if (role != NULL && !role->disabled && names_have(&role->permissions, "*"))
		return FAULT_NONE;
	return why_field(why, FAULT_INVALID, "roles",
	    "roles: there is no %s with every permission (`*`)", ROLE_SYSTEM_ADMINISTRATOR);
}

static enum fault
check_roles(struct txn *txn, struct why *why)
{
	struct roles roles = {0};
	enum fault fault = roles_load(txn, &roles, why);

	if (fault == FAULT_NONE)
		fault = check_gids(txn, &roles, why);
	if (fault == FAULT_NONE)
		fault = check_administrator(&roles, why);
	roles_clear(&roles);
	return fault;
}

/* ---- the rest ------------------------------------------------------------------------------ */

/*
 * What is compiled of them is compiled anew when they are put in place (roles_mend()), and so must be
 * such that it can be.
 */
static enum fault
check_compiled(struct txn *txn, struct why *why)
{
	struct roles stale = {0};
	enum fault fault = roles_find_stale(txn, &stale, why);

	roles_clear(&stale);
	return fault;
}

static enum fault
read_policy(struct txn *txn, struct why *why)
{
	struct document document = {0};
	enum fault fault = document_load(txn, &document, why);

	document_clear(&document);
	if (fault == FAULT_NONE)
		fault = check_roles(txn, why);
	return fault == FAULT_NONE ? check_compiled(txn, why) : fault;
}

static enum fault
read_clients(struct txn *txn, struct why *why)
{
	struct client client = {0};
	char *name = strdup("");
	enum fault fault = FAULT_NONE;

	while (name != NULL &&
	    (fault = client_next(txn, name, &client, why)) == FAULT_NONE) {
		free(name);
		name = strdup(client.name);
	}
	client_clear(&client);
	fault = name == NULL ? why_memory(why) : fault;
	free(name);
	return fault;
}

static enum fault
read_sites(struct txn *txn, struct why *why)
{
	struct site site = {0};
	char *name = strdup("");
	enum fault fault = FAULT_NONE;

	while (name != NULL && (fault = site_next(txn, name, &site, why)) == FAULT_NONE) {
		free(name);
		name = strdup(site.name);
	}
	site_clear(&site);
	fault = name == NULL ? why_memory(why) : fault;
	free(name);
	return fault;
}

bool
document_is_likely(uint32_t number, uint64_t sequence)
{
	return sequence >= UINT32_MAX || number <= sequence + DOCUMENTS_BEYOND;
}

/* The highest number is that of the last one, or of one that is gone. */
static enum fault
check_numbers(struct txn *txn, uint32_t number, struct why *why)
{
	unsigned char hash[CRYPTO_HASH_BYTES];
	uint64_t sequence = 0;
	uint32_t last = 0;
	enum fault fault = journal_head(txn, &sequence, hash, why);

	if (fault != FAULT_NONE)
		return fault;
	(void)meta_id_get(txn, META_LAST_DOCUMENT, &last, NULL); /* 0: none yet */
	number = last > number ? last : number;
	if (document_is_likely(number, sequence))
		return FAULT_UNKNOWN;
	return why_field(why, FAULT_INVALID, META_LAST_DOCUMENT,
	    META_LAST_DOCUMENT ": no document can have come to have the number %lu",
	    (unsigned long)number);
}

static enum fault
read_documents(struct txn *txn, struct why *why)
{
	struct attachment attachment = {0};
	uint32_t number = 0;
	enum fault fault;

	while ((fault = attachment_next(txn, number, &attachment, why)) == FAULT_NONE)
		number = attachment.number;
	attachment_clear(&attachment);
	return fault == FAULT_UNKNOWN ? check_numbers(txn, number, why) : fault;
}

static enum fault
read_keys(struct txn *txn, struct why *why)
{
	struct key key = {0};
	enum fault fault;

	while ((fault = keys_next(txn, &key, why)) == FAULT_NONE)
		continue;
	key_clear(&key);
	return fault;
}

static enum fault
read_names(struct txn *txn, struct why *why)
{
	static const enum table_number tables[] = {T_NAMES, T_EMAILS, T_PHONES};
	enum fault fault = FAULT_UNKNOWN;

	for (size_t i = 0; fault == FAULT_UNKNOWN && i < sizeof(tables) / sizeof(tables[0]); i++) {
		char name[TABLE_KEY_MAX + 1] = "";
		enum holder holder;
		uint32_t id;

		do
			fault = name_next(txn, tables[i], name, &holder, &id, why);
		while (fault == FAULT_NONE);
	}
	return fault;
}

static enum fault
read_ids(struct txn *txn, struct why *why)
{
	unsigned char buffer[4];
	struct span key = {0}, value;
	enum fault fault;

	while ((fault = table_seek(txn->db, T_IDS, true, &key, &value, why)) == FAULT_NONE) {
		enum holder holder;

		if (key.size != 4)
			return why_set(why, FAULT_UNAVAILABLE, "the database is damaged");
		fault = id_holder(txn, key_get_u32(key.data), &holder, why);
		if (fault != FAULT_NONE)
			return fault;
		key = key_u32(buffer, key_get_u32(key.data));
	}
	return fault;
}

static enum fault
read_words(struct txn *txn, struct why *why)
{
	struct host host = {0};
	int64_t mark;
	uint32_t id = 0;
	enum fault fault = meta_id_get(txn, META_NEXT_ID, &id, why);

	if (fault == FAULT_NONE)
		fault = admins_gid(txn, &id, why);
	if (fault == FAULT_NONE)
		fault = check_id(META_ADMINS_GID, id, ADMINS_GROUP, why);
	if (fault == FAULT_NONE)
		fault = clock_mark(txn, &mark, why);
	if (fault == FAULT_NONE)
		fault = host_get(txn, &host, why);
	host_clear(&host);
	return fault;
}

bool
clock_is_likely(int64_t clock, int64_t now, int64_t newest)
{
	const int64_t latest = now > newest ? now : newest;

	return clock <= TIME_LAST && clock - SECONDS_PER_DAY <= latest;
}

static enum fault
check_clock(struct txn *txn, int64_t newest, struct why *why)
{
	char text[TIME_TEXT_BYTES];
	int64_t clock = 0;
	enum fault fault = clock_mark(txn, &clock, why);

	if (fault != FAULT_NONE || clock_is_likely(clock, (int64_t)time(NULL), newest))
		return fault == FAULT_NONE ? FAULT_UNKNOWN : fault;
	text_from_time(clock, text);
	return why_field(why, FAULT_INVALID, META_CLOCK,
	    META_CLOCK ": %s is later than now, and than every entry of the journal", text);
}

static enum fault
read_journal(struct txn *txn, struct why *why)
{
	int64_t newest = 0;
	struct journal_entry entry = {0};
	unsigned char hash[CRYPTO_HASH_BYTES];
	uint64_t sequence = 0, head = 0;
	enum fault fault = journal_head(txn, &head, hash, why);

	if (fault != FAULT_NONE)
		return fault;
	while ((fault = journal_next(txn, sequence, &entry, why)) == FAULT_NONE) {
		sequence = entry.sequence;
		newest = entry.when > newest ? entry.when : newest;
	}
	journal_entry_clear(&entry);
	return fault == FAULT_UNKNOWN ? check_clock(txn, newest, why) : fault;
}

enum fault
check_records(struct txn *txn, struct why *why)
{
	static const struct {
		const char *table;
		enum fault (*read)(struct txn *txn, struct why *why);
	} steps[] = {
	    {"meta", read_words}, {"roles, permissions and policy", read_policy},
	    {"clients", read_clients}, {"sites", read_sites}, {"users", read_users},
	    {"keys", read_keys}, {"attachments", read_documents}, {"names", read_names},
	    {"ids", read_ids}, {"journal", read_journal},
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		enum fault fault = steps[i].read(txn, why);

		if (fault == FAULT_NONE || fault == FAULT_UNKNOWN)
			continue;
		why_add(why, " (in %s)", steps[i].table);
		return fault;
	}
	return FAULT_NONE;
}
