/*
 * adopt.c - from an account of the host's to a user of Hexa's.
 */
#include "accounts/adopt.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/change.h"
#include "accounts/effects.h"
#include "accounts/host.h"
#include "accounts/host_account.h"
#include "accounts/make.h"
#include "accounts/password.h"
#include "directory/image.h"
#include "policy/text.h"
#include "store/shadow_hash.h"

/* Below are the host's own users and groups, on every distribution. */
enum { FIRST_ID = 1000 };

void
adoption_clear(struct adoption *adoption)
{
	user_clear(&adoption->user);
	names_clear(&adoption->groups);
	*adoption = (struct adoption){0};
}

static const struct field *
user_row(const char *name)
{
	return field_find(&user_table, name);
}

/* ---- who is not taken ---------------------------------------------------------------------- */

/* What kind of account it is. */
static enum fault
check_kind(const struct host_account *account, struct why *why)
{
	const char *name = account->name;

	if (account->uid < FIRST_ID)
		return why_field(why, FAULT_RULE, "uid",
		    "uid: %s has %lu: accounts below %d are the system's", name,
		    (unsigned long)account->uid, FIRST_ID);
	if (!image_id_is_served(account->uid))
		return why_field(why, FAULT_RULE, "uid", "uid: %lu is no user's on any host",
		    (unsigned long)account->uid);
	if (account->gid >= FIRST_ID && !image_id_is_served(account->gid))
		return why_field(why, FAULT_RULE, "gid", "gid: %lu is nobody's group on any host",
		    (unsigned long)account->gid);
	if (host_name_is_reserved(name))
		return why_field(why, FAULT_RULE, "name",
		    "name: %s is reserved: on some hosts that name is root's equal, or a daemon's",
		    name);
	if (account->is_compat)
		return why_field(why, FAULT_RULE, "name",
		    "name: +%s or -%s in /etc/passwd speaks of another source's account", name,
		    name);
	return FAULT_NONE;
}

/* Whether its name and uid are its own. */
static enum fault
check_single(const struct host_account *account, struct why *why)
{
	const char *name = account->name;

	if (account->lines > 1 || account->shadow_lines > 1)
		return why_field(why, FAULT_CONFLICT, "name", "name: %s stands in %s twice", name,
		    account->lines > 1 ? "/etc/passwd" : "/etc/shadow");
	if (account->twin != NULL)
		return why_field(why, FAULT_CONFLICT, "uid", "uid: %s has %lu as well",
		    account->twin, (unsigned long)account->uid);
	return FAULT_NONE;
}

static enum fault
check_elsewhere(const char *root, const struct host_account *account, struct why *why)
{
	char other[WHY_FIELD_MAX];
	enum fault fault = host_subordinate_id(root, account->name, account->uid, other, why);

	if (fault == FAULT_NONE && other[0] != '\0')
		return why_field(why, FAULT_CONFLICT, "uid",
		    "uid: %lu is among the subordinate ids of %s", (unsigned long)account->uid,
		    other);
	if (fault == FAULT_NONE)
		fault = host_others_know(root, account->name, account->uid, other, why);
	if (fault == FAULT_NONE && other[0] != '\0')
		return why_field(why, FAULT_CONFLICT, "uid",
		    "uid: another source of this host's users has %s: %s",
		    strncmp(other, "uid ", 4) == 0 ? "the name with another uid"
		                                   : "the uid under another name", other);
	return fault;
}

/* A group that Hexa would answer must be nobody else's. */
static enum fault
check_group(const char *root, const struct host_account *account, struct why *why)
{
	char other[WHY_FIELD_MAX];
	enum fault fault;

	if (account->gid >= FIRST_ID && (account->gid != account->uid || account->group != NULL))
		return FAULT_NONE;
	fault = host_group_clashes(root, account->name, account->uid, other, why);
	if (fault == FAULT_NONE && other[0] != '\0')
		fault = why_field(why, FAULT_CONFLICT, "gid",
		    "gid: %s with the gid %lu would be the user's own group, and %s is in its way",
		    account->name, (unsigned long)account->uid, other);
	return fault;
}

