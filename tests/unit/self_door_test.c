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

#include "hexa-admin/talk.c"

#include "hexa-admin/self.c"

#include "hexa-admin/key.c"

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

bool
call_has(const struct call *call, enum option_id option)
{
	return call->option[option] != NULL;
}

void
call_tell_notices(struct call *call)
{
	(void)call; /* what there is to be said stays, for the tests to see */
}

/* What is typed about passwords: tests/host/cases has it. */

bool
ask_possible(void)
{
	return false;
}

enum fault
secret_read(struct secret *secret, struct why *why)
{
	(void)secret;
	return why_set(why, FAULT_INVALID, "nothing is typed here");
}

enum fault
secret_ask(const char *who, struct secret *secret, struct why *why)
{
	(void)who;
	return secret_read(secret, why);
}

enum fault
secret_ask_current(const char *who, struct secret *secret, struct why *why)
{
	(void)who;
	return secret_read(secret, why);
}

void
secret_clear(struct secret *secret)
{
	(void)secret;
}

/* The fingerprints that a list shows, by a space. */
static char listed[256];

enum fault
records_list(struct call *call, const struct table *table, const char *names, record_next *next,
    void *context, struct why *why)
{
	struct key key = {0};
	enum fault fault;

	(void)call;
	(void)names;
	assert_ptr_equal(table, &key_table);
	while ((fault = next(context, NULL, &key, why)) == FAULT_NONE) {
		snprintf(listed + strlen(listed), sizeof(listed) - strlen(listed), "%s%s ",
		    key.fingerprint, key.comment == NULL ? "" : key.comment);
		key_clear(&key);
	}
	assert_int_equal(fault, FAULT_UNKNOWN);
	return FAULT_NONE;
}

/* The FILE of a key. */
static const char *file;

enum fault
input_read(struct call *call, const char *name, size_t max, struct bytes *out, struct why *why)
{
	(void)why;
	call->file = name;
	assert_true(strlen(file) <= max);
	bytes_put(out, file, strlen(file));
	return FAULT_NONE;
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
	listed[0] = '\0';
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

/* ---- self keys ---- */

#define BLOB "AAAAC3NzaC1lZDI1NTE5AAAAIFYkPfSzJSZ99HU6XvqmWdZan9jYA9aEhq/NJZBpS9DH"

static enum fault
keys(const char *what, const char *which, struct call *call, struct why *why)
{
	const char *words[] = {what, which};

	*call = (struct call){.word = words, .word_count = which != NULL ? 2 : what != NULL};
	return run_self_keys(call, why);
}

static void
reply_lines(const char *const *lines)
{
	reply = (struct answer){.outcome = OUTCOME_DONE};
	for (; *lines != NULL; lines++)
		assert_true(answer_add_line(&reply, *lines));
}

static void
keys_are_listed_as_they_are_told(void **state)
{
	static const char *const two[] = {"fingerprint=SHA256:a", "type=ssh-rsa", "bits=3072",
	    "comment=at home", "fingerprint=SHA256:b", "type=ssh-ed25519", NULL};
	struct call call;

	(void)state;
	reply_lines(two);
	assert_int_equal(keys(NULL, NULL, &call, NULL), FAULT_NONE);
	assert_int_equal(asked.operation, OPERATION_KEY_LIST);
	assert_string_equal(asked.key, "");
	assert_string_equal(listed, "SHA256:aat home SHA256:b ");
	assert_int_equal(questions, 1);
	listed[0] = '\0';
	reply_lines(two + 6);
	assert_int_equal(keys(NULL, NULL, &call, NULL), FAULT_NONE);
	assert_string_equal(listed, "");
}

static void
a_list_that_is_none_is_not_shown(void **state)
{
	static const char *const bad[][4] = {{"type=ssh-rsa"}, {"more=yes"},
	    {"fingerprint=SHA256:a", "blob=" BLOB}, {"fingerprint=SHA256:a", "uid=1"},
	    {"fingerprint=SHA256:a", "type=x", "type=x"}, {"fingerprint=SHA256:a", "notice=x"},
	    {"fingerprint=SHA256:a", "more=yes", "type=x"},
	    {"fingerprint=SHA256:a", "more=yes", "fingerprint=SHA256:b"},
	    {"fingerprint=SHA256:a", "bits=x"}, {"bits=1", "fingerprint=SHA256:a"},
	    /* It goes on for ever. */
	    {"fingerprint=SHA256:a", "more=yes"}};
	struct call call;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		reply_lines(bad[i]);
		assert_int_equal(keys(NULL, NULL, &call, NULL), FAULT_UNAVAILABLE);
		assert_string_equal(listed, "");
	}
	/* The next part was asked for behind the key that the last one ended with. */
	assert_string_equal(asked.key, "SHA256:a");
	assert_in_range(questions, KEYS_PER_USER, KEYS_PER_USER + 32);
}

