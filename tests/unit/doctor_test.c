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
	put("/etc/subuid", "carl:4000000000:65536\nanna:1:4000000000\nnonsense\n");
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
	    names_add(&role.closure, "hexa.users.view") &&
	    names_add(&role.permissions, "hexa.users.view") &&
	    names_add(&role.works, "employee:hexa.users.view"));
	assert_int_equal(store_open(root, 0, &store, &why), FAULT_NONE);
	assert_int_equal(store_write_begin(store, &actor, "test", 1, &txn, &why), FAULT_NONE);
	assert_int_equal(role_put(txn, &role, &why), FAULT_NONE);
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
		    : parts[i].kind == PART_PROGRAM ? 0755 : 0644);
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
	{ "/etc/subuid", "carl:1:4000000000\n", "ids", FINDING_ERROR,
	    "/etc/subuid gives carl the id" },
	{ "/etc/subgid", "carl:1:4000000000\n", "ids", FINDING_ERROR,
	    "/etc/subgid gives carl the id" },
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
		put_configuration();
	}
	assert_only(NULL, FINDING_GOOD, "");
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
	assert_only("enabled", FINDING_WARNING, "not switched on");
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

static void
finds_a_damaged_directory(void **state)
{
	FILE *file;

	ROOT_ONLY;
	/* The version in both metas, as a later LMDB would write it. */
	file = fopen(full(DIRECTORY_FILE), "r+");
	assert_non_null(file);
	for (long page = 0; page <= 4096; page += 4096) {
		assert_int_equal(fseek(file, page + 20, SEEK_SET), 0);
		assert_int_equal(fputc(2, file), 2);
	}
	fclose(file);
	assert_told("directory-format", FINDING_ERROR, "file format 2");
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
finds_a_clock_behind(void **state)
{
	const struct actor actor = { .uid = 0, .name = "root", .login_uid = UINT32_MAX };
	const int64_t ahead = (int64_t)time(NULL) + 3600;
	struct store *store = NULL;
	struct user user = { 0 };
	struct txn *txn = NULL;

	ROOT_ONLY;
	assert_int_equal(store_open(root, 0, &store, NULL), FAULT_NONE);
	assert_int_equal(store_write_begin(store, &actor, "test", ahead, &txn, NULL), FAULT_NONE);
	assert_int_equal(user_find_name(txn, "anna", &user, NULL), FAULT_NONE);
	user.access_back = 7;
	assert_int_equal(user_put(txn, &user, NULL), FAULT_NONE);
	assert_int_equal(store_commit(txn, NULL, NULL), FAULT_NONE);
	store_close(store);
	user_clear(&user);
	assert_only("clock", FINDING_WARNING, "behind");
}

/* Of a tree's role that somebody holds. */
static void
finds_a_missing_unix_group(void **state)
{
	const struct actor actor = { .uid = 0, .name = "root", .login_uid = UINT32_MAX };
	struct store *store = NULL;
	struct role role = { 0 };
	struct txn *txn = NULL;

	ROOT_ONLY;
	assert_int_equal(store_open(root, 0, &store, NULL), FAULT_NONE);
	assert_int_equal(store_write_begin(store, &actor, "test", 2, &txn, NULL), FAULT_NONE);
	assert_int_equal(role_get(txn, "technician", &role, NULL), FAULT_NONE);
	assert_true(names_insert(&role.groups, "client:lp") &&
	    names_insert(&role.groups, "employee:lp"));
	assert_int_equal(role_put(txn, &role, NULL), FAULT_NONE);
	assert_int_equal(store_commit(txn, NULL, NULL), FAULT_NONE);
	store_close(store);
	role_clear(&role);
	assert_only("unix-groups", FINDING_WARNING, "the group lp");
	put("/etc/group", "root:x:0:\nlp:x:0:\n");
	assert_told("unix-groups", FINDING_WARNING, "gid here is 0");
	put("/etc/group", "root:x:0:\nlp:x:7:\n");
	assert_told("unix-groups", FINDING_GOOD, "");
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
look_at_anna(void)
{
	static char *list[] = { (char *)"login", (char *)"sshd" };
	const struct names services = { list, 2 };
	static struct told told;
	struct store *store = NULL;
	struct user user = { 0 };
	struct txn *txn = NULL;
	struct doctor_login login = { .root = root, .user = &user, .services = &services,
		.now = (int64_t)time(NULL) };

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
	{ "/etc/subuid", "carl:1:4000000000\n", NULL, "", "" },
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
	/* Of a tree in which nothing is switched on nothing is said. */
	put("/etc/nsswitch.conf", "passwd: files\ngroup: files\n");
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

#define WITH_TREE(test) cmocka_unit_test_setup_teardown(test, make_tree, remove_tree)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_TREE(content_with_a_good_host),
		WITH_TREE(finds_wrong_texts),
		WITH_TREE(finds_what_is_wrong_with_the_drop_in),
		WITH_TREE(reads_sshd_as_sshd_does),
		WITH_TREE(finds_half_a_switch),
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
		WITH_TREE(a_shell_is_no_command_of_roots),
		WITH_TREE(finds_a_clock_behind),
		WITH_TREE(finds_a_missing_unix_group),
		WITH_TREE(tells_of_gates_only_to_whom_hexa_lets_in),
		WITH_TREE(tells_of_one_user),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
