/*
 * roles.h - what an administrator does with roles and with the policy as a whole.
 */
#ifndef HEXA_ACCOUNTS_ROLES_H
#define HEXA_ACCOUNTS_ROLES_H

#include "accounts/admin.h"
#include "accounts/plan.h"
#include "policy/document.h"

/*
 * Each compiles every role that the change reaches, in the same transaction, and writes those that
 * came out otherwise.  FAULT_UNKNOWN: an unknown role or permission, with the nearest there is;
 * FAULT_INVALID: a circle of includes, or a Unix group that is reserved or the host's own;
 * FAULT_CONFLICT: the name or the group is taken in Hexa, or the group is mentioned by sudoers or
 * sshd_config (plain root may insist); FAULT_RULE: the system administrator would be reduced, a
 * role or somebody would break a constraint, or the role is still held or included, or named by a
 * constraint or a test of the policy; FAULT_DENIED: the actor lacks hexa.roles.edit, or a role or
 * somebody would gain what the actor has not.  A test of the policy that fails by it, and passed
 * before, is a notice (admin.h); so is that the text that was applied goes, with its comments.
 */
enum fault role_create(struct admin *admin, const char *name, const struct edits *edits,
    struct why *why);
enum fault role_edit(struct admin *admin, const char *name, const struct edits *edits,
    struct why *why);
enum fault role_remove(struct admin *admin, const char *name, struct why *why);

/*
 * A disabled role gives nothing, to its holders and to the roles that include it, until it is
 * enabled again.  Done already is FAULT_NONE.  FAULT_RULE: the system administrator is never
 * disabled.  FAULT_DENIED and notices as above: who enables a role gives all that it gives.
 */
enum fault role_enable(struct admin *admin, const char *name, struct why *why);
enum fault role_disable(struct admin *admin, const char *name, struct why *why);

/*
 * Reads FILE's text and checks it against this host and its users as policy_apply() would, changing
 * nothing.  Faults as policy_apply(), but whether this actor may have it so is not asked.
 * `warnings` (empty; may be NULL): what is taken and perhaps not meant, in sentences, one for all
 * of a kind: services that PAM has not here, or that only the system administrator gets to; Unix
 * groups that this host has not; permissions and roles that go; a limit that is passed already.
 * They are filled in whenever the text could be read, also when it is then refused.
 */
enum fault policy_check(struct admin *admin, const char *yaml, size_t size,
    struct names *warnings, struct why *why);

struct policy_application {
	const char *yaml;
	size_t size;
	bool dry_run;             /* all but the writing */
	const char *began_from;   /* NULL, or the policy_text() that it was edited from */
	size_t began_size;
};

/*
 * Replaces the policy with the document's, all or nothing.  Roles keep their identity and gid by
 * name; what stands already as the document says is not written.  FAULT_INVALID: a mistake in the
 * text, with its line and column, or a role's Unix group that cannot be had here.  FAULT_RULE, with
 * names: a role that the document lacks is held, a permission that it lacks is granted to somebody,
 * somebody breaks a constraint, a test of the document fails, the last system administrator would
 * be gone, or no service would let one in any more.  FAULT_DENIED: a role or somebody would gain
 * what this actor has not, or something is changed that only somebody with every permission may
 * change.  FAULT_CONFLICT: the policy in force is no longer the one it was edited from; a role's
 * Unix group is mentioned by sudoers or sshd_config, or was given up less than an hour ago (plain
 * root may insist).
 * *plan (all zero; NULL: not wanted) is filled in whenever the document could be read, also when it
 * is then refused.
 */
enum fault policy_apply(struct admin *admin, const struct policy_application *application,
    struct plan *plan, struct why *why);

/*
 * The plan alone, for whoever may view the policy everywhere.  *refused: what policy_apply() would
 * say, its fault FAULT_NONE when nothing.
 */
enum fault policy_diff(struct admin *admin, const char *yaml, size_t size, struct plan *plan,
    struct why *refused, struct why *why);

/* The policy's text: as it was applied, or, once `role` commands changed it, written anew. */
enum fault policy_text(struct admin *admin, struct bytes *yaml, struct why *why);

/* What came of a test of the policy in force. */
struct test_result {
	char *test;   /* as it is written */
	unsigned line; /* of policy_text() */
	bool passed;
	char reason[512]; /* why not */
};

struct test_results {
	struct test_result *result;
	size_t count;
	size_t failed;
};

void test_results_clear(struct test_results *results);

/* Runs the tests of the policy in force.  A failed test is no fault. */
enum fault policy_test(struct admin *admin, struct test_results *results, struct why *why);

/* The policy in force, as a document. */
enum fault policy_read(struct admin *admin, struct document *document, struct why *why);

/* One place of a tree, in the order in which it is drawn. */
struct origin {
	unsigned depth;    /* 0: the top */
	bool is_role;      /* a role (included, or lower on the ladder), as against a permission */
	bool is_disabled;  /* a role that gives nothing */
	bool is_repeated;  /* a role that stands higher up already: not drawn again */
	char *name;
	char *title;
	char *note; /* "included", "ladder steps 20", "by shell.*"; services, groups, types */
};

struct origins {
	struct origin *origin;
	size_t count;
};

void origins_clear(struct origins *origins);

/* Where each permission of a role comes from: itself at the top.  FAULT_UNKNOWN: no such role. */
enum fault role_origins(struct admin *admin, const char *name, struct origins *origins,
    struct why *why);

/*
 * The permissions of the policy as the tree that their dots make.  A word in between that is none
 * itself has no title.
 */
enum fault permission_tree(struct admin *admin, struct origins *tree, struct why *why);

#endif
