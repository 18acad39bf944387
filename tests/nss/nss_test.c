/*
 * nss_test.c - libnss_hexa.so.2 as glibc meets it: loaded with dlopen(3), asked with buffers of
 * every size, from many threads, in processes that fork, cancel threads, and close descriptors not
 * theirs.
 */
#include "tests/unit/directory_fixture.h"

#include <dirent.h>
#include <dlfcn.h>
#include <libgen.h>
#include <limits.h>
#include <nss.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/resource.h>

#include "tests/nss/dump.h"

/* The module, and the file that it reads: this build of it looks in the working folder. */
static struct place place;
static char programs[PATH_MAX]; /* the folder of this program, with what is built beside it */

struct module {
	void *handle;
	enum nss_status (*getpwnam)(const char *, struct passwd *, char *, size_t, int *);
	enum nss_status (*getpwuid)(uid_t, struct passwd *, char *, size_t, int *);
	enum nss_status (*setpwent)(int);
	enum nss_status (*getpwent)(struct passwd *, char *, size_t, int *);
	enum nss_status (*endpwent)(void);
	enum nss_status (*getgrnam)(const char *, struct group *, char *, size_t, int *);
	enum nss_status (*getgrgid)(gid_t, struct group *, char *, size_t, int *);
	enum nss_status (*setgrent)(int);
	enum nss_status (*getgrent)(struct group *, char *, size_t, int *);
	enum nss_status (*endgrent)(void);
	enum nss_status (*initgroups)(const char *, gid_t, long *, long *, gid_t **, long, int *);
};

static struct module module;

static void
find_function(struct module *from, void *function, const char *name)
{
	*(void **)function = dlsym(from->handle, name);
	assert_non_null(*(void **)function);
}

static void
load(struct module *into, const char *path)
{
	into->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	assert_non_null(into->handle);
	find_function(into, &into->getpwnam, "_nss_hexa_getpwnam_r");
	find_function(into, &into->getpwuid, "_nss_hexa_getpwuid_r");
	find_function(into, &into->setpwent, "_nss_hexa_setpwent");
	find_function(into, &into->getpwent, "_nss_hexa_getpwent_r");
	find_function(into, &into->endpwent, "_nss_hexa_endpwent");
	find_function(into, &into->getgrnam, "_nss_hexa_getgrnam_r");
	find_function(into, &into->getgrgid, "_nss_hexa_getgrgid_r");
	find_function(into, &into->setgrent, "_nss_hexa_setgrent");
	find_function(into, &into->getgrent, "_nss_hexa_getgrent_r");
	find_function(into, &into->endgrent, "_nss_hexa_endgrent");
	find_function(into, &into->initgroups, "_nss_hexa_initgroups_dyn");
}

static void
module_path(char *path, size_t size)
{
	assert_in_range(snprintf(path, size, "%s/libnss_hexa.so.2", programs), 1, size - 1);
}

/* The module in a process that has not asked yet. */
static void
load_copy(struct module *into, const char *name)
{
	char path[PATH_MAX], copy[96], block[4096];
	size_t got;
	FILE *from, *to;

	module_path(path, sizeof(path));
	snprintf(copy, sizeof(copy), "%s/%s", place.folder, name);
	from = fopen(path, "re");
	to = fopen(copy, "we");
	assert_non_null(from);
	assert_non_null(to);
	while ((got = fread(block, 1, sizeof(block), from)) > 0)
		assert_int_equal(fwrite(block, 1, got, to), got);
	fclose(from);
	assert_int_equal(fclose(to), 0);
	load(into, copy);
	assert_int_equal(unlink(copy), 0);
}

enum { USERS = 30, CREW_GID = 70100, CREW = 10000, TEAM_GID = 70200, TEAM = 40 };

static void
put_members(uint32_t gid, unsigned count)
{
	char name[24];

	for (unsigned i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "member%05u", i);
		put_member(&place, gid, name);
	}
}

static void
publish_aliases(void)
{
	struct place aliases = place;

	strcpy(aliases.file, "aliases.mdb");
	place_write(&aliases);
	place_begin(&aliases);
	put_state(&aliases, 1);
	put_alias(&aliases, 'E', "three@example.org", 100003);
	put_alias(&aliases, 'P', "+46700000003", 100003);
	place_commit(&aliases);
	place_leave(&aliases);
	assert_int_equal(chmod("aliases.mdb", 0600), 0);
}

