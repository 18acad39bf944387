/*
 * settings.c - the rows of the settings, in the order of the document, and their defaults.
 */
#include "policy/settings.h"

#include <string.h>
#include <strings.h>

#include "policy/text.h"

static const char *const other_services[] = {"refuse", "any-permission", NULL};
static const char *const lockout_scopes[] = {"remote-host", "everywhere", NULL};

enum { PATH_BYTES = 256, RANGES_MAX = 64, RANGE_BYTES = 32 };
enum { PASSWORD_LEAST = 8, PASSWORD_MOST = 128, HISTORY_MAX = 100 };
enum { DAY = 24 * 60 * 60, YEAR = 365 * DAY };
enum { OPERATIONS_MAX = 64, GROUP_MEMBERS_MOST = 1000000 };
#define MEMORY_LEAST (UINT64_C(8) << 20)
#define MEMORY_MOST  (UINT64_C(1) << 30)
#define AGE_MOST     (UINT32_C(100) * YEAR)

#define BOOL(member)   .offset = FIELD_BOOL(struct settings, member)
#define CHOICE(member) .offset = FIELD_CHOICE(struct settings, member)
#define U32(member)    .offset = FIELD_U32(struct settings, member)
#define U64(member)    .offset = FIELD_U64(struct settings, member)
#define TEXT(member)   .offset = FIELD_TEXT(struct settings, member)
#define NAMES(member)  .offset = FIELD_NAMES(struct settings, member)

static const struct field rows[] = {
	{"login.email", 1, K_BOOL, 0, BOOL(login_email),
	    .help = "whether people log in by e-mail address too"},
	{"login.phone", 2, K_BOOL, 0, BOOL(login_phone),
	    .help = "whether people log in by phone number too"},
	{"login.other-services", 3, K_CHOICE, 0, CHOICE(other_services), .choices = other_services,
	    .help = "what a service that no permission names asks for"},
	{"password.min-length", 4, K_NUMBER, 0, U32(password_min_length), .max = PASSWORD_MOST,
	    .min = PASSWORD_LEAST, .help = "the fewest characters of a password"},
	{"password.history", 5, K_NUMBER, F_ZERO, U32(password_history), .max = HISTORY_MAX,
	    .help = "how many earlier passwords are refused"},
	{"password.max-age", 6, K_DURATION, 0, U32(password_max_age), .max = AGE_MOST, .min = DAY,
	    .help = "after how long a password must be changed"},
	{"password.warn", 20, K_DURATION, 0, U32(password_warn), .max = YEAR,
	    .min = 1, .help = "how long before that a login says so"},
	{"password.argon2.operations", 7, K_NUMBER, 0, U32(argon2_operations),
	    .max = OPERATIONS_MAX, .min = 1, .help = "how often Argon2id passes over its memory"},
	{"password.argon2.memory", 8, K_SIZE, 0, U64(argon2_memory), .max = MEMORY_MOST,
	    .min = MEMORY_LEAST, .help = "how much memory Argon2id takes"},
	{"lockout.failures", 9, K_NUMBER, F_ZERO, U32(lockout_failures),
	    .max = LOCKOUT_FAILURES_MOST,
	    .help = "after how many failures somebody is locked out"},
	{"lockout.within", 10, K_DURATION, 0, U32(lockout_within), .max = YEAR, .min = 1,
	    .help = "within how long the failures are counted"},
	{"lockout.for", 11, K_DURATION, 0, U32(lockout_for), .max = YEAR, .min = 1,
	    .help = "how long a lock-out lasts"},
	{"lockout.scope", 21, K_CHOICE, 0, CHOICE(lockout_scope), .choices = lockout_scopes,
	    .help = "where somebody with too many failures is locked out"},
	{"lockout.keys", 22, K_BOOL, 0, BOOL(lockout_keys),
	    .help = "whether a lock-out refuses logins by key too"},
	{"tokens.invite", 12, K_DURATION, 0, U32(token_invite), .max = YEAR, .min = 60,
	    .help = "how long an invitation's code is good"},
	{"tokens.reset", 13, K_DURATION, 0, U32(token_reset), .max = YEAR, .min = 60,
	    .help = "how long a reset's code is good"},
	{"limits.users", 14, K_NUMBER, 0, U32(limit_users), .max = INT32_MAX,
	    .help = "the most users of this host"},
	{"limits.users-per-client", 15, K_NUMBER, 0, U32(limit_users_per_client), .max = INT32_MAX,
	    .help = "the most client users of one client"},
	{"accounts.uid-range", 16, K_RANGES, 0, NAMES(uid_ranges), .max = RANGE_BYTES,
	    .max_count = RANGES_MAX, .help = "where the ids of users and groups are taken from"},
	{"accounts.home", 17, K_HOME, 0, TEXT(home), .max = PATH_BYTES,
	    .help = "a new account's home; %u is the login name"},
	{"accounts.shell", 18, K_PATH, 0, TEXT(shell), .max = PATH_BYTES,
	    .help = "a new account's shell"},
	{"directory.group-members", 19, K_NUMBER, F_ZERO, U32(group_members),
	    .max = GROUP_MEMBERS_MOST,
	    .help = "groups with more members are published without their list"},
	{"mail.client-added", 23, K_BOOL, 0, BOOL(mail_client_added),
	    .help = "whether a user is told by mail of a client that they are given"},
	{"mail.from", 24, K_EMAIL, 0, TEXT(mail_from), .max = EMAIL_BYTES,
	    .help = "the sender of such mails and of mailed codes"},
};

