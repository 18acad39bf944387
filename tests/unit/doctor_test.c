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
	put("/etc/ssh/sshd_config", "# x\nInclude /etc/ssh/sshd_config.d/*.conf\nUsePAM yes\n");
	put("/etc/passwd", "root:x:0:0::/root:/bin/sh\ncarl:x:1000:1000::/home/carl:/bin/sh\n");
	put("/etc/group", "root:x:0:\ncarl:x:1000:\n");
	put("/bin/bash", "");
	put("/usr/bin/sudo", "");
	put("/usr/sbin/visudo", "");
	put("/etc/sudoers", "@includedir /etc/sudoers.d\n");
	put(SUDOERS_FILE, DROP_IN);
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

	assert_true(names_add(&user.roles, "technician"));
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

static int
make_tree(void **state)
{
	const struct actor actor = { .uid = 0, .name = "root", .login_uid = UINT32_MAX };

	(void)state;
	if (geteuid() != 0)
		return 0;
	umask(022);
	snprintf(root, sizeof(root), "/tmp/doctor_test.XXXXXX");
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

/* Among others. */
static void
assert_told(const char *check, enum severity severity, const char *text)
{
	const struct told *told = consult();

	for (size_t i = 0; i < told->count; i++)
		if (strcmp(told->finding[i].check, check) == 0 &&
		    told->finding[i].severity == severity &&
		    strstr(told->finding[i].text, text) != NULL)
			return;
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

static void
finds_wrong_modes(void **state)
{
	ROOT_ONLY;
	for (size_t i = 0; i < sizeof(wrong_modes) / sizeof(wrong_modes[0]); i++) {
		const char *path = full(wrong_modes[i].path);
		struct stat st;

		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(chmod(path, wrong_modes[i].mode), 0);
		assert_told(wrong_modes[i].check, FINDING_ERROR, wrong_modes[i].path);
		path = full(wrong_modes[i].path);
		assert_int_equal(chmod(path, st.st_mode & 07777), 0);
		assert_int_equal(chown(path, 1, 0), 0);
		assert_told(wrong_modes[i].check, FINDING_ERROR, wrong_modes[i].path);
		path = full(wrong_modes[i].path);
		assert_int_equal(chown(path, 0, 0), 0);
		assert_only(NULL, FINDING_GOOD, "");
	}
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
