/*
 * effects.c - everything that somebody comes to have, as one sorted list, and comparing two.
 */
#include "accounts/effects.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/host_view.h"
#include "policy/grant.h"

static const char HEXA_PREFIX[] = "hexa.";

/* A client user of so many clients is counted at each; of more, everywhere. */
enum { FEW_CLIENTS = 8 };

/* ---- the list ----------------------------------------------------------------------------- */

/* A list that is being made.  Once memory ran out nothing is added. */
struct tally {
	const struct document *document;
	const struct user *user; /* NULL: of a role */
	bool is_actor;
	struct effects effects;
	size_t room;
	bool failed;
};

void
effects_clear(struct effects *effects)
{
	for (size_t i = 0; i < effects->count; i++) {
		free(effects->effect[i].name);
		free(effects->effect[i].scope);
	}
	free(effects->effect);
	*effects = (struct effects){0};
}

static void
add(struct tally *tally, enum effect_kind kind, const char *name, const struct scope *scope)
{
	struct effects *effects = &tally->effects;
	struct effect *all = effects->effect;
	struct effect effect = {.kind = kind, .scope_kind = scope->kind};

	if (tally->failed)
		return;
	if (effects->count == tally->room) {
		tally->room = tally->room == 0 ? 64 : tally->room * 2;
		all = reallocarray(all, tally->room, sizeof(*all));
	}
	effect.name = strdup(name);
	effect.scope = strdup(scope->name);
	tally->failed = all == NULL || effect.name == NULL || effect.scope == NULL;
	if (all != NULL)
		effects->effect = all;
	if (tally->failed) {
		free(effect.name);
		free(effect.scope);
		return;
	}
	all[effects->count++] = effect;
}

static int
compare_names(const struct effect *a, const struct effect *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return strcmp(a->name, b->name);
}

static int
compare(const void *one, const void *other)
{
	const struct effect *a = one, *b = other;
	int order = compare_names(a, b);

	if (order == 0 && a->scope_kind != b->scope_kind)
		order = a->scope_kind < b->scope_kind ? -1 : 1;
	return order == 0 ? strcmp(a->scope, b->scope) : order;
}

/* Sorts the list, takes out what stands there twice, and hands it over. */
static enum fault
finish(struct tally *tally, struct effects *effects, struct why *why)
{
	struct effects *made = &tally->effects;
	size_t kept = 0;

	if (tally->failed) {
		effects_clear(made);
		return why_memory(why);
	}
	if (made->count > 0)
		qsort(made->effect, made->count, sizeof(*made->effect), compare);
	for (size_t i = 0; i < made->count; i++) {
		struct effect *effect = &made->effect[i];

		if (kept > 0 && compare(effect, &made->effect[kept - 1]) == 0) {
			free(effect->name);
			free(effect->scope);
			continue;
		}
		made->effect[kept++] = *effect;
	}
	made->count = kept;
	*effects = *made;
	return FAULT_NONE;
}

/* ---- where -------------------------------------------------------------------------------- */

static const struct scope everywhere = {SCOPE_EVERYTHING, ""};

/*
 * What is not about Hexa itself: a unit does not narrow it, and a client user is nowhere but on
 * their clients' hosts.  An actor is not credited with less: change.c sees to it that whom they
 * change is not let in where they are not.
 */
static void
add_placed(struct tally *tally, enum effect_kind kind, const char *name, const struct scope *scope)
{
	const struct user *user = tally->user;

	if (scope->kind == SCOPE_CLIENT) {
		add(tally, kind, name, scope);
		return;
	}
	if (user == NULL || tally->is_actor || user->type != USER_CLIENT ||
	    user->clients.count == 0 || user->clients.count > FEW_CLIENTS) {
		add(tally, kind, name, &everywhere);
		return;
	}
	for (size_t i = 0; i < user->clients.count; i++)
		add(tally, kind, name, &(struct scope){SCOPE_CLIENT, user->clients.item[i]});
}

