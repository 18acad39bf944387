/*
 * suggest.h - saying that there is no such thing, and what was perhaps meant.  For the operations
 * of accounts/ alone.
 */
#ifndef HEXA_ACCOUNTS_SUGGEST_H
#define HEXA_ACCOUNTS_SUGGEST_H

#include "policy/rules.h"

/* FAULT_UNKNOWN: there is no such role (permission); with the nearest name that there is. */
enum fault suggest_role(const char *name, const struct roles *roles, struct why *why);
enum fault suggest_permission(const char *name, const struct rules *rules, struct why *why);

#endif
