/*
 * sshd_test.c - sshd's configuration, read as sshd reads it, and the drop-in, in a tree made for
 * the test, in which no sshd can be asked.  What sshd says stands in host/cases/sshd-dropin.sh.
 */
#include "accounts/sshd.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "accounts/hostfile.h"
#include "policy/bytes.h"

/* ---- the tree ------------------------------------------------------------------------------ */

static char root[64];
static struct names notices;

static const char *
full(const char *path)
{
	static char whole[PATH_MAX];

	snprintf(whole, sizeof(whole), "%s%s", root, path);
	return whole;
}

static void
put(const char *path, const char *text)
{
	char part[PATH_MAX];
	FILE *file;

	snprintf(part, sizeof(part), "%s%s", root, path);
	for (char *slash = part + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		assert_true(mkdir(part, 0755) == 0 || errno == EEXIST);
		*slash = '/';
	}
	file = fopen(part, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(part, 0644), 0);
}

static int
make_tree(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/sshd_test.XXXXXX");
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
	names_clear(&notices);
	return nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- the lines ----------------------------------------------------------------------------- */

static bool
write_down(void *context, const struct sshd_line *line)
{
	char *rest = line->rest, *word;

	bytes_print(context, "%s:%u%s %s", strrchr(line->file, '/') + 1, line->number,
	    line->is_matched ? "?" : "", line->keyword);
	while ((word = sshd_word(&rest)) != NULL)
		bytes_print(context, " [%s]", word);
	bytes_print(context, "\n");
	return strcmp(line->keyword, "Stop") != 0;
}

static void
assert_walk(const char *expected)
{
	struct bytes out = {0};
	char *text;

	assert_int_equal(sshd_config_walk(root, write_down, &out, NULL), FAULT_NONE);
	text = bytes_take_text(&out);
	assert_string_equal(text, expected);
	free(text);
}

static void
walks_as_sshd_does(void **state)
{
	(void)state;
	put(SSHD_CONFIG,
	    "# x\n\n  Port = 22 # y\nMatch User \"a b\",c\n\tPort\t23\nMatch all\nX\r\n");
	assert_walk("sshd_config:3 Port [22]\nsshd_config:4? Match [User] [a b] [,c]\n"
	            "sshd_config:5? Port [23]\nsshd_config:6? Match [all]\nsshd_config:7? X\n");
	put("/etc/ssh/sshd_config.d/b.conf", "B b");
	put("/etc/ssh/sshd_config.d/a.conf", "A a\nMatch User x\nA b\n");
	put("/etc/ssh/sshd_config.d/c", "C c\n");
	put("/opt/d", "D\n");
	/* A Match ends with its file; behind one everything holds for some alone. */
	put(SSHD_CONFIG,
	    "include sshd_config.d/*.conf /opt/d /opt/none\nX\nMatch all\nInclude /opt/d\n");
	assert_walk("a.conf:1 A [a]\na.conf:2? Match [User] [x]\na.conf:3? A [b]\nb.conf:1 B [b]\n"
	            "d:1 D\nsshd_config:2 X\nsshd_config:3? Match [all]\nd:1? D\n");
	put("/opt/d", "Stop\nE\n");
	assert_walk("a.conf:1 A [a]\na.conf:2? Match [User] [x]\na.conf:3? A [b]\nb.conf:1 B [b]\n"
	            "d:1 Stop\n");
	/* One that takes itself in comes to an end. */
	put(SSHD_CONFIG, "Include /etc/ssh/sshd_config\n");
	assert_walk("");
	assert_int_equal(unlink(full(SSHD_CONFIG)), 0);
	assert_int_equal(sshd_config_walk(root, write_down, NULL, NULL), FAULT_UNKNOWN);
	assert_int_equal(mkfifo(full(SSHD_CONFIG), 0600), 0);
	assert_int_equal(sshd_config_walk(root, write_down, NULL, NULL), FAULT_UNAVAILABLE);
}

/* ---- commands ------------------------------------------------------------------------------ */

static void
knows_what_it_can_chain(void **state)
{
	static const char *const others[] = {"", "none", "keys", "keys %u", "/bin/keys %u %k",
	    "/bin/keys %k", "/bin/keys %U", "/bin/keys anna", "/bin/keys %u ", "/bin/keys %uu",
	    "\"/bin/keys\" %u", "/bin/ke\\ ys %u", "/bin/%u", "/bin/keys;id", "/bin/keys'"};
	char program[SSHD_COMMAND_MAX] = "";

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (sshd_command_chains(others[i], program))
			fail_msg("%s", others[i]);
	assert_string_equal(program, "");
	assert_true(sshd_command_chains("/bin/keys", program));
	assert_string_equal(program, "/bin/keys");
	assert_true(sshd_command_chains("/usr/bin/sss_ssh-keys.2 \t%u", program));
	assert_string_equal(program, "/usr/bin/sss_ssh-keys.2");
}

static void
knows_its_own(void **state)
{
	(void)state;
	assert_true(sshd_command_is_ours(HEXA_AUTHORIZED_KEYS));
	assert_true(sshd_command_is_ours(HEXA_AUTHORIZED_KEYS " %u"));
	assert_true(sshd_command_is_ours(HEXA_AUTHORIZED_KEYS " --chain /bin/keys %u"));
	assert_false(sshd_command_is_ours(HEXA_AUTHORIZED_KEYS "2 %u"));
	assert_false(sshd_command_is_ours("/bin/sh " HEXA_AUTHORIZED_KEYS " %u"));
	assert_false(sshd_command_is_ours(""));
}

/* ---- the drop-in --------------------------------------------------------------------------- */

#define COMMAND "AuthorizedKeysCommand " HEXA_AUTHORIZED_KEYS
#define PLAIN   COMMAND " %u\nAuthorizedKeysCommandUser nobody\n"

static void
sees_the_drop_in(void **state)
{
	static const char *const ours[] = {PLAIN, "# x\n\n  " PLAIN "#", "authorizedkeyscommand="
	    HEXA_AUTHORIZED_KEYS " %u\nAuthorizedKeysCommandUser nobody",
	    COMMAND " --chain /bin/keys %u\nAuthorizedKeysCommandUser daemon\n"};
	static const char *const others[] = {"", "# " PLAIN, PLAIN PLAIN, PLAIN "UsePAM yes\n",
	    COMMAND " %u\n", COMMAND "\nAuthorizedKeysCommandUser nobody\n",
	    COMMAND " %u %k\nAuthorizedKeysCommandUser nobody\n",
	    COMMAND " --chain keys %u\nAuthorizedKeysCommandUser nobody\n",
	    COMMAND " --chain /bin/keys\nAuthorizedKeysCommandUser nobody\n",
	    COMMAND " %u\nAuthorizedKeysCommandUser\n",
	    COMMAND " %u\nAuthorizedKeysCommandUser nobody else\n",
	    "AuthorizedKeysCommand /bin/keys %u\nAuthorizedKeysCommandUser nobody\n"};
	struct sshd_state seen = {.there = true};

	(void)state;
	assert_int_equal(sshd_look(root, &seen, NULL), FAULT_NONE);
	assert_false(seen.sshd || seen.there || seen.changed || seen.trusted);
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		put(SSHD_FILE, ours[i]);
		assert_int_equal(sshd_look(root, &seen, NULL), FAULT_NONE);
		if (!seen.there || seen.changed)
			fail_msg("%s", ours[i]);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		put(SSHD_FILE, others[i]);
		assert_int_equal(sshd_look(root, &seen, NULL), FAULT_NONE);
		if (!seen.there || !seen.changed)
			fail_msg("%s", others[i]);
	}
	if (geteuid() != 0)
		return;
	assert_true(seen.trusted);
	assert_int_equal(chmod(full(SSHD_FILE), 0664), 0);
	assert_int_equal(sshd_look(root, &seen, NULL), FAULT_NONE);
	assert_false(seen.trusted);
	put(SSHD_FILE, PLAIN);
	assert_int_equal(chown(full(SSHD_FILE), 1, 0), 0);
	assert_int_equal(sshd_look(root, &seen, NULL), FAULT_NONE);
	assert_false(seen.trusted);
}

