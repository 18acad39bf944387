/*
 * backup.h - the whole of a database, as plain root takes it away and puts it back.
 *
 * Faults as store/backup.h says.  What was done beside what was asked stands in the admin's
 * notices.
 */
#ifndef HEXA_ACCOUNTS_BACKUP_H
#define HEXA_ACCOUNTS_BACKUP_H

#include "accounts/admin.h"
#include "store/backup.h"

/*
 * Writes a backup of the open database to `file`.  FAULT_DENIED: the actor is not plain root.  With
 * admin->insist it replaces whatever regular file stands there.
 */
enum fault backup_make(struct admin *admin, const char *file, struct why *why);

/*
 * Puts it in the place of the database of admin->root, which is not open and need not be there;
 * `action` is the command's word for the journal.  That the actor is plain root is the caller's to
 * know (admin_is_root()).  The backup is closed in any case.
 *
 * When it was restored admin->store is open, and admin->committed was called; so too when it could
 * not be published, which is FAULT_UNAVAILABLE then.  The notices say what is kept where, which
 * documents have no content, that no active user holds system-administrator, that its journal is
 * broken.
 */
enum fault backup_put_back(struct admin *admin, struct backup *backup, const char *action,
    struct why *why);

#endif
