/*
 * user.c - the rows of the user record.  Ids are on disk: never renumber one, never reuse one.
 */
#include "policy/user.h"

#include "policy/assignment.h"
#include "policy/grant.h"
#include "policy/text.h"

const char *const user_types[] = {"employee", "client", "system", "integration", NULL};
static const char *const statuses[] = {"invited", "active", "suspended", "revoked", "left", NULL};

enum { TEXT_BYTES = 128, NOTE_BYTES = 1024, PATH_BYTES = 256, HASH_BYTES = 256 };
enum { ROLES_MAX = 256 };              /* roles of one user, or grants */
enum { HISTORY_BYTES = 100 * (HASH_BYTES + 1) }; /* of as many as a policy may ask for */
enum { CLIENTS_MAX = 1024 };           /* clients of one user, or sites */

#define TEXT(member)   .offset = FIELD_TEXT(struct user, member)
#define U32(member)    .offset = FIELD_U32(struct user, member)
#define U64(member)    .offset = FIELD_U64(struct user, member)
#define BOOL(member)   .offset = FIELD_BOOL(struct user, member)
#define TIME(member)   .offset = FIELD_TIME(struct user, member)
#define CHOICE(member) .offset = FIELD_CHOICE(struct user, member)
#define NAMES(member)  .offset = FIELD_NAMES(struct user, member)
#define UUID(member)   .offset = FIELD_UUID(struct user, member)

/*
 * F_NOT_SELF stands on what others rely on: who somebody is and may do, whose they are (unit,
 * report-to: nobody shakes off their administrator), what was seen in their papers (license), what
 * is said of them (note), and where pam_mkhomedir(8) makes a folder as root (home).
 */
