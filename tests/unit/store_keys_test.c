/*
 * store_keys_test.c - SSH keys in the database, in the journal, and in the directory that is
 * published from them.
 */
#include "tests/unit/store_fixture.h"

#include <sodium.h>

#include "accounts/doctor.h"
#include "accounts/key_line.h"
#include "directory/keys.h"
#include "policy/text.h"

/* ---- shorthand ---------------------------------------------------------------------------- */

/* A key of its own for each number, with these words before and behind it. */
static struct key
key_of(uint32_t uid, unsigned number, const char *before, const char *behind)
{
	unsigned char wire[51] = "\0\0\0\13ssh-ed25519\0\0\0\40";
	char text[69], line[2048];
	struct key key = {0};
	struct why why = {0};

	memcpy(wire + 19, &number, sizeof(number));
	sodium_bin2base64(text, sizeof(text), wire, sizeof(wire), sodium_base64_VARIANT_ORIGINAL);
	snprintf(line, sizeof(line), "%sssh-ed25519 %s%s", before, text, behind);
	if (key_parse(line, strlen(line), &key, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	key.uid = uid;
	return key;
}

static enum fault
try_put(struct place *place, struct key *key, struct why *why)
{
	struct txn *txn = begin(place);
	enum fault fault = key_put(txn, key, why);

	if (fault == FAULT_NONE)
		commit(txn);
	else
		store_end(txn);
	return fault;
}

static void
put(struct place *place, struct key *key)
{
	struct why why = {0};

	if (try_put(place, key, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
}

static void
remove_key(struct place *place, const struct key *key)
{
	struct txn *txn = begin(place);
	struct why why = {0};

	if (key_delete(txn, key, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	commit(txn);
}

static uint64_t
count_of(struct place *place, uint32_t uid)
{
	struct txn *txn = look(place);
	uint64_t count = 0;

	assert_int_equal(key_count(txn, uid, &count, NULL), FAULT_NONE);
	store_end(txn);
	return count;
}

static void
edit(struct place *place, uint32_t uid, const char *field, const char *value)
{
	struct txn *txn = begin(place);
	struct user user = {0};
	struct why why = {0};

	assert_int_equal(user_get(txn, uid, &user, NULL), FAULT_NONE);
	set(&user, field, value);
	if (user_put(txn, &user, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	commit(txn);
	user_clear(&user);
}

/* What is published for a name at a time: its lines; NULL: nothing. */
static const char *
lines_at(struct place *place, const char *name, int64_t now)
{
	static char buffer[1 << 20];
	char *path = path_under(place->root, DIRECTORY_FILE);
	struct directory directory = {.path = path};
	size_t used = 0;
	enum lookup lookup = directory_keys_of(&directory, name, now, buffer, sizeof(buffer) - 1,
	    &used, NULL);

	directory_close(&directory);
	free(path);
	if (lookup == LOOKUP_NONE)
		return NULL;
	assert_int_equal(lookup, LOOKUP_FOUND);
	buffer[used] = '\0';
	return buffer;
}

static const char *
lines(struct place *place, const char *name)
{
	return lines_at(place, name, NOW);
}

static void
lines_are(struct place *place, const char *name, const struct key *key)
{
	struct bytes out = {0};
	char *expected;

	key_print(key, &out);
	expected = bytes_take_text(&out);
	assert_non_null(lines(place, name));
	assert_string_equal(lines(place, name), expected);
	free(expected);
}

/* Does the directory's file hold keys of this uid, whoever may ask for them? */
static bool
stands_there(struct place *place, uint32_t uid)
{
	char *path = path_under(place->root, DIRECTORY_FILE);
	unsigned char key[IMAGE_KEY_MAX];
	struct db *db = NULL;
	struct db_txn *txn = NULL;
	struct span value;
	enum fault fault;

	assert_int_equal(db_open(path, DB_READ_ONLY, 0644, NULL, 0, &db, NULL), FAULT_NONE);
	assert_int_equal(db_begin(db, false, &txn, NULL), FAULT_NONE);
	fault = db_get(txn, 0, (struct span){key, image_key_id(key, 'K', uid)}, &value, NULL);
	db_abort(txn);
	db_close(db);
	free(path);
	return fault == FAULT_NONE;
}

/* ---- records ------------------------------------------------------------------------------ */

static void
a_key_is_kept_whole(void **state)
{
	struct place *place = *state;
	uint32_t anna = add_person(place, "anna");
	struct key key = key_of(anna, 1, "no-pty,restrict ", " anna@laptop"), read = {0};
	struct txn *txn;

	put(place, &key);
	assert_int_equal(key.version, 1);
	assert_int_equal(key.added, NOW);
	txn = look(place);
	assert_int_equal(key_get(txn, anna, key.fingerprint, &read, NULL), FAULT_NONE);
	store_end(txn);
	for (size_t i = 0; i < key_table.count; i++)
		assert_true(field_same(&key_table.rows[i], &key, &read));
	assert_string_equal(read.options, "restrict,no-pty");
	assert_string_equal(read.comment, "anna@laptop");
	key_clear(&read);
	key_clear(&key);
}

static void
each_users_keys_stand_together(void **state)
{
	struct place *place = *state;
	uint32_t anna = add_person(place, "anna"), bob = add_person(place, "bob");
	struct key key = {0}, read = {0};
	struct txn *txn;
	char after[128] = "";
	unsigned seen = 0;

	for (unsigned i = 0; i < 20; i++) {
		key = key_of(i % 2 == 0 ? anna : bob, i, "", "");
		put(place, &key);
		key_clear(&key);
	}
	assert_int_equal(count_of(place, anna), 10);
	assert_int_equal(count_of(place, bob), 10);
	assert_int_equal(count_of(place, anna - 1), 0);
	assert_int_equal(count_of(place, bob + 1), 0);
	txn = look(place);
	while (key_next(txn, anna, after, &read, NULL) == FAULT_NONE) {
		assert_int_equal(read.uid, anna);
		assert_true(strcmp(read.fingerprint, after) > 0);
		strcpy(after, read.fingerprint);
		seen++;
	}
	assert_int_equal(seen, 10);
	assert_int_equal(key_next(txn, bob + 1, "", &read, NULL), FAULT_UNKNOWN);
	assert_int_equal(key_next(txn, 0, "", &read, NULL), FAULT_UNKNOWN);
	assert_int_equal(key_get(txn, bob, after, &read, NULL), FAULT_UNKNOWN);
	assert_int_equal(key_get(txn, anna, "", &read, NULL), FAULT_UNKNOWN);
	store_end(txn);
	key_clear(&read);
}

static void
a_user_has_a_key_once(void **state)
{
	struct place *place = *state;
	uint32_t anna = add_person(place, "anna"), bob = add_person(place, "bob");
	struct key key = key_of(anna, 1, "", " first");
	struct key twin = key_of(anna, 1, "no-pty ", " second");
	struct key same = key_of(bob, 1, "", "");
	struct why why = {0};

	put(place, &key);
	assert_int_equal(try_put(place, &twin, &why), FAULT_CONFLICT);
	assert_string_equal(why.field, "key");
	assert_int_equal(twin.version, 0);
	assert_int_equal(twin.added, 0);
	assert_int_equal(count_of(place, anna), 1);
	/* On another account it is another's to have. */
	put(place, &same);
	assert_int_equal(count_of(place, bob), 1);
	key_clear(&key);
	key_clear(&twin);
	key_clear(&same);
}

static void
nobody_has_no_keys(void **state)
{
	struct place *place = *state;
	uint32_t anna = add_person(place, "anna");
	struct key key = key_of(anna + 1, 1, "", ""), empty = {.uid = anna};

	assert_int_equal(try_put(place, &key, NULL), FAULT_UNKNOWN);
	assert_int_equal(try_put(place, &empty, NULL), FAULT_INVALID);
	key.uid = anna;
	put(place, &key);
	key_clear(&key);
}

static void
there_is_a_limit(void **state)
{
	struct place *place = *state;
	uint32_t anna = add_person(place, "anna");
	struct txn *txn = begin(place);
	struct key key;
	struct why why = {0};

	for (unsigned i = 0; i < KEYS_PER_USER; i++) {
		key = key_of(anna, i, "", "");
		assert_int_equal(key_put(txn, &key, NULL), FAULT_NONE);
		if (i < KEYS_PER_USER - 1)
			key_clear(&key);
	}
	commit(txn);
	assert_int_equal(count_of(place, anna), KEYS_PER_USER);
	assert_int_equal(strlen(lines(place, "anna")), KEYS_PER_USER * 81);
	remove_key(place, &key);
	key_clear(&key);
	key = key_of(anna, KEYS_PER_USER, "", "");
	put(place, &key);
	key_clear(&key);
	key = key_of(anna, KEYS_PER_USER + 1, "", "");
	assert_int_equal(try_put(place, &key, &why), FAULT_CONFLICT);
	assert_non_null(strstr(why.text, "512 keys"));
	key_clear(&key);
}

static void
a_stale_version_is_a_conflict(void **state)
{
	struct place *place = *state;
	uint32_t anna = add_person(place, "anna");
	struct key key = key_of(anna, 1, "", ""), old = {0};
	struct txn *txn;

	put(place, &key);
	assert_int_equal(record_copy(&key_table, &old, &key, NULL), FAULT_NONE);
	key.comment = strdup("laptop");
	put(place, &key);
	assert_int_equal(key.version, 2);
	assert_true(journal_says(place, "key", key.fingerprint, "comment", "", "laptop"));
	assert_int_equal(try_put(place, &old, NULL), FAULT_CONFLICT);
	txn = begin(place);
	assert_int_equal(key_delete(txn, &old, NULL), FAULT_CONFLICT);
	store_end(txn);
	remove_key(place, &key);
	assert_int_equal(count_of(place, anna), 0);
	txn = begin(place);
	assert_int_equal(key_delete(txn, &key, NULL), FAULT_CONFLICT);
	store_end(txn);
	key_clear(&key);
	key_clear(&old);
}

static void
the_journal_says_whose_and_which(void **state)
{
	struct place *place = *state;
	uint32_t anna = add_person(place, "anna");
	struct key key = key_of(anna, 1, "no-pty ", " anna@laptop");
	struct journal_entry entry = {0};
	struct txn *txn;
	uint64_t head = 0;
	unsigned char hash[CRYPTO_HASH_BYTES];

	put(place, &key);
	assert_true(journal_says(place, "key", key.fingerprint, "", "", key.fingerprint));
	assert_true(journal_says(place, "key", key.fingerprint, "options", "", "no-pty"));
	assert_true(journal_says(place, "key", key.fingerprint, "type", "", "ssh-ed25519"));
	txn = look(place);
	assert_int_equal(journal_head(txn, &head, hash, NULL), FAULT_NONE);
	assert_int_equal(journal_next(txn, head - 1, &entry, NULL), FAULT_NONE);
	for (size_t i = 0; i < entry.count; i++)
		assert_int_equal(entry.change[i].uid, anna);
	journal_entry_clear(&entry);
	store_end(txn);
	remove_key(place, &key);
	assert_true(journal_says(place, "key", key.fingerprint, "options", "no-pty", ""));
	key_clear(&key);
}

static void
who_is_deleted_leaves_no_key(void **state)
{
	struct place *place = *state;
	uint32_t anna = add_person(place, "anna"), bob = add_person(place, "bob");
	struct key key = {0}, bobs = key_of(bob, 7, "", "");
	struct user user = {0};
	struct txn *txn;

	for (unsigned i = 0; i < 3; i++) {
		key_clear(&key);
		key = key_of(anna, i, "", "");
		put(place, &key);
	}
	put(place, &bobs);
	assert_non_null(lines(place, "anna"));
	assert_true(stands_there(place, anna));
	txn = begin(place);
	assert_int_equal(user_get(txn, anna, &user, NULL), FAULT_NONE);
	assert_int_equal(user_delete(txn, &user, NULL), FAULT_NONE);
	commit(txn);
	assert_true(journal_says(place, "key", key.fingerprint, "", key.fingerprint, ""));
	assert_int_equal(count_of(place, anna), 0);
	assert_int_equal(count_of(place, bob), 1);
	assert_null(lines(place, "anna"));
	assert_false(stands_there(place, anna));
	lines_are(place, "bob", &bobs);
	user_clear(&user);
	key_clear(&key);
	key_clear(&bobs);
}

/* ---- damage ------------------------------------------------------------------------------- */

static void
keep_finding(void *context, const struct finding *finding)
{
	if (strcmp(finding->check, "keys") == 0)
		*(struct finding *)context = *finding;
}

static struct finding
finding_of(struct place *place)
{
	struct finding finding = {0};

	assert_int_equal(doctor_run(place->root, keep_finding, &finding, NULL), FAULT_NONE);
	assert_string_not_equal(finding.text, "");
	return finding;
}

/* The key's record under a uid, with a good seal. */
static void
plant_key(struct place *place, uint32_t under, struct key *key)
{
	struct bytes value = {0};
	unsigned char where[128];
	size_t size = strlen(key->fingerprint);

	key->version = 1;
	record_encode(&key_table, key, &value);
	key_put_u32(where, under);
	memcpy(where + 4, key->fingerprint, size);
	plant(place, T_KEYS, (struct span){where, 4 + size}, value.data, value.size);
	bytes_clear(&value);
}

static void
a_key_of_nobody_is_told(void **state)
{
	struct place *place = *state;
	uint32_t anna = add_person(place, "anna");
	struct key key = key_of(anna, 1, "", ""), lost = key_of(anna + 7, 2, "", "");

	put(place, &key);
	assert_int_equal(finding_of(place).severity, FINDING_GOOD);
	plant_key(place, anna + 7, &lost);
	assert_int_equal(finding_of(place).severity, FINDING_WARNING);
	assert_non_null(strstr(finding_of(place).text, "1 SSH keys"));
	key_clear(&key);
	key_clear(&lost);
}

/* A record in another's place lets nobody in, and ends each list. */
static void
a_key_under_another_place_is_damage(void **state)
{
	struct place *place = *state;
	uint32_t anna = add_person(place, "anna"), bob = add_person(place, "bob");
	struct key key = key_of(anna, 1, "", ""), read = {0};
	struct txn *txn;

	plant_key(place, bob, &key);
	assert_int_equal(finding_of(place).severity, FINDING_ERROR);
	txn = look(place);
	assert_int_equal(key_get(txn, bob, key.fingerprint, &read, NULL), FAULT_UNAVAILABLE);
	assert_int_equal(key_next(txn, bob, "", &read, NULL), FAULT_UNAVAILABLE);
	assert_int_equal(key_next(txn, anna, "", &read, NULL), FAULT_UNKNOWN);
	store_end(txn);
	assert_null(read.fingerprint);
	key_clear(&key);
}

/* ---- publishing --------------------------------------------------------------------------- */

static void
keys_are_published_as_they_come_and_go(void **state)
{
	struct place *place = *state;
	uint32_t anna = add_person(place, "anna");
	struct key one = key_of(anna, 1, "from=\"192.0.2.0/24\" ", " anna@laptop");
	struct key two = key_of(anna, 2, "", "");

	assert_null(lines(place, "anna"));
	put(place, &one);
	lines_are(place, "anna", &one);
	/* What everybody can read has no comment in it, which is often an address. */
	assert_null(strstr(lines(place, "anna"), "laptop"));
	put(place, &two);
	assert_int_equal(strlen(lines(place, "anna")), 81 + 81 + strlen(one.options) + 1);
	remove_key(place, &one);
	lines_are(place, "anna", &two);
	remove_key(place, &two);
	assert_null(lines(place, "anna"));
	key_clear(&one);
	key_clear(&two);
}

static void
only_of_who_is_active(void **state)
{
	static const char *const others[] = {"invited", "suspended", "revoked", "left"};
	struct place *place = *state;
	uint32_t anna = add_person(place, "anna");
	struct key key = key_of(anna, 1, "", "");

	put(place, &key);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		lines_are(place, "anna", &key);
		edit(place, anna, "status", others[i]);
		assert_null(lines(place, "anna"));
		edit(place, anna, "status", "active");
	}
	lines_are(place, "anna", &key);
	key_clear(&key);
}

static void
only_within_validity(void **state)
{
	struct place *place = *state;
	uint32_t anna = add_person(place, "anna");
	struct key key = key_of(anna, 1, "", "");
	char text[TIME_TEXT_BYTES];

	put(place, &key);
	text_from_time(NOW, text);
	edit(place, anna, "valid-from", text);
	assert_null(lines_at(place, "anna", NOW - 1));
	assert_non_null(lines_at(place, "anna", NOW));
	assert_non_null(lines_at(place, "anna", TIME_LAST));
	text_from_time(NOW + 100, text);
	edit(place, anna, "valid-until", text);
	assert_null(lines_at(place, "anna", NOW - 1));
	assert_non_null(lines_at(place, "anna", NOW + 100));
	assert_null(lines_at(place, "anna", NOW + 101));
	edit(place, anna, "valid-from", "");
	edit(place, anna, "valid-until", "");
	assert_non_null(lines_at(place, "anna", 1));
	assert_non_null(lines_at(place, "anna", NOW + 101));
	key_clear(&key);
}

static void
a_new_name_keeps_its_keys(void **state)
{
	struct place *place = *state;
	uint32_t anna = add_person(place, "anna");
	struct key key = key_of(anna, 1, "", "");

	put(place, &key);
	edit(place, anna, "name", "zoe");
	assert_null(lines(place, "anna"));
	lines_are(place, "zoe", &key);
	key_clear(&key);
}

static void
a_rebuilt_directory_has_them(void **state)
{
	struct place *place = *state;
	uint32_t anna = add_person(place, "anna");
	struct key key = key_of(anna, 1, "", "");
	bool current = false;

	put(place, &key);
	assert_int_equal(publish_rebuild(place->store, NOW, NULL), FAULT_NONE);
	lines_are(place, "anna", &key);
	assert_int_equal(publish_is_current(place->store, NOW, &current, NULL), FAULT_NONE);
	assert_true(current);
	key_clear(&key);
}

/* A commit whose publication did not come about is noticed, and made up for by the next. */
static void
what_was_not_published_is_behind(void **state)
{
	struct place *place = *state;
	uint32_t anna = add_person(place, "anna");
	struct key key = key_of(anna, 1, "", "");
	struct txn *txn = begin(place);
	bool current = true;

	assert_int_equal(key_put(txn, &key, NULL), FAULT_NONE);
	assert_int_equal(journal_write(txn, NULL), FAULT_NONE);
	assert_int_equal(db_commit(txn->db, NULL), FAULT_NONE);
	txn->db = NULL;
	store_end(txn);
	assert_null(lines(place, "anna"));
	assert_int_equal(publish_is_current(place->store, NOW, &current, NULL), FAULT_NONE);
	assert_false(current);
	assert_int_equal(publish(place->store, NOW, NULL), FAULT_NONE);
	lines_are(place, "anna", &key);
	assert_int_equal(publish_is_current(place->store, NOW, &current, NULL), FAULT_NONE);
	assert_true(current);
	key_clear(&key);
}

/* As many and as long as there may be, in a value of many pages. */
static void
the_most_there_can_be_is_published(void **state)
{
	struct place *place = *state;
	uint32_t anna = add_person(place, "anna");
	struct txn *txn = begin(place);
	char before[KEY_OPTIONS_BYTES + 2], *path;
	struct directory directory = {0};
	char *buffer = malloc(IMAGE_KEYS_MAX);
	size_t used = 0;

	memset(before, 'a', sizeof(before));
	memcpy(before, "from=\"", 6);
	memcpy(before + KEY_OPTIONS_BYTES - 1, "\" ", 3);
	for (unsigned i = 0; i < KEYS_PER_USER; i++) {
		struct key key = key_of(anna, i, before, "");

		assert_int_equal(key_put(txn, &key, NULL), FAULT_NONE);
		key_clear(&key);
	}
	commit(txn);
	path = path_under(place->root, DIRECTORY_FILE);
	directory.path = path;
	assert_int_equal(directory_keys_of(&directory, "anna", NOW, buffer, 1, &used, NULL),
	    LOOKUP_SMALL);
	assert_int_equal(used, 0);
	assert_int_equal(directory_keys_of(&directory, "anna", NOW, buffer, IMAGE_KEYS_MAX, &used, NULL),
	    LOOKUP_FOUND);
	assert_int_equal(used, KEYS_PER_USER * (KEY_OPTIONS_BYTES + 1 + 81));
	directory_close(&directory);
	free(path);
	free(buffer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_key_is_kept_whole, setup, teardown),
	    cmocka_unit_test_setup_teardown(each_users_keys_stand_together, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_user_has_a_key_once, setup, teardown),
	    cmocka_unit_test_setup_teardown(nobody_has_no_keys, setup, teardown),
	    cmocka_unit_test_setup_teardown(there_is_a_limit, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_stale_version_is_a_conflict, setup, teardown),
	    cmocka_unit_test_setup_teardown(the_journal_says_whose_and_which, setup, teardown),
	    cmocka_unit_test_setup_teardown(who_is_deleted_leaves_no_key, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_key_under_another_place_is_damage, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_key_of_nobody_is_told, setup, teardown),
	    cmocka_unit_test_setup_teardown(keys_are_published_as_they_come_and_go, setup,
	        teardown),
	    cmocka_unit_test_setup_teardown(only_of_who_is_active, setup, teardown),
	    cmocka_unit_test_setup_teardown(only_within_validity, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_new_name_keeps_its_keys, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_rebuilt_directory_has_them, setup, teardown),
	    cmocka_unit_test_setup_teardown(what_was_not_published_is_behind, setup, teardown),
	    cmocka_unit_test_setup_teardown(the_most_there_can_be_is_published, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
