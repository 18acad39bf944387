/*
 * policy_memory_test.c - the policy's parts when memory runs out, at each allocation in turn: a
 * fault, nothing kept, nothing leaked (the sanitizer looks), and never half of anything.
 *
 * Linked so that this stands between Hexa's code and its allocator.  libyaml allocates in a library
 * of its own, where nothing can stand between; its functions that allocate are failed instead.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "policy/client.h"
#include "policy/document.h"
#include "policy/test.h"
#include "policy/text.h"
#include "policy/user.h"

/* While armed, the call that finds `left` at 0 fails; so do all after it, unless it is `once`. */
static bool armed;
static bool fail_once;
static unsigned left;

static void
arm(unsigned count, bool once)
{
	left = count;
	fail_once = once;
	armed = true;
}

static bool
fails(void)
{
	if (!armed)
		return false;
	if (left > 0) {
		left--;
		return false;
	}
	armed = !fail_once;
	return true;
}

#define WRAP(function) __typeof__(function) __real_##function, __wrap_##function

WRAP(malloc);
WRAP(calloc);
WRAP(realloc);
WRAP(reallocarray);
WRAP(strdup);
WRAP(strndup);
WRAP(yaml_parser_initialize);
WRAP(yaml_parser_parse);
WRAP(yaml_emitter_initialize);
WRAP(yaml_emitter_emit);
WRAP(yaml_scalar_event_initialize);

void *
__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *
__wrap_realloc(void *old, size_t size)
{
	return fails() ? NULL : __real_realloc(old, size);
}

void *
__wrap_reallocarray(void *old, size_t count, size_t size)
{
	return fails() ? NULL : __real_reallocarray(old, count, size);
}

char *
__wrap_strdup(const char *text)
{
	return fails() ? NULL : __real_strdup(text);
}

char *
__wrap_strndup(const char *text, size_t size)
{
	return fails() ? NULL : __real_strndup(text, size);
}

int
__wrap_yaml_parser_initialize(yaml_parser_t *parser)
{
	return fails() ? 0 : __real_yaml_parser_initialize(parser);
}

int
__wrap_yaml_parser_parse(yaml_parser_t *parser, yaml_event_t *event)
{
	if (!fails())
		return __real_yaml_parser_parse(parser, event);
	memset(event, 0, sizeof(*event));
	parser->error = YAML_MEMORY_ERROR;
	return 0;
}

int
__wrap_yaml_emitter_initialize(yaml_emitter_t *emitter)
{
	return fails() ? 0 : __real_yaml_emitter_initialize(emitter);
}

int
__wrap_yaml_emitter_emit(yaml_emitter_t *emitter, yaml_event_t *event)
{
	if (!fails())
		return __real_yaml_emitter_emit(emitter, event);
	yaml_event_delete(event);
	emitter->error = YAML_MEMORY_ERROR;
	return 0;
}

int
__wrap_yaml_scalar_event_initialize(yaml_event_t *event, const yaml_char_t *anchor,
    const yaml_char_t *tag, const yaml_char_t *value, int length, int plain_implicit,
    int quoted_implicit, yaml_scalar_style_t style)
{
	return fails() ? 0 : __real_yaml_scalar_event_initialize(event, anchor, tag, value, length,
	    plain_implicit, quoted_implicit, style);
}

static const char policy[] =
    "hexa-policy: 1\n"
    "login: {other-services: refuse}\n"
    "password: {argon2: {memory: 128MiB}}\n"
    "accounts: {uid-range: [70000-80000, 90000-99999], home: /srv/%u}\n"
    "permissions:\n"
    "  shell.login: {title: Log in with a shell, services: [sshd, login]}\n"
    "  logs.read: {unix-groups: [adm], types: [employee, system]}\n"
    "roles:\n"
    "  technician: {title: Technician, permissions: [shell.login], group: technicians}\n"
    "  manager: {includes: [technician], permissions: [hexa.users.*], ladder: l, level: 7}\n"
    "  system-administrator: {title: Boss}\n"
    "constraints: [{never-together: [technician, system-administrator]}]\n"
    "tests: [role technician can log in, bob cannot log in via su]\n";