static const struct field rows[] = {
	{"name", 6, K_LOGIN, F_REQUIRED | F_KEPT | F_PUBLISHED | F_UNIQUE, TEXT(name),
	    .max = LOGIN_NAME_BYTES, .help = "login name"},
	{"uid", 4, K_ID, F_REQUIRED | F_KEPT | F_FIXED | F_PUBLISHED | F_UNIQUE, U32(uid),
	    .max = INT32_MAX, .help = "numeric user id"},
	{"gid", 5, K_ID, F_REQUIRED | F_KEPT | F_FIXED | F_PUBLISHED, U32(gid), .max = INT32_MAX,
	    .help = "primary group, the user's own"},
	{"first-name", 7, K_GECOS, F_REQUIRED | F_PUBLISHED, TEXT(first_name), .max = TEXT_BYTES,
	    .help = "first name"},
	{"last-name", 8, K_GECOS, F_REQUIRED | F_PUBLISHED, TEXT(last_name), .max = TEXT_BYTES,
	    .help = "last name"},
	{"email", 9, K_EMAIL, F_NOT_SELF | F_UNIQUE, TEXT(email), .max = EMAIL_BYTES,
	    .help = "e-mail address; also a name to log in by"},
	{"phone", 10, K_PHONE, F_NOT_SELF | F_UNIQUE, TEXT(phone), .max = PHONE_BYTES,
	    .help = "phone number, as +31612345678; also a name to log in by"},
	{"type", 11, K_CHOICE, F_NOT_SELF, CHOICE(type), .choices = user_types,
	    .help = "what kind of account it is"},
	{"status", 12, K_CHOICE, F_KEPT | F_NOT_SELF | F_INDEXED, CHOICE(status), .choices = statuses,
	    .help = "where the account stands in its life"},
	{"roles", 13, K_ASSIGNMENTS, F_ASKED | F_NOT_SELF | F_PUBLISHED, NAMES(roles),
	    .max = ASSIGNMENT_BYTES, .max_count = ROLES_MAX,
	    .help = "roles the user holds; ROLE@/UNIT and ROLE@client:NAME for a part"},
	{"grants", 27, K_GRANTS, F_NOT_SELF, NAMES(grants), .max = GRANT_BYTES,
	    .max_count = ROLES_MAX, .help = "permissions besides the roles'; PERMISSION@END ends",
	    .add = "grant", .remove = "ungrant"},
	{"clients", 28, K_LOGINS, F_NOT_SELF, NAMES(clients), .max = LOGIN_NAME_BYTES,
	    .max_count = CLIENTS_MAX, .help = "clients that a client user belongs to"},
	{"sites", 29, K_LOGINS, F_NOT_SELF, NAMES(sites), .max = LOGIN_NAME_BYTES,
	    .max_count = CLIENTS_MAX, .help = "sites a client user is kept to; none: all"},
	{"unit", 14, K_UNIT, F_NOT_SELF | F_INDEXED, TEXT(unit), .max = UNIT_BYTES,
	    .help = "organisational unit, as /sales/north"},
	{"profession", 15, K_TEXT, 0, TEXT(profession), .max = TEXT_BYTES, .help = "profession"},
	{"license", 16, K_TEXT, F_NOT_SELF, TEXT(license), .max = TEXT_BYTES,
	    .help = "licence type"},
	{"report-to", 30, K_USER, F_NOT_SELF | F_INDEXED, TEXT(report_to), .max = LOGIN_NAME_BYTES,
	    .help = "whom the user reports to"},
	{"route-to", 31, K_USER, F_INDEXED, TEXT(route_to), .max = LOGIN_NAME_BYTES,
	    .help = "who is given the user's work when they are away"},
	{"escalate-to", 32, K_USER, F_NOT_SELF | F_INDEXED, TEXT(escalate_to),
	    .max = LOGIN_NAME_BYTES, .help = "who is next when nobody answers"},
	{"access-back", 17, K_NUMBER, F_NOT_SELF, U32(access_back),
	    .max = ACCESS_BACK_DAYS_MAX, .min = 1,
	    .help = "how many days back the user may see"},
	{"valid-from", 18, K_TIME, F_NOT_SELF, TIME(valid_from),
	    .help = "no login before; a bare date is its beginning"},
	{"valid-until", 19, K_END, F_NOT_SELF, TIME(valid_until),
	    .help = "no login after; a bare date is its end"},
	{"shell", 20, K_PATH, F_PUBLISHED, TEXT(shell), .max = PATH_BYTES, .help = "login shell"},
	{"home", 21, K_PATH, F_NOT_SELF | F_PUBLISHED, TEXT(home), .max = PATH_BYTES,
	    .help = "home directory"},
	{"note", 22, K_TEXT, F_NOT_SELF, TEXT(note), .max = NOTE_BYTES,
	    .help = "a note for administrators"},
	{"created", 23, K_TIME, F_KEPT, TIME(created), .help = "when the account was made"},
	{"origin", 3, K_WORD, F_REQUIRED | F_KEPT, TEXT(origin), .max = TEXT_BYTES,
	    .help = "where the record is kept"},
	{"uuid", 1, K_UUID, F_REQUIRED | F_KEPT, UUID(uuid), .help = "identity, never reused"},
	{"version", 2, K_VERSION, F_REQUIRED | F_KEPT | F_SILENT, U64(version),
	    .help = "counts the changes"},
	{"password", 24, K_SECRET, F_HIDDEN, TEXT(password), .max = HASH_BYTES,
	    .help = "the password's hash"},
	{"password-set", 25, K_TIME, F_HIDDEN, TIME(password_set),
	    .help = "when the password was set"},
	{"must-change", 26, K_BOOL, F_HIDDEN, BOOL(must_change),
	    .help = "whether the password must be changed at the next login"},
	{"history", 33, K_SECRET, F_HIDDEN | F_SILENT, TEXT(history), .max = HISTORY_BYTES,
	    .help = "earlier passwords' hashes"},
	{"code", 34, K_SECRET, F_HIDDEN, TEXT(code), .max = HASH_BYTES,
	    .help = "the one-time code's hash"},
	{"code-made", 35, K_TIME, F_HIDDEN | F_SILENT, TIME(code_made),
	    .help = "when the one-time code was made"},
	{"code-until", 36, K_TIME, F_HIDDEN, TIME(code_until),
	    .help = "until when the one-time code is good"},
	{"code-used", 37, K_TIME, F_HIDDEN, TIME(code_used),
	    .help = "when the one-time code let somebody in"},
	{"code-mark", 38, K_TIME, F_HIDDEN | F_SILENT, TIME(code_mark),
	    .help = "the highest time ever seen when the one-time code was made"},
};

const struct table user_table = {
	.noun = "user",
	.schema = 1,
	.size = sizeof(struct user),
	.rows = rows,
	.count = sizeof(rows) / sizeof(rows[0]),
};

void
user_clear(struct user *user)
{
	record_clear(&user_table, user);
}
