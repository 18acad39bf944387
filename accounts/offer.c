/*
 * offer.c - names that begin so, out of whatever has them in an order.
 */
#include "accounts/offer.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/hostfile.h"
#include "accounts/services.h"
#include "accounts/shells.h"
#include "directory/names.h"
#include "policy/client.h"
#include "policy/rules.h"

/* For the longest name that is offered, with its final NUL. */
enum { NAME_ROOM = 256 };

/* Greater than every byte of a name that is offered. */
#define BEYOND '\x7f'

/* Names in their order: the first that is greater than `after`. */
struct source {
	/* FAULT_UNKNOWN behind the last; any other fault ends it as well. */
	enum fault (*next)(struct source *source, const char *after, char name[NAME_ROOM],
	    struct why *why);
	enum directory_names which;
	struct directory directory;
	char path[PATH_MAX];
	struct txn *txn;
	struct names names; /* sorted */
};

bool
offer_is_plain(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789_-./:+@";

	return text[strspn(text, plain)] == '\0';
}

/* ---- sources ------------------------------------------------------------------------------ */

static enum fault
next_published(struct source *source, const char *after, char name[NAME_ROOM], struct why *why)
{
	char found[SERVED_NAME_BYTES + 1];
	enum lookup lookup = directory_name_next(&source->directory, source->which, after, found);

	if (lookup != LOOKUP_FOUND)
		return why_set(why, FAULT_UNKNOWN, "no more names");
	/* Hexa's own group is no role's. */
	if (source->which == DIRECTORY_ROLE_GROUPS && strcmp(found, ADMINS_GROUP) == 0)
		return next_published(source, ADMINS_GROUP, name, why);
	snprintf(name, NAME_ROOM, "%s", found);
	return FAULT_NONE;
}

static enum fault
next_role(struct source *source, const char *after, char name[NAME_ROOM], struct why *why)
{
	struct role role = {0};
	enum fault fault = role_next(source->txn, after, &role, why);

	if (fault == FAULT_NONE)
		snprintf(name, NAME_ROOM, "%s", role.name);
	role_clear(&role);
	return fault;
}

static enum fault
next_client(struct source *source, const char *after, char name[NAME_ROOM], struct why *why)
{
	struct client client = {0};
	enum fault fault = client_next(source->txn, after, &client, why);

	if (fault == FAULT_NONE)
		snprintf(name, NAME_ROOM, "%s", client.name);
	client_clear(&client);
	return fault;
}

static enum fault
next_site(struct source *source, const char *after, char name[NAME_ROOM], struct why *why)
{
	struct site site = {0};
	enum fault fault = site_next(source->txn, after, &site, why);

	if (fault == FAULT_NONE)
		snprintf(name, NAME_ROOM, "%s", site.name);
	site_clear(&site);
	return fault;
}

static enum fault
next_listed(struct source *source, const char *after, char name[NAME_ROOM], struct why *why)
{
	size_t low = 0, high = source->names.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(source->names.item[middle], after) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	/* A path may be longer than what is offered. */
	while (low < source->names.count && strlen(source->names.item[low]) >= NAME_ROOM)
		low++;
	if (low == source->names.count)
		return why_set(why, FAULT_UNKNOWN, "no more names");
	snprintf(name, NAME_ROOM, "%s", source->names.item[low]);
	return FAULT_NONE;
}

/* ---- opening them ------------------------------------------------------------------------- */

static void
open_published(struct source *source, const char *root, enum directory_names which)
{
	if (hostfile_path(root, DIRECTORY_FILE, source->path, NULL) != FAULT_NONE)
		return;
	source->directory.path = source->path;
	source->which = which;
	source->next = next_published;
}

/* What may be viewed in part only is not offered: a list of names would tell of the rest. */
static bool
open_kept(struct source *source, const struct offering *offering, const char *permission)
{
	struct why why;

	if (offering->admin == NULL ||
	    store_read_begin(offering->admin->store, &source->txn, &why) != FAULT_NONE)
		return false;
	return admin_needs_everywhere(offering->admin, source->txn, permission, &why) == FAULT_NONE;
}

static enum fault
list_permissions(struct source *source, struct why *why)
{
	struct rules rules = {0};
	struct why unread;
	bool good = true;

	if (rules_load(source->txn, &rules, &unread) == FAULT_NONE)
		for (size_t i = 0; good && i < rules.count; i++)
			good = names_add(&source->names, rules.permission[i].name);
	rules_clear(&rules);
	return good ? FAULT_NONE : why_memory(why);
}