static void
put_sshd(void)
{
	put("/usr/sbin/sshd", "#!/nowhere/sh\n");
	assert_int_equal(chmod(full("/usr/sbin/sshd"), 0755), 0);
	put(SSHD_CONFIG, "Include /etc/ssh/sshd_config.d/*.conf\nUsePAM yes\n");
	put("/etc/ssh/sshd_config.d/other", "");
}

/* What sshd has not been asked about is not put there; where there is no sshd nobody is asked. */
static void
writes_none_unasked(void **state)
{
	struct stat st;

	(void)state;
	put("/etc/x", "");
	assert_int_equal(sshd_put(root, &notices, NULL), FAULT_NONE);
	assert_int_equal(notices.count, 0);
	put_sshd();
	assert_int_equal(sshd_put(root, &notices, NULL), FAULT_NONE);
	assert_int_equal(notices.count, 1);
	assert_non_null(strstr(notices.item[0], "was not written"));
	assert_int_equal(stat(full(SSHD_FILE), &st), -1);
	assert_int_equal(stat(full("/run/sshd"), &st), -1);
	names_clear(&notices);
	/* A program without its configuration is no sshd that anybody has set up. */
	assert_int_equal(unlink(full(SSHD_CONFIG)), 0);
	assert_int_equal(sshd_put(root, &notices, NULL), FAULT_NONE);
	assert_int_equal(notices.count, 0);
}

