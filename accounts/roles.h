/*
 * roles.h - what an administrator does with roles and with the policy as a whole.
 */
#ifndef HEXA_ACCOUNTS_ROLES_H
#define HEXA_ACCOUNTS_ROLES_H

#include "accounts/admin.h"
#include "policy/document.h"

/*
 * Each compiles every role that the change reaches, in the same transaction, and writes those that
 * came out otherwise.  FAULT_UNKNOWN: an unknown role or permission, with the nearest there is;
 * FAULT_INVALID: a circle of includes, or a Unix group that is reserved or the host's own;
 * FAULT_CONFLICT: the name or the group is taken in Hexa, or the group is mentioned by sudoers or
 * sshd_config (plain root may insist); FAULT_RULE: the system administrator would be reduced, or
 * the role is still held or included.
 */
enum fault role_create(struct admin *admin, const char *name, const struct edits *edits,
    struct why *why);
enum fault role_edit(struct admin *admin, const char *name, const struct edits *edits,
    struct why *why);
enum fault role_remove(struct admin *admin, const char *name, struct why *why);

/*
 * A disabled role gives nothing, to its holders and to the roles that include it, until it is
 * enabled again.  Done already is FAULT_NONE.  FAULT_RULE: the system administrator is never
 * disabled.
 */
enum fault role_enable(struct admin *admin, const char *name, struct why *why);
enum fault role_disable(struct admin *admin, const char *name, struct why *why);

/*
 * Reads FILE's text and checks it against this host too, changing nothing.  FAULT_INVALID: a
 * mistake in the text, with its line and column, or a role's Unix group that cannot be had here.
 */
enum fault policy_check(struct admin *admin, const char *yaml, size_t size, struct why *why);

/*
 * Replaces permissions and roles with the document's, all or nothing.  Roles keep their identity
 * and gid by name; what stands already as the document says is not written.  FAULT_INVALID as
 * policy_check(); FAULT_RULE names the holders of a role that the document lacks.
 */
enum fault policy_apply(struct admin *admin, const char *yaml, size_t size, struct why *why);

/* The policy in force, as a document. */
enum fault policy_read(struct admin *admin, struct document *document, struct why *why);

#endif
