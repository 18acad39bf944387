/*
 * backup.c - making a backup, and putting one back.
 */
#include "accounts/backup.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/change.h"

/* Documents that are told one by one; the others are counted. */
enum { TOLD_MAX = 10 };

/* Memory that is out for a notice is no fault of what was done. */
static void __attribute__((format(printf, 2, 3)))
notice(struct admin *admin, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	if (text != NULL)
		(void)names_add(&admin->notices, text);
	free(text);
}

static void
tell_lost(struct admin *admin, const struct names *lost, const char *what)
{
	for (size_t i = 0; i < lost->count && i < TOLD_MAX; i++)
		notice(admin, "the content of %s %s", lost->item[i], what);
	if (lost->count > TOLD_MAX)
		notice(admin, "and that of %zu more documents", lost->count - TOLD_MAX);
}

enum fault
backup_make(struct admin *admin, const char *file, struct why *why)
{
	struct names lost = {0};
	enum fault fault = admin_needs_root(admin, why);

	admin_forget(admin);
	if (fault == FAULT_NONE)
		fault = backup_write(admin->store, file, admin->insist, &admin->actor, admin->now,
		    &lost, why);
	if (fault == FAULT_NONE)
		tell_lost(admin, &lost, "is missing or damaged, and not in the backup\n"
		    "hexa-admin doctor");
	names_clear(&lost);
	return fault;
}

/* ---- putting one back ---------------------------------------------------------------------- */

static void
tell_kept(struct admin *admin, const struct restored *restored)
{
	if (restored->kept == NULL)
		return;
	if (restored->was_whole)
		notice(admin, "what was replaced is kept in %s, until there are %d newer ones\n"
		    "hexa-admin restore %s", restored->kept, KEPT_MAX, restored->kept);
	else
		notice(admin, "what was replaced was no whole database (%s); it is kept in %s",
		    restored->was.text, restored->kept);
}

/* A new host with an old backup, or one of somebody else's, is nobody's to log in to. */
static void
tell_administrators(struct admin *admin)
{
	enum provision provision = PROVISION_LASTING;
	struct txn *txn = NULL;

	if (store_read_begin(admin->store, &txn, NULL) != FAULT_NONE)
		return;
	if (change_provision(txn, admin->now, &provision, NULL) == FAULT_NONE &&
	    provision == PROVISION_NONE)
		notice(admin, "no active user holds %s; root may administer it all the same",
		    ROLE_SYSTEM_ADMINISTRATOR);
	store_end(txn);
}

static void
tell_restored(struct admin *admin, const struct restored *restored, const struct why *broken)
{
	tell_kept(admin, restored);
	if (restored->contents > 0)
		notice(admin, "%" PRIu64 " content%s of documents put back",
		    restored->contents, restored->contents == 1 ? "" : "s");
	if (restored->others > 0)
		notice(admin, "%" PRIu64 " user%s the uid of somebody else before: files that are "
		    "left of whoever had it are theirs now", restored->others,
		    restored->others == 1 ? " has" : "s have");
	tell_lost(admin, &restored->lost, "is neither in the backup nor on this host");
	if (broken->fault != FAULT_NONE)
		notice(admin, "the journal that came with it is not whole: %s\n"
		    "hexa-admin activity verify", broken->text);
	tell_administrators(admin);
}

enum fault
backup_put_back(struct admin *admin, struct backup *backup, const char *action, struct why *why)
{
	struct restored restored = {0};
	struct why broken = {0};
	enum fault fault;

	admin_forget(admin);
	if (backup_verify(backup, &broken) == FAULT_NONE)
		broken = (struct why){0};
	fault = backup_restore(backup, &admin->actor, action, admin->now, &restored, &admin->store,
	    why);
	backup_close(backup);
	if (fault != FAULT_NONE)
		return fault;
	if (admin->committed != NULL)
		admin->committed(admin->committed_context);
	tell_restored(admin, &restored, &broken);
	if (restored.unpublished.fault != FAULT_NONE) {
		fault = why_set(why, FAULT_UNAVAILABLE, "restored, but not published yet: %s",
		    restored.unpublished.text);
		why_mend(why, "hexa-admin doctor");
	}
	restored_clear(&restored);
	return fault;
}
