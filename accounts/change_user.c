/*
 * change_user.c - the rules that every change of a user stands under.
 */
#include "accounts/change.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/clients.h"
#include "accounts/host_view.h"
#include "accounts/invite.h"
#include "accounts/lookalike.h"
#include "accounts/make.h"
#include "accounts/password.h"
#include "accounts/references.h"
#include "accounts/shells.h"
#include "accounts/suggest.h"
#include "policy/grant.h"
#include "policy/separation.h"
#include "policy/text.h"

/* ---- no one gives more than they have ----------------------------------------------------- */

enum fault
change_load(struct change *change, struct why *why)
{
	const struct admin *admin = change->admin;
	enum fault fault;

	if (change->is_loaded)
		return FAULT_NONE;
	document_clear(&change->document);
	user_clear(&change->person);
	fault = document_load(change->txn, &change->document, why);
	if (fault == FAULT_NONE && !admin->is_root)
		fault = user_get(change->txn, admin->self, &change->person, why);
	if (fault == FAULT_NONE)
		fault = effects_of_actor(admin, change->txn, &change->document, &change->actor,
		    why);
	change->is_loaded = fault == FAULT_NONE;
	return fault;
}

/* With the host's groups that list the name. */
static enum fault
user_effects(struct change *change, const struct user *user, struct effects *effects,
    struct why *why)
{
	const struct admin *admin = change->admin;
	struct names groups = {0};
	enum fault fault = FAULT_NONE;

	if (user->name != NULL)
		fault = host_view_groups_open_to(admin->host, user->name, &groups, why);
	if (fault == FAULT_NONE)
		fault = effects_of_user(&change->document, user, &groups, admin->now, effects, why);
	names_clear(&groups);
	return fault;
}

static bool
are_within(const struct names *some, const struct names *all)
{
	for (size_t i = 0; i < some->count; i++)
		if (!names_have(all, some->item[i]))
			return false;
	return some->count > 0;
}

/* A client user is let in on their clients' hosts, at their sites: so is whom they make. */
static bool
hosts_are_within(const struct user *user, const struct user *actor)
{
	if (actor->type != USER_CLIENT || actor->clients.count == 0)
		return true;
	return user->type == USER_CLIENT && are_within(&user->clients, &actor->clients) &&
	    (actor->sites.count == 0 || are_within(&user->sites, &actor->sites));
}

static const char *
called(const struct user *user)
{
	return user->name == NULL ? "the new user" : user->name;
}

/*
 * Who may see so many days back lets nobody see further, who could not before: by a number of their
 * own or by a role, or by none, which is no bound.
 */
static enum fault
access_is_within(const struct change *change, const struct user *before, const struct user *after,
    struct why *why)
{
	const struct roles *roles = &change->document.roles;
	uint32_t days = access_back(&change->person, roles), sees = access_back(after, roles);

	if (days == 0 || (sees != 0 && sees <= days) ||
	    (before->uid != 0 && access_back(before, roles) == sees))
		return FAULT_NONE;
	return why_field(why, FAULT_DENIED, "access-back",
	    "access-back: you may see %u days back, and let nobody see further: give them at most "
	    "as many", days);
}

/*
 * What the host's files make of a name or a uid is in nobody's permissions: somebody whom they
 * speak of, as an adopted administrator, is changed by who holds everything.
 */
static enum fault
is_spoken_of_by_none(struct change *change, const struct user *user, struct why *why)
{
	struct host_view *host = change->admin->host;
	bool mentioned = false;
	char uid[16];
	enum fault fault = host_view_mentions(host, user->name, &mentioned, why);

	snprintf(uid, sizeof(uid), "%lu", (unsigned long)user->uid);
	if (fault == FAULT_NONE && !mentioned)
		fault = host_view_mentions(host, uid, &mentioned, why);
	if (fault != FAULT_NONE || !mentioned ||
	    admin_needs_all(change->admin, change->txn, NULL) == FAULT_NONE)
		return fault;
	return why_set(why, FAULT_DENIED,
	    HOST_SPEAKERS " speak of %s: only who holds every permission changes them",
	    user->name);
}

