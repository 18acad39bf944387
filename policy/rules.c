/*
 * rules.c - the set of permissions and the set of roles.
 */
#include "policy/rules.h"

#include <stdlib.h>
#include <string.h>

#include "policy/text.h"

/* ---- permissions -------------------------------------------------------------------------- */

/* No type is named, so each works for people: employees and clients. */
static const struct builtin {
	const char *name;
	const char *title;
} builtins[] = {
	{"hexa.activity.view", "View activity"},
	{"hexa.clients.edit", "Edit clients and sites"},
	{"hexa.clients.view", "View clients and sites"},
	{"hexa.credentials.reset", "Reset credentials"},
	{"hexa.documents.edit", "Edit documents"},
	{"hexa.documents.view", "View documents"},
	{"hexa.policy.apply", "Apply a policy"},
	{"hexa.policy.view", "View the policy"},
	{"hexa.roles.edit", "Edit roles"},
	{"hexa.roles.view", "View roles"},
	{"hexa.users.create", "Create users"},
	{"hexa.users.delete", "Delete users"},
	{"hexa.users.edit", "Edit users"},
	{"hexa.users.import", "Import users"},
	{"hexa.users.view", "View users"},
};

enum { BUILTIN_COUNT = sizeof(builtins) / sizeof(builtins[0]) };

bool
rules_is_builtin(const char *name)
{
	for (size_t i = 0; i < BUILTIN_COUNT; i++)
		if (strcmp(builtins[i].name, name) == 0)
			return true;
	return false;
}

static char sudo[] = "sudo", sudo_login[] = "sudo-i", admins_group[] = ADMINS_GROUP;
static char *admins_services_item[] = {sudo, sudo_login};
static char *admins_groups_item[] = {admins_group};
const struct names admins_services = {admins_services_item, 2};
static const struct names admins_groups = {admins_groups_item, 1};

const struct names *
permission_services(const struct permission *permission)
{
	return rules_is_builtin(permission->name) ? &admins_services : &permission->services;
}

const struct names *
permission_groups(const struct permission *permission)
{
	return rules_is_builtin(permission->name) ? &admins_groups : &permission->unix_groups;
}

void
rules_clear(struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		permission_clear(&rules->permission[i]);
	free(rules->permission);
	names_clear(&rules->services);
	settings_clear(&rules->settings);
	*rules = (struct rules){0};
}

