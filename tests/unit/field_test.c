/*
 * field_test.c - every row of every record goes round: text → record → bytes → record → text.
 */
#include "tests/unit/policy_fixture.h"
#include "tests/unit/samples.h"

#include "policy/client.h"
#include "policy/settings.h"

static const struct table *const tables[] = {
	&user_table, &role_table, &permission_table, &settings_table, &client_table, &site_table,
};
enum { TABLES = sizeof(tables) / sizeof(tables[0]) };

static void
each_row_goes_round(void **state)
{
	(void)state;
	for (size_t t = 0; t < TABLES; t++) {
		for (size_t i = 0; i < tables[t]->count; i++) {
			const struct field *field = &tables[t]->rows[i];
			void *one = calloc(1, tables[t]->size), *other = calloc(1, tables[t]->size);
			struct bytes bytes = {0};
			struct why why = {0};
			char *text;

			assert_int_equal(field_parse(field, one, sample(field), &why), FAULT_NONE);
			assert_false(field_is_empty(field, one));
			record_encode(tables[t], one, &bytes);
			assert_false(bytes.failed);
			assert_int_equal(record_decode(tables[t], other, bytes.data, bytes.size, &why),
			    FAULT_NONE);
			assert_true(field_same(field, one, other));
			text = field_text(field, other);
			assert_string_equal(text, field->kind == K_SECRET ? "set" : sample(field));
			free(text);
			bytes_clear(&bytes);
			record_clear(tables[t], one);
			record_clear(tables[t], other);
			assert_true(field_is_empty(field, one));
			free(one);
			free(other);
		}
	}
}

static void
each_row_refuses_and_keeps(void **state)
{
	(void)state;
	for (size_t t = 0; t < TABLES; t++) {
		for (size_t i = 0; i < tables[t]->count; i++) {
			const struct field *field = &tables[t]->rows[i];
			void *record = calloc(1, tables[t]->size), *before = calloc(1, tables[t]->size);
			struct why why = {0};

			assert_int_equal(field_parse(field, record, sample(field), &why), FAULT_NONE);
			assert_int_equal(record_copy(tables[t], before, record, &why), FAULT_NONE);
			if (field_parse(field, record, bad_sample(field), &why) != FAULT_INVALID)
				fail_msg("%s took %s", field->name, bad_sample(field));
			assert_string_equal(why.field, field->name);
			assert_true(field_same(field, record, before));
			record_clear(tables[t], record);
			record_clear(tables[t], before);
			free(record);
			free(before);
		}
	}
}

/* A member without a row, or two rows over one member, would not go round: none may exist. */
static void
rows_cover_the_struct(void **state)
{
	(void)state;
	for (size_t t = 0; t < TABLES; t++) {
		unsigned char *covered = calloc(1, tables[t]->size);
		size_t bare = 0;

		for (size_t i = 0; i < tables[t]->count; i++) {
			const struct field *field = &tables[t]->rows[i];

			for (size_t at = 0; at < field_size(field); at++) {
				assert_int_equal(covered[field->offset + at], 0);
				covered[field->offset + at] = 1;
			}
		}
		for (size_t at = 0; at < tables[t]->size; at++)
			bare += !covered[at];
		/* Padding is all that may be left: never as much as a pointer's worth in one place. */
		for (size_t at = 0, run = 0; at < tables[t]->size; at++) {
			run = covered[at] ? 0 : run + 1;
			assert_true(run < sizeof(void *));
		}
		assert_true(bare < tables[t]->size / 4);
		free(covered);
	}
}

static void
ids_and_names_are_unique(void **state)
{
	(void)state;
	for (size_t t = 0; t < TABLES; t++) {
		for (size_t i = 0; i < tables[t]->count; i++) {
			assert_int_not_equal(tables[t]->rows[i].id, 0);
			for (size_t j = 0; j < i; j++) {
				assert_int_not_equal(tables[t]->rows[i].id, tables[t]->rows[j].id);
				assert_string_not_equal(tables[t]->rows[i].name,
				    tables[t]->rows[j].name);
			}
		}
	}
}

/* A whole user, encoded. */
static void
fill(struct user *user, struct bytes *bytes)
{
	for (size_t i = 0; i < user_table.count; i++)
		assert_int_equal(field_parse(&user_table.rows[i], user, sample(&user_table.rows[i]),
		    NULL), FAULT_NONE);
	record_encode(&user_table, user, bytes);
	assert_false(bytes->failed);
}

