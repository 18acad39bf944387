/*
 * events_test.c - what the log and the kernel's audit are told of accounts, and what they are not.
 */
#include "tests/unit/accounts_fixture.h"

#include <syslog.h>

#include "accounts/keys.h"
#include "hexa-admin/audit.h"

/* ---- what would have been told ------------------------------------------------------------- */

enum { TOLD_MAX = 64, TEXT_BYTES = 512 };

static struct {
	size_t lines;
	char line[TOLD_MAX][TEXT_BYTES];
	size_t events;
	char event[TOLD_MAX][TEXT_BYTES];
} told;

static void
told_line(int priority, const char *format, ...)
{
	va_list arguments;

	assert_int_equal(priority, LOG_AUTHPRIV | LOG_INFO);
	va_start(arguments, format);
	if (told.lines < TOLD_MAX)
		vsnprintf(told.line[told.lines], TEXT_BYTES, format, arguments);
	va_end(arguments);
	told.lines++;
}

int
audit_begin(void)
{
	return 7;
}

void
audit_end(int fd)
{
	assert_int_equal(fd, 7);
}

void
audit_send(int fd, enum audit_event event, const char *doing, const char *name, const char *from)
{
	static const char *const names[] = {"none", "user-added", "user-deleted", "user-changed",
	    "password-changed", "group-added", "group-deleted", "group-changed"};

	assert_int_equal(fd, 7);
	if (told.events < TOLD_MAX)
		snprintf(told.event[told.events], TEXT_BYTES, "%s %s %s [%s]", names[event], doing,
		    name, from);
	told.events++;
}

#define syslog told_line
#include "hexa-admin/events.c"
#undef syslog

/* ---- making something to tell --------------------------------------------------------------- */

static void
begin(struct fixture *fixture)
{
	memset(&told, 0, sizeof(told));
	snprintf(fixture->admin.actor.from, sizeof(fixture->admin.actor.from), "192.0.2.7");
}

/* What the newest commit is told of. */
static void
tell_commit(struct fixture *fixture)
{
	unsigned char hash[CRYPTO_HASH_BYTES];
	uint64_t before = 0, sequence = 0;

	memset(&told, 0, sizeof(told));
	assert_true(store_committed(fixture->admin.store, &before, &sequence, hash));
	assert_true(before < sequence);
	events_tell(fixture->admin.store, before, sequence);
}

static struct edit
edit_of(enum edit_act act, const char *field, const char *value)
{
	return (struct edit){act, field_find(&user_table, field), value};
}

static uint32_t
add(struct fixture *fixture, const char *name, const char *note)
{
	const struct edit edit[] = {edit_of(EDIT_ADD, "roles", ROLE_SYSTEM_ADMINISTRATOR),
	    edit_of(EDIT_SET, "first-name", "Anna"), edit_of(EDIT_SET, "last-name", "Berg"),
	    edit_of(EDIT_SET, "note", note)};
	const struct edits edits = {edit, sizeof(edit) / sizeof(edit[0])};
	struct user made = {0};
	uint32_t uid;

	assert_good(fixture, account_add(&fixture->admin, name, &edits, NULL, &made,
	    &fixture->why));
	uid = made.uid;
	user_clear(&made);
	return uid;
}

/* ---- the tests ------------------------------------------------------------------------------- */

static void
a_user_made_is_told_with_who_and_from_where(void **state)
{
	struct fixture *fixture = *state;
	char line[TEXT_BYTES];
	uint32_t uid;

	begin(fixture);
	uid = add(fixture, "anna", "secret note");
	tell_commit(fixture);
	snprintf(line, sizeof(line), "user anna (uid %lu) made by root (uid 0) from "
	    "192.0.2.7", (unsigned long)uid);
	assert_int_equal(told.lines, 1);
	assert_string_equal(told.line[0], line);
	assert_int_equal(told.events, 1);
	assert_string_equal(told.event[0], "user-added add-user anna [192.0.2.7]");
}

static void
a_change_is_told_by_its_fields_and_never_by_a_value(void **state)
{
	struct fixture *fixture = *state;
	const struct edit edit[] = {edit_of(EDIT_SET, "note", "a quiet matter"),
	    edit_of(EDIT_SET, "email", "anna@example.org")};
	const struct edits edits = {edit, 2};

	begin(fixture);
	add(fixture, "anna", "");
	assert_good(fixture, account_edit(&fixture->admin, "anna", &edits, &fixture->why));
	tell_commit(fixture);
	assert_int_equal(told.lines, 1);
	assert_non_null(strstr(told.line[0], "changed: email,note by root"));
	assert_null(strstr(told.line[0], "quiet"));
	assert_null(strstr(told.line[0], "example.org"));
	assert_string_equal(told.event[0], "user-changed changing-email,note anna [192.0.2.7]");
}

