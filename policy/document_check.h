/*
 * document_check.h - what can be judged of a policy only when all of it has been read.  For
 * document_read.c alone.
 */
#ifndef HEXA_POLICY_DOCUMENT_CHECK_H
#define HEXA_POLICY_DOCUMENT_CHECK_H

#include "policy/document.h"

/*
 * Takes permissions and roles in any order; sorts them, adds what is built in, and compiles.
 * FAULT_INVALID, with the place in the `size` bytes of YAML that they were read from: a name that
 * stands twice, a permission or role that there is not, be it in a constraint or a test, roles that
 * include one another in a circle or too deep, a role that breaks a constraint, two roles with one
 * Unix group, settings that do not go together, a system administrator who has less than
 * everything.
 * *document is the caller's to clear in any case.
 *
 * With `faults` all of it is kept there (document_parts.h), and *document has lost names.
 */
enum fault document_check(struct document *document, const char *yaml, size_t size,
    struct document_faults *faults, struct why *why);

#endif
