/*
 * self_door_test.c - hexa-admin for an ordinary user: what is asked of the helper, and that of what
 * comes back only what is whole and meant is believed.  The helper is a function here, and so are
 * what prints and what tells of usage.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "pam_hexa/message.c"

#include "hexa-admin/self.c"

enum { A_PERSON = 65536 };

static struct question asked;
static struct answer reply;
static enum fault helper_fault;
static int questions;
static struct user shown;
static uid_t caller;

/* ---- what stands around it ---- */

enum fault
helper_ask(const struct question *question, struct answer *answer, struct why *why)
{
	struct bytes bytes = {0};
	bool taken;

	questions++;
	asked = *question;
	if (helper_fault != FAULT_NONE)
		return why_set(why, helper_fault, "no helper");
	/* As it would come: what cannot be decoded never gets here. */
	reply.operation = question->operation;
	answer_encode(&reply, &bytes);
	taken = answer_decode(bytes.data, bytes.size, answer);
	bytes_clear(&bytes);
	assert_true(taken);
	return FAULT_NONE;
}

uid_t
getuid(void)
{
	return caller;
}

enum fault
record_show(struct call *call, const struct table *table, const void *record, struct why *why)
{
	(void)call;
	assert_ptr_equal(table, &user_table);
	return record_copy(&user_table, &shown, record, why);
}

enum fault
call_misuse(struct call *call, struct why *why, const char *format, ...)
{
	call->misused = true;
	return why_set(why, FAULT_INVALID, "%s", format);
}

void
call_tell_notices(struct call *call)
{
	(void)call; /* what there is to be said stays, for the tests to see */
}

static int
setup(void **state)
{
	(void)state;
	asked = (struct question){0};
	reply = (struct answer){0};
	helper_fault = FAULT_NONE;
	questions = 0;
	caller = A_PERSON;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	user_clear(&shown);
	return 0;
}

/* ---- self show ---- */

static const char *const record[] = {"name=anna", "uid=65536", "gid=65536", "first-name=Anna",
    "last-name=Berg", "type=client", "status=suspended", "roles=a b@/sales", "profession=x = y",
    "created=2026-11-21T09:30:00Z", "origin=local", "uuid=01234567-89ab-4cde-8f01-23456789abcd",
    "version=7"};

enum { RECORD_LINES = sizeof(record) / sizeof(record[0]) };

/* The record with one line in the place of another; `at` beyond: as it is. */
static void
reply_record(size_t at, const char *line)
{
	reply = (struct answer){.outcome = OUTCOME_DONE};
	for (size_t i = 0; i < RECORD_LINES; i++) {
		const char *each = i == at ? line : record[i];

		assert_true(each == NULL || answer_add_line(&reply, each));
	}
}

static enum fault
show(struct why *why)
{
	struct call call = {0};

	return run_self_show(&call, why);
}

static void
a_record_is_shown_as_it_is(void **state)
{
	(void)state;
	reply_record(RECORD_LINES, NULL);
	assert_int_equal(show(NULL), FAULT_NONE);
	assert_int_equal(asked.operation, OPERATION_SHOW);
	assert_int_equal(shown.uid, 65536);
	assert_string_equal(shown.first_name, "Anna");
	assert_string_equal(shown.profession, "x = y");
	assert_int_equal(shown.type, USER_CLIENT);
	assert_int_equal(shown.status, STATUS_SUSPENDED);
	assert_int_equal(shown.roles.count, 2);
	assert_string_equal(shown.roles.item[1], "b@/sales");
	assert_int_equal(shown.version, 7);
}

/* A line that is none, twice, out of order, hidden, or of no such value; or a required one less. */
static void
a_record_that_is_none_is_not_shown(void **state)
{
	static const struct {
		size_t at;
		const char *line;
	} cases[] = {{3, "no-such-field=x"}, {3, "name=bob"}, {3, "version=7"}, {3, "password=x"},
	    {12, "must-change=yes"}, {1, "uid=0x"}, {1, "uid=-1"}, {6, "status=root"},
	    {8, "profession=\xff"}, {3, "first-name=a=b"}, {9, "created=now"}, {0, NULL},
	    {1, NULL}, {11, NULL}, {0, "notice=x"}};
	struct why why;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		reply_record(cases[i].at, cases[i].line);
		assert_int_equal(show(&why), FAULT_UNAVAILABLE);
		assert_null(shown.name);
	}
}

