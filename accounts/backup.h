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
 * Tells in the notices which users that the backup brings have the uid of one of /etc/passwd on the
 * host of admin->root, and which names mean more there than their roles give: what would be refused
 * if it were given now (claim.h), and cannot be here, since a backup may be all that is left.  Names
 * of the host's groups; reserved ones; names that the host's files mention (host.h,
 * host_mentions()); names that its groups have among their members.  Beyond some only how many more.
 */
void backup_tell_names(struct admin *admin, struct backup *backup);

/*
 * Puts it in the place of the database of admin->root, which is not open and need not be there;
 * `action` is the command's word for the journal.  That the actor is plain root is the caller's to
 * know (admin_is_root()).  The backup is closed in any case.
 *
 * When it was restored admin->store is open, and admin->committed was called; so too when it could
 * not be published, which is FAULT_UNAVAILABLE then.  The notices say what is kept where, which
 * documents have no content, which roles gave something else than their permissions do, that no
 * active user holds system-administrator, that its journal is broken.
 */
enum fault backup_put_back(struct admin *admin, struct backup *backup, const char *action,
    struct why *why);

#endif
