/*
 * policy_warn.c - what a policy says that is allowed on this host, and perhaps not meant.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/policy.h"
#include "accounts/services.h"
#include "policy/test.h"
#include "policy/text.h"
#include "store/host_groups.h"

/* ---- one sentence for all of a kind ------------------------------------------------------- */

/* The text as a warning, unless it is empty; takes what is in it. */
static enum fault
warn(struct names *warnings, struct bytes *text, struct why *why)
{
	char *sentence;
	bool good;

	if (text->size == 0 && !text->failed)
		return FAULT_NONE;
	sentence = bytes_take_text(text);
	good = sentence != NULL && names_add(warnings, sentence);
	free(sentence);
	return good ? FAULT_NONE : why_memory(why);
}

/* "BEFORE a, b or c"; AFTER is for one, AFTER_MANY for several. */
struct sentence {
	const char *before;
	const char *before_many;
	const char *joins_last; /* " or " or " and " */
	const char *after;
	const char *after_many;
};

static enum fault
warn_of_each(struct names *warnings, const struct sentence *sentence, const struct names *words,
    struct why *why)
{
	bool many = words->count > 1;
	struct bytes text = {0};

	for (size_t i = 0; i < words->count; i++)
		bytes_print(&text, "%s%s", i == 0
		        ? (many ? sentence->before_many : sentence->before)
		        : i + 1 < words->count ? ", " : sentence->joins_last,
		    words->item[i]);
	if (words->count > 0)
		bytes_print(&text, "%s", many ? sentence->after_many : sentence->after);
	return warn(warnings, &text, why);
}

/* ---- what goes ---------------------------------------------------------------------------- */

static enum fault
warn_of_gone(const struct proposal *proposal, struct names *warnings, struct why *why)
{
	static const struct sentence permissions_go = {
	    "the permission ", "the permissions ", " and ", " goes", " go"};
	static const struct sentence roles_go = {
	    "the role ", "the roles ", " and ", " goes", " go"};
	const struct rules *rules = &proposal->before->rules;
	const struct roles *roles = &proposal->before->roles;
	struct names permissions = {0}, gone = {0};
	bool good = true;
	enum fault fault;

	for (size_t i = 0; good && i < rules->count; i++)
		good = rules_find(&proposal->after->rules, rules->permission[i].name) != NULL ||
		    names_add(&permissions, rules->permission[i].name);
	for (size_t i = 0; good && i < roles->count; i++)
		good = roles_find(&proposal->after->roles, roles->role[i].name) != NULL ||
		    names_add(&gone, roles->role[i].name);
	fault = good ? warn_of_each(warnings, &permissions_go, &permissions, why) : why_memory(why);
	if (fault == FAULT_NONE)
		fault = warn_of_each(warnings, &roles_go, &gone, why);
	names_clear(&permissions);
	names_clear(&gone);
	return fault;
}

/* ---- services ----------------------------------------------------------------------------- */

/*
 * The service, with the one that was perhaps meant.  A policy that names that one as well means
 * both: another system's name for it, which does no harm.
 */
static bool
add_missing(struct names *missing, const struct names *known, const struct rules *rules,
    const char *service)
{
	const char *nearest =
	    text_nearest(service, (const char *const *)known->item, known->count);
	char text[SERVICE_MEANT_BYTES];

	if (rules_name_service(rules, service) && nearest != NULL &&
	    rules_name_service(rules, nearest))
		return names_add(missing, service);
	service_meant(known, service, text);
	return names_add(missing, text);
}

/* Does a role open it?  Whoever has everything has this too, and that shows nothing. */
static bool
is_opened(const struct document *document, const char *service)
{
	for (size_t i = 0; i < document->roles.count; i++) {
		const struct role *role = &document->roles.role[i];

		if (role->disabled || strcmp(role->name, ROLE_SYSTEM_ADMINISTRATOR) == 0)
			continue;
		for (size_t type = 0; user_types[type] != NULL; type++) {
			char prefix[COMPILED_BYTES + 1];

			snprintf(prefix, sizeof(prefix), "%s:%s:", user_types[type], service);
			if (names_with_prefix(&role->services, prefix) != NULL)
				return true;
		}
	}
	return false;
}

/* Every service that the policy speaks of: in its permissions, and in its tests. */
static enum fault
services_named(const struct document *document, struct names *services, struct why *why)
{
	enum fault fault =
	    names_copy(services, &document->rules.services) ? FAULT_NONE : why_memory(why);

	for (size_t i = 0; fault == FAULT_NONE && i < document->tests.count; i++) {
		struct test test = {0};

		fault = test_parse(document->tests.item[i], &test, why);
		if (fault == FAULT_NONE && test.service != NULL &&
		    !names_insert(services, test.service))
			fault = why_memory(why);
		test_clear(&test);
	}
	return fault;
}

