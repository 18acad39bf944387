/*
 * users.c - user records, with their unique names and the indexes of those who hold a role, or
 * have a client or site.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/assignment.h"
#include "policy/text.h"
#include "store/internal.h"

static const char ORIGIN[] = "local";

/* ---- reading ------------------------------------------------------------------------------ */

/*
 * The record must be of the uid that it stands under: a list goes on from there, and would never
 * end.
 */
static enum fault
user_decode(struct span key, struct span value, struct user *user, struct why *why)
{
	struct user read = {0};
	enum fault fault = record_decode(&user_table, &read, value.data, value.size, why);

	if (fault != FAULT_NONE)
		return fault;
	if (key.size != 4 || read.uid != key_get_u32(key.data)) {
		user_clear(&read);
		return why_set(why, FAULT_UNAVAILABLE, "a user record is damaged");
	}
	user_clear(user);
	*user = read;
	return FAULT_NONE;
}

enum fault
user_get(struct txn *txn, uint32_t uid, struct user *user, struct why *why)
{
	unsigned char buffer[4];
	struct span key = key_u32(buffer, uid), value;
	enum fault fault = table_get(txn->db, T_USERS, key, &value, why);

	if (fault != FAULT_NONE)
		return fault == FAULT_UNKNOWN ? why_set(why, FAULT_UNKNOWN, "no such user") : fault;
	return user_decode(key, value, user, why);
}

/* The uid that a name leads to. */
static enum fault
uid_by(struct txn *txn, enum table_number table, const char *name, uint32_t *uid, struct why *why)
{
	enum holder holder;
	enum fault fault = name_holder(txn, table, name, &holder, uid, why);

	if (fault == FAULT_UNKNOWN || (fault == FAULT_NONE && holder != HOLDER_USER))
		return why_set(why, FAULT_UNKNOWN, "no such user");
	return fault;
}

/* The record has the last word: a name that leads to somebody else would let them in by it. */
static enum fault
user_by(struct txn *txn, enum table_number table, const char *name, struct user *user,
    struct why *why)
{
	uint32_t uid = 0;
	const char *has;
	enum fault fault = uid_by(txn, table, name, &uid, why);

	if (fault == FAULT_NONE)
		fault = user_get(txn, uid, user, why);
	if (fault != FAULT_NONE)
		return fault;
	has = table == T_NAMES ? user->name : table == T_EMAILS ? user->email : user->phone;
	if (has != NULL && (table == T_EMAILS ? strcasecmp : strcmp)(has, name) == 0)
		return FAULT_NONE;
	user_clear(user);
	why_set(why, FAULT_UNAVAILABLE, "the database is damaged: table %s", table_names[table]);
	why_mend(why, "hexa-admin doctor");
	return FAULT_UNAVAILABLE;
}

enum fault
user_name_known(struct txn *txn, const char *name, struct why *why)
{
	uint32_t uid;

	return uid_by(txn, T_NAMES, name, &uid, why);
}

enum fault
user_find_name(struct txn *txn, const char *name, struct user *user, struct why *why)
{
	return user_by(txn, T_NAMES, name, user, why);
}

static enum fault
user_find_email(struct txn *txn, const char *email, struct user *user, struct why *why)
{
	char *lower = text_lower(email);
	enum fault fault;

	if (lower == NULL)
		return why_memory(why);
	fault = user_by(txn, T_EMAILS, lower, user, why);
	free(lower);
	return fault;
}

enum fault
user_find(struct txn *txn, const char *who, struct user *user, struct why *why)
{
	static const char uid_prefix[] = "uid:";
	uint64_t uid;

	if (strncmp(who, uid_prefix, strlen(uid_prefix)) == 0) {
		if (!text_to_number(who + strlen(uid_prefix), UINT32_MAX, &uid))
			return why_set(why, FAULT_UNKNOWN, "no such user");
		return user_get(txn, (uint32_t)uid, user, why);
	}
	if (strchr(who, '@') != NULL)
		return user_find_email(txn, who, user, why);
	if (who[0] == '+')
		return user_by(txn, T_PHONES, who, user, why);
	return user_find_name(txn, who, user, why);
}

enum fault
user_next(struct txn *txn, uint32_t after, struct user *user, struct why *why)
{
	unsigned char buffer[4];
	struct span key = key_u32(buffer, after), value;
	enum fault fault = table_seek(txn->db, T_USERS, true, &key, &value, why);

	return fault == FAULT_NONE ? user_decode(key, value, user, why) : fault;
}