static void
a_key_is_sent_as_it_was_read(void **state)
{
	static const struct {
		const char *file;
		const char *sent; /* NULL: it is no key */
	} cases[] = {
	    {"ssh-ed25519 " BLOB " at home\r\n", "ssh-ed25519 " BLOB " at home"},
	    {"no-pty,restrict   ssh-ed25519 " BLOB, "restrict,no-pty ssh-ed25519 " BLOB},
	    {"command=\"id\" ssh-ed25519 " BLOB, NULL},
	    {"-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n", NULL},
	    {"", NULL},
	};
	struct call call;

	(void)state;
	reply = (struct answer){.outcome = OUTCOME_DONE};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		questions = 0;
		file = cases[i].file;
		if (cases[i].sent == NULL) {
			assert_int_equal(keys("add", "id.pub", &call, NULL), FAULT_INVALID);
			assert_string_equal(call.file, "id.pub");
			assert_int_equal(questions, 0);
			continue;
		}
		assert_int_equal(keys("add", "id.pub", &call, NULL), FAULT_NONE);
		assert_int_equal(asked.operation, OPERATION_KEY_ADD);
		assert_string_equal(asked.key, cases[i].sent);
		assert_null(call.file);
	}
}

static void
a_key_is_removed_by_its_fingerprint(void **state)
{
#define PRINT "FX2xv1o53VWpQ4ep7B6v1T01NkJKwkl8B8A/Z7g5Pso"
	struct call call;

	(void)state;
	reply = (struct answer){.outcome = OUTCOME_DONE};
	assert_int_equal(keys("remove", PRINT, &call, NULL), FAULT_NONE);
	assert_int_equal(asked.operation, OPERATION_KEY_REMOVE);
	assert_string_equal(asked.key, "SHA256:" PRINT);
	assert_int_equal(keys("remove", "SHA256:" PRINT, &call, NULL), FAULT_NONE);
	assert_string_equal(asked.key, "SHA256:" PRINT);
	questions = 0;
	assert_int_equal(keys("remove", "SHA256:", &call, NULL), FAULT_INVALID);
	assert_int_equal(keys("remove", "\033", &call, NULL), FAULT_INVALID);
	assert_int_equal(questions, 0);
	reply = (struct answer){.outcome = OUTCOME_REFUSED, .refusal = FAULT_UNKNOWN};
	assert_int_equal(keys("remove", PRINT, &call, NULL), FAULT_UNKNOWN);
}

static void
other_words_about_keys_are_misuse(void **state)
{
	struct call call;

	(void)state;
	assert_int_equal(keys("add", NULL, &call, NULL), FAULT_INVALID);
	assert_true(call.misused);
	assert_int_equal(keys("remove", NULL, &call, NULL), FAULT_INVALID);
	assert_true(call.misused);
	assert_int_equal(keys("delete", "x", &call, NULL), FAULT_INVALID);
	assert_true(call.misused);
	caller = 0;
	assert_int_equal(keys(NULL, NULL, &call, NULL), FAULT_DENIED);
	assert_int_equal(keys("add", "x", &call, NULL), FAULT_DENIED);
	assert_int_equal(keys("remove", "x", &call, NULL), FAULT_DENIED);
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
	    TEST(keys_are_listed_as_they_are_told),
	    TEST(a_list_that_is_none_is_not_shown),
	    TEST(a_key_is_sent_as_it_was_read),
	    TEST(a_key_is_removed_by_its_fingerprint),
	    TEST(other_words_about_keys_are_misuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
