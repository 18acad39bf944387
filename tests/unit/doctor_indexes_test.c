/*
 * doctor_indexes_test.c - the tables by which records are found, against the records: each entry
 * that is taken out and each that is put in is told, and writing them anew brings back the same
 * bytes.
 */
#include "store_fixture.h"

#include "accounts/doctor.h"
#include "store/attachments.h"
#include "store/indexes.h"

/* Every key of a table with its sealed value, in order. */
struct pair {
	unsigned char key[TABLE_KEY_MAX], value[64];
	size_t key_size, value_size;
};

enum { PAIRS_MAX = 200 };

struct dump {
	struct pair pair[PAIRS_MAX];
	size_t count;
};

static const enum table_number indexes[] = {T_NAMES, T_EMAILS, T_PHONES, T_IDS, T_MEMBERS,
    T_CLIENT_USERS, T_SITE_USERS, T_FIELDS, T_ATTACHMENT_FIELDS};

static void
dump_table(struct place *place, enum table_number table, struct dump *dump)
{
	struct txn *txn = look(place);
	struct span key = {0}, value;

	dump->count = 0;
	while (db_seek(txn->db, table, true, &key, &value, NULL) == FAULT_NONE) {
		struct pair *pair = &dump->pair[dump->count++];

		assert_true(dump->count < PAIRS_MAX && value.size <= sizeof(pair->value));
		memset(pair, 0, sizeof(*pair));
		memcpy(pair->key, key.data, pair->key_size = key.size);
		memcpy(pair->value, value.data, pair->value_size = value.size);
	}
	store_end(txn);
}

static void
assert_same(struct place *place, enum table_number table, const struct dump *before)
{
	static struct dump after;

	dump_table(place, table, &after);
	assert_int_equal(after.count, before->count);
	assert_memory_equal(after.pair, before->pair, before->count * sizeof(before->pair[0]));
}

/* ---- a database that has something in every table ------------------------------------------- */

