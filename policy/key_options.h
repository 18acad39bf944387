/*
 * key_options.h - the options before a key in authorized_keys(5).  sshd obeys them, so only those
 * are taken that keep a login from something; what gives, runs or sets something (command=,
 * environment=, permitopen=, …) is refused.
 */
#ifndef HEXA_POLICY_KEY_OPTIONS_H
#define HEXA_POLICY_KEY_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/fault.h"

/*
 * How many of the bytes are options, up to the first blank that stands in no quotes.  0: there are
 * none, or quotes are not closed.
 */
size_t key_options_size(const char *line, size_t size);

/*
 * The options in their canonical form, newly allocated: each once, in one order and spelling, host
 * names in lower case.  `on_token`: the key is one of a security key's, of which alone
 * verify-required asks anything.  FAULT_INVALID, field "key": one that is not allowed (named, if it
 * is one that sshd knows), twice, or not well formed; above KEY_OPTIONS_BYTES.
 */
enum fault key_options_read(const char *text, size_t size, bool on_token, char **options,
    struct why *why);

#endif
