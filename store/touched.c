/*
 * touched.c - from entries of the journal to the users and roles that stand differently in the
 * directory for them.
 */
#include "store/touched.h"

#include <stdlib.h>
#include <string.h>

void
touched_clear(struct touched *touched)
{
	free(touched->uid);
	names_clear(&touched->roles);
	names_clear(&touched->holders);
	*touched = (struct touched){0};
}

static enum fault
touch_user(struct touched *touched, uint32_t uid, struct why *why)
{
	uint32_t *all = touched->uid;

	if (touched->count > 0 && all[touched->count - 1] == uid)
		return FAULT_NONE;
	if ((touched->count & (touched->count - 1)) == 0)
		all = reallocarray(all, touched->count == 0 ? 1 : touched->count * 2, sizeof(*all));
	if (all == NULL)
		return why_memory(why);
	touched->uid = all;
	all[touched->count++] = uid;
	return FAULT_NONE;
}

/* The roles of assignments as the journal has them, each once. */
static enum fault
split_roles(const char *text, struct names *roles, struct why *why)
{
	bool good = true;

	while (good && *text != '\0') {
		size_t size = strcspn(text, " ");
		char *role = strndup(text, strcspn(text, " @"));

		good = role != NULL && names_insert(roles, role);
		free(role);
		text += size + (text[size] != '\0');
	}
	return good ? FAULT_NONE : why_memory(why);
}

/* The roles of one list that the other lacks: their groups' lists grew or shrank. */
static enum fault
touch_roles(struct touched *touched, const char *list, const char *other, struct why *why)
{
	struct names here = {0}, there = {0};
	enum fault fault = split_roles(list, &here, why);

	if (fault == FAULT_NONE)
		fault = split_roles(other, &there, why);
	for (size_t i = 0; fault == FAULT_NONE && i < here.count; i++)
		if (!names_have_sorted(&there, here.item[i]) &&
		    !names_insert(&touched->roles, here.item[i]))
			fault = why_memory(why);
	names_clear(&here);
	names_clear(&there);
	return fault;
}

/*
 * What of a role, of a permission, of the settings and of the host shows in the directory.  A
 * role's groups-of is what its permissions' unix-groups come to; of permissions themselves only
 * grants give, and whose they are is not looked for.
 */
struct visible {
	const char *noun;
	const char *field;
	enum { SHOWS_ON_HOLDERS = 1, SHOWS_ON_EVERYBODY } on;
};

static const struct visible visible[] = {
	{"role", "", SHOWS_ON_HOLDERS},
	{"role", "group", SHOWS_ON_HOLDERS},
	{"role", "disabled", SHOWS_ON_HOLDERS},
	{"role", "groups-of", SHOWS_ON_HOLDERS},
	{"permission", "unix-groups", SHOWS_ON_EVERYBODY},
	{"permission", "types", SHOWS_ON_EVERYBODY},
	{"setting", "directory.group-members", SHOWS_ON_EVERYBODY},
	{"setting", "login.email", SHOWS_ON_EVERYBODY},
	{"setting", "login.phone", SHOWS_ON_EVERYBODY},
	{"host", "client", SHOWS_ON_EVERYBODY},
};

static enum fault
touch_visible(struct touched *touched, const struct journal_change *change, struct why *why)
{
	for (size_t i = 0; i < sizeof(visible) / sizeof(visible[0]); i++) {
		if (strcmp(visible[i].noun, change->noun) != 0 ||
		    strcmp(visible[i].field, change->field) != 0)
			continue;
		if (visible[i].on == SHOWS_ON_EVERYBODY)
			touched->everybody = true;
		else if (!names_insert(&touched->roles, change->name) ||
		    !names_insert(&touched->holders, change->name))
			return why_memory(why);
	}
	return FAULT_NONE;
}

static enum fault
touch(struct touched *touched, const struct journal_change *change, struct why *why)
{
	enum fault fault;

	if (strcmp(change->noun, key_table.noun) == 0)
		return touch_user(touched, change->uid, why);
	if (strcmp(change->noun, user_table.noun) != 0)
		return touch_visible(touched, change, why);
	fault = touch_user(touched, change->uid, why);
	if (fault == FAULT_NONE && strcmp(change->field, "roles") == 0)
		fault = touch_roles(touched, change->before, change->after, why);
	if (fault == FAULT_NONE && strcmp(change->field, "roles") == 0)
		fault = touch_roles(touched, change->after, change->before, why);
	return fault;
}

enum fault
touched_since(struct txn *txn, uint64_t after, struct touched *touched, struct why *why)
{
	struct journal_entry entry = {0};
	enum fault fault;

	while ((fault = journal_next(txn, after, &entry, why)) == FAULT_NONE) {
		after = entry.sequence;
		for (size_t i = 0; fault == FAULT_NONE && i < entry.count; i++)
			fault = touch(touched, &entry.change[i], why);
		if (fault != FAULT_NONE)
			break;
	}
	journal_entry_clear(&entry);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

enum fault
touched_holders(struct txn *txn, struct touched *touched, struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < touched->holders.count; i++) {
		uint32_t uid = 0;

		while (fault == FAULT_NONE && (fault = role_member_next(txn,
		    touched->holders.item[i], uid, &uid, why)) == FAULT_NONE)
			fault = touch_user(touched, uid, why);
		if (fault == FAULT_UNKNOWN)
			fault = FAULT_NONE;
	}
	return fault;
}

enum fault
touched_ended(struct publication *publication, struct touched *touched, struct why *why)
{
	uint32_t uid = 0;
	bool ended = true;
	enum fault fault = FAULT_NONE;

	while (fault == FAULT_NONE &&
	    (fault = publish_ended(publication, &ended, &uid, why)) == FAULT_NONE && ended)
		fault = touch_user(touched, uid, why);
	return fault;
}
