/*
 * document.h - the policy as YAML: read with every error's line and column, and written back so
 * that it applies to the same state.
 *
 *   hexa-policy: 1
 *   login: {other-services: refuse}
 *   permissions:
 *     shell.login: {title: Log in with a shell, services: [sshd, login], unix-groups: [adm]}
 *   roles:
 *     technician: {title: Technician, permissions: [shell.login], includes: [], group: technicians}
 *   constraints:
 *     - never-together: [accountant, auditor]
 *   tests:
 *     - role technician can log in via sshd
 *
 * Each key may be left out but hexa-policy; what stands in the sections of settings says
 * settings.h.  `[]` is taken for a role's permissions and includes, where it says none, and for
 * constraints and tests; anywhere else an empty or missing value is refused, because it could be
 * read as "none" and as "all".  So is a role's level or access-back of 0.  What of YAML is taken
 * stands in yaml.h: a scalar is the text it shows.  A text that other readers of YAML take for yes
 * or no (`on`, `off`, `y`) must stand in quotes, but where yes or no is meant.
 */
#ifndef HEXA_POLICY_DOCUMENT_H
#define HEXA_POLICY_DOCUMENT_H

#include "policy/rules.h"

/* The largest policy in bytes: room for 10 000 roles; beyond it is FAULT_INVALID. */
enum { DOCUMENT_MAX = 16 * 1024 * 1024 };

/* The most permissions, and the most roles, of one policy. */
enum { DOCUMENT_RECORDS_MAX = 16384 };

/* Limits on what else one policy states; a test is TEST_BYTES long at most. */
enum { CONSTRAINTS_MAX = 1024, CONSTRAINT_ROLES_MAX = 256, TESTS_MAX = 16384, TEST_BYTES = 512 };

/* How many roles all constraints name together, so that nobody's roles take long to look at. */
enum { CONSTRAINED_ROLES_MAX = 4096 };

/* Static separation of duty: nobody holds, or comes to inherit, two of these roles. */
struct constraint {
	struct names never_together; /* two at least, as they were written */
};

/* A policy as a document states it: settings, permissions and roles, compiled. */
struct document {
	struct rules rules; /* with settings; document_read() adds the built-in permissions */
	struct roles roles; /* and system-administrator when absent */
	struct constraint *constraint;
	size_t constraint_count;
	struct names tests; /* as they were written; each one test_parse() takes (test.h) */
};

void document_clear(struct document *document);

/* A copy that shares nothing.  *to must be all zero, or cleared. */
enum fault document_copy(struct document *to, const struct document *from, struct why *why);

/*
 * Adds a constraint with copies of the roles' names.  FAULT_INVALID: fewer than two roles, or more
 * than one of the limits above; the document is then as it was.
 */
enum fault document_add_constraint(struct document *document, const struct names *roles,
    struct why *why);

/*
 * Reads `size` bytes of YAML, checks it whole and compiles the roles (so unknown permissions,
 * unknown roles, circles, and roles that themselves break a constraint are found here, with the
 * line and column where the name stands).  The text may be anybody's.
 * FAULT_INVALID with line and column (none where the whole is too large); *document, whose old
 * content is not looked at, is then empty.  A mistake never widens access.
 */
enum fault document_read(const char *yaml, size_t size, struct document *document,
    struct why *why);

/* The most faults that are kept of one text. */
enum { DOCUMENT_FAULTS_MAX = 20 };

struct document_faults {
	struct why why[DOCUMENT_FAULTS_MAX]; /* by line and column */
	size_t count;
	bool more; /* there are others */
};

/*
 * What document_read() refuses, and what else is wrong: what is YAML and means nothing here is gone
 * past.  The first that cannot be gone past is the last: bytes and YAML that cannot be read, another
 * version, a limit of the whole.  Names that there are not are said once all that could define them
 * was read; settings that do not go together, and Unix groups, where nothing else is wrong.  None of
 * a text that document_read() takes; of any other the one that it says is among them.
 * FAULT_UNAVAILABLE.
 */
enum fault document_faults(const char *yaml, size_t size, struct document_faults *faults,
    struct why *why);

/*
 * Writes YAML that document_read() takes to the same policy: settings that are not the default,
 * permissions without the built-in ones, roles without an unchanged system-administrator,
 * constraints and tests.  Settings in the order of their table, a section on a line; records by
 * name, a key on a line; the rest as it came.  The same policy is always the same bytes.  A
 * document that was not read must hold only what one can state.  What was nearly as large as
 * DOCUMENT_MAX when it was read may be larger when it is written.
 */
enum fault document_write(const struct document *document, struct bytes *out, struct why *why);

/*
 * Where the last word of a NULL-ended path stands as a key or in a list:
 * {"roles", "technician", NULL}.  Line and column count from 1, the column in bytes.  False when it
 * does not stand there, or the text cannot be read.
 */
bool document_place(const char *yaml, size_t size, const char *const *path, unsigned *line,
    unsigned *column);

/* The same line; 0 when it does not stand there. */
unsigned document_line(const char *yaml, size_t size, const char *const *path);

#endif
