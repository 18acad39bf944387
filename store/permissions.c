/*
 * permissions.c - the rules: permission records, the services they name, and the settings.
 */
#include <string.h>

#include "policy/grant.h"
#include "store/internal.h"

/* ---- permission records ------------------------------------------------------------------- */

/*
 * The record must be of the name that it stands under: a list goes on from there, and would never
 * end.
 */
static enum fault
permission_decode(struct span key, struct span value, struct permission *permission,
    struct why *why)
{
	struct permission read = {0};
	enum fault fault = record_decode(&permission_table, &read, value.data, value.size, why);

	if (fault != FAULT_NONE)
		return fault;
	if (read.name == NULL || strlen(read.name) != key.size ||
	    memcmp(read.name, key.data, key.size) != 0) {
		permission_clear(&read);
		return why_set(why, FAULT_UNAVAILABLE, "a permission record is damaged");
	}
	permission_clear(permission);
	*permission = read;
	return FAULT_NONE;
}

/* Moves the permission into the rules, unless it is there: two grants may cover it. */
static enum fault
add_once(struct rules *rules, struct permission *permission, struct why *why)
{
	if (rules_find(rules, permission->name) != NULL)
		return FAULT_NONE;
	return rules_add(rules, permission, why);
}

/* All that the pattern covers: they stand side by side, from its stem on. */
static enum fault
load_covered(struct txn *txn, const char *pattern, struct rules *rules, struct why *why)
{
	struct span key = {pattern, strcspn(pattern, "*")}, value;
	struct permission permission = {0};
	const bool is_name = strchr(pattern, '*') == NULL;
	bool beyond = false, covered = true;
	enum fault fault = FAULT_NONE;

	while (covered && (fault = table_seek(txn->db, T_PERMISSIONS, beyond, &key, &value, why)) ==
	    FAULT_NONE) {
		fault = permission_decode(key, value, &permission, why);
		if (fault != FAULT_NONE)
			break;
		covered = permission_matches(pattern, permission.name);
		if (covered)
			fault = add_once(rules, &permission, why);
		if (fault != FAULT_NONE)
			break;
		beyond = true;
		covered &= !is_name;
	}
	permission_clear(&permission);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

enum fault
rules_load_login(struct txn *txn, const struct user *user, struct rules *rules, struct why *why)
{
	struct rules part = {0};
	enum fault fault = FAULT_NONE;

	if (user->grants.count > 0)
		fault = rules_add_builtin(&part, why);
	for (size_t i = 0; fault == FAULT_NONE && i < user->grants.count; i++) {
		struct grant grant;

		if (grant_parse(user->grants.item[i], &grant))
			fault = load_covered(txn, grant.permission, &part, why);
	}
	if (fault == FAULT_NONE) {
		names_clear(&part.services);
		fault = services_get(txn, &part.services, why);
	}
	if (fault == FAULT_NONE)
		fault = settings_load(txn, &part.settings, why);
	if (fault != FAULT_NONE) {
		rules_clear(&part);
		return fault;
	}
	rules_clear(rules);
	*rules = part;
	return FAULT_NONE;
}

/* What logins go by must be what the permissions say. */
static enum fault
check_services(struct txn *txn, const struct rules *rules, struct why *why)
{
	struct names services = {0};
	enum fault fault = services_get(txn, &services, why);

	if (fault == FAULT_NONE && !names_same(&services, &rules->services))
		fault = why_set(why, FAULT_UNAVAILABLE,
		    "the database is damaged: the services that permissions name");
	names_clear(&services);
	return fault;
}

enum fault
rules_load(struct txn *txn, struct rules *rules, struct why *why)
{
	struct rules all = {0};
	enum fault fault = rules_add_builtin(&all, why);

	if (fault == FAULT_NONE)
		fault = load_covered(txn, "*", &all, why);
	if (fault == FAULT_NONE)
		fault = check_services(txn, &all, why);
	if (fault == FAULT_NONE)
		fault = settings_load(txn, &all.settings, why);
	if (fault != FAULT_NONE) {
		rules_clear(&all);
		return fault;
	}
	rules_clear(rules);
	*rules = all;
	return FAULT_NONE;
}

/* ---- writing ------------------------------------------------------------------------------ */

static bool
same_permission(const struct permission *a, const struct permission *b)
{
	for (size_t i = 0; i < permission_table.count; i++)
		if (!field_same(&permission_table.rows[i], a, b))
			return false;
	return true;
}

static enum fault
put_permission(struct txn *txn, const struct permission *old, const struct permission *new,
    struct why *why)
{
	struct bytes value = {0};
	enum fault fault;

	if (old != NULL && same_permission(old, new))
		return FAULT_NONE;
	fault = record_check(&permission_table, new, old == NULL, why);
	if (fault == FAULT_NONE)
		fault = journal_note_record(txn, &permission_table, new->name, 0, old, new, why);
	if (fault != FAULT_NONE)
		return fault;
	record_encode(&permission_table, new, &value);
	return table_put(txn->db, T_PERMISSIONS, key_text(new->name), &value, why);
}

static enum fault
delete_permission(struct txn *txn, const struct permission *old, struct why *why)
{
	enum fault fault =
	    journal_note_record(txn, &permission_table, old->name, 0, old, NULL, why);

	return fault == FAULT_NONE ? db_delete(txn->db, T_PERMISSIONS, key_text(old->name), why)
	                           : fault;
}

static enum fault
save_permissions(struct txn *txn, const struct rules *old, const struct rules *rules,
    struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < old->count; i++)
		if (!rules_is_builtin(old->permission[i].name) &&
		    rules_find(rules, old->permission[i].name) == NULL)
			fault = delete_permission(txn, &old->permission[i], why);
	for (size_t i = 0; fault == FAULT_NONE && i < rules->count; i++)
		if (!rules_is_builtin(rules->permission[i].name))
			fault = put_permission(txn, rules_find(old, rules->permission[i].name),
			    &rules->permission[i], why);
	return fault;
}

/* Counted out anew: what the caller's list says is not asked. */
static enum fault
save_services(struct txn *txn, const struct rules *rules, struct why *why)
{
	struct names services = {0};
	bool good = true;
	enum fault fault;

	for (size_t i = 0; i < rules->count; i++)
		for (size_t j = 0; good && j < rules->permission[i].services.count; j++)
			good = names_insert(&services, rules->permission[i].services.item[j]);
	fault = good ? services_put(txn, &services, why) : why_memory(why);
	names_clear(&services);
	return fault;
}

enum fault
rules_save(struct txn *txn, const struct rules *rules, struct why *why)
{
	struct rules old = {0};
	enum fault fault = txn_must_write(txn, why);

	if (fault == FAULT_NONE)
		fault = rules_load(txn, &old, why);
	if (fault == FAULT_NONE)
		fault = save_permissions(txn, &old, rules, why);
	if (fault == FAULT_NONE)
		fault = save_services(txn, rules, why);
	if (fault == FAULT_NONE)
		fault = settings_save(txn, &old.settings, &rules->settings, why);
	rules_clear(&old);
	return fault;
}
