/*
 * login_password.c - what is typed where a login asks for the password: the password, or a one-time
 * code; and setting a new one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/code.h"
#include "accounts/host.h"
#include "accounts/login_view.h"
#include "accounts/password.h"
#include "accounts/place.h"
#include "accounts/turnstile.h"
#include "store/crypto.h"
#include "store/shadow_hash.h"

/*
 * How long an attempt waits for its turn among those at the same user from the same place, and then
 * among all: together well within the time that sshd gives a login, and the helper itself.
 */
enum { ATTEMPT_MILLISECONDS = 25000, TURN_MILLISECONDS = 25000 };

/* ---- turns -------------------------------------------------------------------------------- */

static enum turnstile_line
line(const struct login *login)
{
	return login->caller == 0 ? TURNSTILE_ROOT : TURNSTILE_OTHERS;
}

/* The ordinary user who has it verified, themself or by a program as su(1); 0: nobody. */
static uint32_t
person(const struct login *login)
{
	return login->caller == 0 ? login->invoker : login->caller;
}

/*
 * A place at the turnstile.  Root's programs are few (sshd has a limit of its own) and go on without
 * one; an ordinary user may start as many as they like, and their memory is counted as root's.
 */
static enum fault
take_turn(const struct login *login, struct turnstile *turnstile, struct why *why)
{
	*turnstile = turnstile_enter(login->root, line(login), person(login), TURN_MILLISECONDS);
	if (turnstile->is_late && person(login) != 0)
		return why_set(why, FAULT_UNAVAILABLE, "too many passwords are being verified");
	return FAULT_NONE;
}

/* ---- writing ------------------------------------------------------------------------------ */

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

/* Keeps what was written, unless there was a fault; *unpublished: the directory does not show it */
static enum fault
writing_end(struct store *store, struct txn *txn, enum fault fault, bool *unpublished,
    struct why *why)
{
	bool saved = false;

	if (fault == FAULT_NONE) {
		fault = store_commit(txn, &saved, why);
		txn = NULL;
		*unpublished = saved && fault != FAULT_NONE;
		if (saved)
			fault = FAULT_NONE;
	}
	store_end(txn);
	store_close(store);
	return fault;
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

/* ---- what was typed ----------------------------------------------------------------------- */

/* What it is compared with, as the database had it; nothing of that is open any more. */
struct secret {
	struct user user; /* all zero: nobody's */
	struct settings settings;
	int64_t mark; /* clock_mark() */
};

/* What it is.  Both are found out whatever it is, so that it takes as long. */
struct match {
	bool password;
	bool code; /* whether it is good, and for what, is another question */
};

static void
secret_clear(struct secret *secret)
{
	user_clear(&secret->user);
	settings_clear(&secret->settings);
}

/* Takes over what the view has found, so that there is no second copy to wipe, and closes it. */
static struct secret
secret_take(struct view *view)
{
	struct secret secret = {view->user, view->settings, view->mark};

	view->user = (struct user){0};
	view->settings = (struct settings){0};
	view_close(view);
	return secret;
}

/*
 * By a hash of /etc/shadow, and at the cost that everybody has besides, so that nobody can tell.
 */
static bool
fits_adopted(const char *hash, const struct crypto_cost *cost, const char *typed, bool *failed)
{
	bool right = shadow_hash_fits(hash, typed, failed);

	crypto_password_verify(NULL, cost, typed, NULL);
	return right;
}

/*
 * At the same cost whatever the hash is and whatever was typed.  What is empty, or too long, is
 * never right.
 */
static enum fault
compare(const struct login *login, const struct secret *secret, const char *typed,
    struct match *match, struct why *why)
{
	const struct crypto_cost cost = password_cost(&secret->settings);
	size_t size = strnlen(typed, PASSWORD_BYTES + 1);
	bool usable = size > 0 && size <= PASSWORD_BYTES && password_is_for(&secret->user);
	const char *hash = usable ? secret->user.password : NULL;
	struct turnstile turnstile;
	bool right, code, failed = false;
	enum fault fault = crypto_start(why);

