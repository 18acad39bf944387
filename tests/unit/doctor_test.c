/*
 * doctor_test.c - what the doctor finds in a tree that is well, and in one where one thing is
 * wrong.  Databases belong to root, so these tests are root's.
 */
#include "accounts/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "accounts/parts.h"
#include "accounts/sudoers.h"
#include "directory/image.h"
#include "store/paths.h"
#include "store/publish.h"
#include "store/store.h"

/* ---- a tree that is well ------------------------------------------------------------------- */

static char root[64];

/* Good until the next but one. */
static const char *
full(const char *path)
{
	static char whole[2][512];
	static int turn;

	turn = !turn;
	snprintf(whole[turn], sizeof(whole[turn]), "%s%s", root, path);
	return whole[turn];
}

static void
put(const char *path, const char *text)
{
	char whole[512];
	FILE *file;

	snprintf(whole, sizeof(whole), "%s", full(path));
	for (char *slash = whole + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		assert_true(mkdir(whole, 0755) == 0 || errno == EEXIST);
		*slash = '/';
	}
	file = fopen(whole, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

#define CONTROL "new_authtok_reqd=done user_unknown=ignore default=die] pam_hexa.so\n"
#define PRIMARY(type)                                                                              \
	type " [success=2 " CONTROL type " [success=1 default=ignore] pam_unix.so\n" END(type)
#define END(type) type " requisite pam_deny.so\n" type " required pam_permit.so\n"
#define SESSION                                                                                    \
	"session required pam_permit.so\n"                                                         \
	"session [success=ok ignore=ignore user_unknown=ignore default=die] pam_hexa.so\n"         \
	"session required pam_unix.so\n"
#define PASSWORD                                                                                   \
	"password [success=2 default=ignore] pam_unix.so\npassword [success=1 " CONTROL            \
	END("password")
#define STACKS "@include common-auth\n@include common-account\n"
#define DROP_IN "%hexa-admins ALL=(root) /usr/sbin/hexa-admin\n"
#define NSSWITCH "passwd: files hexa\ngroup: files hexa\n"

static void
put_configuration(void)
{
	put("/etc/nsswitch.conf", NSSWITCH);
	put("/etc/pam.d/common-auth", PRIMARY("auth"));
	put("/etc/pam.d/common-account", PRIMARY("account"));
	put("/etc/pam.d/common-session", SESSION);
	put("/etc/pam.d/common-session-noninteractive", SESSION);
	put("/etc/pam.d/common-password", PASSWORD);
	put("/etc/pam.d/su", "@include common-account\n");
	put("/etc/pam.d/su-l", "account include su\n");
	put("/etc/pam.d/sshd", "account include common-account\n");
	put("/etc/pam.d/login", STACKS);
	put("/etc/subuid", "carl:4000000000:65536\nnonsense\n");
	put("/etc/subgid", "");
	put("/etc/ssh/sshd_config", "# x\nInclude /etc/ssh/sshd_config.d/*.conf\nUsePAM yes\n");
	put("/etc/passwd", "root:x:0:0::/root:/bin/sh\ncarl:x:1000:1000::/home/carl:/bin/sh\n");
	put("/etc/group", "root:x:0:\ncarl:x:1000:\n");
	put("/bin/bash", "");
	put("/usr/bin/sudo", "");
	put("/usr/sbin/visudo", "");
	put("/etc/sudoers", "@includedir /etc/sudoers.d\n");
	put(SUDOERS_FILE, DROP_IN);
	assert_int_equal(chmod(full("/bin/bash"), 0755), 0);
	assert_int_equal(chmod(full("/usr/bin/sudo"), 04755), 0);
	assert_int_equal(chmod(full("/usr/sbin/visudo"), 0755), 0);
	assert_int_equal(chmod(full(SUDOERS_FILE), 0440), 0);
}

/* As whoever writes a role does. */
static void
compile(struct txn *txn)
{
	struct names mended = {0};

	assert_int_equal(roles_mend(txn, &mended, NULL), FAULT_NONE);
	names_clear(&mended);
}

/* A user anna, and a role technician with a group. */
static void
put_records(void)
{
	const struct actor actor = { .uid = 0, .name = "root", .login_uid = UINT32_MAX };
	struct role role = { .name = strdup("technician") };
	struct user user = { .name = strdup("anna"), .first_name = strdup("Anna"),
		.last_name = strdup("Berg"), .home = strdup("/home/anna"),
		.shell = strdup("/bin/bash"), .status = STATUS_ACTIVE };
	struct store *store = NULL;
	struct txn *txn = NULL;
	struct why why = { 0 };

	assert_true(names_add(&user.roles, "technician") &&
	    names_add(&role.permissions, "hexa.users.view"));
	assert_int_equal(store_open(root, 0, &store, &why), FAULT_NONE);
	assert_int_equal(store_write_begin(store, &actor, "test", 1, &txn, &why), FAULT_NONE);
	assert_int_equal(role_put(txn, &role, &why), FAULT_NONE);
	compile(txn);
	if (user_put(txn, &user, &why) != FAULT_NONE)
		fail_msg("%s", why.text);
	assert_int_equal(store_commit(txn, NULL, &why), FAULT_NONE);
	store_close(store);
	user_clear(&user);
	role_clear(&role);
}

static uint32_t
annas_uid(void)
{
	struct store *store = NULL;
	struct txn *txn = NULL;
	struct user user = { 0 };
	uint32_t uid;

	assert_int_equal(store_open(root, STORE_READ_ONLY, &store, NULL), FAULT_NONE);
	assert_int_equal(store_read_begin(store, &txn, NULL), FAULT_NONE);
	assert_int_equal(user_find_name(txn, "anna", &user, NULL), FAULT_NONE);
	uid = user.uid;
	user_clear(&user);
	store_end(txn);
	store_close(store);
	return uid;
}

static int
make_tree(void **state)
{
	const struct actor actor = { .uid = 0, .name = "root", .login_uid = UINT32_MAX };

	(void)state;
	if (geteuid() != 0)
		return 0;
	umask(022);
	snprintf(root, sizeof(root), "/tmp/doctor_test's $(x).XXXXXX");
	if (mkdtemp(root) == NULL || chmod(root, 0755) < 0)
		return 1;
	for (size_t i = 0; i < part_count; i++) {
		put(parts[i].path, "part");
		chmod(full(parts[i].path), parts[i].kind == PART_HELPER ? 04755
		    : parts[i].kind == PART_PROGRAM ? 0711 : 0644);
	}
	put_configuration();
	put("/home/anna/x", "");
	if (store_create(root, NULL, &actor, 1, NULL) != FAULT_NONE)
		return 1;
	put_records();
	if (chown(full("/home/anna"), annas_uid(), 0) < 0)
		return 1;
	return 0;
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
	return geteuid() == 0 ? nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS) : 0;
}

/* ---- what it says -------------------------------------------------------------------------- */

struct told {
	struct finding finding[64];
	size_t count;
};

static void
tell(void *context, const struct finding *finding)
{
	struct told *told = context;

	assert_true(told->count < 64);
	assert_true(finding->check[0] != '\0' && finding->text[0] != '\0');
	told->finding[told->count++] = *finding;
}

static struct told *
consult(void)
{
	static struct told told;

	memset(&told, 0, sizeof(told));
	assert_int_equal(doctor_run(root, tell, &told, NULL), FAULT_NONE);
	return &told;
}

/* The only finding that is not good is this one; NULL: there is none. */
static void
assert_only(const char *check, enum severity severity, const char *text)
{
	const struct told *told = consult();
	bool found = check == NULL;

	for (size_t i = 0; i < told->count; i++) {
		const struct finding *one = &told->finding[i];

		if (one->severity == FINDING_GOOD)
			continue;
		if (check == NULL || strcmp(one->check, check) != 0 || one->severity != severity ||
		    strstr(one->text, text) == NULL)
			fail_msg("%s: %s", one->check, one->text);
		found = true;
	}
	if (!found)
		fail_msg("%s was not found", check);
}

static bool
was_told(const struct told *told, const char *check, enum severity severity, const char *text)
{
	for (size_t i = 0; i < told->count; i++)
		if (strcmp(told->finding[i].check, check) == 0 &&
		    told->finding[i].severity == severity &&
		    strstr(told->finding[i].text, text) != NULL)
			return true;
	return false;
}

/* Among others. */
static void
assert_told(const char *check, enum severity severity, const char *text)
{
	if (!was_told(consult(), check, severity, text))
		fail_msg("%s was not found", check);
}

#define ROOT_ONLY                                                                                  \
	if (geteuid() != 0)                                                                        \
		skip();                                                                            \
	(void)state

static void
content_with_a_good_host(void **state)
{
	ROOT_ONLY;
	assert_only(NULL, FINDING_GOOD, "");
	assert_true(consult()->count > 20);
}

/* ---- one thing wrong: a file's text -------------------------------------------------------- */

static const struct {
	const char *path;
	const char *text;
	const char *check;
	enum severity severity;
	const char *says;
} wrong_texts[] = {
	{ "/etc/nsswitch.conf", "passwd: files [NOTFOUND=return] hexa\ngroup: files hexa\n",
	    "nsswitch-passwd", FINDING_ERROR, "never asked" },
	{ "/etc/nsswitch.conf", "passwd: files hexa\ngroup: files hexa sss\n", "nsswitch-group",
	    FINDING_WARNING, "not last" },
	{ "/etc/nsswitch.conf", "passwd: sss hexa\ngroup: files hexa\n", "nsswitch-passwd",
	    FINDING_ERROR, "do not know root" },
	{ "/etc/nsswitch.conf", "passwd: sss [UNAVAIL=return] files hexa\ngroup: files hexa\n",
	    "nsswitch-passwd", FINDING_WARNING, "while another source fails" },
	{ "/etc/nsswitch.conf", NSSWITCH "initgroups: files hexa\n", "nsswitch-initgroups",
	    FINDING_ERROR, "never asked" },
	{ "/etc/pam.d/common-auth",
	    "auth [success=2 default=ignore] pam_unix.so\nauth [success=1 " CONTROL END("auth"),
	    "pam-auth", FINDING_ERROR, "passes it by" },
	{ "/etc/pam.d/common-account",
	    "account sufficient pam_localuser.so\n" PRIMARY("account"), "pam-account", FINDING_ERROR,
	    "whatever their role" },
	{ "/etc/pam.d/common-session-noninteractive", "session required pam_unix.so\n",
	    "pam-noninteractive", FINDING_ERROR, "does not stand" },
	{ "/etc/pam.d/common-session", "session\n", "pam-session", FINDING_ERROR, "cannot be read" },
	{ "/etc/pam.d/sshd", "account required pam_unix.so\n", "pam-services", FINDING_ERROR, "sshd" },
	{ "/etc/pam.d/su", "auth required pam_unix.so\n", "pam-services", FINDING_ERROR, "su" },
	{ "/etc/pam.d/sshd", "account sufficient pam_x.so\naccount include common-account\n",
	    "pam-services", FINDING_ERROR, "the yes of /etc/pam.d/sshd, line 1" },
	{ "/etc/pam.d/login", "auth required pam_unix.so\n@include common-account\n", "pam-services",
	    FINDING_WARNING, "common-auth" },
	{ "/etc/pam.d/login", "auth requisite pam_nologin.so file=/etc/passwd\n" STACKS, "nologin",
	    FINDING_WARNING, "root alone" },
	{ "/etc/pam.d/login", STACKS "account required pam_succeed_if.so user ingroup wheel\n",
	    "pam-succeed-if", FINDING_WARNING, "(anna)" },
	{ "/etc/pam.d/login", STACKS "account required pam_listfile.so item=user sense=allow "
	    "file=/etc/group\n", "pam-listfile", FINDING_WARNING, "/etc/pam.d/login, line 3" },
	{ "/etc/pam.d/login", STACKS "auth required pam_shells.so\n", "pam-shells", FINDING_WARNING,
	    "/etc/shells" },
	{ "/etc/subuid", "anna:1:65537\n", "uid-range", FINDING_WARNING,
	    "65536-99999, and /etc/subuid gives anna those from 1 to 65537" },
	{ "/etc/subgid", "carl:99999:1\n", "uid-range", FINDING_WARNING,
	    "/etc/subgid gives carl those from 99999 to 99999" },
	{ "/etc/login.defs", "UID_MIN 1000\n#UID_MAX 1\nUID_MAX\t65536 # x\n", "uid-range",
	    FINDING_WARNING, "gives new local users those from 1000 to 65536" },
	{ "/etc/login.defs", "SUB_GID_MIN 2000000000\nSUB_GID_MAX 2000000001\n", "uid-range",
	    FINDING_WARNING, "1879048192-2147352575, and /etc/login.defs gives user namespaces" },
	{ "/etc/ssh/sshd_config", "UsePAM no\n", "sshd-pam", FINDING_ERROR, "UsePAM" },
	{ "/etc/ssh/sshd_config", "Port 22\n", "sshd-pam", FINDING_ERROR, "UsePAM" },
	{ "/etc/ssh/sshd_config", "Match all\nUsePAM yes\n", "sshd-pam", FINDING_ERROR, "UsePAM" },
	{ "/etc/ssh/sshd_config", "UsePAM no\nUsePAM yes\n", "sshd-pam", FINDING_ERROR, "UsePAM" },
	{ "/etc/ssh/sshd_config.d/a.conf", "UsePAM no\n", "sshd-pam", FINDING_ERROR, "UsePAM" },
	{ "/etc/ssh/sshd_config", "UsePAM yes\nMatch User anna\n", "sshd-match", FINDING_WARNING,
	    "sshd_config, line 2: `Match User anna`" },
	{ "/etc/ssh/sshd_config", "UsePAM yes\nMatch Address 10.0.0.0/8 User bob,!anna\n",
	    "sshd-match", FINDING_WARNING, "`Match User !anna`" },
	{ "/etc/ssh/sshd_config", "UsePAM yes\nmatch user=\"an*\"\n", "sshd-match",
	    FINDING_WARNING, "`Match User an*`" },
	{ "/etc/ssh/sshd_config.d/a.conf", "# x\n\nMatch all\nMatch User anna\n", "sshd-match",
	    FINDING_WARNING, "sshd_config.d/a.conf, line 4" },
	{ "/etc/passwd", "root:x:0:0::/:/bin/sh\nanna:x:1000:1000::/:/bin/sh\n", "local-users",
	    FINDING_ERROR, "the first alone" },
	{ "/etc/passwd", "bob:x:65538:1000::/:/bin/sh\n", "local-users", FINDING_ERROR, "files" },
	{ "/etc/passwd", "bob:x:65537:1000::/:/bin/sh\n", "local-users", FINDING_ERROR, "files" },
	{ SUDOERS_FILE, "%hexa-admins ALL=(root) NOPASSWD: /usr/sbin/hexa-admin\n", "sudoers",
	    FINDING_WARNING, "changed by hand" },
	{ "/etc/sudoers", "root ALL=(ALL:ALL) ALL\n", "sudoers", FINDING_ERROR, "@includedir" },
	{ "/etc/group", "hexa-admins:x:1001:carl\n", "sudoers", FINDING_ERROR, "of its own" },
	{ "/etc/group", "technician:x:1001:\n", "role-groups", FINDING_ERROR, "of its own" },
};

/*
 * The ids that were given out depend on the ranges: rows that name one are told apart by the
 * user's.
 */
static void
finds_wrong_texts(void **state)
{
	char numbered[16];

	ROOT_ONLY;
	snprintf(numbered, sizeof(numbered), ":%u:", (unsigned)annas_uid());
	for (size_t i = 0; i < sizeof(wrong_texts) / sizeof(wrong_texts[0]); i++) {
		if (strncmp(wrong_texts[i].text, "bob:", 4) == 0 &&
		    strstr(wrong_texts[i].text, numbered) == NULL)
			continue;
		put(wrong_texts[i].path, wrong_texts[i].text);
		/* host_state() cannot read such a stack either, and says so in its own finding. */
		if (strcmp(wrong_texts[i].text, "session\n") == 0)
			assert_told(wrong_texts[i].check, wrong_texts[i].severity,
			    wrong_texts[i].says);
		else
			assert_only(wrong_texts[i].check, wrong_texts[i].severity,
			    wrong_texts[i].says);
		unlink(full("/etc/ssh/sshd_config.d/a.conf"));
		unlink(full("/etc/login.defs"));
		put_configuration();
	}
	assert_only(NULL, FINDING_GOOD, "");
}

/* Hers is no clash; whose it is else has all of her files. */
static void
finds_subordinate_ids(void **state)
{
	static const char *const files[] = {"/etc/subuid", "/etc/subgid"};
	char line[64];

	ROOT_ONLY;
	for (size_t i = 0; i < 2; i++) {
		snprintf(line, sizeof(line), "carl:%u:1\n", (unsigned)annas_uid());
		put(files[i], line);
		assert_told("ids", FINDING_ERROR, "gives carl the id");
		snprintf(line, sizeof(line), "anna:%u:1\n", (unsigned)annas_uid());
		put(files[i], line);
		assert_only("uid-range", FINDING_WARNING, "gives anna those");
		put(files[i], "");
	}
	assert_only(NULL, FINDING_GOOD, "");
}

static void
finds_ranges_that_come_to_an_end(void **state)
{
	static const char *const ranges[] = {"70000-70098", "70000-70099"};
	const struct actor actor = { .uid = 0, .name = "root", .login_uid = UINT32_MAX };

	ROOT_ONLY;
	for (size_t i = 0; i < 2; i++) {
		struct rules rules = { 0 };
		struct store *store = NULL;
		struct txn *txn = NULL;

		assert_int_equal(store_open(root, 0, &store, NULL), FAULT_NONE);
		assert_int_equal(store_write_begin(store, &actor, "test", 2, &txn, NULL),
		    FAULT_NONE);
		assert_int_equal(rules_load(txn, &rules, NULL), FAULT_NONE);
		names_clear(&rules.settings.uid_ranges);
		assert_true(names_add(&rules.settings.uid_ranges, ranges[i]));
		assert_int_equal(rules_save(txn, &rules, NULL), FAULT_NONE);
		assert_int_equal(store_commit(txn, NULL, NULL), FAULT_NONE);
		store_close(store);
		rules_clear(&rules);
		if (i == 0)
			assert_only("uid-range", FINDING_WARNING, "99 ids are left");
		else
			assert_only(NULL, FINDING_GOOD, "");
	}
}

static void
finds_what_is_wrong_with_the_drop_in(void **state)
{
	ROOT_ONLY;
	assert_int_equal(chmod(full(SUDOERS_FILE), 0644), 0);
	assert_only("sudoers", FINDING_WARNING, "another mode");
	assert_int_equal(chmod(full(SUDOERS_FILE), 0460), 0);
	assert_only("sudoers", FINDING_ERROR, "written by others");
	assert_int_equal(chmod(full(SUDOERS_FILE), 0440), 0);
	assert_int_equal(chown(full(SUDOERS_FILE), 1, 0), 0);
	assert_only("sudoers", FINDING_ERROR, "somebody else's");
	assert_int_equal(unlink(full(SUDOERS_FILE)), 0);
	assert_only("sudoers", FINDING_ERROR, "is not there");
	assert_int_equal(unlink(full("/usr/bin/sudo")), 0);
	assert_only("sudoers", FINDING_WARNING, "not installed");
	put_configuration();
	assert_only(NULL, FINDING_GOOD, "");
}

static void
reads_sshd_as_sshd_does(void **state)
{
	static const char *const good[] = { "usepam=YES\n", "UsePAM \"yes\"\n", "  UsePAM yes # x\n",
		"UsePAM yes\nUsePAM no\n", "UsePAM yes\nMatch all\n", "\nInclude sshd_config.d/*\n",
		"UsePAM yes\nMatch User carl\nMatch User *\nMatch Group anna\nMatch Host anna\n" };

	ROOT_ONLY;
	put("/etc/ssh/sshd_config.d/a.conf", "UsePAM yes\n");
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		put("/etc/ssh/sshd_config", good[i]);
		assert_only(NULL, FINDING_GOOD, "");
	}
	/* One that takes itself in comes to an end. */
	put("/etc/ssh/sshd_config", "Include /etc/ssh/sshd_config\n");
	assert_only("sshd-pam", FINDING_ERROR, "UsePAM");
	unlink(full("/etc/ssh/sshd_config"));
	assert_only(NULL, FINDING_GOOD, "");
}

