/*
 * indexes.c - the indexes against the records.
 *
 * First each entry that a record asks for is looked up; as many as were found and no more may be in
 * the table.  So nobody's record is read for each entry, but where there is one too many.
 */
#include "store/indexes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/text.h"
#include "store/attachments.h"
#include "store/internal.h"

static const enum table_number tables[INDEXES] = {T_NAMES, T_EMAILS, T_PHONES, T_IDS, T_MEMBERS,
    T_CLIENT_USERS, T_SITE_USERS, T_FIELDS, T_ATTACHMENT_FIELDS};

enum { STEP_RECORDS = 256, STEP_ITEMS = 65536 }; /* until at_work is called, and memory let go */

struct check {
	struct txn *txn;
	struct index_states *states;
	struct roles roles;
	uint32_t admins; /* the gid of ADMINS_GROUP */
	void (*at_work)(void);
	uint64_t done;
};

static bool
is_of_names(enum table_number table)
{
	return table == T_NAMES || table == T_EMAILS || table == T_PHONES;
}

/* Of words and uids: made from nothing but the records. */
static bool
is_of_words(enum table_number table)
{
	return !is_of_names(table) && table != T_IDS;
}

static bool
is_of_users(enum table_number table)
{
	return is_of_words(table) && table != T_ATTACHMENT_FIELDS;
}

static struct index_state *
state_of(struct check *check, enum table_number table)
{
	size_t i = 0;

	while (tables[i] != table)
		i++;
	return &check->states->of[i];
}

bool
index_is_well(const struct index_state *state)
{
	return state->missing == 0 && state->astray == 0 && state->miscounted == 0 &&
	    state->unread.fault == FAULT_NONE;
}

static void
step(struct check *check, uint64_t each)
{
	if (++check->done % each != 0)
		return;
	check->at_work();
	txn_relax(check->txn);
}

static void __attribute__((format(printf, 2, 3)))
note_first(struct index_state *state, const char *format, ...)
{
	va_list arguments;

	if (state->first[0] != '\0')
		return;
	va_start(arguments, format);
	vsnprintf(state->first, sizeof(state->first), format, arguments);
	va_end(arguments);
}

/* A word for a person: with a field's name for its id. */
static const char *
shown(enum table_number table, const char *word, char buffer[INDEX_WORD_BYTES + WHY_FIELD_MAX])
{
	const struct table *of = table == T_FIELDS ? &user_table : &attachment_table;
	unsigned long id = strtoul(word, NULL, 10);

	if (table != T_FIELDS && table != T_ATTACHMENT_FIELDS)
		return word;
	for (size_t i = 0; i < of->count; i++) {
		if (of->rows[i].id != id)
			continue;
		snprintf(buffer, INDEX_WORD_BYTES + WHY_FIELD_MAX, "%s%s", of->rows[i].name,
		    word + strcspn(word, "="));
		return buffer;
	}
	return word;
}

/* ---- what the records ask for -------------------------------------------------------------- */

static void
ask_word(struct check *check, enum table_number table, const char *word, uint32_t id,
    const char *whose)
{
	struct index_state *state = state_of(check, table);
	char buffer[INDEX_WORD_BYTES + WHY_FIELD_MAX];
	struct why why = {0};
	bool has = false;

	if (state->unread.fault != FAULT_NONE)
		return;
	state->entries++;
	if (index_has(check->txn, table, word, id, &has, &why) != FAULT_NONE)
		state->unread = why;
	if (state->unread.fault != FAULT_NONE || has)
		return;
	state->missing++;
	note_first(state, "%s (%lu) is not under %s", whose, (unsigned long)id,
	    shown(table, word, buffer));
}

static void
ask_name(struct check *check, enum table_number table, const char *name, enum holder holder,
    uint32_t id)
{
	struct index_state *state = state_of(check, table);
	enum holder found = HOLDER_GONE;
	uint32_t has = 0;
	struct why why = {0};
	enum fault fault;

	if (state->unread.fault != FAULT_NONE || name == NULL || *name == '\0')
		return;
	state->entries++;
	fault = name_holder(check->txn, table, name, &found, &has, &why);
	if (fault != FAULT_NONE && fault != FAULT_UNKNOWN)
		state->unread = why;
	if (state->unread.fault != FAULT_NONE ||
	    (fault == FAULT_NONE && found == holder && has == id))
		return;
	state->missing++;
	if (fault == FAULT_NONE)
		note_first(state, "%s leads to %lu and not to %lu", name, (unsigned long)has,
		    (unsigned long)id);
	else
		note_first(state, "%s leads to nobody and not to %lu", name, (unsigned long)id);
}

