/*
 * keys_test.c - who may add and remove SSH keys: administrators those of others, people their own.
 */
#include "tests/unit/accounts_fixture.h"

#include "accounts/keys.h"
#include "accounts/pace.h"
#include "accounts/self.h"

static uint32_t anna, bob;

/* ---- keys ---------------------------------------------------------------------------------- */

static void
put_base64(char *to, const unsigned char *from, size_t size)
{
	static const char digit[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	/* Of a size that is a multiple of three, as that of an Ed25519 key is. */
	for (size_t i = 0; i < size; i += 3) {
		uint32_t bits = (uint32_t)from[i] << 16 | (uint32_t)from[i + 1] << 8 | from[i + 2];

		for (int shift = 18; shift >= 0; shift -= 6)
			*to++ = digit[bits >> shift & 63];
	}
	*to = '\0';
}

/* The line of an Ed25519 key of this number; until the next call. */
static const char *
line_of(unsigned number)
{
	static char line[256];
	unsigned char blob[51] = "\0\0\0\013ssh-ed25519\0\0\0\040";
	char text[80];

	blob[19] = (unsigned char)number;
	blob[20] = (unsigned char)(number >> 8);
	put_base64(text, blob, sizeof(blob));
	snprintf(line, sizeof(line), "ssh-ed25519 %s key %u", text, number);
	return line;
}

/* And its fingerprint. */
static const char *
print_of(unsigned number)
{
	static char print[KEY_FINGERPRINT_BYTES] = "SHA256:";
	unsigned char blob[51] = "\0\0\0\013ssh-ed25519\0\0\0\040";

	blob[19] = (unsigned char)number;
	blob[20] = (unsigned char)(number >> 8);
	crypto_fingerprint(blob, sizeof(blob), print + strlen("SHA256:"));
	return print;
}

static enum fault
add(struct fixture *fixture, const char *who, unsigned number)
{
	const char *line = line_of(number);

	return account_key_add(&fixture->admin, who, line, strlen(line), &fixture->why);
}

static enum fault
take(struct fixture *fixture, const char *who, unsigned number)
{
	return account_key_remove(&fixture->admin, who, print_of(number), &fixture->why);
}

/* How many keys the list has; its order is that of the fingerprints. */
static size_t
count_of(struct fixture *fixture, const char *who)
{
	struct key_list list = {0};
	struct key key = {0};
	char before[KEY_FINGERPRINT_BYTES] = "";
	struct txn *txn;
	size_t count = 0;

	assert_good(fixture, key_list_begin(&fixture->admin, who, &list, &fixture->why));
	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	while (key_list_next(&list, txn, &key, &fixture->why) == FAULT_NONE) {
		assert_true(strcmp(before, key.fingerprint) < 0);
		snprintf(before, sizeof(before), "%s", key.fingerprint);
		count++;
	}
	assert_int_equal(fixture->why.fault, FAULT_UNKNOWN);
	store_end(txn);
	key_clear(&key);
	return count;
}

/* ---- the host ------------------------------------------------------------------------------ */

/*
 * anna of sales, bob of none; dana looks after the people of sales, and lea after all; chief holds
 * what dana has not.
 */
static int
setup(void **state)
{
	static const char yaml[] =
	    "hexa-policy: 1\n"
	    "password: {" CHEAP "}\n"
	    "permissions:\n"
	    "  shell.login: {services: [sshd]}\n"
	    "  shell.sudo: {services: [sudo]}\n"
	    "roles:\n"
	    "  technician: {permissions: [shell.login], group: no}\n"
	    "  chief: {permissions: [shell.login, shell.sudo], group: no}\n"
	    "  viewer: {permissions: [shell.login, hexa.users.view], group: no}\n"
	    "  desk: {permissions: [shell.login, hexa.users.view, hexa.credentials.reset], "
	    "group: no}\n";
	int result = fixture_setup(state);
	struct fixture *fixture = *state;

	make_folder(fixture->root, "/run");
	assert_good(fixture, apply(fixture, yaml));
	anna = add_user(fixture, "anna", "technician");
	bob = add_user(fixture, "bob", "technician");
	add_user(fixture, "chief", "chief");
	add_user(fixture, "viewer", "viewer");
	add_user(fixture, "dana", "desk@/sales");
	add_user(fixture, "lea", "desk");
	add_user(fixture, "boss", "system-administrator");
	/* Whom sudoers mentions, as one who was adopted may be. */
	fixture->admin.insist = true;
	add_user(fixture, "cleo", "technician");
	fixture->admin.insist = false;
	for (size_t i = 0; i < 3; i++)
		assert_good(fixture, account_edit(&fixture->admin,
		    (const char *const[]){"anna", "chief", "dana"}[i],
		    EDITS(USER_SET("unit", "/sales")), &fixture->why));
	return result;
}

static int
teardown(void **state)
{
	struct fixture *fixture = *state;

	if (fixture->admin.store == NULL)
		fixture_open(fixture, &plain_root);
	return fixture_teardown(state);
}

/* ---- of others ----------------------------------------------------------------------------- */

static void
keys_come_and_go(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, add(fixture, "anna", 1));
	assert_journal(fixture, "key add");
	assert_good(fixture, add(fixture, "anna", 2));
	assert_int_equal(count_of(fixture, "anna"), 2);
	assert_int_equal(count_of(fixture, "bob"), 0);
	/* One for two people is theirs to answer for; one for one person twice is a mistake. */
	assert_good(fixture, add(fixture, "bob", 1));
	assert_refused(fixture, FAULT_CONFLICT, "key", add(fixture, "anna", 1));
	assert_good(fixture, take(fixture, "anna", 1));
	assert_journal(fixture, "key remove");
	assert_refused(fixture, FAULT_UNKNOWN, "key", take(fixture, "anna", 1));
	assert_int_equal(count_of(fixture, "anna"), 1);
	assert_int_equal(count_of(fixture, "bob"), 1);
	assert_good(fixture, add(fixture, "anna", 1));
}

