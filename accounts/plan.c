/*
 * plan.c - what a change of the policy does to whom: what everybody had before and has after, for
 * users of one kind worked out once.
 */
#include "accounts/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/alike.h"
#include "accounts/effects.h"
#include "accounts/standing.h"
#include "policy/array.h"

/* ---- changes ------------------------------------------------------------------------------ */

static void
change_clear(struct plan_change *change)
{
	names_clear(&change->services_gained);
	names_clear(&change->services_lost);
	names_clear(&change->permissions_gained);
	names_clear(&change->permissions_lost);
	names_clear(&change->groups_gained);
	names_clear(&change->groups_lost);
}

static bool
is_nothing(const struct plan_change *change)
{
	return change->services_gained.count + change->services_lost.count +
	    change->permissions_gained.count + change->permissions_lost.count +
	    change->groups_gained.count + change->groups_lost.count == 0;
}

static bool
note(struct names *names, const char *word)
{
	return names_insert(names, strcmp(word, EFFECT_OTHER) == 0 ? PLAN_OTHER : word);
}

/* What only the one sorted list has, and what only the other. */
static bool
compare(const struct words *before, const struct words *after, struct names *gained,
    struct names *lost)
{
	size_t i = 0, j = 0;
	bool good = true;

	while (good && (i < before->count || j < after->count)) {
		int order = i == before->count ? 1
		    : j == after->count ? -1 : strcmp(before->item[i], after->item[j]);

		if (order < 0)
			good = note(lost, before->item[i]);
		else if (order > 0)
			good = note(gained, after->item[j]);
		i += order <= 0;
		j += order >= 0;
	}
	return good;
}

static enum fault
change_fill(struct plan_change *change, const struct standing *before,
    const struct standing *after, struct why *why)
{
	if (compare(&before->services, &after->services, &change->services_gained,
	        &change->services_lost) &&
	    compare(&before->permissions, &after->permissions, &change->permissions_gained,
	        &change->permissions_lost) &&
	    compare(&before->groups, &after->groups, &change->groups_gained,
	        &change->groups_lost))
		return FAULT_NONE;
	return why_memory(why);
}

void
plan_clear(struct plan *plan)
{
	free(plan->difference);
	for (size_t i = 0; i < plan->role_count; i++) {
		free(plan->role[i].name);
		change_clear(&plan->role[i].change);
	}
	free(plan->role);
	for (size_t i = 0; i < plan->user_count; i++)
		free(plan->user[i].name);
	free(plan->user);
	names_clear(&plan->root_equal);
	names_clear(&plan->warnings);
	for (size_t i = 0; i < plan->changes_count; i++) {
		change_clear(plan->changes[i]);
		free(plan->changes[i]);
	}
	free(plan->changes);
	*plan = (struct plan){0};
}

/* ---- users -------------------------------------------------------------------------------- */

/* A service, and one that the same permissions name in both policies: nobody sees a difference. */
struct service {
	const char *name;
	const char *like; /* the first such, which is asked about instead */
	char *named_by;
};

struct planner {
	const struct document *before;
	const struct document *after;
	struct names named;       /* every service that one of them names, sudo's, and one other */
	struct service *service;  /* each of these */
	struct names asked;       /* those that are asked about */
	struct request at;
	const struct plan_watcher *watcher;
	struct alike *alike;
	struct plan *plan;
};

static void
put_naming(struct bytes *text, const struct rules *rules, const char *service)
{
	for (size_t i = 0; i < rules->count; i++)
		if (names_have(permission_services(&rules->permission[i]), service))
			bytes_print(text, "%s ", rules->permission[i].name);
}

static char *
naming_of(const struct planner *planner, const char *service)
{
	struct bytes text = {0};

	put_naming(&text, &planner->before->rules, service);
	bytes_print(&text, "| ");
	put_naming(&text, &planner->after->rules, service);
	return bytes_take_text(&text);
}

static bool
name_services(struct planner *planner)
{
	const struct names *before = &planner->before->rules.services;
	const struct names *after = &planner->after->rules.services;
	bool good = names_copy(&planner->named, before);

	for (size_t i = 0; good && i < after->count; i++)
		good = names_insert(&planner->named, after->item[i]);
	for (size_t i = 0; good && i < admins_services.count; i++)
		good = names_insert(&planner->named, admins_services.item[i]);
	return good && names_insert(&planner->named, EFFECT_OTHER);
}