static int
set_up(void **state)
{
	char path[PATH_MAX] = "";

	(void)state;
	assert_true(readlink("/proc/self/exe", path, sizeof(path) - 1) > 0);
	strcpy(programs, dirname(path));
	place_make(&place);
	assert_int_equal(chmod(place.folder, 0755), 0);
	assert_int_equal(chdir(place.folder), 0);
	place_begin(&place);
	put_state(&place, 1);
	for (uint32_t i = 0; i < USERS; i++)
		put_numbered(&place, i, 1);
	put_group(&place, &(struct image_group){CREW_GID, "crew", true});
	put_members(CREW_GID, CREW);
	put_group(&place, &(struct image_group){TEAM_GID, "team", true});
	put_members(TEAM_GID, TEAM);
	place_commit(&place);
	publish_aliases();
	module_path(path, sizeof(path));
	load(&module, path);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	place_remove(&place);
	return 0;
}

/* ---- answers ------------------------------------------------------------------------------- */

static struct passwd user;
static struct group group;
static char buffer[1 << 20];

static void
users_are_answered(void **state)
{
	int error = 0;

	(void)state;
	assert_int_equal(module.getpwnam("user00003", &user, buffer, sizeof(buffer), &error),
		NSS_STATUS_SUCCESS);
	assert_int_equal(numbered_round(&user, 3), 1);
	memset(&user, 0, sizeof(user));
	assert_int_equal(
		module.getpwuid(100004, &user, buffer, sizeof(buffer), &error), NSS_STATUS_SUCCESS);
	assert_int_equal(numbered_round(&user, 4), 1);
	assert_int_equal(error, 0);
}

static void
groups_are_answered(void **state)
{
	size_t members = 0;
	int error = 0;

	(void)state;
	assert_int_equal(module.getgrnam("crew", &group, buffer, sizeof(buffer), &error),
		NSS_STATUS_SUCCESS);
	while (group.gr_mem[members])
		members++;
	assert_int_equal(members, CREW);
	assert_string_equal(group.gr_mem[CREW - 1], "member09999");
	assert_int_equal(module.getgrgid(100004, &group, buffer, sizeof(buffer), &error),
		NSS_STATUS_SUCCESS);
	assert_string_equal(group.gr_name, "user00004");
	assert_int_equal(error, 0);
}

static void
who_is_unknown_is_not_found_and_errno_stays(void **state)
{
	int error = EDOM;

	(void)state;
	errno = EDOM;
	assert_int_equal(module.getpwnam("nobody-here", &user, buffer, sizeof(buffer), &error),
		NSS_STATUS_NOTFOUND);
	assert_int_equal(
		module.getpwuid(70999, &user, buffer, sizeof(buffer), &error), NSS_STATUS_NOTFOUND);
	assert_int_equal(module.getgrnam("nobody-here", &group, buffer, sizeof(buffer), &error),
		NSS_STATUS_NOTFOUND);
	assert_int_equal(module.getgrgid(70999, &group, buffer, sizeof(buffer), &error),
		NSS_STATUS_NOTFOUND);
	assert_int_equal(module.getpwnam("user00003", &user, buffer, sizeof(buffer), &error),
		NSS_STATUS_SUCCESS);
	assert_int_equal(error, EDOM);
	assert_int_equal(errno, EDOM);
}

static void
no_shadow_is_served(void **state)
{
	(void)state;
	assert_null(dlsym(module.handle, "_nss_hexa_getspnam_r"));
	assert_null(dlsym(module.handle, "directory_user_by_name"));
}

static void
aliases_are_roots(void **state)
{
	static const char *const aliases[] = {
		"three@example.org", "Three@Example.org", "+46700000003"};
	int error = 0;

	(void)state;
	if (geteuid() != 0)
		skip();
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
		assert_int_equal(module.getpwnam(aliases[i], &user, buffer, sizeof(buffer), &error),
			NSS_STATUS_SUCCESS);
		assert_string_equal(user.pw_name, "user00003");
		assert_int_equal(seteuid(65534), 0);
		assert_int_equal(module.getpwnam(aliases[i], &user, buffer, sizeof(buffer), &error),
			NSS_STATUS_NOTFOUND);
		assert_int_equal(seteuid(0), 0);
	}
	assert_int_equal(module.getpwnam("four@example.org", &user, buffer, sizeof(buffer), &error),
		NSS_STATUS_NOTFOUND);
	assert_int_equal(
		module.getgrnam("three@example.org", &group, buffer, sizeof(buffer), &error),
		NSS_STATUS_NOTFOUND);
}

