/*
 * decide.c - the decision: the rules of a login, in their order, and how verdicts are called.
 */
#include "policy/decide.h"

#include <stdio.h>
#include <string.h>

#include "policy/assignment.h"
#include "policy/grant.h"
#include "policy/text.h"

/* What decide() looks at, and what it found out on the way. */
struct question {
	const struct user *user;
	const struct roles *roles;
	const struct rules *rules;
	const struct request *request;
	struct decision decision;
};

/* ---- what the user has -------------------------------------------------------------------- */

static bool
is_named(const char *name)
{
	return name != NULL && *name != '\0';
}

/* Nobody but these two is a person: a type that there is not, least of all. */
static bool
is_person(const struct user *user)
{
	return user->type == USER_EMPLOYEE || user->type == USER_CLIENT;
}

/*
 * Is this role assigned to the user, in a scope that counts on a host of this client?  A host of no
 * client (NULL or "") leaves every scope as it is.
 */
static bool
is_assigned(const struct user *user, const struct role *role, const char *client)
{
	for (size_t i = 0; i < user->roles.count; i++) {
		struct scope scope;

		if (assignment_scope(user->roles.item[i], role->name, &scope) &&
		    scope_counts_on(&scope, client))
			return true;
	}
	return false;
}

static bool
gives(const struct user *user, const struct role *role, const char *client)
{
	return !role->disabled && is_assigned(user, role, client);
}

/* The permission of a compiled word, which ends in it. */
static const char *
last_word(const char *compiled)
{
	const char *colon = strrchr(compiled, ':');

	return colon == NULL ? compiled : colon + 1;
}

/*
 * The permission by which the roles that count on a host of this client open the service, or with
 * NULL, anything; *role is the one that carries it.
 */
static const char *
find_in_roles(const struct question *question, const char *client, const char *service,
    const char **role)
{
	const struct user *user = question->user;
	char prefix[COMPILED_BYTES + 1];

	if (user->type >= USER_TYPES || (service != NULL && strlen(service) > SERVICE_BYTES))
		return NULL;
	if (service == NULL)
		snprintf(prefix, sizeof(prefix), "%s:", user_types[user->type]);
	else
		snprintf(prefix, sizeof(prefix), "%s:%s:", user_types[user->type], service);
	for (size_t i = 0; i < question->roles->count; i++) {
		const struct role *held = &question->roles->role[i];
		const char *word;

		if (!gives(user, held, client))
			continue;
		word = names_with_prefix(service == NULL ? &held->works : &held->services, prefix);
		if (word == NULL)
			continue;
		*role = held->name;
		return last_word(word);
	}
	return NULL;
}

/* The same of what was granted to the user. */
static const char *
find_in_grants(const struct question *question, const char *service)
{
	const struct user *user = question->user;
	const struct rules *rules = question->rules;

	for (size_t i = 0; i < user->grants.count; i++) {
		struct grant grant;
		size_t first, count;

		if (!grant_parse(user->grants.item[i], &grant) ||
		    !grant_counts(&grant, question->request->now))
			continue;
		count = rules_covered(rules, grant.permission, &first);
		for (size_t j = first; j < first + count; j++) {
			const struct permission *permission = &rules->permission[j];

			if (permission_works_for(permission, user->type) &&
			    (service == NULL ||
			        names_have(permission_services(permission), service)))
				return permission->name;
		}
	}
	return NULL;
}

/* Both; notes in the decision what was found. */
static bool
find(struct question *question, const char *client, const char *service)
{
	const char *role = NULL;
	const char *permission = find_in_roles(question, client, service, &role);

	if (permission == NULL)
		permission = find_in_grants(question, service);
	if (permission == NULL)
		return false;
	question->decision.role = role;
	question->decision.permission = permission;
	question->decision.field = role == NULL ? "grants" : NULL;
	return true;
}

static bool
deny(struct question *question, enum verdict verdict, const char *field)
{
	question->decision.verdict = verdict;
	question->decision.field = field;
	return false;
}

