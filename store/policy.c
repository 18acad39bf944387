/*
 * policy.c - the policy besides roles and permissions: settings, the services that permissions
 * name, constraints, tests, and the text that it was applied from.
 *
 * Each is one value of T_POLICY.  All but the text are there from the beginning, be they empty: one
 * that is missing is damage, never a default.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/internal.h"

static const char SETTINGS[] = "settings";
static const char SERVICES[] = "services";
static const char CONSTRAINTS[] = "constraints";
static const char TESTS[] = "tests";
static const char SOURCE[] = "source";

static enum fault
damaged(const char *word, struct why *why)
{
	return why_set(why, FAULT_UNAVAILABLE, "the database is damaged: the policy's %s", word);
}

static enum fault
policy_get(struct txn *txn, const char *word, struct reader *reader, struct why *why)
{
	struct span value;
	enum fault fault = table_get(txn->db, T_POLICY, key_text(word), &value, why);

	if (fault == FAULT_UNKNOWN)
		return damaged(word, why);
	if (fault == FAULT_NONE)
		*reader = reader_over(value.data, value.size);
	return fault;
}

static enum fault
policy_put(struct txn *txn, const char *word, struct bytes *value, struct why *why)
{
	return table_put(txn->db, T_POLICY, key_text(word), value, why);
}

/* ---- lists of words ----------------------------------------------------------------------- */

static void
put_list(struct bytes *value, const struct names *list)
{
	bytes_put_u32(value, (uint32_t)list->count);
	for (size_t i = 0; i < list->count; i++)
		bytes_put_text(value, list->item[i]);
}

/* At most `count` words of at most `max` bytes. */
static bool
read_list(struct reader *reader, size_t max, size_t count, struct names *list)
{
	uint32_t left = reader_u32(reader);
	bool good = left <= count;

	for (; good && left > 0; left--) {
		char *word = reader_text(reader, max);

		good = word != NULL && names_add(list, word);
		free(word);
	}
	return good && !reader->failed;
}

/* ---- settings ----------------------------------------------------------------------------- */

enum { SETTING_BYTES = 4096 }; /* of one as text: the largest list of ranges is half of it */

static void
put_setting(struct bytes *value, const struct field *field, const struct settings *settings)
{
	struct bytes text = {0};
	char *word;

	field_print(field, settings, &text);
	word = bytes_take_text(&text);
	if (word == NULL)
		value->failed = true;
	bytes_put_text(value, field->name);
	bytes_put_text(value, word);
	free(word);
}

/*
 * Only what differs from the default is kept: a default of a later Hexa holds where nothing was
 * said.
 */
enum fault
settings_write(struct txn *txn, const struct settings *settings, struct why *why)
{
	struct settings defaults = {0};
	struct bytes value = {0};
	enum fault fault = settings_default(&defaults, why);

	for (size_t i = 0; fault == FAULT_NONE && i < settings_table.count; i++)
		if (!field_same(&settings_table.rows[i], settings, &defaults))
			put_setting(&value, &settings_table.rows[i], settings);
	settings_clear(&defaults);
	return fault == FAULT_NONE ? policy_put(txn, SETTINGS, &value, why) : fault;
}

static bool
read_setting(struct reader *reader, struct settings *settings)
{
	char *name = reader_text(reader, WORD_BYTES), *text = reader_text(reader, SETTING_BYTES);
	const struct field *field = name == NULL ? NULL : field_find(&settings_table, name);
	bool good = field != NULL && text != NULL &&
	    field_parse(field, settings, text, NULL) == FAULT_NONE;

	free(name);
	free(text);
	return good;
}

enum fault
settings_load(struct txn *txn, struct settings *settings, struct why *why)
{
	struct settings read = {0};
	struct reader reader;
	enum fault fault = settings_default(&read, why);

	if (fault == FAULT_NONE)
		fault = policy_get(txn, SETTINGS, &reader, why);
	while (fault == FAULT_NONE && reader.left > 0)
		if (!read_setting(&reader, &read))
			fault = damaged(SETTINGS, why);
	if (fault == FAULT_NONE && settings_check(&read, NULL) != FAULT_NONE)
		fault = damaged(SETTINGS, why);
	if (fault != FAULT_NONE) {
		settings_clear(&read);
		return fault;
	}
	settings_clear(settings);
	*settings = read;
	return FAULT_NONE;
}

