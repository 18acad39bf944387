/*
 * round_trip_test.c - any users, written as a file, come back: the same bytes out of another
 * database, and nothing to change in the same one.
 */
#include "tests/unit/accounts_fixture.h"

#include "accounts/clients.h"
#include "accounts/import.h"
#include "accounts/policy.h"
#include "hexa-admin/csv.h"
#include "hexa-admin/sheet.h"

enum { PEOPLE = 60, ROUNDS = 8 };

#define POLICY \
	"hexa-policy: 1\npermissions:\n  shell.login: {services: [sshd]}\n  logs.read: {}\n" \
	"roles:\n  builder: {group: no}\n  other: {group: no, permissions: [shell.login]}\n"

static uint64_t seed;

/* A number below `most`: the same ones in each run. */
static unsigned
below(unsigned most)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(seed >> 33) % most;
}

/* ---- two hosts that are alike -------------------------------------------------------------- */

static struct fixture *
host_open(void)
{
	void *state = NULL;
	struct fixture *fixture;

	assert_int_equal(fixture_setup(&state), 0);
	fixture = state;
	assert_good(fixture, apply(fixture, POLICY));
	assert_good(fixture, client_create(&fixture->admin, "acme", NO_EDITS, &fixture->why));
	return fixture;
}

static void
host_close(struct fixture *fixture)
{
	void *state = fixture;

	fixture_teardown(&state);
}

/* ---- people -------------------------------------------------------------------------------- */

static const char *
any_text(void)
{
	static const char pieces[][8] = {"a", "B", " ", "\"", ",", "'", "\xc3\xa5", "\xe2\x82\xac", ";",
	    "=", "-", "\\", "\"\"", "[", "}"};
	static char text[64];
	unsigned size = below(8);

	*text = '\0';
	for (unsigned i = 0; i < size; i++)
		strcat(text, pieces[below(sizeof(pieces) / sizeof(pieces[0]))]);
	return text;
}

/* A value of the field for person I, "" as often as not where there may be none. */
static const char *
any_value(const struct field *field, unsigned i)
{
	static const char *const roles[] = {"builder", "other", "other builder", "builder@/a",
	    "other@client:acme builder"};
	static const char *const statuses[] = {"active", "suspended", "revoked", "left"};
	static const char *const grants[] = {"logs.read", "logs.read@2027-01-01", "shell.login logs.read"};
	static const char *const units[] = {"/", "/a", "/a/b-c"};
	static const char *const names[] = {"Anna", "\xc3\x85sa", "O'Hara", "de la \"X\"", " Jo "};
	static char text[64];

	if (strcmp(field->name, "name") == 0)
		snprintf(text, sizeof(text), "person%u", i);
	else if (field->kind == K_GECOS)
		return names[below(5)];
	else if (strcmp(field->name, "roles") == 0)
		return roles[below(5)];
	else if (strcmp(field->name, "status") == 0)
		return statuses[below(4)];
	else if (below(2) == 0)
		return "";
	else if (field->kind == K_EMAIL)
		snprintf(text, sizeof(text), "P%u@Example.org", i);
	else if (field->kind == K_PHONE)
		snprintf(text, sizeof(text), "+3161%07u", i);
	else if (strcmp(field->name, "type") == 0)
		return user_types[below(USER_TYPES)];
	else if (field->kind == K_GRANTS)
		return grants[below(3)];
	else if (strcmp(field->name, "clients") == 0)
		return "acme";
	else if (field->kind == K_UNIT)
		return units[below(3)];
	else if (field->kind == K_USER && i + 1 < PEOPLE) /* further down: no circle */
		snprintf(text, sizeof(text), "person%u", i + 1 + below(PEOPLE - i - 1));
	else if (field->kind == K_NUMBER)
		snprintf(text, sizeof(text), "%u", 1 + below(36500));
	else if (field->kind == K_TIME)
		return "2026-11-21T09:30:00Z";
	else if (field->kind == K_END)
		return "2027-01-01";
	else if (field->kind == K_PATH)
		snprintf(text, sizeof(text), "/srv/p %u", i);
	else if (field->kind == K_TEXT)
		return any_text();
	else
		return "";
	return text;
}