/* ---- the rules: each passes, or denies ---------------------------------------------------- */

/* A request that was not filled in would pass the rules that look at what it lacks. */
static bool
is_whole(struct question *question)
{
	const struct request *request = question->request;

	return ((request->phase == PHASE_AUTH || request->phase == PHASE_ACCOUNT) &&
	    request->now > 0 && request->dated >= 0) || deny(question, VERDICT_NONE, NULL);
}

static bool
is_known(struct question *question)
{
	return question->user != NULL || deny(question, VERDICT_UNKNOWN_USER, NULL);
}

static bool
is_active(struct question *question)
{
	return question->user->status == STATUS_ACTIVE ||
	    deny(question, VERDICT_NOT_ACTIVE, "status");
}

static bool
is_valid_now(struct question *question)
{
	const struct user *user = question->user;
	int64_t now = question->request->now;

	if (user->valid_from != 0 && now < user->valid_from)
		return deny(question, VERDICT_NOT_YET_VALID, "valid-from");
	if (user->valid_until != 0 && now > user->valid_until)
		return deny(question, VERDICT_EXPIRED, "valid-until");
	return true;
}

/* Is a role assigned to the user that is there, and with `enabled`, not disabled? */
static const struct role *
held_role(const struct question *question, bool enabled)
{
	for (size_t i = 0; i < question->roles->count; i++) {
		const struct role *role = &question->roles->role[i];

		if ((!enabled || !role->disabled) && is_assigned(question->user, role, NULL))
			return role;
	}
	return NULL;
}

/*
 * No person logs in as a system or an integration: no password ever, and only a service that one of
 * their permissions names.  Where that permission counts is judged with the site.
 */
static bool
type_logs_in(struct question *question)
{
	const struct request *request = question->request;
	const struct role *role;

	if (is_person(question->user))
		return true;
	if (request->phase == PHASE_ACCOUNT && request->service != NULL &&
	    find(question, NULL, request->service))
		return true;
	role = held_role(question, true);
	question->decision.role = role == NULL ? NULL : role->name;
	return deny(question, VERDICT_TYPE_CANNOT_LOG_IN, "type");
}

static bool
has_contact(struct question *question)
{
	const struct user *user = question->user;

	if (user->type != USER_CLIENT)
		return true;
	if (user->email == NULL || !text_is_email(user->email))
		return deny(question, VERDICT_NO_CONTACT, "email");
	if (user->phone == NULL || !text_is_phone(user->phone))
		return deny(question, VERDICT_NO_CONTACT, "phone");
	return true;
}

static bool
has_enabled_role(struct question *question)
{
	const struct role *any = held_role(question, false);
	const struct role *enabled = held_role(question, true);

	if (any == NULL)
		return deny(question, VERDICT_NO_ROLE, "roles");
	question->decision.role = enabled == NULL ? any->name : enabled->name;
	return enabled != NULL || deny(question, VERDICT_ROLE_DISABLED, "roles");
}

static bool
has_any_permission(struct question *question)
{
	return find(question, NULL, NULL) || deny(question, VERDICT_NO_PERMISSION, "roles");
}

/* A client's people are on their clients' hosts; and a role for one client counts on no other's. */
static bool
is_at_site(struct question *question)
{
	const struct user *user = question->user;
	const struct request *request = question->request;

	if (user->type == USER_CLIENT && user->clients.count > 0) {
		if (!is_named(request->client) || !names_have(&user->clients, request->client))
			return deny(question, VERDICT_WRONG_SITE, "clients");
		if (user->sites.count > 0 &&
		    (!is_named(request->site) || !names_have(&user->sites, request->site)))
			return deny(question, VERDICT_WRONG_SITE, "sites");
	}
	return find(question, request->client, NULL) ||
	    deny(question, VERDICT_WRONG_SITE, "roles");
}

/*
 * Any other service than a named one is open to people alone, with any one permission; one by which
 * people come to act on Hexa to those who may.
 */
