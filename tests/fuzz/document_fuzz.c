/*
 * document_fuzz.c - any bytes as a policy: refused with a place, or written so that the same policy
 * is read again, and written as the same bytes.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policy/document.h"
#include "policy/separation.h"
#include "policy/test.h"

/* So small an input reaches no limit of the whole: what is wrong has a place. */
enum { SMALL = 16 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool good)
{
	if (!good)
		abort();
}

static void
must_be_same(const struct table *table, const void *a, const void *b)
{
	for (size_t i = 0; i < table->count; i++)
		must(field_same(&table->rows[i], a, b));
}

static void
must_be_same_policy(const struct document *a, const struct document *b)
{
	must(a->rules.count == b->rules.count && a->roles.count == b->roles.count);
	for (size_t i = 0; i < a->rules.count; i++)
		must_be_same(&permission_table, &a->rules.permission[i], &b->rules.permission[i]);
	for (size_t i = 0; i < a->roles.count; i++)
		must_be_same(&role_table, &a->roles.role[i], &b->roles.role[i]);
	must_be_same(&settings_table, &a->rules.settings, &b->rules.settings);
	must(names_same(&a->rules.services, &b->rules.services));
	must(names_same(&a->tests, &b->tests));
	must(a->constraint_count == b->constraint_count);
	for (size_t i = 0; i < a->constraint_count; i++)
		must(names_same(&a->constraint[i].never_together,
		    &b->constraint[i].never_together));
}

/* Roles that there are, and none that brings two of them by itself. */
static void
must_keep_apart(const struct document *document)
{
	struct breach breach;

	for (size_t i = 0; i < document->constraint_count; i++) {
		const struct names *apart = &document->constraint[i].never_together;

		must(apart->count >= 2);
		for (size_t j = 0; j < apart->count; j++)
			must(roles_find(&document->roles, apart->item[j]) != NULL);
		must(separation_broken(document, apart, &breach));
	}
	for (size_t i = 0; i < document->roles.count; i++)
		must(!separation_broken_by_role(document, &document->roles.role[i], &breach));
}

/* Each can be run; of a role it comes out one way or the other. */
static void
must_be_tests(const struct document *document)
{
	for (size_t i = 0; i < document->tests.count; i++) {
		struct decision decision;
		struct test test;
		bool passed, fails;

		must(test_parse(document->tests.item[i], &test, NULL) == FAULT_NONE);
		if (test.is_role) {
			must(roles_find(&document->roles, test.subject) != NULL);
			must(test_run_role(&test, document, 1, &passed, &decision, NULL) ==
			    FAULT_NONE);
			test.can = !test.can;
			must(test_run_role(&test, document, 1, &fails, &decision, NULL) ==
			    FAULT_NONE);
			must(passed != fails);
		}
		must(test.login || rules_find(&document->rules, test.permission) != NULL);
		test_clear(&test);
	}
}

/* What no text may bring about. */
static void
must_be_safe(const struct document *document)
{
	const struct role *administrator = roles_find(&document->roles, ROLE_SYSTEM_ADMINISTRATOR);

	must(administrator != NULL && !administrator->disabled);
	must(administrator->closure.count == document->rules.count);
	must(record_check(&settings_table, &document->rules.settings, false, NULL) == FAULT_NONE);
	must(settings_check(&document->rules.settings, NULL) == FAULT_NONE);
	must_keep_apart(document);
	must_be_tests(document);
	for (size_t i = 0; i < document->rules.count; i++) {
		const struct permission *permission = &document->rules.permission[i];

		must(record_check(&permission_table, permission, false, NULL) == FAULT_NONE);
		if (strncmp(permission->name, "hexa.", 5) == 0)
			must(rules_is_builtin(permission->name) &&
			    permission->services.count == 0 &&
			    permission->unix_groups.count == 0);
	}
}

/* Writes *document, which must come back and be written the same. */
static void
must_come_back(const struct document *document)
{
	struct bytes out = {0}, second = {0};
	struct document again;

	must(document_write(document, &out, NULL) == FAULT_NONE);
	must(document_read((const char *)out.data, out.size, &again, NULL) == FAULT_NONE);
	must_be_same_policy(document, &again);
	must(document_write(&again, &second, NULL) == FAULT_NONE);
	must(out.size == second.size && memcmp(out.data, second.data, out.size) == 0);
	bytes_clear(&out);
	bytes_clear(&second);
	document_clear(&again);
}

/* What is said of a text that is refused is the first that was found, among all. */
static void
must_be_wrong(const uint8_t *data, size_t size, const struct why *why)
{
	struct document_faults faults;
	bool said = false;

	must(document_faults((const char *)data, size, &faults, NULL) == FAULT_NONE);
	must(faults.count <= DOCUMENT_FAULTS_MAX);
	must(!faults.more || faults.count == DOCUMENT_FAULTS_MAX);
	for (size_t i = 0; i < faults.count; i++) {
		const struct why *fault = &faults.why[i];

		must(fault->fault == FAULT_INVALID && fault->text[0] != '\0');
		must(i == 0 || fault->line >= faults.why[i - 1].line);
		said |= fault->line == why->line && fault->column == why->column &&
		    strcmp(fault->text, why->text) == 0;
	}
	must(said);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct document document, copy = {0};
	struct document_faults faults;
	struct why why = {0};

	if (document_read((const char *)data, size, &document, &why) != FAULT_NONE) {
		must(why.fault == FAULT_INVALID && why.text[0] != '\0');
		must(size > SMALL || (why.line > 0 && why.column > 0));
		must(document.rules.permission == NULL && document.roles.role == NULL);
		must(document.constraint == NULL && document.tests.item == NULL);
		must_be_wrong(data, size, &why);
		return 0;
	}
	must_be_safe(&document);
	must(document_faults((const char *)data, size, &faults, NULL) == FAULT_NONE);
	must(faults.count == 0);
	must(document_copy(&copy, &document, NULL) == FAULT_NONE);
	must_be_same_policy(&document, &copy);
	document_clear(&document);
	must_come_back(&copy);
	document_clear(&copy);
	return 0;
}
