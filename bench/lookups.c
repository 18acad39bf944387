/*
 * lookups.c - what a look-up takes, through glibc and whatever nsswitch.conf names:
 *
 *   lookups TRUTH SEED MS [ONLY]     each kind for MS milliseconds, warm; prints KIND THREADS NS
 *                                    (or "wrong", where threads got wrong answers)
 *   lookups --fill TRUTH [ONLY]      asks for everybody once, so that a cache has them
 *   lookups --null TRUTH SEED MS     answers are not looked at: there is a module that gives none
 *   lookups --floor FILE TRUTH SEED MS   liblmdb itself on the published file, without glibc
 *
 * One thread's time is the processor's that it got; with two it is the time that passed.
 * TRUTH is a folder with the passwd and group of the same people; every answer is compared with it.
 * People are asked for in random order, ONLY the first so many of it.
 */
#include <err.h>
#include <grp.h>
#include <lmdb.h>
#include <pthread.h>
#include <pwd.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/clock.h"
#include "bench/people.h"
#include "directory/image.h"
#include "directory/layout.h"

enum { BUFFER = 262144, GIDS = 64, THREADS = 2, CALLS_MIN = 20, LISTED_MAX = 1000 };
enum { SLOW_TIMES = 4 };       /* how much longer than asked for a slow one may be measured */
enum { PATIENCE = 5 };         /* seconds for what might hang */
enum { HOST_USERS_MAX = 200 }; /* whom an enumeration may show besides */

/* What is expected of one person, in the order in which they are asked for. */
struct person {
	char name[NAME_ROOM];
	char home[HOME_ROOM];
	uint32_t uid;
	uint32_t gid_sum; /* of all their groups: enough to tell one set of four from another */
	unsigned number;
};

struct role {
	char name[NAME_ROOM];
	uint32_t gid;
	unsigned members;
};

static struct person people[PEOPLE_MAX];
static unsigned people_count;
static unsigned people_asked; /* only so many of them */
static struct role roles[ROLES];
static bool is_null;

/* ---- the truth ------------------------------------------------------------------------------ */

static FILE *
open_truth(const char *folder, const char *name)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "re");
	if (!file)
		err(1, "%s", path);
	return file;
}

static void
load_roles(const char *folder)
{
	FILE *file = open_truth(folder, "group");
	const struct group *group;

	while ((group = fgetgrent(file))) {
		struct role *role;
		unsigned long number;

		if (strncmp(group->gr_name, "team", 4) != 0)
			continue;
		number = strtoul(group->gr_name + 4, NULL, 10);
		role = &roles[number % ROLES];
		snprintf(role->name, sizeof(role->name), "%s", group->gr_name);
		role->gid = group->gr_gid;
		for (role->members = 0; group->gr_mem[role->members]; role->members++)
			;
	}
	fclose(file);
}

static void
load_people(const char *folder)
{
	FILE *file = open_truth(folder, "passwd");
	const struct passwd *passwd;

	while ((passwd = fgetpwent(file)) && people_count < PEOPLE_MAX) {
		struct person *person = &people[people_count];
		unsigned held[ROLES_EACH];

		snprintf(person->name, sizeof(person->name), "%s", passwd->pw_name);
		snprintf(person->home, sizeof(person->home), "%s", passwd->pw_dir);
		person->uid = person->gid_sum = passwd->pw_uid;
		person->number = people_count;
		person_roles(people_count++, held);
		for (unsigned i = 0; i < ROLES_EACH; i++)
			person->gid_sum += roles[held[i]].gid;
	}
	fclose(file);
	people_asked = people_count;
}

static uint32_t
random_below(uint64_t *state, uint32_t bound)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((*state >> 33) % bound);
}

/* The same order every time: with ONLY, a cache that was filled is asked for what it has. */
static void
shuffle(void)
{
	uint64_t state = 1;

	for (unsigned i = people_count - 1; i > 0; i--) {
		unsigned j = random_below(&state, i + 1);
		struct person person = people[i];

		people[i] = people[j];
		people[j] = person;
	}
}

/* ---- answers -------------------------------------------------------------------------------- */

static void
wrong(const char *kind, const struct person *person)
{
	errx(1, "%s: wrong answer about %s", kind, person->name);
}

static void
check_user(const char *kind, const struct person *person, const char *name, uint32_t uid,
    uint32_t gid, const char *home)
{
	if (uid != person->uid || gid != person->uid || strcmp(name, person->name) != 0 ||
	    strcmp(home, person->home) != 0)
		wrong(kind, person);
}

