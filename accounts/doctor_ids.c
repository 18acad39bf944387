/*
 * doctor_ids.c - the doctor's look at who else has the ids and groups that Hexa gives: subordinate
 * ids, the host's own groups, systemd's users, and the namespace that this host runs in.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/doctor_checks.h"
#include "accounts/hostfile.h"
#include "accounts/userdb.h"
#include "policy/bytes.h"
#include "policy/text.h"
#include "store/host_groups.h"

static const char check[] = "ids";

/* Bytes of a file that is looked through; findings that are told one by one. */
enum { FILE_BYTES = 4 * 1024 * 1024, TOLD_MAX = 10 };

struct ids {
	struct doctor *doctor;
	const struct user *only; /* NULL: everybody is looked at */
	int clashes;
};

/* Whose id it is, of those who are looked at. */
static bool
find_holder(const struct ids *ids, uint32_t id, struct user *user)
{
	return (ids->only == NULL || ids->only->uid == id) &&
	    user_get(ids->doctor->txn, id, user, NULL) == FAULT_NONE;
}

/* The first one with an id among these who is not called `owner`. */
static bool
find_holder_within(const struct ids *ids, uint64_t first, uint64_t count, const char *owner,
    struct user *user)
{
	uint32_t after = (uint32_t)first - 1;

	if (ids->only != NULL)
		return ids->only->uid >= first && ids->only->uid - first < count &&
		    strcmp(ids->only->name, owner) != 0 &&
		    find_holder(ids, ids->only->uid, user);
	while (user_next(ids->doctor->txn, after, user, NULL) == FAULT_NONE &&
	    user->uid - first < count) {
		if (strcmp(user->name, owner) != 0)
			return true;
		after = user->uid;
	}
	return false;
}

__attribute__((format(printf, 3, 4))) static void
clash(struct ids *ids, const char *mend, const char *format, ...)
{
	char text[384];
	va_list arguments;

	if (++ids->clashes > TOLD_MAX)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	report(ids->doctor, FINDING_ERROR, check, mend, "%s", text);
}

/* ---- subordinate ids ----------------------------------------------------------------------- */

/* "owner:first:count".  False for what is no such line. */
static bool
split_line(char *line, uint64_t *first, uint64_t *count)
{
	char *from = strchr(line, ':'), *ids = from == NULL ? NULL : strchr(from + 1, ':');

	if (ids == NULL)
		return false;
	*from++ = '\0';
	*ids++ = '\0';
	return text_to_number(from, UINT32_MAX, first) &&
	    text_to_number(ids, (uint64_t)UINT32_MAX + 1, count) && *count > 0;
}

/* Whoever is mapped to somebody's uid has all their files. */
static void
look_at_line(struct ids *ids, const char *path, char *line)
{
	char mend[WHY_MEND_MAX];
	struct bytes command = {0};
	struct user user = {0};
	uint64_t first, count;

	if (split_line(line, &first, &count) && first > 0 &&
	    find_holder_within(ids, first, count, line, &user)) {
		bytes_print(&command, "usermod --del-sub%s %" PRIu64 "-%" PRIu64 " ",
		    strstr(path, "gid") != NULL ? "gids" : "uids", first, first + count - 1);
		bytes_put_quoted(&command, line);
		bytes_take_into(&command, mend, sizeof(mend));
		clash(ids, mend,
		    "%s gives %.64s the id %lu of %s: in a user namespace they have all of that "
		    "user's "
		    "files", path, line, (unsigned long)user.uid, user.name);
	}
	user_clear(&user);
}

static void
look_at_subordinates(struct ids *ids, const char *path)
{
	char *text = NULL, *rest, *line;
	size_t size;

	if (hostfile_read(ids->doctor->root, path, FILE_BYTES, &text, &size, NULL) != FAULT_NONE)
		return;
	rest = text;
	while ((line = strsep(&rest, "\n")) != NULL)
		look_at_line(ids, path, line);
	free(text);
}

