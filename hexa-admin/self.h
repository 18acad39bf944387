/*
 * self.h - what an ordinary user asks about themself, without sudo: by the setuid helper, which
 * alone may open the database for them and believes nothing but who they are.
 */
#ifndef HEXA_ADMIN_SELF_H
#define HEXA_ADMIN_SELF_H

#include "accounts/review.h"
#include "hexa-admin/command.h"

/*
 * As review_permission() (accounts/review.h), with what accounts/self.h says of oneself and without
 * the command that would mend it; notices go where call_tell_notices() looks.  FAULT_UNAVAILABLE:
 * the helper gave no answer.
 */
enum fault self_can_ask(struct call *call, const char *who, const struct question_of *question,
    struct review *review, struct why *why);

#endif