/* `has`: as they stand; else as they would. */
static enum fault
is_within_actors(struct change *change, const struct user *user, bool has, struct why *why)
{
	struct effects effects = {0};
	const struct effect *beyond;
	char text[WHY_TEXT_MAX / 2];
	enum fault fault;

	fault = has || user->uid == 0
	    ? admin_needs_over(change->admin, change->txn, change->permission, user, why)
	    : admin_needs_still_over(change->admin, change->txn, change->permission, user, why);
	if (fault == FAULT_NONE && has && user->uid != 0)
		fault = is_spoken_of_by_none(change, user, why);
	if (fault == FAULT_NONE && !hosts_are_within(user, &change->person))
		return why_set(why, FAULT_DENIED, "%s %s let in on hosts on which you are not",
		    called(user), has ? "is" : "would be");
	if (fault == FAULT_NONE)
		fault = user_effects(change, user, &effects, why);
	if (fault == FAULT_NONE && (beyond = effects_beyond(&effects, &change->actor)) != NULL) {
		effect_explain(beyond, text, sizeof(text));
		fault = why_set(why, FAULT_DENIED, "%s %s %s, which you have not", called(user),
		    has ? "has" : "would have", text);
		if (!has && beyond->kind == EFFECT_ROLE_GROUP)
			why_mend(why, "hexa-admin role edit %s --group no", beyond->name);
	}
	effects_clear(&effects);
	return fault;
}

enum fault
change_may(struct change *change, const struct user *user, struct why *why)
{
	enum fault fault = admin_needs_other(change->admin, user->uid, why);

	if (fault != FAULT_NONE || change->admin->is_root)
		return fault;
	fault = change_load(change, why);
	return fault == FAULT_NONE ? is_within_actors(change, user, true, why) : fault;
}

/* ---- names that there must be ------------------------------------------------------------- */

static const struct names none;

/* True of an item that stood there before. */
static bool
stood(const struct names *before, const char *item)
{
	return names_have(before, item);
}

static enum fault
roles_are_known(const struct document *document, const struct names *before,
    const struct names *after, struct why *why)
{
	for (size_t i = 0; i < after->count; i++) {
		struct assignment assignment;

		if (stood(before, after->item[i]))
			continue;
		if (!assignment_parse(after->item[i], &assignment))
			return why_field(why, FAULT_INVALID, "roles", "roles: %s is no role",
			    after->item[i]);
		if (roles_find(&document->roles, assignment.role) == NULL)
			return suggest_role(assignment.role, &document->roles, why);
		if (strcmp(assignment.role, ROLE_SYSTEM_ADMINISTRATOR) == 0 &&
		    assignment.scope.kind != SCOPE_EVERYTHING)
			return why_field(why, FAULT_INVALID, "roles",
			    "roles: %s is held everywhere, or not at all",
			    ROLE_SYSTEM_ADMINISTRATOR);
	}
	return FAULT_NONE;
}

static enum fault
grants_are_known(const struct document *document, const struct names *before,
    const struct names *after, struct why *why)
{
	for (size_t i = 0; i < after->count; i++) {
		struct grant grant;
		size_t first;

		if (stood(before, after->item[i]))
			continue;
		if (!grant_parse(after->item[i], &grant))
			return why_field(why, FAULT_INVALID, "grants",
			    "grants: %s is no permission", after->item[i]);
		if (rules_covered(&document->rules, grant.permission, &first) == 0)
			return suggest_permission(grant.permission, &document->rules, why);
	}
	return FAULT_NONE;
}

static enum fault
clients_are_known(struct txn *txn, const struct names *before, const struct names *after,
    struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < after->count; i++)
		if (!stood(before, after->item[i]))
			fault = client_known(txn, after->item[i], NULL, why);
	return fault;
}

/* A role for a client that there is not would count nowhere. */
static enum fault
scopes_are_known(struct txn *txn, const struct names *before, const struct names *after,
    struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < after->count; i++) {
		struct assignment assignment;

		if (!stood(before, after->item[i]) &&
		    assignment_parse(after->item[i], &assignment) &&
		    assignment.scope.kind == SCOPE_CLIENT)
			fault = client_known(txn, assignment.scope.name, NULL, why);
	}
	return fault;
}

