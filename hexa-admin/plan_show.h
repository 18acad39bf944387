/*
 * plan_show.h - printing what a change of the policy does to whom, and what is wrong with one.
 */
#ifndef HEXA_ADMIN_PLAN_SHOW_H
#define HEXA_ADMIN_PLAN_SHOW_H

#include "accounts/plan.h"
#include "hexa-admin/command.h"

/*
 * Prints the plan to stdout: how many users gain and lose, root-equal groups, the roles and the
 * users that something becomes of, a line each, and the difference of the texts; with --json one
 * object.
 * `refused` is why applying it would be refused, said with its place in the call's FILE; its fault
 * is FAULT_NONE when it would not.
 */
enum fault plan_show(struct call *call, const struct plan *plan, const struct why *refused,
    struct why *why);

/*
 * Says on stderr what *why is, and of a FILE's text (its name is `file`) all else that is wrong with
 * it, a line each, in the order in which they stand there.
 */
void wrongs_tell(const struct call *call, const char *file, const char *yaml, size_t size,
    const struct why *why);

/* Says what is perhaps not meant on stderr, a line each; nothing with --quiet. */
void warnings_print(const struct call *call, const struct names *warnings);

/*
 * Says on stderr, in one line, which roles and permissions a plan that has taken effect has
 * removed, and how many users have gained and lost a login; nothing with --quiet, or when there is
 * none.
 */
void plan_tell(const struct call *call, const struct plan *plan);

#endif