static void
finds_half_a_switch(void **state)
{
	ROOT_ONLY;
	put("/etc/nsswitch.conf", "passwd: files\ngroup: files\n");
	assert_told("enabled", FINDING_ERROR, "PAM alone");
	assert_told("nsswitch-passwd", FINDING_ERROR, "does not stand");
	put("/etc/pam.d/common-auth", "");
	put("/etc/pam.d/common-password", "");
	/* It was on: what `host enable` has written beside them is there. */
	assert_told("enabled", FINDING_ERROR, "in parts alone");
	assert_told("nsswitch-passwd", FINDING_ERROR, "does not stand");
	assert_told("nsswitch-group", FINDING_ERROR, "does not stand");
	assert_told("pam-auth", FINDING_ERROR, "");
	assert_told("pam-password", FINDING_ERROR, "");
	assert_int_equal(unlink(full(SUDOERS_FILE)), 0);
	assert_only("enabled", FINDING_WARNING, "not switched on");
}

/* What is asked by nobody lets nobody in, and keeps nobody out. */
static void
says_one_thing_of_a_host_that_is_off(void **state)
{
	ROOT_ONLY;
	put("/etc/nsswitch.conf", "passwd: files\ngroup: files\n");
	put("/etc/pam.d/common-auth", "");
	put("/etc/pam.d/common-password", "");
	assert_int_equal(unlink(full(SUDOERS_FILE)), 0);
	put("/etc/ssh/sshd_config", "UsePAM no\n");
	put("/etc/pam.d/sshd", "auth required pam_unix.so\n");
	assert_only("enabled", FINDING_WARNING, "not switched on");
	/* But each part that is missing; where none is there, that alone. */
	for (size_t i = 0; i + 1 < part_count; i++) {
		assert_int_equal(unlink(full(parts[i].path)), 0);
		assert_told(parts[i].check, FINDING_ERROR, parts[i].matters);
	}
	assert_int_equal(unlink(full(parts[part_count - 1].path)), 0);
	assert_told("parts", FINDING_WARNING, "no part of Hexa is installed");
	assert_told("enabled", FINDING_WARNING, "not switched on");
	for (size_t i = 0; i < consult()->count; i++)
		assert_int_not_equal(consult()->finding[i].severity, FINDING_ERROR);
}

