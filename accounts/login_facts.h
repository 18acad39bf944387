/*
 * login_facts.h - what an administrator is shown of how a user logs in, beside their record.
 */
#ifndef HEXA_ACCOUNTS_LOGIN_FACTS_H
#define HEXA_ACCOUNTS_LOGIN_FACTS_H

#include "accounts/admin.h"
#include "policy/field.h"

/* Times are the clock's; 0, and NULL, are none. */
struct login_facts {
	int64_t last_login;   /* on this host */
	char *last_from;      /* the remote host or terminal, as PAM said it */
	int64_t password_set; /* none: there is no password */
	int64_t code_until;   /* none: no one-time code is out, or its time is up */
	int64_t code_used;    /* when a one-time code let the user in; none: not yet */
	uint32_t keys;        /* how many SSH keys Hexa has */
	uint32_t failures;    /* of logins that count now, in all places together */
	char *locked_from;    /* the place that is locked out longest, as lockout.h has it */
	int64_t locked_until;
};

/* Its rows, in the order in which they are shown; their ids are nothing's. */
extern const struct table login_facts_table;

/*
 * Those of a user whom the caller may see.  Where the host does not know a last login or failures
 * there are none.  Beside what store.h says FAULT_UNAVAILABLE when memory is out.
 * login_facts_clear() frees what is in them.
 */
enum fault login_facts_get(struct admin *admin, const struct user *user,
    struct login_facts *facts, struct why *why);
void login_facts_clear(struct login_facts *facts);

#endif