static void
a_fingerprint_is_written_with_or_without_its_kind(void **state)
{
	static const char *const others[] = {"", "SHA256:", "x", "MD5:00:11:22", "sha256:",
	    "SHA256:SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
	struct fixture *fixture = *state;
	char longer[64];

	assert_good(fixture, add(fixture, "anna", 1));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_refused(fixture, FAULT_INVALID, "key", account_key_remove(&fixture->admin,
		    "anna", others[i], &fixture->why));
	assert_refused(fixture, FAULT_UNKNOWN, "key", account_key_remove(&fixture->admin, "anna",
	    "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &fixture->why));
	snprintf(longer, sizeof(longer), "%s=", print_of(1));
	assert_refused(fixture, FAULT_INVALID, "key",
	    account_key_remove(&fixture->admin, "anna", longer, &fixture->why));
	snprintf(longer, sizeof(longer), "%.49s", print_of(1));
	assert_refused(fixture, FAULT_INVALID, "key",
	    account_key_remove(&fixture->admin, "anna", longer, &fixture->why));
	assert_good(fixture, account_key_remove(&fixture->admin, "anna",
	    print_of(1) + strlen("SHA256:"), &fixture->why));
	assert_int_equal(count_of(fixture, "anna"), 0);
}

static void
nobody_has_no_keys(void **state)
{
	struct fixture *fixture = *state;
	struct key_list list = {0};

	assert_refused(fixture, FAULT_UNKNOWN, NULL, add(fixture, "nobody", 1));
	assert_refused(fixture, FAULT_UNKNOWN, NULL, take(fixture, "nobody", 1));
	assert_fault(fixture, FAULT_UNKNOWN,
	    key_list_begin(&fixture->admin, "nobody", &list, &fixture->why));
}

static void
what_is_no_key_is_refused(void **state)
{
	struct fixture *fixture = *state;
	char line[600];

	assert_refused(fixture, FAULT_INVALID, "key",
	    account_key_add(&fixture->admin, "anna", "", 0, &fixture->why));
	snprintf(line, sizeof(line), "command=\"id\" %s", line_of(1));
	assert_refused(fixture, FAULT_INVALID, "key",
	    account_key_add(&fixture->admin, "anna", line, strlen(line), &fixture->why));
	snprintf(line, sizeof(line), "%s\n%s", line_of(1), line_of(1));
	assert_refused(fixture, FAULT_INVALID, "key",
	    account_key_add(&fixture->admin, "anna", line, strlen(line), &fixture->why));
	snprintf(line, sizeof(line), "restrict %s\n", line_of(1));
	assert_good(fixture,
	    account_key_add(&fixture->admin, "anna", line, strlen(line), &fixture->why));
}

static void
there_is_an_end_to_keys(void **state)
{
	struct fixture *fixture = *state;

	for (unsigned i = 0; i < KEYS_PER_USER; i++)
		assert_good(fixture, add(fixture, "anna", i));
	assert_refused(fixture, FAULT_CONFLICT, "key", add(fixture, "anna", KEYS_PER_USER));
	assert_good(fixture, add(fixture, "bob", KEYS_PER_USER));
	assert_good(fixture, take(fixture, "anna", 7));
	assert_good(fixture, add(fixture, "anna", KEYS_PER_USER));
	assert_int_equal(count_of(fixture, "anna"), KEYS_PER_USER);
}

/* ---- who may ------------------------------------------------------------------------------- */

/* As who, to whom, and what comes of it: as it does of setting a password. */
static const struct {
	const char *as;
	const char *who;
	enum fault expected;
} rights[] = {
    {"dana", "anna", FAULT_NONE},
    {"lea", "anna", FAULT_NONE},
    {"lea", "bob", FAULT_NONE},
    {"boss", "chief", FAULT_NONE},
    {"boss", "lea", FAULT_NONE},
    {"dana", "bob", FAULT_DENIED},    /* not of sales */
    {"dana", "chief", FAULT_DENIED},  /* has what she has not */
    {"lea", "chief", FAULT_DENIED},
    {"lea", "boss", FAULT_DENIED},
    {"lea", "viewer", FAULT_NONE},
    {"lea", "cleo", FAULT_DENIED},    /* of whom sudoers speaks */
    {"boss", "cleo", FAULT_NONE},
    {"viewer", "anna", FAULT_DENIED}, /* sees, and no more */
    {"dana", "dana", FAULT_DENIED},   /* her own */
    {"lea", "lea", FAULT_DENIED},
    {"boss", "boss", FAULT_DENIED},
};

static void
who_may_set_a_password_may_change_keys(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]); i++) {
		enum fault expected = rights[i].expected;

		fixture_become(fixture, NULL);
		assert_good(fixture, add(fixture, rights[i].who, 1));
		fixture_become(fixture, rights[i].as);
		assert_fault(fixture, expected, account_password(&fixture->admin, rights[i].who,
		    GOOD_PASSWORD, &fixture->why));
		if (expected == FAULT_NONE) {
			assert_good(fixture, add(fixture, rights[i].who, 2));
			assert_good(fixture, take(fixture, rights[i].who, 1));
			assert_good(fixture, take(fixture, rights[i].who, 2));
			continue;
		}
		assert_refused(fixture, expected, NULL, add(fixture, rights[i].who, 2));
		/* Not even whether it is there. */
		assert_refused(fixture, expected, NULL, take(fixture, rights[i].who, 1));
		assert_refused(fixture, expected, NULL, take(fixture, rights[i].who, 9));
		fixture_become(fixture, NULL);
		assert_good(fixture, take(fixture, rights[i].who, 1));
	}
}