/* Each site is a client's of theirs: left behind, it would keep them from the other clients'. */
static enum fault
sites_fit(struct txn *txn, const struct user *user, struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = 0; fault == FAULT_NONE && i < user->sites.count; i++) {
		const char *name = user->sites.item[i];
		struct site site = {0};

		fault = site_known(txn, name, &site, why);
		if (fault == FAULT_NONE && !names_have(&user->clients, site.client))
			fault = why_field(why, FAULT_INVALID, "sites",
			    "sites: %s is a site of %s, which is no client of the user's: "
			    "--add-client %s, or --remove-site %s", name, site.client, site.client,
			    name);
		site_clear(&site);
	}
	return fault;
}

/* Names the field that a fault is about. */
static enum fault
about(const char *field, enum fault fault, struct why *why)
{
	if (fault != FAULT_NONE && why != NULL)
		snprintf(why->field, sizeof(why->field), "%s", field);
	return fault;
}

static enum fault
names_are_known(struct change *change, const struct user *before, const struct user *after,
    struct why *why)
{
	enum fault fault;

	fault = about("roles",
	    roles_are_known(&change->document, &before->roles, &after->roles, why), why);
	if (fault == FAULT_NONE)
		fault = about("roles",
		    scopes_are_known(change->txn, &before->roles, &after->roles, why), why);
	if (fault == FAULT_NONE)
		fault = about("grants",
		    grants_are_known(&change->document, &before->grants, &after->grants, why), why);
	if (fault == FAULT_NONE)
		fault = about("clients",
		    clients_are_known(change->txn, &before->clients, &after->clients, why), why);
	if (fault == FAULT_NONE)
		fault = about("sites", sites_fit(change->txn, after, why), why);
	return fault;
}

enum { DATE_BYTES = 10 }; /* the day of what text_from_time() writes */

/* ---- what follows from a change ----------------------------------------------------------- */

static enum fault
notice(struct change *change, const char *user, const char *what, struct why *why)
{
	char text[WHY_TEXT_MAX];

	snprintf(text, sizeof(text), "%s %s", user, what);
	return names_add(&change->admin->notices, text) ? FAULT_NONE : why_memory(why);
}

/*
 * Nobody is left whose hosts they would be on.  Without clients no rule keeps them from any host,
 * so the account is closed; its sites, which would fit no client, go too.
 */
static enum fault
settle_clients(struct change *change, const struct user *before, struct user *after,
    struct why *why)
{
	if (before->type != USER_CLIENT || after->type != USER_CLIENT ||
	    before->clients.count == 0 || after->clients.count > 0)
		return FAULT_NONE;
	names_clear(&after->sites);
	if (after->status == STATUS_LEFT || after->status == STATUS_REVOKED)
		return FAULT_NONE;
	after->status = STATUS_REVOKED;
	return notice(change, after->name, "is revoked: that was their last client", why);
}

static enum fault
settle_password(struct change *change, struct user *after, struct why *why)
{
	if (password_is_for(after) || after->password == NULL)
		return FAULT_NONE;
	password_drop(after);
	return notice(change, after->name,
	    "has no password any more: a user of this type never has", why);
}

/* A code that is good for nothing would be good again when they come back. */
static enum fault
settle_code(struct change *change, struct user *after, struct why *why)
{
	bool was_good = code_is_good(after, change->admin->now, after->code_mark);

	if (after->code == NULL || invite_allows(after, NULL) == FAULT_NONE)
		return FAULT_NONE;
	code_drop(after);
	return was_good ? notice(change, after->name, "has no one-time code any more", why)
	                : FAULT_NONE;
}

/* One that gives nothing any more is kept, as all that have ended; but nobody means to give it. */
static enum fault
tell_ended_grants(struct change *change, const struct user *before, const struct user *after,
    struct why *why)
{
	struct names *notices = &change->admin->notices;

	for (size_t i = 0; i < after->grants.count; i++) {
		char end[TIME_TEXT_BYTES], text[WHY_TEXT_MAX];
		struct grant grant;

		if (stood(&before->grants, after->grants.item[i]) ||
		    !grant_parse(after->grants.item[i], &grant) ||
		    grant_counts(&grant, change->admin->now))
			continue;
		text_from_time(grant.end, end);
		snprintf(text, sizeof(text), "%s ended on %.*s already", grant.permission,
		    DATE_BYTES, end);
		/* A new user is asked about twice. */
		if (!names_have(notices, text) && !names_add(notices, text))
			return why_memory(why);
	}
	return FAULT_NONE;
}

