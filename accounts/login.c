/*
 * login.c - a login's questions to the database.
 */
#include "accounts/login.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/host.h"
#include "accounts/password.h"
#include "accounts/turnstile.h"
#include "policy/assignment.h"
#include "policy/explain.h"
#include "store/crypto.h"
#include "store/publish.h"
#include "store/shadow_hash.h"

/* How long a verification waits for its turn: well within the time that sshd gives a login. */
enum { TURN_MILLISECONDS = 30000 };

/* One look into the database: one transaction, the policy's settings, and the user it found. */
struct view {
	struct store *store;
	struct txn *txn;
	struct settings settings;
	struct user user;
	bool known;
};

/* ---- looking ------------------------------------------------------------------------------ */

/* Is this record the user that is meant, as login.h has it? */
static bool
is_meant(const struct login *login, const struct user *user)
{
	if (login->caller != 0 && user->uid != login->caller)
		return false;
	return login->account == LOGIN_NO_ACCOUNT || login->account == user->uid;
}

/* Is it a kind of name that people log in by, under this policy? */
static bool
is_login_name(const char *name, const struct settings *settings)
{
	/* `uid:N` is an administrator's way to name a user. */
	if (strchr(name, ':') != NULL)
		return false;
	if (strchr(name, '@') != NULL)
		return settings->login_email;
	return name[0] != '+' || settings->login_phone;
}

static enum fault
find(struct view *view, const struct login *login, struct why *why)
{
	enum fault fault;

	if (!is_login_name(login->user, &view->settings))
		return FAULT_NONE;
	fault = user_find(view->txn, login->user, &view->user, why);
	if (fault == FAULT_UNKNOWN)
		return FAULT_NONE;
	if (fault != FAULT_NONE)
		return fault;
	view->known = is_meant(login, &view->user);
	if (!view->known)
		user_clear(&view->user);
	return FAULT_NONE;
}

static void
view_close(struct view *view)
{
	user_clear(&view->user);
	settings_clear(&view->settings);
	store_end(view->txn);
	store_close(view->store);
	*view = (struct view){0};
}

static enum fault
view_open(struct view *view, const struct login *login, struct why *why)
{
	enum fault fault;

	*view = (struct view){0};
	fault = store_open(login->root, STORE_READ_ONLY, &view->store, why);
	if (fault == FAULT_NONE)
		fault = store_read_begin(view->store, &view->txn, why);
	if (fault == FAULT_NONE)
		fault = settings_load(view->txn, &view->settings, why);
	if (fault == FAULT_NONE)
		fault = find(view, login, why);
	if (fault != FAULT_NONE)
		view_close(view);
	return fault;
}

/* The answer before anything was decided: who it is about, or that it is about nobody. */
static struct login_answer
answer_about(const struct view *view)
{
	struct login_answer answer = {.verdict = VERDICT_UNKNOWN_USER};

	if (view->known) {
		answer.verdict = VERDICT_NONE;
		answer.uid = view->user.uid;
		snprintf(answer.name, sizeof(answer.name), "%s", view->user.name);
	}
	return answer;
}

/* An account of nobody: was it once a user's?  Then it is not left to other sources to judge. */
static enum fault
judge_stranger(const struct view *view, const struct login *login, struct login_answer *answer,
    struct why *why)
{
	bool given = false;
	enum fault fault = FAULT_NONE;

	if (login->account != LOGIN_NO_ACCOUNT)
		fault = id_was_given(view->txn, login->account, &given, why);
	if (fault != FAULT_NONE || !given)
		return fault;
	answer->verdict = VERDICT_NOT_ACTIVE;
	answer->uid = login->account;
	snprintf(answer->name, sizeof(answer->name), "uid:%u", login->account);
	snprintf(answer->reason, sizeof(answer->reason),
	    "the host shows an account with this uid, and the database has none under that name");
	return FAULT_NONE;
}

/*
 * A name of /etc/passwd is the host's to judge, and pam_hexa.so stays out of it.  Whoever comes by
 * an address or number would get past that: to the groups that the host gives to the name behind
 * it, or, of somebody who is adopted, in by the password of that day, whatever has become of it.
 * An ordinary user's question has not come by the module at all.
 */