/* What asks as root for everybody on the host is told what everybody is. */
static void
servers_for_others_are_told_no_aliases(void **state)
{
	static const char *const programs_of_root[] = {"sshd", "nscd", "systemd-userwork"};
	char *name = program_invocation_short_name;
	int error = 0;

	(void)state;
	if (geteuid() != 0)
		skip();
	for (size_t i = 0; i < sizeof(programs_of_root) / sizeof(programs_of_root[0]); i++) {
		char now[32];

		strcpy(now, programs_of_root[i]);
		program_invocation_short_name = now;
		assert_int_equal(module.getpwnam("three@example.org", &user, buffer, sizeof(buffer),
					 &error),
			i == 0 ? NSS_STATUS_SUCCESS : NSS_STATUS_NOTFOUND);
		assert_int_equal(
			module.getpwnam("user00003", &user, buffer, sizeof(buffer), &error),
			NSS_STATUS_SUCCESS);
	}
	program_invocation_short_name = name;
}

static void
very_long_names_are_not_found(void **state)
{
	static const size_t lengths[] = {32, 33, 255, 256, 300, 65535};
	int error = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		for (unsigned first = 0; first < 2; first++) {
			char *name = malloc(lengths[i] + 1);
			long count = 0, room = 0;
			gid_t *gids = NULL;

			assert_non_null(name);
			memset(name, 'a', lengths[i]);
			name[0] = first == 0 ? 'a' : '+';
			name[lengths[i]] = '\0';
			assert_int_equal(
				module.getpwnam(name, &user, buffer, sizeof(buffer), &error),
				NSS_STATUS_NOTFOUND);
			assert_int_equal(
				module.getgrnam(name, &group, buffer, sizeof(buffer), &error),
				NSS_STATUS_NOTFOUND);
			assert_int_equal(
				module.initgroups(name, 0, &count, &room, &gids, 0, &error),
				NSS_STATUS_NOTFOUND);
			free(name);
		}
	}
}

/* ---- no answer ----------------------------------------------------------------------------- */

static void
without_a_file_only_what_needs_it_is_unavailable(void **state)
{
	struct module fresh;
	int error = 0;

	(void)state;
	load_copy(&fresh, "missing.so");
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(
		fresh.getpwnam("anna", &user, buffer, sizeof(buffer), &error), NSS_STATUS_UNAVAIL);
	assert_int_equal(error, ENOENT);
	assert_int_equal(fresh.getpwent(&user, buffer, sizeof(buffer), &error), NSS_STATUS_UNAVAIL);
	/* Names and ids that Hexa never serves are not looked up at all. */
	assert_int_equal(
		fresh.getpwnam("Anna", &user, buffer, sizeof(buffer), &error), NSS_STATUS_NOTFOUND);
	assert_int_equal(
		fresh.getpwnam("*", &user, buffer, sizeof(buffer), &error), NSS_STATUS_NOTFOUND);
	assert_int_equal(
		fresh.getpwuid(0, &user, buffer, sizeof(buffer), &error), NSS_STATUS_NOTFOUND);
	assert_int_equal(
		fresh.getgrgid(27, &group, buffer, sizeof(buffer), &error), NSS_STATUS_NOTFOUND);
	assert_int_equal(chdir(place.folder), 0);
	/* Once it is there it is found. */
	assert_int_equal(fresh.getpwnam("user00001", &user, buffer, sizeof(buffer), &error),
		NSS_STATUS_SUCCESS);
}

static void
a_damaged_file_is_unavailable_but_does_not_say_nobody(void **state)
{
	struct module fresh;
	FILE *file;
	int error = 0;

	(void)state;
	load_copy(&fresh, "damaged.so");
	assert_int_equal(mkdir("other", 0755), 0);
	assert_int_equal(chdir("other"), 0);
	file = fopen("directory.mdb", "we");
	assert_non_null(file);
	assert_int_equal(fwrite(buffer, 1, 16384, file), 16384);
	fclose(file);
	assert_int_equal(
		fresh.getpwnam("anna", &user, buffer, sizeof(buffer), &error), NSS_STATUS_UNAVAIL);
	assert_int_equal(error, EIO);
	assert_int_equal(unlink("directory.mdb"), 0);
	assert_int_equal(chdir(place.folder), 0);
	assert_int_equal(rmdir("other"), 0);
}

