/*
 * document.h - the policy as YAML: read with every error's line and column, and written back so
 * that it applies to the same state.
 *
 *   hexa-policy: 1
 *   permissions:
 *     shell.login: {title: Log in with a shell, services: [sshd, login], unix-groups: [adm]}
 *   roles:
 *     technician: {title: Technician, permissions: [shell.login], includes: [], group: technicians}
 *
 * Each key may be left out but hexa-policy.  `[]` is taken for a role's permissions and includes,
 * where it says none; anywhere else an empty or missing value is refused, because it could be read
 * as "none" and as "all".  What of YAML is taken stands in yaml.h: a scalar is the text it shows.
 */
#ifndef HEXA_POLICY_DOCUMENT_H
#define HEXA_POLICY_DOCUMENT_H

#include "policy/rules.h"

/* The largest policy in bytes: room for 10 000 roles; beyond it is FAULT_INVALID. */
enum { DOCUMENT_MAX = 16 * 1024 * 1024 };

/* The most permissions, and the most roles, of one policy. */
enum { DOCUMENT_RECORDS_MAX = 16384 };

/* A policy as a document states it: permissions and roles, compiled. */
struct document {
	struct rules rules; /* the built-in permissions are added by document_read() */
	struct roles roles; /* system-administrator is added when absent */
};

void document_clear(struct document *document);

/*
 * Reads `size` bytes of YAML, checks it whole and compiles the roles (so unknown permissions,
 * unknown roles and circles are found here, with the line and column where the name stands).
 * FAULT_INVALID with line and column (none where the whole is too large); *document, whose old
 * content is not looked at, is then empty.  A mistake never widens access.
 */
enum fault document_read(const char *yaml, size_t size, struct document *document,
    struct why *why);

/*
 * Writes YAML that document_read() takes to the same permissions and roles (built-in permissions
 * are left out, as is an unchanged system-administrator).  The order is by name.
 */
enum fault document_write(const struct document *document, struct bytes *out, struct why *why);

#endif
