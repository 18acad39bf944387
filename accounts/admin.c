/*
 * admin.c - who is acting, and what they may.
 */
#include "accounts/admin.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "accounts/effects.h"
#include "accounts/host.h"
#include "accounts/place.h"
#include "policy/assignment.h"
#include "policy/grant.h"
#include "policy/text.h"
#include "store/paths.h"

/* The host's own users stand here; NSS would also give Hexa's, whom we are to tell apart. */
#define PASSWD_FILE "/etc/passwd"

/* ---- rights ------------------------------------------------------------------------------- */

/*
 * A user with what decides about their rights on Hexa.  Of the rules that is the built-in part: no
 * host, client or service is asked about, and nothing of it is anybody's to change.
 */
struct standing {
	struct user user;
	struct roles roles;
	struct rules rules;
};

static void
standing_clear(struct standing *standing)
{
	user_clear(&standing->user);
	roles_clear(&standing->roles);
	rules_clear(&standing->rules);
}

/* *standing must be all zero; it is to be cleared whatever comes of it. */
static enum fault
standing_load(struct txn *txn, uint32_t uid, struct standing *standing, struct why *why)
{
	enum fault fault = user_get(txn, uid, &standing->user, why);

	if (fault == FAULT_UNKNOWN)
		return why_set(why, FAULT_DENIED,
		    "uid %lu was given out by Hexa, and its user is gone", (unsigned long)uid);
	if (fault == FAULT_NONE)
		fault = roles_load_held(txn, &standing->user, &standing->roles, why);
	if (fault == FAULT_NONE)
		fault = rules_add_builtin(&standing->rules, why);
	return fault;
}

static enum verdict
standing_verdict(const struct standing *standing, int64_t now, const char *permission)
{
	const struct request request = {
	    .host = "", .now = now, .phase = PHASE_ACCOUNT, .proof = PROOF_NOTHING};

	return decide_permission(&standing->user, &standing->roles, &standing->rules, &request,
	    permission).verdict;
}

static enum fault
standing_needs(const struct standing *standing, int64_t now, const char *permission,
    struct why *why)
{
	enum verdict verdict = standing_verdict(standing, now, permission);

	if (verdict_allows(verdict))
		return FAULT_NONE;
	return why_set(why, FAULT_DENIED, "%s may not do this: it needs %s (%s)",
	    standing->user.name, permission, verdict_name(verdict));
}

/* Any permission on Hexa: without one there is nothing to act for. */
static enum fault
standing_acts(const struct standing *standing, int64_t now, struct why *why)
{
	enum verdict verdict = VERDICT_NONE;

	for (size_t i = 0; i < standing->rules.count; i++) {
		verdict = standing_verdict(standing, now, standing->rules.permission[i].name);
		if (verdict_allows(verdict))
			return FAULT_NONE;
	}
	return why_set(why, FAULT_DENIED, "%s may not do this: it needs a permission on Hexa (%s)",
	    standing->user.name, verdict_name(verdict));
}

void
reach_clear(struct reach *reach)
{
	names_clear(&reach->assignments);
	reach->everywhere = false;
}

/* The scopes in which it is held; that it is, standing_needs() has said. */
static enum fault
standing_reach(const struct standing *standing, int64_t now, const char *permission,
    struct reach *reach, struct why *why)
{
	const struct user *user = &standing->user;
	struct reach found = {0};

	for (size_t i = 0; i < user->grants.count; i++) {
		struct grant grant;

		found.everywhere |= grant_parse(user->grants.item[i], &grant) &&
		    grant_counts(&grant, now) && permission_matches(grant.permission, permission);
	}
	for (size_t i = 0; i < user->roles.count; i++) {
		struct assignment assignment;
		const struct role *role;

		if (!assignment_parse(user->roles.item[i], &assignment))
			continue;
		role = roles_find(&standing->roles, assignment.role);
		if (role == NULL || role->disabled ||
		    !names_have_sorted(&role->closure, permission))
			continue;
		found.everywhere |= assignment.scope.kind == SCOPE_EVERYTHING;
		if (!names_add(&found.assignments, user->roles.item[i])) {
			reach_clear(&found);
			return why_memory(why);
		}
	}
	*reach = found;
	return FAULT_NONE;
}

enum fault
admin_reach(const struct admin *admin, struct txn *txn, const char *permission,
    struct reach *reach, struct why *why)
{
	struct standing standing = {0};
	enum fault fault;