static void
check_gids(const char *kind, const struct person *person, const uint32_t *gids, int count)
{
	uint32_t sum = 0;

	for (int i = 0; i < count; i++)
		sum += gids[i];
	if (count != ROLES_EACH + 1 || sum != person->gid_sum)
		wrong(kind, person);
}

/* A long list may be left out (Hexa's publisher does), and is then left out whole. */
static void
check_members(const struct role *role, unsigned count)
{
	if (count != role->members && (count != 0 || role->members <= LISTED_MAX))
		errx(1, "%s has %u members, not %u", role->name, role->members, count);
}

/* ---- through glibc -------------------------------------------------------------------------- */

/* One thread's own. */
struct caller {
	char *buffer;
	MDB_txn *txn; /* of the floor */
	MDB_cursor *cursor;
};

static const struct role *
role_of(const struct person *person)
{
	return &roles[person->number % ROLES];
}

static void
ask_name(struct caller *caller, const struct person *person)
{
	struct passwd passwd, *found = NULL;

	getpwnam_r(person->name, &passwd, caller->buffer, BUFFER, &found);
	if (is_null)
		return;
	if (!found)
		wrong("getpwnam", person);
	check_user("getpwnam", person, found->pw_name, found->pw_uid, found->pw_gid, found->pw_dir);
}

static void
ask_uid(struct caller *caller, const struct person *person)
{
	struct passwd passwd, *found = NULL;

	getpwuid_r(person->uid, &passwd, caller->buffer, BUFFER, &found);
	if (is_null)
		return;
	if (!found)
		wrong("getpwuid", person);
	check_user("getpwuid", person, found->pw_name, found->pw_uid, found->pw_gid, found->pw_dir);
}

static void
ask_own_group(struct caller *caller, const struct person *person)
{
	struct group group, *found = NULL;

	getgrnam_r(person->name, &group, caller->buffer, BUFFER, &found);
	if (is_null)
		return;
	if (!found || found->gr_gid != person->uid || strcmp(found->gr_name, person->name) != 0)
		wrong("getgrnam", person);
}

static void
ask_role_group(struct caller *caller, const struct person *person)
{
	const struct role *role = role_of(person);
	struct group group, *found = NULL;
	unsigned members = 0;

	getgrnam_r(role->name, &group, caller->buffer, BUFFER, &found);
	if (is_null)
		return;
	if (!found || found->gr_gid != role->gid || strcmp(found->gr_name, role->name) != 0)
		errx(1, "getgrnam: wrong answer about %s", role->name);
	while (found->gr_mem[members])
		members++;
	check_members(role, members);
}

static void
ask_groups(struct caller *caller, const struct person *person)
{
	gid_t gids[GIDS];
	int count = GIDS;

	(void)caller;
	if (getgrouplist(person->name, person->uid, gids, &count) < 0)
		wrong("getgrouplist", person);
	if (!is_null)
		check_gids("getgrouplist", person, gids, count);
}

static void
missing_name(const struct person *person, char name[NAME_ROOM])
{
	snprintf(name, NAME_ROOM, "%s", person->name);
	name[0] = 'z';
}

static void
ask_missing(struct caller *caller, const struct person *person)
{
	struct passwd passwd, *found = NULL;
	char name[NAME_ROOM];

	missing_name(person, name);
	getpwnam_r(name, &passwd, caller->buffer, BUFFER, &found);
	if (found && !is_null)
		wrong("getpwnam of nobody", person);
}

/* Every user there is, in one go: returns how many. */
static unsigned
enumerate(struct caller *caller)
{
	unsigned count = 0;

	(void)caller;
	setpwent();
	while (getpwent())
		count++;
	endpwent();
	return count;
}

/* ---- the floor: liblmdb --------------------------------------------------------------------- */

static MDB_env *env;
static MDB_dbi dbi;

static void
must(int error, const char *what)
{
	if (error != 0)
		errx(1, "%s: %s", what, mdb_strerror(error));
}

static void
floor_open(const char *path)
{
	MDB_txn *txn;

	must(mdb_env_create(&env), "mdb_env_create");
	must(mdb_env_open(env, path, MDB_RDONLY | MDB_NOSUBDIR, 0), path);
	must(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn), "mdb_txn_begin");
	must(mdb_dbi_open(txn, NULL, 0, &dbi), "mdb_dbi_open");
	must(mdb_txn_commit(txn), "mdb_txn_commit");
}

