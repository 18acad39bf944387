/*
 * store.h - the database of one host: users, roles, permissions, the journal, and the identifiers
 * that are never given twice.
 *
 * Every write goes through one seam: store_write_begin(actor) … put and delete, each with the
 * version that was read … store_commit().  The journal entry is in the same transaction; after
 * the commit the directory is published.  A stale version is FAULT_CONFLICT.
 *
 * Unless said otherwise each function may fail with FAULT_UNAVAILABLE (the database is missing,
 * damaged or full, or memory is out) and leaves its out-parameters alone when it fails.
 */
#ifndef HEXA_STORE_STORE_H
#define HEXA_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/client.h"
#include "policy/decide.h"
#include "policy/document.h"
#include "policy/fault.h"
#include "policy/key.h"
#include "policy/rules.h"
#include "policy/user.h"

struct store;
struct txn;

/* Who is making a change: the journal keeps both, so that sudo does not hide the person. */
struct actor {
	uint32_t uid;       /* the person: behind sudo the one who called it */
	char name[64];      /* their login name, or "root" */
	uint32_t login_uid; /* the kernel's audit login uid; 4294967295: none */
	char from[64];      /* the remote host or the terminal they act from; empty: not known */
};

/* What a host is, from `hexa-admin host set`; NULL or empty: none.  Kept beside the schema. */
struct host {
	char *client;
	char *site;
};

enum {
	STORE_READ_ONLY = 1 << 0, /* no write transaction will be begun */
};

/*
 * Who else has an id?  Asked for each one before it is given out; without it only the database is
 * asked.  The function and its context stay the caller's.
 */
struct id_source {
	enum fault (*taken)(void *context, uint32_t id, bool *is_taken, struct why *why);
	void *context;
};

/*
 * Makes the folders, an empty database with schema, generation, built-in role and the group
 * ADMINS_GROUP, and a directory of that group alone.  FAULT_CONFLICT when a database is there
 * already.  `root`: "" or the --root folder; `others` may be NULL.
 */
enum fault store_create(const char *root, const struct id_source *others,
    const struct actor *actor, int64_t now, struct why *why);

/*
 * How many users the published directory still shows where there is no database: what
 * store_create() would take from the host's eyes.  It gives none of their ids, nor those of their
 * groups, out again.  0 when there is a database, or no directory that can be read.
 */
enum fault store_lost_users(const char *root, uint64_t *count, struct why *why);

/*
 * Opens the database.  Refused (FAULT_UNAVAILABLE, with what to do): missing, not a database of
 * Hexa's, another schema, wrong owner or mode of the file or its folder, damaged.  Does not write.
 */
enum fault store_open(const char *root, unsigned flags, struct store **store, struct why *why);
void store_close(struct store *store);

/* Whom to ask from here on about ids; NULL: nobody. */
void store_ask_ids(struct store *store, const struct id_source *others);

/* A stable view of the database; ended by store_end(). */
enum fault store_read_begin(struct store *store, struct txn **txn, struct why *why);

/*
 * The one writer of the host; waits for another.  `action` is the journal's word for what is being
 * done ("user add").  `now` in seconds: the entry's time, and the clock of every rule in it.
 */
enum fault store_write_begin(struct store *store, const struct actor *actor, const char *action,
    int64_t now, struct txn **txn, struct why *why);

/*
 * Commits, then publishes what changed.  FAULT_NONE: done, both.  The transaction is ended in any
 * case.  When the commit stood but publishing failed, FAULT_UNAVAILABLE and *saved is true (the
 * next command publishes it); `saved` may be NULL.  A transaction that changed nothing writes
 * nothing, not even a journal entry.
 */
enum fault store_commit(struct txn *txn, bool *saved, struct why *why);

/*
 * From now on in this transaction plain root insists (--yes): a name, e-mail or phone that was
 * given up a short while ago may be taken.
 */
void store_insist(struct txn *txn);

/* Do these words say that the database is damaged?  The doctor says where, a backup mends it. */
bool store_tells_damage(const struct why *why);

/*
 * The journal head that this process's newest commit made, for the log, so that a cut tail shows;
 * *before is the sequence that it went on from.  False: nothing was committed.
 */
bool store_committed(const struct store *store, uint64_t *before, uint64_t *sequence,
    unsigned char hash[32]);

/* Ends a transaction without keeping what it did.  NULL is allowed. */
void store_end(struct txn *txn);

int64_t txn_now(const struct txn *txn);

