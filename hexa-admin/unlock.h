/*
 * unlock.h - what `hexa-admin user show` says of failed logins.
 */
#ifndef HEXA_ADMIN_UNLOCK_H
#define HEXA_ADMIN_UNLOCK_H

#include "hexa-admin/command.h"
#include "hexa-admin/json.h"
#include "policy/user.h"

/* Prints a table of them below the record, when there are any. */
enum fault failures_show(struct call *call, const struct user *user, struct why *why);

/* The same as members of the record's map: `failures`, `locked-from` and `locked-until`. */
enum fault failures_json(struct call *call, const struct user *user, struct json *map,
    struct why *why);

#endif