/* ---- buffers ------------------------------------------------------------------------------- */

typedef enum nss_status asker(char *at, size_t size, int *error);

static enum nss_status
ask_user(char *at, size_t size, int *error)
{
	return module.getpwnam("user00003", &user, at, size, error);
}

static enum nss_status
ask_uid(char *at, size_t size, int *error)
{
	return module.getpwuid(100003, &user, at, size, error);
}

static enum nss_status
ask_team(char *at, size_t size, int *error)
{
	return module.getgrnam("team", &group, at, size, error);
}

static enum nss_status
ask_team_gid(char *at, size_t size, int *error)
{
	return module.getgrgid(TEAM_GID, &group, at, size, error);
}

static enum nss_status
ask_own_group(char *at, size_t size, int *error)
{
	return module.getgrgid(100003, &group, at, size, error);
}

static enum nss_status
ask_crew(char *at, size_t size, int *error)
{
	return module.getgrnam("crew", &group, at, size, error);
}

static enum nss_status
ask_first_user(char *at, size_t size, int *error)
{
	module.setpwent(0);
	return module.getpwent(&user, at, size, error);
}

static enum nss_status
ask_first_group(char *at, size_t size, int *error)
{
	module.setgrent(0);
	return module.getgrent(&group, at, size, error);
}

enum { SWEEP = 1024 }; /* beyond what all but the crew need */

/* ERANGE for every size up to one, success from there on, and not a byte written outside. */
static size_t
sweep(asker *ask, size_t skew)
{
	static char all[64 + SWEEP + 64], untouched[sizeof(all)];
	char *at = all + 32 + skew;
	size_t least = SWEEP + 1;

	memset(untouched, 0x5a, sizeof(untouched));

	for (size_t size = 0; size <= SWEEP; size++) {
		int error = 0;
		enum nss_status status;

		memcpy(all, untouched, sizeof(all));
		status = ask(at, size, &error);
		if (status == NSS_STATUS_SUCCESS && least > SWEEP)
			least = size;
		if (size < least) {
			assert_int_equal(status, NSS_STATUS_TRYAGAIN);
			assert_int_equal(error, ERANGE);
		} else {
			assert_int_equal(status, NSS_STATUS_SUCCESS);
		}
		assert_memory_equal(all, untouched, (size_t)(at - all));
		assert_memory_equal(at + size, untouched, 32);
	}
	return least;
}

static void
every_buffer_size_is_answered(void **state)
{
	static const struct {
		asker *ask;
		size_t text; /* bytes of text, "*" included, and pointers that the answer takes */
		size_t pointers;
	} rows[] = {
		{ask_user, 10 + sizeof("Number 3 of round 1") + 8 + 8 + 2, 0},
		{ask_uid, 10 + sizeof("Number 3 of round 1") + 8 + 8 + 2, 0},
		{ask_first_user, 10 + sizeof("Number 0 of round 1") + 8 + 8 + 2, 0},
		{ask_team, 5 + 2 + TEAM * 12, TEAM + 1},
		{ask_team_gid, 5 + 2 + TEAM * 12, TEAM + 1},
		{ask_own_group, 10 + 2, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t skew = 0; skew < sizeof(char *); skew++) {
			size_t least = rows[i].text + rows[i].pointers * sizeof(char *);
			size_t slack = rows[i].pointers > 0 ? sizeof(char *) - 1 : 0;

			assert_in_range(sweep(rows[i].ask, skew), least, least + slack);
		}
	}
	assert_int_equal(sweep(ask_crew, 0), SWEEP + 1);
	assert_int_equal(sweep(ask_first_group, 0), SWEEP + 1);
	module.endpwent();
	module.endgrent();
}