static enum fault
find_missing(const struct proposal *proposal, struct names *missing, struct why *why)
{
	struct names known = {0}, named = {0};
	enum fault fault = services_read(proposal->admin->root, &known, why);

	if (fault == FAULT_NONE)
		fault = services_named(proposal->after, &named, why);
	for (size_t i = 0; fault == FAULT_NONE && i < named.count; i++)
		if (!names_have_sorted(&known, named.item[i]) &&
		    !add_missing(missing, &known, &proposal->after->rules, named.item[i]))
			fault = why_memory(why);
	names_clear(&known);
	names_clear(&named);
	return fault;
}

static enum fault
find_closed(const struct document *document, struct names *closed, struct why *why)
{
	const struct names *services = &document->rules.services;

	for (size_t i = 0; i < services->count; i++)
		if (!is_opened(document, services->item[i]) &&
		    !names_add(closed, services->item[i]))
			return why_memory(why);
	return FAULT_NONE;
}

static enum fault
warn_of_services(const struct proposal *proposal, struct names *warnings, struct why *why)
{
	static const struct sentence no_service = {
	    "this host has no PAM service ", "this host has no PAM service ", " or ", "", ""};
	static const struct sentence opened_by_none = {
	    "no role but " ROLE_SYSTEM_ADMINISTRATOR " opens the service ",
	    "no role but " ROLE_SYSTEM_ADMINISTRATOR " opens the services ", " or ", "", ""};
	struct names missing = {0}, closed = {0};
	enum fault fault = find_missing(proposal, &missing, why);

	if (fault == FAULT_NONE)
		fault = find_closed(proposal->after, &closed, why);
	if (fault == FAULT_NONE)
		fault = warn_of_each(warnings, &no_service, &missing, why);
	if (fault == FAULT_NONE)
		fault = warn_of_each(warnings, &opened_by_none, &closed, why);
	names_clear(&missing);
	names_clear(&closed);
	return fault;
}

static enum fault
warn_of_nobody(const struct proposal *proposal, struct names *warnings, struct why *why)
{
	const struct rules *rules = &proposal->after->rules;
	struct bytes text = {0};

	if (rules->services.count > 0 || rules->settings.other_services != OTHER_REFUSE)
		return FAULT_NONE;
	bytes_print(&text, "nobody can log in: no permission names a service, and "
	    "login.other-services is refuse");
	return warn(warnings, &text, why);
}

/* ---- groups ------------------------------------------------------------------------------- */

static enum fault
groups_named(const struct rules *rules, struct names *groups, struct why *why)
{
	for (size_t i = 0; i < rules->count; i++) {
		const struct names *named = &rules->permission[i].unix_groups;

		for (size_t j = 0; j < named->count; j++)
			if (!names_insert(groups, named->item[j]))
				return why_memory(why);
	}
	return FAULT_NONE;
}

static enum fault
warn_of_groups(const struct proposal *proposal, struct names *warnings, struct why *why)
{
	static const struct sentence no_group = {
	    "this host has no group ", "this host has no group ", " or ", "", ""};
	struct names named = {0}, missing = {0};
	struct host_groups groups = {0};
	enum fault fault = groups_named(&proposal->after->rules, &named, why);

	if (fault == FAULT_NONE && named.count > 0)
		fault = host_groups_read(proposal->admin->root, &groups, why);
	for (size_t i = 0; fault == FAULT_NONE && i < named.count; i++)
		if (!names_have(&groups.names, named.item[i]) &&
		    !names_add(&missing, named.item[i]))
			fault = why_memory(why);
	if (fault == FAULT_NONE)
		fault = warn_of_each(warnings, &no_group, &missing, why);
	host_groups_clear(&groups);
	names_clear(&named);
	names_clear(&missing);
	return fault;
}

/* ---- limits ------------------------------------------------------------------------------- */

static enum fault
warn_of_limits(const struct proposal *proposal, struct names *warnings, struct why *why)
{
	uint32_t limit = proposal->after->rules.settings.limit_users;
	struct bytes text = {0};
	uint64_t count = 0;
	enum fault fault = seat_count(proposal->txn, NULL, &count, why);

	if (fault != FAULT_NONE || limit == 0 || count <= limit)
		return fault;
	bytes_print(&text,
	    "there are %llu users already, more than limits.users: %lu; nobody can be added",
	    (unsigned long long)count, (unsigned long)limit);
	return warn(warnings, &text, why);
}

enum fault
policy_warn(const struct proposal *proposal, struct names *warnings, struct why *why)
{
	enum fault fault = warn_of_gone(proposal, warnings, why);

	if (fault == FAULT_NONE)
		fault = warn_of_nobody(proposal, warnings, why);
	if (fault == FAULT_NONE)
		fault = warn_of_services(proposal, warnings, why);
	if (fault == FAULT_NONE)
		fault = warn_of_groups(proposal, warnings, why);
	if (fault == FAULT_NONE)
		fault = warn_of_limits(proposal, warnings, why);
	return fault;
}
