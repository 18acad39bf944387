/*
 * attack_tamper_test.c - somebody has written into root's database, with good seals: what they put
 * there is neither believed nor served.  And what stands where a database should is not written
 * through.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "directory/directory.h"
#include "store/internal.h"
#include "store/paths.h"
#include "store/publish.h"

static const struct actor root_actor = {.uid = 0, .name = "root", .login_uid = UINT32_MAX};
static const int64_t now = 1800000000;

struct place {
	char root[64];
	struct store *store;
	uint32_t uid; /* anna's */
};

static uint32_t
add_anna(struct store *store)
{
	static const char *const values[][2] = {{"name", "anna"}, {"first-name", "Annabella"},
	    {"last-name", "Bergstrom"}, {"shell", "/bin/bash-long"}, {"home", "/home/anna-long"},
	    {"type", "employee"}, {"status", "active"}, {"roles", "system-administrator"},
	    {"note", "a note of some length"}, {"email", "anna@example.org"}};
	struct user user = {0};
	struct txn *txn = NULL;
	uint32_t uid;

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		assert_int_equal(field_parse(field_find(&user_table, values[i][0]), &user,
		    values[i][1], NULL), FAULT_NONE);
	assert_int_equal(store_write_begin(store, &root_actor, "test", now, &txn, NULL),
	    FAULT_NONE);
	assert_int_equal(user_put(txn, &user, NULL), FAULT_NONE);
	uid = user.uid;
	user_clear(&user);
	assert_int_equal(store_commit(txn, NULL, NULL), FAULT_NONE);
	return uid;
}

