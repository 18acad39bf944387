/*
 * nss_hexa.c - libnss_hexa.so.2: the passwd and group databases of nsswitch.conf(5).
 *
 * The interface is glibc's ("NSS Modules Interface" in its manual).  This file only translates:
 * what is asked goes to directory/, what came of it becomes a status.  errno is written on failure
 * alone.
 */
#include <errno.h>
#include <limits.h>
#include <nss.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "directory/directory.h"

/* What glibc looks up by name; no header of its declares them. */
#pragma GCC visibility push(default)
enum nss_status _nss_hexa_getpwnam_r(
	const char *name, struct passwd *out, char *buffer, size_t size, int *errnop);
enum nss_status _nss_hexa_getpwuid_r(
	uid_t uid, struct passwd *out, char *buffer, size_t size, int *errnop);
enum nss_status _nss_hexa_setpwent(int stay_open);
enum nss_status _nss_hexa_getpwent_r(struct passwd *out, char *buffer, size_t size, int *errnop);
enum nss_status _nss_hexa_endpwent(void);
enum nss_status _nss_hexa_getgrnam_r(
	const char *name, struct group *out, char *buffer, size_t size, int *errnop);
enum nss_status _nss_hexa_getgrgid_r(
	gid_t gid, struct group *out, char *buffer, size_t size, int *errnop);
enum nss_status _nss_hexa_setgrent(int stay_open);
enum nss_status _nss_hexa_getgrent_r(struct group *out, char *buffer, size_t size, int *errnop);
enum nss_status _nss_hexa_endgrent(void);
enum nss_status _nss_hexa_initgroups_dyn(const char *user, gid_t skip, long *count, long *room,
	gid_t **gids, long limit, int *errnop);
#pragma GCC visibility pop

static struct directory directory = {.path = DIRECTORY_FILE};
static struct directory aliases = {.path = ALIASES_FILE};

/* Where the enumerations of this process stand. */
static _Atomic uint32_t users_after;
static _Atomic uint32_t groups_after;

static enum nss_status
status_of(enum lookup lookup, int *errnop)
{
	switch (lookup) {
	case LOOKUP_FOUND:
		return NSS_STATUS_SUCCESS;
	case LOOKUP_NONE:
		return NSS_STATUS_NOTFOUND;
	case LOOKUP_SMALL:
		*errnop = ERANGE;
		return NSS_STATUS_TRYAGAIN;
	case LOOKUP_AGAIN:
		*errnop = EAGAIN;
		return NSS_STATUS_TRYAGAIN;
	case LOOKUP_MISSING:
		*errnop = ENOENT;
		return NSS_STATUS_UNAVAIL;
	case LOOKUP_UNAVAILABLE:
		break;
	}
	*errnop = EIO; /* programs take ENOENT for "no such user", which damage does not say */
	return NSS_STATUS_UNAVAIL;
}

/* Root's servers that look up names for whoever asks them, and do not say for whom. */
static bool
asks_for_others(void)
{
	static const char *const servers[] = {
		"nscd", "nsncd", "unscd", "systemd-userwork", "accounts-daemon"};

	for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++) {
		if (strcmp(program_invocation_short_name, servers[i]) == 0)
			return true;
	}
	return false;
}

/* Only root may ask whose an address or number is: aliases.mdb is readable to nobody else. */
static bool
is_alias(const char *name)
{
	return (name[0] == '+' || strchr(name, '@')) && geteuid() == 0 && !asks_for_others();
}

enum nss_status
_nss_hexa_getpwnam_r(const char *name, struct passwd *out, char *buffer, size_t size, int *errnop)
{
	if (is_alias(name))
		return status_of(
			directory_user_by_alias(&aliases, &directory, name, out, buffer, size),
			errnop);
	return status_of(directory_user_by_name(&directory, name, out, buffer, size), errnop);
}

enum nss_status
_nss_hexa_getpwuid_r(uid_t uid, struct passwd *out, char *buffer, size_t size, int *errnop)
{
	return status_of(directory_user_by_uid(&directory, uid, out, buffer, size), errnop);
}