/* As sudo and others do: double it until it does. */
static void
a_buffer_that_is_doubled_is_large_enough_in_the_end(void **state)
{
	size_t size = 64;
	int error = 0;

	(void)state;
	while (ask_crew(buffer, size, &error) != NSS_STATUS_SUCCESS) {
		assert_int_equal(error, ERANGE);
		size *= 2;
		assert_true(size <= sizeof(buffer));
	}
	assert_true(size < 4 * CREW * (sizeof("member00000") + sizeof(char *)));
}

/* ---- groups of a user ---------------------------------------------------------------------- */

static bool
has_once(const gid_t *gids, long count, gid_t gid)
{
	unsigned found = 0;

	for (long i = 0; i < count; i++)
		found += gids[i] == gid;
	return found == 1;
}

static void
initgroups_adds_behind_what_is_there(void **state)
{
	int error = 0;

	(void)state;
	for (long room = 1; room < 6; room++) {
		long count = 1, size = room;
		gid_t *gids = malloc((size_t)room * sizeof(gid_t));

		assert_non_null(gids);
		gids[0] = 100003;
		assert_int_equal(
			module.initgroups("user00003", 100003, &count, &size, &gids, 0, &error),
			NSS_STATUS_SUCCESS);
		assert_int_equal(count, 3);
		assert_true(size >= count);
		assert_int_equal(gids[0], 100003);
		assert_true(has_once(gids, count, 200001) && has_once(gids, count, 300003));
		free(gids);
	}
}

static void
initgroups_repeats_nothing(void **state)
{
	long count = 2, size = 4;
	gid_t *gids = malloc(4 * sizeof(gid_t));
	int error = 0;

	(void)state;
	assert_non_null(gids);
	gids[0] = 27;
	gids[1] = 300003;
	assert_int_equal(module.initgroups("user00003", 27, &count, &size, &gids, 0, &error),
		NSS_STATUS_SUCCESS);
	assert_int_equal(count, 3);
	assert_int_equal(gids[2], 200001);
	/* The group that the caller names is in already, wherever it stands. */
	count = 0;
	assert_int_equal(module.initgroups("user00004", 200001, &count, &size, &gids, 0, &error),
		NSS_STATUS_SUCCESS);
	assert_int_equal(count, 1);
	assert_int_equal(gids[0], 300004);
	free(gids);
}

static void
initgroups_stops_at_the_limit(void **state)
{
	int error = 0;

	(void)state;
	for (long limit = 1; limit < 5; limit++) {
		long count = 1, size = 1;
		gid_t *gids = malloc(sizeof(gid_t));

		assert_non_null(gids);
		gids[0] = 27;
		assert_int_equal(
			module.initgroups("user00003", 27, &count, &size, &gids, limit, &error),
			NSS_STATUS_SUCCESS);
		assert_int_equal(count, limit < 3 ? limit : 3);
		assert_true(size <= (limit > 1 ? limit : 1));
		free(gids);
	}
}

static void
initgroups_of_nobody_adds_nothing(void **state)
{
	long count = 1, size = 1;
	gid_t gid = 27, *gids = &gid;
	int error = 0;

	(void)state;
	assert_int_equal(module.initgroups("nobody-here", 27, &count, &size, &gids, 0, &error),
		NSS_STATUS_NOTFOUND);
	assert_int_equal(count, 1);
	assert_ptr_equal(gids, &gid);
}

static void
initgroups_without_memory_is_no_unknown_user(void **state)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	(void)state;
	skip(); /* their allocators end the process */
#else
	long count = 4 << 20, size = 4 << 20;
	gid_t *gids = calloc((size_t)size, sizeof(gid_t));
	struct rlimit was, none;
	int error = 0;
	enum nss_status status;

	(void)state;
	assert_non_null(gids);
	users_are_answered(NULL);
	assert_int_equal(getrlimit(RLIMIT_AS, &was), 0);
	none = was;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_AS, &none), 0);
	status = module.initgroups("user00003", 27, &count, &size, &gids, 0, &error);
	assert_int_equal(setrlimit(RLIMIT_AS, &was), 0);
	assert_int_equal(status, NSS_STATUS_TRYAGAIN);
	assert_int_equal(error, ENOMEM);
	assert_int_equal(count, 4 << 20);
	free(gids);
#endif
}

/* ---- enumeration --------------------------------------------------------------------------- */