static void
who_may_see_users_may_see_keys(void **state)
{
	struct fixture *fixture = *state;
	struct key_list list = {0};

	assert_good(fixture, add(fixture, "anna", 1));
	assert_good(fixture, add(fixture, "bob", 1));
	fixture_become(fixture, "viewer");
	assert_int_equal(count_of(fixture, "anna"), 1);
	assert_int_equal(count_of(fixture, "bob"), 1);
	fixture_become(fixture, "dana");
	assert_int_equal(count_of(fixture, "anna"), 1);
	assert_fault(fixture, FAULT_DENIED,
	    key_list_begin(&fixture->admin, "bob", &list, &fixture->why));
}

/* ---- one's own ----------------------------------------------------------------------------- */

static struct self_edited edited;

static struct self
self_at(struct fixture *fixture, uint32_t uid, int64_t now)
{
	return (struct self){.root = fixture->root, .uid = uid, .login_uid = 4242, .from = "pts/7",
	    .now = now};
}

/* With nothing open beside it, as on a host. */
static enum fault
own_add(struct fixture *fixture, uint32_t uid, int64_t now, unsigned number)
{
	const struct self self = self_at(fixture, uid, now);
	const char *line = line_of(number);
	enum fault fault;

	names_clear(&edited.notices);
	edited = (struct self_edited){0};
	admin_close(&fixture->admin);
	fault = self_key_add(&self, line, strlen(line), &edited, &fixture->why);
	fixture_open(fixture, &plain_root);
	return fault;
}