static void
leaves_a_changed_one(void **state)
{
	static const char theirs[] = PLAIN "PermitRootLogin no\n";
	struct stat st;
	char *text = NULL;
	size_t size;

	(void)state;
	put_sshd();
	put(SSHD_FILE, theirs);
	assert_int_equal(sshd_put(root, &notices, NULL), FAULT_NONE);
	assert_int_equal(notices.count, 1);
	assert_non_null(strstr(notices.item[0], "changed by hand"));
	assert_int_equal(sshd_remove(root, &notices, NULL), FAULT_NONE);
	assert_non_null(strstr(notices.item[1], "hexa.conf.hexa-saved"));
	assert_int_equal(stat(full(SSHD_FILE), &st), -1);
	assert_int_equal(
	    hostfile_read(root, SSHD_FILE ".hexa-saved", 4096, &text, &size, NULL), FAULT_NONE);
	assert_string_equal(text, theirs);
	free(text);
	names_clear(&notices);
	/* Hexa's own goes without a trace, and without sshd too. */
	assert_int_equal(unlink(full("/usr/sbin/sshd")), 0);
	put(SSHD_FILE, PLAIN);
	assert_int_equal(sshd_remove(root, &notices, NULL), FAULT_NONE);
	assert_int_equal(notices.count, 0);
	assert_int_equal(stat(full(SSHD_FILE), &st), -1);
	assert_int_equal(sshd_remove(root, &notices, NULL), FAULT_NONE);
}

/* One that is as Hexa writes it is written again when others could write it, and else left. */
static void
sets_its_mode_right(void **state)
{
	struct stat st;

	(void)state;
	if (geteuid() != 0)
		skip();
	put_sshd();
	put(SSHD_FILE, PLAIN);
	assert_int_equal(chmod(full(SSHD_FILE), 0666), 0);
	assert_int_equal(sshd_put(root, &notices, NULL), FAULT_NONE);
	assert_int_equal(stat(full(SSHD_FILE), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(chmod(full(SSHD_FILE), 0600), 0);
	assert_int_equal(sshd_put(root, &notices, NULL), FAULT_NONE);
	assert_int_equal(stat(full(SSHD_FILE), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(notices.count, 0);
}

#define WITH_TREE(test) cmocka_unit_test_setup_teardown(test, make_tree, remove_tree)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_TREE(walks_as_sshd_does),
	    WITH_TREE(knows_what_it_can_chain),
	    WITH_TREE(knows_its_own),
	    WITH_TREE(sees_the_drop_in),
	    WITH_TREE(writes_none_unasked),
	    WITH_TREE(leaves_a_changed_one),
	    WITH_TREE(sets_its_mode_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