static void
enumerations_begin_again(void **state)
{
	int error = 0;

	(void)state;
	for (unsigned again = 0; again < 2; again++) {
		assert_int_equal(module.setpwent(0), NSS_STATUS_SUCCESS);
		for (uint32_t i = 0; i < USERS; i++) {
			/* What did not fit comes again. */
			assert_int_equal(
				module.getpwent(&user, buffer, 10, &error), NSS_STATUS_TRYAGAIN);
			assert_int_equal(error, ERANGE);
			assert_int_equal(module.getpwent(&user, buffer, sizeof(buffer), &error),
				NSS_STATUS_SUCCESS);
			assert_int_equal(numbered_round(&user, i), 1);
		}
		assert_int_equal(module.getpwent(&user, buffer, sizeof(buffer), &error),
			NSS_STATUS_NOTFOUND);
		assert_int_equal(module.endpwent(), NSS_STATUS_SUCCESS);
	}
	assert_int_equal(module.setgrent(0), NSS_STATUS_SUCCESS);
	for (uint32_t i = 0; i < USERS + 2; i++)
		assert_int_equal(module.getgrent(&group, buffer, sizeof(buffer), &error),
			NSS_STATUS_SUCCESS);
	assert_string_equal(group.gr_name, "user00029");
	assert_int_equal(
		module.getgrent(&group, buffer, sizeof(buffer), &error), NSS_STATUS_NOTFOUND);
	assert_int_equal(module.endgrent(), NSS_STATUS_SUCCESS);
}

static _Atomic unsigned met[USERS];
static pthread_barrier_t together;

static void *
enumerate(void *argument)
{
	struct passwd entry;
	char here[256];
	int error;

	pthread_barrier_wait(&together);
	while (module.getpwent(&entry, here, sizeof(here), &error) == NSS_STATUS_SUCCESS) {
		if (entry.pw_uid - 100000 < USERS)
			atomic_fetch_add(&met[entry.pw_uid - 100000], 1);
	}
	return argument;
}

static void
threads_share_an_enumeration(void **state)
{
	pthread_t thread[4];

	(void)state;
	assert_int_equal(pthread_barrier_init(&together, NULL, 4), 0);
	for (unsigned again = 0; again < 200; again++) {
		memset(met, 0, sizeof(met));
		module.setpwent(0);
		for (size_t i = 0; i < 4; i++)
			assert_int_equal(pthread_create(&thread[i], NULL, enumerate, NULL), 0);
		for (size_t i = 0; i < 4; i++)
			assert_int_equal(pthread_join(thread[i], NULL), 0);
		for (size_t i = 0; i < USERS; i++)
			assert_int_equal(met[i], 1);
	}
	module.endpwent();
	pthread_barrier_destroy(&together);
}

/* ---- guests in many processes -------------------------------------------------------------- */

static _Atomic bool stop;
static _Atomic unsigned wrong;
static _Atomic unsigned answers;

/*
 * The list of groups has room from the start: a child that was forked beside other threads may not
 * allocate under AddressSanitizer, whose allocator's locks fork() does not put in order.
 */
static bool
look_up_one(uint32_t number)
{
	struct numbered numbered;
	struct passwd entry;
	struct group own;
	char here[256];
	gid_t few[4], *gids = few;
	long count = 0, room = sizeof(few) / sizeof(few[0]);
	int error;
	bool right;

	numbered_make(&numbered, number, 0);
	right = module.getpwnam(numbered.name, &entry, here, sizeof(here), &error) ==
			NSS_STATUS_SUCCESS &&
		numbered_round(&entry, number) != UINT32_MAX;
	right = module.getgrgid(100000 + number, &own, here, sizeof(here), &error) ==
			NSS_STATUS_SUCCESS &&
		strcmp(own.gr_name, numbered.name) == 0 && right;
	right = module.initgroups(numbered.name, 0, &count, &room, &gids, 0, &error) ==
			NSS_STATUS_SUCCESS &&
		gids == few && count == 2 && right;
	return right;
}

static void *
look_up(void *argument)
{
	for (uint32_t i = (uint32_t)(uintptr_t)argument; !atomic_load(&stop); i++) {
		if (!look_up_one(i % USERS))
			atomic_fetch_add(&wrong, 1);
		atomic_fetch_add(&answers, 1);
	}
	return NULL;
}