enum fault
settings_save(struct txn *txn, const struct settings *old, const struct settings *new,
    struct why *why)
{
	enum fault fault = record_check(&settings_table, new, false, why);

	if (fault == FAULT_NONE)
		fault = settings_check(new, why);
	if (fault == FAULT_NONE)
		fault = journal_note_record(txn, &settings_table, "", 0, old, new, why);
	ranges_clear(&txn->ranges);
	return fault == FAULT_NONE ? settings_write(txn, new, why) : fault;
}

/* ---- services ----------------------------------------------------------------------------- */

enum { SERVICES_MAX = 1 << 20 };

enum fault
services_get(struct txn *txn, struct names *services, struct why *why)
{
	struct names read = {0};
	struct reader reader;
	enum fault fault = policy_get(txn, SERVICES, &reader, why);
	bool good = fault == FAULT_NONE &&
	    read_list(&reader, SERVICE_BYTES, SERVICES_MAX, &read) && reader_done(&reader);

	/* They are searched by halves. */
	for (size_t i = 1; good && i < read.count; i++)
		good = strcmp(read.item[i - 1], read.item[i]) < 0;
	if (fault == FAULT_NONE && !good)
		fault = damaged(SERVICES, why);
	if (fault != FAULT_NONE) {
		names_clear(&read);
		return fault;
	}
	names_clear(services);
	*services = read;
	return FAULT_NONE;
}

enum fault
services_put(struct txn *txn, const struct names *services, struct why *why)
{
	struct bytes value = {0};

	put_list(&value, services);
	return policy_put(txn, SERVICES, &value, why);
}

/* ---- constraints and tests ---------------------------------------------------------------- */

static enum fault
load_constraints(struct txn *txn, struct document *document, struct why *why)
{
	struct reader reader;
	uint32_t count = 0;
	enum fault fault = policy_get(txn, CONSTRAINTS, &reader, why);

	if (fault == FAULT_NONE && (count = reader_u32(&reader)) > CONSTRAINTS_MAX)
		fault = damaged(CONSTRAINTS, why);
	for (; fault == FAULT_NONE && count > 0; count--) {
		struct names roles = {0};

		fault = read_list(&reader, WORD_BYTES, CONSTRAINT_ROLES_MAX, &roles)
		    ? document_add_constraint(document, &roles, why)
		    : damaged(CONSTRAINTS, why);
		names_clear(&roles);
	}
	if (fault == FAULT_NONE && !reader_done(&reader))
		fault = damaged(CONSTRAINTS, why);
	return fault;
}

static enum fault
load_tests(struct txn *txn, struct document *document, struct why *why)
{
	struct reader reader;
	enum fault fault = policy_get(txn, TESTS, &reader, why);

	if (fault == FAULT_NONE &&
	    (!read_list(&reader, TEST_BYTES, TESTS_MAX, &document->tests) || !reader_done(&reader)))
		fault = damaged(TESTS, why);
	return fault;
}

static enum fault
load_extras(struct txn *txn, struct document *document, struct why *why)
{
	enum fault fault = load_constraints(txn, document, why);

	return fault == FAULT_NONE ? load_tests(txn, document, why) : fault;
}

enum fault
document_load(struct txn *txn, struct document *document, struct why *why)
{
	struct document read = {0};
	enum fault fault = rules_load(txn, &read.rules, why);

	if (fault == FAULT_NONE)
		fault = roles_load(txn, &read.roles, why);
	if (fault == FAULT_NONE)
		fault = load_extras(txn, &read, why);
	if (fault != FAULT_NONE) {
		document_clear(&read);
		return fault;
	}
	*document = read;
	return FAULT_NONE;
}

