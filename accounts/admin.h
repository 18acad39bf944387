/*
 * admin.h - an administrator at work: the open database, who is acting, and what they may.
 */
#ifndef HEXA_ACCOUNTS_ADMIN_H
#define HEXA_ACCOUNTS_ADMIN_H

#include <stdbool.h>
#include <stdint.h>

#include "accounts/host_view.h"
#include "policy/field.h"
#include "store/store.h"

/* What a change left undone of what it was asked, having done the rest (change.h, passes_over). */
struct shortfall {
	size_t asked;        /* how many clients were to be assigned; 0: nothing was left undone */
	size_t done;
	struct names limits; /* that stood in the way, in sentences: "acme is full (5)" */
	char mend[WHY_MEND_MAX];
};

/*
 * A user whom the newest change gave clients, and who is to be told so by mail (the policy's
 * mail.client-added).
 */
struct assigned {
	struct names clients; /* none: nobody is to be told */
	char *name;           /* the login name */
	char *email;          /* NULL: they have none */
	char *from;           /* the policy's mail.from; NULL: none */
};

struct admin {
	struct store *store;
	const char *root;    /* the --root folder; "" for this host */
	struct host_view *host; /* what its files say, read anew for each change */
	struct actor actor;
	bool is_root;        /* plain root: may do all */
	uint32_t self;       /* whose rights count, and whose account is one's own; 0: root's */
	int64_t now;         /* the clock of everything that is done */
	bool insist;         /* --yes: plain root insists where a rule lets them */
	/*
	 * Called when a change was committed, before anything is told of it: who reads what a
	 * command prints may keep it waiting, or end it.  NULL: nobody is to know.
	 */
	void (*committed)(void *context);
	void *committed_context;
	/*
	 * What the newest change did beside what was asked, in sentences: for the door to say when
	 * it was done; and what is to be said beside an answer of review.h.  Emptied by the next
	 * change or question, and by admin_close().  The command that mends what it says may stand
	 * behind a line end.
	 */
	struct names notices;
	struct shortfall shortfall; /* of the newest change; counts when that was done */
	struct assigned assigned;   /* likewise */
};

/* What the door knows about its caller; accounts/ reads no environment. */
struct caller {
	uint32_t uid;         /* the real uid */
	const char *sudo_uid; /* SUDO_UID as it stands in the environment; NULL: none */
	uint32_t login_uid;   /* the audit login uid; 4294967295: none */
	const char *from;     /* the remote host or the terminal; NULL: not known; may be long */
	const char *as;       /* --as NAME: act with that user's rights; NULL: none */
};

/*
 * Opens the database under `root` and finds out who is acting: plain root; behind sudo, the person
 * of SUDO_UID.  A uid of /etc/passwd that Hexa never gave out acts as root, recorded by name.  Any
 * other must be an active and valid user of Hexa's with an enabled role and one of the permissions
 * on Hexa itself (`hexa.*`), else FAULT_DENIED; what they may do each operation asks by itself.
 * When it cannot be told who it is, FAULT_UNAVAILABLE, never root.  SUDO_UID counts only when the
 * real uid is 0, and any other real uid is FAULT_DENIED.
 * `root` other than "" is for plain root alone: who a person is, only this host's own database and
 * /etc/passwd can say.  So is caller->as, a user's name as user_find() takes it; the journal still
 * names root.
 * store_flags as store_open().  `root` must outlive *admin.
 */
enum fault admin_open(struct admin *admin, const char *root, const struct caller *caller,
    unsigned store_flags, int64_t now, struct why *why);
void admin_close(struct admin *admin);

/* Empties what the newest change had to say: its notices, its shortfall, and whom to tell. */
void admin_forget(struct admin *admin);

/*
 * For self.c: opens the database for the user of Hexa's who `caller` is and whom the kernel has
 * told (caller->sudo_uid and ->as are not looked at), with the name that the journal is to have.
 * No rule is asked what they may: self.c lets them no further than to what is their own.
 */
enum fault admin_open_self(struct admin *admin, const char *root, const struct caller *caller,
    const char *name, unsigned store_flags, int64_t now, struct why *why);

/*
 * FAULT_DENIED when somebody is behind sudo and asks for another tree than this host's (for_tree), or to
 * act as another (caller->as): before either is looked at, for root's eyes see what theirs may not.
 * Who has no more than their own rights may look where they like.  FAULT_UNAVAILABLE: it cannot be
 * told who is behind it.
 */
enum fault admin_may_leave(const struct caller *caller, bool for_tree, struct why *why);

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

/*
 * FAULT_DENIED, naming the permission, unless this actor has it, in whatever scope.  All of these
 * look at the actor as the database has them then: who was suspended meanwhile has nothing.
 */
enum fault admin_needs(const struct admin *admin, const char *permission, struct why *why);

/* As admin_needs(), as seen by a transaction that is open. */
enum fault admin_needs_within(const struct admin *admin, struct txn *txn, const char *permission,
    struct why *why);

/*
 * FAULT_DENIED unless the actor has the permission in a scope that this user stands in.  Also true
 * of a user who is being made.
 */
enum fault admin_needs_over(const struct admin *admin, struct txn *txn, const char *permission,
    const struct user *user, struct why *why);

/*
 * As user_find(), of whom the actor's permission reaches, else FAULT_DENIED.  Who asks by an
 * address or a number is told FAULT_UNKNOWN instead, as of one that nobody has: whose it is, or
 * whether it is anybody's, is not theirs to know.
 */
enum fault admin_find_user(const struct admin *admin, struct txn *txn, const char *permission,
    const char *who, struct user *user, struct why *why);

/* The same of a user as a change would leave them, who was reached before: the words say so. */
enum fault admin_needs_still_over(const struct admin *admin, struct txn *txn,
    const char *permission, const struct user *user, struct why *why);

/* The same of a client: of its record, its sites, and what it is given. */
enum fault admin_needs_over_client(const struct admin *admin, struct txn *txn,
    const char *permission, const char *client, struct why *why);

/* FAULT_DENIED unless the actor has the permission everywhere. */
enum fault admin_needs_everywhere(const struct admin *admin, struct txn *txn,
    const char *permission, struct why *why);

/*
 * FAULT_DENIED unless the actor holds every permission there is or will be (`*`), everywhere: for
 * what belongs to no permission of its own.
 */
enum fault admin_needs_all(const struct admin *admin, struct txn *txn, struct why *why);

/* Where an actor has a permission.  All zero: nowhere. */
struct reach {
	bool everywhere;
	struct names assignments; /* of roles in a scope, which carry it (assignment.h) */
};

/*
 * For lists, which are asked about many: what the actor may see.  FAULT_DENIED when they have the
 * permission nowhere.  *reach must be all zero, or cleared.
 */
enum fault admin_reach(const struct admin *admin, struct txn *txn, const char *permission,
    struct reach *reach, struct why *why);
bool reach_covers_user(const struct reach *reach, const struct user *user);
bool reach_covers_client(const struct reach *reach, const char *client);
void reach_clear(struct reach *reach);

/* Does the actor's permission reach this one user?  FAULT_DENIED as admin_reach(). */
enum fault admin_may_see(const struct admin *admin, struct txn *txn, const char *permission,
    const struct user *user, bool *may, struct why *why);

/*
 * The first second that the actor may see anything of: as many days back as their access-back has,
 * the day that it is counted in.  INT64_MIN: there is no such bound.
 */
enum fault admin_sees_since(const struct admin *admin, struct txn *txn, int64_t *since,
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
