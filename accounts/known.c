/*
 * known.c - who is known by an e-mail address, and giving them access again.
 */
#include "accounts/known.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/clients.h"

static bool
has_access(const struct user *user)
{
	switch ((enum user_status)user->status) {
	case STATUS_REVOKED:
	case STATUS_LEFT:
		return false;
	case STATUS_INVITED:
	case STATUS_ACTIVE:
		return user->roles.count > 0;
	case STATUS_SUSPENDED:
		/* What was done for a while is not undone by the way. */
		return true;
	}
	return true;
}

/* False as well of an actor who sees nobody. */
static enum fault
is_seen(const struct change *change, const struct user *user, bool *seen, struct why *why)
{
	enum fault fault;

	*seen = false;
	fault = admin_may_see(change->admin, change->txn, "hexa.users.view", user, seen, why);
	return fault == FAULT_DENIED ? FAULT_NONE : fault;
}

/* A command that is cut short would do something else: then there is none. */
static void
mend_by_adding(struct txn *txn, const struct user *user, const struct names *clients,
    struct why *why)
{
	char adds[WHY_MEND_MAX] = "";
	size_t size = 0, room;

	room = sizeof(adds) - sizeof("hexa-admin user edit ") - strlen(user->name);
	for (size_t i = 0; i < clients->count; i++) {
		int more;

		if (names_have(&user->clients, clients->item[i]) ||
		    client_known(txn, clients->item[i], NULL, NULL) != FAULT_NONE)
			continue;
		more = snprintf(adds + size, room - size, " --add-client %s", clients->item[i]);
		if (more < 0 || (size_t)more >= room - size)
			return;
		size += (size_t)more;
	}
	if (size > 0)
		why_mend(why, "hexa-admin user edit %s%s", user->name, adds);
}

static enum fault
refuse_with_access(struct txn *txn, const struct user *user, const struct names *clients,
    struct why *why)
{
	why_field(why, FAULT_CONFLICT, "email", "email: %s has %s already", user->name,
	    user->email);
	if (user->status == STATUS_SUSPENDED) {
		why_add(why, ", and is suspended");
		why_mend(why, "hexa-admin user resume %s", user->name);
	} else if (user->type == USER_CLIENT) {
		mend_by_adding(txn, user, clients, why);
	}
	return FAULT_CONFLICT;
}

static enum fault
refuse_unknown(const char *email, struct why *why)
{
	return why_field(why, FAULT_UNKNOWN, "email", "no user has the e-mail address %s", email);
}

static enum fault
may_restore(struct change *change, const struct user *user, const struct names *clients,
    struct why *why)
{
	bool seen;
	enum fault fault = is_seen(change, user, &seen, why);

	if (fault == FAULT_NONE && !has_access(user))
		fault = change_may(change, user, why);
	else if (fault == FAULT_NONE)
		fault = refuse_with_access(change->txn, user, clients, why);
	if (!seen && (fault == FAULT_DENIED || fault == FAULT_CONFLICT))
		fault = refuse_unknown(user->email, why);
	return fault;
}

enum fault
known_find(struct change *change, const char *email, const struct names *clients,
    struct user *user, struct why *why)
{
	struct user found = {0};
	enum fault fault = user_find(change->txn, email, &found, why);

	if (fault == FAULT_UNKNOWN)
		fault = refuse_unknown(email, why);
	if (fault == FAULT_NONE)
		fault = may_restore(change, &found, clients, why);
	if (fault == FAULT_NONE) {
		*user = found;
		found = (struct user){0};
	}
	user_clear(&found);
	return fault;
}

bool
known_takes(const struct field *field)
{
	static const char *const taken[] = {"roles", "grants", "clients", "sites"};

	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (strcmp(field->name, taken[i]) == 0)
			return true;
	return false;
}

/* What they have already they are given all the same. */
static enum fault
give(const struct edits *edits, struct user *user, struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < edits->count; i++) {
		const struct edits one = {&edits->edit[i], 1};

		if (!known_takes(one.edit->field))
			continue;
		fault = edits_apply(&one, &user_table, user, true, why);
		if (fault == FAULT_CONFLICT && one.edit->act == EDIT_ADD)
			fault = FAULT_NONE;
	}
	return fault;
}

static bool
is_given(const struct edits *edits, const char *role)
{
	for (size_t i = 0; i < edits->count; i++)
		if (edits->edit[i].act == EDIT_ADD && strcmp(edits->edit[i].value, role) == 0)
			return true;
	return false;
}

/* A role that nobody spoke of comes back as well, and may be more than was meant. */
static enum fault
tell_kept(struct change *change, const struct user *before, const struct edits *edits,
    struct why *why)
{
	struct bytes text = {0};
	char *notice;
	bool told;

	for (size_t i = 0; i < before->roles.count; i++) {
		const char *role = before->roles.item[i];
		bool first = text.size == 0;

		if (!is_given(edits, role))
			bytes_print(&text, "%s%s%s", first ? before->name : "",
			    first ? " still holds " : ", ", role);
	}
	notice = bytes_take_text(&text);
	told = notice != NULL && (*notice == '\0' || names_add(&change->admin->notices, notice));
	free(notice);
	return told ? FAULT_NONE : why_memory(why);
}

enum fault
known_restore(struct change *change, const struct user *before, const struct edits *edits,
    struct user *after, struct why *why)
{
	enum fault fault = record_copy(&user_table, after, before, why);

	if (fault == FAULT_NONE)
		fault = give(edits, after, why);
	if (fault == FAULT_NONE && after->status != STATUS_INVITED)
		after->status = STATUS_ACTIVE;
	if (fault == FAULT_NONE)
		fault = tell_kept(change, before, edits, why);
	if (fault == FAULT_NONE)
		fault = change_user(change, before, after, why);
	return fault;
}