/* `by_hexa`: given by Hexa, and not only somebody's group of the host's own. */
static void
ask_id(struct check *check, uint32_t id, bool by_hexa)
{
	struct index_state *state = state_of(check, T_IDS);
	enum holder holder = HOLDER_HOST;
	struct why why = {0};
	enum fault fault;

	if (state->unread.fault != FAULT_NONE || id == 0)
		return;
	state->entries++;
	fault = id_holder(check->txn, id, &holder, &why);
	if (fault != FAULT_NONE && fault != FAULT_UNKNOWN)
		state->unread = why;
	if (state->unread.fault != FAULT_NONE ||
	    (fault == FAULT_NONE && (holder != HOLDER_HOST || !by_hexa)))
		return;
	state->missing++;
	note_first(state, "%lu counts as never given", (unsigned long)id);
}

static enum fault
ask_user(struct check *check, const struct user *user, struct why *why)
{
	char *email = text_lower(user->email == NULL ? "" : user->email);
	enum fault fault = email == NULL ? why_memory(why) : FAULT_NONE;

	if (fault == FAULT_NONE) {
		ask_name(check, T_NAMES, user->name, HOLDER_USER, user->uid);
		ask_name(check, T_EMAILS, email, HOLDER_USER, user->uid);
		ask_name(check, T_PHONES, user->phone, HOLDER_USER, user->uid);
		ask_id(check, user->uid, true);
		if (user->gid != user->uid)
			ask_id(check, user->gid, false);
	}
	for (size_t i = 0; fault == FAULT_NONE && i < INDEXES; i++) {
		struct names words = {0};

		if (!is_of_users(tables[i]))
			continue;
		if (!user_words(tables[i], user, &words))
			fault = why_memory(why);
		for (size_t j = 0; fault == FAULT_NONE && j < words.count; j++)
			ask_word(check, tables[i], words.item[j], user->uid, user->name);
		names_clear(&words);
	}
	free(email);
	return fault;
}

