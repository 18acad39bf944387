/*
 * match_test.c - which users a question is about, and in what order they stand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "policy/match.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Somebody with a value in every field that is asked for below. */
static void
describe(struct listed_user *listed)
{
	static const struct {
		const char *field, *value;
	} values[] = {
		{"name", "aoberg"},
		{"uid", "65540"},
		{"first-name", "Åsa"},
		{"last-name", "Öberg Smith"},
		{"email", "Asa.Oberg@Example.org"},
		{"phone", "+31612345678"},
		{"type", "client"},
		{"status", "active"},
		{"roles", "guest administrator@/sales technician@client:acme"},
		{"grants", "logs.read@2026-12-31 calendar.edit"},
		{"clients", "acme bell"},
		{"unit", "/sales/north"},
		{"report-to", "bob"},
		{"valid-from", "2026-11-21T09:30:00Z"},
		{"valid-until", "2026-12-31"},
		{"access-back", "30"},
		{"note", "50% of [a-z]* = \\d+ | ?"},
		{"origin", "local"},
	};

	for (size_t i = 0; i < COUNT(values); i++) {
		struct why why;
		const struct field *field = field_find(&user_table, values[i].field);

		if (field_parse(field, listed, values[i].value, &why) != FAULT_NONE)
			fail_msg("%s", why.text);
	}
	listed->display = listed_display(&listed->user);
	assert_non_null(listed->display);
	listed->last_login = 1795253400; /* 2026-11-21T09:30:00Z */
}

static bool
answer(const struct listed_user *listed, const struct question *question)
{
	struct match *match = NULL;
	struct why why;
	bool has = false;

	if (match_make(question, &match, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	assert_int_equal(match_has(match, listed, &has, &why), FAULT_NONE);
	match_free(match);
	return has;
}

static bool
found(const struct listed_user *listed, const char *search)
{
	return answer(listed, &(struct question){.search = search});
}

/* `text` is FIELD=VALUE. */
static struct filter
filter_of(const char *text)
{
	char name[32];
	struct filter filter;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(text, "="), text);
	filter = (struct filter){listed_field(name), strchr(text, '=') + 1};
	assert_non_null(filter.field);
	return filter;
}

static bool
passes(const struct listed_user *listed, const char *text)
{
	const struct filter filter = filter_of(text);

	return answer(listed, &(struct question){.filter = &filter, .filters = 1});
}

/* ---- searching ----------------------------------------------------------------------------- */

static void
a_search_looks_into_names_and_addresses(void **state)
{
	static const char *const there[] = {"", "aob", "oberg", "AOBERG", "Åsa", "åSA", "öberg smith",
	    "åsa öberg", "ÅSA ÖBERG SMITH", "a ö", "asa.oberg@", "@EXAMPLE.ORG", "+3161234", "5678",
	    "SMITH"};
	static const char *const absent[] = {"asa öberg", "ångström", "öberg  smith", "oberg smith",
	    "guest", "/sales", "bob", "50%", ".*", "a*", "%", "_", "[a-z]", "aoberg\\", "^aoberg",
	    "aoberg$", "65540", "smithasa"};
	struct listed_user listed = {0};

	(void)state;
	describe(&listed);
	for (size_t i = 0; i < COUNT(there); i++)
		if (!found(&listed, there[i]))
			fail_msg("%s is not found", there[i]);
	for (size_t i = 0; i < COUNT(absent); i++)
		if (found(&listed, absent[i]))
			fail_msg("%s is found", absent[i]);
	listed_clear(&listed);
	assert_true(found(&listed, ""));
	assert_false(found(&listed, "a"));
}

/* What ends one of them and begins the next is found in no user. */
static void
a_search_is_plain_text(void **state)
{
	static const char *const bad[] = {"aoberg\n", "\x1b[31m", "a\xc3", "\xe2\x80\xae", "\x7f"};
	struct match *match = NULL;
	struct why why;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		const struct question question = {.search = bad[i]};

		assert_int_equal(match_make(&question, &match, &why), FAULT_INVALID);
		assert_null(match);
	}
}

/* ---- filters ------------------------------------------------------------------------------- */