/*
 * The highest time that any write which was kept ever had; 0: none had one.  What a clock that was
 * set back says is before this.
 */
enum fault clock_mark(struct txn *txn, int64_t *mark, struct why *why);

/*
 * For who looks at very many records in one transaction, now and then: lets go of the memory in
 * which this process has the part of the database that was read (db_relax()).
 */
void txn_relax(struct txn *txn);

/* ---- users.  FAULT_UNKNOWN when there is none; *user must be all zero or cleared. ---- */

enum fault user_get(struct txn *txn, uint32_t uid, struct user *user, struct why *why);

/* By login name, `uid:N`, e-mail (any case) or phone: what every user argument takes. */
enum fault user_find(struct txn *txn, const char *who, struct user *user, struct why *why);

/* By login name alone. */
enum fault user_find_name(struct txn *txn, const char *name, struct user *user, struct why *why);

/* FAULT_UNKNOWN unless somebody has this login name: without reading who. */
enum fault user_name_known(struct txn *txn, const char *name, struct why *why);

/* The first user with a uid above `after`: a list in uid order. */
enum fault user_next(struct txn *txn, uint32_t after, struct user *user, struct why *why);

/*
 * The first holder of a role, in whatever scope, with a uid above `after`; FAULT_UNKNOWN at the
 * end.
 */
enum fault role_member_next(struct txn *txn, const char *role, uint32_t after, uint32_t *uid,
    struct why *why);

/* How many holders it has. */
enum fault role_member_count(struct txn *txn, const char *role, uint64_t *count, struct why *why);

/* How many users there are. */
enum fault user_count(struct txn *txn, uint64_t *count, struct why *why);

/*
 * By a row of user_table that is F_INDEXED: the first user with a uid above `after` who has this
 * value, as field_text() writes it (FAULT_UNKNOWN: there is none further); how many have it; and
 * the value after `after` in memcmp order ("" before the first), newly allocated, of those that
 * anybody has.
 */
enum fault user_with_next(struct txn *txn, const struct field *field, const char *value,
    uint32_t after, uint32_t *uid, struct why *why);
enum fault user_with_count(struct txn *txn, const struct field *field, const char *value,
    uint64_t *count, struct why *why);
enum fault user_value_next(struct txn *txn, const struct field *field, const char *after,
    char **value, struct why *why);

/*
 * Another user than `uid` (0: than whoever is to have the name) whose login name looks like this
 * one (text_look()).  FAULT_UNKNOWN: there is none.
 */
enum fault user_lookalike(struct txn *txn, const char *name, uint32_t uid, struct user *other,
    struct why *why);

/*
 * Another user than `uid` (0: than whoever is to have it) with this home directory, also where it is
 * spelled with a `/` at its end or a part that is `.`.  FAULT_UNKNOWN: there is none; or it is that
 * of who has none (`/`, `/nonexistent`), which any number may share.
 */
enum fault user_at_home(struct txn *txn, const char *home, uint32_t uid, struct user *other,
    struct why *why);

/*
 * Does this user take one of the places that the policy limits?  Who was revoked or has left does
 * not.  And how many do: on this host (`client` NULL), or as client users of a client.
 */
bool user_has_seat(const struct user *user);
enum fault seat_count(struct txn *txn, const char *client, uint64_t *count, struct why *why);

/*
 * Writes a user.  uid 0 makes a new one: it gets the next free uid (gid = uid), a UUID, the time of
 * creation and version 1, all set in *user.  So does version 0, under the uid and gid that stand
 * there: an account of the host's that is adopted.  (FAULT_CONFLICT when Hexa ever gave that uid,
 * or the gid is a role's; nobody else is asked.)  Otherwise user->version must be the version that
 * was read (FAULT_CONFLICT), and it is counted up.  Checks the record against its table, unique name,
 * e-mail and phone (FAULT_CONFLICT, naming the field), and that each role, client, site and user
 * that it names exists (FAULT_UNKNOWN).  Who names the user in a field (K_USER) goes with a new
 * name: their records are written too.  What is refused leaves nothing behind in the transaction
 * but, of a new user, an id that is given to nobody.
 */
enum fault user_put(struct txn *txn, struct user *user, struct why *why);

/*
 * Deletes a user.  The uid stays taken for ever; name, e-mail and phone for an hour.  Their
 * SSH keys go with them.  Who names the user in a field (K_USER) names nobody there any more.
 */
enum fault user_delete(struct txn *txn, const struct user *user, struct why *why);

