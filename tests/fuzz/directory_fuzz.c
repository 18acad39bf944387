/*
 * directory_fuzz.c - any bytes as a published directory: no look-up crashes, hangs or gives what
 * may not be served; also when bytes change between two steps of a walk.
 */
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "directory/directory.h"
#include "directory/keys.h"
#include "directory/record.h"
#include "directory/served.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[64];
static int file;
static char buffer[1 << 16];

static void
must(bool right)
{
	if (!right)
		abort();
}

static void
make_file(void)
{
	snprintf(path, sizeof(path), "%s/hexa-fuzz-XXXXXX",
		access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	file = mkostemp(path, O_CLOEXEC);
	if (file < 0)
		err(2, "%s", path);
}

static void
check_text(const char *text)
{
	must(text >= buffer && text < buffer + sizeof(buffer));
	must(served_text(text, strlen(text)));
}

static void
check_user(const struct passwd *user)
{
	must(image_id_is_served(user->pw_uid) && image_id_is_served(user->pw_gid));
	must(served_name(user->pw_name, strlen(user->pw_name)));
	check_text(user->pw_name);
	check_text(user->pw_gecos);
	check_text(user->pw_dir);
	check_text(user->pw_shell);
	must(strcmp(user->pw_passwd, "*") == 0);
}

static void
check_group(const struct group *group)
{
	must(image_id_is_served(group->gr_gid));
	must(served_name(group->gr_name, strlen(group->gr_name)));
	check_text(group->gr_name);
	must(strcmp(group->gr_passwd, "*") == 0);
	for (char **member = group->gr_mem; *member; member++) {
		check_text(*member);
		must(served_name(*member, strlen(*member)));
	}
}

static bool
check_gid(void *context, gid_t gid)
{
	must(served_gid_in_list(gid));
	return ++*(unsigned *)context <= IMAGE_GIDS_MAX;
}

static void
check_keys(struct directory *directory)
{
	size_t used = 0;

	if (directory_keys_of(directory, "anna", 1500, buffer, sizeof(buffer), &used, NULL) !=
		LOOKUP_FOUND)
		return;
	must(used > 0 && used <= sizeof(buffer) && buffer[used - 1] == '\n');
	for (size_t i = 0; i < used; i++)
		must(buffer[i] == '\n' || (buffer[i] >= ' ' && buffer[i] <= '~'));
}

static void
look_up(struct directory *directory)
{
	struct image_state state;
	struct passwd user;
	struct group group;
	unsigned gids = 0;
	uint64_t end;
	gid_t primary;

	directory_state(directory, &state);
	directory_first_end(directory, &end);
	if (directory_user_by_name(directory, "anna", &user, buffer, sizeof(buffer)) ==
		LOOKUP_FOUND) {
		check_user(&user);
		must(strcmp(user.pw_name, "anna") == 0);
	}
	if (directory_user_by_uid(directory, 70001, &user, buffer, 100) == LOOKUP_FOUND) {
		check_user(&user);
		must(user.pw_uid == 70001);
	}
	if (directory_group_by_name(directory, "crew", &group, buffer, sizeof(buffer)) ==
		LOOKUP_FOUND) {
		check_group(&group);
		must(strcmp(group.gr_name, "crew") == 0);
	}
	if (directory_group_by_gid(directory, 70001, &group, buffer + 1, 64) == LOOKUP_FOUND) {
		check_group(&group);
		must(group.gr_gid == 70001);
	}
	directory_groups_of(directory, "anna", &primary, check_gid, &gids);
	check_keys(directory);
	directory_user_by_alias(
		directory, directory, "anna@example.org", &user, buffer, sizeof(buffer));
}

static void
enumerate(struct directory *directory)
{
	struct passwd user;
	struct group group;
	uint32_t after, before = 0;

	for (after = 0; directory_user_next(directory, &after, &user, buffer, sizeof(buffer)) ==
			LOOKUP_FOUND;
		before = after) {
		check_user(&user);
		must(after > before);
	}
	before = 0;
	for (after = 0; directory_group_next(directory, &after, &group, buffer, sizeof(buffer)) ==
			LOOKUP_FOUND;
		before = after) {
		check_group(&group);
		must(after > before);
	}
}

/* As the input's last bytes say, bytes of the file change between two steps of a walk. */
struct patches {
	const uint8_t *next; /* three bytes each: where, and what */
	size_t left;
	size_t size;
};

static void
patch(struct patches *patches)
{
	size_t at;

	if (patches->left == 0 || patches->size == 0)
		return;
	at = (patches->next[0] | (size_t)patches->next[1] << 8) % patches->size;
	if (pwrite(file, &patches->next[2], 1, (off_t)at) != 1)
		err(2, "%s", path);
	patches->next += 3;
	patches->left--;
}

static enum lookup
walk(struct view *view, void *context)
{
	static unsigned char value[1 << 16];
	struct cursor cursor;
	struct item item;
	enum lookup lookup = cursor_seek(&cursor, view, "", 0);

	while (lookup != LOOKUP_UNAVAILABLE) {
		patch(context);
		lookup = cursor_next(&cursor, &item);
		if (lookup != LOOKUP_FOUND)
			break;
		view_copy(view, item.key, value, item.key_size);
		view_copy(view, item.value, value,
			item.value_size < sizeof(value) ? item.value_size : sizeof(value));
	}
	return lookup;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct patches patches = {data + size - size / 64 * 3, size / 64, size};

	make_file(); /* anew for each input: libFuzzer ends without asking */
	for (unsigned mapped = 0; mapped < 2; mapped++) {
		struct directory directory = {.path = path};

		if (ftruncate(file, 0) != 0 || pwrite(file, data, size, 0) != (ssize_t)size)
			err(2, "%s", path);
		for (size_t i = 0; !mapped && i < MAPS; i++)
			directory.map[i].uses = 1;
		look_up(&directory);
		enumerate(&directory);
		view_read(&directory, walk, &patches);
		directory_close(&directory);
	}
	close(file);
	unlink(path);
	return 0;
}
