/*
 * policy.h - the policy in force: reading it whole, judging another that is to take its place, and
 * writing that.  For the operations of accounts/ alone.
 */
#ifndef HEXA_ACCOUNTS_POLICY_H
#define HEXA_ACCOUNTS_POLICY_H

#include "accounts/change.h"
#include "accounts/plan.h"
#include "accounts/roles.h"
#include "policy/document.h"

/* The text of the policy in force: as it was applied, else written anew.  *yaml is to be empty. */
enum fault policy_source(struct txn *txn, struct bytes *yaml, struct why *why);

/* Both are compiled; the roles of `after` carry the identity of those in force of the same name. */
struct proposal {
	struct admin *admin;
	struct txn *txn; /* reading is enough */
	const struct document *before; /* in force */
	const struct document *after;
	const char *yaml;  /* the FILE that `after` was read from; NULL: it was made by a command */
	size_t size;
	bool checks_actor; /* whether the actor may have it so is judged too */
};

/*
 * What speaks against it goes to *refused, whose fault is FAULT_NONE when nothing does:
 *   FAULT_RULE     the system administrator would be reduced; no service of this host would let a
 *                  holder of that role in any more; the actor would lose what access.h names; a
 *                  role or permission that `after` lacks is held or granted; a role or user breaks
 *                  a constraint; of a FILE: one of its tests fails
 *   FAULT_DENIED   gains.h
 *   FAULT_INVALID, FAULT_CONFLICT  of a FILE: a role's Unix group, as policy_check_group(), or
 *                  because its name was given up a short while ago (plain root may insist)
 * `plan` (all zero; may be NULL) is filled in, but for the warnings, whatever comes of that.
 */
enum fault policy_judge(const struct proposal *proposal, struct plan *plan, struct why *refused,
    struct why *why);

/* Adds what is allowed and perhaps not meant, in sentences. */
enum fault policy_warn(const struct proposal *proposal, struct names *warnings, struct why *why);

/*
 * Runs one test, by its text, against a document that is compiled; `at` is here and now.  *reason
 * (of `size` bytes) says why it failed.
 */
enum fault policy_run_test(struct txn *txn, const struct document *document, const char *text,
    const struct request *at, bool *passed, char *reason, size_t size, struct why *why);

/*
 * Tells (admin.h, notices) of each test of the policy that a change by a command lets fail: one
 * that passes before and not after.
 */
enum fault policy_notice_tests(struct change *change, const struct document *before,
    const struct document *after, struct why *why);

bool policy_same_roles(const struct document *before, const struct document *after);
bool policy_same_constraints(const struct document *before, const struct document *after);

/*
 * Writes what stands otherwise in `after` than in `before`, which is in force, and nothing else;
 * policy_judge() had nothing against it.
 */
enum fault policy_save(struct change *change, const struct document *before,
    struct document *after, struct why *why);

/*
 * May this role have its Unix group on this host?  `before` is the role as it is in force, or NULL:
 * a group that it has already is not asked about in sudoers and sshd_config again.  `taken` is
 * returned when a user of Hexa's has the name; FAULT_INVALID when it is none, or the host's own.
 */
enum fault policy_check_group(const struct admin *admin, struct txn *txn, const struct role *role,
    const struct role *before, enum fault taken, struct why *why);

#endif