static void
finds_an_adopted_users_line(void **state)
{
	char line[128];

	ROOT_ONLY;
	snprintf(line, sizeof(line), "anna:x:%u:1000::/home/anna:/bin/sh\n", (unsigned)annas_uid());
	put("/etc/passwd", line);
	assert_only("local-users", FINDING_WARNING, "until that line goes");
}

/* ---- one thing wrong: a file --------------------------------------------------------------- */

static const struct {
	const char *path;
	mode_t mode;
	const char *check;
} wrong_modes[] = {
	{ PRIVATE_FOLDER, 0750, "database-mode" },
	{ DATABASE_FILE, 0640, "database-mode" },
	{ DATABASE_FILE "-lock", 0666, "database-mode" },
	{ ALIASES_FILE, 0644, "aliases-mode" },
	{ STATE_FOLDER, 0700, "directory-mode" },
	{ DIRECTORY_FOLDER, 0777, "directory-mode" },
	{ DIRECTORY_FILE, 0600, "directory-mode" },
	{ DIRECTORY_FILE, 0666, "directory-mode" },
	{ DIRECTORY_FILE "-lock", 0644, "directory-mode" },
};

enum { WRONG_MODES = sizeof(wrong_modes) / sizeof(wrong_modes[0]) };

/* All of them are wrong at once: a look at a tree takes its time. */
static void
assert_all_told(void)
{
	const struct told *told = consult();
	char text[128];

	for (size_t i = 0; i < WRONG_MODES; i++) {
		snprintf(text, sizeof(text), "%s has owner", wrong_modes[i].path);
		if (!was_told(told, wrong_modes[i].check, FINDING_ERROR, text))
			fail_msg("%s was not found", wrong_modes[i].path);
	}
}

