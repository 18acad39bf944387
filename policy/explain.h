/*
 * explain.h - a decision in words: why, and the command that would change it.
 */
#ifndef HEXA_POLICY_EXPLAIN_H
#define HEXA_POLICY_EXPLAIN_H

#include <stddef.h>

#include "policy/decide.h"

/*
 * One sentence for an administrator: why, with the field, role or permission that decided, and of a
 * grant its end.  The decision is what decide() or decide_permission() said of this user (NULL only
 * where they said unknown-user) and this request.  The user's name is shown, and no service whose
 * name PAM could not have.
 */
void decision_explain(const struct decision *decision, const struct user *user,
    const struct request *request, char *text, size_t size);

/*
 * The one hexa-admin command that would change the verdict, in bytes that a shell takes as they
 * are; capitals (ROLE, ADDRESS, NUMBER) stand for what only a person knows.  A permission that is
 * lacking is given to this user alone, and for a service the one that gives the least besides: none
 * with Unix groups where another does, and the fewest services.  "" when no single command does, or
 * none should: somebody who is for other clients' hosts stays so.  `rules` must be whole.
 */
void decision_mend(const struct decision *decision, const struct user *user,
    const struct rules *rules, const struct request *request, char *text, size_t size);

#endif