static enum fault
own_take(struct fixture *fixture, uint32_t uid, int64_t now, const char *print)
{
	const struct self self = self_at(fixture, uid, now);
	enum fault fault;

	names_clear(&edited.notices);
	edited = (struct self_edited){0};
	admin_close(&fixture->admin);
	fault = self_key_remove(&self, print, &edited, &fixture->why);
	fixture_open(fixture, &plain_root);
	return fault;
}

static bool
count_one(void *context, const struct key *key)
{
	size_t *left = context;

	assert_non_null(key->fingerprint);
	return --*left > 0;
}

/* How many keys they see of their own, at most ten. */
static size_t
own_count(struct fixture *fixture, uint32_t uid, const char *after)
{
	const struct self self = self_at(fixture, uid, NOW);
	size_t left = 10;

	assert_good(fixture, self_keys(&self, after, count_one, &left, &fixture->why));
	return 10 - left;
}

static void
people_have_keys_of_their_own(void **state)
{
	struct fixture *fixture = *state;
	struct journal_entry entry = {0};
	struct txn *txn;

	assert_good(fixture, own_add(fixture, anna, NOW, 1));
	assert_string_equal(edited.name, "anna");
	assert_string_equal(edited.fields, "keys");
	assert_int_equal(edited.sequence, journal_at(fixture));
	assert_journal(fixture, "self key add");
	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	assert_good(fixture, journal_next(txn, edited.sequence - 1, &entry, &fixture->why));
	store_end(txn);
	assert_string_equal(entry.actor.name, "anna");
	assert_int_equal(entry.actor.uid, anna);
	assert_int_equal(entry.actor.login_uid, 4242);
	assert_string_equal(entry.actor.from, "pts/7");
	journal_entry_clear(&entry);
	assert_good(fixture, own_add(fixture, anna, NOW, 2));
	assert_int_equal(own_count(fixture, anna, ""), 2);
	assert_int_equal(own_count(fixture, bob, ""), 0);
	assert_int_equal(own_count(fixture, anna, "SHA256:"), 2);
	assert_int_equal(own_count(fixture, anna, "SHA256:~"), 0);
	assert_good(fixture, own_take(fixture, anna, NOW, print_of(1) + strlen("SHA256:")));
	assert_journal(fixture, "self key remove");
	assert_int_equal(own_count(fixture, anna, ""), 1);
}

static void
others_keys_are_not_theirs(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, add(fixture, "bob", 1));
	assert_refused(fixture, FAULT_UNKNOWN, "key", own_take(fixture, anna, NOW, print_of(1)));
	assert_string_equal(edited.name, "anna");
	assert_refused(fixture, FAULT_INVALID, "key", own_take(fixture, anna, NOW, "SHA256:x"));
	assert_int_equal(count_of(fixture, "bob"), 1);
	assert_good(fixture, own_take(fixture, bob, NOW, print_of(1)));
}