/* mdb_get(); false: not found. */
static bool
floor_get(struct caller *caller, const unsigned char *key, size_t size, MDB_val *value)
{
	MDB_val asked = {size, (void *)(uintptr_t)key};
	int error = mdb_get(caller->txn, dbi, &asked, value);

	if (error != MDB_NOTFOUND)
		must(error, "mdb_get");
	return error == 0;
}

/* As a struct passwd would have it: the strings copied out of the transaction. */
static void
floor_user(struct caller *caller, const unsigned char *key, size_t size, const char *kind,
    const struct person *person)
{
	MDB_val value;
	const unsigned char *image;
	uint32_t uid, gid, home;

	must(mdb_txn_renew(caller->txn), "mdb_txn_renew");
	if (!floor_get(caller, key, size, &value))
		wrong(kind, person);
	image = value.mv_data;
	uid = layout_u32(image + USER_UID);
	gid = layout_u32(image + USER_GID);
	home = layout_u16(image + USER_HOME);
	memcpy(caller->buffer, image + USER_TEXT, layout_u16(image + USER_TEXT_SIZE));
	mdb_txn_reset(caller->txn);
	check_user(kind, person, caller->buffer, uid, gid, caller->buffer + home);
}

static void
floor_name(struct caller *caller, const struct person *person)
{
	unsigned char key[IMAGE_KEY_MAX];

	floor_user(caller, key, image_key_text(key, 'N', person->name), "floor name", person);
}

static void
floor_uid(struct caller *caller, const struct person *person)
{
	unsigned char key[IMAGE_KEY_MAX];

	floor_user(caller, key, image_key_id(key, 'U', person->uid), "floor uid", person);
}

/* A user's own group has no record of its own, and a role's group might have the name. */
static void
floor_own_group(struct caller *caller, const struct person *person)
{
	unsigned char key[IMAGE_KEY_MAX];
	MDB_val value;
	uint32_t gid;

	must(mdb_txn_renew(caller->txn), "mdb_txn_renew");
	if (floor_get(caller, key, image_key_text(key, 'H', person->name), &value) ||
	    !floor_get(caller, key, image_key_text(key, 'N', person->name), &value))
		wrong("floor group", person);
	gid = layout_u32((const unsigned char *)value.mv_data + USER_GID);
	memcpy(caller->buffer, (const unsigned char *)value.mv_data + USER_TEXT, NAME_ROOM);
	mdb_txn_reset(caller->txn);
	if (gid != person->uid || strcmp(caller->buffer, person->name) != 0)
		wrong("floor group", person);
}

/* The members' names, one after another, and a list of where each begins. */
static unsigned
floor_members(struct caller *caller, uint32_t gid)
{
	unsigned char key[IMAGE_KEY_MAX];
	size_t prefix = image_key_id(key, 'M', gid), used = BUFFER / 2;
	char **list = (char **)(void *)caller->buffer;
	MDB_val found = {prefix, key}, value;
	unsigned count = 0;
	int error = mdb_cursor_get(caller->cursor, &found, &value, MDB_SET_RANGE);

	while (error == 0 && found.mv_size > prefix && memcmp(found.mv_data, key, prefix) == 0) {
		size_t size = found.mv_size - prefix;

		list[count] = caller->buffer + used;
		memcpy(list[count++], (const char *)found.mv_data + prefix, size);
		used += size;
		caller->buffer[used++] = '\0';
		error = mdb_cursor_get(caller->cursor, &found, &value, MDB_NEXT);
	}
	return count;
}

static void
floor_role_group(struct caller *caller, const struct person *person)
{
	const struct role *role = role_of(person);
	unsigned char key[IMAGE_KEY_MAX];
	MDB_val value;
	unsigned count = 0;

	must(mdb_txn_renew(caller->txn), "mdb_txn_renew");
	must(mdb_cursor_renew(caller->txn, caller->cursor), "mdb_cursor_renew");
	if (!floor_get(caller, key, image_key_text(key, 'H', role->name), &value) ||
	    layout_u32(value.mv_data) != role->gid)
		errx(1, "floor: wrong answer about %s", role->name);
	if (layout_u16((const unsigned char *)value.mv_data + GROUP_FLAGS) & GROUP_LISTED)
		count = floor_members(caller, role->gid);
	mdb_txn_reset(caller->txn);
	check_members(role, count);
}

