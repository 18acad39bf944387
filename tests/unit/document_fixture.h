/*
 * document_fixture.h - reading and writing policies in tests: a whole one as an example, and
 * whether two are the same.
 */
#ifndef HEXA_TESTS_DOCUMENT_FIXTURE_H
#define HEXA_TESTS_DOCUMENT_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/document.h"
#include "policy/test.h"
#include "policy/text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define HEAD "hexa-policy: 1\n"

/* Reads from an allocation of exactly that size, so that a read past its end is seen. */
static inline enum fault
read_bytes(const char *yaml, size_t size, struct document *document, struct why *why)
{
	char *copy = malloc(size + !size);
	enum fault fault;

	assert_non_null(copy);
	memcpy(copy, yaml, size);
	fault = document_read(copy, size, document, why);
	free(copy);
	return fault;
}

static inline void
read_good(const char *yaml, struct document *document)
{
	struct why why = {0};

	if (read_bytes(yaml, strlen(yaml), document, &why) != FAULT_NONE)
		fail_msg("%u:%u %s\nin:\n%s", why.line, why.column, why.text, yaml);
}

static inline char *
written(const struct document *document)
{
	struct bytes out = {0};
	struct why why = {0};
	char *text;

	assert_int_equal(document_write(document, &out, &why), FAULT_NONE);
	text = bytes_take_text(&out);
	assert_non_null(text);
	return text;
}

static inline bool
record_same(const struct table *table, const void *a, const void *b)
{
	for (size_t i = 0; i < table->count; i++) {
		if (!field_same(&table->rows[i], a, b))
			return false;
	}
	return true;
}

static inline bool
records_same(const struct table *table, const void *a, const void *b, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!record_same(table, (const char *)a + i * table->size,
		    (const char *)b + i * table->size))
			return false;
	}
	return true;
}

/* Every field of everything: what is compiled too. */
static inline bool
same(const struct document *a, const struct document *b)
{
	if (a->rules.count != b->rules.count || a->roles.count != b->roles.count ||
	    a->constraint_count != b->constraint_count)
		return false;
	for (size_t i = 0; i < a->constraint_count; i++) {
		if (!names_same(&a->constraint[i].never_together,
		    &b->constraint[i].never_together))
			return false;
	}
	return names_same(&a->tests, &b->tests) &&
	    names_same(&a->rules.services, &b->rules.services) &&
	    record_same(&settings_table, &a->rules.settings, &b->rules.settings) &&
	    records_same(&permission_table, a->rules.permission, b->rules.permission,
	        a->rules.count) &&
	    records_same(&role_table, a->roles.role, b->roles.role, a->roles.count);
}

/* What is written is read as the same policy, and written as the same bytes. */
static inline void
comes_back(const struct document *document)
{
	struct document again;
	char *text = written(document), *second;

	read_good(text, &again);
	assert_true(same(document, &again));
	second = written(&again);
	assert_string_equal(second, text);
	free(second);
	free(text);
	document_clear(&again);
}

static const char example[] =
    "# the roles of a small office\n"
    "hexa-policy: 1\n"
    "login:    {phone: no, other-services: refuse}\n"
    "password:\n"
    "  min-length: 14\n"
    "  argon2: {memory: 131072KiB}\n"
    "lockout:  {failures: 0}\n"
    "accounts: {uid-range: [65536-99999, 200000-300000]}\n"
    "permissions:\n"
    "  shell.login:   {title: Log in with a shell, services: [sshd, login, su, su-l]}\n"
    "  shell.sudo:    {title: Run commands as root, services: [sudo, sudo-i], unix-groups: "
    "[sudo]}\n"
    "  logs.read:     {unix-groups: [adm, systemd-journal]}\n"
    "  dossiers.view: {title: View dossiers}\n"
    "  feeds.push:    {services: [sshd], types: [integration, system]}\n"
    "  plain: {}\n"
    "roles:\n"
    "  technician: {title: Technician, permissions: [shell.login, dossiers.view], group: "
    "technicians}\n"
    "  manager:\n"
    "    title: Manager\n"
    "    includes: [technician]\n"
    "    permissions: [hexa.users.*]\n"
    "    access-back: 365\n"
    "  nobody.yet: {permissions: [], includes: [], group: no, disabled: yes}\n"
    "  l20: {ladder: desk, level: 20, permissions: [plain]}\n"
    "  l80: {ladder: desk, level: 80, permissions: [logs.read]}\n"
    "constraints:\n"
    "  - never-together: [manager, l80]\n"
    "tests:\n"
    "  - role manager can log in via sshd\n"
    "  - +31612345678 cannot shell.sudo\n";

#endif
