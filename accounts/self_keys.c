/*
 * self_keys.c - people's own SSH keys.
 */
#include <stdio.h>
#include <string.h>

#include "accounts/key_line.h"
#include "accounts/keys.h"
#include "accounts/pace.h"
#include "accounts/self_change.h"

/* What is done in a look at the database, with the record of who asks. */
typedef enum fault look(struct txn *txn, const struct user *user, void *with, struct why *why);

static enum fault
look_with(const struct self *self, look *at, void *with, struct why *why)
{
	struct store *store = NULL;
	struct txn *txn = NULL;
	struct user user = {0};
	enum fault fault = store_open(self->root, STORE_READ_ONLY, &store, why);

	if (fault == FAULT_NONE)
		fault = store_read_begin(store, &txn, why);
	if (fault == FAULT_NONE)
		fault = self_find(txn, self, &user, why);
	if (fault == FAULT_NONE)
		fault = at(txn, &user, with, why);
	user_clear(&user);
	store_end(txn);
	store_close(store);
	return fault;
}

/* ---- seeing ------------------------------------------------------------------------------- */

struct giving {
	const char *after;
	bool (*take)(void *context, const struct key *key);
	void *context;
};

static enum fault
give(struct txn *txn, const struct user *user, void *with, struct why *why)
{
	const struct giving *giving = with;
	struct key_list list = {.uid = user->uid};
	struct key key = {0};
	bool more = true;
	enum fault fault = FAULT_NONE;

	snprintf(list.after, sizeof(list.after), "%s", giving->after);
	while (more && (fault = key_list_next(&list, txn, &key, why)) == FAULT_NONE)
		more = giving->take(giving->context, &key);
	key_clear(&key);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

enum fault
self_keys(const struct self *self, const char *after,
    bool (*take)(void *context, const struct key *key), void *context, struct why *why)
{
	struct giving giving = {after, take, context};

	return look_with(self, give, &giving, why);
}

/* ---- changing ----------------------------------------------------------------------------- */

/* One key that is to come or to go. */
struct wish {
	const struct self *self;
	struct self_edited *edited;
	struct key key;          /* that comes */
	const char *fingerprint; /* of the one that goes; NULL: one comes */
};

/* What would be refused, before the host's one writer is taken for it, and before it is counted. */
static enum fault
try_wish(struct txn *txn, const struct user *user, void *with, struct why *why)
{
	struct wish *wish = with;
	struct key key = {0};
	enum fault fault = self_may_change(user, wish->self->now, why);

	snprintf(wish->edited->name, sizeof(wish->edited->name), "%s", user->name);
	wish->key.uid = user->uid;
	if (fault == FAULT_NONE && wish->fingerprint == NULL)
		fault = key_is_new(txn, &wish->key, why);
	else if (fault == FAULT_NONE)
		fault = key_find(txn, user, wish->fingerprint, &key, why);
	key_clear(&key);
	return fault;
}

static enum fault
fulfil(struct change *change, const struct user *user, void *with, struct why *why)
{
	struct wish *wish = with;
	struct key key = {0};
	enum fault fault;

	if (wish->fingerprint == NULL)
		return key_put(change->txn, &wish->key, why);
	fault = key_find(change->txn, user, wish->fingerprint, &key, why);
	if (fault == FAULT_NONE)
		fault = key_delete(change->txn, &key, why);
	key_clear(&key);
	return fault;
}

static enum fault
change(struct wish *wish, const char *action, struct why *why)
{
	const struct self *self = wish->self;
	const struct self_change what = {.action = action, .alter = fulfil, .with = wish};
	enum fault fault = look_with(self, try_wish, wish, why);

	if (fault == FAULT_NONE)
		fault = pace_take(self->root, self->uid, self->now, why);
	if (fault == FAULT_NONE) {
		snprintf(wish->edited->fields, sizeof(wish->edited->fields), "keys");
		fault = self_write(self, &what, wish->edited, why);
	}
	return fault;
}

enum fault
self_key_add(const struct self *self, const void *line, size_t size, struct self_edited *edited,
    struct why *why)
{
	struct wish wish = {.self = self, .edited = edited};
	enum fault fault = key_parse(line, size, &wish.key, why);

	if (fault == FAULT_NONE)
		fault = change(&wish, "self key add", why);
	key_clear(&wish.key);
	return fault;
}

enum fault
self_key_remove(const struct self *self, const char *fingerprint, struct self_edited *edited,
    struct why *why)
{
	struct wish wish = {.self = self, .edited = edited, .fingerprint = fingerprint};

	return change(&wish, "self key remove", why);
}
