/*
 * host.h - switching a host to Hexa and back: the nsswitch lines and the PAM profiles.
 */
#ifndef HEXA_ACCOUNTS_HOST_H
#define HEXA_ACCOUNTS_HOST_H

#include <stdbool.h>

#include "policy/fault.h"

/*
 * Puts `hexa` last on the passwd and group lines of nsswitch.conf (and on initgroups where that line
 * exists), then switches the PAM profiles on.  Each file is written beside itself, synced and renamed into
 * place with its owner and mode, so that no reader sees half of it; what was there is kept as
 * FILE.hexa-saved.  Done already is FAULT_NONE.  FAULT_UNAVAILABLE leaves both as they were.
 */
enum fault host_enable(const char *root, struct why *why);

/* The reverse, in the reverse order: PAM first, so that nobody is asked for who is not known. */
enum fault host_disable(const char *root, struct why *why);

/* What is switched on. */
struct host_state {
	bool nss_passwd;
	bool nss_group;
	bool nss_initgroups;  /* true as well when there is no such line */
	bool pam_login;       /* the profile `hexa` stands in common-auth, -account and -session */
	bool pam_password;    /* the profile `hexa-password` stands in common-password */
};

enum fault host_state(const char *root, struct host_state *state, struct why *why);

/*
 * What the host itself says about a name or an id, from its own /etc/passwd and /etc/group and, on this
 * host (root ""), from every other NSS source.
 */
enum fault host_has_user(const char *root, const char *name, bool *has, struct why *why);
enum fault host_has_group(const char *root, const char *name, bool *has, struct why *why);
enum fault host_has_id(const char *root, unsigned id, bool *has, struct why *why);

/*
 * Names that would be root's equal somewhere, or that a daemon is known by: never given to a user or a
 * role group, on any host.
 */
bool host_name_is_reserved(const char *name);

/* True when sudoers or sshd_config (with their drop-in folders) mention the name as a word. */
enum fault host_mentions(const char *root, const char *name, bool *mentions, struct why *why);

#endif