/* Reads while memory runs out at allocation number `count`, for good or that once. */
static enum fault
read_with(unsigned count, bool once, const char *yaml, struct document *document, struct why *why)
{
	enum fault fault;

	arm(count, once);
	fault = document_read(yaml, strlen(yaml), document, why);
	armed = false;
	return fault;
}

static void
reading(void **state)
{
	(void)state;
	for (unsigned once = 0; once < 2; once++) {
		enum fault fault = FAULT_UNAVAILABLE;
		struct document document;
		unsigned count = 0;

		for (; fault != FAULT_NONE; count++) {
			struct why why = {0};

			fault = read_with(count, once, policy, &document, &why);
			if (fault == FAULT_NONE)
				break;
			assert_int_equal(fault, FAULT_UNAVAILABLE);
			assert_string_equal(why.text, "out of memory");
			assert_int_equal(document.rules.count + document.roles.count, 0);
			assert_null(document.rules.permission);
			assert_null(document.roles.role);
			assert_null(document.constraint);
			assert_null(document.tests.item);
		}
		assert_true(count > 100);
		assert_int_equal(document.roles.count, 3);
		document_clear(&document);
	}
}

/* A wrong policy stays wrong; the words may go. */
static void
refusing(void **state)
{
	static const char *const wrong[] = {
		"hexa-policy: 1\nroles: {a: {permissions: [hexa.user.view]}}\n",
		"hexa-policy: 1\nroles: {a: {includes: [b]}, b: {includes: [a]}}\n",
		"hexa-policy: 1\nroles: {a: {}, b: {}, a: {}}\n",
		"hexa-policy: 1\nroles: {a: {group: g}, b: {group: g}}\n",
		"hexa-policy: 1\nroles: {a: {titel: x}}\n",
		"hexa-policy: 1\nroles: {a: {title: x, group: X}}\n",
		"hexa-policy: 1\nlogin: {other-services: rufuse}\n",
		"hexa-policy: 1\naccounts: {uid-range: [70000-80000, 70000-80000]}\n",
		"hexa-policy: 1\naccounts: {uid-range: [70000-80000, 2000-3000]}\n",
		"hexa-policy: 1\nroles: {a: {ladder: l}}\n",
		"hexa-policy: 1\nroles: {a: {}}\nconstraints: [{never-together: [a, b]}]\n",
		"hexa-policy: 1\nroles: {a: {}, b: {includes: [a]}}\n"
		"constraints: [{never-together: [a, b]}]\n",
		"hexa-policy: 1\ntests: [role b can log in]\n",
		"hexa-policy: 1\ntests: [bob can login]\n",
		"hexa-policy: 1\ntests: [bob can]\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		for (unsigned count = 0; count < 400; count++) {
			struct document document;
			enum fault fault = read_with(count, count % 2, wrong[i], &document, NULL);

			assert_true(fault == FAULT_UNAVAILABLE || fault == FAULT_INVALID);
			assert_int_equal(document.roles.count, 0);
		}
		assert_int_equal(read_with(400, false, wrong[i], &(struct document){0}, NULL),
		    FAULT_INVALID);
	}
}

static void
writing(void **state)
{
	struct document document;

	(void)state;
	assert_int_equal(document_read(policy, strlen(policy), &document, NULL), FAULT_NONE);
	for (unsigned once = 0; once < 2; once++) {
		enum fault fault = FAULT_UNAVAILABLE;
		struct bytes out = {0};
		unsigned count = 0;

		for (; fault != FAULT_NONE; count++) {
			bytes_clear(&out);
			bytes_put(&out, "x", 1);
			arm(count, once);
			fault = document_write(&document, &out, NULL);
			armed = false;
			if (fault != FAULT_NONE) {
				assert_int_equal(fault, FAULT_UNAVAILABLE);
				assert_int_equal(out.size, 1);
			}
		}
		assert_true(count > 50);
		assert_true(out.size > sizeof("hexa-policy: 1\n"));
		bytes_clear(&out);
	}
	document_clear(&document);
}