enum fault
user_count(struct txn *txn, uint64_t *count, struct why *why)
{
	size_t entries;
	enum fault fault = db_count(txn->db, T_USERS, &entries, why);

	if (fault == FAULT_NONE)
		*count = entries;
	return fault;
}

/* ---- who has what ------------------------------------------------------------------------- */

enum fault
role_member_next(struct txn *txn, const char *role, uint32_t after, uint32_t *uid,
    struct why *why)
{
	return index_next(txn, T_MEMBERS, role, after, uid, why);
}

enum fault
client_user_next(struct txn *txn, const char *client, uint32_t after, uint32_t *uid,
    struct why *why)
{
	return index_next(txn, T_CLIENT_USERS, client, after, uid, why);
}

enum fault
site_user_next(struct txn *txn, const char *site, uint32_t after, uint32_t *uid, struct why *why)
{
	return index_next(txn, T_SITE_USERS, site, after, uid, why);
}

enum fault
client_user_count(struct txn *txn, const char *client, uint64_t *count, struct why *why)
{
	return index_count(txn, T_CLIENT_USERS, client, count, why);
}

enum fault
role_member_count(struct txn *txn, const char *role, uint64_t *count, struct why *why)
{
	return index_count(txn, T_MEMBERS, role, count, why);
}

enum fault
site_user_count(struct txn *txn, const char *site, uint64_t *count, struct why *why)
{
	return index_count(txn, T_SITE_USERS, site, count, why);
}

/* The words of T_MEMBERS that assignments stand for: each role once, and the scopes' clients. */
static bool
words_of(const struct names *assignments, struct names *words)
{
	bool good = true;

	for (size_t i = 0; good && i < assignments->count; i++) {
		char scope[sizeof(SCOPE_PREFIX) + LOGIN_NAME_BYTES];
		struct assignment assignment;

		if (!assignment_parse(assignments->item[i], &assignment))
			continue;
		good = names_insert(words, assignment.role);
		if (!good || assignment.scope.kind != SCOPE_CLIENT)
			continue;
		snprintf(scope, sizeof(scope), SCOPE_PREFIX "%s", assignment.scope.name);
		good = names_insert(words, scope);
	}
	return good;
}

static bool
sorted(const struct names *list, struct names *words)
{
	bool good = true;

	for (size_t i = 0; good && i < list->count; i++)
		good = names_insert(words, list->item[i]);
	return good;
}

/* ---- fields by which users are found ------------------------------------------------------ */

/* What stands between a field's id and its value in a word of T_FIELDS. */
#define FIELD_WORD "%u=%s"

/* Words of T_FIELDS that no field has: who counts for a client's limit, how a name looks, an unusual home. */
#define SEAT_WORD "seat=%s"
#define LOOK_WORD "look=%s"
#define HOME_WORD "home=%s"

static char *
word_of(const char *form, ...)
{
	va_list arguments;
	char *word = NULL;
	int size;

	va_start(arguments, form);
	size = vasprintf(&word, form, arguments);
	va_end(arguments);
	return size < 0 ? NULL : word;
}

static bool
add_word(struct names *words, char *word)
{
	bool good = word != NULL && names_insert(words, word);

	free(word);
	return good;
}

bool
user_has_seat(const struct user *user)
{
	return user->uid != 0 && user->status != STATUS_REVOKED && user->status != STATUS_LEFT;
}

static bool
seat_words(const struct user *user, struct names *words)
{
	bool good = true;

	if (!user_has_seat(user) || user->type != USER_CLIENT)
		return true;
	for (size_t i = 0; good && i < user->clients.count; i++)
		good = add_word(words, word_of(SEAT_WORD, user->clients.item[i]));
	return good;
}

/* A name that looks like itself is found by itself. */
static bool
look_word(const struct user *user, struct names *words)
{
	char look[LOGIN_NAME_BYTES + 1];

	if (user->uid == 0 || user->name == NULL)
		return true;
	text_look(user->name, look);
	return strcmp(look, user->name) == 0 || add_word(words, word_of(LOOK_WORD, look));
}

/* As it is spelled without what says nothing: a `/` at its end, a part that is `.`. */
static char *
home_plain(const char *home)
{
	char *plain = calloc(1, strlen(home) + 1), *end = plain;

	while (plain != NULL && *home != '\0') {
		size_t part = strcspn(home + 1, "/");

		if (part > 1 || (part == 1 && home[1] != '.')) {
			memcpy(end, home, part + 1);
			end += part + 1;
		}
		home += part + 1;
	}
	return plain;
}

