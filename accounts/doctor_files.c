/*
 * doctor_files.c - the doctor's look at files: what is installed, whose Hexa's files are and who
 * may read them, the room they have, and the format that the directory's reader understands.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "accounts/doctor_checks.h"
#include "accounts/gates.h"
#include "accounts/hostfile.h"
#include "accounts/parts.h"
#include "directory/directory.h"
#include "directory/format.h"
#include "policy/bytes.h"
#include "store/backup.h"
#include "store/paths.h"

/* ---- what is installed --------------------------------------------------------------------- */

static void
check_setuid_works(struct doctor *doctor)
{
	char path[PATH_MAX];
	struct statvfs system;

	if (hostfile_path(doctor->root, HEXA_HELPER, path, NULL) != FAULT_NONE ||
	    statvfs(path, &system) < 0 || (system.f_flag & ST_NOSUID) == 0)
		return;
	report(doctor, FINDING_WARNING, "helper-nosuid",
	    "mount -o remount,bind,suid \"$(findmnt -no TARGET -T " HEXA_HELPER ")\"",
	    "the helper's file system is mounted nosuid: screen lockers and other programs that do "
	    "not run as root cannot ask Hexa; /etc/fstab may say so for the next time");
}

static bool
is_any_there(struct doctor *doctor)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < part_count; i++)
		if (hostfile_path(doctor->root, parts[i].path, path, NULL) != FAULT_NONE ||
		    access(path, F_OK) == 0)
			return true;
	return false;
}

void
check_parts(struct doctor *doctor)
{
	/* Where nobody asks it, what is not installed at all is wrong with nothing. */
	if (!doctor->enabled && !is_any_there(doctor)) {
		report(doctor, FINDING_WARNING, "parts", parts_reinstall(doctor->root),
		    "no part of Hexa is installed: it cannot be switched on");
		return;
	}
	for (size_t i = 0; i < part_count; i++) {
		struct why why = { 0 };

		/* Its profile is one file of authselect's own, which it looks after. */
		if (parts[i].kind == PART_PROFILE && host_has_authselect(doctor->root))
			continue;
		if (part_check(doctor->root, &parts[i], &why) == FAULT_NONE)
			report(doctor, FINDING_GOOD, parts[i].check, NULL, "%s is in place",
			    parts[i].path);
		else
			report(doctor, FINDING_ERROR, parts[i].check, why.mend, "%s: %s", why.text,
			    parts[i].matters);
	}
	check_setuid_works(doctor);
}

/* ---- whose Hexa's own files are ------------------------------------------------------------ */

/* Rows of one check stand together: it is good once, or bad for each. */
static const struct owned {
	const char *check;
	const char *path;
	mode_t type;
	mode_t mode;
	bool needed;         /* that it is missing is told by its own check otherwise */
	const char *matters;
} owned[] = {
	{ "database-mode", PRIVATE_FOLDER, S_IFDIR, 0700, false, "it holds password hashes" },
	{ "database-mode", DATABASE_FILE, S_IFREG, 0600, false, "it holds password hashes" },
	{ "database-mode", DATABASE_FILE "-lock", S_IFREG, 0600, false,
	    "whoever may write it may hold up every login" },
	{ "aliases-mode", ALIASES_FILE, S_IFREG, 0600, false, "it holds e-mail addresses" },
	{ "aliases-mode", ALIASES_FILE "-lock", S_IFREG, 0600, false,
	    "whoever may write it may hold up the administrator" },
	{ "last-login-mode", LAST_LOGIN_FILE, S_IFREG, 0600, false, "it says who was where" },
	{ "documents-mode", DOCUMENTS_FOLDER, S_IFDIR, 0700, false, "it holds people's documents" },
	{ "directory-mode", STATE_FOLDER, S_IFDIR, 0755, false,
	    "every program must be able to read the directory, and root alone to write it" },
	{ "directory-mode", DIRECTORY_FOLDER, S_IFDIR, 0755, false,
	    "every program must be able to read the directory, and root alone to write it" },
	{ "directory-mode", DIRECTORY_FILE, S_IFREG, 0644, true,
	    "every program must be able to read the directory, and root alone to write it" },
	{ "directory-mode", DIRECTORY_FILE "-lock", S_IFREG, 0600, false,
	    "whoever may write it may hold up the administrator" },
	{ "run-mode", RUN_FOLDER, S_IFDIR, 0700, false, "it counts failed logins" },
	{ "run-mode", RUN_FOLDER "/logins.mdb", S_IFREG, 0600, false, "it counts failed logins" },
};