static enum fault
judge_namesake(const struct view *view, const struct login *login, bool *refused,
    struct login_answer *answer, struct why *why)
{
	bool has = false;
	enum fault fault = host_has_namesake(login->root, view->user.name, &has, why);

	if (fault != FAULT_NONE)
		return fault;
	*refused = has;
	if (has) {
		answer->verdict = VERDICT_NOT_ACTIVE;
		snprintf(answer->reason, sizeof(answer->reason),
		    "the host has a user %s of its own", view->user.name);
	}
	return FAULT_NONE;
}

/* Does the directory show less than the database has?  Not to know is no reason to do anything. */
static bool
is_behind(const struct view *view, int64_t now)
{
	bool current = true;

	return publish_is_current(view->store, now, &current, NULL) == FAULT_NONE && !current;
}

/* What the decision is about, and by: the user's part of the policy, and what this host is. */
struct matter {
	struct roles roles;
	struct rules rules;
	struct host host;
};

static void
matter_clear(struct matter *matter)
{
	roles_clear(&matter->roles);
	rules_clear(&matter->rules);
	host_clear(&matter->host);
}

static enum fault
matter_load(const struct view *view, struct matter *matter, struct why *why)
{
	enum fault fault = roles_load_held(view->txn, &view->user, &matter->roles, why);

	if (fault == FAULT_NONE)
		fault = rules_load_login(view->txn, &view->user, &matter->rules, why);
	if (fault == FAULT_NONE)
		fault = host_get(view->txn, &matter->host, why);
	return fault;
}

/*
 * Which client's host this is and where it stands comes from the database, never from what the
 * person, or the program that they came through, says of hosts.
 */
static enum fault
judge_user(const struct view *view, const struct login *login, enum phase phase, enum proof proof,
    struct login_answer *answer, struct why *why)
{
	struct matter matter = {0};
	enum fault fault = matter_load(view, &matter, why);

	if (fault == FAULT_NONE) {
		const struct request request = {
		    .service = login->service,
		    .client = matter.host.client,
		    .site = matter.host.site,
		    .now = login->now,
		    .phase = phase,
		    .proof = proof,
		};
		struct decision decision =
		    decide(&view->user, &matter.roles, &matter.rules, &request);

		answer->verdict = decision.verdict;
		decision_explain(&decision, &view->user, &request, answer->reason,
		    sizeof(answer->reason));
	}
	matter_clear(&matter);
	return fault;
}

/* phase 0: nothing is decided but that it is their password. */
static enum fault
judge(const struct view *view, const struct login *login, enum phase phase, enum proof proof,
    struct login_answer *answer, struct why *why)
{
	bool refused = false;
	enum fault fault;

	*answer = answer_about(view);
	if (phase != 0)
		answer->unpublished = login->caller == 0 && is_behind(view, login->now);
	if (!view->known)
		return phase == 0 ? FAULT_NONE : judge_stranger(view, login, answer, why);
	fault = judge_namesake(view, login, &refused, answer, why);
	if (fault != FAULT_NONE || refused)
		return fault;
	if (phase != 0)
		return judge_user(view, login, phase, proof, answer, why);
	answer->verdict = VERDICT_ALLOWED;
	return FAULT_NONE;
}

/* ---- the password ------------------------------------------------------------------------- */

static enum turnstile_line
line(const struct login *login)
{
	return login->caller == 0 ? TURNSTILE_ROOT : TURNSTILE_OTHERS;
}

/*
 * A place at the turnstile.  Root's helpers are few (sshd has a limit of its own) and go on without
 * one; an ordinary user may start as many as they like, and their memory is counted as root's.
 */
static enum fault
take_turn(const struct login *login, struct turnstile *turnstile, struct why *why)
{
	*turnstile = turnstile_enter(login->root, line(login), TURN_MILLISECONDS);
	if (turnstile->is_late && login->caller != 0)
		return why_set(why, FAULT_UNAVAILABLE, "too many passwords are being verified");
	return FAULT_NONE;
}

