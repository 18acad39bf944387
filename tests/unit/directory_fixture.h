/*
 * directory_fixture.h - a published directory of a test's own, written by liblmdb, which is also
 * the oracle that the reader is compared with.
 */
#ifndef HEXA_TESTS_DIRECTORY_FIXTURE_H
#define HEXA_TESTS_DIRECTORY_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "directory/directory.h"
#include "directory/image.h"
#include "directory/keys.h"

#define UNUSED __attribute__((unused))

/* One file and the writer that has it open; no more than one writer at a time. */
struct place {
	char folder[32];
	char file[64];
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi dbi;
	struct directory *directory; /* a reader of the file, as a long-running program has one */
};

static UNUSED void
place_write(struct place *place)
{
	assert_int_equal(mdb_env_create(&place->env), 0);
	assert_int_equal(mdb_env_set_mapsize(place->env, 256UL << 20), 0);
	assert_int_equal(mdb_env_open(place->env, place->file, MDB_NOSUBDIR | MDB_NOSYNC, 0644), 0);
}

/* Takes the writer away; the file stays. */
static UNUSED void
place_leave(struct place *place)
{
	mdb_env_close(place->env);
	place->env = NULL;
}

static UNUSED void
place_make(struct place *place)
{
	memset(place, 0, sizeof(*place));
	strcpy(place->folder, "/tmp/hexa-test-XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	snprintf(place->file, sizeof(place->file), "%s/directory.mdb", place->folder);
	place_write(place);
	place->directory = calloc(1, sizeof(*place->directory));
	assert_non_null(place->directory);
	place->directory->path = place->file;
}

static UNUSED void
remove_in(const char *folder, const char *name)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (remove(path) != 0)
		assert_int_equal(errno, ENOENT);
}

static UNUSED void
place_remove(struct place *place)
{
	static const char *const names[] = {"directory.mdb", "directory.mdb-lock", "new.mdb",
		"new.mdb-lock", "aliases.mdb", "aliases.mdb-lock"};

	if (place->env)
		place_leave(place);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		remove_in(place->folder, names[i]);
	assert_int_equal(rmdir(place->folder), 0);
	directory_close(place->directory);
	free(place->directory);
}

/* A reader that has seen nothing yet. */
static UNUSED void
place_forget(struct place *place)
{
	const char *path = place->directory->path;

	directory_close(place->directory);
	memset(place->directory, 0, sizeof(*place->directory));
	place->directory->path = path;
}

static UNUSED void
place_begin(struct place *place)
{
	assert_int_equal(mdb_txn_begin(place->env, NULL, 0, &place->txn), 0);
	assert_int_equal(mdb_dbi_open(place->txn, NULL, 0, &place->dbi), 0);
}

static UNUSED void
place_commit(struct place *place)
{
	assert_int_equal(mdb_txn_commit(place->txn), 0);
	place->txn = NULL;
}

static UNUSED void
put(struct place *place, const void *key, size_t key_size, const void *value, size_t size)
{
	MDB_val k = {key_size, (void *)(uintptr_t)key};
	MDB_val v = {size, (void *)(uintptr_t)value};

	assert_int_equal(mdb_put(place->txn, place->dbi, &k, &v, 0), 0);
}

static UNUSED void
put_state(struct place *place, uint64_t sequence)
{
	struct image_state state = {.generation = {7}, .sequence = sequence};
	unsigned char key[IMAGE_KEY_MAX], value[64];

	put(place, key, image_key_state(key), value,
		image_pack_state(&state, value, sizeof(value)));
}

static UNUSED void
put_user(struct place *place, const struct image_user *user)
{
	unsigned char key[IMAGE_KEY_MAX];
	size_t size = image_pack_user(user, NULL, 0);
	unsigned char *value = malloc(size);

	assert_non_null(value);
	assert_int_equal(image_pack_user(user, value, size), size);
	put(place, key, image_key_id(key, 'U', user->uid), value, size);
	put(place, key, image_key_text(key, 'N', user->name), value, size);
	free(value);
}

static UNUSED void
put_group(struct place *place, const struct image_group *group)
{
	unsigned char key[IMAGE_KEY_MAX], value[64];
	size_t size = image_pack_group(group, value, sizeof(value));

	assert_in_range(size, 1, sizeof(value));
	put(place, key, image_key_id(key, 'G', group->gid), value, size);
	put(place, key, image_key_text(key, 'H', group->name), value, size);
}

static UNUSED void
put_member(struct place *place, uint32_t gid, const char *name)
{
	unsigned char key[IMAGE_KEY_MAX];

	put(place, key, image_key_member(key, gid, name), "", 0);
}

static UNUSED void
put_keys(struct place *place, uint32_t under, const struct image_keys *keys)
{
	unsigned char key[IMAGE_KEY_MAX];
	size_t size = image_pack_keys(keys, NULL, 0);
	unsigned char *value = malloc(size);

	assert_non_null(value);
	assert_int_equal(image_pack_keys(keys, value, size), size);
	put(place, key, image_key_id(key, 'K', under), value, size);
	free(value);
}

static UNUSED void
put_alias(struct place *place, char map, const char *text, uint32_t uid)
{
	unsigned char key[IMAGE_KEY_MAX], value[8];

	put(place, key, image_key_text(key, map, text), value,
		image_pack_alias(uid, value, sizeof(value)));
}

/* The user whose every field follows from one number, so that a look-up can be checked whole. */
struct numbered {
	char name[16];
	char gecos[64];
	char home[32];
	uint32_t gids[2];
	struct image_user image;
};

static UNUSED void
numbered_make(struct numbered *user, uint32_t number, uint32_t round)
{
	snprintf(user->name, sizeof(user->name), "user%05u", number);
	snprintf(user->gecos, sizeof(user->gecos), "Number %u of round %u", number, round);
	snprintf(user->home, sizeof(user->home), "/home/%u", round);
	user->gids[0] = 200000 + round % 1000;
	user->gids[1] = 300000 + number % 1000;
	user->image = (struct image_user){.uid = 100000 + number,
		.gid = 100000 + number,
		.name = user->name,
		.gecos = user->gecos,
		.home = user->home,
		.shell = "/bin/sh",
		.gids = user->gids,
		.gid_count = 2};
}

static UNUSED void
put_numbered(struct place *place, uint32_t number, uint32_t round)
{
	struct numbered user;

	numbered_make(&user, number, round);
	put_user(place, &user.image);
}

/* Which round an entry is of; UINT32_MAX when its parts do not belong together. */
static UNUSED uint32_t
numbered_round(const struct passwd *entry, uint32_t number)
{
	struct numbered user;
	unsigned long round;

	if (strncmp(entry->pw_dir, "/home/", 6) != 0)
		return UINT32_MAX;
	round = strtoul(entry->pw_dir + 6, NULL, 10);
	numbered_make(&user, number, (uint32_t)round);
	if (entry->pw_uid != user.image.uid || entry->pw_gid != user.image.gid ||
		strcmp(entry->pw_name, user.name) != 0 || strcmp(entry->pw_passwd, "*") != 0 ||
		strcmp(entry->pw_gecos, user.gecos) != 0 || strcmp(entry->pw_dir, user.home) != 0 ||
		strcmp(entry->pw_shell, "/bin/sh") != 0)
		return UINT32_MAX;
	return (uint32_t)round;
}

/* A generator of its own, so that a failing seed can be run again. */
static UNUSED uint32_t
next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33);
}

static UNUSED int64_t
now_in_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

#endif