	if (size > PASSWORD_BYTES)
		typed = "";
	if (fault == FAULT_NONE)
		fault = take_turn(login, &turnstile, why);
	if (fault != FAULT_NONE)
		return fault;
	if (shadow_hash_is_one(hash))
		right = fits_adopted(hash, &cost, typed, &failed);
	else
		right = crypto_password_verify(hash, &cost, typed, &failed);
	turnstile_leave(&turnstile);
	code = code_fits(&secret->user, typed);
	if (failed)
		return why_set(why, FAULT_UNAVAILABLE, "no memory to verify a password");
	*match = (struct match){usable && right, usable && code};
	return FAULT_NONE;
}

/* ---- what a proof is of -------------------------------------------------------------------- */

/* A stamp has two halves: one of the hash that was verified, one of what may take its place. */
enum { STAMP_HALF = CRYPTO_HASH_BYTES / 2 };

/* By the record's own UUID: a name may become another's. */
static void
stamp_half(const struct user *user, const char *hash, unsigned char half[STAMP_HALF])
{
	unsigned char digest[CRYPTO_HASH_BYTES];

	crypto_digest(&user->uuid, sizeof(user->uuid), hash, strlen(hash), digest);
	memcpy(half, digest, STAMP_HALF);
}

/* What a proof is of; NULL: there is no such thing any more. */
static const char *
proved_hash(const struct user *user, enum proof proof)
{
	switch (proof) {
	case PROOF_PASSWORD:
		return user->password;
	case PROOF_CODE:
		return user->code;
	case PROOF_NOTHING:
	case PROOF_KEY:
		break;
	}
	return NULL;
}

/* `user` as it was when that was proved, of whom login_upgrade() may be about to write `rehash`. */
static void
put_stamp(const struct user *user, struct login_answer *said)
{
	const char *hash = proved_hash(user, said->proof);
	const char *next = said->rehash[0] == '\0' ? hash : said->rehash;

	if (hash == NULL)
		return;
	stamp_half(user, hash, said->stamp);
	stamp_half(user, next, said->stamp + STAMP_HALF);
}

/* Is what was proved then still what the record has? */
static bool
stamp_fits(const struct user *user, enum proof proof, const unsigned char *stamp)
{
	const char *hash = proved_hash(user, proof);
	unsigned char half[STAMP_HALF];
	bool first, second;

	if (hash == NULL || stamp == NULL)
		return false;
	stamp_half(user, hash, half);
	first = crypto_same(half, stamp, STAMP_HALF);
	second = crypto_same(half, stamp + STAMP_HALF, STAMP_HALF);
	return first || second;
}

/* Nothing that was typed is theirs: who it was about stays. */
static void
answer_wrong(struct login_answer *said)
{
	said->verdict = VERDICT_NONE;
	said->proof = PROOF_NOTHING;
	said->reason[0] = '\0';
}

/*
 * To be ended by lockout_end(), as soon as it is known what was typed: whoever tries the same user
 * from the same place waits for it.
 */
static enum fault
attempt_begin(const struct login *login, const struct secret *secret, struct attempt *attempt,
    struct why *why)
{
	const struct lockout_place place = place_of(login, secret->user.uid);

	return lockout_begin(login->root, &secret->settings, &place, login->uptime,
	    ATTEMPT_MILLISECONDS, attempt, why);
}

/* Each step of an attempt may have something for the log. */
static void
add_note(char note[LOGIN_NOTE_BYTES], const struct attempt *attempt)
{
	size_t size = strlen(note);

	if (attempt->note[0] != '\0')
		snprintf(note + size, LOGIN_NOTE_BYTES - size, "%s%s", size == 0 ? "" : "; ",
		    attempt->note);
}

/* ---- a one-time code ---------------------------------------------------------------------- */

static bool
is_same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* Is the code that was typed still the user's, and good?  `seen`: as it was compared. */
static bool
is_still_good(const struct user *user, const struct user *seen, int64_t now, int64_t mark)
{
	return is_same(user->code, seen->code) && code_is_good(user, now, mark);
}

/* Notes in the record that the code has let its user in; *used is false when it no longer can. */
static enum fault
use_code(struct txn *txn, const struct user *seen, bool *used, struct why *why)
{
	struct user user = {0};
	int64_t mark = 0;
	const int64_t now = txn_now(txn);
	enum fault fault = user_get(txn, seen->uid, &user, why);

	if (fault == FAULT_NONE)
		fault = clock_mark(txn, &mark, why);
	*used = fault == FAULT_NONE && is_still_good(&user, seen, now, mark) &&
	    user.code_used == 0 &&
	    (user.status == STATUS_ACTIVE || user.status == STATUS_INVITED);
	if (*used) {
		user.code_used = now;
		user.must_change = true;
		user.status = STATUS_ACTIVE;
		fault = user_put(txn, &user, why);
	}
	user_clear(&user);
	return fault == FAULT_UNKNOWN ? FAULT_NONE : fault;
}

/*
 * Who was to be let in by a code has used it up, or is not let in: of many who come with the same
 * one, the host's one writer lets one through.  That it could not be published stops nobody.
 */
static enum fault
claim_code(const struct login *login, const struct user *seen, struct login_answer *said,
    struct why *why)
{
	const struct writing writing = {login->root, "code login", login->now};
	struct actor person = {.login_uid = login->login_uid};
	struct store *store = NULL;
	struct txn *txn = NULL;
	bool used = false, unpublished = false;
	enum fault fault;

