/*
 * doctor_person.c - whom Hexa lets in, by which services, and in which groups they are.
 */
#include "accounts/doctor_person.h"

#include <stdlib.h>
#include <string.h>

#include "accounts/standing.h"
#include "policy/assignment.h"
#include "policy/grant.h"

enum fault
judges_call(const char *root, struct txn *txn, int64_t now, struct judges *judges,
    struct why *why)
{
	enum fault fault;

	judges->view = host_view_open(root);
	if (judges->view == NULL)
		return why_memory(why);
	fault = rules_load(txn, &judges->rules, why);
	if (fault == FAULT_NONE)
		fault = roles_load(txn, &judges->roles, why);
	if (fault == FAULT_NONE)
		fault = request_here(txn, now, &judges->host, &judges->request, why);
	return fault;
}

void
judges_clear(struct judges *judges)
{
	host_view_close(judges->view);
	rules_clear(&judges->rules);
	roles_clear(&judges->roles);
	host_clear(&judges->host);
	*judges = (struct judges){0};
}

enum fault
judges_services(const struct judges *judges, struct names *services, struct why *why)
{
	static const char *const common[] = {"sshd", "login", "su", "su-l", "sudo", "cron"};
	bool is_full = !names_copy(services, &judges->rules.services);

	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		is_full |= !names_insert(services, common[i]);
	return is_full ? why_memory(why) : FAULT_NONE;
}

enum fault
judges_let_in(const struct judges *judges, const struct user *user, const struct names *services,
    bool *is_let_in, struct why *why)
{
	struct request request = judges->request;
	struct roles held = {0};
	enum fault fault = roles_held(&judges->roles, user, &held, why);

	if (fault != FAULT_NONE)
		return fault;
	*is_let_in = false;
	for (size_t i = 0; i < services->count && !*is_let_in; i++) {
		enum verdict verdict;

		request.service = services->item[i];
		verdict = decide(user, &held, &judges->rules, &request).verdict;
		*is_let_in = verdict_allows(verdict) || verdict == VERDICT_MUST_CHANGE_PASSWORD;
	}
	free(held.role);
	return FAULT_NONE;
}

/* ---- groups -------------------------------------------------------------------------------- */

/* "TYPE:GROUP", as the role's record has it. */
static bool
add_compiled(const struct user *user, const char *compiled, struct names *groups)
{
	const char *type = user->type < USER_TYPES ? user_types[user->type] : "";
	size_t size = strlen(type);

	if (strncmp(compiled, type, size) != 0 || compiled[size] != ':')
		return true;
	return names_insert(groups, compiled + size + 1);
}

static bool
add_role(const struct judges *judges, const struct user *user, const char *text,
    struct names *groups)
{
	struct assignment assignment;
	const struct role *role;
	bool done = true;

	if (!assignment_parse(text, &assignment) ||
	    !scope_counts_on(&assignment.scope, judges->host.client))
		return true;
	role = roles_find(&judges->roles, assignment.role);
	if (role == NULL || role->disabled)
		return true;
	if (role_group(role) != NULL)
		done = names_insert(groups, role_group(role));
	for (size_t i = 0; done && i < role->groups.count; i++)
		done = add_compiled(user, role->groups.item[i], groups);
	return done;
}

static bool
add_grant(const struct judges *judges, const struct user *user, const char *text,
    struct names *groups)
{
	struct grant grant;
	size_t first, count;

	if (!grant_parse(text, &grant) || !grant_counts(&grant, judges->request.now))
		return true;
	count = rules_covered(&judges->rules, grant.permission, &first);
	for (size_t i = first; i < first + count; i++) {
		const struct permission *permission = &judges->rules.permission[i];
		const struct names *given = permission_groups(permission);

		for (size_t j = 0; permission_works_for(permission, user->type) && j < given->count;
		    j++)
			if (!names_insert(groups, given->item[j]))
				return false;
	}
	return true;
}

enum fault
judges_groups(const struct judges *judges, const struct user *user, struct names *groups,
    struct why *why)
{
	struct names local = {0};
	bool done = names_insert(groups, user->name);
	enum fault fault;

	for (size_t i = 0; done && i < user->roles.count; i++)
		done = add_role(judges, user, user->roles.item[i], groups);
	for (size_t i = 0; done && i < user->grants.count; i++)
		done = add_grant(judges, user, user->grants.item[i], groups);
	if (!done)
		return why_memory(why);
	fault = host_view_groups_of(judges->view, user->name, &local, why);
	for (size_t i = 0; fault == FAULT_NONE && i < local.count; i++)
		if (!names_insert(groups, local.item[i]))
			fault = why_memory(why);
	names_clear(&local);
	return fault;
}

struct person
person_of(const struct user *user, const struct names *groups)
{
	return (struct person){
	    .name = user->name,
	    .uid = user->uid,
	    .gid = user->gid,
	    .shell = user->shell,
	    .home = user->home,
	    .groups = groups,
	};
}
