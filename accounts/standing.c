/*
 * standing.c - what one user comes to under a policy: decide() says which services, the compiled
 * roles and the grants say the rest.
 */
#include "accounts/standing.h"

#include <stdlib.h>
#include <string.h>

#include "accounts/effects.h"
#include "policy/assignment.h"
#include "policy/grant.h"

enum fault
request_here(struct txn *txn, int64_t now, struct host *host, struct request *request,
    struct why *why)
{
	enum fault fault = host_get(txn, host, why);

	if (fault == FAULT_NONE)
		*request = (struct request){
		    .host = "",
		    .client = host->client,
		    .site = host->site,
		    .now = now,
		    .phase = PHASE_ACCOUNT,
		    .proof = PROOF_NOTHING,
		};
	return fault;
}

/* ---- borrowed strings --------------------------------------------------------------------- */

bool
words_add(struct words *words, const char *word)
{
	if (words->count == words->room) {
		size_t room = words->room == 0 ? 16 : 2 * words->room;
		const char **larger = reallocarray(words->item, room, sizeof(*larger));

		if (larger == NULL)
			return false;
		words->item = larger;
		words->room = room;
	}
	words->item[words->count++] = word;
	return true;
}

static int
word_order(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void
words_sort(struct words *words)
{
	size_t kept = 0;

	if (words->count == 0)
		return;
	qsort(words->item, words->count, sizeof(*words->item), word_order);
	for (size_t i = 0; i < words->count; i++)
		if (kept == 0 || strcmp(words->item[kept - 1], words->item[i]) != 0)
			words->item[kept++] = words->item[i];
	words->count = kept;
}

bool
words_have(const struct words *words, const char *word)
{
	return words->count > 0 && bsearch(&word, words->item, words->count, sizeof(*words->item),
	    word_order) != NULL;
}

void
words_clear(struct words *words)
{
	free(words->item);
	*words = (struct words){0};
}

void
standing_clear(struct standing *standing)
{
	words_clear(&standing->services);
	words_clear(&standing->permissions);
	words_clear(&standing->groups);
}

/* ---- roles -------------------------------------------------------------------------------- */

enum fault
roles_held(const struct roles *all, const struct user *user, struct roles *held, struct why *why)
{
	struct role *role = calloc(user->roles.count + 1, sizeof(*role));
	size_t count = 0;

	if (role == NULL)
		return why_memory(why);
	for (size_t i = 0; i < user->roles.count; i++) {
		struct assignment assignment;
		const struct role *found = NULL;
		bool again = false;

		if (assignment_parse(user->roles.item[i], &assignment))
			found = roles_find(all, assignment.role);
		for (size_t j = 0; found != NULL && j < count; j++)
			again |= strcmp(role[j].name, found->name) == 0;
		if (found != NULL && !again)
			role[count++] = *found;
	}
	*held = (struct roles){role, count};
	return FAULT_NONE;
}

/* Does one of the assignments of this role count on a host of this client? */
static bool
counts_on(const struct user *user, const struct role *role, const char *client)
{
	for (size_t i = 0; i < user->roles.count; i++) {
		struct assignment assignment;

		if (assignment_parse(user->roles.item[i], &assignment) &&
		    strcmp(assignment.role, role->name) == 0 &&
		    scope_counts_on(&assignment.scope, client))
			return true;
	}
	return false;
}

/* ---- permissions and groups --------------------------------------------------------------- */

/* The group of "TYPE:GROUP" when the type is the user's, or (NULL) whatever it is. */
static const char *
group_for(const char *compiled, const char *type)
{
	size_t size = strcspn(compiled, ":");

	if (compiled[size] == '\0' || (type != NULL && (strlen(type) != size ||
	    strncmp(compiled, type, size) != 0)))
		return NULL;
	return compiled + size + 1;
}

static bool
add_groups(struct standing *standing, const struct role *role, const char *type)
{
	bool good = true;

	for (size_t i = 0; good && i < role->groups.count; i++) {
		const char *group = group_for(role->groups.item[i], type);

		good = group == NULL || words_add(&standing->groups, group);
	}
	return good;
}

/* The role's own. */
static bool
add_group(struct standing *standing, const struct role *role)
{
	return role_group(role) == NULL || words_add(&standing->groups, role_group(role));
}

static bool
add_role(struct standing *standing, const struct document *document, const struct user *user,
    const struct role *role, const char *client)
{
	bool good = true;

	for (size_t i = 0; good && i < role->closure.count; i++) {
		const struct permission *permission =
		    rules_find(&document->rules, role->closure.item[i]);

		if (permission != NULL && permission_works_for(permission, user->type))
			good = words_add(&standing->permissions, permission->name);
	}
	if (good && counts_on(user, role, client))
		good = add_group(standing, role) &&
		    add_groups(standing, role, user_types[user->type]);
	return good;
}

static bool
add_permission(struct standing *standing, const struct permission *permission)
{
	const struct names *groups = permission_groups(permission);
	bool good = words_add(&standing->permissions, permission->name);

	for (size_t i = 0; good && i < groups->count; i++)
		good = words_add(&standing->groups, groups->item[i]);
	return good;
}

static bool
add_grant(struct standing *standing, const struct document *document, const struct user *user,
    const char *text, int64_t now)
{
	const struct rules *rules = &document->rules;
	struct grant grant;
	size_t first, count;
	bool good = true;

	if (!grant_parse(text, &grant) || !grant_counts(&grant, now))
		return true;
	count = rules_covered(rules, grant.permission, &first);
	for (size_t i = first; good && i < first + count; i++)
		if (permission_works_for(&rules->permission[i], user->type))
			good = add_permission(standing, &rules->permission[i]);
	return good;
}

/* Grants add to roles: without an enabled one they give nothing. */
static bool
add_holdings(struct standing *standing, const struct document *document, const struct user *user,
    const struct roles *held, const struct request *at)
{
	bool enabled = false, good = true;

	for (size_t i = 0; good && i < held->count; i++) {
		if (held->role[i].disabled)
			continue;
		enabled = true;
		good = add_role(standing, document, user, &held->role[i], at->client);
	}
	for (size_t i = 0; good && enabled && i < user->grants.count; i++)
		good = add_grant(standing, document, user, user->grants.item[i], at->now);
	return good;
}

/* ---- the whole ---------------------------------------------------------------------------- */

static bool
add_services(struct standing *standing, const struct document *document, const struct user *user,
    const struct roles *held, const struct names *services, const struct request *at)
{
	struct request request = *at;
	bool good = true;

	for (size_t i = 0; good && i < services->count; i++) {
		request.service = services->item[i];
		if (verdict_allows(decide(user, held, &document->rules, &request).verdict))
			good = words_add(&standing->services, services->item[i]);
	}
	return good;
}

static enum fault
finish(struct standing *standing, bool good, struct why *why)
{
	if (!good) {
		standing_clear(standing);
		return why_memory(why);
	}
	words_sort(&standing->services);
	words_sort(&standing->permissions);
	words_sort(&standing->groups);
	return FAULT_NONE;
}

enum fault
standing_of(const struct document *document, const struct user *user,
    const struct names *services, const struct request *at, struct standing *standing,
    struct why *why)
{
	struct roles held = {0};
	bool good;
	enum fault fault = roles_held(&document->roles, user, &held, why);

	if (fault != FAULT_NONE)
		return fault;
	good = add_services(standing, document, user, &held, services, at) &&
	    add_holdings(standing, document, user, &held, at);
	free(held.role);
	return finish(standing, good, why);
}

enum fault
standing_lets_in(const struct document *document, const struct user *user,
    const struct request *at, bool *lets_in, struct why *why)
{
	const struct names *named = &document->rules.services;
	struct request request = *at;
	struct roles held = {0};
	bool found = false;
	enum fault fault = roles_held(&document->roles, user, &held, why);

	for (size_t i = 0; fault == FAULT_NONE && !found && i <= named->count; i++) {
		request.service = i < named->count ? named->item[i] : EFFECT_OTHER;
		if (names_have_sorted(&admins_services, request.service))
			continue;
		found = verdict_allows(decide(user, &held, &document->rules, &request).verdict);
	}
	free(held.role);
	if (fault == FAULT_NONE)
		*lets_in = found;
	return fault;
}

enum fault
standing_of_role(const struct role *role, struct standing *standing, struct why *why)
{
	bool good = true;

	for (size_t i = 0; good && !role->disabled && i < role->closure.count; i++)
		good = words_add(&standing->permissions, role->closure.item[i]);
	if (good && !role->disabled)
		good = add_group(standing, role) && add_groups(standing, role, NULL);
	return finish(standing, good, why);
}