/* Homes of those who have none, plain: any number may share them. */
static bool
home_is_none(const char *plain)
{
	return *plain == '\0' || strcmp(plain, "/nonexistent") == 0;
}

/* The name that a plain home is called by: its last part. */
static const char *
home_called(const char *home)
{
	const char *slash = strrchr(home, '/');

	return slash == NULL ? home : slash + 1;
}

/* A home that is called as its user is found by the name. */
static bool
home_word(const struct user *user, struct names *words)
{
	char *plain;
	bool good;

	if (user->uid == 0 || user->name == NULL || user->home == NULL)
		return true;
	plain = home_plain(user->home);
	good = plain != NULL &&
	    (home_is_none(plain) || strcmp(home_called(plain), user->name) == 0 ||
	        add_word(words, word_of(HOME_WORD, plain)));
	free(plain);
	return good;
}

static bool
field_words(const struct user *user, struct names *words)
{
	bool good = seat_words(user, words) && look_word(user, words) && home_word(user, words);

	for (size_t i = 0; good && user->uid != 0 && i < user_table.count; i++) {
		const struct field *field = &user_table.rows[i];
		char *value;

		if ((field->rights & F_INDEXED) == 0 ||
		    (field->kind != K_CHOICE && field_is_empty(field, user)))
			continue;
		value = field_text(field, user);
		good = value != NULL && add_word(words, word_of(FIELD_WORD, field->id, value));
		free(value);
	}
	return good;
}

/* The list of the record that an index is made from; NULL: it is made from fields. */
static const struct names *
list_of(enum table_number table, const struct user *user)
{
	return table == T_MEMBERS ? &user->roles
	    : table == T_CLIENT_USERS ? &user->clients
	    : table == T_SITE_USERS ? &user->sites : NULL;
}

bool
user_words(enum table_number table, const struct user *user, struct names *words)
{
	const struct names *list = list_of(table, user);

	if (list == NULL)
		return field_words(user, words);
	return table == T_MEMBERS ? words_of(list, words) : sorted(list, words);
}

/* The record in one of its indexes. */
static enum fault
move_in(struct txn *txn, enum table_number table, uint32_t uid, const struct user *old,
    const struct user *new, struct why *why)
{
	const struct names *list = list_of(table, old);
	struct names from = {0}, to = {0};
	enum fault fault = FAULT_NONE;

	if (list != NULL && names_same(list, list_of(table, new)))
		return FAULT_NONE;
	if (!user_words(table, old, &from) || !user_words(table, new, &to))
		fault = why_memory(why);
	if (fault == FAULT_NONE)
		fault = index_move(txn, table, uid, &from, &to, why);
	names_clear(&from);
	names_clear(&to);
	return fault;
}

enum fault
user_with_next(struct txn *txn, const struct field *field, const char *value, uint32_t after,
    uint32_t *uid, struct why *why)
{
	char *word = word_of(FIELD_WORD, field->id, value);
	enum fault fault = word == NULL ? why_memory(why)
	                                : index_next(txn, T_FIELDS, word, after, uid, why);

	free(word);
	return fault;
}

enum fault
user_with_count(struct txn *txn, const struct field *field, const char *value, uint64_t *count,
    struct why *why)
{
	char *word = word_of(FIELD_WORD, field->id, value);
	enum fault fault = word == NULL ? why_memory(why)
	                                : index_count(txn, T_FIELDS, word, count, why);

	free(word);
	return fault;
}

enum fault
user_value_next(struct txn *txn, const struct field *field, const char *after, char **value,
    struct why *why)
{
	char *word = word_of(FIELD_WORD, field->id, after), *next = NULL;
	size_t size = word == NULL ? 0 : strlen(word) - strlen(after);
	enum fault fault = word == NULL ? why_memory(why)
	                                : index_word_next(txn, T_FIELDS, word, &next, why);

	if (fault == FAULT_NONE && strncmp(next, word, size) != 0)
		fault = why_set(why, FAULT_UNKNOWN, "no further value");
	if (fault == FAULT_NONE) {
		memmove(next, next + size, strlen(next + size) + 1);
		*value = next;
		next = NULL;
	}
	free(next);
	free(word);
	return fault;
}

/* The first but `but` who stands under a word of this form. */
static enum fault
word_next(struct txn *txn, const char *form, const char *value, uint32_t but, uint32_t *uid,
    struct why *why)
{
	char *word = word_of(form, value);
	enum fault fault = word == NULL ? why_memory(why)
	                                : index_next(txn, T_FIELDS, word, 0, uid, why);