static void
finds_wrong_modes(void **state)
{
	mode_t mode[WRONG_MODES];
	struct stat st;

	ROOT_ONLY;
	for (size_t i = 0; i < WRONG_MODES; i++) {
		assert_int_equal(stat(full(wrong_modes[i].path), &st), 0);
		mode[i] = st.st_mode & 07777;
	}
	for (size_t i = 0; i < WRONG_MODES; i++)
		assert_int_equal(chmod(full(wrong_modes[i].path), wrong_modes[i].mode), 0);
	assert_all_told();
	for (size_t i = WRONG_MODES; i-- > 0;) {
		assert_int_equal(chmod(full(wrong_modes[i].path), mode[i]), 0);
		assert_int_equal(chown(full(wrong_modes[i].path), 1, 0), 0);
	}
	assert_all_told();
	for (size_t i = 0; i < WRONG_MODES; i++)
		assert_int_equal(chown(full(wrong_modes[i].path), 0, 0), 0);
	assert_only(NULL, FINDING_GOOD, "");
}

static void
finds_missing_parts(void **state)
{
	ROOT_ONLY;
	for (size_t i = 0; i < part_count; i++) {
		assert_int_equal(rename(full(parts[i].path), "/tmp/doctor_test.part"), 0);
		assert_only(parts[i].check, FINDING_ERROR, parts[i].matters);
		assert_int_equal(rename("/tmp/doctor_test.part", full(parts[i].path)), 0);
	}
}

static const struct finding *
found(const char *check)
{
	const struct told *told = consult();

	for (size_t i = 0; i < told->count; i++)
		if (strcmp(told->finding[i].check, check) == 0 &&
		    told->finding[i].severity != FINDING_GOOD)
			return &told->finding[i];
	fail_msg("%s was not found", check);
	return NULL;
}

/* The version in both metas, as a later LMDB would write it. */
static void
write_version(const char *path)
{
	FILE *file = fopen(full(path), "r+");

	assert_non_null(file);
	for (long page = 0; page <= 4096; page += 4096) {
		assert_int_equal(fseek(file, page + 20, SEEK_SET), 0);
		assert_int_equal(fputc(2, file), 2);
	}
	fclose(file);
}

/* What is in a folder's place is moved away; where a link leads, is the administrator's to know. */
static void
finds_another_kind_of_file(void **state)
{
	char away[256];

	ROOT_ONLY;
	snprintf(away, sizeof(away), "%s", full("/srv/private"));
	put("/srv/x", "");
	assert_int_equal(unlink(full(DIRECTORY_FILE)), 0);
	assert_int_equal(mkdir(full(DIRECTORY_FILE), 0755), 0);
	assert_told("directory-mode", FINDING_ERROR, "is not a regular file");
	assert_non_null(strstr(found("directory-mode")->mend, ".away' && hexa-admin user list"));
	assert_int_equal(rename(full(PRIVATE_FOLDER), away), 0);
	assert_int_equal(symlink(away, full(PRIVATE_FOLDER)), 0);
	assert_told("database-mode", FINDING_ERROR, "is a link");
	assert_string_equal(found("database-mode")->mend, "");
	assert_int_equal(unlink(full(PRIVATE_FOLDER)), 0);
	put(PRIVATE_FOLDER, "");
	assert_non_null(strstr(found("database-mode")->mend, ".away' && hexa-admin restore FILE"));
}

static void
finds_a_damaged_directory(void **state)
{
	ROOT_ONLY;
	write_version(DIRECTORY_FILE);
	assert_told("directory-format", FINDING_ERROR, "another LMDB wrote it");
	assert_non_null(strstr(found("directory-format")->mend, " && hexa-admin user list"));
	/* Where the database has it too, it is this host's own. */
	write_version(DATABASE_FILE);
	assert_told("directory-format", FINDING_ERROR, "this host's liblmdb writes what");
	assert_string_equal(found("directory-format")->mend, "");
	put(DIRECTORY_FILE, "no directory");
	assert_told("directory-format", FINDING_ERROR, "damaged");
	assert_int_equal(unlink(full(DIRECTORY_FILE)), 0);
	assert_told("directory-mode", FINDING_ERROR, "missing");
}

static void
finds_a_missing_database(void **state)
{
	ROOT_ONLY;
	assert_int_equal(unlink(full(DATABASE_FILE)), 0);
	assert_told("database", FINDING_ERROR, "missing");
	put(DATABASE_FILE, "no database at all");
	assert_int_equal(chmod(full(DATABASE_FILE), 0600), 0);
	assert_told("database", FINDING_ERROR, "");
}