/* The constraints as texts, as the journal has them: the roles, with spaces between them. */
static enum fault
constraint_texts(const struct document *document, struct names *texts, struct why *why)
{
	bool good = true;

	for (size_t i = 0; good && i < document->constraint_count; i++) {
		const struct names *roles = &document->constraint[i].never_together;
		struct bytes text = {0};
		char *line;

		for (size_t j = 0; j < roles->count; j++)
			bytes_print(&text, "%s%s", j == 0 ? "" : " ", roles->item[j]);
		line = bytes_take_text(&text);
		good = line != NULL && names_add(texts, line);
		free(line);
	}
	return good ? FAULT_NONE : why_memory(why);
}

static enum fault
sorted_copy(const struct names *list, struct names *copy, struct why *why)
{
	for (size_t i = 0; i < list->count; i++)
		if (!names_insert(copy, list->item[i]))
			return why_memory(why);
	return FAULT_NONE;
}

/* Notes each text that one of the sorted lists has and the other has not. */
static enum fault
note_missing(struct txn *txn, const char *noun, const struct names *from, const struct names *to,
    bool came, struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < from->count; i++) {
		const char *text = from->item[i];

		if (!names_have_sorted(to, text))
			fault = journal_note(txn, noun, text, 0, "", came ? "" : text,
			    came ? text : "", why);
	}
	return fault;
}

/* What came and what went.  The order is kept too, and is in no journal. */
static enum fault
note_texts(struct txn *txn, const char *noun, const struct names *old, const struct names *new,
    struct why *why)
{
	struct names from = {0}, to = {0};
	enum fault fault = FAULT_NONE;

	if (names_same(old, new))
		return FAULT_NONE;
	txn->unnoted = true;
	fault = sorted_copy(old, &from, why);
	if (fault == FAULT_NONE)
		fault = sorted_copy(new, &to, why);
	if (fault == FAULT_NONE)
		fault = note_missing(txn, noun, &from, &to, false, why);
	if (fault == FAULT_NONE)
		fault = note_missing(txn, noun, &to, &from, true, why);
	names_clear(&from);
	names_clear(&to);
	return fault;
}

static enum fault
note_extras(struct txn *txn, const struct document *old, const struct document *new,
    struct why *why)
{
	struct names before = {0}, after = {0};
	enum fault fault = constraint_texts(old, &before, why);

	if (fault == FAULT_NONE)
		fault = constraint_texts(new, &after, why);
	if (fault == FAULT_NONE)
		fault = note_texts(txn, "constraint", &before, &after, why);
	if (fault == FAULT_NONE)
		fault = note_texts(txn, "test", &old->tests, &new->tests, why);
	names_clear(&before);
	names_clear(&after);
	return fault;
}

enum fault
extras_write(struct txn *txn, const struct document *document, struct why *why)
{
	struct bytes constraints = {0}, tests = {0};
	enum fault fault;

	bytes_put_u32(&constraints, (uint32_t)document->constraint_count);
	for (size_t i = 0; i < document->constraint_count; i++)
		put_list(&constraints, &document->constraint[i].never_together);
	put_list(&tests, &document->tests);
	fault = policy_put(txn, CONSTRAINTS, &constraints, why);
	if (fault == FAULT_NONE)
		fault = policy_put(txn, TESTS, &tests, why);
	bytes_clear(&tests);
	return fault;
}

/* What load would refuse is not written. */
static enum fault
check_extras(const struct document *document, struct why *why)
{
	if (document->constraint_count > CONSTRAINTS_MAX)
		return why_set(why, FAULT_INVALID, "more than %d constraints", CONSTRAINTS_MAX);
	if (document->tests.count > TESTS_MAX)
		return why_set(why, FAULT_INVALID, "more than %d tests", TESTS_MAX);
	for (size_t i = 0; i < document->constraint_count; i++)
		if (document->constraint[i].never_together.count > CONSTRAINT_ROLES_MAX)
			return why_set(why, FAULT_INVALID, "a constraint of more than %d roles",
			    CONSTRAINT_ROLES_MAX);
	for (size_t i = 0; i < document->tests.count; i++)
		if (strlen(document->tests.item[i]) > TEST_BYTES)
			return why_set(why, FAULT_INVALID, "a test of more than %d bytes",
			    TEST_BYTES);
	return FAULT_NONE;
}