	if (fault == FAULT_NONE && *uid == but)
		fault = index_next(txn, T_FIELDS, word, but, uid, why);
	free(word);
	return fault;
}

enum fault
user_lookalike(struct txn *txn, const char *name, uint32_t uid, struct user *other,
    struct why *why)
{
	char look[LOGIN_NAME_BYTES + 1];
	uint32_t found = 0;
	enum holder holder;
	enum fault fault;

	text_look(name, look);
	fault = name_holder(txn, T_NAMES, look, &holder, &found, why);
	if (fault == FAULT_UNKNOWN ||
	    (fault == FAULT_NONE && (holder != HOLDER_USER || found == uid)))
		fault = word_next(txn, LOOK_WORD, look, uid, &found, why);
	if (fault == FAULT_UNKNOWN)
		return why_set(why, FAULT_UNKNOWN, "no user has a name like it");
	return fault == FAULT_NONE ? user_get(txn, found, other, why) : fault;
}

static enum fault
has_home(const struct user *user, const char *plain, bool *has, struct why *why)
{
	char *own = home_plain(user->home == NULL ? "" : user->home);

	if (own == NULL)
		return why_memory(why);
	*has = strcmp(own, plain) == 0;
	free(own);
	return FAULT_NONE;
}

/* By the name, and by the word. */
static enum fault
find_at_home(struct txn *txn, const char *plain, uint32_t uid, struct user *other, struct why *why)
{
	uint32_t found = 0;
	bool has = false;
	enum fault fault = user_find_name(txn, home_called(plain), other, why);

	if (fault == FAULT_NONE && other->uid != uid)
		fault = has_home(other, plain, &has, why);
	if (fault == FAULT_NONE && has)
		return FAULT_NONE;
	user_clear(other);
	if (fault == FAULT_NONE || fault == FAULT_UNKNOWN)
		fault = word_next(txn, HOME_WORD, plain, uid, &found, why);
	return fault == FAULT_NONE ? user_get(txn, found, other, why) : fault;
}

enum fault
user_at_home(struct txn *txn, const char *home, uint32_t uid, struct user *other, struct why *why)
{
	char *plain = home_plain(home);
	enum fault fault = plain == NULL ? why_memory(why) : FAULT_UNKNOWN;

	if (plain != NULL && !home_is_none(plain))
		fault = find_at_home(txn, plain, uid, other, why);
	free(plain);
	return fault == FAULT_UNKNOWN
	    ? why_set(why, FAULT_UNKNOWN, "no other user has this home") : fault;
}

/* Every user but those without a seat. */
static enum fault
host_seat_count(struct txn *txn, uint64_t *count, struct why *why)
{
	static const unsigned without[] = {STATUS_REVOKED, STATUS_LEFT};
	const struct field *status = field_find(&user_table, "status");
	uint64_t seats = 0, some = 0;
	enum fault fault = user_count(txn, &seats, why);

	for (size_t i = 0; fault == FAULT_NONE && i < sizeof(without) / sizeof(without[0]); i++) {
		fault = user_with_count(txn, status, status->choices[without[i]], &some, why);
		if (fault == FAULT_NONE && some > seats)
			fault = why_set(why, FAULT_UNAVAILABLE,
			    "the database is damaged: table %s", table_names[T_FIELDS]);
		if (fault == FAULT_NONE)
			seats -= some;
	}
	if (fault == FAULT_NONE)
		*count = seats;
	return fault;
}

enum fault
seat_count(struct txn *txn, const char *client, uint64_t *count, struct why *why)
{
	char *word;
	enum fault fault;

	if (client == NULL)
		return host_seat_count(txn, count, why);
	word = word_of(SEAT_WORD, client);
	fault = word == NULL ? why_memory(why) : index_count(txn, T_FIELDS, word, count, why);
	free(word);
	return fault;
}

static enum fault
move_lists(struct txn *txn, uint32_t uid, const struct user *old, const struct user *new,
    struct why *why)
{
	static const enum table_number tables[] = {
	    T_MEMBERS, T_CLIENT_USERS, T_SITE_USERS, T_FIELDS};
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < sizeof(tables) / sizeof(tables[0]); i++)
		fault = move_in(txn, tables[i], uid, old, new, why);
	return fault;
}

/* ---- what a record names ------------------------------------------------------------------ */