static enum fault
validity_is_a_time(const struct user *before, const struct user *after, struct why *why)
{
	if (before->valid_from == after->valid_from && before->valid_until == after->valid_until)
		return FAULT_NONE;
	if (after->valid_from == 0 || after->valid_until == 0 ||
	    after->valid_from <= after->valid_until)
		return FAULT_NONE;
	return why_field(why, FAULT_INVALID, "valid-until",
	    "valid-until: the account would end before it begins (valid-from)");
}

/*
 * It is what a client's people are known by, to Hexa and to the client.  One that was mistyped root
 * can mend.
 */
static enum fault
address_is_kept(const struct admin *admin, const struct user *before, const struct user *after,
    struct why *why)
{
	if (admin->is_root && admin->insist)
		return FAULT_NONE;
	if (before->type != USER_CLIENT || after->type != USER_CLIENT || before->email == NULL ||
	    !text_is_email(before->email) ||
	    field_same(field_find(&user_table, "email"), before, after))
		return FAULT_NONE;
	return why_field(why, FAULT_RULE, "email",
	    "email: the e-mail address of a client user is not changed; root may insist with --yes");
}

/* Else their address could be changed while they are called something else. */
static enum fault
type_is_kept(const struct admin *admin, const struct user *before, const struct user *after,
    struct why *why)
{
	if (admin->is_root || before->type != USER_CLIENT || after->type == USER_CLIENT)
		return FAULT_NONE;
	return why_field(why, FAULT_DENIED, "type",
	    "type: a client user stays one, known by the e-mail address; only root changes that");
}

/*
 * pam_mkhomedir makes a home as root and gives it to its user: one in /etc/systemd would make them
 * root.  So where homes stand is not for who was only given users to look after.
 */
static enum fault
home_is_theirs_to_give(const struct change *change, const struct user *before,
    const struct user *after, struct why *why)
{
	const char *form = change->document.rules.settings.home;
	char *policys;
	bool same;

	if (change->admin->is_root || field_is_empty(field_find(&user_table, "home"), after) ||
	    field_same(field_find(&user_table, "home"), before, after) || after->name == NULL)
		return FAULT_NONE;
	policys = form == NULL ? strdup("") : user_home_of(form, after->name);
	if (policys == NULL)
		return why_memory(why);
	same = strcmp(policys, after->home) == 0;
	free(policys);
	if (same || admin_needs_all(change->admin, change->txn, NULL) == FAULT_NONE)
		return FAULT_NONE;
	return why_field(why, FAULT_DENIED, "home",
	    "home: another than the policy's is given by root, or by who holds every permission");
}

/*
 * A program of their own making as somebody's shell runs as that one at the next login, and on root's
 * terminal when root becomes them.
 */
static enum fault
shell_is_theirs_to_give(const struct change *change, const struct user *before,
    const struct user *after, struct why *why)
{
	const struct field *row = field_find(&user_table, "shell");
	const char *policys = change->document.rules.settings.shell;
	const char *shell = after->shell;
	bool listed = false;
	enum fault fault;

	if (change->admin->is_root || shell == NULL || strcmp(shell, NO_SHELL) == 0 ||
	    (policys != NULL && strcmp(shell, policys) == 0) || field_same(row, before, after))
		return FAULT_NONE;
	fault = shell_is_listed(change->admin->root, shell, &listed, why);
	if (fault != FAULT_NONE || listed)
		return fault;
	if (admin_needs_all(change->admin, change->txn, NULL) == FAULT_NONE)
		return FAULT_NONE;
	return why_field(why, FAULT_DENIED, "shell",
	    "shell: one that /etc/shells does not list is given by root, or by who holds every "
	    "permission");
}

/* ---- rules of the policy ------------------------------------------------------------------ */

/* As user_has_seat(), of a record that is to be written: a new user's uid is yet to come. */
static bool
would_have_seat(const struct user *after)
{
	struct user written = *after;

	if (written.uid == 0)
		written.uid = UINT32_MAX;
	return user_has_seat(&written);
}

