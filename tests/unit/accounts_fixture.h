/*
 * accounts_fixture.h - a host of its own for a test of accounts/: a folder with an empty database
 * and the few files of /etc that are looked at, and short words for what the tests do all the time.
 */
#ifndef HEXA_TESTS_ACCOUNTS_FIXTURE_H
#define HEXA_TESTS_ACCOUNTS_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts/admin.h"
#include "accounts/life.h"
#include "accounts/roles.h"
#include "accounts/users.h"
#include "store/crypto.h"
#include "store/journal.h"

/* 2026-11-21T09:30:00Z: no test looks at the real clock. */
enum { NOW = 1795253400 };

#define GOOD_PASSWORD "a long enough password"

/* Of `password` in a policy.  What a hash costs is the subject of few tests, which say so. */
#define CHEAP "argon2: {operations: 1, memory: 8MiB}"

struct fixture {
	char root[64];
	struct admin admin;
	struct why why;
};

static const struct caller plain_root = {.login_uid = UINT32_MAX};

__attribute__((unused)) static void
write_file(const char *root, const char *path, const char *text)
{
	char full[256];
	FILE *file;

	assert_in_range(snprintf(full, sizeof(full), "%s%s", root, path), 1, sizeof(full) - 1);
	file = fopen(full, "we");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

__attribute__((unused)) static void
make_folder(const char *root, const char *path)
{
	char full[256];

	assert_in_range(snprintf(full, sizeof(full), "%s%s", root, path), 1, sizeof(full) - 1);
	assert_int_equal(mkdir(full, 0755), 0);
}

static int
remove_entry(const char *path, const struct stat *stat, int kind, struct FTW *at)
{
	(void)stat;
	(void)kind;
	(void)at;
	return remove(path);
}

static void
fixture_files(const char *root)
{
	make_folder(root, "/etc/ssh");
	/* 65537 is the first id that Hexa would give to somebody: 65536 is its own group's. */
	write_file(root, "/etc/passwd",
	    "root:x:0:0:root:/root:/bin/bash\n"
	    "local:x:1000:1000:Local Person:/home/local:/bin/bash\n"
	    "outsider:x:65537:65537::/home/outsider:/bin/sh\n");
	write_file(root, "/etc/group", "root:x:0:\nlocal:x:1000:\npainters:x:1001:\n");
	write_file(root, "/etc/sudoers", "root ALL=(ALL:ALL) ALL\ncleo ALL=(ALL) ALL\n");
	write_file(root, "/etc/ssh/sshd_config", "AllowGroups mentioned\n");
}

__attribute__((unused)) static void
fixture_open(struct fixture *fixture, const struct caller *caller)
{
	assert_int_equal(
	    admin_open(&fixture->admin, fixture->root, caller, 0, NOW, &fixture->why), FAULT_NONE);
}

/* Opens the fixture's database again as somebody else. */
__attribute__((unused)) static void
fixture_become(struct fixture *fixture, const char *as)
{
	struct caller caller = plain_root;

	caller.as = as;
	admin_close(&fixture->admin);
	fixture_open(fixture, &caller);
}

__attribute__((unused)) static int
fixture_setup(void **state)
{
	static const struct actor actor = {.name = "root", .login_uid = UINT32_MAX};
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	/* In memory where that is to be had: no test is about a disk, and each commit syncs. */
	snprintf(fixture->root, sizeof(fixture->root), "%s/hexa-accounts-XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(fixture->root));
	make_folder(fixture->root, "/etc");
	fixture_files(fixture->root);
	if (store_create(fixture->root, NULL, &actor, NOW, &fixture->why) != FAULT_NONE)
		fail_msg("store_create: %s", fixture->why.text);
	fixture_open(fixture, &plain_root);
	*state = fixture;
	return 0;
}

__attribute__((unused)) static int
fixture_teardown(void **state)
{
	struct fixture *fixture = *state;

	admin_close(&fixture->admin);
	nftw(fixture->root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	free(fixture);
	return 0;
}

/* ---- asserting ---------------------------------------------------------------------------- */

/* Shows the words of an unexpected fault. */
#define assert_fault(fixture, expected, call) \
	do { \
		enum fault got_ = (call); \
		if (got_ != (expected)) \
			fail_msg("%s: fault %d, not %d: %s", #call, (int)got_, (int)(expected), \
			    got_ == FAULT_NONE ? "" : (fixture)->why.text); \
	} while (0)

#define assert_good(fixture, call) assert_fault(fixture, FAULT_NONE, call)

/* The journal's newest sequence: it moves with every change, and with nothing else. */
__attribute__((unused)) static uint64_t
journal_at(struct fixture *fixture)
{
	unsigned char hash[CRYPTO_HASH_BYTES];
	uint64_t sequence = 0;
	struct txn *txn;

	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, journal_head(txn, &sequence, hash, &fixture->why));
	store_end(txn);
	return sequence;
}

__attribute__((unused)) static void
assert_about(const struct fixture *fixture, const char *field)
{
	if (field != NULL && strcmp(fixture->why.field, field) != 0)
		fail_msg("about \"%s\", not \"%s\": %s", fixture->why.field, field,
		    fixture->why.text);
}

/* A refusal: this fault, about this field (NULL: any), and nothing was written. */
#define assert_refused(fixture, expected, about, call) \
	do { \
		uint64_t before_ = journal_at(fixture); \
		assert_fault(fixture, expected, call); \
		assert_about(fixture, about); \
		assert_true((fixture)->why.text[0] != '\0'); \
		assert_int_equal(journal_at(fixture), before_); \
	} while (0)

#define assert_says(fixture, words) \
	do { \
		if (strstr((fixture)->why.text, words) == NULL) \
			fail_msg("\"%s\" does not say \"%s\"", (fixture)->why.text, words); \
	} while (0)

/* The newest journal entry's action is this. */
__attribute__((unused)) static void
assert_journal(struct fixture *fixture, const char *action)
{
	uint64_t head = journal_at(fixture);
	struct journal_entry entry = {0};
	struct txn *txn;

	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, journal_next(txn, head - 1, &entry, &fixture->why));
	assert_string_equal(entry.action, action);
	journal_entry_clear(&entry);
	store_end(txn);
}

/* ---- doing -------------------------------------------------------------------------------- */

static const struct field *
user_field(const char *name)
{
	const struct field *field = field_find(&user_table, name);

	assert_non_null(field);
	return field;
}

static const struct field *
role_field(const char *name)
{
	const struct field *field = field_find(&role_table, name);

	assert_non_null(field);
	return field;
}

#define EDITS(...) \
	(&(const struct edits){(const struct edit[]){__VA_ARGS__}, \
	    sizeof((const struct edit[]){__VA_ARGS__}) / sizeof(struct edit)})
#define NO_EDITS (&(const struct edits){0})

#define USER_SET(name, value)    {EDIT_SET, user_field(name), value}
#define USER_CLEAR(name)         {EDIT_CLEAR, user_field(name), NULL}
#define USER_ADD(name, value)    {EDIT_ADD, user_field(name), value}
#define USER_REMOVE(name, value) {EDIT_REMOVE, user_field(name), value}
#define ROLE_SET(name, value)    {EDIT_SET, role_field(name), value}
#define ROLE_CLEAR(name)         {EDIT_CLEAR, role_field(name), NULL}
#define ROLE_ADD(name, value)    {EDIT_ADD, role_field(name), value}
#define ROLE_REMOVE(name, value) {EDIT_REMOVE, role_field(name), value}

#define PERSON(first, last, role) \
	USER_SET("first-name", first), USER_SET("last-name", last), USER_ADD("roles", role)

/* A user who is not under test; gives their uid. */
__attribute__((unused)) static uint32_t
add_user(struct fixture *fixture, const char *name, const char *role)
{
	struct user made = {0};
	uint32_t uid;

	assert_good(fixture, account_add(&fixture->admin, name, EDITS(PERSON("Ex", "Ample", role)),
	    NULL, &made, &fixture->why));
	uid = made.uid;
	user_clear(&made);
	return uid;
}

__attribute__((unused)) static void
add_role(struct fixture *fixture, const char *name)
{
	assert_good(fixture,
	    role_create(&fixture->admin, name, EDITS(ROLE_SET("group", "no")), &fixture->why));
}

/* The record as it stands in the database; *user is the caller's to clear. */
__attribute__((unused)) static void
read_user(struct fixture *fixture, const char *who, struct user *user)
{
	struct txn *txn;

	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, user_find(txn, who, user, &fixture->why));
	store_end(txn);
}

__attribute__((unused)) static void
read_role(struct fixture *fixture, const char *name, struct role *role)
{
	struct txn *txn;

	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, role_get(txn, name, role, &fixture->why));
	store_end(txn);
}

/* A field of a user, as text; until the next call. */
__attribute__((unused)) static const char *
user_text(struct fixture *fixture, const char *who, const char *field)
{
	static char text[512];
	struct user user = {0};
	char *value;

	read_user(fixture, who, &user);
	value = field_text(user_field(field), &user);
	assert_non_null(value);
	snprintf(text, sizeof(text), "%s", value);
	free(value);
	user_clear(&user);
	return text;
}

/* Replaces the policy. */
__attribute__((unused)) static enum fault
apply(struct fixture *fixture, const char *yaml)
{
	const struct policy_application application = {.yaml = yaml, .size = strlen(yaml)};

	return policy_apply(&fixture->admin, &application, NULL, &fixture->why);
}

/* A test of what needs root (the database's owner) ends here, saying so, without it. */
#define RUN_AS_ROOT(tests) \
	(geteuid() != 0 \
	        ? (printf("left out: %s needs root, who owns the database\n", __FILE__), 0) \
	        : cmocka_run_group_tests(tests, NULL, NULL))

#endif