/* The same behind a whole record. */
static void
a_record_ends_with_its_last_line(void **state)
{
	static const char *const more[] = {"version=8", "password=x", "password-set=2026-11-21",
	    "must-change=yes", "name=anna"};

	(void)state;
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		reply_record(RECORD_LINES, NULL);
		assert_true(answer_add_line(&reply, more[i]));
		assert_int_equal(show(NULL), FAULT_UNAVAILABLE);
		assert_null(shown.name);
	}
}

/* ---- what every question shares ---- */

static void
what_the_helper_refuses_is_the_commands_fault(void **state)
{
	static const enum fault kinds[] = {FAULT_RULE, FAULT_UNKNOWN, FAULT_DENIED, FAULT_CONFLICT,
	    FAULT_INVALID};
	struct edit edit = {EDIT_SET, &user_table.rows[0], "x"};
	struct call call = {.edit = &edit, .edit_count = 1};
	struct why why;

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		reply = (struct answer){.outcome = OUTCOME_REFUSED, .refusal = kinds[i]};
		strcpy(reply.tell, "because 100%s of it");
		assert_int_equal(run_self_edit(&call, &why), kinds[i]);
		assert_string_equal(why.text, "because 100%s of it");
	}
}

static void
no_answer_is_no_yes(void **state)
{
	struct edit edit = {EDIT_SET, &user_table.rows[0], "x"};
	struct call call = {.edit = &edit, .edit_count = 1};
	const struct question_of question = {.permission = "a", .when = 1};
	struct review review = {0};
	struct why why;

	(void)state;
	reply = (struct answer){.outcome = OUTCOME_FAULT};
	assert_int_equal(show(&why), FAULT_UNAVAILABLE);
	assert_true(why.text[0] != '\0');
	assert_int_equal(run_self_edit(&call, &why), FAULT_UNAVAILABLE);
	assert_int_equal(self_can_ask(&call, "anna", &question, &review, &why), FAULT_UNAVAILABLE);
	assert_int_equal(review.verdict, VERDICT_NONE);
	helper_fault = FAULT_UNAVAILABLE;
	assert_int_equal(show(&why), FAULT_UNAVAILABLE);
	assert_int_equal(run_self_edit(&call, &why), FAULT_UNAVAILABLE);
	assert_int_equal(self_can_ask(&call, "anna", &question, &review, &why), FAULT_UNAVAILABLE);
	assert_int_equal(review.verdict, VERDICT_NONE);
}

static void
who_is_no_user_is_told(void **state)
{
	struct why why;

	(void)state;
	reply = (struct answer){.outcome = OUTCOME_VERDICT, .verdict = VERDICT_UNKNOWN_USER};
	assert_int_equal(show(&why), FAULT_UNKNOWN);
	assert_non_null(strstr(why.text, "65536"));
}

/* Behind sudo it would be root's account, which is none. */
static void
root_asks_nothing(void **state)
{
	struct call call = {0};
	struct why why;

	(void)state;
	caller = 0;
	assert_int_equal(show(&why), FAULT_DENIED);
	assert_non_null(strstr(why.text, "without sudo"));
	assert_int_equal(run_self_edit(&call, &why), FAULT_DENIED);
	assert_int_equal(questions, 0);
}

/* ---- self edit ---- */

static void
edits_are_asked_as_they_stand(void **state)
{
	const struct field *profession = field_find(&user_table, "profession");
	const struct field *roles = field_find(&user_table, "roles");
	struct edit edit[] = {{EDIT_SET, profession, ""}, {EDIT_CLEAR, profession, NULL},
	    {EDIT_ADD, roles, "a"}, {EDIT_REMOVE, roles, "b"}};
	struct call call = {.edit = edit, .edit_count = 4};

	(void)state;
	reply = (struct answer){.outcome = OUTCOME_DONE};
	assert_true(answer_add_line(&reply, "notice=a word"));
	assert_int_equal(run_self_edit(&call, NULL), FAULT_NONE);
	assert_int_equal(asked.edits, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(asked.edit[i].act, edit[i].act);
		assert_string_equal(asked.edit[i].field, edit[i].field->name);
		assert_string_equal(asked.edit[i].value,
		    edit[i].value == NULL ? "" : edit[i].value);
	}
	assert_int_equal(call.admin.notices.count, 1);
	assert_string_equal(call.admin.notices.item[0], "a word");
	names_clear(&call.admin.notices);
}

