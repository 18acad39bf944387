/*
 * login_facts.c - what an administrator is shown of how a user logs in, beside their record.
 */
#include "accounts/login_facts.h"

#include <string.h>

#include "accounts/code.h"
#include "accounts/lockout.h"

static const struct field rows[] = {
	{"last-login", 1, K_TIME, F_KEPT, FIELD_TIME(struct login_facts, last_login),
	    .help = "when the user last logged in on this host"},
	{"last-from", 2, K_TEXT, F_KEPT, FIELD_TEXT(struct login_facts, last_from),
	    .help = "from where that was"},
	{"password-set", 3, K_TIME, F_KEPT, FIELD_TIME(struct login_facts, password_set),
	    .help = "when the password was set; none: there is no password"},
	{"code-until", 4, K_TIME, F_KEPT, FIELD_TIME(struct login_facts, code_until),
	    .help = "until when a one-time code is good"},
	{"code-used", 9, K_TIME, F_KEPT, FIELD_TIME(struct login_facts, code_used),
	    .help = "when that code was used for a login: it is good for no other"},
	{"keys", 5, K_NUMBER, F_KEPT | F_ZERO, FIELD_U32(struct login_facts, keys),
	    .max = UINT32_MAX, .help = "how many SSH keys the user has"},
	{"failures", 6, K_NUMBER, F_KEPT | F_ZERO, FIELD_U32(struct login_facts, failures),
	    .max = UINT32_MAX, .help = "how many failed logins count against the user now"},
	{"locked-from", 7, K_TEXT, F_KEPT, FIELD_TEXT(struct login_facts, locked_from),
	    .help = "from where nobody is let in as the user now"},
	{"locked-until", 8, K_TIME, F_KEPT, FIELD_TIME(struct login_facts, locked_until),
	    .help = "until when"},
};

const struct table login_facts_table = {
	.noun = "user",
	.size = sizeof(struct login_facts),
	.rows = rows,
	.count = sizeof(rows) / sizeof(rows[0]),
};

/* "" is nothing. */
static bool
keep(char **kept, const char *text)
{
	if (*text != '\0')
		*kept = strdup(text);
	return *text == '\0' || *kept != NULL;
}

static enum fault
read_database(const struct admin *admin, const struct user *user, struct settings *settings,
    struct login_facts *facts, struct why *why)
{
	struct txn *txn = NULL;
	uint64_t keys = 0;
	int64_t mark = 0;
	enum fault fault = store_read_begin(admin->store, &txn, why);

	if (fault == FAULT_NONE)
		fault = settings_load(txn, settings, why);
	if (fault == FAULT_NONE)
		fault = key_count(txn, user->uid, &keys, why);
	if (fault == FAULT_NONE)
		fault = clock_mark(txn, &mark, why);
	store_end(txn);
	if (fault != FAULT_NONE)
		return fault;
	facts->keys = (uint32_t)keys;
	facts->password_set = user->password == NULL ? 0 : user->password_set;
	facts->code_until = code_is_good(user, admin->now, mark) ? user->code_until : 0;
	facts->code_used = user->code_used;
	return FAULT_NONE;
}

static bool
read_host(const struct admin *admin, const struct user *user, const struct settings *settings,
    struct login_facts *facts)
{
	const int64_t uptime = lockout_uptime();
	struct lockout_state counted = {0};
	struct last_login last = {0};

	lockout_get(admin->root, settings, user->uid, uptime, &counted);
	facts->failures = counted.failures;
	facts->locked_until = counted.until == 0 ? 0 : admin->now + (counted.until - uptime);
	/* A convenience: what cannot be read is not known. */
	last_login_get(admin->root, user->uid, &last, NULL);
	facts->last_login = last.when;
	return keep(&facts->last_from, last.from) && keep(&facts->locked_from, counted.from);
}

enum fault
login_facts_get(struct admin *admin, const struct user *user, struct login_facts *facts,
    struct why *why)
{
	struct login_facts read = {0};
	struct settings settings = {0};
	enum fault fault = read_database(admin, user, &settings, &read, why);

	if (fault == FAULT_NONE && !read_host(admin, user, &settings, &read))
		fault = why_memory(why);
	settings_clear(&settings);
	if (fault == FAULT_NONE)
		*facts = read;
	else
		login_facts_clear(&read);
	return fault;
}

void
login_facts_clear(struct login_facts *facts)
{
	record_clear(&login_facts_table, facts);
}