static void
floor_groups(struct caller *caller, const struct person *person)
{
	unsigned char key[IMAGE_KEY_MAX];
	uint32_t gids[GIDS], count;
	const unsigned char *image;
	MDB_val value;

	must(mdb_txn_renew(caller->txn), "mdb_txn_renew");
	if (!floor_get(caller, key, image_key_text(key, 'N', person->name), &value))
		wrong("floor groups", person);
	image = value.mv_data;
	count = layout_u32(image + USER_GID_COUNT);
	if (count >= GIDS)
		wrong("floor groups", person);
	gids[0] = layout_u32(image + USER_GID);
	image += USER_TEXT + layout_u16(image + USER_TEXT_SIZE);
	for (uint32_t i = 0; i < count; i++)
		gids[i + 1] = layout_u32(image + 4 * i);
	mdb_txn_reset(caller->txn);
	check_gids("floor groups", person, gids, (int)count + 1);
}

static void
floor_missing(struct caller *caller, const struct person *person)
{
	unsigned char key[IMAGE_KEY_MAX];
	char name[NAME_ROOM];
	MDB_val value;

	missing_name(person, name);
	must(mdb_txn_renew(caller->txn), "mdb_txn_renew");
	if (floor_get(caller, key, image_key_text(key, 'N', name), &value))
		wrong("floor nobody", person);
	mdb_txn_reset(caller->txn);
}

static unsigned
floor_enumerate(struct caller *caller)
{
	unsigned char key[IMAGE_KEY_MAX];
	MDB_val found = {image_key_id(key, 'U', 0), key}, value;
	unsigned count = 0;
	int error;

	must(mdb_txn_renew(caller->txn), "mdb_txn_renew");
	must(mdb_cursor_renew(caller->txn, caller->cursor), "mdb_cursor_renew");
	error = mdb_cursor_get(caller->cursor, &found, &value, MDB_SET_RANGE);
	while (error == 0 && *(const char *)found.mv_data == 'U') {
		const unsigned char *image = value.mv_data;

		memcpy(caller->buffer, image + USER_TEXT, layout_u16(image + USER_TEXT_SIZE));
		count++;
		error = mdb_cursor_get(caller->cursor, &found, &value, MDB_NEXT);
	}
	mdb_txn_reset(caller->txn);
	return count;
}

/* ---- measuring ------------------------------------------------------------------------------ */

typedef void ask(struct caller *caller, const struct person *person);

struct kind {
	const char *name;
	ask *glibc;
	ask *floor;
};

static const struct kind kinds[] = {
    {"getpwnam", ask_name, floor_name},
    {"getpwuid", ask_uid, floor_uid},
    {"getgrnam", ask_own_group, floor_own_group},
    {"getgrnam-role", ask_role_group, floor_role_group},
    {"getgrouplist", ask_groups, floor_groups},
    {"missing", ask_missing, floor_missing},
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

struct run {
	ask *ask;
	uint64_t length; /* ns */
	unsigned at;     /* whom it begins with */
	clockid_t clock;
	pthread_barrier_t *barrier;
	double each; /* the result: ns */
};

static struct caller
caller_make(void)
{
	struct caller caller = {.buffer = malloc(BUFFER)};

	if (!caller.buffer)
		err(1, "malloc");
	if (env) {
		must(mdb_txn_begin(env, NULL, MDB_RDONLY, &caller.txn), "mdb_txn_begin");
		must(mdb_cursor_open(caller.txn, dbi, &caller.cursor), "mdb_cursor_open");
		mdb_txn_reset(caller.txn);
	}
	return caller;
}

static void
caller_clear(struct caller *caller)
{
	if (caller->cursor)
		mdb_cursor_close(caller->cursor);
	mdb_txn_abort(caller->txn);
	free(caller->buffer);
}

/* Asks until the time is up, a few times even then; looks at the clock ever more rarely. */
static double
ask_for(struct caller *caller, struct run *run)
{
	uint64_t began = clock_ns(run->clock), now = began, last;
	uint64_t calls = 0, batch = 1;

	do {
		for (uint64_t i = 0; i < batch; i++) {
			run->ask(caller, &people[run->at]);
			if (++run->at >= people_asked)
				run->at = 0;
		}
		calls += batch;
		last = now;
		now = clock_ns(run->clock);
		if (now - last < run->length / 64)
			batch *= 2;
	} while (now - began < run->length ||
	    (calls < CALLS_MIN && now - began < SLOW_TIMES * run->length));
	return (double)(now - began) / (double)calls;
}

/* Once to warm up, then for good. */
static void *
run_thread(void *context)
{
	struct run *run = context;
	struct caller caller = caller_make();

	ask_for(&caller, run);
	pthread_barrier_wait(run->barrier);
	run->each = ask_for(&caller, run);
	caller_clear(&caller);
	return NULL;
}

static void
measure(const struct kind *kind, unsigned threads, unsigned seed, uint64_t length)
{
	struct run runs[THREADS];
	pthread_t thread[THREADS];
	pthread_barrier_t barrier;
	/* One thread is not charged for what else the machine does; two may wait for each other. */
	clockid_t clock = threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC;
	double sum = 0;

	pthread_barrier_init(&barrier, NULL, threads);
	for (unsigned i = 0; i < threads; i++) {
		uint64_t state = seed + i;

		random_below(&state, 1);
		runs[i] = (struct run){env ? kind->floor : kind->glibc, length,
		    random_below(&state, people_asked), clock, &barrier, 0};
		if (pthread_create(&thread[i], NULL, run_thread, &runs[i]) != 0)
			errx(1, "pthread_create");
	}
	for (unsigned i = 0; i < threads; i++) {
		pthread_join(thread[i], NULL);
		sum += runs[i].each;
	}
	pthread_barrier_destroy(&barrier);
	printf("%s %u %.1f\n", kind->name, threads, sum / threads);
}

/*
 * In a process of its own, for some modules crash, hang or answer wrongly when two threads ask:
 * that is a result too.
 */
static void
measure_apart(const struct kind *kind, unsigned threads, unsigned seed, uint64_t length)
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (child == 0) {
		fclose(stderr);
		alarm(PATIENCE);
		measure(kind, threads, seed, length);
		fflush(stdout);
		_exit(0);
	}
	if (waitpid(child, &status, 0) != child)
		err(1, "waitpid");
	if (status != 0)
		printf("%s %u wrong\n", kind->name, threads);
}