/*
 * A hash to compare a password with, and what one costs that is made now: who has none costs the
 * same.  (A hash from before the policy's cost was changed costs what it did, until it is changed.)
 */
struct secret {
	char *hash; /* NULL: none */
	struct crypto_cost cost;
};

/*
 * By a hash of /etc/shadow.  The Argon2 that everybody costs is spent on the hash that is to take
 * its place (*rehash, unless `rehash` is NULL), or on nothing.
 */
static bool
verify_adopted(const struct secret *secret, const char *password, char **rehash, bool *failed)
{
	bool right = shadow_hash_fits(secret->hash, password, failed);

	if (!right || rehash == NULL ||
	    crypto_password_hash(password, &secret->cost, rehash, NULL) != FAULT_NONE)
		crypto_password_verify(NULL, &secret->cost, password, NULL);
	return right;
}

/*
 * Verifies at the same cost whatever the hash and the password are.  An empty password, or one that
 * is too long, is never right.  *rehash, where it is asked for, stays as it is unless the password
 * fits a hash that is not Hexa's own.
 */
static enum fault
verify(const struct login *login, const struct secret *secret, const char *password, bool *fits,
    char **rehash, struct why *why)
{
	size_t size = strnlen(password, PASSWORD_BYTES + 1);
	bool usable = size > 0 && size <= PASSWORD_BYTES;
	struct turnstile turnstile;
	bool right, failed = false;
	enum fault fault = crypto_start(why);

	if (fault == FAULT_NONE)
		fault = take_turn(login, &turnstile, why);
	if (fault != FAULT_NONE)
		return fault;
	if (usable && shadow_hash_is_one(secret->hash))
		right = verify_adopted(secret, password, rehash, &failed);
	else
		right = crypto_password_verify(usable ? secret->hash : NULL, &secret->cost,
		    usable ? password : "", &failed);
	turnstile_leave(&turnstile);
	if (failed)
		return why_set(why, FAULT_UNAVAILABLE, "no memory to verify a password");
	*fits = usable && right;
	return FAULT_NONE;
}

/* What the password is compared with, as the database has it now. */
static enum fault
read_secret(const struct login *login, struct secret *secret, struct why *why)
{
	struct view view;
	enum fault fault = view_open(&view, login, why);

	if (fault != FAULT_NONE)
		return fault;
	secret->cost = password_cost(&view.settings);
	if (view.known && password_is_for(&view.user)) {
		/* Taken over, so that there is no second copy to wipe. */
		secret->hash = view.user.password;
		view.user.password = NULL;
	}
	view_close(&view);
	return FAULT_NONE;
}

/*
 * phase 0: nothing is decided but whose password it is.  What is found out is found out for a wrong
 * password too, and then dropped, so that it takes as long as for one that nobody has.
 */
static enum fault
verify_and_judge(const struct login *login, const char *password, enum phase phase,
    struct login_answer *answer, struct why *why)
{
	struct secret secret = {0};
	struct view view = {0};
	struct login_answer said = {0};
	char *rehash = NULL;
	bool fits = false;
	enum fault fault = read_secret(login, &secret, why);

	if (fault == FAULT_NONE)
		fault = verify(login, &secret, password, &fits, phase == 0 ? NULL : &rehash, why);
	/* It took its time, above all where many waited: who was suspended since then is out. */
	if (fault == FAULT_NONE)
		fault = view_open(&view, login, why);
	if (fault == FAULT_NONE)
		fault = judge(&view, login, phase, PROOF_PASSWORD, &said, why);
	if (fault == FAULT_NONE && view.known &&
	    (!fits || view.user.password == NULL || strcmp(view.user.password, secret.hash) != 0))
		said = answer_about(&view);
	else if (fault == FAULT_NONE && verdict_allows(said.verdict))
		said.proof = PROOF_PASSWORD;
	if (fault == FAULT_NONE && said.proof != PROOF_NOTHING && rehash != NULL) {
		snprintf(said.rehash, sizeof(said.rehash), "%s", rehash);
		said.version = view.user.version;
	}
	view_close(&view);
	password_free(rehash);
	password_free(secret.hash);
	if (fault == FAULT_NONE)
		*answer = said;
	return fault;
}