enum fault
extras_save(struct txn *txn, const struct document *document, struct why *why)
{
	struct document old = {0};
	enum fault fault = txn_must_write(txn, why);

	if (fault == FAULT_NONE)
		fault = check_extras(document, why);
	if (fault == FAULT_NONE)
		fault = load_extras(txn, &old, why);
	if (fault == FAULT_NONE)
		fault = note_extras(txn, &old, document, why);
	if (fault == FAULT_NONE)
		fault = extras_write(txn, document, why);
	document_clear(&old);
	return fault;
}

/* ---- the text ----------------------------------------------------------------------------- */

enum fault
source_get(struct txn *txn, struct bytes *yaml, struct why *why)
{
	struct span value;
	struct bytes copy = {0};
	enum fault fault = table_get(txn->db, T_POLICY, key_text(SOURCE), &value, why);

	if (fault == FAULT_UNKNOWN)
		return why_set(why, FAULT_UNKNOWN, "the policy was not applied as it stands");
	if (fault != FAULT_NONE)
		return fault;
	bytes_put(&copy, value.data, value.size);
	if (copy.failed) {
		bytes_clear(&copy);
		return why_memory(why);
	}
	bytes_clear(yaml);
	*yaml = copy;
	return FAULT_NONE;
}

/* A text's BLAKE2b in hexadecimal digits; of none, nothing. */
static void
digest_text(struct span text, char out[2 * CRYPTO_HASH_BYTES + 1])
{
	unsigned char hash[CRYPTO_HASH_BYTES];

	out[0] = '\0';
	if (text.data == NULL)
		return;
	crypto_digest(text.data, text.size, "", 0, hash);
	for (size_t i = 0; i < sizeof(hash); i++)
		snprintf(out + 2 * i, 3, "%02x", hash[i]);
}

/* The text is too long for a journal, and its comments are nobody's rights: its hash is there. */
static enum fault
note_source(struct txn *txn, struct span before, struct span after, struct why *why)
{
	char was[2 * CRYPTO_HASH_BYTES + 1], is[2 * CRYPTO_HASH_BYTES + 1];

	digest_text(before, was);
	digest_text(after, is);
	if (strcmp(was, is) == 0)
		return FAULT_NONE;
	return journal_note(txn, "policy", "", 0, "text", was, is, why);
}

enum fault
source_put(struct txn *txn, const char *yaml, size_t size, struct why *why)
{
	struct span before = {0};
	struct bytes value = {0};
	enum fault fault = txn_must_write(txn, why);

	if (fault != FAULT_NONE)
		return fault;
	if (yaml != NULL && size > DOCUMENT_MAX)
		return why_set(why, FAULT_INVALID, "a policy of more than %d bytes", DOCUMENT_MAX);
	fault = table_get(txn->db, T_POLICY, key_text(SOURCE), &before, why);
	if (fault == FAULT_UNKNOWN)
		before = (struct span){0};
	else if (fault != FAULT_NONE)
		return fault;
	if (yaml == NULL && before.data == NULL)
		return FAULT_NONE;
	fault = note_source(txn, before, (struct span){yaml, yaml == NULL ? 0 : size}, why);
	if (fault != FAULT_NONE)
		return fault;
	if (yaml == NULL)
		return db_delete(txn->db, T_POLICY, key_text(SOURCE), why);
	bytes_put(&value, yaml, size);
	return policy_put(txn, SOURCE, &value, why);
}

/* ---- a new database ----------------------------------------------------------------------- */

enum fault
policy_start(struct txn *txn, struct why *why)
{
	static const struct document nothing;
	struct settings defaults = {0};
	enum fault fault = settings_default(&defaults, why);

	if (fault == FAULT_NONE)
		fault = settings_write(txn, &defaults, why);
	if (fault == FAULT_NONE)
		fault = services_put(txn, &nothing.rules.services, why);
	if (fault == FAULT_NONE)
		fault = extras_write(txn, &nothing, why);
	settings_clear(&defaults);
	return fault;
}