/* ---- files --------------------------------------------------------------------------------- */

static enum fault
take_row(void *context, const struct import_row *row, struct why *why)
{
	return import_row(context, row, why);
}

static enum fault
take_wrong(void *context, const struct why *wrong, struct why *why)
{
	return import_wrong(context, wrong, why);
}

struct text {
	char *data;
	size_t size;
};

static struct import_counts
import_text(struct fixture *fixture, const struct text *text, bool update)
{
	struct import_counts counts;
	struct import *import = NULL;
	enum fault fault;

	assert_good(fixture, import_begin(&fixture->admin, update, &import, &fixture->why));
	assert_good(fixture, sheet_read(text->data, text->size,
	    &(struct sheet_sink){import, take_row, take_wrong}, &fixture->why));
	fault = import_settle(import, &fixture->why);
	if (import_faults(import).count > 0)
		fail_msg("%u:%u: %s\n%.*s", import_faults(import).why[0].line,
		    import_faults(import).why[0].column, import_faults(import).why[0].text,
		    (int)text->size, text->data);
	assert_good(fixture, fault);
	assert_good(fixture, import_commit(import, &fixture->why));
	counts = import_counts(import);
	import_end(import);
	return counts;
}

/* A row of every column: of the fields' names (both NULL), of a user, or of person I. */
static void
put_row(FILE *file, const struct user *user, bool is_head, unsigned i)
{
	char *cell[64] = {NULL};
	size_t count = 0;

	for (size_t at = 0; at < user_table.count; at++) {
		const struct field *field = &user_table.rows[at];

		if (!import_has_column(field))
			continue;
		assert_in_range(count, 0, 63);
		cell[count] = is_head ? strdup(field->name)
		    : user != NULL ? field_text(field, user) : strdup(any_value(field, i));
		assert_non_null(cell[count++]);
	}
	assert_true(csv_print(file, (const char *const *)cell, count));
	while (count > 0)
		free(cell[--count]);
}

static struct text
export_text(struct fixture *fixture)
{
	struct text text = {0};
	FILE *file = open_memstream(&text.data, &text.size);
	struct user user = {0};
	struct txn *txn;

	assert_non_null(file);
	assert_good(fixture, store_read_begin(fixture->admin.store, &txn, &fixture->why));
	put_row(file, NULL, true, 0);
	while (user_next(txn, user.uid, &user, &fixture->why) == FAULT_NONE)
		put_row(file, &user, false, 0);
	user_clear(&user);
	store_end(txn);
	assert_int_equal(fclose(file), 0);
	return text;
}

static struct text
any_people(void)
{
	struct text text = {0};
	FILE *file = open_memstream(&text.data, &text.size);

	assert_non_null(file);
	put_row(file, NULL, true, 0);
	for (unsigned i = 0; i < PEOPLE; i++)
		put_row(file, NULL, false, i);
	assert_int_equal(fclose(file), 0);
	return text;
}

static void
whoever_goes_out_comes_in_again(void **state)
{
	(void)state;
	for (seed = 1; seed <= ROUNDS; seed++) {
		uint64_t round = seed, before;
		struct fixture *one = host_open(), *other = host_open();
		struct text people = any_people(), first, second;
		struct import_counts counts = import_text(one, &people, false);

		assert_int_equal(counts.made, PEOPLE);
		first = export_text(one);
		before = journal_at(one);
		counts = import_text(one, &first, true);
		assert_int_equal(counts.same, PEOPLE);
		assert_int_equal(counts.made + counts.changed, 0);
		assert_int_equal(journal_at(one), before);
		counts = import_text(other, &first, false);
		assert_int_equal(counts.made, PEOPLE);
		second = export_text(other);
		assert_string_equal(first.data, second.data);
		free(people.data);
		free(first.data);
		free(second.data);
		host_close(one);
		host_close(other);
		seed = round;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whoever_goes_out_comes_in_again),
	};

	return RUN_AS_ROOT(tests);
}