/*
 * Notes in the journal that so many failed logins of a user are forgotten, as a change of the field
 * "failures", which no record has: the count is kept elsewhere, and is the caller's to forget.
 */
enum fault user_note_unlocked(struct txn *txn, const struct user *user, uint32_t count,
    struct why *why);

/* ---- roles ---- */

enum fault role_get(struct txn *txn, const char *name, struct role *role, struct why *why);

/* The first role after `after` ("" for the first) in name order. */
enum fault role_next(struct txn *txn, const char *after, struct role *role, struct why *why);

/* All of them. */
enum fault roles_load(struct txn *txn, struct roles *roles, struct why *why);

/*
 * Those whose compiled lists (role.h) are not what their permissions, includes and ladders come to,
 * as they should be, into *stale.  An edited dump has such, and a database whose Hexa had other
 * built-in permissions.  FAULT_INVALID: the roles cannot be compiled (roles_compile()).
 */
enum fault roles_find_stale(struct txn *txn, struct roles *stale, struct why *why);

/* Writes these anew, noting it in the journal, and adds their names to *mended. */
enum fault roles_mend(struct txn *txn, struct names *mended, struct why *why);

/* The roles this user holds: a role that is gone is absent. */
enum fault roles_load_held(struct txn *txn, const struct user *user, struct roles *roles,
    struct why *why);

/*
 * Writes a role, version rule as user_put() (version 0 makes a new one).  The closure is the
 * caller's to have compiled.  A role with a group gets a gid and takes the group's name in the one
 * name space that users and role groups share (FAULT_CONFLICT).
 */
enum fault role_put(struct txn *txn, struct role *role, struct why *why);

/* FAULT_RULE when it is built in, someone holds it or a role includes it. */
enum fault role_delete(struct txn *txn, const struct role *role, struct why *why);

/*
 * All of them, in any order: those that go may include one another.  After a fault some may be gone
 * in this transaction, which is then to be ended.
 */
enum fault roles_delete(struct txn *txn, const struct roles *gone, struct why *why);

/* ---- the policy ---- */

/* Every permission, the built-in ones among them, the services they name, and the settings. */
enum fault rules_load(struct txn *txn, struct rules *rules, struct why *why);

/*
 * What a login of this user needs of them, at a cost that does not grow with the policy: the
 * settings, all services named, and the permissions that the user's grants cover (all of them for
 * a grant of `*`).
 */
enum fault rules_load_login(struct txn *txn, const struct user *user, struct rules *rules,
    struct why *why);

/* The settings alone. */
enum fault settings_load(struct txn *txn, struct settings *settings, struct why *why);

/*
 * Replaces every permission that is not built in, the services named, and the settings.
 * FAULT_INVALID as record_check() and settings_check() say.
 */
enum fault rules_save(struct txn *txn, const struct rules *rules, struct why *why);

/*
 * All of the policy: rules, roles, constraints and tests.  *document must be all zero, or cleared.
 */
enum fault document_load(struct txn *txn, struct document *document, struct why *why);

/* Replaces constraints and tests; each that comes or goes is an entry of the journal. */
enum fault extras_save(struct txn *txn, const struct document *document, struct why *why);

/*
 * The text that the policy was applied from.  FAULT_UNKNOWN: it was changed since by other means,
 * and there is none.  Putting NULL drops it.  The journal keeps its hash.
 */
enum fault source_get(struct txn *txn, struct bytes *yaml, struct why *why);
enum fault source_put(struct txn *txn, const char *yaml, size_t size, struct why *why);

/*
 * ---- clients and sites: versions as user_put().  FAULT_UNKNOWN when there is none. ----
 *
 * A site's client must be there (FAULT_UNKNOWN, field "client") and stays its client (FAULT_RULE).
 * To delete one is FAULT_RULE, naming what is in the way: a user who has it, a role that is held
 * for the client, a site of the client, or this host.
 */

enum fault client_get(struct txn *txn, const char *name, struct client *client, struct why *why);
enum fault client_next(struct txn *txn, const char *after, struct client *client, struct why *why);
enum fault client_put(struct txn *txn, struct client *client, struct why *why);
enum fault client_delete(struct txn *txn, const struct client *client, struct why *why);

enum fault site_get(struct txn *txn, const char *name, struct site *site, struct why *why);
enum fault site_next(struct txn *txn, const char *after, struct site *site, struct why *why);
enum fault site_put(struct txn *txn, struct site *site, struct why *why);
enum fault site_delete(struct txn *txn, const struct site *site, struct why *why);