static void
what_has_no_room_is_not_asked(void **state)
{
	static char value[MESSAGE_VALUE_MAX + 2];
	struct edit edit[MESSAGE_EDITS_MAX + 1];
	struct call call = {.edit = edit};
	struct why why;

	(void)state;
	for (size_t i = 0; i <= MESSAGE_EDITS_MAX; i++)
		edit[i] = (struct edit){EDIT_SET, field_find(&user_table, "profession"), "x"};
	assert_int_equal(run_self_edit(&call, &why), FAULT_INVALID);
	assert_true(call.misused);
	call.edit_count = MESSAGE_EDITS_MAX + 1;
	assert_int_equal(run_self_edit(&call, &why), FAULT_INVALID);
	call.edit_count = 1;
	memset(value, 'x', MESSAGE_VALUE_MAX + 1);
	edit[0].value = value;
	assert_int_equal(run_self_edit(&call, &why), FAULT_INVALID);
	assert_int_equal(questions, 0);
	value[MESSAGE_VALUE_MAX] = '\0';
	reply = (struct answer){.outcome = OUTCOME_DONE};
	assert_int_equal(run_self_edit(&call, &why), FAULT_NONE);
	assert_int_equal(questions, 1);
}

/* ---- can ---- */

static enum fault
can(const char *who, const char *permission, const char *service, struct review *review)
{
	const struct question_of question = {
	    .permission = permission, .service = service, .when = 1000, .dated = 500};
	struct call call = {0};
	enum fault fault = self_can_ask(&call, who, &question, review, NULL);

	names_clear(&call.admin.notices);
	return fault;
}

static void
a_question_goes_and_an_answer_comes(void **state)
{
	static const char *const lines[] = {"service=sshd", "role=technician", "permission=a.b",
	    "field=roles", "line=12", "reason=anna may not: so it is", "notice=no such service"};
	struct review review = {0};

	(void)state;
	reply = (struct answer){.outcome = OUTCOME_VERDICT, .verdict = VERDICT_NO_PERMISSION};
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_true(answer_add_line(&reply, lines[i]));
	assert_int_equal(can("anna", "a.b", "sshd", &review), FAULT_NONE);
	assert_int_equal(asked.operation, OPERATION_CAN);
	assert_string_equal(asked.user, "anna");
	assert_string_equal(asked.permission, "a.b");
	assert_string_equal(asked.service, "sshd");
	assert_int_equal(asked.at, 1000);
	assert_int_equal(asked.dated, 500);
	assert_int_equal(review.verdict, VERDICT_NO_PERMISSION);
	assert_string_equal(review.service, "sshd");
	assert_string_equal(review.role, "technician");
	assert_string_equal(review.permission, "a.b");
	assert_string_equal(review.field, "roles");
	assert_int_equal(review.line, 12);
	assert_string_equal(review.reason, "anna may not: so it is");
	assert_string_equal(review.mend, "");
}

/* A yes with a line that cannot be read is none. */
static void
an_answer_that_is_none_is_no_yes(void **state)
{
	static char long_role[200] = "role=";
	static const char *const bad[] = {"mend=hexa-admin", "line=x", "line=99999999999",
	    "verdict=allowed", long_role};

	(void)state;
	memset(long_role + 5, 'r', sizeof(long_role) - 6);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct review review = {0};

		reply = (struct answer){.outcome = OUTCOME_VERDICT, .verdict = VERDICT_ALLOWED};
		assert_true(answer_add_line(&reply, "reason=yes"));
		assert_true(answer_add_line(&reply, bad[i]));
		assert_int_equal(can("anna", "a.b", NULL, &review), FAULT_UNAVAILABLE);
		assert_int_equal(review.verdict, VERDICT_NONE);
	}
}

static void
long_words_are_nobodys(void **state)
{
	static char word[600];
	struct review review = {0};

	(void)state;
	memset(word, 'w', sizeof(word) - 1);
	assert_int_equal(can(word, "a", NULL, &review), FAULT_INVALID);
	assert_int_equal(can("anna", word, NULL, &review), FAULT_INVALID);
	assert_int_equal(can("anna", "a", word, &review), FAULT_INVALID);
	assert_int_equal(questions, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_record_is_shown_as_it_is),
	    TEST(a_record_that_is_none_is_not_shown),
	    TEST(a_record_ends_with_its_last_line),
	    TEST(what_the_helper_refuses_is_the_commands_fault),
	    TEST(no_answer_is_no_yes),
	    TEST(who_is_no_user_is_told),
	    TEST(root_asks_nothing),
	    TEST(edits_are_asked_as_they_stand),
	    TEST(what_has_no_room_is_not_asked),
	    TEST(a_question_goes_and_an_answer_comes),
	    TEST(an_answer_that_is_none_is_no_yes),
	    TEST(long_words_are_nobodys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
