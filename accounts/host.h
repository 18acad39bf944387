/*
 * host.h - switching a host to Hexa and back: the nsswitch lines, the PAM profiles, and the drop-ins
 * for sshd and sudo.
 */
#ifndef HEXA_ACCOUNTS_HOST_H
#define HEXA_ACCOUNTS_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/fault.h"
#include "policy/names.h"

/*
 * Puts `hexa` last on the passwd and group lines of nsswitch.conf (and on initgroups where that
 * line exists), switches the PAM profiles on, then writes the drop-ins for sshd (sshd.h) and sudo
 * (sudoers.h).
 * nsswitch.conf is written beside itself, synced and renamed into place with its owner and mode, so
 * that no reader sees half of it; the PAM files are pam-auth-update's to write (under `root` after
 * chroot).  What was there is kept as FILE.hexa-saved until the host is switched back.  Done already
 * is FAULT_NONE.  *notices gets what is to be said beside that, as admin.h has it.
 *
 * Any fault leaves all as it was.  FAULT_UNAVAILABLE: a module, the helper, a profile or the
 * database is missing or not fit to rest logins on; the files cannot be written; pam-auth-update
 * did not do it, because of local changes for one; or sshd's or sudo's configuration would be at
 * fault.
 * FAULT_INVALID, with line and column: nsswitch.conf cannot be read, or one of its actions would
 * keep Hexa from ever being asked.  FAULT_CONFLICT: the host has a group hexa-admins of its own.
 */
enum fault host_enable(const char *root, struct names *notices, struct why *why);

/*
 * The reverse, in the reverse order: PAM first, so that nobody is asked for who is not known.
 * Works without the database, the modules and the helper.  While PAM cannot be switched off, all
 * stay as they were.
 */
enum fault host_disable(const char *root, struct names *notices, struct why *why);

/* What is switched on. */
struct host_state {
	bool nss_passwd;      /* `hexa` stands on the line; the doctor says whether it is reached */
	bool nss_group;
	bool nss_initgroups;  /* likewise; where there is no such line, as nss_group */
	bool pam_login;       /* the profile `hexa` stands in common-auth, -account and -session */
	bool pam_password;    /* the profile `hexa-password` stands in common-password */
	bool sudoers;         /* the drop-in for sudo is there; the doctor says whether it counts */
	bool sshd_keys;       /* sshd asks for Hexa's keys */
	bool sshd_password;   /* sshd takes a password, or a one-time code, and asks PAM about it */
	bool sshd_keyboard;   /* sshd lets PAM ask for it (keyboard-interactive) */
};

enum fault host_state(const char *root, struct host_state *state, struct why *why);

/*
 * Of a database that is missing (a fault of store_open()'s, `why` may be NULL): where Hexa was in
 * use, which its directory or the PAM files tell, a backup mends that, and not a new database.
 * Any other fault is left as it is.
 */
void host_mend_missing(const char *root, struct why *why);

/*
 * What the host itself says about a name or an id, from its own /etc/passwd and /etc/group and,
 * on this host (root ""), from every other NSS source.  What Hexa's own directory answers with
 * does not count, so that a name or id which Hexa has given can be asked about again: a role's
 * group at each apply.  (An answer is taken for Hexa's when the directory has the same name with
 * the same ids.) FAULT_UNAVAILABLE: a file or a source cannot be read.
 */
enum fault host_has_user(const char *root, const char *name, bool *has, struct why *why);
enum fault host_has_group(const char *root, const char *name, bool *has, struct why *why);
enum fault host_has_id(const char *root, unsigned id, bool *has, struct why *why);

/*
 * host_has_id() as the store asks (store.h, struct id_source): no id of another source's is given
 * out.  `context` is the root.
 */
enum fault host_id_is_taken(void *context, uint32_t id, bool *is_taken, struct why *why);

/* Bytes for a name of /etc/passwd, with its NUL; a longer one is cut. */
enum { HOST_LOCAL_BYTES = 64 };

/* The uid that is nobody's: (uid_t)-1 of chown(2) and setuid(2). */
#define HOST_NO_ID UINT32_MAX

/*
 * Puts into local the user of /etc/passwd, and that alone is asked, who has the name or else, unless
 * it is HOST_NO_ID, the uid; "" when there is none.  One with the name is another who only shares it,
 * or somebody who was adopted and whose line still stands; one with the uid is to the kernel the same
 * as Hexa's user, with all their files and processes.  Short and bounded, for the login path.
 */
enum fault host_local_user(const char *root, const char *name, uint32_t uid,
    char local[HOST_LOCAL_BYTES], struct why *why);

/*
 * Names that would be root's equal somewhere, or that a daemon is known by: never given to a user
 * or a role group, on any host.
 */
bool host_name_is_reserved(const char *name);

/*
 * Names that packages give to a service of theirs, or images to their first user.  What makes such users
 * when it is installed (systemd-sysusers, adduser --system) takes one that is there for its own, and the
 * package's sudoers rules with it: whoever gives it should mean it.
 */
bool host_name_is_a_services(const char *name);

/*
 * True when a file by which this host gives somebody something for a name mentions it as a word,
 * comments aside: sudoers and sshd_config with what they include, doas.conf, those of PAM and of its
 * modules access and group, and, between quotes, polkit's rules.  FAULT_UNAVAILABLE: one of them
 * cannot be read, or is too large to be looked through.
 */
enum fault host_mentions(const char *root, const char *name, bool *mentions, struct why *why);

/*
 * True when a group of /etc/group or /etc/gshadow has the name among its members, or gshadow among
 * its administrators.  Faults as host_has_user().
 */
enum fault host_lists_member(const char *root, const char *name, bool *lists, struct why *why);

#endif
