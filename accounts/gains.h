/*
 * gains.h - would this change of the policy give somebody what the actor has not?  For the
 * operations of accounts/ alone.
 */
#ifndef HEXA_ACCOUNTS_GAINS_H
#define HEXA_ACCOUNTS_GAINS_H

#include "accounts/effects.h"
#include "accounts/plan.h"

/* A policy that is to take the place of another, and who wants it to.  All zero: nobody. */
struct gains {
	const struct admin *admin;
	const struct document *before;
	const struct document *after;
	struct document widened; /* `before` with the names of the permissions that `after` adds */
	const struct document *promised; /* that, or `before` when there are none */
	struct effects actor; /* by `promised`: a branch that is held covers what is added to it */
	uint32_t days; /* how far back the actor may see; 0: no limit */
};

/*
 * Finds out what the actor has.  Both policies are compiled, and outlive *gains; it is ended by
 * gains_end() whatever came of it.
 */
enum fault gains_begin(struct gains *gains, const struct admin *admin, struct txn *txn,
    const struct document *before, const struct document *after, struct why *why);
void gains_end(struct gains *gains);

/*
 * FAULT_DENIED, naming it, when only somebody with every permission may change something of what is
 * changed (settings, constraints, tests, a Unix group of a permission that is root's equal, a type
 * of user for whom a permission newly works), and this actor is no such; when a role would come to
 * have what neither it nor the actor has, to inherit one whose Unix group the actor has not, or to
 * let its holders see further back than the actor may; when one that is enabled puts its holders
 * into such a group; or when a service that the actor may not use would be open to whoever has any
 * permission.
 */
enum fault gains_of_policy(const struct gains *gains, struct txn *txn, struct why *why);

/*
 * FAULT_DENIED, naming it, when a role or permission that is written otherwise, or goes, has or is
 * what the actor has not: whoever lessens it edits its holders, who are stronger.  And when a role
 * with more than the actor has would lose a service by what it inherits, or by what a permission
 * opens.
 */
enum fault gains_of_stronger(const struct gains *gains, struct why *why);

/* FAULT_DENIED, naming it, when this user would; `change` is what becomes of them here. */
enum fault gains_of_user(const struct gains *gains, const struct user *user,
    const struct plan_change *change, struct why *why);

#endif