	actor_be(&person, said);
	place_put(person.from, sizeof(person.from), login->from);
	fault = writing_begin(&writing, &person, &store, &txn, why);
	if (fault == FAULT_NONE)
		fault = use_code(txn, seen, &used, why);
	fault = writing_end(store, txn, fault, &unpublished, why);
	if (fault == FAULT_NONE && !used)
		answer_wrong(said);
	said->unpublished |= unpublished;
	return fault;
}

/* ---- a login ------------------------------------------------------------------------------ */

/* What of the user's was typed, as the database has it now: it took its time to find out. */
static enum proof
proof_of(const struct view *view, const struct login *login, const struct secret *secret,
    const struct match *match, enum phase phase)
{
	const struct user *user = &view->user;

	if (!view->known)
		return PROOF_NOTHING;
	if (match->password && is_same(user->password, secret->user.password))
		return PROOF_PASSWORD;
	if (!match->code || !is_still_good(user, &secret->user, login->now, view->mark))
		return PROOF_NOTHING;
	/*
	 * It stands for the old password as long as it is good; in, it lets root's programs once.
	 */
	return phase == 0 || (login->caller == 0 && user->code_used == 0) ? PROOF_CODE
	                                                                  : PROOF_NOTHING;
}

/*
 * *proof is what was proved, whether they are let in by it or not.  All is found out for a wrong
 * password too, and then dropped, so that it takes as long as for one that nobody has.  Who was
 * suspended while it was verified is out.
 */
static enum fault
judge_match(const struct login *login, const struct secret *secret, const struct match *match,
    struct judging judging, struct login_answer *said, enum proof *proof, struct why *why)
{
	struct view view;
	enum fault fault = view_open(&view, login, why);

	if (fault != FAULT_NONE)
		return fault;
	*proof = proof_of(&view, login, secret, match, judging.phase);
	if (*proof == PROOF_CODE && view.user.status == STATUS_INVITED)
		view.user.status = STATUS_ACTIVE;
	judging.proof = *proof == PROOF_CODE ? PROOF_CODE : PROOF_PASSWORD;
	fault = view_judge(&view, login, &judging, said, why);
	if (fault == FAULT_NONE && view.known && *proof == PROOF_NOTHING) {
		*said = view_answer(&view);
		if (judging.locked_out)
			answer_locked_out(&view.user, said);
	} else if (fault == FAULT_NONE && verdict_allows(said->verdict)) {
		said->proof = *proof;
		said->version = view.user.version;
	}
	view_close(&view);
	return fault;
}

/* Of somebody who is let in: nobody else's login may cost a second hash. */
static void
renew_hash(const struct login *login, const struct secret *secret, const char *password,
    struct login_answer *said)
{
	const struct crypto_cost cost = password_cost(&secret->settings);
	struct turnstile turnstile;
	char *hash = NULL;

	if (!password_needs_rehash(secret->user.password, &secret->settings) ||
	    take_turn(login, &turnstile, NULL) != FAULT_NONE)
		return;
	if (crypto_password_hash(password, &cost, &hash, NULL) == FAULT_NONE)
		snprintf(said->rehash, sizeof(said->rehash), "%s", hash);
	turnstile_leave(&turnstile);
	password_free(hash);
}

/* The attempt is under way, and what was typed is compared and judged. */
static enum fault
attempt_judged(const struct login *login, const struct secret *secret, const char *typed,
    struct judging judging, struct login_answer *said, enum proof *proof, struct why *why)
{
	struct match match = {0};
	bool decides = judging.phase != 0;
	enum fault fault = compare(login, secret, typed, &match, why);