/* A thread that others cancel; between look-ups, since the test's own lists would be lost. */
static void *
look_up_until_cancelled(void *argument)
{
	for (uint32_t i = 0;; i++) {
		if (!look_up_one(i % USERS))
			atomic_fetch_add(&wrong, 1);
		pthread_testcancel();
	}
	return argument;
}

static void
cancel_one(void)
{
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, look_up_until_cancelled, NULL), 0);
	sched_yield();
	assert_int_equal(pthread_cancel(thread), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
}

static void
fork_one(void)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		_exit(look_up_one(1) && look_up_one(2) ? 0 : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	child = vfork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(0);
	assert_int_equal(waitpid(child, &status, 0), child);
}

static unsigned
open_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	unsigned count = 0;

	assert_non_null(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

/* Another file takes the place of the published one, as after a restore. */
static void
replace_file(uint32_t round)
{
	struct place old = place;

	strcpy(place.file, "new.mdb");
	place_write(&place);
	place_begin(&place);
	put_state(&place, round);
	for (uint32_t i = 0; i < USERS; i++)
		put_numbered(&place, i, round);
	place_commit(&place);
	assert_int_equal(rename("new.mdb", "directory.mdb"), 0);
	assert_int_equal(unlink("new.mdb-lock"), 0);
	place_begin(&old);
	assert_int_equal(mdb_drop(old.txn, old.dbi, 0), 0);
	place_commit(&old);
	place_leave(&old);
	strcpy(place.file, old.file);
}

enum { THREADS = 64 };

static void
many_threads_look_up_beside_commits_forks_and_cancellations(void **state)
{
	unsigned descriptors = open_descriptors();
	int64_t end = now_in_ms() + 2000;
	pthread_t thread[THREADS];
	uint32_t round = 2;

	(void)state;
	for (uintptr_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, look_up, (void *)i), 0);
	for (; now_in_ms() < end; round++) {
		place_begin(&place);
		put_numbered(&place, round % USERS, round);
		place_commit(&place);
		if (round % 64 == 0)
			replace_file(round);
		if (round % 64 == 20)
			cancel_one();
		if (round % 64 == 40)
			fork_one();
	}
	atomic_store(&stop, true);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(thread[i], NULL), 0);
	assert_int_equal(atomic_load(&wrong), 0);
	assert_true(atomic_load(&answers) > 0);
	assert_int_equal(open_descriptors(), descriptors);
	atomic_store(&stop, false);
}

static void
loading_and_unloading_disturbs_nobody(void **state)
{
	pthread_t thread[4];
	char path[PATH_MAX];

	(void)state;
	module_path(path, sizeof(path));
	for (uintptr_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, look_up, (void *)i), 0);
	for (unsigned i = 0; i < 250; i++) {
		struct module again;

		load(&again, path);
		assert_int_equal(dlclose(again.handle), 0);
		assert_int_equal(dlclose(module.handle), 0); /* even by whoever still uses it */
		module.handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
		assert_non_null(module.handle);
	}
	atomic_store(&stop, true);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_join(thread[i], NULL), 0);
	assert_int_equal(atomic_load(&wrong), 0);
	atomic_store(&stop, false);
}

static void
descriptors_are_the_programs_own(void **state)
{
	unsigned before = open_descriptors();
	int kept[8];
	struct stat mine, now;

	(void)state;
	assert_int_equal(stat("aliases.mdb", &mine), 0);
	for (unsigned i = 0; i < 1000; i++) {
		assert_true(look_up_one(i % USERS));
		for (size_t k = 0; k < 8; k++) { /* takes every low number there is */
			kept[k] = open("aliases.mdb", O_RDONLY | O_CLOEXEC);
			assert_true(kept[k] >= 0);
		}
		if (i % 100 == 0)
			replace_file(i + 1000); /* so that the module opens, too */
		assert_true(look_up_one(i % USERS));
		for (size_t k = 0; k < 8; k++) {
			assert_int_equal(fstat(kept[k], &now), 0);
			assert_int_equal(now.st_ino, mine.st_ino);
			assert_int_equal(close(kept[k]), 0);
		}
	}
	assert_int_equal(open_descriptors(), before);
}

