/*
 * names.h - the published names in their order: for who offers them to somebody typing, not for
 * NSS, whose enumerations go by id (directory.h).
 */
#ifndef HEXA_DIRECTORY_NAMES_H
#define HEXA_DIRECTORY_NAMES_H

#include "directory/directory.h"
#include "directory/served.h"

enum directory_names { DIRECTORY_USERS, DIRECTORY_ROLE_GROUPS };

/*
 * The first name, in the order of bytes, that is greater than `after` ("" for the first of all).
 * It is one that served_name() takes.  Answers as the look-ups of directory.h; LOOKUP_NONE behind
 * the last.  Each call is a look-up of its own, whose time does not grow with the names.
 */
enum lookup directory_name_next(struct directory *directory, enum directory_names which,
	const char *after, char name[SERVED_NAME_BYTES + 1]);

#endif