static void
who_is_no_user_has_none(void **state)
{
	const uint32_t strangers[] = {0, 1000, 4242, UINT32_MAX};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
		const struct self self = self_at(fixture, strangers[i], NOW);
		size_t left = 1;

		assert_refused(fixture, FAULT_UNKNOWN, NULL,
		    own_add(fixture, strangers[i], NOW, 1));
		assert_string_equal(edited.name, "");
		assert_refused(fixture, FAULT_UNKNOWN, NULL,
		    own_take(fixture, strangers[i], NOW, print_of(1)));
		assert_string_equal(edited.name, "");
		assert_fault(fixture, FAULT_UNKNOWN,
		    self_keys(&self, "", count_one, &left, &fixture->why));
	}
}

static void
only_who_is_let_in_changes_them(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, own_add(fixture, anna, NOW, 1));
	assert_good(fixture, account_suspend(&fixture->admin, "anna", &fixture->why));
	assert_refused(fixture, FAULT_DENIED, "status", own_add(fixture, anna, NOW, 2));
	assert_refused(fixture, FAULT_DENIED, "status",
	    own_take(fixture, anna, NOW, print_of(1)));
	assert_int_equal(own_count(fixture, anna, ""), 1);
	assert_good(fixture, account_resume(&fixture->admin, "anna", &fixture->why));
	assert_good(fixture, account_edit(&fixture->admin, "anna",
	    EDITS(USER_SET("valid-until", "2026-11-21T10:30:00Z")), &fixture->why));
	assert_refused(fixture, FAULT_DENIED, "valid-until",
	    own_add(fixture, anna, NOW + 3601, 2));
	assert_good(fixture, own_add(fixture, anna, NOW, 2));
}

/* Ten at once, and then one in two minutes; what is refused for another reason counts nothing. */
static void
nobody_does_it_all_day(void **state)
{
	struct fixture *fixture = *state;

	assert_good(fixture, own_add(fixture, anna, NOW, 0));
	for (unsigned i = 0; i < 3 * PACE_BURST; i++) {
		assert_fault(fixture, FAULT_CONFLICT, own_add(fixture, anna, NOW, 0));
		assert_fault(fixture, FAULT_UNKNOWN, own_take(fixture, anna, NOW, print_of(99)));
	}
	for (unsigned i = 1; i < PACE_BURST; i++)
		assert_good(fixture, own_add(fixture, anna, NOW, i));
	assert_refused(fixture, FAULT_CONFLICT, NULL, own_add(fixture, anna, NOW, PACE_BURST));
	assert_says(fixture, "from");
	assert_refused(fixture, FAULT_CONFLICT, NULL, own_take(fixture, anna, NOW, print_of(1)));
	assert_good(fixture, own_add(fixture, bob, NOW, 1));
	assert_good(fixture, own_take(fixture, anna, NOW + PACE_SECONDS, print_of(1)));
}

int
main(void)
{
#define WITH_HOST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
	    WITH_HOST(keys_come_and_go),
	    WITH_HOST(a_fingerprint_is_written_with_or_without_its_kind),
	    WITH_HOST(nobody_has_no_keys),
	    WITH_HOST(what_is_no_key_is_refused),
	    WITH_HOST(there_is_an_end_to_keys),
	    WITH_HOST(who_may_set_a_password_may_change_keys),
	    WITH_HOST(who_may_see_users_may_see_keys),
	    WITH_HOST(people_have_keys_of_their_own),
	    WITH_HOST(others_keys_are_not_theirs),
	    WITH_HOST(who_is_no_user_has_none),
	    WITH_HOST(only_who_is_let_in_changes_them),
	    WITH_HOST(nobody_does_it_all_day),
	};

	return RUN_AS_ROOT(tests);
}
