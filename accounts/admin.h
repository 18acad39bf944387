/*
 * admin.h - an administrator at work: the open database, who is acting, and what they may.
 */
#ifndef HEXA_ACCOUNTS_ADMIN_H
#define HEXA_ACCOUNTS_ADMIN_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/field.h"
#include "store/store.h"

struct admin {
	struct store *store;
	const char *root;    /* the --root folder; "" for this host */
	struct actor actor;
	bool is_root;        /* plain root: may do all */
	uint32_t self;       /* whose rights count, and whose account is one's own; 0: root's */
	int64_t now;         /* the clock of everything that is done */
	bool insist;         /* --yes: plain root insists where a rule lets them */
};

/* What the door knows about its caller; accounts/ reads no environment. */
struct caller {
	uint32_t uid;         /* the real uid */
	const char *sudo_uid; /* SUDO_UID as it stands in the environment; NULL: none */
	uint32_t login_uid;   /* the audit login uid; 4294967295: none */
	const char *as;       /* --as NAME: act with that user's rights; NULL: none */
};

/*
 * Opens the database under `root` and finds out who is acting: plain root; behind sudo, the person
 * of SUDO_UID.  A uid of /etc/passwd that Hexa never gave out acts as root, recorded by name.  Any
 * other must be an active user of Hexa's who holds every permission (`*`), else FAULT_DENIED; when
 * it cannot be told who it is, FAULT_UNAVAILABLE, never root.  SUDO_UID counts only when the real
 * uid is 0, and any other real uid is FAULT_DENIED.
 * `root` other than "" is for plain root alone: who a person is, only this host's own database and
 * /etc/passwd can say.  So is caller->as, a user's name as user_find() takes it; the journal still
 * names root.
 * store_flags as store_open().  `root` must outlive *admin.
 */
enum fault admin_open(struct admin *admin, const char *root, const struct caller *caller,
    unsigned store_flags, int64_t now, struct why *why);
void admin_close(struct admin *admin);

/*
 * Who is acting, for what only plain root does and what must work whatever has become of the
 * database.  Root itself needs none.  A person behind sudo is judged as admin_open() does, by a
 * database that is there; where there is none, nobody was ever given a uid by it, and a uid of
 * /etc/passwd is enough.  FAULT_DENIED: not plain root; FAULT_UNAVAILABLE: it cannot be told.
 */
enum fault admin_is_root(const char *root, const struct caller *caller, int64_t now,
    struct actor *actor, struct why *why);

/* FAULT_DENIED unless the actor is plain root. */
enum fault admin_needs_root(const struct admin *admin, struct why *why);

/* FAULT_DENIED, naming the permission, unless this actor has it. */
enum fault admin_needs(const struct admin *admin, const char *permission, struct why *why);

/* As admin_needs(), as seen by a transaction that is open. */
enum fault admin_needs_within(const struct admin *admin, struct txn *txn, const char *permission,
    struct why *why);

/* FAULT_DENIED when `uid` is the actor's own account: for what nobody does to themselves. */
enum fault admin_needs_other(const struct admin *admin, uint32_t uid, struct why *why);

/* What is done to one field of a record: a flag of the command line. */
enum edit_act { EDIT_SET = 1, EDIT_CLEAR, EDIT_ADD, EDIT_REMOVE };

struct edit {
	enum edit_act act;
	const struct field *field; /* a row of the record's table */
	const char *value;         /* NULL with EDIT_CLEAR */
};

struct edits {
	const struct edit *edit;
	size_t count;
};

/*
 * Applies them in order to a record.  FAULT_INVALID names the field.  Refuses fields that Hexa
 * keeps itself, and, with `created` true, fields that are fixed at creation.
 */
enum fault edits_apply(const struct edits *edits, const struct table *table, void *record,
    bool created, struct why *why);

#endif
