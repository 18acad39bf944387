/*
 * admin.c - who is acting, and what they may.
 */
#include "accounts/admin.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "accounts/host.h"
#include "policy/text.h"
#include "store/paths.h"

/* The host's own users stand here; NSS would also give Hexa's, whom we are to tell apart. */
#define PASSWD_FILE "/etc/passwd"

/* ---- rights ------------------------------------------------------------------------------- */

/* FAULT_DENIED unless the user holds this permission, or with NULL every one there is. */
static enum fault
user_needs(const struct user *user, const struct roles *roles, const struct rules *rules,
    int64_t now, const char *permission, struct why *why)
{
	const struct request request = {
	    .host = "", .now = now, .phase = PHASE_ACCOUNT, .proof = PROOF_NOTHING};
	bool asked = false;

	for (size_t i = 0; i < rules->count; i++) {
		const char *name = rules->permission[i].name;
		struct decision decision;

		if (permission != NULL && strcmp(permission, name) != 0)
			continue;
		asked = true;
		decision = decide_permission(user, roles, rules, &request, name);
		if (!verdict_allows(decision.verdict))
			return why_set(why, FAULT_DENIED, "%s may not do this: it needs %s (%s)",
			    user->name, permission == NULL ? "every permission" : permission,
			    verdict_name(decision.verdict));
	}
	if (!asked)
		return why_set(why, FAULT_DENIED, "%s may not do this: nobody holds %s", user->name,
		    permission == NULL ? "any permission" : permission);
	return FAULT_NONE;
}

static enum fault
uid_needs(struct txn *txn, uint32_t uid, int64_t now, const char *permission, struct user *user,
    struct why *why)
{
	struct roles roles = {0};
	struct rules rules = {0};
	enum fault fault;

	fault = user_get(txn, uid, user, why);
	if (fault == FAULT_UNKNOWN)
		fault = why_set(why, FAULT_DENIED,
		    "uid %lu was given out by Hexa, and its user is gone", (unsigned long)uid);
	if (fault == FAULT_NONE)
		fault = roles_load_held(txn, user, &roles, why);
	if (fault == FAULT_NONE)
		fault = rules_load(txn, &rules, why);
	if (fault == FAULT_NONE)
		fault = user_needs(user, &roles, &rules, now, permission, why);
	roles_clear(&roles);
	rules_clear(&rules);
	return fault;
}

enum fault
admin_needs_within(const struct admin *admin, struct txn *txn, const char *permission,
    struct why *why)
{
	struct user user = {0};
	enum fault fault;

	if (admin->is_root)
		return FAULT_NONE;
	fault = uid_needs(txn, admin->self, admin->now, permission, &user, why);
	user_clear(&user);
	return fault;
}

