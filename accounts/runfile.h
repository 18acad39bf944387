/*
 * runfile.h - files of the helper's own that a reboot may take away.  For the operations of
 * accounts/ alone.
 */
#ifndef HEXA_ACCOUNTS_RUNFILE_H
#define HEXA_ACCOUNTS_RUNFILE_H

/*
 * Opens RUN_FOLDER/NAME to read and write, mode 0600; it and the folder (0700) are made when they
 * are missing.  -1 with errno: it cannot be had, or is no regular file.
 */
int runfile_open(const char *root, const char *name);

#endif
