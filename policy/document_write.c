/*
 * document_write.c - the policy as YAML, written: always the same bytes for the same policy.
 */
#include "policy/document.h"

#include <stdlib.h>
#include <string.h>

#include "policy/document_parts.h"
#include "policy/yaml.h"

/* Longer lists get a line for each text, so that a change of one is a change of one line. */
enum { ONE_LINE_TEXTS = 8 };

/* ---- values ------------------------------------------------------------------------------- */

/* Written bare: no reader of YAML takes it for something that does not mean the same. */
static bool
is_bare(const struct field *field, const char *text)
{
	switch (field->kind) {
	case K_BOOL:
	case K_NUMBER:
	case K_DURATION:
	case K_SIZE:
	case K_RANGES:
		return true;
	case K_GROUP:
		return strcmp(text, ROLE_NO_GROUP) == 0;
	case K_TEXT:
	case K_GECOS:
	case K_LOGIN:
	case K_USER:
	case K_WORD:
	case K_EMAIL:
	case K_PHONE:
	case K_PATH:
	case K_UNIT:
	case K_SECRET:
	case K_ID:
	case K_VERSION:
	case K_TIME:
	case K_END:
	case K_CHOICE:
	case K_LOGINS:
	case K_PATTERNS:
	case K_WORDS:
	case K_SERVICES:
	case K_ASSIGNMENTS:
	case K_GRANTS:
	case K_CHOICES:
	case K_COMPILED:
	case K_HOME:
	case K_UUID:
		return false;
	}
	return false;
}

static void
put(struct yaml_writer *writer, const struct field *field, const char *text)
{
	if (is_bare(field, text))
		yaml_put_word(writer, text);
	else
		yaml_put_text(writer, text);
}

static void
put_list(struct yaml_writer *writer, const struct field *field, const struct names *names)
{
	yaml_put_list(writer, names->count > ONE_LINE_TEXTS ? FORM_LINES : FORM_LINE);
	for (size_t i = 0; i < names->count; i++)
		put(writer, field, names->item[i]);
	yaml_put_list_end(writer);
}

static enum fault
write_value(struct yaml_writer *writer, const struct field *field, const void *record,
    struct why *why)
{
	char *text;

	if (field_is_list(field)) {
		put_list(writer, field, (const void *)((const char *)record + field->offset));
		return FAULT_NONE;
	}
	text = field_text(field, record);
	if (text == NULL)
		return why_memory(why);
	put(writer, field, text);
	free(text);
	return FAULT_NONE;
}

/* ---- settings ----------------------------------------------------------------------------- */

/* Of a field's name: how far two stand in the same sections, dots included. */
static size_t
shared_sections(const char *a, const char *b)
{
	size_t shared = 0;

	for (size_t i = 0; a[i] != '\0' && a[i] == b[i]; i++)
		if (a[i] == '.')
			shared = i + 1;
	return shared;
}

static void
leave_sections(struct yaml_writer *writer, const char *from, size_t shared)
{
	for (const char *dot = strchr(from + shared, '.'); dot != NULL; dot = strchr(dot + 1, '.'))
		yaml_put_map_end(writer);
}

/* The sections of a field's name behind those that are shared, and its key. */
static enum fault
enter_sections(struct yaml_writer *writer, const char *to, size_t shared, struct why *why)
{
	const char *word = to + shared;

	for (const char *dot = strchr(word, '.'); dot != NULL; dot = strchr(word, '.')) {
		char *section = strndup(word, (size_t)(dot - word));

		if (section == NULL)
			return why_memory(why);
		yaml_put_word(writer, section);
		yaml_put_map(writer, FORM_LINE);
		free(section);
		word = dot + 1;
	}
	yaml_put_word(writer, word);
	return FAULT_NONE;
}

/* Can a document say so?  Nothing, in place of a default that is something, is said by no text. */
static bool
can_be_said(const struct field *field, const struct settings *settings)
{
	return !field_is_empty(field, settings) || field->kind == K_BOOL ||
	    field->kind == K_CHOICE || (field->rights & F_ZERO) != 0;
}

static enum fault
write_settings(struct yaml_writer *writer, const struct settings *settings, struct why *why)
{
	struct settings usual = {0};
	enum fault fault = settings_default(&usual, why);
	const char *last = "";

	for (size_t i = 0; fault == FAULT_NONE && i < settings_table.count; i++) {
		const struct field *field = &settings_table.rows[i];
		size_t shared = shared_sections(last, field->name);

		if (field_same(field, settings, &usual) || !can_be_said(field, settings))
			continue;
		leave_sections(writer, last, shared);
		fault = enter_sections(writer, field->name, shared, why);
		if (fault == FAULT_NONE)
			fault = write_value(writer, field, settings, why);
		last = field->name;
	}
	leave_sections(writer, last, 0);
	settings_clear(&usual);
	return fault;
}

