/*
 * once.c - a fresh process that does one look-up: once [NAME [UID]].  Linked with libc alone.
 * With a UID it must be the answer's.
 */
#include <pwd.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
	const struct passwd *found;

	if (argc < 2)
		return 0;
	found = getpwnam(argv[1]);
	if (argc < 3)
		return 0;
	return found && found->pw_uid == (uid_t)strtoul(argv[2], NULL, 10) ? 0 : 1;
}