	if (admin->is_root) {
		reach->everywhere = true;
		return FAULT_NONE;
	}
	fault = standing_load(txn, admin->self, &standing, why);
	if (fault == FAULT_NONE)
		fault = standing_needs(&standing, admin->now, permission, why);
	if (fault == FAULT_NONE)
		fault = standing_reach(&standing, admin->now, permission, reach, why);
	standing_clear(&standing);
	return fault;
}

bool
reach_covers_user(const struct reach *reach, const struct user *user)
{
	for (size_t i = 0; !reach->everywhere && i < reach->assignments.count; i++) {
		struct assignment assignment;

		if (assignment_parse(reach->assignments.item[i], &assignment) &&
		    scope_covers_user(&assignment.scope, user))
			return true;
	}
	return reach->everywhere;
}

bool
reach_covers_client(const struct reach *reach, const char *client)
{
	const struct scope scope = {SCOPE_CLIENT, client};

	for (size_t i = 0; !reach->everywhere && i < reach->assignments.count; i++) {
		struct assignment assignment;

		if (assignment_parse(reach->assignments.item[i], &assignment) &&
		    scope_covers(&assignment.scope, &scope))
			return true;
	}
	return reach->everywhere;
}

/* FAULT_DENIED, saying how far the permission reaches, unless `covers`. */
static enum fault
refuse_beyond(const struct reach *reach, bool covers, const char *permission, const char *what,
    struct why *why)
{
	if (covers)
		return FAULT_NONE;
	return why_set(why, FAULT_DENIED, "you hold %s by %s%s, which %s",
	    permission, reach->assignments.count == 0 ? "nothing" : reach->assignments.item[0],
	    reach->assignments.count > 1 ? " and others" : "", what);
}

enum { WHAT_BYTES = LOGIN_NAME_BYTES + WORD_BYTES + 64 };

enum fault
admin_needs_within(const struct admin *admin, struct txn *txn, const char *permission,
    struct why *why)
{
	struct reach reach = {0};
	enum fault fault = admin_reach(admin, txn, permission, &reach, why);

