/*
 * parts.c - the installed files, and whether logins can rest on them.
 */
#include "accounts/parts.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "accounts/hostfile.h"

const struct part parts[] = {
	{ "nss-module", HEXA_NSS_MODULE, PART_MODULE, "no program knows Hexa's users" },
	{ "pam-module", HEXA_PAM_MODULE, PART_MODULE, "PAM refuses every login, root's too" },
	{ "helper", HEXA_HELPER, PART_HELPER, "Hexa's users cannot log in" },
	{ "authorized-keys", HEXA_AUTHORIZED_KEYS, PART_PROGRAM,
	    "sshd gets no keys of Hexa's users, nor those that it is to pass on" },
	{ "profile", "/usr/share/pam-configs/hexa", PART_PROFILE, "PAM does not ask Hexa" },
	{ "profile-password", "/usr/share/pam-configs/hexa-password", PART_PROFILE,
	    "Hexa's users cannot change their passwords" },
};

const size_t part_count = sizeof(parts) / sizeof(parts[0]);

enum { HELPER_MODE = 04755 };

/* ---- loading ------------------------------------------------------------------------------- */

/* In a process of its own: what a module does when it is loaded is not for this one. */
static _Noreturn void
load(const char *path, int output)
{
	const char *said = "ok";

	if (dlopen(path, RTLD_NOW | RTLD_LOCAL) == NULL)
		said = dlerror();
	if (write(output, said, strnlen(said, 200)) < 0)
		_exit(1);
	_exit(0);
}

/* Reads all that comes, up to `room` with a final NUL. */
static void
read_said(int fd, char *said, size_t room)
{
	size_t have = 0;
	ssize_t got;

	do {
		got = read(fd, said + have, room - 1 - have);
		if (got > 0)
			have += (size_t)got;
	} while (have < room - 1 && (got > 0 || (got < 0 && errno == EINTR)));
	said[have] = '\0';
}

static enum fault
check_loads(const char *path, struct why *why)
{
	char said[256];
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return why_set(why, FAULT_UNAVAILABLE, "%s: %s", path, strerror(errno));
	pid = fork();
	if (pid == 0)
		load(path, ends[1]);
	close(ends[1]);
	/* The child's word counts and not its status, which somebody else may have waited for. */
	read_said(ends[0], said, sizeof(said));
	close(ends[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	if (strcmp(said, "ok") == 0)
		return FAULT_NONE;
	return why_set(why, FAULT_UNAVAILABLE, "%s cannot be loaded: %s", path,
	    said[0] != '\0' ? said : "it ended the process that tried");
}

/* ---- files --------------------------------------------------------------------------------- */

static enum fault
check_file(const char *path, const struct part *part, const struct stat *st, struct why *why)
{
	mode_t mode = st->st_mode & 07777;

	if (!S_ISREG(st->st_mode))
		return why_set(why, FAULT_UNAVAILABLE, "%s is not a regular file", path);
	if (st->st_uid != 0 || (mode & 022) != 0)
		return why_set(why, FAULT_UNAVAILABLE,
		    "%s is not root's alone to write (owner %u, mode %04o)", path,
		    (unsigned)st->st_uid, (unsigned)mode);
	if (part->kind == PART_HELPER && (mode != HELPER_MODE || st->st_gid != 0))
		return why_set(why, FAULT_UNAVAILABLE, "%s has mode %04o and group %u, not %04o and 0",
		    path, (unsigned)mode, (unsigned)st->st_gid, HELPER_MODE);
	if (part->kind == PART_PROGRAM && (mode & 0111) != 0111)
		return why_set(why, FAULT_UNAVAILABLE, "%s cannot be run by all (mode %04o)", path,
		    (unsigned)mode);
	/* Of what its own user may read, others of theirs can open what sshd listens to (proc(5)). */
	if (part->kind == PART_PROGRAM && (mode & 044) != 0)
		return why_set(why, FAULT_UNAVAILABLE,
		    "%s can be read by others (mode %04o, not 0711): whoever is the user that it runs "
		    "as could put keys of their own into what it tells sshd", path, (unsigned)mode);
	if (part->kind != PART_PROGRAM && (mode & 0444) != 0444)
		return why_set(why, FAULT_UNAVAILABLE, "%s cannot be read by all (mode %04o)", path,
		    (unsigned)mode);
	return FAULT_NONE;
}

enum fault
part_check(const char *root, const struct part *part, struct why *why)
{
	char path[PATH_MAX];
	struct stat st;
	enum fault fault = hostfile_path(root, part->path, path, why);

	if (fault != FAULT_NONE)
		return fault;
	if (stat(path, &st) < 0)
		fault = why_set(why, FAULT_UNAVAILABLE, "%s: %s", path, strerror(errno));
	else
		fault = check_file(path, part, &st, why);
	if (fault == FAULT_NONE && part->kind == PART_MODULE && root[0] == '\0')
		fault = check_loads(path, why);
	if (fault != FAULT_NONE)
		why_mend(why, "%s", parts_reinstall(root));
	return fault;
}

/* dpkg(1) keeps such a list of each package's files. */
const char *
parts_reinstall(const char *root)
{
	char path[PATH_MAX];

	if (hostfile_path(root, "/var/lib/dpkg/info/hexa-admin.list", path, NULL) == FAULT_NONE &&
	    access(path, F_OK) == 0)
		return "apt-get install --reinstall hexa-admin libpam-hexa libnss-hexa";
	return "make install";
}