enum { OWNED = sizeof(owned) / sizeof(owned[0]) };

/* A folder is not made by who publishes, lest it be where a disk is to be mounted. */
#define MAKE_FOLDER "install -d -m 0755 " DIRECTORY_FOLDER " && "

/* The next command publishes what is missing, when there is a database to publish from. */
static const char *
directory_mend(const struct doctor *doctor)
{
	struct host_state state = { 0 };
	char path[PATH_MAX];

	if (hostfile_path(doctor->root, DATABASE_FILE, path, NULL) == FAULT_NONE &&
	    access(path, F_OK) == 0)
		return hostfile_path(doctor->root, DIRECTORY_FOLDER, path, NULL) == FAULT_NONE &&
		    access(path, F_OK) < 0 ? MAKE_FOLDER PUBLISH : PUBLISH;
	if (host_state(doctor->root, &state, NULL) == FAULT_NONE && state.pam_login)
		return RESTORE;
	return "hexa-admin init";
}

static void
report_missing(struct doctor *doctor, const struct owned *row)
{
	report(doctor, FINDING_ERROR, row->check, directory_mend(doctor),
	    "%s is missing: programs do not know Hexa's users", row->path);
}

/* What only the database has comes from a backup; all else is made anew by who needs it. */
static void
report_other_type(struct doctor *doctor, const struct owned *row, const char *path, bool is_link)
{
	const bool holds_all = strcmp(row->path, PRIVATE_FOLDER) == 0 ||
	    strcmp(row->path, STATE_FOLDER) == 0 || strcmp(row->path, DATABASE_FILE) == 0;
	char mend[WHY_MEND_MAX], away[PATH_MAX + 8];
	struct bytes line = {0};

	if (is_link) {
		report(doctor, FINDING_ERROR, row->check, NULL,
		    "%s is a link, which Hexa does not follow: bring what it leads to here, or "
		    "mount that here (mount --bind)", path);
		return;
	}
	snprintf(away, sizeof(away), "%s.away", path);
	bytes_print(&line, "mv -T ");
	bytes_put_quoted(&line, path);
	bytes_print(&line, " ");
	bytes_put_quoted(&line, away);
	bytes_print(&line, " && %s", holds_all ? RESTORE
	    : strcmp(row->path, DIRECTORY_FOLDER) == 0 ? MAKE_FOLDER PUBLISH : PUBLISH);
	bytes_take_into(&line, mend, sizeof(mend));
	report(doctor, FINDING_ERROR, row->check, mend, "%s is not a %s: %s", path,
	    row->type == S_IFDIR ? "folder" : "regular file", row->matters);
}