static void
add_permission(struct tally *tally, const struct permission *permission, const struct scope *scope)
{
	const struct user *user = tally->user;

	if (user != NULL && !permission_works_for(permission, user->type) &&
	    permission_works_for(permission, USER_EMPLOYEE))
		return;
	if (strncmp(permission->name, HEXA_PREFIX, strlen(HEXA_PREFIX)) == 0)
		add(tally, EFFECT_PERMISSION, permission->name, scope);
	else
		add_placed(tally, EFFECT_PERMISSION, permission->name, scope);
}

static void
add_other_services(struct tally *tally, const struct scope *scope)
{
	if (tally->document->rules.settings.other_services == OTHER_ANY_PERMISSION)
		add_placed(tally, EFFECT_SERVICE, EFFECT_OTHER, scope);
}

/* True of the types of user whom a service that nothing names may let in. */
static bool
is_person(unsigned type)
{
	return type == USER_EMPLOYEE || type == USER_CLIENT;
}

/* ---- roles -------------------------------------------------------------------------------- */

static bool
is_written_all(const struct role *role)
{
	return strcmp(role->name, ROLE_SYSTEM_ADMINISTRATOR) == 0 ||
	    names_have(&role->permissions, EFFECT_ALL);
}

/* Does it have every permission because one that it has it from is written so? */
static bool
carries_all(const struct document *document, const struct role *role)
{
	if (role->closure.count < document->rules.count)
		return false;
	if (is_written_all(role))
		return true;
	for (size_t i = 0; i < role->inherits.count; i++) {
		const struct role *other = roles_find(&document->roles, role->inherits.item[i]);

		if (other != NULL && !other->disabled && is_written_all(other))
			return true;
	}
	return false;
}

/* The compiled words of one type: services (TYPE:SERVICE:PERMISSION) and groups (TYPE:GROUP). */
static void
add_compiled(struct tally *tally, const struct role *role, unsigned type,
    const struct scope *scope)
{
	const char *name = user_types[type];
	size_t size = strlen(name);

	for (size_t i = 0; i < role->services.count; i++) {
		const char *word = role->services.item[i];
		char service[COMPILED_BYTES + 1];

		if (strncmp(word, name, size) != 0 || word[size] != ':')
			continue;
		word += size + 1;
		snprintf(service, sizeof(service), "%.*s", (int)strcspn(word, ":"), word);
		add_placed(tally, EFFECT_SERVICE, service, scope);
	}
	for (size_t i = 0; i < role->groups.count; i++) {
		const char *word = role->groups.item[i];

		if (strncmp(word, name, size) == 0 && word[size] == ':')
			add_placed(tally, EFFECT_GROUP, word + size + 1, scope);
	}
	for (size_t i = 0; i < role->works.count && is_person(type); i++)
		if (strncmp(role->works.item[i], name, size) == 0 &&
		    role->works.item[i][size] == ':')
			add_other_services(tally, scope);
}

static void
add_role(struct tally *tally, const struct role *role, const struct scope *scope)
{
	const struct document *document = tally->document;

	if (carries_all(document, role))
		add(tally, EFFECT_PERMISSION, EFFECT_ALL, scope);
	for (size_t i = 0; i < role->closure.count; i++) {
		const struct permission *permission =
		    rules_find(&document->rules, role->closure.item[i]);

		if (permission != NULL)
			add_permission(tally, permission, scope);
	}
	for (unsigned type = 0; type < USER_TYPES; type++)
		if (tally->user == NULL || tally->user->type == type)
			add_compiled(tally, role, type, scope);
}

static void
add_own_group(struct tally *tally, const struct role *role, const struct scope *scope)
{
	if (role_group(role) != NULL)
		add_placed(tally, EFFECT_ROLE_GROUP, role->name, scope);
}