static void
finds_missing_homes(void **state)
{
	ROOT_ONLY;
	assert_int_equal(rename(full("/home/anna"), full("/home/other")), 0);
	assert_only("homes", FINDING_WARNING, "anna");
	put("/etc/pam.d/common-session", SESSION "# session optional pam_mkhomedir.so\n");
	assert_only("homes", FINDING_WARNING, "anna");
	put("/etc/pam.d/common-session", SESSION "session optional pam_mkhomedir.so\n");
	assert_told("homes", FINDING_GOOD, "1 will be made");
	put("/etc/pam.d/common-session", SESSION);
	assert_int_equal(rename(full("/home/other"), full("/home/anna")), 0);
	assert_int_equal(unlink(full("/bin/bash")), 0);
	assert_only("shells", FINDING_WARNING, "anna");
}

static void
finds_what_is_wrong_with_a_home(void **state)
{
	uint32_t uid;

	ROOT_ONLY;
	uid = annas_uid();
	assert_int_equal(chmod(full("/home/anna"), 0775), 0);
	assert_only("home-mode", FINDING_WARNING, "(anna)");
	assert_int_equal(chmod(full("/home/anna"), 0755), 0);
	assert_int_equal(chown(full("/home/anna"), 1, 0), 0);
	assert_only("home-owner", FINDING_WARNING, "(anna)");
	assert_int_equal(chown(full("/home/anna"), uid, 0), 0);
	put("/home/anna/.ssh/authorized_keys", "key\n");
	assert_only("home-owner", FINDING_WARNING, "(anna)");
	assert_int_equal(chown(full("/home/anna/.ssh"), uid, 0), 0);
	assert_int_equal(chown(full("/home/anna/.ssh/authorized_keys"), uid, 0), 0);
	assert_only(NULL, FINDING_GOOD, "");
	assert_int_equal(chmod(full("/home/anna/.ssh/authorized_keys"), 0666), 0);
	assert_only("home-mode", FINDING_WARNING, "(anna)");
}

static void
change_ahead(void)
{
	const struct actor actor = { .uid = 0, .name = "root", .login_uid = UINT32_MAX };
	const int64_t ahead = (int64_t)time(NULL) + 3600;
	struct store *store = NULL;
	struct user user = { 0 };
	struct txn *txn = NULL;

	assert_int_equal(store_open(root, 0, &store, NULL), FAULT_NONE);
	assert_int_equal(store_write_begin(store, &actor, "test", ahead, &txn, NULL), FAULT_NONE);
	assert_int_equal(user_find_name(txn, "anna", &user, NULL), FAULT_NONE);
	user.access_back = 7;
	assert_int_equal(user_put(txn, &user, NULL), FAULT_NONE);
	assert_int_equal(store_commit(txn, NULL, NULL), FAULT_NONE);
	store_close(store);
	user_clear(&user);
}

static void
finds_a_clock_behind(void **state)
{
	ROOT_ONLY;
	change_ahead();
	assert_only("clock", FINDING_WARNING, "behind");
}

static void
publish_now(void)
{
	struct store *store = NULL;

	assert_int_equal(store_open(root, 0, &store, NULL), FAULT_NONE);
	assert_int_equal(publish(store, (int64_t)time(NULL), NULL), FAULT_NONE);
	store_close(store);
}

/* Of a tree's role that somebody holds. */
static void
finds_a_missing_unix_group(void **state)
{
	const struct actor actor = { .uid = 0, .name = "root", .login_uid = UINT32_MAX };
	struct store *store = NULL;
	struct permission permission = { .name = strdup("papers.print") };
	struct rules rules = { 0 };
	struct role role = { 0 };
	struct txn *txn = NULL;

	ROOT_ONLY;
	assert_int_equal(store_open(root, 0, &store, NULL), FAULT_NONE);
	assert_int_equal(store_write_begin(store, &actor, "test", 2, &txn, NULL), FAULT_NONE);
	assert_true(names_add(&permission.unix_groups, "lp"));
	assert_int_equal(rules_load(txn, &rules, NULL), FAULT_NONE);
	assert_int_equal(rules_add(&rules, &permission, NULL), FAULT_NONE);
	assert_int_equal(rules_save(txn, &rules, NULL), FAULT_NONE);
	rules_clear(&rules);
	assert_int_equal(role_get(txn, "technician", &role, NULL), FAULT_NONE);
	assert_true(names_insert(&role.permissions, "papers.print"));
	assert_int_equal(role_put(txn, &role, NULL), FAULT_NONE);
	compile(txn);
	assert_int_equal(store_commit(txn, NULL, NULL), FAULT_NONE);
	store_close(store);
	role_clear(&role);
	assert_only("unix-groups", FINDING_WARNING, "the group lp");
	put("/etc/group", "root:x:0:\nlp:x:0:\n");
	assert_told("unix-groups", FINDING_WARNING, "gid here is 0");
	put("/etc/group", "root:x:0:\nlp:x:7:\n");
	assert_only("unix-groups", FINDING_WARNING, "do not see anna in a group");
	publish_now();
	assert_only(NULL, FINDING_GOOD, "");
	/* The gid is another group's by now. */
	put("/etc/group", "root:x:0:\nlp:x:8:\ncarls:x:7:carl\n");
	assert_only("unix-groups", FINDING_ERROR, "programs still have anna in a group");
	publish_now();
	assert_only(NULL, FINDING_GOOD, "");
	/* Another time alone is none of a group's. */
	put("/etc/group", "root:x:0:\ncarls:x:7:carl\nlp:x:8:\n");
	assert_only(NULL, FINDING_GOOD, "");
}

/* An edited dump: what it gives by the record is what a login goes by, and stands nowhere else. */
static void
finds_a_role_that_gives_more(void **state)
{
	const struct actor actor = { .uid = 0, .name = "root", .login_uid = UINT32_MAX };
	struct store *store = NULL;
	struct role role = { 0 };
	struct txn *txn = NULL;

	ROOT_ONLY;
	assert_int_equal(store_open(root, 0, &store, NULL), FAULT_NONE);
	assert_int_equal(store_write_begin(store, &actor, "test", 2, &txn, NULL), FAULT_NONE);
	assert_int_equal(role_get(txn, "technician", &role, NULL), FAULT_NONE);
	assert_true(names_insert(&role.closure, "hexa.users.delete"));
	assert_int_equal(role_put(txn, &role, NULL), FAULT_NONE);
	assert_int_equal(store_commit(txn, NULL, NULL), FAULT_NONE);
	role_clear(&role);
	assert_only("roles", FINDING_ERROR, "technician");
	assert_int_equal(store_write_begin(store, &actor, "test", 3, &txn, NULL), FAULT_NONE);
	compile(txn);
	assert_int_equal(store_commit(txn, NULL, NULL), FAULT_NONE);
	store_close(store);
	assert_only(NULL, FINDING_GOOD, "");
}