	reach_clear(&reach);
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

/* `still`: after a change, of somebody who is reached before. */
static enum fault
needs_over(const struct admin *admin, struct txn *txn, const char *permission,
    const struct user *user, bool still, struct why *why)
{
	struct reach reach = {0};
	const char *called = user->name == NULL ? "the new user" : user->name;
	char what[WHAT_BYTES];
	enum fault fault = admin_reach(admin, txn, permission, &reach, why);

	/* Who is out of reach and was found by an address is not named: it would tell whose it is. */
	if (!still && user->uid != 0)
		called = "this user";
	snprintf(what, sizeof(what), "%s reach %s%s", still ? "would not" : "does not", called,
	    still ? " any more" : "");
	if (fault == FAULT_NONE)
		fault = refuse_beyond(&reach, reach_covers_user(&reach, user), permission, what,
		    why);
	reach_clear(&reach);
	return fault;
}

enum fault
admin_needs_over(const struct admin *admin, struct txn *txn, const char *permission,
    const struct user *user, struct why *why)
{
	return needs_over(admin, txn, permission, user, false, why);
}

static enum fault
no_such_user(const char *who, struct why *why)
{
	return why_set(why, FAULT_UNKNOWN, "no such user: %.64s", who);
}

enum fault
admin_find_user(const struct admin *admin, struct txn *txn, const char *permission,
    const char *who, struct user *user, struct why *why)
{
	enum fault fault = user_find(txn, who, user, why);

	if (fault == FAULT_UNKNOWN)
		return no_such_user(who, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = admin_needs_over(admin, txn, permission, user, why);
	if (fault != FAULT_NONE)
		user_clear(user);
	/* Who has the permission nowhere is told so, whoever is asked about. */
	if (fault == FAULT_DENIED && (strchr(who, '@') != NULL || *who == '+') &&
	    admin_needs_within(admin, txn, permission, NULL) == FAULT_NONE)
		fault = no_such_user(who, why);
	return fault;
}

enum fault
admin_needs_still_over(const struct admin *admin, struct txn *txn, const char *permission,
    const struct user *user, struct why *why)
{
	return needs_over(admin, txn, permission, user, true, why);
}

enum fault
admin_needs_over_client(const struct admin *admin, struct txn *txn, const char *permission,
    const char *client, struct why *why)
{
	struct reach reach = {0};
	char what[WHAT_BYTES];
	enum fault fault = admin_reach(admin, txn, permission, &reach, why);

	snprintf(what, sizeof(what), "does not reach %s", client);
	if (fault == FAULT_NONE)
		fault = refuse_beyond(&reach, reach_covers_client(&reach, client), permission,
		    what, why);
	reach_clear(&reach);
	return fault;
}

enum fault
admin_needs_everywhere(const struct admin *admin, struct txn *txn, const char *permission,
    struct why *why)
{
	struct reach reach = {0};
	enum fault fault = admin_reach(admin, txn, permission, &reach, why);

	if (fault == FAULT_NONE)
		fault = refuse_beyond(&reach, reach.everywhere, permission,
		    "does not reach so far", why);
	reach_clear(&reach);
	return fault;
}

enum fault
admin_may_see(const struct admin *admin, struct txn *txn, const char *permission,
    const struct user *user, bool *may, struct why *why)
{
	struct reach reach = {0};
	enum fault fault = admin_reach(admin, txn, permission, &reach, why);

	if (fault == FAULT_NONE)
		*may = reach_covers_user(&reach, user);
	reach_clear(&reach);
	return fault;
}

enum fault
admin_sees_since(const struct admin *admin, struct txn *txn, int64_t *since, struct why *why)
{
	struct standing standing = {0};
	int64_t today = admin->now - admin->now % SECONDS_PER_DAY;
	uint32_t days = 0;
	enum fault fault = FAULT_NONE;

	if (!admin->is_root)
		fault = standing_load(txn, admin->self, &standing, why);
	if (fault == FAULT_NONE && !admin->is_root)
		days = access_back(&standing.user, &standing.roles);
	if (fault == FAULT_NONE)
		*since = days == 0 ? INT64_MIN : today - (int64_t)days * SECONDS_PER_DAY;
	standing_clear(&standing);
	return fault;
}

/* FAULT_DENIED unless they hold `*`; that they may act, the caller has seen. */
static enum fault
needs_written_all(const struct admin *admin, struct txn *txn, struct why *why)
{
	static char all[] = EFFECT_ALL, nowhere_else[] = "";
	static struct effect every = {EFFECT_PERMISSION, all, SCOPE_EVERYTHING, nowhere_else};
	static const struct effects wanted = {&every, 1};
	struct document document = {0};
	struct effects effects = {0};
	enum fault fault = document_load(txn, &document, why);

	if (fault == FAULT_NONE)
		fault = effects_of_actor(admin, txn, &document, &effects, why);
	if (fault == FAULT_NONE && effects_beyond(&wanted, &effects) != NULL)
		fault = why_set(why, FAULT_DENIED,
		    "only who holds every permission (`*`) may do this");
	effects_clear(&effects);
	document_clear(&document);
	return fault;
}

enum fault
admin_needs_all(const struct admin *admin, struct txn *txn, struct why *why)
{
	struct standing standing = {0};
	enum fault fault;

	if (admin->is_root)
		return FAULT_NONE;
	fault = standing_load(txn, admin->self, &standing, why);
	if (fault == FAULT_NONE)
		fault = standing_acts(&standing, admin->now, why);
	standing_clear(&standing);
	return fault == FAULT_NONE ? needs_written_all(admin, txn, why) : fault;
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

	if (caller->uid != 0)
		return why_set(why, FAULT_DENIED, "only root may do this: run it with sudo");
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

/* Somebody whom Hexa knows, or knew: they act by rights of their own, or not at all. */
static enum fault
user_acts(struct txn *txn, uint32_t uid, int64_t now, struct actor *actor, struct why *why)
{
	struct standing standing = {0};
	char local[HOST_LOCAL_BYTES] = "";
	enum fault fault = standing_load(txn, uid, &standing, why);

	if (fault == FAULT_NONE)
		fault = standing_acts(&standing, now, why);
	if (fault == FAULT_NONE)
		fault = host_local_user("", standing.user.name, uid, local, why);
	if (fault == FAULT_NONE && local[0] != '\0' && strcmp(local, standing.user.name) != 0)
		fault = why_set(why, FAULT_DENIED,
		    "uid %lu is both %s of Hexa's and %s of %s, so it cannot be told who is acting",
		    (unsigned long)uid, standing.user.name, local, PASSWD_FILE);
	if (fault == FAULT_NONE) {
		snprintf(actor->name, sizeof(actor->name), "%s", standing.user.name);
		actor->uid = uid;
	}
	standing_clear(&standing);
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
	if (given) {
		admin->self = person;
		return user_acts(txn, person, admin->now, &admin->actor, why);
	}
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
	struct actor unnamed;
	struct user user = {0};
	enum fault fault;

	fault = user_find(txn, as, &user, why);
	if (fault == FAULT_NONE)
		fault = user_acts(txn, user.uid, admin->now, &unnamed, why);
	if (fault == FAULT_NONE) {
		admin->self = user.uid;
		admin->is_root = false;
	}
	user_clear(&user);
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

/* As host_id_is_taken(), of a view. */
static enum fault
id_is_taken(void *context, uint32_t id, bool *is_taken, struct why *why)
{
	return host_view_has_id(context, id, is_taken, why);
}

/* Who stands behind sudo is told by this host alone, and is nobody else. */
static enum fault
refuse_for_person(const char *root, const struct caller *caller, uint32_t person, struct why *why)
{
	if (person == 0 || (*root == '\0' && caller->as == NULL))
		return FAULT_NONE;
	return why_set(why, FAULT_DENIED,
	    "%s is for root itself, not for who is behind sudo: become root first (sudo su -)",
	    *root != '\0' ? "--root" : "--as");
}

enum fault
admin_may_leave(const struct caller *caller, bool for_tree, struct why *why)
{
	uint32_t person = 0;
	enum fault fault;

	if (caller->uid != 0 || (!for_tree && caller->as == NULL))
		return FAULT_NONE;
	fault = sudo_person(caller, &person, why);
	if (fault == FAULT_NONE)
		fault = refuse_for_person(for_tree ? "/" : "", caller, person, why);
	return fault;
}

enum fault
admin_open(struct admin *admin, const char *root, const struct caller *caller,
    unsigned store_flags, int64_t now, struct why *why)
{
	struct admin opened = {.root = root, .now = now};
	uint32_t person = 0;
	enum fault fault;

	opened.actor.login_uid = caller->login_uid;
	place_put(opened.actor.from, sizeof(opened.actor.from), caller->from);
	fault = sudo_person(caller, &person, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = refuse_for_person(root, caller, person, why);
	if (fault != FAULT_NONE)
		return fault;
	opened.host = host_view_open(root);
	if (opened.host == NULL)
		return why_memory(why);
	fault = store_open(root, store_flags, &opened.store, why);
	if (fault == FAULT_UNAVAILABLE)
		host_mend_missing(root, why);
	if (fault == FAULT_NONE) {
		store_ask_ids(opened.store, &(struct id_source){id_is_taken, opened.host});
		fault = find_actor(&opened, caller, person, why);
	}
	if (fault == FAULT_NONE) {
		*admin = opened;
		return FAULT_NONE;
	}
	store_close(opened.store);
	host_view_close(opened.host);
	return fault;
}

enum fault
admin_open_self(struct admin *admin, const char *root, const struct caller *caller,
    const char *name, unsigned store_flags, int64_t now, struct why *why)
{
	struct admin opened = {.root = root,
	    .actor = {.uid = caller->uid, .login_uid = caller->login_uid},
	    .is_root = true,
	    .now = now};
	enum fault fault;

	snprintf(opened.actor.name, sizeof(opened.actor.name), "%s", name);
	place_put(opened.actor.from, sizeof(opened.actor.from), caller->from);
	opened.host = host_view_open(root);
	if (opened.host == NULL)
		return why_memory(why);
	fault = store_open(root, store_flags, &opened.store, why);
	if (fault == FAULT_NONE)
		*admin = opened;
	else
		host_view_close(opened.host);
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

	place_put(found.from, sizeof(found.from), caller->from);

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
	host_view_close(admin->host);
	admin_forget(admin);
	*admin = (struct admin){0};
}

void
admin_forget(struct admin *admin)
{
	names_clear(&admin->notices);
	names_clear(&admin->shortfall.limits);
	admin->shortfall = (struct shortfall){0};
	names_clear(&admin->assigned.clients);
	free(admin->assigned.name);
	free(admin->assigned.email);
	free(admin->assigned.from);
	admin->assigned = (struct assigned){0};
}
