/*
 * files.h - the folders and files that the database lives in.  For store/ alone.
 */
#ifndef HEXA_STORE_FILES_H
#define HEXA_STORE_FILES_H

#include "policy/fault.h"

/* The path under a root, newly allocated; NULL when memory is out. */
char *path_under(const char *root, const char *path);

/* FAULT_UNAVAILABLE with the path and what errno says. */
enum fault system_fault(const char *path, struct why *why);

/* Makes what folders are missing, with exactly their modes, whatever the umask; others stay. */
enum fault files_make_folders(const char *root, struct why *why);

/*
 * The private folder and the database in it must be root's, a folder and a regular file, and
 * closed to others.  FAULT_UNAVAILABLE says which is not, with the command that mends it.
 */
enum fault files_check(const char *root, const char *database, struct why *why);

/* The same of the folder alone. */
enum fault files_check_folder(const char *root, struct why *why);

#endif
