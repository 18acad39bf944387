/*
 * nss_null.c - libnss_null.so.2: says yes and does nothing, so that what is left is what glibc
 * itself takes for a look-up.  The caller's result stays as it was.
 */
#include <grp.h>
#include <nss.h>
#include <pwd.h>

#pragma GCC visibility push(default)
enum nss_status _nss_null_getpwnam_r(const char *name, struct passwd *out, char *buffer,
    size_t size, int *errnop);
enum nss_status _nss_null_getpwuid_r(uid_t uid, struct passwd *out, char *buffer, size_t size,
    int *errnop);
enum nss_status _nss_null_getgrnam_r(const char *name, struct group *out, char *buffer,
    size_t size, int *errnop);
enum nss_status _nss_null_initgroups_dyn(const char *user, gid_t skip, long *count, long *room,
    gid_t **gids, long limit, int *errnop);
#pragma GCC visibility pop

enum nss_status
_nss_null_getpwnam_r(const char *name, struct passwd *out, char *buffer, size_t size, int *errnop)
{
	(void)name, (void)out, (void)buffer, (void)size, (void)errnop;
	return NSS_STATUS_SUCCESS;
}

enum nss_status
_nss_null_getpwuid_r(uid_t uid, struct passwd *out, char *buffer, size_t size, int *errnop)
{
	(void)uid, (void)out, (void)buffer, (void)size, (void)errnop;
	return NSS_STATUS_SUCCESS;
}

enum nss_status
_nss_null_getgrnam_r(const char *name, struct group *out, char *buffer, size_t size, int *errnop)
{
	(void)name, (void)out, (void)buffer, (void)size, (void)errnop;
	return NSS_STATUS_SUCCESS;
}

enum nss_status
_nss_null_initgroups_dyn(const char *user, gid_t skip, long *count, long *room, gid_t **gids,
    long limit, int *errnop)
{
	(void)user, (void)skip, (void)count, (void)room, (void)gids, (void)limit, (void)errnop;
	return NSS_STATUS_SUCCESS;
}
