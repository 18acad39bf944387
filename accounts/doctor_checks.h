/*
 * doctor_checks.h - what the doctor's checks share.  For doctor*.c alone.
 *
 * A check looks at one thing and reports at least one finding about it, a good one when it is well.
 * What it cannot look at is a finding too: a check never ends the others.
 */
#ifndef HEXA_ACCOUNTS_DOCTOR_CHECKS_H
#define HEXA_ACCOUNTS_DOCTOR_CHECKS_H

#include <stdbool.h>

#include "accounts/doctor.h"
#include "accounts/host.h"
#include "store/store.h"

/* What mends a database that is damaged, and a directory that is behind: any command does. */
#define RESTORE "hexa-admin restore FILE"
#define PUBLISH "hexa-admin user list"

struct doctor {
	const char *root;
	void (*tell)(void *context, const struct finding *finding);
	void *context;
	struct store *store;     /* NULL: it is not open here; of the database's checks alone */
	struct txn *txn;
	const char *service;     /* what is found is about it; NULL: about every one */
	bool enabled;            /* something of Hexa's is switched on in this host */
};

/* Each reports one finding; `mend` NULL: no command mends it.  Long texts are cut. */
void report(struct doctor *doctor, enum severity severity, const char *check, const char *mend,
    const char *format, ...) __attribute__((format(printf, 5, 6)));

/* What *why says, with its mend. */
void report_fault(struct doctor *doctor, enum severity severity, const char *check,
    const struct why *why);

/* For a check that takes long and comes on: its time begins anew. */
void doctor_at_work(void);

/*
 * doctor_mends.c, with the database: a user of Hexa's is given a name that nobody has, and an account
 * or a group of the host's an id.  "" where no command can be told.
 */
void mend_by_rename(struct doctor *doctor, const char *name, char mend[WHY_MEND_MAX]);
void mend_by_uid(struct doctor *doctor, const char *name, char mend[WHY_MEND_MAX]);
void mend_by_gid(struct doctor *doctor, const char *name, uint32_t gid, char mend[WHY_MEND_MAX]);

/* doctor_host.c: PAM's files are authselect's here, and not pam-auth-update's. */
bool host_has_authselect(const char *root);

/* doctor_files.c: the installed parts, and Hexa's own files. */
void check_parts(struct doctor *doctor);
void check_modes(struct doctor *doctor);
void check_directory(struct doctor *doctor); /* those of its modes that are the directory's */
void check_leftovers(struct doctor *doctor);
void check_space(struct doctor *doctor);
void check_format(struct doctor *doctor);

/* doctor_host.c: the host's configuration. */
bool host_looks_enabled(const char *root); /* for what is looked at before check_enabled() */
void check_enabled(struct doctor *doctor);
void check_nsswitch(struct doctor *doctor);
void check_pam(struct doctor *doctor);
void check_services(struct doctor *doctor);
bool check_service(struct doctor *doctor, const char *service);
void check_named_services(struct doctor *doctor); /* needs the database */
void check_sudoers(struct doctor *doctor);
void check_nscd(struct doctor *doctor); /* needs the database */

/* doctor_sshd.c: sshd's configuration; the last one needs the database. */
void check_sshd_pam(struct doctor *doctor);
void check_sshd_keys(struct doctor *doctor);
void check_sshd_match(struct doctor *doctor);

/* doctor_database.c: need the database; the first one needs it not to be open. */
void check_pages(struct doctor *doctor);
void check_journal(struct doctor *doctor);
void check_current(struct doctor *doctor);
void check_clock(struct doctor *doctor);
void check_compiled(struct doctor *doctor);
void check_roles(struct doctor *doctor);
void check_reserved_names(struct doctor *doctor);
void check_local_users(struct doctor *doctor);
void check_keys(struct doctor *doctor);

/* doctor_ids.c: the database; who else has ids or groups of Hexa's. */
void check_ids(struct doctor *doctor);

/* doctor_ranges.c: the database; the ids that are still to be given. */
void check_ranges(struct doctor *doctor);

/* doctor_groups.c: the database; the host's groups that roles and grants give. */
void check_unix_groups(struct doctor *doctor);

/* doctor_users.c: the database; what keeps single users out. */
void check_users(struct doctor *doctor);

/* doctor_lock.c: who holds up changes. */
void check_writer(struct doctor *doctor);

/* doctor_confine.c: SELinux and AppArmor. */
void check_confinement(struct doctor *doctor);

/* The command that loads Hexa's policy module from where it was installed; false: it was not. */
bool selinux_mend(const char *root, char mend[WHY_MEND_MAX]);

/* ---- of one user, for `user check` --------------------------------------------------------- */

/* What is wrong with a home or a shell; all zero: nothing. */
struct place_fault {
	const char *check; /* "homes", "home-owner", "home-mode", "shells" */
	char text[512];    /* goes on from the user's name */
	char mend[WHY_MEND_MAX];
};

/* Where a link leads is told only `for_root`: else what stands behind one is left alone. */
void home_look(const char *root, bool for_root, const struct user *user,
    struct place_fault *fault);
void shell_look(const char *root, const struct user *user, struct place_fault *fault);

/* What gives them a key. */
void mend_keyless(const struct user *user, char mend[WHY_MEND_MAX]);

/* doctor_ids.c: what check_ids() says, of this one. */
void check_ids_of(struct doctor *doctor, const struct user *user);

/* doctor_indexes.c: the database. */
void check_indexes(struct doctor *doctor);

/* doctor_documents.c: the database and the folder beside it. */
void check_documents(struct doctor *doctor);

#endif
