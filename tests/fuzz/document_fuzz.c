/*
 * document_fuzz.c - any bytes as a policy: refused with a place, or written so that the same policy
 * is read again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policy/document.h"

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
}

/* What no text may bring about. */
static void
must_be_safe(const struct document *document)
{
	const struct role *administrator = roles_find(&document->roles, ROLE_SYSTEM_ADMINISTRATOR);

	must(administrator != NULL && !administrator->disabled);
	must(administrator->closure.count == document->rules.count);
	for (size_t i = 0; i < document->rules.count; i++) {
		const struct permission *permission = &document->rules.permission[i];

		must(record_check(&permission_table, permission, false, NULL) == FAULT_NONE);
		if (strncmp(permission->name, "hexa.", 5) == 0)
			must(rules_is_builtin(permission->name) &&
			    permission->services.count == 0 &&
			    permission->unix_groups.count == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct document document;
	struct document again;
	struct bytes out = {0};
	struct why why = {0};

	if (document_read((const char *)data, size, &document, &why) != FAULT_NONE) {
		must(why.fault == FAULT_INVALID && why.text[0] != '\0');
		must(document.rules.permission == NULL && document.roles.role == NULL);
		return 0;
	}
	must_be_safe(&document);
	must(document_write(&document, &out, &why) == FAULT_NONE);
	must(document_read((const char *)out.data, out.size, &again, &why) == FAULT_NONE);
	must_be_same_policy(&document, &again);
	bytes_clear(&out);
	document_clear(&document);
	document_clear(&again);
	return 0;
}