/* No command gives such a name; a backup of elsewhere may have it. */
static void
finds_reserved_names(void **state)
{
	const struct actor actor = { .uid = 0, .name = "root", .login_uid = UINT32_MAX };
	static const char *const groups[] = { "wheel", "technicians" }, *const names[] = { "docker",
		"annika" };

	ROOT_ONLY;
	for (int is_good = 0; is_good < 2; is_good++) {
		struct store *store = NULL;
		struct role role = { 0 };
		struct user user = { 0 };
		struct txn *txn = NULL;

		assert_int_equal(store_open(root, 0, &store, NULL), FAULT_NONE);
		assert_int_equal(store_write_begin(store, &actor, "test", 2, &txn, NULL), FAULT_NONE);
		assert_int_equal(role_get(txn, "technician", &role, NULL), FAULT_NONE);
		free(role.group);
		role.group = strdup(groups[is_good]);
		assert_int_equal(role_put(txn, &role, NULL), FAULT_NONE);
		assert_int_equal(user_find_name(txn, is_good ? names[0] : "anna", &user, NULL),
		    FAULT_NONE);
		free(user.name);
		user.name = strdup(names[is_good]);
		assert_int_equal(user_put(txn, &user, NULL), FAULT_NONE);
		assert_int_equal(store_commit(txn, NULL, NULL), FAULT_NONE);
		store_close(store);
		role_clear(&role);
		user_clear(&user);
		if (is_good)
			assert_only(NULL, FINDING_GOOD, "");
		else
			assert_only("reserved-names", FINDING_ERROR, "root's equal");
		if (is_good)
			continue;
		assert_told("reserved-names", FINDING_ERROR, "has the group wheel");
		assert_told("reserved-names", FINDING_ERROR, "is called docker");
	}
}

/* Whoever Hexa itself keeps out misses nothing behind a gate. */
static void
tells_of_gates_only_to_whom_hexa_lets_in(void **state)
{
	const struct actor actor = { .uid = 0, .name = "root", .login_uid = UINT32_MAX };
	struct store *store = NULL;
	struct role role = { 0 };
	struct txn *txn = NULL;

	ROOT_ONLY;
	put("/etc/pam.d/login", STACKS "account required pam_succeed_if.so user ingroup wheel\n");
	assert_only("pam-succeed-if", FINDING_WARNING, "(anna)");
	assert_int_equal(store_open(root, 0, &store, NULL), FAULT_NONE);
	assert_int_equal(store_write_begin(store, &actor, "test", 2, &txn, NULL), FAULT_NONE);
	assert_int_equal(role_get(txn, "technician", &role, NULL), FAULT_NONE);
	role.disabled = true;
	assert_int_equal(role_put(txn, &role, NULL), FAULT_NONE);
	assert_int_equal(store_commit(txn, NULL, NULL), FAULT_NONE);
	store_close(store);
	role_clear(&role);
	assert_only(NULL, FINDING_GOOD, "");
}

/* ---- of one user --------------------------------------------------------------------------- */

/* What is told of anna's logins by login and sshd. */
static struct told *
look_at_anna_for(bool root_asks)
{
	static char *list[] = { (char *)"login", (char *)"sshd" };
	const struct names services = { list, 2 };
	static struct told told;
	struct store *store = NULL;
	struct user user = { 0 };
	struct txn *txn = NULL;
	struct doctor_login login = { .root = root, .user = &user, .services = &services,
		.now = (int64_t)time(NULL), .for_root = root_asks };

	memset(&told, 0, sizeof(told));
	assert_int_equal(store_open(root, STORE_READ_ONLY, &store, NULL), FAULT_NONE);
	assert_int_equal(store_read_begin(store, &txn, NULL), FAULT_NONE);
	assert_int_equal(user_find_name(txn, "anna", &user, NULL), FAULT_NONE);
	store_end(txn);
	login.store = store;
	assert_int_equal(doctor_look(&login, tell, &told, NULL), FAULT_NONE);
	user_clear(&user);
	store_close(store);
	return &told;
}

static struct told *
look_at_anna(void)
{
	return look_at_anna_for(true);
}

/* Rows of one user: a text, and what is told of it; service "": of all of them. */
static const struct {
	const char *path, *text;
	const char *check, *service, *says;
} wrong_for_anna[] = {
	{ "/etc/nsswitch.conf", "passwd: files [NOTFOUND=return] hexa\ngroup: files hexa\n",
	    "nsswitch-passwd", "", "never asked" },
	{ "/etc/pam.d/login", "account required pam_unix.so\n", "pam-services", "login",
	    "take in common-account" },
	{ "/etc/pam.d/login", STACKS "account required pam_succeed_if.so user != anna\n",
	    "pam-succeed-if", "login", "at login they are refused" },
	{ "/etc/ssh/sshd_config", "UsePAM no\n", "sshd-pam", "sshd", "UsePAM" },
	{ "/etc/passwd", "root:x:0:0::/:/bin/sh\nanna:x:1000:1000::/:/bin/sh\n", "local-users", "",
	    "another uid" },
	{ "/etc/pam.d/su", "account required pam_unix.so\n", NULL, "", "" },
	{ "/etc/pam.d/login", STACKS "account required pam_succeed_if.so user != bob\n", NULL, "",
	    "" },
	{ "/etc/subuid", "carl:1:4000000000\n", "ids", "", "/etc/subuid gives carl the id" },
	{ "/etc/subgid", "anna:1:4000000000\n", NULL, "", "" },
};

static void
tells_of_one_user(void **state)
{
	ROOT_ONLY;
	assert_int_equal(look_at_anna()->count, 0);
	for (size_t i = 0; i < sizeof(wrong_for_anna) / sizeof(wrong_for_anna[0]); i++) {
		const struct told *told;

		put(wrong_for_anna[i].path, wrong_for_anna[i].text);
		told = look_at_anna();
		if (wrong_for_anna[i].check == NULL && told->count > 0)
			fail_msg("row %zu: %s", i, told->finding[0].text);
		if (wrong_for_anna[i].check != NULL &&
		    (told->count != 1 ||
		        strcmp(told->finding[0].check, wrong_for_anna[i].check) != 0 ||
		        strcmp(told->finding[0].service, wrong_for_anna[i].service) != 0 ||
		        strstr(told->finding[0].text, wrong_for_anna[i].says) == NULL))
			fail_msg("row %zu: %zu, %s: %s", i, told->count, told->finding[0].check,
			    told->finding[0].text);
		put_configuration();
	}
	assert_int_equal(chmod(full("/bin/bash"), 0644), 0);
	assert_string_equal(look_at_anna()->finding[0].check, "shells");
	change_ahead();
	assert_string_equal(look_at_anna()->finding[0].check, "clock");
	/* Of a tree in which nothing is switched on nothing is said. */
	put("/etc/nsswitch.conf", "passwd: files\ngroup: files\n");
	assert_int_equal(unlink(full(SUDOERS_FILE)), 0);
	for (size_t i = 0; i < 2; i++)
		put(i == 0 ? "/etc/pam.d/common-auth" : "/etc/pam.d/common-password", "");
	assert_int_equal(look_at_anna()->count, 0);
}

/* ---- what root would type ------------------------------------------------------------------ */

static void
give_anna(const char *home, const char *shell)
{
	const struct actor actor = { .uid = 0, .name = "root", .login_uid = UINT32_MAX };
	struct store *store = NULL;
	struct user user = { 0 };
	struct txn *txn = NULL;

	assert_int_equal(store_open(root, 0, &store, NULL), FAULT_NONE);
	assert_int_equal(store_write_begin(store, &actor, "test", 2, &txn, NULL), FAULT_NONE);
	assert_int_equal(user_find_name(txn, "anna", &user, NULL), FAULT_NONE);
	free(user.home);
	free(user.shell);
	user.home = strdup(home);
	user.shell = strdup(shell);
	assert_int_equal(user_put(txn, &user, NULL), FAULT_NONE);
	assert_int_equal(store_commit(txn, NULL, NULL), FAULT_NONE);
	store_close(store);
	user_clear(&user);
}