static void
measure_enumeration(void)
{
	struct caller caller = caller_make();
	uint64_t times[3];

	for (unsigned i = 0; i < 3; i++) {
		uint64_t began = clock_ns(CLOCK_THREAD_CPUTIME_ID);
		unsigned count = env ? floor_enumerate(&caller) : enumerate(&caller);

		times[i] = clock_ns(CLOCK_THREAD_CPUTIME_ID) - began;
		if (count < people_count || count - people_count > HOST_USERS_MAX)
			errx(1, "%u users of %u", count, people_count);
	}
	caller_clear(&caller);
	printf("getpwent 1 %.1f\n", (double)median_of(times, 3) / people_count);
}

static void
fill(void)
{
	struct caller caller = caller_make();

	for (unsigned kind = 0; kind < KINDS; kind++)
		for (unsigned i = 0; i < people_asked; i++)
			kinds[kind].glibc(&caller, &people[i]);
	caller_clear(&caller);
}

/* Takes --fill, --null or --floor FILE off the line; returns which it was, or NULL. */
static const char *
take_mode(int *argc, char ***argv)
{
	const char *mode = *argc > 1 && strncmp((*argv)[1], "--", 2) == 0 ? (*argv)[1] : NULL;
	int words = mode ? 1 : 0;

	if (mode && strcmp(mode, "--floor") == 0 && *argc > 2) {
		floor_open((*argv)[2]);
		words = 2;
	}
	*argc -= words;
	*argv += words;
	return mode;
}

static void
load_truth(const char *folder, const char *only)
{
	unsigned long count = only ? strtoul(only, NULL, 10) : 0;

	load_roles(folder);
	load_people(folder);
	if (people_count == 0)
		errx(1, "%s: nobody there", folder);
	shuffle();
	if (count > 0 && count < people_asked)
		people_asked = (unsigned)count;
}

int
main(int argc, char **argv)
{
	const char *mode = take_mode(&argc, &argv);
	bool filling = mode && strcmp(mode, "--fill") == 0;
	unsigned seed;
	uint64_t length;

	is_null = mode && strcmp(mode, "--null") == 0;
	if (argc < (filling ? 2 : 4))
		errx(2, "usage: see the head of bench/lookups.c");
	load_truth(argv[1], filling ? argv[2] : argv[4]);
	if (filling) {
		fill();
		return 0;
	}
	seed = (unsigned)strtoul(argv[2], NULL, 10);
	length = strtoul(argv[3], NULL, 10) * 1000000;
	for (unsigned kind = 0; kind < KINDS; kind++)
		measure(&kinds[kind], 1, seed, length);
	measure_apart(&kinds[0], THREADS, seed, length);
	measure_apart(&kinds[4], THREADS, seed, length);
	if (!is_null)
		measure_enumeration();
	return 0;
}
