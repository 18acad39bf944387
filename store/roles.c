/*
 * roles.c - role and permission records, and the names of role groups.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/text.h"
#include "store/internal.h"

static const char ORIGIN[] = "local";

/* ---- roles: reading ----------------------------------------------------------------------- */

/*
 * The record must be of the name that it stands under: a list goes on from there, and would never
 * end.
 */
static enum fault
role_decode(struct span key, struct span value, struct role *role, struct why *why)
{
	struct role read = {0};
	enum fault fault = record_decode(&role_table, &read, value.data, value.size, why);

	if (fault != FAULT_NONE)
		return fault;
	if (read.name == NULL || strlen(read.name) != key.size ||
	    memcmp(read.name, key.data, key.size) != 0) {
		role_clear(&read);
		return why_set(why, FAULT_UNAVAILABLE, "a role record is damaged");
	}
	role_clear(role);
	*role = read;
	return FAULT_NONE;
}

enum fault
role_get(struct txn *txn, const char *name, struct role *role, struct why *why)
{
	struct span value;
	enum fault fault = table_get(txn->db, T_ROLES, key_text(name), &value, why);

	if (fault == FAULT_UNKNOWN)
		return why_field(why, FAULT_UNKNOWN, "roles", "there is no role %s", name);
	if (fault != FAULT_NONE)
		return fault;
	return role_decode(key_text(name), value, role, why);
}

enum fault
role_next(struct txn *txn, const char *after, struct role *role, struct why *why)
{
	struct span key = key_text(after), value;
	enum fault fault = table_seek(txn->db, T_ROLES, true, &key, &value, why);

	return fault == FAULT_NONE ? role_decode(key, value, role, why) : fault;
}

enum fault
roles_load(struct txn *txn, struct roles *roles, struct why *why)
{
	struct roles all = {0};
	struct role role = {0};
	char *after = strdup("");
	enum fault fault = after == NULL ? why_memory(why) : FAULT_NONE;

	while (fault == FAULT_NONE && (fault = role_next(txn, after, &role, why)) == FAULT_NONE) {
		free(after);
		after = strdup(role.name);
		fault = after == NULL ? why_memory(why) : roles_add(&all, &role, why);
	}
	free(after);
	role_clear(&role);
	if (fault != FAULT_UNKNOWN) {
		roles_clear(&all);
		return fault;
	}
	roles_clear(roles);
	*roles = all;
	return FAULT_NONE;
}

enum fault
roles_load_held(struct txn *txn, const struct user *user, struct roles *roles, struct why *why)
{
	struct roles held = {0};
	struct role role = {0};
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < user->roles.count; i++) {
		fault = role_get(txn, user->roles.item[i], &role, why);
		if (fault == FAULT_NONE)
			fault = roles_add(&held, &role, why);
		else if (fault == FAULT_UNKNOWN)
			fault = FAULT_NONE;
	}
	role_clear(&role);
	if (fault != FAULT_NONE) {
		roles_clear(&held);
		return fault;
	}
	roles_clear(roles);
	*roles = held;
	return FAULT_NONE;
}

/* ---- roles: writing ----------------------------------------------------------------------- */

static enum fault
changed_meanwhile(const char *name, struct why *why)
{
	return why_set(why, FAULT_CONFLICT,
	    "the role %s was changed by somebody else meanwhile; look again and repeat", name);
}

/* The record as it stands; an all-zero one for a role that is new. */
static enum fault
read_old(struct txn *txn, const struct role *role, struct role *old, struct why *why)
{
	enum fault fault = role_get(txn, role->name, old, why);

	if (role->version == 0) {
		if (fault == FAULT_NONE)
			return why_field(why, FAULT_CONFLICT, "name", "there is a role %s already",
			    role->name);
		return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
	}
	if (fault == FAULT_UNKNOWN || (fault == FAULT_NONE && old->version != role->version))
		return changed_meanwhile(role->name, why);
	return fault;
}

static enum fault
make_identity(struct txn *txn, struct role *role, struct why *why)
{
	if (role->origin == NULL)
		role->origin = strdup(ORIGIN);
	if (role->origin == NULL)
		return why_memory(why);
	crypto_uuid(&role->uuid);
	role->created = txn->entry.when;
	return FAULT_NONE;
}

/*
 * The group follows the role: a gid when it first has one, kept for ever; its name moves in the one
 * name space.
 */
static enum fault
move_group(struct txn *txn, const struct role *old, struct role *role, struct why *why)
{
	const char *was = old->name == NULL ? NULL : role_group(old);
	const char *is = role_group(role);
	enum fault fault = FAULT_NONE;

	if (is != NULL && !text_is_login(is))
		return why_field(why, FAULT_INVALID, "group",
		    "group: %s cannot be a Unix group's name; name one, or say no", is);
	if (is != NULL && role->gid == 0)
		fault = id_take(txn, HOLDER_GROUP, &role->gid, why);
	if (fault != FAULT_NONE || (was != NULL && is != NULL && strcmp(was, is) == 0))
		return fault;
	if (is != NULL)
		fault = name_take(txn, T_NAMES, "group", is, HOLDER_GROUP, role->gid, why);
	if (fault == FAULT_NONE && was != NULL)
		fault = name_give_up(txn, T_NAMES, was, why);
	return fault;
}

static enum fault
write_role(struct txn *txn, const struct role *role, struct why *why)
{
	struct bytes value = {0};

	record_encode(&role_table, role, &value);
	return table_put(txn->db, T_ROLES, key_text(role->name), &value, why);
}