/* True when the row's file is well, or is not there and need not be. */
static bool
check_owned(struct doctor *doctor, const struct owned *row)
{
	char path[PATH_MAX], mend[WHY_MEND_MAX];
	struct bytes line = {0};
	struct stat st;

	if (hostfile_path(doctor->root, row->path, path, NULL) != FAULT_NONE)
		return true;
	if (lstat(path, &st) < 0) {
		if (errno != ENOENT)
			report(doctor, FINDING_ERROR, row->check, NULL, "%s: %s", path,
			    strerror(errno));
		else if (row->needed)
			report_missing(doctor, row);
		return errno == ENOENT && !row->needed;
	}
	if ((st.st_mode & S_IFMT) != row->type) {
		report_other_type(doctor, row, path, S_ISLNK(st.st_mode));
		return false;
	}
	if (st.st_uid == 0 && (st.st_mode & 07777) == row->mode)
		return true;
	bytes_print(&line, "chown root:root ");
	bytes_put_quoted(&line, path);
	bytes_print(&line, " && chmod %04o ", (unsigned)row->mode);
	bytes_put_quoted(&line, path);
	bytes_take_into(&line, mend, sizeof(mend));
	report(doctor, FINDING_ERROR, row->check, mend, "%s has owner %u and mode %04o, not 0 and %04o: %s",
	    path, (unsigned)st.st_uid, (unsigned)(st.st_mode & 07777), (unsigned)row->mode,
	    row->matters);
	return false;
}

/* The rows of one check, which stand together; *i is left at the last of them. */
static void
check_rows(struct doctor *doctor, size_t *i)
{
	const char *check = owned[*i].check;
	bool good = check_owned(doctor, &owned[*i]);

	for (; *i + 1 < OWNED && strcmp(check, owned[*i + 1].check) == 0; *i += 1)
		good &= check_owned(doctor, &owned[*i + 1]);
	if (good)
		report(doctor, FINDING_GOOD, check, NULL, "owners and modes are right");
}

void
check_modes(struct doctor *doctor)
{
	for (size_t i = 0; i < OWNED; i++)
		check_rows(doctor, &i);
}

void
check_directory(struct doctor *doctor)
{
	for (size_t i = 0; i < OWNED; i++)
		if (strcmp(owned[i].check, "directory-mode") == 0)
			check_rows(doctor, &i);
}

/* ---- what was left behind ------------------------------------------------------------------ */

void
check_leftovers(struct doctor *doctor)
{
	static const char check[] = "leftovers";
	struct names left = { 0 };
	struct why why = { 0 };

	if (backup_left(doctor->root, &left, &why) != FAULT_NONE)
		report_fault(doctor, FINDING_WARNING, check, &why);
	for (size_t i = 0; i < left.count; i++) {
		char mend[WHY_MEND_MAX];

		gate_mend("rm", left.item[i], mend);
		report(doctor, FINDING_WARNING, check, mend,
		    "%s is left of a backup, restore or load that was ended: password hashes are in it",
		    left.item[i]);
	}
	if (why.fault == FAULT_NONE && left.count == 0)
		report(doctor, FINDING_GOOD, check, NULL,
		    "nothing is left of a backup, restore or load");
	names_clear(&left);
}

/* ---- room ---------------------------------------------------------------------------------- */

/* Bytes below which the next change may not fit. */
enum { ROOM_BYTES = 16 * 1024 * 1024 };

void
check_space(struct doctor *doctor)
{
	char path[PATH_MAX];
	struct statvfs system;

	if (hostfile_path(doctor->root, STATE_FOLDER, path, NULL) != FAULT_NONE ||
	    statvfs(path, &system) < 0)
		return;
	if ((system.f_flag & ST_RDONLY) != 0)
		report(doctor, FINDING_ERROR, "space",
		    "mount -o remount,rw \"$(findmnt -no TARGET -T " STATE_FOLDER ")\"",
		    "%s is on a file system that is mounted read-only: nobody of Hexa's can log in, "
		    "and nothing can be changed (after an error of the disk, which `dmesg` tells, "
		    "it is checked first)",
		    path);
	else if ((uint64_t)system.f_bavail * system.f_frsize < ROOM_BYTES ||
	    (system.f_files > 0 && system.f_favail == 0))
		report(doctor, FINDING_WARNING, "space", NULL,
		    "the file system of %s is full: nothing can be changed, and the directory cannot "
		    "be published; make room there (`df -h`, `df -i`), and all goes on by itself",
		    path);
	else
		report(doctor, FINDING_GOOD, "space", NULL, "there is room for changes");
}