static void
a_program_with_all_descriptors_closed_is_answered(void **state)
{
	int status;
	pid_t child;

	(void)state;
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		bool right;

		for (int fd = 0; fd < 256; fd++)
			close(fd);
		right = look_up_one(1);
		/* and nothing was left where standard input would be */
		_exit(right && fcntl(0, F_GETFD) < 0 && fcntl(3, F_GETFD) < 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* ---- other programs ------------------------------------------------------------------------ */

static bool
is_built(const char *name, char *path, size_t size)
{
	snprintf(path, size, "%s/%s", programs, name);
	return access(path, X_OK) == 0;
}

/* What a command prints, to be freed. */
static char *
output_of(const char *command)
{
	char *text = calloc(1, 1 << 20);
	FILE *pipe = popen(command, "re");

	assert_non_null(text);
	assert_non_null(pipe);
	assert_true(fread(text, 1, (1 << 20) - 1, pipe) > 0);
	assert_int_equal(pclose(pipe), 0);
	return text;
}

static void
programs_of_32_bits_read_the_same(void **state)
{
	char program[PATH_MAX + 16], command[PATH_MAX + 64];

	(void)state;
	if (!is_built("dump32", program, sizeof(program)))
		skip();
	for (unsigned mapped = 0; mapped < 2; mapped++) {
		char *expected = NULL, *printed;
		size_t size;
		FILE *text = open_memstream(&expected, &size);

		assert_non_null(text);
		dump(text, "directory.mdb", mapped);
		assert_int_equal(fclose(text), 0);
		assert_non_null(strstr(expected, "user00029"));
		snprintf(command, sizeof(command), "%s directory.mdb%s", program,
			mapped ? "" : " unmapped");
		printed = output_of(command);
		assert_string_equal(printed, expected);
		free(printed);
		free(expected);
	}
}

static void
a_static_program_loads_the_module(void **state)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	(void)state;
	skip(); /* this build of the module needs their libraries */
#else
	char program[PATH_MAX + 16], command[2 * PATH_MAX + 64], path[PATH_MAX];
	char *printed;

	(void)state;
	if (!is_built("static", program, sizeof(program)))
		skip();
	module_path(path, sizeof(path));
	snprintf(command, sizeof(command), "%s %s user00007", program, path);
	printed = output_of(command);
	assert_string_equal(printed, "100007\n");
	free(printed);
#endif
}

/* Where root shows as nobody, and the files as nobody's. */
static void
a_user_namespace_is_answered(void **state)
{
	int status;
	pid_t child;

	(void)state;
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (unshare(CLONE_NEWUSER) != 0)
			_exit(77);
		_exit(geteuid() == 65534 && look_up_one(5) ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(users_are_answered),
		cmocka_unit_test(groups_are_answered),
		cmocka_unit_test(who_is_unknown_is_not_found_and_errno_stays),
		cmocka_unit_test(no_shadow_is_served),
		cmocka_unit_test(aliases_are_roots),
		cmocka_unit_test(servers_for_others_are_told_no_aliases),
		cmocka_unit_test(very_long_names_are_not_found),
		cmocka_unit_test(without_a_file_only_what_needs_it_is_unavailable),
		cmocka_unit_test(a_damaged_file_is_unavailable_but_does_not_say_nobody),
		cmocka_unit_test(every_buffer_size_is_answered),
		cmocka_unit_test(a_buffer_that_is_doubled_is_large_enough_in_the_end),
		cmocka_unit_test(initgroups_adds_behind_what_is_there),
		cmocka_unit_test(initgroups_repeats_nothing),
		cmocka_unit_test(initgroups_stops_at_the_limit),
		cmocka_unit_test(initgroups_of_nobody_adds_nothing),
		cmocka_unit_test(initgroups_without_memory_is_no_unknown_user),
		cmocka_unit_test(enumerations_begin_again),
		cmocka_unit_test(threads_share_an_enumeration),
		cmocka_unit_test(programs_of_32_bits_read_the_same),
		cmocka_unit_test(a_static_program_loads_the_module),
		cmocka_unit_test(a_user_namespace_is_answered),
		/* From here on the published file is replaced, and the large groups are gone. */
		cmocka_unit_test(many_threads_look_up_beside_commits_forks_and_cancellations),
		cmocka_unit_test(loading_and_unloading_disturbs_nobody),
		cmocka_unit_test(descriptors_are_the_programs_own),
		cmocka_unit_test(a_program_with_all_descriptors_closed_is_answered),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