static int
setup(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	snprintf(place->root, sizeof(place->root), "%s/hexa-tamper-XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(place->root));
	assert_int_equal(store_create(place->root, NULL, &root_actor, now, NULL), FAULT_NONE);
	assert_int_equal(store_open(place->root, 0, &place->store, NULL), FAULT_NONE);
	place->uid = add_anna(place->store);
	*state = place;
	return 0;
}

static int
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

/* ---- writing past all rules --------------------------------------------------------------- */

/* The value of a field within an encoded record; its size in *size. */
static unsigned char *
value_of(struct bytes *record, const struct field *field, uint32_t *size)
{
	struct reader reader = reader_over(record->data, record->size);
	uint16_t count;

	(void)reader_u16(&reader);
	count = reader_u16(&reader);
	for (uint16_t i = 0; i < count; i++) {
		uint16_t id = reader_u16(&reader);
		const unsigned char *value;

		*size = reader_u32(&reader);
		value = reader_bytes(&reader, *size);
		if (id == field->id)
			return record->data + (value - record->data);
	}
	fail_msg("%s is not in the record", field->name);
	return NULL;
}

/*
 * Puts bytes into the middle of a field of anna's, under a good seal; the directory is then
 * rebuilt.
 */
static void
tamper(struct place *place, const char *name, size_t at, const void *bytes, size_t size)
{
	const struct field *field = field_find(&user_table, name);
	unsigned char buffer[4];
	struct bytes record = {0};
	struct txn *txn = NULL;
	struct span found;
	uint32_t room = 0;
	unsigned char *value;

	assert_int_equal(store_write_begin(place->store, &root_actor, "test", now, &txn, NULL),
	    FAULT_NONE);
	assert_int_equal(table_get(txn->db, T_USERS, key_u32(buffer, place->uid), &found, NULL),
	    FAULT_NONE);
	bytes_put(&record, found.data, found.size);
	value = value_of(&record, field, &room);
	assert_true(at <= room && size <= room - at);
	memcpy(value + at, bytes, size);
	assert_int_equal(table_put(txn->db, T_USERS, key_u32(buffer, place->uid), &record, NULL),
	    FAULT_NONE);
	assert_int_equal(db_commit(txn->db, NULL), FAULT_NONE);
	txn->db = NULL;
	store_end(txn);
	(void)publish_rebuild(place->store, now, NULL);
}

static enum fault
read_anna(struct place *place, struct user *user)
{
	struct txn *txn = NULL;
	enum fault fault;

	assert_int_equal(store_read_begin(place->store, &txn, NULL), FAULT_NONE);
	fault = user_get(txn, place->uid, user, NULL);
	store_end(txn);
	return fault;
}

/* What the directory serves of her now. */
static enum lookup
look(struct place *place, struct passwd *out, char *buffer, size_t size)
{
	char *path = path_under(place->root, DIRECTORY_FILE);
	struct directory directory = {.path = path};
	enum lookup lookup =
	    directory_user_by_uid(&directory, place->uid, out, buffer, size);

	directory_close(&directory);
	free(path);
	return lookup;
}

static bool
has(const char *text, const char *bytes, size_t size)
{
	return memmem(text, strlen(text), bytes, size) != NULL;
}

/* ---- text --------------------------------------------------------------------------------- */

static const struct hostile {
	const char *bytes;
	size_t size;
} hostiles[] = {{":", 1}, {"\n", 1}, {"\r", 1}, {"\0", 1}, {"\x1b", 1}, {"\x7f", 1}, {"\x01", 1},
    {"\xc2\x85", 2}, {"\xc2\x9b", 2}, {"\xe2\x80\xae", 3}, {"\xe2\x80\xa8", 3}, {"\xff", 1},
    {"\xc0\x80", 2}, {"\xed\xa0\x80", 3}, {"\xc3", 1}};

/* Published fields, and what stands in their midst when they are as they were. */
static const struct {
	const char *name;
	const char *good;
} published[] = {{"name", "nna"}, {"first-name", "nna"}, {"last-name", "erg"}, {"shell", "bin"},
    {"home", "hom"}};

static void
no_text_put_into_the_database_is_believed_or_served(void **state)
{
	struct place *place = *state;

	for (size_t i = 0; i < sizeof(published) / sizeof(published[0]); i++) {
		for (size_t j = 0; j < sizeof(hostiles) / sizeof(hostiles[0]); j++) {
			const struct hostile *hostile = &hostiles[j];
			struct user user = {0};
			struct passwd out;
			char buffer[2048];

			tamper(place, published[i].name, 1, hostile->bytes, hostile->size);
			assert_int_equal(read_anna(place, &user), FAULT_UNAVAILABLE);
			assert_null(user.name);
			/*
			 * The directory of before may still stand: it is good, and a login asks the
			 * database.
			 */
			if (look(place, &out, buffer, sizeof(buffer)) == LOOKUP_FOUND) {
				assert_string_equal(out.pw_name, "anna");
				assert_false(hostile->bytes[0] != '\0' &&
				    (has(out.pw_gecos, hostile->bytes, hostile->size) ||
				     has(out.pw_dir, hostile->bytes, hostile->size) ||
				     has(out.pw_shell, hostile->bytes, hostile->size)));
			}
			tamper(place, published[i].name, 1, published[i].good, hostile->size);
		}
	}
}

/* The twin: what stands in the rules is believed and served, so the bytes did reach the record. */
static void
good_text_put_into_the_database_is_served(void **state)
{
	struct place *place = *state;
	struct user user = {0};
	struct passwd out;
	char buffer[2048];

	tamper(place, "first-name", 1, "xyz", 3);
	tamper(place, "home", 6, "berg", 4);
	assert_int_equal(read_anna(place, &user), FAULT_NONE);
	assert_string_equal(user.first_name, "Axyzbella");
	assert_int_equal(look(place, &out, buffer, sizeof(buffer)), LOOKUP_FOUND);
	assert_string_equal(out.pw_gecos, "Axyzbella Bergstrom");
	assert_string_equal(out.pw_dir, "/home/berg-long");
	user_clear(&user);
}

static void
private_fields_are_held_to_their_rules_too(void **state)
{
	static const struct hostile controls[] = {{"\n", 1}, {"\x1b", 1}, {"\xc2\x9b", 2},
	    {"\xe2\x80\xae", 3}, {"\xff", 1}, {"\0", 1}};
	struct place *place = *state;
	struct user user = {0};

	for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++) {
		tamper(place, "note", 2, controls[i].bytes, controls[i].size);
		assert_int_equal(read_anna(place, &user), FAULT_UNAVAILABLE);
		tamper(place, "note", 2, "xxx", controls[i].size);
		assert_int_equal(read_anna(place, &user), FAULT_NONE);
		tamper(place, "email", 1, controls[i].bytes, controls[i].size);
		assert_int_equal(read_anna(place, &user), FAULT_UNAVAILABLE);
		tamper(place, "email", 1, "xxx", controls[i].size);
		assert_int_equal(read_anna(place, &user), FAULT_NONE);
	}
	user_clear(&user);
}

/* ---- ids ---------------------------------------------------------------------------------- */

/* As it stands in a record. */
static void
put_u32(unsigned char bytes[4], uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		bytes[i] = (unsigned char)(value >> (8 * i));
}

