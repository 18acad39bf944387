/*
 * suggest.c - "did you mean".
 */
#include "accounts/suggest.h"

#include <stdio.h>
#include <stdlib.h>

#include "accounts/host.h"
#include "policy/text.h"

static enum fault
suggest(const char *noun, const char *name, const char *const *names, size_t count,
    struct why *why)
{
	const char *nearest = text_nearest(name, names, count);

	if (nearest == NULL)
		return why_set(why, FAULT_UNKNOWN, "there is no %s %s", noun, name);
	return why_set(why, FAULT_UNKNOWN, "there is no %s %s: did you mean %s?", noun, name,
	    nearest);
}

enum fault
suggest_role(const char *name, const struct roles *roles, struct why *why)
{
	const char **names = calloc(roles->count + 1, sizeof(*names));
	enum fault fault;

	if (names == NULL)
		return why_memory(why);
	for (size_t i = 0; i < roles->count; i++)
		names[i] = roles->role[i].name;
	fault = suggest("role", name, names, roles->count, why);
	why_mend(why, "hexa-admin role list");
	free(names);
	return fault;
}

enum fault
suggest_permission(const char *name, const struct rules *rules, struct why *why)
{
	const char **names = calloc(rules->count + 1, sizeof(*names));
	enum fault fault;

	if (names == NULL)
		return why_memory(why);
	for (size_t i = 0; i < rules->count; i++)
		names[i] = rules->permission[i].name;
	fault = suggest("permission", name, names, rules->count, why);
	free(names);
	return fault;
}

/* "" when none is near. */
static enum fault
nearest_user(struct txn *txn, const struct reach *reach, const char *who,
    char nearest[LOGIN_NAME_BYTES + 1], struct why *why)
{
	struct user user = {0};
	enum fault fault;
	uint32_t uid = 0;

	nearest[0] = '\0';
	for (;;) {
		const char *names[] = {NULL, nearest};

		fault = user_next(txn, uid, &user, why);
		if (fault != FAULT_NONE)
			break;
		uid = user.uid;
		names[0] = user.name;
		if (reach_covers_user(reach, &user) &&
		    text_nearest(who, names, nearest[0] == '\0' ? 1 : 2) == user.name)
			snprintf(nearest, LOGIN_NAME_BYTES + 1, "%s", user.name);
	}
	user_clear(&user);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

/* A help alone: where this host's files cannot be read there is none. */
static bool
is_local_user(const struct admin *admin, const char *who)
{
	char local[HOST_LOCAL_BYTES];

	return host_local_user(admin->root, who, HOST_NO_ID, local, NULL) == FAULT_NONE &&
	    local[0] != '\0';
}

enum fault
suggest_user(struct admin *admin, struct txn *txn, const char *who, struct why *why)
{
	char nearest[LOGIN_NAME_BYTES + 1];
	struct reach reach = {0};
	enum fault fault;

	if (text_is_login(who) && is_local_user(admin, who))
		return why_set(why, FAULT_UNKNOWN, "%s is this host's own user (/etc/passwd), and "
		    "Hexa is not asked about them", who);
	fault = admin_reach(admin, txn, "hexa.users.view", &reach, why);
	if (fault == FAULT_NONE)
		fault = nearest_user(txn, &reach, who, nearest, why);
	reach_clear(&reach);
	if (fault != FAULT_NONE)
		return fault;
	if (nearest[0] == '\0')
		return why_set(why, FAULT_UNKNOWN, "no such user: %.64s", who);
	return why_set(why, FAULT_UNKNOWN, "no such user: %.64s; did you mean %s?", who, nearest);
}