static void
a_key_is_its_users(void **state)
{
	static const char line[] = "ssh-ed25519 "
	    "AAAAC3NzaC1lZDI1NTE5AAAAIFYkPfSzJSZ99HU6XvqmWdZan9jYA9aEhq/NJZBpS9DH at home";
	struct fixture *fixture = *state;

	begin(fixture);
	add(fixture, "anna", "");
	add(fixture, "boss", "");
	assert_good(fixture, account_key_add(&fixture->admin, "anna", line, strlen(line),
	    &fixture->why));
	tell_commit(fixture);
	assert_int_equal(told.lines, 1);
	assert_non_null(strstr(told.line[0], "user anna (uid "));
	assert_non_null(strstr(told.line[0], "changed: keys by root"));
	assert_null(strstr(told.line[0], "home"));
	assert_string_equal(told.event[0], "user-changed changing-keys anna [192.0.2.7]");
	/* Who goes takes them along, and is told of once. */
	assert_good(fixture, account_delete(&fixture->admin, "anna", &fixture->why));
	tell_commit(fixture);
	assert_int_equal(told.lines, 1);
	assert_non_null(strstr(told.line[0], " deleted by root"));
}

static void
a_password_is_an_event_of_its_own(void **state)
{
	struct fixture *fixture = *state;

	begin(fixture);
	add(fixture, "anna", "");
	assert_good(fixture, account_password(&fixture->admin, "anna", "canary-Password-1",
	    &fixture->why));
	tell_commit(fixture);
	assert_int_equal(told.events, 1);
	assert_non_null(strstr(told.event[0], "password-changed"));
	assert_null(strstr(told.event[0], "canary"));
	assert_null(strstr(told.line[0], "canary"));
	assert_null(strstr(told.line[0], "argon2"));
}

static void
a_user_deleted_is_told(void **state)
{
	struct fixture *fixture = *state;

	begin(fixture);
	add(fixture, "boss", "");
	add(fixture, "anna", "");
	assert_good(fixture, account_delete(&fixture->admin, "anna", &fixture->why));
	tell_commit(fixture);
	assert_int_equal(told.lines, 1);
	assert_non_null(strstr(told.line[0], "user anna"));
	assert_non_null(strstr(told.line[0], "deleted by root"));
	assert_string_equal(told.event[0], "user-deleted delete-user anna [192.0.2.7]");
}

static void
a_role_is_a_group_to_the_kernel(void **state)
{
	struct fixture *fixture = *state;
	const struct edits none = {NULL, 0};

	begin(fixture);
	assert_good(fixture, role_create(&fixture->admin, "builder", &none, &fixture->why));
	tell_commit(fixture);
	assert_non_null(strstr(told.line[0], "role builder made by root"));
	assert_string_equal(told.event[0], "group-added add-group builder [192.0.2.7]");
}

/* Several thousand: more than one entry of the journal holds, and more than are told one by one. */
static void
a_long_import_is_told_in_short(void **state)
{
	struct fixture *fixture = *state;
	unsigned char hash[CRYPTO_HASH_BYTES];
	uint64_t before, sequence;
	struct txn *txn;

	enum { MANY = EVENTS_MAX + 500 };

	begin(fixture);
	assert_good(fixture, store_write_begin(fixture->admin.store, &fixture->admin.actor,
	    "user import", NOW, &txn, &fixture->why));
	for (int i = 0; i < MANY; i++) {
		struct user user = {.status = STATUS_ACTIVE};
		char name[32];

		snprintf(name, sizeof(name), "u%d", i);
		user.name = strdup(name);
		user.first_name = strdup("Anna");
		user.last_name = strdup("Berg");
		assert_true(names_add(&user.roles, ROLE_SYSTEM_ADMINISTRATOR));
		assert_good(fixture, user_put(txn, &user, &fixture->why));
		user_clear(&user);
	}
	assert_good(fixture, store_commit(txn, NULL, &fixture->why));
	assert_true(store_committed(fixture->admin.store, &before, &sequence, hash));
	assert_true(sequence > before + 1);
	tell_commit(fixture);
	assert_int_equal(told.events, EVENTS_MAX);
	assert_int_equal(told.lines, EVENTS_MAX + 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_user_made_is_told_with_who_and_from_where),
		TEST(a_change_is_told_by_its_fields_and_never_by_a_value),
		TEST(a_key_is_its_users),
		TEST(a_password_is_an_event_of_its_own),
		TEST(a_user_deleted_is_told),
		TEST(a_role_is_a_group_to_the_kernel),
		TEST(a_long_import_is_told_in_short),
	};

	return RUN_AS_ROOT(tests);
}