static void
a_cut_or_longer_record_is_refused(void **state)
{
	struct user user = {0}, read = {0};
	struct bytes bytes = {0};
	struct why why;

	(void)state;
	fill(&user, &bytes);
	for (size_t size = 0; size < bytes.size; size++) {
		unsigned char *cut = malloc(size + 1); /* exact, so that a sanitizer sees one byte over */

		memcpy(cut, bytes.data, size);
		assert_int_equal(record_decode(&user_table, &read, cut, size, &why),
		    FAULT_UNAVAILABLE);
		free(cut);
	}
	assert_int_equal(record_decode(&user_table, &read, bytes.data, bytes.size, &why),
	    FAULT_NONE);
	user_clear(&read);
	bytes_put_u8(&bytes, 0);
	assert_int_equal(record_decode(&user_table, &read, bytes.data, bytes.size, &why),
	    FAULT_UNAVAILABLE);
	assert_null(read.name);
	bytes_clear(&bytes);
	user_clear(&user);
}

/*
 * Whatever a byte becomes: refused, or a record within every limit; never a fault in this
 * process.
 */
static void
each_flipped_byte_is_survived(void **state)
{
	struct user user = {0};
	struct bytes bytes = {0};

	(void)state;
	fill(&user, &bytes);
	for (size_t at = 0; at < bytes.size; at++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			struct user read = {0};

			bytes.data[at] ^= (unsigned char)(1u << bit);
			if (record_decode(&user_table, &read, bytes.data, bytes.size, NULL) ==
			    FAULT_NONE)
				assert_int_equal(record_check(&user_table, &read, true, NULL),
				    FAULT_NONE);
			user_clear(&read);
			bytes.data[at] ^= (unsigned char)(1u << bit);
		}
	}
	bytes_clear(&bytes);
	user_clear(&user);
}

static void
another_schema_is_refused(void **state)
{
	struct user user = {0}, read = {0};
	struct bytes bytes = {0};

	(void)state;
	fill(&user, &bytes);
	bytes.data[0]++;
	assert_int_equal(record_decode(&user_table, &read, bytes.data, bytes.size, NULL),
	    FAULT_UNAVAILABLE);
	bytes_clear(&bytes);
	user_clear(&user);
}

/* ---- records made by hand ----------------------------------------------------------------- */

struct raw {
	uint16_t id;
	const char *value;
	uint32_t size;
};

static void
put_raw(struct bytes *bytes, const struct raw *raw)
{
	if (raw == NULL)
		return;
	bytes_put_u16(bytes, raw->id);
	bytes_put_u32(bytes, raw->size);
	bytes_put(bytes, raw->value, raw->size);
}

/* Decodes a user of up to two fields; `count` is what the record says that there are. */
static enum fault
decode_raw(uint16_t count, const struct raw *one, const struct raw *other)
{
	struct user user = {0};
	struct bytes bytes = {0};
	enum fault fault;

	bytes_put_u16(&bytes, user_table.schema);
	bytes_put_u16(&bytes, count);
	put_raw(&bytes, one);
	put_raw(&bytes, other);
	fault = record_decode(&user_table, &user, bytes.data, bytes.size, NULL);
	bytes_clear(&bytes);
	user_clear(&user);
	return fault;
}

static void
fields_stand_once_and_in_order(void **state)
{
	static const struct raw uid = {4, "\x01\x00\x01\x00", 4}, name = {6, "anna", 4};
	static const struct raw unknown = {999, "x", 1}, none = {0, "x", 1};

	(void)state;
	assert_int_equal(decode_raw(2, &uid, &name), FAULT_NONE);
	assert_int_equal(decode_raw(2, &name, &uid), FAULT_UNAVAILABLE);
	assert_int_equal(decode_raw(2, &uid, &uid), FAULT_UNAVAILABLE);
	assert_int_equal(decode_raw(1, &uid, &name), FAULT_UNAVAILABLE);
	assert_int_equal(decode_raw(3, &uid, &name), FAULT_UNAVAILABLE);
	assert_int_equal(decode_raw(1, &unknown, NULL), FAULT_UNAVAILABLE);
	assert_int_equal(decode_raw(1, &none, NULL), FAULT_UNAVAILABLE);
	assert_int_equal(decode_raw(0, NULL, NULL), FAULT_NONE);
}

