/*
 * userdb_test.c - systemd's users and groups, listed from the folders of a tree: which names and
 * ids are taken, and when there may be more than that.
 */
#include "accounts/userdb.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- the tree ------------------------------------------------------------------------------ */

static char root[64];

static int
make_tree(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/userdb_test.XXXXXX");
	return mkdtemp(root) == NULL;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(path);
}

static int
remove_tree(void **state)
{
	(void)state;
	return nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void
put(const char *path)
{
	char part[256];
	FILE *file;

	snprintf(part, sizeof(part), "%s%s", root, path);
	for (char *slash = part + strlen(root) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		mkdir(part, 0755);
		*slash = '/';
	}
	file = fopen(part, "w");
	assert_non_null(file);
	assert_int_equal(fclose(file), 0);
}

/* ---- what is listed ------------------------------------------------------------------------ */

struct heard {
	char word[8][32];
	size_t count;
};

static bool
hear(void *context, const char *name, const uint32_t *id)
{
	struct heard *heard = context;
	char *word = heard->word[heard->count++];

	assert_true(heard->count <= 8);
	assert_true((name == NULL) != (id == NULL));
	if (name != NULL)
		snprintf(word, 32, "%s", name);
	else
		snprintf(word, 32, "%lu", (unsigned long)*id);
	return true;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
assert_listed(enum userdb_kind kind, const char *expected)
{
	struct heard heard = {0};
	char text[300] = "";
	bool whole = false;

	assert_int_equal(userdb_list(root, kind, hear, &heard, &whole, NULL), FAULT_NONE);
	assert_true(whole);
	qsort(heard.word, heard.count, sizeof(heard.word[0]), compare);
	for (size_t i = 0; i < heard.count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), " %s", heard.word[i]);
	assert_string_equal(text, expected);
}

static bool
is_whole(void)
{
	struct heard heard = {0};
	bool whole = false;

	assert_int_equal(userdb_list(root, USERDB_USERS, hear, &heard, &whole, NULL), FAULT_NONE);
	return whole;
}

static bool
is_listed(const char *name)
{
	struct heard heard = {0};
	bool whole;

	assert_int_equal(userdb_list(root, USERDB_USERS, hear, &heard, &whole, NULL), FAULT_NONE);
	return heard.count == 1 && strcmp(heard.word[0], name) == 0;
}

static void
lists_records(void **state)
{
	(void)state;
	assert_listed(USERDB_USERS, "");
	put("/etc/userdb/lena.user");
	put("/etc/userdb/4711.user");
	put("/run/userdb/olga.user");
	put("/run/host/userdb/nora.user");
	put("/usr/lib/userdb/crew.group");
	put("/usr/lib/userdb/4712.group");
	put("/usr/local/lib/userdb/crew2.group");
	/* What nss-systemd looks for under no name. */
	put("/etc/userdb/.user");
	put("/etc/userdb/.lena2.user");
	put("/etc/userdb/lena.user-privileged");
	put("/etc/userdb/lena:crew.membership");
	assert_listed(USERDB_USERS, " 4711 lena nora olga");
	assert_listed(USERDB_GROUPS, " 4712 crew crew2");
}

static void
knows_who_lists(void **state)
{
	(void)state;
	put("/run/systemd/userdb/io.systemd.DynamicUser");
	put("/run/systemd/userdb/io.systemd.Home");
	put("/run/systemd/userdb/io.systemd.DropIn");
	put("/run/systemd/userdb/io.systemd.Multiplexer");
	put("/run/systemd/userdb/io.systemd.NameServiceSwitch");
	assert_true(is_whole());
	put("/run/systemd/userdb/io.systemd.Machine");
	assert_false(is_whole());
	/* What is known is known all the same. */
	put("/etc/userdb/lena.user");
	assert_true(is_listed("lena"));
}

static void
reads_no_file_for_a_folder(void **state)
{
	(void)state;
	put("/etc/userdb");
	assert_false(is_whole());
}

static bool
forget(void *context, const char *name, const uint32_t *id)
{
	(void)context;
	(void)name;
	(void)id;
	return false;
}

static void
memory_may_be_out(void **state)
{
	bool whole = true;

	(void)state;
	put("/etc/userdb/lena.user");
	assert_int_equal(userdb_list(root, USERDB_USERS, forget, NULL, &whole, NULL),
	    FAULT_UNAVAILABLE);
}

int
main(void)
{
#define WITH_TREE(test) cmocka_unit_test_setup_teardown(test, make_tree, remove_tree)
	const struct CMUnitTest tests[] = {
		WITH_TREE(lists_records),
		WITH_TREE(knows_who_lists),
		WITH_TREE(reads_no_file_for_a_folder),
		WITH_TREE(memory_may_be_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
