/*
 * helper_keys.h - what the helper answers who asks about their own SSH keys.
 */
#ifndef HEXA_PAM_HEXA_HELPER_KEYS_H
#define HEXA_PAM_HEXA_HELPER_KEYS_H

#include "accounts/self.h"
#include "pam_hexa/message.h"

/*
 * Does what a KEY_LIST, KEY_ADD or KEY_REMOVE asks.  A list stands in the answer's lines, each
 * key's fields after its fingerprint; `more=yes` is the last when keys are left for another
 * question.
 * Faults, and what stands in *edited, as self_keys(), self_key_add() and self_key_remove().
 */
enum fault keys_answer(const struct self *self, const struct question *question,
    struct answer *answer, struct self_edited *edited, struct why *why);

#endif
