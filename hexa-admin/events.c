/*
 * events.c - from entries of the journal to what is told of them.
 */
#include "hexa-admin/events.h"

#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "hexa-admin/audit.h"
#include "policy/key.h"
#include "policy/role.h"
#include "store/journal.h"

/* What one record's changes come to.  They stand together in an entry. */
struct account {
	const char *noun; /* "user" or "role": to the kernel a role is a group */
	const char *name;
	uint32_t uid;
	bool made;
	bool deleted;
	bool password;   /* nothing but the password */
	char fields[256]; /* what was changed; cut when it is longer */
};

struct telling {
	int audit;
	struct txn *txn;
	size_t told;
	size_t left_out;
	uint64_t first; /* the entries whose accounts were left out */
	uint64_t last;
};

static bool
is_user(const struct journal_change *change)
{
	return strcmp(change->noun, user_table.noun) == 0;
}

static bool
is_role(const struct journal_change *change)
{
	return strcmp(change->noun, role_table.noun) == 0;
}

static bool
is_key(const struct journal_change *change)
{
	return strcmp(change->noun, key_table.noun) == 0;
}

static bool
of_same_record(const struct journal_change *a, const struct journal_change *b)
{
	return strcmp(a->noun, b->noun) == 0 && strcmp(a->name, b->name) == 0 && a->uid == b->uid;
}

static void
add_field(struct account *account, const char *field)
{
	static const char password[] = "password";
	size_t size = strlen(account->fields);

	if (strncmp(field, password, strlen(password)) != 0 && strcmp(field, "must-change") != 0)
		account->password = false;
	snprintf(account->fields + size, sizeof(account->fields) - size, "%s%s",
	    size == 0 ? "" : ",", field);
}

/* The record that the change at *next begins, and on to the next record. */
static void
account_read(const struct journal_entry *entry, size_t *next, struct account *account)
{
	const struct journal_change *first = &entry->change[*next];

	*account = (struct account){.noun = first->noun,
	    .name = first->name,
	    .uid = first->uid,
	    .password = is_user(first)};
	for (; *next < entry->count && of_same_record(&entry->change[*next], first); (*next)++) {
		const struct journal_change *change = &entry->change[*next];

		if (*change->field != '\0') {
			add_field(account, change->field);
			continue;
		}
		account->made = *change->before == '\0';
		account->deleted = *change->after == '\0';
	}
}

static const char *
done_to(const struct account *account)
{
	return account->made ? "made" : account->deleted ? "deleted" : "changed";
}

static bool
is_user_account(const struct account *account)
{
	return strcmp(account->noun, user_table.noun) == 0;
}

static enum audit_event
event_of(const struct account *account)
{
	bool user = is_user_account(account);

	if (account->made)
		return user ? AUDIT_EVENT_USER_ADDED : AUDIT_EVENT_GROUP_ADDED;
	if (account->deleted)
		return user ? AUDIT_EVENT_USER_DELETED : AUDIT_EVENT_GROUP_DELETED;
	if (account->password)
		return AUDIT_EVENT_PASSWORD_CHANGED;
	return user ? AUDIT_EVENT_USER_CHANGED : AUDIT_EVENT_GROUP_CHANGED;
}

static void
audit(const struct telling *telling, const struct account *account, const char *from)
{
	char doing[sizeof(account->fields) + 16];

	if (account->made || account->deleted)
		snprintf(doing, sizeof(doing), "%s-%s", account->made ? "add" : "delete",
		    is_user_account(account) ? "user" : "group");
	else
		snprintf(doing, sizeof(doing), "changing-%s", account->fields);
	audit_send(telling->audit, event_of(account), doing, account->name, from);
}

static void
tell_account(struct telling *telling, const struct journal_entry *entry, const struct account *account)
{
	const struct actor *actor = &entry->actor;
	bool changed = !account->made && !account->deleted;
	char id[24] = "";

	if (telling->told >= EVENTS_MAX) {
		if (telling->left_out++ == 0)
			telling->first = entry->sequence;
		telling->last = entry->sequence;
		return;
	}
	telling->told++;
	if (account->uid != 0)
		snprintf(id, sizeof(id), " (uid %lu)", (unsigned long)account->uid);
	syslog(LOG_AUTHPRIV | LOG_INFO, "%s %s%s %s%s%s by %s (uid %lu)%s%s",
	    account->noun, account->name, id, done_to(account), changed ? ": " : "",
	    changed ? account->fields : "", actor->name, (unsigned long)actor->uid,
	    *actor->from == '\0' ? "" : " from ", actor->from);
	audit(telling, account, actor->from);
}

/* A key is a part of its user's account; of who is gone that was told. */
static void
tell_key(struct telling *telling, const struct journal_entry *entry, uint32_t uid)
{
	struct user user = {0};

	if (user_get(telling->txn, uid, &user, NULL) == FAULT_NONE)
		tell_account(telling, entry, &(struct account){.noun = user_table.noun,
		    .name = user.name, .uid = uid, .fields = "keys"});
	user_clear(&user);
}

static void
tell_entry(struct telling *telling, const struct journal_entry *entry)
{
	for (size_t next = 0; next < entry->count;) {
		const struct journal_change *change = &entry->change[next];
		struct account account;

		account_read(entry, &next, &account);
		if (is_user(change) || is_role(change))
			tell_account(telling, entry, &account);
		else if (is_key(change))
			tell_key(telling, entry, change->uid);
	}
}

void
events_tell(struct store *store, uint64_t after, uint64_t last)
{
	struct journal_entry entry = {0};
	struct telling telling = {0};
	struct txn *txn;

	if (store_read_begin(store, &txn, NULL) != FAULT_NONE)
		return;
	telling.txn = txn;
	telling.audit = audit_begin();
	while (after < last && journal_next(txn, after, &entry, NULL) == FAULT_NONE) {
		after = entry.sequence;
		tell_entry(&telling, &entry);
	}
	if (telling.left_out > 0)
		syslog(LOG_AUTHPRIV | LOG_INFO,
		    "%zu more accounts: activity %llu to %llu", telling.left_out,
		    (unsigned long long)telling.first, (unsigned long long)telling.last);
	audit_end(telling.audit);
	journal_entry_clear(&entry);
	store_end(txn);
}
