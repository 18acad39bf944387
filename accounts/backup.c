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
#include "accounts/host.h"
#include "store/host_groups.h"

/* Documents, names and roles that are told one by one; the others are counted. */
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

/* ---- what its names mean here --------------------------------------------------------------- */

/* One look through them.  What the host's files say may not be known: that is told once. */
struct hearing {
	struct admin *admin;
	struct host_view *host;
	struct host_groups groups; /* of /etc/group */
	size_t told;
	bool is_deaf;
};

static void __attribute__((format(printf, 3, 4)))
tell_name(struct hearing *hearing, bool is_so, const char *format, ...)
{
	char text[512];
	va_list arguments;

	if (!is_so || hearing->told++ >= TOLD_MAX)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	notice(hearing->admin, "%s", text);
}

/* Asks the host's files; what they cannot say is "no" from there on. */
static bool
hear(struct hearing *hearing, enum fault ask(struct host_view *, const char *, bool *,
    struct why *), const char *name)
{
	struct why why = {0};
	bool is_so = false;

	if (hearing->is_deaf || ask(hearing->host, name, &is_so, &why) == FAULT_NONE)
		return is_so;
	hearing->is_deaf = true;
	notice(hearing->admin, "what the names in it mean on this host cannot be told: %s",
	    why.text);
	return false;
}

/* To the kernel they would be one: Hexa lets such a user not in. */
static void
look_at_uid(struct hearing *hearing, const struct user *user)
{
	char local[HOST_LOCAL_BYTES] = "";
	bool has = false;

	if (host_view_has_local_uid(hearing->host, user->uid, &has, NULL) != FAULT_NONE || !has ||
	    host_local_user(hearing->admin->root, user->name, user->uid, local, NULL) != FAULT_NONE)
		return;
	tell_name(hearing, *local != '\0' && strcmp(local, user->name) != 0,
	    "it has a user %s with the uid %lu, which is %s's on this host: they cannot log in here",
	    user->name, (unsigned long)user->uid, local);
}

static void
look_at_user(struct hearing *hearing, const struct user *user)
{
	const uint32_t gid = host_groups_gid(&hearing->groups, user->name);

	look_at_uid(hearing, user);
	tell_name(hearing, gid != 0 && gid != user->gid,
	    "this host has a group %s of its own, and what it lets that group do it lets the user %s "
	    "who is in it do too\nhexa-admin user rename %s NEW", user->name, user->name, user->name);
	tell_name(hearing, host_name_is_reserved(user->name),
	    "it has a user %s, and on some hosts whoever is called so is root's equal, or a daemon\n"
	    "hexa-admin user rename %s NEW", user->name, user->name);
	tell_name(hearing, hear(hearing, host_view_mentions, user->name),
	    HOST_SPEAKERS " mention %s, and mean the user %s who is in it", user->name, user->name);
	tell_name(hearing, hear(hearing, host_view_lists_member, user->name),
	    "/etc/group or /etc/gshadow has %s among the members of a group, and means the user %s "
	    "who is in it", user->name, user->name);
}

static void
look_at_role(struct hearing *hearing, const struct role *role)
{
	const char *group = role_group(role);

	if (group == NULL)
		return;
	tell_name(hearing, host_groups_gid(&hearing->groups, group) != 0,
	    "this host has a group %s of its own, as the role %s in it has\n"
	    "hexa-admin role edit %s --group no", group, role->name, role->name);
	tell_name(hearing, host_name_is_reserved(group),
	    "the role %s in it has the group %s, and on some hosts whoever is in that is root's "
	    "equal, or a daemon\nhexa-admin role edit %s --group no", role->name, group, role->name);
	tell_name(hearing, hear(hearing, host_view_mentions, group),
	    HOST_SPEAKERS " mention %s, and mean the group of the role %s that is in it", group,
	    role->name);
}

void
backup_tell_names(struct admin *admin, struct backup *backup)
{
	struct hearing hearing = {.admin = admin, .host = host_view_open(admin->root)};
	struct txn *txn = backup_txn(backup);
	struct roles roles = {0};
	struct user user = {0};

	admin_forget(admin);
	/* What cannot be read is told by the first question of the view's. */
	(void)host_groups_read(admin->root, &hearing.groups, NULL);
	if (hearing.host != NULL && roles_load(txn, &roles, NULL) == FAULT_NONE)
		for (size_t i = 0; i < roles.count; i++)
			look_at_role(&hearing, &roles.role[i]);
	while (hearing.host != NULL && user_next(txn, user.uid, &user, NULL) == FAULT_NONE)
		look_at_user(&hearing, &user);
	if (hearing.told > TOLD_MAX)
		notice(admin, "and so with %zu more", hearing.told - TOLD_MAX);
	roles_clear(&roles);
	user_clear(&user);
	host_groups_clear(&hearing.groups);
	host_view_close(hearing.host);
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

/* What they gave before is in the journal, with what they give now. */
static void
tell_mended(struct admin *admin, const struct names *mended)
{
	for (size_t i = 0; i < mended->count && i < TOLD_MAX; i++)
		notice(admin, "the role %s gave something else than its permissions say, and was "
		    "compiled anew", mended->item[i]);
	if (mended->count > TOLD_MAX)
		notice(admin, "and so were %zu more roles", mended->count - TOLD_MAX);
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
	tell_mended(admin, &restored->mended);
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