static enum fault
check_exists(struct txn *txn, enum table_number table, const char *field, const char *what,
    const char *name, struct why *why)
{
	struct span value;
	enum fault fault = table_get(txn->db, table, key_text(name), &value, why);

	if (fault != FAULT_UNKNOWN)
		return fault;
	return why_field(why, FAULT_UNKNOWN, field, "there is no %s %s", what, name);
}

static enum fault
check_assignments(struct txn *txn, const struct names *assignments, struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < assignments->count; i++) {
		struct assignment assignment;

		if (!assignment_parse(assignments->item[i], &assignment))
			return why_field(why, FAULT_INVALID, "roles", "roles: %s is no assignment",
			    assignments->item[i]);
		fault = check_exists(txn, T_ROLES, "roles", "role", assignment.role, why);
		if (fault == FAULT_NONE && assignment.scope.kind == SCOPE_CLIENT)
			fault = check_exists(txn, T_CLIENTS, "roles", "client",
			    assignment.scope.name, why);
	}
	return fault;
}

/* A role that is gone and stays in the record would come back with whoever takes its name. */
static enum fault
check_named(struct txn *txn, const struct user *user, struct why *why)
{
	enum fault fault = check_assignments(txn, &user->roles, why);

	for (size_t i = 0; fault == FAULT_NONE && i < user->clients.count; i++)
		fault = check_exists(txn, T_CLIENTS, "clients", "client", user->clients.item[i],
		    why);
	for (size_t i = 0; fault == FAULT_NONE && i < user->sites.count; i++)
		fault = check_exists(txn, T_SITES, "sites", "site", user->sites.item[i], why);
	if (fault == FAULT_NONE)
		fault = references_check(txn, user, why);
	return fault;
}

/* ---- unique names ------------------------------------------------------------------------- */

/* A field whose value nobody else has, as it was and as it is to be; NULL and "" are no value. */
struct unique {
	enum table_number table;
	const char *field;
	const char *old;
	const char *new;
};

static bool
is_value(const char *text)
{
	return text != NULL && *text != '\0';
}

/* The new value, if it is another than the old one. */
static bool
is_new(const struct unique *unique)
{
	return is_value(unique->new) &&
	    (!is_value(unique->old) || strcmp(unique->old, unique->new) != 0);
}

/* That the new value may be taken was asked before. */
static enum fault
move_name(struct txn *txn, const struct unique *unique, uint32_t uid, struct why *why)
{
	enum fault fault = FAULT_NONE;

	if (is_new(unique))
		fault = name_hold(txn, unique->table, unique->new, HOLDER_USER, uid, why);
	else if (is_value(unique->new))
		return FAULT_NONE;
	if (fault == FAULT_NONE && is_value(unique->old))
		fault = name_give_up(txn, unique->table, unique->old, why);
	return fault;
}

/* Gives up the old values and takes the new ones: all, or after a FAULT_CONFLICT none. */
static enum fault
move_names(struct txn *txn, const struct user *old, const struct user *new, uint32_t uid,
    struct why *why)
{
	char *was = text_lower(old->email == NULL ? "" : old->email);
	char *is = text_lower(new->email == NULL ? "" : new->email);
	const struct unique names[] = {
	    {T_NAMES, "name", old->name, new->name},
	    {T_EMAILS, "email", was, is},
	    {T_PHONES, "phone", old->phone, new->phone},
	};
	const size_t count = sizeof(names) / sizeof(names[0]);
	enum fault fault = was == NULL || is == NULL ? why_memory(why) : FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < count; i++)
		if (is_new(&names[i]))
			fault = name_may_take(txn, names[i].table, names[i].field, names[i].new,
			    uid, why);
	for (size_t i = 0; fault == FAULT_NONE && i < count; i++)
		fault = move_name(txn, &names[i], uid, why);
	free(was);
	free(is);
	return fault;
}

/* ---- writing ------------------------------------------------------------------------------ */

static enum fault
changed_meanwhile(const char *name, struct why *why)
{
	return why_set(why, FAULT_CONFLICT,
	    "%s was changed by somebody else meanwhile; look again and repeat", name);
}

/* The record as it stands, whose version must be the one that was read. */
static enum fault
read_old(struct txn *txn, const struct user *user, struct user *old, struct why *why)
{
	enum fault fault = user_get(txn, user->uid, old, why);

	if (fault == FAULT_UNKNOWN)
		return changed_meanwhile(user->name == NULL ? "the user" : user->name, why);
	if (fault == FAULT_NONE && old->version != user->version)
		return changed_meanwhile(old->name, why);
	return fault;
}