enum fault
role_put(struct txn *txn, struct role *role, struct why *why)
{
	const uint64_t version = role->version;
	const uint32_t gid = role->gid;
	struct role old = {0};
	bool made = version == 0;
	enum fault fault = txn_must_write(txn, why);

	if (fault == FAULT_NONE && (role->name == NULL || !text_is_dotted(role->name)))
		fault = why_field(why, FAULT_INVALID, "name", "the role needs a name: a-z 0-9 _ - .");
	if (fault == FAULT_NONE)
		fault = read_old(txn, role, &old, why);
	if (fault == FAULT_NONE && made)
		fault = make_identity(txn, role, why);
	if (fault == FAULT_NONE)
		fault = move_group(txn, &old, role, why);
	if (fault == FAULT_NONE) {
		role->version++;
		fault = record_check(&role_table, role, made, why);
	}
	if (fault == FAULT_NONE)
		fault = journal_note_record(txn, &role_table, role->name, 0, made ? NULL : &old,
		    role, why);
	if (fault == FAULT_NONE)
		fault = write_role(txn, role, why);
	role_clear(&old);
	if (fault != FAULT_NONE) {
		role->version = version;
		role->gid = gid;
	}
	return fault;
}

static enum fault
refuse_held(struct txn *txn, const char *name, struct why *why)
{
	struct user user = {0};
	uint32_t uid;
	enum fault fault = role_member_next(txn, name, 0, &uid, why);

	if (fault == FAULT_UNKNOWN)
		return FAULT_NONE;
	if (fault == FAULT_NONE)
		fault = user_get(txn, uid, &user, why);
	if (fault == FAULT_NONE) {
		fault = why_set(why, FAULT_RULE, "%s still holds the role %s", user.name, name);
		why_mend(why, "hexa-admin role members %s", name);
	}
	user_clear(&user);
	return fault;
}

static enum fault
refuse_included(struct txn *txn, const char *name, struct why *why)
{
	struct roles roles = {0};
	enum fault fault = roles_load(txn, &roles, why);

	for (size_t i = 0; fault == FAULT_NONE && i < roles.count; i++)
		if (names_have(&roles.role[i].includes, name))
			fault = why_set(why, FAULT_RULE, "the role %s includes %s",
			    roles.role[i].name, name);
	roles_clear(&roles);
	return fault;
}

enum fault
role_delete(struct txn *txn, const struct role *role, struct why *why)
{
	struct role old = {0};
	enum fault fault = txn_must_write(txn, why);

	if (fault == FAULT_NONE && strcmp(role->name, ROLE_SYSTEM_ADMINISTRATOR) == 0)
		fault = why_set(why, FAULT_RULE, "the role %s cannot be deleted", role->name);
	if (fault == FAULT_NONE)
		fault = read_old(txn, role, &old, why);
	if (fault == FAULT_NONE)
		fault = refuse_held(txn, role->name, why);
	if (fault == FAULT_NONE)
		fault = refuse_included(txn, role->name, why);
	if (fault == FAULT_NONE && role_group(&old) != NULL)
		fault = name_give_up(txn, T_NAMES, role_group(&old), why);
	if (fault == FAULT_NONE)
		fault = journal_note_record(txn, &role_table, old.name, 0, &old, NULL, why);
	if (fault == FAULT_NONE)
		fault = db_delete(txn->db, T_ROLES, key_text(old.name), why);
	role_clear(&old);
	return fault;
}

/* ---- permissions -------------------------------------------------------------------------- */

static enum fault
load_permissions(struct txn *txn, struct rules *rules, struct why *why)
{
	struct span key = {0}, value;
	struct permission permission = {0};
	char *last = NULL;
	enum fault fault;

	while ((fault = table_seek(txn->db, T_PERMISSIONS, last != NULL, &key, &value, why)) ==
	    FAULT_NONE) {
		fault = record_decode(&permission_table, &permission, value.data, value.size, why);
		if (fault != FAULT_NONE)
			break;
		free(last);
		last = strdup(permission.name);
		fault = last == NULL ? why_memory(why) : rules_add(rules, &permission, why);
		if (fault != FAULT_NONE)
			break;
		key = key_text(last);
	}
	permission_clear(&permission);
	free(last);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

enum fault
rules_load(struct txn *txn, struct rules *rules, struct why *why)
{
	struct rules all = {0};
	enum fault fault = rules_add_builtin(&all, why);

	if (fault == FAULT_NONE)
		fault = load_permissions(txn, &all, why);
	if (fault != FAULT_NONE) {
		rules_clear(&all);
		return fault;
	}
	rules_clear(rules);
	*rules = all;
	return FAULT_NONE;
}

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

enum fault
rules_save(struct txn *txn, const struct rules *rules, struct why *why)
{
	struct rules old = {0};
	enum fault fault = txn_must_write(txn, why);

	if (fault == FAULT_NONE)
		fault = rules_load(txn, &old, why);
	for (size_t i = 0; fault == FAULT_NONE && i < old.count; i++)
		if (!rules_is_builtin(old.permission[i].name) &&
		    rules_find(rules, old.permission[i].name) == NULL)
			fault = delete_permission(txn, &old.permission[i], why);
	for (size_t i = 0; fault == FAULT_NONE && i < rules->count; i++)
		if (!rules_is_builtin(rules->permission[i].name))
			fault = put_permission(txn, rules_find(&old, rules->permission[i].name),
			    &rules->permission[i], why);
	rules_clear(&old);
	return fault;
}