const struct table settings_table = {
	.noun = "setting",
	.schema = 1,
	.size = sizeof(struct settings),
	.rows = rows,
	.count = sizeof(rows) / sizeof(rows[0]),
};

static const struct {
	const char *name;
	const char *value;
} defaults[] = {
	{"login.email", "yes"},
	{"login.phone", "yes"},
	{"login.other-services", "any-permission"},
	{"password.min-length", "12"},
	{"password.history", "5"},
	{"password.argon2.operations", "2"},
	{"password.argon2.memory", "64MiB"},
	{"password.warn", "7d"},
	{"lockout.failures", "5"},
	{"lockout.within", "15m"},
	{"lockout.for", "15m"},
	{"tokens.invite", "72h"},
	{"tokens.reset", "2h"},
	{"accounts.home", "/home/%u"},
	{"accounts.shell", "/bin/bash"},
	{"directory.group-members", "1000"},
};

void
settings_clear(struct settings *settings)
{
	record_clear(&settings_table, settings);
}

enum fault
settings_default(struct settings *settings, struct why *why)
{
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
		const struct field *field = field_find(&settings_table, defaults[i].name);
		enum fault fault = field_parse(field, settings, defaults[i].value, why);

		if (fault != FAULT_NONE) {
			settings_clear(settings);
			return fault;
		}
	}
	return FAULT_NONE;
}

/* Ids that systemd gives out by itself or that mean nobody (systemd.io/UIDS-GIDS). */
enum { ID_NOT_OURS_FIRST = 61184, ID_NOT_OURS_LAST = 65535 };

static enum fault
check_ranges(const struct names *ranges, struct why *why)
{
	static const char name[] = "accounts.uid-range";
	uint32_t first, last, before = 0;

	for (size_t i = 0; i < ranges->count; i++, before = last) {
		if (!text_to_range(ranges->item[i], &first, &last) || first <= before)
			return why_field(why, FAULT_INVALID, name,
			    "%s: the ranges must ascend, and none begin within another: %s", name,
			    ranges->item[i]);
		if (first <= ID_NOT_OURS_LAST && last >= ID_NOT_OURS_FIRST)
			return why_field(why, FAULT_INVALID, name,
			    "%s: %s holds ids from %d to %d, which are systemd's and nobody's",
			    name, ranges->item[i], ID_NOT_OURS_FIRST, ID_NOT_OURS_LAST);
	}
	return FAULT_NONE;
}

/* A helper that is to compare for longer than it may run would never let a password be changed. */
static enum fault
check_work(const struct settings *settings, struct why *why)
{
	uint64_t once = settings->argon2_operations * settings->argon2_memory;
	uint64_t most = once == 0 ? HISTORY_MAX : SETTINGS_HISTORY_WORK / once;

	if (most == 0)
		return why_field(why, FAULT_INVALID, "password.argon2.operations",
		    "password: argon2 `operations` times `memory` is more than 20 GiB, which takes"
		    " longer than a login has");
	if (settings->password_history > most)
		return why_field(why, FAULT_INVALID, "password.history",
		    "password.history: comparing with more than %lu earlier passwords takes too"
		    " long at this cost of argon2", (unsigned long)most);
	return FAULT_NONE;
}

enum fault
settings_check(const struct settings *settings, struct why *why)
{
	if (settings->lockout_failures != 0 &&
	    (settings->lockout_within == 0 || settings->lockout_for == 0))
		return why_field(why, FAULT_INVALID, "lockout.failures",
		    "lockout: `failures` needs `within` and `for`");
	if (check_work(settings, why) != FAULT_NONE)
		return FAULT_INVALID;
	return check_ranges(&settings->uid_ranges, why);
}

/* ---- what others call them ---------------------------------------------------------------- */

/* pam_faillock(8), pam_pwhistory(8), pam_unix(8), pam_pwquality(8), login.defs(5). */
static const struct {
	const char *word;
	const char *setting;
} meant[] = {
	{"deny", "lockout.failures"},
	{"unlock_time", "lockout.for"},
	{"fail_interval", "lockout.within"},
	{"remember", "password.history"},
	{"minlen", "password.min-length"},
	{"PASS_MIN_LEN", "password.min-length"},
	{"PASS_MAX_DAYS", "password.max-age"},
	{"PASS_WARN_AGE", "password.warn"},
};

const char *
settings_meant(const char *word)
{
	for (size_t i = 0; i < sizeof(meant) / sizeof(meant[0]); i++)
		if (strcasecmp(meant[i].word, word) == 0)
			return meant[i].setting;
	return NULL;
}