/* The next uid, or the one that the host gave; and a group of its own, or the host's. */
static enum fault
take_ids(struct txn *txn, struct user *user, struct why *why)
{
	uint32_t uid = 0;
	enum fault fault;

	if (user->uid != 0)
		return id_take_given(txn, user->uid, user->gid, why);
	fault = id_take(txn, HOLDER_USER, &uid, why);
	if (fault == FAULT_NONE)
		user->uid = user->gid = uid;
	return fault;
}

/* What Hexa itself sets in a new record. */
static enum fault
make_identity(struct txn *txn, struct user *user, struct why *why)
{
	enum fault fault;

	if (user->origin == NULL)
		user->origin = strdup(ORIGIN);
	if (user->origin == NULL)
		return why_memory(why);
	fault = take_ids(txn, user, why);
	if (fault != FAULT_NONE)
		return fault;
	crypto_uuid(&user->uuid);
	user->created = txn->entry.when;
	user->version = 0;
	return FAULT_NONE;
}

static enum fault
write_user(struct txn *txn, const struct user *user, struct why *why)
{
	unsigned char buffer[4];
	struct bytes value = {0};

	record_encode(&user_table, user, &value);
	return table_put(txn->db, T_USERS, key_u32(buffer, user->uid), &value, why);
}

static enum fault
put_checked(struct txn *txn, const struct user *old, struct user *user, struct why *why)
{
	bool made = old->uid == 0;
	enum fault fault = check_named(txn, user, why);

	if (fault == FAULT_NONE)
		fault = move_names(txn, old, user, user->uid, why);
	if (fault == FAULT_NONE)
		fault = move_lists(txn, user->uid, old, user, why);
	if (fault == FAULT_NONE)
		fault = journal_note_record(txn, &user_table, made ? user->name : old->name,
		    user->uid, made ? NULL : old, user, why);
	if (fault == FAULT_NONE)
		fault = write_user(txn, user, why);
	if (fault == FAULT_NONE && !made && strcmp(old->name, user->name) != 0)
		fault = references_move(txn, old->name, user->name, why);
	return fault;
}

enum fault
user_put(struct txn *txn, struct user *user, struct why *why)
{
	const uint32_t uid = user->uid, gid = user->gid;
	const uint64_t version = user->version;
	struct user old = {0};
	bool made = uid == 0 || version == 0;
	enum fault fault = txn_must_write(txn, why);

	if (fault == FAULT_NONE)
		fault = made ? make_identity(txn, user, why) : read_old(txn, user, &old, why);
	if (fault == FAULT_NONE) {
		user->version++;
		fault = record_check(&user_table, user, made, why);
	}
	if (fault == FAULT_NONE)
		fault = put_checked(txn, &old, user, why);
	user_clear(&old);
	if (fault != FAULT_NONE) {
		user->uid = uid;
		user->gid = gid;
		user->version = version;
	}
	return fault;
}

enum fault
user_delete(struct txn *txn, const struct user *user, struct why *why)
{
	static const struct user nobody;
	unsigned char buffer[4];
	struct user old = {0};
	enum fault fault = txn_must_write(txn, why);

	if (fault == FAULT_NONE)
		fault = read_old(txn, user, &old, why);
	if (fault == FAULT_NONE)
		fault = keys_delete(txn, old.uid, why);
	if (fault == FAULT_NONE)
		fault = move_names(txn, &old, &nobody, old.uid, why);
	if (fault == FAULT_NONE)
		fault = move_lists(txn, old.uid, &old, &nobody, why);
	if (fault == FAULT_NONE)
		fault = journal_note_record(txn, &user_table, old.name, old.uid, &old, NULL, why);
	if (fault == FAULT_NONE)
		fault = db_delete(txn->db, T_USERS, key_u32(buffer, old.uid), why);
	if (fault == FAULT_NONE)
		fault = references_move(txn, old.name, "", why);
	user_clear(&old);
	return fault;
}

enum fault
user_note_unlocked(struct txn *txn, const struct user *user, uint32_t count, struct why *why)
{
	char text[16];
	enum fault fault = txn_must_write(txn, why);

	snprintf(text, sizeof(text), "%lu", (unsigned long)count);
	if (fault == FAULT_NONE)
		fault = journal_note(txn, user_table.noun, user->name, user->uid, "failures", text,
		    "0", why);
	return fault;
}