/* The index of the first permission whose name does not sort before `name`. */
static size_t
rules_lower_bound(const struct rules *rules, const char *name)
{
	size_t low = 0, high = rules->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(rules->permission[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
group_is_root_equal(const char *group)
{
	static const char *const equals[] = {"admin", "disk", "docker", "incus-admin", "kmem",
	    "libvirt", "lxd", "root", "shadow", "staff", "sudo", "wheel"};

	for (size_t i = 0; i < sizeof(equals) / sizeof(equals[0]); i++)
		if (strcmp(equals[i], group) == 0)
			return true;
	return false;
}

bool
permission_is_root_equal(const struct permission *permission)
{
	for (size_t i = 0; i < permission->unix_groups.count; i++)
		if (group_is_root_equal(permission->unix_groups.item[i]))
			return true;
	for (size_t i = 0; i < admins_services.count; i++)
		if (names_have(&permission->services, admins_services.item[i]))
			return true;
	return false;
}

const struct permission *
rules_find(const struct rules *rules, const char *name)
{
	size_t at = rules_lower_bound(rules, name);

	if (at == rules->count || strcmp(rules->permission[at].name, name) != 0)
		return NULL;
	return &rules->permission[at];
}

static enum fault
index_services(struct rules *rules, const struct permission *permission, struct why *why)
{
	for (size_t i = 0; i < permission->services.count; i++)
		if (!names_insert(&rules->services, permission->services.item[i]))
			return why_memory(why);
	if (rules->services.count <= SERVICES_NAMED_MAX)
		return FAULT_NONE;
	return why_field(why, FAULT_INVALID, "services",
	    "the permissions name more than %d services altogether", SERVICES_NAMED_MAX);
}

enum fault
rules_index(struct rules *rules, struct why *why)
{
	enum fault fault = FAULT_NONE;

	names_clear(&rules->services);
	for (size_t i = 0; fault == FAULT_NONE && i < rules->count; i++)
		fault = index_services(rules, &rules->permission[i], why);
	return fault;
}

enum fault
rules_add(struct rules *rules, struct permission *permission, struct why *why)
{
	size_t at = rules_lower_bound(rules, permission->name);
	struct permission *all;
	enum fault fault;

	if (at < rules->count && strcmp(rules->permission[at].name, permission->name) == 0)
		return why_set(why, FAULT_CONFLICT, "the permission %s is there already",
		    permission->name);
	/* Where the next step fails, a service is named too many: that asks for more, not less. */
	fault = index_services(rules, permission, why);
	if (fault != FAULT_NONE)
		return fault;
	all = reallocarray(rules->permission, rules->count + 1, sizeof(*all));
	if (all == NULL)
		return why_memory(why);
	memmove(all + at + 1, all + at, (rules->count - at) * sizeof(*all));
	all[at] = *permission;
	rules->permission = all;
	rules->count++;
	*permission = (struct permission){0};
	return FAULT_NONE;
}

enum fault
rules_add_builtin(struct rules *rules, struct why *why)
{
	for (size_t i = 0; i < BUILTIN_COUNT; i++) {
		struct permission permission = {
		    .name = strdup(builtins[i].name),
		    .title = strdup(builtins[i].title),
		};
		enum fault fault;

		if (permission.name == NULL || permission.title == NULL)
			fault = why_memory(why);
		else
			fault = rules_add(rules, &permission, why);
		permission_clear(&permission);
		if (fault != FAULT_NONE)
			return fault;
	}
	return FAULT_NONE;
}

bool
rules_name_service(const struct rules *rules, const char *service)
{
	return names_have_sorted(&rules->services, service);
}

bool
permission_matches(const char *pattern, const char *name)
{
	size_t size = strlen(pattern);

	if (strcmp(pattern, "*") == 0)
		return true;
	if (size >= 2 && strcmp(pattern + size - 2, ".*") == 0)
		return strncmp(pattern, name, size - 1) == 0 && name[size - 1] != '\0';
	return strcmp(pattern, name) == 0;
}

size_t
rules_covered(const struct rules *rules, const char *pattern, size_t *first)
{
	size_t stem = strcspn(pattern, "*");
	char name[WORD_BYTES + 1];
	size_t count = 0;

	*first = 0;
	if (stem >= sizeof(name))
		return 0;
	memcpy(name, pattern, stem);
	name[stem] = '\0';
	*first = rules_lower_bound(rules, name);
	while (count < rules->count - *first &&
	    permission_matches(pattern, rules->permission[*first + count].name))
		count++;
	return count;
}

/* ---- roles -------------------------------------------------------------------------------- */

void
roles_clear(struct roles *roles)
{
	for (size_t i = 0; i < roles->count; i++)
		role_clear(&roles->role[i]);
	free(roles->role);
	*roles = (struct roles){0};
}

static size_t
roles_lower_bound(const struct roles *roles, const char *name)
{
	size_t low = 0, high = roles->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(roles->role[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct role *
roles_find(const struct roles *roles, const char *name)
{
	size_t at = roles_lower_bound(roles, name);

	if (at == roles->count || strcmp(roles->role[at].name, name) != 0)
		return NULL;
	return &roles->role[at];
}

enum fault
roles_add(struct roles *roles, struct role *role, struct why *why)
{
	size_t at = roles_lower_bound(roles, role->name);
	struct role *all;

	if (at < roles->count && strcmp(roles->role[at].name, role->name) == 0)
		return why_set(why, FAULT_CONFLICT, "the role %s is there already", role->name);
	all = reallocarray(roles->role, roles->count + 1, sizeof(*all));
	if (all == NULL)
		return why_memory(why);
	memmove(all + at + 1, all + at, (roles->count - at) * sizeof(*all));
	all[at] = *role;
	roles->role = all;
	roles->count++;
	*role = (struct role){0};
	return FAULT_NONE;
}

enum fault
roles_add_builtin(struct roles *roles, struct why *why)
{
	struct role role = {
	    .name = strdup(ROLE_SYSTEM_ADMINISTRATOR),
	    .title = strdup("System Administrator"),
	    .group = strdup(ROLE_NO_GROUP),
	};
	enum fault fault;

	if (role.name == NULL || role.title == NULL || role.group == NULL ||
	    !names_add(&role.permissions, "*"))
		fault = why_memory(why);
	else
		fault = roles_add(roles, &role, why);
	role_clear(&role);
	return fault;
}
