/*
 * doctor_person.h - what Hexa itself says of the users whom the doctor looks at: it tells only of
 * those whom Hexa would let in.  For doctor*.c alone.
 */
#ifndef HEXA_ACCOUNTS_DOCTOR_PERSON_H
#define HEXA_ACCOUNTS_DOCTOR_PERSON_H

#include "accounts/gates.h"
#include "accounts/host_view.h"
#include "policy/decide.h"
#include "store/store.h"

/* The policy and this host, read once for many users. */
struct judges {
	struct rules rules;
	struct roles roles;
	struct host host;
	struct request request;
	struct host_view *view; /* of /etc/group */
};

/* *judges must be all zero, and is to be cleared whatever comes of it; `root` must outlive it. */
enum fault judges_call(const char *root, struct txn *txn, int64_t now, struct judges *judges,
    struct why *why);
void judges_clear(struct judges *judges);

/* The services that the policy names, and those by which people commonly come in; sorted. */
enum fault judges_services(const struct judges *judges, struct names *services,
    struct why *why);

/* Is the user let in by one of these services, after a change of their password at the most? */
enum fault judges_let_in(const struct judges *judges, const struct user *user,
    const struct names *services, bool *is_let_in, struct why *why);

/* The names of the groups that the user is in, by Hexa and by /etc/group, into an empty list. */
enum fault judges_groups(const struct judges *judges, const struct user *user,
    struct names *groups, struct why *why);

/* The user as gates.h has it; borrows from both. */
struct person person_of(const struct user *user, const struct names *groups);

/* The doctor's word for a gate: "pam-access". */
const char *gate_check(enum gate_kind kind);

/* Does the stack of every session make the home of whoever has none? */
bool homes_are_made(const char *root);

#endif
