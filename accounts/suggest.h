/*
 * suggest.h - saying that there is no such thing, and what was perhaps meant.  For the operations
 * of accounts/ alone.
 */
#ifndef HEXA_ACCOUNTS_SUGGEST_H
#define HEXA_ACCOUNTS_SUGGEST_H

#include "accounts/admin.h"
#include "policy/rules.h"

/*
 * FAULT_UNKNOWN: there is no such role (permission); with the nearest name that there is, and of a
 * role with what lists them.
 */
enum fault suggest_role(const char *name, const struct roles *roles, struct why *why);
enum fault suggest_permission(const char *name, const struct rules *rules, struct why *why);

/*
 * FAULT_UNKNOWN: there is no such user; with the nearest login name of those whom the actor may see
 * (admin_reach(), hexa.users.view), or that this host has that one in its own files.  Reads all
 * users.
 */
enum fault suggest_user(struct admin *admin, struct txn *txn, const char *who, struct why *why);

#endif
