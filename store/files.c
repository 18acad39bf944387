/*
 * files.c - the folders and files that the database lives in: where, whose, and open to whom.
 */
#include "store/files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "policy/bytes.h"
#include "store/paths.h"

char *
path_under(const char *root, const char *path)
{
	char *whole;

	return asprintf(&whole, "%s%s", root, path) < 0 ? NULL : whole;
}

enum fault
system_fault(const char *path, struct why *why)
{
	return why_set(why, FAULT_UNAVAILABLE, "%s: %s", path, strerror(errno));
}

/* Makes a folder with exactly this mode, whatever the umask; one that is there keeps its own. */
static enum fault
make_folder(const char *root, const char *folder, mode_t mode, struct why *why)
{
	char *path = path_under(root, folder);
	enum fault fault = FAULT_NONE;

	if (path == NULL)
		return why_memory(why);
	if (mkdir(path, 0700) == 0) {
		if (chmod(path, mode) != 0)
			fault = system_fault(path, why);
	} else if (errno != EEXIST) {
		fault = system_fault(path, why);
	}
	free(path);
	return fault;
}

enum fault
files_make_folders(const char *root, struct why *why)
{
	static const struct {
		const char *path;
		mode_t mode;
	} folders[] = {
	    {"/var", 0755},
	    {"/var/lib", 0755},
	    {STATE_FOLDER, 0755},
	    {PRIVATE_FOLDER, 0700},
	    {DIRECTORY_FOLDER, 0755},
	};

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		enum fault fault = make_folder(root, folders[i].path, folders[i].mode, why);

		if (fault != FAULT_NONE)
			return fault;
	}
	return FAULT_NONE;
}

static void
mend_path(const char *command, const char *path, struct why *why)
{
	struct bytes line = {0};
	char mend[WHY_MEND_MAX];

	bytes_print(&line, "%s ", command);
	bytes_put_quoted(&line, path);
	if (bytes_take_into(&line, mend, sizeof(mend)))
		why_mend(why, "%s", mend);
}

/* Root's, and nobody else's to read: a database that others can write decides nothing. */
static enum fault
check_private(const char *path, mode_t type, struct why *why)
{
	struct stat status;
	enum fault fault;

	if (lstat(path, &status) != 0) {
		fault = errno == ENOENT
		    ? why_set(why, FAULT_UNAVAILABLE, "%s is missing", path)
		    : system_fault(path, why);
		if (errno == ENOENT)
			why_mend(why, "hexa-admin init");
		return fault;
	}
	if ((status.st_mode & S_IFMT) != type)
		return why_set(why, FAULT_UNAVAILABLE, "%s is not a %s", path,
		    type == S_IFDIR ? "folder" : "regular file");
	if (status.st_uid != 0) {
		fault = why_set(why, FAULT_UNAVAILABLE, "%s does not belong to root", path);
		mend_path("chown root:root", path, why);
		return fault;
	}
	if ((status.st_mode & 077) != 0) {
		fault = why_set(why, FAULT_UNAVAILABLE, "%s is open to others (mode %04o)", path,
		    (unsigned)(status.st_mode & 07777));
		mend_path("chmod go=", path, why);
		return fault;
	}
	return FAULT_NONE;
}

enum fault
files_check_folder(const char *root, struct why *why)
{
	char *folder = path_under(root, PRIVATE_FOLDER);
	enum fault fault = folder == NULL ? why_memory(why) : check_private(folder, S_IFDIR, why);

	free(folder);
	return fault;
}

enum fault
files_check(const char *root, const char *database, struct why *why)
{
	enum fault fault = files_check_folder(root, why);

	return fault == FAULT_NONE ? check_private(database, S_IFREG, why) : fault;
}
