/*
 * explain.h - a decision in words: why, and the command that would change it.
 */
#ifndef HEXA_POLICY_EXPLAIN_H
#define HEXA_POLICY_EXPLAIN_H

#include <stddef.h>

#include "policy/decide.h"

/*
 * One sentence for an administrator: why, with the field, role or permission that decided.
 * The name is the user's; it is shown, so give none that is unknown.
 */
void decision_explain(const struct decision *decision, const struct user *user,
    const struct request *request, char *text, size_t size);

/*
 * The one hexa-admin command that would change the verdict; "" when the verdict is a yes or when
 * no single command does.
 */
void decision_mend(const struct decision *decision, const struct user *user,
    const struct rules *rules, const struct request *request, char *text, size_t size);

#endif
