/*
 * dump.h - everything that a directory file answers, as text: the same whatever the word size of
 * the process that asks.
 */
#ifndef HEXA_TESTS_DUMP_H
#define HEXA_TESTS_DUMP_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "directory/directory.h"

static bool
dump_gid(void *out, gid_t gid)
{
	fprintf(out, " %u", (unsigned)gid);
	return true;
}

static void
dump_user(FILE *out, struct directory *directory, const struct passwd *listed)
{
	char buffer[1024];
	struct passwd user;
	gid_t primary = 0;

	memset(&user, 0, sizeof(user));
	fprintf(out, "%d ",
		(int)directory_user_by_name(
			directory, listed->pw_name, &user, buffer, sizeof(buffer)));
	fprintf(out, "%s:%s:%u:%u:%s:%s:%s", user.pw_name, user.pw_passwd, (unsigned)user.pw_uid,
		(unsigned)user.pw_gid, user.pw_gecos, user.pw_dir, user.pw_shell);
	directory_groups_of(directory, user.pw_name, &primary, dump_gid, out);
	fprintf(out, " (%u) %d\n", (unsigned)primary,
		(int)directory_user_by_uid(directory, user.pw_uid, &user, buffer, sizeof(buffer)));
}

static void
dump_group(FILE *out, const struct group *group)
{
	fprintf(out, "%s:%s:%u:", group->gr_name, group->gr_passwd, (unsigned)group->gr_gid);
	for (char **member = group->gr_mem; *member; member++)
		fprintf(out, "%s,", *member);
	fprintf(out, "\n");
}

/* `mapped` false: as if no mapping could be had. */
static void
dump(FILE *out, const char *path, bool mapped)
{
	static char buffer[1 << 20];
	struct directory directory = {.path = path};
	struct passwd user;
	struct group group;
	uint32_t after;
	enum lookup lookup;

	for (size_t i = 0; !mapped && i < MAPS; i++)
		directory.map[i].uses = 1;
	for (after = 0; (lookup = directory_user_next(&directory, &after, &user, buffer,
				 sizeof(buffer))) == LOOKUP_FOUND;)
		dump_user(out, &directory, &user);
	fprintf(out, "%d\n", (int)lookup);
	for (after = 0; (lookup = directory_group_next(&directory, &after, &group, buffer,
				 sizeof(buffer))) == LOOKUP_FOUND;)
		dump_group(out, &group);
	fprintf(out, "%d\n", (int)lookup);
	directory_close(&directory);
}

#endif