/* ---- permissions and roles ---------------------------------------------------------------- */

static enum fault
write_record(struct yaml_writer *writer, const struct table *table, const char *name,
    const void *record, struct why *why)
{
	enum fault fault = FAULT_NONE;

	yaml_put_text(writer, name);
	yaml_put_map(writer, FORM_LINES);
	for (size_t i = 0; fault == FAULT_NONE && i < table->count; i++) {
		const struct field *field = &table->rows[i];

		if (!document_states(table, field) || field_is_empty(field, record))
			continue;
		yaml_put_word(writer, field->name);
		fault = write_value(writer, field, record, why);
	}
	yaml_put_map_end(writer);
	return fault;
}

static enum fault
write_permissions(struct yaml_writer *writer, const struct rules *rules, struct why *why)
{
	enum fault fault = FAULT_NONE;

	yaml_put_word(writer, "permissions");
	yaml_put_map(writer, FORM_LINES);
	for (size_t i = 0; fault == FAULT_NONE && i < rules->count; i++) {
		const struct permission *permission = &rules->permission[i];

		if (!document_reserves(permission->name))
			fault = write_record(writer, &permission_table, permission->name,
			    permission, why);
	}
	yaml_put_map_end(writer);
	return fault;
}

/* True when a document that leaves the role out makes the same one. */
static bool
is_unchanged(const struct role *role, const struct roles *builtin)
{
	const struct role *made = roles_find(builtin, role->name);

	for (size_t i = 0; made && i < role_table.count; i++) {
		const struct field *field = &role_table.rows[i];

		if (document_states(&role_table, field) && !field_same(field, role, made))
			return false;
	}
	return made != NULL;
}

static enum fault
write_roles(struct yaml_writer *writer, const struct roles *roles, struct why *why)
{
	struct roles builtin = {0};
	enum fault fault = roles_add_builtin(&builtin, why);

	yaml_put_word(writer, "roles");
	yaml_put_map(writer, FORM_LINES);
	for (size_t i = 0; fault == FAULT_NONE && i < roles->count; i++) {
		const struct role *role = &roles->role[i];

		if (!is_unchanged(role, &builtin))
			fault = write_record(writer, &role_table, role->name, role, why);
	}
	yaml_put_map_end(writer);
	roles_clear(&builtin);
	return fault;
}

/* ---- constraints and tests ---------------------------------------------------------------- */

static void
write_constraints(struct yaml_writer *writer, const struct document *document)
{
	if (document->constraint_count == 0)
		return;
	yaml_put_word(writer, "constraints");
	yaml_put_list(writer, FORM_LINES);
	for (size_t i = 0; i < document->constraint_count; i++) {
		const struct field *field = &constraint_table.rows[0];

		yaml_put_map(writer, FORM_LINES);
		yaml_put_word(writer, field->name);
		put_list(writer, field, &document->constraint[i].never_together);
		yaml_put_map_end(writer);
	}
	yaml_put_list_end(writer);
}

static void
write_tests(struct yaml_writer *writer, const struct names *tests)
{
	if (tests->count == 0)
		return;
	yaml_put_word(writer, "tests");
	yaml_put_list(writer, FORM_LINES);
	for (size_t i = 0; i < tests->count; i++)
		yaml_put_text(writer, tests->item[i]);
	yaml_put_list_end(writer);
}

enum fault
document_write(const struct document *document, struct bytes *out, struct why *why)
{
	struct yaml_writer *writer = NULL;
	enum fault fault = yaml_writer_new(&writer, why);

	if (fault != FAULT_NONE)
		return fault;
	yaml_put_map(writer, FORM_LINES);
	yaml_put_word(writer, "hexa-policy");
	yaml_put_word(writer, DOCUMENT_FORMAT);
	fault = write_settings(writer, &document->rules.settings, why);
	if (fault == FAULT_NONE)
		fault = write_permissions(writer, &document->rules, why);
	if (fault == FAULT_NONE)
		fault = write_roles(writer, &document->roles, why);
	write_constraints(writer, document);
	write_tests(writer, &document->tests);
	yaml_put_map_end(writer);
	if (fault == FAULT_NONE)
		fault = yaml_writer_finish(writer, out, why);
	yaml_writer_free(writer);
	return fault;
}
