/*
 * keys.c - users' SSH keys.
 */
#include "accounts/keys.h"

#include <stdio.h>
#include <string.h>

#include "accounts/change.h"
#include "accounts/key_line.h"

static const char RESET[] = "hexa.credentials.reset", VIEW[] = "hexa.users.view";

bool
key_fingerprint_read(const char *text, char fingerprint[KEY_FINGERPRINT_BYTES])
{
	static const char kind[] = "SHA256:";
	bool has_kind = strncmp(text, kind, sizeof(kind) - 1) == 0;
	char whole[KEY_FINGERPRINT_BYTES];
	int size = snprintf(whole, sizeof(whole), "%s%s", has_kind ? "" : kind, text);

	if (size >= KEY_FINGERPRINT_BYTES || !key_is_fingerprint(whole))
		return false;
	memcpy(fingerprint, whole, sizeof(whole));
	return true;
}

enum fault
key_no_fingerprint(struct why *why)
{
	return why_field(why, FAULT_INVALID, "key",
	    "expected a fingerprint, as SHA256:…; ssh-keygen -lf FILE shows it");
}

enum fault
key_find(struct txn *txn, const struct user *user, const char *fingerprint, struct key *key,
    struct why *why)
{
	char whole[KEY_FINGERPRINT_BYTES];
	enum fault fault;

	if (!key_fingerprint_read(fingerprint, whole))
		return key_no_fingerprint(why);
	fault = key_get(txn, user->uid, whole, key, why);
	if (fault != FAULT_UNKNOWN)
		return fault;
	return why_field(why, FAULT_UNKNOWN, "key", "%s has no key %.100s", user->name,
	    fingerprint);
}

/* ---- changing ----------------------------------------------------------------------------- */

/* The user, whose keys the actor may change. */
static enum fault
owner_find(struct change *change, const char *who, struct user *user, struct why *why)
{
	enum fault fault = admin_find_user(change->admin, change->txn, RESET, who, user, why);

	return fault == FAULT_NONE ? change_may(change, user, why) : fault;
}

static enum fault
enter(struct change *change, const char *who, struct key *key, struct why *why)
{
	struct user user = {0};
	enum fault fault = owner_find(change, who, &user, why);

	key->uid = user.uid;
	user_clear(&user);
	return fault == FAULT_NONE ? key_put(change->txn, key, why) : fault;
}

enum fault
account_key_add(struct admin *admin, const char *who, const void *line, size_t size,
    struct why *why)
{
	struct change change = {0};
	struct key key = {0};
	enum fault fault = key_parse(line, size, &key, why);

	if (fault == FAULT_NONE)
		fault = change_begin(&change, admin, "key add", RESET, why);
	if (fault == FAULT_NONE)
		fault = change_finish(&change, enter(&change, who, &key, why), why);
	key_clear(&key);
	return fault;
}

static enum fault
drop(struct change *change, const char *who, const char *fingerprint, struct why *why)
{
	struct user user = {0};
	struct key key = {0};
	enum fault fault = owner_find(change, who, &user, why);

	if (fault == FAULT_NONE) {
		fault = key_find(change->txn, &user, fingerprint, &key, why);
		if (fault == FAULT_UNKNOWN)
			why_mend(why, "hexa-admin key list %s", user.name);
	}
	if (fault == FAULT_NONE)
		fault = key_delete(change->txn, &key, why);
	user_clear(&user);
	key_clear(&key);
	return fault;
}

enum fault
account_key_remove(struct admin *admin, const char *who, const char *fingerprint,
    struct why *why)
{
	struct change change = {0};
	enum fault fault = change_begin(&change, admin, "key remove", RESET, why);

	if (fault == FAULT_NONE)
		fault = change_finish(&change, drop(&change, who, fingerprint, why), why);
	return fault;
}

/* ---- seeing ------------------------------------------------------------------------------- */

enum fault
key_list_begin(const struct admin *admin, const char *who, struct key_list *list,
    struct why *why)
{
	struct user user = {0};
	struct txn *txn;
	enum fault fault = store_read_begin(admin->store, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = admin_find_user(admin, txn, VIEW, who, &user, why);
	if (fault == FAULT_NONE)
		*list = (struct key_list){.uid = user.uid};
	user_clear(&user);
	store_end(txn);
	return fault;
}

enum fault
key_list_next(struct key_list *list, struct txn *txn, struct key *key, struct why *why)
{
	enum fault fault = key_next(txn, list->uid, list->after, key, why);

	if (fault == FAULT_NONE)
		snprintf(list->after, sizeof(list->after), "%s", key->fingerprint);
	return fault;
}