static enum fault
open_source(struct source *source, const struct offering *offering, enum offer what,
    struct why *why)
{
	switch (what) {
	case OFFER_USERS:
		open_published(source, offering->root, DIRECTORY_USERS);
		break;
	case OFFER_ROLES:
		if (open_kept(source, offering, "hexa.roles.view"))
			source->next = next_role;
		else
			open_published(source, offering->root, DIRECTORY_ROLE_GROUPS);
		break;
	case OFFER_CLIENTS:
		if (open_kept(source, offering, "hexa.clients.view"))
			source->next = next_client;
		break;
	case OFFER_SITES:
		if (open_kept(source, offering, "hexa.clients.view"))
			source->next = next_site;
		break;
	case OFFER_PERMISSIONS:
		source->next = next_listed;
		return open_kept(source, offering, "hexa.policy.view")
		    ? list_permissions(source, why) : FAULT_NONE;
	case OFFER_SERVICES:
		source->next = next_listed;
		return services_read(offering->root, &source->names, why);
	case OFFER_SHELLS:
		source->next = next_listed;
		return shells_read(offering->root, &source->names, why);
	}
	return FAULT_NONE;
}

static void
close_source(struct source *source)
{
	if (source->directory.path != NULL)
		directory_close(&source->directory);
	if (source->txn != NULL)
		store_end(source->txn);
	names_clear(&source->names);
}

/* ---- what begins so ----------------------------------------------------------------------- */

/* A text that is greater than all names with this beginning, for which there is room. */
static void
go_beyond(const char *prefix, char after[NAME_ROOM])
{
	size_t size = strlen(prefix);

	memmove(after, prefix, size);
	after[size] = BEYOND;
	after[size + 1] = '\0';
}

/* One that is less than all of them, and not less than any name before them. */
static void
go_before(const char *prefix, char after[NAME_ROOM])
{
	go_beyond(prefix, after);
	if (*prefix == '\0')
		after[0] = '\0';
	else
		after[strlen(prefix) - 1]--;
}

static bool
begins(const char *name, const char *prefix)
{
	return strncmp(name, prefix, strlen(prefix)) == 0;
}

/* The next name with the beginning, which can be offered. */
static bool
next_with(struct source *source, const char *prefix, char after[NAME_ROOM], char name[NAME_ROOM])
{
	struct why why;

	while (source->next(source, after, name, &why) == FAULT_NONE && begins(name, prefix)) {
		if (offer_is_plain(name))
			return true;
		memcpy(after, name, strlen(name) + 1);
	}
	return false;
}

/* All of them; false: they are too many, or memory is out. */
static bool
gather(struct source *source, const char *prefix, struct names *names)
{
	char after[NAME_ROOM], name[NAME_ROOM];

	go_before(prefix, after);
	while (next_with(source, prefix, after, name)) {
		if (names->count >= OFFER_MOST || !names_add(names, name))
			return false;
		memcpy(after, name, sizeof(after));
	}
	return true;
}

/* How they go on behind the beginning: by each character that does, and the name that is it. */
static enum fault
gather_branches(struct source *source, const char *prefix, struct names *names, struct why *why)
{
	char after[NAME_ROOM], name[NAME_ROOM];
	size_t size = strlen(prefix);

	names_clear(names);
	go_before(prefix, after);
	/* There are fewer characters than that. */
	while (names->count < OFFER_MOST && next_with(source, prefix, after, name)) {
		bool whole = name[size] == '\0';

		if (!whole)
			name[size + 1] = '\0';
		if (!names_add(names, name))
			return why_memory(why);
		if (whole || size + 3 > sizeof(after))
			memcpy(after, name, sizeof(after));
		else
			go_beyond(name, after);
	}
	return FAULT_NONE;
}

static enum fault
gather_cut(struct source *source, const char *prefix, struct names *names, struct why *why)
{
	char shared[NAME_ROOM];
	enum fault fault;

	snprintf(shared, sizeof(shared), "%s", prefix);
	do {
		fault = gather_branches(source, shared, names, why);
		/* They all go on alike: what differs comes later. */
		if (fault != FAULT_NONE || names->count != 1 ||
		    strcmp(names->item[0], shared) == 0)
			break;
		snprintf(shared, sizeof(shared), "%s", names->item[0]);
	} while (strlen(shared) < sizeof(shared) - 2);
	return fault;
}

enum fault
offer_names(const struct offering *offering, enum offer what, const char *prefix,
    struct names *names, bool *cut, struct why *why)
{
	struct source source = {0};
	struct names found = {0};
	bool is_cut = false;
	enum fault fault = FAULT_NONE;

	if (offer_is_plain(prefix) && strlen(prefix) < NAME_ROOM - 1)
		fault = open_source(&source, offering, what, why);
	if (fault == FAULT_NONE && source.next != NULL && !gather(&source, prefix, &found)) {
		is_cut = true;
		fault = gather_cut(&source, prefix, &found, why);
	}
	for (size_t i = 0; fault == FAULT_NONE && i < found.count; i++)
		if (!names_add(names, found.item[i]))
			fault = why_memory(why);
	if (fault == FAULT_NONE)
		*cut = is_cut;
	names_clear(&found);
	close_source(&source);
	return fault;
}