/* True of whoever is made, or comes back: what is asked of a new user is asked of them again. */
static bool
takes_a_seat(const struct user *before, const struct user *after)
{
	return would_have_seat(after) && !user_has_seat(before);
}

static enum fault
duties_stay_apart(struct change *change, const struct user *before, const struct user *after,
    struct why *why)
{
	struct breach breach;
	char text[WHY_TEXT_MAX];

	if ((names_same(&before->roles, &after->roles) && !takes_a_seat(before, after)) ||
	    !separation_broken(&change->document, &after->roles, &breach))
		return FAULT_NONE;
	breach_explain(&breach, called(after), text, sizeof(text));
	return why_field(why, FAULT_RULE, "roles", "%s", text);
}

static enum fault
limit_reached(const char *setting, struct why *why)
{
	why_mend(why, "hexa-admin policy edit # %s", setting);
	why_limit(why);
	return FAULT_CONFLICT;
}

static enum fault
host_has_room(struct change *change, struct why *why)
{
	uint32_t limit = change->document.rules.settings.limit_users;
	uint64_t count = 0;
	enum fault fault;

	if (limit == 0)
		return FAULT_NONE;
	fault = seat_count(change->txn, NULL, &count, why);
	if (fault != FAULT_NONE || count < limit)
		return fault;
	why_set(why, FAULT_CONFLICT, "this host is full (%lu)", (unsigned long)limit);
	return limit_reached("limits.users", why);
}

static enum fault
client_is_full(const char *client, uint32_t limit, struct why *why)
{
	why_field(why, FAULT_CONFLICT, "clients", "%s is full (%lu)", client, (unsigned long)limit);
	return limit_reached("limits.users-per-client", why);
}

/* Without room, of the clients whom a user newly counts for: added, by type, or coming back. */
static enum fault
find_full(struct change *change, const struct user *before, const struct user *after,
    uint32_t limit, struct names *full, struct why *why)
{
	bool counted = before->type == USER_CLIENT && user_has_seat(before);
	const struct names *had = counted ? &before->clients : &none;

	for (size_t i = 0; i < after->clients.count; i++) {
		const char *client = after->clients.item[i];
		uint64_t count = 0;
		enum fault fault;

		if (stood(had, client))
			continue;
		fault = seat_count(change->txn, client, &count, why);
		if (fault != FAULT_NONE)
			return fault;
		if (count >= limit && !names_add(full, client))
			return why_memory(why);
	}
	return FAULT_NONE;
}

/* The sites that were given of it would be of no client of theirs. */
static enum fault
drop_client(struct change *change, struct user *after, const char *client, struct why *why)
{
	enum fault fault = FAULT_NONE;

	for (size_t i = after->sites.count; fault == FAULT_NONE && i-- > 0;) {
		struct site site = {0};

		fault = site_known(change->txn, after->sites.item[i], &site, why);
		if (fault == FAULT_NONE && strcmp(site.client, client) == 0)
			names_remove(&after->sites, after->sites.item[i]);
		site_clear(&site);
	}
	names_remove(&after->clients, client);
	return fault;
}

static enum fault
note_shortfall(struct change *change, size_t asked, const struct names *full, uint32_t limit,
    struct why *why)
{
	struct shortfall *shortfall = &change->admin->shortfall;

	shortfall->asked = asked;
	shortfall->done = asked - full->count;
	for (size_t i = 0; i < full->count; i++) {
		struct why one = {0};

		client_is_full(full->item[i], limit, &one);
		memcpy(shortfall->mend, one.mend, sizeof(shortfall->mend));
		if (!names_add(&shortfall->limits, one.text))
			return why_memory(why);
	}
	return FAULT_NONE;
}

/*
 * Nobody is kept to fewer sites than was meant: without any they would be at all of the clients
 * that are left.  And what was asked of the actor is asked again of what is left.
 */
