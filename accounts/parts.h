/*
 * parts.h - what was installed on the host and logins depend on: the two modules, the helper, the
 * program that sshd gets keys by, and the PAM profiles.
 */
#ifndef HEXA_ACCOUNTS_PARTS_H
#define HEXA_ACCOUNTS_PARTS_H

#include <stddef.h>

#include "policy/fault.h"

enum part_kind { PART_MODULE, PART_HELPER, PART_PROGRAM, PART_PROFILE };

struct part {
	const char *check; /* a stable word: "pam-module" */
	const char *path;
	enum part_kind kind;
	const char *matters; /* what goes wrong without it */
};

extern const struct part parts[];
extern const size_t part_count;

/*
 * FAULT_NONE when the part under `root` is a regular file of root's that nobody else may write,
 * with the mode that it needs; on this host (root "") a module must also load: a module that PAM
 * cannot load refuses every login, root's too.  Otherwise FAULT_UNAVAILABLE, why and what mends
 * it.
 */
enum fault part_check(const char *root, const struct part *part, struct why *why);

/* The command that installs Hexa anew: by its packages, where it came by them. */
const char *parts_reinstall(const char *root);

#endif
