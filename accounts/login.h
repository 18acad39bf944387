/*
 * login.h - what the PAM helper asks: is this the password, may they in, has their login begun.
 */
#ifndef HEXA_ACCOUNTS_LOGIN_H
#define HEXA_ACCOUNTS_LOGIN_H

#include "policy/decide.h"
#include "policy/names.h"
#include "store/crypto.h"
#include "store/store.h"

/* No source of users knows the name: an `account` that nobody has. */
#define LOGIN_NO_ACCOUNT UINT32_MAX

struct login {
	const char *root;    /* "" for this host */
	uint32_t caller;     /* who asks: to whom is not root (0), all but themself are unknown */
	uint32_t account;    /* the uid that the name has on the host by NSS, or LOGIN_NO_ACCOUNT */
	uint32_t invoker;    /* whose program asks for the password: su(1) is run by somebody */
	const char *user;    /* as typed: a login name, an e-mail address or a phone number */
	const char *service; /* the PAM service */
	const char *from;    /* PAM_RHOST or PAM_TTY, for the record: never trusted or resolved */
	const char *rhost;   /* PAM_RHOST alone, for the lock-out; NULL or "": from this host */
	uint32_t login_uid;  /* the kernel's audit login uid, for the journal */
	int64_t now;
	int64_t uptime;      /* CLOCK_BOOTTIME in seconds: lockout_uptime() */
	enum proof proof;    /* what this PAM transaction verified: for account, and a change */
	/* For a change by a proof: login_answer's stamp of it.  NULL: there is none. */
	const unsigned char *stamp;
};

enum {
	LOGIN_HASH_BYTES = 128, /* of a hash that Hexa makes, with its NUL */
	LOGIN_NOTE_BYTES = 1024,
};

/* What came of it.  The zero value denies. */
struct login_answer {
	enum verdict verdict;
	enum proof proof;  /* of a yes to a password: what was typed; else PROOF_NOTHING */
	/*
	 * With a proof: of whom and of which hash it is one.  A change by that proof asks for it,
	 * so that none outlives what was verified.  The hash cannot be found out from it.
	 */
	unsigned char stamp[CRYPTO_HASH_BYTES];
	uint32_t uid;      /* of the user, when they are known */
	char name[64];     /* their login name; "" when unknown */
	char reason[512];  /* for the log; holds no secret, and no name of nobody */
	bool unpublished;  /* of a decision for root: login_publish() has something to do */
	char note[LOGIN_NOTE_BYTES]; /* for the log, of the file of failed logins; "": nothing */
	uint32_t days_left; /* of login_account(): until the password has to be changed; 0: far */
	bool has_code;      /* of login_account(): a one-time code stands for the old password */
	/*
	 * Of who is let in by a password whose hash is not as the policy has them, as of an adopted
	 * user's first: a new one for login_upgrade(), and the record's version; "": there is none.
	 */
	char rehash[LOGIN_HASH_BYTES];
	uint64_t version;
};

/*
 * In all of these a user is known when the database has them under the name (by an e-mail address
 * or phone number only where the policy lets people log in so), and the host's account of that
 * name, if there is one, has the same uid: an account of another source is judged by that
 * source.  Whose name stands in /etc/passwd is the host's to judge, also with the same uid
 * (adopt.h), and is VERDICT_NOT_ACTIVE here by whatever name they come.  An account that the
 * database does not have, but whose uid Hexa once gave out, is VERDICT_NOT_ACTIVE to
 * login_authenticate() and login_account(): who was deleted is not let in on the strength of a
 * directory that still shows them.  FAULT_UNAVAILABLE: nothing was found out.
 */