static enum fault
pass_over(struct change *change, const struct user *before, struct user *after,
    const struct names *full, uint32_t limit, struct why *why)
{
	bool was_kept = after->sites.count > 0;
	enum fault fault = FAULT_NONE;
	size_t given = 0;

	for (size_t i = 0; i < after->clients.count; i++)
		given += !stood(&before->clients, after->clients.item[i]);
	for (size_t i = 0; i < full->count; i++)
		if (!change->passes_over || stood(&before->clients, full->item[i]))
			return client_is_full(full->item[i], limit, why);
	for (size_t i = 0; fault == FAULT_NONE && i < full->count; i++)
		fault = drop_client(change, after, full->item[i], why);
	if (fault != FAULT_NONE)
		return fault;
	if (given == full->count || (was_kept && after->sites.count == 0))
		return client_is_full(full->item[0], limit, why);
	if (!change->admin->is_root)
		fault = is_within_actors(change, after, false, why);
	return fault == FAULT_NONE ? note_shortfall(change, given, full, limit, why) : fault;
}

static enum fault
clients_have_room(struct change *change, const struct user *before, struct user *after,
    struct why *why)
{
	uint32_t limit = change->document.rules.settings.limit_users_per_client;
	struct names full = {0};
	enum fault fault;

	if (limit == 0 || after->type != USER_CLIENT || !would_have_seat(after))
		return FAULT_NONE;
	fault = find_full(change, before, after, limit, &full, why);
	if (fault == FAULT_NONE && full.count > 0)
		fault = pass_over(change, before, after, &full, limit, why);
	names_clear(&full);
	return fault;
}

/*
 * Whoever lost the last client was revoked, for without one no rule keeps them from any host.  That
 * is no way back in; but where there are no clients at all, nobody needs one.
 */
static enum fault
belongs_somewhere(struct change *change, const struct user *before, const struct user *after,
    struct why *why)
{
	const struct admin *admin = change->admin;
	struct client client = {0};
	enum fault fault;

	if (before->uid == 0 || !takes_a_seat(before, after) || after->type != USER_CLIENT ||
	    after->clients.count > 0 || (admin->is_root && admin->insist))
		return FAULT_NONE;
	fault = client_next(change->txn, "", &client, why);
	client_clear(&client);
	if (fault != FAULT_NONE)
		return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
	why_field(why, FAULT_RULE, "clients",
	    "%s is a client user without a client, and would be let in on every host%s",
	    after->name, admin->is_root ? "; --yes insists" : "");
	why_mend(why, "hexa-admin user edit %s --add-client CLIENT && "
	    "hexa-admin user restore %s", after->name, after->name);
	return FAULT_RULE;
}

/* ---- who is to be told -------------------------------------------------------------------- */

static bool
is_copied(char **to, const char *text)
{
	*to = text == NULL ? NULL : strdup(text);
	return text == NULL || *to != NULL;
}

/* Whoever cannot log in anyway is told nothing. */
static bool
is_to_be_told(const struct change *change, const struct user *after)
{
	return change->passes_over && change->is_loaded &&
	    change->document.rules.settings.mail_client_added && after->type == USER_CLIENT &&
	    (after->status == STATUS_ACTIVE || after->status == STATUS_INVITED);
}

static enum fault
note_assigned(struct change *change, const struct user *before, const struct user *after,
    struct why *why)
{
	const struct names *had = before == NULL ? &none : &before->clients;
	struct assigned *assigned = &change->admin->assigned;
	const char *from = change->document.rules.settings.mail_from;
	size_t added = 0;
	bool good = true;

	for (size_t i = 0; good && i < after->clients.count; i++)
		if (!stood(had, after->clients.item[i])) {
			good = names_add(&assigned->clients, after->clients.item[i]);
			added++;
		}
	if (added > 0)
		good = good && is_copied(&assigned->name, after->name) &&
		    is_copied(&assigned->email, after->email) &&
		    is_copied(&assigned->from, from);
	return good ? FAULT_NONE : why_memory(why);
}

/* ---- the seam ----------------------------------------------------------------------------- */

/* True when nothing stands otherwise of what the policy has a say in. */
static bool
policy_is_no_matter(const struct user *before, const struct user *after)
{
	return before->type == after->type && names_same(&before->roles, &after->roles) &&
	    names_same(&before->grants, &after->grants) &&
	    names_same(&before->clients, &after->clients) &&
	    names_same(&before->sites, &after->sites);
}

