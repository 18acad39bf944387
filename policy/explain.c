/*
 * explain.c - a decision in words, and the command that would make it another: for each verdict the
 * two functions that know.
 */
#include "policy/explain.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policy/grant.h"
#include "policy/text.h"

/* What is to be put into words, and where to. */
struct asked {
	const struct decision *decision;
	const struct user *user;
	const struct choice *choice; /* of commands alone */
	const struct request *request;
	char *text;
	size_t size;
	bool root;    /* nothing less did: what makes root's equal may be proposed */
	bool *is_root; /* it was; of commands alone */
};

/* ---- words -------------------------------------------------------------------------------- */

static void __attribute__((format(printf, 2, 3)))
say(const struct asked *asked, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(asked->text, asked->size, format, arguments);
	va_end(arguments);
}

static bool
is_named(const char *name)
{
	return name != NULL && *name != '\0';
}

/* Was it this field that decided? */
static bool
is_of(const struct asked *asked, const char *field)
{
	return asked->decision->field != NULL && strcmp(asked->decision->field, field) == 0;
}

/* A user of this type, as a word of a sentence. */
static const char *
type_word(const struct asked *asked)
{
	static const char *const words[USER_TYPES] = {
		[USER_EMPLOYEE] = "an employee",
		[USER_CLIENT] = "a client",
		[USER_SYSTEM] = "a system user",
		[USER_INTEGRATION] = "an integration user",
	};
	unsigned type = asked->user->type;

	return type < USER_TYPES ? words[type] : "a user of no type that there is";
}

/* Through what people hold permissions. */
static const char *
holding_word(const struct asked *asked)
{
	return asked->user->grants.count == 0 ? "no role" : "no role and no grant";
}

enum { SERVICE_WORD_BYTES = SERVICE_BYTES + 16 };

/*
 * The service that is asked about.  Whoever starts a program says what it is called: what no
 * service can be called is not shown.
 */
static void
service_word(const struct request *request, char word[SERVICE_WORD_BYTES])
{
	if (request->service != NULL && text_is_service(request->service))
		snprintf(word, SERVICE_WORD_BYTES, "the service %s", request->service);
	else
		snprintf(word, SERVICE_WORD_BYTES, "any other service");
}

/* ---- why ---------------------------------------------------------------------------------- */

static void
explain_nothing(const struct asked *asked)
{
	say(asked, "no decision was reached");
}

static void
explain_unknown(const struct asked *asked)
{
	say(asked, "there is no such user");
}

static void
explain_status(const struct asked *asked)
{
	const char *const *word = field_find(&user_table, "status")->choices;
	unsigned status = asked->user->status;

	for (unsigned i = 0; *word != NULL && i < status; i++)
		word++;
	say(asked, "%s %s %s", asked->user->name, status == STATUS_LEFT ? "has" : "is",
	    *word != NULL ? *word : "of no status that there is");
}

static void
explain_validity(const struct asked *asked)
{
	bool early = asked->decision->verdict == VERDICT_NOT_YET_VALID;
	char when[TIME_TEXT_BYTES];

	text_from_time(early ? asked->user->valid_from : asked->user->valid_until, when);
	say(asked, "%s may not log in %s %s", asked->user->name, early ? "before" : "after", when);
}

static void
explain_type(const struct asked *asked)
{
	char service[SERVICE_WORD_BYTES];

	service_word(asked->request, service);
	if (asked->request->phase == PHASE_AUTH)
		say(asked, "%s is %s, whom no password lets in", asked->user->name,
		    type_word(asked));
	else
		say(asked, "%s is %s, and no permission of theirs opens %s to such",
		    asked->user->name, type_word(asked), service);
}

static void
explain_contact(const struct asked *asked)
{
	say(asked, "%s is a client without a valid %s", asked->user->name,
	    is_of(asked, "email") ? "e-mail address" : "phone number");
}

static void
explain_no_role(const struct asked *asked)
{
	say(asked, "%s holds no role", asked->user->name);
}

static void
explain_disabled(const struct asked *asked)
{
	say(asked, "every role that %s holds is disabled", asked->user->name);
}

static void
explain_old(const struct asked *asked)
{
	long long days = (long long)days_back(asked->request);
	unsigned long own = asked->user->access_back;

	if (own != 0)
		say(asked, "%s may see %lu days back, and this is %lld days back",
		    asked->user->name, own, days);
	else
		say(asked, "no role of %s lets them see %lld days back", asked->user->name, days);
}

static void
explain_permission(const struct asked *asked)
{
	const char *name = asked->user->name, *permission = asked->decision->permission;

	if (permission == NULL)
		say(asked, "%s of %s carries any permission that works for %s",
		    holding_word(asked), name, type_word(asked));
	else if (is_of(asked, "access-back"))
		explain_old(asked);
	else if (is_of(asked, "type"))
		say(asked, "the permission %s does not work for %s, which %s is", permission,
		    type_word(asked), name);
	else
		say(asked, "%s of %s carries the permission %s", holding_word(asked), name,
		    permission);
}

