/*
 * paths.h - where Hexa's files are on a host.  `root` stands in front of each with --root.
 */
#ifndef HEXA_STORE_PATHS_H
#define HEXA_STORE_PATHS_H

#define STATE_FOLDER     "/var/lib/hexa"
#define PRIVATE_FOLDER   "/var/lib/hexa/private"
#define DATABASE_FILE    "/var/lib/hexa/private/hexa.mdb"
#define LAST_LOGIN_FILE  "/var/lib/hexa/private/last-login.mdb"
#define DOCUMENTS_FOLDER "/var/lib/hexa/private/documents"
#define DIRECTORY_FOLDER "/var/lib/hexa/directory"
#define RUN_FOLDER       "/run/hexa"

#endif