static int
type(const char *command)
{
	char line[512];

	assert_true(snprintf(line, sizeof(line), "{ %s; } 2>/dev/null", command) <
	    (int)sizeof(line));
	return system(line);
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(full(path), &st), 0);
	return st.st_mode & 07777;
}

static void
a_homes_mend_reaches_no_further_than_its_user(void **state)
{
	char mend[WHY_MEND_MAX], other[256];

	ROOT_ONLY;
	put("/home/anna/.ssh/x", "");
	put("/home/other/x", "");
	assert_int_equal(chown(full("/home/anna/.ssh"), annas_uid(), 0), 0);
	assert_int_equal(chmod(full("/home/anna/.ssh"), 0777), 0);
	assert_int_equal(chmod(full("/home/other"), 0777), 0);
	snprintf(mend, sizeof(mend), "%s", found("home-mode")->mend);
	assert_int_equal(type(mend), 0);
	assert_int_equal(mode_of("/home/anna/.ssh"), 0755);
	/* What stands there by then may be a link to somebody else's. */
	assert_int_equal(rename(full("/home/anna/.ssh"), full("/home/anna/ssh")), 0);
	snprintf(other, sizeof(other), "%s", full("/home/other"));
	assert_int_equal(symlink(other, full("/home/anna/.ssh")), 0);
	assert_int_not_equal(type(mend), 0);
	assert_int_equal(mode_of("/home/other"), 0777);
}

static void
mends_of_modes_can_be_typed(void **state)
{
	ROOT_ONLY;
	assert_int_equal(chmod(full(DATABASE_FILE), 0644), 0);
	assert_int_equal(chown(full(DATABASE_FILE), 1, 0), 0);
	assert_int_equal(type(found("database-mode")->mend), 0);
	assert_only(NULL, FINDING_GOOD, "");
}

/* A home is chosen by whoever may edit users, and may be a folder of the host's. */
static void
no_command_gives_away_what_is_anothers(void **state)
{
	ROOT_ONLY;
	give_anna("/etc", "/bin/bash");
	assert_string_equal(found("home-owner")->mend, "");
	assert_string_equal(look_at_anna()->finding[0].check, "home-owner");
	assert_string_equal(look_at_anna()->finding[0].mend, "");
	assert_int_equal(chown(full("/etc"), annas_uid(), 0), 0);
	assert_only(NULL, FINDING_GOOD, "");
}

static void
tells_of_links_in_a_home(void **state)
{
	char passwd[256], keys[256];

	ROOT_ONLY;
	put("/home/anna/.ssh/keys", "key\n");
	assert_int_equal(chown(full("/home/anna/.ssh"), annas_uid(), 0), 0);
	assert_int_equal(chown(full("/home/anna/.ssh/keys"), annas_uid(), 0), 0);
	snprintf(passwd, sizeof(passwd), "%s", full("/etc/passwd"));
	snprintf(keys, sizeof(keys), "%s", full("/home/anna/.ssh/keys"));
	assert_int_equal(symlink(passwd, full("/home/anna/.ssh/authorized_keys")), 0);
	assert_non_null(strstr(look_at_anna()->finding[0].text,
	    "/.ssh/authorized_keys is a link to what is uid 0's"));
	/* Whether something is there, and whose, is not told to whoever may only look at users. */
	assert_int_equal(look_at_anna_for(false)->count, 0);
	assert_int_equal(chmod(full("/home/anna/.ssh"), 0777), 0);
	assert_string_equal(look_at_anna_for(false)->finding[0].check, "home-mode");
	assert_int_equal(chmod(full("/home/anna/.ssh"), 0755), 0);
	assert_int_equal(unlink(full("/home/anna/.ssh/authorized_keys")), 0);
	assert_int_equal(symlink(keys, full("/home/anna/.ssh/authorized_keys")), 0);
	assert_int_equal(look_at_anna()->count, 0);
	assert_int_equal(chmod(keys, 0666), 0);
	assert_non_null(strstr(look_at_anna()->finding[0].text,
	    "/.ssh/authorized_keys is a link to what may be written by others"));
}

#define ODD "/home/o'b $(touch ${HOME}) ;x"

static void
a_mend_holds_a_path_whole_or_not_at_all(void **state)
{
	char deep[256] = "/home/";

	ROOT_ONLY;
	put(ODD "/x", "");
	give_anna(ODD, "/bin/bash");
	assert_int_equal(chown(full(ODD), annas_uid(), 0), 0);
	assert_int_equal(chmod(full(ODD), 0777), 0);
	assert_int_equal(type(found("home-mode")->mend), 0);
	assert_int_equal(mode_of(ODD), 0755);
	memset(deep + strlen(deep), 'x', 200);
	assert_int_equal(mkdir(full(deep), 0755), 0);
	give_anna(deep, "/bin/bash");
	assert_int_equal(chown(full(deep), annas_uid(), 0), 0);
	assert_int_equal(chmod(full(deep), 0777), 0);
	assert_string_equal(found("home-mode")->mend, "");
	assert_non_null(strstr(look_at_anna()->finding[0].text, deep));
}

#undef ODD

/* Users choose their shell themselves. */
static void
a_shell_is_no_command_of_roots(void **state)
{
	static const char *const mends[][2] = {
		{ "/bin/b;id", "echo '/bin/b;id' >> /etc/shells" },
		{ "/bin/bash", "echo /bin/bash >> /etc/shells" },
		{ "/bin/b\\nid", "" },
	};

	ROOT_ONLY;
	put("/etc/shells", "/bin/sh\n");
	put("/etc/pam.d/login", STACKS "account required pam_shells.so\n");
	for (size_t i = 0; i < sizeof(mends) / sizeof(mends[0]); i++) {
		put(mends[i][0], "");
		assert_int_equal(chmod(full(mends[i][0]), 0755), 0);
		give_anna("/home/anna", mends[i][0]);
		assert_string_equal(found("pam-shells")->mend, mends[i][1]);
	}
}

/* Whoever packs a drop-in chooses what it is called. */
static void
a_mend_holds_a_file_of_sshds_whole(void **state)
{
	static const char *const drop_ins[][2] = {
		{ "/etc/ssh/sshd_config.d/a.conf", "/etc/ssh/sshd_config.d/a.conf" },
		{ "/etc/ssh/sshd_config.d/a;id, line 1 $(x).conf",
		    "'/etc/ssh/sshd_config.d/a;id, line 1 $(x).conf'" },
	};
	char expected[WHY_MEND_MAX];

	ROOT_ONLY;
	for (size_t i = 0; i < sizeof(drop_ins) / sizeof(drop_ins[0]); i++) {
		put(drop_ins[i][0], "UsePAM no\n");
		snprintf(expected, sizeof(expected),
		    "sed -i 's/^[[:blank:]]*UsePAM\\b.*/UsePAM yes/I' %s && systemctl reload ssh",
		    drop_ins[i][1]);
		assert_string_equal(found("sshd-pam")->mend, expected);
		unlink(full(drop_ins[i][0]));
	}
	put("/etc/ssh/sshd_config", "Port 22\n");
	assert_string_equal(found("sshd-pam")->mend,
	    "sed -i '1i UsePAM yes' /etc/ssh/sshd_config && systemctl reload ssh");
}