static enum fault
check_account(const char *root, const struct host_account *account, struct why *why)
{
	enum fault fault = check_kind(account, why);

	if (fault == FAULT_NONE)
		fault = check_single(account, why);
	if (fault == FAULT_NONE)
		fault = check_group(root, account, why);
	if (fault == FAULT_NONE)
		fault = check_elsewhere(root, account, why);
	return fault;
}

/* ---- what is told besides ------------------------------------------------------------------ */

static enum fault __attribute__((format(printf, 3, 4)))
tell(struct admin *admin, struct why *why, const char *format, ...)
{
	char text[WHY_TEXT_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return names_add(&admin->notices, text) ? FAULT_NONE : why_memory(why);
}

static enum fault
tell_password(struct admin *admin, const struct adoption *adoption, struct why *why)
{
	const char *name = adoption->user.name;

	if (adoption->method[0] == '\0')
		return tell(admin, why, "%s has no password, and is let in by a key alone\n"
		    "hexa-admin user password %s", name, name);
	if (adoption->user.status == STATUS_SUSPENDED)
		return tell(admin, why, "%s is locked on this host, and suspended here\n"
		    "hexa-admin user resume %s", name, name);
	return FAULT_NONE;
}

static enum fault
tell_group(struct admin *admin, const struct host_account *account, struct why *why)
{
	const char *group = account->group == NULL ? "" : account->group;

	if (account->gid >= FIRST_ID)
		return FAULT_NONE;
	return tell(admin, why, "%s gets a group of their own (%lu) in the place of %s (%lu)%s",
	    account->name, (unsigned long)account->uid,
	    *group == '\0' ? "one without a name" : group, (unsigned long)account->gid,
	    names_have(&account->groups, group) ? "" : ", in which they are no more");
}

/* Their groups stay theirs: that some of these are as good as root is not to be overlooked. */
static enum fault
tell_powers(struct admin *admin, const struct host_account *account, struct why *why)
{
	bool mentioned = false;
	struct bytes equal = {0};
	enum fault fault = FAULT_NONE;
	char *text;

	for (size_t i = 0; i < account->groups.count; i++)
		if (group_is_root_equal(account->groups.item[i]))
			bytes_print(&equal, "%s%s", equal.size > 0 ? ", " : "",
			    account->groups.item[i]);
	text = bytes_take_text(&equal);
	if (text == NULL)
		return why_memory(why);
	if (text[0] != '\0')
		fault = tell(admin, why, "%s is in %s: as good as root, whatever the roles say",
		    account->name, text);
	free(text);
	if (fault == FAULT_NONE)
		fault = host_mentions(admin->root, account->name, &mentioned, why);
	if (fault == FAULT_NONE && mentioned)
		fault = tell(admin, why, HOST_SPEAKERS " mention %s, and go on to",
		    account->name);
	return fault;
}

static enum fault
tell_all(struct admin *admin, const struct host_account *account, const struct adoption *adoption,
    struct why *why)
{
	enum fault fault = tell_password(admin, adoption, why);

	if (fault == FAULT_NONE)
		fault = tell_group(admin, account, why);
	if (fault == FAULT_NONE)
		fault = tell_powers(admin, account, why);
	if (fault == FAULT_NONE && admin->actor.uid == account->uid)
		fault = tell(admin, why,
		    "%s, who does this, may do what the roles allow from now on, and no more",
		    account->name);
	return fault;
}

/* ---- the record ---------------------------------------------------------------------------- */

/*
 * The full name stands before the first comma of GECOS: its first word, and the others.  What is
 * missing, or is not fit to be published, is the login name.
 */
static enum fault
draft_names(const struct host_account *account, struct user *user, struct why *why)
{
	char *whole = strdup(account->gecos), *first, *last;
	enum fault fault;

	if (whole == NULL)
		return why_memory(why);
	whole[strcspn(whole, ",")] = '\0';
	last = whole + strspn(whole, " ");
	first = strsep(&last, " ");
	if (last != NULL) {
		last += strspn(last, " ");
		for (size_t size = strlen(last); size > 0 && last[size - 1] == ' '; size--)
			last[size - 1] = '\0';
	}
	if (*first == '\0' || field_parse(user_row("first-name"), user, first, why) != FAULT_NONE)
		first = account->name;
	if (last == NULL || *last == '\0' ||
	    field_parse(user_row("last-name"), user, last, why) != FAULT_NONE)
		last = account->name;
	fault = field_parse(user_row("first-name"), user, first, why);
	if (fault == FAULT_NONE)
		fault = field_parse(user_row("last-name"), user, last, why);
	free(whole);
	return fault;
}

/* The days since 1970 up to the last one that is written with a year of four digits. */
enum { DAYS_MAX = 2932896 };

/* The last second before the day; 0, which is "never", when the day never comes. */
static int64_t
end_before(long days)
{
	if (days == DAY_NONE || days > DAYS_MAX)
		return 0;
	return days == 0 ? 1 : (int64_t)days * SECONDS_PER_DAY - 1;
}

/*
 * The password's own days: 0 wants it changed at the next login, and none at all means that nobody
 * has counted so far.  How long it is good is the policy's to say.
 */
static void
draft_password_day(const struct admin *admin, const struct host_account *account,
    struct user *user)
{
	user->must_change = account->changed == 0;
	user->password_set = admin->now;
	if (account->changed > 0 && account->changed < admin->now / SECONDS_PER_DAY)
		user->password_set = (int64_t)account->changed * SECONDS_PER_DAY;
}

/* A command for this host says nothing about another tree. */
static void
mend_password(const struct admin *admin, const struct host_account *account, struct why *why)
{
	if (admin->root[0] == '\0')
		why_mend(why, "passwd %s", account->name);
}

/* What a password is compared with, locked or not; NULL: no password fits. */
static const char *
account_hash(const struct host_account *account)
{
	const char *hash = account->hash + strspn(account->hash, "!");

	return hash[0] == '\0' || hash[0] == '*' ? NULL : hash;
}

static bool
account_is_locked(const struct host_account *account)
{
	return account->hash[0] == '!';
}

/* The password field: nothing, a hash, a hash that is locked, or what is no hash of anything. */
static enum fault
check_password(const struct admin *admin, const struct host_account *account, struct why *why)
{
	const char *hash = account_hash(account);
	enum fault fault;

	if (account->hash[0] == '\0') {
		why_field(why, FAULT_RULE, "password",
		    "%s has an empty password: whoever knows the name is let in", account->name);
		mend_password(admin, account, why);
		return FAULT_RULE;
	}
	if (hash == NULL)
		return FAULT_NONE;
	fault = shadow_hash_check(hash, why);
	if (fault == FAULT_RULE)
		mend_password(admin, account, why);
	return fault;
}

static enum fault
draft_password(const struct admin *admin, const struct host_account *account,
    struct adoption *adoption, struct why *why)
{
	struct user *user = &adoption->user;
	const char *hash = account_hash(account);
	enum fault fault = check_password(admin, account, why);

	if (fault != FAULT_NONE || hash == NULL)
		return fault;
	user->status = account_is_locked(account) ? STATUS_SUSPENDED : STATUS_ACTIVE;
	user->password = strdup(hash);
	if (user->password == NULL)
		return why_memory(why);
	snprintf(adoption->method, sizeof(adoption->method), "%s", shadow_hash_method(hash));
	draft_password_day(admin, account, user);
	return FAULT_NONE;
}

static enum fault
draft_places(const struct host_account *account, struct user *user, struct why *why)
{
	/* What passwd(5) says of empty ones. */
	const char *shell = account->shell[0] == '\0' ? "/bin/sh" : account->shell;
	const char *home = account->home[0] == '\0' ? "/" : account->home;
	enum fault fault = field_parse(user_row("shell"), user, shell, why);

	return fault == FAULT_NONE ? field_parse(user_row("home"), user, home, why) : fault;
}

static enum fault
draft_user(const struct admin *admin, const struct host_account *account,
    const struct edits *edits, struct adoption *adoption, struct why *why)
{
	struct user *user = &adoption->user;
	enum fault fault = user_name_parse(user, account->name, why);

	user->type = USER_EMPLOYEE;
	user->status = STATUS_ACTIVE;
	user->uid = account->uid;
	user->gid = account->gid < FIRST_ID ? account->uid : account->gid;
	user->valid_until = end_before(account->expires);
	if (fault == FAULT_NONE)
		fault = draft_names(account, user, why);
	if (fault == FAULT_NONE)
		fault = draft_places(account, user, why);
	if (fault == FAULT_NONE)
		fault = draft_password(admin, account, adoption, why);
	if (fault == FAULT_NONE)
		fault = edits_apply(edits, &user_table, user, false, why);
	return fault == FAULT_NONE ? user_is_whole(user, true, why) : fault;
}

/* What stands beside the record. */
static enum fault
draft_host(const struct host_account *account, struct adoption *adoption, struct why *why)
{
	const char *group = account->gid < FIRST_ID || account->group == NULL
	    ? account->name : account->group;

	/* The gid of no group is nobody's, unless it is the uid: then Hexa answers it. */
	if (account->gid >= FIRST_ID && account->gid != account->uid && account->group == NULL)
		group = "";
	snprintf(adoption->group, sizeof(adoption->group), "%s", group);
	host_account_removal(account, adoption->removal, sizeof(adoption->removal));
	if (!names_copy(&adoption->groups, &account->groups))
		return why_memory(why);
	return FAULT_NONE;
}

static enum fault
draft(const struct admin *admin, const struct host_account *account, const struct edits *edits,
    struct adoption *adoption, struct why *why)
{
	enum fault fault = draft_host(account, adoption, why);

	return fault == FAULT_NONE ? draft_user(admin, account, edits, adoption, why) : fault;
}

/* ---- once more ----------------------------------------------------------------------------- */

static bool
has_hash(const struct user *user, const char *hash)
{
	return user->password != NULL && strcmp(user->password, hash) == 0;
}

/* False: no memory. */
static bool
renew_hash(const struct admin *admin, const struct host_account *account, const char *hash,
    struct user *user)
{
	char *copy = strdup(hash);

	if (copy == NULL)
		return false;
	password_free(user->password);
	user->password = copy;
	draft_password_day(admin, account, user);
	return true;
}

/* The hash is the one that it was, and somebody has turned to its days (chage(1)). */
static void
renew_day(const struct admin *admin, const struct host_account *account, struct user *user)
{
	bool must_change = user->must_change || account->changed == 0;
	bool moved = account->changed > 0 &&
	    account->changed < admin->now / SECONDS_PER_DAY &&
	    account->changed != user->password_set / SECONDS_PER_DAY;

	if (moved)
		draft_password_day(admin, account, user);
	user->must_change = must_change;
}

/*
 * Of the two words that a host has for whom it does not let in: the lock, and an end that has come.
 * What was Hexa's to say stays.
 */
static void
renew_lock(const struct admin *admin, const struct host_account *account, struct user *user)
{
	int64_t end = end_before(account->expires);

	if (account_hash(account) != NULL && account_is_locked(account) &&
	    user->status == STATUS_ACTIVE)
		user->status = STATUS_SUSPENDED;
	if (end != 0 && end < admin->now &&
	    (user->valid_until == 0 || user->valid_until >= admin->now))
		user->valid_until = end;
}

/* Puts into the record what /etc/shadow says now.  False: no memory. */
static bool
renew(const struct admin *admin, const struct host_account *account, struct user *user)
{
	const char *hash = password_is_for(user) ? account_hash(account) : NULL;
	bool done = true;

	if (hash == NULL && shadow_hash_is_one(user->password))
		password_drop(user);
	else if (hash != NULL && !has_hash(user, hash))
		done = renew_hash(admin, account, hash, user);
	else if (hash != NULL)
		renew_day(admin, account, user);
	renew_lock(admin, account, user);
	return done;
}

static bool
same_user(const struct user *a, const struct user *b)
{
	for (size_t i = 0; i < user_table.count; i++)
		if (!field_same(&user_table.rows[i], a, b))
			return false;
	return true;
}

/* An empty password is no one's to take over; a hash that is in the record is good. */
static enum fault
check_renewal(const struct admin *admin, const struct host_account *account,
    const struct user *before, struct why *why)
{
	const char *hash = account_hash(account);
	enum fault fault = check_single(account, why);

	if (fault == FAULT_NONE && (hash == NULL || !has_hash(before, hash)))
		fault = check_password(admin, account, why);
	return fault;
}

static enum fault
draft_renewal(const struct admin *admin, const struct host_account *account,
    const struct user *before, struct adoption *adoption, struct why *why)
{
	struct user *user = &adoption->user;
	enum fault fault = check_renewal(admin, account, before, why);

	adoption->is_renewal = true;
	if (fault == FAULT_NONE)
		fault = draft_host(account, adoption, why);
	if (fault == FAULT_NONE)
		fault = record_copy(&user_table, user, before, why);
	if (fault == FAULT_NONE && !renew(admin, account, user))
		fault = why_memory(why);
	if (fault == FAULT_NONE && user->password != NULL)
		snprintf(adoption->method, sizeof(adoption->method), "%s",
		    shadow_hash_is_one(user->password) ? shadow_hash_method(user->password)
		                                       : "Argon2id");
	return fault;
}

static enum fault
tell_renewal(struct admin *admin, const struct host_account *account, const struct user *before,
    const struct user *after, struct why *why)
{
	enum fault fault = FAULT_NONE;

	if (after->password == NULL && before->password != NULL)
		fault = tell(admin, why, "%s has no password on this host any more, nor here\n"
		    "hexa-admin user password %s", after->name, after->name);
	else if (after->password != NULL && !has_hash(before, after->password))
		fault = tell(admin, why, "%s has the password of this host now, and no other",
		    after->name);
	if (fault == FAULT_NONE && after->status == STATUS_SUSPENDED)
		fault = tell(admin, why, "%s is %s on this host, and %s here\n"
		    "hexa-admin user resume %s", after->name,
		    account_is_locked(account) ? "locked" : "not locked",
		    before->status == after->status ? "stays suspended" : "suspended",
		    after->name);
	if (fault == FAULT_NONE && before->valid_until != after->valid_until)
		fault = tell(admin, why, "%s has ended on this host, and so here\n"
		    "hexa-admin user edit %s --clear valid-until", after->name, after->name);
	return fault;
}

/* ---- the operation ------------------------------------------------------------------------- */

static enum fault
is_known(struct admin *admin, const char *name, bool *known, struct why *why)
{
	struct user user = {0};
	struct txn *txn;
	enum fault fault = store_read_begin(admin->store, &txn, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = user_find_name(txn, name, &user, why);
	store_end(txn);
	user_clear(&user);
	if (fault != FAULT_NONE && fault != FAULT_UNKNOWN)
		return fault;
	*known = fault == FAULT_NONE;
	return FAULT_NONE;
}

/* In one transaction, which is kept unless `dry`. */
static enum fault
write_user(struct admin *admin, const struct host_account *account, struct user *user, bool dry,
    struct adoption *adoption, struct why *why)
{
	struct change change = {0};
	enum fault fault = change_begin(&change, admin, "user adopt", "hexa.users.create", why);

	if (fault != FAULT_NONE)
		return fault;
	change_insist(&change);
	fault = change_user(&change, NULL, user, why);
	if (fault == FAULT_NONE)
		fault = tell_all(admin, account, adoption, why);
	if (!dry)
		return change_finish(&change, fault, why);
	if (fault == FAULT_NONE)
		fault = change_check(&change, why);
	change_end(&change);
	/* What was made up for this once will be another the next time. */
	user->uuid = (struct uuid){{0}};
	user->version = 0;
	return fault;
}

/* Their line, while it stands. */
static enum fault
read_unfinished(const char *root, const struct user *user, struct host_account *account,
    struct why *why)
{
	enum fault fault = host_account_read(root, user->name, account, why);

	if (fault == FAULT_UNKNOWN || (fault == FAULT_NONE && account->uid != user->uid))
		fault = why_field(why, FAULT_CONFLICT, "name",
		    "name: %s is a user of Hexa's already", user->name);
	return fault;
}

/* The record and the line are looked at in the transaction that writes. */
static enum fault
write_renewal(struct change *change, const char *name, const struct edits *edits, bool dry,
    struct adoption *adoption, struct why *why)
{
	struct admin *admin = change->admin;
	struct host_account account = {0};
	struct user before = {0};
	enum fault fault = user_find_name(change->txn, name, &before, why);

	if (fault == FAULT_NONE)
		fault = read_unfinished(admin->root, &before, &account, why);
	if (fault == FAULT_NONE && edits->count > 0)
		fault = why_field(why, FAULT_CONFLICT, "name",
		    "name: %s is adopted already: their password is taken anew without a role",
		    name);
	if (fault == FAULT_NONE)
		fault = draft_renewal(admin, &account, &before, adoption, why);
	if (fault == FAULT_NONE)
		fault = tell_renewal(admin, &account, &before, &adoption->user, why);
	if (fault == FAULT_NONE && same_user(&before, &adoption->user))
		change_end(change);
	else if (fault == FAULT_NONE)
		fault = change_user(change, &before, &adoption->user, why);
	if (fault == FAULT_NONE && dry && change->txn != NULL)
		fault = change_check(change, why);
	host_account_clear(&account);
	user_clear(&before);
	return fault;
}

static enum fault
adopt_again(struct admin *admin, const char *name, const struct edits *edits, bool dry,
    struct adoption *adoption, struct why *why)
{
	struct change change = {0};
	enum fault fault = change_begin(&change, admin, "user adopt", "hexa.users.edit", why);

	if (fault != FAULT_NONE)
		return fault;
	fault = write_renewal(&change, name, edits, dry, adoption, why);
	if (!dry && change.txn != NULL)
		return change_finish(&change, fault, why);
	change_end(&change);
	return fault;
}

static enum fault
adopt_new(struct admin *admin, const char *name, const struct edits *edits, bool dry,
    struct adoption *adoption, struct why *why)
{
	struct host_account account = {0};
	enum fault fault = host_account_read(admin->root, name, &account, why);

	if (fault == FAULT_NONE)
		fault = check_account(admin->root, &account, why);
	if (fault == FAULT_NONE)
		fault = draft(admin, &account, edits, adoption, why);
	if (fault == FAULT_NONE)
		fault = write_user(admin, &account, &adoption->user, dry, adoption, why);
	host_account_clear(&account);
	return fault;
}

enum fault
account_adopt(struct admin *admin, const char *name, const struct edits *edits, bool dry,
    struct adoption *adoption, struct why *why)
{
	struct user named = {0};
	bool known = false;
	enum fault fault = admin_needs_root(admin, why);

	/* The name stands in files' names and in patterns from here on. */
	if (fault == FAULT_NONE)
		fault = user_name_parse(&named, name, why);
	user_clear(&named);
	if (fault == FAULT_NONE)
		fault = is_known(admin, name, &known, why);
	if (fault != FAULT_NONE)
		return fault;
	return known ? adopt_again(admin, name, edits, dry, adoption, why)
	             : adopt_new(admin, name, edits, dry, adoption, why);
}

/* ---- until the line goes ------------------------------------------------------------------- */

/* Not to know is as good as a reason to look. */
static bool
is_outdated(const struct admin *admin, const struct host_account *account,
    const struct user *user)
{
	struct user fresh = {0};
	bool outdated = record_copy(&user_table, &fresh, user, NULL) != FAULT_NONE ||
	    !renew(admin, account, &fresh) || !same_user(user, &fresh);

	user_clear(&fresh);
	return outdated;
}

static void
tell_unfinished(const struct host_account *account, struct unfinished *unfinished)
{
	const char *name = account->name;

	if (unfinished->is_outdated) {
		snprintf(unfinished->told, sizeof(unfinished->told),
		    "%s is adopted, and the password of /etc/shadow, or its lock, was changed since",
		    name);
		snprintf(unfinished->mend, sizeof(unfinished->mend), "hexa-admin user adopt %s",
		    name);
		return;
	}
	snprintf(unfinished->told, sizeof(unfinished->told),
	    "%s is adopted, and the local line still stands: this host asks that one first", name);
	host_account_removal(account, unfinished->mend, sizeof(unfinished->mend));
}

bool
adoption_is_unfinished(const char *root, const struct user *user, int64_t now,
    struct unfinished *unfinished)
{
	const struct admin admin = {.root = root, .now = now};
	struct host_account account = {0};
	bool stands = read_unfinished(root, user, &account, NULL) == FAULT_NONE;

	if (stands) {
		*unfinished = (struct unfinished){.is_outdated = is_outdated(&admin, &account, user)};
		tell_unfinished(&account, unfinished);
	}
	host_account_clear(&account);
	return stands;
}