static enum fault
find_services(struct planner *planner, struct why *why)
{
	struct service *service;

	if (!name_services(planner))
		return why_memory(why);
	service = planner->service = calloc(planner->named.count, sizeof(*service));
	if (service == NULL)
		return why_memory(why);
	for (size_t i = 0; i < planner->named.count; i++) {
		size_t first = 0;

		service[i].name = planner->named.item[i];
		service[i].named_by = naming_of(planner, service[i].name);
		if (service[i].named_by == NULL)
			return why_memory(why);
		while (strcmp(service[first].named_by, service[i].named_by) != 0)
			first++;
		service[i].like = service[first].name;
		if (first == i && !names_add(&planner->asked, service[i].name))
			return why_memory(why);
	}
	return FAULT_NONE;
}

static void
forget_services(struct planner *planner)
{
	for (size_t i = 0; planner->service != NULL && i < planner->named.count; i++)
		free(planner->service[i].named_by);
	free(planner->service);
	names_clear(&planner->asked);
	names_clear(&planner->named);
}

/* What a user comes to, with all services that are like those which were asked about. */
static enum fault
standing_under(const struct planner *planner, const struct document *document,
    const struct user *user, struct standing *standing, struct why *why)
{
	struct words all = {0};
	enum fault fault =
	    standing_of(document, user, &planner->asked, &planner->at, standing, why);

	for (size_t i = 0; fault == FAULT_NONE && i < planner->named.count; i++)
		if (words_have(&standing->services, planner->service[i].like) &&
		    !words_add(&all, planner->service[i].name))
			fault = why_memory(why);
	words_clear(&standing->services);
	standing->services = all;
	return fault;
}

/* Of sudo, when nothing names it, only that is told which is not so of all other services. */
static void
tell_as_one(const struct planner *planner, struct names *services)
{
	for (size_t i = 0; i < admins_services.count; i++) {
		const char *service = admins_services.item[i];

		if (names_have_sorted(services, PLAN_OTHER) &&
		    !rules_name_service(&planner->before->rules, service) &&
		    !rules_name_service(&planner->after->rules, service))
			names_remove(services, service);
	}
}

static enum fault
fill(const struct planner *planner, const struct user *user, struct plan_change *change,
    struct why *why)
{
	struct standing before = {0}, after = {0};
	enum fault fault;

	fault = standing_under(planner, planner->before, user, &before, why);
	if (fault == FAULT_NONE)
		fault = standing_under(planner, planner->after, user, &after, why);
	if (fault == FAULT_NONE)
		fault = change_fill(change, &before, &after, why);
	tell_as_one(planner, &change->services_gained);
	tell_as_one(planner, &change->services_lost);
	standing_clear(&before);
	standing_clear(&after);
	return fault;
}

/* A change of the plan's own for a kind of users. */
static enum fault
add_kind(struct planner *planner, const struct user *user, struct plan_change **change,
    struct why *why)
{
	struct plan *plan = planner->plan;
	struct plan_change *made = calloc(1, sizeof(*made));
	void *all = plan->changes;
	enum fault fault;

	if (made == NULL || !array_grow(&all, plan->changes_count, sizeof(made))) {
		free(made);
		return why_memory(why);
	}
	plan->changes = all;
	plan->changes[plan->changes_count++] = made;
	fault = fill(planner, user, made, why);
	if (fault == FAULT_NONE && planner->watcher != NULL)
		fault = planner->watcher->look(planner->watcher->context, user, made, why);
	*change = made;
	return fault;
}

static enum fault
add_user(struct plan *plan, const struct user *user, const struct plan_change *change,
    struct why *why)
{
	void *all = plan->user;
	char *name = strdup(user->name);

	if (name == NULL || !array_grow(&all, plan->user_count, sizeof(*plan->user))) {
		free(name);
		return why_memory(why);
	}
	plan->user = all;
	plan->user[plan->user_count++] = (struct plan_user){user->uid, name, change};
	plan->gain_login += change->services_gained.count > 0;
	plan->lose_login += change->services_lost.count > 0;
	plan->gain_permission += change->permissions_gained.count > 0;
	plan->lose_permission += change->permissions_lost.count > 0;
	return FAULT_NONE;
}

static enum fault
plan_user(struct planner *planner, const struct user *user, struct why *why)
{
	void **of;
	enum fault fault = alike_find(planner->alike, user, planner->at.now, &of, why);

	if (fault == FAULT_NONE && *of == NULL) {
		struct plan_change *change = NULL;

		fault = add_kind(planner, user, &change, why);
		*of = change;
	}
	planner->plan->users++;
	if (fault == FAULT_NONE && !is_nothing(*of))
		fault = add_user(planner->plan, user, *of, why);
	return fault;
}

