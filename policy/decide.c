/*
 * decide.c - the decision: the rules of a login, in their order, and how verdicts are called.
 */
#include "policy/decide.h"

#include <string.h>

#include "policy/text.h"

/* What decide() looks at, and what it found out on the way. */
struct question {
	const struct user *user;
	const struct roles *roles;
	const struct rules *rules;
	const struct request *request;
	struct decision decision;
};

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
	    request->now > 0) || deny(question, VERDICT_NONE, NULL);
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

static bool
type_logs_in(struct question *question)
{
	return question->user->type == USER_EMPLOYEE || question->user->type == USER_CLIENT ||
	    deny(question, VERDICT_TYPE_CANNOT_LOG_IN, "type");
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
	const struct roles *roles = question->roles;

	if (roles->count == 0)
		return deny(question, VERDICT_NO_ROLE, "roles");
	question->decision.role = roles->role[0].name;
	for (size_t i = 0; i < roles->count; i++) {
		if (!roles->role[i].disabled) {
			question->decision.role = roles->role[i].name;
			return true;
		}
	}
	return deny(question, VERDICT_ROLE_DISABLED, "roles");
}

static bool
has_any_permission(struct question *question)
{
	for (size_t i = 0; i < question->roles->count; i++) {
		const struct role *role = &question->roles->role[i];

		for (size_t j = 0; !role->disabled && j < role->closure.count; j++) {
			const struct permission *permission =
			    rules_find(question->rules, role->closure.item[j]);

			if (permission == NULL)
				continue;
			question->decision.role = role->name;
			question->decision.permission = permission->name;
			return true;
		}
	}
	return deny(question, VERDICT_NO_PERMISSION, "roles");
}

/* A permission of theirs that names the service. */
static bool
holds_service(struct question *question)
{
	for (size_t i = 0; i < question->roles->count; i++) {
		const struct role *role = &question->roles->role[i];

		for (size_t j = 0; !role->disabled && j < role->closure.count; j++) {
			const struct permission *permission =
			    rules_find(question->rules, role->closure.item[j]);

			if (permission == NULL ||
			    !names_have(&permission->services, question->request->service))
				continue;
			question->decision.role = role->name;
			question->decision.permission = permission->name;
			return true;
		}
	}
	return false;
}

static bool
service_is_permitted(struct question *question)
{
	const char *service = question->request->service;

	if (service == NULL)
		return deny(question, VERDICT_SERVICE_NOT_PERMITTED, NULL);
	if (!rules_name_service(question->rules, service) || holds_service(question))
		return true;
	question->decision.permission = NULL;
	return deny(question, VERDICT_SERVICE_NOT_PERMITTED, NULL);
}

static bool
is_not_locked_out(struct question *question)
{
	return question->request->phase != PHASE_AUTH || !question->request->locked_out ||
	    deny(question, VERDICT_LOCKED_OUT, NULL);
}

static bool
password_is_lasting(struct question *question)
{
	const struct user *user = question->user;
	enum proof proof = question->request->proof;

	if (question->request->phase != PHASE_ACCOUNT || !user->must_change ||
	    user->password == NULL || (proof != PROOF_PASSWORD && proof != PROOF_CODE))
		return true;
	return deny(question, VERDICT_MUST_CHANGE_PASSWORD, "must-change");
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
	    has_contact, has_enabled_role, has_any_permission, service_is_permitted, is_not_locked_out,
	    password_is_lasting, NULL};
	struct question question = {user, roles, rules, request, {0}};

	return ask(&question, order);
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
	for (size_t i = 0; i < roles->count; i++)
		if (!roles->role[i].disabled && names_have(&roles->role[i].closure, permission))
			return (struct decision){VERDICT_ALLOWED, NULL, roles->role[i].name, permission};
	return (struct decision){VERDICT_NO_PERMISSION, "roles", decision.role, permission};
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

bool
verdict_allows(enum verdict verdict)
{
	return verdict == VERDICT_ALLOWED;
}
