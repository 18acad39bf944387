/*
 * explain.h - a decision in words: why, and the command that would change it.
 */
#ifndef HEXA_POLICY_EXPLAIN_H
#define HEXA_POLICY_EXPLAIN_H

#include <stdbool.h>
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

/* Of what something to mend with is chosen. */
struct choice {
	const struct rules *rules; /* whole */
	const struct roles *roles; /* all there are, compiled; NULL: none is proposed */
	bool root;                 /* the service was asked about by name: what makes root's equal
	                              may be proposed where nothing less opens it */
};

/*
 * The one hexa-admin command that would change the verdict, in bytes that a shell takes as they
 * are; capitals (ROLE, ADDRESS, NUMBER) stand for what only a person knows.  For a permission that
 * is lacking a role is proposed: the enabled one with the fewest permissions, and never one that
 * acts on Hexa or makes root's equal, unless that was asked about.  Where no role does, the
 * permission is granted to this user alone, and for a service the one that gives the least besides:
 * none with Unix groups where another does, and the fewest services.  "" when no single command
 * does, or none should: somebody who is for other clients' hosts stays so, and nobody becomes root
 * for what was not asked.  True: it makes the user root's equal, and whoever is told it has to be
 * told that.
 */
bool decision_mend(const struct decision *decision, const struct user *user,
    const struct choice *choice, const struct request *request, char *text, size_t size);

#endif