static void
add_document(struct place *place, uint32_t uid)
{
	struct attachment attachment = {.uid = uid, .user = strdup("anna"),
	    .title = strdup("Certificate"), .size = 1, .expires = 1900000000};
	struct txn *txn = begin(place);
	struct why why = {0};

	assert_true(asprintf(&attachment.sha256, "%064d", 7) > 0);
	if (attachment_add(txn, &attachment, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	commit(txn);
	attachment_clear(&attachment);
}

/* anna, bemd (who looks like bernd) and somebody who has given a name up. */
static uint32_t
fill(struct place *place)
{
	struct user anna = person("anna"), bemd = person("bemd"), cleo = person("cleo");
	struct txn *txn;
	uint32_t uid;

	add_role(place, "technician");
	add_client(place, "acme");
	add_site(place, "depot", "acme");
	set(&anna, "email", "Anna@Example.org");
	set(&anna, "phone", "+4912345678");
	set(&anna, "unit", "/sales");
	uid = add(place, &anna);
	set(&bemd, "type", "client");
	set(&bemd, "roles", "technician");
	set(&bemd, "clients", "acme");
	set(&bemd, "sites", "depot");
	set(&bemd, "report-to", "anna");
	add(place, &bemd);
	add(place, &cleo);
	txn = begin(place);
	assert_int_equal(user_delete(txn, &cleo, NULL), FAULT_NONE);
	commit(txn);
	add_document(place, uid);
	user_clear(&anna);
	user_clear(&bemd);
	user_clear(&cleo);
	return uid;
}

static void
at_work(void)
{
}

static struct index_states
states_of(struct place *place)
{
	struct index_states states;
	struct txn *txn = look(place);
	struct why why = {0};

	if (indexes_check(txn, &states, at_work, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	store_end(txn);
	return states;
}

static const struct index_state *
state_in(const struct index_states *states, enum table_number table)
{
	for (size_t i = 0; i < INDEXES; i++)
		if (strcmp(states->of[i].table, table_names[table]) == 0)
			return &states->of[i];
	fail_msg("%s is not looked at", table_names[table]);
	return NULL;
}

/* This table and no other is wrong; TABLE_COUNT: none. */
static void
assert_wrong(struct place *place, enum table_number table, struct index_state *state)
{
	const struct index_states states = states_of(place);

	for (size_t i = 0; i < INDEXES; i++)
		if (index_is_well(&states.of[i]) ==
		    (table != TABLE_COUNT && strcmp(states.of[i].table, table_names[table]) == 0))
			fail_msg("table %s: %s", states.of[i].table, states.of[i].first);
	if (table != TABLE_COUNT)
		*state = *state_in(&states, table);
}

static void
write_anew(struct place *place)
{
	struct txn *txn = begin(place);
	struct why why = {0};

	if (indexes_write(txn, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	commit(txn);
}

/* ---- what is missing ------------------------------------------------------------------------ */

/* Kept back, or of somebody who is gone: no record knows of it. */
static bool
is_nobodys(struct place *place, enum table_number table, const struct pair *pair)
{
	struct user user = {0};
	struct txn *txn;
	bool is;

	if (table == T_NAMES || table == T_EMAILS || table == T_PHONES)
		return pair->value[0] == HOLDER_GONE;
	if (table != T_IDS || pair->value[0] != HOLDER_USER)
		return false;
	txn = look(place);
	is = user_get(txn, key_get_u32(pair->key), &user, NULL) != FAULT_NONE;
	store_end(txn);
	user_clear(&user);
	return is;
}

static void
each_entry_that_is_gone_is_told_and_comes_back(void **state)
{
	struct place *place = *state;
	static struct dump dump;

	fill(place);
	assert_wrong(place, TABLE_COUNT, NULL);
	for (size_t i = 0; i < INDEXES; i++) {
		size_t told = 0;

		dump_table(place, indexes[i], &dump);
		for (size_t j = 0; j < dump.count; j++) {
			const struct pair *pair = &dump.pair[j];
			struct index_state is;

			if (is_nobodys(place, indexes[i], pair))
				continue;
			uproot(place, indexes[i], (struct span){pair->key, pair->key_size});
			assert_wrong(place, indexes[i], &is);
			assert_true(is.missing + is.miscounted >= 1 && is.missing <= 1);
			assert_int_equal(is.astray, 0);
			assert_int_equal(is.unread.fault, FAULT_NONE);
			assert_string_not_equal(is.first, "");
			write_anew(place);
			assert_wrong(place, TABLE_COUNT, NULL);
			assert_same(place, indexes[i], &dump);
			told++;
		}
		assert_true(told > 0);
	}
	assert_true(journal_says(place, "database", "indexes", "written", "", "anew"));
}

static void
the_first_is_named(void **state)
{
	struct place *place = *state;
	unsigned char key[64] = "technician";
	struct index_state is;
	uint32_t anna = fill(place);

	key_put_u32(key + 11, anna + 1);
	uproot(place, T_MEMBERS, (struct span){key, 15});
	assert_wrong(place, T_MEMBERS, &is);
	assert_non_null(strstr(is.first, "bemd"));
	assert_non_null(strstr(is.first, "technician"));
	assert_int_equal(is.missing, 1);
	assert_int_equal(is.miscounted, 1);
}

/* ---- what is too much ----------------------------------------------------------------------- */

static void
each_entry_that_leads_astray_is_told_and_goes(void **state)
{
	static const struct {
		enum table_number table;
		const char *word;
	} rows[] = {{T_MEMBERS, "technician"}, {T_CLIENT_USERS, "acme"}, {T_SITE_USERS, "depot"},
	    {T_FIELDS, "12=suspended"}, {T_FIELDS, "seat=acme"}, {T_ATTACHMENT_FIELDS, "4=1"},
	    {T_MEMBERS, "zzz"}};
	struct place *place = *state;
	uint32_t anna = fill(place);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const size_t size = strlen(rows[i].word) + 1;
		static struct dump dump;
		struct index_state is;

		/* anna does not have it; who is gone does not either. */
		for (uint32_t uid = anna; uid <= anna + 1000; uid += 1000) {
			unsigned char key[64];

			dump_table(place, rows[i].table, &dump);
			memcpy(key, rows[i].word, size);
			key_put_u32(key + size, uid);
			plant(place, rows[i].table, (struct span){key, size + 4}, "", 0);
			assert_wrong(place, rows[i].table, &is);
			assert_int_equal(is.missing, 0);
			assert_int_equal(is.astray, 1);
			assert_int_equal(is.miscounted, 1);
			assert_non_null(strstr(is.first, "does not have it"));
			write_anew(place);
			assert_same(place, rows[i].table, &dump);
		}
	}
}

/* A name's value: who holds it, the id, until when. */
static void
plant_name(struct place *place, enum table_number table, const char *name, uint32_t id)
{
	struct bytes value = {0};

	bytes_put_u8(&value, HOLDER_USER);
	bytes_put_u32(&value, id);
	bytes_put_u64(&value, 0);
	plant(place, table, key_text(name), value.data, value.size);
	bytes_clear(&value);
}

static void
a_name_too_many_is_told_and_goes(void **state)
{
	static const enum table_number tables[] = {T_NAMES, T_EMAILS, T_PHONES};
	struct place *place = *state;
	uint32_t anna = fill(place);

	for (size_t i = 0; i < 3; i++) {
		static struct dump dump;
		struct index_state is;

		dump_table(place, tables[i], &dump);
		plant_name(place, tables[i], "zed", anna);
		assert_wrong(place, tables[i], &is);
		assert_int_equal(is.astray, 1);
		assert_int_equal(is.missing, 0);
		assert_non_null(strstr(is.first, "zed"));
		write_anew(place);
		assert_same(place, tables[i], &dump);
	}
}

static void
a_count_that_is_wrong_is_told(void **state)
{
	struct place *place = *state;
	struct index_state is;

	fill(place);
	plant(place, T_MEMBERS, (struct span){"technician\0", 11}, "\x09\0\0\0\0\0\0\0", 8);
	assert_wrong(place, T_MEMBERS, &is);
	assert_int_equal(is.miscounted, 1);
	assert_int_equal(is.missing + is.astray, 0);
	write_anew(place);
	assert_wrong(place, TABLE_COUNT, NULL);
}

/* ---- no wrong yes --------------------------------------------------------------------------- */

static void
a_name_that_leads_to_another_finds_nobody(void **state)
{
	static const struct {
		enum table_number table;
		const char *key, *who;
	} rows[] = {{T_NAMES, "zed", "zed"}, {T_EMAILS, "z@example.org", "Z@example.org"},
	    {T_PHONES, "+49999", "+49999"}};
	struct place *place = *state;
	struct user user = {0};
	uint32_t anna = fill(place);
	struct txn *txn;

	for (size_t i = 0; i < 3; i++) {
		plant_name(place, rows[i].table, rows[i].key, anna);
		txn = look(place);
		assert_int_equal(user_find(txn, rows[i].who, &user, NULL), FAULT_UNAVAILABLE);
		assert_int_equal(user.uid, 0);
		store_end(txn);
	}
	txn = look(place);
	assert_int_equal(user_find(txn, "anna", &user, NULL), FAULT_NONE);
	assert_int_equal(user_find(txn, "ANNA@example.org", &user, NULL), FAULT_NONE);
	assert_int_equal(user_find(txn, "+4912345678", &user, NULL), FAULT_NONE);
	store_end(txn);
	user_clear(&user);
}

/* A write does not mend what it meets: it is refused, and says who knows more. */
static void
who_is_missing_is_not_changed_until_it_is_mended(void **state)
{
	struct place *place = *state;
	unsigned char key[64] = "technician";
	struct user bemd = {0};
	struct why why = {0};
	struct txn *txn;

	key_put_u32(key + 11, fill(place) + 1);
	uproot(place, T_MEMBERS, (struct span){key, 15});
	txn = begin(place);
	assert_int_equal(user_find(txn, "bemd", &bemd, NULL), FAULT_NONE);
	assert_int_equal(user_delete(txn, &bemd, &why), FAULT_UNAVAILABLE);
	assert_string_equal(why.mend, "hexa-admin doctor");
	store_end(txn);
	write_anew(place);
	txn = begin(place);
	assert_int_equal(user_delete(txn, &bemd, &why), FAULT_NONE);
	commit(txn);
	user_clear(&bemd);
}

/* Nobody is given away: two people with one name are for a person to tell apart. */
static void
two_of_one_name_are_refused(void **state)
{
	struct place *place = *state;
	struct user second = person("anna");
	struct index_state is;
	struct why why = {0};
	struct txn *txn;

	fill(place);
	uproot(place, T_NAMES, key_text("anna"));
	add(place, &second);
	assert_wrong(place, T_NAMES, &is);
	assert_int_equal(is.missing, 1);
	txn = begin(place);
	assert_int_equal(indexes_write(txn, &why), FAULT_CONFLICT);
	assert_non_null(strstr(why.text, "anna"));
	assert_non_null(strstr(why.mend, "--name"));
	store_end(txn);
	/* The mend that it names. */
	set(&second, "name", "anne");
	txn = begin(place);
	assert_int_equal(user_put(txn, &second, &why), FAULT_NONE);
	commit(txn);
	write_anew(place);
	assert_wrong(place, TABLE_COUNT, NULL);
	txn = look(place);
	assert_int_equal(user_find_name(txn, "anna", &second, NULL), FAULT_NONE);
	store_end(txn);
	user_clear(&second);
}

static void
what_was_given_up_stays_kept_back(void **state)
{
	struct place *place = *state;
	struct txn *txn;

	fill(place);
	write_anew(place);
	txn = look(place);
	assert_int_equal(name_is_free(txn, "cleo", NULL), FAULT_CONFLICT);
	assert_int_equal(name_is_free(txn, "dora", NULL), FAULT_NONE);
	store_end(txn);
}

/* ---- damage --------------------------------------------------------------------------------- */

static void
an_index_that_cannot_be_read_is_told_and_written_anew(void **state)
{
	struct place *place = *state;
	static struct dump dump;
	struct index_state is;
	struct txn *txn;

	fill(place);
	dump_table(place, T_FIELDS, &dump);
	txn = begin(place);
	assert_int_equal(db_put(txn->db, T_FIELDS,
	    (struct span){dump.pair[0].key, dump.pair[0].key_size}, (struct span){"unsealed", 8},
	    NULL), FAULT_NONE);
	assert_int_equal(db_commit(txn->db, NULL), FAULT_NONE);
	txn->db = NULL;
	store_end(txn);
	assert_wrong(place, T_FIELDS, &is);
	assert_int_equal(is.unread.fault, FAULT_UNAVAILABLE);
	assert_true(is.from_records);
	write_anew(place);
	assert_same(place, T_FIELDS, &dump);
}

/* ---- as the doctor says it ------------------------------------------------------------------ */

struct heard {
	struct finding finding[INDEXES];
	size_t count;
};

static void
hear(void *context, const struct finding *finding)
{
	struct heard *heard = context;

	if (strcmp(finding->check, "indexes") == 0)
		heard->finding[heard->count++] = *finding;
}

static void
the_doctor_says_it_and_mends_it(void **state)
{
	struct place *place = *state;
	struct heard heard = {0};
	struct user anna = {0};
	struct why why = {0};
	struct txn *txn;
	unsigned char key[8];
	uint32_t uid;

	if (geteuid() != 0)
		skip();
	uid = fill(place);
	assert_int_equal(doctor_run(place->root, hear, &heard, NULL), FAULT_NONE);
	assert_int_equal(heard.count, 1);
	assert_int_equal(heard.finding[0].severity, FINDING_GOOD);
	uproot(place, T_EMAILS, key_text("anna@example.org"));
	uproot(place, T_IDS, key_u32(key, uid));
	heard.count = 0;
	assert_int_equal(doctor_run(place->root, hear, &heard, NULL), FAULT_NONE);
	assert_int_equal(heard.count, 2);
	assert_int_equal(heard.finding[0].severity, FINDING_ERROR);
	assert_non_null(strstr(heard.finding[0].text, "table emails"));
	assert_non_null(strstr(heard.finding[0].text, "anna@example.org"));
	assert_string_equal(heard.finding[0].mend, "hexa-admin doctor --mend");
	assert_non_null(strstr(heard.finding[1].text, "table ids"));
	if (doctor_mend(place->root, &root_actor, NOW, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	heard.count = 0;
	assert_int_equal(doctor_run(place->root, hear, &heard, NULL), FAULT_NONE);
	assert_int_equal(heard.finding[0].severity, FINDING_GOOD);
	txn = look(place);
	assert_int_equal(user_find(txn, "anna@example.org", &anna, NULL), FAULT_NONE);
	store_end(txn);
	user_clear(&anna);
}

#define WITH_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_PLACE(each_entry_that_is_gone_is_told_and_comes_back),
	    WITH_PLACE(the_first_is_named),
	    WITH_PLACE(each_entry_that_leads_astray_is_told_and_goes),
	    WITH_PLACE(a_name_too_many_is_told_and_goes),
	    WITH_PLACE(a_count_that_is_wrong_is_told),
	    WITH_PLACE(a_name_that_leads_to_another_finds_nobody),
	    WITH_PLACE(who_is_missing_is_not_changed_until_it_is_mended),
	    WITH_PLACE(two_of_one_name_are_refused),
	    WITH_PLACE(what_was_given_up_stays_kept_back),
	    WITH_PLACE(an_index_that_cannot_be_read_is_told_and_written_anew),
	    WITH_PLACE(the_doctor_says_it_and_mends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
