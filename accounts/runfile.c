/*
 * runfile.c - files of the helper's own that a reboot may take away.
 */
#include "accounts/runfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/paths.h"

enum { PATH_BYTES = 4096 };

static bool
put_path(char path[PATH_BYTES], const char *root, const char *slash, const char *name)
{
	int size = snprintf(path, PATH_BYTES, "%s%s%s%s", root, RUN_FOLDER, slash, name);

	return size >= 0 && size < PATH_BYTES;
}

int
runfile_open(const char *root, const char *name)
{
	char path[PATH_BYTES];
	struct stat status;
	int fd;

	errno = ENAMETOOLONG;
	if (!put_path(path, root, "", ""))
		return -1;
	mkdir(path, 0700);
	errno = ENAMETOOLONG;
	if (!put_path(path, root, "/", name))
		return -1;
	/*
	 * Whatever else may stand at the path: nothing that is waited for, followed, or a terminal.
	 */
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
	if (fd < 0 || (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}
