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
 * The one file that knows libyaml is document.c; it uses the event parser with bounds on depth,
 * size and count, and refuses anchors, aliases, tags, several documents, duplicate and unknown
 * keys.  A scalar is the text that stands there: `no` is the two letters n and o.
 */
#ifndef HEXA_POLICY_DOCUMENT_H
#define HEXA_POLICY_DOCUMENT_H

#include "policy/rules.h"

/* The largest policy in bytes: room for 10 000 roles; beyond it is FAULT_INVALID. */
enum { DOCUMENT_MAX = 16 * 1024 * 1024 };

/* A policy as a document states it: permissions and roles, not compiled yet. */
struct document {
	struct rules rules; /* the built-in permissions are added by document_read() */
	struct roles roles; /* system-administrator is added when absent */
};

void document_clear(struct document *document);

/*
 * Reads `size` bytes of YAML, checks it whole and compiles the roles (so unknown permissions,
 * unknown roles and circles are found here, with the line and column where the name stands).
 * FAULT_INVALID with line and column; *document is then empty.
 * A mistake never widens access: an empty or null list is an error, not everyone.
 */
enum fault document_read(const char *yaml, size_t size, struct document *document,
    struct why *why);

/*
 * Writes YAML that document_read() takes to the same permissions and roles (built-in permissions
 * are left out, as is an unchanged system-administrator).  The order is by name.
 */
enum fault document_write(const struct document *document, struct bytes *out, struct why *why);

#endif