static void
explain_site(const struct asked *asked)
{
	const struct request *request = asked->request;
	const char *client = is_named(request->client) ? request->client : "no client";
	const char *site = is_named(request->site) ? request->site : "no site";
	const char *name = asked->user->name;

	if (is_of(asked, "roles"))
		say(asked, "all that gives %s anything is for another client, and this host "
		    "belongs to %s", name, client);
	else if (is_of(asked, "clients"))
		say(asked, "this host belongs to %s, and %s only to others", client, name);
	else
		say(asked, "this host stands at %s, and %s is kept to other sites", site, name);
}

static void
explain_service(const struct asked *asked)
{
	const char *name = asked->user->name;
	char service[SERVICE_WORD_BYTES];

	service_word(asked->request, service);
	if (is_of(asked, "login.other-services"))
		say(asked, "no permission names %s, and the policy refuses what none names%s",
		    service, names_have(&admins_services, asked->request->service)
		        ? ", but to who may act on Hexa" : "");
	else if (is_of(asked, "roles"))
		say(asked, "all that opens %s to %s is for another client, and this host belongs "
		    "to %s", service, name, asked->request->client);
	else
		say(asked, "%s of %s carries a permission for %s that works for %s",
		    holding_word(asked), name, service, type_word(asked));
}

static void
explain_lock_out(const struct asked *asked)
{
	say(asked, "%s is locked out after too many failures", asked->user->name);
}

static void
explain_change(const struct asked *asked)
{
	say(asked, "%s must change the password first, and does at their next login",
	    asked->user->name);
}

/* Behind a yes: what a permission on Hexa has to do with this service. */
static const char *
acting_word(const struct asked *asked)
{
	const char *service = asked->request->service;

	return service != NULL && names_have(&admins_services, service) &&
	    rules_is_builtin(asked->decision->permission)
	    ? ", and who may act on Hexa may use sudo for it" : "";
}

/* Does this grant cover what was decided by?  The first that does is the one that decided. */
static bool
is_grant_for(const struct asked *asked, const char *text, struct grant *grant)
{
	return grant_parse(text, grant) && grant_counts(grant, asked->request->now) &&
	    permission_matches(grant->permission, asked->decision->permission);
}

static void
explain_grant(const struct asked *asked)
{
	const struct names *grants = &asked->user->grants;
	char end[TIME_TEXT_BYTES] = "";
	struct grant grant;
	size_t at = 0;

	while (at < grants->count && !is_grant_for(asked, grants->item[at], &grant))
		at++;
	if (at < grants->count && grant.end != 0)
		text_from_time(grant.end, end);
	say(asked, "%s may: %s is granted to them%s%s%s", asked->user->name,
	    asked->decision->permission, end[0] != '\0' ? " until " : "", end,
	    acting_word(asked));
}

static void
explain_yes(const struct asked *asked)
{
	if (asked->decision->role == NULL)
		explain_grant(asked);
	else
		say(asked, "%s may: the role %s carries %s%s", asked->user->name,
		    asked->decision->role, asked->decision->permission, acting_word(asked));
}

/* ---- the command that changes it ---------------------------------------------------------- */

