/*
 * activity.c - the commands `hexa-admin activity …`: the journal, one line for each change.
 */
#include "hexa-admin/command.h"

#include <stdio.h>
#include <string.h>

#include "hexa-admin/head.h"
#include "hexa-admin/list.h"
#include "policy/text.h"
#include "store/journal.h"

/* ---- which changes ------------------------------------------------------------------------ */

/* What the options ask for, within what the actor may see. */
struct wanted {
	struct reach reach; /* of the actor's permission to look */
	const char *user;
	uint32_t uid; /* of --user; 0: nobody who is there now */
	const char *actor;
	const char *action;
	bool all;      /* the actor may see everything there is */
	int64_t since; /* not before --since, nor further back than the actor may see */
	int64_t until;
};

/* Where a list stands: an entry is one row for each change, and may have more than a page holds. */
struct walk {
	struct wanted wanted;
	uint64_t limit;             /* rows */
	struct journal_entry entry; /* the newest that was read */
	size_t next;                /* the change that comes next; entry.count: none */
};

/* A user who is gone is still found, by name or by `uid:N`. */
static enum fault
want_user(struct call *call, struct wanted *wanted, struct why *why)
{
	static const char by_uid[] = "uid:";
	struct user user = {0};
	struct txn *txn;
	uint64_t uid = 0;
	enum fault fault;

	wanted->user = call->option[OPTION_USER];
	if (wanted->user == NULL)
		return FAULT_NONE;
	fault = store_read_begin(call->admin.store, &txn, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = user_find(txn, wanted->user, &user, why);
	store_end(txn);
	if (fault == FAULT_NONE)
		wanted->uid = user.uid;
	else if (strncmp(wanted->user, by_uid, strlen(by_uid)) == 0 &&
	    text_to_number(wanted->user + strlen(by_uid), UINT32_MAX, &uid))
		wanted->uid = (uint32_t)uid;
	user_clear(&user);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

/* Whose permission to look is for a part sees what became of the users of that part. */
static bool
change_is_seen(const struct wanted *wanted, struct txn *txn, const struct journal_change *change)
{
	struct user user = {0};
	bool seen;

	if (wanted->reach.everywhere)
		return true;
	seen = change->uid != 0 &&
	    user_get(txn, change->uid, &user, NULL) == FAULT_NONE &&
	    reach_covers_user(&wanted->reach, &user);
	user_clear(&user);
	return seen;
}

static bool
change_is_wanted(const struct wanted *wanted, struct txn *txn,
    const struct journal_change *change)
{
	if (!change_is_seen(wanted, txn, change))
		return false;
	if (wanted->user == NULL)
		return true;
	/* A document bears its number for a name, and the uid of whom it is about. */
	return (wanted->uid != 0 && change->uid == wanted->uid) ||
	    (strcmp(change->noun, user_table.noun) == 0 &&
	        strcmp(change->name, wanted->user) == 0);
}

static bool
entry_is_wanted(const struct wanted *wanted, struct txn *txn, const struct journal_entry *entry)
{
	if (entry->when < wanted->since || entry->when > wanted->until ||
	    (wanted->actor != NULL && strcmp(wanted->actor, entry->actor.name) != 0) ||
	    (wanted->action != NULL && strcmp(wanted->action, entry->action) != 0))
		return false;
	if (wanted->user == NULL && wanted->reach.everywhere)
		return true;
	for (size_t i = 0; i < entry->count; i++)
		if (change_is_wanted(wanted, txn, &entry->change[i]))
			return true;
	return false;
}

/* ---- activity list ------------------------------------------------------------------------ */

enum {
	C_SEQUENCE,
	C_TIME,
	C_ACTOR,
	C_FROM,
	C_ACTION,
	C_NOUN,
	C_NAME,
	C_FIELD,
	C_BEFORE,
	C_AFTER,
	C_COUNT
};

static const struct list_column columns[C_COUNT] = {
	[C_SEQUENCE] = {"sequence", GRID_RIGHT},
	[C_TIME] = {"time", 0},
	[C_ACTOR] = {"actor", 0},
	[C_FROM] = {"from", 0},
	[C_ACTION] = {"action", 0},
	[C_NOUN] = {"noun", 0},
	[C_NAME] = {"name", 0},
	[C_FIELD] = {"field", 0},
	[C_BEFORE] = {"before", GRID_SHORT},
	[C_AFTER] = {"after", GRID_SHORT},
};

static void
put_entry_cells(struct list *list, const struct journal_entry *entry)
{
	char sequence[24], when[TIME_TEXT_BYTES];

	snprintf(sequence, sizeof(sequence), "%llu", (unsigned long long)entry->sequence);
	text_from_time(entry->when, when);
	list_row(list);
	list_cell(list, C_SEQUENCE, sequence);
	list_cell(list, C_TIME, when);
	list_cell(list, C_ACTOR, entry->actor.name);
	list_cell(list, C_FROM, entry->actor.from);
	list_cell(list, C_ACTION, entry->action);
}

static void
put_change_cells(struct list *list, const struct journal_change *change)
{
	list_cell(list, C_NOUN, change->noun);
	list_cell(list, C_NAME, change->name);
	list_cell(list, C_FIELD, change->field);
	list_cell(list, C_BEFORE, change->before);
	list_cell(list, C_AFTER, change->after);
}

static struct json *
change_json(const struct journal_change *change)
{
	struct json *map = json_map();

	json_put_text(map, "noun", change->noun);
	json_put_text(map, "name", change->name);
	if (change->uid == 0)
		json_put_null(map, "uid");
	else
		json_put_number(map, "uid", change->uid);
	json_put_text(map, "field", change->field);
	json_put_text(map, "before", change->before);
	json_put_text(map, "after", change->after);
	return map;
}

static struct json *
entry_json(const struct wanted *wanted, struct txn *txn, const struct journal_entry *entry)
{
	struct json *map = json_map(), *changes = json_list();
	char when[TIME_TEXT_BYTES], hash[HASH_TEXT_BYTES];

	text_from_time(entry->when, when);
	hash_to_text(entry->hash, hash);
	json_put_number(map, "sequence", entry->sequence);
	json_put_text(map, "time", when);
	json_put_text(map, "actor", entry->actor.name);
	json_put_number(map, "actor-uid", entry->actor.uid);
	if (entry->actor.login_uid == UINT32_MAX)
		json_put_null(map, "login-uid");
	else
		json_put_number(map, "login-uid", entry->actor.login_uid);
	if (*entry->actor.from == '\0')
		json_put_null(map, "from");
	else
		json_put_text(map, "from", entry->actor.from);
	json_put_text(map, "action", entry->action);
	for (size_t i = 0; i < entry->count; i++)
		if (change_is_seen(wanted, txn, &entry->change[i]))
			json_add(changes, change_json(&entry->change[i]));
	json_put(map, "changes", changes);
	/* It is over the whole entry: what is not shown of it could be found by trying. */
	if (wanted->all)
		json_put_text(map, "hash", hash);
	else
		json_put_null(map, "hash");
	return map;
}

/* Reads on to the next entry that is wanted. */
static enum fault
next_entry(struct walk *walk, struct txn *txn, struct why *why)
{
	enum fault fault;

	do
		fault = journal_next(txn, walk->entry.sequence, &walk->entry, why);
	while (fault == FAULT_NONE && !entry_is_wanted(&walk->wanted, txn, &walk->entry));
	if (fault == FAULT_NONE)
		walk->next = 0;
	return fault;
}

/* The next change that is wanted of the entry in hand; NULL: there is none. */
static const struct journal_change *
next_change(struct walk *walk, struct txn *txn)
{
	while (walk->next < walk->entry.count) {
		const struct journal_change *change = &walk->entry.change[walk->next++];

		if (change_is_wanted(&walk->wanted, txn, change))
			return change;
	}
	return NULL;
}

static enum fault
step(void *context, struct txn *txn, struct list *list, struct why *why)
{
	struct walk *walk = context;
	const struct journal_change *change = list_is_json(list) ? NULL : next_change(walk, txn);
	enum fault fault;

	if (list->rows >= walk->limit)
		return FAULT_UNKNOWN;
	if (change == NULL) {
		fault = next_entry(walk, txn, why);
		if (fault != FAULT_NONE)
			return fault;
		if (list_is_json(list)) {
			list_json(list, entry_json(&walk->wanted, txn, &walk->entry));
			return FAULT_NONE;
		}
		change = next_change(walk, txn);
	}
	put_entry_cells(list, &walk->entry);
	if (change != NULL)
		put_change_cells(list, change);
	return FAULT_NONE;
}

/* What the actor may see at all: of whom, and how far back. */
static enum fault
want_seen(struct call *call, struct wanted *wanted, struct why *why)
{
	int64_t seen = INT64_MIN;
	struct txn *txn;
	enum fault fault = call_reach(call, &wanted->reach, why);

	if (fault == FAULT_NONE)
		fault = store_read_begin(call->admin.store, &txn, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = admin_sees_since(&call->admin, txn, &seen, why);
	store_end(txn);
	wanted->all = wanted->reach.everywhere && seen == INT64_MIN;
	if (fault == FAULT_NONE && seen > wanted->since)
		wanted->since = seen;
	return fault;
}

static enum fault
want(struct call *call, struct wanted *wanted, struct why *why)
{
	enum fault fault = call_since(call, &wanted->since, why);

	wanted->actor = call->option[OPTION_ACTOR];
	wanted->action = call->option[OPTION_ACTION];
	if (fault == FAULT_NONE)
		fault = call_until(call, &wanted->until, why);
	if (fault == FAULT_NONE)
		fault = want_seen(call, wanted, why);
	if (fault == FAULT_NONE)
		fault = want_user(call, wanted, why);
	return fault;
}

enum fault
run_activity_list(struct call *call, struct why *why)
{
	struct walk walk = {.limit = UINT64_MAX};
	enum fault fault = want(call, &walk.wanted, why);

	if (fault == FAULT_NONE)
		fault = call_limit(call, &walk.limit, why);
	if (fault == FAULT_NONE)
		fault = list_all(call, columns, C_COUNT, step, &walk, why);
	journal_entry_clear(&walk.entry);
	reach_clear(&walk.wanted.reach);
	return fault;
}

/* ---- activity verify ---------------------------------------------------------------------- */

static enum fault
print_head(struct call *call, uint64_t sequence, const unsigned char hash[CRYPTO_HASH_BYTES],
    uint64_t count, struct why *why)
{
	char text[HASH_TEXT_BYTES];
	struct json *map;

	hash_to_text(hash, text);
	if (!call_has(call, OPTION_JSON)) {
		printf("%llu:%s\n", (unsigned long long)sequence, text);
		return FAULT_NONE;
	}
	map = json_map();
	json_put_number(map, "sequence", sequence);
	json_put_text(map, "hash", text);
	json_put_number(map, "proved", count);
	return json_show(map, why);
}

/* As with the hash of an entry: a head is over everything, so it is for who may see everything. */
static enum fault
needs_all_activity(struct call *call, struct why *why)
{
	struct wanted wanted = {.since = INT64_MIN};
	enum fault fault = want_seen(call, &wanted, why);

	reach_clear(&wanted.reach);
	if (fault != FAULT_NONE || wanted.all)
		return fault;
	return why_set(why, FAULT_DENIED,
	    "only who may see all activity, however old, can prove that it is whole");
}

enum fault
run_activity_verify(struct call *call, struct why *why)
{
	const char *from = call->option[OPTION_FROM];
	unsigned char first[CRYPTO_HASH_BYTES] = {0}, head[CRYPTO_HASH_BYTES] = {0};
	uint64_t start = 0, sequence = 0, count = 0;
	struct txn *txn;
	enum fault fault;

	if (from != NULL && !head_from_text(from, &start, first))
		return call_misuse(call, why, "--from: expected what activity verify prints");
	fault = needs_all_activity(call, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = store_read_begin(call->admin.store, &txn, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = journal_verify(txn, start, first, &count, why);
	if (fault == FAULT_NONE)
		fault = journal_head(txn, &sequence, head, why);
	store_end(txn);
	return fault == FAULT_NONE ? print_head(call, sequence, head, count, why) : fault;
}