static void
a_filter_takes_its_value_as_it_stands(void **state)
{
	static const char *const pass[] = {"name=aoberg", "uid=65540", "first-name=Åsa",
	    "email=asa.oberg@EXAMPLE.org", "phone=+31612345678", "type=client", "status=active",
	    "report-to=bob", "access-back=30", "note=50% of [a-z]* = \\d+ | ?",
	    "display=Åsa Öberg Smith <aoberg> [client:local]", "shell=", "license=", "sites="};
	static const char *const fail[] = {"name=aober", "name=AOBERG", "name=*", "name=a?berg",
	    "name=.*", "name=%", "name=aoberg,bob", "name=", "uid=65541", "first-name=Asa",
	    "email=oberg@example.org", "email=*@example.org", "email=", "phone=+3161234567",
	    "type=employee", "status=suspended", "report-to=b*", "access-back=3", "note=50%*",
	    "display=", "roles=", "clients=", "unit=", "valid-from=", "last-login=", "shell=*"};
	struct listed_user listed = {0};

	(void)state;
	describe(&listed);
	for (size_t i = 0; i < COUNT(pass); i++)
		if (!passes(&listed, pass[i]))
			fail_msg("%s does not pass", pass[i]);
	for (size_t i = 0; i < COUNT(fail); i++)
		if (passes(&listed, fail[i]))
			fail_msg("%s passes", fail[i]);
	listed_clear(&listed);
}

static void
a_filter_of_a_list_is_for_one_of_its_values(void **state)
{
	static const char *const pass[] = {"roles=guest", "roles=administrator", "roles=technician",
	    "roles=administrator@/sales", "roles=technician@client:acme", "clients=acme",
	    "clients=bell", "grants=logs.read", "grants=logs.read@2026-12-31",
	    "grants=logs.read@2026-12-31T23:59:59Z", "grants=calendar.edit"};
	static const char *const fail[] = {"roles=gues", "roles=guest administrator@/sales",
	    "roles=guest,technician", "roles=guest@/sales", "roles=administrator@/",
	    "roles=technician@client:bell", "roles=*", "roles=@", "clients=acme bell", "clients=*",
	    "grants=logs.read@2026-12-30", "grants=logs.*", "grants=logs", "grants=@"};
	struct listed_user listed = {0};

	(void)state;
	describe(&listed);
	for (size_t i = 0; i < COUNT(pass); i++)
		if (!passes(&listed, pass[i]))
			fail_msg("%s does not pass", pass[i]);
	for (size_t i = 0; i < COUNT(fail); i++)
		if (passes(&listed, fail[i]))
			fail_msg("%s passes", fail[i]);
	listed_clear(&listed);
	assert_true(passes(&listed, "roles="));
	assert_true(passes(&listed, "clients="));
}

static void
a_unit_has_those_below_it(void **state)
{
	struct listed_user listed = {0};

	(void)state;
	describe(&listed);
	assert_true(passes(&listed, "unit=/"));
	assert_true(passes(&listed, "unit=/sales"));
	assert_true(passes(&listed, "unit=/sales/north"));
	assert_false(passes(&listed, "unit=/sales/north/oslo"));
	assert_false(passes(&listed, "unit=/sale"));
	assert_false(passes(&listed, "unit=/sales/nort"));
	listed_clear(&listed);
	assert_false(passes(&listed, "unit=/"));
	assert_true(passes(&listed, "unit="));
}

static void
a_bare_date_is_its_day(void **state)
{
	static const char *const pass[] = {"valid-from=2026-11-21", "last-login=2026-11-21",
	    "valid-from=2026-11-21T09:30:00Z", "valid-from=2026-11-21T10:30:00+01:00",
	    "valid-until=2026-12-31", "valid-until=2026-12-31T23:59:59Z"};
	static const char *const fail[] = {"valid-from=2026-11-20", "valid-from=2026-11-22",
	    "valid-from=2026-11-21T09:30:01Z", "last-login=2026-11-22",
	    "valid-until=2026-12-31T00:00:00Z", "valid-until=2027-01-01", "created=2026-11-21"};
	struct listed_user listed = {0};

	(void)state;
	describe(&listed);
	for (size_t i = 0; i < COUNT(pass); i++)
		if (!passes(&listed, pass[i]))
			fail_msg("%s does not pass", pass[i]);
	for (size_t i = 0; i < COUNT(fail); i++)
		if (passes(&listed, fail[i]))
			fail_msg("%s passes", fail[i]);
	listed_clear(&listed);
}

static void
all_filters_must_hold(void **state)
{
	const struct filter good[] = {filter_of("status=active"), filter_of("roles=guest"),
	    filter_of("roles=technician"), filter_of("status=active")};
	const struct filter bad[] = {filter_of("status=active"), filter_of("status=suspended")};
	struct listed_user listed = {0};

	(void)state;
	describe(&listed);
	assert_true(answer(&listed, &(struct question){.filter = good, .filters = COUNT(good)}));
	assert_true(answer(&listed,
	    &(struct question){.search = "smith", .filter = good, .filters = COUNT(good)}));
	assert_false(answer(&listed,
	    &(struct question){.search = "smithy", .filter = good, .filters = COUNT(good)}));
	assert_false(answer(&listed, &(struct question){.filter = bad, .filters = COUNT(bad)}));
	listed_clear(&listed);
}