static bool
service_is_permitted(struct question *question)
{
	const struct rules *rules = question->rules;
	const char *service = question->request->service;
	bool named = service != NULL && rules_name_service(rules, service);
	bool opened = named || (service != NULL && names_have_sorted(&admins_services, service));
	const char *field = NULL;

	if (opened && find(question, question->request->client, service))
		return true;
	if (!named && service != NULL && is_person(question->user)) {
		if (rules->settings.other_services == OTHER_ANY_PERMISSION)
			return true;
		field = "login.other-services";
	}
	/* Who has it for another client's hosts is told so. */
	if (opened && find(question, NULL, service))
		field = "roles";
	question->decision.permission = NULL;
	return deny(question, VERDICT_SERVICE_NOT_PERMITTED, field);
}

/* It stops guessing; somebody who comes by a key, only where the policy says so. */
static bool
is_not_locked_out(struct question *question)
{
	const struct request *request = question->request;
	bool guessed = request->phase == PHASE_AUTH;
	bool proved = request->proof == PROOF_PASSWORD || request->proof == PROOF_CODE;

	if (!guessed && (proved || !question->rules->settings.lockout_keys))
		return true;
	return !request->locked_out || deny(question, VERDICT_LOCKED_OUT, NULL);
}

int64_t
password_end(const struct user *user, const struct settings *settings)
{
	int64_t age = settings->password_max_age;

	if (age == 0)
		return INT64_MAX;
	if (user->password_set <= 0)
		return INT64_MIN;
	return user->password_set > INT64_MAX - age ? INT64_MAX : user->password_set + age;
}

static bool
is_overdue(const struct question *question)
{
	return question->request->now >=
	    password_end(question->user, &question->rules->settings);
}

/* Of a password that this login has verified; who came with a one-time code is to make one. */
static bool
password_is_lasting(struct question *question)
{
	const struct user *user = question->user;
	const struct request *request = question->request;

	if (request->phase != PHASE_ACCOUNT)
		return true;
	if (request->proof == PROOF_CODE)
		return deny(question, VERDICT_MUST_CHANGE_PASSWORD, "must-change");
	if (request->proof != PROOF_PASSWORD || !is_named(user->password))
		return true;
	if (user->must_change)
		return deny(question, VERDICT_MUST_CHANGE_PASSWORD, "must-change");
	return !is_overdue(question) ||
	    deny(question, VERDICT_MUST_CHANGE_PASSWORD, "password-set");
}

typedef bool rule(struct question *question);

/* The first rule that does not pass decides. */
static struct decision
ask(struct question *question, rule *const *rules)
{
	for (; *rules != NULL; rules++)
		if (!(*rules)(question))
			return question->decision;
	question->decision.verdict = VERDICT_ALLOWED;
	return question->decision;
}

struct decision
decide(const struct user *user, const struct roles *roles, const struct rules *rules,
    const struct request *request)
{
	static rule *const order[] = {is_whole, is_known, is_active, is_valid_now, type_logs_in,
	    has_contact, has_enabled_role, has_any_permission, is_at_site, service_is_permitted,
	    is_not_locked_out, password_is_lasting, NULL};
	struct question question = {user, roles, rules, request, {0}};

	return ask(&question, order);
}

/* ---- a permission ------------------------------------------------------------------------- */

uint32_t
access_back(const struct user *user, const struct roles *roles)
{
	uint32_t most = 0;

	if (user->access_back != 0)
		return user->access_back;
	for (size_t i = 0; i < roles->count; i++)
		if (gives(user, &roles->role[i], NULL) && roles->role[i].access_back > most)
			most = roles->role[i].access_back;
	return most;
}

int64_t
days_back(const struct request *request)
{
	return request->now / SECONDS_PER_DAY - request->dated / SECONDS_PER_DAY;
}

static bool
may_see(const struct question *question)
{
	uint32_t days = access_back(question->user, question->roles);

	return question->request->dated == 0 || days == 0 ||
	    days_back(question->request) <= (int64_t)days;
}

