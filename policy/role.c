/*
 * role.c - the rows of the role and permission records.  Ids are on disk: never renumber one, never
 * reuse one.
 */
#include "policy/role.h"

#include <string.h>

#include "policy/text.h"

enum { TITLE_BYTES = 128 };
enum { ITEMS_MAX = 1024 };      /* permissions written in one role, or roles it includes */
enum { CLOSURE_MAX = 1 << 20 }; /* permissions that a role comes to carry */
enum { LEVEL_MAX = 1000 };      /* of a ladder */
enum { TYPE_BYTES = 16 };       /* of the name of a user type */
enum { SERVICES_MAX = 256 };    /* services, or Unix groups, of one permission */

#define TEXT(type, member)  .offset = FIELD_TEXT(struct type, member)
#define NAMES(type, member) .offset = FIELD_NAMES(struct type, member)

static const struct field role_rows[] = {
	{"name", 4, K_WORD, F_REQUIRED | F_KEPT | F_UNIQUE, TEXT(role, name), .max = WORD_BYTES,
	    .help = "the role's name"},
	{"title", 5, K_TEXT, 0, TEXT(role, title), .max = TITLE_BYTES,
	    .help = "what people call it"},
	{"permissions", 6, K_PATTERNS, 0, NAMES(role, permissions), .max = WORD_BYTES,
	    .max_count = ITEMS_MAX, .help = "permissions, patterns as hexa.users.* among them"},
	{"includes", 7, K_WORDS, 0, NAMES(role, includes), .max = WORD_BYTES,
	    .max_count = ITEMS_MAX, .help = "roles whose permissions it has too"},
	{"group", 8, K_GROUP, F_PUBLISHED, TEXT(role, group), .max = LOGIN_NAME_BYTES,
	    .help = "its Unix group: a name, or `no`; left out, the role's name"},
	{"gid", 9, K_ID, F_KEPT | F_FIXED | F_PUBLISHED, .offset = FIELD_U32(struct role, gid),
	    .max = INT32_MAX, .help = "numeric group id"},
	{"disabled", 10, K_BOOL, F_KEPT, .offset = FIELD_BOOL(struct role, disabled),
	    .help = "whether it gives nothing for now"},
	{"ladder", 13, K_WORD, 0, TEXT(role, ladder), .max = WORD_BYTES,
	    .help = "has all that lower levels of this ladder have; needs a level"},
	{"level", 14, K_NUMBER, 0, .offset = FIELD_U32(struct role, level), .max = LEVEL_MAX,
	    .min = 1, .help = "its level in its ladder"},
	{"access-back", 15, K_NUMBER, 0, .offset = FIELD_U32(struct role, access_back),
	    .max = ACCESS_BACK_DAYS_MAX, .min = 1,
	    .help = "how many days back its holders may see"},
	{"created", 11, K_TIME, F_KEPT, .offset = FIELD_TIME(struct role, created),
	    .help = "when the role was made"},
	{"origin", 3, K_WORD, F_REQUIRED | F_KEPT, TEXT(role, origin), .max = WORD_BYTES,
	    .help = "where the record is kept"},
	{"uuid", 1, K_UUID, F_REQUIRED | F_KEPT, .offset = FIELD_UUID(struct role, uuid),
	    .help = "identity, never reused"},
	{"version", 2, K_VERSION, F_REQUIRED | F_KEPT | F_SILENT,
	    .offset = FIELD_U64(struct role, version), .help = "counts the changes"},
	{"closure", 12, K_WORDS, F_HIDDEN, NAMES(role, closure), .max = WORD_BYTES,
	    .max_count = CLOSURE_MAX, .help = "every permission it comes to carry"},
	{"inherits", 16, K_WORDS, F_HIDDEN | F_SILENT, NAMES(role, inherits), .max = WORD_BYTES,
	    .max_count = CLOSURE_MAX, .help = "every role whose permissions it has too"},
	{"works", 17, K_COMPILED, F_HIDDEN | F_SILENT, NAMES(role, works), .max = COMPILED_BYTES,
	    .max_count = USER_TYPES, .help = "the types of user that it gives anything"},
	{"services-of", 18, K_COMPILED, F_HIDDEN | F_SILENT, NAMES(role, services),
	    .max = COMPILED_BYTES, .max_count = CLOSURE_MAX, .help = "services that it opens"},
	{"groups-of", 19, K_COMPILED, F_HIDDEN, NAMES(role, groups), .max = COMPILED_BYTES,
	    .max_count = CLOSURE_MAX, .help = "the host's groups that its holders are in"},
};

const struct table role_table = {
	.noun = "role",
	.schema = 2,
	.size = sizeof(struct role),
	.rows = role_rows,
	.count = sizeof(role_rows) / sizeof(role_rows[0]),
};

static const struct field permission_rows[] = {
	{"name", 1, K_WORD, F_REQUIRED | F_KEPT | F_UNIQUE, TEXT(permission, name),
	    .max = WORD_BYTES, .help = "the permission's name"},
	{"title", 2, K_TEXT, 0, TEXT(permission, title), .max = TITLE_BYTES,
	    .help = "what people call it"},
	{"services", 3, K_SERVICES, 0, NAMES(permission, services), .max = SERVICE_BYTES,
	    .max_count = SERVICES_MAX, .help = "PAM services that need it"},
	{"unix-groups", 4, K_LOGINS, 0, NAMES(permission, unix_groups), .max = LOGIN_NAME_BYTES,
	    .max_count = SERVICES_MAX, .help = "the host's groups that its holders are in"},
	{"types", 5, K_CHOICES, 0, NAMES(permission, types), .max = TYPE_BYTES,
	    .max_count = USER_TYPES, .choices = user_types,
	    .help = "types of user it works for; left out: employee, client"},
};

const struct table permission_table = {
	.noun = "permission",
	.schema = 1,
	.size = sizeof(struct permission),
	.rows = permission_rows,
	.count = sizeof(permission_rows) / sizeof(permission_rows[0]),
};

void
role_clear(struct role *role)
{
	record_clear(&role_table, role);
}

void
permission_clear(struct permission *permission)
{
	record_clear(&permission_table, permission);
}

const char *
role_group(const struct role *role)
{
	if (role->group == NULL || *role->group == '\0')
		return role->name;
	return strcmp(role->group, ROLE_NO_GROUP) == 0 ? NULL : role->group;
}

bool
permission_names_type(const struct permission *permission, enum user_type type)
{
	return (size_t)type < USER_TYPES && names_have(&permission->types, user_types[type]);
}

bool
permission_works_for(const struct permission *permission, enum user_type type)
{
	if (permission->types.count == 0)
		return type == USER_EMPLOYEE || type == USER_CLIENT;
	return permission_names_type(permission, type);
}