#define MARKS(before, lines)                                                                       \
	before "# here are the per-package modules (the \"Primary\" block)\n" lines              \
	"# here's the fallback if no module succeeds\n"                                          \
	"# and here are more per-package modules (the \"Additional\" block)\n"                   \
	"# end of pam-auth-update config\n"

/* Rows of a text and the command for it; @ stands for anna's uid. */
static const struct {
	const char *path, *text;
	const char *check, *mend;
} mends[] = {
	{ "/etc/pam.d/common-account", "", "pam-account", "hexa-admin host enable" },
	{ "/etc/pam.d/common-account", "account sufficient pam_x.so\n" PRIMARY("account"),
	    "pam-account", "pam-auth-update --force --enable unix hexa hexa-password" },
	{ "/etc/pam.d/common-account",
	    MARKS("", "account sufficient pam_x.so\n" PRIMARY("account")), "pam-account",
	    "pam-auth-update --force --enable unix hexa hexa-password" },
	{ "/etc/pam.d/common-account", MARKS("account sufficient pam_x.so\n", PRIMARY("account")),
	    "pam-account", "${EDITOR:-vi} /etc/pam.d/common-account" },
	{ "/etc/pam.d/common-session", "session\n", "pam-session",
	    "${EDITOR:-vi} /etc/pam.d/common-session" },
	{ "/etc/passwd", "anna:x:4242:1000::/:/bin/sh\n", "local-users",
	    "hexa-admin user rename anna anna2" },
	{ "/etc/passwd", "anna:x:4242:1000::/:/bin/sh\nanna2:x:4243:1000::/:/bin/sh\n",
	    "local-users", "hexa-admin user rename anna anna3" },
	{ "/etc/passwd", "carl:x:1000:1000::/:/bin/sh\nb b:x:@:1000::/:/bin/sh\n", "local-users",
	    "usermod --uid 1001 'b b'" },
	{ "/etc/group", "carl:x:1000:\ncarls:x:1001:\nmine:x:@:\n", "ids",
	    "sed -i 's/^mine:\\([^:]*\\):@:/mine:\\1:1002:/' /etc/group" },
	{ "/etc/group", "m.*:x:@:\n", "ids", "" },
	{ "/etc/subuid", "c d:1:4000000000\n", "ids", "usermod --del-subuids 1-4000000000 'c d'" },
	{ "/etc/subuid", "carl:65536:1\n", "uid-range", "hexa-admin policy edit" },
	{ "/etc/ssh/sshd_config", "UsePAM yes\nMatch User anna\n", "sshd-match",
	    "sed -i '2 s/\\bUser\\b/Group/I' /etc/ssh/sshd_config && systemctl reload ssh" },
};

static void
with_uid(const char *text, char out[512])
{
	const char *at = strchr(text, '@');

	if (at == NULL)
		snprintf(out, 512, "%s", text);
	else
		snprintf(out, 512, "%.*s%u%s", (int)(at - text), text, (unsigned)annas_uid(),
		    at + 1);
}

static void
each_finding_has_the_command_that_mends_it(void **state)
{
	char text[512], mend[512];

	ROOT_ONLY;
	for (size_t i = 0; i < sizeof(mends) / sizeof(mends[0]); i++) {
		if (strlen(mends[i].text) < sizeof(text))
			with_uid(mends[i].text, text);
		put(mends[i].path, strlen(mends[i].text) < sizeof(text) ? text : mends[i].text);
		with_uid(mends[i].mend, mend);
		assert_string_equal(found(mends[i].check)->mend, mend);
		put_configuration();
	}
}

#define AUTHSELECT                                                                                 \
	"auth [success=done default=die] pam_hexa.so\nauth sufficient pam_unix.so\n"              \
	"account [success=done default=die] pam_hexa.so\naccount required pam_unix.so\n"

/* Neither pam-auth-update nor its files and profiles are there. */
static void
looks_at_authselects_files(void **state)
{
	ROOT_ONLY;
	put("/etc/pam.d/system-auth", AUTHSELECT);
	put("/etc/pam.d/password-auth", AUTHSELECT);
	put("/etc/pam.d/sshd", "auth include password-auth\naccount include password-auth\n");
	put("/etc/pam.d/login", "auth include system-auth\naccount include system-auth\n");
	for (size_t i = 0; i < part_count; i++)
		if (parts[i].kind == PART_PROFILE)
			assert_int_equal(unlink(full(parts[i].path)), 0);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(unlink(full(i == 0 ? "/etc/pam.d/common-auth"
		    : i == 1 ? "/etc/pam.d/common-account" : "/etc/pam.d/common-password")), 0);
	assert_int_equal(unlink(full("/etc/pam.d/su")), 0);
	assert_int_equal(unlink(full("/etc/pam.d/su-l")), 0);
	assert_only(NULL, FINDING_GOOD, "");
	assert_told("pam-system-auth", FINDING_GOOD, "");
	put("/etc/pam.d/password-auth",
	    "auth required pam_unix.so\naccount required pam_unix.so\n");
	assert_told("pam-password-auth", FINDING_ERROR, "does not ask Hexa");
	assert_told("pam-services", FINDING_ERROR, "/etc/pam.d/sshd");
	/* The same files beside pam-auth-update's are nobody's. */
	put("/usr/sbin/pam-auth-update", "");
	assert_told("pam-account", FINDING_ERROR, "is not there");
	assert_told("profile", FINDING_ERROR, "");
}

#define WITH_TREE(test) cmocka_unit_test_setup_teardown(test, make_tree, remove_tree)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_TREE(content_with_a_good_host),
		WITH_TREE(finds_wrong_texts),
		WITH_TREE(each_finding_has_the_command_that_mends_it),
		WITH_TREE(looks_at_authselects_files),
		WITH_TREE(finds_another_kind_of_file),
		WITH_TREE(finds_subordinate_ids),
		WITH_TREE(finds_ranges_that_come_to_an_end),
		WITH_TREE(finds_what_is_wrong_with_the_drop_in),
		WITH_TREE(reads_sshd_as_sshd_does),
		WITH_TREE(finds_half_a_switch),
		WITH_TREE(says_one_thing_of_a_host_that_is_off),
		WITH_TREE(finds_an_adopted_users_line),
		WITH_TREE(finds_wrong_modes),
		WITH_TREE(finds_missing_parts),
		WITH_TREE(finds_a_damaged_directory),
		WITH_TREE(finds_a_missing_database),
		WITH_TREE(finds_missing_homes),
		WITH_TREE(finds_what_is_wrong_with_a_home),
		WITH_TREE(a_homes_mend_reaches_no_further_than_its_user),
		WITH_TREE(mends_of_modes_can_be_typed),
		WITH_TREE(no_command_gives_away_what_is_anothers),
		WITH_TREE(tells_of_links_in_a_home),
		WITH_TREE(a_mend_holds_a_path_whole_or_not_at_all),
		WITH_TREE(a_mend_holds_a_file_of_sshds_whole),
		WITH_TREE(a_shell_is_no_command_of_roots),
		WITH_TREE(finds_a_clock_behind),
		WITH_TREE(finds_a_missing_unix_group),
		WITH_TREE(finds_a_role_that_gives_more),
		WITH_TREE(finds_reserved_names),
		WITH_TREE(tells_of_gates_only_to_whom_hexa_lets_in),
		WITH_TREE(tells_of_one_user),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