static enum fault
plan_all(struct planner *planner, struct txn *txn, struct why *why)
{
	struct user user = {0};
	uint32_t uid = 0;
	enum fault fault;

	while ((fault = user_next(txn, uid, &user, why)) == FAULT_NONE) {
		uid = user.uid;
		fault = plan_user(planner, &user, why);
		if (fault != FAULT_NONE)
			break;
	}
	user_clear(&user);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

enum fault
plan_users(struct admin *admin, struct txn *txn, const struct document *before,
    const struct document *after, const struct plan_watcher *watcher, struct plan *plan,
    struct why *why)
{
	struct planner planner = {.before = before, .after = after, .watcher = watcher,
	    .alike = alike_begin(), .plan = plan};
	struct host host = {0};
	enum fault fault = planner.alike == NULL
	    ? why_memory(why)
	    : request_here(txn, admin->now, &host, &planner.at, why);

	if (fault == FAULT_NONE)
		fault = find_services(&planner, why);
	if (fault == FAULT_NONE)
		fault = plan_all(&planner, txn, why);
	alike_end(planner.alike);
	forget_services(&planner);
	host_clear(&host);
	return fault;
}

/* ---- roles -------------------------------------------------------------------------------- */

/* `before` or `after` is NULL for a role that is new or gone. */
static enum fault
plan_role(struct plan *plan, const struct role *before, const struct role *after,
    struct why *why)
{
	struct plan_role role = {.is_new = before == NULL, .is_gone = after == NULL};
	struct standing old = {0}, new = {0};
	void *all = plan->role;
	enum fault fault = FAULT_NONE;

	if (before != NULL)
		fault = standing_of_role(before, &old, why);
	if (fault == FAULT_NONE && after != NULL)
		fault = standing_of_role(after, &new, why);
	if (fault == FAULT_NONE)
		fault = change_fill(&role.change, &old, &new, why);
	standing_clear(&old);
	standing_clear(&new);
	if (fault == FAULT_NONE && (role.is_new || role.is_gone || !is_nothing(&role.change))) {
		role.name = strdup(before == NULL ? after->name : before->name);
		if (role.name != NULL && array_grow(&all, plan->role_count, sizeof(role))) {
			plan->role = all;
			plan->role[plan->role_count++] = role;
			return FAULT_NONE;
		}
		fault = why_memory(why);
	}
	free(role.name);
	change_clear(&role.change);
	return fault;
}

static enum fault
plan_roles(struct plan *plan, const struct roles *before, const struct roles *after,
    struct why *why)
{
	enum fault fault = FAULT_NONE;
	size_t i = 0, j = 0;

	while (fault == FAULT_NONE && (i < before->count || j < after->count)) {
		int order = i == before->count ? 1 : j == after->count
		    ? -1 : strcmp(before->role[i].name, after->role[j].name);

		fault = plan_role(plan, order <= 0 ? &before->role[i] : NULL,
		    order >= 0 ? &after->role[j] : NULL, why);
		i += order <= 0;
		j += order >= 0;
	}
	return fault;
}

/* ---- texts -------------------------------------------------------------------------------- */

enum { GIVES_BYTES = WORD_BYTES + LOGIN_NAME_BYTES + 16 };

static enum fault
find_root_equal(struct plan *plan, const struct rules *rules, struct why *why)
{
	for (size_t i = 0; i < rules->count; i++) {
		const struct permission *permission = &rules->permission[i];

		for (size_t j = 0; j < permission->unix_groups.count; j++) {
			const char *group = permission->unix_groups.item[j];
			char text[GIVES_BYTES];

			if (!group_is_root_equal(group))
				continue;
			snprintf(text, sizeof(text), "%s gives %s", permission->name, group);
			if (!names_add(&plan->root_equal, text))
				return why_memory(why);
		}
	}
	return FAULT_NONE;
}

/* A plan is worth having without it: a host may lack diff. */
static enum fault
put_difference(struct plan *plan, const struct document *before, const struct document *after,
    struct why *why)
{
	struct why said = {0};
	char text[WHY_TEXT_MAX + 64];

	if (plan_difference(before, after, &plan->difference, &said) == FAULT_NONE)
		return FAULT_NONE;
	snprintf(text, sizeof(text), "the texts could not be compared: %s", said.text);
	plan->difference = strdup("");
	return plan->difference != NULL && names_add(&plan->warnings, text) ? FAULT_NONE
	                                                                    : why_memory(why);
}

enum fault
plan_texts(const struct document *before, const struct document *after, struct plan *plan,
    struct why *why)
{
	enum fault fault = plan_roles(plan, &before->roles, &after->roles, why);

	if (fault == FAULT_NONE)
		fault = find_root_equal(plan, &after->rules, why);
	if (fault == FAULT_NONE)
		fault = put_difference(plan, before, after, why);
	return fault;
}
