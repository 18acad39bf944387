/*
 * roles.c - role records, and the names of role groups.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/assignment.h"
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
		struct assignment assignment;

		if (!assignment_parse(user->roles.item[i], &assignment) ||
		    roles_find(&held, assignment.role) != NULL)
			continue;
		fault = role_get(txn, assignment.role, &role, why);
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

/* ---- roles: what is compiled -------------------------------------------------------------- */

static bool
role_same(const struct role *a, const struct role *b)
{
	for (size_t i = 0; i < role_table.count; i++)
		if (!field_same(&role_table.rows[i], a, b))
			return false;
	return true;
}

static enum fault
move_stale(const struct roles *standing, struct roles *compiled, struct roles *stale,
    struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < standing->count; i++)
		if (!role_same(&standing->role[i], &compiled->role[i]))
			fault = roles_add(stale, &compiled->role[i], why);
	return fault;
}

enum fault
roles_find_stale(struct txn *txn, struct roles *stale, struct why *why)
{
	struct roles standing = {0}, compiled = {0}, found = {0};
	struct rules rules = {0};
	enum fault fault = rules_load(txn, &rules, why);

	if (fault == FAULT_NONE)
		fault = roles_load(txn, &standing, why);
	if (fault == FAULT_NONE)
		fault = roles_load(txn, &compiled, why);
	if (fault == FAULT_NONE)
		fault = roles_compile(&compiled, &rules, NULL, why);
	if (fault == FAULT_NONE)
		fault = move_stale(&standing, &compiled, &found, why);
	if (fault == FAULT_NONE) {
		roles_clear(stale);
		*stale = found;
		found = (struct roles){0};
	}
	roles_clear(&standing);
	roles_clear(&compiled);
	roles_clear(&found);
	rules_clear(&rules);
	return fault;
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
mend_role(struct txn *txn, struct role *role, struct names *mended, struct why *why)
{
	struct role old = {0};
	enum fault fault = role_get(txn, role->name, &old, why);

	role->version++;
	if (fault == FAULT_NONE)
		fault = journal_note_record(txn, &role_table, role->name, 0, &old, role, why);
	if (fault == FAULT_NONE)
		fault = write_role(txn, role, why);
	if (fault == FAULT_NONE && !names_add(mended, role->name))
		fault = why_memory(why);
	role_clear(&old);
	return fault;
}

/* Nothing else of them changes, and so nothing that role_put() keeps true. */
enum fault
roles_mend(struct txn *txn, struct names *mended, struct why *why)
{
	struct roles stale = {0};
	enum fault fault = txn_must_write(txn, why);

	if (fault == FAULT_NONE)
		fault = roles_find_stale(txn, &stale, why);
	for (size_t i = 0; fault == FAULT_NONE && i < stale.count; i++)
		fault = mend_role(txn, &stale.role[i], mended, why);
	roles_clear(&stale);
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

/* A role that stays may include none that goes. */
static enum fault
refuse_included(struct txn *txn, const struct roles *gone, struct why *why)
{
	struct roles roles = {0};
	enum fault fault = roles_load(txn, &roles, why);

	for (size_t i = 0; fault == FAULT_NONE && i < roles.count; i++) {
		const struct names *includes = &roles.role[i].includes;

		if (roles_find(gone, roles.role[i].name) != NULL)
			continue;
		for (size_t j = 0; fault == FAULT_NONE && j < includes->count; j++)
			if (roles_find(gone, includes->item[j]) != NULL)
				fault = why_set(why, FAULT_RULE, "the role %s includes %s",
				    roles.role[i].name, includes->item[j]);
	}
	roles_clear(&roles);
	return fault;
}

static enum fault
delete_one(struct txn *txn, const struct role *role, struct why *why)
{
	struct role old = {0};
	enum fault fault = FAULT_NONE;

	if (strcmp(role->name, ROLE_SYSTEM_ADMINISTRATOR) == 0)
		fault = why_set(why, FAULT_RULE, "the role %s cannot be deleted", role->name);
	if (fault == FAULT_NONE)
		fault = read_old(txn, role, &old, why);
	if (fault == FAULT_NONE)
		fault = refuse_held(txn, role->name, why);
	if (fault == FAULT_NONE && role_group(&old) != NULL)
		fault = name_give_up(txn, T_NAMES, role_group(&old), why);
	if (fault == FAULT_NONE)
		fault = journal_note_record(txn, &role_table, old.name, 0, &old, NULL, why);
	if (fault == FAULT_NONE)
		fault = db_delete(txn->db, T_ROLES, key_text(old.name), why);
	role_clear(&old);
	return fault;
}

enum fault
roles_delete(struct txn *txn, const struct roles *gone, struct why *why)
{
	enum fault fault = txn_must_write(txn, why);

	if (fault == FAULT_NONE && gone->count > 0)
		fault = refuse_included(txn, gone, why);
	for (size_t i = 0; fault == FAULT_NONE && i < gone->count; i++)
		fault = delete_one(txn, &gone->role[i], why);
	return fault;
}

enum fault
role_delete(struct txn *txn, const struct role *role, struct why *why)
{
	struct role copy = *role;
	const struct roles gone = {&copy, 1};

	return roles_delete(txn, &gone, why);
}