enum fault
admin_needs(const struct admin *admin, const char *permission, struct why *why)
{
	struct txn *txn;
	enum fault fault;

	if (admin->is_root)
		return FAULT_NONE;
	fault = store_read_begin(admin->store, &txn, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = admin_needs_within(admin, txn, permission, why);
	store_end(txn);
	return fault;
}

enum fault
admin_needs_other(const struct admin *admin, uint32_t uid, struct why *why)
{
	if (admin->is_root || admin->self != uid)
		return FAULT_NONE;
	return why_set(why, FAULT_DENIED,
	    "this is your own account, which somebody else must change");
}

/* ---- who is acting ------------------------------------------------------------------------ */

/* The person behind sudo; 0 when it is root. */
static enum fault
sudo_person(const struct caller *caller, uint32_t *person, struct why *why)
{
	uint64_t uid = 0;

	if (caller->uid != 0) {
		why_set(why, FAULT_DENIED, "only root may do this");
		why_mend(why, "run it with sudo");
		return FAULT_DENIED;
	}
	/* (uid_t)-1 is nobody's: chown(2) and setuid(2) take it for "leave it". */
	if (caller->sudo_uid != NULL && !text_to_number(caller->sudo_uid, UINT32_MAX - 1, &uid))
		return why_set(why, FAULT_UNAVAILABLE,
		    "SUDO_UID is no user id, so it cannot be told who is acting");
	*person = (uint32_t)uid;
	return FAULT_NONE;
}

/* The name of a uid in the host's own passwd file; FAULT_UNKNOWN when it is not there. */
static enum fault
local_name(uint32_t uid, char *name, size_t size, struct why *why)
{
	FILE *file = fopen(PASSWD_FILE, "re");
	enum fault fault = FAULT_UNKNOWN;
	struct passwd *line;

	if (file == NULL)
		return why_set(why, FAULT_UNAVAILABLE, "cannot read %s: %m", PASSWD_FILE);
	while (fault == FAULT_UNKNOWN && (line = fgetpwent(file)) != NULL) {
		if (line->pw_uid != uid)
			continue;
		snprintf(name, size, "%s", line->pw_name);
		fault = FAULT_NONE;
	}
	/* NULL comes for want of memory too; only the end of the file means "not there". */
	if (fault == FAULT_UNKNOWN && (ferror(file) || !feof(file)))
		fault = why_set(why, FAULT_UNAVAILABLE, "cannot read %s", PASSWD_FILE);
	fclose(file);
	return fault;
}

/* Somebody whom Hexa knows, or knew: they need every right of their own. */
static enum fault
identify_user(struct admin *admin, struct txn *txn, uint32_t uid, struct why *why)
{
	struct user user = {0};
	enum fault fault;

	fault = uid_needs(txn, uid, admin->now, NULL, &user, why);
	if (fault == FAULT_NONE) {
		snprintf(admin->actor.name, sizeof(admin->actor.name), "%s", user.name);
		admin->actor.uid = uid;
		admin->self = uid;
	}
	user_clear(&user);
	return fault;
}

static enum fault
identify(struct admin *admin, struct txn *txn, uint32_t person, struct why *why)
{
	bool given = false;
	enum fault fault;

	if (person == 0) {
		snprintf(admin->actor.name, sizeof(admin->actor.name), "root");
		admin->is_root = true;
		return FAULT_NONE;
	}
	fault = id_was_given(txn, person, &given, why);
	if (fault != FAULT_NONE)
		return fault;
	if (given)
		return identify_user(admin, txn, person, why);
	fault = local_name(person, admin->actor.name, sizeof(admin->actor.name), why);
	if (fault == FAULT_UNKNOWN)
		return why_set(why, FAULT_DENIED,
		    "uid %lu is neither a user of Hexa's nor in %s", (unsigned long)person,
		    PASSWD_FILE);
	admin->actor.uid = person;
	admin->is_root = fault == FAULT_NONE;
	return fault;
}

/* --as: root lays its rights down; the journal goes on naming root. */
static enum fault
act_as(struct admin *admin, struct txn *txn, const char *as, struct why *why)
{
	struct user user = {0}, same = {0};
	enum fault fault;

	fault = user_find(txn, as, &user, why);
	if (fault == FAULT_NONE)
		fault = uid_needs(txn, user.uid, admin->now, NULL, &same, why);
	if (fault == FAULT_NONE) {
		admin->self = user.uid;
		admin->is_root = false;
	}
	user_clear(&user);
	user_clear(&same);
	return fault;
}

static enum fault
find_actor(struct admin *admin, const struct caller *caller, uint32_t person, struct why *why)
{
	struct txn *txn;
	enum fault fault;

	fault = store_read_begin(admin->store, &txn, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = identify(admin, txn, person, why);
	if (fault == FAULT_NONE && caller->as != NULL)
		fault = act_as(admin, txn, caller->as, why);
	store_end(txn);
	return fault;
}

/* An id that another source of the host's knows is not given out. */
static enum fault
id_is_taken(void *context, uint32_t id, bool *is_taken, struct why *why)
{
	const char *root = context;

	return host_has_id(root, id, is_taken, why);
}

/* Who stands behind sudo is told by this host alone, and is nobody else. */
static enum fault
refuse_for_person(const char *root, const struct caller *caller, uint32_t person, struct why *why)
{
	if (person == 0 || (*root == '\0' && caller->as == NULL))
		return FAULT_NONE;
	why_set(why, FAULT_DENIED, "%s is for root itself, not for who is behind sudo",
	    *root != '\0' ? "--root" : "--as");
	why_mend(why, "become root first: sudo -i");
	return FAULT_DENIED;
}

enum fault
admin_open(struct admin *admin, const char *root, const struct caller *caller,
    unsigned store_flags, int64_t now, struct why *why)
{
	struct admin opened = {.root = root, .now = now};
	uint32_t person = 0;
	enum fault fault;

	opened.actor.login_uid = caller->login_uid;
	fault = sudo_person(caller, &person, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = refuse_for_person(root, caller, person, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = store_open(root, store_flags, &opened.store, why);
	if (fault != FAULT_NONE)
		return fault;
	store_ask_ids(opened.store, id_is_taken, (void *)root);
	fault = find_actor(&opened, caller, person, why);
	if (fault == FAULT_NONE)
		*admin = opened;
	else
		store_close(opened.store);
	return fault;
}

enum fault
admin_needs_root(const struct admin *admin, struct why *why)
{
	return admin->is_root ? FAULT_NONE
	                      : why_set(why, FAULT_DENIED, "only root may do this");
}

/* FAULT_NONE with *is_there false only when it is certain that there is none. */
static enum fault
database_is_there(bool *is_there, struct why *why)
{
	struct stat status;

	*is_there = true;
	if (lstat(DATABASE_FILE, &status) == 0)
		return FAULT_NONE;
	if (errno != ENOENT)
		return why_set(why, FAULT_UNAVAILABLE, "cannot look for %s: %m", DATABASE_FILE);
	*is_there = false;
	return FAULT_NONE;
}

/* Somebody behind sudo, on this host. */
static enum fault
person_is_root(const struct caller *caller, uint32_t person, int64_t now, struct actor *actor,
    struct why *why)
{
	struct admin admin = {0};
	bool is_there;
	enum fault fault = database_is_there(&is_there, why);

	if (fault != FAULT_NONE)
		return fault;
	if (!is_there) {
		fault = local_name(person, actor->name, sizeof(actor->name), why);
		actor->uid = person;
		return fault != FAULT_UNKNOWN ? fault
		    : why_set(why, FAULT_DENIED, "uid %lu is not in %s", (unsigned long)person,
		          PASSWD_FILE);
	}
	fault = admin_open(&admin, "", caller, STORE_READ_ONLY, now, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = admin_needs_root(&admin, why);
	*actor = admin.actor;
	admin_close(&admin);
	return fault;
}

enum fault
admin_is_root(const char *root, const struct caller *caller, int64_t now, struct actor *actor,
    struct why *why)
{
	struct actor found = {.name = "root", .login_uid = caller->login_uid};
	uint32_t person = 0;
	enum fault fault = sudo_person(caller, &person, why);

	if (fault == FAULT_NONE)
		fault = refuse_for_person(root, caller, person, why);
	if (fault == FAULT_NONE && caller->as != NULL)
		fault = why_set(why, FAULT_DENIED, "this is root's alone, not for --as");
	if (fault == FAULT_NONE && person != 0)
		fault = person_is_root(caller, person, now, &found, why);
	if (fault == FAULT_NONE)
		*actor = found;
	return fault;
}

void
admin_close(struct admin *admin)
{
	store_close(admin->store);
	*admin = (struct admin){0};
}