enum nss_status
_nss_hexa_getgrnam_r(const char *name, struct group *out, char *buffer, size_t size, int *errnop)
{
	return status_of(directory_group_by_name(&directory, name, out, buffer, size), errnop);
}

enum nss_status
_nss_hexa_getgrgid_r(gid_t gid, struct group *out, char *buffer, size_t size, int *errnop)
{
	return status_of(directory_group_by_gid(&directory, gid, out, buffer, size), errnop);
}

enum nss_status
_nss_hexa_setpwent(int stay_open)
{
	(void)stay_open;
	atomic_store(&users_after, 0);
	return NSS_STATUS_SUCCESS;
}

/* Two threads in one enumeration never get the same entry: whoever is second goes on from there. */
enum nss_status
_nss_hexa_getpwent_r(struct passwd *out, char *buffer, size_t size, int *errnop)
{
	uint32_t after = atomic_load(&users_after);
	uint32_t next;
	enum lookup lookup;

	do {
		next = after;
		lookup = directory_user_next(&directory, &next, out, buffer, size);
	} while (!atomic_compare_exchange_strong(&users_after, &after, next));
	return status_of(lookup, errnop);
}

enum nss_status
_nss_hexa_endpwent(void)
{
	atomic_store(&users_after, 0);
	return NSS_STATUS_SUCCESS;
}

enum nss_status
_nss_hexa_setgrent(int stay_open)
{
	(void)stay_open;
	atomic_store(&groups_after, 0);
	return NSS_STATUS_SUCCESS;
}

enum nss_status
_nss_hexa_getgrent_r(struct group *out, char *buffer, size_t size, int *errnop)
{
	uint32_t after = atomic_load(&groups_after);
	uint32_t next;
	enum lookup lookup;

	do {
		next = after;
		lookup = directory_group_next(&directory, &next, out, buffer, size);
	} while (!atomic_compare_exchange_strong(&groups_after, &after, next));
	return status_of(lookup, errnop);
}

enum nss_status
_nss_hexa_endgrent(void)
{
	atomic_store(&groups_after, 0);
	return NSS_STATUS_SUCCESS;
}

/* The caller's list of groups, which other modules may have begun. */
struct list {
	gid_t skip;
	long before; /* how many stood there at first */
	long *count;
	long *room;
	gid_t **gids;
	long limit; /* 0 or less: none */
	bool failed;
};

static bool
list_grow(struct list *list)
{
	long room = *list->room > 0 ? *list->room : 16;
	gid_t *gids;

	if (room > LONG_MAX / 2 / (long)sizeof(gid_t))
		return false;
	room *= 2;
	if (list->limit > 0 && room > list->limit)
		room = list->limit;
	gids = realloc(*list->gids, (size_t)room * sizeof(gid_t));
	if (!gids)
		return false;
	*list->gids = gids;
	*list->room = room;
	return true;
}

static bool
list_add(void *context, gid_t gid)
{
	struct list *list = context;

	if (gid == list->skip || (list->limit > 0 && *list->count >= list->limit))
		return true;
	for (long i = 0; i < list->before; i++) {
		if ((*list->gids)[i] == gid)
			return true;
	}
	if (*list->count >= *list->room && !list_grow(list)) {
		list->failed = true;
		return false;
	}
	(*list->gids)[(*list->count)++] = gid;
	return true;
}

enum nss_status
_nss_hexa_initgroups_dyn(const char *user, gid_t skip, long *count, long *room, gid_t **gids,
	long limit, int *errnop)
{
	struct list list = {skip, *count, count, room, gids, limit, false};
	gid_t primary;
	enum nss_status status;
	int saved = errno;

	status =
		status_of(directory_groups_of(&directory, user, &primary, list_add, &list), errnop);
	if (list.failed)
		*errnop = ENOMEM; /* the user is there, and so are the groups that fitted */
	else if (status == NSS_STATUS_SUCCESS)
		errno = saved;
	return status;
}