/* One that comes out too long, or with a byte that means something to a shell, is none. */
static void __attribute__((format(printf, 2, 3)))
command(const struct asked *asked, const char *format, ...)
{
	static const char safe[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_.:@/";
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(asked->text, asked->size, format, arguments);
	va_end(arguments);
	if (size < 0 || (size_t)size >= asked->size ||
	    asked->text[strspn(asked->text, safe)] != '\0')
		asked->text[0] = '\0';
}

static void
mend_status(const struct asked *asked)
{
	static const char *const verbs[] = {
		[STATUS_INVITED] = "invite",
		[STATUS_SUSPENDED] = "resume",
		[STATUS_REVOKED] = "restore",
		[STATUS_LEFT] = "restore",
	};
	unsigned status = asked->user->status;

	if (status < sizeof(verbs) / sizeof(verbs[0]) && verbs[status] != NULL)
		command(asked, "hexa-admin user %s %s", verbs[status], asked->user->name);
}

static void
mend_validity(const struct asked *asked)
{
	command(asked, "hexa-admin user edit %s --clear %s", asked->user->name,
	    asked->decision->field);
}

static void
mend_contact(const struct asked *asked)
{
	const struct user *user = asked->user;
	bool email = user->email == NULL || !text_is_email(user->email);
	bool phone = user->phone == NULL || !text_is_phone(user->phone);

	command(asked, "hexa-admin user edit %s%s%s", user->name, email ? " --email ADDRESS" : "",
	    phone ? " --phone NUMBER" : "");
}

static void
mend_no_role(const struct asked *asked)
{
	command(asked, "hexa-admin user edit %s --add-role ROLE", asked->user->name);
}

static void
mend_disabled(const struct asked *asked)
{
	command(asked, "hexa-admin role enable %s", asked->decision->role);
}

/* Does it open the service to the user; with NULL, is it one that the policy itself defines? */
static bool
fits(const struct asked *asked, const struct permission *permission, const char *service)
{
	return permission_works_for(permission, asked->user->type) &&
	    (service != NULL ? names_have(&permission->services, service)
	                     : !rules_is_builtin(permission->name));
}

/* Not more than was asked for? */
static bool
is_modest(const struct asked *asked, const struct permission *permission)
{
	const char *about = asked->decision->permission;

	if (about != NULL && strcmp(about, permission->name) == 0)
		return true;
	if (rules_is_builtin(permission->name))
		return about != NULL && rules_is_builtin(about);
	return asked->root || !permission_is_root_equal(permission);
}

/* Does the one give less besides than the other?  Any Unix group weighs more than all services. */
static bool
gives_less(const struct permission *one, const struct permission *other)
{
	bool groups = one->unix_groups.count > 0;

	if (groups != (other->unix_groups.count > 0))
		return !groups;
	return one->services.count < other->services.count;
}

/* Of those that fit, the one that gives the least besides; the first by name of several. */
static const struct permission *
least_permission(const struct asked *asked, const char *service)
{
	const struct permission *least = NULL;

	for (size_t i = 0; i < asked->choice->rules->count; i++) {
		const struct permission *permission = &asked->choice->rules->permission[i];

		if (!fits(asked, permission, service))
			continue;
		if (least == NULL || is_modest(asked, permission) > is_modest(asked, least) ||
		    (is_modest(asked, permission) == is_modest(asked, least) &&
		        gives_less(permission, least)))
			least = permission;
	}
	return least;
}

/* A permission that would let the request through; NULL when there is none yet. */
static const struct permission *
fitting_permission(const struct asked *asked)
{
	const struct decision *decision = asked->decision;
	const struct rules *rules = asked->choice->rules;
	const char *service = asked->request->service;

	if (decision->permission != NULL) {
		const struct permission *known = rules_find(rules, decision->permission);
		bool works = known != NULL && permission_works_for(known, asked->user->type);

		return works ? known : NULL;
	}
	if (service != NULL && rules_name_service(rules, service))
		return least_permission(asked, service);
	if (decision->verdict == VERDICT_NO_PERMISSION &&
	    rules->settings.other_services == OTHER_ANY_PERMISSION)
		return least_permission(asked, NULL);
	return NULL;
}

/* Is a permission of the role one that would let the request through? */
static bool
role_lets(const struct asked *asked, const struct role *role, const struct permission *fitting)
{
	const struct rules *rules = asked->choice->rules;
	const char *service = asked->request->service;

	if (asked->decision->permission != NULL)
		return names_have_sorted(&role->closure, fitting->name);
	if (service != NULL && !rules_name_service(rules, service))
		service = NULL;
	for (size_t i = 0; i < role->closure.count; i++) {
		const struct permission *carried = rules_find(rules, role->closure.item[i]);

		if (carried != NULL && fits(asked, carried, service))
			return true;
	}
	return false;
}

static bool
role_is_modest(const struct asked *asked, const struct role *role)
{
	if (strcmp(role->name, ROLE_SYSTEM_ADMINISTRATOR) == 0 ||
	    names_have(&role->permissions, "*"))
		return false;
	for (size_t i = 0; i < role->closure.count; i++) {
		const struct permission *carried =
		    rules_find(asked->choice->rules, role->closure.item[i]);

		if (carried != NULL && !is_modest(asked, carried))
			return false;
	}
	return true;
}

/* Of the roles that do, the one with the fewest permissions; the first by name of several. */
static const struct role *
least_role(const struct asked *asked, const struct permission *fitting)
{
	const struct roles *roles = asked->choice->roles;
	const struct role *least = NULL;

	for (size_t i = 0; roles != NULL && i < roles->count; i++) {
		const struct role *role = &roles->role[i];

		if (!role->disabled &&
		    (least == NULL || role->closure.count < least->closure.count) &&
		    role_lets(asked, role, fitting) && role_is_modest(asked, role))
			least = role;
	}
	return least;
}

static bool
role_is_root_equal(const struct asked *asked, const struct role *role)
{
	for (size_t i = 0; i < role->closure.count; i++) {
		const struct permission *carried =
		    rules_find(asked->choice->rules, role->closure.item[i]);

		if (carried != NULL && permission_is_root_equal(carried))
			return true;
	}
	return false;
}

/* To the person: an edited role of theirs would give it to everybody who holds that.  False: no. */
static bool
give(const struct asked *asked, const struct permission *permission)
{
	const struct role *role = least_role(asked, permission);
	const char *name = asked->user->name;

	if (role != NULL)
		command(asked, "hexa-admin user edit %s --add-role %s", name, role->name);
	else if (is_modest(asked, permission))
		command(asked, "hexa-admin user edit %s --grant %s", name, permission->name);
	else
		return false;
	*asked->is_root = role != NULL ? role_is_root_equal(asked, role)
	                               : permission_is_root_equal(permission);
	return true;
}

static void
mend_missing(const struct asked *asked)
{
	const struct permission *permission = fitting_permission(asked);
	struct asked more = *asked;

	if (permission == NULL) {
		command(asked, "hexa-admin policy edit");
		return;
	}
	more.root = true;
	if (!give(asked, permission) && asked->choice->root)
		give(&more, fitting_permission(&more));
}

/* No command gives a type that no person logs in as a password. */
static void
mend_type(const struct asked *asked)
{
	if (asked->request->phase == PHASE_ACCOUNT && asked->request->service != NULL)
		mend_missing(asked);
}

static void
mend_permission(const struct asked *asked)
{
	int64_t days = days_back(asked->request);

	if (!is_of(asked, "access-back"))
		mend_missing(asked);
	else if (days <= ACCESS_BACK_DAYS_MAX)
		command(asked, "hexa-admin user edit %s --access-back %lld", asked->user->name,
		    (long long)days);
}

/*
 * Nothing makes it right that somebody is for one client's hosts, and this is another's: that is
 * what the rule is for.
 */
static void
mend_site(const struct asked *asked)
{
	const struct user *user = asked->user;
	const char *client = asked->request->client, *site = asked->request->site;

	if (is_of(asked, "clients") && !is_named(client))
		command(asked, "hexa-admin host set --client %s", user->clients.item[0]);
	else if (is_of(asked, "sites") && is_named(site))
		command(asked, "hexa-admin user edit %s --add-site %s", user->name, site);
	else if (is_of(asked, "sites"))
		command(asked, "hexa-admin user edit %s --clear sites", user->name);
}

static void
mend_service(const struct asked *asked)
{
	if (!is_of(asked, "roles") && asked->request->service != NULL)
		mend_missing(asked);
}

static void
mend_lock_out(const struct asked *asked)
{
	command(asked, "hexa-admin user unlock %s", asked->user->name);
}

/* ---- by verdict --------------------------------------------------------------------------- */

static const struct {
	void (*explain)(const struct asked *asked);
	void (*mend)(const struct asked *asked); /* NULL: no single command does */
} verdicts[] = {
	[VERDICT_NONE] = {explain_nothing, NULL},
	[VERDICT_UNKNOWN_USER] = {explain_unknown, NULL},
	[VERDICT_NOT_ACTIVE] = {explain_status, mend_status},
	[VERDICT_NOT_YET_VALID] = {explain_validity, mend_validity},
	[VERDICT_EXPIRED] = {explain_validity, mend_validity},
	[VERDICT_TYPE_CANNOT_LOG_IN] = {explain_type, mend_type},
	[VERDICT_NO_CONTACT] = {explain_contact, mend_contact},
	[VERDICT_NO_ROLE] = {explain_no_role, mend_no_role},
	[VERDICT_ROLE_DISABLED] = {explain_disabled, mend_disabled},
	[VERDICT_NO_PERMISSION] = {explain_permission, mend_permission},
	[VERDICT_WRONG_SITE] = {explain_site, mend_site},
	[VERDICT_SERVICE_NOT_PERMITTED] = {explain_service, mend_service},
	[VERDICT_LOCKED_OUT] = {explain_lock_out, mend_lock_out},
	[VERDICT_MUST_CHANGE_PASSWORD] = {explain_change, NULL},
	[VERDICT_ALLOWED] = {explain_yes, NULL},
};

void
decision_explain(const struct decision *decision, const struct user *user,
    const struct request *request, char *text, size_t size)
{
	const struct asked asked = {decision, user, NULL, request, text, size, false, NULL};

	verdicts[decision->verdict].explain(&asked);
}

bool
decision_mend(const struct decision *decision, const struct user *user,
    const struct choice *choice, const struct request *request, char *text, size_t size)
{
	bool is_root = false;
	const struct asked asked = {
	    decision, user, choice, request, text, size, false, &is_root};

	text[0] = '\0';
	if (verdicts[decision->verdict].mend != NULL)
		verdicts[decision->verdict].mend(&asked);
	return is_root && text[0] != '\0';
}