/* ---- the format ---------------------------------------------------------------------------- */

/* The version that the meta page of an LMDB file names; 0: it is no such file. */
static uint32_t
file_version(const char *path)
{
	struct {
		unsigned char head[PAGE_HEAD];
		uint32_t magic;
		uint32_t version;
	} page = { .magic = 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
	ssize_t got;

	if (fd < 0)
		return 0;
	got = read(fd, &page, sizeof(page));
	close(fd);
	return got == (ssize_t)sizeof(page) && page.magic == META_MAGIC ? page.version : 0;
}

/* What the modules will make of the file: their own reader goes through all of it. */
static enum lookup
read_directory(const char *path)
{
	static char buffer[1024 * 1024];
	struct directory directory = { .path = path };
	struct image_state state;
	struct passwd user;
	struct group group;
	uint32_t after = 0;
	enum lookup lookup = directory_state(&directory, &state);

	if (lookup == LOOKUP_FOUND)
		do
			lookup = directory_user_next(&directory, &after, &user, buffer, sizeof(buffer));
		while (lookup == LOOKUP_FOUND);
	after = 0;
	if (lookup == LOOKUP_NONE)
		do
			lookup = directory_group_next(&directory, &after, &group, buffer,
			    sizeof(buffer));
		while (lookup == LOOKUP_FOUND);
	directory_close(&directory);
	return lookup;
}

static void
mend_anew(const struct doctor *doctor, const char *path, char mend[WHY_MEND_MAX])
{
	struct bytes line = {0};

	bytes_print(&line, "rm ");
	bytes_put_quoted(&line, path);
	bytes_print(&line, " && %s", directory_mend(doctor));
	bytes_take_into(&line, mend, WHY_MEND_MAX);
}

/* Where the database has the version that the modules read, this host's liblmdb writes that one. */
static void
report_version(struct doctor *doctor, const char *path, uint32_t version)
{
	char database[PATH_MAX], mend[WHY_MEND_MAX] = "";
	bool is_strange;

	is_strange = hostfile_path(doctor->root, DATABASE_FILE, database, NULL) == FAULT_NONE &&
	    file_version(database) == META_VERSION;
	if (is_strange)
		mend_anew(doctor, path, mend);
	report(doctor, FINDING_ERROR, "directory-format", mend,
	    "%s has LMDB's file format %u and the modules read %d, so programs do not know Hexa's "
	    "users: %s", path, (unsigned)version, META_VERSION,
	    is_strange ? "another LMDB wrote it than this host's"
	               : "this host's liblmdb writes what they do not know; install the one "
	                 "before, or a Hexa that knows it");
}

void
check_format(struct doctor *doctor)
{
	static const char check[] = "directory-format";
	char path[PATH_MAX], mend[WHY_MEND_MAX];
	struct stat st;
	uint32_t version;

	/* That it is missing, or is no file, was told. */
	if (hostfile_path(doctor->root, DIRECTORY_FILE, path, NULL) != FAULT_NONE ||
	    lstat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return;
	version = file_version(path);
	if (version != META_VERSION && version != 0) {
		report_version(doctor, path, version);
		return;
	}
	switch (read_directory(path)) {
	case LOOKUP_FOUND:
	case LOOKUP_NONE:
	case LOOKUP_SMALL:
		report(doctor, FINDING_GOOD, check, NULL, "the modules can read the directory");
		return;
	case LOOKUP_AGAIN:
		report(doctor, FINDING_WARNING, check, "hexa-admin doctor",
		    "%s is changing too fast to be read: look again", path);
		return;
	case LOOKUP_UNAVAILABLE:
	case LOOKUP_MISSING:
		mend_anew(doctor, path, mend);
		report(doctor, FINDING_ERROR, check, mend,
		    "%s is damaged: programs do not know Hexa's users", path);
	}
}
