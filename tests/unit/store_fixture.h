/*
 * store_fixture.h - a database of its own for each test of store/, in a folder as root, and
 * shorthand for what the tests do with it.
 */
#ifndef HEXA_TESTS_STORE_FIXTURE_H
#define HEXA_TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "store/internal.h"
#include "store/paths.h"
#include "store/publish.h"

static const struct actor root_actor = {.uid = 0, .name = "root", .login_uid = UINT32_MAX};
static const int64_t NOW = 1800000000;

struct place {
	char root[64];
	struct store *store;
};

static inline int
setup(void **state)
{
	struct place *place = calloc(1, sizeof(*place));
	struct why why = {0};

	strcpy(place->root, "/tmp/hexa-store.XXXXXX");
	assert_non_null(mkdtemp(place->root));
	if (store_create(place->root, NULL, &root_actor, NOW, &why) != FAULT_NONE ||
	    store_open(place->root, 0, &place->store, &why) != FAULT_NONE) {
		print_error("%s\n", why.text);
		return -1;
	}
	*state = place;
	return 0;
}

static inline int
teardown(void **state)
{
	struct place *place = *state;
	char command[128];

	store_close(place->store);
	snprintf(command, sizeof(command), "rm -rf '%s'", place->root);
	assert_int_equal(system(command), 0);
	free(place);
	return 0;
}

/* ---- shorthand ---------------------------------------------------------------------------- */

static inline struct txn *
begin(struct place *place)
{
	struct txn *txn = NULL;
	struct why why = {0};

	if (store_write_begin(place->store, &root_actor, "test", NOW, &txn, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	return txn;
}

static inline struct txn *
look(struct place *place)
{
	struct txn *txn = NULL;

	assert_int_equal(store_read_begin(place->store, &txn, NULL), FAULT_NONE);
	return txn;
}

static inline void
commit(struct txn *txn)
{
	struct why why = {0};

	if (store_commit(txn, NULL, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
}

static inline void
set(struct user *user, const char *field, const char *value)
{
	struct why why = {0};

	if (field_parse(field_find(&user_table, field), user, value, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
}

static inline struct user
person(const char *name)
{
	struct user user = {.status = STATUS_ACTIVE};

	set(&user, "name", name);
	set(&user, "first-name", "Anna");
	set(&user, "last-name", "Berg");
	set(&user, "roles", ROLE_SYSTEM_ADMINISTRATOR);
	return user;
}

/* Writes a user in a transaction of its own; the uid. */
static inline uint32_t
add(struct place *place, struct user *user)
{
	struct txn *txn = begin(place);
	struct why why = {0};

	if (user_put(txn, user, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	commit(txn);
	return user->uid;
}

static inline uint32_t
add_person(struct place *place, const char *name)
{
	struct user user = person(name);
	uint32_t uid = add(place, &user);

	user_clear(&user);
	return uid;
}

static inline struct role
role_named(const char *name)
{
	struct role role = {.name = strdup(name)};

	assert_true(names_add(&role.permissions, "hexa.users.view"));
	assert_true(names_add(&role.closure, "hexa.users.view"));
	return role;
}

static inline void
add_role(struct place *place, const char *name)
{
	struct role role = role_named(name);
	struct txn *txn = begin(place);
	struct why why = {0};

	if (role_put(txn, &role, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	commit(txn);
	role_clear(&role);
}

static inline void
add_client(struct place *place, const char *name)
{
	struct client client = {.name = strdup(name)};
	struct txn *txn = begin(place);
	struct why why = {0};

	if (client_put(txn, &client, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	commit(txn);
	client_clear(&client);
}

static inline void
add_site(struct place *place, const char *name, const char *client)
{
	struct site site = {.name = strdup(name), .client = strdup(client)};
	struct txn *txn = begin(place);
	struct why why = {0};

	if (site_put(txn, &site, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	commit(txn);
	site_clear(&site);
}

/* Does the newest entry of the journal say so?  The field "" with a name: made, or deleted. */
static inline bool
journal_says(struct place *place, const char *noun, const char *name, const char *field,
    const char *before, const char *after)
{
	struct journal_entry entry = {0};
	unsigned char hash[CRYPTO_HASH_BYTES];
	struct txn *txn = look(place);
	uint64_t sequence = 0;
	bool says = false;

	assert_int_equal(journal_head(txn, &sequence, hash, NULL), FAULT_NONE);
	assert_int_equal(journal_next(txn, sequence - 1, &entry, NULL), FAULT_NONE);
	for (size_t i = 0; i < entry.count; i++) {
		const struct journal_change *change = &entry.change[i];

		says |= strcmp(change->noun, noun) == 0 && strcmp(change->name, name) == 0 &&
		    strcmp(change->field, field) == 0 && strcmp(change->before, before) == 0 &&
		    strcmp(change->after, after) == 0;
	}
	store_end(txn);
	journal_entry_clear(&entry);
	return says;
}

/* Writes a value with a good seal, in a transaction that is kept without an entry. */
static inline void
plant(struct place *place, enum table_number table, struct span key, const void *data, size_t size)
{
	struct bytes value = {0};
	struct txn *txn = begin(place);

	bytes_put(&value, data, size);
	assert_int_equal(table_put(txn->db, table, key, &value, NULL), FAULT_NONE);
	assert_int_equal(db_commit(txn->db, NULL), FAULT_NONE);
	txn->db = NULL;
	store_end(txn);
}

/* The same for taking one out. */
static inline void
uproot(struct place *place, enum table_number table, struct span key)
{
	struct txn *txn = begin(place);

	assert_int_equal(db_delete(txn->db, table, key, NULL), FAULT_NONE);
	assert_int_equal(db_commit(txn->db, NULL), FAULT_NONE);
	txn->db = NULL;
	store_end(txn);
}

#endif