/* ---- the host's groups --------------------------------------------------------------------- */

/* Every user's own group has their uid and their name. */
static void
look_at_groups(struct ids *ids)
{
	struct host_groups groups = {0};
	struct user user = {0};

	if (host_groups_read(ids->doctor->root, &groups, NULL) != FAULT_NONE)
		return;
	for (size_t i = 0; i < groups.names.count; i++) {
		const char *name = groups.names.item[i];
		char mend[WHY_MEND_MAX];

		if (find_holder(ids, groups.gid[i], &user) &&
		    user.gid == user.uid && strcmp(user.name, name) != 0) {
			mend_by_gid(ids->doctor, name, groups.gid[i], mend);
			clash(ids, mend,
			    "the host's group %.64s has the gid %lu of %s's own group: its members "
			    "have "
			    "what that group may; files of the host's group are given to it anew "
			    "afterwards (chgrp)", name, (unsigned long)groups.gid[i], user.name);
		}
		user_clear(&user);
	}
	host_groups_clear(&groups);
}

/* ---- systemd's users ----------------------------------------------------------------------- */

/* Hexa's own ids are listed too, where nss-systemd shows other sources' users: by name. */
static bool
look_at_systemd(void *context, const char *name, const uint32_t *id)
{
	struct ids *ids = context;
	struct user user = {0};

	if (name != NULL && id != NULL &&
	    find_holder(ids, *id, &user) && strcmp(user.name, name) != 0)
		clash(ids, NULL,
		    "systemd knows the uid %lu of %s as %.64s, who has all of their files: give "
		    "that one another (`userdbctl user %.64s` tells where they come from)",
		    (unsigned long)*id, user.name, name, name);
	user_clear(&user);
	return true;
}

/* ---- a container --------------------------------------------------------------------------- */

/* user_namespaces(7): "inside outside count"; the first id behind all that are mapped. */
static uint64_t
ids_end(void)
{
	FILE *file = fopen("/proc/self/uid_map", "re");
	unsigned long inside, outside, count;
	uint64_t end = 0;

	while (file != NULL && fscanf(file, "%lu %lu %lu", &inside, &outside, &count) == 3)
		if (inside + count > end)
			end = inside + count;
	if (file != NULL)
		fclose(file);
	return end;
}

static void
look_at_namespace(struct ids *ids)
{
	uint64_t end = ids_end();
	struct user user = {0};

	if (ids->doctor->root[0] != '\0' || end == 0 || end > UINT32_MAX)
		return;
	if (find_holder_within(ids, end, UINT32_MAX, "", &user))
		clash(ids, NULL,
		    "%s has the uid %lu, and this host (a container) has no ids from %" PRIu64
		    " on: no session of theirs can begin; have more ids mapped to it, where the "
		    "container is set up", user.name, (unsigned long)user.uid, end);
	user_clear(&user);
}

static void
look_at_all(struct ids *ids)
{
	look_at_subordinates(ids, "/etc/subuid");
	look_at_subordinates(ids, "/etc/subgid");
	look_at_groups(ids);
	look_at_namespace(ids);
}

void
check_ids(struct doctor *doctor)
{
	struct ids ids = {.doctor = doctor};
	bool whole;

	look_at_all(&ids);
	userdb_list(doctor->root, USERDB_USERS, look_at_systemd, &ids, &whole, NULL);
	if (ids.clashes > TOLD_MAX)
		report(doctor, FINDING_ERROR, check, NULL, "and %d more", ids.clashes - TOLD_MAX);
	if (ids.clashes == 0)
		report(doctor, FINDING_GOOD, check, NULL, "nobody else has an id that Hexa gave");
}

/* What systemd knows is told of with all other sources. */
void
check_ids_of(struct doctor *doctor, const struct user *user)
{
	struct ids ids = {.doctor = doctor, .only = user};

	look_at_all(&ids);
}
