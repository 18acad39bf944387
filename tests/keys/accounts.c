/*
 * accounts.c - getpwnam() of a host whose sources of users come to the file "accounts" in the
 * working folder, the first line of a name before the others.  "accounts.endless": a source that
 * never answers; it then ends as one that has waited too long.
 */
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct passwd *
getpwnam(const char *name)
{
	struct passwd *entry = NULL;
	FILE *file = fopen("accounts", "re");

	if (access("accounts.endless", F_OK) == 0) {
		/* The alarm is set, and comes now. */
		if (alarm(0) > 0)
			raise(SIGALRM);
		return NULL;
	}
	while (file != NULL && (entry = fgetpwent(file)) != NULL)
		if (strcmp(entry->pw_name, name) == 0)
			break;
	if (file != NULL)
		fclose(file);
	return entry;
}
