/*
 * host_test.c - the host's own files, names and programs, in a tree made for the test: reading
 * and replacing files, who has a name, who speaks of one, and what must be there before a host is
 * switched.
 */
#include "accounts/host.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <pwd.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "accounts/host_view.h"
#include "accounts/hostfile.h"
#include "accounts/parts.h"
#include "accounts/program.h"
#include "accounts/sudoers.h"

/* ---- the tree ------------------------------------------------------------------------------ */

static char root[64];
static struct names notices; /* what was said beside, since the last that was cleared */

static void
make_folders(const char *path)
{
	char part[PATH_MAX];

	snprintf(part, sizeof(part), "%s%s", root, path);
	for (char *slash = part + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		assert_true(mkdir(part, 0755) == 0 || errno == EEXIST);
		*slash = '/';
	}
}

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
	FILE *file;

	make_folders(path);
	file = fopen(full(path), "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void
assert_text(const char *path, const char *expected)
{
	char *text = NULL;
	size_t size;

	assert_int_equal(hostfile_read(root, path, 4096, &text, &size, NULL), FAULT_NONE);
	assert_string_equal(text, expected);
	assert_int_equal(size, strlen(expected));
	free(text);
}

static int
make_tree(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/host_test.XXXXXX");
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

/* ---- files --------------------------------------------------------------------------------- */

static void
reads_within_bounds(void **state)
{
	char *text = NULL;
	size_t size = 0;

	(void)state;
	put("/etc/four", "1234");
	assert_int_equal(hostfile_read(root, "/etc/four", 4, &text, &size, NULL), FAULT_NONE);
	assert_int_equal(size, 4);
	assert_string_equal(text, "1234");
	free(text);
	assert_int_equal(hostfile_read(root, "/etc/four", 3, &text, &size, NULL),
	    FAULT_UNAVAILABLE);
	assert_int_equal(hostfile_read(root, "/etc/five", 4, &text, &size, NULL), FAULT_UNKNOWN);
	assert_int_equal(hostfile_read(root, "/etc", 4, &text, &size, NULL), FAULT_UNAVAILABLE);
	/* /proc says 0 bytes and gives more: the bound is on what comes. */
	assert_int_equal(hostfile_read("", "/proc/self/status", 8, &text, &size, NULL),
	    FAULT_UNAVAILABLE);
}

/* A FIFO in the place of a file: whoever opened it plainly would wait for ever. */
static void
waits_for_no_fifo(void **state)
{
	char *text = NULL;
	size_t size = 0;

	(void)state;
	make_folders("/etc/x");
	assert_int_equal(mkfifo(full("/etc/fifo"), 0600), 0);
	assert_int_equal(hostfile_read(root, "/etc/fifo", 4, &text, &size, NULL),
	    FAULT_UNAVAILABLE);
	assert_int_equal(hostfile_replace(root, "/etc/fifo", "x", 1, NULL), FAULT_UNAVAILABLE);
}

static void
replaces_keeping_owner_and_mode(void **state)
{
	struct stat st;
	char label[8];
	bool labelled;

	(void)state;
	put("/etc/file", "old");
	assert_int_equal(chmod(full("/etc/file"), 0640), 0);
	labelled = setxattr(full("/etc/file"), "user.mark", "kept", 4, 0) == 0;
	if (geteuid() == 0)
		assert_int_equal(chown(full("/etc/file"), 7, 8), 0);
	assert_int_equal(hostfile_replace(root, "/etc/file", "new", 3, NULL), FAULT_NONE);
	assert_text("/etc/file", "new");
	assert_int_equal(stat(full("/etc/file"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	if (geteuid() == 0) {
		assert_int_equal(st.st_uid, 7);
		assert_int_equal(st.st_gid, 8);
	}
	if (labelled)
		assert_int_equal(getxattr(full("/etc/file"), "user.mark", label, 8), 4);
	assert_int_equal(hostfile_replace(root, "/etc/fresh", "", 0, NULL), FAULT_NONE);
	assert_int_equal(stat(full("/etc/fresh"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
}

static void
replaces_no_link(void **state)
{
	struct why why = { 0 };
	struct stat st;

	(void)state;
	put("/etc/managed", "theirs");
	assert_int_equal(symlink("managed", full("/etc/link")), 0);
	assert_int_equal(hostfile_replace(root, "/etc/link", "ours", 4, &why), FAULT_UNAVAILABLE);
	assert_non_null(strstr(why.text, "symbolic link"));
	assert_text("/etc/managed", "theirs");
	assert_int_equal(lstat(full("/etc/link"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_text("/etc/link", "theirs");
}

/* What could not be put in place leaves the old file, and nothing beside it. */
static void
failed_replacement_leaves_nothing(void **state)
{
	struct stat st;

	(void)state;
	make_folders("/etc/folder/x");
	assert_int_equal(hostfile_replace(root, "/etc/folder", "x", 1, NULL), FAULT_UNAVAILABLE);
	assert_int_equal(hostfile_replace(root, "/none/file", "x", 1, NULL), FAULT_UNAVAILABLE);
	assert_int_equal(stat(full("/etc/folder"), &st), 0);
	/* "." and "..": the folder is as empty as it was. */
	assert_int_equal(st.st_nlink, 2);
	assert_int_equal(stat(full("/etc"), &st), 0);
	assert_int_equal(st.st_nlink, 3);
}

/* A full disk, as far as a process can make one for itself. */
static void
half_a_file_is_no_file(void **state)
{
	struct rlimit limit, small;

	(void)state;
	put("/etc/file", "old");
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	small = (struct rlimit){ .rlim_cur = 4, .rlim_max = limit.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(hostfile_replace(root, "/etc/file", "longer", 6, NULL),
	    FAULT_UNAVAILABLE);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_text("/etc/file", "old");
	assert_int_equal(unlink(full("/etc/file")), 0);
	assert_int_equal(rmdir(full("/etc")), 0);
}

static void
refuses_long_paths(void **state)
{
	static char deep[PATH_MAX + 1];
	char out[PATH_MAX];
	struct why why = { 0 };

	(void)state;
	memset(deep, 'a', PATH_MAX);
	assert_int_equal(hostfile_path(deep, "/etc/x", out, &why), FAULT_INVALID);
	deep[PATH_MAX - 64] = '\0';
	assert_int_equal(hostfile_path(deep, "/etc/x", out, &why), FAULT_NONE);
	assert_string_equal(out + PATH_MAX - 64, "/etc/x");
}

/* ---- names and ids ------------------------------------------------------------------------- */

#define PASSWD "root:x:0:0:root:/root:/bin/sh\nanna:x:70001:70002::/home/anna:/bin/sh\n"
#define GROUP  "root:x:0:\nstudio:x:70003:anna\n"

static bool
has(enum fault (*ask)(const char *, const char *, bool *, struct why *), const char *name)
{
	bool answer = false;

	assert_int_equal(ask(root, name, &answer, NULL), FAULT_NONE);
	return answer;
}

static bool
has_id(unsigned id)
{
	bool answer = false;

	assert_int_equal(host_has_id(root, id, &answer, NULL), FAULT_NONE);
	return answer;
}

static const char *
local_user(const char *name, uint32_t uid)
{
	static char local[HOST_LOCAL_BYTES];

	assert_int_equal(host_local_user(root, name, uid, local, NULL), FAULT_NONE);
	return local;
}

static void
asks_the_trees_own_files(void **state)
{
	(void)state;
	put("/etc/passwd", PASSWD);
	put("/etc/group", GROUP);
	assert_true(has(host_has_user, "anna"));
	assert_false(has(host_has_user, "ann"));
	assert_false(has(host_has_user, "studio"));
	assert_false(has(host_has_user, ""));
	assert_true(has(host_has_group, "studio"));
	assert_false(has(host_has_group, "anna"));
	assert_true(has(host_lists_member, "anna"));
	assert_false(has(host_lists_member, "studio"));
	assert_string_equal(local_user("anna", HOST_NO_ID), "anna");
	assert_string_equal(local_user("ann", HOST_NO_ID), "");
	assert_string_equal(local_user("ann", 70001), "anna");
	assert_string_equal(local_user("ann", 70002), "");
	assert_string_equal(local_user("anna", 0), "anna");
	assert_string_equal(local_user("ann", 0), "root");
	/* On this host, but not in the tree. */
	assert_false(has(host_has_user, "daemon"));
	assert_true(has_id(0));
	assert_true(has_id(70001));
	assert_true(has_id(70003));
	assert_false(has_id(70002));
	assert_false(has_id(1));
}

/*
 * newgrp(1) lets in whom gshadow has among the members of a group, and gpasswd(1) lets its
 * administrators add themselves: whatever group says.
 */
static void
gshadow_has_members_too(void **state)
{
	struct host_view *view = host_view_open(root);
	struct names groups = {0};

	(void)state;
	put("/etc/group", "docker:x:999:\nstudio:x:70003:anna\n");
	put("/etc/gshadow", "# old\ndocker:!:stale:member\nstudio:!::anna\nbroken\n");
	assert_true(has(host_lists_member, "member"));
	assert_true(has(host_lists_member, "stale"));
	assert_false(has(host_lists_member, "docker"));
	assert_false(has(host_lists_member, "mem"));
	/* What they are in by themselves is another thing than what they may come into. */
	assert_int_equal(host_view_groups_of(view, "stale", &groups, NULL), FAULT_NONE);
	assert_int_equal(groups.count, 0);
	assert_int_equal(host_view_groups_open_to(view, "stale", &groups, NULL), FAULT_NONE);
	assert_int_equal(groups.count, 1);
	assert_string_equal(groups.item[0], "docker");
	assert_int_equal(host_view_groups_open_to(view, "anna", &groups, NULL), FAULT_NONE);
	assert_int_equal(groups.count, 1);
	assert_string_equal(groups.item[0], "studio");
	names_clear(&groups);
	host_view_close(view);
	/* What cannot be read is not "nobody". */
	assert_int_equal(unlink(full("/etc/gshadow")), 0);
	assert_int_equal(mkfifo(full("/etc/gshadow"), 0600), 0);
	assert_int_equal(host_lists_member(root, "anna", &(bool){false}, NULL), FAULT_UNAVAILABLE);
}

static void
a_tree_without_files_has_nobody(void **state)
{
	(void)state;
	assert_false(has(host_has_user, "root"));
	assert_false(has(host_has_group, "root"));
	assert_false(has_id(0));
}

/* A group line of 200 000 bytes, behind which the one that counts stands. */
static void
reads_beyond_long_lines(void **state)
{
	FILE *file;

	(void)state;
	make_folders("/etc/group");
	file = fopen(full("/etc/group"), "w");
	assert_non_null(file);
	fputs("large:x:5000:a", file);
	for (int i = 0; i < 20000; i++)
		fprintf(file, ",member%03d", i % 1000);
	fputs("\nsmall:x:5001:\n", file);
	fclose(file);
	assert_true(has(host_has_group, "large"));
	assert_true(has(host_has_group, "small"));
	assert_true(has_id(5001));
	assert_false(has_id(5002));
}

static void
unreadable_files_are_no_answer(void **state)
{
	bool answer = true;

	(void)state;
	make_folders("/etc/passwd/x");
	assert_int_equal(host_has_user(root, "anna", &answer, NULL), FAULT_UNAVAILABLE);
	assert_int_equal(host_has_id(root, 1, &answer, NULL), FAULT_UNAVAILABLE);
	assert_true(answer);
	make_folders("/etc/x");
	assert_int_equal(mkfifo(full("/etc/group"), 0600), 0);
	assert_int_equal(host_has_group(root, "anna", &answer, NULL), FAULT_UNAVAILABLE);
}

/* On this host, through NSS: read only. */
static void
asks_this_host(void **state)
{
	bool answer = false;

	(void)state;
	assert_int_equal(host_has_user("", "root", &answer, NULL), FAULT_NONE);
	assert_true(answer);
	assert_int_equal(host_has_group("", "daemon", &answer, NULL), FAULT_NONE);
	assert_true(answer);
	assert_int_equal(host_has_id("", 0, &answer, NULL), FAULT_NONE);
	assert_true(answer);
	assert_int_equal(host_has_user("", "no-such-user-here", &answer, NULL), FAULT_NONE);
	assert_false(answer);
	assert_int_equal(host_has_group("", "no-such-group-here", &answer, NULL), FAULT_NONE);
	assert_false(answer);
	assert_int_equal(host_has_id("", 1879048999, &answer, NULL), FAULT_NONE);
	assert_false(answer);
}

static void
reserves_names(void **state)
{
	static const char *const names[] = { "root", "daemon", "sudo", "wheel", "adm", "docker",
		"shadow", "kmem", "disk", "lxd", "libvirt", "www-data", "nobody", "nogroup", "sshd",
		"systemd-network", "systemd-", "_apt", "_anything", "hexa", "hexa-admins", "adm",
		"operator", "backup", "sys", "tty", "kvm", "users", "staff", "nopasswdlogin",
		"autologin" };
	static const char *const free_names[] = { "anna", "bob", "technician", "roo", "roots", "admi",
		"admins", "systemd", "hexagon", "sudoer", "", "a_b", "zz", "docker-users" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!host_name_is_reserved(names[i]))
			fail_msg("%s is not reserved", names[i]);
	for (size_t i = 0; i < sizeof(free_names) / sizeof(free_names[0]); i++)
		if (host_name_is_reserved(free_names[i]))
			fail_msg("%s is reserved", free_names[i]);
}

/* They are in the order in which they are searched. */
static void
knows_names_of_services(void **state)
{
	static const char *const names[] = {"ansible", "debian", "ec2-user", "git", "gitlab-runner",
		"grafana", "jenkins", "mongod", "mongodb", "oracle", "pi", "prometheus", "ubuntu", "vagrant",
		"zabbix"};
	static const char *const free_names[] = {"anna", "", "gi", "gits", "zz", "ansibl"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_true(host_name_is_a_services(names[i]));
	for (size_t i = 0; i < sizeof(free_names) / sizeof(free_names[0]); i++)
		assert_false(host_name_is_a_services(free_names[i]));
}

/* Every system user and group of the machine that runs the tests is one that nobody should get. */
static void
reserves_what_debian_has(void **state)
{
	static const char *const base[] = { "root", "daemon", "bin", "sys", "adm", "tty", "disk", "lp",
		"mail", "news", "uucp", "man", "proxy", "kmem", "dialout", "fax", "voice", "cdrom",
		"floppy", "tape", "sudo", "audio", "dip", "www-data", "backup", "operator", "list",
		"irc", "src", "shadow", "utmp", "video", "sasl", "plugdev", "staff", "games", "users",
		"nogroup", "nobody", "sync", "_apt" };

	(void)state;
	for (size_t i = 0; i < sizeof(base) / sizeof(base[0]); i++)
		assert_true(host_name_is_reserved(base[i]));
}

/* ---- who speaks of a name ------------------------------------------------------------------ */

static bool
mentions(const char *name)
{
	bool answer = false;

	assert_int_equal(host_mentions(root, name, &answer, NULL), FAULT_NONE);
	return answer;
}

static const struct {
	const char *line;
	bool of_anna;
} lines[] = {
	{ "anna ALL=(ALL) ALL\n", true },
	{ "%anna ALL=(ALL) ALL\n", true },
	{ "AllowUsers bob anna@10.0.0.1", true },
	{ "AllowUsers bob,anna", true },
	{ "User_Alias OPS = bob, anna # and others\n", true },
	{ "ChrootDirectory /srv/anna/in\n", true },
	{ "Defaults:anna !requiretty\n", true },
	{ "x # \nanna\n", true },
	{ "Match User \"x # anna\"\n", true },
	{ "AllowUsers #1000 anna\n", true },
	{ "AllowUsers x#y anna\n", true },
	{ "# anna\n", false },
	{ "   # anna\n", false },
	{ "bob ALL=ALL # as anna asked\n", false },
	{ "joanna ALL=ALL\n", false },
	{ "annas ALL=ALL\n", false },
	{ "anna-b anna_b anna.b b-anna\n", false },
	{ "ANNA ALL=ALL\n", false },
	{ "", false },
};

static void
finds_mentions(void **state)
{
	static const char *const files[] = { "/etc/sudoers", "/etc/sudoers.d/50-x",
		"/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d/x.conf" };

	(void)state;
	assert_false(mentions("anna"));
	for (size_t f = 0; f < sizeof(files) / sizeof(files[0]); f++) {
		for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
			put(files[f], lines[i].line);
			if (mentions("anna") != lines[i].of_anna)
				fail_msg("%s: %s", files[f], lines[i].line);
		}
	}
}

/* Other files by which a host gives somebody something for being called so. */
static void
finds_other_mentions(void **state)
{
	static const struct {
		const char *file;
		const char *line;
		bool of_anna;
	} rows[] = {
		{ "/etc/doas.conf", "permit nopass anna\n", true },
		{ "/etc/doas.conf", "permit nopass :anna\n", true },
		{ "/etc/doas.conf", "# permit anna\n", false },
		{ "/etc/pam.d/lightdm", "auth sufficient pam_succeed_if.so user ingroup anna\n", true },
		{ "/etc/pam.d/su", "auth required pam_wheel.so group=anna\n", true },
		{ "/etc/pam.d/su", "# auth required pam_wheel.so group=anna\n", false },
		{ "/etc/security/access.conf", "+:(anna):ALL\n", true },
		{ "/etc/security/access.d/x.conf", "+:anna:ALL\n", true },
		{ "/etc/security/group.conf", "login;*;anna;Al0000-2400;floppy\n", true },
		{ "/etc/polkit-1/rules.d/1.rules", "if (s.isInGroup(\"anna\")) return 'yes';\n", true },
		{ "/etc/polkit-1/rules.d/1.rules", "if (s.user == 'x' || s.user == 'anna')\n", true },
		{ "/etc/polkit-1/rules.d/1.rules", "// what anna said\nvar anna = 1;\n", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put(rows[i].file, rows[i].line);
		if (mentions("anna") != rows[i].of_anna)
			fail_msg("%s: %s", rows[i].file, rows[i].line);
		put(rows[i].file, "");
	}
	/* A bound of PAM's is nobody's uid; sudo's and doas's are. */
	put("/etc/pam.d/login", "auth required pam_succeed_if.so uid >= 1000\n");
	assert_false(mentions("1000"));
	put("/etc/doas.conf", "permit 1000\n");
	assert_true(mentions("1000"));
}

/* Wherever a file of sudo's or sshd's has put the rest of it. */
static void
follows_what_is_included(void **state)
{
	static const struct {
		const char *file;
		const char *line;
		const char *included;
	} rows[] = {
		{ "/etc/sudoers", "@include /opt/more\n", "/opt/more" },
		{ "/etc/sudoers", "#include /opt/more\n", "/opt/more" },
		{ "/etc/sudoers", "@include \"/opt/more x\"\n", "/opt/more x" },
		{ "/etc/sudoers", "x\n@includedir /opt\n", "/opt/one" },
		{ "/etc/sudoers", "#includedir /opt\n", "/opt/one" },
		{ "/etc/sudoers", "@include beside\n", "/etc/beside" },
		{ "/etc/sudoers.d/a", "@include beside\n", "/etc/sudoers.d/beside" },
		{ "/etc/ssh/sshd_config", "Include /opt/*.conf\n", "/opt/one.conf" },
		{ "/etc/ssh/sshd_config", "include=a \"/opt/b*\"\n", "/opt/bee" },
		{ "/etc/ssh/sshd_config", "  Include more/*\n", "/etc/ssh/more/x" },
	};

	(void)state;
	make_folders("/opt/x");
	make_folders("/etc/ssh/more/x");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put(rows[i].file, rows[i].line);
		assert_false(mentions("anna"));
		put(rows[i].included, "anna ALL=(ALL) ALL\n");
		if (!mentions("anna"))
			fail_msg("not followed: %s", rows[i].line);
		put(rows[i].file, "# x\n");
		if (strcmp(rows[i].included, "/etc/sudoers.d/beside") != 0)
			assert_false(mentions("anna"));
		assert_int_equal(unlink(full(rows[i].included)), 0);
	}
}

static void
a_circle_of_includes_is_no_no(void **state)
{
	bool answer = false;

	(void)state;
	make_folders("/opt/x");
	put("/etc/sudoers", "@include /opt/a\n");
	put("/opt/a", "bob ALL=ALL\n");
	assert_false(mentions("anna"));
	put("/opt/a", "@include /etc/sudoers\n");
	assert_int_equal(host_mentions(root, "anna", &answer, NULL), FAULT_UNAVAILABLE);
}

static void
unreadable_is_no_no(void **state)
{
	bool answer = false;

	(void)state;
	make_folders("/etc/sudoers.d/folder/x");
	assert_false(mentions("anna"));
	assert_int_equal(mkfifo(full("/etc/sudoers.d/fifo"), 0600), 0);
	assert_int_equal(host_mentions(root, "anna", &answer, NULL), FAULT_UNAVAILABLE);
	assert_int_equal(unlink(full("/etc/sudoers.d/fifo")), 0);
	assert_false(mentions("anna"));
	put("/etc/ssh/sshd_config.d", "");
	assert_int_equal(host_mentions(root, "anna", &answer, NULL), FAULT_UNAVAILABLE);
}

static void
too_much_is_no_no(void **state)
{
	bool answer = false;

	(void)state;
	put("/etc/sudoers", "x\n");
	assert_int_equal(truncate(full("/etc/sudoers"), 1024 * 1024), 0);
	assert_false(mentions("anna"));
	assert_int_equal(truncate(full("/etc/sudoers"), 1024 * 1024 + 1), 0);
	assert_int_equal(host_mentions(root, "anna", &answer, NULL), FAULT_UNAVAILABLE);
	assert_int_equal(unlink(full("/etc/sudoers")), 0);
	for (int i = 0; i < 1001; i++) {
		char path[64];

		snprintf(path, sizeof(path), "/etc/sudoers.d/%d", i);
		if (i == 1000)
			assert_false(mentions("anna"));
		put(path, "x\n");
	}
	assert_int_equal(host_mentions(root, "anna", &answer, NULL), FAULT_UNAVAILABLE);
}

/* ---- programs ------------------------------------------------------------------------------ */

static enum fault
run_shell(const char *script, struct why *why)
{
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };

	memset(why, 0, sizeof(*why));
	return program_run("", argv, why);
}

static void
runs_programs(void **state)
{
	struct why why;
	int leak = open("/dev/null", O_RDONLY);

	(void)state;
	assert_true(leak >= 0);
	assert_int_equal(setenv("HEXA_CANARY", "1", 1), 0);
	assert_int_equal(run_shell("exit 0", &why), FAULT_NONE);
	assert_int_equal(run_shell("echo; echo first; echo second; exit 3", &why),
	    FAULT_UNAVAILABLE);
	assert_string_equal(why.text, "/bin/sh failed: first");
	assert_int_equal(run_shell("kill -9 $$", &why), FAULT_UNAVAILABLE);
	/* Nothing of ours: no environment, no descriptor, no folder; and more output than is kept. */
	assert_int_equal(run_shell("[ -z \"$HEXA_CANARY\" ] && [ \"$PWD\" = / ] && "
	                           "[ \"$(echo /proc/self/fd/*)\" = \"$(echo /proc/self/fd/0 "
	                           "/proc/self/fd/1 /proc/self/fd/2 /proc/self/fd/3)\" ] || "
	                           "{ ls /proc/self/fd; exit 1; }",
	                     &why),
	    FAULT_NONE);
	assert_int_equal(run_shell("i=0; while [ $i -lt 20000 ]; do echo 0123456789; i=$((i+1)); "
	                           "done",
	                     &why),
	    FAULT_NONE);
	close(leak);
}

static void
says_what_is_not_there(void **state)
{
	static const char *const argv[] = { "/nowhere/program", NULL };
	struct why why = { 0 };

	(void)state;
	assert_int_equal(program_run("", argv, &why), FAULT_UNAVAILABLE);
	assert_string_equal(why.text, "/nowhere/program could not be run");
	assert_int_equal(program_run("/nowhere", argv, &why), FAULT_UNAVAILABLE);
}

/* ---- the switch ---------------------------------------------------------------------------- */

static mode_t
mode_of(enum part_kind kind)
{
	return kind == PART_HELPER ? 04755 : kind == PART_PROGRAM ? 0711 : 0644;
}

/* All that `make install` puts there, as it should be. */
static void
put_parts(void)
{
	for (size_t i = 0; i < part_count; i++) {
		put(parts[i].path, "part");
		assert_int_equal(chmod(full(parts[i].path), mode_of(parts[i].kind)), 0);
	}
}

static enum fault
enable(struct why *why)
{
	memset(why, 0, sizeof(*why));
	return host_enable(root, &notices, why);
}

static enum fault
disable(struct why *why)
{
	names_clear(&notices);
	return host_disable(root, &notices, why);
}

static void
switches_nothing_on_without_its_parts(void **state)
{
	static const struct {
		mode_t mode;
		uid_t owner;
	} wrong[] = { { 0666, 0 }, { 0664, 0 }, { 0640, 0 }, { 0755, 1 }, { 0644, 0 }, { 0755, 0 },
		{ 04775, 0 } };
	struct why why;

	(void)state;
	if (geteuid() != 0)
		skip();
	put("/etc/nsswitch.conf", "passwd: files\ngroup: files\n");
	put_parts();
	/* The twin: with all of them it gets as far as the database. */
	assert_int_equal(enable(&why), FAULT_UNAVAILABLE);
	assert_string_equal(why.mend, "hexa-admin init");
	for (size_t i = 0; i < part_count; i++) {
		assert_int_equal(unlink(full(parts[i].path)), 0);
		assert_int_equal(enable(&why), FAULT_UNAVAILABLE);
		assert_non_null(strstr(why.text, parts[i].path));
		assert_string_equal(why.mend, "make install");
		put("/var/lib/dpkg/info/hexa-admin.list", "");
		assert_int_equal(part_check(root, &parts[i], &why), FAULT_UNAVAILABLE);
		assert_non_null(strstr(why.mend, "apt-get install --reinstall"));
		assert_int_equal(unlink(full("/var/lib/dpkg/info/hexa-admin.list")), 0);
		put_parts();
		for (size_t w = 0; w < sizeof(wrong) / sizeof(wrong[0]); w++) {
			bool is_run = parts[i].kind == PART_HELPER || parts[i].kind == PART_PROGRAM;
			mode_t fit = mode_of(parts[i].kind);

			/* Nothing is wrong with a file that can be run and need not. */
			if (wrong[w].owner == 0 && (wrong[w].mode == fit ||
			    (wrong[w].mode == 0755 && !is_run)))
				continue;
			assert_int_equal(chown(full(parts[i].path), wrong[w].owner, 0), 0);
			assert_int_equal(chmod(full(parts[i].path), wrong[w].mode), 0);
			assert_int_equal(part_check(root, &parts[i], &why), FAULT_UNAVAILABLE);
			assert_int_equal(chown(full(parts[i].path), 0, 0), 0);
			put_parts();
			assert_int_equal(part_check(root, &parts[i], &why), FAULT_NONE);
		}
	}
	assert_text("/etc/nsswitch.conf", "passwd: files\ngroup: files\n");
}

/* On this host a module must load: a text file with a module's name and mode does not. */
static void
modules_must_load(void **state)
{
	struct part part = { "pam-module", NULL, PART_MODULE, "" };
	char path[PATH_MAX];
	struct why why = { 0 };

	(void)state;
	if (geteuid() != 0)
		skip();
	put("/module.so", "no module");
	assert_int_equal(chmod(full("/module.so"), 0644), 0);
	snprintf(path, sizeof(path), "%s", full("/module.so"));
	part.path = path;
	assert_int_equal(part_check("", &part, &why), FAULT_UNAVAILABLE);
	assert_non_null(strstr(why.text, "cannot be loaded"));
	part.path = "/lib/x86_64-linux-gnu/libc.so.6";
	if (access(part.path, R_OK) == 0)
		assert_int_equal(part_check("", &part, &why), FAULT_NONE);
}

static void
sees_what_is_on(void **state)
{
	struct host_state seen;

	(void)state;
	assert_int_equal(host_state(root, &seen, NULL), FAULT_NONE);
	assert_false(seen.nss_passwd || seen.nss_group || seen.pam_login || seen.pam_password ||
	    seen.nss_initgroups);
	put("/etc/nsswitch.conf", "passwd: files hexa\ngroup: files hexa\n");
	assert_int_equal(host_state(root, &seen, NULL), FAULT_NONE);
	assert_true(seen.nss_group && seen.nss_initgroups);
	put("/etc/nsswitch.conf", "passwd: files hexa\ngroup: files\ninitgroups: files\n");
	put("/etc/pam.d/common-auth", "auth required pam_hexa.so\n");
	put("/etc/pam.d/common-account", "account required pam_hexa.so\n");
	put("/etc/pam.d/common-password", "password required pam_hexa.so\n");
	assert_int_equal(host_state(root, &seen, NULL), FAULT_NONE);
	assert_true(seen.nss_passwd && seen.pam_password);
	assert_false(seen.nss_group || seen.nss_initgroups || seen.pam_login);
	put("/etc/pam.d/common-session", "session required pam_hexa.so\n");
	assert_int_equal(host_state(root, &seen, NULL), FAULT_NONE);
	assert_true(seen.pam_login);
	put("/etc/pam.d/common-session", "session\n");
	assert_int_equal(host_state(root, &seen, NULL), FAULT_INVALID);
	assert_true(seen.pam_login);
}

/* ---- the drop-in for sudo ------------------------------------------------------------------ */

#define LINE "%hexa-admins ALL=(root) /usr/sbin/hexa-admin\n"

static void
put_sudo(void)
{
	put("/usr/bin/sudo", "");
	put("/usr/sbin/visudo", "#!/nowhere/sh\n");
	assert_int_equal(chmod(full("/usr/bin/sudo"), 04755), 0);
	assert_int_equal(chmod(full("/usr/sbin/visudo"), 0755), 0);
}

/* The drop-in with this text and mode. */
static struct sudoers_state
look_with(const char *text, mode_t mode)
{
	struct sudoers_state state = { 0 };

	put(SUDOERS_FILE, text);
	assert_int_equal(chmod(full(SUDOERS_FILE), mode), 0);
	assert_int_equal(sudoers_look(root, &state, NULL), FAULT_NONE);
	return state;
}

static void
sees_the_drop_in(void **state)
{
	static const char *const others[] = { "", "# " LINE, LINE LINE, LINE "Defaults x\n",
		"%hexa-admins ALL=(root) NOPASSWD: /usr/sbin/hexa-admin\n",
		"#1000 ALL=(ALL) ALL\n" LINE };
	struct sudoers_state seen = { .there = true };
	struct host_state host;

	(void)state;
	assert_int_equal(sudoers_look(root, &seen, NULL), FAULT_NONE);
	assert_false(seen.sudo || seen.there || seen.changed || seen.included);
	put_sudo();
	assert_int_equal(sudoers_look(root, &seen, NULL), FAULT_NONE);
	assert_true(seen.sudo && !seen.there);
	/* Comments and spaces say nothing, and may be others. */
	seen = look_with("# mine\n\n  " LINE "##\n", 0440);
	assert_true(seen.there && !seen.changed && seen.strict);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_true(look_with(others[i], 0440).changed);
	assert_int_equal(host_state(root, &host, NULL), FAULT_NONE);
	assert_true(host.sudoers);
	if (geteuid() != 0)
		return;
	assert_true(look_with(LINE, 0440).trusted);
	assert_false(look_with(LINE, 0460).trusted);
	assert_false(look_with(LINE, 0442).trusted);
	seen = look_with(LINE, 0644);
	assert_true(seen.trusted && !seen.strict);
	assert_int_equal(chown(full(SUDOERS_FILE), 1, 0), 0);
	assert_false(look_with(LINE, 0440).trusted);
}

static bool
includes(const char *text)
{
	struct sudoers_state state = { 0 };

	put("/etc/sudoers", text);
	assert_int_equal(sudoers_look(root, &state, NULL), FAULT_NONE);
	return state.included;
}

static void
sees_whether_the_folder_is_read(void **state)
{
	(void)state;
	assert_true(includes("Defaults env_reset\n@includedir /etc/sudoers.d\n"));
	assert_true(includes("#includedir /etc/sudoers.d"));
	assert_true(includes(" @includedir\t\"/etc/sudoers.d/\" \n"));
	assert_true(includes("@includedir sudoers.d\n"));
	assert_false(includes("# includedir /etc/sudoers.d\n"));
	assert_false(includes("#@includedir /etc/sudoers.d\n"));
	assert_false(includes("@includedir /etc/sudoers.d2\n"));
	assert_false(includes("@includedir /usr/local/etc/sudoers.d\n"));
	assert_false(includes("@includedir\n"));
	assert_false(includes(""));
	put("/etc/more", "@includedir /etc/sudoers.d\n");
	assert_true(includes("#include more\n"));
	assert_true(includes("@include /etc/more\n"));
	assert_false(includes("@include /etc/less\n"));
	assert_false(includes("@include /etc/sudoers\n"));
}

/* What visudo has not been asked about is not put there; where there is no sudo nobody is asked. */
static void
writes_no_drop_in_unasked(void **state)
{
	struct why why = { 0 };
	struct stat st;

	(void)state;
	put("/etc/sudoers", "@includedir /etc/sudoers.d\n");
	make_folders("/etc/sudoers.d/x");
	assert_int_equal(sudoers_put(root, &notices, &why), FAULT_NONE);
	assert_int_equal(notices.count, 0);
	assert_int_equal(stat(full(SUDOERS_FILE), &st), -1);
	put_sudo();
	assert_int_equal(sudoers_put(root, &notices, &why), FAULT_NONE);
	assert_int_equal(notices.count, 1);
	assert_non_null(strstr(notices.item[0], "was not written"));
	assert_non_null(strstr(notices.item[0], "\nvisudo -c"));
	assert_int_equal(stat(full("/etc/sudoers.d"), &st), 0);
	assert_int_equal(st.st_nlink, 2);
	assert_int_equal(stat(full(SUDOERS_FILE), &st), -1);
	names_clear(&notices);
	/* A group of the host's own would be taken for Hexa's. */
	put("/etc/group", "hexa-admins:x:1005:local\n");
	assert_int_equal(sudoers_put(root, &notices, &why), FAULT_CONFLICT);
	assert_non_null(strstr(why.text, "hexa-admins"));
}

/* What somebody wrote there stays, and stays theirs when Hexa goes. */
static void
leaves_a_changed_drop_in(void **state)
{
	static const char theirs[] = "%hexa-admins ALL=(root) NOPASSWD: /usr/sbin/hexa-admin\n";
	struct why why = { 0 };
	struct stat st;

	(void)state;
	put_sudo();
	put("/etc/sudoers", "@includedir /etc/sudoers.d\n");
	put(SUDOERS_FILE, theirs);
	assert_int_equal(sudoers_put(root, &notices, &why), FAULT_NONE);
	assert_int_equal(notices.count, 1);
	assert_non_null(strstr(notices.item[0], "changed by hand"));
	assert_text(SUDOERS_FILE, theirs);
	assert_int_equal(disable(&why), FAULT_NONE);
	assert_int_equal(notices.count, 1);
	assert_non_null(strstr(notices.item[0], "hexa.hexa-saved"));
	assert_text("/etc/sudoers.d/hexa.hexa-saved", theirs);
	assert_int_equal(stat(full("/etc/sudoers.d/hexa.hexa-saved"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0440);
	assert_int_equal(stat(full(SUDOERS_FILE), &st), -1);
	/* Hexa's own goes without a trace, and without sudo too. */
	assert_int_equal(unlink(full("/etc/sudoers.d/hexa.hexa-saved")), 0);
	assert_int_equal(unlink(full("/usr/bin/sudo")), 0);
	put(SUDOERS_FILE, "# Hexa's\n" LINE);
	assert_int_equal(disable(&why), FAULT_NONE);
	assert_int_equal(notices.count, 0);
	assert_int_equal(stat(full("/etc/sudoers.d"), &st), 0);
	assert_int_equal(st.st_nlink, 2);
	assert_int_equal(stat(full(SUDOERS_FILE), &st), -1);
}

static void
makes_files_with_a_mode(void **state)
{
	struct stat st;

	(void)state;
	put("/etc/file", "old");
	assert_int_equal(chmod(full("/etc/file"), 0666), 0);
	assert_int_equal(hostfile_make(root, "/etc/file", "new", 3, 0440, NULL), FAULT_NONE);
	assert_int_equal(hostfile_make(root, "/etc/fresh", "new", 3, 0600, NULL), FAULT_NONE);
	assert_text("/etc/file", "new");
	assert_int_equal(stat(full("/etc/file"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0440);
	assert_int_equal(stat(full("/etc/fresh"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(symlink("fresh", full("/etc/link")), 0);
	assert_int_equal(hostfile_make(root, "/etc/link", "x", 1, 0440, NULL), FAULT_UNAVAILABLE);
}

/* ---- switching back ------------------------------------------------------------------------ */

/* Without Hexa's PAM lines there is nothing to ask pam-auth-update for. */
static void
disables_nsswitch_alone(void **state)
{
	(void)state;
	assert_int_equal(disable(NULL), FAULT_NONE);
	put("/etc/nsswitch.conf", "passwd: files hexa\ngroup: files hexa # x\n");
	assert_int_equal(disable(NULL), FAULT_NONE);
	assert_text("/etc/nsswitch.conf", "passwd: files\ngroup: files # x\n");
	assert_int_equal(disable(NULL), FAULT_NONE);
}

/* PAM is switched off first: while that fails, Hexa's users stay known. */
static void
keeps_nsswitch_while_pam_stays(void **state)
{
	static const char on[] = "passwd: files hexa\ngroup: files hexa\n";
	struct why why = { 0 };

	(void)state;
	put("/etc/nsswitch.conf", on);
	put("/etc/pam.d/common-auth", "auth required pam_hexa.so\n");
	assert_int_equal(disable(&why), FAULT_UNAVAILABLE);
	assert_non_null(strstr(why.text, "pam-auth-update"));
	assert_text("/etc/nsswitch.conf", on);
	assert_text("/etc/pam.d/common-auth", "auth required pam_hexa.so\n");
}

#define WITH_TREE(test) cmocka_unit_test_setup_teardown(test, make_tree, remove_tree)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_TREE(reads_within_bounds),
		WITH_TREE(waits_for_no_fifo),
		WITH_TREE(replaces_keeping_owner_and_mode),
		WITH_TREE(replaces_no_link),
		WITH_TREE(failed_replacement_leaves_nothing),
		WITH_TREE(half_a_file_is_no_file),
		cmocka_unit_test(refuses_long_paths),
		WITH_TREE(asks_the_trees_own_files),
		WITH_TREE(gshadow_has_members_too),
		WITH_TREE(a_tree_without_files_has_nobody),
		WITH_TREE(reads_beyond_long_lines),
		WITH_TREE(unreadable_files_are_no_answer),
		cmocka_unit_test(asks_this_host),
		cmocka_unit_test(reserves_names),
		cmocka_unit_test(knows_names_of_services),
		cmocka_unit_test(reserves_what_debian_has),
		WITH_TREE(finds_mentions),
		WITH_TREE(finds_other_mentions),
		WITH_TREE(follows_what_is_included),
		WITH_TREE(a_circle_of_includes_is_no_no),
		WITH_TREE(unreadable_is_no_no),
		WITH_TREE(too_much_is_no_no),
		cmocka_unit_test(runs_programs),
		cmocka_unit_test(says_what_is_not_there),
		WITH_TREE(switches_nothing_on_without_its_parts),
		WITH_TREE(modules_must_load),
		WITH_TREE(sees_what_is_on),
		WITH_TREE(sees_the_drop_in),
		WITH_TREE(sees_whether_the_folder_is_read),
		WITH_TREE(writes_no_drop_in_unasked),
		WITH_TREE(leaves_a_changed_drop_in),
		WITH_TREE(makes_files_with_a_mode),
		WITH_TREE(disables_nsswitch_alone),
		WITH_TREE(keeps_nsswitch_while_pam_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