/*
 * A senior role is authorised for its juniors (ANSI INCITS 359): whoever holds the one may give the
 * others, though the host shows them in the one's group alone.
 */
static void
add_juniors_groups(struct tally *tally, const struct role *role, const struct scope *scope)
{
	for (size_t i = 0; i < role->inherits.count; i++) {
		const struct role *junior =
		    roles_find(&tally->document->roles, role->inherits.item[i]);

		if (junior != NULL && !junior->disabled)
			add_own_group(tally, junior, scope);
	}
}

enum fault
effects_of_role(const struct document *document, const struct role *role,
    struct effects *effects, struct why *why)
{
	struct tally tally = {.document = document};

	add_role(&tally, role, &everywhere);
	return finish(&tally, effects, why);
}

/* ---- users -------------------------------------------------------------------------------- */

static void
add_granted(struct tally *tally, const struct permission *permission)
{
	const struct names *services = permission_services(permission);
	const struct names *groups = permission_groups(permission);
	unsigned type = tally->user->type;

	add_permission(tally, permission, &everywhere);
	if (!permission_works_for(permission, type))
		return;
	for (size_t i = 0; i < services->count; i++)
		add_placed(tally, EFFECT_SERVICE, services->item[i], &everywhere);
	for (size_t i = 0; i < groups->count; i++)
		add_placed(tally, EFFECT_GROUP, groups->item[i], &everywhere);
	if (is_person(type))
		add_other_services(tally, &everywhere);
}

static void
add_grant(struct tally *tally, const char *text, int64_t now)
{
	const struct rules *rules = &tally->document->rules;
	struct grant grant;
	size_t first, count;

	if (!grant_parse(text, &grant) || !grant_counts(&grant, now))
		return;
	/* What one has for a while, nobody could be kept from giving away for good. */
	if (tally->is_actor && grant.end != 0)
		return;
	if (strcmp(grant.permission, EFFECT_ALL) == 0)
		add(tally, EFFECT_PERMISSION, EFFECT_ALL, &everywhere);
	count = rules_covered(rules, grant.permission, &first);
	for (size_t i = first; i < first + count; i++)
		add_granted(tally, &rules->permission[i]);
}

static enum fault
count_user(struct tally *tally, const struct names *host_groups, int64_t now,
    struct effects *effects, struct why *why)
{
	const struct user *user = tally->user;

	for (size_t i = 0; i < user->roles.count; i++) {
		struct assignment assignment;
		const struct role *role;

		if (!assignment_parse(user->roles.item[i], &assignment))
			continue;
		role = roles_find(&tally->document->roles, assignment.role);
		if (role == NULL || (tally->is_actor && role->disabled))
			continue;
		add_role(tally, role, &assignment.scope);
		add_own_group(tally, role, &assignment.scope);
		if (tally->is_actor)
			add_juniors_groups(tally, role, &assignment.scope);
	}
	for (size_t i = 0; i < user->grants.count; i++)
		add_grant(tally, user->grants.item[i], now);
	for (size_t i = 0; host_groups != NULL && i < host_groups->count; i++)
		add(tally, EFFECT_GROUP, host_groups->item[i], &everywhere);
	return finish(tally, effects, why);
}

enum fault
effects_of_user(const struct document *document, const struct user *user,
    const struct names *host_groups, int64_t now, struct effects *effects, struct why *why)
{
	struct tally tally = {.document = document, .user = user};

	return count_user(&tally, host_groups, now, effects, why);
}

/* Plain root's. */
static enum fault
effects_of_root(struct effects *effects, struct why *why)
{
	struct tally tally = {0};

	add(&tally, EFFECT_PERMISSION, EFFECT_ALL, &everywhere);
	return finish(&tally, effects, why);
}

enum fault
effects_of_actor(const struct admin *admin, struct txn *txn, const struct document *document,
    struct effects *effects, struct why *why)
{
	struct tally tally = {.document = document, .is_actor = true};
	struct names groups = {0};
	struct user user = {0};
	enum fault fault;

