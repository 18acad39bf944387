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
shells_read(const char *root, struct names *shells, struct why *why)
{
	char *text = NULL, *rest, *line;
	size_t size;
	enum fault fault = hostfile_read(root, SHELLS_FILE, SHELLS_BYTES, &text, &size, why);

	if (fault != FAULT_NONE)
		return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
	rest = text;
	while (fault == FAULT_NONE && (line = strsep(&rest, "\n")) != NULL) {
		const char *path = path_in(line);

		if (path != NULL && !names_insert(shells, path))
			fault = why_memory(why);
	}
	free(text);
	return fault;
}

enum fault
shell_is_listed(const char *root, const char *shell, bool *listed, struct why *why)
{
	struct names shells = {0};
	enum fault fault = shells_read(root, &shells, why);

	if (fault == FAULT_NONE)
		*listed = names_have_sorted(&shells, shell);
	names_clear(&shells);
	return fault;
}

bool
shell_is_program(const char *root, const char *shell)
{
	char path[PATH_MAX];
	struct stat status;

	return hostfile_path(root, shell, path, NULL) == FAULT_NONE && stat(path, &status) == 0 &&
	    S_ISREG(status.st_mode) && (status.st_mode & 0111) != 0;
}