static void
no_id_of_the_hosts_is_served(void **state)
{
	static const uint32_t ids[] = {0, 1, 27, 999, 61184, 65519, 65534, 65535, 0x80000000,
	    0xffffffff};
	struct place *place = *state;
	struct user user = {0};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		static const char *const fields[] = {"uid", "gid"};

		for (size_t j = 0; j < sizeof(fields) / sizeof(fields[0]); j++) {
			unsigned char bytes[4], good[4];
			struct passwd out;
			char buffer[2048];

			put_u32(bytes, ids[i]);
			put_u32(good, place->uid);
			tamper(place, fields[j], 0, bytes, sizeof(bytes));
			if (look(place, &out, buffer, sizeof(buffer)) == LOOKUP_FOUND) {
				assert_int_equal(out.pw_uid, place->uid);
				assert_int_equal(out.pw_gid, place->uid);
			}
			if (strcmp(fields[j], "uid") == 0)
				assert_int_equal(read_anna(place, &user), FAULT_UNAVAILABLE);
			tamper(place, fields[j], 0, good, sizeof(good));
			assert_int_equal(look(place, &out, buffer, sizeof(buffer)), LOOKUP_FOUND);
		}
	}
	user_clear(&user);
}

static void
a_record_under_anothers_key_ends_no_list(void **state)
{
	struct place *place = *state;
	struct txn *txn = NULL;
	struct role role = {0};
	struct bytes copy = {0};
	struct span found;

	assert_int_equal(store_write_begin(place->store, &root_actor, "test", now, &txn, NULL),
	    FAULT_NONE);
	assert_int_equal(table_get(txn->db, T_ROLES, key_text(ROLE_SYSTEM_ADMINISTRATOR), &found,
	    NULL), FAULT_NONE);
	bytes_put(&copy, found.data, found.size);
	assert_int_equal(table_put(txn->db, T_ROLES, key_text("zzz"), &copy, NULL), FAULT_NONE);
	assert_int_equal(role_get(txn, "zzz", &role, NULL), FAULT_UNAVAILABLE);
	assert_int_equal(role_next(txn, ROLE_SYSTEM_ADMINISTRATOR, &role, NULL), FAULT_UNAVAILABLE);
	assert_null(role.name);
	assert_int_equal(role_next(txn, "", &role, NULL), FAULT_NONE);
	role_clear(&role);
	store_end(txn);
}

/* ---- files -------------------------------------------------------------------------------- */

enum stand { A_LINK, A_LINK_TO_NOTHING, A_PIPE, A_FOLDER };

static void
stand(enum stand what, const char *path, const char *outside)
{
	FILE *file;

	unlink(outside);
	assert_true(unlink(path) == 0 || access(path, F_OK) != 0);
	switch (what) {
	case A_LINK:
		file = fopen(outside, "we");
		assert_non_null(file);
		fputs("mine", file);
		fclose(file);
		assert_int_equal(symlink(outside, path), 0);
		return;
	case A_LINK_TO_NOTHING:
		assert_int_equal(symlink(outside, path), 0);
		return;
	case A_PIPE:
		assert_int_equal(mkfifo(path, 0600), 0);
		return;
	case A_FOLDER:
		assert_int_equal(mkdir(path, 0700), 0);
		return;
	}
}

/* Makes a small database where `path` says. */
static enum fault
make(const char *path)
{
	struct db *db = NULL;
	enum fault fault = db_open(path, DB_CREATE, 0600, NULL, 0, &db, NULL);

	db_close(db);
	return fault;
}

static void
nothing_is_written_through_what_stands_in_the_way(void **state)
{
	struct place *place = *state;
	static const char *const suffixes[] = {"", "-lock"};

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		for (enum stand what = A_LINK; what <= A_FOLDER; what++) {
			char base[128], path[160], outside[128];
			struct stat status;

			snprintf(base, sizeof(base), "%s/new.mdb", place->root);
			snprintf(path, sizeof(path), "%s%s", base, suffixes[i]);
			snprintf(outside, sizeof(outside), "%s/outside", place->root);
			stand(what, path, outside);
			assert_int_equal(make(base), FAULT_UNAVAILABLE);
			if (what == A_LINK) {
				assert_int_equal(stat(outside, &status), 0);
				assert_int_equal(status.st_size, 4);
			} else {
				assert_int_not_equal(access(outside, F_OK), 0);
			}
			assert_int_equal(remove(path), 0);
			assert_int_equal(make(base), FAULT_NONE);
		}
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(no_text_put_into_the_database_is_believed_or_served),
	    TEST(good_text_put_into_the_database_is_served),
	    TEST(private_fields_are_held_to_their_rules_too),
	    TEST(no_id_of_the_hosts_is_served),
	    TEST(a_record_under_anothers_key_ends_no_list),
	    TEST(nothing_is_written_through_what_stands_in_the_way),
	};

	if (geteuid() != 0) {
		puts("1..0 # SKIP needs root: the database must belong to root");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