	if (admin->is_root)
		return effects_of_root(effects, why);
	fault = user_get(txn, admin->self, &user, why);
	if (fault == FAULT_UNKNOWN)
		fault = why_set(why, FAULT_DENIED, "whoever is acting is gone");
	if (fault == FAULT_NONE)
		fault = host_memberships(admin->root, user.name, &groups, why);
	tally.user = &user;
	if (fault == FAULT_NONE)
		fault = count_user(&tally, &groups, admin->now, effects, why);
	names_clear(&groups);
	user_clear(&user);
	return fault;
}

/* ---- comparing ---------------------------------------------------------------------------- */

/* Where the first effect of this kind and name stands, or would. */
static size_t
lower_bound(const struct effects *all, const struct effect *wanted)
{
	size_t low = 0, high = all->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_names(&all->effect[middle], wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Is there one called so whose scope covers this? */
static bool
has_in_scope(const struct effects *all, const struct effect *named, const struct scope *scope)
{
	for (size_t i = lower_bound(all, named);
	    i < all->count && compare_names(&all->effect[i], named) == 0; i++) {
		const struct scope outer = {all->effect[i].scope_kind, all->effect[i].scope};

		if (scope_covers(&outer, scope))
			return true;
	}
	return false;
}

static bool
has(const struct effects *all, const struct effect *effect)
{
	const struct effect written_all = {.kind = EFFECT_PERMISSION, .name = (char *)EFFECT_ALL};
	const struct scope scope = {effect->scope_kind, effect->scope};

	return has_in_scope(all, effect, &scope) || has_in_scope(all, &written_all, &everywhere);
}

const struct effect *
effects_beyond(const struct effects *some, const struct effects *all)
{
	for (size_t i = 0; i < some->count; i++)
		if (!has(all, &some->effect[i]))
			return &some->effect[i];
	return NULL;
}

/* ---- in words ----------------------------------------------------------------------------- */

static void
what_explain(const struct effect *effect, char *text, size_t size)
{
	switch (effect->kind) {
	case EFFECT_PERMISSION:
		if (strcmp(effect->name, EFFECT_ALL) == 0)
			snprintf(text, size, "every permission (`%s`)", EFFECT_ALL);
		else
			snprintf(text, size, "the permission %s", effect->name);
		return;
	case EFFECT_SERVICE:
		if (strcmp(effect->name, EFFECT_OTHER) == 0)
			snprintf(text, size, "the services that no permission names");
		else
			snprintf(text, size, "the service %s", effect->name);
		return;
	case EFFECT_GROUP:
		snprintf(text, size, "the Unix group %s", effect->name);
		return;
	case EFFECT_ROLE_GROUP:
		snprintf(text, size, "the Unix group of the role %s", effect->name);
		return;
	}
	snprintf(text, size, "%s", effect->name);
}

void
effect_explain(const struct effect *effect, char *text, size_t size)
{
	char what[WHY_TEXT_MAX];

	what_explain(effect, what, sizeof(what));
	switch (effect->scope_kind) {
	case SCOPE_NOTHING:
	case SCOPE_EVERYTHING:
		snprintf(text, size, "%s", what);
		return;
	case SCOPE_UNIT:
		snprintf(text, size, "%s within %s", what, effect->scope);
		return;
	case SCOPE_CLIENT:
		snprintf(text, size, "%s for the client %s", what, effect->scope);
		return;
	}
}

/* ---- the host's groups -------------------------------------------------------------------- */

enum fault
host_memberships(const char *root, const char *name, struct names *groups, struct why *why)
{
	struct host_view *view = host_view_open(root);
	enum fault fault = view == NULL ? why_memory(why)
	                                : host_view_groups_of(view, name, groups, why);

	host_view_close(view);
	return fault;
}