static enum fault
ask_users(struct check *check, struct why *why)
{
	struct user user = {0};
	uint32_t uid = 0;
	enum fault fault;

	while ((fault = user_next(check->txn, uid, &user, why)) == FAULT_NONE) {
		uid = user.uid;
		fault = ask_user(check, &user, why);
		if (fault != FAULT_NONE)
			break;
		step(check, STEP_RECORDS);
	}
	user_clear(&user);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

static enum fault
ask_documents(struct check *check, struct why *why)
{
	struct attachment attachment = {0};
	struct names words = {0};
	uint32_t number = 0;
	enum fault fault;

	while ((fault = attachment_next(check->txn, number, &attachment, why)) == FAULT_NONE) {
		number = attachment.number;
		names_clear(&words);
		if (!attachment_words(&attachment, &words)) {
			fault = why_memory(why);
			break;
		}
		for (size_t i = 0; i < words.count; i++)
			ask_word(check, T_ATTACHMENT_FIELDS, words.item[i], number, "a document");
		step(check, STEP_RECORDS);
	}
	names_clear(&words);
	attachment_clear(&attachment);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

static void
ask_groups(struct check *check)
{
	ask_name(check, T_NAMES, ADMINS_GROUP, HOLDER_GROUP, check->admins);
	ask_id(check, check->admins, true);
	for (size_t i = 0; i < check->roles.count; i++) {
		const struct role *role = &check->roles.role[i];

		ask_name(check, T_NAMES, role_group(role), HOLDER_GROUP, role->gid);
		ask_id(check, role->gid, true);
	}
}

/* ---- what nothing asks for ----------------------------------------------------------------- */

static bool
user_is_under(struct check *check, enum table_number table, const struct index_item *item)
{
	struct user user = {0};
	struct names words = {0};
	bool is = user_get(check->txn, item->uid, &user, NULL) == FAULT_NONE &&
	    user_words(table, &user, &words) && names_have_sorted(&words, item->word);

	names_clear(&words);
	user_clear(&user);
	return is;
}

static bool
document_is_under(struct check *check, const struct index_item *item)
{
	struct attachment attachment = {0};
	struct names words = {0};
	bool is = attachment_get(check->txn, item->uid, &attachment, NULL) == FAULT_NONE &&
	    attachment_words(&attachment, &words) && names_have_sorted(&words, item->word);

	names_clear(&words);
	attachment_clear(&attachment);
	return is;
}

/* Names the first that is astray, of which there is one. */
static void
find_astray_item(struct check *check, enum table_number table, struct index_state *state)
{
	char buffer[INDEX_WORD_BYTES + WHY_FIELD_MAX];
	struct index_item item = {0};

	while (state->first[0] == '\0' &&
	    index_item_next(check->txn, table, &item, NULL) == FAULT_NONE) {
		step(check, STEP_RECORDS);
		if (item.is_count || (table == T_ATTACHMENT_FIELDS
		        ? document_is_under(check, &item)
		        : user_is_under(check, table, &item)))
			continue;
		note_first(state, "%s leads to %lu, who does not have it",
		    shown(table, item.word, buffer), (unsigned long)item.uid);
	}
}

/* The word is behind us: what is noted of it against what it has. */
static void
judge_count(struct index_state *state, enum table_number table, const char *word, uint64_t noted,
    uint64_t has)
{
	char buffer[INDEX_WORD_BYTES + WHY_FIELD_MAX];

	if (noted == has)
		return;
	state->miscounted++;
	note_first(state, "%s has %llu, and %llu are noted", shown(table, word, buffer),
	    (unsigned long long)has, (unsigned long long)noted);
}

/* A table has at least what was found in it. */
static uint64_t
surplus(const struct index_state *state, uint64_t has)
{
	uint64_t found = state->entries - state->missing;

	return has > found ? has - found : 0;
}

static void
count_items(struct check *check, enum table_number table, struct index_state *state)
{
	struct index_item item = {0};
	struct index_state counts = {0};
	char word[sizeof(item.word)] = "";
	uint64_t entries = 0, noted = 0, has = 0;
	struct why why = {0};
	enum fault fault;

	while ((fault = index_item_next(check->txn, table, &item, &why)) == FAULT_NONE) {
		if (strcmp(item.word, word) != 0) {
			judge_count(&counts, table, word, noted, has);
			memcpy(word, item.word, sizeof(word));
			noted = has = 0;
		}
		if (item.is_count)
			noted = item.count;
		else
			has++;
		entries += !item.is_count;
		step(check, STEP_ITEMS);
	}
	if (fault != FAULT_UNKNOWN) {
		state->unread = why;
		return;
	}
	judge_count(&counts, table, word, noted, has);
	state->astray = surplus(state, entries);
	if (state->astray > 0)
		find_astray_item(check, table, state);
	/* Whose entry it is says more than a number. */
	state->miscounted = counts.miscounted;
	if (counts.miscounted > 0)
		note_first(state, "%s", counts.first);
}

/* Does somebody have this name of T_NAMES, T_EMAILS or T_PHONES? */
static bool
is_had(struct check *check, enum table_number table, const char *name, enum holder holder,
    uint32_t id)
{
	struct user user = {0};
	const char *has;
	bool is = holder == HOLDER_GROUP && table == T_NAMES && id == check->admins &&
	    strcmp(name, ADMINS_GROUP) == 0;

	for (size_t i = 0; holder == HOLDER_GROUP && i < check->roles.count; i++) {
		has = role_group(&check->roles.role[i]);
		is |= has != NULL && strcmp(has, name) == 0 && check->roles.role[i].gid == id;
	}
	if (holder != HOLDER_USER || user_get(check->txn, id, &user, NULL) != FAULT_NONE)
		return is;
	has = table == T_NAMES ? user.name : table == T_EMAILS ? user.email : user.phone;
	is = has != NULL && (table == T_EMAILS ? strcasecmp : strcmp)(has, name) == 0;
	user_clear(&user);
	return is;
}

/* Those that are held; with `astray`, until the first whose holder has another or is gone. */
static enum fault
count_held(struct check *check, enum table_number table, struct index_state *state, bool astray,
    uint64_t *held, struct why *why)
{
	char name[TABLE_KEY_MAX + 1] = "";
	enum holder holder = HOLDER_GONE;
	uint32_t id = 0;
	enum fault fault;

	while ((fault = name_next(check->txn, table, name, &holder, &id, why)) == FAULT_NONE) {
		step(check, STEP_RECORDS);
		if (holder == HOLDER_GONE)
			continue;
		*held += 1;
		if (astray && !is_had(check, table, name, holder, id)) {
			note_first(state, "%.160s leads to %lu, who does not have it", name,
			    (unsigned long)id);
			return FAULT_NONE;
		}
	}
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

static void
count_names(struct check *check, enum table_number table, struct index_state *state)
{
	uint64_t held = 0, again = 0;
	struct why why = {0};

	if (count_held(check, table, state, false, &held, &why) != FAULT_NONE) {
		state->unread = why;
		return;
	}
	state->astray = surplus(state, held);
	if (state->astray > 0)
		(void)count_held(check, table, state, true, &again, NULL);
}

/* ---- both ---------------------------------------------------------------------------------- */

enum fault
indexes_check(struct txn *txn, struct index_states *states, void (*at_work)(void),
    struct why *why)
{
	struct index_states made = {0};
	struct check check = {.txn = txn, .states = &made, .at_work = at_work};
	enum fault fault = admins_gid(txn, &check.admins, why);

	for (size_t i = 0; i < INDEXES; i++) {
		made.of[i].table = table_names[tables[i]];
		made.of[i].from_records = is_of_words(tables[i]);
	}
	if (fault == FAULT_NONE)
		fault = roles_load(txn, &check.roles, why);
	if (fault == FAULT_NONE)
		fault = ask_users(&check, why);
	if (fault == FAULT_NONE)
		fault = ask_documents(&check, why);
	if (fault == FAULT_NONE)
		ask_groups(&check);
	for (size_t i = 0; fault == FAULT_NONE && i < INDEXES; i++) {
		if (made.of[i].unread.fault != FAULT_NONE || tables[i] == T_IDS)
			continue;
		(is_of_names(tables[i]) ? count_names : count_items)(&check, tables[i],
		    &made.of[i]);
	}
	roles_clear(&check.roles);
	if (fault == FAULT_NONE)
		*states = made;
	return fault;
}

/* ---- writing them anew --------------------------------------------------------------------- */

/* Takes out what is held, and leaves what is kept back. */
static enum fault
empty_names(struct txn *txn, enum table_number table, struct why *why)
{
	char name[TABLE_KEY_MAX + 1] = "";
	enum holder holder = HOLDER_GONE;
	uint32_t id = 0;
	enum fault fault;

	while ((fault = name_next(txn, table, name, &holder, &id, why)) == FAULT_NONE) {
		if (holder != HOLDER_GONE)
			fault = db_delete(txn->db, table, key_text(name), why);
		if (fault != FAULT_NONE)
			return fault;
	}
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

static enum fault
empty_all(struct txn *txn, struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < INDEXES; i++) {
		if (is_of_names(tables[i]))
			fault = empty_names(txn, tables[i], why);
		else if (is_of_words(tables[i]))
			fault = db_empty(txn->db, tables[i], why);
	}
	return fault;
}

static enum fault
write_name(struct txn *txn, enum table_number table, const char *name, enum holder holder,
    uint32_t id, struct why *why)
{
	enum holder found = HOLDER_GONE;
	uint32_t has = 0;
	enum fault fault;

	if (name == NULL || *name == '\0')
		return FAULT_NONE;
	fault = name_holder(txn, table, name, &found, &has, why);
	if (fault == FAULT_UNKNOWN)
		return name_hold(txn, table, name, holder, id, why);
	if (fault != FAULT_NONE)
		return fault;
	why_set(why, FAULT_CONFLICT, "%lu and %lu both have %s, which only one of them can keep",
	    (unsigned long)has, (unsigned long)id, name);
	if (holder == HOLDER_USER)
		why_mend(why, "hexa-admin user edit uid:%lu --%s NEW", (unsigned long)id,
		    table == T_NAMES ? "name" : table == T_EMAILS ? "email" : "phone");
	return FAULT_CONFLICT;
}

/* Only ever adds: what an id was given to before is not known from records. */
static enum fault
write_id(struct txn *txn, uint32_t id, enum holder holder, struct why *why)
{
	enum holder found = HOLDER_HOST;
	enum fault fault = id == 0 ? FAULT_NONE : id_holder(txn, id, &found, why);

	if (fault == FAULT_UNKNOWN ||
	    (fault == FAULT_NONE && id != 0 && found == HOLDER_HOST && holder != HOLDER_HOST))
		return id_note_given(txn, id, holder, why);
	return fault;
}

static enum fault
write_user(struct txn *txn, const struct user *user, struct why *why)
{
	static const struct names none;
	char *email = text_lower(user->email == NULL ? "" : user->email);
	enum fault fault = email == NULL ? why_memory(why) : FAULT_NONE;

	if (fault == FAULT_NONE)
		fault = write_name(txn, T_NAMES, user->name, HOLDER_USER, user->uid, why);
	if (fault == FAULT_NONE)
		fault = write_name(txn, T_EMAILS, email, HOLDER_USER, user->uid, why);
	if (fault == FAULT_NONE)
		fault = write_name(txn, T_PHONES, user->phone, HOLDER_USER, user->uid, why);
	if (fault == FAULT_NONE)
		fault = write_id(txn, user->uid, HOLDER_USER, why);
	if (fault == FAULT_NONE)
		fault = write_id(txn, user->gid, HOLDER_HOST, why);
	for (size_t i = 0; fault == FAULT_NONE && i < INDEXES; i++) {
		struct names words = {0};

		if (!is_of_users(tables[i]))
			continue;
		fault = user_words(tables[i], user, &words)
		    ? index_move(txn, tables[i], user->uid, &none, &words, why)
		    : why_memory(why);
		names_clear(&words);
	}
	free(email);
	return fault;
}

static enum fault
write_users(struct txn *txn, struct why *why)
{
	struct user user = {0};
	uint32_t uid = 0;
	enum fault fault;

	while ((fault = user_next(txn, uid, &user, why)) == FAULT_NONE) {
		uid = user.uid;
		fault = write_user(txn, &user, why);
		if (fault != FAULT_NONE)
			break;
	}
	user_clear(&user);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

static enum fault
write_documents(struct txn *txn, struct why *why)
{
	static const struct names none;
	struct attachment attachment = {0};
	struct names words = {0};
	uint32_t number = 0;
	enum fault fault;

	while ((fault = attachment_next(txn, number, &attachment, why)) == FAULT_NONE) {
		number = attachment.number;
		names_clear(&words);
		fault = attachment_words(&attachment, &words)
		    ? index_move(txn, T_ATTACHMENT_FIELDS, number, &none, &words, why)
		    : why_memory(why);
		if (fault != FAULT_NONE)
			break;
	}
	names_clear(&words);
	attachment_clear(&attachment);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

static enum fault
write_group(struct txn *txn, const char *group, uint32_t gid, struct why *why)
{
	enum fault fault = write_name(txn, T_NAMES, group, HOLDER_GROUP, gid, why);

	return fault == FAULT_NONE ? write_id(txn, gid, HOLDER_GROUP, why) : fault;
}

/* Before the users: what a group has, no user may have. */
static enum fault
write_groups(struct txn *txn, struct why *why)
{
	struct roles roles = {0};
	uint32_t admins = 0;
	enum fault fault = admins_gid(txn, &admins, why);

	if (fault == FAULT_NONE)
		fault = write_group(txn, ADMINS_GROUP, admins, why);
	if (fault == FAULT_NONE)
		fault = roles_load(txn, &roles, why);
	for (size_t i = 0; fault == FAULT_NONE && i < roles.count; i++)
		fault = write_group(txn, role_group(&roles.role[i]), roles.role[i].gid, why);
	roles_clear(&roles);
	return fault;
}

enum fault
indexes_write(struct txn *txn, struct why *why)
{
	enum fault fault = txn_must_write(txn, why);

	if (fault == FAULT_NONE)
		fault = empty_all(txn, why);
	if (fault == FAULT_NONE)
		fault = write_groups(txn, why);
	if (fault == FAULT_NONE)
		fault = write_users(txn, why);
	if (fault == FAULT_NONE)
		fault = write_documents(txn, why);
	if (fault == FAULT_NONE)
		fault = journal_note(txn, "database", "indexes", 0, "written", "", "anew", why);
	return fault;
}