static void
values_that_no_one_could_have_set(void **state)
{
	static const struct {
		struct raw good;
		struct raw bad;
	} table[] = {
		{{6, "anna", 4}, {6, "Anna", 4}},
		{{6, "anna", 4}, {6, "an\0a", 4}},
		{{6, "anna", 4}, {6, "", 0}},
		{{7, "Anna", 4}, {7, "A:na", 4}},
		{{7, "Anna", 4}, {7, "A\xc2\x9bn", 4}},
		{{4, "\xff\xff\xff\x7f", 4}, {4, "\xff\xff\xff\xff", 4}},
		{{4, "\x01\x00\x00\x00", 4}, {4, "\x00\x00\x00\x00", 4}},
		{{4, "\x01\x00\x00\x00", 4}, {4, "\x01\x00\x00\x00\x00", 5}},
		{{11, "\x03\x00\x00\x00", 4}, {11, "\x04\x00\x00\x00", 4}},
		{{11, "\x01\x00\x00\x00", 4}, {11, "\xff\xff\xff\xff", 4}},
		/* times: before 1970, and after the year 9999 */
		{{19, "\x01\0\0\0\0\0\0\0", 8}, {19, "\xff\xff\xff\xff\xff\xff\xff\xff", 8}},
		{{19, "\x7f\x41\xf4\xff\x3a\0\0\0", 8}, {19, "\x80\x41\xf4\xff\x3a\0\0\0", 8}},
		{{26, "\x01", 1}, {26, "\x02", 1}},
		{{26, "\x01", 1}, {26, "\x00", 1}},
		{{13, "\x01\0\0\0a\x01\0\0\0b", 10}, {13, "\x01\0\0\0a\x02\0\0\0b", 10}},
		{{13, "\x01\0\0\0a\x01\0\0\0b", 10}, {13, "\x01\0\0\0a\x01\0\0\0/", 10}},
		{{13, "\x01\0\0\0a", 5}, {13, "\x01\0\0\0a\0\0\0\0", 9}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_int_equal(decode_raw(1, &table[i].good, NULL), FAULT_NONE);
		assert_int_equal(decode_raw(1, &table[i].bad, NULL), FAULT_UNAVAILABLE);
	}
}

static void
a_zero_record_is_nobody(void **state)
{
	static const struct user nobody;
	struct user user = {0};
	struct bytes bytes = {0};
	struct why why;

	(void)state;
	record_encode(&user_table, &nobody, &bytes);
	assert_int_equal(record_decode(&user_table, &user, bytes.data, bytes.size, &why), FAULT_NONE);
	assert_int_equal(user.status, STATUS_INVITED); /* not active */
	assert_int_equal(record_check(&user_table, &user, false, &why), FAULT_INVALID);
	bytes_clear(&bytes);
}

static void
lists_add_and_remove(void **state)
{
	const struct field *roles = field_find(&user_table, "roles");
	const struct field *email = field_find(&user_table, "email");
	struct user user = {0};
	struct why why;
	char *text;

	(void)state;
	assert_int_equal(field_add(roles, &user, "technician", &why), FAULT_NONE);
	assert_int_equal(field_add(roles, &user, "technician", &why), FAULT_CONFLICT);
	assert_int_equal(field_add(roles, &user, "Manager", &why), FAULT_INVALID);
	assert_int_equal(field_add(roles, &user, "manager", &why), FAULT_NONE);
	text = field_text(roles, &user);
	assert_string_equal(text, "technician manager");
	free(text);
	assert_int_equal(field_remove(roles, &user, "clerk", &why), FAULT_UNKNOWN);
	assert_int_equal(field_remove(roles, &user, "technician", &why), FAULT_NONE);
	assert_int_equal(user.roles.count, 1);
	assert_int_equal(field_add(email, &user, "a@example.org", &why), FAULT_INVALID);
	user_clear(&user);
}

static void
required_fields_are_asked_for(void **state)
{
	struct user user = {0};
	struct bytes bytes = {0};
	struct why why;

	(void)state;
	fill(&user, &bytes);
	bytes_clear(&bytes);
	assert_int_equal(record_check(&user_table, &user, true, &why), FAULT_NONE);
	names_clear(&user.roles);
	assert_int_equal(record_check(&user_table, &user, false, &why), FAULT_NONE);
	assert_int_equal(record_check(&user_table, &user, true, &why), FAULT_INVALID);
	assert_string_equal(why.field, "roles");
	assert_int_equal(field_parse(field_find(&user_table, "last-name"), &user, "", NULL), FAULT_NONE);
	assert_int_equal(record_check(&user_table, &user, false, &why), FAULT_INVALID);
	assert_string_equal(why.field, "last-name");
	user_clear(&user);
}

/* What is refused, and what of the limits the words say. */
static void
numbers_have_limits(void **state)
{
	static const struct {
		const char *name;
		const char *bad;
		const char *words;
		const char *good;
		const char *printed;
	} rows[] = {
		{"password.min-length", "7", "a whole number from 8 up to 128", "8", "8"},
		{"password.min-length", "129", "from 8 up to 128", "128", "128"},
		{"password.min-length", "012", "from 8 up to 128", "12", "12"},
		{"password.history", "101", "a whole number up to 100", "0", "0"},
		{"password.max-age", "23h", "from 1d up to 36500d", "24h", "1d"},
		{"password.max-age", "36501d", "from 1d up to 36500d", "36500d", "36500d"},
		{"password.max-age", "0d", "from 1d up to 36500d", "90000s", "25h"},
		{"tokens.invite", "59s", "from 1m up to 365d", "60s", "1m"},
		{"tokens.invite", "366d", "from 1m up to 365d", "90061s", "90061s"},
		{"tokens.invite", "99999999999999999999h", "from 1m", "1h", "1h"},
		{"lockout.within", "0s", "from 1s up to 365d", "1s", "1s"},
		{"password.argon2.memory", "8191KiB", "from 8MiB up to 1GiB", "8192KiB", "8MiB"},
		{"password.argon2.memory", "2GiB", "from 8MiB up to 1GiB", "1048575KiB",
		    "1048575KiB"},
		{"password.argon2.memory", "67108864", "a size as 512KiB, 64MiB or 1GiB", "1GiB",
		    "1GiB"},
		{"lockout.failures", "1001", "up to 1000", "0", "0"},
		{"directory.group-members", "-1", "up to 1000000", "0", "0"},
		{"limits.users", "2147483648", "up to 2147483647", "0", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct field *field = field_find(&settings_table, rows[i].name);
		struct settings settings = {0}, before = {0};
		struct why why = {0};
		char *text;

		assert_int_equal(settings_default(&settings, NULL), FAULT_NONE);
		assert_int_equal(settings_default(&before, NULL), FAULT_NONE);
		assert_int_equal(field_parse(field, &settings, rows[i].bad, &why), FAULT_INVALID);
		assert_string_equal(why.field, rows[i].name);
		if (strstr(why.text, rows[i].words) == NULL)
			fail_msg("%s", why.text);
		assert_true(field_same(field, &settings, &before));
		assert_int_equal(field_parse(field, &settings, rows[i].good, &why), FAULT_NONE);
		text = field_text(field, &settings);
		assert_string_equal(text, rows[i].printed);
		/* What is printed is taken back for the same. */
		assert_int_equal(field_parse(field, &before, text, &why), FAULT_NONE);
		assert_true(field_same(field, &settings, &before));
		free(text);
		settings_clear(&settings);
		settings_clear(&before);
	}
}

/* A record says of a number outside its limits what the field does. */
static void
records_keep_to_the_limits(void **state)
{
	struct role role = {0};
	struct bytes bytes = {0};
	struct why why = {0};

	(void)state;
	set(&role_table, &role, "name", "r");
	role.level = 1000;
	record_encode(&role_table, &role, &bytes);
	assert_int_equal(record_decode(&role_table, &role, bytes.data, bytes.size, &why),
	    FAULT_NONE);
	role.level = 1001;
	bytes_clear(&bytes);
	record_encode(&role_table, &role, &bytes);
	assert_int_equal(record_decode(&role_table, &role, bytes.data, bytes.size, &why),
	    FAULT_UNAVAILABLE);
	set(&role_table, &role, "origin", "local");
	role.uuid.byte[0] = 1;
	role.version = 1;
	assert_int_equal(record_check(&role_table, &role, true, &why), FAULT_INVALID);
	assert_string_equal(why.field, "level");
	assert_non_null(strstr(why.text, "from 1 up to 1000"));
	role.level = 1;
	assert_int_equal(record_check(&role_table, &role, true, &why), FAULT_NONE);
	bytes_clear(&bytes);
	role_clear(&role);
}

static const char *
grants_text(const struct user *user, char *text, size_t size)
{
	return joined(&user->grants, text, size);
}

/* A permission is granted once: again, it is granted anew, in its place. */
static void
a_grant_has_one_end(void **state)
{
	const struct field *grants = field_find(&user_table, "grants");
	struct user user = {0};
	struct why why = {0};
	char text[256], many[16];

	(void)state;
	set(&user_table, &user, "grants", "a.b@2026-12-31, c  a.b");
	assert_string_equal(grants_text(&user, text, sizeof(text)), "a.b c");
	assert_int_equal(field_add(grants, &user, "a.b@2026-12-31", &why), FAULT_NONE);
	assert_int_equal(field_add(grants, &user, "c@2027-01-01T01:00:00+01:00", &why), FAULT_NONE);
	assert_int_equal(field_add(grants, &user, "a.*@2026-12-31", &why), FAULT_NONE);
	assert_string_equal(grants_text(&user, text, sizeof(text)),
	    "a.b@2026-12-31T23:59:59Z c@2027-01-01T00:00:00Z a.*@2026-12-31T23:59:59Z");
	assert_int_equal(field_remove(grants, &user, "a", &why), FAULT_UNKNOWN);
	assert_int_equal(field_remove(grants, &user, "a.", &why), FAULT_UNKNOWN);
	assert_int_equal(field_remove(grants, &user, "a.b", &why), FAULT_NONE);
	assert_int_equal(field_remove(grants, &user, "c@2030-01-01", &why), FAULT_NONE);
	assert_int_equal(field_remove(grants, &user, "c", &why), FAULT_UNKNOWN);
	assert_string_equal(grants_text(&user, text, sizeof(text)), "a.*@2026-12-31T23:59:59Z");
	assert_int_equal(field_add(grants, &user, "A", &why), FAULT_INVALID);
	assert_int_equal(field_add(grants, &user, "a.b@", &why), FAULT_INVALID);
	assert_int_equal(field_add(grants, &user, "@2026-12-31", &why), FAULT_INVALID);
	for (unsigned i = 1; i < grants->max_count; i++) {
		snprintf(many, sizeof(many), "p%u", i);
		assert_int_equal(field_add(grants, &user, many, &why), FAULT_NONE);
	}
	assert_int_equal(field_add(grants, &user, "one-more", &why), FAULT_INVALID);
	assert_non_null(strstr(why.text, "more than 256 values"));
	assert_int_equal(field_add(grants, &user, "p7@2026-12-31", &why), FAULT_NONE);
	assert_int_equal(user.grants.count, grants->max_count);
	user_clear(&user);
}

/* The same role stands in as many scopes as one likes, once in each. */
static void
a_role_stands_once_in_each_scope(void **state)
{
	const struct field *roles = field_find(&user_table, "roles");
	struct user user = {0};
	struct why why = {0};

	(void)state;
	assert_int_equal(field_add(roles, &user, "a", &why), FAULT_NONE);
	assert_int_equal(field_add(roles, &user, "a@/sales", &why), FAULT_NONE);
	assert_int_equal(field_add(roles, &user, "a@client:acme", &why), FAULT_NONE);
	assert_int_equal(field_add(roles, &user, "a@/sales", &why), FAULT_CONFLICT);
	assert_int_equal(field_add(roles, &user, "a@/sales/", &why), FAULT_INVALID);
	assert_non_null(strstr(why.text, "administrator@/sales"));
	assert_int_equal(field_remove(roles, &user, "a@/north", &why), FAULT_UNKNOWN);
	assert_int_equal(field_remove(roles, &user, "a", &why), FAULT_NONE);
	assert_int_equal(user.roles.count, 2);
	user_clear(&user);
}

/* What is typed is kept as it is; only a login name stands in a record. */
static void
a_user_is_typed_in_many_ways(void **state)
{
	static const char *const typed[] = {"uid:65536", "anna@example.org", "+31612345678"};
	const struct field *row = field_find(&user_table, "report-to");
	struct user user = {0}, read = {0};
	struct bytes bytes = {0};
	struct why why = {0};

	(void)state;
	fill(&user, &bytes);
	assert_int_equal(record_check(&user_table, &user, true, &why), FAULT_NONE);
	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
		assert_int_equal(field_parse(row, &user, typed[i], &why), FAULT_NONE);
		assert_string_equal(field_string(row, &user), typed[i]);
		assert_int_equal(record_check(&user_table, &user, true, &why), FAULT_INVALID);
		assert_string_equal(why.field, "report-to");
		bytes_clear(&bytes);
		record_encode(&user_table, &user, &bytes);
		assert_int_equal(record_decode(&user_table, &read, bytes.data, bytes.size, &why),
		    FAULT_UNAVAILABLE);
	}
	assert_int_equal(field_parse(row, &user, "bob", &why), FAULT_NONE);
	assert_int_equal(record_check(&user_table, &user, true, &why), FAULT_NONE);
	/* Of what is no text, secret or empty there is no string. */
	assert_null(field_string(field_find(&user_table, "uid"), &user));
	assert_null(field_string(field_find(&user_table, "roles"), &user));
	assert_null(field_string(field_find(&user_table, "password"), &user));
	field_clear(row, &user);
	assert_null(field_string(row, &user));
	bytes_clear(&bytes);
	user_clear(&user);
}

static void
a_capital_is_mended(void **state)
{
	static const struct {
		const struct table *table;
		const char *field, *typed, *says;
	} rows[] = {
	    {&user_table, "name", "Anna", "did you mean anna?"},
	    {&user_table, "report-to", "ANNA", "did you mean anna?"},
	    {&role_table, "group", "Writers", "did you mean writers?"},
	    {&user_table, "name", "Anna Berg", NULL},
	    {&user_table, "unit", "/Sales", NULL},
	    {&role_table, "group", "No Group", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct field *field = field_find(rows[i].table, rows[i].field);
		void *record = calloc(1, rows[i].table->size);
		struct why why = {0};

		assert_int_equal(field_parse(field, record, rows[i].typed, &why), FAULT_INVALID);
		assert_true(field_is_empty(field, record));
		if (rows[i].says == NULL)
			assert_null(strstr(why.text, "did you mean"));
		else if (strstr(why.text, rows[i].says) == NULL)
			fail_msg("%s", why.text);
		free(record);
	}
}

static void
choices_are_named_where_one_is_wrong(void **state)
{
	const struct field *types = field_find(&permission_table, "types");
	const struct field *type = field_find(&user_table, "type");
	struct permission permission = {0};
	struct user user = {0};
	struct why why = {0};

	(void)state;
	assert_int_equal(field_parse(types, &permission, "clients", &why), FAULT_INVALID);
	assert_string_equal(why.text,
	    "types: expected some of employee client system integration");
	assert_int_equal(field_parse(types, &permission, "client", &why), FAULT_NONE);
	assert_int_equal(field_parse(type, &user, "clients", &why), FAULT_INVALID);
	assert_string_equal(why.text, "type: expected one of employee client system integration");
	permission_clear(&permission);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_row_goes_round),
	    cmocka_unit_test(each_row_refuses_and_keeps),
	    cmocka_unit_test(rows_cover_the_struct),
	    cmocka_unit_test(ids_and_names_are_unique),
	    cmocka_unit_test(a_cut_or_longer_record_is_refused),
	    cmocka_unit_test(each_flipped_byte_is_survived),
	    cmocka_unit_test(another_schema_is_refused),
	    cmocka_unit_test(fields_stand_once_and_in_order),
	    cmocka_unit_test(values_that_no_one_could_have_set),
	    cmocka_unit_test(a_zero_record_is_nobody),
	    cmocka_unit_test(lists_add_and_remove),
	    cmocka_unit_test(required_fields_are_asked_for),
	    cmocka_unit_test(numbers_have_limits),
	    cmocka_unit_test(records_keep_to_the_limits),
	    cmocka_unit_test(a_grant_has_one_end),
	    cmocka_unit_test(a_role_stands_once_in_each_scope),
	    cmocka_unit_test(a_user_is_typed_in_many_ways),
	    cmocka_unit_test(a_capital_is_mended),
	    cmocka_unit_test(choices_are_named_where_one_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