	if (fault == FAULT_NONE)
		fault = judge_match(login, secret, &match, judging, said, proof, why);
	if (fault == FAULT_NONE && decides && said->proof == PROOF_CODE) {
		fault = claim_code(login, &secret->user, said, why);
		if (fault == FAULT_NONE)
			*proof = said->proof;
	}
	if (fault == FAULT_NONE && decides && said->proof == PROOF_PASSWORD)
		renew_hash(login, secret, typed, said);
	if (fault == FAULT_NONE)
		put_stamp(&secret->user, said);
	return fault;
}

/* phase 0: nothing is decided but whose password it is. */
static enum fault
verify_and_judge(const struct login *login, const char *typed, enum phase phase,
    struct login_answer *answer, struct why *why)
{
	struct secret secret;
	struct view view;
	struct attempt attempt;
	struct login_answer said = {0};
	char note[LOGIN_NOTE_BYTES] = "";
	enum proof proof = PROOF_NOTHING;
	enum fault fault = view_open(&view, login, why);

	if (fault != FAULT_NONE)
		return fault;
	secret = secret_take(&view);
	fault = attempt_begin(login, &secret, &attempt, why);
	if (fault == FAULT_NONE) {
		const struct judging judging = {.phase = phase, .locked_out = attempt.locked};

		add_note(note, &attempt);
		fault = attempt_judged(login, &secret, typed, judging, &said, &proof, why);
		lockout_end(&attempt, proof != PROOF_NOTHING);
		add_note(note, &attempt);
	}
	secret_clear(&secret);
	if (fault == FAULT_NONE) {
		*answer = said;
		strcpy(answer->note, note);
	}
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

/* ---- a new password ----------------------------------------------------------------------- */

/* What a new password is made with: the record as it stands, and whose it is. */
struct renewal {
	struct secret secret;
	struct login_answer answer;
};

/* FAULT_UNKNOWN, FAULT_RULE as login.h has it. */
static enum fault
check_renewal(const struct view *view, const struct login *login, struct why *why)
{
	char local[HOST_LOCAL_BYTES];
	enum fault fault;

	if (!view->known)
		return why_set(why, FAULT_UNKNOWN, "not a user of Hexa's");
	if (!password_is_for(&view->user))
		return why_field(why, FAULT_RULE, "password",
		    "a user of this type never has a password");
	fault = host_local_user(login->root, view->user.name, view->user.uid, local, why);
	if (fault == FAULT_NONE && local[0] != '\0')
		fault = why_field(why, FAULT_RULE, "password",
		    "%s is a user of this host's own, by whose password they log in", local);
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
	if (fault != FAULT_NONE) {
		view_close(&view);
		return fault;
	}
	renewal->answer = view_answer(&view);
	renewal->secret = secret_take(&view);
	return FAULT_NONE;
}

static bool
has_good_code(const struct login *login, const struct secret *secret)
{
	return code_is_good(&secret->user, login->now, secret->mark);
}

/* A password, or a code that stands for it.  Each is an attempt, as a login is. */
static enum fault
check_old(const struct login *login, struct renewal *renewal, const char *old, struct why *why)
{
	const struct secret *secret = &renewal->secret;
	struct login_answer *said = &renewal->answer;
	struct match match = {0};
	struct attempt attempt;
	bool right;
	enum fault fault = attempt_begin(login, secret, &attempt, why);

	if (fault != FAULT_NONE)
		return fault;
	add_note(said->note, &attempt);
	fault = compare(login, secret, old, &match, why);
	right = match.password || (match.code && has_good_code(login, secret));
	lockout_end(&attempt, right);
	add_note(said->note, &attempt);
	if (fault == FAULT_NONE && attempt.locked)
		answer_locked_out(&secret->user, said);
	if (fault == FAULT_NONE && (attempt.locked || !right))
		fault = why_set(why, FAULT_DENIED, "wrong password");
	return fault;
}

/* Who is out, or out of their time, was let in when they proved it, and no longer is. */
static bool
is_in(const struct login *login, const struct user *user)
{
	bool invited = user->status == STATUS_INVITED && login->proof == PROOF_CODE;

	return (user->status == STATUS_ACTIVE || invited) &&
	    (user->valid_from == 0 || login->now >= user->valid_from) &&
	    (user->valid_until == 0 || login->now <= user->valid_until);
}

/* What this login has verified; NULL: it stands.  Else for the log. */
static const char *
proof_flaw(const struct login *login, const struct secret *secret)
{
	const struct user *user = &secret->user;

	if (!is_in(login, user))
		return "no longer active, or out of their time";
	/* Another one was made since, another password set, or its time is up. */
	if (login->proof == PROOF_CODE && !has_good_code(login, secret))
		return "the one-time code is no longer good";
	if (!stamp_fits(user, login->proof, login->stamp))
		return "what was verified before is no longer theirs";
	return NULL;
}

/* Without the old password: by root's word alone, or by what this login has verified. */
static enum fault
check_proof(const struct login *login, struct renewal *renewal, struct why *why)
{
	const char *flaw;
	enum fault fault;

	if (login->caller != 0)
		return why_set(why, FAULT_DENIED, "the old password is needed");
	if (login->proof == PROOF_NOTHING)
		return FAULT_NONE;
	fault = crypto_start(why);
	if (fault != FAULT_NONE)
		return fault;
	flaw = proof_flaw(login, &renewal->secret);
	if (flaw == NULL)
		return FAULT_NONE;
	snprintf(renewal->answer.reason, sizeof(renewal->answer.reason), "%s", flaw);
	return why_set(why, FAULT_DENIED, "%s", flaw);
}

/* Who has to change it must. */
static enum fault
check_is_new(const struct login *login, const struct secret *secret, const char *fresh,
    struct why *why)
{
	struct turnstile turnstile;
	enum fault fault;

