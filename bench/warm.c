/*
 * warm.c - calls the NSS module directly, for strace(1) to watch: warm MODULE NAME SECONDS
 * Between the two getpgid(2) that it makes there is nothing but look-ups on the warm path.
 * Prints how many milliseconds they took and how many there were.
 */
#include <dlfcn.h>
#include <err.h>
#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/clock.h"

typedef enum nss_status user_by_name(const char *name, struct passwd *out, char *buffer,
    size_t size, int *errnop);
typedef enum nss_status user_by_uid(uid_t uid, struct passwd *out, char *buffer, size_t size,
    int *errnop);
typedef enum nss_status group_by_name(const char *name, struct group *out, char *buffer,
    size_t size, int *errnop);
typedef enum nss_status groups_of(const char *user, gid_t skip, long *count, long *room,
    gid_t **gids, long limit, int *errnop);

static user_by_name *getpwnam_hexa;
static user_by_uid *getpwuid_hexa;
static group_by_name *getgrnam_hexa;
static groups_of *initgroups_hexa;

static void *
symbol(void *module, const char *name)
{
	void *found = dlsym(module, name);

	if (!found)
		errx(1, "%s", dlerror());
	return found;
}

static void
load(const char *path)
{
	void *module = dlopen(path, RTLD_NOW);

	if (!module)
		errx(1, "%s", dlerror());
	*(void **)&getpwnam_hexa = symbol(module, "_nss_hexa_getpwnam_r");
	*(void **)&getpwuid_hexa = symbol(module, "_nss_hexa_getpwuid_r");
	*(void **)&getgrnam_hexa = symbol(module, "_nss_hexa_getgrnam_r");
	*(void **)&initgroups_hexa = symbol(module, "_nss_hexa_initgroups_dyn");
}

/* Every kind of look-up once, of somebody who is there and of somebody who is not. */
static void
look_up(const char *name)
{
	static gid_t room[64];
	gid_t *gids = room;
	long count = 0, size = 64;
	char buffer[4096];
	struct passwd passwd;
	struct group group;
	int error;

	if (getpwnam_hexa(name, &passwd, buffer, sizeof(buffer), &error) != NSS_STATUS_SUCCESS ||
	    strcmp(passwd.pw_name, name) != 0)
		errx(1, "getpwnam");
	if (getpwuid_hexa(passwd.pw_uid, &passwd, buffer, sizeof(buffer), &error) !=
	    NSS_STATUS_SUCCESS)
		errx(1, "getpwuid");
	if (getgrnam_hexa(name, &group, buffer, sizeof(buffer), &error) != NSS_STATUS_SUCCESS)
		errx(1, "getgrnam");
	if (initgroups_hexa(name, group.gr_gid, &count, &size, &gids, 0, &error) !=
	    NSS_STATUS_SUCCESS)
		errx(1, "initgroups");
	if (getpwnam_hexa("nobody-has-this", &passwd, buffer, sizeof(buffer), &error) !=
	    NSS_STATUS_NOTFOUND)
		errx(1, "getpwnam of nobody");
}

int
main(int argc, char **argv)
{
	uint64_t began, length;
	unsigned long rounds = 0;

	if (argc != 4)
		errx(2, "usage: warm MODULE NAME SECONDS");
	length = strtoul(argv[3], NULL, 10) * 1000000000;
	load(argv[1]);
	look_up(argv[2]);
	began = now_ns();
	syscall(SYS_getpgid, 0);
	do {
		look_up(argv[2]);
		rounds++;
	} while (now_ns() - began < length);
	syscall(SYS_getpgid, 0);
	printf("%lu %lu\n", (unsigned long)((now_ns() - began) / 1000000), rounds);
	return 0;
}