/*
 * Verifies the password and then decides as the account phase would.  Always costs one Argon2:
 * unknown, password-less, refused and locked-out users included, and passwords that are empty or
 * too long.  (A hash that is not as the policy has them costs what it costs: an adopted user's, or
 * one from before the policy was changed; so does its renewal, of who is let in.)  The
 * database's transaction is ended before, and it is read anew after.
 * A wrong password is VERDICT_NONE with FAULT_NONE: denied, and nothing more is told.
 *
 * To root, a one-time code that is good and was not used yet is right too, and an invited user is
 * then judged as an active one.  Of who is let in it is used up in one write ("code login" in the
 * journal), from which on they are active and have to change their password: no write, no yes
 * (FAULT_UNAVAILABLE), and of two who come with the same code one is wrong.  Who is refused keeps
 * it.  Any other code is a wrong password.
 *
 * Whoever failed too often from there is VERDICT_LOCKED_OUT, with the right password too: see
 * lockout.h, which is told of each attempt.  FAULT_UNAVAILABLE also when its turn did not come.
 */
enum fault login_authenticate(const struct login *login, const char *password,
    struct login_answer *answer, struct why *why);

/*
 * Puts answer->rehash into the record of whoever was let in, in the place of the hash that there
 * is; when the password was set stays.  An actor without a name is the user themself.  To
 * be done behind the answer, in a process of its own: it waits for the host's one writer.  Any
 * fault is no matter: the hash is as good at the next login.  FAULT_CONFLICT: the record was
 * changed meanwhile.
 */
enum fault login_upgrade(const char *root, const struct login_answer *answer,
    const struct actor *actor, int64_t now, struct why *why);

/*
 * Is this their password, or a one-time code that is good, used or not, which stands for it when it
 * is to be changed?  As login_authenticate(), but nothing is decided and no code used up:
 * VERDICT_ALLOWED, VERDICT_NONE, VERDICT_LOCKED_OUT, VERDICT_UNKNOWN_USER, or VERDICT_NOT_ACTIVE
 * where the host is to judge.
 */
enum fault login_verify_password(const struct login *login, const char *password,
    struct login_answer *answer, struct why *why);

/*
 * The decision alone; where the policy has a lock-out refuse keys (lockout.keys), also by it, of
 * who comes from another host and has verified no password.  For root it also has what was granted
 * until now taken out of the published directory (login_publish()), before the session looks its
 * groups up.
 */
enum fault login_account(const struct login *login, struct login_answer *answer,
    struct why *why);

/*
 * Notes the last login and gives the session's variables as NAME=value: HEXA_ROLES (the names of
 * the roles that give something on this host, by spaces), HEXA_CLIENTS (by spaces, when there are
 * any), HEXA_ACCESS_BACK (days, the user's or their roles'; when there is a limit).
 * VERDICT_ALLOWED or VERDICT_UNKNOWN_USER; what could not be noted stands in the reason, and is no
 * fault.
 */
enum fault login_open_session(const struct login *login, struct login_answer *answer,
    struct names *environment, struct why *why);

/*
 * Sets a new password, and takes a one-time code out.  `old` NULL: the caller is root, and need not
 * know it; otherwise FAULT_DENIED when it is wrong (*answer then says whose it is not, and why).
 * With a login->proof it is the person's word, and FAULT_DENIED unless the user is active and
 * within their time and what was verified still stands by login->stamp: the same user with the
 * same password, also where login_upgrade() has hashed it anew, or with the same code that is
 * still good (an invited user's too).  `old` is verified, and counted, as by
 * login_verify_password().  FAULT_INVALID: the new one is refused, with the reason for the person:
 * among them, when they change it themselves, that it is the one they have, one that they had
 * (password_is_new()), or the code.  FAULT_RULE: this type of user has none, or the host is to
 * judge; FAULT_CONFLICT: the record changed meanwhile.  FAULT_UNKNOWN: not a user of Hexa's.  An
 * actor without a name is the user themself, and is filled in.  What root sets without a proof
 * forgets their failures, too.
 */
enum fault login_change_password(const struct login *login, const struct actor *actor,
    const char *old, const char *fresh, struct login_answer *answer, struct why *why);

/*
 * Publishes what a command that died after its commit has left unpublished, and what has ended
 * before `now`.
 */
enum fault login_publish(const char *root, int64_t now, struct why *why);

#endif
