/*
 * policy.c - the policy as a whole: reading it, checking a document against this host, applying it.
 */
#include "accounts/policy.h"

#include <string.h>

#include "accounts/claim.h"
#include "accounts/roles.h"
#include "policy/text.h"

/* ---- the policy in force ------------------------------------------------------------------ */

enum fault
policy_load(struct txn *txn, struct document *document, struct why *why)
{
	struct document loaded = {0};
	enum fault fault;

	fault = rules_load(txn, &loaded.rules, why);
	if (fault == FAULT_NONE)
		fault = roles_load(txn, &loaded.roles, why);
	if (fault == FAULT_NONE)
		*document = loaded;
	else
		document_clear(&loaded);
	return fault;
}

static enum fault
copy_rules(struct rules *to, const struct rules *from, struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < from->count; i++) {
		struct permission permission = {0};

		fault = record_copy(&permission_table, &permission, &from->permission[i], why);
		if (fault == FAULT_NONE)
			fault = rules_add(to, &permission, why);
		permission_clear(&permission);
	}
	return fault;
}

enum fault
policy_copy(struct document *to, const struct document *from, struct why *why)
{
	enum fault fault = copy_rules(&to->rules, &from->rules, why);

	for (size_t i = 0; fault == FAULT_NONE && i < from->roles.count; i++) {
		struct role role = {0};

		fault = record_copy(&role_table, &role, &from->roles.role[i], why);
		if (fault == FAULT_NONE)
			fault = roles_add(&to->roles, &role, why);
		role_clear(&role);
	}
	return fault;
}

/* What no document states of a role stays with its name. */
static enum fault
keep_identity(const struct roles *before, struct roles *after, struct why *why)
{
	static const char *const kept[] = {"uuid", "version", "origin", "gid", "created"};
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; i < after->count; i++) {
		const struct role *old = roles_find(before, after->role[i].name);

		for (size_t j = 0;
		    fault == FAULT_NONE && old != NULL && j < sizeof(kept) / sizeof(kept[0]); j++)
			fault = field_copy(field_find(&role_table, kept[j]), &after->role[i], old,
			    why);
	}
	return fault;
}

/* ---- Unix groups -------------------------------------------------------------------------- */

/* FAULT_NONE when no user of Hexa's has the name. */
static enum fault
group_is_no_user(struct txn *txn, const char *group, enum fault taken, struct why *why)
{
	struct user user = {0};
	enum fault fault = user_find_name(txn, group, &user, why);

	user_clear(&user);
	if (fault == FAULT_UNKNOWN)
		return FAULT_NONE;
	if (fault == FAULT_NONE)
		return why_field(why, taken, "group", "group: %s is a user's name", group);
	return fault;
}

enum fault
policy_check_group(const struct admin *admin, struct txn *txn, const struct role *role,
    const struct role *before, enum fault taken, struct why *why)
{
	const char *group = role_group(role);
	const char *had = before == NULL ? NULL : role_group(before);
	enum fault fault;

	if (group == NULL)
		return FAULT_NONE;
	if (!text_is_login(group))
		fault = why_field(why, FAULT_INVALID, "group", "group: %s is no group's name",
		    group);
	else if (had != NULL && strcmp(had, group) == 0)
		fault = claim_check_host(admin, group, "group", FAULT_INVALID, why);
	else
		fault = claim_name(admin, group, "group", FAULT_INVALID, why);
	if (fault == FAULT_NONE)
		fault = group_is_no_user(txn, group, taken, why);
	return fault;
}

/* Every role of a document.  That no two share a group, document_read() has seen to. */
static enum fault
check_groups(const struct admin *admin, struct txn *txn, const struct document *before,
    const struct document *after, struct why *why)
{
	for (size_t i = 0; i < after->roles.count; i++) {
		const struct role *role = &after->roles.role[i];
		const struct role *old = roles_find(&before->roles, role->name);
		enum fault fault =
		    policy_check_group(admin, txn, role, old, FAULT_INVALID, why);

		if (fault == FAULT_INVALID)
			why_mend(why, "write `group: NAME`, or `group: no`, into the role %s",
			    role->name);
		if (fault != FAULT_NONE)
			return fault;
	}
	return FAULT_NONE;
}

/* ---- operations --------------------------------------------------------------------------- */

static enum fault
check_against(struct admin *admin, struct txn *txn, const struct document *document,
    struct why *why)
{
	struct document before = {0};
	enum fault fault;

	fault = admin_needs_within(admin, txn, "hexa.policy.view", why);
	if (fault == FAULT_NONE)
		fault = policy_load(txn, &before, why);
	if (fault == FAULT_NONE)
		fault = check_groups(admin, txn, &before, document, why);
	document_clear(&before);
	return fault;
}

enum fault
policy_check(struct admin *admin, const char *yaml, size_t size, struct why *why)
{
	struct document document = {0};
	struct txn *txn = NULL;
	enum fault fault;

	fault = document_read(yaml, size, &document, why);
	if (fault == FAULT_NONE)
		fault = store_read_begin(admin->store, &txn, why);
	if (fault == FAULT_NONE)
		fault = check_against(admin, txn, &document, why);
	store_end(txn);
	document_clear(&document);
	return fault;
}

static enum fault
replace_with(struct change *change, struct document *document, struct why *why)
{
	struct document before = {0};
	enum fault fault;

	fault = policy_load(change->txn, &before, why);
	if (fault == FAULT_NONE)
		fault = keep_identity(&before.roles, &document->roles, why);
	if (fault == FAULT_NONE)
		fault = check_groups(change->admin, change->txn, &before, document, why);
	if (fault == FAULT_NONE)
		fault = policy_save(change, &before, document, why);
	document_clear(&before);
	return fault;
}

enum fault
policy_apply(struct admin *admin, const char *yaml, size_t size, struct why *why)
{
	struct document document = {0};
	struct change change = {0};
	enum fault fault;

	fault = document_read(yaml, size, &document, why);
	if (fault == FAULT_NONE)
		fault = change_begin(&change, admin, "policy apply", "hexa.policy.apply", why);
	if (fault == FAULT_NONE)
		fault = change_finish(&change, replace_with(&change, &document, why), why);
	document_clear(&document);
	return fault;
}

enum fault
policy_read(struct admin *admin, struct document *document, struct why *why)
{
	struct txn *txn;
	enum fault fault;

	fault = store_read_begin(admin->store, &txn, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = admin_needs_within(admin, txn, "hexa.policy.view", why);
	if (fault == FAULT_NONE)
		fault = policy_load(txn, document, why);
	store_end(txn);
	return fault;
}