/* The first user with a uid above `after` who has the client, or site, in their record. */
enum fault client_user_next(struct txn *txn, const char *client, uint32_t after, uint32_t *uid,
    struct why *why);
enum fault site_user_next(struct txn *txn, const char *site, uint32_t after, uint32_t *uid,
    struct why *why);

/* How many users have the client, or the site. */
enum fault client_user_count(struct txn *txn, const char *client, uint64_t *count,
    struct why *why);
enum fault site_user_count(struct txn *txn, const char *site, uint64_t *count, struct why *why);

/*
 * ---- SSH keys: versions as user_put().  FAULT_UNKNOWN, field "key", when there is none. ----
 *
 * A key is found by its user and its fingerprint; they stand in the order of fingerprints.  In the
 * journal it goes by its fingerprint, with its user's uid.  *key must be all zero, or cleared.
 */

enum fault key_get(struct txn *txn, uint32_t uid, const char *fingerprint, struct key *key,
    struct why *why);

/* The user's first key after this fingerprint ("": the first). */
enum fault key_next(struct txn *txn, uint32_t uid, const char *after, struct key *key,
    struct why *why);

/* The first one after *key, of whatever user; an all-zero *key stands before all. */
enum fault keys_next(struct txn *txn, struct key *key, struct why *why);

/* How many keys the user has. */
enum fault key_count(struct txn *txn, uint32_t uid, uint64_t *count, struct why *why);

/*
 * Writes the key of the user key->uid (FAULT_UNKNOWN: there is no such user).  Version 0 makes a
 * new one, and `added` and version 1 are set: FAULT_CONFLICT, field "key", when the user has it
 * already, or has KEYS_PER_USER.  That key_parse() made the record is the caller's to see to.
 */
enum fault key_put(struct txn *txn, struct key *key, struct why *why);

/* What key_put() would refuse of a new one, whose user and fingerprint count. */
enum fault key_is_new(struct txn *txn, const struct key *key, struct why *why);

enum fault key_delete(struct txn *txn, const struct key *key, struct why *why);

/* ---- names and ids ---- */

/*
 * Who has a name of the one name space: FAULT_UNKNOWN when it is free.  A name given up less than
 * an hour ago is FAULT_CONFLICT, with the time from which it is free.
 */
enum fault name_is_free(struct txn *txn, const char *name, struct why *why);

/*
 * As name_is_free(), at `now`, of a name that is to be the group of the role with this gid (0: none
 * yet): what it had itself is free to it.
 */
enum fault group_name_is_free(struct txn *txn, const char *name, uint32_t gid, int64_t now,
    struct why *why);

/*
 * True when Hexa ever gave this uid or gid out, to somebody who is there or to somebody who was; or
 * took the uid over from the host.
 */
enum fault id_was_given(struct txn *txn, uint32_t id, bool *given, struct why *why);

/* Ids that users and groups are given; both ends are within. */
struct id_range {
	uint32_t first;
	uint32_t last;
};

/*
 * Where ids are taken from here, by the policy or else by Hexa's own word: *count ranges in ascending
 * order, of which at most `room` are written; and how many of all of their ids Hexa has not given.
 */
enum fault id_ranges_here(struct txn *txn, struct id_range *ranges, size_t room, size_t *count,
    uint64_t *left, struct why *why);

/* ---- the host ---- */

enum fault host_get(struct txn *txn, struct host *host, struct why *why);
enum fault host_put(struct txn *txn, const struct host *host, struct why *why);
void host_clear(struct host *host);

/* ---- last logins: in a file of their own: logging in never waits for an administrator. ---- */

/* Notes a login.  Never a reason to refuse one: failures are for the log. */
enum fault last_login_put(const char *root, uint32_t uid, int64_t now, const char *from,
    const char *service, struct why *why);

struct last_login {
	int64_t when;   /* 0: never */
	char from[256]; /* the remote host or terminal, as PAM said it */
	char service[64];
};

enum fault last_login_get(const char *root, uint32_t uid, struct last_login *last,
    struct why *why);

/*
 * The same of many users, from one open file.  Opening fails where there is no file yet; closing
 * takes NULL.
 */
struct last_logins;
enum fault last_logins_open(const char *root, struct last_logins **logins, struct why *why);
enum fault last_logins_get(struct last_logins *logins, uint32_t uid, struct last_login *last,
    struct why *why);
void last_logins_close(struct last_logins *logins);

#endif