static void
a_value_that_a_field_never_has_is_refused(void **state)
{
	static const char *const bad[] = {"uid=x", "uid=-1", "uid=*", "uid=99999999999", "status=activ",
	    "status=", "type=*", "valid-from=yesterday", "valid-from=2026-13-01", "unit=sales",
	    "unit=/sales/", "unit=*", "uuid=1", "access-back=1 2", "name=a\nb", "note=\x1b"};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		const struct filter filter = filter_of(bad[i]);
		const struct question question = {.filter = &filter, .filters = 1};
		struct match *match = NULL;
		struct why why = {0};

		if (match_make(&question, &match, &why) != FAULT_INVALID)
			fail_msg("%s is taken", bad[i]);
		assert_null(match);
		assert_string_equal(why.field, filter.field->name);
	}
}

static void
what_is_hidden_is_not_asked_about(void **state)
{
	const struct filter filter = {field_find(&user_table, "password"), "set"};
	const struct question by_filter = {.filter = &filter, .filters = 1};
	const struct question by_sort = {.sort = filter.field};
	struct match *match = NULL;
	struct why why;

	(void)state;
	assert_null(listed_field("password"));
	assert_null(listed_field("must-change"));
	assert_null(listed_field("nothing"));
	assert_non_null(listed_field("email"));
	assert_int_equal(match_make(&by_filter, &match, &why), FAULT_INVALID);
	assert_int_equal(match_make(&by_sort, &match, &why), FAULT_INVALID);
	assert_null(match);
}

/* ---- order --------------------------------------------------------------------------------- */

static void
rank(const char *field, const struct listed_user *listed, struct rank *out, char text[128])
{
	const struct question question = {.sort = field == NULL ? NULL : listed_field(field)};
	struct match *match = NULL;
	struct why why;

	assert_int_equal(match_make(&question, &match, &why), FAULT_NONE);
	assert_int_equal(match_rank(match, listed, out, &why), FAULT_NONE);
	assert_true(match_ranks_by_number(match) == (*out->text == '\0' && out->number != 0));
	snprintf(text, 128, "%s", out->text);
	match_free(match);
}

static void
numbers_and_times_stand_as_such_and_text_in_lower_case(void **state)
{
	static const struct {
		const char *field;
		uint64_t number;
		const char *text;
	} ranks[] = {
		{NULL, 65540, ""},
		{"uid", 65540, ""},
		{"access-back", 30, ""},
		{"valid-from", 1795253400, ""},
		{"last-login", 1795253400, ""},
		{"name", 0, "aoberg"},
		{"last-name", 0, "öberg smith"},
		{"email", 0, "asa.oberg@example.org"},
		{"status", 0, "active"},
		{"roles", 0, "guest administrator@/sales technician@client:acme"},
		{"display", 0, "åsa öberg smith <aoberg> [client:local]"},
	};
	struct listed_user listed = {0};

	(void)state;
	describe(&listed);
	for (size_t i = 0; i < COUNT(ranks); i++) {
		struct rank found = {0};
		char text[128];

		rank(ranks[i].field, &listed, &found, text);
		assert_int_equal(found.number, ranks[i].number);
		assert_string_equal(text, ranks[i].text);
	}
	listed_clear(&listed);
}

/* Every field that is shown can be filtered by what it shows, but for the rest of a list. */
static void
what_is_shown_passes(void **state)
{
	struct listed_user listed = {0};

	(void)state;
	describe(&listed);
	for (size_t i = 0; i < user_table.count; i++) {
		const struct field *field = &user_table.rows[i];
		char *text;
		struct filter filter;

		if ((field->rights & F_HIDDEN) != 0 || field_is_list(field))
			continue;
		text = field_text(field, &listed);
		assert_non_null(text);
		filter = (struct filter){field, text};
		if (!answer(&listed, &(struct question){.filter = &filter, .filters = 1}))
			fail_msg("%s=%s does not pass", field->name, text);
		free(text);
	}
	listed_clear(&listed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_search_looks_into_names_and_addresses),
		cmocka_unit_test(a_search_is_plain_text),
		cmocka_unit_test(a_filter_takes_its_value_as_it_stands),
		cmocka_unit_test(a_filter_of_a_list_is_for_one_of_its_values),
		cmocka_unit_test(a_unit_has_those_below_it),
		cmocka_unit_test(a_bare_date_is_its_day),
		cmocka_unit_test(all_filters_must_hold),
		cmocka_unit_test(a_value_that_a_field_never_has_is_refused),
		cmocka_unit_test(what_is_hidden_is_not_asked_about),
		cmocka_unit_test(numbers_and_times_stand_as_such_and_text_in_lower_case),
		cmocka_unit_test(what_is_shown_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