/* Fails, or is whole; what is copied is as it was. */
static void
copying(void **state)
{
	enum fault fault = FAULT_UNAVAILABLE;
	struct document document, copy = {0};
	unsigned count = 0;

	(void)state;
	assert_int_equal(document_read(policy, strlen(policy), &document, NULL), FAULT_NONE);
	for (; fault != FAULT_NONE; count++) {
		assert_null(copy.roles.role);
		arm(count, count % 2);
		fault = document_copy(&copy, &document, NULL);
		armed = false;
		assert_true(fault == FAULT_NONE || fault == FAULT_UNAVAILABLE);
	}
	assert_true(count > 100);
	assert_int_equal(copy.roles.count, document.roles.count);
	assert_int_equal(copy.constraint_count, 1);
	document_clear(&copy);
	for (fault = FAULT_UNAVAILABLE, count = 0; fault != FAULT_NONE; count++) {
		assert_int_equal(document.constraint_count, 1);
		arm(count, true);
		fault = document_add_constraint(&document,
		    &document.constraint[0].never_together, NULL);
		armed = false;
	}
	assert_int_equal(document.constraint_count, 2);
	document_clear(&document);
}

/* Nothing passes that could not be run. */
static void
running_tests(void **state)
{
	const struct request at = {.now = 1};
	struct document document;
	struct user user = {.status = STATUS_ACTIVE};
	struct test test = {0};
	struct decision decision;
	bool passed = false;

	(void)state;
	assert_int_equal(document_read(policy, strlen(policy), &document, NULL), FAULT_NONE);
	for (unsigned i = 0; i < document.tests.count; i++) {
		enum fault fault = FAULT_UNAVAILABLE;

		for (unsigned count = 0; fault != FAULT_NONE; count++) {
			assert_null(test.subject);
			arm(count, true);
			fault = test_parse(document.tests.item[i], &test, NULL);
			armed = false;
		}
		arm(0, true);
		fault = test.is_role
		    ? test_run_role(&test, &document, 1, &passed, &decision, NULL)
		    : test_run_user(&test, &user, &document, &at, &passed, &decision, NULL);
		armed = false;
		assert_int_equal(fault, FAULT_UNAVAILABLE);
		assert_false(passed);
		test_clear(&test);
	}
	document_clear(&document);
}

static void
finding_places(void **state)
{
	static const char *const path[] = {"roles", "manager", NULL};

	(void)state;
	for (unsigned count = 0; count < 400; count++) {
		unsigned line;

		arm(count, count % 2);
		line = document_line(policy, strlen(policy), path);
		armed = false;
		assert_true(line == 0 || line == 10);
	}
	assert_int_equal(document_line(policy, strlen(policy), path), 10);
}

/* ---- records ---- */

static const char *
sample(const struct field *field)
{
	switch (field->kind) {
	case K_BOOL:
		return "yes";
	case K_EMAIL:
		return "anna@example.org";
	case K_PHONE:
		return "+31612345678";
	case K_PATH:
	case K_UNIT:
		return "/anna";
	case K_ID:
	case K_NUMBER:
	case K_VERSION:
		return "12";
	case K_TIME:
	case K_END:
		return "2026-11-21";
	case K_CHOICE:
		return field->choices[1];
	case K_UUID:
		return "01234567-89ab-4def-8123-456789abcdef";
	case K_TEXT:
	case K_GECOS:
	case K_LOGIN:
	case K_GROUP:
	case K_USER:
	case K_WORD:
	case K_SECRET:
		return "anna";
	case K_LOGINS:
	case K_PATTERNS:
	case K_WORDS:
	case K_SERVICES:
	case K_GRANTS:
	case K_ASSIGNMENTS:
		return "one two three";
	case K_CHOICES:
		return "client system";
	case K_RANGES:
		return "2000-3000 4000-5000";
	case K_COMPILED:
		return "one:two three:four";
	case K_HOME:
		return "/home/%u";
	case K_DURATION:
		return "2d";
	case K_SIZE:
		return "64MiB";
	}
	return NULL;
}