enum fault
login_authenticate(const struct login *login, const char *password, struct login_answer *answer,
    struct why *why)
{
	return verify_and_judge(login, password, PHASE_AUTH, answer, why);
}

enum fault
login_verify_password(const struct login *login, const char *password, struct login_answer *answer,
    struct why *why)
{
	return verify_and_judge(login, password, 0, answer, why);
}

/* ---- account and session ------------------------------------------------------------------ */

enum fault
login_account(const struct login *login, struct login_answer *answer, struct why *why)
{
	struct view view;
	struct login_answer said = {0};
	bool overdue = false;
	enum fault fault = view_open(&view, login, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = judge(&view, login, PHASE_ACCOUNT, login->proof, &said, why);
	overdue = login->caller == 0 && publish_is_overdue(view.store, login->now);
	view_close(&view);
	/*
	 * A granted group that has ended: the session's groups are looked up right after this
	 * answer.  Where it cannot be taken away the login is not held up: that is the host's to
	 * mend.
	 */
	if (fault == FAULT_NONE && overdue)
		said.unpublished = login_publish(login->root, login->now, NULL) != FAULT_NONE;
	if (fault == FAULT_NONE)
		*answer = said;
	return fault;
}

/* Moves the finished text into the list. */
static bool
add_variable(struct names *environment, struct bytes *text)
{
	char *variable = bytes_take_text(text);
	bool added = variable != NULL && names_add(environment, variable);

	free(variable);
	return added;
}

/* Is the role assigned in a scope that counts on this host? */
static bool
counts_here(const struct user *user, const struct role *role, const char *client)
{
	for (size_t i = 0; i < user->roles.count; i++) {
		struct assignment assignment;

		if (assignment_parse(user->roles.item[i], &assignment) &&
		    strcmp(assignment.role, role->name) == 0 &&
		    scope_counts_on(&assignment.scope, client))
			return !role->disabled;
	}
	return false;
}

/* The roles that give something on this host, each once. */
static bool
add_roles(struct names *environment, const struct user *user, const struct matter *matter)
{
	struct bytes text = {0};
	const char *space = "";

	bytes_print(&text, "HEXA_ROLES=");
	for (size_t i = 0; i < matter->roles.count; i++) {
		const struct role *role = &matter->roles.role[i];

		if (!counts_here(user, role, matter->host.client))
			continue;
		bytes_print(&text, "%s%s", space, role->name);
		space = " ";
	}
	return add_variable(environment, &text);
}

static bool
add_clients(struct names *environment, const struct user *user)
{
	struct bytes text = {0};

	if (user->clients.count == 0)
		return true;
	bytes_print(&text, "HEXA_CLIENTS=");
	for (size_t i = 0; i < user->clients.count; i++)
		bytes_print(&text, "%s%s", i == 0 ? "" : " ", user->clients.item[i]);
	return add_variable(environment, &text);
}

static bool
add_access_back(struct names *environment, const struct user *user, const struct matter *matter)
{
	uint32_t days = access_back(user, &matter->roles);
	struct bytes text = {0};

	if (days == 0)
		return true;
	bytes_print(&text, "HEXA_ACCESS_BACK=%u", days);
	return add_variable(environment, &text);
}

static enum fault
make_environment(const struct view *view, struct names *environment, struct why *why)
{
	struct matter matter = {0};
	enum fault fault = matter_load(view, &matter, why);

	if (fault == FAULT_NONE && (!add_roles(environment, &view->user, &matter) ||
	    !add_clients(environment, &view->user) ||
	    !add_access_back(environment, &view->user, &matter)))
		fault = why_memory(why);
	matter_clear(&matter);
	return fault;
}

enum fault
login_open_session(const struct login *login, struct login_answer *answer,
    struct names *environment, struct why *why)
{
	struct view view;
	struct login_answer said;
	struct names made = {0};
	struct why unnoted;
	enum fault fault = view_open(&view, login, why);

	if (fault != FAULT_NONE)
		return fault;
	said = answer_about(&view);
	if (view.known) {
		said.verdict = VERDICT_ALLOWED;
		fault = make_environment(&view, &made, why);
	}
	view_close(&view);
	if (fault != FAULT_NONE) {
		names_clear(&made);
		return fault;
	}
	if (said.verdict == VERDICT_ALLOWED)
		fault = last_login_put(login->root, said.uid, login->now, login->from,
		    login->service, &unnoted);
	if (fault != FAULT_NONE)
		snprintf(said.reason, sizeof(said.reason), "%s", unnoted.text);
	*answer = said;
	*environment = made;
	return FAULT_NONE;
}

enum fault
login_publish(const char *root, int64_t now, struct why *why)
{
	struct store *store = NULL;
	enum fault fault = store_open(root, 0, &store, why);

	if (fault == FAULT_NONE)
		fault = publish(store, now, why);
	store_close(store);
	return fault;
}

/* ---- a new password ----------------------------------------------------------------------- */

/* What a new password is made with: the record as it stands, whose it is, the settings. */
struct renewal {
	struct user user;
	struct settings settings;
	struct login_answer answer;
};

/* FAULT_UNKNOWN, FAULT_RULE as login.h has it. */
static enum fault
check_renewal(const struct view *view, const struct login *login, struct why *why)
{
	bool has = false;
	enum fault fault;

	if (!view->known)
		return why_set(why, FAULT_UNKNOWN, "not a user of Hexa's");
	if (!password_is_for(&view->user))
		return why_field(why, FAULT_RULE, "password",
		    "a user of this type never has a password");
	fault = host_has_namesake(login->root, view->user.name, &has, why);
	if (fault == FAULT_NONE && has)
		fault = why_field(why, FAULT_RULE, "password",
		    "%s is a user of this host's own, by whose password they log in",
		    view->user.name);
	return fault;
}

static enum fault
read_record(const struct login *login, struct renewal *renewal, struct why *why)
{
	struct view view;
	enum fault fault = view_open(&view, login, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = check_renewal(&view, login, why);
	if (fault == FAULT_NONE) {
		renewal->answer = answer_about(&view);
		renewal->user = view.user;
		view.user = (struct user){0};
		renewal->settings = view.settings;
		view.settings = (struct settings){0};
	}
	view_close(&view);
	return fault;
}

/* May this be done, with what is known of the old password?  `old` and `fresh` as in login.h. */
static enum fault
check_change(const struct login *login, const struct renewal *renewal, const char *old,
    const char *fresh, struct why *why)
{
	const struct secret secret = {renewal->user.password, password_cost(&renewal->settings)};
	bool fits = false, same = false;
	enum fault fault = FAULT_NONE;

	if (old == NULL && login->caller != 0)
		return why_set(why, FAULT_DENIED, "the old password is needed");
	if (old != NULL)
		fault = verify(login, &secret, old, &fits, NULL, why);
	if (fault == FAULT_NONE && old != NULL && !fits)
		return why_set(why, FAULT_DENIED, "wrong password");
	if (fault == FAULT_NONE)
		fault = password_check(fresh, &renewal->settings, why);
	if (fault != FAULT_NONE)
		return fault;
	/* Who has to change it must; what root sets, as a script does twice, is root's affair. */
	if (old != NULL)
		same = strcmp(old, fresh) == 0;
	else if (login->proof != PROOF_NOTHING)
		fault = verify(login, &secret, fresh, &same, NULL, why);
	if (fault == FAULT_NONE && same)
		return why_field(why, FAULT_INVALID, "password",
		    "the new password is the one in use");
	return fault;
}

static enum fault
make_hash(const struct login *login, const struct settings *settings, const char *fresh,
    char **hash, struct why *why)
{
	struct turnstile turnstile;
	enum fault fault = take_turn(login, &turnstile, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = password_hash(fresh, settings, hash, why);
	turnstile_leave(&turnstile);
	return fault;
}

/* A write by somebody who is no administrator at work. */
struct writing {
	const char *root;
	const char *action; /* the journal's word */
	int64_t now;
};

static enum fault
writing_begin(const struct writing *writing, const struct actor *actor, struct store **store,
    struct txn **txn, struct why *why)
{
	enum fault fault = store_open(writing->root, 0, store, why);

	if (fault == FAULT_NONE)
		fault = store_write_begin(*store, actor, writing->action, writing->now, txn, why);
	return fault;
}

/* Keeps what was written, unless there was a fault. */
static enum fault
writing_end(struct store *store, struct txn *txn, enum fault fault, struct why *why)
{
	bool saved = false;

	if (fault == FAULT_NONE) {
		fault = store_commit(txn, &saved, why);
		txn = NULL;
		/* Nothing of a password is published: that it is set is what counts. */
		if (saved)
			fault = FAULT_NONE;
	}
	store_end(txn);
	store_close(store);
	return fault;
}

/* Writes the record, if it is still as it was read. */
static enum fault
write_record(const struct login *login, const struct actor *actor, struct user *user,
    struct why *why)
{
	const struct writing writing = {login->root, "password", login->now};
	struct store *store = NULL;
	struct txn *txn = NULL;
	enum fault fault = writing_begin(&writing, actor, &store, &txn, why);

	if (fault == FAULT_NONE)
		fault = user_put(txn, user, why);
	return writing_end(store, txn, fault, why);
}

/* An actor without a name is whom the answer is about. */
static void
actor_be(struct actor *actor, const struct login_answer *answer)
{
	if (actor->name[0] != '\0')
		return;
	actor->uid = answer->uid;
	snprintf(actor->name, sizeof(actor->name), "%s", answer->name);
}

enum fault
login_change_password(const struct login *login, const struct actor *actor, const char *old,
    const char *fresh, struct login_answer *answer, struct why *why)
{
	struct actor person = *actor;
	struct renewal renewal = {0};
	struct login_answer *said = &renewal.answer;
	char *hash = NULL;
	enum fault fault = read_record(login, &renewal, why);

	if (fault == FAULT_NONE)
		fault = check_change(login, &renewal, old, fresh, why);
	if (fault == FAULT_NONE)
		fault = make_hash(login, &renewal.settings, fresh, &hash, why);
	if (fault == FAULT_NONE)
		fault = password_put(&renewal.user, hash, login->now, why);
	actor_be(&person, said);
	if (fault == FAULT_NONE)
		fault = write_record(login, &person, &renewal.user, why);
	said->verdict = fault == FAULT_NONE ? VERDICT_ALLOWED : VERDICT_NONE;
	if (fault == FAULT_NONE || fault == FAULT_DENIED)
		*answer = *said;
	password_free(hash);
	settings_clear(&renewal.settings);
	user_clear(&renewal.user);
	return fault;
}

/* ---- an adopted user's password ----------------------------------------------------------- */

/* The record that was looked at, with the new hash, and all else as it was. */
static enum fault
put_rehash(struct txn *txn, const struct login_answer *answer, struct why *why)
{
	struct user user = {0};
	char *hash = NULL;
	enum fault fault = user_get(txn, answer->uid, &user, why);

	if (fault == FAULT_UNKNOWN || (fault == FAULT_NONE && user.version != answer->version))
		fault = why_set(why, FAULT_CONFLICT, "the record was changed meanwhile");
	if (fault == FAULT_NONE && (hash = strdup(answer->rehash)) == NULL)
		fault = why_memory(why);
	if (fault == FAULT_NONE) {
		password_free(user.password);
		user.password = hash;
		fault = user_put(txn, &user, why);
	}
	user_clear(&user);
	return fault;
}

enum fault
login_upgrade(const char *root, const struct login_answer *answer, const struct actor *actor,
    int64_t now, struct why *why)
{
	const struct writing writing = {root, "password upgrade", now};
	struct actor person = *actor;
	struct store *store = NULL;
	struct txn *txn = NULL;
	enum fault fault;

	actor_be(&person, answer);
	fault = writing_begin(&writing, &person, &store, &txn, why);
	if (fault == FAULT_NONE)
		fault = put_rehash(txn, answer, why);
	return writing_end(store, txn, fault, why);
}
