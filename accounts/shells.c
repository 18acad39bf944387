/*
 * shells.c - the shells that this host lets people choose.  (getusershell(3) itself reads this
 * host's file alone, and takes two shells for listed where there is none.)
 */
#include "accounts/shells.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "accounts/hostfile.h"

#define SHELLS_FILE "/etc/shells"

enum { SHELLS_BYTES = 256 * 1024 };

/* The path in a line, ended there; NULL: it has none. */
static char *
path_in(char *line)
{
	char *path;

	line[strcspn(line, "#")] = '\0';
	path = strchr(line, '/');
	if (path != NULL)
		path[strcspn(path, " \t\r\f\v")] = '\0';
	return path;
}

enum fault
shell_is_listed(const char *root, const char *shell, bool *listed, struct why *why)
{
	char *text = NULL, *rest, *line;
	bool found = false;
	size_t size;
	enum fault fault = hostfile_read(root, SHELLS_FILE, SHELLS_BYTES, &text, &size, why);

	if (fault != FAULT_NONE && fault != FAULT_UNKNOWN)
		return fault;
	rest = text;
	while (!found && (line = strsep(&rest, "\n")) != NULL) {
		const char *path = path_in(line);

		found = path != NULL && strcmp(path, shell) == 0;
	}
	free(text);
	*listed = found;
	return FAULT_NONE;
}

bool
shell_is_program(const char *root, const char *shell)
{
	char path[PATH_MAX];
	struct stat status;

	return hostfile_path(root, shell, path, NULL) == FAULT_NONE && stat(path, &status) == 0 &&
	    S_ISREG(status.st_mode) && (status.st_mode & 0111) != 0;
}