	if (code_fits(&secret->user, fresh))
		return why_field(why, FAULT_INVALID, "password",
		    "the new password is the one-time code");
	fault = take_turn(login, &turnstile, why);
	if (fault != FAULT_NONE)
		return fault;
	fault = password_is_new(fresh, &secret->user, &secret->settings, why);
	turnstile_leave(&turnstile);
	return fault;
}

/* What root sets, as a script does twice, is root's affair. */
static bool
is_roots_word(const struct login *login, const char *old)
{
	return old == NULL && login->proof == PROOF_NOTHING;
}

/* May this be done, with what is known of the old password?  `old` and `fresh` as in login.h. */
static enum fault
check_change(const struct login *login, struct renewal *renewal, const char *old,
    const char *fresh, struct why *why)
{
	const struct secret *secret = &renewal->secret;
	enum fault fault = old == NULL ? check_proof(login, renewal, why)
	                               : check_old(login, renewal, old, why);

	if (fault == FAULT_NONE)
		fault = password_check(fresh, &secret->user, &secret->settings, why);
	if (fault == FAULT_NONE && !is_roots_word(login, old))
		fault = check_is_new(login, secret, fresh, why);
	return fault;
}

static enum fault
make_hash(const struct login *login, const struct secret *secret, const char *fresh, char **hash,
    struct why *why)
{
	struct turnstile turnstile;
	enum fault fault = take_turn(login, &turnstile, why);

	if (fault != FAULT_NONE)
		return fault;
	fault = password_hash(fresh, &secret->user, &secret->settings, hash, why);
	turnstile_leave(&turnstile);
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
	bool unpublished; /* nothing of a password is: that it is set is what counts */
	enum fault fault = writing_begin(&writing, actor, &store, &txn, why);

	if (fault == FAULT_NONE)
		fault = user_put(txn, user, why);
	return writing_end(store, txn, fault, &unpublished, why);
}

enum fault
login_change_password(const struct login *login, const struct actor *actor, const char *old,
    const char *fresh, struct login_answer *answer, struct why *why)
{
	struct actor person = *actor;
	struct renewal renewal = {0};
	struct secret *secret = &renewal.secret;
	struct login_answer *said = &renewal.answer;
	char *hash = NULL;
	uint32_t failures;
	enum fault fault = read_record(login, &renewal, why);

	if (fault == FAULT_NONE)
		fault = check_change(login, &renewal, old, fresh, why);
	if (fault == FAULT_NONE)
		fault = make_hash(login, secret, fresh, &hash, why);
	if (fault == FAULT_NONE)
		fault = password_put(&secret->user, hash, &secret->settings, login->now, why);
	actor_be(&person, said);
	if (fault == FAULT_NONE)
		fault = write_record(login, &person, &secret->user, why);
	/* As hexa-admin's user password: it is to be of use at once. */
	if (fault == FAULT_NONE && is_roots_word(login, old))
		lockout_forget(login->root, secret->user.uid, &failures, NULL);
	if (fault == FAULT_NONE)
		said->verdict = VERDICT_ALLOWED;
	if (fault == FAULT_NONE || fault == FAULT_DENIED)
		*answer = *said;
	password_free(hash);
	secret_clear(secret);
	return fault;
}

/* ---- a hash as the policy has them -------------------------------------------------------- */

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
	bool unpublished;
	enum fault fault;

	actor_be(&person, answer);
	fault = writing_begin(&writing, &person, &store, &txn, why);
	if (fault == FAULT_NONE)
		fault = put_rehash(txn, answer, why);
	return writing_end(store, txn, fault, &unpublished, why);
}
