/*
 * explain.c - a decision in words.
 */
#include "policy/explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/text.h"

static const char *
or_none(const char *text)
{
	return text == NULL ? "" : text;
}

/* The service asked about, for a sentence. */
static const char *
service_of(const struct request *request)
{
	return request->service == NULL ? "any service" : request->service;
}

static void
explain_contact(const struct user *user, const char *field, char *text, size_t size)
{
	snprintf(text, size, "%s is a client without a valid %s", user->name,
	    strcmp(field, "email") == 0 ? "e-mail address" : "phone number");
}

static void
explain_status(const struct user *user, char *text, size_t size)
{
	struct bytes status = {0};
	char *word;

	field_print(field_find(&user_table, "status"), user, &status);
	word = bytes_take_text(&status);
	snprintf(text, size, "%s is %s", user->name, word == NULL ? "not active" : word);
	free(word);
}

void
decision_explain(const struct decision *decision, const struct user *user,
    const struct request *request, char *text, size_t size)
{
	const char *name = user == NULL ? "" : user->name;
	char when[TIME_TEXT_BYTES];

	switch (decision->verdict) {
	case VERDICT_NONE:
		snprintf(text, size, "no decision was reached");
		return;
	case VERDICT_UNKNOWN_USER:
		snprintf(text, size, "there is no such user");
		return;
	case VERDICT_NOT_ACTIVE:
		explain_status(user, text, size);
		return;
	case VERDICT_NOT_YET_VALID:
		text_from_time(user->valid_from, when);
		snprintf(text, size, "%s may not log in before %s", name, when);
		return;
	case VERDICT_EXPIRED:
		text_from_time(user->valid_until, when);
		snprintf(text, size, "%s may not log in after %s", name, when);
		return;
	case VERDICT_TYPE_CANNOT_LOG_IN:
		snprintf(text, size, "%s is a %s user, and no person logs in as one", name,
		    user->type == USER_SYSTEM ? "system" : "integration");
		return;
	case VERDICT_NO_CONTACT:
		explain_contact(user, decision->field, text, size);
		return;
	case VERDICT_NO_ROLE:
		snprintf(text, size, "%s holds no role", name);
		return;
	case VERDICT_ROLE_DISABLED:
		snprintf(text, size, "every role that %s holds is disabled", name);
		return;
	case VERDICT_NO_PERMISSION:
		if (decision->permission != NULL)
			snprintf(text, size, "no role of %s carries the permission %s", name,
			    decision->permission);
		else
			snprintf(text, size, "no role of %s carries any permission", name);
		return;
	case VERDICT_SERVICE_NOT_PERMITTED:
		snprintf(text, size, "no role of %s carries a permission for the service %s", name,
		    service_of(request));
		return;
	case VERDICT_LOCKED_OUT:
		snprintf(text, size, "%s is locked out after too many failures", name);
		return;
	case VERDICT_MUST_CHANGE_PASSWORD:
		snprintf(text, size, "%s must change the password first", name);
		return;
	case VERDICT_ALLOWED:
		snprintf(text, size, "%s may: the role %s carries %s", name,
		    or_none(decision->role), or_none(decision->permission));
		return;
	}
}

/* ---- the command that changes it ---------------------------------------------------------- */

/* A permission that would let the request through: the first that names its service, else any. */
static const char *
fitting_permission(const struct decision *decision, const struct rules *rules,
    const struct request *request)
{
	if (decision->permission != NULL)
		return decision->permission;
	for (size_t i = 0; request->service != NULL && i < rules->count; i++)
		if (names_have(&rules->permission[i].services, request->service))
			return rules->permission[i].name;
	for (size_t i = 0; i < rules->count; i++)
		if (!rules_is_builtin(rules->permission[i].name))
			return rules->permission[i].name;
	return "PERMISSION";
}

static void
mend_status(const struct user *user, char *text, size_t size)
{
	switch ((enum user_status)user->status) {
	case STATUS_SUSPENDED:
		snprintf(text, size, "hexa-admin user resume %s", user->name);
		return;
	case STATUS_REVOKED:
	case STATUS_LEFT:
		snprintf(text, size, "hexa-admin user restore %s", user->name);
		return;
	case STATUS_INVITED:
		snprintf(text, size, "hexa-admin user invite %s", user->name);
		return;
	case STATUS_ACTIVE:
		return;
	}
}

static void
mend_contact(const struct user *user, char *text, size_t size)
{
	bool email = user->email == NULL || !text_is_email(user->email);
	bool phone = user->phone == NULL || !text_is_phone(user->phone);

	snprintf(text, size, "hexa-admin user edit %s%s%s", user->name,
	    email ? " --email ADDRESS" : "", phone ? " --phone NUMBER" : "");
}

void
decision_mend(const struct decision *decision, const struct user *user, const struct rules *rules,
    const struct request *request, char *text, size_t size)
{
	const char *name = user == NULL ? "" : user->name;

	text[0] = '\0';
	switch (decision->verdict) {
	case VERDICT_NONE:
		snprintf(text, size, "hexa-admin doctor");
		return;
	case VERDICT_UNKNOWN_USER:
		snprintf(text, size, "hexa-admin user list");
		return;
	case VERDICT_NOT_ACTIVE:
		mend_status(user, text, size);
		return;
	case VERDICT_NOT_YET_VALID:
	case VERDICT_EXPIRED:
		snprintf(text, size, "hexa-admin user edit %s --clear %s", name, decision->field);
		return;
	case VERDICT_TYPE_CANNOT_LOG_IN:
		snprintf(text, size, "hexa-admin user edit %s --type employee", name);
		return;
	case VERDICT_NO_CONTACT:
		mend_contact(user, text, size);
		return;
	case VERDICT_NO_ROLE:
		snprintf(text, size, "hexa-admin user edit %s --add-role ROLE", name);
		return;
	case VERDICT_ROLE_DISABLED:
		snprintf(text, size, "hexa-admin role enable %s", or_none(decision->role));
		return;
	case VERDICT_NO_PERMISSION:
	case VERDICT_SERVICE_NOT_PERMITTED:
		snprintf(text, size, "hexa-admin role edit %s --add-permission %s",
		    or_none(decision->role), fitting_permission(decision, rules, request));
		return;
	case VERDICT_LOCKED_OUT:
		snprintf(text, size, "hexa-admin user unlock %s", name);
		return;
	case VERDICT_MUST_CHANGE_PASSWORD:
		snprintf(text, size, "hexa-admin user password %s", name);
		return;
	case VERDICT_ALLOWED:
		return;
	}
}