static bool
same_record(const struct table *table, const void *a, const void *b)
{
	for (size_t i = 0; i < table->count; i++)
		if (!field_same(&table->rows[i], a, b))
			return false;
	return true;
}

/* Each row: what could not be set is as it was. */
static void
setting_fields(const struct table *table, void *record)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct field *field = &table->rows[i];
		enum fault fault = FAULT_UNAVAILABLE;

		for (unsigned count = 0; fault != FAULT_NONE; count++) {
			assert_true(field_is_empty(field, record));
			arm(count, true);
			fault = field_parse(field, record, sample(field), NULL);
			armed = false;
			assert_true(fault == FAULT_NONE || fault == FAULT_UNAVAILABLE);
		}
		assert_false(field_is_empty(field, record));
	}
}

/* Encoding fails as a whole; decoding leaves its target alone. */
static void
storing_records(const struct table *table, const void *record)
{
	void *copy = calloc(1, table->size);
	void *back = calloc(1, table->size);
	struct bytes bytes = {0};
	enum fault fault = FAULT_UNAVAILABLE;
	unsigned count = 0;

	assert_non_null(copy);
	assert_non_null(back);
	do {
		bytes_clear(&bytes);
		arm(count++, true);
		record_encode(table, record, &bytes);
		armed = false;
	} while (bytes.failed);
	assert_true(count > 1);
	assert_int_equal(record_copy(table, copy, record, NULL), FAULT_NONE);
	for (count = 0; fault != FAULT_NONE; count++) {
		assert_true(same_record(table, copy, record));
		arm(count, true);
		fault = record_decode(table, back, bytes.data, bytes.size, NULL);
		armed = false;
		for (size_t i = 0; fault != FAULT_NONE && i < table->count; i++)
			assert_true(field_is_empty(&table->rows[i], back));
	}
	assert_true(count > 1);
	assert_true(same_record(table, back, record));
	for (fault = FAULT_UNAVAILABLE, count = 0; fault != FAULT_NONE; count++) {
		record_clear(table, copy);
		arm(count, true);
		fault = record_copy(table, copy, record, NULL);
		armed = false;
	}
	assert_true(same_record(table, copy, record));
	record_clear(table, copy);
	record_clear(table, back);
	bytes_clear(&bytes);
	free(copy);
	free(back);
}

static void
records(void **state)
{
	static const struct table *const tables[] = {&user_table, &role_table, &permission_table,
	    &settings_table, &client_table, &site_table};

	(void)state;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		void *record = calloc(1, tables[i]->size);

		assert_non_null(record);
		setting_fields(tables[i], record);
		storing_records(tables[i], record);
		record_clear(tables[i], record);
		free(record);
	}
}

/* A grant that cannot be given anew stands as it did. */
static void
granting_again(void **state)
{
	const struct field *grants = field_find(&user_table, "grants");
	enum fault fault = FAULT_UNAVAILABLE;
	struct user user = {0};

	(void)state;
	assert_int_equal(field_parse(grants, &user, "a.b c@2026-12-31", NULL), FAULT_NONE);
	for (unsigned count = 0; fault != FAULT_NONE; count++) {
		assert_int_equal(user.grants.count, 2);
		assert_string_equal(user.grants.item[1], "c@2026-12-31T23:59:59Z");
		arm(count, true);
		fault = field_add(grants, &user, "c", NULL);
		armed = false;
	}
	assert_string_equal(user.grants.item[1], "c");
	user_clear(&user);
}

static void
made_texts(void **state)
{
	(void)state;
	arm(0, false);
	assert_null(text_lower("ABC"));
	assert_null(text_make_login("Anna", "Berg"));
	armed = false;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading),
		cmocka_unit_test(refusing),
		cmocka_unit_test(writing),
		cmocka_unit_test(copying),
		cmocka_unit_test(running_tests),
		cmocka_unit_test(finding_places),
		cmocka_unit_test(records),
		cmocka_unit_test(granting_again),
		cmocka_unit_test(made_texts),
	};

	return cmocka_run_group_tests_name("policy without memory", tests, NULL, NULL);
}