/* Is it in what was granted to the user? */
static bool
is_granted(const struct question *question, const char *permission)
{
	const struct names *grants = &question->user->grants;

	for (size_t i = 0; i < grants->count; i++) {
		struct grant grant;

		if (grant_parse(grants->item[i], &grant) &&
		    grant_counts(&grant, question->request->now) &&
		    permission_matches(grant.permission, permission))
			return true;
	}
	return false;
}

/* The role by which the user has it; NULL when none is. */
static const char *
holding_role(const struct question *question, const char *permission)
{
	const struct request *request = question->request;
	const char *client = request->service == NULL ? NULL : request->client;

	for (size_t i = 0; i < question->roles->count; i++) {
		const struct role *role = &question->roles->role[i];

		if (gives(question->user, role, client) &&
		    names_have_sorted(&role->closure, permission))
			return role->name;
	}
	return NULL;
}

/* Of somebody who would be let in; `by` is the role that would. */
static struct decision
judge_permission(const struct question *question, const char *permission, const char *by)
{
	const struct permission *known = rules_find(question->rules, permission);
	const char *role = holding_role(question, permission);
	bool granted = role == NULL && is_granted(question, permission);

	if (known != NULL && !permission_works_for(known, question->user->type))
		return (struct decision){VERDICT_NO_PERMISSION, "type", by, permission};
	if (known == NULL || (role == NULL && !granted))
		return (struct decision){VERDICT_NO_PERMISSION, "roles", by, permission};
	if (!may_see(question))
		return (struct decision){VERDICT_NO_PERMISSION, "access-back", role, permission};
	return (struct decision){VERDICT_ALLOWED, granted ? "grants" : NULL, role, permission};
}

struct decision
decide_permission(const struct user *user, const struct roles *roles, const struct rules *rules,
    const struct request *request, const char *permission)
{
	static rule *const order[] = {is_whole, is_known, is_active, is_valid_now, has_enabled_role,
	    NULL};
	struct question question = {user, roles, rules, request, {0}};
	struct decision decision;

	decision = request->service == NULL ? ask(&question, order)
	                                    : decide(user, roles, rules, request);
	if (!verdict_allows(decision.verdict))
		return decision;
	return judge_permission(&question, permission, decision.role);
}

/* ---- the verdicts' names ------------------------------------------------------------------ */

const char *
verdict_name(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_NONE:
		return "undecided";
	case VERDICT_UNKNOWN_USER:
		return "unknown-user";
	case VERDICT_NOT_ACTIVE:
		return "not-active";
	case VERDICT_NOT_YET_VALID:
		return "not-yet-valid";
	case VERDICT_EXPIRED:
		return "expired";
	case VERDICT_TYPE_CANNOT_LOG_IN:
		return "type-cannot-log-in";
	case VERDICT_NO_CONTACT:
		return "no-contact";
	case VERDICT_NO_ROLE:
		return "no-role";
	case VERDICT_ROLE_DISABLED:
		return "role-disabled";
	case VERDICT_NO_PERMISSION:
		return "no-permission";
	case VERDICT_WRONG_SITE:
		return "wrong-site";
	case VERDICT_SERVICE_NOT_PERMITTED:
		return "service-not-permitted";
	case VERDICT_LOCKED_OUT:
		return "locked-out";
	case VERDICT_MUST_CHANGE_PASSWORD:
		return "must-change-password";
	case VERDICT_ALLOWED:
		return "allowed";
	}
	return "undecided";
}

enum verdict
verdict_find(const char *name)
{
	for (enum verdict verdict = VERDICT_UNKNOWN_USER; verdict < VERDICT_ALLOWED; verdict++)
		if (strcmp(verdict_name(verdict), name) == 0)
			return verdict;
	return strcmp(verdict_name(VERDICT_ALLOWED), name) == 0 ? VERDICT_ALLOWED : VERDICT_NONE;
}

bool
verdict_allows(enum verdict verdict)
{
	return verdict == VERDICT_ALLOWED;
}