static enum fault
keeps_the_policy(struct change *change, const struct user *before, struct user *after,
    struct why *why)
{
	enum fault fault = FAULT_NONE;

	if (before->uid != 0 && change->admin->is_root && policy_is_no_matter(before, after) &&
	    !takes_a_seat(before, after))
		return FAULT_NONE;
	fault = change_load(change, why);
	if (fault == FAULT_NONE)
		fault = settle_clients(change, before, after, why);
	if (fault == FAULT_NONE)
		fault = names_are_known(change, before, after, why);
	if (fault == FAULT_NONE && !change->admin->is_root)
		fault = is_within_actors(change, after, false, why);
	if (fault == FAULT_NONE && !change->admin->is_root)
		fault = access_is_within(change, before, after, why);
	if (fault == FAULT_NONE)
		fault = home_is_theirs_to_give(change, before, after, why);
	if (fault == FAULT_NONE)
		fault = shell_is_theirs_to_give(change, before, after, why);
	if (fault == FAULT_NONE)
		fault = duties_stay_apart(change, before, after, why);
	if (fault == FAULT_NONE)
		fault = belongs_somewhere(change, before, after, why);
	if (fault == FAULT_NONE && takes_a_seat(before, after))
		fault = host_has_room(change, why);
	if (fault == FAULT_NONE)
		fault = clients_have_room(change, before, after, why);
	return fault;
}

enum fault
change_allows(struct change *change, const struct user *before, struct user *after,
    struct why *why)
{
	static const struct user nobody;
	const struct user *old = before == NULL ? &nobody : before;
	enum fault fault = FAULT_NONE;

	if (before != NULL)
		fault = change_may(change, before, why);
	if (fault != FAULT_NONE || after == NULL)
		return fault;
	fault = keeps_the_policy(change, old, after, why);
	if (fault == FAULT_NONE)
		fault = references_settle(change, old, after, why);
	if (fault == FAULT_NONE)
		fault = validity_is_a_time(old, after, why);
	if (fault == FAULT_NONE)
		fault = address_is_kept(change->admin, old, after, why);
	if (fault == FAULT_NONE)
		fault = type_is_kept(change->admin, old, after, why);
	if (fault == FAULT_NONE)
		fault = settle_password(change, after, why);
	if (fault == FAULT_NONE)
		fault = settle_code(change, after, why);
	if (fault == FAULT_NONE)
		fault = tell_ended_grants(change, old, after, why);
	return fault;
}

/*
 * A rename leaves the home as it was, and the old name may be somebody's again: whoever comes into it
 * first would have the other run what they wrote there.
 */
static enum fault
home_is_nobodys(const struct change *change, const struct user *before, const struct user *after,
    struct why *why)
{
	const struct admin *admin = change->admin;
	struct user other = {0};
	enum fault fault;

	if (after->home == NULL || (admin->is_root && admin->insist) ||
	    (before != NULL && field_same(field_find(&user_table, "home"), before, after)))
		return FAULT_NONE;
	fault = user_at_home(change->txn, after->home, after->uid, &other, why);
	if (fault == FAULT_NONE && admin->is_root)
		fault = why_field(why, FAULT_CONFLICT, "home",
		    "home: %s is the home of %s; --yes insists", after->home, other.name);
	else if (fault == FAULT_NONE)
		fault = why_field(why, FAULT_CONFLICT, "home",
		    "home: %s is somebody else's home", after->home);
	user_clear(&other);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

enum fault
change_user(struct change *change, const struct user *before, struct user *after, struct why *why)
{
	enum fault fault = change_allows(change, before, after, why);

	if (fault == FAULT_NONE)
		fault = references_tell(change, before, after, why);
	if (fault == FAULT_NONE)
		fault = lookalike_tell(change, before, after, why);
	if (fault == FAULT_NONE && after != NULL && is_to_be_told(change, after))
		fault = note_assigned(change, before, after, why);
	if (fault != FAULT_NONE)
		return fault;
	if (after == NULL)
		return user_delete(change->txn, before, why);
	fault = user_put(change->txn, after, why);
	return fault == FAULT_NONE ? home_is_nobodys(change, before, after, why) : fault;
}
